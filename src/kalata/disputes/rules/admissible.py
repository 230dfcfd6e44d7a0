"""Is a petition admissible? A draft with its reasons: a body of persons decides, always.

`examine(facts, norms)` is the one function of the command and of the screens. No answer of it rejects a petition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kalata.deadlines.rules.moments import local_day
from kalata.text import Message
from kalata.text import gettext_noop as _

from .checklist import Desk, Item, time_sentences
from .clocks import Clock, State
from .facts import Facts, facts_from
from .remedies import Norms

ADMISSIBLE, TO_CURE, HUMAN, INADMISSIBLE = "admissible", "to_cure", "human_decides", "inadmissible"
PROPOSAL_LABELS: Mapping[str, str] = {
    ADMISSIBLE: _("recevable, en projet"),
    TO_CURE: _("à régulariser"),
    HUMAN: _("une personne décide"),
    INADMISSIBLE: _("irrecevable, en projet"),
}


@dataclass(frozen=True, slots=True)
class Admissibility:
    """The draft: what is proposed, who decides, each check, the reasons in order, what to look at."""

    id: str
    proposal: str
    decides: str
    items: tuple[Item, ...]
    clocks: tuple[Clock, ...]
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]

    def item(self, name: str) -> Item:
        return next(i for i in self.items if i.name == name)

    def record(self) -> dict[str, object]:
        """The answer of the scripted interface."""
        return {
            "id": self.id,
            "proposal": self.proposal,
            "decides": self.decides,
            "items": [one.record() for one in self.items],
            "draft_reasons": {lang: [m.text(lang) for m in self.reasons] for lang in ("fr", "en")},
            "warnings": [w.both() for w in self.warnings],
        }


def proposal_of(items: tuple[Item, ...]) -> str:
    states = {i.state for i in items}
    if State.NOT_MET in states:
        return INADMISSIBLE
    if states & {State.DISPUTED, State.UNKNOWN}:
        return HUMAN
    return TO_CURE if State.CURABLE in states else ADMISSIBLE


def examine(facts: Facts, norms: Norms) -> Admissibility:
    """Every check of one petition under the law of one pack."""
    desk = Desk(facts, norms)
    items = tuple(desk.items())
    clocks = tuple(desk.clocks)
    body = norms.body(facts.body)
    return Admissibility(
        id=facts.id,
        proposal=proposal_of(items),
        decides=body.decides if body else "bench",
        items=items,
        clocks=clocks,
        reasons=tuple(reasons_of(items, clocks, norms)),
        warnings=tuple(warnings_of(facts, norms, desk, items, clocks)),
    )


def reasons_of(items: tuple[Item, ...], clocks: tuple[Clock, ...], norms: Norms) -> list[Message]:
    """What a draft would say, competence first, then time, standing, form; all of it where nothing fails."""
    wanted = [i for i in items if i.state is not State.MET] or list(items)
    out: list[Message] = []
    for one in wanted:
        articles = tuple(
            Message(
                _("art. %(article)s (%(law)s)") if n.article[:1].isdigit() else "%(article)s (%(law)s)",
                {"article": n.article, "law": norms.book.text_name(n.law)},
            )
            for n in one.norms
            if n.article
        )
        cited = Message(_("%(sentence)s Fondement : %(articles)s."), {"sentence": one.sentence, "articles": articles})
        out.append(cited if articles else one.sentence)
        if one.name == "time_limit":
            out += time_sentences(clocks, norms)
    return out


def warnings_of(
    facts: Facts, norms: Norms, desk: Desk, items: tuple[Item, ...], clocks: tuple[Clock, ...]
) -> list[Message]:
    """What whoever decides must look at before anything else."""
    out: list[Message] = []
    day = facts.received
    cited = {n.id: n for i in items for n in i.norms}
    doubtful = [n.id for n in cited.values() if not n.confidence.startswith("text seen")]
    if doubtful:
        out.append(Message(_("Non vérifié au Journal officiel : %(norms)s."), {"norms": ", ".join(sorted(doubtful))}))
    old = [r.basis.id for r in desk.known if not r.basis.in_force(local_day(day, norms.tz))]
    if old:
        out.append(
            Message(
                _("Texte qui n’était pas en vigueur à la réception : %(norms)s."),
                {"norms": ", ".join(dict.fromkeys(old))},
            )
        )
    used = {c.time_limit for c in clocks} | {n for r in desk.known for n in r.time_limits}
    for one in facts.overrides:
        if one.act.norm not in used:
            out.append(Message(_("Dérogation sans effet sur cette requête : %(limit)s."), {"limit": one.act.norm}))
    if facts.unread:
        out.append(Message(_("Clés inconnues, non lues : %(words)s."), {"words": ", ".join(facts.unread)}))
    seen = list(dict.fromkeys((w.template, str(w)) for c in clocks for w in c.warnings))
    every = {(w.template, str(w)): w for c in clocks for w in c.warnings}
    return [*out, *(every[k] for k in seen)]


def admissible(raw: object, norms: Norms) -> Admissibility:
    """The draft from the facts as given. Raises what `facts_from` raises, and DL-115 for an override the wrong way."""
    return examine(facts_from(raw, norms), norms)
