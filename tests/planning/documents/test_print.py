"""`kalata plan print`: a plan file becomes a PDF that says its hash and that it is nobody's approved version."""

import hashlib
import io
import json
import re

import pytest
from click.testing import CliRunner
from pypdfium2 import PdfDocument

from kalata.planning.commands.printing import print_
from kalata.planning.rules.faults import AnotherForm, NoStart
from tests.conftest import SHARED
from tests.planning.plans import BASELINE

DRIVERS = SHARED / "operational_plan_drivers.csv"


def run(*arguments):
    return CliRunner().invoke(print_, [str(a) for a in arguments], catch_exceptions=False)


def text_of(path):
    with PdfDocument(io.BytesIO(path.read_bytes())) as pages:
        return re.sub(r"\s+", "", " ".join(p.get_textpage().get_text_range() for p in pages))


def test_the_book_of_a_file_says_its_hash_the_state_and_the_total(tmp_path):
    out = run(BASELINE, tmp_path / "a.pdf", "--drivers", DRIVERS, "--start", "2026-01-05", "--lang", "en", "--json")
    digest = hashlib.sha256(BASELINE.read_bytes()).hexdigest()
    assert json.loads(out.stdout) == {"written": str(tmp_path / "a.pdf"), "what": "book", "sha256": digest}
    text = text_of(tmp_path / "a.pdf")
    assert digest[:20] in text and "29,062,028,615" in text and "Operationalplanandbudget" in text
    assert "notapproved" in text and "MALI" in text.upper()


@pytest.mark.parametrize("what", ["gantt", "calendar"])
def test_the_walls_of_a_plan_of_another_calendar_need_no_pack(tmp_path, what):
    (tmp_path / "p.csv").write_text("id,dur_likely,dur_unit,type\nA,5,wd,milestone\n", encoding="utf-8")
    assert (
        run(
            tmp_path / "p.csv", tmp_path / "a.pdf", "--what", what, "--start", "2026-01-05", "--calendar", "none"
        ).exit_code
        == 0
    )
    assert (tmp_path / "a.pdf").read_bytes()[:5] == b"%PDF-"


def test_where_it_cannot_be_printed_nothing_is_written(tmp_path):
    with pytest.raises(AnotherForm):
        run(BASELINE, tmp_path / "a.docx", "--start", "2026-01-05")
    with pytest.raises(NoStart):
        run(BASELINE, tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []
