# SPDX-License-Identifier: Apache-2.0
"""Whole runs in which one allocation fails, whoever asks for it: the tool, jansson, curl, OpenSSL.

A run may do without it and end with 0 and the right outputs, or fail with a message and leave
nothing half done. It never crashes, hangs, or says done when it is not. A row is a scenario; every
failing allocation is a run of its own.
"""

import concurrent.futures
import dataclasses
import json
import pathlib
import shutil
import tempfile

import pyarrow
import pyarrow.parquet

import harness
import outputs
import s3_server
from support import write

HANG_SECONDS = 60
AT_ONCE = 2

KEYS = ("a", "b", "c")


def table(rows, start=0, keys=KEYS):
    return b"id,key\n" + b"".join(b"%d,%s\n" % (i, keys[i % len(keys)].encode()) for i in range(start, start + rows))


def parsed(text):
    return [{"id": int(i), "key": k} for i, k in (line.split(",") for line in text.decode().splitlines()[1:] if line.count(",") == 1)]


SOURCE, OLD = table(3000), table(50, 9000)
BAD = b"1\nx,y,z\n"  # records with too few and too many fields


@dataclasses.dataclass(frozen=True)
class Scenario:
    """lay(folder, store): what is there before; arguments, in the folder; prove(folder, store,
    done): fails where something is wrong.
    """

    arguments: tuple
    lay: object
    prove: object
    points: int = 60  # of a short run


def _whole(path, old, new, code):
    """A single output is the new one after a success, else the old one or none; whatever is there
    is whole.
    """
    if code == 0:
        outputs.same(outputs.rows_of(path), parsed(new), path.name)
    elif path.exists():
        found = outputs.rows_of(path)
        assert found in (parsed(old), parsed(new)), f"{path.name} is neither the old nor the new one: {len(found)} rows"


def _valid_json(folder):
    for path in folder.rglob("*.json"):
        if not path.name.startswith("."):
            json.loads(path.read_text())


def lay_three(folder, store):
    write(folder / "in.csv", SOURCE)
    write(folder / "out/in.csv", OLD)


def prove_three(folder, store, done):
    for ending in "parquet", "avro", "csv":
        _whole(folder / f"out/in.{ending}", OLD, SOURCE, done.code)
    _manifest_agrees(folder, done.code, 3)


def _manifest_agrees(folder, code, count=None):
    _valid_json(folder)
    if code == 0:
        told = outputs.manifest_told(folder / "out")
        there = [f for f in outputs.visible(folder / "out") if f != "_manifest.json" and ".rejects" not in f]
        assert sorted(told) == there, f"the manifest tells of {len(told)} files, there are {len(there)}"
        assert count is None or len(told) == count, f"{len(told)} outputs, want {count}"


def lay_partitions(folder, store):
    write(folder / "in.csv", SOURCE + BAD)


def prove_partitions(folder, store, done):
    _manifest_agrees(folder, done.code)
    rejects = folder / "out/in.rejects.jsonl"
    if rejects.exists():
        lines = [json.loads(line) for line in rejects.read_text().splitlines()]
        told = [(line["line"], line["offset"], line["raw"]) for line in lines]
        assert all(line["reason"] for line in lines)
        assert told == [(3002, len(SOURCE), "1"), (3003, len(SOURCE) + 2, "x,y,z")], f"rejects: {told}"
    if done.code == 0:
        outputs.same(outputs.rows_below(folder / "out"), parsed(SOURCE))
        report = json.loads((folder / "report.json").read_text())
        assert (report["rows_in"], report["rows_out"], report["rejected"]) == (3002, 3000, 2), f"report: {report}"
        columns = report["objects"][0]["columns"]
        assert [(c["name"], c["type"], c["nulls"], c["min"], c["max"]) for c in columns] == [("id", "int64", 0, "0", "2999"), ("key", "text", 0, "a", "c")], f"report: {columns}"
        assert rejects.exists(), "no rejects"


def lay_changed(folder, store):
    """A folder that was partitioned by this very source when it had other keys."""
    shutil.copytree(store.prepared, folder, dirs_exist_ok=True)
    write(folder / "in.csv", SOURCE)


def prove_changed(folder, store, done):
    _manifest_agrees(folder, done.code)
    if done.code == 0:
        outputs.same(outputs.rows_below(folder / "out"), parsed(SOURCE))
    else:
        found = outputs.rows_below(folder / "out")  # reads all of them: whole
        known = {json.dumps(r, sort_keys=True) for r in parsed(SOURCE) + parsed(table(500, 0, ("x", "y")))}
        assert all(json.dumps(r, sort_keys=True) in known for r in found), "rows that no source ever had"


def lay_remote(folder, store):
    store.put("source", "in.csv", SOURCE)
    store.put("destination", "out/in.csv", OLD)


def prove_remote(folder, store, done):
    there = store.buckets["destination"]
    body = there["out/in.csv"].body
    assert body == (SOURCE if done.code == 0 else body) and body in (SOURCE, OLD), f"{len(body)} bytes at the destination"
    if "out/_manifest.json" in there:
        entries = json.loads(there["out/_manifest.json"].body)["objects"]
        assert [(e["path"], e["size"]) for e in entries] == [("in.csv", len(SOURCE))], entries
    assert done.code != 0 or "out/_manifest.json" in there, "no manifest"
    assert not store.open_uploads(), "an upload is open"


def lay_merge(folder, store):
    for i in range(5):
        write(folder / f"raw/{i}.csv", table(100, i * 100))
    write(folder / "m.csv", OLD)


def prove_merge(folder, store, done):
    _whole(folder / "m.csv", OLD, table(500), done.code)


def lay_one_schema(folder, store):
    write(folder / "raw/0.csv", table(100))
    write(folder / "raw/1.csv", b"id,key\n5,7\n")


