"""The procurement plan as a paper: each purchase, its procedure, when it must be published so that it holds, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kalata.documents.rendering import Head, Paper
from kalata.planning.papers import words
from kalata.text import gettext_noop as _

TITLE = _("Plan de passation des marchés")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A purchase as it is printed. law: the shortest publication and its source, as its keeper wrote them."""

    code: str
    name: str
    method: str
    lots: int
    quantity: int | None
    reserve: int | None
    needed: date | None
    hold: date | None
    published: date | None
    law: str
    state: str
    late: bool


def buying(rows: Sequence[Bought], about: Sequence[tuple[str, str]], head: Head, lang: str) -> Paper:
    say = words.say_in(lang)

    def day(value: date | None) -> str:
        return words.day(value, lang) if value else "–"

    def count(value: int | None) -> str:
        return words.francs(value, lang) if value is not None else "–"

    data = {
        "rows": [[word, text] for word, text in about],
        "heads": [say(w) for w in (
            _("Marché"), _("Procédure"), _("Quantité utile"), _("Réserve"), _("Nécessaire le"), _("Publier au plus tard"), _("Publié le"), _("Délai légal et source"), _("État"),
        )],
        "items": [
            [f"{r.code} {r.name}" + (f" ({r.lots} {say(_('lots'))})" if r.lots > 1 else ""), r.method, count(r.quantity), count(r.reserve), day(r.needed),
             day(r.hold) + (f" – {say(_('trop tard à 80 %'))}" if r.late else ""), day(r.published), r.law or say(_("non dit")), r.state]
            for r in rows
        ],
        "none": say(_("Aucun marché n’est inscrit.")),
        "notes": [
            say(_("« Publier au plus tard » : la dernière publication qui tient quatre fois sur cinq, appel infructueux compris, aux durées du plan. Ces durées sont des hypothèses là où le plan le dit.")),
            say(_("Un délai légal « non dit » n’a pas été trouvé : rien n’est vérifié sur lui.")),
        ],
    }  # fmt: skip
    return Paper("plan-buying", head, data, lang)
