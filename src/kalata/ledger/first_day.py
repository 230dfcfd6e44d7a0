"""What this room states of a first day: a copy was written and read back; a night was rehearsed. Both are acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.ledger import kinds, queries, watching
from kalata.ledger.models import Act, Backup
from kalata.steps import CONSOLE, Step
from kalata.text import told

OLD = timedelta(days=2)
"""A copy older than this is said to be old: a night was missed."""


def steps(request: HttpRequest) -> Iterator[Step]:
    yield copies()
    yield rehearsal()


def copies() -> Step:
    title, href, do = _t("Sauvegarde"), CONSOLE, _t("La commande")
    last = watching.last_backup(good=True)
    operator = _t("Exploitant du serveur : « kalata backup »")
    if last is None:
        says = _t("Aucune copie n’a encore été écrite puis relue.")
        return Step(place=800, title=title, says=says, who=operator, href=href, do=do)
    who, when = last.machine, last.at
    tried = Backup.objects.filter(kind=Backup.Kind.DRILL, fault="").exists()
    size = last.size // 2**20
    if tried:
        says = _t("Dernière copie : %(n)d Mio. Une copie a été remise à l’essai et retrouvée entière.") % {"n": size}
    else:
        says = _t("Dernière copie relue en entier : %(n)d Mio. Essayez-la aussi sur une autre machine.") % {"n": size}
    if timezone.now() - last.at > OLD:
        return Step(
            place=800,
            title=title,
            says=says,
            state="part",
            tag=_t("Copie ancienne"),
            who=operator,
            when=when,
            href=href,
            do=do,
        )
    return Step(place=800, title=title, says=says, state="done", tag=_t("Fait"), who=who, when=when, href=href, do=do)


def rehearsal() -> Step:
    title, href, do = _t("Répétition"), CONSOLE, _t("La commande")
    last = Act.objects.filter(kind=kinds.REHEARSED.code).order_by("-pk").first()
    if last is None:
        says = _t("Une nuit de centralisation jouée dans une base à part, coupures comprises. Elle doit finir sans écart avant tout vrai scrutin.")  # fmt: skip
        who = _t("Exploitant du serveur : « kalata rehearse »")
        return Step(place=900, title=title, says=says, who=who, href=href, do=do, after=(3, 4, 5))
    night = last.after or {}
    says = told(_t("Nuit jouée sans écart : %(papers)s PV, %(clerks)s {clerks:poste|postes}, %(kills)s {kills:coupure|coupures}."), get_language(), {
        key: night.get(key, "–") for key in ("papers", "clerks", "kills")
    })
    who, when = queries.last_of(kinds.REHEARSED.code)
    return Step(place=900, title=title, says=says, state="done", tag=_t("Fait"), who=who, when=when, href=href, do=do)
