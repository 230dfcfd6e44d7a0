"""Every life cycle of the house, explored: what is allowed passes, what lacks something or is not in the table does not."""

from __future__ import annotations

import ast
from enum import StrEnum
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kalata import drawings, states
from kalata.lifecycle import (
    DOCUMENT,
    OTHER,
    REASON,
    SEEN,
    TABLES,
    Act,
    Hand,
    Lacking,
    NobodyDoes,
    NotFromHere,
    OtherPerson,
    Overtaken,
    Stand,
    Table,
    apply,
    declare,
    drawing,
    faults,
    listing,
    may,
    other_than,
    step,
    ways_out,
)
from kalata.refusals import Refused
from kalata.text import translate
from tests.life_cycles import ME, tried

ROOT = Path(__file__).resolve().parents[2]
drawings.load()
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


# --- the kernel, on a table small enough to redo by hand -------------------------------------------
class Leave(StrEnum):
    """A day of leave: asked, given or refused by another, taken."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    TAKEN = "taken"


NOT_ONESELF = other_than("asker", "une autre personne que celle qui demande")


def leave(**changed) -> Table:
    steps = (
        step(Leave.ASKED, Leave.GIVEN, "leave.give", NOT_ONESELF, DOCUMENT),
        step(Leave.ASKED, Leave.REFUSED, "leave.give", NOT_ONESELF, REASON),
        step(Leave.GIVEN, Leave.TAKEN, hand=Hand.HOUSE),
    )
    return Table(**{
        "name": "leave", "title": "Un congé", "row": "x.Leave", "states": Leave, "labels": {s: s.value for s in Leave},
        "starts": (Leave.ASKED,), "ends": frozenset({Leave.REFUSED, Leave.TAKEN}), "steps": steps,
        "needs": (NOT_ONESELF, REASON, DOCUMENT), **changed,
    })  # fmt: skip


LEAVE = leave()
ASKED = Stand(state=Leave.ASKED, hands={"asker": 2}, last_hash="h")
GIVEN = Stand(state=Leave.GIVEN, hands={"asker": 2})
GIVES = {"by": ME, "right": "leave.give"}


@pytest.mark.parametrize(
    ("stand", "to", "act", "stopped"),
    [
        (ASKED, Leave.GIVEN, Act(**GIVES, document="d"), None),
        (ASKED, Leave.GIVEN, Act(**GIVES), Lacking),
        (ASKED, Leave.GIVEN, Act(**GIVES, document=" \t"), Lacking),
        (ASKED, Leave.GIVEN, Act(by=2, right="leave.give", document="d"), OtherPerson),
        (ASKED, Leave.GIVEN, Act(by=ME, right="leave.ask", document="d"), NotFromHere),
        (ASKED, Leave.TAKEN, Act(**GIVES, document="d", reason="r"), NotFromHere),
        (ASKED, Leave.ASKED, Act(**GIVES, document="d", reason="r"), NotFromHere),
        (ASKED, Leave.REFUSED, Act(**GIVES, reason="r", seen="h"), None),
        (ASKED, Leave.REFUSED, Act(**GIVES, reason="r", seen="g"), Overtaken),
        (ASKED, Leave.REFUSED, Act(by=0, right="leave.give", reason="r"), NobodyDoes),
        (GIVEN, Leave.TAKEN, Act(), None),
        (GIVEN, Leave.TAKEN, Act(by=ME), NobodyDoes),
    ],
)
def test_an_act_passes_or_is_refused_by_name(stand, to, act, stopped):
    found = may(LEAVE, stand, to, act)
    assert type(found) is (stopped or type(None))
    if stopped:
        with pytest.raises(stopped):
            apply(LEAVE, stand, to, act)
    else:
        assert apply(LEAVE, stand, to, act).to is to


def test_what_leads_on_is_told_in_the_order_of_the_table():
    assert [s.to for s in ways_out(LEAVE, Leave.ASKED)] == [Leave.GIVEN, Leave.REFUSED]
    assert ways_out(LEAVE, Leave.TAKEN) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"steps": LEAVE.steps[:2]}, "taken is never reached"),
        ({"ends": frozenset({Leave.REFUSED})}, "taken is a trap: no way to an end"),
        ({"starts": ()}, "no state to begin with"),
        ({"labels": {Leave.ASKED: "a", Leave.GIVEN: "g", Leave.TAKEN: "t"}}, "refused has no label"),
        ({"steps": (*LEAVE.steps, LEAVE.steps[0])}, "asked > given twice"),
        ({"needs": (NOT_ONESELF, REASON, DOCUMENT, OTHER)}, "« une seconde personne » is asked by no step"),
        ({"needs": (NOT_ONESELF, REASON)}, "« un document » has no place in the order of needs"),
        ({"dated": True}, "a date tells two states, the first of them without it"),
    ],
)
def test_a_table_that_does_not_hold_is_refused_when_it_is_declared(changed, said):
    assert faults(LEAVE) == []
    assert said in faults(leave(**changed))
    with pytest.raises(ValueError, match="leave: "):
        declare(leave(**changed))
    assert "leave" not in TABLES


def test_a_table_is_drawn_and_listed():
    assert drawing(LEAVE).splitlines() == [
        "stateDiagram-v2", "    [*] --> asked", "    asked --> given: give", "    asked --> refused: give",
        "    given --> taken: house", "    refused --> [*]", "    taken --> [*]",
    ]  # fmt: skip
    said = "| asked | given | a person | `leave.give` | another person than who asked, a document |"
    assert said in listing(LEAVE, "en")


class Dot(StrEnum):
    A, B, C, D, E = "abcde"


@given(
    st.lists(st.tuples(st.sampled_from(Dot), st.sampled_from(Dot)), unique=True, max_size=12),
    st.sets(st.sampled_from(Dot), min_size=1),
)
def test_unreached_states_and_traps_are_those_that_a_walk_finds(pairs, ends):
    def walk(one: Dot, paths: list) -> set:
        seen, todo = {one}, [one]
        while todo:
            here = todo.pop()
            more = {to for start, to in paths if start is here} - seen
            seen |= more
            todo += more
        return seen

    table = leave(
        states=Dot, labels={s: s.value for s in Dot}, starts=(Dot.A,), ends=frozenset(ends), needs=(),
        steps=tuple(step(a, b) for a, b in pairs),
    )  # fmt: skip
    unreached = [f"{s} is never reached" for s in Dot if s not in walk(Dot.A, pairs)]
    traps = [f"{s} is a trap: no way to an end" for s in Dot if not walk(s, pairs) & ends]
    assert faults(table) == unreached + traps


# --- every table of the house ----------------------------------------------------------------------
@every_table
def test_a_step_passes_with_all_it_needs_and_with_nothing_less(table):
    for one in table.steps:
        stand, act = tried(table, one)
        assert apply(table, stand, one.to, act) is one
        for need in one.needs:
            stand, act = tried(table, one, frozenset({need}))
            assert isinstance(may(table, stand, one.to, act), Refused), f"{one.start} > {one.to} without {need.label}"


@every_table
def test_a_change_that_the_table_does_not_have_is_refused_whatever_comes_with_it(table):
    everything = {"reason": "r", "document": "d", "other": 2, "sitting": 1}
    for start in table.states:
        for to in set(table.states) - {s.to for s in ways_out(table, start)}:
            for like in table.steps:
                stand, act = tried(table, step(start, to, like.right, *like.needs, hand=like.hand), **everything)
                assert isinstance(may(table, stand, to, act), Refused), f"{start} > {to} like {like.start} > {like.to}"


class Explorer(RuleBasedStateMachine):
    """Any table, walked at random: with everything, with something left out, under another right, by another hand."""

    table: Table

    @initialize(data=st.data())
    def born(self, data):
        self.state = data.draw(st.sampled_from(self.table.starts))

    @rule(data=st.data(), wrong=st.sampled_from(["", "", "", "lack", "right", "hand", "step", "stale"]))
    def act(self, data, wrong):
        ways = ways_out(self.table, self.state)
        if not ways:
            assert self.state in self.table.ends, f"{self.state} is a trap"
            return
        one = data.draw(st.sampled_from(ways))
        left_out = frozenset(data.draw(st.sets(st.sampled_from(sorted(one.needs, key=lambda n: n.label)), min_size=1))) if wrong == "lack" and one.needs else frozenset()  # fmt: skip
        stand, act = tried(self.table, one, left_out, **self.spoiled(one, wrong))
        to = data.draw(st.sampled_from(list(self.table.states))) if wrong == "step" else one.to
        listed = any(s.start is self.state and s.to is to for s in self.table.steps)
        spoilt = bool(left_out) or wrong in ("right", "stale") or (wrong == "hand" and one.hand is not Hand.EITHER)
        stopped = may(self.table, stand, to, act)
        if spoilt or not listed:
            assert isinstance(stopped, Refused) and stopped.code and stopped.message.text("en")
        elif wrong != "step":
            assert stopped is None
            self.state = to

    def spoiled(self, one, wrong):
        if wrong == "right":
            return {"right": f"{one.right}x"}
        if wrong == "hand" and one.hand is not Hand.EITHER:
            return {"by": 0 if one.hand is Hand.PERSON else ME}
        return {"seen": "another page"} if wrong == "stale" and SEEN not in one.needs else {"right": "x"} if wrong == "stale" else {}  # fmt: skip

    @invariant()
    def somewhere(self):
        assert getattr(self, "state", self.table.starts[0]) in self.table.states


@every_table
def test_no_walk_through_a_table_gets_where_it_may_not(table):
    machine = type("Explorer", (Explorer,), {"table": table})
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))


@every_table
def test_the_pages_are_drawn_from_the_tables(table):
    for path, text in drawings.written(ROOT):
        if path.stem == table.name or path.parent.name != "states":
            assert path.read_text(encoding="utf-8") == text, "run python -m kalata.drawings"
    assert {p.stem for p in (ROOT / "docs/states").glob("*.md")} == set(TABLES)


@every_table
def test_every_word_of_a_table_is_said_in_both_languages(table):
    words = [table.title, *table.labels.values(), *(n.label for n in (*table.needs, *table.always)), *table.notes]
    assert [w for w in words if translate(w, "en") == w and w not in SAME_WORDS] == []


SAME_WORDS = {"Incident", "Arbitration", "absent"}


# --- the rows ---------------------------------------------------------------------------------------
@every_table
def test_a_new_row_is_born_in_a_state_of_its_table_and_the_database_knows_the_others(table):
    model = apps.get_model(table.row)
    column = model._meta.get_field(table.field)
    if table.dated:
        assert column.null and not column.has_default()
        return
    assert column.get_default() in table.starts
    assert states.states_constraint(table) in model._meta.constraints
    assert all(len(s.value) <= column.max_length for s in table.states)


FIELDS = {t.field for t in TABLES.values()}
MODELS = {t.row.rpartition(".")[2] for t in TABLES.values()}


def writes(tree: ast.AST):
    """Where a module gives a value to a field that holds a state: assigned, updated, made, or set by name."""
    for found in ast.walk(tree):
        if isinstance(found, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = found.targets if isinstance(found, ast.Assign) else [found.target]
            for one in [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]:
                if isinstance(one, ast.Attribute) and one.attr in FIELDS and ast.unparse(one.value) != "self":
                    yield ast.unparse(one)
        elif isinstance(found, ast.Call):
            name = found.func.attr if isinstance(found.func, ast.Attribute) else ast.unparse(found.func)
            named = {k.arg for k in found.keywords} & FIELDS
            texts = {c.value for a in found.args for c in ast.walk(a) if isinstance(c, ast.Constant)} & FIELDS
            if named and (name.endswith(("update", "create")) or name in MODELS):
                yield f"{name}({', '.join(sorted(named))}=)"
            elif texts and name in ("bulk_update", "setattr", "__setattr__"):
                yield f"{name}({', '.join(sorted(texts))})"


SHORT_CUT = {"tally/management/commands/prepare_rehearsal.py"}
"""An exercise, in a demonstration house alone, may put its fictional papers on the stage as if they were scanned."""
NO_RECORD = {
    "results/queries/public_ledger.py", "ledger/management/commands/worker.py", "people/accounts.py", "documents/batches.py",
    "disputes/services/mandates.py", "disputes/services/likeness.py", "disputes/services/measures.py",
    "planning/services/odds.py", "planning/services/levelling.py", "planning/services/buying.py", "planning/services/readiness.py",
    "training/services/cascade_keeping.py", "training/services/manual_building.py",
}  # fmt: skip
"""A cache, tasks, batches of prints and of manuals, runs of draws and of levelling, which are no records; a step noted in a history, an answer to a point
and the answer of a planner, which are no states; what is answered or ended once, held by a constraint of its
table and without other states: an activation by two sheets, a mandate, two petitions that look alike, a measure."""


def test_nothing_but_the_one_writer_gives_a_record_its_state():
    modules = [p for p in sorted((ROOT / "src/kalata").rglob("*.py")) if "migrations" not in p.parts]
    found = {
        (p.relative_to(ROOT / "src/kalata").as_posix(), what)
        for p in modules
        for what in writes(ast.parse(p.read_text(encoding="utf-8")))
    }
    odd = {(name, what) for name, what in found if name not in NO_RECORD}
    assert {(name, what) for name, what in odd if name not in SHORT_CUT} == set()


@pytest.mark.parametrize("line", [
    "one.state = 'x'", "a, one.state = 1, 'x'", "one.state: str = 'x'", "rows.update(state='x')", "rows.create(state='x')",
    "Approval(state='x')", "rows.bulk_update(found, ['note', 'state'])", "setattr(one, 'state', 'x')",
])  # fmt: skip
def test_a_state_given_by_hand_is_seen(line):
    assert list(writes(ast.parse(line))) != []
