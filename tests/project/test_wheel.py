"""The wheel has every file of the package and nothing else."""

import zipfile
from pathlib import Path

import eaps_data as eaps

PACKAGE = Path(eaps.__file__).parent


def test_wheel_has_the_package_and_its_licenses(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode("utf-8")
    ours = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    info = f"eaps_data-{eaps.__version__}.dist-info"
    assert {name for name in names if not name.startswith(info)} == ours
    assert {"eaps_data/py.typed", "eaps_data/data/programs.json", "eaps_data/schemas/dataset.schema.json"} <= names
    licenses = {f"{info}/licenses/{name}" for name in ("LICENSE", "LICENSE-DATA", "LICENSE-OUTLINE")}
    assert {*licenses, f"{info}/entry_points.txt"} <= names
    assert "License-Expression: MIT AND CC-BY-4.0 AND ISC" in metadata
    assert "Requires-Dist: pydantic>=2.11" in metadata
    assert "Requires-Dist: importlib-resources>=6.4; python_version < '3.13'" in metadata
    assert "Requires-Python: >=3.11" in metadata
