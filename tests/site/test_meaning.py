"""A signature makes no nonsense true: what a house that holds the key may sign, and what three verifiers say of it."""

import json
import os
import shutil
from dataclasses import replace

import pytest

from kalata.transparency.rules import notes
from kalata.transparency.rules.keychain import chain_of
from tests.site import a_log, standalone
from tests.site.judges import PAGE, Signed, by_page, by_product, by_script, note_of, on_disk
from tests.site.malformed import KEY, NEW, PQ, announced, mutated, raw, rotated_log, summed, whole

NODE = shutil.which("node")
MALFORMED = int(os.environ.get("KALATA_MALFORMED", "300"))
"""Logs in one run; 10,000 in the nightly one (make nightly)."""


ONCE_APART = (777, 9389)
"""Seeds on which a verifier was once alone in its verdict."""


def rows_of():
    entries, files = whole()
    return [json.loads(e) for e in entries], files


def signed(rows, files, *keys, trust=None) -> Signed:
    made = [r if isinstance(r, bytes) else raw(r) for r in rows]
    return Signed(KEY.name, made, files, note_of(KEY.name, made, *(keys or (KEY,))), trust or [KEY.verifier.text()])


def verdicts(logs, where, page=None) -> list[tuple[bool, bool, bool]]:
    """(kalata log verify, verify.py, the page): True where each finds it valid."""
    python = []
    for one in logs:
        python.append((not by_product(one, where / "log"), not by_script(one, where / "log")))
    return [(a, b, not c) for (a, b), c in zip(python, by_page(logs, page), strict=True)]


@pytest.fixture(scope="module")
def page(request):
    """The page's script where it will be run: by node, or in the browser of the verifier's tests."""
    if NODE:
        yield None
        return
    from playwright.sync_api import sync_playwright

    from tests.conftest import BROWSER

    if not BROWSER:
        pytest.skip("neither node nor Chromium on this machine")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER)
        made = browser.new_page()
        made.set_content(PAGE.read_text(encoding="utf-8").replace("%CONFIG%", '{"lists":{},"boxes":[],"trust":""}'))
        yield made
        browser.close()


def report_at(rows) -> int:
    return next(i for i, r in enumerate(rows) if r["kind"] == "report" and r["station"] == "S-000")


def changed(**values):
    """The log with one report changed, and every total made anew to agree with it."""
    rows, files = rows_of()
    rows[report_at(rows)] |= values
    return signed(summed(rows, files), files)


def in_bytes(old: bytes, new: bytes):
    rows, files = rows_of()
    made = [raw(r) for r in rows]
    at = report_at(rows)
    assert old in made[at]
    made[at] = made[at].replace(old, new, 1)
    return signed(made, files)


def votes(*pairs):
    return changed(votes=[{"list": a, "n": b} for a, b in pairs])


NONSENSE = {
    "negative votes": lambda: votes((1, -5), (2, 5), (3, 0)),
    "true for a number": lambda: votes((1, True), (2, 0), (3, 0)),
    "2^70 votes": lambda: votes((1, 2**70), (2, 0), (3, 0)),
    "a thousand million votes": lambda: changed(votes=[{"list": 1, "n": 10**9}], findings=["E01"]),
    "half a vote": lambda: votes((1, 1.5), (2, 0), (3, 0)),
    "not a number": lambda: in_bytes(b'"serial":1', b'"serial":NaN'),
    "an option twice": lambda: votes((1, 5), (1, 90)),
    "an option of no ballot": lambda: votes((1, 5), (9, 90)),
    "valid votes that are not their sum": lambda: changed(valid=999_999),
    "no vote at all": lambda: changed(votes=[]),
    "votes null": lambda: changed(votes=None),
    "a status of one's own": lambda: changed(status="whatever"),
    "a field of one's own": lambda: changed(note="hello"),
    "a key twice": lambda: in_bytes(b'"serial":1', b'"serial":1,"serial":1'),
    "minus zero": lambda: in_bytes(b'"revision":0', b'"revision":-0'),
    "1e2": lambda: in_bytes(b'"serial":1', b'"serial":1e0'),
    "a fingerprint that is none": lambda: changed(scan_sha256="xyz"),
    "a negative serial": lambda: changed(serial=-1),
    "an accent apart from its letter": lambda: changed(station="E\u0301"),
    "a station that is not expected": lambda: changed(station="S-999"),
    "annulled, and counted": lambda: changed(status="annulled"),
    "a finding that is none": lambda: changed(findings=["E01"]),
    "findings empty": lambda: changed(findings=[]),
    "another contest": lambda: changed(contest="d"),
    "version true": lambda: changed(v=True),
}


