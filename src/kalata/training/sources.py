"""A source of manuals on disk, read within bounds, and the law of its pack. Pure: no database, no settings, no network."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalata import plain
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.source.faults import BadSource, NoSource, TooMuch
from kalata.training.rules.source.law import Law, law_of
from kalata.training.rules.source.pictograms import picture_of
from kalata.training.rules.source.reading import digest_of, source_of
from kalata.training.rules.source.values import Source

MOST_FILES, MOST_BYTES = 1_000, 32 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A source and the law it is read against."""

    source: Source
    law: Law


def opened(folder: str | Path) -> Opened:
    """The source in a folder and the law of the pack it names.

    Raises: TRN-201 to TRN-204; EDG-104 a YAML that cannot be read; PACK-001 an unknown pack.
    """
    files = files_of(Path(folder))
    source = source_of_files(files)
    return Opened(source, law_named(source.pack))


def law_named(pack: str) -> Law:
    """The law of a shipped pack, or of a folder."""
    from kalata.country import packs

    folder = packs.find_pack(pack)
    return law_of(packs.section_of(folder, "texts"), str(packs.head_of(folder).get("code", pack)))


def source_of_files(files: dict[str, bytes]) -> Source:
    """The source of its files by name: source.yaml, procedures/*.yaml, pictograms/*.svg."""
    read: dict[str, Any] = {}
    for name, data in files.items():
        if name.endswith(".yaml"):
            try:
                read[name] = plain.yaml_of(data.decode("utf-8-sig"), file=name)
            except UnicodeDecodeError:
                raise BadSource(file=name, field="–", why=_("il n’est pas en UTF-8")) from None
    pictures = {Path(n).stem: picture_of(d, n) for n, d in files.items() if n.endswith(".svg")}
    head = read.pop("source.yaml")
    found = source_of(head, read, pictures)
    return Source(**{name: getattr(found, name) for name in Source.__slots__} | {"digest": digest_of(files)})


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a source by their name in it. A link is not followed, a file of another kind is not opened."""
    if not folder.is_dir():
        raise NoSource(file=str(folder), why=_("ce n’est pas un dossier"))
    if not (folder / "source.yaml").is_file():
        raise NoSource(file=str(folder), why=_("source.yaml n’y est pas"))
    found: dict[str, bytes] = {}
    size = 0
    for path in [folder / "source.yaml", *inside(folder / "procedures", ".yaml"), *inside(folder / "pictograms", ".svg")]:  # fmt: skip
        name = path.relative_to(folder).as_posix()
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                raise NoSource(file=name, why=_("ce n’est pas un fichier ordinaire"))
            with path.open("rb") as file:
                found[name] = file.read(plain.MOST_YAML + 1)
        except OSError as problem:
            raise NoSource(file=name, why=problem.strerror or str(problem)) from None
        size += len(found[name])
        if len(found) > MOST_FILES or size > MOST_BYTES:
            raise TooMuch(file=str(folder), what=_("trop de fichiers"), most=f"{MOST_FILES}, {MOST_BYTES >> 20} Mio")
    if len(found) == 1 or not any(n.startswith("procedures/") for n in found):
        raise NoSource(file=str(folder), why=_("procedures/ n’a aucun fichier .yaml"))
    return found


def inside(folder: Path, suffix: str) -> Iterator[Path]:
    """Files of that kind in a folder, in order of name; a file that the format does not know is refused."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.suffix == ".yml":
            raise NoSource(file=path.name, why=Message(_("nommez-le %(name)s"), {"name": f"{path.stem}.yaml"}))
        if path.suffix == suffix:
            yield path
