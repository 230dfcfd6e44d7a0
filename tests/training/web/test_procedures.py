"""The pages of procedures: found in a list, read step by step, edited field by field, compared, signed to the end."""

import html
import io
import re
import zipfile

import pytest

from kalata.people.models import Approval
from kalata.training.models import ProcedureVersion
from kalata.training.queries import procedures as queries
from kalata.training.services import procedures
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
BASE = "/formation/procedures/"


@pytest.fixture
def writer(pack_version):
    one = make_person("cellule", "cellule-pedagogique")
    procedures.import_pack(pack="ml", by=one)
    return one


@pytest.fixture
def reviewer(pack_version):
    return make_person("relecture", "relecture-juridique")


def version(code, number=1):
    return ProcedureVersion.objects.get(procedure__code=code, number=number)


def seen(client, address):
    return {"seen": re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(address).content.decode())[1]}


def test_the_list_is_narrowed_by_role_moment_state_and_words_and_goes_out_as_files(writer, sign_in):
    client = sign_in(writer)
    page = client.get(f"{BASE}?role=judge_rapporteur&phase=court").content.decode()
    assert "RAP-STUDY" in page and "GRE-RECEIVE" not in page and "OUV<" not in page
    assert "OUV" in client.get(f"{BASE}?q=ouvrir").content.decode()
    assert "RAP-STUDY" not in client.get(f"{BASE}?state=approved").content.decode()
    answer = client.get(f"{BASE}?role=security_force&sortie=csv")
    rows = b"".join(answer.streaming_content).decode()
    assert "FDS" in rows and "TAB-DESK" not in rows


def test_a_step_shows_its_text_its_parameters_and_that_nobody_has_read_the_law(writer, sign_in):
    page = sign_in(writer).get(f"{BASE}{version('CLO').pk}/?s=CLO.1").content.decode()
    assert "<b>17:00</b>" in page and "scrutineers.by" in page
    assert "LE-06-044/art.92" in page and "texte remplacé" in page and "source secondaire, à vérifier" in page
    practice = sign_in(writer).get(f"{BASE}{version('TAB-DESK').pk}/").content.decode()
    assert "Pratique" in practice


def test_each_field_of_a_step_is_edited_and_what_named_it_follows_its_new_code(writer, sign_in):
    client, one = sign_in(writer), version("CLO")
    here = f"{BASE}{one.pk}/editeur/"
    sent = {
        "act": "step", "old": "CLO.1", "id": "CLO.1A", "do_fr": "Recevez les noms.", "do_en": "Receive the names.", "why_fr": "Pour suivre.", "why_en": "To follow.",
        "check_fr": "Une feuille.", "check_en": "One sheet.", "warning_fr": "Notez l’heure.", "warning_en": "Note the time.",
        "basis": "LE-2022-019/art.150@2022-06-24 | secondary source", "critical": "1", "card": "1", "two_person": "1", "actor": "president",
        "form_fields": "PV.observations, PV.heures", "material": "stylo | pen", "time_limit": "{scrutineers.by}", "minutes": "12", "pictogram": "list",
    }  # fmt: skip
    assert client.post(here, sent | seen(client, f"{here}?part=steps&id=CLO.1")).status_code == 302
    content = version("CLO").content
    step = content["steps"][0]
    assert step == {
        "id": "CLO.1A", "do": {"fr": "Recevez les noms.", "en": "Receive the names."}, "why": {"fr": "Pour suivre.", "en": "To follow."},
        "check": {"fr": "Une feuille.", "en": "One sheet."}, "warning": {"fr": "Notez l’heure.", "en": "Note the time."},
        "basis": [{"article": "LE-2022-019/art.150", "version": "2022-06-24", "confidence": "secondary source"}],
        "critical": True, "card": True, "two_person": True, "actor": "president", "form_fields": ["PV.observations", "PV.heures"],
        "material": [{"fr": "stylo", "en": "pen"}], "time_limit": "{scrutineers.by}", "minutes": 12, "pictogram": "list",
    }  # fmt: skip
    assert {i["step"] for i in content["items"]} >= {"CLO.1A"} and "CLO.1" not in {i["step"] for i in content["items"]}
    assert content["branches"][0]["then"] == "CLO.1A"


def test_who_only_reads_learns_no_right_answer_on_any_page_or_file(writer, reviewer, sign_in):
    one = version("CLO")
    question = next(i for i in one.content["items"] if i.get("answers"))
    key = next(a["text"]["fr"] for a in question["answers"] if a["fraction"] == "1")
    pages = [f"{BASE}{one.pk}/procedure.yaml", f"{BASE}{one.pk}/difference/", f"{BASE}{one.pk}/?s={question['step']}"]
    source = f"{BASE}{one.procedure.source.code}/source.zip"

    def read(who):
        client = sign_in(who)
        with zipfile.ZipFile(io.BytesIO(client.get(source).content)) as whole:
            every = b"".join(whole.read(n) for n in whole.namelist()).decode()
        return [client.get(p).content.decode() for p in pages] + [every]

    told = [text.count("fraction: ") + html.unescape(text).count(f"{key} | 1") for text in read(reviewer)]
    assert told[0] and told[1] and told[3]
    for reader in (make_person("logistique", "logistique-formation"), make_person("certificat", "certification")):
        assert [text.count("fraction: ") + html.unescape(text).count(f"{key} | 1") for text in read(reader)] == [0, 0, 0, 0]


