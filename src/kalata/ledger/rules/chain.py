"""Sealing acts: each seal covers a run of acts and the seal before it.

hash = SHA-256(previous hash in hex, newline, then one canonical JSON line per act). Whoever
holds the export can recompute every seal with nothing but SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64
ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def line(act: Mapping[str, object]) -> str:
    """One act as one canonical line: sorted keys, no spaces, UTF-8."""
    return ENCODE(act)


def seal(previous: str, acts: Iterable[Mapping[str, object]]) -> str:
    """The hash of a run of acts after `previous` (64 hex digits)."""
    if len(previous) != 64:
        raise ValueError(f"previous hash: got {len(previous)} digits, want 64")
    digest = hashlib.sha256(previous.encode())
    for act in acts:
        digest.update(b"\n" + line(act).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold."""

    seal: int
    got: str
    want: str
