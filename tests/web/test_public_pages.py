"""What a citizen reads of one station, and how it is found."""

import pytest
from django.urls import reverse

from kalata.country.models import Station


@pytest.fixture
def station(published):
    return Station.objects.filter(contest=published).order_by("pk").first()


@pytest.mark.django_db
def test_a_station_is_found_by_its_place_with_a_letter_wrong_and_the_page_says_so(client, published):
    there = reverse("results:stations", args=[published.code])
    place = Station.objects.filter(contest=published).exclude(unit=None).select_related("unit").first()
    name = place.unit.name
    assert len(name) > 4
    wrong = name[:2] + name[3] + name[2] + name[4:]
    text = client.get(there, {"q": wrong}).content.decode()
    assert (
        place.code in text
        and "Aucun nom exact" in text
        and reverse("results:area", args=[published.code, place.unit_id]) in text
    )
    assert "Aucun nom exact" not in client.get(there, {"q": name}).content.decode()
    assert "Aucun bureau ne répond" in client.get(there, {"q": "xyzzyq"}).content.decode()


@pytest.mark.django_db
def test_a_station_s_page_has_its_bars_the_50_line_and_what_to_do_where_a_paper_differs(client, published, station):
    text = client.get(reverse("results:station", args=[published.code, station.pk])).content.decode()
    assert text.count('class="mj"') == published.options.count() and ">50 %</text>" in text
    assert reverse("results:differs", args=[published.code, station.pk]) in text
    assert "n’est pas encore dans le site public" in text  # no site stands beside this house: no proof is claimed


@pytest.mark.django_db
def test_the_remedies_shown_are_those_of_the_pack_with_their_doubt_and_a_form_to_print(client, published, station):
    text = client.get(reverse("results:differs", args=[published.code, station.pk])).content.decode()
    assert "Cour constitutionnelle" in text and "48 heures" in text and "non vérifié" in text
    assert "écrite, signée, datée, certifiée" in text and "Déclaration d’écart" in text and station.code in text


@pytest.mark.django_db
def test_the_whole_stands_under_its_parts_and_is_compared_with_what_the_house_holds(client, published):
    text = client.get(reverse("results:contest", args=[published.code])).content.decode()
    assert '<tr data-area="nation"><th scope="row">Ensemble</th>' in text
    assert "archives du pack" in text and "Présidentielle" in text


@pytest.mark.django_db
def test_a_contest_is_compared_with_another_through_the_reader_s_own_eyes(client, published, supervisor):
    """Who reads this contest before its publication is anybody for the other one."""
    from django.contrib.auth.models import AnonymousUser

    from kalata.country.models import Contest
    from kalata.results.queries import board as boards
    from kalata.results.queries import comparing
    from kalata.results.rules.comparing import Against

    first = Contest.objects.get(pk=published.pk)
    first.previous = Contest.objects.get(pk=published.pk)
    seen = comparing.others(first, AnonymousUser())
    assert [(against, boards.eyes_of(one)) for against, one in seen] == [(Against.ROUND, ())]
    Contest.objects.filter(pk=published.pk).update(published_at=None)
    first.previous = Contest.objects.get(pk=published.pk)
    assert comparing.others(first, AnonymousUser()) == []
    assert [boards.eyes_of(one) for _against, one in comparing.others(first, supervisor)] == [None]
