"""The API reference of records and vocabularies: their fields and terms, in addition to their docstrings."""

import inspect
from typing import Any

from pydantic import BaseModel
from sphinx.application import Sphinx

import eaps_data as eaps
from eaps_data.models.records import Record
from eaps_site.text import slug


def signature(_app: Sphinx, _what: str, _name: str, obj: object, *_given: object) -> tuple[str, None] | None:
    """Hide the signatures of records and vocabularies, whose fields and terms are listed instead."""
    return ("", None) if _is_model(obj) or _is_vocabulary(obj) else None


def docstring(_app: Sphinx, _what: str, _name: str, obj: Any, _options: object, lines: list[str]) -> None:
    """Add the fields to a record, and the terms to a vocabulary."""
    if _is_vocabulary(obj) and len(obj):
        lines += [*(f"- ``{term}``: {_rst(term.definition)}" for term in obj), ""]
    elif _is_model(obj):
        lines += ["", "Fields:", ""]
        lines += [f"- ``{name}``: {_rst(field.description or '')}" for name, field in obj.model_fields.items()]
        lines += [""]
        if issubclass(obj, Record):
            lines += [f"More is in the :ref:`data dictionary <table-{slug(obj.table)}>`.", ""]


def skip(_app: Sphinx, _what: str, name: str, obj: object, _skipped: bool, _options: object) -> bool | None:
    """Skip members that `docstring` lists, and internal ones."""
    skipped = name in {"model_config", "table", "columns"} or isinstance(obj, eaps.Term)
    return True if skipped else None


def _is_model(obj: object) -> bool:
    return inspect.isclass(obj) and issubclass(obj, BaseModel)


def _is_vocabulary(obj: object) -> bool:
    return inspect.isclass(obj) and issubclass(obj, eaps.Term)


def _rst(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")
