"""Work that several processes may share, with the results in the order of the work."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

R = TypeVar("R")
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)

_AHEAD: Final = 4  # parts of work for each process to have waiting: enough that none is idle, few to hold


class Work(NamedTuple, Generic[R, S_co]):
    """A piece of work.

    Attributes:
        do: does it, in this process or another, so it is to be picklable, as is its result.
        finish: takes its result in this process, in order, and gives what comes of it.
    """

    do: Callable[[], R]
    finish: Callable[[R], Iterable[S_co]]


def in_order(work: Iterable[Work[Any, S] | S], jobs: int) -> Iterator[S]:
    """Do work, and give what comes of it in its order; what is no work, as it is.

    Args:
        work: the pieces; made as they are needed, so that they may be many.
        jobs: how many processes do it; 1 is this one.
    """
    if jobs == 1:
        for piece in work:
            if isinstance(piece, Work):
                yield from piece.finish(piece.do())
            else:
                yield piece
        return
    from concurrent.futures import ProcessPoolExecutor  # one process is spared the time to import them
    from multiprocessing import get_context

    # Processes that begin anew are the same on every system, and inherit no locks of ours.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        waiting: deque[tuple[Future[Any], Work[Any, S]] | S] = deque()
        try:
            for piece in work:
                waiting.append((pool.submit(_done, piece.do), piece) if isinstance(piece, Work) else piece)
                if len(waiting) > _AHEAD * jobs:
                    yield from _finished(waiting.popleft())
            while waiting:
                yield from _finished(waiting.popleft())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _done(do: Callable[[], Any]) -> Any:
    """The result of a piece of work, in a form that another process can be sent."""
    result = do()
    return list(result) if isinstance(result, Iterator) else result


def _finished(piece: "tuple[Future[Any], Work[Any, S]] | S") -> Iterable[S]:
    if isinstance(piece, tuple):
        future, work = piece
        return work.finish(future.result())
    return (piece,)
