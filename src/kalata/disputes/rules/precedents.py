"""How a decision of the past is searched, shown and cited. Pure: words are folded (no accents, no case), two engines search them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from kalata.text import Message, fold, long_date
from kalata.text import gettext_noop as _

WORD = re.compile(r"[a-z0-9]+")
MOST_WORDS, MOST_LENGTH = 12, 40
AROUND = 160
CITED = _("décision n° %(number)s du %(day)s")
CITED_EUROPEAN = _("décision n° %(number)s du %(day)s (%(ecli)s)")
CITED_UNNUMBERED = _("décision du %(day)s, %(title)s")
UNSEEN = _("%(cited)s [à vérifier : %(confidence)s]")


def words_of(asked: str) -> list[str]:
    """What is searched: each word once, folded, a dozen at most. Words of one letter find nothing but noise."""
    found = [w[:MOST_LENGTH] for w in WORD.findall(fold(asked)) if len(w) > 1]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def folded(*texts: str) -> str:
    return " ".join(WORD.findall(fold(" ".join(texts))))


def marks(articles: Iterable[str], grounds: Iterable[str], outcomes: Iterable[str]) -> str:
    """The values a decision is filtered by, each between bars."""
    every = [*(mark("a", v) for v in articles), *(mark("g", v) for v in grounds), *(mark("o", v) for v in outcomes)]
    return "".join(dict.fromkeys(every))


def mark(kind: str, value: str) -> str:
    return f"|{kind}:{fold(value).replace('|', ' ')}|"


def snippet(text: str, words: Sequence[str]) -> list[tuple[bool, str]]:
    """(is it a word that was asked, words) around the first one found; the beginning where none is. Accents kept."""
    hits = [
        (found.start(), found.end())
        for found in re.finditer(r"\w+", text)
        if any(fold(found[0]).startswith(word) for word in words)
    ]
    start = max(hits[0][0] - AROUND // 2, 0) if hits else 0
    end = min(start + 2 * AROUND, len(text))
    out: list[tuple[bool, str]] = [(False, "…")] if start else []
    at = start
    for first, last in hits:
        if first >= end:
            break
        if first >= at:
            out += [(False, text[at:first]), (True, text[first:last])]
            at = last
    out.append((False, text[at:end] + ("…" if end < len(text) else "")))
    return [(hit, words_) for hit, words_ in out if words_]


def citation(*, number: str, day: str, ecli: str, title: str, confidence: str, lang: str = "fr") -> str:
    """How it is cited in a text; a fact that nobody has read in the decision itself says so."""
    values = {"number": number, "day": said_day(day, lang), "ecli": ecli, "title": title}
    sentence = (CITED_EUROPEAN if ecli else CITED) if number else CITED_UNNUMBERED
    cited = Message(sentence, {k: v for k, v in values.items() if f"%({k})s" in sentence}).text(lang)
    if confidence and confidence != "text seen":
        return Message(UNSEEN, {"cited": cited, "confidence": confidence}).text(lang)
    return cited


def said_day(day: str, lang: str) -> str:
    """A day without its weekday; a month or a year alone as it is."""
    try:
        return long_date(date.fromisoformat(day), lang).split(" ", 1)[1]
    except ValueError:
        return day
