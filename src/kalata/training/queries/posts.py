"""Which posts a person may see, and the table that says which are covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from kalata.country.models import Contest, PackVersion, Unit
from kalata.evidence.reading import guarded
from kalata.people.queries import may
from kalata.results.access import contest_with, contests_with, reach_of
from kalata.results.territory import Reach, inside, path_of
from kalata.text import fold
from kalata.training.models import Agent, Appointment, Post, PostBook, PostReplacement, Proposal
from kalata.training.queries.judged import Judge, Posts
from kalata.training.rules.posts import seats_of
from kalata.training.rules.readiness import COLUMNS, Position, Readiness, Rules, readiness_of
from kalata.training.rules.rights import AT_POSTS, STAFF
from kalata.training.rules.rows import Table

NEVER = date(9999, 12, 31)


def contest_for(person: Any, code: str) -> Contest:
    """The contest, for who has work on its posts somewhere; DoesNotExist otherwise."""
    return contest_with(person, code, AT_POSTS)


def contests_of(person: Any) -> list[Contest]:
    return contests_with(person, AT_POSTS)


def reach(person: Any, contest: Contest, *rights: str) -> Reach:
    return reach_of(person, rights or AT_POSTS, contest.pk)


def book_of(contest: Contest) -> PostBook | None:
    return PostBook.objects.filter(contest=contest).first()


def here(person: Any, contest: Contest, *rights: str) -> Q:
    """Posts of a contest inside the territory where the person holds one of these rights."""
    return Q(contest=contest) & reach(person, contest, *rights).on("unit")


def posts(person: Any, contest: Contest, *rights: str) -> QuerySet[Post]:
    found = Post.objects.filter(here(person, contest, *rights))
    return found.select_related("agent", "station", "unit", "appointment")


def post_for(person: Any, pk: int) -> Post:
    """A post the person may see there; DoesNotExist for anybody else."""
    one = Post.objects.select_related("agent", "station__unit", "unit", "appointment", "contest__election__pack").get(
        pk=pk
    )
    if not any(may(person, right, place=path_of(one.unit), contest=one.contest_id) for right in AT_POSTS):
        raise Post.DoesNotExist(pk)
    return one


@guarded("post")
def may_read(person: Any, key: str, sha256: str) -> None:
    """The paper of a replacement, for who may open the page of its post."""
    post_for(person, int(key))


def paper_of(one: Post, pk: int) -> str:
    """The fingerprint of the paper by which somebody was replaced there; "" where there is none."""
    return PostReplacement.objects.filter(post=one, pk=pk).values_list("paper", flat=True).first() or ""


@lru_cache(maxsize=32)
def positions_of_sha(sha256: str) -> tuple[Mapping[str, Any], ...]:
    """The positions of a pack, each as its record. The pack never changes under its digest."""
    return tuple(PackVersion.objects.get(sha256=sha256).pack.records("posts"))


def positions(contest: Contest) -> tuple[Mapping[str, Any], ...]:
    return positions_of_sha(contest.election.pack.sha256)


def record_of(post: Post) -> Mapping[str, Any]:
    return next((r for r in positions(post.contest) if r["id"] == post.record), {})


def title_of(post: Post, lang: str) -> str:
    """The place as the pack names it, with its rank where there are several."""
    record = record_of(post)
    title = str(record.get("title_en" if lang == "en" else "title_fr") or post.position)
    rank = post.position.rpartition("-")[2]
    return f"{title} {rank}" if int(record.get("seats") or 1) > 1 and rank.isdigit() else title


def rules_of(contest: Contest, book: PostBook) -> Rules:
    """What a holder must have, by place: the role of the certificate and the versions that hold."""
    named: dict[str, Position] = {}
    for one in positions(contest):
        role = str(one.get("certificate") or "")
        versions = frozenset(map(str, book.versions.get(role, ())))
        for seat in seats_of(one):
            named[seat.code] = Position(role, versions)
    return Rules(named, book.appointed_by or NEVER)


def table_of(found: QuerySet[Post]) -> Table:
    """Posts as the rows of `kalata posts readiness`: the very function of the command line reads them."""
    empty = Value("")
    day = lambda field: Coalesce(Cast(F(field), CharField()), empty)  # noqa: E731
    held = found.order_by().values_list(
        "body", "position", Coalesce("agent__code", empty), Coalesce("appointment__number", empty), day("appointment__on"),
        Coalesce("agent__certificate_role", empty), Coalesce("agent__certificate_version", empty),
        day("agent__certificate_expires"), Cast(Coalesce("agent__payment", False), CharField()), Coalesce("agent__barred", empty),
        "state",
    )  # fmt: skip
    rows = []
    for at, cells in enumerate(held.iterator(chunk_size=20_000), 1):
        one = list(cells)
        if one.pop() == "away":
            one[2] = ""
        rows.append((at, one))
    return Table("postes", COLUMNS, tuple(rows))


def readiness(found: QuerySet[Post], contest: Contest, book: PostBook, on: date | None = None) -> Readiness:
    """What is covered now, by the one rule of the room. The day of the vote decides what has expired."""
    day = on or contest.polling_day or contest.election.polling_day or timezone.localdate()
    return readiness_of(table_of(found), rules_of(contest, book), day)


def agents_at(codes: Iterable[str]) -> dict[str, Agent]:
    return {a.code: a for a in Agent.objects.select_related("unit").filter(code__in=list(codes))}


def of_reach(agents: Iterable[Agent], person: Any, contest: Contest) -> list[Agent]:
    """Of these people, those whom this keeper may know: they are of the territory, or were proposed for a post of it."""
    found, within = list(agents), reach(person, contest, STAFF)
    if within.whole:
        return found
    mine = Proposal.objects.filter(post__in=Post.objects.filter(here(person, contest, STAFF)), agent__in=found)
    known = set(mine.values_list("agent", flat=True))
    return [a for a in found if a.pk in known or (a.unit is not None and within.holds(path_of(a.unit)))]


def acts(person: Any, contest: Contest) -> QuerySet[Appointment]:
    """Acts of appointment of which at least one post lies in the person's territory."""
    seen = Post.objects.filter(here(person, contest), appointment__isnull=False).values("appointment")
    return Appointment.objects.filter(contest=contest, pk__in=seen).select_related("unit", "by", "asked_by")


