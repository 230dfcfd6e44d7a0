"""The one door of what people and programs send: parameters of an address, fields of a form.

A view declares what it takes as a form of `kalata.ui.fields` and asks for it here; nothing else in the
house looks into a request. `asked` reads an address: what is not understood is left out and the page says
so, or (`strict`, for files and documents, where a sentence has no place) refused. `posted` reads a form and
`acted` the one of several that the pressed button names: there nothing is guessed, EDG-101 names each field.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.urls import URLResolver
from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.text import told
from kalata.ui import fields


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that could not be read: its name, what was sent, why not."""

    field: str
    typed: str
    why: str


class NotUnderstood(Refused):
    """What was sent is not what the page offers: nothing was done."""

    code = "EDG-101"
    says = _("Ce qui a été envoyé n’a pas été compris : %(fields)s.")
    remedy = _("Corrigez les champs nommés et recommencez. Rien n’a été enregistré.")
    status = 422

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        self.wrong = list(wrong)
        super().__init__(fields=", ".join(w.field for w in self.wrong))


class Edge(forms.Form):
    """A form whose single fields are sent once, and whose values are read as `.v.name`."""

    act: ClassVar[str] = ""
    """The button that sends this form, where a page has several."""

    def full_clean(self) -> None:
        super().full_clean()
        if isinstance(self.data, QueryDict):
            for name, field in self.fields.items():
                several = isinstance(field, fields.ManyField | forms.MultipleChoiceField | forms.FileField)
                if not several and len(self.data.getlist(self.add_prefix(name))) > 1:
                    self.add_error(name, _t("envoyé plusieurs fois"))

    @property
    def v(self) -> SimpleNamespace:
        """The values, by name; of a field that was not understood, the one of an empty box."""
        self.is_valid()
        return SimpleNamespace(**{name: self.value_of(name, field) for name, field in self.fields.items()})

    def value_of(self, name: str, field: forms.Field) -> Any:
        initial = self.get_initial_for_field(field, name)
        if name in self.cleaned_data:
            found = self.cleaned_data[name]
            return initial if found in (None, "", []) and initial is not None else found
        if isinstance(field, forms.MultipleChoiceField | fields.ManyField | fields.UploadsField):
            return []
        if isinstance(field, fields.FlagField):
            return False
        if isinstance(field, fields.PageField):
            return 1
        text = isinstance(field, (forms.CharField, forms.ChoiceField))
        return initial if initial is not None else "" if text else None

    def wrong(self) -> list[Wrong]:
        return [
            Wrong(label_of(self, name), self.typed(name), " ".join(map(str, errors))) for name, errors in self.errors.items()
        ]  # fmt: skip

    def typed(self, name: str) -> str:
        if name not in self.fields or isinstance(self.fields[name], forms.FileField):
            return ""
        if isinstance(self.fields[name].widget, forms.PasswordInput):
            return ""
        value = self.data.get(self.add_prefix(name))
        return fields.cut(str(value)) if value is not None else ""


class Paging(Edge):
    """The page of a list."""

    page = fields.PageField()


F = TypeVar("F", bound=Edge)


def label_of(form: forms.Form, name: str) -> str:
    field = form.fields.get(name)
    return str(field.label or name) if field else name


def kept(request: HttpRequest, form: Edge) -> Edge:
    """Note which forms a request has met: the page of a fault says it, the test of hostile values too."""
    met = getattr(request, "forms_met", None)
    if met is None:
        request.forms_met = met = []  # type: ignore[attr-defined]
    met.append(form)
    return form


def asked(request: HttpRequest, kind: type[Edge], *, strict: bool = False, **kwargs: Any) -> Any:
    """The parameters of an address, by name. What is not understood is left out and said, or refused (`strict`)."""
    form = kept(request, kind(request.GET, **kwargs))
    if not form.is_valid():
        if strict:
            raise NotUnderstood(form.wrong())
        ignored(request, form.wrong())
    return form.v


def read(request: HttpRequest, kind: type[F], **kwargs: Any) -> F:
    """The parameters of an address as a form, for a page that shows what is wrong beside the field."""
    form = kind(request.GET, **kwargs)
    kept(request, form)
    return form


def ignored(request: HttpRequest, wrong: Iterable[Wrong]) -> None:
    """Parameters left out of this page, for its note."""
    before = list(getattr(request, "ignored", ()))
    request.ignored = before + [w for w in wrong if w not in before]  # type: ignore[attr-defined]


def paged(request: HttpRequest, found: Any, size: int) -> Page[Any]:
    """The page of a list that is asked for; a page that does not exist is said, and the last one shown."""
    pages = Paginator(found, size)
    number = asked(request, Paging).page
    if number > pages.num_pages:
        ignored(request, [Wrong("page", str(number), told(_t("la liste a %(n)d {n:page|pages}"), get_language(), {"n": pages.num_pages}))])
    return pages.get_page(number)


