"""An activity shows what it is tied to in the other rooms, and they show it back; each to who may read it alone."""

import pytest

from kalata.people.queries import may
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.tied import holds
from kalata.training.rules.rights import READ as READ_TRAINING
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("said", "code", "is_in"),
    [("F", "F08", True), ("F", "FX1", False), ("R05;B17", "B17", True), ("R05", "R051", False), ("", "F08", False)],
)
def test_a_line_names_a_letter_or_one_activity(said, code, is_in):
    assert holds(said, code) is is_in


def test_an_activity_links_to_the_room_that_does_it_where_that_room_is_open_to_the_reader(
    draft, planner, client, sign_in
):
    seen = {}
    for person in (planner, make_person("auditeur", "auditeur"), make_person("tribune", "observateur")):
        sign_in(person)
        if client.get(f"/planification/{draft.pk}/").status_code == 200:
            said = page(client, f"/planification/{draft.pk}/?a=F08")
            seen[person.username] = ('href="/formation/cascade/"' in said, may(person, READ_TRAINING))
    assert all(shown == right for shown, right in seen.values()) and any(right for _shown, right in seen.values()), seen


def test_an_activity_of_petitions_links_to_results_and_appeals_and_says_its_risks(draft, planner, client, sign_in):
    sign_in(planner)
    said = page(client, f"/planification/{draft.pk}/?a=R06")
    assert (
        'href="/contentieux/recours/"' in said
        and 'href="/resultats/"' in said
        and 'href="/contentieux/role/"' not in said
    )
    assert "I-02" in page(client, f"/planification/{draft.pk}/?a=L03")


def test_the_other_room_shows_the_activity_back_with_its_days_to_who_reads_plans(draft, client, sign_in):
    both = make_person("auditeur", "auditeur")
    assert may(both, READ_TRAINING)
    sign_in(both)
    said = page(client, "/formation/cascade/")
    at = dates(draft).places["F08"]
    assert f'href="/planification/{draft.pk}/?a=F08#opened"' in said and str(dates(draft).start(at).year) in said
    sign_in(make_person("pedagogie", "cellule-pedagogique"))
    assert "F08#opened" not in page(client, "/formation/cascade/")


def test_a_legal_date_of_the_plan_and_its_page_of_legal_time_show_each_other(draft, planner, client, sign_in):
    from django.utils import timezone

    from kalata.deadlines.models import Calendar

    Calendar.objects.create(
        election=draft.plan.election, code="pres-27", family="presidential", rounds=2, published_at=timezone.now()
    )
    key = next(c["norm"] for c in dates(draft).sheet if c["id"] == "C02")
    law = f"/echeances/pres-27/regle/{key}/"
    assert "/planification/" not in page(client, law), "the public reads the law, not the plan"
    sign_in(planner)
    assert f'href="{law}"' in page(client, f"/planification/{draft.pk}/?a=C02")
    assert f'href="/planification/{draft.pk}/?a=C02#opened"' in page(client, law)
