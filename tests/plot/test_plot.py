"""Pictures: SVG that is valid, runs nothing, tells what it shows, and whose labels can be read."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given, settings, strategies as st

import eaps_data as eaps
from eaps_data import cli
from eaps_data._internal import resources
from eaps_data.plot import Picture
from eaps_data.plot.drawing import fitted, lines, width
from eaps_data.plot.labels import Box, placed
from support.hostile import EMPTY, NASTY, hostile

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = ("map", "network", "matrix")
GOLDEN = Path(__file__).parents[2] / "docs" / "pictures"  # where they are shown


def drawn(dataset: eaps.Dataset) -> dict[str, Picture]:
    return {
        "map": eaps.plot.map(dataset.municipalities),
        "network": eaps.plot.network(dataset.programs),
        "matrix": eaps.plot.matrix(dataset.programs),
    }


def parsed(picture: Picture) -> ET.Element:
    """The elements of a picture, none of which runs anything or asks for anything."""
    root = ET.fromstring(picture.svg)  # noqa: S314 - it is ours
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
        assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]
    assert "url(" not in picture.svg
    return root


def texts(picture: Picture) -> list[str]:
    return ["".join(element.itertext()) for element in parsed(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_the_packaged_data_are_as_they_were(name: str, update_golden: bool) -> None:
    svg = getattr(eaps.plot, name)().svg
    path = GOLDEN / f"{name}.svg"
    if update_golden:
        path.parent.mkdir(exist_ok=True)
        path.write_text(svg, encoding="utf-8", newline="")
    assert svg == path.read_text(encoding="utf-8")


def test_the_map_shows_each_municipality_once_and_its_county() -> None:
    picture = eaps.plot.map()
    assert {town.name for town in eaps.municipalities} <= set(texts(picture))
    root = parsed(picture)
    assert len(list(root.iter(f"{SVG}circle"))) == 6
    funded = [g[0].text for g in root.iter(f"{SVG}g") if len(g) > 1 and "funded" in g[1].get("class", "")]
    assert set(funded) == {f"{town.county} County" for town in eaps.municipalities}


def test_the_outline_is_of_the_counties_with_their_source_and_licence() -> None:
    outline = json.loads(resources.outline())
    assert "Census" in outline["source"]
    assert "ISC" in outline["licence"]
    counties = {county["geoid"]: county["name"] for county in outline["counties"]}
    assert len(counties) == 14
    for town in eaps.municipalities:
        assert counties[str(town.identifiers.county_geoid)] == town.county
        assert town.location
        rings = next(c["rings"] for c in outline["counties"] if c["geoid"] == town.identifiers.county_geoid)
        place = (town.location.longitude, town.location.latitude)
        assert any(inside(*place, ring) or near(*place, ring) for ring in rings)


def near(x: float, y: float, ring: list[list[float]]) -> bool:
    """Whether a point is as near to a corner of a ring as the outline is coarse; two of the towns are on the coast."""
    return any(abs(x - corner_x) < 0.05 and abs(y - corner_y) < 0.05 for corner_x, corner_y in ring)


def inside(x: float, y: float, ring: list[list[float]]) -> bool:
    """Whether a point is within a ring: a line from it crosses the ring an odd number of times."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_the_network_has_a_line_for_each_partnership_in_its_role() -> None:
    root = parsed(eaps.plot.network())
    edges = [g for g in root.iter(f"{SVG}g") if len(g) == 2 and g[1].get("class", "").startswith("edge")]
    shown = sorted(str(g[0].text) for g in edges)
    expected = sorted(
        f"{eaps.partners[row.partner].name}: {row.role}{', as one of several' if row.example else ''}:"
        f" {eaps.programs[row.program].name}"
        for row in eaps.partnerships
    )
    assert shown == expected


def test_what_is_part_of_another_program_stands_under_it() -> None:
    ccrt, dcc = eaps.programs["CCRT"], eaps.programs["DCC"]
    document = json.loads(eaps.load().to_json())
    document["programs"].sort(key=lambda row: row["id"] == dcc.id)
    own = eaps.Dataset.from_json(json.dumps(document))
    for dataset in (eaps.load(), own):
        said = texts(eaps.plot.network(dataset.programs))
        assert said.index(dcc.name) < said.index(ccrt.name)


