# SPDX-License-Identifier: Apache-2.0
"""What the rows of the .faults files transfer: objects, files, and the commands of each tool."""

import dataclasses
import random

PART = 5 << 20
EXTRA = b"an object that only the destination has"


def body(seed, size):
    return random.Random(seed).randbytes(size)


SMALL, LARGE, OLD = body(1, 100_000), body(2, 17 << 20), b"what was there before"
CSV = b"id,name\r\n" + b"".join(b"%d,name %d\r\n" % (i, i * 7) for i in range(4000))
LARGER = body(3, 60 << 20)  # so that a part for each of four connections is less than a half of it
# An older version of LARGE, a megabyte shorter and with another byte in the second part: the first and the third are as ours.
OLDER = LARGE[: 7 << 20] + bytes([LARGE[7 << 20] ^ 1]) + LARGE[(7 << 20) + 1 : 16 << 20]
OLDER_LARGER = LARGER[:-1] + bytes([LARGER[-1] ^ 1])
MANY = {f"{i:02d}.bin": body(100 + i, 1000 + i) for i in range(12)}


class Made(int):
    """The size of an object whose bytes the server makes up, and of which the size alone is compared."""


HUGE = Made(6 << 30)


@dataclasses.dataclass(frozen=True)
class Scenario:
    """`command` has words with {tool}'s own paths; `source` and `files` are what there is to transfer."""

    commands: dict  # tool: words
    new: dict = dataclasses.field(default_factory=dict)  # what the destination has at the end
    source: dict = dataclasses.field(default_factory=dict)  # objects of bucket "source"
    files: dict = dataclasses.field(default_factory=dict)  # local ones
    old: dict = dataclasses.field(default_factory=dict)  # what the destination has before
    remote: bool = False  # the destination is bucket "destination"; else a folder
    prefix: str = ""  # of the destination's keys
    stdin: bytes = b""
    stdout: object = None  # what is printed where all went well
    moves: bool = False  # the source is gone at the end, and only then
    options: dict = dataclasses.field(default_factory=dict)  # of putting the source
    buckets: dict = dataclasses.field(default_factory=dict)  # of the buckets
    server: tuple = ()  # options of the server
    script: str = ""  # the text of the file {script}


def commands(hawser, s5cmd=None, aws=None):
    return {"hawser": hawser, "s5cmd": s5cmd, "aws": aws}


ONE_DOWN = commands(["cp", "s3://source/raw/f.bin", "{out}/f.bin"], ["cp", "s3://source/raw/f.bin", "{out}/f.bin"], ["s3", "cp", "s3://source/raw/f.bin", "{out}/f.bin"])
ONE_UP = commands(["cp", "{files}/f.bin", "s3://destination/f.bin"], ["cp", "{files}/f.bin", "s3://destination/f.bin"], ["s3", "cp", "{files}/f.bin", "s3://destination/f.bin"])
ONE_OVER = commands(*([*words, "s3://source/raw/f.bin", "s3://destination/f.bin"] for words in (["cp"], ["cp"], ["s3", "cp"])))
MANY_DOWN = commands(["cp", "s3://source/raw/", "{out}/"], ["cp", "s3://source/raw/*", "{out}/"], ["s3", "cp", "--recursive", "s3://source/raw/", "{out}/"])
RAW_MANY = {f"raw/{name}": data for name, data in MANY.items()}
OTHERS = {"other/a.bin": b"not yours", "rawness.bin": b"not yours either"}


def _down(data, old=True, **more):
    return Scenario(ONE_DOWN, {"f.bin": data}, source={"raw/f.bin": data}, old={"f.bin": OLD} if old else {}, **more)


def _up(data, words=ONE_UP, **more):
    return Scenario(words, {"f.bin": data}, **{"files": {"f.bin": data}, "old": {"f.bin": OLD}, "remote": True, **more})


def _sync(words, **more):
    return Scenario(words, MANY, **{"old": {"extra.bin": EXTRA, "03.bin": OLD}, **more})


