"""The register of corrections on the public site: from the log alone, with the reasons that the log binds."""

import hashlib
import json
import random
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from kalata.results.rules.ledger_words import as_csv
from kalata.results.rules.public_ledger import COLUMNS, Kind
from kalata.transparency.site import builder
from kalata.transparency.site.corrections import check, with_reasons
from kalata.transparency.site.edition import Edition
from kalata.transparency.site.frame import Extras
from kalata.transparency.verifying import verify
from tests.site import a_log, standalone

WORDS = "Deux chiffres inversés ; <en lettres> : vingt-et-un."
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Thirty stations; one corrected with its order said, one annulled, one recalled and published again."""
    where = tmp_path_factory.mktemp("log") / "log"
    log = a_log(where, stations=30, seed=3, lists=3, missing=2, system={"kind": "plurality"})
    log.close()
    first = Edition.read(where).figures["nation", ""].votes
    said = hashlib.sha256(WORDS.encode()).hexdigest()
    index = log.report("S-002", authority="commission", act="Acte n° 12", at="2027-03-02T18:15:00Z", approval=7, reason_sha256=said)  # fmt: skip
    log.report("S-003", status="annulled")
    log.exclude("S-003", "annulment")
    log.exclude("S-004", "recall")
    log.report("S-004", reason_code="restored")
    log.close()
    out = tmp_path_factory.mktemp("site") / "site"
    builder.publish(where, out, extras({index: WORDS, 1: "des mots que le journal ne porte pas"}), workers=1)
    return log, out, index, first


def extras(reasons=None):
    return Extras(at=datetime(2027, 3, 5, 20, tzinfo=UTC), reasons=reasons or {})


def rows(out):
    import csv

    return list(csv.DictReader((out / "d" / "corrections.csv").read_text().splitlines()))


def test_the_lines_lead_from_the_first_published_totals_to_those_of_the_log(made):
    log, _out, _index, first = made
    edition = Edition.read(log.where)
    book = edition.ledger
    assert [line.kind for line in book.lines] == [Kind.CORRECTED, Kind.ANNULLED, Kind.RECALLED, Kind.RESTORED]
    assert tuple(book.first.votes.values()) == first
    assert tuple(book.now.votes.values()) == edition.figures["nation", ""].votes
    assert dict(book.now.boxes) == edition.figures["nation", ""].boxes


def test_the_page_tells_every_line_in_both_languages_and_escapes_the_reason(made):
    log, out, _index, _first = made
    for path, words in (
        ("changes.html", ("Chiffre corrigé", "Bureau annulé", "Retiré du total", "Rétabli", "Commission de centralisation, Acte n° 12", "Autorité non inscrite", "non compté")),
        ("en/changes.html", ("Figure corrected", "Station annulled", "Taken out of the total", "Restored", "Collation commission, Acte n° 12", "Authority not recorded", "not counted")),
    ):  # fmt: skip
        text = (out / path).read_text()
        for word in words:
            assert word in text, (path, word)
        assert "&lt;en lettres&gt;" in text and "<en lettres>" not in text
        assert text.count('<tr id="c') == 4
    assert "des mots que le journal" not in (out / "changes.html").read_text()
    assert len(Edition.read(log.where).ledger.lines) == 4


def test_the_file_has_the_rows_of_the_rule_and_the_reasons_of_the_log_alone(made):
    _log, out, index, _first = made
    found = rows(out)
    assert list(found[0]) == list(COLUMNS)
    assert {r["reason"] for r in found} == {WORDS, ""} and json.loads((out / "d/reasons.json").read_text()) == {
        str(index): WORDS
    }
    one = next(r for r in found if r["station"] == "S-002")
    assert (one["authority"], one["act"], one["approval"], one["at"]) == (
        "commission",
        "Acte n° 12",
        "7",
        "2027-03-02T18:15:00Z",
    )
    assert {r["index"] for r in found if r["station"] == "S-002"} == {str(index)}


def test_a_figure_or_a_reason_changed_in_the_files_is_seen(made, tmp_path):
    import shutil

    log, out, _index, _first = made
    entries = list(log.entries)
    replay = Edition.read(log.where).replay
    alone = standalone().verify
    assert [where for where, _what in alone(str(out))[0]] == ["files.note"]
    assert check(out, replay, entries) == [] and verify(out, further=check).problems == [
        ("files.note", "is missing or unreadable")
    ]
    for name, old, new in (
        ("corrections.csv", b"CORRECTED".lower(), b"recalled"),
        ("reasons.json", b"vingt-et-un", b"vingt-deux"),
    ):
        copy = tmp_path / name
        shutil.copytree(out, copy)
        data = (copy / "d" / name).read_bytes()
        assert old in data
        (copy / "d" / name).write_bytes(data.replace(old, new, 1))
        assert f"d/{name}" in [where for where, _what in check(copy, replay, entries)]
        assert f"d/{name}" in [where for where, _what in alone(str(copy))[0]]


def test_the_feed_has_one_entry_a_notice_and_links_to_it(made):
    _log, out, _index, _first = made
    root = ElementTree.fromstring((out / "corrections.atom").read_bytes())
    entries = root.findall(f"{ATOM}entry")
    assert [e.find(f"{ATOM}id").text.rsplit("-", 1)[1] for e in entries] == ["4", "3", "2", "1"]
    assert WORDS in entries[-1].find(f"{ATOM}summary").text
    page = (out / "changes.html").read_text()
    for e in entries:
        anchor = e.find(f"{ATOM}link").attrib["href"].rsplit("#", 1)[1]
        assert f'id="{anchor}"' in page


def test_whoever_rebuilds_the_site_from_its_files_gets_the_same_register(made, tmp_path):
    from kalata.transparency.site.corrections import read_reasons

    log, out, _index, _first = made
    builder.publish(log.where, tmp_path / "mine", extras(read_reasons(out)), workers=1)
    for name in ("d/corrections.csv", "d/reasons.json", "corrections.atom", "changes.html"):
        assert (tmp_path / "mine" / name).read_bytes() == (out / name).read_bytes(), name


def test_a_log_without_a_correction_says_so(tmp_path):
    log = a_log(tmp_path / "log", stations=6, seed=1, lists=2)
    log.close()
    builder.publish(log.where, tmp_path / "site", extras(), workers=1)
    assert "Aucun chiffre publié n’a été corrigé" in (tmp_path / "site" / "changes.html").read_text()
    assert rows(tmp_path / "site") == []


@pytest.mark.parametrize("seed", range(6))
def test_the_verifier_of_the_standard_library_reckons_the_same_register_on_any_history(tmp_path, seed):
    chance = random.Random(seed)
    log = a_log(
        tmp_path / "log", stations=12, seed=seed, lists=3, missing=3, constituencies=2, system={"kind": "plurality"}
    )
    log.close()
    if seed % 2:
        nation = log.replay.totals["nation", ""][0]
        log.put(
            kind="declaration",
            stage="provisional",
            document_sha256="a" * 64,
            total_index=nation,
            outcome_sha256="b" * 64,
        )
    reasons = {}
    for _turn in range(14):
        station = f"S-{chance.randrange(12):03}"
        past = log.replay.history.get(("general", station))
        why = {
            "at": f"2027-03-0{chance.randint(1, 2)}T08:00:00Z",
            "authority": chance.choice(("commission", "court")),
            "act": "=Acte",
        }
        if past and past[-1].excluded is None and chance.random() < 0.5:
            if chance.random() < 0.5:
                log.report(station, status="annulled", **why)
                log.exclude(station, "annulment")
            else:
                log.exclude(station, "recall")
        else:
            said = f"raison {chance.random()}"
            index = log.report(station, reason_sha256=hashlib.sha256(said.encode()).hexdigest(), **why)
            reasons[index] = said
    log.close()
    book = Edition.read(log.where).ledger
    mine = as_csv(with_reasons(book.lines, reasons))
    alone = standalone()
    held = alone.Log(lambda name: (tmp_path / "log" / name).read_bytes())
    for data in log.entries:
        held.feed(alone.entry_of(data))
    assert alone.corrections_csv(held, log.entries, reasons).decode() == mine.decode()
    assert len(book.lines) > 5
