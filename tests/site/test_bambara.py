"""The public key pages in Bambara: complete, and said on each to be unreviewed."""

import re

from kalata.text import catalogue, translate
from kalata.transparency.rules.opendata import FIGURE_LABELS
from kalata.transparency.site.frame import KEY_PAGES
from kalata.transparency.site.render import HERE

KEYS = [name.replace(".html", "") for name in KEY_PAGES]
SAID = re.compile(r'_\("((?:[^"\\]|\\.)*)"\)')
SAME = {"n°", "Ko"}
"""What both languages write alike."""


def sentences():
    for name in ("base", "_parts", "_map", *KEYS):
        yield from SAID.findall((HERE / "templates" / f"{name}.html").read_text())
    yield from FIGURE_LABELS.values()


def test_every_sentence_of_a_key_page_has_its_bambara():
    assert sorted({s for s in sentences() if translate(s, "bm") == s} - SAME) == []


def test_a_value_stands_in_the_bambara_where_it_stands_in_the_french():
    for french, bambara in catalogue("bm")._catalog.items():
        if isinstance(french, str) and french:
            there, here = (sorted(re.findall(r"%\(\w+\)[sd]", text)) for text in (french, bambara))
            assert there == here, french


def test_each_page_in_bambara_says_that_no_speaker_has_read_it_again():
    base = (HERE / "templates" / "base.html").read_text()
    house = (HERE.parents[1] / "ui" / "templates" / "ui" / "base.html").read_text()
    assert "qu’aucun locuteur n’a encore relue" in base and "qu’aucun locuteur n’a encore relue" in house
    assert {"index", "verify", "missing", "areas", "differs"} <= set(KEYS)
