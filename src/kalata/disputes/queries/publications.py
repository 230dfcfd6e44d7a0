"""The public text of decisions: what everybody reads of them, and what the publisher works from.

`in_force`, `versions`, `current` and `annexes` are all that a public page needs: they give nothing that is not public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from kalata.disputes.models import BenchMember, PlainSummary, Publication, Redaction, Ruling
from kalata.disputes.papers.court import institution_of
from kalata.disputes.queries.elections import identified
from kalata.disputes.rules import redaction
from kalata.disputes.rules.effect import sha256_of
from kalata.disputes.rules.publications import OUT, NotPrepared, State
from kalata.disputes.rules.redaction import Facts, Passage, Policy
from kalata.text import Message, fold
from kalata.text import gettext_noop as _

WITHHELD = _("motif occulté depuis")
SUMMARIES = Prefetch("summaries", PlainSummary.objects.order_by("pk"))


# --- what everybody reads -----------------------------------------------------------------------------------
def in_force() -> QuerySet[Publication]:
    """The version in force of each published decision, the last first. Nothing of a draft is here."""
    found = Publication.objects.filter(state=State.PUBLISHED).select_related("ruling__contest__election")
    return found.prefetch_related(SUMMARIES).order_by("-published_at", "-pk")


def current(number: str) -> Publication:
    """The version in force of the decision of this number. Publication.DoesNotExist."""
    return in_force().get(ruling__number=number)


def versions(ruling_id: int) -> QuerySet[Publication]:
    """Every version that was public one day, the last first: of a withdrawn one its line is shown and never its text."""
    return Publication.objects.filter(ruling=ruling_id, state__in=OUT).order_by("-version")


def why_of(version: Publication, now: Publication | None) -> str:
    """The reason of a version as everybody reads it today; WITHHELD where it says a word that the text in force takes out."""
    if now is None or not version.why or version.pk == now.pk:
        return version.why
    hidden = passages(now)
    left = redaction.left(text_of(now.ruling), hidden, {"why": [version.why]})
    return WITHHELD if left else version.why


def annexes(publication: Publication) -> Sequence[Mapping[str, Any]]:
    """The annexes of a published decision, whole: nothing is ever taken out of them."""
    rows: Sequence[Mapping[str, Any]] = publication.ruling.print.get("rows", ())
    return rows


def words_of(ruling: Ruling) -> str:
    """Why, in a sentence, as everybody reads it of a published decision: without what was taken out of it."""
    return " ".join(public_of(ruling).get("words", ()))


def public_of(ruling: Ruling) -> Mapping[str, Sequence[str]]:
    """The public text of a decision by section, as its version in force has it; empty where none is in force."""
    one = Publication.objects.filter(ruling=ruling, state=State.PUBLISHED).first()
    found: Mapping[str, Sequence[str]] = ((one.public if one else None) or {}).get("text", {})
    return found


READS = _("Au lieu de « %(passage)s », lire « %(reads)s ».")


def language(ruling: Ruling) -> str:
    """That of the Court's text."""
    return str(ruling.print.get("lang", "fr"))


# --- what the publisher works from --------------------------------------------------------------------------
def text_of(ruling: Ruling) -> dict[str, list[str]]:
    """The full text of a signed decision by section, with the clerical corrections made since."""
    parts = ruling.print.get("parts") or {}
    text = {name: [str(p) for p in parts.get(name, ())] for name in redaction.SECTIONS}
    text["words"] = [ruling.words] if ruling.words else []
    text["overrides"] = [o.reasons for o in ruling.overrides.filter(of=ruling.printed_of).order_by("pk")]
    said = [{"passage": c.passage, "reads": c.reads} for c in ruling.corrections.order_by("pk")]
    text["corrections"] = [Message(READS, one).text(language(ruling)) for one in said]
    return text


def full_digest(ruling: Ruling, salt: str) -> str:
    """SHA-256 of the salt and the full text: whoever has both computes it; a guess of a name cannot be tried on it."""
    return sha256_of(
        {"salt": salt, "number": ruling.number, "text": text_of(ruling), "pdf": ruling.pdf, "xml": ruling.xml}
    )


