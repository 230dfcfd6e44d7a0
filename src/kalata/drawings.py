"""The life cycles of the house as pages: docs/states/*.md, and the drawings of docs/en/life-cycles.md and its French twin.

python -m kalata.drawings writes them from the tables; a test keeps them equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from kalata.lifecycle import TABLES, Table, drawing, listing
from kalata.text import translate

PAGES = {"en": "docs/en/life-cycles.md", "fr": "docs/fr/cycles-de-vie.md"}
MARK = "<!-- python -m kalata.drawings -->\n"
"""What a page says by hand stands before it; what is drawn, after it."""


def load() -> dict[str, Table]:  # type: ignore[type-arg]
    """Every table of the house, whatever is loaded already."""
    here = Path(__file__).parent
    for path in sorted(here.glob("*/rules/[!_]*.py")):
        import_module(f"kalata.{path.parent.parent.name}.rules.{path.stem}")
    return TABLES


def fenced(table: Table, lang: str = "") -> str:  # type: ignore[type-arg]
    return f"```mermaid\n{drawing(table, lang)}\n```"


def page(table: Table) -> str:  # type: ignore[type-arg]
    """One life cycle: drawn with the codes that are kept, listed in both languages."""
    source = f"src/{table.states.__module__.replace('.', '/')}.py"
    titles = " / ".join(translate(table.title, lang) for lang in ("fr", "en"))
    return (
        f"# {titles}\n"
        f"Drawn from [`{source.removeprefix('src/kalata/')}`](../../{source}) by `python -m kalata.drawings`; a test keeps them equal.\n\n"
        f"{fenced(table)}\n\n## Français\n{listing(table, 'fr')}\n\n## English\n{listing(table, 'en')}\n"
    )


def chapter(lang: str) -> str:
    """All of them in one language, by title."""
    tables = sorted(TABLES.values(), key=lambda t: t.name)
    return "\n\n".join(f"## {translate(t.title, lang)}\n{fenced(t, lang)}\n\n{listing(t, lang)}" for t in tables) + "\n"


def written(root: Path) -> Iterator[tuple[Path, str]]:
    """(file, what it must say)."""
    for table in load().values():
        yield root / "docs/states" / f"{table.name}.md", page(table)
    for lang, name in PAGES.items():
        said, mark, _drawn = (root / name).read_text(encoding="utf-8").partition(MARK)
        yield root / name, said + (mark or MARK) + "\n" + chapter(lang)


if __name__ == "__main__":
    for path, text in written(Path()):
        path.write_text(text, encoding="utf-8")
