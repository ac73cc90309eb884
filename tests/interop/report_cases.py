# SPDX-License-Identifier: Apache-2.0
"""Inputs of public bug reports about CSV tools, and siblings of each kind: other delimiters, packings, places in the file.

The inputs are read from the folder `reports` of HAWSER_CORPORA; where it is not there their rows are skipped and
counted. The siblings stand here. Both have the types in words that a person would choose.
"""

import bz2
import dataclasses
import functools
import gzip
import io
import lzma
import os
import pathlib
import zipfile

import backports.zstd as zstd

import hawser
import oracle
import readers
from cases import BadCase, Case

REPORTS = pathlib.Path(os.environ.get("HAWSER_CORPORA", hawser.ROOT / "../shared/corpora")) / "reports"

DECIMAL_COMMA = ("--decimal-comma",)
NO_HEADER = ("--header", "no")
PAD = ("--bad-rows", "pad")
REJECT = ("--bad-rows", "reject")
BARE = {"header": False}
STAMPS_NS = "timestamp(ns)"


def delimited(text, delimiter):
    """A text of commas with another delimiter."""
    return text.replace(",", delimiter)


def late(header, plain, odd, count=3000):
    """A table whose odd record comes after many plain ones."""
    return f"{header}\n" + f"{plain}\n" * count + f"{odd}\n"


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def case(kind, name, data, types, *arguments, text=None, **more):
    """A table that converts; `text` is what it means, as a plain CSV of commas, where the oracle needs that."""
    as_bytes = data.encode() if isinstance(data, str) else data
    text = text.encode() if isinstance(text, str) else text
    return Case(f"reports: {kind}: {name}", as_bytes, types, arguments, text=text, **more)


# Kind, the file of the report, types, options, and how the oracle reads it.
FILES = [
    ("blanks after delimiters", "comma-space-separated.csv", "int64 date double", ("--trim",),
     {"text": b"T,DAY,LAST\n1577998800,2020-01-02,3258.14\n1577998801,2020-01-03,\n"}),
    ("CR alone", "cr-only-last-lf.csv", "text int64", (), {"text": b"name,age\nalice,30\nbob,40\n"}),
    ("dates of the day first", "dates-dmy.csv", "date", ("--date-format", "%d/%m/%Y"), {"text": b"d\n2024-12-31\n2024-02-01\n"}),
    ("dates without a format", "dates-dmy.csv", "text", (), {}),
    ("digits that are zeros", "datetime2-seven-digits-zeros.csv", "timestamp(us)", (), {}),
    ("decimal commas and thousands", "decimal-comma-thousands.csv", "text double", ("--decimal-comma", "--thousands", "."),
     {"text": b"a,b\nx,1299.99\ny,12.50\n"}),
    ("a line for Excel", "excel-sep-semicolon.csv", "int64 text", (), {"text": b"id,name\n1,Ada\n2,Bob\n"}),
    ("bytes behind a gzip", "gzip-newline-after.csv.gz", "int64 text", (), {"unpack": gzip.decompress, "cut": -1}),
    ("one record of numbers", "headerless-one-record-numbers.csv", "int64 int64", (), {"oracle": BARE}),
    ("a ZIP of a Mac", "mac-finder.zip", "int64 text", (), {"member": "bank.csv"}),
    ("zones at the ends of time", "offset-beyond-9999.csv", "text text", (), {}),
    ("JSON in fields", "pipe-json-two-keys.csv", "int64 date text", (), {"oracle": {"delimiter": "|"}, "quotes": False}),
    ("JSON in fields", "tab-json-two-keys.tsv", "int64 date text", (), {"oracle": {"delimiter": "\t"}, "quotes": False}),
    ("commas in every field", "pipe-two-city-state-columns.csv", "text text int64", (), {"oracle": {"delimiter": "|"}}),
    ("commas in every field", "tab-two-city-state-columns.tsv", "text text int64", (), {"oracle": {"delimiter": "\t"}}),
    ("zones of PostgreSQL", "postgres-timestamptz.csv", "timestamp(us, UTC)", (), {}),
    ("a line before the header", "preamble-one-line.csv", "int64 text text", ("--skip-lines", "1"),
     {"text": b"id,owner,city\n1,ACME,Rome\n2,Foo,Paris\n"}),
    ("decimal commas without a header", "semicolon-decimal-comma-no-header.csv", "double double", DECIMAL_COMMA,
     {"text": b"1.1,1.2\n2.1,2.1\n", "oracle": BARE}),
    ("decimal commas without a header or option", "semicolon-decimal-comma-no-header.csv", "text text", (),
     {"oracle": {"delimiter": ";", **BARE}}),
    ("a ragged end beside dates with commas", "semicolon-ragged-tail-comma-date.csv", "text int64 double text text text", (*NO_HEADER, *PAD),
     {"text": b"".join(b'"April %d, 2023",4028%d,25.00,Ray,%s,\n' % (i, i, b"pending" if i < 4 else b"") for i in range(1, 7)), "oracle": BARE}),
    ("a delimiter behind the header alone", "trailing-comma-header-only.csv", "int64 int64 int64 text", PAD,
     {"text": b"a,b,c,\n1,2,3,\n4,5,6,\n", "names": ["a", "b", "c", "column_4"]}),
    ("UTF-16 by its mark", "utf16le-bom.csv", "text text int64|text", (), {"text": b'a,b,c\n"x","y","1"\n'}),
    ("curly quotes", "windows-1252-smart-quotes.csv", "text text", ("--encoding", "latin1"),
     {"text": "name,q\nJosé,“hi” €5\n".encode()}),
]  # fmt: skip

