"""A prefecture's laptop under test: a house whose static files are served where they lie."""

from tests.house.settings import *  # noqa: F403

WHITENOISE_USE_FINDERS = True
