"""A case with its parties and its pieces, and the people who work on it."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from kalata.disputes.models import Counter, Exhibit, Ground, GroundTarget, Party, Petition
from kalata.evidence.models import Content
from tests.conftest import make_person

AT = datetime(2027, 3, 7, 19, 31, 8, tzinfo=UTC)
NUMBERS = itertools.count(1)


@pytest.fixture
def court(contest):
    """make(...) -> a case: petition, petitioner, respondent, authority, exhibits."""
    return Court(contest)


class Court:
    def __init__(self, contest):
        self.contest = contest
        self.counter = Counter.objects.create(code="BKO2", name="Greffe central", key="0" * 64, at=timezone.now())
        self.people = {}

    def who(self, role):
        if role not in self.people:
            self.people[role] = make_person(f"cour-{role}", role)
        return self.people[role]

    @property
    def registrar(self):
        return self.who("greffe")

    @property
    def president(self):
        return self.who("presidence")

    @property
    def rapporteur(self):
        return self.who("juge")

    def exhibit(self, petition, access="parties", **more):
        n = petition.exhibits.count() + 1
        sha = hashlib.sha256(f"{petition.pk}-{n}".encode()).hexdigest()
        piece = Content.objects.create(sha256=sha, size=10, media="application/pdf", kept_at=timezone.now())
        more = {"kind": "petition", "name": f"Pièce {n}", "received_at": timezone.now()} | more
        return Exhibit.objects.create(petition=petition, number=n, piece=piece, access=access, **more)

    def case(self, *, state="admissibility", ago=timedelta(days=1), stations=(), roll=True, contest=None, **more):
        n = next(NUMBERS)
        now = timezone.now()
        petition = Petition.objects.create(
            contest=contest or self.contest, counter=self.counter, number=f"2027-P1-BKO2-{n:06d}", sequence=n,
            roll=n if roll else None, state=state, received_at=now - ago, at=now - ago, about="results",
            about_words="Annulation de six bureaux", **more,
        )  # fmt: skip
        ground = Ground.objects.create(
            petition=petition, key="g1", code="officers", about="results", text="Présidents absents de la liste"
        )
        for station in stations:
            GroundTarget.objects.create(ground=ground, station=station, words=station.code)
        made = SimpleNamespace(
            petition=petition, ground=ground,
            petitioner=self.party(petition, "petitioner", "Candidature n° 2"),
            respondent=self.party(petition, "respondent", "Candidature n° 1"),
            authority=self.party(petition, "authority", "Autorité électorale"),
            piece=self.exhibit(petition),
        )  # fmt: skip
        return made

    def party(self, petition, role, name, **more):
        return Party.objects.create(petition=petition, role=role, name=name, at=timezone.now(), **more)
