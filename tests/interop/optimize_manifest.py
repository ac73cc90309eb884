# SPDX-License-Identifier: Apache-2.0
"""`hawser optimize` in folders that `hawser convert` has made: their `_manifest.json` stays true.

    optimize_manifest.py [--preset PRESET] [--only TEXT] [--moments N]

After each way to optimise, the entry of every file has the size, the time or the ETag, the SHA-256 (of hashlib) and the rows (of
pyarrow) of what is there; `hawser verify` with the manifest finds nothing; and the next `hawser convert` does nothing. The rows on
S3 run against versitygw, and are skipped and counted where there is none.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pyarrow.parquet

import hawser

sys.path.append(str(hawser.ROOT / "tests/integration"))
import server  # noqa: E402

MANIFEST = "_manifest.json"
NAMES = ("a", "b", "day=1/c", "day=1/d", "day=2/e")


class Folder:
    """A local folder with sources, and what they became."""

    def __init__(self, tool, base):
        self.tool = tool
        self.base = base
        self.lake = base / "lake"
        self.environment = None
        self.target = f"{self.lake}/"

    def read(self, name):
        return (self.lake / name).read_bytes()

    def write(self, name, data):
        (self.lake / name).write_bytes(data)

    def version_is(self, entry):
        return entry["mtime_us"] == os.stat(self.lake / entry["path"]).st_mtime_ns // 1000


class Prefix(Folder):
    """The same in a bucket."""

    def __init__(self, tool, base, service):
        super().__init__(tool, base)
        self.service = service
        self.environment = service.environment
        service.s3.create_bucket(Bucket="lake")
        self.target = "s3://lake/t/"

    def read(self, name):
        return self.service.s3.get_object(Bucket="lake", Key=f"t/{name}")["Body"].read()

    def write(self, name, data):
        self.service.s3.put_object(Bucket="lake", Key=f"t/{name}", Body=data)

    def version_is(self, entry):
        return entry["etag"].strip('"') == self.service.s3.head_object(Bucket="lake", Key=f"t/{entry['path']}")["ETag"].strip('"')


def source_write(base, name, rows):
    path = base / "in" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id,word,x\n" + "".join(f"{i},{name} {i % 13},{i % 1000 / 8}\n" for i in range(rows)))


def told(folder, *arguments):
    run = hawser.run(folder.tool, *arguments, env=folder.environment)
    assert run.returncode == 0, f"{arguments[0]} ended with {run.returncode}: {run.stderr}"
    return run


def convert(folder):
    """Converts, and tells how many objects were skipped."""
    report = folder.base / "report.json"
    told(folder, "convert", "--quiet", "-c", "none", "--report", report, f"{folder.base}/in/", folder.target)
    objects = json.loads(report.read_text())["objects"]
    return sum(entry["outcome"] == "skipped" for entry in objects)


def lake_make(folder, rows=3000, names=NAMES):
    for name in names:
        source_write(folder.base, name, rows)
    assert convert(folder) == 0


def optimize(folder, *arguments):
    return told(folder, "optimize", "--quiet", *arguments)


def entries(folder):
    return json.loads(folder.read(MANIFEST))["objects"]


def entry_problems(folder, entry):
    data = folder.read(entry["path"])
    wrong = []
    if entry["size"] != len(data):
        wrong.append("size")
    if entry["sha256"] != hashlib.sha256(data).hexdigest():
        wrong.append("sha256")
    if entry["rows"] != pyarrow.parquet.ParquetFile(io.BytesIO(data)).metadata.num_rows:
        wrong.append("rows")
    if not folder.version_is(entry):
        wrong.append("the version")
    return [f"{entry['path']}: the manifest has not its {what}" for what in wrong]


def is_optimised(folder, path):
    return b"hawser.optimize" in (pyarrow.parquet.ParquetFile(io.BytesIO(folder.read(path))).metadata.metadata or {})


def problems(folder, names=NAMES):
    """All that is wrong with a folder of which each file is optimised."""
    listed = entries(folder)
    wrong = [problem for entry in listed for problem in entry_problems(folder, entry)]
    wrong += [f"{entry['path']}: it is not optimised" for entry in listed if not is_optimised(folder, entry["path"])]
    if sorted(entry["path"] for entry in listed) != sorted(f"{name}.parquet" for name in names):
        wrong.append(f"the manifest lists {[entry['path'] for entry in listed]}")
    verified = hawser.run(folder.tool, "verify", "--quiet", "--manifest", folder.target + MANIFEST, folder.target, env=folder.environment)
    if verified.returncode != 0 or verified.stdout:
        wrong.append(f"hawser verify finds something: {verified.stdout}{verified.stderr}")
    before = folder.read(MANIFEST)
    skipped = convert(folder)
    if skipped != len(names) or folder.read(MANIFEST) != before:
        wrong.append(f"the next convert has skipped {skipped} of {len(names)} objects")
    return wrong


# ------ ways to optimise


def whole_folder(folder):
    lake_make(folder)
    optimize(folder, folder.target, folder.target)
    return problems(folder)


def file_by_file(folder):
    lake_make(folder)
    for name in NAMES:
        optimize(folder, f"{folder.target}{name}.parquet", f"{folder.target}{name}.parquet")
    return problems(folder)


def beside_it_and_back(folder):
    lake_make(folder)
    optimize(folder, folder.target, f"{folder.base}/copy/")
    shutil.rmtree(folder.base / "copy", ignore_errors=True)
    copy = folder.base / "copy"
    for name in NAMES:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / f"{name}.parquet").write_bytes(folder.read(f"{name}.parquet"))
    optimize(folder, f"{copy}/", folder.target)
    return problems(folder)


def with_other_options_twice(folder):
    lake_make(folder)
    optimize(folder, folder.target, folder.target)
    optimize(folder, "-c", "gzip", folder.target, folder.target)
    return problems(folder)


def manifest_lost_with_a_kill(folder):
    """What is left when a call is killed behind its last file."""
    lake_make(folder)
    before = folder.read(MANIFEST)
    optimize(folder, folder.target, folder.target)
    folder.write(MANIFEST, before)
    optimize(folder, folder.target, folder.target)
    return problems(folder)


def another_file_in_its_place(folder):
    """A file that is not what the manifest tells of stays one: the next convert makes it anew."""
    lake_make(folder)
    other = folder.base / "other.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"x": list(range(5000))}), other, compression="none")
    folder.write("b.parquet", other.read_bytes())
    entry = next(entry for entry in entries(folder) if entry["path"] == "b.parquet")
    optimize(folder, folder.target, folder.target)
    wrong = [] if entry in entries(folder) else ["the entry of a file that is another was changed"]
    skipped = convert(folder)
    return wrong + ([] if skipped == len(NAMES) - 1 else [f"the next convert has skipped {skipped} objects"])


def two_at_once(folder):
    names = [f"{number % 3}/f{number}" for number in range(40)]
    lake_make(folder, 2000, names)
    command = [folder.tool, "optimize", "--quiet", folder.target, folder.target]
    runs = [subprocess.Popen(command, env=folder.environment, stderr=subprocess.PIPE) for _ in range(2)]
    wrong = []
    for run in runs:
        error = run.communicate()[1].decode()
        # Of two that replace one file at once, one is told that it has changed.
        if run.returncode not in (0, 3, 6):
            wrong.append(f"a run ended with {run.returncode}: {error}")
    optimize(folder, folder.target, folder.target)
    return wrong + problems(folder, names)


def beside_a_conversion(folder):
    """A conversion that writes the same manifest meanwhile loses nothing, and neither do we.

    Where both replace a file, its entry may tell of the other one's, but never so that the file would count as done: the next
    conversion makes it anew.
    """
    names = [f"{number % 3}/f{number}" for number in range(40)]
    lake_make(folder, 2000, names)
    new = [f"new{number}" for number in range(10)]
    for name in new:
        source_write(folder.base, name, 2000)
    command = [folder.tool, "optimize", "--quiet", folder.target, folder.target]
    run = subprocess.Popen(command, env=folder.environment, stderr=subprocess.PIPE)
    convert(folder)
    error = run.communicate()[1].decode()
    wrong = [] if run.returncode == 0 else [f"optimize ended with {run.returncode}: {error}"]
    wrong += [problem for entry in entries(folder) if folder.version_is(entry) for problem in entry_problems(folder, entry)]
    convert(folder)
    optimize(folder, folder.target, folder.target)
    return wrong + problems(folder, names + new)


def manifest_of_another(folder):
    lake_make(folder)
    folder.write(MANIFEST, b'{"entries": []}')
    before = {name: folder.read(f"{name}.parquet") for name in NAMES}
    run = hawser.run(folder.tool, "optimize", "--quiet", folder.target, folder.target, env=folder.environment)
    wrong = [] if run.returncode == 4 and MANIFEST in run.stderr else [f"optimize ended with {run.returncode}: {run.stderr}"]
    return wrong + [f"{name} was touched" for name in NAMES if folder.read(f"{name}.parquet") != before[name]]


def link_to_a_file(folder):
    lake_make(folder)
    for name in NAMES:
        link = folder.base / "link.parquet"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.lake / f"{name}.parquet")
        optimize(folder, link, link)
        assert link.is_symlink()
    return problems(folder)


def link_to_the_folder(folder):
    lake_make(folder)
    (folder.base / "link").symlink_to("lake")
    optimize(folder, f"{folder.base}/link/", f"{folder.base}/link/")
    return problems(folder)


def killed_at(folder, moments):
    """SIGKILL, and each second time SIGTERM: of what a stopped call has done the manifest tells at once."""
    names = [f"{number % 3}/f{number}" for number in range(24)]
    wrong = []
    lake_make(folder, 4000, names)
    whole = {path: path.read_bytes() for path in folder.lake.rglob("*") if path.is_file()}
    begin = time.monotonic()
    optimize(folder, folder.target, folder.target)
    length = time.monotonic() - begin
    for moment in range(moments):
        for path, data in whole.items():
            path.write_bytes(data)
        assert convert(folder) in (0, len(names))  # which takes the files as they are now, or makes them anew
        run = subprocess.Popen([folder.tool, "optimize", "--quiet", folder.target, folder.target], stderr=subprocess.DEVNULL)
        time.sleep(1.1 * length * moment / moments)
        run.send_signal(signal.SIGTERM if moment % 2 else signal.SIGKILL)
        run.wait()
        if moment % 2:
            wrong += [f"moment {moment}: {problem}" for entry in entries(folder) for problem in entry_problems(folder, entry)]
        optimize(folder, folder.target, folder.target)
        wrong += [f"moment {moment}: {problem}" for problem in problems(folder, names)]
    return wrong


def cases(moments):
    both = [whole_folder, file_by_file, beside_it_and_back, with_other_options_twice, manifest_lost_with_a_kill,
            another_file_in_its_place, two_at_once, beside_a_conversion, manifest_of_another]
    local = [link_to_a_file, link_to_the_folder]
    rows = [(f"local, {check.__name__}", "local", check) for check in both + local]
    rows += [("local, killed", "local", lambda folder: killed_at(folder, moments))]
    return rows + [(f"s3, {check.__name__}", "s3", check) for check in both]


def case_run(tool, kind, check, base):
    if kind == "local":
        return check(Folder(tool, base))
    with server.running(base / "server") as service:
        return check(Prefix(tool, base, service))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--only", default="", help="rows whose names have this text")
    parser.add_argument("--moments", type=int, default=20)
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        sys.exit(f"the tool of the preset {options.preset} has not been built")
    passed = failed = skipped = 0
    for name, kind, check in cases(options.moments):
        if options.only not in name:
            continue
        if kind == "s3" and not server.find():
            skipped += 1
            continue
        found = hawser.run_check(tool, lambda tool, base: case_run(tool, kind, check, base))  # noqa: B023
        for problem in found:
            print(f"FAILED {name}: {problem}")
        failed += bool(found)
        passed += not found
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
