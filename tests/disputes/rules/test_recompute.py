"""Sections 1 and 3 of the interface: the words of an election, the acts, what they change, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from kalata import __version__
from kalata.disputes.rules import acts
from kalata.disputes.rules.acts import Faulty
from kalata.disputes.rules.effect import digest_of, recompute, unworded
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.written import BadElection, NoSeats, election_from
from kalata.transparency.rules.canonical import jcs
from tests.disputes.rules.cases import annul, decided, election, kept, raw, rectify, run, station

PLURALITY = {"kind": "plurality"}
LISTS = {"kind": "list_two_round_majority"}


def five(**more: Any) -> Election:
    """Five stations of two communes: A 260, B 250, C 90."""
    rows = [
        station("S01", [100, 40, 10], area=["R", "Commune 1"], figures={"registered": 200, "voters": 155, "null_ballots": 5, "ballots": 155}),
        station("S02", [60, 60, 30], area=["R", "Commune 1"], figures={"registered": 200, "voters": 150, "null_ballots": 0, "ballots": 150}),
        station("S03", [50, 70, 20], area=["R", "Commune 2"], figures={"registered": 180, "voters": 145, "null_ballots": 5, "ballots": 145}),
        station("S04", [50, 80, 30], area=["R", "Commune 2"], figures={"registered": 190, "voters": 160, "null_ballots": 0, "ballots": 160}),
        station("S05", [9, 9, 9], area=["R", "Commune 2"], status="annulled", figures={"registered": 70, "voters": 27, "null_ballots": 0, "ballots": 27}),
    ]  # fmt: skip
    return election(PLURALITY, "ABC", rows, **more)


def codes(found: pytest.ExceptionInfo[Faulty]) -> list[str]:
    return [fault.code for fault in found.value.others]


# --- what an annulment does -------------------------------------------------------------------------------
def test_an_annulled_station_leaves_every_total() -> None:
    done = decided(five(), annul("S01")).record()
    assert done["before"]["votes"] == {"A": 260, "B": 250, "C": 90}
    assert done["after"]["votes"] == {"A": 160, "B": 210, "C": 80}
    assert done["difference"]["votes"] == {"A": -100, "B": -40, "C": -10}
    assert done["difference"]["figures"] == {"registered": -200, "voters": -155, "ballots": -155, "null_ballots": -5, "valid": -150}  # fmt: skip
    assert done["difference"]["stations"] == {"counted": -1, "annulled": 1, "missing": 0}
    assert done["before"]["outcome"]["options"] == ["A"] and done["after"]["outcome"]["options"] == ["B"]
    assert done["changes"] == {"outcome": True, "order": True, "elected": True, "qualified": False, "seats": False}
    assert done["annulled_votes"] == 150


def test_the_boxes_that_the_law_keeps_stay_in_the_base() -> None:
    done = decided(five(), annul("S01"), annulled_keeps=["registered", "voters"]).record()
    assert done["annulled_keeps"] == ["registered", "voters"]
    assert done["before"]["figures"]["registered"] == done["after"]["figures"]["registered"] == 840
    assert done["difference"]["figures"] == {"registered": 0, "voters": 0, "ballots": -155, "null_ballots": -5, "valid": -150}  # fmt: skip
    assert [annex["annulled_keeps"] for annex in done["annexes"]] == [["registered", "voters"]]


def test_a_station_annulled_before_keeps_the_same_boxes_and_nothing_else() -> None:
    assert five(annulled_keeps=["registered"]).part(4) == (70, 0, 0, 0, 0, 0, 0, 0)
    assert five().part(4) == (0,) * 8
    assert five().part(0) == (200, 155, 155, 5, 100, 40, 10, 150)


def test_without_a_rule_in_the_decision_the_one_of_the_election_holds_and_is_printed() -> None:
    base = five(annulled_keeps=["registered"])
    assert decided(base, annul("S01")).record()["annulled_keeps"] == ["registered"]
    assert decided(base, annul("S01"), annulled_keeps=[]).record()["annulled_keeps"] == []
    assert decided(five(), annul("S01")).record()["annulled_keeps"] == []


def test_annulled_votes_are_counted_as_they_were_before_and_never_join_the_null_ballots() -> None:
    done = decided(five(), rectify("S02", {"votes.A": 60}, {"votes.A": 50}), annul("S01", "S03")).record()
    assert done["annulled_votes"] == 150 + 140
    assert done["after"]["figures"]["null_ballots"] == 0


def test_an_area_is_every_station_that_lies_there_expanded_to_a_list() -> None:
    base = five()
    done = decided(base, {"act": "ANNUL_AREA", "where": {"area": "Commune 1"}})
    assert [row["station"] for row in done.annexes[0]["rows"]] == [["S01"], ["S02"]]
    assert done.body["after"] == decided(base, annul("S02", "S01")).body["after"]


def test_a_rectification_moves_the_boxes_it_names_and_nothing_else() -> None:
    rows = [station("S01", [210, 100], figures={"valid": 310, "voters": 310})]
    done = decided(election(PLURALITY, "AB", rows), rectify("S01", {"votes.A": 210}, {"votes.A": 201})).record()
    assert done["after"]["votes"] == {"A": 201, "B": 100}
    assert done["after"]["figures"] == {"voters": 310, "valid": 310}
    assert done["annexes"][0]["rows"] == [{"station": ["S01"], "field": "votes.A", "before": 210, "after": 201, "difference": -9}]  # fmt: skip
    assert (done["annexes"][0]["kind"], done["annexes"][0]["count"]) == ("rectified", 1)


def test_several_boxes_are_told_in_the_order_of_the_sheet_whatever_the_order_of_the_act() -> None:
    rows = [station("S01", [210, 100], figures={"registered": 400, "valid": 310})]
    base = election(PLURALITY, "AB", rows)
    before = {"votes.B": 100, "votes.A": 210, "figures.valid": 310}
    after = {"votes.B": 90, "votes.A": 205, "figures.valid": 295}
    done = decided(base, rectify("S01", before, after))
    assert [row["field"] for row in done.annexes[0]["rows"]] == ["figures.valid", "votes.A", "votes.B"]
    turned = decided(base, rectify("S01", dict(reversed(before.items())), dict(reversed(after.items()))))
    assert turned.digest == done.digest


def test_a_box_rectified_twice_starts_from_what_the_first_act_left() -> None:
    base = five()
    first, second = rectify("S01", {"votes.A": 100}, {"votes.A": 90}), rectify("S01", {"votes.A": 90}, {"votes.A": 95})
    assert decided(base, first, second).after.votes[0][0] == 95
    with pytest.raises(acts.NotInForce) as found:
        decided(base, first, rectify("S01", {"votes.A": 100}, {"votes.A": 95}))
    assert (found.value.value, found.value.expected) == (100, 90)


def test_valid_votes_that_no_box_gives_are_the_sum_of_the_votes_and_follow_them() -> None:
    done = decided(five(), rectify("S01", {"votes.A": 100}, {"votes.A": 90})).record()
    assert done["difference"]["figures"]["valid"] == -10
    with pytest.raises(acts.NotInForce):
        decided(five(), rectify("S01", {"figures.valid": 149}, {"figures.valid": 150}))
    set_ = decided(five(), rectify("S01", {"figures.valid": 150}, {"figures.valid": 160})).record()
    assert set_["difference"]["figures"]["valid"] == 10 and set_["difference"]["votes"]["A"] == 0


def test_an_annulled_record_counts_again_with_its_figures() -> None:
    done = decided(five(), {"act": "RESTORE", "stations": [["S05"]], "ground": "g"}).record()
    assert done["difference"]["votes"] == {"A": 9, "B": 9, "C": 9}
    assert done["difference"]["stations"] == {"counted": 1, "annulled": -1, "missing": 0}
    assert done["annexes"][0]["kind"] == "restored" and done["annexes"][0]["totals"]["votes"] == {
        "A": 9,
        "B": 9,
        "C": 9,
    }


def test_a_record_set_aside_counts_again_and_an_empty_one_cannot() -> None:
    rows = [
        station("S01", [10, 5]),
        station("S02", [1, 9], status="missing", figures={"registered": 20}),
        {"station": ["S03"], "status": "missing", "figures": {"registered": 20}},
    ]
    base = election(PLURALITY, "AB", rows)
    done = decided(base, {"act": "RESTORE", "stations": [["S02"]], "ground": "g"}, rectify("S02", {"votes.B": 9}, {"votes.B": 4}))  # fmt: skip
    assert done.record()["after"]["votes"] == {"A": 11, "B": 9}
    with pytest.raises(acts.NothingThere):
        decided(base, {"act": "RESTORE", "stations": [["S03"]], "ground": "g"})
    with pytest.raises(acts.NothingThere):
        decided(base, {"act": "RESTORE", "stations": [["S01"]], "ground": "g"})


@pytest.mark.parametrize("act", acts.SILENT)
def test_other_acts_change_no_figure(act: str) -> None:
    done = decided(five(), {"act": act, "petition": "2026-L1-BKO2-000017"})
    assert done.annexes == [] and done.body["before"] == done.body["after"] and not any(done.changes.values())


# --- what is refused: all of it, by its code ---------------------------------------------------------------
REFUSED: list[tuple[str, list[Any]]] = [
    ("DIS-501", [annul("S09")]),
    ("DIS-501", [{"act": "ANNUL_STATION", "stations": ["S01"]}]),
    ("DIS-501", [{"act": "ANNUL_STATION", "stations": [[1]]}]),
    ("DIS-501", [rectify("S09", {"votes.A": 1}, {"votes.A": 2})]),
    ("DIS-502", [annul("S01"), annul("S01")]),
    ("DIS-502", [annul("S01", "S01")]),
    ("DIS-502", [annul("S01"), {"act": "ANNUL_AREA", "where": {"area": "Commune 1"}}]),
    ("DIS-502", [annul("S01"), rectify("S01", {"votes.A": 100}, {"votes.A": 99})]),
    ("DIS-502", [rectify("S01", {"votes.A": 100}, {"votes.A": 99}), annul("S01")]),
    ("DIS-502", [annul("S01"), {"act": "RESTORE", "stations": [["S01"]]}]),
    ("DIS-502", [{"act": "RESTORE", "stations": [["S05"]]}, annul("S05")]),
    ("DIS-503", [annul("S05")]),
    ("DIS-503", [{"act": "RESTORE", "stations": [["S01"]]}]),
    ("DIS-504", [rectify("S01", {"votes.A": 99}, {"votes.A": 98})]),
    ("DIS-504", [rectify("S01", {"figures.null_ballots": 0}, {"figures.null_ballots": 1})]),
    ("DIS-505", [rectify("S01", {"votes.D": 1}, {"votes.D": 2})]),
    ("DIS-505", [rectify("S01", {"figures.blank_ballots": 1}, {"figures.blank_ballots": 2})]),
    ("DIS-505", [rectify("S01", {"valid": 150}, {"valid": 2})]),
    ("DIS-505", [rectify("S01", {"votes.A": 100}, {"votes.A": -1})]),
    ("DIS-505", [rectify("S01", {"votes.A": 100}, {"votes.A": 1.5})]),
    ("DIS-505", [rectify("S01", {"votes.A": 100}, {"votes.A": True})]),
    ("DIS-505", [rectify("S01", {"votes.A": 100}, {"votes.A": "99"})]),
    ("DIS-506", [{"act": "DECLARE_ELECTED", "option": "A"}]),
    ("DIS-506", [{"act": "QUALIFY", "option": "A"}]),
    ("DIS-506", [{"act": "CHANGE_ORDER"}]),
    ("DIS-506", [{"act": "PROCLAIM"}]),
    ("DIS-506", [{"act": "ABOLISH"}]),
    ("DIS-506", [{"act": None}]),
    ("DIS-506", [{"act": ["ANNUL_STATION"]}]),
    ("DIS-506", [{"act": "ANNUL_STATION"}]),
    ("DIS-506", [{"act": "ANNUL_STATION", "stations": []}]),
    ("DIS-506", [{"act": "ANNUL_AREA"}]),
    ("DIS-506", [{"act": "RECTIFY", "station": ["S01"], "before": {"votes.A": 100}}]),
    ("DIS-506", [rectify("S01", {"votes.A": 100}, {"votes.B": 40})]),
    ("DIS-506", [rectify("S01", {}, {})]),
    ("DIS-506", [{"act": "REJECT_UNFOUNDED"}]),
    ("DIS-506", [{"act": "ANNUL_STATION", "stations": [["S01"]], "id": ""}]),
    ("DIS-506", [{**annul("S01"), "id": "x"}, {**annul("S02"), "id": "x"}]),
    ("DIS-506", [17]),
    ("DIS-507", [{"act": "ANNUL_AREA", "where": {"area": "Commune 3"}}]),
    ("DIS-507", [{"act": "ANNUL_AREA", "where": {"region": "Commune 1"}}]),
    ("DIS-507", [{"act": "ANNUL_AREA", "where": {"area": 1}}]),
]


@pytest.mark.parametrize(("code", "given"), REFUSED)
def test_what_cannot_be_done_is_refused_by_its_code(code: str, given: list[Any]) -> None:
    numbered = [{"id": str(n), **act} if isinstance(act, dict) else act for n, act in enumerate(given, 1)]
    with pytest.raises(Faulty) as found:
        recompute(five(), {"acts": numbered})
    assert codes(found) == [code]
    error = found.value.record()["errors"][0]  # type: ignore[index]
    assert set(error) == {"code", "act", "station", "field", "value", "expected", "fr", "en"}
    assert error["fr"] != error["en"]


def test_all_that_is_wrong_is_listed_and_not_the_first_only() -> None:
    with pytest.raises(Faulty) as found:
        decided(five(), annul("S09", "S05", "S01"), {"act": "PROCLAIM"}, rectify("S01", {"votes.A": 1, "votes.Z": 2}, {"votes.A": 2, "votes.Z": 3}), annulled_keeps=["nonsense"])  # fmt: skip
    assert codes(found) == ["DIS-505", "DIS-501", "DIS-503", "DIS-506", "DIS-502"]


def test_a_decision_without_its_list_of_acts_is_refused() -> None:
    for given in ({}, {"acts": None}, {"acts": "ANNUL_STATION"}, {"acts": {}}):
        with pytest.raises(acts.NoAct):
            recompute(five(), given)


def test_leniently_what_is_faulty_is_left_out_and_stays_listed() -> None:
    given = {"acts": [{"id": "1", **annul("S01", "S09")}, {"id": "2", "act": "PROCLAIM"}]}
    done = recompute(five(), given, lenient=True)
    assert [f.code for f in done.plan.faults] == ["DIS-501", "DIS-506"]
    assert done.annulled == [0]


def test_neither_the_election_nor_the_decision_is_changed() -> None:
    base = five()
    was = json.dumps(base.record())
    given = {"acts": [{"id": "1", **annul("S01")}, {"id": "2", **rectify("S02", {"votes.A": 60}, {"votes.A": 0})}]}
    text = json.dumps(given)
    recompute(base, given)
    assert json.dumps(base.with_().record()) == was and json.dumps(given) == text


# --- keys ---------------------------------------------------------------------------------------------------
def test_a_station_is_found_as_written_or_as_files_are_read() -> None:
    rows = [station("École Niéna", [1, 0]), station("AYERA MARKET", [0, 2])]
    base = election(PLURALITY, "AB", rows)
    for writing in ("École Niéna", "E\u0301cole Nie\u0301na", " École\u00a0Niéna "):
        assert decided(base, annul(writing)).annulled == [0]
    with pytest.raises(acts.NoStation):
        decided(base, annul("école niéna"))


def test_an_option_is_found_by_its_name_with_dots_and_accents() -> None:
    rows = [station("S01", [4, 2])]
    base = election_from(raw(PLURALITY, "", rows) | {"options": ["P.A.R.é", "B"]})
    assert decided(base, rectify("S01", {"votes.P.A.R.e\u0301": 4}, {"votes.P.A.R.e\u0301": 3})).after.votes[0] == [3]


# --- findings -----------------------------------------------------------------------------------------------
def test_an_identity_that_a_rectified_sheet_breaks_is_found_and_one_broken_before_is_not() -> None:
    rows = [
        station("S01", [210, 100], figures={"valid": 310}),
        station("S02", [10, 10], figures={"valid": 25}),
    ]
    base = election(PLURALITY, "AB", rows)
    done = decided(base, rectify("S01", {"votes.A": 210}, {"votes.A": 201}), rectify("S02", {"votes.A": 10}, {"votes.A": 11}))  # fmt: skip
    assert [(f["code"], f["station"], f["act"]) for f in done.findings] == [("E01", ["S01"], "1")]
    assert done.wrong and done.findings[0]["fr"] != done.findings[0]["en"]
    whole = rectify("S01", {"votes.A": 210, "figures.valid": 310}, {"votes.A": 201, "figures.valid": 301})
    assert not decided(base, whole).wrong


# --- the digest ---------------------------------------------------------------------------------------------
def plain_digest(answer: dict[str, Any]) -> str:
    """The definition, read literally."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("fr", "en", "steps", "notes", "remedy")}
        return [strip(v) for v in value] if isinstance(value, list) else value

    body = {k: v for k, v in answer.items() if k not in ("sha256", "engine", "digest")}
    return hashlib.sha256(jcs(strip(body))).hexdigest()


