"""module.py: the oracle over one module of the user's.

Marks, points as --policy=always puts them, points everywhere; or the options given. Every point up to a
number of stops, past that half of them evenly and half by chance; then the relay over all engines.
"""

import random
import shutil
from dataclasses import dataclass

from rewrite import Fault, Refused, rewrite
from trial import Skip, Trial

POLICIES = (
    ("annotated",),
    ("always", "--policy=always"),
    ("every", "--policy=always", "--points=all"),
)


@dataclass
class Result:
    """word: ok, FAIL, skip, refused; text: why."""

    policy: str
    word: str
    text: str
    trial: Trial

    def __str__(self):
        if self.word != "ok":
            return f"{self.policy}: {self.word}: {self.text}"
        trial = self.trial
        if trial.points == 0:
            return f"{self.policy}: no points, but it runs as before: {trial.passed} checks"
        unlike = "" if trial.last_state else "; snapshots differ from run to run, so they were not compared"
        return (f"{self.policy}: ok: {trial.points} points, stopped at {min(trial.stops, trial.points)} of them, "
                f"{trial.passed} checks on {', '.join(trial.engines)}{unlike}")


def try_policy(name, options, trial):
    """One way to rewrite the trial's module; every kind of end becomes a Result."""
    try:
        rewrite(trial.plain, trial.rewritten, options)
        trial.run_all()
    except Refused as why:
        return Result(name, "refused", str(why), trial)
    except Skip as why:
        return Result(name, "skip", str(why), trial)
    except Fault as why:
        return Result(name, "FAIL", str(why), trial)
    if trial.failures:
        return Result(name, "FAIL", "\n".join(trial.failures), trial)
    return Result(name, "ok", "", trial)


def run(module, work, engines, jobs, stops, limit, options=None, arguments=(), files=None, stdin=None):
    """Tests a module; options: for snapify, instead of POLICIES. Returns (passed, failed)."""
    passed = failed = 0
    for name, *words in [(" ".join(options), *options)] if options else POLICIES:
        place = work / "module" / name.replace(" ", "").replace("/", "-")
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        trial = Trial(place, module.resolve(), place / "snap.wasm", list(engines), stops=stops, hops=2 * len(engines),
                      limit=limit, arguments=tuple(arguments), files=files, input=stdin, chance=random.Random(0),
                      jobs=jobs)
        result = try_policy(name, words, trial)
        print(result, flush=True)
        passed += trial.passed
        failed += result.word == "FAIL"
        if result.word == "FAIL":
            print(f"    what is left of it: {place}")
        else:
            shutil.rmtree(place)
    return passed, failed
