"""A witness: no rollback, no fork, no race ever gets a second signature."""

import random
import threading
import urllib.error
import urllib.request

import pytest

from kalata.transparency import witness
from kalata.transparency.rules import notes, proofs
from kalata.transparency.rules.merkle import EMPTY, Tree, leaf_hash
from tests.sizes import size

LOG = notes.SigningKey("log.example/p", notes.ED25519, b"\x05" * 32)
OTHER = notes.SigningKey("log.example/p", notes.ED25519, b"\x06" * 32)


@pytest.fixture
def watch(tmp_path):
    made = witness.Watch(tmp_path, "temoin", b"\x09" * 32, clock=lambda: 1_700_000_000)
    made.trust(LOG.verifier.text())
    return made


def tree_of(*entries: bytes) -> Tree:
    return Tree(map(leaf_hash, entries))


def asked(tree: Tree, old: int, size: int | None = None, key=LOG, root=None, proof=None) -> str:
    size = len(tree) if size is None else size
    text = notes.Checkpoint(LOG.name, size, tree.root(size) if root is None else root).text()
    way = proof if proof is not None else tree.consistency(old, size) if 0 < old < size else []
    return proofs.add_checkpoint(old, way, f"{text}\n{key.line(text)}")


def test_a_witness_signs_what_continues_what_it_has_seen(watch):
    tree = tree_of(b"a", b"b", b"c")
    first = watch.answer(asked(tree, 0, 2))
    assert first.status == 200
    again = watch.answer(asked(tree, 2))
    assert again.status == 200 and watch.seen() == [(LOG.name, 3, tree.root().hex())]
    text = notes.Checkpoint(LOG.name, 3, tree.root()).text()
    assert notes.signers(notes.read_note(f"{text}\n{again.body}"), [watch.key.verifier]) == [watch.key.verifier]
    assert watch.answer(asked(tree, 3)).status == 200  # the same state again


def test_each_wrong_request_gets_the_status_of_the_protocol_and_no_signature(watch):
    tree = tree_of(*(bytes([i]) for i in range(9)))
    assert watch.answer(asked(tree, 0, 5)).status == 200
    fork = tree_of(*(bytes([i]) for i in (0, 1, 9, 3, 4, 5, 6, 7, 8)))
    cases = {
        "unknown log": (asked(tree, 5).replace("log.example/p", "autre.example/p"), 404),
        "not signed by the log": (asked(tree, 5, key=OTHER), 403),
        "old above new": (asked(tree, 7, 5, proof=[]), 400),
        "old is not what was seen": (asked(tree, 3), 409),
        "rollback": (asked(tree, 3, 4), 409),
        "fork": (asked(fork, 5), 422),
        "same size, other root": (asked(fork, 5, 5), 422),
        "a proof of nothing": (asked(tree, 5, proof=[]), 422),
        "garbage": ("bonjour", 400),
    }
    for name, (body, status) in cases.items():
        found = watch.answer(body)
        assert (found.status, "—" in found.body) == (status, False), name
        if status == 409:
            assert found.body == "5\n" and found.kind == "text/x.tlog.size"
    assert watch.seen() == [(LOG.name, 5, tree.root(5).hex())]
    said = [text for _at, _o, _s, text in watch.refusals()]
    assert any("FOURCHE" in x for x in said) and any("RETOUR EN ARRIÈRE" in x for x in said)


def test_an_empty_tree_has_the_empty_root_and_a_first_tree_has_no_proof(watch):
    tree = tree_of(b"a", b"b")
    assert watch.answer(asked(tree, 0, 0, root=b"\x01" * 32)).status == 422
    assert watch.answer(asked(tree, 0, 2, proof=[b"\x01" * 32])).status == 422
    assert watch.answer(asked(tree, 0, 0, root=EMPTY)).status == 200


LOGS = size(200, 1_000)


def test_of_many_logs_that_fork_lose_or_roll_back_none_is_signed_again(tmp_path):
    chance = random.Random(5)
    for n in range(LOGS):
        key = notes.SigningKey(f"log.example/{n}", notes.ED25519, b"\x05" * 32)
        if n % 100 == 0:
            watch = witness.Watch(tmp_path / str(n), "t", b"\x09" * 32) if (tmp_path / str(n)).mkdir() is None else None
        watch.trust(key.verifier.text())
        size = chance.randint(2, 60)
        entries = [chance.randbytes(8) for _i in range(size + chance.randint(1, 40))]
        good = tree_of(*entries)
        text = notes.Checkpoint(key.name, size, good.root(size)).text()
        assert watch.answer(proofs.add_checkpoint(0, [], f"{text}\n{key.line(text)}")).status == 200
        how = chance.choice(["entry", "dropped", "rollback"])
        bad = list(entries)
        at = chance.randrange(size)
        if how == "entry":
            bad[at] = chance.randbytes(9)
        elif how == "dropped":
            del bad[at]
        tree = tree_of(*bad)
        new = chance.randint(1, size - 1) if how == "rollback" else len(bad)
        text = notes.Checkpoint(key.name, new, tree.root(new)).text()
        old = size if new >= size else new
        for proof in (tree.consistency(old, new), good.consistency(old, min(new, len(good))), []):
            found = watch.answer(proofs.add_checkpoint(old, proof, f"{text}\n{key.line(text)}"))
            assert found.status != 200 and "—" not in found.body, (n, how)


