# SPDX-License-Identifier: Apache-2.0
"""What the examples of a page in Markdown are.

An example is a fenced block whose language is `console`. Words after it say what it needs: `s3`, an S3 server, `web`, a web
server over the folder of the section, whose address is `$WEB`, or `not-run`, somebody who runs it by hand.

    ```console
    $ printf 'id;name\\n1;one\\n' > in.csv
    $ hawser convert in.csv out.parquet
    $ cat missing
    cat: missing: No such file or directory
    [exit 1]
    ```

- A line that begins with `$ ` is a command. Lines after it that begin with `> ` belong to it.
- Then comes what the command prints, on both streams. A line `...` stands for any number of lines, and `...` within a
  line for any text.
- A command that fails is followed by `[exit N]`, with its exit code.
- `$ cat FILE` at the head of an example, before any other command but another one of its kind, shows an input where a
  later command of the example names FILE and none before it in the section has. The input is made as it stands there.
"""

import dataclasses
import itertools
import re

FENCE = re.compile(r"^(`{3,})\s*(.*?)\s*$")
HEADING = re.compile(r"^#+ (.*)$")
EXIT = re.compile(r"^\[exit (\d+)\]$")
INPUT = re.compile(r"^cat ([\w./-]+)$")
ANYTHING = "..."
S3, WEB, NOT_RUN = "s3", "web", "not-run"


@dataclasses.dataclass
class Command:
    text: str  # for the shell, without the prompts
    wanted: list = dataclasses.field(default_factory=list)  # lines of output
    exit: int = 0
    is_input: bool = False  # the runner makes the file that the command shows

    @property
    def shown(self):
        """The file that the command shows, or None."""
        found = INPUT.match(self.text)
        return found and found[1]

    def prompts(self):
        """The command as the page has it."""
        first, *more = self.text.split("\n")
        return [f"$ {first}", *(f"> {line}" for line in more)]


@dataclasses.dataclass
class Example:
    line: int  # of the page, from 1: the first one inside the fence
    needs: tuple
    lines: list  # as they stand in the page
    commands: list


@dataclasses.dataclass
class Section:
    title: str
    examples: list


class PageError(Exception):
    """The page has a block that is no example."""


def sections(text):
    """The sections of a page that have examples, each from its heading to the next one of any level."""
    found, current = [], Section("", [])
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if fence:
            end = next((i for i in range(at + 1, len(lines)) if lines[i].rstrip() == fence[1]), None)
            if end is None:
                raise PageError(f"line {at + 1}: the block is never closed")
            words = fence[2].split()
            if words[:1] == ["console"]:
                current.examples.append(example(at + 2, tuple(words[1:]), lines[at + 1 : end]))
            at = end
        elif HEADING.match(lines[at]):
            found.append(current)
            current = Section(HEADING.match(lines[at])[1], [])
        at += 1
    found = [s for s in [*found, current] if s.examples]
    for section in found:
        mark_inputs(section)
    return found


def example(line, needs, lines):
    """One block; `line` is the number of its first line in the page."""
    unknown = [word for word in needs if word not in (S3, WEB, NOT_RUN)]
    if unknown:
        raise PageError(f"line {line - 1}: nobody knows what an example needs by {unknown[0]!r}")
    commands = []
    for at, text in enumerate(lines):
        prompting = commands and not commands[-1].wanted and not commands[-1].exit
        if text.startswith("$ "):
            commands.append(Command(text[2:]))
        elif not commands:
            raise PageError(f"line {line + at}: an example begins with a command, `$ ...`")
        elif text.startswith("> ") and prompting:
            commands[-1].text += "\n" + text[2:]
        elif EXIT.match(text):
            commands[-1].exit = int(EXIT.match(text)[1])
        elif commands[-1].exit:
            raise PageError(f"line {line + at}: nothing comes after [exit N] but a command")
        else:
            commands[-1].wanted.append(text)
    if not commands:
        raise PageError(f"line {line - 1}: the example is empty")
    return Example(line, needs, lines, commands)


def mark_inputs(section):
    """Finds the commands of a section that show an input."""
    before = []
    for item in section.examples:
        head = list(itertools.takewhile(lambda c: c.shown, item.commands))
        later = item.commands[len(head) :]
        for command in head:
            command.is_input = names(later, command.shown) and not names(before, command.shown)
        before += item.commands


def names(commands, path):
    """Whether one of the commands has the path as a word."""
    return any(path in re.split(r"[\s'\"<>;|()]+", c.text) for c in commands)


def printed(lines, code):
    """What a command printed and how it ended, as a page has it."""
    return lines + ([f"[exit {code}]"] if code else [])


def matches(wanted, got):
    """Whether lines that were printed are those of the page."""
    pattern = "".join(r"(?:.*\n)*?" if w == ANYTHING else re.escape(w).replace(re.escape(ANYTHING), ".*") + r"\n" for w in wanted)
    return re.fullmatch(pattern, "".join(line + "\n" for line in got)) is not None
