"""The text of a PDF as a reader sees it, in the order in which it was set; heads and feet of its pages left out."""

from __future__ import annotations

from io import BytesIO

MM = 72 / 25.4
HEAD, FOOT = 18 * MM, 20 * MM
"""Margins of the papers of the house (documents/typst/frame.typ): what stands there is repeated on each page."""
LARGEST = 64 * 1024 * 1024
MOST_PAGES = 5_000


def of_pdf(data: bytes) -> str:
    """The text between the margins, page after page. ValueError: it cannot be read, or is too large."""
    import pypdfium2

    if len(data) > LARGEST:
        raise ValueError(f"{len(data)} bytes")
    try:
        with pypdfium2.PdfDocument(BytesIO(data)) as document:
            if len(document) > MOST_PAGES:
                raise ValueError(f"{len(document)} pages")
            return "\n".join(of_page(document, n) for n in range(len(document)))
    except pypdfium2.PdfiumError as why:
        raise ValueError(str(why)) from None


def of_page(document: object, number: int) -> str:
    page = document[number]  # type: ignore[index]
    try:
        width, height = page.get_size()
        text = page.get_textpage()
        try:
            return str(text.get_text_bounded(0, FOOT, width, height - HEAD))
        finally:
            text.close()
    finally:
        page.close()
