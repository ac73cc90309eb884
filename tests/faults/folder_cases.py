# SPDX-License-Identifier: Apache-2.0
"""Folders that several runs write to: at once, one after the other, and with a manifest that
somebody else has written.

The rows below the folder are those of the sources as they are, and nobody's file is removed but
what a run has made of that source.
"""

import json
import os
import resource
import shutil
import signal
import subprocess

import harness
import outputs
import s3_server
from support import write

SECONDS = 120  # a run that takes longer hangs, however busy the machine is
PAIRS = 10
LISTED = 12_500  # objects: pages beyond those that wait in memory


def table(rows, start, *keys):
    return b"id,key\n" + b"".join(b"%d,%s\n" % (i, keys[i % len(keys)].encode()) for i in range(start, start + rows))


def parsed(*texts):
    return [{"id": int(i), "key": k} for text in texts for i, k in (line.split(",") for line in text.decode().splitlines()[1:])]


def run(context, folder, *arguments, want=(0,), env=None):
    done = harness.call([context.tool, "convert", *arguments], SECONDS, env or harness.environment(HOME=str(folder)), cwd=folder)
    harness.ended(done, set(want), SECONDS)
    assert (done.code != 0) == ("hawser: error:" in done.err), f"exit {done.code}: {done.err.strip()[-300:]}"
    return done


def agree(out, what, wanted=None):
    """The manifest tells of all files that are there, and of no others; the rows are those that are
    wanted.
    """
    told = sorted(outputs.manifest_told(out) or [])
    there = [f for f in outputs.visible(out) if f.endswith(".parquet")]
    if wanted is not None:
        outputs.same(outputs.rows_below(out), wanted, what)
    assert told == there, f"{what}: the manifest does not tell of {sorted(set(there) - set(told))[:3]}, or tells of {sorted(set(told) - set(there))[:3]}"


# ------ two runs at once


class Local:
    """The destination is a folder below the sources'."""

    arguments = ("out/",)
    env = None

    def __init__(self, folder):
        self.folder = folder

    def out(self):
        return self.folder / "out"

    def close(self):
        pass


class Remote(Local):
    """The destination is in a bucket; it is looked at as a copy."""

    arguments = ("s3://destination/out/",)

    def __init__(self, folder):
        super().__init__(folder)
        self.store = s3_server.Store()
        self.server = s3_server.Server(self.store)
        self.env = harness.environment(
            HOME=str(folder), AWS_ACCESS_KEY_ID="AKIDHAWSERFAULTS", AWS_SECRET_ACCESS_KEY="secret", AWS_REGION="us-east-1", AWS_ENDPOINT_URL_S3=self.server.url,
        )

    def out(self):
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        for key, found in self.store.buckets["destination"].items():
            write(self.folder / key, found.body)
        return self.folder / "out"

    def close(self):
        self.server.close()


def two_at_once(place, names, options, context, folder):
    failed = 0
    for pair in range(PAIRS * (5 if context.long else 1)):
        here = folder / f"pair-{pair}"
        there = place(here)
        try:
            failed += _pair(there, names, options, context, here, f"pair {pair}")
        finally:
            there.close()
    return f"{failed} runs of the pairs ended with an error"


