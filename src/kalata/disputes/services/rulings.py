"""Decisions: acts first, the print made from them, the gate, the signature, and the one effect on the results.

What the gate must know beside the acts and the outcomes (who sat, who was served, by when) is told by the parts that
know it (`SECTIONS`): what nobody tells is absent, and the gate refuses what is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest
from kalata.disputes import kinds
from kalata.disputes.models import (
    BenchMember,
    Petition,
    Ruling,
    RulingCorrection,
    RulingOutcome,
    RulingOverride,
    RulingText,
)
from kalata.disputes.queries.elections import election_of, identified, language_of, norms_of, speaks_of
from kalata.disputes.rules import gate, wording
from kalata.disputes.rules import reasons as prose
from kalata.disputes.rules import rulings as rules
from kalata.disputes.rules.effect import Recomputation, recompute, sha256_of
from kalata.disputes.rules.rulings import LABELS, RULING, Drafted, State
from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR, REGISTRY
from kalata.disputes.rules.steps import State as Case
from kalata.disputes.services import precedents, steps
from kalata.disputes.services.guarding import inside, inside_ruling
from kalata.ledger.models import Act as Told
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.models import Person
from kalata.people.services import require

SECTIONS: list[Callable[[Ruling], Mapping[str, Any]]] = []
"""Each gives some of `bench`, `service`, `deadline` of a decision, as the gate reads them."""


EDITIONS = ("fr", "en")
"""The languages a decision is written out in; that of the Court is the text, another one helps to read it."""


def section(told: Callable[[Ruling], Mapping[str, Any]]) -> Callable[[Ruling], Mapping[str, Any]]:
    if told not in SECTIONS:
        SECTIONS.append(told)
    return told


def subject_of(ruling: Ruling) -> str:
    return f"ruling:{ruling.number}"


# --- drafted, printed ---------------------------------------------------------------------------------------
@transaction.atomic
def draft(
    *, contest: Contest, number: str, words: str, by: Person, petitions: Sequence[Petition] = (), own_motion: str = ""
) -> Ruling:
    """Open a draft on petitions of one contest, or on the Court's own motion. words: what the public will read as its
    reason. DIS-302 number taken, DIS-307 another contest's petition, DIS-764 no number."""
    require(by, RAPPORTEUR, contest=contest.pk)
    inside(by, petitions)
    identified(contest, number, timezone.localdate())
    if Ruling.objects.filter(number=number).exists():
        raise rules.NumberTaken(number=number)
    made = Ruling.objects.create(
        contest=contest, number=number, words=words[:400], own_motion=own_motion, drafted_by=by, at=timezone.now(),
        **states.born(RULING, State.DRAFT),
    )  # fmt: skip
    for one in petitions:
        if one.contest_id != contest.pk or RulingOutcome.objects.filter(petition=one).exists():
            raise rules.OtherContest(petition=str(one))
        RulingOutcome.objects.create(ruling=made, petition=one, outcome="")
    return kept(made, by)


@transaction.atomic
def amend(
    *, ruling: Ruling, by: Person, acts: Sequence[Mapping[str, Any]] | None = None,
    articles: Sequence[str] | None = None, outcomes: Mapping[str, tuple[str, Mapping[str, str]]] | None = None,
    breach: str | None = None,
) -> Ruling:  # fmt: skip
    """Change the acts, the norms cited, the outcome and reasons of petitions (by number) of a draft, and why it comes
    after its limit (breach). Nothing is printed again: the print says of which acts it is. Raises DIS-301, DIS-500 to DIS-507 with every fault of the acts."""
    held = drafted(ruling, by)
    if acts is not None:
        recompute(election_of(held.contest), {"decision": held.number, "acts": list(acts)})
        held.acts = list(acts)
    if articles is not None:
        held.articles = list(articles)
    if breach is not None:
        held.breach = breach.strip()[:400]
    held.save(update_fields=["acts", "articles", "breach"])
    for one in held.outcomes.select_related("petition"):
        if outcomes and one.petition.number in outcomes:
            one.outcome, reasons = outcomes[str(one.petition.number)]
            one.reasons = dict(reasons)
            one.save(update_fields=["outcome", "reasons"])
    return kept(held, by)


