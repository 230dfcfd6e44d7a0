"""A moot case from the pack to its results: two persons, a bench, sealed answers, two blind raters, a plan nobody else reads."""

import json
from copy import deepcopy
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from kalata.ledger.models import Act
from kalata.ledger.rules.kinds import KINDS
from kalata.notices.models import Notice
from kalata.people.models import Approval, Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval, give_mandate
from kalata.refusals import Refused
from kalata.training import alerts
from kalata.training.models import ActionPlan, MootAnswer, MootCase, MootSheet, MootVersion
from kalata.training.queries import moot_sittings as queries
from kalata.training.queries import moots as cases
from kalata.training.services import moot_rating, moot_sittings, moots
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
KEPT_WORDS = {
    "MootCase": {"code", "sort"}, "MootVersion": {"state", "sha256", "title_fr", "title_en"}, "MootSitting": {"title", "state"},
    "MootSeat": {"part"}, "MootRater": set(), "MootOpened": set(), "MootOwned": set(), "MootAnswer": {"question", "value", "route", "entry"}, "MootSheet": {"feedback"},
    "MootAgreed": {"criterion", "reason"}, "ActionPlan": set(), "ActionFollowed": set(),
}  # fmt: skip
"""Every column of words of these tables, each of which a screen names: none holds a note of who coached somebody."""
KEPT_VALUES = {
    "MootVersion": {"content", "computed", "authors"},
    "MootSheet": {"levels"},
    "ActionPlan": {"actions"},
    "ActionFollowed": {"outcomes"},
}


@pytest.fixture
def people(pack_version):
    cast = {
        "cell": "cellule-pedagogique",
        "review": "relecture-juridique",
        "host": "animation-juges",
        "rate1": "notation-juges",
        "rate2": "notation-juges",
    }
    return {name: make_person(name, role) for name, role in cast.items()} | {
        f"judge{n}": make_person(f"judge{n}", "formation-locale") for n in (1, 2, 3)
    }


@pytest.fixture
def imported(people, monkeypatch):
    """The case of the effect and the unit of declared interests, as drafts."""
    every = cases.shipped("ml")
    monkeypatch.setattr(cases, "shipped", lambda pack: [c for c in every if c["id"] in ("AFF-02", "ETH-01")])
    moots.import_pack(pack="ml", by=people["cell"])


def approved(code, people):
    one = MootVersion.objects.get(case__code=code, state="draft")
    asked = moots.ask(version=one, reason="prête", by=people["cell"], seen=one.sha256)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["review"])
    one.refresh_from_db()
    return one


def held(code, people):
    one = approved(code, people)
    return moot_sittings.prepare(
        version=one, title="Séance", bench=["judge1", "judge2", "judge3"], raters=["rate1", "rate2"], by=people["host"]
    )


def through(sitting, people, answers):
    """Every stage opened and answered by who is named, then closed."""
    case = cases.case_in(sitting.version)
    for stage in case.stages:
        moot_sittings.open_stage(sitting=sitting, stage=stage.no, by=people["host"])
        for name, given in answers.items():
            here = {q.id: given[q.id] for q in stage.questions if q.id in given}
            moot_sittings.answer(sitting=sitting, given=here, by=people[name])
    return moot_sittings.close(sitting=sitting, by=people["host"])


def rate(sitting, people, first, second):
    """first, second: the level that each rater gives everywhere, by seat."""
    rubric = cases.case_in(sitting.version).rubric
    for name, given in (("rate1", first), ("rate2", second)):
        for seat, level in given.items():
            moot_rating.give(
                sitting=sitting,
                seat=seat,
                levels={c.id: level for c in rubric},
                feedback=f"retour {name}",
                by=people[name],
            )


# --- cases -----------------------------------------------------------------------------------------------------------
def test_a_case_is_approved_by_two_persons_with_the_engines_answers_and_imported_once(imported, people):
    one = approved("AFF-02", people)
    assert one.state == "approved" and one.computed["Q4"] == "356"
    assert Act.objects.get(kind="training.moot_approved").after["computed"] == 4
    assert moots.import_pack(pack="ml", by=people["cell"]) == {"made": 0, "changed": 0, "same": 2}
    with pytest.raises(Refused, match="PEO-101"):
        moots.import_pack(pack="ml", by=people["host"])


