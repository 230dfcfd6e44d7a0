"""Progress without a network: a page that goes out, a file that comes back once, what others said meanwhile shown and decided."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kalata.country.models import Unit
from kalata.planning.models import Activity, Progress
from kalata.planning.rules import offline as rules
from kalata.planning.rules.offline.entries import COLUMNS, entries_of
from kalata.planning.services import offline
from tests.conftest import make_person
from tests.planning.web import test_progress_page as doing

running, say = doing.running, doing.say
pytestmark = pytest.mark.django_db
HERE = "/planification/avancement/hors-reseau/"


@pytest.fixture
def gao(running):
    return Unit.objects.filter(geography=running.plan.election.geography, level=1).order_by("name").first()


@pytest.fixture
def coordinator(gao):
    return make_person("coordination", "coordination-region", unit=gao)


def taken_out(client):
    """What the page carries: its mark and its rows."""
    page = client.get(f"{HERE}page.html").content.decode()
    said, rows = (json.loads(re.search(rf'id="{name}">(.*?)</script>', page, re.S)[1]) for name in ("said", "rows"))
    return said, {row["code"]: row for row in rows}


def filled(out, phone="0" * 8, **given):
    """The file that the page saves on a telephone: percentages, or whole cells, by activity."""
    said, rows = out
    text = io.StringIO()
    lines = csv.DictWriter(text, COLUMNS)
    lines.writeheader()
    for code, cells in given.items():
        cells = cells if isinstance(cells, dict) else {"percent": cells}
        lines.writerow({"entry": said["mark"] + phone, "plan": said["plan"], "code": code, "unit": said["unit"], "base": rows.get(code, {}).get("base", 0), "on": str(timezone.localdate())} | cells)  # fmt: skip
    return text.getvalue()


def brought(client, plan, text):
    file = SimpleUploadedFile("avancement.csv", text.encode())
    return client.post(HERE, {"act": "try", "plan": plan.code, "file": file})


def merged(client, plan, text, take=()):
    page = brought(client, plan, text).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    return client.post(HERE, {"act": "merge", "plan": plan.code, "table": text, "seen": seen, "take": list(take)})


def test_a_coordinator_takes_the_page_and_what_comes_back_counts_once(running, coordinator, gao, sign_in):
    client = sign_in(coordinator)
    out = taken_out(client)
    assert out[0]["unit"] == gao.code and set(out[1]) == {"A", "B", "C"}
    text = filled(out, A=100, B=40)
    assert (
        "2 lignes nouvelles" in brought(client, running.plan, text).content.decode() and not Progress.objects.exists()
    )
    for _twice in range(2):
        assert merged(client, running.plan, text).status_code == 302
    assert sorted(Progress.objects.values_list("code", "percent", "unit__code", "by__username")) == [
        ("A", 100, gao.code, "coordination"), ("B", 40, gao.code, "coordination"),
    ]  # fmt: skip
    assert merged(client, running.plan, filled(out, B=60)).status_code == 302
    assert Progress.objects.filter(code="B").count() == 2, "the next week of the same page is no conflict with itself"


def test_what_somebody_else_said_meanwhile_is_shown_and_stays_until_a_person_decides(
    running, coordinator, gao, sign_in
):
    client = sign_in(coordinator)
    text = filled(taken_out(client), A=80, B=40)
    say(client, running.plan, "A", 30)
    answer = brought(client, running.plan, text).content.decode()
    assert "1 activité dite autrement" in answer and "<b>30 %</b>" in answer
    digest = re.search(r'name="take" value="([0-9a-f]{64})"', answer)[1]
    assert merged(client, running.plan, text).status_code == 302
    assert list(Progress.objects.filter(code="A").values_list("percent", flat=True)) == [30]
    assert merged(client, running.plan, text, [digest]).status_code == 302
    assert sorted(Progress.objects.filter(code="A").values_list("percent", flat=True)) == [30, 80]
    assert Progress.objects.filter(code="B").count() == 1


def test_two_telephones_with_one_copied_page_are_two_persons_who_say_otherwise(running, coordinator, sign_in):
    client = sign_in(coordinator)
    out = taken_out(client)
    assert merged(client, running.plan, filled(out, A=80)).status_code == 302
    other = filled(out, "f" * 8, A=20)
    assert "1 activité dite autrement" in brought(client, running.plan, other).content.decode()
    assert merged(client, running.plan, other).status_code == 302
    assert list(Progress.objects.values_list("percent", flat=True)) == [80]


STAND_IN = """
const saved = [], boxes = {}, thing = (props) => Object.assign({append() {}, addEventListener(e, f) { this[e] = f; }, querySelectorAll: () => [], replaceChildren() {}, remove() {}, click() {}, dataset: {}, children: []}, props);
const given = JSON.parse(process.argv[2]);
globalThis.document = {body: thing(), createElement: () => thing(), getElementById: (id) => boxes[id] = boxes[id] || thing({textContent: JSON.stringify(given[id] || {})})};
globalThis.addEventListener = () => {}; globalThis.Blob = class { constructor(parts) { saved.push(parts.join("")); } }; URL.createObjectURL = () => "";
require("vm").runInThisContext(require("fs").readFileSync(process.argv[1], "utf-8") + `;(async () => {
  typed = {A: {percent: "40", note: "=1+1", blocked: "-2+3", evidence: "  @x"}}; boxes.save.click();
  typed = {}; await again({text: async () => saved[0]}); boxes.save.click();
})()`);
setTimeout(() => console.log(JSON.stringify(saved)), 20);
"""


@pytest.mark.skipif(not shutil.which("node"), reason="no node on this machine")
def test_what_the_page_saves_runs_in_no_spreadsheet_comes_back_as_it_was_and_bears_the_mark_of_its_telephone():
    given = {"said": {"mark": "ab" * 4, "plan": "P", "unit": "", "columns": COLUMNS}, "rows": [{"code": "A", "name": "a", "start": "2026-01-01", "last": "2026-01-02", "base": 0, "percent": None}], "words": {}}  # fmt: skip
    script = str(Path(rules.__file__).parent / "page.js")
    phones = set()
    for _phone in range(2):
        out = subprocess.run(["node", "-e", STAND_IN, script, json.dumps(given)], capture_output=True, text=True, check=True)
        first, again = json.loads(out.stdout)
        row = next(csv.DictReader(io.StringIO(first.removeprefix("\ufeff"))))
        assert (row["note"], row["blocked"], row["evidence"]) == ("'=1+1", "'-2+3", "'@x")
        assert first == again
        read = entries_of(first, "P")[0]
        assert (read.note, read.blocked, read.evidence) == ("=1+1", "-2+3", "@x") and read.mark.startswith("ab" * 4)
        phones.add(read.mark)
    assert len(phones) == 2


def test_a_file_is_whole_or_nothing_and_names_its_row(running, coordinator, gao, sign_in):
    client = sign_in(coordinator)
    out = taken_out(client)
    other = Unit.objects.filter(geography=running.plan.election.geography, level=1).exclude(pk=gao.pk).first().code
    Activity.objects.filter(version=running, code="B").update(evidence_required=True)
    for bad, code in (
        ({"A": 10, "B": {"percent": 100}}, "PLN-217"), ({"A": 10, "B": {"percent": 101}}, "PLN-110"), ({"A": 10, "ZZ": 5}, "PLN-202"),
        ({"A": 10, "B": {"percent": 5, "on": "2099-01-01"}}, "PLN-218"), ({"A": 10, "B": {"percent": 5, "plan": "autre"}}, "PLN-110"),
        ({"A": 10, "B": {"percent": 5, "unit": other}}, "PEO-101"),
    ):  # fmt: skip
        answer = brought(client, running.plan, filled(out, **bad))
        assert answer.status_code in (403, 404, 422) and code in answer.content.decode(), bad
    assert brought(client, running.plan, "a,b\n1,2\n").status_code == 422 and not Progress.objects.exists()


def test_an_old_page_merges_nothing(running, coordinator, gao, sign_in):
    client = sign_in(coordinator)
    text = filled(taken_out(client), A=80)
    page = brought(client, running.plan, text).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    say(client, running.plan, "A", 30)
    answer = client.post(HERE, {"act": "merge", "plan": running.plan.code, "table": text, "seen": seen})
    assert answer.status_code == 409 and Progress.objects.count() == 1


def test_a_long_file_asks_the_database_no_more_for_each_line(running, coordinator, sign_in, django_assert_max_num_queries):
    """A merge holds the house's one writer: 2 000 lines took half a minute."""
    out = taken_out(sign_in(coordinator))
    plan, given = running.plan, {"A": 100, "B": 40, "C": 0}
    text = filled(out, **given)
    with django_assert_max_num_queries(12):
        offline.look(plan, text, coordinator)
    with django_assert_max_num_queries(14 + 4 * len(given)):
        assert offline.merge(plan=plan, text=text, taken=(), by=coordinator) == len(given)
