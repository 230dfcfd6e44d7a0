"""Where a public page of the Court lies: an address of the house, or a file of the static site. The same templates for both."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

from django import template
from django.utils.translation import get_language

from kalata.disputes.rules import points
from kalata.disputes.rules.triage import CEILING_LABELS, Ceiling
from kalata.text import duration, percent, whole

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: Any, what: str, *which: Any) -> str:
    """The address of a thing: `{% to "case" number %}`; empty where this place has none."""
    return str(context["places"].to(what, *which))


@register.filter
def measured(value: Any) -> str:
    """A figure of the statistics: a count, a share, a length of time."""
    lang = get_language() or "fr"
    if isinstance(value, timedelta):
        return duration(value, lang)
    return percent(value, lang, 1) if isinstance(value, Fraction) else whole(int(value), lang)


@register.filter
def bar(word: Any) -> points.Bar:
    """The seven points of a case as a bar, from the word that its sheet keeps."""
    return points.bar(str(word or ""))


@register.filter
def ceiling(word: Any) -> str:
    """What the test of the ceiling says of a case, in words to be said in the reader's language."""
    return CEILING_LABELS[Ceiling(word or Ceiling.UNKNOWN)]
