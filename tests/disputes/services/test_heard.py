"""Persons heard: their names lie nowhere in clear, not in the tables, the ledger, a backup; each reading of one is kept."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from kalata import backups
from kalata.disputes.models import HeardPerson
from kalata.disputes.rules import heard as rules
from kalata.disputes.rules.evidence import NoSuchPlace
from kalata.disputes.rules.instruct import NotTheReporter
from kalata.disputes.rules.sealing_keys import PrivateKey
from kalata.disputes.services import heard
from kalata.disputes.services.steps import subject_of
from kalata.disputes.signing import authority, court
from kalata.ledger import answers
from kalata.ledger.models import Act
from tests.conftest import make_person
from tests.disputes import instructed
from tests.disputes.desk import PHRASE
from tests.disputes.desk import court_keys as court_keys

pytestmark = pytest.mark.django_db
NAME, CONTACT, ADDRESS, NOTE = (
    "Personne Plantée-Exemple",
    "+000 00 11 22 33",
    "Carré 12, porte 7",
    "craint pour son emploi",
)
WHO = rules.Identity(NAME, CONTACT, ADDRESS, NOTE)
PLANTED = [w.encode() for w in (NAME, "Plantée", "Plant\\u00e9e", CONTACT, ADDRESS, NOTE)]


@pytest.fixture
def petition(published, judge, court_keys):
    return instructed.case(published, judge, "SEG-001")


def add(petition, by, who=WHO, kind="witness", piece=None):
    return heard.add(petition=petition, kind=kind, who=who, piece=piece, by=by)


def acts(kind):
    return list(Act.objects.filter(kind=kind).order_by("pk").values_list("actor", "subject", "after"))


def test_a_person_heard_is_a_number_and_who_they_are_is_read_back_and_each_reading_is_kept(petition, judge):
    assert (add(petition, judge).number, add(petition, judge, kind="expert").number) == (1, 2)
    assert acts("disputes.person_read") == []
    for _n in range(2):
        assert heard.read(petition=petition, number=1, by=judge) == WHO
    assert acts("disputes.person_read") == [("juge", subject_of(petition), {"number": 1})] * 2
    assert acts("disputes.person_heard")[1][2] == {"number": 2, "kind": "expert"}
    assert not [f for f in answers.faults() if "heardperson" in str(f)]


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_planted_is_in_no_table_no_ledger_and_no_backup(petition, judge, tmp_path):
    add(petition, judge)
    heard.read(petition=petition, number=1, by=judge)
    heard.strike(petition=petition, number=1, by=judge)
    met = b"".join(every_cell())
    assert subject_of(petition).encode() in met and not [w for w in PLANTED if w in met]
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        backups.write(file, tmp_path / "backup.zip")
        whole = [p.read_bytes() for p in file.parent.glob(file.name + "*")]
        with zipfile.ZipFile(tmp_path / "backup.zip") as packed:
            whole += [packed.read(name) for name in packed.namelist()]
            assert not [name for name in packed.namelist() if "persons" in name]
        assert len(whole) > 2 and not [w for w in PLANTED for data in whole if w in data]
    assert not [w for w in PLANTED for p in authority_folder().iterdir() if w in p.read_bytes()]


def authority_folder():
    from django.conf import settings

    return settings.COURT_KEYS


def every_cell():
    """What the database holds, table by table, as it holds it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            for row in cursor.fetchall():
                yield from (bytes(c) if isinstance(c, bytes | memoryview) else str(c).encode() for c in row)


def test_only_who_reports_the_case_writes_and_only_its_bench_reads(petition, published, judge, registrar):
    add(petition, judge)
    other = instructed.seat("j2", make_person("juge-2", "juge")).person
    out = instructed.seat("j3", make_person("juge-3", "juge"))
    instructed.kept_out(petition, out)
    for one in (registrar, out.person, make_person("partie-1", "partie"), make_person("liaison-1", "liaison")):
        for act in (lambda by: add(petition, by), lambda by: heard.read(petition=petition, number=1, by=by)):
            with pytest.raises(NotTheReporter):
                act(one)
    with pytest.raises(NotTheReporter):
        add(petition, other)
    assert len(acts("disputes.person_heard")) == 1 and acts("disputes.person_read") == []


