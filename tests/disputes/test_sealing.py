"""What the bench deliberates is read by the bench: keygen, seal, unseal, and the page's script beside them."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.disputes.rules import sealing, sealing_keys
from kalata.disputes.rules.sealing_keys import PrivateKey, PublicKey

BENCH = [PrivateKey.fresh() for _n in range(5)]
READERS = [one.public for one in BENCH]
STRANGER = PrivateKey.fresh()


def sealed(text=b"Le moyen est fond\xc3\xa9.", readers=READERS):
    return sealing.seal(text, readers, os.urandom)


@given(text=st.binary(max_size=1200), n=st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_every_member_of_the_bench_reads_the_text_as_it_was_written(text, n):
    data = sealed(text, READERS[:n])
    assert all(sealing.unseal(data, one) == text for one in BENCH[:n])


def test_nobody_else_reads_it():
    with pytest.raises(sealing.NotForThisKey):
        sealing.unseal(sealed(), STRANGER)


def test_one_changed_byte_anywhere_closes_it_to_every_member():
    data = sealed(readers=READERS[:2])
    for place in range(len(data)):
        for key in BENCH[:2]:
            with pytest.raises((sealing.NotForThisKey, sealing.Altered)):
                sealing.unseal(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], key)


def test_a_file_cut_short_or_made_longer_is_an_altered_one_and_another_file_is_not_sealed():
    data = sealed()
    for other in (data[:-1], data[:100], data[:23], data + b"\0", data + bytes(256), data[: len(sealing.MAGIC)]):
        with pytest.raises(sealing.Altered):
            sealing.unseal(other, BENCH[0])
    for other in (b"", b"Le moyen est fonde", data[1:], b"%PDF-1.7\n" * 100, data[:10]):
        with pytest.raises(sealing.NotSealed):
            sealing.unseal(other, BENCH[0])


def test_slots_of_one_file_do_not_enter_another():
    """Two opinions sealed to the same bench: a slot, a body or a head exchanged between them is seen."""
    one, two = sealed(b"oui"), sealed(b"non")
    head = len(sealing.MAGIC) + 2 + 5 * sealing.SLOT + sealing.COMMIT
    with pytest.raises(sealing.Altered):
        sealing.unseal(one[:head] + two[head:], BENCH[0])
    begin = len(sealing.MAGIC) + 2
    with pytest.raises((sealing.Altered, sealing.NotForThisKey)):
        sealing.unseal(one[:begin] + two[begin : begin + sealing.SLOT] + one[begin + sealing.SLOT :], BENCH[0])


def test_the_same_text_twice_gives_other_bytes_of_the_same_length():
    one, two = sealed(), sealed()
    assert one != two and len(one) == len(two)
    begin = len(sealing.MAGIC) + 2
    assert one[begin:] != two[begin:] and one[begin : begin + 65] != two[begin : begin + 65]


def test_outside_are_the_number_of_readers_and_a_length_rounded_up_to_256_bytes_and_nothing_else():
    sizes = {n: len(sealed(b"a" * n, READERS[:3])) for n in (0, 1, 255, 256, 257, 512, 513)}
    assert sizes[0] == sizes[1] == sizes[255] == sizes[256] and sizes[257] == sizes[512] == sizes[256] + 256
    assert sizes[513] == sizes[512] + 256
    assert sealing.outside(sealed(b"a" * 300, READERS[:3])) == sealing.Outside(3, 512)
    data = sealed()
    assert all(one.point not in data and one.point[1:33] not in data for one in READERS)
    begin = len(sealing.MAGIC) + 2
    slots = [data[begin + n * sealing.SLOT : begin + (n + 1) * sealing.SLOT] for n in range(5)]
    assert slots == sorted(slots), "their order tells nothing: it is that of bytes drawn by chance"


@pytest.mark.parametrize("readers", [[], [READERS[0], READERS[1], READERS[0]], [READERS[0]] * 1001])
def test_a_text_is_sealed_for_somebody_and_for_nobody_twice(readers):
    with pytest.raises((sealing.NoReader, sealing.TwiceSealed)):
        sealed(readers=readers)


def test_the_slots_are_hpke_of_rfc_9180_which_a_second_implementation_opens():
    """Written out from the RFC with HMAC alone, as the page's script has it."""
    import hashlib
    import hmac as mac

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    kem, suite = b"KEM\0\x10", b"HPKE\0\x10\0\1\0\2"

    def extract(which, salt, label, ikm):
        return mac.new(salt or bytes(32), b"HPKE-v1" + which + label + ikm, hashlib.sha256).digest()

    def expand(which, prk, label, info, n):
        wanted = n.to_bytes(2, "big") + b"HPKE-v1" + which + label + info + b"\1"
        return mac.new(prk, wanted, hashlib.sha256).digest()[:n]

    data = sealed(readers=READERS[:1])
    slot = data[len(sealing.MAGIC) + 2 :][: sealing.SLOT]
    enc = slot[:65]
    shared = BENCH[0].private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc))
    shared = expand(kem, extract(kem, b"", b"eae_prk", shared), b"shared_secret", enc + READERS[0].point, 32)
    around = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", sealing.MAGIC)
    secret = extract(suite, shared, b"secret", b"")
    key, nonce = expand(suite, secret, b"key", around, 32), expand(suite, secret, b"base_nonce", around, 12)
    content = AESGCM(key).decrypt(nonce, slot[65:], b"")
    assert sealing.opened([slot], BENCH[0].private) == content and len(content) == 32


