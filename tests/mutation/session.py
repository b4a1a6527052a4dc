"""Run tests against mutants: learn which tests reach which line, then one fork a mutant."""

import ast
import contextlib
import gc
import importlib
import importlib.machinery
import itertools
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import coverage
import pytest
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant, mutated

KILLED, SURVIVED, BROKEN = 1, 0, 70
# A mutant may take so many times as long as its tests do, and this many seconds more.
PATIENCE, GRACE = 5, 10
# No mutant is shown more seconds of tests than this.
ENOUGH = 8
MEMORY = 8 << 30


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tests reach which line: file -> line -> names of tests, and the seconds each takes.

    `imported`: file -> the lines that ran while the tests were collected. `libraries`: modules
    of others that the tests load, imported once before anything forks.
    """

    tests: dict[str, dict[int, frozenset[str]]]
    imported: dict[str, frozenset[int]]
    seconds: dict[str, float]
    libraries: tuple[str, ...]

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests for a mutant, those of its own folder first, each the quickest first.

        Only so many as `ENOUGH` allows, and where everything has to be imported anew those of the
        folder alone, if there are any: what others would notice counts as not noticed. What runs
        on import is reached by no test in particular: there all of the folder are taken.
        """
        lines = self.tests.get(str(mutant.path), {})
        first, last = mutant.lines if mutant.inside else (0, sys.maxsize)
        found = {name for line, names in lines.items() if first <= line <= last for name in names}
        folder = Path("tests", *mutant.path.parts[1:-1])
        own = {name for name in self.seconds if Path(name.split("::")[0]).parent == folder}
        if own and self.when_imported(mutant):
            found = own
        order = sorted(found, key=lambda name: (name not in own, self.seconds[name], name))
        spent = itertools.accumulate(self.seconds[name] for name in order)
        return [name for name, seconds in zip(order, spent, strict=True) if seconds <= ENOUGH]

    def when_imported(self, mutant: Mutant) -> bool:
        """Tell whether the mutant's line runs, or might, when its module is imported."""
        first, last = mutant.lines
        lines = self.imported.get(str(mutant.path), frozenset())
        body = range(first, last + 1)
        return not mutant.inside or (mutant.function != "" and any(n in lines for n in body))


class _Quiet:
    """Settings of every run: the same examples each time, none kept, none made smaller."""

    def pytest_sessionstart(self) -> None:
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile(
            "mutants", deadline=None, derandomize=True, database=None, phases=phases
        )
        settings.load_profile("mutants")


def _pytest(tests: list[str], plugin: object) -> int:
    options = [
        "-o",
        "addopts=",
        "--assert=plain",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:logging",
    ]
    return pytest.main([*options, *tests], plugins=[_Quiet(), plugin])


class _Learner:
    """Runs every test under coverage, which is told the name of the test."""

    def __init__(self, cover) -> None:
        self.cover, self.seconds, self.failed = cover, {}, []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.cover.switch_context(item.nodeid)
        began = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - began
            self.cover.switch_context("")

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def learn(sources: list[str], tests: list[str]) -> Reach:
    """Run the tests once, in a fork, and return what each reaches."""
    with tempfile.NamedTemporaryFile() as told:
        if pid := os.fork():
            _, status = os.waitpid(pid, 0)
            if status:
                sys.exit("The tests fail, or cannot be run, without a mutant.")
            return pickle.loads(Path(told.name).read_bytes())
        try:
            Path(told.name).write_bytes(pickle.dumps(_learnt(sources, tests)))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def _learnt(sources: list[str], tests: list[str]) -> Reach:
    before = set(sys.modules)
    cover = coverage.Coverage(None, source=sources, config_file=False)
    learner = _Learner(cover)
    cover.start()
    _pytest(tests, learner)
    cover.stop()
    if learner.failed or not learner.seconds:
        raise SystemExit(f"failed without a mutant: {learner.failed}")
    data = cover.get_data()
    reached, imported = {}, {}
    for file in data.measured_files():
        path = str(Path(file).relative_to(Path.cwd()))
        contexts = data.contexts_by_lineno(file)
        reached[path] = {n: frozenset(c for c in names if c) for n, names in contexts.items()}
        imported[path] = frozenset(n for n, names in contexts.items() if "" in names)
    ours = ("analysis", "tests", "coverage", "_", "conftest")
    libraries = sorted(name for name in set(sys.modules) - before if not name.startswith(ours))
    return Reach(reached, imported, learner.seconds, tuple(libraries))


def judge(mutants: list[Mutant], reach: Reach, jobs: int) -> dict[Mutant, str]:
    """Return each mutant's verdict: killed, time (or memory) or survived.

    Raises:
        SystemExit: the same tests fail without a mutant, so that no verdict holds.
    """
    for name in reach.libraries:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    race = _Race(reach, jobs)
    aside = [mutant for mutant in mutants if reach.when_imported(mutant)]
    race.run(aside, _run_imported)
    if within := [mutant for mutant in mutants if not reach.when_imported(mutant)]:
        files = sorted({name.split("::")[0] for m in within for name in reach.of(m)})
        _pytest(files, _Loop(lambda run: race.run(within, run)))
    return race.verdicts


