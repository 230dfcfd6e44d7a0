"""Notices: what somebody must learn or do, said once, to a person or to whoever holds a desk over a place.

Three rules that matter, and where to read them:
- a topic is declared once, by the room that tells it, with its escalation: `rules/topics.py`;
- the same thing is never told twice: `services.tell`, and a unique key in the database;
- a task of a desk is done for all once one has done it; left too long, who stands above learns it: `services.escalate`.
Neighbours below: people, country, ledger. Rooms call `services.tell` and `services.settle`; this one names none.
"""
