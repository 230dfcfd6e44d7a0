"""The remedies on screen, for everybody: each body with its stage and its delay, and what nobody has verified said so."""

from __future__ import annotations

import pytest

from kalata.country import services as country
from kalata.country.models import Geography
from kalata.disputes.queries import recourse
from tests.disputes import other_country

pytestmark = pytest.mark.django_db
HERE = "/contentieux/recours/"


def of(version, about):
    return [w for w in recourse.ways_of(version) if w.about == about]


def test_a_refused_enrolment_goes_to_the_commission_then_to_the_civil_judge_each_with_its_delay(client, contest):
    (way,) = of(contest.election.pack, "liste électorale")
    assert [s.body.record["body"] for s in way.steps] == ["administrative_commission", "civil_judge"]
    assert [[r["id"] for _words, r in s.limits] for s in way.steps] == [["ML-REGISTER-CLAIMS"], ["ML-REGISTER-COURT"]]
    assert all(not s.body.court and s.sources for s in way.steps) and len(way.contests) == 5
    page = client.get(HERE).content.decode()
    assert "Commission administrative de révision des listes" in page and "Juge civil" in page and "ensuite" in page
    assert "juge unique" in page and "quorum non trouvé" in page  # of the commission: the pack does not know it


def test_what_is_from_memory_or_not_found_is_marked_and_no_delay_is_invented(client, contest):
    ways = [w for w in of(contest.election.pack, "opérations de vote") if "élections communales" in w.contests]
    (step,) = ways[0].steps
    assert step.record["confidence"] == "from memory, verify" and step.limits == ()
    page = client.get(HERE).content.decode()
    assert "non trouvé dans les textes lus" in page and "à vérifier" in page


def test_the_page_is_of_the_pack_of_the_last_contest(client, contest, tmp_path):
    assert "quorum 5" in " ".join(client.get(HERE).content.decode().split())
    found = other_country.pack(tmp_path)
    election = country.create_election(
        code="xa", name_fr="X", name_en="X", pack=country.load_pack_version(found), polling_day=None,
        geography=Geography.objects.get(code="xa-pays"),
    )  # fmt: skip
    country.create_contest(election=election, code="xa-pres", name_fr="X", system=dict(found.engine_systems()["BJ-PRES"]), boxes=["valid"])  # fmt: skip
    page = " ".join(client.get(HERE).content.decode().split())
    assert "Tribunal électoral" in page and "quorum 2" in page and "Juge civil" not in page


def test_without_any_pack_it_says_so(client, monkeypatch):
    monkeypatch.setattr(recourse, "pack_shown", lambda: None)
    assert "Aucun pack" in client.get(HERE).content.decode()
