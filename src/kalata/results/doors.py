"""What the pages of results, of the tally centre and the API ask for. `results.access` is how they ask it."""

from __future__ import annotations

from kalata.people.rules.doors import KEY, SIGNED, Gate, Over, Page, carried, exists, held, page
from kalata.results.rules.rights import (
    BAGS,
    COPIES,
    ORIGINALS,
    PAPERS,
    PRINTS,
    RECAPS,
    REVIEWS,
    SCREENS,
    SITTINGS,
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
COMMISSION = {a: (may("results.commission"),) for a in ("members", "attend", "decide", "open", "validate", "recap")}

PUBLIC: tuple[Page, ...] = (
    page("results:index", "contest"),
    page("results:archives", "archive"),
    page("results:archive", "archive"),
    page("results:contest", "contest", SHOWN),
    page("results:area", "area", SHOWN_HERE),
    page("results:stations", "station", SHOWN),
    page("results:stations?zone", "station", SHOWN_HERE),
    page("results:station", "station", SHOWN_HERE),
    page("results:seats", "contest", SHOWN),
    page("results:findings", "contest", SHOWN),
    page("results:data", "contest", SHOWN),
    page("results:download", "contest", SHOWN),
    page("results:corrections", "contest", SHOWN),
    page("results:corrections_file", "contest", SHOWN),
    page("results:public_batches", "batch", SHOWN),
    page("results:batch_csv", "batch", SHOWN),
    page("results:lots", "contest", SHOWN),
    page("results:lots_minutes", "contest", SHOWN),
    page(
        "results:station_request", "station", SIGNED, SHOWN_HERE, reads=False,
        acts={"annul": (may("results.annul"),), "restore": (may("results.annul"),)},
    ),
)  # fmt: skip

DESK: tuple[Page, ...] = (
    page("results:desk", "contest", SIGNED, anywhere(*sorted(STAFF))),
    page("results:new", "contest", SIGNED, held("results.setup"), acts={"": ()}),
    page("results:imports", "import", SIGNED, anywhere(*sorted(STAFF))),
    page("results:import", "import", *IMPORT, acts={"map": (), "commit": (), "discard": ()}),
    page("results:import_progress", "import", *IMPORT),
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
            **{a: (wide("results.setup"),) for a in ("options", "constituencies", "packset", "second")},
            **{a: (wide("results.publish"),) for a in ("publish", "withdraw")},
        },
    ),
    page("results:start_import", "import", *desk(*STAFF), held("results.import", over=Over.CONTEST_PART), acts={"": ()}),
)  # fmt: skip

