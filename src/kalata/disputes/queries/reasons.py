"""The reasons of a draft as they stand: sections, their versions, what one typed, remarks; clauses and templates to use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Max, QuerySet

from kalata.disputes.models import Clause, Ruling, RulingRemark, RulingScratch, RulingText
from kalata.disputes.queries.elections import election_of, language_of
from kalata.disputes.queries.texts import pack_of
from kalata.disputes.rules import reasons as rules
from kalata.disputes.rules.effect import recompute
from kalata.disputes.rules.reasons import MERITS, Section


def sections_of(ruling: Ruling) -> list[Section]:
    """Every section of the reasons, in the order of the text."""
    rows = ruling.outcomes.select_related("petition").prefetch_related("petition__grounds")
    return rules.sections(
        [(str(o.petition.number), [g.key for g in o.petition.grounds.all() if not g.struck]) for o in rows]
    )


def current(ruling: Ruling, section: Section) -> tuple[str, int]:
    """The words of a section now, and the number of its last version; 0 where it was never written here."""
    last = RulingText.objects.filter(ruling=ruling, key=section.key).aggregate(n=Max("number"))["n"] or 0
    return words_of(ruling, section), last


def words_of(ruling: Ruling, section: Section) -> str:
    if section.part != MERITS:
        return str(ruling.written.get(section.key, ""))
    one = next((o for o in ruling.outcomes.all() if o.petition.number == section.petition), None)
    return str(one.reasons.get(section.ground, "")) if one else ""


def contents(ruling: Ruling) -> list[dict[str, Any]]:
    """Each section with whether it is written, its last version and its open remarks."""
    numbers = dict(RulingText.objects.filter(ruling=ruling).order_by().values_list("key").annotate(n=Max("number")))
    open_: dict[str, int] = {}
    for key in RulingRemark.objects.filter(ruling=ruling, resolved_at=None).values_list("key", flat=True):
        open_[key] = open_.get(key, 0) + 1
    rows = list(ruling.outcomes.select_related("petition"))
    said = {(str(o.petition.number), g): w for o in rows for g, w in o.reasons.items()}
    return [
        {
            "section": s, "version": numbers.get(s.key, 0), "open": open_.get(s.key, 0),
            "written": bool(str(said.get((s.petition, s.ground), "") if s.part == MERITS else ruling.written.get(s.key, "")).strip()),
        }
        for s in sections_of(ruling)
    ]  # fmt: skip


def figures_of(ruling: Ruling) -> dict[str, str]:
    """name between braces -> the figure that the acts give now."""
    done = recompute(election_of(ruling.contest), {"decision": ruling.number, "acts": ruling.acts}, lenient=True)
    names = dict(ruling.contest.options.values_list("code", "name"))
    return rules.values(done, ruling.outcomes.count(), names, language_of(ruling.contest))


def versions(ruling: Ruling, key: str) -> list[RulingText]:
    return list(RulingText.objects.filter(ruling=ruling, key=key).select_related("by").order_by("-number"))


def scratch_of(person: Any, ruling: Ruling, key: str) -> RulingScratch | None:
    """What this person typed in a section and did not keep; nobody else's."""
    return RulingScratch.objects.filter(ruling=ruling, key=key, by=person.pk).first()


def remarks(ruling: Ruling, key: str) -> QuerySet[RulingRemark]:
    return RulingRemark.objects.filter(ruling=ruling, key=key).select_related("by", "resolved_by")


# --- words to use again -------------------------------------------------------------------------------------
def clauses(part: str = "") -> list[Clause]:
    """The last version of each clause of the Court."""
    rows = Clause.objects.filter(part=part) if part else Clause.objects.all()
    last = {one.code: one for one in rows.select_related("by").order_by("number")}
    return sorted(last.values(), key=lambda one: one.title)


def clause_versions(code: str) -> list[Clause]:
    return list(Clause.objects.filter(code=code).select_related("by").order_by("-number"))


def templates_of(ruling: Ruling, part: str) -> list[Mapping[str, Any]]:
    """The templates of the pack for this part, with their source and what it is worth."""
    return [r for r in pack_of(ruling.contest).records("decision_templates") if r.get("part") == part]
