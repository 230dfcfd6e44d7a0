"""What this room states of a first day: who holds what, and who still has no second factor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.rules.rights import CRITICAL, RIGHTS
from kalata.people import factors, needed, queries, services
from kalata.people.models import Approval, Person
from kalata.steps import Step

SEES = ("people.manage", "people.read", "people.approve")


def steps(request: HttpRequest) -> Iterator[Step]:
    live = needed.mandates()
    yield posts(request, live)
    yield second_factors(request, live)


def posts(request: HttpRequest, live: list[tuple[int, list[str]]]) -> Step:
    """Who holds what; what nobody holds yet, by the roles that would give it; what was asked and waits."""
    title = _t("Personnes")
    lacks = needed.lacking(live)
    waiting = Approval.objects.filter(kind="people.mandate", state="waiting").count()
    says = _t("Titulaires d’un mandat : %(n)d. Qui tient les comptes ne tient aucun poste de résultats.") % {
        "n": len({p for p, _r in live})
    }
    asked = _t("Demandes de mandat : %(n)d") % {"n": waiting}
    keeps, decides = (queries.may(request.user, right) for right in ("people.manage", "people.approve"))
    if lacks and not waiting:
        says += " " + wanted(lacks)
    if waiting and decides:
        return Step(place=400, title=title, says=says, state="part", tag=asked, who=_t("Vous"), mine=True, href=reverse("people:mandates"), do=_t("Approuver les mandats"))  # fmt: skip
    if waiting:
        return Step(place=400, title=title, says=says, state="part", tag=asked, who=_t("Une seconde personne approuve"), href=reverse("people:approvals"), do=_t("Voir les demandes"))  # fmt: skip
    if lacks:
        tag = _t("Personnes à inviter : %(n)d") % {"n": len(needed.to_give(lacks)) or len(lacks)}
        href, do = (
            (reverse("people:import"), _t("Inviter par fichier"))
            if keeps
            else (reverse("people:list"), _t("Voir les personnes"))
        )
        return Step(place=400, title=title, says=says, state="part", tag=tag, who=_t("Qui ouvre les comptes demande, une autre personne approuve"), mine=keeps, href=href, do=do, opens=SEES)  # fmt: skip
    return Step(
        place=400,
        title=title,
        says=says,
        state="done",
        tag=_t("Fait"),
        href=reverse("people:list"),
        do=_t("Voir les personnes"),
        opens=SEES,
    )


def wanted(lacks: Mapping[str, int]) -> str:
    """What nobody, or one person alone, may do yet, and the roles that give it."""
    named = ", ".join(_t(RIGHTS.get(r, r)) for r in lacks)
    says = _t("Manquent des personnes pour : %(which)s.") % {"which": named}
    roles = services.pack_roles()
    lang = "title_en" if get_language() == "en" else "title_fr"
    give = ", ".join(f"{roles[key].get(lang) or roles[key]['title_fr']} ({key})" for key in needed.to_give(lacks))
    return says + (" " + _t("Rôles à donner : %(roles)s.") % {"roles": give} if give else "")


def second_factors(request: HttpRequest, live: list[tuple[int, list[str]]]) -> Step:
    title = _t("Seconds facteurs")
    must = {person for person, rights in live if CRITICAL.intersection(rights)}
    have = set(Authenticator.objects.filter(user__in=must, type__in=factors.TYPES).values_list("user_id", flat=True))
    missing = must - have
    says = _t("Ont leur application ou leur clé : %(n)d sur %(of)d.") % {"n": len(have), "of": len(must)}
    idle = Person.objects.filter(pk__in=missing, activated_at__isnull=True).count()
    if idle:
        says += " " + _t("Comptes pas encore activés : %(n)d.") % {"n": idle}
    if must and not missing:
        return Step(place=500, title=title, says=says, state="done", tag=_t("Fait"), href=reverse("people:list"), do=_t("Voir les personnes"), opens=SEES)  # fmt: skip
    own = request.user.pk in missing
    sheets = len(queries.sheets_to_print(request.user)) if request.user.is_authenticated else 0  # type: ignore[arg-type]
    if sheets and not own:
        tag = _t("Feuilles d’activation à imprimer : %(n)d") % {"n": sheets}
        return Step(place=500, title=title, says=says, state="part", tag=tag, who=_t("Vous"), mine=True, href=reverse("people:mandates"), do=_t("Imprimer mes feuilles"))  # fmt: skip
    tag = (
        _t("Manquants : %(n)d, dont le vôtre") % {"n": len(missing)}
        if own
        else _t("Manquants : %(n)d") % {"n": len(missing)}
    )
    href, do = (
        (reverse("mfa_index"), _t("Enregistrer mon second facteur"))
        if own
        else (reverse("people:list"), _t("Voir les personnes"))
    )
    return Step(place=500, title=title, says=says, state="part" if have else "", tag=tag, who=_t("Chaque personne, à sa première connexion"), mine=own, href=href, do=do, opens=() if own else SEES)  # fmt: skip
