"""What rests on what: the links that exist today are there, and nobody finds what their own pages would not open."""

import pytest
from django.urls import reverse

from kalata.chain import queries, registry, services
from kalata.chain.checking import indexed
from kalata.chain.models import Edge, IndexEntry
from kalata.country import services as country
from kalata.country.models import Contest, Station
from kalata.identifiers import parsed
from kalata.ledger.models import Act
from kalata.results.models import StationReport
from tests.conftest import holds_only, make_person

pytestmark = pytest.mark.django_db


def up(person, one):
    return {(way.kind.key, str(way.word.split("-")[1])): way for way in queries.ways(person, one, up=True)}


def down(person, one):
    return {(way.kind.key, str(way.word.split("-")[1])): way for way in queries.ways(person, one, up=False)}


def sheet_of(person, record):
    return queries.opened(person, parsed(registry.identifier_of(record)))


def titles(person, text):
    services.gather()
    return [one.title_fr for one in queries.found(person, text)]


def test_from_the_article_to_the_station_each_link_is_there(calendar, contest, supervisor):
    deadline = queries.seen(supervisor, registry.every()["deadline"]).filter(number=calendar.pk).first()
    line = queries.sheet(registry.every()["deadline"], deadline)
    norm = up(supervisor, line)["norm", "applies"].sheets()[0]
    article = next(way for (kind, _verb), way in up(supervisor, norm).items() if kind in ("article", "text")).sheets()[
        0
    ]
    assert norm.identifier in [s.identifier for way in down(supervisor, article).values() for s in way.sheets(500)]
    assert sheet_of(supervisor, contest).identifier in [
        s.identifier for s in down(supervisor, line)["contest", "bound_by"].sheets()
    ]
    above = up(supervisor, sheet_of(supervisor, contest))["deadline", "bound_by"]
    assert above.count == IndexEntry.objects.filter(kind="deadline", number=calendar.pk).count() > 10


def test_a_report_rests_on_its_station_and_its_file_and_the_station_says_so(counted, supervisor):
    report = StationReport.objects.filter(contest=counted, current=True).first()
    one = sheet_of(supervisor, report)
    assert {"station", "import"} <= {kind for kind, _verb in up(supervisor, one)}
    station = sheet_of(supervisor, report.station)
    assert down(supervisor, station)["report", "about"].sheets()[0].identifier == one.identifier
    assert up(supervisor, station)["contest", "part_of"].count == 1


def test_links_are_written_once_and_never_changed(contest, supervisor):
    said = services.Rests(("log_entry", 1), queries.Verb.TELLS, ("batch", 7))
    assert services.rest([said, said]) == 1 and services.rest([said]) == 0
    edge = Edge.objects.get(source_kind="log_entry")
    edge.verb = "about"
    with pytest.raises(Exception, match="LED-001"):
        edge.save()


def test_an_unpublished_contest_is_found_by_who_may_open_it_alone(counted, supervisor, outsider):
    assert counted.name_fr in titles(supervisor, counted.name_fr)
    for stranger in (outsider, make_person("nobody")):
        assert not queries.found(stranger, counted.name_fr, "contest").exists()
        assert sheet_of(stranger, counted) is None
        assert sheet_of(stranger, Station.objects.filter(contest=counted).first()) is None
        assert sheet_of(stranger, StationReport.objects.filter(contest=counted).first()) is None


def test_nothing_that_one_may_not_open_is_counted_among_what_rests(counted, outsider, supervisor):
    geography = counted.election.geography
    assert ("contest", "part_of") in down(supervisor, sheet_of(supervisor, geography))
    assert ("contest", "part_of") not in down(outsider, sheet_of(outsider, geography))


@pytest.mark.parametrize("kind", sorted(registry.every()))
def test_each_kind_answers_who_may_see_it_to_everybody(kind, contest, client, outsider):
    """Nobody signed in, and somebody without a mandate: the question is asked, and gives no error."""
    from django.contrib.auth.models import AnonymousUser

    known = registry.every()[kind]
    for person in (AnonymousUser(), outsider):
        assert queries.seen(person, known).count() >= 0
    assert known.mark and known.label


