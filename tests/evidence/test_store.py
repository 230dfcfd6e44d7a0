"""A kept file is whole or is not there, is one file however often it is given, and is what its content says."""

import io
import os
import stat
import threading
import zipfile

import pytest
from PIL import Image

from kalata.evidence import decoding, store
from kalata.refusals import Refused


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def kept(folder):
    return sorted(p.name for p in (folder / "evidence").iterdir() if not p.name.startswith("."))


def test_a_content_is_kept_under_its_fingerprint_for_its_owner_alone(files):
    made = store.put(b"acte")
    found = store.path(made.sha256)
    assert found.read_bytes() == b"acte" and (made.size, found.parent) == (4, files / "evidence")
    assert stat.S_IMODE(found.stat().st_mode) == 0o600 and stat.S_IMODE(found.parent.stat().st_mode) == 0o700


def test_the_same_content_twice_is_one_file_and_the_first_is_not_written_again(files):
    first = store.put(b"acte")
    there = store.path(first.sha256).stat().st_ino
    assert store.put(iter([b"ac", b"te"])) == first and kept(files) == [first.sha256]
    assert store.path(first.sha256).stat().st_ino == there


def test_a_damaged_file_given_again_is_whole_again():
    made = store.put(b"acte")
    store.path(made.sha256).write_bytes(b"bcte")
    assert not store.intact(made.sha256)
    store.put(b"acte")
    assert store.intact(made.sha256)


def killed_at(number, content):
    """Run `put` in a child that dies without a word before its `number`-th call to the system that writes."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = [number]

    def dies(real):
        def call(*args, **kwargs):
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return real(*args, **kwargs)

        return call

    for name in ("open", "fsync", "replace", "unlink"):
        setattr(os, name, dies(getattr(os, name)))
    try:
        store.put(iter([content[:5], content[5:]]))
    finally:
        os._exit(0)


def test_killed_before_any_step_of_the_writing_it_leaves_the_whole_file_or_none(files):
    content, seen, number = b"0123456789" * 1000, set(), 0
    store.folder()
    while killed_at(number, content) == 9:
        names = kept(files)
        seen.add(len(names))
        for name in names:
            assert store.intact(name)
            store.path(name).unlink()
        number += 1
    assert number >= 6 and seen == {0, 1}
    made = store.put(content)
    assert store.intact(made.sha256)


def test_what_a_killed_writing_left_is_swept_after_a_day_and_not_before(files):
    part = store.folder() / f".x{store.PART}"
    part.write_bytes(b"half")
    now = part.stat().st_mtime
    assert store.sweep(now + 86_400) == 0 and part.exists()
    assert store.sweep(now + 86_401) == 1 and not part.exists()


def test_two_identical_uploads_at_once_are_one_whole_file(files):
    content, ready, found = os.urandom(300_000), threading.Barrier(4), []

    def give():
        ready.wait()
        found.append(store.put(content[i : i + 1000] for i in range(0, len(content), 1000)))

    threads = [threading.Thread(target=give) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len({f.sha256 for f in found}) == 1 and len(found) == 4
    assert kept(files) == [found[0].sha256] and store.intact(found[0].sha256)
    assert not list((files / "evidence").glob("*.part"))


def test_a_file_up_to_its_bound_is_taken_and_one_byte_more_leaves_nothing(files):
    assert store.put(b"x" * 10, most=10).size == 10
    with pytest.raises(store.TooHeavy):
        store.put(iter([b"y" * 10, b"y"]), most=10)
    assert len(kept(files)) == 1 and len(list((files / "evidence").iterdir())) == 2  # it, and the lock


def test_a_full_disk_leaves_nothing_half(files, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"acte")
    assert kept(files) == [] and not list((files / "evidence").glob(".*.part"))


@pytest.mark.parametrize("name", ["", "x", "../" + "a" * 61, "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_a_name_that_is_no_fingerprint_leads_nowhere(name):
    assert store.path(name) is None


@pytest.mark.parametrize("former", store.FORMER)
def test_what_an_older_version_kept_is_found_where_it_is_and_not_kept_twice(files, former):
    made = store.put(b"acte")
    here = files / former.replace("*", made.sha256)
    here.parent.mkdir(parents=True, exist_ok=True)
    store.path(made.sha256).rename(here)
    assert store.path(made.sha256) == here
    store.put(b"acte")
    assert kept(files) == []


# --- what a file really is -------------------------------------------------------------------------
def picture(form):
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, form)
    return out.getvalue()


def packed(*names, mimetype=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, mimetype if name == "mimetype" else "x")
    return out.getvalue()


def looked(tmp_path, content):
    (tmp_path / "given").write_bytes(content)
    return decoding.looked(str(tmp_path / "given"), name="acte.pdf")["media"]


def test_the_kind_of_a_file_is_what_its_content_says_whatever_its_name(tmp_path):
    from tests.hostile.pictures import one_page

    for content, media in (
        (picture("JPEG"), decoding.JPEG),
        (picture("PNG"), decoding.PNG),
        (one_page(), decoding.PDF),
        (packed("[Content_Types].xml", "xl/workbook.xml"), decoding.XLSX),
        (packed("[Content_Types].xml", "word/document.xml"), decoding.DOCX),
        (packed("mimetype", "content.xml", mimetype=decoding.ODT), decoding.ODT),
        ("Décret n° 12\n".encode(), decoding.TEXT),
        ("Décret n° 12\n".encode("cp1252"), decoding.TEXT),
        ("Décret n° 12\n".encode("utf-16"), decoding.TEXT),
        (b"PAR1xxxxPAR1", decoding.PARQUET),
    ):
        assert looked(tmp_path, content) == media, media


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x7fELF\x02\x01\x01\x00" + bytes(60), b"MZ\x90\x00" + bytes(60), b"\xff\xd8\xff<script>", b"%PDF-not really",
        b"\x89PNG\r\n\x1a\n", packed("a.txt"), packed("[Content_Types].xml"), packed("a")[:-8], b"PK\x03\x04", b"PAR1 only",
        b"text with \x00", b"text with \x1b[31m", packed("mimetype", mimetype="application/x-executable"),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_only_begins_like_a_document_or_is_none_is_refused(tmp_path, content):
    with pytest.raises(Refused) as refused:
        looked(tmp_path, content)
    assert refused.value.code in ("EVD-101", "RES-422")


def test_an_archive_of_too_many_parts_or_too_wide_is_refused(tmp_path, monkeypatch):
    names = ("[Content_Types].xml", "xl/workbook.xml", "c")
    monkeypatch.setattr(decoding, "MOST_PARTS", 3)
    assert looked(tmp_path, packed(*names)) == decoding.XLSX
    with pytest.raises(decoding.NotAPiece):
        looked(tmp_path, packed(*names, "d"))
    monkeypatch.setattr(decoding, "MOST_UNPACKED", 2)
    with pytest.raises(decoding.NotAPiece):
        looked(tmp_path, packed(*names))
