"""Electoral systems as values: what a contest declares, read from a pack or from a profile.

A rule that the law does not give (a tie, a missing scale) is `None` here and is raised by
whoever needs it; it is never filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kalata.refusals import Refused
from kalata.text import Message, Named, percent
from kalata.text import gettext_noop as _

from .boxes import Box


class Kind(StrEnum):
    """The kinds of contest the house can decide."""

    TWO_ROUND_MAJORITY = "two_round_majority"
    PLURALITY = "plurality"
    LIST_TWO_ROUND_MAJORITY = "list_two_round_majority"
    LIST_PLURALITY = "list_plurality"
    PROPORTIONAL = "proportional"
    TWO_OPTION_MAJORITY = "two_option_majority"


KIND_LABELS: Mapping[Kind, str] = {
    Kind.TWO_ROUND_MAJORITY: _("Scrutin majoritaire à deux tours"),
    Kind.PLURALITY: _("Scrutin majoritaire à un tour"),
    Kind.LIST_TWO_ROUND_MAJORITY: _("Scrutin de liste majoritaire à deux tours"),
    Kind.LIST_PLURALITY: _("Scrutin de liste majoritaire à un tour"),
    Kind.PROPORTIONAL: _("Scrutin de liste proportionnel"),
    Kind.TWO_OPTION_MAJORITY: _("Référendum"),
}

BY_CONSTITUENCY = frozenset({Kind.LIST_TWO_ROUND_MAJORITY, Kind.LIST_PLURALITY})


class Formula(StrEnum):
    """How proportional seats are shared. The value is the name on the command line."""

    DHONDT = "dhondt"
    SAINTE_LAGUE = "sainte_lague"
    MODIFIED_SAINTE_LAGUE = "modified_sainte_lague"
    HARE_LR = "hare_lr"
    DROOP_LR = "droop_lr"
    QUOTA_HIGHEST_AVERAGE = "quota_highest_average"


FORMULA_LABELS: Mapping[Formula, str] = {
    Formula.DHONDT: _("Plus forte moyenne (D’Hondt)"),
    Formula.SAINTE_LAGUE: _("Sainte-Laguë"),
    Formula.MODIFIED_SAINTE_LAGUE: _("Sainte-Laguë modifiée (premier diviseur 1,4)"),
    Formula.HARE_LR: _("Quotient de Hare, plus forts restes"),
    Formula.DROOP_LR: _("Quotient de Droop, plus forts restes"),
    Formula.QUOTA_HIGHEST_AVERAGE: _("Quotient, puis plus forte moyenne"),
}


class UnknownSystem(Refused):
    code = "RES-201"
    says = _("Le système électoral « %(system)s » n’est pas connu.")
    remedy = _("Donnez un système du pack, un genre connu (%(known)s) ou une définition complète.")
    status = 422


class BadSystem(Refused):
    code = "RES-202"
    says = _("La définition du système électoral est inexacte au champ « %(field)s » : %(value)s.")
    remedy = _("Écrivez %(expected)s.")
    status = 422


class DoesNotFit(Refused):
    """A rule that these options cannot be put to: nothing is decided on a guess."""

    code = "RES-203"
    says = _("Le système « %(system)s » ne convient pas aux options de ce scrutin (%(options)s) : %(why)s.")
    remedy = _("Nommez dans le système les options telles que le fichier les écrit, ou choisissez le bon système.")
    status = 422


@dataclass(frozen=True, slots=True)
class Threshold:
    """The share of the votes below which a list receives no seat."""

    share: Fraction
    strict: bool = False  # True: more than; False: at least


@dataclass(frozen=True, slots=True)
class QualifyAt:
    """The share of a base, reached or passed, that also opens the second round, beside the first ranks."""

    share: Fraction
    base: str  # valid | registered


@dataclass(frozen=True, slots=True)
class System:
    """The rule of one contest, complete enough to be applied or to say what it lacks.

    majority: the share of `base` that elects in the first round (strict: more than it).
    tie_rule: None when the law gives none that we know; the tie is then raised.
    """

    kind: Kind
    id: str = ""
    majority: Fraction = Fraction(1, 2)
    majority_strict: bool = True
    base: str = "valid"  # valid | voters | registered
    qualify: int = 2
    qualify_at: QualifyAt | None = None
    formula: Formula | None = None
    threshold: Threshold | None = None
    quota_base: str = "admitted"  # admitted | valid
    seats: int | None = None
    yes: str = ""
    no: str = ""
    turnout_quorum: Fraction | None = None
    tie_rule: str | None = None
    norm: str = ""
    confidence: str = ""
    notes: tuple[str, ...] = ()

    def rule_text(self) -> str:
        """The rule in one line, stable, for programs and printed steps."""
        sign = ">" if self.majority_strict else ">="
        if self.kind in (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY):
            also = f" and >= {self.qualify_at.share} of {self.qualify_at.base}" if self.qualify_at else ""
            return f"{self.kind.value}: {sign} {self.majority} of {self.base}, else top {self.qualify}{also}"
        if self.kind is Kind.PROPORTIONAL:
            bar = f", threshold {self.threshold.share}" if self.threshold else ""
            return f"proportional: {self.formula.value if self.formula else '?'}{bar}"
        return self.kind.value

    def rule_words(self) -> Message:
        """The rule in one sentence of the reader's language."""
        share, base = self.majority, Named(*BASE_NAMES.get(self.base, (self.base, self.base)))
        if self.kind in (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY):
            says = (
                _("Est élu au premier tour qui a plus de %(share)s des %(base)s ; sinon second tour entre les %(n)d premiers.")
                if self.majority_strict
                else _("Est élu au premier tour qui a au moins %(share)s des %(base)s ; sinon second tour entre les %(n)d premiers.")
            )  # fmt: skip
            first = Message(says, {"share": part(share), "base": base, "n": self.qualify})
            return first if self.qualify_at is None else Message("%(first)s %(also)s", {"first": first, "also": qualify_words(self.qualify_at)})  # fmt: skip
        if self.kind is Kind.TWO_OPTION_MAJORITY:
            says = (
                _("Le oui l’emporte avec plus de %(share)s des %(base)s.")
                if self.majority_strict
                else _("Le oui l’emporte avec au moins %(share)s des %(base)s.")
            )
            return Message(says, {"share": part(share), "base": base})
        if self.kind is Kind.PROPORTIONAL:
            if self.threshold:
                return Message(
                    _("Les sièges vont aux listes en proportion de leurs voix, à partir de %(share)s."),
                    {"share": part(self.threshold.share)},
                )
            return Message(_("Les sièges vont aux listes en proportion de leurs voix, sans seuil."))
        return Message(_("L’emporte qui a le plus de voix."))


