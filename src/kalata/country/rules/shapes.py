"""The shapes a pack is made of: what a field, a section and a degree of confidence are."""

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
    "warning_fr": _("Mise en garde"),
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
    "appealed": _("Notification de la décision qu’un recours attaque"),
    "office": _("Heures du bureau qui reçoit"),
    "defines": _("Fixe"),
    "consequence": _("Conséquence"),
    "readings": _("Autres lectures"),
    "observed": _("Observé (jours)"),
    "edge": _("Moment du jour"),
    "ruling": _("Décision"),
    "date": _("Date"),
    "facts": _("Faits"),
    "decision": _("Genre de décision"),
    "part": _("Partie"),
    "text_fr": _("Texte"),
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
    """One field of a record: its type, whether it is required, the section it points to, and the keys
    of the table it is (or of each table in its list). keys None: a free table, of words nobody computes with."""

    type: Type = Type.TEXT
    required: bool = False
    points_to: str = ""
    keys: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One file of the pack (`<name>.yaml`) and the shape of its records."""

    name: str
    title: str
    fields: Mapping[str, Field]
    factual: bool = True  # records need source and confidence
    key: str = "id"
    shown: tuple[str, ...] = field(default=())


T, W, D, L, M, A, F = (Field(t) for t in (Type.TEXT, Type.WHOLE, Type.DATE, Type.LIST, Type.TABLE, Type.ANY, Type.FLAG))
ID = Field(Type.TEXT, required=True)


def req(type_: Type = Type.TEXT) -> Field:
    return Field(type_, required=True)


def ref(section: str, required: bool = False) -> Field:
    return Field(Type.TEXT, required, section)


def tables(keys: str, type_: Type = Type.TABLE, required: bool = False) -> Field:
    """A table (or a list of tables) with these keys and no others."""
    return Field(type_, required, keys=frozenset(keys.split()))


ENGINE = tables(
    "kind id majority majority_strict base qualify qualify_at formula method threshold quota_base seats yes no turnout_quorum"
    " tie_rule norm confidence notes"
)
BENCH = tables(
    "quorum majority casting_vote abstention ballot recusal replacement_days separate_opinions article source confidence"
)
"""How a court sits: what the room of disputes asks of the law before it says that a bench can decide."""
LIMITS = tables(
    "papers_per_station signatures gap_share gap_papers gap_share_alone null_iqr null_papers turnout_share"
    " turnout_registered turnout_iqr leader_share leader_valid same_valid same_options rounds_share"
    " simultaneous_share simultaneous_papers"
)
"""Names of the percentages of the warnings (tests hold both lists against the room of results)."""
