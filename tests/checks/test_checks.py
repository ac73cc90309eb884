# SPDX-License-Identifier: Apache-2.0
"""Each rule of scripts/check-* is shown one file that breaks it, and one beside it that does not."""

import pathlib
import subprocess
import sys
import tempfile

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


def function(lines):
    """A function of so many lines, with what may confuse a counter of braces."""
    body = ["static int long_one(const char *text,", "                    int (*fn)(int)) {"]
    body += ['    fn(text[0] == \'{\'); /* } */ fn("}{");'] * (lines - 3)
    return "int x[] = {1, 2};\n" + "\n".join(body + ["}"]) + "\n"


def unit(name, includes=(), body=""):
    """A .c and its .h, which declares one function that the .c defines."""
    head, word = f"src/{name}", name.replace("/", "_")
    lines = "".join(f'#include "{other}.h"\n' for other in includes)
    return {f"{head}.h": f"void hw_{word}(void);\n", f"{head}.c": f'#include "{name}.h"\n{lines}void hw_{word}(void) {{\n{body}\n}}\n'}


TWO = {**unit("core/a", ["core/b"]), **unit("core/b")}
CIRCLE = {**unit("core/a", ["core/b"]), **unit("core/b", ["core/a"])}
CALLS = {  # b.h declares what a.c defines, and b.c calls it: a needs b, and b needs a
    **unit("core/a", ["core/b"]),
    **unit("core/b", (), "    hw_lent();"),
}
CALLS["src/core/b.h"] += "void hw_lent(void);\n"
CALLS["src/core/a.c"] += "void hw_lent(void) {\n}\n"
STATIC = {**TWO, "src/core/b.c": TWO["src/core/b.c"] + "static int hw_core_a_own(void) {\n    return 1;\n}\n"}
TABLE = {**TWO, "src/core/b.h": "extern const int hw_rows[];\n", "src/core/a.c": TWO["src/core/a.c"] + "const int hw_rows[] = {1, 2};\n"}
TEST = {"tests/unit/core/test_a.c": "", "tests/unit/core/test_b.c": ""}

