"""What somebody whose paper differs from what is published may do: before whom, until when, in which form.

Every line comes from the pack the election is bound to (`norms`, `deadlines`, `institutions`), with its confidence; what
the pack does not know is said to be unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kalata.country.models import Contest
from kalata.country.rules.remedies import contests_of, is_remedy, words
from kalata.deadlines import queries
from kalata.deadlines.models import Calendar
from kalata.deadlines.pages import Row, rows
from kalata.deadlines.rules.norms import Norm
from kalata.deadlines.rules.wording import say_rule
from kalata.text import Message, Named
from kalata.text import gettext_noop as _

BY_SYSTEM = {"two_round_majority": "presidential", "two_option_majority": "referendum", "referendum": "referendum"}
"""The family of a contest whose election has no calendar, or several."""
ABOUT = ("operations", "results")
WHO = {
    "candidate": _("candidat"),
    "party": _("parti politique"),
    "list": _("liste"),
    "state_representative": _("représentant de l’État"),
    "station_member": _("membre d’un bureau de vote"),
    "elector": _("électeur"),
    "other": _("autre"),
}
AGAINST = {
    frozenset({"operations"}): _("Contre les opérations de vote"),
    frozenset({"results"}): _("Contre les résultats"),
    frozenset(ABOUT): _("Contre les opérations de vote ou les résultats"),
}
FORM = {
    "written": _("écrite"),
    "signed": _("signée"),
    "dated": _("datée"),
    "certified": _("certifiée"),
    "stations": _("bureau par bureau"),
    "evidence": _("avec ses preuves : copie du procès-verbal, récépissé, photos"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when: the rule in words; the day and what is left of it, where the event it counts from is dated."""

    rule: Message
    when: Message | None
    left: Message | None
    others: tuple[Message, ...]
    law: object
    article: str
    unverified: bool
    page: tuple[str, str] | None
    """Calendar and key of its own page."""


@dataclass(frozen=True, slots=True)
class Recourse:
    """One remedy. to None: the pack names no body. limits empty: it knows no time limit."""

    id: str
    against: str
    to: Named | None
    who: tuple[str, ...]
    form: tuple[str, ...]
    limits: tuple[Limit, ...]
    law: object
    article: str
    unverified: bool


def recourses(contest: Contest, person: Any, now: datetime) -> list[Recourse]:
    """The remedies that the pack gives against the operations and the results of a contest, in its order."""
    pack = contest.election.pack.pack
    found = list(queries.calendars_of_contest(contest.election_id, person).select_related("election__pack"))
    family = family_of(contest, found)
    book = queries.book_of_sha(contest.election.pack.sha256)
    dated = lines_of(found, contest.round, now)
    bodies = {code: r for r in pack.records("institutions") for code in (r.get("body"), r.get("id")) if code}
    form = form_of(pack.records("norms"), family)
    out = []
    for record in pack.records("norms"):
        about = frozenset(words(record.get("about"))) & set(ABOUT)
        if not is_remedy(record) or not about or family not in contests_of(record) or record.get("valid_to"):
            continue
        limits = [norm for name in words(record.get("time_limits")) if (norm := book.get(name)) is not None]
        body = bodies.get(str(record.get("body")))
        law = str(record.get("law") or "")
        out.append(
            Recourse(
                id=str(record.get("id")),
                against=AGAINST[about],
                to=Named(str(body.get("name_fr") or body.get("id")), str(body.get("name_en") or "")) if body else None,
                who=tuple(WHO[c] for c in words(record.get("capacities")) if c in WHO),
                form=form,
                limits=tuple(limit_of(norm, book, dated.get(norm.id)) for norm in limits),
                law=book.text_name(law) if law else "",
                article=str(record.get("article") or ""),
                unverified=str(record.get("confidence")) != "text seen",
            )
        )
    return out


def family_of(contest: Contest, found: list[Calendar]) -> str:
    known = {c.family for c in found}
    guess = BY_SYSTEM.get(str(contest.system.get("kind") or ""), "legislative")
    return guess if guess in known or len(known) != 1 else known.pop()


def lines_of(found: list[Calendar], round_: int, now: datetime) -> dict[str, tuple[Calendar, Row]]:
    """The lines of these calendars for a round, by the name of their norm."""
    out: dict[str, tuple[Calendar, Row]] = {}
    for calendar in found:
        book, tz = queries.book(calendar), queries.zone_name(queries.pack_of(calendar))
        for row in rows(queries.legal(calendar), book, now, tz):
            if row.line.round == round_ and not row.line.party:
                out.setdefault(row.line.norm.id, (calendar, row))
    return out


def limit_of(norm: Norm, book: Any, line: tuple[Calendar, Row] | None) -> Limit:
    row = line[1] if line else None
    return Limit(
        rule=say_rule(norm, book.events),
        when=row.when if row else None,
        left=row.left if row else None,
        others=tuple(o.earliest.sentence() for o in row.line.alternatives if o.earliest) if row else (),
        law=book.text_name(norm.law),
        article="" if norm.article == "unknown" else norm.article_said,
        unverified=not norm.verified,
        page=(line[0].code, line[1].line.key) if line else None,
    )


def form_of(records: Any, family: str) -> tuple[str, ...]:
    """What a petition must be and must hold, as the pack's items say."""

    def asked(record: Mapping[str, object]) -> Iterator[str]:
        if contests_of(record) and family not in contests_of(record):
            return
        if record.get("item") == "form":
            yield from words(record.get("requires"))
        elif record.get("item") == "grounds" and set(words(record.get("about"))) & set(ABOUT):
            yield from words(record.get("needs"))

    return tuple(FORM[word] for record in records for word in dict.fromkeys(asked(record)) if word in FORM)
