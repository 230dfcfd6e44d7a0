"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.disputes.rules.offices import HEAD, OPEN, SIT
from kalata.disputes.rules.offices import KEEP as KEEP_FIRST
from kalata.disputes.rules.steps import BENCH, COUNT, LIAISON, PARTY, PRESIDE, PUBLISH, RAPPORTEUR, RECEIVE, REGISTRY
from kalata.people.rules.doors import SIGNED, Over, exists, held, page

READS = (REGISTRY, RAPPORTEUR, BENCH, PRESIDE)
READ = held(*READS, over=Over.SOMEWHERE)
CASE = exists(*READS, over=Over.CONTEST)
KEEP = held(REGISTRY, over=Over.CONTEST)
INSTRUCT = held(RAPPORTEUR, over=Over.CONTEST)
EITHER = held(REGISTRY, RAPPORTEUR, over=Over.CONTEST)
PARTIES = held(PARTY, over=Over.SOMEWHERE)
MINE = exists(over=Over.SOMEWHERE, own=True)

SITS = held(BENCH, over=Over.SOMEWHERE)
KEEPS, OWN = held(REGISTRY), held(BENCH)
PRESIDES, MEMBER = (held(right, over=Over.CONTEST) for right in (PRESIDE, BENCH))

BENCHES = (
    page(
        "disputes:bench", "bench_member", SIGNED, held(*READS, over=Over.SOMEWHERE),
        acts={
            **dict.fromkeys(("seat", "leave", "president", "absent"), (KEEPS,)),
            **dict.fromkeys(("declare", "withdraw", "key", "lost"), (OWN,)),
        },
    ),
    page(
        "disputes:panel", "petition", SIGNED, CASE,
        acts={
            "match": (KEEP,), "challenge": (KEEP,), "aside": (MEMBER,), "recusal": (MEMBER,), "conflict": (PRESIDES,),
            "give": (PRESIDES,),
        },
    ),
    page("disputes:draws", "petition"),
    page("disputes:recourse", "petition"),
    page("disputes:draw", "petition", SIGNED, CASE, acts=dict.fromkeys(("commit", "draw", "publish"), (PRESIDES,))),
    page("disputes:draw_file", "petition", exists(*READS, over=Over.CONTEST, public=True)),
    page("disputes:cause_list", "hearing"),
    page("disputes:hearings", "hearing", SIGNED, CASE, acts={"fix": (PRESIDES,), **dict.fromkeys(("list", "hold", "causes", "minutes"), (KEEP,))}),
    page(
        "disputes:deliberation", "petition", SIGNED, SITS,
        acts=dict.fromkeys(("open", "deposit", "release", "reseal", "confirm", "close"), ()),
    ),
    page("disputes:sealed", "petition", SIGNED, SITS),
)  # fmt: skip
"""The bench, the draw, hearings and the deliberation, which opens to its members alone."""
OF_BENCH = exists(RAPPORTEUR, BENCH, PRESIDE, over=Over.CONTEST)
INSTRUCTED = (
    page("disputes:materiality", "petition", SIGNED, OF_BENCH, acts={"weigh": (), "keep": (INSTRUCT,)}),
    page("disputes:whatifs", "petition", SIGNED, OF_BENCH),
    page("disputes:whatif", "petition", SIGNED, OF_BENCH, acts={"drop": (), "draft": (INSTRUCT,)}),
    page("disputes:whatif_file", "petition", SIGNED, OF_BENCH),
    page(
        "disputes:evidence",
        "petition",
        SIGNED,
        OF_BENCH,
        acts=dict.fromkeys(("link", "unlink", "officer", "unofficer"), (INSTRUCT,)),
    ),
    page("disputes:comparison", "petition", SIGNED, OF_BENCH),
    page("disputes:report", "petition", SIGNED, OF_BENCH, acts={"preview": (INSTRUCT,), "file": (INSTRUCT,)}),
    page("disputes:report_file", "petition", SIGNED, OF_BENCH),
    page("disputes:copies", "petition", SIGNED, CASE, acts={"copy": ()}),
    page("disputes:heard", "petition", SIGNED, OF_BENCH, acts={"add": (INSTRUCT,), "read": (), "strike": (INSTRUCT,)}),
    page("disputes:piece_page", "exhibit", SIGNED, exists(*READS, over=Over.CONTEST, own=True)),
)
"""The working papers of an instruction; beside the right, each asks whether one reports this case, and its stage."""
DESK = held(RECEIVE, REGISTRY, over=Over.SOMEWHERE)
SEEN = exists(RECEIVE, REGISTRY, over=Over.CONTEST)

