"""Hostile tables: workbooks, CSV, Parquet."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(path: Path, sheet: str, strings: str = "") -> Path:
    """A workbook whose only sheet is this XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>')  # fmt: skip
        out.writestr("_rels/.rels", f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip
        out.writestr("xl/workbook.xml", f'<?xml version="1.0"?><workbook {NS} xmlns:r="{REL}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')  # fmt: skip
        out.writestr("xl/_rels/workbook.xml.rels", f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')  # fmt: skip
        out.writestr("xl/worksheets/sheet1.xml", f'<?xml version="1.0"?><worksheet {NS}>{sheet}</worksheet>')
        out.writestr("xl/sharedStrings.xml", f'<?xml version="1.0"?><sst {NS}>{strings}</sst>')
    return path


def cell(at: str, value: object) -> str:
    return f'<c r="{at}"><v>{value}</v></c>'


def a_cell_at_the_far_corner(folder: Path) -> Path:
    rows = f'<row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 1)}</row>'
    return workbook(folder / "far.xlsx", f"<sheetData>{rows}</sheetData>")


def a_dimension_that_lies(folder: Path) -> Path:
    return workbook(folder / "lies.xlsx", f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{cell("A1", 1)}</row></sheetData>')  # fmt: skip


def a_million_strings_in_a_small_zip(folder: Path) -> Path:
    strings = "<si><t>" + "a" * 200 + "</t></si>"
    return workbook(folder / "strings.xlsx", "<sheetData/>", strings * 1_500_000)


def a_cell_of_fifty_megabytes(folder: Path) -> Path:
    sheet = f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * (48 * 2**20)}</t></is></c></row></sheetData>'
    return workbook(folder / "long.xlsx", sheet)


def deep_xml(folder: Path) -> Path:
    return workbook(folder / "deep.xlsx", "<sheetData>" + "<row>" * 400_000 + "</row>" * 400_000 + "</sheetData>")


def entities(folder: Path) -> Path:
    path = folder / "laughs.xlsx"
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    book = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{levels}]><workbook {NS}><sheets>&l9;</sheets></workbook>'
    )
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("xl/workbook.xml", book)
    return path


def twenty_thousand_columns(folder: Path) -> Path:
    path = folder / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(20_000)) + "\n" + "1," * 19_999 + "1\n")
    return path


def a_header_of_five_megabytes(folder: Path) -> Path:
    path = folder / "header.csv"
    path.write_text("a" * (5 * 2**20) + ",b\n1,2\n")
    return path


def a_quote_never_closed(folder: Path) -> Path:
    path = folder / "quote.csv"
    with path.open("w") as out:
        out.write('bureau,voix\n"')
        for _n in range(2_000_000):
            out.write("1,2\n")
    return path


def a_hundred_million_empty_cells(folder: Path) -> Path:
    path = folder / "cells.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as out:
        out.write((",".join(f"c{i}" for i in range(1_000)) + "\n").encode())
        for _n in range(100):
            out.write((b"," * 999 + b"\n") * 1_000)
    return path


def nothing_but_zeros(folder: Path) -> Path:
    path = folder / "zeros.csv"
    path.write_bytes(b"bureau,voix\n" + b"\x00" * 2**20)
    return path


def absurd_parquet(folder: Path) -> Path:
    """A footer that promises four gigabytes of metadata."""
    path = folder / "absurd.parquet"
    path.write_bytes(b"PAR1" + b"\x15" * 200 + struct.pack("<I", 2**32 - 1) + b"PAR1")
    return path


def parquet_with(folder: Path, sql: str, name: str) -> Path:
    import duckdb

    path = folder / name
    duckdb.connect().execute(f"copy ({sql}) to '{path}' (format parquet, compression zstd)")
    return path


def a_parquet_of_thirty_million_rows(folder: Path) -> Path:
    return parquet_with(folder, "select 1 as bureau, 2 as voix from range(30000000)", "rows.parquet")


def a_parquet_of_long_strings(folder: Path) -> Path:
    return parquet_with(folder, "select repeat('a', 1000000) as bureau, i as voix from range(400) t(i)", "long.parquet")


def damaged_parquet(folder: Path) -> Path:
    whole = parquet_with(
        folder, "select i as bureau, i * 2 as voix from range(1000) t(i)", "whole.parquet"
    ).read_bytes()
    path = folder / "damaged.parquet"
    path.write_bytes(whole[:200] + bytes(b ^ 0x5A for b in whole[200:-400]) + whole[-400:])
    return path


def corpus(folder: Path) -> Iterator[tuple[str, Path]]:
    for make in (
        a_cell_at_the_far_corner, a_dimension_that_lies, a_million_strings_in_a_small_zip, a_cell_of_fifty_megabytes,
        deep_xml, entities, twenty_thousand_columns, a_header_of_five_megabytes, a_quote_never_closed,
        a_hundred_million_empty_cells, nothing_but_zeros, absurd_parquet, a_parquet_of_thirty_million_rows,
        a_parquet_of_long_strings, damaged_parquet,
    ):  # fmt: skip
        yield make.__name__, make(folder)


def an_honest_workbook(path: Path, rows: int, columns: int) -> Path:
    """rows x columns of figures as an office writes them."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for j in range(columns):
        sheet.write_string(0, j, f"c{j}")
    for i in range(1, rows + 1):
        sheet.write_string(i, 0, f"BV-{i:06}")
        for j in range(1, columns):
            sheet.write_number(i, j, (i * j) % 997)
    book.close()
    return path


def bytes_of(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())
