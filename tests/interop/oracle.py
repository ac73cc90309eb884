# SPDX-License-Identifier: Apache-2.0
"""What a CSV text has to become, worked out without any of Hawser's code.

Python's csv module takes the text apart; the rules of docs/types.md are applied value by value with Decimal and
datetime. Where the rules leave a choice, a column has several accepted readings: the file must show one of them, whole.

Values are plain Python: int, float, Decimal, bool, str, None; dates as days since 1970-01-01, timestamps as microseconds
or nanoseconds since then.
"""

import csv
import dataclasses
import datetime
import decimal
import io
import math
import re

decimal.getcontext().prec = 2000
csv.field_size_limit(1 << 30)

DECIMAL_PRECISION_MAX = 38
DOUBLE_DIGITS = 15  # every decimal of so many digits is kept by a double
INT64_RANGE = range(-(2**63), 2**63)
NANOS_RANGE = range(-(2**63), 2**63)
LATE_ROWS = 1000
EPOCH = datetime.date(1970, 1, 1)
# What the word "common" stands for among null values; NaN is null too, but for a column of texts.
COMMON = "common"
COMMON_NULLS = ("NA", "N/A", "n/a", "NULL", "null", "None", "nil", "-", ".", "\\N")

NUMBER = re.compile(r"-?(?=\.?[0-9])(0|[1-9][0-9]*|(?=\.))(\.[0-9]*)?([eE][+-]?[0-9]+)?")
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
SPECIAL = re.compile(r"[+-]?(inf|infinity|nan)", re.I)
BOOL = re.compile(r"true|false", re.I)
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
ZONE = r"(?: ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?))?"
TIMESTAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ])([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?" + ZONE
)
BASIC_TIMESTAMP = re.compile(r"([0-9]{8})(T)([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:\.([0-9]+))?)?" + ZONE)
TIME_RANGE = re.compile(r"[^ ]* [0-9]{2}:[0-9]{2}-.*")  # 2024-05-01 18:00-20:00 has no zone


@dataclasses.dataclass
class Reading:
    """One accepted way to read a column: the type as Hawser writes it ("decimal(9,2)") and the values."""

    type: str
    values: list


OR_TEXT = Reading("text", [])  # stands for the column as text


@dataclasses.dataclass
class Table:
    names: list
    columns: list  # a list of Readings for each column
    rows: int


class Field(str):
    """The text of a field that remembers whether it was quoted."""

    quoted = False


def fields(text, delimiter=","):
    """Records of a CSV text. The csv module says what fields hold, a second walk which of them were quoted."""
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    flags = list(quoted_flags(text, delimiter))
    assert len(records) == len(flags), "the two walks over the CSV text disagree"
    for values, quoted in zip(records, flags):
        record = []
        for value, flag in zip(values, quoted, strict=True):
            field = Field(value)
            field.quoted = flag
            record.append(field)
        yield record


def quoted_flags(text, delimiter):
    """For every record, whether each field begins with a quote. A blank line is a record of no fields."""
    at, flags = 0, []
    while at < len(text):
        if text[at] == '"':
            flags.append(True)
            end = at + 1
            while text[end] != '"' or text[end + 1 : end + 2] == '"':
                end += 2 if text[end] == '"' else 1
            at = end + 1
        elif text[at] in "\r\n" and not flags:
            pass
        else:
            flags.append(False)
            while at < len(text) and text[at] not in delimiter + "\r\n":
                at += 1
        if at < len(text) and text[at] == delimiter:
            at += 1
            if at == len(text) or text[at] in "\r\n":
                flags.append(False)
            else:
                continue
        at += 2 if text[at : at + 2] == "\r\n" else 1
        yield flags
        flags = []


def table(data, delimiter=",", nulls=(), header=True, decimals="exact", types="infer"):
    """The table that a CSV text (bytes) has to become."""
    text = data.decode("utf-8-sig")
    records = list(fields(text, delimiter))
    if header:
        names = [str(f) for f in next(r for r in records if r)]
        del records[: next(i for i, r in enumerate(records) if r) + 1]
    else:
        names = [f"column_{i + 1}" for i in range(len(records[0]))]
    if len(names) == 1:
        records = [r or [Field("")] for r in records]
    records = [r for r in records if r]
    assert all(len(r) == len(names) for r in records), "ragged records are for the cases that expect an error"
    columns = []
    for i in range(len(names)):
        column = [r[i] for r in records]
        if types == "text":
            columns.append([Reading("text", text_values(column, nulls))])
        else:
            columns.append(readings(column, nulls, decimals))
    return Table(names, columns, len(records))


def is_null(field, nulls):
    if field.quoted:
        return False
    return field == "" or field in nulls or (COMMON in nulls and field in COMMON_NULLS)


def is_null_value(field, nulls):
    """The same outside columns of texts."""
    return is_null(field, nulls) or field == "" or (COMMON in nulls and not field.quoted and field == "NaN")


def text_values(column, nulls):
    return [None if is_null(f, nulls) else str(f) for f in column]


def readings(column, nulls, decimals="exact"):
    """The accepted readings of a column, the likeliest first."""
    as_text = Reading("text", text_values(column, nulls))
    # Outside text a quoted empty field is a null like any other.
    values = [None if is_null_value(f, nulls) else str(f) for f in column]
    known = [v for v in values if v is not None]
    if not known:
        return [as_text]
    for rule in (as_bool, as_number, as_date_or_timestamp):
        found = rule(values, known, decimals)
        if found:
            # Left open: quoted values that would count without quotes, and a type that shows late in a column.
            quoted = any(f.quoted and f != "" for f in column)
            late = len(values) > LATE_ROWS and not any(v is not None for v in values[:LATE_ROWS])
            if quoted or late:
                found = found + [OR_TEXT]
            return [as_text if reading is OR_TEXT else reading for reading in found]
    return [as_text]


def as_bool(values, known, _):
    if not all(BOOL.fullmatch(v) for v in known):
        return None
    return [Reading("bool", [None if v is None else v.lower() == "true" for v in values])]


def as_number(values, known, decimals):
    plain = [v for v in known if NUMBER.fullmatch(v)]
    special = [v for v in known if SPECIAL.fullmatch(v)]
    if len(plain) + len(special) != len(known) or not plain:
        return None
    if not special and all(INTEGER.fullmatch(v) and v != "-0" and int(v) in INT64_RANGE for v in plain):
        return [Reading("int64", [None if v is None else int(v) for v in values])]
    if any(math.isinf(float(v)) or (float(v) == 0 and decimal.Decimal(v) != 0) for v in plain):
        return None
    others = [v for v in plain if "." in v or v == "-0" or re.search("[eE][+-]", v) or (INTEGER.fullmatch(v) and int(v) not in INT64_RANGE)]
    if not others and any("e" in v.lower() for v in plain):
        return None  # ids look like that: 713752e1
    as_decimal = None if special else decimal_reading(values, plain)
    exact = all(double_keeps(v) for v in plain)
    as_double = Reading("double", [None if v is None else float(v) for v in values])
    if decimals == "prefer" and as_decimal and exact:
        # Digits after the point that differ in number may count as a scale or not.
        return [as_decimal] if fixed_scale(plain) else [as_double, as_decimal]
    if exact:
        return [as_double]
    return [as_decimal] if as_decimal and decimals != "never" else None


def double_keeps(text):
    """Whether some program prints a double like this: the shortest way, or with as many digits as the text has."""
    value, exact = float(text), decimal.Decimal(text)
    if INTEGER.fullmatch(text) and int(text) in INT64_RANGE:
        return int(value) == int(text)
    digits = len(exact.normalize().as_tuple().digits)
    if digits <= DOUBLE_DIGITS or decimal.Decimal(repr(value)) == exact:
        return True
    return not INTEGER.fullmatch(text) and decimal.Decimal(f"{value:.{digits - 1}e}") == exact


def fixed_scale(plain):
    parts = [NUMBER.fullmatch(v) for v in plain]
    return all(p.group(2) and not p.group(3) for p in parts) and len({len(p.group(2)) for p in parts}) == 1


def decimal_reading(values, plain):
    """DECIMAL with room for the most digits before the point and the most after it; None where 38 are not enough."""
    before = after = 0
    for value in plain:
        whole, fraction, exponent = NUMBER.fullmatch(value).groups()
        digits = whole + (fraction or ".")[1:]
        point = len(whole) + int(exponent[1:] if exponent else 0)
        digits = ("0" * -point + digits).ljust(point, "0")
        point = max(0, point)
        before = max(before, len(digits[:point].lstrip("0")))
        after = max(after, len(digits[point:]))
    precision = max(1, before + after)
    if precision > DECIMAL_PRECISION_MAX:
        return None
    return Reading(
        f"decimal({precision},{after})", [None if v is None else decimal.Decimal(v) for v in values]
    )


def days(text):
    """Days since 1970, or None for a date that is none."""
    match = DATE.fullmatch(text)
    try:
        return (datetime.date(*map(int, match.groups())) - EPOCH).days if match else None
    except ValueError:
        return None


def as_date_or_timestamp(values, known, _):
    dates = [days(v) for v in known]
    if all(d is not None for d in dates):
        return [Reading("date", [None if v is None else days(v) for v in values])]
    stamps = [moment(v) for v in known]
    if any(s is None and d is None for s, d in zip(stamps, dates)):
        return None
    zones = {s[2] for s in stamps if s}
    if len(zones) != 1 or any(s[1] > 9 for s in stamps if s) or (zones == {True} and None in stamps):
        return None
    utc = ", UTC" if zones == {True} else ""
    # Digits that are zeros ask for nothing.
    unit, divisor = ("us", 1000) if all(s[0] % 1000 == 0 for s in stamps if s) else ("ns", 1)
    found = []
    for value in values:
        if value is None:
            found.append(None)
        else:
            nanos = moment(value)[0] if moment(value) else days(value) * 86400 * 10**9
            if unit == "ns" and nanos not in NANOS_RANGE:
                return None
            found.append(nanos // divisor)
    reading = Reading(f"timestamp({unit}{utc})", found)
    # Dates among timestamps: midnight, or text.
    return [reading, OR_TEXT] if None in stamps else [reading]


def moment(text):
    """Nanoseconds since 1970 (UTC where a zone is given), digits of the fraction, whether there is a zone; or None."""
    match = TIMESTAMP.fullmatch(text) or BASIC_TIMESTAMP.fullmatch(text)
    if not match or TIME_RANGE.fullmatch(text):
        return None
    date, _, hour, minute, second, fraction, zone = match.groups()
    if len(date) == 8:
        date = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    second = second or "0"
    if days(date) is None or int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    seconds = days(date) * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second)
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or "0")
        if hours > 23 or minutes > 59:
            return None
        seconds += (hours * 3600 + minutes * 60) * (-1 if zone[0] == "+" else 1)
        if not days("0001-01-01") * 86400 <= seconds < (days("9999-12-31") + 1) * 86400:
            return None
    nanos = int((fraction or "0").ljust(9, "0")[:9])
    return seconds * 10**9 + nanos, len(fraction or ""), zone is not None
