"""What the page of a draft shows beside its acts: text, counts, annexes, before and after, who is elected. All computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kalata.country.models import Contest, Unit
from kalata.disputes.models import Exhibit, Petition, Ruling
from kalata.disputes.queries import stations
from kalata.disputes.queries.bench import out_of
from kalata.disputes.queries.elections import language_of
from kalata.disputes.queries.rulings import DRAFTS, draft_of
from kalata.disputes.rules import drafting as rules
from kalata.disputes.rules import wording
from kalata.disputes.rules.acts import Faulty, plan
from kalata.disputes.rules.drafting import Acts, RowFault, Shown
from kalata.disputes.rules.effect import Recomputation, elected, held, qualified, recompute
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.rulings import State
from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR
from kalata.people.queries import may
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.outcome import Outcome


def of_writer(person: Any, pk: int) -> Ruling:
    """A draft, or a decision at the gate, as its bench reads it. Ruling.DoesNotExist for anybody else, and for a member
    who does not sit in one of its cases."""
    one = draft_of(person, pk)
    if not_his(person, one):
        raise Ruling.DoesNotExist(pk)
    return one


def at_the_gate(person: Any, pk: int) -> Ruling:
    """A decision on the page of the gate: a draft as `of_writer`; once signed, as its bench reads it."""
    one = draft_of(person, pk)
    return of_writer(person, pk) if one.state in DRAFTS else one


def not_his(person: Any, one: Ruling) -> bool:
    """Is this person a member, in function or not any more, who is out of one of its cases for good?"""
    return any(out_of(person, o.petition) for o in one.outcomes.select_related("petition"))


def drafts_of(person: Any) -> list[Ruling]:
    """Drafts of the contests of this person's mandate, the newest first."""
    rows = Ruling.objects.filter(state__in=(State.DRAFT, State.GATE)).select_related("contest__election__pack", "drafted_by")  # fmt: skip
    return [
        one
        for one in rows
        if any(may(person, right, contest=one.contest_id) for right in (RAPPORTEUR, BENCH, PRESIDE))
        and not not_his(person, one)
    ]


def to_decide(person: Any) -> list[Petition]:
    """Cases without a decision yet, of the contests where this person drafts."""
    rows = Petition.objects.filter(outcome=None, state__in=("deliberation", "drafted")).select_related("contest__election__pack")  # fmt: skip
    return [one for one in rows.order_by("contest", "roll") if may(person, RAPPORTEUR, contest=one.contest_id)]


def contests_of(person: Any) -> list[Contest]:
    """The contests in which this person drafts, newest first."""
    rows = Contest.objects.filter(petitions__isnull=False).distinct().order_by("-pk")
    return [one for one in rows if may(person, RAPPORTEUR, contest=one.pk)]


def contest_of(pk: int | None) -> Contest | None:
    """The contest on which the Court acts of its own motion; who may is asked when the draft is opened."""
    return Contest.objects.select_related("election__pack").filter(pk=pk).first() if pk else None


@dataclass(frozen=True, slots=True)
class Line:
    """A figure before and after, in the reader's words."""

    label: str
    before: int
    after: int
    share: Fraction | None = None
    seats: tuple[int, int] | None = None
    chosen: tuple[bool, bool] = (False, False)

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything the acts give. acts, derived: in the language of the Court (`lang`), whatever the reader's."""

    lang: str
    done: Recomputation
    acts: Sequence[Shown]
    derived: str
    options: Sequence[Line]
    boxes: Sequence[Line]
    places: Sequence[tuple[str, str, str]]
    counts: Sequence[Mapping[str, Any]]

    @property
    def annexes(self) -> list[dict[str, Any]]:
        return self.done.annexes

    @property
    def faults(self) -> list[Any]:
        return list(self.done.plan.faults)


def beside(ruling: Ruling, election: Election, acts: Acts) -> Beside:
    """What these acts give on the records in force; an act that is at fault is left out, and shown so."""
    done = recompute(election, {"decision": ruling.number, "acts": list(acts)}, lenient=True)
    names = dict(ruling.contest.options.values_list("code", "name"))
    lang = language_of(ruling.contest)
    return Beside(
        lang, done, rules.shown(acts, done, wording.names_of(done, names, lang), lang), wording.after(done, names, lang),
        options(done, names), boxes(done), places(done, names), wording.printed(done, ruling.outcomes.count())["counts"],
    )  # fmt: skip


def chosen(found: Iterable[Outcome]) -> set[str]:
    return {name for one in found for name in elected(one) | qualified(one)}


def options(done: Recomputation, names: Mapping[str, str]) -> list[Line]:
    before, after = done.before, done.after
    old, new = chosen(before.outcomes.values()), chosen(after.outcomes.values())
    valid = after.total.valid
    rows = [
        Line(
            names.get(o, o), a, b, Fraction(b, valid) if valid else None, seats_of(before, after, o), (o in old, o in new)
        )
        for o, a, b in zip(after.options, before.total.votes, after.total.votes, strict=True)
    ]  # fmt: skip
    return sorted(rows, key=lambda line: -line.after)


