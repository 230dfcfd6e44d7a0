"""The fields of the trade: what people type becomes a value that is right, or the sentence that says what is wrong.

Every parameter of every address and every form is one of these. An empty box is never zero; a number is
written with the digits 0 to 9 and nothing else; a number of a record fits the database; a text is bounded
and holds no character that a screen hides or a database refuses. `examples` are values a field accepts and
`wrong` says why it does not: the test of hostile values reads both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kalata.plain import hidden
from kalata.text import told
from kalata.ui import written

MOST_ID = 2**63 - 1
"""The largest number either database gives a record."""
MOST_COUNT = 99_999
MOST_TEXT = 200
MOST_FRANCS = 10**15
"""A thousand thousand milliards: beyond, a finger slipped."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009"), None)
"""The spaces that people and spreadsheets put between thousands."""


def digits(text: str, most: int) -> int | None:
    """A whole number from 0 to `most` in the digits 0 to 9, spaces around and between thousands allowed; None otherwise."""
    clean = text.strip().translate(SPACES)
    if not (clean.isascii() and clean.isdigit()) or len(clean.lstrip("0")) > len(str(most)):
        return None
    value = int(clean)
    return value if value <= most else None


class CountField(forms.Field):
    """How many papers, seats, days: a whole number, or None for an empty box."""

    widget = forms.TextInput

    def __init__(self, *, least: int = 0, most: int = MOST_COUNT, **kwargs: Any) -> None:
        self.least, self.most = least, most
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = str(value if value is not None else "")
        if not text.strip():
            if self.required:
                raise ValidationError(_("Écrivez un nombre entier de %(least)d à %(most)d."), "required", self.bounds)
            return None
        number = digits(text, self.most)
        if number is None or number < self.least:
            raise ValidationError(
                _("« %(value)s » n’est pas un nombre entier de %(least)d à %(most)d."),
                "invalid",
                {"value": cut(text), **self.bounds},
            )
        return number

    @property
    def bounds(self) -> dict[str, int]:
        return {"least": self.least, "most": self.most}

    @property
    def examples(self) -> Sequence[str]:
        return (str(self.least or min(1, self.most)),)


class IdField(CountField):
    """The number of a record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, most=MOST_ID, **kwargs)


class PageField(CountField):
    """A page of a list; the first where nothing is asked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, most=1_000_000, **kwargs)

    def clean(self, value: Any) -> int:
        return super().clean(value) or 1


class TextField(forms.CharField):
    """A bounded text on one line, without a character that hides; outer spaces dropped."""

    lines = False

    def __init__(self, *, most: int = MOST_TEXT, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=most, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value if value is not None else "")
        if self.strip:
            text = text.strip()
        if found := hidden(text, lines=self.lines):
            raise ValidationError(_("Ce texte contient un caractère refusé (%(char)s)."), "hidden", {"char": found})
        return text

    @property
    def examples(self) -> Sequence[str]:
        return ("texte",)


class LinesField(TextField):
    """A bounded text of several lines."""

    lines = True
    widget = forms.Textarea

    def __init__(self, *, most: int = 2_000, **kwargs: Any) -> None:
        super().__init__(most=most, **kwargs)


