"""Evidence: every file that came from outside, or that proves an act, kept once under its own SHA-256.

Who gives a file calls `services.keep` (bounded, real type by content, decoded in a child, written whole or not at all)
and, inside the transaction of the act it belongs to, `services.join` (for which record, of which class of access).
Who reads one passes the one door, `reading.opened`, which asks the class and the room of the record each time.

Three rules and where they are: what a class lets read (`rules/access.py`), how bytes reach the disk whole
(`store.put`), what happens to a file that changed by itself (`rehash.turn`).
Neighbours: any room. It knows none: a room tells it who may read its records with `reading.guarded`.
"""
