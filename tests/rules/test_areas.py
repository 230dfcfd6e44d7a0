"""Sums of areas said as they are asked, and words looked up in the whole: held against the plain way."""

import threading
from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kalata.results.numeric import areas, coverage, table
from kalata.results.numeric.searching import Search
from kalata.results.queries import board as boards
from kalata.results.rules.boxes import ABSENT, Box
from kalata.results.rules.coverage import Situation
from kalata.text import fold

PATHS = [("1",), ("1", "2"), ("1", "2", "3"), ("1", "4"), ("5",), ()]
CELL = st.integers(-1, 900)
ROW = st.tuples(st.integers(0, len(PATHS) - 1), CELL, CELL, CELL, CELL, st.integers(0, 2))


def made(rows):
    values = np.array([r[1:5] for r in rows], np.int64).reshape(-1, 4)
    return table.Table(
        keys=[(str(i),) for i in range(len(rows))],
        paths=PATHS,
        area=np.array([r[0] for r in rows], np.int64),
        boxes=(Box.REGISTERED, Box.VOTERS),
        figures=values[:, :2],
        options=["A", "B"],
        votes=values[:, 2:],
        standing=np.array([r[5] for r in rows], np.int8),
        rows=np.arange(len(rows)),
    )


@given(st.lists(ROW, min_size=1, max_size=40))
def test_the_totals_of_an_area_asked_alone_are_those_of_the_whole_pyramid(rows):
    found = made(rows)
    plain = table.pyramid(found)
    total, by_unit = areas.by_unit(found)
    assert total == plain.total
    assert dict(by_unit) == {int(a.path[-1]): a for level in plain.levels for a in level}
    assert 9 not in by_unit and by_unit.get(9) is None and len(by_unit) == 5


@given(st.lists(ROW, min_size=1, max_size=40))
def test_the_coverage_of_an_area_is_that_of_its_stations_added_one_by_one(rows):
    found = made(rows)
    situation = np.array([[Situation.COUNTED, Situation.ANNULLED, Situation.MISSING][r[5]] for r in rows], np.int64)
    listed = np.array([r[1] for r in rows], np.int64)
    for path, said in coverage.by_area(found, situation, listed, unlisted=7).items():
        mine = [i for i, r in enumerate(rows) if PATHS[r[0]][: len(path)] == path]
        worth = situation[mine].tolist()
        assert said.counted == worth.count(Situation.COUNTED) and said.annulled == worth.count(Situation.ANNULLED)
        assert said.expected == len(mine) + (0 if path else 7)
        away = [rows[i][1] for i in mine if situation[i] == Situation.MISSING]
        assert said.registered_away == (None if ABSENT in away else sum(away))


@given(st.lists(st.text("abé -’1\n", max_size=8), max_size=30), st.text("abé 1", max_size=3))
def test_words_looked_up_in_the_whole_are_found_in_the_texts_that_hold_them(names, words):
    texts, wanted = [fold(n) for n in names], fold(words)
    held = Search(texts)
    assert [held[i] for i in range(len(texts))] == texts
    assert held.rows(wanted).tolist() == [i for i, text in enumerate(texts) if wanted in text]


@given(st.text(max_size=30) | st.text("aZ -_’'\tɛÉŋ", max_size=12))
def test_the_folding_of_a_name_is_the_one_letter_by_letter(name):
    import unicodedata

    plain = unicodedata.normalize("NFD", name.casefold().translate(str.maketrans("ɛɔɲŋ’-_", "eonn'  ")))
    assert fold(name) == " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def test_who_asks_while_a_board_is_built_waits_for_it_and_one_is_built(monkeypatch):
    built, arrived, go = [], threading.Barrier(5), threading.Event()

    def build(contest, hidden):
        built.append(contest)
        assert go.wait(20)
        return SimpleNamespace(made=len(built))

    monkeypatch.setattr(boards, "key_of", lambda contest: (77, None, 0, ((77, contest.revision),)))
    monkeypatch.setattr(boards, "build", build)
    boards.forget()
    found = []

    def ask():
        arrived.wait(20)
        found.append(boards.board(SimpleNamespace(revision=1)))

    threads = [threading.Thread(target=ask) for _n in range(4)]
    for one in threads:
        one.start()
    arrived.wait(20)
    go.set()
    for one in threads:
        one.join(20)
    assert len(built) == 1 and len(found) == 4 and len({id(f) for f in found}) == 1
    boards.board(SimpleNamespace(revision=2))
    assert len(built) == 2
    boards.forget()
