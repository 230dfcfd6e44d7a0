"""Appointments: the office asks for the act of a territory, the appointing authority signs exactly what was shown."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest, Unit
from kalata.documents import heads
from kalata.documents.rendering import Paper
from kalata.documents.services import issue
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.approval import Outdated
from kalata.people.rules.picture import Item, Line, Picture, Value, digest, moved
from kalata.people.services import approvable, ask_approval
from kalata.results.territory import path_of
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import Agent, Appointment, Post
from kalata.training.papers import appointment as papers
from kalata.training.queries import posts as queries
from kalata.training.queries import register
from kalata.training.rules.interests import BARS
from kalata.training.rules.posts import POST, State
from kalata.training.rules.posts_refusals import Barred, NothingToAppoint, NumberTaken, TooManyAtOnce
from kalata.training.rules.rights import APPOINT, STAFF

KIND = "posts.appointment"
MOST = 2_000
"""Posts of one act: what a person can read before signing."""
PAGE = 20


def awaiting(contest: Contest, unit: Unit | None, *, held: bool = False) -> list[Post]:
    """Posts proposed in a territory, in the order in which the act names them. held: nobody changes them, or who is named, until the end of the act."""
    found = Post.objects.filter(queries.inside_of(unit), contest=contest, state=State.PROPOSED)
    if held:
        named = list(found.select_for_update().values_list("agent", flat=True))
        list(Agent.objects.select_for_update().filter(pk__in=named).values_list("pk"))
    found = found.select_related("agent", "unit", "contest__election__pack")
    return list(found.order_by("body", "-head", "position")[: MOST + 1])


@transaction.atomic
def ask(*, contest: Contest, unit: Unit | None, number: str, on: date, reason: str, by: Person) -> Approval:
    """Ask for the act of appointment of the posts proposed in a territory. POS-110, POS-111, POS-213."""
    place = path_of(unit)
    require(by, STAFF, place=place, contest=contest.pk)
    unused(contest, number.strip()[:60])
    posts = awaiting(contest, unit)
    if not posts:
        raise NothingToAppoint
    if len(posts) > MOST:
        raise TooManyAtOnce(n=f"{MOST}+", most=MOST)
    return ask_approval(
        kind=KIND, subject=f"contest:{contest.code}", summary=f"{number.strip()} : {contest.name_fr}",
        payload={"contest": contest.pk, "unit": unit.pk if unit else None, "number": number.strip()[:60], "on": on.isoformat()},
        reason=reason, by=by, contest=contest.pk, place=place,
    )  # fmt: skip


def unused(contest: Contest, number: str) -> None:
    """POS-213 where an act of this contest already bears the number."""
    if Appointment.objects.filter(contest=contest, number=number).exists():
        raise NumberTaken(number=number)


def of(approval: Approval) -> tuple[Contest, Unit | None]:
    unit = approval.payload.get("unit")
    return Contest.objects.select_related("election__pack").get(pk=approval.payload["contest"]), Unit.objects.get(
        pk=unit
    ) if unit else None


def facts_of(posts: list[Post]) -> dict[str, Value]:
    """Each place with who is named to it and what bars them: what the signature is bound to."""
    bars = register.bars_of(p.agent for p in posts if p.agent)
    return {str(p): f"{p.agent.code} {p.agent.name} {' '.join(bars[p.agent.pk])}".strip() for p in posts if p.agent}


def picture_of(approval: Approval, page: int = 1) -> Picture:
    contest, unit = of(approval)
    posts = awaiting(contest, unit)
    first = (max(page, 1) - 1) * PAGE
    bars = register.bars_of(p.agent for p in posts[first : first + PAGE] if p.agent)
    items = tuple(
        Item(
            p.body, p.position,
            (Line(_("Titulaire"), None, p.agent.name), Line(_("Proposé par"), None, p.side_label)),
            note=Message(BARS[bars[p.agent.pk][0]]) if bars[p.agent.pk] else "",
        )
        for p in posts[first : first + PAGE] if p.agent
    )  # fmt: skip
    facts: dict[str, Value] = {"number": approval.payload["number"], "on": approval.payload["on"], **facts_of(posts)}
    then = (
        _("L’acte de nomination est émis au registre des documents, avec son empreinte."),
        _("Chaque poste est « nommé » ; le serment et l’attestation restent à constater."),
    )
    return Picture(approval.summary, facts, items, len(posts), then=then)


@approvable(KIND, APPOINT, picture_of, title=_("Nominations à des postes"), asks=STAFF)
def appoint(approval: Approval, by: Person) -> None:
    """Sign: the act, its paper and every post, in one transaction. POS-109 for whoever may not hold the post; POS-213."""
    contest, unit = of(approval)
    posts = awaiting(contest, unit, held=True)
    as_judged(approval, posts)
    said_of = register.bars_of(p.agent for p in posts if p.agent)
    for post in posts:
        bars = queries.record_of(post).get("bars") or ()
        if post.agent and (why := next((b for b in said_of[post.agent.pk] if b in bars), "")):
            raise Barred(who=post.agent.name, post=post, why=BARS[why])
    said = approval.payload
    unused(contest, said["number"])
    made = Appointment.objects.create(
        contest=contest, number=said["number"], unit=unit, on=date.fromisoformat(said["on"]), count=len(posts),
        sha256=digest(facts_of(posts)), asked_by=approval.asked_by, by=by, at=timezone.now(),
    )  # fmt: skip
    for post in posts:
        post.appointment = made
    states.derive_each(POST, dict.fromkeys(posts, State.APPOINTED), also=("appointment",))
    issued = issue(paper_of(made, posts), subject=f"contest:{contest.code}/nomination-{made.pk}", by=by)
    made.reference = issued.reference
    made.save(update_fields=["reference"])
    record(
        by=by, kind=kinds.APPOINTED, subject=f"contest:{contest.code}", rows=[made],
        after={"number": made.number, "on": made.on.isoformat(), "posts": made.count, "sha256": made.sha256, "reference": made.reference},
    )  # fmt: skip


def as_judged(approval: Approval, posts: list[Post]) -> None:
    """PEO-205 where a list brought in between has changed what was judged: the posts are held now, and read again."""
    now = {**facts_of(posts), **{k: approval.payload[k] for k in ("number", "on")}}
    if changed := sum(not row.same for row in moved(approval.facts, now)):
        raise Outdated(n=changed)


def paper_of(one: Appointment, posts: list[Post], lang: str = "fr") -> Paper:
    head = heads.of_contest(one.contest, lang, title=papers.TITLE, number=one.number)
    titles = {r["id"]: str(r["title_en" if lang == "en" else "title_fr"]) for r in queries.positions(one.contest)}
    rows = [
        papers.Named(p.body, titles.get(p.record, p.position), p.agent.name, p.agent.code, p.side_label.text(lang))
        for p in posts if p.agent
    ]  # fmt: skip
    return papers.appointment(one.number, one.on, one.unit.name if one.unit else "", rows, head, lang)
