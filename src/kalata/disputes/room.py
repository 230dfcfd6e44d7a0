"""Disputes at the doorway: all that the house must know of this room. docs/en/new-room.md says what each line gives."""

from kalata.disputes.rules.offices import HEAD, KEEP, OPEN, SIT
from kalata.disputes.rules.steps import (
    BENCH,
    COUNT,
    LIAISON,
    PARTY,
    PRESIDE,
    PUBLISH,
    RAPPORTEUR,
    RECEIVE,
    REGISTRY,
)
from kalata.rooms import Body, Chore, Command, Demonstration, Document, Entry, Kind, Publishes, Right, Room, Urls
from kalata.text import gettext_noop as _

BENCHES = (RAPPORTEUR, BENCH, PRESIDE)
STAFF = frozenset({RECEIVE, REGISTRY, *BENCHES})

RIGHTS = (
    Right(key=RECEIVE, label=_("recevoir les requêtes au guichet"), critical=False, desk=True, machine=True, apart=BENCHES),
    Right(key=REGISTRY, label=_("tenir le greffe : rôle, notifications, pièces"), desk=True, apart=(*BENCHES, LIAISON, PARTY)),
    Right(key=RAPPORTEUR, label=_("instruire une requête, en rapporter"), desk=True),
    Right(key=BENCH, label=_("siéger, délibérer et voter"), desk=True),
    Right(key=PRESIDE, label=_("présider : joindre, fixer l’audience, signer"), desk=True),
    Right(key=KEEP, label=_("tenir le greffe d’un organe de première instance"), desk=True, apart=(*BENCHES, LIAISON, PARTY)),
    Right(key=SIT, label=_("siéger dans un organe de première instance"), desk=True, apart=(LIAISON, PARTY)),
    Right(key=HEAD, label=_("présider un organe de première instance, signer ses décisions"), desk=True, apart=(LIAISON, PARTY)),
    Right(key=OPEN, label=_("ouvrir le greffe d’un organe de première instance"), apart=(*BENCHES, PARTY)),
    Right(key=PUBLISH, label=_("publier les décisions, sans les changer"), desk=True, apart=BENCHES),
    Right(key=LIAISON, label=_("répondre à la Cour pour l’organe de gestion"), critical=False, desk=True, apart=(*BENCHES, COUNT)),
    Right(key=COUNT, label=_("recenser les votes pour la Cour"), critical=False, desk=True),
    Right(key=PARTY, label=_("déposer et suivre ses propres requêtes"), critical=False, desk=True, apart=(RECEIVE, *BENCHES, COUNT)),
)  # fmt: skip

