"""Nothing looks into what was sent but the one edge: a view that does is named here, with its line."""

import ast
from pathlib import Path

import pytest

import kalata

HOUSE = Path(kalata.__file__).parent
EDGE = {"ui/edge.py", "ui/machines.py"}
"""Of pages, and of the JSON that machines send."""
SENT = {"POST", "GET", "FILES", "body"}


def looks(tree: ast.AST) -> list[int]:
    """Lines where a request is read past the edge: `request.POST` and its kin under any name of a request."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in SENT
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) in ("request", "req", "r")
    ]


def plain_forms(tree: ast.AST) -> list[int]:
    """Lines where a form or a field of a form is not one of the trade."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(b, ast.Attribute) and b.attr in ("Form", "ModelForm") for b in node.bases)
    ]


MODULES = sorted(p for p in HOUSE.rglob("*.py") if "migrations" not in p.parts and "assets" not in p.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_nobody_looks_into_a_request_but_the_edge(path):
    name = str(path.relative_to(HOUSE))
    if name in EDGE:
        return
    tree = ast.parse(path.read_text())
    assert looks(tree) == [], f"{name}: read parameters with kalata.ui.edge (asked, posted, acted, form_of)"
    assert plain_forms(tree) == [], f"{name}: a form is an edge.Edge with the fields of kalata.ui.fields"


def test_the_lint_sees_what_it_should():
    bad = "def view(request):\n    a = request.POST['x']\n    b = request.GET.get('y')\n    c = self.request.FILES\n"
    assert sorted(looks(ast.parse(bad))) == [2, 3, 4]
    assert plain_forms(ast.parse("class A(forms.Form):\n    pass\n")) == [1]


def test_every_field_of_every_form_is_bounded():
    """No text without a length, no number without a bound, no file without a size."""
    from django import forms

    from kalata.ui import edge, fields
    from tests.web.walk import every_form

    loose = []
    for kind in every_form():
        for name, field in kind.base_fields.items():
            if (
                isinstance(field, forms.CharField)
                and not field.max_length
                and not isinstance(field, forms.EmailField | forms.SlugField)
            ):
                loose.append(f"{kind.__name__}.{name}")
            if isinstance(field, forms.IntegerField) or type(field) in (
                forms.CharField,
                forms.FileField,
                forms.DateField,
                forms.TimeField,
            ):
                loose.append(f"{kind.__name__}.{name} is a {type(field).__name__}")
            assert isinstance(field, forms.Field)
    assert loose == []
    assert issubclass(edge.Paging, edge.Edge) and fields.MOST_ID == 2**63 - 1
