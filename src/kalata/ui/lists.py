"""A list declared once: filters, order, pages, files and print, from its columns and the rows a query gives.

    found = PERSONS.read(request, lambda asked: queries.persons(text=asked.q))
    if found.form: ...note the reading...; return found.file()
    return render(request, "...", {"list": found})   # {% include "ui/_list.html" %}

The rows are the caller's: a query already limited to what this reader may see. There is no list without one.
A page reads one count and its own rows; a file is read in pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from kalata import __version__
from kalata.people.saved.queries import roles_of, views_of
from kalata.tables import lists as out
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui import edge, fields

PRINTED = 1_000
"""Rows of one printed run; a longer list prints page by page."""
FILES = tuple(out.TYPES)
PRINT = "impression"
EVERY = _("Tous")
"""What a filter says where nothing is chosen."""
Rows = Callable[[Any], Any]
Options = Callable[[], Iterable[tuple[Any, Any]]]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tool:
    """One filter as it is drawn."""

    name: str
    label: str
    kind: str
    value: str
    options: Sequence[Option] = ()
    every: str = EVERY


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    label: str
    value: Any
    href: str
    state: tuple[str, str, str] | None


@dataclass(frozen=True)
class Listing:
    """One list of the house.

    name: of its files. filters: an Edge whose labelled fields are drawn; hidden ones travel with the address.
    orders: word of the address -> fields of the query; a dash before the word turns them. order: where none is asked.
    options: name of a text filter -> the values it offers. counted: what its rows are, where their number is told, for one and for several.
    every: name of a filter -> its word for no choice, where "Tous" is not its gender. region: the name of a wide table as a part of its page, where its title is already that of another.
    marks: what a row says of itself to a program (`data-…`), name -> value.
    saved: its readers keep views of it (filters, order, columns) under a name, own or shared with their role.
    presets: (label, address) of views that the list comes with.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    filters: type[edge.Edge]
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    empty: str = _("Rien ne répond à cette recherche.")
    size: int = 50
    wide: bool = False
    files: bool = True
    every: Mapping[str, str] = field(default_factory=dict)
    region: str = ""
    counted: str = ""
    marks: Callable[[Any], Mapping[str, object]] | None = None
    options: Mapping[str, Options] = field(default_factory=dict)
    saved: bool = False
    presets: tuple[tuple[str, str], ...] = ()

    @cached_property
    def form(self) -> type[edge.Edge]:
        """The filters, the order and the file that an address may ask for."""
        words = [w for key in self.orders for w in (key, f"-{key}")]
        given = {
            "sortie": fields.ChoiceField((*(FILES if self.files else ()), PRINT)),
            "__module__": self.filters.__module__,
        }
        if words:
            given["tri"] = fields.ChoiceField(words)
        if self.saved:
            keys = fields.ChoiceField([c.key for c in self.columns])
            given["colonnes"] = fields.ManyField(keys, most=len(self.columns))
        return type(f"{self.filters.__name__}Listed", (self.filters,), given)

    def read(self, request: HttpRequest, rows: Rows, **kwargs: Any) -> Shown:
        """What this request asks of the list. kwargs: what each page adds (`notes`, `options`)."""
        if self.saved and not edge.address_of(request):
            opened = next((one for one in views_of(request.user, self.name) if one.default), None)
            edge.opened_as(request, opened.query if opened else "")
        asked = edge.asked(request, self.form)
        if asked.sortie in FILES and (wrong := getattr(request, "ignored", ())):
            raise edge.NotUnderstood(wrong)
        found = Shown(self, request, asked, rows, **kwargs)
        if not found.form:
            found.page  # noqa: B018  what is wrong with the page asked for is said above the list
        return found

    def ordered(self, found: Any, word: str) -> Any:
        if not isinstance(found, QuerySet):
            return found
        keys = self.orders.get(word.lstrip("-"), self.order)
        return found.order_by(*(turned(k) if word.startswith("-") else k for k in keys)) if keys else found


def turned(key: str) -> str:
    return key if key == "pk" else key.removeprefix("-") if key.startswith("-") else f"-{key}"


