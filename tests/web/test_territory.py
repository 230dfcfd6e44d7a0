"""What a person may not see does not exist for them, and what they see never tells of the rest: object by object."""
# ruff: noqa: F811

from types import SimpleNamespace

import pytest

from kalata.country.models import Unit
from kalata.ledger.locks import lifted
from kalata.people.services import give_mandate
from kalata.refusals import Forbidden
from kalata.results import access
from kalata.results.models import MappingProfile, StationReport
from kalata.results.queries import board
from kalata.results.services import contests as services
from kalata.results.territory import inside
from kalata.tally import access as desks
from kalata.tally import home
from kalata.tally.models import Bag, Copy, Paper
from kalata.tally.queries import supervision
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import commission, copies, custody, scanning
from kalata.tally.services import reports as tally
from tests.conftest import BOXES, LISTS, PROFILE, bring, make_person
from tests.figures import spoken
from tests.services.test_tally import GOOD, OTHER, a_colleague, desk, register, scanned, typed  # noqa: F401
from tests.web.world import picture, sat, sheet, validated

pytestmark = pytest.mark.django_db


class Team:
    """The desks of the fixtures as the world's helpers name them."""

    def __init__(self, staff):
        self.staff = staff


def unit(code):
    return Unit.objects.get(code=code, geography__code="ml-2015")


def limited(role, code="ML-SEG", **extra):
    return make_person(f"{code[-3:].lower()}-{role}", role, unit=unit(code), **extra)


@pytest.fixture
def here(register):
    return f"/resultats/centralisation/{register.code}/"


@pytest.fixture
def counted_in_kayes(register, desk):
    """KAY-001 counts and is not published: 100, 60, 35."""
    paper = typed(register, desk)
    sitting = sat(Team({**desk, "f2": a_colleague()}), register, None, "Nationale")
    validated(Team({**desk, "f2": a_colleague()}), register, sitting, paper)
    register.refresh_from_db()
    return paper


# --- bags ------------------------------------------------------------------------------------------
def test_a_bag_of_another_region_is_neither_read_nor_handed_over_nor_opened(sign_in, here, register, desk):
    bag = custody.seal(
        contest=register, code="SAC-S", kind="bag", seals="S1", stations="SEG-001", place="Ségou", by=desk["reception"]
    )
    assert bag.unit.code == "ML-SEG"
    client = sign_in(limited("reception", "ML-KAY"))
    for answer in (
        client.get(f"{here}scelles/{bag.pk}/"),
        client.get(f"{here}scelles/{bag.pk}/bordereau.pdf"),
        client.post(
            f"{here}scelles/{bag.pk}/", {"act": "hand", "giver": "x", "receiver": "y", "place": "z", "seals": "FAUX"}
        ),
        client.post(f"{here}scelles/{bag.pk}/", {"act": "open", "found": "", "seals": "S1", "witness": "moi"}),
    ):
        assert answer.status_code == 404
    assert "SAC-S" not in client.get(f"{here}scelles/").content.decode()
    bag.refresh_from_db()
    assert bag.state == "sealed" and bag.handovers.count() == 1 and not bag.items.exclude(found=None).exists()
    with pytest.raises(Forbidden):
        custody.open_bag(bag_id=bag.pk, found="", seals="S1", witness="moi", by=limited("reception", "ML-MOP"))


def test_a_bag_belongs_to_the_smallest_place_that_holds_its_papers(register, desk):
    both = custody.seal(
        contest=register, code="SAC-N", kind="bag", seals="S", stations="KAY-001 SEG-001", by=desk["reception"]
    )
    assert both.unit is None
    local = limited("reception", "ML-KAY")
    empty = custody.seal(contest=register, code="SAC-K", kind="bag", seals="S", stations="", by=local)
    assert empty.unit.code == "ML-KAY"
    assert list(desks.bags_of(local, register)) == [empty]
    with pytest.raises(tally.NoPaper):
        custody.seal(contest=register, code="SAC-X", kind="bag", seals="S", stations="SEG-001", by=local)
    assert Bag.objects.count() == 2


# --- codes -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["SEG-001", "XXX-999"])
def test_a_station_of_another_region_answers_like_one_that_does_not_exist(sign_in, here, register, code):
    answer = sign_in(limited("reception", "ML-KAY")).post(f"{here}reception/", {"code": code})
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "RES-431" in text and "PEO-101" not in text and f"« {code} » n’est pas attendu ici" in text