def test_the_one_who_asks_does_not_approve_and_a_draft_that_moved_is_not_approved(imported, people):
    one = MootVersion.objects.get(case__code="AFF-02")
    asked = moots.ask(version=one, reason="r", by=people["cell"], seen=one.sha256)
    with pytest.raises(Refused), transaction.atomic():
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["cell"])
    changed = deepcopy(one.content)
    changed["title"]["fr"] = "Autre titre"
    moots.edit(version=one, content=changed, by=people["cell"], seen=one.sha256)
    with pytest.raises(Refused, match="PEO-205"), transaction.atomic():
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["review"])
    with pytest.raises(Refused, match="PEO-212"):
        moots.edit(version=one, content=changed, by=people["cell"], seen="0" * 64)


@pytest.mark.parametrize("name", ["Soumana Sako", "le candidat Cissé", "à Kayes"])
def test_a_real_candidate_or_place_is_refused_in_a_case(imported, people, name):
    one = MootVersion.objects.get(case__code="AFF-02")
    leaked = deepcopy(one.content)
    leaked["stages"][0]["facts"][0]["fr"] += f" {name} proteste."
    with pytest.raises(Refused, match="TRN-522"):
        moots.edit(version=one, content=leaked, by=people["cell"], seen=one.sha256)
    one.refresh_from_db()
    assert one.content != leaked


def test_no_shipped_case_holds_a_name_that_the_registers_of_the_house_hold(pack_version):
    shipped = cases.shipped("ml")
    for content in shipped:
        moots.sound(content)  # TRN-522 otherwise
    assert len(shipped) >= 14 and {c["sort"] for c in shipped} == {"moot", "ethics", "crisis"}


def test_an_approved_case_changes_by_a_draft_that_replaces_it(imported, people):
    old = approved("AFF-02", people)
    draft = moots.open_draft(version=old, by=people["cell"])
    with pytest.raises(Refused, match="TRN-542"):
        moots.open_draft(version=old, by=people["cell"])
    changed = deepcopy(draft.content)
    changed["title"]["fr"] = "Autre titre"
    moots.edit(version=draft, content=changed, by=people["cell"], seen=draft.sha256)
    now = approved("AFF-02", people)
    old.refresh_from_db()
    assert (old.state, now.number, MootCase.objects.get(code="AFF-02").versions.filter(state="approved").count()) == (
        "replaced",
        2,
        1,
    )


# --- a sitting ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("bench", "raters", "code"),
    [
        (["judge1", "judge2"], ["rate1", "rate2"], "TRN-525"), (["judge1", "judge2", "judge3"], ["rate1"], "TRN-526"),
        (["judge1", "judge2", "rate1"], ["rate1", "rate2"], "TRN-526"), (["judge1", "judge2", "host"], ["rate1", "rate2"], "TRN-526"),
        (["judge1", "judge2", "cell"], ["rate1", "rate2"], "TRN-526"),  # who writes cases reads the answers
        (["judge1", "judge2", "judge3"], ["rate1", "cell"], "TRN-526"), (["judge1", "judge2", "nobody"], ["rate1", "rate2"], "TRN-527"),
    ],
)  # fmt: skip
def test_a_bench_is_three_to_nine_with_two_raters_apart_from_all(imported, people, bench, raters, code):
    one = approved("AFF-02", people)
    with pytest.raises(Refused, match=code):
        moot_sittings.prepare(version=one, title="S", bench=bench, raters=raters, by=people["host"])


def test_a_draft_is_not_held(imported, people):
    one = MootVersion.objects.get(case__code="AFF-02")
    with pytest.raises(Refused, match="TRN-524"):
        moot_sittings.prepare(
            version=one, title="S", bench=["judge1", "judge2", "judge3"], raters=["rate1", "rate2"], by=people["host"]
        )


