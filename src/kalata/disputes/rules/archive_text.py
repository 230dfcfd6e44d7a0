"""What a paper says against what its data say: the text taken out of a signed PDF, and the decision it should print.

Nothing here knows the words of a language: paragraphs are those of the signed XML, stations and figures those of the
decision computed again, and each must stand in the text at its place. Spaces, ends of lines and hyphens that a layout
adds are not compared; nor are letters of scripts that a PDF may give back in another order. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BREAKS = "\x02\ufffe\u00ad\u2010\u2011"
"""How a hyphen at the end of a line comes out of a PDF."""
KEPT = frozenset("-./_:;,")
LABEL = 24
"""Characters that may stand between two articles: the word and number of the next."""
GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Fault:
    """kind: text, act, figures, station, count or digest. got: what the PDF has there; want: what it should have."""

    kind: str
    got: str
    want: str


def squeezed(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Latin letters and digits alone, and the marks in `keep`."""
    out = []
    for c in unicodedata.normalize("NFKC", text.translate(dict.fromkeys(map(ord, BREAKS), "-"))):
        if c in keep or c.isdigit() or (c.isalpha() and (c.isascii() or unicodedata.name(c, "").startswith("LATIN"))):
            out.append(c)
    return "".join(out)


def cell(text: object) -> str:
    return squeezed(str(text), KEPT)


def runs(text: str) -> list[str]:
    """The numbers of a squeezed text, in order."""
    return re.findall(r"\d+", GROUPED.sub("", text))


@dataclass(slots=True)
class Printed:
    """One PDF's text being read from its start to its end."""

    text: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, kind: str, got: object, want: object) -> None:
        self.faults.append(Fault(kind, str(got)[:200], str(want)[:200]))


def differences(
    text: str, decision: Mapping[str, Any], *, digest: str, words: Mapping[str, Sequence[str]],
    annexes: Sequence[Mapping[str, Any]] | None,
) -> list[Fault]:  # fmt: skip
    """What the text of decision.pdf does not say as its data do.

    digest: SHA-256 of decision.json. words: paragraphs of the signed XML by part. annexes: of the recomputation; None
    where there is none, and its annexes are then not looked at.
    """
    found = Printed(text)
    operative = words.get("operative", ())
    paragraphs(found, words)
    acts(found, decision, operative)
    body, mark, rest = text_around(text, digest)
    if not mark:
        found.fault("digest", "", digest)
        return found.faults
    totals(found, decision, after_the(body, operative))
    if annexes is not None:
        rows(found, annexes, rest)
    return found.faults


# --- paragraphs ---------------------------------------------------------------------------------------------
def paragraphs(found: Printed, words: Mapping[str, Sequence[str]]) -> None:
    """Every paragraph of the XML is in the PDF, in its order; between two articles, nothing but the word of the next."""
    text, cursor = squeezed(found.text), 0
    for part in ("visas", "facts", "reasons", "operative"):
        for n, one in enumerate(words.get(part, ())):
            want = squeezed(one)
            at = text.find(want, cursor) if want else cursor
            if at < 0:
                found.fault("text", "", one)
                continue
            if part == "operative" and n and at - cursor > LABEL:
                found.fault("text", text[cursor:at], one)
            cursor = at + len(want)


def acts(found: Printed, decision: Mapping[str, Any], operative: Sequence[str]) -> None:
    """The article of each act names its petition, its count, its annex, its station and its figures."""
    listed = {str(a.get("act")): a for a in decision.get("annexes") or () if isinstance(a, Mapping)}
    for n, act in enumerate(decision.get("acts") or ()):
        said = operative[n] if n < len(operative) else ""
        text = cell(said)
        for want in wanted(act, listed.get(str(act.get("id")))):
            if not stands(text, cell(want)):
                found.fault("act", said, f"{act.get('id')} {act.get('act')}: {want}")


