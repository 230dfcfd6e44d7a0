"""What of the results enters the public log: exactly what the public may read, when it may.

`tell` is called inside the transaction of every act that changes it (batch, publication, correction,
annulment, recall, decision). What it writes are announcements; the sequencer gives them their place.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import __version__
from kalata.country.models import Contest, Station, Unit
from kalata.ledger.services import record
from kalata.people.models import Approval, Person
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_about_contest, require
from kalata.refusals import Refused
from kalata.results import images, kinds, papers, shown
from kalata.results.queries import board as boards
from kalata.results.queries import lots_told, public_pictures, signatures, told
from kalata.results.queries.comparing import comparisons
from kalata.results.queries.effects import declared
from kalata.results.queries.effects import outcome_hash as outcome_hash
from kalata.results.queries.public_bodies import bodies as bodies
from kalata.results.rules import comparing
from kalata.results.rules.lacking import DOCUMENT, Lacks
from kalata.results.services import authority, second_round
from kalata.stopping import going
from kalata.text import gettext_noop as _
from kalata.text import nfc as nfc
from kalata.transparency import publiclog, upkeep
from kalata.transparency.models import PublicLog
from kalata.transparency.rules.entries import FIGURES, STAGES
from kalata.transparency.rules.replay import AREA_COLUMNS, REGISTER_COLUMNS, table

SLICE = 5_000


def clean(value: Any) -> Any:
    """A record of the pack as the log may hold it: nothing empty, no float, dates as text."""
    if isinstance(value, Mapping):
        return {str(k): clean(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [clean(v) for v in value if v is not None]
    return value if isinstance(value, bool | int) else nfc(str(value))


@lru_cache(maxsize=1)
def software() -> dict[str, str]:
    """Which program published: its version and the hash of its own source."""
    from pathlib import Path

    import kalata

    digest = hashlib.sha256()
    root = Path(kalata.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return {"name": "kalata", "version": __version__, "sha256": digest.hexdigest()}


def register_files(contest: Contest) -> tuple[bytes, bytes, dict[str, int]]:
    """(stations, areas, expected stations by part) as published beside the log, in order of code."""
    units: dict[int, Unit] = {u.pk: u for u in Unit.objects.filter(geography_id=contest.election.geography_id)}
    used: set[int] = set()
    expected: dict[str, int] = {}
    rows = []
    stations = Station.objects.filter(contest=contest).order_by("code").select_related("constituency")
    for s in stations.iterator(chunk_size=5_000):
        unit = units.get(s.unit_id) if s.unit_id else None
        group = s.constituency.code if s.constituency else ""
        registered = "" if s.registered is None else s.registered
        rows.append([s.code, s.part, " ".join(s.name.split()), " ".join(s.centre.split()), registered, group, unit.level if unit else "", unit.code if unit else ""])  # fmt: skip
        expected[s.part] = expected.get(s.part, 0) + 1
        step = unit
        while step is not None and step.pk not in used:
            used.add(step.pk)
            step = units.get(step.parent_id) if step.parent_id else None
    areas = []
    for unit in sorted((units[pk] for pk in used), key=lambda u: (u.level, u.code)):
        above = units.get(unit.parent_id) if unit.parent_id else None
        areas.append([unit.level, unit.code, unit.name, unit.kind, above.level if above else "", above.code if above else ""])  # fmt: skip
    for g in contest.constituencies.order_by("code"):
        areas.append(["constituency", g.code, g.name, str(g.seats), "", ""])
    one, two = (nfc(t.decode()).encode() for t in (table(REGISTER_COLUMNS, rows), table(AREA_COLUMNS, areas)))
    return one, two, expected


def manifest(contest: Contest, expected: Mapping[str, int]) -> dict[str, Any]:
    """Entry 0: what is voted on, by which rules, in which order, with which program."""
    pack = contest.election.pack
    made: dict[str, Any] = {
        "election": contest.election.code,
        "contest": contest.code,
        "round": contest.round,
        "lists": [
            {
                "list": o.rank,
                "name": nfc(o.name),
                "code": nfc(o.code),
                **({"emblem": o.emblem} if o.emblem else {}),
                **({"withdrawn": True} if o.withdrawn else {}),
            }
            for o in contest.options.all()
        ],
        "boxes": [FIGURES[b] for b in contest.boxes if b in FIGURES],
        "expected": dict(expected),
        "rules": {"pack": pack.code, "version": pack.version, "sha256": pack.sha256},
        "software": software(),
        "system": clean(contest.system),
        "keeps": [FIGURES[b] for b in contest.annulled_keeps if b in FIGURES],
        "exercise": contest.election.exercise,
        "names": clean(
            {
                "fr": contest.name_fr,
                "en": contest.name_en or contest.name_fr,
                "election_fr": contest.election.name_fr,
                "election_en": contest.election.name_en or contest.election.name_fr,
            }
        ),
        "absent": clean(contest.absent),
    }
    if contest.polling_day:
        made["polling_day"] = contest.polling_day.isoformat()
    if contest.expected_stations:
        made["announced"] = contest.expected_stations
    return made


MOST_LISTS = 1_500
"""Lines of a ballot beyond which an entry would not fit in the 65,535 bytes of a log's bundle."""


