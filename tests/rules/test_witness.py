"""A witness: no rollback, no fork, no race ever gets a second signature."""

import random
import threading
import urllib.error
import urllib.request

import pytest

from kalata.transparency import witness
from kalata.transparency.rules import notes, proofs
from kalata.transparency.rules.merkle import EMPTY, Tree, leaf_hash

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


def test_of_a_thousand_logs_that_fork_lose_or_roll_back_none_is_signed_again(tmp_path):
    chance = random.Random(5)
    for n in range(1000):
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
    key = witness.create(tmp_path, "temoin-b", phrase)
    assert witness.opened(tmp_path, phrase).key.verifier == key
    with pytest.raises(Exception, match="LOG-101"):
        witness.create(tmp_path, "temoin-b", phrase)
    with pytest.raises(Exception, match="LOG-103"):
        witness.opened(tmp_path, "une autre phrase")
