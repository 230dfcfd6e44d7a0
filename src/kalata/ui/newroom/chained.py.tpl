"""How a record of toy is found and followed, by who may open it."""

from django.urls import reverse

from kalata.chain.about import About, plain
from PACKAGE import queries

TOY = About(
    seen=queries.records, title=lambda one: plain(one.title), page=lambda _one: reverse("toy:list"), subject="pk"
)
