"""Tally: the paper's way, from the envelope to the figure that counts.

Custody, scanning, desks, the commission, agents' copies, printing, batches, the rehearsal.
Three rules that matter, and where to read them:
- what a paper goes through: `rules/lifecycle.py`, over the table of `rules/steps.py`;
- who may have it in hand, once: `rules/hands.py`;
- what two blind entries may settle: `rules/entry.py`.
Basis: `results` (what a figure means), which does not know this room.
"""
