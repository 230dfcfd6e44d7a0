"""Text that no spreadsheet runs: one rule for every table that people open, and the way back for those that come in again."""

from __future__ import annotations

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def runs(text: str) -> bool:
    """Whether a spreadsheet would take it for a formula, spaces before it or not."""
    return text.lstrip(" \u00a0").startswith(DANGEROUS) or text.startswith(DANGEROUS)


def safe(cell: object) -> object:
    """The cell, with an apostrophe before what a spreadsheet would run.

    >>> safe("=1+1"), safe(-3), safe("KAY-001")
    ("'=1+1", -3, 'KAY-001')
    """
    return f"'{cell}" if isinstance(cell, str) and runs(cell) else cell


def bare(text: str) -> str:
    """What was written before `safe` had to do with it.

    >>> bare(str(safe("@x"))), bare("'tis")
    ('@x', "'tis")
    """
    return text[1:] if text.startswith("'") and runs(text[1:]) else text

