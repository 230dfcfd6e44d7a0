# ruff: noqa: F811
"""The editor of a case, part by part, and the page of a rater, one sheet at a time."""

import re
from types import SimpleNamespace

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kalata.training.forms.moot_editing import OF_ENGINE
from kalata.training.models import MootSheet, MootVersion
from kalata.training.pages import moot_editing as pages
from kalata.training.queries import moots as cases
from kalata.training.services import moot_sittings, moots
from tests.training.services.test_moots import RIGHT, held, imported, people, rate, through  # noqa: F401  two cases as drafts, everybody who works on them

pytestmark = pytest.mark.django_db


def opened(client, address):
    """Every field of the form that stands open, as the page would send it."""
    page = client.get(address).content.decode()
    form = next(f for f in re.findall(r"<form method=\"post\".*?</form>", page, re.S) if 'name="n"' in f)
    return page, form


def filled(client, one, **look):
    """The form of a part as it is shown, ready to be sent again."""
    answer = client.get(reverse("moots:edit", args=[one.pk]), look)
    form = answer.context["form"]
    said = {name: form[name].value() for name in answer.context["boxes"]}
    said |= {"topics": [k for k, _w, on in answer.context["topics"] if on]} if look.get("part") == "head" else {}
    said = {
        k: v.strftime("%d/%m/%Y") if hasattr(v, "strftime") else v
        for k, v in said.items()
        if v is not None and v is not False
    }
    flags = dict.fromkeys(answer.context["set"], "1")
    return {**said, **flags, **answer.context["kind"], "act": form.act, "seen": one.sha256, "stage": look.get("stage", 0), "n": look.get("n", 0)}


@pytest.fixture
def draft(imported):
    return MootVersion.objects.get(case__code="AFF-02")


def test_every_part_sent_as_it_is_shown_changes_nothing(draft, people, sign_in):
    client, before = sign_in(people["cell"]), draft.content
    parts = [{"part": p} for p in ("head", "election", "file")]
    parts += [{"part": "criterion", "n": n} for n, _c in enumerate(before["rubric"], 1)]
    for s, stage in enumerate(before["stages"], 1):
        parts += [
            {"part": "stage", "n": s},
            *({"part": "question", "stage": s, "n": q} for q, _q in enumerate(stage["questions"], 1)),
        ]
        parts += [{"part": "paper", "stage": s, "n": k} for k, _p in enumerate(stage.get("papers") or (), 1)]
    for look in parts:
        answer = client.post(reverse("moots:edit", args=[draft.pk]), filled(client, draft, **look))
        assert answer.status_code == 302, (look, answer.content.decode()[-3000:])
        draft.refresh_from_db()
        assert draft.content == before, look


def test_a_question_is_answered_by_the_engine_that_its_form_names_and_a_stage_is_added_moved_and_taken_away(
    draft, people, sign_in
):
    client, url = sign_in(people["cell"]), reverse("moots:edit", args=[draft.pk])
    said = filled(client, draft, part="question", stage=2, n=2)
    assert "356" in client.get(url, {"part": "question", "stage": 2, "n": 2}).content.decode()
    client.post(url, {**said, "acts": "[]"})
    draft.refresh_from_db()
    assert moots.answers_of(draft)["Q4"] == "361"
    stage = {
        "act": "stage", "seen": draft.sha256, "n": 0, "title_fr": "Après", "title_en": "After", "minutes": "10", "facts_fr": "Un fait.", "facts_en": "A fact.",
        "law": "ML-D-RESULTS", "question_id": "Q8", "question_fr": "Et ensuite ?", "question_en": "And then?",
    }  # fmt: skip
    refused = client.post(url, {**stage, "facts_en": "One.\nTwo."}).content.decode()
    assert "TRN-423" in refused
    assert "TRN-521" in client.post(url, {**stage, "law": "ML-NOWHERE"}).content.decode()
    assert client.post(url, stage).status_code == 302
    draft.refresh_from_db()
    assert [s["title"]["fr"] for s in draft.content["stages"]][-1] == "Après"
    assert "PEO-212" in client.post(url, stage).content.decode()  # the page of before
    client.post(url, {"act": "move", "field": "stages", "n": 4, "to": "-1", "seen": draft.sha256})
    draft.refresh_from_db()
    assert draft.content["stages"][2]["questions"][0]["id"] == "Q8"
    client.post(url, {"act": "remove", "field": "stages", "n": 3, "seen": draft.sha256})
    draft.refresh_from_db()
    assert len(draft.content["stages"]) == 3


