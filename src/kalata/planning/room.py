"""Planning at the doorway: all that the house must know of this room. docs/en/new-room.md says what each line gives."""

from kalata.planning.rules.rights import APPROVE, BUY, EDIT, ENDORSE, FUND, MONEY, PROGRESS, READ
from kalata.rooms import Body, Command, Demonstration, Document, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

RIGHTS = (
    Right(key=READ, label=_("lire les plans opérationnels, leurs brouillons et leur budget"), critical=False),
    Right(key=EDIT, label=_("tenir le plan opérationnel : activités, liens, durées, demandes de changement"), desk=True, apart=(ENDORSE, APPROVE)),
    Right(key=PROGRESS, label=_("dire l’avancement des activités de son service ou de son territoire"), critical=False, desk=True),
    Right(key=MONEY, label=_("tenir les inducteurs, les prix et le budget du plan"), desk=True, apart=(APPROVE,)),
    Right(key=BUY, label=_("tenir les marchés du plan"), critical=False, desk=True, apart=(APPROVE,)),
    Right(key=ENDORSE, label=_("viser une version du plan ou un changement, avant le comité de pilotage"), desk=True, apart=(EDIT, APPROVE)),
    Right(key=APPROVE, label=_("approuver une version du plan ou un changement"), desk=True, apart=(EDIT, ENDORSE)),
    Right(key=FUND, label=_("lire ses propres financements et les lignes publiques du plan"), critical=False),
)  # fmt: skip

ROOM = Room(
    package="kalata.planning",
    title=_("Planification"),
    order=700,
    ties="kalata.planning.ties.shown",
    urls=(
        Urls("planification/", "kalata.planning.urls", personal=True),
        Urls("calendriers/", "kalata.planning.public_urls", crowd="kalata.planning.queries.publishing.mark"),
    ),
    rights=RIGHTS,
    doors="kalata.planning.doors.PAGES",
    bodies=(Body(r"/planification/\d+/ressources/", 1, (EDIT,)), Body(r"/planification/\d+/importer/", 10, (EDIT, MONEY)), Body(r"/planification/plans/[^/]+/argent/classeur/", 3, (MONEY,)), Body(r"/planification/avancement/hors-reseau/", 2, (PROGRESS,)), Body(r"/planification/plans/[^/]+/preparation/\d+/", 9, (PROGRESS,))),
    home="kalata.planning.home.shown",
    waits="kalata.planning.home.waits",
    menu=(
        Entry(
            place=650, section="planning", label=_("Plan opérationnel"), url="planning:plans", rights=frozenset({READ})
        ),
        Entry(place=652, section="plan_public", label=_("Calendriers des plans"), url="plan_public:index", public=True, aside=True),
        Entry(
            place=655,
            section="planning_progress",
            label=_("Avancement du plan"),
            url="planning:progress",
            rights=frozenset({READ, PROGRESS}),
        ),
        Entry(
            place=660,
            section="planning_budget",
            label=_("Budget du plan"),
            url="planning:budget",
            rights=frozenset({READ}),
        ),
        Entry(
            place=661,
            section="planning_money",
            label=_("Argent du plan"),
            url="planning:funds",
            rights=frozenset({READ, FUND}),
        ),
        Entry(place=662, section="planning_buying", label=_("Marchés du plan"), url="planning:buying", rights=frozenset({READ}), aside=True),
        Entry(place=663, section="planning_ready", label=_("Préparation des lieux"), url="planning:readiness", rights=frozenset({READ, PROGRESS}), aside=True),
    ),
    commands=(
        Command("plan", "kalata.planning.commands.plan", "the operational plan: dates, odds, budget, exchange (pure)"),
    ),
    demonstration=Demonstration(
        load="kalata.planning.demonstration.load", users="kalata.planning.demonstration.demo_users"
    ),
    documents=(
        Document("plan-book", _("plan opérationnel et budget"), "typst/book.typ", "plan_version", staff=True),
        Document("plan-gantt", _("diagramme de Gantt du plan"), "typst/gantt.typ", "plan_version", staff=True),
        Document("plan-buying", _("plan de passation des marchés"), "typst/buying.typ", "plan_version", staff=True),
        Document("plan-calendar", _("calendrier électoral"), "typst/calendar.typ", "plan_version"),
    ),
    refusals=(
        "kalata.planning.rules.faults",
        "kalata.planning.rules.exchange.faults",
        "kalata.planning.rules.refusals",
    ),
    kinds=(
        Kind("plan", _("plan opérationnel"), "planning.Plan", mark="PLN", about="kalata.planning.chained.PLAN"),
        Kind("plan_version", _("version d’un plan opérationnel"), "planning.PlanVersion", mark="PLV", about="kalata.planning.chained.VERSION"),
        Kind("plan_pledge", _("promesse de financement"), "planning.Pledge", mark="PLG", about="kalata.planning.chained.PLEDGE"),
        Kind("plan_payment", _("paiement du plan"), "planning.Payment", mark="PLP", about="kalata.planning.chained.PAYMENT"),
        Kind("plan_purchase", _("marché du plan"), "planning.ProcurementItem", mark="PLM", about="kalata.planning.chained.PURCHASE"),
    ),
)