@pytest.mark.parametrize("field", ["approaches", "services", "staff_roles", "populations", "needs", "frameworks"])
def test_the_matrix_has_a_mark_for_each_term_of_each_program_with_its_basis(field: str) -> None:
    root = parsed(eaps.plot.matrix(fields=field))
    marks = [str(g[0].text) for g in root.iter(f"{SVG}g") if len(g) > 1 and "“" in str(g[0].text)]
    rows = [row for row in eaps.evidence.where(field=field) if row.subject.startswith("programs/")]
    assert len(marks) == len({(row.subject, row.item) for row in rows})
    for program in eaps.programs:
        for term in getattr(program, field):
            basis = {row.basis for row in rows if row.subject == f"programs/{program.id}" and row.item == term}
            (mark,) = (each for each in marks if each.startswith(f"{program.name}: ") and matches(each, term))
            assert any(f", {each}: “" in mark for each in basis)


def matches(mark: str, term: str) -> bool:
    return (
        re.split(r", (?:stated|named|inferred): “", mark)[0].replace("-", " ").endswith(f": {term.replace('-', ' ')}")
    )


def test_the_matrix_by_municipality_has_a_column_for_each() -> None:
    picture = eaps.plot.matrix(fields="needs", by="municipality")
    assert picture.alt.startswith("6 municipalities with 13 needs. Winthrop: opioid epidemic.")


def test_unknown_fields_and_columns_are_refused_with_what_there_is() -> None:
    with pytest.raises(eaps.UnknownTermError, match="services"):
        eaps.plot.matrix(fields=["service"])
    with pytest.raises(eaps.UnknownTermError, match="municipality"):
        eaps.plot.matrix(by="town")  # type: ignore[arg-type]  # it is refused by the type checker as well


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_says_in_words_what_it_shows(name: str) -> None:
    picture = getattr(eaps.plot, name)()
    root = parsed(picture)
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{picture.title}. {picture.alt}"
    assert root.findtext(f"{SVG}desc") == picture.alt
    assert repr(picture) == f"<Picture: {picture.alt}>"
    assert picture._repr_svg_() in picture._repr_html_()
    html5lib.HTMLParser(strict=True).parseFragment(picture._repr_html_())


@pytest.mark.parametrize("name", PICTURES)
def test_an_empty_dataset_is_a_sentence(name: str) -> None:
    picture = drawn(EMPTY)[name]
    assert picture.alt.startswith("There are no ")
    assert picture.alt in texts(picture)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", PICTURES)
def test_names_of_any_kind_are_texts(name: str, nasty: str) -> None:
    picture = drawn(hostile(nasty))[name]
    assert parsed(picture) is not None
    html5lib.HTMLParser(strict=True).parseFragment(picture._repr_html_())
    assert max(map(len, texts(picture))) < 200
    assert len(picture.alt) <= 2_000


@pytest.mark.parametrize("suffix", ["svg", "html", "png", "SVG"])
def test_a_picture_is_saved_by_the_end_of_its_name(tmp_path: Path, suffix: str) -> None:
    if suffix == "png":
        pytest.importorskip("vl_convert")
    path = tmp_path / f"map.{suffix}"
    for _ in range(2):  # it replaces what is there
        eaps.plot.map().save(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    content = path.read_bytes()
    starts = {"svg": b"<svg ", "html": b"<!doctype html>", "png": b"\x89PNG"}
    assert content.startswith(starts[suffix.lower()])
    if suffix == "html":
        html5lib.HTMLParser(strict=True).parse(content.decode())


@pytest.mark.parametrize("name", ["map.jpg", "map"])
def test_another_end_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(eaps.ExportError, match=re.escape(".svg, .html or .png")):
        eaps.plot.map().save(tmp_path / name)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("drawn_of", "kind", "given"),
    [
        (lambda: eaps.plot.map(eaps.load()), "Municipalities", "Dataset"),  # type: ignore[arg-type]  # so they are refused
        (lambda: eaps.plot.network(eaps.partners), "Programs", "Partners"),  # type: ignore[arg-type]  # so they are refused
        (lambda: eaps.plot.matrix([]), "Programs", "list"),  # type: ignore[arg-type]  # so they are refused
    ],
)
def test_records_of_another_kind_are_refused(drawn_of: Callable[[], Picture], kind: str, given: str) -> None:
    with pytest.raises(TypeError, match=rf"drawn of {kind}, as `eaps\.{kind.lower()}` is, and not of {given}"):
        drawn_of()


