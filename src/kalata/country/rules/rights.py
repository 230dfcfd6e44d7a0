"""The rights that roles of a pack may hold: the acts of the house, each declared by its room (`room.py`)."""

from __future__ import annotations

from collections.abc import Mapping

from kalata import rooms

RIGHTS: Mapping[str, str] = {key: one.label for key, one in rooms.rights().items()}
CRITICAL = frozenset(key for key, one in rooms.rights().items() if one.critical)
"""Rights whose holders must sign in with a second factor."""
DESK = frozenset(key for key, one in rooms.rights().items() if one.desk)
"""Rights an administrator of accounts may never hold together with people.manage."""
MACHINE = frozenset(key for key, one in rooms.rights().items() if one.machine)
"""Rights a machine may hold. Visas, recalls and accounts stay with persons at a screen."""
APART = frozenset(frozenset({key, other}) for key, one in rooms.rights().items() for other in one.apart)
"""Pairs of rights that one person never holds."""
