"""Notices: told once, to a person or to a desk over a place; done once for all; carried higher when nobody does it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from kalata.country.models import Unit
from kalata.evidence import rehash, store
from kalata.evidence import services as evidence
from kalata.ledger.models import Act
from kalata.notices import mail as letters
from kalata.notices import queries, services
from kalata.notices.models import Notice, Receipt
from kalata.notices.rules import topics
from kalata.notices.rules.refusals import NothingToDo, NotYourDesk
from kalata.notices.rules.topics import Desk, Topic
from kalata.people.models import Person
from kalata.text import Message
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
KNOWN = Topic("essai.info", "Essai")
WORK = Topic("essai.work", "Essai", task=True, after=2 * HOUR, above="results.read")
OWN = Topic("essai.own", "Essai", task=True, settles=True)


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    for one in (KNOWN, WORK, OWN):
        monkeypatch.setitem(topics.TOPICS, one.code, one)


def tell(topic=KNOWN, once="k", text="Ceci est arrivé.", **how):
    return services.tell(topic, Message(text), once=once, subject="contest:x", href="/resultats/", **how)


@pytest.fixture
def regions(contest):
    return {u.code: u for u in Unit.objects.filter(geography=contest.election.geography)}


def path(unit):
    return (*path(unit.parent), unit.pk) if unit.parent else (unit.pk,)


def test_the_same_thing_is_told_a_person_a_single_time(supervisor, publisher):
    assert tell(to=[supervisor]) == 1
    assert tell(to=[supervisor, publisher]) == 1
    assert (Notice.objects.count(), queries.unread_count(supervisor), queries.unread_count(publisher)) == (1, 1, 1)


def test_a_desk_is_whoever_holds_the_right_over_the_place_and_nobody_beside(pack_version, regions):
    inside, above, beside = (
        make_person(name, "reception", unit=unit)
        for name, unit in (("ici", regions["ML-KAY"]), ("partout", None), ("ailleurs", regions["ML-SEG"]))
    )
    assert tell(desk=Desk("results.receive", path(regions["ML-KAY"]))) == 2
    assert [queries.unread_count(p) for p in (inside, above, beside)] == [1, 1, 0]


def test_a_desk_of_the_whole_country_is_not_that_of_a_region(pack_version, regions):
    part = make_person("ici", "reception", unit=regions["ML-KAY"])
    assert tell(desk=Desk("results.receive")) == 0
    assert queries.unread_count(part) == 0


def test_who_comes_to_a_desk_later_finds_what_waits_there_and_not_what_is_done(pack_version, supervisor):
    first = make_person("premier", "reception")
    tell(WORK, once="open", desk=Desk("results.receive"))
    tell(WORK, once="closed", desk=Desk("results.receive"))
    services.done(first, queries.mine(first).get(notice__once="closed").pk)
    late = make_person("venu-apres", "reception")
    assert services.newcomers() == 1 and services.newcomers() == 0
    assert [r.notice.once for r in queries.mine(late)] == ["open"]


def test_a_closed_account_and_a_mandate_that_ended_receive_nothing(pack_version, supervisor):
    closed, ended = make_person("ferme", "reception"), make_person("fini", "reception")
    closed.is_active = False
    closed.save()
    ended.mandates.update(revoked_at=timezone.now())
    assert tell(desk=Desk("results.receive")) == 0


def test_one_person_does_it_and_it_is_done_for_all(pack_version):
    one, two = make_person("un", "reception"), make_person("deux", "reception")
    tell(WORK, desk=Desk("results.receive"))
    assert [queries.mine(p, queries.TODO).count() for p in (one, two)] == [1, 1]
    services.done(one, queries.mine(one).get().pk)
    assert [queries.mine(p, queries.TODO).count() for p in (one, two)] == [0, 0]
    assert (queries.unread_count(one), queries.unread_count(two)) == (0, 1)
    assert Act.objects.get(kind="notice.done").actor_id == one.pk
    with pytest.raises(NothingToDo):
        services.done(two, queries.mine(two).get().pk)


@pytest.mark.parametrize("topic", [KNOWN, OWN])
def test_what_asks_nothing_or_is_settled_by_its_room_is_not_said_done_by_hand(topic, supervisor):
    tell(topic, to=[supervisor])
    with pytest.raises(NothingToDo):
        services.done(supervisor, queries.mine(supervisor).get().pk)


def test_nobody_does_or_reads_what_another_received(supervisor, publisher):
    tell(WORK, to=[supervisor])
    receipt = queries.mine(supervisor).get()
    with pytest.raises(Receipt.DoesNotExist):
        services.done(publisher, receipt.pk)
    assert services.read(publisher, [receipt.pk]) == 0
    assert queries.unread_count(supervisor) == 1


def test_who_has_left_a_desk_does_not_say_done_for_those_who_hold_it(pack_version):
    gone, here = make_person("parti", "reception"), make_person("reste", "reception")
    tell(WORK, desk=Desk("results.receive"))
    gone.mandates.update(revoked_at=timezone.now())
    with pytest.raises(NotYourDesk):
        services.done(Person.objects.get(pk=gone.pk), queries.mine(gone).get().pk)
    assert queries.mine(here, queries.TODO).count() == 1


def test_a_notice_of_a_room_that_left_the_house_is_still_shown(supervisor, sign_in, monkeypatch):
    tell(WORK, to=[supervisor])
    monkeypatch.delitem(topics.TOPICS, WORK.code)
    assert "Ceci est arrivé." in sign_in(supervisor).get("/avis/").content.decode()


def test_what_is_left_undone_goes_up_at_its_hour_once(pack_version):
    desk, chief = make_person("poste", "reception"), make_person("chef", "superviseur")
    start = timezone.now()
    tell(WORK, desk=Desk("results.receive"), at=start)
    had = queries.unread_count(chief)
    assert services.escalate(start + 2 * HOUR - timedelta(seconds=1)) == 0
    assert services.escalate(start + 2 * HOUR) == 1
    assert services.escalate(start + 3 * HOUR) == 0
    assert (queries.unread_count(chief), queries.mine(desk).count()) == (1, 1)
    assert had <= 1 and Act.objects.filter(kind="notice.escalated").count() == 1


def test_what_is_done_in_time_does_not_go_up(pack_version):
    desk = make_person("poste", "reception")
    start = timezone.now()
    tell(WORK, desk=Desk("results.receive"), at=start)
    services.done(desk, queries.mine(desk).get().pk)
    assert services.escalate(start + 9 * HOUR) == 0


def test_where_nobody_stands_above_it_is_not_called_told_and_is_tried_again(pack_version):
    desk = make_person("poste", "reception")
    start = timezone.now()
    services.tell(
        WORK, Message("x"), once="k", subject="s", href="/", to=[desk], at=start
    )  # fmt: skip
    assert services.escalate(start + 2 * HOUR) == 0
    assert Notice.objects.get().escalated_at is None
    make_person("chef", "superviseur")
    assert services.escalate(start + 3 * HOUR) == 1


@pytest.mark.parametrize(
    "how", [{"after": HOUR, "task": True}, {"above": "x", "task": True}, {"after": HOUR, "above": "x"}]
)
def test_an_escalation_without_delay_right_or_task_is_no_topic(how):
    with pytest.raises(TypeError):
        topics.topic("essai.bad", "Essai", **how)


def test_a_topic_is_declared_once_and_an_undeclared_one_is_not_told(supervisor):
    with pytest.raises(TypeError):
        topics.topic(KNOWN.code, "Encore")
    with pytest.raises(TypeError):
        services.tell(Topic("essai.none", "x"), Message("x"), once="k", subject="s", href="/", to=[supervisor])


def test_the_database_refuses_two_notices_of_one_key(supervisor):
    tell(to=[supervisor])
    notice = Notice.objects.get()
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


@pytest.fixture
def post(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail


def three(person):
    person.email = f"{person.username}@exemple.test"
    person.save()
    for n in range(3):
        tell(once=f"k{n}", text=f"Fait {n}.", to=[person])


def test_letters_go_one_by_one_unless_a_person_chose_one_a_day_or_none(post, supervisor, publisher, administrator):
    for person in (supervisor, publisher, administrator):
        three(person)
    services.choose_mail(publisher, "daily")
    services.choose_mail(administrator, "never")
    noon = timezone.localtime().replace(hour=12, minute=0)
    assert letters.send(now=noon) == 6
    assert sorted(len(m.body.split("Fait")) - 1 for m in post.outbox) == [1, 1, 1, 3]
    assert {m.to[0] for m in post.outbox} == {supervisor.email, publisher.email}
    assert letters.send(now=noon) == 0


def test_those_who_want_no_letter_and_those_who_wait_for_the_morning_hold_up_nobody(post, supervisor, publisher, administrator):  # fmt: skip
    for person in (publisher, administrator, supervisor):
        three(person)
    services.choose_mail(publisher, "daily")
    services.choose_mail(administrator, "never")
    night = timezone.localtime().replace(hour=3, minute=0)
    assert letters.send(limit=3, now=night) == 3
    assert {m.to[0] for m in post.outbox} == {supervisor.email}


@pytest.mark.parametrize(("hour", "minute", "sent"), [(6, 59, 0), (7, 0, 3), (7, 1, 3)])
def test_the_letter_of_the_day_goes_from_seven_and_once(post, publisher, hour, minute, sent):
    three(publisher)
    services.choose_mail(publisher, "daily")
    morning = timezone.localtime().replace(hour=hour, minute=minute, second=0)
    assert letters.send(now=morning) == sent
    tell(once="later", text="Plus tard.", to=[publisher])
    assert letters.send(now=morning) == 0


def test_a_damaged_file_is_told_to_those_who_run_the_house_and_settled_when_it_is_sound(
    settings, tmp_path, administrator, supervisor
):
    settings.MEDIA_ROOT = tmp_path
    content = evidence.keep(b"acte", name="a.txt", by=supervisor, most=100)
    found = store.path(content.sha256, content.place)
    found.chmod(0o600)
    found.write_bytes(b"faux")
    rehash.turn()
    rehash.turn()
    notice = Notice.objects.get(topic="evidence.damaged")
    assert [r.person_id for r in notice.receipts.all()] == [administrator.pk]
    assert notice.done_at is None
    found.write_bytes(b"acte")
    rehash.turn()
    notice.refresh_from_db()
    assert notice.done_at is not None