class _Race:
    """Runs each mutant's tests in a fork of its own, so many at once, and keeps the verdicts."""

    def __init__(self, reach: Reach, jobs: int) -> None:
        self.reach, self.jobs = reach, jobs
        self.verdicts: dict[Mutant, str] = {}
        self.running: dict[int, Mutant | None] = {}

    def run(self, mutants: list[Mutant], run: Callable[[Mutant | None, list[str]], None]) -> None:
        """Judge mutants; one run among them is of none, and must find nothing wrong."""
        tests = {mutant: self.reach.of(mutant) for mutant in mutants}
        control = sorted(set().union(*tests.values()), key=lambda name: self.reach.seconds[name])
        if not control:  # no test reaches any of them
            self.verdicts |= dict.fromkeys(mutants, "survived")
            return
        gc.freeze()  # a fork that looks for rubbish would copy all it looks at
        for mutant, names in {None: control, **tests}.items():
            if mutant and not names:
                self.verdicts[mutant] = "survived"
                continue
            while len(self.running) >= self.jobs:
                self._finish()
            self.running[_forked(mutant, names, self.reach, run)] = mutant
        while self.running:
            self._finish()

    def _finish(self) -> None:
        pid, status, _ = os.wait4(-1, 0)
        if pid not in self.running:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # what a test started and left
        mutant, code = self.running.pop(pid), os.waitstatus_to_exitcode(status)
        if code == BROKEN or (mutant is None and code != SURVIVED):
            raise SystemExit(f"No verdict: the tests fail by themselves ({mutant or 'no mutant'}).")
        if mutant:
            verdict = {SURVIVED: "survived", KILLED: "killed"}.get(code, "time")
            self.verdicts[mutant] = verdict
            done = f"{len(self.verdicts)} {verdict} {mutant.path}:{mutant.line} {mutant.after}"
            if verdict != "killed" or len(self.verdicts) % 50 == 0:
                print(done, file=sys.__stderr__, flush=True)


def _forked(mutant: Mutant | None, names: list[str], reach: Reach, run: Callable) -> int:
    if pid := os.fork():
        return pid
    try:
        os.setpgid(0, 0)
        limit = int(PATIENCE * sum(reach.seconds[name] for name in names) + GRACE)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(10 * limit)
        said = os.fdopen(os.dup(2), "w")
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        run(mutant, names)
    except BaseException:
        traceback.print_exc(file=said)
    finally:
        said.flush()
        os._exit(BROKEN)


class _FirstFailure:
    """Ends the process with the first failure, before anything is told of it."""

    def pytest_runtest_makereport(self, call: pytest.CallInfo) -> None:
        passing = (pytest.skip.Exception, pytest.xfail.Exception)
        if call.excinfo and not call.excinfo.errisinstance(passing):
            os._exit(KILLED)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            os._exit(KILLED)


class _Loop:
    """Collects once; then every fork runs its own few tests in place of the whole."""

    def __init__(self, race: Callable) -> None:
        self.race = race

    def pytest_runtestloop(self, session) -> bool:
        items = {item.nodeid: item for item in session.items}
        live = _functions()

        def run(mutant: Mutant | None, names: list[str]) -> None:
            session.config.pluginmanager.register(_FirstFailure())
            if mutant:
                _put_into_functions(mutant, live)
            _run_items([items[name] for name in names])

        self.race(run)
        return True


def _run_items(items: list[pytest.Item]) -> None:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    os._exit(SURVIVED)


class _Chosen(_FirstFailure):
    """Keeps the tests that reach the mutant, the quickest first."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        by_name = {item.nodeid: item for item in items}
        if not set(self.names) <= set(by_name):
            os._exit(KILLED)  # a table of the module gives the tests their names
        items[:] = [by_name[name] for name in self.names]

    def pytest_runtestloop(self, session) -> bool:
        _run_items(session.items)
        return True


def _run_imported(mutant: Mutant | None, names: list[str]) -> None:
    """Import everything, with the mutant in its module's source, and run the tests."""
    if mutant:
        code, path = _compiled(mutant), str(mutant.path.resolve())
        usual = importlib.machinery.SourceFileLoader.get_code

        def get_code(self, fullname: str) -> CodeType | None:
            return code if self.path == path else usual(self, fullname)

        importlib.machinery.SourceFileLoader.get_code = get_code
    _pytest(sorted({name.split("::")[0] for name in names}), _Chosen(names))
    os._exit(KILLED)  # nothing could be collected


def _compiled(mutant: Mutant) -> CodeType:
    source = mutant.path.read_text("utf-8")
    return compile(mutated(source, mutant), str(mutant.path.resolve()), "exec")


def _functions() -> dict[str, list[FunctionType]]:
    """Return the functions alive, by the file they were written in."""
    found = defaultdict(list)
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType):
            found[thing.__code__.co_filename].append(thing)
    return found


def _put_into_functions(mutant: Mutant, live: dict[str, list[FunctionType]]) -> None:
    """Give every live function that the mutant changes its new code."""
    path = str(mutant.path.resolve())
    source = mutant.path.read_text("utf-8")
    plain = compile(ast.parse(source), path, "exec")
    new = {old: other for old, other in _pairs(plain, _compiled(mutant)) if old != other}
    changed = [function for function in live[path] if function.__code__ in new]
    if not changed:
        raise LookupError(f"no live function holds {mutant}")
    for function in changed:
        function.__code__ = new[function.__code__]


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Give each code with its mutated twin; where one was left out, those inside have none."""
    below = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (old, new)]
    if len(below[0]) == len(below[1]):
        for pair in zip(*below, strict=True):
            yield pair
            yield from _pairs(*pair)