# Kind, file, options, what standard error says; nothing may be left but rejects.
REFUSED = [
    ("a line before the header", "preamble-one-line.csv", REJECT, ("none of 3 records is good", "--skip-lines")),
    ("a line before the header", "preamble-one-line.csv", (), ("line 2",)),
    ("a delimiter behind the header alone", "trailing-comma-header-only.csv", REJECT, ("none of 2 records is good",)),
    ("a ragged end beside dates with commas", "semicolon-ragged-tail-comma-date.csv", (), ("found 5 fields, expected 6",)),
    ("curly quotes", "windows-1252-smart-quotes.csv", (), ("--encoding windows-1252",)),
]


def file_cases():
    """Rows for the files of the reports, each beside the check that it needs; none where the corpus is not here."""
    for kind, name, types, options, how in FILES if REPORTS.is_dir() else ():
        data = (REPORTS / name).read_bytes()
        how = dict(how)
        unpack, member, cut, quotes = (how.pop(key, None) for key in ("unpack", "member", "cut", "quotes"))
        if unpack:
            how["text"] = unpack(data[:cut])
        if member:
            how["text"] = zipfile.ZipFile(io.BytesIO(data)).read(member)
        if quotes is False:  # Python's csv takes a quote within a field for itself only where it is the first byte
            how.setdefault("text", data)
        file = f"in{''.join(pathlib.Path(name).suffixes)}"
        yield Case(title(kind, name, options), data, types, options, file=file, **how)


def refused_cases():
    for kind, name, options, says in REFUSED if REPORTS.is_dir() else ():
        data = (REPORTS / name).read_bytes()
        yield BadCase(title(kind, name, options), data, options, says=says, all_rejected=options == REJECT)


def title(kind, name, options):
    return " ".join([f"reports: {kind}: {name}", *options])


def siblings_of_blanks():
    row = functools.partial(case, "blanks after delimiters")
    text = "T,DAY,LAST\n1577998800,2020-01-02,3258.14\n1577998801,2020-01-03,\n"
    types = "int64 date double"
    yield row("semicolons", text.replace(",", "; "), types, "--trim", text=text)
    yield row("tabs", text.replace(",", "\t "), types, "--trim", text=text)
    yield row("blanks on both sides", text.replace(",", "  ,\t"), types, "--trim", text=text)
    yield row("in gzip", gzip.compress(text.replace(",", ", ").encode()), types, "--trim", text=text, file="in.csv.gz")
    yield row("late", late("a,b", "1,2", "3, 4"), "int64 int64", "--trim", text=late("a,b", "1,2", "3,4"))


