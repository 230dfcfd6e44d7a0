"""A petition is received once, whole: number, instant, signed receipt, custody. Nothing that comes later moves them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from django.db import transaction
from django.utils import timezone

from kalata.disputes.models import CustodyEvent, Exhibit, Petition, PetitionReceipt, Strike
from kalata.disputes.rules import receipts
from kalata.disputes.rules.filing import GroundSaid, PartySaid, filing_of
from kalata.disputes.services import correcting, counters, custody, intake, keys, striking
from kalata.ledger.models import Act
from kalata.refusals import Forbidden, Refused
from tests.conftest import make_person
from tests.disputes.desk import AT, filing, open_court, received
from tests.disputes.desk import own_keys as own_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def court(contest):
    return open_court(contest)


@pytest.fixture
def clock(monkeypatch):
    """The clock of the counter, set by hand."""

    class Clock:
        at = AT

        def __call__(self):
            return self.at

    one = Clock()
    monkeypatch.setattr(intake.timezone, "now", one)
    return one


def pdf(pages: int = 2, **root) -> bytes:
    import io

    document = pikepdf.new()
    for _n in range(pages):
        document.add_blank_page()
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_petition_is_received_with_number_instant_pieces_and_signature(contest, court, clock):
    who, counter = court
    draft = intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])
    kept = intake.keep(pdf(4), name="requete.pdf", by=who["clerk"])
    intake.attach(petition=draft, content=kept, name="Requête signée", kind="petition", by=who["clerk"])
    one = intake.receive(
        petition_id=draft.pk, counter=counter, by=who["clerk"], clock="horloge du poste", drift_ms=2_000, ticket="A 17"
    )
    assert (one.number, one.roll, one.received_at, one.state) == ("2027-P1-BKO2-000001", 1, AT, "received")
    body = json.loads(one.receipt.body)
    assert (body["received_at"], body["clock"], body["drift_ms"], body["ticket"]) == (
        "2027-03-07T19:31:08.250000Z",
        "horloge du poste",
        2_000,
        "A 17",
    )
    assert [(p["sha256"], p["pages"]) for p in body["pieces"]] == [(kept.sha256, 4)]
    assert filing_of(body["filing"]) == filing()
    assert one.receipt.root == receipts.root_of(one.receipt.body.encode(), body["pieces"])
    assert receipts.signed_by(counter.key, one.number, body["received_at"], one.receipt.root, one.receipt.signature)
    assert [line["act"] for line in custody.chain(one)] == ["received"] and custody.faults(one) == []
    assert Act.objects.filter(kind="disputes.petition_received", subject=f"petition:{one.number}").count() == 1


def test_the_square_of_a_receipt_is_checked_without_network_and_says_when_it_is_false(contest, court):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    square = receipts.Square(
        one.number, receipts.written(one.received_at), one.receipt.root, one.receipt.signature, counter.key[:32]
    )
    assert receipts.square_of(square.text()) == square and square.holds(counter.key)
    for old, new in (
        (one.number, "2027-P1-BKO2-000002"),
        (square.at, square.at.replace("Z", "Z").replace("2027", "2026")),
        (one.receipt.root, "0" * 64),
    ):
        if old != new and old in square.text():
            assert not receipts.square_of(square.text().replace(old, new)).holds(counter.key)
    assert not square.holds("0" * 64)
    for broken in ("", "KALATA", square.text()[:-1], square.text().replace(one.number, "x"), square.text() + "\nplus"):
        with pytest.raises(receipts.BadSquare):
            receipts.square_of(broken)


def test_each_counter_has_its_own_sequence_and_no_number_comes_twice(contest, court):
    who, counter = court
    other = counters.open_counter(code="MPT1", name="Préfecture de Mopti", by=who["registrar"])
    made = [received(contest, c, who["clerk"]) for c in (counter, other, counter, other, counter)]
    assert [p.number for p in made] == [
        "2027-P1-BKO2-000001", "2027-P1-MPT1-000001", "2027-P1-BKO2-000002", "2027-P1-MPT1-000002", "2027-P1-BKO2-000003",
    ]  # fmt: skip
    assert [p.roll for p in made] == [1, 2, 3, 4, 5]


# --- the instant --------------------------------------------------------------------------------
@pytest.mark.parametrize("at", [
    datetime(2027, 3, 7, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2027, 3, 8, 0, 0, 0, tzinfo=UTC), datetime(2027, 3, 7, 12, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, 0, tzinfo=UTC),  # the hour that Europe skips
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC),  # the hour that it has twice
])  # fmt: skip
@pytest.mark.parametrize("zone", ["Africa/Bamako", "Europe/Paris", "America/New_York", "Pacific/Kiritimati"])
def test_the_instant_is_the_same_at_midnight_in_every_zone_and_after_every_review(contest, court, clock, at, zone):
    """DAWSON's users met receipts stamped 12:00 am, a received date that moved on review, evening filings dated next day."""
    who, counter = court
    clock.at = at
    with timezone.override(zone):
        one = received(contest, counter, who["clerk"])
        clock.at = at + timedelta(days=3)
        correcting.correct(petition_id=one.pk, by=who["registrar"], why="acte attaqué précisé", about="operations")
        again = Petition.objects.get(pk=one.pk)
    assert again.received_at == at and again.about == "operations"
    assert json.loads(again.receipt.body)["received_at"] == receipts.written(at)
    assert receipts.read(receipts.written(at)) == at


