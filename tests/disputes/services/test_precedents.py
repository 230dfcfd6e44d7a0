"""Precedents: published decisions and those of the past, found by words without accents, never a draft."""

import pytest

from kalata.disputes.models import Precedent
from kalata.disputes.queries import precedents as queries
from kalata.disputes.rules import precedents as rules
from kalata.disputes.services import precedents
from tests.disputes.services.test_rulings import (  # noqa: F401
    keys,
    notified,
    petition,
    president,
    published_text,
    publisher_of_court,
    ruling,
    told,
)

pytestmark = pytest.mark.django_db


def numbers(*asked, **filters):
    return [p.number for p in queries.search(*asked, **filters)]


def test_a_draft_is_never_found_and_a_published_decision_is_at_once(ruling, judge, president, registrar, publisher_of_court, keys):  # noqa: F811  # fmt: skip
    assert precedents.keep(ruling) is None and numbers("président") == []
    notified(ruling, judge, president, registrar)
    precedents.gather()
    assert ruling.number not in numbers("président")
    published_text(ruling, publisher_of_court, registrar)
    assert numbers("president liste") == [ruling.number] == numbers("PRÉSIDENT n’était") == numbers("presid")
    one = Precedent.objects.get(number=ruling.number)
    assert one.ecli.startswith("ECLI:ML:") and numbers("président", article="ML-D-OPERATIONS", ground="officers", outcome="granted", year=one.year, kind=one.kind) == [ruling.number]  # fmt: skip
    assert numbers("président", outcome="inadmissible") == [] and numbers("président absent") == []


def test_past_decisions_of_the_pack_are_found_with_their_source_and_cited_with_its_worth(published):
    assert precedents.gather() >= 16 and precedents.gather() == 0
    assert numbers("Synouma") == ["2020-03/CC-EL"]
    one = queries.search("recusal").get()
    assert one.source and one.confidence == "secondary source"
    assert queries.cited(one.pk) == "décision n° 2018-03/CC-EP du 8 août 2018 [à vérifier : secondary source]"
    first = Precedent.objects.get(number="2013-05/CC-EP")
    assert queries.cited(first.pk) == "décision n° 2013-05/CC-EP du 7 août 2013"


@pytest.mark.parametrize(
    "hostile", ['"', "*", "a OR b", "') or 1=1 --", "NEAR(", "& | !", "%", "é" * 300, "\u202e", ":*", "-"]
)
def test_no_words_break_the_search(hostile):
    assert list(queries.search(hostile)) == []


def test_words_of_one_letter_and_signs_alone_find_nothing_rather_than_everything(published):
    precedents.gather()
    assert list(queries.search("a")) == [] == list(queries.search("…")) and queries.search("").count() >= 16


def test_a_snippet_keeps_its_accents_and_marks_what_was_asked():
    found = rules.snippet("x " * 200 + "l’annulation des opérations à Sido " + "y " * 200, ["annul", "operations"])
    assert [w for hit, w in found if hit] == ["annulation", "opérations"] and found[0] == (False, "…")
    assert "".join(w for _hit, w in rules.snippet("court", ["rien"])) == "court"


def test_the_words_searched_follow_a_decision_that_is_written_again(published):
    row = {"number": "2019-01/CC", "day": "2019-01-01", "year": 2019, "kind": "x", "title": "t", "text": "bourrage"}
    precedents.written([("test:1", row)])
    precedents.written([("test:1", {**row, "text": "intimidation"})])
    assert numbers("bourrage") == [] and numbers("intimidation") == ["2019-01/CC"]
