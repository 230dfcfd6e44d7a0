"""The power is cut in a receipt, in a merge, in a signature, in the execution of a decision: nothing half done, nothing lost.

Real processes, killed (`tests.kills`). After each kill the house is where one of its steps left it, with every row of
that step and none of the next; what was answered is there; all its faults are looked for; and done again, the act is
completed or refused with its code, the house ending where an act never cut ends.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from kalata.disputes.rules import sealed_bundles
from kalata.disputes.services import carrying, counters, intake, rulings
from kalata.disputes.signing import authority, court
from tests.conftest import make_person
from tests.disputes.desk import AT, filing, open_court
from tests.disputes.desk import own_keys as own_keys
from tests.disputes.killed import ACTS
from tests.disputes.offline import Laptop
from tests.disputes.publishing import notified, published_text
from tests.disputes.services.test_rulings import keys as keys
from tests.disputes.services.test_rulings import petition as petition
from tests.disputes.services.test_rulings import president as president
from tests.disputes.services.test_rulings import ruling as ruling
from tests.disputes.services.test_rulings import told as told
from tests.kills import FAST, House, Killer, instants
from tests.sizes import size

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = "huit mots au hasard et huit autres mots encore"
FREE = {"evidence_content", "evidence_custody"}
"""Files are kept before the act that joins them to a record: what nobody joins says who brought it, and no more."""


@pytest.fixture(autouse=True)
def keys_of_the_court_open_fast(monkeypatch):
    monkeypatch.setattr(authority, "COST", FAST)


@pytest.fixture(scope="module")
def killer():
    one = Killer(ACTS)
    yield one
    one.close()


@pytest.fixture
def house(tmp_path):
    made = []

    def take():
        made.append(House(tmp_path / "house", KALATA_COURT_PASSPHRASE=PHRASE))
        return made[-1]

    yield take
    for one in made:
        one.close()


def named(*steps):
    return [f"{ACTS}:{step}" for step in steps]


def stand(told):
    return {"stands": told["stands"], "counts": {k: n for k, n in told["counts"].items() if k not in FREE}}


def kill(killer, house, steps, *, seed, again=()):
    """Kill the steps at every instant dealt. again: the codes by which a step that was already done is refused.

    The faults that the house has before any act, of what the test wrote without a service, are those it has afterwards.
    """
    house.put_back()
    one_by_one = killer.run(house, named("looked", *(name for step in steps for name in (step, "looked"))))
    assert one_by_one.codes() == [""] * (2 * len(steps) + 1)
    looks = [one["told"] for one in one_by_one.said[::2]]
    stands, acknowledged, left = [stand(told) for told in looks], 0, 0
    assert all(told["faults"] == looks[0]["faults"] for told in looks)
    assert all(a != b for a, b in pairwise(stands)), "a step that changes nothing is not cut"
    house.put_back()
    whole, reached = killer.run(house, named(*steps)), []
    for how in instants(size(3, 50), whole, seed=seed):
        house.put_back()
        done = killer.run(house, named(*steps), **how)
        after = killer.run(house, named("looked", *steps, "looked"))
        first, *redone, last = after.said
        assert first["told"]["faults"] == last["told"]["faults"] == looks[0]["faults"], how
        assert stand(first["told"]) in stands, (how, done)
        at = stands.index(stand(first["told"]))
        assert len(done.acknowledged) <= at <= len(done.acknowledged) + 1, (how, done, at)
        reached.append(at)
        acknowledged, left = acknowledged + len(done.acknowledged), max(left, first["told"]["unclaimed"])
        codes = [one.get("refused", "") for one in redone]
        assert set(codes) <= {"", *again} and codes[at:] == [""] * (len(steps) - at), (how, codes)
        assert stand(last["told"]) == stands[-1], how
    print(
        f"{steps}: {len(reached)} kills, steps reached {Counter(reached)}, {acknowledged} acknowledged, at most {left} files unclaimed"
    )
    assert {len(steps) - 1, len(steps)} <= set(reached), "the kills around the last commit"


def test_a_receipt_cut_short_is_whole_or_nothing_and_the_petitioner_is_received_the_next_time(
    contest, keys, killer, house
):
    who, _counter = open_court(contest)
    draft = intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])
    for name in ("r.txt", "pv.txt"):
        kept = intake.keep(name.encode(), name=name, by=who["clerk"])
        intake.attach(petition=draft, content=kept, name=name, kind="record", by=who["clerk"])
    kill(killer, house(), ("receive", "token", "paper"), seed=1, again={"DIS-126"})


def test_a_merge_cut_short_is_whole_or_nothing_and_the_same_bundle_then_merges(contest, keys, tmp_path, killer, house):
    who, _counter = open_court(contest)
    laptop = Laptop("MPT1")
    counters.open_counter(code="MPT1", name="Mopti", by=who["registrar"], key=laptop.key)
    for n in range(3):
        laptop.receive(AT + timedelta(minutes=n), pieces=[b"requete %d" % n, b"pv %d" % n])
    one = house()
    with laptop.bundle(tmp_path / "clear.zip").open("rb") as clear:
        carrying.sealed(clear, sealed_bundles.public(court.bundles_to()), one.home / "lot.zip")
    kill(killer, one, ("merge",), seed=2)


def test_a_signature_cut_short_leaves_no_signed_decision_without_its_papers(
    ruling, judge, president, keys, killer, house
):
    rulings.to_gate(ruling=ruling, by=judge)
    kill(killer, house(), ("sign",), seed=3, again={"DIS-105", "LIF-101"})


@pytest.mark.long
def test_fifty_kills_in_the_execution_of_a_decision_leave_nothing_half_done(
    ruling, judge, president, registrar, keys, killer, house
):
    published_text(
        notified(ruling, judge, president, registrar), make_person("publie-essai", "publication-cour"), registrar
    )
    kill(killer, house(), ("execute",), seed=4, again={"RES-341"})
