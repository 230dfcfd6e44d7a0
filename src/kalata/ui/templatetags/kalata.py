"""How numbers, shares, icons and facts are written in pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.template import defaultfilters
from django.template.base import render_value_in_context
from django.template.loader import render_to_string
from django.templatetags.i18n import BlockTranslateNode, do_block_translate
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kalata import rooms, text
from kalata.country.pickers import whereabouts
from kalata.country.rules.pack import is_unverified
from kalata.country.rules.shapes import CONFIDENCE_LABELS, FIELD_LABELS, Confidence
from kalata.text import Message, Named, long_date, percent, translate, whole

register = template.Library()
SPRITE = Path(__file__).resolve().parents[1] / "icons.svg"


@lru_cache(maxsize=1)
def symbols() -> dict[str, str]:
    return {
        m.group(1): m.group(0)
        for m in re.finditer(r'<symbol id="([^"]+)".*?</symbol>', SPRITE.read_text(encoding="utf-8"), re.S)
    }


def lang() -> str:
    return get_language() or "fr"


FRAME = "search bad"
"""Symbols of the head of every page and of a refusal, which may come back on any."""


@register.simple_tag
def sprite(*names: str) -> SafeString:
    """The symbols a page uses, inline once at the top of its body; those of the frame around every page are there too."""
    every = symbols()
    picked = "".join(every[n] for n in dict.fromkeys(" ".join((*names, FRAME)).split()) if n in every)
    return mark_safe(f'<svg width="0" height="0" class="spr" aria-hidden="true">{picked}</svg>')  # noqa: S308  our own file


@register.inclusion_tag("ui/_ties.html", takes_context=True)
def ties(context: Any, subjects: Any, apart: str) -> dict[str, Any]:
    """What the other rooms have of what a page is about (`rooms.ties`), limited to its reader."""
    asked = [subjects] if isinstance(subjects, str) else subjects or ()
    return {"ties": rooms.ties(context["request"].user, asked, apart)}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#{}"/></svg>', css, name)


@register.simple_tag
def emblem(name: str) -> SafeString:
    return (
        format_html('<svg class="em" aria-hidden="true"><use href="#{}"/></svg>', name)
        if name in symbols()
        else mark_safe("")
    )


@register.simple_tag(takes_context=True)
def came_from(context: Any) -> str:
    """The page of this house that sent the reader here; the front page for any other."""
    request = context["request"]
    to = request.headers.get("referer", "")
    own = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if to and own else "/"


@register.filter
def n(value: Any) -> str:
    """A whole number as the language writes it; a dash where it is not known."""
    if value is None or value == "":
        return "–"
    return value if isinstance(value, str) and not value.isdecimal() else whole(int(value), lang())


@register.filter
def datum(value: Any) -> str:
    """An element of a difference: a number as people write it, a long hash cut, a dash where there is none."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, int):
        return whole(value, lang())
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        return f"{value[:8]}…{value[-6:]}"
    return say(value) if isinstance(value, Message | Named) else str(value)


@register.filter
def signed(value: Any) -> str:
    return ("+" if int(value) > 0 else "") + whole(int(value), lang())


@register.filter
def pct(value: Any, places: int = 2) -> str:
    return percent(value if isinstance(value, Fraction) else None, lang(), places)


@register.simple_tag
def share(part: Any, base: Any, places: int = 2) -> str:
    """part/base as a percentage, exact until the last digit; a dash where the base is unknown or 0."""
    if part in (None, "") or not base:
        return "–"
    return percent(Fraction(int(part), int(base)), lang(), places)


@register.simple_tag
def width(part: Any, base: Any, scale: Any = 100) -> str:
    """Length of a bar, in hundredths of its box, for SVG attributes."""
    if not part or not base:
        return "0"
    return f"{float(Fraction(int(part), int(base)) * 100 * 100 / int(scale)):.2f}"


@register.simple_tag
def counted(sentences: Any, key: str, n: Any) -> str:
    """The sentence of a key with its number, in the reader's language; the key where there is none."""
    return Message(sentences.get(key, "%(n)d"), {"n": int(n)}).text(lang())


@register.filter
def say(value: Any) -> str:
    """A sentence of the rules in the reader's language."""
    if isinstance(value, Message | Named):
        return value.text(lang())
    return re.sub(r"%\(\w+\)[sd]", "…", text.formed(translate(str(value), lang()), {}, lang())).replace("%%", "%")


@register.filter
def of(value: Any, count: int) -> str:
    """So many of what a list holds, in the form that the number asks: "%(n)s {n:poste|postes}"."""
    return Message(str(value), {"n": count}).text(lang())


class Formed(BlockTranslateNode):
    """A sentence of a page: the forms in it ({n:bureau|bureaux}) are chosen by its own values."""

    def render(self, context: Any, nested: bool = False) -> str:
        if self.plural:
            return str(super().render(context, nested))
        message, names = self.render_token_list(self.singular)
        if not text.FORMS.search(message):
            return str(super().render(context, nested))
        with context.push(**{name: one.resolve(context) for name, one in self.extra_context.items()}):
            values = {name: render_value_in_context(context.get(name, ""), context) for name in names}
        said = mark_safe(text.told(translate(message, lang()), lang(), values))  # each value was escaped as it was rendered
        if self.asvar:
            context[self.asvar] = said
            return ""
        return said


