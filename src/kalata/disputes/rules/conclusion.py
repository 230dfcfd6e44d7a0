"""What can be said of a case that was weighed, in sentences: the conclusion, what it rests on, and what cannot be said.

The numbers of every doctrine are given; none is chosen. Where the outcome is a tie or undetermined, where the smallest
set is not proved, the sentence says so and nothing more. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kalata.results.rules.boxes import LABELS
from kalata.results.rules.outcome import Status
from kalata.text import Message
from kalata.text import gettext_noop as _

from .election import OPEN, Election
from .materiality import Weighing

UNSURE = _("L’issue en force n’est pas acquise : on ne peut pas dire ce que ces bureaux y changent.")
TIED = _("L’issue en force est une égalité : la moindre voix la change.")
NOTHING = _("Aucun bureau visé n’est compté : rien ne peut y être annulé.")
AGAIN = _(
    "Avec un nouveau vote dans %(n)d {n:bureau|bureaux}, l’issue n’est plus acquise : on ne peut pas dire qui l’emporterait."
)
TIE_AFTER = _("Ces actes font de l’issue une égalité.")
OPEN_AFTER = _("Ces actes rendent l’issue incertaine : on ne peut pas dire qui serait élu.")
ELECTED = _("Ces actes changent qui est élu.")
QUALIFIED = _("Ces actes changent qui est qualifié pour le second tour.")
SEATS = _("Ces actes changent la répartition des sièges.")
OUTCOME = _("Ces actes changent l’issue.")
SAME_NEVER = _("Ces actes ne changent pas l’issue ; {of:annuler le bureau visé|aucune annulation parmi les %(of)d bureaux visés} ne la changerait{of: pas|}.")
SAME_BUT = _("Ces actes ne changent pas l’issue ; annuler {of:le bureau visé|%(n)d des %(of)d bureaux visés} la changerait.")
SAME_MAY = _("Ces actes ne changent pas l’issue ; on ne peut pas dire qu’aucun autre choix parmi les bureaux visés ne la change.")  # fmt: skip
NEVER = _("{of:Annuler le bureau visé|Aucune annulation parmi les %(of)d bureaux visés} ne changerait {of:pas |}l’issue.")
WOULD = _("Annuler {of:le bureau visé|%(n)d des %(of)d bureaux visés} changerait l’issue.")
MAY = _("On ne peut pas dire si une annulation parmi les bureaux visés changerait l’issue.")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and whether it is sure: a tone of the page (ok, warn, inf)."""

    tone: str
    message: Message


def conclude(one: Weighing) -> Said:
    """The sentence at the head of the page."""
    if one.election.undecided:
        tied = all(o.status is not Status.UNDETERMINED for o in one.election.outcomes.values())
        return Said("warn", Message(TIED if tied else UNSURE))
    if one.applied is not None and one.acts is not None and one.acts.steps:
        return after_acts(one)
    numbers = numbers_of(one)
    if not one.contested:
        return Said("inf", Message(NOTHING))
    if one.minimal is None:
        return Said("ok", Message(NEVER, numbers))
    return Said("warn", Message(WOULD if one.minimal["stations"] else MAY, numbers))


def numbers_of(one: Weighing) -> dict[str, int]:
    least = one.minimal or {}
    return {"n": least.get("stations") or 0, "of": len(one.contested)}


def after_acts(one: Weighing) -> Said:
    assert one.applied is not None
    if not one.effect["same"]:  # type: ignore[index]
        return Said("warn", changed(one))
    numbers = numbers_of(one)
    if one.minimal is None:
        return Said("ok", Message(SAME_NEVER, numbers))
    return Said("ok", Message(SAME_BUT if one.minimal["stations"] else SAME_MAY, numbers))


def changed(one: Weighing) -> Message:
    done = one.applied
    assert done is not None
    statuses = {o.status for o in done.after.outcomes.values()}
    if Status.UNDETERMINED in statuses:
        again = len(new_votes(done.after))
        return Message(AGAIN, {"n": again}) if again else Message(OPEN_AFTER)
    if Status.TIE in statuses:
        return Message(TIE_AFTER)
    for what, sentence in (("elected", ELECTED), ("qualified", QUALIFIED), ("seats", SEATS)):
        if done.changes[what]:
            return Message(sentence)
    return Message(OUTCOME)


def new_votes(election: Election) -> list[int]:
    """The stations in which a new vote is to be held: what it brings is not known."""
    return [at for ways in election.unsettled.values() for why, at in ways if why == "rerun"]


