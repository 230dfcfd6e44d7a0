"""Files made to hurt: each is refused with its code, within its memory and time; the house goes on."""

import json
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from kalata import bounded, plain
from kalata.refusals import Refused
from kalata.tables import files
from tests.hostile import sheets

MIB = 2**20
MOST_MEMORY = 256 * MIB


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return dict(sheets.corpus(tmp_path_factory.mktemp("hostile")))


NAMES = [
    "a_cell_at_the_far_corner", "a_dimension_that_lies", "a_million_strings_in_a_small_zip", "a_cell_of_fifty_megabytes",
    "deep_xml", "entities", "twenty_thousand_columns", "a_header_of_five_megabytes", "a_quote_never_closed",
    "a_hundred_million_empty_cells", "nothing_but_zeros", "absurd_parquet", "a_parquet_of_thirty_million_rows",
    "a_parquet_of_long_strings", "damaged_parquet",
]  # fmt: skip


def drained(path, **kwargs):
    return sum(len(block) for _start, block in files.opened(path, **kwargs).blocks)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_made_to_hurt_is_refused_within_its_memory_and_time(hostile, name):
    if name == "a_dimension_that_lies":  # it only lies: its one row is a header
        assert drained(hostile[name], apart=True) == 0
    else:
        with pytest.raises(Refused) as refused:
            drained(hostile[name], apart=True)
        assert refused.value.code in (
            "IMP-110",
            "IMP-111",
            "IMP-113",
            "IMP-114",
            "IMP-116",
            "IMP-117",
            "IMP-118",
            "IMP-120",
            "EDG-102",
            "EDG-103",
        )
        assert refused.value.params["file"] == hostile[name].name
    assert bounded.peak.bytes <= MOST_MEMORY


def test_the_command_line_refuses_the_same_tables(hostile):
    for name in (
        "a_cell_at_the_far_corner",
        "twenty_thousand_columns",
        "a_header_of_five_megabytes",
        "a_quote_never_closed",
    ):
        with pytest.raises(Refused):
            drained(hostile[name])


def test_an_honest_workbook_of_25000_stations_passes(tmp_path):
    path = sheets.an_honest_workbook(tmp_path / "honest.xlsx", 25_000, 20)
    assert drained(path) == 25_000 and bounded.peak.bytes <= MOST_MEMORY


