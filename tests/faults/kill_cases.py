# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed before one of their calls that change something: after every kill, all files
are old or new whole ones.

Then the source changes again and a normal run follows: it succeeds, and the folder has exactly the
rows of the source as it is, none of a version that is gone. Temporaries of the killed run do not
hinder. A row is a scenario; every kill is a run of its own.
"""

import concurrent.futures
import dataclasses
import pathlib
import shutil
import signal
import tempfile

import harness
import outputs
import s3_server
from support import write

SECONDS = 60  # a run that takes longer hangs, however busy the machine is
AT_ONCE = 2


def table(rows, start, *keys):
    return b"id,key\n" + b"".join(b"%d,%s\n" % (i, keys[i % len(keys)].encode()) for i in range(start, start + rows))


def parsed(text):
    return [{"id": int(i), "key": k} for i, k in (line.split(",") for line in text.decode().splitlines()[1:])]


# The source as it was when the folder was made, when a run is killed (or two are), and afterwards.
CHANGES = table(60, 0, "a", "b", "c"), table(60, 100, "b", "d"), table(30, 200, "e", "a")
GROWS = table(30, 0, "a"), table(1000, 100, "b" * 250), table(400, 3000, "c" * 250)  # one file, four, two
OTHER = table(20, 500, "a", "d", "z")  # another source of the same folder, that does not change


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A conversion of in.csv, or of a folder in/, whose outputs have all rows of the sources."""

    arguments: tuple
    sources: tuple = ("in.csv",)  # the first one changes
    texts: tuple = CHANGES
    ending: str = ".parquet"
    out: str = "out"
    remote: bool = False
    all_points: bool = True  # else a spread of them, but with --long
    fresh: bool = False  # nothing is there before


PARTITIONS = ("--partition-by", "key", "--threads", "1")
NUMBERED = ("--to", "csv", "--max-file-bytes", "100", "--threads", "1")
TWO = ("in/a.csv", "in/b.csv")
MANY = tuple(f"in/{name}.csv" for name in "abcdefghijkl")
SCENARIOS = {
    "one file": Scenario(("in.csv", "out/o.parquet", "--threads", "1")),
    "a folder": Scenario(("in/", "out/", "--to", "parquet", "--threads", "1"), TWO),
    "a folder of many, published at once": Scenario(("in/", "out/", "--to", "parquet"), MANY, all_points=False),
    "partitions": Scenario(("in.csv", "out/", *PARTITIONS)),
    "partitions, the same source again": Scenario(("in.csv", "out/", *PARTITIONS), texts=(*CHANGES[:2], CHANGES[1])),
    "partitions, killed twice": Scenario(("in.csv", "out/", *PARTITIONS), texts=(*CHANGES[:2], table(50, 700, "c", "f", "g"), CHANGES[2])),
    "partitions of two sources": Scenario(("in/", "out/", *PARTITIONS), TWO),
    "partitions where nothing was": Scenario(("in.csv", "out/", *PARTITIONS), fresh=True),
    "numbered files": Scenario(("in.csv", "out/", *NUMBERED), texts=GROWS, ending=".csv"),
    "partitions on S3": Scenario(("in.csv", "s3://destination/out/", *PARTITIONS), remote=True, all_points=False),
    "numbered files on S3": Scenario(("in.csv", "s3://destination/out/", *NUMBERED), texts=GROWS, ending=".csv", remote=True, all_points=False),
}


class Place:
    """A folder with sources, and the destination of a run: in the folder, or in a bucket of a
    server.
    """

    def __init__(self, scenario, context, folder, store):
        self.scenario, self.context, self.folder, self.store = scenario, context, folder, store
        self.server = s3_server.Server(store) if scenario.remote else None

    def close(self):
        if self.server:
            self.server.close()

    def lay(self, text):
        (self.folder / "out").mkdir(parents=True, exist_ok=True)
        for name in self.scenario.sources:
            write(self.folder / name, text if name == self.scenario.sources[0] else OTHER)

    def rows(self, text):
        return parsed(text) + parsed(OTHER) * (len(self.scenario.sources) - 1)

    def run(self, **more):
        env = harness.environment(
            HOME=str(self.folder), AWS_ACCESS_KEY_ID="AKIDHAWSERFAULTS", AWS_SECRET_ACCESS_KEY="secret", AWS_REGION="us-east-1",
            AWS_ENDPOINT_URL_S3=self.server.url if self.server else "http://127.0.0.1:9", AWS_EC2_METADATA_DISABLED="true", **more,
        )
        return harness.call([self.context.tool, "convert", *self.scenario.arguments], SECONDS, env, cwd=self.folder)

    def out(self):
        """The destination as a folder."""
        out = self.folder / "out"
        if self.scenario.remote:
            shutil.rmtree(out, ignore_errors=True)
            for key, found in self.store.buckets["destination"].items():
                write(self.folder / key, found.body)
        return out

    def found(self):
        return outputs.rows_below(self.out(), self.scenario.ending)


