"""The anchors a plan is held by: T0, J1-40, J1-21..J1-2, ..J2-2, J2 = R07+21d, 01/10-31/12."""

from __future__ import annotations

import calendar
import re

from kalata.planning.rules.plan import Anchor, AnchorKind, Point

POINT = re.compile(r"(T0|J[12])(?:\s*([+-])\s*([0-9]{1,4})\s*d?)?")
FOLLOWS = re.compile(r"(J[12])\s*=\s*([A-Za-z][A-Za-z0-9_]{0,63})\s*\+\s*([0-9]{1,4})\s*d?")
WINDOW = re.compile(r"([0-3][0-9])/([01][0-9])\s*-\s*([0-3][0-9])/([01][0-9])")


def point_of(text: str) -> Point | None:
    met = POINT.fullmatch(text.strip())
    if met is None:
        return None
    return Point(met[1], int(f"{met[2]}{met[3]}") if met[3] else 0)


def day_of_year(day: str, month: str) -> tuple[int, int] | None:
    """(month, day) where such a day exists every year."""
    m, d = int(month), int(day)
    return (m, d) if 1 <= m <= 12 and 1 <= d <= calendar.monthrange(2023, m)[1] else None


def anchor_of(text: str) -> Anchor | None:
    """The anchor a text says; None where it says none."""
    text = text.strip()
    if met := FOLLOWS.fullmatch(text):
        return Anchor(AnchorKind.FOLLOWS, text, first=Point(met[1]), after=met[2], days=int(met[3]))
    if met := WINDOW.fullmatch(text):
        opens, closes = day_of_year(met[1], met[2]), day_of_year(met[3], met[4])
        return Anchor(AnchorKind.WINDOW, text, opens=opens, closes=closes) if opens and closes else None
    if ".." in text:
        left, _dots, right = text.partition("..")
        first, last = point_of(left), point_of(right)
        if last is None or (left.strip() and first is None):
            return None
        kind = AnchorKind.SPAN if first else AnchorKind.UNTIL
        return Anchor(kind, text, first=first, last=last)
    first = point_of(text)
    return Anchor(AnchorKind.POINT, text, first=first) if first else None
