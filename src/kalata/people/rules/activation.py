"""One-time activation codes on paper: easy to type, hard to guess, kept only as a hash."""

from __future__ import annotations

import hashlib
import hmac

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I
LENGTH = 15


def code_from(numbers: list[int]) -> str:
    """15 characters in three groups from random numbers below 32, handed in (75 bits)."""
    if len(numbers) != LENGTH:
        raise ValueError(f"got {len(numbers)} numbers, want {LENGTH}")
    text = "".join(ALPHABET[n % len(ALPHABET)] for n in numbers)
    return "-".join(text[i : i + 5] for i in range(0, LENGTH, 5))


def cleaned(typed: str) -> str:
    """What a person typed, as it is hashed: capitals, no spaces or dashes, O read as 0 is not there."""
    return "".join(c for c in typed.upper() if c in ALPHABET)


def digest(code: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{cleaned(code)}".encode()).hexdigest()


def matches(typed: str, salt: str, kept: str) -> bool:
    return bool(kept) and hmac.compare_digest(digest(typed, salt), kept)
