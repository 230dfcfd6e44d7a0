"""A kept file as an answer to a browser."""

from __future__ import annotations

from django.http import FileResponse

from kalata.evidence import decoding
from kalata.evidence.reading import Opened

SHOWN = (decoding.JPEG, decoding.PNG)


def sent(found: Opened, name: str) -> FileResponse:
    """The answer: a picture that the house wrote is shown; anything else is only a file to keep."""
    shown = found.ours and found.media in SHOWN
    ending = f".{found.media.removeprefix('image/').replace('jpeg', 'jpg')}" if shown else ""
    response = FileResponse(
        found.path.open("rb"),
        content_type=found.media if shown else decoding.OTHER,
        as_attachment=not shown,
        filename=f"{name}{ending}",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600, immutable"
    return response
