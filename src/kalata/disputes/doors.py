"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR, RECEIVE, REGISTRY
from kalata.people.rules.doors import SIGNED, Over, exists, held, page

READS = (REGISTRY, RAPPORTEUR, BENCH, PRESIDE)
READ = held(*READS, over=Over.SOMEWHERE)
CASE = exists(*READS, over=Over.CONTEST)
KEEP = held(REGISTRY, over=Over.CONTEST)

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
)  # fmt: skip
