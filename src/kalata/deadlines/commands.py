"""`kalata deadlines`: cases, feasibility, a whole calendar. Pure: no database, no settings."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import click

from kalata import plain
from kalata.country import packs
from kalata.deadlines.holidays import days_off_of
from kalata.deadlines.rules import cases as rules
from kalata.deadlines.rules.calendar import build, single
from kalata.deadlines.rules.dayoff import NO_DAYS_OFF, DaysOff
from kalata.deadlines.rules.explaining import awaited_step, explain
from kalata.deadlines.rules.feasibility import ORIGIN, Answer, Problem, sentence, solve
from kalata.deadlines.rules.graph import DAY_MINUTES
from kalata.deadlines.rules.lawbook import Lawbook, lawbook
from kalata.deadlines.rules.lines import VOTE, EventKey, Given, Kept, Line, Moment, Standing
from kalata.deadlines.rules.moments import BadMoment, Verdict, local_day, parse_moment
from kalata.deadlines.rules.norm_file import problem_from
from kalata.deadlines.rules.norms import UnknownEvent
from kalata.deadlines.rules.wording import say_rule
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

DEFAULT_PACK = "ml"


class Unreadable(Refused):
    code = "DL-116"
    says = _("Le fichier « %(file)s » n’est pas lisible : %(why)s.")
    remedy = _("Donnez un fichier texte en UTF-8, ou « - » pour l’entrée standard.")
    status = 422


@click.group()
def deadlines() -> None:
    """Legal time: limits computed from norms and explained, calendars proved possible or not."""


def print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def text_of(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise Unreadable(file=path, why=str(problem)[:120]) from None


def counting_rules(folder: Path) -> dict[str, Mapping[str, object]]:
    """The pack's counting rules by id, as definitions."""
    found: dict[str, Mapping[str, object]] = {}
    for record in packs.section_of(folder, "counting_rules"):
        count = record.get("count")
        if isinstance(count, Mapping):
            found[str(record.get("id"))] = count
    return found


@deadlines.command("compute")
@click.option("--cases", "path", required=True, help="CSV of cases; - for standard input")
@click.option("--pack", default=DEFAULT_PACK, show_default=True, help="code or folder of a country pack")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def compute(path: str, pack: str, as_json: bool, lang: str) -> None:
    """Compute and explain dated cases. Exit status 1 when one disagrees with what was expected."""
    folder = packs.find_pack(pack)
    tz = str(packs.head_of(folder).get("timezone") or "UTC")
    known = counting_rules(folder)
    reader = csv.DictReader(io.StringIO(text_of(path)))
    if "id" not in (reader.fieldnames or []):
        raise Unreadable(file=path, why="id, event, parameters | rule")
    rows = [{k: v or "" for k, v in row.items() if k} for row in reader]
    found = [rules.computed_case(row, rules=known, tz=tz, days_off_of=days_off_of) for row in rows]
    agree, disagree = (sum(c.agrees is wanted for c in found) for wanted in (True, False))
    if as_json:
        print_json({"cases": [c.data() for c in found], "agree": agree, "disagree": disagree})
    else:
        for case in found:
            for one in case.readings:
                label = " ".join(w for w in (case.id, one.clock, one.counting) if w)
                verdict = one.judged.sentence.text(lang) if one.judged else ""
                click.echo(f"{label:34} {one.reading.deadline.iso():18} {verdict}")
            click.echo("    " + " ".join(m.text(lang) for m in case.explanation))
            for wrong in case.differences:
                click.echo(f"    !! {wrong}")
        click.echo(f"agree {agree}, disagree {disagree}", err=True)
    sys.exit(1 if disagree else 0)


@deadlines.command("feasibility")
@click.argument("path")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def feasibility(path: str, as_json: bool, lang: str) -> None:
    """Can the norms of a YAML file hold together? Exit status 1 when they cannot."""
    try:
        data = plain.yaml_of(text_of(path), file=path, most=packs.MOST, aliases=True)
    except plain.BadYaml as problem:
        raise Unreadable(file=path, why=problem.where) from None
    problem_ = problem_from(data)
    answer = solve(problem_)
    said = sentence(answer, problem_)
    if as_json:
        print_json(answer_data(answer, problem_, said))
    else:
        for message in said:
            click.echo(message.text(lang))
        for relaxed in answer.relaxations:
            state = f"+{relaxed.days}" if relaxed.suffices else "ne suffit pas" if lang == "fr" else "does not suffice"
            click.echo(f"  {relaxed.bound.id:30} {state}")
        for window in answer.windows:
            first, last = (moment_text(m, answer.reference) for m in (window.earliest, window.latest))
            click.echo(f"  {window.event:30} {first or '…'} – {last or '…'}")
    sys.exit(0 if answer.feasible else 1)


