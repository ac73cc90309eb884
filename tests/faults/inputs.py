# SPDX-License-Identifier: Apache-2.0
"""Large and odd inputs, made once into build/faults/inputs and kept there by name: the name says
all that they depend on.
"""

import io
import json
import os
import pathlib
import random
import shutil
import threading
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build/faults/inputs"
MIB = 1 << 20

_lock = threading.Lock()


def made(name, make):
    """The path of an input, made by make(path) where it is not there yet; never seen half made."""
    path = FOLDER / name
    with _lock:
        if not path.exists():
            FOLDER.mkdir(parents=True, exist_ok=True)
            rough = FOLDER / f".{name}.{os.getpid()}"
            try:
                make(rough)
                os.rename(rough, path)
            finally:
                shutil.rmtree(rough, ignore_errors=True)
                rough.unlink(missing_ok=True)
    return path


def records(rows=20000):
    """Varied records of five columns, as text: about 48 bytes each."""
    return "".join(
        f"{i * 2654435761 % 2**40},{i % 97},{i * 31 % 100000 / 100},text {i * 7919 % 50000},2024-{1 + i % 12:02d}-{1 + i % 28:02d}\n"
        for i in range(rows)
    ).encode()


HEADER = b"id,code,price,note,day\n"


def schema_with(pattern, name):
    """A schema for plain(): the text column has a pattern."""
    types = {"id": "int64", "code": "int64", "price": "double", "note": "text", "day": "date"}
    columns = [{"name": n, "type": t, **({"pattern": pattern} if n == "note" else {})} for n, t in types.items()]
    return made(f"schema-{name}.json", lambda path: path.write_text(json.dumps({"columns": columns})))


