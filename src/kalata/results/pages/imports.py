"""What the pages of the wizard show, in the reader's words: the mapping of a file, and its dry run. No figure is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import yaml
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.results import mapping
from kalata.results.mapping import Chosen, Question
from kalata.results.models import Import
from kalata.results.pages import import_looks
from kalata.results.rules import proposing
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.checks import BY_CODE, Level
from kalata.results.rules.proposing import Proposal
from kalata.tables.lists import Column, Kind, Source, csv_of, file_of
from kalata.tables.rules.seen import Look, column_at, letter
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

WHY = {
    "form": _("le procès-verbal de ce scrutin n’a pas de case %(boxes)s"),
    "file": _("pas dans ce fichier : %(boxes)s"),
    "": _("rien à quoi comparer"),
}


def report(one: Import, lang: str) -> dict[str, Any]:
    """The context of the page of a dry run."""
    found = one.report or {}
    key = "en" if lang == "en" else "fr"
    refusal = found.get("refusal")
    names = {o.code: o.name for o in one.contest.options.all()}
    return {
        "labels": LABELS,
        "problems": [{**p, "says": p[key], "how": p["remedy"][key]} for p in found.get("problems", [])],
        "refusal": {"code": refusal["code"], "says": refusal[key], "how": refusal["remedy"][key]} if refusal else None,
        "said": [s[key] for s in found.get("said", [])],
        "dropped": ", ".join(box(b, lang) for b in found.get("dropped", [])),
        "kept": [(name(n, names, lang), k) for n, k in found.get("kept_figures", {}).items()],
        "lines": totals(found, names, lang),
        "proofs": [import_looks.proof(p, names, lang) for p in found.get("totals", [])],
        "findings": [
            {**f, "formula": translate(BY_CODE[f["code"]].formula, lang)} for f in found.get("findings", [])
        ],
        "untested": [untested(u, lang) for u in found.get("untested", []) if u["code"] in ASKED or u["why"] == "file"],
        "tested": tested(found, lang),
        "proved": proved(found),
    }  # fmt: skip


REFUSED = (
    Column("row", _("Ligne"), lambda p: p["row"], Kind.COUNT, _("la ligne du fichier, titres compris")),
    Column("field", _("Colonne"), lambda p: p["field"]),
    Column("value", _("Lu"), lambda p: p["value"], Kind.CODE, _("la cellule comme elle est écrite, ses premiers caractères")),
    Column("code", _("Code"), lambda p: p["code"], Kind.CODE),
    Column("reason", _("Raison"), lambda p: p["says"]),
    Column("remedy", _("Remède"), lambda p: p["how"]),
)  # fmt: skip


def refused_file(one: Import, lang: str) -> Iterator[bytes]:
    """The refused rows with their reason, for whoever mends the file."""
    found = report(one, lang)["problems"]
    lines = [
        (_("Fichier"), one.name), (_("Empreinte"), one.sha256), (_("Lignes refusées"), str((one.report or {}).get("problem_count", 0))),
        (_("Dans ce fichier"), str(len(found))),
    ]  # fmt: skip
    return file_of("csv", REFUSED, found, Source(translate(_("Lignes refusées et raison"), lang), lines), lang)


ASKED = frozenset({"E01", "E02", "E03", "E04"})
"""The sums that a reader looks for: where one is put to no station, it is always said why."""


def box(value: str, lang: str) -> str:
    return translate(LABELS[Box(value)], lang)


def name(value: str, names: Mapping[str, str], lang: str) -> str:
    return box(value, lang) if value in set(Box) else names.get(value, value)


def totals(found: Mapping[str, Any], names: Mapping[str, str], lang: str) -> list[tuple[str, int | None, int | None]]:
    """(figure, in this file, in the whole contest once stored). None: a box that is not there is not zero."""
    if "figures" not in found:
        return []
    after = found.get("after") or {}
    brought = found.get("has_boxes", found["figures"])
    rows: list[tuple[str, int | None, int | None]] = []
    for b, v in found["figures"].items():
        if b != Box.VALID:
            then = after.get("figures", {}).get(b)
            rows.append((box(b, lang), v, then) if b in brought else (box(b, lang), None, then or None))
    rows.append((translate(_("Exprimés retenus"), lang), found["valid"], after.get("valid")))
    votes = sorted(found["votes"].items(), key=lambda pair: -pair[1])
    return rows + [(names.get(o, o), v, after.get("votes", {}).get(o)) for o, v in votes]


def quoted(words: str, lang: str) -> str:
    """Words of a file between the marks of the reader's language."""
    return f"“{words}”" if lang == "en" else f"« {words} »"


def untested(row: Mapping[str, Any], lang: str) -> dict[str, str]:
    boxes = ", ".join(quoted(box(b, lang), lang) for b in row["lacks"])
    return {
        "code": row["code"],
        "formula": translate(BY_CODE[row["code"]].formula, lang),
        "why": translate(WHY[row["why"]], lang) % {"boxes": boxes},
    }


