"""Charts show what the data has, with nothing cut, and are the user's to change."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("altair")

import altair as alt

import eaps_data as eaps
from eaps_data._internal import resources
from eaps_data.models.records import Location, Partner, Partnership
from eaps_data.models.vocabulary import Basis, Need, Role
from eaps_data.plot import chart as shared, program_network, term_matrix
from eaps_data.plot.words import STRENGTHS, enumeration, term_label
from support import made_up
from support.commands import Runner
from support.hostile import EMPTY, NASTY, hostile

CHARTS = ("map", "network", "matrix")
Row = dict[str, Any]


def draw(name: str, dataset: eaps.Dataset) -> Any:
    return getattr(eaps.plot, name)(dataset.municipalities if name == "map" else dataset.programs)


def rows(spec: Row, mark: str, column: str) -> list[Row]:
    """Return the data of the layer with a type of mark and a column."""
    found = []
    for layer in spec.get("layer", [spec]):
        data = layer.get("data", spec.get("data"))
        values = data["values"] if "values" in data else spec["datasets"][data["name"]]
        if layer["mark"]["type"] == mark and values and column in values[0]:
            found += values
    return found


def labels(spec: Row) -> set[str]:
    """Return the texts of a chart, with their lines joined."""
    return {row["label"].replace("\n", " ") for row in rows(spec, "text", "label")}


def edited(change: Callable[[Any], None]) -> eaps.Dataset:
    """Return the packaged dataset with a change to its document."""
    document = json.loads(eaps.load().to_json())
    change(document)
    return eaps.Dataset.from_json(json.dumps(document))


def test_the_map_has_a_point_for_each_municipality_sized_by_its_programs() -> None:
    spec = eaps.plot.map().to_dict()
    points = rows(spec, "circle", "programs")
    assert {row["Municipality"]: row["programs"] for row in points} == {
        town.name: len(eaps.programs.where(municipality=town)) for town in eaps.municipalities
    }
    (layer,) = (layer for layer in spec["layer"] if layer["mark"]["type"] == "circle")
    assert layer["encoding"]["size"]["title"] == "Program records"
    assert layer["encoding"]["size"]["legend"]["values"] == [1, 2, 8]
    for row in points:
        programs = eaps.programs.where(municipality=row["Municipality"])
        assert row["Program"] == enumeration([program.name for program in programs])
        for program in programs:
            assert all(f"“{each.quote}”" in row["Quotation"] for each in quotes(program, "name"))


def quotes(record: Any, field: str) -> list[eaps.Evidence]:
    return [row for row in eaps.evidence.where(subject=record) if row.field == field]


def test_the_map_names_each_municipality_and_its_county() -> None:
    shown = labels(eaps.plot.map().to_dict())
    for town in eaps.municipalities:
        assert any(label.startswith(f"{town.name} ") for label in shown)
        assert town.county in shown


def test_the_map_shades_the_counties_of_its_municipalities() -> None:
    counties = rows(eaps.plot.map().to_dict(), "geoshape", "opacity")
    shades = {county["properties"]["name"]: county["opacity"] for county in counties}
    assert len(shades) == 14
    shaded = {name for name, opacity in shades.items() if opacity == max(shades.values())}
    assert shaded == {town.county for town in eaps.municipalities}


@pytest.mark.parametrize("county", ["Suffolk", "Bristol", "Hampshire"])
def test_the_map_is_zoomed_to_the_counties_that_it_shows(county: str) -> None:
    spec = eaps.plot.map(eaps.municipalities.where(county=county)).to_dict()
    (west, south), (east, north) = spec["projection"]["fit"]["geometry"]["coordinates"]
    (outline,) = (each for each in resources_outline() if each["properties"]["name"] == county)
    points = [point for (ring,) in outline["geometry"]["coordinates"] for point in ring]
    for low, high, values in ((west, east, [x for x, _ in points]), (south, north, [y for _, y in points])):
        assert low < min(values) < max(values) < high
        assert high - low < 1.5 * max(max(values) - min(values), 0.2)


def resources_outline() -> list[Row]:
    features: list[Row] = json.loads(resources.outline())["features"]
    return features


def test_the_outline_has_all_counties_with_source_and_license() -> None:
    outline = json.loads(resources.outline())
    assert "Census" in outline["source"]
    assert "ISC" in outline["licence"]
    counties = {each["properties"]["geoid"]: each for each in outline["features"]}
    assert len(counties) == 14
    for town in eaps.municipalities:
        county = counties[str(town.identifiers.county_geoid)]
        assert county["properties"]["name"] == town.county
        assert town.location
        point = (town.location.longitude, town.location.latitude)
        rings = [ring for (ring,) in county["geometry"]["coordinates"]]
        assert any(is_inside(*point, ring) or is_near(*point, ring) for ring in rings)
        center = (county["properties"]["longitude"], county["properties"]["latitude"])
        assert any(is_inside(*center, ring) for ring in rings)


def test_the_license_of_the_outline_is_a_file_of_its_own() -> None:
    notice = json.loads(resources.outline())["notice"]
    license_ = Path(__file__).parents[2] / "LICENSE-OUTLINE"
    assert notice in " ".join(license_.read_text(encoding="utf-8").split())


def is_near(x: float, y: float, ring: list[list[float]]) -> bool:
    """Return whether a point is near a corner of a ring: the outline is coarse, and two towns are on the coast."""
    return any(abs(x - corner_x) < 0.05 and abs(y - corner_y) < 0.05 for corner_x, corner_y in ring)


def is_inside(x: float, y: float, ring: list[list[float]]) -> bool:
    """Return whether a point is inside a ring, by ray casting."""
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_municipalities_without_location_are_listed_in_the_subtitle() -> None:
    def remove_location(document: Any) -> None:
        revere = next(town for town in document["municipalities"] if town["id"] == "revere")
        del revere["location"]
        document["evidence"] = [
            row
            for row in document["evidence"]
            if not (row["subject"] == "municipalities/revere" and row["field"] == "location")
        ]

    towns = edited(remove_location).municipalities
    for chosen in (towns, towns.where(county="Suffolk")[1:]):
        spec = eaps.plot.map(chosen).to_dict()
        assert "Without a location: Revere." in spec["description"]
    assert "Without a location: Revere." in eaps.plot.map(towns).to_dict()["title"]["subtitle"]


def test_another_state_has_no_outline() -> None:
    def move_to_vermont(document: Any) -> None:
        for number, town in enumerate(document["municipalities"]):
            town["state"] = "VT"
            town["location"] = {"latitude": 44.0 + number / 10, "longitude": -72.5}

    spec = eaps.plot.map(edited(move_to_vermont).municipalities).to_dict()
    assert not rows(spec, "geoshape", "opacity")
    assert f": municipalities. A map of {len(eaps.municipalities)} municipalities: " in spec["description"]
    assert not any("Census" in line for line in spec["title"]["subtitle"])


def test_labels_of_the_map_have_room_if_many_points_are_close() -> None:
    def crowd(document: Any) -> None:
        for number, town in enumerate(document["municipalities"]):
            town["location"] = {"latitude": 42.3 + number / 10_000, "longitude": -71.0}

    spec = eaps.plot.map(edited(crowd).municipalities).to_dict()
    assert len(rows(spec, "circle", "programs")) == len(eaps.municipalities)
    shown = [row for row in rows(spec, "text", "label") if "programs" in row]
    assert 0 < len(shown) < len(eaps.municipalities)
    assert len({(row["dx"], row["dy"]) for row in shown}) == len(shown)


def test_the_network_has_a_line_for_each_partnership_with_its_quotation() -> None:
    lines = rows(eaps.plot.network().to_dict(), "rule", "Role")
    assert len(lines) == len(eaps.partnerships)
    for line, row in zip(lines, eaps.partnerships, strict=True):
        program, partner = eaps.programs[row.program], eaps.partners[row.partner]
        assert line["Program"].startswith(program.name)
        assert line["Partner"].startswith(partner.name)
        assert line["Role"] == term_label(row.role)
        assert line["Example"] == ("one of several" if row.example else "no")
        claims = quotes(row, "role")
        assert line["Basis"] in {claim.basis for claim in claims}
        assert all(f"“{claim.quote}”" in line["Quotation"] for claim in claims)


def test_the_network_distinguishes_roles_by_color_and_dashes_and_bases_by_width() -> None:
    spec = eaps.plot.network().to_dict()
    encoding = spec["layer"][0]["encoding"]
    roles = [term_label(role) for role in Role if role in {row.role for row in eaps.partnerships}]
    for channel in ("color", "strokeDash"):
        scale = encoding[channel]["scale"]
        assert scale["domain"] == roles
        assert len({str(value) for value in scale["range"]}) == len(roles)
    widths = encoding["strokeWidth"]["scale"]
    assert widths["domain"] == [basis for basis in STRENGTHS if basis in {"stated", "inferred"}]
    assert widths["range"] == sorted(widths["range"], reverse=True)
    assert set(program_network._STYLES) == set(Role)
    assert set(program_network._WIDTHS) == set(Basis) == set(term_matrix._STYLES)


def test_a_claim_is_as_weak_as_its_weakest_evidence() -> None:
    def weaken(document: Any) -> None:
        subject = "partnerships/revere-bhu--revere-sudhi-office--collaborator"
        claims = [row for row in document["evidence"] if row["subject"] == subject]
        claims[0] |= {"basis": "inferred", "note": "A test."}

    lines = rows(eaps.plot.network(edited(weaken).programs).to_dict(), "rule", "Role")
    changed = [line for line in lines if "SUDHI" in line["Partner"]]
    assert [line["Basis"] for line in changed] == ["inferred"]


def test_two_roles_of_a_partner_are_two_lines() -> None:
    roles = (Role.CREATOR, Role.PARTNER)
    dataset = made_up.dataset(
        [made_up.program("team")],
        [Partner(id="team", name="Team")],  # an id may be that of a record of another table
        partnerships=[Partnership(program="team", partner="team", role=role) for role in roles],
    )
    first, second = rows(eaps.plot.network(dataset.programs).to_dict(), "rule", "Role")
    assert first["y"] != second["y"]
    assert first["Quotation"] == "no quotation"
    assert first["Basis"] == "inferred"


def test_a_network_of_one_basis_draws_its_legend_and_lines() -> None:
    convert = pytest.importorskip("vl_convert")
    chart = eaps.plot.network(eaps.programs.where(municipality="revere"))
    scales = {scale["name"]: scale for scale in convert.vegalite_to_vega(chart.to_json())["scales"]}
    assert scales["strokeWidth"]["domain"] == ["stated"]
    assert scales["strokeWidth"]["type"] == "ordinal"  # a point scale needs the two ends of a range
    assert "NaN" not in convert.vegalite_to_svg(chart.to_json())


def test_the_network_shows_a_part_below_its_whole() -> None:
    ccrt, dcc = eaps.programs["CCRT"], eaps.programs["DCC"]
    reordered = edited(lambda document: document["programs"].sort(key=lambda row: row["id"] == dcc.id))
    for dataset in (eaps.load(), reordered):
        heights = {
            row["Name"]: row["y"] for row in rows(eaps.plot.network(dataset.programs).to_dict(), "circle", "Name")
        }
        assert heights[f"{dcc.name} (DCC)"] < heights[f"{ccrt.name} (CCRT)"]
        assert len(heights) == len(dataset.programs) + len({row.partner for row in dataset.partnerships})


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
    dataset = made_up.dataset(programs, location=Location(latitude=42.0, longitude=-71.0))
    assert f": needs. {expected} with 1 need. " in eaps.plot.matrix(dataset.programs, "needs").description
    assert f". {expected} of 1 municipality with 0 partners. " in eaps.plot.network(dataset.programs).description
    assert eaps.plot.map(dataset.municipalities).description.endswith(f": Alder ({expected}).")


@pytest.mark.parametrize("field", ["approaches", "services", "staff_roles", "populations", "needs", "frameworks"])
def test_the_matrix_has_a_mark_for_each_term_with_its_basis_and_quotation(field: str) -> None:
    marks = rows(eaps.plot.matrix(fields=field).to_dict(), "point", "Term")
    assert len(marks) == sum(len(getattr(program, field)) for program in eaps.programs)
    found = {(mark["Program"], mark["Term"]): mark for mark in marks}
    for program in eaps.programs:
        for term in getattr(program, field):
            mark = found[program.name, term_label(term)]
            claims = [row for row in quotes(program, field) if row.item == term]
            assert mark["Basis"] == max((row.basis for row in claims), key=STRENGTHS.index)
            assert all(f"“{row.quote}”" in mark["Quotation"] for row in claims)
            assert mark["Definition"] == term.definition
            assert mark["column"] == (program.acronym or program.name)


def test_the_legend_of_the_matrix_has_only_the_bases_that_occur() -> None:
    for field, expected in (("needs", ["stated"]), ("approaches", ["stated", "named", "inferred"])):
        encoding = eaps.plot.matrix(fields=field).to_dict()["encoding"]
        assert {row.basis for row in eaps.evidence.where(field=field, subject=eaps.programs)} == set(expected)
        for channel in ("color", "shape"):
            assert encoding[channel]["scale"]["domain"] == expected
            assert len(set(encoding[channel]["scale"]["range"])) == len(expected)


def test_the_matrix_has_guides_and_a_column_for_each_program_in_order() -> None:
    encoding = eaps.plot.matrix().to_dict()["encoding"]
    assert encoding["x"]["scale"]["domain"] == [program.acronym or program.name for program in eaps.programs]
    assert encoding["x"]["axis"]["grid"]
    assert encoding["x"]["axis"]["labelLimit"] == encoding["y"]["axis"]["labelLimit"] == 0
    assert encoding["row"]["sort"] == ["Approaches", "Services", "Needs"]


def test_columns_of_the_same_name_stay_apart() -> None:
    programs = [made_up.program(id_, needs=(Need.HOMELESSNESS,)) for id_ in ("first", "second")]
    spec = eaps.plot.matrix(made_up.dataset(programs).programs, "needs").to_dict()
    assert spec["encoding"]["x"]["scale"]["domain"] == ["Team (first)", "Team (second)"]
    assert [row["column"] for row in rows(spec, "point", "Term")] == ["Team (first)", "Team (second)"]


def test_the_matrix_by_municipality_has_a_column_for_each() -> None:
    chart = eaps.plot.matrix(fields="needs", by="municipality")
    towns = eaps.municipalities
    needs = {need for program in eaps.programs for need in program.needs}
    assert f": needs. {len(towns)} municipalities with {len(needs)} needs. {towns[0].name}: " in chart.description
    assert chart.to_dict()["encoding"]["x"]["scale"]["domain"] == [town.name for town in towns]


def test_the_matrix_omits_a_field_without_terms() -> None:
    def remove_frameworks(document: Any) -> None:
        for program in document["programs"]:
            program["frameworks"] = []
            program["open_ended"] = [field for field in program["open_ended"] if field != "frameworks"]
        document["evidence"] = [row for row in document["evidence"] if "frameworks" not in (row["field"], row["item"])]

    programs = edited(remove_frameworks).programs
    chart = eaps.plot.matrix(programs, ["needs", "frameworks"])
    assert " needs, 0 frameworks. " in chart.description
    assert chart.to_dict()["encoding"]["row"]["sort"] == ["Needs"]
    assert eaps.plot.matrix(programs, "frameworks").description.endswith("There are no such terms here.")


def test_unknown_fields_and_columns_are_errors_that_list_the_valid_ones() -> None:
    with pytest.raises(eaps.UnknownTermError, match="services"):
        eaps.plot.matrix(fields=["service"])
    with pytest.raises(eaps.UnknownTermError, match="services"):
        eaps.plot.matrix(fields=["status"])
    with pytest.raises(eaps.UnknownTermError, match="municipality"):
        eaps.plot.matrix(by="town")  # type: ignore[arg-type]  # type checkers reject it too


@pytest.mark.parametrize(
    ("draw_it", "message"),
    [
        (lambda: eaps.plot.map("Revere"), "plot.map() expects Municipalities, got str"),  # type: ignore[arg-type]
        (lambda: eaps.plot.map(eaps.load()), "plot.map() expects Municipalities, got Dataset"),  # type: ignore[arg-type]
        (lambda: eaps.plot.network(eaps.partners), "plot.network() expects Programs, got Partners"),  # type: ignore[arg-type]
        (lambda: eaps.plot.matrix([]), "plot.matrix() expects Programs, got list"),  # type: ignore[arg-type]
    ],
)
def test_other_records_are_type_errors(draw_it: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        draw_it()


def test_descriptions_name_what_the_charts_show() -> None:
    names = {name: draw(name, eaps.load()).description for name in CHARTS}
    for town in eaps.municipalities:
        assert town.name in names["map"]
        assert town.styled_name in names["network"]
    for program in eaps.programs:
        assert program.name in names["network"]
        assert f"{program.acronym or program.name}: " in names["matrix"]
    for row in eaps.partnerships:
        assert f"{eaps.partners[row.partner].name} ({term_label(row.role)})" in names["network"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_the_users_to_change(name: str) -> None:
    chart = draw(name, eaps.load())
    changed = chart.properties(title="Mine", width=300).configure_title(fontSize=30).to_dict()
    assert (changed["title"], changed["width"], changed["config"]["title"]) == ("Mine", 300, {"fontSize": 30})
    assert len((chart | chart).to_dict()["hconcat"]) == 2  # needs a chart without a configuration
    with alt.theme.enable("dark"):
        assert chart.to_dict()["usermeta"] == {"embedOptions": {"theme": "dark"}}


def test_the_colors_and_the_title_of_a_chart_can_be_changed_in_place() -> None:
    matrix, network = eaps.plot.matrix(), eaps.plot.network()
    for drawn, part in ((matrix, matrix), (network, network.layer[0])):
        scale = part.encoding.color["scale"]
        scale["range"] = ["teal"] * len(scale["domain"])
        drawn.title.text = "My title"
        changed = drawn.to_dict()
        spec = changed["layer"][0] if "layer" in changed else changed
        assert spec["encoding"]["color"]["scale"]["range"] == ["teal"] * len(scale["domain"])
        assert changed["title"]["text"] == "My title"
        assert changed["title"]["subtitle"]


def test_layers_can_be_added_to_the_map_and_the_network() -> None:
    point = alt.Chart(alt.InlineData(values=[{"x": 1}])).mark_point()
    for chart in (eaps.plot.map(), eaps.plot.network()):
        assert len((chart + point).to_dict()["layer"]) == len(chart.layer) + 1


def luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("background", ["#ffffff", "#333333", "#131416"])
def test_colors_are_visible_on_light_and_dark_backgrounds(background: str) -> None:
    colors = [shared.BLUE, shared.VERMILLION, shared.GREEN, shared.PINK, shared.OCHRE, shared.GRAY]
    for color in colors:
        light, dark = sorted((luminance(color), luminance(background)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3, color


@pytest.mark.parametrize("name", CHARTS)
def test_an_empty_dataset_shows_a_sentence(name: str) -> None:
    chart = draw(name, EMPTY)
    (sentence,) = labels(chart.to_dict())
    assert sentence.startswith("There are no ")
    assert chart.description.endswith(sentence)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", CHARTS)
def test_hostile_names_are_shown_as_text_and_never_cut(name: str, nasty: str) -> None:
    dataset = hostile(nasty)
    chart = draw(name, dataset)
    assert "</" not in json.dumps(chart.to_dict())
    spec = chart.to_dict()
    shown = set(spec["encoding"]["x"]["scale"]["domain"]) if name == "matrix" else labels(spec)
    words = {"".join(text.split()) for text in shown}
    for program in dataset.programs:
        expected = "".join(shared.inert(program.name).split())
        acronym = program.acronym
        if name == "matrix":
            assert (acronym or expected) in words
        elif name == "network":
            assert (f"{expected}({acronym})" if acronym else expected) in words


def test_altair_is_imported_on_use() -> None:
    code = "import sys, eaps_data.plot, eaps_data.export; print('altair' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_another_missing_module_is_not_reported_as_altair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eaps_data.plot.municipality_map", None)
    with pytest.raises(ModuleNotFoundError, match="municipality_map") as raised:
        eaps.plot.map()
    assert not isinstance(raised.value, eaps.MissingExtraError)


def test_a_chart_without_altair_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    monkeypatch.delitem(sys.modules, "eaps_data.plot.municipality_map", raising=False)
    with pytest.raises(eaps.MissingExtraError, match="a chart needs altair") as raised:
        eaps.plot.map()
    assert raised.value.extra == "plot"


@pytest.mark.parametrize("name", CHARTS)
def test_the_command_line_saves_the_same_chart(name: str, run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert run("plot", name, str(path)) == (0, "", f"{path}: the {name} as {path.suffix[1:].upper()}\n")
    assert json.loads(path.read_text(encoding="utf-8")) == draw(name, eaps.load()).to_dict()
    refused = run("plot", name, str(path))
    assert refused.code == 2
    assert "--force" in refused.err
    own = tmp_path / "own.json"
    own.write_text(EMPTY.to_json(), encoding="utf-8")
    assert run("plot", name, str(path), "--force", "--from", str(own)).code == 0
    assert "There are no " in path.read_text(encoding="utf-8")
    own.write_text("{}", encoding="utf-8")
    assert run("plot", name, str(path), "--force", "--from", str(own)).code == 1


@pytest.mark.parametrize(("name", "reason"), [("map.jpg", "unknown suffix .jpg"), ("map", "missing suffix")])
def test_another_suffix_is_an_error(name: str, reason: str, run: Runner, tmp_path: Path) -> None:
    failed = run("plot", "map", str(tmp_path / name))
    assert failed.code == 2
    assert f"{name}: {reason}; use one of: .svg, .png, .pdf, .html, .json" in failed.err
    assert not [*tmp_path.iterdir()]


def test_an_unwritable_destination_is_an_error_with_its_path(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    for path in (tmp_path / "none" / "a.json", tmp_path / "a.json"):
        failed = run("plot", "map", str(path), "--force")
        assert failed.code == 2
        assert f"{path}: " in failed.err
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(28, "No space left on device"), "cannot be written: No space"),
        (ValueError("boom"), "cannot be drawn: boom"),
    ],
)
def test_a_failed_save_leaves_nothing_behind(
    error: Exception, message: str, run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object, path: Path, **__: object) -> None:
        path.write_bytes(b"part of a chart")
        raise error

    monkeypatch.setattr(alt.LayerChart, "save", fail)
    path = tmp_path / "a.json"
    failed = run("plot", "map", str(path))
    assert failed.code == 2
    assert f"{path}: {message}" in failed.err
    assert not [*tmp_path.iterdir()]


def test_the_command_line_sets_the_title(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    assert run("plot", "map", str(path), "--title", "Where we fund").code == 0
    title = json.loads(path.read_text(encoding="utf-8"))["title"]
    assert title["text"] == "Where we fund"
    assert title["subtitle"] == eaps.plot.map().to_dict()["title"]["subtitle"]
