"""Worked examples as tables in French that a jurist reads and amends; the tests run them, the docs are built from them."""
