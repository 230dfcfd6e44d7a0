"""Of each thing of the Court's later pages one: a draft with its section and remark, a decision being published, one published
in two versions, a receipt, a counter to merge from, a hearing, a draw, a case of a party and its draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kalata.disputes.models import (
    CaseReport,
    Clause,
    Conflict,
    Counter,
    CourtCount,
    CourtSheet,
    Declaration,
    Draw,
    Exhibit,
    Filing,
    Hearing,
    Measure,
    Party,
    Petition,
    PetitionReceipt,
    PlainSummary,
    Publication,
    Recusal,
    Redaction,
    Representation,
    Roll,
    Ruling,
    RulingOutcome,
    RulingRemark,
    RulingText,
    Service,
    Twin,
)
from kalata.disputes.services import issuing
from kalata.evidence.models import Content
from kalata.people.models import Person

PRINT = {
    "lang": "fr", "recomputation": "d" * 64, "printed": {"counts": []}, "annexes": [], "rows": [], "words": {},
    "parts": {"visas": ["La Cour,"], "facts": ["Une requête."], "reasons": ["Un motif de plus."], "operative": ["La Cour rejette."], "derived": []},
}  # fmt: skip
FIGURES: dict[str, Any] = {
    "number": "n", "day": "2027-03-07", "changes": [], "outcome_changes": False,
    **dict.fromkeys(("annulled_stations", "rectified_stations", "restored_stations", "annulled_votes"), 0),
}  # fmt: skip


def signed(contest: Any, by: Person, other: Person, number: str, state: str, petition: Petition) -> Ruling:
    made = Ruling.objects.create(
        contest=contest, number=number, state=state, words="r", drafted_by=other, digest="b" * 64, pdf="c" * 64, xml="c" * 64,
        signed_by=by, signed_at=timezone.now(), at=timezone.now(), print=PRINT, written={"facts": "f"}, printed_of="a" * 64,
        decision={"decision": number, "acts": [], "petitions": [{"petition": petition.number, "grounds": []}], "outcomes": [{"petition": petition.number, "outcome": "unfounded", "reasons": {}}]},
        verdict={"signature": "allowed", "checks": {}},
    )  # fmt: skip
    RulingOutcome.objects.create(ruling=made, petition=petition, outcome="unfounded")
    return made


def published(ruling: Ruling, by: Person, other: Person, *, out: bool) -> Publication:
    """A public text: one that is prepared, with its passage and its summary; or one in force, beside the one it replaced."""
    now = timezone.now()
    made = {
        "ruling": ruling,
        "salt": "0" * 64,
        "full_digest": "0" * 64,
        "figures": FIGURES | {"number": ruling.number},
        "at": now,
    }
    one = Publication.objects.create(**made, version=1)
    PlainSummary.objects.create(publication=one, lang="fr", decided="La Cour rejette.", at=now)
    Redaction.objects.create(publication=one, section="reasons", paragraph=0, start=0, end=2, reason="voter", at=now)
    if out:
        said = {
            "public": {"number": ruling.number, "text": dict(PRINT["parts"]) | {"words": ["r"], "overrides": [], "corrections": []}},
            "public_digest": "e" * 64, "pdf": "f" * 64, "xml": "f" * 64, "proposed_by": by, "decided_by": other, "published_at": now,
        }  # fmt: skip
        Publication.objects.filter(pk=one.pk).update(**said, state="superseded", ended_at=now)
        one = Publication.objects.create(**made, **said, version=2, why="une faute", state="published")
    return one


def court(every: Person, other: Person, contest: Any, case: Petition, opened: Petition, member: Any) -> dict[str, Any]:
    """What the addresses of those pages are filled with. case: in deliberation; opened: in instruction, reported by `every`."""
    now = timezone.now()
    Roll.objects.create(contest=contest, short="P1", year=2027, last=20, by=every, at=now)
    field = Counter.objects.create(code="TERR1", name="Préfecture", key="7" * 64, here=False, by=every, at=now)
    Counter.objects.create(code="WEB1", name="En ligne", key="8" * 64, online=True, by=every, at=now)
    cases = [
        Petition.objects.create(
            contest=contest, counter=field, number=f"2027-P1-TERR1-{n:06d}", sequence=n, roll=50 + n, state=state,
            received_at=now - timedelta(days=1), at=now, about="results", owner=every,
        )
        for n, state in enumerate(("published", "notified", "drafted", "served"), 1)
    ]  # fmt: skip
    parties = [
        Party.objects.create(petition=one, role="petitioner", name="Requérante", account=every, at=now)
        for one in (*cases, opened)
    ]
    given = {
        "body": "{}",
        "root": "0" * 64,
        "signature": "0" * 128,
        "key": field.key,
        "clock": "machine",
        "clerk": "clerk:1",
    }
    for one in cases:
        PetitionReceipt.objects.create(petition=one, at=now, **given)
    Twin.objects.create(petition=cases[0], other=cases[1], kind="text", score=90, at=now)
    out = signed(contest, every, other, "2027-11/CC-EL", "published", cases[0])
    told = signed(contest, every, other, "2027-12/CC-EL", "notified", cases[1])
    published(out, every, other, out=True)
    published(told, every, other, out=False)
    draft = Ruling.objects.create(
        contest=contest, number="2027-13/CC-EL", words="r", drafted_by=every, at=now, acts=[{"id": "1", "act": "INVESTIGATE", "what": "w"}]
    )  # fmt: skip
    RulingOutcome.objects.create(ruling=draft, petition=cases[2], outcome="unfounded", reasons={})
    RulingText.objects.create(ruling=draft, key="facts", number=1, text="f", by=every, at=now)
    RulingRemark.objects.create(ruling=draft, key="facts", words="r", by=every, at=now)
    Clause.objects.create(code="clause", number=1, title="t", part="facts", text="t", by=every, at=now)
    paper = Filing.objects.create(petition=cases[3], number=1, kind="petition", title="Requête", filed_at=now, at=now)
    Service.objects.create(petition=cases[3], document=paper, party=parties[3], at=now)
    piece = Content.objects.create(sha256="f" * 64, size=9, media="application/pdf", kept_at=now)
    for one in (*cases, case, opened):
        Exhibit.objects.create(
            petition=one, number=1, piece=piece, kind="petition", name="Requête", pages=1, received_at=now
        )
    Representation.objects.create(party=parties[0], account=other, words="w", at=now)
    Measure.objects.create(petition=opened, number=1, kind="report", what="PV", asked_by=every, asked_at=now)
    Draw.objects.create(contest=contest, commit="a" * 64, by=every, second=other, at=now)
    Hearing.objects.create(
        contest=contest, starts_at=now + timedelta(days=2), place="Salle", by=every, at=now, listed_at=now
    )
    declared = Declaration.objects.create(member=member, kind="party", name="La pirogue", by=every, at=now)
    Conflict.objects.create(petition=cases[3], member=member, declaration=declared, matched="La pirogue", at=now)
    Recusal.objects.create(
        petition=cases[3], member=member, party=parties[3], grounds="g", allowed=False, article="", by=other, at=now, state="demanded"
    )  # fmt: skip
    CourtSheet.objects.create(
        count=CourtCount.objects.create(contest=contest, by=every, at=now), station=contest.stations.first()
    )
    letter = issuing.receipt(petition=cases[0], lang="fr", by=None)
    CaseReport.objects.create(
        petition=opened, version=1, said={"facts": "", "options": "", "words": {}, "whatifs": []}, reference="r", sha256=letter.sha256, by=every, at=now
    )  # fmt: skip
    begun = Petition.objects.create(
        contest=contest, channel="web", owner=every, by=every, state="draft", at=now,
        said={"parties": [{"role": "petitioner", "name": "Requérante"}], "grounds": []},
    )  # fmt: skip
    draft_at = {"pk": draft.pk}
    return {
        "/contentieux/greffe/": {"number": cases[0].number},
        "/contentieux/decisions/<int:pk>/publication/": {"pk": told.pk},
        "/contentieux/decisions/<int:pk>/erreurs/": {"pk": told.pk},
        "/contentieux/decisions/<int:pk>/projet/": draft_at,
        "/contentieux/decisions/<int:pk>/motifs/": draft_at,
        "/contentieux/decisions/<int:pk>/": {"pk": told.pk},
        "/contentieux/decisions/<int:pk>/controle/": {"pk": draft.pk},
        "/contentieux/mes-affaires/": {"number": cases[3].number, "pk": begun.pk},
        "/contentieux/affaires/<str:number>/papiers/": {"number": cases[0].number, "pk": letter.pk},
        "/contentieux/affaires/<str:number>/formation/": {"number": cases[3].number},
        "/contentieux/affaires/<str:number>/recevabilite/": {"number": cases[3].number},
        "/cour/": {"code": contest.code, "number": cases[0].number, "slug": "2027-11-CC-EL", "name": "decision.pdf"},
        "/cour/donnees/": {"name": "affaires.json"},
    }  # fmt: skip
