"""The coded checks of a station report: the one source of screens, exports, docs and tests.

A finding informs, it never stops the clerk: the paper is what it is. Nothing here removes a
vote. The identities are written once, as the law says them, and read by a sheet of whole
numbers and by arrays of them alike (`numeric.checks` applies the same lambdas to columns).
A box that is empty on a form that has it is itself a finding (E06).

Letters of the field guide: I registered, A additional, V voters, P proxies, U ballots,
N null, B blank, K annulled, S valid, c_k votes, R received, X unused, G spoiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _

from .boxes import LABELS, Box, Sheet


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its code (never reused), level, formula, sentence, remedy."""

    code: str
    level: Level
    formula: str
    says: str
    remedy: str
    needs: tuple[Box, ...] = ()
    left: Callable[[Any], Any] | None = None
    right: Callable[[Any], Any] | None = None
    relation: str = "="
    excused: Box | None = None  # where this box says 1, the paper explains the gap: no finding

    @property
    def basis(self) -> str:
        """The key of the pack's record that gives the source of this check."""
        return f"checks.{self.code}"


REREAD = _(
    "Relisez ces cases sur l’original ; si le papier est ainsi, gardez le chiffre et signalez-le à la commission."
)
LOOK = _("Faites regarder ce bureau par une personne : un signal statistique ne retire jamais une voix.")