def test_stages_open_in_order_and_an_answer_is_of_the_open_stage(imported, people):
    one = held("AFF-02", people)
    with pytest.raises(Refused, match="TRN-538"):
        moot_sittings.open_stage(sitting=one, stage=2, by=people["host"])
    with pytest.raises(Refused, match="TRN-528"):
        moot_sittings.answer(sitting=one, given={"Q1": ["361"]}, by=people["judge1"])
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    moot_sittings.come(sitting=one, by=people["judge1"])
    moot_sittings.answer(sitting=one, given={"Q1": ["361"]}, by=people["judge1"])
    for given, code in (({"Q3": ["1"]}, "TRN-529"), ({"Q1": ["beaucoup"]}, "TRN-530")):
        with pytest.raises(Refused, match=code), transaction.atomic():
            moot_sittings.answer(sitting=one, given=given, by=people["judge1"])
    with pytest.raises(Refused, match="TRN-531"):
        moot_sittings.answer(sitting=one, given={"Q1": ["1"]}, by=people["rate1"])
    moot_sittings.open_stage(sitting=one, stage=2, by=people["host"])
    with pytest.raises(Refused, match="PEO-212"):
        moot_sittings.answer(sitting=one, given={"Q1": ["1"]}, by=people["judge1"], stage=1)
    with pytest.raises(Refused, match="TRN-538"):
        moot_sittings.close(sitting=one, by=people["host"])


def test_an_answer_is_sealed_until_its_stage_closes(imported, people, client, sign_in):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    moot_sittings.answer(sitting=one, given={"Q2": ["Ma réponse secrète"]}, by=people["judge1"])
    url = reverse("moots:sitting", args=[one.pk])
    for name, reads in (("judge1", True), ("judge2", False), ("host", False), ("rate1", False)):
        sign_in(people[name])
        assert ("Ma réponse secrète" in client.get(url).content.decode()) is reads
    moot_sittings.open_stage(sitting=one, stage=2, by=people["host"])
    sign_in(people["judge2"])
    assert "Ma réponse secrète" in client.get(url).content.decode()
    sign_in(make_person("autre", "formation-locale"))
    assert client.get(url).status_code == client.get(reverse("moots:dossier", args=[one.pk])).status_code == 404


def test_a_paper_sheet_is_copied_by_who_holds_and_the_file_of_the_page_without_network_comes_once(imported, people):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    moot_sittings.answer(sitting=one, given={"Q1": ["361"]}, by=people["host"], seat=2)
    assert MootAnswer.objects.get().route == "paper"
    at = timezone.now().isoformat()
    head = {"sitting": one.pk, "sha256": one.version.sha256}
    rows = [
        {"stage": 1, "at": at}, {"entry": "a", "seat": 1, "question": "Q1", "values": ["361"], "at": at}, {"stage": 2, "at": at},
        {"entry": "b", "seat": 3, "question": "Q5", "values": ["no"], "at": at},
    ]  # fmt: skip
    content = "\n".join(map(json.dumps, [head, *rows])).encode()
    assert moot_sittings.bring(sitting=one, content=content, by=people["host"]) == {"answers": 2, "same": 0}
    assert moot_sittings.bring(sitting=one, content=content, by=people["host"]) == {"answers": 0, "same": 2}
    assert set(queries.opened(one)) == {1, 2}
    later = {
        "entry": "c",
        "seat": 1,
        "question": "Q1",
        "values": ["1"],
        "at": (timezone.now() + timedelta(days=1)).isoformat(),
    }
    for bad in (
        [{**head, "sha256": "0"}],
        [head, {"entry": "c", "seat": 9, "question": "Q1", "values": ["1"], "at": at}],
        [head, later],
        ["x"],
    ):
        with pytest.raises(Refused, match="TRN-539"), transaction.atomic():
            moot_sittings.bring(sitting=one, content="\n".join(map(json.dumps, bad)).encode(), by=people["host"])


def brought(sitting, people, *rows):
    head = {"sitting": sitting.pk, "sha256": sitting.version.sha256}
    lines = [row if isinstance(row, str) else json.dumps(row) for row in (head, *rows)]
    with transaction.atomic():
        return moot_sittings.bring(sitting=sitting, content="\n".join(lines).encode(), by=people["host"])


