"""Keys of the log and its publication: two kinds of signature, no key unannounced, nothing unverifiable written."""

import json

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.utils import timezone

from kalata.refusals import Refused
from kalata.results.models import StationReport
from kalata.transparency import keys, publiclog, upkeep, witnessing
from kalata.transparency.models import Cosignature, PublicLog
from kalata.transparency.rules import notes
from kalata.transparency.rules.keychain import chain_of
from kalata.transparency.site import builder, house
from kalata.transparency.site.commands import publish
from kalata.transparency.verifying import verify
from tests.conftest import bring, csv_of
from tests.services.test_public_log import PHRASE, annul, disk, entries, house_key, log_of, secret, sequenced  # noqa: F401

pytestmark = pytest.mark.django_db
NEW = keys.joined("d’autres mots secrets", "et encore des mots secrets")


def vkeys_of(contest) -> list[str]:
    return [k.text() for k in disk(contest).vkeys()]


def refused(*arguments) -> Refused:
    done = CliRunner().invoke(publish, list(map(str, arguments)))
    assert isinstance(done.exception, Refused), done.output
    return done.exception


@pytest.fixture(autouse=True)
def own_memory(settings, tmp_path, monkeypatch):
    """The house's own folder; and a connection that stays open: the one of a test is its whole database."""
    settings.VAR = tmp_path / "var"
    monkeypatch.setattr(connection, "close", lambda: None)


def station_of(contest):
    return (
        StationReport.objects.filter(contest=contest, current=True, standing=0)
        .select_related("station")
        .first()
        .station
    )


# --- two kinds of signature ------------------------------------------------------------------------
def test_the_house_signs_its_checkpoints_in_ed25519_and_in_ml_dsa_44(published):
    sequenced(published)
    note = notes.read_note(disk(published).note())
    known = disk(published).vkeys()
    assert [k.kind for k in known] == [notes.ED25519, notes.MLDSA44] and notes.signers(note, known) == known
    for trust in ([known[0]], [known[1]], known):
        assert verify(publiclog.place(published.code), [k.text() for k in trust]).valid
    assert settings.LOG_KEY.with_name("log.key.mldsa44").stat().st_mode & 0o077 == 0


def test_a_house_with_an_ed25519_key_alone_signs_and_is_verified_as_before(published):
    keys.second(settings.LOG_KEY).unlink()
    sequenced(published)
    assert len(notes.read_note(disk(published).note()).lines) == 1
    assert verify(publiclog.place(published.code), vkeys_of(published)).valid and len(vkeys_of(published)) == 1


def test_a_log_of_before_gets_its_ml_dsa_44_key_by_rotation(
    published, administrator, publisher, judge, registrar, monkeypatch
):
    keys.second(settings.LOG_KEY).unlink()
    sequenced(published)
    first = vkeys_of(published)
    upkeep.rotate(passphrase_now=PHRASE, passphrase_new=NEW, by=administrator, other=publisher)
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", NEW)
    annul(station_of(published), judge, registrar)
    publiclog.sequence_all()
    assert verify(publiclog.place(published.code), first).valid  # from the key read aloud at the first ceremony
    assert [
        k.kind for k in chain_of(list(disk(published).entries(disk(published).checkpoint().size))).newest.values()
    ] == [1, 6]
    assert len(notes.read_note(disk(published).note()).lines) == 2


def test_a_key_that_the_log_has_not_announced_signs_nothing(published, judge, registrar, monkeypatch):
    sequenced(published)
    note = disk(published).note()
    for path in (settings.LOG_KEY, keys.second(settings.LOG_KEY)):
        path.unlink()
    keys.create(settings.LOG_KEY, PHRASE)
    annul(station_of(published), judge, registrar)
    assert publiclog.sequence_all() == 0
    assert log_of(published).halted["code"] == "LOG-206" and disk(published).note() == note


