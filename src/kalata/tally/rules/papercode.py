"""What the QR of a printed form says, and how a misread or foreign one is caught.

`KLT1|election|contest|round|part|station|model|serial|check`, ASCII, at most 100 characters. The
check is two characters of a mod-97 over the rest: it catches typing and mixed-up forms, it is not
security. Source: field guide on results, section 11.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MARK = "KLT1"
LONGEST = 100
SAFE = re.compile(r"[A-Za-z0-9._:-]+")


class BadCode(Refused):
    code = "RES-420"
    says = _("Ce code n’est pas celui d’un formulaire de Kalata, ou il a été mal lu : %(why)s.")
    remedy = _("Scannez de nouveau, ou tapez le code imprimé sous le carré.")
    status = 422


class OtherForm(Refused):
    """A form of another contest, round, part or station."""

    code = "RES-421"
    says = _("Ce formulaire est celui d’un autre %(what)s : %(got)s au lieu de %(want)s.")
    remedy = _("Mettez-le de côté et remettez-le à la réception du bon scrutin.")


@dataclass(frozen=True, slots=True)
class PaperCode:
    """Whose form it is: contest, round, part (advance, general, abroad), station, model, copy serial."""

    election: str
    contest: str
    round: int
    part: str
    station: str
    model: str
    serial: int

    def body(self) -> str:
        return "|".join(
            (MARK, self.election, self.contest, str(self.round), self.part, self.station, self.model, str(self.serial))
        )

    def text(self) -> str:
        """The payload with its check. ValueError where a part holds another character or it is too long."""
        for part in (self.election, self.contest, self.part, self.station, self.model):
            if not SAFE.fullmatch(part):
                raise ValueError(part)
        text = f"{self.body()}|{check_of(self.body())}"
        if len(text) > LONGEST:
            raise ValueError(text)
        return text


def check_of(body: str) -> str:
    """Two digits, 01 to 97: 98 minus the text read as a number in base 256, times 100, mod 97."""
    remainder = 0
    for byte in body.encode("ascii"):
        remainder = (remainder * 256 + byte) % 97
    return f"{98 - remainder * 100 % 97:02}"


def parse(text: str) -> PaperCode:
    """The code behind a payload, or RES-420: wrong mark, wrong shape, wrong check."""
    text = text.strip()
    if not text.isascii() or len(text) > LONGEST:
        raise BadCode(why=f"{len(text)}")
    parts = text.split("|")
    if len(parts) != 9 or parts[0] != MARK:
        raise BadCode(why=MARK)
    body, check = text.rsplit("|", 1)
    if check_of(body) != check:
        raise BadCode(why=f"{check} ≠ {check_of(body)}")
    _mark, election, contest, round_, part, station, model, serial, _check = parts
    if not (
        round_.isdigit() and serial.isdigit() and all(map(SAFE.fullmatch, (election, contest, part, station, model)))
    ):
        raise BadCode(why=body)
    return PaperCode(election, contest, int(round_), part, station, model, int(serial))


LABELS = (
    ("election", _("élection")),
    ("contest", _("scrutin")),
    ("round", _("tour")),
    ("part", _("partie")),
    ("station", _("bureau")),
    ("model", _("modèle")),
)


def belongs(got: PaperCode, want: PaperCode) -> None:
    """Refuse (RES-421) a form that is not the one expected here; its copy number may differ."""
    for name, label in LABELS:
        if getattr(got, name) != getattr(want, name):
            raise OtherForm(what=label, got=str(getattr(got, name)), want=str(getattr(want, name)))
