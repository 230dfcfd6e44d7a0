"""Questions go from form to form with nothing lost; what a form cannot hold is named, what is no question is refused."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.cli import main
from kalata.refusals import Refused
from kalata.training.rules.quiz import exchange, gift, moodle
from kalata.training.rules.quiz.question import Question, Reply, as_json, of_json

HARD = "Où ɛ ɔ ɲ ŋ ? \\ ~ = # { } : « :: » //\n\n2ᵉ ligne [html] %50% -> $CATEGORY: x <b>&amp;</b> \\n é\u0301"


def question(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "category": "bureau/ouverture", "title": f"T {name}", "format": "plain", "kind": kind, "text": HARD, **more, "feedback": more.get("feedback", "")}  # fmt: skip


def answer(text: str, fraction: str, feedback: str = "") -> dict[str, str]:
    return {"text": text, "fraction": fraction, "feedback": feedback}


EACH = [
    question("Q1", "choice", answers=[answer(HARD, "1", HARD), answer("%50%b", "0"), answer("[plain]c", "-0.33333"), answer("= d", "0.5")], feedback=HARD),
    question("Q2", "multi", answers=[answer("a", "0.5"), answer("b", "0.5", "ok"), answer("c", "-0.33333"), answer("d", "0")]),
    question("Q3", "true_false", answer=True, feedback_wrong="w", feedback_right="r", feedback="g"),
    question("Q4", "true_false", answer=False, feedback_wrong="", feedback_right="r"),
    question("Q5", "short", answers=[answer("T", "1"), answer("{}", "0.8", "presque")], feedback="g"),
    question("Q6", "numeric", answers=[{"value": "3", "tolerance": "0.1", "fraction": "1"}, {"low": "-1.5", "high": "5", "fraction": "0.5", "feedback": "près"}, {"value": "*", "fraction": "0", "feedback": "non"}]),
    question("Q7", "numeric", answers=[{"value": "3", "fraction": "1"}]),
    question("Q8", "match", pairs=[["a = b", "c ~ d"], ["", "piège"], ["é", "è"]]),
    question("Q9", "essay", feedback="g"),
    question("Q10", "description", feedback="après"),
    question("Q11", "essay", category="", title="", format="html", text="<p>é</p>"),
    question("Q12", "choice", format="markdown", tags=["a]b", "c\\d"], answers=[answer("a", "1"), answer("b", "0")]),
    question("Q 13]", "short", format="moodle", answers=[answer("a", "1")]),
]  # fmt: skip


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["training", "quiz", *map(str, args), "--json"])


def kept(folder: Path, questions: list[dict[str, Any]]) -> Path:
    path = folder / "a.json"
    path.write_text(json.dumps({"questions": questions}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", [p for n in (1, 2, 3) for p in itertools.product(("json", "gift", "xml"), repeat=n) if all(a != b for a, b in itertools.pairwise(p))])  # fmt: skip
def test_every_path_through_the_three_forms_gives_the_questions_back(path: tuple[str, ...]) -> None:
    now = of_json({"questions": EACH}, "a.json")
    for n, form in enumerate(path):
        data, missing = exchange.written(f"{n}.{form}", now, title="t", lang="fr", page="")
        assert missing == []
        now, unread = exchange.read(f"{n}.{form}", data, list)
        assert unread == []
    assert as_json(now)["questions"] == EACH


words = st.text(st.sampled_from("aé ɛŋ\\~=#{}:%[]\n$/->.1T\"'<&;,"), max_size=12)
bare = words.map(str.strip)
some = bare.filter(bool)
shares = st.sampled_from(["0", "0.5", "-0.33333", "0.3333333", "-1", "0.001"])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    kind = draw(st.sampled_from(["choice", "multi", "true_false", "short", "numeric", "match", "essay", "description"]))
    line = bare.map(lambda t: t.replace("\n", ""))
    more: dict[str, Any] = {}
    reply = st.builds(Reply, text=bare, fraction=shares, feedback=bare)
    if kind == "choice":
        more["answers"] = (draw(st.builds(Reply, text=bare, fraction=st.just("1"), feedback=bare)), *draw(st.lists(reply, min_size=1, max_size=3)))  # fmt: skip
    if kind == "multi":
        more["answers"] = tuple(draw(st.lists(reply, min_size=2, max_size=4)))
    if kind == "short":  # an arrow in each answer would be pairs to relate: GIFT has no sign for it, and that is named
        said = bare.filter(lambda t: "->" not in t)
        more["answers"] = tuple(draw(st.lists(st.builds(Reply, text=said.filter(bool), fraction=shares, feedback=said), min_size=1, max_size=3)))  # fmt: skip
    if kind == "true_false":
        more |= {"answer": draw(st.booleans()), "feedback_wrong": draw(bare), "feedback_right": draw(bare)}
    if kind == "numeric":
        number = st.decimals(-99, 99, places=2).map(str)
        more["answers"] = tuple(draw(st.lists(st.builds(Reply, value=number, tolerance=st.one_of(st.none(), st.just("0.5")), fraction=shares, feedback=bare), min_size=1, max_size=3)))  # fmt: skip
    if kind == "match":
        half = st.tuples(bare.filter(lambda t: "->" not in t), some)
        more["pairs"] = tuple(draw(st.lists(half, min_size=1, max_size=3)))
    return Question(
        id=draw(some.map(lambda t: t.replace("\n", "x"))), kind=kind, category=draw(line.map(str.strip)), title=draw(bare), text=draw(bare), feedback=draw(bare),
        format=draw(st.sampled_from(["plain", "html", "markdown", "moodle"])), **more,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(questions(), min_size=1, max_size=3, unique_by=lambda q: q.id))
def test_what_anybody_may_write_comes_back_from_gift_and_from_xml(some: list[Question]) -> None:
    assert gift.read(gift.written(some), "a") == some
    assert moodle.read(moodle.written(some).encode(), "a") == (some, [])
    assert of_json(as_json(some), "a") == some


def test_what_gift_cannot_hold_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    odd = [
        question("A", "match", pairs=[["a -> b", "c"]]),
        question("B", "short", answers=[answer(" espace", "1")]),
        question("C", "essay", text="fin "),
        question("E", "short", answers=[answer("a -> b", "1")]),
        question("D", "cloze", text="{1:SHORTANSWER:=a}"),
    ]
    found = run(kept(tmp_path, [EACH[0], *odd[:4]]), tmp_path / "b.gift")
    assert (found.exit_code, [one["question"] for one in json.loads(found.stdout)["lost"]]) == (1, ["A", "B", "C", "E"])
    assert not (tmp_path / "b.gift").exists()
    found = run(kept(tmp_path, odd), tmp_path / "b.gift")
    assert [(one["question"], one["code"]) for one in json.loads(found.stdout)["lost"]] == [("D", "kind_not_held")]
    assert run(kept(tmp_path, odd), tmp_path / "b.xml").exit_code == 0
    assert run(tmp_path / "b.xml", tmp_path / "c.json").exit_code == 0
    assert json.loads((tmp_path / "c.json").read_text())["questions"] == odd


GIFT = """// a comment
$CATEGORY: bureau/vote

