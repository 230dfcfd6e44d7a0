"""Training at the doorway: all that the house must know of this room. docs/en/new-room.md says what each line gives."""

from kalata.rooms import Body, Command, Demonstration, Document, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _
from kalata.training.rules.rights import (
    APPOINT,
    AT_POSTS,
    CERTIFY,
    INDEPENDENCE,
    OBSERVE,
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
    Right(key=PLAN, label=_("tenir le plan de formation : lieux, binômes, dates, indemnités, matériel"), desk=True),
    Right(key=TEACH, label=_("tenir ses propres séances de formation"), critical=False, desk=True, apart=(CERTIFY,)),
    Right(key=CERTIFY, label=_("délivrer et retirer les attestations de formation"), desk=True, apart=(TEACH,)),
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
        Urls("postes/", "kalata.training.urls_posts", personal=True),
    ),
    bodies=(
        Body(r"/formation/cascade/essai/", 9, (PLAN,)),
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
        Entry(place=672, section="posts", label=_("Postes"), url="posts:index", rights=AT_POSTS),
    ),
    documents=(
        Document("post-appointment", _("acte de nomination à des postes"), "", "contest", staff=True),
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
    ),
    refusals=(
        "kalata.training.rules.faults",
        "kalata.training.rules.procedure_editing",
        "kalata.training.rules.procedure_refusals",
        "kalata.training.rules.posts",
        "kalata.training.rules.posts_refusals",
        "kalata.training.rules.posts_day",
    ),
    demonstration=Demonstration(
        load="kalata.training.demonstration.load", users="kalata.training.demonstration.demo_users"
    ),
)
