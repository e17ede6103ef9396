"""`make mutants`: change a rule a little, and see whether a test notices.

Each mutant lives in a process of its own, forked when Django, the database and the tests are
ready, and is killed by the first test that fails. Mutated are the bodies of functions and what
modules assign to names: there stand the thresholds, which mutmut 3 leaves alone; cosmic-ray knows
them, but writes into the checkout and starts everything anew for each. Only tests that run what is
mutated are asked (coverage says which), all of them where something is made once a process.
"""

import ast
import copy
import gc
import inspect
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import coverage
import pytest
from django.db import connection, connections

from tests.stage import stage

ROOT = Path(__file__).resolve().parent.parent
# What is mutated, a file, a folder or `file::function`, and which tests should notice.
TARGETS = {
    "programs/course/response.py": ["tests/programs/course/test_response.py"],
    "programs/measures/scoring.py": ["tests/programs/measures"],
    "patients/models/patient.py::visible_to": ["tests/patients/test_visibility.py"],
    "programs/alerts/advice.py": ["tests/programs/alerts",
                                  "tests/programs/actions/test_sessions.py"],
    "programs/alerts/closing.py": ["tests/programs/alerts"],
    "programs/alerts/of_answers.py": ["tests/programs/alerts",
                                      "tests/programs/actions/test_sessions.py"],
    "programs/alerts/of_check_in.py": ["tests/programs/alerts/test_of_check_in.py",
                                       "tests/programs/actions/test_proposing.py",
                                       "tests/programs/safety/test_facts_meet.py"],
    "programs/alerts/of_report.py": ["tests/programs/alerts/test_of_check_in.py",
                                     "tests/programs/actions/test_sign_reports.py"],
    "programs/alerts/of_session.py": ["tests/programs/alerts",
                                      "tests/programs/actions/test_sessions.py"],
    "programs/alerts/by_clock.py": ["tests/programs/actions/test_clock_alerts.py",
                                    "tests/programs/alerts/test_by_clock.py"],
    "programs/alerts/of_time.py": ["tests/programs/alerts/test_of_time.py",
                                   "tests/programs/actions/test_clock_alerts.py"],
    "programs/alerts/rules.py": ["tests/programs/alerts", "tests/programs/safety/test_holding.py",
                                 "tests/programs/actions/test_sign_reports.py"],
    "programs/monitoring": ["tests/programs/monitoring"],
    "programs/alerts/due.py": ["tests/programs/alerts/test_due.py"],
    "programs/alerts/evidence.py": ["tests/programs/alerts/test_evidence.py"],
    "programs/safety/conditions.py": ["tests/programs/safety"],
    "programs/safety/finding.py": ["tests/programs/safety"],
    "programs/safety/fit.py": ["tests/programs/safety"],
    "programs/safety/helping.py": ["tests/programs/safety/test_gates.py",
                                   "tests/programs/safety/test_binding.py"],
    "programs/safety/gates.py": ["tests/programs/safety", "tests/programs/actions/test_plans.py"],
    "programs/safety/holding.py": ["tests/programs/safety"],
    "programs/safety/lines.py": ["tests/programs/safety"],
    "programs/safety/measuring.py": ["tests/programs/safety/test_facts_meet.py",
                                     "tests/workspace/test_measures.py"],
    "programs/safety/situation.py": ["tests/programs/safety",
                                     "tests/programs/actions/test_plans.py"],
}  # fmt: skip
FAULT = 70  # of ours, not of the mutant
LONGEST = 60  # seconds for one test, after which a mutant that runs in circles counts as killed
ONCE = {"compiled", "cache", "lru_cache"}  # what is so decorated runs for the first test alone
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


