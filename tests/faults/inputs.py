# SPDX-License-Identifier: Apache-2.0
"""Large and odd inputs, made once into build/faults/inputs and kept there by name: the name says
all that they depend on.
"""

import gzip
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


def many_names(count):
    """A folder of so many CSV without a byte, 1,000 a folder: what is measured is the plan."""

    def make(path):
        for i in range(count):
            if i % 1000 == 0:
                folder = path / f"{i // 1000:04d}"
                folder.mkdir(parents=True)
            (folder / f"file-{i:07d}.csv").touch()

    return made(f"names-{count}", make)


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


def mixed_columns(count, rows):
    """A wide table of which a third are texts of 5,000 values, and two thirds numbers of six digits."""

    def make(path):
        with open(path, "wb") as file:
            file.write(",".join(f"c{i}" for i in range(count)).encode() + b"\n")
            dice = random.Random(1)
            for _ in range(rows):
                numbers = dice.choices(range(1_000_000), k=count)
                fields = (str(n) if c % 3 else f"t{n % 5000}" for c, n in enumerate(numbers))
                file.write(",".join(fields).encode() + b"\n")

    return made(f"columns-{count}x{rows}-mixed.csv", make)


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


def mixed_rows(rows, first=0):
    """Records of nine columns, from number `first` on, about 110 bytes each: numbers, decimals,
    dates, texts of many and of few values, nulls.
    """
    chance = random.Random(first)
    lines = []
    for i in range(first, first + rows):
        word = chance.randrange(1 << 30)
        lines.append(
            f"{i},{word % 50000 / 100:.2f},{'' if word % 7 == 0 else word % 1000},{['red', 'green', 'blue', ''][word % 4]},"
            f"2024-{1 + word % 12:02d}-{1 + word % 28:02d},{'true' if word % 3 else 'false'},{chance.random() * 1e6!r},"
            f"note {word % 5000} of {i},{word:08x}-1234-4abc-8def-{word * 40503 % (1 << 48):012x}\n"
        )
    return "".join(lines).encode()


MIXED_HEADER = b"id,price,code,colour,day,flag,ratio,note,key\n"


def mixed_write(file, megabytes):
    """Writes so many MB, in blocks that differ."""
    file.write(MIXED_HEADER)
    left, first = megabytes * 1_000_000, 0
    while left > 0:
        block = mixed_rows(10000, first)
        file.write(block)
        left, first = left - len(block), first + 10000


def mixed(megabytes):
    """A CSV of so many MB, of which no two parts are the same."""

    def make(path):
        with open(path, "wb") as file:
            mixed_write(file, megabytes)

    return made(f"mixed-{megabytes}.csv", make)


def mixed_gzip(megabytes):
    """The same, packed by gzip in one member."""

    def make(path):
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as file:
            mixed_write(file, megabytes)

    return made(f"mixed-{megabytes}.csv.gz", make)


def mixed_zstd(megabytes):
    """The same in one zstd frame of raw blocks."""

    def make(path):
        text = io.BytesIO()
        mixed_write(text, megabytes)
        path.write_bytes(zstd_frame(text.getvalue(), 20))

    return made(f"mixed-{megabytes}.csv.zst", make)


def mixed_zip(members, megabytes):
    """A ZIP of so many members, the first of so many MB, the others smaller and smaller."""

    def make(path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for i in range(members):
                rows = megabytes * 9000 // (i + 1)
                archive.writestr(zipfile.ZipInfo(f"part-{i}.csv"), MIXED_HEADER + mixed_rows(rows, i * 1000000), zipfile.ZIP_DEFLATED)

    return made(f"mixed-{members}x{megabytes}.zip", make)


def mixed_files(count, rows):
    """A folder of so many CSV of up to so many rows, all different."""

    def make(path):
        path.mkdir()
        for i in range(count):
            (path / f"{i:05d}.csv").write_bytes(MIXED_HEADER + mixed_rows(1 + i * 7919 % rows, i * 1000))

    return made(f"mixed-files-{count}x{rows}", make)


def mixed_keys(megabytes, keys):
    """The same with a column of so many keys."""

    def make(path):
        text = io.BytesIO()
        mixed_write(text, megabytes)
        lines = text.getvalue().splitlines(True)
        with open(path, "wb") as file:
            file.write(b"part," + lines[0])
            for i, line in enumerate(lines[1:]):
                file.write(b"k%d," % (i * 2654435761 % 4294967296 % keys) + line)

    return made(f"mixed-keys-{megabytes}x{keys}.csv", make)


def mixed_bad(megabytes):
    """The same with a record in a thousand that has a field too few."""

    def make(path):
        text = io.BytesIO()
        mixed_write(text, megabytes)
        with open(path, "wb") as file:
            for i, line in enumerate(text.getvalue().splitlines(True)):
                file.write(line if i % 1000 != 999 else line.rsplit(b",", 1)[0] + b"\n")

    return made(f"mixed-bad-{megabytes}.csv", make)


def mixed_widening(megabytes):
    """The same; three quarters on, where no sample looks, a number becomes a text."""

    def make(path):
        text = io.BytesIO()
        mixed_write(text, megabytes)
        lines = text.getvalue().splitlines(True)
        at = len(lines) * 3 // 4 + 17
        lines[at] = b"x" + lines[at]
        path.write_bytes(b"".join(lines))

    return made(f"mixed-widening-{megabytes}.csv", make)