def test_nobody_brings_an_answer_to_a_stage_that_has_not_opened_or_whose_answers_are_unsealed(imported, people):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    entry = {"entry": "a", "seat": 1, "question": "Q5", "values": ["no"], "at": timezone.now().isoformat()}
    with pytest.raises(Refused, match="TRN-539"):  # its stage has not opened
        brought(one, people, entry)
    moot_sittings.open_stage(sitting=one, stage=2, by=people["host"])
    late = {**entry, "question": "Q1", "values": ["361"], "at": timezone.now().isoformat()}
    with pytest.raises(Refused, match="TRN-539"):  # everybody's answers of this stage are read already
        brought(one, people, late)
    before = {"stage": 3, "at": (timezone.now() - timedelta(days=1)).isoformat()}
    with pytest.raises(Refused, match="TRN-539"):
        brought(one, people, before)
    assert not MootAnswer.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        "[" * 100_000, '{"stage": [1], "at": "2026-01-01"}', '{"stage": true, "at": "2026-01-01"}', '{"seat": [1], "entry": "a", "question": "Q2", "values": ["x"], "at": "2026-01-01"}',
        '{"seat": 1, "entry": "a", "question": "Q2", "values": ["\\ud800"], "at": "2026-01-01"}', '{"seat": 1, "entry": "a", "question": "Q2", "values": ["\\u0000"], "at": "2026-01-01"}',
        '{"seat": 1, "entry": "a", "question": "Q2", "values": ["x"], "at": "0001-01-01T00:00:00+14:00"}', '{"seat": 1, "seat": 2, "entry": "a", "question": "Q2", "values": ["x"], "at": "2026-01-01"}',
    ],
)  # fmt: skip
def test_a_file_made_to_hurt_is_refused_with_its_line(imported, people, row):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    with pytest.raises(Refused, match="TRN-539"):
        brought(one, people, row)


def test_rights_given_once_a_bench_is_made_open_neither_its_case_nor_another_sitting_of_it(imported, people, client, sign_in):  # fmt: skip
    one = held("AFF-02", people)
    other = moot_sittings.prepare(
        version=one.version, title="Autre", bench=[make_person(f"j{n}", "formation-locale").username for n in range(3)],
        raters=["rate1", "rate2"], by=people["host"],
    )  # fmt: skip
    for role in ("cellule-pedagogique", "animation-juges"):
        give_mandate(person=people["judge1"], role=role, unit=None, contest=None)
    assert cases.reads(people["judge1"]) and not cases.versions(people["judge1"]).filter(case=one.version.case).exists()
    sign_in(people["judge1"])
    assert client.get(reverse("moots:version", args=[one.version_id])).status_code == 404
    assert client.get(reverse("moots:offline", args=[other.pk])).status_code == 404
    asked = Approval.objects.get(payload__version=one.version_id)  # its picture shows the texts and the answers
    give_mandate(person=people["judge2"], role="relecture-juridique", unit=None, contest=None)
    assert sign_in(people["judge2"]).get(reverse("people:approval", args=[asked.pk])).status_code == 404
    with pytest.raises(Refused, match="PEO-101"):
        decide_approval(approval_id=moots.ask(version=moots.open_draft(version=one.version, by=people["cell"]), reason="r", by=people["cell"]).pk, to=Decision.APPROVED, by=Person.objects.get(pk=people["judge2"].pk))  # fmt: skip
    sign_in(people["judge1"])
    assert not queries.holds(people["judge1"], one) and not queries.holds(people["judge1"], other)
    with pytest.raises(Refused, match="TRN-526"):
        moot_sittings.open_stage(sitting=other, stage=1, by=people["judge1"])
    moot_sittings.cancel(sitting=one, reason="r", by=people["host"])
    assert client.get(reverse("moots:version", args=[one.version_id])).status_code == 200
    assert sign_in(people["judge2"]).get(reverse("people:approval", args=[asked.pk])).status_code == 200


def test_who_wrote_in_a_version_does_not_approve_it_whoever_asks(imported, people):
    one = MootVersion.objects.get(case__code="AFF-02")
    MootVersion.objects.filter(pk=one.pk).update(authors=[people["review"].pk])
    asked = moots.ask(version=one, reason="r", by=people["cell"], seen=one.sha256)
    with pytest.raises(Refused, match="LIF-105"), transaction.atomic():
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["review"])
    one.refresh_from_db()
    assert one.state == "draft"


def test_who_reads_the_ledger_learns_no_expected_answer_no_answer_of_a_bench_and_no_level(imported, people):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    moot_sittings.answer(sitting=one, given={"Q1": ["361"]}, by=people["judge1"])
    told = {a.kind: a.after for a in Act.objects.filter(kind__startswith="training.moot_")}
    assert set(told["training.moot_answered"]) == {"seat", "question", "route"}  # a digest of 361 is 361 for who tries all
    assert told["training.moot_approved"]["computed"] == len(one.version.computed)
    assert "level" not in KINDS["training.moot_agreed"].needs


