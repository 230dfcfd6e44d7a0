"""Results and the tally centre at the doorway."""

from __future__ import annotations

from kalata.rooms import (
    Body,
    Chore,
    Command,
    Demonstration,
    Document,
    Entry,
    Kind,
    Publishes,
    Right,
    Room,
    Urls,
)
from kalata.text import gettext_noop as _

WRITES = (
    "results.receive", "results.scan", "results.enter", "results.arbitrate", "results.visa", "results.review",
    "results.commission", "results.copy", "results.recall", "results.setup",
)  # fmt: skip
"""Rights that send something to the tally centre."""

RIGHTS = (
    Right(key="results.setup", label=_("créer et modifier les scrutins, les candidatures et les circonscriptions"), desk=True, machine=True),
    Right(key="results.import", label=_("importer des bureaux et des résultats"), desk=True),
    Right(key="results.read", label=_("lire les résultats non publiés"), critical=False, machine=True),
    Right(key="results.publish", label=_("demander ou approuver la publication"), desk=True, machine=True),
    Right(key="results.receive", label=_("recevoir les plis et les procès-verbaux"), critical=False, desk=True, machine=True),
    Right(key="results.scan", label=_("numériser les procès-verbaux"), critical=False, desk=True, machine=True),
    Right(key="results.enter", label=_("saisir les procès-verbaux, à l’aveugle"), critical=False, desk=True, machine=True),
    Right(key="results.arbitrate", label=_("arbitrer les différences entre deux saisies"), desk=True, machine=True),
    Right(key="results.visa", label=_("viser une valeur que nul n’a saisie"), desk=True),
    Right(key="results.review", label=_("répondre aux constats des contrôles"), desk=True, machine=True),
    Right(key="results.commission", label=_("valider, écarter, constater ce qui manque, en commission"), desk=True, machine=True),
    Right(key="results.copy", label=_("déposer la copie d’un délégué ou d’un observateur"), critical=False, desk=True, machine=True),
    Right(key="results.recall", label=_("demander ou approuver un rappel"), desk=True),
    Right(key="results.annul", label=_("demander ou approuver l’annulation d’un bureau"), desk=True),
)  # fmt: skip

MENU = (
    Entry(place=100, section="results", label=_("Résultats"), url="results:index", public=True),
    Entry(place=400, section="archives", label=_("Archives"), url="results:archives", public=True),
    Entry(
        place=600, section="tally", label=_("Centralisation"), url="results:tally_index",
        rights=frozenset({*WRITES, "results.read"}),
    ),
    Entry(
        place=700, section="desk", label=_("Scrutins"), url="results:desk",
        rights=frozenset({"results.setup", "results.import", "results.publish"}),
    ),
)  # fmt: skip

KINDS = (
    Kind("archive", _("archive")),
    Kind("area", _("zone"), "country.Unit"),
    Kind("bag", _("sac ou enveloppe"), "results.Bag"),
    Kind("batch", _("lot"), "results.Batch"),
    Kind("contest", _("scrutin"), "country.Contest"),
    Kind("copy", _("copie de délégué"), "results.Copy"),
    Kind("import", _("fichier importé"), "results.Import", "results:import"),
    Kind("paper", _("procès-verbal"), "results.Paper"),
    Kind("profile", _("profil d’import"), "results.MappingProfile"),
    Kind("scan", _("image"), "results.Scan"),
    Kind("sitting", _("séance"), "results.Sitting"),
    Kind("station", _("bureau"), "country.Station"),
)

ROOM = Room(
    package="kalata.results",
    title=_("Résultats, centralisation, API"),
    order=500,
    urls=(Urls("resultats/", "kalata.results.urls"),),
    bodies=(
        Body(r"/resultats/gerer/[^/]+/importer/", 210, ("results.import",)),
        Body(r"/resultats/centralisation/[^/]+/numerisation/", 210, ("results.scan",)),
        Body(r"/resultats/centralisation/[^/]+/copies/", 60, ("results.copy", "results.read", "results.setup")),
        Body(r"/resultats/centralisation/[^/]+/.+", 30, WRITES),
        Body(r"/api/.*/scans", 210, ("results.scan",)),
        Body(r"/api/.+", 30, WRITES),
    ),
    rights=RIGHTS,
    doors="kalata.results.doors.PAGES",
    menu=MENU,
    home="kalata.results.home.shown",
    waits="kalata.results.home.waits",
    api="kalata.results.api.router",
    commands=(
        Command("results", "kalata.results.commands.results", "results of polling stations: tabulate, seats (pure)"),
        Command("rehearse", "kalata.results.rehearsal.commands.rehearse", "play and audit a synthetic tally night"),
    ),
    chores=(
        Chore("kalata.results.tally.release_all", 60),
        Chore("kalata.results.scanning.read_waiting", 60),
        Chore("kalata.results.announcing.compare_all", 86_400),
    ),
    kinds=KINDS,
    documents=(
        Document("report", _("procès-verbal"), "typst/report.typ"),
        Document("recap", _("récapitulatif"), "typst/recap.typ"),
        Document("minutes", _("procès-verbal de séance"), "typst/minutes.typ"),
        Document("labels", _("bordereau de scellés"), "typst/labels.typ"),
    ),
    demonstration=Demonstration(
        load="kalata.results.demonstration.load_all", users="kalata.results.demonstration.demo_users"
    ),
    publishes=Publishes(
        beside="kalata.results.announcing.beside",
        image="kalata.results.images.path",
        open_missing="kalata.results.announcing.open_missing",
        compare="kalata.results.announcing.compare_all",
    ),
    codes="kalata.results.home.codes",
    refusals=("kalata.results.commands", "kalata.results.committing"),
)
