"""An argument of the wrong type or value is one clear error that names it, what was given and what is expected."""

from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps
from eaps_data.tables.dataset import Dataset

ANY: Any = eaps
"""The package, without the types that would refuse these calls."""

UNKNOWN: dict[str, tuple[str, str]] = {
    "export.write(load(), 'csv')": ("unknown format value <Dataset>", "datapackage"),
    "export.write(None, 'p')": ("unknown format value None", "datapackage"),
    "export.write(b'csv', 'p')": ("unknown format value b'csv'", "datapackage"),
    "export.write(['csv'], 'p')": ("unknown format value ['csv']", "datapackage"),
    "export.read('p', 3)": ("unknown format value 3", "datapackage"),
    "Dataset.from_release(None)": ("unknown data_version value None", "1.0.0"),
    "Dataset.from_release(2.0)": ("unknown data_version value 2.0", "1.0.0"),
    "Dataset.from_release([])": ("unknown data_version value []", "1.0.0"),
    "Dataset.from_release(b'1.0.0')": ("unknown data_version value b'1.0.0'", "1.0.0"),
    "json_schema('Program', 2)": ("unknown schema_version value 2", "1.0.0"),
    "json_schema('Program', [])": ("unknown schema_version value []", "1.0.0"),
    "programs.to_frame(3)": ("unknown backend value 3", "polars"),
    "programs.to_frame(['pandas'])": ("unknown backend value ['pandas']", "polars"),
    "programs.to_frame(b'pandas')": ("unknown backend value b'pandas'", "polars"),
    "load().to_frames(3)": ("unknown backend value 3", "polars"),
    "programs.where(need=b'x')": ("unknown need value b'x'", "homelessness"),
    "json_schema('Location')": ("unknown schema value 'Location'", "program"),
    "validation.validate(b'[]', 3)": ("unknown type value 3", "programs"),
    "validation.validate(b'[]', ['programs'])": ("unknown type value ['programs']", "programs"),
    "validation.check_lines([b'{}'], 'program')": ("unknown type value 'program'", "programs"),
    "validation.check_lines([b'{}'], None)": ("unknown type value None", "programs"),
    "json_schema('Program', 10**5000)": ("unknown schema_version value <int of 16,610 bits>", "1.0.0"),
    "json_schema('x' * 10**6)": (f"unknown schema value '{'x' * 50}", "x...x"),
    "programs.where(need=10**5000)": ("unknown need value <int of 16,610 bits>", "homelessness"),
    "programs.where(started_year=10**5000)": ("unknown started_year value <int of 16,610 bits>", "2015"),
    "programs.where(plural=[[]])": ("unknown plural value []; it takes a bool", "True, False"),
    "why('revere-bhu', 'gaols')": ("unknown programs field value 'gaols'", "goals"),
}
WRONG: dict[str, str] = {
    "Dataset({})": "document must be DatasetDocument, not {}",
    "Dataset(None)": "document must be DatasetDocument, not None",
    "Dataset(load())": "document must be DatasetDocument, not <Dataset>",
    "Dataset.from_json(None)": "text must be str or bytes, not None",
    "Dataset.from_json({})": "text must be str or bytes, not {}",
    "json_schema(3)": "name must be the name of a schema, or a model, not 3",
    "json_schema(None)": "name must be the name of a schema, or a model, not None",
    "why('revere-bhu', 3)": "field must be str or None, not 3",
    "why('revere-bhu', ['goals'])": "field must be str or None, not ['goals']",
    "why('revere-bhu', b'goals')": "field must be str or None, not b'goals'",
    "why('revere-bhu', dataset='x')": "dataset must be Dataset, not 'x'",
    "search(None)": "query must be str, not None",
    "search(['a'])": "query must be str, not ['a']",
    "search('x', '3')": "limit must be int or None, not '3'",
    "search('x', 1.5)": "limit must be int or None, not 1.5",
    "search('x', True)": "limit must be int or None, not True",
    "search(10**5000)": "query must be str, not <int of 16,610 bits>",
    "why(10**5000)": "a key of dataset is a string, not <int of 16,610 bits>",
    "programs.get(10**5000)": "a key of programs is a string, not <int of 16,610 bits>",
    "programs.where(exact='no')": "exact must be bool, not 'no'",
    "partners.where(role='lead', exact=None)": "exact must be bool, not None",
    "Programs([], None)": "tables must be Dataset, not None",
    "Programs([], load().document)": "tables must be Dataset, not <DatasetDocument>",
    "Programs(None, load())": "records must be several Program, not None",
    "Programs(partners, load())": "records must be several Program, not with <Partner>",
    "Partners(['rpd'], load())": "records must be several Partner, not with 'rpd'",
    "export.write('csv', 'p', force='no')": "force must be bool, not 'no'",
    "export.write('datapackage', 'p', about={})": "the format datapackage has no option 'about'; it has none",
    "not_stated(3)": "name must be str or None, not 3",
    "diff(load(), load(), renamed=['a'])": "renamed must be Mapping or None, not ['a']",
    "verify(b'x', fingerprints=['a'])": "fingerprints must be several Fingerprint, not with 'a'",
    "validation.validate(b'[]', file=3)": "file must be str or None, not 3",
    "validation.check_lines(None, 'programs')": "lines must be several bytes, not None",
    "validation.check_lines(['{}'], 'programs')": "lines must be several bytes, not with '{}'",
    "validation.check_lines([], 'programs', first='1')": "first must be int, not '1'",
    "cite(title=['x'])": "title must be str or None, not ['x']",
    "cite(3)": "dataset must be Dataset, not 3",
    "cite(load().document)": "dataset must be Dataset, not <DatasetDocument>",
    "verify(b'x', 'nope')": "dataset must be Dataset, not 'nope'",
    "validation.validate('{}')": "data must be bytes, not '{}'",
    "validation.check('abc.json')": "names must be list or tuple, not 'abc.json'",
    "evidence.where(section=3)": "section must be a heading, a Municipality or None, not 3",
    "evidence.where(section=b'x')": "section must be a heading, a Municipality or None, not b'x'",
    "evidence.where(section=float('nan'))": "section must be a heading, a Municipality or None, not nan",
    "evidence.where(section=programs[0])": "section must be a heading, a Municipality or None, not <Program>",
    "programs.where(municipality=partners[0])": "municipality must be str or Municipality, not <Partner>",
    "evidence.where(subject=248)": "a key of dataset is a string, not 248",
    "evidence.where(subject=b'x')": "a key of dataset is a string, not b'x'",
    "evidence.where(subject=evidence[0])": "a key of dataset is a string, not <Evidence>",
}
NAMES = {name: getattr(ANY, name) for name in eaps.__all__}


