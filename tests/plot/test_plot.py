"""Pictures are valid, inert SVG with a text alternative, and with labels that can be read."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given, settings, strategies as st

import eaps_data as eaps
from eaps_data import cli
from eaps_data._internal import resources
from eaps_data.models.records import Location
from eaps_data.models.vocabulary import Need
from eaps_data.plot import Picture
from eaps_data.plot.labels import Box, place_labels
from eaps_data.plot.svg import program_count, text_width, truncate, wrap
from support import made_up
from support.hostile import EMPTY, NASTY, hostile

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = ("map", "network", "matrix")


def draw_all(dataset: eaps.Dataset) -> dict[str, Picture]:
    return {
        "map": eaps.plot.map(dataset.municipalities),
        "network": eaps.plot.network(dataset.programs),
        "matrix": eaps.plot.matrix(dataset.programs),
    }


def parse(picture: Picture) -> ET.Element:
    """Parse a picture; fail if it could run a script or fetch a file."""
    root = ET.fromstring(picture.svg)  # noqa: S314 - our own output
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
        assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]
    assert "url(" not in picture.svg
    return root


def texts(picture: Picture) -> list[str]:
    return ["".join(element.itertext()) for element in parse(picture).iter(f"{SVG}text")]


def tooltips(picture: Picture) -> list[str]:
    return [group.findtext(f"{SVG}title") or "" for group in parse(picture).iter(f"{SVG}g")]


def edited(change: Callable[[Any], None]) -> eaps.Dataset:
    """Return the packaged dataset with a change to its document."""
    document = json.loads(eaps.load().to_json())
    change(document)
    return eaps.Dataset.from_json(json.dumps(document))


def test_the_map_shows_all_municipalities_and_shades_their_counties() -> None:
    picture = eaps.plot.map()
    assert {town.name for town in eaps.municipalities} <= set(texts(picture))
    root = parse(picture)
    assert len(list(root.iter(f"{SVG}circle"))) == len(eaps.municipalities)
    funded = [g[0].text for g in root.iter(f"{SVG}g") if len(g) > 1 and "funded" in g[1].get("class", "")]
    assert set(funded) == {f"{town.county} County" for town in eaps.municipalities}


def test_the_outline_has_all_counties_with_source_and_license() -> None:
    outline = json.loads(resources.outline())
    assert "Census" in outline["source"]
    assert "ISC" in outline["licence"]
    counties = {county["geoid"]: county["name"] for county in outline["counties"]}
    assert len(counties) == 14
    for town in eaps.municipalities:
        assert counties[str(town.identifiers.county_geoid)] == town.county
        assert town.location
        rings = next(c["rings"] for c in outline["counties"] if c["geoid"] == town.identifiers.county_geoid)
        point = (town.location.longitude, town.location.latitude)
        assert any(is_inside(*point, ring) or is_near(*point, ring) for ring in rings)


def is_near(x: float, y: float, ring: list[list[float]]) -> bool:
    """Return whether a point is near a corner of a ring: the outline is coarse, and two towns are on the coast."""
    return any(abs(x - corner_x) < 0.05 and abs(y - corner_y) < 0.05 for corner_x, corner_y in ring)


def is_inside(x: float, y: float, ring: list[list[float]]) -> bool:
    """Return whether a point is inside a ring, by ray casting."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_municipalities_without_location_are_listed_below_the_map() -> None:
    def remove_location(document: Any) -> None:
        revere = next(town for town in document["municipalities"] if town["id"] == "revere")
        del revere["location"]
        document["evidence"] = [
            row
            for row in document["evidence"]
            if not (row["subject"] == "municipalities/revere" and row["field"] == "location")
        ]

    picture = eaps.plot.map(edited(remove_location).municipalities)
    assert "Without a location: Revere." in picture.alt
    assert "Without a location: Revere." in texts(picture)


def test_another_state_has_no_outline() -> None:
    def move_to_vermont(document: Any) -> None:
        for number, town in enumerate(document["municipalities"]):
            town["state"] = "VT"
            town["location"] = {"latitude": 44.0 + number / 10, "longitude": -72.5}

    picture = eaps.plot.map(edited(move_to_vermont).municipalities)
    assert "land" not in picture.svg.partition("</style>")[2]
    assert picture.alt.startswith(f"A map of {len(eaps.municipalities)} municipalities: ")


