"""The acts of a draft as its writer works on them: added, changed, moved, taken out; what is wrong is named, all at once."""

import pytest

from kalata.disputes.models import Ruling
from kalata.disputes.queries import drafting as queries
from kalata.disputes.queries.elections import election_of
from kalata.disputes.rules import drafting as rules
from kalata.disputes.rules import rulings as life
from kalata.disputes.rules.acts import Faulty
from kalata.disputes.services import drafting, rulings
from kalata.people.rules.shown import PageMoved
from tests.disputes.services.test_rulings import petition, president, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db


def again(one):
    return Ruling.objects.get(pk=one.pk)


def words(*codes):
    return "\n".join(codes)


def made(one, said, **more):
    return queries.made(one, election_of(one.contest), said, **more)


def test_a_pasted_list_is_taken_whole_with_its_heading_its_spaces_and_its_columns(ruling):  # noqa: F811
    found = made(ruling, {"act": "ANNUL_STATION"}, listed="Bureau\nSAN-001 ; \n\n kit-001\t\n", name="1")
    assert found.holds and found.act["stations"] == [["SAN-001"], ["KIT-001"]]


def test_every_row_that_cannot_be_taken_is_named_at_once_with_its_remedy(ruling):  # noqa: F811
    listed = words("SAN-001", "XXX-9", "SAN-001", "SEG-001")
    found = made(ruling, {"act": "ANNUL_STATION"}, listed=listed)
    assert [(r.row, r.word) for r in found.rows] == [(2, "XXX-9"), (3, "SAN-001"), (4, "SEG-001")]
    said = [r.says.text("fr") for r in found.rows]
    assert "aucun bureau" in said[0] and "ligne 1" in said[1] and "acte 1" in said[2]
    assert all(r.remedy.text("fr") for r in found.rows) and again(ruling).acts == ruling.acts


def test_what_stands_before_is_read_in_the_record_and_after_the_acts_before_it(ruling, judge):  # noqa: F811
    election = election_of(ruling.contest)
    option = election.options[0]
    at = election.find(["SAN-001"])
    now = election.votes[0][at]
    first = made(ruling, {"act": "RECTIFY", "ground": "g1", "evidence": ["a" * 64]}, station="SAN-001", after={f"votes.{option}": now + 5})  # fmt: skip
    assert first.holds and first.acts[-1]["before"] == {f"votes.{option}": now}
    held = drafting.put_act(ruling=ruling, act=first.act, by=judge)
    second = made(held, {"act": "RECTIFY", "ground": "g1", "evidence": ["a" * 64]}, station="SAN-001", after={f"votes.{option}": now + 1})  # fmt: skip
    assert second.acts[-1]["before"] == {f"votes.{option}": now + 5}


def test_taking_an_act_out_reads_again_what_stood_before_the_next(ruling, judge):  # noqa: F811
    election = election_of(ruling.contest)
    box, now = f"votes.{election.options[0]}", election.votes[0][election.find(["SAN-001"])]
    for value in (now + 5, now + 1):
        act = {"act": "RECTIFY", "station": ["SAN-001"], "after": {box: value}}
        held = drafting.put_act(ruling=ruling, act=act, by=judge)
    assert held.acts[-1]["before"] == {box: now + 5}
    held = drafting.drop_act(ruling=held, name=held.acts[-2]["id"], by=judge)
    assert held.acts[-1]["before"] == {box: now}


def test_an_act_keeps_its_number_when_changed_and_its_place_when_it_is_at_an_end(ruling, judge):  # noqa: F811
    held = drafting.add_acts(ruling=ruling, acts=[{"act": "INVESTIGATE", "what": "a"}, {"act": "INVESTIGATE", "what": "b"}], by=judge)  # fmt: skip
    assert [a["id"] for a in held.acts] == ["1", "2", "3"]
    held = drafting.put_act(ruling=held, act={"act": "INVESTIGATE", "what": "c"}, name="2", by=judge)
    held = drafting.move_act(ruling=held, name="2", way="up", by=judge)
    held = drafting.move_act(ruling=held, name="2", way="up", by=judge)
    assert [(a["id"], a.get("what")) for a in held.acts] == [("2", "c"), ("1", None), ("3", "b")]
    with pytest.raises(rules.NoSuchAct):
        drafting.move_act(ruling=held, name="9", way="up", by=judge)