def _delta(words=("cp",), old=OLDER, new=LARGE, **destination):
    command = commands([*words, "--delta", "{files}/", "s3://destination/"])
    return _up(new, command, old={"f.bin": old}, buckets={"destination": destination})


SCENARIOS = {
    "down": _down(SMALL),
    "down-gzip": _down(SMALL, options={"headers": {"content-encoding": "gzip"}}),
    "down-bare": _down(SMALL, buckets={"source": {"no_checksums": 1}}),
    "down-far": _down(SMALL, buckets={"source": {"region": "eu-west-1"}}),
    "down-large": _down(LARGE),
    "down-larger": _down(LARGER),
    "up-larger": _up(LARGER),
    "down-composite": _down(LARGE, options={"checksum": "none", "etag": "0cc175b9c0f1b6a831c399e269772661-4"}),
    "cat": Scenario(commands(["cat", "s3://source/raw/f.bin"], ["cat", "s3://source/raw/f.bin"], ["s3", "cp", "s3://source/raw/f.bin", "-"]), source={"raw/f.bin": SMALL}, stdout=SMALL),
    "up": _up(SMALL),
    "up-large": _up(LARGE),
    "up-new": _up(SMALL, commands(["cp", "--no-clobber", "{files}/f.bin", "s3://destination/f.bin"], ["cp", "--no-clobber", "{files}/f.bin", "s3://destination/f.bin"]), old={}),
    "up-large-new": _up(LARGE, commands(["cp", "--no-clobber", "{files}/f.bin", "s3://destination/f.bin"], ["cp", "--no-clobber", "{files}/f.bin", "s3://destination/f.bin"]), old={}),
    "up-delta": _delta(),
    "up-delta-sha256": _delta(("cp", "--checksum-algorithm", "SHA256")),
    "up-delta-sha256-none": _delta(("cp", "--checksum-algorithm", "SHA256"), copied_sums="none"),
    "up-delta-plain": _delta(versions=0),
    "up-delta-none": _delta(copied_sums="none"),
    "up-delta-whole": _delta(copied_sums="whole"),
    "up-delta-refused": _delta(copied_sums="refused"),
    "up-delta-larger": _delta(old=OLDER_LARGER, new=LARGER),
    "sync-delta": _delta(("sync",)),
    "move-delta": dataclasses.replace(_delta(("mv",)), moves=True),
    "pipe": _up(LARGE, commands(["pipe", "s3://destination/f.bin"], ["pipe", "s3://destination/f.bin"], ["s3", "cp", "-", "s3://destination/f.bin"]), files={}, stdin=LARGE),
    "copy": _up(SMALL, ONE_OVER, files={}, source={"raw/f.bin": SMALL}),
    # Above 5 GiB S3 copies in parts. The server proves no body here, because nobody could wait for it.
    "copy-huge": Scenario({"hawser": ONE_OVER["hawser"], "s5cmd": None, "aws": ONE_OVER["aws"]}, {"f.bin": HUGE}, source={"raw/f.bin": HUGE}, old={"f.bin": OLD}, remote=True, server=("--no-checks",)),
    "move": _up(SMALL, commands(*([*words, "s3://source/raw/f.bin", "s3://destination/f.bin"] for words in (["mv"], ["mv"], ["s3", "mv"]))), files={}, source={"raw/f.bin": SMALL}, moves=True),
    "move-up": _up(SMALL, commands(*([*words, "{files}/f.bin", "s3://destination/f.bin"] for words in (["mv"], ["mv"], ["s3", "mv"]))), moves=True),
    "down-many": Scenario(MANY_DOWN, MANY, source={**RAW_MANY, **OTHERS}, old=dict.fromkeys(MANY, OLD)),
    "up-many": Scenario(commands(["cp", "{files}/", "s3://destination/"], ["cp", "{files}/", "s3://destination/"], ["s3", "cp", "--recursive", "{files}/", "s3://destination/"]), MANY, files=MANY, remote=True, old=dict.fromkeys(MANY, OLD)),
    "copy-many": Scenario(commands(["cp", "s3://source/raw/", "s3://destination/"], ["cp", "s3://source/raw/*", "s3://destination/"], ["s3", "cp", "--recursive", "s3://source/raw/", "s3://destination/"]), MANY, source={**RAW_MANY, **OTHERS}, remote=True, old=dict.fromkeys(MANY, OLD)),
    "rm-many": Scenario(commands(["rm", "s3://destination/raw/"], ["rm", "s3://destination/raw/*"], ["s3", "rm", "--recursive", "s3://destination/raw/"]), OTHERS, old={**RAW_MANY, **OTHERS}, remote=True),
    "rm-one": Scenario(commands(["rm", "s3://destination/raw/f.bin"], ["rm", "s3://destination/raw/f.bin"], ["s3", "rm", "s3://destination/raw/f.bin"]), OTHERS, old={"raw/f.bin": SMALL, **OTHERS}, remote=True),
    "sync-down": _sync(commands(["sync", "--delete", "s3://source/raw/", "{out}/"], ["sync", "--delete", "s3://source/raw/*", "{out}/"], ["s3", "sync", "--delete", "s3://source/raw/", "{out}/"]), source={**RAW_MANY, **OTHERS}),
    "sync-up": _sync(commands(["sync", "--delete", "{files}/", "s3://destination/"], ["sync", "--delete", "{files}/", "s3://destination/"], ["s3", "sync", "--delete", "{files}/", "s3://destination/"]), files=MANY, remote=True),
    "run-down": Scenario(commands(["run", "{script}"]), MANY, source=RAW_MANY, script="".join(f"cp s3://source/raw/{name} {{out}}/{name}\n" for name in MANY)),
    "run-up": Scenario(commands(["run", "{script}"]), MANY, files=MANY, old=dict.fromkeys(MANY, OLD), remote=True, script="# all of them\n\n" + "".join(f"cp {{files}}/{name} 's3://destination/{name}'\n" for name in MANY)),
    "convert": Scenario(commands(["convert", "s3://source/raw/f.csv", "{out}/f.csv", "--to", "csv"]), {"f.csv": CSV.replace(b"\r", b"")}, source={"raw/f.csv": CSV}),
    "up-far": _up(SMALL, buckets={"destination": {"region": "eu-west-1"}}),
    "up-large-far": _up(LARGE, buckets={"destination": {"region": "eu-west-1"}}),
    "sync-over": _sync(commands(["sync", "--delete", "s3://source/raw/", "s3://destination/"]), source={**RAW_MANY, **OTHERS}, remote=True),
    "sync-checksum": _sync(
        commands(["sync", "--delete", "--checksum", "{files}/", "s3://destination/"]), files=MANY, remote=True, old={"extra.bin": EXTRA, "03.bin": MANY["03.bin"][::-1], "04.bin": MANY["04.bin"]}
    ),
    "move-many": Scenario(commands(["mv", "s3://source/raw/", "s3://destination/"]), MANY, source=RAW_MANY, remote=True, old=dict.fromkeys(MANY, OLD), moves=True),
    "move-down-many": Scenario(commands(["mv", "s3://source/raw/", "{out}/"]), MANY, source=RAW_MANY, old=dict.fromkeys(MANY, OLD), moves=True),
    "stat": Scenario(commands(["stat", "--json", "s3://source/raw/03.bin"]), source=RAW_MANY, stdout=(b'"size":1003',)),
    "du": Scenario(commands(["du", "--json", "s3://source/raw/"]), source=RAW_MANY, stdout=(b'"objects":12', b'"bytes":12066')),
    "cat-large": Scenario(commands(["cat", "s3://source/raw/f.bin"]), source={"raw/f.bin": LARGE}, stdout=LARGE),
    "doctor": Scenario(commands(["doctor", "s3://source"]), source=RAW_MANY),
    "ls": Scenario(commands(["ls", "s3://source/raw/"], ["ls", "s3://source/raw/"], ["s3", "ls", "s3://source/raw/"]), source={**RAW_MANY, **OTHERS}, stdout=tuple(name.encode() for name in MANY)),
}
