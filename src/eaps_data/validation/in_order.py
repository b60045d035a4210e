"""Work that several processes may share, with the results in the order of the work."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

R = TypeVar("R")
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)

_AHEAD: Final = 8  # pieces of work that wait for each other process: enough that none is idle
_HELD: Final = 32  # pieces for each process that are done or wait: few to hold


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
    from concurrent.futures import Future, ProcessPoolExecutor  # one process is spared the time to import them
    from multiprocessing import get_context

    # Processes that begin anew are the same on every system, and inherit no locks of ours. This one works as well.
    with ProcessPoolExecutor(jobs - 1, get_context("spawn")) as pool:
        waiting: deque[_Begun[S] | S] = deque()
        given: list[_Begun[S]] = []
        try:
            for piece in work:
                given = [*filter(_is_awaited, given)]
                if not isinstance(piece, Work):
                    waiting.append(piece)
                elif len(given) < _AHEAD * (jobs - 1):
                    waiting.append(begun := _Begun(piece, pool.submit(_done, piece.do)))
                    given.append(begun)
                else:
                    waiting.append(begun := _Begun(piece, Future()))
                    begun.do_here()
                while waiting and (len(waiting) > _HELD * jobs or not _is_awaited(waiting[0])):
                    yield from _first(waiting)
            while waiting:
                yield from _first(waiting)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Begun(Generic[S]):
    """A piece of work that another process was given, or that this one does."""

    def __init__(self, work: Work[Any, S], future: "Future[Any]") -> None:
        self._work, self._future = work, future

    @property
    def is_done(self) -> bool:
        return self._future.done()

    def do_here(self) -> None:
        """Do it in this process, unless it is done, or another process has begun it."""
        if self._future.done() or not self._future.cancel():
            return
        self._future = self._future.__class__()
        try:
            self._future.set_result(_done(self._work.do))
        except Exception as error:  # noqa: BLE001 - raised when its turn comes, as that of another process is
            self._future.set_exception(error)

    def finish(self) -> Iterable[S]:
        """What comes of it, as soon as it is done."""
        return self._work.finish(self._future.result())


def _done(do: Callable[[], Any]) -> Any:
    """The result of a piece of work, in a form that another process can be sent."""
    result = do()
    return list(result) if isinstance(result, Iterator) else result


def _is_awaited(piece: object) -> bool:
    return isinstance(piece, _Begun) and not piece.is_done


def _first(waiting: "deque[_Begun[S] | S]") -> Iterable[S]:
    """What comes of the first piece; while another process is at it, this one does what no other has begun."""
    first = waiting[0]
    if isinstance(first, _Begun):
        for piece in [*waiting]:
            if first.is_done:
                break
            if isinstance(piece, _Begun):
                piece.do_here()
    waiting.popleft()
    return first.finish() if isinstance(first, _Begun) else (first,)
