# SPDX-License-Identifier: Apache-2.0
"""The commands of each tool for the same transfer.

A tool is a function of a verb, its sources and its target; it gives the words of a command, or None where the tool has no
such command or takes minutes for it. Folders and prefixes end in "/".
"""

import functools

from running import HERE, ROOT, native, output_of

REGION = "us-east-1"


def hawser(tool, verb, sources, target):
    words = {
        "copy": ["cp", "-q", *sources, target],
        "sync": ["sync", "-q", *sources, target],
        "compare": ["sync", "-q", *sources, target],
        "list": ["ls", *(f"{source}*" for source in sources)],
        "remove": ["rm", "-q", *sources],
        "empty": ["rm", "-q", *sources],
    }
    return [tool, *words[verb]]


def s5cmd(tool, verb, sources, target):
    spread = [f"{source}*" if source.startswith("s3://") and source.endswith("/") else source for source in sources]
    words = {
        "copy": ["cp", *spread, target],
        "sync": ["sync", *sources, target],
        "compare": ["sync", *spread, target],
        "list": ["ls", *spread],
        "remove": ["rm", *sources],
        "empty": ["rm", *spread],
    }
    return [tool, *words[verb]]


def rclone(tool, verb, sources, target):
    several = any(source.endswith("/") for source in sources)
    places = [f"bench:{place.removeprefix('s3://')}" if place.startswith("s3://") else place for place in (*sources, target or "")]
    words = {
        "copy": ["copy" if several else "copyto", *places],
        "sync": ["sync", *places],
        "empty": ["delete", places[0]],
    }
    return [tool, *words[verb]] if verb in words and len(sources) == 1 else None


def aws(tool, verb, sources, target):
    if verb != "copy" or len(sources) > 1 or sources[0].endswith("/"):
        return None
    return [tool, "s3", "cp", "--only-show-errors", *sources, target]


def crt(tool, verb, sources, target, url):
    """Its own seconds and CPU seconds are those of the transfer, without the start of Python."""
    put = target is not None and target.startswith("s3://")
    if verb != "copy" or (put and sources[0].startswith("s3://")):
        return None
    return [tool, HERE / "s3_peer.py", url, "put" if put else "get", *sources, target]


def tells_its_own(words):
    return HERE / "s3_peer.py" in words


def found(bench, url):
    """The tools that are here, by name, and the names of those that are not."""
    python = ROOT / ".peers/python/bin"
    places = {"Hawser": (hawser, bench.tool), "s5cmd": (s5cmd, native("s5cmd")), "rclone": (rclone, native("rclone")),
              "boto3 CRT": (functools.partial(crt, url=url), present(python / "python")), "aws": (aws, present(python / "aws"))}
    there = {name: functools.partial(words, str(path)) for name, (words, path) in places.items() if path}
    return there, [name for name, (_, path) in places.items() if not path]


def present(path):
    return path if path.exists() else None


def environment(server, certificate=None):
    """What all of the tools are told where the service is by, and which certificate to trust."""
    more = {"AWS_ENDPOINT_URL": server.url, "S3_ENDPOINT_URL": server.url, "RCLONE_CONFIG": "/dev/null",
            "RCLONE_CONFIG_BENCH_TYPE": "s3", "RCLONE_CONFIG_BENCH_PROVIDER": "Other", "RCLONE_CONFIG_BENCH_ENV_AUTH": "true",
            "RCLONE_CONFIG_BENCH_ENDPOINT": server.url, "RCLONE_CONFIG_BENCH_REGION": REGION, "RCLONE_S3_NO_CHECK_BUCKET": "true"}
    if certificate:
        more |= {"AWS_CA_BUNDLE": str(certificate), "RCLONE_CA_CERT": str(certificate)}
    return server.environment(**more)


def versions():
    """Of the peers, as far as they tell them."""
    python = ROOT / ".peers/python/bin/python"
    own = "import awscrt, boto3; print(f'boto3 {boto3.__version__} with awscrt {awscrt.__version__}')"
    asked = ((native("s5cmd"), ["version"], "s5cmd {}"), (native("rclone"), ["version"], "{}"),
             (present(python), ["-c", own], "{}"),
             (present(python), ["-c", "import awscli; print(f'aws {awscli.__version__}')"], "{}"))
    return [text.format(first_line([path, *words])) for path, words, text in asked if path]


def first_line(command):
    return output_of(command).splitlines()[0]
