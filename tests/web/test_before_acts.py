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
