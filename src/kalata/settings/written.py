"""The file of the settings that `kalata setup` writes: KEY="value" lines, which systemd and a shell read as well.

The environment wins over the file. A process that was given another folder (KALATA_VAR) is another house, a demonstration
or a rehearsal: the file is not its own, and is not read.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

USUAL = Path("/etc/kalata/kalata.env")
OWN = Path.home() / ".config" / "kalata" / "kalata.env"
"""Of a person who tries the house without being root (`kalata start`); read where the machine has none."""
NAME = re.compile(r"[A-Z][A-Z0-9_]*")


class BadFile(Refused):
    code = "OPS-122"
    says = _("Le fichier des réglages %(file)s n’est pas lisible, ligne %(line)s.")
    remedy = _('Chaque ligne s’écrit NOM="valeur" ; une ligne qui commence par # est une remarque. Rien n’a été fait.')
    status = 422


class NotForYou(Refused):
    code = "OPS-123"
    says = _("Les réglages de cette machine sont dans %(file)s, que ce compte ne peut pas lire.")
    remedy = _("Lancez la commande sous le compte de la maison : sudo -u kalata kalata …")
    status = 403


def where() -> Path:
    """The file of this machine: KALATA_SETTINGS, or the usual place, or this person's own."""
    given = os.environ.get("KALATA_SETTINGS")
    return Path(given) if given else OWN if not there(USUAL) and there(OWN) else USUAL


def there(file: Path) -> bool:
    """Whether it is; a folder that this account may not read counts as holding it: whoever needs it is told (OPS-123)."""
    try:
        return file.exists()
    except OSError:
        return True


def value_of(text: str) -> str:
    """What stands behind the sign =. ValueError where its quotes do not close."""
    text = text.strip()
    if text[:1] == '"':
        if len(text) < 2 or not re.fullmatch(r'"(?:[^"\\]|\\.)*"', text):
            raise ValueError
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text[:1] == "'":
        if not re.fullmatch(r"'[^']*'", text):
            raise ValueError
        return text[1:-1]
    if re.search(r"[\s\"'\\$`]", text):
        raise ValueError
    return text


def parsed(text: str, file: str = "") -> dict[str, str]:
    """The settings of a file. OPS-122 with the line that is none."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, sign, rest = line.partition("=")
        try:
            if not sign or not NAME.fullmatch(name.strip()):
                raise ValueError
            found[name.strip()] = value_of(rest)
        except ValueError:
            raise BadFile(file=file, line=number) from None
    return found


def line(name: str, value: str) -> str:
    """One line of the file. ValueError for what no line holds."""
    if not NAME.fullmatch(name) or any(c in value for c in "\r\n\0"):
        raise ValueError(name)
    escaped = re.sub(r'(["\\$`])', r"\\\1", value)
    return f'{name}="{escaped}"\n'


def load(*, must: bool = True) -> Path | None:
    """Put the settings of the file into the environment, under those that are there. None: no file, or of another house.

    OPS-123: this account may not read it (not must: such a file is left alone, for commands that need no house).
    """
    file, mine = where(), os.environ.get("KALATA_VAR")
    if os.environ.get("KALATA_DEMO") == "1":
        return None
    try:
        said = parsed(file.read_text(encoding="utf-8"), str(file))
    except FileNotFoundError:
        return None
    except OSError:
        if must and mine is None:
            raise NotForYou(file=str(file)) from None
        return None
    except UnicodeDecodeError:
        raise BadFile(file=str(file), line=1) from None
    if mine is not None and mine != said.get("KALATA_VAR"):
        return None
    for name, value in said.items():
        os.environ.setdefault(name, value)
    return file
