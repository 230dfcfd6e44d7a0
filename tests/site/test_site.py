"""The public site: what is written, what anyone can verify of it, and what no change escapes."""

import csv
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from xml.dom import minidom

import pytest

from kalata.transparency import verifying
from kalata.transparency.rules import notes, proofs
from kalata.transparency.rules.merkle import check_consistency
from kalata.transparency.site import builder, datasets, nist
from kalata.transparency.site.edition import Edition
from kalata.transparency.site.names import safe, slug
from kalata.transparency.verifying import verify
from tests.conftest import SHARED
from tests.site import a_log, extras_now, standalone

NIST = SHARED / "nist_err"


def built(where, **options):
    made = a_log(where / "log", **options)
    builder.publish(where / "log", where / "site", extras_now(), sign=made.key.line, workers=1)
    return made, where / "site"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    where = tmp_path_factory.mktemp("whole")
    made = a_log(where / "log", stations=30, missing=4, keeps=["registered"])
    made.report("S-002")
    made.exclude("S-003", "annulment")
    made.exclude("S-004", "recall")
    made.close()
    builder.publish(where / "log", where / "site", extras_now(), sign=made.key.line, workers=1)
    return made, where / "site"


@pytest.fixture
def copied(whole, tmp_path):
    shutil.copytree(whole[1], tmp_path / "site")
    return whole[0], tmp_path / "site"


def both(made, site):
    """(kalata log verify, verify.py): True where each finds nothing wrong."""
    key = made.key.verifier.text()
    return verify(site, [key]).valid, not standalone().verify(str(site), [key])[0]


