"""The page of a draft: every act by its buttons, what was typed kept where it cannot be taken, nobody outside the bench."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kalata.disputes.models import BenchMember, Recusal, Ruling
from kalata.disputes.services import drafting
from tests.disputes.services.test_rulings import petition, president, publisher_of_court, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db


def page(one):
    return f"/contentieux/decisions/{one.pk}/projet/"


def text(answer):
    return answer.content.decode()


def sent(client, one, **more):
    return client.post(page(one), {"seen": drafting.stamp(Ruling.objects.get(pk=one.pk)), **more})


def test_an_act_is_written_changed_moved_and_taken_out_from_the_page(sign_in, ruling, judge):  # noqa: F811
    client = sign_in(judge)
    shown = text(client.get(page(ruling)))
    assert "Texte tiré des actes" in shown and 'data-count="annulled_stations">1<' in shown
    assert "nouvel acte" in text(client.get(page(ruling) + "?acte=ANNUL_STATION")).lower()
    assert sent(client, ruling, act="put", kind="ANNUL_STATION", stations="SAN-001\nKIT-001").status_code == 302
    assert sent(client, ruling, act="up", name="2").status_code == 302
    held = Ruling.objects.get(pk=ruling.pk)
    assert [a["id"] for a in held.acts] == ["2", "1"]
    assert "Modifier l’acte 2" in text(client.get(page(ruling) + "?modifier=2"))
    sent(client, ruling, act="put", kind="ANNUL_STATION", name="2", stations="KIT-001")
    sent(client, ruling, act="drop", name="1")
    assert Ruling.objects.get(pk=ruling.pk).acts == [{"id": "2", "act": "ANNUL_STATION", "stations": [["KIT-001"]]}]


def test_a_list_that_cannot_be_taken_comes_back_as_typed_with_every_row(sign_in, ruling, judge):  # noqa: F811
    answer = sent(sign_in(judge), ruling, act="put", kind="ANNUL_STATION", stations="SAN-001\nQUI\nSEG-001")
    shown = text(answer)
    assert answer.status_code == 422 and "Ligne 2" in shown and "Ligne 3" in shown and "SAN-001\nQUI\nSEG-001" in shown
    assert len(Ruling.objects.get(pk=ruling.pk).acts) == 1


def test_a_file_is_a_list_too(sign_in, ruling, judge):  # noqa: F811
    file = SimpleUploadedFile("bureaux.csv", "bureau;nom\nSAN-001;\n".encode("cp1252"), "text/csv")
    assert sent(sign_in(judge), ruling, act="put", kind="ANNUL_STATION", file=file).status_code == 302
    assert Ruling.objects.get(pk=ruling.pk).acts[-1]["stations"] == [["SAN-001"]]


def test_looking_shows_what_an_act_would_give_and_keeps_nothing(sign_in, ruling, judge):  # noqa: F811
    answer = sent(sign_in(judge), ruling, act="try", kind="ANNUL_STATION", stations="SAN-001")
    assert (
        answer.status_code == 200
        and 'data-count="annulled_stations">2<' in text(answer)
        and "<html" not in text(answer)
    )
    assert len(Ruling.objects.get(pk=ruling.pk).acts) == 1


def test_the_values_in_force_of_a_report_are_shown_and_the_exact_ones_typed(sign_in, ruling, judge):  # noqa: F811
    client = sign_in(judge)
    shown = text(client.get(page(ruling) + "?acte=RECTIFY&bureau=SAN-001"))
    assert "En vigueur" in shown and 'name="after1"' in shown and 'name="before' not in shown
    assert "Aucun bureau ne répond" in text(client.get(page(ruling) + "?acte=RECTIFY&bureau=NOPE"))
    assert client.get(page(ruling) + "bureaux/?bureau=SAN-0").json()["stations"][0]["code"] == "SAN-001"


def test_outcomes_and_norms_are_answered_on_the_page(sign_in, ruling, judge):  # noqa: F811
    sent(sign_in(judge), ruling, act="answer", outcome1="no_effect", articles="ML-D-OPERATIONS\n\nML-D-OPERATIONS\n")
    held = Ruling.objects.get(pk=ruling.pk)
    assert held.outcomes.get().outcome == "no_effect" and held.articles == ["ML-D-OPERATIONS"]


def test_a_draft_is_opened_on_a_deliberated_case_or_of_the_courts_own_motion(sign_in, published, petition, judge):  # noqa: F811
    client = sign_in(judge)
    assert petition.number in text(client.get("/contentieux/projets/"))
    year = petition.number[:4]
    made = client.post(
        "/contentieux/projets/", {"act": "open", "number": f"{year}-45/CC-EL", "words": "w", "case": petition.number}
    )
    assert made.status_code == 302 and Ruling.objects.get(number=f"{year}-45/CC-EL").outcomes.get().petition == petition
    own = {"act": "open", "number": f"{year}-46/CC-EL", "words": "w", "contest": published.pk, "own_motion": "chiffres"}
    assert client.post("/contentieux/projets/", own).status_code == 302
    assert (
        client.post("/contentieux/projets/", {"act": "open", "number": f"{year}-47/CC-EL", "words": "w"}).status_code
        == 422
    )
    assert client.post("/contentieux/projets/", {**own, "case": "rien"}).status_code == 422


def test_nobody_outside_the_bench_and_no_member_kept_out_reads_a_draft(sign_in, ruling, petition, judge, registrar, supervisor, publisher_of_court):  # noqa: F811  # fmt: skip
    for person in (registrar, supervisor, publisher_of_court):
        for tail in ("", "bureaux/"):
            assert sign_in(person).get(page(ruling) + tail).status_code == 404
        assert sign_in(person).get("/contentieux/projets/").status_code == 403
    member = BenchMember.objects.create(code="j1", person=judge, since=date(2024, 1, 1), at=timezone.now())
    assert sign_in(judge).get(page(ruling)).status_code == 200
    Recusal.objects.create(
        petition=petition, member=member, aside=True, state="granted", allowed=True, grounds="r", by=judge, at=timezone.now()
    )  # fmt: skip
    assert sign_in(judge).get(page(ruling)).status_code == 404
