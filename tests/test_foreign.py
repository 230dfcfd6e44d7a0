"""No word of the other language in what the house says: sentences, refusals, papers, facts of packs, the command line.

Pages, files and feeds as they are answered are read by `tests/web/test_languages.py`; here stands what they are made of,
and what no page shows: refusals nobody provoked, mails and messages, papers, terminals.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polib
import pytest

import kalata
from kalata.country import packs
from kalata.refusals import Refused
from kalata.text import LOCALE_DIR, Message
from tests.foreign import foreign

SOURCE = Path(kalata.__file__).parent
PO = [e for e in polib.pofile(str(LOCALE_DIR / "en" / "LC_MESSAGES" / "django.po")) if not e.obsolete]
QUOTED = re.compile(r"\{\w+:|%\(\w+\)[sd]|«[^»]*»|“[^”]*”|<[^>]*>|`[^`]*`")
NAMES = re.compile(r"\b(?:bureaux\.csv|Ségou|Sainte-Laguë|Laguë)")
"""A file of the application, a region, a person: the same in both languages."""
TWICE = re.compile(r" / |\n")


def plain(text: str) -> str:
    return NAMES.sub(" ", QUOTED.sub(" ", text))


def test_no_sentence_of_the_catalogue_holds_a_word_of_the_other_language():
    """Every sentence of pages, refusals, mails, papers, calendars and logs: written in French once, given in English once."""
    wrong = []
    for entry in PO:
        french = (entry.msgid, entry.msgid_plural)
        english = (entry.msgstr, *entry.msgstr_plural.values())
        wrong += [("fr", t, met) for t in french if (met := foreign(plain(t), "fr"))]
        wrong += [("en", t, met) for t in english if (met := foreign(plain(t), "en"))]
        wrong += [("en", t, met) for t in english if (met := re.findall(r"\w*[éèêàùçâîôûœ]\w*", plain(t).lower()))]
    assert len(PO) > 9_000 and wrong == []


def refusals() -> set[type[Refused]]:
    for module in pkgutil.walk_packages([str(SOURCE)], "kalata."):
        if not re.search(r"\.(migrations|management|bench|__main__)\b|\.settings\.", module.name):
            importlib.import_module(module.name)
    found, left = set(), [Refused]
    while left:
        found |= (below := set(left.pop().__subclasses__()))
        left += below
    return {one for one in found if one.__module__.startswith("kalata.")}


def test_every_refusal_speaks_both_languages():
    known = {e.msgid: e.msgstr for e in PO if not e.msgid_plural}
    classes = refusals()
    said = {s for one in classes for s in (one.says, one.remedy) if s}
    assert len(classes) > 400 and sorted(s for s in said if s not in known) == []
    assert [s for s in said if known[s] == s and " " in s and foreign(plain(s), "en")] == []


def literals(path: Path) -> Iterator[str]:
    """Words that a paper's layout would print whatever its language: strings and bare text, comments left out."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    yield from re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    yield from re.findall(r"\[([^\[\]#]*)\]", text)


def test_no_layout_of_a_paper_holds_words_of_its_own():
    """Papers take every word from the catalogue: a layout has none in either language."""
    layouts = sorted(SOURCE.glob("*/typst/*.typ"))
    wrong = {(p.name, t) for p in layouts for t in literals(p) if foreign(t, "fr") or foreign(t, "en")}
    assert len(layouts) > 20 and wrong == set()


def facts(value: Any) -> Iterator[tuple[str, str]]:
    """(language, text) of what a pack says in two languages."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if isinstance(one, str) and str(key)[-3:] in ("_fr", "_en"):
                yield str(key)[-2:], one
            yield from facts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from facts(one)


@pytest.mark.parametrize("code", sorted(packs.shipped()))
def test_no_fact_of_a_shipped_pack_mixes_its_languages(code):
    pack = packs.load_pack(packs.find_pack(code))
    said = set(facts([pack.head, *pack.sections.values()]))
    aside = {"DGE (Délégation générale aux élections)"}  # its own name
    assert said and [one for one in sorted(said) if one[1] not in aside and foreign(plain(one[1]), one[0])] == []


def echoed() -> Iterator[tuple[str, int, str]]:
    """Every text that a command writes by itself, its values left out."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if ".echo(" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "echo":
                for arg in node.args[:1]:
                    parts = arg.values if isinstance(arg, ast.JoinedStr) else [arg]
                    said = "…".join(str(p.value) for p in parts if isinstance(p, ast.Constant))
                    yield f"{path.relative_to(SOURCE)}", node.lineno, said


def test_the_command_line_speaks_both_languages_or_takes_its_words_from_the_catalogue():
    """What a command writes by itself stands in French and in English, a stroke between; all else goes through the catalogue."""
    wrong = []
    for path, line, text in echoed():
        halves = TWICE.split(text)
        mixed = any(foreign(half, "fr") and foreign(half, "en") for half in halves)
        if mixed or (len(halves) == 1 and (foreign(text, "fr") or foreign(text, "en"))):
            wrong.append(f"{path}:{line} {text}")
    assert wrong == []


def test_a_sentence_and_its_values_keep_to_one_language():
    assert foreign("the law", "fr") == ["the"] and foreign("le bureau des votants", "en") == ["des", "le"]
    assert foreign(Message("%(n)d bureaux", {"n": 1_234}).text("fr"), "fr") == []
