"""The calendar of a version: estimates are ranges, a decree replaces them with its source, and what a day changes is read first."""

import re
from datetime import date

import pytest

from kalata.planning.calendars import feasts_of, pack_works
from kalata.planning.queries import calendars, content, effects
from kalata.planning.queries.odds import plan_of
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.days import DayKind, Off
from kalata.planning.rules.refusals import CalendarUsed, MovedSince, NothingToUndo, UnknownWork
from kalata.planning.services import calendars as services
from kalata.planning.services import editing, versions
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(election):
    """Ten working days over an estimated feast of 2026."""
    feast, likely = next((r, d) for r, d in feasts_of("ml", 2026, 2026) if 0 < d.weekday() < 3)
    made = small(election, "A 10 wd", "B 1 wd A", t0=date.fromordinal(likely.toordinal() - likely.weekday()))
    made.feast, made.likely = feast, likely
    return made


def sent(client, version, **given):
    here = f"/planification/{version.pk}/calendrier/"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(here).content.decode())[1]
    return client.post(here, {"flag": "S", "seen": seen} | given)


def last_day(version):
    found = dates(version)
    return found.last(found.places["B"])


def test_a_feast_is_a_range_until_a_decree_replaces_it_and_the_effect_is_read_first(one, planner, sign_in):
    client, was, digest = sign_in(planner), last_day(one), content.sha256(one)
    page = client.get(f"/planification/{one.pk}/calendrier/").content.decode()
    assert one.feast.name in page and "estimé : un de ces jours" in page and "source secondaire" in page
    saturday = date.fromordinal(one.likely.toordinal() + 5 - one.likely.weekday())
    decree = {"kind": "decree", "name": one.feast.name, "day": saturday.isoformat(), "source": "décret n° 2026-12"}
    tried = sent(client, one, act="try", **decree).content.decode()
    assert was.strftime("%d/%m/%Y") in tried and last_day(one) == was and not one.days.exists()
    assert sent(client, one, act="keep", **decree).status_code == 302
    assert last_day(one) < was and content.sha256(one) != digest, "a feast on a Saturday takes no working day"
    assert [r.name for r in dates(one).schedule.estimated].count(one.feast.name) == 0
    _plan, drawn = plan_of(one)
    assert drawn.works((one.likely - one.t0).days), "the draws count the same days"
    assert sent(client, one, act="drop", row=one.days.get().pk).status_code == 302
    assert content.sha256(one) == digest and last_day(one) == was


def test_a_day_without_its_source_twice_or_of_no_feast_is_refused(one, planner, sign_in):
    client = sign_in(planner)
    day = one.t0.isoformat()
    assert "PLN-255" in sent(client, one, act="try", kind="decree", name=one.feast.name, day=one.likely.isoformat(), source="").content.decode()
    assert "PLN-239" in sent(client, one, act="try", kind="decree", name="Fête inconnue", day=day, source="x").content.decode()
    assert sent(client, one, act="keep", kind="off", name="deuil national", day=day, flag="A").status_code == 302
    assert "PLN-254" in sent(client, one, act="keep", kind="off", name="encore", day=day, flag="A").content.decode()
    assert one.days.count() == 1


def test_a_draft_keeps_the_days_of_the_version_it_comes_from_and_says_what_it_changes(one, election, planner, sign_in):
    sent(sign_in(planner), one, act="keep", kind="off", name="deuil national", day=one.t0.isoformat(), flag="A")
    other = small(election, "A 10 wd", "B 1 wd A", t0=one.t0)
    found = effects.difference(other, one)
    assert [f.name for f in found[0].fields] == [f"day:{one.t0.isoformat()}"]
    versions.writer.fill_days(other, one)
    assert effects.difference(other, one) == [] and calendars.offs(other) == calendars.offs(one)


def test_who_only_reads_writes_no_day(one, money, sign_in):
    client = sign_in(money)
    answer = client.post(f"/planification/{one.pk}/calendrier/", {"act": "keep", "kind": "off", "name": "n", "day": "2026-02-02", "flag": "A", "seen": ""})
    assert answer.status_code == 403 and not one.days.exists()


def test_a_trial_of_a_day_holds_no_row(one, planner, sign_in, held_inside_alone):
    answer = sent(sign_in(planner), one, act="try", kind="off", name="deuil national", day=one.t0.isoformat(), flag="A")
    assert answer.status_code == 200


