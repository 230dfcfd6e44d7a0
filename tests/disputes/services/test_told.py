"""Parties, grounds, pieces, likenesses, strikes, papers, services and clocks are told to the ledger: a row altered by hand is named."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from kalata.deadlines.rules.steps import Unit
from kalata.disputes import apps
from kalata.disputes.models import Clock, Exhibit, Filing, Ground, Party, Service, Strike, Twin
from kalata.disputes.rules.filing import PartySaid
from kalata.disputes.rules.service import Mode, Outcome, Term
from kalata.disputes.rules.steps import State
from kalata.disputes.services import checking, clocks, counters, docketing, intake, likeness, merging, serving, striking
from kalata.ledger import bonds, locks
from kalata.ledger.models import Act
from tests.disputes.desk import AT, filing, open_court, received
from tests.disputes.desk import own_keys as own_keys
from tests.disputes.offline import Laptop

pytestmark = pytest.mark.django_db
WATCHED = (Party, Ground, Exhibit, Strike, Twin, Filing, Service, Clock)
BOTH = (PartySaid(role="petitioner", name="Candidature n° 2", kind="candidate"), PartySaid(role="respondent", name="La pirogue", kind="list"))  # fmt: skip


def faults():
    """What `kalata ledger verify` names in these tables."""
    said = bonds.said(Act.objects.exclude(rows=None).order_by("pk").values_list("pk", "rows"))
    return [str(f) for m in WATCHED for f in bonds.faults_of(m, m.told, said[m._meta.db_table], m.objects.all())]


@pytest.fixture
def lived(contest, tmp_path):
    """A case that went through every act that writes one of these rows."""
    who, counter = open_court(contest)
    by = who["registrar"]
    made = [intake.draft(contest=contest, filing=filing(parties=BOTH, text="Un même texte, assez long pour être comparé. " * 4), channel="counter", by=who["clerk"]) for _n in range(2)]  # fmt: skip
    for one in made:
        content = intake.keep(b"proces-verbal", name="pv.txt", by=who["clerk"])
        intake.attach(petition=one, content=content, name="PV", kind="pv", by=who["clerk"])
    cases = [intake.receive(petition_id=one.pk, counter=counter, by=who["clerk"]) for one in made]
    (twin, *_rest) = likeness.look(cases[1]) or likeness.look(cases[0])
    likeness.answer(twin_id=twin.pk, said="apart", why="deux élections", by=by)
    one = cases[0]
    docketing.advance(ids=[one.pk], to=State.DOCKETED, by=by)
    checking.check(petition_id=one.pk, by=by)
    later = intake.attach(petition=one, content=intake.keep(b"autre", name="a.txt", by=by), name="Autre", kind="other", by=by)  # fmt: skip
    sent = serving.file_paper(petition_id=one.pk, kind="petition", title="Requête", by=by, term=Term("Ordonnance 1", 48, Unit.HOUR), filed_at=timezone.now() - timedelta(hours=2))  # fmt: skip
    other = serving.file_paper(petition_id=one.pk, kind="order", title="Ordonnance", by=by)
    service = Service.objects.get(document=sent)
    serving.try_service(petition_id=one.pk, service_id=service.pk, mode=Mode.HAND, at=timezone.now(), outcome=Outcome.SERVED, by=by, exhibit_id=later.pk)  # fmt: skip
    serving.file_paper(petition_id=one.pk, kind="defence", title="Défense", by=by, party_id=service.party_id)
    serving.waive(petition_id=one.pk, service_id=Service.objects.filter(document=other)[0].pk, act="art. 31", by=by)
    serving.strike_service(petition_id=one.pk, service_id=service.pk, why="erreur", by=by)
    serving.strike_paper(petition_id=one.pk, filing_id=other.pk, why="erreur", by=by)
    for what, row in (("exhibit", later), ("ground", one.grounds.first()), ("party", one.parties.last())):
        striking.strike(petition_id=one.pk, what=what, row_id=row.pk, why="erreur", by=by)
    laptop = Laptop("MPT1")
    counters.open_counter(code="MPT1", name="Préfecture de Mopti", by=by, key=laptop.key)
    laptop.receive(AT, pieces=[b"requete"])
    merging.merge(file=laptop.bundle(tmp_path / "lot.zip"), by=by)
    clocks.start_waiting()
    intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])  # a draft is nobody's act
    return one


def test_after_every_act_each_row_has_its_digest_and_nothing_differs(lived):
    assert all(m.objects.exists() for m in WATCHED) and faults() == []


CHANGES = (
    (Party, {"name": "Une autre"}), (Ground, {"code": "other"}), (Exhibit, {"name": "Autre titre"}), (Strike, {"why": "rien"}),
    (Twin, {"answer": "joined"}), (Filing, {"title": "Autre papier"}), (Service, {"served_at": AT}), (Clock, {"limit": "2027-12-31T24:00"}),
)  # fmt: skip


def test_a_row_altered_behind_the_application_is_named_with_its_column(lived):
    with locks.lifted(connection.alias):
        for model, change in CHANGES:
            rows = Service.objects.exclude(served_at=None) if model is Service else model.objects.all()
            row = rows.order_by("pk").first()
            was = {name: getattr(row, name) for name in change}
            model._base_manager.filter(pk=row.pk).update(**change)
            (found,) = faults()
            assert model._meta.db_table in found and (model is Strike or next(iter(change)) in found)
            model._base_manager.filter(pk=row.pk).update(**was)
    gone = Clock.objects.order_by("-pk").first()
    Clock.objects.filter(pk=gone.pk).delete()
    assert [f for f in faults() if "gone" in f]


def test_rows_from_before_their_digests_are_covered_once_by_an_act_that_says_so(contest):
    who, counter = open_court(contest)
    received(contest, counter, who["clerk"], said=filing(parties=BOTH))
    Party.objects.create(petition_id=Party.objects.first().petition_id, role="authority", name="Avant", at=AT)
    assert [f for f in faults() if "without its act" in f]
    plan = [(SimpleNamespace(app_label="disputes", name=apps.TOLD), False)]
    apps.cover(plan=plan)
    assert faults() == [] and Act.objects.filter(kind="ledger.baseline").count() == 1
    apps.cover(plan=[])
    assert Act.objects.filter(kind="ledger.baseline").count() == 1