def test_forms_and_recaps_are_printed_for_ones_own_territory_only(sign_in, here, counted_in_kayes, monkeypatch):
    drawn = []
    printed = SimpleNamespace(pdf=b"%PDF-1.7")
    monkeypatch.setattr("kalata.documents.rendering.copy", lambda paper: drawn.append(str(paper.data)) or printed)
    client = sign_in(limited("commission"))
    kayes, segou = unit("ML-KAY").pk, unit("ML-SEG").pk
    assert client.get(f"{here}formulaires/recap.pdf?zone={kayes}").status_code == 404
    assert client.get(f"{here}formulaires/pv.pdf?zone={kayes}").status_code == 404
    assert client.get(f"{here}formulaires/pv/{counted_in_kayes.pk}/formulaire.pdf").status_code == 404
    for asked in (f"?zone={segou}", ""):
        assert client.get(f"{here}formulaires/recap.pdf{asked}").status_code == 200
        assert "SEG-001" in drawn[-1] and "KAY-001" not in drawn[-1] and 195 not in spoken(drawn[-1])
    page = client.get(f"{here}formulaires/").content.decode()
    assert f'value="{segou}"' in page and f'value="{kayes}"' not in page


# --- sittings --------------------------------------------------------------------------------------
def test_the_sitting_of_another_region_and_the_totals_of_the_nation_are_not_shown(
    sign_in, here, register, desk, counted_in_kayes
):
    sitting = commission.convene(
        contest=register, unit=unit("ML-KAY"), title="À Kayes", quorum=2, members="a\nb", by=desk["f"]
    )
    for role in ("commission", "coordination-region"):
        client = sign_in(limited(role))
        page = client.get(f"{here}commission/").content.decode()
        assert "À Kayes" not in page and ">195<" not in page and ">100<" not in page
        for path in (f"commission/{sitting.pk}/", f"commission/{sitting.pk}/pv.pdf"):
            assert client.get(here + path).status_code == 404
    assert commission.by_part(register, access.reach_of(limited("controle"), {"results.read"}, register.pk)) == []
    page = sign_in(limited("commission", "ML-KAY")).get(f"{here}commission/").content.decode()
    assert "À Kayes" in page and ">195<" in page and "Votre territoire = somme des parties" in page


# --- copies ----------------------------------------------------------------------------------------
def test_the_queue_of_copies_stays_in_its_region(sign_in, here, register, desk, counted_in_kayes):
    agent = make_person("agent", "delegue")
    copy = copies.hand_in(contest=register, station="KAY-001", source="Parti", sheet=OTHER, by=agent)
    client = sign_in(limited("controle"))
    page = client.get(f"{here}copies/").content.decode()
    assert "KAY-001" not in page and ">61<" not in page
    answer = client.post(f"{here}copies/", {"act": "answer", "copy": copy.pk, "what": "copy_right", "note": "n"})
    assert answer.status_code == 404 and Copy.objects.get().answer == ""
    assert "KAY-001" in sign_in(limited("controle", "ML-KAY")).get(f"{here}copies/").content.decode()


@pytest.mark.parametrize("given", [GOOD, OTHER])
def test_an_agent_learns_that_his_copy_was_received_and_nothing_more(
    sign_in, here, register, desk, counted_in_kayes, given
):
    agent = make_person("agent", "delegue")
    copies.hand_in(contest=register, station="KAY-001", source="Parti", sheet=given, by=agent)
    assert Copy.objects.get().status == ("identical" if given is GOOD else "differs")
    client = sign_in(agent)
    with lifted():  # as if two persons had published it
        register.published_at = counted_in_kayes.since  # another batch is public, this report is not
        register.save()
    page = client.get(f"{here}copies/").content.decode().split('id="m0"')[1].split("</section>")[0]
    assert "gardée" in page and "identique" not in page and "diffère" not in page
    assert client.get(here).status_code == 302 and client.get(f"{here}pv/").status_code == 404
    assert client.get(f"{here}pv/{counted_in_kayes.pk}/").status_code == 404
    client.logout()
    assert 'id="c0"' not in client.get(f"/resultats/{register.code}/lots/").content.decode()
    assert copies.counts(desks.public_copies(register))["status"] == {}


# --- images ----------------------------------------------------------------------------------------
def test_a_page_given_for_the_nation_is_not_shown_to_a_regional_scanner(sign_in, here, register, desk):
    loose = scanning.give(contest=register, name="x.jpg", content=picture(), by=desk["scan"]).scans.get()
    client = sign_in(limited("numerisation", "ML-KAY"))
    assert client.get(f"{here}numerisation/{loose.pk}/image").status_code == 404
    assert client.post(f"{here}numerisation/", {"scan": loose.pk, "code": "KAY-001"}).status_code == 404
    loose.refresh_from_db()
    assert loose.paper is None
    own = scanning.give(contest=register, name="y.jpg", content=picture(9), by=limited("numerisation"))
    assert own.unit.code == "ML-SEG"
    assert sign_in(desk["scan"]).get(f"{here}numerisation/{own.scans.get().pk}/image").status_code == 200


