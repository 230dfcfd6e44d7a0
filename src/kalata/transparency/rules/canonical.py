"""Canonical JSON: the one way to write an entry as bytes (RFC 8785).

`canonical` is what entries use: a restricted schema (ASCII keys, whole numbers below 2^53, NFC text,
no null, no float) in which the standard library's compact writer gives exactly RFC 8785. `jcs` is the
whole RFC, floats included; tests hold one against the other and both against the RFC's vectors.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

SAFE = 2**53
"""Whole numbers up to here are the same in every reader, JavaScript's included."""


class NotCanonical(ValueError):
    """The value cannot be written in the restricted schema, or the bytes are not its canonical form."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """The bytes of an entry. Raises NotCanonical with the place of what is not allowed."""
    check(value, "$")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


DEEPEST = 32
"""Objects and arrays inside each other: beyond, some readers stop and others do not."""


def check(value: Any, where: str, depth: int = 0) -> None:
    """Refuse what the restricted schema does not have. where: a path, for the message."""
    if depth > DEEPEST:
        raise NotCanonical(f"{where}: more than {DEEPEST} deep")
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) >= SAFE:
            raise NotCanonical(f"{where}: {value} is not below 2^53")
    elif isinstance(value, str):
        if not value.isascii() and (
            unicodedata.normalize("NFC", value) != value or any(0xD800 <= ord(c) <= 0xDFFF for c in value)
        ):
            raise NotCanonical(f"{where}: the text is not NFC, or has a lone surrogate")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical(f"{where}: key {key!r} is not ASCII")
            check(inner, f"{where}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            check(inner, f"{where}[{place}]", depth + 1)
    else:
        raise NotCanonical(f"{where}: {type(value).__name__} is not allowed")


def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("the same key twice")
    return found


def no_float(text: str) -> Any:
    raise NotCanonical(f"{text} is not a whole number")


FLAT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
LONG = re.compile(rb"[0-9]{16}")


def read(data: bytes) -> dict[str, Any]:
    """The object written by canonical bytes. Raises NotCanonical for any other bytes, were they valid JSON.

    `read_plainly` says the same and looks at each value. ASCII bytes without "null" or sixteen digits, that the compact
    writer gives back the same, hold whole numbers below 2^53 and no key twice; few brackets cannot go too deep.
    """
    flat = data.isascii() and b"null" not in data and data.count(b"[") + data.count(b"{") <= DEEPEST
    if flat and LONG.search(data) is None:
        try:
            found = json.loads(data.decode(), parse_float=no_float, parse_constant=no_float)
        except ValueError as why:
            raise NotCanonical(str(why)) from None
        if isinstance(found, dict) and FLAT.encode(found).encode(errors="replace") == data:
            return found
        raise NotCanonical("not the canonical form of an object")
    return read_plainly(data)


def read_plainly(data: bytes) -> dict[str, Any]:
    """As `read`, value by value."""
    try:
        found = json.loads(data.decode(), object_pairs_hook=once, parse_float=no_float, parse_constant=no_float)
    except (ValueError, RecursionError) as why:
        raise NotCanonical(str(why)) from None
    if not isinstance(found, dict) or canonical(found) != data:
        raise NotCanonical("not the canonical form of an object")
    return found


# --- the whole of RFC 8785 ----------------------------------------------------------------------
SHORT = {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}


def jcs(value: Any) -> bytes:
    """Any JSON value in the form of RFC 8785, section 3.2."""
    return written(value).encode()


def written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda k: k.encode("utf-16-be"))
        return "{" + ",".join(f"{quoted(k)}:{written(value[k])}" for k in keys) + "}"
    return "[" + ",".join(written(v) for v in value) + "]"


def quoted(text: str) -> str:
    return '"' + "".join(SHORT.get(ord(c)) or (c if ord(c) >= 0x20 else f"\\u{ord(c):04x}") for c in text) + '"'


def number(value: float) -> str:
    """A number as ECMAScript writes it (RFC 8785, 3.2.2.3): the shortest digits that read back the same."""
    if isinstance(value, int) and abs(value) < SAFE:
        return str(value)
    value = float(value)
    if not math.isfinite(value):
        raise NotCanonical(f"{value} is not a JSON number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _e, exponent = f"{abs(value)!r}".partition("e")
    whole, _dot, part = mantissa.partition(".")
    part = "" if part == "0" else part
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + part) - len((whole + part).lstrip("0")))
    digits = digits.rstrip("0") or "0"
    if 0 < point <= 21:
        text = digits.ljust(point, "0") if len(digits) <= point else f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        power = point - 1
        text = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "") + f"e{'+' if power > 0 else '-'}{abs(power)}"
    return sign + text
