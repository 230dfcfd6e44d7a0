"""The settings of an office with two addresses more, which take as long as they are asked to."""

from tests.house.settings import *  # noqa: F403

ROOT_URLCONF = "tests.house.slow_urls"
