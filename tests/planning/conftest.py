"""People of the plan, and plans for the tests: the reference one and small ones."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from kalata.country.models import Election, Geography
from kalata.planning.models import Plan, PlanVersion
from kalata.planning.services import content, versions
from tests.conftest import make_person

T0, J1 = date(2026, 1, 5), date(2027, 6, 6)


@pytest.fixture
def planner(pack_version):
    return make_person("cellule", "cellule-planification")


@pytest.fixture
def money(pack_version):
    return make_person("finances", "finances")


@pytest.fixture
def committee(pack_version):
    return make_person("comite", "comite-pilotage")


@pytest.fixture
def election(pack_version):
    geography = Geography.objects.get(code="ml-2015")
    return Election.objects.create(code="pres-27", name_fr="Présidentielle 2027", pack=pack_version, geography=geography, polling_day=J1)  # fmt: skip


@pytest.fixture
def draft(election, planner):
    """The 137 activities, from the pack."""
    return versions.make_plan(code="pres-27", name="Plan de la présidentielle", election=election, family="presidential", rounds=2, t0=T0, j1=J1, by=planner)  # fmt: skip


def small(election, *lines, t0=T0, j1=J1):
    """A draft of lines `A 5 cd B:FS+2d`."""
    plan = Plan.objects.create(
        code=f"petit-{Plan.objects.count()}", name="Petit plan", family="presidential", election=election, rounds=1
    )
    version = PlanVersion.objects.create(plan=plan, number=1, t0=t0, j1=j1)
    rows = [[*line.split(" "), "", ""][:4] for line in lines]
    content.fill(version, [{"id": i, "dur_likely": n, "dur_unit": u, "predecessors": p, "activity_fr": f"Activité {i}"} for i, n, u, p in rows])  # fmt: skip
    return version


@pytest.fixture
def held_inside_alone(monkeypatch):
    """A row is held inside a transaction of the house alone: PostgreSQL refuses it elsewhere, SQLite holds none and says nothing."""
    inner = QuerySet.select_for_update

    def held(self, *args, **kwargs):
        assert any(not block._from_testcase for block in connection.atomic_blocks), "a row held outside a transaction"
        return inner(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", held)
