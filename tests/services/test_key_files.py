"""The file of a key: slow to try, closed by both halves, and seen when one byte of it changes."""

import ast
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kalata.transparency import keys

PHRASE = keys.joined("quatre mots au hasard", "et quatre autres mots")


@pytest.fixture
def path(tmp_path):
    keys.create(tmp_path / "log.key", PHRASE)
    return tmp_path / "log.key"


def test_a_passphrase_is_stretched_at_the_cost_advised():
    tree = ast.parse(Path(keys.__file__).read_text())
    cost = next(n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "COST")
    n, r, p = eval(ast.unparse(cost))
    assert n * r * 128 >= 32 * 2**20 and n * r * p >= 2**15 * 8 * 3  # OWASP's least: 32 MiB, N=2^15, r=8, p=3


def test_what_is_kept_names_its_cost_and_holds_no_secret(path):
    for one in (path, keys.second(path)):
        said = json.loads(one.read_bytes())
        assert (said["n"], said["r"], said["p"]) == keys.COST and said["kalata"] == "key/v2"
    opened = keys.open_key(path, PHRASE)
    assert bytes(opened) not in path.read_bytes() and opened.hex() not in path.read_text()
    assert len(opened) == len(opened.seed) == 32


def test_two_files_of_one_passphrase_share_nothing(path, tmp_path):
    keys.create(tmp_path / "other.key", PHRASE)
    one, two = (json.loads(p.read_bytes()) for p in (path, tmp_path / "other.key"))
    assert all(one[k] != two[k] for k in ("salt", "nonce", "sealed"))


@pytest.mark.parametrize("field", ["kind", "n", "r", "p", "salt", "nonce", "sealed", "kalata"])
@pytest.mark.parametrize("which", [lambda p: p, keys.second], ids=["ed25519", "mldsa44"])
def test_a_changed_file_does_not_open(path, field, which):
    file = which(path)
    said = json.loads(file.read_bytes())
    value = said[field]
    other = {"ed25519": "mldsa44", "mldsa44": "ed25519"}
    said[field] = (
        value * 2 if isinstance(value, int) else other.get(value) or ("B" if value[0] == "A" else "A") + value[1:]
    )
    file.write_text(json.dumps(said))
    with pytest.raises(keys.BadPassphrase):
        keys.open_key(path, PHRASE)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"kalata": "key/v2"}', "\x00", "-----BEGIN X-----", "1" * 5000]
)
def test_a_file_that_is_no_key_does_not_open(path, text):
    path.write_text(text)
    with pytest.raises(keys.BadPassphrase):
        keys.open_key(path, PHRASE)


def test_a_file_that_asks_for_endless_work_is_refused_at_once(path):
    said = json.loads(path.read_bytes()) | {"n": 2**40}
    path.write_text(json.dumps(said))
    with pytest.raises(keys.BadPassphrase):
        keys.open_key(path, PHRASE)


def test_the_key_of_an_older_house_still_opens(tmp_path):
    key = Ed25519PrivateKey.generate()
    (tmp_path / "log.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(PHRASE.encode()),
        )
    )
    assert keys.open_key(tmp_path / "log.key", PHRASE) == key.private_bytes_raw()
    with pytest.raises(keys.BadPassphrase):
        keys.open_key(tmp_path / "log.key", "faux")
