"""What the page of one case shows, in a constant number of queries whatever its parties, pieces and papers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q

from kalata.disputes.models import (
    Checklist,
    Clock,
    Dissolution,
    Exhibit,
    Filing,
    Ground,
    GroundTarget,
    Measure,
    Party,
    Petition,
    PetitionStep,
    Representation,
    Service,
    ServiceAttempt,
    Strike,
)
from kalata.disputes.rules.service import Addressee, blockers
from kalata.text import Message
from kalata.text import gettext_noop as _

MANY = 60
"""Pieces, stations and steps printed at once; the page says how many more there are."""


@dataclass
class CaseFile:
    """One case as the registry and the bench read it."""

    petition: Petition
    parties: list[Party]
    grounds: list[Ground]
    clocks: list[Clock]
    filings: list[Filing]
    exhibits: list[Exhibit]
    pieces: int
    steps: list[PetitionStep]
    measures: list[Measure]
    strikes: list[Strike]
    joined: list[Petition]
    checklist: Checklist | None
    mandates: list[Representation]
    gone: dict[int, Dissolution] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        return f"{getattr(self.petition, 'revision', None) or 0}.{len(self.steps)}"

    @property
    def addressees(self) -> list[Party]:
        return [p for p in self.parties if not p.struck and p.role != "counsel"]

    @property
    def struck(self) -> dict[str, dict[int, Strike]]:
        """What was struck, by kind and row, with who did it and why."""
        out: dict[str, dict[int, Strike]] = {}
        for one in self.strikes:
            out.setdefault(one.what, {})[one.row] = one
        return out

    def words_of(self, what: str, row: int | None) -> str:
        """How the page calls a line that may be struck; "" where there is none, or it is struck already."""
        found: dict[str, dict[int, str]] = {
            "party": {p.pk: p.name for p in self.parties if not p.struck},
            "ground": {g.pk: f"{g.key} {g.text[:80]}" for g in self.grounds if not g.struck},
            "target": {t.pk: t.words for g in self.grounds for t in g.targets.all() if not t.struck},
            "exhibit": {e.pk: f"P{e.number} {e.name}" for e in self.exhibits if not e.struck},
            "paper": {f.pk: f"{f.number}. {f.title}" for f in self.filings if not f.struck_at},
            "service": {
                s.pk: f"{f.title} → {s.party.name}" for f in self.filings for s in f.services.all()
                if s.served_at and not s.struck_at and not s.twin_of_id
            },
        }  # fmt: skip
        return found.get(what, {}).get(row or 0, "")

    @property
    def waiting(self) -> list[Service]:
        """What is still to be brought to a party."""
        return [
            s for f in self.filings if not f.struck_at for s in f.services.all()
            if not s.struck_at and not s.served_at and not s.waiver and not s.twin_of_id
        ]  # fmt: skip

    @property
    def communicated(self) -> bool:
        return any(f.kind == "petition" and not f.struck_at for f in self.filings)

    def blockers(self) -> list[Message]:
        """Why the case cannot go on, in words."""
        out: list[Message] = []
        if not self.communicated and self.petition.state in ("admissibility", "served"):
            out.append(Message(_("La requête n’a été communiquée à personne.")))
        for filing in self.filings:
            if not filing.struck_at and filing.kind in ("petition", "decision"):
                out += blockers(
                    filing.title, [addressee(s) for s in filing.services.all() if not s.struck_at and not s.twin_of_id]
                )
        if self.petition.state == "received" and self.petition.roll is None:
            out.append(Message(_("Pas encore de numéro de rôle : il est donné à la fusion du guichet.")))
        out += [
            Message(_("Mesure n° %(n)d demandée, sans réponse."), {"n": m.number})
            for m in self.measures
            if m.answered_at is None and m.struck_at is None
        ]
        return out


def addressee(service: Service) -> Addressee:
    return Addressee(service.party_id, service.party.name, service.served_at, service.attempts, service.waiver)


def casefile(petition: Petition) -> CaseFile:
    """Everything of a case but the bytes of its pieces. Whoever calls has asked whether this person reads the case."""
    services = Service.objects.select_related("party", "proof").prefetch_related(
        Prefetch("tried", ServiceAttempt.objects.all())
    )
    filings = Filing.objects.filter(petition=petition).select_related("exhibit", "party").prefetch_related(
        Prefetch("services", services)
    )  # fmt: skip
    targets = GroundTarget.objects.select_related("station").order_by("pk")
    exhibits = Exhibit.objects.filter(petition=petition).select_related("piece", "party", "station").order_by("number")
    parties = list(Party.objects.filter(petition=petition).select_related("account", "represents"))
    return CaseFile(
        petition=petition,
        parties=parties,
        grounds=list(petition.grounds.prefetch_related(Prefetch("targets", targets))),
        clocks=list(
            Clock.objects.filter(petition=petition)
            .select_related("ground", "party")
            .order_by("stopped_at", "met_at", "bound")
        ),
        filings=list(filings),
        exhibits=list(exhibits[:MANY]),
        pieces=exhibits.count(),
        steps=list(petition.steps.order_by("pk")),
        measures=list(petition.measures.select_related("exhibit")),
        strikes=list(petition.strikes.select_related("by")),
        joined=list(Petition.objects.filter(Q(lead=petition)).only("number", "roll", "state").order_by("received_at")),
        checklist=petition.checklists.last(),
        mandates=list(Representation.objects.filter(party__petition=petition).select_related("party", "exhibit")),
        gone={d.party_id: d for d in Dissolution.objects.filter(party__in=[p.pk for p in parties])},
    )


def timeline(case: CaseFile, now: datetime) -> list[dict[str, Any]]:
    """What was done and what is awaited, in order of time."""
    from kalata.disputes.rules.steps import LABELS, State

    done: list[dict[str, Any]] = []
    if case.petition.received_at:
        done.append(
            {"at": case.petition.received_at, "title": _("Requête déposée"), "what": case.petition.number, "state": ""}
        )
    for s in case.steps:
        if s.to == State.RECEIVED:
            continue
        done.append({"at": s.at, "title": LABELS[State(s.to)], "what": s.act or s.why, "body": s.body, "state": "step"})
    for f in case.filings:
        if f.kind != "petition":
            done.append({"at": f.filed_at, "title": f.title, "what": "", "state": "struck" if f.struck_at else ""})
        for one in f.services.all():
            if one.served_at and not one.struck_at and not one.twin_of_id:
                done.append(
                    {
                        "at": one.served_at,
                        "title": _("Signification"),
                        "what": f"{f.title} → {one.party.name}",
                        "state": "",
                    }
                )
    for m in case.measures:
        done.append({"at": m.asked_at, "title": _("Mesure d’instruction demandée"), "what": m.what[:120], "state": ""})
        if m.answered_at:
            done.append(
                {"at": m.answered_at, "title": _("Réponse de l’organe de gestion"), "what": m.answer[:120], "state": ""}
            )
    for c in case.clocks:
        if c.bound and not c.stopped_at and not c.met_at and c.kind != "filing":
            done.append(
                {"at": c.bound, "title": c.about, "what": c.party.name if c.party else c.order, "state": "next"}
            )
    return sorted(done, key=lambda row: row["at"])
