"""The papers of an election as PDF: result forms in print order, recap forms, labels, minutes.

Every form bears its code as a QR on each page; what is printed comes from the pack's form model
and the contest's ballot. Typst sets 200 forms at a time (field guide on results, section 11).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp

from kalata.country.models import Contest, Station, Unit
from kalata.documents import rendering
from kalata.refusals import Refused
from kalata.results.printing import name_of as name_of
from kalata.results.rules.boxes import LABELS, MARKS, Box
from kalata.tally.queries.formcodes import code_of, form_of
from kalata.text import gettext_noop as _
from kalata.text import translate

TOGETHER = 200
MOST = 1_500
"""Forms in one PDF asked from a page; the whole country is printed by the command, place by place."""


class TooManyForms(Refused):
    code = "RES-428"
    says = _("%(n)d {n:formulaire dépasse|formulaires dépassent} les %(most)d d’un seul fichier.")
    remedy = _("Choisissez une zone plus petite, ou imprimez tout le scrutin avec la commande print_forms.")
    status = 422


@dataclass(frozen=True, slots=True)
class Form:
    """One form to print. values: figures in paper order to write in it (rehearsals), None for a blank one."""

    station: Station
    serial: int = 1
    copy: str = "1"
    values: Sequence[int | None] | None = None
    place: str = ""


def square(text: str) -> tuple[list[int], int]:
    """The QR of a text as grey pixels (0 or 255) with its quiet zone, and its side."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = np.asarray(code.to_image(scale=1, add_quiet_zones=True), dtype=np.uint8)
    return [int(v) for v in pixels.ravel()], pixels.shape[0]


@dataclass
class Layout:
    """What is the same on every form of a contest, computed once. lang, second: languages of the labels."""

    contest: Contest
    lang: str = "fr"
    second: str = ""
    same: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""

    def __post_init__(self) -> None:
        model = form_of(self.contest)
        say = self.say
        boxes = [Box(b) for b in self.contest.boxes]
        wanted = [Box(m) for m in model.get("marks") or () if m not in self.contest.boxes]
        votes = [(o.name, "") for o in self.contest.options.all()]
        key = "en" if self.lang == "en" else "fr"
        self.same = {
            "lang": key,
            "title": model.get(f"title_{key}") or say(_("Procès-verbal des opérations de vote")),
            "contest": name_of(self.contest, self.lang),
            "exercise": say(_("EXERCICE : sans valeur électorale")) if self.contest.election.exercise else "",
            "model": str(model.get("model", "PV1")),
            "pages": 2,
            "digits": 5,
            "words": bool(model.get("in_words")),
            "advice": say(_("En chiffres et en lettres, sans rature. Toute rature est contresignée.")),
            "note": say(_("Le carré identifie le formulaire ; il ne porte aucun résultat.")),
            "counts": [self.pair(b) for b in boxes if b not in MARKS],
            "votes": votes,
            "marks": [self.pair(b) for b in [*boxes, *wanted] if b in MARKS],
            "signatures": [str(s.get(key)) for s in model.get("signatures") or ()],
            **{f"w_{k}": say(v) for k, v in WORDS.items()},
        }
        self.body = rendering.form("report", {**self.same, "forms": []})
        with pypdfium2.PdfDocument(self.body) as pages:
            self.same["pages"] = len(pages)

    def say(self, text: str) -> str:
        return translate(text, self.lang)

    def pair(self, box: Box) -> tuple[str, str]:
        first = self.say(LABELS[box])
        other = translate(LABELS[box], self.second) if self.second else ""
        return first, "" if other == first else other

    def record(self, form: Form) -> dict[str, Any]:
        code = code_of(self.contest, form.station, form.serial, str(self.same["model"]))
        text = code.text()
        pixels, side = square(text)
        return {
            "qr": pixels,
            "side": side,
            "text": text,
            "code": form.station.code,
            "name": form.station.name if form.station.name != form.station.code else "",
            "place": form.place,
            "copy": form.copy,
            "serial": form.serial,
            "values": list(form.values) if form.values is not None else None,
        }


