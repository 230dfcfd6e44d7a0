"""Reads: what a search finds, one record, and what it rests on. Who may open a record is asked before it is ranked, counted or named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Length
from django.urls import reverse

from kalata.chain import registry
from kalata.chain.about import About, Link, Title
from kalata.chain.models import Edge, IndexEntry
from kalata.chain.registry import Known
from kalata.chain.rules import words
from kalata.chain.rules.verbs import BACK, SAYS, Verb
from kalata.identifiers import Identifier
from kalata.text import fold

SQLITE = "select rowid from chain_words where chain_words match %s"
POSTGRES = "select id from chain_indexentry where to_tsvector('simple', words) @@ to_tsquery('simple', %s)"
SHOWN = 12
"""Records of one link on a sheet; the others have a page of their own."""


# --- searching -----------------------------------------------------------------------------------------
def matching(text: str) -> QuerySet[IndexEntry]:
    """Entries that hold every word asked, or its beginning, or its sound."""
    asked = words.asked(text)
    if not asked:
        return IndexEntry.objects.none()
    if connection.vendor == "sqlite":
        query = " AND ".join(f'("{w}"* OR "{s}"*)' if s else f'"{w}"*' for w, s in asked)
        return IndexEntry.objects.filter(pk__in=RawSQL(SQLITE, [query]))  # noqa: S611  words are letters and digits alone
    query = " & ".join(f"({w}:* | {s}:*)" if s else f"{w}:*" for w, s in asked)
    return IndexEntry.objects.filter(pk__in=RawSQL(POSTGRES, [query]))  # noqa: S611


def allowed(person: Any, kinds: Iterable[str]) -> Q:
    """Of entries: those that this person may open, each kind as its own pages ask."""
    every = registry.every()
    found = Q(pk__in=[])
    for kind in kinds:
        if (known := every.get(kind)) is None:
            continue
        about = known.about
        if isinstance(about, About):
            found |= Q(kind=kind, number__in=about.seen(person).order_by().values("pk"))
        elif about.within:
            around = every[about.within].about
            assert isinstance(around, About)
            found |= Q(kind=kind, number__in=around.seen(person).order_by().values("pk"))
        else:
            found |= Q(kind=kind)
    return found


def found(person: Any, text: str, kind: str = "") -> QuerySet[IndexEntry]:
    """What this person may open that answers these words, the nearest first: the name itself, one that begins so, others; a
    short name before a long one that holds it too."""
    rows = matching(text)
    if kind:
        rows = rows.filter(kind=kind)
    met = sorted(rows.order_by().values_list("kind", flat=True).distinct())
    name = fold(text)
    near = Case(
        When(name=name, then=Value(0)), When(name__startswith=name, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    return rows.filter(allowed(person, met)).annotate(near=near).order_by("near", Length("name"), "name", "pk")


def kinds_found(person: Any, text: str) -> list[str]:
    """Kinds of what a search finds for this person."""
    return sorted(set(found(person, text).order_by().values_list("kind", flat=True)))


# --- one record -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sheet:
    """A record as a person opens it. href: its own page, "" where it has none but this sheet."""

    known: Known
    key: str
    title: Title
    href: str
    record: Any

    @property
    def identifier(self) -> str:
        return self.known.identifier(self.record.pk) if self.known.numbered else str(self.record.identifier)

    @property
    def at(self) -> str:
        return reverse("chain:record", args=[self.identifier])


def sheet(known: Known, record: Any) -> Sheet:
    about = known.about
    if isinstance(about, About):
        return Sheet(known, str(record.pk), about.title(record), about.page(record) if about.page else "", record)
    return Sheet(known, record.key, Title(record.title_fr, record.title_en), record.href, record)


def seen(person: Any, known: Known) -> QuerySet[Any]:
    """The records of a kind that this person may open."""
    if isinstance(known.about, About):
        return known.about.seen(person).select_related(*known.about.along)
    return IndexEntry.objects.filter(allowed(person, [known.key]))


def opened(person: Any, one: Identifier) -> Sheet | None:
    """The record of an identifier; None where there is none that this person may open."""
    known = registry.marked(one.mark)
    if known is None:
        return None
    rows = seen(person, known)
    if known.numbered:
        record = rows.filter(pk=one.number).first() if one.number is not None and one.number < 2**63 else None
    else:
        record = rows.filter(identifier=str(one)).first()
    return sheet(known, record) if record is not None else None


# --- what it rests on, what rests on it ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Way:
    """One link of a record in one direction. word: how an address names it; says: how the record says it; kind: of the others."""

    word: str
    says: str
    kind: Known
    rows: QuerySet[Any]
    count: int

    def sheets(self, most: int = SHOWN) -> list[Sheet]:
        return [sheet(self.kind, row) for row in self.rows[:most]]

    @property
    def more(self) -> int:
        return max(self.count - SHOWN, 0)


def ways(person: Any, one: Sheet, *, up: bool) -> list[Way]:
    """What a record rests on (`up`), or what rests on it: only what this person may open, and counted so."""
    said = SAYS if up else BACK
    out = []
    for verb, kind, rows in (above if up else below)(person, one):
        if count := rows.count():
            word = f"{'repose' if up else 'porte'}-{verb}-{kind.key}".replace(" ", "_")
            out.append(Way(word, said[verb], kind, rows, count))
    return out


def above(person: Any, one: Sheet) -> Iterator[tuple[Verb, Known, QuerySet[Any]]]:
    every = registry.every()
    for link in one.known.about.links:
        keys = keys_above(link, one)
        if link.bound:
            for kind, number in subjects(every, keys):
                yield link.verb, kind, seen(person, kind).filter(pk=number)
        elif link.kind in every:
            yield link.verb, every[link.kind], among(person, every[link.kind], keys)
    edges = Edge.objects.filter(source_kind=one.known.key, source_key=one.key)
    for verb, name in edges.order_by("verb", "target_kind").values_list("verb", "target_kind").distinct():
        if to := every.get(name):
            some = edges.filter(verb=verb, target_kind=name)
            column = some.values("target_number" if to.numbered else "target_key")
            yield Verb(verb), to, among(person, to, column)


def below(person: Any, one: Sheet) -> Iterator[tuple[Verb, Known, QuerySet[Any]]]:
    every = registry.every()
    mine = subject_of(one)
    for kind in every.values():
        for link in kind.about.links:
            if link.bound and mine:
                yield link.verb, kind, seen(person, kind).filter(**{link.path: mine})
            elif link.kind == one.known.key and not link.bound:
                rows = seen(person, kind)
                yield link.verb, kind, link.down(rows, one.key) if link.down else rows.filter(**{link.path: one.key})
    edges = Edge.objects.filter(target_kind=one.known.key, target_key=one.key)
    for verb, name in edges.order_by("verb", "source_kind").values_list("verb", "source_kind").distinct():
        if found_ := every.get(name):
            some = edges.filter(verb=verb, source_kind=name)
            column = some.values("source_number" if found_.numbered else "source_key")
            yield (
                Verb(verb),
                found_,
                seen(person, found_).filter(**{"pk__in" if found_.numbered else "key__in": column}),
            )


def among(person: Any, kind: Known, keys: Any) -> QuerySet[Any]:
    return seen(person, kind).filter(**{"pk__in" if kind.numbered else "key__in": keys})


def keys_above(link: Link, one: Sheet) -> Any:
    """What a link of this record leads to: keys, or a query of numbers where they may be many."""
    if link.up:
        found = link.up(one.record)
        return found if isinstance(found, QuerySet) else [str(key) for key in found]
    rows = one.known.model._base_manager.filter(pk=one.record.pk)
    return [str(key) for key in rows.order_by().values_list(link.path, flat=True).distinct() if key not in (None, "")]


def subject_of(one: Sheet) -> str:
    """How the ledger names this record; "" where its kind has no subject."""
    about = one.known.about
    if not isinstance(about, About) or not about.subject:
        return ""
    value = one.record
    for part in about.subject.split("__"):
        value = getattr(value, part)
    return f"{one.known.key}:{value}"


def subjects(every: dict[str, Known], found: Iterable[str]) -> Iterator[tuple[Known, int]]:
    """(kind, number) of the records that these subjects of the ledger name."""
    for subject in found:
        name, _colon, value = subject.partition(":")
        known = every.get(name)
        if known and isinstance(known.about, About) and known.about.subject:
            number = known.model._base_manager.filter(**{known.about.subject: value}).values_list("pk", flat=True)
            yield from ((known, pk) for pk in number[:1])


def bound_to_seen(person: Any, kinds: Iterable[str], field: str = "subject") -> Q:
    """Rows whose subject names a record of these kinds that this person may open."""
    every, out = registry.every(), Q(pk__in=[])
    for kind in kinds:
        known = every.get(kind)
        if known and isinstance(known.about, About) and known.about.subject:
            value = Cast(F(known.about.subject), CharField())
            names = known.about.seen(person).order_by().annotate(told_=Concat(Value(f"{kind}:"), value)).values("told_")
            out |= Q(**{f"{field}__in": names})
    return out
