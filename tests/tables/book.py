"""The worked examples that a jurist reads and amends: tables in French, run by the tests, printed in the docs.

One row: the rule in words, the formula as the product names it, what is put in, what has to come out, where it
is from. `python -m tests.tables.book` writes `docs/fr/exemples.md` and `docs/en/examples.md` anew.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from kalata.refusals import Refused
from kalata.results.rules.bounds import WHAT_LABELS, Missing, Totals
from kalata.results.rules.boxes import Box, Sheet
from kalata.results.rules.checks import findings, signals
from kalata.results.rules.outcome import Outcome, Status, decide
from kalata.results.rules.seats import Allocation, allocate
from kalata.results.rules.systems import Formula, System, Threshold, fits, fraction, system_from
from kalata.results.rules.verdicts import Order
from kalata.text import translate

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
TABLES = ("sieges", "seuils", "majorites", "bornes", "controles")
COLUMNS = ["règle", "formule", "entrée", "réponse", "source"]
Row = Mapping[str, str]

TITLES = {
    "sieges": ("Sièges", "Seats"),
    "seuils": ("Seuils", "Thresholds"),
    "majorites": ("Majorités, quorums, égalités", "Majorities, quorums, ties"),
    "bornes": ("Ce qui est acquis, ce qui peut encore changer", "What is secured, what can still change"),
    "controles": ("Contrôles d’un procès-verbal", "Checks of a station report"),
}
HEADS = {"fr": COLUMNS, "en": ["rule", "formula", "input", "answer", "source"]}
WORDS = {
    "voix": "votes",
    "sièges": "seats",
    "seuil": "threshold",
    "base": "base",
    "ordre": "order",
    "tour": "round",
    "stricte": "strict",
    "majorité": "majority",
    "quorum": "quorum",
    "manquants": "missing",
    "égalité": "tie",
    "inscrits": "registered",
    "votants": "voters",
    "bulletins": "ballots",
    "nuls": "null",
    "exprimés": "valid",
    "vide": "empty",
    "non": "no",
    "rejet": "rejects",
}
BASES = {"exprimés": "valid", "votants": "voters", "inscrits": "registered"}
BOXES = {
    "inscrits": Box.REGISTERED,
    "votants": Box.VOTERS,
    "bulletins": Box.BALLOTS,
    "nuls": Box.NULL_BALLOTS,
    "exprimés": Box.VALID,
}


def rows(table: str) -> list[Row]:
    with (HERE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS, f"{table}.csv : {reader.fieldnames}"
        return list(reader)


def parts(entry: str) -> dict[str, str]:
    """`voix: A 1, B 2 ; sièges: 3` as its named parts."""
    out = {}
    for part in entry.split(" ; "):
        name, _colon, value = part.partition(": ")
        assert name in WORDS and name not in out, f"« {name} » : {entry}"
        out[name] = value.strip()
    return out


def votes_of(text: str) -> dict[str, int]:
    pairs = [item.rsplit(" ", 1) for item in text.split(", ")]
    return {name: int(count) for name, count in pairs}


# --- from an entry to an answer --------------------------------------------------------------------------
def answer(table: str, row: Row, lang: str = "fr") -> str:
    entry = parts(row["entrée"])
    try:
        if table == "controles":
            return checked(entry, lang)
        if table in ("sieges", "seuils"):
            return seats_said(shared(row["formule"], entry), lang)
        found = outcome_of(row["formule"], entry)
        return opened(found, lang) if table == "bornes" else told(found, lang)
    except Refused as refused:
        return f"{'refusal' if lang == 'en' else 'refus'} {refused.code}"


def threshold_of(entry: Mapping[str, str]) -> Threshold | None:
    text = entry.get("seuil")
    return None if text is None else Threshold(fraction(text.lstrip("> "), "seuil"), text.startswith(">"))


def order_of(entry: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(entry["ordre"].split(", ")) if "ordre" in entry else ()


def shared(formula: str, entry: Mapping[str, str]) -> Allocation:
    return allocate(
        votes_of(entry["voix"]),
        int(entry["sièges"]),
        Formula(formula),
        threshold=threshold_of(entry),
        threshold_base=int(entry["base"]) if "base" in entry else None,
        tie_order=order_of(entry),
    )


def system_of(formula: str, entry: Mapping[str, str]) -> System:
    said: dict[str, object] = {"kind": formula}
    if "majorité" in entry:
        said["majority"] = entry["majorité"]
    if "stricte" in entry:
        said["majority_strict"] = entry["stricte"] != "non"
    if "base" in entry:
        said["base"] = BASES[entry["base"]]
    if "quorum" in entry:
        said["turnout_quorum"] = entry["quorum"]
    if entry.get("égalité") == "rejet":
        said["tie_rule"] = "rejected"
    if bar := threshold_of(entry):
        said["threshold"] = {"value": str(bar.share), "op": ">" if bar.strict else ">="}
    return system_from(said)


def outcome_of(formula: str, entry: Mapping[str, str]) -> Outcome:
    votes = votes_of(entry["voix"])
    system = system_of(formula, entry)
    fits(system, tuple(votes))
    number = {k: int(entry[k]) if k in entry else None for k in ("votants", "inscrits")}
    missing = Missing()
    if text := entry.get("manquants"):
        missing = Missing(1, None if text == "?" else int(text))
    return decide(
        system,
        Totals(votes, sum(votes.values()), number["votants"], number["inscrits"]),
        missing=missing,
        seats=int(entry["sièges"]) if "sièges" in entry else None,
        round_=int(entry.get("tour", 1)),
        orders=[Order(order_of(entry))],
    )


def checked(entry: Mapping[str, str], lang: str) -> str:
    boxes = {box: None if entry[name] == "vide" else int(entry[name]) for name, box in BOXES.items()}
    sheet = Sheet(boxes, tuple(votes_of(entry["voix"]).values()))
    found = [*findings(sheet, form=frozenset(BOXES.values())), *signals(sheet)]
    return ", ".join(dict.fromkeys(f.code for f in found)) or ("nothing" if lang == "en" else "rien")


# --- answers in words ------------------------------------------------------------------------------------
def either(lang: str, fr: str, en: str) -> str:
    return en if lang == "en" else fr


def seats_said(found: Allocation, lang: str) -> str:
    said = [", ".join(f"{o} {n}" for o, n in found.seats.items())]
    for tie in found.ties:
        who = ", ".join(tie.options) or either(lang, "personne", "nobody")
        said.append(either(lang, f"égalité de {who} pour {tie.seats}", f"tie of {who} for {tie.seats}"))
    return " ; ".join(said)


def told(found: Outcome, lang: str) -> str:
    who = ", ".join(found.options)
    said = [
        {
            Status.ELECTED: either(lang, f"élu {who}", f"elected {who}"),
            Status.RUNOFF: either(lang, f"second tour entre {who}", f"second round between {who}"),
            Status.TIE: either(lang, f"égalité de {who}", f"tie of {who}"),
            Status.ADOPTED: either(lang, "adopté", "adopted"),
            Status.REJECTED: either(lang, "rejeté", "rejected"),
            Status.SEATS: "",
            Status.UNDETERMINED: either(lang, "non décidé", "not decided"),
        }[found.status]
    ]
    if found.needed is not None:
        said.append(either(lang, f"il faut {found.needed}", f"{found.needed} needed"))
    if found.seats():
        said.append(either(lang, "sièges ", "seats ") + seats_said(found.allocation, lang))  # type: ignore[arg-type]
    return " ; ".join(s for s in said if s)


def opened(found: Outcome, lang: str) -> str:
    if not found.open:
        short = told(found, lang).split(" ; ")
        return either(lang, "acquis : ", "secured: ") + " ; ".join(
            s for s in short if "faut" not in s and "needed" not in s
        )
    (first, *_more) = found.open
    who = ", ".join(first.options)
    of = ", ".join(first.instead_of)
    inside = who + (either(lang, f" au lieu de {of}", f" instead of {of}") if of else "")
    inside += "" if first.votes is None else either(lang, f" dès {first.votes}", f" from {first.votes} on")
    return either(lang, "ouvert : ", "open: ") + f"{translate(WHAT_LABELS[first.what], lang)} ({inside})"


# --- the docs ---------------------------------------------------------------------------------------------
def english() -> dict[str, str]:
    with (HERE / "anglais.csv").open(encoding="utf-8", newline="") as file:
        return {row["fr"]: row["en"] for row in csv.DictReader(file)}


def entry_in(lang: str, entry: str) -> str:
    if lang == "fr":
        return entry
    said = []
    for name, value in parts(entry).items():
        said.append(f"{WORDS[name]}: {WORDS.get(value, value)}")
    return "; ".join(said)


def page(lang: str) -> str:
    """The page of examples: the same tables, read aloud."""
    words = english()
    say = (lambda text: text) if lang == "fr" else words.__getitem__
    out = [
        either(lang, "# Exemples calculés", "# Worked examples"),
        "",
        either(
            lang,
            "Chaque ligne est une règle, une entrée et la réponse attendue. Ces tableaux (`tests/tables/*.csv`) sont "
            "exécutés à chaque essai du logiciel : qui corrige une ligne change ce que le logiciel doit répondre. "
            "Cette page en est tirée par `python -m tests.tables.book`.",
            "Each line is a rule, an input and the answer expected. These tables (`tests/tables/*.csv`, in French) are "
            "run with every test of the software: whoever corrects a line changes what the software has to answer. "
            "This page is made from them by `python -m tests.tables.book`.",
        ),
    ]
    for table in TABLES:
        out += ["", f"## {TITLES[table][lang == 'en']}", "", line(HEADS[lang]), line(["---"] * 5)]
        for row in rows(table):
            formula = row["formule"] if lang == "fr" else {"toutes": "all"}.get(row["formule"], row["formule"])
            said = row["réponse"] if lang == "fr" else answer(table, row, "en")
            out.append(
                line([say(row["règle"]), f"`{formula}`", entry_in(lang, row["entrée"]), said, say(row["source"])])
            )
    return "\n".join(out) + "\n"


def line(cells: list[str]) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


PAGES = {"fr": DOCS / "fr" / "exemples.md", "en": DOCS / "en" / "examples.md"}


def main() -> None:
    for lang, path in PAGES.items():
        path.write_text(page(lang), encoding="utf-8")


if __name__ == "__main__":
    main()