def _pair(place, names, options, context, folder, what):
    texts = {name: table(200, 1000 * i, *"abcdefgh") for i, name in enumerate(sorted(set(names)))}
    for name, text in texts.items():
        write(folder / name, text)
    env = place.env or harness.environment(HOME=str(folder))
    start = lambda name: subprocess.Popen(
        [context.tool, "convert", name, *place.arguments, *options], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    processes = [(name, start(name)) for name in names]
    ends = [(name, *process.communicate(timeout=SECONDS), process.returncode) for name, process in processes]
    bad = [(name, code, err) for name, _, err, code in ends if code != 0]
    assert all(code > 0 and "hawser: error:" in err for _, code, err in bad), f"{what}: {bad}"
    assert len(bad) < len(ends), f"{what}: both failed: {bad}"
    for name, _, _ in bad:  # it can be run again
        run(context, folder, name, *place.arguments, *options, env=place.env)
    agree(place.out(), f"{what}: after both", parsed(*texts.values()))
    for name in texts:  # each source changes, one after the other
        texts[name] = write(folder / name, table(30, 5000 + len(texts[name]), "a", "q")).read_bytes()
        run(context, folder, name, *place.arguments, *options, env=place.env)
        outputs.same(outputs.rows_below(place.out()), parsed(*texts.values()), f"{what}: after {name} has changed")
    agree(place.out(), f"{what}: at the end", parsed(*texts.values()))
    return len(bad)


# ------ folders that were made by other means, too

BEFORE, AFTER = table(60, 0, "a", "b", "c"), table(40, 100, "b", "d")
PARTITIONED = ("in.csv", "out/", "--partition-by", "key")


def made(context, folder, arguments=PARTITIONED):
    write(folder / "in.csv", BEFORE)
    run(context, folder, *arguments)
    agree(folder / "out", "the first run", parsed(BEFORE))
    return folder / "out"


def changed(context, folder, arguments=PARTITIONED, want=(0,)):
    write(folder / "in.csv", AFTER)
    return run(context, folder, *arguments, want=want)


def own_files_stay(context, folder):
    """What a user keeps beside the outputs, with names like theirs."""
    out = made(context, folder)
    write(folder / "x-in.csv", table(10, 900, "a", "c"))
    run(context, folder, "x-in.csv", "out/", "--partition-by", "key")
    own = ["notes.txt", "key=c/README", "key=c/in.parquet", "key=c/in-x.parquet", "key=c/in-00000.parquet.bak", "key=c/in-00000.txt", "key=e/in.csv", "in.txt"]
    for name in own:
        write(out / name, b"mine")
    changed(context, folder)
    lost = [name for name in own if not (out / name).is_file() or (out / name).read_bytes() != b"mine"]
    assert not lost, f"files of the user are gone: {lost}"
    for name in own:
        (out / name).unlink()
    outputs.same(outputs.rows_below(out), parsed(AFTER, table(10, 900, "a", "c")))


def foreign_entries(context, folder):
    """A manifest that says of files which nobody made of this source that they were."""
    out = made(context, folder)
    outside = folder / "outside"
    for path in (out / "notes.txt", outside / "precious.txt", outside / "in-00000.parquet", folder / "x", out / "data/b-00000.parquet", out / "data/other.parquet"):
        write(path, b"mine")
    (out / "link").symlink_to(outside)
    (out / "key=l").symlink_to(outside)
    manifest = json.loads((out / "_manifest.json").read_text())
    entry = manifest["objects"][0]
    paths = ["notes.txt", "../x", "link/precious.txt", "link/in-00000.parquet", "key=l/in-00000.parquet", "data/b-00000.parquet", "data/other.parquet",
             str(folder / "x"), "link/../notes.txt", "./notes.txt", "_manifest.json", "", ".", "..", "../in.csv", "link"]
    manifest["objects"] += [{**entry, "path": path} for path in paths]
    (out / "_manifest.json").write_text(json.dumps(manifest))
    changed(context, folder, want=range(8))
    left = {str(p.relative_to(folder)): p.read_bytes() for p in sorted([*folder.rglob("*.txt"), *outside.iterdir(), folder / "x", *(out / "data").glob("*")]) if p.is_file()}
    wanted = ["outside/in-00000.parquet", "outside/precious.txt", "out/notes.txt", "x", "out/data/b-00000.parquet", "out/data/other.parquet"]
    gone = [name for name in wanted if left.get(name) != b"mine"]
    assert not gone, f"files of the user are gone: {gone}"
    assert (folder / "in.csv").read_bytes() == AFTER and (out / "link").is_symlink(), "the source or a link is gone"


def a_folder_that_is_a_link(context, folder):
    """The user has moved a partition away and has put a link in its place."""
    out = made(context, folder)
    (folder / "away").mkdir()
    os.rename(out / "key=c", folder / "away/key=c")
    (out / "key=c").symlink_to(folder / "away/key=c")
    write(folder / "away/key=c/own.txt", b"mine")
    changed(context, folder, want=range(8))
    assert (folder / "away/key=c/own.txt").read_bytes() == b"mine" and (out / "key=c").is_symlink()


def an_unreadable_manifest(body):
    def case(context, folder):
        out = made(context, folder)
        told = (out / "_manifest.json").read_bytes()
        (out / "_manifest.json").write_bytes(body(told))
        done = changed(context, folder, want=range(8))
        if done.code == 0:
            agree(out, "after the next run", parsed(AFTER))
            assert "manifest" in done.err, f"done without a word about the manifest: {done.err.strip()}"
        else:
            assert "manifest" in done.err, f"exit {done.code}: {done.err.strip()}"
            known = {(r["id"], r["key"]) for r in parsed(BEFORE, AFTER)}
            assert all((r["id"], r["key"]) in known for r in outputs.rows_below(out))

    return case


def or_warned(out, done, what, wanted):
    """Rows that nobody can know to be stale may stay, but not without a word."""
    if "hawser: warning:" not in done.err:
        agree(out, what, wanted)


def a_lost_manifest(context, folder):
    out = made(context, folder)
    (out / "_manifest.json").unlink()
    or_warned(out, changed(context, folder), "after the next run", parsed(AFTER))


def a_manifest_of_yesterday(context, folder):
    """The manifest of a backup, older than the files beside it."""
    out = made(context, folder)
    old = (out / "_manifest.json").read_bytes()
    changed(context, folder)
    (out / "_manifest.json").write_bytes(old)
    write(folder / "in.csv", table(20, 300, "e"))
    or_warned(out, run(context, folder, *PARTITIONED), "after the next run", parsed(table(20, 300, "e")))


def a_disk_that_fills_up(context, folder):
    """A run fails in the middle of publishing; the source changes again."""
    out = made(context, folder)
    (out / "key=d").write_bytes(b"a file where a folder has to be")
    changed(context, folder, want=(1, 6, 7))
    (out / "key=d").unlink()
    write(folder / "in.csv", table(20, 300, "e"))
    run(context, folder, *PARTITIONED)
    agree(out, "after the next run", parsed(table(20, 300, "e")))


def a_manifest_without_room(context, folder):
    """The outputs are published, then the disk is full; the source changes again."""
    out = made(context, folder)
    write(folder / "in.csv", table(40, 100, *"klmnopqrstuv"))

    def no_large_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    done = harness.call([context.tool, "convert", *PARTITIONED], SECONDS, harness.environment(), cwd=folder, preexec_fn=no_large_files)
    harness.ended(done, {7}, SECONDS)
    changed(context, folder)
    agree(out, "after the next run", parsed(AFTER))


def many_changes(context, folder):
    """Partitioned, numbered, single and partitioned again, the source another one each time."""
    write(folder / "in.csv", BEFORE)
    shapes = (["--partition-by", "key"], ["--max-file-bytes", "1kB"], [], ["--partition-by", "key", "--max-file-bytes", "1kB"], ["--partition-by", "key"])
    for i, options in enumerate(shapes):
        text = table(30 + i, 100 * i, *"abcd"[i % 3 : i % 3 + 2])
        write(folder / "in.csv", text)
        run(context, folder, "in.csv", "out/", *options)
        agree(folder / "out", f"change {i}, {options}", parsed(text))


# ------ a listing that goes on while objects are converted


def listing_goes_on(context, folder):
    """Objects are read before the last page of the listing is asked for; the first is not read before
    there are as many as wait in memory.
    """
    there = Remote(folder)
    read = {}

    def hook(when, request):
        if when == "before" and request.operation == "ListObjectsV2" and request.bucket == "source":
            read[request.number] = there.server.counts["GetObject"]

    there.server.hook = hook
    try:
        for i in range(LISTED):
            there.store.put("source", f"{i:06d}.csv", b"a\n1\n")
        # One connection asks for one page after the other: more would ask for ranges of keys side by side.
        run(context, folder, "s3://source/", "out/", "--dry-run", "--quiet", "--connections", "1", env=there.env)
        last = max(read)
        assert last == -(-LISTED // s3_server.PAGE_OBJECTS), f"{last} pages"
        assert read[10] == 0 and read[last] > 0, f"objects read before each page was asked for: {read}"
        return f"{read[last]} objects were read before the last page was asked for"
    finally:
        there.close()


# ------ manifests of very many files


VERY_MANY = 50_000


def lay_very_many(put):
    """The manifest of earlier runs that made so many files that the next entry moves them all."""
    entry = {"format": "parquet", "size": 9, "rows": 2, "sha256": "0" * 64, "crc64nvme": "0" * 16, "etag": "", "source_size": 7, "source_etag": "",
             "source_mtime_us": 5, "options": "ef", "rejected": 0}
    put(json.dumps({"hawser_manifest": 1, "objects": [{"path": f"old-{i:05d}", "source": f"old/{i:05d}.csv", **entry} for i in range(VERY_MANY)]}).encode())


def told_of_very_many(out, want, what):
    told = outputs.manifest_told(out)
    new = sorted(path for path in told if not path.startswith("old-"))
    assert len(told) == VERY_MANY + len(want) and new == sorted(want), f"{what}: {len(told)} entries, of new files {new}"
    packed = [p.name for p in out.iterdir() if p.name.startswith("_manifest-")]
    return packed


def very_many_at_once(place):
    """Four runs write the manifest at once: it tells of all their files, and of all that it told of."""

    def case(context, folder):
        names = [f"{letter}.csv" for letter in "abcd"]
        there = place(folder / "at once")
        try:
            for i, name in enumerate(names):
                write(there.folder / name, table(20, 100 * i, "a"))
            if place is Remote:
                lay_very_many(lambda body: there.store.put("destination", "out/_manifest.json", body))
            else:
                lay_very_many(lambda body: write(there.folder / "out/_manifest.json", body))
            env = there.env or harness.environment(HOME=str(folder))
            running = [subprocess.Popen([context.tool, "convert", name, *there.arguments], cwd=there.folder, env=env, stderr=subprocess.PIPE) for name in names]
            errors = [process.communicate()[1].decode() for process in running]
            assert all(process.returncode == 0 for process in running), " | ".join(errors)
            packed = told_of_very_many(there.out(), [f"{letter}.parquet" for letter in "abcd"], "after four runs")
            assert place is Remote or len(packed) == 1, f"these stay: {packed}"
        finally:
            there.close()

    return case


def very_many_killed(context, folder):
    """A run is killed before each of the calls that write a manifest: it is the old or the new one,
    and the next run leaves one file of entries.
    """
    shim = harness.shim("kill")

    def prepared(here):
        write(here / "in.csv", BEFORE)
        lay_very_many(lambda body: write(here / "out/_manifest.json", body))
        run(context, here, "in.csv", "out/")
        write(here / "in.csv", AFTER)
        return here

    here = prepared(folder / "counting")
    run(context, here, "in.csv", "out/", env=harness.environment(HOME=str(here), LD_PRELOAD=shim, HAWSER_KILL_COUNT=str(folder / "count")))
    count = int((folder / "count").read_text())
    assert count > 6, f"{count} calls: the shim sees none"
    points = harness.spread(count, 0 if context.long else 5)
    for number in points:
        here = prepared(folder / f"call-{number}")
        harness.call([context.tool, "convert", "in.csv", "out/"], SECONDS, harness.environment(HOME=str(here), LD_PRELOAD=shim, HAWSER_KILL_AT=str(number)), cwd=here)
        told_of_very_many(here / "out", ["in.parquet"], f"killed before call {number}")
        run(context, here, "in.csv", "out/", "--overwrite", "replace")
        packed = told_of_very_many(here / "out", ["in.parquet"], f"the run after call {number}")
        assert len(packed) == 1, f"the run after call {number}: these stay: {packed}"
        shutil.rmtree(here)
    return f"{len(points)} of {count} calls"


def pairs(place, names, options):
    return lambda context, folder: two_at_once(place, names, options, context, folder)


DIFFERENT, SAME = ("a.csv", "b.csv"), ("a.csv", "a.csv")
KEYS = ("--partition-by", "key")
CASES = {
    "two at once, partitions of different sources": pairs(Local, DIFFERENT, KEYS),
    "two at once, partitions of the same source": pairs(Local, SAME, KEYS),
    "two at once, plain files": pairs(Local, DIFFERENT, ()),
    "two at once, numbered files": pairs(Local, DIFFERENT, ("--max-file-bytes", "1kB")),
    "two at once on S3, partitions of different sources": pairs(Remote, DIFFERENT, KEYS),
    "two at once on S3, the same source": pairs(Remote, SAME, KEYS),
    "four at once": pairs(Local, ("a.csv", "b.csv", "c.csv", "d.csv"), KEYS),
    "a user's own files stay": own_files_stay,
    "a foreign manifest removes nothing": foreign_entries,
    "a partition that is a link": a_folder_that_is_a_link,
    "a manifest that is no JSON": an_unreadable_manifest(lambda told: b"{ this is none"),
    "a manifest that is cut off": an_unreadable_manifest(lambda told: told[: len(told) * 2 // 3]),
    "an empty manifest": an_unreadable_manifest(lambda told: b""),
    "a manifest of another kind": an_unreadable_manifest(lambda told: b"[1, 2, 3]"),
    "a manifest with a broken entry": an_unreadable_manifest(lambda told: told.replace(b'"size"', b'"sise"', 1)),
    "a manifest of nothing but brackets": an_unreadable_manifest(lambda told: b"[" * 1_000_000),
    "a lost manifest": a_lost_manifest,
    "a manifest of yesterday": a_manifest_of_yesterday,
    "a run that fails while it publishes": a_disk_that_fills_up,
    "a manifest that finds no room": a_manifest_without_room,
    "many changes": many_changes,
    "work while the listing goes on": listing_goes_on,
    "very many files, four runs at once": very_many_at_once(Local),
    "very many files, four runs at once on S3": very_many_at_once(Remote),
    "very many files, killed while the manifest is written": very_many_killed,
}


def rows():
    return [harness.Row(name, case) for name, case in CASES.items()]
