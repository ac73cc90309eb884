# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of the documentation, one page after the other.

    run.py [--rewrite] [--only TEXT] HAWSER PAGE...

page.py says what an example is. Those of a section run in order, in a folder of their own that holds nothing but
`examples`, a link to the folder of that name here. Beside the shell's commands there are `hawser` and `show FILE`, which
prints the columns, types and rows of a Parquet or Avro file (show.py). The summary and the hints that a run of hawser
ends with may be left out of an example.

--rewrite writes into the page what the commands print now, where it differs: read the difference.
"""

import argparse
import collections
import contextlib
import dataclasses
import difflib
import functools
import http.server
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import threading

import page

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 120
ENDING = re.compile(r"^hawser: (\d+ objects?(,| would be) .*|hint: .*|\d+ sources? w\w+ read twice.*|rejected rows are .*)$")
PACKAGES = re.compile(r"^show |\b(pyarrow|duckdb)\b")
BUCKET = re.compile(r"s3://([a-z0-9.-]+)/")

try:
    import show
except ImportError:
    show = None


class Place:
    """Where examples run: the environment of their commands, and the S3 server, once one of them needs it."""

    def __init__(self, hawser, stack):
        self.stack = stack
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hawser-docs-")))
        self.server = None
        tools = self.folder / "bin"
        tools.mkdir()
        (tools / "hawser").symlink_to(pathlib.Path(hawser).resolve())
        # Nothing of the caller's settings may reach the tool.
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HAWSER_", "AWS_"))}
        python = pathlib.Path(sys.executable).parent
        own = {"PATH": f"{tools}:{python}:{kept['PATH']}", "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true"}
        self.environment = {**kept, **own}

    def lacks(self, example):
        """What the example needs and is not here, or an empty text."""
        if show is None and any(PACKAGES.search(c.text) for c in example.commands):
            return "pyarrow, fastavro and DuckDB are not here (scripts/setup gets them)"
        return "versitygw is not here (scripts/setup gets it)" if page.S3 in example.needs and not self.s3_server() else ""

    def s3_server(self):
        """The server, started by whoever asks first; None where there is none."""
        if self.server is None:
            sys.path.insert(0, str(ROOT / "tests/integration"))
            try:
                import server
            except ImportError:
                return None
            if not server.find():
                return None
            self.server = self.stack.enter_context(server.running(self.folder / "s3"))
            settings = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL_S3")
            self.environment.update((name, self.server.environment[name]) for name in settings)
        return self.server

    @contextlib.contextmanager
    def section(self, section):
        """A folder for the section, with the buckets that its commands name."""
        needing = [c.text for e in section.examples if page.S3 in e.needs for c in e.commands]
        buckets = sorted(set(BUCKET.findall("\n".join(needing)))) if needing and self.s3_server() else []
        for bucket in buckets:
            self.server.s3.create_bucket(Bucket=bucket)
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            (pathlib.Path(name) / "examples").symlink_to(ROOT / "examples")
            if any(page.WEB in e.needs for e in section.examples):
                with web_server(name) as self.environment["WEB"]:
                    yield pathlib.Path(name)
            else:
                yield pathlib.Path(name)
        for bucket in buckets:
            for key in self.server.keys(bucket):
                self.server.s3.delete_object(Bucket=bucket, Key=key)
            self.server.s3.delete_bucket(Bucket=bucket)

    def run(self, command, folder):
        """What a command prints, as lines, and its exit code."""
        if command.text.startswith("show "):
            return show_lines(folder, shlex.split(command.text)[1:]), 0
        try:
            done = subprocess.run(
                ["bash", "-c", command.text], cwd=folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=TIMEOUT_SECONDS, check=False,
            )
        except subprocess.TimeoutExpired:
            return [f"still running after {TIMEOUT_SECONDS} seconds"], 1
        text = done.stdout.decode(errors="backslashreplace")
        return text.removesuffix("\n").split("\n") if text else [], done.returncode


@contextlib.contextmanager
def web_server(folder):
    """A web server without ranges over a folder; its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def show_lines(folder, files):
    """What `show` prints of files; what it cannot read is told in its place."""
    lines = []
    for file in files:
        try:
            lines += show.show(folder / file)
        except Exception as error:  # whatever a reader throws is what it has to say of the file
            lines.append(f"show: {file}: {type(error).__name__}: {error}")
    return lines


