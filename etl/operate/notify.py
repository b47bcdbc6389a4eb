"""Sends a message to every address that apprise knows: mail, chat, a webhook. Never says an address: it may hold a password."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import apprise

from etl.model import AwardsError, UsageError
from etl.operate.alerts import Message, Severity

_KINDS = {
    Severity.CRITICAL: apprise.NotifyType.FAILURE,
    Severity.WARNING: apprise.NotifyType.WARNING,
    Severity.INFO: apprise.NotifyType.INFO,
    None: apprise.NotifyType.SUCCESS,  # what was wrong is over
}
_LIMITS = {"cto": "10", "rto": "20"}  # seconds to connect and to read, unless the address says so itself

log = logging.getLogger("awards.alert")
logging.getLogger("apprise").setLevel(logging.WARNING)  # at finer ones it shows addresses and payloads


def sender(addresses: Sequence[str]) -> Callable[[Message], None]:
    """Sends to all addresses. Raises UsageError when one is none."""
    services = [_service(number, address) for number, address in enumerate(addresses, 1)]

    def send(message: Message) -> None:
        """Tell all. Raises AwardsError, naming them by number and kind, when nobody was reached."""
        missed = []
        for number, service in enumerate(services, 1):
            told = apprise.Apprise()
            told.add(service)
            if not told.notify(title=message.title, body=message.body, notify_type=_KINDS[message.severity]):
                missed.append(f"address {number} ({service.service_name})")
        if len(missed) == len(services):
            raise AwardsError(f"the alert did not arrive at {', '.join(missed)}; the next look sends it again")
        if missed:  # somebody knows; that somebody be told the same at every look would help nobody
            log.error("the alert did not arrive at %s", ", ".join(missed))

    return send


def _service(number: int, address: str) -> apprise.NotifyBase:
    mark = "&" if "?" in address else "?"
    limits = "&".join(f"{name}={value}" for name, value in _LIMITS.items() if f"{name}=" not in address)
    service = apprise.Apprise.instantiate(f"{address}{mark}{limits}" if limits else address)
    if service is None:
        kind = address.partition(":")[0][:20]
        raise UsageError(f"address {number} of alert_urls ({kind}: ...) is none that apprise can send to; mend it")
    return service