@pytest.mark.parametrize("name", ["S01", "Ségou", "𝔖01"])
def test_the_digest_is_the_sha256_of_the_canonical_answer_without_sentences(name: str) -> None:
    rows = [station(name, [210, 100], area=["𐓏"]), station("S2", [1, 1])]
    done = decided(election(PLURALITY, "AB", rows), annul(name))
    answer = json.loads(json.dumps(done.record()))
    assert answer["digest"] == plain_digest(answer) == digest_of(answer)
    assert answer["engine"] == f"kalata {__version__}"


def test_a_vote_moves_the_digest_and_a_sentence_does_not() -> None:
    one = decided(five(), annul("S01")).record()
    assert one["digest"] != decided(five(), annul("S02")).record()["digest"]
    told = json.loads(json.dumps(one))
    told["after"]["outcome"]["steps"] = []
    assert digest_of(told) == one["digest"]
    assert unworded({"votes": {"fr": 3, "en": 4}, "fr": "x"}) == {"votes": {"fr": 3, "en": 4}}


# --- seats and constituencies -------------------------------------------------------------------------------
def test_seats_follow_in_every_constituency() -> None:
    rows = [
        station("S01", [80, 20], constituency="K1"),
        station("S02", [10, 60], constituency="K1"),
        station("S03", [10, 30], constituency="K2"),
    ]
    base = election(LISTS, "AB", rows, seats={"K1": 3, "K2": 1})
    done = decided(base, annul("S02")).record()
    assert done["difference"]["seats"] == {"A": 0, "B": 0}
    done = decided(base, annul("S01")).record()
    assert done["difference"]["seats"] == {"A": -3, "B": 3}
    assert done["changes"]["seats"] and done["changes"]["elected"]
    assert [c["constituency"] for c in done["after"]["constituencies"]] == ["K1", "K2"]
    area = decided(base, {"act": "ANNUL_AREA", "where": {"constituency": "K1"}})
    assert area.after.undecided and area.wrong


