"""A bundle sealed to the Court, opened by its key; one that is in clear, said to be so."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kalata.disputes.rules import sealed_bundles as rules
from kalata.disputes.rules.sealing_keys import PrivateKey
from kalata.disputes.signing import court
from kalata.disputes.signing.refusals import ForeignKey, NoCourtKey, WrongPassphrase
from kalata.text import gettext_noop as _


@contextmanager
def opened(file: Path) -> Iterator[tuple[Path | IO[bytes], bool]]:
    """(the signed bundle, whether it came sealed). In clear it lies in a file without name, which goes with the process.

    Raises: DIS-141 another Court's, DIS-142 the key does not open, DIS-143 altered. What is no zip is given as it is.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError):
        yield file, False
        return
    with archive:
        if rules.HEAD not in archive.namelist():
            yield file, False
            return
        with tempfile.TemporaryFile(prefix="kalata-lot-") as clear:
            try:
                pour(archive, clear)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                raise rules.SealedAltered(where="zip") from None
            clear.seek(0)
            yield clear, True


def pour(archive: zipfile.ZipFile, clear: IO[bytes]) -> None:
    names = archive.namelist()
    if archive.getinfo(rules.HEAD).file_size > 1_024:
        raise rules.SealedAltered(where=rules.HEAD)
    said = rules.read_head(archive.read(rules.HEAD))
    wanted = [rules.part_name(n) for n in range(1, said["parts"] + 1)]
    if sorted(names) != sorted([rules.HEAD, *wanted]):
        raise rules.SealedAltered(where="parts")
    for part in map(archive.getinfo, wanted):
        if part.file_size > rules.LONGEST_PART or part.compress_type != zipfile.ZIP_STORED:
            raise rules.SealedAltered(where=part.filename)
    key = key_of_bundles()
    if key.public.text() != said["to"]:
        raise rules.SealedElsewhere(key=said["to"][:24])
    for chunk in rules.opened((archive.read(name) for name in wanted), said["parts"], key):
        clear.write(chunk)


def key_of_bundles() -> PrivateKey:
    """The Court's private key of bundles. DIS-142."""
    try:
        found = court.the_court().bundles
    except WrongPassphrase:
        said = court.passphrase()
        raise rules.BundleKeyShut(why=_("ce n’est pas sa phrase secrète") if said else _("aucune phrase secrète n’est donnée")) from None  # fmt: skip
    except (NoCourtKey, ForeignKey):
        found = None
    if found is None:
        raise rules.BundleKeyShut(why=_("elle n’est pas sur cette machine"))
    return found