def wanted(act: Mapping[str, Any], annex: Mapping[str, Any] | None) -> Iterator[object]:
    """What the article of an act must hold, whatever its language."""
    if act.get("petition"):
        yield act["petition"]
    if act.get("act") == "RECTIFY":
        yield " / ".join(map(str, act.get("station") or ()))
        yield from (act.get("after") or {}).values()
    if annex is not None and act.get("act") in ("ANNUL_STATION", "ANNUL_AREA", "RESTORE"):
        yield annex.get("annex", "")
        if annex.get("count") != 1:
            yield annex.get("count", "")


def stands(text: str, want: str, start: int = 0) -> bool:
    return place(text, want, start) >= 0


def place(text: str, want: str, start: int = 0) -> int:
    """Where it stands, not as a part of a longer number; -1: nowhere."""
    text, want = GROUPED.sub("", text), GROUPED.sub("", want)
    at = text.find(want, start)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(want) : at + len(want) + 1]
        if not (want[:1].isdigit() and before.isdigit()) and not (want[-1:].isdigit() and after.isdigit()):
            return at
        at = text.find(want, at + 1)
    return -1


# --- figures ------------------------------------------------------------------------------------------------
def text_around(text: str, digest: str) -> tuple[str, bool, str]:
    """(before the hash of the decision, whether it is printed, after it): annexes come after it."""
    before, mark, after = cell(text).partition(digest)
    return before, bool(mark), after


def after_the(body: str, operative: Sequence[str]) -> str:
    """What stands after the last article that the XML has: the figures that follow from the acts."""
    last = cell(operative[-1]) if operative else ""
    return body.rpartition(last)[2] if last else body


def totals(found: Printed, decision: Mapping[str, Any], text: str) -> None:
    """Valid votes and the votes of each option, by their number, as the decision prints them."""
    printed = decision.get("printed") or {}
    valid, votes = (printed.get("figures") or {}).get("valid"), printed.get("votes") or {}
    if valid is None or not votes or any(isinstance(v, Mapping) for v in (valid, *votes.values())):
        return
    text, cursor = GROUPED.sub("", text), 0
    for name, value in [("valid", valid), *sorted(votes.items(), key=lambda v: -int(v[1]))]:
        at = place(text, str(value), cursor)
        if at < 0:
            found.fault("figures", text[cursor : cursor + 80], f"{name} = {value}")
        else:
            cursor = at + len(str(value))


# --- annexes ------------------------------------------------------------------------------------------------
def rows(found: Printed, annexes: Sequence[Mapping[str, Any]], text: str) -> None:
    """The rows of every annex, one after the other, and nothing between them but the head of the table on another page."""
    cursor, owed = 0, list[str]()
    for one in annexes:
        marks = [*runs(cell(one["annex"])), *runs(cell(one["act"]))]
        head, first = "", True
        for row in lines(one):
            want = "".join(map(cell, row))
            at = text.find(want, cursor)
            if at < 0:
                found.fault("station", text[cursor : cursor + 120], f"{one['annex']}: {' · '.join(map(str, row))}")
                continue
            between = text[cursor:at]
            if first:
                owed = told(found, between, [*owed, *marks], one)
                head, first = between, False
            elif not head.endswith(between):
                found.fault("station", between, f"{one['annex']}: —")
            cursor = at + len(want)
        owed = sums(one)
    told(found, text[cursor:], owed, None)


def told(found: Printed, text: str, want: Sequence[str], annex: Mapping[str, Any] | None) -> list[str]:
    """The sum of the annex before and the number of the next: these numbers, in this order, and no other."""
    got = runs(text)
    if got != list(want):
        found.fault("count", ", ".join(got), ", ".join(want) + (f" (annexe {annex['annex']})" if annex else ""))
    return []


def lines(annex: Mapping[str, Any]) -> Iterator[list[object]]:
    """The rows as they are printed."""
    for row in annex["rows"]:
        name = " / ".join(map(str, row["station"]))
        if "field" in row:
            yield [name, row["field"], "" if row["before"] is None else row["before"], row["after"]]
        else:
            yield [name, ", ".join(map(str, row.get("area") or ())), row["figures"].get("valid", "")]


def sums(annex: Mapping[str, Any]) -> list[str]:
    if "totals" not in annex:
        return []
    return [str(annex["count"]), str(annex["totals"]["figures"].get("valid", 0))]
