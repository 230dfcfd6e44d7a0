"""Errors joined to training: a planted effect is found, chance is not taken for one, and few stations say nothing."""

import json
import random

from click.testing import CliRunner

from kalata.training.commands.errors import errors
from kalata.training.joining import Record, joined
from tests.sizes import size


def records(effect=0.0, seed=1, stations=480, pairs=6):
    """Four regions of other difficulty, six pairs in each; one pair whose stations err more."""
    rng = random.Random(seed)
    out = []
    for n in range(stations):
        region, pair = n % 4, (n // 4) % pairs
        share = 0.1 + 0.06 * region + (effect if (region, pair) == (1, 2) else 0)
        out.append(Record(f"S{n:04d}", f"R{region}", f"P{region}-{pair}", rng.random() < share))
    return out


def test_a_pair_whose_stations_err_more_is_found_first_and_its_effect_is_shrunken():
    found = joined(records(0.5), shuffles=300)
    assert found.distinguishable
    worst = found.effects[0]
    assert worst.trainer == "P1-2"
    assert 0 < worst.effect < worst.raw
    assert worst.low > 0


def test_chance_alone_gives_no_effect_distinguishable_nineteen_times_in_twenty():
    tries = size(40, 500)
    seen = sum(joined(records(seed=n), shuffles=size(120, 400)).distinguishable for n in range(tries))
    assert seen <= tries * 0.06 + 3


def test_a_hard_region_is_the_fault_of_no_pair():
    rng = random.Random(5)
    rows = [Record(f"S{n}", f"R{n % 4}", f"P{n % 4}-{n // 4 % 6}", rng.random() < (0.05, 0.1, 0.3, 0.6)[n % 4]) for n in range(480)]
    assert not joined(rows, shuffles=200).distinguishable


def test_the_order_of_the_rows_changes_nothing():
    rows = records(0.3)
    mixed = list(rows)
    random.Random(2).shuffle(mixed)
    assert joined(rows, shuffles=50) == joined(mixed, shuffles=50)


def test_few_stations_or_no_error_at_all_say_nothing():
    assert joined(records(stations=20)).refused == "few"
    assert joined([Record(f"S{n}", "R", f"P{n % 5}", False) for n in range(60)]).refused == "no_variation"


def test_the_command_reads_a_file_and_names_a_bad_row(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("station,region,trainer,error\n" + "".join(f"{r.station},{r.region},{r.trainer},{int(r.error)}\n" for r in records(stations=40)))
    said = CliRunner().invoke(errors, [str(path), "--json"])
    assert json.loads(said.output)["stations"] == 40
    path.write_text("station,region,trainer,error\nS1,R,P,oui\n")
    wrong = CliRunner().invoke(errors, [str(path)]).exception
    assert wrong.code == "TRN-207"
