"""What may stand on a paper: plain values, text without hidden signs; the fingerprints of it. Pure."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Plain = Any
"""None, bool, int, str, and lists and mappings of them: what is printed as it stands."""

JOINS = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060"
"""Signs without a shape that writing needs: soft hyphen, joiners, marks of direction."""
SHORT, PAGE = 16, 8


class NotPlain(TypeError):
    """A fault of the program: a value that is printed one way today and another tomorrow (a float, a date, a row)."""


def shown(text: str) -> str:
    """The text with every sign that hides written out, [U+202E]: it can neither turn a line round nor end a string."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():  # stricter than `drawn`: nothing of it is written out, and it is asked at once
        return text
    return "".join(sign if drawn(sign) else written(sign) for sign in text)


def drawn(sign: str) -> bool:
    """True for a sign that a reader sees, a space, an end of line, and what joins letters."""
    return (
        sign in "\n\t" or sign in JOINS or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )


def written(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"


def plain(value: Plain, where: str = "data") -> Plain:
    """The value as it is printed: tuples as lists, texts by `shown`. Raises NotPlain, naming the place."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return shown(str(value))
    if isinstance(value, Mapping):
        if wrong := [k for k in value if not isinstance(k, str)]:
            raise NotPlain(f"{where}: key {wrong[0]!r}")
        return {k: plain(v, f"{where}.{k}") for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(v, f"{where}[{i}]") for i, v in enumerate(value)]
    raise NotPlain(f"{where}: {type(value).__name__}")


def canonical(value: Plain) -> bytes:
    """One text for one value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Plain) -> str:
    """SHA-256 (hex) of a plain value."""
    return hashlib.sha256(canonical(value)).hexdigest()


def page_code(whole: str, number: int) -> str:
    """What the foot of a page bears: it says of which version this very page is. whole: the paper's digest."""
    return hashlib.sha256(f"{whole}|{number}".encode()).hexdigest()[:PAGE]


def grouped(hexadecimal: str, size: int = 4) -> str:
    """A fingerprint as people read it aloud: 4f2a 90c1 …"""
    return " ".join(hexadecimal[i : i + size] for i in range(0, len(hexadecimal), size))
