"""Lots in the public log: what three verifiers refuse of a promise, of a draw and of what undoes them, and what the site shows."""

import json

import pytest

from kalata.results.rules.outcome import Status
from kalata.transparency.rules.draws import order_of, sha
from kalata.transparency.site import builder
from kalata.transparency.site.edition import Edition
from kalata.transparency.verifying import verify
from tests.site import SECRET, a_log, extras_now, standalone
from tests.site.judges import Signed, by_page, note_of
from tests.site.malformed import KEY, raw
from tests.site.test_meaning import page, rows_of, signed, verdicts  # noqa: F401  (a fixture)


def of(rows, kind, nth=0):
    return [i for i, r in enumerate(rows) if r["kind"] == kind][nth]


def draws(change):
    """The sound log of the other tests with one thing about lots changed; no total depends on it."""
    rows, files = rows_of()
    change(rows)
    return signed(rows, files)


def set_(kind, nth=0, **values):
    return lambda rows: rows[of(rows, kind, nth)].update(values)


def other_secret(rows):
    one = rows[of(rows, "draw")]
    lists = [v["list"] for v in rows[one["index"]]["votes"]]
    one.update(
        secret="un autre secret, plus commode", order=order_of("un autre secret, plus commode", one["public"], lists)
    )


def public_with(text):
    def change(rows):
        one = rows[of(rows, "draw")]
        lists = [v["list"] for v in rows[one["index"]]["votes"]]
        one.update(public=text, order=order_of(one["secret"], text, lists))

    return change


def another_number(rows):
    one = rows[of(rows, "draw")]
    lists = [v["list"] for v in rows[one["index"]]["votes"]]
    one["public"] = next(str(n) for n in range(40) if order_of(one["secret"], str(n), lists) != one["order"])


def secret_with_a_bar(rows):
    one, made = rows[of(rows, "draw")], rows[of(rows, "lot")]
    made["promise"] = sha("trois dés|deux urnes")
    lists = [v["list"] for v in made["votes"]]
    one.update(secret="trois dés|deux urnes", order=order_of("trois dés|deux urnes", one["public"], lists))


def reversed_order(rows):
    rows[of(rows, "draw")]["order"].reverse()


def less_order(rows):
    rows[of(rows, "draw", 1)]["order"].pop()


def votes_less_one(rows):
    rows[of(rows, "lot")]["votes"][0]["n"] -= 1


def again(kind, nth=-1, **values):
    return lambda rows: rows.append({**rows[of(rows, kind, nth)], **values})


def drawn_after_undone(rows):
    index = of(rows, "lot", 1)
    lists = [v["list"] for v in rows[index]["votes"]]
    rows.append({**rows[of(rows, "draw")], "index": index, "order": order_of(SECRET, "4-2-6", lists)})


def same_tie_in_another_order(rows):
    last = rows[of(rows, "lot", -1)]
    rows.append({**last, "number": last["number"] + 1, "votes": last["votes"][::-1]})


def law(**values):
    return lambda rows: rows[0]["system"].update(values)


def no_law(rows):
    del rows[0]["system"]["tie_rule"]


