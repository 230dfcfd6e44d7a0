"""What this room shows on the front page, and what waits there."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kalata.disputes.queries import decisions, offices, public, waiting
from kalata.disputes.queries.cases import cases
from kalata.disputes.rules.steps import (
    BENCH,
    COUNT,
    LIAISON,
    PARTY,
    PRESIDE,
    PUBLISH,
    RAPPORTEUR,
    RECEIVE,
    REGISTRY,
    State,
)
from kalata.people.queries import rights_of
from kalata.rooms import AtHome, Figure, Line, Stage, lines
from kalata.ui import trend


def waits(request: HttpRequest) -> list[Line]:
    """What waits at the Court for this person, by what each of their rights lets them do."""
    rights, person = rights_of(request.user), request.user
    out: list[Line] = []
    if REGISTRY in rights:
        out += registry(waiting.of_registry(person))
    if RAPPORTEUR in rights and (n := waiting.of_rapporteur(person)):
        says = ngettext("%(n)d affaire à rapporter", "%(n)d affaires à rapporter", n) % {"n": n}
        out.append(Line(630, "search", says, reverse("disputes:docket")))
    if BENCH in rights and (n := waiting.of_member(person)):
        says = ngettext("%(n)d délibéré où vous siégez", "%(n)d délibérés où vous siégez", n) % {"n": n}
        out.append(Line(631, "lock", says, reverse("disputes:bench")))
    if PRESIDE in rights:
        out += presidency(waiting.of_president(person))
    if LIAISON in rights and (n := waiting.of_liaison(person)):
        says = ngettext("%(n)d mesure demandée par la Cour, sans réponse", "%(n)d mesures demandées par la Cour, sans réponse", n)  # fmt: skip
        out.append(Line(640, "doc", says % {"n": n}, reverse("disputes:measures")))
    if PARTY in rights and (n := waiting.of_party(person)):
        says = ngettext("%(n)d papier à recevoir de la Cour", "%(n)d papiers à recevoir de la Cour", n) % {"n": n}
        out.append(Line(641, "doc", says, reverse("disputes:mine")))
    if COUNT in rights and (found := waiting.of_counter_of_votes(person)):
        code, n = found
        says = ngettext("%(n)d procès-verbal à lire pour la Cour", "%(n)d procès-verbaux à lire pour la Cour", n)
        out.append(Line(642, "list", says % {"n": n}, reverse("disputes:count_reading", args=[code])))
    out += first_instance(offices.waiting(person))
    n, first = waiting.of_publisher(person) if PUBLISH in rights else (0, 0)
    if n:
        says = ngettext("%(n)d décision notifiée à publier", "%(n)d décisions notifiées à publier", n) % {"n": n}
        out.append(Line(643, "gavel", says, reverse("disputes:publication", args=[first])))
    return out


def registry(n: dict[str, int]) -> list[Line]:
    enrol = ngettext("%(n)d requête à enrôler", "%(n)d requêtes à enrôler", n["enrol"])
    mandates = ngettext("%(n)d mandat à décider", "%(n)d mandats à décider", n["mandates"])
    notify = ngettext("%(n)d décision prononcée à notifier", "%(n)d décisions prononcées à notifier", n["notify"])
    apply = ngettext("%(n)d décision publiée à exécuter", "%(n)d décisions publiées à exécuter", n["apply"])
    return counted(
        (620, "doc", enrol, n["enrol"], reverse("disputes:registry")),
        (621, "user", mandates, n["mandates"], reverse("disputes:docket")),
        (622, "gavel", notify, n["notify"], docket(State.PRONOUNCED)),
        (623, "gavel", apply, n["apply"], docket(State.PUBLISHED)),
    )


def first_instance(n: dict[str, int]) -> list[Line]:
    """What waits in the offices of first instance of this person."""
    if not n:
        return []
    enrol = ngettext("%(n)d affaire de première instance à enrôler", "%(n)d affaires de première instance à enrôler", n["enrol"])
    vote = ngettext("%(n)d décision de première instance à voter", "%(n)d décisions de première instance à voter", n["vote"])
    sign = ngettext("%(n)d décision de première instance à signer", "%(n)d décisions de première instance à signer", n["sign"])
    here = reverse("disputes:offices")
    return counted((644, "doc", enrol, n["enrol"], here), (645, "people", vote, n["vote"], here), (646, "pen", sign, n["sign"], here))


def presidency(n: dict[str, int]) -> list[Line]:
    gate = ngettext("%(n)d projet au contrôle", "%(n)d projets au contrôle", n["gate"])
    pronounce = ngettext("%(n)d décision signée à prononcer", "%(n)d décisions signées à prononcer", n["pronounce"])
    hear = ngettext("%(n)d affaire en état, à entendre", "%(n)d affaires en état, à entendre", n["hear"])
    refuse = ngettext("%(n)d projet de refus à suivre ou non", "%(n)d projets de refus à suivre ou non", n["refuse"])
    return counted(
        (632, "lock", gate, n["gate"], docket(State.GATE)),
        (633, "gavel", pronounce, n["pronounce"], docket(State.SIGNED)),
        (634, "people", hear, n["hear"], docket(State.READY)),
        (635, "scale", refuse, n["refuse"], docket(State.INADMISSIBLE)),
    )


def docket(state: State) -> str:
    return f"{reverse('disputes:docket')}?etat={state.value}"


def counted(*rows: tuple[int, str, str, int, str]) -> list[Line]:
    """(place, icon, sentence, how many, where) as lines, without those of nothing."""
    return [Line(place, icon, says % {"n": n}, href) for place, icon, says, n, href in rows if n]


def to_publish(n: dict[str, int]) -> list[Line]:
    """The publisher's desk in lines: to prepare, being prepared, submitted, out."""
    here = reverse("disputes:decisions")
    todo = ngettext("%(n)d décision à publier", "%(n)d décisions à publier", n["todo"])
    draft = ngettext("%(n)d texte public en préparation", "%(n)d textes publics en préparation", n["draft"])
    asked = ngettext("%(n)d texte public à approuver", "%(n)d textes publics à approuver", n["proposed"])
    out = ngettext("%(n)d décision publiée", "%(n)d décisions publiées", n["published"])
    return counted(
        (624, "doc", todo, n["todo"], f"{here}?texte=todo"), (625, "pen", draft, n["draft"], f"{here}?texte=draft"),
        (626, "wait", asked, n["proposed"], f"{here}?texte=proposed"), (627, "ok", out, n["published"], f"{here}?texte=published"),
    )  # fmt: skip


