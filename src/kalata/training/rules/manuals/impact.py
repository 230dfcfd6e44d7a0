"""Everything that rests on a version of an article: steps, what leads to them, questions, pages, files, who was taught with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kalata.training.rules.manuals.pages import Page, Teller
from kalata.training.rules.manuals.planned import Planned
from kalata.training.rules.source.values import Basis, Source

Held = Mapping[str, str]
"""A row: certificate, session, role, manual_sha256."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids, each sorted."""

    steps: list[str]
    branches: list[str]
    form_fields: list[str]
    items: list[str]
    pages: list[str]
    files: list[str]
    roles: list[str]

    def record(self) -> dict[str, list[str]]:
        return {name: getattr(self, name) for name in Touched.__slots__}


def touched(source: Source, articles: Iterable[str], pages: Sequence[Page], files: Sequence[Planned]) -> Touched:
    """What rests on these versions (X@V), cited as such."""
    asked = set(articles)

    def cited(bases: Sequence[Basis]) -> bool:
        return any(str(b) in asked for b in bases)

    found = [s for p in source.procedures for s in p.steps if cited(s.basis)]
    steps = {s.id for s in found}
    teller = Teller(source, source.languages()[0])
    branches = {b.id for p in source.procedures for b in p.branches if teller.target(b) in steps or cited(b.basis)}
    errors = {e.id for p in source.procedures for e in p.error_cases if e.step in steps}
    firsts = {p.id for p in source.procedures if p.steps[0].id in steps}
    about = steps | branches | errors | firsts
    own = {p.id for p in source.procedures for b in p.branches if b.id in branches} | {p.id for p in source.procedures for s in p.steps if s.id in steps}  # fmt: skip
    on = [page for page in pages if steps & {*page.steps}]
    return Touched(
        steps=sorted(steps), branches=sorted(branches), form_fields=sorted({f for s in found for f in s.form_fields}),
        items=sorted(i.id for p in source.procedures for i in p.items if i.step in about),
        pages=sorted(page.id for page in on), files=sorted(f.path for f in files if steps & {*f.steps}),
        roles=sorted({r for p in source.procedures if p.id in own for r in p.roles}),
    )  # fmt: skip


def held(rows: Sequence[Held], roles: Sequence[str], manuals: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Sessions and certificates taught with a manual that is touched. manuals: hashes of the touched ones of each role.

    unknown_manual: certificates of a touched role whose manual is none of this source: nobody can say what it held.
    """
    ours = {role: set(manuals.get(role, ())) for role in roles}
    hit = [row for row in rows if row["manual_sha256"].lower() in ours.get(row["role"], ())]
    lost = [row for row in rows if row["role"] in ours and row not in hit]
    return {
        "sessions": sorted({row["session"] for row in hit}), "certificates": sorted({row["certificate"] for row in hit}),
        "unknown_manual": sorted({row["certificate"] for row in lost}),
    }  # fmt: skip
