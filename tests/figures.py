"""The figures a page tells: whole numbers in its words and values, never digits inside a hash or a token."""

import re

_SPACES = "\u00a0\u202f "
_NUMBER = re.compile(rf"(?<![\w.,])(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d+)(?!\w)")


def spoken(page: str) -> set[int]:
    """Every whole number a reader of `page` (HTML or text) could see or find in its source.

    A test that says "777 is not on this page" by looking for the letters meets them sooner or later in a
    hexadecimal hash or a token; a number here stands by itself.
    """
    return {int(re.sub(rf"[{_SPACES}]", "", n)) for n in _NUMBER.findall(page)} | {
        int(n) for n in re.findall(r"(?<!\w)\d+(?!\w)", page)
    }
