"""What an engine of a question is given, as lines that a person types: acts, contested stations, the facts of a petition. Pure.

What no line shows (another act, a key that no box has) stays as it was; an act that no line can write is shown as in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kalata.text import fold
from kalata.text import gettext_noop as _
from kalata.training.rules.moots.editing import count, pairs
from kalata.training.rules.procedure_editing import BadLine, rows_of

ANNUL, RECTIFY = "ANNUL_STATION", "RECTIFY"
WORDS = {"annuler": ANNUL, "annul": ANNUL, "rectifier": RECTIFY, "rectify": RECTIFY}
SAID = {"fr": {ANNUL: "annuler", RECTIFY: "rectifier"}, "en": {ANNUL: "annul", RECTIFY: "rectify"}}
KEYS = {ANNUL: {"id", "act", "stations", "ground", "evidence"}, RECTIFY: {"id", "act", "station", "before", "after", "ground", "evidence"}}  # fmt: skip
YES = {"oui": True, "yes": True, "non": False, "no": False}
FACTS = ("contest", "round", "body", "received", "capacity")
"""Facts of a petition with a box of their own; its events, its form and its grounds are lines."""
Act = Mapping[str, Any]


def code(station: Sequence[Any]) -> str:
    return "/".join(map(str, station))


def station(text: str) -> list[str]:
    return [part.strip() for part in text.split("/")]


def listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(";") if one.strip()]


def as_lines(acts: Sequence[Act], lang: str) -> str | None:
    """`annuler | TK-11 ; TK-12`, `rectifier | MG-02 | figures.valid = 4200 > 4195`; None where an act is of another kind."""
    words = SAID["en" if lang == "en" else "fr"]
    out = []
    for one in acts:
        kind = one.get("act")
        if kind not in KEYS or not set(one) <= KEYS[kind]:
            return None
        if kind == ANNUL:
            out.append(f"{words[ANNUL]} | {' ; '.join(code(s) for s in one['stations'])}")
            continue
        before, after = one.get("before") or {}, one.get("after") or {}
        if list(before) != list(after):
            return None
        figures = " ; ".join(f"{box} = {n} > {after[box]}" for box, n in before.items())
        out.append(f"{words[RECTIFY]} | {code(one['station'])} | {figures}")
    return "\n".join(out)


def acts_of(text: str, old: Sequence[Act] = ()) -> list[dict[str, Any]]:
    """Acts from their lines; the ground and the pieces of the act that stood at this place stay."""
    out: list[dict[str, Any]] = []
    for n, (row, cells) in enumerate(rows_of(text)):
        kind = WORDS.get(fold(cells[0]))
        if kind is None or len(cells) != (2 if kind == ANNUL else 3):
            said = _("« annuler | bureaux » ou « rectifier | bureau | case = avant > après » est attendu")
            raise BadLine(row=row, line=" | ".join(cells)[:60], why=said)
        kept = old[n] if n < len(old) else {}
        rests = {"ground": kept.get("ground", "g1"), "evidence": list(kept.get("evidence") or ["p1"])}
        one: dict[str, Any] = {"id": str(kept.get("id", n + 1)), "act": kind}
        if kind == ANNUL:
            out.append({**one, "stations": [station(s) for s in listed(cells[1])], **rests})
            continue
        figures = [figure(row, part) for part in listed(cells[2])]
        before, after = ({box: pair[i] for box, *pair in figures} for i in (0, 1))
        out.append({**one, "station": station(cells[1]), "before": before, "after": after, **rests})
    return out


def figure(row: int, text: str) -> tuple[str, int, int]:
    box, _is, moved = text.rpartition("=")
    before, to, after = moved.partition(">")
    if not box.strip() or not to:
        raise BadLine(row=row, line=text[:60], why=_("« case = avant > après » est attendu"))
    return box.strip(), count(row, before.strip()), count(row, after.strip())


def contested(text: str) -> list[list[str]] | None:
    """One station a line; None: all of them."""
    return [station(one) for one in text.splitlines() if one.strip()] or None


def facts_shown(facts: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The boxes of a petition's facts, each under `fact_…`."""
    words = ("no", "yes") if lang == "en" else ("non", "oui")
    grounds = (
        f"{g.get('ground')} | {g.get('about')} | {' ; '.join(code(s) for s in g.get('stations') or ())} | {g.get('evidence', 0)}"
        for g in facts.get("grounds") or ()
    )
    return {
        **{f"fact_{key}": facts.get(key, "") for key in FACTS},
        "fact_events": "\n".join(f"{k} | {v}" for k, v in (facts.get("events") or {}).items()),
        "fact_form": "\n".join(f"{k} | {words[bool(v)]}" for k, v in (facts.get("form") or {}).items()),
        "fact_grounds": "\n".join(grounds),
    }  # fmt: skip


def facts_of(given: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The facts from their boxes; what no box shows of them stays."""
    boxes = {key: given[f"fact_{key}"] for key in FACTS if given.get(f"fact_{key}") not in (None, "")}
    form: dict[str, bool] = {}
    for row, (name, word) in enumerate(pairs(given["fact_form"], 2), 1):
        if fold(word) not in YES:
            raise BadLine(row=row, line=f"{name} | {word}"[:60], why=_("oui ou non est attendu"))
        form[name] = YES[fold(word)]
    grounds = [
        {"ground": ground, "about": about, "stations": [station(s) for s in listed(where)], "evidence": count(row, evidence)}
        for row, (ground, about, where, evidence) in enumerate(pairs(given["fact_grounds"], 4), 1)
    ]  # fmt: skip
    lines = {"events": dict(pairs(given["fact_events"], 2)), "form": form, "grounds": grounds}
    said = {**boxes, **{k: v for k, v in lines.items() if v}}
    order = [*(k for k in old if k in said or k not in (*FACTS, *lines)), *(k for k in said if k not in old)]
    return {key: said.get(key, old.get(key)) for key in order}
