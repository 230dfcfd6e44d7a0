"""The archive of a case: what anybody can verify of it, and every way of forging one."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.disputes import archives as reading
from kalata.disputes import paper_text, verifying
from kalata.disputes.papers import decisions
from kalata.disputes.rules import archive, archive_text, carried, custody
from kalata.disputes.rules.archive_problems import CHECKS, CODES, SAYS
from kalata.disputes.services import executing
from kalata.disputes.signing import papers, texts, times
from kalata.disputes.signing.papers import sign as sign_pdf
from kalata.documents import rendering
from kalata.text import Message
from kalata.transparency.rules.canonical import jcs
from tests.disputes import archives as sample
from tests.disputes.court import AT, court, paper
from tests.sizes import size

OURS, OTHER = court(), court("autre.example")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    base = tmp_path_factory.mktemp("archive")
    (base / "scratch").mkdir()
    return sample.made(base / "whole", base / "scratch")


@pytest.fixture
def copy(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "copy")


def verified(where, **given):
    return verifying.verify(where, **{"vkey": OURS.vkey, "ca": OURS.ca_pem(), **given})


def codes(verdict):
    return {one.code for one in verdict.problems}


def told(verdict):
    return {(one.check, one.kind) for one in verdict.problems}


# --- a whole one -------------------------------------------------------------------------------------------
def test_a_whole_archive_holds_as_a_folder_and_as_a_zip(whole, tmp_path):
    for where in (whole, sample.zipped(whole, tmp_path / "a.zip"), sample.zipped(whole, tmp_path / "b.zip", top="x/")):
        found = verified(where)
        record = found.record()
        assert (found.valid, found.trusted, found.case) == (True, True, sample.CASE), record["problems"]
        assert [one["check"] for one in record["checks"]] == list(CHECKS) and all(c["n"] for c in record["checks"])
    made = shutil.make_archive(str(tmp_path / "c"), "zip", whole)  # with entries for its folders
    assert verified(tmp_path / "c.zip").valid, made


def test_the_key_and_certificates_inside_prove_nothing_by_themselves(whole):
    found = verifying.verify(whole)
    assert found.valid and not found.trusted
    assert not verifying.verify(whole, ca=OURS.ca_pem()).trusted
    assert verifying.verify(whole, vkey=OURS.vkey).trusted


def test_a_whole_archive_made_by_another_court_is_valid_for_itself_and_never_for_ours(whole, copy):
    other = OTHER
    for name, data in ((archive.CA, other.ca_pem()), (archive.VKEY, other.vkey.encode() + b"\n")):
        (copy / name).write_bytes(data)
    sample.sealed(copy, by=other)
    assert ("seal", "key") in told(verified(copy)) and not verified(copy).trusted
    assert {"DIS-705", "DIS-706", "DIS-707"} <= codes(
        verifying.verify(copy)
    )  # the papers are ours, the authority is not


@pytest.mark.parametrize("name", ["vkey", "ca"])
def test_a_key_or_certificates_that_cannot_be_read_stop_the_command(whole, name):
    for odd in ("", "x", "a+00000000+AAAA"):
        with pytest.raises(verifying.BadTrust):
            verified(whole, **{name: odd if name == "vkey" else odd.encode()})


# --- one byte ----------------------------------------------------------------------------------------------
def test_a_byte_changed_in_any_region_of_any_file_is_named(whole, copy):
    missed, met = [], 0
    for path in sorted(p for p in whole.rglob("*") if p.is_file()):
        name, data = path.relative_to(whole).as_posix(), path.read_bytes()
        step = max(1, len(data) // 8)
        places = {0, len(data) - 1, *range(step // 2, len(data), step)}
        for place in sorted(places):
            (copy / name).write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            found = light(copy)
            met += 1
            if found.valid or not any(name in (p.path, p.path.split(":")[0]) or name == archive.MANIFEST for p in found.problems):  # fmt: skip
                missed.append((name, place))
        (copy / name).write_bytes(data)
    assert missed == [] and met > 200


def light(where):
    """The checks that decide: seal, manifest, evidence, custody. Papers and results are tried apart, they cost more."""
    from kalata.disputes.rules import archive_checks
    from kalata.disputes.rules.archive_problems import Verdict

    verdict = Verdict()
    found = reading.source(where, verdict)
    manifest = reading.read(found, archive.MANIFEST, verdict) or b""
    wanted = archive_checks.entries(verdict, manifest)
    key = verifying.given(OURS.vkey)
    archive_checks.seal(verdict, reading.read(found, archive.NOTE, verdict) or b"", manifest, key)
    archive_checks.names(verdict, wanted, found.sizes)
    sha256 = reading.hashed(found, wanted, verdict)
    archive_checks.hashes(verdict, wanted, found.sizes, sha256)
    return verdict


@pytest.mark.parametrize("change", [lambda d: d + b"\n", lambda d: d[:-1], lambda d: b"", lambda d: b"\n" + d])
def test_every_file_longer_shorter_or_empty_is_named(whole, copy, change):
    for path in sorted(p for p in whole.rglob("*") if p.is_file()):
        name = path.relative_to(whole)
        (copy / name).write_bytes(change(path.read_bytes()))
        found = light(copy)
        assert not found.valid, name
        (copy / name).write_bytes(path.read_bytes())


# --- seal --------------------------------------------------------------------------------------------------
def note(copy):
    return (copy / archive.NOTE).read_text(encoding="utf-8")


def test_a_seal_with_a_second_signature_even_by_the_same_key_is_refused(copy):
    text = note(copy)
    body = text.split("\n\n")[0] + "\n"
    for more in (OTHER.archive.line(body), OURS.archive.line(body)):
        (copy / archive.NOTE).write_text(text + more, encoding="utf-8")
        assert ("seal", "lines") in told(verified(copy))


def test_a_seal_by_another_key_under_our_name_is_refused(copy):
    from kalata.transparency.rules.notes import SigningKey

    forged = SigningKey.fresh(OURS.archive.name)
    body = note(copy).split("\n\n")[0] + "\n"
    (copy / archive.NOTE).write_text(f"{body}\n{forged.line(body)}", encoding="utf-8")
    assert told(verified(copy)) == {("seal", "key")}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda t: t.replace("archive/1", "archive/2"), "note"),
        (lambda t: t.replace("17\n", "18\n", 1), "case"),
        (lambda t: t.upper(), "note"),
        (lambda t: t.replace("\n", "\r\n"), "note"),
        (lambda t: t + "\n", "note"),
        (lambda t: "", "note"),
        (lambda t: t.replace("\n\n", "\nx\n\n"), "note"),
        (lambda t: t[:-6] + "====\n", "note"),
    ],
)
def test_a_seal_in_another_form_is_refused(copy, change, kind):
    (copy / archive.NOTE).write_text(change(note(copy)), encoding="utf-8", newline="")
    assert ("seal", kind) in told(verified(copy))


def test_the_seal_of_another_case_does_not_serve(copy, whole):
    body = archive.note_text("2026-L1-BKO2-000018", (copy / archive.MANIFEST).read_bytes())
    (copy / archive.NOTE).write_text(OURS.seal_note(body), encoding="utf-8")
    assert told(verified(copy)) == {("seal", "case")}


# --- manifest ----------------------------------------------------------------------------------------------
def test_a_file_too_many_and_a_file_too_few_are_named(copy):
    (copy / "evidence" / ("0" * 64)).write_bytes(b"x")
    (copy / "documents" / "draft.pdf").write_bytes(b"x")
    (copy / ".hidden").write_bytes(b"x")
    os.mkdir(copy / "deliberation")
    (copy / "documents" / "receipt.pdf").unlink()
    found = {(one.kind, one.path) for one in verified(copy).problems if one.check == "manifest"}
    assert {("more", "documents/draft.pdf"), ("more", ".hidden"), ("more", "deliberation/"), ("missing", "documents/receipt.pdf"), ("more", f"evidence/{'0' * 64}")} <= found  # fmt: skip


@pytest.mark.parametrize("sealed_again", [False, True])
def test_a_name_in_another_case_or_another_spelling_is_named(copy, sealed_again):
    (copy / "Case.json").write_bytes((copy / "case.json").read_bytes())
    (copy / "documents" / "é.pdf").write_bytes(b"x")
    wanted = {"Case.json", "documents/é.pdf"}
    if sealed_again:
        sample.sealed(copy)
    else:  # no manifest can name it: canonical text is NFC
        twin = unicodedata.normalize("NFD", "documents/é.pdf")
        (copy / twin).write_bytes(b"x")
        wanted |= {twin}
    found = {one.path for one in verified(copy).problems if one.check == "manifest"}
    assert wanted <= found


def test_a_link_a_pipe_and_a_socketlike_file_are_named_and_never_opened(copy, tmp_path):
    (copy / "documents" / "receipt.pdf").unlink()
    (copy / "documents" / "receipt.pdf").symlink_to("/etc/passwd")
    os.mkfifo(copy / "documents" / "pipe.pdf")
    (copy / "tokens" / "loop").symlink_to(copy)
    found = {(one.kind, one.path) for one in verified(copy).problems}
    assert {("link", "documents/receipt.pdf"), ("link", "documents/pipe.pdf"), ("link", "tokens/loop"), ("missing", "documents/receipt.pdf")} <= found  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda m: json.dumps(json.loads(m)).encode(),
        lambda m: m + b"\n",
        lambda m: m.replace(b'"format":1', b'"format":1.0'),
        lambda m: m.replace(b'"format":1', b'"format":true'),
        lambda m: m.replace(b'"format":1', b'"format":2'),
        lambda m: m.replace(b'{"case"', b'{"case":"x","case"', 1),
        lambda m: m.replace(b'"files"', b'"fil\\u0065s"'),
        lambda m: b"{}",
        lambda m: b"[" * 100_000,
        lambda m: b'{"case":"x","files":[{"path":1,"sha256":2,"size":"3"}],"format":1}',
        lambda m: b'{"case":"x","files":[1],"format":1}',
        lambda m: b'{"case":"x","files":{},"format":1}',
    ],
)
def test_a_manifest_in_another_form_is_refused_even_when_the_court_sealed_it(copy, change):
    made = change((copy / archive.MANIFEST).read_bytes())
    (copy / archive.MANIFEST).write_bytes(made)
    (copy / archive.NOTE).write_text(OURS.seal_note(archive.note_text(sample.CASE, made)), encoding="utf-8")
    assert ("manifest", "form") in told(verified(copy))


def test_a_manifest_with_a_wrong_size_a_doubled_or_a_climbing_path_is_refused_even_sealed(copy):
    def again(change):
        rows = carried.read((copy / archive.MANIFEST).read_bytes())
        change(rows["files"])
        made = jcs(rows)
        (copy / archive.MANIFEST).write_bytes(made)
        (copy / archive.NOTE).write_text(OURS.seal_note(archive.note_text(sample.CASE, made)), encoding="utf-8")
        return told(verified(copy))

    assert ("manifest", "size") in again(lambda rows: rows[0].update(size=rows[0]["size"] + 1))
    assert ("manifest", "size") in again(lambda rows: rows[0].update(size=2**52))
    assert ("manifest", "order") in again(lambda rows: rows.append(dict(rows[-1])))
    assert ("manifest", "order") in again(lambda rows: rows.reverse())
    assert ("manifest", "name") in again(lambda rows: rows.append({"path": "../x", "size": 1, "sha256": "0" * 64}))


# --- zip ---------------------------------------------------------------------------------------------------
def with_entry(whole, path, name, data=b"x", attr=0, **more):
    sample.zipped(whole, path)
    with zipfile.ZipFile(path, "a", **more) as out:
        info = zipfile.ZipInfo(name)
        info.external_attr = attr
        out.writestr(info, data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "kind", "attr"),
    [
        ("../evil.json", "escape", 0),
        ("documents/../../evil", "escape", 0),
        ("/etc/evil", "escape", 0),
        ("C:\\evil", "escape", 0),
        ("documents\\evil.pdf", "escape", 0),
        ("documents//evil.pdf", "escape", 0),
        ("./././case.json", "escape", 0),
        ("case.json", "twin", 0),
        ("CASE.JSON", "twin", 0),
        ("documents/link.pdf", "link", (stat.S_IFLNK | 0o777) << 16),
        ("documents/pipe.pdf", "link", stat.S_IFIFO << 16),
        ("secret/", "more", 0),
        ("a/b/c/d", "more", 0),
    ],
)
def test_an_entry_of_a_zip_that_climbs_links_doubles_or_hides_is_named(whole, tmp_path, name, kind, attr):
    found = verified(with_entry(whole, tmp_path / "a.zip", name, data=b"" if name.endswith("/") else b"x", attr=attr))
    assert any(one.check == "manifest" and one.kind == kind for one in found.problems), found.record()["problems"]


def test_a_name_with_a_nul_in_a_zip_is_judged_as_it_is_written(whole, tmp_path):
    path = with_entry(whole, tmp_path / "a.zip", "documents/eviX.pdf")
    path.write_bytes(path.read_bytes().replace(b"eviX", b"evi\0"))
    found = verified(path)
    assert ("manifest", "escape") in told(found) and "\0" not in json.dumps(found.record())


def test_a_zip_cut_short_or_that_is_none_is_not_an_archive(whole, tmp_path):
    path = sample.zipped(whole, tmp_path / "a.zip")
    data = path.read_bytes()
    for cut in (data[: len(data) // 2], data[:-30], b"", b"PK\5\6" + bytes(18), b"%PDF"):
        path.write_bytes(cut)
        with pytest.raises(reading.NotAnArchive):
            verified(path)


def test_a_bomb_is_never_inflated(whole, tmp_path):
    path = tmp_path / "a.zip"
    sample.zipped(whole, path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out:
        out.writestr("documents/bomb.txt", bytes(80 * 1024 * 1024))
    assert ("manifest", "more") in told(verified(path))
    sized = tmp_path / "b.zip"  # an entry that says it is small, and is not
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(sized, "w", zipfile.ZIP_DEFLATED) as out:
        for one in old.infolist()[:-1]:
            out.writestr(one.filename, b"\0" * (60 * 1024 * 1024) if one.filename == "case.json" else old.read(one))
    assert ("manifest", "size") in told(verified(sized))


def test_a_byte_changed_inside_a_zip_is_named_or_the_zip_is_none(whole, tmp_path):
    path = sample.zipped(whole, tmp_path / "a.zip")
    data = path.read_bytes()
    for place in range(40, len(data), len(data) // 60):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        try:
            found = verified(path)
        except reading.NotAnArchive:
            continue
        if found.valid:  # times and attributes of the zip itself: the files inside are the same to the byte
            with zipfile.ZipFile(path) as read:
                assert {n: read.read(n) for n in read.namelist()} == {p.relative_to(whole).as_posix(): p.read_bytes() for p in whole.rglob("*") if p.is_file()}  # fmt: skip


# --- evidence and custody, sealed again by who holds the Court's key ------------------------------------------
def test_a_piece_exchanged_missing_added_or_sealed_one_shown_is_named_even_sealed_again(copy, whole):
    pieces = carried.read((copy / archive.EVIDENCE).read_bytes())["pieces"]
    first, secret = pieces[0]["sha256"], pieces[1]["sha256"]
    (copy / "evidence" / first).write_bytes(b"another paper")
    (copy / "evidence" / pieces[2]["sha256"]).unlink()
    (copy / "evidence" / secret).write_bytes(b"x")
    (copy / "evidence" / hashlib.sha256(b"new").hexdigest()).write_bytes(b"new")
    sample.sealed(copy)
    assert {("evidence", "size"), ("evidence", "bytes"), ("evidence", "missing"), ("evidence", "sealed"), ("evidence", "more")} <= told(verified(copy))  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda v: v["pieces"][0].update(access="secret"), "form"),
        (lambda v: v["pieces"][0].update(number="1"), "form"),
        (lambda v: v["pieces"][0].update(number=3), "twice"),
        (lambda v: v.update(pieces={}), "form"),
        (lambda v: v["pieces"].__delitem__(0), "more"),
        (lambda v: v["pieces"][1].update(access="parties"), "missing"),
    ],
)
def test_a_register_that_is_not_that_of_the_pieces_is_named(copy, change, kind):
    sample.edit(copy, archive.EVIDENCE, change)
    sample.sealed(copy)
    assert ("evidence", kind) in told(verified(copy))


def lines_of(copy):
    return custody.read_lines((copy / archive.CUSTODY).read_bytes())[0]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda c: c[:1] + c[2:], "n"),
        (lambda c: [c[1], c[0], *c[2:]], "n"),
        (lambda c: c[:2] + [{**c[2], "why": "x"}] + c[3:], "hash"),
        (lambda c: [{**c[0], "actor": "Mme Untel"}, *c[1:]], "shape"),
        (lambda c: [], "none"),
    ],
)
def test_a_custody_with_a_gap_another_order_or_another_word_is_named_even_sealed_again(copy, change, kind):
    (copy / archive.CUSTODY).write_bytes(custody.written(change(lines_of(copy))))
    sample.sealed(copy)
    assert ("custody", kind) in told(verified(copy))


def rebuilt(lines):
    out = []
    for line in lines:
        kept = {k: line[k] for k in ("actor", "act", "piece", "to", "why")}
        from datetime import datetime

        out.append(custody.next_line(out[-1] if out else None, at=datetime.fromisoformat(line["at"]), source=line["from"], **kept))  # fmt: skip
    return out


def test_a_custody_written_again_from_the_start_is_told_by_the_token_of_the_day(copy):
    lines = lines_of(copy)
    (copy / archive.CUSTODY).write_bytes(custody.written(rebuilt([*lines[:-1], {**lines[-1], "why": "autre motif"}])))
    sample.sealed(copy)
    assert {("tokens", "proof"), ("tokens", "missing")} <= told(verified(copy))


def test_lines_cut_at_the_end_are_told_by_the_token_of_their_day(copy):
    (copy / archive.CUSTODY).write_bytes(custody.written(lines_of(copy)[:-1]))
    sample.sealed(copy)
    assert ("tokens", "proof") in told(verified(copy))


def test_a_piece_without_custody_is_named(copy):
    lines = [{**one, "piece": ""} if one["n"] == 1 else one for one in lines_of(copy)]
    (copy / archive.CUSTODY).write_bytes(custody.written(rebuilt(lines)))
    sample.sealed(copy)
    assert ("custody", "piece") in told(verified(copy))


# --- tokens --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["receipt.tsr", "decision.tsr", "custody-2026-04-27.tsr"])
def test_a_token_missing_of_another_authority_or_of_another_thing_is_named_even_sealed_again(copy, name):
    path = copy / "tokens" / name
    ours = path.read_bytes()
    from rfc3161_client import decode_timestamp_response

    digest = bytes(decode_timestamp_response(ours).tst_info.message_imprint.message)
    for data in (times.stamp(OTHER, digest, at=AT), times.stamp(OURS, hashlib.sha256(b"x").digest(), at=AT), b"", ours[:-1]):  # fmt: skip
        path.write_bytes(data)
        sample.sealed(copy)
        assert told(verified(copy)) == {("tokens", "token")}
    path.unlink()
    sample.sealed(copy)
    assert ("tokens", "missing") in told(verified(copy))


def test_a_token_over_nothing_of_this_archive_is_named(copy):
    (copy / "tokens" / "other.tsr").write_bytes(times.stamp(OURS, hashlib.sha256(b"x").digest(), at=AT))
    sample.sealed(copy)
    assert told(verified(copy)) == {("tokens", "more")}


def test_a_day_stamped_before_its_last_line_is_named(copy):
    name = "custody-2026-04-27"
    root = bytes.fromhex(carried.read((copy / "tokens" / f"{name}.json").read_bytes())["root"])
    (copy / "tokens" / f"{name}.tsr").write_bytes(times.stamp(OURS, root, at=AT - timedelta(days=10)))
    last = "custody-2026-04-28"
    for ending in ("json", "tsr"):
        (copy / "tokens" / f"{last}.{ending}").unlink()
    sample.sealed(copy)
    assert {("tokens", "before"), ("tokens", "missing")} <= told(verified(copy))


def test_the_proof_of_a_day_of_another_case_does_not_serve(copy):
    def other(value):
        heads = {sample.CASE: value["head"], "2026-L1-KAY1-000003": "0" * 64}
        return custody.day_proof(heads, "2026-L1-KAY1-000003", value["day"])

    sample.edit(copy, "tokens/custody-2026-04-27.json", other)
    sample.sealed(copy)
    assert ("tokens", "proof") in told(verified(copy))


# --- papers, decision ------------------------------------------------------------------------------------------
def decision_of(copy):
    return carried.read((copy / "documents" / "decision.json").read_bytes())


def put_decision(copy, made, *, pdf=True, xml=True, by=OURS, change=lambda said: said):
    """A decision in its three forms, and the token; the recomputation stays. change: of what the PDF prints."""
    from kalata.disputes.rules.identifiers import identifiers

    done = sample.recomputed(copy.parent, made)
    (copy / "documents" / "decision.json").write_bytes(jcs(made))
    if pdf:
        signed = sign_pdf(
            sample.printed(made, done, change), by, at=AT, reason="x", attached={"decision.json": jcs(made)}
        )
        (copy / "documents" / "decision.pdf").write_bytes(signed)
        (copy / "tokens" / "decision.tsr").write_bytes(times.stamp(OURS, hashlib.sha256(signed).digest(), at=AT))
    if xml:
        ids = identifiers(made["decision"], country="ML", on=AT.date())
        (copy / "documents" / "decision.xml").write_bytes(texts.sign(texts.judgment(made, ids, court="C", parts=sample.parts_of(made, done)), by, at=AT))  # fmt: skip
    return sample.sealed(copy)


def one_station_less(made):
    first = {**made["annexes"][0], "stations": made["annexes"][0]["stations"][:1]}
    return {**made, "annexes": [first, *made["annexes"][1:]]}


def test_one_station_less_in_the_json_alone_is_told_by_pdf_xml_and_recomputation(copy):
    put_decision(copy, one_station_less(decision_of(copy)), pdf=False, xml=False)
    found = verified(copy)
    assert {("decision", "pdf"), ("decision", "xml"), ("results", "annex")} <= told(found)
    assert any("S03" in f"{one.got}{one.want}" for one in found.problems if one.check == "decision")


def test_one_station_less_in_the_pdf_or_in_the_xml_alone_is_told(copy):
    made = decision_of(copy)
    put_decision(copy, one_station_less(made), xml=False)
    (copy / "documents" / "decision.json").write_bytes(jcs(made))
    sample.sealed(copy)
    assert told(verified(copy)) == {("decision", "pdf"), ("decision", "digest")}
    put_decision(copy, one_station_less(made), pdf=False)
    put_decision(copy, made, xml=False)
    assert told(verified(copy)) == {("decision", "xml")}


def test_one_station_less_everywhere_is_told_by_the_recomputation(copy):
    put_decision(copy, one_station_less(decision_of(copy)))
    assert ("results", "annex") in told(verified(copy))


def test_a_printed_total_that_is_not_computed_is_told(copy):
    made = decision_of(copy)
    put_decision(copy, {**made, "printed": {"figures": {"valid": 181}, "votes": {"A": 80}}})
    found = verified(copy)
    assert [one.got for one in found.problems if one.kind == "printed"] == ["figures.valid = 181"]


# what the PDF says to who reads it, while its attachment, the XML and the JSON say another thing
def row(annex, change):
    return replace(annex, rows=[change(list(r)) for r in annex.rows])


PLANTED = {
    "another station in an annex": ("station", lambda said: said | {"annexes": [row(said["annexes"][0], lambda r: ["S09", *r[1:]] if r[0] == "S03" else r), *said["annexes"][1:]]}),
    "a station less": ("station", lambda said: said | {"annexes": [replace(said["annexes"][0], rows=said["annexes"][0].rows[:1]), *said["annexes"][1:]]}),
    "a station more": ("count", lambda said: said | {"annexes": [replace(said["annexes"][0], rows=[*said["annexes"][0].rows, ["S02", "N", "190"]]), *said["annexes"][1:]]}),
    "a station more, before the others": ("count", lambda said: said | {"annexes": [replace(said["annexes"][0], rows=[["S02", "N", "190"], *said["annexes"][0].rows]), *said["annexes"][1:]]}),
    "the stations in another order": ("station", lambda said: said | {"annexes": [replace(said["annexes"][0], rows=said["annexes"][0].rows[::-1]), *said["annexes"][1:]]}),
    "another figure of a station": ("station", lambda said: said | {"annexes": [row(said["annexes"][0], lambda r: [*r[:2], "101"] if r[0] == "S01" else r), *said["annexes"][1:]]}),
    "another count under an annex": ("count", lambda said: said | {"annexes": [replace(said["annexes"][0], total=["3 bureaux", "", "160"]), *said["annexes"][1:]]}),
    "another sum under an annex": ("count", lambda said: said | {"annexes": [replace(said["annexes"][0], total=["2 bureaux", "", "161"]), *said["annexes"][1:]]}),
    "another value after a rectification": ("station", lambda said: said | {"annexes": [said["annexes"][0], row(said["annexes"][1], lambda r: [*r[:3], "81"] if r[1] == "votes.A" else r)]}),
    "an annex less": ("station", lambda said: said | {"annexes": said["annexes"][:1]}),
    "an annex more": ("count", lambda said: said | {"annexes": [*said["annexes"], replace(said["annexes"][0], number="3")]}),
    "another count in the operative part": ("text", lambda said: said | {"articles": [said["articles"][0].replace("2 bureaux", "42 bureaux"), *said["articles"][1:]]}),
    "an article less": ("text", lambda said: said | {"articles": said["articles"][1:]}),
    "an article more": ("text", lambda said: said | {"articles": [said["articles"][0], "Les opérations de vote sont annulées dans le bureau S02.", *said["articles"][1:]]}),
    "the articles in another order": ("text", lambda said: said | {"articles": said["articles"][::-1]}),
    "another total": ("figures", lambda said: said | {"derived": [said["derived"][0].replace("180", "181")]}),
    "another number of votes": ("figures", lambda said: said | {"derived": [said["derived"][0].replace("100", "1000")]}),
    "another fingerprint": ("digest", lambda said: said | {"digest": "0" * 64}),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_a_pdf_that_says_another_thing_than_its_data_is_told(copy, what):
    kind, change = PLANTED[what]
    put_decision(copy, decision_of(copy), change=change)
    found = verified(copy)
    assert kind in {one.kind for one in found.problems} and {one.path for one in found.problems} == {"documents/decision.pdf"}  # fmt: skip


def test_a_pdf_that_says_what_its_data_say_holds_whatever_its_length(tmp_path):
    """A thousand stations: heads of the table on each page, words cut at the end of lines, names too long for a column."""
    stations = [f"BUREAU-DE-VOTE-DE-LA-COMMUNE-{n:04d}" if n % 3 else f"S-{n}" for n in range(1000)]
    rows = [{"station": [s], "area": ["Bougouni", "Zambougou"], "figures": {"valid": n}, "votes": {}} for n, s in enumerate(stations)]  # fmt: skip
    annex = {"annex": "1", "act": "a1", "kind": "annulled", "count": 1000, "totals": {"figures": {"valid": 499500}, "votes": {}}, "rows": rows}  # fmt: skip
    long = "Considérant que l’irrégularité incontestablement caractérisée par la commission électorale, " * 6
    words = {"visas": ["Vu la loi"], "facts": [], "reasons": [long], "operative": ["Article annulant 1 000 bureaux, annexe 1."]}  # fmt: skip
    made = {"acts": [{"id": "a1", "act": "ANNUL_STATION"}], "annexes": [{"annex": "1", "act": "a1", "count": 1000}], "printed": {"figures": {"valid": 12345}, "votes": {"A": 12000, "B": 345}}}  # fmt: skip

    def printed(**other):
        said = {"articles": words["operative"], "derived": ["Après ces actes : 12 345 ; A : 12 000 voix, B : 345 voix."], "digest": "ab" * 32, "rows": rows} | other  # fmt: skip
        one = decisions.Ruling(
            on=AT.date(), ecli="E", formation=[], visas=words["visas"], facts=[], reasons=[decisions.Reasons("R", [long])],
            formula="DÉCIDE", articles=said["articles"], derived=said["derived"], digest=said["digest"],
            annexes=[executing.annex({**annex, "rows": said["rows"]}, "fr")],
        )  # fmt: skip
        pdf = rendering.copy(
            decisions.ruling(one, rendering.Head(title="Arrêt", number="1", body="Cour"), "fr"), AT
        ).pdf
        return archive_text.differences(paper_text.of_pdf(pdf), made, digest="ab" * 32, words=words, annexes=[annex])

    assert printed() == []
    assert {f.kind for f in printed(rows=[*rows[:500], *rows[501:]])} == {"station"}


def test_a_count_printed_in_the_json_that_the_acts_do_not_give_is_told(copy):
    made = decision_of(copy)
    printed = made["printed"] | {"counts": [{"what": "annulled_stations", "where": {}, "value": 3}], "percentages": {"A": "45.00"}, "decimals": 2}  # fmt: skip
    put_decision(copy, made | {"printed": printed})
    assert {(one.kind, one.got.split(" ")[0]) for one in verified(copy).problems} == {("printed", "counts"), ("printed", "percentages"), ("digest", "decision")}  # fmt: skip


def test_an_article_of_the_signed_xml_that_does_not_say_its_act_is_told(copy):
    from kalata.disputes.rules.identifiers import identifiers

    made = decision_of(copy)
    done = sample.recomputed(copy.parent, made)
    parts = sample.parts_of(made, done)
    parts["operative"] = [parts["operative"][0].replace("2 bureaux", "3 bureaux"), *parts["operative"][1:]]
    ids = identifiers(made["decision"], country="ML", on=AT.date())
    xml = texts.sign(texts.judgment(made, ids, court="C", parts=parts), OURS, at=AT)
    (copy / "documents" / "decision.xml").write_bytes(xml)
    put_decision(copy, made, xml=False, change=lambda said: said | {"articles": parts["operative"]})
    assert told(verified(copy)) == {("decision", "act")}


def test_a_judgment_that_is_no_akoma_ntoso_is_told_though_it_is_signed(copy):
    path = copy / "documents" / "decision.xml"
    made = decision_of(copy)
    from kalata.disputes.rules.identifiers import identifiers

    done = sample.recomputed(copy.parent, made)
    ids = identifiers(made["decision"], country="ML", on=AT.date())
    plain = texts.judgment(made, ids, court="C", parts=sample.parts_of(made, done))
    for odd in (plain.replace(b"<judgmentBody>", b"<judgmentBody><verdict/>"), plain.replace(b' date="2026-04-30"', b' date="hier"'), plain.replace(b"<FRBRcountry", b"<FRBRland")):  # fmt: skip
        path.write_bytes(texts.sign(odd, OURS, at=AT))
        sample.sealed(copy)
        assert ("xml", "schema") in told(verified(copy))


def test_a_check_with_nothing_to_look_at_says_that_it_was_not_made(copy):
    for path in [*copy.glob("documents/decision.*"), copy / "tokens" / "decision.tsr"]:
        path.unlink()
    shutil.rmtree(copy / "results")
    sample.edit(copy, archive.CASE, lambda v: v.update(decision=""))
    sample.sealed(copy)
    record = verified(copy).record()
    assert record["valid"]
    assert [one["check"] for one in record["checks"] if not one["checked"]] == ["pdf", "xml", "decision", "results"]


def test_a_decision_of_another_case_or_number_does_not_serve(copy):
    made = decision_of(copy)
    put_decision(copy, {**made, "petitions": [{"petition": "2026-L1-BKO2-000099", "grounds": []}]})
    assert ("decision", "number") in told(verified(copy))
    put_decision(copy, {**made, "decision": "2026-05/CC-EL"})
    assert ("decision", "number") in told(verified(copy))


def test_papers_sealed_by_another_court_do_not_hold_even_in_an_archive_that_ours_sealed(copy):
    put_decision(copy, decision_of(copy), by=OTHER)
    assert {("pdf", "seal"), ("xml", "signature")} <= told(verified(copy))


def test_a_revision_appended_to_the_pdf_is_told_even_sealed_again(copy):
    path = copy / "documents" / "decision.pdf"
    path.write_bytes(path.read_bytes() + b"\n%%EOF\n")
    (copy / "tokens" / "decision.tsr").write_bytes(times.stamp(OURS, hashlib.sha256(path.read_bytes()).digest(), at=AT))
    sample.sealed(copy)
    assert ("pdf", "seal") in told(verified(copy))


def test_an_unsigned_pdf_is_never_a_signed_one(copy):
    path = copy / "documents" / "decision.pdf"
    path.write_bytes(paper())
    (copy / "tokens" / "decision.tsr").write_bytes(times.stamp(OURS, hashlib.sha256(paper()).digest(), at=AT))
    sample.sealed(copy)
    assert {("pdf", "seal"), ("decision", "pdf")} <= told(verified(copy))


def test_another_sealed_paper_is_checked_too(copy):
    sealed_notice = papers.sign(paper("Avis"), OTHER, at=AT, reason="x")
    (copy / "documents" / "notice-1.pdf").write_bytes(sealed_notice)
    sample.sealed(copy)
    assert [(one.check, one.path) for one in verified(copy).problems] == [("pdf", "documents/notice-1.pdf")]


def test_a_wrapped_judgment_is_told_even_sealed_again(copy):
    path = copy / "documents" / "decision.xml"
    inner = path.read_bytes().split(b"\n", 1)[1]
    path.write_bytes(b"<?xml version='1.0' encoding='UTF-8'?>\n<akomaNtoso xmlns=\"" + texts.AKN.encode() + b'">' + inner + b"</akomaNtoso>")  # fmt: skip
    sample.sealed(copy)
    assert ("xml", "signature") in told(verified(copy))


@pytest.mark.parametrize("name", ["decision.pdf", "decision.xml", "decision.json"])
def test_a_decision_that_lacks_one_of_its_forms_is_told(copy, name):
    (copy / "documents" / name).unlink()
    sample.sealed(copy)
    assert ({"decision.pdf": "pdf", "decision.xml": "xml", "decision.json": "decision"}[name], "missing") in told(verified(copy))  # fmt: skip


def test_an_archive_of_a_case_without_decision_holds_and_carries_none(copy):
    for path in [*copy.glob("documents/decision.*"), *copy.glob("results/*"), copy / "tokens" / "decision.tsr"]:
        path.unlink()
    shutil.rmtree(copy / "results")
    sample.edit(copy, archive.CASE, lambda v: v.update(decision=""))
    sample.sealed(copy)
    assert verified(copy).valid, verified(copy).record()["problems"]
    (copy / "documents" / "decision.json").write_bytes(jcs({"decision": "", "acts": []}))
    sample.sealed(copy)
    assert ("decision", "missing") in told(verified(copy))


# --- results ---------------------------------------------------------------------------------------------------
def test_a_record_changed_by_one_vote_is_told_by_the_recomputation_even_sealed_again(copy):
    path = copy / archive.RECORDS
    path.write_bytes(path.read_bytes().replace(b"190,90,100", b"190,91,99"))
    sample.sealed(copy)
    assert told(verified(copy)) & {("results", "digest"), ("results", "unread")}
    path.write_bytes(sample.RECORDS.replace(b"S,S03,150,60,0,60,20,40", b"S,S03,150,60,0,60,21,39"))
    sample.sealed(copy)
    assert ("results", "digest") in told(verified(copy))


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["after"]["votes"].update(A=81),
        lambda v: v.update(digest="0" * 64),
        lambda v: v["sha256"].update(file="0" * 64),
        lambda v: v["annexes"][0]["rows"].pop(),
        lambda v: v.pop("before"),
    ],
)
def test_a_recomputation_that_was_changed_is_told_even_sealed_again(copy, change):
    def both(value):
        change(value)

    sample.edit(copy, archive.RECOMPUTATION, both)
    sample.sealed(copy)
    assert ("results", "digest") in told(verified(copy))


def test_totals_of_the_public_log_that_differ_are_told(copy):
    sample.edit(copy, archive.LOG, lambda v: v["totals"]["votes"].update(A=79))
    sample.sealed(copy)
    assert told(verified(copy)) == {("results", "log")}


@pytest.mark.parametrize("name", [archive.RECORDS, archive.PROFILE, archive.RECOMPUTATION])
def test_what_is_needed_to_compute_again_may_not_be_left_out(copy, name):
    (copy / name).unlink()
    sample.sealed(copy)
    assert ("results", "missing") in told(verified(copy))


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a: [", b"contest: {id: k5}\n", b"!!python/object:os.x {}\n"])
def test_a_profile_or_records_that_cannot_be_read_are_told(copy, data):
    for name in (archive.PROFILE, archive.RECORDS):
        before = (copy / name).read_bytes()
        (copy / name).write_bytes(data)
        sample.sealed(copy)
        assert {one.check for one in verified(copy).problems} == {"results"}
        (copy / name).write_bytes(before)


@pytest.mark.parametrize("name", [archive.CASE, archive.EVIDENCE, "documents/decision.json", archive.RECOMPUTATION])
def test_a_second_spelling_of_a_sheet_is_told_even_sealed_again(copy, name):
    (copy / name).write_bytes(json.dumps(carried.read((copy / name).read_bytes()), indent=1).encode())
    sample.sealed(copy)
    assert any(one.kind == "form" for one in verified(copy).problems)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**53) | st.text(max_size=6) | st.just("0" * 64) | st.just(sample.CASE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["n", "acts", "votes", "stations", "é"]), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
SHEETS = [
    archive.CASE, archive.EVIDENCE, archive.CUSTODY, "documents/decision.json", "documents/receipt.json", archive.RECOMPUTATION,
    archive.LOG, "tokens/custody-2026-04-27.json",
]  # fmt: skip


@given(name=st.sampled_from(SHEETS), odd=ODD, where=st.lists(st.integers(0, 30), max_size=4))
@settings(max_examples=size(60, 600), deadline=None)
def test_a_sheet_whose_values_have_any_shape_stops_nothing_and_is_named(whole, tmp_path_factory, name, odd, where):
    folder = shutil.copytree(whole, tmp_path_factory.mktemp("odd") / "a")
    data = (folder / name).read_bytes()
    value = carried.read(data.split(b"\n")[0] if name.endswith("l") else data)
    place = [value]
    for step in where:  # walk down and put the odd value where the walk ends
        inner = place[-1]
        if isinstance(inner, dict) and inner:
            place.append(inner[sorted(inner)[step % len(inner)]])
        elif isinstance(inner, list) and inner:
            place.append(inner[step % len(inner)])
    if len(place) > 1 and isinstance(place[-2], dict):
        place[-2][next(k for k, v in place[-2].items() if v is place[-1])] = odd
    else:
        value = odd
    (folder / name).write_bytes(jcs(value) + (b"\n" if name.endswith("l") else b""))
    if (folder / name).read_bytes() == data:
        return
    record = verified(folder).record()
    assert not record["valid"] and json.dumps(record)
    sample.sealed(folder)
    json.dumps(verified(folder).record())


def test_a_number_beyond_every_float_is_unreadable_and_stops_nothing(copy):
    path = copy / archive.CASE
    path.write_bytes(path.read_bytes().replace(b'"contest":"k5"', b'"contest":1' + b"0" * 400))
    sample.sealed(copy)
    assert ("manifest", "form") in told(verified(copy))


# --- the writer and the command ----------------------------------------------------------------------------------
def test_no_draft_vote_or_opinion_has_a_name_in_an_archive():
    for odd in ("deliberation/x.sealed", "documents/draft.sealed", "votes.json", "documents/../x.pdf", "evidence/x", "documents/É.pdf", "documents/a/b.pdf", "case.json\n"):  # fmt: skip
        assert not archive.NAMES.fullmatch(odd)
    with pytest.raises(ValueError):
        archive.put(archive.Contents(number="1", case={}, pieces=[], lines=[], documents={"draft.sealed": b""}))


def test_an_archive_is_written_in_an_empty_folder_only(whole, tmp_path):
    with pytest.raises(reading.FolderTaken):
        reading.fresh(whole)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(reading.FolderTaken):
        reading.fresh(tmp_path / "link")


def test_every_way_of_failing_has_its_sentence_in_both_languages_under_one_code_a_check():
    assert list(CODES) == list(CHECKS) and list(CODES.values()) == [f"DIS-70{n}" for n in range(1, 10)]
    for kinds in SAYS.values():
        for sentence in kinds.values():
            both = Message(sentence).both()
            assert both["fr"] != both["en"]


def test_the_command_answers_in_the_shape_of_the_interface(whole, copy, tmp_path):
    def kalata(*args):
        run = subprocess.run([sys.executable, "-m", "kalata", "disputes", "verify", *args, "--json"], capture_output=True, text=True)  # fmt: skip
        return run.returncode, json.loads(run.stdout)

    (tmp_path / "ca.pem").write_bytes(OURS.ca_pem())
    status, record = kalata(str(whole), "--vkey", OURS.vkey, "--ca", str(tmp_path / "ca.pem"))
    assert status == 0 and record["valid"] and record["trusted"] and record["problems"] == []
    assert [set(one) for one in record["checks"]] == [{"check", "holds", "n", "checked"}] * 9
    (copy / "documents" / "receipt.pdf").write_bytes(b"x")
    status, record = kalata(str(copy))
    assert status == 1 and not record["trusted"]
    assert {"code", "path", "got", "want", "fr", "en"} <= set(record["problems"][0])
    status, record = kalata(str(tmp_path / "nothing"))
    assert status == 2 and record["error"]["code"] == "DIS-710"
    (tmp_path / "empty").mkdir()
    assert kalata(str(tmp_path / "empty"))[0] == 2
    assert kalata(str(whole), "--vkey", "x")[0] == 2 and kalata(str(whole), "--ca", str(tmp_path / "none"))[0] == 2


def test_verifying_needs_neither_django_nor_network(whole):
    run = subprocess.run([sys.executable, "-X", "importtime", "-m", "kalata", "disputes", "verify", str(whole)], capture_output=True, text=True)  # fmt: skip
    assert run.returncode == 0 and " django" not in run.stderr
