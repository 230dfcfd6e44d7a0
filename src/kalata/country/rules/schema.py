"""What a country pack is made of: its sections, their fields, and what each must be.

A pack fully defines a country. Every record carries `source` (ids of the `sources` section)
and `confidence`: a fact without a source is refused, a fact that nobody has read in the text
is shown as unverified. Adding a country is adding a folder; nothing here knows one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kalata.text import gettext_noop as _


class Confidence(StrEnum):
    """How far a fact has been seen. Only the first may drive an automatic decision unflagged."""

    TEXT_SEEN = "text seen"
    SECONDARY = "secondary source"
    MEMORY = "from memory, verify"
    FICTIONAL = "fictional"


CONFIDENCE_LABELS: Mapping[Confidence, str] = {
    Confidence.TEXT_SEEN: _("texte lu"),
    Confidence.SECONDARY: _("source secondaire"),
    Confidence.MEMORY: _("de mémoire, à vérifier"),
    Confidence.FICTIONAL: _("fictif"),
}
FIELD_LABELS: Mapping[str, str] = {
    "norm": _("Norme"),
    "note": _("Note"),
    "notes": _("Notes"),
    "warning": _("Mise en garde"),
    "status": _("État"),
    "in_force_from": _("En vigueur depuis"),
    "in_force_to": _("En vigueur jusqu’au"),
    "legal_basis": _("Base légale"),
    "valid_from": _("Valide depuis"),
    "valid_to": _("Valide jusqu’au"),
    "kind": _("Genre"),
    "geography": _("Découpage"),
    "parent": _("Dans"),
    "from_unit": _("De"),
    "to_unit": _("Vers"),
    "share": _("Part"),
    "method": _("Méthode"),
    "members": _("Membres"),
    "term_years": _("Mandat (années)"),
    "article": _("Article"),
    "institution": _("Institution"),
    "rights": _("Droits"),
    "system": _("Système"),
    "set": _("Jeu"),
    "seats": _("Sièges"),
    "algorithm": _("Calcul"),
    "event": _("Événement"),
    "topic": _("Sujet"),
    "rule": _("Règle"),
    "values": _("Valeurs"),
    "en": _("En anglais"),
    "bm": _("En bambara"),
    "definition_fr": _("Définition"),
    "stage": _("Étape"),
    "date_vote": _("Date du vote"),
    "election": _("Élection"),
    "detail": _("Détail"),
    "law": _("Texte"),
    "engine": _("Définition pour le calcul"),
    "details": _("Détails"),
    "tie_rule": _("Règle d’égalité"),
    "contest": _("Scrutin"),
    "adopted": _("Adopté le"),
    "type": _("Type"),
    "replaces": _("Remplace"),
    "levels": _("Niveaux"),
    "level": _("Niveau"),
    "code": _("Code"),
    "aliases": _("Autres noms"),
    "boxes": _("Cases du procès-verbal"),
    "unit": _("Zone"),
    "who": _("Qui"),
    "offset": _("Délai"),
    "op": _("Sens"),
    "direction": _("Direction"),
    "publisher": _("Éditeur"),
    "url": _("Adresse"),
    "seen": _("Ce qui a été lu"),
    "name_en": _("Nom en anglais"),
    "title_en": _("Titre en anglais"),
    "what_en": _("En anglais"),
    "law_note": _("Texte cité"),
    "second_factor": _("Second facteur"),
    "count": _("Définition du calcul"),
    "precision": _("Précision"),
    "repeats": _("Se répète"),
    "country": _("Pays"),
    "rest": _("Repos"),
    "estimate": _("Écart des fêtes estimées (jours)"),
    "follows": _("Vient après"),
    "follows_round": _("Vient après, du tour précédent"),
    "office": _("Heures du bureau qui reçoit"),
    "defines": _("Fixe"),
    "consequence": _("Conséquence"),
    "readings": _("Autres lectures"),
    "observed": _("Observé (jours)"),
    "edge": _("Moment du jour"),
}

UNVERIFIED = frozenset({Confidence.SECONDARY, Confidence.MEMORY})


class Type(StrEnum):
    TEXT = "text"
    WHOLE = "whole number"
    DATE = "date"
    LIST = "list"
    TABLE = "table"
    ANY = "anything"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: its type, whether it is required, and the section it points to."""

    type: Type = Type.TEXT
    required: bool = False
    points_to: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One file of the pack (`<name>.yaml`) and the shape of its records."""

    name: str
    title: str
    fields: Mapping[str, Field]
    factual: bool = True  # records need source and confidence
    open: bool = False  # further fields are allowed (legal details differ between countries)
    key: str = "id"
    shown: tuple[str, ...] = field(default=())


T, W, D, L, M, A, F = (Field(t) for t in (Type.TEXT, Type.WHOLE, Type.DATE, Type.LIST, Type.TABLE, Type.ANY, Type.FLAG))
ID = Field(Type.TEXT, required=True)


def req(type_: Type = Type.TEXT) -> Field:
    return Field(type_, required=True)


def ref(section: str, required: bool = False) -> Field:
    return Field(Type.TEXT, required, section)


SECTIONS: tuple[Section, ...] = (
    Section(
        "sources",
        _("Sources"),
        {"id": ID, "type": req(), "title": req(), "publisher": T, "url": T, "seen": T},
        factual=False,
        shown=("title",),
    ),
    Section(
        "texts",
        _("Textes de loi"),
        {
            "id": ID,
            "title_fr": req(),
            "title_en": T,
            "type": req(),
            "adopted": D,
            "in_force_from": D,
            "in_force_to": D,
            "status": req(),
            "replaces": T,
            "notes": T,
        },
        shown=("title_fr", "status", "in_force_from", "in_force_to", "notes"),
    ),
    Section(
        "geographies",
        _("Découpages"),
        {
            "id": ID,
            "name_fr": req(),
            "name_en": req(),
            "legal_basis": T,
            "valid_from": D,
            "valid_to": D,
            "levels": req(Type.LIST),
            "outlines": T,
            "notes": T,
        },
        shown=("name_fr", "legal_basis", "valid_from", "valid_to", "notes"),
    ),
    Section(
        "units",
        _("Zones"),
        {
            "id": ID,
            "geography": ref("geographies", True),
            "code": req(),
            "level": req(Type.WHOLE),
            "name": req(),
            "parent": T,
            "kind": req(),
            "aliases": L,
            "outline": T,
            "notes": T,
        },
        shown=("name", "kind", "geography", "parent"),
    ),
    Section(
        "crosswalks",
        _("Correspondances entre découpages"),
        {
            "id": ID,
            "from_geography": ref("geographies", True),
            "from_unit": req(),
            "to_geography": ref("geographies", True),
            "to_unit": req(),
            "share": req(),
            "method": req(),
            "notes": T,
        },
        shown=("from_unit", "to_unit", "share", "method"),
    ),
    Section(
        "institutions",
        _("Institutions"),
        {
            "id": ID,
            "name_fr": req(),
            "name_en": req(),
            "kind": req(),
            "members": W,
            "term_years": W,
            "law": ref("texts"),
            "article": T,
            "details": A,
            "note": T,
        },
        shown=("name_fr", "kind", "members", "term_years", "article", "note"),
    ),
    Section(
        "roles",
        _("Rôles et droits"),
        {
            "id": ID,
            "title_fr": req(),
            "title_en": req(),
            "institution": ref("institutions"),
            "level": W,
            "rights": req(Type.LIST),
            "second_factor": F,
            "note": T,
        },
        shown=("title_fr", "institution", "rights"),
    ),
    Section(
        "systems",
        _("Systèmes électoraux"),
        {
            "id": ID,
            "name_fr": req(),
            "name_en": req(),
            "engine": M,
            "term_years": W,
            "seats": W,
            "norm": T,
            "law": ref("texts"),
            "tie_rule": T,
            "warning": T,
            "details": A,
            "note": T,
        },
        shown=("name_fr", "norm", "warning", "note"),
    ),
    Section(
        "contests",
        _("Scrutins"),
        {
            "id": ID,
            "name_fr": req(),
            "name_en": req(),
            "system": ref("systems", True),
            "constituency_level": W,
            "constituencies": T,
            "boxes": req(Type.LIST),
            "note": T,
        },
        shown=("name_fr", "system", "note"),
    ),
    Section(
        "report_forms",
        _("Formulaires de procès-verbal"),
        {
            "id": ID,
            "title_fr": req(),
            "title_en": req(),
            "contests": req(Type.LIST),
            "model": req(),
            "marks": L,
            "in_words": T,
            "copies": req(Type.LIST),
            "signatures": req(Type.LIST),
            "parts": req(Type.LIST),
            "receipt": T,
            "law": ref("texts"),
            "note": T,
        },
        shown=("title_fr", "contests", "copies", "signatures", "parts", "note"),
    ),
    Section(
        "constituencies",
        _("Circonscriptions et sièges"),
        {"id": ID, "set": req(), "name": req(), "unit": req(), "seats": req(Type.WHOLE), "note": T},
        shown=("name", "set", "seats", "note"),
    ),
    Section(
        "counting_rules",
        _("Règles de calcul des délais"),
        {"id": ID, "fr": req(), "algorithm": req(), "count": req(Type.TABLE)},
        open=True,
        shown=("fr", "algorithm", "count"),
    ),
    Section(
        "event_types",
        _("Événements dont partent les délais"),
        {
            "id": ID,
            "fr": req(),
            "en": req(),
            "precision": T,
            "repeats": T,
            "of": T,
            "round": T,
            "derived": T,
            "follows": L,
            "follows_round": L,
        },
        factual=False,
        shown=("fr", "precision", "repeats"),
    ),
    Section(
        "days_off",
        _("Jours fériés et repos"),
        {"id": ID, "country": req(), "rest": req(Type.LIST), "estimate": L, "fr": T, "en": T, "note": T},
        shown=("fr", "country", "rest", "estimate", "note"),
    ),
    Section(
        "deadlines",
        _("Délais"),
        {
            "id": ID,
            "what_fr": req(),
            "what_en": req(),
            "contest": A,
            "event": req(),
            "law": ref("texts"),
            "rule": ref("counting_rules"),
            "article": T,
            "status": T,
            "subject": T,
            "defines": T,
            "op": T,
            "edge": T,
            "observed": L,
            "readings": L,
            "consequence": T,
            "office": M,
        },
        open=True,
        shown=("what_fr", "event", "article", "status"),
    ),
    Section(
        "norms",
        _("Normes et recours"),
        {"id": ID, "topic": req(), "rule": req(), "article": T, "law": ref("texts")},
        open=True,
        shown=("topic", "rule", "article"),
    ),
    Section(
        "checks",
        _("Contrôles des procès-verbaux"),
        {"id": ID, "fr": req(), "en": req(), "applies": F, "law": ref("texts"), "article": T, "values": M, "note": T},
        shown=("fr", "article", "values", "note"),
    ),
    Section(
        "glossary",
        _("Glossaire"),
        {"id": ID, "fr": req(), "en": req(), "bm": T, "definition_fr": T, "definition_en": T},
        shown=("fr", "en", "bm", "definition_fr"),
    ),
    Section(
        "archives",
        _("Résultats publiés"),
        {
            "id": ID,
            "election": req(),
            "name_fr": req(),
            "name_en": req(),
            "round": req(Type.WHOLE),
            "stage": req(),
            "date_vote": D,
            "date_proclaimed": D,
            "ruling": T,
            "registered": W,
            "voters": W,
            "null_ballots": W,
            "annulled_votes": W,
            "valid": W,
            "stations": W,
            "turnout_printed": T,
            "candidates": L,
            "note": T,
        },
        shown=("name_fr", "stage", "date_vote", "note"),
    ),
    Section(
        "archive_cases",
        _("Chiffres publiés qui ne tombent pas juste"),
        {"id": ID, "election": req(), "round": T, "stage": T, "kind": req(), "detail": req()},
        shown=("election", "kind", "detail"),
    ),
)
BY_NAME: Mapping[str, Section] = {section.name: section for section in SECTIONS}
HEAD: Mapping[str, Field] = {
    "code": ID,
    "version": ID,
    "name_fr": req(),
    "name_en": req(),
    "languages": req(Type.LIST),
    "timezone": req(),
    "money": req(Type.TABLE),
    "default_geography": ref("geographies", True),
    "note_fr": T,
    "note_en": T,
}
