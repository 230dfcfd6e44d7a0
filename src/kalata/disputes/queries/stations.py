"""Stations of a contest by what people write: a code, however spaced, or a name that only one station bears."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kalata import codes
from kalata.country.models import Contest, Station
from kalata.text import fold

SPLIT = re.compile(r"[\n;,]+")
MOST_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Resolved:
    """stations: (code, name) in order, each once; words: what answers to none, or to several."""

    stations: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


def resolve(contest: Contest, text: str) -> Resolved:
    """What a box of stations holds: one a line, or separated by commas. Nothing is dropped: what is not found stays as words."""
    asked = list(dict.fromkeys(w for part in SPLIT.split(text) if (w := " ".join(part.split()))))
    return found(contest, asked)


def found(contest: Contest, asked: Sequence[str]) -> Resolved:
    known = answering(contest, asked)
    stations = dict.fromkeys((known[w].code, known[w].name) for w in asked if w in known)
    return Resolved(tuple(stations), tuple(w[:250] for w in asked if w not in known))


def named_by(contest: Contest, asked: Sequence[str]) -> dict[str, str]:
    """word -> the code of the one station that it names."""
    return {word: one.code for word, one in answering(contest, asked).items()}


def answering(contest: Contest, asked: Sequence[str]) -> dict[str, Station]:
    """word -> the one station that it names, by its code however spaced, or by a name that only one bears."""
    rows = Station.objects.filter(contest=contest)
    keys = {codes.key(w): w for w in asked}
    by_key = {s.code_key: s for s in rows.filter(code_key__in=list(keys)[:30_000])} if keys else {}
    left = [w for w in asked if codes.key(w) not in by_key]
    by_name = named(rows, left) if left else {}
    both = {w: by_key.get(codes.key(w)) or by_name.get(fold(w)) for w in asked}
    return {w: one for w, one in both.items() if one is not None}


def named(rows: object, words: Sequence[str]) -> dict[str, Station]:
    """Stations whose name is one of these, where only one bears it."""
    wanted = {fold(w) for w in words}
    several: dict[str, list[Station]] = {}
    for one in rows.exclude(name="").only("code", "name").iterator(chunk_size=5_000):  # type: ignore[attr-defined]
        if (key := fold(one.name)) in wanted:
            several.setdefault(key, []).append(one)
    return {key: ones[0] for key, ones in several.items() if len(ones) == 1}


def offered(contest: Contest, words: str) -> list[tuple[str, str]]:
    """Stations whose code or name holds these words, for the reader to choose among."""
    rows = Station.objects.filter(contest=contest)
    near = (
        rows.filter(code__icontains=words) | rows.filter(name__icontains=words) | rows.filter(centre__icontains=words)
    )
    return list(near.order_by("code").values_list("code", "name")[:MOST_OFFERED])