RAINS = {"calendar": "piste", "name_fr": "Pluies", "percent": "50", "first": "2026-01-01", "last": "2026-12-31", "flag": "A"}
ROAD = {"code": "piste", "kind": "region", "name_fr": "Piste", "territories": "Gao", "flag": "A"}


def test_a_season_of_a_region_is_tried_then_slows_its_activities_in_dates_draws_and_why(one, planner, sign_in):
    client, was = sign_in(planner), last_day(one)
    assert "PLN-110" in sent(client, one, act="try_work", **ROAD | {"rest": "7"}).content.decode()
    assert sent(client, one, act="keep_work", **ROAD).status_code == 302
    assert "PLN-110" in sent(client, one, act="try_spell", **RAINS | {"last": ""}).content.decode()
    assert "PLN-255" in sent(client, one, act="try_spell", **RAINS | {"flag": "S"}).content.decode()
    editing.change(version=one, code="A", new={"territory": "Gao"}, by=planner)
    digest = content.sha256(one)
    tried = sent(client, one, act="try_spell", **RAINS).content.decode()
    assert was.strftime("%d/%m/%Y") in tried and last_day(one) == was and content.sha256(one) == digest
    assert sent(client, one, act="keep_spell", **RAINS).status_code == 302
    assert (last_day(one) - was).days >= 11 and content.sha256(one) != digest
    _plan, drawn = plan_of(one)
    assert drawn.named["piste"].finish(0, 10) > drawn.finish(0, 10)
    opened = client.get(f"/planification/{one.pk}/?a=B").content.decode()
    assert "Pluies à 50" in opened
    assert sent(client, one, act="undo").status_code == 302 and last_day(one) == was
    assert sent(client, one, act="redo").status_code == 302 and last_day(one) > was
    assert sent(client, one, act="drop_spell", calendar="piste", name_fr="Pluies").status_code == 302 and last_day(one) == was


def test_a_calendar_that_is_followed_stays_and_one_that_is_not_there_is_not_named(one, planner, sign_in):
    client = sign_in(planner)
    with pytest.raises(UnknownWork):
        editing.change(version=one, code="A", new={"calendar": "piste"}, by=planner)
    assert sent(client, one, act="keep_work", **ROAD).status_code == 302
    editing.change(version=one, code="A", new={"calendar": "piste"}, by=planner)
    assert sent(client, one, act="drop_work", calendar="piste").status_code == 409
    editing.undo(version=one, by=planner)
    assert sent(client, one, act="drop_work", calendar="piste").status_code == 302 and not one.works.exists()
    assert sent(client, one, act="take_works").status_code == 302
    assert one.works.count() == len(pack_works("ml"))


def test_a_day_off_and_a_driver_are_undone_by_who_wrote_them_alone(draft, planner, money):
    was = content.sha256(draft)
    services.keep(version=draft, off=Off(date(2026, 3, 2), DayKind.OFF, "deuil", "A"), by=planner)
    editing.set_driver(version=draft, code="cartes", value="9100000", flag="A", source="", dated=None, by=planner)
    with pytest.raises(NothingToUndo):
        editing.undo(version=draft, by=make_person("autre", "cellule-planification"))
    editing.undo(version=draft, by=planner)
    assert draft.drivers.get(code="cartes").value == "9000000" and draft.days.exists()
    editing.undo(version=draft, by=planner)
    assert content.sha256(draft) == was
    editing.redo(version=draft, by=planner)
    draft.days.update(name="autre motif")
    with pytest.raises(MovedSince):
        editing.undo(version=draft, by=planner)


def test_what_is_undone_never_takes_away_a_calendar_that_others_follow_nor_names_one_that_is_gone(one, planner, sign_in):
    client, other = sign_in(planner), make_person("autre", "cellule-planification")
    assert sent(client, one, act="keep_work", **ROAD).status_code == 302
    editing.change(version=one, code="A", new={"calendar": "piste"}, by=other)
    with pytest.raises(CalendarUsed):
        editing.undo(version=one, by=planner)
    editing.change(version=one, code="A", new={"calendar": ""}, by=other)
    editing.undo(version=one, by=planner)
    assert not one.works.exists()
    with pytest.raises(UnknownWork):
        editing.undo(version=one, by=other)
