# SPDX-License-Identifier: Apache-2.0
"""One conversion by one peer in a process of its own: peer.py PEER SOURCE OUTPUT CODEC THREADS.

Prints the seconds and the CPU seconds of the conversion itself, without the start of Python and its imports.
peer.py rows FILE prints the rows of a Parquet file.
peer.py infer SOURCE OUTPUT ROWS THREADS does the same for DuckDB's finding of names and types, from so many rows (-1: all).
peer.py read PEER SOURCE THREADS does the same for decoding all columns of a Parquet file, and prints how many rows there were.
peer.py reconvert PEER SOURCE OUTPUT THREADS does the same from Parquet or Avro to one of them, as the names say.
peer.py footer SOURCE does the same for pyarrow's reading of a Parquet footer.
"""

import json
import os
import resource
import sys
import time

LEVEL = {"zstd": 3}


def by_duckdb(source, output, codec, threads):
    import duckdb

    db = duckdb.connect(config={"threads": int(threads)})
    level = f", COMPRESSION_LEVEL {LEVEL[codec]}" if codec in LEVEL else ""
    copy = f"COPY (SELECT * FROM read_csv('{source}')) TO '{output}' (FORMAT parquet, COMPRESSION {codec}{level})"
    return lambda: db.execute(copy)


def by_polars(source, output, codec, threads):
    os.environ["POLARS_MAX_THREADS"] = threads
    import polars

    return lambda: polars.scan_csv(source, try_parse_dates=True).sink_parquet(
        output, compression=codec, compression_level=LEVEL.get(codec)
    )


def by_pyarrow(source, output, codec, threads):
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    pyarrow.set_cpu_count(int(threads))
    options = pyarrow.csv.ReadOptions(use_threads=int(threads) > 1)
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    return lambda: pyarrow.parquet.write_table(
        pyarrow.csv.read_csv(source, options, parse), output, compression=codec, compression_level=LEVEL.get(codec)
    )


def infer_by_duckdb(source, output, rows, threads):
    import duckdb

    db = duckdb.connect(config={"threads": int(threads)})

    def once():
        dialect = db.execute(f"SELECT * FROM sniff_csv('{source}', sample_size = {rows})").fetchall()
        columns = db.execute(f"DESCRIBE SELECT * FROM read_csv('{source}', sample_size = {rows})").fetchall()
        with open(output, "w", encoding="utf-8") as file:
            file.write(f"{dialect}\n{columns}\n")

    return once


def read_by_duckdb(source, threads):
    """EXPLAIN ANALYZE runs the query to its end and throws the rows away, so it asks nothing of DuckDB but to decode them.

    count, min and max would be answered by the statistics of the file, a hash of each value is work of its own.
    """
    import duckdb

    db = duckdb.connect(config={"threads": int(threads)})

    def once():
        told = db.execute(f"EXPLAIN (ANALYZE, FORMAT json) SELECT * FROM read_parquet('{source}')").fetchall()[0][1]
        return {"rows": scanned_rows(json.loads(told))}

    return once


def read_by_duckdb_arrow(source, threads):
    import duckdb

    db = duckdb.connect(config={"threads": int(threads)})
    return lambda: {"rows": sum(batch.num_rows for batch in db.sql(f"SELECT * FROM read_parquet('{source}')").to_arrow_reader(65_536))}


def scanned_rows(operator):
    """The rows of the scan, which is somewhere below the operators of a plan."""
    below = [*operator.get("operator", ()), *operator.get("children", ())]
    return operator.get("rows_scanned", 0) + sum(map(scanned_rows, below))


def read_by_pyarrow(source, threads):
    import pyarrow.parquet

    pyarrow.set_cpu_count(int(threads))

    def once():
        with pyarrow.parquet.ParquetFile(source) as file:
            return {"rows": sum(batch.num_rows for batch in file.iter_batches(use_threads=int(threads) > 1))}

    return once


def reconvert_by_duckdb(source, output, threads, version="V1"):
    import duckdb

    db = duckdb.connect(config={"threads": int(threads)})
    options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {LEVEL['zstd']}, PARQUET_VERSION {version}"
    return lambda: db.execute(f"COPY (SELECT * FROM read_parquet('{source}')) TO '{output}' ({options})")


def reconvert_by_polars(source, output, threads):
    os.environ["POLARS_MAX_THREADS"] = threads
    import polars

    if source.endswith(".avro"):
        return lambda: polars.read_avro(source).write_parquet(output, compression="zstd", compression_level=LEVEL["zstd"])
    if output.endswith(".avro"):
        return lambda: polars.read_parquet(source).write_avro(output, compression="deflate")
    return lambda: polars.scan_parquet(source).sink_parquet(output, compression="zstd", compression_level=LEVEL["zstd"])


def reconvert_by_pyarrow(source, output, threads):
    import pyarrow.parquet

    pyarrow.set_cpu_count(int(threads))

    def once():
        with pyarrow.parquet.ParquetFile(source) as file, pyarrow.parquet.ParquetWriter(
                output, file.schema_arrow, compression="zstd", compression_level=LEVEL["zstd"]) as writer:
            for batch in file.iter_batches(use_threads=int(threads) > 1):
                writer.write_batch(batch)

    return once


def footer_by_pyarrow(source):
    import pyarrow.parquet

    return lambda: pyarrow.parquet.read_metadata(source)


READERS = {"duckdb": read_by_duckdb, "duckdb, Arrow": read_by_duckdb_arrow, "pyarrow": read_by_pyarrow}
CONVERTERS = {
    "duckdb": reconvert_by_duckdb, "duckdb V2": lambda *words: reconvert_by_duckdb(*words, version="V2"),
    "polars": reconvert_by_polars, "pyarrow": reconvert_by_pyarrow,
}
# Makes of the words behind the first what is to be timed.
WORKS = {
    "duckdb": by_duckdb, "polars": by_polars, "pyarrow": by_pyarrow, "infer": infer_by_duckdb, "footer": footer_by_pyarrow,
    "read": lambda peer, *words: READERS[peer](*words),
    "reconvert": lambda peer, *words: CONVERTERS[peer](*words),
}


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
    once = WORKS[sys.argv[1]](*sys.argv[2:])
    start, start_cpu = time.perf_counter(), cpu()
    told = once()
    figures = {"seconds": time.perf_counter() - start, "cpu": cpu() - start_cpu}
    print(json.dumps({**figures, **(told if isinstance(told, dict) else {})}))


main()
