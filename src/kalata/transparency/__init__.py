"""Transparency: the public log, its witnesses, and the site drawn from it.

Everything published enters a signed tree (`publiclog`), anybody verifies it (`verifying`, `site/assets/verify.py`).
Neighbours: rooms put announcements into `Outbox` in the transaction of their act; each of our own acts is kept
in `kalata.ledger`.
"""
