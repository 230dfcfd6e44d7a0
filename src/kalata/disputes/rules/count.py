"""The Court's own count: which stations it counts, what its clerks agree on, where its figures are not the house's. Pure.

The sample is drawn from a seed whose SHA-256 was told before: the `size` stations of smallest SHA-256("seed|code").
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class AlreadyCounting(Refused):
    code = "DIS-341"
    says = _("La Cour a déjà ouvert son recensement de ce scrutin.")
    remedy = _("Poursuivez-le : un recensement ne se rouvre pas sur d’autres bureaux.")
    status = 409


class BadSample(Refused):
    code = "DIS-342"
    says = _(
        "Un échantillon se tire d’une graine dont l’empreinte (SHA-256) a été annoncée avant, et d’une taille entre 1 et %(most)d."
    )
    remedy = _("Annoncez l’empreinte de la graine, puis ouvrez la graine elle-même.")
    status = 422


class NotYourSheet(Refused):
    code = "DIS-343"
    says = _("Vous avez déjà lu ce bureau, ou il n’attend pas de lecture.")
    remedy = _("Prenez-en un autre : deux lectures, et la troisième qui les départage, sont de trois personnes.")
    status = 409


class NothingToCount(Refused):
    code = "DIS-344"
    says = _("Aucun bureau n’attend votre lecture.")
    remedy = _("Revenez plus tard : d’autres lectures se terminent peut-être.")
    status = 409


class NotOneOfTwo(Refused):
    code = "DIS-345"
    says = _("Ligne « %(line)s » : %(value)s n’est la lecture d’aucune des deux personnes (%(first)s, %(second)s).")
    remedy = _("Relisez l’original : la troisième personne choisit entre les deux lectures, ligne par ligne.")
    status = 422


class StillToCount(Refused):
    code = "DIS-346"
    says = _("Le recensement de la Cour n’est pas terminé : il reste %(n)d {n:bureau|bureaux} à lire ou à départager.")
    remedy = _("Terminez les lectures ; la proclamation vient ensuite.")
    status = 409


class Unexplained(Refused):
    code = "DIS-347"
    says = _("%(n)d {n:bureau diffère|bureaux diffèrent} du recensement de la Cour sans explication, d’abord %(station)s.")
    remedy = _("Ouvrez la liste des différences et expliquez chacune.")
    status = 409


class NotCounted(Refused):
    code = "DIS-348"
    says = _("La Cour n’a pas fait son propre recensement de ce scrutin.")
    remedy = _("Ouvrez le recensement, entier ou sur un échantillon tiré au sort.")
    status = 409


class NoDifference(Refused):
    code = "DIS-349"
    says = _("Bureau %(station)s : rien à expliquer, ou les chiffres ont changé depuis.")
    remedy = _("Relisez la liste des différences.")
    status = 409


class Reading(StrEnum):
    """Where the count of a station stands."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    AGREED = "agreed"


def drawn(seed: str, codes: Iterable[str], size: int) -> list[str]:
    """The stations of the sample, in order of code.

    >>> drawn("graine", ["a", "b", "c"], 3)
    ['a', 'b', 'c']
    """
    ranked = sorted(codes, key=lambda code: (hashlib.sha256(f"{seed}|{code}".encode()).hexdigest(), code))
    return sorted(ranked[:size])


def commitment(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def stands(entries: Mapping[int, bytes]) -> Reading:
    """Where a station stands. entries: rank -> figures as they were read."""
    if 1 not in entries:
        return Reading.FIRST
    if 2 not in entries:
        return Reading.SECOND
    return Reading.AGREED if entries[1] == entries[2] or 3 in entries else Reading.THIRD


def settled(entries: Mapping[int, bytes]) -> bytes | None:
    """The Court's figures of a station; None as long as its clerks have not agreed."""
    return entries.get(3, entries.get(2)) if stands(entries) is Reading.AGREED else None


def chosen(first: Sequence[int], second: Sequence[int], third: Sequence[int], lines: Sequence[str]) -> None:
    """Refuse (DIS-345) a third reading that is neither of the two, on the first such line."""
    for line, a, b, c in zip(lines, first, second, third, strict=True):
        if c not in (a, b):
            raise NotOneOfTwo(line=line, value=c, first=a, second=b)


def fingerprint(court: bytes, house: bytes | None, version: int) -> str:
    """Of the two figures that differ: what an explanation is about."""
    return hashlib.sha256(f"{court.hex()} {version} {house.hex() if house is not None else '-'}".encode()).hexdigest()
