"""A cascade as files: calendar, rosters, per diem lists, print order, lines for the operational plan. Same plan, same bytes.

Sums of the lists are those of the plan, to the franc.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from kalata.tables.lists import Column, Kind, Source, csv_file, workbook_file
from kalata.text import Message, translate
from kalata.text import gettext_noop as _
from kalata.training.rules.cascade import TRAINERS, Answer, Class, Plan
from kalata.training.rules.cascade_costs import cost_of
from kalata.training.rules.cascade_telling import name_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: any of its figures may not be said."""

    what: str
    of: str
    area: str
    language: str
    room: int | None = None
    pair: str = ""
    first: date | None = None
    last: date | None = None
    people: int | None = None
    days: int | None = None
    unit: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """Who is carried where for a class, and the copies that go with them. origin "": where nobody has said."""

    what: str
    of: str
    on: date
    origin: str
    area: str
    venue: str
    people: int
    copies: int
    pair: str = ""


CLASS = Column("class", _("Classe"), lambda r: r.of, Kind.CODE, _("numéro de la classe dans ce plan"))
AREA = Column("area", _("Zone"), lambda r: r.area, Kind.CODE, _("zone où se tient la classe"))
LANGUAGE = Column("language", _("Langue"), lambda r: r.language, Kind.CODE, _("langue de la classe"))
PAIR = Column("pair", _("Binôme"), lambda r: r.pair, Kind.CODE, _("binôme de formateurs"))
PEOPLE = Column("people", _("Personnes"), lambda r: r.people, Kind.COUNT, _("personnes comptées sur cette ligne"))
DAYS = Column("days", _("Jours"), lambda r: r.days, Kind.COUNT, _("jours de formation"))
UNIT = Column("unit_xof", _("Prix unitaire"), lambda r: r.unit, Kind.COUNT, _("francs ; vide : le plan ne donne pas ce prix"))  # fmt: skip
AMOUNT = Column("amount_xof", _("Montant"), lambda r: r.amount, Kind.COUNT, _("francs, sans arrondi ; vide : prix inconnu"))  # fmt: skip
ROSTER = (
    CLASS, Column("first", _("Premier jour"), lambda r: r.first, Kind.DAY), Column("last", _("Dernier jour"), lambda r: r.last, Kind.DAY),
    AREA, LANGUAGE, Column("room", _("Salle"), lambda r: r.room, Kind.COUNT, _("numéro de la salle dans la zone")), PAIR,
    Column("places", _("Personnes à former"), lambda r: r.people, Kind.COUNT, _("personnes attendues, par poste : elles peuvent être à nommer")),
)  # fmt: skip
PER_DIEM = (Column("kind", _("Qui"), lambda r: r.what, Kind.CODE, _("trainee : personnes formées ; trainer : formateurs")), CLASS, AREA, PAIR, PEOPLE, DAYS, UNIT, AMOUNT)  # fmt: skip
PRINT_ORDER = (AREA, LANGUAGE, Column("copies", _("Exemplaires"), lambda r: r.people, Kind.COUNT, _("un par personne à former, réserve comprise")), UNIT, AMOUNT)  # fmt: skip
TRANSPORT = (
    Column("kind", _("Qui"), lambda r: r.what, Kind.CODE, _("trainers : le binôme et les manuels de la classe ; trainees : agents d’une zone où aucune classe ne se tient")),
    CLASS, Column("on", _("Jour"), lambda r: r.on, Kind.DAY, _("premier jour de la classe : arrivée la veille ou le matin")),
    Column("from", _("De"), lambda r: r.origin, Kind.CODE, _("zone de départ ; vide : elle n’est pas dite")), Column("to", _("À"), lambda r: r.area, Kind.CODE, _("zone où se tient la classe")),
    Column("venue", _("Lieu"), lambda r: r.venue, Kind.TEXT), PAIR, PEOPLE, Column("copies", _("Exemplaires"), lambda r: r.copies, Kind.COUNT, _("un par personne à former, réserve comprise")),
)  # fmt: skip


def roster(plan: Plan, classes: Sequence[Class]) -> list[Line]:
    return [
        Line("class", name_of(i), c.row.area, c.row.language, c.room, c.pair, plan.days[c.first], plan.days[c.first + plan.class_days - 1], c.places)
        for i, c in enumerate(classes, 1)
    ]  # fmt: skip


def per_diem(plan: Plan, classes: Sequence[Class]) -> list[Line]:
    """Each class: its trainees, then its two trainers, for its days."""
    out = []
    for i, c in enumerate(classes, 1):
        for what, people, unit in (("trainee", c.places, plan.costs.allowance), ("trainer", TRAINERS, plan.costs.trainer)):  # fmt: skip
            amount = None if unit is None else people * plan.class_days * unit
            out.append(Line(what, name_of(i), c.row.area, c.row.language, pair=c.pair, people=people, days=plan.class_days, unit=unit, amount=amount))  # fmt: skip
    return out


