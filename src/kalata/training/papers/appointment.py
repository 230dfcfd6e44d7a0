"""The act of appointment: who is named to which post, as it was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kalata.documents.rendering import Head, Paper
from kalata.text import gettext_noop as _
from kalata.text import long_date, told, translate

TITLE = _("Acte de nomination")


@dataclass(frozen=True, slots=True)
class Named:
    """A place and who is named to it. side: the body that proposed, in words."""

    body: str
    position: str
    name: str
    code: str
    side: str


def appointment(number: str, on: date, territory: str, named: Sequence[Named], head: Head, lang: str) -> Paper:
    def say(sentence: str) -> str:
        return translate(sentence, lang)

    heads = [say(_("Bureau ou commission")), say(_("Poste")), say(_("Nom")), say(_("Matricule")), say(_("Proposé par"))]
    blocks = [
        {"kind": "pairs", "rows": [[say(_("Acte n°")), number], [say(_("Du")), long_date(on, lang)], [say(_("Territoire")), territory or say(_("tout le pays"))]]},
        {"kind": "paragraph", "text": told(say(_("{n:Est nommée la personne suivante|Sont nommées les %(n)s personnes suivantes}.")), lang, {"n": len(named)})},
        {"kind": "table", "heads": heads, "rows": [[n.body, n.position, n.name, n.code, n.side] for n in named], "widths": [3, 3, 4, 2, 3], "aligns": []},
        {"kind": "note", "text": say(_("Chaque personne nommée prête serment avant de siéger. Une personne qui n’est pas sur cet acte ne siège que par un acte de remplacement."))},
    ]  # fmt: skip
    return Paper("post-appointment", head, {"blocks": blocks}, lang)
