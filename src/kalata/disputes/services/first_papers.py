"""The papers of first instance: the receipt, letters of service, the decision to be signed by hand."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.disputes.models import FirstRuling, Petition
from kalata.disputes.papers import court
from kalata.disputes.queries import offices as queries
from kalata.disputes.queries.law import norms_of
from kalata.disputes.rules import offices as rules
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.recourse import ABOUT_LABELS
from kalata.disputes.rules.steps import PRESIDE, REGISTRY
from kalata.disputes.services import issuing
from kalata.disputes.services.guarding import require_right
from kalata.disputes.services.steps import subject_of
from kalata.documents import services as documents
from kalata.documents.models import IssuedDocument
from kalata.documents.rendering import Paper
from kalata.people.models import Person
from kalata.text import gettext_noop as _
from kalata.text import long_date

TITLE = _("Décision")


def keeper(petition: Petition, by: Person) -> None:
    """PEO-101, asked before a file is kept."""
    require_right(by, REGISTRY, petition)


def signer(petition: Petition, by: Person) -> None:
    require_right(by, PRESIDE, petition)


def issue(*, petition: Petition, what: str, lang: str, by: Person, service_id: int | None = None) -> IssuedDocument:
    """Issue a paper of a case of first instance. PEO-101; DIS-904 no decision is written, DIS-909 or not adopted; Service.DoesNotExist none such."""
    keeper(petition, by)
    if what == "decision":
        return decision(petition=petition, lang=lang, by=by)
    if what == "letter":
        return issuing.letter(petition=petition, service_id=service_id or 0, lang=lang, by=by)
    return issuing.receipt(petition=petition, lang=lang, by=by)


@transaction.atomic
def decision(*, petition: Petition, lang: str, by: Person) -> IssuedDocument:
    """The decision as it stands, printed from what was written: to be signed by hand, or as it was."""
    ruling = FirstRuling.objects.filter(petition=petition).select_related("signed_by").first()
    if ruling is None:
        raise rules.NothingWritten(case=petition.number)
    if not queries.adopted(petition, ruling):
        raise rules.NotAdoptedYet(case=petition.number)
    return documents.issue(sheet(petition, ruling, lang), subject=f"{subject_of(petition)}.d", by=by)


def sheet(petition: Petition, ruling: FirstRuling, lang: str) -> Paper:
    say = court.in_words(lang)
    assert petition.office is not None
    body = queries.law_of(petition)
    on = timezone.localtime(ruling.signed_at or ruling.at).date()
    grounds = list(petition.grounds.filter(struck=False).order_by("pk"))
    parties = [p.name for p in petition.parties.filter(struck=False, role="petitioner")]
    norms = norms_of(petition.contest)
    cited = [str(norms.book.text_name(n.law) if (n := norms.book.get(one)) else one) for one in ruling.articles]
    ordered = [say(rules.orders_of(petition.about).get(ruling.order, ruling.order)), *ruling.words.splitlines()] if ruling.order else []
    ballot = queries.ballot_of(ruling)
    data = {
        "speaks": petition.office.name, "ecli": "", "public": petition.number or "", "on": long_date(on, lang),
        "visas": [
            f"{say(_('Vu la requête n°'))} {petition.number} ({say(ABOUT_LABELS.get(petition.about, petition.about))}), {', '.join(parties)}",
            *[f"{say(_('Vu'))} {one} ({text})" if text != one else f"{say(_('Vu'))} {one}" for one, text in zip(ruling.articles, cited, strict=True)],
        ],
        "w_facts": say(_("Sur les faits et la procédure")), "facts": [ruling.breach] if ruling.breach else [],
        "reasons": [
            {"heading": f"{g.key} · {say(GROUNDS.get(g.code, g.code))}", "paragraphs": ruling.reasons.get(g.key, "–").splitlines()} for g in grounds
        ],
        "formula": say(_("Décide :")),
        "articles": [["1", say(rules.OUTCOMES[ruling.outcome])], *[[str(n), text] for n, text in enumerate(ordered, 2) if text.strip()]],
        "w_formation": say(_("Ont voté sur ce texte")),
        "formation": [] if body.decides == rules.JUDGE else [[say(_("pour")), str(ballot.ayes)], [say(_("contre")), str(ballot.noes)]],
        "signatures": [[say(_("Le juge")) if body.decides == rules.JUDGE else say(_("Le président")), ""]],
        "annexes": [], "w_digest": say(_("Empreinte du texte voté")), "digest": ruling.of, "proof": [],
        "notice": [say(_("À signer à la main ; l’exemplaire numérisé est joint au dossier."))] if not ruling.signed_at else [],
    }  # fmt: skip
    head = court.head(
        petition.contest, lang, title=TITLE, number=ruling.number or "", desk=petition.office.code, body=petition.office.body
    )
    return Paper(queries.DECISION_PAPER, head, data, lang)
