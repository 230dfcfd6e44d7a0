"""A draft is made from the pack, its legal dates by the engine; each act on it is whole, told, and undone by who did it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from kalata.ledger.models import Act
from kalata.planning.models import Activity, Link, Modification
from kalata.planning.queries import content, plans
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.faults import AnotherForm, BadDuration, Cycle, UnknownActivity
from kalata.planning.rules.plan import LagUnit, LinkType
from kalata.planning.rules.refusals import (
    AlreadyLinked,
    CannotSplit,
    CodeTaken,
    DayPassed,
    LegalDate,
    MovedSince,
    NoReferencePlan,
    NoSuchLink,
    NotHere,
    NothingToUndo,
    PlanExists,
    Unmovable,
)
from kalata.planning.services import editing, versions
from kalata.refusals import Forbidden
from tests.conftest import make_person
from tests.planning.conftest import J1, T0, small

pytestmark = pytest.mark.django_db


def cells(version, code):
    return next(c for c in content.sheet(version) if c["id"] == code)


def preds(version, code):
    return cells(version, code).get("predecessors", "")


# --- from the pack -----------------------------------------------------------------------------
def test_a_plan_from_the_pack_holds_the_137_activities_their_225_links_and_the_17_drivers(draft):
    assert (draft.activities.count(), draft.links.count(), draft.drivers.count()) == (137, 225, 17)


def test_the_second_round_is_the_day_of_the_texts_never_typed(draft):
    assert draft.j2 == date(2027, 7, 4)


def test_the_anchors_are_those_the_engine_computes_for_this_polling_day(draft):
    anchors = dict(draft.activities.exclude(norm="").values_list("code", "anchor"))
    assert anchors["C02"] == "J1-40" and anchors["A03"] == "J1-7" and anchors["R04"] == "J1+5"
    assert draft.activities.get(code="R04").norm == "ML-PROV-RESULTS.1"


def test_the_opening_of_a_plan_is_told_with_the_hash_of_its_content(draft):
    act = Act.objects.get(kind="planning.made")
    assert act.after["activities"] == 137 and act.after["sha256"] == content.sha256(draft)


def test_with_one_round_nothing_of_the_second_is_left_and_what_followed_follows_on(election, planner):
    one = versions.make_plan(code="un-tour", name="Un tour", election=election, family="presidential", rounds=1, t0=T0, j1=J1, by=planner)  # fmt: skip
    assert one.j2 is None and not one.activities.filter(code__startswith="B").exists()
    assert not [c for c in content.sheet(one) if "J2" in c.get("legal_anchor", "")]
    assert dates(one).schedule.finish > 0


def test_a_pack_without_a_plan_for_this_election_says_so(election, planner):
    with pytest.raises(NoReferencePlan):
        versions.make_plan(
            code="ref", name="R", election=election, family="referendum", rounds=1, t0=T0, j1=J1, by=planner
        )


def test_a_plan_begins_before_its_polling_day_and_has_a_name_of_its_own(draft, election, planner):
    given = {"name": "R", "election": election, "family": "presidential", "rounds": 1, "by": planner}
    with pytest.raises(DayPassed):
        versions.make_plan(code="tard", t0=J1, j1=J1, **given)
    with pytest.raises(PlanExists):
        versions.make_plan(code="pres-27", t0=T0, j1=J1, **given)


def test_who_only_reads_makes_no_plan(election, money):
    with pytest.raises(Forbidden):
        versions.make_plan(
            code="p", name="P", election=election, family="presidential", rounds=1, t0=T0, j1=J1, by=money
        )


def test_another_polling_day_moves_the_second_round_and_every_date_of_the_law(draft, planner):
    moved = versions.move_polling_day(version=draft, j1=date(2027, 6, 13), by=planner)
    assert moved.j2 == date(2027, 7, 11) and Act.objects.filter(kind="planning.edited").count() == 1
    assert draft.activities.get(code="C02").anchor == "J1-40"


# --- acts ----------------------------------------------------------------------------------------
def test_an_activity_is_added_after_another_changed_and_removed(election, planner):
    one = small(election, "A 5 cd", "B 2 cd A")
    editing.add(
        version=one, cells={"id": "N", "dur_likely": "3", "dur_unit": "cd", "predecessors": "A"}, after="A", by=planner
    )
    assert list(one.activities.values_list("code", flat=True)) == ["A", "N", "B"]
    editing.change(version=one, code="N", new={"dur_likely": "4", "dur_optimistic": "2", "dur_pessimistic": "9", "why_pessimistic": "pluies"}, by=planner)  # fmt: skip
    row = one.activities.get(code="N")
    assert (row.optimistic, row.likely, row.pessimistic, row.why_pessimistic) == (2, 4, 9, "pluies")
    editing.remove(version=one, code="N", by=planner)
    assert list(one.activities.values_list("code", flat=True)) == ["A", "B"]
    assert [a.after["what"] for a in Act.objects.filter(kind="planning.edited").order_by("pk")] == [
        "add",
        "change",
        "remove",
    ]


def test_what_followed_an_activity_that_is_removed_follows_what_it_followed(election, planner):
    one = small(election, "A 5 cd", "B 2 cd A:FS+2d", "C 1 cd B")
    editing.remove(version=one, code="B", by=planner)
    assert preds(one, "C") == "A:FS+2d"


@pytest.mark.parametrize("type_", list(LinkType))
@pytest.mark.parametrize("unit", list(LagUnit))
def test_every_type_of_link_and_unit_of_lag_is_kept_as_it_was_said(election, planner, type_, unit):
    one = small(election, "A 5 cd", "B 2 cd")
    editing.link(version=one, pred="A", succ="B", type_=type_, lag=3, unit=unit, by=planner)
    row = Link.objects.get(version=one)
    assert (row.type, row.lag, row.lag_unit) == (type_.value, 3, unit.value)
    editing.unlink(version=one, pred="A", succ="B", by=planner)
    assert not Link.objects.filter(version=one).exists()


def test_a_cycle_is_refused_in_words_with_its_path_and_nothing_is_kept(election, planner):
    one = small(election, "A 5 cd", "B 2 cd A", "C 1 cd B")
    with pytest.raises(Cycle) as refused:
        editing.link(version=one, pred="C", succ="A", by=planner)
    assert "A → B → C → A" in refused.value.message.text("fr")
    assert (
        preds(one, "A") == ""
        and not Modification.objects.exists()
        and not Act.objects.filter(kind="planning.edited").exists()
    )


def test_what_is_not_there_or_there_already_is_refused(election, planner):
    one = small(election, "A 5 cd", "B 2 cd A")
    with pytest.raises(NotHere):
        editing.change(version=one, code="Z", new={}, by=planner)
    with pytest.raises(CodeTaken):
        editing.add(version=one, cells={"id": "A", "dur_likely": "1", "dur_unit": "cd"}, after="", by=planner)
    with pytest.raises(AlreadyLinked):
        editing.link(version=one, pred="A", succ="B", by=planner)
    with pytest.raises(NoSuchLink):
        editing.unlink(version=one, pred="B", succ="A", by=planner)
    with pytest.raises(BadDuration):
        editing.change(version=one, code="A", new={"dur_optimistic": "6"}, by=planner)


def test_a_legal_date_is_written_by_no_hand(draft, planner):
    with pytest.raises(LegalDate):
        editing.change(version=draft, code="R04", new={"legal_anchor": "J1+9"}, by=planner)
    with pytest.raises(LegalDate):
        editing.add(version=draft, cells={"id": "N", "dur_likely": "0", "dur_unit": "cd", "legal_anchor": "J1+9"}, after="", by=planner)  # fmt: skip
    with pytest.raises(LegalDate):
        editing.paste(version=draft, text="id,dur_likely,dur_unit,legal_anchor\nR04,0,cd,J1+9\n", by=planner)


def test_a_split_parts_the_three_points_keeps_the_cost_and_hands_on_what_followed(election, planner):
    one = small(election, "A 5 cd", "B 10 cd A", "C 1 cd B")
    editing.change(
        version=one, code="B", new={"dur_optimistic": "7", "dur_pessimistic": "21", "quantity": "3"}, by=planner
    )
    editing.split(version=one, code="B", days=4, by=planner)
    first, rest = one.activities.get(code="B"), one.activities.get(code="B_2")
    assert (first.optimistic, first.likely, first.pessimistic) == (3, 4, 8)
    assert (rest.optimistic, rest.likely, rest.pessimistic) == (4, 6, 13)
    assert (preds(one, "B_2"), preds(one, "C")) == ("B", "B_2")
    assert first.cells == {"quantity": "3"} and rest.cells == {}


@pytest.mark.parametrize("days", [0, 10, 11])
def test_a_split_leaves_a_day_on_each_side(election, planner, days):
    one = small(election, "B 10 cd")
    with pytest.raises(CannotSplit):
        editing.split(version=one, code="B", days=days, by=planner)


def test_a_shift_lengthens_the_link_that_drives_the_date_and_nothing_else(election, planner):
    one = small(election, "A 5 cd", "B 9 cd", "C 1 cd A;B")
    editing.shift(version=one, code="C", days=2, by=planner)
    assert preds(one, "C") == "A;B:FS+2d" and dates(one).schedule.early.start[2] == 11
    with pytest.raises(Unmovable):
        editing.shift(version=one, code="A", days=1, by=planner)


def test_a_paste_changes_what_is_there_and_adds_the_rest_in_one_act(election, planner):
    one = small(election, "A 5 cd", "B 2 cd A")
    text = "id\tdur_likely\tdur_pessimistic\tdur_unit\tpredecessors\tremarque\nA\t6\t6\tcd\t\t\nN\t3\t3\twd\tA:SS+1d\tcamions\n"
    editing.paste(version=one, text=text, by=planner)
    new = one.activities.get(code="N")
    assert one.activities.get(code="A").likely == 6 and new.unit == "wd" and new.cells == {"remarque": "camions"}
    assert preds(one, "N") == "A:SS+1d" and Modification.objects.count() == 1


def test_of_what_is_there_a_paste_needs_only_the_columns_that_change(election, planner):
    one = small(election, "A 5 cd", "B 3 cd", "C 2 cd A")
    before = cells(one, "B")
    editing.paste(version=one, text="id\tpredecessors\nB\tA:FS+2d\n", by=planner)
    assert {**cells(one, "B"), "predecessors": ""} == {**before, "predecessors": ""} and preds(one, "B") == "A:FS+2d" and cells(one, "A")["dur_likely"] == "5"
    editing.paste(version=one, text="id\tdur_pessimistic\nB\t9\n", by=planner)
    assert [cells(one, "B")[f"dur_{p}"] for p in ("optimistic", "likely", "pessimistic")] == ["3", "3", "9"]
    with pytest.raises(Cycle):
        editing.paste(version=one, text="id\tpredecessors\nA\tC\n", by=planner)
    with pytest.raises(BadDuration) as lacking:
        editing.paste(version=one, text="id\tpredecessors\nX\tA\n", by=planner)
    assert lacking.value.params["row"] == 2


@pytest.mark.parametrize(("text", "refusal"), [
    ("id,dur_likely,dur_unit,predecessors\nA,5,cd,B\n", Cycle), ("id,dur_likely,dur_unit,predecessors\nN,5,cd,Z\n", UnknownActivity),
    ("code,jours\nA,5\n", AnotherForm), ("id,dur_likely,dur_unit\nN,-1,cd\n", BadDuration),
])  # fmt: skip
def test_a_bad_paste_stores_nothing(election, planner, text, refusal):
    one = small(election, "A 5 cd", "B 2 cd A")
    before = content.sha256(one)
    with pytest.raises(refusal):
        editing.paste(version=one, text=text, by=planner)
    assert content.sha256(one) == before and not Modification.objects.exists()


# --- undone, redone ---------------------------------------------------------------------------
def acts(one, planner):
    """Each act that can be undone, on a plan of five."""
    return {
        "add": lambda: editing.add(version=one, cells={"id": "N", "dur_likely": "3", "dur_unit": "cd", "predecessors": "A"}, after="B", by=planner),
        "change": lambda: editing.change(version=one, code="B", new={"dur_likely": "7", "dur_pessimistic": "7"}, by=planner),
        "remove": lambda: editing.remove(version=one, code="B", by=planner),
        "split": lambda: editing.split(version=one, code="D", days=4, by=planner),
        "link": lambda: editing.link(version=one, pred="A", succ="E", by=planner),
        "unlink": lambda: editing.unlink(version=one, pred="B", succ="C", by=planner),
        "shift": lambda: editing.shift(version=one, code="C", days=3, by=planner),
        "paste": lambda: editing.paste(version=one, text="id,dur_likely,dur_pessimistic,dur_unit\nA,9,9,cd\nX,1,1,cd\n", by=planner),
    }  # fmt: skip


@pytest.mark.parametrize("act", ["add", "change", "remove", "split", "link", "unlink", "shift", "paste"])
def test_undo_after_do_is_what_was_and_redo_what_became(election, planner, act):
    one = small(election, "A 5 cd", "B 2 cd A:FS+1wd", "C 3 cd B;A:SS", "D 9 wd C", "E 1 cd D")
    before = content.sheet(one)
    acts(one, planner)[act]()
    after = content.sheet(one)
    assert after != before
    editing.undo(version=one, by=planner)
    assert content.sheet(one) == before
    editing.redo(version=one, by=planner)
    assert content.sheet(one) == after


def test_each_undoes_only_what_they_did_and_only_while_it_stands(election, planner):
    other = make_person("cellule-2", "cellule-planification")
    one = small(election, "A 5 cd", "B 2 cd A")
    editing.change(version=one, code="A", new={"dur_likely": "7", "dur_pessimistic": "7"}, by=planner)
    with pytest.raises(NothingToUndo):
        editing.undo(version=one, by=other)
    editing.change(version=one, code="A", new={"dur_likely": "8", "dur_pessimistic": "8"}, by=other)
    with pytest.raises(MovedSince):
        editing.undo(version=one, by=planner)
    assert cells(one, "A")["dur_likely"] == "8"


def test_what_was_undone_is_no_longer_redone_once_something_else_was_done(election, planner):
    one = small(election, "A 5 cd", "B 2 cd A")
    editing.change(version=one, code="A", new={"dur_pessimistic": "7"}, by=planner)
    editing.undo(version=one, by=planner)
    editing.change(version=one, code="B", new={"dur_pessimistic": "7"}, by=planner)
    with pytest.raises(NothingToUndo):
        editing.redo(version=one, by=planner)
    assert plans.to_redo(one, planner) is None


# --- the database agrees -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bad", [{"optimistic": 9}, {"pessimistic": 1}, {"unit": "h"}, {"type": "x"}, {"flag": "S"}, {"flag": "Z"}]
)
def test_the_database_refuses_an_activity_out_of_order(election, bad):
    one = small(election, "A 5 cd")
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(version=one).update(**bad)
