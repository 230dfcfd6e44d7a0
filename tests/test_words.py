"""The words: English complete, placeholders kept, the glossary's terms used."""

import re
import subprocess
import sys
from fractions import Fraction

import polib
import pytest
from django.utils.translation import ngettext, override

from kalata.text import LOCALE_DIR, Message, decimal_string, percent, whole

PO = polib.pofile(str(LOCALE_DIR / "en" / "LC_MESSAGES" / "django.po"))
PLACES = re.compile(r"%\(\w+\)[sd]")


def test_every_french_sentence_has_an_english_one():
    assert [e.msgid for e in PO if not e.obsolete and not e.translated()] == []


def test_no_translation_loses_a_value():
    assert [
        e.msgid
        for e in PO
        if not e.msgid_plural and sorted(PLACES.findall(e.msgid)) != sorted(PLACES.findall(e.msgstr))
    ] == []


@pytest.mark.parametrize("lang", ["fr", "bm"])
def test_a_page_counts_none_as_one_in_french(lang):
    """Its French is the source, which has no catalogue to say how it counts; Bambara falls back on it."""
    from django.template import engines

    page = engines["django"].from_string(
        "{% load i18n %}{% blocktranslate count n=n %}{{ n }} essai{% plural %}{{ n }} essais{% endblocktranslate %}"
    )
    with override(lang):
        assert [page.render({"n": n}) for n in (0, 1, 2)] == ["0 essai", "1 essai", "2 essais"]


def test_a_page_counts_none_as_several_in_english():
    entry = next(e for e in PO if e.msgid_plural and e.msgstr_plural[0] != e.msgstr_plural[1])
    with override("en"):
        found = [ngettext(entry.msgid, entry.msgid_plural, n) for n in (0, 1, 2)]
    assert found == [entry.msgstr_plural[n] for n in (1, 0, 1)]


def test_a_sentence_of_one_and_of_several_has_both_forms_whole():
    """A sentence given where two were asked once stood as its letters, one a form."""
    assert [e.msgid for e in PO if e.msgid_plural and sorted(e.msgstr_plural) != [0, 1]] == []
    assert [
        e.msgid
        for e in PO
        if e.msgid_plural and not set(PLACES.findall(e.msgid_plural)) <= set(PLACES.findall(e.msgstr_plural[1]))
    ] == []


def test_the_compiled_catalogue_is_the_written_one():
    compiled = {
        e.msgid: e.msgstr
        for e in polib.mofile(str(LOCALE_DIR / "en" / "LC_MESSAGES" / "django.mo"))
        if not e.msgid_plural
    }
    assert compiled == {e.msgid: e.msgstr for e in PO if not e.msgid_plural}


@pytest.mark.skipif(
    subprocess.run(["which", "xgettext"], capture_output=True).returncode != 0, reason="gettext is not installed"
)
def test_no_sentence_of_the_source_is_missing_from_the_catalogue(tmp_path):
    import shutil
    from pathlib import Path

    import kalata

    copy = tmp_path / "kalata"
    shutil.copytree(Path(kalata.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__", "packs"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "en",
            "--no-location",
            "-v0",
            "--settings=kalata.settings.test",
        ],
        cwd=copy,
        check=True,
    )
    fresh = polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    assert [e.msgid for e in fresh if not e.obsolete and (not e.translated() or "fuzzy" in e.flags)] == []


def test_numbers_are_written_as_each_language_writes_them():
    assert (whole(24416, "fr"), whole(24416, "en"), whole(-9, "fr")) == ("24\u202f416", "24,416", "\u22129")
    assert (percent(Fraction(1, 3), "fr"), percent(Fraction(1, 3), "en")) == ("33,33\u202f%", "33.33%")
    assert decimal_string(Fraction(1, 2), 0) == "1" and decimal_string(Fraction(-1, 3), 2) == "-0.33"


