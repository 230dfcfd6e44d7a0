"""Admissibility: every row of the tables, at each boundary; nothing is rejected by itself."""

import json
import shutil
from datetime import datetime, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.country import packs
from kalata.disputes.commands.inputs import each
from kalata.disputes.commands.law import norms_of
from kalata.disputes.rules.admissible import admissible
from kalata.disputes.rules.clocks import State, together
from kalata.refusals import Refused
from tests.sizes import size

GOOD = {"written": True, "signed": True, "dated": True, "certified": True}
G1 = {"ground": "g1", "about": "operations", "stations": [["S01"]], "evidence": 2}
G2 = {"ground": "g2", "about": "results", "stations": [["S02"]], "evidence": 1}
ROUND1 = {"ROUND_VOTE": "2018-07-29", "PROV_RESULTS": "2018-08-02T21:00"}


@pytest.fixture(scope="module")
def ml():
    return norms_of("ml")


@pytest.fixture(scope="module")
def sn():
    return norms_of("sn")


def facts(**over):
    return {
        "id": "a1",
        "contest": "presidential",
        "round": 1,
        "body": "constitutional_court",
        "received": "2018-08-03T10:00",
        "queue_since": None,
        "events": ROUND1,
        "capacity": "candidate",
        "form": GOOD,
        "grounds": [G1],
        "decided_before": False,
        "overrides": [],
    } | over


def override(**over):
    return {
        "time_limit": "ML-COMPLAINT-RESULTS",
        "new_value": "2018-08-05T21:00",
        "authority": "Cour constitutionnelle",
        "document": "décision 2018-07",
        "reason": "pluies",
        "decided_at": "2018-08-03T10:00",
    } | over


def item(answer, name):
    return next(i for i in answer.record()["items"] if i["item"] == name)


def clock(answer, ground="g1"):
    return next(g for g in item(answer, "time_limit")["grounds"] if g["ground"] == ground)


def filed(answer, ground="g1"):
    return [(r["rule"], r["event"], r["deadline"], r["filed"]) for r in clock(answer, ground)["readings"]]


def test_a_petition_that_meets_every_check_is_admissible_and_the_bench_decides(ml):
    answer = admissible(facts(), ml).record()
    assert (answer["proposal"], answer["decides"]) == ("admissible", "bench")
    assert [i["item"] for i in answer["items"]] == [
        "competence", "time_limit", "standing", "form", "object", "grounds", "res_judicata"
    ]  # fmt: skip
    assert {i["state"] for i in answer["items"]} == {"met"}
    assert all(n["confidence"] for i in answer["items"] for n in i["norms"])
    assert all(i["fr"] and i["en"] for i in answer["items"])


# --- the clocks: 2018 -------------------------------------------------------------------------------
def test_2018_a_petition_of_4_august_19h35_is_late_against_the_operations_unless_days_are_clear(ml):
    late = facts(received="2018-08-04T19:35", grounds=[G1, G2])
    answer = admissible(late, ml)
    assert filed(answer) == [
        ("CALENDAR_EXCL_START", "ROUND_VOTE", "2018-08-03T24:00", "late"),
        ("FRANC", "ROUND_VOTE", "2018-08-04T24:00", "in_time"),
        ("CALENDAR_EXCL_START", "PROV_RESULTS", "2018-08-07T24:00", "in_time"),
    ]
    assert [r["default"] for r in clock(answer)["readings"]] == [True, False, False]
    assert filed(answer, "g2") == [("HOURS_FROM_INSTANT", "PROV_RESULTS", "2018-08-04T21:00", "in_time")]
    assert item(answer, "time_limit")["state"] == "disputed"
    assert answer.proposal == "human_decides"


@pytest.mark.parametrize(
    ("received", "state"),
    [
        ("2018-08-03T23:59", "met"),
        ("2018-08-03T23:59:59", "met"),
        ("2018-08-03T24:00", "disputed"),
        ("2018-08-04T00:00", "disputed"),
        ("2018-08-07T23:59", "disputed"),
        ("2018-08-08T00:00", "not_met"),
    ],
)
def test_the_end_of_the_day_is_past_at_midnight(ml, received, state):
    assert clock(admissible(facts(received=received), ml))["state"] == state