def passages(publication: Publication, *, decision: str = "hide") -> list[Passage]:
    return [passage(r) for r in publication.redactions.all() if r.decision == decision]


def passage(row: Redaction) -> Passage:
    return Passage(row.section, row.paragraph, row.start, row.end, row.reason, row.rule)


def document(publication: Publication) -> dict[str, Any]:
    """The public text as it is hashed, attached and served: all that is public of the decision but its annexes' rows."""
    ruling = publication.ruling
    hidden = passages(publication)
    day = ruling.signed_at.date() if ruling.signed_at else publication.at.date()
    ids = identified(ruling.contest, ruling.number, day)
    outcomes = (ruling.decision or {}).get("outcomes", ())
    return {
        "number": ruling.number, "ecli": ids.ecli, "work": ids.work, "date": ids.on.isoformat(), "contest": ruling.contest.code,
        "version": publication.version, "why": publication.why, "withdraws": publication.withdraws,
        "text": redaction.public_text(text_of(ruling), hidden, language(ruling)),
        "outcomes": [{"petition": o["petition"], "outcome": o["outcome"]} for o in outcomes],
        "annexes": [{"annex": a["annex"], "stations": a["count"]} for a in ruling.print.get("annexes", ())],
        "annexes_sha256": sha256_of(ruling.print.get("rows", [])),
        "recomputation": ruling.print.get("recomputation", ""),
        "full_sha256": publication.full_digest, "signed_pdf_sha256": ruling.pdf, "signed_xml_sha256": ruling.xml,
        "redactions": [{"section": p.section, "paragraph": p.paragraph, "reason": p.reason} for p in hidden],
    }  # fmt: skip


def policy_of(ruling: Ruling) -> Policy:
    pack = ruling.contest.election.pack
    court = institution_of(pack)
    details = next((r.get("details") for r in pack.pack.records("institutions") if r.get("id") == court), None)
    return redaction.policy_of(details.get("publication") if isinstance(details, Mapping) else None)


def facts_of(ruling: Ruling, policy: Policy) -> Facts:
    """What the records of the case know: who is private, who stays named, what is never taken out."""
    rows = [
        party
        for o in ruling.outcomes.select_related("petition").prefetch_related("petition__parties")
        for party in o.petition.parties.all()
    ]
    apart = [
        p
        for p in rows
        if p.role != "authority"
        and p.kind not in policy.named
        and not (p.role == "counsel" and "counsel" in policy.named)
    ]
    reason = {"voter": "voter", "elector": "voter", "witness": "witness"}
    private = [(p.name, reason.get(p.kind, "private_person")) for p in apart]
    for p in rows:
        private += [(p.phone, "phone"), (p.email, "email"), (p.address, "address"), (p.elected, "address")]
    contest = ruling.contest
    institutions = contest.election.pack.pack.records("institutions")
    names = [
        *contest.options.values_list("name", flat=True), *(str(r.get("name_fr")) for r in institutions),
        *BenchMember.objects.values_list("person__full_name", flat=True), *(p.name for p in rows if p not in apart),
    ]  # fmt: skip
    kept = {*contest.stations.values_list("code", flat=True), ruling.number}
    kept |= {o.petition.number or "" for o in ruling.outcomes.select_related("petition")}
    return Facts(
        private=[(w, r) for w, r in private if w.strip()], public=[n for n in names if n.strip()],
        kept=frozenset(fold(code) for code in kept if code), figures=frozenset(figures(ruling)),
    )  # fmt: skip


def figures(ruling: Ruling) -> list[int]:
    """The whole numbers that the decision prints."""
    said = ruling.print.get("printed") or {}
    values = [c.get("value") for c in said.get("counts", ())]
    values += [*(said.get("figures") or {}).values(), *(said.get("votes") or {}).values()]
    return [v for v in values if isinstance(v, int) and not isinstance(v, bool)]


def prepared(ruling: Ruling) -> Publication:
    """The version that is being prepared. DIS-851: none is."""
    one = ruling.publications.filter(state__in=[State.DRAFT, State.PROPOSED]).first()
    if one is None:
        raise NotPrepared(number=ruling.number)
    return one
