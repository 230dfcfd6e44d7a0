"""One door to what counts: every version rests on an authority, and nothing gets round it."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.ledger.locks import lifted
from kalata.ledger.models import Act
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision, Outdated
from kalata.results.models import Import, StationReport
from kalata.results.queries import board as boards
from kalata.results.queries import differences
from kalata.results.rules.boxes import Standing
from kalata.results.rules.sheets import sheet_digest
from kalata.results.services import announcing, authority, committing, importing
from kalata.results.services import contests as services
from kalata.tally.models import Paper
from kalata.tally.services import batches as publishing
from kalata.tally.services import reports as tally
from tests import court
from tests.conftest import PROFILE, ROWS, bring, csv_of, make_person, meanwhile, seen_on
from tests.services.test_tally import GOOD, desk, register, typed, validated  # noqa: F401

pytestmark = pytest.mark.django_db
OTHER_ROW = "Kayes,Kayes,KAY-001,400,200,200,5,195,10,150,35"
PLAIN = "bureau,inscrits,votants,bulletins,nuls,exprimes,Le baobab,La pirogue,La calebasse"


def votes(contest):
    boards.forget()
    contest.refresh_from_db()
    return dict(boards.board(contest).votes)


def publish(contest, by, second):
    asked = services.ask_publication(contest=contest, reason="complet", by=by)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=second)
    contest.refresh_from_db()


def brought(contest, by, rows, *, header=PLAIN, create="none"):
    one = importing.upload(contest=contest, name="d.csv", content=iter([csv_of(rows, header)]), by=by)
    importing.set_mapping(one=one, profile={**PROFILE, "areas": []}, create=create, by=by)
    return importing.dry_run(one)


# --- imports ------------------------------------------------------------------------------------
def test_a_dry_run_made_before_a_publication_stores_nothing_alone_after_it(contest, supervisor, publisher):
    stale = bring(contest, supervisor, commit=False, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    bring(contest, supervisor)
    publish(contest, supervisor, publisher)
    before = votes(contest)
    with pytest.raises((committing.StaleDryRun, Outdated)):
        asked = committing.ask_or_commit(one=Import.objects.get(pk=stale.pk), reason="x", by=supervisor)
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert votes(contest) == before


def test_the_same_through_the_pages(sign_in, contest, supervisor, publisher):
    stale = bring(contest, supervisor, commit=False, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    bring(contest, supervisor)
    publish(contest, supervisor, publisher)
    before = votes(contest)
    client, url = sign_in(supervisor), f"/resultats/gerer/imports/{stale.pk}/"
    client.post(url, {"act": "commit", "reason": "x", "seen": seen_on(client, url)})
    assert votes(contest) == before
    assert not StationReport.objects.filter(source=stale).exists()


def test_a_dry_run_over_figures_that_moved_since_is_refused_even_before_publication(contest, supervisor):
    stale = bring(contest, supervisor, commit=False, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    bring(contest, supervisor)
    before = votes(contest)
    with pytest.raises(committing.StaleDryRun):
        committing.ask_or_commit(one=stale, reason="x", by=supervisor)
    assert votes(contest) == before


def test_a_correction_is_approved_on_the_difference_shown_and_on_no_other(published, supervisor, publisher):
    one = bring(published, supervisor, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    asked = Approval.objects.get(kind="results.correction")
    assert one.state == "waiting" and asked.payload["difference"] == one.difference == differences.keep(
        importing.prepare(one)
    )
    before = votes(published)
    two = bring(
        published,
        supervisor,
        content=csv_of(["Kayes,Kayes,KAY-001,400,200,200,5,195,90,70,35", *ROWS[1:]]),
        name="c.csv",
    )
    first, second = Approval.objects.filter(kind="results.correction").order_by("pk")
    people.decide_approval(approval_id=second.pk, to=Decision.APPROVED, by=publisher)
    assert votes(published) != before
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=first.pk, to=Decision.APPROVED, by=publisher)
    two.refresh_from_db()
    assert (
        two.state == "committed" and StationReport.objects.get(station__code="KAY-001", current=True).approval == second
    )


def test_new_stations_over_something_public_take_two_persons(published, supervisor, publisher):
    before = votes(published)
    one = bring(
        published, supervisor, content=csv_of(["Kayes,Kayes,KAY-999,9000,9000,9000,0,9000,0,9000,0"]), name="c.csv"
    )
    assert one.state == "waiting" and votes(published) == before
    assert not Station.objects.filter(code="KAY-999").exists()
    asked = Approval.objects.get(kind="results.correction")
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert votes(published)["La pirogue"] == before["La pirogue"] + 9_000


def test_a_register_without_votes_over_something_public_takes_two_persons_too(published, supervisor):
    header = "region,cercle,bureau,inscrits"
    profile = {
        "rows": "wide",
        "station": ["bureau"],
        "areas": ["region", "cercle"],
        "figures": {"registered": "inscrits"},
    }
    content = csv_of(["Kayes,Kayes,KAY-777,500"], header)
    one = bring(published, supervisor, content=content, profile=profile, name="r.csv")
    assert one.state == "waiting" and not Station.objects.filter(code="KAY-777").exists()


def test_withdrawing_a_publication_does_not_open_the_contest_to_one_person(published, supervisor, publisher):
    asked = services.ask_withdrawal(contest=published, reason="erreur", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    published.refresh_from_db()
    assert published.published_at is None
    one = bring(published, supervisor, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    assert one.state == "waiting" and not StationReport.objects.filter(source=one).exists()


def test_a_file_whose_request_is_refused_goes_back_to_its_dry_run(published, supervisor, publisher):
    one = bring(published, supervisor, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    asked = Approval.objects.get(kind="results.correction")
    with pytest.raises(importing.WrongState):
        importing.set_mapping(one=one, profile=PROFILE, create="none", by=supervisor)
    with pytest.raises(importing.WrongState):
        importing.discard(one=one, by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.REFUSED, note="non", by=publisher)
    one.refresh_from_db()
    assert one.state == "checked"


def test_a_file_left_to_the_worker_is_told_and_what_another_did_with_it_meanwhile_is_not_written_over(
    contest, supervisor
):
    one = bring(contest, supervisor, commit=False)
    late = Import.objects.get(pk=one.pk)
    committing.send(one, "essai", supervisor)
    assert [(a.actor, a.reason) for a in Act.objects.filter(kind="import.sent")] == [(supervisor.username, "essai")]
    for act in (
        lambda: importing.discard(one=late, by=supervisor),
        lambda: committing.send(late, "encore", supervisor),
    ):
        with pytest.raises(importing.WrongState):
            act()
    assert committing.commit(one, by=supervisor).state == "committed"
    assert Act.objects.filter(kind__in=["import.sent", "import.committed", "import.discarded"]).count() == 2


def test_a_file_given_up_is_not_mapped_again(contest, supervisor):
    one = bring(contest, supervisor, commit=False)
    importing.discard(one=one, by=supervisor)
    with pytest.raises(importing.WrongState):
        importing.set_mapping(one=one, profile=PROFILE, create="none", by=supervisor)
    with pytest.raises(importing.WrongState):
        importing.discard(one=one, by=supervisor)
    assert Act.objects.filter(kind="import.discarded").count() == 1


def test_a_file_altered_on_the_disk_after_its_dry_run_is_refused(contest, supervisor):
    one = bring(contest, supervisor, commit=False)
    path = importing.path_of(one)
    path.write_bytes(path.read_bytes().replace(b"100,60,35", b"10,150,35"))
    with pytest.raises(importing.FileAltered):
        committing.ask_or_commit(one=one, reason="x", by=supervisor)
    assert StationReport.objects.count() == 0


def test_an_import_never_fills_a_station_whose_figures_come_from_its_paper(register, desk, supervisor):  # noqa: F811
    one = brought(register, supervisor, ["SEG-001,400,400,400,0,400,0,400,0"])
    assert one.state == "refused" and [p["code"] for p in one.report["problems"]] == ["IMP-216"]


def test_an_import_never_replaces_a_validated_paper_before_its_publication(register, desk, supervisor):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    one = brought(register, supervisor, [f"{paper.station.code},400,200,200,5,195,1,159,35"])
    assert one.state == "refused" and one.report["problems"][0]["field"] == "bureau"
    assert StationReport.objects.get(station=paper.station, current=True).authority == "paper"


def test_a_station_added_by_a_file_does_not_join_a_part_counted_on_paper(register, desk, supervisor):  # noqa: F811
    one = brought(register, supervisor, ["NEW-1,400,400,400,0,400,0,400,0"], create="stations")
    assert one.state == "refused"


def test_a_part_counted_from_files_gets_no_papers(counted):
    with pytest.raises(tally.CountedFromFiles):
        tally.open_register(contest=counted)
    assert Paper.objects.count() == 0


def test_a_regional_coordinator_does_not_ask_for_a_change_elsewhere(published, publisher):
    from kalata.country.models import Unit

    kayes = make_person("kayes", "coordination-region", unit=Unit.objects.get(code="ML-KAY", geography__code="ml-2015"))
    rows = ["Ségou,Ségou,SEG-001,500,300,300,10,290,1,239,50"]
    one = bring(published, kayes, content=csv_of(rows), name="s.csv", commit=False)
    assert one.state == "refused"
    with pytest.raises(importing.WrongState):
        committing.ask_or_commit(one=one, reason="x", by=kayes)


# --- the database ---------------------------------------------------------------------------------
def version(station, **extra):
    held = StationReport.objects.filter(station=station, current=True).first()
    fields = {
        "contest": station.contest,
        "station": station,
        "version": 9,
        "current": False,
        "sheet": b"",
        "at": timezone.now(),
    }
    return StationReport(**{**fields, **({"sheet": bytes(held.sheet)} if held else {}), **extra})


@pytest.mark.parametrize("kind", ["paper", "import", "decision", "earlier", "", "whim"])
def test_the_database_refuses_a_version_without_its_authority(published, kind):
    with pytest.raises(DatabaseError), transaction.atomic():
        version(Station.objects.get(code="KAY-001"), authority=kind, proof="0" * 64).save()


def test_the_database_refuses_an_import_nobody_approved_over_something_public(published):
    one = Import.objects.get()
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        version(Station.objects.get(code="KAY-001"), authority="import", proof=one.difference, source=one).save()


def test_the_database_refuses_the_passage_of_another_station(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    other = Station.objects.filter(contest=register).exclude(pk=paper.station_id).first()
    passage = paper.passages.last()
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        version(other, authority="paper", proof=passage.hash, passage_id=passage.pk).save()


def test_the_database_refuses_a_ruling_that_nobody_signed_and_a_decision_of_before(published, registrar, judge):
    station, other = (Station.objects.get(code=c) for c in ("KAY-001", "SEG-001"))
    made = court.decide(other, Standing.ANNULLED, signer=judge, by=registrar)
    for proof in ("0" * 64, made.digest):  # no such decision; a decision that says nothing of this station
        with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
            version(station, authority="ruling", proof=proof, standing=1).save()
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        version(station, authority="decision", proof=made.digest, standing=1).save()


@pytest.mark.parametrize(
    "act",
    [
        lambda r: StationReport.objects.filter(pk=r.pk).update(sheet=b"\0" * len(r.sheet)),
        lambda r: StationReport.objects.filter(pk=r.pk).update(standing=1),
        lambda r: StationReport.objects.filter(pk=r.pk).update(proof="0" * 64),
        lambda r: r.delete(),
    ],
)
def test_the_database_refuses_to_change_a_version(counted, act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act(StationReport.objects.first())


def test_a_version_leaves_force_and_never_comes_back(published, registrar, judge):
    station = Station.objects.get(code="KAY-001")
    asked = court.decide(station, Standing.ANNULLED, signer=judge, by=registrar)
    old, new = StationReport.objects.filter(station=station).order_by("version")
    assert (old.current, new.current, new.authority, new.proof) == (False, True, "ruling", asked.digest)
    with pytest.raises(DatabaseError), transaction.atomic():
        StationReport.objects.filter(pk=old.pk).update(current=True)


def test_no_other_module_makes_a_version():
    import re
    from pathlib import Path

    import kalata

    root = Path(kalata.__file__).parent
    making = re.compile(
        r"StationReport\(\s*\n?\s*contest=|StationReport\.objects\.(bulk_)?create|reports\.create|into results_stationreport"
        r"|StationReport\.objects[^\n]*\.(update|delete)\(|into \"?results_stationreport"
    )
    makers = [
        str(p.relative_to(root))
        for p in root.rglob("*.py")
        if making.search(p.read_text()) and "migrations" not in p.parts
    ]
    assert makers == ["results/services/authority.py"]


# --- publication computes again -------------------------------------------------------------------
def tampered(report, place, value):
    """A hand in the database, guards lifted: what the publication must find."""
    import struct

    with lifted():
        values = list(struct.unpack(f"<{len(report.sheet) // 4}i", report.sheet))
        values[place] = value
        with connection.cursor() as cursor:
            cursor.execute(
                "update results_stationreport set sheet = %s where id = %s",
                [struct.pack(f"<{len(values)}i", *values), report.pk],
            )


def test_a_figure_altered_in_the_database_stops_the_publication_and_is_named(counted, supervisor, publisher):
    tampered(StationReport.objects.get(station__code="SEG-001"), 5, 190)
    asked = services.ask_publication(contest=counted, reason="complet", by=supervisor)
    with pytest.raises(authority.FiguresDiffer) as refused:
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert refused.value.params == {"station": "SEG-001", "field": "Le baobab", "kept": "190", "proved": "90"}
    counted.refresh_from_db()
    assert counted.published_at is None


def test_a_figure_altered_with_the_hash_that_its_import_keeps_is_found_by_the_ledger(counted):
    report = StationReport.objects.get(station__code="SEG-001")
    tampered(report, 5, 190)
    rows = StationReport.objects.order_by("station__code").values_list("station__code", "version", "standing", "sheet")
    Import.objects.update(written=authority.digest_of(rows), difference="0" * 64)
    assert {u.station for u in authority.unproved(counted)} >= {"SEG-001"}


def test_a_figure_altered_under_a_decision_that_repeats_it_is_found(published, registrar, judge):
    station = Station.objects.get(code="SEG-001")
    court.decide(station, Standing.ANNULLED, signer=judge, by=registrar)
    for report in StationReport.objects.filter(station=station):
        tampered(report, 5, 190)
    assert "SEG-001" in {u.station for u in authority.unproved(published, [station.pk])}


def test_a_figure_altered_between_validation_and_batch_stops_the_batch(register, desk, supervisor, publisher):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    report = StationReport.objects.get(station=paper.station)
    tampered(report, len(report.sheet) // 4 - 1, 99)
    asked = publishing.ask_batch(contest=register, document="acte", note="", by=supervisor)
    with pytest.raises(authority.FiguresDiffer) as refused:
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert refused.value.params["station"] == paper.station.code and refused.value.params["kept"] == "99"
    assert Paper.objects.get(pk=paper.pk).state == "validated"


def test_an_entry_and_a_version_altered_together_are_found_by_the_chain(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    report = StationReport.objects.get(station=paper.station)
    place = len(report.sheet) // 4 - 1
    tampered(report, place, 99)
    fresh = bytes(StationReport.objects.get(pk=report.pk).sheet)
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update results_entry set sheet = %s where paper_id = %s", [fresh, paper.pk])
    assert [u.station for u in authority.unproved(register)] == [paper.station.code]


def test_a_chain_cut_or_rewritten_is_found(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update results_passage set reason = 'autre' where id = %s", [paper.passages.first().pk])
    (found,) = authority.unproved(register)
    assert found.station == paper.station.code


def test_what_is_proved_is_said_proved(register, desk):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    assert authority.unproved(register) == []


def test_what_files_brought_and_decisions_changed_is_said_proved(published, registrar, judge):
    court.decide(Station.objects.get(code="KAY-001"), Standing.ANNULLED, signer=judge, by=registrar)
    assert authority.unproved(published) == []


def test_the_chain_of_a_paper_holds_the_hash_of_its_settled_figures(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    last = paper.passages.last()
    assert last.figures == sheet_digest(GOOD) and StationReport.objects.get(station=paper.station).proof == last.hash


def test_the_nightly_comparison_raises_the_alarm_for_a_figure_without_its_authority(published):
    from kalata.transparency import publiclog
    from kalata.transparency.models import PublicLog

    tampered(StationReport.objects.get(station__code="SEG-001"), 5, 190)
    PublicLog.objects.get().outbox.update(done=True)
    announcing.compare_all()
    assert any("RES-311" in line and "SEG-001" in line for line in PublicLog.objects.get().alarm["first"])
    assert publiclog is not None


# --- publication and its picture ------------------------------------------------------------------
def test_a_publication_is_approved_on_the_figures_shown(counted, supervisor, publisher):
    asked = services.ask_publication(contest=counted, reason="complet", by=supervisor)
    bring(counted, supervisor, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    counted.refresh_from_db()
    assert counted.published_at is None


def test_a_list_reordered_between_request_and_approval_stops_the_publication(counted, supervisor, publisher):
    asked = services.ask_publication(contest=counted, reason="complet", by=supervisor)
    one, two = Contest.objects.get(pk=counted.pk).options.all()[:2]
    with lifted():
        type(one).objects.filter(pk=one.pk).update(rank=99)
        type(one).objects.filter(pk=two.pk).update(rank=1)
        type(one).objects.filter(pk=one.pk).update(rank=2)
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)


def test_the_page_of_a_correction_shows_each_line_and_who_leads_before_and_after(
    sign_in, published, supervisor, publisher
):
    bring(published, supervisor, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    asked = Approval.objects.get(kind="results.correction")
    text = sign_in(publisher).get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "KAY-001" in text and "Le baobab" in text and "−90" in text and "+90" in text
    assert "L’issue du scrutin change" in text or "L’ordre des candidatures change" in text
    assert asked.sha256[:8] in text


def test_an_outdated_correction_is_asked_again_with_a_new_dry_run(published, supervisor, publisher):
    from kalata.people import approving

    bring(published, supervisor, content=csv_of([OTHER_ROW, *ROWS[1:]]), name="b.csv")
    old = Approval.objects.get(kind="results.correction")
    bring(
        published,
        supervisor,
        content=csv_of(["Kayes,Kayes,KAY-001,400,200,200,5,195,90,70,35", *ROWS[1:]]),
        name="c.csv",
    )
    other = Approval.objects.filter(kind="results.correction").order_by("pk").last()
    people.decide_approval(approval_id=other.pk, to=Decision.APPROVED, by=publisher)
    new = approving.renew(approval_id=old.pk, by=supervisor)
    assert new.payload["difference"] != old.payload["difference"] and new.replaces == old
    people.decide_approval(approval_id=new.pk, to=Decision.APPROVED, by=publisher)
    assert votes(published)["La pirogue"] == 150 + 50 + 150 + 50


def test_an_outdated_batch_is_asked_again_without_what_is_no_longer_validated(register, desk, supervisor, publisher):  # noqa: F811
    from kalata.people import approving

    paper = validated(typed(register, desk), desk["f"])
    old = publishing.ask_batch(contest=register, document="acte", note="", by=supervisor)
    recall = tally.ask_second(paper_id=paper.pk, to=tally.State.RECALLED, reason="doute", by=desk["f"])
    people.decide_approval(approval_id=recall.pk, to=Decision.APPROVED, by=make_person("commission-2", "commission"))
    with pytest.raises(publishing.NothingValidated):
        approving.renew(approval_id=old.pk, by=supervisor)


def test_a_version_whose_authority_nobody_computes_again_is_not_proved(register, desk, monkeypatch):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    assert authority.unproved(register) == []
    monkeypatch.delitem(authority.PROOFS, "paper")
    (found,) = authority.unproved(register)
    assert (found.field, found.kept, found.proved) == ("autorité", "paper", "–")


def test_every_kind_of_authority_that_the_database_takes_has_its_proof():
    (told,) = [c for c in StationReport._meta.constraints if c.name == "report_authority"]
    ((_name, kinds),) = told.condition.children
    assert {*authority.PROOFS, authority.EARLIER} == set(kinds)


def test_a_file_stored_alone_at_the_instant_of_the_approval_is_not_published_unread(counted, supervisor, publisher, monkeypatch):
    """PostgreSQL: the approval waits for the contest that the file holds, having drawn what it was before."""
    asked = services.ask_publication(contest=counted, reason="complet", by=supervisor)
    changed = csv_of([OTHER_ROW, *ROWS[1:]])
    meanwhile(monkeypatch, lambda: bring(counted, supervisor, changed, name="b.csv"))
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    counted.refresh_from_db()
    assert counted.published_at is None