CHECKS: tuple[Check, ...] = (
    Check(
        "E01",
        Level.ERROR,
        _("somme des voix = suffrages exprimés"),
        _("Somme des voix %(left)d, exprimés inscrits au PV %(right)d : écart %(gap)d."),
        REREAD,
        (Box.VALID,),
        lambda f: f.sum_votes,
        lambda f: f.valid,
    ),
    Check(
        "E02",
        Level.ERROR,
        _("exprimés + nuls + blancs + annulés = bulletins dans l’urne"),
        _("Exprimés, nuls, blancs et annulés %(left)d, bulletins %(right)d : écart %(gap)d."),
        REREAD,
        (Box.VALID, Box.NULL_BALLOTS, Box.BALLOTS),
        lambda f: f.valid + f.null_ballots + f.blank_ballots + f.annulled_votes,
        lambda f: f.ballots,
    ),
    Check(
        "E03",
        Level.ERROR,
        _("bulletins dans l’urne = votants"),
        _("Bulletins dans l’urne %(left)d, votants %(right)d : écart %(gap)d à expliquer au PV."),
        REREAD,
        (Box.BALLOTS, Box.VOTERS),
        lambda f: f.ballots,
        lambda f: f.voters,
        excused=Box.GAP_NOTED,
    ),
    Check(
        "E04",
        Level.ERROR,
        _("votants ≤ inscrits + électeurs supplémentaires admis"),
        _("Votants %(left)d, plus que {right:|les }%(right)d {right:électeur admis|électeurs admis} : écart %(gap)d."),
        REREAD,
        (Box.VOTERS, Box.REGISTERED),
        lambda f: f.voters,
        lambda f: f.registered + f.additional,
        "<=",
    ),
    Check(
        "E05",
        Level.ERROR,
        _("bulletins reçus = dans l’urne + non utilisés + détériorés"),
        _("Bulletins reçus %(left)d, urne et restes %(right)d : écart %(gap)d."),
        REREAD,
        (Box.RECEIVED, Box.UNUSED, Box.BALLOTS),
        lambda f: f.received,
        lambda f: f.ballots + f.unused + f.spoiled,
    ),
    Check(
        "E06",
        Level.ERROR,
        _("chaque case est un entier plausible et remplie ; voix ≤ exprimés ; procurations ≤ votants"),
        _("Case « %(box)s » : %(value)s n’est pas plausible sur ce PV."),
        REREAD,
    ),
    Check(
        "E07",
        Level.ERROR,
        _("les montants en chiffres et en lettres disent la même chose"),
        _("Une somme en lettres ne dit pas ce que disent les chiffres."),
        _("La commission lit les deux sur l’original et dit, avec motif, lequel vaut."),
        (Box.WORDS_AGREE,),
        lambda f: f.words_agree,
        lambda f: f.one,
    ),
    Check(
        "E08",
        Level.ERROR,
        _("première saisie = seconde saisie, sur chaque ligne"),
        _("Les deux saisies diffèrent sur %(n)d {n:ligne|lignes}."),
        _("Un arbitre choisit, ligne par ligne, ce que dit l’original."),
    ),
    Check(
        "E09",
        Level.ERROR,
        _("chaque valeur retenue a été tapée par l’un des deux, ou visée par une quatrième personne"),
        _(
            "%(n)d {n:valeur n’a été tapée par personne et attend|valeurs n’ont été tapées par personne et attendent} un visa."
        ),
        _("Une quatrième personne regarde l’extrait de l’image et approuve ou refuse."),
    ),
    Check(
        "E10",
        Level.ERROR,
        _("inscrits du PV = inscrits du fichier (± liste additionnelle)"),
        _("Inscrits au PV %(left)d, au fichier %(right)d : écart %(gap)d."),
        _("Comparez avec la liste d’émargement du bureau ; la commission explique la différence."),
    ),
    Check(
        "E11",
        Level.ERROR,
        _("le code du formulaire est celui du scrutin, du tour, de la partie, du bureau et du modèle attendus"),
        _("Le formulaire est celui d’un autre %(what)s."),
        _("Mettez-le de côté et remettez-le à la réception du bon scrutin."),
    ),
    Check(
        "E12",
        Level.ERROR,
        _("image présente, empreinte exacte, signatures au moins au minimum légal"),
        _("Le procès-verbal porte %(n)d {n:signature|signatures} ; le minimum est de %(least)d."),
        _("La commission constate qui a signé ; un refus de signer est mentionné et ne bloque pas."),
    ),
    Check(
        "E13",
        Level.WARNING,
        _("reçu après la clôture du scrutin et avant l’échéance d’arrivée"),
        _("Reçu %(when)s, hors des heures attendues."),
        _("La commission note pourquoi ; l’heure de réception ne change pas."),
    ),
    Check(
        "E14",
        Level.ERROR,
        _("les candidatures du second tour étaient au premier (après désistement)"),
        _("Candidature « %(option)s » au second tour, absente du premier."),
        _("Vérifiez la liste officielle des candidatures du tour."),
    ),
    Check(
        "E15",
        Level.ERROR,
        _("récapitulatif de la zone = somme des procès-verbaux, ligne par ligne"),
        _("Récapitulatif et somme des procès-verbaux diffèrent sur %(n)d {n:ligne|lignes}."),
        _(
            "La commission cherche le procès-verbal compté deux fois ou oublié, et corrige le récapitulatif, jamais un procès-verbal."
        ),
    ),
    Check(
        "E16",
        Level.ERROR,
        _("national = somme des parties (vote anticipé, général, étranger), ligne par ligne ; publié = base"),
        _("Les parties du scrutin et le total national diffèrent sur %(n)d {n:ligne|lignes}."),
        _("Rien ne se proclame tant que cet écart n’est pas expliqué."),
    ),
    Check(
        "W01",
        Level.WARNING,
        _("|bulletins − votants| ≥ 2 % des bulletins et ≥ 15, ou ≥ 5 %"),
        _("L’urne et les signatures s’écartent de %(gap)d sur %(base)d {base:bulletin|bulletins}."),
        _("La commission peut demander un nouveau comptage."),
    ),
    Check(
        "W02",
        Level.WARNING,
        _("nuls ÷ bulletins ≥ Q3 + 1,5 × écart interquartile du cercle, et nuls ≥ 10"),
        _("%(n)d {n:bulletin nul|bulletins nuls} sur %(u)d : part inhabituelle dans cette zone."),
        LOOK,
    ),
    Check(
        "W03",
        Level.WARNING,
        _("participation ≥ 95 % (inscrits ≥ 50), ou > Q3 + 3 × écart interquartile du cercle"),
        _("%(v)d {v:votant|votants} pour %(i)d {i:inscrit|inscrits} : participation inhabituelle."),
        LOOK,
    ),
    Check(
        "W04",
        Level.WARNING,
        _("la première candidature a ≥ 95 % des exprimés (exprimés ≥ 50)"),
        _("%(c)d voix sur %(s)d {s:exprimé|exprimés} pour une seule candidature."),
        LOOK,
    ),
    Check(
        "W05",
        Level.WARNING,
        _("mêmes voix et mêmes nuls dans deux bureaux (exprimés ≥ 30, au moins 3 candidatures)"),
        _("Mêmes chiffres, case par case, que %(n)d {n:autre bureau|autres bureaux}."),
        _("Comparez les originaux : une feuille a pu être saisie deux fois."),
    ),
    Check(
        "W06",
        Level.WARNING,
        _("aucun exprimé, ou toutes les candidatures à égalité"),
        _("Aucun suffrage exprimé, ou le même nombre de voix partout."),
        LOOK,
    ),
    Check(
        "W07",
        Level.WARNING,
        _("d’un tour à l’autre, les votants changent de plus de 30 % des inscrits, ou les inscrits changent"),
        _("Votants %(left)d au premier tour, %(right)d au second, pour %(i)d {i:inscrit|inscrits}."),
        LOOK,
    ),
    Check(
        "W08",
        Level.WARNING,
        _("deux scrutins du même jour : les votants diffèrent de plus de 2 % et de plus de 5"),
        _("Votants %(left)d ici, %(right)d dans l’autre scrutin du jour."),
        LOOK,
    ),
    Check(
        "W09",
        Level.WARNING,
        _("copie d’un délégué ou d’un observateur = procès-verbal, ligne par ligne"),
        _("%(n)d {n:copie de délégué diffère|copies de délégués diffèrent} de ce procès-verbal."),
        _("Sortez l’original et dites qui a raison ; la copie ne se compte jamais."),
    ),
    Check(
        "W10",
        Level.WARNING,
        _("chiffre lu par la machine avec une confiance d’au moins 98 % = chiffre tapé"),
        _("La lecture de la machine diffère sur %(n)d {n:ligne|lignes}."),
        _("Un arbitre regarde ces lignes sur l’original ; la machine ne remplit rien."),
    ),
    Check(
        "W11",
        Level.WARNING,
        _("inscrits des bureaux manquants, en examen ou contestés < écart qui décide de l’issue"),
        _("Ce qui manque peut encore changer l’issue : %(n)d {n:inscrit|inscrits} pour un écart de %(gap)d voix."),
        _("Dites-le à côté de chaque résultat jusqu’à ce que ce ne soit plus vrai."),
    ),
)