# name, check, file, text, what the check says ("" where it must be content); or, of several files,
# name, check, {file: text}, what it says
ROWS = [
    ("core below all", "layers", "src/core/a.c", '#include "core/a.h"\n#include <stdio.h>\n', ""),
    ("core sees csv", "layers", "src/core/a.c", '\n#include "csv/scan.h"\n', "src/core/a.c:2: core may not see csv"),
    ("siblings", "layers", "src/avro/a.h", '#include "parquet/writer.h"', "avro may not see parquet"),
    ("format sees S3", "layers", "src/csv/a.c", '# include "s3/client.h"', "csv may not see s3"),
    ("format sees the store's header", "layers", "src/csv/a.c", "#include <hawser/store.h>", "csv may not see hawser/store.h"),
    ("the tool sees a module", "layers", "src/cli/a.c", '#include "pipeline/x.h"', "cli may not see pipeline"),
    ("the tool sees public headers", "layers", "src/cli/a.c", '#include "core/a.h"\n#include <hawser/hawser.h>', ""),
    ("s3 sees net", "layers", "src/s3/a.c", '#include "net/http.h"', ""),
    ("net sees s3", "layers", "src/net/a.c", '#include "s3/client.h"', "net may not see s3"),
    ("curl in http_exchange.h", "layers", "src/net/http_exchange.h", "#include <curl/curl.h>", ""),
    ("curl elsewhere", "layers", "src/net/retry.c", "#include <curl/curl.h>", "curl/curl.h belongs to src/net/http_exchange.h"),
    ("a compressor in a format", "layers", "src/parquet/a.c", "#include <zstd.h>", "zstd.h belongs to src/codec/"),
    ("a folder that nobody placed", "layers", "src/misc/a.c", '#include "core/a.h"', "misc is not in the table"),
    ("a header without its folder", "layers", "src/core/a.c", '#include "a.h"', "module/name.h"),
    ("public sees private", "layers", "include/hawser/a.h", '#include "core/base.h"', "public headers and those of C"),
    ("public sees a system library", "layers", "include/hawser/a.h", "#include <curl/curl.h>", "public headers and those of C"),
    ("public sees public", "layers", "include/hawser/a.h", "#include <hawser/error.h>\n#include <stdint.h>", ""),
    ("sprintf", "banned", "src/csv/a.c", "\nint a = sprintf(b, c);", "src/csv/a.c:2: sprintf"),
    ("snprintf", "banned", "src/csv/a.c", "int a = snprintf(b, 1, c);", ""),
    ("strcpy in a test", "banned", "tests/a.c", "strcpy (a, b);", "strcpy"),
    ("strtok", "banned", "src/csv/a.c", "strtok(a, b);", "strtok"),
    ("strtok_r", "banned", "src/csv/a.c", "strtok_r(a, b, c);", ""),
    ("atoi", "banned", "examples/c/a.c", "atoi(a)", "atoi"),
    ("gmtime", "banned", "src/core/clock.c", "gmtime(&t)", "gmtime"),
    ("gmtime_r", "banned", "src/core/clock.c", "gmtime_r(&t, &tm)", ""),
    ("alloca", "banned", "src/csv/a.c", "alloca(9)", "alloca"),
    ("gets", "banned", "src/csv/a.c", "gets(a)", "gets"),
    ("malloc", "banned", "src/csv/a.c", "p = malloc(9);", "malloc: allocates beside core/alloc"),
    ("malloc in its place", "banned", "src/core/alloc.c", "p = malloc(9);", ""),
    ("malloc in a test", "banned", "tests/a.c", "p = malloc(9);", ""),
    ("free as a member", "banned", "src/csv/a.c", "sink->ops->free(sink); ops.free(sink); void (*free)(int);", ""),
    ("free", "banned", "src/csv/a.c", "free(p);", "free"),
    ("free with a reason", "banned", "src/csv/a.c", "free(p); /* allowed: expat's own memory */", ""),
    ("free with an empty reason", "banned", "src/csv/a.c", "free(p); /* allowed: */", "free"),
    ("in a comment", "banned", "src/csv/a.c", "/* free(p) and\n sprintf(p) */ // gets(p)\n", ""),
    ("in a text", "banned", "src/csv/a.c", 'f("free(p) \\" gets(p)", \'"\', "atoi(");', ""),
    ("after a text", "banned", "src/csv/a.c", 'f("\\\\"); gets(p); g("");', "gets"),
    ("printf in the library", "banned", "src/csv/a.c", 'printf("");', "neither prints nor exits"),
    ("printf in the tool", "banned", "src/cli/a.c", 'printf(""); exit(1);', ""),
    ("exit in the library", "banned", "src/csv/a.c", "exit(1);", "exit"),
    ("extern in a .c", "banned", "src/csv/a.c", "extern int a(void);", "extern in a .c file"),
    ("extern in a .h", "banned", "src/csv/a.h", "extern const int a;", ""),
    ("unfinished", "banned", "src/csv/a.c", "/* TO" + "DO: later */", "unfinished"),
    ("a template of mkstemp", "banned", "src/csv/a.c", '"aXXXXXX"', ""),
    ("60 lines", "length", "src/csv/a.c", function(60), ""),
    ("80 lines", "length", "src/csv/a.c", function(80), "note: src/csv/a.c:2: long_one: 80 lines"),
    ("81 lines", "length", "src/csv/a.c", function(81), "\nsrc/csv/a.c:2: long_one: 81 lines"),
    ("81 lines in C++ brackets", "length", "src/csv/a.h", 'extern "C" {\n' + function(81) + "}\n", "long_one: 81 lines"),
    ("81 lines after a macro", "length", "src/csv/a.c", "#define A do { \\\n if (b) {\n" + function(81), "long_one: 81"),
    ("two short ones", "length", "src/csv/a.c", function(50) + function(50), ""),
    ("a long table", "length", "src/csv/a.c", "static const int a[] = {\n" + "1,\n" * 200 + "};\n", ""),
    ("601 lines", "length", "src/csv/a.c", "\n" * 601, "note: src/csv/a.c: 601 lines"),
    ("1,001 lines", "length", "src/csv/a.c", "\n" * 1001, "\nsrc/csv/a.c: 1001 lines"),
    ("120 columns", "width", "src/csv/a.c", "x" * 120 + "\n", ""),
    ("121 columns", "width", "tests/unit/csv/a.c", "\n" + "x" * 121, "tests/unit/csv/a.c:2: 121 columns, 120"),
    ("121 columns of 240 bytes", "width", "src/csv/a.c", '"' + "ä" * 118 + '"', ""),
    ("121 columns elsewhere", "width", "tests/support/a.c", "x" * 121, ""),
    ("a comment of 100 columns", "width", "src/csv/a.c", "/* " + "x" * 94 + " */", ""),
    ("a comment of 101 columns", "width", "include/hawser/a.h", "/*\n * " + "x" * 98 + "\n */", "include/hawser/a.h:2: a comment ends in column 101, 100"),
    ("a comment that ends in column 100", "width", "src/csv/a.c", "x" * 91 + " /* xx */" + " ", ""),
    ("a comment behind code, too far", "width", "src/csv/a.c", "x" * 92 + " /* xx */", "a comment ends in column 101"),
    ("no comment but a text", "width", "src/csv/a.c", 'f("' + "/* x */ " * 14 + '");', ""),
    ("a sentence", "comments", "src/csv/a.h", "/* Returns what is left. Of the rows none. */", ""),
    ("Of", "comments", "src/csv/a.h", "\n/* Of the rows. */", 'src/csv/a.h:2: a comment begins with "Of"'),
    ("Where, on the second line", "comments", "include/hawser/a.h", "/**\n * Where it is NULL.\n */", 'begins with "Where"'),
    ("What, behind a field", "comments", "src/csv/a.h", "int a; /**< What it is. */", 'begins with "What"'),
    ("How", "comments", "src/csv/a.h", "// How many", 'begins with "How"'),
    ("However", "comments", "src/csv/a.h", "/* However many: Whatever, Often */", ""),
    ("What, in a .c file", "comments", "src/csv/a.c", "/* What it is */", ""),
    ("What, in a text", "comments", "src/csv/a.h", '"/* What */"', ""),
    ("a test for each", "mirror", {**TWO, **TEST}, ""),
    ("no test", "mirror", TWO, "src/core/a.c: there is no tests/unit/core/test_a.c"),
    ("no test, for a reason", "mirror", "src/cli/main.c", "", ""),
    ("a test in spite of the reason", "mirror", {"src/cli/main.c": "", "tests/unit/cli/test_main.c": ""}, "stands among those without"),
    ("a test of nothing", "mirror", {**TWO, **TEST, "tests/unit/core/test_c.c": ""}, "tests/unit/core/test_c.c: src has nothing"),
    ("a second test", "mirror", {**TWO, **TEST, "tests/unit/core/test_a_of_memory.c": ""}, ""),
    ("a test of a header", "mirror", {"src/core/c.h": "", "tests/unit/core/test_c.c": ""}, ""),
    ("one way", "circles", TWO, ""),
    ("a circle of includes", "circles", CIRCLE, "src/core/a: sees core/b, which comes back to it"),
    ("a circle of three", "circles", {**unit("core/a", ["core/b"]), **unit("core/b", ["csv/c"]), **unit("csv/c", ["core/a"])}, "src/csv/c: sees core/a"),
    ("a circle of calls", "circles", CALLS, "src/core/b: sees core/a"),
    ("what another's header declares", "circles", CALLS, "src/core/a.c: defines hw_lent, which src/core/b.h declares"),
    ("a table that another's header declares", "circles", TABLE, "src/core/a.c: defines hw_rows, which src/core/b.h declares"),
    ("a function of its own", "circles", STATIC, ""),
    ("no header", "circles", "src/core/a.c", "static int a(void) {\n    return 1;\n}\n", "src/core/a.c: has no header of its own"),
    ("a public header", "circles", {"include/hawser/a.h": "HW_API int hw_a(void);", "src/core/x.c": "int hw_a(void) {\n    return 1;\n}\n"}, ""),
    ("main", "circles", "src/cli/main.c", "int main(void) {\n    return 1;\n}\n", ""),
    ("a row of a table", "circles", {"src/codec/codec.h": "extern const int hw_x_ops;\n", "src/codec/codec_x.c": "const int hw_x_ops = 1;\n"}, ""),
]


def run(row):
    """Empty where the check does as the row says, else what is wrong."""
    check, says = row[1], row[-1]
    files = row[2] if isinstance(row[2], dict) else {row[2]: row[3]}
    with tempfile.TemporaryDirectory() as root:
        for file, text in files.items():
            path = pathlib.Path(root) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, SCRIPTS / f"check-{check}", root], capture_output=True, text=True)
    output = "\n" + done.stdout
    want_code = 1 if says and not says.startswith("note:") else 0
    if done.returncode != want_code or says not in output or (not says and "src/" in output):
        return f"exit {done.returncode}, want {want_code}: {done.stdout}{done.stderr}"
    return ""


def main():
    failed = 0
    for row in ROWS:
        wrong = run(row)
        if wrong:
            failed += 1
            print(f"FAILED {row[1]}: {row[0]}: {wrong}")
    print(f"{len(ROWS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
