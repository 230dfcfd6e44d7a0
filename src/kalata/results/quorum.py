"""The commission acts together: in an open sitting, with its quorum of members present, on its own territory."""

from __future__ import annotations

from kalata.people.models import Person
from kalata.people.queries import paths
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results.models import Paper, Sitting
from kalata.results.rules.lifecycle import OutsideSitting
from kalata.results.territory import above
from kalata.text import gettext_noop as _

STATES = {
    "created": _("convoquée"),
    "open": _("ouverte"),
    "suspended": _("suspendue"),
    "closed": _("close"),
}


class NotOpen(Refused):
    code = "RES-460"
    says = _("La séance est %(state)s : on n’y délibère pas.")
    remedy = _("Ouvrez ou reprenez la séance d’abord ; une séance close est suivie d’une autre.")


class NoQuorum(Refused):
    code = "RES-461"
    says = _("%(present)d membres présents pour un quorum de %(quorum)d.")
    remedy = _("Notez les présences, ou corrigez le quorum avec sa référence avant d’ouvrir.")


class OtherTerritory(Refused):
    code = "RES-465"
    says = _("La séance « %(title)s » ne siège pas pour le bureau %(station)s.")
    remedy = _("Agissez dans une séance dont le territoire couvre ce bureau.")
    status = 403


def deliberating(sitting: Sitting) -> None:
    """Let a sitting decide, or refuse: RES-460 not open, RES-461 fewer members present than its quorum, at least one."""
    if sitting.state != "open":
        raise NotOpen(state=STATES[sitting.state])
    present = sitting.members.filter(present=True).count()
    if present < max(sitting.quorum, 1):
        raise NoQuorum(present=present, quorum=max(sitting.quorum, 1))


def sitting_for(paper: Paper, sitting_id: int | None, by: Person) -> Sitting:
    """The sitting in which the commission acts on this paper. RES-460, RES-461, RES-464 none, RES-465 elsewhere."""
    found = Sitting.objects.select_for_update(of=("self",)).select_related("unit")
    sitting = found.filter(contest=paper.contest_id, pk=sitting_id or 0).first()
    if sitting is None:
        raise OutsideSitting
    if sitting.unit_id is not None and sitting.unit_id not in above(paper.station.unit_id):
        raise OtherTerritory(title=sitting.title, station=paper.station.code)
    where = paths([sitting.unit])[sitting.unit.pk] if sitting.unit else ()
    require(by, "results.commission", place=where, contest=paper.contest_id)
    deliberating(sitting)
    return sitting


def open_for(paper: Paper) -> list[Sitting]:
    """Open sittings whose territory covers a paper, latest first."""
    rows = Sitting.objects.filter(contest=paper.contest_id, state="open").select_related("unit")
    places = above(paper.station.unit_id)
    return [s for s in rows if s.unit_id is None or s.unit_id in places]
