"""A browser for files, with no server and no database."""

import pytest

from tests.browser.tools import chromium


@pytest.fixture(scope="module")
def browser():
    with chromium("--allow-file-access-from-files") as started:
        yield started


@pytest.fixture
def new_context(browser):
    made = []

    def make(**options):
        made.append(browser.new_context(locale="fr-FR", **options))
        return made[-1]

    yield make
    for context in made:
        context.close()
