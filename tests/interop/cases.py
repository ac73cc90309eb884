# SPDX-License-Identifier: Apache-2.0
"""Cases by hand, one row for each rule of docs/csv.md, docs/types.md and docs/bad-rows.md.

The types stand here in words, so that the oracle itself is held to them (run.py --oracle).
"""

import bz2
import csv
import dataclasses
import gzip
import io
import lzma
import pathlib
import re
import zipfile

import backports.zstd as zstd


SOURCE = b"<the path of the source>"


@dataclasses.dataclass
class Case:
    name: str
    data: bytes  # what the file holds; packed, where `text` is what it unpacks to
    types: str = ""  # accepted types of the columns: "int64 double|text"; "": whatever the oracle says
    arguments: tuple = ()
    oracle: dict = dataclasses.field(default_factory=dict)
    text: bytes = None  # the CSV text, where it is not `data`
    file: str = "in.csv"
    names: list = None  # column names in Parquet, where the oracle's are not wanted
    avro_names: list = None

    def csv(self):
        return self.data if self.text is None else self.text

    def placed(self, folder):
        """The case where its source is below a folder: `text` may say SOURCE for its path."""
        return self if self.text is None else dataclasses.replace(self, text=self.text.replace(SOURCE, str(folder / self.file).encode()))


