"""Country: territory, institutions, contests and their stations; the pack in force.

Rules: `rules/pack.py` (a country as data, validated and fingerprinted), `rules/schema.py`
(what a pack is made of), `rules/rights.py` (the acts a role may hold). A contest is bound to a
pack version by its hash. Neighbours: everybody leans on this room; it leans on the ledger.
"""