def siblings_of_cr():
    row = functools.partial(case, "CR alone")
    yield row("an LF within quotes", 'name,age\r"a\nb",30\rbob,40\r', "text int64", text='name,age\n"a\nb",30\nbob,40\n')
    yield row("semicolons", "name;age\rAnn;30\rbob;40\n", "text int64", text="name,age\nAnn,30\nbob,40\n")
    yield row("no end at the end", "name,age\rAnn,30\rbob,40", "text int64", text="name,age\nAnn,30\nbob,40\n")
    yield row("in bzip2", bz2.compress(b"name,age\rAnn,30\rbob,40\n"), "text int64", text="name,age\nAnn,30\nbob,40\n", file="in.csv.bz2")
    yield row("CR CR LF", "name,age\r\r\nAnn,30\r\r\nbob,40\r\r\n", "text int64", text="name,age\nAnn,30\nbob,40\n")


def siblings_of_dates():
    row = functools.partial(case, "dates of the day first")
    text = "d,n\n2024-12-31,1\n2024-02-01,2\n"
    yield row("points and semicolons", "d;n\n31.12.2024;1\n1.2.2024;2\n", "date int64", "--date-format", "%d.%m.%Y", text=text)
    yield row("the month first", "d|n\n12/31/2024|1\n2/1/2024|2\n", "date int64", "--date-format", "%m/%d/%Y", text=text)
    yield row("names of months", "d\tn\n31-Dec-2024\t1\n01-feb-2024\t2\n", "date int64", "--date-format", "%d-%b-%Y", text=text)
    yield row("two digits of the year, in zstd", zstd.compress(b"d,n\n31/12/24,1\n01/02/24,2\n"), "date int64", "--date-format", "%d/%m/%y",
              text=text, file="in.csv.zst")
    yield row("one late that is none", late("d,n", "31/12/2024,1", "31/02/2024,2"), "text int64", "--date-format", "%d/%m/%Y")


def siblings_of_zeros():
    row = functools.partial(case, "digits that are zeros")
    yield row("with T and a zone", "t,n\n2024-01-01T10:00:00.1230000Z,1\n2024-01-01T10:00:01.0000000Z,2\n", "timestamp(us, UTC) int64")
    yield row("nine zeros", "t;n\n2024-01-01 10:00:00.123000000;1\n2024-01-01 10:00:01.000000000;2\n", "timestamp(us) int64", oracle={"delimiter": ";"})
    yield row("beside nulls", "t,n\n,1\n2024-01-01 10:00:01.1000000,2\n,3\n", "timestamp(us) int64")
    yield row("one late that is not zero", late("t,n", "2024-01-01 10:00:00.0000000,1", "2024-01-01 10:00:00.0000001,2"), "timestamp(ns) int64")
    yield row("in xz", lzma.compress(b"t,n\n2024-01-01 10:00:00.0000000,1\n"), "timestamp(us) int64",
              text="t,n\n2024-01-01 10:00:00.0000000,1\n", file="in.csv.xz")


def siblings_of_decimal_commas():
    row = functools.partial(case, "decimal commas and thousands")
    text = "a,b\nx,1299.99\ny,-12.50\n"
    yield row("tabs", "a\tb\nx\t1.299,99\ny\t-12,50\n", "text double", *DECIMAL_COMMA, "--thousands", ".", text=text)
    yield row("blanks between thousands", "a;b\nx;1 299,99\ny;-12,50\n", "text double", *DECIMAL_COMMA, "--thousands", " ", text=text)
    yield row("apostrophes and points", "a,b\nx,1'299.99\ny,-12.50\n", "text double", "--thousands", "'", text=text)
    yield row("commas within quotes, in gzip", gzip.compress(b'a,b\nx,"1,299.99"\ny,-12.50\n'), "text double", "--thousands", ",", text=text, file="in.csv.gz")
    yield row("one late of another form", late("a;b", "x;1.299,99", "y;1299.99"), "text text", *DECIMAL_COMMA, "--thousands", ".", oracle={"delimiter": ";"})