def test_a_witness_takes_a_new_key_from_the_file_of_its_announcement_and_from_nothing_else(
    published, administrator, publisher, judge, registrar, monkeypatch, tmp_path
):
    from kalata.transparency.witness import Watch

    sequenced(published)
    (tmp_path / "w").mkdir()
    watch = Watch(tmp_path / "w", "temoin", b"\x07" * 32)
    watch.trust(vkeys_of(published)[0])
    ask = lambda old: watch.answer(witnessing.request_for(log_of(published).checkpoints.first(), old)).status  # noqa: E731
    assert ask(0) == 200
    seen = watch.seen()[0][1]
    upkeep.rotate(passphrase_now=PHRASE, passphrase_new=NEW, by=administrator, other=publisher)
    assert ask(seen) == 200  # the announcement itself is under the old key
    seen = watch.seen()[0][1]
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", NEW)
    annul(station_of(published), judge, registrar)
    publiclog.sequence_all()
    assert ask(seen) == 403
    index = next(i for i, e in enumerate(entries(published)) if e["kind"] == "key" and len(e["vkey"]) < 300)
    watch.follow((publiclog.place(published.code) / f"key-{index}.json").read_bytes())
    assert ask(seen) == 200


def test_the_two_lines_of_a_witness_are_kept_and_the_policy_says_which_reach_the_quorum(published, settings, tmp_path):
    from kalata.transparency import witness

    sequenced(published)
    made = witness.create(tmp_path / "w", "temoin-a", "une phrase secrète assez longue")
    watch = witness.opened(tmp_path / "w", "une phrase secrète assez longue")
    watch.trust(vkeys_of(published)[0])
    with pytest.raises(witnessing.BadWitness):
        witnessing.add_witness(name="temoin-a", vkey=made[1].text(), url="", by=None)
    witnessing.add_witness(name="temoin-a", vkey=" ".join(k.text() for k in made), url="", by=None)
    one, point = log_of(published), log_of(published).checkpoints.first()
    answer = watch.answer(witnessing.request_for(point, 0)).body
    half = "".join(answer.splitlines(keepends=True)[:1])
    assert witnessing.take_file(one, f"size {point.size}\n{answer}")[1] == ["temoin-a"]
    assert Cosignature.objects.get().line.count("\n") == 2 and witnessing.tally(one)[:2] == (1, 1)
    for needed, names in ((False, ["temoin-a"]), (True, ["temoin-a-mldsa44"])):
        settings.LOG_QUORUM_MLDSA = needed
        policy = publiclog.policy_of(one)
        assert list(policy.groups["temoins"][1]) == names and policy.needs_mldsa is needed
        light = notes.read_note(f"{notes.read_note(point.note).text}\n{half}")
        assert policy.reached(light) is not needed and policy.reached(notes.read_note(disk(published).note()))
    found = verify(publiclog.place(published.code), vkeys_of(published))
    assert found.witnesses == ["temoin-a"] and found.quorum  # one party, whatever the number of its keys


def test_a_proof_is_light_unless_the_policy_needs_ml_dsa_44(published, settings, tmp_path):
    from kalata.transparency import witness

    sequenced(published)
    for n in "abc":
        made = witness.create(tmp_path / n, f"temoin-{n}", "une phrase secrète assez longue")
        watch = witness.opened(tmp_path / n, "une phrase secrète assez longue")
        watch.trust(vkeys_of(published)[0])
        witnessing.add_witness(name=f"temoin-{n}", vkey=" ".join(k.text() for k in made), url="", by=None)
        point = log_of(published).checkpoints.first()
        witnessing.take_file(
            log_of(published), f"size {point.size}\n{watch.answer(witnessing.request_for(point, 0)).body}"
        )
    sizes = {}
    for needed in (False, True):
        settings.LOG_QUORUM_MLDSA = needed
        publiclog.publish_files(log_of(published))
        site = tmp_path / f"site-{needed}"
        one, contest = house.public_logs()[0]
        builder.publish(
            publiclog.place(one.name), site, house.extras_of(contest, timezone.now()), sign=house.signer(one), workers=1
        )
        sizes[needed] = max(p.stat().st_size for p in (site / "pv").glob("*.tlog-proof"))
        assert verify(site, vkeys_of(published)).valid
        assert (site / "log/checkpoint").read_text() == disk(published).note()
    print(f"a proof with three witnesses: {sizes[False]} B, with ML-DSA-44 lines {sizes[True]} B")
    assert sizes[False] <= 2048 < sizes[True] < 20_000