# --- keys --------------------------------------------------------------------------------------------
def test_a_public_line_reads_back_and_a_slip_of_the_pen_is_refused_with_its_line():
    text = READERS[0].text()
    assert PublicKey.read(text + "  # j3") == READERS[0]
    assert sealing_keys.public_keys(f"\ufeff# le siège\n\n{text}\r\n{READERS[1].text()} j4\n") == READERS[:2]
    for place in range(len(text)):
        slip = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
        with pytest.raises(sealing_keys.BadPublicKey) as refused:
            sealing_keys.public_keys(f"{text}\n{slip}\n")
        assert refused.value.params["line"] == 2
    for odd in ("", "bench1++", text[:-4], "ssh-ed25519 AAAA", "bench1+00000000+AAAA"):
        with pytest.raises(sealing_keys.BadPublicKey):
            PublicKey.read(odd)


def test_a_point_that_is_not_of_the_curve_is_no_key():
    forged = PublicKey(b"\4" + bytes(64))
    with pytest.raises(sealing_keys.BadPublicKey):
        PublicKey.read(forged.text())


@pytest.mark.parametrize("passphrase", [None, "quatre mots au hasard", "é" * 12])
def test_a_private_file_reads_back_with_its_passphrase(passphrase):
    made = sealing_keys.key_file(BENCH[0], passphrase, os.urandom)
    assert sealing_keys.private_key(made, passphrase).public == READERS[0]
    assert sealing_keys.is_protected(made) is (passphrase is not None)


def test_a_protected_file_holds_nothing_of_the_secret_and_opens_with_no_other_passphrase():
    import unicodedata

    made = sealing_keys.key_file(BENCH[0], "phrase é", os.urandom)
    assert BENCH[0].secret()[36:68] not in made and b'"secret"' not in made
    assert sealing_keys.private_key(
        made, unicodedata.normalize("NFD", "phrase é")
    )  # the same words on another keyboard
    with pytest.raises(sealing_keys.BadPassphrase):
        sealing_keys.private_key(made, "phrase e")
    for none in (None, ""):
        with pytest.raises(sealing_keys.PassphraseWanted):
            sealing_keys.private_key(made, none)
    with pytest.raises(sealing_keys.PassphraseWanted):
        sealing_keys.key_file(BENCH[0], "", os.urandom)


