"""What an act of the ledger may be: each kind is declared once, in the `kinds.py` of the room it belongs to.

A kind says its code, its title, what its subject is, the fields of `after`, whether it touches personal data, and
whether what it tells is also told to everybody. `services.record` refuses what is not declared so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kalata import rooms
from kalata.text import gettext_noop as _
from kalata.text import translate

CODE = 60
ANY = "*"
"""A kind of act that befalls records of every sort."""
STEPS: Mapping[str, str] = {
    "asked": _("demandé"),
    "approved": _("approuvé par une seconde personne"),
    "refused": _("refusé"),
    "withdrawn": _("retiré"),
    "update_asked": _("mise à jour demandée"),
}
"""What befalls a request of two persons; each is a kind of its own."""
SUBJECTS: dict[str, str] = {
    "account": _("compte"), "*": _("tout dossier"), "bag": _("sac ou enveloppe"), "calendar": _("calendrier"), "content": _("contenu d’une pièce"), "contest": _("scrutin"),
    "crosswalk": _("table de passage"), "database": _("base de données"), "election": _("élection"),
    "everybody": _("tout le monde"), "geography": _("découpage"), "house": _("la maison"), "import": _("fichier importé"),
    "ledger": _("journal des actes"), "log": _("journal public"), "notice": _("avis"), "pack": _("pack"), "person": _("personne"),
    "persons": _("personnes"), "profile": _("profil d’import"), "sitting": _("séance"), "station": _("bureau"),
    "witness": _("témoin"),
}  # fmt: skip


class Undeclared(TypeError):
    """A fault of the program: an act that no room has declared, or not with these fields or this subject."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of act. needs: fields that `after` always has; may: fields that it may have; free: others too."""

    code: str
    title: str
    about: tuple[str, ...]
    needs: frozenset[str]
    may: frozenset[str]
    free: bool
    personal: bool
    public: bool
    step: str = ""

    def words(self, lang: str) -> str:
        """The title in a language, with the step where it is one of a request."""
        said = translate(self.title, lang)
        return f"{said} : {translate(STEPS[self.step], lang)}" if self.step else said

    def check(self, subject: str, after: Any) -> None:
        """Raises Undeclared where this act is not one of this kind."""
        kind = re.split("[:?.]", subject, maxsplit=1)[0]
        if kind not in self.about and ANY not in self.about:
            raise Undeclared(f"{self.code}: subject {subject!r} is none of {', '.join(self.about)}")
        if after is not None and not isinstance(after, Mapping):
            if not self.free:
                raise Undeclared(f"{self.code}: {type(after).__name__} where fields are declared")
            return
        given = frozenset(after or ())
        if missing := self.needs - given:
            raise Undeclared(f"{self.code}: without {', '.join(sorted(missing))}")
        if not self.free and (more := given - self.needs - self.may):
            raise Undeclared(f"{self.code}: {', '.join(sorted(more))} not declared")


KINDS: dict[str, Kind] = {}


def declare(
    code: str,
    title: str,
    about: str,
    fields: str = "",
    *,
    personal: bool = False,
    public: bool = False,
    step: str = "",
) -> Kind:
    """Declare a kind. about: the kinds of subject, "contest" or "person everybody", "*" for any. fields: names of `after`;
    "name?" may be missing, "*" lets others in."""
    words = fields.split()
    one = Kind(
        code=code,
        title=title,
        about=tuple(about.split()),
        needs=frozenset(w for w in words if w != "*" and not w.endswith("?")),
        may=frozenset(w[:-1] for w in words if w.endswith("?")),
        free="*" in words,
        personal=personal,
        public=public,
        step=step,
    )
    labels = rooms.kinds()
    SUBJECTS.update({word: labels[word] for word in one.about if word not in SUBJECTS and word in labels})
    if code in KINDS and KINDS[code] != one:
        raise Undeclared(f"{code} is declared twice")
    if len(code) > CODE:
        raise Undeclared(f"{code} is longer than {CODE}")
    return KINDS.setdefault(code, one)


def request(kind: str, title: str, about: str, *, personal: bool = False, public: bool = False) -> None:
    """Declare the five kinds of a request that takes two persons."""
    for step in STEPS:
        fields = {"asked": "approval sha256 *", "update_asked": "approval"}.get(step, "approval sha256")
        declare(
            f"{kind}.{step}", title, about, fields, personal=personal, public=public and step == "approved", step=step
        )


def declared(kind: Kind) -> Kind:
    """The kind, if it is one that a room has declared. Raises Undeclared: a string, or a kind made elsewhere."""
    if not isinstance(kind, Kind) or KINDS.get(kind.code) is not kind:
        raise Undeclared(f"{kind!r} is no declared kind of act")
    return kind


def known(code: str) -> Kind:
    """The declared kind of a code made of parts. Raises Undeclared."""
    if code not in KINDS:
        raise Undeclared(f"{code!r} is no declared kind of act")
    return KINDS[code]


def titled(codes: Iterable[str], lang: str) -> list[tuple[str, str]]:
    """(code, title) of these kinds, in order of title; the code itself where an old act has a kind of before."""
    named = ((c, KINDS[c].words(lang) if c in KINDS else c) for c in codes)
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))
