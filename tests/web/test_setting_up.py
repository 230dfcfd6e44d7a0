"""A new contest in five steps: what is answered is kept, shown in words, read over, and made from exactly that."""

import pytest

from kalata.country.freezing import held_by
from kalata.country.models import Contest
from kalata.people.rules.shown import PageMoved
from kalata.results.models import ContestDraft
from kalata.results.queries.drafts import seen_of
from kalata.results.rules.contest_draft import Answers, answers_from
from kalata.results.services import setting_up
from tests.conftest import BOXES

pytestmark = pytest.mark.django_db
NEW = "/resultats/gerer/nouveau/"


def text(answer):
    return answer.content.decode()


def first(pack_version, kind="communales", **more):
    return {"what": f"{pack_version.pk}:{kind}", "name_fr": "Conseil de Kati", "polling_day": "13/06/2027", **more}


def draft_of(person):
    return ContestDraft.objects.get(by=person)


def test_five_screens_make_a_contest_from_what_the_pack_proposes(sign_in, pack_version, supervisor):
    client = sign_in(supervisor)
    page = text(client.get(NEW))
    assert (
        "étape 1 sur 5" in page and "Élection des conseillers communaux" in page and not ContestDraft.objects.exists()
    )
    at = client.post(NEW, first(pack_version)).headers["Location"]
    assert at.endswith("/2/") and "valable le jour du scrutin" in text(client.get(at))
    sent = {"act": "", "geography": "ml-2023", "seats_from": "typed", "constituencies": "ML-KOU-KATI ; Kati ; 11"}
    at = client.post(at, sent).headers["Location"]
    page = text(client.get(at))
    assert (
        "Les sièges sont partagés" in page
        and "Règle non trouvée" in page
        and "ne sont pas confirmées par un texte lu" in page
    )
    at = client.post(at, {"act": "", "system": "ML-COM"}).headers["Location"]
    assert "Suffrages exprimés" in text(client.get(at))  # the form that these answers would print
    at = client.post(at, {"act": "", "options": "A\nB", "boxes": BOXES}).headers["Location"]
    page = text(client.get(at))
    assert at.endswith("/5/") and "1 circonscription, 11" in page and "conseil-de-kati-2027" in page
    made = client.post(at, {"act": "", "code": "kati", "seen": seen_of(draft_of(supervisor))})
    assert made.headers["Location"] == "/resultats/gerer/kati/" and not ContestDraft.objects.exists()
    contest = Contest.objects.get(code="kati")
    assert contest.election.geography.code == "ml-2023" and contest.system["kind"] == "proportional"
    assert [o.name for o in contest.options.all()] == ["A", "B"] and contest.constituencies.get().seats == 11
    page = text(client.get("/resultats/gerer/kati/"))
    assert (
        "2 candidatures, 1 circonscription" in page
        and "Copier ce scrutin" in page
        and "rien n’en dépend encore" in page
    )


@pytest.mark.parametrize(
    ("step", "sent", "says"),
    [
        (2, {"seats_from": "typed", "constituencies": "Kati, 11"}, "Ligne 1"),
        (2, {"seats_from": "typed", "constituencies": ""}, "au moins une circonscription"),
        (3, {"system": "own", "own": "inconnu"}, "n’est pas connu"),
        (3, {"system": "ML-SEN"}, "ML-SEN"),
        (4, {"options": "A\na", "boxes": BOXES}, "deux"),
        (4, {"options": "A\nB", "boxes": []}, "Cases du procès-verbal"),
        (5, {"code": "gerer"}, "déjà pris"),
    ],
)
def test_what_is_wrong_comes_back_at_its_step_with_what_was_typed(sign_in, pack_version, supervisor, step, sent, says):
    draft = setting_up.begin(
        answers=Answers(pack=pack_version.pk, system="ML-COM", boxes=("valid",), name_fr="N"), by=supervisor
    )
    ContestDraft.objects.update(step=4)
    answer = sign_in(supervisor).post(f"{NEW}{draft.pk}/{step}/", {"act": "", **sent})
    assert answer.status_code == 422 and says in text(answer)
    assert all(typed in text(answer) for typed in sent.values() if isinstance(typed, str) and typed != "ML-SEN")


def test_a_step_that_was_not_reached_leads_back_to_the_next_one(sign_in, pack_version, supervisor):
    draft = setting_up.begin(answers=Answers(pack=pack_version.pk, name_fr="N"), by=supervisor)
    assert sign_in(supervisor).get(f"{NEW}{draft.pk}/5/").headers["Location"].endswith("/2/")