@pytest.fixture(scope="module")
def judged(page, tmp_path_factory):
    logs = {name: make() for name, make in NONSENSE.items()}
    return dict(zip(logs, verdicts(list(logs.values()), tmp_path_factory.mktemp("nonsense"), page), strict=True))


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_signed_with_the_house_s_own_key_is_not_valid_for_any_of_the_three(judged, name):
    assert judged[name] == (False, False, False)


def test_the_sound_log_from_which_they_are_made_is_valid_for_all_three(page, tmp_path):
    rows, files = rows_of()
    assert verdicts([mutated(0), signed(summed(rows, files), files)], tmp_path, page) == [(True,) * 3] * 2


ORDERED = {
    "at": (
        ["2027-03-01T16:45:00Z", "2027-12-31T23:59:59Z"],
        ["2027-03-01T16:45:00", "2027-03-01", "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z", "2027-03-32T00:00:00Z",
         "2027-03-01T24:00:00Z", "2027-03-01T16:60:00Z", "2027-03-01T16:45:60Z", "2027-03-01T16:45:00Z\n", "٢027-03-01T16:45:00Z",
         "2027-03-01T16:45:00.5Z", "2027-03-01T16:45:00+00:00", 1, True, None, []],
    ),
    "authority": (["two_persons", "commission", "court"], ["président", "Court", "", "court\n", "constructor", 1, None, ["court"]]),
    "approval": ([1, 2**53 - 1], [0, -1, True, 1.0, 2**53, "1", None]),
    "reason_sha256": (["f" * 64], ["F" * 64, "f" * 63, "f" * 64 + "\n", "", 1, None]),
    "act": (["Acte n° 12", "x" * 300], ["", "x" * 301, "a\nb", 1, None]),
}  # fmt: skip
"""What an entry about a published report may say of who ordered it: values that may stand there, values that may not."""


def ordered(kind: str, **values):
    rows, files = rows_of()
    rows[next(i for i, r in enumerate(rows) if r["kind"] == kind)] |= values
    return signed(summed(rows, files), files)


@pytest.mark.parametrize("name", ORDERED)
def test_who_ordered_a_correction_is_judged_alike_by_the_three(page, tmp_path, name):
    good, bad = ORDERED[name]
    logs = [ordered(k, **{name: v}) for k in ("report", "revision", "exclusion") for v in good[:2]]
    wrong = [ordered("revision", **{name: v}) for v in bad] + [ordered("exclusion", **{name: bad[0]})]
    assert verdicts(logs, tmp_path, page) == [(True,) * 3] * len(logs)
    assert verdicts(wrong, tmp_path, page) == [(False,) * 3] * len(wrong)


def test_no_other_kind_of_entry_says_who_ordered_it(page, tmp_path):
    logs = []
    for kind in ("manifest", "total", "declaration"):
        rows, files = rows_of()
        rows[next(i for i, r in enumerate(rows) if r["kind"] == kind)]["authority"] = "court"
        logs.append(signed(rows, files))
    assert verdicts(logs, tmp_path, page) == [(False,) * 3] * 3


def test_a_decision_of_the_court_is_ordered_by_the_court_and_by_nobody_else(page, tmp_path):
    good = [ordered("exclusion", reason_code="court", authority="court"), ordered("exclusion", reason_code="court")]
    bad = [ordered(k, reason_code="court", authority="commission") for k in ("revision", "exclusion")]
    found = verdicts([*good, *bad], tmp_path, page)
    assert found[2:] == [(False,) * 3] * 2
    assert found[:2] == [(True,) * 3] * 2


def test_every_area_with_a_report_has_a_total_that_covers_it(page, tmp_path):
    rows, files = rows_of()
    anew = summed(rows, files)
    totals = [i for i, r in enumerate(anew) if r["kind"] == "total"]
    less = [signed([r for j, r in enumerate(anew) if j != i], files) for i in totals]
    none = signed([r for r in anew if r["kind"] != "total"], files)
    assert len(totals) > 3 and verdicts([*less, none], tmp_path, page) == [(False,) * 3] * (len(totals) + 1)


