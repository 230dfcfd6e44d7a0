"""The same services, later: a log that began again from what was written down is replayed whole in the worker."""

from __future__ import annotations

import hashlib

from django_tasks import task

from kalata.transparency import publiclog, resuming
from kalata.transparency.halts import Altered
from kalata.transparency.models import PublicLog
from kalata.transparency.rules import resting
from kalata.transparency.rules.merkle import Tree
from kalata.transparency.rules.replay import Replay


@task()
def replayed(log_id: int) -> str:
    """Replay a log whole and hold it against its checkpoint and what was written down. Safe to run twice.

    LOG-203 stands on the log where one of them differs; the sequencer then replays it whole before it signs again.
    """
    one = PublicLog.objects.get(pk=log_id)
    said = resuming.said(one) or {}
    head = one.checkpoints.first()
    if head is None:
        return "empty"
    come_to: list[str] = []

    def told(tree: Tree, replay: Replay) -> None:
        come_to.append(hashlib.sha256(resting.rest(tree, replay)).hexdigest())

    try:
        whole = publiclog.rebuilt(one, light=True, size=head.size, at=int(said.get("size", -1)), then=told)
        if len(whole.tree) != head.size or whole.tree.root().hex() != head.root or come_to not in ([], [said["sha256"]]):
            raise Altered(size=head.size)
    except Altered as why:
        resuming.path(one).unlink(missing_ok=True)
        publiclog.halt(one, why)
        return why.code
    return "same"


publiclog.RESUMED.append(lambda one: replayed.enqueue(one.pk))
