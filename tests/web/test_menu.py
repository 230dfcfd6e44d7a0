"""The menu: all that there is room for in its line; beyond, what one looks up stands behind one word."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kalata.ui.context import MANY, MenuLine, arranged
from tests.disputes.services.conftest import court as court


def lines(count, looked_up):
    return [MenuLine(f"s{n}", f"L{n}", "/", aside=n < looked_up) for n in range(count)]


def test_with_room_for_all_nothing_is_put_aside():
    found = arranged(lines(MANY, 4))
    assert len(found.lines) == MANY and not found.aside


def test_one_line_more_and_what_is_looked_up_goes_behind_one_word():
    found = arranged(lines(MANY + 1, 4))
    assert [one.section for one in found.aside] == ["s0", "s1", "s2", "s3"]
    assert len(found.lines) == MANY - 3


@pytest.mark.django_db
def test_the_registrar_has_every_page_in_a_menu_of_one_line_and_a_visitor_has_it_flat(court, sign_in, client):
    page = sign_in(court.registrar).get("/contentieux/role/").content.decode()
    nav = page[page.index('<nav class="main"') : page.index("</nav>", page.index('<nav class="main"'))]
    aside = nav[nav.index('<details class="aside">') :]
    for name in ("deadlines:index", "court:docket", "log:index", "results:archives", "country:index"):
        assert f'href="{reverse(name)}"' in aside
    assert 'href="/cour/"' in aside and 'href="/contentieux/role/"' not in aside
    assert len(re.findall("<a ", nav[: nav.index('<details class="aside">')])) <= 11
    client.logout()
    assert 'class="aside"' not in client.get("/").content.decode()
