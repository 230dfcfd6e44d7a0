"""The bench in a browser: a judge seals and opens with his own key, by keyboard; each page is clean, wide and at 360 px."""

import secrets

import pytest

from kalata.disputes.models import SealedItem
from kalata.disputes.rules.sealing import unseal
from kalata.disputes.rules.sealing_keys import key_file
from kalata.disputes.services import deliberating
from tests.browser.conftest import browser, ledger_lifted_for_the_flush, page, size  # noqa: F401
from tests.browser.tools import axe, fits, open_session
from tests.disputes.bench_stage import KEYS, bench, case, sealed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORD = "palimpseste-indigo"
FIVE = ("j1", "j2", "j3", "j4", "j5")


def clean(page):  # noqa: F811
    assert axe(page) == [] and fits(page)


def test_a_judge_writes_and_reads_sealed_texts_and_the_server_never_has_them(page, live_server, contest, tmp_path):  # noqa: F811
    judges = {m.code: m for m in bench()}
    petition = case(contest, state="deliberation")
    deliberating.open_round(number=petition.number, by=judges["j1"].person)
    sent = []
    page.on("request", lambda r: sent.append((r.post_data_buffer or b"") if r.method == "POST" else b""))
    open_session(page, live_server, judges["j2"].person)
    page.goto(f"{live_server.url}/contentieux/delibere/{petition.number}/")
    clean(page)
    page.get_by_label("Texte (scellé avant de partir)").focus()
    page.keyboard.type(WORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Gardé.").wait_for()
    one = SealedItem.objects.get()
    assert unseal(bytes(one.body), KEYS["j4"]).decode() == WORD
    assert sent and not any(WORD.encode() in body for body in sent)
    for code in ("j1", "j3", "j4", "j5"):
        body = sealed(f"{WORD} {code}", *FIVE)
        deliberating.deposit(number=petition.number, kind="opinion", body=body, by=judges[code].person)
    deliberating.release(number=petition.number, by=judges["j1"].person)
    mine = tmp_path / "j2.key"
    mine.write_bytes(key_file(KEYS["j2"], None, secrets.token_bytes))
    page.reload()
    page.get_by_label("Ma clé privée (elle reste sur cette machine)").set_input_files(str(mine))
    page.get_by_role("button", name="Ouvrir les textes qui me sont remis").press("Enter")
    page.get_by_text(f"{WORD} j5").wait_for()
    assert page.locator("[data-bench-sealed]:visible").count() == 5
    clean(page)


def test_the_pages_of_the_bench_are_clean(page, live_server, contest):  # noqa: F811
    judges = bench()
    petition = case(contest)
    open_session(page, live_server, judges[0].person)
    for url in (
        "siege/",
        f"affaires/{petition.number}/formation/",
        f"tirages/{contest.code}/",
        "tirages/",
        "audiences/",
        f"audiences/{contest.code}/",
    ):
        page.goto(f"{live_server.url}/contentieux/{url}")
        assert page.locator("h1").count() == 1, url
        assert (url, axe(page), fits(page)) == (url, [], True)
        for one in page.locator("summary").all():
            one.press("Enter")
        assert (url, axe(page), fits(page)) == (url, [], True)