def test_the_network_has_a_line_for_each_partnership() -> None:
    root = parse(eaps.plot.network())
    edges = [g for g in root.iter(f"{SVG}g") if len(g) == 2 and g[1].get("class", "").startswith("edge")]
    expected = sorted(
        f"{eaps.partners[row.partner].name}: {row.role}{', as one of several' if row.example else ''}:"
        f" {eaps.programs[row.program].name}"
        for row in eaps.partnerships
    )
    assert sorted(str(edge[0].text) for edge in edges) == expected


def test_the_network_shows_a_part_below_its_whole() -> None:
    ccrt, dcc = eaps.programs["CCRT"], eaps.programs["DCC"]
    reordered = edited(lambda document: document["programs"].sort(key=lambda row: row["id"] == dcc.id))
    for dataset in (eaps.load(), reordered):
        content = texts(eaps.plot.network(dataset.programs))
        assert content.index(dcc.name) < content.index(ccrt.name)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([{}], "1 program"),
        ([{}, {}], "2 programs"),
        ([{"plural": True}], "1 program record"),
        ([{}, {"named_by_source": False}], "2 program records"),
    ],
)
def test_records_of_several_or_unnamed_programs_are_not_counted_as_programs(
    fields: list[dict[str, Any]], expected: str
) -> None:
    programs = [
        made_up.program(f"p-{index}", needs=(Need.HOMELESSNESS,), **values) for index, values in enumerate(fields)
    ]
    dataset = made_up.dataset(programs)
    assert f"Alder ({expected})" in tooltips(eaps.plot.matrix(dataset.programs, by="municipality"))
    assert eaps.plot.matrix(dataset.programs, "needs").alt.startswith(f"{expected} with 1 need. ")
    assert eaps.plot.network(dataset.programs).alt.startswith(f"{expected} of 1 municipality with 0 partners. ")
    town = made_up.dataset(programs, location=Location(latitude=42.0, longitude=-71.0)).municipalities
    assert eaps.plot.map(town).alt.endswith(f": Alder ({expected}).")


@pytest.mark.parametrize("field", ["approaches", "services", "staff_roles", "populations", "needs", "frameworks"])
def test_the_matrix_has_a_mark_for_each_term_with_its_basis(field: str) -> None:
    marks = [tooltip for tooltip in tooltips(eaps.plot.matrix(fields=field)) if "“" in tooltip]
    rows = [row for row in eaps.evidence.where(field=field) if row.subject.startswith("programs/")]
    assert len(marks) == len({(row.subject, row.item) for row in rows})
    for program in eaps.programs:
        for term in getattr(program, field):
            bases = {row.basis for row in rows if row.subject == f"programs/{program.id}" and row.item == term}
            (mark,) = (each for each in marks if each.startswith(f"{program.name}: ") and names_term(each, term))
            assert any(f", {basis}: “" in mark for basis in bases)


def names_term(mark: str, term: str) -> bool:
    label = re.split(r", (?:stated|named|inferred): “", mark)[0]
    return label.replace("-", " ").endswith(f": {term.replace('-', ' ')}")


def test_the_matrix_by_municipality_has_a_column_for_each() -> None:
    picture = eaps.plot.matrix(fields="needs", by="municipality")
    towns = eaps.municipalities
    needs = {need for program in eaps.programs for need in program.needs}
    assert picture.alt.startswith(f"{len(towns)} municipalities with {len(needs)} needs. ")
    assert f"{towns[0].name}: " in picture.alt
    assert len([tooltip for tooltip in tooltips(picture) if re.search(r" \([0-9]+ program", tooltip)]) == len(towns)


def test_the_matrix_omits_a_field_without_terms() -> None:
    def remove_frameworks(document: Any) -> None:
        for program in document["programs"]:
            program["frameworks"] = []
            program["open_ended"] = [field for field in program["open_ended"] if field != "frameworks"]
        document["evidence"] = [row for row in document["evidence"] if "frameworks" not in (row["field"], row["item"])]

    programs = edited(remove_frameworks).programs
    picture = eaps.plot.matrix(programs, ["needs", "frameworks"])
    needs = {need for program in programs for need in program.needs}
    assert picture.alt.startswith(f"{program_count(programs)} with {len(needs)} needs, 0 frameworks. ")
    assert "Frameworks" not in texts(picture)
    assert eaps.plot.matrix(programs, "frameworks").alt == "There are no such terms here."


