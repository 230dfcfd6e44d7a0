# ruff: noqa: F811
"""A proclamation has its page: who is proclaimed, the Court's own reading beside the published, hashes and log entry."""

import json

import pytest
from django.urls import reverse

from kalata.disputes import demonstration, public_site
from kalata.disputes.queries import count as counts
from kalata.disputes.queries import public, public_proclamations
from kalata.disputes.services import count, proclaiming
from kalata.disputes.signing import court, papers
from kalata.evidence import store
from kalata.evidence.rules.access import Damaged
from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.results.models import Proclamation
from kalata.transparency.models import Outbox
from kalata.transparency.rules.canonical import jcs
from tests.disputes.services.test_count import clerks, counted_all, president  # noqa: F401
from tests.disputes.services.test_rulings import YEAR, keys, told  # noqa: F401
from tests.disputes.web.test_public import text
from tests.disputes.web.test_public_site import house_key, written  # noqa: F401

pytestmark = pytest.mark.django_db
NUMBER = f"{YEAR}-50/CC-EP"
WHY = "chiffre surchargé, original relu"


@pytest.fixture
def asked(published, president, clerks, registrar, keys):
    made = count.open_count(contest=published, by=president)
    counted_all(published, clerks, wrong=("KAY-001", "SEG-001"))
    for one in counts.apart(made):
        count.explain(sheet_id=one.sheet, on=one.on, words=WHY, by=registrar)
    return proclaiming.ask(contest=published, number=NUMBER, by=registrar)


def test_before_it_there_is_no_page_and_nothing_points_to_one(asked, client, published):
    address = reverse("court:proclaimed", args=[published.code])
    assert client.get(address).status_code == 404
    for url in (reverse("court:docket"), reverse("court:decisions"), reverse("results:contest", args=[published.code])):
        assert address not in text(client, url)


def test_paper_page_and_announcement_to_the_log_are_there_at_one_instant_and_none_where_the_act_fails(asked, president, monkeypatch):  # fmt: skip
    def failing(**said):
        raise RuntimeError("power")

    from kalata.results.services import rulings

    monkeypatch.setattr(rulings, "record", failing)
    with pytest.raises(RuntimeError):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=president)
    assert not Proclamation.objects.exists() and not Outbox.objects.filter(kind="declaration").exists()
    assert public_proclamations.files() == []


def test_the_page_says_who_is_proclaimed_and_each_difference_with_its_explanation(asked, client, published, president):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=president)
    one = Proclamation.objects.get()
    page = text(client, reverse("court:proclaimed", args=[published.code]))
    shown = public_proclamations.file(published.code)
    assert [(name, votes) for name, votes, _s in shown.options] == [
        ("La pirogue", 310),
        ("Le baobab", 300),
        ("La calebasse", 143),
    ]
    for word in (
        NUMBER,
        "La pirogue",
        "310",
        WHY,
        "KAY-001",
        "SEG-001",
        one.document,
        one.outcome,
        "pas encore inscrite",
        "41,17",
    ):
        assert word in page, word
    assert [(a.station, [(w, r, g) for _l, w, r, g in a.rows]) for a in shown.apart][1] == (
        "SEG-001",
        [(90, 87, -3), (150, 153, 3)],
    )
    assert Outbox.objects.get(kind="declaration").body["document_sha256"] == one.document
    for url in (reverse("court:docket"), reverse("court:decisions"), reverse("results:contest", args=[published.code])):
        assert reverse("court:proclaimed", args=[published.code]) in text(client, url)
    assert "Provisoire, sans valeur" not in text(client, reverse("results:contest", args=[published.code]))
    record = json.loads(client.get(reverse("court:file", args=["proclamations.json"])).getvalue())
    assert record[0]["sha256"] == one.document and record[0]["court_count"]["differences"][0]["explained"] == WHY
    assert one.document in client.get(reverse("court:file", args=["proclamations.atom"])).getvalue().decode()
    client.cookies["django_language"] = "en"
    assert "Read by the Court" in text(client, reverse("court:proclaimed", args=[published.code]))


def test_the_figures_are_those_that_were_signed_and_none_where_the_paper_is_lost(asked, client, published, president):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=president)
    public_proclamations.signed.cache_clear()
    path = store.path(Proclamation.objects.get().document)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 other")
    page = text(client, reverse("court:proclaimed", args=[published.code]))
    public_proclamations.signed.cache_clear()
    assert "aucun chiffre n’est montré à sa place" in page and "La pirogue" not in page


def test_the_static_site_has_the_same_page_with_its_entry_in_the_log(asked, published, president, house_key, tmp_path):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=president)
    public.forget()
    written(published, tmp_path / "site")
    one = Proclamation.objects.get()
    for lang in ("", "en/"):
        page = (tmp_path / "site" / f"{lang}court/proclamation-{published.code}.html").read_text(encoding="utf-8")
        assert one.document in page and WHY in page and "La pirogue" in page
    entry = public_proclamations.file(published.code).logged
    assert (
        entry is not None
        and f"inscription {entry}" in (tmp_path / "site/court" / f"proclamation-{published.code}.html").read_text()
    )
    assert f'href="proclamation-{published.code}.html"' in (tmp_path / "site/court/decisions.html").read_text()
    assert one.document in (tmp_path / "site/court/proclamations.atom").read_text()


def test_a_paper_put_in_the_place_of_the_signed_one_is_told_and_handed_out_nowhere(asked, client, published, president):
    """Who writes in the folder of files: the page would tell figures that nobody signed, beside the hash of the true paper."""
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=president)
    one = Proclamation.objects.get()
    held, signed = store.sound(one.document), public_proclamations.signed
    forged = {"number": NUMBER, "result": {"options": [{"name": "La pirogue", "votes": 999}]}}
    held.chmod(0o600)
    held.write_bytes(papers.sign(demonstration.paper(), court.the_court(), at=one.at, reason=NUMBER, attached={"proclamation.json": jcs(forged)}))
    signed.cache_clear()
    assert signed(one.document) == {} and store.content(one.document) is None
    signed.cache_clear()
    assert client.get(reverse("court:proclamation", args=[published.code])).status_code == 404
    with pytest.raises(Damaged):
        public_site.proclamation_of(one.document)
