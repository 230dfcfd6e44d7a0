"""The public log's mathematics, held against published vectors and against itself."""

import base64
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.transparency.rules import canonical as c
from kalata.transparency.rules import listing, merkle, notes, policy, proofs, tiles
from kalata.transparency.rules.merkle import BadProof, Tree, check_consistency, check_inclusion, leaf_hash
from tests.conftest import SHARED

VECTORS = SHARED / "tlog_vectors"
KEY = notes.SigningKey("log.example/2027", notes.ED25519, bytes(range(32)))
WITNESSES = [notes.SigningKey(f"temoin-{n}", notes.COSIGNATURE, bytes([n]) * 32) for n in range(1, 5)]


def vectors(name):
    return json.loads((VECTORS / name).read_text())


def raw(text):
    return base64.b64decode(text or "")


def refused(call, *args):
    try:
        call(*args)
    except BadProof:
        return True
    return False


# --- published vectors ------------------------------------------------------------------------
@pytest.mark.real
def test_every_published_inclusion_vector_is_accepted_or_refused_as_it_must():
    found = vectors("inclusion.json")
    assert len(found) == 53
    for v in found:
        args = (v["leafIdx"], v["treeSize"], raw(v["leafHash"]), raw(v["root"]), [raw(p) for p in v["proof"] or ()])
        assert refused(check_inclusion, *args) is v["wantErr"], v["_path"]


@pytest.mark.real
def test_every_published_consistency_vector_is_accepted_or_refused_as_it_must():
    found = vectors("consistency.json")
    assert len(found) == 50
    for v in found:
        args = (v["size1"], v["size2"], raw(v["root1"]), raw(v["root2"]), [raw(p) for p in v["proof"] or ()])
        assert refused(check_consistency, *args) is v["wantErr"], v["_path"]


def test_the_two_malformed_inputs_are_refused():
    assert refused(check_inclusion, 0, 1, b"", b"", [])
    assert refused(check_consistency, 0, 0, b"any root but", b"any root but", [])
    assert refused(check_consistency, 0, 0, merkle.EMPTY, merkle.EMPTY, [])


@pytest.mark.real
def test_the_published_log_of_fifteen_entries_is_read_at_every_size():
    folder = VECTORS / "tiles_log"
    key = notes.VerifierKey.read((folder / "log.vkey").read_text())
    entries = tiles.unbundled((folder / "tile/entries/000.p/14").read_bytes())
    tree = Tree(leaf_hash(e) for e in entries)
    before = None
    for size in range(0, 15, 2):
        point, _note = notes.open_checkpoint((folder / f"checkpoint.{size}").read_text(), [key])
        assert (point.size, point.root) == (size, tree.root(size))
        if size:
            assert tiles.tile(tree, 0, 0, size) == (folder / tiles.path(0, 0, size)).read_bytes()
            assert tiles.bundle(entries[:size]) == (folder / tiles.path("entries", 0, size)).read_bytes()
        if before:
            check_consistency(before, size, tree.root(before), point.root, tree.consistency(before, size))
        before = size


@pytest.mark.real
def test_the_published_note_is_verified_and_a_changed_one_refused():
    v = vectors("signed_note_example.json")
    key = notes.VerifierKey.read(v["vkey"])
    assert key.text() == v["vkey"]
    assert notes.signers(notes.read_note(v["note"]), [key]) == [key]
    with pytest.raises(notes.BadNote):
        notes.signers(notes.read_note(v["note"].replace("example message", "exemple message")), [key])


@pytest.mark.real
@pytest.mark.parametrize("name", ["arrays", "structures", "values"])
def test_the_vectors_of_canonical_json_are_written_byte_for_byte(name):
    value = json.loads((VECTORS / f"jcs/{name}.input.json").read_text())
    assert c.jcs(value) == (VECTORS / f"jcs/{name}.output.json").read_bytes().strip()


# --- canonical JSON -----------------------------------------------------------------------------
TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(lambda t: __import__("unicodedata").normalize("NFC", t))
VALUE = st.recursive(
    st.booleans() | st.integers(-c.SAFE + 1, c.SAFE - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abz_AZ09", max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abz_AZ09", max_size=5), VALUE, max_size=6))
