"""What became of the stations of a contest: one meaning each, for every page, file, feed and answer.

`expected = counted + annulled + missing`, and `recalled` is part of `missing`. The application fills a `Coverage`
from its records (`results.coverage`), the public site from its log (`transparency.site.edition`): both then say the
same number under the same name, and `DEFINITIONS` says what it means. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Any

from kalata.text import Message, decimal_string
from kalata.text import gettext_noop as _

from .profile import Absent


class Situation(IntEnum):
    """What a station is worth to whoever reads: each expected station is in exactly one."""

    COUNTED = 0
    ANNULLED = 1
    MISSING = 2
    RECALLED = 3

    @property
    def word(self) -> str:
        """How files and programs call it."""
        return self.name.lower()


SITUATION_LABELS: Mapping[Situation, str] = {
    Situation.COUNTED: _("Compté"),
    Situation.ANNULLED: _("Annulé"),
    Situation.MISSING: _("Manquant"),
    Situation.RECALLED: _("Rappelé"),
}

CAUSES = (
    ("away", _("PV pas encore reçu, ou bureau non ouvert"), False),
    ("no_vote", _("Carence constatée : le bureau n’a pas voté"), False),
    ("desk", _("PV reçu, en cours de centralisation"), True),
    ("aside", _("PV écarté ou en incident, à l’examen"), True),
    ("batch", _("PV validé, en attente de son lot"), True),
)
"""Why a station that was never public is missing, as far as anybody may know, no figure: code, words, whether its paper
has reached the house."""
AWAY = "away"
RECEIVED_CAUSES = frozenset(code for code, _label, received in CAUSES if received)

DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "expected": (
        _("Attendus"),
        _("Bureaux du registre du scrutin, et ceux qui sont annoncés en plus sans y figurer."),
    ),
    "received": (
        _("Reçus"),
        _("Bureaux dont un procès-verbal est parvenu, quoi qu’il en soit advenu : compté, annulé, rappelé ou encore à l’examen."),
    ),
    "counted": (
        _("Comptés"),
        _("Bureaux dont le procès-verbal en vigueur est publié et dont les voix sont dans les totaux."),
    ),
    "annulled": (
        _("Annulés"),
        _("Bureaux dont le procès-verbal est publié et dont aucune voix ne compte, par décision ; ses chiffres restent visibles."),
    ),
    "missing": (
        _("Manquants"),
        _("Bureaux attendus qui n’ont aucun procès-verbal en vigueur : attendus moins comptés moins annulés. Les rappelés en sont."),
    ),
    "recalled": (
        _("Rappelés"),
        _("Bureaux dont un procès-verbal a été publié puis retiré des totaux, sans qu’un autre l’ait remplacé ; part des manquants."),
    ),
    "coverage": (
        _("Couverture"),
        _("Comptés divisés par attendus. Un bureau annulé est attendu et n’est pas compté."),
    ),
    "registered_missing": (
        _("Inscrits des bureaux manquants"),
        _("Électeurs que le registre donne aux bureaux manquants ; inconnu dès qu’il se tait sur l’un d’eux."),
    ),
    "registered_annulled": (
        _("Inscrits des bureaux annulés"),
        _("Électeurs que le registre donne aux bureaux annulés, à défaut ceux de leur procès-verbal ; inconnu dès qu’il en manque un."),
    ),
    "version": (
        _("Version publiée"),
        _("Rang d’un procès-verbal parmi ceux du bureau qui ont été publics ; ce qui n’a jamais été public n’a pas de rang. Un rappel retire une version et n’en crée pas."),
    ),
    "total": (
        _("Total d’une case"),
        _("Somme des procès-verbaux comptés, et des cases que la loi garde des bureaux annulés. Une case vide n’ajoute rien."),
    ),
    "turnout": (_("Participation"), _("Total des votants divisé par le total des inscrits des mêmes bureaux.")),
    "root": (
        _("Racine"),
        _("Empreinte de tout le journal public à un nombre d’inscriptions donné ; une racine plus ancienne reste vraie, la plus récente la prolonge."),
    ),
}  # fmt: skip
"""name in files -> (label, meaning). Shown in the dictionaries and in docs/*/chiffres.md, docs/*/figures.md."""


def ratio(part: int | None, base: int | None) -> Fraction | None:
    return Fraction(part, base) if part is not None and base else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The stations of the whole or of one area. held: received, never public and not counted here.

    registered_*: electors of the missing of the register (recalled included: away), of the annulled, of the recalled;
    None where somebody is unknown. unlisted: expected and not in the register (the whole only); they are part of
    `expected` and of `missing`.
    """

    expected: int = 0
    counted: int = 0
    annulled: int = 0
    recalled: int = 0
    held: int | None = 0
    registered_away: int | None = 0
    registered_annulled: int | None = 0
    registered_recalled: int | None = 0
    unlisted: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.counted - self.annulled

    @property
    def registered_missing(self) -> int | None:
        """Nobody knows how many electors a station has that no register lists."""
        return None if self.unlisted else self.registered_away

    @property
    def gone(self) -> int:
        """Stations that give no vote to the totals."""
        return self.expected - self.counted

    @property
    def received(self) -> int | None:
        """None where only the house knows what it holds (a site made from the log alone)."""
        return None if self.held is None else self.counted + self.annulled + self.recalled + self.held

    @property
    def share(self) -> Fraction | None:
        """The coverage."""
        return ratio(self.counted, self.expected)

    @property
    def complete(self) -> bool:
        return self.missing == 0

    def record(self) -> dict[str, Any]:
        """What every program reads, in one order, under the names of DEFINITIONS; what the house holds changes by
        the minute, and is said by pages and the API alone."""
        share = self.share
        return {
            "expected": self.expected, "counted": self.counted, "annulled": self.annulled,
            "missing": self.missing, "recalled": self.recalled, "coverage": None if share is None else decimal_string(share, 6),
            "registered_missing": self.registered_missing, "registered_annulled": self.registered_annulled,
        }  # fmt: skip