def print_order(plan: Plan) -> list[Line]:
    unit = plan.costs.print
    return [
        Line("manual", "", r.area, r.language, people=r.trainees, unit=unit, amount=None if unit is None else unit * r.trainees)
        for r in plan.rows if r.trainees
    ]  # fmt: skip


def calendar(plan: Plan, lines: Iterable[Line], lang: str) -> bytes:
    """One event of whole days a run of teaching days without a gap: a class that a closed day parts has two."""
    from icalendar import Calendar as ICalendar
    from icalendar import Event

    out = ICalendar()
    out.add("prodid", f"-//Kalata//training//{lang.upper()}")
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    out.add("x-wr-calname", translate(_("Formation en cascade"), lang))
    stamp = datetime.combine(plan.days[0], time(), UTC) if plan.days else None
    for line in lines:
        for rank, (first, last) in enumerate(runs(plan, line), 1):
            one = Event()
            one.add("uid", f"{line.of}.{rank}.training@kalata")
            one.add("dtstamp", stamp)
            one.add("dtstart", first)
            one.add("dtend", last + timedelta(days=1))
            one.add("summary", f"{line.of} {line.area} {line.language} · {line.pair}")
            one.add("location", Message(_("%(area)s, salle %(room)d"), {"area": line.area, "room": line.room}).text(lang))  # fmt: skip
            one.add("description", Message(_("%(n)d {n:personne à former|personnes à former}"), {"n": line.people}).text(lang))
            out.add_component(one)
    return bytes(out.to_ical())


def runs(plan: Plan, line: Line) -> list[tuple[date, date]]:
    assert line.first and line.last
    out: list[tuple[date, date]] = []
    for day in plan.days[plan.days.index(line.first) : plan.days.index(line.last) + 1]:
        if out and out[-1][1] + timedelta(days=1) == day:
            out[-1] = (out[-1][0], day)
        else:
            out.append((day, day))
    return out


def plan_lines(answer: Answer) -> bytes:
    """Lines as a plan file holds them, one a price, to be linked and dated there; only what the plan prices has a unit cost."""
    plan, n = answer.plan, len(answer.classes)
    trainees = sum(c.places for c in answer.classes)
    cost, days = cost_of(plan, n, trainees), plan.class_days
    last = max((c.first + days for c in answer.classes), default=0)
    held = (
        ("CAS1", _("Salles de formation"), n * days, plan.costs.venue, cost.venue),
        ("CAS2", _("Indemnités des personnes formées"), trainees * days, plan.costs.allowance, cost.allowance),
        ("CAS3", _("Indemnités des formateurs"), TRAINERS * n * days, plan.costs.trainer, cost.trainer),
        ("CAS4", _("Manuels imprimés"), trainees, plan.costs.print, cost.print),
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "activity_fr", "activity_en", "type", "dur_likely", "dur_unit", "quantity", *(f"unit_cost_xof_{p}" for p in ("low", "likely", "high")), "amount_xof"])  # fmt: skip
    for code, said, quantity, unit, amount in held:
        writer.writerow([code, said, translate(said, "en"), "task", last, "wd", quantity, *([unit] * 3 if unit is not None else [""] * 3), "" if unit is None else amount])  # fmt: skip
    return out.getvalue().encode()


def write(folder: Path, answer: Answer, lang: str) -> None:
    """Everything into a folder, made if it is not there; of a plan that does not hold, what can be held."""
    plan = answer.plan
    folder.mkdir(parents=True, exist_ok=True)
    lines = roster(plan, answer.classes)
    (folder / "calendar.ics").write_bytes(calendar(plan, lines, lang))
    (folder / "plan-lines.csv").write_bytes(plan_lines(answer))
    made = datetime.combine(plan.days[0] if plan.days else date(2000, 1, 1), time())
    said = [(_("Classes sans place"), str(answer.unserved))]
    for name, title, columns, rows in (
        ("roster", _("Classes"), ROSTER, lines),
        ("per-diem", _("Indemnités"), PER_DIEM, per_diem(plan, answer.classes)),
        ("print-order", _("Commande d’impression"), PRINT_ORDER, print_order(plan)),
    ):
        source = Source(translate(title, lang), said)
        (folder / f"{name}.csv").write_bytes(b"".join(csv_file(columns, rows, source, lang)))
        (folder / f"{name}.xlsx").write_bytes(b"".join(workbook_file(columns, rows, source, lang, made)))