def seats_of(before: Election, after: Election, option: str) -> tuple[int, int] | None:
    """Seats on each side; None where the contest gives none."""
    old, new = (sum(held(one).get(option, 0) for one in side.outcomes.values()) for side in (before, after))
    seats = any(held(one) for one in (*before.outcomes.values(), *after.outcomes.values()))
    return (old, new) if seats else None


def boxes(done: Recomputation) -> list[Line]:
    old, new = done.before.total, done.after.total
    known = dict(zip(done.after.boxes, new.boxes, strict=True))
    was = dict(zip(done.before.boxes, old.boxes, strict=True))
    rows = [Line(LABELS[Box.VALID], old.valid, new.valid)]
    rows += [Line(LABELS[b], was.get(b, 0), known[b]) for b in known if b is not Box.VALID]
    return rows


def places(done: Recomputation, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(constituency, chosen before, chosen after) of the places whose outcome is theirs and changes."""
    if not done.after.local:
        return []
    pairs = [(k, done.before.outcomes[k], done.after.outcomes[k]) for k in done.after.outcomes]
    return [(k, said(a, names), said(b, names)) for k, a, b in pairs if not a.same_as(b)]


def said(one: Outcome, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(o, o) for o in sorted(elected(one) | qualified(one))) or "–"


# --- an act from what was typed ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Made:
    """An act as its form says it, the acts with it, and everything that stops it: rows of its list, faults of the act."""

    act: dict[str, Any]
    acts: list[dict[str, Any]]
    rows: Sequence[RowFault] = ()
    faults: Sequence[Faulty] = ()

    @property
    def holds(self) -> bool:
        return not self.rows and not self.faults


def made(
    ruling: Ruling, election: Election, said: Mapping[str, Any], *, listed: str = "", station: str = "",
    after: Mapping[str, int] | None = None, name: str = "",
) -> Made:  # fmt: skip
    """The act that a form says. listed: stations pasted; station, after: of a rectification. DIS-780."""
    act, rows = dict(said), list[RowFault]()
    others = rules.without(ruling.acts, name) if name else list(ruling.acts)
    if act["act"] in ("ANNUL_STATION", "RESTORE", "RERUN_ORDER"):
        words = rules.words_of(listed)
        codes = codes_of(ruling.contest, (w for _row, w in words))
        act["stations"], rows = rules.stations_of(words, codes, election, plan(election, others), kind=act["act"])
    if act["act"] == "RECTIFY":
        act |= {"station": [codes_of(ruling.contest, [station]).get(station, station)], "after": dict(after or {})}
    acts = rules.refreshed(election, rules.put(ruling.acts, act, name))
    mine = name or acts[-1]["id"]
    faults = [] if rows else [one for one in plan(election, acts).faults if one.act == mine]
    return Made(act, acts, rows, faults)


def rectified(ruling: Ruling, election: Election, said: Mapping[str, Any], listed: str) -> tuple[list[dict[str, Any]], list[RowFault]]:  # fmt: skip
    """One rectification a station, from rows (station, box, exact value); and every row that cannot be taken."""
    rows = rules.rows_of(listed)
    codes = codes_of(ruling.contest, (cells[0] for _row, cells in rows))
    found, faults = rules.rectifications_of(rows, codes, election)
    return [{"act": "RECTIFY", "station": list(key), "after": after, **said} for key, after in found.items()], faults


# --- what a form is filled with -----------------------------------------------------------------------------
def codes_of(contest: Contest, words: Iterable[str]) -> dict[str, str]:
    """word -> code of the one station it names."""
    asked = list(dict.fromkeys(words))
    return stations.named_by(contest, asked)


def pieces_of(ruling: Ruling) -> list[tuple[str, str]]:
    """(SHA-256, words) of the pieces of its cases, for the evidence of a rectification; sealed ones without their title."""
    rows = Exhibit.objects.filter(petition__outcome__ruling=ruling, struck=False).select_related("piece", "petition")
    return [
        (one.piece.sha256, f"{one.petition.number} P{one.number}" + ("" if one.access == "sealed" else f" {one.name}"))
        for one in rows.order_by("petition__roll", "number")
    ]


def grounds_of(ruling: Ruling) -> list[tuple[Petition, list[Any]]]:
    """Each petition with its grounds that stand, each with its stations."""
    rows = ruling.outcomes.select_related("petition").prefetch_related("petition__grounds__targets__station")
    return [(one.petition, [g for g in one.petition.grounds.all() if not g.struck]) for one in rows]


def ground_stations(ruling: Ruling, petition: str, key: str) -> list[str]:
    """The codes of the stations that a ground aims at."""
    for case, grounds in grounds_of(ruling):
        for ground in grounds:
            if case.number == petition and ground.key == key:
                return [t.station.code for t in ground.targets.all() if t.station and not t.struck]
    return []


def label_of(box: str, names: Mapping[str, str]) -> str:
    """A box of a report in words: figures by their label, votes by the name of the option."""
    kind, _dot, name = box.partition(".")
    return LABELS[Box(name)] if kind == "figures" and name in set(Box) else names.get(name, name)


def levels_of(contest: Contest) -> list[str]:
    """The kinds of places of the territory, the widest first: the columns that an annulment of a place may name."""
    rows = Unit.objects.filter(geography=contest.election.geography_id).order_by("level").values_list("kind", flat=True)
    return list(dict.fromkeys(rows))
