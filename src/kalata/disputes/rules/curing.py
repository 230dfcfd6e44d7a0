"""A notice to cure: what it must say, and until when, counted from the instant at which the petitioner has it.

The term is the pack's, where a norm on form names one (`cure_limits`); else that of an act, which is named. Where no
text and no act gives one, there is no notice: nobody may miss a term that nobody set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kalata.deadlines.rules.moments import Deadline
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

from .checklist import FORM_LABELS
from .clocks import Counted, State
from .deciding import Deciding
from .facts import Facts
from .remedies import Norms

NOTICE, CURED = "cure", "cured"
"""Kinds of papers: the notice, and what the petitioner brings."""
EXPIRED = "délai de régularisation échu"
RESUMED = "reprise en recevabilité"


class NotCurable(Refused):
    code = "DIS-222"
    says = _("La liste de recevabilité dit que la loi ne permet pas de régulariser ce qui manque.")
    remedy = _("Poursuivez en recevabilité : le rapporteur propose, la formation décide.")


class NothingToCure(Refused):
    code = "DIS-223"
    says = _("La liste de recevabilité ne nomme rien à régulariser, ou n’a pas été établie.")
    remedy = _(
        "Établissez la liste de recevabilité de cette affaire, ou écrivez l’invitation sur la page de ses papiers."
    )


def limit_of(facts: Facts, norms: Norms) -> str:
    """The time limit of the pack for curing this petition; "" where no norm names one."""
    rule = norms.rule("form", facts.contest, facts.about)
    named = [
        n for claim in facts.grounds for r in norms.remedies_for(facts.contest, claim.about) for n in r.cure_limits
    ]
    return next(iter([*named, *(rule.cure_limits if rule else ())]), "")


def counted(facts: Facts, norms: Norms, served_at: datetime) -> Deciding | None:
    """Every reading of the pack's limit from the service of the notice; None where the pack has none."""
    name = limit_of(facts, norms)
    norm = norms.book.get(name) if name else None
    if norm is None:
        return None
    remedy = next(
        (r for c in facts.grounds for r in norms.remedies_for(facts.contest, c.about)), None
    )  # fmt: skip
    if remedy is None or not hasattr(norm.event, "type"):
        return None
    own = {(norm.event.type, n): served_at for n in (0, facts.round)}
    engine = Counted(
        replace(facts, events={**facts.events, **own}, queue_since=None, overrides=()), remedy, name, norms
    )
    norm, _in_force = engine.version(norm)
    return Deciding(name, tuple(engine.readings(norm)))


def last_of(readings: Sequence[Deadline]) -> datetime | None:
    """The first instant that is too late under every reading."""
    return max((one.bound for one in readings), default=None)


def defects(items: Sequence[Mapping[str, object]]) -> list[str]:
    """What the checklist names as lacking of the form of a petition. DIS-222 the law forbids to cure it, DIS-223 nothing."""
    form = next((i for i in items if i.get("item") == "form"), None)
    if form is None or not form.get("missing"):
        raise NothingToCure
    if form.get("state") == State.NOT_MET:
        raise NotCurable
    missing = form["missing"]
    return [str(word) for word in missing] if isinstance(missing, list | tuple) else []


LACKS: Mapping[str, tuple[str, str]] = {
    "written": (_("La requête n’est pas écrite"), _("Remettre une requête écrite")),
    "signed": (_("La requête n’est pas signée"), _("Signer la requête au greffe, ou en remettre une signée")),
    "dated": (_("La requête n’est pas datée"), _("Dater la requête au greffe, ou en remettre une datée")),
    "certified": (_("La requête ou ses copies ne sont pas certifiées"), _("Faire certifier la requête et ses copies")),
}
"""What lacks and what to do, in words, by the word of the checklist."""


def words_of(word: str) -> tuple[str, str]:
    return LACKS.get(word, (FORM_LABELS.get(word, word), _("Compléter au greffe")))