@pytest.mark.parametrize(
    ("value", "places", "fr", "en"),
    [
        (Fraction(-24, 1000), 3, "\u22120,024", "\u22120.024"),
        (Fraction(-24, 1000), 1, "0,0", "0.0"),  # no minus before nothing
        (Fraction(-5, 100), 1, "\u22120,1", "\u22120.1"),
        (Fraction(-1976, 1000), 3, "\u22121,976", "\u22121.976"),
        (Fraction(-3), 2, "\u22123,00", "\u22123.00"),
        (Fraction(5, 100), 1, "0,1", "0.1"),  # half up, as every other figure
        (Fraction(25, 100), 1, "0,3", "0.3"),
        (Fraction(-12345678, 10), 0, "\u22121\u202f234\u202f568", "\u22121,234,568"),
        (12345, 1, "12\u202f345,0", "12,345.0"),
        (0, 2, "0,00", "0.00"),
    ],
)
def test_decimals_and_shares_keep_their_sign_in_every_language(value, places, fr, en):
    from kalata.text import decimal
    from kalata.ui.templatetags.kalata import decimal as filtered

    assert (decimal(value, "fr", places), decimal(value, "en", places)) == (fr, en)
    assert (
        percent(Fraction(value) / 100, "fr", places) == f"{fr}\u202f%"
        and percent(Fraction(value) / 100, "en", places) == f"{en}%"
    )
    for lang, want in (("fr", fr), ("en", en), ("bm", fr)):
        with override(lang):
            assert filtered(value, places) == want


def test_a_number_of_a_sentence_and_the_trailing_zeros_of_a_quantity_are_written_in_the_language():
    from decimal import Decimal

    from kalata.text import decimal

    said = Message("%(n)s", {"n": Decimal("-3.50")})
    assert (said.text("fr"), said.text("en")) == ("\u22123,50", "\u22123.50")
    assert decimal(Fraction(93093924, 10), "fr", 9, shortest=True) == "9\u202f309\u202f392,4"
    assert decimal(Fraction(100), "en", 9, shortest=True) == "100"


