"""minimise.py: cuts a failing generated program down, by wasm-reduce.

In: the directory of a failure (plain.wasm and `case`). Out: small.wat in it, whose first line says how
to rewrite it; copied to regressions/ it is tested for ever. A candidate counts as the same failure if
the oracle fails in the same kind of test, so the smaller program is wrong for the same reason, most
likely.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rewrite import Fault, Refused, optimise, rewrite
from trial import Skip, Trial

STOPS = 12
LIMIT = 5  # seconds for one run; a candidate with an endless loop is no use


def kind_of_failure(module, case):
    """What failed first, as the oracle puts it in a few words; None if all is well."""
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        trial = Trial(work, module, work / "snap.wasm", case["engines"], stops=STOPS, limit=LIMIT,
                      chance=random.Random(case["seed"]), brief=True, alike=True)
        try:
            rewrite(module, trial.rewritten, case["options"])
            trial.optimised = optimise(module, work / "optimised.wasm", case["options"], case["flags"])
            trial.run_all()
        except Fault as fault:
            return str(fault)[:40]
        except (Refused, Skip):
            return None
    return trial.kind


def test_candidate(directory, module):
    """What wasm-reduce calls: prints the kind of failure; status 1 if there is one."""
    kind = kind_of_failure(Path(module), json.loads((Path(directory) / "case").read_text()))
    print(kind)
    return kind is not None


def minimise(directory):
    case = json.loads((directory / "case").read_text())
    kind = kind_of_failure(directory / "plain.wasm", case)
    if kind is None:
        sys.exit(f"oracle: {directory}/plain.wasm does not fail")
    print(f"{directory}: fails in: {kind}", flush=True)
    command = f"{sys.executable} {os.path.abspath(sys.argv[0])} candidate {directory} {directory}/test.wasm"
    binaries = Path(shutil.which("wasm-opt")).resolve().parent
    flags = " ".join(case["flags"])
    subprocess.run(["wasm-reduce", directory / "plain.wasm", f"--command={command}", "-t", directory / "test.wasm",
                    "-w", directory / "small.wasm", "-b", binaries, "-to", "60", "-g", f"--extra-flags={flags}",
                    *case["flags"]], check=True, stdout=subprocess.DEVNULL)
    text = subprocess.run(["wasm-dis", *case["flags"], directory / "small.wasm"],
                          capture_output=True, text=True, check=True)
    small = directory / "small.wat"
    small.write_text(f";; snapify {' '.join(case['options'])}\n;; fails in: {kind}\n{text.stdout}")
    print(f"{small}: {len(text.stdout.splitlines())} lines; if it deserves to stay: "
          f"cp {small} {Path(__file__).parent / 'regressions'}/NAME.wat")
