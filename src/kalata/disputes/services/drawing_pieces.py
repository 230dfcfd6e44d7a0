"""A page of a piece as a picture: the piece is opened by its one door, its page drawn in a bounded child, nothing kept."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

from kalata import bounded
from kalata.disputes.models import Petition
from kalata.disputes.services import reading
from kalata.evidence import decoding
from kalata.refusals import Refused
from kalata.results import drawing
from kalata.text import gettext_noop as _


class NoPicture(Refused):
    code = "DIS-814"
    says = _("La pièce P%(n)d n’a pas d’image de sa page %(page)d.")
    remedy = _("Téléchargez la pièce elle-même depuis la page de l’affaire.")
    status = 404


def page(*, petition: Petition, number: int, page: int, by: Any) -> bytes:
    """A JPEG that this house draws. Raises what `reading.read` does; DIS-814 no such page, or a piece without pages."""
    found, _exhibit = reading.read(petition=petition, number=number, by=by)
    if found.media not in decoding.PICTURES or not 1 <= page <= 10_000:
        raise NoPicture(n=number, page=page)
    with tempfile.TemporaryDirectory(prefix="kalata-piece-") as folder:
        target = Path(folder) / "page.jpg"
        call = functools.partial(bounded.call, file=f"P{number}", limits=drawing.DRAWING, path=str(found.path))
        if not call("kalata.results.drawing:single", number=page, target=str(target)):
            raise NoPicture(n=number, page=page)
        return target.read_bytes()