class TooManyLists(Refused):
    code = "RES-492"
    says = _(
        "Ce scrutin a %(n)d {n:candidature|candidatures} ; une inscription du journal public en porte au plus %(most)d."
    )
    remedy = _("Ouvrez un scrutin par circonscription.")
    status = 422


def opened(contest: Contest) -> PublicLog:
    """The log of the contest, with its manifest and its register as they are now."""
    one = PublicLog.objects.filter(name=contest.code).first()
    if one is not None and _told.get(contest.pk) == contest.register_revision:
        return one
    if contest.options.count() > MOST_LISTS:
        raise TooManyLists(n=contest.options.count(), most=MOST_LISTS)
    stations, areas, expected = register_files(contest)
    one = publiclog.open_log(name=contest.code, manifest=manifest(contest, expected), stations=stations, areas=areas)
    transaction.on_commit(partial(_told.__setitem__, contest.pk, contest.register_revision))
    return one


_told: dict[int, int] = {}
"""By contest, the revision of the register that its log is known to bind."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered of published figures: by which body, with which document, under which number of the act of two
    persons, and the reason that everybody may read. at: when, in UTC; empty: as it is told."""

    authority: str = "two_persons"
    act: str = ""
    approval: int = 0
    words: str = ""
    code: str = "correction"
    at: str = ""


