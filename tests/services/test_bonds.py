"""Each row that counts has its act in the ledger: what is written behind the application is named."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kalata.country import services as country
from kalata.country.models import Station
from kalata.ledger import answers, bonds, services
from kalata.ledger.commands import adopt, verify
from kalata.ledger.models import Act
from kalata.ledger.services import NotLost, baseline
from kalata.people import services as people
from kalata.people.models import Approval, Mandate
from kalata.people.rules import approval
from kalata.refusals import Refused
from kalata.results.models import Decision, Import, StationReport
from kalata.results.queries import telling
from kalata.results.services import contests
from kalata.tally.models import Entry
from tests.services.test_tally import desk as desk
from tests.services.test_tally import register as register
from tests.services.test_tally import typed

pytestmark = pytest.mark.django_db


def insert(table, values):
    names = ", ".join(f'"{n}"' for n in values)
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"insert into {table} ({names}) values ({marks})", list(values.values()))


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def row_of(one):
    """A row as raw SQL writes it."""
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {one._meta.db_table} where id = %s", [one.pk])
        return dict(zip([c[0] for c in cursor.description], cursor.fetchone(), strict=True))


def found():
    return [str(one) for one in answers.faults()]


@pytest.fixture
def paper_read(register, desk):
    """A paper typed twice alike: its passages, entries and hands."""
    return typed(register, desk)


@pytest.fixture
def runner():
    return CliRunner()


@pytest.fixture
def mandate(administrator, security_officer):
    person = people.create_person(username="agent", full_name="Agent", by=administrator)
    asked = people.ask_mandate(person=person, role="saisie", unit=None, reason="r", by=administrator)
    people.decide_approval(approval_id=asked.pk, to=approval.Decision.APPROVED, by=security_officer)
    return person.mandates.get()


@pytest.fixture
def clean(mandate):
    assert found() == []
    return mandate


def test_a_database_that_only_the_services_wrote_has_an_act_for_each_row(mandate):
    assert found() == [] and Mandate.objects.count() == 3 and Approval.objects.count() == 1


def test_a_mandate_slipped_in_with_an_act_that_tells_it_is_named_and_so_is_the_act(clean):
    given = Act.objects.filter(kind="mandate.given").first()
    row = row_of(clean)
    row.pop("id")
    insert("people_mandate", row | {"rights": '["results.publish"]'})
    forged = Mandate.objects.latest("pk")
    told = row_of(given)
    told.pop("id")
    digest = bonds.digests(bonds.contents(Mandate.objects.filter(pk=forged.pk), Mandate.told), True)
    insert("transparency_act", told | {"rows": json.dumps({"people_mandate": digest}), "mark": None})
    act = Act.objects.latest("pk")
    assert found() == [
        f"transparency_act n° {act.pk}: without the mark of the house", f"people_mandate n° {forged.pk}: without its act",
    ]  # fmt: skip


def test_an_act_copied_with_its_mark_is_refused_by_the_database_and_an_invented_mark_is_found(clean):
    told = row_of(Act.objects.filter(kind="mandate.given").first())
    told.pop("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert("transparency_act", told)
    insert("transparency_act", told | {"mark": told["mark"].partition(":")[0] + ":" + "0" * 64})
    insert("transparency_act", told | {"mark": "00000000:" + "1" * 64})
    assert [f.what for f in answers.faults()] == [answers.UNMARKED, answers.FOREIGN]


def test_a_request_slipped_in_and_then_approved_by_raw_sql_is_named(clean, administrator, security_officer):
    row = row_of(Approval.objects.get(kind="people.mandate"))
    row.pop("id")
    insert("people_approval", row | {"state": "waiting", "decided_by_id": None, "decided_at": None})
    forged = Approval.objects.latest("pk")
    sql(
        "update people_approval set state = 'approved', decided_by_id = %s, decided_at = %s where id = %s",
        security_officer.pk, row["decided_at"], forged.pk,
    )  # fmt: skip
    assert found() == [f"people_approval n° {forged.pk}: without its act"]


def test_a_request_really_asked_and_approved_by_raw_sql_names_what_differs(clean, administrator, security_officer):
    person = clean.person
    asked = people.ask_mandate(person=person, role="reception", unit=None, reason="r", by=administrator)
    assert found() == []
    sql(
        "update people_approval set state = 'approved', decided_by_id = %s, decided_at = %s where id = %s",
        security_officer.pk, timezone.now(), asked.pk,
    )  # fmt: skip
    act = Act.objects.get(kind="people.mandate.asked", after__approval=asked.pk)
    assert found() == [f"people_approval n° {asked.pk}: state, decided_by_id, decided_at (act n° {act.pk})"]
    assert answers.message(answers.faults()[0]).text("en").endswith(f"are not what act no. {act.pk} says")


def test_the_name_of_a_candidate_changed_by_raw_sql_is_named(clean, contest):
    baseline()
    option = contest.options.first()
    sql("update country_option set name = 'Autre' where id = %s", option.pk)
    assert any(f.startswith(f"country_option n° {option.pk}: name") for f in found())
    sql("update country_contest set name_fr = 'Autre' where id = %s", contest.pk)
    assert any(f.startswith(f"country_contest n° {contest.pk}: name_fr") for f in found())


def test_what_is_changed_by_its_service_is_told_again_and_what_is_taken_away_too(clean, contest, administrator):
    before = len(answers.faults())
    country.update_contest(contest=contest, name_fr="Un autre nom", by=administrator)
    names = [{"name": "Un"}, {"name": "Deux"}]
    if not contest.previous_id:
        country.set_options(contest=contest, options=names, by=administrator)
    assert len(answers.faults()) <= before
    assert not [f for f in answers.faults() if f.table in ("country_contest", "country_option")]


def test_the_rows_of_before_are_covered_once_dated_and_counted(administrator, security_officer):
    act = baseline()
    assert act.kind == "ledger.baseline" and act.after["tables"]["people_mandate"] == Mandate.objects.count()
    assert found() == [] and len(act.after["sha256"]) == 64
    sql("update people_mandate set revoked_at = %s where id = %s", timezone.now(), Mandate.objects.first().pk)
    assert [f.what for f in answers.faults()] == ["revoked_at"]


# --- figures --------------------------------------------------------------------------------------------
def forged_version(counted, **values):
    old = row_of(StationReport.objects.get(station__code="SEG-001", current=True))
    old.pop("id")
    insert("results_stationreport", old | {"version": old["version"] + 1, "current": False} | values)
    return StationReport.objects.latest("pk")


def test_a_version_written_by_hand_over_a_stored_file_is_named_and_stops_publication(counted, publisher, supervisor):
    assert found() == []
    made = forged_version(counted)
    assert f"results_stationreport n° {made.pk}: without its act" in found()
    asked = contests.ask_publication(contest=counted, reason="r", by=supervisor)
    with pytest.raises(Refused) as met:
        people.decide_approval(approval_id=asked.pk, to=approval.Decision.APPROVED, by=publisher)
    assert met.value.code in ("LED-002", "RES-311")


def test_a_decision_and_the_version_that_rests_on_it_both_by_raw_sql_are_named(counted, supervisor, publisher):
    station, proof = Station.objects.get(code="SEG-001"), "a" * 64
    sheet = bytes(StationReport.objects.get(station=station, current=True).sheet)
    insert("results_decision", {
        "contest_id": counted.pk, "number": "1", "digest": proof, "acts": "[]", "words": "r", "at": timezone.now(),
        "signed_by_id": supervisor.pk, "carried_by_id": publisher.pk,
    })  # fmt: skip
    forged = Decision.objects.latest("pk")
    insert("results_decisionline", {
        "decision_id": forged.pk, "station_id": station.pk, "act": "ANNUL_STATION", "before": 1, "standing": 1,
        "sheet": sheet, "reason": "r",
    })  # fmt: skip
    made = forged_version(counted, standing=1, authority="ruling", proof=proof, source_id=None)
    assert sorted(found()) == [
        f"results_decision n° {forged.pk}: without its act",
        f"results_decisionline n° {forged.lines.get().pk}: without its act",
        f"results_stationreport n° {made.pk}: without its act",
    ]
    named = {f.table for f in telling.untold(counted, [made.station_id])}
    assert named == {"results_decision", "results_decisionline", "results_stationreport"}


def test_a_copy_of_a_stored_file_with_an_act_appended_for_it_is_named_and_so_is_the_act(counted):
    file = Import.objects.get()
    row = row_of(file)
    row.pop("id")
    insert("results_import", row)
    copy = Import.objects.latest("pk")
    told = row_of(Act.objects.get(kind="import.committed"))
    told.pop("id")
    digest = bonds.digests(bonds.contents(Import.objects.filter(pk=copy.pk), Import.told), True)
    rows = json.dumps({"results_import": digest})
    insert("transparency_act", told | {"subject": f"import:{copy.pk}", "rows": rows, "mark": None})
    assert found() == [
        f"transparency_act n° {Act.objects.latest('pk').pk}: without the mark of the house",
        f"results_import n° {copy.pk}: without its act",
    ]


def test_rows_of_a_paper_slipped_in_are_named_each_by_its_table(paper_read, supervisor):
    assert found() == []
    paper = paper_read
    at = timezone.now()
    insert("results_hand", {"paper_id": paper.pk, "person_id": supervisor.pk, "part": "read", "desk": "", "at": at})
    last = row_of(paper.passages.last())
    last.pop("id")
    insert("results_passage", last | {"previous": last["hash"], "hash": "b" * 64, "right": ""})
    insert(
        "results_entry",
        {
            "paper_id": paper.pk,
            "attempt": 9,
            "rank": 1,
            "by_id": supervisor.pk,
            "sheet": b"",
            "machine": False,
            "at": at,
        },
    )
    assert sorted(f.split(" n°")[0] for f in found()) == ["results_entry", "results_hand", "results_passage"]
    assert {f.table for f in telling.untold(paper.contest, [paper.station_id])} == {
        "results_entry", "results_hand", "results_passage",
    }  # fmt: skip


def test_publication_asks_of_its_own_rows_only(counted, clean):
    sql("update people_mandate set revoked_at = %s where id = %s", timezone.now(), clean.pk)
    assert found() and list(telling.untold(counted)) == []
    sql("update country_option set name = 'Autre' where contest_id = %s", counted.pk)
    assert {f.what for f in telling.untold(counted)} == {"name"}


def test_the_commands_say_it_in_french_first_and_in_english_where_asked(clean, runner):
    assert "chaque ligne qui compte a son acte" in runner.invoke(verify, []).output
    assert "each row that counts has its act" in runner.invoke(verify, ["--lang", "en"]).output
    insert("transparency_act", {**row_of(Act.objects.latest("pk")), "id": 10**9, "mark": None})
    done = runner.invoke(verify, [])
    assert done.exit_code == 1 and "acte sans la marque de la maison" in done.output
    told = json.loads(runner.invoke(verify, ["--json"]).output)
    assert told["whole"] and not told["told"] and told["untold"][0]["table"] == "transparency_act"


def test_a_restored_database_whose_key_is_lost_is_taken_over_by_one_act_and_only_then(clean, settings, runner):
    with pytest.raises(NotLost):
        services.adopt("clé perdue")
    settings.LEDGER_KEY = "another key"
    assert {f.what for f in answers.faults() if f.table == "transparency_act"} == {answers.FOREIGN}
    assert runner.invoke(adopt, ["--reason", "disque perdu"]).exit_code == 0
    assert found() == [] and Act.objects.get(kind="ledger.baseline").reason == "disque perdu"
    with pytest.raises(NotLost):
        services.adopt("encore")


def test_who_reads_the_ledger_tries_no_value_on_the_digest_of_a_row(paper_read, clean):
    """A vote of the bench, a level given, figures not yet public: few values, so a plain digest would tell them."""
    acts = Act.objects.filter(rows__results_entry__isnull=False)
    for act, entry in zip(acts.order_by("pk"), Entry.objects.order_by("pk"), strict=True):
        (row,) = bonds.contents(Entry.objects.filter(pk=entry.pk), vars(Entry)["told"])
        guessed = hashlib.sha256(bonds.line(*row)).hexdigest()  # with the true figures of the true row
        assert act.rows["results_entry"] and guessed not in json.dumps(act.line())
    assert all(d is None or d.startswith(bonds.KEYED) for a in Act.objects.exclude(rows=None) for t in a.rows.values() for d in t.values())
    entry, other = Entry.objects.values_list("pk", "sheet")[:2]
    assert bytes(entry[1]) == bytes(other[1])
    digits = [bonds.digest_of_one(pk, [sheet]).split(" ")[1] for pk, sheet in (entry, other)]
    assert digits[0] != digits[1]


def test_a_digest_made_before_they_were_keyed_is_still_asked_back(mandate):
    act = Act.objects.filter(rows__people_mandate__isnull=False).last()
    told = vars(Mandate)["told"]
    ((pk, values),) = bonds.contents(Mandate.objects.filter(pk=mandate.pk), told)
    before = dict(act.rows) | {"people_mandate": {str(pk): bonds.digest_of_one(pk, values, like="")}}
    here = bonds.said([(act.pk, before)])["people_mandate"]
    assert not list(bonds.faults_of(Mandate, told, here, Mandate.objects.filter(pk=mandate.pk)))
    wrong = bonds.said([(act.pk, before)])["people_mandate"]
    (fault,) = bonds.changing("people_mandate", told, wrong, [(pk, ("other", *values[1:]))])
    assert fault.what == told.columns[0]


def test_a_cell_is_written_as_json_writes_it():
    """Whatever the short way for numbers and words: digests made before stay right."""
    for value in (1, -3, True, None, "", "é « \" \\ \n \x00 \u2028", "ɛɔɲ", [1, "a"], {"b": 1, "a": 2}, 1.5):
        plainly = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert bonds.cells([value]) == [plainly]
