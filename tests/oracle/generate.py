"""generate.py: a WASI program and the way to rewrite it, both from one number.

The generators are `wasm-opt --translate-to-fuzz` and wasm-smith (smith/, installed by
`scripts/engines install smith`); where that is missing the first one makes all programs.
"""

import random
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import harness
from leg import ROOT

SMITH_FUEL = 300  # as in smith/src/main.rs
# (features, engines that run them); the plain ones more often.
FEATURES = (
    ("", "wasmtime wamr wasmedge wazero wasmi node"),
    ("mutable-globals sign-ext nontrapping-float-to-int", "wasmtime wamr wasmedge wazero wasmi node"),
    ("mutable-globals sign-ext nontrapping-float-to-int bulk-memory multivalue",
     "wasmtime wamr wasmedge wazero wasmi node"),
    ("mutable-globals sign-ext nontrapping-float-to-int bulk-memory multivalue simd",
     "wasmtime wamr wasmedge wazero wasmi node"),
    ("mutable-globals sign-ext bulk-memory reference-types multivalue",
     "wasmtime wamr wasmedge wazero wasmi node"),
    ("mutable-globals sign-ext bulk-memory tail-call", "wasmtime wasmi node"),
    ("mutable-globals sign-ext bulk-memory exception-handling", "node"),
)
WEIGHTS = (3, 2, 4, 2, 2, 1, 1)
POINTS = ("", "entry,return,loop", "entry,return,loop", "entry,return,loop", "entry", "return", "loop",
          "entry,loop", "return,loop")
SIZES = (300, 1000, 2000, 4000, 8000)
TOOL_LIMIT = 30  # seconds


@dataclass
class Program:
    """module: the plain WASI program; options: for snapify; engines: those that can run it."""

    seed: int
    module: Path
    generator: str
    features: list
    engines: list
    options: list = field(default_factory=list)

    def flags(self):
        """Binaryen's flags for the features."""
        return ["-mvp", *(f"--enable-{name}" for name in self.features)]


def tool(words, **more):
    """Runs a generator's command; what it says matters only if it fails."""
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=TOOL_LIMIT, **more)
    if done.returncode != 0:
        raise harness.Unfit(f"{Path(words[0]).name}: {done.stderr.decode(errors='replace')[-200:]}")
    return done.stdout


def find_smith():
    done = subprocess.run([ROOT / "scripts" / "engines", "path", "smith"], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def binaryen_version():
    return int(re.search(r"version_?(\d+)|version (\d+)", subprocess.run(
        ["wasm-opt", "--version"], capture_output=True, text=True, check=True).stdout)[0].split()[-1])


class Generator:
    def __init__(self):
        if not shutil.which("wasm-opt"):
            raise SystemExit("oracle: no wasm-opt: apt-get install binaryen")
        self.smith = find_smith()
        self.new_tuples = binaryen_version() >= 117

    def make(self, seed, directory):
        """The program of this seed, written to `directory`. Raises harness.Unfit."""
        chance = random.Random(seed)
        features, engines = chance.choices(FEATURES, WEIGHTS)[0]
        program = Program(seed, directory / "plain.wasm", "", features.split(), engines.split())
        use_smith = chance.random() < 0.4 and self.smith and "exception-handling" not in features
        raw = self.run_smith(program, directory, chance) if use_smith else self.run_ttf(program, directory, chance)
        flags = program.flags()
        text = tool(["wasm-dis", *flags, raw]).decode(errors="replace")
        wrapped = harness.wrap(text, seed, SMITH_FUEL if use_smith else None, self.new_tuples)
        (directory / "plain.wat").write_text(wrapped)
        tool(["wasm-as", *flags, "-g", directory / "plain.wat", "-o", program.module])
        program.options = rewriting(chance, wrapped)
        if reads_active_segment(wrapped):
            program.engines = [engine for engine in program.engines if engine != "wazero"]
        return program

    def run_ttf(self, program, directory, chance):
        program.generator = "wasm-opt"
        (directory / "bytes").write_bytes(chance.randbytes(chance.choice(SIZES)))
        flags = [*program.flags(), "--denan"]
        if chance.random() < 0.6:
            flags.append("--no-fuzz-oob")
        if chance.random() < 0.3:
            flags.append(chance.choice(("-O1", "-O2", "-O3", "-Os")))
        if chance.random() < 0.2:
            flags.append("--log-execution")
        tool(["wasm-opt", "-ttf", directory / "bytes", *flags, "-o", directory / "raw.wasm"])
        return directory / "raw.wasm"

    def run_smith(self, program, directory, chance):
        program.generator = "wasm-smith"
        words = list(program.features)
        if chance.random() < 0.6:
            words.append("no-traps")
        if "reference-types" not in words:
            words.append("no-table-instructions")
        # wasm-smith takes sign extension and conversions for granted.
        program.features = sorted({*program.features, "mutable-globals", "sign-ext", "nontrapping-float-to-int"})
        (directory / "raw.wasm").write_bytes(tool([self.smith, program.seed, *words]))
        return directory / "raw.wasm"


def reads_active_segment(text):
    """Does memory.init name an active segment? That has to trap, as from a dropped one; wazero copies."""
    kinds = re.findall(r'^ \(data (?:\$\S+ )?(\(|")', text, re.MULTILINE)
    used = {int(number) for number in re.findall(r"\(memory\.init \$?(\d+)", text)}
    return any(kinds[number] == "(" for number in used if number < len(kinds))


def rewriting(chance, text):
    """Options for snapify: where the points stand, and how the result is optimized."""
    options = [chance.choice(("-O0", "-O0", "-O0", "-O1", "-O2", "-O3", "-Os"))]
    functions = [name for name in re.findall(r"^ \(func \$(\S+)", text, re.MULTILINE)
                 if not name.startswith("harness")]
    if chance.random() < 0.2 and functions:
        options.append("--allow-uncalled")
        for name in chance.sample(functions, min(len(functions), chance.randrange(1, 4))):
            options.append(f"{chance.choice(('--dest', '--dest', '--may-offload'))}={name}=edge{chance.randrange(3)}")
        return options
    options += ["--policy=always", "--skip=harness*"]
    kinds = chance.choice(POINTS)  # without them snapify merges points, which leaves few programs any
    options += [f"--points={kinds}"] if kinds else []
    if chance.random() < 0.15 and functions:
        options += [f"--only={name}" for name in chance.sample(functions, max(1, len(functions) // 3))]
    return options
