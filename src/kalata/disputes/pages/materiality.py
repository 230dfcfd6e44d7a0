"""A case weighed, arranged for its page: the strip, the gauge, the stations by effect, the hypotheses side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kalata.disputes.queries.weighing import OPTIONS, SHOWN, Answer, Hypothesis
from kalata.disputes.rules.election import OPEN
from kalata.disputes.rules.reach import Reach
from kalata.results.rules.boxes import Box, Standing
from kalata.results.rules.outcome import STATUS_LABELS, Status
from kalata.text import gettext_noop as _

WHO: Mapping[Status, str] = {
    Status.ELECTED: _("Élu"), Status.RUNOFF: _("Qualifiés"), Status.ADOPTED: _("Réponse"), Status.REJECTED: _("Réponse"),
}  # fmt: skip
BOUNDARIES: Mapping[str, str] = {
    "majority": _("majorité requise"), "qualification": _("dernière place au second tour"),
    "qualification_share": _("seuil d’accès au second tour"), "rank": _("premier et second"), "adoption": _("oui et non"),
    "approval": _("part d’approbation"), "quorum": _("quorum de participation"), "threshold": _("seuil de représentation"),
}  # fmt: skip


def drawn(answer: Answer, lang: str) -> dict[str, Any]:
    """Everything the template reads of an answer."""
    names = answer.names
    return {
        "answer": answer, "head": answer.conclusion, "rests": answer.rests_on, "criteria": answer.criteria,
        "strip": strip(answer), "gauge": gauge(answer), "rows": rows(answer), "many": len(answer.weighing.contested),
        "hypotheses": [column(answer, h) for h in answer.hypotheses], "options": options(answer, names),
        "costs": costs(answer), "margins": margins(answer, names), "prices": prices(answer, names),
        "others": [other(answer, p) for p in answer.places[1:]], "names": names, "reach": named(answer.reach, names),
        "digest": answer.digest, "recomputed": recomputed(answer), "where": answer.place.code or "",
        "least": least_names(answer), "acts": answer.case.get("acts") or [], "lang": lang,
    }  # fmt: skip


def recomputed(answer: Answer) -> str:
    done = answer.weighing.applied
    return done.digest if done is not None else ""


def named(found: Reach | None, names: Mapping[str, str]) -> dict[str, str] | None:
    """The two options of the bound by their names, where two make it."""
    if found is None or found.first < 0:
        return None
    options = found.place.election.options
    return {side: names.get(options[j], options[j]) for side, j in (("first", found.first), ("second", found.second))}


# --- the strip and the gauge -----------------------------------------------------------------------------
def strip(answer: Answer) -> dict[str, Any]:
    one, found = answer.weighing, answer.reach
    least = one.minimal
    chosen = sorted(answer.annulled_now)
    picked = places_of(answer)
    effect = one.effect
    return {
        "need": found.need if found else None, "ceiling": found.ceiling if found else None,
        "chosen": len(chosen), "brought": found.brought(chosen) if found else None,
        "effect": None if effect is None or not answer.case.get("acts") else "same" if effect["same"] else "open" if any(o.status in OPEN for o in one.applied.after.outcomes.values()) else "changed",  # type: ignore[union-attr]
        "contested": len(one.contested), "can": one.ceiling["can_change"], "sure": one.ceiling["exact"],
        "least": least["stations"] if least else None, "exact": bool(least and least["exact"]), "none": least is None,
        "at_least": (least or {}).get("at_least"), "moved": found.brought(picked) if found and picked else None,
        "votes": pair(answer),
    }  # fmt: skip


def places_of(answer: Answer) -> list[int]:
    """The stations of the smallest set, in the election."""
    least = answer.weighing.minimal
    return [at for key in (least or {}).get("set") or () if (at := answer.weighing.election.find(key)) is not None]


def pair(answer: Answer) -> list[tuple[str, int]]:
    """The two options of the bound and their votes in force."""
    found = answer.reach
    if found is None or found.first < 0:
        return []
    votes = list(answer.place.totals.votes.items())
    return [votes[found.first], votes[found.second]]


def gauge(answer: Answer) -> dict[str, Any] | None:
    """Marks on one scale, in hundredths of its width; None where no single bound decides."""
    found = answer.reach
    if found is None:
        return None
    chosen, moved = found.brought(answer.annulled_now), found.brought(places_of(answer))
    top = max(found.need, found.ceiling, moved, chosen, 1) * 115
    values = {"need": found.need, "ceiling": found.ceiling, "least": moved, "chosen": chosen}
    at = {name: 1_000_000 * max(value, 0) // top for name, value in values.items()}
    apart = abs(at["chosen"] - at["least"]) if moved else 10_000
    return {
        **{name: f"{x // 100}.{x % 100:02}" for name, x in at.items()},
        "right": at["ceiling"] > 8_000, "early": at["need"] < 2_000, "low": at["least"] < 2_500,
        "say": "" if abs(at["ceiling"] - at["chosen"]) < 2_500 else "over" if at["chosen"] < at["need"] - 2_200 else "under" if apart > 3_000 else "",
        "crowd": abs(at["ceiling"] - at["need"]) < 1_600,
        "values": values | {"least": moved if places_of(answer) else None, "chosen": chosen if answer.annulled_now else None},
    }  # fmt: skip


# --- stations --------------------------------------------------------------------------------------------
def rows(answer: Answer) -> list[dict[str, Any]]:
    """The contested stations, by what their annulment brings, at most SHOWN of them."""
    election, found = answer.weighing.election, answer.reach
    if found is not None:
        order = [(r.station, r.brings, r.running) for r in found.rows()]
    else:
        order = [(at, 0, None) for at in answer.place.pool]
    order = order[:SHOWN]
    most = max((abs(brings) for _at, brings, _r in order), default=0) or 1
    left = max((-brings for _at, brings, _r in order if brings < 0), default=0)
    span = most + left or 1
    out, cut = [], False
    for at, brings, running in order:
        width = 960 * abs(brings) // span
        zero = 20 + 960 * left // span
        passes = not cut and found is not None and running is not None and running >= found.need
        cut = cut or passes
        out.append({
            "code": " / ".join(election.keys[at]), "registered": known(election.figure(at, Box.REGISTERED)),
            "valid": election.valid[at],
            "first": election.votes[found.first][at] if found and found.first >= 0 else None,
            "second": election.votes[found.second][at] if found and found.first >= 0 else None,
            "brings": brings, "running": running, "ticked": at in answer.annulled_now, "cut": passes,
            "bar": {"zero": zero, "x": zero if brings >= 0 else zero - width, "w": width, "up": brings >= 0},
        })  # fmt: skip
    return out


def known(value: int) -> int | None:
    return None if value < 0 else value


# --- hypotheses ------------------------------------------------------------------------------------------
def column(answer: Answer, one: Hypothesis) -> dict[str, Any]:
    """A hypothesis in a column: who is elected, qualified, the seats; the stations it annuls and their electors."""
    code = answer.place.code or ""
    outcome = one.election.outcomes[code]
    seats = {o: n for o, n in outcome.seats().items() if n}
    return {
        "key": one.key, "label": one.label, "status": STATUS_LABELS[outcome.status], "open": outcome.status in OPEN,
        "decided": list(outcome.options), "seats": seats, "valid": one.election.sums[answer.place.at].valid,
        "stations": len(one.stations), "changes": one.key != "now" and not outcome.same_as(answer.place.found),
        "who": WHO.get(outcome.status, WHO[Status.ELECTED]),
    }  # fmt: skip


def options(answer: Answer, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each candidacy in each hypothesis: votes, rank by votes, seats."""
    at, code = answer.place.at, answer.place.code or ""
    election = answer.weighing.election
    sides = [(h.election.votes_of(h.election.sums[at]), h.election.outcomes[code].seats()) for h in answer.hypotheses]
    now = sides[0][0]
    order = sorted((o for o in election.options if now[o] or answer.place.code is None), key=lambda o: -now[o])
    return [
        {
            "code": o, "name": names.get(o, o),
            "cells": [{"votes": votes[o], "difference": votes[o] - now[o], "seats": seats.get(o, 0)} for votes, seats in sides],
        }
        for o in order[:OPTIONS]
    ]  # fmt: skip


