"""Which activities a line of ties names: `F` is a letter and whatever number follows it, `R05` is one."""

from __future__ import annotations


def holds(said: str, code: str) -> bool:
    """Whether an activity is among those that a line says."""
    for one in filter(None, (part.strip() for part in said.split(";"))):
        if code == one or (one.isalpha() and code.startswith(one) and code[len(one) :].isdecimal()):
            return True
    return False
