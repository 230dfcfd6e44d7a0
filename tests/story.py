"""A story told in chapters: once one fails, those after it are skipped and say where the story stopped."""

import pytest


def chapters():
    """The fixture for the module that tells the story, under any name: `in_order = chapters()`."""
    failed: list[str] = []

    @pytest.fixture(autouse=True)
    def in_order(request):
        if failed:
            pytest.skip(f"the story stopped at {failed[0]}")
        before = request.session.testsfailed
        yield
        if request.session.testsfailed > before:
            failed.append(request.node.name)

    return in_order


# Of every story: its house holds the database from the first chapter to the last.
@pytest.fixture(autouse=True)
def ledger_lifted_for_the_flush():
    """The database is copied again at the end of the story, not after each chapter."""


@pytest.fixture
def _django_db_helper():
    """Nor are they opened for each: the house holds the database from the first chapter to the last."""