def test_no_constituency_is_ever_given_a_seat_by_default() -> None:
    rows = [station("S01", [80, 20], constituency="K1"), station("S02", [10, 60], constituency="K2")]
    for kind in (PLURALITY, LISTS, {"kind": "two_round_majority"}, {"kind": "proportional", "formula": "dhondt"}):
        for seats in ({"K1": 3}, {"K1": 3, "K2": 0}, {}):
            with pytest.raises(NoSeats):
                election(kind, "AB", rows, seats=seats)
    assert election({**LISTS, "seats": 2}, "AB", rows).outcomes["K2"].seats() == {"A": 0, "B": 2}
    election({"kind": "referendum", "yes": "A", "no": "B"}, "AB", rows)


BAD: list[dict[str, Any]] = [
    {"stations": []},
    {"stations": [station("S01", [1])]},
    {"stations": [station("S01", [1, -1])]},
    {"stations": [station("S01", [1, 1.0])]},
    {"stations": [station("S01", [1, True])]},
    {"stations": [station("S01", [1, 2]), station("S01", [1, 2])]},
    {"stations": [station("S01", [1, 2]), station("S01 ", [1, 2])]},
    {"stations": [{"station": "S01", "votes": [1, 2]}]},
    {"stations": [station("", [1, 2])]},
    {"stations": [station("S01", [1, 2], status="aside")]},
    {"stations": [station("S01", [1, 2], figures={"vaild": 3})]},
    {"stations": [station("S01", [1, 2], figures={"valid": "3"})]},
    {"stations": [station("S01", [1, 2], colour="red")]},
    {"stations": [station("S01", [1, 2], constituency="K1"), station("S02", [1, 2])], "seats": {"K1": 1}},
    {"options": ["A", "A"]},
    {"options": []},
    {"contest": {"id": "k"}},
    {"seats": {"K1": 1}},
    {"annulled_keeps": ["nonsense"]},
]


