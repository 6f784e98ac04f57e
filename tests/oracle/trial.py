"""trial.py: the oracle. One program, rewritten one way, must not show that it was stopped.

    whole    the rewritten program, never stopped, on every engine: as the plain one
    stop     for points N: stopped at N on one engine, restored on the next one: as the plain one
    state    the same, but stopped a second time, at the last point of the run: that snapshot is byte
             for byte the one of a run that stopped there only (stack, memory, globals, tables). A
             program with a C library sees which engine it runs on (is standard output a terminal?),
             so this is done on one engine unless the trial is told that all are alike. META is left
             out: it tells which way the program went
    relay    stopped again and again, on another engine each time: as the plain one

"As the plain one" means output, exit status or kind of trap, and files if the program has some.
Points are numbered as SNAPIFY_STOP_AT counts them, from 1.
"""

import concurrent.futures
import re
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

import node_server
from leg import SAVED, TIMEOUT, Leg

SNAPSHOT = "oracle.snap"
MOST_POINTS = 1 << 40
MESSAGE = 300  # characters of what an engine says, in a failure


# What engines say of a module that they do not accept.
NOT_LOADED = re.compile(r"module load failed|failed to (compile|parse)|CompileError|LinkError|loading failed|validation failed"
                        r"|error compiling|invalid (module|function|opcode)|failed to (load|validate)|wasm validation"
                        r"|instantiate failed", re.IGNORECASE)


class Skip(Exception):
    """Nothing can be said about this program; the text says why."""


def contents(directory):
    """The files below a directory but the snapshot, by name."""
    return {path.relative_to(directory): path.read_bytes() for path in sorted(directory.rglob("*"))
            if path.is_file() and path.name != SNAPSHOT}


def state_in(directory):
    """The bytes of the sections of the snapshot but META: "type, flags, length, content, checksum"."""
    snapshot = (directory / SNAPSHOT).read_bytes()
    sections, start = [], 40
    while start < len(snapshot):
        end = start + 24 + int.from_bytes(snapshot[start + 8:start + 16], "little")
        if snapshot[start:start + 4] != b"META":
            sections.append(snapshot[start:end])
        start = end
    return b"".join(sections)