@pytest.mark.parametrize(("number", "shown"), [(100, 100), (101, 100)])
def test_the_matrix_has_at_most_100_columns(number: int, shown: int) -> None:
    picture = eaps.plot.matrix(many_programs(number).programs, "needs")
    assert picture.alt.startswith(f"{shown} programs with 1 need. Program 0: homelessness.")
    assert len([tooltip for tooltip in tooltips(picture) if tooltip.endswith(" (Amherst)")]) == shown
    assert len([tooltip for tooltip in tooltips(picture) if "“" in tooltip]) == shown
    assert texts(picture)[2].partition(". ")[2] == ("The first 100 of 101 programs." if number > shown else "")


@pytest.mark.parametrize(("number", "shown"), [(200, 200), (201, 200)])
def test_the_network_has_at_most_200_programs(number: int, shown: int) -> None:
    picture = eaps.plot.network(many_programs(number).programs)
    assert picture.alt.startswith(f"{shown} programs of 1 municipality with 0 partners. ")
    assert len([content for content in texts(picture) if content.startswith("Program ")]) == shown
    assert texts(picture)[2].partition(". ")[2] == ("The first 200 of 201 programs." if number > shown else "")


def many_programs(number: int) -> eaps.Dataset:
    """Return a dataset with many programs in Amherst, each with one need."""

    def replace_programs(document: Any) -> None:
        document["programs"] = [
            {"id": f"p-{index}", "name": f"Program {index}", "municipality": "amherst", "needs": ["homelessness"]}
            for index in range(number)
        ]
        document["partnerships"] = []
        document["redirects"] = [row for row in document["redirects"] if not row["old"].startswith("partnerships/")]
        evidence: dict[str, Any] = {"source": "funded-municipalities", "basis": "stated"}
        evidence |= {"section": "Town of Amherst", "paragraph": 1, "sentence": 1}
        document["evidence"] = [
            row for row in document["evidence"] if not row["subject"].startswith(("programs/", "partnerships/"))
        ] + [
            {"subject": f"programs/p-{index}", "field": field, "item": item, "quote": "homelessness", **evidence}
            for index in range(number)
            for field, item in (("name", None), ("municipality", None), ("needs", "homelessness"))
        ]

    return edited(replace_programs)