@pytest.mark.parametrize(
    ("received", "state"),
    [
        ("2018-08-04T20:59", "met"),
        ("2018-08-04T21:00", "met"),
        ("2018-08-04T21:00:59", "met"),
        ("2018-08-04T21:01", "not_met"),
        ("2018-08-04T21:00Z", "met"),
        ("2018-08-04T22:00+01:00", "met"),
        ("2018-08-04T22:01+01:00", "not_met"),
        ("2018-08-04", "disputed"),  # the hour of receipt is not known
    ],
)
def test_48_hours_are_counted_to_the_minute_and_the_minute_is_in_time(ml, received, state):
    assert clock(admissible(facts(received=received, grounds=[G2]), ml), "g2")["state"] == state


@pytest.mark.parametrize(
    ("events", "states", "whole"),
    [
        ({}, ["unknown", "unknown"], "unknown"),
        ({"PROV_RESULTS": "2018-08-02T21:00"}, ["unknown", "met"], "disputed"),
        ({"ROUND_VOTE": "2018-07-29"}, ["met", "unknown"], "disputed"),
        ({"VOTE": "2018-07-29", "PROV_RESULTS": None}, ["met", "unknown"], "disputed"),
        ({"VOTE:1": "2018-07-29", "PROV_RESULTS:1": "2018-08-02T21:00"}, ["met", "met"], "met"),
        ({"ROUND2_VOTE": "2018-08-12"}, ["unknown", "unknown"], "unknown"),
    ],
)
def test_a_limit_whose_event_is_not_given_is_unknown(ml, events, states, whole):
    answer = admissible(facts(events=events, grounds=[G1, G2]), ml)
    assert [clock(answer, g)["state"] for g in ("g1", "g2")] == states
    assert item(answer, "time_limit")["state"] == whole
    assert answer.proposal == ("admissible" if whole == "met" else "human_decides")


def test_the_deadline_of_the_guide_shows_both_clocks_on_one_subject(ml):
    answer = admissible(
        facts(
            contest="legislative",
            received="2013-11-29T22:00",
            events={"ROUND_VOTE": "2013-11-24", "PROV_RESULTS": "2013-11-27T22:00"},
            grounds=[G1, G2],
        ),
        ml,
    )
    assert filed(answer)[0] == ("CALENDAR_EXCL_START", "ROUND_VOTE", "2013-11-29T24:00", "in_time")
    assert filed(answer, "g2")[0] == ("HOURS_FROM_INSTANT", "PROV_RESULTS", "2013-11-29T22:00", "in_time")
    assert answer.proposal == "admissible"


# --- the queue ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("since", "state", "queue"),
    [
        ("2018-08-04T20:59", "disputed", True),
        ("2018-08-04T21:00", "disputed", True),
        ("2018-08-04T21:01", "not_met", False),
        (None, "not_met", False),
    ],
)
def test_who_was_in_the_queue_at_the_cut_off_is_for_a_person_to_judge(ml, since, state, queue):
    answer = admissible(facts(received="2018-08-04T21:40", queue_since=since, grounds=[G2]), ml)
    assert clock(answer, "g2")["state"] == state
    assert [r["rule"] for r in clock(answer, "g2")["readings"]] == ["HOURS_FROM_INSTANT"] + ["QUEUE"] * queue


def test_a_queue_adds_nothing_where_the_petition_is_in_time(ml):
    answer = admissible(facts(received="2018-08-04T20:00", queue_since="2018-08-04T19:00", grounds=[G2]), ml)
    assert clock(answer, "g2")["state"] == "met"
    assert len(clock(answer, "g2")["readings"]) == 1


def test_a_queue_that_begins_after_the_receipt_is_refused(ml):
    with pytest.raises(Refused) as found:
        admissible(facts(queue_since="2018-08-03T10:01"), ml)
    assert found.value.code == "DIS-621"


@pytest.mark.parametrize(("setting", "state"), [("in_time", "met"), ("late", "not_met")])
def test_a_law_that_speaks_of_the_queue_is_obeyed(ml, setting, state):
    from dataclasses import replace

    law = replace(ml, remedies=tuple(replace(r, queue=setting) for r in ml.remedies))
    answer = admissible(facts(received="2018-08-04T21:40", queue_since="2018-08-04T20:00", grounds=[G2]), law)
    assert clock(answer, "g2")["state"] == state


