"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import SIGNED, Gate, Over, Page, exists, held, page
from kalata.training.rules.rights import (
    AT_CLASSES,
    AT_MOOTS,
    AT_POSTS,
    CERTIFY,
    HOLD,
    INDEPENDENCE,
    PAY,
    PLAN,
    RATE,
    READ,
    REPLACE,
    REVIEW,
    STAFF,
    TEACH,
    WRITE,
)

CASCADE: tuple[Page, ...] = (
    page("cascade:plan", "contest", SIGNED, held(READ)),
    page("cascade:trial", "contest", SIGNED, held(PLAN), acts={"try": ()}),
)

PROCEDURES: tuple[Page, ...] = (
    page("procedures:list", "procedure", SIGNED, held(READ), acts={"import": (held(WRITE),)}),
    page("procedures:impact", "procedure", SIGNED, held(READ), acts={"tasks": (held(WRITE, REVIEW),)}),
    page("procedures:archive", "procedure", SIGNED, held(READ)),
    page(
        "procedures:version", "procedure_version", SIGNED, held(READ),
        acts={
            **{act: (held(WRITE),) for act in ("draft", "tested", "ask", "resolve")},
            **{act: (held(REVIEW),) for act in ("lawful", "retire", "verify")}, "back": (held(WRITE, REVIEW),), "comment": (),
        },
    ),
    page("procedures:difference", "procedure_version", SIGNED, held(READ)),
    page("procedures:file", "procedure_version", SIGNED, held(READ)),
    page(
        "procedures:edit", "procedure_version", SIGNED, held(READ), held(WRITE),
        acts=dict.fromkeys(("head", "step", "branch", "fault", "item", "move", "remove", "file"), ()),
    ),
)  # fmt: skip

RIGHTS = tuple(sorted(AT_POSTS))
DESK = (SIGNED, exists(*RIGHTS, over=Over.CONTEST_PART))
HERE = (SIGNED, exists(*RIGHTS, over=Over.CONTEST_PART), exists(*RIGHTS, over=Over.PLACE))


def there(right: str) -> tuple[Gate, ...]:
    return (held(right, over=Over.PLACE),)


def seen(right: str) -> tuple[Gate, ...]:
    """An act over a place that the form names: one beyond one's own is not there."""
    return (exists(*RIGHTS, over=Over.PLACE), *there(right))


def whole(right: str) -> tuple[Gate, ...]:
    return (held(right, over=Over.CONTEST),)


POSTS: tuple[Page, ...] = (
    page("posts:index", "contest", SIGNED, held(*RIGHTS, over=Over.SOMEWHERE)),
    page("posts:board", "contest", *DESK, acts={"open": whole(STAFF), "stations": whole(STAFF)}),
    page("posts:list", "contest", *DESK),
    page("posts:import", "contest", *DESK, held(STAFF, over=Over.CONTEST_PART), acts={"list": ()}),
    page("posts:acts", "contest", *DESK, acts={"ask": seen(STAFF)}),
    page("posts:reserves", "contest", *DESK, acts={"add": seen(STAFF), "call": seen(REPLACE)}),
    page("posts:draws", "contest", *DESK, acts={"promise": whole(STAFF), "draw": whole(STAFF)}),
    page("posts:codes", "contest", *DESK, *whole(STAFF), acts={"": ()}, reads=False),
    page("posts:station", "station", *HERE, acts={"presence": there(REPLACE), "replace": there(REPLACE)}),
    page("posts:record", "station", *HERE),
    page("posts:paper", "post", *HERE),
    page(
        "posts:post", "post", *HERE,
        acts={act: there(STAFF) for act in ("swear", "unpropose", "change", "declare", "lift")},
    ),
    page("posts:independence", "contest", acts={"enter": (SIGNED,)}),
    page("posts:independence_open", "contest", SIGNED, held(INDEPENDENCE)),
)  # fmt: skip

OVER_ALL = (PLAN, PAY, CERTIFY)
WHOLE = exists(*OVER_ALL, over=Over.CONTEST)
MINE = exists(*OVER_ALL, over=Over.CONTEST, own=True)
PLANNED = (SIGNED, held(*OVER_ALL, over=Over.SOMEWHERE))
MADE = (SIGNED, held(READ, *OVER_ALL, over=Over.SOMEWHERE))
TAUGHT = dict.fromkeys(("note", "held", "entries", "answers", "sheet", "settle", "refresh"), there(TEACH))

