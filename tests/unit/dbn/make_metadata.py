#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes metadata_files.h, metadata as databento-dbn encodes them: make_metadata.py > metadata_files.h

It needs `pip install databento-dbn==0.70.0`. Beside the bytes stands what was asked for, as text.
"""

import datetime
import types

import databento_dbn as dbn

UNDEFINED = 2**64 - 1


def mapping(symbol, *intervals):
    """A mapping; each interval is (start, end, symbol) with ISO dates."""
    return types.SimpleNamespace(raw_symbol=symbol, intervals=[
        types.SimpleNamespace(start_date=datetime.date.fromisoformat(start), end_date=datetime.date.fromisoformat(end), symbol=to)
        for start, end, to in intervals])


ONE = mapping("ESH1", ("2020-12-28", "2020-12-29", "5482"))
MANY = [
    mapping("ESH1", ("2020-12-28", "2021-01-01", "5482"), ("2021-01-01", "2021-03-20", "6853")),
    mapping("none of them"),
    mapping("ESM1", ("2024-02-28", "2024-02-29", ""), ("2024-02-29", "9999-12-31", "ES.c.0 x")),
]

# The name of a row, and what is encoded.
ROWS = [
    ("orders", dict(schema=dbn.Schema.MBO, symbols=["ESH1"], mappings=[ONE], limit=2, end=1609200000000000000)),
    ("nothing but the fixed fields", dict(schema=dbn.Schema.OHLCV_1D, symbols=[], mappings=[])),
    ("several schemas", dict(schema=None, stype_in=None, symbols=["A", "BB"], partial=["BB"], not_found=["C", "D"], mappings=[])),
    ("mappings", dict(schema=dbn.Schema.DEFINITION, symbols=["ESH1", "ESM1"], mappings=MANY, ts_out=True)),
]


def expected(version, given):
    """The text that test_metadata.c makes of what it reads."""
    def list_of(items):
        return "[" + ",".join(items) + "]"

    def mapped(item):
        dates = [f"{i.start_date:%Y%m%d}-{i.end_date:%Y%m%d}={i.symbol}" for i in item.intervals]
        return f"{item.raw_symbol}{list_of(dates)}"

    schema = given["schema"]
    stype_in = given.get("stype_in", dbn.SType.RAW_SYMBOL)
    return (
        f"v{version} GLBX.MDP3 {schema or 'mixed'} {given['start']} {given.get('end') or UNDEFINED} {given.get('limit') or 0} "
        f"{stype_in or 'none'} instrument_id {int(given.get('ts_out', False))} "
        f"{list_of(given['symbols'])} {list_of(given.get('partial', []))} {list_of(given.get('not_found', []))} "
        f"{list_of(mapped(m) for m in given['mappings'])}")


def quoted(text):
    """The text as literals of C, of 100 characters at most."""
    return " ".join('"' + text[i:i + 100] + '"' for i in range(0, len(text), 100))


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Made by make_metadata.py: metadata with their prelude, and what they say. */")
    print("#ifndef HW_TESTS_DBN_METADATA_FILES_H\n#define HW_TESTS_DBN_METADATA_FILES_H\n\n#include <stddef.h>\n#include <stdint.h>\n")
    table = []
    for version in (1, 2, 3):
        for number, (name, given) in enumerate(ROWS):
            given = {"start": 1609160400000000000 + number, **given}
            metadata = dbn.Metadata(
                dataset="GLBX.MDP3", stype_in=given.get("stype_in", dbn.SType.RAW_SYMBOL), stype_out=dbn.SType.INSTRUMENT_ID,
                version=version, partial=given.get("partial", []), not_found=given.get("not_found", []),
                **{key: value for key, value in given.items() if key not in ("stype_in", "partial", "not_found")})
            data = metadata.encode()
            variable = f"metadata_{version}_{number}"
            print(f"static const uint8_t {variable}[] = {{{', '.join(str(b) for b in data)}}};")
            table.append(f'    {{"{name}", {variable}, sizeof({variable}),\n     {quoted(expected(version, given))}}},')
    print("\nstatic const struct {\n    const char *name;\n    const uint8_t *bytes;\n    size_t size;\n    const char *want;\n} metadata_files[] = {")
    print("\n".join(table))
    print("};\n\n#endif")


if __name__ == "__main__":
    main()
