# SPDX-License-Identifier: Apache-2.0
"""What the checks share: the project's C files, and C text without comments and literals."""

import pathlib
import re
import sys

# A comment, a string or a character: whichever begins first wins.
_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


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
