"""What looks alike is told, never merged; what changes on the disk is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kalata.disputes.models import Petition, Twin
from kalata.disputes.services import intake, likeness, nightly
from kalata.evidence import store
from kalata.ledger.models import Act
from kalata.refusals import Forbidden, Refused
from tests.disputes.desk import filing, open_court, received
from tests.disputes.desk import own_keys as own_keys

pytestmark = pytest.mark.django_db
OTHER = "Il est demandé que les procès-verbaux manquants de la commune soient produits avant toute proclamation des résultats."


@pytest.fixture
def court(contest):
    return open_court(contest)


def with_piece(contest, counter, by, content: bytes, **more):
    draft = intake.draft(contest=contest, filing=filing(**more), channel="counter", by=by)
    intake.attach(petition=draft, content=intake.keep(content, name="r.txt", by=by), name="R", kind="petition", by=by)
    return intake.receive(petition_id=draft.pk, counter=counter, by=by)


PARTY = filing().parties[0]
GROUND = filing().grounds[0]


@pytest.mark.parametrize(("changed", "kinds"), [
    ({"text": OTHER}, {"same"}),
    ({"parties": (replace(PARTY, name="candidature N° 2"),), "text": OTHER}, {"same"}),
    ({"parties": (replace(PARTY, name="Candidature n° 3"),), "text": OTHER}, set()),
    ({"grounds": (replace(GROUND, stations=("BV-001",)),), "text": OTHER}, set()),
    ({"about": "operations", "text": OTHER}, set()),
    ({"parties": (replace(PARTY, name="Autre"),), "text": filing().text.replace("liste", "listes")}, {"text"}),
    ({"parties": (replace(PARTY, name="Autre"),), "text": "court"}, set()),
])  # fmt: skip
def test_two_petitions_look_alike_by_claim_or_by_text(contest, court, changed, kinds):
    who, counter = court
    first = received(contest, counter, who["clerk"])
    second = received(contest, counter, who["clerk"], said=filing(**changed))
    assert {t.kind for t in likeness.look(second)} == kinds
    assert likeness.look(first) == []
    assert set(Petition.objects.values_list("state", flat=True)) == {"received"}


def test_the_same_file_in_two_petitions_is_told_once(contest, court):
    who, counter = court
    other = {"parties": (replace(PARTY, name="Autre"),), "text": OTHER}
    first = with_piece(contest, counter, who["clerk"], b"la meme requete")
    second = with_piece(contest, counter, who["clerk"], b"la meme requete", **other)
    assert likeness.look_waiting() == 1 and likeness.look_waiting() == 1
    row = Twin.objects.get()
    assert (row.petition, row.other, row.kind, row.score) == (second, first, "hash", 100)
    assert Act.objects.filter(kind="disputes.twin_found").count() == 1


def test_a_likeness_is_answered_once_by_the_registry(contest, court):
    who, counter = court
    received(contest, counter, who["clerk"])
    (row, *_more) = likeness.look(received(contest, counter, who["clerk"]))
    with pytest.raises(Forbidden):
        likeness.answer(twin_id=row.pk, said="apart", by=who["clerk"], why="relues ensemble")
    assert likeness.answer(twin_id=row.pk, said="apart", by=who["registrar"], why="relues ensemble").answer == "apart"
    for said in ("joined", "rien"):
        with pytest.raises(Refused, match="DIS-137"):
            likeness.answer(twin_id=row.pk, said=said, by=who["registrar"], why="relues ensemble")


def test_any_byte_of_any_piece_that_changes_is_named_once_in_the_ledger(contest, court):
    who, counter = court
    one = with_piece(contest, counter, who["clerk"], b"une piece du dossier")
    assert nightly.reread() == []
    path = store.path(one.exhibits.get().piece.sha256, "")
    path.chmod(0o600)
    sound = path.read_bytes()
    for n in range(len(sound)):
        path.write_bytes(sound[:n] + bytes([sound[n] ^ 1]) + sound[n + 1 :])
        assert nightly.reread() == [f"{one.number} P1 altered"]
    path.unlink()
    assert nightly.reread() == [f"{one.number} P1 missing"]
    assert Act.objects.filter(kind="disputes.custody_fault").count() == 2
    path.write_bytes(sound)
    assert nightly.reread() == []
