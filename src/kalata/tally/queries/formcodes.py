"""Which code a printed form bears, and which paper a code read from one belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalata import codes
from kalata.country.models import Contest, Station
from kalata.refusals import Refused
from kalata.results.territory import EVERYWHERE, Reach
from kalata.tally.models import Paper
from kalata.tally.rules.papercode import LONGEST, SAFE, BadCode, OtherForm, PaperCode, belongs, parse
from kalata.text import gettext_noop as _

ROOM = LONGEST - 40
"""Characters left to the codes of contest and station once the rest of the payload is written."""


class OldForm(Refused):
    """A form that a replacement has put out of use."""

    code = "RES-423"
    says = _("Ce formulaire du bureau %(station)s porte le numéro %(got)d ; il a été remplacé par le numéro %(want)d.")
    remedy = _("Cherchez le formulaire de remplacement ; s’il n’existe pas, signalez un incident.")


class ReserveForm(Refused):
    """A form printed for no station in particular."""

    code = "RES-427"
    says = _("C’est un formulaire de réserve (n° %(n)d) : il n’appartient à aucun bureau.")
    remedy = _("Tapez le code du bureau écrit à la main, et comme motif « réserve » avec ce numéro.")
    status = 422


class NoPaper(Refused):
    code = "RES-431"
    says = _("Le bureau « %(station)s » n’est pas attendu ici.")
    remedy = _("Vérifiez le code et votre territoire ; le superviseur peut compléter le registre.")
    status = 404


def form_of(contest: Contest) -> Mapping[str, Any]:
    """The form model that the pack gives for the system of the contest; an empty one where it gives none."""
    pack = contest.election.pack.pack
    kinds = {str(r["id"]) for r in pack.records("contests") if r.get("system") == contest.system.get("id")}
    for record in pack.records("report_forms"):
        if kinds & set(record["contests"]):  # type: ignore[call-overload]
            return record
    return {"model": "PV1", "copies": [], "signatures": [], "parts": [], "marks": []}


def token(text: str, pk: int, room: int) -> str:
    """A code as it may stand in a payload: itself, or "_" and its number where it does not fit."""
    return text if SAFE.fullmatch(text) and len(text) <= room else f"_{pk}"


def code_of(contest: Contest, station: Station, serial: int, model: str = "") -> PaperCode:
    """The code of the form of one station. contest: with its election; serial: of the form in use."""
    return PaperCode(
        token(contest.election.code, contest.election_id, 16),
        token(contest.code, contest.pk, 20),
        contest.round,
        token(station.part, 0, 10),
        token(station.code, station.pk, 24),
        model or str(form_of(contest)["model"]),
        serial,
    )


def as_read(text: str) -> PaperCode:
    """The code behind a payload, read by a machine whose capitals are locked too (RES-420 where neither holds)."""
    try:
        return parse(text)
    except BadCode:
        try:
            return parse(text.swapcase())
        except BadCode:
            pass
        raise


def paper_behind(contest: Contest, text: str, reach: Reach = EVERYWHERE) -> Paper:
    """The paper of a code scanned or typed: a QR payload, or the bare code of a station.

    reach: the territories of the person who asks; a station outside them is not expected here, like one
    that does not exist.

    Raises: RES-420 misread, RES-421 another contest's or station's, RES-423 replaced, RES-431 not expected.
    """
    papers = Paper.objects.filter(reach.on(), contest=contest).select_related("station__unit")
    text = text.strip()
    if "|" not in text:
        found = papers.filter(station__code_key=codes.sought(text)).first()
        if found is None:
            raise NoPaper(station=text[:80])
        return found
    got = as_read(text)
    here = code_of(contest, Station(code=got.station, part=got.part, pk=0), got.serial)
    if (got.election, got.contest, got.round) != (here.election, here.contest, here.round):
        belongs(got, here)
    if got.part == "reserve":
        raise ReserveForm(n=got.serial)
    by_number = got.station[1:] if got.station.startswith("_") and got.station[1:].isdigit() else ""
    found = (
        papers.filter(station_id=int(by_number)) if by_number else papers.filter(station__code=got.station)
    ).first()
    if found is None:
        raise NoPaper(station=got.station)
    belongs(got, code_of(contest, found.station, got.serial))
    if got.serial != found.serial:
        if got.serial > found.serial:
            raise OtherForm(what=_("numéro"), got=str(got.serial), want=str(found.serial))
        raise OldForm(station=found.station.code, got=got.serial, want=found.serial)
    return found
