"""A published cascade beside the plan: its days and francs are read line by line, taken into a draft or left, and signed as any change."""

import re
from datetime import date

import pytest
from django.utils import timezone

from kalata.country import services as country
from kalata.ledger.models import Act
from kalata.planning.queries import content
from kalata.planning.queries.effects import budget
from kalata.planning.queries.schedule import dates
from kalata.planning.services import editing
from kalata.training.models import Cascade
from kalata.training.rules.cascade_costs import cost_of
from kalata.training.rules.cascade_keep import content_of, kept_of, plan_of
from tests.conftest import BOXES, LISTS, make_person

pytestmark = pytest.mark.django_db
PLAN = {
    "first": "2027-05-20", "last": "2027-05-31", "closed": [], "class_max": 25, "class_days": 2, "reserve": 0, "travel_days": 0,
    "costs": {"venue": 25_000, "allowance": 4_000, "trainer": 15_000, "print": 1_200},
    "venues": [["ML-KAY", "A", 1, "bm", None]], "pairs": [["P", "ML-KAY", "area", ["bm"]]], "trainers": {}, "parents": {"ML-KAY": ""},
}  # fmt: skip
CLASSES = [
    ["K0001", "ML-KAY", "bm", "A", 1, "P", "2027-05-20", "2027-05-21", [], 20],
    ["K0002", "ML-KAY", "bm", "A", 1, "P", "2027-05-30", "2027-05-31", [], 15],
]  # fmt: skip


@pytest.fixture
def cascade(draft, planner, money, pack_version):
    contest = country.create_contest(
        election=draft.plan.election, code="pres-27-1", name_fr="Tour 1", name_en="", system=dict(pack_version.pack.engine_systems()["ML-PRES"]),
        boxes=BOXES, options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    return Cascade.objects.create(
        contest=contest, number=1, title="Cascade relue", content=PLAN, people={"ML-KAY|bm": []}, answer={"classes": CLASSES, "unserved": 0}, sha256="a" * 64,
        state="published", made_by=planner, asked_by=planner, published_by=money, published_at=timezone.now(),
    )  # fmt: skip


def here(version):
    return f"/planification/{version.pk}/chiffres/"


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u202f", " ").replace("\xa0", " "))


def sent(page, act, *codes):
    one = page.context["offers"][0]
    return {"act": act, "source": one.sized.mark, "seen": one.stamp, "line": list(codes)}


def francs(version, *codes):
    return sum(line.amount[1] for line in budget(dates(version), content.drivers(version)).lines if line.id in codes)


def test_its_days_and_francs_are_read_before_anything_is_taken_then_taken_to_the_franc_and_undone(draft, cascade, planner, sign_in):
    client = sign_in(planner)
    page = client.get(here(draft))
    (one,) = page.context["offers"]
    lines = {line.offer.code: line for line in one.lines}
    assert list(lines) == ["F08", "F08_SALLES", "F08_FORMATEURS", "F03", "F07"] and one.left == 5
    assert lines["F08"].costed.days == 5 and lines["F08"].costed.after == 35 * 2 * 4_000
    assert "F08 : 122 080 → 70" in text(page) and " checked" not in page.content.decode().split("<tbody>")[1], "what covers a part is said, and nothing is taken by default"
    assert "ligne nouvelle" in text(page) and "Cascade relue" in text(page)
    at = dates(draft).places["F08"]
    assert (one.sized.first, one.sized.last) == (date(2027, 5, 20), date(2027, 5, 31)) and one.days == (dates(draft).start(at), dates(draft).last(at))
    before = francs(draft, *lines)
    assert client.post(here(draft), sent(page, "take", "F08", "F08_SALLES", "F08_FORMATEURS", "F03")).status_code == 302
    whole = cost_of(plan_of(content_of(PLAN), {}), 2, sum(kept_of(c).places for c in CLASSES))
    assert francs(draft, "F08", "F08_SALLES", "F08_FORMATEURS", "F03") == whole.total
    after = client.get(here(draft))
    assert after.context["offers"][0].left == 1 and text(after).count("le plan le dit déjà") == 4
    assert Act.objects.filter(kind="planning.sized_chosen", after__source="a" * 64).count() == 1
    late = client.post(here(draft), sent(page, "take", "F07"))
    assert late.status_code == 409 and "PEO-212" in text(late)
    again = client.post(here(draft), sent(after, "take", "F08"))
    assert again.status_code == 409 and "PLN-260" in text(again)
    editing.undo(version=draft, by=planner)
    assert francs(draft, *lines) == before and "acceptée, changée depuis" in text(client.get(here(draft)))


def test_a_discarded_line_changes_nothing_and_is_counted_no_more(draft, cascade, planner, sign_in):
    client = sign_in(planner)
    sha = content.sha256(draft)
    page = client.get(here(draft))
    assert client.post(here(draft), sent(page, "leave", "F07", "F03")).status_code == 302
    page = client.get(here(draft))
    assert content.sha256(draft) == sha and page.context["offers"][0].left == 3 and text(page).count("écartée") == 2
    twice = client.post(here(draft), sent(page, "leave", "F07"))
    assert twice.status_code == 409 and "PLN-260" in text(twice)


def test_who_keeps_the_money_takes_the_lines_of_which_costs_alone_change(draft, cascade, money, sign_in):
    client, was = sign_in(money), francs(draft, "F03")
    page = client.get(here(draft))
    html = page.content.decode()
    assert "Cascade relue" in text(page) and f"/formation/plans/{cascade.pk}/" not in html
    assert 'value="F03"' in html and 'value="F08"' not in html and 'value="F08_SALLES"' not in html
    for code in ("F08", "F08_SALLES"):
        assert client.post(here(draft), sent(page, "take", "F03", code)).status_code == 403
        assert client.post(here(draft), sent(page, "leave", code)).status_code == 403
    assert francs(draft, "F03") == was
    assert client.post(here(draft), sent(page, "take", "F03")).status_code == 302
    assert francs(draft, "F03") == 35 * 1_200
    assert draft.modifications.get().by == money


def test_who_reads_plans_sees_it_and_takes_nothing_and_a_draft_cascade_is_nobodys(draft, cascade, money, sign_in):
    auditor = sign_in(make_person("auditeur", "auditeur"))
    page = auditor.get(here(draft))
    assert 'value="take"' not in page.content.decode() and auditor.post(here(draft), sent(page, "take", "F03")).status_code == 403
    assert f'href="/formation/plans/{cascade.pk}/"' in auditor.get(here(draft)).content.decode()
    Cascade.objects.filter(pk=cascade.pk).update(state="draft", published_at=None, published_by=None)
    assert "Rien n’est signé ailleurs" in text(auditor.get(here(draft)))
