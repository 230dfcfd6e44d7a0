"""The reasons of a decision by sections: their names, the figures that fill them, two versions side by side. Pure.

Sections are written by persons; a figure in them is a name between braces that the acts alone fill ({bureaux_annules}).
A name that nothing fills is refused when the section is kept, not discovered in a signed text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.text import percent, whole

from .acts import RECTIFIED
from .effect import Recomputation

VISAS, FACTS, PROCEDURE, ADMISSIBLE, MERITS = "visas", "facts", "procedure", "admissible", "merits"
PART_LABELS: Mapping[str, str] = {
    VISAS: _("Visas"),
    FACTS: _("Faits"),
    PROCEDURE: _("Procédure"),
    ADMISSIBLE: _("Recevabilité"),
    MERITS: _("Fond"),
}
"""part -> its name; the operative part is no section: it is made from the acts."""
WHOLE = (VISAS, FACTS, PROCEDURE)
MOST = 40_000
ANSWERS: Mapping[str, str] = {
    "founded": _("fondé"),
    "unfounded": _("non fondé"),
    "no_effect": _("sans effet sur l’issue"),
    "inadmissible": _("irrecevable"),
    "moot": _("sans objet"),
}
"""What becomes of a ground."""
FIGURES: Mapping[str, str] = {
    "bureaux_annules": _("nombre de bureaux annulés"),
    "suffrages_annules": _("suffrages exprimés des bureaux annulés"),
    "bureaux_rectifies": _("nombre de bureaux rectifiés"),
    "requetes": _("nombre de requêtes"),
    "exprimes_avant": _("suffrages exprimés avant la décision"),
    "exprimes": _("suffrages exprimés après la décision"),
    "ecart_avant": _("écart entre les deux premiers avant la décision"),
    "ecart": _("écart entre les deux premiers après la décision"),
}
"""name -> what it is; beside them {voix:NOM} and {part:NOM} of each option, before too: {voix_avant:NOM}."""
BRACES = re.compile(r"\{([^{}\n]{1,120})\}")


class NoSuchSection(Refused):
    code = "DIS-781"
    says = _("« %(key)s » n’est pas une section des motifs de cette décision.")
    remedy = _("Revenez à la liste des sections et choisissez-en une.")
    status = 404


class NoSuchFigure(Refused):
    code = "DIS-782"
    says = _("« %(names)s » : aucun chiffre tiré des actes ne remplit ce nom.")
    remedy = _("Corrigez le nom entre accolades ; les noms connus sont à côté du texte. Ce que vous avez écrit est gardé comme brouillon.")  # fmt: skip
    status = 422


class SectionMoved(Refused):
    """Two judges on one section: nothing of either is lost."""

    code = "DIS-783"
    says = _("Cette section a changé pendant que vous l’écriviez : elle est à la version %(now)d, vous partiez de la version %(base)d.")  # fmt: skip
    remedy = _(
        "Votre texte est gardé comme brouillon, à vous seul. Rouvrez la section : les deux textes y sont côte à côte."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class Section:
    """A section: part, and of a ground its petition and key."""

    part: str
    petition: str = ""
    ground: str = ""

    @property
    def key(self) -> str:
        return ":".join(w for w in (self.part, self.petition, self.ground) if w)


def sections(petitions: Sequence[tuple[str, Sequence[str]]]) -> list[Section]:
    """Every section of a decision on these petitions (number, keys of their grounds), in the order of the text."""
    grounds = [(number, key) for number, keys in petitions for key in keys]
    return [
        *(Section(part) for part in WHOLE),
        *(Section(ADMISSIBLE, number, key) for number, key in grounds),
        *(Section(MERITS, number, key) for number, key in grounds),
    ]


def section_of(key: str, known: Sequence[Section]) -> Section:
    found = next((one for one in known if one.key == key), None)
    if found is None:
        raise NoSuchSection(key=key[:80])
    return found


# --- figures ------------------------------------------------------------------------------------------------
def values(done: Recomputation, petitions: int, names: Mapping[str, str], lang: str = "fr") -> dict[str, str]:
    """name -> the figure that the acts give, as the language writes it."""
    old, new = done.before.total, done.after.total
    rectified = {at for s in done.plan.steps if s.kind == RECTIFIED for at in s.stations}
    numbers = {
        "bureaux_annules": len(done.annulled), "suffrages_annules": done.annulled_votes, "bureaux_rectifies": len(rectified),
        "requetes": petitions, "exprimes_avant": old.valid, "exprimes": new.valid,
        "ecart_avant": gap(old.votes), "ecart": gap(new.votes),
    }  # fmt: skip
    for option, before, after in zip(done.after.options, old.votes, new.votes, strict=True):
        for name in {option, names.get(option, option)}:
            numbers |= {f"voix_avant:{name}": before, f"voix:{name}": after}
    out = {name: whole(value, lang) for name, value in numbers.items()}
    for option, votes in zip(done.after.options, new.votes, strict=True):
        for name in {option, names.get(option, option)}:
            out[f"part:{name}"] = percent(Fraction(votes, new.valid) if new.valid else None, lang)
    return out


def gap(votes: Sequence[int]) -> int:
    """Between the two options with the most votes."""
    most = sorted(votes, reverse=True)
    return most[0] - most[1] if len(most) > 1 else sum(most)


def fill(text: str, known: Mapping[str, str]) -> tuple[str, list[str]]:
    """The text with its figures in their places, and the names that nothing fills, which stay as they are."""
    missing: list[str] = []

    def one(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name in known:
            return known[name]
        missing.append(name)
        return found[0]

    return BRACES.sub(one, text), list(dict.fromkeys(missing))


def must_fill(text: str, known: Mapping[str, str]) -> str:
    """The text with its figures. DIS-782 where a name between braces is none."""
    filled, missing = fill(text, known)
    if missing:
        raise NoSuchFigure(names=", ".join(missing)[:200])
    return filled


# --- two versions -------------------------------------------------------------------------------------------
SAME, ADDED, GONE = "same", "added", "gone"


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """(same, added or gone, words), word by word, in the order of reading; joined, without what is gone, they are the new text."""
    a, b = re.findall(r"\s+|[^\s]+", old), re.findall(r"\s+|[^\s]+", new)
    out: list[tuple[str, str]] = []
    for what, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            out.append((SAME, "".join(a[i:j])))
            continue
        if i < j:
            out.append((GONE, "".join(a[i:j])))
        if k < m:
            out.append((ADDED, "".join(b[k:m])))
    return out