def test_several_acts_of_a_what_if_are_added_all_or_none(ruling, judge):  # noqa: F811
    good = {"act": "ANNUL_STATION", "stations": [["SAN-001"]]}
    with pytest.raises(Faulty) as met:
        drafting.add_acts(ruling=ruling, acts=[good, {"act": "ANNUL_STATION", "stations": [["SAN-001"]]}], by=judge)
    assert {f.code for f in met.value.others} == {"DIS-502"} and again(ruling).acts == ruling.acts
    assert len(drafting.add_acts(ruling=ruling, acts=[good], by=judge).acts) == 2


def test_an_old_tab_changes_nothing_and_a_draft_at_the_gate_is_not_written(ruling, judge):  # noqa: F811
    seen = drafting.stamp(ruling)
    drafting.put_act(ruling=ruling, act={"act": "INVESTIGATE", "what": "a"}, by=judge, seen=seen)
    with pytest.raises(PageMoved):
        drafting.drop_act(ruling=ruling, name="1", by=judge, seen=seen)
    rulings.to_gate(ruling=rulings.generate(ruling=again(ruling), by=judge), by=judge)
    with pytest.raises(life.NotADraft):
        drafting.drop_act(ruling=ruling, name="1", by=judge)


def test_acts_already_at_fault_are_mended_one_after_the_other(ruling, judge):  # noqa: F811
    broken = [{"id": "1", "act": "ANNUL_STATION", "stations": [["GONE-1"]]}, {"id": "2", "act": "ANNUL_STATION", "stations": [["GONE-2"]]}]  # fmt: skip
    Ruling.objects.filter(pk=ruling.pk).update(acts=broken)
    held = drafting.drop_act(ruling=ruling, name="1", by=judge)
    beside = queries.beside(held, election_of(held.contest), held.acts)
    assert [f.code for f in beside.acts[0].faults] == ["DIS-501"]
    held = drafting.put_act(ruling=held, act={"act": "ANNUL_STATION", "stations": [["SEG-001"]]}, name="2", by=judge)
    assert held.acts[0]["stations"] == [["SEG-001"]]


def test_beside_the_acts_stand_their_text_counts_annexes_and_who_is_elected(ruling):  # noqa: F811
    election = election_of(ruling.contest)
    seen = queries.beside(ruling, election, ruling.acts)
    assert (
        "nommé à l’annexe 1" in seen.acts[0].text and seen.acts[0].effect == -election.valid[election.find(["SEG-001"])]
    )
    assert {c["what"]: c["value"] for c in seen.counts}["annulled_stations"] == 1 and seen.annexes[0]["count"] == 1
    assert sum(line.change for line in seen.options) == seen.boxes[0].change == seen.acts[0].effect
    lacking = queries.beside(ruling, election, [{"id": "1", "act": "INVESTIGATE"}])
    assert lacking.acts[0].text is None and "il manque" in lacking.acts[0].lacks.text("fr")


def test_rectifications_come_from_rows_and_bad_rows_are_named_together(ruling):  # noqa: F811
    election = election_of(ruling.contest)
    box = f"votes.{election.options[0]}"
    rows = f"bureau;case;exact\nSAN-001;{box};7\nNOPE;{box};7\nSAN-001;figures.nothing;1\nSAN-001;{box};douze\nSAN-001"
    acts, wrong = queries.rectified(ruling, election, {"ground": "g1"}, rows)
    assert [r.row for r in wrong] == [3, 4, 5, 6]
    acts, wrong = queries.rectified(ruling, election, {"ground": "g1"}, f"SAN-001;{box};7")
    assert not wrong and acts == [{"act": "RECTIFY", "station": ["SAN-001"], "after": {box: 7}, "ground": "g1"}]


def test_the_outcome_of_each_petition_and_the_norms_cited_are_chosen(ruling, judge, petition):  # noqa: F811
    held = drafting.answer(ruling=ruling, outcomes={petition.number: "partly"}, articles=["ML-D-OPERATIONS"], by=judge)
    assert held.outcomes.get().outcome == "partly" and held.articles == ["ML-D-OPERATIONS"]
