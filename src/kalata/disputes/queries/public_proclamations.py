"""Proclamations as everybody reads them: by the record that their signed paper carries, never by later figures."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from kalata.disputes.queries.elections import country_of
from kalata.disputes.rules.identifiers import identifiers
from kalata.disputes.rules.public_proclaimed import Apart, ProclamationFile
from kalata.evidence import store
from kalata.results.models import Proclamation
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.outcome import STATUS_LABELS, Status
from kalata.text import Message, Named
from kalata.text import gettext_noop as _
from kalata.transparency.models import LogEntry

RECORD = "proclamation.json"
VOTES_OF = _("voix de %(name)s")
log = logging.getLogger("kalata.disputes")


def files(contest: str = "") -> list[ProclamationFile]:
    """What the Court has proclaimed, latest first, each as it was signed."""
    rows = Proclamation.objects.select_related("contest__election__pack").order_by("-at")
    return [file_of(one) for one in (rows.filter(contest__code=contest) if contest else rows)]


def file(contest: str) -> ProclamationFile | None:
    return next(iter(files(contest)), None)


def file_of(one: Proclamation) -> ProclamationFile:
    contest = one.contest
    said = signed(one.document)
    result, counted = said.get("result") or {}, said.get("count") or {}
    names = dict(contest.options.values_list("code", "name"))
    lines = {f"c{rank}": name for rank, name in contest.options.values_list("rank", "name")}
    apart = counted.get("differences") or []
    places = dict(contest.stations.filter(code__in=[d["station"] for d in apart][:1_000]).values_list("code", "name"))
    votes = result.get("votes") or {}
    return ProclamationFile(
        contest=contest.code, contest_name=Named(contest.name_fr, contest.name_en or ""), number=one.number, at=one.at,
        ecli=ecli_of(one), document=one.document, outcome=one.outcome, figures_digest=one.figures, logged=logged(one),
        decisions=tuple(contest.decisions.order_by("at").values_list("number", flat=True)),
        coverage=tuple((label, int(result[key])) for label, key in COVERAGE if key in result),
        figures=tuple((LABELS[Box(b)], int(n)) for b, n in (result.get("figures") or {}).items()),
        options=tuple((names.get(o, o), int(votes[o]), (result.get("seats") or {}).get(o)) for o in result.get("order") or ()),
        valid=int(result.get("valid") or 0), declared=tuple(declared(result.get("outcomes") or {}, names)),
        counted=int(counted.get("stations") or 0), sample=int(counted.get("sample") or 0), seed=str(counted.get("seed") or ""),
        commitment=str(counted.get("commitment") or ""),
        apart=tuple(Apart(d["station"], places.get(d["station"], ""), tuple((named(k, lines), a, b) for k, a, b in d["lines"]), d["words"]) for d in apart),
    )  # fmt: skip


COVERAGE = (
    (_("Bureaux comptés"), "counted"),
    (_("Bureaux annulés par la Cour"), "annulled"),
    (_("Bureaux manquants"), "missing"),
)


def ecli_of(one: Proclamation) -> str:
    return identifiers(one.number, country=country_of(one.contest), on=one.at.date()).ecli


def named(key: str, lines: Mapping[str, str]) -> Message:
    """A line of the record: a box by its name, an option by what was counted for it."""
    if key in lines:
        return Message(VOTES_OF, {"name": lines[key]})
    return Message(LABELS[Box(key)]) if key in {b.value for b in Box} else Message("%(line)s", {"line": key})


def declared(outcomes: Mapping[str, Any], names: Mapping[str, str]) -> list[Message]:
    """Who is elected or qualified, place by place, as it was derived from the figures that were signed."""
    out = []
    for place, one in sorted(outcomes.items()):
        who = ", ".join(names.get(o, o) for o in one.get("options") or ())
        what = Message(STATUS_LABELS[Status(one["status"])])
        said = Message(_("%(what)s : %(who)s"), {"what": what, "who": who}) if who else what
        out.append(Message(_("%(place)s : %(said)s"), {"place": place, "said": said}) if place else said)
    return out


def logged(one: Proclamation) -> int | None:
    """The declaration in the public log that binds this paper; None while it waits for the sequencer."""
    rows = LogEntry.objects.filter(log__name=one.contest.code, outbox__kind="declaration").order_by("-index")
    found = (i for i, body in rows.values_list("index", "outbox__body") if body.get("document_sha256") == one.document)
    return next((int(i) for i in found), None)


@lru_cache(maxsize=64)
def signed(sha256: str) -> dict[str, Any]:
    """The record inside the signed paper; empty where the paper is no longer there or carries none."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    from kalata.disputes.signing import papers

    data = store.content(sha256)
    if data is None:
        return {}
    try:
        found = papers.attachments(PdfFileReader(BytesIO(data))).get(RECORD)
        said = json.loads(found) if found else {}
    except Exception:  # a paper that was damaged on disk: the page says its hash, and no figure that nobody signed
        log.exception("no record in the proclamation %s", sha256)
        return {}
    return said if isinstance(said, dict) else {}
