"""Pages that leave the house as files: a certificate is checked, a quiz is answered and reported, without network, at 320 px."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kalata.cli import main
from tests.browser.tools import axe, chromium, fits
from tests.training.rules import test_badges as badges
from tests.training.rules.test_quiz import EACH

pytestmark = pytest.mark.browser
ROW, LATER = badges.ROW, {"certificate": "C-1", "status_index": "5", "reason": "fraud"}
ANYWHERE = """window.API={said:{},LMSInitialize:()=>"true",LMSGetValue:k=>window.API.said[k]||"",LMSSetValue:(k,v)=>{window.API.said[k]=v;return"true"},
LMSCommit:()=>"true",LMSFinish:()=>"true"}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, locale="fr-FR", offline=True, bypass_csp=False
    )
    opened = context.new_page()
    opened.problems = []
    opened.on("pageerror", lambda problem: opened.problems.append(str(problem)))
    yield opened
    assert opened.problems == []
    context.close()


def test_a_stranger_checks_a_certificate_without_network_and_each_forgery_is_refused(page: Any, tmp_path: Path) -> None:
    desk = badges.Desk(tmp_path)
    said, other, withdrawn = desk.issued(), desk.listed(), desk.listed(LATER)
    for lang in ("fr", "en"):
        found = CliRunner().invoke(main, ["training", "badge", "page", "--issuer", str(tmp_path / "issuer.json"), "--out", str(tmp_path / f"{lang}.html"), "--lang", lang])  # fmt: skip
        assert found.exit_code == 0, found.output
    page.goto((tmp_path / "fr.html").as_uri())
    for token, at, status in [
        (said, "2027-02-19", None), (said, "2027-02-20", None), (said, "2027-06-30", other), (said, "2027-07-01", None), (said, "2027-03-01", withdrawn),
        (said, "2027-03-01", badges.token(badges.HEAD, badges.payload_of(other), badges.OTHER)), (other, "2027-03-01", None),
        *((forge(said), "2027-03-01", None) for name, (forge, _expected) in badges.FORGERIES.items() if name != "a key twice"),
    ]:  # fmt: skip
        ours = desk.verdict(token, at=at, status=status)[1]["verdict"]
        assert page.evaluate("([t, a, s]) => kalataVerdict(t, a, s)", [token, at, status])["verdict"] == ours
    page.get_by_label("Texte de l’attestation").fill(said)
    page.get_by_label("Vérifier au").fill("2027-03-01")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Vérifier").press("Enter")
    page.get_by_text("Cette attestation est valable.").wait_for()
    assert page.get_by_text("Non vérifié").is_visible() and page.get_by_text("Ségou").is_visible()
    assert axe(page) == [] and fits(page)
    page.get_by_label("Liste des attestations retirées").set_input_files(
        {"name": "s.jwt", "mimeType": "text/plain", "buffer": withdrawn.encode()}
    )
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_text("Cette attestation a été retirée.").wait_for()
    assert page.get_by_text("fraud").is_visible()
    page.goto((tmp_path / "en.html").as_uri())
    assert page.get_by_role("heading", name="Check a training certificate").is_visible()


def quiz_page(folder: Path) -> Path:
    (folder / "a.json").write_text(json.dumps({"questions": EACH}), encoding="utf-8")
    assert (
        CliRunner().invoke(main, ["training", "quiz", str(folder / "a.json"), str(folder / "a.scorm.zip")]).exit_code
        == 0
    )
    zipfile.ZipFile(folder / "a.scorm.zip").extractall(folder / "out")
    return folder / "out" / "index.html"


def test_a_package_plays_by_keyboard_at_320_px_and_reports_its_score(page: Any, tmp_path: Path) -> None:
    page.add_init_script(ANYWHERE)
    page.goto(quiz_page(tmp_path).as_uri())
    assert axe(page) == [] and fits(page)
    assert page.evaluate("API.said['cmi.core.lesson_status']") == "incomplete"
    page.evaluate("""() => { const key = JSON.parse(document.getElementById('key').textContent);
      key.questions.forEach((q, i) => { const box = document.getElementById('q' + (i + 1)); if (!box) return;
        const fields = [...box.querySelectorAll('input,select,textarea')];
        if (q.kind === 'true_false') fields.find(f => f.value === q.right[0]).checked = true;
        else if (q.kind === 'match') fields.forEach((f, k) => { f.value = q.right[k]; });
        else if (q.kind === 'short') fields[0].value = q.answers[0][0];
        else if (q.kind === 'numeric') fields[0].value = q.answers[0][0];
        else if (q.parts) q.parts.forEach((p, k) => { fields[k].checked = q.kind === 'multi' ? +p > 0 : +p === 1; }); }); }""")
    page.get_by_role("button", name="Corriger").press("Enter")
    said = page.evaluate("API.said")
    assert (said["cmi.core.score.raw"], said["cmi.core.lesson_status"]) == ("100", "passed")
    assert len(said["cmi.suspend_data"]) <= 4_096
    assert axe(page) == [] and fits(page)


def test_a_package_opened_with_nothing_answered_and_no_platform_corrects_itself(page: Any, tmp_path: Path) -> None:
    page.goto(quiz_page(tmp_path).as_uri())
    page.get_by_role("button", name="Corriger").click()
    assert page.locator("#score").inner_text() == "Résultat : 0 sur 100"
    page.locator("#q3 summary").click()
    assert page.locator("#q3 details").get_by_text("Vrai").is_visible()
