"""The comparison of two snapshots: equal is said only of equal folders, and never of nothing."""

from pathlib import Path

from tools import snapshot


def page(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "home.txt").write_text(text)


def test_two_equal_folders_are_equal(tmp_path: Path) -> None:
    for side in ("before", "after"):
        page(tmp_path / side, "/\n200 text/html\n31 bureaux\n")
    assert snapshot.compare(tmp_path / "before", tmp_path / "after") == 0


def test_one_other_figure_is_a_difference(tmp_path: Path) -> None:
    page(tmp_path / "before", "/\n200 text/html\n31 bureaux\n")
    page(tmp_path / "after", "/\n200 text/html\n32 bureaux\n")
    assert snapshot.compare(tmp_path / "before", tmp_path / "after") == 1


def test_a_page_that_went_away_is_a_difference(tmp_path: Path) -> None:
    page(tmp_path / "before", "/\n")
    (tmp_path / "after").mkdir()
    assert snapshot.compare(tmp_path / "before", tmp_path / "after") == 1


def test_nothing_beside_nothing_is_not_called_equal(tmp_path: Path) -> None:
    assert snapshot.compare(tmp_path, tmp_path) == 1


def test_the_text_of_a_page_is_kept_with_where_it_leads_and_what_it_asks() -> None:
    said = snapshot.Said()
    said.feed('<p>31 <b>bureaux</b></p><script>no()</script><a href="/x">Voir</a><input name="q" value="a">')
    assert said.lines == ["31", "bureaux", "-> /x", "Voir", "input q=a"]
    assert said.links == ["/x"]