def test_a_clerk_looks_only_at_the_original_he_has_in_hand(sign_in, here, register, desk):
    paper = scanned(register, desk)
    other = scanned(register, desk, "KAY-002")
    client = sign_in(desk["a"])
    image = f"{here}pv/{paper.pk}/image/{paper.image}"
    assert client.get(image).status_code == 404
    assert tally.claim_next(contest=register, right="results.enter", by=desk["a"]).pk == paper.pk
    assert client.get(image).status_code == 200
    assert client.get(f"{here}pv/{other.pk}/image/{other.image}").status_code == 404


# --- figures of a paper ------------------------------------------------------------------------------
def test_a_right_held_elsewhere_shows_no_figure_here(sign_in, here, counted_in_kayes):
    person = limited("saisie", "ML-KAY")
    give_mandate(person=person, role="controle", unit=unit("ML-SEG"))
    page = sign_in(person).get(f"{here}pv/{counted_in_kayes.pk}/").content.decode()
    assert 'id="g0"' not in page and 'id="v0"' not in page and ">195<" not in page


def test_the_sentence_of_a_finding_gives_no_figure_to_a_clerk(sign_in, here, register, desk):
    from dataclasses import replace

    from kalata.results.rules.boxes import Box

    wrong = replace(GOOD, boxes={**GOOD.boxes, Box.VALID: 777})
    paper = typed(register, desk, wrong, wrong)
    assert paper.state == State.UNDER_REVIEW
    page = sign_in(desk["reception"]).get(f"{here}pv/{paper.pk}/").content.decode()
    assert paper.errors[0] in page and 777 not in spoken(page)
    assert 777 in spoken(sign_in(desk["e"]).get(f"{here}pv/{paper.pk}/").content.decode())


# --- boards ------------------------------------------------------------------------------------------
def test_a_region_reads_its_own_unpublished_figures_and_what_is_public_of_the_rest(register, desk, counted_in_kayes):
    for role, code, votes in (("coordination-region", "ML-KAY", 100), ("controle", "ML-SEG", 0)):
        person = limited(role, code)
        seen = board.board(access.as_seen_by(person, type(register).objects.get(pk=register.pk)))
        assert seen.total.votes[0] == votes, code
    with lifted():  # as if two persons had published it
        register.published_at = counted_in_kayes.since
        register.save()
    for person, votes in ((limited("coordination-cercle", "ML-KAY"), 100), (limited("auditeur"), 0), (None, 0)):
        seen = board.board(access.as_seen_by(person, type(register).objects.get(pk=register.pk)))
        assert seen.total.votes[0] == votes
    assert board.board(type(register).objects.get(pk=register.pk)).total.votes[0] == 100


