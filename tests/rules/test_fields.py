"""The fields of the trade, at their boundaries: what they read, what they refuse and never guess."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation

from kalata.ui import edge, fields

NOT_NUMBERS = [
    "²",
    "٣",
    "𝟙",
    "1e5",
    "0x10",
    "-1",
    "+1",
    "1.0",
    "1,0",
    "NaN",
    "true",
    "None",
    "１",
    "1\x00",
    "douze",
    "1_000",
]


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_a_number_is_written_with_the_digits_0_to_9_and_nothing_else(text):
    for field in (fields.CountField(), fields.IdField(), fields.PageField()):
        with pytest.raises(ValidationError):
            field.clean(text)


def test_an_empty_box_is_not_zero_and_zero_is_not_an_empty_box():
    field = fields.CountField()
    assert field.clean("") is None and field.clean(None) is None and field.clean("  ") is None
    assert field.clean("0") == 0 and field.clean("000") == 0
    with pytest.raises(ValidationError):
        fields.CountField(required=True).clean(" ")


def test_spaces_around_and_between_thousands_are_read_as_people_write_them():
    field = fields.CountField()
    assert [field.clean(t) for t in (" 2", "2 ", "24 416", "24\u202f416", "24\u00a0416")] == [2, 2, 24416, 24416, 24416]


def test_a_count_stops_at_its_bounds():
    field = fields.CountField(least=1, most=99_999)
    assert field.clean("99999") == 99_999 and field.clean("1") == 1
    for text in ("100000", "0", "9" * 30, "9" * 5_000):
        with pytest.raises(ValidationError):
            field.clean(text)


def test_the_number_of_a_record_fits_both_databases():
    assert fields.IdField().clean(str(2**63 - 1)) == 2**63 - 1
    for text in (str(2**63), str(2**64), "0"):
        with pytest.raises(ValidationError):
            fields.IdField().clean(text)


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "\ud800", "a\u202eb", "\ufffe", "deux\nlignes"])
def test_a_text_holds_nothing_that_hides(text):
    with pytest.raises(ValidationError):
        fields.TextField().clean(text)


def test_a_text_is_bounded_never_cut():
    assert fields.TextField(most=5).clean("  cinq ") == "cinq"
    with pytest.raises(ValidationError):
        fields.TextField(most=5).clean("sixsix")
    assert fields.LinesField().clean("deux\nlignes") == "deux\nlignes"
    assert fields.TextField().clean("سيغو, Ségou, 😀") == "سيغو, Ségou, 😀"


@pytest.mark.parametrize("text", ["KAY 001", "KAY\u200b001", "KAY\u2060001", "KAY\u00a0001"])
def test_a_code_has_no_space_and_nothing_invisible(text):
    with pytest.raises(ValidationError):
        fields.CodeField().clean(text)
    assert fields.CodeField().clean(" KAY-001 ") == "KAY-001"


def test_days_and_hours_are_read_as_people_write_them_and_within_the_calendar():
    assert fields.DateField().clean("2027-03-14") == fields.DateField().clean("14/03/2027") == date(2027, 3, 14)
    assert fields.DateField().clean("") is None
    assert fields.HourField().clean("18 h 00") == fields.HourField().clean("18:00") == time(18)
    assert fields.MonthField().clean("2027-03") == date(2027, 3, 1)
    for text in ("0000-00-00", "9999-12-32", "9999-12-31", "1899-12-31", "2027-02-30", "٢٠٢٧-03-14", "14 mars"):
        with pytest.raises(ValidationError):
            fields.DateField().clean(text)
    for text in ("25:00", "18h61", "-1:00", "midi"):
        with pytest.raises(ValidationError):
            fields.HourField().clean(text)
    for text in ("2027-13", "0000-01", "2027", "2027-3"):
        with pytest.raises(ValidationError):
            fields.MonthField().clean(text)


class Asked(edge.Edge):
    page = fields.PageField()
    zone = fields.IdField()
    many = fields.ManyField(fields.IdField(), most=3)


class Seal(edge.Edge):
    act = "seal"
    code = fields.CodeField(required=True)


class Open(edge.Edge):
    act = "open"
    witness = fields.TextField(required=True)


def test_what_an_address_says_badly_is_left_out_and_told_or_refused_where_nothing_can_be_told():
    request = RequestFactory().get("/", {"page": "abc", "zone": "7", "many": ["1", "2"]})
    read = edge.asked(request, Asked)
    assert (read.page, read.zone, read.many) == (1, 7, [1, 2])
    assert [(w.field, w.typed) for w in request.ignored] == [("page", "abc")]
    with pytest.raises(edge.NotUnderstood):
        edge.asked(request, Asked, strict=True)


def test_a_value_sent_twice_is_not_a_choice_of_ours():
    request = RequestFactory().get("/?zone=1&zone=2")
    assert edge.asked(request, Asked).zone is None
    assert [w.field for w in request.ignored] == ["zone"]


def test_a_form_is_the_one_of_the_button_pressed():
    request = RequestFactory().post("/", {"act": "open", "witness": "A. Traoré"})
    form = edge.acted(request, Seal, Open)
    assert isinstance(form, Open) and form.v.witness == "A. Traoré"
    for data in ({"act": "burn"}, {"act": ["open", "seal"]}, {}, {"act": "seal", "code": "a b"}):
        with pytest.raises(edge.NotUnderstood) as refused:
            edge.acted(RequestFactory().post("/", data), Seal, Open)
        assert refused.value.wrong


def test_a_refusal_names_the_field_and_keeps_what_was_typed():
    with pytest.raises(edge.NotUnderstood) as refused:
        edge.posted(RequestFactory().post("/", {"code": "KAY 001"}), Seal)
    assert [(w.field, w.typed) for w in refused.value.wrong] == [("code", "KAY 001")]


def test_a_page_beyond_the_last_one_is_told():
    request = RequestFactory().get("/?page=9")
    assert edge.paged(request, list(range(30)), 10).number == 3
    assert [w.field for w in request.ignored] == ["page"]


@pytest.mark.parametrize(
    "path",
    [
        "/resultats/pres/bureaux/99999999999999999999/",
        "/resultats/pres/bureaux/9223372036854775808/",
        "/resultats/pres/bureaux/0/",
        "/pays/decoupages/a\x00b/",
        "/publication/a\x00b",
        "/compte/2fa/webauthn/keys/99999999999999999999/edit/",
        f"/resultats/{'a' * 500}/",
    ],
)
def test_a_part_of_an_address_that_nothing_can_bear_is_an_address_that_does_not_exist(path):
    with pytest.raises((Resolver404, Http404)):
        resolve(path)
    assert resolve("/resultats/pres/bureaux/9223372036854775807/").kwargs["pk"] == 2**63 - 1


def test_every_part_of_every_address_is_read_by_a_typed_converter():
    from django.urls import get_resolver

    def parts(resolver):
        for one in resolver.url_patterns:
            yield from getattr(one.pattern, "converters", {}).values()
            if hasattr(one, "url_patterns"):
                yield from parts(one)

    from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter

    assert not [
        c for c in parts(get_resolver()) if type(c) in (IntConverter, StringConverter, SlugConverter, PathConverter)
    ]


def test_what_is_sent_twice_is_seen_whatever_its_form():
    assert not Asked(QueryDict("page=1&page=2")).is_valid() and Asked(QueryDict("many=1&many=2")).is_valid()


MARCH = date(2027, 3, 12)


@pytest.mark.parametrize(
    "text",
    ["2027-03-12", "12/3/2027", "12/03/2027", "12.3.2027", "12-03-2027", "12 mars 2027", "12 MARS 2027", "vendredi 12 mars 2027",
     "12 march 2027", "March 12, 2027", "12 mar. 2027", " 12  mars 2027 "],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text):
    assert fields.DateField().clean(text) == MARCH
    assert fields.DateField().clean("1er août 2027") == fields.DateField().clean("1 aout 2027") == date(2027, 8, 1)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("12/3/27", "quatre chiffres"), ("3/14/2027", "n’existe pas"), ("31 avril 2027", "n’existe pas"), ("29 février 2027", "n’existe pas"),
     ("12 ju 2027", "ainsi"), ("12 jui 2027", "ainsi"), ("mars 2027", "ainsi"), ("12 mars", "ainsi"), ("1²/3/2027", "ainsi"),
     ("12/3-2027", "ainsi"), ("10" * 40, "ainsi"), ("12 mars 2027 18:00", "ainsi"), ("12/3/202", "quatre chiffres")],
)  # fmt: skip
def test_a_day_that_reads_two_ways_or_none_is_refused_with_its_remedy(text, remedy):
    with pytest.raises(ValidationError) as refused:
        fields.DateField().clean(text)
    assert remedy in refused.value.messages[0]


def test_in_english_a_day_and_a_month_that_may_be_exchanged_are_refused_and_others_read():
    from django.utils.translation import override

    with override("en"):
        for text in ("12/3/2027", "3/12/2027"):
            with pytest.raises(ValidationError):
                fields.DateField().clean(text)
        assert fields.DateField().clean("13/3/2027") == date(2027, 3, 13)
        assert fields.DateField().clean("3/3/2027") == date(2027, 3, 3)
        with pytest.raises(ValidationError):
            fields.DateField().clean("3/13/2027")


def test_a_sum_is_of_whole_francs_and_empty_is_not_zero():
    field = fields.AmountField()
    assert field.clean("") is None and field.clean(" ") is None and field.clean("0") == 0
    for text in ("1 500 000", "1500000", "1\u202f500\u202f000 F CFA", "1500000 XOF", "1 500 000 francs", "1500000F"):
        assert field.clean(text) == 1_500_000
    assert field.clean(str(10**15)) == 10**15
    for text in (
        "1.500.000",
        "1,500",
        "1500,50",
        "0.5",
        "-1",
        "+1",
        "1e6",
        "²",
        "٣",
        "1 million",
        str(10**15 + 1),
        "9" * 5_000,
        "F",
    ):
        with pytest.raises(ValidationError):
            field.clean(text)
    with pytest.raises(ValidationError):
        fields.AmountField(required=True).clean("")


@pytest.mark.parametrize(("typed", "read"), [
    ("1er décembre 2026 14:05", "2026-12-01T14:05"), ("01/12/2026 14:05", "2026-12-01T14:05"),
    ("01/12/2026 à 14 h 05", "2026-12-01T14:05"), ("2026-12-01T14:05", "2026-12-01T14:05"),
    ("2026-12-01T14:05:30", "2026-12-01T14:05:30"), ("1er décembre 2026", "2026-12-01"), ("01/12/2026 9 h", "2026-12-01T09:00"),
    ("01/12/2026 24:00", "2026-12-01T24:00"), ("01/12/2026 23:59", "2026-12-01T23:59"), ("", ""),
])  # fmt: skip
def test_an_instant_is_read_as_people_write_it(typed, read):
    with translation.override("fr"):
        assert fields.InstantField().clean(typed) == read


@pytest.mark.parametrize("typed", [
    "14:05", "demain 14:05", "01/12/26 14:05", "01/12/2026 24:01", "01/12/2026 25:00", "01/12/2026 14:60", "31/11/2026 10:00",
    "01/12/2026 14", "01/12/2026 14:05 14:06", "2026-12-01T14:05Z", "01/12/1899 10:00", "x" * 61,
])  # fmt: skip
def test_an_instant_that_is_not_plain_is_refused_with_the_way_to_write_it(typed):
    with translation.override("fr"), pytest.raises(ValidationError):
        fields.InstantField().clean(typed)


def test_an_english_reader_is_not_made_to_guess_which_is_the_month():
    with translation.override("en"), pytest.raises(ValidationError):
        fields.InstantField().clean("03/04/2026 10:00")


def test_the_hour_of_a_day_ends_at_one_minute_to_midnight():
    assert fields.HourField().clean("14h05") == fields.HourField().clean("14:05") == time(14, 5)
    assert fields.HourField().clean("14 h") == time(14)
    with pytest.raises(ValidationError):
        fields.HourField().clean("24:00")
