"""The public ledger of corrections as the house reckons it: from what was announced, the same as from the log."""

import hashlib
import random
from dataclasses import replace

import pytest
from django.utils import timezone

from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.results.models import StationReport
from kalata.results.queries import board as boards
from kalata.results.queries import public_ledger
from kalata.results.rules.boxes import Standing
from kalata.results.rules.public_ledger import AUTHORITIES, Kind, Ledger, rows
from kalata.results.services import announcing
from kalata.results.services import contests as services
from kalata.tally.rules.lifecycle import Act
from kalata.tally.rules.lifecycle import State as S
from kalata.tally.services import reports as tally
from kalata.transparency import keys, publiclog
from kalata.transparency.models import Outbox, PublicLog
from kalata.transparency.rules import canonical
from kalata.transparency.rules.entries import BODIES
from kalata.transparency.site import builder, house
from tests import court
from tests.conftest import ROWS, bring, csv_of, make_person
from tests.services.test_centre import published as paper_published
from tests.services.test_centre import publishers  # noqa: F401
from tests.services.test_tally import GOOD, desk, entered, register, scanned, validated  # noqa: F401

pytestmark = pytest.mark.django_db
PHRASE = keys.joined("quatre mots au hasard", "et quatre autres mots")
ONE_MORE = "Kayes,Kayes,KAY-001,400,200,200,5,195,101,59,35"


@pytest.fixture(autouse=True)
def house_key(tmp_path, settings, monkeypatch):
    settings.LOG_FOLDER = tmp_path / "log"
    settings.LOG_KEY = tmp_path / "keys" / "log.key"
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", PHRASE)
    keys.create(settings.LOG_KEY, PHRASE)
    publiclog.forget()
    announcing._told.clear()
    yield
    publiclog.forget()


def sequenced(contest) -> list[dict]:
    one = PublicLog.objects.get(name=contest.code)
    publiclog.sequence(one, keys.open_key(publiclog.key_path(), PHRASE))
    return [canonical.read(bytes(d)) for d in one.entries.order_by("index").values_list("data", flat=True)]


def approved(asked, by):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)


def book(contest):
    contest.refresh_from_db()
    return public_ledger.book(contest)


def shown(contest):
    return [(line.kind, line.key[1]) for line in book(contest).lines]


def corrected(contest, by, second, rows_, reason="deux chiffres inversés"):
    bring(contest, by, csv_of(rows_), create="none", reason=reason)
    approved(Approval.objects.filter(kind="results.correction", state="waiting").latest("pk"), second)


def annul(station, by, second, to=Standing.ANNULLED):
    court.decide(station, to, signer=by, by=second, words="arrêt 12")


def station(contest, code="KAY-001"):
    return contest.stations.get(code=code)


# --- what is in it ------------------------------------------------------------------------------------
def test_a_file_corrected_before_the_publication_leaves_nothing(counted, supervisor, publisher):
    bring(counted, supervisor, csv_of([ONE_MORE, *ROWS[1:]]), create="none")
    assert shown(counted) == []
    approved(services.ask_publication(contest=counted, reason="complet", by=supervisor), publisher)
    assert shown(counted) == []


def test_a_correction_by_file_tells_old_new_reason_and_the_two_persons_without_a_name(published, supervisor, publisher):
    corrected(published, supervisor, publisher, [ONE_MORE, *ROWS[1:]])
    (line,) = book(published).lines
    assert line.kind is Kind.CORRECTED and line.key == ("general", "KAY-001")
    assert [(c.list, c.old, c.new) for c in line.changes] == [(1, 100, 101), (2, 60, 59)]
    why = line.why
    assert (why.authority, why.words, why.act) == ("two_persons", "deux chiffres inversés", "")
    assert why.approval == Approval.objects.get(kind="results.correction").pk and why.at.endswith("Z")
    told = str(line)
    assert supervisor.full_name not in told and publisher.username not in told


def test_an_annulment_and_its_end_are_two_lines_and_the_log_says_restored(published, judge, registrar):
    annul(station(published), judge, registrar)
    annul(station(published), judge, registrar, Standing.COUNTED)
    assert [k for k, _s in shown(published)] == [Kind.ANNULLED, Kind.RESTORED]
    assert {line.why.authority for line in book(published).lines} == {"court"}
    found = sequenced(published)
    assert [e["reason_code"] for e in found if e["kind"] in ("revision", "exclusion")] == [
        "court",
        "court",
        "court",
    ]


