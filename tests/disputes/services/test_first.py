"""First instance: a petition before another body than the Court, from its receipt to its appeal, by the law of the pack."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kalata.country import services as country
from kalata.country.models import Geography, Unit
from kalata.disputes import demonstration
from kalata.disputes.models import Clock, Counter, FirstRuling, Office, Petition, Service
from kalata.disputes.queries import docket as court_docket
from kalata.disputes.queries import offices as queries
from kalata.disputes.queries import public
from kalata.disputes.rules import offices as rules
from kalata.disputes.rules.effect import sha256_of
from kalata.disputes.rules.filing import Filing, GroundSaid, PartySaid
from kalata.disputes.rules.service import Mode, Outcome
from kalata.disputes.rules.steps import GateShut, NotServed, NotVoted, OneHand, State
from kalata.disputes.services import checking, counters, first, first_papers, intake, offices, serving, steps, striking
from kalata.ledger.models import Act
from kalata.people.approving import decide_approval
from kalata.people.rules.approval import Decision
from kalata.refusals import Forbidden
from tests.conftest import BOXES, LISTS, make_person
from tests.disputes import other_country
from tests.disputes.desk import own_keys  # noqa: F401

pytestmark = pytest.mark.django_db


def said(about="register", capacity="elector", **more) -> Filing:
    return Filing(
        about=about, about_words="Inscription refusée", capacity=capacity, relief="être inscrite", signed=True, signed_on=timezone.localdate(),
        parties=(PartySaid(role="petitioner", name="Une électrice"), PartySaid(role="authority", name="La mairie")),
        grounds=(GroundSaid(code="register", about=about, text="Le récépissé est au dossier."),), **more,
    )  # fmt: skip


class House:
    """A contest with its roll, an office of the commission in one region, and its people."""

    def __init__(self, contest) -> None:
        self.contest = contest
        self.kayes, self.segou = (Unit.objects.get(geography__code="ml-2015", name=n, level=1) for n in ("Kayes", "Ségou"))
        self.greffe = make_person("greffe-x", "greffe")
        counters.open_roll(contest=contest, short="P1", year=2027, by=self.greffe)
        self.opens, self.other = make_person("ouvre", "securite"), make_person("ouvre-2", "donnees")
        self.office = self.opened("administrative_commission", "CAKAYES", self.kayes)
        roles = {"keeper": "commission-greffe", "one": "commission-membre", "two": "commission-membre", "chair": "commission-presidence"}
        for name, role in roles.items():
            setattr(self, name, make_person(f"ca-{name}", role, unit=self.kayes))
        self.piece = intake.keep(demonstration.paper(), name="piece.pdf", by=self.keeper)

    def opened(self, body, code, unit) -> Office:
        asked = offices.ask(body=body, code=code, name=f"Greffe {code}", unit=unit.code, reason="r", by=self.opens)
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=self.other)
        return Office.objects.get(counter__code=code)

    def received(self, filing=None, **more) -> Petition:
        return first.receive(
            office=more.pop("office", self.office), contest=self.contest, filing=filing or said(), channel="counter", pieces=[(self.piece, "piece.pdf"), *more.pop("more", ())],
            by=more.pop("by", self.keeper), **more,
        )  # fmt: skip


@pytest.fixture
def house(contest):
    return House(contest)


def go(one: Petition, by, *tos: State, **more) -> Petition:
    for to in tos:
        one.refresh_from_db()
        first.step(petition_id=one.pk, to=to, by=by, act="acte", why="motif", **more)
    one.refresh_from_db()
    return one


def serve(one: Petition, by) -> None:
    proof = one.exhibits.first()
    for service in Service.objects.filter(petition=one, served_at=None, waiver=""):
        serving.try_service(
            petition_id=one.pk, service_id=service.pk, mode=Mode.HAND, at=timezone.now(), outcome=Outcome.SERVED, by=by, exhibit_id=proof.pk,
        )  # fmt: skip


def deliberated(house, one: Petition) -> Petition:
    """On the docket, served, instructed, in deliberation."""
    go(one, house.keeper, State.DOCKETED, State.ADMISSIBILITY)
    serving.file_paper(petition_id=one.pk, kind="petition", title="Requête", by=house.keeper)
    go(one, house.keeper, State.SERVED)
    with pytest.raises(NotServed):
        first.step(petition_id=one.pk, to=State.INSTRUCTION, by=house.keeper)
    serve(one, house.keeper)
    go(one, house.keeper, State.INSTRUCTION)
    go(one, house.one, State.READY)
    return go(one, house.chair, State.DELIBERATION)


def written(house, one: Petition, by=None, **more) -> FirstRuling:
    text = {"outcome": "granted", "order": "enrol", "words": "Inscrire la requérante.", "reasons": {"g1": "Le récépissé le prouve."}, "articles": ["ML-D-REGISTER"]}
    return first.write(petition_id=one.pk, by=by or house.one, breach="la commission s’est réunie tard", **(text | more))


def decided(house, one: Petition) -> FirstRuling:
    """Written by one member, voted by three, signed by the chair, told to each party."""
    deliberated(house, one)
    ruling = written(house, one)
    for by in (house.one, house.two, house.chair):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    go(one, house.one, State.DRAFTED, State.GATE)
    first.sign(petition_id=one.pk, of=ruling.of, copy=house.piece, name="signe.pdf", by=house.chair)
    go(one, house.chair, State.PRONOUNCED)
    go(one, house.keeper, State.NOTIFIED)
    serve(one, house.keeper)
    return FirstRuling.objects.get(pk=ruling.pk)


# --- who, where ----------------------------------------------------------------------------------
def test_an_office_is_opened_by_two_persons_for_a_body_of_the_pack_once(house):
    assert house.office.counter.first and not Counter.objects.filter(code="CAKAYES").exists()
    for body, code in (("constitutional_court", "XX1"), ("nobody", "XX2"), ("civil_judge", "CAKAYES"), ("administrative_commission", "XX3")):
        with pytest.raises(rules.NoOffice):
            offices.ask(body=body, code=code, name="n", unit=house.kayes.code, reason="r", by=house.opens)
    with pytest.raises(Forbidden):
        offices.ask(body="civil_judge", code="JCK", name="n", unit="", reason="r", by=house.greffe)


def test_a_person_acts_in_the_offices_of_the_body_of_their_role_over_their_territory_and_in_nothing_of_the_court(house):
    one = house.received()
    judge = make_person("jc-greffe", "juge-civil-greffe", unit=house.kayes)
    far = make_person("ca-loin", "commission-greffe", unit=house.segou)
    for outsider in (judge, far, house.greffe, make_person("president", "presidence")):
        assert queries.offices_of(outsider) == []
        with pytest.raises(Petition.DoesNotExist):
            queries.case_of(outsider, one.number)
        with pytest.raises(Forbidden):
            first.step(petition_id=one.pk, to=State.DOCKETED, by=outsider)
        with pytest.raises(Forbidden):
            house.received(by=outsider)
    assert queries.offices_of(house.keeper) == [house.office] and queries.case_of(house.one, one.number) == one
    assert not court_docket.docket(house.greffe).exists() and not public.docket().rows


def test_a_petition_has_the_number_of_the_office_its_own_roll_and_a_signed_receipt(house):
    one, two = house.received(), house.received()
    assert (one.number, one.roll, two.roll) == ("2027-P1-CAKAYES-000001", 1, 2)
    assert one.receipt.key == house.office.counter.key and one.custody.exists()
    assert Petition.objects.count() == 0 and Petition.every.count() == 2


def test_an_act_that_the_pack_does_not_send_to_this_body_is_refused_there(house):
    with pytest.raises(rules.NotOfThisBody) as refused:
        house.received(said("candidacy", "candidate"))
    assert "liste des candidats" in refused.value.message.text("fr")
    assert Petition.every.count() == 0


def test_the_checklist_is_that_of_the_body_seized(house):
    one = go(house.received(), house.keeper, State.DOCKETED)
    made = checking.check(petition_id=one.pk, by=house.keeper, form={"certified": True})
    items = {i["item"]: i for i in made.said["items"]}
    assert items["competence"]["state"] == "met" and items["standing"]["state"] == "met"


def test_a_piece_given_at_the_office_stands_for_the_grounds_and_no_ground_of_a_register_asks_for_a_station(house):
    """The petition itself proves nothing; a piece beside it, tied to no ground, is one for each."""
    alone, proved = house.received(), house.received(more=[(house.piece, "recepisse.pdf")])
    said = []
    for one in (alone, proved):
        go(one, house.keeper, State.DOCKETED)
        found = checking.check(petition_id=one.pk, by=house.keeper, form={"certified": True}).said["items"]
        said.append(next(i for i in found if i["item"] == "grounds"))
    assert [i["state"] for i in said] == ["not_met", "met"]
    assert not any("bureau" in str(i) for i in said) and "s’appuie sur une pièce" in str(said[1])


# --- decided --------------------------------------------------------------------------------------
def test_a_decision_is_written_voted_signed_by_another_hand_and_told(house):
    one = house.received()
    deliberated(house, one)
    with pytest.raises(NotVoted):
        first.step(petition_id=one.pk, to=State.DRAFTED, by=house.one)
    ruling = written(house, one)
    first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=house.one)
    with pytest.raises(rules.VotedAlready):
        first.vote(petition_id=one.pk, of=ruling.of, aye=False, by=house.one)
    again = written(house, one, words="Inscrire la requérante au bureau 1.")
    with pytest.raises(rules.NothingWritten):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=house.two)
    assert queries.ballot_of(again) == rules.Ballot()  # another text: no vote counts
    first.vote(petition_id=one.pk, of=again.of, aye=False, by=house.two)
    first.vote(petition_id=one.pk, of=again.of, aye=True, by=house.one)
    with pytest.raises(NotVoted):  # one for, one against: no casting vote is known
        first.step(petition_id=one.pk, to=State.DRAFTED, by=house.one)
    first.vote(petition_id=one.pk, of=again.of, aye=True, by=house.chair)
    go(one, house.one, State.DRAFTED, State.GATE)
    with pytest.raises(Forbidden):
        first.sign(petition_id=one.pk, of=again.of, copy=house.piece, name="s.pdf", by=house.one)
    done = first.sign(petition_id=one.pk, of=again.of, copy=house.piece, name="s.pdf", by=house.chair)
    one.refresh_from_db()
    assert one.state == State.SIGNED and done.number == f"{timezone.localdate().year}-01/CAKAYES-LE" and len(done.digest) == 64
    public = {"of": done.of, "number": done.number, "case": one.number, "office": one.counter.code, "copy": house.piece.sha256, "signed_at": done.signed_at.isoformat()}
    assert done.digest == sha256_of(public)  # no vote is in it: who reads it would try every count
    assert any("Quorum" in m["fr"] for m in done.verdict["warnings"])  # of a commission: the pack does not know it
    assert Act.objects.filter(kind="disputes.first_signed").count() == 1


def test_who_wrote_the_decision_does_not_sign_it(house):
    one = house.received()
    deliberated(house, one)
    ruling = written(house, one, by=house.chair)
    for by in (house.one, house.two):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    go(one, house.one, State.DRAFTED, State.GATE)
    with pytest.raises(rules.Kept) as kept:
        first.sign(petition_id=one.pk, of=ruling.of, copy=house.piece, name="s.pdf", by=house.chair)
    assert "ne la signe pas" in kept.value.message.text("fr")
    with pytest.raises((OneHand, GateShut)):
        steps.move(Petition.every.get(pk=one.pk), State.SIGNED, house.chair, act="autre chemin")


def test_the_gate_names_a_ground_without_reason_and_an_unknown_norm(house):
    one = house.received()
    deliberated(house, one)
    ruling = written(house, one, reasons={}, articles=["XX-NULLE-PART"])
    for by in (house.one, house.two):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    go(one, house.one, State.DRAFTED, State.GATE)
    said_ = " ".join(m.text("fr") for m in first.examine(one).faults)
    assert "g1" in said_ and "XX-NULLE-PART" in said_
    go(one, house.chair, State.DRAFTED)
    better = written(house, one)
    for by in (house.one, house.two):
        first.vote(petition_id=one.pk, of=better.of, aye=True, by=by)
    assert not first.examine(one, house.chair).faults


def test_before_the_text_is_adopted_nothing_tells_how_anybody_voted_nor_what_is_written(house):
    """The gate, the printed paper, the page of the clerk and the ledger."""
    one = house.received()
    deliberated(house, one)
    ruling = written(house, one)
    first.vote(petition_id=one.pk, of=ruling.of, aye=False, by=house.one)
    one.refresh_from_db()
    told = [m.text("fr") for m in first.examine(one).faults if "adopté" in m.text("fr")]
    assert told == ["Ce texte n’est pas adopté ; votes donnés : 1."]
    with pytest.raises(rules.NotAdoptedYet):
        first_papers.issue(petition=one, what="decision", lang="fr", by=house.keeper)
    assert [queries.reads_text(p, one, ruling) for p in (house.keeper, house.one, house.two, house.chair)] == [False, True, True, True]
    assert not [a for a in Act.objects.filter(kind__startswith="disputes.first_") if "granted" in str(a.after)]
    for by in (house.two, house.chair):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    ruling.refresh_from_db()
    assert queries.reads_text(house.keeper, one, ruling)  # adopted: it is printed to be signed


def test_the_vote_of_who_stepped_aside_counts_for_nothing_and_the_text_is_shut_to_them(house):
    one = house.received()
    deliberated(house, one)
    ruling = written(house, one)
    for by in (house.one, house.two):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    first.step_aside(petition_id=one.pk, why="parente de la requérante", by=house.two)
    first.vote(petition_id=one.pk, of=ruling.of, aye=False, by=house.chair)
    assert queries.ballot_of(ruling) == rules.Ballot(1, 1, False) and not queries.reads_text(house.two, one, ruling)
    with pytest.raises(NotVoted):
        first.step(petition_id=one.pk, to=State.DRAFTED, by=house.one)


def test_two_who_preside_and_vote_apart_break_no_tie(house):
    one = house.received()
    deliberated(house, one)
    ruling, other = written(house, one), make_person("ca-chair-2", "commission-presidence", unit=house.kayes)
    for by, aye in ((house.chair, True), (other, False)):
        first.vote(petition_id=one.pk, of=ruling.of, aye=aye, by=by)
    assert queries.ballot_of(ruling) == rules.Ballot(1, 1, None)


def test_the_registry_alone_changes_nothing_that_was_voted_or_signed_by_striking(house):
    filing = said()
    two = dataclasses.replace(filing, grounds=(*filing.grounds, GroundSaid(code="register", about="register", text="Elle y a toujours voté.")))
    one = house.received(two)
    deliberated(house, one)
    ruling = written(house, one, reasons={"g1": "Le récépissé le prouve.", "g2": "Sans preuve."})
    for by in (house.one, house.two):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    go(one, house.one, State.DRAFTED, State.GATE)
    striking.strike(petition_id=one.pk, what="ground", row_id=one.grounds.get(key="g2").pk, why="erreur", by=house.keeper)
    with pytest.raises(rules.Kept) as kept:
        first.sign(petition_id=one.pk, of=ruling.of, copy=house.piece, name="s.pdf", by=house.chair)
    assert "g2" in kept.value.message.text("fr")
    go(one, house.chair, State.DRAFTED)
    ruling = written(house, one)
    for by in (house.one, house.two):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    go(one, house.one, State.GATE)
    striking.strike(petition_id=one.pk, what="party", row_id=one.parties.get(role="authority").pk, why="erreur", by=house.keeper)
    assert any("rayées par le greffe" in m.text("fr") for m in first.examine(one, house.chair).warnings)
    done = first.sign(petition_id=one.pk, of=ruling.of, copy=house.piece, name="s.pdf", by=house.chair)
    with pytest.raises(rules.ExemplarKept):
        striking.strike(petition_id=one.pk, what="exhibit", row_id=done.copy_id, why="erreur", by=house.keeper)


def test_a_signed_decision_is_kept_as_it_was_signed_by_the_database_too(house):
    one = house.received()
    ruling = decided(house, one)
    for change in ({"outcome": "unfounded"}, {"reasons": {"g1": "autre"}}, {"articles": []}, {"words": "autre"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FirstRuling.objects.filter(pk=ruling.pk).update(**change)
    with pytest.raises(rules.NotWritable):
        written(house, one)


def test_who_stepped_aside_does_nothing_more_in_that_case_alone(house):
    one, two = house.received(), house.received()
    first.step_aside(petition_id=one.pk, why="parente de la requérante", by=house.keeper)
    with pytest.raises(rules.AsideAlready):
        first.step(petition_id=one.pk, to=State.DOCKETED, by=house.keeper)
    go(two, house.keeper, State.DOCKETED)


# --- attacked above -----------------------------------------------------------------------------------
def test_a_decision_is_attacked_before_the_next_body_of_the_pack_and_each_names_the_other(house):
    judge_office = house.opened("civil_judge", "JCKAYES", house.kayes)
    clerk, judge = make_person("jc-g", "juge-civil-greffe", unit=house.kayes), make_person("jc", "juge-civil", unit=house.kayes)
    one = house.received()
    with pytest.raises(rules.NoAppeal):  # not decided
        house.received(office=judge_office, by=clerk, appeal=one.number)
    ruling = decided(house, one)
    appeal = house.received(office=judge_office, by=clerk, appeal=ruling.number)
    assert appeal.appeal_of_id == one.pk and list(one.appeals.all()) == [appeal]
    with pytest.raises(rules.NoAppeal):  # the commission is not above itself
        house.received(appeal=one.number)
    # a judge alone: the registry prepares, the judge signs, nobody votes
    go(appeal, clerk, State.DOCKETED, State.ADMISSIBILITY)
    serving.file_paper(petition_id=appeal.pk, kind="petition", title="Recours", by=clerk)
    go(appeal, clerk, State.SERVED)
    serve(appeal, clerk)
    go(appeal, clerk, State.INSTRUCTION, State.READY)
    go(appeal, judge, State.DELIBERATION)
    text = written(house, appeal, by=clerk, articles=["ML-D-REGISTER-COURT"])
    with pytest.raises(rules.VotedAlready):
        first.vote(petition_id=appeal.pk, of=text.of, aye=True, by=judge)
    go(appeal, clerk, State.DRAFTED, State.GATE)
    done = first.sign(petition_id=appeal.pk, of=text.of, copy=house.piece, name="s.pdf", by=judge)
    assert done.number.endswith("/JCKAYES-LE")
    assert queries.above(one)[0].body == "civil_judge" and queries.above(appeal) is None


def test_its_papers_bear_the_name_of_its_body(house):
    one = house.received()
    deliberated(house, one)
    written(house, one)
    paper = first_papers.sheet(one, FirstRuling.objects.get(petition=one), "fr")
    assert "Commission administrative" in paper.head.body and "inscrire sur la liste électorale" in str(paper.data)
    with pytest.raises(Forbidden):
        first_papers.issue(petition=one, what="receipt", lang="fr", by=house.greffe)


def test_another_pack_changes_the_body_its_quorum_its_delays_its_numbers_and_sends_the_appeal_to_its_court(tmp_path):
    found = other_country.pack(tmp_path)
    election = country.create_election(
        code="xa", name_fr="X", name_en="X", pack=country.load_pack_version(found), polling_day=timezone.localdate() + timedelta(days=60),
        geography=Geography.objects.get(code="xa-pays"),
    )  # fmt: skip
    contest = country.create_contest(
        election=election, code="xa-pres", name_fr="X", system=dict(found.engine_systems()["BJ-PRES"]), boxes=BOXES, options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    greffe = make_person("xa-greffe", "greffe")
    counters.open_roll(contest=contest, short="R1", year=2027, by=greffe)
    opener = make_person("xa-ouvre", "ouvre")
    office = offices.open_office(body="nominations_council", code="CC1", name="Conseil", by=opener)
    who = {n: make_person(f"xa-{n}", r) for n, r in (("keeper", "conseil-greffe"), ("one", "conseil-membre"), ("two", "conseil-membre"), ("chair", "conseil-chef"))}
    piece = intake.keep(demonstration.paper(), name="p.pdf", by=who["keeper"])

    class Council:
        keeper, one, two, chair = (who[n] for n in ("keeper", "one", "two", "chair"))

    case = first.receive(office=office, contest=contest, filing=said("candidacy", "candidate"), channel="counter", pieces=[(piece, "p.pdf")], by=who["keeper"])
    assert Clock.objects.filter(petition=case, kind="decision", about="XA-CAND-RULING").exclude(limit="").exists()
    deliberated(Council, case)
    text = written(Council, case, order="admit", words="Admettre la candidature.", articles=["XA-D-CAND"])
    for by in (who["one"], who["two"]):
        first.vote(petition_id=case.pk, of=text.of, aye=True, by=by)
    assert any("quorum : 3" in m.text("fr") for m in first.examine(case).faults)
    first.vote(petition_id=case.pk, of=text.of, aye=False, by=who["chair"])
    go(case, who["one"], State.DRAFTED, State.GATE)
    done = first.sign(petition_id=case.pk, of=text.of, copy=piece, name="s.pdf", by=who["chair"])
    assert done.number == f"CC1:CA:{timezone.localdate().year}:01"
    go(case, who["chair"], State.PRONOUNCED)
    go(case, who["keeper"], State.NOTIFIED)
    serve(case, who["keeper"])
    _remedy, body, court = queries.above(case)
    assert court and body.codes == ("election_tribunal",)
    clerk = make_person("xa-guichet", "guichet")
    counter = counters.open_counter(code="KTM1", name="Greffe", by=greffe)
    appeal = intake.take_down(
        contest=contest, filing=said("candidacy", "candidate"), channel="counter", counter=counter, pieces=[(piece, "p.pdf")], by=clerk,
        appeal_of=first.appealed(done.number, contest, "candidacy", "election_tribunal"),
    )  # fmt: skip
    assert appeal.office_id is None and appeal.appeal_of_id == case.pk and Petition.objects.get() == appeal
    clock = Clock.objects.get(petition=appeal, kind="filing")
    assert [e.piece.sha256 for e in appeal.exhibits.order_by("number")][-1] == done.copy.piece.sha256  # the decision attacked
    assert clock.about == "XA-CAND-APPEAL" and clock.verdict == "in_time"  # from the day on which the decision reached its author
