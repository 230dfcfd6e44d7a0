"""What each column of a file is proposed to mean, with its reason, and whether a person must say so. Pure.

A name that is the one of an option to the eye (case, accents, an article) is sure; one letter apart is a question;
whole numbers that go nowhere are a question, because they may be votes. Nothing is guessed in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kalata.tables.rules.folding import kept, same
from kalata.tables.rules.seen import Look, bare, column_at
from kalata.text import Message
from kalata.text import gettext_noop as _

from .boxes import LABELS, Box
from .meanings import box_named

GUESSES: Mapping[Box, tuple[str, ...]] = {
    Box.REGISTERED: ("inscrits", "electeurs inscrits", "registered", "reg voters", "electeurs", "electors", "possible voters", "ln", "nombre d inscrits"),
    Box.ADDITIONAL: ("special voters", "additionnels"),
    Box.VOTERS: ("votants", "voters", "turnout", "total votes", "emargements", "ballots signed for", "nombre de votants"),
    Box.BALLOTS: ("bulletins", "ballots", "bulletins trouves", "papers", "bulletins dans l urne"),
    Box.NULL_BALLOTS: ("nuls", "bulletins nuls", "null", "null ballots", "invalid votes", "invalid", "nulos", "nul", "nulo"),
    Box.BLANK_BALLOTS: ("blancs", "bulletins blancs", "blank", "blanco", "blancos", "blanc", "en blanco"),
    Box.VALID: ("exprimes", "suffrages exprimes", "valid", "valid votes", "validos", "votos validos"),
    Box.RECEIVED: ("bulletins recus", "num ballots"),
    Box.UNUSED: ("bulletins non utilises", "unused"),
    Box.SPOILED: ("bulletins deteriores", "spoiled"),
    Box.PROXIES: ("procurations", "proxies"),
}  # fmt: skip
STATIONS = (
    "bureau", "bureau de vote", "station", "bv", "mesa", "uik", "code bureau", "code bv", "code b vote", "polling station",
    "casilla id", "precinct id", "code du bureau",
)  # fmt: skip
AREAS = (
    "region", "district", "departement", "cercle", "department", "province", "constituency", "county", "prefectures",
    "communes", "commune", "tik", "sub county", "parish",
)  # fmt: skip
STATUSES = ("etat", "statut", "etat du pv", "status", "estado")
WORDS: Mapping[str, tuple[str, ...]] = {
    "counted": ("compte", "ok", "valide", "counted", "contabilizada", "comptabilise", "recu"),
    "annulled": ("annule", "annulled", "anulada"),
    "missing": ("", "manquant", "missing", "non recu", "en attente"),
    "rerun": ("a refaire",),
    "contested": ("conteste",),
}
NAMES = ("candidat", "candidature", "liste", "candidate", "option", "agrupacion", "party")
VOTES = ("voix", "votes", "votos", "suffrages")
NOTHING = (
    "adresse",
    "address",
    "lieu",
    "observations",
    "obs",
    "order",
    "ordre",
    "url",
    "name",
    "nom",
    "rang",
    "n ",
    "no ",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a column, or a value, is proposed to be. asks: a person must confirm it. tone: ok, inf, warn or nothing."""

    role: str
    note: Message | str = ""
    tone: str = ""
    asks: bool = False


SKIP = ""
NO_BOX = _("Ce mot nomme une case que ce scrutin n’a pas : dites où elle va")
TAKEN = _("Une colonne tient déjà cette case : gardez l’une ou l’autre")


def skipped(look: str, filled: int | None) -> Proposal:
    """Why a column is left where it is."""
    if look == Look.EMPTY:
        return Proposal(SKIP, _("Colonne vide"))
    if look == Look.NUMBER:
        return Proposal(SKIP, _("Toujours recalculé ici : parts et moyennes"))
    if look == Look.WHOLE:
        return Proposal(SKIP, Message(_("Des nombres entiers sur %(n)d {n:ligne|lignes} : dites où ils vont"), {"n": filled or 0}), "warn", True)  # fmt: skip
    return Proposal(SKIP, _("Du texte : il reste dans le fichier"))


def how_same(label: str, name: str) -> str:
    """In what two names that are one to the eye differ."""
    if kept(label) == name:
        return _("Même nom")
    if kept(label).casefold() == name.casefold():
        return _("Même nom, autres majuscules")
    if same(label) == same(name):
        return _("Même nom, sans accents ni signes")
    return _("Même nom, sans l’article")


def one_apart(a: str, b: str) -> bool:
    """True where one letter added, dropped or changed makes one name the other (names of four letters or more)."""
    if min(len(a), len(b)) < 4 or abs(len(a) - len(b)) > 1 or a == b:
        return False
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return max(len(a), len(b)) - head - tail <= 1


def option_for(label: str, options: Sequence[tuple[str, str]]) -> Proposal | None:
    """The option of the contest that a name of the file is; a question where it is near one only; None: none, or several.

    options: (code, name). The role is "o" and the place of the option.
    """
    words = {i: {same(code), same(name)} for i, (code, name) in enumerate(options)}
    exact = [i for i, known in words.items() if same(label) in known]
    loose = exact or [i for i, known in words.items() if bare(same(label)) in {bare(w) for w in known}]
    if len(loose) == 1:
        return Proposal(f"o{loose[0]}", how_same(label, options[loose[0]][1]), "ok")
    if loose:
        return None
    near = [i for i, known in words.items() if any(one_apart(bare(same(label)), bare(w)) for w in known)]
    if len(near) == 1:
        said = Message(_("Une lettre d’écart avec « %(name)s » : à confirmer"), {"name": options[near[0]][1]})
        return Proposal(f"o{near[0]}", said, "warn", True)
    return None


