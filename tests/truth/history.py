"""A random small election and what was done to it, with a plain account of what everybody must then read.

The account (`Seen`) is kept here, act by act, in a few dictionaries: no code of the product is asked what is true.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator

from kalata.country import services as country
from kalata.country.models import Geography, Station, Unit
from kalata.people import services as people
from kalata.people import tokens
from kalata.people.rules.approval import Decision
from kalata.results import images
from kalata.results.rules.boxes import Box, Sheet, Standing
from kalata.results.rules.rulings import Order
from kalata.results.services import contests as services
from kalata.results.services import rulings
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import batches as publishing
from kalata.tally.services import reports as tally
from tests import court
from tests.conftest import bring, make_person, mali
from tests.hostile.pictures import one_page

LISTS = ["Le baobab", "La pirogue", "La calebasse"]
BOXES = ["registered", "voters", "ballots", "null_ballots", "valid"]
HEADER = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,statut,Le baobab,La pirogue,La calebasse"
PROFILE = {
    "rows": "wide", "station": ["bureau"], "areas": ["region", "cercle"],
    "figures": {"registered": "inscrits", "voters": "votants", "ballots": "bulletins", "null_ballots": "nuls", "valid": "exprimes"},
    "options": LISTS,
    "status": {"column": "statut", "counted": ["ok"], "missing": ["absent"]},
}  # fmt: skip
PLACES = [("Kayes", "Kayes"), ("Kayes", "Kita"), ("Ségou", "Ségou"), ("Ségou", "San")]
KEYS = [*BOXES, "c1", "c2", "c3"]
Figures = dict[str, int | None]


@dataclass
class Seen:
    """What everybody must read of one station. version: published versions so far; shown: figures of the last one."""

    code: str
    place: tuple[str, str]
    registered: int | None
    by_paper: bool
    situation: str = "missing"
    version: int = 0
    shown: Figures | None = None
    reached: bool = False
    reason: str = ""


@dataclass
class Staff:
    """People of the house, made once for many elections."""

    who: dict[str, Any]
    image: str
    key: str


def staff() -> Staff:
    roles = {
        "boss": "superviseur", "out": "publication", "judge": "juge", "law": "greffe", "reception": "reception", "scan": "numerisation",
        "f": "commission", "f2": "commission", "e": "controle", "e2": "controle", "reader": "auditeur",
    }  # fmt: skip
    who = {name: make_person(f"t-{name}", role) for name, role in roles.items()}
    who |= {f"clerk{i}": make_person(f"t-clerk{i}", "saisie") for i in range(8)}
    Authenticator.objects.create(user_id=who["reader"].pk, type="totp", data={"secret": "x"})
    key = tokens.create(person=who["reader"], name="essai", scopes=["results.read"], days=5).key
    return Staff(who, images.keep_as_given(one_page()), key)


@dataclass
class Story:
    """One election. acts: what was done, in words, for whoever reads a failure."""

    seed: int
    house: Staff
    chance: random.Random = field(init=False)
    acts: list[str] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    stations: dict[str, Seen] = field(default_factory=dict)
    counted_inside: dict[str, Figures] = field(default_factory=dict)
    announced: int = 0
    keeps: tuple[str, ...] = ()
    public: bool = False
    contest: Any = None
    notices: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    # --- the set-up -----------------------------------------------------------------------------
    def begin(self, pack: Any) -> None:
        chance = self.chance
        self.keeps = chance.choice([(), (), ("registered",), ("registered", "voters")])
        size = chance.randint(4, 8)
        papers = chance.choice([0, 2, 3])
        self.announced = chance.choice([0, 0, size + papers + 2])
        absent = (
            [{"what": "Diaspora", "stations": 1, "voters": 300, "source": "essai"}] if chance.random() < 0.2 else []
        )
        election = country.create_election(
            code=f"t{self.seed}", name_fr=f"Élection {self.seed}", name_en=f"Election {self.seed}", pack=pack,
            geography=Geography.objects.get(code="ml-2015"), polling_day=None,
        )  # fmt: skip
        systems = mali().engine_systems()
        self.contest = country.create_contest(
            election=election, code=f"t-{self.seed}", name_fr=f"Scrutin {self.seed}", name_en=f"Contest {self.seed}",
            system=dict(systems["ML-PRES"]), boxes=BOXES, options=[{"name": n} for n in LISTS],
            annulled_keeps=list(self.keeps), absent=absent,
        )  # fmt: skip
        self.absent = 1 if absent else 0
        if self.announced:
            self.contest.expected_stations = self.announced
            self.contest.save(update_fields=["expected_stations"])
        for i in range(papers):  # papers first: a part is counted from papers or from files, never both
            unit = Unit.objects.get(geography__code="ml-2015", code="ML-KAY" if i % 2 else "ML-SEG")
            registered = chance.choice([None, 420, 515])
            code = f"P-{i:02d}"
            Station.objects.create(contest=self.contest, code=code, unit=unit, registered=registered, part="fds")
            self.stations[code] = Seen(code, (unit.name, ""), registered, True)
        if papers:
            tally.open_register(contest=self.contest, by=self.house.who["boss"])
            self.contest.refresh_from_db()
            self.contest.register_revision += 1
            self.contest.save(update_fields=["register_revision"])
        for i in range(size):
            code = f"B-{i:02d}"
            self.stations[code] = Seen(code, PLACES[i % 4], chance.choice([400, 350, 610]), False)
        self.file(
            {c: self.draw(s) for c, s in self.stations.items() if not s.by_paper}, "first file", create="stations"
        )

    def draw(self, station: Seen, *, good: bool = False) -> Figures:
        """Figures of one report: mostly sound, at times with an error, a gap or an empty box."""
        chance = self.chance
        votes = [chance.randint(0, 90) for _ in LISTS]
        null = chance.randint(0, 9)
        valid = sum(votes)
        found: Figures = {
            "registered": station.registered or 500, "voters": valid + null, "ballots": valid + null, "null_ballots": null,
            "valid": valid, **{f"c{i + 1}": v for i, v in enumerate(votes)},
        }  # fmt: skip
        odd = 1.0 if good else chance.random()
        if odd < 0.12:
            found["ballots"] = valid + null + chance.choice([-3, 4, 7])
        elif odd < 0.2:
            found["valid"] = valid + chance.choice([-2, 5])
        elif odd < 0.3:
            found[chance.choice(["voters", "ballots", "null_ballots", "valid"])] = None
        elif odd < 0.34:
            found["registered"] = (station.registered or 500) + 3
        return found

    # --- files ------------------------------------------------------------------------------------
    def file(self, rows: dict[str, Figures | str], says: str, *, create: str = "none") -> None:
        """Bring a file. A row is its figures, or "absent"; the register takes the file's registered electors."""
        lines = []
        for code, figures in rows.items():
            region, cercle = self.stations[code].place
            if isinstance(figures, str):
                lines.append(f"{region},{cercle},{code},,,,,,{figures},,,")
                continue
            cells = ["" if figures[k] is None else str(figures[k]) for k in KEYS]
            lines.append(f"{region},{cercle},{code},{','.join(cells[:5])},ok,{','.join(cells[5:])}")
        body = ("\n".join([HEADER, *lines]) + "\n").encode()
        one = bring(self.contest, self.house.who["boss"], body, PROFILE, create=create, name=f"{says}.csv", reason=says)
        if one.state != "committed":
            from kalata.people.models import Approval

            asked = Approval.objects.filter(state="waiting").order_by("-pk").first()
            assert asked is not None, (self.seed, self.acts, one.state, one.report)
            self.decide(asked, "out")
            one.refresh_from_db()
        assert one.state == "committed", (self.seed, self.acts, one.state, one.report)
        self.contest.refresh_from_db()
        self.acts.append(f"{says}: {sorted(rows)}")
        for code, figures in rows.items():
            station = self.stations[code]
            if create == "stations" and not isinstance(figures, str):
                station.registered = figures["registered"]
            if isinstance(figures, str):
                self.counted_inside.pop(code, None)
                station.reached = station.reached or station.version > 0
            else:
                self.counted_inside[code] = figures
        self.spread()

    def spread(self) -> None:
        """What is held inside becomes public, where the contest is: files at once."""
        if not self.public:
            return
        for code, station in self.stations.items():
            if station.by_paper:
                continue
            inside = self.counted_inside.get(code)
            if inside is None:
                if station.situation == "counted":
                    station.situation = "recalled"
            elif station.situation == "annulled":
                if inside != station.shown:
                    station.version += 1
                    station.shown = inside
                    station.situation = "counted"
            elif inside != station.shown or station.situation != "counted":
                station.version += 1
                station.shown, station.situation = inside, "counted"

    # --- publication ----------------------------------------------------------------------------------
    def decide(self, approval: Any, by: str) -> None:
        people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=self.house.who[by])

    def publish(self) -> None:
        self.decide(services.ask_publication(contest=self.contest, reason="complet", by=self.house.who["boss"]), "out")
        self.contest.refresh_from_db()
        self.public = True
        self.acts.append("published")
        self.spread()

    def withdraw_and_publish(self) -> None:
        self.decide(services.ask_withdrawal(contest=self.contest, reason="erreur", by=self.house.who["boss"]), "out")
        self.contest.refresh_from_db()
        self.public = False
        self.acts.append("withdrawn")
        if self.chance.random() < 0.7:
            self.correct()
        self.publish()

    # --- acts on stations ------------------------------------------------------------------------------
    def one(self, *situations: str, papers: bool = False) -> Seen | None:
        found = [s for s in self.stations.values() if s.by_paper == papers and s.situation in situations]
        return self.chance.choice(found) if found else None

    def correct(self) -> None:
        found = [  # a file changes nothing that a decision has settled (IMP-218)
            s
            for s in self.stations.values()
            if not s.by_paper and s.situation != "annulled" and s.code not in self.decided
        ]
        some = self.chance.sample(found, min(len(found), self.chance.randint(1, 2)))
        rows: dict[str, Figures | str] = {}
        for station in some:
            taken_back = self.chance.random() < 0.3 and station.code in self.counted_inside
            rows[station.code] = "absent" if taken_back else self.draw(station)
        if rows:
            self.file(rows, "correction")

    def annul(self) -> None:
        station = self.one("counted")
        if station is None or not self.public:
            return
        self.stand(station, Standing.ANNULLED)
        station.situation = "annulled"
        station.version += 1
        self.decided.add(station.code)
        self.acts.append(f"annulled {station.code}")

    def restore(self) -> None:
        station = self.one("annulled")
        if station is None or not self.public:
            return
        self.stand(station, Standing.COUNTED)
        station.situation = "counted"
        station.version += 1
        self.acts.append(f"restored {station.code}")

    def stand(self, station: Seen, to: Standing) -> None:
        held = Station.objects.get(contest=self.contest, code=station.code)
        court.decide(held, to, signer=self.house.who["judge"], by=self.house.who["law"], words="arrêt 12")
        self.contest.refresh_from_db()

    # --- papers -------------------------------------------------------------------------------------------
    def paper_of(self, station: Seen) -> Paper:
        return Paper.objects.select_related("station").get(station__contest=self.contest, station__code=station.code)

    def receive(self) -> None:
        waiting = [s for s in self.stations.values() if s.by_paper and self.paper_of(s).state == State.EXPECTED]
        if waiting:
            station = self.chance.choice(waiting)
            tally.receive(contest=self.contest, station=station.code, by=self.house.who["reception"])
            station.reached = True
            self.acts.append(f"received {station.code}")

    def settle(self) -> None:
        """A paper received is scanned, typed twice, answered where something does not hold, and validated."""
        found = [s for s in self.stations.values() if s.by_paper and self.paper_of(s).state == State.RECEIVED]
        if not found:
            return
        station, who = self.chance.choice(found), self.house.who
        figures = self.draw(station)
        paper = tally.scan(paper_id=self.paper_of(station).pk, image=self.house.image, by=who["scan"])
        boxes = {Box(b): figures[b] for b in BOXES} | {Box.GAP_NOTED: 0, Box.WORDS_AGREE: 1, Box.SIGNATURES: 5}
        form = {Box(b) for b in self.contest.boxes}
        sheet = Sheet({b: v for b, v in boxes.items() if b in form}, tuple(figures[f"c{i}"] for i in (1, 2, 3)))
        for rank in range(2):
            clerk = who[f"clerk{(2 * paper.version + rank) % 8}"]
            taken = tally.claim_next(contest=self.contest, right="results.enter", by=clerk)
            tally.submit(paper_id=taken.pk, sheet=sheet, by=clerk, seen=taken.last_hash)
        paper = self.paper_of(station)
        reason = ""
        if paper.state == State.UNDER_REVIEW:
            reason = f"papier relu, motif {self.chance.randint(100, 999)}"
            self.answer(paper, reason)
        paper = self.paper_of(station)
        assert paper.state == State.CHECKED, (self.seed, paper.state, paper.errors, paper.warnings)
        self.validate(paper)
        self.counted_inside[station.code] = figures
        station.reason = reason
        self.acts.append(f"validated {station.code}")

    def answer(self, paper: Paper, reason: str) -> None:
        who = self.house.who
        if paper.errors:
            asked = tally.ask_second(paper_id=paper.pk, to=State.CHECKED, reason=reason, by=who["e"])
            self.decide(asked, "e2")
        else:
            tally.pass_on(paper_id=paper.pk, to=State.CHECKED, reason=reason, by=who["e"])

    def validate(self, paper: Paper) -> None:
        from tests.services.test_tally import in_session

        by = self.house.who["f"]
        tally.validate(paper_id=paper.pk, by=by, sitting_id=in_session(self.contest, by).pk)
        self.contest.refresh_from_db()

    def batch(self) -> None:
        ready = [s for s in self.stations.values() if s.by_paper and self.paper_of(s).state == State.VALIDATED]
        if not ready:
            return
        asked = publishing.ask_batch(contest=self.contest, document="Acte 7", note="", by=self.house.who["boss"])
        self.decide(asked, "out")
        self.contest.refresh_from_db()
        for station in ready:
            station.version += 1
            station.shown, station.situation = self.counted_inside[station.code], "counted"
        self.acts.append(f"batch {[s.code for s in ready]}")
        if not self.public:
            self.public = True
            self.spread()

    def recall(self) -> None:
        """A report is taken back: validated ones leave no trace in public, published ones a notice."""
        found = [s for s in self.stations.values() if s.by_paper and self.paper_of(s).state in (State.VALIDATED, State.PUBLISHED)]  # fmt: skip
        if not found:
            return
        station = self.chance.choice(found)
        paper = self.paper_of(station)
        asked = tally.ask_second(paper_id=paper.pk, to=State.RECALLED, reason="doute", document="Acte 8", by=self.house.who["f"])  # fmt: skip
        self.decide(asked, "f2")
        self.contest.refresh_from_db()
        self.counted_inside.pop(station.code, None)
        if station.situation == "counted":
            self.notices.append((station.code, station.version))
            station.situation = "recalled"
        self.acts.append(f"recalled {station.code}")

    def contest_and_annul(self) -> None:
        station = self.one("counted", papers=True)
        if station is None or not self.public:
            return
        paper, who = self.paper_of(station), self.house.who
        if paper.state != State.PUBLISHED:
            return
        number = f"Requête {len(self.acts)}"
        rulings.contest_stations(contest=self.contest, stations=[station.code], petition=number, by=who["law"])
        self.contest.refresh_from_db()
        if self.chance.random() < 0.5:
            self.acts.append(f"contested {station.code}")
            return
        ruling = court.ruling_of(
            f"Arrêt {len(self.acts)}", [Order(station.code, "ANNUL_STATION", Standing.ANNULLED)], who["judge"],
            words="fraude", petitions=[number],
        )  # fmt: skip
        rulings.carry_out(contest=self.contest, ruling=ruling, by=who["law"])
        self.contest.refresh_from_db()
        station.situation = "annulled"
        station.version += 1
        self.acts.append(f"annulled by the court {station.code}")

    ACTS = (
        "correct",
        "correct",
        "annul",
        "restore",
        "receive",
        "settle",
        "settle",
        "batch",
        "recall",
        "contest_and_annul",
    )

    def go_on(self, steps: int) -> None:
        for _step in range(steps):
            getattr(self, self.chance.choice(self.ACTS))()

    def play(self, pack: Any) -> None:
        self.begin(pack)
        for _i in range(self.chance.randint(0, 2)):
            self.correct()
        for _i in range(2):
            self.receive()
            self.settle()
        self.publish()
        self.go_on(self.chance.randint(2, 5))
        if self.chance.random() < 0.2:
            self.withdraw_and_publish()

    # --- what everybody must read ------------------------------------------------------------------------
    def expected(self, inside: Any = None) -> dict[str, Any]:
        """The counts of the whole, or of the stations for which `inside` holds."""
        found = [s for s in self.stations.values() if inside is None or inside(s)]
        listed = len(self.stations)
        more = 0 if inside else max(self.announced - listed, self.absent, 0)
        n = {k: sum(s.situation == k for s in found) for k in ("counted", "annulled", "missing", "recalled")}
        return {
            "expected": len(found) + more, "counted": n["counted"], "annulled": n["annulled"],
            "missing": n["missing"] + n["recalled"] + more, "recalled": n["recalled"],
        }  # fmt: skip

    @property
    def received(self) -> int:
        """Reports that reached the house: papers past the reception, files that ever said something in public."""
        return sum(s.reached if s.by_paper else s.situation in ("counted", "annulled", "recalled") for s in self.stations.values())  # fmt: skip

    def total(self, box: str, inside: Any = None) -> int:
        found = [s for s in self.stations.values() if inside is None or inside(s)]
        out = 0
        for s in found:
            if s.situation == "counted" or (s.situation == "annulled" and box in self.keeps):
                out += self.value(s, box)
        return out

    def value(self, station: Seen, box: str) -> int:
        assert station.shown is not None
        found = station.shown.get(box)
        if box == "valid" and found is None:
            return sum(station.shown[f"c{i}"] or 0 for i in (1, 2, 3))
        return found or 0


def story(seed: int, house: Staff, pack: Any) -> Story:
    made = Story(seed, house)
    made.play(pack)
    return made
