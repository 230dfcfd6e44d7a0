"""A purchase goes by its steps with their papers; an award takes two persons; the latest publication holds four times out of five."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kalata.lifecycle import Lacking, NotFromHere, OtherPerson
from kalata.people.rules.approval import Decision, Outdated
from kalata.people.rules.shown import PageMoved
from kalata.people.services import decide_approval
from kalata.planning.calendars import pack_calendar
from kalata.planning.queries import buying as queries
from kalata.planning.rules.buying import DRAWS, latest, reserve
from kalata.planning.rules.buying_steps import Bought
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.refusals import CodeTaken, NoSuchThing, PublishedSo, TooShort
from kalata.planning.services import buying
from kalata.refusals import Forbidden
from tests.conftest import make_person, meanwhile
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db
PAPER = "procès-verbal 3"
HEAD = "id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit\n"
T0 = date(2026, 1, 5)


@pytest.fixture
def buyer(pack_version):
    return make_person("marches", "marches")


@pytest.fixture
def plan(election):
    return small(election, "T 30 cd", "F 20 cd T", "N 5 cd F").plan


def item(plan, by, **more):
    said = {"name": "Cartes", "method": "appel d'offres ouvert national", "tender": "T", "making": "F", "needed": "N", **more}
    return buying.describe(plan=plan, code="CARTES", said=buying.Described(**said), by=by)


def walk(one, by, *states):
    for to in states:
        one = buying.move(item=one, to=to, on=date(2026, 2, 1), document=PAPER, reason="r", by=by)
    return one


def test_certain_durations_leave_one_day_and_a_failed_tender_takes_its_length_again():
    tender, making = plan_of(HEAD + "T,30,30,30,cd\nF,20,20,20,cd\n").activities
    cal = no_holidays(T0)
    assert {row.day for row in latest(100, [tender, making], 0, cal)} == {50}
    assert {row.share: row.day for row in latest(100, [tender, making], 100, cal)} == {50: 20, 80: 20, 90: 20}


def test_the_day_given_holds_in_the_share_of_draws_it_says_and_is_the_last_one_that_does():
    tender, making = plan_of(HEAD + "T,20,30,90,cd\nF,10,20,40,wd\n").activities
    cal = pack_calendar("ml", T0)
    rows = {row.share: row for row in latest(400, [tender, making], 25, cal)}
    assert rows[90].day < rows[80].day < rows[50].day  # surer: earlier
    assert all(row.around[0] <= row.day <= row.around[1] for row in rows.values())
    again = {row.share: row.day for row in latest(400, [tender, making], 25, cal)}
    assert again == {share: row.day for share, row in rows.items()} and DRAWS >= 1_000


def test_a_reserve_is_rounded_up_and_unknown_where_one_of_the_two_is():
    assert reserve(24_416, 5) == 1_221 and reserve(None, 5) is None and reserve(10, None) is None


def test_a_purchase_names_activities_of_the_plan_and_a_code_once(plan, buyer):
    with pytest.raises(NoSuchThing):
        item(plan, buyer, tender="X")
    one = item(plan, buyer)
    with pytest.raises(CodeTaken):
        item(plan, buyer)
    seen = queries.mark_of(one)
    said = buying.Described("Cartes", "m", "T", "N")
    buying.describe(plan=plan, code="CARTES", said=said, by=buyer, seen=seen)
    with pytest.raises(PageMoved):
        buying.describe(plan=plan, code="CARTES", said=said, by=buyer, seen=seen)


def test_the_steps_are_in_order_each_with_its_paper(plan, buyer):
    one = item(plan, buyer)
    with pytest.raises(NotFromHere):
        walk(one, buyer, Bought.PUBLISHED)
    one = walk(one, buyer, Bought.SPEC)
    with pytest.raises(Lacking):
        buying.move(item=one, to=Bought.LEGAL_REVIEW, on=date(2026, 2, 1), document="", reason="", by=buyer)


def test_a_tender_is_not_opened_before_the_period_that_a_text_fixes_and_an_unknown_one_stops_nothing(plan, buyer):
    one = walk(item(plan, buyer, legal_days=30, legal_source="code, art. 5"), buyer, Bought.SPEC, Bought.LEGAL_REVIEW, Bought.PUBLISHED)
    with pytest.raises(TooShort) as refused:
        buying.move(item=one, to=Bought.OPENED, on=date(2026, 3, 2), document=PAPER, reason="", by=buyer)
    assert refused.value.params["first"] == date(2026, 3, 3)
    buying.move(item=one, to=Bought.OPENED, on=date(2026, 3, 3), document=PAPER, reason="", by=buyer)


def test_a_failed_tender_is_a_branch_and_a_direct_award_takes_a_second_person_and_its_authority(plan, buyer, committee):
    one = walk(item(plan, buyer), buyer, Bought.SPEC, Bought.LEGAL_REVIEW, Bought.PUBLISHED)
    with pytest.raises(NotFromHere):
        buying.ask(item=one, to=Bought.DIRECT, document=PAPER, reason="r", supplier="s", by=buyer)
    one = walk(one, buyer, Bought.FAILED)
    with pytest.raises(NotFromHere):
        walk(one, buyer, Bought.DIRECT)
    asked = buying.ask(item=one, to=Bought.DIRECT, document=PAPER, reason="urgence", supplier="s", by=buyer)
    with pytest.raises(Forbidden):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=buyer)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    one.refresh_from_db()
    assert (one.state, one.supplier) == ("direct", "s") and one.steps.last().document == PAPER
    one = walk(one, buyer, Bought.SIGNED, Bought.PRODUCED, Bought.DELIVERED)
    with pytest.raises(OtherPerson):
        walk(one, buyer, Bought.ACCEPTED)
    assert walk(one, make_person("unite", "chef-unite"), Bought.ACCEPTED).state == "accepted"


def awarded(plan, buyer, committee):
    steps = (Bought.SPEC, Bought.LEGAL_REVIEW, Bought.PUBLISHED, Bought.OPENED, Bought.EVALUATED)
    one = walk(item(plan, buyer, quantity=1000), buyer, *steps)
    asked = buying.ask(item=one, to=Bought.AWARDED, document=PAPER, reason="r", supplier="imprimeur", by=buyer)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    one.refresh_from_db()
    return one


def test_nobody_alone_signs_with_another_than_who_two_persons_awarded(plan, buyer, committee, sign_in):
    one = awarded(plan, buyer, committee)
    sent = {"act": "move", "to": "signed", "on": "2026-02-01", "document": "contrat", "supplier": "cousin", "seen": queries.mark_of(one)}
    assert sign_in(buyer).post(f"/planification/marches/{one.pk}/", sent).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.supplier) == ("signed", "imprimeur")


def test_nobody_alone_undoes_an_award_of_two_persons_by_way_of_a_complaint(plan, buyer, committee, sign_in):
    one = walk(awarded(plan, buyer, committee), buyer, Bought.CONTESTED)
    with pytest.raises(NotFromHere):
        walk(one, buyer, Bought.FAILED)
    client, there = sign_in(buyer), f"/planification/marches/{one.pk}/"
    page = client.get(there).context
    assert "failed" not in dict(page["next_steps"]) and dict(page["asks"]).keys() == {"failed"}
    sent = {"act": "award", "to": "failed", "document": PAPER, "reason": "recours fondé", "seen": queries.mark_of(one)}
    assert client.post(there, sent).status_code == 302
    assert client.post(there, sent | {"to": "direct"}).status_code >= 400
    decide_approval(approval_id=queries.asked(one.pk).pk, to=Decision.APPROVED, by=committee)
    one.refresh_from_db()
    assert (one.state, one.supplier) == ("failed", "")


@pytest.mark.parametrize("change", [{"quantity": 9}, {"method": "entente directe"}, {"legal_days": None}, {"name": "Autre chose"}])
def test_what_was_published_and_awarded_is_not_rewritten_by_one_person(plan, buyer, committee, change):
    one = walk(item(plan, buyer, quantity=1000, legal_days=30, legal_source="code, art. 5"), buyer, Bought.SPEC, Bought.LEGAL_REVIEW, Bought.PUBLISHED)
    said = queries.described(one) | change
    with pytest.raises(PublishedSo):
        buying.describe(plan=plan, code="CARTES", said=buying.Described(**said), by=buyer, seen=queries.mark_of(one))
    activity = {**queries.described(one), "reserve_percent": 4}
    assert buying.describe(plan=plan, code="CARTES", said=buying.Described(**activity), by=buyer, seen=queries.mark_of(one)).reserve_percent == 4
    one = walk(one, buyer, Bought.FAILED)
    buying.describe(plan=plan, code="CARTES", said=buying.Described(**said), by=buyer, seen=queries.mark_of(one))


@pytest.mark.parametrize("change", [{"quantity": 9}, {"name": "Véhicules"}])
def test_a_direct_award_is_of_what_was_judged_even_where_it_is_rewritten_at_the_same_instant(plan, buyer, committee, monkeypatch, change):
    one = walk(item(plan, buyer, quantity=1000), buyer, Bought.SPEC, Bought.LEGAL_REVIEW, Bought.PUBLISHED, Bought.FAILED)
    asked = buying.ask(item=one, to=Bought.DIRECT, document=PAPER, reason="r", supplier="s", by=buyer)
    said = buying.Described(**queries.described(one) | change)
    meanwhile(monkeypatch, lambda: buying.describe(plan=plan, code="CARTES", said=said, by=buyer, seen=queries.mark_of(one)))
    with pytest.raises(Outdated):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)


def test_the_page_says_the_last_publication_and_that_it_has_passed(plan, buyer, sign_in):
    client = sign_in(buyer)
    there = f"/planification/plans/{plan.code}/marches/"
    form = {"act": "item", "code": "CARTES", "name": "Cartes", "method": "demande de prix", "tender": "T", "making": "F", "needed": "N", "quantity": "1000", "reserve_percent": "7"}  # fmt: skip
    answer = client.post(there, form)
    page = re.sub(r"\s+", " ", client.get(answer["Location"]).content.decode())
    assert "La dernière publication qui tient à 80 % est passée" in page and "70 (7 %)" in page  # T0 is long past
    assert "n’en tient pas compte" in page and timezone.localdate() - timedelta(1) > T0
    shown = client.get(there).content.decode()
    assert "trop tard à 80 %" in shown and "à vérifier" in shown
    assert client.get(there + "?sortie=csv").status_code == 200


def test_who_does_not_buy_reads_and_does_nothing(plan, buyer, sign_in):
    one = item(plan, buyer)
    client = sign_in(make_person("fin", "finances"))
    here = f"/planification/marches/{one.pk}/"
    assert client.get(here).status_code == 200
    seen = queries.mark_of(one)
    assert client.post(here, {"act": "move", "to": "spec", "on": "2026-02-01", "seen": seen}).status_code == 403