class Mutant(NamedTuple):
    path: str
    line: int
    words: str
    assigned: list[ast.stmt]  # what the module assigns to names from the mutated place on
    code: CodeType
    lines: range | None  # of the innermost statement; None where it does not run for each test

    def lives(self) -> bool:
        """Take the place of the original in this process; no, where it can't even be read."""
        module = next(one for one in list(sys.modules.values())
                      if getattr(one, "__file__", None) == self.path)  # fmt: skip
        bodies = {(one.co_qualname, one.co_firstlineno): one for one in codes_in(self.code)}
        for function in gc.get_objects():
            if type(function) is FunctionType and function.__code__.co_filename == self.path:
                old = function.__code__
                function.__code__ = bodies.get((old.co_qualname, old.co_firstlineno), old)
            elif type(function) is FunctionType and hasattr(function, "__wrapped__"):
                inspect.getclosurevars(function).nonlocals.get("shapes", {}).clear()
        try:
            self._assign(module)
        except Exception:
            return False
        return True

    def _assign(self, module: ModuleType) -> None:
        """What follows from it when the module is read; also where a name was imported to."""
        made = dict(vars(module))
        exec(compile(ast.Module(self.assigned, []), self.path, "exec"), made)
        for name, value in made.items():
            before = vars(module).get(name)
            for other in list(sys.modules.values()) if value is not before else ():
                if getattr(other, "__dict__", {}).get(name) is before:
                    setattr(other, name, value)


