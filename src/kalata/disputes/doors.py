"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR, RECEIVE, REGISTRY
from kalata.people.rules.doors import SIGNED, Over, exists, held, page

READS = (REGISTRY, RAPPORTEUR, BENCH, PRESIDE)
READ = held(*READS, over=Over.SOMEWHERE)
CASE = exists(*READS, over=Over.CONTEST)
KEEP = held(REGISTRY, over=Over.CONTEST)

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
    page("disputes:draw", "petition", SIGNED, CASE, acts=dict.fromkeys(("commit", "draw", "publish"), (PRESIDES,))),
    page("disputes:draw_file", "petition", exists(*READS, over=Over.CONTEST, public=True)),
    page("disputes:cause_list", "hearing"),
    page("disputes:hearings", "hearing", SIGNED, CASE, acts={"fix": (PRESIDES,), "list": (KEEP,), "hold": (KEEP,)}),
    page(
        "disputes:deliberation", "petition", SIGNED, SITS,
        acts=dict.fromkeys(("open", "deposit", "release", "reseal", "confirm", "close"), ()),
    ),
    page("disputes:sealed", "petition", SIGNED, SITS),
)  # fmt: skip
"""The bench, the draw, hearings and the deliberation, which opens to its members alone."""

PAGES = (
    page("disputes:registry", "petition", SIGNED, held(RECEIVE, REGISTRY, over=Over.SOMEWHERE)),
    page(
        "disputes:docket", "petition", SIGNED, READ,
        acts={"enrol": (KEEP,), "examine": (KEEP,), "join": (KEEP,)},
    ),
    page("disputes:proposals", "petition", SIGNED, READ),
    page(
        "disputes:case", "petition", SIGNED, CASE,
        acts={
            **dict.fromkeys(("step", "paper", "try", "waive", "strike", "gone", "sever"), (KEEP,)),
            "report": (held(RAPPORTEUR, over=Over.CONTEST),), "preside": (held(PRESIDE, over=Over.CONTEST),),
        },
    ),
    *BENCHES,
)  # fmt: skip
