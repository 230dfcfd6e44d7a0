"""What a log says, arranged for readers: totals by area, outcome, what is missing. No figure is invented here:
sums come from the replay of the log, outcomes from the rules of the pack that the manifest names.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from kalata.results.rules.balance import Balance
from kalata.results.rules.bounds import Secured, Through
from kalata.results.rules.coverage import Coverage, Situation, ratio
from kalata.results.rules.outcome import Outcome, Status, Totals, decide
from kalata.results.rules.public_ledger import Book
from kalata.results.rules.systems import BY_CONSTITUENCY, Kind, System, seats_of, system_from
from kalata.results.rules.unsettled import Beside, with_beside
from kalata.results.rules.verdicts import Order, drawn_by
from kalata.transparency.folder import LogFolder
from kalata.transparency.rules.merkle import Tree, leaf_hash
from kalata.transparency.rules.notes import MLDSA44, TIMED, Checkpoint, Note, read_note
from kalata.transparency.rules.policy import Policy, read_policy
from kalata.transparency.rules.proofs import Proof
from kalata.transparency.rules.replay import NAMES, NATION, Area, Key, Place, Replay, Version
from kalata.transparency.site import sums
from kalata.transparency.site.corrections import book_of


@dataclass(frozen=True, slots=True)
class Figures:
    """The totals of one area. votes: by place on the ballot. boxes: of the reports that count, and what the law
    keeps of annulled ones (`kept`, their part of it)."""

    area: Area
    name: str
    coverage: Coverage
    balance: list[Balance]
    boxes: dict[str, int]
    valid: int
    votes: tuple[int, ...]
    total_index: int | None
    kept: dict[str, int]

    @property
    def voters(self) -> int | None:
        return self.boxes.get("voters", self.boxes.get("found"))

    @property
    def turnout(self) -> Fraction | None:
        return ratio(self.voters, self.boxes.get("registered"))


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate or list in a table of votes, most votes first (ballot order between equals)."""

    number: int
    name: str
    votes: int
    share: Fraction | None
    strong: bool = False
    seats: int | None = None


