"""One source gives every file of a manual, the same bytes each time; and a changed article gives the exact set of what rests on it."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from kalata.cli import main
from kalata.training import manuals
from kalata.training.rules.manuals import questions
from kalata.training.rules.quiz import gift, moodle
from kalata.training.sources import law_named
from tests.training.source_files import LAW, both, files, read, written

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h20v20z"/></svg>'


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["training", *map(str, args), "--json"])


def source_of(folder: Path) -> Path:
    changed = files()
    changed["procedures/open.yaml"]["steps"][0]["pictogram"] = "box"
    changed["procedures/open.yaml"]["steps"][1]["do"] = both("Fermez l’urne : ɛ ɔ ɲ ŋ.", "Lock the box: ɛ ɔ ɲ ŋ.")
    made = written(folder, changed)
    (made / "pictograms").mkdir()
    (made / "pictograms" / "box.svg").write_text(PICTURE)
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("manual")
    found = run("manual", source_of(folder / "source"), "--out", folder / "out", "--role", "president", "--lang", "fr")
    assert found.exit_code == 0, found.output
    return folder, json.loads(found.stdout)


def test_every_file_is_there_with_its_hash_and_the_steps_it_rests_on(built: tuple[Path, dict[str, Any]]) -> None:
    folder, said = built
    kept = json.loads((folder / "out" / "manifest.json").read_text())
    assert {k: said[k] for k in kept} == kept and said["findings"] == []
    names = {f["path"] for f in kept["files"]}
    assert names | {"manifest.json"} == {p.name for p in (folder / "out").iterdir()}
    assert names == {
        *(f"{k}.president.fr.{e}" for k in ("manual", "card", "poster", "trainer") for e in ("html", "pdf")), "slides.president.fr.html", "audio.president.fr.txt", "manual.president.fr.docx",
        *(f"quiz.president.fr.{e}" for e in ("A.pdf", "B.pdf", "gift", "xml", "scorm.zip", "qti.zip")),
    }  # fmt: skip
    for f in kept["files"]:
        assert f["sha256"] == hashlib.sha256((folder / "out" / f["path"]).read_bytes()).hexdigest()
    steps = {f["path"].split(".")[0]: f["steps"] for f in kept["files"]}
    assert steps["card"] == ["OPEN.1"] and steps["poster"] == ["OPEN.1", "COUNT.1"]
    assert [p["steps"] for p in kept["pages"]] == [["COUNT.1", "OPEN.2"], ["OPEN.1", "OPEN.2", "OPEN.3"]]


def test_the_same_source_gives_the_same_bytes_and_another_sentence_another_page(
    built: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder, said = built
    again = run("manual", folder / "source", "--out", tmp_path / "again", "--role", "president", "--lang", "fr")
    assert json.loads(again.stdout)["files"] == said["files"]
    changed = files()
    changed["procedures/open.yaml"]["steps"][1]["do"]["fr"] = "Fermez."
    before, after = (
        manuals.every(read(one), law_named("ml"), ["president"], ["fr"], draft=False)[0].pages
        for one in (files(), changed)
    )
    assert [a.id == b.id for a, b in zip(before, after, strict=True)] == [
        False,
        False,
    ]  # the case of COUNT prints that step too
    changed["procedures/count.yaml"]["branches"] = []
    count = manuals.every(read(changed), law_named("ml"), ["president"], ["fr"], draft=False)[0].pages[1]
    assert "OPEN.2" not in count.steps


def test_a_page_of_the_web_is_one_file_without_script_or_address_and_parameters_are_in_their_places(
    built: tuple[Path, dict[str, Any]],
) -> None:
    folder, said = built
    for kind in ("manual", "card", "poster", "trainer", "slides"):
        text = (folder / "out" / f"{kind}.president.fr.html").read_text()
        assert not re.search(r"<script|https?:|src=|@import|url\(|\son\w+=", text), kind
        assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    manual = (folder / "out" / "manual.president.fr.html").read_text()
    assert (
        "À 08:00, montrez l’urne vide." in manual
        and "Signez les 3 exemplaires." in manual
        and "pratique, sans texte" in manual
    )
    codes = re.findall(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", manual)
    assert {c.replace("-", "") for c in codes} == {p["id"][:12] for p in said["pages"]}


def test_each_printed_page_bears_its_code_and_the_sheets_have_their_sizes(built: tuple[Path, dict[str, Any]]) -> None:
    folder, said = built
    texts = {}
    for kind, wide in (("manual", 148), ("card", 105), ("poster", 297), ("trainer", 210), ("quiz", 210)):
        name = f"{kind}.president.fr.{'A.' if kind == 'quiz' else ''}pdf"
        document = pypdfium2.PdfDocument((folder / "out" / name).read_bytes())
        assert round(document[0].get_width() / 72 * 25.4) == wide
        texts[kind] = [page.get_textpage().get_text_bounded() for page in document]
    for text in texts["manual"][1:]:
        assert any("-".join(re.findall("....", p["id"][:12])) in text for p in said["pages"])
    document = docx.Document(str(folder / "out" / "manual.president.fr.docx"))
    said_there = "\n".join(p.text for p in document.paragraphs)
    assert (
        all("-".join(re.findall("....", p["id"][:12])) in said_there for p in said["pages"]) and "ɛ ɔ ɲ ŋ" in said_there
    )
    assert "ɛ ɔ ɲ ŋ" in "".join(texts["manual"])
    assert "Emploi du temps" in texts["trainer"][0] and "Corrigé" in "".join(texts["trainer"])
    assert "Feuille de réponses" in "".join(texts["quiz"])


def test_the_questions_of_every_form_are_the_same_and_packages_open(built: tuple[Path, dict[str, Any]]) -> None:
    out = built[0] / "out"
    from_gift = gift.read((out / "quiz.president.fr.gift").read_text(), "a")
    assert moodle.read((out / "quiz.president.fr.xml").read_bytes(), "a") == (from_gift, [])
    assert [q.id for q in from_gift] == ["I-OPEN-1", "I-OPEN-2", "I-COUNT-1"]
    assert from_gift[2].answers[0].value == "3"
    for form in ("scorm", "qti"):
        assert (
            "imsmanifest.xml"
            in zipfile.ZipFile(io.BytesIO((out / f"quiz.president.fr.{form}.zip").read_bytes())).namelist()
        )


def test_two_papers_hold_the_same_questions_in_another_order_and_say_which_they_are() -> None:
    changed = files()
    item = changed["procedures/open.yaml"]["items"][0]
    item["answers"] = [{"text": both(f"r{n}", f"a{n}"), "fraction": "1" if n == 0 else "0"} for n in range(4)]
    changed["procedures/open.yaml"]["items"] = [{**item, "id": f"I-{n}"} for n in range(12)]
    some = questions.asked(read(changed), "president", "fr")
    a, b = (questions.paper(some, form, ("Vrai", "Faux")) for form in ("A", "B"))
    assert [r.id for r in a] != [r.id for r in b] and {r.id for r in a} == {r.id for r in b}
    keys = [{r.id: [t for _l, t, ok in r.options if ok] for r in one} for one in (a, b)]
    assert keys[0] == keys[1]
    assert len({questions.form_id(one, "president", "fr", form) for one, form in ((a, "A"), (b, "B"), (a, "B"))}) == 3


def test_what_is_wrong_is_told_and_nothing_is_written_and_a_draft_says_that_it_is_one(tmp_path: Path) -> None:
    changed = files()
    changed["procedures/open.yaml"]["status"] = "tested"
    source = written(tmp_path / "s", changed)
    refused = run("manual", source, "--out", tmp_path / "out")
    assert (refused.exit_code, [f["code"] for f in json.loads(refused.stdout)["findings"]]) == (1, ["not_approved"])
    assert not (tmp_path / "out").exists()
    made = manuals.every(read(changed), law_named("ml"), ["president"], ["fr"], draft=True)[0]
    assert "PROJET : non approuvé" in made.html("manual")


# --- impact ---------------------------------------------------------------------------------------------------
ROLES = ("president", "assessors", "court_clerk")


def many() -> dict[str, Any]:
    """Twenty procedures of three steps, each step on an article of its own or shared, cases that lead from one to the next."""
    changed: dict[str, Any] = {"source.yaml": files()["source.yaml"]}
    for n in range(20):
        steps = [
            {"id": f"P{n}.{k}", "do": both(f"Geste {'abcdefghijklmnopqrstuvwxyz'[n]}", "Act"), "card": k == 1, "form_fields": [f"PV.c{n % 7}"],
             "basis": [{"article": f"LE-2022-019/art.{(n * 3 + k) % 23}", "version": "2022-06-24" if k else "2023-03-13"}]}
            for k in range(3)
        ]  # fmt: skip
        changed[f"procedures/p{n:02}.yaml"] = {
            "id": f"P{n}", "title": both("Fiche", "Sheet"), "roles": [ROLES[n % 3], ROLES[(n + n // 3) % 3]], "phase": "voting", "version": 1, "status": "approved",
            "steps": steps, "branches": [{"id": f"P{n}.B", "when": both("Si", "If"), "then": f"P{(n * 7 + 3) % 20}" + (f".{n % 3}" if n % 4 else "")}],
            "items": [{"id": f"I{n}", "step": f"P{n}.{n % 3}", "kind": "true_false", "text": both("Oui ?", "Yes?"), "answer": True}],
        }  # fmt: skip
    return changed


def plainly(changed: dict[str, Any], manifest: dict[str, Any], article: str, version: str) -> dict[str, list[str]]:
    """The same, straight from the text of the interface and the manifest."""
    all_of = [v for k, v in changed.items() if k != "source.yaml"]
    hit = [s for p in all_of for s in p["steps"] if {"article": article, "version": version} in s["basis"]]
    steps = {s["id"] for s in hit}
    firsts = {p["id"] for p in all_of if p["steps"][0]["id"] in steps}
    led = {p["id"]: [b for b in p["branches"] if b["then"] in steps | firsts] for p in all_of}
    return {
        "steps": sorted(steps), "branches": sorted(b["id"] for some in led.values() for b in some), "form_fields": sorted({f for s in hit for f in s["form_fields"]}),
        "items": sorted(i["id"] for p in all_of for i in p["items"] if i["step"] in steps),
        "pages": sorted(p["id"] for p in manifest["pages"] if steps & {*p["steps"]}), "files": sorted(f["path"] for f in manifest["files"] if steps & {*f["steps"]}),
        "roles": sorted({r for p in all_of if led[p["id"]] or steps & {s["id"] for s in p["steps"]} for r in p["roles"]}),
    }  # fmt: skip


def test_twenty_changes_of_the_law_give_the_exact_sets(tmp_path: Path) -> None:
    changed = many()
    folder = written(tmp_path / "s", changed)
    some = manuals.every(read(changed), law_named("ml"), sorted(ROLES), ["fr", "en"], draft=False)
    manifest = {
        "pages": [p.record() for made in some for p in made.pages],
        "files": [f.record("") for made in some for f in made.files],
    }
    sizes = set()
    for n, version in itertools.product(range(10), ("2022-06-24", "2023-03-13")):
        found = json.loads(run("impact", folder, "--article", f"LE-2022-019/art.{n}@{version}").stdout)
        assert found == {
            **plainly(changed, manifest, f"LE-2022-019/art.{n}", version),
            "sessions": [],
            "certificates": [],
        }
        sizes.add(len(found["steps"]))
    assert len(sizes) > 1
    none = json.loads(run("impact", folder, "--article", "LE-2022-019/art.5@2099-01-01").stdout)
    assert set(map(len, none.values())) == {0}


def test_who_was_taught_with_a_touched_manual_is_found_by_its_hash_and_an_unknown_one_is_said(
    built: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder, said = built
    sha = {f["path"]: f["sha256"] for f in said["files"]}
    rows = [
        ("C1", "S1", "president", sha["manual.president.fr.pdf"]), ("C2", "S2", "president", sha["manual.president.fr.html"]),
        ("C3", "S3", "president", "0" * 64), ("C4", "S4", "assessor", "0" * 64), ("C5", "S1", "president", sha["manual.president.fr.pdf"]),
    ]  # fmt: skip
    held = tmp_path / "held.csv"
    held.write_text("certificate,session,role,manual_sha256\n" + "".join(",".join(r) + "\n" for r in rows))
    found = json.loads(run("impact", folder / "source", "--article", f"{LAW}@2022-06-24", "--held", held).stdout)
    assert (found["roles"], found["certificates"], found["sessions"], found["unknown_manual"]) == (
        ["president"],
        ["C1", "C2", "C5"],
        ["S1", "S2"],
        ["C3"],
    )
    for bad in ("x", "x@", "@v", "a b@c"):
        assert run("impact", folder / "source", "--article", bad).exit_code == 2


def test_what_a_program_finds_of_the_source_is_said_in_each_language_of_the_frame() -> None:
    made = {
        lang: manuals.every(read(files()), law_named("ml"), ["president"], [lang], draft=False)[0]
        for lang in ("fr", "en")
    }
    assert "Pourquoi" in made["fr"].html("manual") and "Why" in made["en"].html("manual")
    assert made["en"].html("manual").startswith('<!doctype html>\n<html lang="en">')