# --- verification -----------------------------------------------------------------------------
def test_a_published_folder_is_valid_for_both_programs_with_the_key_read_aloud(whole):
    made, site = whole
    assert both(made, site) == (True, True)
    found = verify(site, [made.key.verifier.text()])
    assert (found.size, found.stations, found.proofs) == (made.size, 26, 26) and found.totals > 3
    done = subprocess.run([sys.executable, "-I", "-S", str(site / "verify.py"), str(site), "--vkey", made.key.verifier.text()], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0 and "VALID / VALIDE" in done.stdout, done.stdout + done.stderr


def test_another_key_than_the_one_read_aloud_is_refused(whole):
    other = notes.SigningKey("resultats.example/c", notes.ED25519, b"\x77" * 32)
    assert verify(whole[1], [other.verifier.text()]).valid is False
    assert standalone().verify(str(whole[1]), [other.verifier.text()])[0]


def relisted(site):
    """What somebody without the key can do to cover a change: hash every file anew."""
    lines = []
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        name = path.relative_to(site).as_posix()
        if name not in ("files.sha256", "files.note"):
            lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n")
    (site / "files.sha256").write_text("".join(sorted(lines, key=lambda x: x[66:])))


@pytest.mark.parametrize("cover", [False, True])
def test_every_published_column_changed_once_is_detected_by_both(copied, cover):
    made, site = copied
    table = site / "d" / "results.csv"
    original = table.read_bytes()
    rows = list(csv.reader(io.StringIO(original.decode())))
    for column, name in enumerate(rows[0]):
        row = next((i for i, r in enumerate(rows[1:], 1) if r[column]), 1)
        bad = [list(r) for r in rows]
        bad[row][column] = str(int(bad[row][column]) + 1) if bad[row][column].isdigit() else bad[row][column] + "x"
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(bad)
        table.write_bytes(out.getvalue().encode())
        if cover:
            relisted(site)
        assert both(made, site) == (False, False), name
    table.write_bytes(original)


def test_every_field_of_a_station_s_record_and_of_an_entry_changed_once_is_detected_by_both(copied):
    made, site = copied
    record = site / "pv" / "S-002.json"
    original = record.read_bytes()
    entry = json.loads(original)
    for name, value in entry.items():
        bad = dict(entry)
        bad[name] = (
            value + 1
            if isinstance(value, int)
            else [{"list": v["list"], "n": v["n"] + 1} for v in value]
            if isinstance(value, list)
            else value + "x"
        )
        record.write_bytes(json.dumps(bad, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
        assert both(made, site) == (False, False), name
    record.write_bytes(original)
    bundle = next((site / "log/tile/entries").rglob(str(made.size)))
    original = bundle.read_bytes()
    for match in list(re.finditer(rb'"(?:n|valid|registered|invalid|count|sum|covers_size)":(\d)', original))[
        :: max(made.size // 4, 1)
    ]:
        bad = bytearray(original)
        bad[match.start(1)] = 48 + (bad[match.start(1)] - 47) % 10
        bundle.write_bytes(bytes(bad))
        assert both(made, site) == (False, False), match[0]
    bundle.write_bytes(original)


def test_any_file_changed_removed_or_added_is_detected_by_both(copied):
    made, site = copied
    for name in ("index.html", "en/pv/S-001.html", "d/areas.csv", "d/results.json", "d/dictionary.csv", "d/changes.json", "d/stations.ndjson", "feed.atom",
                 "verifier.html", "log/policy", "card/index.html", "d/nist-v2.xml.gz", "d/results.parquet", "dump.zip", "pv/S-001.tlog-proof"):  # fmt: skip
        path = site / name
        original = path.read_bytes()
        path.write_bytes(original[:-2] + bytes([original[-2] ^ 1]) + original[-1:])
        assert both(made, site) == (False, False), name
        path.unlink()
        assert both(made, site) == (False, False), name
        path.write_bytes(original)
    (site / "pv" / "S-999.html").write_text("0")
    assert both(made, site) == (False, False)


def test_a_log_rolled_back_under_a_newer_site_is_detected_by_both(copied, tmp_path):
    made, site = copied
    older = a_log(tmp_path / "older", stations=30, missing=4, keeps=["registered"])
    shutil.copy(tmp_path / "older" / "checkpoint", site / "log" / "checkpoint")
    assert older.size < made.size and both(made, site) == (False, False)


def test_a_total_that_is_not_the_sum_of_the_log_is_refused_even_when_it_is_signed(tmp_path):
    made = a_log(tmp_path / "log", stations=10)
    total = made.replay.total(("nation", ""))
    for change in ({"expected": 9}, {"votes": [{**v, "n": v["n"] + 1} for v in total["votes"]]}, {"figures": {**total["figures"], "voters": 1}},
                   {"included": {**total["included"], "sum": 1}}, {"covers_size": 2}):  # fmt: skip
        copy = a_log(tmp_path / f"log-{len(list(tmp_path.iterdir()))}", stations=10)
        from kalata.transparency.rules.entries import checked
        from tests.site import COMMON

        copy.entries.append(checked({**COMMON, "kind": "total", **copy.replay.total(("nation", "")), **change}))
        copy.close()
        assert not verify(copy.where, [copy.key.verifier.text()]).valid, change
        assert standalone().verify(str(copy.where), [copy.key.verifier.text()])[0], change


def test_a_proof_made_today_holds_after_ten_thousand_more_entries(tmp_path):
    made = a_log(tmp_path / "log", stations=50)
    first = made.close()
    entry, proof = made.entries[5], proofs.Proof(5, tuple(made.tree.inclusion(5)), first)
    old = made.size
    for i in range(10_000):
        made.report(f"S-{i % 50:03d}")
    newest = made.close()
    known = [made.key.verifier]
    found = proofs.check_proof(proofs.read_proof(proof.text()), entry, known)
    point, _note = notes.open_checkpoint(newest, known)
    check_consistency(found.checkpoint.size, point.size, found.checkpoint.root, point.root, made.tree.consistency(old))
    assert point.size >= old + 10_000


# --- incremental ---------------------------------------------------------------------------------
def test_the_next_publication_draws_only_what_changed_and_leaves_a_valid_whole(tmp_path):
    made, site = built(tmp_path, stations=40, missing=5)
    before = {p: p.stat().st_mtime_ns for p in (site / "pv").iterdir()}
    made.report("S-037")
    made.report("S-001")
    made.close()
    stats = builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    assert not stats.full and stats.stations == 2
    touched = {p.name for p in (site / "pv").iterdir() if before.get(p) != p.stat().st_mtime_ns}
    assert touched == {f"S-0{n}{kind}" for n in ("37", "01") for kind in (".html", ".json", ".tlog-proof")}
    assert both(made, site) == (True, True)
    again = tmp_path / "again"
    builder.publish(tmp_path / "log", again, extras_now(), sign=made.key.line, workers=1)
    for name in ("r/2/R1-C1.html", "pv/S-037.html", "d/results.csv", "d/results.json", "areas.html"):
        assert (site / name).read_bytes() == (again / name).read_bytes(), name
    # proofs that were not made again still hold, and lead to the newest checkpoint by the published steps
    old = proofs.read_proof((site / "pv" / "S-002.tlog-proof").read_text())
    found = proofs.check_proof(old, (site / "pv/S-002.json").read_bytes(), [made.key.verifier])
    line = next(
        x for x in (site / "log/consistency.txt").read_text().splitlines() if x.startswith(f"{found.checkpoint.size} ")
    )
    check_consistency(
        found.checkpoint.size,
        made.size,
        found.checkpoint.root,
        made.tree.root(),
        [notes.unb64(x) for x in line.split()[1:]],
    )


def test_a_publication_that_brings_nothing_new_only_says_that_it_is_alive(tmp_path):
    made, site = built(tmp_path, stations=20)
    before = {p: p.read_bytes() for p in site.rglob("*") if p.is_file()}
    later = extras_now()
    later.at = later.at.replace(hour=9)
    later.next_at = later.at.replace(minute=3)
    builder.publish(tmp_path / "log", site, later, sign=made.key.line, workers=1)
    changed = {
        p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file() and before.get(p) != p.read_bytes()
    }
    assert changed - {"files.sha256", "files.note"} == {
        f"{lang}{page}" for lang in ("", "en/", "bm/") for page in ("index.html", "missing.html")
    }
    assert "09:00" in (site / "index.html").read_text() and both(made, site) == (True, True)
    made.close(notes.SigningKey("temoin", notes.COSIGNATURE, b"\x08" * 32))  # a witness has signed since
    builder.publish(tmp_path / "log", site, later, sign=made.key.line, workers=1)
    assert "1/1" in (site / "index.html").read_text() and both(made, site) == (True, True)


def test_a_folder_drawn_anew_in_place_is_valid_and_keeps_nothing_that_is_no_longer_drawn(tmp_path):
    made, site = built(tmp_path, stations=300)
    (site / "old.html").write_text("x")
    listed = (site / "files.sha256").read_text()
    (site / "files.sha256").write_text(listed + f"{hashlib.sha256(b'x').hexdigest()}  old.html\n")
    stats = builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1, full=True)
    assert stats.full and stats.stations == 300 and not (site / "old.html").exists()
    assert both(made, site) == (True, True)


def test_a_folder_of_another_log_or_of_a_fork_is_refused_and_left_as_it_is(tmp_path):
    _made, site = built(tmp_path, stations=20, seed=1)
    other = a_log(tmp_path / "fork", stations=20, seed=2)
    listed = (site / "files.sha256").read_bytes()
    with pytest.raises(builder.OtherSite):
        builder.publish(tmp_path / "fork", site, extras_now(), sign=other.key.line, workers=1)
    assert (site / "files.sha256").read_bytes() == listed


def test_a_station_published_for_the_first_time_after_it_was_missing_gets_its_proof(tmp_path):
    made, site = built(tmp_path, stations=20, missing=2)
    assert "Aucun procès-verbal" in (site / "pv/S-019.html").read_text() and not (site / "pv/S-019.json").exists()
    made.report("S-019")
    made.close()
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    assert (site / "pv/S-019.tlog-proof").exists() and "Aucun procès-verbal" not in (site / "pv/S-019.html").read_text()


def test_drawing_with_several_processes_gives_the_same_files(tmp_path):
    made = a_log(tmp_path / "log", stations=600)
    for name, workers in (("one", 1), ("two", 2)):
        builder.publish(tmp_path / "log", tmp_path / name, extras_now(), sign=made.key.line, workers=workers)
    assert (tmp_path / "one/files.sha256").read_bytes() == (tmp_path / "two/files.sha256").read_bytes()


# --- content -----------------------------------------------------------------------------------------
def test_every_number_of_a_station_s_page_is_the_one_of_its_entry(whole):
    _made, site = whole
    entry = json.loads((site / "pv/S-007.json").read_text())
    page = (site / "pv/S-007.html").read_text()
    for v in entry["votes"]:
        assert f'<td class="n">{v["n"]}</td>' in page
    for field in ("registered", "voters", "found", "invalid", "valid"):
        assert f'<td class="n">{entry[field]}</td>' in page
    assert (
        "PROVISOIRE" in page.upper()
        and hashlib.sha256(b"\0" + (site / "pv/S-007.json").read_bytes()).hexdigest() in page
    )


def test_corrections_annulments_and_recalls_are_shown_with_what_was_there_before(whole):
    _made, site = whole
    text = (site / "changes.html").read_text()
    assert text.count('<tr id="c') == 3 and "→" in text and "Bureau annulé" in text and "Retiré du total" in text
    assert "Bureau annulé" in (site / "pv/S-003.html").read_text() and "rappel" in (site / "pv/S-004.html").read_text()
    for code, right in (("S-003", False), ("S-004", False), ("S-002", True)):
        assert ("ce PV est bien dans le total" in (site / f"pv/{code}.html").read_text()) is right
    changes = json.loads((site / "d/changes.json").read_text())
    assert [c["station"] for c in changes] == ["S-004", "S-003", "S-002"]


def test_what_is_missing_adds_up_to_what_the_progress_says(whole):
    made, _site = whole
    edition = Edition.read(made.where)
    nation = edition.figures["nation", ""].coverage
    assert (nation.expected, nation.counted, nation.annulled, nation.missing, nation.recalled) == (30, 24, 1, 5, 1)
    from kalata.transparency.site.frame import site_of
    from kalata.transparency.site.pages import Pages

    rows = Pages(edition, extras_now(), site_of(edition, extras_now(), "", "")).gone("fr")
    assert sum(r[2] for r in rows) == nation.missing + nation.annulled
    assert [r[2] for r in rows] == [4, 1, 1]


def test_figures_the_law_keeps_of_an_annulled_station_are_added_apart(whole):
    made, _site = whole
    total = made.replay.total(("nation", ""))
    annulled = made.replay.history["general", "S-003"][-1].entry
    assert total["kept"] == {"registered": annulled["registered"]}


def test_the_same_site_is_rebuilt_from_the_log_alone_by_anyone(whole, tmp_path):
    _made, site = whole
    done = subprocess.run([sys.executable, "-m", "kalata", "publish", str(tmp_path / "mine"), "--from-log", str(site), "--json"], capture_output=True, text=True, check=True)  # fmt: skip
    assert json.loads(done.stdout)["contests"]["mine"]["stations"] == 30
    for name in ("d/results.csv", "d/areas.csv", "d/changes.json", "pv/S-002.html", "dump.zip", "verifier.html"):
        assert (tmp_path / "mine" / name).read_bytes() == (site / name).read_bytes(), name


def test_the_dump_holds_the_whole_log_and_verifies_once_unpacked(whole, tmp_path):
    made, site = whole
    with zipfile.ZipFile(site / "dump.zip") as packed:
        packed.extractall(tmp_path / "dump")
    assert sum(1 for _ in (tmp_path / "dump").rglob("*")) > 4
    key = made.key.verifier.text()
    point = notes.open_checkpoint((tmp_path / "dump/checkpoint").read_text(), [notes.VerifierKey.read(key)])[0]
    from kalata.transparency.folder import LogFolder

    assert len(list(LogFolder(tmp_path / "dump").entries(point.size))) == made.size


def test_feeds_are_well_formed_and_tell_each_publication(tmp_path):
    made, site = built(tmp_path, stations=12, missing=2)
    made.report("S-010")
    made.close()
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    atom = minidom.parse(str(site / "feed.atom"))
    rss = minidom.parse(str(site / "feed.rss"))
    assert len(atom.getElementsByTagName("entry")) == len(rss.getElementsByTagName("item")) == 2
    assert "11 procès-verbaux sur 12" in atom.getElementsByTagName("title")[1].firstChild.data


def test_names_of_files_are_kept_apart_on_every_file_system():
    names = ["SEG-001", "seg-001", "SEG/001", "SEG_001", "Bureau n° 12", "CON", "é", "e", "A.", "", "-x", "x" * 200]
    made = [safe(n) for n in names]
    assert len({m.lower() for m in made}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]{1,90}", m) for m in made) and safe("SEG-001") == "SEG-001"
    assert slug(("general", "A")) != slug(("advance", "A"))
    devices = ["CON", "AUX.1", "NUL", "COM1", "LPT9.TXT"]  # a station so coded would stop every copy on one system
    assert all(re.fullmatch(r"[A-Za-z0-9-]+~[0-9a-f]{10}", safe(n)) for n in devices)
    assert safe("CONAKRY") == "CONAKRY"


# --- open data ---------------------------------------------------------------------------------------
def test_the_data_package_describes_what_is_there(whole):
    _made, site = whole
    package = json.loads((site / "d/datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "CC-BY-4.0" and package["profile"] == "data-package"
    for one in package["resources"]:
        data = (site / "d" / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
    schema = next(r for r in package["resources"] if r["name"] == "results")["schema"]
    rows = list(csv.DictReader(io.StringIO((site / "d/results.csv").read_text())))
    assert list(rows[0]) == [f["name"] for f in schema["fields"]]
    for field in schema["fields"]:
        values = [r[field["name"]] for r in rows]
        assert field["type"] == "string" or all(v == "" or re.fullmatch(r"\d+", v) for v in values), field
    assert len({r["index"] for r in rows}) == len(rows)
    words = list(csv.DictReader(io.StringIO((site / "d/dictionary.csv").read_text())))
    assert [w["field"] for w in words] == list(rows[0]) and all(w["meaning_fr"] and w["meaning_en"] for w in words)


def test_parquet_says_what_the_csv_says(whole):
    import duckdb

    _made, site = whole
    with duckdb.connect() as base:
        got = base.execute(f"select * from '{site / 'd/results.parquet'}' order by \"index\"").fetchall()
    rows = list(csv.reader(io.StringIO((site / "d/results.csv").read_text())))[1:]
    assert [["" if v is None else str(v) for v in row] for row in got] == rows


def test_the_stations_in_force_are_given_one_a_line_as_the_log_holds_them(whole):
    made, site = whole
    lines = (site / "d/stations.ndjson").read_bytes().splitlines()
    assert len(lines) == 24 and all(line in made.entries for line in lines)


def test_the_dcat_record_names_every_distribution_with_its_checksum(whole):
    _made, site = whole
    record = json.loads((site / "d/dcat.jsonld").read_text())
    for one in record["dcat:distribution"]:
        data = (site / "d" / one["dct:title"]).read_bytes()
        assert one["spdx:checksum"]["spdx:checksumValue"] == hashlib.sha256(data).hexdigest()


def test_the_scorecard_is_computed_from_what_is_there_and_falls_when_something_is_missing(whole):
    made, site = whole
    edition = Edition.read(made.where)
    files = {p.name: p.read_bytes() for p in (site / "d").iterdir()}
    good = datasets.scorecard(edition, files, [1.0, 2.0], True)
    assert all(c["mean"] >= 0.9 for c in good["categories"].values())
    late = datasets.scorecard(edition, files, [200.0, 300.0], True)
    less = datasets.scorecard(
        edition, {k: v for k, v in files.items() if k not in ("results.csv", "dictionary.csv")}, [], False
    )
    assert late["categories"]["election results"]["scores"]["P1"] == 0.0
    assert (
        less["categories"]["election results"]["mean"] == 0
        and less["categories"]["polling stations"]["scores"]["P5"] == 0.5
    )
    partial = datasets.scorecard(edition, files, [], True)
    assert partial["categories"]["election results"]["scores"]["P4"] == 0.5


def reports(tmp_path):
    """A presidential round, a referendum and lists with seats: the three shapes of the schema."""
    pr = {"kind": "pr_dhondt", "seats": 5}
    for name, options in {
        "president": {}, "round2": {"lists": 2}, "referendum": {"system": {"kind": "two_option_majority"}, "lists": 2, "names": ("OUI", "NON")},
        "lists": {"system": pr, "lists": 4, "constituencies": 2}, "partial": {"missing": 5},
    }.items():  # fmt: skip
        made = a_log(tmp_path / name, stations=20, **options)
        made.report("S-002")
        made.exclude("S-003", "annulment")
        made.close()
        edition = Edition.read(made.where)
        yield name, edition, nist.Report(edition, extras_now().at, "Autorité d’essai", "AE")


@pytest.mark.real
def test_nist_json_is_valid_its_references_resolve_and_its_sums_are_those_of_the_stations(tmp_path):
    import jsonschema

    schema = json.loads((NIST / "NIST_V2_election_results_reporting.json").read_text())
    for name, edition, report in reports(tmp_path):
        document = json.loads("".join(nist.as_json(report)))
        jsonschema.Draft4Validator(schema).validate(document)
        assert nist.unresolved(document) == [], name
        units = {u["@id"]: u for u in document["GpUnit"]}
        for chosen in document["Election"][0]["Contest"][0]["ContestSelection"]:
            counts = {v["GpUnitId"]: v for v in chosen["VoteCounts"]}
            stations = sum(v["Count"] for g, v in counts.items() if units[g]["Type"] == "precinct")
            country = next(g for g, u in units.items() if u["Type"] == "country")
            assert counts[country]["Count"] == stations and counts[country]["Type"] == "total", name
        # round trip: the stations of the file give the totals of the log
        votes = [
            sum(v["Count"] for v in c["VoteCounts"] if v["GpUnitId"].startswith("s"))
            for c in document["Election"][0]["Contest"][0]["ContestSelection"]
        ]
        assert votes == list(edition.figures["nation", ""].votes), name
        assert document["Status"] == ("correction")
        assert "projected-winner" not in json.dumps(document)


@pytest.mark.real
def test_nist_xml_is_valid_against_the_schema(tmp_path):
    import xmlschema

    schema = xmlschema.XMLSchema(str(NIST / "NIST_V2_election_results_reporting.xsd"))
    for name, _edition, report in reports(tmp_path):
        text = "".join(nist.as_xml(report))
        problems = list(schema.iter_errors(text))
        assert not problems, (name, str(problems[0])[:600])


@pytest.mark.real
def test_the_nist_files_published_are_those(whole):
    import jsonschema

    schema = json.loads((NIST / "NIST_V2_election_results_reporting.json").read_text())
    jsonschema.Draft4Validator(schema).validate(
        json.loads(gzip.decompress((whole[1] / "d/nist-v2.json.gz").read_bytes()))
    )


# --- hostile names -----------------------------------------------------------------------------------
HOSTILE = (
    '</script><script>document.title="X"</script>',
    '=cmd|" /C calc"!A0',
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% x %}",
    "Ɛrɛ\x0b & Cie",
    "O'Brien",
    "<b>",
    "a" * 180,
)


@pytest.mark.real
def test_names_made_to_do_harm_are_only_text_everywhere(tmp_path):
    import xmlschema

    made = a_log(tmp_path / "log", stations=12, lists=8, names=HOSTILE)
    made.close()
    site = tmp_path / "site"
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    assert both(made, site) == (True, True)
    for path in site.rglob("*.html"):
        text = path.read_text()
        assert '<script>document.title="X"' not in text and "<img src=x" not in text, path
    config = re.search(
        r'<script id="cfg" type="application/json">(.*?)</script>', (site / "verifier.html").read_text(), re.S
    )[1]
    assert json.loads(config)["lists"]["1"] == HOSTILE[0]
    for name in ("feed.atom", "feed.rss"):
        minidom.parse(str(site / name))
    xmlschema.XMLSchema(str(NIST / "NIST_V2_election_results_reporting.xsd")).validate(
        gzip.decompress((site / "d/nist-v2.xml.gz").read_bytes()).decode()
    )
    assert "'=cmd" in (site / "d/dictionary.csv").read_text()


# --- who can write in the published folder ----------------------------------------------------------
def test_who_can_write_in_the_published_folder_cannot_make_the_next_publication_keep_or_sign_it(tmp_path):
    """A page and its line in the list, a tile, a planted memory: all is drawn again, and what is signed is what was drawn."""
    made, site = built(tmp_path, stations=20)
    page, tile = site / "pv/S-003.html", next((site / "log/tile/0").rglob("*.p/*"))
    true, tiled = page.read_bytes(), tile.read_bytes()

    def attack():
        page.write_bytes(true.replace(b"S-003", b"S-666"))
        tile.write_bytes(bytes(len(tiled)))
        for path in (page, tile):
            name, new = path.relative_to(site).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
            lines = (site / "files.sha256").read_text().splitlines()
            (site / "files.sha256").write_text(
                "".join(f"{new}  {name}\n" if x.endswith(f"  {name}") else f"{x}\n" for x in lines)
            )
        (site / ".kalata-site.json").write_text(
            json.dumps({"size": made.size, "root": made.tree.root().hex(), "stamp": builder.stamp(), "base": ""})
        )

    attack()
    assert both(made, site) == (False, False)
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)  # nothing new in the log
    assert (page.read_bytes(), tile.read_bytes()) == (true, tiled) and both(made, site) == (True, True)
    assert not (site / ".kalata-site.json").exists()
    attack()
    made.report("S-007")
    made.close()
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    assert b"S-666" not in page.read_bytes() and both(made, site) == (True, True)
    page.unlink()
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    assert page.exists() and both(made, site) == (True, True)


def test_a_file_touched_and_put_back_as_it_was_does_not_draw_everything_again(tmp_path):
    made, site = built(tmp_path, stations=20)
    page = site / "pv/S-003.html"
    page.write_bytes(page.read_bytes())
    made.report("S-007")
    made.close()
    assert builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1).full is False


def test_without_its_memory_a_folder_of_another_log_is_still_refused(tmp_path):
    _made, site = built(tmp_path, stations=20, seed=1)
    builder.memory.place(site).unlink()
    other = a_log(tmp_path / "fork", stations=20, seed=2)
    with pytest.raises(builder.OtherSite):
        builder.publish(tmp_path / "fork", site, extras_now(), sign=other.key.line, workers=1)


def test_a_folder_published_again_while_it_is_read_is_read_again(copied, monkeypatch):
    made, site = copied
    real, times = verifying.check_files, []

    def published_meanwhile(*given):
        times.append(1)
        if len(times) == 1:  # the page was drawn again, and the list that holds its digest a moment later
            (site / "index.html").write_bytes((site / "index.html").read_bytes() + b"<!-- -->")
            real(*given)
            (site / "index.html").write_bytes((site / "index.html").read_bytes()[: -len(b"<!-- -->")])
            (site / "files.note").write_text((site / "files.note").read_text() + "\n")
        else:
            (site / "files.note").write_text((site / "files.note").read_text().rstrip("\n") + "\n")
            real(*given)

    monkeypatch.setattr(verifying, "check_files", published_meanwhile)
    found = verify(site, [made.key.verifier.text()])
    assert found.valid and len(times) > 1


def test_a_folder_that_never_stands_still_is_not_called_valid_and_the_reason_is_said(copied, monkeypatch):
    made, site = copied

    def restless(_site, _keys, found):
        (site / "files.note").write_text((site / "files.note").read_text() + "\n")
        found.problems.append(("index.html", "was changed"))

    monkeypatch.setattr(verifying, "check_files", restless)
    found = verify(site, [made.key.verifier.text()])
    assert not found.valid and "published again" in found.warnings[-1]


def test_a_first_publication_is_seen_whole_or_not_at_all(tmp_path):
    from kalata.transparency.site import commands, memory

    out, state = tmp_path / "site", tmp_path / "memory" / "a.json"
    with commands.first_whole(out, state) as (where, _state):
        made = a_log(tmp_path / "log")
        builder.publish(tmp_path / "log", where, extras_now(), sign=made.key.line, workers=1, state=state)
        assert not out.exists() and where.parent == out.parent and where.name.startswith(".")
    assert (out / "index.html").exists() and [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    assert memory.read(state, out) and memory.standing(memory.read(state, out), out) is not None
    with commands.first_whole(out, state) as (where, _state):  # from then on in place
        assert where == out
    with pytest.raises(ZeroDivisionError), commands.first_whole(tmp_path / "b", state) as (where, _state):
        (where / "half.html").write_text("x")
        raise ZeroDivisionError
    assert not (tmp_path / "b").exists() and [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
