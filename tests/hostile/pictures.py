"""Hostile papers: PDF and pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable


def pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref)
    return bytes(out)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def one_page(box: bytes = b"[0 0 595 842]", content: bytes = b"", resources: bytes = b"<< >>", *more: bytes) -> bytes:
    stream = b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox " + box + b" /Contents 4 0 R /Resources " + resources + b" >>"
    return pdf([CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream, *more])


def a_million_pages() -> bytes:
    kids = b" ".join([b"3 0 R"] * 1_000_000)
    return pdf([CATALOGUE, b"<< /Type /Pages /Count 1000000 /Kids [" + kids + b"] >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"])  # fmt: skip


def a_count_that_lies() -> bytes:
    return pdf([CATALOGUE, b"<< /Type /Pages /Count 500 /Kids [] >>"])


def no_page() -> bytes:
    return pdf([CATALOGUE, b"<< /Type /Pages /Count 0 /Kids [] >>"])


def pages_in_a_circle() -> bytes:
    return pdf([CATALOGUE, b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"])


def a_page_of_a_kilometre() -> bytes:
    return one_page(b"[0 0 2834645 2834645]")


def an_endless_drawing() -> bytes:
    """A form that draws itself ten times, ten deep."""
    forms = []
    for i in range(10):
        inner = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F %d 0 R >> >>" % (
            6 + i
        )
        body = b"/F Do " * 10 if i < 9 else b"0 0 595 842 re f "
        forms.append(inner + b" /Length %d >>\nstream\n" % len(body) + body + b"\nendstream")
    return one_page(b"[0 0 595 842]", b"/F Do", b"<< /XObject << /F 5 0 R >> >>", *forms)


def a_packed_stream() -> bytes:
    """Two kilobytes that unfold into hundreds of megabytes of drawing."""
    once = zlib.compress(b"0 0 1 1 re f\n" * 20_000_000, 9)
    twice = zlib.compress(once, 9)
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(twice) + twice + b"\nendstream"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>"
    return pdf([CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream])


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, data: bytes, depth: int = 8, colour: int = 0) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def a_picture_as_wide_as_a_country() -> bytes:
    return png(60_000, 60_000, zlib.compress(b"\x00" * 1_000))


def a_picture_that_unfolds() -> bytes:
    return png(6_000, 6_000, zlib.compress((b"\x00" * (6_000 * 8 + 1)) * 6_000, 9), 16, 6)


def a_picture_cut_short() -> bytes:
    return png(1_000, 1_000, zlib.compress(b"\x00" * 500))


def a_picture_with_a_novel() -> bytes:
    text = chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"a" * 200_000_000, 9))
    whole = png(10, 10, zlib.compress((b"\x00" * 11) * 10))
    return whole[:33] + text + whole[33:]


def a_jpeg_with_a_program() -> bytes:
    return b"\xff\xd8\xff<script>alert(1)</script>"


def a_jpeg_of_absurd_size() -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 65_000, 65_000, 3) + b"\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8" + frame + b"\xff\xda" + b"\x00" * 50


def no_pdf_at_all() -> bytes:
    return b"%PDF-1.7 pas vraiment"


def nested_objects() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"


CORPUS: list[Callable[[], bytes]] = [
    a_million_pages, a_count_that_lies, no_page, pages_in_a_circle, a_page_of_a_kilometre, an_endless_drawing, a_packed_stream,
    a_picture_as_wide_as_a_country, a_picture_that_unfolds, a_picture_cut_short, a_picture_with_a_novel, a_jpeg_with_a_program,
    a_jpeg_of_absurd_size, no_pdf_at_all, nested_objects,
]  # fmt: skip


def plain_pdf() -> bytes:
    """An honest document of one page."""
    import io

    import pypdfium2

    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as one:
        one.new_page(200, 200)
        one.save(out)
    return out.getvalue()
