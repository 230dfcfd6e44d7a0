"""What the Court signs, and what a reader refuses: keys, instants, papers, judgments."""

import hashlib
import random
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest

from kalata.disputes.rules import carried
from kalata.disputes.rules.identifiers import BadNumber, identifiers
from kalata.disputes.signing import authority, papers, refusals, texts, times
from tests.disputes.court import AT, DECISION, PHRASE, court, paper

OURS, OTHER = court(), court("autre.example")
ROOTS = [OURS.root]
HASH = hashlib.sha256(b"x").digest()
IDS = identifiers("2026-04/CC-EL", country="ML", on=AT.date())
PARTS = {"visas": ["Vu la Constitution"], "reasons": ["Considérant…"], "operative": ["Article premier : annule."]}
END = OURS.seal.certificate.not_valid_after_utc


def signed_xml(decision=DECISION, by=OURS):
    return texts.sign(texts.judgment(decision, IDS, court="Cour", parts=PARTS), by, at=AT)


# --- keys ------------------------------------------------------------------------------------------------
def test_keys_lie_in_files_of_mode_600_under_the_passphrase_of_two():
    private = sorted(p for p in OURS.folder.iterdir())
    assert [p.name for p in private if p.suffix == ".key"] == [
        "archive.key",
        "bundles.key",
        "persons.key",
        "root.key",
        "seal.key",
        "time.key",
    ]
    assert {p.stat().st_mode & 0o777 for p in private} == {0o600}
    assert all(b"ENCRYPTED" in p.read_bytes() for p in private if p.suffix == ".key")
    with pytest.raises(refusals.WrongPassphrase):
        authority.open_court(OURS.folder, PHRASE + "x")
    with pytest.raises(refusals.NoCourtKey):
        authority.open_court(OURS.folder / "nothing", PHRASE)
    with pytest.raises(refusals.CourtKeyThere):
        authority.create(OURS.folder, PHRASE, court="C", country="ML", origin="c", at=AT)


@pytest.mark.parametrize(("one", "two"), [("court", "quatre autres mots"), ("quatre mots au hasard",) * 2])
def test_one_custodian_alone_makes_no_passphrase(one, two):
    with pytest.raises(refusals.WeakPassphrase):
        authority.joined(one, two)


def test_an_expired_certificate_signs_nothing_and_neither_does_one_of_tomorrow():
    for at in (END + timedelta(seconds=1), datetime(2025, 12, 1, tzinfo=UTC)):
        for act in (
            lambda at=at: times.stamp(OURS, HASH, at=at),
            lambda at=at: papers.sign(paper(), OURS, at=at, reason="x"),
            lambda at=at: texts.sign(texts.judgment(DECISION, IDS, court="C", parts=PARTS), OURS, at=at),
        ):
            with pytest.raises(refusals.Expired):
                act()
    assert times.stamp(OURS, HASH, at=END)


def test_the_key_or_certificate_of_another_court_signs_nothing(tmp_path):
    for name in ("seal.key", "seal.pem", "time.pem", "archive.key"):
        folder = tmp_path / name
        shutil.copytree(OURS.folder, folder)
        other = authority.hardened(OTHER.folder, PHRASE)
        if name == "seal.key":  # opens, and is another's
            shutil.copy(OTHER.folder / "salt", folder / "salt")
            key = authority.private(OTHER.folder / name, other)
            shutil.copy(OURS.folder / "salt", folder / "salt")
            (folder / name).write_bytes(authority.protected(key, authority.hardened(folder, PHRASE)))
        else:
            shutil.copy(OTHER.folder / name, folder / name)
        with pytest.raises((refusals.ForeignKey, refusals.WrongPassphrase)):
            authority.open_court(folder, PHRASE).ready(AT)


def test_a_renewal_signs_under_the_same_root_and_what_was_signed_before_still_holds(tmp_path):
    folder = tmp_path / "c"
    authority.create(folder, PHRASE, court="C", country="ML", origin="c.example", at=AT)
    before = authority.open_court(folder, PHRASE)
    old = times.stamp(before, HASH, at=AT)
    later = AT + timedelta(days=365 * 5 + 30)
    with pytest.raises(refusals.Expired):
        before.ready(later)
    authority.renew(folder, PHRASE, later)
    after = authority.open_court(folder, PHRASE)
    after.ready(later)
    assert after.root == before.root and after.seal.certificate != before.seal.certificate
    assert times.read(old, HASH, [after.root]).at == AT
    assert times.read(times.stamp(after, HASH, at=later), HASH, [before.root]).at == later
    assert len(list(folder.glob("seal.*.key"))) == 1


# --- instants --------------------------------------------------------------------------------------------
def test_a_token_says_its_instant_and_two_tokens_have_two_numbers():
    one, two = (times.stamp(OURS, HASH, at=AT) for _n in range(2))
    read = [times.read(t, HASH, ROOTS) for t in (one, two)]
    assert [t.at for t in read] == [AT, AT] and read[0].serial != read[1].serial