def box_for(label: str, boxes: Sequence[str]) -> Box | None:
    """The box that a heading names, among those of the contest (all of them where it has none yet)."""
    word = same(label)
    for box, words in GUESSES.items():
        if (word in words or word == same(LABELS[box]) or word == same(box.value)) and (
            not boxes or box.value in boxes
        ):
            return box
    return None


def elsewhere(label: str, boxes: Sequence[str]) -> bool:
    """True for a word that names a box which this contest does not have: "blancs" is then never a candidate by itself."""
    named = box_for(label, ()) or box_named(label)
    return bool(boxes) and box_for(label, boxes) is None and named is not None


def value_for(value: str, options: Sequence[tuple[str, str]], boxes: Sequence[str], roles: Sequence[str] = ()) -> str:
    """Where a value of the column that names the option goes; "?" where it must be asked. roles: of the columns."""
    if (found := option_for(value, options)) is not None:
        return "?" if found.asks else found.role
    if (box := box_for(value, boxes)) is not None:
        return "?" if box.value in roles else box.value
    return "?" if options or not value or elsewhere(value, boxes) else "option"


def value_note(value: str, boxes: Sequence[str], roles: Sequence[str]) -> str:
    """Why such a value is asked, where its word says it."""
    box = box_for(value, boxes)
    if box is not None and box.value in roles:
        return TAKEN
    return NO_BOX if elsewhere(value, boxes) else ""


def propose(
    header: Sequence[str], found: Mapping[str, Any], options: Sequence[tuple[str, str]], boxes: Sequence[str]
) -> list[Proposal]:
    """For each column, where it is proposed to go."""
    out: list[Proposal] = []
    long = any(same(c) in NAMES for c in header) and any(same(c) in VOTES for c in header)
    taken: set[str] = set()
    for place, name in enumerate(header):
        column = column_at(found, place)
        made = proposed(name, column, options, boxes, long, taken)
        taken.add(made.role)
        out.append(made)
    if "station" not in taken:
        at = next((i for i, p in enumerate(out) if p.role in (SKIP, "area")), 0)
        if out:
            out[at] = Proposal("station", _("Proposée faute de mieux : dites ce qui désigne le bureau"), "warn", True)
    return out


def proposed(
    name: str, column: Mapping[str, Any], options: Sequence[tuple[str, str]], boxes: Sequence[str], long: bool, taken: set[str]
) -> Proposal:  # fmt: skip
    word, look = same(name), str(column["look"])
    if long and word in NAMES:
        return Proposal("long_option", _("Une ligne par candidature"), "inf")
    if long and word in VOTES:
        return Proposal("long_votes", _("Nombres entiers"), "ok")
    if not long and (found := option_for(name, options)) is not None:
        return found
    if (box := box_for(name, boxes)) is not None:
        if box.value in taken:
            return Proposal(SKIP, _("Une autre colonne tient déjà cette case"), "warn", True)
        return Proposal(box.value, _("Nombres entiers") if look == Look.WHOLE else _("Même nom"), "ok")
    if elsewhere(name, boxes):
        return Proposal(SKIP, NO_BOX, "warn", True)
    if word in STATIONS:
        return Proposal("station", _("Désigne le bureau"), "ok")
    if word in AREAS:
        return Proposal("area", _("Zone"), "ok")
    if word in STATUSES and look == Look.TEXT:
        return Proposal("status", _("État du PV"), "ok")
    if not long and not options and look == Look.WHOLE and not any(word.startswith(n) for n in NOTHING):
        return Proposal("option", _("Candidature nouvelle : relisez son nom"), "inf")
    return skipped(look, column["filled"])


def status_for(word: str) -> str:
    """What a word of a status column is proposed to mean; "" where nobody can tell."""
    folded = same(word).rstrip("es")
    return next((k for k, words in WORDS.items() if folded in {w.rstrip("es") for w in words}), "")


def display_name(heading: str) -> str:
    """A name to show for a heading: `yoweri_kaguta_museveni` is Yoweri Kaguta Museveni, BAOBAB is Baobab. To be confirmed.

    >>> display_name("yoweri_kaguta_museveni")
    'Yoweri Kaguta Museveni'
    """
    text = kept(heading.replace("_", " "))
    if text not in (text.upper(), text.lower()):
        return text
    return " ".join(w if any(map(str.isdigit, w)) else w.capitalize() for w in text.split(" "))


LONG_CODE = 4
"""Letters and figures below which a code of a station is taken for its number inside a zone."""


def codes_stand_alone(roles: Sequence[str], survey: Mapping[str, Any]) -> bool:
    """True where the column of stations says each by itself over several zones: no code comes twice, and none is a mere
    number of order. The zones are then no part of the code, and a later file without them finds its stations."""
    keys = [i for i, role in enumerate(roles) if role == "station"]
    areas = [i for i, role in enumerate(roles) if role == "area"]
    if len(keys) != 1 or not areas:
        return False
    seen, zones = column_at(survey, keys[0]), column_at(survey, areas[0])["values"]
    long = all(len(text) >= LONG_CODE for text in seen["examples"])
    return bool(seen.get("once") and long and (zones is None or len(zones) > 1))
