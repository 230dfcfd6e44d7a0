"""Electoral disputes: petitions, time limits, evidence, hearings, decisions, and their one effect on results.

The three rules that matter: what a decision changes is computed from its acts (`rules/effect.py`); no draft is
signed that the gate refuses (`rules/gate.py`); what the bench deliberates is read by the bench alone
(`rules/sealing.py`). Law: the pack's remedies, time limits and court. Leans on `results` and `deadlines`, through
their services, queries and rules; no room leans on this one.
"""