def drafted(ruling: Ruling, by: Person) -> Ruling:
    require(by, RAPPORTEUR, contest=ruling.contest_id)
    held = Ruling.objects.select_for_update(of=("self",)).select_related("contest__election__pack").get(pk=ruling.pk)
    if held.state != State.DRAFT:
        raise rules.NotADraft(number=held.number, state=LABELS[State(held.state)])
    inside_ruling(by, held)
    return held


def kept(ruling: Ruling, by: Person) -> Ruling:
    after = {"acts": len(ruling.acts), "petitions": ruling.outcomes.count()}
    record(by=by, kind=kinds.RULING_DRAFTED, subject=subject_of(ruling), after=after, rows=[ruling])
    return ruling


@transaction.atomic
def generate(*, ruling: Ruling, by: Person) -> Ruling:
    """Print the text, the figures and the annexes of a draft from its acts, on the records in force now."""
    held = drafted(ruling, by)
    done = recompute(election_of(held.contest), {"decision": held.number, "acts": held.acts})
    said = said_of(held)
    names = dict(held.contest.options.values_list("code", "name"))
    lang = language_of(held.contest)
    words = filled(said, prose.values(done, held.outcomes.count(), names, lang))
    held.print = {
        "printed": wording.printed(done, held.outcomes.count()),
        "annexes": wording.annexes(done),
        "rows": done.annexes,
        "parts": wording.parts(said | words, done, names, lang, speaks_of(held.contest, lang)),
        "words": words,
        "lang": lang,
        "editions": {
            one: wording.parts(said | words, done, names, one, speaks_of(held.contest, one))
            for one in EDITIONS
            if one != lang
        },
        "recomputation": done.digest,
    }
    held.printed_of = sha256_of(said)
    held.save(update_fields=["print", "printed_of"])
    record(
        by=by, kind=kinds.RULING_PRINTED, subject=subject_of(held), rows=[held],
        after={"of": held.printed_of, "annexes": len(held.print["annexes"])},
    )  # fmt: skip
    return held