# --- overrides ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("received", "decided", "state"),
    [
        ("2018-08-05T21:00", "2018-08-03T10:00", "met"),
        ("2018-08-05T21:01", "2018-08-03T10:00", "not_met"),
        ("2018-08-05T20:00", "2018-08-04T21:00", "met"),
        ("2018-08-05T20:00", "2018-08-04T21:01", "disputed"),
        ("2018-08-05T20:00", None, "disputed"),
        ("2018-08-05", "2018-08-03T10:00", "disputed"),
    ],
)
def test_an_override_with_a_basis_decides_unless_it_came_when_the_limit_had_run_out(ml, received, decided, state):
    answer = admissible(facts(received=received, grounds=[G2], overrides=[override(decided_at=decided)]), ml)
    assert clock(answer, "g2")["state"] == state
    rules = [(r["rule"], r["deadline"]) for r in clock(answer, "g2")["readings"]]
    assert rules == [("HOURS_FROM_INSTANT", "2018-08-04T21:00"), ("OVERRIDE", "2018-08-05T21:00")]


@pytest.mark.parametrize(
    ("new", "printed", "received", "state"),
    [
        ("2018-08-05T24:00", "2018-08-05T24:00", "2018-08-05T23:59", "met"),
        ("2018-08-05T24:00", "2018-08-05T24:00", "2018-08-06T00:00", "not_met"),
        ("2018-08-05T24:00Z", "2018-08-05T23:59", "2018-08-06T00:00", "not_met"),
        ("2018-08-05T22:00+01:00", "2018-08-05T21:00", "2018-08-05T21:00", "met"),
        ("2018-08-05T22:00+01:00", "2018-08-05T21:00", "2018-08-05T21:01", "not_met"),
        ("2018-08-05", "2018-08-05", "2018-08-05T23:59", "met"),
        ("2018-08-05", "2018-08-05", "2018-08-06T00:00", "not_met"),
    ],
)
def test_the_new_limit_of_an_override_is_read_as_it_is_printed(ml, new, printed, received, state):
    answer = admissible(facts(received=received, grounds=[G2], overrides=[override(new_value=new)]), ml)
    assert clock(answer, "g2")["readings"][-1]["deadline"] == printed
    assert clock(answer, "g2")["state"] == state


@pytest.mark.parametrize("key", ["authority", "document", "reason"])
@pytest.mark.parametrize("value", [None, "", "  ", 3])
def test_an_override_without_a_basis_is_refused(ml, key, value):
    with pytest.raises(Refused) as found:
        admissible(facts(overrides=[override(**{key: value})]), ml)
    assert found.value.code == "DL-110"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"time_limit": "ML-NOWHERE"}, "DL-118"),
        ({"time_limit": None}, "DIS-620"),
        ({"new_value": None}, "DL-101"),
        ({"new_value": "demain"}, "DL-101"),
        ({"new_value": 20180805}, "DL-101"),
        ({"new_value": "2018-02-30T10:00"}, "DL-101"),
        ({"decided_at": "hier"}, "DL-101"),
        ({"kind": "abolish"}, "DIS-621"),
        ({"kind": "extend", "new_value": "2018-08-03T21:00"}, "DL-115"),
    ],
)
def test_an_override_that_cannot_be_read_is_refused(ml, change, code):
    with pytest.raises(Refused) as found:
        admissible(facts(grounds=[G2], overrides=[override(**change)]), ml)
    assert found.value.code == code


def test_an_override_of_another_limit_changes_nothing_and_is_said(ml):
    answer = admissible(facts(overrides=[override()]), ml)
    assert clock(answer)["state"] == "met"
    assert any("ML-COMPLAINT-RESULTS" in w["fr"] for w in answer.record()["warnings"])


def test_the_last_override_decided_is_the_one_that_decides(ml):
    acts = [override(decided_at="2018-08-04T10:00", new_value="2018-08-04T12:00"), override()]
    answer = admissible(facts(received="2018-08-04T13:00", grounds=[G2], overrides=acts), ml)
    assert clock(answer, "g2")["state"] == "not_met"


def test_a_suspension_moves_the_computed_readings(ml):
    act = override(time_limit="ML-COMPLAINT-OPERATIONS", kind="suspend", first="2018-07-31", last="2018-08-01")
    answer = admissible(facts(received="2018-08-05T10:00", overrides=[act]), ml)
    assert filed(answer)[0] == ("CALENDAR_EXCL_START", "ROUND_VOTE", "2018-08-05T24:00", "in_time")