def siblings_of_sep():
    row = functools.partial(case, "a line for Excel")
    text = "id,name\n1,Ada\n2,Bob\n"
    yield row("a comma", "sep=,\r\n" + text, "int64 text", text=text)
    yield row("a bar", "sep=|\n" + delimited(text, "|"), "int64 text", text=text)
    yield row("a tab", "sep=\t\n" + delimited(text, "\t"), "int64 text", text=text)
    yield row("behind a byte order mark", b"\xef\xbb\xbfsep=;\r\n" + delimited(text, ";").encode(), "int64 text", text=text)
    yield row("in a ZIP", zipped({"x.csv": b"sep=;\r\n" + delimited(text, ";").encode()}), "int64 text", text=text, file="in.zip")


def siblings_of_bytes_behind():
    row = functools.partial(case, "bytes behind packed ones")
    text = "id,name\n1,Ada\n2,Bob\n"
    packed = gzip.compress(text.encode())
    yield row("CRLF", packed + b"\r\n", "int64 text", text=text, file="in.csv.gz")
    yield row("eight bytes", packed + b"12345678", "int64 text", text=text, file="in.csv.gz")
    yield row("zeros", packed + bytes(512), "int64 text", text=text, file="in.csv.gz")
    yield row("bzip2", bz2.compress(text.encode()) + b"\n", "int64 text", text=text, file="in.csv.bz2")
    yield row("xz", lzma.compress(text.encode()) + b"\n", "int64 text", text=text, file="in.csv.xz")


def siblings_of_one_record():
    row = functools.partial(case, "one record of values", oracle=BARE)
    yield row("dates", "2024-01-01,2024-01-02\n", "date date")
    yield row("one of several", "Ann,7,x\n", "text int64 text")
    yield row("an empty field", ",2.5\n", "text double")
    yield row("tabs", "true\tx\n", "bool text", text="true,x\n", file="in.tsv")
    yield row("a time, in gzip", gzip.compress(b"2024-01-01T10:00:00Z,a\n"), "timestamp(us, UTC) text", text="2024-01-01T10:00:00Z,a\n", file="in.csv.gz")


def siblings_of_zips():
    row = functools.partial(case, "a ZIP with what programs leave behind", file="in.zip")
    text = "id,name\n1,Ada\n2,Bob\n"
    for name, others in (
        ("of Finder, in a folder", {"__MACOSX/a/._x.csv": b"junk"}),
        (".DS_Store", {".DS_Store": b"junk"}),
        ("a lock of Excel", {"~$x.csv": b"junk"}),
        ("a temporary folder of Spark", {"_temporary/0/part.csv": b"junk"}),
        ("a PDF and prose", {"x.pdf": b"%PDF-", "notes.txt": b"prose"}),
    ):
        yield row(name, zipped({"a/x.csv": text, **others}), "int64 text", text=text)


def siblings_of_zones():
    row = functools.partial(case, "zones at the ends of time")
    yield row("before the year 1", "x,k\n0001-01-01T00:00:00+00:01,z\n2024-01-01T00:00:00Z,y\n", "text text")
    yield row("the last moment", "x,k\n9999-12-31T23:59:59.999999Z,z\n0001-01-01T00:00:00Z,y\n", "timestamp(us, UTC) text")
    yield row("the first moment by a zone", "x;k\n0001-01-01T05:00:00+05:00;z\n", "timestamp(us, UTC) text", oracle={"delimiter": ";"})
    yield row("late", late("x,k", "2024-01-01T00:00:00Z,y", "9999-12-31T23:59:59-00:01,z"), "text text")
    yield row("the basic form, in zstd", zstd.compress(b"x,k\n99991231T235959-0500,z\n20240101T000000Z,y\n"), "text text",
              text="x,k\n99991231T235959-0500,z\n20240101T000000Z,y\n", file="in.csv.zst")