def test_unknown_fields_and_columns_are_errors_that_list_the_valid_ones() -> None:
    with pytest.raises(eaps.UnknownTermError, match="services"):
        eaps.plot.matrix(fields=["service"])
    with pytest.raises(eaps.UnknownTermError, match="services"):
        eaps.plot.matrix(fields=["status"])
    with pytest.raises(eaps.UnknownTermError, match="municipality"):
        eaps.plot.matrix(by="town")  # type: ignore[arg-type]  # type checkers reject it too


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: eaps.plot.map(eaps.load()), "plot.map() expects Municipalities, got Dataset"),  # type: ignore[arg-type]
        (lambda: eaps.plot.network(eaps.partners), "plot.network() expects Programs, got Partners"),  # type: ignore[arg-type]
        (lambda: eaps.plot.matrix([]), "plot.matrix() expects Programs, got list"),  # type: ignore[arg-type]
    ],
)
def test_other_records_are_type_errors(draw: Callable[[], Picture], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        draw()


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_has_a_text_alternative(name: str) -> None:
    picture = getattr(eaps.plot, name)()
    root = parse(picture)
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{picture.title}. {picture.alt}"
    assert root.findtext(f"{SVG}desc") == picture.alt
    assert repr(picture) == f"<Picture: {picture.alt}>"
    assert picture._repr_svg_() in picture._repr_html_()
    html5lib.HTMLParser(strict=True).parseFragment(picture._repr_html_())


@pytest.mark.parametrize("name", PICTURES)
def test_an_empty_dataset_shows_a_message(name: str) -> None:
    picture = draw_all(EMPTY)[name]
    assert picture.alt.startswith("There are no ")
    assert picture.alt in texts(picture)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", PICTURES)
def test_hostile_names_are_shown_as_text(name: str, nasty: str) -> None:
    picture = draw_all(hostile(nasty))[name]
    html5lib.HTMLParser(strict=True).parseFragment(picture._repr_html_())
    assert max(map(len, texts(picture))) < 200
    assert len(picture.alt) <= 2_000


def test_long_names_are_cut_and_a_long_alternative_too() -> None:
    pictures = draw_all(hostile("word " * 99 + "end"))
    for picture in pictures.values():
        assert texts(picture)[0].startswith("word word ")
        assert texts(picture)[0].endswith("…")
        assert 1_990 < len(picture.alt) <= 2_000
        assert picture.alt.endswith("…")
        assert any(tooltip.startswith("word " * 99 + "end") for tooltip in tooltips(picture))
    labels = {
        name: [each for each in texts(picture)[3:] if each.startswith("word")] for name, picture in pictures.items()
    }
    assert labels["map"] == ["word word word word word word…"] * 6
    assert {each for each in labels["matrix"] if each.endswith("…")} == set(labels["matrix"])
    # A box of the network has two lines, and only the second is cut.
    assert labels["network"][0::2] == [each for each in labels["network"] if not each.endswith("…")]
    assert labels["network"][1::2] == [each for each in labels["network"] if each.endswith("…")]


@pytest.mark.parametrize("suffix", ["svg", "html", "png", "SVG"])
def test_the_suffix_of_a_file_is_its_format(tmp_path: Path, suffix: str) -> None:
    if suffix == "png":
        pytest.importorskip("vl_convert")
    path = tmp_path / f"map.{suffix}"
    for _ in range(2):  # an existing file is replaced
        eaps.plot.map().save(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    content = path.read_bytes()
    starts = {"svg": b"<svg ", "html": b"<!doctype html>", "png": b"\x89PNG"}
    assert content.startswith(starts[suffix.lower()])
    if suffix == "html":
        html5lib.HTMLParser(strict=True).parse(content.decode())


@pytest.mark.parametrize(("name", "reason"), [("map.jpg", "unknown suffix .jpg"), ("map", "missing suffix")])
def test_another_suffix_is_an_error(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(eaps.ExportError, match=re.escape(f"{name}: {reason}; use .svg, .html or .png")):
        eaps.plot.map().save(tmp_path / name)
    assert not [*tmp_path.iterdir()]


def test_an_unwritable_destination_is_an_error_with_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.svg").mkdir()
    for path in (tmp_path / "none" / "a.svg", tmp_path / "a.svg"):
        with pytest.raises(eaps.ExportError) as raised:
            eaps.plot.map().save(path)
        assert str(raised.value).startswith(f"{path}: ")
        assert cli.main(["plot", "map", str(path), "--force"]) == 2
        assert f"{path}: " in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["a.svg"]


def test_png_without_its_extra_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(
        eaps.MissingExtraError, match=r"\(extra 'png'\); install it with: pip install vl-convert-python"
    ):
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


points = st.lists(st.tuples(st.floats(20, 900), st.floats(80, 600)), max_size=25)


@settings(max_examples=50)
@given(points, st.floats(20, 200))
def test_labels_overlap_no_point_and_no_other_label(at: list[tuple[float, float]], width: float) -> None:
    frame = Box(0, 60, 960, 640)
    boxes = [box for box in place_labels(at, [(width, 32.0)] * len(at), frame, 6) if box]
    for number, box in enumerate(boxes):
        assert box.is_inside(frame)
        assert not any(box.overlaps(other) for other in boxes[:number])
        assert not any(map(box.contains, at))


@given(st.text(max_size=300), st.floats(20, 300))
def test_text_is_cut_to_its_width(content: str, width: float) -> None:
    assert text_width(truncate(content, width)) <= width
    assert all(text_width(line) <= width for line in wrap(content, width, 2))
    assert len(wrap(content, width, 2)) <= 2


@pytest.mark.parametrize("content", ["Behavioral Health Unit", "ill", "漢字かな交じり文", "e\u0301"])
def test_text_is_cut_only_if_it_is_too_wide(content: str) -> None:
    width = text_width(content)
    assert truncate(content, width) == content
    cut = truncate(content + "!", width)
    assert cut.endswith("…")
    assert content.startswith(cut.removesuffix("…"))
