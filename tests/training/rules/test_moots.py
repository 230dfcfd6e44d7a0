"""Moot cases: what a case is, what the engines answer, no real name, two raters, decisive questions, the clock of a crisis."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.country import packs
from kalata.disputes.commands.law import norms_of
from kalata.disputes.rules.bench import court_of
from kalata.refusals import Refused
from kalata.training.queries.moots import shipped
from kalata.training.rules.moots import engines, judging, leaks, rating
from kalata.training.rules.moots.case import Asks, Sort, case_of, words

T0 = datetime(2027, 2, 1, 22, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def law():
    record = next(
        r for r in packs.section_of(packs.find_pack("ml"), "institutions") if r.get("body") == "constitutional_court"
    )
    return engines.Law(norms_of("ml"), court_of(record))


@pytest.fixture(scope="module")
def cases():
    return {c.id: c for c in map(case_of, shipped("ml"))}


def test_the_eight_seeds_and_the_units_of_ethics_and_crisis_are_authored_in_two_languages(cases):
    assert sum(c.sort is Sort.MOOT for c in cases.values()) == 8
    assert (
        sum(c.sort is Sort.ETHICS for c in cases.values()) == 5
        and sum(c.sort is Sort.CRISIS for c in cases.values()) == 1
    )
    for case in cases.values():
        assert len(case.stages) > 1 or case.sort is Sort.ETHICS
        assert case.confidence and any(q.asks is Asks.WRITTEN for q in case.questions())
        for q in case.questions():
            assert q.text.fr != q.text.en


@pytest.mark.parametrize(
    ("case", "question", "value"),
    [
        ("AFF-01", "Q1", "2018-08-04T00:00"), ("AFF-01", "Q2", "2018-08-04T21:00"), ("AFF-01", "Q4", "yes"), ("AFF-01", "Q5", "person"),
        ("AFF-02", "Q1", "361"), ("AFF-02", "Q3", "44423"), ("AFF-02", "Q4", "356"), ("AFF-02", "Q5", "yes"), ("AFF-03", "Q1", "6"),
        ("AFF-04", "Q1", "yes"), ("AFF-04", "Q3", "no"), ("AFF-05", "Q1", "9"), ("AFF-05", "Q3", "0"), ("AFF-06", "Q3", "Liste du Tamis"),
        ("AFF-06", "Q4", "1"), ("AFF-07", "Q3", "no"), ("AFF-08", "Q1", "no"), ("AFF-08", "Q2", "no"), ("AFF-08", "Q4", "yes"), ("CRI-01", "D5", "no"),
    ],
)  # fmt: skip
def test_the_engines_of_the_house_find_what_the_sources_tell(cases, law, case, question, value):
    one = cases[case]
    assert engines.computed(one, one.question(question), law).value == value


def test_a_limit_rests_on_a_norm_that_nobody_verified_and_says_so(cases, law):
    one = cases["AFF-01"]
    assert engines.computed(one, one.question("Q1"), law).doubtful == ("ML-COMPLAINT-OPERATIONS",)


def test_an_answer_is_read_as_people_write_it(cases):
    q = cases["AFF-01"].question("Q1")
    assert engines.written(q, "2018-08-03 24:00", engines.INSTANT) == "2018-08-04T00:00"
    assert engines.written(q, "44 423", engines.COUNT) == "44423"
    assert engines.written(q, "Non", engines.BOTH) == "no"
    for value, form in (("hier", engines.INSTANT), ("-3", engines.COUNT), ("peut-être", engines.BOTH)):
        with pytest.raises(Refused, match="TRN-530"):
            engines.written(q, value, form)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("stages", 0, "facts", 0, "en"), ""), (("sort",), "play"), (("stages", 0, "questions", 0, "asks"), "guess"), (("rubric",), []),
        (("stages", 0, "questions", 0, "id"), "Q6"), (("regime", "on"), "hier"), (("topics",), ["law"]), (("rubric", 0, "levels"), []),
        (("stages", 1, "questions", 1, "engine"), None), (("stages", 2, "questions", 0, "options"), []),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_read_is_named(path, value):
    raw = deepcopy(next(c for c in shipped("ml") if c["id"] == "AFF-01"))
    at = raw
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(Refused, match="TRN-521"):
        case_of(raw)


def test_an_engine_that_is_not_one_is_refused(cases, law):
    raw = deepcopy(next(c for c in shipped("ml") if c["id"] == "AFF-02"))
    raw["stages"][0]["questions"][0]["engine"]["by"] = "intuition"
    with pytest.raises(Refused, match="TRN-521"):
        engines.every(case_of(raw), law)


# --- names -----------------------------------------------------------------------------------------------------------
NAMES = leaks.names_of(
    [
        ("Aminata Kologo", leaks.PERSON),
        ("Rassemblement du Soleil", leaks.PARTY),
        ("Tominika", leaks.PLACE),
        ("Nord", leaks.PLACE),
    ]
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Le candidat Kologo a saisi la Cour.", "Aminata Kologo"), ("AMINATA KOLOGO", "Aminata Kologo"), ("KOLOGO Aminata", "Aminata Kologo"),
        ("la liste du « Rassemblement du Soleil »", "Rassemblement du Soleil"), ("Au bureau de Tominika-Centre", "Tominika"),
        ("Le candidat d’Aminata, Kologo", "Aminata Kologo"),
    ],
)  # fmt: skip
def test_a_real_name_is_found_whatever_its_case_accents_and_order(text, name):
    assert [n for n, _k in NAMES.found(text)][:1] == [name]


@pytest.mark.parametrize(
    "text", ["Le kologo est un tambour.", "La zone Nord", "Aminata est venue.", "le rassemblement du matin"]
)
def test_common_words_are_no_names(text):
    assert list(NAMES.found(text)) == []


@given(st.sampled_from(["fr", "en"]), st.integers(0, 200))
def test_a_planted_name_is_found_in_any_sentence_of_any_case(lang, at):
    raw = deepcopy(shipped_once()[at % 14])
    places = [(p, t) for p, t in words(raw) if p.endswith(f".{lang}")]
    path, text = places[at % len(places)]
    assert leaks.leaks([(path, f"{text} Kologo")], NAMES)[0].field == path


def shipped_once(found=[]):  # noqa: B006  read once
    return found or found.extend(shipped("ml")) or found


# --- two raters --------------------------------------------------------------------------------------------------------
PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)


def test_kappa_is_that_of_the_textbook():
    """20 yes/yes, 5, 10, 15 no/no: 0.4, exactly."""
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert rating.cohen(pairs, levels=2) == Fraction(2, 5) == rating.cohen(pairs, levels=2, linear=True)


@settings(max_examples=60)
@given(PAIRS)
def test_kappa_is_symmetric_at_most_one_and_one_only_where_all_agree(pairs):
    for linear in (False, True):
        found = rating.cohen(pairs, linear=linear)
        assert found == rating.cohen([(b, a) for a, b in pairs], linear=linear)
        if found is None:
            assert len({a for a, _b in pairs} | {b for _a, b in pairs}) == 1
        else:
            assert isinstance(found, Fraction) and found <= 1 and (found == 1) == all(a == b for a, b in pairs)


def test_a_low_kappa_is_said_in_words_and_a_single_level_is_not_called_agreement():
    low = rating.agreement([(0, 4), (4, 0), (2, 2), (1, 3)])
    assert low.low and "Accord faible" in low.said().text("fr")
    assert "Weak agreement" in low.said().text("en")
    assert rating.agreement([(3, 3), (3, 3)]).weighted is None


def test_differences_of_two_levels_are_those_to_discuss(cases):
    assert rating.apart({"a": 1, "b": 2, "c": 4}, {"a": 2, "b": 4, "c": 0}) == ["b", "c"]
    rubric = cases["AFF-01"].rubric
    full, none = {c.id: 4 for c in rubric}, {c.id: 0 for c in rubric}
    assert rating.mark(full, full, {}, rubric) == 1
    assert rating.mark(full, none, {}, rubric) == Fraction(1, 2)
    assert rating.mark(full, none, full, rubric) == 1


# --- what an answer is worth ---------------------------------------------------------------------------------------------
def test_a_planted_conflict_undeclared_fails_whatever_the_marks(cases):
    case = cases["ETH-01"]
    for said, left in (("p1 p3", ("p4",)), ("p1 p3 p4", ()), ("p1 p2 p3 p4 p5", ()), ("", ("p1", "p3", "p4"))):
        found = judging.result(case, {"Q1": said, "Q2": "…"}, {}, Fraction(1))
        assert found.failed == bool(left)
        assert found.rows[0].left == left
    assert judging.result(case, {}, {}, Fraction(1)).failed


def test_a_dilemma_has_no_right_answer(cases):
    found = judging.result(cases["ETH-02"], {"Q1": "share", "Q3": "silent"}, {})
    assert found.asked == 0 and not found.failed


def test_an_answer_outside_the_options_is_refused_and_the_order_of_boxes_is_not_kept(cases):
    q = cases["ETH-01"].question("Q1")
    assert judging.clean(q, ["p4", "p1"], {}) == "p1 p4"
    assert judging.clean(q, [], {}) == ""
    for values in (["p9"], ["p1", "x"]):
        with pytest.raises(Refused, match="TRN-530"):
            judging.clean(q, values, {})
    with pytest.raises(Refused, match="TRN-530"):
        judging.clean(cases["ETH-02"].question("Q1"), [], {})


def test_a_crisis_is_told_inject_by_inject(cases):
    case = cases["CRI-01"]
    opened = {1: T0, 2: T0 + timedelta(minutes=26)}

    def decided(question, seat, minutes):
        return judging.Decision(question, seat, T0 + timedelta(minutes=minutes))

    rows = {
        d.question.id: d
        for d in judging.debrief(case, T0, opened, [decided("D1", 2, 41), decided("D1", 1, 12), decided("D2", 1, 16)])
    }
    assert (rows["D1"].state, rows["D1"].seat, rows["D1"].took) == ("in_time", 1, timedelta(minutes=12))
    assert rows["D2"].state == "late"
    assert (rows["D3"].state, judging.minutes(rows["D3"].late)) == ("undecided", 6)
    assert rows["D4"].state == "not_opened"
    stage, left = judging.next_inject(case, T0, opened, T0 + timedelta(minutes=50))
    assert stage.no == 3 and left == timedelta(minutes=-10)


def test_an_answer_of_the_house_is_said_in_the_words_of_the_reader_and_a_name_keeps_its_letters():
    assert engines.shown("2018-08-04T00:00", "en") == "Saturday 4 August 2018, 00:00"
    assert engines.shown("2018-08-04T21:00", "fr") == "samedi 4 août 2018, 21\u00a0h\u00a000"
    assert (engines.shown("48000", "fr"), engines.shown("yes", "fr")) == ("48\u202f000", "oui")
    assert engines.shown("Candidate du Pont-Touré", "fr") == "Candidate du Pont-Touré"
