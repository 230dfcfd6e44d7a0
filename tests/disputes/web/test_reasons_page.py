"""The pages of the reasons, the clauses and the precedents: kept while typed, nothing lost, nobody outside the bench."""

import pytest

from kalata.disputes.models import Clause, RulingText
from kalata.disputes.services import precedents, reasons
from tests.disputes.services.test_rulings import petition, president, publisher_of_court, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db


def page(one, tail=""):
    return f"/contentieux/decisions/{one.pk}/motifs/{tail}"


def text(answer):
    return answer.content.decode()


def test_a_section_is_kept_as_a_draft_then_as_a_version_and_compared(sign_in, ruling, judge):  # noqa: F811
    client = sign_in(judge)
    assert client.post(page(ruling), {"act": "keep", "section": "facts", "text": "un début", "base": 0}).json()["kept"]
    assert "un début" in text(client.get(page(ruling, "?section=facts"))) and "lu de vous seul" in text(client.get(page(ruling, "?section=facts")))  # fmt: skip
    assert (
        client.post(page(ruling), {"act": "write", "section": "facts", "text": "six bureaux", "base": 0}).status_code
        == 302
    )
    client.post(page(ruling), {"act": "write", "section": "facts", "text": "huit bureaux", "base": 1})
    shown = text(client.get(page(ruling, "?section=facts&version=1")))
    assert "<del>six</del>" in shown and "<ins>huit</ins>" in shown


def test_the_second_of_two_judges_is_told_and_finds_both_texts(sign_in, ruling, judge):  # noqa: F811
    client = sign_in(judge)
    reasons.write(ruling=ruling, key="facts", text="texte de l’autre", base=0, by=judge)
    answer = client.post(page(ruling), {"act": "write", "section": "facts", "text": "mon texte", "base": 0})
    assert answer.status_code == 409 and "DIS-783" in text(answer)
    shown = text(client.get(page(ruling, "?section=facts")))
    assert "Rien n’est perdu" in shown and ">mon texte</textarea>" in shown and "<del>" in shown
    assert RulingText.objects.count() == 1


def test_a_template_a_clause_and_a_citation_are_put_at_the_end_and_not_kept_by_themselves(sign_in, ruling, judge):  # noqa: F811
    client, key = sign_in(judge), f"merits:{ruling.outcomes.get().petition.number}:g1"
    reasons.clause(code="c1", title="Clause", part="merits", text="Mots de la Cour", base=0, by=judge)
    precedents.gather()
    chosen = precedents.Precedent.objects.get(number="2013-05/CC-EP")
    for what, words in (("modele=DT-UNPROVED", "bureau par bureau"), ("clause=c1", "Mots de la Cour"), (f"citer={chosen.pk}", "2013-05/CC-EP du 7 août 2013")):  # fmt: skip
        assert words in text(client.get(page(ruling, f"?section={key}&{what}")))
    assert not RulingText.objects.exists()


def test_remarks_and_grounds_are_answered_on_the_page(sign_in, ruling, judge, president, petition):  # noqa: F811
    client = sign_in(judge)
    client.post(page(ruling), {"act": "remark", "section": "facts", "words": "à préciser"})
    remark = ruling.remarks.get()
    assert "à préciser" in text(sign_in(president).get(page(ruling, "?section=facts")))
    client = sign_in(judge)
    client.post(page(ruling), {"act": "resolve", "remark": remark.pk})
    client.post(page(ruling), {"act": "grounds", "petition": petition.number, "answer1": "founded"})
    assert ruling.remarks.get().resolved_by == judge and ruling.outcomes.get().answers == {"g1": "founded"}


def test_nobody_outside_the_bench_reads_reasons_clauses_or_precedents(sign_in, ruling, registrar, supervisor, publisher_of_court):  # noqa: F811  # fmt: skip
    for person in (registrar, supervisor, publisher_of_court):
        client = sign_in(person)
        assert client.get(page(ruling)).status_code == 404
        assert (
            client.get("/contentieux/clauses/").status_code == 403 == client.get("/contentieux/precedents/").status_code
        )


def test_a_section_that_is_none_is_said_so(sign_in, ruling, judge):  # noqa: F811
    assert sign_in(judge).get(page(ruling, "?section=autre")).status_code == 404


def test_a_clause_is_written_from_its_page_and_found_again(sign_in, ruling, judge):  # noqa: F811
    client = sign_in(judge)
    client.post(
        "/contentieux/clauses/", {"act": "save", "title": "Hors délai", "part": "admissible", "text": "t", "base": 0}
    )
    one = Clause.objects.get()
    assert one.code == "hors-delai" and "Hors délai" in text(client.get("/contentieux/clauses/?clause=hors-delai"))


def test_precedents_are_searched_narrowed_and_offered_to_the_section_being_written(sign_in, ruling, judge):  # noqa: F811
    precedents.gather()
    shown = text(sign_in(judge).get(f"/contentieux/precedents/?q=recusal&annee=2018&pour={ruling.pk}&section=facts"))
    assert "2018-03/CC-EP" in shown and "<mark>recusal</mark>" in shown and "citer=" in shown
    assert "Aucune décision" in text(sign_in(judge).get("/contentieux/precedents/?q=introuvable"))