def test_where_it_cannot_be_written_is_told_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.svg").mkdir()
    for path, why in ((tmp_path / "none" / "a.svg", "create it first"), (tmp_path / "a.svg", "choose another")):
        with pytest.raises(eaps.ExportError, match=why) as raised:
            eaps.plot.map().save(path)
        assert str(raised.value).startswith(f"{path}: ")
        assert cli.main(["plot", "map", str(path), "--force"]) == 2
        assert f"{path}: " in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["a.svg"]


def test_png_without_the_extra_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(eaps.MissingExtraError, match=re.escape("eaps-data[png]")):
        eaps.plot.map().save(tmp_path / "map.png")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name", PICTURES)
def test_the_command_line_draws_the_same(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.svg"
    assert cli.main(["plot", name, str(path)]) == 0
    assert path.read_text(encoding="utf-8") == getattr(eaps.plot, name)().svg
    assert cli.main(["plot", name, str(path)]) == 2
    assert "--force" in capsys.readouterr().err
    own = tmp_path / "own.json"
    own.write_text(EMPTY.to_json(), encoding="utf-8")
    assert cli.main(["plot", name, str(path), "--force", "--from", str(own)]) == 0
    assert "There are no " in path.read_text(encoding="utf-8")
    own.write_text("{}", encoding="utf-8")
    assert cli.main(["plot", name, str(path), "--force", "--from", str(own)]) == 1


def test_what_has_no_location_is_named_below_the_map() -> None:
    document = json.loads(eaps.load().to_json())
    revere = next(town for town in document["municipalities"] if town["id"] == "revere")
    del revere["location"]
    document["evidence"] = [
        row
        for row in document["evidence"]
        if not (row["subject"] == "municipalities/revere" and row["field"] == "location")
    ]
    picture = eaps.plot.map(eaps.Dataset.from_json(json.dumps(document)).municipalities)
    assert "Without a location: Revere." in picture.alt
    assert "Without a location: Revere." in texts(picture)


def test_another_state_is_drawn_without_the_outline_of_massachusetts() -> None:
    document = json.loads(eaps.load().to_json())
    for number, town in enumerate(document["municipalities"]):
        town["state"] = "VT"
        town["location"] = {"latitude": 44.0 + number / 10, "longitude": -72.5}
    dataset = eaps.Dataset.from_json(json.dumps(document))
    picture = eaps.plot.map(dataset.municipalities)
    assert "land" not in picture.svg.partition("</style>")[2]
    assert picture.alt.startswith("A map of 6 municipalities: ")


points = st.lists(st.tuples(st.floats(20, 900), st.floats(80, 600)), max_size=25)


@settings(max_examples=50)
@given(points, st.floats(20, 200))
def test_labels_cover_no_point_and_no_other_label(at: list[tuple[float, float]], across: float) -> None:
    frame = Box(0, 60, 960, 640)
    boxes = placed(at, [(across, 32.0)] * len(at), frame, 6)
    found = [box for box in boxes if box]
    for number, box in enumerate(found):
        assert box.within(frame)
        assert not any(box.meets(other) for other in found[:number])
        assert not any(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in at)


@given(st.text(max_size=300), st.floats(20, 300))
def test_a_text_fits_where_it_is_put(said: str, room: float) -> None:
    assert width(fitted(said, room)) <= room
    assert all(width(line) <= room for line in lines(said, room, 2))
    assert len(lines(said, room, 2)) <= 2
