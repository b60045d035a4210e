"""Fail or kill exports at each step and at each size of the disk: `python -m support.faults csv FOLDER`.

A chart is named by its suffix, `.svg`. Each attempt is a forked process. The disk is full at one of several sizes, or
the process is killed at that size, or at the n-th call that changes the folder, for every n. The file or folder is then
the old one or the new one, and the next export leaves nothing else. A run prints how many attempts it made.
"""

import os
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

import eaps_data as eaps
from eaps_data._internal import atomic_writes
from eaps_data.cli import main
from eaps_data.errors import ExportError
from eaps_data.export import FORMATS, FormatName
from support.sample import VERSION

CALLS: Final = frozenset({"open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"})
"""The audit events of calls that change files and folders."""
SIZES: Final = 12
_REFUSED: Final = 10

OLD: Final = eaps.Dataset.from_release(VERSION)
NEW: Final = eaps.Dataset.from_json(OLD.to_json().replace('"name": "Winthrop', '"name": "New Winthrop'))


def attempt(work: Callable[[], None], prepare: Callable[[], None]) -> int:
    """Run work in a forked process, and return its exit code; negative if a signal ended it."""
    with warnings.catch_warnings():  # pyarrow has threads, which the child does not use
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process == 0:
        try:
            prepare()
            work()
            code = 0
        except ExportError:
            code = _REFUSED
        except BaseException as error:  # noqa: BLE001 - reported by the code and on standard error
            traceback.print_exception(error)
            code = 1
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def kill_at(number: int, folder: Path) -> Callable[[], None]:
    """Return what kills this process at the call of that number in a folder."""
    calls = count(1)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in CALLS and str(folder) in str(arguments[0]) and next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: sys.addaudithook(hook)


def full_at(size: int, *, killed: bool) -> Callable[[], None]:
    """Return what limits files of this process to some bytes: the next write fails, or kills the process."""

    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if killed else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return prepare


def content(path: Path) -> dict[str, bytes] | None:
    """Return the bytes of a file, or of each file in a folder; None if there is none."""
    if not path.exists():
        return None
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def write(name: str, target: Path, dataset: eaps.Dataset) -> None:
    """Write a dataset, or a chart of it, over an earlier one."""
    if name in FORMATS:
        eaps.export.write(cast("FormatName", name), target, dataset, force=True)
        return
    source = next(path for path, held in _SOURCES.items() if held is dataset)
    with redirect_stderr(StringIO()):
        if main(["plot", "map", str(target), "--force", "--from", source]):
            raise ExportError(target, "refused")


_SOURCES: Final[dict[str, eaps.Dataset]] = {}
"""The files that charts are drawn from."""


def check(name: str, folder: Path, *, exchange: bool) -> int:
    """Make all attempts with a format, and return their number.

    Args:
        name: the format, or the suffix of a chart.
        folder: an empty folder.
        exchange: whether folders may be exchanged in one step; else in two, as on other systems.

    Raises:
        AssertionError: if an attempt leaves anything but the old or the new content.
    """
    os.fsync = lambda fd: None  # noqa: ARG005 which takes most of the time, and matters only if the power fails
    if not exchange:
        atomic_writes._exchange = lambda *_: False
    format_ = FORMATS.get(cast("FormatName", name))
    suffix = name if format_ is None else "" if format_.folder else format_.suffix
    target = folder / f"out{suffix}"

    def put(dataset: eaps.Dataset) -> dict[str, bytes]:
        """Write without a fault; in another process too, as some libraries start threads."""
        assert attempt(lambda: write(name, target, dataset), lambda: None) == 0
        assert [*folder.iterdir()] == [target]
        found = content(target)
        assert found is not None
        return found

    if format_ is None:
        sources = TemporaryDirectory()
        for path, dataset in ((f"{sources.name}/old.json", OLD), (f"{sources.name}/new.json", NEW)):
            eaps.export.write("json", path, dataset)
            _SOURCES[path] = dataset
    new, old = put(NEW), put(OLD)
    assert old != new
    for number, (prepare, may_refuse) in enumerate(_faults(max(map(len, new.values())), folder), start=1):
        code = attempt(lambda: write(name, target, NEW), prepare)
        found = content(target)
        if code in {0, _REFUSED}:
            assert found == (new if code == 0 else old)
            assert code == 0 or may_refuse
            assert [*folder.iterdir()] == [target]
        else:
            assert code in {-signal.SIGKILL, -signal.SIGXFSZ}, code
            if found is None:  # between the two renames: the next run puts the old one back
                assert not exchange
                atomic_writes.check_destination(target, name, force=True, folder=True)
                found = content(target)
            assert found in (old, new)
        assert put(OLD) == old
        if code == 0 and not may_refuse:
            return number
    raise AssertionError("no attempt reached its end")


def _faults(largest: int, folder: Path) -> Iterator[tuple[Callable[[], None], bool]]:
    for size in sorted({largest * part // SIZES for part in range(SIZES)} | {1, 4096}):
        yield full_at(size, killed=False), True
        yield full_at(size, killed=True), True
    for number in count(1):  # until an attempt makes fewer calls
        yield kill_at(number, folder), False


if __name__ == "__main__":
    sys.stdout.write(f"{check(sys.argv[1], Path(sys.argv[2]), exchange='--no-exchange' not in sys.argv)}\n")