def filled(said: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """What persons wrote of a decision, the figures that its acts give in their places. DIS-782."""
    texts = {key: prose.must_fill(text, known) for key, text in said.get("texts", {}).items()}
    outcomes = [
        o | {"reasons": {k: prose.must_fill(str(text), known) for k, text in o["reasons"].items()}}
        for o in said["outcomes"]
    ]
    return {"outcomes": outcomes} | ({"texts": texts} if texts else {})


def said_of(ruling: Ruling) -> dict[str, Any]:
    """What a decision says before it is printed: acts, petitions with their grounds, outcomes, norms cited."""
    rows = list(ruling.outcomes.select_related("petition").prefetch_related("petition__grounds"))
    petitions = [
        {"petition": o.petition.number, "grounds": [g.key for g in o.petition.grounds.all() if not g.struck]}
        for o in rows
    ]
    outcomes = [
        {"petition": o.petition.number, "outcome": o.outcome, "reasons": o.reasons, **({"answers": o.answers} if o.answers else {})}
        for o in rows
        if o.outcome
    ]  # fmt: skip
    texts = {key: text for key, text in ruling.written.items() if text.strip()}
    return {
        "decision": ruling.number, "acts": ruling.acts, "petitions": petitions, "outcomes": outcomes,
        "articles": ruling.articles, **({"own_motion": ruling.own_motion} if ruling.own_motion else {}),
        **({"breach": ruling.breach} if ruling.breach else {}),
        **({"texts": texts} if texts else {}),
    }  # fmt: skip


# --- the gate -----------------------------------------------------------------------------------------------
def whole(ruling: Ruling, passed_by: Person | None = None) -> dict[str, Any]:
    """The decision as the gate reads it: acts, print, and what the other parts of the room tell."""
    found: dict[str, Any] = said_of(ruling) | {k: ruling.print.get(k) for k in ("printed", "annexes")}
    if ruling.printed_of == sha256_of(said_of(ruling)):
        found |= ruling.print.get("words") or {}
    for told in SECTIONS:
        found |= told(ruling)
    signer = (passed_by or ruling.passed_by) if ruling.state == State.GATE else ruling.signed_by
    found["hands"] = {"drafted_by": named(ruling.drafted_by), "passed_by": named(signer) if signer else ""}
    signed = list(overriding(ruling))
    if signed:
        found["override"] = {
            "signatures": [named(o.by) for o in signed],
            "reasons": "\n".join(o.reasons for o in signed),
        }
    return found


def named(person: Person) -> str:
    """How the gate names a person: the code of a seat, else the name of the account."""
    found = BenchMember.objects.filter(person=person).values_list("code", flat=True).first()
    return str(found or person.username)


def overriding(ruling: Ruling) -> list[RulingOverride]:
    """Overrides of this very print; one of another print counts for nothing."""
    return list(ruling.overrides.filter(of=ruling.printed_of).select_related("by"))


def examine(ruling: Ruling, by: Person | None = None) -> gate.Verdict:
    """What the gate says of a draft now, on the records in force now. by: who would let it pass."""
    contest = Contest.objects.select_related("election__pack", "election__geography").get(pk=ruling.contest_id)
    return gate.examine(election_of(contest), whole(ruling, by), norms_of(contest))


@transaction.atomic
def to_gate(*, ruling: Ruling, by: Person) -> Ruling:
    """Bring a printed draft to the gate; its petitions follow. DIS-303 not printed, or acts changed since."""
    held = drafted(ruling, by)
    moved(held, State.GATE, by)
    for one in held.outcomes.select_related("petition"):
        if one.petition.state == Case.DRAFTED:
            steps.move(one.petition, Case.GATE, by, act=held.number)
    return held


@transaction.atomic
def back(*, ruling: Ruling, reason: str, by: Person) -> Ruling:
    """Send a draft back to who wrote it."""
    held = locked(ruling)
    require(by, PRESIDE, contest=held.contest_id)
    inside_ruling(by, held)
    moved(held, State.DRAFT, by, reason=reason)
    for one in held.outcomes.select_related("petition"):
        if one.petition.state == Case.GATE:
            steps.move(one.petition, Case.DRAFTED, by, why=reason)
    return held


@transaction.atomic
def override(*, ruling: Ruling, reasons: str, by: Person) -> RulingOverride:
    """Sign that a draft be signed although the gate refuses, with reasons. Two members, each once: DIS-305, DIS-306."""
    held = locked(ruling)
    require(by, BENCH, contest=held.contest_id)
    inside_ruling(by, held)
    verdict = examine(held, by)
    if held.state != State.GATE or verdict.allowed:
        raise rules.NothingToOverride
    if not reasons.strip() or held.overrides.filter(of=held.printed_of, by=by).exists():
        raise rules.NotOfTheBench
    made = RulingOverride.objects.create(
        ruling=held, of=held.printed_of, by=by, reasons=reasons.strip()[:2_000], at=timezone.now()
    )
    record(
        by=by,
        kind=kinds.RULING_OVERRIDDEN,
        subject=subject_of(held),
        after={"of": held.printed_of},
        reason=made.reasons[:400],
    )
    return made


def locked(ruling: Ruling) -> Ruling:
    return (
        Ruling.objects.select_for_update(of=("self",))
        .select_related("contest__election__pack", "drafted_by")
        .get(pk=ruling.pk)
    )


def writers(ruling: Ruling) -> frozenset[int]:
    """Everybody who wrote in a draft, its acts or its reasons, and not only who opened it."""
    kept_ = [kind.code for kind in (kinds.RULING_DRAFTED, kinds.RULING_WRITTEN)]
    acts = Told.objects.filter(subject=subject_of(ruling), kind__in=kept_).values_list("actor_id", flat=True)
    texts = RulingText.objects.filter(ruling=ruling).values_list("by", flat=True)
    return frozenset({ruling.drafted_by_id, *texts, *(pk for pk in acts if pk is not None)})


def moved(
    ruling: Ruling, to: State, by: Person, *, reason: str = "", document: str = "", passes: bool = False, **values: Any
) -> None:
    """Take a step of the table, told by the ledger with the decision as it then is."""
    start = State(ruling.state)
    right = RULING.moves[start, to].right if (start, to) in RULING.moves else ""
    stand = Drafted(
        state=start, printed=bool(ruling.printed_of) and ruling.printed_of == sha256_of(said_of(ruling)), passes=passes,
        drafters=writers(ruling),
    )  # fmt: skip
    done = Act(by=by.pk, right=right, reason=reason, document=document)
    after = {"from": start.value, "to": to.value, **({"digest": values["digest"]} if "digest" in values else {})}
    states.write(
        ruling, RULING, to, done, stand=stand,
        tells=lambda: record(by=by, kind=kinds.RULING_MOVED, subject=subject_of(ruling), after=after, reason=reason[:400], rows=[ruling]),
        **values,
    )  # fmt: skip
    if to is State.PUBLISHED:
        precedents.keep(ruling)


# --- signed, told, carried out ------------------------------------------------------------------------------
def changes_figures(ruling: Ruling, passage: str, reads: str, why: str) -> bool:
    """Would this be more than a clerical error: a passage that is not there, another number or place of one, another station or
    contestant, other words of what is decided, no reason."""
    parts: Mapping[str, Sequence[str]] = ruling.print.get("parts") or {}
    text = "\n".join(p for part in parts.values() for p in part)
    codes = set(ruling.contest.stations.values_list("code", flat=True)) if passage != reads else set()
    touched = {c for c in codes if (c in passage) != (c in reads)}
    there = bool(ruling.digest) and bool(passage.strip()) and passage.strip() in text and bool(why.strip())
    names = list(ruling.contest.options.values_list("name", flat=True))
    return not there or bool(touched) or not rules.clerical(passage.strip(), reads, parts, names)


@transaction.atomic
def correct(*, ruling: Ruling, passage: str, reads: str, why: str, by: Person) -> RulingCorrection:
    """Correct a clerical error of a signed text. DIS-309: it would change a figure, a station or an act."""
    held = locked(ruling)
    require(by, PRESIDE, contest=held.contest_id)
    inside_ruling(by, held)
    if changes_figures(held, passage, reads, why):
        raise rules.ChangesFigures
    made = RulingCorrection.objects.create(
        ruling=held, passage=passage.strip()[:2_000], reads=reads.strip()[:2_000], why=why.strip()[:400], by=by,
        at=timezone.now(),
    )  # fmt: skip
    record(
        by=by, kind=kinds.RULING_CORRECTED, subject=subject_of(held), reason=made.why,
        after={"passage": made.passage[:200], "reads": made.reads[:200]},
    )  # fmt: skip
    return made


@transaction.atomic
def pronounce(*, ruling: Ruling, minutes: str, by: Person) -> Ruling:
    """Read out in public session. minutes: the document of the hearing."""
    return told(ruling, State.PRONOUNCED, Case.PRONOUNCED, PRESIDE, by, document=minutes)


@transaction.atomic
def notify(*, ruling: Ruling, by: Person) -> Ruling:
    return told(ruling, State.NOTIFIED, Case.NOTIFIED, REGISTRY, by)


def published(*, ruling: Ruling, document: str, by: Person) -> Ruling:
    """Called by the publication of its public text (`publishing.publish`), which asked two persons, and by nothing else."""
    held = locked(ruling)
    moved(held, State.PUBLISHED, by, document=document)
    for one in held.outcomes.select_related("petition"):
        steps.move(one.petition, Case.PUBLISHED, None, act=held.number)
    return held


def told(ruling: Ruling, to: State, case: Case, right: str, by: Person, *, document: str = "") -> Ruling:
    held = locked(ruling)
    require(by, right, contest=held.contest_id)
    inside_ruling(by, held)
    moved(held, to, by, document=document)
    for one in held.outcomes.select_related("petition"):
        steps.move(one.petition, case, by, act=document or held.number)
    return held


def recomputed(ruling: Ruling) -> Recomputation:
    """The acts of a decision on the records in force now; what can no longer be done is left out, and changes the digest."""
    contest = Contest.objects.select_related("election__pack", "election__geography").get(pk=ruling.contest_id)
    return recompute(election_of(contest), {"decision": ruling.number, "acts": ruling.acts}, lenient=True)
