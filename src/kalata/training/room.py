"""Training at the doorway: all that the house must know of this room. docs/en/new-room.md says what each line gives."""

from kalata.rooms import Body, Command, Demonstration, Document, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _
from kalata.training.rules.rights import (
    APPOINT,
    AT_CLASSES,
    AT_POSTS,
    CERTIFY,
    INDEPENDENCE,
    OBSERVE,
    PAY,
    PLAN,
    POSTS,
    READ,
    REPLACE,
    REVIEW,
    STAFF,
    TEACH,
    WRITE,
)

RIGHTS = (
    Right(key=READ, label=_("lire les procédures, les manuels, le plan et les séances de formation"), critical=False),
    Right(key=WRITE, label=_("écrire les procédures, les questions et les épreuves"), desk=True, apart=(REVIEW,)),
    Right(key=REVIEW, label=_("approuver le lien entre une étape et un article"), desk=True, apart=(WRITE,)),
    Right(key=PLAN, label=_("tenir le plan de formation : lieux, binômes, dates, indemnités, matériel"), desk=True, apart=(PAY, TEACH, CERTIFY)),
    Right(key=PAY, label=_("signer le plan de formation publié et les listes de paiement"), desk=True, apart=(PLAN, TEACH, CERTIFY)),
    Right(key=TEACH, label=_("tenir ses propres séances de formation"), critical=False, desk=True, apart=(CERTIFY, PLAN, PAY)),
    Right(key=CERTIFY, label=_("délivrer et retirer les attestations de formation"), desk=True, apart=(TEACH, PLAN, PAY)),
    Right(key=OBSERVE, label=_("observer les séances de formation qui lui sont confiées"), critical=False, desk=True),
    Right(key=POSTS, label=_("lire les postes de son territoire et qui les tient"), critical=False),
    Right(key=STAFF, label=_("tenir les postes de son territoire : listes, propositions, présences, réserves"), desk=True, apart=(APPOINT,)),
    Right(key=APPOINT, label=_("signer les nominations, les suspensions et les fins de fonction"), desk=True, apart=(STAFF,)),
    Right(key=REPLACE, label=_("décider le jour du scrutin un remplacement dans un bureau de son territoire"), desk=True),
    Right(key=INDEPENDENCE, label=_("ouvrir le registre d’indépendance"), desk=True),
)  # fmt: skip

ROOM = Room(
    package="kalata.training",
    title=_("Formation et postes"),
    order=720,
    urls=(
        Urls("formation/cascade/", "kalata.training.urls_cascade", personal=True),
        Urls("formation/procedures/", "kalata.training.urls_procedures", personal=True),
        Urls("formation/plans/", "kalata.training.urls_plans", personal=True),
        Urls("formation/seances/", "kalata.training.urls_classes", personal=True),
        Urls("formation/epreuves/", "kalata.training.urls_tests", personal=True),
        Urls("formation/paiements/", "kalata.training.urls_payments", personal=True),
        Urls("formation/manuels/", "kalata.training.urls_manuals", personal=True),
        Urls("formation/attestations/", "kalata.training.urls_certificates", personal=True),
        Urls("formation/erreurs/", "kalata.training.urls_errors", personal=True),
        Urls("postes/", "kalata.training.urls_posts", personal=True),
    ),
    bodies=(
        Body(r"/formation/cascade/essai/", 9, (PLAN,)),
        Body(r"/formation/plans/nouveau/", 13, (PLAN,)),
        Body(r"/formation/seances/\d+/", 12, (TEACH, PLAN)),
        Body(r"/postes/[^/]+/importer/", 8, (STAFF,)),
        Body(r"/postes/[^/]+/bureaux/\d+/", 8, (REPLACE,)),
    ),
    home="kalata.training.home.shown",
    rights=RIGHTS,
    menu=(
        Entry(place=668, section="training", label=_("Formation"), url="cascade:plan", rights=frozenset({READ})),
        Entry(
            place=670,
            section="procedures",
            label=_("Procédures"),
            url="procedures:list",
            rights=frozenset({READ}),
        ),
        Entry(place=671, section="classes", label=_("Séances"), url="classes:list", rights=frozenset(AT_CLASSES)),
        Entry(
            place=671,
            section="certificates",
            label=_("Attestations"),
            url="certificates:list",
            rights=frozenset({CERTIFY}),
        ),
        Entry(place=672, section="posts", label=_("Postes"), url="posts:index", rights=AT_POSTS),
    ),
    documents=(
        Document("post-appointment", _("acte de nomination à des postes"), "", "contest", staff=True),
        Document("class-sheet", _("feuille d’émargement d’une séance"), "", "contest", staff=True),
        Document("class-answers", _("feuilles de réponses d’une séance"), "typst/answers.typ"),
        Document("class-test", _("épreuve de formation"), "", "house", staff=True),
        Document("training-certificate", _("attestation de formation"), "typst/certificate.typ", "contest", staff=True),
        Document("training-sheets", _("feuilles d’un manuel"), "typst/sheets.typ"),
    ),
    doors="kalata.training.doors.PAGES",
    commands=(
        Command("training", "kalata.training.commands.training", "training: cascade, items, manuals, badges (pure)"),
        Command("posts", "kalata.training.commands.posts", "posts: who holds which, what is not covered (pure)"),
    ),
    kinds=(
        Kind("procedure", _("procédure de formation"), "training.Procedure", mark="PRC", about="kalata.training.chained.PROCEDURE"),
        Kind("procedure_version", _("version d’une procédure de formation"), "training.ProcedureVersion", mark="PRV", about="kalata.training.chained.PROCEDURE_VERSION"),
        Kind("post", _("poste d’un bureau ou d’une commission"), "training.Post", mark="PST", about="kalata.training.chained.POST"),
        Kind("cascade", _("plan de formation gardé"), "training.Cascade"),
        Kind("training_class", _("séance de formation"), "training.TrainingClass"),
        Kind("test_form", _("épreuve de formation"), "training.TestForm"),
        Kind("payment_list", _("liste de paiement de formation"), "training.PaymentList"),
        Kind("certificate", _("attestation de formation"), "training.Certificate"),
        Kind("print_run", _("tirage de manuels"), "training.PrintRun"),
    ),
    refusals=(
        "kalata.training.rules.faults",
        "kalata.training.rules.procedure_editing",
        "kalata.training.rules.procedure_refusals",
        "kalata.training.rules.classes_refusals",
        "kalata.training.rules.posts",
        "kalata.training.rules.posts_refusals",
        "kalata.training.rules.posts_day",
    ),
    demonstration=Demonstration(
        load="kalata.training.demonstration.load", users="kalata.training.demonstration.demo_users"
    ),
)