@pytest.mark.parametrize("phrase", ["", "une autre phrase que celle-là"])
def test_without_the_passphrase_a_name_is_written_and_not_read_and_nothing_is_lost(
    petition, judge, monkeypatch, phrase
):
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", phrase)
    add(petition, judge)
    with pytest.raises(rules.KeyOfPersonsShut, match="DIS-822"):
        heard.read(petition=petition, number=1, by=judge)
    assert acts("disputes.person_read") == []
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", PHRASE)
    assert heard.read(petition=petition, number=1, by=judge) == WHO


def test_without_a_key_no_name_is_written_in_clear_and_a_ceremony_of_before_gets_one(petition, judge, court_keys):
    for ending in ("key", "pub"):
        (court_keys / f"persons.{ending}").unlink()
    with pytest.raises(rules.NoKeyOfPersons, match="DIS-821"):
        add(petition, judge)
    assert not HeardPerson.objects.exists()
    authority.renew(court_keys, PHRASE, court.now())
    add(petition, judge)
    assert heard.read(petition=petition, number=1, by=judge) == WHO


def test_a_row_put_in_the_place_of_another_or_changed_does_not_pass_for_it(petition, published, judge):
    add(petition, judge)
    add(petition, judge, rules.Identity("Une autre"))
    first, second = HeardPerson.objects.order_by("number")
    with pytest.raises(DatabaseError), transaction.atomic():
        HeardPerson.objects.filter(pk=first.pk).update(sealed=second.sealed)
    altered = bytearray(first.sealed)
    altered[-1] ^= 1
    for n, data in ((3, bytes(second.sealed)), (4, bytes(altered)), (5, b"x")):
        HeardPerson.objects.create(
            petition=petition, number=n, kind="witness", sealed=data, sha256=hashlib.sha256(data).hexdigest(), by=judge, at=first.at
        )  # fmt: skip
        with pytest.raises(rules.AnotherPerson, match="DIS-824"):
            heard.read(petition=petition, number=n, by=judge)


def test_a_person_has_a_name_a_piece_of_the_case_and_a_place_in_the_list(petition, judge):
    for name in ("", "  "):
        with pytest.raises(rules.NobodyHeard):
            add(petition, judge, rules.Identity(name, CONTACT))
    with pytest.raises(NoSuchPlace):
        add(petition, judge, piece=7)
    for act in (heard.read, heard.strike):
        with pytest.raises(rules.NobodyHeard, match="DIS-823"):
            act(petition=petition, number=1, by=judge)
    add(petition, judge)
    heard.strike(petition=petition, number=1, by=judge)
    with pytest.raises(rules.NobodyHeard):
        heard.strike(petition=petition, number=1, by=judge)
    assert heard.read(petition=petition, number=1, by=judge) == WHO and HeardPerson.objects.get().struck_by == judge


def test_the_line_of_persons_is_not_that_of_bundles(court_keys):
    bundles = court.line_of(authority.BUNDLES)
    with pytest.raises(rules.NoKeyOfPersons):
        rules.public(bundles)
    assert rules.public(court.line_of(authority.PERSONS)) == court.the_court().persons.public
    assert PrivateKey.fresh().public.text().startswith("bench1+")


def test_the_page_lists_numbers_and_shows_one_name_where_it_is_asked(petition, judge, registrar, sign_in):
    client, page = sign_in(judge), f"/contentieux/affaires/{petition.number}/personnes/"
    sent = {"act": "add", "kind": "witness", "name": NAME, "contact": CONTACT}
    assert client.post(page, sent).status_code == 302
    listed = client.get(page).content.decode()
    assert "T1" in listed and "témoin" in listed and NAME not in listed and CONTACT not in listed
    shown = client.post(page, {"act": "read", "number": "1"})
    assert NAME in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert NAME not in client.get(page).content.decode() and len(acts("disputes.person_read")) == 1
    assert client.post(page, {"act": "strike", "number": "1"}).status_code == 302
    assert "rayée" in client.get(page).content.decode()
    assert client.post(page, {"act": "read", "number": "9"}).status_code == 422
    assert (
        f"{petition.number}/personnes/"
        in client.get(f"/contentieux/affaires/{petition.number}/preuves/").content.decode()
    )
    assert sign_in(registrar).get(page).status_code == 404
