"""Training and posts in the demonstration: a person of each role."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from kalata.people.demonstration import PASSPHRASE, person
from kalata.people.models import Person
from kalata.training import demonstration_classes, demonstration_moots, demonstration_posts, demonstration_procedures

USERS = (
    ("cellule-formation", "cellule-pedagogique", "Cellule pédagogique (exercice)"),
    ("relecture-juridique", "relecture-juridique", "Relecture juridique (exercice)"),
    ("logistique-formation", "logistique-formation", "Logistique de la formation (exercice)"),
    ("direction-formation", "direction-formation", "Direction de la formation (exercice)"),
    ("formation-nationale", "formation-nationale", "Formation nationale (exercice)"),
    ("formation-locale", "formation-locale", "Formation communale (exercice)"),
    ("observation-formation", "observation-formation", "Observation de la formation (exercice)"),
    ("certification", "certification", "Certification (exercice)"),
    ("certification-secours", "certification", "Certification, seconde personne (exercice)"),
    ("animation-juges", "animation-juges", "Animation de la formation des juges (exercice)"),
    ("notation-un", "notation-juges", "Notation des affaires-écoles (exercice)"),
    ("notation-deux", "notation-juges", "Notation des affaires-écoles, seconde personne (exercice)"),
    ("juge-un", "juge-stagiaire", "Juge en formation, présidence (exercice)"),
    ("juge-deux", "juge-stagiaire", "Juge en formation, rapport (exercice)"),
    ("juge-trois", "juge-stagiaire", "Juge en formation (exercice)"),
    ("agents", "coordination-agents", "Coordination des agents (exercice)"),
    ("agents-secours", "coordination-agents", "Coordination des agents, seconde personne (exercice)"),
    ("nominations", "autorite-nomination", "Autorité de nomination (exercice)"),
    ("independance", "referent-independance", "Référence d’indépendance (exercice)"),
)


def demo_users() -> list[dict[str, str]]:
    return [{"username": name, "passphrase": PASSPHRASE, "role": label} for name, _role, label in USERS]


def load(*, stations: int | None = None, say: Callable[[str], None] = lambda text: None) -> str:
    """Make the people once; afterwards say that they are there."""
    if Person.objects.filter(username=USERS[0][0]).exists():
        return "Formation fictive déjà chargée."
    say("Formation : une personne de chaque rôle.")
    with transaction.atomic():
        cast = {name: person(name, role, label) for name, role, label in USERS}
        say("Formation : procédures du pack, brouillons, relectures et approbations.")
        said = demonstration_procedures.load()
        say("Postes : liste, nominations, serments, présence du matin.")
        posts = demonstration_posts.load(cast)
        say("Formation : plans, séances, épreuves, attestations, paiements, manuels remis.")
        classes = demonstration_classes.load(cast)
        say("Formation : affaires-écoles, éthique et crise, deux notateurs.")
        moots = demonstration_moots.load(cast)
    return f"Formation fictive : {len(USERS)} personnes, {said} Postes : {posts} Séances : {classes} Affaires-écoles : {moots}"
