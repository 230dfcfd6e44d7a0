"""What a template says of a record: its title, its identifier with a link to what it rests on."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language

from kalata.chain import registry

register = template.Library()


@register.simple_tag
def sheet_title(sheet: Any) -> str:
    return str(sheet.title.text(get_language() or "fr"))


@register.simple_tag
def identifier(record: Any) -> str:
    """The printed identifier of a record, a link to its sheet; nothing for what has none."""
    found = registry.identifier_of(record)
    if not found:
        return ""
    return format_html('<a class="code" href="{}">{}</a>', reverse("chain:record", args=[found]), found)
