#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes records.h, records of every schema and of versions that differ, and the rows that they are: make_records.py > records.h

It needs `pip install databento-dbn==0.70.0 numpy`. Bytes come from a fixed sequence; what they mean is read by the types of
databento-dbn, numpy's, and by Python's own arithmetic. A row is its values in the order of databento-dbn.
"""

import decimal

import numpy
from databento_dbn import v1, v2, v3

from make_layouts import FIRST, RECORDS, fields_of

ROWS = 3
UNDEFINED_PRICE, UNDEFINED_TIME = 2**63 - 1, 2**64 - 1


def sequence():
    state = 1
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield state >> 33


def record_bytes(record, random, row):
    """Bytes of one record: any numbers, times before 2262, texts, and in the second row undefined prices and times."""
    dtype = numpy.dtype(record._dtypes)
    values = numpy.zeros(1, dtype)
    for name, kind in record._dtypes:
        if name == "length":
            values[name] = dtype.itemsize // 4
        elif name in record._price_fields:
            raw = (next(random) << 31 | next(random)) - 2**61 >> next(random) % 40
            values[name] = UNDEFINED_PRICE if row == 1 else raw
        elif name in record._timestamp_fields:
            values[name] = UNDEFINED_TIME if row == 1 else (next(random) << 31 | next(random)) % 2**63
        elif kind.startswith("S"):
            size = numpy.dtype(kind).itemsize
            values[name] = bytes(65 + next(random) % 26 for _ in range(min(size, next(random) % (size + 1)) - (size > 1)))[:size]
        else:
            values[name] = (next(random) << 31 | next(random)) % 2 ** (8 * numpy.dtype(kind).itemsize - 1)
    return values, values.tobytes()


def value_text(record, name, value, prices):
    if name in record._price_fields:
        if int(value) == UNDEFINED_PRICE:
            return "null"
        if prices == "double":
            return (numpy.float64(int(value)) / 1e9).hex()
        return f"{decimal.Decimal(int(value)).scaleb(-9):.9f}" if prices == "decimal" else str(int(value))
    if name in record._timestamp_fields:
        return "null" if int(value) == UNDEFINED_TIME else str(int(value))
    if isinstance(value, bytes):
        return f"'{value.decode()}'"
    return str(int(value))


def row_text(record, values, prices):
    fields, _ = fields_of(record)
    index = ["ts_recv"] if "ts_recv" in fields else []
    names = index + ["ts_event", "rtype", "publisher_id", "instrument_id"]
    names += [name for name in record._ordered_fields if name not in FIRST and not name.startswith("_")]
    return " ".join(value_text(record, name, values[name][0], prices) for name in names)


def literal(text):
    return "\n     ".join('"' + text[i:i + 100] + '"' for i in range(0, len(text), 100))


def main():
    random = sequence()
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Made by make_records.py: records, and their rows with prices as hexadecimal doubles. */")
    print("#ifndef HW_TESTS_DBN_RECORDS_H\n#define HW_TESTS_DBN_RECORDS_H\n\n#include <stdint.h>\n")
    table = []
    for schema, name in RECORDS:
        for version, module in enumerate((v1, v2, v3), 1):
            record = getattr(module, name)
            if version > 1 and record._dtypes == getattr((v1, v2, v3)[version - 2], name)._dtypes:
                continue
            made = [record_bytes(record, random, row) for row in range(ROWS)]
            variable = f"records_{version}_{schema.replace('-', '_')}"
            data = b"".join(data for _, data in made)
            print(f"static const uint8_t {variable}[] = {{{', '.join(str(b) for b in data)}}};")
            rows = ",\n     ".join(literal(row_text(record, values, "double")) for values, _ in made)
            table.append(f'    {{"{schema}", {version}, {variable}, {{{rows}}}}},')
    print(f"\nenum {{ RECORDS_ROWS = {ROWS} }};\n")
    print("static const struct {\n    const char *schema;\n    unsigned version;\n    const uint8_t *bytes;")
    print("    const char *rows[RECORDS_ROWS];\n} records[] = {")
    print("\n".join(table))
    print("};\n\n#endif")


if __name__ == "__main__":
    main()
