"""The pack of each centre: exact counts, one paper in the register, lots that are stopped, taken up again, made once."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.documents import typeset
from kalata.documents.batches import make_batch
from kalata.documents.batches import run as made_now
from kalata.documents.models import DocumentBatch, IssuedDocument
from kalata.evidence import services as evidence
from kalata.ledger.models import Act
from kalata.refusals import Forbidden, Refused
from kalata.training.models import ManualBuild, ManualFile
from kalata.training.queries import packs as queries
from kalata.training.rules.manuals.kept import copies
from kalata.training.rules.manuals.packs import Centre, Piece, Place, by_seats, in_turn, lines, lots
from kalata.training.services import packs
from tests.conftest import make_person
from tests.training.conftest import at

SEATS = {"president": 1, "assessors": 4}
PIECES = [Piece(role, kind, f"{role}-{kind}", 3) for role in SEATS for kind in ("manual", "card", "poster")]


# --- rules -----------------------------------------------------------------------------------------------------
def centre(n: int, *path: int) -> Centre:
    return Centre(f"École {n}", "C", path, (), (Place(n, f"B{n}", "", None),))


@given(stations=st.integers(1, 60), manuals=st.integers(0, 5), reserve=st.integers(0, 40))
def test_the_lines_of_a_pack_add_up_to_its_order_to_the_copy(stations, manuals, reserve):
    order = copies(stations, staff=5, manuals=manuals, posters=1, reserve=reserve)
    found = lines(PIECES, SEATS, stations, order)
    for kind, total in (("manual", order.manuals), ("card", order.cards), ("poster", order.posters)):
        assert sum(one.copies for one in found if one.piece.kind == kind) == total
    cards = {one.piece.role: one.copies for one in found if one.piece.kind == "card"}
    assert cards["president"] >= stations and cards["assessors"] >= 4 * stations


def test_two_manuals_a_station_are_one_for_the_president_and_one_for_the_assessors():
    assert in_turn(2, list(SEATS)) == {"president": 1, "assessors": 1}
    assert in_turn(3, list(SEATS)) == {"president": 2, "assessors": 1}
    assert by_seats(17, SEATS) == {"president": 3, "assessors": 14}


def test_lots_are_places_that_hold_no_more_than_asked_and_each_centre_is_in_one():
    some = [centre(n, 1, 2 + n % 2, 10 + n % 5) for n in range(40)] + [centre(99)]
    found = list(lots(some, 12))
    assert sorted(c.key for lot in found for c in lot) == sorted(c.key for c in some)
    assert all(len(lot) <= 12 for lot in found)
    assert list(lots(some, 41)) == [tuple(some)] and list(lots([], 5)) == []
    assert [len(lot) for lot in lots([centre(n, 1) for n in range(7)], 3)] == [3, 3, 1]


# --- the house -------------------------------------------------------------------------------------------------
@pytest.fixture
def planner(contest):
    contest.stations.filter(code__startswith="KAY").update(centre="École A")
    return make_person("logistique", "logistique-formation")


@pytest.fixture
def pieces(planner):
    """The pieces of both roles as their making leaves them, without drawing them."""
    with mock.patch.object(queries, "leaves_of", lambda sha256: 4):
        yield [build(role, planner) for role in SEATS]


def build(role, by, mark="a"):
    made = ManualBuild.objects.create(
        source="ml-staff", role=role, language="fr", draft=False, digest=mark * 64, total=3, by=by, at=at(8)
    )
    for kind in ("manual", "card", "poster"):
        kept = evidence.keep_ours(f"{role} {kind} {mark}".encode(), media="application/pdf")
        path = f"{kind}.{role}.fr.pdf"
        ManualFile.objects.create(build=made, path=path, kind=kind, sha256=kept.sha256, size=kept.size)
    page = {"id": mark * 64, "code": f"{mark}1b2-c3d4", "procedure": "OUV", "version": 3, "title": "Ouvrir", "steps": 2}
    ManualBuild.objects.filter(pk=made.pk).update(ended_at=at(9), done=3, pages=[page])
    return made


@pytest.fixture
def queued():
    """Lots are asked and wait for their worker."""
    with mock.patch.object(make_batch.__class__, "enqueue", lambda self, *args: None):
        yield


def ask(contest, by, **changed):
    return packs.ask(contest=contest, **{"unit": None, "language": "fr", "draft": False, "by": by, **changed})


@pytest.mark.django_db
def test_each_centre_has_one_paper_with_its_stations_its_copies_and_the_codes_of_its_pages(contest, planner, pieces):
    seen, drawn = [], typeset.accessible

    def spied(template, data, beside):
        seen.append(data)
        return drawn(template, data, beside)

    with mock.patch.object(typeset, "accessible", spied):
        (lot,) = ask(contest, planner)
    lot.refresh_from_db()
    assert (lot.done, lot.total, lot.fault) == (2, 2, "") and lot.sha256
    issued = list(IssuedDocument.objects.filter(kind="centre-pack").order_by("pk"))
    assert len(issued) == 2 and "École A" in issued[0].title and Act.objects.filter(kind="training.packs_asked").count() == 1
    one = next(d for d in seen if "École A" in d["head"]["title"])
    tables = [b for b in one["data"]["blocks"] if b["kind"] == "table"]
    assert [row[2] for row in tables[0]["rows"]] == ["2", "2", "2", "2", "9", "17"]  # manual, card, poster; manual, card; all
    assert [row[0] for row in tables[1]["rows"]] == ["KAY-001", "KAY-002"]
    assert [row[:3] for row in tables[2]["rows"]] == [["Président de bureau", "OUV v3", "a1b2-c3d4"], ["Assesseurs", "OUV v3", "a1b2-c3d4"]]


@pytest.mark.django_db
def test_the_same_request_again_issues_nothing_anew_and_pieces_made_anew_give_a_second_version(contest, planner, pieces):
    ask(contest, planner)
    ask(contest, planner)
    assert IssuedDocument.objects.filter(kind="centre-pack").count() == 2
    assert not queries.progress(planner)[0].stale
    build("president", planner, mark="b")
    assert queries.progress(planner)[0].stale
    ask(contest, planner)
    standing = IssuedDocument.objects.filter(kind="centre-pack", superseded_by=None)
    assert {d.version for d in standing} == {2} and standing.count() == 2


@pytest.mark.django_db
def test_lots_that_were_stopped_are_taken_up_again_and_no_centre_is_left_out(contest, planner, pieces, queued):
    (lot,) = ask(contest, planner)
    with pytest.raises(Refused) as twice:
        ask(contest, planner)
    assert twice.value.code == "TRN-653"
    assert packs.stop(contest=contest, by=planner) == 1
    made_now(DocumentBatch.objects.get(pk=lot.pk))
    assert not IssuedDocument.objects.filter(kind="centre-pack").exists()
    (again,) = packs.resume(contest=contest, by=planner)
    made_now(DocumentBatch.objects.get(pk=again.pk))
    assert IssuedDocument.objects.filter(kind="centre-pack").count() == 2
    with pytest.raises(Refused) as none:
        packs.resume(contest=contest, by=planner)
    assert none.value.code == "TRN-654"


@pytest.mark.django_db
def test_a_role_without_pieces_is_named_and_nothing_is_asked(contest, planner):
    with pytest.raises(Refused) as no:
        ask(contest, planner)
    assert no.value.code == "TRN-651" and "Assesseurs" in no.value.message.text("fr")
    assert not DocumentBatch.objects.exists()
    with pytest.raises(Forbidden):
        ask(contest, make_person("formatrice", "formation-nationale"))


@pytest.mark.django_db
def test_packs_are_asked_followed_and_taken_on_the_page_and_others_find_nothing(sign_in, contest, planner, pieces):
    client = sign_in(planner)
    sent = client.post("/formation/manuels/colis/", {"act": "packs", "scrutin": contest.code, "unit": "", "language": "fr"})
    assert sent.status_code == 302
    page = client.get("/formation/manuels/colis/").content.decode()
    assert 'max="2" value="2"' in page
    lot, paper = DocumentBatch.objects.get(), IssuedDocument.objects.filter(kind="centre-pack").first()
    assert client.get(f"/formation/manuels/colis/lots/{lot.pk}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/formation/manuels/colis/registre/{paper.pk}.pdf").content.startswith(b"%PDF")
    found = client.get("/formation/manuels/colis/registre/?q=cole+A")
    assert found.status_code == 200 and "École A" in found.content.decode()
    assert client.post("/formation/manuels/colis/", {"act": "stop", "scrutin": "autre"}).status_code == 403
    client = sign_in(make_person("formatrice", "formation-nationale"))
    assert client.get("/formation/manuels/colis/").status_code == 403
