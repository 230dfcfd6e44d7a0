"""The reasons of a draft by sections: versions kept, two judges at once lose nothing, figures come from the acts alone."""

import json

import pytest

from kalata.disputes.models import Clause, Ruling, RulingScratch, RulingText
from kalata.disputes.queries import reasons as queries
from kalata.disputes.rules import reasons as rules
from kalata.disputes.rules import rulings as life
from kalata.disputes.services import reasons, rulings
from kalata.ledger.models import Act
from kalata.refusals import Forbidden
from tests.disputes.services.test_rulings import petition, president, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db


def again(one):
    return Ruling.objects.get(pk=one.pk)


def merits(one):
    return f"merits:{one.outcomes.get().petition.number}:g1"


def test_the_sections_are_those_of_the_petitions_and_their_grounds(ruling, petition):  # noqa: F811
    keys = [s.key for s in queries.sections_of(ruling)]
    assert keys == ["visas", "facts", "procedure", f"admissible:{petition.number}:g1", f"merits:{petition.number}:g1"]
    with pytest.raises(rules.NoSuchSection):
        rules.section_of("merits:other:g1", queries.sections_of(ruling))


def test_a_section_is_printed_with_the_figures_that_the_acts_give(ruling, judge):  # noqa: F811
    reasons.write(ruling=ruling, key=merits(ruling), text="il y a lieu d’annuler {bureaux_annules} bureau, {suffrages_annules} suffrages.", base=0, by=judge)  # fmt: skip
    reasons.write(ruling=again(ruling), key="procedure", text="Les parties ont été entendues.", base=0, by=judge)
    held = rulings.generate(ruling=again(ruling), by=judge)
    text = "\n".join(p for part in held.print["parts"].values() for p in part)
    assert "annuler 1 bureau, 290 suffrages" in text and "Les parties ont été entendues." in text and "{" not in text
    whole = rulings.whole(held)
    assert "290 suffrages" in whole["outcomes"][0]["reasons"]["g1"] and whole["texts"]["procedure"]


def test_a_figure_that_nothing_fills_is_refused_when_it_is_kept(ruling, judge):  # noqa: F811
    with pytest.raises(rules.NoSuchFigure) as met:
        reasons.write(ruling=ruling, key="facts", text="{bureaux_annulés} et {exprimes}", base=0, by=judge)
    assert "bureaux_annulés" in met.value.message.text("fr") and "exprimes" not in met.value.message.text("fr")
    assert not RulingText.objects.exists()


def test_two_judges_on_one_section_lose_nothing(ruling, judge, president):  # noqa: F811
    reasons.keep(ruling=ruling, key="facts", text="texte de l’un", base=0, by=judge)
    assert reasons.write(ruling=ruling, key="facts", text="texte de l’un", base=0, by=judge) == 1
    other = make_rapporteur()
    reasons.keep(ruling=ruling, key="facts", text="texte de l’autre", base=0, by=other)
    with pytest.raises(rules.SectionMoved) as met:
        reasons.write(ruling=again(ruling), key="facts", text="texte de l’autre", base=0, by=other)
    assert met.value.code == "DIS-783"
    assert queries.scratch_of(other, ruling, "facts").text == "texte de l’autre"
    assert queries.scratch_of(judge, ruling, "facts") is None
    assert queries.current(again(ruling), rules.Section("facts")) == ("texte de l’un", 1)
    assert reasons.write(ruling=again(ruling), key="facts", text="les deux", base=1, by=other) == 2
    assert [v.text for v in queries.versions(ruling, "facts")] == ["les deux", "texte de l’un"]


def make_rapporteur():
    from tests.conftest import make_person

    return make_person("autre-juge", "juge")


def test_the_same_words_make_no_version_and_a_version_never_changes(ruling, judge):  # noqa: F811
    from django.db import DatabaseError, transaction

    reasons.write(ruling=ruling, key="facts", text="mots", base=0, by=judge)
    assert reasons.write(ruling=again(ruling), key="facts", text=" mots \n", base=1, by=judge) == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        RulingText.objects.update(text="autre")


