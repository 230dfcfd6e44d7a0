"""`/metrics`: every gauge of the house for Prometheus, to who bears the token of KALATA_METRICS; nobody else learns that it is there."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from kalata import __version__

ADDRESS = "/metrics"
Handler = Callable[[HttpRequest], HttpResponse]


class House:
    """What prometheus-client collects: asked of the database, each time."""

    def collect(self) -> Iterable[Metric]:
        from kalata.ledger import pulse, watching

        info = GaugeMetricFamily("kalata_info", "The version that answers", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        up = GaugeMetricFamily("kalata_database_up", "1 where the database answers")
        families: dict[str, GaugeMetricFamily] = {}
        try:
            for one in watching.every():
                name = f"kalata_{one.name}"
                if name not in families:
                    families[name] = GaugeMetricFamily(name, one.says, labels=sorted(one.labels))
                families[name].add_metric([one.labels[k] for k in sorted(one.labels)], one.value)
            sounding = GaugeMetricFamily("kalata_alarm", "1 for each alarm of the staff's pages", labels=["alarm"])
            for name, _message in pulse.alarms():
                sounding.add_metric([name], 1)
            up.add_metric([], 1)
            yield from (up, sounding, *families.values())
        except Error:
            up = GaugeMetricFamily("kalata_database_up", "1 where the database answers")
            up.add_metric([], 0)
            yield up


def written() -> bytes:
    registry = CollectorRegistry()
    registry.register(House())  # type: ignore[arg-type]
    return generate_latest(registry)


class MetricsMiddleware:
    """Stands with the address of probes, before sessions and names; without its token the address does not exist."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != ADDRESS or request.method != "GET" or not settings.METRICS:
            return self.get_response(request)
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {settings.METRICS}".encode()):
            return self.get_response(request)
        return HttpResponse(written(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