def test_a_report_recalled_and_published_again_names_the_commission_and_its_act(register, desk, publishers):  # noqa: F811
    paper = paper_published(register, desk, publishers)
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="autre bureau", document="Acte 2", by=desk["f"])
    approved(asked, make_person("commission-2", "commission"))
    (line,) = book(register).lines
    assert line.kind is Kind.RECALLED and line.crosses
    assert (line.why.authority, line.why.act, line.why.words) == ("commission", "Acte 2", "autre bureau")
    assert line.why.approval == asked.pk
    assert line.national[1].valid == 0


def test_a_recall_of_what_was_never_published_is_in_no_public_page(register, desk, publishers, client):  # noqa: F811
    paper_published(register, desk, publishers)
    scanned(register, desk, "KAY-002")
    entered(register, desk, "a", GOOD)
    hidden = validated(entered(register, desk, "b", GOOD), desk["f"])
    approved(
        tally.ask_second(paper_id=hidden.pk, to=S.RECALLED, reason="motif secret", by=desk["f"]),
        make_person("commission-2", "commission"),
    )
    assert shown(register) == []
    page = client.get(f"/resultats/{register.code}/lots/").content.decode()
    assert "motif secret" not in page and "Aucun procès-verbal n’a été rappelé" in page


def test_what_was_corrected_while_withdrawn_is_told_at_the_new_publication(published, supervisor, publisher):
    approved(services.ask_withdrawal(contest=published, reason="erreur", by=supervisor), publisher)
    published.refresh_from_db()
    corrected(published, supervisor, publisher, [ONE_MORE, *ROWS[1:]])
    assert shown(published) == []
    approved(services.ask_publication(contest=published, reason="revu", by=supervisor), publisher)
    (line,) = book(published).lines
    assert (line.kind, line.why.words) == (Kind.CORRECTED, "deux chiffres inversés")


def test_a_recall_by_the_commission_and_the_supervisor_is_of_two_persons(register, desk, publishers, supervisor):  # noqa: F811
    paper = paper_published(register, desk, publishers)
    approved(
        tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="doute", document="Acte 3", by=desk["f"]), supervisor
    )
    assert [line.why.authority for line in book(register).lines] == ["two_persons"]


# --- in the log ----------------------------------------------------------------------------------------
def test_the_log_holds_who_when_and_the_digest_of_the_reason_and_not_the_reason(published, supervisor, publisher):
    sequenced(published)
    corrected(published, supervisor, publisher, [ONE_MORE, *ROWS[1:]], reason="Motif à lire")
    entry = next(e for e in sequenced(published) if e["kind"] == "revision")
    assert entry["authority"] == "two_persons" and entry["at"].endswith("Z") and entry["approval"] > 0
    assert entry["reason_sha256"] == hashlib.sha256("Motif à lire".encode()).hexdigest()
    assert "Motif" not in str(entry)
    first = next(e for e in sequenced(published) if e["kind"] == "report")
    assert not {"at", "authority", "approval", "reason_sha256", "act"} & set(first)


def test_bodies_have_one_list_in_the_log_and_in_the_ledger():
    assert tuple(AUTHORITIES) == BODIES


def test_a_line_has_no_place_in_the_log_until_it_has_one(published, supervisor, publisher):
    sequenced(published)
    corrected(published, supervisor, publisher, [ONE_MORE, *ROWS[1:]])
    assert book(published).lines[0].after.index is None
    found = sequenced(published)
    index = book(published).lines[0].after.index
    assert index is not None and found[index]["kind"] == "revision"


def from_log(contest, found):
    ledger = Ledger([o.rank for o in contest.options.all()])
    words = {e.entry.index: e.body.get("words", "") for e in Outbox.objects.filter(entry__isnull=False)}
    for index, entry in enumerate(found):
        ledger.read(entry, index, words.get(index, ""))
    return ledger.book()