@pytest.mark.parametrize("bad", BAD)
def test_an_election_that_is_not_whole_is_refused_with_its_field(bad: dict[str, Any]) -> None:
    with pytest.raises(BadElection):
        election_from(raw(PLURALITY, "AB", [station("S01", [1, 2])]) | bad)


# --- the command ----------------------------------------------------------------------------------------------
def file_of(folder: Path) -> tuple[str, str]:
    rows = "zone,bureau,equipe,inscrits,A,B\nK1,001,x,200,100,40\nK1,002,y,200,60,50\nK2,003,x,150,20,70\n"
    (folder / "pv.csv").write_text(rows, encoding="utf-8")
    profile = "contest: {id: p1, system: plurality}\nstation: [zone, bureau]\nareas: [zone]\nfigures: {registered: inscrits}\noptions: [A, B]\n"
    (folder / "p.yaml").write_text(profile, encoding="utf-8")
    return str(folder / "pv.csv"), str(folder / "p.yaml")


def test_a_file_its_profile_and_a_decision_give_the_answer_and_its_annexes(tmp_path: Path) -> None:
    file, profile = file_of(tmp_path)
    acts_ = [{"id": "1", "act": "ANNUL_STATION", "stations": [["K1", "001"]]}]
    decision = kept(tmp_path / "d.json", {"decision": "2026-04/CC-EL", "acts": acts_, "printed": {"anything": 1}})
    status, answer, _err = run("recompute", file, "--profile", profile, "--decision", decision, "--annexes", str(tmp_path / "out"))  # fmt: skip
    assert status == 0
    assert answer["after"]["votes"] == {"A": 80, "B": 120} and answer["changes"]["elected"]
    for name, path in (("file", file), ("profile", profile), ("decision", decision)):
        assert answer["sha256"][name] == hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert json.loads((tmp_path / "out/recomputation.json").read_text()) == answer
    table = list(csv.DictReader(io.StringIO((tmp_path / "out/annex-1.csv").read_text())))
    assert table == [{"area_1": "K1", "station": "K1 / 001", "registered": "200", "valid": "140", "votes.A": "100", "votes.B": "40"}]  # fmt: skip
    assert (tmp_path / "out/annex-1.pdf").read_bytes().startswith(b"%PDF")


