"""Interests, reserves, lots and the register of independence: two persons, a seed promised, a text that one person reads."""

import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from kalata.ledger.models import Act
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.refusals import Forbidden, Refused
from kalata.training.models import Agent, IndependenceEntry, Post, PostDraw, Reserve
from kalata.training.queries import register
from kalata.training.rules.independence import seal
from kalata.training.services import posts_appointing, posts_lists, posts_register
from tests.conftest import make_person
from tests.training.conftest import appointed, lines, post, sent
from tests.training.services.test_posts import covered, no_drawing  # noqa: F401

pytestmark = pytest.mark.django_db
SEED = "ab" * 16
PROMISE = hashlib.sha256(SEED.encode()).hexdigest()


def declared(contest, by, agent, kind="kin", about="candidature n° 1"):
    return posts_register.declare(agent=agent, contest=contest, kind=kind, about=about, place=(), by=by)


def test_who_declares_kin_is_not_appointed_until_another_person_lifts_it(opened, staffing, authority):
    sent(opened, staffing, lines("KAY-001"))
    chief = Agent.objects.get(code="KAY-001-0")
    said = declared(opened, staffing, chief)
    asked = posts_appointing.ask(contest=opened, unit=None, number="D-1", on=date(2027, 2, 1), reason="r", by=staffing)
    with pytest.raises(Refused) as wrong:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
    assert wrong.value.code == "POS-109"
    with pytest.raises(Refused) as own:
        posts_register.lift(declaration=said, reason="fausse", place=(), by=staffing)
    assert own.value.code == "POS-113"
    posts_register.lift(declaration=said, reason="fausse", place=(), by=make_person("agents-2", "coordination-agents"))
    chief.refresh_from_db()
    assert chief.barred == ""


def test_a_holder_who_declares_a_candidacy_uncovers_the_post_and_a_gift_does_not(opened, staffing, authority):
    appointed(opened, staffing, authority, "KAY-001")
    declared(opened, staffing, Agent.objects.get(code="KAY-001-0"), "gift", "un boubou refusé")
    assert covered(opened).ready == 1
    declared(opened, staffing, Agent.objects.get(code="KAY-001-0"), "candidacy", "liste 2")
    assert ("KAY-001", "president", ("incompatible",)) in covered(opened).uncovered


def test_the_party_seat_of_a_commission_takes_who_holds_office_in_a_party(opened, staffing):
    sent(opened, staffing, lines("KAY-001"))
    agent = Agent.objects.get(code="KAY-001-1")
    declared(opened, staffing, agent, "party_post", "section de Kayes")
    sent(opened, staffing, lines("KAY-001"))
    assert post(opened, "KAY-001", "assessor-1").state == "proposed"
    chief = Agent.objects.get(code="KAY-001-0")
    declared(opened, staffing, chief, "party_post", "section de Kayes")
    with pytest.raises(Refused) as wrong:
        sent(opened, staffing, lines("KAY-001"))
    assert wrong.value.code == "POS-109"


def test_a_second_interest_never_hides_the_first_that_bars_from_the_post(opened, staffing, authority):
    """An assessor may hold office in a party and may not be a candidate: saying the one after the other changed the answer."""
    sent(opened, staffing, lines("KAY-001"))
    one = Agent.objects.get(code="KAY-001-1")
    declared(opened, staffing, one, "candidacy", "liste 2")
    declared(opened, staffing, one, "party_post", "section de Kayes")
    with pytest.raises(Refused) as again:
        sent(opened, staffing, lines("KAY-001"))
    assert again.value.code == "POS-109"
    asked = posts_appointing.ask(contest=opened, unit=None, number="D-1", on=date(2027, 2, 1), reason="r", by=staffing)
    with pytest.raises(Refused) as wrong:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
    assert wrong.value.code == "POS-109"


def test_a_reserve_holds_no_post_and_what_it_answers_is_kept(opened, staffing, authority):
    appointed(opened, staffing, authority, "KAY-001")
    free = Agent.objects.create(code="R-1", name="Réserve", name_key="reserve")
    busy = Agent.objects.get(code="KAY-001-0")
    assert posts_register.add_reserves(contest=opened, unit=None, agents=[free, busy], by=staffing) == 1
    posts_register.call(
        reserve=Reserve.objects.get(), post=post(opened, "KAY-001", "president"), answer="silent", by=staffing
    )
    assert Reserve.objects.get().reply == "silent"


def test_the_keeper_of_a_territory_takes_no_reserve_whose_telephone_is_elsewhere(opened, staffing):
    """Numbers follow each other: typed one after the other they gave the names and telephones of the whole country."""
    kayes, segou = (opened.stations.get(code=c).unit for c in ("KAY-001", "SEG-001"))
    keeper = make_person("kayes", "coordination-agents", unit=kayes)
    sent(opened, staffing, lines("KAY-001", "SEG-001"))
    for station in ("KAY-001", "SEG-001"):
        posts_lists.end_proposal(post=post(opened, station, "president"), reason="r", by=staffing)
    here = Agent.objects.create(code="R-K", name="Ici", name_key="ici", unit=kayes)
    there = Agent.objects.create(code="R-S", name="Ailleurs", name_key="ailleurs", unit=segou)
    known, unknown = Agent.objects.get(code="KAY-001-0"), Agent.objects.get(code="SEG-001-0")
    found = [here, there, known, unknown]
    assert posts_register.add_reserves(contest=opened, unit=kayes, agents=found, by=keeper) == 2
    assert set(Reserve.objects.values_list("agent", flat=True)) == {here.pk, known.pk}
    assert posts_register.add_reserves(contest=opened, unit=None, agents=found, by=staffing) == 2


