"""Packs and geographies in the database."""

import csv
import json

import pytest

from kalata.country import packs, services
from kalata.country.models import Crosswalk, Geography, PackVersion, Unit
from kalata.country.services import dividing
from tests.conftest import SHARED

pytestmark = pytest.mark.django_db


def test_loading_a_pack_twice_changes_nothing(pack_version):
    again = services.load_pack_version(packs.load_pack(packs.find_pack("ml")))
    assert again.pk == pack_version.pk and PackVersion.objects.count() == 1 and again.pack.fingerprint() == again.sha256


def test_a_second_country_works_without_any_change_of_code(db):
    version = services.load_pack_version(packs.load_pack(packs.find_pack("sn")))
    election = services.create_election(
        code="sn",
        name_fr="Présidentielle",
        name_en="",
        pack=version,
        geography=Geography.objects.get(code="sn-2024"),
        polling_day=None,
    )
    contest = services.create_contest(
        election=election,
        code="sn-pres",
        name_fr="Présidentielle",
        system=dict(version.pack.engine_systems()["SN-PRES"]),
        boxes=["registered", "valid"],
        options=[{"name": "A"}, {"name": "B"}],
    )
    from tests.conftest import bring, make_person

    by = make_person("superviseur", "superviseur")
    bring(
        contest,
        by,
        "region,dep,bureau,inscrits,exprimes,A,B\nThiès,Thies,1,500,300,200,100\nDAKAR,DAKAR,1,500,300,200,100\n".encode(),
        profile={
            "station": ["region", "dep", "bureau"],
            "areas": ["region", "dep"],
            "figures": {"registered": "inscrits", "valid": "exprimes"},
            "options": ["A", "B"],
        },
    )
    from kalata.results.queries import board

    assert board.board(contest).outcome.options == ("A",)


@pytest.mark.real
def test_the_full_hierarchy_of_2023_is_imported_and_its_broken_chains_are_reported(db):
    path = str(SHARED / "mali_territory" / "hierarchy_2023.csv")
    report = services.import_geography(
        path=path, code="ml-2023-full", name="2023", valid_from="2023-03-13", source="fichier"
    )
    assert (report["rows"], report["added"], report["doubled"], report["repaired"]) == (1470, 1468, 2, 49)
    assert len(report["problems"]) == 51 and Unit.objects.filter(geography__code="ml-2023-full", level=4).count() == 814
    assert (
        services.import_geography(
            path=path, code="ml-2023-full", name="2023", valid_from="2023-03-13", source="fichier"
        )["added"]
        == 0
    )


