"""The words of a manual's frame in the languages of the house, and the names of roles; another language has French ones."""

from __future__ import annotations

from kalata.text import gettext_noop as _
from kalata.text import translate

WORDS = {
    "manual": _("Manuel"), "card": _("Carte de poche"), "poster": _("Affiche"), "trainer": _("Guide du formateur"), "slides": _("Diapositives"),
    "quiz": _("Épreuve"), "sheet": _("Feuille de réponses"), "page": _("page"), "page_code": _("code de la page"), "version": _("version"),
    "step": _("Étape numéro"), "why": _("Pourquoi"), "check": _("C’est fait quand"), "warning": _("Attention"), "basis": _("Base légale"),
    "practice": _("pratique, sans texte"), "unverified": _("texte non vérifié"), "critical": _("étape critique"), "two_person": _("à deux personnes"),
    "fields": _("Cases du papier"), "material": _("Matériel"), "limit": _("Délai à tenir"), "by": _("Par"), "cases": _("Cas particuliers"), "go": _("aller à"),
    "faults": _("Erreurs à éviter"), "consequence": _("Conséquence"), "prevention": _("Pour l’éviter"), "remedy": _("Pour la réparer"),
    "contents": _("Sommaire"), "on": _("Droit en vigueur au"), "draft": _("PROJET"), "draft_long": _("PROJET : non approuvé, ne pas distribuer"),
    "minutes": _("min"), "timing": _("Emploi du temps de la séance"), "total": _("Durée totale"), "assumed": _("durée indicative, à régler"), "play": _("Jeu de rôle"),
    "play_how": _("Un stagiaire tient le rôle, deux observent et cochent ; puis on échange."), "key": _("Corrigé"), "form": _("forme"),
    "name_code": _("Code du stagiaire"), "session": _("Séance de formation"), "fill": _("Noircissez entièrement une case par réponse. Aucun nom sur cette feuille."),
    "written": _("Réponse écrite"), "true": _("Vrai"), "false": _("Faux"), "choose": _("à relier avec"), "nothing": _("Aucune étape n’est marquée pour cette feuille."),
    "square": _("Carré à lire avec un téléphone : code de la page"), "opening": _("Ouverture de la séance"), "test": _("Épreuve de fin de séance"),
    "question": _("Question"),
}  # fmt: skip
ROLES = {
    "common": _("Pour tous"), "president": _("Président de bureau"), "president_of_station": _("Président de bureau"), "assessor": _("Assesseur"),
    "assessors": _("Assesseurs"), "registration_agent": _("Agent d’inscription"), "tabulation_staff": _("Agent de centralisation"),
    "agent_of_party": _("Délégué de parti ou de candidat"), "security_force": _("Force de sécurité"), "court_clerk": _("Greffier"),
    "judge_rapporteur": _("Juge rapporteur"),
}  # fmt: skip
LANGUAGES = ("fr", "en")


def words_in(lang: str) -> dict[str, str]:
    return {key: translate(said, lang if lang in LANGUAGES else "fr") for key, said in WORDS.items()}


def role_in(role: str, lang: str) -> str:
    """The name of a role; its code where the house has none."""
    return translate(ROLES[role], lang if lang in LANGUAGES else "fr") if role in ROLES else role
