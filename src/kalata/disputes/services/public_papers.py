"""The public papers of a decision: another file than the signed original, under a seal of its own, and it says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kalata.disputes.models import Publication
from kalata.disputes.papers import decisions
from kalata.disputes.papers.court import head, in_words
from kalata.disputes.queries.elections import identified
from kalata.disputes.queries.publications import language
from kalata.disputes.rules.effect import sha256_of
from kalata.disputes.rules.identifiers import Identifiers
from kalata.disputes.services.executing import FORMULA, ON_GROUNDS, OVERRIDDEN, PDF, XML, annex
from kalata.disputes.services.rulings import subject_of
from kalata.disputes.signing import court, papers, texts
from kalata.documents import services as documents
from kalata.documents.queries import content_of
from kalata.documents.rendering import Paper
from kalata.evidence import services as evidence
from kalata.evidence.rules.access import Access
from kalata.people.models import Person
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import jcs

JSON = "publication.json"
HEADED = ((ON_GROUNDS, "reasons"), (OVERRIDDEN, "overrides"), (_("Rectifications matérielles"), "corrections"))


def sealed(publication: Publication, said: Mapping[str, Any], at: datetime, by: Person) -> tuple[str, str]:
    """(PDF, XML) of the public text, sealed and kept for everybody: their SHA-256. said: the text as it was decided."""
    ruling, keys = publication.ruling, court.the_court()
    subject, name = subject_of(ruling), f"{ruling.number.replace('/', '-')}-public-v{publication.version}"
    ids = identified(ruling.contest, ruling.number, ruling.signed_at.date() if ruling.signed_at else at.date())
    issued = documents.issue(paper(publication, said, ids), subject=subject, by=by, at=at, access=Access.STAFF)
    plain = content_of(issued.sha256)
    reason = f"{ruling.number}, texte public, version {publication.version}"
    pdf = papers.sign(plain, keys, at=at, reason=reason, attached={JSON: jcs(dict(said))})
    xml = texts.sign(
        texts.judgment(bare(ruling.decision or {}), ids, court=keys.seal.name, parts=parts(said)), keys, at=at
    )
    out = []
    for data, media, ending in ((pdf, PDF, "pdf"), (xml, XML, "xml")):
        one = evidence.keep_ours(data, media=media)
        evidence.join(sha256=one.sha256, subject=subject, access=Access.PUBLIC, by=by, name=f"{name}.{ending}")
        out.append(one.sha256)
    return out[0], out[1]


def bare(decision: Mapping[str, Any]) -> dict[str, Any]:
    """The structured decision without a word of its reasons: acts, totals and annexes, which are public whole."""
    outcomes = [{k: v for k, v in o.items() if k != "reasons"} for o in decision.get("outcomes", ())]
    return {k: v for k, v in decision.items() if k not in ("outcomes", "override", "own_motion")} | {
        "outcomes": outcomes
    }


def parts(said: Mapping[str, Any]) -> dict[str, list[str]]:
    text = said["text"]
    reasons = [*text["reasons"], *text["overrides"], *text["corrections"]]
    return {"visas": text["visas"], "facts": text["facts"], "reasons": reasons, "operative": text["operative"]}


def paper(publication: Publication, said: Mapping[str, Any], ids: Identifiers) -> Paper:
    """The public text as it is printed, with both hashes and that of the signed original."""
    ruling, text = publication.ruling, said["text"]
    lang = language(ruling)
    say = in_words(lang)
    signer = ruling.signed_by
    one = decisions.Ruling(
        on=ids.on, ecli=ids.ecli, formation=[], visas=text["visas"], facts=text["facts"],
        reasons=[decisions.Reasons(say(title), text[key]) for title, key in HEADED if text[key]],
        formula=say(FORMULA), articles=text["operative"], derived=text["derived"],
        annexes=[annex(a, lang) for a in ruling.print["rows"]], signatures=[(signer.full_name, "")] if signer else [],
        public=say(_("texte public, version %(n)d")) % {"n": publication.version},
        notice=[
            say(_("Ceci est le texte public de la décision, et non son original signé : les passages entre crochets ont été occultés.")),
            *([f"{say(_('Cette version remplace la précédente'))} : {publication.why}"] if publication.why else []),
        ],
        proof=[
            (say(_("Empreinte du texte public (SHA-256)")), sha256_of(said)),
            (say(_("Empreinte du texte entier, avec son sel (SHA-256)")), publication.full_digest),
            (say(_("Empreinte de l’original signé, PDF (SHA-256)")), ruling.pdf),
        ],
        digest=said["recomputation"],
    )  # fmt: skip
    made = decisions.ruling(one, head(ruling.contest, lang, title=decisions.PUBLIC_TITLE, number=ruling.number), lang)
    return Paper("court-public", made.head, made.data, made.lang)


def taken_back(publication: Publication, why: str, by: Person) -> None:
    """The papers of a withdrawn version are no longer everybody's; they stay, for who may read the full text."""
    for sha256 in (
        publication.pdf,
        publication.xml,
        *publication.summaries.exclude(pdf="").values_list("pdf", flat=True),
    ):
        evidence.reclass(sha256=sha256, subject=subject_of(publication.ruling), access=Access.STAFF, reason=why, by=by)