def form_of(request: HttpRequest, kind: type[F], *, when: bool = True, **kwargs: Any) -> F:
    """The form of a POST, bound; the caller looks at its errors. Unbound on a GET, and where it is not `when` it is sent."""
    bound = (request.POST, request.FILES) if request.method == "POST" and when else ()
    form = kind(*bound, **kwargs)
    kept(request, form)
    return form


def posted(request: HttpRequest, kind: type[Edge], **kwargs: Any) -> Any:
    """The values of a POST, by name; EDG-101 where one is not understood."""
    form = form_of(request, kind, **kwargs)
    if not form.is_valid():
        raise NotUnderstood(form.wrong())
    return form.v


def button(request: HttpRequest, *acts: str) -> str:
    """The act that a POST names among these; "" where it names none and "" is one of them. EDG-101 otherwise."""
    sent = request.POST.getlist("act")
    act = sent[0] if len(sent) == 1 else ""
    if len(sent) > 1 or act not in acts:
        shown = fields.cut(sent[0]) if sent else ""
        raise NotUnderstood([Wrong("act", shown, _t("ce n’est pas un bouton de cette page"))])
    return act


def address(request: HttpRequest) -> str:
    """The parameters of an address as they were written, for the record of a read."""
    return request.GET.urlencode()


def address_of(request: HttpRequest) -> QueryDict:
    """What the address asked, whole, for what says the same address again; what it means is read by a form."""
    return request.GET


def opened_as(request: HttpRequest, query: str) -> None:
    """Read this request as if its address had asked `query`: a page that opens as its reader said."""
    request.GET = QueryDict(query)  # type: ignore[assignment]


def asks(request: HttpRequest, name: str) -> bool:
    """True where an address holds this parameter: a form on it was sent, be it empty."""
    return name in request.GET


def sent(request: HttpRequest, name: str) -> bool:
    """True where a POST holds this field, filled or empty: a box left empty is not one that is not there."""
    return name in request.POST


def reopened(request: HttpRequest, path: str, query: str) -> HttpRequest:
    """The request by which the same person would open that page of the house now."""
    again = copy.copy(request)
    again.META = {k: v for k, v in request.META.items() if k not in ("CONTENT_LENGTH", "CONTENT_TYPE")}
    again.META |= {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
    again.method, again.path, again.path_info = "GET", path, path
    again.__dict__["GET"] = QueryDict(query)
    again.POST, again._files = QueryDict(), MultiValueDict()  # type: ignore[attr-defined, assignment]
    return again


def typed_in(request: HttpRequest) -> tuple[QueryDict, bool]:
    """All that a form of a page sent, and whether a file was with it: to be shown again to who sent it, never to be acted on."""
    return request.POST, any(request.FILES.values())


def acted(request: HttpRequest, *kinds: type[Edge], given: Mapping[type[Edge], Mapping[str, Any]] | None = None) -> Any:
    """The form of the pressed button, understood; EDG-101 where no button of the page was pressed or a field is wrong.

    given: what a form is built with, where its fields depend on the page.
    """
    act = button(request, *(k.act for k in kinds))
    kind = next(k for k in kinds if k.act == act)
    form = form_of(request, kind, **((given or {}).get(kind) or {}))
    if not form.is_valid():
        raise NotUnderstood(form.wrong())
    return form


# --- the parts of an address -----------------------------------------------------------------------
class RecordNumber(IntConverter):
    """A number in an address that no record can bear is an address that does not exist."""

    def to_python(self, value: str) -> int:
        number = fields.digits(value, fields.MOST_ID)
        if not number:
            raise ValueError(value)
        return number


class Word(StringConverter):
    """A word of an address: bounded, nothing hidden."""

    most = fields.MOST_TEXT

    def to_python(self, value: str) -> str:
        if len(value) > self.most or fields.hidden(value):
            raise ValueError(value[:20])
        return value


class Slug(SlugConverter, Word):
    most = 120


class Way(PathConverter, Word):
    most = 500


TYPED: dict[type, type] = {IntConverter: RecordNumber, StringConverter: Word, SlugConverter: Slug, PathConverter: Way}


def typed(patterns: list[Any]) -> None:
    """The same addresses, ours and those of libraries, with every part read by the classes above."""
    for one in patterns:
        found = getattr(one.pattern, "converters", {})
        one.pattern.converters = {k: TYPED[type(c)]() if type(c) in TYPED else c for k, c in found.items()}  # type: ignore[attr-defined]
        if isinstance(one, URLResolver):
            typed(one.url_patterns)
