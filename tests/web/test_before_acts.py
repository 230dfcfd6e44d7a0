"""An act that takes something away is one more gesture, and says in figures what it does before it is done."""

import re

import pytest

from kalata.deadlines import services as deadlines

pytestmark = pytest.mark.django_db


def folded(text, label):
    """The folded act of that name; fails where there is none."""
    found = [one for one in re.findall(r'<details class="more sure".*?</details>', text, re.S) if label in one]
    assert found, label
    return found[0]


def test_a_calendar_says_how_many_time_limits_become_public_and_who_follows_it(calendar, supervisor, sign_in):
    client, here = sign_in(supervisor), f"/echeances/{calendar.code}/"
    act = folded(client.get(here).content.decode(), "Publier ce calendrier")
    terms = int(re.search(r"(\d+) échéances", act).group(1))
    assert terms > 5 and 'name="act" value="publish"' in act
    deadlines.publish_calendar(calendar=calendar, public=True, reason="prêt", by=supervisor)
    deadlines.follow(calendar=calendar, actor="", by_mail=False, by=supervisor)
    act = folded(client.get(here).content.decode(), "Retirer du public")
    assert f"{terms} échéances" in act and "1 personne le suit" in act
    refused = client.post(f"{here}reglages/", {"csrfmiddlewaretoken": "t", "act": "recall", "reason": ""}, headers={"referer": f"http://testserver{here}"})
    assert refused.status_code == 422 and "open" in folded(refused.content.decode(), "Retirer du public")[:40]


def test_a_publication_says_the_stations_that_become_readable(counted, supervisor, sign_in):
    text = sign_in(supervisor).get(f"/resultats/gerer/{counted.code}/").content.decode()
    assert re.search(r"4 bureaux comptés sur .{1,3} deviennent lisibles", text), text[-3000:]


def test_opening_a_sitting_says_who_is_there_and_what_waits(counted, sign_in):
    from kalata.people import services as people
    from kalata.people.models import Person
    from kalata.tally.services import commission

    by = Person.objects.create(username="commission-x", full_name="Commission", is_active=True)
    people.give_mandate(person=by, role="commission")
    made = commission.convene(contest=counted, unit=None, title="Séance", quorum=2, members="A ; x\nB ; y", purpose="", by=by)
    act = folded(sign_in(by).get(f"/resultats/centralisation/{counted.code}/commission/{made.pk}/").content.decode(), "Ouvrir la séance")
    here = made.members.filter(present=True).count()
    assert re.search(rf"{here} membres? notés? présents?, pour un quorum de 2", act), act
    assert re.search(r"\d+ procès-verba(l|ux) contrôlés? attend", act), act


def test_a_load_of_the_court_cut_short_leaves_no_key_in_the_way(db, settings, tmp_path):
    from kalata.disputes import demonstration
    from kalata.disputes.services import counters, keys

    settings.COUNTER_KEYS = tmp_path
    keys.create("BKO1")  # its row was rolled back
    kept = counters.open_counter(code="WEB1", name="En ligne", by=None, online=True)
    demonstration.forget_half_a_load()
    assert not keys.path_of("BKO1").exists() and keys.private("WEB1", kept.key)
