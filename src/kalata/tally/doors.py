"""What the desks of the tally centre and the API ask for. `results.access` is how they ask it."""

from __future__ import annotations

from kalata.people.rules.doors import KEY, SIGNED, Gate, Over, Page, carried, exists, held, page
from kalata.results.doors import SHOWN, anywhere, desk, here, may, wide
from kalata.results.rules.rights import SITTINGS
from kalata.tally.rules.rights import BAGS, COPIES, ORIGINALS, PAPERS, PRINTS, RECAPS, REVIEWS, SCREENS

COMMISSION = {a: (may("results.commission"),) for a in ("members", "attend", "decide", "open", "validate", "recap")}

PUBLIC: tuple[Page, ...] = (
    page("batches:public", "batch", SHOWN),
    page("batches:csv", "batch", SHOWN),
)

CENTRE: tuple[Page, ...] = (
    page("tally:index", "contest", SIGNED, anywhere(*sorted(SCREENS))),
    page("tally:overview", "contest", *desk(*SCREENS), acts={"open": (wide("results.setup"),), "free": (here("results.setup"),), "call": (wide("results.setup"),)}),
    page("tally:reception", "paper", *desk("results.receive"), acts={"": (here("results.receive"),), "undo": (here("results.receive"),)}),
    page("tally:read_code", "paper", *desk("results.receive"), acts={"": ()}, reads=False),
    page("tally:scanning", "scan", *desk("results.scan"), acts={
        "give": (), **{a: (here("results.scan"),) for a in ("attach", "discard", "restore", "turn")},
    }),
    page("tally:loose_image", "scan", *desk("results.scan"), here("results.scan")),
    page(
        "tally:entry", "paper", *desk("results.enter"),
        acts={a: (here("results.enter"),) for a in ("submit", "back", "incident")},
    ),
    page("tally:draft", "paper", *desk("results.enter"), acts={"": (here("results.enter"),)}, reads=False),
    page(
        "tally:arbitration", "paper", *desk("results.arbitrate"),
        acts={a: (here("results.arbitrate"),) for a in ("decide", "back", "again")},
    ),
    page("tally:visas", "paper", *desk("results.visa")),
    page(
        "tally:review", "paper", *desk(*REVIEWS),
        acts={"answer": (here(*REVIEWS), may("results.review")), "together": (may("results.review"),)},
    ),
    page("tally:papers", "paper", *desk(*PAPERS)),
    page(
        "tally:paper", "paper", *desk(*PAPERS), here(*PAPERS),
        acts={
            "missing": (may("results.commission"),),
            "scan": (may("results.scan"),),
            "incident": (may("results.scan"),),
            "visa": (may("results.visa"),),
            "review": (may("results.review"),),
            "recall": (may("results.recall"),),
        },
    ),
    page("tally:paper_image", "scan", *desk(*PAPERS), exists(*sorted(ORIGINALS), over=Over.PLACE, own=True)),
    page("tally:paper_line", "scan", *desk(*PAPERS), exists(*sorted(ORIGINALS), over=Over.PLACE, own=True)),
    page("tally:one_form", "paper", *desk(*PRINTS), here(*PRINTS)),
    page(
        "tally:replace_form", "paper", *desk("results.receive"), here(*PAPERS), reads=False,
        acts={"": (may("results.receive"),)},
    ),
    page(
        "tally:custody", "bag", *desk(*BAGS),
        acts={"seal": (held("results.receive", over=Over.CONTEST_PART), here("results.receive"))},
    ),
    page(
        "tally:bag", "bag", *desk(*BAGS), here(*BAGS),
        acts={"hand": (may("results.receive"),), "open": (may("results.receive"),)},
    ),
    page("tally:bag_label", "bag", *desk(*BAGS), here(*BAGS)),
    page("tally:commission", "sitting", *desk(*SITTINGS), acts={"convene": (may("results.commission"),)}),
    page("tally:sitting", "sitting", *desk(*SITTINGS), here(*SITTINGS), acts=COMMISSION),
    page("tally:minutes", "sitting", *desk(*SITTINGS), here(*SITTINGS)),
    page("tally:printing", "paper", *desk(*PRINTS)),
    page("tally:forms_pdf", "paper", *desk(*PRINTS), here(*PRINTS)),
    page("tally:recap_pdf", "sitting", *desk(*RECAPS), here(*RECAPS)),
    page(
        "tally:recap_pdf?vierge", "sitting", *desk(*RECAPS, "results.setup"), here(*RECAPS, "results.setup"),
    ),
    page(
        "tally:copies", "copy", *desk(*COPIES, "results.copy"),
        acts={
            "give": (held("results.copy", over=Over.CONTEST_PART), here("results.copy")),
            "import": (
                held("results.copy", over=Over.CONTEST_PART), Gate(422, ("results.copy",), Over.PLACE),
            ),
            "answer": (here(*COPIES), may("results.review")),
        },
    ),
    page(
        "tally:lots_desk", "contest", *desk("results.commission"),
        acts={a: (wide("results.commission"),) for a in ("announce", "open", "undo")},
    ),
    page(
        "tally:batches", "batch", *desk("results.publish", "results.read", "results.recall"),
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

PAGES = PUBLIC + CENTRE + API
