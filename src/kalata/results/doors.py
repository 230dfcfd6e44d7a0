"""What the pages of results, of the tally centre and the API ask for. `results.access` is how they ask it."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Gate, Over, Page, exists, held, page
from kalata.results.rules.rights import (
    STAFF,
)

SHOWN = exists("results.read", over=Over.CONTEST, public=True)
SHOWN_HERE = exists("results.read", over=Over.PLACE, public=True)


def anywhere(*rights: str) -> Gate:
    return held(*rights, over=Over.SOMEWHERE)


def desk(*rights: str) -> tuple[Gate, ...]:
    """A desk of a contest: it exists for who holds it somewhere in the contest."""
    return SIGNED, exists(*sorted(rights), over=Over.CONTEST_PART)


def here(*rights: str) -> Gate:
    """A thing of a place: it exists for who holds one of these rights over it."""
    return exists(*sorted(rights), over=Over.PLACE)


def may(right: str) -> Gate:
    return held(right, over=Over.PLACE)


def wide(right: str) -> Gate:
    return held(right, over=Over.CONTEST)


IMPORT = (
    SIGNED,
    exists("results.import", over=Over.CONTEST_PART),
    exists("results.import", over=Over.CONTEST, own=True),
)

PUBLIC: tuple[Page, ...] = (
    page("results:index", "contest"),
    page("results:archives", "archive"),
    page("results:archive", "archive"),
    page("results:contest", "contest", SHOWN),
    page("results:area", "area", SHOWN_HERE),
    page("results:stations", "station", SHOWN),
    page("results:stations?zone", "station", SHOWN_HERE),
    page("results:station", "station", SHOWN_HERE),
    page("results:differs", "station", SHOWN_HERE),
    page("results:seats", "contest", SHOWN),
    page("results:findings", "contest", SHOWN),
    page("results:data", "contest", SHOWN),
    page("results:download", "contest", SHOWN),
    page("results:corrections", "contest", SHOWN),
    page("results:corrections_file", "contest", SHOWN),
    page("results:lots", "contest", SHOWN),
    page("results:lots_minutes", "contest", SHOWN),
)  # fmt: skip

DESK: tuple[Page, ...] = (
    page("results:desk", "contest", SIGNED, anywhere(*sorted(STAFF))),
    page("results:new", "contest", SIGNED, held("results.setup"), acts={"": ()}),
    page("results:draft", "contest", SIGNED, held("results.setup"), Gate(404, own=True), acts={"": (), "drop": ()}),
    page("results:imports", "import", SIGNED, anywhere(*sorted(STAFF))),
    page("results:import", "import", *IMPORT, acts={"map": (), "commit": (), "discard": ()}),
    page("results:import_progress", "import", *IMPORT),
    page("results:import_refused", "import", *IMPORT),
    page(
        "results:profiles", "profile", SIGNED, anywhere(*sorted(STAFF)),
        acts={"drop": (
            held("results.import", over=Over.AREA_PART),
            exists(*sorted(STAFF), over=Over.BRANCH),
            held("results.import", over=Over.AREA),
        )},
    ),
    page("results:profile_yaml", "profile", SIGNED, anywhere(*sorted(STAFF)), exists(*sorted(STAFF), over=Over.BRANCH)),
    page(
        "results:setup", "contest", *desk(*STAFF),
        acts={
            **{a: (wide("results.setup"),) for a in ("edit", "options", "constituencies", "packset", "second")},
            **{a: (wide("results.publish"),) for a in ("publish", "withdraw")},
        },
    ),
    page("results:start_import", "import", *desk(*STAFF), held("results.import", over=Over.CONTEST_PART), acts={"": ()}),
)  # fmt: skip

PAGES = PUBLIC + DESK
