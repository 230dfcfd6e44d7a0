"""Rows for files that were kept before the store: called by the migrations of the rooms. The files do not move."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from kalata.evidence import decoding, store
from kalata.evidence.rules.access import Access, Step


@dataclass(frozen=True, slots=True)
class Held:
    """A file of before, in one record. place: below the folder of files, where it is not named by its SHA-256."""

    sha256: str
    subject: str
    by: int | None = None
    at: datetime | None = None
    name: str = ""
    place: str = ""
    ours: bool = False
    access: str = Access.STAFF.value


def adopt(apps: Any, held: Iterable[Held]) -> int:
    """Give each its row and its custody; one that is not on the disk is said missing. Returns how many were new."""
    contents, custody = apps.get_model("evidence", "Content"), apps.get_model("evidence", "Custody")
    made = 0
    for one in held:
        if not store.NAME.fullmatch(one.sha256):
            continue
        content = contents.objects.filter(sha256=one.sha256).first() or row_of(contents, one)
        if custody.objects.filter(content=content, subject=one.subject).exists():
            continue
        custody.objects.create(
            content=content, step=Step.JOINED.value, subject=one.subject, access=one.access, name=one.name[:200],
            by_id=one.by, at=one.at or timezone.now(),
        )  # fmt: skip
        made += 1
    return made


def row_of(contents: Any, one: Held) -> Any:
    found = store.here(one.sha256, one.place)
    head, size, fault = b"", 0, "missing"
    if found is not None:
        with found.open("rb") as file:
            head = file.read(8)
            file.seek(0)
            fault = "" if hashlib.file_digest(file, "sha256").hexdigest() == one.sha256 else "altered"
        size = found.stat().st_size
    now = timezone.now()
    standard = found is None or found.parent.name == "evidence"
    return contents.objects.create(
        sha256=one.sha256, size=size, media=decoding.head_kind(head), ours=one.ours, kept_at=one.at or now,
        checked_at=now, fault=fault, fault_at=now if fault else None,
        place="" if standard else str(Path(str(found)).relative_to(store.root())),
    )  # fmt: skip