def test_an_area_may_be_named_by_any_column_of_the_file(tmp_path: Path) -> None:
    file, profile = file_of(tmp_path)
    decision = kept(tmp_path / "d.json", {"acts": [{"id": "1", "act": "ANNUL_AREA", "where": {"equipe": "x"}}]})
    _status, answer, _err = run("recompute", file, "--profile", profile, "--decision", decision)
    assert [row["station"] for row in answer["annexes"][0]["rows"]] == [["K1", "001"], ["K2", "003"]]
    decision = kept(
        tmp_path / "d.json", {"acts": [{"id": "1", "act": "ANNUL_AREA", "where": {"equipe": "x", "zone": "K2"}}]}
    )
    _status, answer, _err = run("recompute", file, "--profile", profile, "--decision", decision)
    assert [row["station"] for row in answer["annexes"][0]["rows"]] == [["K2", "003"]]


def test_what_is_refused_ends_with_2_and_the_whole_list(tmp_path: Path) -> None:
    file, profile = file_of(tmp_path)
    acts_ = [{"id": "1", "act": "ANNUL_STATION", "stations": [["K9", "001"], ["K1", "009"]]}]
    decision = kept(tmp_path / "d.json", {"acts": acts_})
    status, answer, err = run("recompute", file, "--profile", profile, "--decision", decision)
    assert status == 2 and "DIS-501" in err
    assert answer["error"]["code"] == "DIS-501" and len(answer["error"]["errors"]) == 2
    assert answer["error"]["remedy"]["fr"] and answer["error"]["errors"][0]["station"] == ["K9", "001"]


