"""Bambara writes numbers and dates as French does."""

from django.conf.locale.fr.formats import *  # noqa: F403