def test_a_paper_that_contradicts_itself_is_told_as_such_and_not_hidden(page, tmp_path):
    """Its entry declares the finding (the log of these tests has one): valid, and said aloud."""
    told = changed(valid=999_999, findings=["E01", "E02"])
    half = changed(valid=999_999, findings=["E01"])
    assert verdicts([told, half], tmp_path, page) == [(True,) * 3, (False,) * 3]
    from kalata.transparency.verifying import verify

    found = verify(on_disk(told, tmp_path / "log"), told.trust)
    assert found.valid and any("2 reports in force say" in w for w in found.warnings)
    assert standalone().verify(str(tmp_path / "log"), told.trust)[1]["findings"] == 2


def test_the_three_verifiers_agree_on_every_malformed_log(page, tmp_path):
    valid = apart = 0
    for start in range(0, MALFORMED, 500):
        seeds = [*range(start, min(start + 500, MALFORMED)), *(ONCE_APART if not start else ())]
        for seed, found in zip(seeds, verdicts([mutated(s) for s in seeds], tmp_path, page), strict=True):
            apart += len(set(found)) > 1
            assert len(set(found)) == 1, (seed, found)
            valid += found[0]
    print(f"{MALFORMED} malformed logs: {valid} valid, {MALFORMED - valid} refused, {apart} verdicts apart")
    assert 0 < valid < MALFORMED / 3


# --- keys -----------------------------------------------------------------------------------------
def test_a_new_key_is_believed_only_through_the_entry_that_the_old_one_signed(page, tmp_path):
    good, bad = rotated_log(announce=True), rotated_log(announce=False)
    known_new = replace(bad, trust=[NEW.verifier.text()])
    listed = replace(bad, trust=[KEY.verifier.text(), NEW.verifier.text()])
    only_new = replace(good, trust=[NEW.verifier.text()])
    found = verdicts([good, only_new, bad, known_new, listed], tmp_path, page)
    assert found == [(True,) * 3] * 2 + [(False,) * 3] * 3


def test_the_old_key_signs_the_announcement_and_nothing_after_it(page, tmp_path):
    rows, files = rows_of()
    rows.append(announced(NEW, KEY, rows))
    after = {**rows[-2], "act": "Décision n° 4"}
    logs = [
        signed(rows, files, KEY),
        signed(rows, files, NEW),
        signed([*rows, after], files, KEY),
        signed([*rows, after], files, NEW),
    ]
    assert verdicts(logs, tmp_path, page) == [(True,) * 3, (False,) * 3, (False,) * 3, (True,) * 3]
    chain = chain_of([raw(r) for r in [*rows, after]])
    assert [dict(chain.at(n))[1].text() == NEW.verifier.text() for n in (1, len(rows), len(rows) + 1)] == [
        False,
        False,
        True,
    ]


def both(*, by=KEY, then=True):
    """The log with an ML-DSA-44 key announced, and something after it."""
    rows, files = rows_of()
    rows.append(announced(PQ, by, rows))
    return ([*rows, {**rows[-2], "act": "Décision n° 4"}] if then else rows), files


def test_a_log_signs_in_ed25519_and_ml_dsa_44_and_each_key_that_is_trusted_must_have_signed(page, tmp_path):
    rows, files = both()
    ed, pq = KEY.verifier.text(), PQ.verifier.text()
    logs = [
        signed(rows, files, KEY, PQ, trust=[ed, pq]),
        signed(rows, files, KEY, PQ, trust=[pq]),
        signed(rows, files, KEY, PQ, trust=[ed]),
        signed(rows, files, KEY, trust=[ed]),  # who knows the first alone, asks for the first alone
        signed(rows, files, KEY, trust=[ed, pq]),
        signed(rows, files, KEY, trust=[pq]),
        signed(rows, files, PQ, trust=[ed]),
    ]
    assert verdicts(logs, tmp_path, page) == [(True,) * 3] * 4 + [(False,) * 3] * 3
    rows, files = both(by=NEW)
    assert verdicts([signed(rows, files, KEY, PQ, trust=[ed])], tmp_path, page) == [(False,) * 3]


