"""The commission acts together: in an open sitting, with its quorum of members present, on its own territory."""

from __future__ import annotations

from collections.abc import Mapping

from kalata.country.models import Contest
from kalata.people.models import Person
from kalata.people.queries import may, paths
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results.territory import above
from kalata.tally.models import Paper, Sitting
from kalata.tally.rules.lifecycle import OutsideSitting
from kalata.tally.rules.sittings import DELIBERATES, NotOpen, Seated, State
from kalata.tally.rules.sittings import FLOOR as FLOOR
from kalata.tally.rules.sittings import LABELS as STATES
from kalata.tally.rules.sittings import NoQuorum as NoQuorum
from kalata.tally.rules.sittings import TooFew as TooFew
from kalata.text import gettext_noop as _


class OtherTerritory(Refused):
    code = "RES-465"
    says = _("La séance « %(title)s » ne siège pas pour le bureau %(station)s.")
    remedy = _("Agissez dans une séance dont le territoire couvre ce bureau.")
    status = 403


class NotNoted(Refused):
    code = "RES-472"
    says = _("Vous n’avez pas noté votre présence à cette séance.")
    remedy = _("Notez-la sur la page de la séance, depuis votre compte, puis agissez.")
    status = 403


def stated(contest: Contest) -> tuple[int, str]:
    """(members, source) of the quorum that the pack states for its collation commissions; (0, "") where it states none."""
    found = [
        (int(rule["present_min"]), str(rule.get("article", "")))
        for record in contest.election.pack.pack.records("institutions")
        if record.get("kind") == "commission"
        and isinstance(rule := dict(record.get("details") or {}).get("quorum"), Mapping)  # type: ignore[call-overload]
        and str(rule.get("present_min", "")).isdigit()
    ]
    return max(found, default=(0, ""))


def least(contest: Contest) -> int:
    """The smallest quorum of a sitting of this contest: what the pack states, never less than the floor."""
    return max(FLOOR, stated(contest)[0])


def where(sitting: Sitting) -> tuple[int, ...]:
    return paths([sitting.unit])[sitting.unit.pk] if sitting.unit else ()


def seated(sitting: Sitting) -> list[Person]:
    """Who has noted their presence and still holds the right there, in order."""
    place = where(sitting)
    return [
        a.person
        for a in sitting.attendances.select_related("person")
        if a.person.is_active and may(a.person, "results.commission", place=place, contest=sitting.contest_id)
    ]


def as_ruled(sitting: Sitting) -> Seated:
    """The sitting as the rules see it when it opens or decides."""
    return Seated(
        state=State(sitting.state), title=sitting.title, quorum=sitting.quorum,
        present=sitting.members.filter(present=True).count(), seated=len(seated(sitting)),
    )  # fmt: skip


def enough(sitting: Sitting) -> None:
    """Let a sitting decide, or refuse: RES-461 fewer members present than its quorum, RES-469 fewer persons than the floor."""
    one = as_ruled(sitting)
    for need in DELIBERATES:
        if refused := need.lacking(one, None, None):
            raise refused


def deliberating(sitting: Sitting, by: Person | None = None) -> None:
    """Let a sitting decide, or refuse: RES-460 not open, RES-461, RES-469 too few, RES-472 `by` has not noted to be there."""
    if sitting.state != State.OPEN:
        raise NotOpen(state=STATES[sitting.state])
    enough(sitting)
    if by is not None and not sitting.attendances.filter(person=by).exists():
        raise NotNoted


def sitting_for(paper: Paper, sitting_id: int | None, by: Person) -> Sitting:
    """The sitting in which the commission acts on this paper. RES-460, RES-461, RES-464 none, RES-465 elsewhere."""
    found = Sitting.objects.select_for_update(of=("self",)).select_related("unit")
    sitting = found.filter(contest=paper.contest_id, pk=sitting_id or 0).first()
    if sitting is None:
        raise OutsideSitting
    if sitting.unit_id is not None and sitting.unit_id not in above(paper.station.unit_id):
        raise OtherTerritory(title=sitting.title, station=paper.station.code)
    require(by, "results.commission", place=where(sitting), contest=paper.contest_id)
    deliberating(sitting, by)
    return sitting


def open_for(paper: Paper) -> list[Sitting]:
    """Open sittings whose territory covers a paper, latest first."""
    rows = Sitting.objects.filter(contest=paper.contest_id, state="open").select_related("unit")
    places = above(paper.station.unit_id)
    return [s for s in rows if s.unit_id is None or s.unit_id in places]
