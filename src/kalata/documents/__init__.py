"""Documents: the one way from data to a paper. A room brings a template (`typst/*.typ`) and its data, nothing else.

On the ground floor: it names no room, and needs no database.
"""
