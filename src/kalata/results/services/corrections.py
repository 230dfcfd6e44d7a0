"""What may still be corrected once a contest has figures, by two persons who see the effect.

The spelling of a name and an emblem; before the publication, constituencies and their seats. Everything else
that gives figures their meaning is frozen (CON-101).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from django.db import transaction

from kalata import codes
from kalata.country import freezing
from kalata.country import services as country
from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.people.approving import still
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Effect, Item, Line, Picture, Row, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_about_contest, require
from kalata.results import kinds, shown
from kalata.results.numeric import table as tables
from kalata.results.queries import board as boards
from kalata.results.queries.differences import meaning_digest
from kalata.results.services.contests import changed
from kalata.text import Message, Named
from kalata.text import gettext_noop as _


def contest_asked(approval: Approval) -> Contest:
    return Contest.objects.select_related("election__pack", "election__geography").get(pk=approval.payload["contest"])


def named(contest: Contest) -> Named:
    return Named(contest.name_fr, contest.name_en)


LIST_OR_SEATS = _("les candidatures, leurs noms, les circonscriptions ou leurs sièges")


# --- names ----------------------------------------------------------------------------------------
def renamed(contest: Contest, names: Mapping[int, tuple[str, str]]) -> dict[str, list[str]]:
    """code -> [name, emblem] of the options whose spelling or emblem changes.

    Raises: CON-102 no change, a rank that is not there, or the name of another option: that would be an exchange
    of two candidates, not a correction.
    """
    options = {o.rank: o for o in contest.options.all()}
    out: dict[str, list[str]] = {}
    for rank, (name, emblem) in names.items():
        option = options.get(rank)
        if option is None:
            raise country.BadContest(field="options", why=f"n° {rank}")
        clean = codes.label(name)
        rest = [o for o in options.values() if o.pk != option.pk]
        if codes.name_key(clean) in {codes.name_key(text) for o in rest for text in (o.name, o.code)}:
            raise country.BadContest(field="options", why=f"« {clean} » est une autre candidature de ce scrutin")
        country.own_emblems([emblem.strip()[:20], *{o.emblem for o in rest if o.emblem}])
        if (clean, emblem.strip()[:20]) != (option.name, option.emblem):
            out[option.code] = [clean, emblem.strip()[:20]]
    if not out:
        raise country.BadContest(field="options", why="aucun nom ne change")
    codes.distinct([out.get(o.code, [o.name])[0] for o in options.values()], codes.name_key)
    country.own_emblems([out.get(o.code, [o.name, o.emblem])[1] for o in options.values()])
    return out


@transaction.atomic
def ask_names(
    *, contest: Contest, names: Mapping[int, tuple[str, str]], reason: str, by: Person, seen: str | None = None
) -> Approval:
    """Ask that names or emblems be written otherwise. names: rank -> (name, emblem). Codes and order never change."""
    require(by, "results.setup", contest=contest.pk)
    as_shown(seen, shown.of_meaning(contest), LIST_OR_SEATS)
    found = renamed(contest, names)
    return ask_about_contest(
        contest,
        kind="contest.names",
        summary=f"Corriger l’orthographe de noms ({len(found)})",
        payload={"names": found},
        reason=reason,
        by=by,
    )


def of_names(approval: Approval, page: int = 1) -> Picture:
    contest, asked = contest_asked(approval), approval.payload["names"]
    facts: dict[str, Value] = {"contest": contest.code, "meaning": meaning_digest(contest)}
    items = []
    for option in contest.options.all():
        if option.code not in asked:
            continue
        name, emblem = asked[option.code]
        facts[f"difference:{option.code}"] = f"{option.name} | {option.emblem} → {name} | {emblem}"
        lines = [Line(_("Nom"), option.name, name)] if name != option.name else []
        lines += [Line(_("Emblème"), option.emblem or None, emblem or None)] if emblem != option.emblem else []
        items.append(Item(option.name, str(option.rank), tuple(lines), note=_("Ses voix restent les siennes.")))
    return Picture(
        Message(_("Corriger l’orthographe de noms (%(n)d) : %(name)s"), {"n": len(items), "name": named(contest)}),
        facts,
        tuple(items),
        len(items),
        then=(
            _("Aucune voix ne change : le rang et le code de chaque candidature restent."),
            _("Le journal public garde les noms tels qu’il les a inscrits à son ouverture."),
        ),
    )


@approvable("contest.names", "results.publish", of_names, title=_("Correction de noms"), asks="results.setup")
def rename(approval: Approval, by: Person) -> None:
    contest = Contest.objects.select_for_update().get(pk=approval.payload["contest"])
    still(approval)
    before = {}
    for option in contest.options.filter(code__in=approval.payload["names"]):
        before[option.code] = [option.name, option.emblem]
        option.name, option.emblem = approval.payload["names"][option.code]
        option.save(update_fields=["name", "emblem"])
    record(
        by=by, kind=kinds.CONTEST_NAMES, subject=f"contest:{contest.code}", before=before, after=approval.payload["names"],
        reason=approval.reason, rows=[contest.options.all()],
    )  # fmt: skip
    if contest.revision:
        changed(contest)


# --- constituencies and seats -----------------------------------------------------------------------
@transaction.atomic
def ask_constituencies(
    *, contest: Contest, rows: Sequence[Mapping[str, Any]], reason: str, by: Person, seen: str | None = None
) -> Approval:
    """Ask that constituencies or their seats be corrected before the publication. CON-101 once it is public."""
    require(by, "results.setup", contest=contest.pk)
    as_shown(seen, shown.of_meaning(contest), LIST_OR_SEATS)
    freezing.free(contest, "constituencies", two=True)
    clean = country.clean_constituencies(contest, rows)
    held = {c.code: (c.name, c.seats) for c in contest.constituencies.all()}
    if all(held.get(r["code"]) == (r["name"], r["seats"]) for r in clean) and not country.unplaced(contest, clean):
        raise country.BadContest(field="constituencies", why="rien ne change")
    return ask_about_contest(
        contest,
        kind="contest.constituencies",
        summary="Corriger les circonscriptions et leurs sièges",
        payload={"rows": clean},
        reason=reason,
        by=by,
    )


def of_constituencies(approval: Approval, page: int = 1) -> Picture:
    contest, rows = contest_asked(approval), approval.payload["rows"]
    held = {c.code: c for c in contest.constituencies.all()}
    fresh = country.unplaced(contest, rows)
    facts: dict[str, Value] = {
        "contest": contest.code, "public": contest.published_at is not None, "meaning": meaning_digest(contest),
        "counted": len(fresh),
    }  # fmt: skip
    items = []
    for row in rows:
        old = held.get(row["code"])
        if old is not None and (old.name, old.seats) == (row["name"], row["seats"]):
            continue
        was = f"{old.name} | {old.seats}" if old else "–"
        facts[f"difference:{row['code']}"] = f"{was} → {row['name']} | {row['seats']}"
        lines = [Line(_("Sièges"), old.seats if old else None, row["seats"])]
        if old is not None and old.name != row["name"]:
            lines.append(Line(_("Nom"), old.name, row["name"]))
        items.append(Item(row["name"], row["code"], tuple(lines)))
    return Picture(
        Message(_("Corriger les circonscriptions et leurs sièges : %(name)s"), {"name": named(contest)}),
        facts,
        tuple(items),
        len(items),
        seats_effect(contest, rows, fresh) if contest.revision else None,
        then=(
            Message(
                _(
                    "%(n)d {n:bureau sans circonscription y est rattaché|bureaux sans circonscription y sont rattachés}."
                ),
                {"n": len(fresh)},
            ),
            _("Les sièges se répartissent de nouveau ; aucune voix ne change."),
        ),
    )


def seats_effect(contest: Contest, rows: Sequence[Mapping[str, Any]], fresh: Mapping[int, str]) -> Effect:
    """Seats of each option before and after, on the figures held now."""
    board = boards.board(contest)
    seats = {g.code: g.seats for g in board.frame.constituencies} | {r["code"]: r["seats"] for r in rows}
    now = board.table
    names = [*now.constituencies, *(r["code"] for r in rows if r["code"] not in now.constituencies)]
    groups = now.constituency.copy() if now.constituency is not None else np.full(len(now.keys), -1, np.int64)
    for station, code in fresh.items():
        groups[board.frame.index[station]] = names.index(code)
    if (groups < 0).any():
        names = names if "" in names else [*names, ""]
        groups = np.where(groups < 0, names.index(""), groups)
    after = replace(now, constituencies=names, constituency=groups)
    _groups, outcome, outcomes = boards.decided(board.contest, after, tables.totals(after), seats)
    held = board.seats()
    becomes: dict[str, int] = {}
    for found in [outcome] if outcome else outcomes.values():
        for option, n in found.seats().items():
            becomes[option] = becomes.get(option, 0) + n
    drawn = [Row(o.name, held.get(o.code, 0), becomes.get(o.code, 0), emblem=o.emblem) for o in board.options]
    calm = all(row.before == row.after for row in drawn)
    return Effect(
        _("Les sièges de chaque liste restent les mêmes.") if calm else _("Les sièges de chaque liste changent."),
        calm,
        tuple(sorted(drawn, key=lambda row: (-row.after, row.label))),
        Row("Σ", sum(held.values()), sum(becomes.values())),
        notes=(_("Sièges, non des voix, sur les chiffres tenus à cet instant."),),
        inside=True,
    )


@approvable(
    "contest.constituencies",
    "results.publish",
    of_constituencies,
    title=_("Circonscriptions d’un scrutin déjà publié"),
    asks="results.setup",
)
def rearrange(approval: Approval, by: Person) -> None:
    contest = Contest.objects.select_for_update().get(pk=approval.payload["contest"])
    still(approval)
    freezing.free(contest, "constituencies", two=True)
    country.write_constituencies(contest=contest, rows=approval.payload["rows"], by=by)