# --- competence, object ---------------------------------------------------------------------------------
def test_another_body_is_named(ml):
    answer = admissible(facts(body="administrative_court"), ml)
    assert item(answer, "competence")["state"] == "not_met"
    assert item(answer, "competence")["body"] == "constitutional_court"
    assert answer.proposal == "inadmissible"
    assert answer.record()["decides"] == "bench"


@pytest.mark.parametrize("body", ["administrative_court", "constitutional_court"])
def test_a_norm_from_memory_alone_decides_no_competence(ml, body):
    answer = admissible(facts(contest="communal", body=body, grounds=[G2]), ml)
    assert item(answer, "competence")["state"] == "disputed"
    assert item(answer, "competence")["body"] == "administrative_court"
    assert clock(answer, "g2")["state"] == "unknown"
    assert answer.proposal == "human_decides"


def test_an_act_the_pack_knows_no_remedy_against_is_unknown_never_rejected(ml):
    ground = {"ground": "g1", "about": "campaign", "stations": [], "evidence": 1}
    answer = admissible(facts(grounds=[ground]), ml)
    states = {i["item"]: i["state"] for i in answer.record()["items"]}
    assert states == {
        "competence": "unknown", "time_limit": "unknown", "standing": "unknown", "form": "met", "object": "unknown",
        "grounds": "met", "res_judicata": "met",
    }  # fmt: skip
    assert answer.proposal == "human_decides"


@pytest.mark.parametrize(
    ("body", "remedy", "limit", "decides"),
    [
        ("administrative_commission", "ML-D-REGISTER", "2013-11-20", "commission"),
        ("civil_judge", "ML-D-REGISTER-COURT", "2013-12-05", "judge"),
    ],
)
@pytest.mark.parametrize(("hour", "filed_"), [("T23:59", "in_time"), ("T24:00", "late")])
def test_the_register_has_its_own_bodies_and_windows(ml, body, remedy, limit, decides, hour, filed_):
    ground = {"ground": "g1", "about": "register", "stations": [], "evidence": 1}
    answer = admissible(
        facts(
            body=body, received=f"{limit}{hour}", events={"YEAR_BEFORE": "2013"}, capacity="elector", grounds=[ground]
        ),
        ml,
    )
    assert clock(answer)["remedy"] == remedy
    assert clock(answer)["readings"][0]["deadline"] == f"{limit}T24:00"
    assert clock(answer)["readings"][0]["filed"] == filed_
    assert item(answer, "competence")["state"] == item(answer, "standing")["state"] == "met"
    assert answer.decides == decides


def test_a_claim_before_its_window_opens_is_for_a_person(ml):
    ground = {"ground": "g1", "about": "register", "stations": [], "evidence": 1}
    early = facts(
        body="administrative_commission", received="2013-10-31T23:59", events={"YEAR_BEFORE": "2013"},
        capacity="elector", grounds=[ground],
    )  # fmt: skip
    assert clock(admissible(early, ml))["state"] == "disputed"
    assert clock(admissible(early | {"received": "2013-11-01T00:00"}, ml))["state"] == "met"


@pytest.mark.parametrize(
    ("received", "state"), [("2018-07-01T12:00", "met"), ("2018-07-01T12:01", "not_met"), ("2018-06-30T13:00", "met")]
)
def test_24_hours_against_the_provisional_list_of_candidates(ml, received, state):
    ground = {"ground": "g1", "about": "candidacy", "stations": [], "evidence": 1}
    answer = admissible(
        facts(received=received, events={"PROVISIONAL_CANDIDATE_LIST": "2018-06-30T12:00"}, grounds=[ground]), ml
    )
    assert clock(answer)["state"] == state
    assert item(answer, "grounds")["state"] == "met"


def test_a_limit_of_a_text_replaced_since_is_shown_and_disputed(ml):
    ground = {"ground": "g1", "about": "candidacy", "stations": [], "evidence": 1}
    answer = admissible(
        facts(received="2027-01-10T12:00", events={"PROVISIONAL_CANDIDATE_LIST": "2027-01-10T10:00"}, grounds=[ground]),
        ml,
    )
    assert clock(answer)["state"] == "disputed"
    assert clock(answer)["readings"][0]["filed"] == "in_time"


def test_the_convening_decree_is_for_the_offices_of_the_list(ml):
    ground = {"ground": "g1", "about": "convening", "stations": [], "evidence": 1}
    for capacity, state in (("elector", "not_met"), ("other", "unknown")):
        answer = admissible(facts(contest="referendum", capacity=capacity, grounds=[ground], events={}), ml)
        assert item(answer, "standing")["state"] == state


