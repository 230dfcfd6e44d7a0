"""What was typed, put back into the form of a drawn page: only the marks of that form change, the rest stays to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.utils.datastructures import MultiValueDict

TYPED = frozenset({"", "text", "search", "email", "url", "tel", "number", "date", "time", "datetime-local", "month"})
CHOSEN = frozenset({"checkbox", "radio"})
SHOWN = "seen"
"""The mark of what the page showed."""
FRESH = frozenset({"csrfmiddlewaretoken", SHOWN, "next", "suite"})
"""Hidden fields that say what the page showed: they are the new page's own, never what was sent."""
CONSENT = frozenset({"sure", "shared_read", "reviewed", "certified"})
"""A tick by which a person answers for what they read: given anew, each time."""
SECRET = frozenset({"code", "secret", "passphrase"})
"""What nobody finds again on a screen: typed anew."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: the path it went to, its values, the address of the page that held it.

    moved: what the page showed has changed since; no box stays ticked for what nobody has read yet.
    """

    path: str
    values: MultiValueDict[str, str]
    page: str
    moved: bool = False


@dataclass(slots=True)
class Mark:
    """One opening tag: its attributes, where it stands in the text, where its content ends (textarea, option)."""

    tag: str
    attrs: Mapping[str, str]
    start: int
    end: int
    close: int = -1


@dataclass(slots=True)
class FormMarks:
    """A form, the folded parts around it, its controls and the options of its lists in their order."""

    opening: Mark
    folds: list[Mark]
    controls: list[Mark] = field(default_factory=list)
    options: list[tuple[Mark, Mark]] = field(default_factory=list)

    def named(self) -> Iterator[tuple[str, Mark]]:
        return ((one.attrs.get("name", ""), one) for one in self.controls if one.attrs.get("name"))