BY_CODE: Mapping[str, Check] = {check.code: check for check in CHECKS}
IDENTITIES: tuple[Check, ...] = tuple(check for check in CHECKS if check.left is not None)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The percentages of the warnings. Data of the pack, with their source; these are its names."""

    papers_per_station: int = 9_999
    signatures: int = 0
    gap_share: Fraction = Fraction(2, 100)
    gap_papers: int = 15
    gap_share_alone: Fraction = Fraction(5, 100)
    null_iqr: Fraction = Fraction(3, 2)
    null_papers: int = 10
    turnout_share: Fraction = Fraction(95, 100)
    turnout_registered: int = 50
    turnout_iqr: Fraction = Fraction(3)
    leader_share: Fraction = Fraction(95, 100)
    leader_valid: int = 50
    same_valid: int = 30
    same_options: int = 3
    rounds_share: Fraction = Fraction(30, 100)
    simultaneous_share: Fraction = Fraction(2, 100)
    simultaneous_papers: int = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold on one sheet: the check and the two sides. says: another sentence than the check's."""

    check: Check
    values: Mapping[str, object] = field(default_factory=dict)
    says: str = ""

    @property
    def code(self) -> str:
        return self.check.code

    @property
    def message(self) -> Message:
        return Message(self.says or self.check.says, self.values)


class _Zeroed:
    """A sheet whose boxes read 0 where empty: only ever handed to an identity whose needed
    boxes are known to be filled."""

    __slots__ = ("_sheet",)

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def __getattr__(self, name: str) -> int:
        if name == "sum_votes":
            return sum(v or 0 for v in self._sheet.votes)
        if name == "one":
            return 1
        return self._sheet.boxes.get(Box(name)) or 0


def findings(
    sheet: Sheet,
    *,
    form: frozenset[Box],
    register: int | None = None,
    limits: Thresholds = Thresholds(),
    lacks: frozenset[Box | int] = frozenset(),
) -> list[Finding]:
    """What does not hold on this sheet, in order of code. Empty: all holds.

    form: the boxes that this contest's form has. register: registered voters of the register,
    None when there is none to compare with. lacks: boxes, and ranks of options, that the file of
    this sheet does not have: they are no empty boxes, and what needs them is not tested.
    """
    out: list[Finding] = []
    zeroed = _Zeroed(sheet)
    for check in IDENTITIES:
        assert check.left is not None and check.right is not None
        if any(box not in form or sheet.boxes.get(box) is None for box in check.needs):
            continue
        if lacks and not lacks.isdisjoint(boxes_of(check)):
            continue
        if check.excused is not None and sheet.boxes.get(check.excused) == 1:
            continue
        left, right = check.left(zeroed), check.right(zeroed)
        if (left != right) if check.relation == "=" else (left > right):
            out.append(Finding(check, {"left": left, "right": right, "gap": left - right}))
    out += boxes_found(sheet, form, limits, lacks)
    if sheet.signatures is not None and sheet.signatures < limits.signatures:
        out.append(Finding(BY_CODE["E12"], {"n": sheet.signatures, "least": limits.signatures}))
    if register is not None and sheet.registered is not None and register != sheet.registered:
        out.append(
            Finding(BY_CODE["E10"], {"left": sheet.registered, "right": register, "gap": sheet.registered - register})
        )
    return sorted(out, key=lambda f: f.code)