# Rule, values of one column, accepted types.
TYPES = [
    ("integers", "0 1 -1 42", "int64"),
    ("the ends of int64", "9223372036854775807 -9223372036854775808", "int64"),
    ("one above int64", "9223372036854775808 1", "decimal(19,0)"),
    ("one below int64", "-9223372036854775809 1", "decimal(19,0)"),
    ("38 digits", "12345678901234567890123456789012345678 1", "decimal(38,0)"),
    ("39 digits", "123456789012345678901234567890123456789 1", "text"),
    ("a leading zero", "007 1", "text"),
    ("a leading zero after a minus", "-01 1", "text"),
    ("two zeros before the point", "00.5 1.5", "text"),
    ("a plus", "+5 1", "text"),
    ("fractions", "0.5 -1.25 3.0", "double"),
    ("no digit before the point", ".5 -.25 1.5", "double"),
    ("no digit after the point", "5. -7. 1e5", "double"),
    ("a point alone", ". 1.5", "text"),
    ("no digit before the point of digits that a double loses", ".1234567890123456789 1.5", "decimal(20,19)"),
    ("a double's zero at the end counts for nothing", "1.50 2.250", "double"),
    ("an exponent that prints back", "1e23 -2.5E-7 1e5", "double"),
    ("exponents without any point, as ids have them", "713752e1 42 7E3", "text"),
    ("exponents with a sign, as programs print doubles", "1e-05 1E+16 2e-6", "double"),
    ("exponents without a point beside one", "713752e1 42 7E3 1.5", "double"),
    ("doubles printed with %.17g", "0.10000000000000001 0.29999999999999999 1234.5678901234567 3", "double"),
    ("doubles printed with %.18e", "1.000000000000000056e-01 -2.999999999999999889e-01", "double"),
    ("doubles printed with %.25f", "0.1000000000000000055511151 1234.5670000000000072759576142", "double"),
    ("one digit off what a double prints", "0.1000000000000000055511152 0.5", "decimal(25,25)"),
    ("large integers that are doubles, and a fraction", "9007199254740994 0.5", "double"),
    ("17 digits that print back", "0.30000000000000004 0.1", "double"),
    ("the smallest double", "5e-324 1.5", "double"),
    ("the largest double", "1.7976931348623157e308 1.5", "double"),
    ("15 digits", "123456789.012345 0.1", "double"),
    ("digits that a double loses", "0.1234567890123456789 1.5", "decimal(20,19)"),
    ("digits that a double loses, below one", "0.1234567890123456789 0.5", "decimal(19,19)"),
    ("money beyond a double", "12345678901234567.89 -0.01", "decimal(19,2)"),
    ("precision adds both sides", "12345678901234567890.5 0.123", "decimal(23,3)"),
    ("precision does not fit", "12345678901234567890123456789.5 0.1234567890123", "text"),
    ("a double overflows", "1e400 1.5", "text"),
    ("a value becomes zero", "1e-400 1.5", "text"),
    ("zero with an exponent is zero", "0e-400 1.5", "double"),
    ("minus zero", "-0.0 1.5 0.0", "double"),
    ("infinities among numbers", "inf -Inf +INF Infinity -infinity 1.5", "double"),
    ("nan among numbers", "nan NaN -nan +NAN 1.5", "double"),
    ("infinity among integers", "inf 1 2", "double"),
    ("infinity and digits that a double loses", "inf 0.1234567890123456789", "text"),
    ("integers and fractions", "1 2 3.5", "double"),
    ("a large integer and a fraction", "9007199254740993 0.5", "decimal(17,1)"),
    ("the largest exact integer and a fraction", "9007199254740991 0.5", "double"),
    ("hexadecimal", "0x1F 1", "text"),
    ("thousands with underscores", "1_000 1", "text"),
    ("digits of other scripts", "١٢٣ 1", "text"),
    ("booleans in any case", "true FALSE True fAlSe", "bool"),
    ("0 and 1 are numbers", "0 1", "int64"),
    ("true and 1", "true 1", "text"),
    ("yes and no", "yes no", "text"),
    ("t and f", "t f", "text"),
    ("NULL", "NULL 1", "text"),
    ("NA", "NA 1", "text"),
    ("\\N", "\\N 1", "text"),
    ("None", "None 1", "text"),
    ("dates", "2024-02-29 1969-12-31 0001-01-01 9999-12-31", "date"),
    ("a date that does not exist", "2023-02-29 2023-01-01", "text"),
    ("month 13", "2023-13-01 2023-01-01", "text"),
    ("day 0", "2023-01-00 2023-01-01", "text"),
    ("dates without zeros", "2023-1-1 2023-01-01", "text"),
    ("dates with slashes", "2023/01/01 2023/01/02", "text"),
    ("dates and numbers", "2023-01-01 5", "text"),
    ("timestamps with T", "2024-01-01T00:00:00 1969-12-31T23:59:59", "timestamp(us)"),
    ("UTC by Z", "2024-01-01T00:00:00Z 2024-01-01T12:30:00.5Z", "timestamp(us, UTC)"),
    ("UTC by offset", "2024-01-01T00:00:00+05:30 2024-01-01T00:00:00-11:00 2024-01-01T00:00:00Z", "timestamp(us, UTC)"),
    ("six digits of a second", "2024-01-01T00:00:00.123456 2024-01-01T00:00:00.1", "timestamp(us)"),
    ("seven digits of a second", "2024-01-01T00:00:00.1234567 2024-01-01T00:00:00", "timestamp(ns)"),
    ("nine digits of a second, UTC", "2024-01-01T00:00:00.123456789Z 1960-01-01T00:00:00Z", "timestamp(ns, UTC)"),
    ("seven digits of a second that end in zeros", "2024-01-01T10:00:00.1230000 2024-01-01T10:00:01.0000000", "timestamp(us)"),
    ("nine digits of a second that end in zeros", "2024-01-01T10:00:00.123456000 9999-12-31T23:59:59", "timestamp(us)"),
    ("the ends of nanoseconds, but for one that DuckDB takes for infinity", "2262-04-11T23:47:16.854775806 1677-09-21T00:12:43.145224192", "timestamp(ns)"),
    ("one nanosecond beyond them", "2262-04-11T23:47:16.854775808 2024-01-01T00:00:00", "text"),
    ("a zone that leads beyond the year 9999", "9999-12-31T23:59:59-05:00 2024-01-01T00:00:00Z", "text"),
    ("a zone that leads before the year 1", "0001-01-01T00:00:00+01:00 2024-01-01T00:00:00Z", "text"),
    ("timestamps without seconds", "2024-01-01T10:00 2024-01-01T23:59", "timestamp(us)"),
    ("zones of other forms", "2024-01-01T10:00:00+0100 2024-01-01T10:00:00-05 2024-01-01T10:00+05:30", "timestamp(us, UTC)"),
    ("the basic form", "20241231T100000Z 20240101T000000.25+0100 20240101T0000Z", "timestamp(us, UTC)"),
    ("eight digits are a number", "20241231 20240101", "int64"),
    ("ten digits of a second", "2024-01-01T00:00:00.1234567891 2024-01-01T00:00:00", "text"),
    ("ns cannot reach the year", "2024-01-01T00:00:00.123456789 1500-01-01T00:00:00", "text"),
    ("the years of microseconds", "0001-01-01T00:00:00 9999-12-31T23:59:59.999999", "timestamp(us)"),
    ("with and without zone", "2024-01-01T00:00:00 2024-01-01T00:00:00Z", "text"),
    ("dates and timestamps", "2024-01-01 2024-01-01T12:00:00", "timestamp(us)|text"),
    ("hour 25", "2024-01-01T25:00:00 2024-01-01T12:00:00", "text"),
    ("minute 61", "2024-01-01T12:61:00 2024-01-01T12:00:00", "text"),
    ("second 60", "2024-01-01T12:00:60 2024-01-01T12:00:00", "text"),
    ("a timestamp of a date that does not exist", "2023-02-29T00:00:00 2023-02-28T00:00:00", "text"),
    ("times alone", "12:30:00 13:00:00", "text"),
    ("UUIDs", "123e4567-e89b-12d3-a456-426614174000 00000000-0000-0000-0000-000000000000", "text"),
    ("words", "alpha beta Ünïcödé 日本語 🙂", "text"),
    ("booleans turn to text as they were", "TRUE False maybe", "text"),
    ("numbers turn to text as they were", "1.50 2e3 x", "text"),
    ("nothing but nulls", "_ _ _", "text"),
    ("integers and nulls", "1 _ 3 _", "int64"),
    ("doubles and nulls", "_ 1.5 _", "double"),
    ("decimals and nulls", "_ 12345678901234567.89 _", "decimal(19,2)"),
    ("booleans and nulls", "_ true _", "bool"),
    ("dates and nulls", "_ 2024-01-01 _", "date"),
    ("timestamps and nulls", "_ 2024-01-01T00:00:00 _", "timestamp(us)"),
    ("text and nulls", "_ a _", "text"),
]

