"""programs.py: the oracle over real programs: those of programs/, whose sources come from registries.

Each is compiled with and without optimization and rewritten under both policies. What came out is
kept as one JSON file per program and way in `results`, from which compatibility.py makes a document.
"""

import json
import random
import shutil
import subprocess
import time
from pathlib import Path

import module
from trial import Trial

HERE = Path(__file__).parent / "programs"
SUFFIXES = (".c", ".cpp", ".rs", ".go", ".zig")
STATUS = 7  # with which each of ours says that it came to its end
# What the languages without our header mark, by suffix and level.
MARKS = {
    ".rs": lambda level: ["--dest=collatz=edge1"],
    ".go": lambda level: ["--dest=main.fib=edge1"],
    ".zig": lambda level: ["--dest=zig.fib=edge1" if level == "O0" else "--dest=fib=edge1"],
}
LIMIT = 120  # seconds for a run: an interpreter takes long for what a compiler does in one


def names():
    return sorted(path.name for path in HERE.iterdir() if path.suffix in SUFFIXES)


def levels(name):
    return ["O2"] if name.endswith(".go") else ["O0", "O2"]


def options(name, level, policy):
    if policy == "always":
        return ["--policy=always"] + (["--points=all"] if level == "O0" else [])
    return MARKS.get(Path(name).suffix, lambda level: [])(level)


def compile_program(name, level, modules):
    """Returns (plain module, None), or (None, (word, the first line of what its compiler says))."""
    modules.mkdir(parents=True, exist_ok=True)
    plain = modules / f"{name}-{level}.wasm"
    if not plain.exists():
        done = subprocess.run([HERE / "build", name, level, plain], capture_output=True, text=True)
        if done.returncode != 0:
            errors = [line for line in done.stderr.splitlines() if "error" in line.lower()]
            word = "left out" if done.returncode == 3 else "not built"
            return None, (word, (errors or done.stderr.splitlines() or ["no word"])[0])
    return plain, None


def test(name, level, policy, work, engines, stops, jobs):
    """Returns a dictionary: name, level, policy, word, text, points, passed, bytes, seconds, engines."""
    began = time.monotonic()
    place = work / "programs" / f"{name}-{level}-{policy}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    result = {"name": name, "level": level, "policy": policy, "engines": list(engines), "points": 0, "passed": 0}
    plain, why = compile_program(name, level, (work / "modules").resolve())
    if not plain:
        return {**result, "word": why[0], "text": why[1], "seconds": 0}
    nothing = place / "files"  # a program may write files; they are compared, too
    nothing.mkdir()
    trial = Trial(place, plain, place / "snap.wasm", list(engines), files=nothing, stops=stops,
                  hops=2 * len(engines), limit=LIMIT, chance=random.Random(f"{name}{level}{policy}"), jobs=jobs)
    outcome = module.try_policy(policy, options(name, level, policy), trial)
    if outcome.word == "ok" and trial.reference.status != STATUS:
        outcome.word, outcome.text = "FAIL", f"the plain program ends with {trial.reference.status}, not {STATUS}"
    if trial.rewritten.exists():
        result["bytes"] = [plain.stat().st_size, trial.rewritten.stat().st_size]
    if outcome.word == "ok":
        shutil.rmtree(place)
    return {**result, "engines": trial.engines, "word": outcome.word, "text": outcome.text,
            "points": trial.points, "passed": trial.passed, "stops": min(stops, trial.points),
            "seconds": round(time.monotonic() - began)}


def run(wanted, work, engines, stops, jobs):
    """Tests the programs of these names. Returns (passed, failed)."""
    passed = failed = 0
    results = work / "results"
    results.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        for level in levels(name):
            for policy in ("annotated", "always"):
                result = test(name, level, policy, work, engines, stops, jobs)
                (results / f"{name}-{level}-{policy}.json").write_text(json.dumps(result) + "\n")
                print(f"{name} -{level} {policy}: {result['word']} {result['text']}: {result['points']} points, "
                      f"{result['passed']} checks, {result['seconds']} s", flush=True)
                passed += result["passed"]
                failed += result["word"] not in ("ok", "refused", "left out")
    return passed, failed
