"""Planning: the operational plan, one object of law, dates, people, money and risk.

Rules: `rules/` (dates, odds, cost, levelling, exchange: pure, no database). The life of a version is in `rules/steps.py`.
Neighbours: leans on `deadlines` (a legal date is computed there, never typed here), `people` (two roles sign), the ledger.
"""
