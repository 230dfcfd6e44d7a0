"""Old tabs: an act carries what its page showed, and is refused where that has moved since; signatures are of one recap."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.people.rules.shown import PageMoved
from kalata.results.services import contests as services
from kalata.tally.models import Copy, Recap
from kalata.tally.services import commission, copies
from tests.conftest import ROWS, bring, csv_of, make_person, post_as_shown, shown_on
from tests.services.test_tally import GOOD, OTHER, desk, entered, in_session, register, scanned, typed, validated  # noqa: F401

pytestmark = pytest.mark.django_db
SETUP = "/resultats/gerer/pres/"
LATE = csv_of(["Kayes,Kayes,KAY-001,400,200,200,5,195,90,70,35", *ROWS[1:]])


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def approved(asked, by):
    return people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)


def refused(answer):
    return answer.status_code == 409 and "PEO-212" in answer.content.decode()


def in_turn(register, desk, code):  # noqa: F811
    scanned(register, desk, code)
    entered(register, desk, "a", GOOD)
    return validated(entered(register, desk, "b", GOOD), desk["f"])


# --- asked from an old tab ----------------------------------------------------------------------------------
def test_a_publication_is_asked_on_the_figures_that_the_page_showed(sign_in, counted, supervisor):
    client = sign_in(supervisor)
    ask = {"act": "publish", "reason": "complet"}
    old = shown_on(client, SETUP, 'value="publish"')
    bring(again(counted), supervisor, LATE, name="late.csv")
    for seen in (old, ""):
        assert refused(client.post(SETUP, {**ask, "seen": seen}))
    assert refused(client.post(SETUP, ask)) and not Approval.objects.exists()
    assert post_as_shown(client, SETUP, ask).status_code == 302
    assert Approval.objects.get().kind == "results.publication"


def test_a_withdrawal_is_asked_of_the_publication_that_the_page_showed(sign_in, published, supervisor, publisher):
    client = sign_in(supervisor)
    old = shown_on(client, SETUP, 'value="withdraw"')
    approved(services.ask_withdrawal(contest=again(published), reason="r", by=supervisor), publisher)
    approved(services.ask_publication(contest=again(published), reason="remise", by=supervisor), publisher)
    assert refused(client.post(SETUP, {"act": "withdraw", "reason": "r", "seen": old}))


def test_names_and_seats_are_asked_on_those_that_the_page_showed(sign_in, counted, supervisor, publisher):
    client = sign_in(supervisor)
    ask = {"act": "names", **{f"name-{n}": t for n, t in enumerate(("Le Baobab", "La pirogue", "La calebasse"), 1)}}
    old = shown_on(client, SETUP, 'value="names"')
    post_as_shown(client, SETUP, {**ask, "name-2": "La Pirogue", "reason": "capitale"})
    approved(Approval.objects.get(kind="contest.names"), publisher)
    assert refused(client.post(SETUP, {**ask, "reason": "capitale", "seen": old}))  # it would undo the other
    assert counted.options.get(rank=2).name == "La Pirogue"


def test_a_batch_is_of_the_reports_that_the_page_counted(sign_in, register, desk, supervisor):  # noqa: F811
    first = in_turn(register, desk, "KAY-001")
    client, page = sign_in(supervisor), f"/resultats/centralisation/{register.code}/lots/"
    ask = {"document": "acte", "note": "n"}
    old = shown_on(client, page, 'name="document"', 'name="note"')
    in_turn(register, desk, "KAY-002")
    assert client.post(page, {**ask, "seen": old}).status_code == 302
    asked = Approval.objects.get(kind="results.batch")
    assert asked.payload["papers"] == [[first.pk, first.last_hash]]  # the one validated since waits for the next
    for seen in ("", "x", "2:x", "-1:x", old.replace("1:", "2:", 1)):
        assert refused(client.post(page, {**ask, "seen": seen}))
    assert refused(client.post(page, ask)) and Approval.objects.filter(kind="results.batch").count() == 1


def test_a_batch_asked_from_before_a_recall_is_refused(sign_in, register, desk, supervisor):  # noqa: F811
    paper = in_turn(register, desk, "KAY-001")
    client, page = sign_in(supervisor), f"/resultats/centralisation/{register.code}/lots/"
    old = shown_on(client, page, 'name="document"', 'name="note"')
    type(paper).objects.filter(pk=paper.pk).update(last_hash="0" * 64)
    assert refused(client.post(page, {"document": "acte", "note": "n", "seen": old}))


def test_a_copy_is_answered_beside_the_report_that_the_page_showed(sign_in, register, desk):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    copy = copies.hand_in(contest=register, station="KAY-001", source="P", sheet=OTHER, by=make_person("d", "delegue"))
    client, page = sign_in(desk["e2"]), f"/resultats/centralisation/{register.code}/copies/"
    ask = {"act": "answer", "copy": copy.pk, "what": "paper_right", "note": "vu"}
    old = shown_on(client, page, 'value="answer"')
    Copy.objects.filter(pk=copy.pk).update(agreeing=3)  # two more sources have said the same since
    for data in ({**ask, "seen": old}, ask):
        assert refused(client.post(page, data))
    assert again(copy).answer == ""
    assert post_as_shown(client, page, ask).status_code == 302 and again(copy).answer == "paper_right"


# --- a sitting ----------------------------------------------------------------------------------------------
def signed(sitting, word="signed"):
    return {m.pk: {"present": True, "signature": word} for m in sitting.members.all()}


@pytest.fixture
def sitting(register, desk):  # noqa: F811
    in_turn(register, desk, "KAY-001")
    return in_session(register, desk["f"])


def recap(sitting, by, sheet=GOOD, stations=1, **more):
    return commission.type_recap(sitting_id=sitting.pk, sheet=sheet, stations=stations, by=by, **more)


def test_signatures_are_void_once_the_recap_is_typed_again_and_the_sitting_is_not_closed_on_them(sitting, desk):  # noqa: F811
    recap(sitting, desk["f"])
    commission.note_members(sitting_id=sitting.pk, values=signed(sitting), by=desk["f"])
    assert commission.silent(sitting) == []
    recap(sitting, desk["f"], OTHER)
    commission.explain(sitting_id=sitting.pk, lines=["c2", "c3"], kind="decision", text="vu", by=desk["f"])
    names = [m.name for m in sitting.members.all()]
    assert commission.silent(sitting) == names == [m.name for m in commission.voids(sitting)]
    with pytest.raises(commission.Unsigned):
        commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"])
    minutes = [m.text for m in sitting.minutes.filter(kind="recap")]
    assert "à signer de nouveau" not in minutes[0] and all(name in minutes[1] for name in names)
    commission.note_members(sitting_id=sitting.pk, values=signed(sitting, "refused"), by=desk["f"])
    assert commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"]).state == "closed"


def test_the_same_figures_typed_again_are_signed_again_too(sitting, desk):  # noqa: F811
    recap(sitting, desk["f"])
    commission.note_members(sitting_id=sitting.pk, values=signed(sitting), by=desk["f"])
    recap(sitting, desk["f"])
    with pytest.raises(commission.Unsigned):
        commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"])


def test_nobody_signs_a_recap_that_is_not_typed(sitting, desk):  # noqa: F811
    for word in ("signed", "refused"):
        with pytest.raises(commission.NothingToSign):
            commission.note_members(sitting_id=sitting.pk, values=signed(sitting, word), by=desk["f"])
    commission.note_members(sitting_id=sitting.pk, values=signed(sitting, "absent"), by=desk["f"])


def test_the_page_shows_void_signatures_and_an_old_tab_signs_explains_closes_and_retypes_nothing(sign_in, register, sitting, desk):  # noqa: F811  # fmt: skip
    client, page = sign_in(desk["f"]), f"/resultats/centralisation/{register.code}/commission/{sitting.pk}/"
    recap(sitting, desk["f"], OTHER)
    commission.note_members(sitting_id=sitting.pk, values=signed(sitting), by=desk["f"])
    commission.explain(sitting_id=sitting.pk, lines=["c2", "c3"], kind="decision", text="vu", by=desk["f"])
    members = {f"signature-{m.pk}": "refused" for m in sitting.members.all()}
    sends = {
        "members": {f"present-{m.pk}": "on" for m in sitting.members.all()} | members,
        "explain": {"line": ["c2"], "kind": "decision", "text": "x"},
        "recap": dict.fromkeys(register.boxes, "1") | {"stations": "1"},
        "closed": {},
    }
    old = {act: shown_on(client, page, f'value="{act}"') for act in sends}
    assert "Signature caduque" not in client.get(page).content.decode()
    recap(sitting, desk["f"], replace(GOOD, votes=(100, 62, 33)))
    assert client.get(page).content.decode().count("Signature caduque") == sitting.members.count()
    for act, data in sends.items():
        for seen in ({"seen": old[act]}, {"seen": ""}, {}):
            assert refused(client.post(page, {"act": act, **data, **seen})), act
    assert Recap.objects.count() == 2 and again(sitting).state == "open"
    assert post_as_shown(client, page, {"act": "members", **sends["members"]}).status_code == 302
    assert commission.silent(again(sitting)) == []


def test_a_member_who_had_signed_is_not_forgotten_by_being_noted_gone(sitting, desk):  # noqa: F811
    recap(sitting, desk["f"])
    commission.note_members(sitting_id=sitting.pk, values=signed(sitting), by=desk["f"])
    recap(sitting, desk["f"])
    first, *rest = sitting.members.all()
    left = {first.pk: {"present": False}} | {m.pk: {"present": True, "signature": "signed"} for m in rest}
    commission.note_members(sitting_id=sitting.pk, values=left, by=desk["f"])
    assert f"{first.name} : absent" in [m.text for m in sitting.minutes.filter(kind="present")]
    assert commission.silent(again(sitting)) == [first.name]
    with pytest.raises(DatabaseError, match="RES-467"), transaction.atomic():
        type(sitting).objects.filter(pk=sitting.pk).update(state="closed")
    commission.note_members(
        sitting_id=sitting.pk, values={first.pk: {"present": False, "signature": "absent"}}, by=desk["f"]
    )
    assert commission.silent(again(sitting)) == []
    assert f"{first.name} : absent" in [m.text for m in sitting.minutes.filter(kind="finding")]


def test_an_old_page_of_an_outdated_request_makes_no_other_request_than_it_showed(sign_in, published, supervisor, publisher):  # fmt: skip
    bring(published, supervisor, LATE, name="a.csv")
    asked = Approval.objects.get(kind="results.correction")
    for n, row in enumerate(("95,65,35", "96,64,35")):
        rows = [f"Kayes,Kayes,KAY-001,400,200,200,5,195,{row}", *ROWS[1:]]
        bring(again(published), supervisor, csv_of(rows), name=f"{n}.csv")
        approved(Approval.objects.exclude(pk=asked.pk).get(kind="results.correction", state="waiting"), publisher)
        if n == 0:
            client, page = sign_in(supervisor), f"/personnes/approbations/{asked.pk}/"
            old = shown_on(client, page, 'value="renew"')
    assert client.post(page, {"to": "renew", "seen": old}).status_code == 409
    assert again(asked).state == "waiting" and not Approval.objects.filter(replaces=asked).exists()


def test_one_agent_under_several_names_is_not_several_sources(register, desk):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    agent = make_person("d", "delegue")
    for name in ("Parti A", "Parti B", "Parti C"):
        copies.hand_in(contest=register, station="KAY-001", source=name, sheet=OTHER, by=agent)
    assert set(Copy.objects.values_list("agreeing", flat=True)) <= {0, 1}
    copies.hand_in(contest=register, station="KAY-001", source="Parti D", sheet=OTHER, by=make_person("d2", "delegue"))
    assert max(Copy.objects.values_list("agreeing", flat=True)) == 2


def test_the_database_closes_no_sitting_on_void_signatures_and_changes_no_recap(sitting, desk):  # noqa: F811
    recap(sitting, desk["f"])
    commission.note_members(sitting_id=sitting.pk, values=signed(sitting), by=desk["f"])
    made = recap(sitting, desk["f"])
    with pytest.raises(DatabaseError, match="RES-467"), transaction.atomic():
        type(sitting).objects.filter(pk=sitting.pk).update(state="closed")
    with pytest.raises(DatabaseError, match="RES-400"), transaction.atomic():
        Recap.objects.filter(pk=made.pk).update(stations=9)


def test_a_program_that_reads_no_page_carries_no_mark(published, supervisor):
    assert services.ask_withdrawal(contest=published, reason="r", by=supervisor).pk
    with pytest.raises(PageMoved):
        services.ask_withdrawal(contest=published, reason="r", by=supervisor, seen="")
