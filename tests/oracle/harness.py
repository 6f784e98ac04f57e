"""harness.py: makes a WASI program out of any module, one whose whole state shows in its output.

The module comes as text in Binaryen's form, one field a line, and so it goes out again:

    (import "m" "f" (func $f ...))   =>  a function that logs its arguments and returns a value made
                                         from everything logged before
    (export "f" (func $g))           =>  _start calls it, with fixed arguments, and prints the results
                                     =>  _start, last: prints every global, the size and a hash of the
                                         memory, and what stands in the tables

A value is printed as one line of 16 hexadecimal digits. Printing borrows the first 32 bytes of the
memory and puts back what was there. All that is added is called $harness..., so that snapify can be
told to put no points there: they would outnumber those of the program.
"""

import random
import re

SCALARS = ("i32", "i64", "f32", "f64")
REFERENCES = ("funcref", "externref", "anyref", "eqref", "i31ref", "dataref", "exnref")
LOGGED_LINES = 400  # after so many the program only hashes what it logs

FUNCTION = re.compile(r'^ \(func (?P<name>\$\S+?)(?P<type>(?: \((?:param|result) [^()]*\))*)\)?$')
IMPORT = re.compile(r'^ \(import "[^"]*" "[^"]*" \(func (?P<name>\$\S+?)(?P<type>(?: \((?:param|result) [^()]*\))*)\)\)$')
EXPORT = re.compile(r'^ \(export "(?:[^"\\]|\\.)*" \((?P<kind>\w+) (?P<name>\$\S+)\)\)$')
GLOBAL = re.compile(r'^ \(global (?P<name>\$\S+) (?:\(mut (?P<mutable>\w+)\)|(?P<type>\w+)) ')
TABLE = re.compile(r'^ \(table (?P<name>\$\S+) (?P<least>\d+)(?: \d+)? (?P<type>\w+)\)$')
PARAM = re.compile(r'\(param (?:\$\S+ )?([^()]*)\)')
RESULT = re.compile(r'\(result ([^()]*)\)')

SUPPORT = r"""
 (global $harness-trace (mut i64) (i64.const 0))
 (global $harness-lines (mut i32) (i32.const 0))
 (func $harness-log (param $value i64)
  (global.set $harness-trace
   (i64.add (i64.mul (i64.xor (global.get $harness-trace) (local.get $value)) (i64.const 0x9e3779b97f4a7c15))
    (i64.const 1)))
  (if (i32.lt_u (global.get $harness-lines) (i32.const %(lines)d))
   (block
    (global.set $harness-lines (i32.add (global.get $harness-lines) (i32.const 1)))
    (call $harness-print (local.get $value)))))
 (func $harness-print (param $value i64) (local $at i32)
  (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $digit i32)
  (local.set $a (i64.load (i32.const 0)))
  (local.set $b (i64.load (i32.const 8)))
  (local.set $c (i64.load (i32.const 16)))
  (local.set $d (i64.load (i32.const 24)))
  (local.set $at (i32.const 16))
  (i32.store8 (i32.const 16) (i32.const 10))
  (loop $next
   (local.set $at (i32.sub (local.get $at) (i32.const 1)))
   (local.set $digit (i32.and (i32.wrap_i64 (local.get $value)) (i32.const 15)))
   (i32.store8 (local.get $at)
    (i32.add (local.get $digit)
     (select (i32.const 87) (i32.const 48) (i32.gt_u (local.get $digit) (i32.const 9)))))
   (local.set $value (i64.shr_u (local.get $value) (i64.const 4)))
   (br_if $next (local.get $at)))
  (i32.store (i32.const 20) (i32.const 0))
  (i32.store (i32.const 24) (i32.const 17))
  (drop (call $harness-fd_write (i32.const 1) (i32.const 20) (i32.const 1) (i32.const 28)))
  (i64.store (i32.const 0) (local.get $a))
  (i64.store (i32.const 8) (local.get $b))
  (i64.store (i32.const 16) (local.get $c))
  (i64.store (i32.const 24) (local.get $d)))
 (func $harness-memory (local $at i32) (local $end i32) (local $hash i64)
  (local.set $end (i32.shl (memory.size) (i32.const 16)))
  (loop $next
   (if (i32.lt_u (local.get $at) (local.get $end))
    (block
     (local.set $hash
      (i64.rotl
       (i64.mul (i64.xor (local.get $hash) (i64.load (local.get $at))) (i64.const 0x9e3779b97f4a7c15))
       (i64.const 23)))
     (local.set $at (i32.add (local.get $at) (i32.const 8)))
     (br $next))))
  (call $harness-print (i64.extend_i32_u (memory.size)))
  (call $harness-print (local.get $hash)))
""" % {"lines": LOGGED_LINES}
WRITE = (' (import "wasi_snapshot_preview1" "fd_write"'
         ' (func $harness-fd_write (param i32 i32 i32 i32) (result i32)))')