AT_BENCH = held(RAPPORTEUR, BENCH, PRESIDE, over=Over.SOMEWHERE)
DRAFT = exists(RAPPORTEUR, BENCH, PRESIDE, over=Over.CONTEST)

OFFICE = (KEEP_FIRST, SIT, HEAD)
AT = exists(*OFFICE, over=Over.BODY)
FIRST_KEEPS, FIRST_SITS, FIRST_HEADS = (held(right, over=Over.BODY) for right in OFFICE)
FIRST = (
    page("disputes:offices", "counter", SIGNED, held(*OFFICE, OPEN, over=Over.SOMEWHERE), acts={"open": (held(OPEN),)}),
    page("disputes:office", "petition", SIGNED, AT),
    page("disputes:office_receive", "petition", SIGNED, AT, FIRST_KEEPS, acts={"receive": ()}),
    page(
        "disputes:first_case", "petition", SIGNED, AT,
        acts={
            **dict.fromkeys(("step", "paper", "try", "waive", "strike", "piece", "print", "cure"), (FIRST_KEEPS,)),
            **dict.fromkeys(("report", "write", "vote"), (FIRST_SITS,)), **dict.fromkeys(("preside", "sign"), (FIRST_HEADS,)),
            "check": (held(KEEP_FIRST, SIT, over=Over.BODY),), "aside": (),
        },
    ),
    page("disputes:first_paper", "document", SIGNED, AT),
    page("disputes:first_piece", "exhibit", SIGNED, AT),
)  # fmt: skip
"""First instance: the right is held for the body of the office, over its territory, and opens nothing of the Court."""

EVERYBODY = (
    page("court:docket", "petition"),
    page("court:first", "petition"),
    page("court:case", "petition"),
    page("court:archive", "petition"),
    page("court:hearings", "hearing"),
    page("court:calendar", "hearing"),
    page("court:decisions", "ruling"),
    page("court:decision", "ruling"),
    page("court:paper", "ruling"),
    page("court:proclamation", "contest"),
    page("court:proclaimed", "contest"),
    page("court:statistics", "petition"),
    page("court:scorecard", "petition"),
    page("court:data", "petition"),
    page("court:file", "petition"),
    page("court:verify", "petition"),
)
"""What everybody reads: only what is published, whoever asks."""

