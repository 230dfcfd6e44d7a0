"""Exports are made once for each of their states, and never served from another one."""

import os
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from kalata.results import exports
from kalata.ui import kept
from tests.conftest import ROWS, bring, csv_of

pytestmark = pytest.mark.django_db
NAMES = list(exports.WRITERS)


@pytest.fixture(autouse=True)
def fresh(tmp_path, settings):
    settings.KEPT_FOLDER = tmp_path / "kept"
    return tmp_path / "kept"


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def made(folder):
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock") if folder.exists() else []


@pytest.mark.parametrize("name", NAMES)
def test_an_export_is_made_once_and_says_when_nothing_has_changed(client, published, fresh, name, monkeypatch):
    address, calls = f"/resultats/pres/donnees/{name}", []
    kind, writer = exports.WRITERS[name]
    monkeypatch.setitem(exports.WRITERS, name, (kind, lambda b, lang: calls.append(1) or writer(b, lang)))
    first, second = client.get(address), client.get(address)
    assert body(first) == body(second) and calls == [1] and first["ETag"] == second["ETag"]
    same = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert same.status_code == 304 and not same.content
    assert first["Cache-Control"] == "public, no-cache" and first["Content-Disposition"].endswith(f'pres-{name}"')


def test_a_new_revision_is_another_file(client, published, supervisor, publisher):
    address = "/resultats/pres/donnees/bureaux.csv"
    before = client.get(address)
    old = body(before)
    from kalata.people import services as people
    from kalata.people.models import Approval
    from kalata.people.rules.approval import Decision

    bring(
        published,
        supervisor,
        csv_of([r.replace("100,60,35", "99,61,35") for r in ROWS]),
    )
    for asked in Approval.objects.filter(state="waiting"):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    after = client.get(address, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200 and after["ETag"] != before["ETag"]
    new = body(after)
    assert b"99,61,35" in new and b"99,61,35" not in old


def test_what_is_not_public_is_never_served_from_a_file_made_for_another(
    client, sign_in, counted, supervisor, outsider
):
    address = "/resultats/pres/donnees/bureaux.csv"
    mine = sign_in(supervisor).get(address)
    assert b"KAY-001" in body(mine) and "public" not in mine.get("Cache-Control", "")
    client.logout()
    assert client.get(address, headers={"If-None-Match": mine["ETag"]}).status_code == 404
    assert sign_in(outsider).get(address).status_code == 404


def test_each_language_has_its_own_workbook_and_all_share_what_has_no_words(client, published, fresh):
    for lang in ("fr", "en"):
        client.cookies["django_language"] = lang
        for name in ("bureaux.csv", "dictionnaire.csv"):
            body(client.get(f"/resultats/pres/donnees/{name}"))
    assert len(made(fresh)) == 3


def what(n=1):
    return kept.Made("f.txt", ("pres", "fr"), (n,))


def test_four_readers_at_once_wait_for_one_maker(fresh):
    calls, seen, start = [], [], threading.Barrier(4)

    def write(out):
        calls.append(1)
        time.sleep(0.2)
        out.write(b"whole")

    def reader():
        start.wait()
        with kept.opened(what(), write) as found:
            seen.append(found.read())

    readers = [threading.Thread(target=reader) for _n in range(4)]
    for r in readers:
        r.start()
    for r in readers:
        r.join(20)
    assert calls == [1] and seen == [b"whole"] * 4


def test_four_processes_at_once_wait_for_one_maker(tmp_path):
    code = textwrap.dedent(f"""
        import os, sys
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.test")
        import django; django.setup()
        from django.conf import settings
        settings.KEPT_FOLDER = {str(tmp_path / "shared")!r}
        from kalata.ui import kept
        def write(out):
            open({str(tmp_path)!r} + "/made." + str(os.getpid()), "w").close()
            out.write(b"whole" * 100_000)
        print(len(kept.opened(kept.Made("f", (1,), (2,)), write).read()))
    """)
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _n in range(4)]
    assert [p.communicate(timeout=120)[0].strip() for p in running] == ["500000"] * 4
    assert len(list(tmp_path.glob("made.*"))) == 1


def test_older_files_go_when_a_newer_one_is_made_and_readers_finish(fresh):
    first = kept.opened(what(1), lambda out: out.write(b"one"))
    (old,) = made(fresh)
    os.utime(fresh / old, (1, 1))
    kept.opened(what(2), lambda out: out.write(b"two")).close()
    assert old not in made(fresh) and len(made(fresh)) == 1 and first.read() == b"one"


def test_no_more_files_than_the_house_keeps(fresh, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for n in range(8):
        kept.opened(kept.Made("f", (n,), (n,)), lambda out: out.write(b"x")).close()
    assert len(made(fresh)) <= 4


def test_a_maker_that_fails_leaves_nothing(fresh):
    def torn(out):
        out.write(b"half")
        raise ValueError

    with pytest.raises(ValueError):
        kept.opened(what(), torn)
    assert made(fresh) == []
    assert kept.opened(what(), lambda out: out.write(b"whole")).read() == b"whole"


def test_a_disk_that_takes_nothing_serves_all_the_same(tmp_path, settings):
    (tmp_path / "file").write_text("")
    settings.KEPT_FOLDER = tmp_path / "file" / "kept"
    assert kept.opened(what(), lambda out: out.write(b"whole")).read() == b"whole"


def test_kept_files_are_for_the_house_alone(client, published, fresh):
    body(client.get("/resultats/pres/donnees/zones.csv"))
    assert {p.stat().st_mode & 0o077 for p in fresh.iterdir() if p.suffix != ".lock"} == {0}
    assert fresh.stat().st_mode & 0o077 == 0


def test_a_workbook_of_more_rows_than_a_sheet_holds_has_as_many_sheets_as_it_needs(monkeypatch):
    from kalata.results import exports

    monkeypatch.setattr(exports, "SHEET", 3)
    told = {
        n: [(name, [r[0] for r in rows]) for name, rows in exports.in_sheets("Bureaux", iter([[i] for i in range(n)]))]
        for n in (0, 2, 3, 4, 7)
    }
    assert told == {
        0: [("Bureaux", [])],
        2: [("Bureaux", [0, 1])],
        3: [("Bureaux", [0, 1, 2])],
        4: [("Bureaux", [0, 1, 2]), ("Bureaux 2", [3])],
        7: [("Bureaux", [0, 1, 2]), ("Bureaux 2", [3, 4, 5]), ("Bureaux 3", [6])],
    }