# --- what is published --------------------------------------------------------------------------
def test_nothing_is_published_that_could_not_be_verified(published, judge, registrar, monkeypatch, tmp_path):
    out = tmp_path / "site"
    assert refused(out).code == "PUB-102" and refused(out, "--contest", published.code).code == "PUB-106"
    sequenced(published)
    monkeypatch.delenv("KALATA_LOG_PASSPHRASE")
    assert refused(out).code == "PUB-103" and not out.exists()
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", "autre\nphrase")
    assert refused(out).code == "LOG-103" and not out.exists()
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", PHRASE)
    PublicLog.objects.update(halted=publiclog.Altered(size=3).record())
    said = refused(out)
    assert said.code == "PUB-104" and "LOG-203" in said.message.text("fr") and not out.exists()
    PublicLog.objects.update(halted=None)
    annul(station_of(published), judge, registrar)
    monkeypatch.setattr(publiclog, "publish_files", lambda one: None)
    publiclog.sequence(log_of(published), secret())
    assert refused(out).code == "PUB-105" and not out.exists()  # the files lag behind what was signed


def test_the_command_line_refuses_with_status_2_when_the_passphrase_is_not_given(published, monkeypatch, tmp_path):
    from kalata.cli import main

    sequenced(published)
    monkeypatch.delenv("KALATA_LOG_PASSPHRASE")
    done = CliRunner().invoke(main, ["publish", str(tmp_path / "site")])
    assert done.exit_code == 2 and "PUB-103" in done.stderr and "Rien n’a été écrit" in done.stderr
    assert not (tmp_path / "site").exists()


def test_what_waits_unsigned_is_said_when_the_rest_is_published(published, judge, registrar, tmp_path):
    sequenced(published)
    annul(station_of(published), judge, registrar)
    done = CliRunner().invoke(publish, [str(tmp_path / "site"), "--contest", published.code, "--json"])
    assert done.exit_code == 0, done.exception
    said = json.loads(done.stdout)["contests"][published.code]
    assert said["waiting"] == 2 and said["signed"] is True and "attendent d’être signées" in done.stderr
    assert verify(tmp_path / "site", vkeys_of(published)).valid


def test_what_the_builder_remembers_lies_with_the_house_and_never_in_what_is_published(published, settings, tmp_path):
    sequenced(published)
    site = tmp_path / "site"
    (site / "x").mkdir(parents=True)
    (site / builder.memory.OLD).write_text('{"size": 99}')  # of a version before: taken away, never believed
    done = CliRunner().invoke(publish, [str(site), "--contest", published.code, "--json"])
    assert done.exit_code == 0, done.exception
    assert not list(site.rglob(".*")) and [p.suffix for p in (settings.VAR / "site-memory").iterdir()] == [".json"]
    assert house.memory_of(site).stat().st_mode & 0o077 == 0
    assert house.memory_of(site).parent != settings.VAR / "site"  # where a demonstration publishes
    again = json.loads(CliRunner().invoke(publish, [str(site), "--contest", published.code, "--json"]).stdout)
    assert again["contests"][published.code]["full"] is False


def test_a_report_that_contradicts_itself_enters_the_log_with_its_finding(contest, supervisor, publisher):
    from kalata.people import services as people
    from kalata.people.rules.approval import Decision
    from kalata.results.services import contests as services

    rows = ["Kayes,Kayes,KAY-001,400,200,200,5,195,100,60,35", "Kayes,Kita,KIT-001,350,150,150,2,140,70,50,28"]
    bring(contest, supervisor, content=csv_of(rows))
    approval = services.ask_publication(contest=contest, reason="complet", by=supervisor)
    people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=publisher)
    contest.refresh_from_db()
    found = {e["station"]: e.get("findings") for e in sequenced(contest) if e["kind"] == "report"}
    assert found == {"KAY-001": None, "KIT-001": ["E01", "E02"]}
    assert verify(publiclog.place(contest.code), vkeys_of(contest)).valid
    from kalata.results.services import announcing

    assert announcing.difference(contest) == []


def test_the_files_of_a_log_signed_by_who_has_the_folder_alone_are_refused(published):
    sequenced(published)
    where = publiclog.place(published.code)
    trust = vkeys_of(published)
    mine = notes.SigningKey(log_of(published).origin, notes.ED25519, b"\x66" * 32)
    text = notes.read_note(disk(published).note()).text
    (where / "checkpoint").write_text(f"{text}\n{mine.line(text)}")
    (where / "log.vkey").write_text(f"{mine.verifier.text()}\n{trust[0]}\n")
    assert not verify(where, trust[:1]).valid and not verify(where, [mine.verifier.text()]).valid
