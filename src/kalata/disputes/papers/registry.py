"""The papers of the registry: receipt of a petition, notice to cure, letter of service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kalata.disputes.papers.court import in_words, instant
from kalata.documents.rendering import Head, Paper, square
from kalata.documents.rules.content import grouped
from kalata.text import gettext_noop as _
from kalata.text import whole

RECEIPT_TITLE = _("Récépissé de dépôt de requête")
CURE_TITLE = _("Invitation à régulariser une requête")
SERVICE_TITLE = _("Notification")
NOT_A_RULING = _("Ce récépissé constate un dépôt et son instant. Il n’est pas une décision sur la recevabilité.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece deposited. pages: 0 where pages have no meaning."""

    number: str
    name: str
    sha256: str
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """One reading of a time limit, in the words of the reader: how it is counted, its end, what it makes of the deposit."""

    rule: str
    ends: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a counter gives for a petition.

    clock, drift: where the instant came from and how far it stood from the Court's. root: Merkle root of the file;
    square: the text that a phone verifies without network; signature, key: of the counter, hexadecimal; token: what is
    said of the time-stamp, "" without one.
    """

    number: str
    petitioners: Sequence[str]
    capacity: str
    about: str
    grounds: Sequence[str]
    counter: str
    clerk: str
    channel: str
    received: datetime
    clock: str
    drift: str
    pieces: Sequence[Piece]
    limits: Sequence[Limit]
    root: str
    square: str
    signature: str = ""
    key: str = ""
    token: str = ""
    ticket: str = ""
    late_note: str = ""


def receipt(one: Receipt, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    rows = [
        [say(_("Déposant")), "\n".join(one.petitioners)],
        [say(_("Agissant comme")), one.capacity],
        [say(_("Acte attaqué")), one.about],
        [say(_("Moyens")), "\n".join(one.grounds) or "–"],
        [say(_("Guichet")), one.counter],
        [say(_("Reçue par")), f"{one.clerk}, {one.channel}"],
        [say(_("Horloge")), " · ".join(p for p in (one.clock, one.drift) if p)],
        *([[say(_("Ticket de file")), one.ticket]] if one.ticket else []),
    ]
    proof = [
        [say(_("Racine du dossier")), grouped(one.root, 8)],
        [say(_("Signature du guichet")), grouped(one.signature, 8) or "–"],
        [say(_("Clé du guichet")), grouped(one.key, 8) or "–"],
        [say(_("Jeton d’horodatage")), one.token or say(_("aucun : sans autorité d’horodatage à ce guichet"))],
    ]
    data = {
        "w_instant": say(_("Instant du dépôt")),
        "instant": instant(one.received, lang, seconds=True),
        "rows": rows,
        "w_limits": say(_("Délai, selon chaque lecture")),
        "limit_heads": [say(_("Lecture")), say(_("Fin du délai")), say(_("Cette requête"))],
        "limits": [[x.rule, x.ends, x.verdict] for x in one.limits],
        "no_limits": say(_("Aucun délai n’a pu être calculé au guichet : le greffe le fera.")),
        "notice": say(NOT_A_RULING),
        "w_pieces": say(_("Pièces déposées")),
        "piece_heads": [say(_("N°")), say(_("Pièce")), say(_("Pages")), "SHA-256"],
        "pieces": [[p.number, p.name, str(p.pages or "–"), grouped(p.sha256, 16)] for p in one.pieces],
        "count": say(_("Pièces : %(n)s · pages : %(pages)s"))
        % {"n": whole(len(one.pieces), lang), "pages": whole(sum(p.pages for p in one.pieces), lang)},
        "w_proof": say(_("Preuve du dépôt")),
        "proof": proof,
        "w_offline": say(_("Ce carré se vérifie sans réseau : numéro, instant et racine du dossier, signés par le guichet.")),
    }  # fmt: skip
    return Paper("court-receipt", head, data, lang, {"proof.svg": square(one.square)})


@dataclass(frozen=True, slots=True)
class Defect:
    """What is to be cured: what is lacking, the article, what to do."""

    what: str
    article: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter of the registry. to: name and address, a line each; signed: office and name, a line each."""

    to: Sequence[str]
    place: str
    on: str
    signed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """A notice to cure. until: the last instant, where it is a day and an hour; term: else how long, in words; order: the act
    or article that sets it."""

    letter: Letter
    case: str
    defects: Sequence[Defect]
    until: datetime | None = None
    term: str = ""
    order: str
    where: str = ""