@dataclass
class Edition:
    """One state of one log, read and checked against its checkpoint."""

    log: LogFolder
    entries: list[bytes]
    tree: Tree
    replay: Replay
    note: Note
    point: Checkpoint
    policy: Policy
    cosigners: list[str]
    names: dict[int, str]
    children: dict[Area, list[Area]] = field(default_factory=dict)
    stations: dict[Area, list[Key]] = field(default_factory=dict)
    figures: dict[Area, Figures] = field(default_factory=dict)
    system: System | None = None

    @classmethod
    def read(cls, folder: Path) -> Edition:
        """The log of a folder. Raises Damaged, Broken where it contradicts itself."""
        log = LogFolder(folder)
        note = read_note(log.note())
        point = log.checkpoint()
        entries = list(log.entries(point.size))
        tree = Tree(map(leaf_hash, entries))
        if tree.root() != point.root:
            raise ValueError("the entries do not lead to the root of the checkpoint")
        replay = log.replay(entries)
        policy = read_policy(log.text("policy")) if (folder / "policy").exists() else Policy()
        names = {o["list"]: o["name"] for o in replay.manifest["lists"]}
        made = cls(log, entries, tree, replay, note, point, policy, policy.parties(policy.cosigners(note)), names)
        made.arrange()
        return made

    # --- arrangement --------------------------------------------------------------------------
    def arrange(self) -> None:
        register = self.replay.register
        for area, zone in register.zones.items():
            parent = NATION if zone.parent is None and area[0] != "constituency" else zone.parent
            if parent is not None and area in register.expected:
                self.children.setdefault(parent, []).append(area)
        for held in self.children.values():
            held.sort(key=lambda a: (register.zones[a].name.casefold(), a[1]))
        for key, place in register.places.items():
            geographic = [a for a in place.areas if a[0] != "constituency"]
            self.stations.setdefault(geographic[-1], []).append(key)
        for keys in self.stations.values():
            keys.sort(key=lambda k: (k[1], k[0]))
        system = dict(self.replay.manifest["system"])
        self.system = system_from(system) if system.get("kind") else None
        found, even = sums.coverages(self.replay), sums.balances(self.replay)
        for area in register.expected:
            self.figures[area] = self.sum_of(area, found[area], even[area])

    def situation(self, key: Key) -> Situation:
        return sums.situation_of(self.replay.history.get(key))

    def sum_of(self, area: Area, coverage: Coverage, balance: list[Balance]) -> Figures:
        held = self.replay.sums.get(area)
        values = held.figures if held else [0] * self.replay.width
        keeps = self.replay.manifest["keeps"]
        kept = {n: v for n, v in zip(NAMES, held.kept, strict=True) if n in keeps} if held and keeps else {}
        boxes = {
            n: v + kept.get(n, 0) for n, v in zip(NAMES, values, strict=False) if n in self.replay.manifest["boxes"]
        }
        total = self.replay.totals.get(area)
        zone = self.replay.register.zones.get(area)
        return Figures(
            area, zone.name if zone else "", coverage, balance, boxes, values[NAMES.index("valid")],
            tuple(values[len(NAMES) :]), total[0] if total else None, kept,
        )  # fmt: skip

    # --- readings -----------------------------------------------------------------------------
    def lines(self, figures: Figures, outcome: Outcome | None = None) -> list[Line]:
        strong = set(outcome.options) if outcome else set()
        seats = outcome.seats() if outcome and outcome.allocation else {}
        pairs = sorted(zip(self.replay.lists, figures.votes, strict=True), key=lambda p: -p[1])
        return [
            Line(n, self.names[n], v, Fraction(v, figures.valid) if figures.valid else None, self.codes[n] in strong, seats.get(self.codes[n]))
            for n, v in pairs
        ]  # fmt: skip

    @property
    def groups(self) -> list[Area]:
        return sorted(a for a in self.figures if a[0] == "constituency")

    def outcome(self, area: Area = NATION) -> Outcome | None:
        """What the rule of the pack gives on what is published; None where there is no rule or no figure."""
        found = self.figures.get(area)
        if self.system is None or found is None or not found.coverage.counted:
            return None
        if area == NATION and self.groups and self.system.kind is not Kind.TWO_OPTION_MAJORITY:
            return None
        votes = {self.codes[n]: v for n, v in zip(self.replay.lists, found.votes, strict=True)}
        full = Totals(votes, found.valid, found.boxes.get("voters"), found.boxes.get("registered"))
        local = area[1] if area != NATION else None
        stand = {n: v for n, v in votes.items() if v} if local is not None else {}
        own = {}
        if area[0] == "constituency" and self.replay.register.zones[area].kind.isdigit():
            own = {area[1]: int(self.replay.register.zones[area].kind)}
        listed = found.coverage.missing - found.coverage.unlisted
        voters = found.coverage.registered_away if listed else 0
        gone = [Through("missing", listed, voters)] if listed else []
        announced = max(self.replay.manifest.get("announced", 0) - len(self.replay.register.places), 0)
        beside = Beside(announced, sums.absent_of(self.replay))
        return decide(
            self.system,
            Totals(stand or votes, full.valid, full.voters, full.registered),
            missing=with_beside(gone, voters, voters, beside, local, full),
            seats=seats_of(self.system, area[1], own) if local is not None else None,
            round_=self.replay.manifest["round"],
            seats_needed=local is not None and self.system.kind in BY_CONSTITUENCY,
            orders=self.orders(local or ""),
        )

    def orders(self, constituency: str) -> list[Order]:
        """What the draws of the log say of a constituency ("": of the nation); what was undone says nothing."""
        out = []
        for lots in reversed(self.replay.lots):
            if lots.entry["constituency"] == constituency and lots.holds and lots.drawn is not None:
                votes = {self.codes[v["list"]]: v["n"] for v in lots.entry["votes"]}
                order = tuple(self.codes[n] for n in lots.drawn["order"])
                out.append(Order(order, drawn_by(lots.entry["number"]), votes, lots.entry["places"]))
        return out

    def proof_at(self, index: int) -> str:
        """The proof that an entry is in the log, as a file."""
        return Proof(index, tuple(self.tree.inclusion(index)), self.proof_note).text()

    @cached_property
    def codes(self) -> dict[int, str]:
        """How the rules call each list: by its name, with its number where two bear the same."""
        seen = list(self.names.values())
        return {n: name if seen.count(name) == 1 else f"{name} ({n})" for n, name in self.names.items()}

    @cached_property
    def ledger(self) -> Book:
        """Every correction of what was published, without the reasons told beside the log."""
        return book_of(self.replay, self.entries)

    def proof_of(self, key: Key) -> tuple[int, list[bytes]]:
        index = self.replay.history[key][-1].index
        return index, self.tree.inclusion(index)

    @cached_property
    def proof_note(self) -> str:
        """The checkpoint as proofs carry it. ML-DSA-44 lines (3.3 kB each) are left out where the policy does without:
        they stand under `log/checkpoint`, and a proof fits in a message of 2 kB."""
        if self.policy.needs_mldsa:
            return self.note.whole()
        light = [one for one in self.note.lines if len(one.payload) < TIMED[MLDSA44]]
        return replace(self.note, lines=tuple(light)).whole() if light else self.note.whole()

    def drawn_since(self, size: int) -> set[Area]:
        """Areas whose outcome an entry about lots changed from entry `size` on."""
        late = [one for one in self.replay.lots if max(one.index, one.drawn_at, one.undone_at) >= size]
        codes = {one.entry["constituency"] for one in late}
        return {("constituency", c) if c else NATION for c in codes} & set(self.figures)

    def changed_since(self, size: int) -> set[Key]:
        """Stations whose published record changed from entry `size` on."""
        found = {key for index, key in self.replay.at.items() if index >= size}
        for key, versions in self.replay.history.items():
            if any(v.excluded is not None and v.excluded >= size for v in versions):
                found.add(key)
        return found

    @property
    def complete(self) -> bool:
        return self.figures[NATION].coverage.complete and not self.replay.manifest.get("absent")

    @property
    def final(self) -> bool:
        return any(e["stage"] == "final" for _i, e in self.replay.declarations)

    @property
    def changes(self) -> list[tuple[Key, Version, Version | None]]:
        """Every revision and exclusion, latest first: (station, the version, the one before it)."""
        found = []
        for key, versions in self.replay.history.items():
            for place, version in enumerate(versions):
                if place or version.excluded is not None:
                    found.append((key, version, versions[place - 1] if place else None))
        return sorted(found, key=lambda f: -max(f[1].index, f[1].excluded or 0))

    def place(self, key: Key) -> Place:
        return self.replay.register.places[key]


def is_open(found: Outcome) -> bool:
    return found.status in (Status.TIE, Status.UNDETERMINED) or found.secured is not Secured.YES


def leaf_of(entry: bytes) -> str:
    return leaf_hash(entry).hex()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
