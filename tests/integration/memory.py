#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How much memory a conversion takes at most, against --memory: memory.py TOOL [--megabytes N] [--memory MIB...] [--shape NAME...].

A row a shape and budget: the peak resident size, which must keep within the budget and 32 MiB for the program itself.
Ends with "N passed, N failed". The default sizes are small; a bound that holds for them but not for large files shows
with --megabytes 300.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PROGRAM_MIB = 32


def narrow(file, size):
    rows = [
        f"{i * 2654435761 % 2**40},{i % 97},{i * 31 % 100000 / 100},text {i * 7919 % 50000},2024-{1 + i % 12:02d}-{1 + i % 28:02d}\n"
        for i in range(20000)
    ]
    repeat(file, "id,code,price,note,day\n", "".join(rows).encode(), size)


def wide(file, size):
    names = ",".join(f"c{i}" for i in range(2000)) + "\n"
    rows = []
    for i in range(200):
        rows.append(",".join(str((i * 31 + c) * 2654435761 % 100003) if c % 3 else f"t{(i + c) % 500}" for c in range(2000)) + "\n")
    repeat(file, names, "".join(rows).encode(), size)


def rejects(file, size):
    rows = "".join(f"{i},some words,{i % 7}\n" if i % 2 else f"{i},a record with too few fields\n" for i in range(20000))
    repeat(file, "a,b,c\n", rows.encode(), size)


def long_fields(file, size):
    field = bytes(random.Random(1).choices(b"abcdefgh ijklmnop", k=1 << 20))
    file.write(b"id,body\n")
    for i in range(max(1, size >> 20)):
        file.write(b"%d," % i + field[i % 1000 :] + b"\n")


def unique_texts(file, size):
    """Nothing that a dictionary could shorten."""
    source = random.Random(2)
    rows = "".join(f"{source.getrandbits(60)},{source.getrandbits(200):x}\n" for _ in range(50000))
    repeat(file, "id,key\n", rows.encode(), size)


def late_misfit(file, size):
    """Rejects and rows, then a value that widens a column: the text is read twice."""
    rows = "".join(f"{i},some words\n" if i % 2 else f"{i},x,one too many\n" for i in range(20000))
    repeat(file, "a,b\n", rows.encode(), size // 2)
    file.write(b"1.5,x\n")
    repeat(file, "", rows.encode(), size // 2)


def repeat(file, header, block, size):
    file.write(header.encode())
    for _ in range(max(1, size // len(block))):
        file.write(block)


SHAPES = {
    "narrow": (narrow, []),
    "narrow, gzip": (narrow, []),
    "2,000 columns": (wide, []),
    "half rejects": (rejects, ["--bad-rows", "reject"]),
    "1 MiB fields": (long_fields, []),
    "unique texts": (unique_texts, []),
    "late misfit": (late_misfit, ["--bad-rows", "reject"]),
}


def peak_mib(command):
    """Runs a command; its peak resident size."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"exit {process.returncode}: {errors.strip()[-300:]}")
    return usage.ru_maxrss / 1024


def source_make(folder, name, megabytes):
    path = folder / (name.replace(" ", "_").replace(",", "") + ".csv")
    with open(path, "wb") as file:
        SHAPES[name][0](file, megabytes << 20)
    if "gzip" in name:
        subprocess.run(["gzip", "-1", path], check=True)
        path = path.with_suffix(".csv.gz")
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--memory", type=int, nargs="+", default=[64, 128], metavar="MIB")
    parser.add_argument("--shape", nargs="+", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--to", nargs="+", default=["parquet", "parquet,avro"])
    args = parser.parse_args()
    failed = passed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name in args.shape:
            source = source_make(folder, name, args.megabytes)
            for memory in args.memory:
                for formats in args.to:
                    command = [args.tool, "convert", source, f"{folder}/out/", "--to", formats, "--overwrite", "replace"]
                    command += ["--memory", f"{memory}MiB", "--threads", "2", "--quiet", *SHAPES[name][1]]
                    row = f"{name}, {args.megabytes} MiB, --memory {memory}MiB, {formats}"
                    try:
                        peak = peak_mib(command)
                        good = peak <= memory + PROGRAM_MIB
                        print(f"{'ok' if good else 'FAILED'}  {row}: {peak:.0f} MiB", flush=True)
                    except RuntimeError as error:
                        good = False
                        print(f"FAILED  {row}: {error}", flush=True)
                    passed, failed = passed + good, failed + (not good)
            source.unlink()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
