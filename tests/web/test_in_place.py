"""A refused act comes back on its page with what was typed; it opens no page that its reader may not read."""

import pytest

from tests.conftest import make_person

pytestmark = pytest.mark.django_db
HOUSE = "http://testserver"


def test_a_refused_act_is_said_at_its_form_which_keeps_what_was_typed(calendar, supervisor, sign_in):
    here, client = f"/echeances/{calendar.code}/?vue=semaine", sign_in(supervisor)
    typed = {"csrfmiddlewaretoken": "t", "act": "texts", "law_date": "31/02/2027", "reason": "relu avec le greffe"}
    answer = client.post(f"/echeances/{calendar.code}/reglages/", typed, headers={"referer": HOUSE + here})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'id="refused"' in text and "EDG-101" in text
    assert 'value="31/02/2027"' in text and 'value="relu avec le greffe"' in text
    assert text.count("<h1") == 1 and "vue=semaine" in text


def test_without_a_page_of_the_house_behind_it_the_refusal_has_its_own(calendar, supervisor, sign_in):
    client, to = sign_in(supervisor), f"/echeances/{calendar.code}/reglages/"
    for referer in ("", "https://elsewhere.example/echeances/", HOUSE + "/nowhere/", HOUSE + "/codes/"):
        answer = client.post(to, {"csrfmiddlewaretoken": "t", "act": "texts", "reason": "x", "law_date": "?"}, headers={"referer": referer})
        assert answer.status_code == 422 and b'id="refused"' not in answer.content and b"EDG-101" in answer.content


def test_a_page_that_the_reader_may_not_open_is_not_drawn_by_a_refusal(calendar, supervisor, sign_in):
    hidden = f"/personnes/{supervisor.username}/"
    nobody = make_person("simple-lecteur")
    client = sign_in(nobody)
    assert client.get(hidden).status_code == 403
    answer = client.post("/avis/", {"csrfmiddlewaretoken": "t", "act": "?"}, headers={"referer": HOUSE + hidden})
    assert answer.status_code == 422 and supervisor.full_name not in answer.content.decode()