def test_nothing_of_a_draft_is_in_the_ledger_but_who_wrote_which_section(ruling, judge):  # noqa: F811
    reasons.write(ruling=ruling, key=merits(ruling), text="secret du délibéré", base=0, by=judge)
    reasons.remark(ruling=ruling, key="facts", words="remarque secrète", by=judge)
    told_ = json.dumps(
        [[e.kind, e.before, e.after, e.reason] for e in Act.objects.all()], ensure_ascii=False, default=str
    )
    assert "disputes.ruling_written" in told_ and "secret" not in told_


def test_a_remark_stays_and_is_resolved_once_until_the_signature(ruling, judge, president, registrar):  # noqa: F811
    one = reasons.remark(ruling=ruling, key="facts", words="à préciser", by=judge)
    first = reasons.resolve(ruling=ruling, remark_id=one.pk, by=president)
    assert reasons.resolve(ruling=ruling, remark_id=one.pk, by=judge).resolved_by == first.resolved_by
    with pytest.raises(Forbidden):
        reasons.remark(ruling=ruling, key="facts", words="non", by=registrar)


def test_a_draft_at_the_gate_is_not_written_but_is_still_remarked_on(ruling, judge):  # noqa: F811
    rulings.to_gate(ruling=ruling, by=judge)
    with pytest.raises(life.NotADraft):
        reasons.write(ruling=again(ruling), key="facts", text="t", base=0, by=judge)
    assert reasons.remark(ruling=ruling, key="facts", words="à revoir", by=judge).pk


def test_words_changed_after_the_print_must_be_printed_again(ruling, judge):  # noqa: F811
    reasons.write(ruling=ruling, key="facts", text="nouveau", base=0, by=judge)
    with pytest.raises(life.NotPrinted):
        rulings.to_gate(ruling=again(ruling), by=judge)


def test_what_becomes_of_each_ground_is_said(ruling, petition, judge):  # noqa: F811
    reasons.answer(ruling=ruling, petition=petition.number, answers={"g1": "founded", "g9": "founded"}, by=judge)
    assert again(ruling).outcomes.get().answers == {"g1": "founded"}
    assert rulings.said_of(again(ruling))["outcomes"][0]["answers"] == {"g1": "founded"}


def test_clauses_keep_every_version_with_who_and_when(judge, registrar, published):
    reasons.clause(code="hors-delai", title="Hors délai", part="admissible", text="un", base=0, by=judge)
    reasons.clause(code="hors-delai", title="Hors délai", part="admissible", text="deux", base=1, by=judge)
    with pytest.raises(rules.SectionMoved):
        reasons.clause(code="hors-delai", title="Hors délai", part="admissible", text="trois", base=1, by=judge)
    with pytest.raises(Forbidden):
        reasons.clause(code="x", title="x", part="merits", text="x", base=0, by=registrar)
    assert [c.text for c in queries.clauses("admissible")] == ["deux"] and Clause.objects.count() == 2


def test_templates_come_from_the_pack_with_their_source(ruling):  # noqa: F811
    found = queries.templates_of(ruling, "merits")
    assert found and all(t["source"] and t["confidence"] for t in found)
    known = queries.figures_of(ruling)
    for part in rules.PART_LABELS:
        for one in queries.templates_of(ruling, part):
            assert rules.fill(one["text_fr"], known)[1] == []


def test_two_versions_side_by_side_give_back_the_new_one():
    old, new = "les six bureaux de Sido sont annulés", "les huit bureaux de Sido\nsont annulés"
    found = rules.difference(old, new)
    assert "".join(w for what, w in found if what != rules.GONE) == new
    assert "".join(w for what, w in found if what != rules.ADDED) == old
    assert (rules.GONE, "six") in found and (rules.ADDED, "huit") in found


def test_a_scratch_is_its_writers_alone(ruling, judge, president):  # noqa: F811
    reasons.keep(ruling=ruling, key="facts", text="à moi", base=0, by=judge)
    assert queries.scratch_of(president, ruling, "facts") is None
    reasons.discard(ruling=ruling, key="facts", by=judge)
    assert not RulingScratch.objects.exists()
