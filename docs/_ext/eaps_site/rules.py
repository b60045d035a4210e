"""The rules of validation as Markdown, from their catalog."""

from collections.abc import Iterator

from eaps_data.rules.catalog import SECTIONS
from eaps_site.text import code


def rules_text(section: str) -> str:
    """Return the rules of a section: what each one means, and what to do about a problem."""
    return "\n".join(_lines(section))


def _lines(section: str) -> Iterator[str]:
    for rule in SECTIONS[section]:
        warning = " *Warning.*" if rule.severity == "warning" else ""
        yield f"{code(rule.name)}{{#rule-{rule.name}}}"
        yield f": {rule.description}{warning}\n"
        yield f"  *Fix:* {rule.fix}\n"