def siblings_of_json():
    row = functools.partial(case, "JSON in fields")
    records = [("1", '{"a":1,"b":"x"}'), ("2", '{"a":2,"b":"y"}')]
    quoted = 'id,js\n1,"{""a"":1,""b"":""x""}"\n2,"{""a"":2,""b"":""y""}"\n'
    yield row("semicolons", "id;js\n" + "".join(f"{n};{js}\n" for n, js in records), "int64 text", text=quoted)
    yield row("no header", "".join(f"{n}|{js}\n" for n, js in records), "int64 text", *NO_HEADER, text=quoted.split("\n", 1)[1], oracle=BARE)
    yield row("doubled quotes and commas", quoted, "int64 text")
    yield row("arrays", "id\tjs\n1\t[1, 2, 3]\n2\t[4, 5, 6]\n", "int64 text", text='id,js\n1,"[1, 2, 3]"\n2,"[4, 5, 6]"\n')
    yield row("objects in objects, in gzip", gzip.compress(b'id|js\n1|{"a":{"b":1,"c":[1,2]}}\n2|{"a":{"b":2,"c":[3,4]}}\n'), "int64 text",
              text='id,js\n1,"{""a"":{""b"":1,""c"":[1,2]}}"\n2,"{""a"":{""b"":2,""c"":[3,4]}}"\n', file="in.csv.gz")


def siblings_of_commas():
    row = functools.partial(case, "commas in every field")
    text = 'origin,dest,miles\n"New York, NY","Boston, MA",215\n"Austin, TX","Dallas, TX",195\n'
    bars = "origin{0}dest{0}miles\nNew York, NY{0}Boston, MA{0}215\nAustin, TX{0}Dallas, TX{0}195\n"
    yield row("semicolons", bars.format(";"), "text text int64", text=text)
    yield row("dates in English", "day|n\nApril 1, 2023|1\nApril 2, 2023|2\n", "text int64", text='day,n\n"April 1, 2023",1\n"April 2, 2023",2\n')
    yield row("names, the last one first", "who\tboss\nDoe, Ann\tRay, Bob\nFox, Cy\tRay, Bob\n", "text text",
              text='who,boss\n"Doe, Ann","Ray, Bob"\n"Fox, Cy","Ray, Bob"\n')
    yield row("decimal commas", "a|b\n1,5|2,5\n3,5|4,5\n", "double double", *DECIMAL_COMMA, text="a,b\n1.5,2.5\n3.5,4.5\n")
    yield row("in bzip2", bz2.compress(bars.format("|").encode()), "text text int64", text=text, file="in.csv.bz2")


def siblings_of_postgres():
    row = functools.partial(case, "zones of PostgreSQL")
    yield row("half an hour", "t\n2020-12-31 21:25:58.745232+05:30\n2020-12-31 21:25:59+00\n", "timestamp(us, UTC)")
    yield row("behind UTC", "t;n\n2020-12-31 21:25:58-03;1\n2020-12-31 21:25:59-0330;2\n", "timestamp(us, UTC) int64", oracle={"delimiter": ";"})
    yield row("without seconds", "t,n\n2020-12-31 21:25+02,1\n2020-12-31 21:26+02,2\n", "timestamp(us, UTC) int64")
    yield row("one late without a zone", late("t,n", "2020-12-31 21:25:58+02,1", "2020-12-31 21:25:58,2"), "text int64")
    yield row("in gzip", gzip.compress(b"t,n\n2020-12-31 21:25:58.5+02,1\n,2\n"), "timestamp(us, UTC) int64", text="t,n\n2020-12-31 21:25:58.5+02,1\n,2\n", file="in.csv.gz")


