# SPDX-License-Identifier: Apache-2.0
"""scripts/install puts everything in its place, and takes it away again without a trace."""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/install"

# Below the prefix; a name that ends in * stands for any that begin so.
WANTED = [
    "bin/hawser",
    "include/hawser/convert.h",
    "lib*/libhawser.so",
    "lib*/pkgconfig/hawser.pc",
    "share/man/man1/hawser.1",
    "share/man/man1/hawser-convert.1",
    "share/bash-completion/completions/hawser",
    "share/zsh/site-functions/_hawser",
    "share/fish/vendor_completions.d/hawser.fish",
    "share/doc/hawser/LICENSE",
    "share/doc/hawser/examples/c/convert.c",
    "share/doc/hawser/examples/data/stocks.csv",
]

# What is installed where, by whom, and whether the dynamic linker is told.
LINKER_ROWS = [
    ("a folder of the system", "/usr/local", "", 0, True),
    ("the system's own", "/usr", "", 0, True),
    ("with a slash at its end", "/usr/local/", "", 0, True),
    ("another folder", "/opt/hawser", "", 0, False),
    ("below a folder of the system", "/usr/local/hawser", "", 0, False),
    ("for a package", "/usr/local", "/package", 0, False),
    ("not as root", "/usr/local", "", 1000, False),
]


def install(build, prefix, destdir="", remove=False, path=None):
    """Runs the script; what it prints is shown where it fails."""
    environment = dict(os.environ, DESTDIR=str(destdir), PATH=path or os.environ["PATH"])
    words = [str(SCRIPT), *(["--remove"] if remove else []), str(build), str(prefix)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def wanted_check(prefix):
    for name in WANTED:
        assert list(prefix.glob(name)), f"{name} is not there: {everything(prefix)}"
    assert not list(prefix.rglob("CMakeLists.txt"))


def package(build, scratch):
    """For a package all is below DESTDIR, and removal leaves nothing there."""
    destdir = scratch / "package"
    install(build, "/opt/hawser", destdir)
    assert [path.name for path in destdir.iterdir()] == ["opt"]
    wanted_check(destdir / "opt/hawser")
    install(build, "/opt/hawser", destdir, remove=True)
    assert [name for name in everything(destdir) if name != "opt"] == []


def prefix_of_ones_own(build, scratch):
    """The tool runs from there; removal leaves what others have put there, and nothing else."""
    prefix = scratch / "prefix"
    install(build, prefix)
    wanted_check(prefix)
    told = subprocess.run([prefix / "bin/hawser", "--version"], capture_output=True, text=True)
    assert told.returncode == 0 and told.stdout.startswith("hawser "), told
    (prefix / "share/doc/hawser/mine.txt").write_text("mine")
    install(build, prefix)
    install(build, prefix, remove=True)
    assert everything(prefix) == ["share", "share/doc", "share/doc/hawser", "share/doc/hawser/mine.txt"]
    (prefix / "share/doc/hawser/mine.txt").unlink()
    install(build, prefix)
    install(build, prefix, remove=True)
    assert not prefix.exists(), everything(prefix)


def linker(build, scratch):
    """The programs that the script calls are stood in for: nothing of the system is touched."""
    for name, prefix, destdir, user, want in LINKER_ROWS:
        for remove in (False, True):
            programs = scratch / f"programs-{LINKER_ROWS.index((name, prefix, destdir, user, want))}-{remove}"
            programs.mkdir()
            log = programs / "log"
            for program, does in [("cmake", "true"), ("id", f"echo {user}"), ("ldconfig", f"echo told >> {log}")]:
                (programs / program).write_text(f"#!/bin/sh\n{does}\n")
                (programs / program).chmod(0o755)
            install(build, prefix, destdir, remove, f"{programs}:{os.environ['PATH']}")
            assert log.exists() == want, f"{name}, remove {remove}: told is {log.exists()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the folder of a build")
    build = parser.parse_args().build
    failed = 0
    cases = [package, prefix_of_ones_own, linker]
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="hawser-install-") as scratch:
            try:
                case(build, pathlib.Path(scratch))
            except AssertionError as error:
                failed += 1
                print(f"FAILED {case.__name__}: {error}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
