"""What the page of a draft takes: an act, whole; a change of its place; outcomes and norms. seen: the acts that were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.disputes.forms.intake import UNSAID, words
from kalata.disputes.rules.acts import OF_A_PETITION
from kalata.disputes.rules.drafting import DOWN, UP
from kalata.disputes.rules.operative import ACT_LABELS
from kalata.ui import fields
from kalata.ui.edge import Edge

KINDS = words(ACT_LABELS)
LISTS = ("ANNUL_STATION", "RESTORE", "RERUN_ORDER")
"""Acts on a list of stations."""
MOST_LIST = 480_000
ROWS = 60
"""Boxes of one report offered for a rectification: more than any form of any pack has."""


def written(pasted: str, file: Any) -> str:
    """The rows of a list: what was pasted, then what a file holds, read as UTF-8 or as Western Windows."""
    if not file:
        return pasted
    data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return f"{pasted}\n{text}" if pasted.strip() else str(text)


class OpenForm(Edge):
    act = "open"
    number = fields.TextField(most=40, required=True, label=_("Numéro de la décision"))
    words = fields.TextField(most=400, required=True, label=_("Ce que le public lira comme son objet"))
    case = fields.ManyField(fields.TextField(most=32), label=_("Requêtes"))
    contest = fields.IdField(label=_("Scrutin, si la Cour agit d’office"))
    own_motion = fields.LinesField(label=_("Motifs d’office"))


class Asked(Edge):
    """What the page is asked to show: the form of an act of this kind, filled from an act, a ground, a station."""

    acte = fields.ChoiceField(KINDS, label=_("Acte"))
    modifier = fields.TextField(most=20, label=_("Acte à modifier"))
    moyen = fields.TextField(most=60, label=_("Bureaux d’un moyen"))
    bureau = fields.TextField(label=_("Bureau"))


class Seen(Edge):
    seen = fields.CodeField(most=64, label=_("page lue"))


class ActForm(Seen):
    """One act. stations: a list to paste, or a file; after1 … : the exact values of a report, in the order of the page."""

    act = "put"
    kind = fields.ChoiceField(KINDS, required=True, label=_("Acte"))
    name = fields.TextField(most=20, label=_("Acte à modifier"))
    stations = fields.LinesField(most=MOST_LIST, label=_("Bureaux"))
    file = fields.UploadField(most=MOST_LIST, label=_("Fichier CSV"))
    level = fields.TextField(most=60, label=_("Niveau du lieu"))
    place = fields.TextField(label=_("Lieu"))
    station = fields.TextField(label=_("Bureau"))
    petition = fields.TextField(most=32, label=_("Requête"))
    petitions = fields.ManyField(fields.TextField(most=32), label=_("Requêtes"))
    of = fields.TextField(most=32, label=_("Requête gardée"))
    body = fields.TextField(label=_("Organe compétent"))
    what = fields.TextField(most=400, label=_("Ce qui est ordonné ou transmis"))
    ground = fields.TextField(most=60, label=_("Moyen"))
    why = fields.TextField(most=400, label=_("Motif de l’acte"))
    evidence = fields.ManyField(fields.CodeField(most=64), label=_("Pièces"))

    def __init__(self, *args: Any, boxes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = boxes
        for n in range(1, ROWS + 1):
            name = boxes[n - 1] if n <= len(boxes) else str(n)
            self.fields[f"after{n}"] = fields.CountField(most=10**12, label=name)

    def after(self) -> dict[str, int]:
        """box -> the exact value that was typed; an empty box says nothing."""
        found = {box: getattr(self.v, f"after{n}") for n, box in enumerate(self.boxes, 1)}
        return {box: value for box, value in found.items() if value is not None}

    def said(self, grounds: Iterable[str]) -> dict[str, Any]:
        """What the form says of the act, but its stations and figures."""
        v = self.v
        out: dict[str, Any] = {"act": v.kind}
        petition, _dash, key = v.ground.rpartition(" ")
        if v.ground in set(grounds):
            out |= {"ground": key, "case": petition}
        if v.kind in OF_A_PETITION or v.kind == "SEVER":
            out["petition"] = v.petition
        for name, value in (("petitions", v.petitions), ("of", v.of), ("body", v.body), ("what", v.what), ("reason", v.why), ("evidence", v.evidence)):  # fmt: skip
            if value:
                out[name] = value
        if v.kind == "ANNUL_AREA":
            out["where"] = {v.level: v.place}
        return out


class TryForm(ActForm):
    """The same act, to look at what it would give; nothing is kept."""

    act = "try"


class RowsForm(Seen):
    """Rectifications of several reports, a row each box: station; box; exact value."""

    act = "rows"
    rows = fields.LinesField(most=MOST_LIST, label=_("Rectifications"))
    file = fields.UploadField(most=MOST_LIST, label=_("Fichier CSV"))
    ground = fields.TextField(most=60, label=_("Moyen"))
    evidence = fields.ManyField(fields.CodeField(most=64), label=_("Pièces"))


class DropForm(Seen):
    act = "drop"
    name = fields.TextField(most=20, required=True, label=_("Acte"))


class UpForm(Seen):
    act = UP
    name = fields.TextField(most=20, required=True, label=_("Acte"))


class DownForm(Seen):
    act = DOWN
    name = fields.TextField(most=20, required=True, label=_("Acte"))


class RefreshForm(Seen):
    act = "refresh"


class AnswerForm(Seen):
    """The outcome of each petition (outcome1 …, in the order of the page) and the norms cited."""

    act = "answer"
    articles = fields.LinesField(label=_("Normes citées, une par ligne"))

    def __init__(self, *args: Any, petitions: Sequence[str] = (), outcomes: Mapping[str, str] | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.petitions = petitions
        choices = words(outcomes or {})
        for n, number in enumerate(petitions, 1):
            self.fields[f"outcome{n}"] = fields.ChoiceField(choices, unsaid=UNSAID, label=number)

    def outcomes(self) -> dict[str, str]:
        return {number: getattr(self.v, f"outcome{n}") for n, number in enumerate(self.petitions, 1)}

    def cited(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in self.v.articles.splitlines() if line.strip()))