def siblings_of_preambles():
    row = functools.partial(case, "lines before the header")
    text = "id,owner,city\n1,ACME,Rome\n2,Foo,Paris\n"
    yield row("two lines", "Extracted\nby hand\n" + delimited(text, ";"), "int64 text text", "--skip-lines", "2", text=text)
    yield row("a blank line among them", "Extracted\n\n" + text, "int64 text text", "--skip-lines", "2", text=text)
    yield row("CRLF", "Extracted\r\n" + delimited(text, "\t").replace("\n", "\r\n"), "int64 text text", "--skip-lines", "1", text=text)
    yield row("a lone quote in it", 'Extracted "2025\n' + text, "int64 text text", "--skip-lines", "1", text=text)
    yield row("in a ZIP", zipped({"x.csv": "Extracted\n" + delimited(text, "|")}), "int64 text text", "--skip-lines", "1", text=text, file="in.zip")


def siblings_of_bare_decimal_commas():
    row = functools.partial(case, "decimal commas without a header", oracle=BARE)
    yield row("tabs", "1,1\t1,2\n2,1\t2,1\n", "double double", *DECIMAL_COMMA, text="1.1,1.2\n2.1,2.1\n")
    yield row("bars", "1,1|-1,2\n2,1|-2,1\n", "double double", *DECIMAL_COMMA, text="1.1,-1.2\n2.1,-2.1\n")
    yield row("beside dates", "2024-01-01;1,2\n2024-01-02;2,1\n", "date double", *DECIMAL_COMMA, text="2024-01-01,1.2\n2024-01-02,2.1\n")
    yield row("beside integers", "1;1,2\n2;2,1\n", "int64 double", *DECIMAL_COMMA, text="1,1.2\n2,2.1\n")
    yield row("in xz", lzma.compress(b"1,1;1,2\n2,1;2,1\n"), "double double", *DECIMAL_COMMA, text="1.1,1.2\n2.1,2.1\n", file="in.csv.xz")


def siblings_of_ragged_ends():
    row = functools.partial(case, "a ragged end beside commas", oracle=BARE)
    for name, delimiter, packed in (("bars", "|", bytes), ("tabs", "\t", bytes), ("in gzip", ";", gzip.compress)):
        data = "".join(f"April {i}, 2023;{i};x{';y' if i < 4 else ''}\n" for i in range(1, 7)).replace(";", delimiter).encode()
        text = "".join(f'"April {i}, 2023",{i},x,{"y" if i < 4 else ""}\n' for i in range(1, 7))
        yield row(name, packed(data), "text int64 text text", *NO_HEADER, *PAD, text=text, file="in.csv.gz" if packed is gzip.compress else "in.csv")
    text = "day,n,note\n" + "".join(f'"April {i}, 2023",{i},{"y" if i < 4 else ""}\n' for i in range(1, 7))
    data = "day;n;note\n" + "".join(f"April {i}, 2023;{i}{';y' if i < 4 else ''}\n" for i in range(1, 7))
    yield row("a header", data, "text int64 text", *PAD, text=text, oracle={})
    yield row("one late", late("a;b", "x, y;1", "z, y"), "text int64", *PAD, text=late("a,b", '"x, y",1', '"z, y",'), oracle={})


def siblings_of_trailing():
    row = functools.partial(case, "a delimiter behind the header alone", names=["a", "b", "column_3"])
    text = "a,b,\n1,x,\n2,y,\n"
    short = "a,b,\n1,x\n2,y\n"
    yield row("semicolons", delimited(short, ";"), "int64 text text", *PAD, text=text)
    yield row("tabs", delimited(short, "\t"), "int64 text text", *PAD, text=text, file="in.tsv")
    yield row("in zstd", zstd.compress(short.encode()), "int64 text text", *PAD, text=text, file="in.csv.zst")
    yield row("one record", "a,b,\n1,x\n", "int64 text text", *PAD, text="a,b,\n1,x,\n")
    yield row("behind some records as well", "a,b,\n1,x,\n2,y\n", "int64 text text", *PAD, text=text)


