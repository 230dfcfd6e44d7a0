"""Numbers, hours and days in a sentence, to see what was typed where a parameter holds it.

"8 h", "08:00" and "8 a.m." are one hour; "24 416" and "24,416" one number; "10 %" is 1/10 and 10; "28 février 2027" is
2027-02-28. What names a thing is no number of it: art. 92, n° 3, a form A5, an address, a {parameter}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

MONTHS = {
    name: n
    for row in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
    )
    for n, name in enumerate(row.split(), 1)
}
Value = tuple[str, object]
"""What a number says: ("number", 3), ("hour", (8, 0)), ("day", 2027-02-28)."""

HELD = re.compile(r"\{[^{}]*\}")
NAMED = re.compile(
    r"(?:\b(?:articles?|art|alinéas?|al|paragraphs?|section|étapes?|steps?|pages?|annexes?|loi|law|décret|decree)\.?\s*(?:n[°ºo]\.?\s*)?|n[°º]\s*|\bno\.\s*)"
    r"\d+(?:[-/.]\d+)*(?:(?:\s*(?:,|et|and|à|to|-|–)\s*)\d+(?![\d\s]*(?:h\b|:\d)))*",
    re.IGNORECASE,
)
DAY = re.compile(
    r"\b(?:(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4})"
    r"|(?P<d3>\d{1,2})(?:er|st|nd|rd|th)?\s+(?P<n>janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre"
    r"|décembre|january|february|march|april|may|june|july|august|september|october|november|december)\s+(?P<y3>\d{4}))\b",
    re.IGNORECASE,
)
HOUR = re.compile(
    r"(?<![\w:])(?P<h>\d{1,2})\s*(?:(?::|\s?h(?:eures?)?\s?)(?P<min>[0-5]\d)(?!\d)|h(?:eures?)?\b|(?=\s*[ap]\.?m\b))(?:\s*(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![\w.,:/°º-])(?P<n>\d{1,3}(?:[\u202f\u00a0 ]\d{3})+(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:[.,](?P<dec>\d+))?(?:/(?P<den>[1-9]\d*))?(?P<per>\s*%)?(?![\w:])"
)


def values(text: str) -> Iterator[tuple[str, frozenset[Value]]]:
    """Each number of a sentence: as it is written, and what it may say."""
    left = HELD.sub(lambda m: " " * len(m[0]), NAMED.sub(lambda m: " " * len(m[0]), text))
    for pattern, read in ((DAY, of_day), (HOUR, of_hour), (NUMBER, of_number)):
        for found in pattern.finditer(left):
            if said := read(found):
                yield found[0].strip(), frozenset(said)
        left = pattern.sub(lambda m: " " * len(m[0]), left)


def of_day(found: re.Match[str]) -> set[Value]:
    year = found["y"] or found["y2"] or found["y3"]
    month = int(found["m"] or found["m2"] or 0) or MONTHS[(found["n"] or "").lower()]
    try:
        return {("day", date(int(year), month, int(found["d"] or found["d2"] or found["d3"])))}
    except ValueError:
        return set()


def of_hour(found: re.Match[str]) -> set[Value]:
    hour, minute, half = int(found["h"]), int(found["min"] or 0), (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (half == "p")
    return {("hour", (hour, minute))} if hour <= 24 else set()


def of_number(found: re.Match[str]) -> set[Value]:
    whole = re.sub(r"\D", "", found["n"])
    number = Fraction(f"{whole}.{found['dec']}" if found["dec"] else whole)
    if found["den"]:
        number /= int(found["den"])
    return {("number", number), ("number", number / 100)} if found["per"] else {("number", number)}


def held(text: str) -> frozenset[Value]:
    """What the value of a parameter says: of one number all of it, of a longer text its hours and days alone."""
    found = list(values(text))
    if len(found) == 1 and found[0][0] == text.strip():
        return found[0][1]
    return frozenset(v for _said, some in found for v in some if v[0] != "number")
