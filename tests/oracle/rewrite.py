"""rewrite.py: calls snapify, and tells a refusal from a fault."""

import os
import re
import subprocess

from leg import ROOT

SNAPIFY = os.environ.get("SNAPIFY", str(ROOT / "build" / "bin" / "snapify"))
LIMIT = 300  # seconds


class Refused(Exception):
    """snapify said that it cannot rewrite this; the text says why, without names of files."""


class Fault(Exception):
    """snapify did what it never may."""


def rewrite(module, output, options):
    """Writes the rewritten `module` to `output`. Raises Refused or Fault."""
    try:
        done = subprocess.run([SNAPIFY, "-q", *options, module, "-o", output],
                              capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        raise Fault(f"snapify needs more than {LIMIT} s") from None
    if done.returncode == 1:
        raise Refused(done.stderr.strip().splitlines()[0].split("error: ")[-1])
    if done.returncode != 0:
        raise Fault(f"snapify ends with status {done.returncode}: {done.stderr[-500:]}")


def optimise(module, output, options, flags):
    """Writes what the passes of Binaryen that `options` ask for make of `module` by themselves; None if
    they ask for none, or wasm-opt cannot. `flags`: the features, as wasm-opt spells them."""
    levels = [option for option in options if re.fullmatch("-O[1-4sz]", option)]
    if not levels:
        return None
    done = subprocess.run(["wasm-opt", *flags, levels[-1], module, "-o", output], capture_output=True)
    return output if done.returncode == 0 else None
