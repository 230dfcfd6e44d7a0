"""The field that finds a place: exact is taken, near is offered, nothing is guessed."""

import pytest
from django.http import QueryDict

from kalata.country.models import Unit
from kalata.people.forms import MandateForm
from kalata.ui.pickers import Known, nearest

KNOWN = [
    Known(1, "ML-KAY", ["Kayes"]),
    Known(2, "ML-SEG", ["Ségou", "Segu"]),
    Known(3, "ML-SEG-01", ["Ségou"]),
    Known(4, "X", ["Mopti"]),
]


@pytest.mark.parametrize(
    ("typed", "exact", "offered"),
    [("kayes", [1], 1), ("ML-SEG", [2], 2), ("segou", [2, 3], 2), ("Kayse", [], 1), ("mop", [], 4), ("ségu", [2], 2), ("zzz", [], None)],
)  # fmt: skip
def test_what_is_typed_finds_by_code_name_other_name_or_nearly(typed, exact, offered):
    found, near = nearest(typed, KNOWN)
    assert found == exact and (near[0] if near else None) == offered


def sent(**data):
    query = QueryDict(mutable=True)
    query.update({"role": "observateur", "reason": "décision 1", **data})
    return MandateForm(query)


def test_one_exact_name_is_taken_and_a_near_one_is_offered_with_its_kind_and_path(contest):
    kayes = Unit.objects.get(geography__code="ml-2015", code="ML-KAY")
    assert sent(unit_texte="ML-KAY").v.unit == kayes
    assert sent(unit=str(kayes.pk)).v.unit == kayes and sent().v.unit is None
    form = sent(unit_texte="Kayse")
    assert "unit" in form.errors and form.v.unit is None
    drawn = str(form["unit"])
    assert f'type="radio" id="id_unit_0" name="unit" value="{kayes.pk}"' in drawn and 'value="Kayse"' in drawn
    assert "(ml-2015)" in drawn
    assert sent(unit_texte="Kayse", unit=str(kayes.pk)).v.unit == kayes, "what was offered and chosen is taken"


def test_a_choice_that_does_not_answer_what_is_typed_is_never_taken(contest):
    segou = Unit.objects.get(geography__code="ml-2015", code="ML-SEG")
    form = sent(unit_texte="ML-KAY", unit=str(segou.pk))
    assert form.v.unit.code == "ML-KAY"
    assert "unit" in sent(unit_texte="Kayse", unit=str(segou.pk)).errors
    for wrong in ("²", "-1", str(10**30), "0", "999999999", "abc"):
        assert "unit" in sent(unit=wrong).errors, wrong
    for wrong in ("x" * 121, "a\x00b", "qqqqqqqq"):
        assert "unit" in sent(unit_texte=wrong).errors, wrong
