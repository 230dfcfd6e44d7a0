"""Training and posts: from a legal text to a trained, appointed person at every station.

Rules: `rules/` (cascade, items, manuals, badges, readiness, posts: pure, no database). The life of a post is in `rules/posts.py`.
Neighbours: leans on `country` (territory, contests, pack), `people` (two persons sign), `documents`, the ledger.
"""