def test_cases_faults_questions_head_and_file_are_edited_moved_and_taken_away(writer, sign_in):
    client, one = sign_in(writer), version("CLO")
    here = f"{BASE}{one.pk}/editeur/"
    for sent in (
        {"act": "branch", "id": "CLO.B9", "when_fr": "La pluie tombe.", "when_en": "It rains.", "then": "CLO.2"},
        {"act": "fault", "id": "CLO.E9", "step": "CLO.2", "what_fr": "Clôture avant l’heure.", "remedy_fr": "Rouvrir.", "seen_in": "S-IRIN-2002"},
        {"act": "item", "id": "I-9", "step": "CLO.2", "kind": "choice", "text_fr": "Quand ?", "text_en": "When?", "answers": "1 | Le soir | In the evening\n0 | À midi | At noon"},
        {"act": "item", "id": "I-10", "step": "CLO.2", "kind": "true_false", "text_fr": "On ferme à l’heure.", "text_en": "It closes on time.", "answer": "false"},
        {"act": "head", "title_fr": "Fermer le vote", "title_en": "Close the vote", "roles": "president, assessors", "phase": "closing"},
        {"act": "move", "part": "steps", "id": "CLO.2", "by": "-1"},
        {"act": "remove", "part": "error_cases", "id": "CLO.E9"},
    ):  # fmt: skip
        assert client.post(here, sent | seen(client, here)).status_code == 302, sent
    content = version("CLO").content
    assert [s["id"] for s in content["steps"]][:2] == ["CLO.2", "CLO.1"] and content["title"]["fr"] == "Fermer le vote"
    assert content["items"][-2]["answers"][0] == {"text": {"fr": "Le soir", "en": "In the evening"}, "fraction": "1"}
    assert content["items"][-1]["answer"] is False and "error_cases" not in content
    text = client.get(f"{BASE}{one.pk}/procedure.yaml").content.decode()
    assert client.post(here, {"act": "file", "text": text} | seen(client, here)).status_code == 302
    assert version("CLO").content == content
    answer = client.post(here, {"act": "file", "text": "id: CLO\nsteps: 3"} | seen(client, here))
    assert answer.status_code == 422 and "TRN-201" in answer.content.decode()
    answer = client.post(here, {"act": "item", "id": "I-11", "step": "CLO.2", "kind": "choice", "text_fr": "?", "answers": "1 | oui"} | seen(client, here))  # fmt: skip
    assert answer.status_code == 422 and "TRN-423" in answer.content.decode()


def test_a_procedure_goes_to_its_approval_and_its_next_version_by_pages(writer, reviewer, client, sign_in):
    one = version("TAB-DESK")
    here = f"{BASE}{one.pk}/"
    for who, act in ((reviewer, "lawful"), (writer, "tested"), (writer, "ask")):
        sign_in(who)
        assert client.post(here, {"act": act, "reason": "r"} | seen(client, here)).status_code == 302, act
    asked = Approval.objects.get(kind="procedures.version")
    sign_in(reviewer)
    page = client.get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "TAB-DESK.1" in page
    mark = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert client.post(f"/personnes/approbations/{asked.pk}/", {"to": "approve", "seen": mark}).status_code == 302
    assert version("TAB-DESK").state == "approved"
    sign_in(writer)
    assert client.post(here, {"act": "draft"}).status_code == 302
    two = version("TAB-DESK", 2)
    edit = f"{BASE}{two.pk}/editeur/"
    sent = {"act": "step", "old": "TAB-DESK.1", "id": "TAB-DESK.1", "do_fr": "Contrôlez le scellé.", "do_en": "Check the seal.", "practice": "1", "critical": "1"}  # fmt: skip
    assert client.post(edit, sent | seen(client, edit)).status_code == 302
    page = client.get(f"{BASE}{two.pk}/difference/").content.decode()
    assert "Contrôlez le scellé." in page and "TAB-DESK.1" in page and "TAB-DESK.2" not in page


def test_a_reviewer_verifies_a_text_and_retires_an_approved_version_by_pages(writer, reviewer, client, sign_in):
    one = version("ASS-ID")
    here = f"{BASE}{one.pk}/"
    sign_in(reviewer)
    sent = {"act": "verify", "article": "LE-2022-019-M1/art.inconnu-identite@2023-03-13", "reason": "Journal officiel"}
    assert client.post(here, sent | seen(client, here)).status_code == 302
    assert "vérifié par relecture" in client.get(here).content.decode()
    ProcedureVersion.objects.filter(pk=one.pk).update(
        state="approved", reviewed_by=reviewer, tested_by=writer, approved_by=reviewer
    )
    assert client.post(here, {"act": "retire", "reason": "remplacée"} | seen(client, here)).status_code == 302
    assert version("ASS-ID").state == "retired"
    assert "ASS-ID" not in {p.id for p in queries.assembled(one.procedure.source).procedures}


def test_who_reviews_sees_no_editor(writer, reviewer, sign_in):
    one = version("TAB-DESK")
    client = sign_in(reviewer)
    assert client.get(f"{BASE}{one.pk}/editeur/").status_code == 403
    assert "Modifier le brouillon" not in client.get(f"{BASE}{one.pk}/").content.decode()
