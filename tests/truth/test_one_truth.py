"""Every page, file, feed and answer says the same number under the same name: read them all, compare with a plain account."""

import os

import pytest
from django.test import Client

from kalata.country import services as country
from kalata.ledger import answers
from tests.conftest import mali
from tests.truth import outputs, register
from tests.truth.history import staff, story

pytestmark = pytest.mark.django_db
SEEDS = range(int(os.environ.get("KALATA_HISTORIES", "100" if os.environ.get("KALATA_NIGHTLY") else "12")))


@pytest.fixture
def place(tmp_path, settings, monkeypatch):
    return outputs.house(tmp_path, settings, monkeypatch)


def test_every_output_tells_the_same_truth_on_random_histories(place):
    pack = country.load_pack_version(mali())
    house = staff()
    told, wrong = 0, []
    for seed in SEEDS:
        one = story(seed, house, pack)
        outputs.publish(one, place)
        if seed % 3 == 0:  # the next publication draws only what changed
            one.go_on(2)
            outputs.publish(one, place)
        found = outputs.read_all(one, place, Client())
        apart = [*outputs.compare(one, found), *register.apart(one, place, Client())]
        wrong += [f"history {seed}: {one.acts}", *apart[:40]] if apart else []
        wrong += [f"history {seed}: {fault}" for fault in answers.faults()[:5]]
        told += sum(len(values) for values in found.values())
    assert not wrong, "\n".join(wrong)
    print(f"{len(SEEDS)} histories, {told} figures compared, 0 apart")
