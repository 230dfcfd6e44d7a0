"""The tally centre at the doorway: the paper's way, its desks, its API."""

from __future__ import annotations

from kalata.rooms import Body, Chore, Command, Demonstration, Document, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

WRITES = (
    "results.receive", "results.scan", "results.enter", "results.arbitrate", "results.visa", "results.review",
    "results.commission", "results.copy", "results.recall", "results.setup",
)  # fmt: skip
"""Rights that send something to the tally centre."""

RIGHTS = (
    Right(key="results.receive", label=_("recevoir les plis et les procès-verbaux"), critical=False, desk=True, machine=True, hand=True),
    Right(key="results.scan", label=_("numériser les procès-verbaux"), critical=False, desk=True, machine=True, hand=True),
    Right(key="results.enter", label=_("saisir les procès-verbaux, à l’aveugle"), critical=False, desk=True, machine=True, hand=True),
    Right(key="results.arbitrate", label=_("arbitrer les différences entre deux saisies"), desk=True, machine=True, hand=True),
    Right(key="results.visa", label=_("viser une valeur que nul n’a saisie"), desk=True, hand=True),
    Right(key="results.review", label=_("répondre aux constats des contrôles"), desk=True, machine=True),
    Right(key="results.commission", label=_("valider, écarter, constater ce qui manque, en commission"), desk=True, machine=True),
    Right(key="results.copy", label=_("déposer la copie d’un délégué ou d’un observateur"), critical=False, desk=True, machine=True, hand=True),
    Right(key="results.recall", label=_("demander ou approuver un rappel"), desk=True),
)  # fmt: skip

KINDS = (
    Kind("bag", _("sac ou enveloppe"), "tally.Bag", mark="SAC", about="kalata.tally.chained.BAG"),
    Kind("batch", _("lot"), "results.Batch", mark="LOT", about="kalata.tally.chained.BATCH"),
    Kind("copy", _("copie de délégué"), "tally.Copy", mark="COP", about="kalata.tally.chained.COPY"),
    Kind("paper", _("procès-verbal"), "tally.Paper", mark="PAP", about="kalata.tally.chained.PAPER"),
    Kind("scan", _("image"), "tally.Scan", mark="IMG", about="kalata.tally.chained.SCAN"),
    Kind("sitting", _("séance"), "tally.Sitting", mark="SEA", about="kalata.tally.chained.SITTING"),
)

ROOM = Room(
    package="kalata.tally",
    title=_("Centralisation, API"),
    order=510,
    urls=(
        Urls("resultats/centralisation/", "kalata.tally.urls"),
        Urls("resultats/", "kalata.tally.public_urls", beside=True),
    ),
    bodies=(
        Body(r"/resultats/centralisation/[^/]+/numerisation/", 210, ("results.scan",)),
        Body(r"/resultats/centralisation/[^/]+/copies/", 60, ("results.copy", "results.read", "results.setup")),
        Body(r"/resultats/centralisation/[^/]+/.+", 30, WRITES),
        Body(r"/api/.*/scans", 210, ("results.scan",)),
        Body(r"/api/.+", 30, WRITES),
    ),
    rights=RIGHTS,
    doors="kalata.tally.doors.PAGES",
    menu=(
        Entry(
            place=600, section="tally", label=_("Centralisation"), url="tally:index",
            rights=frozenset({*WRITES, "results.read"}),
        ),
    ),
    home="kalata.tally.home.shown",
    own="kalata.tally.home.own",
    waits="kalata.tally.home.waits",
    api="kalata.tally.api.router",
    api_ids="kalata_results_api",
    commands=(
        Command("rehearse", "kalata.tally.rehearsal.commands.rehearse", "play and audit a synthetic tally night"),
    ),
    chores=(
        Chore("kalata.tally.services.reports.release_all", 60),
        Chore("kalata.tally.services.scanning.read_waiting", 60),
    ),
    kinds=KINDS,
    documents=(
        Document("report", _("procès-verbal"), "typst/report.typ"),
        Document("recap", _("récapitulatif"), "typst/recap.typ"),
        Document("labels", _("bordereau de scellés"), "typst/labels.typ"),
    ),
    demonstration=Demonstration(
        load="kalata.tally.demonstration.load_all", users="kalata.tally.demonstration.demo_users"
    ),
)  # fmt: skip
