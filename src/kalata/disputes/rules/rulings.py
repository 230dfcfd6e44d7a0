"""The life of a decision (arrêt), from its draft to its effect, and what stops it. Pure.

Acts come first: text, counts and annexes are printed from them, frozen, and the gate compares the print with the acts.
While the gate refuses, no step leads to a signature; what passes is signed by another hand than the draft's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kalata.disputes.rules.steps import PRESIDE, RAPPORTEUR, REGISTRY, GateShut, OneHand
from kalata.lifecycle import DOCUMENT, REASON, Act, Need, Stand, Table, declare, need, step
from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _


class State(StrEnum):
    DRAFT = "draft"
    GATE = "gate"
    SIGNED = "signed"
    PRONOUNCED = "pronounced"
    NOTIFIED = "notified"
    PUBLISHED = "published"
    APPLIED = "applied"


LABELS: Mapping[State, str] = {
    State.DRAFT: _("projet"),
    State.GATE: _("au contrôle"),
    State.SIGNED: _("signée"),
    State.PRONOUNCED: _("prononcée"),
    State.NOTIFIED: _("notifiée"),
    State.PUBLISHED: _("publiée"),
    State.APPLIED: _("exécutée"),
}


class NotADraft(Refused):
    code = "DIS-301"
    says = _("La décision %(number)s n’est plus un projet : elle est %(state)s.")
    remedy = _("Renvoyez-la au rédacteur, ou ouvrez-en une autre.")
    sentences = frozenset({"state"})
    status = 409


class NumberTaken(Refused):
    code = "DIS-302"
    says = _("Le numéro %(number)s est celui d’une autre décision.")
    remedy = _("Prenez le numéro suivant du registre de la Cour.")
    status = 409


class NotPrinted(Refused):
    code = "DIS-303"
    says = _("Ce projet n’a pas encore de texte ni d’annexes, ou un acte a changé depuis.")
    remedy = _("Imprimez-le depuis ses actes, puis portez-le au contrôle.")
    status = 409


class NoKeys(Refused):
    code = "DIS-304"
    says = _("Les clés de la Cour ne sont pas ouvertes : rien n’est signé sans elles.")
    remedy = _("Tenez la cérémonie des clés, ou donnez la phrase des deux dépositaires, puis signez.")
    status = 409


class NotOfTheBench(Refused):
    code = "DIS-305"
    says = _("On passe outre à deux membres de la formation, par deux signatures différentes et motivées.")
    remedy = _("Une autre personne de la formation doit signer, avec ses motifs.")
    status = 403


class NothingToOverride(Refused):
    code = "DIS-306"
    says = _("Le contrôle ne refuse pas ce projet : il n’y a rien à outrepasser.")
    remedy = _("Signez la décision.")
    status = 409


class OtherContest(Refused):
    code = "DIS-307"
    says = _("La requête %(petition)s est d’un autre scrutin, ou a déjà sa décision.")
    remedy = _("Une décision ne porte que sur les requêtes de son scrutin, chacune une fois.")
    status = 422


class FiguresMoved(Refused):
    code = "DIS-308"
    says = _("Les résultats ont changé depuis la signature : la décision %(number)s ne donne plus les mêmes totaux.")
    remedy = _("Rien n’a été exécuté. Une autre décision a été exécutée entre-temps : prenez une décision nouvelle.")
    status = 409


class ChangesFigures(Refused):
    code = "DIS-309"
    says = _("Une rectification matérielle ne change ni chiffre, ni bureau, ni candidat, ni un mot de ce qui est décidé.")
    remedy = _("Ce qui change un résultat demande une décision.")
    status = 422


DECIDED = ("operative", "derived")
"""Parts in which one person corrects letters and signs, never a word: they are what the Court has decided."""


def clerical(passage: str, reads: str, parts: Mapping[str, Sequence[str]], names: Collection[str]) -> bool:
    """Would reading another text there change no number, no contestant, and nothing of what is decided?

    >>> clerical("A 100, B 60", "A 60, B 100", {}, ())
    False
    """
    if numbers(passage) != numbers(reads) or not kept(named(passage, names), named(reads, names)):
        return False
    decided = any(passage in paragraph for part in DECIDED for paragraph in parts.get(part, ()))
    return not decided or letters(passage) == letters(reads)


def numbers(words: str) -> list[str]:
    """The numbers of a text, in their order: two that change places change what is said."""
    return "".join(c if c.isdigit() else " " for c in words).split()


def letters(words: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(words)).split())


def named(words: str, names: Collection[str]) -> list[str]:
    """The contestants that a text names, in the order in which it does."""
    text = f" {letters(words)} "
    keys = {letters(n) for n in names} - {""}
    return [key for _at, key in sorted((at, key) for key in keys for at in range(len(text)) if text.startswith(f" {key} ", at))]


def kept(before: Sequence[str], after: Sequence[str]) -> bool:
    """Is everybody who was named still there, in the same order? A name that was misspelt may come in."""
    left = iter(after)
    return all(one in left for one in before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted(Stand[State]):
    """A decision as the table sees it. printed: its text and annexes are there; passes: the gate, or two members, let it pass."""

    printed: bool = False
    passes: bool = False
    drafters: frozenset[int] = frozenset()


PRINTED: Need = need(
    "printed", _("son texte et ses annexes, imprimés de ses actes"), lambda one, act: one.printed,
    lambda one, act: NotPrinted(),
)  # fmt: skip
PASSES: Need = need(
    "gate", _("un projet que le contrôle laisse passer"), lambda one, act: one.passes, lambda one, act: GateShut()
)
OTHER_HAND: Need = need(
    "other hand", _("une autre personne que celles qui ont arrêté le projet"),
    lambda one, act: act.by not in one.drafters, lambda one, act: OneHand(),
)  # fmt: skip
S = State
RULING = declare(Table(
    name="ruling", title=_("La vie d’une décision"), row="disputes.Ruling",
    states=State, labels=LABELS, starts=(S.DRAFT,), ends=frozenset({S.APPLIED}),
    steps=(
        step(S.DRAFT, S.GATE, RAPPORTEUR, PRINTED),
        step(S.GATE, S.DRAFT, PRESIDE, REASON),
        step(S.GATE, S.SIGNED, PRESIDE, PASSES, OTHER_HAND, DOCUMENT),
        step(S.SIGNED, S.PRONOUNCED, PRESIDE, DOCUMENT),
        step(S.PRONOUNCED, S.NOTIFIED, REGISTRY),
        step(S.NOTIFIED, S.PUBLISHED, REGISTRY, DOCUMENT),
        step(S.PUBLISHED, S.APPLIED, "results.decide"),
    ),
    needs=(PRINTED, REASON, PASSES, OTHER_HAND, DOCUMENT),
    notes=(_("Le texte, les nombres et les annexes se tirent des actes. Rien n’est signé que le contrôle n’ait laissé passer."),
           _("La publication suit celle de son texte public, que deux personnes ont décidée.")),
))  # fmt: skip
__all__ = ["LABELS", "RULING", "Act", "Drafted", "State"]