::Un:: Qui préside ? {=Le président#oui ~Un voisin ~%-25%Un candidat#non####Voir la fiche}

Mali's polls open at 8 h. {T#faux#juste}

[html]<b>Deux</b> {=un =%50%deux}

Combien ? {#3:0.1}

Entre ? {#1..5}

Reliez {=a -> 1 =b -> 2}

Racontez {}

Une {=clé ~serrure} ferme.

Seulement lire.
"""


def test_gift_as_others_write_it_is_read() -> None:
    found = gift.read(GIFT, "a.gift")
    assert [q.kind for q in found] == ["choice", "true_false", "short", "numeric", "numeric", "match", "essay", "choice", "description"]  # fmt: skip
    assert [q.id for q in found] == [f"Q{n}" for n in range(1, 10)]
    assert found[0] == Question(
        id="Q1", kind="choice", category="bureau/vote", title="Un", format="moodle", text="Qui préside ?", feedback="Voir la fiche",
        answers=(Reply("Le président", "1", "oui"), Reply("Un voisin"), Reply("Un candidat", "-0.25", "non")),
    )  # fmt: skip
    assert (found[1].answer, found[1].feedback_wrong, found[1].feedback_right) == (True, "faux", "juste")
    assert (found[4].answers[0].low, found[4].answers[0].high) == ("1", "5")
    assert found[7].text == "Une _____ ferme."


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a\n\n::T:: b {=c ~d\n\ne", 3), ("a }", 1), ("{=a} {=b}", 1), ("::T b {=a}", 1), ("a {b ~c}", 1), ("a {#x}", 1),
        ("a {#5..1}", 1), ("a {~b}", 1), ("// [id:x] [moodle:z]\na {}", 2), ("a {T#b#c#d}", 1),
    ],
)  # fmt: skip
def test_a_text_that_is_not_gift_is_refused_with_its_line(text: str, row: int) -> None:
    with pytest.raises(Refused) as refused:
        gift.read(text, "a.gift")
    assert (refused.value.code, refused.value.params["row"]) == ("TRN-302", row)


MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz><question type="category"><category><text>$course$/top/A</text></category></question>
<question type="multichoice"><name><text>N</text></name><questiontext format="html"><text><![CDATA[<p>é</p>]]></text>
<file name="a.png" path="/" encoding="base64">QUJD</file></questiontext><generalfeedback format="html"><text></text></generalfeedback>
<defaultgrade>2.0</defaultgrade><penalty>0.1</penalty><hidden>1</hidden><idnumber>X1</idnumber><single>true</single>
<shuffleanswers>false</shuffleanswers><correctfeedback format="html"><text>Bien</text></correctfeedback>
<answer fraction="100" format="html"><text>a</text><feedback format="moodle_auto_format"><text>f</text></feedback></answer>
<answer fraction="-33.33333" format="html"><text>b</text><feedback format="html"><text></text></feedback></answer>
<tags><tag><text>t</text></tag></tags></question>
<question type="ddwtos"><name><text>D</text></name><questiontext format="html"><text>x</text></questiontext></question></quiz>"""


def test_what_only_moodle_says_goes_through_gift_and_back_and_a_type_that_is_not_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.xml").write_text(MOODLE, encoding="utf-8")
    found, missing = moodle.read(MOODLE.encode(), "m.xml")
    assert [(one.code, one.question) for one in missing] == [("unsupported_type", "2")]
    one = found[0]
    assert (one.id, one.category, one.tags, one.answers[1].fraction) == ("X1", "$course$/top/A", ("t",), "-0.3333333")  # fmt: skip
    assert any("QUJD" in b.xml for b in one.moodle) and any("<penalty>0.1</penalty>" in b.xml for b in one.moodle)
    assert gift.read(gift.written(found), "a") == found
    assert moodle.read(moodle.written(found).encode(), "a") == (found, [])
    assert of_json(as_json(found), "a") == found
    refused = run(tmp_path / "m.xml", tmp_path / "o.json")
    assert (refused.exit_code, json.loads(refused.stdout)["lost"][0]["question"]) == (1, "2")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', "<quiz><question></quiz>", "<html/>", "<quiz><p/></quiz>", "",
        "<quiz>" + "<a>" * 40 + "</a>" * 40 + "</quiz>", '<?xml-stylesheet href="a"?><quiz/>',
        '<quiz><question type="truefalse"><answer fraction="100"><text>oui</text></answer></question></quiz>',
        '<quiz><question type="multichoice"><answer fraction="cent"><text>a</text></answer></question></quiz>',
    ],
)  # fmt: skip
def test_an_xml_that_is_no_export_of_questions_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        moodle.read(text.encode(), "a.xml")
    assert refused.value.code in ("TRN-301", "TRN-303")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "choose"}, "kind"), ({"answers": [answer("a", "1")]}, "answers"), ({"answers": [answer("a", "1"), answer("b", "1")]}, "answers"),
        ({"answers": [answer("a", "1.0"), answer("b", "0")]}, "answers.1.fraction"), ({"answers": [answer("a", "1/2"), answer("b", "0")]}, "answers.1.fraction"),
        ({"id": ""}, "id"), ({"id": "Q2"}, "id"), ({"pairs": [["a", "b"]]}, "pairs"), ({"format": "rtf"}, "format"), ({"text": 3}, "text"),
        ({"text": "\u202e"}, "text"), ({"color": "red"}, "color"), ({"answer": "yes"}, "answer"), ({"moodle": [{"at": "", "xml": "<a>"}]}, "moodle.xml"),
    ],
)  # fmt: skip
def test_a_json_question_that_is_not_whole_is_refused_with_its_place(change: dict[str, Any], field: str) -> None:
    good = question("Q1", "choice", answers=[answer("a", "1"), answer("b", "0")])
    other = question("Q2", "essay")
    with pytest.raises(Refused) as refused:
        of_json({"questions": [other, {**good, **change}]}, "a.json")
    assert (refused.value.code, refused.value.params["field"]) == ("TRN-301", f"questions.2.{field}")


