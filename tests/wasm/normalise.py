#!/usr/bin/env python3
"""Makes the texts of different versions of Binaryen comparable.

    normalise.py <TEXT >TEXT

Newer ones name memory and data segments in each access, have other names for types, say `then` and
`else` in an if and how wide a tuple is, and print a block that is an arm without its brackets. Takes
all of that away, and the layout: one token per line, indented as deep as it stands.
"""
import re
import sys

ACCESS = re.compile(
    r"((i32|i64|f32|f64|v128)\.(load|store|atomic)[\w.]*|memory\.(size|grow|fill|copy|init))$"
)


def parse(text):
    stack = [[]]
    for token in re.findall(r'"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+', text):
        if token == "(":
            stack.append([])
        elif token == ")" and len(stack) > 1:
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    return stack[0]


def is_list(item, head):
    return isinstance(item, list) and item[:1] == [head]


def plain_block(item):
    """A block without name and type."""
    return is_list(item, "block") and not (
        len(item) > 1 and (isinstance(item[1], str) or is_list(item[1], "result"))
    )


def arm(item):
    if is_list(item, "then") or is_list(item, "else") or plain_block(item):
        item = item[1:]
    else:
        item = [item]
    return item[0][1:] if len(item) == 1 and plain_block(item[0]) else item


def normal(item, names):
    if isinstance(item, str):
        return item
    item = [normal(part, names) for part in item]
    head = item[0] if item and isinstance(item[0], str) else ""
    if ACCESS.match(head):
        item = [head] + [part for part in item[1:] if part != "$0"]
    if head in ("memory.init", "data.drop"):
        item[1] = names.setdefault(("data", item[1]), f"name{len(names)}")
    if head == "type" and isinstance(item[1], str):
        item[1] = names.setdefault(("type", item[1]), f"name{len(names)}")
    if head == "tuple.extract" and len(item) > 3:
        item = [head] + item[2:]
    if head == "tuple.make" and isinstance(item[1], str):
        item = [head] + item[2:]
    if head == "if":
        first = 2 if is_list(item[1], "result") else 1
        arms = [["arm"] + arm(part) for part in item[first + 1 :]]
        item = item[: first + 1] + arms
    return item


def show(item, depth):
    if isinstance(item, str):
        print(" " * depth + item)
        return
    print(" " * depth + "(")
    for part in item:
        show(part, depth + 1)


NAMES = {}
for part in parse(sys.stdin.read()):
    show(normal(part, NAMES), 0)
