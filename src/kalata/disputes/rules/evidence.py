"""Evidence in its place: what a piece bears on, which stations have none, what a copy may say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

OFFICERS: Mapping[str, str] = {
    "president": _("président du bureau"), "secretary": _("secrétaire"), "assessor": _("assesseur"), "other": _("autre membre"),
}  # fmt: skip
LISTED: Mapping[str, str] = {
    "yes": _("le remplaçant figure sur la liste"), "no": _("le remplaçant ne figure pas sur la liste"), "unknown": _("non vérifié"),
}  # fmt: skip
LARGEST = 10**9


class NoSuchPlace(Refused):
    code = "DIS-811"
    says = _("« %(what)s » n’est ni une pièce, ni un moyen, ni un bureau visé de cette affaire.")
    remedy = _("Choisissez parmi ceux que la page propose. Rien n’a été enregistré.")
    status = 422


class Linked(Refused):
    code = "DIS-812"
    says = _("La pièce %(piece)s est déjà rattachée à « %(where)s ».")
    remedy = _("Rayez d’abord ce rattachement s’il est faux.")


class BadCopy(Refused):
    code = "DIS-813"
    says = _("Cette lecture de la copie n’est pas reçue : %(why)s.")
    remedy = _("Une copie est lue par deux personnes, sans que la seconde voie la première lecture.")
    status = 422
    sentences = frozenset({"why"})
    TWICE = _("vous avez fait la première lecture")
    EMPTY = _("aucun chiffre n’est écrit")
    PAGE = _("la pièce n’a pas cette page")
    NUMBER = _("un nombre est trop grand")


def check_lines(lines: Mapping[str, int | None], page: int, pages: int) -> None:
    """DIS-813: nothing typed, a number that no station has, a page that the piece has not."""
    if all(v is None for v in lines.values()):
        raise BadCopy(why=BadCopy.EMPTY)
    if any(v is not None and not 0 <= v <= LARGEST for v in lines.values()):
        raise BadCopy(why=BadCopy.NUMBER)
    if page < 1 or (pages and page > pages):
        raise BadCopy(why=BadCopy.PAGE)


# --- the matrix ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bears:
    """A piece bears on a ground, at a station or ("") on the whole of it. key: of the ground; said: by a link (its
    number) or by the filing itself (0)."""

    piece: int
    key: str
    station: str = ""
    said: int = 0
    note: str = ""


@dataclass(slots=True)
class Cell:
    """A ground at one of its stations, with what bears on it there, and on the whole ground."""

    ground: str
    station: str
    here: list[Bears] = field(default_factory=list)
    whole: list[Bears] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        """Does nothing bear on this ground at this very station?"""
        return not self.here


def matrix(aims: Iterable[tuple[str, Sequence[str]]], bears: Iterable[Bears]) -> list[Cell]:
    """Ground x station, in the order given; a link to a station that its ground does not aim at is not dropped: its own cell."""
    by: dict[tuple[str, str], list[Bears]] = {}
    for one in bears:
        by.setdefault((one.key, one.station), []).append(one)
    out: list[Cell] = []
    seen = set()
    for key, stations in aims:
        for code in stations:
            out.append(Cell(key, code, by.get((key, code), []), by.get((key, ""), [])))
            seen.add((key, code))
    extra = [(key, code) for key, code in by if code and (key, code) not in seen]
    return out + [Cell(key, code, by[key, code], by.get((key, ""), [])) for key, code in extra]