def part(share: Fraction) -> Message | Named:
    """A share of the law as people say it, exactly: half, 5 %, 12,5 %; 2/3 where no percentage is exact."""
    if share == Fraction(1, 2):
        return Message(_("la moitié"))
    for places in range(3):
        if (share * 100 * 10**places).denominator == 1:
            return Named(percent(share, "fr", places), percent(share, "en", places))
    exact = f"{share.numerator}/{share.denominator}"
    return Named(exact, exact)


BASE_NAMES: Mapping[str, tuple[str, str]] = {
    "valid": ("suffrages exprimés", "valid votes"),
    "voters": ("votants", "voters"),
    "registered": ("inscrits", "registered voters"),
}


def qualify_words(at: QualifyAt) -> Message:
    """Who else goes to the second round, in one sentence."""
    return Message(
        _("S’y qualifie aussi qui a au moins %(share)s des %(base)s."),
        {"share": part(at.share), "base": Named(*BASE_NAMES[at.base])},
    )


LOT = "lot"
REJECTED = "rejected"
TIE_RULES: Mapping[str, str] = {
    LOT: _("tirage au sort"),
    REJECTED: _("égalité vaut rejet"),
    "oldest": _("bénéfice de l’âge du candidat"),
    "oldest_list": _("moyenne d’âge la plus élevée de la liste"),
    "more_votes_elsewhere": _("plus de voix ailleurs"),
}
"""Rules by which a law breaks a tie. Only `rejected` needs no act: the others need an order that somebody signs."""


