"""The papers of the Court: from plain facts of a case to a `kalata.documents` paper, in French or in English.

Each takes what it prints as a frozen value, so that a test, a counter without network and a service print alike.
`kalata.documents.services.issue` enters it in the register.
"""
