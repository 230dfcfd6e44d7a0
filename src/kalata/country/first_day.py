"""What this room states of a first day: the country, its divisions, its polling stations."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Geography, Station, Unit
from kalata.country.queries import latest_packs
from kalata.country.rules.pack import is_unverified
from kalata.ledger import queries as ledger
from kalata.steps import Step
from kalata.text import told, whole

DESK = ("results.setup", "results.import", "results.read", "results.publish")
"""Who opens the desk of contests."""


def steps(request: HttpRequest) -> Iterator[Step]:
    yield country()
    yield territory()
    yield stations()


def number(n: int) -> str:
    return whole(n, get_language() or "fr")


def country() -> Step:
    packs = latest_packs()
    title = _t("Pays")
    if not packs:
        says = _t("Aucun pays n’est chargé : ses textes, ses rôles, ses découpages viennent de son pack.")
        return Step(place=100, title=title, says=says, href=reverse("country:load"), do=_t("Charger un pays"))
    pack = packs[0].pack
    name = packs[0].pack.head.get("name_en" if get_language() == "en" else "name_fr") or packs[0].code
    unsure = sum(is_unverified(r) for rows in pack.sections.values() for r in rows)
    says = told(_t("Pack %(name)s %(version)s chargé : %(deadlines)s {deadlines:échéance|échéances}, %(roles)s {roles:rôle|rôles}. Faits qui portent « à vérifier » : %(unsure)s."), get_language(), {
        "name": name, "version": packs[0].version, "deadlines": number(len(pack.records("deadlines"))),
        "roles": number(len(pack.records("roles"))), "unsure": number(unsure),
    })  # fmt: skip
    who, when = ledger.last_of("pack.loaded")
    href = reverse("country:pack", args=[packs[0].code])
    return Step(place=100, title=title, says=says, state="done", tag=_t("Fait"), who=who, when=when, href=href, do=_t("Lire les faits à vérifier"))  # fmt: skip


def territory() -> Step:
    title, href = _t("Territoire"), reverse("country:geographies")
    rows = Unit.objects.values("geography_id", "level").annotate(n=Count("pk")).order_by("geography_id", "level")
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["geography_id"], []).append(row["n"])
    if not found:
        return Step(
            place=200,
            title=title,
            says=_t("Aucun découpage n’a d’unités."),
            href=href,
            do=_t("Voir les découpages"),
            after=(1,),
        )
    pk, levels = max(found.items(), key=lambda one: (len(one[1]), sum(one[1])))
    one = Geography.objects.only("name_fr", "name_en").get(pk=pk)
    name = (one.name_en if get_language() == "en" else "") or one.name_fr
    says = told(_t("%(name)s : %(n)s {n:unité|unités} sur %(levels)s {levels:niveau|niveaux}."), get_language(), {
        "name": name,
        "n": number(sum(levels)),
        "levels": len(levels),
    })
    who, when = ledger.last_of("geography.imported", "geography.created", "pack.loaded")
    return Step(place=200, title=title, says=says, state="done", tag=_t("Fait"), who=who, when=when, href=href, do=_t("Voir les découpages"))  # fmt: skip


def stations() -> Step:
    title, href = _t("Bureaux de vote"), reverse("results:desk")
    found = Station.objects.exclude(contest__election__exercise=True)
    every = found.count()
    if not every:
        says = _t("Aucun scrutin n’a de bureaux : créez le scrutin, puis importez la liste des bureaux.")
        tried = Station.objects.count()
        if tried:
            says = told(_t("%(n)s {n:bureau|bureaux} d’exercice seulement : le vrai scrutin, et la liste de ses bureaux, restent à faire."), get_language(), {"n": tried})
        return Step(place=300, title=title, says=says, href=href, do=_t("Préparer un scrutin"), after=(1, 2), right="results.setup")
    nowhere = found.filter(unit=None).count()
    says = _t("Bureaux enregistrés : %(n)s.") % {"n": number(every)}
    if nowhere:
        says += " " + _t("Sans unité du découpage : %(n)s.") % {"n": number(nowhere)}
        tag = _t("À rattacher : %(n)s") % {"n": number(nowhere)}
        return Step(place=300, title=title, says=says, state="part", tag=tag, href=href, do=_t("Voir le scrutin"), opens=DESK)
    return Step(place=300, title=title, says=says, state="done", tag=_t("Fait"), href=href, do=_t("Voir le scrutin"), opens=DESK)
