"""The paper of a centre's pack: its stations, what it is sent piece by piece, the code of each page, and who received it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kalata.country.models import Contest
from kalata.documents import heads
from kalata.documents.rendering import Head, Paper
from kalata.text import gettext_noop as _
from kalata.text import translate, whole
from kalata.training.rules.manuals.kept import KINDS, Copies
from kalata.training.rules.manuals.packs import Centre, Line, Piece, lines
from kalata.training.rules.manuals.words import role_in

TITLE = _("Colis de formation du centre")
DRAFT = _("Pièces en projet : des procédures ne sont pas approuvées. Ce colis est un exercice et ne se distribue pas.")
CODES = _("Le code est au pied de chaque page du manuel, et dans son carré. Une page d’un autre code n’est pas celle de ce colis : gardez-la et dites-le.")
RECEIVED = _("Comptez avant de signer. Écrivez à côté de la ligne ce qui manque ou ce qui est en trop.")
NO_CENTRE = _("bureaux sans centre nommé")


@dataclass(frozen=True)
class Sending:
    """What is the same for every centre of a lot. seats: the persons of a station by role."""

    contest: Contest
    pieces: Sequence[Piece]
    seats: Mapping[str, int]
    language: str
    lang: str

    @property
    def draft(self) -> bool:
        return any(p.draft for p in self.pieces)


def paper(sending: Sending, centre: Centre, sent: Copies) -> Paper:
    say = lambda sentence: translate(sentence, sending.lang)  # noqa: E731
    head = head_of(sending, centre)
    found = lines(sending.pieces, sending.seats, len(centre.stations), sent)
    blocks = [
        {"kind": "pairs", "rows": about(sending, centre)},
        *([{"kind": "note", "text": say(DRAFT)}] if sending.draft else []),
        {"kind": "heading", "text": say(_("Ce que contient le colis"))},
        contents(sending, found),
        {"kind": "note", "text": say(RECEIVED)},
        {"kind": "heading", "text": say(_("Bureaux du centre"))},
        stations(sending, centre),
        {"kind": "heading", "text": say(_("Pages des manuels"))},
        {"kind": "note", "text": say(CODES)},
        pages(sending),
        {"kind": "signatures", "names": [say(_("Remis par")), say(_("Reçu par, pour le centre")), say(_("Jour et heure"))]},
    ]  # fmt: skip
    return Paper("centre-pack", head, {"blocks": blocks}, sending.lang)


def head_of(sending: Sending, centre: Centre) -> Head:
    say = lambda sentence: translate(sentence, sending.lang)  # noqa: E731
    place = ", ".join(centre.within[:2])
    name = centre.name or say(NO_CENTRE)
    title = f"{say(TITLE)} : {name}" if sending.lang == "fr" else f"{say(TITLE)}: {name}"
    return heads.of_contest(sending.contest, sending.lang, title=f"{title}, {place}" if place else title)


def about(sending: Sending, centre: Centre) -> list[list[str]]:
    lang = sending.lang
    say = lambda sentence: translate(sentence, lang)  # noqa: E731
    n, voters = len(centre.stations), [s.registered for s in centre.stations]
    roles = ", ".join(f"{role_in(role, lang)} {whole(seats * n, lang)}" for role, seats in sending.seats.items())
    known = say(_("non dit pour tous les bureaux")) if None in voters else whole(sum(v or 0 for v in voters), lang)
    return [
        [say(_("Centre")), centre.name or say(NO_CENTRE)], [say(_("Lieu")), ", ".join(centre.within) or "–"], [say(_("Code du lieu")), centre.unit or "–"],
        [say(_("Bureaux")), whole(n, lang)], [say(_("Inscrits")), known], [say(_("Agents, par fonction")), roles], [say(_("Langue des pièces")), sending.language],
    ]  # fmt: skip


def contents(sending: Sending, found: Sequence[Line]) -> dict[str, Any]:
    lang = sending.lang
    say = lambda sentence: translate(sentence, lang)  # noqa: E731
    rows = [
        [say(KINDS[one.piece.kind]), role_in(one.piece.role, lang), whole(one.copies, lang), whole(one.piece.leaves, lang), whole(one.leaves, lang), one.piece.sha256[:12], ""]
        for one in found
    ]  # fmt: skip
    rows.append([say(_("En tout")), "", whole(sum(o.copies for o in found), lang), "", whole(sum(o.leaves for o in found), lang), "", ""])
    heads_ = [say(_("Pièce")), say(_("Fonction")), say(_("Exemplaires")), say(_("Pages")), say(_("Pages imprimées")), say(_("Empreinte du fichier")), say(_("Compté"))]  # fmt: skip
    aligns = ["left", "left", "right", "right", "right", "left", "left"]
    return {"kind": "table", "heads": heads_, "rows": rows, "widths": [4, 4, 3, 2, 3, 4, 3], "aligns": aligns}


def stations(sending: Sending, centre: Centre) -> dict[str, Any]:
    lang = sending.lang
    say = lambda sentence: translate(sentence, lang)  # noqa: E731
    people = sum(sending.seats.values())
    rows = [
        [s.code, s.name, "–" if s.registered is None else whole(s.registered, lang), whole(people, lang)]
        for s in centre.stations
    ]
    heads_ = [say(_("Bureau")), say(_("Nom")), say(_("Inscrits")), say(_("Agents"))]
    return {"kind": "table", "heads": heads_, "rows": rows, "widths": [3, 6, 2, 2], "aligns": ["left", "left", "right", "right"]}


def pages(sending: Sending) -> dict[str, Any]:
    """The code of each page, two pages a line: the whole list stays on the sheet that is signed."""
    say = lambda sentence: translate(sentence, sending.lang)  # noqa: E731
    rows: list[list[str]] = []
    for piece in sending.pieces:
        told = [(f"{page.procedure} v{page.version}", page.code) for page in piece.pages]
        for n in range(0, len(told), 2):
            left, right = told[n], told[n + 1] if n + 1 < len(told) else ("", "")
            rows.append([role_in(piece.role, sending.lang) if not n else "", *left, *right])
    what, code = say(_("Procédure, version")), say(_("Code de la page"))
    return {"kind": "table", "heads": [say(_("Fonction")), what, code, what, code], "rows": rows, "widths": [4, 4, 4, 4, 4], "aligns": []}
