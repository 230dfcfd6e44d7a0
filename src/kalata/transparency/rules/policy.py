"""What a verifier trusts: logs, witnesses, groups and one quorum (C2SP tlog-policy)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kalata.transparency.rules.notes import MLDSA44, TIMED, BadNote, Note, VerifierKey, signers


@dataclass(slots=True)
class Policy:
    """logs: by origin. groups: name -> (how many, members). quorum: a name, or "none"."""

    logs: dict[str, list[VerifierKey]] = field(default_factory=dict)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = "none"
    urls: dict[str, str] = field(default_factory=dict)

    def holds(self, name: str, signed: Iterable[str]) -> bool:
        """True where the quorum `name` is reached by those who signed (names of witnesses)."""
        if name == "none":
            return True
        there = set(signed)
        if name in self.witnesses:
            return name in there
        need, members = self.groups[name]
        return sum(self.holds(m, there) for m in members) >= need

    def cosigners(self, note: Note) -> list[str]:
        """The names, as this policy knows them, of the witnesses whose cosignature of the note is good."""
        keys = {(k.name, k.id): name for name, k in self.witnesses.items()}
        return [keys[k.name, k.id] for k in signers(note, self.witnesses.values())]

    def parties(self, names: Iterable[str]) -> list[str]:
        """Who stands behind these names: a witness with two keys, of two names here, is one party."""
        return list(dict.fromkeys(self.witnesses[n].name for n in names))

    @property
    def needs_mldsa(self) -> bool:
        """True where the quorum cannot be reached without an ML-DSA-44 line: proofs then carry such lines."""
        return not self.holds(self.quorum, [n for n, k in self.witnesses.items() if k.kind != MLDSA44])

    def reached(self, note: Note) -> bool:
        return self.holds(self.quorum, self.cosigners(note))

    def text(self) -> str:
        lines = [f"log {k.text()}" for keys in self.logs.values() for k in keys]
        lines += [
            f"witness {n} {k.text()}" + (f" {self.urls[n]}" if self.urls.get(n) else "")
            for n, k in self.witnesses.items()
        ]
        lines += [f"group {n} {need} {' '.join(members)}" for n, (need, members) in self.groups.items()]
        return "\n".join([*lines, f"quorum {self.quorum}", ""])


def read_policy(text: str) -> Policy:
    """A policy file. BadNote names the line that is wrong."""
    found, quorums = Policy(), 0
    used: set[str] = set()
    seen: set[str] = set()
    for place, raw in enumerate(text.splitlines(), 1):
        words = raw.split("#")[0].split()
        if not words:
            continue
        try:
            quorums += read_line(found, words, seen, used)
        except (BadNote, ValueError, IndexError) as why:
            raise BadNote(f"line {place}: {why}") from None
    if quorums != 1:
        raise BadNote(f"{quorums} quorum lines; exactly one")
    return found


def read_line(found: Policy, words: list[str], seen: set[str], used: set[str]) -> int:
    """One line into the policy; 1 for a quorum line, else 0."""
    match words:
        case ["log", vkey, *rest] if len(rest) <= 1:
            key = VerifierKey.read(vkey)
            if vkey in seen:
                raise BadNote("the same key twice")
            seen.add(vkey)
            found.logs.setdefault(key.name, []).append(key)
        case ["witness", name, vkey, *rest] if len(rest) <= 1:
            key = VerifierKey.read(vkey)
            if key.kind not in TIMED:
                raise BadNote(f"{name} is not a witness key")
            if f"witness {vkey}" in seen or taken(found, name):
                raise BadNote(f"{name} or its key stands there twice")
            seen.add(f"witness {vkey}")
            found.witnesses[name] = key
            if rest:
                found.urls[name] = rest[0]
        case ["group", name, how, *members] if members:
            for member in members:
                if not taken(found, member) or member in used or member == "none":
                    raise BadNote(f"{member} is not defined before, or is a member twice")
                used.add(member)
            need = {"all": len(members), "any": 1}.get(how) or int(how)
            if not 1 <= need <= len(members) or taken(found, name):
                raise BadNote(f"group {name}: {how} of {len(members)}")
            found.groups[name] = (need, tuple(members))
        case ["quorum", name]:
            if name != "none" and not taken(found, name):
                raise BadNote(f"quorum {name} is not defined before")
            found.quorum = name
            return 1
        case _:
            raise BadNote(f"{words[0]!r} is not understood here")
    return 0


def taken(found: Policy, name: str) -> bool:
    return name in found.witnesses or name in found.groups or name == "none"


def simple(log: VerifierKey, witnesses: Mapping[str, VerifierKey], need: int, urls: Mapping[str, str]) -> Policy:
    """One log and any `need` of its witnesses (none where `need` is 0)."""
    made = Policy({log.name: [log]}, dict(witnesses), urls=dict(urls))
    if witnesses and need:
        made.groups["temoins"] = (min(need, len(witnesses)), tuple(witnesses))
        made.quorum = "temoins"
    return made
