"""Quantities said over drivers: numbers, names, + - * / ( ). Exact, and never run as a program.

Nothing else is understood: no attribute, no call, no power, no sign before a number. What is not understood is
refused with its place in the text, counted from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

MOST_TEXT = 400
MOST_DEPTH = 40
MOST_DIGITS = 400
"""Of the two terms of a result: what grows beyond is no quantity."""

TOKEN = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?)|(?P<name>[^\W\d]\w{0,63})|(?P<sign>[-+*/()])")


class NotUnderstood(Exception):
    """What stands at `position` cannot be read, or names nothing."""

    def __init__(self, position: int, found: str, path: tuple[str, ...] = ()) -> None:
        self.position, self.found, self.path = position, found, path
        super().__init__(f"{position}: {found}")


@lru_cache(maxsize=4_096)
def exact(text: str) -> Fraction:
    return Fraction(text)


@dataclass(frozen=True, slots=True)
class Number:
    text: str
    at: int

    @property
    def value(self) -> Fraction:
        return exact(self.text)


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Pair:
    sign: str
    left: Expression
    right: Expression
    at: int
    """Of the sign."""


Expression = Number | Name | Pair
Token = tuple[str, str, int]
"""What it is, its text, its place from 1."""


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        met = TOKEN.match(text, at)
        if met is None:
            raise NotUnderstood(at + 1, text[at])
        found.append((met.lastgroup or "", met.group(), at + 1))
        at = met.end()
    return found


class Reading:
    """One text, read from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_TEXT:
            raise NotUnderstood(MOST_TEXT + 1, text[MOST_TEXT : MOST_TEXT + 10])
        self.tokens = tokens(text)
        self.next = 0
        self.end = ("end", "", len(text) + 1)

    def seen(self) -> Token:
        return self.tokens[self.next] if self.next < len(self.tokens) else self.end

    def take(self) -> Token:
        found = self.seen()
        self.next += 1
        return found

    def whole(self) -> Expression:
        found = self.sum(0)
        kind, text, at = self.seen()
        if kind != "end":
            raise NotUnderstood(at, text)
        return found

    def sum(self, depth: int) -> Expression:
        found = self.product(depth)
        while self.seen()[1] in ("+", "-"):
            _kind, sign, at = self.take()
            found = Pair(sign, found, self.product(depth), at)
        return found

    def product(self, depth: int) -> Expression:
        found = self.term(depth)
        while self.seen()[1] in ("*", "/"):
            _kind, sign, at = self.take()
            found = Pair(sign, found, self.term(depth), at)
        return found

    def term(self, depth: int) -> Expression:
        kind, text, at = self.take()
        if kind == "number":
            return Number(text, at)
        if kind == "name":
            return Name(text, at)
        if text == "(" and depth < MOST_DEPTH:
            found = self.sum(depth + 1)
            _kind, closing, place = self.take()
            if closing != ")":
                raise NotUnderstood(place, closing or "…")
            return found
        raise NotUnderstood(at, text or "…")


def expression_of(text: str) -> Expression:
    """The expression of a text.

    Raises: NotUnderstood, with the place of the first sign that does not belong.
    """
    return Reading(text).whole()


def parts(expression: Expression) -> Iterator[Number | Name]:
    """Its numbers and names, from left to right."""
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Pair):
            waiting += (one.right, one.left)
        else:
            yield one


def names(expression: Expression) -> list[Name]:
    return [p for p in parts(expression) if isinstance(p, Name)]


def literals(expression: Expression) -> list[Number]:
    return [p for p in parts(expression) if isinstance(p, Number)]


def value_of(expression: Expression, known: Mapping[str, Fraction]) -> Fraction:
    """Its exact value.

    Raises: NotUnderstood at an unknown name or at a division by zero.
    """
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        if expression.text not in known:
            raise NotUnderstood(expression.at, expression.text)
        return known[expression.text]
    left, right = value_of(expression.left, known), value_of(expression.right, known)
    if expression.sign == "+":
        found = left + right
    elif expression.sign == "-":
        found = left - right
    elif expression.sign == "*":
        found = left * right
    elif right:
        found = left / right
    else:
        raise NotUnderstood(expression.at, "/ 0")
    if max(found.numerator.bit_length(), found.denominator.bit_length()) > MOST_DIGITS:
        raise NotUnderstood(expression.at, expression.sign)
    return found


def solved(texts: Mapping[str, str]) -> dict[str, Fraction]:
    """Every driver's value, where some are said over others.

    Raises: Badly, with the driver at fault; its cause says the place, and the path where they turn in a circle.
    """
    read: dict[str, Expression] = {}
    for name, text in texts.items():
        try:
            read[name] = expression_of(text)
        except NotUnderstood as wrong:
            raise Badly(name, wrong) from None
    known: dict[str, Fraction] = {}
    for name in read:
        solve(name, read, known)
    return known


class Badly(Exception):
    def __init__(self, name: str, cause: NotUnderstood) -> None:
        self.name, self.cause = name, cause
        super().__init__(f"{name}: {cause}")


def solve(first: str, read: Mapping[str, Expression], known: dict[str, Fraction]) -> None:
    """The value of a driver, after those it leans on; no deeper than the list is long."""
    path = [first]
    while path:
        name = path[-1]
        awaited = next((n for n in names(read[name]) if n.text in read and n.text not in known), None)
        if awaited is None:
            try:
                known[name] = value_of(read[name], known)
            except NotUnderstood as wrong:
                raise Badly(name, wrong) from None
            path.pop()
        elif awaited.text in path:
            circle = (*path[path.index(awaited.text) :], awaited.text)
            raise Badly(name, NotUnderstood(awaited.at, awaited.text, circle))
        else:
            path.append(awaited.text)