PLANS: tuple[Page, ...] = (
    page("plans:list", "cascade", *PLANNED),
    page("plans:new", "contest", SIGNED, held(PLAN, over=Over.SOMEWHERE), acts={"make": whole(PLAN)}),
    page(
        "plans:plan",
        "cascade",
        SIGNED,
        WHOLE,
        acts=dict.fromkeys(("terms", "take", "ask", "drop", "repair"), whole(PLAN)),
    ),
    page("plans:file", "cascade", SIGNED, WHOLE),
)
CLASSES: tuple[Page, ...] = (
    page("classes:list", "training_class", SIGNED, held(*AT_CLASSES, over=Over.SOMEWHERE)),
    page("classes:codes", "training_class", SIGNED, held(PLAN, over=Over.SOMEWHERE), acts={"": ()}, reads=False),
    page(
        "classes:class", "training_class", SIGNED, MINE,
        acts={**TAUGHT, "entrust": whole(PLAN), "messages": whole(PLAN), "certify": whole(CERTIFY)},
    ),
    *(page(f"classes:{name}", "training_class", SIGNED, MINE) for name in ("sheet", "answers", "entries", "offline", "image")),
    page("classes:reading", "training_class", SIGNED, MINE, acts={"look": there(TEACH)}),
    page("tests:list", "test_form", SIGNED, held(WRITE, PLAN), acts=dict.fromkeys(("make", "close"), (held(WRITE),))),
    page("tests:paper", "test_form", SIGNED, held(WRITE, PLAN)),
    page("payments:list", "payment_list", SIGNED, held(PLAN, PAY, over=Over.SOMEWHERE), acts={"ask": whole(PLAN)}),
    page("payments:payment", "payment_list", SIGNED, exists(PLAN, PAY, over=Over.CONTEST)),
    page("payments:file", "payment_list", SIGNED, exists(PLAN, PAY, over=Over.CONTEST)),
    page("manuals:list", "manual_build", *MADE, acts={"make": (held(WRITE, PLAN),)}),
    page("manuals:build", "manual_build", *MADE, acts={"stop": (held(WRITE, PLAN),), "print": (held(PLAN),)}),
    page("manuals:piece", "manual_build", *MADE),
    page("manuals:every", "manual_build", *MADE, held(WRITE, PLAN)),
    page("manuals:handed", "print_run", *PLANNED),
    page("manuals:centres", "print_run", *PLANNED),
    page("manuals:packs", "print_run", *PLANNED, acts=dict.fromkeys(("packs", "stop", "resume"), whole(PLAN))),
    page("manuals:papers", "print_run", *PLANNED),
    *(page(f"manuals:{name}", "print_run", *PLANNED, WHOLE) for name in ("lot", "paper")),
    page("manuals:order", "print_run", *PLANNED),
    page("manuals:run", "print_run", *PLANNED, acts={"hand": (held(PLAN),)}),
)  # fmt: skip
ERRORS = (page("errors:page", "contest", SIGNED, held(WRITE)),)
CERTIFICATES: tuple[Page, ...] = (
    page("certificates:check", "certificate", acts={"check": ()}),
    *(page(f"certificates:{name}", "certificate") for name in ("issuer", "status", "offline")),
    page("certificates:course", "certificate", acts={"answer": ()}),
    page("certificates:updates", "certificate", SIGNED, held(CERTIFY, over=Over.SOMEWHERE), acts={"ask": whole(CERTIFY)}),
    page("certificates:list", "certificate", SIGNED, held(CERTIFY, over=Over.SOMEWHERE)),
    page(
        "certificates:certificate", "certificate", SIGNED, exists(CERTIFY, over=Over.CONTEST), acts={"withdraw": (), "confirm": ()},
    ),
    *(page(f"certificates:{name}", "certificate", SIGNED, exists(CERTIFY, over=Over.CONTEST)) for name in ("pdf", "badge")),
)  # fmt: skip

AT_SITTING = (SIGNED, exists(HOLD, over=Over.HOUSE, own=True))
MOOTS: tuple[Page, ...] = (
    page("moots:sittings", "moot_sitting", SIGNED, acts={"prepare": (held(HOLD),)}),
    page("moots:cases", "moot_version", SIGNED, held(*AT_MOOTS), acts={"import": (held(WRITE),)}),
    page("moots:new", "moot_version", SIGNED, held(*AT_MOOTS), held(WRITE), acts={"new": ()}),
    page(
        "moots:version", "moot_version", SIGNED, held(*AT_MOOTS), acts=dict.fromkeys(("draft", "drop", "ask"), (held(WRITE),)),
    ),
    page(
        "moots:edit", "moot_version", SIGNED, held(*AT_MOOTS), held(WRITE),
        acts=dict.fromkeys(("head", "election", "stage", "paper", "question", "criterion", "move", "remove", "file"), ()),
    ),
    page("moots:file", "moot_version", SIGNED, held(*AT_MOOTS), held(WRITE)),
    page(
        "moots:sitting", "moot_sitting", *AT_SITTING,
        acts={
            **dict.fromkeys(("open", "close", "cancel", "bring", "copy"), (held(HOLD),)),
            **dict.fromkeys(("rate", "agree", "release"), (held(RATE),)), **dict.fromkeys(("come", "own", "answer", "plan"), ()),
        },
    ),
    page("moots:dossier", "moot_sitting", *AT_SITTING),
    page("moots:offline", "moot_sitting", *AT_SITTING, held(HOLD)),
    page("moots:plans", "moot_sitting", SIGNED, acts={"follow": ()}),
)  # fmt: skip

PAGES: tuple[Page, ...] = (*CASCADE, *PROCEDURES, *POSTS, *PLANS, *CLASSES, *ERRORS, *CERTIFICATES, *MOOTS)