ROOM = Room(
    package="kalata.disputes",
    title=_("Contentieux"),
    order=600,
    ties="kalata.disputes.ties.shown",
    urls=(
        Urls("contentieux/", "kalata.disputes.urls", personal=True),
        Urls("cour/", "kalata.disputes.urls_public"),
    ),
    bodies=(
        Body(r"/contentieux/(mes-affaires|mesures)/.*", 22, (PARTY, LIAISON)),
        Body(r"/contentieux/greffe/enregistrer/", 200, (RECEIVE,)),
        Body(r"/contentieux/greffe/fusion/", 190, (REGISTRY,)),
        Body(r"/contentieux/greffe/pieces/.+", 60, (RECEIVE, REGISTRY)),
        Body(r"/contentieux/premiere-instance/.+", 60, (KEEP, SIT, HEAD)),
        Body(r"/contentieux/delibere/.+", 5, (BENCH, PRESIDE)),
        Body(r"/contentieux/decisions/.+/projet/", 2, BENCHES),
    ),
    rights=RIGHTS,
    doors="kalata.disputes.doors.PAGES",
    menu=(
        Entry(place=200, section="court", label=_("Cour"), url="court:docket", public=True, aside=True),
        Entry(place=620, section="disputes", label=_("Contentieux"), url="disputes:registry", rights=frozenset({RECEIVE, REGISTRY})),
        Entry(place=621, section="docket", label=_("Rôle des requêtes"), url="disputes:docket", rights=frozenset({REGISTRY, *BENCHES})),
        Entry(place=630, section="drafts", label=_("Projets de décision"), url="disputes:drafts", rights=frozenset(BENCHES)),
        Entry(place=635, section="decisions", label=_("Décisions"), url="disputes:decisions", rights=frozenset({REGISTRY, PUBLISH, *BENCHES})),
        Entry(place=640, section="bench", label=_("Siège"), url="disputes:bench", rights=frozenset({REGISTRY, *BENCHES})),
        Entry(place=624, section="first", label=_("Première instance"), url="disputes:offices", rights=frozenset({KEEP, SIT, HEAD, OPEN})),
        Entry(place=622, section="measures", label=_("Mesures d’instruction"), url="disputes:measures", rights=frozenset({LIAISON})),
        Entry(place=623, section="mine", label=_("Mes affaires"), url="disputes:mine", rights=frozenset({PARTY})),
    ),
    chores=(
        Chore("kalata.disputes.services.sheets.rank", 60),
        Chore("kalata.disputes.alerts.refresh", 60),
        Chore("kalata.disputes.services.stamping.turn", 300),
        Chore("kalata.disputes.services.public_archiving.turn", 300),
        Chore("kalata.disputes.services.likeness.look_waiting", 60),
        Chore("kalata.disputes.services.clocks.start_waiting", 60),
        Chore("kalata.disputes.services.clocks.count_again", 3_600),
        Chore("kalata.disputes.services.curing.expire", 60),
        Chore("kalata.disputes.services.precedents.gather", 300),
        Chore("kalata.disputes.services.precedents.again", 3_600),
        Chore("kalata.disputes.services.logging_texts.turn", 300),
        Chore("kalata.disputes.services.nightly.reread", 86_400),
    ),
    home="kalata.disputes.home.shown",
    waits="kalata.disputes.home.waits",
    commands=(
        Command(
            "disputes", "kalata.disputes.commands.disputes", "petitions, decisions and what they change (pure parts)"
        ),
    ),
    refusals=(
        "kalata.disputes.commands.inputs",
        "kalata.disputes.rules.acts",
        "kalata.disputes.rules.facts",
        "kalata.disputes.rules.gate",
        "kalata.disputes.rules.written",
    ),
    demonstration=Demonstration(
        load="kalata.disputes.demonstration.load", users="kalata.disputes.demonstration.demo_users"
    ),
    publishes=Publishes(pages="kalata.disputes.public_site.pages"),
    kinds=(
        Kind("petition", _("requête"), "disputes.Petition", mark="REQ", about="kalata.disputes.chained.PETITION"),
        Kind("exhibit", _("pièce d’une affaire"), "disputes.Exhibit", mark="PCE", about="kalata.disputes.chained.EXHIBIT"),
        Kind("counter", _("guichet du greffe"), "disputes.Counter", mark="GUI", about="kalata.disputes.chained.COUNTER"),
        Kind("bench_member", _("membre du siège"), "disputes.BenchMember", mark="SGE", about="kalata.disputes.chained.BENCH_MEMBER"),
        Kind("hearing", _("audience"), "disputes.Hearing", mark="AUD", about="kalata.disputes.chained.HEARING"),
        Kind("case_report", _("rapport d’une affaire"), "disputes.CaseReport", mark="RAP", about="kalata.disputes.chained.CASE_REPORT"),
        Kind("ruling", _("décision"), "disputes.Ruling", mark="ARR", about="kalata.disputes.chained.RULING"),
    ),
    documents=(
        Document("court-receipt", _("récépissé de dépôt"), "typst/receipt.typ", "petition"),
        Document("court-report", _("rapport du juge rapporteur"), "typst/report.typ", "case_report", staff=True),
        Document("court-cure", _("invitation à régulariser"), "typst/letter.typ", "petition"),
        Document("court-service", _("lettre de notification"), "typst/letter.typ", "petition"),
        Document("court-causes", _("rôle d’audience"), "typst/causes.typ", "hearing"),
        Document("court-minutes", _("procès-verbal d’audience"), "typst/minutes.typ", "hearing"),
        Document("court-copy", _("copie certifiée conforme"), "typst/copy.typ", "petition"),
        Document("court-ruling", _("arrêt"), "typst/ruling.typ", "ruling"),
        Document("court-public", _("arrêt, texte public"), "typst/ruling.typ", "ruling"),
        Document("court-proclamation", _("proclamation des résultats"), "typst/proclamation.typ", "contest"),
        Document("court-summary", _("décision en clair"), "typst/summary.typ", "ruling"),
        Document("annex", _("annexe d’une décision"), "typst/annex.typ", "ruling"),
        Document("first-decision", _("décision de première instance"), "typst/ruling.typ", "petition"),
        Document("case-file", _("dossier d’une affaire"), "typst/file.typ", "petition"),
    ),
)  # fmt: skip
