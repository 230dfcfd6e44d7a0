"""A cascade kept: made from the posts and lists of venues and pairs, changed by a way out, repaired, published by two persons."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.models import Max

from kalata import states
from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.cascading import Found, solved
from kalata.training.models import Cascade, Post
from kalata.training.queries import classes as queries
from kalata.training.queries import posts as posts_queries
from kalata.training.queries.cascade import assumed
from kalata.training.rules import cascade_keep as keep
from kalata.training.rules import staff_list
from kalata.training.rules.cascade import Costs, Pair, Scope
from kalata.training.rules.cascade_reading import PAIRS, pairs_of
from kalata.training.rules.cascade_telling import sentence, way_record
from kalata.training.rules.classes_refusals import (
    BadWindow,
    ListUnknown,
    NoSuchVenue,
    NoSuchWay,
    NotDraftPlan,
    PostsClosed,
    UnknownTrainer,
)
from kalata.training.rules.classes_states import CASCADE
from kalata.training.rules.classes_states import Kept as KeptState
from kalata.training.rules.rights import PLAN
from kalata.training.rules.rows import Table, once
from kalata.training.services.cascade import PRICES, SECONDS, table_in
from kalata.training.services.posts_lists import cells_of, day_of

SEEN = _("ce plan de formation")
MOST_DAYS = 60
TO_FIND = "à trouver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    first: date
    last: date
    closed: tuple[date, ...]
    class_max: int
    class_days: int
    reserve: int
    travel_days: int


def make(
    *, contest: Contest, title: str, terms: Terms, venues: IO[bytes], pairs: IO[bytes], staff: IO[bytes] | None, shared_read: bool, by: Person
) -> Cascade:  # fmt: skip
    """A draft, solved before anything is held: who is to be trained where and in what language, in which classes, or the rows that clash. TRN-101 to TRN-103, TRN-501, TRN-502, TRN-508, TRN-509, POS-2xx."""
    require(by, PLAN, contest=contest.pk)
    if posts_queries.book_of(contest) is None:
        raise PostsClosed
    in_window(contest, terms)
    rows, digest = listed(contest, staff, shared_read)
    areas = queries.areas_of(contest)
    listed_venues = table_in(venues, name_of(venues), keep.VENUES)
    places, (women, held_in) = keep.venues_of(listed_venues, areas), keep.asked_of(listed_venues, areas)
    taught = table_in(pairs, name_of(pairs), PAIRS)
    known = {p: keep_area(p, parent) for p, parent in areas.items()}
    content = keep.Content(
        first=terms.first, last=terms.last, closed=terms.closed, class_max=terms.class_max, class_days=terms.class_days, reserve=terms.reserve,
        travel_days=terms.travel_days, costs=Costs(**{p: assumed(p) for p in PRICES}), venues=places,
        pairs=pairs_of(taught, known, []), trainers=trainers_of(taught), parents=areas, women=women, held_in=held_in,
    )  # fmt: skip
    people = people_of(content, rows)
    answer = solved_of(content, people)
    with transaction.atomic():
        one = Cascade(
            contest=contest, number=next_number(contest), title=title.strip()[:200], list_sha256=digest, made_by=by
        )
        kept_as(one, content, people, answer, by, "made")
    return one


def keep_area(code: str, parent: str) -> Any:
    from kalata.training.rules.cascade import Area

    return Area(code, parent, 0)


def name_of(file: IO[bytes]) -> str:
    return str(getattr(file, "name", "") or "liste.csv")


def next_number(contest: Contest) -> int:
    Contest.objects.select_for_update().get(pk=contest.pk)
    return (Cascade.objects.filter(contest=contest).aggregate(n=Max("number"))["n"] or 0) + 1


def in_window(contest: Contest, terms: Terms) -> None:
    poll = contest.polling_day or contest.election.polling_day
    days = (terms.last - terms.first).days
    if days < 0 or days >= MOST_DAYS or (poll and terms.last >= poll):
        raise BadWindow(first=terms.first, last=terms.last, poll=poll or "–")


@dataclass(frozen=True, slots=True)
class Someone:
    post: int
    area: str
    spoken: tuple[str, ...]


def listed(contest: Contest, staff: IO[bytes] | None, shared_read: bool) -> tuple[list[Someone], str]:
    """Who is to be trained: the posts of a list, or every post of a station; with what languages they speak. TRN-502, POS-201 to POS-210."""
    posts = Post.objects.filter(contest=contest, station__isnull=False, unit__isnull=False)
    found = posts.order_by("body", "-head", "position").values_list(
        "pk", "body", "position", "unit__code", "agent__languages"
    )
    known = {(body, position): Someone(pk, area, tuple(spoken or ())) for pk, body, position, area, spoken in found}
    if staff is None:
        return list(known.values()), ""
    with tempfile.TemporaryDirectory(prefix="kalata-cascade-") as folder:
        path = Path(folder) / f"liste{Path(name_of(staff)).suffix.lower()[:6]}"
        path.write_bytes(staff.read())
        cells, digest = cells_of(path, name_of(staff)[:200])
    poll = contest.polling_day or contest.election.polling_day
    rows = staff_list.looked_at(staff_list.rows_of(cells, day_of), poll, shared_read=shared_read)
    out = []
    for row in rows:
        one = known.get((row.station, row.position))
        if one is None:
            raise ListUnknown(row=row.row, station=row.station, position=row.position)
        out.append(replace(one, spoken=row.languages or one.spoken))
    return out, digest


def people_of(content: keep.Content, rows: Sequence[Someone]) -> dict[str, list[int]]:
    """Posts of each row, in the order of the list."""
    main: dict[str, str] = {}
    for venue in content.venues:
        main.setdefault(venue.area, venue.language)
    at = content.held_in
    able = {area: keep.able_in(content, at.get(area, area)) for area in {r.area for r in rows}}
    out: dict[str, list[int]] = defaultdict(list)
    for one in rows:
        language = keep.taught_in(
            one.spoken, main.get(one.area, next(iter(sorted(able[one.area])), "–")), able[one.area]
        )
        out[f"{at.get(one.area, one.area)}|{language}"].append(one.post)
    return dict(sorted(out.items()))


def trainers_of(table: Table) -> dict[str, tuple[str, ...]]:
    """Accounts of each pair, where the list names them. TRN-508; TRN-103 for one in two pairs, who would be in two places."""
    out, seen = {}, dict[object, int]()
    for row, cells in table.records():
        names = tuple(n.strip() for n in cells.get("trainers", "").split("|") if n.strip())
        for name in names:
            if not queries.is_trainer(name):
                raise UnknownTrainer(row=row, name=name[:60])
            once(table, seen, name, row, "trainers", name)
        if names:
            out[cells["pair"]] = names
    return out


def solved_of(content: keep.Content, people: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """The answer of a content. Never asked inside a transaction: it takes seconds, during which nobody else would write."""
    return answer_of(content, people, solved(keep.plan_of(content, people), SECONDS))


def resolved(cascade: Cascade, content: keep.Content, by: Person, what: str) -> Cascade:
    """Another content of a draft as it was read: solved, then kept, if nothing has moved since. PEO-212."""
    answer = solved_of(content, cascade.people)
    with transaction.atomic():
        one = locked(cascade, cascade.sha256)
        kept_as(one, content, one.people, answer, by, what)
    return one


def read(cascade: Cascade, seen: str | None) -> Cascade:
    """The plan as it stands, where its page still holds and it may be changed."""
    with transaction.atomic():
        return locked(cascade, seen)


def kept_as(one: Cascade, content: keep.Content, people: Any, answer: dict[str, Any], by: Person, what: str) -> None:
    one.content, one.people, one.answer = content.record(), {k: list(v) for k, v in people.items()}, answer
    one.sha256 = keep.digest(one.content, one.people, one.answer)
    one.save()
    after = {
        "number": one.number,
        "what": what,
        "sha256": one.sha256,
        "classes": len(answer["classes"]),
        "unserved": answer["unserved"],
    }
    record(by=by, kind=kinds.CASCADE_KEPT, subject=f"contest:{one.contest.code}", after=after)


def answer_of(content: keep.Content, people: Any, found: Found) -> dict[str, Any]:
    answer = found.answer
    classes = keep.seated(content, people, answer)
    assert not keep.clashes(content, classes), keep.clashes(content, classes)[:3]
    conflict = answer.conflict
    proved = answer.bound is None or answer.bound.proved
    return {
        "classes": [c.record() for c in classes], "unserved": answer.unserved, "proved": proved, "moved": [],
        "says": dict(sentence(answer.plan, conflict, proved).both()) if conflict else {},
        "rows": [list(r) for r in conflict.rows][:200] if conflict else [],
        "others": [dict(sentence(answer.plan, c).both()) for c in answer.others][:50],
        "ways": [way_record(w) for w in found.ways], "together": [way_record(w) for w in found.together],
    }  # fmt: skip


def locked(one: Cascade, seen: str | None, *, repair: bool = False) -> Cascade:
    """The plan, held, where it may be changed, as its page showed it; a repair is not planned again as a whole. TRN-504, TRN-505, PEO-212."""
    found = Cascade.objects.select_for_update(of=("self",)).select_related("contest__election", "base").get(pk=one.pk)
    require_plan(found)
    as_shown(seen, found.sha256, SEEN)
    if found.base_id and not repair:
        raise NoSuchWay
    return found


def require_plan(one: Cascade) -> None:
    if one.state != KeptState.DRAFT:
        raise NotDraftPlan(state=CASCADE.labels[KeptState(one.state)])


def change(*, cascade: Cascade, terms: Terms, by: Person, seen: str | None = None) -> Cascade:
    """Other terms for the same people, venues and pairs."""
    require(by, PLAN, contest=cascade.contest_id)
    one = read(cascade, seen)
    in_window(one.contest, terms)
    old = keep.content_of(one.content)
    content = replace(
        old, first=terms.first, last=terms.last, closed=terms.closed, class_max=terms.class_max, class_days=terms.class_days, reserve=terms.reserve, travel_days=terms.travel_days
    )  # fmt: skip
    return resolved(one, content, by, "terms")


def take(*, cascade: Cascade, limit: str, by: Person, seen: str | None = None) -> Cascade:
    """Take a way out that the page showed. limit: class_max, days, rooms, pairs, or together. TRN-505, PEO-212."""
    require(by, PLAN, contest=cascade.contest_id)
    one = read(cascade, seen)
    ways = one.answer["together"] if limit == "together" else [w for w in one.answer["ways"] if w["limit"] == limit]
    if not ways:
        raise NoSuchWay
    content = keep.content_of(one.content)
    for way in ways:
        content = taken(content, way, one.contest)
    return resolved(one, content, by, f"way {limit}")


def taken(content: keep.Content, way: Mapping[str, Any], contest: Contest) -> keep.Content:
    if way["limit"] == "class_max":
        return replace(content, class_max=int(way["to"]))
    if way["limit"] == "days":
        return longer(content, int(way["to"]), contest)
    if way["limit"] == "rooms":
        added = tuple(
            keep.Venue(a["area"], next_name(content, a["area"]), a["n"], main_of(content, a["area"]))
            for a in way["add"]
        )
        return replace(content, venues=tuple(sorted((*content.venues, *added), key=lambda v: (v.area, v.name))))
    more = tuple(
        Pair(f"N-{a['home']}-{lang}-{n + 1}"[:60], a["home"], Scope.AREA, (lang,), a["home"] in content.women)
        for a in way["add"]
        for lang in a["languages"]
        for n in range(a["n"])
    )
    known = {p.code for p in content.pairs}
    return replace(content, pairs=(*content.pairs, *(p for p in more if p.code not in known), *(replace(p, code=f"{p.code}b") for p in more if p.code in known)))  # fmt: skip


def next_name(content: keep.Content, area: str) -> str:
    names = {v.name for v in content.venues if v.area == area}
    return next(name for n in range(1, 1000) if (name := f"{TO_FIND} {n}") not in names)


def main_of(content: keep.Content, area: str) -> str:
    return next((v.language for v in content.venues if v.area == area), "–")


def longer(content: keep.Content, wanted: int, contest: Contest) -> keep.Content:
    """Teaching days added at the end while the poll allows it, then at the beginning."""
    poll = contest.polling_day or contest.election.polling_day
    while len(content.days) < wanted:
        after = content.last + timedelta(days=1)
        content = (
            replace(content, last=after)
            if poll is None or after < poll
            else replace(content, first=content.first - timedelta(days=1))
        )
        if (content.last - content.first).days >= MOST_DAYS:
            raise BadWindow(first=content.first, last=content.last, poll=poll or "–")
    return content


def repair(*, cascade: Cascade, area: str, venue: str, on: date, instead: str, rooms: int, by: Person) -> Cascade:
    """A venue of the published plan falls: a draft that moves as little as can be, for two persons to sign. TRN-507.

    instead, rooms: a venue found in the same place; "" where none was.
    """
    require(by, PLAN, contest=cascade.contest_id)
    base = Cascade.objects.select_related("contest__election").get(pk=cascade.pk)
    if base.state != KeptState.PUBLISHED:
        raise NotDraftPlan(state=CASCADE.labels[KeptState(base.state)])
    classes = [keep.kept_of(c) for c in base.answer["classes"]]
    if not any((c.area, c.venue) == (area, venue) and c.first >= on for c in classes):
        raise NoSuchVenue(on=on)
    content = keep.fallen(keep.content_of(base.content), area, venue, on)
    if instead.strip() and rooms:
        new = keep.Venue(area, instead.strip()[:200], rooms, main_of(content, area))
        content = replace(content, venues=tuple(sorted((*content.venues, new), key=lambda v: (v.area, v.name))))
    found = keep.repaired(content, classes, on)
    conflict = found.answer.conflict if found.answer else None
    assert not keep.clashes(content, [c for c in found.classes if c not in found.left]), "clash"
    answer = {
        "classes": [c.record() for c in found.classes if c not in found.left], "unserved": len(found.left), "proved": True,
        "moved": [[m.before.record()[:8], m.after.record()[:8]] for m in found.moved], "whole": found.whole,
        "says": dict(sentence(found.answer.plan, conflict).both()) if found.answer and conflict else {},
        "rows": [list(r) for r in conflict.rows] if conflict else [], "others": [], "ways": [], "together": [],
    }  # fmt: skip
    with transaction.atomic():
        one = Cascade(
            contest=base.contest,
            number=next_number(base.contest),
            title=base.title,
            base=base,
            list_sha256=base.list_sha256,
            made_by=by,
        )
        kept_as(one, content, base.people, answer, by, f"repair {area} {venue}")
    return one


@transaction.atomic
def drop(*, cascade: Cascade, reason: str, by: Person, seen: str | None = None) -> None:
    """Leave a draft aside."""
    require(by, PLAN, contest=cascade.contest_id)
    one = locked(cascade, seen, repair=True)
    after = {
        "number": one.number,
        "what": "dropped",
        "sha256": one.sha256,
        "classes": len(one.answer["classes"]),
        "unserved": one.answer["unserved"],
    }
    states.write(
        one, CASCADE, KeptState.DROPPED, Act(by=by.pk, right=PLAN, reason=reason),
        tells=lambda: record(by=by, kind=kinds.CASCADE_KEPT, subject=f"contest:{one.contest.code}", after=after, reason=reason),
    )  # fmt: skip