def test_a_damaged_ml_dsa_44_line_is_refused_by_all_three_wherever_it_is_damaged(page, tmp_path):
    rows, files = both()
    good = signed(rows, files, KEY, PQ, trust=[KEY.verifier.text(), PQ.verifier.text()])
    lines = notes.read_note(good.note).lines
    text = notes.read_note(good.note).text
    logs = []
    for at in (0, 7, 8, 39, 40, 700, 2300, 2343, 2344, 2400, 2424, 2427):  # time, seed, vectors, hints
        payload = bytearray(lines[1].payload)
        payload[at] ^= 1
        bad = notes.Note(text, (lines[0], notes.Line(lines[1].name, lines[1].id, bytes(payload))))
        logs.append(replace(good, note=bad.whole()))
    for cut in (b"", bytes(2428), lines[1].payload[:-1], lines[1].payload + b"\0", bytes(8) + lines[1].payload[8:]):
        logs.append(
            replace(
                good, note=notes.Note(text, (lines[0], notes.Line(lines[1].name, lines[1].id, cut or b"x"))).whole()
            )
        )
    other = notes.SigningKey("resultats.example/d", notes.MLDSA44, PQ.secret)
    logs.append(replace(good, note=f"{text}\n{lines[0].text()}" + other.cosign(text, 1).replace(other.name, KEY.name)))
    assert verdicts(logs, tmp_path, page) == [(False,) * 3] * len(logs)


def test_ml_dsa_44_of_the_two_stand_alone_verifiers_is_that_of_the_library(page):
    """Two hundred messages and keys, each with a bit of the signature, of the key or of the message turned."""
    import base64
    import random

    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    chance, cases, want = random.Random(4), [], []
    alone = standalone().lattice_signed
    for n in range(40):
        key = MLDSA44PrivateKey.from_seed_bytes(chance.randbytes(32))
        message = chance.randbytes(n * 7)
        public, good = key.public_key().public_bytes_raw(), key.sign(message)
        rows = [(public, good, message)]
        for which in range(3):
            row = [bytearray(x) for x in rows[0]]
            if row[which]:
                row[which][chance.randrange(len(row[which]))] ^= 1 << chance.randrange(8)
            rows.append(tuple(map(bytes, row)))
        for p, s, m in rows:
            cases.append((p, s, m))
            want.append((p, s, m) == rows[0])
    assert [alone(*c) for c in cases] == want
    coded = [[base64.b64encode(x).decode() for x in c] for c in cases]
    asked = """cases => cases.map(c => { const [p, s, m] = c.map(x => Uint8Array.from(atob(x), y => y.charCodeAt(0))); try { return !!kalata.lattice(s, m, p) } catch (e) { return false } })"""
    if page is None:
        import subprocess

        from tests.site.judges import STUB

        text = PAGE.read_text(encoding="utf-8")
        script = text[text.rindex("<script>") + 8 : text.rindex("</script>")]
        code = f"{STUB}\n(0, eval)({json.dumps(script)});\nlet d = ''; for await (const c of process.stdin) d += c;\nconsole.log(JSON.stringify(({asked})(JSON.parse(d))));"
        done = subprocess.run(
            [NODE, "--input-type=module", "-e", code],
            input=json.dumps(coded),
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == want
    else:
        assert page.evaluate(asked, coded) == want


def test_ml_dsa_44_cosignatures_of_witnesses_count_for_all_three(page, tmp_path):
    from kalata.transparency.verifying import verify

    made = a_log(tmp_path / "own" / "log", stations=6, seed=9)
    witness = notes.SigningKey("observateurs", notes.MLDSA44, b"\x11" * 32)
    made.report("S-001")
    made.close(witness)
    where = tmp_path / "own" / "log"
    found = verify(where, [made.key.verifier.text()])
    assert found.valid and found.witnesses == ["observateurs"] and found.quorum
    problems, facts = standalone().verify(str(where), [made.key.verifier.text()])
    assert not problems and facts["witnesses"] == ["observateurs"]
    files = {p.relative_to(where).as_posix(): p.read_bytes() for p in (where / "register").iterdir()}
    log = Signed(
        made.key.name,
        made.entries,
        files,
        (where / "checkpoint").read_text(),
        (where / "policy").read_text().splitlines(),
    )
    assert by_page([log], page) == [""]
    text = log.note
    bad = text[:-40] + ("A" if text[-40] != "A" else "B") + text[-39:]
    assert by_page([replace(log, note=bad)], page) != [""]
    (where / "checkpoint").write_text(bad)
    assert (
        not verify(where, [made.key.verifier.text()]).valid
        and standalone().verify(str(where), [made.key.verifier.text()])[0]
    )
