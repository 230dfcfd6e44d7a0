"""What a pack says of remedies: who may complain of what, before whom, and what each check rests on.

The codes are those of the scripted interface; the French words of a record stay for display. `problems` is what
`kalata pack check` says of them: a code misspelt, a time limit or a body that the pack does not have, a court whose
quorum is more than its members, and two bodies for one act at one stage (the appeal graph has one answer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

Record = Mapping[str, object]
Sections = Mapping[str, Sequence[Record]]

CONTESTS = ("presidential", "legislative", "referendum", "communal", "regional")
NATIONAL = ("presidential", "legislative", "referendum")
ABOUT = ("operations", "results", "candidacy", "convening", "register", "campaign")
CAPACITIES = ("candidate", "party", "list", "state_representative", "station_member", "elector", "other")
ITEMS = ("competence", "time_limit", "standing", "form", "object", "grounds", "res_judicata")
FORM = ("written", "signed", "dated", "certified")
NEEDS = ("stations", "evidence")
QUEUE = ("in_time", "late")
NUMBER_PARTS = ["court", "kind", "rank", "year"]
DECIDES = ("bench", "commission", "judge")


def words(value: object) -> tuple[str, ...]:
    """A list of a record, or its one word."""
    if isinstance(value, list | tuple):
        return tuple(str(v) for v in value)
    return (str(value),) if value not in (None, "") else ()


def contests_of(record: Record) -> frozenset[str]:
    """The kinds of contest a norm is about: « all » is all of them, « all national » those of the nation."""
    found: set[str] = set()
    for word in words(record.get("contest")):
        found |= set(CONTESTS) if word == "all" else set(NATIONAL) if word == "all national" else {word}
    return frozenset(found)


def bodies_of(record: Record) -> tuple[str, ...]:
    """The codes of an institution that decides: its own, then other names for it."""
    return (*words(record.get("body")), *words(record.get("also")))


def is_remedy(record: Record) -> bool:
    """A norm that sends an act to a body; one that only widens who may complain, or says how an item is read, is none."""
    return bool(record.get("about")) and not record.get("standing_of") and not record.get("item")


Problem = tuple[str, str, str, str, str]
"""(file, record, field, value, what was expected)."""


def problems(sections: Sections) -> Iterator[Problem]:
    """Everything in the remedies and courts of a pack that could not be applied."""
    bodies = {code for r in sections.get("institutions", ()) for code in bodies_of(r)}
    norms = {str(r.get("id")) for r in sections.get("norms", ())}
    limits = {str(r.get("id")) for r in sections.get("deadlines", ())}
    for record in sections.get("norms", ()):
        yield from norm_problems(record, bodies, norms, limits)
    yield from paths(sections.get("norms", ()))
    for record in sections.get("institutions", ()):
        yield from court_problems(record)


def unknown(record: Record, file: str, field: str, known: Sequence[str] | set[str]) -> Iterator[Problem]:
    for word in words(record.get(field)):
        if word not in known:
            yield file, str(record.get("id")), field, word, ", ".join(sorted(known))


def norm_problems(record: Record, bodies: set[str], norms: set[str], limits: set[str]) -> Iterator[Problem]:
    file, name = "norms.yaml", str(record.get("id"))
    for field, known in (
        ("about", ABOUT),
        ("capacities", CAPACITIES),
        ("item", ITEMS),
        ("needs", NEEDS),
        ("queue", QUEUE),
    ):
        yield from unknown(record, file, field, known)
    yield from unknown(record, file, "body", bodies)
    yield from unknown(record, file, "standing_of", norms)
    yield from unknown(record, file, "cure_limits", limits)
    if is_remedy(record):
        yield from unknown(record, file, "time_limits", limits)
        yield from unknown(record, file, "decision_limits", limits)
        if not record.get("body"):
            yield file, name, "body", "", ", ".join(sorted(bodies))
        for contest in sorted(contests_of(record) - set(CONTESTS)):
            yield file, name, "contest", contest, ", ".join((*CONTESTS, "all", "all national"))
    curable = record.get("curable")
    if curable is not None and not isinstance(curable, Mapping):
        yield file, name, "curable", str(curable)[:40], "{signed: true}"
    for defect, value in curable.items() if isinstance(curable, Mapping) else ():
        if not isinstance(value, bool):
            yield file, name, f"curable.{defect}", str(value)[:40], "true, false"


def paths(records: Sequence[Record]) -> Iterator[Problem]:
    """One body for each act, contest and stage: two remedies that send it elsewhere are named."""
    seen: dict[tuple[str, str, int], tuple[str, str]] = {}
    for record in records:
        if not is_remedy(record) or record.get("valid_to"):
            continue
        stage, body, name = record.get("stage") or 1, str(record.get("body")), str(record.get("id"))
        for contest in sorted(contests_of(record)):
            for about in words(record.get("about")):
                key = contest, about, stage if isinstance(stage, int) else 1
                other = seen.setdefault(key, (body, name))
                if other[0] != body:
                    yield "norms.yaml", name, "body", body, f"{other[0]} ({other[1]}: {contest}, {about}, {key[2]})"


def court_problems(record: Record) -> Iterator[Problem]:
    file, name = "institutions.yaml", str(record.get("id"))
    yield from unknown(record, file, "decides", DECIDES)
    form = record.get("decision_number")
    if form is not None and sorted(re.findall(r"\{(\w*)\}", str(form))) != NUMBER_PARTS:
        yield file, name, "decision_number", str(form)[:40], "{year}-{rank}/{court}-{kind}"
    bench = record.get("bench")
    if not isinstance(bench, Mapping):
        return
    members, quorum = record.get("members"), bench.get("quorum")
    whole = isinstance(quorum, int) and not isinstance(quorum, bool) and quorum >= 1
    if quorum is not None and (not whole or (isinstance(members, int) and quorum > members)):
        yield file, name, "bench.quorum", str(quorum)[:40], f"1-{members or '…'}"
    for field in ("casting_vote", "abstention", "recusal", "separate_opinions"):
        value = bench.get(field)
        if value is not None and not isinstance(value, bool):
            yield file, name, f"bench.{field}", str(value)[:40], "true, false"
