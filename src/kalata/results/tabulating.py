"""From a file and a profile to totals, outcome and findings: what `tabulate` prints.

The import wizard calls the same `numeric.read`, `screen` and `decide`; nothing is computed
twice in two ways.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import click
import numpy as np

from kalata import plain
from kalata.results.numeric import corrections as fixing
from kalata.results.numeric import deciding, reading, screening, table
from kalata.results.numeric.table import AreaSum, Table
from kalata.results.records import outcomes_record
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.checks import BY_CODE
from kalata.results.rules.outcome import STATUS_LABELS, Outcome, ranking
from kalata.results.rules.profile import Absent, BadProfile, NoArea, Profile, profile_from
from kalata.results.rules.systems import ALIASES, fits
from kalata.results.rules.unsettled import Beside
from kalata.tables import files
from kalata.tables.rules.folding import place_of
from kalata.text import Message, percent, translate, whole
from kalata.text import gettext_noop as _


def load_profile(path: Path, pack: str = "ml") -> Profile:
    """The profile in a YAML file; systems named by id are read from the pack."""
    try:
        data = plain.yaml_of(path.read_bytes(), file=path.name)
    except (OSError, plain.BadYaml) as error:
        why = error.where if isinstance(error, plain.BadYaml) else str(error)
        raise BadProfile(field=str(path.name), value=why, expected="un fichier YAML lisible") from None
    if not isinstance(data, dict):
        raise BadProfile(field=path.name, value=type(data).__name__, expected="une table clé: valeur")
    contest = data.get("contest") or {}
    name = contest.get("system") if isinstance(contest, dict) else None
    systems: Mapping[str, Mapping[str, object]] = {}
    if isinstance(name, str) and name not in ALIASES:
        from kalata.country.packs import find_pack, load_pack

        systems = load_pack(find_pack(pack)).engine_systems()
    return profile_from(data, systems)


def spooled(stream: IO[bytes]) -> Path:
    """Standard input kept in a temporary file, removed by the system."""
    keep = tempfile.NamedTemporaryFile(suffix=".in", delete=False)  # noqa: SIM115
    with keep:
        while chunk := stream.read(1 << 20):
            keep.write(chunk)
    return Path(keep.name)


@dataclass(slots=True)
class Tabulation:
    """What a file says under a profile."""

    profile: Profile
    table: Table
    total: AreaSum
    areas: list[AreaSum]
    groups: list[AreaSum]
    outcomes: dict[str, Outcome]
    flags: dict[str, screening.Mask]
    notes: list[Message] = field(default_factory=list)
    account: Mapping[str, int] = field(default_factory=dict)

    def votes(self, area: AreaSum) -> dict[str, int]:
        return dict(zip(self.table.options, area.votes, strict=True))

    def stations_record(self) -> dict[str, object]:
        return {
            "expected": self.profile.expected,
            "counted": self.total.counted,
            "annulled": self.total.annulled,
            "missing": self.total.missing + (unlisted(self.profile, self.total) or 0),
            "absent": [
                {"what": a.what, "stations": a.stations, "voters": a.voters, "source": a.source}
                for a in self.profile.absent
            ],
        }

    def record(self) -> dict[str, Any]:
        """The JSON document of the scripted interface."""
        out: dict[str, Any] = {
            "contest": self.profile.contest,
            "stations": self.stations_record(),
            "figures": {
                **{b.value: v for b, v in self.total.boxes.items()},
                **({} if Box.VALID in self.total.boxes else {"valid": self.total.valid}),
            },
            "votes": self.votes(self.total),
        }
        of = {"": self.total} if "" in self.outcomes else {g.path[0]: g for g in self.groups}
        votes, valid = {k: self.votes(a) for k, a in of.items()}, {k: a.valid for k, a in of.items()}
        out["outcome"], local = outcomes_record(self.outcomes, votes, valid, self.profile.system)
        if local is not None:
            out["constituencies"] = local
        out["areas"] = [
            {
                "area": list(a.path),
                "stations": {"counted": a.counted, "annulled": a.annulled, "missing": a.missing},
                "figures": {b.value: v for b, v in a.boxes.items()},
                "votes": self.votes(a),
            }
            for a in self.areas
        ]
        out["findings"] = [
            {
                "code": code,
                "severity": BY_CODE[code].level.value,
                "count": int(mask.sum()),
                "formula": Message(BY_CODE[code].formula).both(),
                "stations": [list(self.table.keys[i]) for i in np.flatnonzero(mask)[:50].tolist()],
            }
            for code, mask in sorted(self.flags.items())
            if mask.any()
        ]
        out["notes"] = [n.both() for n in self.notes]
        out["said"] = [s.record() for s in self.table.said]
        out["totals"] = [p.record() for p in self.table.proofs]
        out["lines"] = dict(self.account)
        return out

    def print(self, lang: str) -> None:
        """The same, for a person at a terminal."""
        say = click.echo
        say(f"{self.profile.name or self.profile.contest}")
        total = self.total
        say(
            Message(
                _(
                    "Bureaux : %(counted)d {counted:compté|comptés}, %(annulled)d {annulled:annulé|annulés}, %(missing)d {missing:manquant|manquants}."
                ),
                {"counted": total.counted, "annulled": total.annulled, "missing": total.missing},
            ).text(lang)
        )
        for note in self.notes:
            say("! " + note.text(lang))
        for told in self.table.said:
            say("~ " + told.message.text(lang))
        for proof in self.table.proofs:
            say("  " + proof.message.text(lang))
        for box, value in total.boxes.items():
            say(f"{translate(LABELS[box], lang):<34}{whole(value, lang):>16}")
        for option, count in ranking(self.votes(total)):
            from fractions import Fraction

            part = Fraction(count, total.valid) if total.valid else None
            say(f"{option[:33]:<34}{whole(count, lang):>16}  {percent(part, lang):>9}")
        for name, outcome in self.outcomes.items():
            label = translate(STATUS_LABELS[outcome.status], lang)
            say(
                f"{name + ' : ' if name else ''}{label} {', '.join(outcome.options)}"
                + (f" — {outcome.reason.text(lang)}" if outcome.reason else "")
            )
            if not name:
                for step in outcome.steps:
                    say("  " + step.text(lang))
        for code, mask in sorted(self.flags.items()):
            if mask.any():
                say(f"{code}  {int(mask.sum()):>7}  {translate(BY_CODE[code].formula, lang)}")


def unlisted(profile: Profile, total: AreaSum) -> int | None:
    """Stations expected that are not even a row of the file; None when not known."""
    if profile.expected is not None:
        return max(profile.expected - total.stations, 0)
    known = [a.stations for a in profile.absent]
    return None if any(n is None for n in known) else sum(n or 0 for n in known)


def run(source: Path, profile: Profile, *, corrections: Path | None = None, levels: tuple[str, ...] = ()) -> Tabulation:
    """Read, check, add up and decide. Raises what `numeric.read` and `files.opened` raise."""
    depths = depths_of(profile, levels)
    file = files.opened(source, layout=profile.layout)
    found, _problems, _n = reading.read(file, profile)
    if corrections:
        found = corrected(found, corrections, profile)
    sums = table.pyramid(found)
    total = sums.total
    areas = [a for depth in depths for a in sums.levels[depth]]
    groups = table.by_constituency(found)
    outcomes: dict[str, Outcome] = {}
    notes = notes_on(profile, total)
    if profile.system is not None and (found.options or profile.options.given):
        fits(profile.system, found.options)
        outside = max((profile.expected or 0) - total.stations, 0)
        whole, outcomes = deciding.outcomes_of(
            profile.system,
            found,
            total,
            groups,
            seats=profile.seats,
            round_=profile.round,
            beside=Beside(outside, profile.absent),
        )
        if whole is not None:
            outcomes = {"": whole}
    for twice in found.kept_doubles:
        notes.append(
            Message(
                _(
                    "Le bureau %(station)s figure deux fois (lignes %(other)d et %(row)d) : les deux sont comptés, comme le profil le demande."
                ),
                {"station": twice.value, "row": twice.row, "other": twice.other},
            )
        )
    account = file.account.record()
    return Tabulation(profile, found, total, areas, groups, outcomes, screening.screen(found), notes, account)


def depths_of(profile: Profile, levels: tuple[str, ...]) -> list[int]:
    """The area levels to print, outermost 0; IMP-103 for a name that is none of them."""
    if levels == ("none",):
        return []
    places = [place_of(level, profile.areas) for level in levels]
    for level, place in zip(levels, places, strict=True):
        if place is None:
            raise NoArea(field=level[:60], found=", ".join(profile.areas) or "–")
    return [p for p in places if p is not None] if levels else list(range(len(profile.areas)))


def corrected(found: Table, path: Path, profile: Profile) -> Table:
    """The table with the stations of a file of corrections; IMP-200 names those that it does not have."""
    file = files.opened(path, layout=replace(profile.layout, columns=profile.station))
    scope = fixing.scope_of(file, profile)
    second, _problems, _n = reading.read(file, scope.profile)
    strangers = fixing.unknown(found, second)
    if strangers and profile.corrections == "refuse":
        raise reading.BadFile(strangers[: reading.MAX_PROBLEMS], len(strangers), file.name)
    return fixing.corrected(found, second, scope)


def notes_on(profile: Profile, total: AreaSum) -> list[Message]:
    """What explains a gap with a published total: named, never left to be guessed."""
    notes = []
    if total.missing:
        notes.append(
            Message(
                _(
                    "%(n)d {n:bureau du fichier n’a pas|bureaux du fichier n’ont pas} de chiffres : la somme est partielle."
                ),
                {"n": total.missing},
            )
        )
    if total.annulled:
        notes.append(
            Message(
                _("%(n)d {n:bureau annulé ne donne|bureaux annulés ne donnent} aucune voix."), {"n": total.annulled}
            )
        )
    if profile.expected is not None and profile.expected > total.stations:
        notes.append(
            Message(
                _(
                    "%(n)d {n:bureau attendu ne figure pas|bureaux attendus ne figurent pas} dans le fichier : la somme est partielle."
                ),
                {"n": profile.expected - total.stations},
            )
        )
    if profile.expected is not None and profile.expected < total.stations:
        more = {"expected": profile.expected, "found": total.stations}
        notes.append(
            Message(
                _("Le fichier a %(found)d {found:bureau|bureaux}, et %(expected)d {expected:est attendu|sont attendus} : cherchez une ligne de total, un bureau en double ou un autre fichier."),
                more,
            )
        )  # fmt: skip
    for absent in profile.absent:
        notes.append(absent_note(absent))
    return notes


def absent_note(absent: Absent) -> Message:
    return Message(
        _(
            "Absent du fichier : %(what)s (%(stations)s {stations:bureau|bureaux}, %(voters)s {voters:électeur|électeurs}). Source : %(source)s."
        ),
        {
            "what": absent.what,
            "stations": "?" if absent.stations is None else absent.stations,
            "voters": "?" if absent.voters is None else absent.voters,
            "source": absent.source or "–",
        },
    )
