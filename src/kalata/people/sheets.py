"""Activation sheets as a printable PDF: one page a person, cut and handed over in person."""

from __future__ import annotations

from collections.abc import Sequence

from kalata.documents import rendering
from kalata.people.accounts import Sheet

Said = tuple[dict[str, str], Sequence[str]]
"""Labels in the reader's language, and the steps."""


def activation_pdf(
    sheets: Sequence[Sheet], address: str, words: dict[str, str], steps: Sequence[str], half: Said | None = None,
    lang: str = "fr",
) -> bytes:  # fmt: skip
    """The sheets as one PDF. address: where the activation page is; half: what one of two sheets says instead."""
    people = []
    squares: dict[str, bytes] = {}
    for i, sheet in enumerate(sheets):
        labels, list_ = half if half and sheet.part else (words, steps)
        people.append(
            {
                **labels,
                "title": labels["title"].replace("{n}", str(sheet.part)),
                "name": sheet.full_name,
                "role": sheet.role or "–",
                "place": sheet.territory or "–",
                "username": sheet.username,
                "code": sheet.code,
                "remains": [what.text(lang) for what in sheet.remains],
                "steps": [s.replace("{address}", address) for s in list_],
            }
        )
        squares[f"qr{i}.svg"] = rendering.square(f"{address}?u={sheet.username}")
    data = {"people": people, "lang": "en" if lang == "en" else "fr", "title": people[0]["title"] if people else ""}
    return rendering.form("activation", data, squares)