def codes_in(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from codes_in(one)


def variants(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Fields of a node with other values."""
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                yield "ops", [*ops[:at], SWAPS[type(op)](), *ops[at + 1 :]]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPS:
            yield "op", SWAPS[type(op)]()
        case ast.Constant(value=bool() as value):
            yield "value", not value
        case ast.Constant(value=int() | float() as value):
            yield from (("value", value + 1), ("value", value - 1))
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "value", ast.Constant(None)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            bare = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
            yield "test", test.operand if bare else ast.UnaryOp(ast.Not(), test)
        case ast.Call(func=ast.Attribute(attr="filter" | "exclude"), keywords=[*words]):
            for at in range(len(words)):
                yield "keywords", [*words[:at], *words[at + 1 :]]
        case ast.comprehension(ifs=[*ifs]):
            yield from (("ifs", [*ifs[:at], *ifs[at + 1 :]]) for at in range(len(ifs)))


def places(node: ast.AST, *, inside: bool = False) -> Iterator[ast.AST]:
    """What may be mutated: functions' bodies and what is assigned, but no annotations."""
    match node:
        case ast.FunctionDef(body=body):
            below, inside = list[ast.AST](body), True
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            below, inside = [value], True
        case ast.ClassDef(body=body) if not inside:
            below = [one for one in body if isinstance(one, ast.FunctionDef)]
        case _:
            below = list(ast.iter_child_nodes(node))
    if inside:
        yield node
    for one in below:
        yield from places(one, inside=inside)


def mutants_of(path: Path, function: str = "") -> Iterator[Mutant]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [one for one in ast.walk(tree) if getattr(one, "name", "") == function or not function]
    wanted = {id(one) for found in named for one in ast.walk(found)}
    for statement in tree.body:
        for place in places(statement):
            for field, value in variants(place) if id(place) in wanted else ():
                before, was = getattr(place, field), ast.unparse(place)
                setattr(place, field, value)
                ast.fix_missing_locations(tree)
                words = " -> ".join(text.splitlines()[0] for text in (was, ast.unparse(place)))
                code = compile(tree, str(path), "exec")
                line = getattr(getattr(place, "target", place), "lineno", statement.lineno)
                yield Mutant(
                    str(path), line, words, assigned_from(tree, statement), code,
                    lines_of(statement, line),
                )  # fmt: skip
                setattr(place, field, before)


def assigned_from(tree: ast.Module, statement: ast.stmt) -> list[ast.stmt]:
    found = [
        one for one in tree.body
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.lineno >= statement.lineno
    ]  # fmt: skip
    return copy.deepcopy(found)


def lines_of(statement: ast.stmt, line: int) -> range | None:
    around = [
        one for one in ast.walk(statement)
        if isinstance(one, ast.stmt) and one.lineno <= line <= (one.end_lineno or one.lineno)
    ]  # fmt: skip
    functions = [one for one in around if isinstance(one, ast.FunctionDef)]
    decorators = {name.id for one in functions for decorator in one.decorator_list
                  for name in ast.walk(decorator) if isinstance(name, ast.Name)}  # fmt: skip
    if not functions or decorators & ONCE:
        return None
    inner = max(around, key=lambda one: (one.lineno, -(one.end_lineno or one.lineno)))
    return range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)


class Trial:
    """Instead of pytest's loop: the tests as they are, then once a mutant."""

    def __init__(self, target: str) -> None:
        self.target = target
        name, _, function = target.partition("::")
        files = sorted((ROOT / name).rglob("*.py")) if (ROOT / name).is_dir() else [ROOT / name]
        self.mutants = [one for file in files for one in mutants_of(file, function)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        connection.settings_dict["TEST"]["NAME"] = "test_mutants"  # tests may run beside it
        files = {one.path for one in self.mutants}
        where = coverage.Coverage(include=files, data_file=None, config_file=False)
        with where.collect():
            if notices(session.items, begin=lambda item: where.switch_context(item.nodeid)):
                return True  # pytest says which test fails without any mutant
        stage.clear()
        connections.close_all()  # a connection can't be shared with a fork
        say = session.config.get_terminal_writer().line
        say()
        every, killed = len(self.mutants), 0
        for number, one in enumerate(self.mutants, start=1):
            if is_killed(one, tests_of(one, session.items, where.get_data())):
                killed += 1
            else:  # told at once: a long run that is broken off was not for nothing
                path = Path(one.path).relative_to(ROOT)
                say(f"{path}:{one.line}: lives ({number} of {every}): {one.words}", flush=True)
        say(f"{self.target}: {killed} of {every} mutants killed ({100 * killed // every} %)")
        return True


def tests_of(
    mutant: Mutant, items: list[pytest.Item], ran: coverage.CoverageData
) -> list[pytest.Item]:
    """Those that ran a line of the mutant's statement, first those of the file of its name; all,
    where it ran when the module was read.
    """
    own = f"test_{Path(mutant.path).stem}"
    items = sorted(items, key=lambda item: item.path.stem != own)
    if mutant.lines is None:
        return items
    contexts = ran.contexts_by_lineno(mutant.path)
    names = {name for line in mutant.lines for name in contexts.get(line, ())}
    return [item for item in items if item.nodeid in names] or items


def is_killed(mutant: Mutant, items: list[pytest.Item]) -> bool:
    child = os.fork()
    if not child:
        result = FAULT
        try:
            items[0].config.pluginmanager.unregister(name="terminalreporter")
            is_seen = not mutant.lives() or notices(items, lambda item: signal.alarm(LONGEST))
            result = int(is_seen)
        finally:
            os._exit(result)
    status = os.waitpid(child, 0)[1]
    if os.waitstatus_to_exitcode(status) == FAULT:
        raise RuntimeError(f"{mutant.path}:{mutant.line} can't be tried: {mutant.words}")
    return status != 0


def notices(items: list[pytest.Item], begin: Callable[[pytest.Item], Any]) -> bool:
    """Whether a test fails. What the session has set up stays."""
    for item, after in zip(items, [*items[1:], items[0]], strict=True):
        begin(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if item.session.testsfailed:
            return True
    return False


def main(targets: list[str]) -> int:
    """Each target in a process, as Django and pytest are set up once in each."""
    results = []
    for target in wanted(targets):
        child = os.fork()
        if not child:
            tests = next(TARGETS[name] for name in TARGETS if is_part(target, name))
            options = ["-q", "-p", "no:xdist", *(str(ROOT / test) for test in tests)]
            os._exit(pytest.main(options, plugins=[Trial(target)]))
        results.append(os.waitpid(child, 0)[1])
    return int(any(results))


def wanted(targets: list[str]) -> Iterator[str]:
    """All, or those that were named; of a folder each of its files."""
    for target in targets or [""]:
        yield from [name for name in TARGETS if name.startswith(target)] or [target]


def is_part(target: str, name: str) -> bool:
    return target.startswith(name.partition("::")[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