@dataclass
class Shown:
    """One list as one reader asked for it.

    notes: sentences that its files say before the rows (an exercise, a figure that is provisional).
    options: what a filter offers on this page alone.
    """

    listing: Listing
    request: HttpRequest
    asked: SimpleNamespace
    rows: Rows
    notes: Sequence[tuple[str, str]] = ()
    options: Mapping[str, Options] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """The file that is asked for; "" for the page."""
        return self.asked.sortie if self.asked.sortie in FILES else ""

    @property
    def printing(self) -> bool:
        return self.asked.sortie == PRINT

    @property
    def lang(self) -> str:
        return get_language() or "fr"

    @cached_property
    def found(self) -> Any:
        return self.listing.ordered(self.rows(self.asked), getattr(self.asked, "tri", "") or "")

    @cached_property
    def page(self) -> Page[Any]:
        return edge.paged(self.request, self.found, PRINTED if self.printing else self.listing.size)

    @property
    def heads(self) -> list[Column]:
        """The columns of the page: the first always, the others as they are declared or as the reader chose them."""
        first, *others = self.listing.columns
        chosen = getattr(self.asked, "colonnes", None)
        return [first, *(c for c in others if (c.key in chosen if chosen else c.shown))]

    # --- the views that its readers keep --------------------------------------------------------
    @cached_property
    def views(self) -> list[Kept]:
        """The views of this list that its reader may open, and which of them this page is."""
        if not self.listing.saved:
            return []
        now = asked_in(edge.address_of(self.request))
        me = getattr(self.request.user, "pk", None)
        return [
            Kept(v.pk, v.name, v.query, v.role, v.owner_id == me, v.default, asked_in(QueryDict(v.query)) == now)
            for v in views_of(self.request.user, self.listing.name)
        ]

    @property
    def ready(self) -> list[tuple[str, str, bool]]:
        """(label, address, open) of the views that the list comes with."""
        now = asked_in(edge.address_of(self.request))
        return [(label, query, asked_in(QueryDict(query)) == now) for label, query in self.listing.presets]

    @property
    def view(self) -> Kept | None:
        return next((v for v in self.views if v.current), None)

    @property
    def query(self) -> str:
        """What this page asks, as a view keeps it: neither its page nor a file."""
        kept = edge.address_of(self.request).copy()
        for name in ("page", "sortie", "vue"):
            kept.pop(name, None)
        return kept.urlencode()

    @property
    def lists_kept(self) -> list[tuple[str, list[str]]]:
        """What a choice of columns leaves as it is."""
        return [
            (k, v) for k, v in edge.address_of(self.request).lists() if k not in ("page", "sortie", "vue", "colonnes")
        ]

    @cached_property
    def roles(self) -> list[str]:
        return roles_of(self.request.user)

    @property
    def choosable(self) -> list[tuple[str, str, bool]]:
        """(key, label, shown) of the columns that a reader may show or hide."""
        shown = {c.key for c in self.heads}
        return [(c.key, c.label, c.key in shown) for c in self.listing.columns[1:]]

    @property
    def lines(self) -> Iterable[tuple[Any, list[Cell], Iterable[tuple[str, object]]]]:
        marks = self.listing.marks
        for row in self.page:
            yield row, [self.cell(c, row) for c in self.heads], marks(row).items() if marks else ()

    def cell(self, column: Column, row: Any) -> Cell:
        value = None if column.partial else column.value(row)
        state = column.states.get(value) if column.kind is Kind.STATE else None
        return Cell(column, column.label, value, column.href(row) if column.href else "", state)

    # --- what narrows it -----------------------------------------------------------------------
    @cached_property
    def tools(self) -> list[Tool]:
        """The filters to draw: those of the room that have a label, and a record where this page says which."""
        form = self.listing.filters()
        return [
            self.tool(name, one)
            for name, one in form.fields.items()
            if one.label and (name in self.options or not isinstance(one, fields.IdField))
        ]

    def tool(self, name: str, one: forms.Field) -> Tool:
        value = getattr(self.asked, name)
        given = self.options.get(name) or self.listing.options.get(name)
        if given or isinstance(one, forms.ChoiceField):
            pairs = given() if given else one.choices  # type: ignore[attr-defined]
            text = written(value)
            options = [Option(str(v), said(w, self.lang), str(v) == text) for v, w in pairs if v != ""]
            if isinstance(value, list) and len(value) > 1:
                several = ", ".join(o.label for o in options if o.value in value)
                options.insert(0, Option(text, several, chosen=True))
            every = self.listing.every.get(name, EVERY)
            return Tool(name, str(one.label), "choice", text, options, every)
        kind = (
            "date" if isinstance(one, fields.DateField) else "flag" if isinstance(one, fields.FlagField) else "search"
        )
        return Tool(name, str(one.label), kind, written(value))

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        """The filters in force, in words."""
        out_of = []
        for tool in self.tools:
            if tool.value:
                chosen = next((o.label for o in tool.options if o.chosen), tool.value)
                out_of.append((tool.label, chosen))
        return out_of

    # --- what goes out of it -------------------------------------------------------------------
    def source(self, count: int) -> out.Source:
        narrowed = " ; ".join(f"{k} = {v}" for k, v in self.narrowed) or translate(_("aucun"), self.lang)
        now = timezone.localtime()
        return out.Source(
            translate(self.listing.title, self.lang),
            [
                *self.notes,
                (_("Filtres"), narrowed),
                (_("Lignes"), str(count)),
                (_("Fait le"), now.isoformat(timespec="seconds")),
                (_("Par"), f"Kalata {__version__}, {self.request.get_host()}{self.request.path}"),
            ],
        )

    def file(self) -> StreamingHttpResponse:
        """What is filtered, all of it, as the file that is asked for."""
        form = self.form
        count = count_of(self.found) if form != "dictionnaire" else 0
        if form == "xlsx" and count > out.MOST_ROWS:
            raise out.TooLong(n=count, most=out.MOST_ROWS)
        rows = self.found.iterator(chunk_size=2_000) if isinstance(self.found, QuerySet) else iter(self.found)
        written_as = out.file_of(form, self.listing.columns, rows, self.source(count), self.lang)
        answer = StreamingHttpResponse(written_as, content_type=out.TYPES[form])
        name = f"{self.listing.name}-dictionnaire.csv" if form == "dictionnaire" else f"{self.listing.name}.{form}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved view as a page shows it. mine: this reader changes it; default: the list opens so; current: it is open."""

    pk: int
    name: str
    query: str
    role: str
    mine: bool
    default: bool
    current: bool


def asked_in(params: QueryDict) -> dict[str, list[str]]:
    """What an address asks of a list, whatever the order of its parameters."""
    return {k: sorted(v) for k, v in params.lists() if k not in ("page", "sortie", "vue") and any(v)}


def count_of(found: Any) -> int:
    return found.count() if isinstance(found, QuerySet) else len(found)


def written(value: Any) -> str:
    """A value of a filter as its box holds it."""
    if value is None or value is False:
        return ""
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "1" if value is True else str(value)


def said(label: Any, lang: str) -> str:
    return (
        translate(label, lang) if isinstance(label, str) else label.text(lang) if hasattr(label, "text") else str(label)
    )