def test_simple_kinds_go_through_csv_and_xlsx_and_others_are_named(tmp_path: Path) -> None:
    simple = [q for q in EACH if q["kind"] in ("choice", "multi", "true_false", "short", "essay", "description") and "tags" not in q]  # fmt: skip
    simple[0]["answers"][1]["text"] = "=1+1"
    start = kept(tmp_path, simple)
    for form in ("csv", "xlsx"):
        assert run(start, tmp_path / f"b.{form}").exit_code == 0
        assert run(tmp_path / f"b.{form}", tmp_path / "c.json").exit_code == 0
        assert json.loads((tmp_path / "c.json").read_text())["questions"] == simple
        found = run(kept(tmp_path / ".", EACH), tmp_path / f"d.{form}")
        assert (found.exit_code, {o["question"] for o in json.loads(found.stdout)["lost"]}) == (1, {"Q6", "Q7", "Q8"})
        start = kept(tmp_path, simple)


def test_packages_hold_every_question_and_are_the_same_to_the_byte(tmp_path: Path) -> None:
    start = kept(tmp_path, EACH)
    for form, parts in (("scorm", 2), ("qti", 1 + len(EACH))):
        made = [(run(start, tmp_path / f"{n}.{form}.zip"), (tmp_path / f"{n}.{form}.zip").read_bytes()) for n in (1, 2)]
        assert [one[0].exit_code for one in made] == [0, 0]
        assert made[0][1] == made[1][1]
        archive = zipfile.ZipFile(io.BytesIO(made[0][1]))
        assert len(archive.namelist()) == parts
        for name in archive.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(archive.read(name))
    page = zipfile.ZipFile(tmp_path / "1.scorm.zip").read("index.html").decode()
    assert (
        page.count("<fieldset") == len(EACH) - 1 and "@@" not in page and "http" not in page.replace("http://www", "")
    )


def test_a_package_given_as_questions_and_a_form_nobody_knows_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "b.scorm.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", b"0" * 50_000_000)
    start = kept(tmp_path, EACH)
    disguised = tmp_path / "b.gift"
    disguised.write_bytes(bomb.read_bytes())
    swollen = tmp_path / "b.xlsx"
    swollen.write_bytes(bomb.read_bytes())
    for source, out, code in (
        (bomb, "o.json", "TRN-305"), (disguised, "o.json", "TRN-305"), (swollen, "o.json", "TRN-306"), (start, "o.docx", "TRN-304"),
        (tmp_path / "a.docx", "o.json", "TRN-306"), (tmp_path / "none.json", "o.json", "TRN-306"), (start, "none/o.json", "TRN-306"),
    ):  # fmt: skip
        found = run(source, tmp_path / out)
        assert (found.exit_code, code in found.stderr) == (2, True), (source, found.stderr)
    assert not (tmp_path / "o.json").exists()
