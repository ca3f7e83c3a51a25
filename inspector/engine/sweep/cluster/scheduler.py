"""The way to a Dask cluster: one that runs somewhere, or one started on this machine.

Whoever can reach a Dask scheduler can run code on its workers: it belongs into a network where
everybody may, or behind TLS (``tls://`` addresses, with the certificates of Dask's own
configuration). What is started here listens on the loopback address alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inspector.core.errors import ClusterError, UsageError, first_line
from inspector.engine.sweep.threads import available_cores

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = "local"
"""Asks for workers on this machine; ``local:N`` for so many."""

LOST_AFTER = "1000 h"
"""When Dask gives up a worker of this machine that died, and is away at that moment."""

CONNECT_SECONDS = 5.0
MOST_LOCAL = 64
LOCAL_FAILURES = 1
"""How often a shard is given out again after its worker died, before it is cut; the scheduler's
own setting ``distributed.scheduler.allowed-failures`` where it runs elsewhere."""


@dataclass(frozen=True, eq=False, slots=True)
class Cluster:
    """An open connection to a scheduler.

    Attributes
    ----------
    client
        Dask's own.
    address
        Where the scheduler is, for messages.
    """

    client: Any
    address: str

    def threads(self) -> dict[str, int]:
        """Give the workers' addresses, and how many shards each runs at once.

        Raises
        ------
        ClusterError
            Where the scheduler is gone.
        """
        self.require_alive()
        try:
            found: dict[str, int] = dict(self.client.nthreads())
        except (OSError, RuntimeError, TimeoutError) as error:
            raise self.gone() from error
        return found

    def require_alive(self) -> None:
        """Raise ClusterError where the scheduler is gone."""
        if self.client.status != "running":
            raise self.gone()

    def gone(self) -> ClusterError:
        """Give the error for a scheduler that no longer answers."""
        return ClusterError(
            f"The connection to the scheduler {self.address} was lost.",
            "Every finished picture is kept; start the scheduler again and go on with --resume.",
        )


def check_scheduler(scheduler: str) -> None:
    """Refuse what cannot work before anything is started.

    Raises
    ------
    UsageError
        Where Dask is not installed, or `scheduler` is no address.
    """
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(
            "Sweeps past one machine need Dask, which is not installed.",
            "Run: pip install 'twin-inspector[cluster]'",
        )
    if _local_workers(scheduler) is None and not _is_address(scheduler):
        raise UsageError(
            f"{scheduler!r} is no address of a scheduler.",
            "Give HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, local or local:N.",
        )


@contextlib.contextmanager
def open_cluster(scheduler: str) -> Iterator[Cluster]:
    """Connect to a scheduler, or start one with workers on this machine, which end with it.

    Parameters
    ----------
    scheduler
        ``HOST:PORT``, any address of Dask's, ``local`` (a worker per core) or ``local:N``.

    Raises
    ------
    UsageError
        Where Dask is not installed, or `scheduler` is no address.
    ClusterError
        Where nobody answers.
    """
    check_scheduler(scheduler)
    workers = _local_workers(scheduler)
    if workers is None:
        with _connected(scheduler, scheduler) as cluster:
            yield cluster
    else:
        with _local_cluster(workers) as address, _connected(address, scheduler) as cluster:
            yield cluster


@contextlib.contextmanager
def _local_cluster(workers: int) -> Iterator[Any]:
    """Start workers with one engine each; they share the cores.

    Dask looks again some seconds after a worker died, and gives up for good one that is just then
    starting anew, as after a second death: here they always come back.
    """
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": LOST_AFTER}),
        tempfile.TemporaryDirectory(
            prefix="twin-inspector-workers-", ignore_cleanup_errors=True
        ) as folder,
        LocalCluster(
            n_workers=workers,
            threads_per_worker=max(1, available_cores() // workers),
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port; None would want one that is taken
            local_directory=folder,
            scheduler_kwargs={"allowed_failures": LOCAL_FAILURES},
        ) as cluster,
    ):
        yield cluster


@contextlib.contextmanager
def _connected(where: Any, shown: str) -> Iterator[Cluster]:
    from distributed import Client

    try:
        if isinstance(where, str):
            asyncio.run(_greet(where))
        client = Client(where, timeout=CONNECT_SECONDS, set_as_default=False, name="twin-inspector")
    except (*(OSError, TimeoutError, ValueError, TypeError), *(RuntimeError, MemoryError)) as error:
        reason = f": {first_line(error)}" if str(error) else "."
        raise ClusterError(
            f"No Dask scheduler answers at {shown}{reason}",
            "Check the address and that 'dask scheduler' runs there; a tls:// address needs the "
            "certificates of Dask's configuration.",
        ) from error
    with client:
        yield Cluster(client, shown)


async def _greet(address: str) -> None:
    """Shake hands with a scheduler, in limited time.

    Dask's client waits for ever for a server that is none and says nothing, and leaves a thread
    behind where the address is wrong.
    """
    from distributed.comm import connect
    from distributed.security import Security

    options = Security().get_connection_args("client")
    async with asyncio.timeout(CONNECT_SECONDS + 1.0):
        comm = await connect(address, timeout=CONNECT_SECONDS, **options)
        await comm.close()


def _local_workers(scheduler: str) -> int | None:
    """Give how many workers to start here; None where an address is meant."""
    name, _, count = scheduler.partition(":")
    if name != LOCAL:
        return None
    if not count and scheduler == LOCAL:
        return available_cores()
    if not count.isdecimal() or not 1 <= int(count) <= MOST_LOCAL:
        raise UsageError(
            f"{scheduler!r} is no number of workers.", f"Give local:1 to local:{MOST_LOCAL}."
        )
    return int(count)


def _is_address(text: str) -> bool:
    place = text.partition("://")[2] if "://" in text else text
    host, _, port = place.rpartition(":")
    return bool(host) and port.isdecimal() and 0 < int(port) < 65536
