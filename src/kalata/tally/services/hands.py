"""Past hands of a paper, as the database keeps them: who is counted, what a queue offers, who else may act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.people import queries as people
from kalata.people.models import Mandate, Person
from kalata.results.rules.rights import READERS
from kalata.results.services.contests import place_of
from kalata.results.territory import above, inside
from kalata.tally import kinds
from kalata.tally.models import Hand, Paper, Passage, Recap
from kalata.tally.rules.hands import Part, Past, clash, stops
from kalata.tally.rules.lifecycle import NotYou
from kalata.text import gettext_noop as _

NAMED = 5
NOBODY = _("personne encore ; le superviseur demande un mandat de plus pour ce territoire")


def past_of(paper: Paper) -> Past:
    """Everybody who has seen or touched the figures of a paper; who typed a recap of its territory is counted too."""
    rows = Hand.objects.filter(paper=paper).values_list("person_id", "part")
    recaps = Recap.objects.filter(sitting__contest=paper.contest_id)
    covering = recaps.filter(Q(sitting__unit=None) | Q(sitting__unit__in=above(paper.station.unit_id)))
    typists = covering.order_by().values_list("by_id", flat=True).distinct()
    return frozenset({(who, Part(part)) for who, part in rows} | {(who, Part.COMMISSION) for who in typists})


def pasts_of(papers: Sequence[Paper]) -> dict[int, Past]:
    """The same of many papers of one contest, in two questions and one a territory."""
    found: dict[int, set[tuple[int, Part]]] = {p.pk: set() for p in papers}
    keys = list(found)
    for start in range(0, len(keys), 400):
        rows = Hand.objects.filter(paper__in=keys[start : start + 400]).values_list("paper_id", "person_id", "part")
        for pk, who, part in rows:
            found[pk].add((who, Part(part)))
    recaps = Recap.objects.filter(sitting__contest__in={p.contest_id for p in papers}).order_by()
    typed = set(recaps.values_list("sitting__unit_id", "by_id").distinct())
    around = {unit: set(above(unit)) for unit in {p.station.unit_id for p in papers}} if typed else {}
    for paper in papers if typed else ():
        here = around[paper.station.unit_id]
        found[paper.pk] |= {(who, Part.COMMISSION) for unit, who in typed if unit is None or unit in here}
    return {pk: frozenset(past) for pk, past in found.items()}


def keep(paper: Paper, fresh: Iterable[tuple[int, Part]], at: datetime) -> list[Hand]:
    """Count these persons for ever. The database refuses a second desk (RES-412). The caller's act tells the rows."""
    rows = [Hand(paper=paper, person_id=who, part=part.value, desk=part.desk, at=at) for who, part in sorted(fresh)]
    return Hand.objects.bulk_create(rows) if rows else []


def take(paper: Paper, by: Person, part: Part, right: str, at: datetime) -> None:
    """Count a person outside a passage: a copy typed, answered, figures read. RES-412: another desk before."""
    past = past_of(paper)
    if had := clash(past, by.pk, part):
        raise NotYou(part=had.label, who=others_for(paper, right, part))
    if made := keep(paper, frozenset({(by.pk, part)}) - past, at):
        record(by=by, kind=kinds.HAND_COUNTED, subject=subject_of(paper), after={"part": part.value}, rows=made)


def subject_of(paper: Paper) -> str:
    return f"station:{paper.contest.code}/{paper.station.code}"


def read(paper: Paper, by: Person, at: datetime) -> None:
    """A clerk who is shown agreed figures of a paper never types it afterwards."""
    if people.may(by, "results.enter", place=place_of(paper.station), contest=paper.contest_id):
        take(paper, by, Part.READ, "", at)


def unread(found: QuerySet[Paper], contest: Contest, by: Person) -> QuerySet[Paper]:
    """Without the papers whose agreed figures a mandate let this person read: totals, tables, files and requests
    show them too, so what counts is that he could, be the mandate over since."""
    given = Mandate.objects.filter(person=by).filter(Q(contest=None) | Q(contest=contest))
    for rights, unit, revoked, ends, starts in given.values_list("rights", "unit", "revoked_at", "ends", "starts"):
        if not READERS.intersection(rights) or (starts is not None and starts > people.today()):
            continue
        agreed = Passage.objects.filter(paper=OuterRef("pk")).exclude(figures="")
        if revoked is not None:
            agreed = agreed.filter(at__lt=revoked)
        if ends is not None:
            agreed = agreed.filter(at__date__lte=ends)
        found = found.filter(~Exists(agreed)) if unit is None else found.exclude(inside(unit), Exists(agreed))
    return found


def blind(paper: Paper, by: Person, part: Part | None) -> bool:
    """True where this person takes no part in the entry, or could not read what is to be typed."""
    typing = part is not None and part.desk == "entry"
    return not typing or unread(Paper.objects.filter(pk=paper.pk), paper.contest, by).exists()


def not_read(paper: Paper, by: Person, part: Part | None) -> None:
    """Refuse (RES-412) that somebody types what he could read."""
    if not blind(paper, by, part):
        raise NotYou(part=Part.READ.label, who=others_for(paper, "results.enter", part))


def free_for(found: QuerySet[Paper], contest: Contest, by: Person, part: Part) -> QuerySet[Paper]:
    """Of these papers, those on which this person may take this part: nobody is offered what would be refused."""
    if part.desk == "entry":
        found = unread(found, contest, by)
    against = [had.value for had in Part if stops(had, part)]
    mine = Hand.objects.filter(paper=OuterRef("pk"), person=by, part__in=against)
    found = found.filter(~Exists(mine))
    if stops(Part.COMMISSION, part):
        for unit in (
            Recap.objects.filter(sitting__contest=contest, by=by).values_list("sitting__unit", flat=True).distinct()
        ):
            found = found.exclude(inside(unit))
    return found


def others_for(paper: Paper, right: str, part: Part | None) -> str:
    """Names of persons who hold the right over the place of a paper and may still take this part."""
    past = past_of(paper)
    had = {who for who, _part in past}
    place = place_of(paper.station)
    names: list[str] = []
    for one in Person.objects.filter(is_active=True, mandates__revoked_at=None).distinct().order_by("username"):
        if not people.may(one, right, place=place, contest=paper.contest_id):
            continue
        if one.pk in had and (part is None or clash(past, one.pk, part)):
            continue
        if not blind(paper, one, part):
            continue
        names.append(one.username)
        if len(names) == NAMED:
            break
    return ", ".join(names) or NOBODY
