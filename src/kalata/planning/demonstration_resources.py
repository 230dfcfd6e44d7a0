"""Pools and needs of the demonstration: invented, and said so in their source; a levelling waits line by line in a draft."""

from __future__ import annotations

from kalata.people.models import Person
from kalata.planning.models import Plan, PlanVersion
from kalata.planning.services import editing, levelling, resources, versions

SOURCE = "inventé pour la démonstration"
POOLS = f"""pool,from,to,capacity,name,measure,territory,flag,source
REDACTEURS,2026-01-05,,2,Rédacteurs de spécifications,personnes,,A,{SOURCE}
FORMATEURS,2026-01-05,2027-02-28,12,Formateurs nationaux,personnes,,A,{SOURCE}
FORMATEURS,2027-03-01,,20,Formateurs nationaux,personnes,,A,{SOURCE}
CAMIONS,2026-01-05,2026-06-30,60,Camions de 10 tonnes,véhicules,,A,{SOURCE}
CAMIONS,2026-07-01,2026-10-15,35,Camions de 10 tonnes,véhicules,,A,{SOURCE}
CAMIONS,2026-10-16,,60,Camions de 10 tonnes,véhicules,,A,{SOURCE}
PIROGUES_MOPTI,2026-08-01,2027-01-31,12,Pirogues motorisées,pirogues,ML-MOP,A,{SOURCE}
PIROGUES_MOPTI,2027-02-01,,4,Pirogues motorisées,pirogues,ML-MOP,A,{SOURCE}
"""
NEEDS = """id,pool,units
P02,REDACTEURS,1
P03,REDACTEURS,1
P08,REDACTEURS,1
M01,REDACTEURS,1
M02,REDACTEURS,1
M03,REDACTEURS,1
M10,REDACTEURS,1
M11,REDACTEURS,1
F06,FORMATEURS,8
F07,FORMATEURS,12
F09,FORMATEURS,6
F10,FORMATEURS,6
F11,FORMATEURS,6
M16,CAMIONS,40
E12,CAMIONS,30
A01,CAMIONS,40
A02,CAMIONS,60
E12,PIROGUES_MOPTI,4
A02,PIROGUES_MOPTI,4
"""
SECONDS = 10


def described(version: PlanVersion, by: Person) -> None:
    """The pools of the plan and the needs of its first version, before it is submitted."""
    resources.import_pools(plan=version.plan, text=POOLS, by=by)
    resources.import_needs(version=version, text=NEEDS, by=by)


def levelled(plan: Plan, by: Person) -> None:
    """A draft whose levelling is made at once, by nobody's worker; its lines wait for a decision."""
    draft = versions.open_draft(plan=plan, by=by)
    editing.change(version=draft, code="F07", new={"why_likely": "formateurs partagés (exercice)"}, by=by)
    run = levelling.ask(version=draft, limit=SECONDS, by=by)
    run.refresh_from_db()
    if run.ended_at is None:
        levelling.make(run)