def cure(one: Cure, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    data = {
        **letter(one.letter, lang),
        "greeting": say(_("Votre requête n° %(case)s a été enregistrée. À la lecture, ce qui suit lui manque et peut encore être apporté :"))
        % {"case": one.case},
        "first": True,
        "heads": [say(_("Ce qui manque")), say(_("Article")), say(_("Ce qu’il faut faire"))],
        "rows": [[d.what, d.article, d.remedy] for d in one.defects],
        "box": say(_("Vous avez jusqu’au %(until)s.")) % {"until": instant(one.until, lang)} if one.until
        else say(_("À compter du moment où cette lettre vous est remise : %(term)s.")) % {"term": one.term or one.order},
        "box_note": say(_("Délai fixé par : %(order)s.")) % {"order": one.order},
        "paragraphs": [
            *([say(_("Déposez à : %(where)s.")) % {"where": one.where}] if one.where else []),
            say(_("L’instant du premier dépôt ne change pas : ce que vous apportez le complète.")),
            say(_("Passé ce terme, la requête est examinée telle qu’elle est. Aucune requête n’est rejetée par le greffe : la formation décide.")),
        ],
        "pieces": [], "piece_heads": [], "w_pieces": "", "slip": [], "w_slip": "",
    }  # fmt: skip
    return Paper("court-cure", head, data, lang)


def letter(one: Letter, lang: str) -> dict[str, object]:
    say = in_words(lang)
    return {
        "w_to": say(_("À")), "to": list(one.to), "dated": ", ".join(p for p in (one.place, one.on) if p),
        "signed": list(one.signed),
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A letter that serves a paper on a party. term: how long it has, in words, "" where nothing is asked of it; mode:
    how it is brought; limits: the end of the term by each reading, once the instant of service is known."""

    letter: Letter
    case: str
    paper: str
    filed: datetime
    mode: str
    pieces: Sequence[Piece] = ()
    term: str = ""
    order: str = ""
    limits: Sequence[Limit] = field(default_factory=tuple)


def service(one: Served, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    term = [say(_("Le délai court, pour vous seul, de l’instant où ce papier vous est remis."))] if one.term else []
    data = {
        **letter(one.letter, lang),
        "greeting": say(_("Dans l’affaire n° %(case)s, la Cour vous notifie : %(paper)s, versé au dossier le %(filed)s."))
        % {"case": one.case, "paper": one.paper, "filed": instant(one.filed, lang)},
        "first": False,
        "heads": [say(_("Lecture")), say(_("Fin du délai")), ""] if one.limits else [],
        "rows": [[x.rule, x.ends, x.verdict] for x in one.limits],
        "box": say(_("Vous pouvez répondre par écrit : %(term)s.")) % {"term": one.term} if one.term else "",
        "box_note": say(_("Délai fixé par : %(order)s.")) % {"order": one.order} if one.order else "",
        "paragraphs": [
            *term,
            say(_("Votre réponse sera communiquée aux autres parties. Vous pouvez consulter le dossier au greffe, ou dans l’espace des parties.")),
        ],
        "w_pieces": say(_("Pièces jointes")),
        "piece_heads": [say(_("N°")), say(_("Pièce")), say(_("Pages")), "SHA-256"],
        "pieces": [[p.number, p.name, str(p.pages or "–"), grouped(p.sha256, 16)] for p in one.pieces],
        "w_slip": say(_("Preuve de remise (%(mode)s) : à rendre au greffe")) % {"mode": one.mode},
        "slip": [
            [say(_("Affaire")), one.case], [say(_("Papier")), one.paper], [say(_("Destinataire")), one.letter.to[0]],
            [say(_("Remis le, à (jour, heure, minute)")), ""], [say(_("Lieu")), ""],
            [say(_("Reçu par (nom, qualité, signature)")), ""], [say(_("Remis par (nom, qualité, signature)")), ""],
        ],
    }  # fmt: skip
    return Paper("court-service", head, data, lang)
