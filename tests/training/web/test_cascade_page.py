"""The planner of the cascade: the plan's own numbers proved or refuted place by place, contradictions with both sources, ways out priced."""

import re
from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from django.urls import reverse

from kalata.country.models import Station, Unit
from kalata.training.rules.cascade import Costs
from kalata.training.rules.cascade_case import Place, Terms, average, exits, lines_of, plan_of, shared, visits
from kalata.training.rules.cascade_solving import exactly
from tests.conftest import make_person

TERMS = Terms(25, 7, Fraction(1, 10), 5, 703, 3, Costs(15000, 8000, 12000, 2500, 180000))


def test_the_average_is_the_worked_case_of_the_guide():
    plain, reserve = (average(24416, TERMS, share) for share in (Fraction(0), Fraction(1, 10)))
    assert (plain.trainees, plain.classes, plain.capacity, plain.lack) == (122080, 4884, 4921, -37)
    assert (reserve.trainees, reserve.classes, reserve.lack) == (134288, 5372, 451)
    assert round(float(plain.per_pair), 2) == 6.95 and round(float(reserve.per_pair), 2) == 7.64


PLACES = [Place("A", "Aa", "K", 100), Place("B", "Bb", "K", 40), Place("C", "Cc", "L", 3)]


def test_pairs_are_shared_out_by_stations_one_at_least_and_none_is_lost():
    assert shared(PLACES, 13) == {"A": 8, "B": 4, "C": 1}
    assert sum(shared(PLACES, 703).values()) == 703
    assert shared(PLACES, 2) == {"A": 1, "B": 1, "C": 0}


def test_each_way_out_holds_with_the_pairs_it_adds_and_not_with_one_less():
    terms = Terms(25, 3, Fraction(1, 10), 5, 3, 3, TERMS.costs)
    poll = date(2027, 2, 28)
    lines = [line for _place, line in lines_of(PLACES, exactly(plan_of(PLACES, terms, poll)))]
    assert [(one.classes, one.pairs, one.lack) for one in lines] == [(22, 1, 19), (9, 1, 6), (1, 1, 0)]
    ways = {w.name: w for w in exits(PLACES, terms, poll, 30, 13)}
    assert ways["pairs"].more_pairs == (8 - 1) + (3 - 1) and ways["pairs"].days[-1] == date(2027, 2, 25)
    assert ways["one_day"].more_pairs == 32 - 3 and ways["one_day"].rooms == 22
    trained = 550 + 220 + 17
    assert ways["pairs"].cost == 32 * (15000 + 24000) + trained * 10500 + 9 * 180000
    assert len(ways["window"].days) == 13 and ways["window"].more_pairs == 1
    assert ways["window"].before_poll > ways["pairs"].before_poll > ways["one_day"].before_poll == 3


def test_mobile_teams_hold_every_class_one_a_day_and_lose_their_days_on_the_road():
    terms = Terms(25, 5, Fraction(1, 10), 5, 3, 3, TERMS.costs)
    poll, travel = date(2027, 2, 28), 2
    plan = plan_of(PLACES, terms, poll)
    held, moves = visits(plan, travel)
    assert Counter(v.area for v in held) == dict(zip("ABC", plan.needs(), strict=True))
    gone = 0
    for team in {v.team for v in held}:
        own = sorted((v for v in held if v.team == team), key=lambda v: v.day)
        assert len({v.day for v in own}) == len(own) and own[-1].day < terms.days
        assert len({plan.areas[v.area].parent for v in own}) == 1
        for one, other in pairwise(own):
            if one.area != other.area:
                gone += 1
                assert other.day - one.day > travel
    way = {w.name: w for w in exits(PLACES, terms, poll, 30, 13, travel)}["mobile"]
    assert (way.more_pairs, way.classes, moves) == (len({v.team for v in held}) - 3, 32, gone) and not way.proved
    assert way.cost == 32 * (15000 + 24000) + 787 * 10500 + way.more_pairs * 180000 + gone * travel * 24000


@pytest.fixture
def planner(client, sign_in, contest):
    sign_in(make_person("logistique-b", "logistique-formation"))

    def get(**asked):
        return client.get(reverse("cascade:plan"), asked)

    return get


def text(answer):
    assert answer.status_code == 200
    return re.sub(
        r"\s+", " ", answer.content.decode().replace("\u202f", " ").replace("&#8239;", " ").replace("\xa0", " ")
    )


def stations(contest, sizes):
    Station.objects.filter(contest=contest).delete()
    units = list(Unit.objects.filter(geography=contest.election.geography, level=2).order_by("code")[: len(sizes)])
    made = [(unit, n) for unit, size in zip(units, sizes, strict=True) for n in range(size)]
    Station.objects.bulk_create([Station(contest=contest, unit=u, code=f"{u.code}-{n}", code_key=f"{u.code}-{n}".upper()) for u, n in made])  # fmt: skip


@pytest.mark.django_db
def test_without_a_place_of_any_station_the_plan_alone_speaks_and_says_what_it_cannot(planner, contest):
    Station.objects.filter(contest=contest).update(unit=None)
    shown = text(planner())
    assert "4 884 ≤ 4 921" in shown and "5 372 &gt; 4 921" in shown and "Manque 451" in shown
    assert "ne peuvent pas être faites" in shown and "Les sorties et leur prix" not in shown


@pytest.mark.django_db
def test_the_contradictions_are_named_with_both_sources(planner):
    shown = text(planner())
    for said in ("703 communes ou 816", "48 832 manuels pour 122 080 agents", "120 formateurs nationaux pour 160 cercles", "134 288 à former", "B06 demande 122 080 agents en 3 jours", "30 000 agents de sécurité", "F12 compte 24 candidats", "Un quorum avec secrétaire", "sans bulletins blancs", "Un troisième exemplaire"):  # fmt: skip
        assert said in shown, said
    assert "plan opérationnel, ligne F03" in shown and "polling_station.yaml:QUORUM" in shown


@pytest.mark.django_db
def test_where_days_do_not_hold_the_page_says_by_how_much_where_and_what_each_way_out_costs(planner, contest):
    stations(contest, [300, 60, 12])
    answer = planner(binomes=6, jours=7)
    shown = text(answer)
    total = answer.context["total"]
    assert (
        total.classes == 66 + 14 + 3 and total.lack > 0 and f"7 jours ne tiennent pas : {total.lack} classes" in shown
    )
    assert [w.name for _said, w, _more in answer.context["ways"]] == ["pairs", "pairs_classes", "window", "window_classes", "mobile", "one_day"]  # fmt: skip
    assert all(w.more_pairs > 0 for _said, w, _more in answer.context["ways"][:1]) and "ligne à ligne" in shown
    shown = text(planner(binomes=60, jours=7))
    assert (
        "7 jours suffisent à 372 bureaux" in shown and "Le plan compte 24 416 bureaux, ce scrutin en a ici 372" in shown
    )


@pytest.mark.django_db
def test_what_is_not_a_number_is_left_aside_with_a_word_and_a_stranger_does_not_enter(planner, client, contest):
    assert "Laissé de côté" in text(planner(jours="sept"))
    client.logout()
    assert client.get(reverse("cascade:plan")).status_code == 302
