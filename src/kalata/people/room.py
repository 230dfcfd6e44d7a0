"""Persons, accounts and acts of two persons at the doorway."""

from __future__ import annotations

from kalata.rooms import Body, Chore, Command, Document, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.people",
    title=_("Personnes et comptes"),
    order=200,
    urls=(
        Urls("compte/", "kalata.people.account_urls", personal=True),
        Urls("compte/", "allauth.urls", personal=True),
        Urls("personnes/", "kalata.people.urls", personal=True),
    ),
    bodies=(Body(r"/personnes/importer/", 5, ("people.manage",)),),
    rights=(
        Right(key="people.manage", label=_("créer des comptes et demander des mandats")),
        Right(key="people.approve", label=_("approuver les mandats demandés par une autre personne")),
        Right(key="people.read", label=_("lire les fiches des personnes")),
    ),
    doors="kalata.people.doors.PAGES",
    menu=(
        Entry(
            place=800, section="people", label=_("Personnes"), url="people:list",
            rights=frozenset({"people.manage", "people.approve", "people.read"}),
        ),
        Entry(
            place=900, section="approvals", label=_("Approbations"), url="people:approvals",
            badge="kalata.people.waiting.how_many",
        ),
    ),
    home="kalata.people.waiting.home",
    own="kalata.people.waiting.home",
    first_day="kalata.people.first_day.steps",
    waits="kalata.people.waiting.waits",
    commands=(Command("user", "kalata.people.commands.user", "accounts: create, import, list"),),
    chores=(
        Chore("kalata.people.tokens.revoke_outlived", 600),
        Chore("kalata.people.throttle.forget", 3_600),
    ),
    documents=(Document("activation", _("feuille d’activation"), "typst/activation.typ"),),
    kinds=(
        Kind("account", _("compte")),
        Kind("approval", _("demande à deux personnes"), "people.Approval", "people:approval", mark="DMD", about="kalata.people.chained.APPROVAL"),
        Kind("person", _("personne"), "people.Person", "people:person", mark="PER", about="kalata.people.chained.PERSON"),
    ),
)  # fmt: skip
