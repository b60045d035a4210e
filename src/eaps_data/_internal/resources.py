"""The files that the package carries, wherever it is installed: in a folder, a wheel or a zip."""

import json
import sys
from typing import Any

if sys.version_info >= (3, 13):
    from importlib.resources import files
else:  # the backport reads packages in zip files as Python 3.13 does
    from importlib_resources import files


def data(name: str) -> bytes:
    """The bytes of a curated file, such as `programs` for `data/programs.json`."""
    return _read("data", f"{name}.json")


def schema(name: str, version: str | None = None) -> bytes:
    """The bytes of a published schema, such as `program` for `schemas/program.json`, in a version or the newest."""
    return (
        _read("schemas", f"{name}.json") if version is None else _read("releases", "schemas", version, f"{name}.json")
    )


def releases() -> dict[str, dict[str, Any]]:
    """What was released: under `data` and `schemas`, each version with its hashes."""
    content: dict[str, dict[str, Any]] = json.loads(_read("releases", "lock.json"))
    return content


def release(version: str) -> bytes:
    """The bytes of a dataset document as it was released, such as `1.0.0` for `releases/1.0.0.json`."""
    return _read("releases", f"{version}.json")


def fingerprints() -> bytes:
    """The bytes of the fingerprints of the page that the curated files were read from."""
    return _read("provenance", "fingerprints.json")


def outline() -> bytes:
    """The bytes of the outline that the map is drawn on."""
    return _read("plot", "massachusetts.json")


def explorer(name: str) -> str:
    """A part of the page to explore: `explorer.css` or `explorer.js`."""
    return _read("export", name).decode()


def _read(*path: str) -> bytes:
    return files("eaps_data").joinpath(*path).read_bytes()
