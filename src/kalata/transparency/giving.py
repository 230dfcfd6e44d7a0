"""The passphrase of the log's key given to the house: a file of two lines, away from the key, named in its settings."""

from __future__ import annotations

import os
from pathlib import Path

from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.settings import written
from kalata.text import gettext_noop as _
from kalata.transparency import keys, kinds, publiclog

SETTING = "KALATA_LOG_PASSPHRASE_FILE"


class BesideTheKey(Refused):
    code = "LOG-106"
    says = _("La phrase n’est pas gardée avec les fichiers de la clé : qui copierait ce dossier tiendrait les deux.")
    remedy = _(
        "Donnez un fichier d’un autre dossier par --file, lisible du seul compte de la maison. Rien n’a été écrit."
    )
    status = 422


class NotWritten(Refused):
    code = "LOG-107"
    says = _("Le fichier de la phrase ne peut pas être écrit : %(file)s (%(why)s).")
    remedy = _("Donnez par --file un fichier que le compte de la maison peut écrire. La clé n’a pas changé.")


def usual() -> Path:
    """Beside the settings of this machine, where backups do not go."""
    return written.where().with_name("log.phrase")


def give(*, phrase: str, file: Path, by: Person, other: Person) -> bool:
    """Prove that the phrase opens the key, keep it in `file` (600), and name that file in the settings.

    False where there is no file of settings: the setting is then for who starts the house. LOG-102, LOG-103: no key, or
    not its phrase; LOG-106: beside the key; LOG-107: not writable.
    """
    keys.open_key(publiclog.key_path(), phrase)
    if file.resolve().parent == publiclog.key_path().resolve().parent:
        raise BesideTheKey
    kept(file, f"{phrase}\n")
    settings = written.where()
    named = settings.exists()
    if named:
        lines = settings.read_text(encoding="utf-8").splitlines()
        others = [one for one in lines if one.partition("=")[0].strip() != SETTING]
        kept(settings, "".join(f"{one}\n" for one in others) + written.line(SETTING, str(file.resolve())))
    record(by=by, kind=kinds.LOG_KEY_GIVEN, subject="log:key", after={"with": other.get_username()})
    return named


def kept(file: Path, text: str) -> None:
    """The whole file or none, for its owner alone."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.touch(mode=0o600)
        part.write_text(text, encoding="utf-8")
        os.replace(part, file)
    except OSError as why:
        part.unlink(missing_ok=True)
        raise NotWritten(file=str(file), why=why.strerror or type(why).__name__) from None
