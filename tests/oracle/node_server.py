"""node_server.py: a Node process per thread that runs one module after the other (node_server.mjs)."""

import json
import selectors
import subprocess
import threading
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".mjs")
RUNS = 3000  # of one process; memory that Node does not give back goes with it
# Node 20 ends with SIGSEGV after some runs when its calls of WASI are optimized; no other flag helps.
COMMAND = ("node", "--no-warnings", "--no-turbo-fast-api-calls", SCRIPT)
local = threading.local()


class Late(Exception):
    """A run does not end; the process is gone."""


class Died(Exception):
    """The process ended on its own, maybe after the run."""


class Server:
    def __init__(self):
        self.process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.runs = 0

    def ask(self, job, limit):
        """Its answer. Raises Late if there is none within `limit` seconds, Died if there can't be one."""
        self.runs += 1
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        self.process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(limit):
                raise Late
        line = self.process.stdout.readline()
        if not line:
            raise Died
        return json.loads(line)

    def close(self):
        self.process.kill()
        self.process.wait()


def run(leg, place):
    """Runs a leg; files for its output are written to the directory `place`. Returns (status, output,
    text for a person). Raises Late or Died."""
    server = getattr(local, "server", None)
    if not server or server.runs >= RUNS:
        if server:
            server.close()
        server = local.server = Server()
    variables = {name: str(value) for name, value in leg.variables.items()}
    preopens = {}
    if leg.directory:
        preopens["/snap"] = str(leg.directory)
        variables.setdefault("SNAPIFY_DIR", "/snap")
    output, errors = place / "node.out", place / "node.err"
    job = {"module": str(leg.module), "args": [leg.module.name, *leg.arguments], "env": variables,
                         "preopens": preopens, "input": str(leg.input or "/dev/null"), "output": str(output),
                         "errors": str(errors)}
    try:
        answer = server.ask(job, leg.limit)
    except (Late, Died):
        server.close()
        local.server = None
        raise
    return answer["status"], output.read_bytes(), answer["message"].encode() + errors.read_bytes()