WORDS = {
    "station": _("Bureau"),
    "copy": _("Exemplaire"),
    "form": _("Formulaire n°"),
    "page": _("Page"),
    "figures": _("en chiffres"),
    "words": _("en lettres"),
    "count": _("Dépouillement"),
    "votes": _("Voix obtenues"),
    "next": _("suite"),
    "marks": _("Mentions du procès-verbal"),
    "replaced": _("Membres remplacés"),
    "replaced_why": _("qui, désigné par qui, inscrit dans quel bureau"),
    "who": _("Nom et qualité"),
    "list": _("Désigné par"),
    "where": _("Inscrit au bureau, n°"),
    "remarks": _("Observations, réclamations, explication des écarts"),
    "signatures": _("Signatures"),
    "agent": _("Délégué"),
}


def printed(layout: Layout, forms: Sequence[Form]) -> bytes:
    """These forms as one PDF, two pages each (more where the ballot is long). RES-428: too many for one file."""
    if len(forms) > MOST:
        raise TooManyForms(n=len(forms), most=MOST)
    parts = [
        rendering.form("report", {**layout.same, "body": list(layout.body), "forms": [layout.record(f) for f in part]})
        for part in chunks(forms)
    ]
    return parts[0] if len(parts) == 1 else joined(parts)


def joined(parts: Sequence[bytes]) -> bytes:
    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        with pypdfium2.PdfDocument(part) as one:
            whole.import_pages(one)
    out = io.BytesIO()
    whole.save(out)
    whole.close()
    return out.getvalue()


def place_names(units: Mapping[int, Unit], unit_id: int | None) -> str:
    """Region, cercle, commune: the names above a station, outermost first."""
    names: list[str] = []
    while unit_id is not None and unit_id in units:
        unit = units[unit_id]
        names.insert(0, unit.name)
        unit_id = unit.parent_id
    return " · ".join(names)


def forms_by_place(
    contest: Contest, unit: Unit | None = None, copies: Sequence[str] = ("1",)
) -> Iterator[tuple[str, list[Form]]]:
    """(place, its forms) in print order: by place, then by station, then by copy."""
    units = {u.pk: u for u in Unit.objects.filter(geography_id=contest.election.geography_id).only("name", "parent")}
    found = contest.stations.order_by("code").only("code", "name", "part", "unit", "registered")
    serials = dict(contest.papers.values_list("station_id", "serial"))
    groups: dict[str, list[Station]] = {}
    for station in found:
        if unit is not None and not within(units, station.unit_id, unit.pk):
            continue
        groups.setdefault(place_names(units, station.unit_id), []).append(station)
    for place in sorted(groups):
        yield place, [Form(s, serials.get(s.pk, 1), c, place=place) for s in groups[place] for c in copies]


def within(units: Mapping[int, Unit], unit_id: int | None, top: int) -> bool:
    while unit_id is not None:
        if unit_id == top:
            return True
        unit_id = units[unit_id].parent_id if unit_id in units else None
    return False


def copies_of(contest: Contest) -> list[str]:
    """The copies that the pack's model asks for: "1 / 3", "2 / 3" ..."""
    listed = form_of(contest).get("copies") or [{"copy": 1}]
    return [f"{c['copy']} / {len(listed)}" for c in listed]


def reserve(layout: Layout, count: int, first: int = 1) -> bytes:
    """Forms bound to no station: the code is written by hand, reception asks for it and for the reason."""
    blank = [
        Form(Station(code="................................", part="reserve", pk=0), first + i, "–")
        for i in range(count)
    ]
    return printed(layout, blank)


def chunks(forms: Sequence[Form], size: int = TOGETHER) -> Iterable[Sequence[Form]]:
    return (forms[i : i + size] for i in range(0, len(forms), size))
