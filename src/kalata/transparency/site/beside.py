"""What other rooms bring to the public site beside the log: whole pages and files, under a folder of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from kalata.transparency.site import draws
from kalata.transparency.site.pages import Pages
from kalata.transparency.site.writing import Digests, put


class Beside(Protocol):
    """Pages of a room. name: of its folder; entry: its first page, and label its word in the menu; digest: of all it says."""

    name: str
    entry: str
    label: str
    digest: str

    def files(self, pages: Pages) -> Iterable[tuple[str, bytes]]:
        """Path from the root of the site, content. English ones lie under `en/`."""
        ...


def mine(one: Beside, path: str) -> bool:
    return path.startswith((f"{one.name}/", f"en/{one.name}/"))


def said(pages: Pages) -> dict[str, str]:
    """Folder -> digest, for the memory of the next publication."""
    return {one.name: one.digest for one in pages.extras.rooms}


def write(pages: Pages, out: Path, digests: Digests, made: Digests, before: dict[str, Any], *, full: bool, draw: bool = False) -> None:  # fmt: skip
    """Lots (draw), and the pages of each room whose words have changed since the last time; what a room no longer says goes."""
    if draw:
        draws.write(pages, out, made)
    old = before.get("rooms", {})
    for one in pages.extras.rooms:
        if not full and old.get(one.name) == one.digest and any(mine(one, n) for n in digests):
            continue
        fresh: Digests = {}
        for name, data in one.files(pages):
            put(out, name, data, fresh)
        for name in [n for n in digests if mine(one, n) and n not in fresh]:
            (out / name).unlink(missing_ok=True)
            del digests[name]
        made |= fresh
