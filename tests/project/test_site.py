"""The documentation site builds strictly, fetches nothing from other hosts, and all its links resolve."""

import inspect
import json
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import pytest

pytest.importorskip("furo")
pytest.importorskip("myst_nb")
pytest.importorskip("sphinx")


import eaps_data as eaps
from eaps_data._internal.resources import releases
from eaps_data.cli.parser import COMMANDS
from eaps_data.display.text import short
from eaps_data.formats import columns
from eaps_data.models import vocabulary
from eaps_data.provenance.page import Place
from eaps_data.rules.catalog import RULES
from support.browser import chromium, violations
from support.hostile import EMPTY, NASTY, hostile
from support.html import parse_page

ROOT = Path(__file__).parents[2]
OTHERS = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "benchmarks/README.md",
    "examples/mcp/README.md",
    "examples/service/README.md",
)
GOLDEN = Path(__file__).parents[1] / "golden" / "site-leads-to.txt"

pytestmark = [pytest.mark.site, pytest.mark.slow]

Site = Mapping[str, Element]


def build(folder: Path, dataset: eaps.Dataset | None = None) -> Path:
    """Build the site in a copy, because the pages generated from the data are written next to the others."""
    ignore = shutil.ignore_patterns("municipalities", "project", "__pycache__")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=ignore)
    for name in OTHERS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    if dataset:
        (folder / "own.json").write_text(dataset.to_json(), encoding="utf-8")
        command += ["-D", f"eaps_dataset={folder / 'own.json'}"]
    ran = subprocess.run([*command, "docs", "site"], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    return {
        path.relative_to(folder).as_posix(): parse_page(path.read_text(encoding="utf-8"), strict=False)
        for path in sorted(folder.rglob("*.html"))
    }


def text_of(page: Element) -> str:
    return re.sub(r"\s+", " ", "".join(page.itertext()))


def test_internal_links_resolve(site: Site, folder: Path) -> None:
    ids = {name: {each.get("id") for each in page.iter()} for name, page in site.items()}
    for name, page in site.items():
        for link in page.iter("a"):
            parts = urlsplit(str(link.get("href", "")))
            if parts.scheme:
                continue
            target = (folder / name).parent / unquote(parts.path) if parts.path else folder / name
            assert target.resolve().is_file(), (name, link.get("href"))
            found = target.resolve().relative_to(folder.resolve()).as_posix()
            # The fragment of the explorer's address is its search.
            if parts.fragment and found in site and found != "explorer.html":
                assert unquote(parts.fragment) in ids[found], (name, link.get("href"))


def test_external_links_go_to_known_hosts(site: Site, update_golden: bool) -> None:
    links = [urlsplit(str(link.get("href"))) for page in site.values() for link in page.iter("a")]
    assert {link.scheme for link in links} <= {"", "https"}
    hosts = "".join(f"{host}\n" for host in sorted({str(link.hostname) for link in links if link.scheme}))
    if update_golden:
        GOLDEN.write_text(hosts, encoding="utf-8", newline="")
    assert hosts == GOLDEN.read_text(encoding="utf-8")


def test_pages_fetch_nothing_from_other_hosts(site: Site, folder: Path) -> None:
    for name, page in site.items():
        for element in page.iter():
            for attribute in ("src", "srcset", "data", "poster"):
                assert not urlsplit(element.get(attribute, "")).netloc, (name, element.attrib)
            if element.tag == "link":
                assert not urlsplit(element.get("href", "")).netloc, (name, element.attrib)
    for path in folder.rglob("*.css"):
        content = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", content), path


@pytest.mark.parametrize("town", eaps.municipalities.ids)
def test_municipality_page_has_the_quote_and_location_of_each_claim(site: Site, town: str) -> None:
    page = text_of(site[f"municipalities/{town}.html"])
    programs = eaps.programs.where(municipality=town)
    partnerships = eaps.partnerships.where(program=programs)
    partners = [partner for partner in eaps.partners if partner.id in {row.partner for row in partnerships}]
    for row in eaps.evidence.where(subject=[eaps.municipalities[town], *programs, *partnerships, *partners]):
        assert f"“{row.quote}”" in page
        if row.section and row.paragraph is not None and row.sentence is not None:
            assert str(Place(row.section, row.paragraph, row.sentence)) in page


def printed(value: Any) -> str:
    first = value[0] if isinstance(value, list) else value
    return short(str(first).lower() if isinstance(first, bool) else first)


@pytest.mark.parametrize("table", columns.tables(), ids=lambda table: table.name)
def test_dictionary_describes_every_column_with_an_example(site: Site, table: columns.Table) -> None:
    sections = site["dictionary.html"].iter("section")
    section = next(each for each in sections if each.findtext("h2", "").startswith(table.name))
    rows = [["".join(cell.itertext()).strip() for cell in row.iter("td")] for row in section.iter("tr")]
    described = {row[0].split(" in ")[0]: row for row in rows if row}
    assert list(described) == [column.name for column in table.columns]
    cells = columns.columns_of(table, eaps.load().to_rows()[table.name])
    for column, values in zip(table.columns, cells, strict=True):
        *_, description, example = described[column.name]
        assert column.description in re.sub(r"\s+", " ", description)
        known = [value for value in values if value not in (None, [])]
        assert not known or example == printed(known[0])


def test_vocabulary_page_defines_every_term(site: Site) -> None:
    page = text_of(site["vocabulary.html"])
    vocabularies = [each for each in vars(vocabulary).values() if inspect.isclass(each) and issubclass(each, eaps.Term)]
    for terms in vocabularies:
        for term in terms:
            assert term in page
            assert term.definition in page
            assert all(synonym in page for synonym in term.synonyms)


def test_rules_page_explains_every_rule(site: Site) -> None:
    page = text_of(site["reference/rules.html"])
    for rule in RULES.values():
        assert rule.name in page
        assert rule.description in page
        assert rule.fix.replace("`", "") in page


def test_commands_page_has_every_command_option_and_filter(site: Site) -> None:
    page = text_of(site["reference/commands.html"])
    for command in COMMANDS:
        assert f"eaps-data {command} [-h]" in page
    for option in ("--max-problems N", "--typescript", "--need VALUE", "--county VALUE", "--exact"):
        assert option in page


def test_inventory_has_every_public_name(folder: Path) -> None:
    lines = zlib.decompress((folder / "objects.inv").read_bytes().split(b"\n", 4)[4]).decode().splitlines()
    names = {name for name, role, *_ in (line.split() for line in lines) if role.startswith("py:")}
    public = {f"eaps_data.{name}" for name in eaps.__all__}
    for module in (eaps.export, eaps.plot, eaps.validation):
        public |= {f"{module.__name__}.{name}" for name in module.__all__}
    assert public - names == {"eaps_data.validation.Problem"}  # it is `eaps_data.Problem`


def test_a_colon_in_a_docstring_is_not_read_as_a_type(site: Site) -> None:
    types = [
        text_of(value)
        for name, page in site.items()
        if name.startswith("reference/")
        for fields in page.iter("dl")
        for label, value in pairwise(fields)
        if text_of(label).startswith("Type")
    ]
    assert [each for each in types if re.search("[a-z] [a-z]", each)] == []


def test_home_page_links_to_the_guides_the_data_and_the_explorer(site: Site, folder: Path) -> None:
    links = {link.get("href") for link in site["index.html"].iter("a")}
    assert {"start-notebook.html", "start-service.html", "start-ci.html", "explorer.html", "dictionary.html"} <= links
    eaps.export.write("html", folder.parent / "explorer.html", force=True)
    assert (folder / "explorer.html").read_bytes() == (folder.parent / "explorer.html").read_bytes()


def test_site_serves_every_published_schema(folder: Path) -> None:
    served = {path.relative_to(folder / "schemas").as_posix() for path in (folder / "schemas").rglob("*.json")}
    assert "2.0.0/program.schema.json" in served
    versions = releases()["schemas"]
    assert served == {f"{version}/{name}.schema.json" for version, names in versions.items() for name in names}
    for path in served:
        version, _, name = path.removesuffix(".schema.json").partition("/")
        assert json.loads((folder / "schemas" / path).read_bytes()) == eaps.json_schema(name, version)  # type: ignore[arg-type]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_accessible_and_fit_the_screen(folder: Path, width: int, scheme: Literal["light", "dark"]) -> None:
    names = ("index", "cookbook", "dictionary", "pictures", "reference/commands", "reference/rules", "reference/tables")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        for name in (*names, "municipalities/index", "municipalities/new-bedford", "notebooks/tour"):
            page.goto((folder / f"{name}.html").as_uri())
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


def test_hostile_names_are_shown_as_text(tmp_path: Path) -> None:
    name = " ".join(each for each in NASTY if len(each) < 200) + " " + "x" * 500
    made = build(tmp_path, hostile(name))
    pages = [*(made / "municipalities").glob("*.html"), made / "dictionary.html"]
    assert len(pages) == 8
    for path in pages:
        content = path.read_text(encoding="utf-8")
        page = parse_page(content, strict=False)
        # Sphinx and its theme have scripts; none comes from the data, and no element has an event handler.
        assert not [each for each in page.iter("script") if "broken" in "".join(each.itertext())]
        assert not [each for each in page.iter() if any(name.startswith("on") for name in each.attrib)]
        assert not [each for each in page.iter("a") if str(each.get("href")).startswith("javascript:")]
        assert not [each for each in page.iter("img") if each.get("src") == "x"]
    revere = parse_page((made / "municipalities" / "revere.html").read_text(encoding="utf-8"), strict=False)
    assert NASTY[0] in text_of(revere)


def test_empty_dataset_is_shown_as_a_sentence(tmp_path: Path) -> None:
    made = build(tmp_path, EMPTY)
    page = parse_page((made / "municipalities" / "index.html").read_text(encoding="utf-8"), strict=False)
    assert "There are no municipalities here yet." in text_of(page)
