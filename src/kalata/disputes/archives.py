"""An archive where it lies: a folder or a zip of it, opened by somebody who trusts nothing that is inside.

No link is followed, no name leaves the folder, nothing is unpacked on disk, no more is read of a file than was announced.
Also the one writer of a folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol

from kalata.disputes.rules import archive
from kalata.disputes.rules.archive_problems import Verdict
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

CHUNK = 1 << 20
MOST_ENTRIES = archive.MOST_FILES + 100


class NotAnArchive(Refused):
    code = "DIS-710"
    says = _("%(file)s n’est pas l’archive d’une affaire : %(why)s.")
    remedy = _("Donnez le dossier que « kalata disputes archive » a écrit, ou un zip de ce dossier.")
    status = 422


class FolderTaken(Refused):
    code = "DIS-712"
    says = _("%(folder)s n’est pas un dossier vide : une archive ne s’écrit pas par-dessus autre chose.")
    remedy = _("Donnez un nouveau dossier.")


class Source(Protocol):
    """Files by path, with their sizes as announced."""

    sizes: dict[str, int]

    def opened(self, path: str) -> IO[bytes]: ...


def inside(name: str) -> bool:
    """True for a relative name that stays below: no root, no drive, no `..`, no empty part, no backslash, no NUL."""
    parts = name.split("/")
    return bool(name) and not any(p in ("", ".", "..") for p in parts) and not set(name) & {"\\", "\0", ":"}


# --- a folder --------------------------------------------------------------------------------------------
class Folder:
    def __init__(self, root: Path, verdict: Verdict) -> None:
        self.root = root
        self.sizes: dict[str, int] = {}
        for path, kind, size in walked(root, ""):
            if kind == "file":
                self.sizes[path] = size
            elif kind == "folder":
                if path not in archive.FOLDERS:
                    verdict.fault("manifest", "more", f"{path}/")
            else:
                verdict.fault("manifest", "link", path, kind)
            if len(self.sizes) > MOST_ENTRIES:
                raise NotAnArchive(file=str(root), why=f"> {MOST_ENTRIES}")

    def opened(self, path: str) -> IO[bytes]:
        descriptor = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, "not a file")
        return os.fdopen(descriptor, "rb")


def walked(root: Path, below: str) -> Iterator[tuple[str, str, int]]:
    """(path, "file", "folder" or another kind, size), without following anything; three levels at the most."""
    with os.scandir(root / below if below else root) as found:
        for one in sorted(found, key=lambda e: e.name):
            path = f"{below}/{one.name}" if below else one.name
            what = one.stat(follow_symlinks=False)
            if stat.S_ISREG(what.st_mode):
                yield path, "file", what.st_size
            elif stat.S_ISDIR(what.st_mode):
                yield path, "folder", 0
                if path.count("/") < 3:
                    yield from walked(root, path)
            else:
                yield path, "link" if stat.S_ISLNK(what.st_mode) else "special", 0


# --- a zip -----------------------------------------------------------------------------------------------
class Zip:
    def __init__(self, file: Path, verdict: Verdict) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as why:
            raise NotAnArchive(file=str(file), why=str(why)) from None
        infos = self.zip.infolist()
        if len(infos) > MOST_ENTRIES:
            raise NotAnArchive(file=str(file), why=f"{len(infos)} > {MOST_ENTRIES}")
        self.infos: dict[str, zipfile.ZipInfo] = {}
        top = top_of([one.orig_filename for one in infos])
        for one in infos:
            self.take(one, top, verdict)
        self.sizes = {path: one.file_size for path, one in self.infos.items()}

    def take(self, one: zipfile.ZipInfo, top: str, verdict: Verdict) -> None:
        """An entry among the files, or a problem: the name that is judged is the one written, not one that was mended."""
        name = one.orig_filename.removeprefix("./")
        kind = one.external_attr >> 16
        if stat.S_IFMT(kind) not in (0, stat.S_IFREG, stat.S_IFDIR):
            return verdict.fault("manifest", "link", name, oct(kind))
        if not inside(name.removesuffix("/")):
            if name not in ("", top):
                verdict.fault("manifest", "escape", name)
            return None
        path = name.removeprefix(top)
        if name.endswith("/"):
            if path.removesuffix("/") not in ("", *archive.FOLDERS) or one.file_size:
                verdict.fault("manifest", "more", name)
            return None
        if stat.S_ISDIR(kind) or one.flag_bits & 0x1 or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # fmt: skip
            return verdict.fault("manifest", "packed", path, f"{one.compress_type}/{one.flag_bits:#x}")
        if path in self.infos:
            return verdict.fault("manifest", "twin", path, path, path)
        self.infos[path] = one
        return None

    def opened(self, path: str) -> IO[bytes]:
        return self.zip.open(self.infos[path])


def top_of(names: list[str]) -> str:
    """The one folder that everything lies in, as `zip -r x.zip folder` writes it; empty where the files are at the top."""
    firsts = {name.split("/", 1)[0] for name in names}
    if len(firsts) != 1 or any("/" not in name for name in names):
        return ""
    (first,) = firsts
    return f"{first}/" if first not in archive.FOLDERS and first not in (".", "..") else ""


# --- either ----------------------------------------------------------------------------------------------
def source(where: Path, verdict: Verdict) -> Source:
    """The archive, opened. NotAnArchive: neither folder nor zip, or without both manifest and seal."""
    if where.is_dir():
        found: Source = Folder(where, verdict)
    elif where.is_file():
        found = Zip(where, verdict)
    else:
        raise NotAnArchive(file=str(where), why="absent")
    folded = {unicodedata.normalize("NFKC", name).casefold() for name in found.sizes}
    if not folded & {archive.MANIFEST, archive.NOTE}:
        raise NotAnArchive(file=str(where), why=f"{archive.MANIFEST}, {archive.NOTE} ?")
    return found


def read(found: Source, path: str, verdict: Verdict, most: int = archive.LARGEST) -> bytes | None:
    """The bytes of a file; None, with a problem, where it is too large or cannot be read; None where it is not there."""
    if path not in found.sizes:
        return None
    if found.sizes[path] > most:
        verdict.fault("manifest", "large", path, found.sizes[path], most)
        return None
    try:
        with found.opened(path) as file:
            data = file.read(found.sizes[path] + 1)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError) as why:
        verdict.fault("manifest", "packed", path, why)
        return None
    if len(data) != found.sizes[path]:
        verdict.fault("manifest", "packed", path, f"> {found.sizes[path]}", found.sizes[path])
        return None
    return data


def hashed(found: Source, wanted: Mapping[str, archive.Entry], verdict: Verdict) -> dict[str, str]:
    """SHA-256 (hex) of every file that has the length of the manifest: no more is read than the seal vouches for."""
    out: dict[str, str] = {}
    whole = 0
    for path, one in wanted.items():
        size = found.sizes.get(path)
        if size is None or size != one.size:
            continue
        whole += size
        if whole > archive.LARGEST_WHOLE:
            verdict.fault("manifest", "large", path, whole, archive.LARGEST_WHOLE)
            break
        try:
            with found.opened(path) as file:
                out[path] = digest(file, size)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError) as why:  # fmt: skip
            verdict.fault("manifest", "packed", path, why)
    return out


def digest(file: IO[bytes], size: int) -> str:
    own, left = hashlib.sha256(), size
    while left >= 0 and (data := file.read(min(CHUNK, left + 1))):
        own.update(data)
        left -= len(data)
    return own.hexdigest()


# --- writing ---------------------------------------------------------------------------------------------
def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write these files below a folder; each is a new one."""
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as out:
            out.write(data)


def fresh(folder: Path) -> None:
    """The folder, made; FolderTaken where something is in it."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise FolderTaken(folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)


def closed(folder: Path, number: str) -> tuple[bytes, str]:
    """The manifest of what lies in the folder, and the text that the Court's key is to sign."""
    entries = []
    for path, kind, size in walked(folder, ""):
        if kind == "file":
            with (folder / path).open("rb") as file:
                entries.append(archive.Entry(path, size, digest(file, size)))
    made = archive.manifest(number, entries)
    return made, archive.note_text(number, made)
