"""What an electoral system means, rule by rule, in words: who wins, what counts, the second round, seats, ties.

Each rule says what it rests on and how sure that is. One that the pack does not give is said to be missing: whoever
counts then stops and tells, nothing is chosen in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kalata.results.rules.systems import (
    FORMULA_LABELS,
    TIE_RULES,
    Kind,
    QualifyAt,
    System,
    part,
    qualify_words,
)
from kalata.text import Message
from kalata.text import gettext_noop as _


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """One rule: its heading, its sentence, the law it rests on ("": none known), its confidence, whether it is missing."""

    title: str
    says: Message
    law: str = ""
    confidence: str = ""
    missing: bool = False


COUNTS: Mapping[str, str] = {
    "valid": _("Les suffrages exprimés seulement : les bulletins nuls n’entrent pas dans le calcul."),
    "voters": _("Tous les votants : un bulletin nul pèse dans la majorité à atteindre."),
    "registered": _("Tous les inscrits : qui ne vote pas pèse dans la majorité à atteindre."),
}
SHORT: Mapping[Kind, str] = {
    Kind.TWO_ROUND_MAJORITY: _("Une majorité au premier tour, sinon un second tour entre les premières candidatures."),
    Kind.PLURALITY: _("Un seul tour : l’emporte qui a le plus de voix."),
    Kind.LIST_TWO_ROUND_MAJORITY: _(
        "Par circonscription : la liste qui l’emporte prend tous les sièges, en deux tours."
    ),
    Kind.LIST_PLURALITY: _("Par circonscription, en un tour : la liste qui a le plus de voix prend tous les sièges."),
    Kind.PROPORTIONAL: _("Les sièges sont partagés entre les listes selon leurs voix."),
    Kind.TWO_OPTION_MAJORITY: _("Une seule question, deux réponses."),
}
"""A system in one sentence, for who chooses among several."""


def short(system: System) -> Message:
    """The sentence of a system beside its name."""
    return Message(SHORT[system.kind])


def rules_of(system: System) -> Iterator[RuleSaid]:
    """Every rule of a system, in the order in which a reader asks."""
    law, sure = system.norm, system.confidence
    yield RuleSaid(_("Qui l’emporte"), system.rule_words(), law, sure)
    if system.kind not in (Kind.PLURALITY, Kind.LIST_PLURALITY):
        yield RuleSaid(_("Ce qui compte"), Message(COUNTS[system.base]), law, sure)
    if system.kind in (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY):
        yield RuleSaid(_("Second tour"), second_round(system.qualify, system.qualify_at), law, sure)
    if system.kind is Kind.PROPORTIONAL:
        yield from seats(system)
    if system.turnout_quorum is not None:
        share = part(system.turnout_quorum)
        yield RuleSaid(
            _("Participation"), Message(_("Le vote ne vaut qu’à partir de %(share)s des inscrits."), {"share": share}), law, sure
        )  # fmt: skip
    yield tie(system)


def second_round(first: int, at: QualifyAt | None) -> Message:
    says = Message(_("Les %(n)d premières candidatures ; celle qui a le plus de voix l’emporte."), {"n": first})
    return says if at is None else Message("%(says)s %(also)s", {"says": says, "also": qualify_words(at)})


def seats(system: System) -> Iterator[RuleSaid]:
    if system.formula is not None:
        says = Message(_("Partage : %(formula)s."), {"formula": Message(FORMULA_LABELS[system.formula])})
        yield RuleSaid(_("Partage des sièges"), says, system.norm, system.confidence)
    if system.threshold is not None:
        share = part(system.threshold.share)
        bar = _("Il faut plus de %(share)s des exprimés pour avoir un siège.") if system.threshold.strict else _("Il faut au moins %(share)s des exprimés pour avoir un siège.")  # fmt: skip
        yield RuleSaid(_("Seuil"), Message(bar, {"share": share}), system.norm, system.confidence)


def tie(system: System) -> RuleSaid:
    if system.tie_rule is None:
        says = Message(_("Règle non trouvée. Le logiciel s’arrêtera et le dira ; il ne choisira jamais seul."))
        return RuleSaid(_("Égalité"), says, missing=True)
    rule = Message(TIE_RULES[system.tie_rule]) if system.tie_rule in TIE_RULES else Message(system.tie_rule)
    return RuleSaid(_("Égalité"), Message("%(rule)s", {"rule": rule}), system.norm, system.confidence)


def dates_said(details: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """(law, article, confidence) of each text that dates the second round: two that stand are a conflict to show."""
    raw = details.get("round2_date")
    rows: Sequence[object] = raw if isinstance(raw, list | tuple) else [raw] if isinstance(raw, Mapping) else ()
    return [
        (str(r.get("law") or "?"), article_of(r), str(r.get("confidence") or ""))
        for r in rows
        if isinstance(r, Mapping)
    ]


def article_of(said: Mapping[str, object]) -> str:
    """The article a pack names; "" where nobody has found it yet."""
    article = str(said.get("article") or "")
    return "" if article == "unknown" else article