# --- what it rests on ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Around:
    """What the house knows beside the figures. public: of public records alone; pending: other cases not decided, and
    the stations that they aim at; unresolved: words of the petition that no station answers to."""

    public: bool
    pending: tuple[int, int] = (0, 0)
    unresolved: int = 0


def rests_on(one: Weighing, around: Around) -> Iterator[Said]:
    """What the conclusion holds under, each in a sentence."""
    total = one.election.total
    yield Said("inf", Message(_("Sur les seuls relevés publics.") if around.public else _("Sur des relevés qui ne sont pas encore publics.")))  # fmt: skip
    missing = total.missing + one.election.unlisted
    if missing:
        yield Said("warn", Message(_("Bureaux sans relevé compté : %(n)d. Ce qu’ils pourraient apporter est dans la borne."), {"n": missing}))  # fmt: skip
    else:
        yield Said("ok", Message(_("Tous les bureaux sont comptés ou annulés : %(n)d."), {"n": total.counted + total.annulled}))  # fmt: skip
    if before := new_votes(one.election):
        yield Said("warn", Message(_("Bureaux à faire revoter : %(n)d ; le résultat n’en est pas connu."), {"n": len(before)}))  # fmt: skip
    if around.pending[0]:
        yield Said("warn", Message(_("Autres affaires de ce scrutin non jugées : %(n)d ; {n:elle vise|elles visent} %(m)d {m:bureau|bureaux}. Leur issue changerait ce calcul."), {"n": around.pending[0], "m": around.pending[1]}))  # fmt: skip
    if around.unresolved:
        yield Said("warn", Message(_("Désignations de la requête sans bureau trouvé : %(n)d ; elles ne sont pas dans le calcul."), {"n": around.unresolved}))  # fmt: skip
    if one.ignored:
        yield Said("inf", Message(_("Bureaux visés déjà annulés ou sans relevé, laissés de côté : %(n)d."), {"n": len(one.ignored)}))  # fmt: skip
    keeps = one.election.keeps
    if keeps:
        yield Said("inf", Message(_("D’un bureau annulé restent dans les totaux : %(boxes)s."), {"boxes": Message(LABELS[keeps[0]]) if len(keeps) == 1 else ", ".join(keeps)}))  # fmt: skip


def criteria(one: Weighing) -> Iterator[Said]:
    """What each doctrine would ask, in numbers: annulment, ballots of nobody knows whom, a new vote."""
    least = one.minimal
    if least is None:
        yield Said("ok", Message(_("Annulation : aucun choix parmi les bureaux visés n’a d’effet. Certain.")))
    elif least["stations"] is None:
        yield Said("warn", Message(_("Annulation : on ne peut pas dire ; aucun ensemble de moins de %(n)d {n:bureau|bureaux} n’a d’effet."), {"n": least["at_least"]}))  # fmt: skip
    elif least["exact"]:
        yield Said("warn", Message(_("Annulation : %(n)d {n:bureau suffit|bureaux suffisent}, et pas moins. Exact."), {"n": least["stations"]}))  # fmt: skip
    else:
        yield Said("warn", Message(_("Annulation : %(n)d {n:bureau suffit|bureaux suffisent} ; il n’est pas prouvé qu’il en faille plus de %(least)d."), {"n": least["stations"], "least": max(least["at_least"] - 1, 0)}))  # fmt: skip
    if one.with_irregular:
        n = sum(one.irregular.values())
        found = one.readings
        if found["robust"]:
            yield Said("ok", Message(_("%(n)d {n:bulletin irrégulier|bulletins irréguliers}, bénéficiaire inconnu : toutes les attributions donnent la même issue."), {"n": n}))  # fmt: skip
        elif found["any"].get("exact") is False:
            yield Said("warn", Message(_("%(n)d {n:bulletin irrégulier|bulletins irréguliers} : on ne peut pas dire si toutes les attributions donnent la même issue."), {"n": n}))  # fmt: skip
        else:
            yield Said("warn", Message(_("%(n)d {n:bulletin irrégulier|bulletins irréguliers} : l’issue dépend de la façon de les déduire."), {"n": n}))  # fmt: skip
    if one.applied is not None and (again := new_votes(one.applied.after)):
        electors = one.electors(again)
        open_ = any(o.status in OPEN for o in one.applied.after.outcomes.values())
        says = _("Nouveau vote dans %(n)d {n:bureau|bureaux}, inscrits : %(r)s. Un changement reste possible.") if open_ else _("Nouveau vote dans %(n)d {n:bureau|bureaux}, inscrits : %(r)s. Aucun résultat n’y changerait l’issue.")  # fmt: skip
        yield Said("warn" if open_ else "ok", Message(says, {"n": len(again), "r": "–" if electors is None else electors}))  # fmt: skip