def test_a_public_comparison_never_rests_on_a_contest_that_is_not_public(published, supervisor):
    from kalata.country import services as country

    second = country.create_contest(
        election=published.election, code="leg", name_fr="L", name_en="", system=dict(published.system), boxes=BOXES,
        options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    from tests.conftest import HEADER, ROWS, csv_of

    fewer = [r.replace(",200,200,5,195,100,", ",100,100,5,95,0,") for r in ROWS]
    bring(second, supervisor, csv_of(fewer, HEADER), create="stations")
    whole = board.board(type(published).objects.get(pk=published.pk)).flags
    public = board.board(access.as_seen_by(None, type(published).objects.get(pk=published.pk))).flags
    assert whole["W08"].any() and not ("W08" in public and public["W08"].any())


def test_a_public_station_whose_report_waits_for_its_batch_has_a_page_without_figures(
    client, register, counted_in_kayes
):
    with lifted():  # as if two persons had published it
        register.published_at = counted_in_kayes.since
        register.save()
    page = client.get(f"/resultats/{register.code}/bureaux/{counted_in_kayes.station_id}/")
    assert page.status_code == 200 and ">195<" not in page.content.decode()


def test_the_supervision_board_of_a_region_counts_its_own_papers(sign_in, here, register, desk, counted_in_kayes):
    segou = access.reach_of(limited("auditeur"), {"results.read"}, register.pk)
    seen = supervision.now_and(register, segou)
    assert (seen["total"], seen["done"], seen["desks"], seen["coverage"]) == (
        2,
        0,
        [],
        [{"name": "Ségou", "done": 0, "all": 2}],
    )
    page = sign_in(limited("controle")).get(here).content.decode()
    assert "Kayes" not in page.split("<main")[-1] and "majorité" not in page


# --- files, profiles, set-up ---------------------------------------------------------------------------
def test_the_mapping_of_the_nation_is_neither_replaced_nor_dropped_by_a_region(sign_in, contest, supervisor):
    services.keep_profile(name="national", profile=PROFILE, by=supervisor)
    poisoned = {**PROFILE, "options": {"labels": {"La pirogue": "Le baobab", "Le baobab": "La pirogue"}}}
    kayes, segou = limited("coordination-region", "ML-KAY"), limited("coordination-region")
    with pytest.raises(services.NameTaken):
        services.keep_profile(name="national", profile=poisoned, by=kayes)
    with pytest.raises(Forbidden):
        services.drop_profile(name="national", by=kayes)
    own = services.keep_profile(name="de Kayes", profile=poisoned, by=kayes)
    assert own.unit.code == "ML-KAY"
    with pytest.raises(MappingProfile.DoesNotExist):
        services.drop_profile(name="de Kayes", by=segou)
    client = sign_in(segou)
    assert "de Kayes" not in client.get("/resultats/gerer/profils/").content.decode()
    assert client.get(f"/resultats/gerer/profils/{own.pk}/profil.yaml").status_code == 404
    assert MappingProfile.objects.get(name="national").profile == PROFILE
    services.drop_profile(name="de Kayes", by=supervisor)


def test_an_unpublished_contest_does_not_exist_for_who_has_no_desk_in_it(sign_in, contest, supervisor):
    from kalata.country import services as country

    other = country.create_contest(
        election=contest.election, code="autre", name_fr="Autre", name_en="", system=dict(contest.system), boxes=BOXES,
        options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    one = bring(contest, supervisor, commit=False)
    client = sign_in(make_person("tied", "superviseur", contest=other))
    for path in ("pres/", "pres/importer/", f"imports/{one.pk}/", f"imports/{one.pk}/avancement/"):
        assert client.get(f"/resultats/gerer/{path}").status_code == 404, path
    for path in ("", "imports/"):
        page = client.get(f"/resultats/gerer/{path}").content.decode()
        assert one.name not in page and "/gerer/pres/" not in page
    assert client.get("/resultats/gerer/autre/").status_code == 200


def test_a_dry_run_of_a_region_neither_matches_nor_counts_what_lies_outside(contest, supervisor):
    bring(contest, supervisor)
    one = bring(contest, limited("coordination-region"), create="none", commit=False)
    assert one.state == "refused"
    assert one.report["counts"]["same"] == one.report["counts"]["changed"] == 0
    assert {p["code"] for p in one.report["problems"]} == {"IMP-215"}
    made = bring(contest, limited("coordination-cercle"), create="stations", commit=False)
    assert {p["code"] for p in made.report["problems"]} == {"IMP-214"}
    assert StationReport.objects.count() == 4


# --- what has no territory ---------------------------------------------------------------------------------
def test_a_mandate_for_one_region_opens_nothing_that_is_the_nations(sign_in, calendar, supervisor):
    client = sign_in(limited("auditeur"))
    for path in ("/journal/", "/journal/export.csv", "/personnes/", "/personnes/export.csv", "/personnes/superviseur/"):
        assert client.get(path).status_code == 403, path
    for path in ("", "calendrier.csv", "derogations/", "faisabilite/"):
        assert client.get(f"/echeances/{calendar.code}/{path}").status_code == 404, path
    assert sheet(3).votes == (3, 0, 35)


# --- the front page -----------------------------------------------------------------------------------
def test_the_front_page_counts_what_lies_in_ones_own_territory_and_no_more(register, desk):
    scanned(register, desk)  # a paper of Kayes came in
    asked = lambda person: SimpleNamespace(user=person)  # noqa: E731
    segou = Paper.objects.filter(inside(unit("ML-SEG")), contest=register).count()
    assert 0 < segou < register.papers.count() - 1
    (line,) = home.waits(asked(limited("reception")))
    assert line.says.startswith(f"{segou} ")
    assert not home.shown(asked(limited("superviseur"))).figures  # none of Ségou came in
    (figure,) = home.shown(asked(limited("superviseur", "ML-KAY"))).figures
    assert figure.of != f" / {register.papers.count()}"
