"""A small election in two regions with one of everything, whose unpublished figures are like nothing else on a page."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from kalata.country import services as country
from kalata.country.models import Contest, Geography, Station, Unit
from kalata.country.rules.rights import RIGHTS
from kalata.deadlines import pieces
from kalata.deadlines import queries as deadline_queries
from kalata.deadlines import services as deadlines
from kalata.deadlines.models import Assumption, Calendar, Fact, Override
from kalata.disputes.models import (
    BenchMember,
    CaseReport,
    Clock,
    Counter,
    CourtCount,
    CourtSheet,
    Draw,
    DrawLine,
    EvidenceLink,
    Exhibit,
    Filing,
    FirstRuling,
    Ground,
    GroundTarget,
    Hearing,
    Measure,
    Office,
    OfficerReplaced,
    Party,
    Petition,
    PetitionReceipt,
    PetitionStep,
    PlainSummary,
    Publication,
    Redaction,
    Representation,
    Ruling,
    RulingOutcome,
    RulingRemark,
    Service,
)
from kalata.disputes.rules.choices import Choice
from kalata.disputes.services import issuing, whatifs
from kalata.documents.models import DocumentBatch, IssuedDocument
from kalata.evidence import services as evidence
from kalata.evidence.models import Content
from kalata.evidence.rules.access import Access
from kalata.people import approving, tokens
from kalata.people.models import ApiToken, Mandate, Person
from kalata.people.rules.approval import Decision
from kalata.people.services import pack_roles
from kalata.planning.models import Comment, Funder, Movement, Payment, Plan, PlanVersion, Pledge, ProcurementItem
from kalata.planning.models import Publication as PlanPublication
from kalata.planning.services.content import fill
from kalata.refusals import Forbidden
from kalata.results.images import keep
from kalata.results.models import Lot, LotAnnouncement
from kalata.results.rules.boxes import Box, Sheet
from kalata.results.rules.contest_draft import Answers
from kalata.results.rules.lots import promise
from kalata.results.services import contests as services
from kalata.results.services import importing, setting_up
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import batches as publishing
from kalata.tally.services import commission, copies, custody, scanning
from kalata.tally.services import reports as tally
from kalata.training.models import (
    Agent,
    Cascade,
    Certificate,
    Declaration,
    ManualBuild,
    PaymentList,
    Post,
    PostBook,
    PostDraw,
    PrintRun,
    ProcedureComment,
    ProcedureVersion,
    Reserve,
    SheetReading,
    TestForm,
    TrainingClass,
)
from kalata.training.services import procedures
from tests.conftest import BOXES, LISTS, PROFILE, csv_of, make_person, mali

KAYES, SEGOU = "kayes", "segou"
SECRET = {KAYES: 5391, SEGOU: 6527}
"""Votes of the first list in one counted, unpublished report of each region of the unpublished contest."""
HELD_BACK = {KAYES: 4473, SEGOU: 5839}
"""The same, counted but in no batch yet, of the contest that is public."""
PLAIN = 211
OPEN = 4127
"""Votes of the first list in the published report."""


def picture(shade: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


def sheet(first: int, second: int | None = None) -> Sheet:
    second = first // 5 if second is None else second
    valid = first + second + 35
    boxes = {
        Box.REGISTERED: 9_900, Box.VOTERS: valid + 5, Box.BALLOTS: valid + 5, Box.NULL_BALLOTS: 5, Box.VALID: valid,
        Box.GAP_NOTED: 0, Box.WORDS_AGREE: 1, Box.SIGNATURES: 5,
    }  # fmt: skip
    return Sheet(boxes, (first, second, 35))


@dataclass
class Persona:
    """Somebody who knocks at every door. where: nation, a region, or None; contest: the only one of the mandate."""

    name: str
    role: str
    rights: frozenset[str]
    where: str | None
    contest: str | None = None
    live: bool = True
    person: Any = None
    key: str = ""

    @property
    def signed(self) -> bool:
        return self.person is not None


@dataclass
class World:
    """ids: what the addresses and forms of the matrix name."""

    pack: Any
    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, Person] = field(default_factory=dict)
    contests: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    personas: list[Persona] = field(default_factory=list)


STAFF = {
    "reception": "reception", "scan": "numerisation", "a": "saisie", "b": "saisie", "c": "arbitre", "e": "controle",
    "f": "commission", "f2": "commission", "boss": "superviseur", "out": "publication", "judge": "juge",
    "agent": "delegue", "law": "greffe",
}  # fmt: skip


def built() -> World:
    world = World(country.load_pack_version(mali()))
    for name, code in ((KAYES, "ML-KAY"), (SEGOU, "ML-SEG")):
        world.units[name] = Unit.objects.get(code=code, geography__code="ml-2015")
    world.staff = {name: make_person(f"w-{name}", role) for name, role in STAFF.items()}
    for tag in ("hidden", "open", "other"):
        election = country.create_election(
            code=f"el-{tag}", name_fr=f"Élection {tag}", name_en="", pack=world.pack,
            geography=Geography.objects.get(code="ml-2015"), polling_day=None,
        )  # fmt: skip
        world.contests[tag] = country.create_contest(
            election=election, code=f"c-{tag}", name_fr=f"Scrutin {tag}", name_en="",
            system=dict(world.pack.pack.engine_systems()["ML-PRES"]), boxes=BOXES, options=[{"name": n} for n in LISTS],
        )  # fmt: skip
    personas(world)
    papers_of_hidden(world)
    papers_of_open(world)
    things(world)
    legal_time(world)
    planned(world)
    trained(world)
    posted(world)
    classed(world)
    mooted(world)
    court(world)
    benched(world)
    first_instance(world.contests["hidden"], world.units[KAYES], world.staff["out"], world.ids)
    instructed(world)
    world.ids["archive"] = str(world.pack.pack.records("archives")[0]["election"])
    return world


# --- who ------------------------------------------------------------------------------------------
def personas(world: World) -> None:
    """Each role of the pack for the nation and in two regions; every right in another contest, and ended yesterday;
    and one whose rights are, for each page, all those it does not ask for (`without`)."""
    yesterday = timezone.localdate() - timedelta(days=1)
    every = frozenset(RIGHTS)
    world.personas = [Persona("nobody", "", frozenset(), None), Persona("none", "", frozenset(), None)]
    for role, record in pack_roles().items():
        rights = frozenset(record["rights"])
        world.personas += [Persona(f"{role}@{where}", role, rights, where) for where in ("nation", KAYES, SEGOU)]
    world.personas += [
        Persona("all@other", "", every, "nation", contest="other"),
        Persona("all@ended", "", every, "nation", live=False),
        Persona("others@nation", "", every, "nation"),
    ]
    for one in world.personas[1:]:
        one.person = Person.objects.create(
            username=one.name.replace("@", "."), full_name=one.name, is_active=True, activated_at=timezone.now()
        )
        if one.where:
            Mandate.objects.create(
                person=one.person, role=one.role or "superviseur", rights=sorted(one.rights),
                unit=world.units.get(one.where), contest=world.contests[one.contest] if one.contest else None,
                ends=None if one.live else yesterday,
            )  # fmt: skip
        one.key = f"{tokens.MARK}{one.name}"
        ApiToken.objects.create(
            person=one.person, name="matrix", sha256=tokens.digest(one.key), scopes=sorted(one.rights & tokens.SCOPES),
            expires_at=timezone.now() + timedelta(days=1), used_at=timezone.now(),
        )  # fmt: skip


def without(world: World, rights: frozenset[str]) -> Persona:
    """Somebody who holds nationally every right of the house but these: refused, no role lacking them passes either."""
    one = next(p for p in world.personas if p.name == "others@nation")
    one.rights = frozenset(RIGHTS) - rights
    Mandate.objects.filter(person=one.person).update(rights=sorted(one.rights))
    ApiToken.objects.filter(person=one.person).update(scopes=sorted(one.rights & tokens.SCOPES))
    return one


# --- papers ---------------------------------------------------------------------------------------
def stations(world: World, tag: str, codes: dict[str, str]) -> None:
    contest = world.contests[tag]
    for code, where in codes.items():
        Station.objects.create(contest=contest, code=code, unit=world.units[where], registered=9_900)
    contest.register_revision += 1
    contest.save()
    tally.open_register(contest=contest, by=world.staff["boss"])
    contest.refresh_from_db()


def scanned(world: World, contest: Any, code: str) -> Paper:
    paper = tally.receive(contest=contest, station=code, by=world.staff["reception"])
    return tally.scan(paper_id=paper.pk, image=keep(picture(sum(map(ord, code)) % 200)), by=world.staff["scan"])


def typed(world: World, contest: Any, code: str, *sheets: Sheet) -> Paper:
    paper = scanned(world, contest, code)
    for clerk, one in zip("ab", sheets, strict=False):
        taken = tally.claim_next(contest=contest, right="results.enter", by=world.staff[clerk])
        assert taken.pk == paper.pk
        paper = tally.submit(paper_id=taken.pk, sheet=one, by=world.staff[clerk], seen=taken.last_hash)
    return paper


def sat(world: World, contest: Any, unit: Unit | None, title: str) -> Any:
    by = world.staff["f"]
    one = commission.convene(
        contest=contest, unit=unit, title=title, quorum=2, members="Présidente ; CENI\nMembre ; CENI", by=by
    )
    present = {m.pk: {"present": True} for m in one.members.all()}
    commission.note_members(sitting_id=one.pk, values=present, by=by)
    for member in ("f", "f2"):
        commission.attend(sitting_id=one.pk, by=world.staff[member])
    return commission.change(sitting_id=one.pk, to="open", by=by)


def validated(world: World, contest: Any, sitting: Any, *papers: Paper) -> None:
    for paper in papers:
        paper.refresh_from_db()
        assert paper.state == State.CHECKED, (paper.errors, paper.warnings)
    commission.validate_all(sitting_id=sitting.pk, papers={p.pk: p.last_hash for p in papers}, by=world.staff["f"])
    assert all(Paper.objects.get(pk=p.pk).state == State.VALIDATED for p in papers)


def papers_of_hidden(world: World) -> None:
    """Kayes: one paper in each state a form of the matrix speaks of. Ségou: one counted, one to type."""
    contest, ids = world.contests["hidden"], world.ids
    stations(world, "hidden", {
        **{f"KAY-7{i}": KAYES for i in range(10)}, "SEG-91": SEGOU, "SEG-92": SEGOU, "SEG-93": SEGOU,
    })  # fmt: skip
    ids["expected"] = Paper.objects.get(station__code="KAY-70", contest=contest).pk
    ids["received"] = tally.receive(contest=contest, station="KAY-71", by=world.staff["reception"]).pk
    sitting = sat(world, contest, None, "Séance nationale")
    counted = typed(world, contest, "KAY-78", sheet(SECRET[KAYES]), sheet(SECRET[KAYES]))
    beyond = typed(world, contest, "SEG-91", sheet(SECRET[SEGOU]), sheet(SECRET[SEGOU]))
    validated(world, contest, sitting, counted, beyond)
    ids["validated"], ids["validated_hash"] = counted.pk, Paper.objects.get(pk=counted.pk).last_hash
    checked = typed(world, contest, "KAY-79", sheet(PLAIN), sheet(PLAIN))
    ids["checked"], ids["checked_hash"] = checked.pk, checked.last_hash
    wrong = Sheet({**sheet(PLAIN).boxes, Box.VALID: 1}, sheet(PLAIN).votes)
    ids["review"] = typed(world, contest, "KAY-77", wrong, wrong).pk
    visa = typed(world, contest, "KAY-76", sheet(PLAIN), sheet(PLAIN + 1, PLAIN // 5 - 1))
    tally.claim_next(contest=contest, right="results.arbitrate", by=world.staff["c"])
    tally.arbitrate(
        paper_id=visa.pk,
        choice={"c1": PLAIN + 2, "c2": PLAIN // 5 - 2},
        by=world.staff["c"],
        reason="lu ainsi",
        image=keep(picture(9)),
    )
    ids["visa"] = visa.pk
    ids["different"] = typed(world, contest, "KAY-75", sheet(PLAIN), sheet(PLAIN + 1, PLAIN // 5 - 1)).pk
    ids["image"] = Paper.objects.get(pk=ids["validated"]).image
    ids["typing"] = scanned(world, contest, "KAY-74").pk
    tally.claim_next(contest=contest, right="results.enter", by=world.staff["a"])
    assert Paper.objects.get(pk=ids["typing"]).state == State.FIRST_ENTRY
    ids["scanned"] = scanned(world, contest, "KAY-73").pk
    scanned(world, contest, "SEG-92")
    ids["station"] = Station.objects.get(contest=contest, code="KAY-78").pk
    boss, clerk = world.staff["boss"], world.staff["reception"]
    ids["lots"] = announced(contest, 1, boss).pk  # a promise waits for its secret, and another was opened
    made = announced(contest, 2, boss)
    ids["lot"] = Lot.objects.create(
        announcement=made, secret="trois dés dans un gobelet", public_number="1", order=["A", "B"], document="d",
        asked_by=boss, approved_by=clerk, at=timezone.now(),
    ).pk  # fmt: skip
    ids["sitting"] = sat(world, contest, world.units[KAYES], "Séance de Kayes").pk
    for one in world.personas:  # whoever may sit there has noted it: the matrix asks rights, not presences
        if one.person is not None:
            with suppress(Forbidden):
                commission.attend(sitting_id=ids["sitting"], by=one.person)
    contest.refresh_from_db()


def announced(contest: Contest, number: int, by: Person) -> LotAnnouncement:
    return LotAnnouncement.objects.create(
        contest=contest, number=number, options=["A", "B"], lists=[1, 2], votes={"A": 1, "B": 1}, seats=1, source="dés", by=by,
        promise=promise("trois dés dans un gobelet"), at=timezone.now(),
    )  # fmt: skip


def papers_of_open(world: World) -> None:
    """A contest with one published batch, and in each region a counted report that waits for the next one."""
    contest, ids = world.contests["open"], world.ids
    stations(world, "open", {"OUV-01": KAYES, "OUV-02": KAYES, "OUV-03": SEGOU})
    sitting = sat(world, contest, None, "Séance nationale")
    shown = typed(world, contest, "OUV-01", sheet(OPEN), sheet(OPEN))
    validated(world, contest, sitting, shown)
    asked = publishing.ask_batch(contest=contest, document="D-1", note="n", by=world.staff["boss"])
    approving.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=world.staff["out"])
    back = [
        typed(world, contest, code, sheet(HELD_BACK[where]), sheet(HELD_BACK[where]))
        for code, where in (("OUV-02", KAYES), ("OUV-03", SEGOU))
    ]
    validated(world, contest, sitting, *back)
    contest.refresh_from_db()
    assert contest.published_at is not None
    announced(contest, 1, world.staff["boss"])
    ids["open_station"] = Station.objects.get(contest=contest, code="OUV-01").pk
    ids["open_back"] = Station.objects.get(contest=contest, code="OUV-02").pk


# --- everything else ----------------------------------------------------------------------------------
def things(world: World) -> None:
    contest, ids, staff = world.contests["hidden"], world.ids, world.staff
    kayes = {one.role: one.person for one in world.personas if one.where == KAYES}
    ids["bag"] = custody.seal(
        contest=contest, code="SAC-K", kind="bag", seals="S1", stations="KAY-70", place="Kayes", by=kayes["reception"]
    ).pk
    ids["copy"] = copies.hand_in(
        contest=contest, station="KAY-78", source="Parti", sheet=sheet(SECRET[KAYES] - 1000, 61), by=kayes["delegue"]
    ).pk
    batch = scanning.give(contest=contest, name="k.jpg", content=picture(7), by=kayes["numerisation"])
    ids["scan_batch"], ids["scan"] = batch.pk, batch.scans.get().pk
    ids["own_import"] = kayes["coordination-region"].username
    rows = csv_of(["Kayes,Kayes,KAY-72,400,200,200,5,195,100,60,35"])
    one = importing.upload(contest=contest, name="k.csv", content=iter([rows]), by=kayes["coordination-region"])
    importing.set_mapping(one=one, profile=PROFILE, create="none", by=kayes["coordination-region"])
    importing.dry_run(one)
    ids["import"] = one.pk
    loose = Geography.objects.create(code="essai", name_fr="Essai", name_en="Trial", levels=[{"level": 1, "fr": "Zone", "en": "Zone"}])
    ids["loose_zone"] = Unit.objects.create(geography=loose, code="Z", level=1, name="Zone").pk
    boss = next(one.person for one in world.personas if one.name == "superviseur@nation")
    answers = Answers(pack=world.pack.pk, kind="presidentielle", name_fr="Neuf", boxes=("registered", "valid"))
    ids["contest_draft"] = setting_up.begin(answers=answers, by=boss).pk
    ids["profile"] = services.keep_profile(name="profil-kayes", profile=PROFILE, by=kayes["coordination-region"]).pk
    services.keep_profile(name="profil-nation", profile=PROFILE, by=staff["boss"])
    ids["approval"] = tally.ask_second(
        paper_id=ids["review"], to=State.CHECKED, reason="lu", document="d", by=staff["e"]
    ).pk
    shown = world.contests["open"]
    paper = Paper.objects.get(station=ids["open_station"])
    ids["ask_recall"] = tally.ask_second(
        paper_id=paper.pk, to=State.RECALLED, reason="r", document="d", by=staff["boss"]
    ).pk
    ids["ask_batch"] = publishing.ask_batch(contest=shown, document="d", note="", by=staff["boss"]).pk
    ids["ask_publication"] = services.ask_publication(contest=contest, reason="r", by=staff["boss"]).pk


def planned(world: World) -> None:
    """A plan of three activities, in draft."""
    plan = Plan.objects.create(
        code="plan-w", name="Plan", family="presidential", rounds=1, election=world.contests["hidden"].election
    )
    version = PlanVersion.objects.create(plan=plan, number=1, t0=date(2026, 1, 5), j1=date(2027, 2, 28))
    rows = (("A01", ""), ("A02", "A01"), ("A03", "A02"))
    fill(version, [{"id": i, "dur_likely": "9", "dur_unit": "cd", "predecessors": p} for i, p in rows])
    ids = world.ids
    ids["plan"], ids["plan_version"] = plan.pk, version.pk
    ids["plan_comment"] = Comment.objects.create(version=version, text="r", by=world.staff["boss"]).pk
    PlanPublication.objects.create(
        plan=plan, version=version, number=1, rows=[], phases=[], sha256="0" * 64, asked_by=world.staff["boss"], approved_by=world.staff["e"], at=timezone.now(),
    )  # fmt: skip
    funder = Funder.objects.create(plan=plan, code="F1", name="F", kind="basket")
    funder.readers.set([p.person for p in world.personas if p.name == "bailleur@nation"])
    pledge = Pledge.objects.create(funder=funder, label="p", announced=100, on=version.t0)
    moved = Movement.objects.create(pledge=pledge, stage="agreed", on=version.t0, amount=10, document="d")
    paid = Payment.objects.create(
        plan=plan, line="A01", funder=funder, label="l", payee="p", amount=10, due=version.t0, committed_on=version.t0
    )
    ids["purchase"] = ProcurementItem.objects.create(
        plan=plan, code="ACHAT", name="n", method="m", tender="A01", needed="A02"
    ).pk
    ids["pledge"], ids["movement"], ids["payment"] = pledge.pk, moved.pk, paid.pk


def trained(world: World) -> None:
    """The procedures of the pack, one of them with a remark."""
    procedures.import_pack(pack="ml", by=None)
    version = ProcedureVersion.objects.get(procedure__code="ASS-ID")
    world.ids["procedure_version"] = version.pk
    world.ids["procedure_comment"] = ProcedureComment.objects.create(
        version=version, text="r", by=world.staff["boss"]
    ).pk


def mooted(world: World) -> None:
    """A moot case as a draft, the same approved, and a sitting held on it where only others sit and rate."""
    from kalata.training.models import MootCase, MootRater, MootSeat, MootSitting, MootVersion
    from kalata.training.queries.moots import shipped
    from kalata.training.rules.moots.case import digest

    content = next(c for c in shipped("ml") if c["id"] == "ETH-01")
    boss, out, now = world.staff["boss"], world.staff["out"], timezone.now()
    said = {"content": content, "sha256": digest(content), "title_fr": "a", "title_en": "a", "made_at": now}
    case = MootCase.objects.create(code="ETH-01", sort="ethics")
    held = MootVersion.objects.create(case=case, number=1, state="approved", asked_by=boss, approved_by=out, approved_at=now, **said)
    world.ids["moot_version"] = MootVersion.objects.create(case=case, number=2, base=held, **said).pk
    one = MootSitting.objects.create(version=held, title="S", state="running", held_by=boss, made_at=now, begun_at=now)
    one.opened.create(stage=1, by=boss, at=now)
    MootSeat.objects.create(sitting=one, seat=1, person=boss, part="president")
    MootRater.objects.create(sitting=one, slot=1, person=out)
    world.ids["moot_sitting"], world.ids["moot_held"] = one.pk, held.pk


def posted(world: World) -> None:
    """Two posts of a station of Kayes, one held, a reserve, a draw announced, an interest declared."""
    contest, ids, boss = world.contests["hidden"], world.ids, world.staff["boss"]
    station = Station.objects.get(contest=contest, code="KAY-70")
    PostBook.objects.create(contest=contest, opened_by=boss)
    agent = Agent.objects.create(code="AGENT-W", name="Personne", name_key="personne")
    said = {"contest": contest, "station": station, "unit": station.unit, "body": station.code}
    ids["post"] = Post.objects.create(
        **said, position="president", record="ML-POST-BV-PRES", head=True, state="proposed", agent=agent
    ).pk
    Post.objects.create(**said, position="assessor-1", record="ML-POST-BV-ASS")
    ids["post_station"] = station.pk
    other = Agent.objects.create(code="AGENT-R", name="Réserve", name_key="reserve", unit=station.unit)
    ids["reserve"] = Reserve.objects.create(contest=contest, agent=other, unit=station.unit).pk
    ids["post_draw"] = PostDraw.objects.create(
        contest=contest,
        record="ML-POST-AIGE",
        side="civil_society",
        promise="0" * 64,
        names=["a"],
        by=boss,
        at=timezone.now(),
    ).pk
    ids["interest"] = Declaration.objects.create(
        agent=agent, contest=contest, kind="gift", about="a", by=boss, at=timezone.now()
    ).pk


def classed(world: World) -> None:
    """A draft of a plan; a class of Kayes with its trainer, a reading, a certificate; a test, a list of payment, a print run."""
    contest, ids, boss, out = world.contests["hidden"], world.ids, world.staff["boss"], world.staff["out"]
    now, day = timezone.now(), date(2027, 2, 15)
    content = {
        "first": "2027-02-15", "last": "2027-02-16", "closed": [], "class_max": 25, "class_days": 1, "reserve": 0, "travel_days": 0, "costs": {},
        "venues": [["ML-KAY", "A", 1, "bm", None]], "pairs": [["P", "ML-KAY", "area", ["bm"]]], "trainers": {}, "parents": {"ML-KAY": ""},
    }  # fmt: skip
    answer = {"classes": [["K0001", "ML-KAY", "bm", "A", 1, "P", "2027-02-15", "2027-02-15", [ids["post"]], 0]], "unserved": 0, "proved": True, "moved": [], "says": {}, "rows": [], "others": [], "ways": [], "together": []}  # fmt: skip
    plan = Cascade.objects.create(
        contest=contest,
        number=1,
        title="P",
        content=content,
        people={"ML-KAY|bm": [ids["post"]]},
        answer=answer,
        sha256="0" * 64,
        made_by=boss,
    )
    one = TrainingClass.objects.create(
        contest=contest,
        cascade=plan,
        code="K0001",
        unit=world.units[KAYES],
        area="ML-KAY",
        language="bm",
        venue="A",
        room=1,
        pair="P",
        first=day,
        last=day,
    )
    trainer = next(p.person for p in world.personas if p.name == "formation-nationale@nation")
    one.trainers.create(person=trainer)
    agent = Agent.objects.get(code="AGENT-W")
    seat = one.seats.create(seat=1, post_id=ids["post"], agent=agent, role="president")
    rows = [
        {
            "number": 1,
            "item": "I1",
            "text": "q",
            "options": [["A", "a"], ["B", "b"]],
            "letters": "AB",
            "right": "A",
            "critical": True,
        }
    ]
    form = TestForm.objects.create(
        mark="m0",
        letter="A",
        role="president",
        certificate="president",
        language="fr",
        version="1",
        rows=rows,
        digest="0" * 64,
        made_by=boss,
        made_at=now,
    )
    ids["cascade"], ids["class"], ids["test_form"], ids["test_mark"] = plan.pk, one.pk, form.pk, form.mark
    ids["reading"] = SheetReading.objects.create(
        seat=seat, form=form, image="d" * 64, answers={"1": ""}, doubtful=[1], by=trainer, at=now
    ).pk
    ids["pay_list"] = PaymentList.objects.create(
        contest=contest, number="P-1", count=0, total=0, sha256="0" * 64, asked_by=boss, by=out, at=now
    ).pk
    ids["certificate"] = Certificate.objects.create(
        number="K27-TEST-0001",
        seat=seat,
        agent=agent,
        role="president",
        version="1",
        awarded_on=day,
        place="A",
        status_index=1,
        token="x",
        asked_by=boss,
        by=out,
        at=now,
    ).pk
    build = ManualBuild.objects.create(
        source="ml-staff", role="assessors", language="fr", draft=True, digest="0" * 64, pages=[], total=1, done=1, by=boss, at=now, ended_at=now,
    )  # fmt: skip
    kept = evidence.keep_ours(b"%PDF-1.7 world", media="application/pdf")
    evidence.join(sha256=kept.sha256, subject=f"manual_build:{build.pk}", access=Access.STAFF, by=boss, name="manual.assessors.fr.pdf")
    build.files.create(path="manual.assessors.fr.pdf", kind="manual", sha256=kept.sha256, size=14)
    ids["manual_build"] = build.pk
    subject = f"contest:{contest.pk}"
    ids["pack_lot"] = DocumentBatch.objects.create(
        kind="centre-packs", subject=subject, total=1, done=1, sha256=kept.sha256, by=boss, at=now, ended_at=now,
        args={"contest": contest.pk, "language": "fr", "draft": True, "files": [], "request": "r", "lot": 1, "place": "A", "keys": []},
    ).pk  # fmt: skip
    ids["pack_paper"] = IssuedDocument.objects.create(
        reference="D27-000009-X", version=1, kind="centre-pack", subject=f"{subject}.c1", lang="fr", title="Colis", content="c" * 64,
        digest="9" * 64, sha256=kept.sha256, pages=1, software="s", by=boss, at=now,
    ).pk  # fmt: skip
    ids["print_run"] = PrintRun.objects.create(
        number="T-1",
        source="ml-staff",
        role="assessors",
        language="fr",
        kind="manual",
        digest="0" * 64,
        file="0" * 64,
        pages=[],
        copies=1,
        by=boss,
        at=now,
    ).pk


def legal_time(world: World) -> None:
    boss, ids = world.staff["boss"], world.ids
    for tag, public in (("draft", False), ("public", True)):
        election = world.contests["hidden" if tag == "draft" else "open"].election
        one = deadlines.open_calendar(
            election=election, family="presidential", rounds=2, polling_day=date(2027, 2, 28), by=boss
        )
        if public:
            deadlines.publish_calendar(calendar=one, public=True, reason="r", by=boss)
        ids[tag] = one.code
    calendar = Calendar.objects.get(code=ids["draft"])
    fact = Fact.objects.filter(calendar=calendar).latest("pk")
    digest = path = pieces.keep_file(b"acte", by=boss)
    pieces.join(calendar, digest, boss)
    Fact.objects.filter(pk=fact.pk).update(file=path, sha256=digest)
    ids["fact"], ids["evidence"] = fact.pk, digest
    for tag in ("draft", "public"):
        ids[f"assumed_{tag}"] = Assumption.objects.create(
            calendar=Calendar.objects.get(code=ids[tag]), start="VOTE.1", end="VOTE.2", least=1, most=None,
            reason="r", by=boss,
        ).pk  # fmt: skip
    lines = deadline_queries.legal(calendar).lines
    line = next(x for x in lines if x.norm.counting and x.norm.binding and not x.party)
    ids["norm"], ids["norm_key"] = f"{line.norm.id}|{line.round or ''}", line.key
    ids["override"] = Override.objects.create(
        calendar=calendar, norm=line.norm.id, round=line.round or None, kind="set", authority="a", document="d", rank=1,
        decided=date(2026, 1, 1), reason="r", value="2027-03-01T24:00", asked_by=boss, approved_by=world.staff["out"],
    ).pk  # fmt: skip


def court(world: World) -> None:
    """Cases of the unpublished contest, one in each state a form of the docket speaks of."""
    contest, ids = world.contests["hidden"], world.ids
    counter = Counter.objects.create(code="BKO1", name="Greffe", key="0" * 64, at=timezone.now())
    states = ("docketed", "received", "docketed", "admissibility", "inadmissible", "joined")
    cases = [
        Petition.objects.create(
            contest=contest, counter=counter, number=f"2027-P1-BKO1-{n:06d}", sequence=n, roll=n, state=state,
            received_at=timezone.now() - timedelta(days=1), at=timezone.now(), about="results",
        )
        for n, state in enumerate(states, 1)
    ]  # fmt: skip
    for tag, one in zip(("case", "fresh", "second", "examined", "refusal", "joined"), cases, strict=True):
        ids[f"case_{tag}"], ids[f"number_{tag}"] = one.pk, one.number
    ids["counter"] = counter.pk
    text = {
        "body": "{}",
        "root": "0" * 64,
        "signature": "0" * 128,
        "key": counter.key,
        "clock": "machine",
        "clerk": "clerk:1",
    }
    PetitionReceipt.objects.create(petition=cases[0], at=timezone.now(), **text)
    PetitionStep.objects.create(petition=cases[-1], start="docketed", to="joined", at=timezone.now())
    Petition.objects.filter(pk=cases[-1].pk).update(lead=cases[0])
    party = Party.objects.create(petition=cases[0], role="respondent", name="Défenderesse", at=timezone.now())
    paper = Filing.objects.create(
        petition=cases[0],
        number=1,
        kind="petition",
        title="Requête",
        filed_at=timezone.now() - timedelta(hours=9),
        at=timezone.now(),
    )
    service = Service.objects.create(petition=cases[0], document=paper, party=party, at=timezone.now())
    given = issuing.receipt(petition=cases[0], lang="fr", by=None)
    ids["case_issued"] = given.pk
    ids["case_letters"] = DocumentBatch.objects.create(
        kind="court-letters", subject=given.subject, total=1, done=1, sha256=given.sha256, by=world.staff["out"],
        at=timezone.now(), ended_at=timezone.now(),
    ).pk  # fmt: skip
    ids["case_party"], ids["case_paper"], ids["case_service"] = party.pk, paper.pk, service.pk
    owner = next(p.person for p in world.personas if p.name == "partie@nation")
    Party.objects.filter(pk=party.pk).update(account=owner)
    piece = Content.objects.create(sha256="d" * 64, size=9, media="application/pdf", kept_at=timezone.now())
    Exhibit.objects.create(
        petition=cases[0], number=1, piece=piece, kind="petition", name="Requête", received_at=timezone.now()
    )
    ids["case_draft"] = Petition.objects.create(
        contest=contest, channel="web", owner=owner, by=owner, state="draft", at=timezone.now(),
        said={"parties": [{"role": "petitioner", "name": "Requérante"}], "grounds": []},
    ).pk  # fmt: skip
    ids["case_mandate"] = Representation.objects.create(party=party, account=owner, words="w", at=timezone.now()).pk
    ids["case_measure"] = Measure.objects.create(
        petition=cases[0], number=1, kind="report", what="PV", asked_by=world.staff["judge"], asked_at=timezone.now()
    ).pk
    ids["case_clock"] = Clock.objects.create(
        petition=cases[0],
        kind="reply",
        party=party,
        limit="2029-01-01T12:00",
        bound=timezone.now() + timedelta(days=9),
        at=timezone.now(),
    ).pk
    made = {"contest": contest, "words": "r", "drafted_by": world.staff["out"], "at": timezone.now()}
    ids["ruling"] = Ruling.objects.create(number="2027-01/CC-EL", state="gate", printed_of="a" * 64, **made).pk
    ids["ruling_draft"] = Ruling.objects.create(
        number="2027-03/CC-EL", acts=[{"id": "1", "act": "INVESTIGATE", "what": "w"}], **made
    ).pk
    drafted = {"ruling_id": ids["ruling_draft"], "by": world.staff["out"], "at": timezone.now()}
    ids["ruling_remark"] = RulingRemark.objects.create(key="facts", words="r", **drafted).pk
    RulingOutcome.objects.create(ruling_id=ids["ruling_draft"], petition=cases[-1], outcome="")
    ids["number_drafted"] = cases[-1].number
    counted = CourtCount.objects.create(contest=contest, by=world.staff["boss"], at=timezone.now())
    ids["court_sheet"] = CourtSheet.objects.create(count=counted, station=contest.stations.first()).pk
    signed = {"digest": "b" * 64, "pdf": "c" * 64, "signed_by": world.staff["boss"], "signed_at": timezone.now()}
    ids["ruling_signed"] = Ruling.objects.create(number="2027-02/CC-EL", state="pronounced", **made, **signed).pk
    told = Ruling.objects.create(number="2027-05/CC-EL", state="notified", **made, **signed)
    none = dict.fromkeys(("annulled_stations", "rectified_stations", "restored_stations", "annulled_votes"), 0)
    figures = {"number": told.number, "day": "2027-03-07", "changes": [], "outcome_changes": False, **none}
    text = Publication.objects.create(
        ruling=told, salt="0" * 64, full_digest="0" * 64, figures=figures, at=timezone.now()
    )
    PlainSummary.objects.create(publication=text, lang="fr", decided="d", at=timezone.now())
    span = {"section": "words", "paragraph": 0, "start": 0, "end": 1, "reason": "voter", "at": timezone.now()}
    ids["ruling_told"], ids["redaction"] = told.pk, Redaction.objects.create(publication=text, **span).pk


def first_instance(contest: Any, unit: Unit, by: Person, ids: dict[str, Any]) -> None:
    """An office of the commission of the register in one region, and a case in each state that a form of its page speaks of."""
    now = timezone.now()
    counter = Counter.every.create(code="CAW", name="Commission", key="5" * 64, first=True, unit=unit, at=now)
    office = Office.objects.create(body="administrative_commission", name="Commission", unit=unit, counter=counter, by=by, at=now)
    states = ("received", "instruction", "deliberation", "gate", "docketed")
    for n, state in enumerate(states, 1):
        one = Petition.every.create(
            contest=contest, counter=counter, office=office, number=f"2027-P1-CAW-{n:06d}", sequence=n, roll=n, state=state,
            received_at=now - timedelta(days=1), at=now, about="register",
        )  # fmt: skip
        ids[f"first_{state}"], ids[f"number_first_{state}"] = one.pk, one.number
        party = Party.objects.create(petition=one, role="authority", name="Mairie", at=now)
        if state == "docketed":
            Party.objects.create(petition=one, role="petitioner", name="Requérante", at=now)
        paper = Filing.objects.create(petition=one, number=1, kind="petition", title="Requête", filed_at=now - timedelta(hours=9), at=now)
        served = Service.objects.create(petition=one, document=paper, party=party, at=now)
        ids[f"first_{state}_paper"], ids[f"first_{state}_service"] = paper.pk, served.pk
        if state in ("deliberation", "gate"):
            FirstRuling.objects.create(petition=one, outcome="unfounded", of="e" * 64, drafted_by=by, at=now)
    piece, _new = Content.objects.get_or_create(sha256="d" * 64, defaults={"size": 9, "media": "application/pdf", "kept_at": now})
    first = Petition.every.get(pk=ids["first_received"])
    Exhibit.objects.create(petition=first, number=1, piece=piece, kind="petition", name="Requête", received_at=now)
    PetitionReceipt.objects.create(
        petition=first, at=now, body="{}", root="0" * 64, signature="0" * 128, key=counter.key, clock="machine", clerk="clerk:1"
    )  # fmt: skip
    ids["first_issued"] = issuing.receipt(petition=first, lang="fr", by=None).pk


def benched(world: World) -> None:
    """A case with its bench, a draw whose seed is not out, a hearing to list: what the forms of the bench speak of."""
    contest, boss, out = world.contests["hidden"], world.staff["boss"], world.staff["out"]
    counter = Counter.objects.create(code="BKO9", name="Greffe", key="9" * 64, at=timezone.now())
    case = Petition.objects.create(
        contest=contest, counter=counter, number="2027-P1-BKO9-000009", sequence=9, roll=9, state="deliberation",
        received_at=timezone.now() - timedelta(days=1), at=timezone.now(), about="results",
    )  # fmt: skip
    Party.objects.create(petition=case, role="petitioner", name="Requérante", at=timezone.now())
    Draw.objects.create(contest=contest, commit="a" * 64, by=boss, second=out, at=timezone.now())
    hearing = Hearing.objects.create(
        contest=contest, starts_at=timezone.now() + timedelta(days=2), place="Salle", by=boss, at=timezone.now()
    )  # fmt: skip
    world.ids["bench_case"], world.ids["bench_hearing"] = case.number, hearing.pk


def instructed(world: World) -> None:
    """A case in instruction that a judge of the nation reports, with a ground on a station and a simulation kept."""
    contest = world.contests["hidden"]
    judge = next(p.person for p in world.personas if p.name == "juge@nation")
    member = BenchMember.objects.create(code="jm", person=judge, since=date(2024, 1, 1), at=timezone.now())
    case = Petition.objects.create(
        contest=contest, counter=Counter.objects.get(code="BKO9"), number="2027-P1-BKO9-000010", sequence=10, roll=10,
        state="instruction", received_at=timezone.now() - timedelta(days=1), at=timezone.now(), about="results",
    )  # fmt: skip
    DrawLine.objects.create(
        contest=contest, number=1, petition=case, member=member, roll=10, weight=1, given=True, why="r", by=judge, at=timezone.now()
    )  # fmt: skip
    ground = Ground.objects.create(petition=case, key="g1", code="officers_replaced", about="results")
    GroundTarget.objects.create(
        ground=ground, station=Station.objects.get(contest=contest, code="KAY-78"), words="KAY-78"
    )
    kept = whatifs.keep(petition=case, name="n", choice=Choice(annul=("KAY-78",)), by=judge)
    made = {"petition": case, "by": judge, "at": timezone.now()}
    piece = Content.objects.create(sha256="e" * 64, size=9, media="application/pdf", kept_at=timezone.now())
    exhibit = Exhibit.objects.create(
        petition=case, number=1, piece=piece, kind="pv", name="Copie", pages=1, received_at=timezone.now()
    )
    station = Station.objects.get(contest=contest, code="KAY-78")
    world.ids["evidence_link"] = EvidenceLink.objects.create(exhibit=exhibit, ground=ground, station=station, **made).pk
    world.ids["officer"] = OfficerReplaced.objects.create(
        station=station, role="other", happened_at=timezone.now(), decided_by="d", listed="no", **made
    ).pk
    given = IssuedDocument.objects.get(pk=world.ids["case_issued"])
    CaseReport.objects.create(
        version=1,
        said={"facts": "", "options": "", "words": {}, "whatifs": []},
        reference="r",
        sha256=given.sha256,
        **made,
    )
    world.ids["instructed"], world.ids["whatif"] = case.number, kept.pk
