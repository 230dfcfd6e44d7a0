"""What offline counters bring is merged whole or not at all, once or twice alike; no number collides, none is moved."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalata.disputes.models import Bundle, CustodyEvent, Exhibit, Petition, PetitionReceipt, PetitionStep
from kalata.disputes.rules import bundles
from kalata.disputes.services import carrying, counters, custody, intake, merging, unsealing
from kalata.ledger import bonds
from kalata.ledger.models import Act
from kalata.refusals import Forbidden, Refused
from tests.disputes.desk import AT, filing, open_court, received, roll_of
from tests.disputes.desk import court_keys as court_keys
from tests.disputes.desk import own_keys as own_keys
from tests.disputes.offline import Laptop, instants

pytestmark = pytest.mark.django_db


@pytest.fixture
def court(contest):
    return open_court(contest)


@pytest.fixture
def laptop(court):
    one = Laptop("MPT1")
    counters.open_counter(code="MPT1", name="Préfecture de Mopti", by=court[0]["registrar"], key=one.key)
    return one


def everything() -> tuple:
    """All that a merge may write, to the row."""
    rows = (Petition, PetitionReceipt, PetitionStep, Exhibit, CustodyEvent, Bundle)
    return tuple(tuple(m.objects.order_by("pk").values_list()) for m in rows) + (Act.objects.count(),)


def test_three_filings_made_offline_are_merged_and_told(contest, court, laptop, tmp_path):
    who, _counter = court
    for n, at in enumerate(instants(3)):
        laptop.receive(at, pieces=[b"requete %d" % n])
    done = merging.merge(file=laptop.bundle(tmp_path / "lot.zip", drift_ms=2_000), by=who["registrar"])
    assert (done.petitions, done.fresh, done.first, done.last, done.drift_ms) == (
        3,
        3,
        "2027-P1-MPT1-000001",
        "2027-P1-MPT1-000003",
        2_000,
    )
    one = Petition.objects.get(number="2027-P1-MPT1-000002")
    assert (one.state, one.roll, one.received_at, one.channel) == ("received", 2, instants(3)[1], "field")
    assert one.parties.get().name == "Candidature n° 2" and one.grounds.get().targets.count() == 3
    assert one.receipt.bundle.drift_ms == 2_000 and json.loads(one.receipt.body)["number"] == one.number
    assert [line["act"] for line in custody.chain(one)] == ["received", "moved"] and custody.faults(one) == []
    assert one.exhibits.get().piece.size == len(b"requete 1")
    assert Act.objects.filter(kind="disputes.bundle_merged").count() == 1
    for model in (PetitionReceipt, PetitionStep):  # each row is held by the act that tells the merge
        kept = bonds.said(Act.objects.exclude(rows=None).values_list("pk", "rows"))[model._meta.db_table]
        found = list(bonds.faults_of(model, model.told, kept, model.objects.all()))
        assert found == []


def test_a_bundle_given_twice_changes_nothing(court, laptop, tmp_path):
    who, _counter = court
    laptop.receive(AT)
    file = laptop.bundle(tmp_path / "lot.zip")
    merging.merge(file=file, by=who["registrar"])
    before = everything()
    assert merging.merge(file=file, by=who["registrar"]).fresh == 0
    later = laptop.bundle(
        tmp_path / "encore.zip", made_at=AT + timedelta(days=1)
    )  # the same receipts, handed out again
    assert merging.merge(file=later, by=who["registrar"]).fresh == 0
    assert everything() == before


def test_a_second_bundle_brings_what_is_new_and_renumbers_nobody(contest, court, laptop, tmp_path):
    who, counter = court
    times = instants(4)
    laptop.receive(times[2])
    merging.merge(file=laptop.bundle(tmp_path / "a.zip"), by=who["registrar"])
    here = received(contest, counter, who["clerk"])
    laptop.receive(times[0])  # received earlier, arrived later
    laptop.receive(times[1])
    before = dict(Petition.objects.values_list("number", "roll"))
    merging.merge(file=laptop.bundle(tmp_path / "b.zip"), by=who["registrar"])
    after = dict(Petition.objects.values_list("number", "roll"))
    assert {n: after[n] for n in before} == before and before[here.number] == 2
    assert (after["2027-P1-MPT1-000002"], after["2027-P1-MPT1-000003"]) == (3, 4)  # in order of their instants


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 500), min_size=1, max_size=6), min_size=1, max_size=4), st.randoms())
def test_whatever_counters_receive_no_number_collides_and_rolls_follow_the_instants(
    court, contest, tmp_path_factory, offsets, chance
):
    """Any counters, any instants (equal ones too), bundles in any order, some given twice."""
    who, _counter = court
    with transaction.atomic():
        laptops, files, folder = [], [], tmp_path_factory.mktemp("lots")
        for n, mine in enumerate(offsets):
            one = Laptop(f"OFF{n}")
            counters.open_counter(code=one.code, name=one.code, by=who["registrar"], key=one.key)
            for offset in mine:
                one.receive(AT + timedelta(seconds=offset))
            laptops.append(one)
            files.append(one.bundle(folder / f"{n}.zip"))
        chance.shuffle(files)
        start, groups = roll_of(contest).last, []
        for file in [*files, *files[: len(files) // 2]]:
            before = roll_of(contest).last
            merging.merge(file=file, by=who["registrar"])
            groups.append((before, roll_of(contest).last))
        rows = list(
            Petition.objects.filter(roll__gt=start).order_by("roll").values_list("number", "roll", "received_at")
        )
        total = sum(map(len, offsets))
        assert len({number for number, _r, _at in rows}) == total
        assert [roll for _n, roll, _at in rows] == list(range(start + 1, start + total + 1))
        for before, after in groups:
            times = [(at, number) for number, roll, at in rows if before < roll <= after]
            assert times == sorted(times)
        transaction.set_rollback(True)


# --- refused ------------------------------------------------------------------------------------
def refused(file, by, code: str, **named) -> Refused:
    before = everything()
    with pytest.raises(Refused, match=code) as stopped:
        merging.merge(file=file, by=by)
    assert everything() == before
    for name, value in named.items():
        assert stopped.value.params[name] == value
    return stopped.value


def test_a_bundle_of_another_key_is_foreign(court, laptop, tmp_path):
    who, _counter = court
    other = Laptop("MPT1")  # the same code, another machine
    other.receive(AT)
    refused(other.bundle(tmp_path / "a.zip"), who["registrar"], "DIS-132", counter="MPT1")
    stranger = Laptop("ZZZ9")
    stranger.receive(AT)
    refused(stranger.bundle(tmp_path / "b.zip"), who["registrar"], "DIS-132", counter="ZZZ9")


def test_a_bundle_signed_by_a_key_that_is_not_the_counter_s_is_forged(court, laptop, tmp_path):
    who, _counter = court
    laptop.receive(AT)
    refused(
        laptop.bundle(tmp_path / "a.zip", key=Ed25519PrivateKey.generate()),
        who["registrar"],
        "DIS-133",
        field="signature",
    )


def test_a_closed_counter_brings_nothing_more(court, laptop, tmp_path):
    who, _counter = court
    laptop.receive(AT)
    counters.close_counter(code="MPT1", by=who["registrar"])
    refused(laptop.bundle(tmp_path / "a.zip"), who["registrar"], "DIS-132")


@pytest.mark.parametrize(("old", "new", "field"), [
    (b"000001", b"000009", "signature"), (b"2027-03-07T19:31:08", b"2027-03-07T19:31:09", "signature"),
    (b"Candidature n", b"candidature n", "root"), (b"BV-001", b"BV-003", "root"), (b'"received"', b'"receiveD"', "custody"),
    (b"MPT1-000001", b"BKO2-000001", "number"),
])  # fmt: skip
def test_one_altered_byte_is_named_with_its_receipt_and_field(court, laptop, tmp_path, old, new, field):
    """Even when the thief has the key of the bundle, and signs it again: each receipt carries its own signature and root."""
    who, _counter = court
    laptop.receive(AT, pieces=[b"requete"])
    altered = [line.replace(old, new) for line in laptop.lines]
    assert altered != laptop.lines
    refused(laptop.bundle(tmp_path / "a.zip", lines=altered), who["registrar"], "DIS-133", field=field)


def test_a_piece_that_is_missing_or_other_is_named(court, laptop, tmp_path):
    who, _counter = court
    number = laptop.receive(AT, pieces=[b"requete"])
    name = bundles.PIECES + next(iter(laptop.pieces))
    for content in (None, b"autre chose"):
        refused(
            laptop.bundle(tmp_path / "a.zip", spoil={name: content}),
            who["registrar"],
            "DIS-133",
            where=number,
            field="P1",
        )


def test_a_receipt_twice_in_a_bundle_or_left_out_of_it_is_seen(court, laptop, tmp_path):
    who, _counter = court
    for at in instants(2):
        laptop.receive(at)
    refused(laptop.bundle(tmp_path / "a.zip", lines=laptop.lines * 2), who["registrar"], "DIS-133", field="number")
    short = laptop.bundle(tmp_path / "b.zip", spoil={bundles.LINES: laptop.lines[0]})
    refused(short, who["registrar"], "DIS-133", field="receipts_sha256")


def test_two_petitions_under_one_number_are_never_mixed(court, laptop, tmp_path):
    who, _counter = court
    laptop.receive(AT)
    merging.merge(file=laptop.bundle(tmp_path / "a.zip"), by=who["registrar"])
    laptop.lines.clear()
    number = laptop.receive(AT + timedelta(seconds=1))  # the machine was put back to before its first receipt
    refused(laptop.bundle(tmp_path / "b.zip"), who["registrar"], "DIS-134", number=number)


@pytest.mark.parametrize("contest_said", ["autre", "pres"])
def test_a_contest_whose_roll_is_not_kept_here_is_named(court, tmp_path, contest_said):
    who, _counter = court
    one = Laptop("GAO1", contest=contest_said, short="P1" if contest_said == "autre" else "P2")
    counters.open_counter(code="GAO1", name="Gao", by=who["registrar"], key=one.key)
    one.receive(AT)
    refused(one.bundle(tmp_path / "a.zip"), who["registrar"], "DIS-135", contest=contest_said)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"un texte", b"\x00" * 4_000])
def test_what_is_no_bundle_is_said_so(court, tmp_path, content):
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    refused(file, court[0]["registrar"], "DIS-131")


@pytest.mark.parametrize("part", [bundles.MANIFEST, bundles.SIGNATURE, bundles.LINES])
def test_a_bundle_without_one_of_its_parts_or_with_a_swollen_one_is_refused(court, laptop, tmp_path, part):
    laptop.receive(AT)
    refused(laptop.bundle(tmp_path / "a.zip", spoil={part: None}), court[0]["registrar"], "DIS-131")
    if part != bundles.LINES:
        refused(laptop.bundle(tmp_path / "b.zip", spoil={part: b" " * 5_000}), court[0]["registrar"], "DIS-131")


def test_a_merge_cut_short_leaves_nothing_and_succeeds_the_next_time(court, laptop, tmp_path, monkeypatch):
    who, _counter = court
    for n, at in enumerate(instants(3)):
        laptop.receive(at, pieces=[b"requete %d" % n])
    file = laptop.bundle(tmp_path / "lot.zip")
    for name in ("contest_rows", "receipt_of", "parties", "grounds_of", "exhibits_of", "record"):
        with monkeypatch.context() as cut:
            cut.setattr(merging, name, lambda *a, **k: (_ for _ in ()).throw(OSError("coupure")))
            before = everything()
            with pytest.raises(OSError, match="coupure"):
                merging.merge(file=file, by=who["registrar"])
            assert everything() == before
    assert merging.merge(file=file, by=who["registrar"]).fresh == 3


def test_only_the_registry_merges(court, laptop, tmp_path):
    laptop.receive(AT)
    file = laptop.bundle(tmp_path / "a.zip")
    for role in ("clerk", "judge", "president", "party"):
        with pytest.raises(Forbidden):
            merging.merge(file=file, by=court[0][role])


# --- exported -----------------------------------------------------------------------------------
def test_what_a_counter_of_this_house_exports_is_a_bundle_that_merges_and_changes_nothing_here(
    contest, court, court_keys, tmp_path
):
    who, counter = court
    draft = intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])
    kept = intake.keep(b"requete", name="r.txt", by=who["clerk"])
    intake.attach(petition=draft, content=kept, name="Requête", kind="petition", by=who["clerk"])
    intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"])
    file = tmp_path / "lot.zip"
    assert carrying.export(counter=counter, by=who["clerk"], to=file) == 1
    with unsealing.opened(file) as (clear, sealed), merging.opened(clear) as archive:
        assert sealed
        _text, said = merging.signed_manifest(archive)
        (line,) = merging.lines_of(archive, said, counter)
        assert line.filing == filing() and archive.read(bundles.PIECES + kept.sha256) == b"requete"
        assert [one["act"] for one in line.custody] == ["received"]
    before = everything()
    assert merging.merge(file=file, by=who["registrar"]).fresh == 0
    assert everything() == before
    with pytest.raises(Forbidden):
        carrying.export(counter=counter, by=who["judge"], to=file)


def test_by_command_a_counter_is_opened_exported_merged_and_a_receipt_checked(contest, court, court_keys, tmp_path):
    from kalata.disputes.commands.counter import counter as command
    from kalata.disputes.models import Counter
    from kalata.disputes.rules.receipts import Square, written

    def run(*words, status=0):
        done = CliRunner().invoke(command, [*map(str, words), "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.output)

    who, _counter = court
    opened = run("open", "MPT2", "--name", "Mopti, poste 2")
    one = received(contest, Counter.objects.get(code="MPT2"), who["clerk"])
    told = run("export", "MPT2", "--out", tmp_path / "lot.zip", "--reference", "2027-03-07T19:31:08Z")
    assert told["receipts"] == 1 and isinstance(told["drift_ms"], int)
    assert run("merge", tmp_path / "lot.zip") == {
        "counter": "MPT2",
        "receipts": 1,
        "fresh": 0,
        "first": "",
        "last": "",
        "drift_ms": None,
        "sealed": True,
    }
    square = Square(
        one.number, written(one.received_at), one.receipt.root, one.receipt.signature, opened["key"][:32]
    ).text()
    (tmp_path / "carre").write_text(square)
    assert run("check", tmp_path / "carre", "--key", opened["key"])["holds"] is True
    (tmp_path / "carre").write_text(square.replace(one.number, "2027-P1-MPT2-000009"))
    assert run("check", tmp_path / "carre", "--key", opened["key"], status=1)["holds"] is False
    (tmp_path / "carre").write_text("rien")
    assert run("check", tmp_path / "carre", "--key", opened["key"], status=2)["error"]["code"] == "DIS-122"
    assert run("open", "MPT2", "--name", "x", status=2)["error"]["code"] == "DIS-124"
    (tmp_path / "x").write_text("rien")
    assert run("merge", tmp_path / "x", status=2)["error"]["code"] == "DIS-131"


@pytest.mark.parametrize(
    ("made", "stated", "drift"),
    [(-60, None, None), (0, None, None), (5, None, 5_000), (-60, -1_500, -1_500), (60, 250, 250)],
)
def test_the_drift_of_a_counter_is_stated_or_at_least_so_large(made, stated, drift):
    from kalata.disputes.rules.receipts import written

    said = {"made_at": written(AT + timedelta(seconds=made)), **({"drift_ms": stated} if stated is not None else {})}
    assert merging.drift_of(said, AT) == drift
