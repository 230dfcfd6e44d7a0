"""The registers that a log binds by their digests: beside its files, and in the store that every machine shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kalata.evidence import store
from kalata.transparency import folder as files
from kalata.transparency.rules.register import Register


def kept(here: Path, stations: bytes, areas: bytes) -> tuple[str, str]:
    """Keep the two files of a register; returns their SHA-256. The sequencer's machine may be another than this one."""
    for content in (stations, areas):
        store.put(content)
    return files.keep_register(here, stations, areas)


def read_in(here: Path) -> Callable[[str, str], Register]:
    """What reads the registers of the log in this folder, brought from the store where they are not beside it."""

    def read(stations: str, areas: str) -> Register:
        for sha256 in (stations, areas):
            beside, shared = here / "register" / f"{sha256}.csv", store.sound(sha256)
            if shared is not None and not beside.exists():
                files.write(beside, shared.read_bytes())
            elif shared is None and beside.exists():  # a log of before there were several machines
                store.put(beside.read_bytes())
        return files.LogFolder(here).register(stations, areas)

    return read
