# SPDX-License-Identifier: Apache-2.0
"""Files of other programs and of random tables, optimised, and compared with what they were.

    optimize.py [--preset PRESET] [--only TEXT] [--seeds N]

The schema and the metadata of an output are those of its source, element by element (hawser inspect), its rows are the same
for pyarrow bit by bit, or for Hawser itself where pyarrow reads neither; hawser verify finds all of it valid, and a second
run leaves it alone. Files that are not read (parquet_verdicts.txt) are refused, and nothing is written.
"""

import argparse
import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet

import hawser
import parquet_read
import random_arrow

# What pyarrow raises where it cannot read a file.
UNREADABLE = (pa.ArrowException, OSError, ValueError)
OWN_KEYS = ("hawser.optimize", "hawser.checksum")
# Options that must not change what comes back.
WAYS = [[], ["--encodings", "compat", "-c", "snappy"], ["--row-group-rows", "7", "--threads", "1"], ["--effort", "best", "--encodings", "max"]]


def inspected(tool, path):
    run = hawser.run(tool, "inspect", "--json", "--show", "file,schema,metadata", path)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    for element in told["schema"]:
        if element.get("logical", "").startswith("decimal") or element.get("converted") == "DECIMAL":
            # A decimal on integers is of the same type as one on bytes.
            element.update(physical="any", type_length=0, logical=element["type"])
    pairs = [(p["key"], p.get("value"), p.get("value_base64")) for p in told["metadata"] if p["key"] not in OWN_KEYS]
    return told["schema"], pairs, told["rows"]


