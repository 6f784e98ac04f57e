"""regressions.py: generated programs that failed once, cut down: regressions/*.wat.

The first line of each says how to rewrite it: `;; snapify OPTIONS`; a line `;; engines NAMES` which
engines can run it. All points are stops, up to a limit.
"""

import random
import subprocess
from pathlib import Path

from rewrite import Fault, Refused, rewrite
from trial import Skip, Trial

STOPS = 40


def directive(text, word):
    """What stands behind `;; WORD` in one of the first lines; [] without it."""
    for line in text.splitlines()[:5]:
        if line.startswith(f";; {word} "):
            return line.split()[2:]
    return []


def run_one(path, engines, work):
    work.mkdir(parents=True, exist_ok=True)
    module = work / "plain.wasm"
    text = path.read_text()
    subprocess.run(["wasm-as", "-all", "-g", path, "-o", module], check=True)
    named = directive(text, "engines") or engines
    trial = Trial(work, module, work / "snap.wasm", [engine for engine in engines if engine in named],
                  stops=STOPS, chance=random.Random(0), brief=True, alike=True)
    try:
        rewrite(module, trial.rewritten, directive(text, "snapify"))
        trial.run_all()
    except (Fault, Refused, Skip) as why:
        trial.failures.append(str(why))
    return trial


def run(engines, work):
    """Tests all of them. Returns (passed, failed)."""
    passed = failed = 0
    for path in sorted((Path(__file__).parent / "regressions").glob("*.wat")):
        trial = run_one(path, engines, work / "regressions" / path.stem)
        passed += trial.passed
        failed += len(trial.failures)
        for failure in trial.failures:
            print(f"FAIL {path.name}: {failure}", flush=True)
    return passed, failed
