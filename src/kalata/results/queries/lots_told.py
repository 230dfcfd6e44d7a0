"""What the public log says of draws of lots, and whether it still says what the database does."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kalata.country.models import Contest
from kalata.results.models import Lot, LotAnnouncement, LotUndone
from kalata.results.rules import lots
from kalata.transparency import upkeep
from kalata.transparency.models import LogEntry, PublicLog
from kalata.transparency.site.serving import site_file


def body_of(made: LotAnnouncement, kind: str) -> dict[str, Any]:
    """What the log says of it. Lists by their number on the ballot; nobody is named."""
    if kind == "lot":
        votes = [{"list": n, "n": made.votes[o]} for n, o in zip(made.lists, made.options, strict=True)]
        return {
            "number": made.number, "constituency": lots.plain(made.place), "votes": votes, "places": made.seats,
            "promise": made.promise, "source": made.source,
        }  # fmt: skip
    if kind == "undraw":
        return {"number": made.number, "act": LotUndone.objects.get(announcement=made).document}
    lot = Lot.objects.get(announcement=made)
    number = dict(zip(made.options, made.lists, strict=True))
    return {
        "number": made.number, "secret": lot.secret, "public": lot.public_number,
        "order": [number[o] for o in lot.order], "act": lot.document,
    }  # fmt: skip


def entries_of(contest: Contest) -> dict[int, dict[str, str]]:
    """By number of the draw, the entries of the public log that say it: index -> address of the proof, "" while not published."""
    rows = LogEntry.objects.filter(log__name=contest.code, outbox__kind__in=["lot", "draw", "undraw"]).order_by("index")
    found: dict[int, dict[str, str]] = {}
    for index, body in rows.values_list("index", "outbox__body"):
        there = (f"{folder}draw/{index}.tlog-proof" for folder in ("", f"{contest.code}/"))
        path = next((p for p in there if site_file(p)), "")
        found.setdefault(body["number"], {})[str(index)] = reverse("site", args=[path]) if path else ""
    return found


def compared(contest: Contest) -> list[str]:
    """Where the draws of the database are no longer those of the public log."""
    one = PublicLog.objects.filter(name=contest.code).first()
    if one is None:
        return []
    said = upkeep.lots_of(one)
    here = {m.number: m for m in LotAnnouncement.objects.filter(contest=contest).select_related("lot", "undone")}
    wrong = [f"lots {n}: not in the database" for n in said.keys() - here.keys()]
    for number, made in here.items():
        kinds = ["lot", *(["draw"] if hasattr(made, "lot") else []), *(["undraw"] if hasattr(made, "undone") else [])]
        bodies = [body_of(made, kind) for kind in kinds]
        if said.get(number) != bodies:
            wrong.append(f"lots {number}: the log says something else")
    return wrong


def announced(contest: Contest) -> QuerySet[LotAnnouncement]:
    """Every draw announced for a contest."""
    return LotAnnouncement.objects.filter(contest=contest)
