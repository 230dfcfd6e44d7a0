"""What a decision says in plain words: drafted from its acts, its figures as {names} that a person moves and never types.

Three languages: French, English, and a script to be read aloud in Bambara, made of the glossary's words, which says that
nobody has reviewed it until somebody has. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kalata.refusals import Refused
from kalata.results.rules.boxes import LABELS, Box
from kalata.text import fold, translate, whole
from kalata.text import gettext_noop as _

from .acts import ANNULLED, RECTIFIED, RESTORED
from .effect import Recomputation

LANGUAGES = {"fr": _("français"), "en": _("anglais"), "bm": _("bambara, à lire à voix haute")}
PARTS = ("decided", "why", "after")
PLACE = re.compile(r"\{([a-z_0-9]+)\}")
NUMBER_WORDS = {
    "fr": "deux trois quatre cinq six sept huit dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent cents mille million millions milliard",
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty forty fifty sixty hundred thousand million billion",
    "bm": "fila saba naani duuru wooro wolonwula segin kononton keme waga",
}  # fmt: skip
"""Words that say a figure as digits do; « neuf » is new as well as nine."""


class TypedFigure(Refused):
    code = "DIS-865"
    says = _("Résumé (%(lang)s) : le chiffre « %(typed)s » est écrit à la main.")
    remedy = _("Mettez à sa place un des chiffres de la décision, entre accolades : %(known)s.")
    sentences = frozenset({"lang"})
    status = 422


class UnknownFigure(Refused):
    code = "DIS-866"
    says = _("Résumé (%(lang)s) : « %(name)s » n’est pas un chiffre de la décision.")
    remedy = _("Les chiffres de la décision sont : %(known)s.")
    sentences = frozenset({"lang"})
    status = 422


class LostFigure(Refused):
    code = "DIS-867"
    says = _("Résumé (%(lang)s) : le chiffre « %(name)s » de la décision n’y est plus.")
    remedy = _("Remettez-le dans une phrase : un résumé dit ce que la décision change.")
    sentences = frozenset({"lang"})
    status = 422


class OtherFigures(Refused):
    code = "DIS-868"
    says = _("Un chiffre du résumé n’est pas celui de la décision %(number)s.")
    remedy = _("Préparez de nouveau la publication : les chiffres sont repris du calcul signé.")
    status = 409


class NobodyRead(Refused):
    code = "DIS-869"
    says = _("Personne n’a encore relu le résumé (%(lang)s).")
    remedy = _("Relisez-le, corrigez-le s’il le faut, puis enregistrez-le.")
    sentences = frozenset({"lang"})
    status = 422


@dataclass(frozen=True, slots=True)
class Said:
    """One summary: a paragraph a line of each part, figures as {names}."""

    decided: str
    why: str = ""
    after: str = ""

    @property
    def whole(self) -> str:
        return "\n".join((self.decided, self.why, self.after))


# --- figures ------------------------------------------------------------------------------------------------
def figures(done: Recomputation, petitions: Sequence[str], day: str) -> dict[str, Any]:
    """The figures of a decision by name, from its recomputation: what a summary may say, and nothing else."""
    before, after = done.before.total, done.after.total
    touched = {
        kind: {at for s in done.plan.steps if s.kind == kind for at in s.stations}
        for kind in (ANNULLED, RECTIFIED, RESTORED)
    }
    changed = [("valid", before.valid, after.valid)]
    changed += [(f"votes.{o}", a, b) for o, a, b in zip(done.before.options, before.votes, after.votes, strict=True)]
    return {
        "number": done.decision, "day": day, "petitions": len(petitions),
        **{f"petition_{n}": one for n, one in enumerate(petitions, 1)},
        "annulled_stations": len(touched[ANNULLED]), "rectified_stations": len(touched[RECTIFIED]),
        "restored_stations": len(touched[RESTORED]), "annulled_votes": done.annulled_votes,
        "valid_before": before.valid, "valid_after": after.valid,
        "changes": [[name, a, b] for name, a, b in changed if a != b], "outcome_changes": bool(done.changes["outcome"]),
    }  # fmt: skip


def values(found: Mapping[str, Any], lang: str, day: str) -> dict[str, str]:
    """The figures as that language writes them. day: in words."""
    out = {k: whole(v, lang) for k, v in found.items() if isinstance(v, int) and not isinstance(v, bool)}
    return out | {k: v for k, v in found.items() if isinstance(v, str)} | {"day": day}


def filled(text: str, said: Mapping[str, str]) -> list[str]:
    """The paragraphs with their figures in place."""
    return [PLACE.sub(lambda m: said[m[1]], line.strip()) for line in text.splitlines() if line.strip()]


def changes(found: Mapping[str, Any], names: Mapping[str, str], lang: str) -> list[list[str]]:
    """(label, before, after) of each total that the decision changes."""

    def label(key: str) -> str:
        return translate(LABELS[Box.VALID], lang) if key == "valid" else names.get(key.removeprefix("votes."), key)

    return [[label(key), whole(a, lang), whole(b, lang)] for key, a, b in found.get("changes", ())]


# --- checked ------------------------------------------------------------------------------------------------
def check(said: Said, lang: str, found: Mapping[str, Any], drafted: Said) -> None:
    """DIS-865 a figure typed, DIS-866 a name that is none, DIS-867 one that the draft had and this one lost."""
    text, known = said.whole, sorted(values(found, "fr", ""))
    shown, used = ", ".join(f"{{{k}}}" for k in known), set(PLACE.findall(text))
    if unknown := sorted(used - set(known)):
        raise UnknownFigure(lang=LANGUAGES[lang], name=unknown[0], known=shown)
    bare = PLACE.sub(" ", text)
    if typed := re.search(r"\S*\d\S*", bare):
        raise TypedFigure(lang=LANGUAGES[lang], typed=typed[0][:40], known=shown)
    if "{" in bare or "}" in bare:
        raise UnknownFigure(lang=LANGUAGES[lang], name="{}", known=shown)
    words = set(fold(NUMBER_WORDS[lang]).split())
    if typed_words := [w for w in re.findall(r"\w+", bare) if fold(w) in words]:
        raise TypedFigure(lang=LANGUAGES[lang], typed=typed_words[0], known=shown)
    if lost := sorted(set(PLACE.findall(drafted.whole)) - used):
        raise LostFigure(lang=LANGUAGES[lang], name=lost[0])


# --- drafted ------------------------------------------------------------------------------------------------
OUTCOMES: Mapping[str, str] = {
    "granted": _("La Cour a donné raison à la requête n° {petition}."),
    "partly": _("La Cour a donné raison en partie à la requête n° {petition}."),
    "rejected": _("La Cour a rejeté la requête n° {petition}."),
    "unfounded": _("La Cour a rejeté la requête n° {petition}."),
    "no_effect": _("La Cour a rejeté la requête n° {petition}."),
    "inadmissible": _("La Cour n’a pas pu examiner la requête n° {petition}."),
    "withdrawn": _("La requête n° {petition} a été retirée par son auteur."),
    "no_jurisdiction": _("La Cour n’est pas compétente pour la requête n° {petition}."),
}  # fmt: skip
OTHER = _("La Cour a répondu à la requête n° {petition}.")
BECAUSE: Mapping[str, str] = {
    "inadmissible": _("La requête ne remplissait pas les conditions que la loi demande."),
    "unfounded": _("Ce que la requête avance n’est pas établi, ou ne rend pas le vote irrégulier."),
    "rejected": _("Ce que la requête avance n’est pas établi, ou ne rend pas le vote irrégulier."),
    "no_effect": _("Les irrégularités relevées n’ont pas pu changer l’issue du scrutin."),
    "no_jurisdiction": _("La loi donne cette affaire à un autre organe."),
    "granted": _("La Cour a établi des irrégularités ; la décision les dit moyen par moyen."),
    "partly": _("La Cour a établi une partie des irrégularités ; la décision les dit moyen par moyen."),
}  # fmt: skip
ANNULS = _(
    "Bureaux de vote dont les suffrages sont annulés : {annulled_stations}, soit {annulled_votes} suffrages exprimés."
)
RECTIFIES = _("Bureaux de vote dont les chiffres sont corrigés : {rectified_stations}.")
RESTORES = _("Bureaux de vote qui comptent de nouveau : {restored_stations}.")
MOVES = _("Les suffrages exprimés passent de {valid_before} à {valid_after}.")
SAME_FIGURES = _("Aucun chiffre du scrutin ne change.")
SAME_OUTCOME = _("L’issue du scrutin reste la même.")
OTHER_OUTCOME = _("L’issue du scrutin change : le texte de la décision dit comment.")
AUDIO: Mapping[str, str] = {
    "number": "Kíiriso ye kíritigɛ kɛ : {number}.",
    "petition": "Ɲininkali {petition} : kíiriso y’a jaabi.",
    "annulled": "Bìro {annulled_stations} ka wóte bɔra jate la : wóte {annulled_votes}.",
    "rectified": "Bìro {rectified_stations} ka jate latilennen don.",
    "restored": "Bìro {restored_stations} ka wóte segira ka don jate la.",
    "moves": "Wóte jatelenw tun ye {valid_before} ye, u kɛra {valid_after} ye.",
    "same_figures": "Jate si ma yɛlɛma.",
    "same": "Jáabi ma yɛlɛma.",
    "other": "Jáabi yɛlɛmana : kíritigɛ sɛbɛn b’o fɔ.",
}  # fmt: skip
"""A script to be read aloud, from the words of the glossary; no speaker has reviewed it."""


def draft(found: Mapping[str, Any], outcomes: Iterable[str], lang: str) -> Said:
    """The summary as the house drafts it. outcomes: of each petition, in the order of the figures petition_1, petition_2…"""
    every = list(outcomes)
    effect = [k for k in ("annulled", "rectified", "restored") if found[f"{k}_stations"]]
    same = not found["changes"]
    if lang == "bm":
        lines = [
            AUDIO["number"],
            *(named(AUDIO["petition"], n) for n in range(1, len(every) + 1)),
            *(AUDIO[k] for k in effect),
        ]
        after = [
            AUDIO["same_figures"] if same else AUDIO["moves"],
            AUDIO["other" if found["outcome_changes"] else "same"],
        ]
        return Said("\n".join(lines), "", "\n".join(after))
    acts = {"annulled": ANNULS, "rectified": RECTIFIES, "restored": RESTORES}
    lines = [named(translate(OUTCOMES.get(o, OTHER), lang), n) for n, o in enumerate(every, 1)]
    lines += [translate(acts[k], lang) for k in effect]
    why = dict.fromkeys(translate(BECAUSE[o], lang) for o in every if o in BECAUSE)
    after = [translate(SAME_FIGURES if same else MOVES, lang), translate(OTHER_OUTCOME if found["outcome_changes"] else SAME_OUTCOME, lang)]  # fmt: skip
    return Said("\n".join(lines), "\n".join(why), "\n".join(after))


def named(line: str, n: int) -> str:
    return line.replace("{petition}", f"{{petition_{n}}}")
