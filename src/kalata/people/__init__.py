"""People: persons, roles, territories, sign-in; who may do what where.

Rules: `rules/access.py` (role x territory x contest), `rules/approval.py` (two different
persons), `rules/activation.py` (one-time codes). Roles and rights come from the pack; the
right to an act is asked in services, never only in a page. Neighbours: leans on country and
the ledger; every room above leans on this one.
"""
