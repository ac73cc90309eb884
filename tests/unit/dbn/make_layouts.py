#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes layouts.h, by what databento-dbn says of the records of each version: make_layouts.py > layouts.h

It needs `pip install databento-dbn==0.70.0 numpy`. Columns are those of its own order, but for the first five.
"""

import numpy
from databento_dbn import v1, v2, v3

RECORDS = [
    ("mbo", "MBOMsg"), ("mbp-1", "MBP1Msg"), ("mbp-10", "MBP10Msg"), ("tbbo", "TBBOMsg"), ("trades", "TradeMsg"),
    ("ohlcv-1s", "OHLCVMsg"), ("ohlcv-1m", "OHLCVMsg"), ("ohlcv-1h", "OHLCVMsg"), ("ohlcv-1d", "OHLCVMsg"),
    ("definition", "InstrumentDefMsg"), ("statistics", "StatMsg"), ("status", "StatusMsg"),
    ("imbalance", "ImbalanceMsg"), ("ohlcv-eod", "OHLCVMsg"), ("cmbp-1", "CMBP1Msg"), ("cbbo-1s", "CBBO1SMsg"),
    ("cbbo-1m", "CBBO1MMsg"), ("tcbbo", "TCBBOMsg"), ("bbo-1s", "BBO1SMsg"), ("bbo-1m", "BBO1MMsg"),
]
FIRST = ("ts_recv", "ts_event", "rtype", "publisher_id", "instrument_id", "length")


def fields_of(record):
    """Name to (offset, type) of each field, and the bytes of the record."""
    at, fields = 0, {}
    for name, kind in record._dtypes:
        fields[name] = (at, kind)
        at += numpy.dtype(kind).itemsize
    return fields, at


def kind_of(record, name, kind):
    """The kind of a column as a letter and its bytes: p price, t time, c text, u and i numbers."""
    if name in record._price_fields:
        return "p8"
    if name in record._timestamp_fields:
        return "t8"
    return kind.replace("S", "c")


def line_of(record):
    """All of the columns in their order, as text."""
    fields, size = fields_of(record)
    columns = [name for name in record._ordered_fields if name not in FIRST and not name.startswith("_")]
    parts = [f"{name}@{fields[name][0]}:{kind_of(record, name, fields[name][1])}" for name in columns]
    return f"{size} {fields.get('ts_recv', fields['ts_event'])[0]} " + " ".join(parts)


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Made by make_layouts.py: bytes, offset of the index timestamp, columns as NAME@OFFSET:KIND. */")
    print("#ifndef HW_TESTS_DBN_LAYOUTS_H\n#define HW_TESTS_DBN_LAYOUTS_H\n")
    print("static const struct {\n    const char *schema;\n    unsigned version;\n    const char *columns;\n} layouts[] = {")
    for schema, name in RECORDS:
        for version, module in enumerate((v1, v2, v3), 1):
            words = line_of(getattr(module, name)).split(" ")
            print(f'    {{"{schema}", {version},')
            line = ""
            for word in words:
                if len(line) + len(word) > 100:
                    print(f'     "{line}"')
                    line = ""
                line += word + " "
            print(f'     "{line.rstrip()}"}},')
    print("};\n\n#endif")


if __name__ == "__main__":
    main()
