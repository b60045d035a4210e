"""Start a folder of tables for the page of another state or program."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

from eaps_data._internal import canonical_json, resources
from eaps_data._internal.atomic_writes import atomic_export, check_destination
from eaps_data._version import __version__
from eaps_data.errors import ExportError
from eaps_data.models.table_specs import MEMBERS, SCHEMA_VERSION, TABLE_SPECS
from eaps_data.provenance.page import comparable, slug, visible_lines
from eaps_data.provenance.review import review
from eaps_data.provenance.saved_page import NotAPageError, read_paragraphs
from eaps_data.tables.dataset import Dataset

SOURCE: Final = "our-page"
"""The id of the page among the sources of a new folder."""
PAGE: Final = "page.txt"
"""The file with the text of the page in a new folder."""
README: Final = "README.md"
_EXAMPLE: Final = "Safer Exampleland"
_AS_OF: Final = date(2026, 1, 31)
_WORKFLOW: Final = f"""name: Check the data
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@34e114876b0b11c390a56381ad16ebd13914f8d5 # v4.3.1
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.13"
      - run: python -m pip install 'eaps-data=={__version__}'
      - run: eaps-data check . --page {PAGE} --format github
"""


_README: Final = f"""# {{title}}

The data of {{name}}, read from the text of its page (`{PAGE}`) with `pip install 'eaps-data[html]'`.
`releases/` has the released versions, and `CHANGELOG.md` their differences.

Keep this folder in git (start with `git init`): `eaps-data check` names the git commands that restore its files.

When the page has changed, save it as `{PAGE}`, and complete a draft:

```sh
eaps-data verify {PAGE} --data .
eaps-data draft {PAGE} --data . --output ../draft.csv
eaps-data check . --page {PAGE} --draft ../draft.csv --fix
```

Then compare every new row with the page, and release the data:

```sh
eaps-data release . --page {PAGE}
```
"""


def create(folder: Path, page: bytes | None = None, name: str | None = None) -> None:
    """Create a folder with the tables, the text of the page, a README, and a workflow that checks them in CI.

    Args:
        folder: The folder, which must not exist.
        page: The bytes of a saved page; without it, the folder has a made-up page and its complete data.
        name: The name of the grant program, as the page writes it; needed with a page.

    Raises:
        ExportError: If the folder exists or cannot be written.
        NotAPageError: If the page cannot be read, or does not have the name.
        MissingExtraError: As for `verify`.
    """
    if folder.exists():
        raise ExportError(folder, "already exists; choose another name")
    check_destination(folder, "a dataset", force=False, folder=True)
    lines = visible_lines(read_paragraphs(page)) if page is not None else []
    if page is not None and (name is None or not any(comparable(name) in comparable(line) for line in lines)):
        raise NotAPageError(f"the name of the grant program, {name!r}, is not on the page; write it as the page does")
    text = "\n\n".join(lines) + "\n" if page is not None else resources.example(PAGE)
    title, as_of = (lines[0], date.today()) if lines else ("Whom we fund", _AS_OF)  # noqa: DTZ011 - the local date
    rows = _rows(name or _EXAMPLE, title, as_of)
    with atomic_export(folder) as temporary:
        (temporary / ".github" / "workflows").mkdir(parents=True)
        files = {f"{table}.json": canonical_json.to_json(rows[table]) for table in MEMBERS}
        files |= {PAGE: text, ".github/workflows/check.yml": _WORKFLOW}
        files[README] = _README.format(title=title, name=name or _EXAMPLE)
        for file, content in files.items():
            (temporary / file).write_text(content, encoding="utf-8", newline="\n")
        if page is None:
            review(temporary, text.encode(), (resources.example("lines.csv"), "lines.csv")).write()


def _rows(name: str, title: str, as_of: date) -> dict[str, Any]:
    """Return the tables of a dataset that has only the grant program and its page, in canonical form."""
    id_ = slug(name)
    evidence = {"subject": f"grant_program/{id_}", "field": "name", "quote": name, "source": SOURCE, "basis": "stated"}
    rows: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        **{table: [] for table in MEMBERS if not TABLE_SPECS[table].has_one_row},
        "release": {"data_version": "0.1.0", "as_of": as_of.isoformat()},
        "grant_program": {"id": id_, "name": name, "source": SOURCE},
        "sources": [{"id": SOURCE, "title": title, "fields": ["municipalities", "programs", "partners"]}],
        "evidence": [evidence],
    }
    document: dict[str, Any] = Dataset.from_json(json.dumps(rows)).document.model_dump(mode="json")
    return document
