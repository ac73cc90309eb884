# SPDX-License-Identifier: Apache-2.0
"""What runs the documentation: it sees every difference, takes nothing for an example that is none, and misses no link."""

import contextlib
import pathlib
import subprocess
import sys
import tempfile
import textwrap

import links
import page
import run

HERE = pathlib.Path(__file__).resolve().parent

# A tool to run pages with: it says what it does, and fails where it is told to.
TOOL = """#!/bin/bash
case $1 in
write) echo "id" > "$2" ;;
fail) echo "hawser: error: no such thing" >&2; exit 4 ;;
settings) echo "${HAWSER_MEMORY-none} ${AWS_PROFILE-none}" ;;
esac
echo "hawser: 1 object, 3 rows, 0.1 s" >&2
"""

# name, lines of the page, lines that were printed, whether they match
MATCHES = [
    ("nothing", [], [], True),
    ("the same", ["a", "b"], ["a", "b"], True),
    ("a line more", ["a"], ["a", "b"], False),
    ("a line less", ["a", "b"], ["a"], False),
    ("another line", ["a"], ["A"], False),
    ("a space at the end", ["a"], ["a "], False),
    ("a pattern's characters mean nothing", ["a.c [x]*"], ["abc x"], False),
    ("any text in a line", ["took ... s"], ["took 0.1 s"], True),
    ("no text in a line", ["took... s"], ["took s"], True),
    ("text is not lines", ["a...b"], ["a", "b"], False),
    ("any lines", ["a", "...", "z"], ["a", "b", "c", "z"], True),
    ("no lines", ["a", "...", "z"], ["a", "z"], True),
    ("any lines, then another end", ["a", "...", "z"], ["a", "b"], False),
]

FENCED = "```console\n{}\n```\n"

# name, page, exit code, parts of what is said
PAGES = [
    ("a command that prints what it should", FENCED.format("$ echo a\na"), 0, ["1 passed, 0 failed"]),
    ("another output", FENCED.format("$ echo a\nb"), 1, ["FAILED page.md:2", "-b", "+a", "0 passed, 1 failed"]),
    ("an output that is not in the page", FENCED.format("$ echo a"), 1, ["0 passed, 1 failed"]),
    ("no example", "# Title\n\n```sh\n$ echo a\n```\n", 1, ["there is no example in it", "0 passed, 1 failed"]),
    ("an exit code", FENCED.format("$ hawser fail\nhawser: error: no such thing\n[exit 4]"), 0, ["1 passed"]),
    ("another exit code", FENCED.format("$ hawser fail\nhawser: error: no such thing\n[exit 5]"), 1, ["+[exit 4]"]),
    ("an exit code that is not in the page", FENCED.format("$ hawser fail\nhawser: error: no such thing"), 1, ["+[exit 4]"]),
    ("the summary, left out", FENCED.format("$ hawser write a.csv"), 0, ["1 passed"]),
    ("the summary, shown", FENCED.format("$ hawser write a.csv\nhawser: 1 object, 3 rows, ..."), 0, ["1 passed"]),
    ("another summary", FENCED.format("$ hawser write a.csv\nhawser: 1 object, 4 rows, ..."), 1, ["0 passed, 1 failed"]),
    ("settings of the caller", FENCED.format("$ hawser settings\nnone none"), 0, ["1 passed"]),
    ("a command of several lines", FENCED.format("$ cat << END\n> a\n> END\na"), 0, ["1 passed"]),
    ("an input", FENCED.format("$ cat in.csv\nid\n1\n$ wc -l in.csv\n2 in.csv"), 0, ["1 passed"]),
    ("an output that should be there", FENCED.format("$ true out.csv\n$ cat out.csv\nid"), 1, ["No such file"]),
    ("an output that the next example shows", FENCED.format("$ true out.csv") + FENCED.format("$ cat out.csv\nid\n$ wc -l out.csv\n1 out.csv"), 1,
     ["1 passed, 1 failed", "No such file"]),
    ("a file that nobody reads", FENCED.format("$ cat in.csv\nid"), 1, ["No such file"]),
    ("a folder for a section", "# A\n" + FENCED.format("$ touch a") + FENCED.format("$ ls\na\nexamples") + "# B\n" + FENCED.format("$ ls\nexamples"), 0,
     ["3 passed"]),
    ("what is marked is left out", FENCED.format("$ true") + "```console not-run\n$ false\n```\n", 0, ["1 examples run, 1 left out", "1 passed, 0 failed\n"]),
    ("a block that is never closed", "```console\n$ true\n", 1, ["line 1: the block is never closed"]),
    ("a block without a command", FENCED.format("hello"), 1, ["line 2: an example begins with a command"]),
    ("a need that nobody knows", "```console S4\n$ true\n```\n", 1, ["'S4'"]),
    ("a second output after the exit code", FENCED.format("$ false\n[exit 1]\nmore"), 1, ["line 4: nothing comes after [exit N]"]),
]

