"""A decision signed, and its effect: the papers are sealed by the Court's keys, the acts carried out on the results once."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kalata.disputes import annexes
from kalata.disputes.models import Petition, Ruling, RulingOutcome
from kalata.disputes.papers import decisions
from kalata.disputes.papers.court import head, in_words
from kalata.disputes.queries import publications
from kalata.disputes.queries.elections import election_of, identified
from kalata.disputes.rules import acts as reading
from kalata.disputes.rules import rulings as rules
from kalata.disputes.rules.effect import Recomputation, sha256_of
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.gate import REFUSED
from kalata.disputes.rules.identifiers import Identifiers
from kalata.disputes.rules.rulings import State
from kalata.disputes.rules.steps import PRESIDE
from kalata.disputes.rules.steps import State as Case
from kalata.disputes.services import freezing, rulings, steps
from kalata.disputes.services.guarding import inside_ruling
from kalata.disputes.services.rulings import locked, moved, overriding, recomputed
from kalata.disputes.signing import court, papers, texts
from kalata.documents import services as documents
from kalata.documents.queries import content_of
from kalata.documents.rendering import Paper
from kalata.evidence import services as evidence
from kalata.evidence.rules.access import Access
from kalata.people.models import Person
from kalata.people.services import require
from kalata.results import court as door
from kalata.results.models import Decision
from kalata.results.rules.boxes import Box, Sheet, Standing
from kalata.results.rules.rulings import AlreadyCarriedOut, Order
from kalata.results.rules.rulings import Ruling as Signed
from kalata.results.services import rulings as results
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import jcs

PDF, XML = "application/pdf", "application/xml"
ON_GROUNDS, OVERRIDDEN = _("Sur les moyens"), _("Signature malgré les écarts du contrôle")
FORMULA, OF_ACT = _("DÉCIDE"), _("Acte « %(act)s »")
STATION, PLACE, VALID = _("Bureau"), _("Lieu"), _("Exprimés")
BOX, BEFORE, AFTER = _("Case"), _("Avant"), _("Après")
ONE_STATION, STATIONS = _("%(n)d bureau"), _("%(n)d bureaux")


@steps.facts
def passed(petition: Petition) -> dict[str, Any]:
    """What the table of a case asks of the gate: whether the decision on it has passed it, and is signed."""
    if petition.office_id is not None:
        return {}
    mine = RulingOutcome.objects.filter(petition=petition)
    return {"passes": mine.exclude(ruling__state__in=[State.DRAFT, State.GATE]).exists()}


@transaction.atomic
def sign(*, ruling: Ruling, by: Person) -> Ruling:
    """Sign what the gate lets pass, or what two members have overridden: PDF (PAdES) and Akoma Ntoso, the same decision.

    Raises: DIS-104 who drafted it, DIS-105 the gate refuses, DIS-304 the Court's keys are not open.
    """
    held = locked(ruling)
    require(by, PRESIDE, contest=held.contest_id)
    inside_ruling(by, held)
    verdict = rulings.examine(held, by)
    passes = held.state == State.GATE and verdict.signature != REFUSED
    if passes and not court.ready():
        raise rules.NoKeys
    decision = rulings.whole(held, by)
    at = court.now()
    ids = identified(held.contest, held.number, at.date())
    digest = sha256_of(decision)
    pdf, xml = ("", "") if not passes else sealed(held, decision, digest, ids, at, by)
    if passes:
        freezing.freeze(subject=rulings.subject_of(held), election=election_of(held.contest))
    moved(
        held, State.SIGNED, by, document=pdf, passes=passes, digest=digest, decision=decision, verdict=verdict.record(),
        pdf=pdf, xml=xml, signed_by_id=by.pk, passed_by_id=by.pk, signed_at=at,
    )  # fmt: skip
    for one in held.outcomes.select_related("petition"):
        if one.petition.state == Case.GATE:
            steps.move(one.petition, Case.SIGNED, by, act=held.number)
    return held


def sealed(
    ruling: Ruling, decision: dict[str, Any], digest: str, ids: Identifiers, at: Any, by: Person
) -> tuple[str, str]:
    """(PDF, XML) of a decision, signed and kept as evidence: their SHA-256."""
    keys = court.the_court()
    issued = documents.issue(paper(ruling, digest, ids, by), subject=f"ruling:{ruling.number}", by=by, at=at)
    plain = content_of(issued.sha256)
    pdf = papers.sign(plain, keys, at=at, reason=ruling.number, attached={"decision.json": jcs(decision)})
    parts = ruling.print["parts"]
    xml = texts.sign(texts.judgment(decision, ids, court=keys.seal.name, parts=parts), keys, at=at)
    out = []
    for data, media, name in ((pdf, PDF, "decision.pdf"), (xml, XML, "decision.xml")):
        one = evidence.keep_ours(data, media=media)
        evidence.join(sha256=one.sha256, subject=f"ruling:{ruling.number}", access=Access.STAFF, by=by, name=name)
        out.append(one.sha256)
    return out[0], out[1]


def paper(ruling: Ruling, digest: str, ids: Identifiers, by: Person) -> Paper:
    """The decision as it is printed: every word of it from the print that was frozen before the gate."""
    parts, lang = ruling.print["parts"], ruling.print.get("lang", "fr")
    say = in_words(lang)
    reasons = [decisions.Reasons(say(ON_GROUNDS), parts["reasons"])] if parts["reasons"] else []
    overridden = [f"{o.by.full_name} : {o.reasons}" for o in overriding(ruling)]
    if overridden:
        reasons.append(decisions.Reasons(say(OVERRIDDEN), overridden))
    one = decisions.Ruling(
        on=ids.on, ecli=ids.ecli, formation=[], visas=parts["visas"], facts=parts["facts"], reasons=reasons,
        formula=say(FORMULA), articles=parts["operative"], derived=parts["derived"],
        annexes=[annex(a, lang) for a in ruling.print["rows"]], signatures=[(by.full_name, "")], digest=digest,
    )  # fmt: skip
    return decisions.ruling(one, head(ruling.contest, lang, title=decisions.RULING_TITLE, number=ruling.number), lang)


def annex(rows: dict[str, Any], lang: str) -> decisions.Annex:
    """One annex, its rows those that the acts gave."""
    say = in_words(lang)
    title, act = say(annexes.TITLES[rows["kind"]]), Message(OF_ACT, {"act": rows["act"]}).text(lang)
    if rows["kind"] == reading.RECTIFIED:
        heads = [say(one) for one in (STATION, BOX, BEFORE, AFTER)]
        lines = [
            [" / ".join(r["station"]), r["field"], "" if r["before"] is None else str(r["before"]), str(r["after"])]
            for r in rows["rows"]
        ]
        return decisions.Annex(rows["annex"], title, act, heads, lines, [False, False, True, True])
    heads = [say(one) for one in (STATION, PLACE, VALID)]
    lines = [[" / ".join(r["station"]), ", ".join(r["area"]), str(r["figures"].get("valid", ""))] for r in rows["rows"]]
    count = Message(ONE_STATION if rows["count"] == 1 else STATIONS, {"n": rows["count"]}).text(lang)
    total = [count, "", str(rows["totals"]["figures"].get("valid", 0))]
    return decisions.Annex(rows["annex"], title, act, heads, lines, [False, False, True], total)


# --- the effect ---------------------------------------------------------------------------------------------
@transaction.atomic
def apply(*, ruling: Ruling, by: Person) -> Decision:
    """Carry a published decision out on the results, through their one door. Done twice: refused there (RES-341).

    Raises: DIS-308 the records changed since, so that its acts no longer give the totals that it prints.
    """
    held = locked(ruling)
    require(by, "results.decide", contest=held.contest_id)
    inside_ruling(by, held)
    if held.state == State.APPLIED:
        raise AlreadyCarriedOut(number=held.number)
    done = recomputed(held)
    if held.print.get("recomputation") != done.digest:
        raise rules.FiguresMoved(number=held.number)
    assert held.signed_by_id is not None
    signed = Signed(
        number=held.number, digest=held.digest, signed_by=held.signed_by_id, words=publications.words_of(held), orders=orders(done),
        acts=held.acts, petitions=[o.petition.number or "" for o in held.outcomes.select_related("petition")],
        reruns=reruns(held.acts),
    )  # fmt: skip
    decision = results.carry_out(contest=held.contest, ruling=signed, by=by)
    moved(held, State.APPLIED, by, document=held.number)
    for one in held.outcomes.select_related("petition"):
        steps.move(one.petition, Case.APPLIED, None, act=held.number)
    return decision


def orders(done: Recomputation) -> list[Order]:
    """What the acts make of each station, the last act of a station saying its reason."""
    kinds = {at: step for step in done.plan.steps for at in step.stations}
    out = []
    for at, step in sorted(kinds.items()):
        standing = Standing(done.after.standing[at])
        changed = any(at in s.stations for s in done.plan.steps if s.kind == reading.RECTIFIED)
        act = str(step.raw.get("act", step.kind.upper()))
        sheet = sheet_of(done.after, at) if changed else None
        out.append(
            Order(done.before.keys[at][0], act, standing, sheet, before_of(done, at), str(step.raw.get("ground", "")))
        )
    return out


def before_of(done: Recomputation, at: int) -> dict[str, int | None]:
    """What the decision says stands in the boxes that it corrects."""
    out: dict[str, int | None] = {}
    for step in done.plan.steps:
        for change in step.changes:
            if change.station == at:
                name = change.box.value if change.box is not None else f"c{change.option + 1}"
                out.setdefault(name, None if change.before < 0 else change.before)
    return out


def sheet_of(election: Election, at: int) -> Sheet:
    boxes = {Box(b): none(c[at]) for b, c in zip(election.boxes, election.figures, strict=True)}
    return Sheet(boxes, tuple(none(c[at]) for c in election.votes))


def none(value: int) -> int | None:
    return None if value < 0 else value


def reruns(acts: list[dict[str, Any]]) -> list[str]:
    """The stations that an act orders to vote again, by their codes."""
    ordered = [a.get("stations") or () for a in acts if a.get("act") == "RERUN_ORDER"]
    return list(dict.fromkeys(str(key[0]) for keys in ordered for key in keys if key))


def digest_of(number: str) -> str | None:
    """The digest of a signed decision, for the room of results."""
    return Ruling.objects.filter(number=number).exclude(digest="").values_list("digest", flat=True).first()


door.keep(digest_of)
