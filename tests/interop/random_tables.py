# SPDX-License-Identifier: Apache-2.0
"""CSV texts by seed: any mix of columns, with what makes readers stumble, and the options to convert them with."""

import gzip
import random

import backports.zstd as zstd

from cases import Case

PARQUET_CODECS = ["none", "snappy", "zstd", "zstd:1", "gzip", "lz4_raw", "brotli"]
AVRO_CODECS = ["none", "deflate", "snappy", "zstd"]
CSV_CODECS = ["none", "gzip", "zstd", "zstd:9"]
WORDS = ["alpha", "Beta", "", "NA", "null", "日本語", "🙂", "e\u0301", "O'Neil", "C:\\dir", "-", "  x ", "12abc", "1,5", "a;b", "p|q", "t\tu"]


def integer(rng):
    return str(rng.choice([rng.randint(-9, 9), rng.randint(-(10**6), 10**6), rng.randint(-(2**63), 2**63 - 1)]))


def small_integer(rng):
    return str(rng.randint(-5, 300))


def double(rng):
    return rng.choice([
        lambda: repr(rng.uniform(-1000, 1000)),
        lambda: repr(rng.random() * 10 ** rng.randint(-300, 300)),
        lambda: f"{rng.randint(-99999, 99999)}.{rng.randint(0, 99):02d}",
        lambda: f"{rng.randint(1, 9)}e{rng.randint(-20, 20)}",
        lambda: str(rng.randint(-1000, 1000)),
    ])()


def printed_double(rng):
    value = rng.uniform(-1, 1) * 10.0 ** rng.randint(-20, 20)
    return f"{value:{rng.choice(['.17g', '.18e', '.20e', '.25f'])}}"


def money(rng):
    return f"{rng.randint(-(10**17), 10**17)}.{rng.randint(0, 99):02d}"


def digits(rng):
    return f"0.{rng.randint(10**24, 10**25 - 1)}"


def huge(rng):
    return str(rng.randint(-(10**37), 10**37))


def boolean(rng):
    return rng.choice(["true", "false", "TRUE", "False"])


def date(rng):
    return f"{rng.randint(1, 9999):04d}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def timestamp(rng, zone="", years=(1, 9999), fraction=(0, 1, 3, 6)):
    count = rng.choice(fraction)
    tail = "." + "".join(rng.choice("0123456789") for _ in range(count)) if count else ""
    year, month, day = rng.randint(*years), rng.randint(1, 12), rng.randint(1, 28)
    separator = "T" if zone else rng.choice("T ")
    clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
    return f"{year:04d}-{month:02d}-{day:02d}{separator}{clock}{tail}{zone}"


def instant(rng):
    return timestamp(rng, rng.choice(["Z", "+00:00", "-05:00", "+05:30", "+0530", "-11", " +01"]), years=(2, 9998))


def nanos(rng):
    return timestamp(rng, years=(1700, 2250), fraction=(0, 9, 7))


def text(rng):
    return rng.choice([
        lambda: rng.choice(WORDS),
        lambda: " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 12))),
        lambda: "".join(rng.choice('ab,;"\n\r\t|é') for _ in range(rng.randint(1, 40))),
        lambda: "x" * rng.choice([15, 16, 31, 32, 33, 63, 64, 65, 4096]),
    ])()


def category(rng):
    return rng.choice(["red", "green", "blue", "deep sea"])


def empty(_):
    return ""


KINDS = [integer, small_integer, double, printed_double, money, digits, huge, boolean, date, timestamp, instant, nanos, text, category, empty]
MISFITS = [small_integer, double, date, category, text]


def quote(value):
    return '"' + value.replace('"', '""') + '"'


def field(rng, kind, nulls, delimiter):
    """One field as it stands in the file."""
    if rng.random() < nulls:
        return ""
    value = kind(rng)
    needs = any(c in value for c in delimiter + '"\r\n')
    if needs or (kind in (text, category) and rng.random() < 0.3):
        return quote(value)
    return value


def random_case(seed, rows_max):
    """A table of any shape and the options to convert it with; the same for the same seed."""
    rng = random.Random(seed)
    delimiter = rng.choice([",", ",", ",", ";", "\t", "|"])
    end = rng.choice(["\n", "\n", "\r\n"])
    rows = rng.choice([1, 2, 7, 100, rng.randint(1, rows_max), rows_max])
    # An index first: no record is ever a blank line, and the delimiter is in every record.
    kinds = [small_integer] + [rng.choice(KINDS) for _ in range(rng.randint(1, 12))]
    nulls = [0.0] + [rng.choice([0, 0, 0.01, 0.3, 0.95]) for _ in kinds[1:]]
    lines = [delimiter.join(f"c{i}" for i in range(len(kinds)))]
    lines += [delimiter.join(field(rng, k, n, delimiter) for k, n in zip(kinds, nulls)) for _ in range(rows)]
    if rng.random() < 0.3:
        # One record late with another kind of value in some column: its type has to widen.
        at = rng.randrange(1, len(kinds))
        misfit = [field(rng, k, 0, delimiter) for k in kinds]
        misfit[at] = field(rng, rng.choice(MISFITS), 0, delimiter)
        lines.append(delimiter.join(misfit))
    plain = (end.join(lines) + rng.choice([end, ""])).encode()
    if rng.random() < 0.1:
        plain = b"\xef\xbb\xbf" + plain
    file, pack = rng.choice([("in.csv", bytes)] * 6 + [("in.csv.gz", gzip.compress), ("in.csv.zst", zstd.compress)])
    arguments = ["--threads", rng.choice(["1", "2"]), "--compression", rng.choice(PARQUET_CODECS)]
    arguments += ["--avro-codec", rng.choice(AVRO_CODECS), "--encodings", rng.choice(["compact", "compat"])]
    arguments += rng.choice([[], ["--row-group-bytes", "64KiB"]])
    if len(kinds) == 2 or rng.random() < 0.5:
        # Two columns of free text leave several delimiters likely.
        arguments += ["--delimiter", delimiter]
    elif text in kinds or category in kinds:
        arguments += ["--delimiter", delimiter]
    arguments += ["--csv-codec", rng.choice(CSV_CODECS)]
    return Case(f"random: seed {seed}, {rows} rows, {' '.join(k.__name__ for k in kinds)}", pack(plain), "", tuple(arguments),
                {"delimiter": delimiter}, plain, file)