NONSENSE = {
    "another secret than the promised one": other_secret,
    "another order than the secret and the number give": reversed_order,
    "an order that leaves a list out": less_order,
    "an order of a list that is not tied": set_("draw", order=[1, 3]),
    "another number, the order kept": another_number,
    "a bar in the number": public_with("4|2"),
    "a bar in the secret": secret_with_a_bar,
    "a secret of eleven letters": set_("draw", secret="onze signes"),
    "no number": set_("draw", public=""),
    "drawn twice": again("draw", 0),
    "drawn after it was undone": drawn_after_undone,
    "undone twice": again("undraw"),
    "a draw of no promise": set_("draw", index=0),
    "a draw of what comes later": set_("draw", index=10**6),
    "undone, and there is no promise": set_("undraw", index=1),
    "votes that the reports do not give": votes_less_one,
    "a list of no ballot": set_("lot", votes=[{"list": 1, "n": 5}, {"list": 9, "n": 5}]),
    "one list alone": lambda rows: rows[of(rows, "lot", -1)]["votes"].pop(),
    "as many places as lists": set_("lot", -1, places=2),
    "no place": set_("lot", -1, places=0),
    "two promises for one tie": again("lot", number=5),
    "two promises for one tie, its lists in another order": same_tie_in_another_order,
    "a number that was there": again("lot", number=4, votes=[{"list": 1, "n": 1}, {"list": 2, "n": 1}]),
    "numbers that go down": set_("lot", -1, number=2),
    "a constituency that is none": set_("lot", -1, constituency="K9"),
    "a promise that is no hash": set_("lot", promise="F" * 64),
    "a clerk": set_("lot", by="x"),
    "a law that draws no lots": no_law,
    "a law that gives another rule": law(tie_rule="oldest"),
    "other votes, under a law of majorities": law(kind="plurality"),
}  # fmt: skip


@pytest.fixture(scope="module")
def judged(page, tmp_path_factory):  # noqa: F811
    logs = {name: draws(change) for name, change in NONSENSE.items()}
    return dict(zip(logs, verdicts(list(logs.values()), tmp_path_factory.mktemp("lots"), page), strict=True))


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_about_lots_is_not_valid_for_any_of_the_three(judged, name):
    assert judged[name] == (False, False, False)


def tied(where, *, stations=6, constituencies=0, kind="plurality", **more):
    """A log in which the first two lists have the same votes, under a law that draws lots."""
    made = a_log(where, stations=stations, seed=3, system={"kind": kind, "tie_rule": "lot", **more}, missing=1, constituencies=constituencies)  # fmt: skip
    for i in range(stations):
        made.report(f"S-{i:03d}", votes=[{"list": 1, "n": 40}, {"list": 2, "n": 40}, {"list": 3, "n": 0}], valid=80, voters=80, found=80, invalid=0, registered=90)  # fmt: skip
    made.close()
    return made


def log_of(made, where):
    files = {p.relative_to(where).as_posix(): p.read_bytes() for p in (where / "register").iterdir()}
    return Signed(KEY.name, made, files, note_of(KEY.name, made, KEY), [KEY.verifier.text()])


def test_a_promise_between_lists_without_a_vote_is_not_valid(page, tmp_path):  # noqa: F811
    made = tied(tmp_path / "log")
    zero = a_log(tmp_path / "zero", stations=6, seed=3, system={"kind": "plurality", "tie_rule": "lot"}, missing=1)
    sound = {**json.loads(made.entries[0]), "keys": [KEY.verifier.text()]}
    rows = [sound, *(json.loads(e) for e in made.entries[1:])]
    head = {k: sound[k] for k in ("v", "election", "contest", "round")}
    lot = {**head, "kind": "lot", "number": 1, "constituency": "", "places": 1, "promise": sha(SECRET), "source": "dés"}
    good = {**lot, "votes": [{"list": 1, "n": 240}, {"list": 2, "n": 240}]}
    bad = {**lot, "votes": [{"list": 3, "n": 0}, {"list": 2, "n": 0}]}
    logs = [log_of([raw(r) for r in [*rows, extra]], tmp_path / "log") for extra in (good, bad)]
    assert zero.size and verdicts(logs, tmp_path / "j", page) == [(True,) * 3, (False,) * 3]


def test_a_log_without_a_draw_is_as_valid_as_before(page, tmp_path):  # noqa: F811
    made = a_log(tmp_path / "log", stations=6)
    files = {
        p.relative_to(tmp_path / "log").as_posix(): p.read_bytes() for p in (tmp_path / "log" / "register").iterdir()
    }
    one = Signed(
        made.key.name, made.entries, files, (tmp_path / "log" / "checkpoint").read_text(), [made.key.verifier.text()]
    )
    assert verdicts([one], tmp_path / "j", page) == [(True,) * 3] and by_page([one], page) == [""]


