"""A date on a page: the first day of a month is written 1er in French, and only there."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils import timezone, translation

FIRST, SECOND = date(2027, 3, 1), date(2027, 3, 2)


def written(pattern, day, lang):
    with translation.override(lang):
        return engines["django"].from_string('{{ d|date:"' + pattern + '" }}').render({"d": day})


@pytest.mark.parametrize(
    ("pattern", "says"),
    [("j F Y", "1er mars 2027"), ("l j F Y", "lundi 1er mars 2027"), ("j b", "1er mar"), ("j F", "1er mars"), ("Y-m-d", "2027-03-01")],
)  # fmt: skip
def test_the_first_of_a_month_is_1er_in_french(pattern, says):
    assert written(pattern, FIRST, "fr").startswith(says)


def test_another_day_and_another_language_are_as_django_writes_them():
    assert written("j F Y", SECOND, "fr") == "2 mars 2027"
    assert written("j F Y", date(2027, 3, 11), "fr") == "11 mars 2027"
    assert written("j F Y", FIRST, "en") == "1 March 2027"


def test_the_day_is_that_of_the_jurisdiction_not_of_universal_time():
    at = datetime(2027, 2, 28, 23, 30, tzinfo=UTC)
    with timezone.override("Africa/Bangui"):
        assert written("j F Y, H:i", at, "fr") == "1er mars 2027, 00:30"


def test_now_is_written_by_the_same_rule(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 3, 1, 12, tzinfo=UTC))
    with translation.override("fr"):
        assert engines["django"].from_string('{% now "l j F Y" %}').render({}) == "lundi 1er mars 2027"