@pytest.mark.parametrize(
    ("minutes", "fr"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h 00"), (-1, "\u22121 min"), (-61, "\u22121 h 01"), (4319, "71 h 59"), (4320, "3 j"), (-4320, "\u22123 j")],
)  # fmt: skip
def test_a_length_of_time_before_now_keeps_its_hours(minutes, fr):
    from datetime import timedelta

    from kalata.ui.templatetags.kalata import span

    with override("fr"):
        assert span(timedelta(minutes=minutes)) == fr


def test_a_message_writes_its_values_in_the_language_of_the_reader():
    message = Message(
        "%(option)s a le plus de voix (%(count)d), %(gap)d de plus que la suite.",
        {"option": "A", "count": 12345, "gap": 7},
    )
    assert message.text("fr").startswith("A a le plus de voix (12\u202f345)") and message.text("en").startswith(
        "A has the most votes (12,345)"
    )


def test_a_function_of_words_goes_by_a_name_that_the_extraction_knows():
    from pathlib import Path

    import kalata

    known = {"_", "_t", "_gettext"}  # the last is the module of the standard library
    aliased = re.compile(r"(?:import |, |^ +)(n?p?gettext\w*) as (\w+)", re.MULTILINE)
    for path in Path(kalata.__file__).parent.rglob("*.py"):
        names = {alias for _word, alias in aliased.findall(path.read_text(encoding="utf-8"))}
        assert names <= known, f"{path}: {names - known} is not extracted"


@pytest.mark.parametrize(
    ("n", "fr", "en"),
    [
        (0, "0 bureau manque", "0 stations are missing"),  # French counts none as one, English as several
        (1, "1 bureau manque", "1 station is missing"),
        (-1, "\u22121 bureau manque", "\u22121 station is missing"),
        (2, "2 bureaux manquent", "2 stations are missing"),
        (1_000, "1\u202f000 bureaux manquent", "1,000 stations are missing"),
        ("?", "? bureaux manquent", "? stations are missing"),
        ("1", "1 bureau manque", "1 station is missing"),
    ],
)
def test_a_count_of_one_and_of_several_has_its_own_form_in_each_language(n, fr, en):
    from kalata.text import formed

    french, english = "%(n)s {n:bureau manque|bureaux manquent}", "%(n)s {n:station is missing|stations are missing}"
    assert Message(french, {"n": n}).text("fr") == fr
    assert formed(english, {"n": n}, "en") % {"n": Message("%(n)s", {"n": n}).text("en")} == en
    assert formed('{"kind": "a|b"} {n}', {"n": 1}, "fr") == '{"kind": "a|b"} {n}'  # other braces stay


def test_every_form_of_the_catalogue_names_a_value_of_its_sentence():
    from kalata.text import FORMS

    wrong = [
        e.msgid for e in PO for t in (e.msgid, e.msgstr) for found in FORMS.finditer(t) if f"%({found[1]})" not in t
    ]
    assert wrong == [] and any(FORMS.search(e.msgid) for e in PO)


COUNTED = re.compile(r"%\((\w+)\)[sd][ \u00a0\u202f]+([A-Za-zà-ÿœ’-]+)")
NO_PLURAL = {
    "pas", "plus", "moins", "fois", "mois", "ans", "dans", "sans", "sous", "puis", "hors", "vers", "voix", "mais", "depuis",
    "après", "francs", "avis", "cas", "remis", "des", "vous", "s", "ms", "premiers", "premières", "synchronous",
}  # fmt: skip
"""Words in s or x that are no plural of a count, or whose singular is the same."""
PAIRED = {
    "%(n)d bureaux", "%(n)d minutes", "%(n)d heures", "%(n)d jours", "%(n)d jours ouvrés", "%(n)d semaines",
    "Les opérations de vote sont annulées dans %(n)s bureaux de vote%(where)s, dont la liste est à l’annexe %(annex)s ; leurs suffrages sortent de tous les totaux.",
    "Les opérations de vote sont annulées dans tous les bureaux de : %(where)s, soit %(n)s bureaux de vote, dont la liste est à l’annexe %(annex)s ; leurs suffrages sortent de tous les totaux.",
    "Les procès-verbaux de %(n)s bureaux de vote, dont la liste est à l’annexe %(annex)s, comptent de nouveau.",
}  # fmt: skip
"""Sentences for several that stand beside one for one (`quantity`, `operative.ONE`, `ONE_STATION`)."""


def fixed_plurals(sentence: str) -> list[tuple[str, str]]:
    """(value, word) where a sentence counts in the plural whatever the value: "%(n)s bureaux"."""
    from kalata.text import FORMS

    found = COUNTED.findall(FORMS.sub("…", sentence))
    return [(name, word) for name, word in found if word[-1] in "sx" and word.lower() not in NO_PLURAL]


def test_no_sentence_counts_one_in_the_plural():
    """« 1 bureaux »: a number followed by its plural is a form, {n:bureau|bureaux}, or a sentence of one and of several."""
    assert fixed_plurals("%(n)d bureaux, %(k)s voix") == [("n", "bureaux")]
    assert fixed_plurals("%(n)d {n:bureau|bureaux}") == []
    assert [e.msgid for e in PO if not e.msgid_plural and e.msgid not in PAIRED and fixed_plurals(e.msgid)] == []
    assert {e.msgid for e in PO} >= PAIRED


def test_no_english_sentence_counts_one_in_the_plural():
    """Where English names the same count by a word in s, it has its form as well."""
    from kalata.text import FORMS

    wrong = []
    for e in PO:
        counts = {name for name, _one, _many in FORMS.findall(e.msgid)}
        found = COUNTED.findall(FORMS.sub("…", e.msgstr))
        wrong += [e.msgstr for name, word in found if name in counts and word.endswith("s") and word not in ("is", "was", "has", "less")]
    assert wrong == []


@pytest.mark.parametrize(
    ("lang", "n", "said"),
    [("fr", 0, "0 bureau"), ("fr", 1, "1 bureau"), ("fr", 2, "2 bureaux"), ("fr", "1,5", "1,5 bureau"), ("fr", 1234, "1\u202f234 bureaux"),
     ("en", 0, "0 stations"), ("en", 1, "1 station"), ("en", 2, "2 stations")],
)  # fmt: skip
def test_a_sentence_of_a_page_chooses_its_forms(lang, n, said):
    from django.template import Context, Template

    page = Template("{% blocktranslate with n=n|n %}sur {{ n }} {n:bureau|bureaux}{% endblocktranslate %}")
    with override(lang):
        assert page.render(Context({"n": n})).endswith(said)
