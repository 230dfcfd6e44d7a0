"""File names: the same on every file system, and stable for ever."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from kalata.transparency.rules.replay import Area, Key

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(10))})
"""Names that one system keeps for itself, whatever follows their first dot: a station so coded would stop every copy made there."""


def safe(text: str) -> str:
    """The text itself where every file system keeps it apart from others; else its plain part and a short digest.

    Lower-case letters are kept apart from capitals by a digest too: some file systems do not see the difference.
    """
    device = text.partition(".")[0].upper() in DEVICES
    if PLAIN.fullmatch(text) and text.upper() == text and not text.endswith(".") and not device:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    plain = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:48]
    return f"{plain or 'x'}~{digest}"  # of no device: what follows its name is no dot


def slug(key: Key) -> str:
    """The name of a station's files. Its part is in the name, but for the general one."""
    part, station = key
    return safe(station) if part == "general" else f"{safe(station)}.{part}"


def zone(area: Area) -> str:
    """The path of an area's page, without extension: nation -> index, others r/<level>/<code>."""
    return "index" if area[0] == "nation" else f"r/{area[0]}/{safe(area[1])}"


def opened(contest: str, key: Key, lang: str, entry: bytes, proof: str) -> str:
    """What follows `verifier.html#` so that it opens on a station with its data and its proof already given: a link
    carries both, and nothing is fetched, from a server, a key or a message alike."""
    return quote(f"{contest}|{key[0]}|{key[1]}|{lang}|{entry.decode()}\n{proof}", safe="|/?:@!$()*+,;=~-._")