# The same, for values with spaces in them: given as a list.
TYPES_LISTED = [
    ("a space before a number", [" 1", "2"], "text"),
    ("a space after a number", ["1 ", "2"], "text"),
    ("a number of thousands", ['"1,234"', "5"], "text"),
    ("timestamps with a space", ["2024-01-01 00:00:00", "2024-12-31 23:59:59.25"], "timestamp(us)"),
    ("timestamps as PostgreSQL prints them", ["2020-12-31 21:25:58.745232+02", "2020-12-31 21:25:59+00"], "timestamp(us, UTC)"),
    ("a space before the zone", ["2020-12-31 21:25:58 +0200", "2020-12-31 21:25 -05:30"], "timestamp(us, UTC)"),
    ("a range of times", ["2024-05-01 18:00-20:00", "2024-05-02 18:00-20:00"], "text"),
    ("nanoseconds with a space", ["2024-01-01 00:00:00.000000001", "2024-12-31 23:59:59"], "timestamp(ns)"),
    ("a quoted empty field among numbers", ["1", '""', ""], "int64"),
    ("a quoted empty field among booleans", ["true", '""'], "bool"),
    ("a quoted empty field among dates", ["2024-01-01", '""'], "date"),
    ("a quoted empty field in text", ["a", '""', ""], "text"),
    ("quoted numbers", ['"1"', "2"], "int64|text"),
    ("spaces are kept", ["  a  ", "\tb\t", " "], "text"),
    ("new lines in quotes are kept", ['"a\nb"', '"c\r\nd"', '"e\rf"'], "text"),
    ("doubled quotes", ['"say ""hi"""', '""""'], "text"),
    ("a text of 1 MiB", ["x" * (1 << 20), "y"], "text"),
    ("a quoted text of 1 MiB with quotes", ['"' + '""' * (1 << 19) + '"', "y"], "text"),
]


def column(values):
    """A CSV of two columns, so that an empty value is no blank line."""
    return ("v,n\n" + "".join(f"{v},{i}\n" for i, v in enumerate(values))).encode()


def type_cases():
    for name, values, types in TYPES:
        yield Case(f"types: {name}", column(["" if v == "_" else v for v in values.split(" ")]), f"{types} int64")
    for name, values, types in TYPES_LISTED:
        yield Case(f"types: {name}", column(values), f"{types} int64")
    yield Case("types: all text where asked", column(["1", "true"]), "text text", ("--types", "text"), {"types": "text"})
    yield Case(
        "types: decimals where asked", b"a,b,c\n1.50,1.5,1\n-2.25,2.25,2\n", "decimal(3,2) double|decimal(3,2) int64",
        ("--decimals", "prefer"), {"decimals": "prefer"},
    )
    yield Case(
        "types: no decimals where asked", b"a,b,c\n12345678901234567.89,1.50,0.5\n1,2.25,0.10000000000000001\n", "text double double",
        ("--decimals", "never"), {"decimals": "never"},
    )
    yield Case(
        "types: null values where asked", b"a,b\nNA,1\nx,NA\n\"NA\",2\n-,-\n", "text int64",
        ("--null-values", "NA,-"), {"nulls": ("NA", "-")},
    )
    yield Case(
        "types: the common null values", b"a,b,c,d\nNA,N/A,NaN,n/a\n1,NULL,2,NaN\n-,1.5,null,x\n.,nil,None,\\N\n", "int64 double int64 text",
        ("--null-values", "common,?"), {"nulls": ("common", "?")},
    )
    yield Case(
        "types: blanks around values where asked", b"a, b ,c\n 1,\t2.5 , x y \n2, ,\" z \"\n", "int64 double text",
        ("--trim",), text=b"a,b,c\n1,2.5,x y\n2,,\" z \"\n",
    )
    yield Case(
        "types: decimal commas where asked", b"a;b;c\n1.299,99;1.000;-0,5\n12,50;7;12345678901234567,89\n", "double int64 decimal(19,2)",
        ("--decimal-comma", "--thousands", "."), {"delimiter": ";"}, b"a;b;c\n1299.99;1000;-0.5\n12.50;7;12345678901234567.89\n",
    )
    yield Case(
        "types: thousands where asked", b'a,b\n"1,299.99",1\n"1,234,567",2\n', "double int64",
        ("--thousands", ","), text=b"a,b\n1299.99,1\n1234567,2\n",
    )
    yield Case(
        "types: formats where asked", b"a,b,c\n31/12/2024,12/31/2024 1:05 PM,1\n1/2/2024,1/2/2024 12:30 AM,2\n", "date timestamp(us) int64",
        ("--date-format", "%d/%m/%Y", "--timestamp-format", "%m/%d/%Y %I:%M %p"),
        text=b"a,b,c\n2024-12-31,2024-12-31T13:05:00,1\n2024-02-01,2024-01-02T00:30:00,2\n",
    )
    yield Case(
        "types: words for booleans where asked", b"a,b,c\nyes,1,1\nno,0,2\n,TRUE,0\n", "bool bool int64",
        ("--true-values", "yes,1", "--false-values", "no,0"), text=b"a,b,c\ntrue,true,1\nfalse,false,2\n,TRUE,0\n",
    )
    late = [("an integer late", "1", "2.5", "double"), ("a text late", "1", "x", "text"), ("a date late", "", "2024-01-01", "date|text"),
            ("digits late", "0.5", "0.1234567890123456789", "decimal(19,19)"), ("nanoseconds late", "2024-01-01T00:00:00",
             "2024-01-01T00:00:00.123456789", "timestamp(ns)"), ("a large integer late", "0.5", "9007199254740993", "decimal(17,1)"),
            ("a zone late", "2024-01-01T00:00:00", "2024-01-01T00:00:00Z", "text"), ("a bool among integers late", "1", "true", "text"),
            ("39 digits late", "0.1234567890123456789", "1e30", "text"), ("a printed double late", "0.5", "0.10000000000000001", "double")]
    for name, early, value, types in late:
        yield Case(f"types: {name}", column([early] * 150_000 + [value]), f"{types} int64", ("--row-group-bytes", "65536"))


