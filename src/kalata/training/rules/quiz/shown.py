"""The text of a question as HTML that does nothing but show: marks of text alone, the rest written as it stands."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from kalata.training.rules.quiz.question import Question

MARKS = frozenset({"p", "br", "b", "strong", "i", "em", "u", "sub", "sup", "ul", "ol", "li", "code", "pre", "blockquote", "span", "div"})  # fmt: skip
ALONE = frozenset({"br"})
SILENT = frozenset({"script", "style", "template", "iframe", "object"})


class Shown(HTMLParser):
    """Keeps the marks of text, without their values, each closed; drops what is silent with all it holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in MARKS and not self.silent:
            self.out.append(f"<{tag}>")
            if tag not in ALONE:
                self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in self.open and not self.silent:
            while (last := self.open.pop()) != tag:
                self.out.append(f"</{last}>")
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(escape(data))

    def text(self) -> str:
        return "".join([*self.out, *(f"</{tag}>" for tag in reversed(self.open))])


def html(text: str, form: str) -> str:
    """The text as harmless HTML, well formed as XML too."""
    if form != "html":
        return escape(text).replace("\n", "<br/>")
    shown = Shown()
    shown.feed(text)
    shown.close()
    return shown.text().replace("<br>", "<br/>")


def words(text: str, form: str) -> str:
    """The text without marks: for a place that holds words alone."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html(text, form))).strip() if form == "html" else text


def name_of(one: Question) -> str:
    return one.title or words(one.text, one.format)[:60] or one.id
