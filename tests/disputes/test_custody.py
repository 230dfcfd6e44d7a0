"""The chain of custody: what follows what, what a change breaks, and the root of a day."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.disputes.rules import custody
from kalata.transparency.rules.merkle import BadProof

MORNING = datetime(2026, 4, 22, 9, 0, tzinfo=UTC)
PIECE = hashlib.sha256(b"pv").hexdigest()


def chain(n=6, hours=7):
    lines = []
    for step in range(n):
        lines.append(
            custody.next_line(
                lines[-1] if lines else None,
                at=MORNING + timedelta(hours=hours * step), actor="registry:12", act="sealed", piece=PIECE,
                source="counter BKO2", to="registry", why="reçu au guichet",
            )
        )  # fmt: skip
    return lines


def plainly(lines):
    """The same question from the definition alone, with the standard library's JSON."""
    prev, wrong = "0" * 64, set()
    for n, line in enumerate(lines, 1):
        rest = {k: v for k, v in line.items() if k != "hash"}
        own = hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()  # fmt: skip
        if line["n"] != n or line["prev"] != prev or line["hash"] != own:
            wrong.add(n)
        prev = line["hash"]
    return wrong


def plain_root(leaves):
    """RFC 6962, section 2.1, written as it reads."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def test_lines_that_follow_each_other_are_whole_and_read_back_to_the_byte():
    lines = chain()
    assert custody.check(lines) == [] and plainly(lines) == set()
    assert custody.read_lines(custody.written(lines)) == (lines, [])
    assert lines[0]["prev"] == "0" * 64 and [line["n"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert set(lines[0]) == set(custody.KEYS)
    assert custody.check([]) == [] and custody.read_lines(b"") == ([], [])


@given(
    place=st.integers(0, 5),
    key=st.sampled_from(custody.KEYS),
    value=st.one_of(st.integers(0, 9), st.text(max_size=5), st.just("0" * 64), st.none()),
)
@settings(max_examples=120, deadline=None)
def test_a_changed_value_is_seen_by_both_implementations(place, key, value):
    lines = chain()
    if lines[place][key] == value:
        return
    lines[place] = {**lines[place], key: value}
    found = {fault.line for fault in custody.check(lines)}
    assert found and found & {place + 1, place + 2}
    if not any(fault.what == "shape" for fault in custody.check(lines)):
        assert found == plainly(lines)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda c: c[:2] + c[3:], 3),
        (lambda c: c[:2] + [c[3], c[2]] + c[4:], 3),
        (lambda c: [*c[:2], c[1], *c[2:]], 3),
        (lambda c: c[1:], 1),
        (lambda c: [*c, chain(1)[0]], 7),
    ],
)
def test_a_gap_an_exchange_a_doubled_or_a_foreign_line_is_named(change, line):
    assert custody.check(change(chain()))[0].line == line and line in plainly(change(chain()))


def test_a_line_put_in_between_with_good_hashes_breaks_what_follows():
    lines = chain()
    forged = custody.next_line(lines[1], at=MORNING, actor="registry:9", act="opened", piece=PIECE)
    assert [fault.line for fault in custody.check([*lines[:2], forged, *lines[3:]])] == [4]


def test_a_chain_written_again_from_the_start_is_whole_and_only_the_root_of_the_day_tells():
    lines = chain()
    shorter = lines[:-1]
    assert custody.check(shorter) == []
    roots = [custody.day_root({"A-1": own[-1]["hash"]}) for own in (lines, shorter)]
    assert roots[0] != roots[1]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8])
def test_the_root_of_a_day_holds_every_case_and_a_reader_of_one_needs_no_other(n):
    heads = {f"2026-L1-BKO2-{k:06d}": hashlib.sha256(b"%d" % k).hexdigest() for k in range(n)}
    leaves = [json.dumps({"case": c, "head": h}, separators=(",", ":")).encode() for c, h in sorted(heads.items())]
    root = custody.day_root(dict(reversed(heads.items())))
    assert root == plain_root(leaves)
    for case in heads:
        proof = custody.day_proof(heads, case, "2026-04-22")
        assert custody.proved(proof) == root
        for key, value in (("head", "0" * 64), ("case", "x"), ("index", proof["index"] + 1), ("size", n + 5), ("proof", None), ("root", "é")):  # fmt: skip
            with pytest.raises(BadProof):
                custody.proved({**proof, key: value})


def test_the_last_line_of_each_day_is_what_its_root_must_hold():
    lines = chain(10)
    last = custody.last_of_days(lines)
    assert list(last) == ["2026-04-22", "2026-04-23", "2026-04-24", "2026-04-25"]
    for day, n in last.items():
        assert n == max(k for k, line in enumerate(lines, 1) if line["at"].startswith(day))


def test_a_day_is_that_of_utc_at_midnight_as_a_minute_before():
    late = custody.next_line(None, at=datetime(2026, 4, 22, 23, 59, 59, tzinfo=UTC), actor="counter:1", act="received")
    abroad = datetime(2026, 4, 23, 1, 0, tzinfo=timezone(timedelta(hours=1)))
    next_ = custody.next_line(late, at=abroad, actor="counter:1", act="moved")
    assert (late["at"], next_["at"]) == ("2026-04-22T23:59:59Z", "2026-04-23T00:00:00Z")
    assert list(custody.last_of_days([late, next_])) == ["2026-04-22", "2026-04-23"]


@pytest.mark.parametrize(
    "odd", [{"actor": "Greffier Untel"}, {"actor": ""}, {"piece": "ab"}, {"piece": PIECE.upper()}, {"at": datetime(2026, 4, 22)}]
)  # fmt: skip
def test_a_name_a_half_hash_or_an_instant_without_zone_enters_no_line(odd):
    given_ = {"at": MORNING, "actor": "registry:12", "act": "sealed", "piece": PIECE, **odd}
    with pytest.raises(ValueError):
        custody.next_line(None, **given_)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d[:-1],
        lambda d: d.replace(b'","at"', b'", "at"', 1),
        lambda d: b"\n" + d,
        lambda d: d.replace(b"\n", b"\r\n"),
        lambda d: d.replace(b'{"act"', b'{"act":"x","act"', 1),
        lambda d: b"\xef\xbb\xbf" + d,
        lambda d: d.replace("ç".encode(), b"\\u00e7", 1),
        lambda d: d + b"\n",
    ],
)
def test_a_second_spelling_of_the_same_lines_is_refused(change):
    _lines, found = custody.read_lines(change(custody.written(chain())))
    assert found
