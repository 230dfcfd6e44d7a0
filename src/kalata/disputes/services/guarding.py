"""The question each act on a case asks for itself, whoever calls it: the right over the contest, and the place in this very case.

A page asks the same to say so early; an API key, a command or another page comes by here all the same. Who steps aside,
is recused or in conflict does nothing more in the case; while that is undecided, nothing either, but answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from kalata.disputes.models import Petition, Ruling
from kalata.disputes.queries import bench, offices
from kalata.disputes.rules.instruct import NotTheReporter
from kalata.disputes.rules.offices import OWN, AsideAlready
from kalata.disputes.rules.steps import RAPPORTEUR, REGISTRY
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.refusals import Forbidden, Refused
from kalata.text import gettext_noop as _


class OutOfTheCase(Refused):
    code = "DIS-809"
    says = _("Vous ne siégez pas dans l’affaire %(case)s (récusation, déport ou conflit d’intérêts) : aucun acte n’y est de vous.")  # fmt: skip
    remedy = _("Un autre membre le fait. La page du siège de l’affaire dit ce qui a été décidé, ou ce qui attend de l’être.")  # fmt: skip
    status = 403


def inside(by: Person, petitions: Iterable[Petition], *, decided: bool = False) -> None:
    """DIS-809 where this person is a member kept out of one of these cases. decided: only where that is settled, for who
    judges whether another is kept out."""
    asks = bench.out_of if decided else bench.kept_from
    for petition in petitions:
        if asks(by, petition):
            raise OutOfTheCase(case=petition.number)


def require_right(by: Person, right: str, petition: Petition) -> None:
    """PEO-101 without the right over its contest; in an office of first instance, without the one that takes its place there.
    DIS-908 where this person stepped aside."""
    if petition.office_id is None:
        return require(by, right, contest=petition.contest_id)
    if not offices.may_in(by, right, petition):
        raise Forbidden(right=OWN.get(right, (right,))[0])
    if offices.aside(by, petition):
        raise AsideAlready(case=petition.number)
    return None


def require_in(by: Person, right: str, petition: Petition) -> None:
    """PEO-101 without the right over its contest; DIS-809 out of the case."""
    require_right(by, right, petition)
    inside(by, (petition,))


def require_reporter(by: Person, petition: Petition) -> None:
    """PEO-101, DIS-809; DIS-801 where another member reports the case. Before the draw, whoever may report."""
    require_in(by, RAPPORTEUR, petition)
    if petition.office_id is not None:
        return
    found = bench.rapporteur(petition)
    if found is not None and found.person_id != by.pk:
        raise NotTheReporter


def require_registry_or_reporter(by: Person, petition: Petition) -> None:
    """The registry of its contest, or who reports it."""
    if petition.office_id is not None:
        right = REGISTRY if offices.may_in(by, REGISTRY, petition) else RAPPORTEUR
        return require_in(by, right, petition)
    if may(by, REGISTRY, contest=petition.contest_id):
        inside(by, (petition,))
    elif may(by, RAPPORTEUR, contest=petition.contest_id):
        require_reporter(by, petition)
    else:
        require(by, REGISTRY, contest=petition.contest_id)
    return None


def inside_ruling(by: Person, ruling: Ruling) -> None:
    """DIS-809 where this person is kept out of a case that the decision decides."""
    inside(by, (one.petition for one in ruling.outcomes.select_related("petition")))