def test_a_batch_answers_every_case_in_order_and_a_refused_one_does_not_stop_the_others() -> None:
    good = raw(PLURALITY, "AB", [station("S01", [3, 1]), station("S02", [1, 1])])
    cases = [
        {"id": "c1", "election": good, "decision": {"acts": [{"id": "1", **annul("S02")}]}},
        {"id": "c2", "election": good, "decision": {"acts": [{"id": "1", **annul("S03")}]}},
        {"id": "c3", "election": {}, "decision": {"acts": []}},
        {"id": "c4", "election": good, "decision": {"acts": []}},
    ]
    status, answer, _err = run("recompute", "--cases", "-", stdin=json.dumps({"cases": cases}))
    assert status == 1
    assert [case["id"] for case in answer["cases"]] == ["c1", "c2", "c3", "c4"]
    assert [case.get("error", {}).get("code") for case in answer["cases"]] == [None, "DIS-501", "DIS-510", None]
    status, answer, _err = run("recompute", "--cases", "-", stdin=json.dumps({"cases": cases[:1]}))
    assert status == 0
    tie = {"id": "t", "election": good, "decision": {"acts": [{"id": "1", **annul("S01")}]}}
    status, answer, _err = run("recompute", "--cases", "-", stdin=json.dumps({"cases": [tie]}))
    assert status == 1 and answer["cases"][0]["after"]["outcome"]["status"] == "tie"


@pytest.mark.parametrize("given", ["", "[]", "{", '{"cases": {}}', '{"cases": [], "cases": []}'])
def test_an_input_that_cannot_be_read_ends_with_2_and_a_code(given: str) -> None:
    status, answer, _err = run("recompute", "--cases", "-", stdin=given)
    assert status == 2 and answer["error"]["code"] in ("DIS-512", "EDG-106")


def test_arguments_that_do_not_go_together_end_with_2(tmp_path: Path) -> None:
    file, profile = file_of(tmp_path)
    for words in (
        [],
        [file],
        [file, "--profile", profile],
        [file, "--cases", "-"],
        [file, "--profile", "-", "--decision", "-"],
    ):
        status, answer, _err = run("recompute", *words, stdin="{}")
        assert status == 2 and answer["error"]["code"] == "DIS-512"
