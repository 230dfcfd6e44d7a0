"""Every address of the house, the forms its view reads, and values to fill them with: found, never listed by hand."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.urls import URLPattern, URLResolver, get_resolver

from kalata.ui import edge, lists

OURS = "kalata."


@dataclass
class Address:
    """One route: its pattern, its view, its parts (name -> converter), and the forms its code can reach."""

    route: str
    view: Any
    parts: dict[str, Any]
    forms: list[type[forms.Form]] = field(default_factory=list)

    @property
    def ours(self) -> bool:
        return inner(self.view).__module__.startswith(OURS)


def inner(view: Any) -> Any:
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return getattr(view, "view_class", view)


def addresses() -> list[Address]:
    def walk(resolver: Any, before: str, parts: dict[str, Any]) -> Iterator[Address]:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            known = {**parts, **getattr(one.pattern, "converters", {})}
            if isinstance(one, URLResolver):
                yield from walk(one, route, known)
            elif isinstance(one, URLPattern):
                yield Address(route, one.callback, known, reached(one.callback))

    return list(walk(get_resolver(), "/", {}))


def codes_of(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from codes_of(const)


def ours(thing: Any) -> bool:
    """True for a function of the house that may read a request; rules never do."""
    return (
        isinstance(thing, types.FunctionType)
        and thing.__module__.startswith(OURS)
        and ".rules." not in thing.__module__
    )


def reached(view: Any) -> list[type[forms.Form]]:
    """The forms that the code of a view names, in itself and in the functions of the house that it calls."""
    found: dict[type[forms.Form], None] = {}
    seen: set[Any] = set()

    def named(thing: Any) -> None:
        if inspect.isclass(thing) and issubclass(thing, forms.BaseForm):
            if thing not in (edge.Edge, forms.Form):
                found[thing] = None
        elif isinstance(thing, lists.Listing):
            found[thing.form] = None
            found[edge.Paging] = None
        elif isinstance(thing, tuple | dict):  # a dict gives each button its form
            for part in thing.values() if isinstance(thing, dict) else thing:
                named(part)
        elif ours(thing) and thing not in seen:
            visit(thing)

    def visit(function: types.FunctionType) -> None:
        seen.add(function)
        for code in codes_of(inspect.unwrap(function).__code__):
            names = function.__globals__
            modules = [names[n] for n in code.co_names if isinstance(names.get(n), types.ModuleType)]
            for name in code.co_names:
                if name in names:
                    named(names[name])
                for module in modules:
                    if module.__name__.startswith(OURS) and hasattr(module, name):
                        named(getattr(module, name))

    start = inner(view)
    if isinstance(start, types.FunctionType) and start.__module__.startswith(OURS):
        visit(start)
    return list(found)


def every_form() -> list[type[edge.Edge]]:
    """Every form of the house that a view can reach."""
    get_resolver().url_patterns  # noqa: B018  loads every view

    def below(kind: type) -> Iterator[Any]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    return sorted(
        {k for k in below(edge.Edge) if k.__module__.startswith(OURS)}, key=lambda k: (k.__module__, k.__name__)
    )


def built(kind: type[forms.Form]) -> forms.BaseForm | None:
    """A form without data, to look at its fields; None where it takes what only a page can give."""
    extra: dict[str, Any] = {}
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
            extra[name] = str if name == "say" else []
    try:
        return kind(**extra)
    except Exception:
        return None
