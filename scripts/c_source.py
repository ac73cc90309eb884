# SPDX-License-Identifier: Apache-2.0
"""What the checks share: the project's C files, and C text without comments and literals."""

import pathlib
import re
import sys

# A comment, a string or a character: whichever begins first wins.
_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)
_NAME = re.compile(r"(\w+)\s*\(")


def files(root, *folders, suffixes=(".c", ".h")):
    """Every C file below the folders of `root`, in order, as paths relative to it."""
    found = []
    for folder in folders:
        found += [p for p in (pathlib.Path(root) / folder).rglob("*") if p.suffix in suffixes]
    return sorted(p.relative_to(root) for p in found)


def code_only(text):
    """The text with comments and the insides of literals blanked; every line keeps its number."""

    def blank(match):
        token = match.group(0)
        inside = re.sub(r"[^\n]", " ", token)
        return token[0] + inside[1:-1] + token[-1] if token[0] in "\"'" else inside

    return _TOKEN.sub(blank, text)


def comments(text):
    """Every comment with the offset at which it begins."""
    for match in _TOKEN.finditer(text):
        if match.group(0).startswith(("/*", "//")):
            yield match.start(), match.group(0)


def without_directives(code):
    """The code with the lines of the preprocessor blanked."""
    return _DIRECTIVE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), code)


def function_name(before):
    """The name in a function's head; None where the brace opens something else: a type, a table."""
    head = re.sub(r"__attribute__\s*\(\(.*?\)\)|\b[A-Z][A-Z_]+\([^()]*\)", " ", before, flags=re.S)
    if "=" in head or not head.rstrip().endswith(")"):
        return None
    found = _NAME.search(head)
    return found.group(1) if found else None


def functions(text):
    """Name, first line and number of lines of every function."""
    code = without_directives(code_only(text))
    depth, head, start = 0, 0, None
    for match in re.finditer(r"[{};]", code):
        token, at = match.group(0), match.start()
        if token == "{":
            if depth == 0:
                before = code[head:at]
                name = function_name(before)
                start = (name, head + len(before) - len(before.lstrip())) if name else None
                if re.search(r'extern\s*"[^"]*"\s*$', before):
                    head = at + 1
                    continue
            depth += 1
        elif token == "}":
            depth = max(0, depth - 1)
            if depth == 0:
                if start:
                    first = code.count("\n", 0, start[1]) + 1
                    yield start[0], first, code.count("\n", 0, at) + 2 - first
                start, head = None, at + 1
        elif depth == 0:
            head = at + 1


def report(problems, notes=(), what=""):
    """Prints notes and problems; ends with 1 where there are problems."""
    for line in notes:
        print(f"note: {line}")
    for line in problems:
        print(line)
    print(f"{what}: {len(problems)} problems" if problems else f"{what}: ok")
    sys.exit(1 if problems else 0)


def root_argument():
    """The tree to check: the first argument, else the one that holds this script."""
    return pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