def test_the_file_goes_out_comes_back_and_another_one_is_refused_with_its_field(draft, people, sign_in):
    client, url = sign_in(people["cell"]), reverse("moots:edit", args=[draft.pk])
    data = client.get(reverse("moots:file", args=[draft.pk])).content
    assert yaml.safe_load(data) == draft.content
    whole = data.replace(b"AFF-02", b"AFF-99")
    answer = client.post(
        url, {"act": "file", "seen": draft.sha256, "text": "", "file": SimpleUploadedFile("a.yaml", whole)}
    )
    assert answer.status_code == 422 and "TRN-521" in answer.content.decode()
    content = yaml.safe_load(data)
    content["lesson"]["fr"] = "Autre leçon."
    client.post(url, {"act": "file", "seen": draft.sha256, "text": yaml.safe_dump(content, allow_unicode=True)})
    draft.refresh_from_db()
    assert draft.content["lesson"]["fr"] == "Autre leçon."
    for name in ("review", "rate1", "judge1"):
        sign_in(people[name])
        assert client.get(url).status_code == 403


def test_a_rater_has_one_sheet_open_no_level_chosen_beforehand_and_goes_on_to_the_next(imported, people, sign_in):
    one = held("ETH-01", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    moot_sittings.answer(sitting=one, given={"Q2": ["ma raison"]}, by=people["judge1"], stage=1)
    for stage in range(2, len(one.version.content["stages"]) + 1):
        moot_sittings.open_stage(sitting=one, stage=stage, by=people["host"])
    moot_sittings.close(sitting=one, by=people["host"])
    client, url = sign_in(people["rate1"]), reverse("moots:sitting", args=[one.pk])
    page = client.get(url).content.decode()
    assert page.count('value="rate"') == 1 and 'id="s1"' in page and "3 feuilles" in page and "ma raison" in page
    assert page.count('<option value="">à dire</option>') == len(one.version.content["rubric"])
    sheet = {"act": "rate", "seat": 1, "feedback": "Clair."}
    blank = client.post(url, {**sheet, "levels": ["", *["2"] * (len(one.version.content["rubric"]) - 1)]})
    assert blank.status_code == 422 and not MootSheet.objects.exists()
    client.post(url, {**sheet, "levels": ["2"] * len(one.version.content["rubric"])})
    page = client.get(url).content.decode()
    assert MootSheet.objects.count() == 1 and 'id="s2"' in page and "2 feuilles" in page
    again = client.get(url, {"place": 1}).content.decode()
    assert 'id="s1"' in again and 'value="rate"' not in again and "Personne suivante" in again


def test_differences_are_talked_over_one_at_a_time_and_what_is_left_is_said(imported, people, sign_in):
    one = through(held("AFF-02", people), people, {"judge1": RIGHT})
    rate(one, people, {1: 0, 2: 2, 3: 2}, {1: 3, 2: 2, 3: 2})
    n = len(one.version.content["rubric"])
    client, url = sign_in(people["rate1"]), reverse("moots:sitting", args=[one.pk])
    page = client.get(url).content.decode()
    assert page.count('value="agree"') == 1 and f"{n} écarts attendent" in page and f"Écart 1 sur {n}" in page
    criterion = re.search(r'name="criterion" value="([^"]+)"', page)[1]
    said = {"act": "agree", "seat": 1, "criterion": criterion, "level": 2, "reason": "relu ensemble"}
    assert client.post(url, said)["Location"].endswith("#g")
    page = client.get(url).content.decode()
    assert f"Écart 2 sur {n}" in page and f"{n - 1} écart" in page and "attend que l’autre" in page
    assert "Vous avez inscrit 2." in client.get(url, {"ecart": 1}).content.decode()
    sign_in(people["rate2"]).post(url, said)
    assert 'value="agree"' not in client.get(url, {"ecart": 1}).content.decode()


def test_what_a_question_asks_is_chosen_first_and_its_engine_alone_has_boxes(draft, people, sign_in):
    client, url = sign_in(people["cell"]), reverse("moots:edit", args=[draft.pk])
    look = {"part": "question", "stage": 2}
    first = client.get(url, look).content.decode()
    assert 'method="get"' in first and 'name="by"' in first and 'name="norm"' not in first and 'value="question"' in first
    assert 'name="norm"' not in client.get(url, {**look, "asks": "computed"}).content.decode()  # no engine yet
    every = {name for names in OF_ENGINE.values() for name in names}
    for engine, names in OF_ENGINE.items():
        page = client.get(url, {**look, "asks": "computed", "by": engine})
        assert set(names) == every & set(page.context["boxes"]), engine
    assert not every & set(client.get(url, {**look, "asks": "choice"}).context["boxes"])
    said = filled(client, draft, **look, asks="computed", by="effect")
    sent = {
        **said, "id": "Q9", "text_fr": "Et l’écart ?", "text_en": "And the gap?", "ask_effect": "votes", "ask_name": "Liste du Puits", "acts": "annuler | TK-11",
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    draft.refresh_from_db()
    made = draft.content["stages"][1]["questions"][-1]
    assert made["engine"] == {
        "by": "effect", "ask": "votes:Liste du Puits",
        "acts": [{"id": "1", "act": "ANNUL_STATION", "stations": [["TK-11"]], "ground": "g1", "evidence": ["p1"]}],
    }  # fmt: skip
    assert moots.answers_of(draft)["Q9"] == "44067"
    sent = {**sent, "seen": draft.sha256, "acts": "effacer | TK-11"}
    assert "TRN-423" in client.post(url, sent).content.decode()


def test_every_question_of_the_pack_comes_back_from_its_boxes_as_it_was():
    for case in cases.shipped("ml"):
        for stage in case["stages"]:
            for question in stage["questions"]:
                kind = pages.kind_of(SimpleNamespace(asks="", by="", choose=False), question)
                shown = pages.initial(case, "question", question)
                given = {name: field.initial or "" for name, field in pages.forms.QuestionForm.base_fields.items()}
                given |= {k: v for k, v in shown.items() if k in pages.forms.shown_for(*kind)} | dict(zip(("asks", "by"), kind, strict=True))
                assert pages.engine_of(SimpleNamespace(**given), question) == question.get("engine"), question["id"]


def test_a_case_is_written_from_its_first_word_and_a_code_that_exists_is_refused(draft, people, sign_in):
    client, url = sign_in(people["cell"]), reverse("moots:new")
    page = client.get(url)
    form = page.context["form"]
    said = {n: form[n].value() or "x" for n in form.fields if n not in ("topics", "seen", "stage", "n")}
    said |= {
        "act": "new", "on": "01/02/2027", "topics": ["evidence"], "code": "AFF-90", "sort": "moot", "source": "", "n": 0, "stage": 0, "seen": "",
        "levels_fr": "a\nb\nc\nd\ne", "levels_en": "a\nb\nc\nd\ne",
    }  # fmt: skip
    answer = client.post(url, said)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    one = MootVersion.objects.get(case__code="AFF-90")
    assert one.state == "draft" and one.content["stages"][0]["questions"][0]["asks"] == "written"
    assert client.get(reverse("moots:edit", args=[one.pk])).status_code == 200
    assert "TRN-544" in client.post(url, said).content.decode()
    assert "TRN-544" in client.post(url, {**said, "code": "AFF-02"}).content.decode()
