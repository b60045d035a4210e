"""Custom datasets that are difficult to display: empty, or with hostile names."""

import json
from functools import cache
from typing import Any

import eaps_data as eaps

NASTY = (
    "<script>document.title='broken'</script>",
    "</style></title></text></svg><img src=x onerror=\"document.title='broken'\">",
    "\"'><svg/onload=alert(1)> &lt;b&gt; &amp ]]> -->",
    "[a](javascript:alert(1)) `{eval-rst}` **b** | c ${d} {{e}}",
    "\u202eemit \u2066txet\u200f",
    "\u0641\u0631\u064a\u0642 \u05e9\u05dc\u05d5\u05dd",
    "\U0001f469\u200d\U0001f692\U0001f3fd e\u0301 \ufffe\uffff",
    "x" * 500,
    "word " * 99 + "end",
)
"""Names that try to break the output: markup, control characters, right-to-left text, great length."""


@cache
def hostile(nasty: str) -> eaps.Dataset:
    """Return the packaged data with such names of all municipalities, programs and partners, and in some quotes."""
    document: dict[str, Any] = json.loads(eaps.load().to_json())
    document["grant_program"]["name"] = nasty
    for table in ("municipalities", "programs", "partners"):
        for number, record in enumerate(document[table]):
            record["name"] = f"{nasty} {number}"
            if "styled_name" in record:
                record["styled_name"] = f"{nasty} of {number}"
            if record.get("summary"):
                record["summary"] = nasty
    for row in document["evidence"]:
        if row["field"] in {"acronym", "kind"}:
            row["quote"] = " ".join(nasty.split()[:12])
    return eaps.Dataset.from_json(json.dumps(document))


EMPTY = eaps.Dataset.from_json(
    json.dumps(
        {
            "schema_version": "2.0.0",
            "release": {"data_version": "1.0.0", "as_of": "2026-01-31"},
            "grant_program": {"id": "p", "name": "P", "source": "s"},
            "municipalities": [],
            "programs": [],
            "partners": [],
            "partnerships": [],
            "sources": [{"id": "s", "title": "S"}],
            "evidence": [
                {"subject": "grant_program/p", "field": "name", "quote": "P", "source": "s", "basis": "stated"}
                | {"section": "S", "paragraph": 1, "sentence": 1}
            ],
        }
    )
)
"""A dataset with nothing but a grant program."""
