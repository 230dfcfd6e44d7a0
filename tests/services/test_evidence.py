"""Custody of kept files: who brought them, for which record, who may read, how long, and what a disk forgets."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.utils import timezone

from kalata.evidence import decoding, queries, reading, rehash, services, store
from kalata.evidence.models import Content, Custody
from kalata.evidence.rules.access import Access, Damaged, NoGround, NoSuchPiece, StillDue, UnderSeal
from kalata.ledger import pulse
from kalata.ledger.models import Act
from kalata.refusals import Refused
from tests.hostile import pictures

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
RECORD = "essai:1"


class NotHere(Exception):
    pass


@pytest.fixture(autouse=True)
def files(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path

    def reader(person, key, sha256):
        if getattr(person, "username", "") != "superviseur" or key != "1":
            raise NotHere

    monkeypatch.setitem(reading.GUARDS, "essai", reader)
    return tmp_path


@pytest.fixture
def piece(supervisor):
    content = services.keep(b"acte", name="../../acte.exe", by=supervisor, most=100)
    services.join(sha256=content.sha256, subject=RECORD, access=Access.STAFF, by=supervisor)
    return content


def opened(content, by, subject=RECORD):
    return reading.opened(sha256=content.sha256, subject=subject, by=by)


def test_the_ledger_tells_who_brought_what_for_which_record_under_which_name(piece, supervisor):
    act = Act.objects.get(kind="evidence.kept")
    assert (act.actor_id, act.subject) == (supervisor.pk, RECORD)
    assert act.after == {
        "sha256": piece.sha256, "size": 4, "type": "text/plain", "name": "../../acte.exe", "access": "staff",
    }  # fmt: skip
    steps = list(piece.custody.values_list("step", "subject", "by"))
    assert steps == [("received", "", supervisor.pk), ("joined", RECORD, supervisor.pk)]


def test_the_same_content_in_two_records_is_one_row_with_two_custodies(piece, supervisor, outsider):
    again = services.keep(b"acte", name="copie.txt", by=outsider, most=100)
    services.join(sha256=again.sha256, subject="essai:2", access=Access.STAFF, by=outsider)
    services.join(sha256=again.sha256, subject="essai:2", access=Access.STAFF, by=outsider)  # said twice, kept once
    assert again == piece and Content.objects.count() == 1 and queries.held_by(piece) == ["essai:1", "essai:2"]
    assert piece.custody.get(subject="essai:2").name == "copie.txt"


def test_an_act_that_fails_leaves_no_custody(supervisor):
    content = services.keep(b"acte", name="a", by=supervisor, most=100)
    with pytest.raises(NotHere), transaction.atomic():
        services.join(sha256=content.sha256, subject=RECORD, access=Access.STAFF, by=supervisor)
        raise NotHere
    assert queries.held_by(content) == [] and not Act.objects.filter(kind="evidence.kept").exists()
    with pytest.raises(NoSuchPiece):
        opened(content, supervisor)


@pytest.mark.child
@pytest.mark.parametrize("make", [m for m in pictures.CORPUS if m.__name__ not in ("a_picture_that_unfolds",)], ids=lambda m: m.__name__)  # fmt: skip
def test_a_file_made_to_hurt_is_refused_with_a_code_or_kept_as_bytes(make, supervisor, files):
    try:
        kept = services.keep(make(), name="x.pdf", by=supervisor, most=100 * 2**20)
        assert kept.media in decoding.PIECES and not kept.ours
    except Refused as refused:
        assert refused.code in ("EVD-101", "RES-422", "EDG-102", "EDG-103")
        assert not Content.objects.exists() and [p.name for p in (files / "evidence").iterdir()] in ([".lock"], [])


# --- the door ----------------------------------------------------------------------------------------
def test_a_staff_piece_is_read_by_who_the_room_says_and_by_nobody_else(piece, supervisor, outsider):
    assert opened(piece, supervisor).path.read_bytes() == b"acte"
    for person in (outsider, NOBODY):
        with pytest.raises(NotHere):
            opened(piece, person)


def test_a_piece_is_read_only_through_a_record_it_is_joined_to(piece, supervisor):
    for subject in ("essai:2", "", "other:1"):
        with pytest.raises(NoSuchPiece):
            opened(piece, supervisor, subject)


def test_a_record_that_no_room_guards_is_read_by_nobody(piece, supervisor):
    services.join(sha256=piece.sha256, subject="unguarded:1", access=Access.STAFF, by=supervisor)
    with pytest.raises(NoSuchPiece):
        opened(piece, supervisor, "unguarded:1")


def test_a_public_piece_is_everybodys_and_a_personal_one_leaves_its_reading_in_the_ledger(piece, supervisor, outsider):
    services.reclass(sha256=piece.sha256, subject=RECORD, access=Access.PUBLIC, reason="acte 3", by=supervisor)
    assert opened(piece, NOBODY) and not Act.objects.filter(kind="read.evidence").exists()
    services.reclass(sha256=piece.sha256, subject=RECORD, access=Access.PERSONAL, reason="acte 4", by=supervisor)
    with pytest.raises(NotHere):
        opened(piece, outsider)
    assert not Act.objects.filter(kind="read.evidence").exists()
    opened(piece, supervisor)
    act = Act.objects.get(kind="read.evidence")
    assert (act.actor_id, act.subject, act.personal) == (supervisor.pk, RECORD, True)


def test_a_sealed_piece_is_read_by_nobody_until_an_act_opens_it(piece, supervisor):
    services.reclass(sha256=piece.sha256, subject=RECORD, access=Access.SEALED, reason="huis clos", by=supervisor)
    with pytest.raises(UnderSeal):
        opened(piece, supervisor)
    with pytest.raises(NoGround):
        services.reclass(sha256=piece.sha256, subject=RECORD, access=Access.STAFF, reason="  ", by=supervisor)
    services.reclass(sha256=piece.sha256, subject=RECORD, access=Access.STAFF, reason="arrêt 12", by=supervisor)
    assert opened(piece, supervisor)
    told = Act.objects.filter(kind="evidence.reclassed").order_by("pk").last()
    assert told.before["access"] == "sealed" and told.after["access"] == "staff" and told.reason == "arrêt 12"


# --- how long ----------------------------------------------------------------------------------------
def test_a_piece_is_kept_up_to_and_on_its_last_day_and_goes_after_it_by_an_act(supervisor, django_capture_on_commit_callbacks):  # fmt: skip
    today = timezone.localdate()
    for until, due in ((today, True), (today - timedelta(days=1), False)):
        content = services.keep(f"acte {until}".encode(), name="a", by=supervisor, most=100)
        services.join(
            sha256=content.sha256, subject=RECORD, access=Access.STAFF, by=supervisor, rule="art. 9", until=until
        )
        if due:
            with pytest.raises(StillDue) as refused:
                services.end(sha256=content.sha256, subject=RECORD, reason="fin", by=supervisor)
            assert refused.value.params == {"until": until.isoformat(), "rule": "art. 9"}
            assert store.intact(content.sha256)
            continue
        with pytest.raises(NoGround):
            services.end(sha256=content.sha256, subject=RECORD, reason="", by=supervisor)
        with django_capture_on_commit_callbacks(execute=True):
            assert services.end(sha256=content.sha256, subject=RECORD, reason="fin", by=supervisor)
        content.refresh_from_db()
        assert store.path(content.sha256) is None and content.destroyed_at
        with pytest.raises(NoSuchPiece):
            opened(content, supervisor)


def test_what_another_record_holds_is_not_destroyed(piece, supervisor, django_capture_on_commit_callbacks):
    services.join(sha256=piece.sha256, subject="essai:2", access=Access.STAFF, by=supervisor)
    with django_capture_on_commit_callbacks(execute=True):
        assert not services.end(sha256=piece.sha256, subject=RECORD, reason="fin", by=supervisor)
    assert store.intact(piece.sha256) and queries.held_by(piece) == ["essai:2"]


def test_what_is_given_again_while_it_goes_is_kept(piece, supervisor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after:
        services.end(sha256=piece.sha256, subject=RECORD, reason="fin", by=supervisor)
    services.keep(b"acte", name="b", by=supervisor, most=100)
    for act in after:
        act()
    piece.refresh_from_db()
    assert store.intact(piece.sha256) and piece.destroyed_at is None


def test_a_deletion_cut_short_by_a_power_cut_is_finished_a_day_later(piece, supervisor):
    services.end(sha256=piece.sha256, subject=RECORD, reason="fin", by=supervisor)  # killed before the file went
    given = store.path(piece.sha256).stat().st_mtime
    rehash.finish_destroyed(given + rehash.GRACE_S - 1)
    assert store.intact(piece.sha256)
    rehash.finish_destroyed(given + rehash.GRACE_S + 1)
    assert store.path(piece.sha256) is None


# --- what a disk forgets ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hurt", "fault"), [(lambda p: p.write_bytes(b"bcte"), "altered"), (lambda p: p.unlink(), "missing")]
)
def test_a_file_that_changed_or_went_is_found_said_on_screen_and_not_handed_out(piece, supervisor, sign_in, hurt, fault):  # fmt: skip
    pulse.forget()
    assert rehash.turn() == 0 and list(rehash.alarms()) == [] and rehash.checked(10**6)[0]
    hurt(store.path(piece.sha256))
    with pytest.raises(Damaged):
        opened(piece, supervisor)
    assert rehash.turn() == 1
    piece.refresh_from_db()
    assert piece.fault == fault and piece.fault_at
    act = Act.objects.get(kind="evidence.damaged")
    assert act.after == {"fault": fault, "records": [RECORD]}
    page = sign_in(supervisor).get("/").content.decode()
    assert 'id="alarm-evidence"' in page and piece.sha256[:12] in page
    ok, detail = rehash.checked(10**6)
    assert not ok and piece.sha256[:12] in detail
    rehash.turn()
    assert Act.objects.filter(kind="evidence.damaged").count() == 1  # said once
    store.put(b"acte")  # taken back from a copy
    assert rehash.turn() == 0 and list(rehash.alarms()) == []
    assert Act.objects.filter(kind="evidence.sound").count() == 1
    pulse.forget()


def test_every_file_has_its_turn_the_one_read_longest_ago_first(supervisor):
    made = [services.keep(f"acte {i}".encode(), name="a", by=supervisor, most=100) for i in range(3)]
    for n, content in enumerate(made):
        Content.objects.filter(pk=content.pk).update(checked_at=timezone.now() - timedelta(days=n + 1))
    rehash.turn(most=1)
    assert [c.checked_at > timezone.now() - timedelta(hours=1) for c in Content.objects.order_by("pk")] == [False, False, True]  # fmt: skip
    rehash.turn(most=12)
    assert all(c.checked_at > timezone.now() - timedelta(hours=1) for c in Content.objects.all())


def test_the_database_too_refuses_to_rewrite_custody(piece):
    for change in (
        lambda: Custody.objects.update(name="b"), lambda: Custody.objects.all().delete(),
        lambda: Content.objects.update(size=5), lambda: Content.objects.all().delete(),
        lambda: Custody.objects.create(content=piece, step="ended", subject=RECORD, access="staff", at=timezone.now()),
        lambda: Custody.objects.create(content=piece, step="joined", subject=RECORD, access="open", at=timezone.now()),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_pieces_of_before_are_adopted_once_where_they_lie_and_a_lost_one_is_said(files, supervisor):
    from django.apps import apps

    from kalata.evidence.adopting import Held, adopt

    stored = store.put(b"ancien")
    (files / "deadlines").mkdir()
    store.path(stored.sha256).rename(files / "deadlines" / stored.sha256)
    held = [Held(stored.sha256, "calendar:x", supervisor.pk), Held("0" * 64, "calendar:x"), Held("acte n° 3", "x:1")]
    assert adopt(apps, held) == 2 and adopt(apps, held) == 0
    kept, lost = Content.objects.get(sha256=stored.sha256), Content.objects.get(sha256="0" * 64)
    assert (kept.place, kept.size, kept.fault) == (f"deadlines/{stored.sha256}", 6, "")
    assert lost.fault == "missing" and [c.pk for c in queries.damaged()] == [lost.pk]
    assert queries.in_force(stored.sha256, "calendar:x").by_id == supervisor.pk
    assert rehash.fault_of(kept) == ""


# --- the rooms ----------------------------------------------------------------------------------------
def test_a_file_given_twice_to_the_imports_goes_with_the_last_import_that_holds_it(contest, supervisor, django_capture_on_commit_callbacks):  # fmt: skip
    from kalata.results.services import importing
    from tests.conftest import csv_of

    one, two = (
        importing.upload(contest=contest, name=n, content=iter([csv_of()]), by=supervisor) for n in ("a.csv", "b.csv")
    )
    assert one.file == two.file == one.sha256 and importing.path_of(one) == store.path(one.sha256)
    for given, there in ((one, True), (two, False)):
        with django_capture_on_commit_callbacks(execute=True):
            importing.discard(one=given, by=supervisor)
        assert store.intact(one.sha256) is there
    names = Custody.objects.filter(step="joined").order_by("pk").values_list("subject", "name")
    assert list(names) == [(f"import:{one.pk}", "a.csv"), (f"import:{two.pk}", "b.csv")]


def test_the_rows_of_an_older_house_are_taken_over_by_its_upgrade(files, contest, supervisor):
    from importlib import import_module

    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from kalata.results.models import Import
    from kalata.results.services import importing

    content = b"bureau,voix\nA,1\n"
    sha = store.put(content).sha256
    (files / "imports").mkdir()
    store.path(sha).rename(files / "imports" / "x.in")
    one = Import.objects.create(contest=contest, name="a.csv", file="x.in", sha256=sha, size=len(content), by=supervisor)  # fmt: skip
    gone = Import.objects.create(contest=contest, name="b.csv", file="y.in", sha256="1" * 64, size=1, state="discarded")  # fmt: skip
    upgrade = import_module("kalata.results.migrations.0018_evidence").forward
    apps = MigrationLoader(connection).project_state([("results", "0018_evidence")]).apps  # as the tables were then
    upgrade(apps, None)
    upgrade(apps, None)  # cut short and run again
    kept = Content.objects.get()
    assert (kept.sha256, kept.place, kept.fault) == (sha, "imports/x.in", "")
    assert queries.held_by(kept) == [f"import:{one.pk}"] and not Custody.objects.filter(subject=f"import:{gone.pk}").exists()  # fmt: skip
    assert importing.path_of(one).read_bytes() == content and rehash.fault_of(kept) == ""