def packed(member, text, method=zipfile.ZIP_DEFLATED, folder=False, beside=()):
    """A ZIP of one member, and of others beside it that are no CSV; its packing needs no clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if folder:
            archive.writestr(zipfile.ZipInfo("data/"), b"")
        info = zipfile.ZipInfo(member)
        info.compress_type = method
        archive.writestr(info, text)
        for name in beside:
            archive.writestr(zipfile.ZipInfo(name), b"no CSV")
    return out.getvalue()


SMALL = b"a,b\n1,x\n2,y\n"

# What other ways of writing must keep.
ODD = [("id", "text"), ("1", "a,b"), ("2", "c\nd"), ("3", "back\\slash"), ("4", 'say "no"'), ("5", "\\"), ("6", "é:¦::;|\t/")]


def python_csv(rows, **form):
    """What Python's csv module writes."""
    out = io.StringIO()
    csv.writer(out, **{"lineterminator": "\n", **form}).writerows(rows)
    return out.getvalue().encode()


def escaped_dump(rows, delimiter, escapes):
    """Rows as MySQL and Postgres dump them, by the tables of their manuals; None is their null."""
    def field(value):
        return "\\N" if value is None else "".join(escapes.get(c, c) for c in value)

    return "".join(delimiter.join(map(field, row)) + "\n" for row in rows).encode()


def dialect_cases():
    def case(name, data, types, *arguments, **more):
        return Case(f"dialect: {name}", data, types, arguments, **more)

    plain = python_csv(ODD)
    backslash = ("--no-quotes", "--escape", "\\")
    for name, delimiter in (("commas", ","), ("tabs", "\t"), ("bars", "|")):
        data = python_csv(ODD, quoting=csv.QUOTE_NONE, escapechar="\\", delimiter=delimiter)
        yield case(f"escapes of Python, {name}", data, "int64 text", *backslash, "--delimiter", delimiter, text=plain)
        yield case(f"escapes of Python, {name}, packed", gzip.compress(data), "int64 text", *backslash, "--delimiter", delimiter, text=plain)
    nulls = [*ODD, ("7", None), (None, "N")]
    text = python_csv([["" if value is None else value for value in row] for row in nulls])
    mysql = {c: "\\" + c for c in "\\\t\n"} | {"\0": "\\0"}
    postgres = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
    yield case("MySQL INTO OUTFILE", escaped_dump(nulls, "\t", mysql), "int64 text", *backslash, "--escape-style", "mysql", "--delimiter", "tab", text=text)
    yield case("MySQL INTO OUTFILE, a null by name", escaped_dump(nulls, "\t", mysql), "int64 text", *backslash, "--null-values", "\\N", "--delimiter", "tab", text=text)
    yield case("COPY of Postgres", escaped_dump(nulls, "\t", postgres), "int64 text", *backslash, "--escape-style", "postgres", "--delimiter", "tab", text=text)
    for delimiter in ("::", "¦", "§", "||", "<->", "\t\t"):
        rows = [("a", "b", "c"), ("1", "x", "2.5"), ("2", "", "3.5")]
        data = "".join(delimiter.join(row) + "\r\n" for row in rows).encode()
        yield case(f"delimiter {delimiter!r}", data, "int64 text double", "--delimiter", delimiter, text=python_csv(rows))
    yield case("a delimiter of two bytes in quotes", b'a::b\n1::"x::y"\n2::"x\n::"\n', "int64 text", "--delimiter", "::", text=b'a,b\n1,x::y\n2,"x\n::"\n')
    yield case("comments of two bytes", b"//x,y\na,b\n1,x\n//\n2,y\n", "int64 text", "--comment", "//", text=SMALL)
    yield case("a line for Excel", b"sep=;\r\na;b\r\n1;x\r\n2;y\r\n", "int64 text", text=SMALL)
    yield case("a line for Excel, UTF-16", "sep=;\r\na;b\r\n1;x\r\n2;y\r\n".encode("utf-16"), "int64 text", text=SMALL)
    yield case("delimiters at the end", b"a,b\n1,x,\n2,y,\n", "int64 text", "--trailing-delimiter", text=SMALL)
    yield case("delimiters at the end, of the header too", b"a,b,\n1,x,\n2,y,\n", "int64 text", "--trailing-delimiter", text=SMALL)
    yield case("a row of units", b"a,b\n[m],\n1,x\n2,y\n", "int64 text", "--skip-after-header", "1", text=SMALL)
    yield case("quotes in quotes", b'a,b\n1,"say "no" x"\n2,"y"\n', "int64 text", "--quotes", "lenient", text=b'a,b\n1,"say ""no"" x"\n2,y\n')
    yield case("nulls in quotes", b'"a","b"\n"1","NA"\n"NA","y"\n', "int64 text", "--null-values", "NA", "--null-quoted", text=b"a,b\n1,\n,y\n")


