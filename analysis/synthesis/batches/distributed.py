"""The same work here, on all cores, or on the machines of a Dask cluster, with the same digits."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from distributed import Client

Part = TypeVar("Part")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]

EXTRA = "a Dask cluster needs the optional extra dask: pip install 'qof-evidence-book[dask]'"


def mapped(
    work: Callable[[Part], Result],
    parts: Sequence[Part],
    *,
    dask_address: str | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """Return the work done on every part, in the order of the parts.

    Where a part is worked on decides nothing about its digits: it brings its own numbers and, in
    a simulation, its own seed.

    Args:
        work: a function of a module, so that another machine can find it.
        parts: what it is called with, one at a time.
        dask_address: None to work here, "local" for a cluster on this machine, or the address
            of a scheduler, such as "tcp://10.0.0.1:8786".
        progress: called after each part with the number done and the number in all.

    Raises:
        ModuleNotFoundError: a cluster is asked for and Dask is not installed.
    """
    tell = progress or (lambda done, of: None)
    if dask_address is None:
        return list(_here(work, parts, tell))
    with _client(dask_address) as client:
        return _there(client, work, parts, tell)


def _here(
    work: Callable[[Part], Result], parts: Sequence[Part], tell: Progress
) -> Iterator[Result]:
    for done, part in enumerate(parts, 1):
        yield work(part)
        tell(done, len(parts))


def _there(
    client: "Client", work: Callable[[Part], Result], parts: Sequence[Part], tell: Progress
) -> list[Result]:
    from distributed import as_completed

    # Not pure: Dask would name equal parts alike, and hash every array to find out.
    futures = client.map(work, parts, pure=False)
    finished: Callable[[Sequence[object]], Iterable[object]] = as_completed
    for done, _ in enumerate(finished(futures), 1):
        tell(done, len(parts))
    gather: Callable[[Sequence[object]], list[Result]] = client.gather
    return gather(futures)


@contextmanager
def _client(address: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(EXTRA, name="distributed") from missing
    # Without a dashboard: nobody asked for a web server.
    started: Callable[..., Client] = Client
    client = started(dashboard_address=None) if address == "local" else started(address)
    with client:
        yield client