def test_two_requests_at_the_same_instant_never_roll_the_witness_back(watch):
    tree = tree_of(*(bytes([i]) for i in range(64)))
    watch.answer(asked(tree, 0, 1))
    answers = []
    threads = [
        threading.Thread(target=lambda s=s: answers.append((s, watch.answer(asked(tree, 1, s)).status)))
        for s in range(2, 40)
    ]
    [t.start() for t in threads]
    [t.join() for t in threads]
    signed = [s for s, status in answers if status == 200]
    assert len(signed) == 1 and watch.seen()[0][1] == signed[0]


def test_the_service_answers_over_http_what_it_answers_by_file(watch):
    running = witness.server(watch, "127.0.0.1", 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{running.server_port}"
    tree = tree_of(b"a", b"b", b"c")

    def post(body, path="/add-checkpoint"):
        try:
            with urllib.request.urlopen(urllib.request.Request(url + path, body.encode())) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as why:
            return why.code, why.read().decode()

    try:
        assert post(asked(tree, 0, 2))[0] == 200
        assert post(asked(tree, 1))[:1] == (409,) and post(asked(tree, 2), "/autre")[0] == 404
        assert post("x" * 200_000)[0] == 413
        with urllib.request.urlopen(url) as page:
            assert f"{LOG.name}  2" in page.read().decode()
    finally:
        running.shutdown()
        running.server_close()


def test_a_witness_key_is_kept_encrypted_and_made_once(tmp_path):
    phrase = "une phrase secrète assez longue"
    made = witness.create(tmp_path, "temoin-b", phrase)
    assert witness.opened(tmp_path, phrase).vkeys == made and [k.kind for k in made] == [
        notes.COSIGNATURE,
        notes.MLDSA44,
    ]
    with pytest.raises(Exception, match="LOG-101"):
        witness.create(tmp_path, "temoin-b", phrase)
    with pytest.raises(Exception, match="LOG-103"):
        witness.opened(tmp_path, "une autre phrase")


# --- ML-DSA-44, monitoring, new keys ----------------------------------------------------------------
@pytest.fixture
def double(tmp_path):
    from kalata.transparency import keys

    secret = keys.Secret(b"\x09" * 32)
    secret.seed = b"\x0a" * 32
    made = witness.Watch(tmp_path, "temoin", secret, clock=lambda: 1_700_000_000)
    made.trust(LOG.verifier.text())
    return made


def test_a_witness_signs_in_ed25519_and_in_ml_dsa_44(double):
    tree = tree_of(b"a", b"b")
    answer = double.answer(asked(tree, 0))
    text = notes.Checkpoint(LOG.name, 2, tree.root()).text()
    note = notes.read_note(f"{text}\n{answer.body}")
    assert notes.signers(note, double.vkeys) == double.vkeys and len(note.lines) == 2
    assert len(note.lines[1].payload) == 8 + 2420


def test_the_message_of_an_ml_dsa_44_cosignature_is_that_of_the_specification():
    """C2SP tlog-cosignature, `cosigned_message`: label, name, time, origin, start, end, hash; nothing of extension lines."""
    root = bytes(range(32))
    made = notes.cosigned_pq("witness.example/w1", notes.Checkpoint("example.com/x", 20852163, root).text(), 1679315147)
    want = b"subtree/v1\n\0" + b"\x12witness.example/w1" + (1679315147).to_bytes(8, "big") + b"\x0dexample.com/x"
    assert made == want + bytes(8) + (20852163).to_bytes(8, "big") + root and len(want.split(b"\x12")[0]) == 12
    key = notes.SigningKey("witness.example/w1", notes.MLDSA44, b"\x01" * 32).verifier
    assert len(key.public) == 1312 and notes.VerifierKey.read(key.text()) == key
    import base64
    import hashlib

    raw = base64.b64decode(key.text().split("+", 2)[2])
    assert raw[0] == 6 and key.text().split("+")[1] == hashlib.sha256(key.name.encode() + b"\n" + raw).hexdigest()[:8]


def test_a_cosignature_without_a_time_or_beyond_2_63_is_refused():
    text = notes.Checkpoint(LOG.name, 1, bytes(32)).text()
    for kind in (notes.COSIGNATURE, notes.MLDSA44):
        key = notes.SigningKey("temoin", kind, b"\x07" * 32)
        for seconds, good in ((0, False), (1, True), (2**63 - 1, True), (2**63, False)):
            note = notes.read_note(f"{text}\n{key.cosign(text, seconds)}")
            if good:
                assert notes.signers(note, [key.verifier])
            else:
                with pytest.raises(notes.BadNote):
                    notes.signers(note, [key.verifier])


def test_a_monitor_reads_the_last_checkpoint_that_the_witness_has_cosigned(double):
    import hashlib

    running = witness.server(double, "127.0.0.1", 0)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        base = f"http://127.0.0.1:{running.server_port}"
        where = f"{base}/{hashlib.sha256(LOG.name.encode()).hexdigest()}/checkpoint"

        def status(url):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(url)
            return caught.value.code

        assert status(where) == 404  # never cosigned: said, not an empty page
        tree = tree_of(b"a", b"b", b"c")
        stranger = notes.SigningKey("autre", notes.ED25519, b"\x33" * 32)
        text = notes.Checkpoint(LOG.name, 2, tree.root(2)).text()
        body = proofs.add_checkpoint(0, [], f"{text}\n{stranger.line(text)}{LOG.line(text)}")
        answer = urllib.request.urlopen(f"{base}/add-checkpoint", body.encode()).read().decode()
        served = urllib.request.urlopen(where)
        assert served.headers["Content-Type"].startswith("text/plain")
        note = notes.read_note(served.read().decode())
        assert note.text == text and notes.signers(note, [LOG.verifier, *double.vkeys]) == [LOG.verifier, *double.vkeys]
        assert "".join(x.text() for x in note.lines[1:]) == answer and len(note.lines) == 3  # the very lines returned
        double.answer(asked(tree_of(b"a", b"x", b"c"), 2))  # a fork is refused, and what is served stays
        assert notes.read_note(urllib.request.urlopen(where).read().decode()).text == text
        double.answer(asked(tree, 2))
        assert notes.read_checkpoint(notes.read_note(urllib.request.urlopen(where).read().decode()).text).size == 3
        for bad in (
            where.replace("/checkpoint", ""),
            where.upper().replace("HTTP", "http").replace("CHECKPOINT", "checkpoint"),
            f"{base}/x/checkpoint",
            f"{base}/../x",
        ):
            assert status(bad) == 404
    finally:
        running.shutdown()
        running.server_close()


def announcement(new, by, **change) -> bytes:
    from kalata.transparency import keys
    from kalata.transparency.rules.canonical import canonical

    vkey = new.verifier.text()
    entry = {
        "v": 1,
        "kind": "key",
        "election": "e",
        "contest": "p",
        "round": 1,
        "vkey": vkey,
        "signature": keys.rotation(by, new.verifier),
    }
    return canonical({**entry, **change})


def test_a_new_key_of_a_log_is_refused_until_its_announcement_is_given_and_then_replaces_the_old_one(watch):
    tree = tree_of(b"a", b"b", b"c", b"d")
    assert watch.answer(asked(tree, 0, 2)).status == 200
    assert watch.answer(asked(tree, 2, 3, key=OTHER)).status == 403
    for bad in (announcement(OTHER, OTHER), announcement(OTHER, LOG, signature=notes.b64(bytes(64))), b"{}", announcement(OTHER, LOG)[:-1],
                announcement(notes.SigningKey("autre.example/p", notes.ED25519, b"\x06" * 32), LOG)):  # fmt: skip
        with pytest.raises(ValueError):
            watch.follow(bad)
        assert watch.answer(asked(tree, 2, 3, key=OTHER)).status == 403
    assert watch.follow(announcement(OTHER, LOG)) == OTHER.verifier
    assert (
        watch.answer(asked(tree, 2, 3)).status == 200
    )  # the checkpoint that ends with the announcement is the old key's
    assert watch.answer(asked(tree, 3, 4, key=OTHER)).status == 200
    assert watch.known(LOG.name) == [OTHER.verifier] and watch.answer(asked(tree, 4, key=LOG)).status == 403


def test_an_ml_dsa_44_key_is_announced_by_the_ed25519_key_and_stands_beside_it(watch):
    new = notes.SigningKey(LOG.name, notes.MLDSA44, b"\x44" * 32)
    tree = tree_of(b"a", b"b")
    assert watch.follow(announcement(new, LOG)) == new.verifier and LOG.verifier in watch.known(LOG.name)
    text = notes.Checkpoint(LOG.name, 2, tree.root()).text()
    body = proofs.add_checkpoint(0, [], f"{text}\n{LOG.line(text)}{new.cosign(text, 1_700_000_000)}")
    assert watch.answer(body).status == 200 and len(watch.known(LOG.name)) == 2
    bad = body[:-10] + ("A" if body[-10] != "A" else "B") + body[-9:]
    assert (
        watch.answer(bad.replace("old 0", "old 2")).status == 403
    )  # a known key's line that does not fit is no line at all
