"""What the legal calendar asks for: a published one is everybody's, a draft is the nation's staff's."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Over, Page, exists, held, page

DRAFTS = ("deadlines.record", "deadlines.derogate", "results.read", "ledger.read")
SEEN = exists(*DRAFTS, over=Over.HOUSE, public=True)
STAFF = exists(*DRAFTS, over=Over.HOUSE)
RECORDS = held("deadlines.record")
DEROGATES = held("deadlines.derogate")

PAGES: tuple[Page, ...] = (
    page("deadlines:index", "calendar"),
    page("deadlines:try", "calendar"),
    page("deadlines:notices", "notice", SIGNED, acts={"read": (), "done": (), "mail": ()}),
    page("deadlines:new", "calendar", SIGNED, RECORDS, acts={"": ()}),
    page("deadlines:calendar", "calendar", SEEN),
    page("deadlines:ics", "calendar", SEEN),
    page("deadlines:table", "calendar", SEEN),
    page("deadlines:poster", "calendar", SEEN),
    page("deadlines:rule", "calendar", SEEN),
    page("deadlines:follow", "calendar", SIGNED, SEEN, acts={"follow": (), "stop": ()}, reads=False),
    page(
        "deadlines:settings", "calendar", SIGNED, SEEN, reads=False,
        acts={"publish": (RECORDS,), "recall": (RECORDS,), "texts": (RECORDS,)},
    ),
    page("deadlines:events", "event", SIGNED, SEEN, RECORDS),
    page("deadlines:event", "event", SIGNED, SEEN, RECORDS, acts={"record": (), "withdraw": ()}),
    page(
        "deadlines:derogations", "derogation", SIGNED, SEEN, STAFF, acts={"ask": (DEROGATES,), "end": (DEROGATES,)},
    ),
    page("deadlines:evidence", "event", SIGNED, SEEN, STAFF),
    page("deadlines:possible", "calendar", SEEN, acts={"assume": (RECORDS,), "drop": (RECORDS,)}),
    page("deadlines:what_if", "calendar", SEEN),
)  # fmt: skip