# name, page, links that lead nowhere
LINKS = [
    ("a file", "[a](page.md)", []),
    ("a file that is not there", "[a](other.md)", ["other.md"]),
    ("a heading", "[a](#one-two)\n# One `two`\n", []),
    ("a heading that is not there", "[a](page.md#three)\n# One two\n", ["page.md#three"]),
    ("headings of one name", "[a](#one) [b](#one-1) [c](#one-2)\n# One\n## One\n", ["#one-2"]),
    ("options in a heading", "[a](#--json)\n### --json\n", []),
    ("a heading in a block is none", "[a](#one)\n```sh\n# One\n```\n", ["#one"]),
    ("another site", "[a](https://example.org/x)", []),
    ("a link in code is none", "`[a](b.md)`", []),
]


def run_page(folder, text):
    (folder / "page.md").write_text(text)
    tool = folder / "tool"
    tool.write_text(TOOL)
    tool.chmod(0o755)
    return subprocess.run(
        [sys.executable, HERE / "run.py", tool, folder / "page.md"], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HAWSER_MEMORY": "1GiB", "AWS_PROFILE": "mine"},
    )


class Lacking(run.Place):
    """A place that has no moon."""

    def lacks(self, example):
        return "no moon here" if "moon" in example.commands[0].text else ""


def check_lacking():
    """An example that lacks something takes with it those behind it in its section, and no others."""
    text = FENCED.format("$ true") + FENCED.format("$ true moon") + FENCED.format("$ true") + "# B\n" + FENCED.format("$ true")
    with contextlib.ExitStack() as stack:
        place = Lacking("/bin/true", stack)
        words = [outcome.word for section in page.sections(text) for outcome in run.run_section(place, section)]
    return words == ["passed", "skipped", "skipped", "passed"]


def check_rewrite(folder):
    """--rewrite puts what is printed now in the place of what was, and keeps the rest."""
    run_page(folder, "a\n" + FENCED.format("$ echo 1\n2\n3") + "b\n" + FENCED.format("$ echo abc; false\na...c\n$ echo x\nx") + "c\n")
    subprocess.run([sys.executable, HERE / "run.py", "--rewrite", folder / "tool", folder / "page.md"], capture_output=True, check=False)
    return (folder / "page.md").read_text() == "a\n" + FENCED.format("$ echo 1\n1") + "b\n" + FENCED.format("$ echo abc; false\nabc\n[exit 1]\n$ echo x\nx") + "c\n"


def main():
    results = {f"matches: {name}": page.matches(wanted, got) == want for name, wanted, got, want in MATCHES}
    for name, text, code, says in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            done = run_page(pathlib.Path(folder), text)
        results[f"page: {name}"] = done.returncode == code and all(part in done.stdout for part in says)
        if not results[f"page: {name}"]:
            print(textwrap.indent(done.stdout + done.stderr, "    "))
    for name, text, wanted in LINKS:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "page.md"
            path.write_text(text)
            results[f"links: {name}"] = links.broken(path) == wanted
    with tempfile.TemporaryDirectory() as folder:
        results["rewrite"] = check_rewrite(pathlib.Path(folder))
    results["lacking"] = check_lacking()
    failed = [name for name, good in results.items() if not good]
    print(*(f"FAILED {name}" for name in failed), sep="\n", end="\n" if failed else "")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
