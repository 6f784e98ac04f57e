"""generated.py: the oracle over generated programs.

A seed decides everything: the program, how it is rewritten, where it is stopped, on which engines.
What fails is kept in a directory of its own: plain.wasm, snap.wasm, `case` (what `run minimise` goes
on from) and `failure`.
"""

import collections
import concurrent.futures
import json
import random
import shutil
import time

import generate
import harness
from rewrite import Fault, Refused, optimise, rewrite
from trial import Skip, Trial

ENGINES_PER_SEED = 3
# By how long they take to start: the first one runs most.
FAST_FIRST = ("node", "wamr", "wasmi", "wazero", "wasmtime", "wasmedge")


class Verdict:
    """What came out for one seed. word: ok, FAIL, skip, unfit or refused."""

    def __init__(self, word, text, trial):
        self.word, self.text = word, text.strip()
        self.passed = trial.passed if trial else 0
        self.runs = trial.runs if trial else 0
        self.points = trial.points if trial else 0


def keep_failure(program, trial, text):
    case = {"options": program.options, "flags": program.flags(), "engines": trial.engines, "seed": program.seed}
    (trial.work / "case").write_text(json.dumps(case) + "\n")
    (trial.work / "failure").write_text(
        f"{program.generator} {' '.join(program.features)}\nsnapify {' '.join(program.options)}\n{text}\n")


def choose_engines(usable, chance):
    """Node, whose runs cost least, and as many others."""
    others = [engine for engine in usable if engine != "node"]
    chosen = chance.sample(others, min(len(others), ENGINES_PER_SEED - ("node" in usable)))
    return sorted(chosen + ["node"] * ("node" in usable), key=FAST_FIRST.index)


def try_seed(seed, generator, engines, work, trials):
    """As test_seed, but raises what ends the test early; the trial is left in `trials`."""
    program = generator.make(seed, work)
    chance = random.Random(seed)
    usable = [engine for engine in program.engines if engine in engines]
    if not usable:
        raise Skip("no engine for it")
    chosen = choose_engines(usable, chance)
    trial = Trial(work, program.module, work / "snap.wasm", chosen, chance=chance, brief=True, alike=True)
    trials.append(trial)
    try:
        rewrite(program.module, trial.rewritten, program.options)
        trial.optimised = optimise(program.module, work / "optimised.wasm", program.options,
                                   program.flags())
        trial.run_all()
    except Fault as fault:
        trial.failures.append(str(fault))
    if trial.failures:
        keep_failure(program, trial, "\n".join(trial.failures))
        return "FAIL", "\n".join(trial.failures)
    return "ok", program.generator


def test_seed(seed, generator, engines, keep):
    work = keep / str(seed)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    trials = []
    try:
        word, text = try_seed(seed, generator, engines, work, trials)
    except harness.Unfit as why:
        word, text = "unfit", str(why)
    except Skip as why:
        word, text = "skip", str(why)
    except Refused as why:
        word, text = "refused", str(why)
    if word != "FAIL":
        shutil.rmtree(work)
    return Verdict(word, text, trials[0] if trials else None)


class Report:
    """Adds verdicts up; prints failures as they come, the rest at the end."""

    def __init__(self):
        self.words, self.reasons, self.example = collections.Counter(), collections.Counter(), {}
        self.passed = self.runs = self.points = 0

    def add(self, seed, verdict):
        self.words[verdict.word] += 1
        self.passed += verdict.passed
        self.runs += verdict.runs
        self.points += verdict.points
        text = f"{verdict.word}: {verdict.text.splitlines()[0] if verdict.text else ''}"
        if verdict.word == "FAIL":
            print(f"FAIL seed {seed}: {verdict.text}", flush=True)
        self.reasons[text] += 1
        self.example.setdefault(text, seed)

    def save(self, path):
        """For the document that a full run ends with."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**self.words, "passed": self.passed, "runs": self.runs, "points": self.points}))

    def show(self, verbose):
        for text, count in self.reasons.most_common() if verbose else []:
            print(f"{count:6} {text} (seed {self.example[text]})")
        print(f"{self.words['ok']} programs as they should be, {self.words['refused']} refused, "
              f"{self.words['skip'] + self.words['unfit']} not usable; {self.runs} runs, {self.points} points")


def run(first, last, engines, keep, jobs, verbose=False):
    """Tests the seeds from first to last. Returns (checks passed, programs failed)."""
    generator = generate.Generator()
    report = Report()
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        pending = {pool.submit(test_seed, seed, generator, engines, keep): seed
                   for seed in range(first, last + 1)}
        for done in concurrent.futures.as_completed(pending):
            report.add(pending[done], done.result())
    report.show(verbose)
    print(f"seeds {first}-{last}: {time.monotonic() - began:.0f} s")
    report.save(keep.parent / "results" / f"generated-{first}-{last}.sum")
    failed = report.words["FAIL"] + (report.words["ok"] == 0)
    return report.passed, failed