@pytest.mark.real
def test_a_crosswalk_lists_what_it_cannot_map(db, tmp_path):
    services.import_geography(
        path=str(SHARED / "mali_territory" / "hierarchy_2023.csv"), code="b", name="b", valid_from=None, source="f"
    )
    with (SHARED / "mali_territory" / "crosswalk_2015_2023.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    old = tmp_path / "old.csv"
    old.write_text(
        "id,level,type,name,parent_id\n"
        + "".join(f'{r["pcode_2015"]},1,commune,"{r["commune_2015"]}",\n' for r in rows),
        encoding="utf-8",
    )
    services.import_geography(path=str(old), code="a", name="a", valid_from=None, source="f")
    report = services.import_crosswalk(
        path=str(SHARED / "mali_territory" / "crosswalk_2015_2023.csv"),
        origin="a",
        target="b",
        from_column="pcode_2015",
        to_column="commune_2023",
        method_column="match_how",
        source="f",
    )
    assert report["unmapped"] == 22 and report["mapped"] == 679


@pytest.mark.parametrize(("row", "field"), [("X,1,r,,", "name"), (",1,r,Nom,", "id"), ("X,un,r,Nom,", "level")])
def test_a_bad_row_of_a_geography_stores_nothing(db, tmp_path, row, field):
    path = tmp_path / "g.csv"
    path.write_text("id,level,type,name,parent_id\nA,1,r,Bon,\n" + row + "\n")
    with pytest.raises(services.BadGeographyFile) as caught:
        services.import_geography(path=str(path), code="g", name="g", valid_from=None, source="f")
    assert (caught.value.params["row"], caught.value.params["field"]) == (3, field) and not Geography.objects.filter(
        code="g"
    ).exists()


FILE = "id,level,type,name,parent_id\nR,1,région,Région,\nC,2,cercle,Cercle,R\nX,2,cercle,Égaré,nulle-part\n"


def divided(folder, text=FILE, **more):
    path = folder / "upload.csv"
    path.write_text(text)
    return services.import_geography(path=str(path), code="g", name="G", valid_from=None, source="f", **more)


def test_an_orphan_is_no_repair_and_every_fault_names_the_file_that_was_sent(db, tmp_path):
    report = divided(tmp_path)
    assert (report["repaired"], report["orphans"], report["added"]) == (0, 1, 3)
    with pytest.raises(services.BadGeographyFile) as caught:
        divided(tmp_path, FILE + ",2,cercle,,R\nY,un,cercle,Y,R\n", file="mes-zones.csv")
    assert "mes-zones.csv" in str(caught.value) and "upload" not in str(caught.value)
    assert [(p.row, p.field) for p in caught.value.problems] == [(5, "name"), (5, "id"), (6, "level")]


def test_a_zone_is_corrected_and_taken_away_while_nothing_uses_it(db, tmp_path):
    divided(tmp_path)
    geography = Geography.objects.get(code="g")
    region, lost = (geography.units.get(code=c) for c in "RX")
    dividing.edit_zone(geography=geography, unit_id=lost.pk, name="Retrouvé", kind="cercle", parent=region, by=None)
    lost.refresh_from_db()
    assert (lost.name, lost.parent, lost.path) == ("Retrouvé", region, (region.pk, lost.pk))
    with pytest.raises(dividing.ZoneInUse, match="zones au-dessous : 2"):
        dividing.drop_zone(geography=geography, unit_id=region.pk, by=None)
    with pytest.raises(dividing.BadZone):
        dividing.edit_zone(geography=geography, unit_id=lost.pk, name="R", kind="", parent=lost, by=None)
    assert dividing.drop_zone(geography=geography, unit_id=lost.pk, by=None) == "Retrouvé"
    assert geography.units.count() == 2


def test_a_zone_that_a_station_stands_in_and_one_of_the_pack_change_no_more(counted):
    station = counted.stations.first()
    with pytest.raises(dividing.FromPack):
        dividing.drop_zone(geography=station.unit.geography, unit_id=station.unit_id, by=None)
    assert "bureaux : 1" in [one.text("fr") for one in dividing.used_by(station.unit, children=True)]


def drawn(geography, data, folder):
    path = folder / "zones.geojson"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return services.import_outlines(geography=geography, path=str(path), name=path.name, by=None)


def test_finer_outlines_are_taken_from_a_geojson_by_name(pack_version, tmp_path):
    square = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]
    data = {
        "type": "FeatureCollection",
        "features": [{"properties": {"nom": "Ségou"}, "geometry": {"type": "Polygon", "coordinates": square}}],
    }
    Geography.objects.filter(code="ml-2015").update(outlines=None)
    geography = Geography.objects.get(code="ml-2015")
    assert drawn(geography, data, tmp_path) == 1
    geography.refresh_from_db()
    assert list(geography.outlines["shapes"]) == ["ML-SEG"]  # of the region and its cercle of the same name, the larger


def test_a_geojson_that_matches_nothing_is_refused(pack_version, tmp_path):
    from kalata.country.outlines import BadOutline

    with pytest.raises(BadOutline):
        drawn(Geography.objects.get(code="ml-2015"), {"features": []}, tmp_path)


@pytest.mark.child
@pytest.mark.parametrize(
    "data",
    [
        "[" * 200_000,
        '{"features":' + '{"a":' * 5_000 + "1" + "}" * 5_001,
        "null",
        "[1, 2]",
        '{"features": [1, null, "x", {"geometry": 5}, {"geometry": {"type": "Polygon"}, "properties": 3}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[NaN, 1]]]}, "properties": {"n": "Ségou"}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[1e308, 1], [2, 2], [3, 3]]]}, "properties": {"n": "Ségou"}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": []}, "properties": {"n": "Ségou"}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[]]}, "properties": {"n": "Ségou"}}]}',
        '{"features": "x", "features": []}',
        "\x00",
    ],
    ids=range(11),
)
def test_a_geojson_made_to_hurt_is_refused_and_the_map_stays(pack_version, tmp_path, data):
    from kalata.refusals import Refused

    before = Geography.objects.get(code="ml-2015").outlines
    with pytest.raises(Refused) as caught:
        drawn(Geography.objects.get(code="ml-2015"), data, tmp_path)
    assert caught.value.code in ("GEO-105", "EDG-102", "EDG-103", "EDG-106")
    assert Geography.objects.get(code="ml-2015").outlines == before


def test_the_two_maps_are_tied(pack_version):
    menaka = Crosswalk.objects.get(origin__code="ML-GAO-MENAKA")
    assert menaka.target.name == "Ménaka" and menaka.share == "1"


def test_the_facts_of_a_pack_are_decoded_only_when_somebody_looks_at_them(pack_version, monkeypatch):
    from kalata.country import models

    whole = pack_version.content
    found, calls, real = PackVersion.objects.get(pk=pack_version.pk), [], json.loads
    monkeypatch.setattr(models.json, "loads", lambda text, **how: calls.append(1) or real(text, **how))
    assert found.sha256 == pack_version.sha256 and calls == []
    assert found.content == whole and found.content == whole and calls == [1]
    deferred = PackVersion.objects.defer("content").get(pk=pack_version.pk)
    assert deferred.content == found.content
    assert PackVersion.objects.values_list("content__head", flat=True).get(pk=pack_version.pk) == found.content["head"]
