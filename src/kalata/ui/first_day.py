"""The page of a first day: steps that rooms state from their records (`Room.first_day`), in order; nobody ticks one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from kalata import rooms
from kalata.country.models import Contest
from kalata.people import queries
from kalata.steps import Step
from kalata.text import NNBSP
from kalata.text import gettext_noop as _
from kalata.ui import home
from kalata.version import version

PERSONS = 400
"""The place of the step of persons."""
SEES = ("people.manage", "people.approve", "results.setup", "log.keys")
POSSIBLE = (
    (_("Calculer un calendrier légal"), (1,)),
    (_("Préparer un scrutin en brouillon"), (1, 2)),
    (_("Importer une archive de résultats"), (1,)),
    (_("Imprimer des formulaires de PV"), (3,)),
    (_("Saisir des PV"), (3, 4, 5)),
    (_("Publier un lot"), (4, 5, 6, 7)),
)
"""What becomes possible, and the steps it waits for, by their number."""


AT_THE_CONSOLE = (
    (_("Cérémonie de la clé"), "kalata log init --give", _("Les deux dépositaires, l’un après l’autre : compte, code, moitié de phrase. Le procès-verbal s’imprime à la fin ; avec --give la maison garde aussitôt la phrase : relancez-la.")),
    (_("Donner la phrase à la maison"), "kalata log phrase", _("Sur une autre machine qui signe, ou plus tard : les deux dépositaires retapent leur moitié, puis la maison est relancée.")),
    (_("Témoin, chez lui"), "kalata witness init ~/temoin --name NOM", _("Ses deux lignes de clé s’enregistrent à la page des témoins.")),
    (_("Sauvegarde"), "kalata backup FICHIER", _("Écrite, puis relue en entier. Sur un disque qui quitte la pièce.")),
    (_("Répétition"), "kalata rehearse --papers 120 --clerks 8 --kills 5", _("Une nuit dans une base à part ; elle dit ce qui s’est perdu : rien, ou quoi.")),
)  # fmt: skip
"""What is done at the server: the step, the command, what to know."""


@dataclass(frozen=True, slots=True)
class Row:
    """A step as the page shows it: its number, how its mark looks, its word and icon, whether it is this reader's next."""

    number: int
    step: Step
    locked: tuple[int, ...]
    mine: bool

    @property
    def shape(self) -> str:
        return "cur" if self.mine else self.step.state

    @property
    def word(self) -> str:
        if self.step.tag:
            return self.step.tag
        if self.locked:
            numbers = [str(n) for n in self.locked]
            told = (
                numbers[0]
                if len(numbers) == 1
                else _t("%(first)s et %(last)s") % {"first": ", ".join(numbers[:-1]), "last": numbers[-1]}
            )
            return ngettext("Après l’étape %(which)s", "Après les étapes %(which)s", len(numbers)) % {"which": told}
        return _t("À faire")

    @property
    def tone(self) -> str:
        return {"done": " ok", "part": " inf"}.get(self.step.state, "")

    @property
    def icon(self) -> str:
        return (
            "lock" if self.locked and not self.step.tag else {"done": "ok", "part": "pen"}.get(self.step.state, "wait")
        )


def tied(says: str) -> str:
    """A sentence whose signs stay with their words at the end of a line."""
    for sign in ";:?!»":
        says = says.replace(f" {sign}", f"{NNBSP}{sign}")
    return says.replace("« ", f"«{NNBSP}")


def steps(request: HttpRequest) -> list[Step]:
    found = [one for room in rooms.every() if room.first_day for one in rooms.load(room.first_day)(request)]
    tie = [replace(one, says=tied(one.says), tag=tied(one.tag), who=tied(one.who)) for one in found]
    return held(request, sorted(tie, key=lambda one: one.place))