def tie_label(rule: str) -> str:
    return TIE_RULES.get(rule, rule)


def answers(system: System, options: Sequence[str]) -> tuple[str, str]:
    """The option for and the option against. RES-203: one is not there, or there are not two to tell apart."""
    yes, no = system.yes, system.no
    if not yes and not no and len(options) == 2:
        yes, no = options
    named = ", ".join(options) or "–"
    for option in (yes, no):
        if option not in options:
            why = Message(_("l’option « %(option)s » n’y est pas"), {"option": option})
            if not option:
                why = Message(_("il en faut deux, ou nommer celle qui approuve et celle qui rejette"))
            raise DoesNotFit(system=system.kind.value, options=named, why=why)
    if yes == no:
        raise DoesNotFit(system=system.kind.value, options=named, why=Message(_("la même option approuve et rejette")))
    return yes, no


def seats_of(system: System, code: str, seats: Mapping[str, int | None]) -> int | None:
    """The seats of a constituency: its own, else the system's; one where the rule elects one person. None: not known."""
    own = seats.get(code) or system.seats
    if own is None and system.kind in (Kind.PLURALITY, Kind.TWO_ROUND_MAJORITY):
        return 1
    return own


def read_boxes(system: System) -> tuple[Box, ...]:
    """The boxes, besides the votes, that the rule reads."""
    if system.turnout_quorum is not None:
        return (Box.VOTERS, Box.REGISTERED)
    bases = {system.base, system.qualify_at.base if system.qualify_at else "valid"}
    return tuple(box for name, box in (("voters", Box.VOTERS), ("registered", Box.REGISTERED)) if name in bases)


def fits(system: System, options: Sequence[str]) -> None:
    """Refuse (RES-203) a system that cannot be applied to these options."""
    if not options:
        raise DoesNotFit(system=system.kind.value, options="–", why=Message(_("aucune option")))
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        answers(system, options)


ALIASES: Mapping[str, tuple[Kind, Formula | None]] = {
    "pr_highest_average": (Kind.PROPORTIONAL, Formula.DHONDT),
    "pr_dhondt": (Kind.PROPORTIONAL, Formula.DHONDT),
    "pr_sainte_lague": (Kind.PROPORTIONAL, Formula.SAINTE_LAGUE),
    "pr_largest_remainder": (Kind.PROPORTIONAL, Formula.HARE_LR),
    "pr_hare_largest_remainder": (Kind.PROPORTIONAL, Formula.HARE_LR),
    "pr_quota_then_highest_average": (Kind.PROPORTIONAL, Formula.QUOTA_HIGHEST_AVERAGE),
    "referendum": (Kind.TWO_OPTION_MAJORITY, None),
    **{formula.value: (Kind.PROPORTIONAL, formula) for formula in Formula},
    **{kind.value: (kind, None) for kind in Kind},
}

KEYS = frozenset(
    [
        "kind",
        "id",
        "majority",
        "majority_strict",
        "base",
        "qualify",
        "qualify_at",
        "formula",
        "threshold",
        "quota_base",
        "seats",
        "yes",
        "no",
        "turnout_quorum",
        "tie_rule",
        "norm",
        "confidence",
        "notes",
    ]
)


def fraction(value: object, field: str) -> Fraction:
    """A share as the pack writes it: 1/2, 5%, 0.05. Floats are read by their decimal text."""
    text = str(value).strip().replace(" ", "").replace(",", ".")
    try:
        share = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadSystem(field=field, value=text, expected="1/2, 5% ou 0.05") from None
    if not 0 <= share <= 1:
        raise BadSystem(field=field, value=text, expected="0 ≤ part ≤ 1")
    return share