@pytest.mark.parametrize("call", UNKNOWN)
def test_unknown_value_is_one_error(call: str) -> None:
    message, expected = UNKNOWN[call]
    with pytest.raises(eaps.UnknownTermError) as caught:
        eval(call, NAMES)  # noqa: S307 - our own text
    assert str(caught.value).startswith(message)
    assert expected in str(caught.value)


@pytest.mark.parametrize("call", WRONG)
def test_wrong_type_is_one_error(call: str) -> None:
    with pytest.raises(TypeError) as caught:
        eval(call, NAMES)  # noqa: S307 - our own text
    assert str(caught.value).startswith(WRONG[call])


def test_excel_is_a_bool(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="excel must be bool, not 'no'"):
        ANY.export.write("csv", tmp_path / "a.csv", eaps.partners, excel="no")
    assert not [*tmp_path.iterdir()]


def test_a_number_of_too_many_digits_is_no_position() -> None:
    with pytest.raises(IndexError, match="programs index <int of 16,610 bits> is out of range: it has 14 records"):
        eaps.programs[10**5000]


def test_values_of_numpy_and_pandas_in_filters() -> None:
    pd = pytest.importorskip("pandas")
    np = pytest.importorskip("numpy")
    programs: Any = eaps.programs
    assert programs.where(started_year=np.int64(2015)) == programs.where(started_year=2015)
    assert programs.where(plural=np.bool_(True)) == programs.where(plural=True)
    assert programs.where(municipality=pd.Series(["revere"])) == programs.where(municipality="revere")
    for name in ("plural", "kind", "county", "started_year"):
        with pytest.raises(eaps.UnknownTermError, match=f"unknown {name} value <NAType>"):
            programs.where(**{name: pd.NA})
    with pytest.raises(eaps.UnknownTermError, match="unknown county value <ndarray>"):
        programs.where(county=np.array([[1, 2]]))
    with pytest.raises(TypeError, match="a key of municipalities is a string, not <NAType>"):
        programs.where(municipality=pd.NA)


def test_what_is_no_record_is_in_no_collection() -> None:
    pd = pytest.importorskip("pandas")
    assert not any(each in eaps.programs for each in (object(), pd.Series(["revere-bhu"]), pd.NA, 3))
    assert eaps.programs[0] in eaps.programs


def test_path_is_no_format() -> None:
    with pytest.raises(eaps.UnknownTermError, match=r"unknown format value <\w*Path>"):
        ANY.export.write(Path("p.csv"), "csv")


@pytest.mark.parametrize(("explode", "shown"), [([3], "3"), (3, "3"), (b"needs", "b'needs'")])
def test_exploded_column_is_a_name(explode: Any, shown: str) -> None:
    pytest.importorskip("pandas")
    with pytest.raises(eaps.UnknownTermError, match=f"unknown explode value {shown}; expected one of: "):
        eaps.programs.to_frame("pandas", explode=explode)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fields": [3]}, "unknown field value 3;"),
        ({"fields": None}, "unknown field value None;"),
        ({"by": None}, "unknown by value None;"),
        ({"by": ["program"]}, "unknown by value ['program'];"),
    ],
)
def test_matrix_names_the_wrong_argument(options: dict[str, Any], message: str) -> None:
    pytest.importorskip("altair")
    with pytest.raises(eaps.UnknownTermError) as caught:
        ANY.plot.matrix(eaps.programs, **options)
    assert str(caught.value).startswith(message)


def test_records_and_sections_are_still_accepted() -> None:
    dataset: Dataset = eaps.load()
    revere = dataset.municipalities["revere"]
    assert dataset.programs.where(municipality=revere) == dataset.programs.where(municipality="revere")
    assert dataset.evidence.where(section=revere) == dataset.evidence.where(section="City of Revere")
    assert len(dataset.evidence.where(section=None))