def csv_cases():
    def case(name, data, types="", *arguments, **more):
        return Case(f"csv: {name}", data, types, arguments, **more)

    yield case("CRLF", b"a,b\r\n1,x\r\n2,y\r\n", "int64 text")
    yield case("no newline at the end", b"a,b\n1,x\n2,y", "int64 text")
    yield case("no newline after an empty field", b"a,b\n1,x\n2,", "int64 text")
    yield case("a byte order mark", b"\xef\xbb\xbfa,b\n1,x\n", "int64 text")
    yield case("a byte order mark before a quote", b'\xef\xbb\xbf"a","b"\n1,x\n', "int64 text")
    yield case("blank lines", b"a,b\n\n1,x\n\n\r\n2,y\n\n", "int64 text")
    yield case("a blank line in one column is a null", b"a\n1\n\n3\n", "int64")
    yield case("a header without records", b"a,b\n", "text text")
    yield case("a header without a newline", b"a,b", "text text")
    yield case("one column", b"a\nx\ny\n", "text")
    yield case("one column with other delimiters in it", b'a\nx;y\n""\n\nz|w\n', "text", "--delimiter", ",")
    yield case("semicolons", b"a;b;c\n1;x,y;2\n3;z;4\n", "int64 text int64", oracle={"delimiter": ";"})
    yield case("tabs in a .csv", b"a\tb\n1\tx\n2\ty\n", "int64 text", oracle={"delimiter": "\t"})
    yield case("commas in a .tsv", SMALL, "int64 text", file="in.tsv")
    yield case("bars", b"a|b\n1|x\n2|y\n", "int64 text", oracle={"delimiter": "|"})
    yield case("commas inside quotes, semicolons outside", b'a;b\n"1,2,3,4";"x,y,z"\n"5,6,7,8";"x,y"\n', "text text", oracle={"delimiter": ";"})
    yield case("a delimiter by option", b"a:b\n1:x\n", "int64 text", "--delimiter", ":", oracle={"delimiter": ":"})
    yield case("no header", b"1,x\n2,y\n", "int64 text", "--header", "no", oracle={"header": False})
    yield case("a header found absent", b"1,2.5\n2,3.5\n3,4.5\n", "int64 double", "--header", "auto", oracle={"header": False})
    yield case("a header found", b"a,b\n2,3.5\n3,4.5\n", "int64 double", "--header", "auto")
    yield case("quoted header with a new line", b'"a\nb","c,d"\n1,2\n', "int64 int64", avro_names=None)
    wide = ",".join(f"c{i}" for i in range(2000)) + "\n" + "".join(",".join(str(i * r) for i in range(2000)) + "\n" for r in range(5))
    yield case("2,000 columns", wide.encode())
    yield case("CR alone where asked", b"a,b\r1,x\r2,y\r", "int64 text", "--record-end", "cr", text=SMALL)
    yield case("CR alone where there is no LF", b"a,b\r1,x\r2,y\r", "int64 text", text=SMALL)
    yield case("CR at the very end", b"a,b\r\n1,x\r\n2,y\r", "int64 text", text=SMALL)
    yield case("CR at the very end, after a quote", b'a,b\n1,x\n2,"y"\r', "int64 text", text=SMALL)
    yield case("names twice", b"a,a,b,a\n1,2,3,4\n", "int64 int64 int64 int64", names=["a", None, "b", None])
    yield case("empty names", b"a,,\n1,2,3\n", "int64 int64 int64", names=["a", None, None])
    yield case("a made name is taken already", b"a,a,a_1,a_2\n1,2,3,4\n", "int64 int64 int64 int64", names=["a", None, "a_1", "a_2"])
    yield case("names that Avro has not", "é b,2x,ok,a-b\n1,2,3,4\n".encode(), "int64 int64 int64 int64", avro_names=[None, None, "ok", None])
    yield case("names that Avro makes equal", b"a-b,a b,a_b\n1,2,3\n", "int64 int64 int64", avro_names=[None, None, "a_b"])
    yield case("NUL in text", b"a,b\n1,x\0y\n", "int64 text")
    yield case("quotes only where they are not needed", b'"a","b"\n"x","y"\n', "text text")
    yield case("quoted fields up to the end", b'a,b\n1,"x"', "int64 text")
    yield case("latin-1 where asked", "a,b\n1,é\n".encode("latin-1"), "int64 text", "--encoding", "latin1", text="a,b\n1,é\n".encode())
    yield case("UTF-16 where asked", "a,b\n1,é🙂\n".encode("utf-16"), "int64 text", "--encoding", "utf-16", text="a,b\n1,é🙂\n".encode())
    for encoding, text in (
        ("latin1", "a,b\n1,„é” €5\n"),
        ("windows-1250", "a,b\n1,żółty\n"),
        ("WINDOWS1251", "a,b\n1,Москва\n"),
        ("shift_jis", "a,b\n1,東京ソ\n"),
        ("gbk", "a,b\n1,中国\n"),
        ("big5", "a,b\n1,臺灣\n"),
        ("euc-kr", "a,b\n1,한국\n"),
        ("utf-16be", "a,b\n1,é🙂\n"),
        ("UTF_32LE", "a,b\n1,é🙂\n"),
    ):
        codec = {"latin1": "cp1252", "WINDOWS1251": "cp1251"}.get(encoding, encoding)
        yield case(f"{encoding} where asked", text.encode(codec), "int64 text", "--encoding", encoding, text=text.encode())
    for codec in ("utf-8-sig", "utf-16", "utf-32"):
        text = "a,b\n1,é🙂\n"
        yield case(f"{codec} by its mark", text.encode(codec), "int64 text", text=text.encode())
        yield case(f"{codec} by its mark, in gzip", gzip.compress(text.encode(codec)), "int64 text", text=text.encode())
    yield case("comments where asked", b"#c\na,b\n1,x\n#no\n2,y\n", "int64 text", "--comment", "#", text=SMALL)
    yield case("lines left out where asked", b"title\n\na,b\n1,x\n2,y\n", "int64 text", "--skip-lines", "2", text=SMALL)
    yield case("backslashes where asked", b'a,b\n1,"x\\"y"\n2,y\n', "int64 text", "--escape", "\\", text=b'a,b\n1,"x""y"\n2,y\n')
    yield case("another quote", b"a,b\n1,'x,y'\n2,y\n", "int64 text", "--quote", "'", text=b'a,b\n1,"x,y"\n2,y\n')
    yield case("no quotes", b'a,b\n1,"x\n2,y\n', "int64 text", "--no-quotes", text=b'a,b\n1,"""x"\n2,y\n')
    gz = gzip.compress
    yield case("gzip", gz(SMALL), "int64 text", text=SMALL, file="in.csv.gz")
    yield case("gzip by its bytes", gz(SMALL), "int64 text", text=SMALL)
    yield case("gzip of several members, the last empty", gz(SMALL[:6]) + gz(SMALL[6:]) + gz(b""), "int64 text", text=SMALL, file="in.csv.gz")
    yield case("gzip, a newline behind it", gz(SMALL) + b"\n", "int64 text", text=SMALL, file="in.csv.gz")
    yield case("gzip of gzip", gz(gz(SMALL)), "int64 text", text=SMALL, file="in.csv.gz")
    yield case("bzip2 of two members", bz2.compress(SMALL[:6]) + bz2.compress(SMALL[6:]), "int64 text", text=SMALL, file="in.csv.bz2")
    yield case("xz of two streams", lzma.compress(SMALL[:6]) + bytes(4) + lzma.compress(SMALL[6:]), "int64 text", text=SMALL, file="in.csv.xz")
    z = zstd.compress
    skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
    yield case("zstd", z(SMALL), "int64 text", text=SMALL, file="in.csv.zst")
    yield case("zstd of several frames", skippable + z(SMALL[:6]) + skippable + z(SMALL[6:]), "int64 text", text=SMALL, file="in.csv.zst")
    yield case("ZIP", packed("x.csv", SMALL), "int64 text", text=SMALL, file="in.zip")
    yield case("ZIP by its bytes", packed("x.csv", SMALL), "int64 text", text=SMALL)
    yield case("ZIP, stored, beside a folder", packed("data/x.csv", SMALL, zipfile.ZIP_STORED, True), "int64 text", text=SMALL, file="in.zip")
    yield case("ZIP of a Mac", packed("x.csv", SMALL, beside=["__MACOSX/._x.csv", ".DS_Store"]), "int64 text", text=SMALL, file="in.zip")
    yield case("ZIP beside prose", packed("x.csv", SMALL, beside=["readme.txt", "x.pdf"]), "int64 text", text=SMALL, file="in.zip")
    yield case("ZIP of one without an ending", packed("data", SMALL, beside=["__MACOSX/._data"]), "int64 text", text=SMALL, file="in.zip")


