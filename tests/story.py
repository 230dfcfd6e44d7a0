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
