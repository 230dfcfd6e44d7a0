# ruff: noqa: F811
"""A decisive step changes after certificates were given: the page, what is answered, and who makes the certificate valid again."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kalata import __version__
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.refusals import Refused
from kalata.training.models import Agent, Certificate, ManualSource, Procedure, ProcedureVersion, Refresher
from kalata.training.queries import refreshers as queries
from kalata.training.services import refreshers
from tests.training.services.test_classes import certified, draft, lesson, people  # noqa: F401  the class, its people, its plan

pytestmark = pytest.mark.django_db
HEAD = {"id": "essai", "title": {"fr": "Essai"}, "pack": "ml", "on": "2027-02-28", "parameters": {"station.opens": "08:00"}}


def content(code, word):
    return {
        "id": code, "title": {"fr": code}, "roles": ["assessors"], "phase": "opening",
        "steps": [{"id": f"{code}.1", "do": {"fr": f"À {{station.opens}}, {word}."}, "practice": True, "critical": True}],
        "items": [
            {"id": f"I-{code}-{n}", "step": f"{code}.1", "kind": "choice", "text": {"fr": f"Question {n} ?"}, "answers": [{"text": {"fr": "oui"}, "fraction": "1"}, {"text": {"fr": "non"}, "fraction": "0"}]}
            for n in (1, 2, 3, 4)
        ],
    }  # fmt: skip


def changed(people, code):
    """A procedure with an approved version, and another that takes its place."""
    source, _new = ManualSource.objects.get_or_create(code="essai", defaults={"head": HEAD})
    procedure = Procedure.objects.create(source=source, code=code, file=f"{code.lower()}.yaml")
    hands = {"reviewed_by": people["one"], "tested_by": people["cell"], "approved_by": people["two"]}

    def version(number, state, word, base=None):
        return ProcedureVersion.objects.create(
            procedure=procedure, number=number, state=state, base=base, content=content(code, word), sha256=f"{number}", title_fr=code, roles="|assessors|", **hands
        )  # fmt: skip

    before = version(1, "retired", "ouvrez")
    now = version(2, "approved", "ouvrez devant les délégués", before)
    refreshers.changed(before, now)
    return before, now


@pytest.fixture
def asked(certified, people):
    _before, now = changed(people, "OUV")
    certified.refresh_from_db()
    return now


def letters(client, version, number="", wrong=0):
    """The page filled in by somebody who reads it; the right answer is always « oui »."""
    page = client.get(reverse("certificates:course", args=[version.pk])).content.decode()
    given = {f"a{n}": letter for n, letter, word in re.findall(r'name="a(\d)" value="(\w)"> \w\. (\w+)', page) if word == "oui"}
    if wrong:
        given["a1"] = "A" if given["a1"] == "B" else "B"
    return client.post(reverse("certificates:course", args=[version.pk]), {"act": "answer", "n": number, **given})


def test_only_another_decisive_step_asks_for_a_refresher_and_the_post_is_uncovered_until_then(certified, people):
    before, now = changed(people, "OUV")
    assert refreshers.changed(before, before) == refreshers.changed(None, now) == 0
    certified.refresh_from_db()
    assert certified.state == "update" and Agent.objects.get(pk=certified.agent_id).certificate_version == ""
    with pytest.raises(Refused) as early:
        refreshers.confirm(certificate=certified, reason="r", by=people["one"])
    assert early.value.code == "TRN-624"
    refreshers.note(certificate=certified, right=3, out_of=3, route="phone", by=people["formatrice"])
    assert refreshers.confirm(certificate=certified, reason="r", by=people["one"]).state == "valid"
    assert Agent.objects.get(pk=certified.agent_id).certificate_version == certified.version


def test_each_change_asks_for_its_own_page_and_an_old_answer_clears_no_new_change(certified, people, asked):
    refreshers.note(certificate=certified, right=3, out_of=3, route="paper", by=people["formatrice"])
    changed(people, "CLO")
    assert [u.version.procedure.code for u in queries.left(certified)] == ["CLO"]
    with pytest.raises(Refused) as one_is_left:
        refreshers.confirm(certificate=certified, reason="r", by=people["one"])
    assert one_is_left.value.code == "TRN-624"
    changed(people, "DEP")
    with pytest.raises(Refused) as which:
        refreshers.note(certificate=certified, right=3, out_of=3, route="paper", by=people["formatrice"])
    assert which.value.code == "TRN-643"
    for code in ("CLO", "DEP"):
        refreshers.note(certificate=certified, right=3, out_of=3, route="paper", procedure=code, by=people["formatrice"])
    assert refreshers.confirm(certificate=certified, reason="r", by=people["one"]).state == "valid"


def test_the_page_says_what_changed_asks_three_questions_and_keeps_an_answer_with_a_number_alone(client, certified, asked):
    page = client.get(reverse("certificates:course", args=[asked.pk])).content.decode()
    assert "À 08:00, ouvrez devant les délégués." in page and "<del>À 08:00, ouvrez.</del>" in page
    assert page.count("<fieldset") == 3 and certified.number not in page
    assert __version__ in page[page.index("<footer") :]  # the foot says the software, not the version of the page
    assert "rien n’a été gardé" in letters(client, asked).content.decode()
    assert "ne porte ce numéro" in letters(client, asked, "K27-NONE-0000").content.decode()
    assert not Refresher.objects.exists()
    assert "2 juste sur 3" in letters(client, asked, certified.number, wrong=1).content.decode()
    assert queries.left(certified)
    letters(client, asked, certified.number)
    assert not queries.left(certified) and Certificate.objects.get().state == "update"


def test_who_knows_a_number_uses_up_no_answer_of_its_holder_and_fills_no_table(client, certified, asked, people):
    said = [letters(client, asked, certified.number, wrong=1) for _n in range(12)]
    assert Refresher.objects.count() == 5 and "déjà gardés" in said[6].content.decode()
    assert said[-1].status_code == 429 and "TRN-642" in said[-1].content.decode()
    holder = Client(REMOTE_ADDR="192.0.2.7")
    assert "redevient valable" in letters(holder, asked, certified.number).content.decode()
    assert not queries.left(certified)


def test_the_page_is_made_once_for_the_versions_it_tells(client, certified, asked, people, monkeypatch):
    made = []
    monkeypatch.setattr(queries, "course_made", lambda one, lang, real=queries.course_made: made.append(lang) or real(one, lang))
    pages = [client.get(reverse("certificates:course", args=[asked.pk])).content.decode() for _n in range(3)]
    assert len(made) <= 1 and pages[0].count("<fieldset") == pages[2].count("<fieldset") == 3
    ManualSource.objects.update(head={**HEAD, "parameters": {"station.opens": "07:30"}})
    assert "À 07:30, ouvrez devant les délégués." in client.get(reverse("certificates:course", args=[asked.pk])).content.decode()


def test_a_trainer_notes_every_question_of_the_page(certified, asked, people):
    for short in (1, 2):
        with pytest.raises(Refused) as less:
            refreshers.note(certificate=certified, right=short, out_of=short, route="paper", by=people["formatrice"])
        assert less.value.code == "TRN-646" and not Refresher.objects.exists()
    refreshers.note(certificate=certified, right=3, out_of=3, route="paper", by=people["formatrice"])
    assert not queries.left(certified)


def test_an_answer_of_another_time_clears_nothing_and_a_trainer_s_note_is_confirmed_by_one(client, certified, asked, people):
    Refresher.objects.create(certificate=certified, version=asked, right=3, out_of=3, route="page", at=asked.made_at)
    assert queries.left(certified)  # answered before it was asked: of another time
    refreshers.note(certificate=certified, right=3, out_of=3, route="paper", by=people["formatrice"])
    assert refreshers.confirm(certificate=certified, reason="r", by=people["one"]).state == "valid"


def test_a_page_answered_alone_makes_no_certificate_valid_by_one_person(client, certified, asked, people, contest):
    letters(client, asked, certified.number)
    with pytest.raises(Refused) as alone:
        refreshers.confirm(certificate=certified, reason="r", by=people["one"])
    assert alone.value.code == "TRN-641"
    request = refreshers.ask(contest=contest, reason="relu", by=people["one"])
    with pytest.raises(Refused):
        decide_approval(approval_id=request.pk, to=Decision.APPROVED, by=people["one"])
    decide_approval(approval_id=request.pk, to=Decision.APPROVED, by=people["two"])
    certified.refresh_from_db()
    assert certified.state == "valid" and Agent.objects.get(pk=certified.agent_id).certificate_version == certified.version
    with pytest.raises(Refused) as nothing:
        refreshers.ask(contest=contest, reason="relu", by=people["one"])
    assert nothing.value.code == "TRN-644"


def test_a_version_without_another_decisive_step_has_no_page(client, asked):
    assert client.get(reverse("certificates:course", args=[asked.base_id])).status_code == 404


def test_a_page_without_a_question_keeps_nothing(client, certified, people):
    _before, now = changed(people, "VID")
    ProcedureVersion.objects.filter(pk=now.pk).update(content={**content("VID", "autre"), "items": []})
    answer = client.post(reverse("certificates:course", args=[now.pk]), {"act": "answer", "n": certified.number})
    assert answer.status_code == 200 and "Aucune question" in answer.content.decode() and not Refresher.objects.exists()


def test_a_request_takes_so_many_at_most_and_reads_them_in_a_few_queries(client, certified, asked, people, contest, monkeypatch, django_assert_max_num_queries):
    letters(client, asked, certified.number)
    monkeypatch.setattr(refreshers, "MOST", 0)
    with pytest.raises(Refused):
        refreshers.ask(contest=contest, reason="relu", by=people["one"])
    monkeypatch.undo()
    request = refreshers.ask(contest=contest, reason="relu", by=people["one"])
    assert request.payload["certificates"] == [certified.pk]
    with django_assert_max_num_queries(6):
        refreshers.picture_of(request)
