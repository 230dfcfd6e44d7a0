"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import SIGNED, Over, held, page
from kalata.planning.rules.rights import APPROVE, EDIT, ENDORSE, MONEY, PROGRESS, READ

PLANS = (SIGNED, held(READ))
EDITS = ("save", "add", "link", "unlink", "split", "shift", "remove", "paste", "undo", "redo")

PAGES = (
    page("planning:budget", "plan", SIGNED, held(READ)),
    page("planning:budget_workbook", "plan", SIGNED, held(READ)),
    page("planning:plans", "plan", *PLANS, acts={act: (held(EDIT),) for act in ("make", "draft")}),
    page("planning:workshop", "plan_version", *PLANS, acts={act: (held(EDIT),) for act in EDITS}),
    page("planning:progress", "plan", SIGNED, held(READ, PROGRESS, over=Over.SOMEWHERE), acts={"say": (held(PROGRESS, over=Over.SOMEWHERE),)}),
    page("planning:file", "plan_version", *PLANS),
    page("planning:moving", "plan_version", *PLANS, acts={"day": (held(EDIT),)}),
    page("planning:odds", "plan_version", *PLANS, acts={act: (held(EDIT, ENDORSE, MONEY, APPROVE),) for act in ("run", "stop")}),
    page(
        "planning:version", "plan_version", *PLANS,
        acts={
            "submit": (held(EDIT),), "endorse": (held(ENDORSE),), "back": (held(EDIT, ENDORSE),), "comment": (),
            "resolve": (held(EDIT),),
        },
    ),
)  # fmt: skip