def test_a_piece_added_and_a_mistake_struck_after_midnight_leave_the_instant_where_it_was(contest, court, clock):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    before = (one.receipt.body, one.receipt.root, one.number)
    clock.at = AT + timedelta(hours=9)
    kept = intake.keep(b"constat d'huissier", name="constat.txt", by=who["clerk"])
    late = intake.attach(petition=one, content=kept, name="Constat", kind="bailiff", by=who["clerk"])
    striking.strike(
        petition_id=one.pk, what="exhibit", row_id=late.pk, why="versé dans la mauvaise requête", by=who["registrar"]
    )
    again = Petition.objects.get(pk=one.pk)
    assert (again.received_at, late.received_at) == (AT, AT + timedelta(hours=9))
    assert (again.receipt.body, again.receipt.root, again.number) == before
    assert [line["act"] for line in custody.chain(one)] == ["received", "struck"] and custody.faults(one) == []


def test_the_order_of_receipts_is_that_of_instants_not_of_days(contest, court, clock):
    who, counter = court
    clock.at = datetime(2027, 3, 7, 23, 59, 59, 999_999, tzinfo=UTC)
    first = received(contest, counter, who["clerk"])
    clock.at = datetime(2027, 3, 8, tzinfo=UTC)
    second = received(contest, counter, who["clerk"])
    assert list(Petition.objects.order_by("received_at")) == [first, second] and first.roll < second.roll


@pytest.mark.parametrize(("back", "refused"), [(0, False), (2, False), (2.000001, True), (3_600, True)])
def test_a_clock_turned_back_is_said_and_the_draft_is_kept(contest, court, clock, back, refused):
    who, counter = court
    received(contest, counter, who["clerk"])
    clock.at = AT - timedelta(seconds=back)
    draft = intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])
    receive = lambda **more: intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"], **more)  # noqa: E731
    if refused:
        with pytest.raises(Refused, match="DIS-112"):
            receive()
        assert Petition.objects.get(pk=draft.pk).state == "draft"
        assert receive(despite="horloge parlante de 19 h 40").receipt.clock == "horloge parlante de 19 h 40"
    else:
        assert receive().received_at == clock.at


# --- what is not received -----------------------------------------------------------------------
def test_a_receipt_cut_short_leaves_a_draft_and_no_number(contest, court, monkeypatch):
    """The power goes at each write of a receipt in turn: all or nothing."""
    who, counter = court
    draft = intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])
    intake.attach(
        petition=draft,
        content=intake.keep(b"piece", name="p.txt", by=who["clerk"]),
        name="P",
        kind="petition",
        by=who["clerk"],
    )
    places = [
        (intake.steps, "record"),
        (intake, "signed"),
        (intake.custody, "note"),
        (intake.evidence, "join"),
        (intake, "record"),
    ]
    for module, name in places:
        with monkeypatch.context() as cut:
            cut.setattr(module, name, lambda *a, **k: (_ for _ in ()).throw(OSError("coupure")))
            with pytest.raises(OSError, match="coupure"), transaction.atomic():
                intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"])
        row = Petition.objects.get(pk=draft.pk)
        assert (row.state, row.number, row.roll, PetitionReceipt.objects.count(), CustodyEvent.objects.count()) == (
            "draft",
            None,
            None,
            0,
            0,
        )
    assert intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"]).number == "2027-P1-BKO2-000001"