def instant(at: datetime) -> str:
    """A moment as the log writes it: UTC, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def tell(contest: Contest, stations: Iterable[int] | None = None, order: Order = Order()) -> int:  # noqa: B008  frozen
    """Announce what is public now of these stations. Nothing, where nothing of the contest is public yet."""
    if contest.published_at is None:
        return 0
    to = opened(contest)
    told = 0
    waiting: list[dict[str, Any]] = []
    kind = ""
    batches = dict(contest.batches.values_list("number", "pk"))
    why = {
        "reason_code": order.code, "act": order.act, "at": order.at or instant(timezone.now()), "authority": order.authority, "approval": order.approval,
        "words": order.words,
    }  # fmt: skip
    for now, body in bodies(contest, stations, **why):
        if now != kind or len(waiting) >= 2_000:
            told += publiclog.announce(to, kind, waiting, told_of(waiting, batches)) if waiting else 0
            waiting, kind = [], now
        waiting.append(body)
    return told + (publiclog.announce(to, kind, waiting, told_of(waiting, batches)) if waiting else 0)


def told_of(bodies: Iterable[Mapping[str, Any]], batches: Mapping[int, int]) -> list[str]:
    """For each body the batch that it publishes, as its entry will be linked to it; "" outside a batch."""
    return [f"batch:{pk}" if (pk := batches.get(body.get("published_batch", 0))) else "" for body in bodies]


# --- declarations ---------------------------------------------------------------------------------
def ask_declaration(
    *, contest: Contest, stage: str, content: bytes, act: str, by: Person, seen: str | None = None, name: str = "document"
) -> Approval:  # fmt: skip
    """Ask that a declaration (provisional or final) enter the log with the SHA-256 of its document.

    seen: the mark of the page that was read; PEO-212 where a figure moved since.
    RES-422: the document is not a PDF or an image. RES-490: the stage is not one, or nothing is public yet.
    """
    require(by, "results.publish", contest=contest.pk)
    if stage == "final":
        raise FinalIsTheCourts
    if stage not in STAGES or contest.published_at is None:
        raise NothingToDeclare
    if not act.strip():
        raise Lacks(need=DOCUMENT)
    sha = images.keep_as_given(
        content, name=name, by=by
    )  # before the transaction: the child that decodes takes its time
    return declaration_asked(contest=contest, stage=stage, sha=sha, act=act.strip(), by=by, seen=seen)


@transaction.atomic
def declaration_asked(*, contest: Contest, stage: str, sha: str, act: str, by: Person, seen: str | None) -> Approval:
    as_shown(seen, shown.of_contest(contest), _("les chiffres du scrutin, ou leur publication"))
    images.join(sha, f"contest:{contest.code}", by)
    return ask_about_contest(
        contest,
        kind="results.declaration",
        summary=f"Déclaration {'définitive' if stage == 'final' else 'provisoire'}",
        payload={
            "stage": stage,
            "sha256": sha,
            "act": act[:300],
            "figures": authority.public_digest(contest),
            "outcome": declared(contest),
        },
        reason=act,
        by=by,
    )


@approvable(
    "results.declaration",
    "results.publish",
    public_pictures.of_declaration,
    title=_("Déclaration de l’organe compétent"),
    public=True,
)
def declare(approval: Approval, by: Person) -> None:
    """The declaration enters the log. RES-491: a public figure, or the outcome they give, changed since it was asked."""
    asked = approval.payload
    if asked["stage"] == "final":  # asked before the final result was the Court's
        raise FinalIsTheCourts
    contest = Contest.objects.select_for_update().get(pk=asked["contest"])
    if (authority.public_digest(contest), declared(contest)) != (asked.get("figures"), asked["outcome"]):
        raise FiguresChanged
    authority.prove(contest)
    second_round.prove_list(contest)
    body = {
        "stage": asked["stage"],
        "document_sha256": asked["sha256"],
        "outcome_sha256": asked["outcome"],
        "act": asked["act"],
    }
    publiclog.announce(opened(contest), "declaration", [body])
    record(by=by, kind=kinds.DECLARATION_LOGGED, subject=f"contest:{contest.code}", after=body)


def declared_final(contest: Contest, *, document: str, act: str) -> dict[str, Any]:
    """The Court's declaration enters the log, every figure proved first; what it says of document and outcome.

    The caller proclaims, in the same transaction. RES-311, RES-331."""
    authority.prove(contest)
    second_round.prove_list(contest)
    body = {"stage": "final", "document_sha256": document, "outcome_sha256": declared(contest), "act": act[:300]}
    publiclog.announce(opened(contest), "declaration", [body])
    return body


class NothingToDeclare(Refused):
    code = "RES-490"
    says = _("Une déclaration est provisoire ou définitive, et porte sur un scrutin publié.")
    remedy = _("Publiez d’abord les résultats, puis choisissez la nature de la déclaration.")


class FinalIsTheCourts(Refused):
    code = "RES-493"
    says = _("Le résultat définitif est proclamé par la juridiction, non par l’organe qui l’organise.")
    remedy = _("Déclarez le résultat provisoire ; la proclamation de la juridiction inscrit le définitif.")
    status = 409


class FiguresChanged(Refused):
    code = "RES-491"
    says = _("Des chiffres ont changé depuis que cette déclaration a été demandée.")
    remedy = _("Demandez-la de nouveau sur les chiffres d’aujourd’hui. Rien n’est inscrit.")


def compare_all() -> int:
    """Every night: the public records of the database against each log. Differences raise the alarm; returns how many."""
    found = 0
    for one in going(PublicLog.objects.all()):
        contest = Contest.objects.filter(code=one.name).select_related("election__pack").first()
        if contest is None or one.outbox.filter(done=False).exists():
            continue
        wrong = difference(contest) if contest.published_at else []
        wrong += [str(u.refusal()) for u in authority.unproved(contest)]
        found += len(wrong)
        if wrong:
            logging.getLogger("kalata.log").error("%s: %d differences with the database", one.origin, len(wrong))
            record(by=None, kind=kinds.LOG_DIFFERENCE, subject=f"log:{one.origin}", after={"count": len(wrong), "first": wrong[:20]})  # fmt: skip
        alarm = {"count": len(wrong), "first": wrong[:20]} if wrong else None
        PublicLog.objects.filter(pk=one.pk).update(alarm=alarm, checked_at=timezone.now())
    if alone := signatures.unsigned():
        logging.getLogger("kalata.log").error("%d acts of two persons without their approval", len(alone))
        record(by=None, kind=kinds.SIGNATURE_MISSING, subject="house", after={"count": len(alone), "first": alone[:20]})
    return found + len(alone)


def open_missing(by: Person | None = None) -> list[str]:
    """Contests published before there was a log: each gets its own, with all that is public of it. Returns their codes."""
    made = []
    known = set(PublicLog.objects.values_list("name", flat=True))
    for contest in (
        Contest.objects.filter(published_at__isnull=False).exclude(code__in=known).select_related("election__pack")
    ):
        with transaction.atomic():
            tell(contest)
            record(by=by, kind=kinds.LOG_OPENED_LATE, subject=f"contest:{contest.code}")
        made.append(contest.code)
    return made


def beside(contest: Contest) -> dict[str, Any]:
    """What the public site shows of a contest that its log does not hold: hours from reception to publication, what
    waits, what it is compared with."""
    found = boards.board(told.contest_seen(contest))
    against = comparisons(found, None)
    return {
        "delays": list(papers.followed_by().delays(contest)), "waiting": found.waiting(), "told": told.public_findings(contest), "reasons": reasons(contest),
        "compared": {lang: comparing.said(against, lang) for lang in ("fr", "en", "bm")},
    }  # fmt: skip


def reasons(contest: Contest) -> dict[int, str]:
    """By index of the log, the reason told to the public of what was corrected."""
    from kalata.results.queries import public_ledger

    lines = public_ledger.book(contest).lines
    return {line.after.index: line.why.words for line in lines if line.after.index is not None and line.why.words}


def difference(contest: Contest) -> list[str]:
    """Where the public records in the database are no longer what the log holds: the nightly check."""
    one = PublicLog.objects.filter(name=contest.code).first()
    if one is None:
        return []
    wrong = upkeep.public_difference(one, bodies(contest))
    stations, areas, expected = register_files(contest)
    wrong += upkeep.manifest_difference(one, manifest(contest, expected))
    return [*wrong, *upkeep.register_difference(one, stations, areas), *lots_told.compared(contest)]