class CodeField(TextField):
    """A code as it stands on a paper: no space inside, nothing invisible, at most `most` characters."""

    def __init__(self, *, most: int = 120, **kwargs: Any) -> None:
        super().__init__(most=most, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if bad := next((c for c in text if c.isspace() or unicodedata.category(c) in ("Cf", "Zl", "Zp", "Zs")), ""):
            raise ValidationError(_("Un code n’a ni espace ni caractère caché (U+%(char)s)."), "hidden", {"char": f"{ord(bad):04X}"})  # fmt: skip
        return text

    @property
    def examples(self) -> Sequence[str]:
        return ("KAY-001",)


def pairs(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    return [(c[0], c[1]) if isinstance(c, (tuple, list)) else (c, c) for c in choices]


class ChoiceField(forms.ChoiceField):
    """One of the words that the page offers. unsaid: the words of a first choice that says nothing, where a page must not
    answer for its reader."""

    def __init__(
        self, choices: Iterable[Any] | Callable[[], Iterable[Any]] = (), unsaid: Any = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("required", False)
        if unsaid and not callable(choices):
            choices = [("", unsaid), *choices]
        super().__init__(choices=(lambda: pairs(choices())) if callable(choices) else pairs(choices), **kwargs)

    @property
    def examples(self) -> Sequence[str]:
        every: list[Any] = list(self.choices)  # type: ignore[arg-type]
        return [str(pair[0]) for pair in every if pair[0] != ""][:3]


class FlagField(forms.Field):
    """A box that is ticked or not: what it says when ticked does not matter, but it is short."""

    widget = forms.CheckboxInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput)  # the browser leaves an empty box out: None is not ""
        super().__init__(**kwargs)

    def clean(self, value: Any) -> bool:
        if value is not None and (len(str(value)) > 20 or hidden(str(value))):
            raise ValidationError(_("Cette case n’est ni cochée ni vide."), "invalid")
        return value is not None

    examples = ("1",)


class WrittenDate(forms.DateInput):
    """A day typed as people write it: no calendar of the browser, which shows the order of its own language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            format="%d/%m/%Y", attrs={"autocomplete": "off", "class": "w10", "placeholder": _("jj/mm/aaaa")}, **kwargs
        )


class DateField(forms.DateField):
    """A civil day, as people write it: 2027-03-14, 14/3/2027, 14 mars 2027. What reads two ways is refused."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", WrittenDate())
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            found = written.day_of(str(value), get_language() or "fr")
        except written.Unread as unread:
            raise ValidationError(_(str(unread)), "invalid") from None
        if not FIRST_DAY <= found <= LAST_DAY:
            raise ValidationError(_("Le jour est hors du calendrier (1900 à 2200)."), "range")
        return found

    examples = ("2027-03-14", "14/03/2027")


class AmountField(forms.Field):
    """A sum in whole francs; None for an empty box, which is not a sum of zero."""

    widget = forms.TextInput

    def __init__(self, *, most: int = MOST_FRANCS, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = str(value if value is not None else "")
        if not text.strip():
            if self.required:
                raise ValidationError(forms.Field.default_error_messages["required"], "required")
            return None
        try:
            return written.francs_of(text, self.most)
        except written.Unread as unread:
            raise ValidationError(_(str(unread)), "invalid") from None

    examples = ("1 500 000",)


AS_WRITTEN = _("1er décembre 2026, ou 01/12/2026")
"""Beside a box for a day."""


class DayField(DateField):
    """A civil day, with how to write it beside the box: the same reading as `DateField`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", AS_WRITTEN)
        super().__init__(**kwargs)


class HourField(forms.TimeField):
    """An hour of the day: 18:00 or 18 h 00."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget",
            forms.TimeInput(attrs={"autocomplete": "off", "class": "w10", "placeholder": "14 h 05"}, format="%H:%M"),
        )
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            try:
                return time(*written.hour_of(value))
            except written.Unread as unread:
                raise ValidationError(_(str(unread)), "invalid") from None
        return super().to_python(value)

    examples = ("18:00",)


class InstantField(TextField):
    """A day, with an hour where one is written, as people write it: 1er décembre 2026 14:05, 01/12/2026 14 h 05,
    2027-03-14T18:00. Its value is the text that the rules of time read further: 2026-12-01T14:05, or the day alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=60, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            day, hour = written.instant_of(text, get_language() or "fr")
        except written.Unread as unread:
            raise ValidationError(_(str(unread)), "invalid") from None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(_("Le jour est hors du calendrier (1900 à 2200)."), "range")
        if hour is None:
            return day.isoformat()
        return f"{day.isoformat()}T{hour[0]:02}:{hour[1]:02}" + (f":{hour[2]:02}" if hour[2] else "")

    examples = ("2027-03-14", "14/03/2027 18:00")


class MonthField(forms.Field):
    """A month: 2027-03; None where none is asked. Its value is its first day."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            found = date.fromisoformat(f"{text}-01") if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else None
        except ValueError:
            found = None
        if found is None or not FIRST_DAY <= found <= LAST_DAY:
            raise ValidationError(_("Écrivez le mois ainsi : 2027-03."), "invalid")
        return found

    examples = ("2027-03",)


class ManyField(forms.Field):
    """Several values of one name, each read by `one`; at most `most` of them."""

    widget = forms.MultipleHiddenInput

    def __init__(self, one: forms.Field, *, most: int = 500, **kwargs: Any) -> None:
        self.one, self.most = one, most
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[Any]:
        values = list(value or ())
        if len(values) > self.most:
            raise ValidationError(told(str(_("%(n)d {n:valeur|valeurs}, au plus %(most)d.")), get_language(), {"n": len(values), "most": self.most}), "many")
        if self.required and not values:
            raise ValidationError(forms.Field.default_error_messages["required"], "required")
        return [self.one.clean(v) for v in values]

    @property
    def examples(self) -> Sequence[str]:
        return getattr(self.one, "examples", ("1",))


class UploadField(forms.FileField):
    """A file of at most `most` bytes, its name bounded."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("required", False)
        super().__init__(max_length=200, **kwargs)

    def to_python(self, data: Any) -> Any:
        if data and hidden(str(data.name)):
            raise ValidationError(_("Le nom du fichier contient un caractère refusé."), "hidden")
        found = super().to_python(data)
        if found is not None and found.size > self.most:
            raise ValidationError(
                _("Ce fichier pèse %(n)d Kio ; au plus %(most)d Kio."),
                "heavy",
                {"n": found.size // 1024, "most": self.most // 1024},
            )
        return found


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files of at most `most` bytes each."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(UploadsField, self).clean(one, initial) for one in (data or ())]


def cut(text: str, length: int = 40) -> str:
    """What was typed, short enough for a sentence, without what would hide in it."""
    shown = "".join("\ufffd" if hidden(c) else c for c in text[:length])
    return shown + ("…" if len(text) > length else "")