# --- the site -------------------------------------------------------------------------------------
def test_the_outcome_of_the_log_follows_the_draw_and_its_undoing(tmp_path):
    made = tied(tmp_path / "log")
    assert Edition.read(tmp_path / "log").outcome().status is Status.TIE
    index = made.promise(1, 2)
    made.draw(index)
    made.close()
    first = order_of(SECRET, "4-2-6", [1, 2])[0]
    found = Edition.read(tmp_path / "log")
    assert found.outcome().status is Status.ELECTED and found.outcome().options == (found.codes[first],)
    assert "n° 1" in found.outcome().broken.text("fr")
    made.undraw(index)
    made.close()
    assert Edition.read(tmp_path / "log").outcome().status is Status.TIE


def test_a_draw_holds_for_the_votes_it_was_made_on_and_for_no_others(tmp_path):
    made = tied(tmp_path / "log")
    made.draw(made.promise(1, 2))
    made.report("S-001", votes=[{"list": 1, "n": 41}, {"list": 2, "n": 41}, {"list": 3, "n": 0}], valid=82, voters=82, found=82, invalid=0, registered=90)  # fmt: skip
    made.close()
    assert Edition.read(tmp_path / "log").outcome().status is Status.TIE


def test_the_site_shows_the_draw_with_its_proofs_and_both_verifiers_take_them(tmp_path):
    made = tied(tmp_path / "log")
    index = made.promise(1, 2)
    made.close()
    site = tmp_path / "site"
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    assert (
        "annoncé, secret fermé" in (site / "draws.html").read_text() and SECRET not in (site / "draws.html").read_text()
    )
    assert "tirage au sort" in (site / "index.html").read_text()
    drawn = made.draw(index)
    made.close()
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    for name, word in (("draws.html", "Tirages au sort"), ("en/draws.html", "Drawing of lots")):
        text = (site / name).read_text()
        assert SECRET in text and sha(SECRET) in text and "sha256sum" in text and f"draw/{drawn}.tlog-proof" in text
        assert word in text
    index_page = (site / "index.html").read_text()
    assert (
        "draws.html" in index_page
        and "l’emporte, égalité départagée" in index_page
        and "en tête</h1>" not in index_page
    )
    record = json.loads((site / "d/results.json").read_bytes())
    assert record["outcome"]["tie"]["rule"] == "lot" and "n° 1" in record["outcome"]["tie"]["broken_by"]["fr"]
    assert [one["holds"] for one in record["lots"]] == [True] and record["lots"][0]["drawn"]["index"] == drawn
    key = made.key.verifier.text()
    assert verify(site, [key]).problems == [] and standalone().verify(str(site), [key])[0] == []
    (site / f"draw/{drawn}.json").write_bytes(made.entries[index])
    assert any("draw/" in where for where, _what in verify(site, [key]).problems)
    assert any("draw/" in where for where, _what in standalone().verify(str(site), [key])[0])


def test_a_draw_in_one_constituency_draws_its_page_again(tmp_path):
    made = tied(tmp_path / "log", constituencies=2, kind="list_plurality")
    site = tmp_path / "site"
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    page_of = site / "r/constituency/K1.html"
    before, other = page_of.read_text(), (site / "r/constituency/K0.html").read_text()
    made.draw(made.promise(1, 2, constituency="K1"))
    made.close()
    builder.publish(tmp_path / "log", site, extras_now(), sign=made.key.line, workers=1)
    assert page_of.read_text() != before and "tirage au sort n° 1" in page_of.read_text()
    found = Edition.read(tmp_path / "log")
    assert found.outcome(("constituency", "K1")).status is Status.ELECTED
    assert found.outcome(("constituency", "K0")).status is Status.TIE and "sort n° 1" not in other
