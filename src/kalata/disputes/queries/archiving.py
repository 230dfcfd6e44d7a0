"""What the records of a case give to its archive. Nothing of the deliberation is read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalata.disputes.models import Clock, CustodyRoot, Exhibit, Petition, PetitionReceipt, Ruling
from kalata.disputes.rules import custody
from kalata.disputes.rules.custody import instant
from kalata.disputes.rules.guide import code
from kalata.disputes.services.custody import chain
from kalata.disputes.services.steps import subject_of
from kalata.documents.models import IssuedDocument
from kalata.evidence import store
from kalata.results.models import DecisionEffect
from kalata.transparency.models import LogEntry

PAPERS = {"court-receipt": "receipt", "court-cure": "cure", "court-service": "service", "court-copy": "copy"}
"""Papers of a case that enter its archive, and how they are named there."""


def ruling_of(petition: Petition) -> Ruling | None:
    """The signed decision on a case; None where there is none yet."""
    outcome = getattr(petition, "outcome", None)
    return outcome.ruling if outcome is not None and outcome.ruling.digest else None


def sheet(petition: Petition, ruling: Ruling | None) -> dict[str, Any]:
    """case.json: contest, parties by role, clocks with their readings, transitions."""
    return {
        "contest": petition.contest.code,
        "pack": petition.contest.election.pack.code,
        "state": code(petition.state),
        "roll": petition.roll,
        "received_at": instant(petition.received_at) if petition.received_at else None,
        "channel": petition.channel,
        "parties": [
            {"n": n, "role": p.role, "kind": p.kind, "struck": p.struck}
            for n, p in enumerate(petition.parties.order_by("pk"), 1)
        ],
        "grounds": [
            {"ground": g.key, "code": g.code, "article": g.article, "struck": g.struck}
            for g in petition.grounds.order_by("pk")
        ],
        "clocks": clocks(petition),
        "transitions": [
            {"from": code(s.start), "to": code(s.to), "at": instant(s.at), "act": s.act, "right": s.right}
            for s in petition.steps.order_by("pk")
        ],
        "decision": ruling.number if ruling else "",
    }


def clocks(petition: Petition) -> list[Any]:
    """Every clock of the case with every reading, and what stood on the receipt. A party is named by its number."""
    order = {pk: n for n, pk in enumerate(petition.parties.order_by("pk").values_list("pk", flat=True), 1)}
    stood = PetitionReceipt.objects.filter(petition=petition).values_list("readings", flat=True).first()
    rows = Clock.objects.filter(petition=petition).select_related("ground").order_by("pk")
    return [
        *([{"kind": "receipt", "readings": stood}] if stood else []),
        *(
            {
                "kind": c.kind, "ground": c.ground.key if c.ground else "", "party": order.get(c.party_id or 0, 0),
                "limit": c.limit, "readings": c.readings, "verdict": c.verdict, "order": c.order, "article": c.article,
                "override": c.override is not None, "met_at": instant(c.met_at) if c.met_at else None,
                "stopped_at": instant(c.stopped_at) if c.stopped_at else None,
            }
            for c in rows
        ),
    ]  # fmt: skip


def pieces(petition: Petition) -> list[dict[str, Any]]:
    """The register of evidence. A sealed piece is there by its hash, without its name."""
    rows = Exhibit.objects.filter(petition=petition).select_related("piece", "station").order_by("number")
    return [
        {
            "number": one.number, "sha256": one.piece.sha256, "size": one.piece.size, "media": one.piece.media,
            "kind": one.kind, "access": one.access, "pages": one.pages, "struck": one.struck,
            "station": one.station.code if one.station else "", "grounds": list(one.grounds),
            "name": "" if one.access == "sealed" else one.name, "received_at": instant(one.received_at),
        }
        for one in rows
    ]  # fmt: skip


def lines(petition: Petition) -> list[dict[str, Any]]:
    return chain(petition)


def papers(petition: Petition) -> dict[str, bytes]:
    """The papers issued of a case, by name; the latest receipt is receipt.pdf."""
    out: dict[str, bytes] = {}
    issued = IssuedDocument.objects.filter(subject=subject_of(petition), kind__in=PAPERS).order_by("pk")
    counts: dict[str, int] = {}
    for one in issued:
        data = store.content(one.sha256)
        if data is None:
            continue
        name = PAPERS[one.kind]
        counts[name] = counts.get(name, 0) + 1
        out["receipt.pdf" if name == "receipt" else f"{name}-{counts[name]}.pdf"] = data
    return out


def receipt(petition: Petition) -> PetitionReceipt | None:
    return PetitionReceipt.objects.filter(petition=petition).first()


def root_of_day(day: str, case: str, head: str) -> tuple[Mapping[str, str], bytes] | None:
    """The heads and the token of a day's root, where the house stamped one that holds this case's chain as it was."""
    found = CustodyRoot.objects.filter(day=day).exclude(token=None).first()
    if found is None or found.heads.get(case) != head or custody.day_root(found.heads).hex() != found.root:
        return None
    return found.heads, bytes(found.token or b"")


def content(sha256: str) -> bytes | None:
    """A kept file that is still what it was; None otherwise."""
    return store.content(sha256)


def logged(ruling: Ruling) -> dict[str, Any] | None:
    """What the public log holds of a decision that was carried out: its entries, and the totals computed in that very
    transaction, whose outcome the log binds. None before."""
    done = DecisionEffect.objects.filter(decision__number=ruling.number).select_related("decision").first()
    if done is None:
        return None
    entries = LogEntry.objects.filter(log__name=ruling.contest.code, at__gte=done.decision.at).order_by("index")
    said = f'"{ruling.number}"'.encode()
    mine = [
        {"index": one.index, "leaf": bytes(one.leaf).hex()}
        for one in entries.only("index", "leaf", "data").iterator(chunk_size=500)
        if said in bytes(one.data)
    ]
    return {
        "decision": ruling.number, "log": ruling.contest.code, "applied_at": instant(done.decision.at), "entries": mine,
        "totals": {kind: done.after[kind] for kind in ("figures", "votes")}, "outcome_sha256": done.after["outcome_sha256"],
    }  # fmt: skip
