"""Norms of a pack, the calendar they make, versions, conflicts, and Mali's own record since 2013."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.country import packs
from kalata.deadlines.holidays import days_off_of
from kalata.deadlines.rules.calendar import build, single
from kalata.deadlines.rules.changes import compare
from kalata.deadlines.rules.definition import BadDefinition
from kalata.deadlines.rules.derogations import Derogates, Derogation
from kalata.deadlines.rules.explaining import explain
from kalata.deadlines.rules.lawbook import lawbook, problems, version_at
from kalata.deadlines.rules.lines import Act, Given, Kept, Moment, Standing, State
from kalata.deadlines.rules.moments import Verdict, parse_deadline
from kalata.deadlines.rules.norms import Circular, NoSource, OutsideVersion, UnknownEvent
from kalata.deadlines.rules.wording import say_rule

from ..conftest import SHARED

UTC = UTC
TZ = "Africa/Bamako"
CODES = ["ml", "sn", "bj", "ci", "gh", "ke", "ne"]
PACKS = {code: packs.load_pack(packs.find_pack(code)) for code in CODES}
BOOKS = {code: lawbook(pack.sections) for code, pack in PACKS.items()}
ML = BOOKS["ml"]


def known(*events, standing=Standing.ACTUAL):
    return {key: Moment(when, when, standing) for key, when in events}


def given_(events, **extra):
    return Given(**{"rounds": 2, "events": events, "days_off": days_off_of("ML", 2012, 2030), **extra})


FUTURE = given_(known((("VOTE", 1), date(2027, 2, 28)), standing=Standing.PLANNED))


# --- the pack -----------------------------------------------------------------------------
def test_the_pack_of_Mali_has_at_least_60_norms_each_with_source_confidence_and_text() -> None:
    assert len(ML.norms) >= 60
    for norm in ML.norms:
        assert norm.sources and norm.confidence and norm.law in ML.texts, norm.id
        assert norm.what.fr and norm.what.en, norm.id


@pytest.mark.parametrize("code", CODES)
def test_every_pack_gives_a_sentence_for_each_norm_in_two_languages(code) -> None:
    for norm in BOOKS[code].norms:
        said = say_rule(norm, BOOKS[code].events)
        assert said.text("fr") and said.text("en") and "%(" not in said.text("en")


def broken(record_id: str, **change):
    sections = {k: [dict(r) for r in v] for k, v in PACKS["ml"].sections.items()}
    record = next(r for r in sections["deadlines"] if r["id"] == record_id)
    for key, value in change.items():
        record.pop(key, None) if value is None else record.update({key: value})
    return sections


@pytest.mark.parametrize(
    "change, refusal, field",
    [
        ({"event": "ECLIPSE"}, UnknownEvent, "event"),
        ({"defines": "ECLIPSE"}, UnknownEvent, "defines"),
        ({"source": None}, NoSource, "source"),
        ({"confidence": None}, NoSource, "confidence"),
        ({"event": "PROV_RESULTS"}, Circular, "event"),
    ],
)
def test_a_norm_that_cannot_stand_is_refused_with_record_and_field(change, refusal, field) -> None:
    with pytest.raises(refusal) as refused:
        lawbook(broken("ML-PROV-RESULTS", **change))
    assert refused.value.params["field"] == field
    assert refused.value.params["record"].startswith("ML-")


def test_a_chain_of_norms_that_comes_back_to_itself_is_named_whole() -> None:
    sections = broken("ML-PROV-RESULTS", event="FINAL_RESULTS")
    final = next(r for r in sections["deadlines"] if r["id"] == "ML-FINAL-RESULTS-REF")
    assert final["event"] == "PROV_RESULTS"
    found = [p for p in problems(sections) if isinstance(p, Circular)]
    assert found and "ML-PROV-RESULTS" in found[0].params["chain"]


def test_pack_check_names_every_bad_deadline(tmp_path) -> None:
    import shutil

    folder = tmp_path / "ml"
    shutil.copytree(packs.find_pack("ml"), folder)
    path = folder / "deadlines.yaml"
    path.write_text(
        path.read_text().replace("event: DISSOLUTION", "event: ECLIPSE").replace("offset: 24\n", "offset: some\n")
    )
    _pack, errors = packs.check_folder(folder)
    assert {(e.code, e.record, e.field) for e in errors} >= {
        ("DL-102", "ML-DISSOLUTION-ELECTION", "event"),
        ("DL-107", "ML-PROV-CANDIDATE-CHALLENGE", "offset"),
    }


# --- a calendar ---------------------------------------------------------------------------
def test_a_two_round_calendar_follows_from_one_polling_day() -> None:
    found = build(ML, "presidential", FUTURE)
    assert found.get("ML-PROV-RESULTS.1").limit.iso() == "2027-03-05T24:00"
    assert found.get("ML-CAMPAIGN-OPEN-PRES.1").limit.iso() == "2027-02-07"
    assert found.get("ML-COMPLAINT-RESULTS.1").limit.iso() == "2027-03-07T24:00"
    assert found.get("ML-REGISTER-REVISION").opens.iso() == "2026-10-01T00:00"


def test_an_unverified_norm_never_gives_a_bare_date() -> None:
    for line in build(ML, "presidential", FUTURE).lines:
        codes = [s.code for s in explain(line, ML)]
        assert "BASIS" in codes and "CONFIDENCE" in codes, line.key
        assert line.unverified == (line.norm.confidence != "text seen")


def test_petitions_show_the_other_readings_beside_the_default_of_the_pack() -> None:
    line = build(ML, "presidential", FUTURE).get("ML-COMPLAINT-OPERATIONS.1")
    assert [r.earliest.iso() for r in line.alternatives] == ["2027-03-06T24:00", "2027-03-10T24:00"]
    late = [r.judged(date(2027, 3, 6)).verdict for r in line.readings]
    assert late == [Verdict.LATE, Verdict.IN_TIME, Verdict.IN_TIME]


def test_a_limit_nobody_found_is_a_gap_with_what_was_observed() -> None:
    line = build(ML, "presidential", FUTURE).get("ML-FINAL-RESULTS-PRES.1")
    assert (line.state, line.limit) == (State.GAP, None)
    assert (line.indication.early, line.indication.late) == (date(2027, 3, 8), date(2027, 3, 10))
    assert "aucun délai chiffré trouvé" in say_rule(line.norm, ML.events).text("fr")


def test_what_hangs_on_an_observation_is_indicative_only() -> None:
    line = build(ML, "presidential", FUTURE).get("ML-ROUND2-PRES-2023.1")
    assert line.state is State.INDICATIVE and line.trigger.standing is Standing.OBSERVED


def test_two_texts_in_force_that_disagree_are_both_shown_the_higher_first() -> None:
    found = build(ML, "presidential", FUTURE)
    conflict = next(c for c in found.conflicts if c.subject == "presidential-round2")
    assert [line.norm.id for line in conflict.lines] == ["ML-ROUND2-PRES-2023", "ML-ROUND2-PRES-2022"]


def test_a_late_event_is_a_breach_and_the_next_clocks_follow_the_real_one() -> None:
    six_days = known((("VOTE", 1), date(2027, 2, 28)), (("PROV_RESULTS", 1), datetime(2027, 3, 6, 20, 0, tzinfo=UTC)))
    found = build(ML, "presidential", given_(six_days))
    line = found.get("ML-PROV-RESULTS.1")
    assert (line.check.kept, line.check.days) == (Kept.BREACHED, 1)
    assert found.get("ML-COMPLAINT-RESULTS.1").limit.iso() == "2027-03-08T20:00"


def test_each_party_has_its_own_clock_and_an_unserved_party_has_none() -> None:
    text = BOOKS["ke"]
    acts = (
        Act("FILING", 1, "requérant A", date(2022, 8, 22)),
        Act("FILING", 1, "requérant B", date(2022, 8, 20)),
    )
    found = build(text, "presidential", given_({}, acts=acts, tz="Africa/Nairobi"))
    limits = {line.party: line.limit.iso() for line in found.lines if line.norm.id == "KE-JUDGMENT"}
    assert limits == {"requérant A": "2022-09-05T24:00", "requérant B": "2022-09-03T24:00"}
    without = build(text, "presidential", given_({}, tz="Africa/Nairobi"))
    assert without.get("KE-JUDGMENT").state is State.EACH_ACT and without.get("KE-JUDGMENT").limit is None


# --- versions -----------------------------------------------------------------------------
def test_the_version_in_force_at_the_event_counts() -> None:
    old = build(ML, "presidential", given_(known((("VOTE", 1), date(2018, 7, 29)))))
    assert old.get("ML-FILING-PRES-2016.1").limit.iso() == "2018-06-29T24:00"
    assert old.get("ML-FILING-PRES-2022.1") is None
    new = build(ML, "presidential", FUTURE)
    assert new.get("ML-FILING-PRES-2022.1") and new.get("ML-FILING-PRES-2016.1") is None


def test_a_contest_may_be_bound_to_the_texts_of_one_day() -> None:
    bound = build(ML, "presidential", replace(FUTURE, law_date=date(2018, 1, 1)))
    assert bound.get("ML-FILING-PRES-2016.1").limit.iso() == "2027-01-29T24:00"


def test_a_trigger_outside_the_version_is_refused_and_names_the_right_version() -> None:
    with pytest.raises(OutsideVersion) as refused:
        single(ML, "ML-FILING-PRES-2022", date(2018, 7, 29), given_({}))
    assert (refused.value.params["record"], refused.value.params["field"]) == ("ML-FILING-PRES-2022", "event")
    assert refused.value.params["others"] == "ML-FILING-PRES-2016"


def test_norms_that_lapsed_without_a_known_successor_are_listed_as_gaps() -> None:
    lapsed = {n.id for n in build(ML, "presidential", FUTURE).lapsed}
    assert {"ML-CONVENING", "ML-PROV-CANDIDATE-CHALLENGE"} <= lapsed
    assert "ML-FILING-PRES-2016" not in lapsed


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(sorted({n.subject for n in ML.norms})))
@settings(max_examples=500, deadline=None)
def test_on_every_day_one_version_is_chosen_or_a_gap_or_an_overlap_is_said(day, subject) -> None:
    found = version_at(ML.norms, subject, day)
    assert found.gap == (not found.in_force)
    assert found.overlap == (len(found.in_force) > 1)
    if found.chosen:
        assert found.chosen.rank == max(n.rank for n in found.in_force)


def test_a_text_that_changes_while_a_limit_runs_is_said_aloud() -> None:
    line = single(ML, "ML-PROV-RESULTS-2016", date(2022, 6, 22), given_({}))
    assert any("change pendant" in w.text("fr") for w in line.warnings)


def test_who_checked_the_gazette_and_when_lifts_the_flag_of_a_norm() -> None:
    sections = broken("ML-PROV-RESULTS", verified_by="greffe", verified_on="2027-01-10", gazette="JO 3 p. 12")
    norm = lawbook(sections).get("ML-PROV-RESULTS")
    assert norm.verified
    line = build(lawbook(sections), "presidential", FUTURE).get("ML-PROV-RESULTS.1")
    assert any("JO 3 p. 12" in s.message.text("fr") for s in explain(line, ML))
    with pytest.raises(BadDefinition) as refused:
        lawbook(broken("ML-PROV-RESULTS", verified_by="greffe"))
    assert refused.value.params["field"] == "verified_on"


# --- derogations --------------------------------------------------------------------------
def extended(**extra):
    base = {
        "norm": "ML-REGISTER-ENROL",
        "round": None,
        "kind": Derogates.EXTEND,
        "authority": "ministre de l’administration territoriale",
        "document": "message radio",
        "decided": date(2024, 10, 30),
        "reason": "affluence",
        "rank": 2,
        "value": parse_deadline("2024-11-30T24:00", TZ),
    }
    return Derogation(**{**base, **extra})


def test_a_derogation_moves_the_date_and_leaves_the_computed_one_visible() -> None:
    base = given_(known((("VOTE", 1), date(2025, 6, 1))))
    found = build(ML, "presidential", replace(base, derogations=(extended(),)))
    line = found.get("ML-REGISTER-ENROL")
    assert (line.limit.iso(), line.computed.iso()) == ("2024-11-30T24:00", "2024-10-31T24:00")
    assert any(s.code == "OVERRIDE" for s in explain(line, ML))
    assert any("rang inférieur" in w.text("fr") for w in line.warnings)


def test_a_suspension_by_decision_pushes_the_limit() -> None:
    pause = extended(
        norm="ML-PROV-RESULTS",
        round=1,
        kind=Derogates.SUSPEND,
        value=None,
        first=date(2027, 3, 2),
        last=date(2027, 3, 3),
    )
    found = build(ML, "presidential", replace(FUTURE, derogations=(pause,)))
    assert found.get("ML-PROV-RESULTS.1").limit.iso() == "2027-03-07T24:00"
    assert found.get("ML-PROV-RESULTS.2").derogation is None


# --- what if ------------------------------------------------------------------------------
def test_the_same_calendar_moves_nothing_and_a_moved_vote_moves_its_dependents_alone() -> None:
    before = build(ML, "presidential", FUTURE)
    assert compare(before, before) == []
    after = build(
        ML, "presidential", replace(FUTURE, events=known((("VOTE", 1), date(2027, 7, 11)), standing=Standing.PLANNED))
    )
    moved = {m.key for m in compare(before, after)}
    assert "ML-PROV-RESULTS.1" in moved and "ML-TRANSITION-TERM" not in moved and "ML-REGISTER-REVISION" not in moved


def test_moving_the_vote_says_which_text_breaks() -> None:
    events = known(
        (("VOTE", 1), date(2018, 7, 29)),
        (("END_OF_TERM", 0), date(2018, 9, 4)),
        (("VOTE", 2), date(2018, 8, 12)),
    )
    before = build(ML, "presidential", given_(events))
    assert before.get("ML-PRES-WINDOW").check.kept is Kept.KEPT
    moved = build(ML, "presidential", given_({**events, **known((("VOTE", 1), date(2018, 8, 26)))}))
    broken_ = {m.key for m in compare(before, moved) if m.breaks}
    assert {"ML-PRES-WINDOW", "ML-ROUND2-PRES-1992.1"} <= broken_


# --- Mali 2013-2023 -----------------------------------------------------------------------
@pytest.mark.real
def test_the_22_observed_intervals_are_what_the_dates_say() -> None:
    rows = list(csv.DictReader((SHARED / "mali_law" / "observed_intervals.csv").open(encoding="utf-8")))
    assert len(rows) == 22
    for row in rows:
        days = (date.fromisoformat(row["to_date"]) - date.fromisoformat(row["from_date"])).days
        assert days == int(row["days"]), row["id"]


HISTORY = {
    # family, events -> breaches that have an explanation
    ("presidential", 2013): (
        known(
            (("CONVENING_DECREE_PUBLISHED", 0), date(2013, 5, 27)),
            (("VOTE", 1), date(2013, 7, 28)),
            (("PROV_RESULTS", 1), date(2013, 8, 2)),
            (("FINAL_RESULTS", 1), date(2013, 8, 7)),
            (("VOTE", 2), date(2013, 8, 11)),
            (("FINAL_RESULTS", 2), date(2013, 8, 20)),
            (("TAKES_OFFICE", 0), date(2013, 9, 4)),
        ),
        {},
    ),
    ("presidential", 2018): (
        known(
            (("CONVENING_DECREE_PUBLISHED", 0), date(2018, 4, 27)),
            (("FINAL_CANDIDATES", 0), date(2018, 7, 4)),
            (("CAMPAIGN_OPEN", 1), date(2018, 7, 7)),
            (("VOTE", 1), date(2018, 7, 29)),
            (("PROV_RESULTS", 1), date(2018, 8, 2)),
            (("FINAL_RESULTS", 1), date(2018, 8, 8)),
            (("VOTE", 2), date(2018, 8, 12)),
            (("PROV_RESULTS", 2), date(2018, 8, 16)),
            (("FINAL_RESULTS", 2), date(2018, 8, 20)),
            (("TAKES_OFFICE", 0), date(2018, 9, 4)),
        ),
        {},
    ),
    ("legislative", 2020): (
        known(
            (("CONVENING_DECREE_PUBLISHED", 0), date(2020, 1, 22)),
            (("VOTE", 1), date(2020, 3, 29)),
            (("PROV_RESULTS", 1), date(2020, 4, 2)),
            (("FINAL_RESULTS", 1), date(2020, 4, 9)),
            (("VOTE", 2), date(2020, 4, 19)),
            (("PROV_RESULTS", 2), date(2020, 4, 23)),
            (("FINAL_RESULTS", 2), date(2020, 4, 30)),
        ),
        {},
    ),
    ("referendum", 2023): (
        known(
            (("CONVENING_DECREE_PUBLISHED", 0), date(2023, 5, 5)),
            (("VOTE", 1), date(2023, 6, 18)),
            (("PROV_RESULTS", 1), date(2023, 6, 23)),
            (("FINAL_RESULTS", 1), date(2023, 7, 21)),
        ),
        {},
    ),
}


NAMES = {
    "vote": "VOTE", "provisional": "PROV_RESULTS", "final": "FINAL_RESULTS", "campaign opens": "CAMPAIGN_OPEN",
    "convening decree": "CONVENING_DECREE_PUBLISHED", "convening decided": "CONVENING_DECREE_PUBLISHED",
    "final candidate list": "FINAL_CANDIDATES",
}  # fmt: skip
ONCE = {"CONVENING_DECREE_PUBLISHED", "FINAL_CANDIDATES"}


@pytest.mark.real
def test_every_observed_interval_is_in_the_history_below_or_is_a_plan() -> None:
    rows = csv.DictReader((SHARED / "mali_law" / "observed_intervals.csv").open(encoding="utf-8"))
    for row in rows:
        if "plan" in row["contest"]:
            assert row["id"] == "OI05"  # a timetable that did not take place: a plan keeps no norm
            continue
        events = HISTORY[row["contest"], int(row["year"])][0]
        for side in ("from", "to"):
            said, round_ = row[f"{side}_event"], int(row["round"])
            key = ("VOTE", 2) if said == "round 2 vote" else (NAMES[said], 0 if NAMES[said] in ONCE else round_)
            assert events[key].early == date.fromisoformat(row[f"{side}_date"]), (row["id"], key)


@pytest.mark.parametrize("family, year", HISTORY)
def test_what_happened_in_Mali_keeps_the_norms_or_is_explained(family, year) -> None:
    events, explained = HISTORY[family, year]
    rounds = 2 if ("VOTE", 2) in events else 1
    found = build(ML, family, given_(events, rounds=rounds))
    breached = {line.key: line.check.days for line in found.lines if line.check.kept is Kept.BREACHED}
    assert breached == explained
    kept = {line.norm.subject for line in found.lines if line.check.kept is Kept.KEPT}
    assert "provisional-results" in kept


@pytest.mark.parametrize(
    "code, norm, trigger, expected",
    [
        ("sn", "SN-PROV", date(2019, 2, 24), "2019-03-01T24:00"),
        ("sn", "SN-DEPT-COUNT", date(2019, 2, 24), "2019-02-26T12:00"),
        ("ci", "CI-ROUND1", date(2025, 1, 1), "2025-10-25"),
        ("ci", "CI-ROUND2", date(2025, 1, 1), "2025-11-29"),
        ("ci", "CI-COMPLAINT", date(2025, 12, 29), "2026-01-04T24:00"),
        ("gh", "GH-PETITION", date(2020, 12, 9), "2020-12-30T24:00"),
        ("ke", "KE-PETITION", date(2022, 8, 15), "2022-08-22T24:00"),
        ("ke", "KE-JUDGMENT", date(2022, 8, 22), "2022-09-05T24:00"),
        ("ke", "KE-OATH-NO-PETITION", date(2022, 8, 15), "2022-08-30"),
        ("ke", "KE-OATH-PETITION", date(2022, 9, 5), "2022-09-13"),
        ("bj", "BJ-COMPLAINT", date(2026, 4, 14), "2026-04-19T24:00"),
        ("bj", "BJ-RULING", date(2026, 4, 14), "2026-04-24T24:00"),
        ("ne", "NE-ROUND2", date(2021, 1, 31), "2021-02-21"),
    ],
)
def test_other_countries_count_from_data_alone(code, norm, trigger, expected) -> None:
    tz = str(PACKS[code].head["timezone"])
    assert single(BOOKS[code], norm, trigger, Given(tz=tz)).limit.iso() == expected


def test_the_window_of_Senegal_in_March_2024_is_a_derogation_of_72_hours() -> None:
    begun = datetime(2024, 3, 27, 18, 0, tzinfo=UTC)
    cut = Derogation(
        "SN-COMPLAINT", None, Derogates.SHORTEN, "Conseil constitutionnel", "décision", date(2024, 3, 27), "urgence", 1,
        parse_deadline("2024-03-28T18:00", "Africa/Dakar"),
    )  # fmt: skip
    line = single(BOOKS["sn"], "SN-COMPLAINT", begun, Given(tz="Africa/Dakar", derogations=(cut,)))
    assert (line.computed.iso(), line.limit.iso()) == ("2024-03-30T18:00", "2024-03-28T18:00")


@given(st.dates(date(2024, 1, 1), date(2035, 1, 1)), st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_moving_the_vote_later_moves_no_limit_earlier(day, later) -> None:
    def at(when):
        return build(ML, "presidential", Given(rounds=2, events=known((("VOTE", 1), when), standing=Standing.PLANNED)))

    first, second = at(day), at(day + timedelta(later))
    for line in first.lines:
        other = second.get(line.key)
        if line.limit and other and other.limit:
            assert line.limit.instant <= other.limit.instant, line.key
