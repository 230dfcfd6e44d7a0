"""What this room states of a first day: who holds what, and who still has no second factor."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.country.rules.rights import CRITICAL, RIGHTS
from kalata.people import factors, queries
from kalata.people.models import Approval, Mandate, Person
from kalata.steps import Step

NEEDED = ("people.manage", "people.approve", "results.setup", "results.import", "results.publish", "log.keys")
"""Without a person for each, no contest goes from its stations to a published batch."""


def steps(request: HttpRequest) -> Iterator[Step]:
    live = list(
        Mandate.objects.filter(revoked_at=None)
        .exclude(person__is_active=False, person__activated_at__isnull=False)
        .values_list("person_id", "rights")
    )
    yield posts(request, live)
    yield second_factors(request, live)


def posts(request: HttpRequest, live: list[tuple[int, list[str]]]) -> Step:
    title = _t("Personnes")
    held = {right for _person, rights in live for right in rights}
    lacking = [right for right in NEEDED if right not in held]
    waiting = Approval.objects.filter(kind="people.mandate", state="waiting").count()
    says = _t("Titulaires d’un mandat : %(n)d. Qui tient les comptes ne tient aucun poste de résultats.") % {
        "n": len({p for p, _r in live})
    }
    if lacking:
        named = ", ".join(_t(RIGHTS.get(r, r)) for r in lacking)
        says += " " + _t("Personne ne peut encore : %(which)s.") % {"which": named}
    if waiting and queries.may(request.user, "people.approve"):
        tag = _t("Demandes de mandat : %(n)d") % {"n": waiting}
        return Step(place=400, title=title, says=says, state="part", tag=tag, who=_t("Vous"), mine=True, href=reverse("people:mandates"), do=_t("Approuver les mandats"))  # fmt: skip
    if lacking:
        may = queries.may(request.user, "people.manage")
        tag = _t("Droits sans titulaire : %(n)d") % {"n": len(lacking)}
        href, do = (
            (reverse("people:import"), _t("Inviter par fichier"))
            if may
            else (reverse("people:list"), _t("Voir les personnes"))
        )
        return Step(place=400, title=title, says=says, state="part", tag=tag, who=_t("Qui ouvre les comptes demande, une autre personne approuve"), mine=may and not waiting, href=href, do=do)  # fmt: skip
    if waiting:
        tag = _t("Demandes de mandat : %(n)d") % {"n": waiting}
        return Step(place=400, title=title, says=says, state="part", tag=tag, who=_t("Une seconde personne approuve"), href=reverse("people:approvals"), do=_t("Voir les demandes"))  # fmt: skip
    return Step(
        place=400,
        title=title,
        says=says,
        state="done",
        tag=_t("Fait"),
        href=reverse("people:list"),
        do=_t("Voir les personnes"),
    )


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
        return Step(place=500, title=title, says=says, state="done", tag=_t("Fait"), href=reverse("people:list"), do=_t("Voir les personnes"))  # fmt: skip
    own = request.user.pk in missing
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
    return Step(place=500, title=title, says=says, state="part" if have else "", tag=tag, who=_t("Chaque personne, à sa première connexion"), mine=own, href=href, do=do)  # fmt: skip
