"""The commands list, show and search."""

import csv
import inspect
import io
import json
import sys
from pathlib import Path

import pytest

import eaps_data as eaps
from eaps_data.models.table_specs import TABLES
from support.commands import Runner


@pytest.mark.parametrize("table", TABLES)
def test_list_prints_every_record(table: str, run: Runner) -> None:
    printed = run("list", table)
    assert printed.code == 0
    assert len(printed.out.splitlines()) == len(getattr(eaps, table)) + 1
    assert json.loads(run("list", table, "--json").out) == getattr(eaps, table).to_records()


def filters(table: str) -> list[str]:
    return [name for name in inspect.signature(getattr(eaps, table).where).parameters if name != "unknown"]


@pytest.mark.parametrize("table", TABLES)
def test_list_has_an_option_for_every_filter(table: str, run: Runner) -> None:
    help_ = run("list", table, "--help").out
    for name in filters(table):
        assert f"--{name.replace('_', '-')} " in help_.replace("\n", " ").replace(",", " ")
    if table == "programs":
        assert "existing, expanding, expanded, in-development," in " ".join(help_.split())


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (["--municipality", "Revere", "--status", "established"], {"municipality": "Revere", "status": "established"}),
        (["--need", "SUD", "--need=opioids"], {"need": ["SUD", "opioids"]}),
        (["--status", "-", "--status", "planned"], {"status": [None, "planned"]}),
        (["--started-year", "2015"], {"started_year": 2015}),
        (["--plural"], {"plural": True}),
        (["--no-named-by-source"], {"named_by_source": False}),
        (["--framework", "equity", "--exact"], {"framework": "equity", "exact": True}),
        (["--partner-kind", "police", "--role", "partner"], {"partner_kind": "police", "role": "partner"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_list_filters_as_where_does(run: Runner, options: list[str], where: dict[str, object]) -> None:
    expected = eaps.programs.where(**where)  # type: ignore[arg-type]
    assert 0 < len(expected) < len(eaps.programs)
    assert json.loads(run("list", "programs", *options, "--json").out) == expected.to_records()
    assert json.loads(run("list", *options, "programs", "--json").out) == expected.to_records()


def test_list_refuses_what_where_refuses(run: Runner) -> None:
    assert "(did you mean 'expanding'" in run("list", "programs", "--status", "expnding").err
    assert "unknown municipalities key 'reveer'" in run("list", "programs", "--municipality", "reveer").err
    assert "expected one of: 2015" in run("list", "programs", "--started-year", "x").err
    assert run("list", "evidence", "--county", "Suffolk").code == 2
    nothing = run("list", "programs", "--municipality", "revere", "--status", "expanding", "--format", "jsonl")
    assert nothing == (0, "", "no record matches\n")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("options", [["jsonl"], ["csv"], ["csv", "--delimiter", ";"], ["csv", "--delimiter", "tab"]])
def test_a_listed_file_is_valid(table: str, options: list[str], run: Runner, tmp_path: Path) -> None:
    printed = run("list", table, "--format", *options)
    file = tmp_path / f"{table}.{options[0]}"
    file.write_text(printed.out, encoding="utf-8", newline="")
    assert run("validate", "--type", table, str(file)).code == 0
    if options[0] == "csv":
        delimiter = {"tab": "\t"}.get(options[-1], ";" if ";" in options else ",")
        rows = csv.DictReader(io.StringIO(printed.out), delimiter=delimiter)
        assert sum(1 for _ in rows) == len(getattr(eaps, table))


def test_delimiter_is_an_option_of_csv(run: Runner) -> None:
    refused = run("list", "partners", "--delimiter", ";")
    assert (refused.code, refused.out) == (2, "")
    assert "--delimiter is an option of --format csv only" in refused.err
    assert "invalid choice" in run("list", "partners", "--format", "csv", "--delimiter", "#").err


@pytest.mark.parametrize("table", TABLES)
def test_list_fits_a_terminal_and_is_whole_in_a_pipe(table: str, run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run("list", table).out
    monkeypatch.setenv("COLUMNS", "60")
    assert run("list", table).out == whole
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    cut = run("list", table).out
    assert max(map(len, cut.splitlines())) == 60
    assert "…" in cut
    assert len(cut.splitlines()) == len(whole.splitlines())
    monkeypatch.setenv("COLUMNS", "500")
    assert run("list", table).out == whole


def test_show_prints_a_record_by_any_key(run: Runner) -> None:
    by_acronym, by_id = run("show", "BHU"), run("show", "programs/revere-bhu")
    assert by_acronym.out == by_id.out
    assert "status           established" in by_acronym.out
    assert "staff_roles      behavioral-health-specialist\n                 case-worker\n" in by_acronym.out
    assert json.loads(run("show", "BHU", "--json").out) == eaps.programs["BHU"].model_dump(mode="json")
    assert "identifiers.county_geoid              25025" in run("show", "revere").out
    assert "contact.fax                  (617) 624-5075" in run("show", "EAPS").out


def test_search_prints_ranked_hits(run: Runner) -> None:
    lines = run("search", "peer", "recovery").out.splitlines()
    assert lines[0].split() == ["score", "id", "name", "matched"]
    assert lines[1].startswith("0.93   winthrop-public-health-and-safety-team")


def test_search_as_json_has_record_score_and_matches(run: Runner) -> None:
    first = json.loads(run("search", "peer recovery", "--json").out)[0]
    hit = eaps.search("peer recovery")[0]
    assert first == {
        "table": "programs",
        "id": "winthrop-public-health-and-safety-team",
        "name": "Winthrop Public Health & Safety Team",
        "score": hit.score,
        "matches": [{"field": match.field, "words": list(match.words), "note": None} for match in hit.matches],
    }
    assert first["matches"][0] == {"field": "services", "words": ["peer", "recovery"], "note": None}


def test_search_without_hits_says_so_on_standard_error(run: Runner) -> None:
    assert run("search", "xylophone") == (0, "", "no record matches; tried 'xylophone' (as 'xylophon')\n")
    assert run("search", "xylophone", "--json") == (0, "[]\n", "no record matches; tried 'xylophone' (as 'xylophon')\n")


def test_search_limit_prints_the_first_hits(run: Runner) -> None:
    whole = run("search", "peer", "--json")
    assert json.loads(run("search", "peer", "--json", "--limit", "1").out) == json.loads(whole.out)[:1]
    assert len(run("search", "peer", "--limit", "1").out.splitlines()) == 2
    refused = run("search", "peer", "--limit", "0")
    assert (refused.code, refused.err) == (2, "eaps-data: limit must be at least 1, not 0\n")


def test_search_notes_a_typo(run: Runner) -> None:
    assert run("search", "recovry", "--limit", "1").out.endswith(" ('recovry' read as 'recovery')\n")


# The user's dataset


@pytest.fixture
def own(run: Runner, tmp_path: Path) -> str:
    """The folder of another state's tables, whose records are not packaged."""
    assert run("init", str(tmp_path / "own")).code == 0
    return str(tmp_path / "own")


@pytest.mark.parametrize("table", TABLES)
def test_list_from_prints_the_users_records(table: str, run: Runner, own: str) -> None:
    records = getattr(eaps.Dataset.from_path(own), table)
    printed = run("list", table, "--from", own, "--json")
    assert json.loads(printed.out) == records.to_records() != getattr(eaps, table).to_records()
    assert run("list", "--from", own, table, "--format", "csv").out.splitlines()[0].count(",") > 1


@pytest.mark.parametrize(
    "words",
    [
        "--from partners programs",
        "programs --from partners",
        "--from partners --json programs",
        "--from=partners programs",
    ],
)
def test_a_path_may_have_the_name_of_a_table(
    words: str, run: Runner, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    eaps.export.write("csv", "partners", eaps.Dataset.from_path(own))
    found = run("list", *words.split(), "--kind", "unit", "--no-plural", "--json")
    assert found.code == 0
    assert json.loads(found.out) == eaps.Dataset.from_path(own).programs.where(kind="unit", plural=False).to_records()


def test_list_from_filters_the_users_records(run: Runner, own: str) -> None:
    data = eaps.Dataset.from_path(own)
    key, source = data.municipalities[0].id, data.sources[0].id
    found = run("list", "programs", "--from", own, "--municipality", key, "--json").out
    assert json.loads(found) == data.programs.where(municipality=key).to_records()
    found = run("list", "evidence", "--source", source, f"--from={own}", "--json").out
    assert json.loads(found) == data.evidence.where(source=source).to_records()
    assert (
        "unknown municipalities key 'revere'" in run("list", "programs", "--from", own, "--municipality", "revere").err
    )


def test_show_search_and_why_read_the_users_dataset(run: Runner, own: str, tmp_path: Path) -> None:
    data = eaps.Dataset.from_path(own)
    program = data.programs[0]
    eaps.export.write("sqlite", tmp_path / "own.sqlite", data)
    for path in (own, str(tmp_path / "own.sqlite")):
        assert json.loads(run("show", program.id, "--from", path, "--json").out) == program.model_dump(mode="json")
        assert json.loads(run("search", program.name, "--from", path, "--json").out)[0]["id"] == program.id
        why = eaps.why(program.id, "name", dataset=data)
        assert json.loads(run("why", program.id, "name", "--from", path, "--json").out) == why.to_dict()
    for command in ("show", "why"):
        assert "unknown dataset key 'revere-bhu'" in run(command, "revere-bhu", "--from", own).err
    assert run("search", program.name, "--json").out != run("search", program.name, "--from", own, "--json").out


@pytest.mark.parametrize("command", [["list", "programs"], ["show", "a"], ["search", "a"], ["why", "a"]])
def test_an_unreadable_dataset_is_one_error(command: list[str], run: Runner, own: str) -> None:
    assert run(*command, "--from", f"{own}x") == (2, "", f"eaps-data: {own}x: no such file (did you mean '{own}'?)\n")
    Path(own, "programs.json").write_text("[{}]", encoding="utf-8")
    invalid = run(*command, "--from", own)
    assert (invalid.code, invalid.out) == (1, "")
    assert f"{Path(own, 'programs.json')}:1:2: " in invalid.err