def test_an_encoding_that_is_none_is_refused(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("a,b\n1,2\n")
    for name in ("rot13", "zlib", "nope", "x" * 500, "idna\x00"):
        with pytest.raises(files.UnreadableFile):
            files.opened(path, encoding=name)


# --- the child itself -----------------------------------------------------------------------------
HELPERS = """
import os, time
from kalata.tables.files import TooLarge

def memory(): return len([bytes(1000) for _ in range(10**7)])
def forever():
    while True: pass
def asleep(): time.sleep(60)
def flood(path): open(path, "wb").write(b"a" * 10**8)
def talk(): return "a" * 10**8
def crash(): os.kill(os.getpid(), 11)
def abort(): os.abort()
def deep(): return deep()
def refuse(): raise TooLarge(file="x.csv", size=3, limit=2)
def secrets(): return sorted(k for k in os.environ if "KALATA" in k or "DATABASE" in k)
def echo(value): return value
"""


@pytest.fixture
def helpers(tmp_path, monkeypatch):
    (tmp_path / "kalata_helpers.py").write_text(HELPERS)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "kalata_helpers:"


LITTLE = bounded.Limits(memory=64 * MIB, cpu_s=2, wall_s=3, output=MIB)


@pytest.mark.parametrize(
    ("name", "code"),
    [("memory", "EDG-102"), ("forever", "EDG-102"), ("talk", "EDG-102"), ("abort", "EDG-102"), ("crash", "EDG-103"), ("deep", "EDG-103")],
)  # fmt: skip
def test_a_reader_that_goes_wrong_is_a_refusal_that_names_the_file(helpers, name, code):
    with pytest.raises(Refused) as refused:
        bounded.call(helpers + name, file="x.pdf", limits=LITTLE)
    assert refused.value.code == code and "x.pdf" in refused.value.message.text("fr")
    assert bounded.peak.bytes <= 128 * MIB


def test_a_reader_that_waits_is_stopped_at_the_wall(helpers):
    with pytest.raises(bounded.BeyondLimits):
        bounded.call(helpers + "asleep", file="x", limits=LITTLE)


def test_a_reader_cannot_fill_the_disk(helpers, tmp_path):
    with pytest.raises(bounded.BeyondLimits):
        bounded.call(helpers + "flood", file="x", limits=LITTLE, path=str(tmp_path / "flood"))
    assert (tmp_path / "flood").stat().st_size <= MIB


def test_a_refusal_of_the_reader_is_the_refusal_of_the_house(helpers):
    with pytest.raises(files.TooLarge) as refused:
        bounded.call(helpers + "refuse", file="x")
    assert refused.value.params == {"file": "x.csv", "size": 3, "limit": 2}


def test_the_reader_gets_no_secret(helpers, monkeypatch):
    monkeypatch.setenv("KALATA_KEY", "s")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/d")
    assert bounded.call(helpers + "secrets", file="x") == []


def test_values_come_back_as_they_went(helpers):
    value = {"é": [1, None, "\u202f", 2**70]}
    assert bounded.call(helpers + "echo", file="x", value=value) == value


def test_a_reader_dies_with_the_process_that_asked(tmp_path):
    """The parent is killed without warning: a second later nothing it started is left."""
    (tmp_path / "kalata_sleeper.py").write_text(
        f"import os, time\ndef sleep():\n open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n time.sleep(60)\n"
    )
    code = textwrap.dedent(f"""
        import sys; sys.path.insert(0, {str(tmp_path)!r})
        from kalata import bounded
        bounded.call("kalata_sleeper:sleep", file="x", limits=bounded.Limits(wall_s=60))
    """)
    parent = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 20
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < until
        time.sleep(0.05)
    child = int((tmp_path / "pid").read_text())
    parent.kill()
    parent.wait()
    while (state := Path(f"/proc/{child}/status")).exists() and "zombie" not in state.read_text():
        assert time.monotonic() < until
        time.sleep(0.05)


# --- small texts ----------------------------------------------------------------------------------
LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS, "a: &x 1\nb: *x\n", "&a [*a]", "[" * 5_000, "a: " + "[" * 60 + "]" * 60, "!!python/object:os.system x",
        "a: 'x", "{a: 1, [}", "a: !!int " + "9" * 5_000, "\x00", "a" * 300_000, "? ? ? ?\n  " + "? " * 4_000,
    ],
    ids=range(12),
)  # fmt: skip
def test_a_yaml_made_to_hurt_is_refused_with_its_line(text):
    with pytest.raises(plain.BadYaml) as refused:
        plain.yaml_of(text, file="profil")
    assert refused.value.params["row"] >= 1


def test_a_pack_may_name_a_source_once_but_not_unfold_into_a_million_values():
    assert plain.yaml_of("a: &x [1, 2]\nb: *x\n", file="p", aliases=True) == {"a": [1, 2], "b": [1, 2]}
    for text in (LAUGHS, "&a [*a]"):
        with pytest.raises(plain.BadYaml):
            plain.yaml_of(text, file="p", aliases=True)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": 1, "a": 2}', '{"a": NaN}', "1e999", '"\\ud800"', "", "{", "9" * 5_000, b"\xff"]
)
def test_a_json_made_to_hurt_is_refused(text):
    with pytest.raises(plain.BadJson):
        plain.json_of(text, file="f", most=MIB)
    assert plain.json_of(json.dumps({"a": [1, 2.5, None, "é"]}), file="f", most=MIB) == {"a": [1, 2.5, None, "é"]}


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a,b\n1,2,3\n", b"a,a\n1,2\n", b"b\n1\n", b"a,b\n\x00,1\n", b'a,"b\n', b"a\n" + b"1\n" * 60_000,
     b",".join([b"a%d" % i for i in range(300)]) + b"\n", b'a\n"' + b"x" * 200_000 + b'"\n'],
    ids=range(10),
)  # fmt: skip
def test_a_table_of_people_made_to_hurt_is_refused_with_its_row(content):
    with pytest.raises(plain.BadTable) as refused:
        plain.rows_of(content, file="f.csv", most=MIB, needed=("a",))
    assert refused.value.params["row"] >= 0


def test_a_cell_that_is_not_there_is_empty():
    assert plain.rows_of("a;b\n1\n\n2;é\n".encode(), file="f", most=MIB) == [{"a": "1", "b": ""}, {"a": "2", "b": "é"}]
