"""The files that the package carries, whether it is installed in a folder, a wheel or a zip."""

import json
import sys
from typing import Any, Final

if sys.version_info >= (3, 13):
    from importlib.resources import files
else:  # the backport reads packages in zip files as Python 3.13 does
    from importlib_resources import files

FINGERPRINTS: Final = "page.fingerprints"
"""The file, in JSON, with the fingerprints of the page from which the tables of its folder come."""


def data(name: str) -> bytes:
    """Return the bytes of a curated file: `programs` for `data/programs.json`."""
    return _read("data", f"{name}.json")


def schema(name: str, version: str | None = None) -> bytes:
    """Return the bytes of a published schema, such as `program`; of the newest version by default."""
    if version is None:
        return _read("schemas", f"{name}.schema.json")
    return _read("releases", "schemas", version, f"{name}.schema.json")


def releases() -> dict[str, dict[str, Any]]:
    """Return the hashes of all releases by version, under `data` and `schemas`."""
    content: dict[str, dict[str, Any]] = json.loads(_read("releases", "releases.lock"))
    return content


def release(version: str) -> bytes:
    """Return the bytes of a released dataset document: `1.0.0` for `releases/1.0.0.json`."""
    return _read("releases", f"{version}.json")


def fingerprints() -> bytes:
    """Return the bytes of the fingerprints of the page from which the curated files were written."""
    return _read("data", FINGERPRINTS)


def example(name: str) -> str:
    """Return the text of a file of the made-up dataset: `page.txt`, or the `lines.csv` of its claims."""
    return _read("provenance", "example", name).decode()


def outline() -> bytes:
    """Return the bytes of the outline of Massachusetts, the base of the map."""
    return _read("plot", "massachusetts.json")


def explorer(name: str) -> str:
    """Return the text of a file of the explorer page, such as `explorer.css`."""
    return _read("export", name).decode()


def _read(*path: str) -> bytes:
    return files("eaps_data").joinpath(*path).read_bytes()
