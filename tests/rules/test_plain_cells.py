"""Lines without quotation marks are cut at the separator alone: the same cells as the csv module, or none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kalata.refusals import Refused
from kalata.tables import csv_files, files
from kalata.tables.csv_files import Cells, plain_cells

pieces = st.text(alphabet='ab1 ,;\t"\r\n\0\u2028\x85é', max_size=60)


def by_module(text: str, delimiter: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(iter(text.splitlines(keepends=True)), delimiter=delimiter, strict=True))
    except csv.Error:
        return None


@given(text=pieces, width=st.integers(1, 4), delimiter=st.sampled_from(csv_files.DELIMITERS))
@example(text="1,2\n3,4\n", width=2, delimiter=",")
@example(text="1,2,3\n4\n", width=2, delimiter=",")
@example(text="1,2,3,4\n", width=2, delimiter=",")
@example(text="1,2\n\n3,4\n", width=2, delimiter=",")
@example(text=",\n1,2\n", width=2, delimiter=",")
def test_what_is_cut_at_the_separator_alone_is_what_the_csv_module_reads(text: str, width: int, delimiter: str) -> None:
    cells = plain_cells(text, delimiter, width)
    if cells is None or any(sign in text for sign in "\u2028\x85"):
        return  # Python's own splitlines, used by this plain version alone, cuts at those
    assert list(cells) == by_module(text, delimiter)
    assert {len(row) for row in cells} == {width}


@pytest.mark.parametrize(
    "text",
    [
        '"a",1\n',
        "a\r,1\n",
        "a\0,1\n",
        "a,1\n\nb,2\n",
        "\na,1\n",
        ",\n",
        "a,1\n,\n",
        "a\n",
        "a,1,2\n",
        "a,1\nb\nc,2,3\n",
    ],
)
def test_what_the_csv_module_might_read_otherwise_is_left_to_it(text: str) -> None:
    assert plain_cells(text, ",", 2) is None


@pytest.mark.parametrize("text", ["a,1\nb,2\n", "a,1\r\nb,2\r\n", "a,1\nb,2", "a,1\r\nb,2"])
def test_lines_end_as_people_write_them(text: str) -> None:
    cells = plain_cells(text, ",", 2)
    assert cells is not None
    assert list(cells) == [["a", "1"], ["b", "2"]] == [cells[0], cells[-1]]
    assert [cells.column(at) for at in (0, 1)] == [["a", "b"], ["1", "2"]]
    assert (len(cells), cells[:1], cells[1:]) == (2, [["a", "1"]], [["b", "2"]])
    with pytest.raises(IndexError):
        cells[2]


def rows_of(path: Path, monkeypatch: pytest.MonkeyPatch, plain: bool, piece: int) -> object:
    """Rows with their numbers, and the account of lines; or the refusal."""
    with monkeypatch.context() as patch:
        patch.setattr(csv_files, "PIECE", piece)
        if not plain:
            patch.setattr(csv_files, "plain_cells", lambda *_a: None)
        try:
            opened = files.opened(path)
            rows = [(start + i, row) for start, block in opened.blocks for i, row in enumerate(block)]
        except Refused as refused:
            return str(refused)
        return rows, opened.account.record(), opened.blanks


cell = st.sampled_from(["", "1", "250", "KAYES", "é", '"a,b"', '"a\nb"', '"x"', " "])
row = st.lists(cell, min_size=3, max_size=3).map(",".join)
odd = st.sampled_from(["1,2", "1,2,3,4", "", ",,", '1,"2', "a\rb,1,2"])
body = st.lists(st.one_of(row, row, row, row, row, odd), min_size=70, max_size=110)


@given(lines=body, end=st.sampled_from(["\n", "\r\n"]), piece=st.sampled_from([7, 64, 400]))
def test_a_file_is_read_the_same_with_and_without_the_short_way(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, piece: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "short.csv"
    path.write_bytes(end.join(["station,a,b", *lines]).encode() + end.encode())
    with pytest.MonkeyPatch.context() as patch:
        assert rows_of(path, patch, plain=True, piece=piece) == rows_of(path, patch, plain=False, piece=piece)


def test_a_clean_file_goes_the_short_way_and_one_quotation_mark_costs_only_its_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{i:05d},{i},{i + 1}" for i in range(4_000)]
    lines[2_000] = '02000,"2000",2001'
    path = tmp_path / "f.csv"
    path.write_text("\n".join(["station,a,b", *lines]) + "\n")
    monkeypatch.setattr(csv_files, "PIECE", 1_000)
    kinds = [(type(block) is Cells, len(block)) for _start, block in files.opened(path).blocks]
    slow = sum(size for short, size in kinds if not short)
    assert sum(size for _short, size in kinds) == 4_000
    assert 62 <= slow <= 260
