"""Where a unit lies, as one text that a database sorts: the ids of all units above it, from the top.

Each id has `WIDTH` digits and nothing stands between them, so that every collation of every database orders lines
as the ids are ordered, and all that lies in a unit, at any depth, is one range of an index.
"""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

WIDTH = 9
DEEPEST = 20
LONGEST = WIDTH * DEEPEST


class TooDeep(Refused):
    code = "GEO-108"
    says = _("Ce découpage a plus de %(most)s {most:niveau|niveaux}.")
    remedy = _("Réunissez des niveaux : aucun pays connu n’en a autant.")


def below(above: str, pk: int) -> str:
    """The line of a child of the unit `pk`, whose own line is `above`. GEO-108 beyond twenty levels.

    >>> below("000000007", 12)
    '000000007000000012'
    """
    line = f"{above}{pk:0{WIDTH}d}"
    if len(line) > LONGEST or pk >= 10**WIDTH - 1:
        raise TooDeep(most=DEEPEST)
    return line


def ids(above: str) -> tuple[int, ...]:
    """The ids in a line, from the top.

    >>> ids("000000007000000012")
    (7, 12)
    """
    return tuple(int(above[i : i + WIDTH]) for i in range(0, len(above), WIDTH))


def bounds(above: str, pk: int) -> tuple[str, str]:
    """[first, last): the lines of all that lies in the unit `pk`, whose own line is `above`."""
    first = below(above, pk)
    return first, first + "9" * (LONGEST - len(first) or WIDTH)