def promised(contest, by, names=("A", "B", "C", "D", "E"), promise=PROMISE, side="draw"):
    return posts_register.promise_draw(
        contest=contest, position="ML-POST-AIGE", side=side, promise=promise, names=list(names), by=by
    )


def test_a_draw_is_that_of_the_seed_promised_and_anybody_draws_again(opened, staffing):
    one = promised(opened, staffing)
    with pytest.raises(Refused) as same:
        posts_register.draw(draw=one, seed=SEED, by=staffing)
    assert same.value.code == "POS-118"
    other = make_person("agents-2", "coordination-agents")
    with pytest.raises(Refused) as wrong:
        posts_register.draw(draw=one, seed="cd" * 16, by=other)
    assert wrong.value.code == "DIS-404"
    done = posts_register.draw(draw=one, seed=SEED, by=other)
    by_hand = sorted(
        (hashlib.sha256(f"{SEED}|{one.salt}|{n}|{name}".encode()).hexdigest(), name)
        for n, name in enumerate("ABCDE", 1)
    )
    assert [(x["sha256"], x["name"]) for x in done.drawn] == by_hand[:4]
    assert Post.objects.filter(contest=opened, side="draw", state="proposed").count() == 4
    assert register.draws(opened).get().seed == SEED


def test_who_knows_the_seed_cannot_fit_the_names_to_it(opened, staffing, monkeypatch):
    """The salt is the house's own, of each announcement, and comes after the names: it stands beside them for good."""
    drawn = []
    monkeypatch.setattr(
        posts_register.secrets, "token_hex", lambda n: drawn.append(PostDraw.objects.count()) or "5a" * n
    )
    one = promised(opened, staffing)
    assert (one.salt, drawn[0]) == ("5a" * 16, 0)
    with pytest.raises(DatabaseError), transaction.atomic():
        PostDraw.objects.filter(pk=one.pk).update(salt="00" * 16)
    assert Act.objects.get(kind="posts.draw_promised").after["salt"] == one.salt


@pytest.mark.parametrize(
    ("said", "code"),
    [({"names": ("A", "B", "C")}, "POS-116"), ({"promise": "0" * 63}, "POS-115"), ({"side": "authority"}, "POS-114")],
)
def test_a_draw_without_choice_promise_or_places_is_refused(opened, staffing, said, code):
    with pytest.raises(Refused) as wrong:
        promised(opened, staffing, **said)
    assert wrong.value.code == code


def test_as_many_names_as_places_are_enough_and_a_draw_is_announced_once(opened, staffing):
    promised(opened, staffing, names=("A", "B", "C", "D"))
    with pytest.raises(Refused) as wrong:
        promised(opened, staffing)
    assert wrong.value.code == "POS-117"


def test_what_is_written_in_the_register_is_counted_for_all_and_read_by_its_keeper_alone(pack_version):
    somebody, keeper = make_person("quelqu'un", "saisie"), make_person("referent", "referent-independance")
    made = posts_register.enter(sort="pressure", happened_on=date(2027, 2, 1), text="On m’a appelée.", by=somebody)
    assert [(c.month, c.sort, c.n) for c in register.counts()] == [("2027-02", "pressure", 1)]
    assert made.sha256 == seal(made.salt, "pressure", "2027-02-01", "On m’a appelée.")
    with pytest.raises(Forbidden):
        posts_register.opened_by_keeper(by=somebody)
    assert [e.text for e in posts_register.opened_by_keeper(by=keeper)] == ["On m’a appelée."]
    assert Act.objects.filter(kind="posts.independence_read").count() == 1
    assert "appel" not in str(Act.objects.get(kind="posts.independence").after)
    assert IndependenceEntry.objects.count() == 1


def test_who_reads_the_ledger_does_not_learn_who_wrote_in_the_register(client, sign_in, pack_version):
    somebody = make_person("quelqu'un", "saisie")
    sent = {"act": "enter", "sort": "pressure", "happened_on": "2026-02-01", "text": "On m’a appelée."}
    assert sign_in(somebody).post("/postes/independance/", sent).status_code == 302
    act = Act.objects.get(kind="posts.independence")
    assert (act.actor_id, act.address) == (None, "")
    assert somebody.username not in str(act.line())
    assert IndependenceEntry.objects.get().by == somebody  # the keeper knows


def test_nobody_alone_makes_the_public_count_of_pressures(pack_version):
    somebody, other = make_person("quelqu'un", "saisie"), make_person("autre", "saisie")
    said = {"sort": "pressure", "happened_on": date(2026, 2, 1)}
    for n in range(posts_register.MOST_A_DAY):
        posts_register.enter(**said, text=f"n° {n}", by=somebody)
    with pytest.raises(Refused) as enough:
        posts_register.enter(**said, text="encore", by=somebody)
    assert enough.value.code == "POS-216"
    posts_register.enter(**said, text="moi aussi", by=other)