def sentences(rows):
    """Texts that a higher level makes smaller, enough of them for several pages of every length."""
    word = lambda n: "".join(chr(97 + (n * n * 7 + k * n) % 26) for k in range(3 + n % 7))
    lines = (" ".join(word(i * 31 % 4999 * k % 401) for k in range(1, 12)) for i in range(rows))
    return ("i,text\n" + "".join(f'{i},"{line}"\n' for i, line in enumerate(lines))).encode()


def effort_cases():
    text = sentences(40_000)
    for effort in ("fast", "normal", "best"):
        for codec in ("zstd", "gzip", "brotli") if effort != "best" else ("zstd", "lz4_raw"):
            yield Case(f"effort: {effort}, {codec}", text, "int64 text", ("--effort", effort, "--compression", codec))


def encodings_cases():
    """Sorted paths, integers by chance, doubles, values of which some are frequent: what readers of today take of each encoding."""
    skewed = lambda i: (i * i * 7919 % 10007) ** 3 // 10**8
    lines = (f"/lake/{i // 5000:03}/part-{i:08},{i * 2654435761 % 2**40},{i / 7 + i % 97 / 1e9!r},{skewed(i)}\n" for i in range(60_000))
    text = ("path,number,real,skewed\n" + "".join(lines)).encode()
    for encodings in ("compact", "compat", "max"):
        for effort in ("fast", "normal", "best"):
            yield Case(f"encodings: {encodings}, {effort}", text, "text int64 double int64", ("--encodings", encodings, "--effort", effort))


