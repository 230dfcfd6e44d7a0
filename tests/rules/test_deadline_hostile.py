"""Whatever is written in a case, a norm or a file, it is computed or refused: never a fault."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.country import packs
from kalata.deadlines.commands import counting_rules
from kalata.deadlines.holidays import days_off_of
from kalata.deadlines.rules.cases import computed_case
from kalata.deadlines.rules.feasibility import sentence, solve
from kalata.deadlines.rules.lawbook import law_of
from kalata.deadlines.rules.norm_file import problem_from
from kalata.deadlines.rules.norms import norm_from
from kalata.refusals import Refused

RULES = counting_rules(packs.find_pack("ml"))
LAW = law_of(packs.load_pack(packs.find_pack("ml")).sections)
KEYS = [
    "kind",
    "n",
    "unit",
    "direction",
    "counting",
    "start",
    "skip",
    "skip_up_to",
    "roll",
    "holidays",
    "rest",
    "cutoff",
    "weekday",
    "month",
    "window",
    "parts",
    "distance",
    "suspension",
    "interruption",
    "filed",
    "override",
    "edge",
    "after",
    "working",
    "weekend",
    "end",
    "from",
    "to",
    "min",
    "max",
    "offset",
    "offset_min",
    "offset_max",
    "nth_weekday",
    "then",
    "time",
    "clamp_then_franc",
    "franc",
]
WORDS = [
    "offset",
    "nth_weekday",
    "weekday_of_period",
    "window",
    "range",
    "nested",
    "on",
    "day",
    "days",
    "hour",
    "minutes",
    "working_day",
    "month",
    "year",
    "after",
    "before",
    "franc",
    "non_franc",
    "none",
    "next_working_day",
    "ML",
    "FR",
    "XX",
    "sunday",
    "october",
    "10-01",
    "12-31",
    "24:00",
    "18:00",
    "25:61",
    "last",
    "included",
    "2027-02-28",
    "2027-02-28T10:00",
    "2027-02-30",
    "mon-fri",
]
scalar = st.one_of(
    st.sampled_from(WORDS), st.integers(-5, 400), st.booleans(), st.none(), st.text(max_size=6), st.just(10**9), st.floats(allow_nan=False)
)  # fmt: skip
value = st.recursive(
    scalar,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=6,
)
table = st.dictionaries(st.sampled_from(KEYS), value, max_size=7)
likely = st.fixed_dictionaries(
    {"kind": st.sampled_from(WORDS[:7]), "n": st.one_of(st.integers(0, 60), scalar)},
    optional={k: value for k in KEYS if k not in ("kind", "n")},
)
when = st.sampled_from(["2027-02-28", "2027-02-28T22:00", "2027", "0001-01-01", "9999-12-31", "soon", "", "1583-01-01"])
many = settings(max_examples=300, deadline=None)


@given(st.one_of(table, likely), when)
@many
def test_any_parameters_are_computed_or_refused(parameters, event) -> None:
    row = {"id": "X", "event": event, "parameters": json.dumps(parameters)}
    try:
        case = computed_case(row, rules=RULES, tz="Africa/Bamako", days_off_of=days_off_of)
    except Refused as refused:
        assert refused.message.text("fr") and refused.how.text("en")
        return
    json.dumps(case.data())


@given(
    st.sampled_from([*RULES, "NONE"]),
    st.one_of(st.integers(-3, 500).map(str), st.sampled_from(["", "last", "14d+1", "x+1", "9d+"])),
    st.one_of(st.sampled_from(WORDS), st.sampled_from(["saturday-october", "10-01..12-31", "-"])),
    when,
)
@many
def test_any_vector_is_computed_or_refused(rule, n, unit, event) -> None:
    row = {"id": "X", "country": "KE", "event": "x", "event_instant": event, "rule": rule, "n": n, "unit": unit}
    try:
        json.dumps(computed_case(row, rules=RULES, tz="Africa/Bamako", days_off_of=days_off_of).data())
    except Refused as refused:
        assert refused.code.startswith("DL-")


@given(
    st.fixed_dictionaries(
        {
            "id": st.just("N"),
            "source": st.just(["S"]),
            "confidence": st.just("text seen"),
            "event": st.sampled_from(["VOTE", "VOTE:1", "PROV_RESULTS:last", "VOTE:x", "2027-01-01", ""]),
        },
        optional=dict.fromkeys(
            (*KEYS, "op", "rule", "readings", "observed", "office", "defines", "verified_by"), value
        ),
    )
)
@many
def test_any_norm_is_read_or_refused(record) -> None:
    try:
        norm_from(record, LAW)
    except Refused as refused:
        assert refused.code.startswith("DL-")


names = st.sampled_from(["A", "B", "C", "", 3, None])
loose = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", "b", None]), "from": names, "to": names, "u": names, "v": names, "w": scalar, "min": scalar,
        "max": scalar, "exact": scalar, "offset": scalar, "op": scalar, "direction": scalar, "unit": scalar, "weekday": scalar,
        "nth_weekday": value, "says": st.sampled_from(["A <= B + 3", "A>=B", "A ? B", ""]), "rank": scalar, "structural": st.booleans(),
        "between": value,
    },
)  # fmt: skip


@given(
    st.one_of(
        st.lists(loose, max_size=4),
        st.fixed_dictionaries({"norms": st.lists(loose, max_size=4)}, optional={"events": value, "order": value}),
        value,
    )
)
@many
def test_any_file_of_norms_is_answered_or_refused(data) -> None:
    try:
        problem = problem_from(data)
    except Refused as refused:
        assert refused.code.startswith("DL-")
        return
    for said in sentence(solve(problem), problem):
        assert said.text("fr") and said.text("en")
