"""The result of a load test, as one JSON object or as lines for people."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from load.plan import Plan
from load.server import Usage
from load.tally import Histogram, Tally

_PERCENTILES = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p99.9": 99.9, "max": 100.0}
_KIB = 1024
_BUSY = 0.9


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that came out. `usages` of the server: before connecting, with all connected, and around measuring."""

    plan: Plan
    tally: Tally
    latency: Histogram
    connect_seconds: float
    busy: float
    usages: tuple[Usage | None, Usage | None, Usage | None, Usage | None]

    @property
    def right(self) -> bool:
        """Whether everything came as it should."""
        return not any(self.tally.wrong.values())


def facts(measured: Measured) -> dict[str, Any]:
    """The result as one JSON object: times in seconds, latencies in milliseconds, memory in bytes."""
    plan, tally = measured.plan, measured.tally
    return {
        "clients": plan.clients,
        "channels": plan.channels,
        "senders": plan.senders,
        "size": plan.size,
        "window": plan.window,
        "rate": plan.rate,
        "seconds": plan.duration,
        "processes": plan.processes,
        "connect_seconds": round(measured.connect_seconds, 3),
        "connects_per_second": round(tally.joined / max(measured.connect_seconds, 1e-6), 1),
        "messages_per_second": round(tally.messages / plan.duration, 1),
        "deliveries_per_second": round(tally.deliveries / plan.duration, 1),
        "latency": {name: round(measured.latency.percentile(p), 3) for name, p in _PERCENTILES.items()},
        "generator_busy": round(measured.busy, 3),
        "server": _server(measured),
        "right": measured.right,
        "counts": asdict(tally),
    }


def _server(measured: Measured) -> dict[str, Any] | None:
    """What the server used, as far as it could be measured."""
    before, connected, begin, end = measured.usages
    if before is None or connected is None or begin is None or end is None:
        return None
    cpu = end.cpu - begin.cpu
    joined = measured.tally.joined
    return {
        "cpu_seconds": round(cpu, 2),
        "cpu_share": round(cpu / measured.plan.duration, 3),
        "connect_cpu_seconds": round(connected.cpu - before.cpu, 2),
        "deliveries_per_cpu_second": round(measured.tally.deliveries / cpu) if cpu else None,
        "rss_before": before.rss,
        "rss_connected": connected.rss,
        "rss_end": end.rss,
        "rss_peak": end.peak,
        "bytes_per_connection": round((connected.rss - before.rss) / joined) if joined else None,
    }


def text(measured: Measured) -> str:
    """The result for people, a line for each thing."""
    plan, tally, all_ = measured.plan, measured.tally, facts(measured)
    lines = [
        f"connected   {tally.joined:,} of {plan.clients:,} clients in {measured.connect_seconds:.2f} s "
        f"({all_['connects_per_second']:,.0f}/s)"
    ]
    if plan.senders:
        latency = "  ".join(f"{name} {value:,.2f}" for name, value in all_["latency"].items())
        lines += [
            f"sent        {all_['messages_per_second']:,.0f} messages/s for {plan.duration:g} s "
            f"({tally.accepted:,} accepted in all)",
            f"delivered   {all_['deliveries_per_second']:,.0f} deliveries/s ({tally.heard:,} in all)",
            f"latency ms  {latency}",
        ]
    if server := all_["server"]:
        per_cpu = server["deliveries_per_cpu_second"]
        lines += [
            f"server CPU  {server['cpu_share']:.0%} of a core"
            + (f", {per_cpu:,} deliveries per CPU-second" if per_cpu and plan.senders else "")
            + f"; {server['connect_cpu_seconds']:.2f} s for connecting",
            f"server RSS  {_mib(server['rss_before'])} before, {_mib(server['rss_connected'])} with all connected "
            f"({(server['bytes_per_connection'] or 0) / _KIB:,.1f} KiB each), {_mib(server['rss_end'])} at the end"
            + (f", peak {_mib(server['rss_peak'])}" if server["rss_peak"] else ""),
        ]
    lines.append(f"generator   {measured.busy:.0%} of a core" + (_TOO_BUSY if measured.busy > _BUSY else ""))
    lines += [f"error       {sample}" for sample in tally.errors]
    if measured.right:
        lines.append(
            "verified    "
            + ("nothing lost, duplicated or out of order" if plan.senders else "all connections held")
        )
    else:
        lines.append(
            "WRONG       " + ", ".join(f"{count:,} {what}" for what, count in tally.wrong.items() if count)
        )
    return "\n".join(lines)


_TOO_BUSY = " of the busiest process: this may be the bottleneck, not the server; add --processes"


def _mib(size: int) -> str:
    return f"{size / _KIB / _KIB:,.1f} MiB"