class Unfit(Exception):
    """This module cannot become such a program; the text says why."""


def types_of(text, pattern):
    """The value types in all (param ...) or (result ...) of a function's head."""
    return [word for group in pattern.findall(text) for word in group.split()]


def as_i64(value_type, value):
    """Text that turns `value` of a type into i64s to print."""
    if value_type == "i64":
        return [value]
    if value_type == "i32":
        return [f"(i64.extend_i32_u {value})"]
    if value_type == "f32":
        return [f"(i64.extend_i32_u (i32.reinterpret_f32 {value}))"]
    if value_type == "f64":
        return [f"(i64.reinterpret_f64 {value})"]
    if value_type == "v128":
        return [f"(i64x2.extract_lane {lane} {value})" for lane in (0, 1)]
    if value_type in REFERENCES:
        return [f"(i64.extend_i32_u (ref.is_null {value}))"]
    raise Unfit(f"a value of type {value_type}")


def constant(value_type, chance):
    """A constant of a type; no NaN, whose bits engines may change."""
    number = chance.choice((0, 1, 2, 3, 7, 100, -1, -2, chance.getrandbits(31)))
    if value_type in SCALARS:
        return f"({value_type}.const {number})"
    if value_type == "v128":
        return f"(v128.const i64x2 {number} {chance.getrandbits(62)})"
    if value_type in REFERENCES:
        return f"(ref.null {value_type.removesuffix('ref')})"
    raise Unfit(f"a value of type {value_type}")


def from_trace(value_type):
    """A value made from everything logged so far."""
    short = "(i32.and (i32.wrap_i64 (global.get $harness-trace)) (i32.const 7))"
    if value_type in ("f32", "f64"):
        return f"({value_type}.convert_i32_s {short})"
    if value_type == "i64":
        return "(global.get $harness-trace)"
    if value_type == "i32":
        return short
    return constant(value_type, random.Random(0))


def define_import(name, head):
    """The function that stands in for an imported one."""
    params, results = types_of(head, PARAM), types_of(head, RESULT)
    lines = [f" (func {name}" + "".join(f" (param $p{i} {t})" for i, t in enumerate(params))
             + "".join(f" (result {t})" for t in results)]
    for index, value_type in enumerate(params):
        lines += [f"  (call $harness-log {i64})" for i64 in as_i64(value_type, f"(local.get $p{index})")]
    if not params:
        lines.append("  (call $harness-log (i64.const 0))")
    if len(results) > 1:
        raise Unfit("an import with several results")
    return lines + [f"  {from_trace(t)}" for t in results] + [" )"]


def show(value_type, value):
    """Lines that print a value."""
    return [f"  (call $harness-print {i64})" for i64 in as_i64(value_type, value)]


def call_export(name, head, chance, number, tuple_extract):
    """Lines that call an exported function and print what it returns; the local they need."""
    params, results = types_of(head, PARAM), types_of(head, RESULT)
    call = f"(call {name} " + " ".join(constant(t, chance) for t in params) + ")"
    local = f"$r{number}"
    if not results:
        return [f"  {call}", *show("i64", f"(i64.const {number})")], []
    lines = [f"  (local.set {local} {call})"]
    if len(results) == 1:
        return lines + show(results[0], f"(local.get {local})"), [f"(local {local} {results[0]})"]
    for index, value_type in enumerate(results):
        lines += show(value_type, tuple_extract(len(results), index, f"(local.get {local})"))
    return lines, [f"(local {local} ({' '.join(results)}))"]


