"""When two writings in a file are one name: spaces, width, accents composed or apart, case. Pure.

`kept` is how a name is kept (what a person would see, tidied); `same` is what makes two of them one. A code of
a station is stricter (`kalata.codes`): two codes that differ by case are refused, never made one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kalata.text import Message, fold
from kalata.text import gettext_noop as _

WIDE = {0xFF01 + i: chr(0x21 + i) for i in range(94)} | {0x3000: " "}
"""Full-width letters, figures and signs to the plain ones."""
SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\ufeff]+")


def kept(text: str) -> str:
    """A name as it is kept: letters composed, plain width, one plain space between words, none around."""
    if text.isascii():
        return text if " " not in text and text.isprintable() else " ".join(text.split())
    return SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(WIDE))).strip()


def same(text: str) -> str:
    """What makes two names one: `kept`, without accents, case, hyphens or apostrophes."""
    return fold(kept(text))


@dataclass(frozen=True, slots=True)
class Folded:
    """Several writings that are one name: the first one stands, the others were read as it."""

    name: str
    others: tuple[str, ...]


def together(writings: Iterable[str]) -> tuple[dict[str, str], list[Folded]]:
    """(writing -> the name it is kept under, the names that had several writings), in order of first appearance."""
    names: dict[str, str] = {}
    kept_as: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    for writing in writings:
        if writing in kept_as:
            continue
        tidy = kept(writing)
        name = kept_as[writing] = names.setdefault(same(writing), tidy)
        if writing != name:
            others.setdefault(name, []).append(writing)
    return kept_as, [Folded(name, tuple(found)) for name, found in others.items()]


def matched(labels: Sequence[str], known: Mapping[str, Iterable[str]]) -> list[str | None]:
    """For each label, the code in `known` (code -> its other names) that it names; None: none, or more than one."""
    meant: dict[str, set[str]] = {}
    for code, names in known.items():
        for word in (code, *names):
            meant.setdefault(same(word), set()).add(code)
    out: list[str | None] = []
    for label in labels:
        found = {label} if label in known else meant.get(same(label), set())
        out.append(next(iter(found)) if len(found) == 1 else None)
    return out


def place_of(heading: str, header: Sequence[str]) -> int | None:
    """The column that a profile means by a heading: as written, else spaces folded, else the only one of the same name."""
    if heading in header:
        return header.index(heading)
    for how in (kept, same):
        found = [i for i, column in enumerate(header) if how(column) == how(heading)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def quoted(writings: Iterable[str], most: int = 6) -> str:
    """Writings as a sentence names them, spaces shown so that a reader sees what was folded."""
    shown = [f"« {w[:60].replace(chr(0xA0), '⍽').replace(chr(0x202F), '⍽')} »" for w in writings]
    return ", ".join(shown[:most]) + (f" … ({len(shown)})" if len(shown) > most else "")


@dataclass(frozen=True, slots=True)
class Said:
    """Something the reader did to a file that the person must know: no error, never silent."""

    kind: str
    message: Message
    rows: tuple[int, ...] = ()

    def record(self) -> dict[str, object]:
        return {"kind": self.kind, **self.message.both(), "rows": list(self.rows[:50])}


def folded_said(what: str, found: Folded, rows: tuple[int, ...] = ()) -> Said:
    """what: a sentence of WHAT."""
    return Said(
        "folded",
        Message(
            _("%(what)s « %(name)s » : aussi écrit %(others)s, lu comme un seul nom."),
            {"what": Message(what), "name": found.name[:60], "others": quoted(found.others)},
        ),
        rows,
    )


AREA, OPTION, COLUMN = _("Zone"), _("Candidature"), _("Colonne")
