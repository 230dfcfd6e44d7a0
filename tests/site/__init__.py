"""A public log made by hand, without database: what the site and the verifiers are tried on."""

from __future__ import annotations

import importlib.util
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kalata.transparency import folder
from kalata.transparency.rules import canonical, notes
from kalata.transparency.rules.draws import order_of, sha
from kalata.transparency.rules.entries import checked
from kalata.transparency.rules.merkle import Tree, leaf_hash
from kalata.transparency.rules.replay import AREA_COLUMNS, REGISTER_COLUMNS, Replay, table
from kalata.transparency.site.frame import Extras
from kalata.transparency.site.render import HERE

NAMES = ("Le baobab", "La pirogue", "La calebasse", "L’épi de mil", "La lampe", "La grue", "Le puits", "Le soleil")
COMMON = {"v": 1, "election": "demo", "contest": "c", "round": 1}
SYSTEM = {"kind": "two_round_majority"}
SECRET = "trois dés dans un gobelet"


@dataclass
class MadeLog:
    """A growing log on disk."""

    where: Path
    key: notes.SigningKey
    entries: list[bytes]
    replay: Replay
    tree: Tree
    chance: random.Random
    lists: int
    written: int = 0

    @property
    def size(self) -> int:
        return len(self.entries)

    def put(self, **entry) -> int:
        data = checked({**COMMON, **entry})
        self.replay.feed(canonical.read(data))
        self.entries.append(data)
        return self.size - 1

    def report(self, station: str, part: str = "general", **change) -> int:
        past = self.replay.history.get((part, station))
        votes = [self.chance.randint(0, 60) for _ in range(self.lists)]
        null = self.chance.randint(0, 9)
        valid = sum(votes)
        body = {
            "kind": "report", "part": part, "station": station, "serial": 1, "revision": 0, "status": "counted", "published_batch": 1,
            "registered": valid + null + 150, "voters": valid + null, "found": valid + null, "invalid": null, "valid": valid,
            "votes": [{"list": i + 1, "n": n} for i, n in enumerate(votes)],
        }  # fmt: skip
        if past:
            body |= {
                "kind": "revision",
                "revision": len(past),
                "prev_index": past[-1].index,
                "reason_code": "correction",
            }
        return self.put(**{**body, **change})

    def exclude(self, station: str, reason: str, part: str = "general") -> int:
        index = self.replay.history[part, station][-1].index
        return self.put(kind="exclusion", index=index, part=part, station=station, reason_code=reason, act="Arrêt n° 1")

    def promise(self, *lists: int, constituency: str = "", places: int = 1, secret: str = SECRET, **change) -> int:
        sums = self.replay.votes_in(constituency)
        body = {
            "kind": "lot", "number": len(self.replay.lots) + 1, "constituency": constituency, "places": places,
            "votes": [{"list": n, "n": sums[n - 1]} for n in lists], "promise": sha(secret), "source": "trois dés en séance",
        }  # fmt: skip
        return self.put(**{**body, **change})

    def draw(self, index: int, secret: str = SECRET, public: str = "4-2-6", **change) -> int:
        lists = next(one.lists for one in self.replay.lots if one.index == index)
        body = {"kind": "draw", "index": index, "secret": secret, "public": public, "order": order_of(secret, public, lists)}  # fmt: skip
        return self.put(**{**body, "act": "Procès-verbal n° 7", **change})

    def undraw(self, index: int) -> int:
        return self.put(kind="undraw", index=index, act="Arrêt n° 3")

    def close(self, *witnesses: notes.SigningKey, seconds: int = 1_700_000_000) -> str:
        """Totals of what changed, a checkpoint, the files."""
        for area in sorted(self.replay.dirty):
            self.put(kind="total", **self.replay.total(area))
        self.replay.dirty.clear()
        self.tree.extend(leaf_hash(e) for e in self.entries[len(self.tree) :])
        text = notes.Checkpoint(self.key.name, self.size, self.tree.root()).text()
        note = text + "\n" + self.key.line(text) + "".join(w.cosign(text, seconds) for w in witnesses)
        folder.write(self.where / "log.vkey", f"{self.key.verifier.text()}\n".encode())
        lines = [f"log {self.key.verifier.text()}", *(f"witness {w.name} {w.verifier.text()}" for w in witnesses)]
        if witnesses:
            lines.append("group temoins 1 " + " ".join(w.name for w in witnesses))
        folder.write(
            self.where / "policy", "\n".join([*lines, f"quorum {'temoins' if witnesses else 'none'}", ""]).encode()
        )
        folder.write_log(self.where, self.tree, self.entries[self.written // 256 * 256 :], self.written, note)
        self.written = self.size
        return note


def a_log(where: Path, *, stations: int = 40, lists: int = 3, seed: int = 1, system=None, keeps=(), names=NAMES, missing: int = 0, depth: int = 2, constituencies=0) -> MadeLog:  # fmt: skip
    """stations: over a region for every 10 and a cercle for every 5. missing: of them, without a report."""
    regions = max(stations // 10, 1)
    areas = [["1", f"R{r}", f"Région {r}", "région", "", ""] for r in range(regions)]
    areas += [["2", f"R{r}-C{c}", f"Cercle {r}.{c}", "cercle", "1", f"R{r}"] for r in range(regions) for c in range(2)]
    areas += [["constituency", f"K{k}", f"Circonscription {k}", "3", "", ""] for k in range(constituencies)]
    rows = []
    for i in range(stations):
        group = f"K{i % constituencies}" if constituencies else ""
        rows.append(
            [f"S-{i:03d}", "general", f"École {i}", "Centre", 700, group, "2", f"R{i % regions}-C{i // regions % 2}"]
        )
    one, two = folder.keep_register(where, table(REGISTER_COLUMNS, rows), table(AREA_COLUMNS, areas))
    key = notes.SigningKey("resultats.example/c", notes.ED25519, bytes([seed]) * 32)
    log = MadeLog(where, key, [], Replay(folder.LogFolder(where).register), Tree(), random.Random(seed), lists)
    log.put(
        kind="manifest", origin=key.name, keys=[key.verifier.text()], lists=[{"list": i + 1, "name": names[i], "code": names[i], "emblem": f"e{i + 1}"} for i in range(lists)],
        boxes=["registered", "voters", "found", "invalid", "valid"], stations_sha256=one, areas_sha256=two, expected={"general": stations},
        rules={"pack": "ml", "version": "t"}, software={"name": "kalata", "version": "0"}, system=system or SYSTEM, keeps=list(keeps), exercise=True,
        names={"fr": "Élection d’essai", "en": "Trial election", "election_fr": "Essai", "election_en": "Trial"}, polling_day="2027-02-28",
    )  # fmt: skip
    for i in range(stations - missing):
        log.report(f"S-{i:03d}")
    log.close()
    return log


def extras_now(**more) -> Extras:
    at = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    return Extras(at=at, next_at=at + timedelta(minutes=3), issuer="Autorité d’essai", issuer_short="AE", **more)


def standalone():
    """verify.py as it is published, loaded as a module."""
    spec = importlib.util.spec_from_file_location("kalata_standalone", HERE / "assets" / "verify.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