CENTRE: tuple[Page, ...] = (
    page("results:tally_index", "contest", SIGNED, anywhere(*sorted(SCREENS))),
    page("results:tally", "contest", *desk(*SCREENS), acts={"open": (wide("results.setup"),)}),
    page("results:reception", "paper", *desk("results.receive"), acts={"": (here("results.receive"),)}),
    page("results:read_code", "paper", *desk("results.receive"), acts={"": ()}, reads=False),
    page("results:scanning", "scan", *desk("results.scan"), acts={"give": (), "attach": (here("results.scan"),)}),
    page("results:loose_image", "scan", *desk("results.scan"), here("results.scan")),
    page(
        "results:entry", "paper", *desk("results.enter"),
        acts={a: (here("results.enter"),) for a in ("submit", "back", "incident")},
    ),
    page("results:draft", "paper", *desk("results.enter"), acts={"": (here("results.enter"),)}, reads=False),
    page(
        "results:arbitration", "paper", *desk("results.arbitrate"),
        acts={a: (here("results.arbitrate"),) for a in ("decide", "back", "again")},
    ),
    page("results:visas", "paper", *desk("results.visa")),
    page("results:review", "paper", *desk(*REVIEWS)),
    page("results:papers", "paper", *desk(*PAPERS)),
    page(
        "results:paper", "paper", *desk(*PAPERS), here(*PAPERS),
        acts={
            "missing": (may("results.commission"),),
            "scan": (may("results.scan"),),
            "incident": (may("results.scan"),),
            "visa": (may("results.visa"),),
            "review": (may("results.review"),),
            "recall": (may("results.recall"),),
        },
    ),
    page("results:paper_image", "scan", *desk(*PAPERS), exists(*sorted(ORIGINALS), over=Over.PLACE, own=True)),
    page("results:one_form", "paper", *desk(*PRINTS), here(*PRINTS)),
    page(
        "results:replace_form", "paper", *desk("results.receive"), here(*PAPERS), reads=False,
        acts={"": (may("results.receive"),)},
    ),
    page(
        "results:custody", "bag", *desk(*BAGS),
        acts={"seal": (held("results.receive", over=Over.CONTEST_PART), here("results.receive"))},
    ),
    page(
        "results:bag", "bag", *desk(*BAGS), here(*BAGS),
        acts={"hand": (may("results.receive"),), "open": (may("results.receive"),)},
    ),
    page("results:bag_label", "bag", *desk(*BAGS), here(*BAGS)),
    page("results:commission", "sitting", *desk(*SITTINGS), acts={"convene": (may("results.commission"),)}),
    page("results:sitting", "sitting", *desk(*SITTINGS), here(*SITTINGS), acts=COMMISSION),
    page("results:minutes", "sitting", *desk(*SITTINGS), here(*SITTINGS)),
    page("results:printing", "paper", *desk(*PRINTS)),
    page("results:forms_pdf", "paper", *desk(*PRINTS), here(*PRINTS)),
    page("results:recap_pdf", "sitting", *desk(*RECAPS), here(*RECAPS)),
    page(
        "results:recap_pdf?vierge", "sitting", *desk(*RECAPS, "results.setup"), here(*RECAPS, "results.setup"),
    ),
    page(
        "results:copies", "copy", *desk(*COPIES, "results.copy"),
        acts={
            "give": (held("results.copy", over=Over.CONTEST_PART), here("results.copy")),
            "import": (
                held("results.copy", over=Over.CONTEST_PART), Gate(422, ("results.copy",), Over.PLACE),
            ),
            "answer": (here(*COPIES), may("results.review")),
        },
    ),
    page(
        "results:lots_desk", "contest", *desk("results.commission"),
        acts={a: (wide("results.commission"),) for a in ("announce", "open", "undo")},
    ),
    page(
        "results:batches", "batch", *desk("results.publish", "results.read", "results.recall"),
        acts={"ask": (wide("results.publish"),), "declare": (wide("results.publish"),)},
    ),
)  # fmt: skip


def route(name: str, thing: str, right: str, *gates: Gate, post: bool = False) -> Page:
    """A route of the API: the key carries the right, its person holds it in the contest."""
    before = (KEY, carried(right), exists(right, over=Over.CONTEST_PART), *gates)
    return page(f"api:{name}", thing, *before, reads=not post, acts={"": ()} if post else {})


API: tuple[Page, ...] = (
    page("api:list_checks", "house"),
    page("api:list_contests", "contest", KEY),
    route("progress", "contest", "results.read"), route("coverage", "contest", "results.read"),
    route("list_papers", "paper", "results.read"),
    route("one_paper", "paper", "results.read", here("results.read")),
    route("receive", "paper", "results.receive", here("results.receive"), post=True),
    route("scan", "scan", "results.scan", post=True),
    route("scan_report", "scan", "results.scan", here("results.scan")),
    route("seal", "bag", "results.receive", here("results.receive"), post=True),
    route("hand_over", "bag", "results.receive", here(*BAGS), may("results.receive"), post=True),
    route("open_bag", "bag", "results.receive", here(*BAGS), may("results.receive"), post=True),
    route("claim", "paper", "results.enter", post=True),
    route("enter", "paper", "results.enter", here("results.enter"), post=True),
    route("release", "paper", "results.enter", here("results.enter"), post=True),
    page(
        "api:move", "paper", KEY, here(*PAPERS), reads=False,
        acts={"incident": (carried("results.scan"), may("results.scan"))},
    ),
    route("claim_arbitration", "paper", "results.arbitrate", post=True),
    route("arbitrate", "paper", "results.arbitrate", here("results.arbitrate"), post=True),
    route("ask_second", "paper", "results.review", here("results.review"), post=True),
    route("copy", "copy", "results.copy", here("results.copy"), post=True),
    route("validate", "sitting", "results.commission", here(*SITTINGS), may("results.commission"), post=True),
    route("ask_batch", "batch", "results.publish", wide("results.publish"), post=True),
    route("list_batches", "batch", "results.read"),
)  # fmt: skip

PAGES = PUBLIC + DESK + CENTRE + API
