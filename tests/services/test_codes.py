"""Codes that a reader could not tell apart never make two stations, options, bags or contests."""

import unicodedata

import pytest
from django.db import IntegrityError, transaction

from kalata import codes
from kalata.country import services as country
from kalata.country.models import Station
from kalata.tally.queries import formcodes
from kalata.tally.services import copies, custody
from tests.conftest import bring, csv_of, make_person
from tests.services.test_tally import GOOD as SHEET
from tests.services.test_tally import desk, register  # noqa: F401

pytestmark = pytest.mark.django_db
GOOD = "Kayes,Kayes,KAY-001,400,200,200,0,200,100,60,40"


def like(code: str) -> str:
    return f"Kayes,Kayes,{code},400,200,200,0,200,0,200,0"


def problems(one):
    return [(p["code"], p["row"]) for p in one.report["problems"]]


def test_accents_composed_or_apart_are_one_station(contest, supervisor):
    a = "K\u00c9-001"
    one = bring(contest, supervisor, content=csv_of([like(a), like(unicodedata.normalize("NFD", a))]))
    assert one.state == "refused" and problems(one) == [("IMP-206", 3)] and not Station.objects.exists()


def test_invisible_look_alike_and_path_like_codes_are_refused_with_row_character_and_name(contest, supervisor):
    rows = [GOOD, like("KAY-001\u200b"), like("\u041aAY-001"), like("../../x"), like("kay-001")]
    one = bring(contest, supervisor, content=csv_of(rows))
    assert one.state == "refused" and not Station.objects.exists()
    assert problems(one) == [("IMP-221", 3), ("IMP-206", 4), ("IMP-221", 5), ("IMP-222", 6)]
    said = one.report["problems"][0]
    assert (
        said["sign"] == "U+200B ZERO WIDTH SPACE"
        and "ZERO WIDTH SPACE" in said["fr"]
        and "KAY-001<U+200B>" in said["value"]
    )


def test_a_code_in_other_letters_of_the_same_look_is_the_station_that_is_registered(contest, supervisor):
    bring(contest, supervisor, content=csv_of([GOOD]))
    for same in ("kay-001", " KAY-001 ", "\u041aAY-001", "КАУ-001"):
        one = bring(contest, supervisor, content=csv_of([GOOD.replace("KAY-001", same)]), create="none", commit=False)
        assert one.state == "checked" and one.report["counts"] == {"new": 0, "changed": 0, "same": 1, "created": 0}
    assert list(Station.objects.values_list("code", "code_key")) == [("KAY-001", "KAY-001")]


def test_the_parts_of_a_code_cannot_be_cut_elsewhere_to_make_a_second_station(contest, supervisor):
    from tests.conftest import PROFILE

    profile = {**PROFILE, "station": ["cercle", "bureau"]}
    rows = ["Kayes,A,B / C,400,200,200,0,200,100,60,40", "Kayes,A / B,C,400,200,200,0,200,0,200,0"]
    one = bring(contest, supervisor, content=csv_of(rows), profile=profile, create="all")
    assert one.state == "refused" and ("IMP-222", 3) in problems(one)


def test_the_database_refuses_a_second_station_of_the_same_look(contest):
    Station.objects.create(contest=contest, code="KAY-001")
    for same in ("kay-001", "КАУ-001"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Station.objects.bulk_create([Station(contest=contest, code=same)])
    station = Station.objects.get()
    station.code = "Ségou-1"
    station.save()
    assert Station.objects.get().code_key == codes.key("Ségou-1")


def test_options_of_the_same_look_are_refused_typed_or_from_a_file(contest, supervisor):
    with pytest.raises(codes.SameCode):
        country.set_options(contest=contest, options=[{"name": "KAY"}, {"name": "КАУ"}])
    with pytest.raises(codes.BadCode, match=r"COD-101"):
        country.set_options(contest=contest, options=[{"name": "A\u200b"}])
    country.set_options(contest=contest, options=[])
    head = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,KAY,КАУ,Autre"
    from tests.conftest import PROFILE

    one = bring(
        contest, supervisor, content=csv_of([GOOD], head), profile={**PROFILE, "options": ["KAY", "КАУ", "Autre"]}
    )
    assert one.state == "refused" and one.report["problems"][0]["code"] == "IMP-223"


def test_contests_elections_constituencies_and_areas_keep_to_the_alphabet(contest, tmp_path):
    again = {"election": contest.election, "name_fr": "x", "system": contest.system, "boxes": contest.boxes}
    for bad in ("../x", "", "a b", "é"):
        with pytest.raises(codes.BadCode):
            country.create_contest(code=bad, **again)
    with pytest.raises(country.BadContest):
        country.create_contest(code="PRES", **again)
    rows = [{"code": c, "name": c, "seats": 1} for c in ("C1", "c1")]
    with pytest.raises(codes.SameCode):
        country.set_constituencies(contest=contest, rows=rows)
    for row, why in (("A1,1,Ici,\na1,1,Là,", "a1"), ("A\u200b,1,Ici,", "ZERO WIDTH SPACE"), ("../x,1,Ici,", "chemin")):
        file = tmp_path / "g.csv"
        file.write_text(f"id,level,name,parent_id\n{row}\n", encoding="utf-8")
        with pytest.raises(country.BadGeographyFile) as caught:
            country.import_geography(path=str(file), code="g", name="g", valid_from=None, source="x")
        assert why in caught.value.message.text("fr")


def test_bags_seals_and_copies_are_known_by_the_same_alphabet(register, desk):  # noqa: F811
    seal = {"contest": register, "kind": "bag", "stations": "kay-001", "by": desk["reception"]}
    bag = custody.seal(code="SAC-1", seals="S-1 S-2 s-1", **seal)
    assert bag.seals == ["S-1", "S-2"] and bag.items.get().paper.station.code == "KAY-001"
    for same in ("sac-1", "\u0405AC-1"):
        with pytest.raises(custody.BadBag):
            custody.seal(code=same, seals="S-9", **seal)
    for bad in ("SAC\u200b2", "../x"):
        with pytest.raises(codes.BadCode):
            custody.seal(code=bad, seals="S-9", **seal)
    with pytest.raises(codes.BadCode):
        custody.seal(code="SAC-3", seals="S\u200b9", **seal)
    assert custody.same_seals(["s-2", "S-1"], bag.seals) and not custody.same_seals(["S-1"], bag.seals)
    assert formcodes.paper_behind(register, " kay-001 ").station.code == "KAY-001"
    agent = make_person("delegue", "delegue")
    give = {"contest": register, "sheet": SHEET, "by": agent}
    first = copies.hand_in(station="kay-001", source="Parti A", **give)
    again = copies.hand_in(station="KAY-001", source="parti a", **give)
    assert (first.station.code, again.status) == ("KAY-001", "duplicate")


def test_an_area_whose_name_holds_the_mark_between_areas_is_not_taken_for_an_area_in_another(contest, supervisor):
    """It stopped the whole import with a fault that named nothing."""
    rows = ["Zed / Kit,X,KAY-001,400,200,200,0,200,100,60,40", "Zed,Kit,KAY-002,400,200,200,0,200,100,60,40"]
    one = bring(contest, supervisor, content=csv_of(rows), create="all")
    assert one.state == "committed" and {s.unit.name for s in Station.objects.filter(contest=contest)} == {"X", "Kit"}