@dataclass
class Trial:
    """plain, rewritten: modules. engines: those to use, in this order. stops: points to stop at, at
    most; hops: legs of the relay, about. files: a directory whose copy each run gets, or None.
    Everything is written below `work`; `jobs` stops are tested at the same time."""

    work: Path
    plain: Path
    rewritten: Path
    engines: list
    stops: int = 8
    hops: int = 6
    limit: float = 20
    arguments: tuple = ()
    input: Path = None
    files: Path = None
    chance: object = None  # random.Random
    brief: bool = False  # as in Leg
    alike: bool = False  # the program sees no difference between engines, as a C library's stdio does
    optimised: Path = None  # the plain program after the passes of Binaryen alone, if rewriting runs them
    jobs: int = 1
    passed: int = 0
    runs: int = 0
    points: int = 0
    last_state: bytes = None
    kind: str = None  # of the first failure
    failures: list = field(default_factory=list)
    lock: object = field(default_factory=threading.Lock)

    # ---- runs ----

    def run(self, engine, module, directory, **variables):
        leg = Leg(engine, module, directory, variables, self.arguments, self.input, self.limit, self.brief)
        with self.lock:
            self.runs += 1
        try:
            return leg.run()
        except node_server.Died:
            raise Skip("Node died") from None

    def fresh(self, name):
        directory = self.work / name
        shutil.rmtree(directory, ignore_errors=True)
        if self.files:
            shutil.copytree(self.files, directory)
        directory.mkdir(parents=True, exist_ok=True)
        return directory

    def stop(self, engine, point, directory, restore=False, **variables):
        """Runs until the point of this number, from the start or from the directory's snapshot."""
        more = {"SNAPIFY_RESTORE": SNAPSHOT} if restore else {}
        return self.run(engine, self.rewritten, directory,
                        SNAPIFY_STOP_AT=point, SNAPIFY_SAVE=SNAPSHOT, **more,
                        **variables)

    def resume(self, engine, directory):
        return self.run(engine, self.rewritten, directory, SNAPIFY_RESTORE=SNAPSHOT)

    # ---- judgements ----

    def judge(self, good, outcome, what, kind):
        """Counts a check. `kind`, of the first that fails, tells failures of different reasons apart."""
        with self.lock:
            if good:
                self.passed += 1
            else:
                self.kind = self.kind or f"{kind}: {outcome.status}"
                self.failures.append(f"{what}: {outcome}: {outcome.message.strip()[-MESSAGE:]}\n"
                                     f"    {outcome.leg}")
        return good

    def is_plain(self, outcome):
        """Where references are numbers, what traps in a table is an `unreachable` at the same place."""
        in_table = self.reference.status in ("trap: table", "trap: signature")
        return outcome.same_as(self.reference) or (
            in_table and outcome.status == "trap: unreachable" and outcome.output == self.reference.output)

    def as_plain(self, outcome, before, what):
        whole = outcome.behind(before)
        good = self.is_plain(whole)
        if good and self.files and contents(outcome.leg.directory) != self.reference_files:
            return self.judge(False, whole, f"{what}: other files than the plain run", "files")
        return self.judge(good, whole, f"{what}: not {self.reference}",
                          f"{what.split()[0]}: not {self.reference.status}")

    def after(self, engine):
        return self.engines[(self.engines.index(engine) + 1) % len(self.engines)]

    # ---- the tests ----

    def find_reference(self):
        """The plain run, which all engines have to agree on; who cannot load it is left out."""
        loads = {}
        for engine in self.engines:
            outcome = self.run(engine, self.plain, self.fresh("plain"))
            files = contents(outcome.leg.directory)
            if outcome.status == TIMEOUT:
                raise Skip("the plain program does not end in time")
            if outcome.status == "trap: stack":
                raise Skip("the plain program exhausts the stack")
            if not NOT_LOADED.search(outcome.message):
                loads[engine] = outcome, files
        if not loads:
            raise Skip("no engine takes the plain program")
        self.engines = list(loads)
        self.reference, self.reference_files = loads[self.engines[0]]
        for engine, (outcome, files) in loads.items():
            if not outcome.same_as(self.reference) or (self.files and files != self.reference_files):
                raise Skip(f"engines disagree about the plain program: {self.reference} on {self.engines[0]}, "
                           f"{outcome} on {engine}")

    def blame_engine(self, engine):
        """An engine that runs the program wrongly without anything of ours in it says nothing about us
        (WAMR returns wrong values of functions with several results, one of them a v128)."""
        if not self.run(engine, self.optimised, self.fresh("optimised")).same_as(self.reference):
            raise Skip(f"{engine} runs it wrongly after wasm-opt alone")

    def test_whole(self, engine):
        outcome = self.run(engine, self.rewritten, self.fresh(f"whole-{engine}"))
        # The one known difference: the glue's memory lies behind the program's, which goes on then.
        further = outcome.output.startswith(self.reference.output) and not outcome.same_as(self.reference)
        if self.reference.status == "trap: memory" and further:
            raise Skip("needs the trap of an access close behind its memory")
        if self.optimised and not self.is_plain(outcome):
            self.blame_engine(engine)
        self.as_plain(outcome, b"", f"whole on {engine}")

    def reaches(self, engine, point):
        outcome = self.stop(engine, point, self.fresh("count"))
        if outcome.status != SAVED:
            self.as_plain(outcome, b"", f"stop at {point}, past the end, on {engine}")
        return outcome.status == SAVED

    def count_points(self, engine):
        """How many points a run passes, by doubling and halving."""
        known, beyond = 0, 1
        while beyond < MOST_POINTS and self.reaches(engine, beyond):
            known, beyond = beyond, beyond * 2
        while beyond - known > 1 and not self.failures:
            middle = (known + beyond) // 2
            if self.reaches(engine, middle):
                known = middle
            else:
                beyond = middle
        self.points = known

    def choose_stops(self):
        """All points, or half of the stops spread evenly and half by chance."""
        if self.points <= self.stops:
            return list(range(1, self.points + 1))
        even = self.stops - self.stops // 2
        chosen = {1 + round(i * (self.points - 1) / max(1, even - 1)) for i in range(even)}
        while len(chosen) < self.stops:
            chosen.add(self.chance.randint(1, self.points))
        return sorted(chosen)

    def test_stop(self, point, engine):
        directory = self.fresh(f"stop-{point}")
        head = self.stop(engine, point, directory)
        if head.status != SAVED and not self.alike:
            self.as_plain(head, b"", f"stop at {point}, past the end on {engine}")
            return
        if not self.judge(head.status == SAVED and self.reference.output.startswith(head.output),
                          head, f"stop at {point} on {engine}", "stop"):
            return
        again = self.work / f"state-{point}"
        shutil.copytree(directory, again)
        to = self.after(engine)
        good = self.as_plain(self.resume(to, directory), head.output,
                             f"stopped at {point} on {engine}, restored on {to}")
        if good and self.last_state and point < self.points:
            good = self.test_state(point, engine, to, again)
        if good:
            shutil.rmtree(directory)
            shutil.rmtree(again)

    def test_state(self, point, engine, to, directory):
        """Goes on from the snapshot in `directory`, saved on `engine`."""
        if not self.alike:
            engine = to = self.engines[0]
            directory = self.fresh(directory.name)
            self.stop(engine, point, directory)
        outcome = self.stop(to, self.points - point, directory, restore=True)
        same = outcome.status == SAVED and state_in(directory) == self.last_state
        if not same and not self.alike and not self.check_determinism():
            return True
        return self.judge(same, outcome, f"state: stopped at {point} on {engine} and at {self.points} on {to}: "
                                         f"not the snapshot of one stop at {self.points}", "state")

    def save_last(self, engine):
        """The snapshot of a run to the last point, if the program is one that always gives the same."""
        directory = self.fresh("last")
        outcome = self.stop(engine, self.points, directory)
        if outcome.status != SAVED and not self.alike:
            self.as_plain(outcome, b"", f"stop at {self.points}, past the end this time, on {engine}")
            return
        if not self.judge(outcome.status == SAVED, outcome,
                          f"stop at {self.points}, the last point, on {engine}", "stop"):
            return
        self.last_state = state_in(directory)
        if not self.alike:
            self.check_determinism()

    def check_determinism(self):
        """Forgets the last snapshot if a run like that, with another variable, gives another one: the
        program has chance, time or its environment in its memory. Returns whether it is kept."""
        directory = self.fresh("again")
        again = self.stop(self.engines[0], self.points, directory, SNAPIFY_ORACLE=1)
        if again.status != SAVED or state_in(directory) != self.last_state:
            self.last_state = None
        return self.last_state is not None

    def test_stops(self):
        def test(number, point):
            if not self.failures:
                self.test_stop(point, self.engines[number % len(self.engines)])

        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for done in [pool.submit(test, *pair) for pair in enumerate(self.choose_stops())]:
                done.result()

    def test_relay(self, engine):
        directory = self.fresh("relay")
        step = max(1, self.points // self.hops)
        output, legs, outcome = b"", 0, None
        while outcome is None or (outcome.status == SAVED and legs <= self.points):
            outcome = self.stop(engine, step, directory, restore=legs > 0)
            legs += 1
            if outcome.status == SAVED:
                output += outcome.output
                engine = self.after(engine)
        self.as_plain(outcome, output, f"relay of {legs} legs, {step} points each, the last on {engine}")
        if self.alike and not self.failures:
            self.judge(legs == self.points // step + 1, outcome,
                       f"relay: {legs} legs for {self.points} points, {step} each", "relay: legs")

    def run_all(self):
        """Everything, until the first kind of test that fails."""
        self.find_reference()
        for engine in self.engines:
            self.test_whole(engine)
        if not self.failures:
            self.count_points(self.engines[0])
        if not self.failures and self.points > 0:
            self.save_last(self.engines[0])
        if not self.failures and self.points > 0:
            self.test_stops()
        if not self.failures and self.points > 0:
            self.test_relay(self.engines[-1])
