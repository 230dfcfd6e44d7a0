"""The starting text of Malian manuals: what it holds, what it rests on, and what it does not pretend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import kalata.packs

PACK = Path(next(iter(kalata.packs.__path__))) / "ml"
TRAINING = PACK / "training"
ROLES = {
    "common", "president", "assessors", "registration_agent", "tabulation_staff",
    "agent_of_party", "security_force", "court_clerk", "judge_rapporteur",
}  # fmt: skip
"""The roles of `manual_by_role`: the president of a station is `president`, as in the format of sources."""
PHASES = {"before", "opening", "voting", "closing", "count", "tabulation", "registration", "court"}
PLACE = re.compile(r"\{([\w.]+)\}")
WORDS = {"two": 2, "three": 3, "four": 4}
DERIVED = {"scrutineers.by"}
OUTSIDE = "inclusion.yaml"
"""Access measures come of the project's data on inclusion, which the pack does not carry."""


@cache
def read(name: str) -> Any:
    return yaml.load((TRAINING / name).read_text("utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506


@cache
def section(name: str) -> dict[str, Any]:
    data = yaml.load((PACK / f"{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506
    return {r["id"]: r for r in (data["records"] if isinstance(data, dict) else data)}


@cache
def procedures() -> tuple[dict[str, Any], ...]:
    return tuple(read(f"source/procedures/{p.name}") for p in sorted((TRAINING / "source/procedures").glob("*.yaml")))


def steps() -> list[dict[str, Any]]:
    return [s for p in procedures() for s in p["steps"]]


def items() -> list[dict[str, Any]]:
    return [i for p in procedures() for i in p["items"]]


def cases() -> list[dict[str, Any]]:
    return [c for p in procedures() for c in (*p.get("branches", ()), *p.get("error_cases", ()))]


def said(value: Any, at: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every sentence of a value, with its place."""
    if isinstance(value, dict) and "fr" in value:
        yield at, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from said(one, f"{at}.{key}")
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from said(one, f"{at}.{n}")


def sentences() -> list[tuple[str, dict[str, str]]]:
    return [found for p in procedures() for found in said(p, p["id"])]


def parameters() -> dict[str, str]:
    found: dict[str, str] = read("source/source.yaml")["parameters"]
    return found


def test_there_are_enough_steps_doubtful_cases_and_questions_for_every_role() -> None:
    assert len(steps()) >= 120
    assert len(cases()) >= 60
    assert len(items()) >= 150
    assert {role for p in procedures() for role in p["roles"]} == ROLES
    for role in ROLES:
        own = [p for p in procedures() if role in p["roles"]]
        assert sum(len(p["steps"]) for p in own) >= 12, role
    assert {p["phase"] for p in procedures()} == PHASES


def test_every_sentence_is_written_in_french_and_in_english() -> None:
    for place, words in sentences():
        assert set(words) == {"fr", "en"}, place
        assert all(text.strip() for text in words.values()), place
        assert sorted(PLACE.findall(words["fr"])) == sorted(PLACE.findall(words["en"])), place


def test_every_identifier_is_given_once_and_every_reference_leads_somewhere() -> None:
    ids = [p["id"] for p in procedures()] + [x["id"] for x in (*steps(), *cases(), *items())]
    assert len(ids) == len(set(ids))
    known = {s["id"] for s in steps()}
    assert {b["then"] for p in procedures() for b in p["branches"]} <= known
    assert {e["step"] for p in procedures() for e in p.get("error_cases", ())} <= known
    assert {i["step"] for i in items()} <= known
    shown = {s["pictogram"] for s in steps() if "pictogram" in s}
    assert shown == {p.stem for p in (TRAINING / "source/pictograms").glob("*.svg")}


def test_every_step_cites_a_known_version_of_an_article_or_says_practice() -> None:
    articles = {(a["id"], a["version"]): a for a in read("articles.yaml")["records"]}
    for step in steps():
        assert ("basis" in step) != step.get("practice", False), step["id"]
        for one in step.get("basis", ()):
            found = articles[one["article"], one["version"]]
            assert one["confidence"] == found["confidence"], step["id"]
    cited = {(b["article"], b["version"]) for s in steps() for b in s.get("basis", ())}
    assert cited == set(articles)


def test_every_article_is_of_a_text_of_the_pack_and_says_what_it_was_read_from() -> None:
    for article in read("articles.yaml")["records"]:
        text = section("texts")[article["text"]]
        assert article["id"].split("/")[0] == article["text"].removeprefix("ML-")
        assert article["version"] == text["in_force_from"]
        assert article.get("until") == text.get("in_force_to")
        assert article["source"] and all(s in section("sources") for s in article["source"])
        assert article["records"]
        for record in article["records"]:
            name, _colon, key = record.partition(":")
            assert key in section(name), record
        assert (article["number"] == "unknown") == ("art.inconnu-" in article["id"])


def test_law_that_nobody_has_read_is_marked_and_nothing_is_approved() -> None:
    assert {p["status"] for p in procedures()} == {"draft"}
    for step in steps():
        for one in step.get("basis", ()):
            assert one["confidence"] != "text seen" and "verified_by" not in one, step["id"]


def test_every_parameter_has_a_source_and_its_record_says_its_value() -> None:
    records = {r["id"]: r for r in read("parameters.yaml")["records"]}
    assert {key: r["value"] for key, r in records.items()} == parameters()
    used = {key for _place, words in sentences() for key in PLACE.findall(words["fr"])}
    assert used == set(parameters())
    for key, record in records.items():
        assert record["source"] and all(s in section("sources") for s in record["source"]), key
        name, _colon, inside = record["record"].partition(":")
        if name == OUTSIDE:
            assert record["confidence"] == "from memory, verify"
        elif key not in DERIVED:
            assert says(facts(name, inside), record["value"]), key


def test_the_hour_of_the_scrutineers_is_the_notice_before_the_close() -> None:
    notice = section("deadlines")["ML-SCRUTINEER-NAMES"]
    assert (notice["unit"], notice["event"], notice["direction"]) == ("hours", "POLLS_CLOSE", "before")
    close = int(parameters()["station.closes"].split(":")[0])
    assert parameters()["scrutineers.by"] == f"{close - notice['offset']:02d}:00"


def facts(name: str, key: str) -> str:
    if name.endswith(".csv"):
        return next(line for line in (PACK / name).read_text("utf-8").splitlines() if line.startswith(f"{key},"))
    return yaml.dump(section(name)[key], allow_unicode=True)


def says(text: str, value: str) -> bool:
    """Whether a record writes this number or hour, in figures or in an English word."""
    if ":" in value:
        return value in text or f"{int(value.split(':')[0])} h" in text
    numbers = {int(n) for n in re.findall(r"\d+", text)} | {n for w, n in WORDS.items() if re.search(rf"\b{w}\b", text)}
    return int(value) in numbers


def test_no_number_is_typed_in_a_sentence() -> None:
    for place, words in sentences():
        for text in words.values():
            assert not re.search(r"\d", PLACE.sub("", text)), (place, text)


def test_a_critical_step_has_a_question_and_a_question_has_one_right_answer() -> None:
    tested = {i["step"] for i in items()}
    critical = [s["id"] for s in steps() if s.get("critical")]
    assert len(critical) >= 60 and set(critical) <= tested
    first = 0
    for item in items():
        rights = [n for n, a in enumerate(item["answers"]) if a["fraction"] == "1"]
        assert len(rights) == 1 and len(item["answers"]) >= 3, item["id"]
        first += rights == [0]
        for lang in ("fr", "en"):
            assert len({a["text"][lang] for a in item["answers"]}) == len(item["answers"]), item["id"]
    assert first < len(items()) / 2, "the right answer would be the first one"


def test_each_role_has_a_pocket_card() -> None:
    for role in ROLES:
        carded = [s for p in procedures() if role in p["roles"] for s in p["steps"] if s.get("card")]
        assert carded and all("pictogram" in s for s in carded if s.get("critical")), role


def test_what_the_data_say_twice_and_not_alike_is_named_with_both_sources() -> None:
    conflicts = {c["id"]: c for c in read("conflicts.yaml")["records"]}
    assert {"QUORUM-SECRETARY", "IDENTITY-BLANK", "THIRD-COPY"} <= set(conflicts)
    known = {s["id"] for s in steps()}
    for key, conflict in conflicts.items():
        assert conflict["steps"] and set(conflict["steps"]) <= known, key
        for side in (conflict["one"], conflict["other"]):
            assert side["source"] and all(s in section("sources") for s in side["source"]), key
            assert set(side["says"]) == {"fr", "en"} and side["record"], key
        assert conflict["one"]["says"] != conflict["other"]["says"], key
