# SPDX-License-Identifier: Apache-2.0
"""Public headers stand alone in C11 and C++17, and the library exports what they declare, nothing else.

    test_headers.py --cc CC --library libhawser.so [--update]     (--update writes symbols.txt anew)
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include"
SYMBOLS = HERE / "symbols.txt"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wundef", "-Wshadow"]


def compiles(compiler, language, standard, header, include):
    """Empty where the header compiles alone, else the compiler's words."""
    command = [compiler, f"-std={standard}", *WARNINGS, "-I", str(include), "-fsyntax-only", "-x", language, "-"]
    # Twice: the guard has to hold.
    text = f"#include <{header}>\n#include <{header}>\nint main(void);\n"
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def exported(library):
    # A sanitizer's library exports names of the compiler's own too; they begin with two underscores.
    listing = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return {line.split()[2] for line in listing.splitlines() if not line.split()[2].startswith(("__", "_init", "_fini"))}


def declared():
    """Names behind HW_API in the public headers."""
    names = set()
    for header in INCLUDE.rglob("*.h"):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        names |= set(re.findall(r"^HW_API\b[^;{]*?\b(hw_\w+)\s*\(", text, re.M))
    return names


def differences(what, got, want):
    return [f"{what} has {n}" for n in sorted(got - want)] + [f"{what} lacks {n}" for n in sorted(want - got)]


def cases(args):
    headers = sorted(str(p.relative_to(INCLUDE)) for p in INCLUDE.rglob("*.h"))
    cxx = os.environ.get("CXX") or shutil.which("c++") or shutil.which("clang++")
    for header in headers:
        yield f"{header} as C11", compiles(args.cc, "c", "c11", header, INCLUDE)
        if cxx:
            yield f"{header} as C++17", compiles(cxx, "c++", "c++17", header, INCLUDE)
        else:
            print(f"SKIPPED 1 {header} as C++17: no C++ compiler here")

    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "bad.h").write_text("static size_t half(void);\n")
        said = compiles(args.cc, "c", "c11", "bad.h", folder)
        yield "a header that needs another is caught", "" if "size_t" in said else "it was not"

    want = set(SYMBOLS.read_text().split())
    yield "symbols.txt is what the headers declare", "\n".join(differences("the headers", declared(), want))
    if args.library:
        got = exported(args.library)
        yield "the library exports symbols.txt", "\n".join(differences(args.library, got, want))
        yield "a missing symbol is caught", "" if differences("x", got - {"hw_version"}, got) else "it was not"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--library")
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    if args.update:
        SYMBOLS.write_text("".join(f"{name}\n" for name in sorted(declared())))
    passed = failed = 0
    for name, wrong in cases(args):
        if wrong:
            failed += 1
            print(f"FAILED headers: {name}: {wrong}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