COLUMNS = b'Order ID,unit price,note,"a,b"\n1,2,007,x\n3,4,8,"y\nz"\n5,6,,w\n'


def column_cases():
    """`text` is what the columns and rows have become."""

    def case(name, types, text, *arguments, data=COLUMNS, **more):
        names = next(csv.reader(io.StringIO(text.decode())))
        avro_names = [name if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) else None for name in names]
        return Case(f"columns: {name}", data, types, arguments, text=text, avro_names=avro_names, **more)

    yield case("selected, in another order", "text int64", b'"a,b",Order ID\nx,1\n"y\nz",3\nw,5\n', "--select", '"a,b",Order ID')
    yield case("dropped", "int64 text", b'unit price,"a,b"\n2,x\n4,"y\nz"\n6,w\n', "--drop", "Order ID,note")
    yield case("renamed", "int64 int64 text text", b'unit price,Order ID,"n=o",b\n1,2,007,x\n3,4,8,"y\nz"\n5,6,,w\n',
               "--rename", 'unit price=Order ID,Order ID=unit price,note="n=o"', "--rename", '"a,b"=b')
    yield case("small letters", "int64 int64 text text", COLUMNS.replace(b"Order ID", b"order id"), "--names-style", "lower")
    yield case("snake", "int64 int64 text text", b'order_id,unit_price,note,a_b\n' + COLUMNS.split(b"\n", 1)[1], "--names-style", "snake")
    yield case("types of some", "double int64 text text", COLUMNS.replace(b"\n1,", b"\n1.0,").replace(b"\n3,", b"\n3.0,").replace(b"\n5,", b"\n5.0,"),
               "--type", "Order ID=DOUBLE PRECISION,note=varchar")
    yield case("records that do not fit a given type", "int64 int64", b"a,b\n1,2\n3,4\n", "--type", "a=bigint", "--bad-rows", "reject",
               data=b"a,b\n1,2\na,b\n3,4\n")
    yield case("the source", "int64 text", b"a,from\n1,%s\n2,%s\n" % (SOURCE, SOURCE), "--add-source", "from", data=b"a\n1\n2\n")
    many = [b"%d,x%d\n" % (i, i % 7) for i in range(40_000)]
    yield case("the source of many rows", "int64 text text", b"a,b,from\n" + b"".join(row[:-1] + b"," + SOURCE + b"\n" for row in many),
               "--add-source", "from", "--row-group-bytes", "65536", data=b"a,b\n" + b"".join(many))
    yield case("a limit", "int64 text", b"a,b\n" + b"".join(many[:12_345]), "--limit", "12345", "--row-group-bytes", "65536",
               data=b"a,b\n" + b"".join(many))
    yield case("a limit of a packed text", "int64 text", b"a,b\n" + b"".join(many[:12_345]), "--limit", "12345",
               data=gzip.compress(b"a,b\n" + b"".join(many)), file="in.csv.gz")
    yield case("a limit above", "int64 int64 text text", COLUMNS, "--limit", "4")


def example_cases():
    """The real tables of examples/data, with and without NA as a null."""
    for path in sorted((pathlib.Path(__file__).resolve().parents[2] / "examples/data").glob("*.csv*")):
        data = path.read_bytes()
        text = gzip.decompress(data) if path.suffix == ".gz" else data
        file = "in" + "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:])
        yield Case(f"examples: {path.name}", data, text=text, file=file)
        yield Case(f"examples: {path.name}, NA is null", data, "", ("--null-values", "NA"), {"nulls": ("NA",)}, text, file)