def added(a: int | None, b: int | None) -> int | None:
    """A sum of which one part may be unknown."""
    return None if a is None or b is None else a + b


def unlisted_of(announced: int | None, listed: int, absent: Iterable[Absent]) -> int:
    """Stations expected and not in the register: announced in greater number, or known to be absent from the source."""
    return max((announced or 0) - listed, sum(a.stations or 0 for a in absent), 0)


# --- what is missing, cause by cause ---------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cause:
    """One line of « what is missing, and why »: stations and registered electors, None where nobody knows."""

    label: str
    detail: Message | str
    stations: int | None
    registered: int | None
    code: str = ""


def causes(
    coverage: Coverage, waiting: Sequence[tuple[str, int, int | None]], absent: Iterable[Absent] = ()
) -> list[Cause]:
    """Everything that gives no vote, and why; the stations add up to `coverage.gone`.

    waiting: (code of CAUSES, stations, registered) of what was never public; where it does not add up to what is
    missing here (a log a moment behind its house), one line says the whole.
    """
    out: list[Cause] = []
    silent = coverage.missing - coverage.unlisted - coverage.recalled
    known = {code: (n, registered) for code, n, registered in waiting if n}
    if sum(n for n, _r in known.values()) != silent:
        rest = coverage.registered_away, coverage.registered_recalled
        known = {AWAY: (silent, None if None in rest else rest[0] - rest[1])}  # type: ignore[operator]
    for code, label, _received in CAUSES:
        n, registered = known.get(code, (0, 0))
        if n:
            out.append(Cause(label, "", n, registered, code))
    if coverage.recalled:
        label = _("PV rappelé : publié, puis retiré en attendant d’être revu")
        out.append(Cause(label, "", coverage.recalled, coverage.registered_recalled, "recalled"))
    if coverage.annulled:
        label = _("Bureau annulé : les chiffres restent visibles, les voix ne comptent pas")
        out.append(Cause(label, "", coverage.annulled, coverage.registered_annulled, "annulled"))
    absent = list(absent)
    rest_unlisted = coverage.unlisted - sum(a.stations or 0 for a in absent)
    if rest_unlisted > 0:
        out.append(Cause(_("Bureau annoncé, absent du registre"), "", rest_unlisted, None, "unlisted"))
    for a in absent:
        detail = f"{a.what} — {a.source}" if a.source else a.what
        out.append(Cause(_("Absent de la source"), detail, a.stations, a.voters, "absent"))
    return out
