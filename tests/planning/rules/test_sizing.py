"""What another room has computed, as changes of a plan's lines: each figure goes where the pack says, and nothing else moves."""

from fractions import Fraction

from kalata.planning.rules.sizing import Rule, disowned, offers, taken

OLD = {"id": "F08", "activity_fr": "Cascade", "dur_optimistic": "5", "dur_likely": "7", "dur_pessimistic": "10", "dur_unit": "cd", "predecessors": "F07",
       "cost_driver": "agents", "quantity_expr": "agents", "unit_cost_xof_low": "5000", "unit_cost_xof_likely": "8000", "unit_cost_xof_high": "12000",
       "default_funder": "Partenaire"}  # fmt: skip
STAFF = Rule("F08", "", "", "", "", "trainee_days", "allowance", "span", "days")
ROOMS = Rule("F08_SALLES", "F08", "Salles", "Rooms", "salles-jours", "venue_days", "venue", "span", "days")
FIGURES = {"trainee_days": 220, "allowance": 4000, "venue_days": 9, "venue": 25000, "span": 12, "days": 10}


def offered(*rules, figures=FIGURES, sheet=(OLD,), counted=None):
    return offers(rules, figures, "plan signé", sheet, counted or {"F08": Fraction(122080)})


def test_a_line_takes_days_quantity_and_price_and_its_other_points_give_way_only_where_they_must():
    (one,) = offered(STAFF)
    cells = one.cells
    assert [cells[f"dur_{p}"] for p in ("optimistic", "likely", "pessimistic")] == ["5", "12", "12"]
    assert [cells[f"unit_cost_xof_{p}"] for p in ("low", "likely", "high")] == ["4000", "4000", "12000"]
    assert (cells["quantity_expr"], cells["cost_driver"], cells["predecessors"], cells["unit_cost_flag"]) == ("220", "agents", "F07", "A")
    assert cells["why_likely"] == cells["unit_cost_source"] == "plan signé"


def test_a_quantity_that_its_expression_gives_already_keeps_its_expression():
    (one,) = offered(STAFF, counted={"F08": Fraction(220)})
    assert one.cells["quantity_expr"] == "agents"


def test_a_new_line_begins_with_the_one_it_follows_is_as_long_as_the_offer_says_and_is_paid_by_the_same():
    _staff, rooms = offered(STAFF, ROOMS)
    assert rooms.before == {} and rooms.after == "F08"
    assert (rooms.cells["predecessors"], rooms.cells["dur_likely"], rooms.cells["default_funder"]) == ("F08:SS", "12", "Partenaire")
    assert [c["id"] for c in taken([OLD, {**OLD, "id": "Z"}], [rooms])] == ["F08", "F08_SALLES", "Z"]


def test_a_price_that_nobody_said_changes_no_price_and_makes_no_new_line():
    unpriced = {k: v for k, v in FIGURES.items() if k not in ("venue", "allowance")}
    staff, rooms = offered(STAFF, ROOMS, figures=unpriced)
    assert staff.cells["unit_cost_xof_likely"] == "8000" and staff.lacks == ("allowance",)
    assert rooms.lacks == ("venue",) and not rooms.open


def test_what_the_plan_says_already_is_not_offered_again_and_an_activity_it_has_not_is_left_out():
    again = offered(STAFF, ROOMS, sheet=taken([OLD], offered(STAFF, ROOMS)), counted={"F08": Fraction(220), "F08_SALLES": Fraction(9)})
    assert not any(one.open for one in again)
    assert offered(STAFF, ROOMS, sheet=()) == []


def test_a_figure_changed_by_hand_no_longer_says_that_it_rests_on_a_signed_computation():
    claim = "Cascade signée, SHA-256 0123456789abcdef"
    (one,) = offers([STAFF], FIGURES, claim, (OLD,), {"F08": Fraction(122080)})
    sheet = taken([OLD], [one])
    assert disowned(sheet, sheet) == sheet  # left as it was taken
    (more,) = disowned(sheet, [{**sheet[0], "quantity_expr": "440", "dur_likely": "3"}])
    assert (more["unit_cost_source"], more["why_likely"], more["duration_or_anchor_source"]) == ("", "", "")
    (dearer,) = disowned(sheet, [{**sheet[0], "unit_cost_xof_likely": "9000"}])
    assert dearer["unit_cost_source"] == "" and dearer["why_likely"] == claim
    (forged,) = disowned([OLD], [{**OLD, "unit_cost_source": claim}])
    assert forged["unit_cost_source"] == ""
