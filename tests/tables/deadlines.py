"""The table of time limits (echeances.csv): its formulas read into rules, its answers computed, its pages built.

python -m tests.tables.deadlines        writes the pages of docs/ again
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kalata.deadlines.holidays import days_off_of
from kalata.deadlines.rules.counting import compute
from kalata.deadlines.rules.dayoff import DaysOff
from kalata.deadlines.rules.definition import counting_from
from kalata.deadlines.rules.moments import judge
from kalata.deadlines.rules.steps import Reading, Suspension
from kalata.text import DAYS_EN, MONTHS_EN, Message
from kalata.text import DAYS_FR as DAYS
from kalata.text import MONTHS_FR as MONTHS

HERE = Path(__file__).resolve().parent
TABLE = HERE / "echeances.csv"
DOCS = HERE.parents[1] / "docs"
PAGES = {"fr": DOCS / "fr" / "exemples-echeances.md", "en": DOCS / "en" / "deadline-examples.md"}
COLUMNS = ["règle", "formule", "entrée", "réponse", "source", "rule"]
TZ = "Africa/Bamako"
ENGLISH = dict(zip(DAYS, (day.lower() for day in DAYS_EN), strict=True)) | {"férié": "holiday"}
EN_MONTHS = [month.lower() for month in MONTHS_EN]
UNITS = {
    "minute": "minute", "heure": "hour", "jour": "day", "jour ouvré": "working_day", "semaine": "week", "mois": "month", "an": "year",
}  # fmt: skip
DATE = rf"(?:(?:{'|'.join(DAYS)}) )?(\d{{1,2}}|1er) ({'|'.join(MONTHS)}) (\d{{4}})(?: à (\d{{1,2}}) h (\d{{2}}))?"


class Unreadable(ValueError):
    """A word of the table that says nothing: it is named."""


def moment(text: str) -> date | datetime:
    found = re.fullmatch(DATE, text.strip())
    if not found:
        raise Unreadable(text)
    day = date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1].removesuffix("er")))
    if found[4] is None:
        return day
    return datetime(day.year, day.month, day.day, int(found[4]), int(found[5]), tzinfo=ZoneInfo(TZ))


def unit_of(word: str) -> str:
    singular = {
        "jours": "jour",
        "jours ouvrés": "jour ouvré",
        "heures": "heure",
        "minutes": "minute",
        "semaines": "semaine",
        "ans": "an",
    }
    return UNITS[singular.get(word, word)]


def number(word: str) -> int:
    return -1 if word == "dernier" else int(re.sub(r"\D", "", word))


def ordinal(n: int) -> str:
    return "last" if n < 0 else f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th') }"


Part = dict[str, object]
LENGTH = r"(\d+) (minutes?|heures?|jours? ouvrés?|jours?|semaines?|mois|ans?) (après|avant)"
NTH = rf"(1er|\d+e) ({'|'.join(DAYS)}) (après|avant)"
WAYS = {"après": "after", "avant": "before"}


def length(m: re.Match[str]) -> Part:
    return {"kind": "offset", "n": int(m[1]), "unit": unit_of(m[2]), "direction": WAYS[m[3]]}


def nth(m: re.Match[str]) -> Part:
    return {"kind": "nth_weekday", "n": number(m[1]), "weekday": ENGLISH[m[2]], "direction": WAYS[m[3]]}


def length_en(m: re.Match[str]) -> str:
    name = unit_of(m[2]).replace("_", " ")
    return f"{m[1]} {name}{'s' if int(m[1]) != 1 else ''} {WAYS[m[3]]}"


def nth_en(m: re.Match[str]) -> str:
    return f"{ordinal(number(m[1]))} {ENGLISH[m[2]].capitalize()} {WAYS[m[3]]}"


def names(text: str) -> list[str]:
    found = [w.strip() for w in text.split(",")]
    if not all(w in ENGLISH for w in found):
        raise Unreadable(text)
    return [ENGLISH[w] for w in found]


def nested(m: re.Match[str]) -> Part:
    first, last = re.fullmatch(LENGTH, m[1]), re.fullmatch(NTH, m[5])
    assert first and last
    return {"kind": "nested", "parts": [length(first), nth(last)]}


def window(m: re.Match[str]) -> Part:
    ends = [f"{MONTHS.index(m[i + 1]) + 1:02}-{int(m[i].removesuffix('er')):02}" for i in (1, 3)]
    return {"kind": "window", "window": ends}


WORDS: list[tuple[str, Callable[[re.Match[str]], Part], Callable[[re.Match[str]], str]]] = [
    (LENGTH, length, length_en),
    (NTH, nth, nth_en),
    (
        rf"({LENGTH}) puis ({NTH})", nested,
        lambda m: f"{length_en(re.fullmatch(LENGTH, m[1]))} then {nth_en(re.fullmatch(NTH, m[5]))}",
    ),
    (
        rf"(1er|\d+e|dernier) ({'|'.join(DAYS)}) (?:de |d’)({'|'.join(MONTHS)})",
        lambda m: {"kind": "weekday_of_period", "n": "last" if m[1] == "dernier" else number(m[1]), "weekday": ENGLISH[m[2]], "month": EN_MONTHS[MONTHS.index(m[3])]},
        lambda m: f"{ordinal(number(m[1]))} {ENGLISH[m[2]].capitalize()} of {EN_MONTHS[MONTHS.index(m[3])].capitalize()}",
    ),
    (
        rf"du (1er|\d+) ({'|'.join(MONTHS)}) au (1er|\d+) ({'|'.join(MONTHS)})", window,
        lambda m: f"from {m[1].removesuffix('er')} {EN_MONTHS[MONTHS.index(m[2])].capitalize()} to {m[3].removesuffix('er')} {EN_MONTHS[MONTHS.index(m[4])].capitalize()}",
    ),
    (r"de (\d+) à (\d+) jours (après|avant)", lambda m: {"offset_min": int(m[1]), "offset_max": int(m[2]), "direction": WAYS[m[3]]}, lambda m: f"{m[1]} to {m[2]} days {WAYS[m[3]]}"),
    (r"franc", lambda m: {"counting": "franc"}, lambda m: "clear days"),
    (r"non franc", lambda m: {"counting": "non_franc"}, lambda m: "not clear"),
    (r"premier jour compté", lambda m: {"start": "included"}, lambda m: "first day counted"),
    (
        r"sans ([\w, ]+?)(?: jusqu’à (\d+) jours)?",
        lambda m: {"skip": names(m[1])} | ({"skip_up_to": int(m[2])} if m[2] else {}),
        lambda m: "without " + ", ".join(n.capitalize() if n != "holiday" else n for n in names(m[1])) + (f" up to {m[2]} days" if m[2] else ""),
    ),
    (r"report au jour ouvré suivant", lambda m: {"roll": "next_working_day"}, lambda m: "rolled to the next working day"),
    (r"report au jour ouvré précédent", lambda m: {"roll": "previous_working_day"}, lambda m: "rolled to the working day before"),
    (r"jusqu’à (\d{1,2}) h (\d{2})", lambda m: {"cutoff": f"{int(m[1]):02}:{m[2]}"}, lambda m: f"until {int(m[1])}:{m[2]}"),
    (r"distance (\d+) jours", lambda m: {"distance": int(m[1])}, lambda m: f"distance {m[1]} days"),
    (r"fériés ([A-Z]{2})", lambda m: {"holidays": m[1]}, lambda m: f"holidays {m[1]}"),
]  # fmt: skip


def read(text: str, english: bool = False) -> tuple[Part, str]:
    """The rule a formula describes, and the formula in English. Unreadable names the part that says nothing."""
    spec: Part = {}
    said = []
    for piece in (p.strip() for p in text.split(";")):
        for pattern, make, say in WORDS:
            if found := re.fullmatch(pattern, piece):
                spec |= make(found)
                said.append(say(found))
                break
        else:
            raise Unreadable(piece)
    return spec, "; ".join(said)


@dataclass(frozen=True)
class Input:
    """What a row is given: the event, what was suspended, when the act was filed."""

    event: date | datetime
    pauses: tuple[Suspension, ...]
    filed: date | datetime | None

    def text(self, lang: str) -> str:
        words = {
            "fr": ("suspendu", "interrompu", "du", "au", "déposé le"),
            "en": ("suspended", "interrupted", "from", "to", "filed"),
        }
        halted, cut, since, until, filed = words[lang]
        out = [written(self.event, lang)]
        for p in self.pauses:
            out.append(
                f"{cut if p.restarts else halted} {since} {written(p.first, lang)} {until} {written(p.last, lang)}"
            )
        if self.filed:
            out.append(f"{filed} {written(self.filed, lang)}")
        return "; ".join(out) if lang == "en" else " ; ".join(out)


def written(when: date | datetime, lang: str) -> str:
    if isinstance(when, datetime):
        return Message(
            "%(day)s à %(hour)s" if lang == "fr" else "%(day)s at %(hour)s", {"day": when.date(), "hour": when.time()}
        ).text(lang)
    return Message("%(day)s", {"day": when}).text(lang)


def given(text: str) -> Input:
    event, *others = (p.strip() for p in text.split(";"))
    pauses, filed = [], None
    for one in others:
        if m := re.fullmatch(r"(suspendu|interrompu) du (.+?) au (.+)", one):
            first, last = moment(m[2]), moment(m[3])
            pauses.append(Suspension(first, last, m[1] == "interrompu"))
        elif m := re.fullmatch(r"déposé le (.+)", one):
            filed = moment(m[1])
        else:
            raise Unreadable(one)
    return Input(moment(event), tuple(pauses), filed)


VERDICTS = {
    "in_time": ("dans le délai", "in time"),
    "late": ("hors délai", "late"),
    "undetermined": ("indéterminé", "undetermined"),
}


def answered(formula: str, entry: str, lang: str = "fr") -> str:
    """What the product answers to a row, in the words of the table."""
    spec, _said = read(formula)
    rule, asked = counting_from(spec, "table"), given(entry)
    year = asked.event.year
    days = days_off_of(str(spec["holidays"]), year - 1, year + 3) if spec.get("holidays") else DaysOff()
    found: Reading = compute(rule, asked.event, tz=TZ, days_off=days, pauses=asked.pauses)
    separator = " ; " if lang == "fr" else "; "
    out = []
    if found.opens:
        out.append(
            (Message("à partir du %(d)s") if lang == "fr" else Message("from %(d)s")).template
            % {"d": written(found.opens.day, lang)}
        )
    out.append(found.earliest.sentence().text(lang))
    if not found.sure:
        out.append(("au plus tard " if lang == "fr" else "at the latest ") + found.latest.sentence().text(lang))
    if asked.filed:
        out.append(VERDICTS[judge(asked.filed, found.earliest, found.latest).verdict.value][lang == "en"])
    return separator.join(out)


def rows() -> list[dict[str, str]]:
    """The rows of the table, saved with commas or, by a French spreadsheet, with semicolons."""
    text = TABLE.read_text(encoding="utf-8-sig")
    mark = ";" if text.split("\n", 1)[0].count(";") else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark))


def page(lang: str) -> str:
    """The page of examples in one language, from the table."""
    if lang == "fr":
        head = [
            "# Exemples de délais", "",
            "Cette page est construite à partir de [`tests/tables/echeances.csv`](../../tests/tables/echeances.csv) : un juriste y lit, corrige"
            " et ajoute des lignes ; chacune est calculée à chaque essai du produit. Pour la récrire : `python -m tests.tables.deadlines`.", "",
            "| règle | formule | entrée | réponse | source |", "| --- | --- | --- | --- | --- |",
        ]  # fmt: skip
        body = [[r["règle"], f"`{r['formule']}`", r["entrée"], r["réponse"], r["source"]] for r in rows()]
    else:
        head = [
            "# Examples of time limits", "",
            "This page is built from [`tests/tables/echeances.csv`](../../tests/tables/echeances.csv), a table in French that a jurist reads,"
            " corrects and extends; every row is computed at each test of the product. To write it again: `python -m tests.tables.deadlines`.", "",
            "| rule | formula | input | answer | source |", "| --- | --- | --- | --- | --- |",
        ]  # fmt: skip
        body = [
            [
                r["rule"],
                f"`{read(r['formule'])[1]}`",
                given(r["entrée"]).text("en"),
                answered(r["formule"], r["entrée"], "en"),
                r["source"].replace("calcul", "computed"),
            ]
            for r in rows()
        ]
    return "\n".join([*head, *("| " + " | ".join(cells) + " |" for cells in body), ""])


if __name__ == "__main__":
    for lang_, path in PAGES.items():
        path.write_text(page(lang_), encoding="utf-8")
        print(path)
