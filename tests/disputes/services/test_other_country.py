"""A whole case in a country that does not exist: its court, quorum, limits and numbers come from its pack, and no code is changed."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from django.utils import timezone

from kalata.country import services as country
from kalata.country.models import Geography
from kalata.deadlines import services as deadlines
from kalata.disputes import demonstration, verifying
from kalata.disputes.models import BenchMember, Clock, Petition, Ruling
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules import draw as draws
from kalata.disputes.rules.bench import NoQuorum
from kalata.disputes.rules.filing import Filing, GroundSaid, PartySaid
from kalata.disputes.rules.identifiers import BadNumber
from kalata.disputes.rules.sealing_keys import PrivateKey
from kalata.disputes.rules.steps import State
from kalata.disputes.services import (
    archiving,
    assigning,
    checking,
    counters,
    executing,
    intake,
    members,
    rulings,
)
from kalata.disputes.signing import authority
from kalata.disputes.signing import court as signing
from kalata.people import services as people
from kalata.people.approving import decide_approval
from kalata.people.rules.approval import Decision
from kalata.results.queries import board as boards
from kalata.results.services import contests
from tests.conftest import BOXES, LISTS, PROFILE, bring, make_person
from tests.disputes import other_country
from tests.disputes.publishing import published_text

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
ZONE = ZoneInfo("Asia/Kathmandu")
NUMBER = f"TE.EL/7/{YEAR}"
CSV = b"""pays,bureau,inscrits,votants,bulletins,nuls,exprimes,Le baobab,La pirogue,La calebasse
Pays fictif,N-001,400,200,200,5,195,100,60,35
Pays fictif,N-002,350,150,150,2,148,70,50,28
Pays fictif,N-003,500,300,300,10,290,90,150,50
"""


@pytest.fixture
def contest(tmp_path_factory):
    """Published results of three stations, in an election bound to the pack of this country."""
    found = other_country.pack(tmp_path_factory.mktemp("pack"))
    version = country.load_pack_version(found)
    election = country.create_election(
        code="xa", name_fr="Présidentielle", name_en="Presidential", pack=version, polling_day=None,
        geography=Geography.objects.get(code="xa-pays"),
    )  # fmt: skip
    made = country.create_contest(
        election=election, code="xa-pres", name_fr="Présidentielle", name_en="Presidential", boxes=BOXES,
        system=dict(found.engine_systems()["BJ-PRES"]), options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    head, publisher = make_person("xa-chef", "superviseur"), make_person("xa-publie", "publication")
    bring(made, head, CSV, PROFILE | {"areas": ["pays"]})
    asked = contests.ask_publication(contest=made, reason="complet", by=head)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    made.refresh_from_db()
    return made


def tell(contest, ago: int) -> None:
    """The provisional results, told some days ago at eight in the evening, by the clock of that country."""
    by = make_person("xa-agenda", "superviseur")
    one = deadlines.open_calendar(election=contest.election, family="presidential", rounds=2, by=by)
    day = timezone.localdate(timezone=ZONE) - timedelta(days=ago)
    for kind, when, at in (("VOTE", day - timedelta(days=4), None), ("PROV_RESULTS", day, time(20, 0))):
        deadlines.record_fact(
            calendar=one, type_=kind, round_=1, day=when, at=at, standing="actual", document="PV", by=by
        )


class Cast(demonstration.Cast):
    """The people of this court, for the acts that a demonstration takes a case through."""

    def __init__(self, contest) -> None:
        self.contest, self.keys = contest, {}
        roles = {
            "greffe": "greffe",
            "presidence-cour": "presidence",
            "guichet-cour": "guichet",
            "publication-cour": "publication-cour",
            "juge": "juge",
            "juge-2": "juge",
        }
        self.who = {name: make_person(f"xa-{name}", role) for name, role in roles.items()}
        self.who |= {p.username: p for p in self.who.values()}
        self.piece = intake.keep(demonstration.paper(), name="piece.pdf", by=self["guichet-cour"])
        counters.open_roll(contest=contest, short="R1", year=YEAR, by=self["greffe"])
        self.counter = counters.open_counter(code="KTM1", name="Greffe", by=self["greffe"])

    def sit(self) -> None:
        for n, name in enumerate(("presidence-cour", "juge", "juge-2"), 1):
            member = members.seat(
                code=f"t{n}",
                person=self[name],
                authority="Assemblée" if n < 3 else "Barreau",
                since=timezone.localdate() - timedelta(days=9),
                president=n == 1,
                by=self["greffe"],
            )
            key = self.keys[member.code] = PrivateKey.fresh()
            asked = members.ask_key(member=member, public=key.public.text(), by=self[name])
            decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=self["greffe"])


@pytest.fixture
def cast(contest, tmp_path, settings, monkeypatch):
    settings.COURT_KEYS = tmp_path / "court"
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", "huit mots au hasard et huit autres mots encore")
    authority.create(settings.COURT_KEYS, signing.passphrase(), court="Tribunal électoral", country="XA", origin="te.example", at=signing.now())  # fmt: skip
    with override_settings(COUNTER_KEYS=tmp_path / "counters"):
        yield Cast(contest)


def received(cast) -> Petition:
    said = Filing(
        about="results", about_words="Un bureau", capacity="candidate", relief="annulation", signed=True, signed_on=timezone.localdate(), text="Chiffres incohérents.",
        parties=(PartySaid(role="petitioner", name="La pirogue", kind="candidate"), PartySaid(role="respondent", name="Le baobab", kind="candidate")),
        grounds=(GroundSaid(code="figures_inconsistent", about="results", text="Chiffres", stations=("N-003",)),),
    )  # fmt: skip
    made = intake.draft(contest=cast.contest, filing=said, channel="counter", by=cast["guichet-cour"])
    intake.attach(
        petition=made, content=cast.piece, name="piece.pdf", kind="pv", by=cast["guichet-cour"], grounds=["g1"]
    )
    return intake.receive(petition_id=made.pk, counter=cast.counter, by=cast["guichet-cour"])


def drawn(cast) -> None:
    """The seed is committed before filing."""
    commit = draws.commitment("".join(demonstration.HALVES))
    asked = assigning.ask_commit(
        contest=cast.contest, commit=commit, reason="avant le dépôt", by=cast["presidence-cour"]
    )
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["greffe"])


def decided(cast, one: Petition) -> Ruling:
    """One station annulled, as far as the gate."""
    judge = queries.rapporteur(one).person
    with pytest.raises(BadNumber) as refused:
        rulings.draft(contest=cast.contest, number=f"{YEAR}-07/CC-EL", words="motif", by=judge, petitions=[one])
    assert "CC.EL/04/2026" in refused.value.how.text("fr")
    made = rulings.draft(contest=cast.contest, number=NUMBER, words="chiffres", by=judge, petitions=[one])
    acts = [{"id": "1", "act": "ANNUL_STATION", "stations": [["N-003"]], "ground": "g1"}]
    made = rulings.amend(
        ruling=made, by=judge, acts=acts, articles=["XA-D-RES"],
        outcomes={str(one.number): ("granted", {"g1": "les chiffres ne se tiennent pas."})},
    )  # fmt: skip
    made = rulings.generate(ruling=made, by=judge)
    rulings.to_gate(ruling=made, by=judge)
    return Ruling.objects.get(pk=made.pk)


def test_a_case_is_filed_served_drawn_decided_and_carried_out_by_the_law_of_another_pack(cast, tmp_path):
    tell(cast.contest, 1)
    drawn(cast)
    cast.sit()
    one = received(cast)
    demonstration.move(cast, one, State.DOCKETED, "greffe")
    demonstration.move(cast, one, State.ADMISSIBILITY, "greffe")
    checked = checking.check(petition_id=one.pk, by=cast["greffe"])
    items = {i["item"]: i for i in checked.said["items"]}
    assert items["competence"]["state"] == "met" and "Tribunal électoral" in items["competence"]["fr"]
    clock = Clock.objects.get(petition=one, kind="filing")
    assert clock.verdict == "in_time" and (clock.bound.astimezone(ZONE).strftime("%H:%M")) == "00:00"
    assigning.draw_all(contest=cast.contest, seed="".join(demonstration.HALVES), by=cast["presidence-cour"])
    demonstration.instruct(cast, one, State.DRAFTED)
    one.refresh_from_db()
    assert one.state == "drafted"
    ruling = decided(cast, one)
    law = queries.court(cast.contest)
    assert (law.code, law.members, law.quorum, law.casting_vote, law.abstention, law.recusal) == (
        "XA-TE",
        3,
        2,
        False,
        True,
        True,
    )
    assert sum(law.seats.values()) == 3 and law.replacement_days == 10
    verdict = rulings.examine(ruling, cast["presidence-cour"])
    assert [c for c, holds in verdict.checks if not holds] == []
    before = boards.board(cast.contest).votes
    signed = executing.sign(ruling=ruling, by=cast["presidence-cour"])
    assert signed.print["parts"]["visas"][0] == "Le Tribunal électoral,"
    assert signed.decision["bench"]["quorum"] == 2 and signed.decision["bench"]["members"] == 3
    rulings.pronounce(ruling=signed, minutes="audience publique", by=cast["presidence-cour"])
    rulings.notify(ruling=signed, by=cast["greffe"])
    published_text(Ruling.objects.get(pk=signed.pk), cast["publication-cour"], cast["greffe"])
    executing.apply(ruling=Ruling.objects.get(pk=signed.pk), by=cast["greffe"])
    cast.contest.refresh_from_db()
    after = boards.board(cast.contest).votes
    assert {k: before[k] - v for k, v in after.items() if before[k] != v}.values() and sum(before.values()) - sum(after.values()) == 290  # fmt: skip
    opened = archiving.write(petition=Petition.objects.get(pk=one.pk), folder=tmp_path / "archive")
    found = verifying.verify(tmp_path / "archive", vkey=opened.vkey, ca=opened.ca_pem())
    assert found.valid, found.record()["problems"]
    assert b"ECLI:XA:TE:" in (tmp_path / "archive" / "documents" / "decision.xml").read_bytes()


def test_its_two_days_end_where_those_of_another_country_still_run_and_its_quorum_is_its_own(cast):
    """On the third day a petition is late here; five days run elsewhere."""
    tell(cast.contest, 3)
    cast.sit()
    one = received(cast)
    demonstration.move(cast, one, State.DOCKETED, "greffe")
    assert Clock.objects.get(petition=one, kind="filing").verdict == "late"
    leaves = BenchMember.objects.get(code="t3")
    members.note_absence(member=leaves, first=timezone.localdate(), last=None, why="santé", by=leaves.person)
    queries.sitting(one).demand()  # two of three: the quorum
    other = BenchMember.objects.get(code="t2")
    members.note_absence(member=other, first=timezone.localdate(), last=None, why="santé", by=other.person)
    with pytest.raises(NoQuorum):
        queries.sitting(one).demand()