def held(request: HttpRequest, found: list[Step]) -> list[Step]:
    """A gesture whose right nobody holds waits for the step of persons; its link is for who holds that right."""
    persons = next((n for n, one in enumerate(found, 1) if one.place == PERSONS), 0)
    some = queries.rights_held() if any(one.right and one.state != "done" for one in found) else set()
    own = queries.rights_of(request.user) if request.user.is_authenticated else some
    made = []
    for one in found:
        if one.right and one.state != "done":
            waits = one.right not in some and persons
            one = replace(
                one,
                after=tuple(sorted({*one.after, persons})) if waits else one.after,
                href=one.href if one.right in own else "",
                mine=one.mine or (request.user.is_authenticated and one.right in own and not one.who),
            )
        if one.opens and request.user.is_authenticated and not own.intersection(one.opens):
            one = replace(one, href="")
        made.append(one)
    return made


def rows(found: Sequence[Step]) -> list[Row]:
    done = {n for n, one in enumerate(found, 1) if one.state == "done"}
    first = next((n for n, one in enumerate(found, 1) if one.mine and one.state != "done"), 0)
    return [
        Row(n, one, () if one.state else tuple(k for k in one.after if k not in done), n == first)
        for n, one in enumerate(found, 1)
    ]


def sees(request: HttpRequest) -> bool:
    return bool(queries.rights_of(request.user) & set(SEES))


def is_first_day(request: HttpRequest) -> bool:
    """The home of who sets a house up is this page until a contest was published, or every step is done."""
    if settings.DEMO or not request.user.is_authenticated or not sees(request):
        return False
    if Contest.objects.exclude(published_at=None).exists():
        return False
    return any(one.state != "done" for one in steps(request))


def headline(shown: Sequence[Row]) -> str:
    done, every = sum(one.step.state == "done" for one in shown), len(shown)
    if done == every:
        return _t("Toutes les étapes sont prêtes")
    ready = ngettext("%(n)d étape sur %(of)d est prête", "%(n)d étapes sur %(of)d sont prêtes", done) % {
        "n": done,
        "of": every,
    }
    return _t("%(ready)s ; la prochaine est la vôtre") % {"ready": ready} if any(one.mine for one in shown) else ready


def installation() -> list[tuple[str, str]]:
    """What this installation is."""
    usage = shutil.disk_usage(settings.VAR)
    gib = {"free": usage.free // 2**30, "of": usage.total // 2**30}
    return [
        (_t("Version"), version()),
        (
            _t("Base de données"),
            {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor),
        ),
        (_t("Disque"), _t("%(free)d Gio libres sur %(of)d") % gib),
        (_t("Heure"), _t("fuseau %(zone)s") % {"zone": settings.TIME_ZONE}),
        (_t("Site public"), settings.SITE_FOLDER or _t("non réglé (KALATA_SITE)")),
        (_t("Courriel"), settings.EMAIL_HOST if settings.SMTP else _t("non réglé ; les avis paraissent ici")),
        (_t("TLS"), _t("oui") if settings.HTTPS else _t("non : une seule machine, sans réseau")),
    ]


def page(request: HttpRequest) -> dict[str, Any]:
    shown = rows(steps(request))
    done = {one.number for one in shown if one.step.state == "done"}
    part = [one for one in shown if one.step.state == "part"]
    titles = {one.number: one.step.title for one in shown}
    now, later = [], []
    for says, needs in POSSIBLE:
        lacks = [n for n in needs if n not in done]
        if lacks:
            later.append((_t(says), "; ".join(f"{n} · {titles[n]}" for n in lacks if n in titles)))
        else:
            now.append(_t(says))
    return {
        "section": "home", "rows": shown, "headline_text": tied(headline(shown)), "now": now, "later": later,
        "waits": home.waiting(request), "console": [(_t(title), command, _t(why)) for title, command, why in AT_THE_CONSOLE], "installation": installation(), "done": len(done), "part": len(part), "todo": len(shown) - len(done) - len(part),
        "locked": sum(bool(one.locked) for one in shown), "width": len(shown) * 10, "w_done": len(done) * 10, "w_part": len(part) * 10,
    }  # fmt: skip