# --- standing, form, grounds, what was judged ------------------------------------------------------------
@pytest.mark.parametrize(
    ("capacity", "state"),
    [
        ("candidate", "met"),
        ("party", "met"),
        ("state_representative", "met"),
        ("station_member", "met"),
        ("elector", "disputed"),
        ("list", "not_met"),
        ("other", "not_met"),
    ],
)
def test_standing_by_capacity(ml, capacity, state):
    found = item(admissible(facts(capacity=capacity), ml), "standing")
    assert found["state"] == state
    ids = [n["id"] for n in found["norms"]]
    assert ("ML-D-CONST-1992" in ids) == (capacity == "elector")
    assert "ML-D-OPERATIONS" in ids


@pytest.mark.parametrize("defect", ["written", "signed", "dated", "certified"])
@pytest.mark.parametrize(
    ("setting", "state", "proposal"),
    [(None, "disputed", "human_decides"), (True, "curable", "to_cure"), (False, "not_met", "inadmissible")],
)
def test_a_defect_of_form_is_cured_as_the_law_says(ml, defect, setting, state, proposal):
    from dataclasses import replace

    curable = {} if setting is None else {defect: setting}
    law = replace(ml, rules=tuple(replace(r, curable=curable) if r.item == "form" else r for r in ml.rules))
    answer = admissible(facts(form=GOOD | {defect: False}), law)
    assert item(answer, "form")["state"] == state
    assert item(answer, "form")["missing"] == [defect]
    assert answer.proposal == proposal


def test_2018_neither_signed_nor_dated_nor_certified_is_listed_and_never_rejected_by_itself(ml):
    answer = admissible(facts(form={"written": True}), ml)
    assert item(answer, "form")["missing"] == ["signed", "dated", "certified"]
    assert answer.proposal == "human_decides"


@pytest.mark.parametrize(
    ("stations", "evidence", "missing"), [([["S01"]], 1, []), ([], 1, ["g1"]), ([["S01"]], 0, ["g1"]), ([], 0, ["g1"])]
)
def test_a_ground_names_its_stations_and_its_pieces(ml, stations, evidence, missing):
    ground = G1 | {"stations": stations, "evidence": evidence}
    found = item(admissible(facts(grounds=[ground]), ml), "grounds")
    assert (found["missing"], found["state"]) == (missing, "not_met" if missing else "met")
    both = item(admissible(facts(grounds=[ground, G2]), ml), "grounds")
    assert (both["missing"], both["state"]) == (missing, "disputed" if missing else "met")


def test_a_petition_without_a_ground_has_none_to_judge(ml):
    answer = admissible(facts(grounds=[]), ml)
    assert item(answer, "grounds")["state"] == "not_met"
    assert item(answer, "time_limit")["state"] == "unknown"


@pytest.mark.parametrize(("before", "state"), [(False, "met"), (True, "not_met"), (None, "unknown")])
def test_what_was_judged_before(ml, before, state):
    assert item(admissible(facts(decided_before=before), ml), "res_judicata")["state"] == state


def test_the_draft_gives_competence_first_then_time_standing_and_form(ml):
    answer = admissible(
        facts(body="civil_judge", received="2018-09-01T10:00", capacity="other", form={}, grounds=[G1]), ml
    )
    said = answer.record()["draft_reasons"]["fr"]
    assert [
        word for line in said for word in ("organe", "délai", "qualité", "Manque") if word in line and "g1" not in line
    ] == ["organe", "délai", "qualité", "Manque"]
    assert len(answer.record()["draft_reasons"]["en"]) == len(said)


# --- another country -------------------------------------------------------------------------------------
@pytest.mark.parametrize("body", ["constitutional_council", "constitutional_court"])
@pytest.mark.parametrize(
    ("received", "capacity", "proposal"),
    [
        ("2024-03-30T10:00", "candidate", "admissible"),
        ("2024-03-30T10:01", "candidate", "inadmissible"),
        ("2024-03-30T10:00", "elector", "inadmissible"),
    ],
)
def test_another_pack_brings_its_own_body_limit_and_standing(sn, body, received, capacity, proposal):
    answer = admissible(
        facts(body=body, received=received, capacity=capacity, events={"PROV_RESULTS": "2024-03-27T10:00"}), sn
    )
    assert answer.proposal == proposal
    assert filed(answer)[0][:3] == ("HOURS_FROM_INSTANT", "PROV_RESULTS", "2024-03-30T10:00")