def tested(found: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """The checks that hold wherever they are put, with the number of stations."""
    failing = {f["code"] for f in found.get("findings", [])}
    return [
        {**t, "formula": translate(BY_CODE[t["code"]].formula, lang)}
        for t in found.get("tested", [])
        if t["code"] not in failing and t["on"] and BY_CODE[t["code"]].level is Level.ERROR
    ]


def proved(found: Mapping[str, Any]) -> bool:
    """True where every sum that the form of the contest allows was put to every counted station, and holds."""
    counted = found.get("after", {}).get("stations", {}).get("counted", 0)
    sums = [t for t in found.get("tested", []) if BY_CODE[t["code"]].left is not None]
    return bool(
        counted
        and sums
        and not found.get("errors")
        and all(t["on"] == counted for t in sums)
        and not any(u["why"] == "file" for u in found.get("untested", []))
        and not found.get("dropped")
    )


def registers(one: Import) -> bool:
    """True where the file makes stations and brings no figure of a paper: the list of stations, and nothing else."""
    counts = (one.report or {}).get("counts", {})
    brings = any(counts.get(key) for key in ("new", "changed", "same"))
    return bool(counts.get("created")) and not brings and not (one.report or {}).get("problem_count")


def template(contest: Contest, lang: str) -> str:
    """The headings of a file that this contest reads without a question, as an address that is the file itself: its zones,
    the code of the station, the boxes of its paper, its options."""
    known = [str(level.get(lang) or level.get("fr")) for level in contest.election.geography.levels or ()]
    zones = known or [_t("Région"), _t("Cercle"), _t("Commune")]
    boxes = [translate(LABELS[Box(b)], lang) for b in contest.boxes]
    options = list(contest.options.values_list("name", flat=True))
    text = csv_of([*zones, _t("Code du bureau"), *boxes, *options], ())
    return "data:text/csv;charset=utf-8," + quote(b"".join(text))


# --- the page of columns and values -----------------------------------------------------------
def chosen_from(one: Import, sent: Any, base: dict[str, Any]) -> Chosen:
    """What the form of the page says."""
    options = mapping.options_of(one)
    roles = [getattr(sent, f"c{i}") for i in range(len(one.header))]
    for i, role in enumerate(roles):
        if role == "option" and options:  # by its name, where that is one to the eye
            found = proposing.option_for(one.header[i], options)
            roles[i] = found.role if found and not found.asks else role
    out = Chosen(
        roles,
        names={one.header[i]: n for i in range(len(roles)) if (n := getattr(sent, f"n{i}"))},
        sure={i for i in range(len(roles)) if getattr(sent, f"k{i}")},
        left=sent.left,
        named=sent.named,
        areas_in_key=sent.areas_in_key,
        duplicates=sent.duplicates,
        totals=sent.totals,
        base=base,
    )
    if sent.status_of is not None and out.place("status") == sent.status_of:
        words = mapping.values_at(one, sent.status_of) or []
        out.words = {w: getattr(sent, f"s{j}") for j, (w, _n) in enumerate(words)}
    if sent.option_of is not None and out.place("long_option") == sent.option_of:
        values = mapping.values_at(one, sent.option_of) or []
        out.values = {v: getattr(sent, f"p{j}") for j, (v, _n) in enumerate(values)}
        out.names |= {v: n for j, (v, _n) in enumerate(values) if (n := getattr(sent, f"m{j}"))}
    mapping.complete(one, out)
    return out


def columns(one: Import, chosen: Chosen, lang: str, create: str = "") -> dict[str, Any]:
    """Every column and every value of the file, and where it goes."""
    made = mapping.proposals(one)
    rows = [column_row(one, chosen, made, i, lang) for i in range(len(one.header))]
    waiting = mapping.questions(one, chosen)
    text = yaml.safe_dump(mapping.profile_of(one, chosen), allow_unicode=True, sort_keys=False, width=100)
    loose = mapping.loose(one, chosen)
    return {
        "rows": rows,
        "choices": mapping.choices(one, lang),
        "taken": sum(bool(r) for r in chosen.roles),
        "left": sum(not r for r in chosen.roles),
        "count": one.survey.get("rows"),
        "first": one.survey.get("first"),
        "waiting": [q.at for q in waiting],
        "todo": len(waiting),
        "confirm": [r for r in rows if r["asks"]],
        "loose": ", ".join(f"{letter(i)} {quoted(one.header[i], lang)}" for i in loose),
        "chosen": chosen,
        "named_count": len(mapping.new_names(one, chosen)),
        "without": without(one, chosen, lang),
        "lacking": lacking(one, chosen, lang),
        "words": word_rows(one, chosen),
        "values": value_rows(one, chosen, lang),
        "status_of": chosen.place("status"),
        "option_of": chosen.place("long_option"),
        "standings": [(k, translate(v, lang)) for k, v in mapping.STANDINGS.items()],
        "profile_text": text,
        "guessed": one.profile is None,
        "register": one.contest.stations.count(),
        "create": create or one.create
        if create or one.profile
        else ("none" if one.contest.stations.exists() else "all"),
        **(import_looks.looked(one, chosen, lang) if not waiting else {}),
    }


def column_row(one: Import, chosen: Chosen, made: list[Proposal], i: int, lang: str) -> dict[str, Any]:
    role, column = chosen.roles[i], column_at(one.survey, i)
    note, tone = said_of(one, chosen, made, i)
    samples = column["examples"] if column["look"] else [row[i] for row in one.sample[:3] if i < len(row)]
    return {
        "at": i,
        "letter": letter(i),
        "name": one.header[i],
        "samples": samples,
        "filled": column["filled"],
        "role": role,
        "note": note.text(lang) if isinstance(note, Message) else translate(note, lang),
        "tone": tone,
        "asks": bool(role and made[i].asks and role == made[i].role),
        "sure": i in chosen.sure,
        "shown": chosen.names.get(one.header[i], "") if role == "option" else "",
    }


def said_of(one: Import, chosen: Chosen, made: list[Proposal], i: int) -> tuple[Message | str, str]:
    """What is found of a column under its choice, and its tone."""
    role = chosen.roles[i]
    same = [j for j, r in enumerate(chosen.roles) if r == role]
    if len(same) > 1 and (role in set(Box) or role[1:].isdigit()):
        counts = ", ".join(f"{letter(j)} : {column_at(one.survey, j)['filled']}" for j in same)
        both = next((n for a, b, n in one.survey.get("together", []) if [a, b] == same), None)
        if both == 0:
            return Message(
                _(
                    "%(n)d {n:colonne additionnée|colonnes additionnées}, jamais remplies ensemble (lignes remplies : %(counts)s)"
                ),
                {"n": len(same), "counts": counts},
            ), "inf"
        if both:
            return Message(
                _(
                    "%(n)d {n:colonne additionnée|colonnes additionnées}, remplies ensemble sur %(both)d {both:ligne|lignes} (lignes remplies : %(counts)s)"
                ),
                {"n": len(same), "counts": counts, "both": both},
            ), "warn"
        return Message(
            _("%(n)d {n:colonne additionnée|colonnes additionnées} (lignes remplies : %(counts)s)"),
            {"n": len(same), "counts": counts},
        ), "inf"
    if role == made[i].role:
        return made[i].note, made[i].tone
    if not role:
        found = proposing.skipped(str(column_at(one.survey, i)["look"]), column_at(one.survey, i)["filled"])
        return found.note, found.tone
    if column_at(one.survey, i)["look"] == Look.TEXT and (role in set(Box) or role[:1] == "o"):
        return _("Tout n’y est pas un nombre : l’essai nommera les lignes"), "warn"
    return _("Choisi par vous"), "ok"  # fmt: skip


def without(one: Import, chosen: Chosen, lang: str) -> str:
    """Options of the contest that nothing in the file goes to."""
    if chosen.place("long_option") is not None and not chosen.values:
        return ""
    there = set(chosen.roles) | set(chosen.values.values())
    votes = any(r[:1] == "o" for r in there)
    options = one.contest.options.all() if votes else []
    return ", ".join(o.name for i, o in enumerate(options) if f"o{i}" not in there and not o.withdrawn)


def lacking(one: Import, chosen: Chosen, lang: str) -> str:
    """Boxes of the contest that are not in this file."""
    there = set(chosen.roles) | set(chosen.values.values())
    return ", ".join(box(b, lang) for b in one.contest.boxes if b not in there)


def word_rows(one: Import, chosen: Chosen) -> list[tuple[int, str, int, str]]:
    words = mapping.values_at(one, chosen.place("status")) or []
    return [(j, w, n, chosen.words.get(w, "")) for j, (w, n) in enumerate(words)]


def value_rows(one: Import, chosen: Chosen, lang: str) -> list[dict[str, Any]]:
    values = mapping.values_at(one, chosen.place("long_option")) or []
    goes = [chosen.values.get(v, "?") for v, _n in values]
    return [
        {
            "at": j, "value": v, "rows": n, "to": to, "name": chosen.names.get(v, ""),
            "several": to not in ("", "?", "option") and goes.count(to) > 1,
            "note": translate(proposing.value_note(v, one.contest.boxes, chosen.roles), lang) if to == "?" or to in chosen.roles else "",
        }
        for j, ((v, n), to) in enumerate(zip(values, goes, strict=True))
    ]  # fmt: skip


def asked(found: list[Question], lang: str) -> list[dict[str, str]]:
    return [
        {"at": q.at, "says": q.says.text(lang) if isinstance(q.says, Message) else translate(q.says, lang)}
        for q in found
    ]


def places(one: Import, lang: str) -> list[dict[str, str]]:
    """Where every column and value of a mapped file goes, to be read again."""
    return [
        {"name": name, "to": translate(to, lang), "why": translate(why, lang)}
        for name, to, why in mapping.destinations(one)
    ]