@dataclasses.dataclass
class BadCase:
    """A text with bad records, or a damaged file."""

    name: str
    data: bytes
    arguments: tuple = ()
    exit: int = 4
    says: tuple = ()  # parts of stderr, in any case
    left: bytes = None  # the CSV of what is written; None: nothing may be written
    rejects: tuple = ()  # (line, offset, raw text)
    all_rejected: bool = False  # it fails, and the rejects are all that is written
    file: str = "in.csv"

    def csv(self):
        return self.data


GOOD_HEAD = b"a,b\n1,x\n"
QUOTED_HEAD = b'a,b\n1,"x\ny"\n'


def bad_cases():
    def case(name, data, *arguments, **more):
        return BadCase(f"bad rows: {name}", data, arguments, **more)

    short, long, utf8 = GOOD_HEAD + b"2\n3,z\n", GOOD_HEAD + b"2,y,!\n3,z\n", GOOD_HEAD + b"2,\xff\xfe\n3,z\n"
    good = GOOD_HEAD + b"3,z\n"
    yield case("too few fields", short, says=("line 3", "8"))
    yield case("too many fields", long, says=("line 3", "8"))
    yield case("not UTF-8", utf8, says=("line 3",))
    yield case("lines are physical lines", QUOTED_HEAD + b"2\n", says=("line 4", "12"))
    yield case("an unterminated quote", GOOD_HEAD + b'2,"y\n3,z\n', says=("line 3",))
    yield case("too few fields, rejected", short, "--bad-rows", "reject", exit=0, left=good, rejects=((3, 8, b"2"),))
    yield case("too many fields, rejected", long, "--bad-rows", "reject", exit=0, left=good, rejects=((3, 8, b"2,y,!"),))
    yield case("not UTF-8, rejected", utf8, "--bad-rows", "reject", exit=0, left=good, rejects=((3, 8, b"2,\xff\xfe"),))
    yield case("after quoted new lines, rejected", QUOTED_HEAD + b"2\n3,z\n4,z,z\n", "--bad-rows", "reject", exit=0,
               left=QUOTED_HEAD + b"3,z\n", rejects=((4, 12, b"2"), (6, 18, b"4,z,z")))
    yield case("too few fields, padded", short, "--bad-rows", "pad", exit=0, left=GOOD_HEAD + b"2,\n3,z\n")
    yield case("too many fields, padded", long, "--bad-rows", "pad", says=("line 3",))
    yield case("both, padded and rejected", short + b"4,y,!\n", "--bad-rows", "pad,reject", exit=0,
               left=GOOD_HEAD + b"2,\n3,z\n", rejects=((5, 14, b"4,y,!"),))
    yield case("more rejects than allowed", short + b"4\n", "--bad-rows", "reject", "--max-rejects", "1")
    yield case("as many rejects as allowed", short, "--bad-rows", "reject", "--max-rejects", "1", exit=0, left=good,
               rejects=((3, 8, b"2"),))
    yield case("a share of rejects that is too much", short, "--bad-rows", "reject", "--max-rejects", "10%")
    many = b"".join(b"%d,x\n" % i for i in range(20_000))
    yield case("late in a large file", b"a,b\n" + many + b"2\n", "--row-group-bytes", "65536",
               says=("line 20002", str(4 + len(many))))
    late = b"a,b\n" + many + b"2\n" + many
    yield case("late in a large file, rejected", late, "--row-group-bytes", "65536", "--bad-rows", "reject", exit=0,
               left=b"a,b\n" + many + many, rejects=((20002, 4 + len(many), b"2"),))
    yield case("an empty file", b"")
    gz, z, zipped = gzip.compress(SMALL * 3000), zstd.compress(SMALL * 3000), packed("x.csv", SMALL * 3000)
    yield case("gzip cut short", gz[:-6], file="in.csv.gz")
    yield case("gzip with a wrong checksum", gz[:-8] + bytes(4) + gz[-4:], file="in.csv.gz")
    yield case("zstd cut short", z[:-6], file="in.csv.zst")
    yield case("ZIP cut short", zipped[:-30], file="in.zip")
    yield case("ZIP with a wrong checksum", zip_with_wrong_checksum(zipped), file="in.zip")
    bz, xz = bz2.compress(SMALL * 3000), lzma.compress(SMALL * 3000)
    yield case("bzip2 cut short", bz[:-6], file="in.csv.bz2")
    yield case("bzip2 with a wrong checksum", bz[:10] + bytes(4) + bz[14:], says=("bzip2: corrupt",))
    yield case("xz cut short", xz[:-6], file="in.csv.xz")
    yield case("more behind a gzip than a newline", gzip.compress(SMALL) + b"more than eight", says=("begin no gzip member",))
    yield case("windows-1252", "a,b\n1,café\n".encode("cp1252"), says=("--encoding windows-1252",))
    yield case("an HTML page", b"<!doctype html>\n<html><body></body></html>\n", says=("an HTML page",))
    yield case("JSON Lines", b'{"a": 1}\n{"a": 2}\n', says=("JSON Lines",))


def zip_with_wrong_checksum(data):
    """The CRC stands at byte 14 of the local header and at byte 16 of the central one."""
    out = bytearray(data)
    for signature, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        out[data.index(signature) + at] ^= 1
    return bytes(out)