EMPTY = _("Vide sur le papier : %(boxes)s.")


def boxes_found(
    sheet: Sheet, form: frozenset[Box], limits: Thresholds, lacks: frozenset[Box | int] = frozenset()
) -> list[Finding]:
    """E06: every empty box of the form in one sentence, then each value that cannot be."""
    blank = [box for box in Box if box in form and box not in lacks and sheet.boxes.get(box) is None]
    unsaid = [rank for rank, v in enumerate(sheet.votes, 1) if v is None and rank not in lacks]
    empty: list[object] = [Message(LABELS[box]) for box in blank]
    empty += [Message(_("voix n° %(rank)d"), {"rank": rank}) for rank in unsaid]
    out = [Finding(BY_CODE["E06"], {"boxes": tuple(empty)}, EMPTY)] if empty else []
    wrong: list[tuple[Message, int]] = []
    for box in Box:
        value = sheet.boxes.get(box)
        if box in form and value is not None and value > limits.papers_per_station:
            wrong.append((Message(LABELS[box]), value))
    for rank, votes in enumerate(sheet.votes, 1):
        if votes is not None and sheet.valid is not None and votes > sheet.valid:
            wrong.append((Message(_("voix n° %(rank)d"), {"rank": rank}), votes))
    if sheet.proxies is not None and sheet.voters is not None and sheet.proxies > sheet.voters:
        wrong.append((Message(LABELS[Box.PROXIES]), sheet.proxies))
    return out + [Finding(BY_CODE["E06"], {"box": label, "value": value}) for label, value in wrong]


def signals(sheet: Sheet, *, register: int | None = None, limits: Thresholds = Thresholds()) -> list[Finding]:
    """Warnings that one sheet alone can give (W01, W03, W04, W06), in order of code. Empty: none.

    Warnings that compare stations (W02, W05, W07, W08) need the others: `numeric.screening`.
    """
    out: list[Finding] = []
    u, v, s = sheet.ballots, sheet.voters, sheet.valid
    i = sheet.registered if sheet.registered is not None else register
    votes = [c for c in sheet.votes if c is not None]
    if u and v is not None:
        gap = abs(u - v)
        if (gap >= limits.gap_share * u and gap >= limits.gap_papers) or gap >= limits.gap_share_alone * u:
            out.append(Finding(BY_CODE["W01"], {"gap": gap, "base": u}))
    if i and v is not None and i >= limits.turnout_registered and v >= limits.turnout_share * i:
        out.append(Finding(BY_CODE["W03"], {"v": v, "i": i}))
    if s and votes and s >= limits.leader_valid and max(votes) >= limits.leader_share * s:
        out.append(Finding(BY_CODE["W04"], {"c": max(votes), "s": s}))
    if s == 0 or (len(votes) > 1 and len(set(votes)) == 1):
        out.append(Finding(BY_CODE["W06"]))
    return out


class _Probe:
    """A sheet on which one figure is 1 and every other 0: what a linear identity makes of it."""

    def __init__(self, one: str) -> None:
        self._one = one

    def __getattr__(self, name: str) -> int:
        return int(name == self._one)


def terms(check: Check) -> dict[str, dict[str, int]]:
    """The two sides of an identity as coefficients of boxes ("sum": the votes): for checks done while typing.

    Identities are linear; a test holds this equal to the lambdas on random sheets.
    """
    assert check.left is not None and check.right is not None
    names = [(box.value, box.value) for box in Box] + [("sum", "sum_votes"), ("one", "one")]
    return {
        side: {key: c for key, name in names if (c := rule(_Probe(name)))}
        for side, rule in (("left", check.left), ("right", check.right))
    }


def boxes_of(check: Check) -> frozenset[Box]:
    """Every box an identity speaks of, those that read 0 where a form lacks them included."""
    sides = terms(check)
    return frozenset(Box(k) for side in sides.values() for k in side if k not in ("sum", "one"))
