"""A paper is its template and its data: the same twice, and it sees no other file."""

import io
from pathlib import Path

import pypdfium2
import pytest

from kalata.documents.typeset import compiled


def text_of(pdf):
    return pypdfium2.PdfDocument(io.BytesIO(pdf))[0].get_textpage().get_text_range()


@pytest.fixture
def template(tmp_path):
    def write(source):
        (tmp_path / "t.typ").write_text(source)
        return tmp_path / "t.typ"

    return write


def test_a_template_says_its_data(template):
    one = template('#import "common.typ": *\n#let d = json("data.json")\n#set document(date: none)\nBureau #d.code')
    made = compiled(one, {"code": "KAY-001 é"})
    assert made.startswith(b"%PDF-") and "Bureau KAY-001 é" in text_of(made)
    assert compiled(one, {"code": "KAY-001 é"}) == made


def test_data_is_never_read_as_a_template(template):
    said = '#panic("x") #image("/etc/hostname") $x$ \\ ='
    assert "#panic" in text_of(compiled(template('#let d = json("data.json")\n#d.said'), {"said": said}))


@pytest.mark.parametrize("path", ["/etc/hostname", "../t.typ", "other.typ"])
def test_a_template_sees_no_file_but_its_own(template, path, tmp_path):
    (tmp_path / "other.typ").write_text("secret")
    with pytest.raises(Exception, match=r"not found|escape"):
        compiled(template(f'#read("{path}")'), {})


def test_a_picture_beside_it_is_shown(template):
    square = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    assert compiled(template('#image("a.svg")'), {}, {"a.svg": square}).startswith(b"%PDF-")


def test_what_is_beside_never_takes_the_place_of_the_template_or_of_its_data(template):
    one = template('#let d = json("data.json")\n#d.code')
    assert "good" in text_of(compiled(one, {"code": "good"}, {"data.json": b'{"code": "bad"}', "main.typ": b"bad"}))
    assert Path(one).exists()
