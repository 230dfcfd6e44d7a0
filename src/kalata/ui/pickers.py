"""A field that finds one record by what people type: its code, its name, or nearly its name.

Without a script: what is typed is searched when the form is sent; one exact answer is taken, anything else comes back
as a choice among the nearest, each with what it is and where it lies. A near name is never taken by itself.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kalata.text import fold
from kalata.ui.fields import MOST_ID, cut, digits, hidden

MOST_SHOWN = 8
MOST_TYPED = 120
NEAR = 0.7
"""How much two names must share for one to be offered in place of the other."""
LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """A record as it is searched. names: each of them finds it; code: exact only."""

    pk: int
    code: str
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A record as it is offered. where: what it is and where it lies."""

    pk: int
    name: str
    where: str


def nearest(typed: str, known: Iterable[Known]) -> tuple[list[int], list[int]]:
    """(records that what is typed names exactly, those to offer, best first)."""
    wanted, exact, begins, holds = fold(typed), [], [], []
    folded: dict[str, list[int]] = {}
    for one in known:
        names = [fold(n) for n in one.names]
        for name in names:
            folded.setdefault(name, []).append(one.pk)
        if one.code == typed.strip() or wanted in names:
            exact.append(one.pk)
        elif any(n.startswith(wanted) for n in names):
            begins.append(one.pk)
        elif any(wanted in n for n in names):
            holds.append(one.pk)
    near = difflib.get_close_matches(wanted, folded, n=MOST_SHOWN, cutoff=NEAR)
    ranked = dict.fromkeys([*exact, *begins, *holds, *(pk for name in near for pk in folded[name])])
    return exact, list(ranked)[:MOST_SHOWN]


class PickerWidget(forms.Widget):
    """A box to type in; after a search, the nearest records to choose among."""

    offers: Sequence[Offer] = ()
    names: Callable[[], Sequence[str]] | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str]:
        return str(data.get(name) or ""), str(data.get(f"{name}_texte") or "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_texte" not in data

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return id_ or ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen, text = value if isinstance(value, tuple) else ("", "")
        at = str((attrs or {}).get("id") or f"id_{name}")
        listed = self.names() if self.names else ()
        box = format_html(
            '<input type="search" id="{}" name="{}_texte" value="{}" list="{}_l" autocomplete="off" spellcheck="false" maxlength="{}">',
            at, name, text, at, MOST_TYPED,
        )  # fmt: skip
        words = format_html('<datalist id="{}_l">{}</datalist>', at, format_html_join("", '<option value="{}">', ((n,) for n in listed)))  # fmt: skip
        if self.offers:
            row = '<p class="opt"><input type="radio" id="{}_{}" name="{}" value="{}"> <label for="{}_{}">{} <span class="small mute">{}</span></label></p>'  # fmt: skip
            choices = ((at, i, name, o.pk, at, i, o.name, o.where) for i, o in enumerate(self.offers))
            return format_html("{}{}{}", box, words, format_html_join("", row, choices))
        kept = format_html('<input type="hidden" name="{}" value="{}">', name, chosen) if chosen and not text else ""
        return format_html("{}{}{}", box, words, kept)


class PickerField(forms.Field):
    """One record, found by what is typed or by its number; None where nothing is."""

    widget = PickerWidget
    examples = ("",)

    def __init__(self, *, known: Callable[[], Iterable[Known]], offered: Callable[[Sequence[int]], Sequence[Offer]], one: Callable[[int], Any], **kwargs: Any) -> None:  # fmt: skip
        self.known, self.offered, self.one = known, offered, one
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.widget.names = lambda: [k.names[0] for k in list(self.known())[:LISTED]]

    def clean(self, value: Any) -> Any:
        number, text = value if isinstance(value, tuple) else (str(value or ""), "")
        pk = digits(number, MOST_ID) if number.strip() else None
        if number.strip() and not pk:
            raise ValidationError(_("Ce choix n’est pas de la liste."), "invalid")
        if len(text) > MOST_TYPED or hidden(text):
            raise ValidationError(_("Ce nom est trop long, ou contient un caractère refusé."), "hidden")
        if not text.strip():
            return self.numbered(pk)
        exact, near = nearest(text, self.known())
        if pk in near:
            return self.numbered(pk)
        if len(exact) == 1:
            return self.numbered(exact[0])
        if not near:
            raise ValidationError(_("Rien ne porte un nom proche de « %(typed)s »."), "none", {"typed": cut(text)})
        self.widget.offers = self.offered(near)
        raise ValidationError(_("« %(typed)s » : choisissez dans la liste."), "several", {"typed": cut(text)})

    def numbered(self, pk: int | None) -> Any:
        if pk is None:
            if self.required:
                raise ValidationError(forms.Field.default_error_messages["required"], "required")
            return None
        found = self.one(pk)
        if found is None:
            raise ValidationError(_("Ce choix n’est pas de la liste."), "invalid")
        return found
