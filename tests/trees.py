"""The source as it is read by the tests that look for what it never does: parsed and walked once in a process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "kalata"
PYTHON = [p for p in sorted(SOURCE.rglob("*.py")) if "migrations" not in p.parts]


@cache
def trees() -> dict[Path, ast.Module]:
    return {p: ast.parse(p.read_text(encoding="utf-8")) for p in PYTHON}


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """Every node of the source with the file it stands in."""
    return [(path, node) for path, tree in trees().items() for node in ast.walk(tree)]
