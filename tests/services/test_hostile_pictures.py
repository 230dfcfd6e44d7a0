"""Papers made to hurt: what cannot be drawn is refused with its code, within memory and time, and nothing is kept of it."""

import io
import itertools
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from kalata import bounded
from kalata.refusals import Refused
from kalata.results import drawing
from kalata.tally.models import Scan, ScanBatch
from kalata.tally.services import scanning
from tests.hostile import pictures
from tests.services.test_tally import desk, register  # noqa: F401

FINE = (
    "a_picture_that_unfolds",
    "a_million_pages",
)  # drawn page by page within the limits, or refused for their number
MOST_MEMORY = 256 * 2**20
pytestmark = pytest.mark.child


@pytest.mark.parametrize("make", pictures.CORPUS, ids=lambda m: m.__name__)
def test_a_paper_made_to_hurt_is_refused_within_its_memory_and_time(make):
    content, most = make(), 0
    for read in (scanning.count_pages, lambda c: list(itertools.islice(scanning.pages_in(c), 1))):
        try:
            read(content)
            refused = None
        except Refused as problem:
            refused = problem
        most = max(most, bounded.peak.bytes)
    assert most <= MOST_MEMORY
    assert refused is not None or make.__name__ in FINE
    if refused is not None:
        assert refused.code in ("RES-422", "RES-424", "EDG-102", "EDG-103")


@pytest.mark.django_db
@pytest.mark.parametrize("make", [m for m in pictures.CORPUS if m.__name__ not in FINE], ids=lambda m: m.__name__)
def test_nothing_is_attached_of_a_paper_made_to_hurt(register, desk, make):  # noqa: F811
    with pytest.raises(Refused):  # one whose count lies too: its first page is opened before the file is kept
        scanning.give(contest=register, name="lot.pdf", content=make(), by=desk["scan"])
    assert not Scan.objects.exists() and not ScanBatch.objects.filter(state="done").exists()


@pytest.mark.django_db
def test_a_million_pages_are_refused_for_their_number(register, desk):  # noqa: F811
    with pytest.raises(scanning.TooMany):
        scanning.give(contest=register, name="lot.pdf", content=pictures.a_million_pages(), by=desk["scan"])


@pytest.mark.django_db
@pytest.mark.parametrize("make", pictures.CORPUS, ids=lambda m: m.__name__)
def test_the_camera_of_the_reception_answers_every_picture(client, sign_in, register, desk, make):  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    picture = SimpleUploadedFile("p.jpg", make(), "image/jpeg")
    answer = sign_in(desk["reception"]).post(
        f"/resultats/centralisation/{register.code}/reception/code", {"picture": picture}
    )
    assert answer.status_code in (200, 422), answer.status_code
    assert answer.json()["code"] == ""


def test_a_photograph_written_anew_keeps_its_pixels_and_nothing_else(tmp_path):
    source = Image.new("RGB", (40, 30), (200, 10, 10))
    kept = io.BytesIO()
    source.save(kept, "JPEG", comment=b"<script>", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00")
    (tmp_path / "in").write_bytes(kept.getvalue() + b"<script>alert(1)</script>")
    size = bounded.call("kalata.results.drawing:rewritten", file="in", limits=drawing.DRAWING, path=str(tmp_path / "in"), target=str(tmp_path / "out"))  # fmt: skip
    made = (tmp_path / "out").read_bytes()
    assert size == {"width": 40, "height": 30} and b"script" not in made and b"Exif" not in made
    with Image.open(tmp_path / "out") as again:
        assert again.format == "JPEG" and again.getpixel((20, 15))[0] > 180


def test_no_reader_leaves_a_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # of this test alone: other workers read papers beside it
    kept = set(Path(settings.MEDIA_ROOT).rglob("*"))
    with pytest.raises(Refused):
        list(scanning.pages_in(pictures.an_endless_drawing()))
    assert not list(tmp_path.iterdir()) and set(Path(settings.MEDIA_ROOT).rglob("*")) == kept