@dataclasses.dataclass
class Outcome:
    """What became of an example."""

    example: page.Example
    word: str  # passed, failed, skipped for want of something, or unrun because the page says so
    notes: list  # lines that say why
    now: list  # the lines of the example with what its commands print now


def run_section(place, section):
    """Runs the examples of a section, in order; yields their outcomes. Those behind one that lacks something lack it too."""
    lacking = ""
    with place.section(section) as folder:
        for example in section.examples:
            if page.NOT_RUN in example.needs:
                yield Outcome(example, "unrun", ["left out, as the page says"], example.lines)
                continue
            lacking = lacking or place.lacks(example)
            yield Outcome(example, "skipped", [lacking], example.lines) if lacking else run_example(place, example, folder)


def run_example(place, example, folder):
    outcome = Outcome(example, "passed", [], [])
    for command in example.commands:
        if command.is_input:
            write_input(folder / command.shown, command.wanted)
        got, code = place.run(command, folder)
        same = code == command.exit and any(page.matches(command.wanted, lines) for lines in (got, without_ending(got)))
        ending = any(ENDING.match(line) for line in command.wanted)
        now = page.printed(command.wanted if same else got if ending else without_ending(got), code)
        outcome.now += command.prompts() + now
        if not same:
            outcome.word = "failed"
            outcome.notes += command.prompts()
            outcome.notes += difflib.unified_diff(page.printed(command.wanted, command.exit), now, "the page", "now", lineterm="")
    return outcome


def write_input(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines))


def without_ending(lines):
    return [line for line in lines if not ENDING.match(line)]


def run_page(place, path, args):
    """Runs the examples of a page, tells what is wrong, and counts outcomes by their word."""
    text = path.read_text()
    sections = [section for section in page.sections(text) if args.only in section.title]
    outcomes = [outcome for section in sections for outcome in run_section(place, section)]
    counts = collections.Counter(outcome.word for outcome in outcomes)
    if args.rewrite:
        path.write_text(rewritten(text, outcomes))
    else:
        for outcome in outcomes:
            tell(f"{path.name}:{outcome.example.line}", outcome)
    print(f"{path.name}: {counts['passed'] + counts['failed']} examples run, {counts['skipped'] + counts['unrun']} left out", flush=True)
    return counts


def tell(where, outcome):
    if outcome.word == "failed":
        print(f"FAILED {where}", *outcome.notes, sep="\n    ")
    elif outcome.word == "skipped":
        print(f"SKIPPED 1 {where}: {outcome.notes[0]}")
    elif outcome.word == "unrun":
        print(f"{where}: {outcome.notes[0]}")


def rewritten(text, outcomes):
    """The page with what its examples print now."""
    lines = text.split("\n")
    for outcome in reversed(outcomes):
        at = outcome.example.line - 1
        lines[at : at + len(outcome.example.lines)] = outcome.now
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rewrite", action="store_true", help="writes what the commands print now into the page")
    parser.add_argument("--only", default="", help="sections with this in their title")
    parser.add_argument("hawser", help="the built tool")
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    counts = collections.Counter()
    with contextlib.ExitStack() as stack:
        place = Place(args.hawser, stack)
        for path in args.pages:
            counts += page_counts(place, path, args)
    print(f"{counts['passed']} passed, {counts['failed']} failed" + (f", {counts['skipped']} skipped" if counts["skipped"] else ""))
    sys.exit(1 if counts["failed"] and not args.rewrite else 0)


def page_counts(place, path, args):
    """The same as run_page; a page that has no example to run counts as a failure."""
    try:
        counts = run_page(place, path, args)
    except page.PageError as error:
        print(f"FAILED {path.name}: {error}")
        return collections.Counter(failed=1)
    if sum(counts.values()) == counts["unrun"]:
        print(f"FAILED {path.name}: there is no example in it")
        counts["failed"] += 1
    return counts


if __name__ == "__main__":
    main()
