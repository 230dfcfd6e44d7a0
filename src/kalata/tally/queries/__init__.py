"""Reads about papers: nothing here writes."""