def test_march_2024_in_senegal_a_decision_shortens_the_window(sn):
    act = override(
        time_limit="SN-COMPLAINT", new_value="2024-03-28T10:00", kind="shorten", decided_at="2024-03-27T12:00"
    )
    late = facts(
        body="constitutional_council", received="2024-03-28T10:01", events={"PROV_RESULTS": "2024-03-27T10:00"},
        overrides=[act],
    )  # fmt: skip
    assert clock(admissible(late, sn))["state"] == "not_met"
    assert clock(admissible(late | {"received": "2024-03-28T10:00"}, sn))["state"] == "met"


def test_ghana_shows_the_citizen_of_the_constitution_beside_the_rules_of_the_court():
    answer = admissible(
        facts(
            body="supreme_court", received="2020-12-30T12:00", capacity="elector", events={"DECLARATION": "2020-12-09"}
        ),
        norms_of("gh"),
    )
    assert item(answer, "standing")["state"] == "disputed"
    assert filed(answer)[0][2:] == ("2020-12-30T24:00", "in_time")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A country of its own: other bodies, limits, cure, queue, and a feast by the moon. No line of code knows it."""
    folder = tmp_path_factory.mktemp("country") / "xx"
    shutil.copytree(packs.PACKS / "sn", folder)

    def edit(section, change):
        path = folder / f"{section}.yaml"
        data = yaml.safe_load(path.read_text())
        change(data["records"])
        path.write_text(yaml.safe_dump(data, allow_unicode=True))

    told = {"source": ["S-SN-CC"], "confidence": "text seen", "topic": "recours"}
    rolled = {
        "id": "X-ROLL", "fr": "report", "algorithm": "roll", "source": ["S-SN-CC"], "confidence": "text seen",
        "count": {"kind": "offset", "unit": "day", "direction": "after", "roll": "next_working_day", "cutoff": "24:00"},
    }  # fmt: skip
    limit = {
        "id": "X-LIMIT", "event": "PROV_RESULTS", "direction": "after", "offset": 2, "rule": "X-ROLL", "op": "latest",
        "what_fr": "plainte", "what_en": "complaint", "contest": "communal", "law": "SN-CODE-ELECTORAL",
        "source": ["S-SN-CC"], "confidence": "text seen",
    }  # fmt: skip
    regulator = {
        "id": "X-REG", "name_fr": "Régulateur", "name_en": "Regulator", "kind": "autorité", "body": "regulator",
        "decides": "commission", "source": ["S-SN-CC"], "confidence": "text seen",
    }  # fmt: skip
    edit("counting_rules", lambda r: r.append(rolled))
    edit("deadlines", lambda r: r.append(limit))
    edit("institutions", lambda r: r.append(regulator))
    edit(
        "norms",
        lambda r: r.extend(
            [
                {
                    "id": "X-D", "rule": "campagne", "contest": "communal", "about": ["campaign", "results"],
                    "capacities": ["list"], "body": "regulator", "time_limits": ["X-LIMIT"], "queue": "late",
                    "requires": ["signed", "copies"], "curable": {"signed": True, "copies": False}, **told,
                },
                {"id": "X-G", "rule": "pièces", "item": "grounds", "needs": ["evidence"], **told},
            ]
        ),
    )  # fmt: skip
    assert packs.check_folder(folder)[1] == []
    return norms_of(str(folder))


CAMPAIGN = {"ground": "g1", "about": "campaign", "evidence": 1}


def local(**over):
    return facts(
        contest="communal", body="regulator", capacity="list", grounds=[CAMPAIGN], received="2024-06-05T10:00",
        events={"PROV_RESULTS": "2024-06-04T10:00"}, form=GOOD | {"copies": True},
    ) | over  # fmt: skip


def test_a_pack_without_remedies_knows_nothing_and_decides_nothing():
    answer = admissible(facts(events={"ROUND_VOTE": "2018-07-29"}), norms_of("ne"))
    assert answer.proposal == "human_decides"
    assert {i.name: i.state for i in answer.items if i.name in ("competence", "time_limit", "standing", "object")} == {
        "competence": "unknown", "time_limit": "unknown", "standing": "unknown", "object": "unknown"
    }  # fmt: skip


def test_another_pack_changes_bodies_limits_cure_and_queue_without_code(planted):
    answer = admissible(local(), planted)
    assert (answer.proposal, answer.decides) == ("admissible", "commission")
    assert filed(answer) == [("X-ROLL", "PROV_RESULTS", "2024-06-06T24:00", "in_time")]
    assert admissible(local(form=GOOD | {"signed": False, "copies": True}), planted).proposal == "to_cure"
    assert admissible(local(form={"signed": True}), planted).proposal == "inadmissible"
    assert item(admissible(local(form={"signed": True, "copies": True}), planted), "form")["missing"] == []
    waited = local(received="2024-06-07T00:01", queue_since="2024-06-06T23:00")
    assert clock(admissible(waited, planted))["state"] == "not_met"


@pytest.mark.parametrize(
    ("received", "state"),
    [
        ("2027-07-21T23:59", "met"),
        ("2027-07-22T00:00", "disputed"),
        ("2027-07-22T23:59", "disputed"),
        ("2027-07-23T00:00", "not_met"),
    ],
)
def test_a_feast_whose_day_is_only_estimated_is_for_a_person(planted, received, state):
    """Two days after 19 July 2027 is the 21st, or the 22nd where the Magal, seen by the moon, falls on the 21st."""
    answer = admissible(local(received=received, events={"PROV_RESULTS": "2027-07-19T10:00"}), planted)
    assert clock(answer)["state"] == state
    assert clock(answer)["readings"][0]["deadline"] == "2027-07-21T24:00"
    assert clock(answer)["readings"][0]["latest"] == "2027-07-22T24:00"
    assert clock(answer)["readings"][0]["filed"] == {"met": "in_time", "not_met": "late"}.get(state, "undetermined")


# --- what cannot be read ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"contest": None}, "DIS-620"),
        ({"body": None}, "DIS-620"),
        ({"received": None}, "DIS-620"),
        ({"capacity": None}, "DIS-620"),
        ({"grounds": None}, "DIS-620"),
        ({"contest": "galactic"}, "DIS-621"),
        ({"contest": ["presidential"]}, "DIS-621"),
        ({"capacity": "king"}, "DIS-621"),
        ({"body": ""}, "DIS-621"),
        ({"body": 3}, "DIS-621"),
        ({"round": "1"}, "DIS-621"),
        ({"round": True}, "DIS-621"),
        ({"round": -1}, "DIS-621"),
        ({"received": 20180803}, "DL-101"),
        ({"received": "2018-08-03T25:00"}, "DL-101"),
        ({"received": "0001-01-01T00:00+14:00"}, "DL-101"),
        ({"received": "9999-12-31T24:00"}, "DL-101"),
        ({"received": "3 août 2018"}, "DL-101"),
        ({"queue_since": ""}, "DL-101"),
        ({"events": []}, "DIS-621"),
        ({"events": {"SUNSET": "2018-07-29"}}, "DL-102"),
        ({"events": {"ROUND_VOTE": 7}}, "DL-101"),
        ({"events": {"VOTE": "2018-07-29", "ROUND_VOTE": "2018-07-30"}}, "DIS-621"),
        ({"form": {"signed": "yes"}}, "DIS-621"),
        ({"form": [True]}, "DIS-621"),
        ({"grounds": {}}, "DIS-621"),
        ({"grounds": ["g1"]}, "DIS-621"),
        ({"grounds": [G1 | {"about": "weather"}]}, "DIS-621"),
        ({"grounds": [G1 | {"about": None}]}, "DIS-620"),
        ({"grounds": [G1 | {"ground": None}]}, "DIS-620"),
        ({"grounds": [G1 | {"ground": ["g1"]}]}, "DIS-621"),
        ({"grounds": [G1, G1]}, "DIS-621"),
        ({"grounds": [G1 | {"stations": "S01"}]}, "DIS-621"),
        ({"grounds": [G1 | {"stations": [[]]}]}, "DIS-621"),
        ({"grounds": [G1 | {"stations": [[None]]}]}, "DIS-621"),
        ({"grounds": [G1 | {"evidence": -1}]}, "DIS-621"),
        ({"grounds": [G1 | {"evidence": True}]}, "DIS-621"),
        ({"grounds": [G1 | {"evidence": 1.5}]}, "DIS-621"),
        ({"decided_before": "no"}, "DIS-621"),
        ({"overrides": {}}, "DIS-621"),
        ({"overrides": [3]}, "DIS-621"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(ml, change, code):
    with pytest.raises(Refused) as found:
        admissible(facts(**change), ml)
    assert found.value.code == code
    assert found.value.message.text("fr") and found.value.how.text("en")


@pytest.mark.parametrize("raw", [None, [], "a1", 3, {}])
def test_facts_that_are_no_table_are_refused(ml, raw):
    with pytest.raises(Refused):
        admissible(raw, ml)


def test_a_key_nobody_reads_is_said(ml):
    assert any("recieved" in w["fr"] for w in admissible(facts(recieved="x"), ml).record()["warnings"])


def test_in_a_batch_one_refused_case_lets_the_others_go_on(ml, tmp_path):
    def answer(_name, case):
        one = admissible(case, ml)
        return one.record(), one.proposal != "admissible"

    def asked(*cases):
        path = tmp_path / "cases.json"
        path.write_text(json.dumps({"cases": cases}))
        return each(str(path), answer)

    found, status = asked(facts(id="a"), {"id": "b"}, 7, facts(id="c", capacity="king"))
    assert [c["id"] for c in found["cases"]] == ["a", "b", "3", "c"]
    assert [c.get("error", {}).get("code") for c in found["cases"]] == [None, "DIS-620", "DIS-512", "DIS-621"]
    assert status == 1
    assert asked(facts(id="a"))[1] == 0


# --- properties ------------------------------------------------------------------------------------------
def test_one_state_for_several():
    for one in State:
        assert together([one]) is together([one, one]) is one
        assert all(together([one, other]) is State.DISPUTED for other in State if other is not one)
    assert together([]) is State.UNKNOWN


@given(
    st.integers(0, 12 * 24 * 60),
    st.integers(0, 5 * 24 * 60),
    st.integers(0, 3 * 24 * 60),
    st.booleans(),
)
@settings(max_examples=size(250, 1000), deadline=None)
def test_clocks_agree_with_the_law_written_out(after_vote, announced, waited, queue):
    """500 clocks a run (two grounds each): the limits recomputed here from the words of the norms."""
    law = norms_of_ml()
    vote = datetime(2018, 7, 29)
    results = vote + timedelta(minutes=announced)
    received = vote + timedelta(minutes=after_vote)
    since = received - timedelta(minutes=waited) if queue else None
    answer = admissible(
        facts(
            received=received.isoformat(timespec="minutes"),
            queue_since=since.isoformat(timespec="minutes") if since else None,
            events={"ROUND_VOTE": "2018-07-29", "PROV_RESULTS": results.isoformat(timespec="minutes")},
            grounds=[G1, G2],
        ),
        law,
    )
    midnight = datetime(results.year, results.month, results.day)
    minute = timedelta(minutes=1)
    bounds = {
        "g1": [datetime(2018, 8, 4), datetime(2018, 8, 5), midnight + timedelta(days=6)],
        "g2": [results + timedelta(hours=48) + minute],
    }
    for ground, limits in bounds.items():
        good = [received < bound for bound in limits]
        saved = queue and any(since < b <= received for b in limits)
        expected = "met" if all(good) else "disputed" if any(good) or saved else "not_met"
        assert clock(answer, ground)["state"] == expected
        rules = [r["rule"] for r in clock(answer, ground)["readings"]]
        assert ("QUEUE" in rules) == saved


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=3)
        | st.sampled_from(["presidential", "g1", "2018-08-03", "operations", "24:00"]),
        lambda t: st.lists(t, max_size=3)
        | st.dictionaries(st.sampled_from(["ground", "about", "stations", "time_limit", "VOTE", "signed"]), t, max_size=4),
        max_leaves=8,
    ),
    st.sampled_from(["id", "contest", "round", "body", "received", "queue_since", "events", "capacity", "form", "grounds", "decided_before", "overrides"]),
)  # fmt: skip
@settings(max_examples=size(100, 1000), deadline=None)
def test_no_value_of_any_key_does_more_than_be_refused(value, key):
    try:
        answer = admissible(facts(**{key: value}), norms_of_ml()).record()
    except Refused as refused:
        assert refused.record()["code"]
    else:
        assert len(answer["items"]) == 7
        json.dumps(answer)


CACHE = {}


def norms_of_ml():
    return CACHE.setdefault("ml", norms_of("ml"))