def siblings_of_marks():
    row = functools.partial(case, "byte order marks")
    text = "a,b,c\nx,é,1\n"
    yield row("UTF-16, the other order", b"\xfe\xff" + text.encode("utf-16-be"), "text text int64", text=text)
    yield row("UTF-32", b"\xff\xfe\0\0" + text.encode("utf-32-le"), "text text int64", text=text)
    yield row("UTF-8 and semicolons", b"\xef\xbb\xbf" + delimited(text, ";").encode(), "text text int64", text=text)
    yield row("UTF-16, CRLF and tabs", b"\xff\xfe" + delimited(text, "\t").replace("\n", "\r\n").encode("utf-16-le"), "text text int64", text=text)
    yield row("UTF-16 in a ZIP", zipped({"x.csv": b"\xff\xfe" + text.encode("utf-16-le")}), "text text int64", text=text, file="in.zip")


def siblings_of_encodings():
    row = functools.partial(case, "curly quotes")
    text = "name,q\nJosé,“hi” €5\n"
    for name, encoding in (("by its name", "windows-1252"), ("cp1252", "CP1252"), ("iso-8859-1 as browsers read it", "ISO_8859-1")):
        yield row(name, text.encode("cp1252"), "text text", "--encoding", encoding, text=text)
    yield row("semicolons, in gzip", gzip.compress(delimited(text, ";").encode("cp1252")), "text text", "--encoding", "latin1", text=text, file="in.csv.gz")
    yield row("late", late("n,q", "a,b", "é,€").encode("cp1252"), "text text", "--encoding", "windows-1252", text=late("n,q", "a,b", "é,€"))


SIBLINGS = (
    siblings_of_blanks, siblings_of_cr, siblings_of_dates, siblings_of_zeros, siblings_of_decimal_commas, siblings_of_sep,
    siblings_of_bytes_behind, siblings_of_one_record, siblings_of_zips, siblings_of_zones, siblings_of_json, siblings_of_commas,
    siblings_of_postgres, siblings_of_preambles, siblings_of_bare_decimal_commas, siblings_of_ragged_ends, siblings_of_trailing,
    siblings_of_marks, siblings_of_encodings,
)  # fmt: skip


def sibling_cases():
    for siblings in SIBLINGS:
        yield from siblings()


def last_nanosecond_cases():
    """The ends of int64 nanoseconds. DuckDB takes the last one for infinity, so that it is no witness here."""
    last, first = "2262-04-11 23:47:16.854775807", "1677-09-21 00:12:43.145224192"
    row = functools.partial(case, "the ends of nanoseconds")
    if REPORTS.is_dir():
        yield row("pandas-timestamp-max.csv", (REPORTS / "pandas-timestamp-max.csv").read_bytes(), STAMPS_NS)
    yield row("with T", f"a\n{last.replace(' ', 'T')}\n2024-01-01T00:00:00\n", STAMPS_NS)
    yield row("both", f"a;n\n{last};1\n{first};2\n", f"{STAMPS_NS} int64", oracle={"delimiter": ";"})
    yield row("UTC", f"a,n\n{last}Z,1\n{first}Z,2\n", "timestamp(ns, UTC) int64")
    yield row("late", late("a,n", "2024-01-01 00:00:00,1", f"{last},2"), f"{STAMPS_NS} int64")
    yield row("in gzip, beside nulls", gzip.compress(f"a,n\n{last},1\n,2\n".encode()), f"{STAMPS_NS} int64", text=f"a,n\n{last},1\n,2\n", file="in.csv.gz")


@dataclasses.dataclass
class TreeCase:
    """A folder of files of which some are converted: which outputs there are, and the types of each."""

    name: str
    files: dict  # paths below the folder that is the source, and what they hold
    sources: tuple  # as the command line names them; the folder is the current one
    outputs: dict  # path of each output and its types in words
    arguments: tuple = ()
    says: tuple = ()  # parts of standard error

    def csv(self):
        return b"".join(self.files.values())