def costs(answer: Answer) -> list[dict[str, Any]]:
    """The electors who would lose their vote, by hypothesis, of those of the place."""
    one = answer.weighing
    election, at = one.election, answer.place.at
    here = [i for i, state in enumerate(election.standing) if state != Standing.MISSING and election.place(i) == at]
    whole = one.electors(here)
    return [{"label": h.label, "stations": len(h.stations), "registered": one.electors(h.stations), "whole": whole} for h in answer.hypotheses[1:]]  # fmt: skip


def margins(answer: Answer, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {**m, "what": BOUNDARIES.get(m["boundary"], m["boundary"]), "who": [names.get(o, o) for o in m["options"]]}
        for m in answer.margins[:OPTIONS]
    ]


def prices(answer: Answer, names: Mapping[str, str]) -> list[dict[str, Any]]:
    found = sorted(answer.prices, key=lambda d: d["votes"])
    return [{**d, "name": names.get(d["option"], d["option"]), "exact": d.get("exact", True)} for d in found[:OPTIONS]]


def other(answer: Answer, place: Any) -> dict[str, Any]:
    """Another constituency with contested stations: its ceiling and its smallest set."""
    found = answer.weighing.found[place.at]
    return {
        "code": place.code or "", "contested": len(place.pool), "least": found.size if found.chosen else None, "exact": found.exact,
        "none": found.chosen is None and found.exact,
    }  # fmt: skip


def least_names(answer: Answer) -> list[str]:
    least: Mapping[str, Any] = answer.weighing.minimal or {}
    keys: Sequence[Any] = least.get("set") or ()
    return [" / ".join(key) for key in keys[:SHOWN]]
