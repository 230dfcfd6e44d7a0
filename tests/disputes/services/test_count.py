"""The Court's own count: blind, by its own clerks, on all or on a sample drawn from a committed seed; then explained."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from kalata.disputes.models import CourtEntry, CourtSheet
from kalata.disputes.queries import count as queries
from kalata.disputes.rules import count as rules
from kalata.disputes.rules.count import Reading
from kalata.disputes.services import count
from kalata.refusals import Forbidden
from kalata.results.models import StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Sheet, Standing
from tests.conftest import make_person
from tests.court import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def president(pack_version):
    return make_person("presidente-essai", "presidence")


@pytest.fixture
def clerks(pack_version):
    return [make_person(f"recenseur-{n}", "recensement") for n in range(3)]


def right_figures(sheet):
    row = StationReport.objects.filter(station=sheet.station).order_by("version").first()
    return sheet_of(row.sheet, queries.boxes_of(sheet.station.contest))


def moved(sheet, by=3):
    return Sheet(sheet.boxes, (sheet.votes[0] - by, sheet.votes[1] + by, *sheet.votes[2:]))


def counted_all(contest, clerks, wrong=()):
    """Every station read twice; those named, with three votes on the other line."""
    for one in CourtSheet.objects.filter(count__contest=contest).select_related("station__contest"):
        figures = right_figures(one)
        figures = moved(figures) if one.station.code in wrong else figures
        for clerk in clerks[:2]:
            count.read(sheet_id=one.pk, sheet=figures, by=clerk)


def test_every_station_is_read_by_two_clerks_who_see_nothing_of_each_other(published, president, clerks):
    made = count.open_count(contest=published, by=president)
    assert made.sheets.count() == 4 and queries.progress(made)[Reading.FIRST] == 4
    first = queries.waiting(made, clerks[0])
    assert count.read(sheet_id=first.pk, sheet=right_figures(first), by=clerks[0]) is Reading.SECOND
    assert queries.waiting(made, clerks[0]).pk != first.pk and queries.waiting(made, clerks[1]).pk == first.pk
    with pytest.raises(rules.NotYourSheet):
        count.read(sheet_id=first.pk, sheet=right_figures(first), by=clerks[0])
    assert count.read(sheet_id=first.pk, sheet=right_figures(first), by=clerks[1]) is Reading.AGREED
    with pytest.raises(rules.NotYourSheet):
        count.read(sheet_id=first.pk, sheet=right_figures(first), by=clerks[2])


def test_a_third_person_settles_line_by_line_and_invents_nothing(published, president, clerks):
    one = count.open_count(contest=published, by=president).sheets.first()
    figures = right_figures(one)
    count.read(sheet_id=one.pk, sheet=figures, by=clerks[0])
    assert count.read(sheet_id=one.pk, sheet=moved(figures), by=clerks[1]) is Reading.THIRD
    with pytest.raises(rules.NotYourSheet):
        count.read(sheet_id=one.pk, sheet=figures, by=clerks[1])
    with pytest.raises(rules.NotOneOfTwo) as met:
        count.read(sheet_id=one.pk, sheet=moved(figures, 9), by=clerks[2])
    assert met.value.params["line"] == "c1"
    assert count.read(sheet_id=one.pk, sheet=figures, by=clerks[2]) is Reading.AGREED


def test_only_the_court_counts_and_the_electoral_authority_sees_none_of_it(published, president, clerks, supervisor):
    with pytest.raises(Forbidden):
        count.open_count(contest=published, by=supervisor)
    one = count.open_count(contest=published, by=president).sheets.first()
    with pytest.raises(Forbidden):
        count.read(sheet_id=one.pk, sheet=right_figures(one), by=supervisor)
    with pytest.raises(rules.AlreadyCounting):
        count.open_count(contest=published, by=president)


def test_a_sample_follows_from_the_seed_that_was_committed_and_from_no_other(published, president):
    seed = "seize mots tirés en public le 12 mars"
    for bad in ({"size": 2, "commitment": "x"}, {"size": 9, "commitment": rules.commitment(seed)}, {"size": 2}):
        with pytest.raises(rules.BadSample):
            count.open_count(contest=published, by=president, **bad)
    made = count.open_count(contest=published, by=president, size=2, commitment=rules.commitment(seed))
    assert not made.sheets.exists()
    with pytest.raises(rules.NotCounted):
        count.complete(published)
    with pytest.raises(rules.BadSample):
        count.draw(contest=published, seed="autre graine", by=president)
    count.draw(contest=published, seed=seed, by=president)
    codes = list(published.stations.values_list("code", flat=True))
    assert sorted(made.sheets.values_list("station__code", flat=True)) == rules.drawn(seed, codes, 2)
    with pytest.raises(rules.BadSample):
        count.draw(contest=published, seed=seed, by=president)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(made).objects.filter(pk=made.pk).update(seed="autre")


def test_each_difference_is_listed_and_explained_before_anything_is_proclaimed(published, president, clerks, registrar, judge):  # fmt: skip
    made = count.open_count(contest=published, by=president)
    with pytest.raises(rules.StillToCount):
        count.complete(published)
    counted_all(published, clerks, wrong=("KAY-001", "SEG-001"))
    found = queries.apart(made)
    assert [a.station for a in found] == ["KAY-001", "SEG-001"]
    assert [line for line, _house, _court in found[0].lines] == ["c1", "c2"]
    with pytest.raises(rules.Unexplained) as met:
        count.complete(published)
    assert met.value.params == {"n": 2, "station": "KAY-001"}
    for one in found:
        count.explain(sheet_id=one.sheet, on=one.on, words="chiffre surchargé, original relu", by=registrar)
    assert count.complete(published).pk == made.pk
    decide(StationReport.objects.filter(station__code="KAY-001").first().station, Standing.ANNULLED, signer=judge, by=registrar)  # fmt: skip
    with pytest.raises(rules.Unexplained):  # another record in force: what was explained was of the one before
        count.complete(published)
    with pytest.raises(rules.NoDifference):
        count.explain(sheet_id=found[0].sheet, on=found[0].on, words="x", by=registrar)


def test_a_station_annulled_with_the_figures_that_the_court_read_is_no_difference(published, president, clerks, registrar, judge):  # fmt: skip
    made = count.open_count(contest=published, by=president)
    counted_all(published, clerks)
    decide(StationReport.objects.filter(station__code="SEG-001").first().station, Standing.ANNULLED, signer=judge, by=registrar)  # fmt: skip
    assert queries.apart(made) == []


def test_the_database_refuses_a_second_reading_by_the_same_person_and_changes_none(published, president, clerks):
    one = count.open_count(contest=published, by=president).sheets.first()
    count.read(sheet_id=one.pk, sheet=right_figures(one), by=clerks[0])
    entry = CourtEntry.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CourtEntry.objects.create(sheet=one, rank=2, by=clerks[0], figures=entry.figures, at=entry.at)
    with pytest.raises(DatabaseError), transaction.atomic():
        CourtEntry.objects.update(figures=b"")
