"""The money of a plan as a workbook: read back nothing moves; what a file adds is tried by the acts themselves, then entered; nothing is written over."""

import csv
import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kalata.planning.models import Movement, Payment, Pledge
from kalata.planning.money_table import COLUMNS
from kalata.planning.services import money
from tests.conftest import make_person
from tests.planning.services.test_money import PAPER, commit, funder, officer, plan, promise, unit  # noqa: F401

pytestmark = pytest.mark.django_db
HEAD = "what,number,funder,pledge,label,stage,line,payee,amount,on,due,document"


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u202f", " ").replace("\xa0", " "))


def here(plan):  # noqa: F811
    return f"/planification/plans/{plan.code}/argent/classeur/"


def sent(client, plan, data, name="argent.csv"):  # noqa: F811
    data = data if isinstance(data, bytes) else data.encode()
    return client.post(here(plan), {"act": "try", "file": SimpleUploadedFile(name, data)})


@pytest.fixture
def desk(plan, funder, officer, sign_in):  # noqa: F811
    promise(funder, officer, ("agreed", 900), ("called", 500), ("received", 500))
    wrong = Movement.objects.get(stage="received")
    money.take_back(movement=wrong, reason="=autre compte", document=PAPER, by=officer)
    commit(plan, funder, officer, label="@Acompte")
    return sign_in(officer)


def test_the_workbook_and_the_csv_read_back_say_what_stands_and_add_nothing(desk, plan):  # noqa: F811
    for kind in ("xlsx", "csv"):
        data = desk.get(f"/planification/plans/{plan.code}/argent/classeur.{kind}").content
        page = sent(desk, plan, data, f"argent.{kind}")
        assert page.status_code == 200 and page.context["found"].same == 6 and not page.context["found"].new, kind
        assert "Ce fichier n’ajoute rien" in text(page)


def test_rows_without_a_number_are_tried_then_entered_by_the_acts_that_a_person_would_do(desk, plan):  # noqa: F811
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"/planification/plans/{plan.code}/argent/classeur.xlsx").content))
    new = (
        {"what": "promesse", "funder": "Etat", "label": "Complément", "amount": 700, "on": date(2026, 1, 6), "due": date(2026, 3, 1)},
        {"what": "mouvement", "funder": "Etat", "pledge": "Complément", "stage": "convenu", "amount": 700, "on": date(2026, 2, 2), "document": "convention 2"},
        {"what": "paiement", "funder": "Etat", "label": "Solde", "line": "A", "payee": "imprimeur", "amount": 600, "due": date(2026, 4, 1)},
    )
    for row in new:
        book.active.append([row.get(name) for name in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    page = sent(desk, plan, out.getvalue(), "argent.xlsx")
    found = page.context["found"]
    assert [r.what for r in found.new] == ["pledge", "movement", "payment"] and found.same == 6 and found.left == 0
    assert Pledge.objects.count() == 1 and "Rien n’est enregistré" in text(page), "a trial keeps nothing"
    form = {"act": "keep", "table": found.table, "seen": page.context["seen"]}
    assert desk.post(here(plan), form).status_code == 302
    made = Pledge.objects.get(label="Complément")
    assert (made.state, made.movements.get().amount) == ("agreed", 700)
    paid = Payment.objects.get(label="Solde")
    assert (paid.state, paid.amount, paid.committed_by.username) == ("committed", 600, "finances")
    assert desk.post(here(plan), form).status_code == 409, "the page it was read on is gone"


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        (["pledge,,Personne,,x,,,,10,2026-01-05,,"], "PLN-110", "Ligne 2, colonne « funder »"),
        (["pledge,,Etat,,x,,,,10.5,2026-01-05,,"], "PLN-110", "colonne « amount »"),
        (["pledge,,Etat,,x,,,,10,05/13/2026,,"], "PLN-110", "colonne « on »"),
        (["don,,Etat,,x,,,,10,2026-01-05,,"], "PLN-110", "colonne « what »"),
        (["movement,,Etat,Dotation,,agreed,,,10,2026-01-05,,"], "PLN-110", "colonne « document »"),
        (["pledge,,Etat,,x,,,,10,2026-01-05,,", "movement,,Etat,Dotation,,called,,,9000,2026-01-05,,b"], "PLN-262", "Ligne 3"),
        (["payment,,Etat,,s,,A,p,99999,,2026-04-01,"], "PLN-233", "Ligne 2"),
        (["payment,,Etat,,s,,ZZ,p,10,,2026-04-01,"], "PLN-232", "Ligne 2"),
        (["pledge,7777777,Etat,,x,,,,10,2026-01-05,,"], "PLN-110", "colonne « number »"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_entered_is_refused_by_its_row_and_nothing_is_kept(desk, plan, rows, code, said):  # noqa: F811
    answer = sent(desk, plan, "\n".join([HEAD, *rows, ""]))
    assert answer.status_code in (409, 422) and code in text(answer) and said in text(answer), text(answer)[:600]
    assert Pledge.objects.count() == 1 and Payment.objects.count() == 1


def test_a_row_that_stands_is_not_written_over_by_a_file(desk, plan):  # noqa: F811
    data = desk.get(f"/planification/plans/{plan.code}/argent/classeur.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(data)))
    lines[-1]["amount"] = "401"
    out = io.StringIO()
    made = csv.DictWriter(out, COLUMNS)
    made.writeheader()
    made.writerows(lines)
    answer = sent(desk, plan, out.getvalue())
    assert answer.status_code == 409 and "PLN-261" in text(answer) and "colonne « amount »" in text(answer) and "« 400 »" in text(answer)
    lacking = sent(desk, plan, "what,number,funder,amount\npledge,,Etat,10\n")
    assert lacking.status_code == 422 and "PLN-108" in text(lacking) and "label" in text(lacking)


def test_a_donor_downloads_their_own_and_who_only_reads_enters_nothing(desk, plan, funder, officer, sign_in):  # noqa: F811
    donor = make_person("bailleur", "bailleur")
    money.keep_funder(plan=plan, code="Autre", said=money.Described("Autre", "other", "", ["bailleur"]), by=officer)
    client = sign_in(donor)
    assert client.get(f"/planification/plans/{plan.code}/argent/classeur.csv").content.decode("utf-8-sig").strip() == ",".join(COLUMNS)
    assert client.get(here(plan)).status_code == 404
    auditor = sign_in(make_person("auditeur", "auditeur"))
    assert 'value="try"' not in auditor.get(here(plan)).content.decode()
    assert sent(auditor, plan, HEAD + "\n").status_code == 403