def check_tree(tool, folder, tree):
    source, out = folder / "in", folder / "out"
    for name, data in tree.files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done = hawser.run(tool, "convert", *tree.sources, f"{out}/", *tree.arguments, cwd=source)
    if done.returncode:
        return [f"exit {done.returncode}: {done.stderr.strip()}"]
    found = {str(p.relative_to(out)): p for p in sorted(out.rglob("*.parquet"))}
    types = {name: " ".join(kind for _, kind, _ in readers.read_duckdb(path)) for name, path in found.items()}
    problems = [] if types == tree.outputs else [f"outputs are {types}, want {tree.outputs}"]
    return problems + [f"standard error does not say {part!r}: {done.stderr.strip()}" for part in tree.says if part not in done.stderr]


def tree_cases():
    drift = functools.partial(TreeCase, sources=("./",))
    if REPORTS.is_dir():
        files = {p.name: p.read_bytes() for p in sorted((REPORTS / "drift").glob("*.csv"))}
        yield drift(
            "reports: several types: drift", files,
            outputs={"d1.parquet": "int64 int64 text", "d2.parquet": "int64 double text", "d3.parquet": "int64 text text",
                     "d4.parquet": "int64 decimal(19,2) int64"},
            says=("2 columns have not the same type", "v (int64 in", "note (text in"),
        )
        levels = {str(p.relative_to(REPORTS / "glob-levels")): p.read_bytes() for p in sorted((REPORTS / "glob-levels").rglob("*.csv"))}
        yield from glob_cases("glob-levels", levels)
    small = {"a": b"id,v\n1,2\n", "x": b"id,v\n2,x\n", "t": b"id,v\n3,2024-01-01\n", "s": b"id,v\n4,2024-01-01T00:00:00\n", "b": b"id;v\n5;true\n"}
    for name, files, outputs in (
        ("numbers and texts", {"a.csv": small["a"], "b.csv": small["x"]}, {"a.parquet": "int64 int64", "b.parquet": "int64 text"}),
        ("dates and times", {"a.csv": small["t"], "b.csv": small["s"]}, {"a.parquet": "int64 date", "b.parquet": "int64 timestamp(us)"}),
        ("another delimiter", {"a.csv": small["a"], "b.csv": small["b"]}, {"a.parquet": "int64 int64", "b.parquet": "int64 bool"}),
        ("packed", {"a.csv.gz": gzip.compress(small["a"]), "b.csv": small["x"]}, {"a.parquet": "int64 int64", "b.parquet": "int64 text"}),
        ("members of a ZIP", {"z.zip": zipped({"a.csv": small["a"], "b.csv": small["t"]})}, {"z/a.parquet": "int64 int64", "z/b.parquet": "int64 date"}),
    ):
        yield drift(f"reports: several types: {name}", files, outputs=outputs, says=("1 column has not the same type", "v ("))
    yield from glob_cases("made here", {"a.csv": b"a,b\n1,x\n", "x/b.csv": b"a,b\n2,x\n", "x/y/c.csv": b"a,b\n3,x\n"})


def glob_cases(name, files):
    """Globs over a file in a folder, one in a folder below, and one below that: a.csv, x/b.csv, x/y/c.csv."""
    every = tuple(f"{path.removesuffix('.csv')}.parquet" for path in sorted(files))
    for glob, wanted in (
        ("**", every), ("**/*.csv", every), ("*.csv", every[:1]), ("*/*.csv", every[1:2]), ("x/**/c.csv", every[2:]),
        ("{a,x/b}.csv", every[:2]), ("[a-b].csv", every[:1]), ("x/?/c.csv", every[2:]),
    ):  # fmt: skip
        outputs = {path: "int64 text" for path in wanted}
        prefix = os.path.commonpath([*wanted, "x"]) if glob.startswith("x/") else ""
        if prefix:
            outputs = {path.removeprefix(f"{prefix}/"): types for path, types in outputs.items()}
        yield TreeCase(f"reports: globs: {name}: {glob}", files, (glob,), outputs)


def skipped():
    """How many rows need the corpus, where it is not here."""
    drift_and_globs_and_nanoseconds = 10
    return 0 if REPORTS.is_dir() else len(FILES) + len(REFUSED) + drift_and_globs_and_nanoseconds
