"""Boundaries from a file: what is wrong is named, what would be erased is said before, and asked."""

import json
import os
import time

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from kalata.country import redrawing, services
from kalata.country.models import Geography
from kalata.country.outlines import BadOutline, shapes_of
from kalata.ledger.models import Act
from tests.conftest import SHARED

SQUARE = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]


def zone(name="KE", geometry=None, **more):
    return {
        "type": "Feature",
        "properties": {"code": name},
        "geometry": geometry or {"type": "Polygon", "coordinates": SQUARE},
        **more,
    }


def together(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def read(data):
    return shapes_of(data, lambda words: words[0] if words and words[0].startswith("K") else None)


UTM = [[200000, 9900000], [250000, 9900000], [250000, 9950000], [200000, 9950000], [200000, 9900000]]


@pytest.mark.parametrize(
    ("data", "at", "why"),
    [
        (together(zone(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32737"}}), "EPSG::32737", "projetées"),
        (together(zone(), crs={"type": "name", "properties": {"name": "EPSG:3857"}}), "3857", "projetées"),
        (together(zone(geometry=polygon(UTM))), "KE", "projetées"),
        (together(zone(geometry=polygon([[0, 0], [1, 91], [1, 1], [0, 0]]))), "KE", "projetées"),
        (together(zone(geometry=polygon([[0, 0], [180.001, 1], [1, 1], [0, 0]]))), "KE", "projetées"),
        (together(None, zone()), "features[0]", "vide"),
        (together(zone(), 7), "features[1]", "vide"),
        (together(zone(geometry=polygon())), "KE", "vide"),
        (together(zone(geometry=polygon([]))), "KE", "vide"),
        (together(zone(geometry={"type": "MultiPolygon", "coordinates": [[]]})), "KE", "vide"),
        (together(zone(geometry={"type": "MultiPolygon", "coordinates": []})), "KE", "vide"),
        (together(zone(geometry=polygon([[0, 0], [1, 0], [0, 0]]))), "KE", "fermé"),
        (together(zone(geometry=polygon([[0, 0], [1, 0], [1, 1], [0, 1]]))), "KE", "fermé"),
        (together(zone(geometry=polygon([["0", 0], [1, 0], [1, 1], ["0", 0]]))), "KE", "illisibles"),
        (together(zone(geometry={"type": "Point", "coordinates": [0, 0]})), "KE", "sans polygone"),
        (together({"type": "Feature", "properties": {"code": "KE"}, "geometry": None}), "KE", "sans polygone"),
        ([zone()], "[", "tableau"),
        (zone(), "Feature", "zone seule"),
        ({"type": "Topology", "features": [zone()]}, "Topology", "FeatureCollection"),
        (5, "–", "valeur seule"),
        (together(), "features", "aucune zone"),
        (together(zone("ZZ")), "properties", "aucun nom"),
    ],
)
def test_each_fault_of_a_geojson_is_named_where_it_is(data, at, why):
    with pytest.raises(BadOutline) as refused:
        read(data)
    said = refused.value
    assert said.code == "GEO-105" and at in str(said.params["at"]) and why in said.message.text("fr")
    assert said.message.text("fr") != said.message.text("en") and "WGS 84" in said.how.text("fr")


@pytest.mark.parametrize("x", [180, -180])
@pytest.mark.parametrize("y", [90, -90])
def test_the_edges_of_the_world_are_in_degrees(x, y):
    assert list(read(together(zone(geometry=polygon([[0, 0], [x, 0], [x, y], [0, y], [0, 0]]))))["shapes"]) == ["KE"]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"])
def test_degrees_that_are_named_are_taken_and_an_unknown_zone_is_listed(name):
    found = read(together(zone(), zone("ZZ"), zone("KI", polygon(*SQUARE)), crs={"properties": {"name": name}}))
    assert set(found["shapes"]) == {"KE", "KI"} and found["unknown"] == ["ZZ"]


def test_a_zone_too_small_for_the_scale_is_said():
    speck = [[[0, 0], [1e-9, 0], [1e-9, 1e-9], [0, 1e-9], [0, 0]]]
    found = read(together(zone(), zone("KI", polygon(*speck))))
    assert set(found["shapes"]) == {"KE"} and found["small"] == ["KI"]


# --- the reported files, on the page ------------------------------------------------------------------
@pytest.fixture
def geography(pack_version):
    return Geography.objects.get(code="ml-2015")


@pytest.fixture
def manager(sign_in, pack_version):
    from tests.conftest import make_person

    person = make_person("reglages", "donnees")
    return sign_in(person)


def post(client, geography, content, **more):
    file = SimpleUploadedFile("z.geojson", content if isinstance(content, bytes) else json.dumps(content).encode())
    return client.post(f"/pays/decoupages/{geography.code}/", {"file": file, **more})


@pytest.mark.real
@pytest.mark.parametrize("name", ["r15_utm", "r15b_null_feature", "r15c_empty_polygon", "r15d_array", "r15f_feature"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_reported_files_are_refused_and_nothing_is_erased(manager, geography, name, lang):
    before = geography.outlines
    manager.cookies["django_language"] = lang
    answer = post(manager, geography, (SHARED / "reports" / f"{name}.geojson").read_bytes())
    assert answer.status_code == 422 and "GEO-105" in answer.content.decode()
    geography.refresh_from_db()
    assert geography.outlines == before


ONE = {
    "type": "FeatureCollection",
    "features": [zone("ML-KAY", polygon([[-12, 13], [-9, 13], [-9, 15], [-12, 15], [-12, 13]]))],
}


def test_one_zone_sent_for_nine_is_shown_and_asked_before_the_eight_are_erased(manager, geography):
    before = geography.outlines
    assert len(before["shapes"]) == 9
    answer = post(manager, geography, ONE)
    page = answer.content.decode()
    geography.refresh_from_db()
    assert answer.status_code == 409 and geography.outlines == before
    for lost in ("Ségou", "Gao", "Kidal", "Tombouctou"):
        assert lost in page
    assert "8 zones perdraient leur contour" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    done = manager.post(f"/pays/decoupages/{geography.code}/", {"seen": seen})
    geography.refresh_from_db()
    assert done.status_code == 302 and list(geography.outlines["shapes"]) == ["ML-KAY"]
    assert not geography.units.exclude(outline="").exclude(code="ML-KAY").exists()
    assert "Ségou" in Act.objects.filter(kind="geography.outlines").latest("pk").after["erased"]


def test_a_map_that_moved_since_it_was_read_is_not_erased(manager, geography):
    page = post(manager, geography, ONE).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    shapes = dict(list(geography.outlines["shapes"].items())[:4])
    Geography.objects.filter(pk=geography.pk).update(outlines={**geography.outlines, "shapes": shapes})
    answer = manager.post(f"/pays/decoupages/{geography.code}/", {"seen": seen})
    geography.refresh_from_db()
    assert answer.status_code == 409 and "GEO-107" in answer.content.decode() and geography.outlines["shapes"] == shapes


@pytest.mark.parametrize("seen", ["", "0" * 64, "../../etc/passwd", "ABC"])
def test_a_confirmation_of_nothing_is_refused(manager, geography, seen):
    answer = manager.post(f"/pays/decoupages/{geography.code}/", {"seen": seen})
    assert answer.status_code in (409, 422)


def test_a_file_that_draws_every_zone_again_erases_nothing_and_is_kept_at_once(manager, geography):
    shapes = geography.outlines["shapes"]
    units = {u.outline: u.code for u in geography.units.all() if u.outline in shapes}
    many = [
        zone(code, polygon([[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]])) for i, code in enumerate(units.values())
    ]
    assert post(manager, geography, together(*many)).status_code == 302
    geography.refresh_from_db()
    assert set(geography.outlines["shapes"]) == set(units.values())


def test_a_program_is_refused_what_would_erase(geography, tmp_path):
    path = tmp_path / "z.geojson"
    path.write_text(json.dumps(ONE))
    with pytest.raises(redrawing.WouldErase) as refused:
        services.import_outlines(geography=geography, path=str(path), name="z", by=None)
    assert refused.value.params["n"] == 8 and "Ségou" in refused.value.message.text("fr")


def test_what_was_read_and_not_confirmed_is_forgotten_after_a_day(geography):
    redrawing.left_aside({"shapes": {}}, "a" * 64)
    path = settings.VAR / "sketches" / f"{'a' * 64}.json"
    old = time.time() - 25 * 3600
    os.utime(path, (old, old))
    redrawing.left_aside({"shapes": {}}, "b" * 64)
    assert not path.exists()
    with pytest.raises(redrawing.Moved):
        redrawing.taken_up("a" * 64)
