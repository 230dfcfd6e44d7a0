"""Every paper that a room of the house declares opens in both languages, with all its letters, the same twice."""

import io

import pypdfium2
import pytest

from kalata.documents import rendering
from kalata.documents.rendering import Head, Paper
from tests.disputes.court_papers import PAPERS
from tests.documents.samples import ODD, OWN_LAYOUT, SAMPLES
from tests.documents.test_register import AT, stamped

PICTURES = {"qr0.svg": rendering.square("essai")}


def words(pdf):
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as pages:
        return "\n".join(page.get_textpage().get_text_range() for page in pages)


def test_every_sample_is_of_a_declared_paper():
    assert set(SAMPLES) <= set(rendering.declared())


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_a_paper_of_the_court_is_the_same_twice_in_both_languages(kind):
    french, english = (stamped(PAPERS[kind](lang)).pdf for lang in ("fr", "en"))
    assert french == stamped(PAPERS[kind]("fr")).pdf and french != english
    assert "\ufffd" not in words(french) + words(english)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_it_opens_in_both_languages_with_its_letters_and_is_the_same_twice(kind, lang):
    data = SAMPLES[kind]
    if kind in OWN_LAYOUT:
        made = [rendering.form(kind, {**data, "lang": lang}, PICTURES) for _twice in range(2)]
    else:
        paper = Paper(
            kind,
            Head(title=ODD, country=ODD, motto=ODD, body=ODD, desk=ODD, number=ODD, about=ODD, exercise=ODD),
            data,
            lang,
            PICTURES,
        )
        made = [stamped(paper).pdf for _twice in range(2)]
        assert "Ɛɔɲŋ" in words(rendering.draft(paper, AT).pdf) and "Ɛɔɲŋ" in words(rendering.copy(paper, AT).pdf)
    assert made[0] == made[1]
    said = words(made[0])
    assert "Ɛɔɲŋ" in said and "\ufffd" not in said
