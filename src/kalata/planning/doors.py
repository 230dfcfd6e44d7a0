"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import SIGNED, Over, exists, held, page
from kalata.planning.rules.rights import APPROVE, BUY, EDIT, ENDORSE, FUND, MONEY, PROGRESS, READ

PLANS = (SIGNED, held(READ))
OWN = (SIGNED, exists(READ, over=Over.HOUSE, own=True))
"""Who reads plans, and a donor where their own money is."""
BOARD = (SIGNED, held(READ, PROGRESS, over=Over.SOMEWHERE))
EDITS = ("save", "add", "link", "unlink", "split", "shift", "remove", "paste", "undo", "redo")
DAYS = ("try", "keep", "drop", "try_work", "keep_work", "try_spell", "keep_spell", "drop_spell", "drop_work", "take_works", "undo", "redo")
RESOURCES = ("pool", "period", "unperiod", "unpool", "need", "try", "keep", "level", "halt", "accept", "discard")

PAGES = (
    page("planning:budget", "plan", SIGNED, held(READ)),
    page("planning:budget_workbook", "plan", SIGNED, held(READ)),
    page("planning:plans", "plan", *PLANS, acts={act: (held(EDIT),) for act in ("make", "draft")}),
    page("planning:workshop", "plan_version", *PLANS, acts={act: (held(EDIT),) for act in EDITS}),
    page("planning:progress", "plan", SIGNED, held(READ, PROGRESS, over=Over.SOMEWHERE), acts={"say": (held(PROGRESS, over=Over.SOMEWHERE),)}),
    page("planning:offline", "plan", SIGNED, held(PROGRESS, over=Over.SOMEWHERE), acts={act: (held(PROGRESS, over=Over.SOMEWHERE),) for act in ("try", "merge")}),
    page("planning:offline_page", "plan", SIGNED, held(PROGRESS, over=Over.SOMEWHERE)),
    page("planning:file", "plan_version", *PLANS),
    page("planning:importing", "plan_version", *PLANS, acts={act: (held(EDIT, MONEY),) for act in ("try", "keep")}),
    page("planning:paper", "plan_version", *PLANS),
    page("plan_public:index", "plan"),
    page("plan_public:plan", "plan"),
    page("plan_public:ics", "plan"),
    page("planning:calendar", "plan_version", *PLANS, acts={act: (held(EDIT),) for act in DAYS}),
    page("planning:moving", "plan_version", *PLANS, acts={"day": (held(EDIT),)}),
    page("planning:odds", "plan_version", *PLANS, acts={act: (held(EDIT, ENDORSE, MONEY, APPROVE),) for act in ("run", "stop")}),
    page("planning:resources", "plan_version", *PLANS, acts={act: (held(EDIT),) for act in RESOURCES}),
    page("planning:sizing", "plan_version", *PLANS, acts={act: (held(EDIT, MONEY),) for act in ("take", "leave")}),
    page("planning:funds", "plan", SIGNED, held(READ, FUND)),
    page("planning:money", "plan", *OWN, acts={act: (held(MONEY),) for act in ("funder", "pledge")}),
    page("planning:money_files", "plan", SIGNED, exists(READ, over=Over.HOUSE), acts={act: (held(MONEY),) for act in ("try", "keep")}),
    page("planning:money_file", "plan", *OWN),
    page("planning:payments", "plan", *OWN, acts={"commit": (held(MONEY),)}),
    page("planning:accounts", "plan", SIGNED, exists(READ, over=Over.HOUSE), acts={act: (held(MONEY),) for act in ("account", "drop", "book", "keep")}),
    page("planning:pledge", "plan_pledge", *OWN, acts={act: (held(MONEY),) for act in ("move", "back", "close")}),
    page("planning:payment", "plan_payment", *OWN, acts={"verify": (held(PROGRESS),), **{act: (held(MONEY),) for act in ("order", "pay", "cancel")}}),
    page("planning:buying", "plan", *PLANS),
    page("planning:purchases", "plan", *PLANS, acts={"item": (held(BUY),)}),
    page("planning:purchase", "plan_purchase", *PLANS, acts={"item": (held(BUY),), "move": (held(BUY),), "receive": (held(PROGRESS),), "award": (held(BUY),)}),
    page("planning:readiness", "plan", *BOARD),
    page("planning:ready", "plan", *BOARD),
    page("planning:ready_piece", "plan", SIGNED, exists(READ, PROGRESS, over=Over.AREA)),
    page(
        "planning:ready_place", "plan", SIGNED, exists(READ, PROGRESS, over=Over.AREA),
        acts={**{act: (held(PROGRESS, over=Over.AREA),) for act in ("say", "propose")}, "sign": (held(ENDORSE),), "reopen": (held(PROGRESS, ENDORSE, over=Over.AREA),)},
    ),
    page(
        "planning:version", "plan_version", *PLANS,
        acts={
            "submit": (held(EDIT),), "endorse": (held(ENDORSE),), "back": (held(EDIT, ENDORSE),), "comment": (),
            "resolve": (held(EDIT),), "publish": (held(EDIT),), "issue": (),
        },
    ),
)  # fmt: skip
