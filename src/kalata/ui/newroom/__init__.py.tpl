"""Toy: what happens here, in a sentence. Rules: `rules/steps.py`. Neighbours: leans on people and the ledger."""
