"""A notice, for who has it."""

from __future__ import annotations

from django.urls import reverse

from kalata.chain.about import About, Link, Title
from kalata.chain.rules.verbs import Verb
from kalata.notices.models import Notice

NOTICE = About(
    seen=lambda person: Notice.objects.filter(receipts__person=getattr(person, "pk", None)).distinct(),
    title=lambda one: Title(one.text_fr, one.text_en),
    page=lambda _one: reverse("notices:list"),
    links=(Link(verb=Verb.ABOUT, path="subject", bound=True),),
    listed=False,
)