def moment_text(minutes: int | None, reference: str) -> str | None:
    """An absolute day, or a distance from the reference event: 2027-03-05, J1+5."""
    if minutes is None:
        return None
    days, rest = divmod(minutes, DAY_MINUTES)
    if reference == ORIGIN:
        return date.fromordinal(days).isoformat() + (f"T{rest // 60:02}:{rest % 60:02}" if rest else "")
    tail = f"+{rest // 60}h{rest % 60:02}" if rest else ""
    return f"{reference}{days:+d}{tail}" if days or tail else reference


def answer_data(answer: Answer, problem: Problem, said: list[Message]) -> dict[str, object]:
    out: dict[str, object] = {"feasible": answer.feasible}
    if not answer.feasible:
        out["conflict"] = list(answer.conflict)
        out["shortfall_days"] = answer.shortfall_days
        out["core_shortfall_days"] = max(-(-c.lacks // DAY_MINUTES) for c in answer.conflicts)
        out["conflicts"] = [{"norms": list(c.norms), "lacks_minutes": c.lacks} for c in answer.conflicts]
        out["relaxations"] = [
            {
                "norm": r.bound.id,
                "suffices": r.suffices,
                "shortfall_days": r.days if r.suffices else None,
                "shortfall_minutes": r.need if r.suffices else None,
                "weekday_shortfall_days": r.lattice_days,
                "new_days": r.new_length() if r.suffices else None,
                "negative_length": r.absurd,
            }
            for r in answer.relaxations
        ]
    else:
        out["events"] = {
            w.event: {
                "earliest": moment_text(w.earliest, answer.reference),
                "latest": moment_text(w.latest, answer.reference),
            }
            for w in answer.windows
        }
    out["explanation"] = {lang: " ".join(m.text(lang) for m in said) for lang in ("fr", "en")}
    return out


def known_book(pack: str) -> tuple[Lawbook, str, Path]:
    """The norms of a pack, its zone and its folder; reads only the sections legal time needs."""
    folder = packs.find_pack(pack)
    names = ("texts", "counting_rules", "event_types", "deadlines")
    sections = {name: packs.section_of(folder, name) for name in names}
    return lawbook(sections), str(packs.head_of(folder).get("timezone") or "UTC"), folder


def pack_days_off(folder: Path, first: int, last: int) -> DaysOff:
    record = next(iter(packs.section_of(folder, "days_off")), None)
    return days_off_of(str(record["country"]), first, last) if record else NO_DAYS_OFF


def line_data(line: Line, book: Lawbook) -> dict[str, object]:
    """One line for programs. A date never travels without its confidence and its other readings."""
    rule = say_rule(line.norm, book.events)
    return {
        "key": line.key,
        "norm": line.norm.id,
        "round": line.round or None,
        "what": {"fr": line.norm.what.fr, "en": line.norm.what.en},
        "rule": rule.both(),
        "state": line.state.value,
        "opens": line.opens.iso() if line.opens else None,
        "deadline": line.limit.iso() if line.limit else None,
        "latest": line.latest.iso() if line.latest and line.latest != line.limit else None,
        "readings": [
            *({"deadline": r.earliest.iso(), "why": str(r.why)} for r in line.alternatives),
            *({"deadline": None, "why": str(o.why), "awaits": o.event.type} for o in line.awaited if o.event),
        ],
        "law": line.norm.law,
        "article": line.norm.article,
        "confidence": line.norm.confidence,
        "verified": line.norm.verified,
        "sources": list(line.norm.sources),
        "kept": line.check.kept.value,
        "explanation": {lang: " ".join(s.message.text(lang) for s in explain(line, book)) for lang in ("fr", "en")},
    }


EVENT = re.compile(r"([A-Z][A-Z0-9_]*)(?::(\d+))?=(.+)")


@deadlines.command("calendar")
@click.option("--pack", default=DEFAULT_PACK, show_default=True)
@click.option("--family", default="presidential", show_default=True, help="kind of contest in the pack")
@click.option("--rounds", default=1, show_default=True)
@click.option("--vote", required=True, help="polling day of round 1: 2027-02-28")
@click.option("--event", "raw", multiple=True, help="a recorded event: PROV_RESULTS:1=2027-03-04T20:00")
@click.option("--law-date", default="", help="read the texts as of this day")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def calendar(
    pack: str, family: str, rounds: int, vote: str, raw: tuple[str, ...], law_date: str, as_json: bool, lang: str
) -> None:
    """The whole legal calendar from one polling day (pure). Exit status 1 when a recorded event breaks a norm."""
    book, tz, folder = known_book(pack)
    day = local_day(parse_moment(vote, tz, record="--vote", field="vote"), tz)
    events: dict[EventKey, Moment] = {(VOTE, 1): Moment(day, day, Standing.PLANNED)}
    for text in raw:
        type_, round_, moment = named_event(text, book, tz)
        events[type_, round_] = moment
    given = Given(
        rounds=rounds,
        tz=tz,
        events=events,
        days_off=pack_days_off(folder, day.year - 2, day.year + 6),
        law_date=local_day(parse_moment(law_date, tz, field="law-date"), tz) if law_date else None,
    )
    legal = build(book, family, given)
    broken = sum(line.check.kept is Kept.BREACHED for line in legal.lines)
    if as_json:
        print_json(
            {
                "lines": [line_data(line, book) for line in legal.lines],
                "conflicts": [{"subject": c.subject, "norms": [x.norm.id for x in c.lines]} for c in legal.conflicts],
                "lapsed": [n.id for n in legal.lapsed],
                "breached": broken,
            }
        )
    else:
        for line in legal.lines:
            mark = " " if line.norm.verified else "?"
            when_text = line.limit.iso() if line.limit else line.state.value
            turn = f" ({line.round})" if line.round else ""
            click.echo(f"{when_text:18} {mark} {line.norm.what.text(lang)}{turn}  [{line.norm.id}]")
        click.echo("? = " + Message(_("non vérifié")).text(lang), err=True)
    sys.exit(1 if broken else 0)


@deadlines.command("explain")
@click.argument("norm")
@click.option(
    "--event",
    "raw",
    required=True,
    multiple=True,
    help="when the event took place: 2027-03-04T20:00; again with a name for other readings: PROV_RESULTS=2027-03-04T20:00",
)
@click.option("--filed", default="", help="when an act was received: the verdict of every reading")
@click.option("--pack", default=DEFAULT_PACK, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def explain_one(norm: str, raw: tuple[str, ...], filed: str, pack: str, as_json: bool, lang: str) -> None:
    """One norm of a pack from one event, step by step (pure): the registry's calculator without a network."""
    book, tz, folder = known_book(pack)
    plain_ = [text for text in raw if "=" not in text]
    if len(plain_) != 1:
        raise BadMoment(record=norm, field="--event", value=" ".join(raw))
    trigger = parse_moment(plain_[0], tz, record=norm, field="event")
    others = {(name, 0): when for name, _round, when in (named_event(t, book, tz) for t in raw if "=" in t)}
    year = local_day(trigger, tz).year
    given = Given(tz=tz, days_off=pack_days_off(folder, year - 2, year + 6), events=others)
    line = single(book, norm, trigger, given)
    received = parse_moment(filed, tz, record=norm, field="filed") if filed else None
    if as_json:
        out = line_data(line, book)
        out["verdicts"] = verdicts(line, received) if received else []
        print_json(out)
        return
    for step in explain(line, book):
        click.echo(f"{step.code:16} {step.message.text(lang)}")
    if received is None:
        return
    for reading in line.readings:
        why = f" ({Message('%(why)s', {'why': reading.why}).text(lang)})" if reading.why else ""
        click.echo(f"{reading.earliest.iso():16} {reading.judged(received).sentence.text(lang)}{why}")
    for other in line.awaited:
        click.echo(f"{'?':16} {awaited_step(other, line, book).message.text(lang)}")


def named_event(text: str, book: Lawbook, tz: str) -> tuple[str, int, Moment]:
    """PROV_RESULTS:1=2027-03-04T20:00 -> its type, its round (0 unsaid) and its moment. DL-104 for an unknown type."""
    found = EVENT.fullmatch(text)
    if not found or found[1] not in book.events:
        raise UnknownEvent(record="--event", field="event", value=text, known=", ".join(sorted(book.events)))
    when = parse_moment(found[3], tz, record="--event", field=found[1])
    return found[1], int(found[2] or 0), Moment(when, when, Standing.ACTUAL)


def verdicts(line: Line, received: date | datetime) -> list[dict[str, object]]:
    """The verdict of every reading; the one that waits for another event is undetermined and says which."""
    out: list[dict[str, object]] = [
        {"deadline": r.earliest.iso(), "filed": r.judged(received).verdict.value, "why": str(r.why or "")}
        for r in line.readings
    ]
    for other in line.awaited:
        assert other.event is not None
        waits = {"why": str(other.why), "awaits": other.event.type}
        out.append({"deadline": None, "filed": Verdict.UNDETERMINED.value, **waits})
    return out
