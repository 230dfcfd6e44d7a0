"""The papers of a version, from its records: a draft is marked across each page, an approved one is numbered in the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from kalata.documents import heads, rendering
from kalata.documents import queries as register
from kalata.documents import services as documents
from kalata.documents.models import IssuedDocument
from kalata.documents.rendering import Head, Paper
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning.models import Plan, PlanVersion
from kalata.planning.papers import book, buying, wall, words
from kalata.planning.papers.told import Told
from kalata.planning.queries import buying as purchases
from kalata.planning.queries import content
from kalata.planning.queries.budget import money_of
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.buying import reserve
from kalata.planning.rules.refusals import NotToPublish
from kalata.planning.rules.rights import READ
from kalata.planning.rules.steps import VERSION, State
from kalata.planning.services.approving import CONTENT
from kalata.text import gettext_noop as _
from kalata.text import translate

FINAL = (State.APPROVED.value, State.SUPERSEDED.value)
PAPERS: Mapping[str, tuple[str, str, Callable[[Told, Head, str], Paper]]] = {
    "livre": ("plan-book", book.TITLE, book.book),
    "gantt": ("plan-gantt", wall.GANTT_TITLE, wall.gantt),
    "affiche": ("plan-calendar", wall.CALENDAR_TITLE, wall.calendar),
    "marches": ("plan-buying", buying.TITLE, lambda told, head, lang: buying.buying((), told.about, head, lang)),
}
"""Name in an address -> its kind, its title, who makes it."""


def subject_of(version: PlanVersion) -> str:
    return f"plan_version:{version.pk}"


def about(version: PlanVersion, lang: str) -> list[tuple[str, str]]:
    """What a reader checks the paper against."""

    def say(text: str) -> str:
        return translate(text, lang)

    state = say(VERSION.labels[State(version.state)])
    rows = [
        (say(_("Version")), f"{version.number} – {state}"),
        (say(_("Empreinte du contenu (SHA-256)")), version.sha256 or content.sha256(version)),
        (say(_("Calendrier")), version.plan.calendar),
    ]
    if version.approved_by is not None and version.approved_at is not None:
        rows.append((say(_("Approuvée le")), f"{words.day(version.approved_at.date(), lang)}, {version.approved_by.full_name}"))
    return rows


def paper_of(version: PlanVersion, what: str, lang: str) -> Paper:
    """The paper as the records of the version are now: the dates and francs of its pages."""
    _kind, title, make = PAPERS[what]
    head = heads.of_election(version.plan.election, lang, title=translate(title, lang), about=version.plan.name)
    if what == "marches":
        return buying.buying(bought(version.plan, version, lang), about(version, lang), head, lang)
    budget = money_of(version).budget if what == "livre" else None
    told = Told(schedule=dates(version).schedule, budget=budget, j1=version.j1, j2=version.j2, about=about(version, lang))
    return make(told, head, lang)


def bought(plan: Plan, version: PlanVersion, lang: str) -> list[buying.Bought]:
    """The purchases of the plan, with the dates that this version gives them."""
    out = []
    for t in purchases.timed(list(purchases.purchases(plan)), version):
        item = t.item
        law = f"{item.legal_days} {translate(_('jours'), lang)}, {item.legal_source}" if item.legal_days is not None else ""
        out.append(buying.Bought(
            code=item.code, name=item.name, method=item.method, lots=item.lots, quantity=item.quantity, reserve=reserve(item.quantity, item.reserve_percent),
            needed=t.needed, hold=t.hold, published=t.published, law=law, state=item.state_label.text(lang), late=t.late,
        ))  # fmt: skip
    return out


def issued(version: PlanVersion, what: str, lang: str) -> IssuedDocument | None:
    return register.in_force(PAPERS[what][0], subject_of(version), lang)


def pdf(version: PlanVersion, what: str, lang: str) -> bytes:
    """The paper: the very file of the register where it was issued, else one that says that it is not."""
    kept = issued(version, what, lang)
    if kept is not None:
        return register.bytes_of(kept)
    paper = paper_of(version, what, lang)
    return (rendering.copy(paper) if version.state in FINAL else rendering.draft(paper)).pdf


def issue(*, version: PlanVersion, what: str, lang: str, by: Person, seen: str | None = None) -> IssuedDocument:
    """Number a paper of an approved version in the register. seen: the content that the page showed. PEO-101, PEO-212, PLN-253."""
    require(by, READ)
    read = content.sha256(version)
    as_shown(seen, read, CONTENT)
    if version.state not in FINAL:
        raise NotToPublish(number=version.number, state=VERSION.labels[State(version.state)])
    paper, subject = paper_of(version, what, lang), subject_of(version)
    ready = documents.drawn(paper, subject=subject)  # seconds of drawing, while nobody waits
    with transaction.atomic():
        one = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        as_shown(read, content.sha256(one), CONTENT)
        return documents.issue(paper, subject=subject, by=by, ready=ready)
