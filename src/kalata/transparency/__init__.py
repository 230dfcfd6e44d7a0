"""Transparency: the ledger of every act, and of every read of personal data.

Rules: `rules/chain.py` (how acts are sealed into a chain of hashes). Acts are written by
`services.record` in the transaction of the act itself; a single sequencer seals them later.
The database refuses to change or delete an act (triggers). Neighbours: everybody calls
`record`; this room knows nobody but people.
"""