@pytest.mark.parametrize("seed", range(3))
def test_any_history_gives_the_same_ledger_from_the_house_and_from_its_log(
    published, supervisor, publisher, judge, registrar, seed
):
    chance = random.Random(seed)
    for _turn in range(6):
        one = station(published, chance.choice(["KIT-001", "SEG-001"]))
        now = StationReport.objects.get(station=one, current=True)
        if chance.random() < 0.5:
            annul(one, judge, registrar, Standing.COUNTED if now.standing == Standing.ANNULLED else Standing.ANNULLED)
        else:
            a = 80 + len(shown(published))
            decided = set(StationReport.objects.filter(authority="ruling").values_list("station__code", flat=True))
            rest = [row for row in ROWS[1:] if row.split(",")[2] not in decided]  # no file says anything of those
            corrected(
                published, supervisor, publisher, [f"Kayes,Kayes,KAY-001,400,200,200,5,195,{a},{160 - a},35", *rest]
            )
        if chance.random() < 0.4:
            sequenced(published)
            public_ledger.book(published)
    found = sequenced(published)
    here, there = book(published), from_log(published, found)
    assert list(rows(here.lines)) == list(rows(there.lines))
    assert here.now == there.now and here.first == there.first and here.lines
    published.eyes = ()
    assert list(here.now.votes.values()) == list(boards.board(published).total.votes)
    public_ledger.forget()
    assert list(rows(book(published).lines)) == list(rows(here.lines))


def test_the_application_and_the_public_site_hand_out_the_same_file_to_the_byte(
    published, supervisor, publisher, judge, registrar, client, tmp_path
):
    corrected(published, supervisor, publisher, [ONE_MORE, *ROWS[1:]], reason="=1+1 ; deux chiffres « inversés »")
    annul(station(published, "SEG-001"), judge, registrar)
    sequenced(published)
    published.refresh_from_db()
    builder.publish(
        publiclog.place(published.code), tmp_path / "site", house.extras_of(published, timezone.now()), workers=1
    )
    mine = b"".join(client.get("/resultats/pres/corrections/corrections.csv").streaming_content)
    assert mine == (tmp_path / "site" / "d" / "corrections.csv").read_bytes()
    assert "deux chiffres" in mine.decode() and mine.count(b"annulled") > 1


def test_a_database_put_back_from_a_backup_tells_the_corrections_of_the_log_it_took_back(
    published, supervisor, publisher, tmp_path
):
    """The announcements of what came after the backup are lost; the entries are taken back, and so are their lines."""
    import shutil

    from kalata.ledger.locks import lifted
    from kalata.transparency import upkeep
    from kalata.transparency.models import LogCheckpoint, LogEntry

    one = PublicLog.objects.get(name=published.code)
    sequenced(published)
    size, last = one.checkpoints.first().size, Outbox.objects.latest("pk").pk
    corrected(published, supervisor, publisher, [ONE_MORE, *ROWS[1:]])
    sequenced(published)
    before = [(line.kind, line.key, line.changes, line.after.index) for line in book(published).lines]
    shutil.copytree(publiclog.place(published.code), tmp_path / "copy")
    with lifted():  # as the backup was: neither the entries nor what announced them
        LogEntry.objects.filter(log=one, index__gte=size).delete()
        LogCheckpoint.objects.filter(log=one, size__gt=size).delete()
        Outbox.objects.filter(pk__gt=last).delete()
    public_ledger.forget()
    publiclog.forget()
    assert shown(published) == []
    upkeep.recover(one, tmp_path / "copy")
    public_ledger.forget()
    after = book(published).lines
    assert before and [(line.kind, line.key, line.changes, line.after.index) for line in after] == before
    announcing.tell(published)  # what was lost is done again: the log holds it already
    assert len(book(published).lines) == len(before)
    sequenced(published)
    public_ledger.forget()
    assert [line.after.index for line in book(published).lines] == [b[3] for b in before]


@pytest.mark.parametrize(("to", "kind"), [(S.ANNULLED, Kind.ANNULLED), (S.ADJUSTED, Kind.CORRECTED)])
def test_what_the_court_decides_is_ordered_by_the_court(register, desk, publishers, judge, registrar, to, kind):  # noqa: F811
    paper = paper_published(register, desk, publishers)
    now = timezone.now()
    tally.move(
        tally.locked(paper.pk), S.CONTESTED, Act(by=desk["f"].pk, at=now, right="results.contest", document="Requête 1")
    )
    sheet = replace(GOOD, votes=(99, 61, 35)) if to is S.ADJUSTED else None
    decided = Act(
        by=judge.pk, at=now, right="results.decide", document="Arrêt n° 4", reason="irrégularité", other=registrar.pk, sheet=sheet
    )  # fmt: skip
    tally.move(tally.locked(paper.pk), to, decided, approval=9)
    (line,) = book(register).lines
    assert (line.kind, line.why.authority, line.why.act, line.why.approval) == (kind, "court", "Arrêt n° 4", 9)
    assert next(e for e in sequenced(register) if e.get("authority") == "court")["reason_code"] == "court"
