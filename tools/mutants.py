"""Change the code at random places, and report the changes that no test notices: `python tools/mutants.py`.

A mutant is a copy of the package with one small change: another operator, a negated condition, another constant, a
statement left out. The tests that execute the changed line should fail. The sample is drawn with a seed, in each
package in proportion to its size. It takes about an hour for 400 mutants on two cores.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from coverage import CoverageData

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = Path("src/eaps_data")
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
SECONDS: Final = 1200
"""How long the tests of a mutant may take. One that never ends is noticed."""

OTHERS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True)
class Mutant:
    """A change of one line.

    Attributes:
        path: the file, relative to the checkout.
        line: the number of the changed line.
        before: the code that is changed.
        after: the code in its place.
        text: the whole file with the change.
    """

    path: str
    line: int
    before: str
    after: str
    text: str

    @property
    def package(self) -> str:
        """The folder of the file in `eaps_data`."""
        parent = Path(self.path).relative_to(PACKAGE).parts[0]
        return parent.removesuffix(".py")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before}  ->  {self.after}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file."""
    text = path.read_text(encoding="utf-8")
    for node in _executed(ast.parse(text)):
        for changed in changes(node):
            before, after = (ast.unparse(each).replace("\n", " ") for each in (node, changed))
            yield Mutant(
                path.relative_to(ROOT).as_posix(),
                node.lineno,
                before[:150],
                after[:150],
                _replaced(text, node, changed),
            )


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a changed copy of a node for each mutation that applies to it."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in OTHERS:
            yield _with(node, ops=[OTHERS[type(operator)]()])
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in OTHERS:
            yield _with(node, op=OTHERS[type(operator)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if not isinstance(node, ast.While):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str(value)) if value:
            yield ast.Constant(value + "X")
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.Break() | ast.Continue():
            yield ast.Pass()
        case _:
            pass


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _executed(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield the nodes of a tree, without docstrings, f-strings, and what only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.alias():
                continue
            case ast.If(test=ast.Name("TYPE_CHECKING")) | ast.AnnAssign(annotation=ast.Name("TypeAlias")):
                continue
            case _:
                pass
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        children = copy.copy(node)
        for name in ("annotation", "returns", "decorator_list", "type_params"):
            if name in children._fields:
                setattr(children, name, [] if name.endswith(("list", "params")) else None)
        yield from _executed(children)


def _replaced(text: str, node: ast.expr | ast.stmt, changed: ast.AST) -> str:
    """Return the text of a file with other code in the place of a node. The lines before it keep their numbers."""
    lines = text.encode().splitlines(keepends=True)
    start, end = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    head, tail = lines[start][: node.col_offset], lines[end][node.end_col_offset :]
    code = ast.unparse(ast.fix_missing_locations(changed))
    code = f"({code})" if isinstance(node, ast.expr) else code.replace("\n", "\n" + " " * node.col_offset)
    return b"".join([*lines[:start], head, code.encode(), tail, *lines[end + 1 :]]).decode()


def sample(count: int, seed: int) -> list[Mutant]:
    """Draw about this many mutants, in each package in proportion to its size, and at least eight."""
    pools: defaultdict[str, list[Mutant]] = defaultdict(list)
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        for mutant in mutants_of(path):
            pools[mutant.package].append(mutant)
    total = sum(map(len, pools.values()))
    draw = random.Random(seed)  # noqa: S311
    return [
        mutant
        for pool in pools.values()
        for mutant in draw.sample(pool, min(len(pool), max(8, round(count * len(pool) / total))))
    ]


# Running the tests


def copy_checkout(folder: Path) -> Path:
    """Copy the files that git tracks, or would if they were added, to a folder."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):  # noqa: S603
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def pytest(folder: Path, *arguments: str, seconds: float | None = None) -> int:
    """Run pytest in a copy of the checkout, and return its exit code."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.setdefault("EAPS_DATA_SOURCE", str(ROOT.parent / "shared" / "source"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    return ran.returncode


def tests_of_lines(folder: Path) -> dict[tuple[str, int], set[str]]:
    """Run all core tests, and return which of them execute each line."""
    code = pytest(folder, "--cov", "--cov-context=test", "--cov-report=")
    if code:
        raise SystemExit(f"the tests fail without a change (exit code {code}): fix them first")
    tests: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    data = CoverageData(str(folder / ".coverage"))
    data.read()
    for path in data.measured_files():
        name = Path(path).relative_to(folder).as_posix()
        for line, contexts in data.contexts_by_lineno(path).items():
            tests[name, line] = {context.partition("|")[0] for context in contexts if context}
    return tests


def judge(folders: "SimpleQueue[Path]", tests: dict[tuple[str, int], set[str]], mutant: Mutant) -> str:
    """Run the tests that execute the changed line; if none fails, all tests of its package, and all core tests."""
    folder = folders.get()
    path = folder / mutant.path
    original = path.read_bytes()
    own = f"tests/{mutant.package}"
    arguments = folder / "arguments.txt"
    arguments.write_text("\n".join(sorted(tests.get((mutant.path, mutant.line), set()))), encoding="utf-8")
    selections = [[f"@{arguments}"]] if arguments.stat().st_size else []
    selections += [["-m", "not edition", own]] if (folder / own).exists() else []
    try:
        path.write_text(mutant.text, encoding="utf-8", newline="\n")
        noticed = any(pytest(folder, "-x", "-n", "0", *each, seconds=SECONDS) for each in [*selections, []])
    except subprocess.TimeoutExpired:
        return TIMED_OUT
    else:
        return KILLED if noticed else SURVIVED
    finally:
        path.write_bytes(original)
        folders.put(folder)


def report(mutants: list[Mutant], verdicts: list[str]) -> Iterator[str]:
    """Yield the score of each package, and the mutants that no test noticed."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mutant, verdict in zip(mutants, verdicts, strict=True):
        counts[mutant.package][verdict] += 1
        counts["all"][verdict] += 1
    for package, count in counts.items():
        noticed = count.total() - count[SURVIVED]
        yield f"{package}: {noticed} of {count.total()} noticed, {noticed / count.total():.0%}"
    yield from (str(mutant) for mutant, verdict in zip(mutants, verdicts, strict=True) if verdict == SURVIVED)


def main() -> None:
    """Draw the sample, run the tests of each mutant, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=400, help="about how many mutants (default: 400)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws another sample (default: 1)")
    parser.add_argument("--only", nargs="+", default=[], metavar="PACKAGE", help="judge only the mutants of these")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once (default: all cores)")
    options = parser.parse_args()
    mutants = sample(options.count, options.seed)
    if unknown := {*options.only} - {each.package for each in mutants}:
        parser.error(f"there is no package {', '.join(sorted(unknown))}")
    mutants = [each for each in mutants if not options.only or each.package in options.only]
    with tempfile.TemporaryDirectory() as work:
        folders: SimpleQueue[Path] = SimpleQueue()
        for number in range(options.jobs):
            folders.put(copy_checkout(Path(work, str(number))))
        first = folders.get()
        tests = tests_of_lines(first)
        folders.put(first)
        print(f"{len(mutants)} mutants, seed {options.seed}", flush=True)
        with ThreadPoolExecutor(options.jobs) as pool:
            verdicts = list(pool.map(partial(judge, folders, tests), mutants))
    print(*report(mutants, verdicts), sep="\n")


if __name__ == "__main__":
    main()