def test_what_is_not_a_private_file_of_the_bench_is_refused():
    good = sealing_keys.key_file(BENCH[0], None, os.urandom)
    other = sealing_keys.key_file(BENCH[1], None, os.urandom)
    swapped = good.replace(READERS[0].text().encode(), READERS[1].text().encode())
    rounds = sealing_keys.key_file(BENCH[0], "a", os.urandom).replace(b"600000", b"600000000")
    odd = [b"", b"[]", b"{}", b"{" * 5000, b"\xff", READERS[0].text().encode(), good[:-40], swapped, rounds,
           good.replace(b'"secret": "', b'"secret": "AA'), other[:30], b" " * 20000]  # fmt: skip
    for one in odd:
        with pytest.raises(sealing_keys.BadKeyFile):
            sealing_keys.private_key(one, "a")


# --- the commands ------------------------------------------------------------------------------------
def kalata(*args, stdin=b""):
    run = subprocess.run([sys.executable, "-m", "kalata", "disputes", *args], input=stdin, capture_output=True)
    return run.returncode, run.stdout, run.stderr.decode()


def test_the_commands_seal_and_unseal_bytes_as_they_are(tmp_path):
    phrase = tmp_path / "phrase"
    phrase.write_text("quatre mots au hasard\r\n")
    status, public, _err = kalata("keygen", str(tmp_path / "a.key"), "--passphrase-file", str(phrase))
    assert status == 0 and PublicKey.read(public.decode()) and (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600
    keys = tmp_path / "keys"
    keys.write_bytes(public + READERS[0].text().encode() + b"\n")
    text = b"\r\nOui.\n\n\xff\0"
    (tmp_path / "in").write_bytes(text)
    out = str(tmp_path / "out")
    assert kalata("seal", str(tmp_path / "in"), out, "--to", str(keys))[:2] == (0, b"")
    open_it = ("unseal", out, "--key", str(tmp_path / "a.key"))
    assert kalata(*open_it, "--passphrase-file", str(phrase))[:2] == (0, text)
    (tmp_path / "other").write_text("autre phrase")
    for more, code in (([], "DIS-760"), (["--passphrase-file", str(tmp_path / "other")], "DIS-759")):
        status, told, err = kalata(*open_it, *more)
        assert (status, told) == (2, b"") and code in err
    status, told, err = kalata("keygen", str(tmp_path / "a.key"))
    assert status == 2 and "DIS-762" in err and told == b""


def test_statuses_tell_another_key_from_another_file(tmp_path):
    stranger = tmp_path / "s.key"
    stranger.write_bytes(sealing_keys.key_file(STRANGER, None, os.urandom))
    mine = tmp_path / "m.key"
    mine.write_bytes(sealing_keys.key_file(BENCH[0], None, os.urandom))
    data = sealed()
    for held, key, wanted in (
        (data, stranger, (1, b"", "DIS-752")),
        (data[:-1] + b"x", mine, (1, b"", "DIS-753")),
        (b"x" + data[1:], mine, (1, b"", "DIS-753")),
        (b"texte en clair", mine, (2, b"", "DIS-751")),
        (b"", mine, (2, b"", "DIS-751")),
        (data, tmp_path / "in", (2, b"", "DIS-758")),
        (data, tmp_path / "absent", (2, b"", "DIS-761")),
    ):
        (tmp_path / "in").write_bytes(held)
        status, told, err = kalata("unseal", str(tmp_path / "in"), "--key", str(key))
        assert (status, told) == wanted[:2] and wanted[2] in err
    assert kalata("unseal", "-", "--key", str(mine), stdin=data)[0] == 0


def test_sealing_starts_at_once_without_a_database():
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kalata", "disputes", "unseal", "-", "--key", "-"],
        input=b"", capture_output=True, text=False,
    )  # fmt: skip
    assert run.returncode == 2 and b"django" not in run.stderr and b"pyhanko" not in run.stderr


def test_every_example_of_the_document_is_one_of_these_sizes():
    text = (Path(__file__).parents[2] / "docs" / "en" / "sealed.md").read_text()
    told = {int(n) for n in re.findall(r"\b(\d+) bytes", text)}
    assert {sealing.SLOT, sealing.COMMIT, sealing.STEP} <= told
    assert len(sealed(readers=READERS[:1])) == 22 + 2 + 113 + 32 + 8 + 256 + 16 and len(sealing.MAGIC) == 22
    for a, b in itertools.pairwise(READERS):
        assert a != b
