"""Pools and needs are entered by people; who asks for more than there is, is seen; a levelling's lines are decided one by one."""

import re
from types import SimpleNamespace

import pytest

from kalata.planning.models import LevelRun, Modification
from kalata.planning.queries import content
from kalata.planning.queries.schedule import dates
from kalata.planning.services import levelling
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db
POOLS = "pool,from,to,capacity,name,territory,flag,source\nEQ,2026-01-01,,1,Équipes,ML-KAY,S,note 12\n"
NEEDS = "id,pool,units\nA,EQ,1\nB,EQ,1\n"


@pytest.fixture
def two(election):
    """A and B each want the one team, and may begin on the same day; C follows B."""
    return small(election, "A 5 cd", "B 3 cd", "C 2 cd B", "Z 1 cd A;C")


def here(version):
    return f"/planification/{version.pk}/ressources/"


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u202f", " ").replace("\xa0", " "))


def hidden(answer, name):
    return re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def keep(client, version, what, table):
    trial = client.post(here(version), {"act": "try", "what": what, "table": table})
    assert trial.status_code == 200 and "rien n’est enregistré" in text(trial)
    seen = trial.context["trial_seen"]
    return client.post(here(version), {"act": "keep", "what": what, "table": table, "seen": seen})


def test_until_somebody_enters_them_there_are_no_resource_data_and_nothing_is_levelled(two, planner, sign_in):
    client = sign_in(planner)
    page = client.get(here(two))
    assert "Aucune donnée de ressources" in text(page) and 'value="level"' not in page.content.decode()
    refused = client.post(here(two), {"act": "level", "seconds": "10", "seen": page.context["stamp"]})
    assert refused.status_code == 422 and "PLN-122" in text(refused)


def test_a_table_is_tried_then_kept_and_the_overload_is_shown_with_who_asks(two, planner, sign_in):
    client = sign_in(planner)
    assert keep(client, two, "pools", POOLS).status_code == 302
    assert keep(client, two, "needs", NEEDS).status_code == 302
    page = client.get(here(two))
    assert "1 surcharge" in text(page) and "Kayes" in text(page) and "A</a> (1)" in text(page)
    assert [(o.first.isoformat(), o.last.isoformat(), o.over) for o in page.context["overs"]] == [("2026-01-05", "2026-01-07", 1)]  # fmt: skip
    assert page.context["chart"].over == 1


def test_a_table_that_moved_since_it_was_tried_is_not_kept(two, planner, sign_in):
    client = sign_in(planner)
    trial = client.post(here(two), {"act": "try", "what": "pools", "table": POOLS})
    keep(client, two, "pools", POOLS.replace(",1,", ",4,"))
    late = client.post(here(two), {"act": "keep", "what": "pools", "table": POOLS, "seen": trial.context["trial_seen"]})
    assert late.status_code == 409 and two.plan.pools.get().periods.get().amount == 4


@pytest.mark.parametrize(
    ("table", "code", "said"),
    [
        ("pool,from,capacity\nEQ,2026-01-01,un\n", "PLN-110", "Ligne 2"),
        ("pool,from,to,capacity\nEQ,2026-01-01,,1\nEQ,2026-02-01,,2\n", "PLN-108", "mêmes jours"),
        ("nom,capacity\nEQ,1\n", "PLN-108", "manque la colonne pool"),
        ("pool,from,capacity,flag\nEQ,2026-01-01,1,S\n", "PLN-110", "flag"),
        ("pool,from,capacity,territory\nEQ,2026-01-01,1,ML-NULLE\n", "PLN-110", "territory"),
    ],
)
def test_a_table_of_pools_that_cannot_be_read_is_refused_by_row_and_field(two, planner, sign_in, table, code, said):
    answer = sign_in(planner).post(here(two), {"act": "try", "what": "pools", "table": table})
    assert answer.status_code == 422 and code in text(answer) and said in text(answer)
    assert not two.plan.pools.exists()


