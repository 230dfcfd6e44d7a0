"""Kalata: an election, from the law to the proclaimed result, that anyone can verify."""

from kalata.version import version

__version__ = version()
