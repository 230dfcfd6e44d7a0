"""The one writer of links and of what a search looks into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from kalata.chain import registry
from kalata.chain.about import About, Told
from kalata.chain.models import Edge, IndexEntry
from kalata.chain.registry import Known
from kalata.chain.rules import words
from kalata.chain.rules.verbs import Verb
from kalata.stopping import going
from kalata.text import fold

SLICE = 500
A_TURN = 20_000
"""Records that one turn takes into the index."""
WRITTEN = ("number", "identifier", "title_fr", "title_en", "name", "words", "href", "kept_at")


@dataclass(frozen=True, slots=True)
class Row:
    """A record that no table of its own keeps. name: the middle of its identifier; number: that of the record within which
    its readers are asked."""

    key: str
    name: str
    title_fr: str
    title_en: str = ""
    words: tuple[str, ...] = ()
    href: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Rests:
    """One link to write: who rests, by which verb, on what. A key is a number, or the name of what has none."""

    source: tuple[str, int | str]
    verb: Verb
    target: tuple[str, int | str]


T = TypeVar("T")


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """These things by so many."""
    left = iter(things)
    while some := list(islice(left, size)):
        yield some


# --- links -----------------------------------------------------------------------------------------------
def rest(links: Iterable[Rests]) -> int:
    """Write links, in the transaction of the act that makes them; one that is there stays as it is. Returns how many are new."""
    now, made = timezone.now(), 0
    for some in batched(dict.fromkeys(links), SLICE):
        held = Edge.objects.filter(
            source_kind__in={one.source[0] for one in some}, source_key__in={str(one.source[1]) for one in some}
        )
        there = set(held.values_list("source_kind", "source_key", "verb", "target_kind", "target_key"))
        new = [e for one in some if told_by(e := edge(one, now)) not in there]
        made += len(Edge.objects.bulk_create(new))
    return made


def told_by(one: Edge) -> tuple[str, str, str, str, str]:
    return one.source_kind, one.source_key, str(one.verb), one.target_kind, one.target_key


def edge(one: Rests, now: Any) -> Edge:
    (kind, key), (to, onto) = one.source, one.target
    return Edge(
        source_kind=kind, source_key=str(key), source_number=number_in(key), verb=one.verb,
        target_kind=to, target_key=str(onto), target_number=number_in(onto), at=now,
    )  # fmt: skip


def number_in(key: int | str) -> int | None:
    return key if isinstance(key, int) else None


# --- what a search looks into ------------------------------------------------------------------------------
def keep(kind: str, keys: Iterable[int]) -> int:
    """Index these records of a kind as they are now, in the transaction of what changes them. A kind that is not known, or
    not found by words, is left."""
    known = registry.every().get(kind)
    if known is None or not isinstance(known.about, About) or not known.about.listed:
        return 0
    made = 0
    for some in batched(sorted(set(keys)), SLICE):
        made += write([entry(known, record) for record in rows(known).filter(pk__in=some)])
    return made


def keep_told(kind: str, rows: Iterable[Row] | None = None) -> int:
    """Index records of a kind that has no table, and write their links: those given, or every one there is. What is as it
    was is not written again."""
    known = registry.every().get(kind)
    if known is None or not isinstance(known.about, Told):
        return 0
    new = {one.identifier: one for one in (told(known, row) for row in rows or known.about.entries())}
    held = {e.key: e for e in IndexEntry.objects.filter(kind=kind)}
    if rows is None and known.about.edges:
        rest(known.about.edges())
    return write([one for one in new.values() if one.key not in held or differs(held[one.key], one)])


def rows(known: Known) -> Any:
    assert isinstance(known.about, About)
    return known.model._base_manager.select_related(*known.about.along).order_by("pk")


def entry(known: Known, record: Any) -> IndexEntry:
    about = known.about
    assert isinstance(about, About)
    title, found = about.title(record), about.words(record) if about.words else ()
    href = about.page(record) if about.page else ""
    return made(known, str(record.pk), record.pk, record.pk, (title.fr, title.en), (*found,), href)


def told(known: Known, row: Row) -> IndexEntry:
    return made(known, row.key, row.number, row.name, (row.title_fr, row.title_en), (*row.words, row.key), row.href)


def made(
    known: Known,
    key: str,
    number: int | None,
    name: int | str,
    titles: tuple[str, str],
    found: Sequence[str],
    href: str,
) -> IndexEntry:
    fr, en = titles[0][:300], (titles[1] or titles[0])[:300]
    return IndexEntry(
        kind=known.key, key=key, number=number, identifier=known.identifier(name), title_fr=fr, title_en=en,
        name=fold(fr)[:300], words=words.indexed([fr, en, *found]), href=href[:400], kept_at=timezone.now(),
    )  # fmt: skip


def differs(old: IndexEntry, new: IndexEntry) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in WRITTEN if name != "kept_at")


@transaction.atomic
def write(entries: Sequence[IndexEntry]) -> int:
    """Write entries over those of the same records, and the words they are found by."""
    for some in batched(entries, SLICE):
        IndexEntry.objects.bulk_create(
            some, update_conflicts=True, unique_fields=["kind", "key"], update_fields=list(WRITTEN)
        )
        if connection.vendor == "sqlite":
            kind = some[0].kind
            ids = IndexEntry.objects.filter(kind=kind, key__in=[one.key for one in some]).values_list("pk", "words")
            with connection.cursor() as cursor:
                cursor.executemany("delete from chain_words where rowid = %s", [(pk,) for pk, _words in ids])
                cursor.executemany("insert into chain_words (rowid, words) values (%s, %s)", list(ids))
    return len(entries)


def forget(entries: Any) -> int:
    """Take entries out whose record is gone."""
    ids = list(entries.values_list("pk", flat=True))
    for some in batched(ids, SLICE):
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.executemany("delete from chain_words where rowid = %s", [(pk,) for pk in some])
        IndexEntry.objects.filter(pk__in=some).delete()
    return len(ids)


def gather() -> int:
    """Take in what is newer than the index. `kalata serve` calls this each minute; it bears being done twice."""
    taken = 0
    for known in registry.every().values():
        if isinstance(known.about, About) and known.about.listed:
            last = IndexEntry.objects.filter(kind=known.key).aggregate(n=Max("number"))["n"] or 0
            taken += keep(known.key, rows(known).filter(pk__gt=last).values_list("pk", flat=True)[:A_TURN])
        elif isinstance(known.about, Told) and not IndexEntry.objects.filter(kind=known.key).exists():
            taken += keep_told(known.key)
    return taken


def reread() -> int:
    """Read every record again: what changed its name is written, what is gone is taken out. Returns how many were not right."""
    wrong = 0
    for known in registry.every().values():
        if isinstance(known.about, Told):
            wrong += keep_told(known.key)
        elif known.about.listed:
            wrong += reread_kind(known)
    return wrong


def reread_kind(known: Known) -> int:
    wrong = 0
    for some in going(batched(rows(known).iterator(chunk_size=SLICE), SLICE)):
        held = {e.key: e for e in IndexEntry.objects.filter(kind=known.key, key__in=[str(r.pk) for r in some])}
        now = [entry(known, record) for record in some]
        wrong += write([one for one in now if one.key not in held or differs(held[one.key], one)])
    there = known.model._base_manager.order_by().values("pk")
    return wrong + forget(IndexEntry.objects.filter(kind=known.key).exclude(number__in=there))