@register.tag("blocktranslate")
def formed_block(parser: Any, token: Any) -> Formed:
    """Django's own `blocktranslate`, whose sentences may hold forms."""
    node = do_block_translate(parser, token)
    node.__class__ = Formed
    return node  # type: ignore[return-value]


@register.filter
def civil(value: Any) -> str:
    """A day without its weekday: 1er octobre 2026 (fr), 1 October 2026 (en)."""
    return long_date(value, lang()).split(" ", 1)[1] if value else ""


def first_of_month(day: Any, pattern: str) -> str:
    """A pattern of Django's dates where French writes its first day of a month: 1er mars, never 1 mars."""
    if getattr(day, "day", 0) != 1 or not lang().startswith("fr"):
        return pattern
    return re.sub(r"(?<!\\)j(?= [FMNb])", lambda _found: r"1\e\r", pattern)


@register.filter(name="date", expects_localtime=True, is_safe=False)
def written_date(value: Any, pattern: str | None = None) -> Any:
    """Django's own `date`; the first day of a month as French writes it. A day kept as its ISO text is one too."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        value = date.fromisoformat(value)
    return defaultfilters.date(value, first_of_month(value, pattern or formats.get_format("DATE_FORMAT")))


@register.simple_tag(name="now")
def written_now(pattern: str) -> str:
    """Django's own `now`, under the same rule."""
    here = timezone.localtime()
    return formats.date_format(here, first_of_month(here, pattern))


@register.filter
def span(value: Any) -> str:
    """How long, as people say it: 6 h 20, 41 min, 3 d."""
    if value is None:
        return "–"
    sign = "\u2212" if value <= -timedelta(minutes=1) else ""
    hours, rest = divmod(abs(value) // timedelta(minutes=1), 60)
    if hours >= 72:
        return f"{sign}{hours // 24} {_('j')}"
    return f"{sign}{hours} h {rest:02}" if hours else f"{sign}{rest} min"


@register.filter
def decimal(value: Any, places: int = 1) -> str:
    """A fraction as a decimal number; a dash where it is not known."""
    return "–" if value is None else text.decimal(value, lang(), places)


@register.filter
def name(thing: Any) -> str:
    """The name of a thing that has one in French and one in English."""
    if isinstance(thing, dict):
        return str(
            (thing.get("name_en") if lang() == "en" else "") or thing.get("name_fr") or thing.get("title_fr") or ""
        )
    return (thing.name_en if lang() == "en" and thing.name_en else thing.name_fr) or ""


@register.filter
def place(unit: Any) -> str:
    """Where a unit lies, whole: Kita, cercle, Kayes, Mali (map of 2015)."""
    return f"{unit.name}, {whereabouts(unit, lang())}"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    try:
        return mapping.get(key)
    except AttributeError:
        return None


@register.simple_tag
def confidence(record: Any) -> SafeString:
    """How far a fact has been seen: always icon, word and colour."""
    raw = record.get("confidence", "") if isinstance(record, dict) else getattr(record, "confidence", record)
    head = str(raw).split(" (")[0].split(";")[0]
    if not head:
        return mark_safe("")
    word = translate(CONFIDENCE_LABELS.get(Confidence(head), head), lang()) if head in set(Confidence) else head
    if is_unverified({"confidence": head}):
        return format_html(
            '<span class="tag warn"><svg class="i" aria-hidden="true"><use href="#warn"/></svg>{}</span>', word
        )
    return format_html('<span class="tag ok"><svg class="i" aria-hidden="true"><use href="#ok"/></svg>{}</span>', word)


@register.simple_tag
def fact(value: Any) -> SafeString:
    """A value of a pack as people read it: lists as lists, tables as terms and their values."""
    if isinstance(value, dict):
        rows = [(translate(FIELD_LABELS.get(str(k), str(k)), lang()), fact(v)) for k, v in value.items()]
        return format_html('<dl class="kv">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))
    if isinstance(value, list):
        if all(isinstance(v, str | int) for v in value):
            return format_html("{}", ", ".join(map(str, value)))
        return format_html(
            '<ul class="plain">{}</ul>', format_html_join("", "<li>{}</li>", ((fact(v),) for v in value))
        )
    if isinstance(value, bool):
        return format_html("{}", _("oui") if value else _("non"))
    return format_html("{}", "–" if value is None else value)


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The present address with some parameters changed; an empty value removes one."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


@register.inclusion_tag("ui/_sort.html", takes_context=True)
def sort(context: Any, key: str, label: str) -> dict[str, Any]:
    """A column heading that sorts: once ascending, twice descending."""
    now = context["request"].GET.get("tri", "")
    up = now == key
    return {
        "label": label,
        "href": query(context, tri=f"-{key}" if up else key, page=""),
        "up": up,
        "down": now == f"-{key}",
    }


@register.simple_block_tag(takes_context=True)
def sure(context: Any, content: SafeString, label: str, does: Any = (), also: str = "", **more: Any) -> SafeString:
    """An act behind one more gesture: folded, it first says what it does in figures (`does`), then what it asks, then its button.

    more: act (the value of the field of that name), action (where it is sent), tone (class of the button), name (what it is
    about, for who hears the page), open (where it came back refused).
    does may be one sentence as a template keeps it (blocktranslate … asvar); also: one more.
    """
    lines = [one for one in ([does] if isinstance(does, str) else [*does]) + [also] if one]
    says = [one.text(lang()) if isinstance(one, Message) else one for one in lines]
    return render_to_string("ui/_sure.html", {"content": content, "label": label, "does": says, **more}, context.get("request"))
