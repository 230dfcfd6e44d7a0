"""Legal time kept: events with evidence, derogations by two persons, alerts said once, a stable feed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kalata.deadlines import alerts, derogating, feeds, queries, services
from kalata.deadlines.models import Fact, FeedEntry, Override
from kalata.deadlines.rules.derogations import NoBasis, WrongWay
from kalata.deadlines.rules.lines import Kept
from kalata.deadlines.rules.norms import UnknownEvent
from kalata.evidence import store
from kalata.ledger.models import Act
from kalata.notices import mail as letters
from kalata.notices.models import Notice, Receipt
from kalata.people import services as people
from kalata.people.rules.approval import Decision, NoReason
from kalata.refusals import Forbidden
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 20, tzinfo=UTC)


def happened(calendar, by, type_, day, at=None, round_=1, replaces=None, reason="", **extra):
    given_ = {"document": "décision 1", "now": NOW, **extra}
    return services.record_fact(
        calendar=calendar,
        type_=type_,
        round_=round_,
        day=day,
        at=at,
        standing="actual",
        replaces=replaces,
        reason=reason,
        by=by,
        **given_,
    )


def vote_of(calendar):
    return calendar.facts.get(type="VOTE", replaced_by=None)


def derogate(calendar, by, **extra):
    base = {
        "norm": "ML-PROV-RESULTS",
        "round_": 1,
        "kind": "extend",
        "authority": "Cour constitutionnelle",
        "document": "décision 2027-07",
        "decided": date(2027, 3, 3),
        "rank": 1,
        "reason": "inondations",
        "value": "2027-03-07T24:00",
    }
    return derogating.ask_derogation(calendar=calendar, by=by, **{**base, **extra})


def approve(approval, by):
    return people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=by)


# --- calendars and events -----------------------------------------------------------------
def test_an_election_has_one_calendar_of_each_family(calendar, supervisor):
    with pytest.raises(services.CalendarExists):
        services.open_calendar(election=calendar.election, family="presidential", rounds=1, by=supervisor)
    with pytest.raises(services.UnknownFamily):
        services.open_calendar(election=calendar.election, family="papal", rounds=1, by=supervisor)


@pytest.mark.parametrize("role", ["publication", "auditeur", "juge", "admin", "observateur", "coordination-region", ""])
def test_only_those_who_hold_the_right_record_events(calendar, role):
    person = make_person("autre", role)
    with pytest.raises(Forbidden):
        happened(calendar, person, "PROV_RESULTS", date(2027, 3, 4), time(20, 0))
    with pytest.raises(Forbidden):
        services.publish_calendar(calendar=calendar, public=True, reason="x", by=person)
    with pytest.raises(Forbidden):
        services.bind_texts(calendar=calendar, law_date=None, reason="x", by=person)


def test_a_registrar_records_and_the_limits_follow_the_real_event(calendar, registrar):
    change = happened(calendar, registrar, "PROV_RESULTS", date(2027, 3, 4), time(21, 30))
    assert any(m.key == "ML-COMPLAINT-RESULTS.1" for m in change.moved)
    line = queries.legal(calendar).get("ML-COMPLAINT-RESULTS.1")
    assert line.limit.iso() == "2027-03-06T21:30"
    assert Act.objects.filter(kind="event.actual", subject=f"calendar:{calendar.code}").exists()


def test_a_late_event_leaves_a_breach_in_the_ledger_with_its_article(calendar, supervisor):
    change = happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 7), time(9, 0))
    assert [m.key for m in change.broken] == ["ML-PROV-RESULTS.1"]
    act = Act.objects.get(kind="deadline.breached")
    assert (act.after["article"], act.after["days"]) == ("151", 2)


def test_an_event_seen_needs_its_piece_its_hour_and_to_have_happened(calendar, supervisor):
    with pytest.raises(services.NoEvidence):
        happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 4), time(20, 0), document=" ")
    with pytest.raises(services.HourNeeded):
        happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 4))
    with pytest.raises(services.NotYet):
        happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 20), time(0, 1))
    with pytest.raises(UnknownEvent):
        happened(calendar, supervisor, "ECLIPSE", date(2027, 3, 4))
    for type_, round_ in (("ROUND1_VOTE", 1), ("PROV_RESULTS", 3), ("PROV_RESULTS", 0), ("YEAR", 0)):
        with pytest.raises(UnknownEvent):
            happened(calendar, supervisor, type_, date(2027, 2, 28), time(8, 0), round_=round_)
    assert Fact.objects.filter(calendar=calendar).count() == 1


def test_the_database_too_refuses_an_event_without_evidence(calendar):
    with pytest.raises(DatabaseError), transaction.atomic():
        Fact.objects.create(calendar=calendar, type="VOTE", round=2, standing="actual", day=date(2027, 3, 14))


def test_a_correction_replaces_the_row_keeps_it_and_asks_why(calendar, supervisor):
    old = vote_of(calendar)
    with pytest.raises(NoReason):
        happened(calendar, supervisor, "VOTE", date(2027, 3, 7), replaces=old.pk)
    happened(calendar, supervisor, "VOTE", date(2027, 3, 7), replaces=old.pk, reason="report d’une semaine")
    assert vote_of(calendar).replaces == old
    assert queries.legal(calendar).get("ML-PROV-RESULTS.1").limit.iso() == "2027-03-12T24:00"
    assert calendar.facts.filter(type="VOTE").count() == 2


def test_two_persons_correcting_at_once_do_not_overwrite_each_other(calendar, supervisor, registrar):
    old = vote_of(calendar)
    happened(calendar, supervisor, "VOTE", date(2027, 3, 7), replaces=old.pk, reason="un")
    with pytest.raises(services.Superseded):
        happened(calendar, registrar, "VOTE", date(2027, 3, 14), replaces=old.pk, reason="deux")
    with pytest.raises(services.Superseded):
        happened(calendar, registrar, "VOTE", date(2027, 3, 14))


def test_an_event_taken_back_stays_in_the_history(calendar, supervisor):
    happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 4), time(20, 0))
    fact = calendar.facts.get(type="PROV_RESULTS")
    with pytest.raises(NoReason):
        services.withdraw_fact(fact_id=fact.pk, reason="", by=supervisor)
    services.withdraw_fact(fact_id=fact.pk, reason="erreur", by=supervisor)
    assert queries.legal(calendar).get("ML-COMPLAINT-RESULTS.1").limit.iso() == "2027-03-07T24:00"
    assert calendar.facts.get(type="PROV_RESULTS").withdrawn
    with pytest.raises(services.Superseded):
        services.withdraw_fact(fact_id=fact.pk, reason="encore", by=supervisor)


def test_acts_repeat_and_each_has_its_own_clock(calendar, supervisor):
    for party, day in (("requérant A", 4), ("requérant B", 5)):
        happened(calendar, supervisor, "NOTIFICATION", date(2027, 3, day), time(10, 0), party=party)
    assert calendar.facts.filter(type="NOTIFICATION").count() == 2


def test_a_piece_is_kept_under_its_own_hash(calendar, supervisor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 4), time(20, 0), content=b"pdf")
    fact = calendar.facts.get(type="PROV_RESULTS")
    assert store.path(fact.sha256) == tmp_path / "evidence" / fact.sha256
    assert store.path(fact.sha256).read_bytes() == b"pdf"
    with pytest.raises(services.TooHeavy):
        services.keep_file(b"x" * (services.EVIDENCE_MAX + 1))


def test_the_texts_of_another_day_may_be_chosen_with_a_reason(calendar, supervisor):
    with pytest.raises(NoReason):
        services.bind_texts(calendar=calendar, law_date=date(2018, 1, 1), reason=" ", by=supervisor)
    change = services.bind_texts(calendar=calendar, law_date=date(2018, 1, 1), reason="simulation", by=supervisor)
    assert any(m.key == "ML-FILING-PRES-2016.1" for m in change.moved)
    calendar.refresh_from_db()
    assert queries.legal(calendar).get("ML-FILING-PRES-2022.1") is None


# --- derogations --------------------------------------------------------------------------
def test_a_derogation_applies_only_when_another_person_approves(calendar, supervisor, publisher):
    approval = derogate(calendar, supervisor)
    assert queries.legal(calendar).get("ML-PROV-RESULTS.1").derogation is None
    with pytest.raises(Exception, match="PEO-201"):
        approve(approval, supervisor)
    approve(approval, publisher)
    line = queries.legal(calendar).get("ML-PROV-RESULTS.1")
    assert (line.limit.iso(), line.computed.iso()) == ("2027-03-07T24:00", "2027-03-05T24:00")
    assert any("rang inférieur" in w.text("fr") for w in line.warnings)
    assert Act.objects.filter(kind="deadline.derogated").exists()


def test_the_database_too_refuses_a_derogation_by_one_person(calendar, supervisor):
    with pytest.raises(DatabaseError), transaction.atomic():
        Override.objects.create(
            calendar=calendar, norm="X", kind="set", authority="a", document="d", reason="r", decided=date(2027, 1, 1),
            asked_by=supervisor, approved_by=supervisor,
        )  # fmt: skip


@pytest.mark.parametrize(
    "change, refusal",
    [
        ({"authority": ""}, NoBasis),
        ({"document": " "}, NoBasis),
        ({"reason": ""}, NoBasis),
        ({"value": "2027-03-01T24:00"}, WrongWay),
        ({"norm": "ML-NOTHING"}, services.UnknownLine),
        ({"kind": "suspend", "value": "", "first": None}, NoBasis),
    ],
)
def test_an_incomplete_derogation_changes_nothing(calendar, supervisor, change, refusal):
    before = Act.objects.count()
    with pytest.raises(refusal):
        derogate(calendar, supervisor, **change)
    assert Act.objects.count() == before


def test_a_newer_derogation_ends_the_older_and_a_derogation_can_be_ended(calendar, supervisor, publisher):
    approve(derogate(calendar, supervisor), publisher)
    approve(derogate(calendar, supervisor, value="2027-03-08T24:00", document="décision 2027-08"), publisher)
    assert Override.objects.filter(ended_at=None).count() == 1 and Override.objects.count() == 2
    (told,) = Act.objects.filter(kind="deadline.derogation_ended")
    assert (
        told.before["override"] == Override.objects.exclude(ended_at=None).get().pk and told.actor == publisher.username
    )
    row = Override.objects.get(ended_at=None)
    approve(derogating.ask_end_of_derogation(override_id=row.pk, reason="annulée", by=supervisor), publisher)
    assert queries.legal(calendar).get("ML-PROV-RESULTS.1").limit.iso() == "2027-03-05T24:00"


def test_a_suspension_runs_through_the_same_desk(calendar, supervisor, publisher):
    asked = derogate(calendar, supervisor, kind="suspend", value="", first=date(2027, 3, 2), last=date(2027, 3, 3))
    approve(asked, publisher)
    assert queries.legal(calendar).get("ML-PROV-RESULTS.1").limit.iso() == "2027-03-07T24:00"


def test_a_decree_on_a_feast_replaces_its_estimate_for_every_limit(calendar, supervisor, publisher):
    feast = next(f for f in queries.given(calendar).days_off.feasts if f.first.year == 2027)
    asked = derogate(calendar, supervisor, norm=feast.name, round_=None, kind="feast", value=f"{feast.first}T24:00")
    approve(asked, publisher)
    off = queries.given(calendar).days_off
    assert feast.first in off.sure
    assert not any(f.name == feast.name and f.first == feast.first for f in off.feasts)
    with pytest.raises(services.UnknownLine):
        derogate(calendar, supervisor, norm="Noël", kind="feast")


# --- feasibility ---------------------------------------------------------------------------
def test_an_assumption_is_for_feasibility_and_moves_no_date(calendar, supervisor):
    before = [line.limit for line in queries.legal(calendar).lines]
    made = services.assume(
        calendar=calendar,
        start="VOTE:1",
        end="PROV_RESULTS:1",
        least=2,
        most=None,
        reason="centralisation",
        by=supervisor,
    )
    assert [line.limit for line in queries.legal(calendar).lines] == before
    services.drop_assumption(assumption_id=made.pk, by=supervisor)
    assert not queries.assumptions(calendar).exists()


# --- alerts -------------------------------------------------------------------------------
RESULTS = "ML-PROV-RESULTS.1"


def told(line=RESULTS, kind=""):
    """Notices told of a line: their keys are calendar, line, kind, limit."""
    return Notice.objects.filter(once__contains=f":{line}:{kind}").order_by("pk")


def kinds_of(found):
    return [key.split(":")[3] for key in found.values_list("once", flat=True)]


def limits_of(found):
    return {key.split(":", 4)[4] for key in found.values_list("once", flat=True)}


def test_an_alert_is_said_once_at_each_distance_and_labelled_unverified(calendar, supervisor):
    limit = datetime(2027, 3, 6, tzinfo=UTC)  # the end of 5 March
    for hours in (47, 46, 23, 3):
        alerts.refresh(limit - timedelta(hours=hours))
    assert kinds_of(told()) == ["48h", "24h", "4h"]
    assert "[non vérifié]" in told().first().text_fr
    assert "[unverified]" in told().first().text_en


def test_a_limit_that_passes_unseen_is_late_and_one_that_is_recorded_is_not(calendar, supervisor):
    alerts.refresh(NOW)
    assert told(kind="late").count() == 1 and told(kind="late").get().done_at is None
    happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 4), time(20, 0))
    alerts.refresh(NOW)
    assert told(kind="late").get().done_at is not None
    legal = queries.legal(calendar)
    assert "ML-PROV-RESULTS.1" not in [d.line.key for d in alerts.late(calendar, legal, NOW)]
    assert legal.get("ML-PROV-RESULTS.1").check.kept is Kept.KEPT


def test_a_moved_limit_is_a_new_alert(calendar, supervisor):
    near = datetime(2027, 3, 5, 1, tzinfo=UTC)
    alerts.refresh(near)
    old = vote_of(calendar)
    services.record_fact(
        calendar=calendar,
        type_="VOTE",
        round_=1,
        day=date(2027, 3, 1),
        at=None,
        standing="planned",
        reason="r",
        replaces=old.pk,
        by=supervisor,
    )
    alerts.refresh(near + timedelta(days=1))
    assert limits_of(told(kind="24h")) == {"2027-03-05T24:00", "2027-03-06T24:00"}


def test_those_who_follow_are_told_of_every_duty_that_moves(calendar, supervisor):
    happened(calendar, supervisor, "VOTE", date(2027, 3, 7), replaces=vote_of(calendar).pk, reason="report")
    moved = told(kind="moved").filter(receipts__person=supervisor)
    assert limits_of(moved) == {"2027-03-12T24:00"}
    assert "au lieu du vendredi 5 mars 2027" in moved.get().text_fr
    assert not told("ML-REGISTER-REVISION", "moved").exists()


def test_nobody_who_does_not_follow_is_alerted_and_an_actor_filters(calendar, supervisor, publisher):
    services.follow(calendar=calendar, actor="candidat militaire", by_mail=False, by=publisher)
    alerts.refresh(datetime(2027, 3, 5, 23, tzinfo=UTC))
    assert not Receipt.objects.filter(person=publisher).exists()
    assert Receipt.objects.filter(person=supervisor).exists()
    services.unfollow(calendar=calendar, by=supervisor)
    Notice.objects.all().delete()
    assert alerts.refresh(datetime(2027, 3, 5, 23, tzinfo=UTC)) == 0


def test_mail_goes_once_to_those_who_asked_and_nowhere_when_not_configured(calendar, supervisor, monkeypatch):
    supervisor.email, supervisor.language = "a@exemple.test", "en"
    supervisor.save()
    services.follow(calendar=calendar, actor="", by_mail=True, by=supervisor)
    alerts.refresh(datetime(2027, 3, 5, 23, tzinfo=UTC))
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
    assert letters.send() == 0
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    sent = letters.send()
    assert sent == len(mail.outbox) > 0
    assert "unverified" in mail.outbox[0].body and f"/echeances/{calendar.code}/regle/" in mail.outbox[0].body
    assert letters.send() == 0


def test_the_background_loop_runs_the_alerts(calendar, supervisor, monkeypatch):
    from django.core.management import call_command

    services.record_fact(
        calendar=calendar, type_="VOTE", round_=1, day=date.today() - timedelta(days=4), at=None, standing="planned",
        reason="r", replaces=vote_of(calendar).pk, by=supervisor,
    )  # fmt: skip
    monkeypatch.setattr("kalata.ledger.management.commands.sequencer.close_old_connections", lambda: None)
    call_command("sequencer", once=True)
    assert told().exists()


# --- feed ---------------------------------------------------------------------------------
def events_of(calendar):
    from icalendar import Calendar as ICalendar

    return {str(e["uid"]): e for e in ICalendar.from_ical(feeds.ics(calendar, "fr")).walk("VEVENT")}


def test_the_feed_keeps_its_uids_and_only_what_changed_gets_a_new_sequence(calendar, supervisor):
    first = events_of(calendar)
    again = events_of(calendar)
    assert {u: int(e["sequence"]) for u, e in first.items()} == {u: int(e["sequence"]) for u, e in again.items()}
    happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 4), time(20, 0))
    after = events_of(calendar)
    assert set(first) <= set(after)
    changed = {u for u in first if int(after[u]["sequence"]) > int(first[u]["sequence"])}
    assert f"ML-COMPLAINT-RESULTS.1.{calendar.code}@kalata" in changed
    assert f"ML-REGISTER-REVISION.{calendar.code}@kalata" not in changed


def test_what_vanishes_stays_in_the_feed_as_cancelled(calendar, supervisor):
    events_of(calendar)
    services.bind_texts(calendar=calendar, law_date=date(2018, 1, 1), reason="x", by=supervisor)
    calendar.refresh_from_db()
    gone = events_of(calendar)[f"ML-FILING-PRES-2022.1.{calendar.code}@kalata"]
    assert str(gone["status"]) == "CANCELLED"


def test_the_feed_says_what_is_not_verified(calendar):
    one = events_of(calendar)[f"ML-PROV-RESULTS.1.{calendar.code}@kalata"]
    assert str(one["summary"]).startswith("[non vérifié]")
    assert one["dtstart"].dt == date(2027, 3, 5) and one["dtend"].dt == date(2027, 3, 6)


def test_reading_an_unchanged_feed_writes_nothing(calendar, django_assert_num_queries):
    feeds.ics(calendar, "fr")
    stamp = {e.pk: e.changed_at for e in FeedEntry.objects.all()}
    feeds.ics(calendar, "en")
    assert {e.pk: e.changed_at for e in FeedEntry.objects.all()} == stamp


# --- histories ----------------------------------------------------------------------------
@given(
    st.lists(
        st.tuples(st.sampled_from(["VOTE", "PROV_RESULTS", "FINAL_RESULTS"]), st.integers(0, 15), st.booleans()),
        max_size=6,
    )
)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_is_recorded_each_event_has_at_most_one_row_that_holds(calendar, supervisor, history):
    with transaction.atomic():
        for type_, shift, withdraw in history:
            held = next((f for f in queries.facts(calendar) if (f.type, f.round) == (type_, 1)), None)
            if withdraw and held:
                services.withdraw_fact(fact_id=held.pk, reason="r", by=supervisor)
                continue
            happened(
                calendar, supervisor, type_, date(2027, 3, 1) + timedelta(days=shift), time(12, 0),
                replaces=held.pk if held else None, reason="r",
            )  # fmt: skip
        holding = [(f.type, f.round) for f in queries.facts(calendar)]
        assert len(holding) == len(set(holding))
        for line in queries.legal(calendar).lines:
            assert line.limit is None or line.readings
        transaction.set_rollback(True)
