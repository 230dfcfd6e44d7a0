"""The public read model of first instance: for the pages, the files and the static site, in a constant number of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kalata.country.rules.pack import Pack
from kalata.disputes.models import Clock, Petition, PetitionStep
from kalata.disputes.queries import offices, public
from kalata.disputes.rules.offices import OUTCOMES
from kalata.disputes.rules.public import LABELS, Stage, life, stage_of
from kalata.disputes.rules.public_first import OVER, FirstRow
from kalata.disputes.rules.steps import State
from kalata.text import Named, fold


def rows(contest: str = "") -> list[FirstRow]:
    """Every received case of every office, or those of one contest, newest first; kept until something of the room moves."""
    found: list[FirstRow] = public.remembered("first-instance", read)
    return [r for r in found if not contest or r.contest == contest]


def read() -> list[FirstRow]:
    found = Petition.every.exclude(office=None).exclude(state=State.DRAFT).select_related(
        "office__counter", "office__unit", "contest__election__pack", "unit", "first_ruling", "appeal_of"
    ).defer("text", "said")  # fmt: skip
    cases = list(found.order_by("-received_at", "-pk"))
    keys = [one.pk for one in cases]
    steps: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    taken = PetitionStep.objects.filter(petition__in=keys).order_by("pk")
    for key, to, at in taken.values_list("petition_id", "to", "at"):
        steps[key].append((to, at))
    clocks = (
        Clock.objects.filter(petition__in=keys, kind="decision", stopped_at=None).exclude(bound=None).order_by("-bound")
    )
    limits = {key: at for key, at in clocks.values_list("petition_id", "bound") if at is not None}
    attacks: dict[int, list[str]] = defaultdict(list)
    against = Petition.every.exclude(appeal_of=None).exclude(state=State.DRAFT).order_by("received_at")
    for key, number in against.values_list("appeal_of_id", "number"):
        attacks[key].append(str(number))
    names: dict[int, Mapping[str, Named]] = {}
    for one in cases:
        pack = one.contest.election.pack
        if pack.pk not in names:
            names[pack.pk] = bodies(pack.pack)
    return [row(one, steps[one.pk], limits.get(one.pk), attacks[one.pk], names) for one in cases]


def bodies(pack: Pack) -> Mapping[str, Named]:
    return {
        code: Named(str(said.get("name_fr") or code), str(said.get("name_en") or ""))
        for code, said in offices.bodies(pack).items()
    }


def row(
    one: Petition, steps: list[tuple[str, datetime]], limit: datetime | None, appeals: list[str], names: Mapping[int, Mapping[str, Named]]
) -> FirstRow:  # fmt: skip
    assert one.office is not None and one.received_at is not None
    office, contest = one.office, one.contest
    stage = stage_of(one.state, joined=one.lead_id is not None)
    ruling = getattr(one, "first_ruling", None)
    told = ruling if stage in OVER and ruling is not None and ruling.signed_at else None
    read_out = next((at for to, at in steps if to == State.PRONOUNCED), None)
    place = office.unit.name if office.unit else ""
    body = names[contest.election.pack_id].get(office.body, Named(office.body, ""))
    contest_name = Named(contest.name_fr, contest.name_en or "")
    made = FirstRow(
        number=str(one.number), office=office.code, office_name=office.name, body=office.body, body_name=body, contest=contest.code,
        contest_name=contest_name, about=one.about, place=place, received=one.received_at, stage=stage, since=life(one.received_at, steps)[-1].at,
        limit=limit, decision=(told.number or "") if told else "", outcome=told.outcome if told else "", decided=read_out if told else None,
        appeal_of=str(one.appeal_of.number) if one.appeal_of else "", appeals=tuple(appeals),
    )  # fmt: skip
    words = (made.number, made.office, made.office_name, body.fr, body.en, place, made.about_label, made.decision, LABELS[stage], OUTCOMES.get(made.outcome, ""))  # fmt: skip
    return replace(made, search=fold(" ".join(words)))


def narrowed(
    found: Iterable[FirstRow], *, q: str = "", contest: str = "", office: str = "", stage: str = "", about: str = "", order: str = ""
) -> list[FirstRow]:  # fmt: skip
    """The list as its filters ask."""
    words = fold(q).split()
    out = [
        r for r in found
        if contest in ("", r.contest) and office in ("", r.office) and stage in ("", r.stage) and about in ("", r.about)
        and all(w in r.search for w in words)
    ]  # fmt: skip
    return public.ordered(out, ORDERS, order)


ORDERS: Mapping[str, Callable[[FirstRow], Any]] = {
    "numero": lambda r: r.number, "depot": lambda r: r.received, "etape": lambda r: list(Stage).index(r.stage), "echeance": lambda r: r.limit,
}  # fmt: skip


def contests() -> list[tuple[str, Named]]:
    """Contests that have a case there, for a filter."""
    return sorted({r.contest: r.contest_name for r in rows()}.items())


def offered() -> list[tuple[str, str]]:
    """Offices that have a case, for a filter."""
    return sorted({(r.office, f"{r.office} · {r.office_name}") for r in rows()})
