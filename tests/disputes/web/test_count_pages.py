"""The Court's count through its pages: a clerk sees no figure, the registry explains, two of the Court proclaim."""

import pytest

from kalata.disputes.models import CourtSheet
from kalata.results.models import Proclamation
from tests.conftest import decide_on_screen, make_person
from tests.disputes.services.test_count import right_figures
from tests.disputes.services.test_rulings import keys, president, told  # noqa: F401
from tests.figures import spoken

pytestmark = pytest.mark.django_db
PAGE = "/contentieux/recensement/pres/"


def typed(client, sheet, off=0):
    figures = right_figures(sheet)
    values = {b.value: v for b, v in figures.boxes.items()} | {f"c{n}": v for n, v in enumerate(figures.votes, 1)}
    values["c1"] -= off
    return client.post(f"{PAGE}lecture/", {"act": "read", "sheet": sheet.pk, **{k: str(v) for k, v in values.items()}})


def test_from_the_opening_to_the_proclamation(sign_in, published, president, registrar, keys):  # noqa: F811
    from kalata.people.models import Approval

    clerks = [make_person(f"rec-{n}", "recensement") for n in range(2)]
    assert sign_in(president).post(PAGE, {"act": "open", "size": "0", "commitment": ""}).status_code == 302
    client = sign_in(clerks[0])
    first = client.get(f"{PAGE}lecture/").content.decode()
    assert "original signé" in first and 100 not in spoken(first.split("<main")[1].split("</main>")[0])
    assert client.get(PAGE).status_code == 404 and sign_in(registrar).get(f"{PAGE}lecture/").status_code == 404
    for clerk in clerks:
        client = sign_in(clerk)
        for sheet in CourtSheet.objects.select_related("station__contest"):
            assert typed(client, sheet, off=2 if sheet.station.code == "KAY-001" else 0).status_code == 302
    client = sign_in(registrar)
    page = client.get(PAGE).content.decode()
    assert "KAY-001" in page and "sans explication" in page and 'value="proclaim"' not in page
    assert client.post(PAGE, {"act": "proclaim", "number": "2026-50/CC-EP"}).status_code == 409
    on = page.split('name="on" value="')[1].split('"')[0]
    sheet = CourtSheet.objects.get(station__code="KAY-001")
    assert (
        client.post(PAGE, {"act": "explain", "sheet": sheet.pk, "on": on, "words": "chiffre surchargé"}).status_code
        == 302
    )
    page = client.get(PAGE).content.decode()
    assert "chiffre surchargé" in page and 'value="proclaim"' in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    from django.utils import timezone

    number = f"{timezone.localdate().year}-50/CC-EP"
    assert client.post(PAGE, {"act": "proclaim", "number": number, "seen": seen}).status_code == 302
    asked = Approval.objects.get(kind="disputes.proclamation")
    assert decide_on_screen(sign_in(registrar), asked).status_code == 403
    assert decide_on_screen(sign_in(president), asked).status_code == 302
    assert Proclamation.objects.get().number == number
