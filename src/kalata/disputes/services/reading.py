"""Who opens a piece of a case: role, case and stage are asked each time; a sealed one is read by the bench, and that is kept."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kalata.disputes import kinds
from kalata.disputes.models import Exhibit, Petition
from kalata.disputes.queries import offices
from kalata.disputes.queries.bench import out_of
from kalata.disputes.queries.cases import counters_of
from kalata.disputes.queries.portal import is_party
from kalata.disputes.rules.parties import opens
from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR, REGISTRY, State
from kalata.disputes.services import custody
from kalata.disputes.services.steps import subject_of
from kalata.evidence.reading import Opened, guarded, opened
from kalata.evidence.rules.access import NoSuchPiece
from kalata.ledger.services import record
from kalata.people.queries import may
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotForYou(Refused):
    code = "DIS-220"
    says = _("Cette pièce n’est pas ouverte à votre place dans cette affaire ; le reste du dossier l’est.")
    remedy = _("Demandez au greffe l’acte qui l’ouvrirait.")
    status = 403


def places_of(person: Any, petition: Petition) -> dict[str, bool]:
    """The places a person holds in a case: bench (a member recused or in conflict has none), registry (the clerk of the counter that received it too), party."""
    if petition.office_id is not None:
        out = offices.aside(person, petition)
        return {
            "bench": (offices.may_in(person, BENCH, petition) or offices.may_in(person, PRESIDE, petition)) and not out,
            "registry": offices.may_in(person, REGISTRY, petition), "party": is_party(person, petition),
        }  # fmt: skip
    held = lambda *rights: any(may(person, r, contest=petition.contest_id) for r in rights)  # noqa: E731
    clerk = petition.counter_id in counters_of(person)
    return {
        "bench": held(BENCH, RAPPORTEUR, PRESIDE) and not out_of(person, petition),
        "registry": held(REGISTRY) or clerk,
        "party": is_party(person, petition),
    }


@transaction.atomic
def read(*, petition: Petition, number: int, by: Any) -> tuple[Opened, Exhibit]:
    """A piece for this person. Raises: EVD-404 no such piece, DIS-220 not opened to this place; EVD-106 damaged."""
    places = places_of(by, petition)
    exhibit = petition.exhibits.select_related("piece").filter(number=number).first()
    if exhibit is None or not any(places.values()) or petition.state == State.DRAFT:
        raise NoSuchPiece
    if not opens(exhibit.access, **places):
        raise NotForYou
    if exhibit.access == "sealed":
        custody.note(
            petition,
            "read",
            actor=f"bench:{by.pk}",
            by=by,
            exhibit=exhibit,
            sha256=exhibit.piece.sha256,
            why=f"P{number}",
        )
        record(
            by=by, kind=kinds.EXHIBIT_READ, subject=subject_of(petition),
            after={"number": number, "sha256": exhibit.piece.sha256},
        )  # fmt: skip
    return opened(sha256=exhibit.piece.sha256, subject=subject_of(petition), by=by), exhibit


@guarded("petition")
def may_read(person: Any, key: str, sha256: str) -> None:
    """The store asks again, whoever calls: the place of this person in this case opens this very piece."""
    petition = Petition.every.filter(number=key).first()
    found = petition.exhibits.filter(piece__sha256=sha256) if petition else Exhibit.objects.none()
    places = places_of(person, petition) if petition else {}
    if not any(opens(e.access, **places) for e in found):
        raise NoSuchPiece
