# SPDX-License-Identifier: Apache-2.0
"""One conversion by one peer in a process of its own: peer.py PEER SOURCE OUTPUT CODEC THREADS.

Prints the seconds and the CPU seconds of the conversion itself, without the start of Python and its imports.
peer.py rows FILE prints the rows of a Parquet file.
peer.py infer SOURCE OUTPUT ROWS THREADS does the same for DuckDB's finding of names and types, from so many rows (-1: all).
"""

import json
import os
import resource
import sys
import time

LEVEL = {"zstd": 3}


def by_duckdb(source, output, codec, threads):
    import duckdb

    db = duckdb.connect(config={"threads": threads})
    level = f", COMPRESSION_LEVEL {LEVEL[codec]}" if codec in LEVEL else ""
    copy = f"COPY (SELECT * FROM read_csv('{source}')) TO '{output}' (FORMAT parquet, COMPRESSION {codec}{level})"
    return lambda: db.execute(copy)


def by_polars(source, output, codec, threads):
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars

    return lambda: polars.scan_csv(source, try_parse_dates=True).sink_parquet(
        output, compression=codec, compression_level=LEVEL.get(codec)
    )


def by_pyarrow(source, output, codec, threads):
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    pyarrow.set_cpu_count(threads)
    options = pyarrow.csv.ReadOptions(use_threads=threads > 1)
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    return lambda: pyarrow.parquet.write_table(
        pyarrow.csv.read_csv(source, options, parse), output, compression=codec, compression_level=LEVEL.get(codec)
    )


def infer_by_duckdb(source, output, rows, threads):
    import duckdb

    db = duckdb.connect(config={"threads": threads})

    def once():
        dialect = db.execute(f"SELECT * FROM sniff_csv('{source}', sample_size = {rows})").fetchall()
        columns = db.execute(f"DESCRIBE SELECT * FROM read_csv('{source}', sample_size = {rows})").fetchall()
        with open(output, "w", encoding="utf-8") as file:
            file.write(f"{dialect}\n{columns}\n")

    return once


PEERS = {"duckdb": by_duckdb, "polars": by_polars, "pyarrow": by_pyarrow}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def rows(path):
    import pyarrow.parquet

    return pyarrow.parquet.read_metadata(path).num_rows


def main():
    if sys.argv[1] == "rows":
        print(rows(sys.argv[2]))
        return
    peer, source, output, how, threads = sys.argv[1:]
    once = infer_by_duckdb(source, output, how, int(threads)) if peer == "infer" else PEERS[peer](source, output, how, int(threads))
    start, start_cpu = time.perf_counter(), cpu()
    once()
    print(json.dumps({"seconds": time.perf_counter() - start, "cpu": cpu() - start_cpu}))


main()
