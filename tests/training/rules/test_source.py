"""What a source of manuals may hold, and what keeps it from being printed: one good source, one change, one consequence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kalata.cli import main
from kalata.refusals import Refused
from kalata.training.rules.source import findings, law
from kalata.training.rules.source.law import Force
from kalata.training.rules.source.numbers import held, values
from kalata.training.rules.source.pictograms import picture_of
from kalata.training.rules.source.values import Basis
from tests.training.source_files import TEXTS, both, files, read, written

LAW = law.law_of(TEXTS, "ml")
ON = date(2027, 2, 28)


def judged(changed: dict[str, Any], *, draft: bool = False, langs: str = "fr,en", roles: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:  # fmt: skip
    wrong, told = findings.judged(read(changed), LAW, langs.split(","), roles, draft=draft)
    said = [[f"{f.code} {f.procedure} {f.step} {f.lang}".strip() for f in some] for some in (wrong, told)]
    return said[0], said[1]


def after(change: Callable[[dict[str, Any]], object], **how: Any) -> list[str]:
    changed = files()
    change(changed)
    return judged(changed, **how)[0]


def opening(changed: dict[str, Any]) -> dict[str, Any]:
    return changed["procedures/open.yaml"]  # type: ignore[no-any-return]


def test_the_good_source_has_nothing_against_it_and_says_what_is_practice_or_not_read() -> None:
    wrong, told = judged(files())
    assert wrong == []
    assert told == [
        "unverified OPEN OPEN.1",
        "unverified OPEN OPEN.2",
        "practice OPEN OPEN.3",
        "unverified COUNT COUNT.1",
    ]


def test_a_critical_step_without_a_question_is_not_printed() -> None:
    assert after(lambda c: opening(c)["items"].pop(0)) == ["critical_without_item OPEN OPEN.1"]


def test_a_question_that_is_no_longer_put_tests_nothing() -> None:
    assert after(lambda c: opening(c)["items"][0].update(status="quarantined")) == ["critical_without_item OPEN OPEN.1"]


def test_a_critical_step_is_in_every_language_that_is_printed_and_another_need_not() -> None:
    drop = lambda n: lambda c: opening(c)["steps"][n]["do"].pop("en")  # noqa: E731
    assert after(drop(0)) == ["missing_language OPEN OPEN.1 en"]
    assert after(drop(0), langs="fr") == []
    assert after(drop(1)) == []
    assert after(lambda c: opening(c)["steps"][0]["do"].update(en="  ")) == ["missing_language OPEN OPEN.1 en"]
    assert after(lambda c: opening(c)["items"][0]["text"].pop("en")) == ["missing_language OPEN I-OPEN-1 en"]


def test_an_unknown_parameter_is_named_wherever_it_stands() -> None:
    where = [
        lambda c: opening(c)["steps"][1]["do"].update(en="At {station.closes}."),
        lambda c: opening(c)["branches"][0]["when"].update(en="After {station.closes}."),
        lambda c: opening(c)["items"][0]["answers"][1]["text"].update(en="{station.closes}"),
    ]
    assert [after(one) for one in where] == [
        ["unknown_parameter OPEN OPEN.2 en"], ["unknown_parameter OPEN OPEN.B1 en"], ["unknown_parameter OPEN I-OPEN-1 en"]
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Signez 3 exemplaires.", "À 8 h, ouvrez.", "À 08:00, ouvrez.", "À 8 heures.", "At 8 a.m. open", "Le 28/02/2027.", "Le 28 février 2027", "Au moins 10 %."])  # fmt: skip
def test_a_number_that_a_parameter_holds_is_not_typed(text: str) -> None:
    assert after(lambda c: opening(c)["steps"][1]["do"].update(fr=text)) == ["typed_number OPEN OPEN.2 fr"]


@pytest.mark.parametrize("text", ["Signez 4 exemplaires.", "L’article 3 le dit.", "Voir l’art. 3.", "Le bureau n° 3.", "Le papier A3.", "À 18 h.", "{record.copies} exemplaires", "30 mètres, 0,3", "Loi n°2022-03"])  # fmt: skip
def test_a_number_that_no_parameter_holds_and_the_number_of_an_article_are_written(text: str) -> None:
    assert after(lambda c: opening(c)["steps"][1]["do"].update(fr=text)) == []


def test_a_wrong_answer_may_hold_any_number_and_the_right_one_cites_the_parameter() -> None:
    def answers(right: str) -> Callable[[dict[str, Any]], object]:
        return lambda c: opening(c)["items"][0].update(answers=[{"text": right, "fraction": "1"}, {"text": "3", "fraction": "0"}])  # fmt: skip

    assert after(answers("{record.copies}")) == []
    assert after(answers("3")) == ["typed_number OPEN I-OPEN-1"]


def test_a_branch_to_nowhere_is_named_and_one_to_another_procedure_is_not() -> None:
    assert after(lambda c: opening(c)["branches"][0].update(then="OPEN.9")) == ["branch_to_nowhere OPEN OPEN.B1"]
    assert after(lambda c: opening(c)["branches"][0].update(then="COUNT")) == []


@pytest.mark.parametrize("status", ["draft", "legal_ok", "tested", "retired"])
def test_what_is_not_approved_is_printed_as_a_draft_alone(status: str) -> None:
    assert after(lambda c: opening(c).update(status=status)) == ["not_approved OPEN"]
    assert after(lambda c: opening(c).update(status=status), draft=True) == []
    assert after(lambda c: opening(c).update(status=status), roles=("assessor",)) == []


def cited(article: str, version: str) -> Callable[[dict[str, Any]], object]:
    return lambda c: opening(c)["steps"][0].update(basis=[{"article": article, "version": version}])


@pytest.mark.parametrize(
    ("article", "version", "force"),
    [
        ("LE-2022-019/art.1", "2022-06-24", Force.IN_FORCE),
        ("ML-LE-2022-019/art.1", "2022-06-24", Force.IN_FORCE),
        ("LE-2022-019/art.1", "2023-03-13", Force.IN_FORCE),
        ("LE-2022-019-M1/art.1", "2023-03-13", Force.IN_FORCE),
        ("LE-2022-019/art.1", "2022-06-25", Force.UNKNOWN_VERSION),
        ("LE-2022-019/art.1", "v2", Force.UNKNOWN_VERSION),
        ("LE-2022-019/art.1", "2027-03-01", Force.NOT_YET),
        ("LE-2016-048/art.82", "2016-10-17", Force.NO_LONGER),
        ("LE-2099-001/art.1", "2022-06-24", Force.UNKNOWN_TEXT),
    ],
)
def test_a_version_is_in_force_as_far_as_the_pack_knows_its_text(article: str, version: str, force: Force) -> None:
    assert LAW.force(Basis(article, version), ON) is force
    expected = [] if force is Force.IN_FORCE else ["not_in_force OPEN OPEN.1"]
    assert after(cited(article, version)) == expected
    assert after(cited(article, version), draft=True) == []


def test_a_text_holds_on_its_first_day_and_no_longer_on_the_day_another_replaces_it() -> None:
    old = Basis("LE-2016-048/art.82", "2016-10-17")
    days = [date(2016, 10, 16), date(2016, 10, 17), date(2022, 6, 23), date(2022, 6, 24)]
    assert [LAW.force(old, day) for day in days] == [Force.NOT_YET, Force.IN_FORCE, Force.IN_FORCE, Force.NO_LONGER]


def test_of_two_versions_of_one_article_the_one_that_has_come_last_is_in_force() -> None:
    changed = files()
    cited("LE-2022-019/art.94", "2022-06-24")(changed)
    assert judged(changed)[0] == ["not_in_force OPEN OPEN.1"]
    changed["source.yaml"]["on"] = "2023-03-12"
    assert judged(changed)[0] == ["not_in_force COUNT COUNT.1"]


def test_what_somebody_has_read_on_the_text_is_not_said_to_be_unverified() -> None:
    changed = files()
    opening(changed)["steps"][0]["basis"][0]["verified_by"] = "revue juridique"
    assert "unverified OPEN OPEN.1" not in judged(changed)[1]


def test_a_step_that_rests_on_nothing_says_that_it_is_practice() -> None:
    assert after(lambda c: opening(c)["steps"][2].pop("practice")) == ["no_basis OPEN OPEN.3"]


def test_one_identifier_is_given_once_and_a_question_is_about_something() -> None:
    changed = files()
    changed["procedures/count.yaml"]["steps"][0]["id"] = "OPEN.2"
    assert "duplicate_id COUNT OPEN.2" in judged(changed)[0]
    assert after(lambda c: opening(c)["items"][1].update(step="OPEN.8")) == ["item_to_nowhere OPEN I-OPEN-2"]


def test_the_values_of_numbers_are_read_as_people_write_them() -> None:
    said = dict(values("Le 1er mars 2027 à 8 h 30, 24 416 bureaux, 1,5 km, 10 %, 12:05 pm"))
    assert said["8 h 30"] == {("hour", (8, 30))}
    assert ("number", 24416) in said["24 416"]
    assert ("day", date(2027, 3, 1)) in said["1er mars 2027"]
    assert held("08:00 - 18:00") == {("hour", (8, 0)), ("hour", (18, 0))}
    assert held("loi n°2022-019") == frozenset()


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (lambda c: opening(c)["steps"][0].update(criticle=True), "TRN-201", "steps.1.criticle"),
        (lambda c: opening(c)["steps"][0].pop("do"), "TRN-201", "steps.1.do"),
        (lambda c: opening(c)["steps"][0].update(critical="yes"), "TRN-201", "steps.1.critical"),
        (lambda c: opening(c)["steps"][0].update(do="Montrez"), "TRN-201", "steps.1.do"),
        (lambda c: opening(c).update(status="published"), "TRN-201", "status"),
        (lambda c: opening(c).update(steps=[]), "TRN-201", "steps"),
        (lambda c: opening(c)["items"][0].update(kind="essaie"), "TRN-201", "items.1.kind"),
        (lambda c: opening(c)["items"][0]["answers"][1].update(fraction="1"), "TRN-201", "items.1.answers"),
        (lambda c: opening(c)["items"][0]["answers"][1].update(fraction="1/2"), "TRN-201", "items.1.answers.2.fraction"),
        (lambda c: opening(c)["items"][1].pop("answer"), "TRN-201", "items.2.answers"),
        (lambda c: c["source.yaml"].update(on="28/02/2027"), "TRN-201", "on"),
        (lambda c: c["source.yaml"].update(on="2027-02-29"), "TRN-201", "on"),
        (lambda c: c["source.yaml"].pop("pack"), "TRN-201", "pack"),
        (lambda c: opening(c)["steps"][0]["do"].update(fr="a\u202eb"), "TRN-201", "steps.1.do.fr"),
        (lambda c: opening(c).update(steps=[{"id": f"S{n}", "do": both("a", "b")} for n in range(4_001)]), "TRN-203", None),
    ],
)  # fmt: skip
def test_a_value_that_is_not_what_its_place_asks_is_named_with_its_file_and_place(
    change: Callable[[dict[str, Any]], object], code: str, field: str | None
) -> None:
    changed = files()
    change(changed)
    with pytest.raises(Refused) as refused:
        read(changed)
    assert refused.value.code == code
    assert refused.value.params.get("field") == field


PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0h24v24z" fill="none"/></svg>'


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("<path", "<script>a()</script><path"), PLAIN.replace("<path", '<image href="http://a/b"/><path'),
        PLAIN.replace("<path", '<path onclick="a()"'), PLAIN.replace('fill="none"', 'fill="url(http://a)"'),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + PLAIN, PLAIN[:-6], "<html/>", PLAIN.replace("/></svg>", "/>" + "<g/>" * 2_001 + "</svg>"),
    ],
)  # fmt: skip
def test_a_picture_that_is_more_than_shapes_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        picture_of(text.encode(), "a.svg")
    assert refused.value.code == "TRN-204"


def test_a_picture_of_shapes_is_taken_as_it_is() -> None:
    assert picture_of(PLAIN.encode(), "a.svg") == PLAIN


def test_the_command_says_what_is_wrong_and_refuses_what_is_no_source(tmp_path: Path) -> None:
    run = CliRunner().invoke
    good = written(tmp_path / "good", files())
    assert run(main, ["training", "check", str(good), "--json"]).exit_code == 0
    changed = files()
    opening(changed)["branches"][0]["then"] = "?X"
    bad = written(tmp_path / "bad", changed)
    refused = run(main, ["training", "check", str(bad), "--json"])
    assert refused.exit_code == 2
    opening(changed)["branches"][0]["then"] = "NOWHERE"
    found = run(main, ["training", "check", str(written(bad, changed)), "--json"])
    assert found.exit_code == 1
    assert [f["code"] for f in json.loads(found.stdout)["findings"]] == ["branch_to_nowhere"]
    for what, code in (("nothing", "TRN-202"), (".", "TRN-202")):
        none = run(main, ["training", "check", str(tmp_path / what), "--json"])
        assert (none.exit_code, code in none.stderr) == (2, True)
    assert run(main, ["training", "check", str(good), "--role", "nobody"]).exit_code == 2
    (good / "procedures" / "z.yaml").write_text("a: &a [1]\nb: *a\n")
    assert run(main, ["training", "check", str(good)]).exit_code == 2


def test_a_link_out_of_the_source_is_not_followed(tmp_path: Path) -> None:
    good = written(tmp_path / "good", files())
    (good / "procedures" / "z.yaml").symlink_to("/etc/hostname")
    found = CliRunner().invoke(main, ["training", "check", str(good)])
    assert (found.exit_code, "TRN-202" in found.stderr) == (2, True)
