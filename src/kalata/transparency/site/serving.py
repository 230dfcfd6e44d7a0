"""Where the files of the published site lie."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def site_file(path: str) -> Path | None:
    """A file of the published site; None for what is not there or lies outside."""
    if not settings.SITE_FOLDER:
        return None
    root = Path(settings.SITE_FOLDER).resolve()
    if any(part.startswith(".") for part in Path(path).parts):
        return None
    found = (root / path).resolve()
    if found.is_dir():
        found = found / "index.html"
    return found if found.is_file() and root in found.parents else None
