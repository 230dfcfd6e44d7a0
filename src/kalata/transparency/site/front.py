"""The front page of a folder that holds several contests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kalata.transparency.site.render import MORE, STYLE, render
from kalata.transparency.site.writing import put


def write(folder: Path, contests: list[tuple[str, dict[str, Any]]]) -> None:
    """index.html beside the contests' folders; contests published before and not now stay listed."""
    known = {name for name, _said in contests}
    there = {p.parent.parent.name for p in folder.glob("*/log/checkpoint")}
    others = sorted(n for n in there - known if not n.startswith("."))
    rows = [*contests, *((name, {"fr": name, "en": name, "election": "", "exercise": False}) for name in others)]
    put(folder, "s/kalata.css", STYLE.read_bytes() + MORE.read_bytes(), {})
    put(folder, "index.html", render("front.html", "fr", rows=rows), {})