def test_an_answer_that_another_wrote_down_counts_once_its_author_says_it_is_theirs(imported, people, client, sign_in):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    moot_sittings.answer(sitting=one, given={"Q1": ["361"]}, by=people["host"], seat=2)  # invented, or copied from a sheet
    seat = one.seats.get(seat=2)
    assert queries.counted(one, seat) == {} and "Q1" in queries.last_answers(one)[seat.pk]
    for name in ("host", "judge1"):
        with pytest.raises(Refused):
            moot_sittings.own(sitting=one, by=people[name], seen=queries.unowned_mark(queries.unowned(seat)))
    sign_in(people["judge2"])
    here = reverse("moots:sitting", args=[one.pk])
    page = client.get(here)
    assert "361" in str(page.context["unowned"]) and people["host"].full_name in str(page.context["unowned"])
    moot_sittings.answer(sitting=one, given={"Q1": ["5"]}, by=people["host"], seat=2)  # another, since the page was read
    assert client.post(here, {"act": "own", "seen": page.context["unowned_mark"]}).status_code == 409
    assert queries.counted(one, seat) == {}
    assert client.post(here, {"act": "own", "seen": client.get(here).context["unowned_mark"]}).status_code == 302
    assert queries.counted(one, seat)["Q1"].value == "5" and not client.get(here).context["unowned"]


# --- raters ---------------------------------------------------------------------------------------------------------------
RIGHT = {"Q1": ["361"], "Q2": ["x"], "Q3": ["44423"], "Q4": ["356"], "Q5": ["yes"], "Q6": ["contradicts"], "Q7": ["y"]}


def test_who_holds_a_sitting_replaces_no_answer_given_by_its_author_on_screen(imported, people):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    for name in ("judge1", "judge2", "judge3"):
        moot_sittings.come(sitting=one, by=people[name])
    moot_sittings.answer(sitting=one, given={"Q1": ["361"]}, by=people["judge1"])
    with pytest.raises(Refused, match="TRN-543"):
        moot_sittings.answer(sitting=one, given={"Q1": ["5"]}, by=people["host"], seat=1)
    assert [(a.value, a.route) for a in MootAnswer.objects.all()] == [("361", "screen")]
    moot_sittings.answer(sitting=one, given={"Q1": ["5"]}, by=people["host"], seat=2)  # a sheet of who had no screen
    moot_sittings.answer(sitting=one, given={"Q1": ["7"]}, by=people["judge2"])  # who then corrects it
    assert queries.last_answers(one)[one.seats.get(seat=2).pk]["Q1"].value == "7"


def test_raters_are_blind_until_both_have_given_all_then_talk_over_wide_differences(imported, people):
    one = through(held("AFF-02", people), people, {"judge1": RIGHT})
    rate(one, people, {1: 4, 2: 1, 3: 2}, {1: 1, 2: 1})
    assert all(set(by) == {1} for by in queries.sheets_for(people["rate1"], one).values())
    assert all(set(by) <= {2} for by in queries.sheets_for(people["rate2"], one).values())
    assert queries.sheets_for(people["host"], one) == queries.sheets_for(people["judge1"], one) == {}
    with pytest.raises(Refused, match="TRN-535"):
        moot_rating.release(sitting=one, by=people["rate1"])
    with pytest.raises(Refused, match="TRN-533"):
        rate(one, people, {1: 4}, {})
    rate(one, people, {}, {3: 3})
    assert set(queries.sheets_for(people["rate1"], one)[one.seats.get(seat=1).pk]) == {1, 2}
    assert len(list(queries.differences(one))) == 4
    with pytest.raises(Refused, match="TRN-536"):
        moot_rating.release(sitting=one, by=people["rate1"])
    with pytest.raises(Refused, match="TRN-537"):
        moot_rating.agree(sitting=one, seat=2, criterion="issues", level=1, reason="r", by=people["rate1"])
    for criterion in ("issues", "proof", "effect", "operative"):
        for name in ("rate1", "rate2"):
            moot_rating.agree(sitting=one, seat=1, criterion=criterion, level=3, reason="relu", by=people[name])
    moot_rating.release(sitting=one, by=people["rate1"])
    assert Act.objects.get(kind="training.moot_released").after["weighted"] == str(queries.agreement(one).weighted)