def _whole(place, what):
    """Every visible file is a whole one of a version that there was."""
    known = set()
    for text in (*place.scenario.texts[:-1], OTHER):
        rows = parsed(text)
        known.add(tuple(row["id"] for row in rows))
        known.update(tuple(row["id"] for row in rows if row["key"] == key) for key in {row["key"] for row in rows})
    numbered = place.scenario.texts is GROWS
    for name in outputs.visible(place.out()):
        if name.endswith(place.scenario.ending):
            ids = tuple(row["id"] for row in outputs.rows_of(place.out() / name))
            run = numbered and any(ids == whole[whole.index(ids[0]) :][: len(ids)] for whole in known if ids[0] in whole)
            assert ids in known or run, f"{what}: {name} has {len(ids)} rows, from {ids[:3]} on, as no version had them"
        else:
            assert name.endswith("_manifest.json"), f"{what}: what is {name}?"
    outputs.manifest_told(place.out())  # valid, where there is one


def _after(place, text, what):
    """A normal run succeeds, and leaves the rows of the sources as they are."""
    place.lay(text)
    done = place.run()
    assert done.code == 0, f"{what}: the next run: exit {done.code}: {done.err.strip()[-300:]}"
    outputs.same(place.found(), place.rows(text), f"{what}: rows after the next run")
    notes = [f for f in outputs.temporaries(place.out(), notes=True) if "/_hawser" in f"/{f}"]
    assert not notes, f"{what}: the next run leaves {notes}"
    told = outputs.manifest_told(place.out())
    if told is not None:
        there = [f for f in outputs.visible(place.out()) if f != "_manifest.json"]
        assert sorted(told) == there, f"{what}: the manifest tells of {sorted(set(told) ^ set(there))[:4]}"


def _killed(place, text, shim, number, what):
    """A run over another source, that is killed; where it makes fewer calls, it ends well."""
    place.lay(text)
    done = place.run(LD_PRELOAD=shim, HAWSER_KILL_AT=str(number))
    assert done.code in (0, -signal.SIGKILL), f"{what}: exit {done.code}: {done.err.strip()[-300:]}"
    _whole(place, what)


def _copy(store, to):
    """The same objects in another store: bytes, ETags, checksums."""
    to.buckets["destination"] = {key: dataclasses.replace(found) for key, found in store.buckets["destination"].items()}


def kill_once(scenario, context, parent, prepared, shim, number, count):
    """What went wrong when a run was killed before its n-th call; empty where nothing did."""
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder, store = pathlib.Path(name) / "work", s3_server.Store()
        shutil.copytree(prepared.folder, folder)
        _copy(prepared.store, store)
        place = Place(scenario, context, folder, store)
        try:
            what = f"call {number}"
            _killed(place, scenario.texts[1], shim, number, what)
            if len(scenario.texts) > 3:
                _killed(place, scenario.texts[2], shim, 1 + number * 7 % count, f"{what}, then {1 + number * 7 % count}")
            _after(place, scenario.texts[-1], what)
        except AssertionError as error:
            return str(error)
        except Exception as error:  # what cannot be read is not whole
            return f"call {number}: {type(error).__name__}: {error}"
        finally:
            place.close()
    return ""


def sweep(scenario, context, folder):
    shim = harness.shim("kill")
    prepared = Place(scenario, context, folder / "prepared", s3_server.Store())
    counting = Place(scenario, context, folder / "counting", s3_server.Store())
    try:
        prepared.lay(scenario.texts[0])
        if not scenario.fresh:
            _after(prepared, scenario.texts[0], "the first run")
        shutil.copytree(prepared.folder, counting.folder)
        _copy(prepared.store, counting.store)
        counting.lay(scenario.texts[1])
        done = counting.run(LD_PRELOAD=shim, HAWSER_KILL_COUNT=str(folder / "count"))
        assert done.code == 0, f"exit {done.code}: {done.err}"
        outputs.same(counting.found(), counting.rows(scenario.texts[1]))
    finally:
        prepared.close()
        counting.close()
    count = int((folder / "count").read_text())
    assert count > 3, f"{count} calls: the shim sees none"
    points = harness.spread(count, 0 if scenario.all_points or context.long else 40)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda number: kill_once(scenario, context, folder, prepared, shim, number, count), points))
    wrong = [said for said in found if said]
    note = f"{len(points)} of {count} calls"
    assert not wrong, f"{note}; {len(wrong)} wrong: " + " | ".join(wrong[:4])
    return note


def rows():
    return [harness.Row(name, lambda context, folder, s=s: sweep(s, context, folder)) for name, s in SCENARIOS.items()]