@settings(max_examples=400)
def test_an_entry_is_written_as_rfc_8785_writes_it_and_reads_back_the_same(value):
    data = c.canonical(value)
    rfc8785 = pytest.importorskip("rfc8785")
    assert data == c.jcs(value) == rfc8785.dumps(value)
    assert c.read(data) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=600)
def test_numbers_are_written_as_rfc_8785_writes_them(value):
    rfc8785 = pytest.importorskip("rfc8785")
    assert c.number(value) == rfc8785.dumps(value).decode()


@pytest.mark.parametrize(
    "data",
    [b'{"a":1.0}', b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b'{"a":null}', b"[1]", b'{"a":1}\n', b"\xff", b'{"a":9007199254740992}',
     '{"é":1}'.encode(), '{"a":"e\u0301"}'.encode(), b'{"a":NaN}', b'{"a":"\\ud800"}', b"[" * 5000],
)  # fmt: skip
def test_bytes_that_are_not_the_canonical_form_are_refused(data):
    with pytest.raises(c.NotCanonical):
        c.read(data)


def read_by(reader, data):
    try:
        return reader(data)
    except c.NotCanonical:
        return None


@given(st.dictionaries(st.text("abz_AZ09", max_size=5), VALUE, max_size=6), st.data())
@settings(max_examples=600)
def test_the_quick_reading_of_an_entry_says_what_the_reading_value_by_value_says(value, data):
    good = c.canonical(value)
    at = data.draw(st.integers(0, len(good)))
    piece = data.draw(st.sampled_from(["", "1", "0", "-", ".", "e", '"', ",", "null", "true", "NaN", " ", "\\u0041", "\\ud800", "\x00", "é", "[", "]", "{}", "9007199254740991", "9007199254740992", '"a":1,', "\xff"]))  # fmt: skip
    odd = good[:at] + piece.encode("latin-1") + good[at + data.draw(st.integers(0, 3)) :]
    for one in (good, odd):
        assert read_by(c.read, one) == read_by(c.read_plainly, one)


@pytest.mark.parametrize("deep", [31, 32, 33])
def test_an_entry_may_go_as_deep_as_the_rule_says_by_both_readings(deep):
    data = b'{"a":' + b"[" * deep + b"]" * deep + b"}"
    assert read_by(c.read, data) == read_by(c.read_plainly, data)
    assert (read_by(c.read, data) is None) is (deep > c.DEEPEST)


# --- indices that count ---------------------------------------------------------------------------
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=120), st.sampled_from([1, 2, 3]))
@settings(max_examples=400)
def test_indices_that_come_and_go_are_told_as_their_list_is_told_from_nothing(moves, run):
    before, listing.RUN = listing.RUN, run
    try:
        held, plain = listing.Indices(), set()
        for n, (come, index) in enumerate(moves):
            if come and index not in plain:
                held.add(index)
                plain.add(index)
            elif not come:
                held.discard(index)
                plain.discard(index)
            if n % 3 == 0:
                assert held.told() == listing.plainly(plain)
        assert held.told() == listing.plainly(plain) and list(held) == sorted(plain)
    finally:
        listing.RUN = before


def test_an_index_counts_once():
    held = listing.Indices([5, 3])
    with pytest.raises(ValueError, match="there already"):
        held.add(3)
    assert list(held) == [3, 5]


def test_a_long_list_after_a_change_in_its_middle_is_told_as_from_nothing():
    held = listing.Indices(range(0, 10_000, 2))
    held.told()
    for index in (0, 4_096, 9_998):
        held.discard(index)
    held.add(4_097)
    assert held.told() == listing.plainly(list(held))
    assert held.count == 4_998
    assert pickle.loads(pickle.dumps(held)).told() == held.told()