def show_table(name):
    """Lines that print the size of a table and a hash of which of its elements are null."""
    return [
        f"  (call $harness-print (i64.extend_i32_u (table.size {name})))",
        "  (local.set $at (i32.const 0))",
        "  (local.set $hash (i64.const 1))",
        f"  (block $end{name} (loop $next{name}",
        f"   (br_if $end{name} (i32.ge_u (local.get $at) (table.size {name})))",
        "   (local.set $hash (i64.add (i64.mul (local.get $hash) (i64.const 31))",
        f"    (i64.extend_i32_u (ref.is_null (table.get {name} (local.get $at))))))",
        "   (local.set $at (i32.add (local.get $at) (i32.const 1)))",
        f"   (br $next{name})))",
        "  (call $harness-print (local.get $hash))",
    ]


class Module:
    """The fields of a module's text, by kind, in order."""

    def __init__(self, text):
        self.heads, self.imports, self.exports = {}, [], []
        self.globals, self.tables, self.body = [], [], []
        self.refill = None  # text that gives the program its fuel back
        for line in text.strip().splitlines()[1:-1]:
            self.take(line)

    def take(self, line):
        if found := IMPORT.match(line):
            self.imports.append((found["name"], found["type"]))
            self.heads[found["name"]] = found["type"]
        elif line.startswith(" (import"):
            raise Unfit("an import that is not a function")
        elif found := EXPORT.match(line):
            if '"hangLimitInitializer"' in line:
                self.refill = f"  (call {found['name']})"
            elif found["kind"] == "func":
                self.exports.append(found["name"])
        elif line.startswith(" (memory $"):
            _, name, *limits = line.strip(" ()").split()
            self.memory = name
            self.body.append(f" (memory {name} " + " ".join(str(max(1, int(n))) for n in limits) + ")")
        else:
            if found := FUNCTION.match(line):
                self.heads[found["name"]] = found["type"]
            elif found := GLOBAL.match(line):
                self.globals.append((found["name"], found["mutable"] or found["type"]))
            elif found := TABLE.match(line):
                self.tables.append(found["name"])
            self.body.append(line)


def start_function(module, chance, tuple_extract):
    """_start: all exports, beginning with any of them, then the state they leave."""
    exports = module.exports
    first = chance.randrange(len(exports)) if exports else 0
    lines, locals_ = [], ["(local $at i32)", "(local $hash i64)"]
    for number, name in enumerate(exports[first:] + exports[:first]):
        called, local = call_export(name, module.heads[name], chance, number, tuple_extract)
        lines += [*([module.refill] if module.refill else []), *called]
        locals_ += local
    for name, value_type in module.globals:
        lines += show(value_type, f"(global.get {name})")
    lines += show("i64", "(global.get $harness-trace)") + ["  (call $harness-memory)"]
    if "(table.get" in "".join(module.body) or "ref.null" in "".join(module.body):
        for name in module.tables:
            lines += show_table(name)
    return [" (func $harness-start", "  " + " ".join(locals_), *lines, " )"]


def wrap(text, seed, fuel=None, new_tuples=False):
    """Text of the WASI program. `seed` decides the arguments; `fuel`: what the last global is set to
    before each export, if it is that; new_tuples: tuple.extract also takes the number of values."""

    def tuple_extract(count, index, value):
        return f"(tuple.extract {f'{count} ' if new_tuples else ''}{index} {value})"

    # Binaryen cannot read a defined function that has the name it gives to imports.
    module = Module(text.replace("$fimport$", "$import$"))
    if not hasattr(module, "memory"):
        module.body.insert(0, " (memory $memory 1 1)")
        module.memory = "$memory"
    if fuel:
        module.refill = f"  (global.set {module.globals[-1][0]} (i32.const {fuel}))"
    chance = random.Random(seed)
    lines = ["(module", WRITE, *module.body, SUPPORT]
    for name, head in module.imports:
        lines += define_import(name, head)
    lines += start_function(module, chance, tuple_extract)
    lines += [' (export "_start" (func $harness-start))', f' (export "memory" (memory {module.memory}))']
    return "\n".join([*lines, ")", ""])
