"""The seven checks of admissibility, each with its article: what is met, what is not, what a person must decide.

Always in the same order: competence, time, standing, form, object, grounds, what was judged before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kalata.country.rules.remedies import FORM, NEEDS
from kalata.deadlines.rules.moments import Verdict, local_day
from kalata.text import Message
from kalata.text import gettext_noop as _

from .clocks import OVERRIDE, QUEUE, Clock, State, clock_of, together
from .facts import Claim, Facts
from .remedies import Basis, Norms, Remedy, Rule


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist."""

    name: str
    state: State
    sentence: Message
    norms: tuple[Basis, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    def record(self) -> dict[str, object]:
        return {
            "item": self.name,
            "state": self.state.value,
            **self.more,
            "norms": [n.record() for n in self.norms],
            **self.sentence.both(),
        }


ITEM_LABELS: Mapping[str, str] = {
    "competence": _("Compétence"),
    "time_limit": _("Délai"),
    "standing": _("Qualité pour agir"),
    "form": _("Forme"),
    "object": _("Acte attaqué"),
    "grounds": _("Moyens et pièces"),
    "res_judicata": _("Chose jugée"),
}
STATE_LABELS: Mapping[State, str] = {
    State.MET: _("rempli"),
    State.NOT_MET: _("non rempli"),
    State.CURABLE: _("à régulariser"),
    State.DISPUTED: _("discuté"),
    State.UNKNOWN: _("inconnu"),
}
CAPACITY_LABELS: Mapping[str, str] = {
    "candidate": _("candidat"),
    "party": _("parti politique"),
    "list": _("liste"),
    "state_representative": _("représentant de l’État"),
    "station_member": _("membre d’un bureau de vote"),
    "elector": _("électeur"),
    "other": _("autre"),
}
FORM_LABELS: Mapping[str, str] = {
    "written": _("écrite"),
    "signed": _("signée"),
    "dated": _("datée"),
    "certified": _("certifiée"),
}


def distinct(found: Sequence[Basis]) -> tuple[Basis, ...]:
    return tuple({b.id: b for b in found}.values())


@dataclass(slots=True)
class Desk:
    """The checklist of one petition: the remedy of each ground first, then each item in order."""

    facts: Facts
    norms: Norms
    remedies: dict[str, Remedy | None] = field(default_factory=dict)
    clocks: list[Clock] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.remedies = {g.id: self.remedy(g) for g in self.facts.grounds}
        self.clocks = [clock_of(self.facts, g, self.remedies[g.id], self.norms) for g in self.facts.grounds]

    def remedy(self, claim: Claim) -> Remedy | None:
        """The remedy of a ground: before the body that was seized where it has one, else at the first stage."""
        found = self.norms.remedies_for(self.facts.contest, claim.about)
        day = local_day(self.facts.received, self.norms.tz)
        body = self.norms.body(self.facts.body)
        codes = body.codes if body else (self.facts.body,)
        return min(
            found,
            key=lambda one: (one.body not in codes, not one.basis.in_force(day), one.stage, one.basis.id),
            default=None,
        )

    @property
    def known(self) -> list[Remedy]:
        return [r for r in self.remedies.values() if r is not None]

    def rule(self, item: str) -> Rule | None:
        return self.norms.rule(item, self.facts.contest, self.facts.about)

    def cited(self, item: str, *more: Basis) -> tuple[Basis, ...]:
        rule = self.rule(item)
        return distinct([*more, *([rule.basis] if rule else [])])

    def items(self) -> list[Item]:
        return [
            self.competence(),
            self.time_limit(),
            self.standing(),
            self.form(),
            self.object(),
            self.grounds(),
            self.res_judicata(),
        ]

    # --- competence ---
    def competent(self, remedy: Remedy | None) -> State:
        if remedy is None:
            return State.UNKNOWN
        if remedy.basis.from_memory:
            return State.DISPUTED
        body = self.norms.body(remedy.body)
        codes = body.codes if body else (remedy.body,)
        return State.MET if self.facts.body in codes else State.NOT_MET

    def competence(self) -> Item:
        states = {g: self.competent(r) for g, r in self.remedies.items()}
        state = together(list(states.values()))
        bodies = list(dict.fromkeys(self.code(r) for r in self.known))
        elsewhere = [b for b in bodies if b != self.facts.body]
        named = next(iter(elsewhere if state is not State.MET else []), next(iter(bodies), None))
        body = self.norms.body(named) if named else None
        name: object = body.name if body else named or "–"
        said = {
            State.MET: _("La requête relève de : %(body)s."),
            State.NOT_MET: _("La requête ne relève pas de cet organe, mais de : %(body)s."),
            State.DISPUTED: _("L’organe compétent est discuté ou connu de mémoire seulement : %(body)s."),
        }.get(state, _("Le pack ne dit pas devant qui cet acte peut être attaqué."))
        more: dict[str, object] = {"body": named}
        if len(bodies) > 1:
            more["bodies"] = bodies
        if len(set(states.values())) > 1:
            more["grounds"] = [{"ground": g, "state": s.value} for g, s in states.items()]
        return Item("competence", state, Message(said, {"body": name}), distinct([r.basis for r in self.known]), more)

    def code(self, remedy: Remedy) -> str:
        """The code of its body, by the name the petition used where it is the same body."""
        body = self.norms.body(remedy.body)
        return self.facts.body if body and self.facts.body in body.codes else remedy.body

    # --- time ---
    def time_limit(self) -> Item:
        state = together([c.state for c in self.clocks])
        said = {
            State.MET: _("Reçue dans le délai sous toutes les lectures."),
            State.NOT_MET: _("Reçue hors délai sous toutes les lectures."),
            State.DISPUTED: _("Dans le délai ou hors délai selon la lecture, ou selon le moyen : une personne décide."),
        }.get(state, _("Aucun délai connu, ou son événement n’est pas donné."))
        limits = [self.limit_basis(c.time_limit) for c in self.clocks if c.time_limit]
        return Item(
            "time_limit",
            state,
            Message(said),
            self.cited("time_limit", *limits),
            {"grounds": [c.record() for c in self.clocks]},
        )

    def limit_basis(self, name: str) -> Basis:
        norm = self.norms.book.get(name)
        if norm is None:
            return Basis(name)
        return Basis(norm.id, norm.law, norm.article, norm.confidence, norm.valid, norm.rank)

    # --- standing ---
    def may_complain(self, remedy: Remedy | None) -> tuple[State, list[Basis]]:
        if remedy is None:
            return State.UNKNOWN, []
        mine = self.facts.capacity
        if remedy.capacities is None:
            return State.UNKNOWN, [remedy.basis]
        if mine in remedy.capacities:
            return State.MET, [remedy.basis]
        wider = [w for w in self.norms.wider(remedy) if mine in (w.capacities or ())]
        if wider:
            return State.DISPUTED, [remedy.basis, *(w.basis for w in wider)]
        if mine == "other" and remedy.offices:
            return State.UNKNOWN, [remedy.basis]
        return State.NOT_MET, [remedy.basis]

    def standing(self) -> Item:
        found = {g: self.may_complain(r) for g, r in self.remedies.items()}
        state = together([s for s, _norms in found.values()])
        said = {
            State.MET: _("La loi ouvre ce recours à cette qualité : %(capacity)s."),
            State.NOT_MET: _("Aucune norme n’ouvre ce recours à cette qualité : %(capacity)s."),
            State.DISPUTED: _("Une norme ouvre ce recours à cette qualité (%(capacity)s), une autre ne le fait pas."),
        }.get(state, _("Le pack ne dit pas si ce recours est ouvert à cette qualité : %(capacity)s."))
        norms = [n for _state, given in found.values() for n in given]
        more: dict[str, object] = {"capacity": self.facts.capacity}
        if len({s for s, _norms in found.values()}) > 1:
            more["grounds"] = [{"ground": g, "state": s.value} for g, (s, _norms) in found.items()]
        offices = [o for r in self.known for o in r.offices]
        if state is State.UNKNOWN and offices:
            more["offices"] = offices
        label = Message(CAPACITY_LABELS[self.facts.capacity])
        return Item("standing", state, Message(said, {"capacity": label}), self.cited("standing", *norms), more)

    # --- form ---
    def form(self) -> Item:
        rule = self.rule("form")
        asked = [n for r in self.known for n in r.requires] or list(rule.requires if rule else FORM)
        missing = [n for n in dict.fromkeys([*asked, *self.facts.form]) if not self.facts.form.get(n, False)]
        settings: dict[str, bool] = dict(rule.curable) if rule else {}
        for remedy in self.known:
            settings |= remedy.curable
        state = self.cured(missing, settings)
        names = tuple(Message(FORM_LABELS.get(n, "%(word)s"), {"word": n}) for n in missing)
        said = {
            State.MET: _("Les conditions de forme sont remplies."),
            State.CURABLE: _("Manque (%(missing)s) : la loi permet de régulariser."),
            State.NOT_MET: _("Manque (%(missing)s) : la loi ne permet pas de régulariser."),
        }.get(state, _("Manque (%(missing)s) : le pack ne dit pas si cela se régularise."))
        more = {"missing": missing}
        basis = [r.basis for r in self.known if r.requires]
        return Item("form", state, Message(said, {"missing": names}), self.cited("form", *basis), more)

    def cured(self, missing: Sequence[str], settings: Mapping[str, bool]) -> State:
        if not missing:
            return State.MET
        found = [settings.get(name) for name in missing]
        if False in found:
            return State.NOT_MET
        return State.DISPUTED if None in found else State.CURABLE

    # --- object, grounds, what was judged before ---
    def object(self) -> Item:
        states = [
            State.UNKNOWN if one is None or self.norms.body(one.body) is None else State.MET
            for one in self.remedies.values()
        ]
        state = together(states)
        said = {
            State.MET: _("L’acte attaqué peut l’être devant un organe connu."),
            State.DISPUTED: _("Une partie des actes attaqués n’a pas de recours connu du pack."),
        }.get(state, _("Le pack ne connaît pas de recours contre cet acte."))
        more: dict[str, object] = {"about": list(self.facts.about)}
        return Item("object", state, Message(said), distinct([r.basis for r in self.known]), more)

    def needs(self, claim: Claim) -> tuple[str, ...]:
        """What the law asks that a ground have: stations, evidence."""
        rule = self.norms.rule("grounds", self.facts.contest, [claim.about])
        any_rule = any(r.item == "grounds" for r in self.norms.rules)
        return tuple(rule.needs) if rule else ("evidence",) if any_rule else NEEDS

    def lacks(self, claim: Claim) -> bool:
        needs = self.needs(claim)
        return ("stations" in needs and not claim.stations) or ("evidence" in needs and not claim.evidence)

    def grounds(self) -> Item:
        missing = [g.id for g in self.facts.grounds if self.lacks(g)]
        places = any("stations" in self.needs(g) for g in self.facts.grounds)
        if not self.facts.grounds:
            state, said = State.NOT_MET, _("La requête n’énonce aucun moyen.")
        elif not missing:
            state = State.MET
            said = _("Chaque moyen vise un bureau et s’appuie sur une pièce.") if places else _("Chaque moyen s’appuie sur une pièce.")
        elif len(missing) == len(self.facts.grounds):
            state = State.NOT_MET
            said = _("Aucun moyen ne vise un bureau avec une pièce.") if places else _("Aucun moyen ne s’appuie sur une pièce.")
        else:
            state = State.DISPUTED
            said = _("Moyens sans bureau ou sans pièce : %(missing)s.") if places else _("Moyens sans pièce : %(missing)s.")
        more = {"missing": missing}
        return Item("grounds", state, Message(said, {"missing": tuple(missing)}), self.cited("grounds"), more)

    def res_judicata(self) -> Item:
        before = self.facts.decided_before
        state = State.UNKNOWN if before is None else State.NOT_MET if before else State.MET
        said = {
            State.MET: _("Rien n’a été jugé entre les mêmes parties sur le même objet."),
            State.NOT_MET: _("La même demande a déjà été jugée."),
        }.get(state, _("On ne sait pas si la même demande a déjà été jugée."))
        return Item("res_judicata", state, Message(said), self.cited("res_judicata"))


FILED_LABELS: Mapping[Verdict, str] = {
    Verdict.IN_TIME: _("dans le délai"),
    Verdict.LATE: _("hors délai"),
    Verdict.UNDETERMINED: _("indéterminé"),
}
RULE_LABELS: Mapping[str, str] = {
    QUEUE: _("en file d’attente avant l’heure limite"),
    OVERRIDE: _("dérogation"),
}


def time_sentences(clocks: Sequence[Clock], norms: Norms) -> list[Message]:
    """One sentence for each reading of each ground: how it counts, its limit, and what it says of the petition."""
    found = []
    for clock in clocks:
        if not clock.readings:
            found.append(Message(_("Moyen %(ground)s : aucun délai ne peut être calculé."), {"ground": clock.ground}))
        for read in clock.readings:
            kind = norms.book.events.get(read.event.partition(":")[0])
            values = {
                "ground": clock.ground,
                "limit": clock.time_limit,
                "rule": Message(RULE_LABELS[read.rule]) if read.rule in RULE_LABELS else norms.rule_name(read.rule),
                "event": kind.name if kind else read.event,
                "deadline": read.limit,
                "filed": Message(FILED_LABELS[read.filed]),
            }
            sentence = _(
                "Moyen %(ground)s, %(limit)s (%(rule)s) : depuis %(event)s, jusqu’au %(deadline)s ; %(filed)s."
            )
            found.append(Message(sentence, values))
    return found
