"""The page of attacks names only tests that exist, so that none is lost without a word."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "en" / "attacks.md"


def test_each_attack_has_a_test_that_exists():
    rows = re.findall(r"^\| (.+?) \| `(tests/[\w/]+\.py)`: (.+) \|$", PAGE.read_text(), re.M)
    assert len(rows) > 35
    missing = [
        (file, name)
        for _what, file, names in rows
        for name in re.findall(r"`(\w+)`", names)
        if f"def test_{name}(" not in (ROOT / file).read_text()
    ]
    assert missing == []
    assert len([x for x in PAGE.read_text().splitlines() if x.startswith("| ") and "---" not in x]) == len(rows) + 6
