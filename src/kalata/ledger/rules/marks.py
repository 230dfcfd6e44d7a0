"""The mark of the house on an act: whoever writes to the database without the house's key cannot make one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from kalata.ledger.rules.chain import line


def name_of(key: str) -> str:
    """Eight hexadecimal digits that tell one key from another, and nothing of it."""
    return hashlib.sha256(b"kalata ledger key\n" + key.encode()).hexdigest()[:8]


def mark(act: Mapping[str, object], key: str, once: str) -> str:
    """key:once:HMAC-SHA256 over the canonical line of the act, without its number: the database gives that afterwards.

    once: never the same twice, so that a copy of a marked act is refused as one mark too many.
    """
    body = f"{once}\n{line({k: v for k, v in act.items() if k != 'id'})}"
    return f"{name_of(key)}:{once}:{hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()}"


def holds(act: Mapping[str, object], key: str, given: str) -> bool:
    """True where this is the mark that the key makes."""
    _name, _colon, rest = given.partition(":")
    return hmac.compare_digest(mark(act, key, rest.partition(":")[0]), given)
