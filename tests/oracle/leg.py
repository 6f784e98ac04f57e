"""leg.py: one run of a module on one engine, and what can be seen of it.

Engines say the same thing in different words and places: a trap's text stands on standard output on
two of them, and its status differs. An Outcome holds none of that, so that two can be compared.
"""

import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

import node_server

ROOT = Path(__file__).resolve().parents[2]
ENGINE_RUN = ROOT / "scripts" / "engine-run"
ENGINES = ("wasmtime", "wamr", "wasmedge", "wazero", "wasmi", "node")

SAVED = 75
TIMEOUT = "no end"

# The same trap in the words of six engines.
TRAPS = (
    ("unreachable", r"unreachable"),
    ("divide by zero", r"divide by zero|division by zero|divide by 0"),
    ("overflow", r"integer overflow|divide result unrepresentable|invalid conversion to integer"
                 r"|float unrepresentable"),
    ("memory", r"out of bounds memory access|memory access out of bounds|out of bounds data access"
               r"|data segment out of bounds|memory segment out of bounds"),
    ("signature", r"indirect call type mismatch|signature mismatch|null function or function signature"
                  r"|bad signature"),
    ("table", r"undefined element|uninitialized element|out of bounds table|table access"
              r"|table index is out of bounds|table initializer is out of bounds|element segment"
              r"|table out of bounds|null reference|dereferencing a null"),
    ("stack", r"stack exhaust|stack overflow|call stack size exceeded|operand stack overflow"),
)
# What WAMR and WasmEdge add to standard output.
TRAP_ON_OUTPUT = re.compile(rb"(Exception: |\[\d{4}-\d\d-\d\d [^\]]*\] \[error\] ).*", re.DOTALL)


@dataclass
class Outcome:
    """status: the exit status, "trap: KIND", or TIMEOUT. output: standard output, without a trap's
    text. message: the end of what was said elsewhere, for a person. leg: the run it came of."""

    status: object
    output: bytes
    message: str = ""
    leg: object = None

    def behind(self, output):
        """The same after this output of earlier legs."""
        return replace(self, output=output + self.output)

    def same_as(self, other):
        return self.status == other.status and self.output == other.output

    def __str__(self):
        return f"{self.status}, {len(self.output)} bytes of output"


def trap_kind(text):
    for kind, pattern in TRAPS:
        if re.search(pattern, text, re.IGNORECASE):
            return kind
    return None


def outcome(status, output, errors):
    """An Outcome from what the engine's process left."""
    said = errors.decode(errors="replace")
    found = TRAP_ON_OUTPUT.search(output) if status in (1, 134) else None
    if found:
        said += found.group(0).decode(errors="replace")
        output = output[: found.start()]
    kind = trap_kind(said) if status in (1, 134) else None
    return Outcome(f"trap: {kind}" if kind else status, output, said[-2000:])


@dataclass
class Leg:
    """What engine-run needs for a run. It runs where the module lies, because some engines give a
    program the path of its module, others the name only. `directory` is preopened as /snap; `arguments` go to the
    program; limit: seconds of wall clock. brief: the module is met a few times only, engines need not
    keep it."""

    engine: str
    module: Path
    directory: Path = None
    variables: dict = field(default_factory=dict)
    arguments: tuple = ()
    input: Path = None
    limit: float = 60
    brief: bool = False

    def command(self):
        words = [str(ENGINE_RUN), self.engine, *(["--no-cache"] if self.brief else [])]
        for name, value in self.variables.items():
            words += ["--env", f"{name}={value}"]
        if self.directory:
            words += ["--dir", str(self.directory)]
        return words + [self.module.name, *self.arguments]

    def __str__(self):
        return f"cd {self.module.parent} && " + shlex.join(self.command())

    def late(self, output):
        return Outcome(TIMEOUT, output, f"not ended after {self.limit} s", self)

    def run(self):
        if self.engine == "node" and self.brief:
            try:
                return replace(outcome(*node_server.run(self, self.module.parent)), leg=self)
            except node_server.Late:
                return self.late(b"")
        return self.run_alone()

    def run_alone(self):
        environment = {**os.environ, "RUST_BACKTRACE": "0"}
        with open(self.input or os.devnull, "rb") as stream:
            try:
                done = subprocess.run(self.command(), stdin=stream, capture_output=True,
                                      timeout=self.limit, env=environment,
                                      cwd=self.module.parent)
            except subprocess.TimeoutExpired as late:
                return self.late(late.stdout or b"")
        return replace(outcome(done.returncode, done.stdout, done.stderr), leg=self)