# --- the tree -----------------------------------------------------------------------------------
def plain_root(leaves):
    """The definition of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return merkle.EMPTY
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(plain_root(leaves[:k]), plain_root(leaves[k:]))


def test_the_empty_root_is_the_one_of_the_specification():
    assert notes.b64(Tree().root()) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@given(st.integers(1, 300), st.data())
@settings(max_examples=150, deadline=None)
def test_every_leaf_is_proved_at_every_later_size_and_no_byte_of_a_proof_may_change(n, data):
    leaves = [leaf_hash(str(i).encode()) for i in range(n)]
    tree = Tree(leaves[: n // 2])
    tree.extend(leaves[n // 2 :])
    size = data.draw(st.integers(1, n))
    assert tree.root(size) == plain_root(leaves[:size])
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(index, size)
    check_inclusion(index, size, leaves[index], tree.root(size), proof)
    first = data.draw(st.integers(1, size))
    way = tree.consistency(first, size)
    check_consistency(first, size, tree.root(first), tree.root(size), way)
    for whole, call in (
        (proof, lambda p: check_inclusion(index, size, leaves[index], tree.root(size), p)),
        (way, lambda p: check_consistency(first, size, tree.root(first), tree.root(size), p)),
    ):
        assert refused(call, [*whole, whole[-1] if whole else leaves[0]])
        if whole:
            at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
            bad = bytearray(whole[at])
            bad[bit // 8] ^= 1 << bit % 8
            assert refused(call, [*whole[:at], bytes(bad), *whole[at + 1 :]])
            assert refused(call, whole[:-1])


def test_the_proof_of_a_leaf_of_another_place_is_refused():
    tree = Tree(leaf_hash(bytes([i])) for i in range(13))
    for i in range(13):
        for j in range(13):
            said = refused(check_inclusion, j, 13, tree.levels[0][i], tree.root(), tree.inclusion(i))
            assert said is (i != j)


# --- tiles --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("n", "said"), [(5, "005"), (1234, "x001/234"), (1234567, "x001/x234/567"), (0, "000"), (1000, "x001/000")]
)
def test_tile_numbers_are_written_in_groups_of_three(n, said):
    assert tiles.number(n) == said


def test_a_log_of_25_000_has_97_full_tiles_a_partial_of_168_and_one_partial_above():
    found = list(tiles.sizes(25_000))
    assert sum(1 for level, _n, w in found if level == 0 and w == 256) == 97
    assert (0, 97, 168) in found and (1, 0, 97) in found and not [t for t in found if t[0] > 1]


@given(st.integers(0, 140_000), st.integers(0, 140_000))
def test_a_growing_log_writes_each_tile_of_each_of_its_sizes(a, b):
    low, high = sorted((a, b))
    assert set(tiles.sizes(high)) <= set(tiles.sizes(low)) | set(tiles.sizes(high, low))


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_a_bundle_gives_back_its_entries_and_one_cut_short_is_refused(entries):
    data = tiles.bundle(entries)
    assert tiles.unbundled(data) == entries
    if entries:
        with pytest.raises(ValueError, match="cut short"):
            tiles.unbundled(data[:-1])


def test_an_entry_too_long_for_its_two_bytes_is_refused():
    with pytest.raises(ValueError, match="65535"):
        tiles.bundle([b"x" * 65_536])


# --- notes, policy, proofs ------------------------------------------------------------------------
def signed(tree, size=None, witnesses=()):
    size = len(tree) if size is None else size
    text = notes.Checkpoint(KEY.name, size, tree.root(size)).text()
    return text + "\n" + KEY.line(text) + "".join(w.cosign(text, 1_700_000_000) for w in witnesses)


def trusting(need="2"):
    lines = [f"log {KEY.verifier.text()}"]
    lines += [f"witness {w.name} {w.verifier.text()}" for w in WITNESSES]
    return policy.read_policy(
        "\n".join([*lines, f"group tous {need} " + " ".join(w.name for w in WITNESSES), "quorum tous"])
    )


def test_a_proof_stands_alone_and_tells_who_has_cosigned():
    entries = [f"entry {i}".encode() for i in range(40)]
    tree = Tree(map(leaf_hash, entries))
    proof = proofs.Proof(7, tuple(tree.inclusion(7)), signed(tree, witnesses=WITNESSES[:2]))
    again = proofs.read_proof(proof.text())
    assert again == proof
    found = proofs.check_proof(again, entries[7], [KEY.verifier], trusting())
    assert found.cosigners == ("temoin-1", "temoin-2") and found.quorum and found.checkpoint.size == 40
    assert not proofs.check_proof(again, entries[7], [KEY.verifier], trusting("3")).quorum
    with pytest.raises(BadProof):
        proofs.check_proof(again, entries[8], [KEY.verifier])


def test_every_byte_flipped_in_a_proof_is_refused_or_changes_nothing_it_says():
    entries = [f"entry {i}".encode() for i in range(21)]
    tree = Tree(map(leaf_hash, entries))
    text = proofs.Proof(7, tuple(tree.inclusion(7)), signed(tree)).text().encode()
    for at in range(len(text)):
        for mask in (1, 0x20):
            bad = bytearray(text)
            bad[at] ^= mask
            try:
                proofs.check_proof(proofs.read_proof(bytes(bad).decode()), entries[7], [KEY.verifier])
            except (BadProof, notes.BadNote, UnicodeDecodeError):
                continue
            raise AssertionError(at)


def test_a_forged_checkpoint_without_the_quorum_is_not_taken():
    entries = [b"false"]
    tree = Tree(map(leaf_hash, entries))  # the log key is stolen: it signs, the witnesses do not
    forged = proofs.Proof(0, (), signed(tree))
    assert not proofs.check_proof(forged, b"false", [KEY.verifier], trusting()).quorum


@pytest.mark.parametrize(
    "text",
    ["", "quorum none\nquorum none", "group a any b\nquorum a", "quorum a", "witness a b", "log x", "quorum none extra",
     f"log {KEY.verifier.text()}\nlog {KEY.verifier.text()}\nquorum none", f"witness a {KEY.verifier.text()}\nquorum a",
     f"witness a {WITNESSES[0].verifier.text()}\ngroup g 2 a\nquorum g", f"witness a {WITNESSES[0].verifier.text()}\ngroup g any a a\nquorum g"],
)  # fmt: skip
def test_a_policy_that_is_not_clear_is_refused(text):
    with pytest.raises(notes.BadNote):
        policy.read_policy(text)


def test_a_policy_of_groups_inside_groups_is_evaluated():
    w = WITNESSES
    found = policy.read_policy(
        f"log {KEY.verifier.text()}  # the house\n"
        + "".join(f"witness {k.name} {k.verifier.text()} https://temoin.example\n" for k in w)
        + "group partis 2 temoin-1 temoin-2 temoin-3\ngroup observateurs any temoin-4\ngroup q all partis observateurs\nquorum q\n"
    )
    assert found.holds("q", ["temoin-1", "temoin-3", "temoin-4"])
    assert not found.holds("q", ["temoin-1", "temoin-2", "temoin-3"]) and not found.holds("q", ["temoin-1", "temoin-4"])
    assert policy.read_policy(found.text()) == found


@pytest.mark.parametrize("bad", ["a b+00000000+AA==", "x+00000000+" + KEY.verifier.text().split("+", 2)[2], "abc"])
def test_a_verifier_key_that_does_not_fit_its_name_is_refused(bad):
    with pytest.raises(notes.BadNote):
        notes.VerifierKey.read(bad)


def test_sixteen_unknown_signatures_are_passed_over_and_a_bad_known_one_is_not():
    tree = Tree([leaf_hash(b"x")])
    text = notes.Checkpoint(KEY.name, 1, tree.root()).text()
    others = "".join(notes.SigningKey(f"autre-{n}", 1, bytes([n]) * 32).line(text) for n in range(16))
    point, _note = notes.open_checkpoint(text + "\n" + others + KEY.line(text), [KEY.verifier])
    assert point.size == 1
    with pytest.raises(notes.BadNote):
        notes.open_checkpoint(text + "\n" + others, [KEY.verifier])
    with pytest.raises(notes.BadNote):
        notes.open_checkpoint(text + "\n" + others + KEY.line(text + "x\n"), [KEY.verifier])


@pytest.mark.parametrize("size", ["01", "-1", "1.0", "", "+1", "1 ", "٣"])
def test_a_checkpoint_whose_size_is_not_a_plain_number_is_refused(size):
    with pytest.raises(notes.BadNote):
        notes.read_checkpoint(f"o\n{size}\n{notes.b64(merkle.EMPTY)}\n")
