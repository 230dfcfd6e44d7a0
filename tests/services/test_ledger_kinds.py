"""Every act is of a declared kind; each kind is written somewhere, and titled in both languages."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import kalata.urls  # noqa: F401  every service has declared its requests
from kalata.ledger import catalogue
from kalata.ledger.kinds import GUARDS_SET, READ_LEDGER
from kalata.ledger.rules.kinds import CODE, KINDS, STEPS, SUBJECTS, Undeclared, declare, known
from kalata.ledger.services import read_of_personal_data, record
from kalata.people.approving import ACTS
from kalata.text import translate
from tests.trees import nodes, trees

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kalata"
WRITERS = {"record", "read_of_personal_data"}

pytestmark = pytest.mark.once
"""The source is the same whatever the database."""


def constants() -> dict[str, str]:
    """room.NAME -> code, of every declaration that has a name."""
    found = {}
    for path, tree in trees().items():
        if path.name != "kinds.py" or "rules" in path.parts:
            continue
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args:
                code = node.value.args[0]
                assert isinstance(code, ast.Constant)
                found[node.targets[0].id] = str(code.value)
    return found


def test_every_kind_that_a_room_declares_is_written_somewhere() -> None:
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for _path, node in nodes()
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load)
    }
    named = constants()
    assert set(named) <= used, sorted(set(named) - used)
    by_request = {f"{kind}.{step}" for kind in ACTS for step in STEPS}
    by_table = {c for c in KINDS if c.startswith("sitting.")}
    assert set(KINDS) == set(named.values()) | by_request | by_table


@cache
def written() -> list[tuple[Path, ast.Call]]:
    return [
        (path, node)
        for path, node in nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) in WRITERS
        and {"by", "kind"} <= {k.arg for k in node.keywords}
    ]


def test_no_act_is_written_under_a_free_string() -> None:
    assert len(written()) > 60
    for path, node in written():
        kind = next(k.value for k in node.keywords if k.arg == "kind")
        free = [n for n in ast.walk(kind) if isinstance(n, ast.Constant | ast.JoinedStr)]
        assert not free or "known(" in ast.unparse(kind), f"{path}:{node.lineno}"


def test_the_fields_that_each_call_spells_out_are_the_declared_ones() -> None:
    codes, seen = constants(), 0
    for path, node in written():
        given = {k.arg: k.value for k in node.keywords}
        kind = given["kind"]
        if not isinstance(kind, ast.Attribute) or isinstance(given.get("after"), ast.Name | ast.Subscript | ast.Call):
            continue
        fields = given.get("after")
        keys = [k.value if isinstance(k, ast.Constant) else None for k in fields.keys] if fields else []
        one = KINDS[codes[kind.attr]]
        named = {str(k) for k in keys if k is not None}
        assert named - one.needs - one.may == set() or one.free, f"{path}:{node.lineno}"
        assert one.needs <= named or None in keys, f"{path}:{node.lineno}"
        seen += 1
    assert seen > 50


def test_every_kind_has_a_title_in_two_languages_and_a_subject_that_is_named() -> None:
    for code, kind in KINDS.items():
        assert kind.words("fr") and kind.words("en") != kind.words("fr"), f"{code}: titled alike in both languages"
        assert len(code) <= CODE and kind.about and set(kind.about) <= set(SUBJECTS), code
        assert all(translate(SUBJECTS[one], "en") for one in kind.about), code


@pytest.mark.parametrize(("lang", "file"), catalogue.FILES.items())
def test_the_page_of_documentation_is_the_registry(lang: str, file: str) -> None:
    assert (SOURCE.parents[1] / file).read_text(encoding="utf-8") == catalogue.page(lang), (
        "python -m kalata.ledger.catalogue"
    )


def test_a_free_string_an_unknown_kind_a_missing_field_and_a_field_too_many_are_refused(db) -> None:
    with pytest.raises(Undeclared):
        record(by=None, kind="ledger.guards_set", subject="database", after={"tables": []})  # type: ignore[arg-type]
    with pytest.raises(Undeclared):
        known("ledger.nothing")
    with pytest.raises(Undeclared, match="without tables"):
        record(by=None, kind=GUARDS_SET, subject="database")
    with pytest.raises(Undeclared, match="more not declared"):
        record(by=None, kind=GUARDS_SET, subject="database", after={"tables": [], "more": 1})
    with pytest.raises(Undeclared, match="subject"):
        record(by=None, kind=GUARDS_SET, subject="contest:x", after={"tables": []})
    with pytest.raises(Undeclared, match="personal"):
        read_of_personal_data(by=None, kind=GUARDS_SET, subject="database")
    assert record(by=None, kind=READ_LEDGER, subject="ledger?q=x").personal


def test_two_rooms_never_declare_one_code_otherwise() -> None:
    with pytest.raises(Undeclared, match="twice"):
        declare("ledger.guards_set", "autre chose", "database")
    with pytest.raises(Undeclared, match="longer"):
        declare("x" * (CODE + 1), "trop long", "database")
