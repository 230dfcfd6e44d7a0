"""The papers of a hearing, and the certified copy of a piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kalata.disputes.papers.court import in_words, instant
from kalata.disputes.papers.registry import Piece
from kalata.documents.rendering import Head, Paper, picture
from kalata.documents.rules.content import grouped
from kalata.text import gettext_noop as _

CAUSES_TITLE = _("Rôle d’audience")
MINUTES_TITLE = _("Procès-verbal d’audience")
COPY_TITLE = _("Copie certifiée conforme")


@dataclass(frozen=True, slots=True)
class Cause:
    """A case on the list: what its parties are called where the law lets them be named, else "" ."""

    number: str
    roll: str
    about: str
    parties: str
    rapporteur: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A hearing. closed: why the public is not admitted, "" where it is. access: interpreters, ramp, large print."""

    starts: datetime
    place: str
    closed: str = ""
    access: str = ""


def about(one: Sitting, lang: str) -> list[list[str]]:
    say = in_words(lang)
    public = say(_("publique")) if not one.closed else f"{say(_('à huis clos'))} : {one.closed}"
    return [
        [say(_("Ouverture")), instant(one.starts, lang)],
        [say(_("Lieu")), one.place],
        [say(_("Audience")), public],
        *([[say(_("Accueil")), one.access]] if one.access else []),
    ]


def cause_list(sitting: Sitting, causes: Sequence[Cause], signed: Sequence[str], head: Head, lang: str) -> Paper:
    """The list that is posted before a hearing."""
    say = in_words(lang)
    reported = any(c.rapporteur for c in causes)
    heads = [say(_("Ordre")), say(_("Affaire")), say(_("Rôle")), say(_("Objet")), say(_("Parties"))]
    data = {
        "rows": about(sitting, lang),
        "heads": [*heads, *([say(_("Rapporteur"))] if reported else [])],
        "reported": reported,
        "causes": [
            [str(n), c.number, c.roll, c.about, c.parties or say(_("non nommées")), *([c.rapporteur] if reported else [])]
            for n, c in enumerate(causes, 1)
        ],
        "none": say(_("Aucune affaire n’est inscrite.")),
        "notes": [
            say(_("Les affaires sont appelées dans cet ordre ; le président peut le changer à l’audience.")),
            say(_("Une partie empêchée prévient le greffe avant l’ouverture.")),
        ],
        "signed": list(signed),
    }  # fmt: skip
    return Paper("court-causes", head, data, lang)


@dataclass(frozen=True, slots=True)
class Called:
    """A case as it was called: who spoke, in order, and what was then said to be done."""

    number: str
    spoke: Sequence[tuple[str, str]]
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """Minutes of a hearing. bench, parties: (name, quality). audio: SHA-256 of the recording, "" without one."""

    sitting: Sitting
    closed_at: datetime | None
    bench: Sequence[tuple[str, str]]
    parties: Sequence[tuple[str, str]]
    called: Sequence[Called]
    incidents: Sequence[str] = field(default_factory=tuple)
    audio: str = ""
    signatures: Sequence[tuple[str, str]] = field(default_factory=tuple)


def minutes(one: Minutes, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    audio = grouped(one.audio, 8) if one.audio else say(_("aucun"))
    data = {
        "rows": [*about(one.sitting, lang), [say(_("Levée")), instant(one.closed_at, lang)]],
        "w_bench": say(_("La formation")), "w_parties": say(_("Les parties présentes")),
        "person_heads": [say(_("Nom")), say(_("Qualité"))],
        "bench": [list(p) for p in one.bench], "parties": [list(p) for p in one.parties],
        "nobody": say(_("Personne ne s’est présenté.")),
        "w_called": say(_("Affaires appelées")),
        "called": [{"number": c.number, "spoke": [list(s) for s in c.spoke], "then": c.then} for c in one.called],
        "w_incidents": say(_("Incidents et demandes d’acte")), "incidents": list(one.incidents),
        "w_audio": say(_("Empreinte SHA-256 de l’enregistrement")), "audio": audio,
        "signatures": [list(s) for s in one.signatures],
    }  # fmt: skip
    return Paper("court-minutes", head, data, lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A certified copy. pictures: the pages of the piece as the house drew them (PNG); held: where the original lies."""

    case: str
    piece: Piece
    received: datetime
    held: str
    asked_by: str
    by: Sequence[str]
    pictures: Sequence[bytes] = ()


def certified(one: Certified, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    names = [f"page{n}.svg" for n in range(1, len(one.pictures) + 1)]
    page = say(_("Page %(n)s de la pièce copiée"))
    data = {
        "says": say(_("Le greffe certifie que les pages qui suivent sont la copie de la pièce ci-dessous, telle qu’elle est gardée au dossier.")),
        "rows": [
            [say(_("Affaire")), one.case],
            [say(_("Pièce")), f"{one.piece.number} · {one.piece.name}"],
            [say(_("Reçue le")), instant(one.received, lang)],
            [say(_("Pages")), str(one.piece.pages or "–")],
            [say(_("Original")), one.held],
            [say(_("Copie demandée par")), one.asked_by],
        ],
        "w_sha256": say(_("Empreinte SHA-256 de la pièce gardée")), "sha256": grouped(one.piece.sha256, 8),
        "note": say(_("Quiconque a le fichier de la pièce peut en calculer l’empreinte et la comparer. L’empreinte est celle du fichier gardé, non celle de cette copie.")),
        "signed": list(one.by),
        "pages": [{"file": name, "alt": page % {"n": n}} for n, name in enumerate(names, 1)],
        "none": say(_("Cette pièce n’a pas de pages qui s’impriment : l’empreinte ci-dessus la désigne.")),
    }  # fmt: skip
    return Paper(
        "court-copy", head, data, lang, {name: picture(png) for name, png in zip(names, one.pictures, strict=True)}
    )
