# SPDX-License-Identifier: Apache-2.0
"""What is in the outputs of a run, read by programs that are not ours."""

import collections
import csv
import hashlib
import io
import json
import pathlib

import fastavro
import pyarrow
import pyarrow.parquet


def rows_of(path):
    """The rows of an output as dictionaries; whatever is not whole fails."""
    path = pathlib.Path(path)
    if path.suffix == ".parquet":
        return pyarrow.parquet.ParquetFile(path).read().to_pylist()
    if path.suffix == ".avro":
        with open(path, "rb") as file:
            return list(fastavro.reader(file))
    return [{k: int(v) if v.lstrip("-").isdigit() else v for k, v in row.items()} for row in csv.DictReader(io.StringIO(path.read_text()))]


def rows_below(folder, suffix=".parquet"):
    """All rows of the outputs below a folder, with the values that are in the names of folders."""
    found = []
    for path in sorted(pathlib.Path(folder).rglob(f"*{suffix}")):
        if not path.name.startswith("."):
            named = dict(part.split("=", 1) for part in path.relative_to(folder).parts[:-1] if "=" in part)
            found += [{**row, **named} for row in rows_of(path)]
    return found


def same(found, wanted, what="rows"):
    """Fails where two lists of rows differ, in whatever order they are."""
    text = lambda rows: collections.Counter(str(sorted(row.items())) for row in rows)
    more, less = text(found) - text(wanted), text(wanted) - text(found)
    few = lambda rows: [row[:100] for row in list(rows)[:2]]
    assert not more and not less, f"{what}: {len(found)}, want {len(wanted)}; too many: {few(more)}, missing: {few(less)}"


def visible(folder):
    """Every file below a folder that is an output or the manifest, relative to it: no temporary,
    and nothing that a run notes for the next one.
    """
    folder = pathlib.Path(folder)
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and not p.name.startswith((".hawser", "_hawser")))


def temporaries(folder, notes=False):
    """What should be gone after a run; with `notes` also what one run tells the next when it could
    not end well.
    """
    folder = pathlib.Path(folder)
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.name.startswith((".hawser", "_hawser") if notes else ".hawser"))


def manifest_told(folder):
    """The paths that the manifest of a folder tells, or the file that it names; None where there is
    none.
    """
    path = pathlib.Path(folder) / "_manifest.json"
    if not path.exists():
        return None
    manifest = json.loads(path.read_text())
    if "files_ref" not in manifest:
        return [entry["path"] for entry in manifest["objects"]]
    ref = manifest["files_ref"]
    packed = (path.parent / ref["path"]).read_bytes()
    assert hashlib.sha256(packed).hexdigest() == ref["sha256"] and len(packed) == ref["size"], f"{ref['path']} is another"
    with pyarrow.input_stream(io.BytesIO(packed), compression="zstd") as stream:
        told = [json.loads(line)["path"] for line in stream.read().splitlines()]
    assert len(told) == ref["objects"], f"{len(told)} entries, {ref['objects']} are told"
    return told
