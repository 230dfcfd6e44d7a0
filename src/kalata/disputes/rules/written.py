"""An election written out in full (small cases, tests, simulations), read strictly: what is wrong is named, nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kalata.refusals import Refused
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.outcome import local_outcomes
from kalata.results.rules.profile import system_of
from kalata.results.rules.systems import System, fits
from kalata.text import gettext_noop as _

from .acts import whole
from .effect import sha256_of
from .election import Election, Key, tidied

STANDINGS = {s.name.lower(): int(s) for s in Standing}
Systems = Callable[[], Mapping[str, Mapping[str, object]]]


class BadElection(Refused):
    code = "DIS-510"
    says = _("Cette élection ne peut pas être lue : « %(field)s » est %(value)s.")
    remedy = _("Écrivez %(expected)s et recommencez. Rien n’a été calculé.")
    status = 422


class NoSeats(Refused):
    """Never one seat by default."""

    code = "DIS-511"
    says = _("Le nombre de sièges de la circonscription « %(field)s » n’est pas donné (%(value)s).")
    remedy = _("Donnez dans « seats » le nombre de sièges de chaque circonscription, un au moins.")
    status = 422


def bad(field: str, value: object, expected: str) -> BadElection:
    return BadElection(field=field, value="absent" if value is None else str(value)[:80], expected=expected)


def table(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise bad(field, value, "{…}")
    return value


def texts(value: object, field: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        raise bad(field, value, '["…", "…"]')
    return tuple(value)


def only(data: Mapping[str, Any], known: str, field: str) -> None:
    for key in data:
        if key not in known.split():
            raise bad(f"{field}{key}", "?", known.replace(" ", ", "))


def election_from(raw: object, systems: Systems = dict) -> Election:
    """The election in `raw`. systems: those of the pack, asked only where one is named.

    Raises: DIS-510, DIS-511; RES-201, RES-202, RES-203 of the system.
    """
    data = table(raw, "election")
    only(data, "contest options seats stations annulled_keeps", "election.")
    contest = table(data.get("contest"), "contest")
    name = contest.get("system")
    if name is None:
        raise bad("contest.system", None, "{kind: …}")
    system = system_of(name, systems() if isinstance(name, str) else {})
    assert system is not None
    round_ = contest.get("round", 1)
    if not whole(round_) or round_ not in (1, 2, 3):
        raise bad("contest.round", round_, "1, 2")
    options = texts(data.get("options"), "options")
    if not options or len(set(options)) < len(options) or not all(o.strip() for o in options):
        raise bad("options", options, '["A", "B"]')
    fits(system, options)
    stations = data.get("stations")
    if not isinstance(stations, list) or not stations:
        raise bad("stations", stations, "[{station: […], votes: […]}]")
    rows = [table(s, f"stations[{i}]") for i, s in enumerate(stations)]
    found = columns_of(rows, options)
    found.update(places_of(rows, system, data.get("seats")))
    keeps = texts(data.get("annulled_keeps") or [], "annulled_keeps")
    areas: list[Key] = found["areas"]
    words = {"area": [a[-1] if a else "" for a in areas]}
    if found["constituency"] is not None:
        words["constituency"] = [found["constituencies"][c] for c in found["constituency"]]
    return Election(
        contest=str(contest.get("id", "")),
        system=system,
        options=options,
        round=round_,
        keeps=tuple(box(b, "annulled_keeps") for b in keeps),
        columns=words.get,
        sha256={"election": sha256_of(data)},
        **found,
    )


def box(name: object, field: str) -> Box:
    if not isinstance(name, str) or name not in set(Box):
        raise bad(field, name, ", ".join(b.value for b in Box))
    return Box(name)


def columns_of(rows: Sequence[Mapping[str, Any]], options: tuple[str, ...]) -> dict[str, Any]:
    """Keys, areas, standings, figures and votes, a column each."""
    keys: list[Key] = []
    areas: list[Key] = []
    standing: list[int] = []
    votes: list[list[int]] = []
    sheets: list[dict[Box, int]] = []
    seen: dict[Key, int] = {}
    for i, row in enumerate(rows):
        at = f"stations[{i}]"
        only(row, "station area constituency status figures votes", f"{at}.")
        key = texts(row.get("station"), f"{at}.station")
        if not key or not any(part.strip() for part in key):
            raise bad(f"{at}.station", key, '["S01"]')
        if seen.setdefault(tidied(key), i) != i:
            raise bad(f"{at}.station", " / ".join(key), "une clé par bureau, chacune une fois")
        state = row.get("status", "counted")
        if not isinstance(state, str) or state not in STANDINGS:
            raise bad(f"{at}.status", state, ", ".join(STANDINGS))
        counts = row.get("votes")
        if counts is None and state != "counted":
            counts = [None] * len(options)
        if not isinstance(counts, list) or len(counts) != len(options):
            raise bad(f"{at}.votes", counts, f"{len(options)} × 0, 1, 2, …")
        keys.append(key)
        areas.append(texts(row.get("area") or [], f"{at}.area"))
        standing.append(STANDINGS[state])
        votes.append([number(v, f"{at}.votes") for v in counts])
        figures = table(row.get("figures") or {}, f"{at}.figures")
        sheets.append({box(k, f"{at}.figures"): number(v, f"{at}.figures.{k}") for k, v in figures.items()})
    boxes = tuple(b for b in Box if any(b in sheet for sheet in sheets))
    return {
        "keys": keys,
        "areas": areas,
        "standing": standing,
        "boxes": boxes,
        "figures": [[sheet.get(b, ABSENT) for sheet in sheets] for b in boxes],
        "votes": [[row[j] for row in votes] for j in range(len(options))],
    }


def number(value: object, field: str) -> int:
    if value is None:
        return ABSENT
    if not whole(value):
        raise bad(field, value, "0, 1, 2, …")
    assert isinstance(value, int)
    return value


def places_of(rows: Sequence[Mapping[str, Any]], system: System, seats: object) -> dict[str, Any]:
    """Constituencies, the place of each station among them, and their seats: each known, or refused."""
    named = [row.get("constituency") for row in rows]
    given = table(seats or {}, "seats")
    for code, n in given.items():
        if not whole(n):
            raise bad(f"seats.{code}", n, "1, 2, …")
    if all(name is None for name in named):
        if given:
            raise bad("seats", ", ".join(given), "constituency")
        return {"constituencies": (), "constituency": None, "seats": {}}
    index: dict[str, int] = {}
    for i, name in enumerate(named):
        if not isinstance(name, str) or not name:
            raise bad(f"stations[{i}].constituency", name, '"K1"')
        index.setdefault(name, len(index))
    for code in index if local_outcomes(system) else ():
        if not (given.get(code) or (system.seats if code not in given else None)):
            raise NoSeats(field=code, value=str(given.get(code, "absent")))
    places = [index[str(name)] for name in named]
    return {"constituencies": tuple(index), "constituency": places, "seats": dict(given)}