def test_openssl_reads_the_tokens_too(tmp_path):
    """A second implementation, where the machine has one."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here")
    now = datetime.now(UTC).replace(microsecond=0)  # it wants the chain in force now
    folder = tmp_path / "c"
    authority.create(folder, PHRASE, court="C", country="ML", origin="c.example", at=now)
    made = authority.open_court(folder, PHRASE)
    (tmp_path / "t.tsr").write_bytes(times.stamp(made, HASH, at=now))
    (tmp_path / "ca.pem").write_bytes(authority.pem(made.root))
    (tmp_path / "x").write_bytes(b"x")
    run = subprocess.run(
        ["openssl", "ts", "-verify", "-in", tmp_path / "t.tsr", "-data", tmp_path / "x", "-CAfile", tmp_path / "ca.pem"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "Verification: OK" in run.stdout, run.stderr


def test_a_token_of_another_hash_another_authority_or_no_token_is_refused():
    made = times.stamp(OURS, HASH, at=AT)
    for data, digest, roots in (
        (made, hashlib.sha256(b"y").digest(), ROOTS),
        (made, HASH, [OTHER.root]),
        (times.stamp(OTHER, HASH, at=AT), HASH, ROOTS),
        (b"", HASH, ROOTS),
        (b"\x30\x80" * 40, HASH, ROOTS),
        (made + b"\0", HASH, ROOTS),
        (made[:-1], HASH, ROOTS),
        (made, HASH, []),
    ):
        with pytest.raises(times.BadToken):
            times.read(data, digest, roots)


def test_a_token_signed_with_the_key_that_seals_papers_is_none():
    wrong = authority.Court(OURS.root, OURS.seal, OURS.seal, OURS.archive, OURS.folder)
    with pytest.raises(times.BadToken):
        times.read(times.stamp(wrong, HASH, at=AT), HASH, ROOTS)


@pytest.mark.filterwarnings("ignore")
def test_a_changed_byte_in_what_a_token_says_is_seen():
    made = times.stamp(OURS, HASH, at=AT)
    place = made.index(HASH)
    for at in range(place - 40, place + 60):
        changed = made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]
        with pytest.raises(times.BadToken):
            times.read(changed, HASH, ROOTS)


# --- papers ----------------------------------------------------------------------------------------------
SEALED = papers.sign(paper(), OURS, at=AT, reason="Décision", attached={"decision.json": b'{"a":1}'})


def test_a_sealed_paper_holds_with_its_instant_and_carries_its_data():
    found = papers.check(SEALED, ROOTS)
    assert (found.faults, found.seals, found.at, found.attached) == ([], 1, AT, {"decision.json": b'{"a":1}'})


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n%%EOF\n",
        lambda pdf: pdf[:-1],
        lambda pdf: pdf[:900] + bytes([pdf[900] ^ 1]) + pdf[901:],
        lambda pdf: paper(),
        lambda pdf: b"",
        lambda pdf: b"%PDF-1.7\n" + b"x" * 500,
        lambda pdf: papers.sign(paper(), OTHER, at=AT, reason="x"),
    ],
)
def test_a_paper_changed_longer_shorter_unsigned_or_of_another_court_does_not_hold(change):
    assert papers.check(change(SEALED), ROOTS).faults


def test_a_revision_appended_after_the_seal_does_not_hold(tmp_path):
    from io import BytesIO

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    out = IncrementalPdfFileWriter(BytesIO(SEALED))
    out.root["/Lang"] = generic.TextStringObject("en")
    out.update_root()
    more = BytesIO()
    out.write(more)
    assert any("bytes after" in fault for fault in papers.check(more.getvalue(), ROOTS).faults)


def test_a_byte_changed_anywhere_outside_the_padding_of_the_seal_is_seen():
    begin = SEALED.index(b"/Contents <") + 11
    end = begin + len(SEALED[begin : SEALED.index(b">", begin)].rstrip(b"0"))
    chance = random.Random(4)
    places = [p for p in chance.sample(range(len(SEALED)), 30) if not begin <= p < SEALED.index(b">", begin)]
    assert len(places) > 8 and end > begin
    for place in places:
        changed = SEALED[:place] + bytes([SEALED[place] ^ 1]) + SEALED[place + 1 :]
        assert papers.check(changed, ROOTS).faults, place


def odd_pdf(kind):
    from io import BytesIO

    out = BytesIO()
    pdf = pikepdf.open(BytesIO(paper()))
    if kind == "script":
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    if kind == "hidden":
        pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch))
    pdf.save(out, **({"encryption": pikepdf.Encryption(owner="a", user="b")} if kind == "encrypted" else {}),
             object_stream_mode=pikepdf.ObjectStreamMode.generate)  # fmt: skip
    return out.getvalue()


@pytest.mark.parametrize("kind", ["script", "hidden", "encrypted"])
def test_a_pdf_with_a_script_or_encrypted_is_never_sealed(kind):
    with pytest.raises(refusals.NotSignable):
        papers.sign(odd_pdf(kind), OURS, at=AT, reason="x")


@pytest.mark.parametrize("data", [b"", b"not a pdf", SEALED, b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_or_sealed_already_is_not_sealed(data):
    with pytest.raises(refusals.NotSignable):
        papers.sign(data, OURS, at=AT, reason="x")


# --- judgments -------------------------------------------------------------------------------------------
XML = signed_xml()


def test_a_signed_judgment_gives_back_its_acts_totals_and_annexes():
    found = texts.check(XML, ROOTS, AT)
    assert found.faults == [] and found.parts == carried.carried(DECISION) and found.ecli == IDS.ecli


def test_a_byte_changed_anywhere_in_the_judgment_is_seen():
    for place in random.Random(7).sample(range(len(XML)), 150):
        changed = XML[:place] + bytes([XML[place] ^ 1]) + XML[place + 1 :]
        assert texts.check(changed, ROOTS, AT).faults, place


WRAP = b'<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.replace(b"S01", b"S09"),
        lambda x: x.replace(b"<judgment ", b"<!-- --><judgment "),
        lambda x: x.replace(b"?>\n", b"?>\n<!DOCTYPE a [<!ENTITY b 'c'>]>", 1),
        lambda x: x[: x.index(b"<ds:Signature")] + x[x.index(b"</akomaNtoso>") :],
        lambda x: signed_xml(by=OTHER),
        lambda x: x.replace(b"</ds:Signature>", WRAP + b"x</ds:Object></ds:Signature>"),
        # the signed document moved inside another one, which people would read
        lambda x: b"<?xml version='1.0' encoding='UTF-8'?>\n<akomaNtoso xmlns=\"" + texts.AKN.encode() + b'"><judgment/>' + x.split(b"\n", 1)[1] + b"</akomaNtoso>",
        lambda x: x.replace(b'URI=""', b'URI="#x"').replace(b"<judgment ", b'<judgment Id="x" '),
        lambda x: x.replace(b"</akomaNtoso>", x[x.index(b"<ds:Signature") : x.index(b"</akomaNtoso>")] + b"</akomaNtoso>"),
        lambda x: x.decode().encode("utf-16"),
        lambda x: x[:-20],
        lambda x: b"",
    ],
)  # fmt: skip
def test_a_judgment_changed_wrapped_stripped_doubled_or_of_another_court_does_not_hold(change):
    assert texts.check(change(XML), ROOTS, AT).faults


def test_a_certificate_that_had_expired_at_the_instant_of_signing_does_not_hold():
    assert texts.check(XML, ROOTS, END + timedelta(days=1)).faults
    assert any("not in force" in fault for fault in texts.check(XML, ROOTS, datetime(2025, 1, 1, tzinfo=UTC)).faults)


def test_text_that_no_xml_holds_and_xml_that_is_no_judgment_are_refused():
    with pytest.raises(refusals.NotAJudgment):
        texts.judgment(DECISION, IDS, court="C", parts={"operative": ["\x00"]})
    for odd in (b"<a/>", b"", b"<?xml version='1.0' encoding='UTF-8'?>\n<a/>", XML):
        with pytest.raises(refusals.NotAJudgment):
            texts.sign(odd, OURS, at=AT)


def test_the_difference_of_one_station_is_said_by_its_name():
    other = {**DECISION, "annexes": [{**DECISION["annexes"][0], "stations": [["S01"]]}, DECISION["annexes"][1]]}
    assert carried.differences(carried.carried(DECISION), carried.carried(DECISION)) == []
    assert carried.differences(carried.carried(DECISION), carried.carried(other)) == [("annex 1", "1", "S03")]


# --- identifiers -------------------------------------------------------------------------------------------
def test_a_decision_has_the_identifiers_of_the_guide():
    assert (IDS.ecli, IDS.expression) == ("ECLI:ML:CC:2026:EL.0004", "/akn/ml/judgment/cc/2026/el-0004/fra@2026-04-30")


@pytest.mark.parametrize("odd", ["", "2026-04", "2025-04/CC-EL", "2026-00/CC-EL", "2026-04/cc-EL", "2026-04/CC-EL\n", "../CC-EL"])  # fmt: skip
def test_another_form_or_another_year_is_no_number(odd):
    with pytest.raises(BadNumber):
        identifiers(odd, country="ML", on=AT.date())


def test_the_ceremony_is_a_command(tmp_path):
    for name, words in (("one", "quatre mots au hasard"), ("two", "quatre autres mots")):
        (tmp_path / name).write_text(words + "\n")
    ask = [sys.executable, "-m", "kalata", "disputes", "authority", str(tmp_path / "c"), "--court", "Cour", "--country",
           "ML", "--first", str(tmp_path / "one"), "--second", str(tmp_path / "two"), "--json"]  # fmt: skip
    run = subprocess.run(ask, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert authority.open_court(tmp_path / "c", PHRASE).vkey in run.stdout
    assert authority.trusted((tmp_path / "c" / "court-ca.pem").read_bytes())
    again = subprocess.run(ask, capture_output=True, text=True)
    assert again.returncode == 2 and "DIS-772" in again.stderr
