"""A decision from its acts to its effect: printed from them, stopped by the gate, signed, carried out once."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kalata.disputes.models import Counter, Petition, Ruling
from kalata.disputes.rules import rulings as rules
from kalata.disputes.rules.acts import Faulty
from kalata.disputes.rules.steps import GateShut, OneHand
from kalata.disputes.rules.steps import State as Case
from kalata.disputes.services import count, executing, proclaiming, rulings, steps
from kalata.disputes.signing import authority, court, papers
from kalata.evidence import store
from kalata.people import services as people
from kalata.people.rules.approval import Decision as Decided
from kalata.results.models import Proclamation, StationReport
from kalata.results.queries import board as boards
from kalata.results.rules.rulings import AlreadyCarriedOut
from kalata.results.services import authority as proofs
from tests.conftest import make_person
from tests.disputes.publishing import notified, published_text
from tests.disputes.services.test_count import counted_all

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 7, 19, 31, 8, tzinfo=UTC)
ANNUL = {"id": "1", "act": "ANNUL_STATION", "stations": [["SEG-001"]], "ground": "g1"}
BENCH = {
    "members": 9, "quorum": 5, "abstention": False, "president": "presidente-essai",
    "present": ["presidente-essai", "juge", "j3", "j4", "j5"], "ayes": 4, "noes": 1, "casting_vote": False,
    "signatories": ["presidente-essai"], "conflicts": [],
}  # fmt: skip
YEAR = timezone.localdate().year


@pytest.fixture
def president(pack_version):
    return make_person("presidente-essai", "presidence")


@pytest.fixture
def publisher_of_court(pack_version):
    return make_person("publie-essai", "publication-cour")


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """What the other parts of the room say: who sat, and where each case stands."""
    said = {"bench": dict(BENCH)}
    monkeypatch.setattr(rulings, "SECTIONS", [lambda ruling: said])
    monkeypatch.setattr(
        steps, "FACTS", [lambda petition: {"unserved": 0, "undelivered": 0, "voted": True, "passes": True}]
    )
    return said


@pytest.fixture
def keys(settings, tmp_path, monkeypatch):
    settings.COURT_KEYS = tmp_path / "court"
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", "huit mots au hasard et huit autres mots encore")
    authority.create(settings.COURT_KEYS, court.passphrase(), court="Cour d’essai", country="ML", origin="cour.example", at=court.now())  # fmt: skip


@pytest.fixture
def petition(published):
    counter = Counter.objects.create(code="BKO2", name="Greffe", key="0" * 64, at=timezone.now())
    made = Petition.objects.create(
        contest=published, counter=counter, number=f"{YEAR}-P1-BKO2-000001", sequence=1, roll=1, state="drafted",
        received_at=AT, at=timezone.now(),
    )  # fmt: skip
    made.grounds.create(key="g1", code="officers")
    return made


@pytest.fixture
def ruling(published, petition, judge):
    made = rulings.draft(
        contest=published, number=f"{YEAR}-44/CC-EL", words="présidents non nommés", by=judge, petitions=[petition]
    )
    made = rulings.amend(
        ruling=made, by=judge, acts=[ANNUL], articles=["ML-D-OPERATIONS"],
        outcomes={petition.number: ("granted", {"g1": "le président n’était pas sur la liste."})},
    )  # fmt: skip
    return rulings.generate(ruling=made, by=judge)


def again(one):
    return type(one).objects.get(pk=one.pk)


def fails(ruling, by=None):
    return {check for check, holds in rulings.examine(again(ruling), by).checks if not holds}


def test_text_counts_and_annexes_are_printed_from_the_acts(ruling):
    said = ruling.print
    assert [a["stations"] for a in said["annexes"]] == [[["SEG-001"]]] and said["annexes"][0]["count"] == 1
    counts = {c["what"]: c["value"] for c in said["printed"]["counts"]}
    assert counts["annulled_stations"] == 1 and counts["petitions"] == 1
    text = "\n".join(p for part in said["parts"].values() for p in part)
    assert "un bureau de vote, nommé à l’annexe 1" in text and "le président n’était pas sur la liste" in text


def test_acts_that_cannot_be_are_refused_with_each_fault(ruling, judge):
    bad = [{"id": "1", "act": "ANNUL_STATION", "stations": [["XXX"]]}, {"id": "2", "act": "DECLARE_ELECTED"}]
    with pytest.raises(Faulty) as met:
        rulings.amend(ruling=ruling, by=judge, acts=bad)
    assert {f.code for f in met.value.others} == {"DIS-501", "DIS-506"}


def test_a_clean_draft_passes_and_one_whose_annex_is_a_station_short_does_not(ruling, judge, president):
    rulings.to_gate(ruling=ruling, by=judge)
    assert fails(ruling, president) == set()
    held = again(ruling)
    held.print["annexes"][0]["stations"] = []
    Ruling.objects.filter(pk=held.pk).update(print=held.print)
    assert "annexes" in fails(ruling, president)
    with pytest.raises(GateShut):
        executing.sign(ruling=again(ruling), by=president)


def test_acts_changed_after_the_print_do_not_reach_the_gate(ruling, judge):
    two = [ANNUL, {"id": "2", "act": "ANNUL_STATION", "stations": [["SAN-001"]], "ground": "g1"}]
    held = rulings.amend(ruling=ruling, by=judge, acts=two)
    with pytest.raises(rules.NotPrinted):
        rulings.to_gate(ruling=held, by=judge)
    rulings.to_gate(ruling=rulings.generate(ruling=held, by=judge), by=judge)


def test_who_drafted_does_not_sign_and_without_keys_nothing_is_called_signed(ruling, judge, president):
    rulings.to_gate(ruling=ruling, by=judge)
    with pytest.raises(rules.NoKeys):
        executing.sign(ruling=ruling, by=president)
    assert again(ruling).state == "gate" and again(ruling).digest == ""
    made = again(ruling)
    with pytest.raises(OneHand):
        rulings.moved(made, rules.State.SIGNED, judge, document="x", passes=True)


def test_two_members_override_with_reasons_and_one_is_not_enough(ruling, judge, president, told, keys):
    told["bench"] = {**BENCH, "ayes": 2, "noes": 3}
    rulings.to_gate(ruling=ruling, by=judge)
    with pytest.raises(GateShut):
        executing.sign(ruling=ruling, by=president)
    rulings.override(ruling=ruling, reasons="vote repris au procès-verbal", by=president)
    with pytest.raises(GateShut):
        executing.sign(ruling=ruling, by=president)
    with pytest.raises(rules.NotOfTheBench):
        rulings.override(ruling=ruling, reasons="encore", by=president)
    rulings.override(ruling=ruling, reasons="d’accord", by=judge)
    done = executing.sign(ruling=ruling, by=president)
    assert done.verdict["signature"] == "overridden" and done.verdict["mismatches"]


def published_ruling(ruling, judge, president, registrar, publisher):
    published_text(notified(ruling, judge, president, registrar), publisher, registrar)
    return again(ruling)


def test_signed_pronounced_notified_published_then_the_results_change_once(
    ruling, petition, judge, president, registrar, publisher_of_court, keys, published
):
    done = published_ruling(ruling, judge, president, registrar, publisher_of_court)
    checked = papers.check(store.path(done.pdf).read_bytes(), [court.the_court().root])
    assert checked.faults == [] and b"SEG-001" in checked.attached["decision.json"]
    assert StationReport.objects.filter(station__code="SEG-001").count() == 1
    decision = executing.apply(ruling=again(ruling), by=registrar)
    assert (decision.number, decision.digest) == (ruling.number, again(ruling).digest)
    assert again(ruling).state == "applied" and again(petition).state == Case.APPLIED
    assert boards.build(again(published)).total.annulled == 1
    assert proofs.unproved(again(published)) == []
    with pytest.raises(AlreadyCarriedOut):
        executing.apply(ruling=again(ruling), by=registrar)
    assert StationReport.objects.filter(station__code="SEG-001").count() == 2


def test_results_that_moved_since_the_signature_stop_the_effect(
    ruling, judge, president, registrar, publisher_of_court, keys, published
):
    published_ruling(ruling, judge, president, registrar, publisher_of_court)
    from kalata.country.models import Station
    from kalata.results.rules.boxes import Standing
    from tests.court import decide

    decide(
        Station.objects.get(code="SAN-001"), Standing.ANNULLED, signer=judge, by=registrar, number=f"{YEAR}-45/CC-EL"
    )
    with pytest.raises(rules.FiguresMoved):
        executing.apply(ruling=again(ruling), by=registrar)
    assert again(ruling).state == "published"


def test_a_signed_decision_is_kept_and_a_clerical_correction_changes_no_figure(ruling, judge, president, keys):
    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    with pytest.raises(DatabaseError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(digest="0" * 64)
    with pytest.raises(rules.NotADraft):
        rulings.amend(ruling=ruling, by=judge, acts=[])
    passage = "La présente décision sera notifiée aux parties"
    with pytest.raises(rules.ChangesFigures):
        rulings.correct(ruling=ruling, passage=passage, reads=f"{passage}, 12 bureaux", why="faute", by=president)
    made = rulings.correct(ruling=ruling, passage=passage, reads=passage.replace("parties", "Parties"), why="faute", by=president)  # fmt: skip
    assert made.passage == passage


def test_no_clerical_correction_swaps_figures_or_contestants_nor_says_otherwise_what_is_decided():
    said = "Kéïta obtient 100 voix et Diarra 60"
    names, parts = ("Keïta", "Diarra"), {"operative": ["La requête est rejetée."], "reasons": [said]}
    refused = [
        (said, "Kéïta obtient 60 voix et Diarra 100"), (said, "Diarra obtient 100 voix et Kéïta 60"), (said, "La liste obtient 100 voix et Diarra 60"),
        ("rejetée", "admise"), ("est rejetée", "n’est pas rejetée"),
    ]  # fmt: skip
    assert not any(rules.clerical(passage, reads, parts, names) for passage, reads in refused)
    assert rules.clerical(said, "Keïta obtient 100 voix, et Diarra 60", parts, names)
    assert rules.clerical("Keita Moussa obtint", "Keïta Moussa obtient", parts, names) and rules.clerical("rejetée.", "Rejetée ;", parts, names)


def test_the_proclamation_takes_two_of_the_court_a_count_and_its_explanations(
    published, president, judge, registrar, keys
):
    from kalata.disputes.rules.count import NotCounted

    with pytest.raises(NotCounted):
        proclaiming.ask(contest=published, number=f"{YEAR}-50/CC-EP", by=registrar)
    clerks = [make_person(f"rec-{n}", "recensement") for n in range(2)]
    count.open_count(contest=published, by=president)
    counted_all(published, clerks)
    asked = proclaiming.ask(contest=published, number=f"{YEAR}-50/CC-EP", by=registrar)
    people.decide_approval(approval_id=asked.pk, to=Decided.APPROVED, by=president)
    made = Proclamation.objects.get()
    assert (made.number, made.signed_by, made.carried_by) == (f"{YEAR}-50/CC-EP", registrar, president)
    checked = papers.check(store.path(made.document).read_bytes(), [court.the_court().root])
    assert checked.faults == []


def test_the_country_of_an_identifier_is_that_of_the_pack(published, ruling, judge, president, keys):
    from kalata.disputes.queries.elections import country_of

    assert country_of(published) == "ML"
    published.election.pack.code = "sn"
    assert country_of(published) == "SN"
    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    signed = Ruling.objects.get(pk=ruling.pk)
    assert b"ECLI:ML:" in store.path(signed.xml).read_bytes()


def test_who_wrote_in_a_draft_that_another_opened_does_not_sign_it(ruling, petition, judge, president, keys):
    both = make_person("deux-casquettes", "juge")
    people.give_mandate(person=both, role="presidence")
    rulings.amend(ruling=ruling, by=both, acts=ruling.acts)
    rulings.to_gate(ruling=again(ruling), by=judge)
    with pytest.raises(OneHand):
        executing.sign(ruling=again(ruling), by=both)
    assert executing.sign(ruling=again(ruling), by=president).state == "signed"
