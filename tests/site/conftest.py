"""A browser for files, with no server and no database."""

import pytest

from tests.browser.conftest import FLAGS


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*FLAGS, "--allow-file-access-from-files"]
        )
        yield started
        started.close()


@pytest.fixture
def new_context(browser):
    made = []

    def make(**options):
        made.append(browser.new_context(locale="fr-FR", **options))
        return made[-1]

    yield make
    for context in made:
        context.close()