def test_answers_changed_in_another_tab_make_no_contest(pack_version, supervisor):
    draft = setting_up.begin(
        answers=Answers(pack=pack_version.pk, name_fr="N", system="ML-PRES", boxes=("valid",)), by=supervisor
    )
    seen = seen_of(draft)
    setting_up.keep(draft_id=draft.pk, step=3, values={"system": "ML-COM"}, by=supervisor)
    with pytest.raises(PageMoved):
        setting_up.create(draft_id=draft.pk, code="n", seen=seen, by=supervisor)
    assert not Contest.objects.filter(code="n").exists()


def test_a_contest_copied_is_the_same_but_for_its_day_and_its_figures(sign_in, contest, pack_version, supervisor):
    client = sign_in(supervisor)
    page = text(client.get(f"{NEW}?copie={contest.code}"))
    assert contest.name_fr in page and "Copie de" in page
    sent = {"what": f"{contest.election.pack_id}:", "name_fr": "Le même", "polling_day": ""}
    client.post(f"{NEW}?copie={contest.code}", sent)
    draft = draft_of(supervisor)
    ContestDraft.objects.update(step=4)
    made = setting_up.create(draft_id=draft.pk, code="copie", seen=seen_of(draft), by=supervisor)
    assert made.system == contest.system and made.boxes == contest.boxes and made.polling_day is None
    assert [o.name for o in made.options.all()] == [o.name for o in contest.options.all()] and made.revision == 0


def test_a_draft_given_up_leaves_nothing(sign_in, pack_version, supervisor):
    draft = setting_up.begin(answers=Answers(pack=pack_version.pk, name_fr="N"), by=supervisor)
    client = sign_in(supervisor)
    assert "N" in text(client.get("/resultats/gerer/"))
    client.post(f"{NEW}{draft.pk}/2/", {"act": "drop"})
    assert not ContestDraft.objects.exists()


def test_one_person_keeps_twenty_drafts_at_most(pack_version, supervisor):
    for _n in range(setting_up.MOST):
        setting_up.begin(answers=Answers(pack=pack_version.pk), by=supervisor)
    with pytest.raises(setting_up.TooManyDrafts):
        setting_up.begin(answers=Answers(pack=pack_version.pk), by=supervisor)


# --- afterwards --------------------------------------------------------------------------------------
def edit(contest, **values):
    return {
        "act": "edit",
        "seen": setting_up.page_mark(contest),
        "name_fr": contest.name_fr,
        "boxes": contest.boxes,
        **values,
    }


def test_name_day_and_boxes_change_while_nothing_depends_on_them(sign_in, contest, supervisor):
    client, page = sign_in(supervisor), f"/resultats/gerer/{contest.code}/"
    assert (
        client.post(
            page, edit(contest, name_fr="Autre nom", polling_day="2027-03-14", boxes=["registered", "valid"])
        ).status_code
        == 302
    )
    contest.refresh_from_db()
    assert (contest.name_fr, str(contest.polling_day), contest.boxes) == (
        "Autre nom",
        "2027-03-14",
        ["registered", "valid"],
    )


def test_an_old_page_changes_no_name(sign_in, contest, supervisor):
    old = edit(contest, name_fr="Autre nom")
    setting_up.edit(
        contest=contest, values={"name_fr": "Entre-temps"}, seen=setting_up.page_mark(contest), by=supervisor
    )
    assert sign_in(supervisor).post(f"/resultats/gerer/{contest.code}/", old).status_code == 409
    contest.refresh_from_db()
    assert contest.name_fr == "Entre-temps"


def test_figures_hold_the_name_and_the_boxes(counted, supervisor):
    assert set(setting_up.EDITED) - set(held_by(counted)) == {"polling_day"}  # which this contest never had
    with pytest.raises(setting_up.Depends):
        setting_up.edit(contest=counted, values={"name_fr": "X"}, seen=setting_up.page_mark(counted), by=supervisor)


def test_figures_may_be_given_the_day_that_nobody_had_told_and_it_stays_from_then_on(sign_in, counted, supervisor):
    page = f"/resultats/gerer/{counted.code}/"
    Contest.objects.filter(pk=counted.pk).update(polling_day=None)
    counted.refresh_from_db()
    shown = text(sign_in(supervisor).get(page))
    assert 'name="polling_day"' in shown and 'id="e_name_fr"' not in shown
    assert sign_in(supervisor).post(page, edit(counted, polling_day="14/03/2027")).status_code == 302
    counted.refresh_from_db()
    assert str(counted.polling_day) == "2027-03-14"
    assert sign_in(supervisor).post(page, edit(counted, polling_day="15/03/2027")).status_code == 409
    counted.refresh_from_db()
    assert str(counted.polling_day) == "2027-03-14"


def test_answers_kept_by_an_older_version_are_read_without_what_it_kept_beside():
    assert answers_from({"name_fr": "N", "boxes": ["valid"], "gone": 1}) == Answers(name_fr="N", boxes=("valid",))