def bits(array):
    """An array in which values are equal only where their bits are: NaN, and zeros with a sign."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return bits(array.dictionary_decode())
    if pa.types.is_float16(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind):
        width = {16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}[kind.bit_width]
        return array.view(width)
    return array


def bits_equal(a, b):
    a, b = a.combine_chunks(), b.combine_chunks()
    if isinstance(a, pa.ChunkedArray):
        a, b = (x.chunk(0) if x.num_chunks else pa.array([], x.type) for x in (a, b))
    if pa.types.is_nested(a.type):
        return a.equals(b) or repr(a.to_pylist()) == repr(b.to_pylist())
    return bits(a).equals(bits(b))


def rows_differ(source, output):
    """What differs for pyarrow; None. Raises what pyarrow raises for the source."""
    want = parquet_read.read_by_pyarrow(source)
    got = parquet_read.read_by_pyarrow(output)
    own = {key.encode() for key in OWN_KEYS}
    schema = got.schema.with_metadata({k: v for k, v in (got.schema.metadata or {}).items() if k not in own} or None)
    if not schema.equals(want.schema.with_metadata(want.schema.metadata or None), check_metadata=True):
        return f"pyarrow sees the schema {got.schema}, and before {want.schema}"
    for i, field in enumerate(want.schema):
        if not bits_equal(got.column(i), want.column(i)):
            return f"column {field.name} has other values"
    return None


def values_differ(source, output):
    """The same of an output whose types may be narrower: values are equal as Python has them, NaN and -0.0 told apart."""
    want = parquet_read.read_by_pyarrow(source)
    got = parquet_read.read_by_pyarrow(output)
    for i, field in enumerate(want.schema):
        try:
            same = repr(got.column(i).to_pylist()) == repr(want.column(i).to_pylist())
        except ValueError:  # nanoseconds, which never become narrower
            same = got.column(i).equals(want.column(i))
        if not same:
            return f"column {field.name} has other values as {got.schema.field(i).type}"
    return None


def readable(path):
    try:
        parquet_read.read_by_pyarrow(path)
    except UNREADABLE:
        return False
    return True


def downcast_case(tool, folder, source):
    """Whatever becomes narrower has the same values, and a second run finds nothing."""
    output = folder / "narrow.parquet"
    run = hawser.run(tool, "optimize", "--downcast", "exact", "--force", "--quiet", source, output)
    if run.returncode:
        return f"--downcast exact: exit {run.returncode}: {run.stderr}"
    try:
        found = values_differ(source, output)
    except UNREADABLE as why:
        # pyarrow does not read all that it writes: dictionaries in lists of structs, in many row groups.
        found = f"pyarrow reads the source, and of the output says: {why}" if readable(source) else None
    verified = hawser.run(tool, "verify", "--level", "values", output)
    return found or (f"verify: {verified.stderr}" if verified.returncode else None)


def text_differs(tool, source, output):
    a, b = (hawser.run(tool, "head", "-n", "all", "--json", path) for path in (source, output))
    return None if a.stdout == b.stdout and a.returncode == b.returncode == 0 else f"head differs: {a.stderr}{b.stderr}"


def check_output(tool, source, output, options):
    before, after = inspected(tool, source), inspected(tool, output)
    for what, a, b in zip(("schema", "metadata", "number of rows"), before, after):
        if a != b:
            return f"the {what} is {b}, and was {a}"
    try:
        found = rows_differ(source, output)
    except UNREADABLE as why:
        found = f"pyarrow reads the source, and of the output says: {why}" if readable(source) else text_differs(tool, source, output)
    if found:
        return found
    verified = hawser.run(tool, "verify", "--level", "values", output)
    if verified.returncode:
        return f"verify: {verified.stderr or verified.stdout}"
    again = hawser.run(tool, "optimize", "--json", *options, output, output)
    if json.loads(again.stdout.splitlines()[0])["outcome"] != "already":
        return f"a second run: {again.stdout}"
    return None


def case(tool, folder, source, refused, options):
    output = folder / "out.parquet"
    output.unlink(missing_ok=True)
    run = hawser.run(tool, "optimize", "--force", "--quiet", *options, source, output)
    if run.returncode:
        if output.exists():
            return "it has failed, and something was written"
        return None if refused and run.returncode == 4 else f"exit {run.returncode}: {run.stderr}"
    if refused:
        return "optimised, though it was to be refused"
    return check_output(tool, source, output, options)


def lost_case(tool, folder):
    """What the output does not have of its source is told, and only where the source has it."""
    table = pa.table({"a": list(range(5000)), "t": [f"text {i}" for i in range(5000)]})
    notes = []
    # The texts are not in the order of their bytes, which the second file says of them.
    for sorting in (None, [pa.parquet.SortingColumn(1)]):
        pa.parquet.write_table(table, folder / "in.parquet", compression="none", sorting_columns=sorting)
        run = hawser.run(tool, "optimize", "--json", "--force", folder / "in.parquet", folder / "out.parquet", "--overwrite", "replace")
        notes.append(json.loads(run.stdout.splitlines()[0])["notes"])
    told = "not all row groups of the output are sorted as the source says that it is"
    return [] if notes == [[], [told]] else [f"notes are {notes}"]


def cases(options):
    known = parquet_read.verdicts()
    for path in parquet_read.files():
        name = str(path.relative_to(parquet_read.CORPORA / "parquet"))
        verdict = known.get(name, ("read", ""))[0]
        # INT96 beyond the years of nanoseconds is refused by a reader of timestamps alone.
        yield name, path, verdict == "refused" and "int96" not in name
    for seed in range(options.seeds):
        yield f"random {seed}", seed, False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", type=int, default=20)
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        sys.exit(f"the tool of the preset {options.preset} has not been built")
    lost = hawser.run_check(tool, lost_case)
    failed = bool(lost)
    passed = not lost
    for wrong in lost:
        print(f"FAILED what is lost: {wrong}")
    for name, what, refused in cases(options):
        if options.only not in name:
            continue
        for way in WAYS:
            def check(tool, folder):
                source = what
                if isinstance(what, int):
                    source = folder / "in.parquet"
                    random_arrow.write(source, what)
                wrong = case(tool, folder, source, refused, way)
                if not wrong and isinstance(what, int) and not way:
                    wrong = downcast_case(tool, folder, source)
                return [wrong] if wrong else []
            wrong = hawser.run_check(tool, check)
            failed += bool(wrong)
            passed += not wrong
            if wrong:
                print(f"FAILED {name} {' '.join(way)}: {wrong[0][:600]}")
    skipped = 0 if parquet_read.files() else 1
    if skipped:
        print("SKIPPED the corpora are not here")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
