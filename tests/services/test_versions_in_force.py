"""Who holds the role of the database, guards in place: no station without a version in force, no decision lent to another."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kalata.country.models import Station
from kalata.ledger.locks import lifted
from kalata.ledger.models import Act
from kalata.ledger.queries import breaks
from kalata.ledger.services import seal_waiting
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.results.models import Import, StationReport
from kalata.results.rules.boxes import Standing
from kalata.results.services import authority
from kalata.results.services import contests as services
from tests import court
from tests.conftest import ROWS, bring, csv_of

pytestmark = pytest.mark.django_db
NEW_ROW = "Kayes,Kayes,KAY-001,400,200,200,5,195,10,150,35"


def report(code="SEG-001", **values):
    return StationReport.objects.get(**{"station__code": code, "current": True, **values})


def insert(table, values):
    names = ",".join(f'"{name}"' for name in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} ({names}) values ({','.join(['%s'] * len(values))})",
            list(values.values()),
        )


def forged(old, **values):
    """A new version of a station written by hand."""
    names = ("contest_id", "station_id", "standing", "authority", "proof", "passage_id", "source_id", "approval_id")
    row = {n: getattr(old, n) for n in names} | {"version": old.version + 1, "current": False, "reason": "", "at": timezone.now(), "sheet": bytes(old.sheet)}  # fmt: skip
    insert("results_stationreport", row | values)


def decision(code, registrar, judge, to=Standing.ANNULLED):
    return court.decide(Station.objects.get(code=code), to, signer=judge, by=registrar)


# --- one version in force -------------------------------------------------------------------------------
def test_the_version_in_force_of_a_station_does_not_fall_alone(counted):
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        StationReport.objects.filter(station__code="SEG-001").update(current=False)
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        StationReport.objects.update(current=False)
    assert StationReport.objects.filter(current=True).count() == 4


def test_a_version_replaced_never_comes_back_in_force(counted, supervisor):
    bring(counted, supervisor, csv_of([NEW_ROW, *ROWS[1:]]), name="b.csv")
    with pytest.raises(DatabaseError), transaction.atomic():
        StationReport.objects.filter(station__code="KAY-001", version=1).update(current=True)
    assert [(r.version, r.current) for r in StationReport.objects.filter(station__code="KAY-001").order_by("version")] == [(1, False), (2, True)]  # fmt: skip
    assert authority.unproved(counted) == []


@pytest.mark.parametrize("values", [{"version": 3}, {"version": 1}, {"version": 0}])
def test_a_version_out_of_turn_is_refused(counted, values):
    with pytest.raises(DatabaseError, match=r"RES-310|RES-400"):
        forged(report(), **values)


def test_a_first_version_that_is_not_in_force_is_refused(counted, supervisor):
    old = report()
    fresh = Station.objects.create(contest=counted, code="NEW-1")
    with pytest.raises(DatabaseError, match="RES-310"):
        forged(old, station_id=fresh.pk, version=1)


def test_a_station_hidden_by_its_own_versions_stops_the_publication_by_its_name(counted, supervisor, publisher):
    with lifted():
        StationReport.objects.filter(station__code="SEG-001").update(current=False)
    assert [(u.station, u.field, u.proved) for u in authority.unproved(counted)] == [("SEG-001", "version en vigueur", "v1")]  # fmt: skip
    assert [u.station for u in authority.unproved(counted, [Station.objects.get(code="SEG-001").pk])] == ["SEG-001"]
    asked = services.ask_publication(contest=counted, reason="complet", by=supervisor)
    with pytest.raises(authority.FiguresDiffer, match="SEG-001"):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)


def test_an_old_version_put_back_in_force_is_found(counted, supervisor):
    bring(counted, supervisor, csv_of([NEW_ROW, *ROWS[1:]]), name="b.csv")
    with lifted():
        StationReport.objects.filter(station__code="KAY-001", version=2).update(current=False)
        StationReport.objects.filter(station__code="KAY-001", version=1).update(current=True)
    assert ("KAY-001", "v1", "v2") in [(u.station, u.kept, u.proved) for u in authority.unproved(counted)]


# --- a decision is of one station ------------------------------------------------------------------------
def test_a_decision_on_one_station_annuls_no_other(counted, registrar, judge):
    act = decision("SAN-001", registrar, judge)
    lent = {"standing": 1, "authority": "ruling", "proof": act.digest, "source_id": None}
    with pytest.raises(DatabaseError, match="RES-310"):
        forged(report("SEG-001"), **lent)


@pytest.mark.parametrize(
    ("code", "values"),
    [("SEG-001", {}), ("SAN-001", {"standing": 2}), ("SAN-001", {"version": 3})],
    ids=["another station", "another state", "another version"],
)
def test_a_decision_serves_once_for_what_it_decided(counted, registrar, judge, code, values):
    act = decision("SAN-001", registrar, judge)
    lent = {"standing": 1, "authority": "ruling", "proof": act.digest, "source_id": None}
    with pytest.raises(DatabaseError, match="RES-310"):
        forged(report(code), **lent | values)


def test_an_approval_of_another_kind_annuls_nothing(published):
    act = Approval.objects.get(kind="results.publication")
    lent = {"standing": 1, "authority": "decision", "proof": act.sha256, "approval_id": act.pk, "source_id": None}
    with pytest.raises(DatabaseError, match="RES-310"):
        forged(report(), **lent)


def test_a_lent_decision_written_with_the_guards_lifted_is_found(counted, registrar, judge):
    act = decision("SAN-001", registrar, judge)
    with lifted():
        old = report("SEG-001")
        StationReport.objects.filter(pk=old.pk).update(current=False)
        forged(old, standing=1, authority="ruling", proof=act.digest, source_id=None, current=True)
    assert [(u.station, u.field) for u in authority.unproved(counted)] == [("SEG-001", "décision")]


# --- a file, its approval and its act --------------------------------------------------------------------
def test_a_file_already_stored_annuls_no_station_by_hand(counted):
    with pytest.raises(DatabaseError, match="RES-310"):
        forged(report(), standing=1)


def test_a_file_puts_nothing_over_a_decision_by_hand(counted, registrar, judge):
    source = Import.objects.get()
    decision("SEG-001", registrar, judge)
    with pytest.raises(DatabaseError, match="RES-310"):
        forged(report(), standing=1, authority="import", proof=source.difference, source_id=source.pk, approval_id=None)


def test_an_approval_given_for_one_file_stores_no_other(published, supervisor, publisher):
    first = Import.objects.get()
    bring(published, supervisor, csv_of([NEW_ROW, *ROWS[1:]]), name="b.csv")
    asked = Approval.objects.get(kind="results.correction")
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    with pytest.raises(DatabaseError, match="RES-310"):
        forged(report("SEG-001"), proof=first.difference, source_id=first.pk, approval_id=asked.pk)


def slipped(old, **values):
    """A second act for the same commit, at the end of the ledger."""
    said = {
        "at": timezone.now(),
        "actor_id": old.actor_id,
        "actor": old.actor,
        "kind": old.kind,
        "subject": old.subject,
    }
    return Act.objects.create(**said | {"after": {**old.after, "written": "0" * 64}, **values})


def test_a_second_act_for_one_commit_is_refused_by_the_database(counted):
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        slipped(Act.objects.get(kind="import.committed"))


def test_a_second_act_for_one_commit_hides_no_altered_figure_and_is_found_itself(counted):
    act, old = Act.objects.get(kind="import.committed"), report()
    sheet = bytearray(old.sheet)
    sheet[20:24], sheet[24:28] = sheet[24:28], sheet[20:24]
    with lifted():
        with connection.cursor() as cursor:
            cursor.execute("update results_stationreport set sheet = %s where id = %s", [bytes(sheet), old.pk])
        rows = StationReport.objects.order_by("station__code")
        digest = authority.digest_of(rows.values_list("station__code", "version", "standing", "sheet"))
        slipped(act, after={**act.after, "written": digest})
    found = authority.unproved(counted)
    assert {u.field for u in found if u.station == "SEG-001"} == {"Le baobab", "La pirogue"}
    assert [u.proved for u in found if u.field == "acte d’enregistrement au journal"] == [f"n° {act.pk}"]


def test_an_act_of_a_kind_that_only_begins_alike_is_no_commit(counted):
    slipped(Act.objects.get(kind="import.committed"), kind="import.committed.again")
    assert authority.unproved(counted) == []


def test_an_act_slipped_in_before_the_first_breaks_the_chain_of_seals(counted):
    seal_waiting()
    assert list(breaks()) == []
    insert("transparency_act", {"id": -1, "at": timezone.now(), "actor": "x", "kind": "x", "subject": "x", "territory": "", "reason": "", "address": "", "personal": False})  # fmt: skip
    assert len(list(breaks())) == 1