def plain(megabytes):
    """A CSV of so many MB."""

    def make(path):
        block = records()
        with open(path, "wb") as file:
            file.write(HEADER)
            for _ in range(max(1, megabytes * 1_000_000 // len(block))):
                file.write(block)

    return made(f"plain-{megabytes}.csv", make)


def many_files(count):
    """A folder of so many CSV of two rows, 1,000 a folder."""

    def make(path):
        for i in range(count):
            if i % 1000 == 0:
                folder = path / f"{i // 1000:03d}"
                folder.mkdir(parents=True)
            (folder / f"file-{i:06d}.csv").write_bytes(b"id,name\n%d,a\n%d,b\n" % (i, i + 1))

    return made(f"files-{count}", make)


def many_keys(count, rows=1):
    """A CSV with so many keys, each of them so many times, in no order."""

    def make(path):
        order = list(range(count)) * rows
        random.Random(3).shuffle(order)
        path.write_text("id,key,note\n" + "".join(f"{i},key {k:06d},text {i * 7919 % 50000}\n" for i, k in enumerate(order)))

    return made(f"keys-{count}x{rows}.csv", make)


def long_records(count, megabytes):
    """Records of so many MiB, in fields of 12 MiB at most: one field may have 16."""

    def make(path):
        block = bytes(random.Random(1).choices(b"abcdefgh ijklmnop", k=MIB))
        fields = -(-megabytes // 12)
        with open(path, "wb") as file:
            file.write(",".join(["id", *(f"body{i}" for i in range(fields))]).encode() + b"\n")
            for row in range(count):
                file.write(b"%d" % row)
                for field in range(fields):
                    file.write(b",")
                    for part in range(min(12, megabytes - 12 * field)):
                        at = (row * 31 + part * 7) % MIB
                        file.write(block[at:] + block[:at])
                file.write(b"\n")

    return made(f"records-{count}x{megabytes}.csv", make)


def commas(count, records=2):
    """A table of two columns, and a few records with millions of commas among its good ones."""

    def make(path):
        with open(path, "wb") as file:
            file.write(b"a,b\n" + b"1,2\n" * 1000)
            for _ in range(records):
                file.write(b"," * count + b"\n" + b"1,2\n" * 1000)

    return made(f"commas-{records}x{count}.csv", make)


def open_quote(megabytes):
    """A quote that is never closed, and then nothing but so many MB of NUL: a hole in the file."""

    def make(path):
        with open(path, "wb") as file:
            file.write(b'a,b\n1,2\n3,"x')
            file.truncate(megabytes * 1_000_000)

    return made(f"open-quote-{megabytes}.csv", make)


def columns(count, rows, name_bytes, text):
    """A wide table of integers or of texts."""

    def make(path):
        names = [f"c{i:05d}".ljust(name_bytes, "x") for i in range(count)]
        with open(path, "wb") as file:
            file.write(",".join(names).encode() + b"\n")
            for row in range(rows):
                if text:
                    fields = [f"t{(row * 31 + c) * 2654435761 % 100003}" for c in range(count)]
                else:
                    fields = [str((row + c) % 1009) for c in range(count)]
                file.write(",".join(fields).encode() + b"\n")

    return made(f"columns-{count}x{rows}-{name_bytes}-{'text' if text else 'int'}.csv", make)


def zstd_frame(header_and_rows, window_log):
    """A zstd frame that asks for a window of 2^window_log bytes and has its content in raw blocks
    (RFC 8878, 3.1.1).

    A reader has to keep that much of it, however it is packed.
    """
    out = io.BytesIO()
    out.write(b"\x28\xb5\x2f\xfd" + bytes([0, (window_log - 10) << 3]))
    block_bytes = 128 << 10
    for at in range(0, len(header_and_rows), block_bytes):
        block = header_and_rows[at : at + block_bytes]
        last = at + block_bytes >= len(header_and_rows)
        out.write((len(block) << 3 | last).to_bytes(3, "little") + block)
    return out.getvalue()


def zstd_windows(files, megabytes, window_log=27):
    """A folder of zstd files with large windows."""

    def make(path):
        path.mkdir()
        block = records()
        frame = zstd_frame(HEADER + block * (megabytes * 1_000_000 // len(block)), window_log)
        (path / "0.csv.zst").write_bytes(frame)
        for i in range(1, files):
            os.link(path / "0.csv.zst", path / f"{i}.csv.zst")

    return made(f"zstd-{window_log}-{files}x{megabytes}", make)


def zip_of(members):
    """A ZIP of so many CSV of one row."""

    def make(path):
        with zipfile.ZipFile(path, "w") as archive:
            for i in range(members):
                archive.writestr(zipfile.ZipInfo(f"folder-{i // 1000:02d}/member-{i:05d}.csv"), b"id,name\n%d,a\n" % i)

    return made(f"members-{members}.zip", make)


def manifest(megabytes, falling=False):
    """A folder with a manifest of so many MB in it: what earlier runs into one folder add up to."""

    def make(path):
        path.mkdir()
        entry = {
            "path": "", "format": "parquet", "size": 404, "rows": 1, "sha256": "f705deb10ae6d98d" * 4, "crc64nvme": "20d90eec2191d045", "etag": "",
            "source": "", "source_size": 12, "source_etag": "", "source_mtime_us": 1795964704491290, "options": "e798f509d3ab09d6" * 4, "rejected": 0,
        }
        count = megabytes * 1_000_000 // (len(json.dumps(entry, indent=1)) + 50)
        with open(path / "_manifest.json", "w") as file:
            file.write('{\n "hawser_manifest": 1,\n "objects": [')
            for i in range(count):
                number = count - i if falling else i
                entry["path"], entry["source"] = f"x/{number:09d}.parquet", f"elsewhere/{number:09d}.csv"
                file.write(("," if i else "") + "\n" + json.dumps(entry, indent=1))
            file.write("\n]\n}\n")

    return made(f"manifest-{megabytes}{'-falling' if falling else ''}", make)


def objects(count, megabytes):
    """A folder of so many CSV of so many MB."""

    def make(path):
        path.mkdir()
        block = records()
        text = HEADER + block * max(1, round(megabytes * 1_000_000 / len(block)))
        for i in range(count):
            (path / f"{i:04d}.csv").write_bytes(text)

    return made(f"objects-{count}x{megabytes}", make)


def small_objects(count, kilobytes=20):
    """A folder of so many small CSV."""

    def make(path):
        path.mkdir()
        block = records(200)
        text = HEADER + block * max(1, kilobytes * 1000 // len(block))
        for i in range(count):
            (path / f"{i:05d}.csv").write_bytes(text)

    return made(f"small-{count}x{kilobytes}", make)
