"""Forty and some values that nobody should send. Each is text; `raw` is how it goes into an address or a form."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

VALUES: tuple[str, ...] = (
    "²", "٣", "１２", "𝟙", "1e5", "0x10", "1.0", "1,5", "-1", "+1", "0", " 1 ", "1_000", "NaN", "Infinity", "true", "None",
    "9" * 30, str(2**31), str(2**63 - 1), str(2**63), str(2**64), "-9223372036854775809",
    "\x00", "1\x00", "a\x00b", "\ud800", "\ufffe", "a\u202eb", "\u200b1", "e\u0301", "سيغو", "😀" * 20,
    "../../etc/passwd", "..%2f..%2f", "%00", "%s%n%d", "{{7*7}}", "<script>alert(1)</script>",
    "' OR 1=1 --", "\"'`;drop table results_paper;", "a" * 5_000, "a" * 120_000, "\r\nSet-Cookie: a=b", "a\nb",
    "0000-00-00", "9999-12-32", "2027-02-30", "24:61", '{"a": [1]}', "[1, 2]", "1:2:3", ",".join("1" * 600), "",
)  # fmt: skip


@lru_cache(2_000)
def raw(text: str) -> str:
    """Percent-encoded, a lone surrogate as the bytes a broken program sends."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


BROKEN_QUERIES = (
    "%ED%A0%80=%ED%A0%80",
    "%FF=%FE",
    "a=%",
    "&&&===",
    "page[]=1&page[a]=2",
    "page=1&page=2",
    "=",
    "a" * 3_000,
)
"""Whole query strings that are not well formed, or say a thing twice."""
