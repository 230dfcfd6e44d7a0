"""Every page of the Court in a house that is there: for each, one address that opens, and who opens it. Printed as JSON.

python -m tests.disputes.browser.addresses        (with the settings and the folder of that house)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import django

ROLES = (
    "greffe", "guichet-cour", "juge", "presidence-cour", "juge-2", "juge-3", "juge-4", "juge-5", "publication-cour", "recensement-cour",
    "liaison-cour", "partie", "commission-greffe", "commission-membre", "commission-presidence", "juge-civil",
)  # fmt: skip
"""Who opens the pages: the first who may is the one for whom a page is looked at."""
FILES = {
    "disputes:draw_file", "disputes:sealed", "disputes:piece", "disputes:whatif_file", "disputes:report_file", "disputes:piece_page",
    "disputes:my_receipt", "disputes:my_calendar", "disputes:my_file", "disputes:letters", "disputes:paper", "disputes:draft_near",
    "disputes:first_paper", "disputes:first_piece", "court:archive", "court:calendar", "court:paper", "court:file", "court:proclamation", "court:feed",
}  # fmt: skip
"""Addresses that give a file, a picture or a part of a page: nothing for a browser to look at."""
MOST = 40
"""Records tried for one page: the demonstration has fewer than that of each kind."""


def records() -> dict[str, list[Any]]:
    """The words that may stand in an address, by the name of the place they stand in."""
    from django.db.models import Case, Count, When

    from kalata.country.models import Contest
    from kalata.disputes.models import Office, Petition, Ruling, WhatIf

    richest = Case(When(state="instruction", then=0), default=1)
    numbers = Petition.objects.exclude(number=None).order_by(richest, "pk")
    return {
        "number": list(numbers.values_list("number", flat=True)),
        "code": list(Contest.objects.annotate(cases=Count("petitions")).order_by("-cases", "pk").values_list("code", flat=True)),
        "pk": list(Ruling.objects.order_by("pk").values_list("pk", flat=True)),
        "draft": list(Petition.objects.filter(state="draft").values_list("pk", flat=True)),
        "whatif": list(WhatIf.objects.values_list("petition__number", "pk")),
        "comparison": [
            (number, pk)
            for number, pk in numbers.values_list("number", "grounds__targets__station").distinct()
            if pk
        ],
        "first_case": list(Petition.every.exclude(office=None).order_by("-pk").values_list("number", flat=True)),
        "office": list(Office.objects.order_by("pk").values_list("counter__code", flat=True)),
        "slug": list(Ruling.objects.values_list("number", flat=True)),
    }  # fmt: skip


def kwargs_of(name: str, wanted: tuple[str, ...], known: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """What to put in the address of a page, one record after the other."""
    if not wanted:
        yield {}
    elif wanted == ("number", "pk"):
        yield from ({"number": n, "pk": pk} for n, pk in known.get(name, ())[:MOST])
    elif len(wanted) == 1:
        own = {"begun": "draft", "first_case": "first_case", "office": "office", "office_receive": "office"}
        rows = known.get(own.get(name, wanted[0]), [])
        if wanted == ("slug",):
            rows = [r.replace("/", "-") for r in rows]
        yield from ({wanted[0]: row} for row in rows[:MOST])


def pages() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(room of the address, name, words) of each address of the Court."""
    from kalata.disputes import urls, urls_public

    for space, found in (("disputes", urls), ("court", urls_public)):
        for one in found.urlpatterns:
            yield space, one.name, tuple(one.pattern.converters)


def found() -> dict[str, list[str]]:
    """name -> (who, address) of each page that is one; a file, or an address that nobody opens here, is left out."""
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from kalata.people.models import Person

    known = records()
    people: dict[str, Any] = {}
    for role in ROLES:
        people[role] = Client(raise_request_exception=False)
        people[role].force_login(
            Person.objects.get(username=role), "allauth.account.auth_backends.AuthenticationBackend"
        )
    out: dict[str, list[str]] = {}
    for space, name, wanted in pages():
        if f"{space}:{name}" in FILES:
            continue
        who = {"": Client(raise_request_exception=False)} if space == "court" else people
        for given in kwargs_of(name, wanted, known):
            try:
                address = reverse(f"{space}:{name}", kwargs=given)
            except NoReverseMatch:
                continue
            if opened := opens(who, address):
                out[f"{space}:{name}"] = [opened if opened != "-" else "", address]
                break
    return out


def opens(who: dict[str, Any], address: str) -> str:
    """Who opens this address as a page; "-" everybody, "" nobody, or it is a file."""
    for role, client in who.items():
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            return role or "-"
    return ""


def sessions() -> dict[str, str]:
    from django.contrib.sessions.backends.db import SessionStore

    from kalata.people.models import Person

    out = {}
    for role in ROLES:
        person, store = Person.objects.get(username=role), SessionStore()
        store["_auth_user_id"], store["_auth_user_hash"] = str(person.pk), person.get_session_auth_hash()
        store["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        store.create()
        out[role] = store.session_key
    return out


if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    print(json.dumps({"pages": found(), "sessions": sessions(), "cookie": settings.SESSION_COOKIE_NAME}))
