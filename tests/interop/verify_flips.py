# SPDX-License-Identifier: Apache-2.0
"""One bit of a Parquet file is turned over, at many places: `hawser verify` finds every one.

    verify_flips.py [--preset PRESET] [--flips N] [--seed S]

The files are ours: each codec, with few and with many pages, dictionaries, nulls and texts. The places are the same in
every run with the same seed.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import hawser

CODECS = ["none", "snappy", "gzip", "zstd", "lz4_raw", "brotli"]
FILES = [(codec, rows) for codec in CODECS for rows in (30, 3000)]
AT_ONCE = 250


def table(rows, seed):
    """CSV with numbers, texts that repeat and that do not, dates, decimals, booleans and nulls."""
    pick = random.Random(seed)
    lines = ["id,word,text,price,day,flag"]
    for row in range(rows):
        word = pick.choice(["alpha", "beta", "gamma", ""])
        text = "".join(pick.choices("abcdefgh", k=pick.randrange(12)))
        lines.append(f"{row},{word},{text},{pick.randrange(10**6) / 100:.2f},2024-0{pick.randrange(1, 10)}-11,"
                     f"{pick.choice(['true', 'false', ''])}")
    return "\n".join(lines) + "\n"


def statuses(tool, files):
    """What verify says of each file, in their order."""
    run = subprocess.run([tool, "verify", "--json", "--max-findings", "1", *files], capture_output=True, text=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return [line["status"] for line in lines if line["type"] == "file"]


def missed(tool, folder, data, places):
    """The places whose flip was not found."""
    found = []
    for start in range(0, len(places), AT_ONCE):
        part = places[start:start + AT_ONCE]
        files = []
        for i, (at, bit) in enumerate(part):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            file = folder / f"{i:04}.parquet"
            file.write_bytes(changed)
            files.append(str(file))
        told = statuses(tool, files)
        assert len(told) == len(part), f"{len(told)} files of {len(part)} were told of"
        found += [place for place, status in zip(part, told) if status != "invalid"]
    return found


def made_files(tool, folder, seed):
    """The codec, rows and bytes of each file, which is valid."""
    for codec, rows in FILES:
        source = folder / "in.csv"
        source.write_text(table(rows, seed))
        made = folder / "made.parquet"
        options = ["--page-bytes", "4KiB"] if rows > 100 else []
        subprocess.run([tool, "convert", source, made, "--quiet", "--overwrite", "replace", "-c", codec, *options],
                       check=True)
        assert statuses(tool, [str(made)]) == ["ok"], f"{codec}, {rows} rows: the file itself is not valid"
        yield codec, rows, made.read_bytes()


def places_in(data, flips, pick):
    """One file's share of the bits that are turned over."""
    return [(pick.randrange(len(data)), pick.randrange(8)) for _ in range(-(-flips // len(FILES)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release")
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    tool = hawser.find(args.preset)
    if not tool:
        sys.exit(f"the tool of the preset {args.preset} has not been built")
    pick = random.Random(args.seed)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for codec, rows, data in made_files(tool, folder, args.seed):
            places = places_in(data, args.flips, pick)
            for at, bit in missed(tool, folder, data, places):
                print(f"FAILED {codec}, {rows} rows: bit {bit} of byte {at} of {len(data)} is not found")
                failed += 1
            passed += len(places)
    print(f"{passed - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
