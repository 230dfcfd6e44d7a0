"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import SIGNED, Page, held, page
from kalata.training.rules.rights import PLAN, READ, REVIEW, WRITE

CASCADE: tuple[Page, ...] = (
    page("cascade:plan", "contest", SIGNED, held(READ)),
    page("cascade:trial", "contest", SIGNED, held(PLAN), acts={"try": ()}),
)

PROCEDURES: tuple[Page, ...] = (
    page("procedures:list", "procedure", SIGNED, held(READ), acts={"import": (held(WRITE),)}),
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

PAGES: tuple[Page, ...] = (*CASCADE, *PROCEDURES)
