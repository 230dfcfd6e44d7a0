"""Where everything lies on an answer sheet (A4), in millimetres: the printer and the reader have it from here alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

PAGE = (210.0, 297.0)
CORNER = 7.0
"""Side of a black square."""
CORNERS = ((24.0, 24.0), (186.0, 24.0), (186.0, 273.0), (24.0, 273.0))
"""Centres of the squares: top left, top right, bottom right, bottom left. Far enough inside that a sheet laid 5 degrees
askew in a scanner loses none."""
QR = (142.0, 32.0, 28.0)
"""Left, top and side of the square code."""
RADIUS = 2.6
PITCH = (8.0, 8.0)
TOP = 76.0
LEFT = (40.0, 118.0)
"""First bubble of each column."""
DEEP = 24
"""Rows of a column."""
MOST_ROWS = DEEP * len(LEFT)
MOST_OPTIONS = 7


def bubble(row: int, option: int) -> tuple[float, float]:
    """The centre of a bubble. row, option: from 0."""
    column, down = divmod(row, DEEP)
    return LEFT[column] + option * PITCH[0], TOP + down * PITCH[1]


def bubbles(options: Sequence[int]) -> list[list[tuple[float, float]]]:
    return [[bubble(r, k) for k in range(n)] for r, n in enumerate(options)]


def code_text(mark: str, letter: str, code: str, seat: int) -> str:
    """What the square of a sheet says: its paper, its class and place, never a name."""
    return f"KALATA-SHEET {mark} {letter} {code} {seat}"


def code_read(text: str) -> tuple[str, str, str, int] | None:
    """(mark, letter, class, seat) of a square, or None."""
    parts = text.split(" ")
    if (
        len(parts) != 5
        or parts[0] != "KALATA-SHEET"
        or not parts[4].isascii()
        or not parts[4].isdigit()
        or len(parts[4]) > 4
    ):
        return None
    return parts[1], parts[2], parts[3], int(parts[4])
