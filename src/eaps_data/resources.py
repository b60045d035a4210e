"""The files that the package carries, wherever it is installed: in a folder, a wheel or a zip."""

import sys

if sys.version_info >= (3, 13):
    from importlib.resources import read_binary
else:  # the standard library learned to read from a subfolder by name in 3.13
    from importlib_resources import read_binary


def data(name: str) -> bytes:
    """The bytes of a curated file, such as `programs` for `data/programs.json`."""
    return _read("data", f"{name}.json")


def schema(name: str) -> bytes:
    """The bytes of a published schema, such as `program` for `schemas/program.json`."""
    return _read("schemas", f"{name}.json")


def _read(folder: str, name: str) -> bytes:
    content: bytes = read_binary("eaps_data", folder, name)  # type: ignore[no-untyped-call, unused-ignore]  # backport
    return content