def test_what_is_received_is_not_rewritten_nor_received_again(contest, court):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    for act in (
        lambda: intake.amend(petition_id=one.pk, filing=filing(about="operations"), by=who["clerk"]),
        lambda: intake.receive(petition_id=one.pk, counter=counter, by=who["clerk"]),
        lambda: intake.abandon(petition_id=one.pk, by=who["clerk"]),
    ):
        with pytest.raises(Refused, match="DIS-126"):
            act()


@pytest.mark.parametrize("role", ["registrar", "judge", "president", "party"])
def test_only_a_counter_clerk_receives_at_a_counter(contest, court, role):
    who, counter = court
    with pytest.raises(Forbidden):
        intake.draft(contest=contest, filing=filing(), channel="counter", by=who[role])
    draft = intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])
    with pytest.raises((Forbidden, Petition.DoesNotExist)):
        intake.receive(petition_id=draft.pk, counter=counter, by=who[role])


def test_a_prefect_receives_at_the_counter_of_the_territory_alone(contest, court):
    from kalata.country.models import Unit

    who, counter = court
    here, there = Unit.objects.filter(geography__code="ml-2015", level=1)[:2]
    local = counters.open_counter(code="MPT1", name="Préfecture", by=who["registrar"], unit=here)
    prefect, other = (
        make_person("prefet", "guichet-local", unit=here),
        make_person("prefet-2", "guichet-local", unit=there),
    )
    assert received(contest, local, prefect, channel="field").number == "2027-P1-MPT1-000001"
    for person, where in ((prefect, counter), (other, local)):
        with pytest.raises(Forbidden):
            received(contest, where, person, channel="field")


def test_a_party_files_online_at_the_counter_that_is_open_for_it(contest, court):
    who, counter = court
    with pytest.raises(Refused, match="DIS-127"):
        received(contest, counter, who["party"], channel="web")
    online = counters.open_counter(code="WEB", name="En ligne", by=who["registrar"], online=True)
    one = received(contest, online, who["party"], channel="web")
    assert (one.number, one.owner, one.parties.get().account) == ("2027-P1-WEB-000001", who["party"], who["party"])
    with pytest.raises(Refused, match="DIS-127"):  # the online counter of another machine, of none, or closed
        counters.close_counter(code="WEB", by=who["registrar"])
        received(contest, online, who["party"], channel="web")


def test_a_counter_whose_key_is_not_here_receives_nothing(contest, court):
    who, counter = court
    keys.path_of("BKO2").write_text("00" * 32)
    with pytest.raises(Refused, match="DIS-123"):
        received(contest, counter, who["clerk"])
    keys.path_of("BKO2").unlink()
    with pytest.raises(Refused, match="DIS-123"):
        received(contest, counter, who["clerk"])
    away = counters.open_counter(code="GAO1", name="Gao", by=who["registrar"], key="ab" * 32)
    with pytest.raises(Refused, match="DIS-127"):
        received(contest, away, who["clerk"])


def test_without_a_roll_no_number_is_given(contest, court):
    from kalata.disputes.models import Roll

    who, counter = court
    Roll.objects.all().delete()
    with pytest.raises(Refused, match="DIS-128"):
        received(contest, counter, who["clerk"])


@pytest.mark.parametrize(
    "parties", [(), (PartySaid(role="respondent", name="x"),), (PartySaid(role="petitioner", name=" "),)]
)
def test_a_petition_of_nobody_is_not_received(contest, court, parties):
    with pytest.raises(Refused, match="DIS-120"):
        intake.draft(contest=contest, filing=filing(parties=parties), channel="counter", by=court[0]["clerk"])


def test_an_unsigned_petition_without_ground_or_date_is_received_all_the_same(contest, court):
    """A counter does not judge: the checklist says later what is missing."""
    who, counter = court
    bare = filing(grounds=(), signed=False, text="", about="", relief="")
    assert received(contest, counter, who["clerk"], said=bare).state == "received"


@pytest.mark.parametrize("code", ["", "B", "bko2", "BKO 2", "BKO2-", "ABCDEFGHI", "2BKO", "BKO2"])
def test_a_counter_has_a_code_that_served_nobody_else(court, code):
    with pytest.raises(Refused, match="DIS-124"):
        counters.open_counter(code=code, name="x", by=court[0]["registrar"])


