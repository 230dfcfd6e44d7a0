"""Results at the doorway."""

from __future__ import annotations

from kalata.rooms import Body, Check, Chore, Command, Document, Entry, Kind, Publishes, Right, Room, Urls
from kalata.text import gettext_noop as _

RIGHTS = (
    Right(key="results.setup", label=_("créer et modifier les scrutins, les candidatures et les circonscriptions"), desk=True, machine=True),
    Right(key="results.import", label=_("importer des bureaux et des résultats"), desk=True),
    Right(key="results.read", label=_("lire les résultats non publiés"), critical=False, machine=True),
    Right(key="results.publish", label=_("demander ou approuver la publication"), desk=True, machine=True),
    Right(key="results.contest", label=_("inscrire qu’une requête conteste un bureau"), desk=True),
    Right(key="results.decide", label=_("signer une décision sur des résultats, ou l’exécuter"), desk=True),
    Right(key="results.proclaim", label=_("signer ou prononcer la proclamation des résultats définitifs"), desk=True),
)  # fmt: skip

MENU = (
    Entry(place=100, section="results", label=_("Résultats"), url="results:index", public=True),
    Entry(place=400, section="archives", label=_("Archives"), url="results:archives", public=True, aside=True),
    Entry(
        place=700, section="desk", label=_("Scrutins"), url="results:desk",
        rights=frozenset({"results.setup", "results.import", "results.publish"}),
    ),
)  # fmt: skip

KINDS = (
    Kind("archive", _("archive")),
    Kind("area", _("zone"), "country.Unit", mark="ZON", about="kalata.country.chained.AREA"),
    Kind("contest", _("scrutin"), "country.Contest", mark="SCR", about="kalata.results.chained.CONTEST"),
    Kind(
        "import",
        _("fichier importé"),
        "results.Import",
        "results:import",
        mark="FIC",
        about="kalata.results.chained.IMPORT",
    ),
    Kind("profile", _("profil d’import"), "results.MappingProfile", mark="PFL", about="kalata.results.chained.PROFILE"),
    Kind(
        "report",
        _("version d’un procès-verbal"),
        "results.StationReport",
        mark="VPV",
        about="kalata.results.chained.REPORT",
    ),
    Kind("station", _("bureau"), "country.Station", mark="BUR", about="kalata.results.chained.STATION"),
)

ROOM = Room(
    package="kalata.results",
    title=_("Résultats"),
    order=500,
    ties="kalata.results.ties.shown",
    urls=(Urls("resultats/", "kalata.results.urls", crowd="kalata.results.queries.published.mark"),),
    bodies=(Body(r"/resultats/gerer/[^/]+/importer/", 210, ("results.import",)),),
    rights=RIGHTS,
    doors="kalata.results.doors.PAGES",
    menu=MENU,
    home="kalata.results.home.shown",
    waits="kalata.results.home.waits",
    commands=(
        Command("results", "kalata.results.commands.results", "results of polling stations: tabulate, seats (pure)"),
    ),
    chores=(Chore("kalata.results.services.announcing.compare_all", 86_400),),
    checks=(Check(400, "two", "kalata.results.checking.two_persons", _("à deux")),),
    kinds=KINDS,
    publishes=Publishes(
        beside="kalata.results.services.announcing.beside",
        image="kalata.results.images.path",
        open_missing="kalata.results.services.announcing.open_missing",
        compare="kalata.results.services.announcing.compare_all",
    ),
    documents=(Document("minutes", _("procès-verbal de séance"), "typst/minutes.typ"),),
    codes="kalata.results.home.codes",
    refusals=("kalata.results.commands", "kalata.results.services.committing"),
)