def units_of(person: Any, contest: Contest, *rights: str) -> QuerySet[Unit]:
    """Places of the contest inside one's territory, to choose one."""
    geography = Unit.objects.filter(geography=contest.election.geography_id)
    return geography.filter(reach(person, contest, *rights).on(""), level__lte=3)


def inside_of(unit: Unit | None) -> Q:
    return inside(unit, "unit")


# --- a list of posts, with what each lacks ----------------------------------------------------------
MOST = 30_000
"""Posts that a list narrowed to one lack shows: the first of them, in order of body."""


def judge_of(contest: Contest, book: PostBook | None) -> Judge:
    """What each of these posts lacks. Bodies are judged whole: the rule looks at who holds two posts."""

    def judge(rows: Sequence[Post]) -> dict[int, tuple[str, ...]]:
        if book is None:
            return {}
        whole = Post.objects.filter(contest=contest, body__in={p.body for p in rows})
        said = {(body, position): why for body, position, why in readiness(whole, contest, book).uncovered}
        return {p.pk: said.get((p.body, p.position), ()) for p in rows}

    return judge


def lacking(found: QuerySet[Post], contest: Contest, book: PostBook, reason: str) -> QuerySet[Post]:
    """Of these posts, those against which the rule says this."""
    said = {(body, position) for body, position, why in readiness(found, contest, book).uncovered if reason in why}
    rows = found.order_by("body", "position").values_list("pk", "body", "position")
    return found.filter(pk__in=[pk for pk, body, position in rows.iterator() if (body, position) in said][:MOST])


def narrowed(person: Any, contest: Contest, book: PostBook | None, asked: Any) -> QuerySet[Post]:
    """The list of a reader, as its filters ask."""
    found: Any = (
        Posts(Post)
        .filter(here(person, contest))
        .select_related("agent", "unit", "appointment", "contest__election__pack")
        .defer("contest__election__pack__content")
    )
    if asked.q:
        found = found.filter(
            Q(body__icontains=asked.q) | Q(position__icontains=asked.q) | Q(agent__name_key__contains=fold(asked.q))
        )
    if asked.etat:
        found = found.filter(state=asked.etat)
    if asked.manque and book:
        found = lacking(found, contest, book, asked.manque)
    return found.judged(judge_of(contest, book))  # type: ignore[no-any-return]
