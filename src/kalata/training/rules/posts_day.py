"""The morning of the vote: who is at the stations, which cannot open, and what a replacement must say."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.training.rules.posts import SEATED, State


class BadCode(Refused):
    code = "POS-301"
    says = _("Ce code n’est pas celui de ce bureau, ou il a déjà servi.")
    remedy = _(
        "Faites relire les six chiffres sous le rabat de la fiche ; s’il a servi, remettez un acte sur papier. Rien n’a été enregistré."
    )
    status = 422


class TooManyCodes(Refused):
    code = "POS-302"
    says = _("%(n)s {n:code faux a été essayé|codes faux ont été essayés} pour ce bureau.")
    remedy = _("Passez par un acte sur papier : le code de ce bureau ne s’essaie plus.")
    status = 409


class NotOnTheRoll(Refused):
    code = "POS-303"
    says = _("Le numéro %(number)s n’est pas sur la liste de ce bureau, qui va de 1 à %(last)s.")
    remedy = _(
        "Relisez le numéro sur la liste d’émargement : le remplaçant est un électeur de ce bureau. Rien n’a été enregistré."
    )
    status = 422


class VoterTaken(Refused):
    code = "POS-304"
    says = _("L’électeur n° %(number)s de ce bureau y remplace déjà quelqu’un.")
    remedy = _("Un électeur ne tient qu’un poste. Rien n’a été enregistré.")
    status = 409


class NotAbsent(Refused):
    code = "POS-305"
    says = _("Le poste %(post)s est « %(state)s » : seul un poste noté absent se remplace.")
    remedy = _("Notez d’abord la présence du bureau. Rien n’a été enregistré.")
    status = 409
    sentences = frozenset({"state"})


class NotTheDay(Refused):
    code = "POS-306"
    says = _("%(at)s n’est pas le jour du vote (%(poll)s) : présences et remplacements ne se notent que ce jour.")
    remedy = _("Avant le jour du vote, passez par une proposition et un acte de nomination. Rien n’a été enregistré.")
    status = 422


class NoPaper(Refused):
    code = "POS-307"
    says = _("Un acte sur papier se joint : sa photographie ou sa numérisation.")
    remedy = _("Joignez l’image de l’acte signé au bureau, ou passez par le code du bureau. Rien n’a été enregistré.")
    status = 422


class OwnCode(Refused):
    code = "POS-308"
    says = _("Vous avez tiré les codes de ce bureau : vous ne décidez pas d’un remplacement avec l’un d’eux.")
    remedy = _("Une autre personne décide de ce remplacement, ou il se fait par un acte sur papier, joint. Rien n’a été enregistré.")  # fmt: skip
    status = 403


class OwnAbsence(Refused):
    code = "POS-309"
    says = _("Vous avez noté cette absence : vous ne décidez pas sur papier de qui prend le poste.")
    remedy = _("Une autre personne note ce remplacement, ou il se fait avec le code que le bureau dicte. Rien n’a été enregistré.")
    status = 403


ROUTES = {"code": _("par téléphone, avec le code du bureau"), "paper": _("sur papier, acte joint")}
TRIES = 5
"""Wrong codes of a station after which only paper is taken."""


def sealed_code(key: bytes, contest: str, station: str, code: str) -> str:
    """What is kept of a station's code: without the key of the house nobody tries them all."""
    return hmac.new(key, f"posts|{contest}|{station}|{code}".encode(), hashlib.sha256).hexdigest()


def on_the_roll(number: int, registered: int | None) -> None:
    """POS-303 where a voter of this number is not of the station; a station whose list is not known takes any."""
    if number < 1 or (registered is not None and number > registered):
        raise NotOnTheRoll(number=number, last=registered or "?")


@dataclass(frozen=True, slots=True)
class Place:
    """One post as the board reads it."""

    station: int
    region: int
    state: State
    head: bool
    seen: bool = True
    """Noted present no later than the hour of the board."""


@dataclass(frozen=True, slots=True)
class Station:
    """One station: present on its posts; answered: somebody told who is there."""

    number: int
    posts: int
    present: int
    head: bool
    answered: bool

    def lacks(self, quorum: int) -> bool:
        """True where it may not open: fewer than the quorum. A quorum that no text says is not judged."""
        return bool(quorum) and self.present < quorum


@dataclass(frozen=True, slots=True)
class Board:
    """Presence at an hour. regions: number -> (posts, present). by_present: stations by how many are there."""

    posts: int
    present: int
    stations: int
    answered: int
    without_quorum: int
    without_head: int
    both: int
    regions: dict[int, tuple[int, int]]
    by_present: dict[int, int]
    worst: tuple[Station, ...]

    @property
    def absent(self) -> int:
        return self.posts - self.present

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.present, self.posts) if self.posts else None

    @property
    def silent(self) -> int:
        return self.stations - self.answered

    def alarm(self, threshold: int) -> bool:
        """True where the share present is below so many percent. Silent stations count as absent."""
        return self.share is not None and self.share < Fraction(threshold, 100)


def board_of(places: Iterable[Place], quorum: int) -> Board:
    """What is there, station by station. Worst first: no quorum, then no head, then how many are missing."""
    posts: Counter[int] = Counter()
    there: Counter[int] = Counter()
    heads: set[int] = set()
    told: set[int] = set()
    all_in: Counter[int] = Counter()
    in_region: Counter[int] = Counter()
    for one in places:
        posts[one.station] += 1
        all_in[one.region] += 1
        if one.state in SEATED or one.state is State.ABSENT:
            told.add(one.station)
        if one.state in SEATED and one.seen:
            there[one.station] += 1
            in_region[one.region] += 1
            if one.head:
                heads.add(one.station)
    stations = [Station(n, posts[n], there[n], n in heads, n in told) for n in posts]
    lost = [s for s in stations if s.lacks(quorum)]
    headless = [s for s in stations if not s.head]
    ordered = sorted(
        (s for s in stations if s.lacks(quorum) or not s.head),
        key=lambda s: (not s.lacks(quorum), s.head, s.present, s.number),
    )
    return Board(
        posts=sum(posts.values()), present=sum(there.values()), stations=len(stations), answered=len(told),
        without_quorum=len(lost), without_head=len(headless), both=sum(1 for s in lost if not s.head),
        regions={r: (n, in_region[r]) for r, n in all_in.items()}, by_present=dict(Counter(s.present for s in stations)),
        worst=tuple(ordered),
    )  # fmt: skip