def test_the_key_of_a_counter_is_read_by_the_house_alone_and_never_made_twice(court):
    assert keys.path_of("BKO2").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keys.create("BKO2")


# --- stations and pieces ------------------------------------------------------------------------
def test_stations_are_codes_and_what_no_station_answers_to_is_kept_in_its_words(contest, court):
    from kalata.disputes.queries.stations import offered, resolve

    found = resolve(contest, "bv-001 ; BV-002 \nÉcole n° 3, ecole n° 3\nNiéna école")
    assert [code for code, _name in found.stations] == ["BV-001", "BV-002", "BV-003"]
    assert found.words == ("Niéna école",)
    assert offered(contest, "n° 4") == [("BV-004", "École n° 4")]
    who, counter = court
    one = received(contest, counter, who["clerk"], said=filing(grounds=(
        GroundSaid(code="stuffing", stations=("BV-001", "BV-404"), words=("Niéna école",)),)))  # fmt: skip
    rows = one.grounds.get().targets.order_by("pk").values_list("station__code", "words")
    assert list(rows) == [("BV-001", "BV-001"), (None, "BV-404"), (None, "Niéna école")]


HOSTILE = {
    "script": ({"OpenAction": pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")}, "EVD-107"),
    "launch": ({"OpenAction": pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F="calc.exe")}, "EVD-107"),
    "form": ({"AcroForm": pikepdf.Dictionary(XFA="x", Fields=pikepdf.Array())}, "EVD-107"),
}  # fmt: skip


@pytest.mark.parametrize("sort", HOSTILE)
def test_a_pdf_that_acts_is_refused_with_its_name(court, sort):
    root, code = HOSTILE[sort]
    with pytest.raises(Refused, match=code):
        intake.keep(pdf(1, **root), name="piege.pdf", by=court[0]["clerk"])


def test_a_locked_pdf_an_archive_and_a_heavy_file_are_refused(court, monkeypatch):
    import io

    locked, out = pikepdf.new(), io.BytesIO()
    locked.add_blank_page()
    locked.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    by = court[0]["clerk"]
    with pytest.raises(Refused, match="RES-422"):
        intake.keep(out.getvalue(), name="chiffre.pdf", by=by)
    with pytest.raises(Refused, match="EVD-101"):
        intake.keep(b"MZ\x00\x00programme", name="requete.pdf", by=by)
    monkeypatch.setattr(intake, "PIECE_MOST", 1_000)
    with pytest.raises(Refused, match="EVD-102"):
        intake.keep((b"x" * 600 for _n in range(2)), name="lourd.txt", by=by)
    assert Exhibit.objects.count() == 0


# --- struck -------------------------------------------------------------------------------------
def test_a_mistake_is_struck_visibly_once_and_with_a_reason(contest, court):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    target = one.grounds.get().targets.get(words="BV-002")
    with pytest.raises(Refused, match="PEO"):
        striking.strike(petition_id=one.pk, what="target", row_id=target.pk, why=" ", by=who["registrar"])
    with pytest.raises(Forbidden):
        striking.strike(petition_id=one.pk, what="target", row_id=target.pk, why="erreur", by=who["clerk"])
    striking.strike(petition_id=one.pk, what="target", row_id=target.pk, why="bureau mal lu", by=who["registrar"])
    target.refresh_from_db()
    row = Strike.objects.get()
    assert (target.struck, target.words, row.words, row.why) == (True, "BV-002", "BV-002", "bureau mal lu")
    for what, row_id in (("target", target.pk), ("target", 10**6), ("petition", one.pk), ("party", target.pk + 10**6)):
        with pytest.raises(Refused, match="DIS-130"):
            striking.strike(petition_id=one.pk, what=what, row_id=row_id, why="encore", by=who["registrar"])


def test_the_name_of_a_struck_party_is_not_in_the_ledger(contest, court):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    striking.strike(
        petition_id=one.pk, what="party", row_id=one.parties.get().pk, why="mauvaise partie", by=who["registrar"]
    )
    kept = Act.objects.filter(kind__startswith="disputes.").values_list("after", "before", "reason")
    assert "Candidature n° 2" not in json.dumps(list(kept), ensure_ascii=False)