def test_feedback_is_read_by_that_judge_and_the_raters_alone(imported, people, client, sign_in):
    one = through(held("AFF-02", people), people, {"judge1": RIGHT})
    rubric = cases.case_in(one.version).rubric
    for n, name in enumerate(("rate1", "rate2"), 1):
        for seat in (1, 2, 3):
            moot_rating.give(
                sitting=one,
                seat=seat,
                levels={c.id: 2 + (seat == 1) for c in rubric},
                feedback=f"Retour {seat}-{n}",
                by=people[name],
            )
    moot_rating.release(sitting=one, by=people["rate2"])
    url = reverse("moots:sitting", args=[one.pk])
    for name, read in (("judge1", {1}), ("judge2", {2}), ("rate1", {1, 2, 3}), ("host", set())):
        sign_in(people[name])
        page = "".join(client.get(url, {"place": n}).content.decode() for n in (1, 2, 3))  # one sheet at a time
        assert {s for s in (1, 2, 3) if f"Retour {s}-1" in page} == read
    result = queries.result_of(one.seats.get(seat=1), one, cases.case_in(one.version))
    assert (result.right, result.asked, result.failed) == (5, 5, False)


def test_who_is_not_a_rater_of_this_sitting_rates_nothing(imported, people):
    one = through(held("AFF-02", people), people, {"judge1": RIGHT})
    other = make_person("rate3", "notation-juges")
    for name, code in ((other, "TRN-532"), (people["host"], "PEO-101"), (people["judge1"], "PEO-101")):
        with pytest.raises(Refused, match=code):
            moot_rating.give(sitting=one, seat=1, levels={}, feedback="x", by=name)
    with pytest.raises(Refused, match="TRN-534"):
        moot_rating.give(sitting=one, seat=1, levels={"issues": 5}, feedback="x", by=people["rate1"])


# --- ethics and plans ------------------------------------------------------------------------------------------------------
def test_an_undeclared_conflict_fails_and_a_plan_is_followed_at_30_and_90_days_by_its_author(
    imported, people, client, monkeypatch, sign_in
):
    one = through(
        held("ETH-01", people),
        people,
        {"judge1": {"Q1": ["p1", "p3"], "Q2": ["x"]}, "judge2": {"Q1": ["p1", "p3", "p4"], "Q2": ["x"]}},
    )
    case = cases.case_in(one.version)
    assert [queries.result_of(one.seats.get(seat=n), one, case).failed for n in (1, 2, 3)] == [True, False, True]
    plan = moot_rating.file_plan(sitting=one, actions=["Tenir un registre", ""], by=people["judge2"])
    with pytest.raises(Refused, match="TRN-540"):
        moot_rating.file_plan(sitting=one, actions=["Encore"], by=people["judge2"])
    with pytest.raises(Refused, match="TRN-541"):
        moot_rating.follow(plan=plan, days=30, outcomes=["done"], by=people["judge2"])
    monkeypatch.setattr(queries, "today", lambda: timezone.localdate() + timedelta(days=30))
    sign_in(people["judge2"])
    assert "suivi de plan" in client.get("/").content.decode()
    with pytest.raises(Refused, match="TRN-531"):
        moot_rating.follow(plan=plan, days=30, outcomes=["done"], by=people["host"])
    assert (alerts.refresh(), alerts.refresh()) == (1, 0)
    notice = Notice.objects.get(topic="training.plan_due")
    assert [r.person for r in notice.receipts.all()] == [people["judge2"]] and notice.done_at is None
    moot_rating.follow(plan=plan, days=30, outcomes=["partly"], by=people["judge2"])
    notice.refresh_from_db()
    assert notice.done_at is not None and alerts.refresh() == 0
    with pytest.raises(Refused, match="TRN-541"):
        moot_rating.follow(plan=plan, days=30, outcomes=["done"], by=people["judge2"])
    for name in ("host", "rate1", "judge1"):
        sign_in(people[name])
        pages = (
            client.get(reverse("moots:plans")).content.decode()
            + client.get(reverse("moots:sitting", args=[one.pk])).content.decode()
        )
        assert "Tenir un registre" not in pages


def test_a_moot_case_takes_no_plan(imported, people):
    one = through(held("AFF-02", people), people, {"judge1": RIGHT})
    with pytest.raises(Refused, match="TRN-540"):
        moot_rating.file_plan(sitting=one, actions=["x"], by=people["judge1"])
    assert not ActionPlan.objects.exists()