STAFFS = ("person", "approval", "paper", "bag", "scan", "copy", "sitting", "import", "profile", "ledger", "notice", "event",
          "derogation", "petition", "exhibit", "counter", "bench_member", "case_report", "plan", "plan_version", "procedure",
          "procedure_version", "post", "document")  # fmt: skip


def test_what_is_the_staffs_is_nobodys_else(counted, calendar, outsider, supervisor):
    from django.contrib.auth.models import AnonymousUser

    services.gather()
    for kind in STAFFS:
        for person in (AnonymousUser(), make_person(f"x{kind}"[:20])):
            assert not queries.seen(person, registry.every()[kind]).exists(), kind


def test_a_name_is_found_by_its_sound_and_the_nearest_comes_first(contest, supervisor):
    found = titles(supervisor, "segu")
    assert any(one.startswith("Ségou") for one in found)
    assert found[0].split(" (")[0] in ("Ségou", "Segou")
    for nothing in ("zzzz", "*", '"'):
        assert titles(supervisor, nothing) == []
    assert isinstance(titles(supervisor, '") OR ("x'), list)


def test_a_contest_that_changes_its_name_is_found_by_the_new_one(contest, supervisor):
    country.update_contest(contest=contest, by=supervisor, name_fr="Scrutin des pirogues")
    assert titles(supervisor, "pirogues") == ["Scrutin des pirogues"]


def test_what_went_by_the_services_is_put_right_by_a_reading(contest, supervisor):
    services.gather()
    Contest.objects.filter(pk=contest.pk).update(name_fr="Nom venu d’ailleurs")
    assert titles(supervisor, "ailleurs") == []
    assert services.reread() >= 1 and titles(supervisor, "ailleurs") == ["Nom venu d’ailleurs"]
    assert indexed()[0] and services.reread() == 0


def test_the_page_opens_an_identifier_and_says_when_its_letter_is_wrong(client, sign_in, contest, supervisor):
    sign_in(supervisor)
    good = registry.identifier_of(contest)
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    assert client.get("/recherche/", {"q": good}).url == reverse("chain:record", args=[good])
    page = client.get("/recherche/", {"q": wrong})
    assert page.status_code == 200 and b"IDN" not in page.content and "identifiant" in page.content.decode()
    assert contest.name_fr in client.get(f"/fiches/{good}/").content.decode()
    assert client.get(f"/fiches/{wrong}/").status_code == 404


def test_a_stranger_gets_the_same_404_for_what_is_hidden_and_what_is_not(client, contest):
    hidden, none = registry.identifier_of(contest), registry.every()["contest"].identifier(999_999)
    assert client.get(f"/fiches/{hidden}/").status_code == client.get(f"/fiches/{none}/").status_code == 404


def test_finding_a_person_is_a_reading_in_the_ledger(client, sign_in, supervisor, contest):
    boss = make_person("boss")
    holds_only(boss, "people.read")
    sought = make_person("cherchee")
    services.gather()
    sign_in(boss)
    before = Act.objects.filter(kind="read.persons").count()
    assert sought.full_name in client.get("/recherche/", {"q": "cherchée"}).content.decode()
    assert Act.objects.filter(kind="read.persons").count() == before + 1


def test_every_link_has_a_page_of_all_its_records(client, sign_in, contest, supervisor):
    sign_in(supervisor)
    one = sheet_of(supervisor, contest.election.geography)
    way = next(w for w in queries.ways(supervisor, one, up=False) if w.kind.key == "area")
    page = client.get(reverse("chain:way", args=[one.identifier, way.word]))
    assert page.status_code == 200 and page.context["page"].paginator.count == way.count
    assert client.get(reverse("chain:way", args=[one.identifier, "porte-eats-area"])).status_code == 404
