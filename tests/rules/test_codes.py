"""One alphabet for codes: what a reader cannot see, name or tell apart never becomes a station."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata import codes


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" KAY  001 ", "KAY 001"),
        (unicodedata.normalize("NFD", "KÉ-001"), "KÉ-001"),
        ("N’Tillit – 3", "N'Tillit - 3"),
        ("C/U P/SCH. [A-K] (N°4)", "C/U P/SCH. [A-K] (N°4)"),
        ("УИК №1", "УИК №1"),
        ("22 Ульяновск, Заволжская N2", "22 Ульяновск, Заволжская N2"),
        ("26 \u0043уджанская", "26 Суджанская"),  # a real file: Latin C in a Cyrillic word
        ("\u041aAY-001", "KAY-001"),  # Cyrillic К in a Latin word
        ("Kɛ́nɛ 1", "Kɛ́nɛ 1"),
        ("000001", "000001"),
        ("kay-001", "kay-001"),
    ],
)
def test_a_code_is_folded_at_the_door_and_its_case_is_kept(typed, kept):
    assert codes.code(typed) == kept and codes.tidy(kept) == kept


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("KAY-001\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\ufeffKAY", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("KAY\u00ad1", "U+00AD SOFT HYPHEN"),
        ("\u202eKAY", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("KAY\u200d1", "U+200D ZERO WIDTH JOINER"),
        ("KA\u034fY", "U+034F COMBINING GRAPHEME JOINER"),
        ("KAY\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("KA\u3164Y", "U+3164 HANGUL FILLER"),
        ("ＫAY", "U+FF2B FULLWIDTH LATIN CAPITAL LETTER K"),
        ("𝐊AY", "U+1D40A MATHEMATICAL BOLD CAPITAL K"),
        ("KAY٣", "U+0663 ARABIC-INDIC DIGIT THREE"),
        ("KAY²", "U+00B2 SUPERSCRIPT TWO"),
        ("ᎪY", "U+13AA CHEROKEE LETTER GO"),
        ("K\tY", "U+0009 CONTROL"),
        ("K\nY", "U+000A CONTROL"),
        ("K\x00Y", "U+0000 CONTROL"),
        ("=KAY", "U+003D EQUALS SIGN"),
        ("<b>", "U+003C LESS-THAN SIGN"),
        ("A|B", "U+007C VERTICAL LINE"),
        ("K\u0338Y", "U+0338 COMBINING LONG SOLIDUS OVERLAY"),
        ("\u0301A", "U+0301 COMBINING ACUTE ACCENT"),
        ("Ж1K", "U+004B LATIN CAPITAL LETTER K"),
        ("КN", "U+004E LATIN CAPITAL LETTER N"),
    ],
)
def test_a_sign_that_no_code_may_hold_is_refused_by_number_and_name(typed, named):
    with pytest.raises(codes.BadCode) as caught:
        codes.code(typed)
    assert named in caught.value.message.text("fr") and caught.value.code == "COD-101"
    assert "\u200b" not in caught.value.message.text("en") and "\u202e" not in caught.value.message.text("fr")


@pytest.mark.parametrize(
    "typed", ["", " ", "..", "../../x", "a/../b", "a\\..\\b", "./a", "a/.", "-", "x" * 251, "ß" * 200]
)
def test_a_path_an_empty_text_and_a_long_one_are_no_codes(typed):
    with pytest.raises(codes.BadCode):
        codes.code(typed)


def test_the_longest_code_is_250_signs():
    assert codes.code("x" * 250) == "x" * 250 and codes.code("é" * 250)


@pytest.mark.parametrize(
    ("one", "other"),
    [("KAY-001", "kay-001"), ("KAY", "КАУ"), ("KAY", "ΚΑΥ"), ("MAPT", "МАРТ"), ("No 3", "№ 3"), ("N° 3", "Nº 3"), ("Straße", "STRASSE"),
     ("март", "MAPT"), ("\u0130", "I\u0307"), ("É1", "E\u03011"), ("ÐA", "ĐA")],
)  # fmt: skip
def test_codes_that_look_alike_are_one(one, other):
    assert codes.key(one) == codes.key(other)
    with pytest.raises(codes.SameCode):
        codes.distinct([one, other])


@pytest.mark.parametrize(
    ("one", "other"), [("KAY-001", "KAY-002"), ("É1", "E1"), ("01", "1"), ("A 1", "A1"), ("ŋ", "n"), ("ɛ", "e")]
)
def test_codes_that_a_reader_tells_apart_are_two(one, other):
    codes.distinct([one, other])
    assert codes.key(one) != codes.key(other)


@given(st.text(max_size=40))
def test_any_text_is_a_code_kept_for_good_or_is_refused_with_a_reason(text):
    found = codes.tidy(text)
    if isinstance(found, codes.Fault):
        assert found.message.text("fr") and found.message.text("en")
    else:
        assert codes.tidy(found) == found and unicodedata.normalize("NFC", found) == found
        assert codes.key(found) == codes.key(codes.key(found)) and codes.sought(text) == codes.key(found)
        assert not any(unicodedata.category(c) in ("Cf", "Cc") for c in found)


@given(st.text("abcАВСabcавсΑΒо0O -./", max_size=12))
def test_case_never_makes_two_codes(text):
    for other in (text.upper(), text.swapcase()):
        assert codes.key(other) == codes.key(text)


@pytest.mark.parametrize("typed", ["..", "", "a/b", "é", "-a", "a b", "a" * 81])
def test_the_code_of_a_contest_is_part_of_addresses_and_folders(typed):
    with pytest.raises(codes.BadCode):
        codes.slug(typed)
    assert codes.slug("pres-2028_t1")


def test_the_name_of_an_option_may_hold_any_visible_sign():
    assert codes.label(" 6.  Партия « ЕДИНСТВО » “x” ") == "6. Партия « ЕДИНСТВО » “x”"
    for bad in ("A\u200b", "\u202eA", "A\x07", "\u3164", " "):
        with pytest.raises(codes.BadCode):
            codes.label(bad)
