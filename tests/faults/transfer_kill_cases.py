# SPDX-License-Identifier: Apache-2.0
"""Transfers that are killed, or told to stop, before one of their calls that change something.

After every kill there is at the destination what was there before, or the whole new object, and
beside it only what the same command takes up: it ends well then, and moves no more again than a part
for each connection, and the first part, which comes with the facts of a source. A run that gets SIGINT or SIGTERM leaves nothing. Each point is a run of its
own, against a server of its own.
"""

import concurrent.futures
import dataclasses
import json
import pathlib
import random
import signal
import sys
import tempfile

import harness

sys.path.append(str(harness.HERE.parent / "support/fault_server"))
import fault_server  # noqa: E402  (the path comes first)

SECONDS = 60  # a run that takes longer hangs, however busy the machine is
AT_ONCE = 2
CONNECTIONS = 2
KILLS, SIGNALS = 50, 10  # points of a scenario that is a main one
KILLS_OTHER, SIGNALS_OTHER = 12, 4
OVERHEAD_BYTES = 200_000  # heads of requests and replies, listings
OLD = b"what was there before"
BUCKET = "b"
MIB = 1 << 20
ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def body(seed, size):
    return random.Random(seed).randbytes(size)


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A command, with {files} and {out} for the folders of sources and of what comes out."""

    words: tuple
    part_bytes: int
    bodies: dict  # name: bytes
    up: bool = False  # from files to bucket BUCKET, below p/; else the other way
    old: bool = False  # every object is there already, with other bytes
    main: bool = False  # it is looked at at more points
    moves: bool = False  # the source is gone once the target is there


def scenarios(scale):
    one_up, one_down = {"f.bin": body(1, scale * 20 * MIB + 77)}, {"f.bin": body(2, scale * 12 * MIB + 77)}
    many = {f"{i % 3}/{i:02d}.bin": body(i, 1000 + i) for i in range(12)}
    up, down = "s3://b/p/", "{out}/"
    return {
        "upload": Scenario(("cp", "{files}/f.bin", up), 5 * MIB, one_up, up=True, main=True),
        "upload over an old object": Scenario(("cp", "{files}/f.bin", up), 5 * MIB, one_up, up=True, old=True),
        "download": Scenario(("cp", f"{up}f.bin", down), MIB, one_down, main=True),
        "download over an old file": Scenario(("cp", f"{up}f.bin", down), MIB, one_down, old=True),
        "upload of many": Scenario(("sync", "{files}/", up), 5 * MIB, many, up=True),
        "download of many": Scenario(("sync", up, down), MIB, many),
        "move up": Scenario(("mv", "{files}/f.bin", up), 5 * MIB, one_up, up=True, moves=True),
        "move down": Scenario(("mv", f"{up}f.bin", down), MIB, one_down, moves=True),
    }


class Place:
    """A folder and a server, with what a scenario begins with."""

    def __init__(self, scenario, context, server, folder):
        self.scenario, self.context, self.server, self.folder = scenario, context, server, folder
        self.moved = 0  # bytes that have crossed the network on their way, in all runs
        self.files, self.out, self.temporary = folder / "files", folder / "out", folder / "tmp"
        for made in (self.files, self.out, self.temporary):
            made.mkdir()
        server.bucket(BUCKET)
        for name, data in scenario.bodies.items():
            self.put(name, data, at_source=True)
            if scenario.old:
                self.put(name, OLD, at_source=False)

    def put(self, name, data, at_source):
        if self.scenario.up == at_source:
            path = (self.files if at_source else self.out) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        else:
            self.server.put(BUCKET, f"p/{name}", data, modified=1_600_000_000)

    def run(self, **more):
        words = [word.format(files=self.files, out=self.out) for word in self.scenario.words]
        options = ["--part-size", self.scenario.part_bytes, "--connections", CONNECTIONS, "--quiet"]
        environment = self.server.environment(HOME=str(self.folder), TMPDIR=str(self.temporary), **more)
        counter = "bytes_in" if self.scenario.up else "bytes_out"
        before = self.server.state()[counter]
        done = harness.call([self.context.tool, *words, *options], SECONDS, environment)
        self.moved += self.server.state()[counter] - before
        return done

    def there(self, at_source=False):
        """The bytes that are at the destination, or at the source, by name. Hidden files are none of them."""
        if self.scenario.up == at_source:
            root = self.files if at_source else self.out
            paths = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
            return {name: path.read_bytes() for name, path in paths.items() if not pathlib.Path(name).name.startswith(".")}
        return {key.removeprefix("p/"): self.server.get(BUCKET, key) for key in self.server.list(BUCKET)}

    def hidden(self):
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob(".*") if p.is_file())

    def uploads(self):
        return self.server.state()["uploads"]


def whole(place, what):
    """Every object at the destination is an old or a new one, and none is lost that was there."""
    found = place.there()
    for name, data in found.items():
        assert data in (place.scenario.bodies[name], OLD if place.scenario.old else None), f"{what}: {name} has {len(data)} bytes that nobody wrote"
    assert not place.scenario.old or set(found) == set(place.scenario.bodies), f"{what}: the old object is lost"
    sources = place.there(at_source=True) if place.scenario.moves else {}
    for name, data in place.scenario.bodies.items() if place.scenario.moves else ():
        assert sources.get(name) == data or found.get(name) == data, f"{what}: {name} is nowhere"
    return {name for name, data in found.items() if data == place.scenario.bodies[name]}


def left_clean(place, what):
    assert not place.hidden(), f"{what}: leaves {place.hidden()[:3]}"
    assert not list(place.temporary.iterdir()), f"{what}: leaves temporary files"
    assert not place.uploads(), f"{what}: leaves {len(place.uploads())} open uploads"


def told_uploads(place, what):
    """What a killed run leaves open at the service, `uploads` tells of."""
    environment = place.server.environment(HOME=str(place.folder))
    done = harness.call([place.context.tool, "uploads", f"s3://{BUCKET}", "--json"], SECONDS, environment)
    assert done.code == 0, f"{what}: uploads: exit {done.code}: {done.err.strip()[-200:]}"
    told = [json.loads(line)["path"] for line in done.out.splitlines()]
    assert len(told) == len(place.uploads()) and set(told) <= {f"s3://{BUCKET}/p/{name}" for name in place.scenario.bodies}, f"{what}: uploads tells of {told}"


def kill(place, number, what):
    scenario = place.scenario
    done = place.run(LD_PRELOAD=harness.shim("kill"), HAWSER_KILL_AT=str(number))
    assert done.code in (0, -signal.SIGKILL), f"{what}: exit {done.code}: {done.err.strip()[-300:]}"
    finished = whole(place, what)
    assert done.code or finished == set(scenario.bodies), f"{what}: said to be done"
    assert not list(place.temporary.iterdir()), f"{what}: leaves temporary files"
    # A large file has a journal beside it, and for a moment a second name; small ones wait for their names together.
    assert all(name.startswith("out/") for name in place.hidden()) and len(place.hidden()) <= max(3, len(scenario.bodies)), f"{what}: leaves {place.hidden()[:5]}"
    assert len(place.uploads()) <= CONNECTIONS, f"{what}: {len(place.uploads())} uploads are open"
    told_uploads(place, what)
    if scenario.moves and finished:
        return  # what is left of the source is another matter
    done = place.run()
    assert done.code == 0, f"{what}: the same command again: exit {done.code}: {done.err.strip()[-300:]}"
    assert place.there() == scenario.bodies, f"{what}: the same command again: other bytes"
    left_clean(place, what)
    size = sum(map(len, scenario.bodies.values()))
    again = place.moved - size
    most = (CONNECTIONS + (not scenario.up)) * scenario.part_bytes + OVERHEAD_BYTES
    assert finished or again <= most, f"{what}: {again} bytes were sent again, {most} at most should be"


def stop(place, number, what):
    name = (signal.SIGINT, signal.SIGTERM)[number % 2]
    done = place.run(LD_PRELOAD=harness.shim("kill"), HAWSER_KILL_AT=str(number), HAWSER_KILL_SIGNAL=str(int(name)))
    finished = whole(place, what)
    assert done.code == ENDS[name] or (done.code == 0 and finished == set(place.scenario.bodies)), f"{what}: exit {done.code}: {done.err.strip()[-300:]}"
    left_clean(place, what)


def point(scenario, context, parent, act, number):
    """What went wrong at one point; empty where nothing did."""
    with tempfile.TemporaryDirectory(dir=parent) as name, fault_server.running() as server:
        try:
            act(Place(scenario, context, server, pathlib.Path(name)), number, f"call {number}")
        except AssertionError as error:
            return str(error)
    return ""


def count_calls(scenario, context, folder):
    counting = folder / "counting"
    counting.mkdir()
    with fault_server.running() as server:
        place = Place(scenario, context, server, counting)
        done = place.run(LD_PRELOAD=harness.shim("kill"), HAWSER_KILL_COUNT=str(folder / "count"))
        assert done.code == 0, f"exit {done.code}: {done.err.strip()[-300:]}"
        assert place.there() == scenario.bodies, "other bytes"
        left_clean(place, "a run to its end")
    return int((folder / "count").read_text())


def sweep(name, act, context, folder):
    if not fault_server.find():
        raise harness.Skipped("hawser-fault-server is not built (cmake --preset check)")
    scenario = scenarios(4 if context.long else 1)[name]
    count = count_calls(scenario, context, folder)
    assert count > 3, f"{count} calls: the shim sees none"
    points = (KILLS if scenario.main else KILLS_OTHER) if act is kill else (SIGNALS if scenario.main else SIGNALS_OTHER)
    numbers = harness.spread(count, 4 * points if context.long else points)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [said for said in pool.map(lambda number: point(scenario, context, folder, act, number), numbers) if said]
    note = f"{len(numbers)} of {count} calls"
    assert not wrong, f"{note}; {len(wrong)} wrong: " + " | ".join(wrong[:4])
    return note


def rows():
    for name in scenarios(1):
        yield harness.Row(f"{name}, killed", lambda context, folder, n=name: sweep(n, kill, context, folder))
        yield harness.Row(f"{name}, told to stop", lambda context, folder, n=name: sweep(n, stop, context, folder))
