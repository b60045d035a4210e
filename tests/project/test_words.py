"""Pages, docstrings, comments, help and messages use the words of the field, not the ones that were retired."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RETIRED = re.compile(
    r"""\b(?:
    tell | tells | (?:is|are) \s told | mend | mended | mends | anew | beside | besides | for \s ever | upon
    | apart \s from \s one \s another | stands? \s (?:for|in|twice|where) | where \s it \s stands
    | the \s like | of \s a \s like | such \s as \s have | whether \s or \s not | says \s of
    | comes? \s of | (?:is|are) \s (?:made|drawn) \s of | makes? \s sure \s of | (?:is|are) \s asked | asks \s of
    | of \s one's \s own | what \s (?:reads|tells|takes) | as \s \w+ \s has \s it
    | (?:what|which) \s is \s not \s said | unsaid | texts | sort \s of | of \s which | by \s way \s of
    | (?:row|file|line) \s an? \s (?:record|table|thing)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""A word that is bad only in some uses has a pattern of these."""
ALLOWED = {
    # Names in code.
    "src/eaps_data/models/vocabulary.py": {"texts"},
    "src/eaps_data/tables/search.py": {"texts"},
}
"""Exceptions, by file."""
PAGES = (
    *ROOT.glob("*.md"),
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "docs" / "reference").glob("*.md"),
    *(ROOT / "docs" / "notebooks").glob("*.ipynb"),
    *(ROOT / "examples").rglob("*.md"),
    *(ROOT / "tests" / "golden").glob("help*.txt"),
)
CODE = (*(ROOT / "src").rglob("*.py"), *(ROOT / "docs" / "_ext").rglob("*.py"))


def read(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page; of a module, its strings and comments."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(content.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type in (tokenize.STRING, tokenize.COMMENT) or tokenize.tok_name[token.type] == "FSTRING_MIDDLE":
            yield token.start[0], " ".join(token.string.split())


@pytest.mark.parametrize("path", [*PAGES, *CODE], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_retired_word_is_used(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    found = {(line, match[0]) for line, text in read(path) for match in RETIRED.finditer(text)}
    assert {each for each in found if each[1] not in ALLOWED.get(name, ())} == set()


def test_retired_words_are_found() -> None:
    for text in (
        "It tells why.",
        "a picture is drawn of it",
        "One row a record.",
        "whether or not it holds",
        "as X has it",
    ):
        assert RETIRED.search(text)
    assert not RETIRED.search("A row of the table is a record; a file has one table; the page says so.")