class Reader(HTMLParser):
    """The forms of a page with the place of each mark in its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text, self.lines = text, [0]
        for line in text.split("\n"):  # as the parser counts them: U+2028 in a text is no line of the page
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.forms: list[FormMarks] = []
        self.focus: list[Mark] = []
        self.title: Mark | None = None
        self.links: list[Mark] = []
        self.folds: list[Mark] = []
        self.open: FormMarks | None = None
        self.last: Mark | None = None
        self.select: Mark | None = None

    def at(self) -> int:
        row, column = self.getpos()
        return self.lines[row - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self.at()
        mark = Mark(tag, {k: v or "" for k, v in attrs}, start, start + len(self.get_starttag_text() or ""))
        if "autofocus" in mark.attrs:
            self.focus.append(mark)
        if tag == "title" and self.title is None:
            self.title = mark
        elif tag == "a" and mark.attrs.get("href", "").startswith("?"):
            self.links.append(mark)
        elif tag == "details":
            self.folds.append(mark)
        elif tag == "form":
            self.open = FormMarks(mark, list(self.folds))
            self.forms.append(self.open)
        elif tag in ("input", "select", "textarea", "button"):
            owner = self.owner(mark)
            if owner is not None:
                owner.controls.append(mark)
            self.last = mark
            self.select = mark if tag == "select" else self.select
        elif tag == "option" and self.select is not None:
            owner = self.owner(self.select)
            if owner is not None:
                owner.options.append((self.select, mark))
            self.last = mark

    def owner(self, mark: Mark) -> FormMarks | None:
        if name := mark.attrs.get("form"):
            return next((f for f in self.forms if f.opening.attrs.get("id") == name), None)
        return self.open

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "details" and self.folds:
            self.folds.pop()
        elif tag in ("textarea", "option") and self.last is not None and self.last.tag == tag:
            self.last.close = self.at()
        elif tag == "select":
            self.select = None


def likeness(form: FormMarks, sent: Sent) -> int:
    """How far a form of the page is the one that was sent; below zero: another."""
    attrs = form.opening.attrs
    if attrs.get("method", "").lower() != "post":
        return -1
    if urlsplit(urljoin(sent.page, attrs.get("action") or sent.page)).path != sent.path:
        return -1
    marks, offered = 0, set()
    for name, one in form.named():
        value = one.attrs.get("value", "")
        offered.add(name)
        if name in FRESH:
            continue
        if one.tag == "input" and one.attrs.get("type") == "hidden":
            if value not in sent.values.getlist(name):
                return -1
            marks += 3
    act = sent.values.get("act")
    if act is not None and not any(
        name == "act" and (one.tag == "select" or one.attrs.get("value", "") == act) for name, one in form.named()
    ):
        return -1
    asked = {name for name in sent.values if name not in FRESH}
    return marks + len(asked & offered) - 2 * len(asked - offered)


def moved(form: FormMarks, sent: Sent) -> bool:
    """Whether the page shows other records now than those that the form was sent about."""
    marks = [one.attrs.get("value", "") for name, one in form.named() if name == SHOWN]
    return bool(marks) and SHOWN in sent.values and sent.values[SHOWN] not in marks


ATTRIBUTE = re.compile(r"""\s([a-z-]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?(?=[\s/>])""")


def attribute(tag: str, name: str, value: str | None) -> str:
    """An opening tag with one attribute written anew; None: without it."""
    bare = ATTRIBUTE.sub(lambda found: "" if found.group(1) == name else found.group(0), tag)
    if value is None:
        return bare
    at = len(bare) - (2 if bare.endswith("/>") else 1)
    return f'{bare[:at]} {name}="{escape(value)}"{bare[at:]}'


def refilled(text: str, form: FormMarks, sent: Sent, *, empty: bool = False) -> Iterator[tuple[int, int, str]]:
    """(from, to, new text) of each control whose value was sent. empty: of the boxes that the page leaves empty alone; what
    somebody else wrote meanwhile is not put back as it was by who did not read it."""
    turn: dict[str, int] = {}
    values = sent.values
    for name, one in form.named():
        kind = one.attrs.get("type", "").lower()
        typed = values.getlist(name) if name not in SECRET else []
        if one.tag == "textarea" or (one.tag == "input" and kind in TYPED):
            at = turn.get(name, 0)
            turn[name] = at + 1
            held = text[one.end : one.close] if one.tag == "textarea" else one.attrs.get("value", "")
            if at >= len(typed) or (empty and held.strip()):
                continue
            if one.tag == "textarea" and one.close >= 0:
                yield one.end, one.close, "\n" + escape(typed[at])
            elif one.tag == "input":
                yield one.start, one.end, attribute(text[one.start : one.end], "value", typed[at])
        elif one.tag == "input" and kind in CHOSEN and not empty:
            if kind == "checkbox" and (sent.moved or name in CONSENT):
                continue
            on = one.attrs.get("value", "on") in typed
            yield one.start, one.end, attribute(text[one.start : one.end], "checked", "" if on else None)
    for select, option in () if empty else form.options:
        if (name := select.attrs.get("name", "")) in values:
            value = option.attrs["value"] if "value" in option.attrs else text[option.end : option.close].strip()
            on = value in values.getlist(name)
            yield option.start, option.end, attribute(text[option.start : option.end], "selected", "" if on else None)


def retyped(text: str, sent: Sent, says: Callable[[bool], str]) -> str | None:
    """The page with the refusal at the form that was sent and its values as they were typed; None: no such form on it.

    says: the words of the refusal; True where what the page shows has moved since the form was sent.
    """
    read = Reader(text)
    read.feed(text)
    scored = [(likeness(form, sent), -n) for n, form in enumerate(read.forms)]
    best, at = max(scored, default=(-1, 0))
    if best < 0:
        return None
    form = read.forms[-at]
    other = moved(form, sent)
    changes = dict[int, tuple[int, str]]()
    for mark in read.focus:  # the refusal has the focus
        changes[mark.start] = mark.end, attribute(text[mark.start : mark.end], "autofocus", None)
    for mark in read.links:
        href = urljoin(sent.page, mark.attrs["href"])
        changes[mark.start] = mark.end, attribute(text[mark.start : mark.end], "href", href)
    for one in read.forms:
        if not one.opening.attrs.get("action"):
            mark = one.opening
            changes[mark.start] = mark.end, attribute(text[mark.start : mark.end], "action", sent.page)
    for fold in form.folds:
        changes[fold.start] = fold.end, attribute(text[fold.start : fold.end], "open", "")
    for start, end, new in refilled(text, form, sent, empty=other):
        changes[start] = end, attribute(new, "autofocus", None) if new.startswith("<input") else new
    end, opening = changes.get(form.opening.start, (form.opening.end, text[form.opening.start : form.opening.end]))
    changes[form.opening.start] = end, opening + says(other)
    out, done = [], 0
    for start, (end, new) in sorted(changes.items()):
        out += [text[done:start], new]
        done = end
    return "".join([*out, text[done:]])