def shown(request: HttpRequest) -> AtHome:
    """The card of the Court, for who receives or keeps the registry; that of decisions, for who publishes them."""
    rights, cards = rights_of(request.user), []
    if rights & {RECEIVE, REGISTRY}:
        n = cases(request.user).exclude(state=State.DRAFT).count()
        says = ngettext("%(n)d requête reçue", "%(n)d requêtes reçues", n) % {"n": n}
        cards.append(lines(620, _("Contentieux"), [Line(620, "doc", says, reverse("disputes:registry"))]))
    if PUBLISH in rights and (found := to_publish(decisions.figures(request.user))):
        cards.append(lines(624, _("Publication des décisions"), found))
    return AtHome([stage()], cards, figures=received(request))


def received(request: HttpRequest) -> list[Figure]:
    """Petitions received, and how they came in, for who may read them."""
    found = cases(request.user).exclude(state=State.DRAFT) if request.user.is_authenticated else None
    points = trend.counted(found, "received_at") if found is not None else ()
    return (
        [Figure(300, _("Requêtes reçues"), str(points[-1]), "", reverse("disputes:registry"), "", points)]
        if points
        else []
    )


def stage() -> Stage:
    """The Court in the cycle, as everybody sees it."""
    n = len(public.docket().rows)
    says = ngettext("%(n)d requête au rôle", "%(n)d requêtes au rôle", n) % {"n": n} if n else _("aucune requête")
    return Stage("disputes", says, reverse("court:docket"), "now" if n else "part")
