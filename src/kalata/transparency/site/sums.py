"""Coverage and balance of every area of a log: the read model of `results.rules.coverage`, filled from what is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kalata.results.rules.balance import BALANCES, Balance, sides
from kalata.results.rules.boxes import ABSENT, Box, Sheet
from kalata.results.rules.checks import Finding, findings
from kalata.results.rules.coverage import Coverage, Situation, added, unlisted_of
from kalata.results.rules.profile import Absent
from kalata.transparency.rules.entries import FIGURES
from kalata.transparency.rules.replay import NAMES, NATION, Area, Key, Replay, Version

BOX_OF: Mapping[str, Box] = {name: Box(box) for box, name in FIGURES.items()}


def situation_of(past: Sequence[Version] | None) -> Situation:
    """What the last version of a station is worth."""
    if not past:
        return Situation.MISSING
    last = past[-1]
    if last.excluded is None:
        return Situation.COUNTED
    return Situation.ANNULLED if last.why in ("annulment", "court") else Situation.RECALLED


def absent_of(replay: Replay) -> tuple[Absent, ...]:
    return tuple(
        Absent(a.get("what", ""), a.get("stations"), a.get("voters"), a.get("source", ""), a.get("constituency", ""))
        for a in replay.manifest.get("absent", [])
    )


def unlisted(replay: Replay) -> int:
    return unlisted_of(replay.manifest.get("announced"), len(replay.register.places), absent_of(replay))


def coverages(replay: Replay) -> dict[Area, Coverage]:
    """By area. held: None, the log does not say what the house holds."""
    n = len(Situation)
    sums: dict[Area, list[Any]] = {area: [0] * (n + 3) for area in replay.register.expected}
    for key, place in replay.register.places.items():
        past = replay.history.get(key)
        worth = situation_of(past)
        registered = place.registered
        if registered is None and worth is Situation.ANNULLED and past:
            registered = past[-1].entry.get("registered")
        for area in place.areas:
            line = sums[area]
            line[worth] += 1
            if worth in (Situation.MISSING, Situation.RECALLED):
                line[n] = added(line[n], registered)
            if worth is Situation.ANNULLED:
                line[n + 1] = added(line[n + 1], registered)
            if worth is Situation.RECALLED:
                line[n + 2] = added(line[n + 2], registered)
    out = {}
    beside = unlisted(replay)
    for area, (counted, annulled, missing, recalled, away, struck, back) in sums.items():
        more = beside if area == NATION else 0
        out[area] = Coverage(
            expected=counted + annulled + missing + recalled + more, counted=counted, annulled=annulled, recalled=recalled,
            held=None, registered_away=away, registered_annulled=struck, registered_recalled=back,
            unlisted=more,
        )  # fmt: skip
    return out


def figures_of(entry: Mapping[str, Any], form: Sequence[str]) -> dict[str, int]:
    """What one report states, by box; the valid votes are the sum of the votes where it leaves them empty."""
    found = {BOX_OF[name].value: entry.get(name, ABSENT) for name in form}
    votes = sum(v["n"] for v in entry["votes"])
    found["votes"] = votes
    if found.get(Box.VALID.value, ABSENT) == ABSENT:
        found[Box.VALID.value] = votes
    return found


def balances(replay: Replay) -> dict[Area, list[Balance]]:
    """By area, as the application has them: totals from the sums, the parts of a gap station by station."""
    form = [name for name in NAMES if name in replay.manifest["boxes"]]
    rules = [r for r in BALANCES if r.fits({**{BOX_OF[n].value: 0 for n in form}, "votes": 0, "valid": 0})]
    keeps = {BOX_OF[n].value for n in replay.manifest["keeps"] if n in BOX_OF}
    held = {area: [[0] * 8 for _rule in rules] for area in replay.register.expected}
    for key, past in replay.history.items():
        place = replay.register.places.get(key)
        worth = situation_of(past)
        if place is None or not (worth is Situation.COUNTED or (worth is Situation.ANNULLED and keeps)):
            continue
        figures = figures_of(past[-1].entry, form)
        if worth is Situation.ANNULLED:
            figures = {name: v if name in keeps else ABSENT for name, v in figures.items()}
        for i, rule in enumerate(rules):
            left, right, gap, filled = sides(rule, figures)
            at = 0 if not gap else 2 if filled and gap > 0 else 4 if filled else 6
            for area in place.areas:
                line = held[area][i]
                line[0] += left
                line[1] += right
                if at:
                    line[at] += 1
                    line[at + 1] += gap
    return {area: [Balance(r, *line) for r, line in zip(rules, lines, strict=True)] for area, lines in held.items()}


def sheet_of(entry: Mapping[str, Any], replay: Replay) -> tuple[Sheet, frozenset[Box]]:
    """A published report as the rules read it, and the boxes of its form."""
    form = [BOX_OF[name] for name in NAMES if name in replay.manifest["boxes"]]
    votes = {v["list"]: v["n"] for v in entry["votes"]}
    boxes = {box: entry.get(FIGURES[box.value]) for box in form}
    return Sheet(boxes, tuple(votes.get(n) for n in replay.lists)), frozenset(form)


def findings_of(key: Key, version: Version, replay: Replay) -> list[Finding]:
    """What does not hold on a published report, from the log alone: the registry's own sentences."""
    sheet, form = sheet_of(version.entry, replay)
    return findings(sheet, form=form, register=replay.register.places[key].registered)
