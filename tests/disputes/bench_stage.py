"""A bench of five with keys, and cases before it: what the tests of the bench begin with."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from django.utils import timezone

from kalata.disputes.models import BenchKey, BenchMember, Counter, Party, Petition
from kalata.disputes.rules.sealing import seal
from kalata.disputes.rules.sealing_keys import PrivateKey, PublicKey
from kalata.people.models import Person
from tests.conftest import make_person

AT = datetime(2027, 3, 7, 19, 31, 8, tzinfo=UTC)
AUTHORITIES = (
    "Président de la République",
    "Président de l'Assemblée nationale",
    "Conseil supérieur de la magistrature",
)
KEYS = {f"j{n}": PrivateKey.fresh() for n in range(1, 10)}


def person(username: str, role: str) -> Person:
    return Person.objects.filter(username=username).first() or make_person(username, role)


def judge(n: int, *, key: bool = True, since: date = date(2024, 1, 1)) -> BenchMember:
    """A member in function: j1 presides."""
    who = person(f"membre-{n}", "presidence" if n == 1 else "juge")
    member = BenchMember.objects.create(
        code=f"j{n}", person=who, authority=AUTHORITIES[(n - 1) // 3], since=since, president=n == 1, at=timezone.now()
    )  # fmt: skip
    if key:
        give_key(member)
    return member


def give_key(member: BenchMember, key: PrivateKey | None = None) -> BenchKey:
    public = (key or KEYS[member.code]).public.text()
    second = person("greffe-chef", "greffe")
    return BenchKey.objects.create(
        member=member, public=public, by=member.person, confirmed_by=second, at=timezone.now()
    )  # fmt: skip


def bench(n: int = 5, **extra: object) -> list[BenchMember]:
    return [judge(i, **extra) for i in range(1, n + 1)]  # type: ignore[arg-type]


def case(
    contest, n: int = 1, *, state: str = "docketed", party: str = "La pirogue", roll: int | None = None
) -> Petition:
    counter, _new = Counter.objects.get_or_create(
        code="BKO2", defaults={"name": "Greffe central", "key": "0" * 64, "at": timezone.now()}
    )
    made = Petition.objects.create(
        contest=contest, counter=counter, number=f"2027-P1-BKO2-{n:06d}", sequence=n, roll=roll or n, state=state,
        received_at=AT, at=timezone.now(),
    )  # fmt: skip
    Party.objects.create(petition=made, role="petitioner", name=party, at=timezone.now())
    return made


def sealed(text: str, *codes: str) -> bytes:
    """A text as a member's machine seals it, to the keys in force of these members."""
    lines = BenchKey.objects.filter(withdrawn_at=None, member__code__in=codes).values_list("public", flat=True)
    return seal(text.encode(), [PublicKey.read(one) for one in lines], os.urandom)
