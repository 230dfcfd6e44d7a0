"""Kalata: an election, from the law to the proclaimed result, that anyone can verify."""

__version__ = "2026.1"