def test_no_column_and_no_line_of_the_ledger_can_hold_a_note_of_coaching(imported, people):
    for name, words in KEPT_WORDS.items():
        found = apps.get_model("training", name)._meta.get_fields()
        assert {f.name for f in found if isinstance(f, models.CharField | models.TextField)} == words
        assert {f.name for f in found if isinstance(f, models.JSONField)} == KEPT_VALUES.get(name, set())
    kinds = {k: v for k, v in KINDS.items() if k.startswith(("training.moot", "training.plan_"))}
    assert len(kinds) >= 16 and not any(k.free for code, k in kinds.items() if not code.endswith(".asked"))
    one = through(held("ETH-01", people), people, {"judge1": {"Q1": ["p1"], "Q2": ["un mot rare"]}})
    rate(one, people, {1: 2, 2: 2, 3: 2}, {1: 2, 2: 2, 3: 2})
    told = json.dumps(list(Act.objects.filter(kind__startswith="training.moot").values_list("after", "reason")))
    assert "un mot rare" not in told and "retour rate1" not in told
    assert MootSheet.objects.count() == 6


def test_the_dossier_and_the_page_without_network_show_what_has_opened_and_never_an_answer(
    imported, people, client, sign_in
):
    one = held("AFF-02", people)
    sign_in(people["host"])
    page = client.get(reverse("moots:offline", args=[one.pk]))
    text = page.content.decode()
    assert page.status_code == 200 and "Trois-Karités" in text
    assert '"right"' not in text and "44423" not in text and "contradicts" in text
    sign_in(people["judge1"])
    assert client.get(reverse("moots:offline", args=[one.pk])).status_code == 403
    answer = client.get(reverse("moots:dossier", args=[one.pk]))
    assert answer["Content-Type"] == "application/pdf" and answer.content[:5] == b"%PDF-"


def test_pages_of_each_role_open_and_the_forms_of_a_bench_work(imported, people, client, sign_in):
    one = held("AFF-02", people)
    moot_sittings.open_stage(sitting=one, stage=1, by=people["host"])
    for name, status in (("cell", 200), ("review", 200), ("host", 200), ("rate1", 200), ("judge1", 403)):
        sign_in(people[name])
        assert client.get(reverse("moots:cases")).status_code == status
        assert client.get(reverse("moots:version", args=[one.version_id])).status_code == status
    url = reverse("moots:sitting", args=[one.pk])
    assert "une étape attend votre réponse" in client.get("/").content.decode()
    assert client.post(url, {"act": "answer", "question": "Q1", "value": "361", "stage": "1"}).status_code == 302
    assert client.post(url, {"act": "open", "stage": "2"}).status_code == 403
    assert MootAnswer.objects.get().value == "361"


def test_the_demonstration_shows_two_cases_held_a_weak_kappa_a_crisis_and_plans_due(pack_version, client, sign_in):
    from kalata.training import demonstration_moots
    from kalata.training.demonstration import USERS

    wanted = {
        "cellule-formation",
        "relecture-juridique",
        "animation-juges",
        *demonstration_moots.RATERS,
        *demonstration_moots.BENCH,
    }
    cast = {name: make_person(name, role) for name, role, _label in USERS if name in wanted}
    demonstration_moots.load(cast)
    held = {one.version.case.code: one for one in queries.sittings(cast["animation-juges"])}
    assert {c: s.state for c, s in held.items()} == {
        "AFF-01": "released",
        "AFF-02": "rating",
        "ETH-01": "released",
        "CRI-01": "rating",
        "AFF-07": "running",
    }
    assert queries.agreement(held["AFF-02"]).low and not queries.agreement(held["AFF-01"]).low
    assert [
        queries.result_of(s, held["ETH-01"], cases.case_in(held["ETH-01"].version)).failed
        for s in queries.seats(held["ETH-01"])
    ] == [False, True, False]
    sign_in(cast["juge-un"])
    home = client.get("/").content.decode()
    assert "1 suivi de plan" in home and "une étape attend votre réponse" in home
    page = client.get(reverse("moots:sitting", args=[held["CRI-01"].pk])).content.decode()
    assert "trop tard" in page and "rien n’a été décidé" in page
    sign_in(cast["notation-un"])
    page = client.get(reverse("moots:sitting", args=[held["AFF-02"].pk])).content.decode()
    assert "Accord faible" in page and "Écarts à discuter" in page
    assert (
        "6 feuilles" not in client.get("/").content.decode()
        and "3 feuilles de notation" in client.get("/").content.decode()
    )
