"""What the second person has before the eyes when figures are to change: station by station, and who leads.

Each function draws one kind of request on the records as they are now. Its `facts` are what the approval is bound to;
the effect on the totals that everybody reads is drawn from the very table that publishes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from kalata.country.models import Contest, Station
from kalata.people.approving import PAGE
from kalata.people.models import Approval
from kalata.people.rules.picture import Effect, Item, Line, Picture, Piece, Text, Value
from kalata.results import import_limits
from kalata.results.models import Import, StationReport
from kalata.results.queries import differences, published
from kalata.results.queries.effects import effect_of
from kalata.results.queries.store import sheet_of, unpacked
from kalata.results.rules.boxes import LABELS, STANDING_LABELS, Box, Sheet, Standing
from kalata.results.rules.sheets import lines_of
from kalata.results.services import authority
from kalata.text import Message, Named
from kalata.text import gettext_noop as _

NAMED = 200
"""Stations that a request names one by one in its facts; beyond, they are held by one hash."""


# --- lines of a station ------------------------------------------------------------------------
def labels_of(contest: Contest) -> dict[str, str]:
    return {b: LABELS.get(Box(b), b) for b in contest.boxes} | {f"c{o.rank}": o.name for o in contest.options.all()}


def changed_lines(labels: Mapping[str, str], before: Sheet | None, after: Sheet | None) -> tuple[tuple[Line, ...], int]:
    """(lines that differ, how many do not)."""
    a, b = lines_of(before) if before else {}, lines_of(after) if after else {}
    names = list(dict.fromkeys([*a, *b]))
    rows = [Line(labels.get(n, n), a.get(n), b.get(n)) for n in names if a.get(n) != b.get(n)]
    return tuple(rows), len(names) - len(rows) if a and b else 0


def window(page: int) -> slice:
    return slice((page - 1) * PAGE, page * PAGE)


def version_of(row: tuple[int, int] | None) -> str:
    return "–" if row is None else f"v{row[0]} {Standing(row[1]).name.lower()}"


def in_force(contest: Contest, codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """station code -> (version, standing) in force."""
    out: dict[str, tuple[int, int]] = {}
    rows = StationReport.objects.filter(contest=contest, current=True)
    if len(codes) > 900:
        wanted = set(codes)
        found = rows.values_list("station__code", "version", "standing").iterator(chunk_size=5_000)
        return {c: (v, s) for c, v, s in found if c in wanted}
    for code, version, standing in rows.filter(station__code__in=codes).values_list(
        "station__code", "version", "standing"
    ):
        out[code] = (version, standing)
    return out


def sheets_in_force(contest: Contest, codes: Sequence[str]) -> dict[str, Sheet]:
    """station code -> the figures in force now: what a request would change, wherever it was asked from."""
    boxes = authority.boxes_of(contest)
    rows = StationReport.objects.filter(contest=contest, current=True, station__code__in=list(codes))
    return {code: sheet_of(sheet, boxes) for code, sheet in rows.values_list("station__code", "sheet")}


# --- imports ------------------------------------------------------------------------------------
def of_import(approval: Approval, page: int = 1) -> Picture:
    """A file over something public: every station that changes or is added, and the totals that follow."""
    one = Import.objects.select_related("contest__election__pack", "contest__election__geography").get(
        pk=approval.payload["import"]
    )
    contest = one.contest
    found = differences.read(one)
    codes = [row["station"] for row in found.rows]
    force = in_force(contest, codes)
    held = {
        code: (pk, name) for code, pk, name in Station.objects.filter(contest=contest).values_list("code", "pk", "name")
    }
    ids = {code: pk for code, (pk, _name) in held.items()}
    facts: dict[str, Value] = {
        "difference": one.difference,
        "file": one.sha256,
        "rows": len(codes),
        "meaning": differences.meaning_digest(contest),
        "public": contest.published_at is not None,
        **base_facts({c: version_of(force.get(c)) if c in ids else "" for c in codes}),
    }
    boxes, labels = authority.boxes_of(contest), labels_of(contest)
    items = [where_it_went(found.head.get("places") or [])] if page == 1 and found.head.get("places") else []
    shown = found.rows[window(page)]
    held_now = sheets_in_force(contest, [r["station"] for r in shown if r["station"] in ids])
    for row in shown:
        before = held_now.get(row["station"])
        after = authority.proved_sheet(row["to"]["figures"], boxes) if "to" in row else None
        lines, same = changed_lines(labels, before, after)
        if gone := worth(row):  # what leaves or enters the totals is said figure by figure
            lines, same = of_worth(row, labels, before, after), 0
        name = held.get(row["station"], (0, ""))[1] or row["station"]
        items.append(Item(name, row["station"], gone + lines, same, about(row)))
    changes = {
        ids[r["station"]]: (r["to"]["standing"], r["to"]["figures"])
        for r in found.rows
        if "to" in r and r["station"] in ids
    }
    fresh = [
        (r["to"]["standing"], r["to"]["figures"], r["created"].get("constituency") or "")
        for r in found.rows
        if "created" in r and "to" in r and r["station"] not in ids
    ]
    n = len(codes)
    effect = effect_of(contest, changes, fresh) if public_ever(contest) else None
    return Picture(
        headline(n, one.name, effect),
        facts,
        tuple(items),
        n,
        effect,
        (Piece(one.name, f"SHA-256 {one.sha256[:16]}…", intact=intact(one)),),
        (
            *standings_said(found.rows),
            _("Chaque bureau reçoit une nouvelle version ; l’ancienne reste lisible, marquée remplacée."),
            *((_("Le journal public inscrit les nouvelles versions et les nouveaux totaux."),) if effect else ()),
        ),
    )


def where_it_went(places: Sequence[Sequence[str]]) -> Item:
    """Every column and value of the file, and where it goes: as the difference itself says it."""
    both = _("%(to)s : %(why)s")
    lines = tuple(
        Line(name, None, Message(both, {"to": Message(to), "why": Message(why)}) if why else Message(to))
        for name, to, why in places
    )
    return Item(_("Où va chaque colonne du fichier"), lines=lines)


def public_ever(contest: Contest) -> bool:
    return published.first_public(contest) is not None


def standings_said(rows: Sequence[Mapping[str, Any]]) -> tuple[Message, ...]:
    """How many records in force will be worth something else, in words, before everything else that follows."""
    moves: dict[tuple[int, int], int] = {}
    for row in rows:
        if "to" not in row:
            continue
        now = row["to"]["standing"]
        was = import_limits.worth_before(row["from"]["standing"] if row.get("from") else None, now)
        if was != now:
            moves[was, now] = moves.get((was, now), 0) + 1
    return tuple(
        Message(
            _("%(n)d {n:bureau change|bureaux changent} d’état : de « %(was)s » à « %(now)s »."),
            {"n": n, "was": Message(STANDING_LABELS[Standing(was)]), "now": Message(STANDING_LABELS[Standing(now)])},
        )
        for (was, now), n in sorted(moves.items())
    )


def of_worth(
    row: Mapping[str, dict[str, int]], labels: Mapping[str, str], before: Sheet | None, after: Sheet | None
) -> tuple[Line, ...]:
    """The figures of a record whose state changes: what counted before, what counts after."""
    counted = int(Standing.COUNTED)
    old = lines_of(before) if before and row.get("from") and row["from"]["standing"] == counted else {}
    new = lines_of(after) if after and row["to"]["standing"] == counted else {}
    if not old and not new:
        return changed_lines(labels, before, after)[0]
    names = [n for n in dict.fromkeys([*old, *new]) if old.get(n) is not None or new.get(n) is not None]
    return tuple(Line(labels.get(n, n), old.get(n), new.get(n)) for n in names)


def headline(n: int, name: str, effect: Effect | None) -> Message:
    """What a file does, in one sentence: who loses what to whom, where only two options move."""
    moved = [row for row in effect.rows if row.gap] if effect else []
    if len(moved) == 2 and moved[0].gap == -moved[1].gap:
        to, source = sorted(moved, key=lambda row: -row.gap)
        return Message(
            _(
                "%(n)d {n:bureau change|bureaux changent} : %(votes)d {votes:voix passe|voix passent} de « %(source)s » à « %(to)s »"
            ),
            {"n": n, "votes": to.gap, "source": source.label, "to": to.label},
        )
    return Message(_("Un fichier change %(n)d {n:bureau|bureaux} : %(file)s"), {"n": n, "file": name})


def intact(one: Import) -> bool:
    from kalata.results.services.importing import path_of

    try:
        with path_of(one).open("rb") as kept:
            return hashlib.file_digest(kept, "sha256").hexdigest() == one.sha256
    except OSError:
        return False


def base_facts(versions: Mapping[str, str]) -> dict[str, Value]:
    """The versions on which a difference is drawn: by name for a few stations, by one hash for many."""
    if len(versions) <= NAMED:
        return {f"station:{code}": version or None for code, version in versions.items()}
    text = "".join(f"{code} {version}\n" for code, version in sorted(versions.items()))
    return {"figures": hashlib.sha256(text.encode()).hexdigest()}


def worth(row: Mapping[str, dict[str, int]]) -> tuple[Line, ...]:
    old = row["from"]["standing"] if row.get("from") else None
    new = row["to"]["standing"] if "to" in row else None
    if old == new or new is None:
        return ()
    return (
        Line(_("État"), None if old is None else STANDING_LABELS[Standing(old)], STANDING_LABELS[Standing(new)]),
    )  # fmt: skip


def about(row: Mapping[str, object]) -> Text:
    if "created" in row:
        return Message(_("Bureau créé par ce fichier, ligne %(row)d."), {"row": row["row"]})
    return Message(_("Ligne %(row)d du fichier."), {"row": row["row"]})


def named(contest: Contest) -> Named:
    return Named(contest.name_fr, contest.name_en or contest.name_fr)


# --- one station -------------------------------------------------------------------------------
def of_standing(approval: Approval, page: int = 1) -> Picture:
    """A record annulled, or counted again."""
    station = Station.objects.select_related("contest__election__pack", "contest__election__geography").get(
        pk=approval.payload["station"]
    )
    contest = station.contest
    now = StationReport.objects.filter(station=station, current=True).first()
    to = Standing(approval.payload["to"])
    version = version_of((now.version, now.standing) if now else None)
    facts: dict[str, Value] = {f"station:{station.code}": version, "to": to.name.lower(), "sheet": bytes(now.sheet).hex() if now else None,
                               "meaning": differences.meaning_digest(contest)}  # fmt: skip
    boxes, labels = authority.boxes_of(contest), labels_of(contest)
    sheet = lines_of(sheet_of(now.sheet, boxes)) if now else {}
    counted = to is Standing.COUNTED
    lines = [
        Line(labels.get(k, k), None if counted else v, v if counted else None)
        for k, v in sheet.items()
        if v is not None
    ]
    state = Line(_("État"), STANDING_LABELS[Standing(now.standing)] if now else None, STANDING_LABELS[to])
    changes = {station.pk: (int(to), unpacked(now.sheet))} if now and public_ever(contest) else {}
    says = (
        _("Annuler le bureau %(code)s : ses voix sortent des totaux")
        if not counted
        else _("Compter de nouveau le bureau %(code)s")
    )
    return Picture(
        Message(says, {"code": station.code}),
        facts,
        (Item(station.name or station.code, station.code, (state, *lines)),),
        1,
        effect_of(contest, changes) if changes else None,
        then=(
            _("Une nouvelle version du bureau porte cet état ; l’ancienne reste lisible."),
            _("Le journal public l’inscrit avec son motif."),
        ),
    )
