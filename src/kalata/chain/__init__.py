"""What rests on what: every record has an identifier, is found by its words, and says what it rests on.

Three rules. Who may open a record is asked before anything is ranked or counted (`about.About.seen`, one query a kind, the
one its own pages use). The kinds of link are a closed list, directed, named both ways (`rules/verbs.py`). A link that is a
foreign key already is read from it and copied nowhere; one that is none is an `Edge`, written by the service that makes
it, in its transaction (`services.rest`), and never changed.

Each room says in its `chained.py` how its kinds are titled, seen and linked; this room names none of them.
"""