def prove_one_schema(folder, store, done):
    """The keys of one source are numbers: they are texts, because those of the other are. The values
    of a source that fails do not count.
    """
    words, numbers = folder / "out/0.parquet", folder / "out/1.parquet"
    if done.code == 0 or words.exists():
        outputs.same(outputs.rows_of(words), parsed(table(100)), words.name)
    if done.code == 0 or numbers.exists():
        key = outputs.rows_of(numbers)[0]["key"]
        assert key == "7" or (key == 7 and not words.exists()), f"the key is {key!r}"
    _manifest_agrees(folder, done.code, 2)


def lay_infer(folder, store):
    write(folder / "in.csv", SOURCE)


def prove_infer(folder, store, done):
    if done.code == 0:
        columns = json.loads(done.out)["columns"]
        assert [(c["name"], c["type"]) for c in columns] == [("id", "int64"), ("key", "text")], columns


def lay_inspect(folder, store):
    made = pyarrow.table({"id": list(range(3000)), "s": [{"key": KEYS[i % 3]} for i in range(3000)]})
    pyarrow.parquet.write_table(made, folder / "in.parquet", row_group_size=1000, write_page_index=True)


def prove_inspect(folder, store, done):
    if done.code == 0:
        assert "rows         3,000" in done.out and "s.key" in done.out, done.out


PARTITIONED = ("convert", "in.csv", "out/", "--partition-by", "key", "--bad-rows", "reject", "--report", "report.json")
SCENARIOS = {
    "three formats": Scenario(("convert", "in.csv", "out/", "--to", "parquet,avro,csv"), lay_three, prove_three),
    "partitions, rejects, report": Scenario(PARTITIONED, lay_partitions, prove_partitions),
    "partitions of a changed source": Scenario(("convert", "in.csv", "out/", "--partition-by", "key"), lay_changed, prove_changed),
    "S3 to S3": Scenario(("convert", "s3://source/in.csv", "s3://destination/out/", "--to", "csv"), lay_remote, prove_remote, points=150),
    "merge": Scenario(("convert", "raw/", "m.csv", "--merge", "--to", "csv"), lay_merge, prove_merge),
    "one schema": Scenario(("convert", "raw/", "out/", "--one-schema"), lay_one_schema, prove_one_schema),
    "infer": Scenario(("infer", "in.csv"), lay_infer, prove_infer),
    "inspect": Scenario(("inspect", "in.parquet", "--show", "file,schema,chunks,columns,pages,index"), lay_inspect, prove_inspect),
}


def run_once(scenario, context, parent, shim, prepared, fail="", count=None):
    """One run; what came of it, after it has been looked at."""
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder, store = pathlib.Path(name), s3_server.Store()
        store.prepared = prepared
        scenario.lay(folder, store)
        with s3_server.Server(store) as server:
            env = harness.environment(
                LD_PRELOAD=shim, HAWSER_ALLOC_FAIL=fail, HOME=name, AWS_ACCESS_KEY_ID="AKIDHAWSERFAULTS", AWS_SECRET_ACCESS_KEY="secret",
                AWS_REGION="us-east-1", AWS_ENDPOINT_URL_S3=server.url, AWS_EC2_METADATA_DISABLED="true",
            )
            if count:
                env["HAWSER_ALLOC_COUNT"] = str(count)
            done = harness.call([context.tool, *scenario.arguments], HANG_SECONDS, env, cwd=folder)
        harness.ended(done, set(range(1, 126)) | {0}, HANG_SECONDS)
        assert done.code == 0 or done.err.strip(), f"exit {done.code} without a word"
        assert done.code == 0 or not done.out, f"exit {done.code}, but on stdout: {done.out[:100]!r}"
        left = outputs.temporaries(folder)
        assert not left, f"exit {done.code}, left behind: {left}"
        try:
            scenario.prove(folder, store, done)
        except Exception as error:  # what cannot be read is as wrong as what reads wrong
            raise AssertionError(f"exit {done.code}: {type(error).__name__}: {error}; stderr: {done.err.strip()[-200:]}") from None
    return done


def sweep(name, open_ended, context, folder):
    scenario, shim = SCENARIOS[name], harness.shim("alloc")
    prepared = folder / "prepared"
    write(prepared / "in.csv", table(500, 0, ("x", "y")))
    done = harness.call([context.tool, *SCENARIOS["partitions of a changed source"].arguments], HANG_SECONDS, harness.environment(), cwd=prepared)
    assert done.code == 0, done.err
    counted = folder / "count"
    assert run_once(scenario, context, folder, shim, prepared, count=counted).code == 0, "fails without a fault"
    count = int(counted.read_text())
    assert count > 20, f"{count} allocations: the shim sees none"

    def at(number):
        try:
            return number, run_once(scenario, context, folder, shim, prepared, f"{number}{'-' if open_ended else ''}").code, ""
        except AssertionError as error:
            return number, None, str(error)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(at, harness.spread(count, 0 if context.long else scenario.points)))
    wrong = [f"allocation {number}: {said}" for number, _, said in found if said]
    survived = sum(code == 0 for _, code, _ in found)
    note = f"{len(found)} of {count} allocations, {survived} done without"
    assert not wrong, f"{note}; {len(wrong)} wrong: " + " | ".join(wrong[:4])
    assert survived < len(found), f"{note}: no allocation failed, so the row proves nothing"
    return note


def rows():
    found = []
    for name in SCENARIOS:
        for ending, open_ended in ("", False), (" from then on", True):
            run = lambda context, folder, name=name, open_ended=open_ended: sweep(name, open_ended, context, folder)
            found.append(harness.Row(f"{name}{ending}", run, long=open_ended))
    return found