PAGES = (
    page("disputes:registry", "petition", SIGNED, DESK),
    page("disputes:register", "petition", SIGNED, held(RECEIVE, over=Over.SOMEWHERE), acts={"receive": (), "look": ()}),
    page("disputes:counters", "counter", SIGNED, held(REGISTRY), acts=dict.fromkeys(("open", "roll", "close"), ())),
    page("disputes:merge", "counter", SIGNED, held(REGISTRY), acts={"merge": (), "export": ()}),
    page("disputes:receipt", "petition", SIGNED, DESK, SEEN, acts={"print": (), "likeness": (KEEP,)}),
    page("disputes:exhibits", "petition", SIGNED, DESK, SEEN, acts={"add": ()}),
    page(
        "disputes:docket", "petition", SIGNED, READ,
        acts=dict.fromkeys(("enrol", "examine", "join", "notify", "invite"), (KEEP,)),
    ),
    page("disputes:proposals", "petition", SIGNED, READ),
    page(
        "disputes:case", "petition", SIGNED, CASE,
        acts={
            **dict.fromkeys(("step", "paper", "try", "waive", "strike", "gone", "sever", "decide"), (KEEP,)),
            "report": (INSTRUCT,), "measure": (INSTRUCT,), "override": (EITHER,), "preside": (held(PRESIDE, over=Over.CONTEST),),
        },
    ),
    *BENCHES,
    *INSTRUCTED,
    *EVERYBODY,
    *FIRST,
    page("disputes:checklist", "petition", SIGNED, CASE, acts={"check": (EITHER,)}),
    page("disputes:piece", "exhibit", SIGNED, exists(*READS, over=Over.CONTEST, own=True)),
    page(
        "disputes:measures", "petition", SIGNED, held(LIAISON, over=Over.SOMEWHERE),
        acts={"answer": (exists(LIAISON, over=Over.CONTEST),)},
    ),
    page("disputes:mine", "petition", SIGNED, PARTIES, acts={"mandate": ()}),
    page("disputes:file", "petition", SIGNED, PARTIES, acts=dict.fromkeys(("save", "file", "abandon"), ())),
    page("disputes:begun", "petition", SIGNED, PARTIES, exists(over=Over.SOMEWHERE, own=True), acts=dict.fromkeys(("save", "file", "abandon"), ())),
    page("disputes:my_receipt", "petition", SIGNED, PARTIES, MINE),
    page("disputes:my_case", "petition", SIGNED, PARTIES, MINE, acts={"ack": (), "brief": ()}),
    page("disputes:my_calendar", "petition", SIGNED, PARTIES, MINE),
    page("disputes:my_file", "petition", SIGNED, PARTIES, MINE),
    page("disputes:papers", "petition", SIGNED, CASE, acts=dict.fromkeys(("receipt", "letter", "letters", "cancel", "cure", "copy"), (KEEP,))),
    page("disputes:letters", "document", SIGNED, CASE),
    page("disputes:paper", "document", SIGNED, CASE),
    page("disputes:drafts", "ruling", SIGNED, AT_BENCH, acts={"open": (INSTRUCT,)}),
    page(
        "disputes:draft", "ruling", SIGNED, DRAFT,
        acts=dict.fromkeys(("put", "try", "rows", "answer", "drop", "up", "down", "refresh"), (INSTRUCT,)),
    ),
    page("disputes:draft_near", "ruling", SIGNED, DRAFT),
    page(
        "disputes:reasons", "ruling", SIGNED, DRAFT,
        acts={
            **dict.fromkeys(("write", "keep", "discard", "grounds"), (INSTRUCT,)),
            **dict.fromkeys(("remark", "resolve"), (held(RAPPORTEUR, BENCH, over=Over.CONTEST),)),
        },
    ),
    page("disputes:clauses", "ruling", SIGNED, AT_BENCH, acts={"save": (held(RAPPORTEUR, over=Over.SOMEWHERE),)}),
    page("disputes:precedents", "ruling", SIGNED, AT_BENCH),
    page(
        "disputes:gate", "ruling", SIGNED, exists(RAPPORTEUR, BENCH, PRESIDE, over=Over.CONTEST),
        acts={
            **dict.fromkeys(("print", "gate"), (held(RAPPORTEUR, over=Over.CONTEST),)),
            **dict.fromkeys(("back", "sign", "pronounce"), (held(PRESIDE, over=Over.CONTEST),)),
            "override": (held(BENCH, over=Over.CONTEST),),
        },
    ),
    page(
        "disputes:count", "contest", SIGNED, exists(PRESIDE, BENCH, REGISTRY, over=Over.CONTEST),
        acts={
            **dict.fromkeys(("open", "draw"), (held(PRESIDE, over=Over.CONTEST),)), "explain": (KEEP,),
            "proclaim": (held("results.proclaim", over=Over.CONTEST),),
        },
    ),
    page(
        "disputes:count_reading", "contest", SIGNED, exists(COUNT, over=Over.CONTEST),
        acts={"read": (held(COUNT, over=Over.CONTEST),)},
    ),
    page("disputes:decisions", "ruling", SIGNED, held(*READS, PUBLISH, over=Over.SOMEWHERE)),
    page(
        "disputes:errata", "ruling", SIGNED, exists(*READS, PUBLISH, over=Over.CONTEST),
        acts={"correct": (held(PRESIDE, over=Over.CONTEST),)},
    ),
    page(
        "disputes:decision", "ruling", SIGNED, exists(*READS, PUBLISH, over=Over.CONTEST),
        acts={
            "notify": (KEEP,), "apply": (held("results.decide", over=Over.CONTEST),),
        },
    ),
    page(
        "disputes:publication", "ruling", SIGNED, exists(*READS, PUBLISH, over=Over.CONTEST),
        acts=dict.fromkeys(("prepare", "add", "hide", "keep", "summary", "propose"), (held(PUBLISH, over=Over.CONTEST),)),
    ),
)  # fmt: skip
