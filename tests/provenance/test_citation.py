"""Citations: text, BibTeX and CSL-JSON, each read back by a reader of that format; and the content hash."""

import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

import eaps_data as eaps
from eaps_data._internal.resources import release, releases
from eaps_data.models.records import DatasetDocument, Source
from eaps_data.provenance.citation import Citation, cite, content_hash
from support.strategies import documents, texts

ROOT = Path(__file__).parents[2]
VERSION, AS_OF = eaps.release.data_version, eaps.release.as_of

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>All fields</title><id>all</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography>
    <layout>
      <group delimiter="|">
        <names variable="author"/>
        <text variable="title"/>
        <text variable="version"/>
        <date variable="issued" form="numeric" date-parts="year-month-day"/>
        <text variable="note"/>
      </group>
    </layout>
  </bibliography>
</style>
"""


def entry(citation: Citation) -> tuple[str, Any]:
    """Return the key and the entry that a BibTeX reader finds."""
    database = pytest.importorskip("pybtex.database")
    found: dict[str, Any] = database.parse_string(citation.bibtex, "bibtex").entries
    ((key, only),) = found.items()
    return key, only


def rendered(citation: Citation) -> str:
    """Return every field as a CSL processor writes it in a bibliography."""
    citeproc = pytest.importorskip("citeproc")
    source = citeproc.source.json.CiteProcJSON(json.loads(citation.csl_json))
    style = citeproc.CitationStylesStyle(io.BytesIO(STYLE.encode()), validate=True)
    bibliography = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
    bibliography.register(citeproc.Citation([citeproc.CitationItem(citation.csl["id"])]))
    return str(bibliography.bibliography()[0])


def from_tex(text: str) -> str:
    """Return what TeX prints for an escaped string."""
    names = {
        "backslash": "\\",
        "braceleft": "{",
        "braceright": "}",
        "asciitilde": "~",
        "asciicircum": "^",
        "less": "<",
        "greater": ">",
        "bar": "|",
    }
    assert re.search(r"[~^<>|\"“”]", text) is None
    assert re.search(r"(?<!\\)[#$%&_]", text) is None
    return re.sub(r"\\text([a-z]+)\{\}|\\(.)", lambda match: match[2] or names[match[1]], text)


# The packaged data


def test_text_has_the_author_the_edition_the_source_and_the_hash() -> None:
    hash_ = content_hash(eaps.load())
    assert (
        str(cite())
        == cite().text
        == (
            f"The eaps-data authors ({AS_OF:%Y}). eaps-data, version {VERSION} [Data set]. Data as of {AS_OF}, from "
            "“Funded Municipalities”, Mass.gov (https://www.mass.gov/info-details/funded-municipalities). "
            f"Content {hash_}."
        )
    )


def test_bibtex_reader_finds_every_fact() -> None:
    key, found = entry(cite())
    assert (key, found.type) == (f"eaps-data-{VERSION}", "misc")
    assert [str(person) for person in found.persons["author"]] == ["{The eaps-data authors}"]
    assert dict(found.fields) == {
        "title": "{eaps-data}",
        "year": f"{AS_OF:%Y}",
        "month": f"{AS_OF:%B}",
        "howpublished": f"Data set, version {VERSION}",
        "note": f"Data as of {AS_OF}, from ``Funded Municipalities'', Mass.gov "
        f"(https://www.mass.gov/info-details/funded-municipalities). Content {content_hash(eaps.load())}",
    }


def test_bibtex_style_prints_the_citation() -> None:
    pybtex = pytest.importorskip("pybtex")
    printed = pybtex.format_from_string(cite().bibtex, "plain", output_backend="plaintext")
    assert printed.startswith(
        f"[1] The eaps-data authors. eaps-data. Data set, version {VERSION}, {AS_OF:%B %Y}. Data as of {AS_OF}, from "
    )


def test_csl_processor_prints_the_citation() -> None:
    citation = cite()
    assert rendered(citation).split("|") == [
        "The eaps-data authors",
        "eaps-data",
        VERSION,
        f"{AS_OF.month}/{AS_OF.day}/{AS_OF.year}",
        citation.csl["note"],
    ]
    assert citation.csl["type"] == "dataset"
    assert json.loads(citation.csl_json) == [citation.csl]
    # The data has no address and no identifier.
    assert {"DOI", "URL", "accessed", "publisher"}.isdisjoint(citation.csl)


def test_citation_is_an_immutable_value_and_plain_data() -> None:
    citation = cite()
    assert citation == cite(eaps.load())
    assert hash(citation) == hash(cite())
    plain = citation.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["as_of"] == AS_OF.isoformat()
    assert plain["source"]["id"] == "funded-municipalities"
    assert plain["csl"] == citation.csl
    with pytest.raises(AttributeError):
        citation.title = "mine"  # type: ignore[misc]


# Other data


def custom_dataset() -> eaps.Dataset:
    release = eaps.release.model_copy(update={"as_of": date(2027, 5, 6)})
    return eaps.Dataset(eaps.load().document.model_copy(update={"release": release}))


@pytest.mark.parametrize(("title", "author"), [(None, None), ("Ours", None), (None, "We")])
def test_custom_dataset_needs_a_title_and_an_author(title: str | None, author: str | None) -> None:
    with pytest.raises(ValueError, match="pass its title and author"):
        cite(custom_dataset(), title=title, author=author)
    assert cite(title=title, author=author).as_of == eaps.release.as_of


def test_custom_dataset_is_cited_by_its_title_and_author() -> None:
    citation = cite(custom_dataset(), title="Our towns", author="Town Data Project")
    assert str(citation).startswith(
        f"Town Data Project (2027). Our towns, version {VERSION} [Data set]. Data as of 2027-05-06, from “Funded "
    )
    assert entry(citation)[0] == citation.csl["id"] == f"our-towns-{VERSION}"
    assert entry(replace(citation, title="№ 1"))[0] == f"1-{VERSION}"
    assert entry(replace(citation, title="…"))[0] == f"dataset-{VERSION}"
    assert citation.content_hash != cite().content_hash


@pytest.mark.parametrize("version", releases()["data"])
def test_released_version_is_cited_with_the_hash_of_its_file(version: str) -> None:
    dataset = eaps.Dataset.from_release(version)
    citation = cite(dataset)
    released = releases()["data"][version]
    assert (citation.data_version, str(citation.as_of)) == (version, released["as_of"])
    assert citation.content_hash == released["content_hash"]
    assert citation.content_hash == f"sha256:{hashlib.sha256(release(version)).hexdigest()}"
    assert citation.text.startswith(f"The eaps-data authors ({citation.as_of.year}). eaps-data, version {version} ")
    edited = dataset.release.model_copy(update={"as_of": date(2027, 5, 6)})
    with pytest.raises(ValueError, match="pass its title and author"):
        cite(eaps.Dataset(dataset.document.model_copy(update={"release": edited})))


def test_unknown_facts_of_the_source_are_omitted() -> None:
    citation = replace(cite(), source=Source(id="a", title="A page"))
    assert "from “A page”. Content sha256:" in citation.text


@given(
    texts | st.text(st.sampled_from("\\{}~^#$%&_<>|@,=a "), min_size=1).filter(lambda text: text == text.strip()),
    st.dates(date(1000, 1, 1)),
)
def test_bibtex_keeps_every_character(text: str, as_of: date) -> None:
    text = re.sub(" +", " ", text)
    citation = replace(cite(), title=text, author=text, as_of=as_of)
    _, found = entry(citation)
    (author,) = found.persons["author"]
    expected = re.sub(r"[“\"”]", lambda match: "``" if match[0] == "“" else "''", text)
    for value in (found.fields["title"], str(author)):
        assert (value[0], value[-1]) == ("{", "}")
        assert from_tex(value[1:-1]) == expected
    assert found.fields["year"] == str(as_of.year)
    assert found.fields["month"] == f"{as_of:%B}"
    assert citation.bibtex.count("{") == citation.bibtex.count("}")


# The content hash


def test_content_hash_is_the_checksum_of_the_canonical_file() -> None:
    checksum = hashlib.sha256(eaps.load().to_json().encode("utf-8")).hexdigest()
    assert content_hash(eaps.load()) == cite().content_hash == f"sha256:{checksum}"


@given(documents())
def test_content_hash_depends_on_the_content_not_on_its_formatting(document: DatasetDocument) -> None:
    dataset = eaps.Dataset(document)
    plain = json.loads(dataset.to_json())
    terse = {
        name: [{key: row[key] for key in reversed(row) if row[key] not in (None, [])} for row in value]
        if isinstance(value, list)
        else value
        for name, value in reversed(plain.items())
    }
    again = eaps.Dataset.from_json(json.dumps(terse))
    assert again == dataset
    assert content_hash(again) == content_hash(dataset)
    plain["grant_program"]["name"] += "!"
    assert content_hash(eaps.Dataset.from_json(json.dumps(plain))) != content_hash(dataset)


def test_a_citation_is_shown_as_its_sentence() -> None:
    assert repr(eaps.cite()) == str(eaps.cite()) == eaps.cite().text
