"""compatibility.py: docs/compatibility.md from the results of the last full run."""

import collections
import datetime
import json
import re
import subprocess

from leg import ENGINES, ROOT

HEAD = """# What works with which toolchain and engine

Written by `tests/oracle/run document`, with which `make check-full` ends, from what its programs did; not edited
by hand. Commit {commit}, {date}.{note}

Each program is compiled, rewritten under both policies, run whole on every engine, stopped at points
all over its run, resumed on the next engine, and relayed over all of them; what it prints and its
exit status must be those of the plain program, and where the program keeps nothing of time, chance or environment,
its memory must be the same to the byte (tests/oracle). *annotated*: marks in the source or `--dest`;
*always*: a point at every entry, return and loop (-O0), or as few as `--policy=always` makes do with.

| engine | version |
|---|---|
{engines}

| toolchain | version |
|---|---|
{toolchains}

| program | compiled | policy | result | points passed | stopped at | checks | size, rewritten |
|---|---|---|---|---|---|---|---|
{programs}

Generated modules, by `wasm-opt --translate-to-fuzz` and wasm-smith, each on three of the engines: {ok:,} did
what the plain module does, {FAIL:,} did not, {refused:,} were refused by snapify, {unusable:,} could not be used
(Binaryen cannot read them, or engines disagree about the plain module); {passed:,} checks in {runs:,} runs.
"""
TITLES = {"sqlite.c": "SQLite (C)", "sqlite_wal.c": "SQLite, write-ahead log (C)", "lua.c": "Lua 5.4 (C)", "quickjs.c": "QuickJS (C)", "zlib.c": "zlib (C)",
          "stl.cpp": "C++17 with the STL", "rust.rs": "Rust, std", "go.go": "Go, GOOS=wasip1", "zig.zig": "Zig"}
TOOLCHAINS = (("clang", ["clang-19", "--version"]), ("Rust", ["rustc", "--version"]), ("Go", ["go", "version"]),
              ("Binaryen", ["wasm-opt", "--version"]))


def first_line(words):
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "not here"


def version(words):
    """The first thing like a version in what a command says of itself."""
    found = re.search(r"\d+(\.\d+)*", first_line(words))
    return found.group(0) if found else "not here"


def zig_version():
    text = (ROOT / "tests" / "oracle" / "programs" / "fetch").read_text()
    return re.search(r"\bzig=(\S+)", text).group(1)


def engine_rows():
    listed = subprocess.run([ROOT / "scripts" / "engines", "list"], capture_output=True, text=True, check=True).stdout
    rows = dict(line.split()[:2] for line in listed.splitlines())
    return [f"| {name} | {rows[name]} |" for name in ENGINES]


def program_row(result):
    title = TITLES.get(result["name"], result["name"])
    absent = [engine for engine in ENGINES if engine not in result["engines"]]
    works = "works" + (f"; {', '.join(absent)} cannot run the plain program" if absent else "")
    word = works if result["word"] == "ok" else f"{result['word']}: {result['text'].splitlines()[0][:120]}"
    size = "{:.0f} -> {:.0f} kB".format(*(b / 1000 for b in result["bytes"])) if "bytes" in result else ""
    stops = result.get("stops", 0)
    return (f"| {title} | -{result['level']} | {result['policy']} | {word.replace('|', '/')} | {result['points']:,} "
            f"| {stops} | {result['passed']} | {size} |")


def generated_sums(results):
    """Adds up what the blocks of generated modules left."""
    sums = collections.Counter({word: 0 for word in ("ok", "FAIL", "refused", "passed", "runs", "unusable")})
    for path in results.glob("generated-*.sum"):
        sums.update(json.loads(path.read_text()))
    sums["unusable"] = sums["skip"] + sums["unfit"]
    return sums


def document(results, commit, note):
    """The text of docs/compatibility.md from a directory of results, which are those of this commit. note: a sentence
    about the run, or nothing."""
    found = [json.loads(path.read_text()) for path in sorted(results.glob("*.json"))]
    commit = commit or first_line(["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"])
    toolchains = [f"| {name} | {version(words)} |" for name, words in TOOLCHAINS] + [f"| Zig | {zig_version()} |"]
    programs = "\n".join(program_row(one) for one in found)
    return HEAD.format(commit=commit, note=f" {note}" if note else "", date=datetime.date.today().isoformat(), engines="\n".join(engine_rows()),
                       toolchains="\n".join(toolchains), programs=programs, **generated_sums(results))