def qualify_at_from(raw: object, kind: Kind) -> QualifyAt | None:
    """{share: 12.5%, base: registered}; only where a first round may qualify for a second."""
    if raw is None:
        return None
    expected = "{share: 12.5%, base: registered | valid}"
    if not isinstance(raw, Mapping) or set(raw) != {"share", "base"} or raw["base"] not in ("valid", "registered"):
        raise BadSystem(field="qualify_at", value=str(raw)[:80], expected=expected)
    if kind not in (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY):
        raise BadSystem(field="qualify_at", value=kind.value, expected="two_round_majority, list_two_round_majority")
    share = fraction(raw["share"], "qualify_at.share")
    if not share:
        raise BadSystem(field="qualify_at.share", value=str(raw["share"]), expected="0 < part ≤ 1")
    return QualifyAt(share, str(raw["base"]))


def with_formula(data: Mapping[str, object]) -> Mapping[str, object]:
    """`method`, the word of the command line, is `formula`; the two together must say the same."""
    if "method" not in data:
        return data
    if "formula" in data and data["formula"] != data["method"]:
        raise BadSystem(field="method", value=str(data["method"]), expected=f"formula: {data['formula']}")
    return {k: v for k, v in data.items() if k != "method"} | {"formula": data["method"]}


def system_from(data: Mapping[str, object]) -> System:
    """A System from its plain description (a pack record or an inline profile).

    Raises:
        UnknownSystem: RES-201, no such kind or formula.
        BadSystem: RES-202, an unknown key or a value out of range.
    """
    data = with_formula(data)
    for key in data:
        if key not in KEYS:
            raise BadSystem(field=str(key), value=str(data[key]), expected=", ".join(sorted(KEYS)))
    name = str(data.get("kind", ""))
    if name not in ALIASES:
        raise UnknownSystem(system=name, known=", ".join(k.value for k in Kind))
    kind, formula = ALIASES[name]
    if data.get("formula"):
        wanted = ALIASES.get(str(data["formula"]), (None, None))[1]
        if wanted is None:
            raise UnknownSystem(system=str(data["formula"]), known=", ".join(f.value for f in Formula))
        formula = wanted
    if kind is Kind.PROPORTIONAL and formula is None:
        raise BadSystem(field="formula", value="", expected=", ".join(f.value for f in Formula))
    threshold = None
    if (raw := data.get("threshold")) is not None:
        bar: Mapping[str, object] = raw if isinstance(raw, Mapping) else {"value": raw}
        threshold = Threshold(fraction(bar.get("value"), "threshold.value"), str(bar.get("op", ">=")) == ">")
    base = str(data.get("base", "valid"))
    if base not in ("valid", "voters", "registered"):
        raise BadSystem(field="base", value=base, expected="valid, voters, registered")
    seats = data.get("seats")
    if seats is not None and (not isinstance(seats, int) or isinstance(seats, bool) or seats < 1):
        raise BadSystem(field="seats", value=str(seats), expected="1, 2, 3, …")
    qualify = data.get("qualify", 2)
    if not isinstance(qualify, int) or qualify < 2:
        raise BadSystem(field="qualify", value=str(qualify), expected="2, 3, …")
    quorum = data.get("turnout_quorum")
    tie = data.get("tie_rule")
    notes = data.get("notes") or ()
    return System(
        kind=kind,
        id=str(data.get("id", "")),
        majority=fraction(data.get("majority", "1/2"), "majority"),
        majority_strict=bool(data.get("majority_strict", True)),
        base=base,
        qualify=qualify,
        qualify_at=qualify_at_from(data.get("qualify_at"), kind),
        formula=formula,
        threshold=threshold,
        quota_base=str(data.get("quota_base", "admitted")),
        seats=seats,
        yes=str(data.get("yes", "")),
        no=str(data.get("no", "")),
        turnout_quorum=None if quorum is None else fraction(quorum, "turnout_quorum"),
        tie_rule=None if tie in (None, "", "NOT FOUND") else str(tie),
        norm=str(data.get("norm", "")),
        confidence=str(data.get("confidence", "")),
        notes=tuple(str(n) for n in notes) if isinstance(notes, list | tuple) else (str(notes),),
    )