def test_a_pool_is_described_by_hand_and_a_period_never_covers_another(two, planner, sign_in):
    client = sign_in(planner)
    seen = client.get(here(two)).context["pools_stamp"]
    assert client.post(here(two), {"act": "pool", "pool": "VEH", "flag": "A", "seen": seen}).status_code == 302
    page = client.get(here(two) + "?pool=VEH")
    period = {"act": "period", "pool": "VEH", "first": "2026-01-05", "last": "2026-03-01", "amount": "3"}
    assert client.post(here(two), {**period, "seen": page.context["pools_stamp"]}).status_code == 302
    seen = client.get(here(two)).context["pools_stamp"]
    again = client.post(here(two), {**period, "first": "2026-02-01", "last": "", "seen": seen})
    assert again.status_code == 422 and "PLN-224" in text(again)
    assert client.post(here(two), {"act": "need", "code": "A", "pool": "VEH", "units": "2"}).status_code == 302
    gone = client.post(here(two), {"act": "unpool", "pool": "VEH", "seen": seen})
    assert gone.status_code == 409 and "PLN-225" in text(gone)


@pytest.fixture
def ready(two, planner, sign_in):
    client = sign_in(planner)
    keep(client, two, "pools", POOLS)
    keep(client, two, "needs", NEEDS)
    return client


def test_a_levelling_shows_its_bound_and_an_accepted_line_becomes_a_link_of_the_draft(ready, two):
    page = ready.get(here(two))
    assert ready.post(here(two), {"act": "level", "seconds": "10", "seen": page.context["stamp"]}).status_code == 302
    page = ready.get(here(two))
    level = page.context["level"]
    assert level["status"] == "optimal" and level["gap"] == 0 and level["later"] == 3
    (line,) = level["lines"]
    assert (line.wait.code, line.wait.pred, line.wait.own) == ("A", "B", 3)
    assert page.context["effect"].end[1] == level["end"].isoformat()
    form = {"act": "accept", "run": page.context["run"].pk, "line": ["A"], "seen": page.context["level_stamp"]}
    assert ready.post(here(two), form).status_code == 302
    cells = {c["id"]: c for c in content.sheet(two)}
    assert cells["A"]["predecessors"] == "B" and Modification.objects.filter(what="level").count() == 1
    assert dates(two).last(dates(two).schedule.target) == level["end"]
    assert "Aucune réserve n’est surchargée" in text(ready.get(here(two)))
    assert ready.post(here(two), form).status_code == 409  # the page it was read on is gone
    fresh = ready.get(here(two)).context["level_stamp"]
    twice = ready.post(here(two), {**form, "seen": fresh})
    assert twice.status_code == 409 and "PLN-229" in text(twice)


def test_a_discarded_line_changes_nothing(ready, two):
    ready.post(here(two), {"act": "level", "seconds": "10", "seen": ready.get(here(two)).context["stamp"]})
    page = ready.get(here(two))
    form = {"act": "discard", "run": page.context["run"].pk, "line": ["A"], "seen": page.context["level_stamp"]}
    assert ready.post(here(two), form).status_code == 302
    assert "écartée" in text(ready.get(here(two))) and not Modification.objects.filter(what="level").exists()


def test_a_levelling_says_how_far_it_is_and_a_person_stops_it(ready, two, monkeypatch):
    monkeypatch.setattr(levelling, "level_version", SimpleNamespace(enqueue=lambda pk: None))
    ready.post(here(two), {"act": "level", "seconds": "10", "seen": ready.get(here(two)).context["stamp"]})
    page = ready.get(here(two))
    assert "Nivellement en cours" in text(page) and 'http-equiv="refresh"' in page.content.decode()
    assert ready.post(here(two), {"act": "halt"}).status_code == 302
    assert "arrêté avant d’avoir rien trouvé" in text(ready.get(here(two)))
    run = LevelRun.objects.get()
    run.ended_at = run.stopped_at = None  # as if it had begun: the search is told at its next question
    run.save()
    told = levelling.Told(run)
    assert not told()
    levelling.stop(version=two, by=run.by)
    told.at = -9.0
    assert told()


def test_who_only_reads_sees_everything_and_no_form(ready, two, sign_in):
    client = sign_in(make_person("auditeur", "auditeur"))
    page = client.get(here(two))
    assert "1 surcharge" in text(page) and 'name="act"' not in page.content.decode().split("</header>")[1].split("<footer")[0]  # fmt: skip
    assert client.post(here(two), {"act": "halt"}).status_code == 403
