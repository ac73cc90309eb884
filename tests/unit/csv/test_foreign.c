/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/foreign.h"

#include "codec/unpack_zip.h"
#include "support/memory_io.h"
#include "unit/csv/packed.h"

struct foreign_row {
    const char *name;
    hw_view head;
    const char *says; /* NULL: it may be CSV */
};

static void row_check(const struct foreign_row *row, enum hw_status status, const struct hw_error *err) {
    assert_row_int(row->name, status, row->says ? HW_EDATA : HW_OK);
    assert_row_says(row->name, err->message, row->says ? row->says : "");
    assert_row_int(row->name, err->offset, row->says ? 0 : HW_NO_POSITION);
}

static void binary_formats_are_named(void **state) {
    (void)state;
    static const struct foreign_row rows[] = {
        {"Parquet: a page header of Thrift", HW_VIEW_INIT("PAR1\x15\x04\x15\x0c\x15\x10\x4c\x15\x02\x15\x00\x00"),
         "this is a Parquet file, expected CSV: named .parquet and not packed it is read as one"},
        {"PAR1 as a name", HW_VIEW_INIT("PAR1,PAR2\n1,2\n"), NULL},
        {"PAR1 alone", HW_VIEW_INIT("PAR1"), NULL},
        {"PAR1 in quotes", HW_VIEW_INIT("\"PAR1\",b\n1,2\n"), NULL},
        {"Avro",
         HW_VIEW_INIT("Obj\x01\x04\x16"
                      "avro.schema\x02{}"),
         "this is an Avro file"},
        {"a name before Hive's delimiter", HW_VIEW_INIT("Obj\x01Name\n1\x01x\n"), NULL},
        {"ORC", HW_VIEW_INIT("ORC\x0a\x06\x00\x11"), "this is an ORC file"},
        {"ORC as a name", HW_VIEW_INIT("ORC,b\n1,2\n"), NULL},
        {"Arrow", HW_VIEW_INIT("ARROW1\0\0\xff\xff\xff\xff"), "this is an Arrow or Feather file"},
        {"ARROW1 as a name", HW_VIEW_INIT("ARROW1,b\n1,2\n"), NULL},
        {"Feather of version 1", HW_VIEW_INIT("FEA1\0\0\0\0"), "this is a Feather file"},
        {"an Arrow stream", HW_VIEW_INIT("\xff\xff\xff\xff\x78\0\0\0"), "this is an Arrow stream"},
        {"an old workbook", HW_VIEW_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"),
         "this is an old Excel or Office file"},
        {"SQLite", HW_VIEW_INIT("SQLite format 3\0\x10\0"), "this is an SQLite database"},
        {"SQLite as text", HW_VIEW_INIT("SQLite format 3,b\n"), NULL},
        {"PDF", HW_VIEW_INIT("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<"), "this is a PDF"},
        {"PDF as a name", HW_VIEW_INIT("%PDF-1.7,objects\na,1 obj\n"), NULL},
        {"PDF as the only name", HW_VIEW_INIT("%PDF-1.7\n1\n2\n"), NULL},
        {"7z", HW_VIEW_INIT("7z\xbc\xaf\x27\x1c\0\4"), "this is a 7z archive, expected CSV: unpack it first"},
        {"7z as a name", HW_VIEW_INIT("7z,rar\n1,2\n"), NULL},
        {"RAR", HW_VIEW_INIT("Rar!\x1a\x07\x01\0"), "this is a RAR archive"},
        {"Rar! as a name", HW_VIEW_INIT("Rar!,b\n"), NULL},
        {"compress", HW_VIEW_INIT("\x1f\x9d\x90"), "this is packed by compress (.Z), expected CSV: gzip -d"},
        {"lz4 of the old kind", HW_VIEW_INIT("\x02\x21\x4c\x18\0"), "this is packed by lz4 in its old format"},
        {"snappy", HW_VIEW_INIT("\xff\x06\0\0sNaPpY"), "this is packed by snappy"},
        {"lzop", HW_VIEW_INIT("\x89LZO\0\r\n\x1a\n"), "this is packed by lzop"},
        {"text", HW_VIEW_INIT("id,name\n1,Ann\n"), NULL},
        {"nothing", HW_VIEW_INIT(""), NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        row_check(&rows[i], hw_csv_foreign_bytes(rows[i].head, &err), &err);
    }
}

/* The header of a member of a tar: its name in 100 bytes, "ustar" at 257 (POSIX.1, pax). */
static void a_tar_is_named(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    char head[512] = "data.csv";
    memcpy(head + 257, "ustar\00000", 8);
    const struct foreign_row tar = {"tar", {head, sizeof(head)}, "this is a tar archive"};
    row_check(&tar, hw_csv_foreign_bytes(tar.head, &err), &err);
    memset(head, 'a', 257);
    memset(head + 262, 'b', sizeof(head) - 262);
    err = (struct hw_error)HW_ERROR_INIT;
    const struct foreign_row text = {"a text with ustar there", {head, sizeof(head)}, NULL};
    row_check(&text, hw_csv_foreign_bytes(text.head, &err), &err);
}

static void texts_of_other_formats_are_named(void **state) {
    (void)state;
    static const struct foreign_row rows[] = {
        {"HTML", HW_VIEW_INIT("<!DOCTYPE html>\n<html><head></head></html>"), "this is an HTML page, expected CSV"},
        {"HTML without a type", HW_VIEW_INIT("<HTML lang=\"en\"><head><title>Log in</title>"), "this is an HTML page"},
        {"HTML behind a mark and blanks", HW_VIEW_INIT("\xef\xbb\xbf \r\n\t<html>\n<body></body>"), "an HTML page"},
        {"a tag as a name", HW_VIEW_INIT("<html>,<body>\n1,2\n"), NULL},
        {"tags as values", HW_VIEW_INIT("<html>,count\n</html>,3\n"), NULL},
        {"a type as a name", HW_VIEW_INIT("<!doctype html>,n\n<p>,3\n"), NULL},
        {"a name that begins so", HW_VIEW_INIT("<htmlish>\n<b></b>\n"), NULL},
        {"XML", HW_VIEW_INIT("<?xml version=\"1.0\"?>\n<rows><row/></rows>"), "this is XML, expected CSV"},
        {"XML in a CSV", HW_VIEW_INIT("<?xml version=\"1.0\"?>,b\n<a/>,1\n"), NULL},
        {"an error of S3", HW_VIEW_INIT("<Error><Code>AccessDenied</Code>"), "this is an error reply of S3"},
        {"an error of S3 behind XML's line",
         HW_VIEW_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code></Error>"),
         "this is an error reply of S3"},
        {"Error as a name", HW_VIEW_INIT("<Error>,b\n<Code>,1\n"), NULL},
        {"JSON", HW_VIEW_INIT("{\"a\": 1, \"b\": [2, 3]}\n"), "this is JSON, expected CSV"},
        {"JSON Lines", HW_VIEW_INIT("{\"a\": 1}\n{\"a\": 2}\n"), "this is JSON Lines, expected CSV"},
        {"a bracket as a name", HW_VIEW_INIT("[id],[name]\n1,Ann\n"), NULL},
        {"text", HW_VIEW_INIT("id,name\n1,Ann\n"), NULL},
        {"a blank text", HW_VIEW_INIT(" \n"), NULL},
        {"nothing", HW_VIEW_INIT(""), NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        row_check(&rows[i], hw_csv_foreign_text(rows[i].head, true, &err), &err);
    }
}

static void documents_are_known_by_their_members(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *members[2];
        const char *says;
    } rows[] = {
        {"Excel",
         {"[Content_Types].xml", "xl/workbook.xml"},
         "this is an Excel workbook, expected CSV: save the sheet"},
        {"Word", {"word/document.xml", "[Content_Types].xml"}, "this is a Word document"},
        {"OpenDocument", {"mimetype", "content.xml"}, "this is an OpenDocument file"},
        {"CSV in a folder xl", {"xl/a.csv", "xl/b.csv"}, NULL},
        {"CSV with a list of types", {"[Content_Types].xml", "a.csv"}, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct packed_member members[] = {{rows[i].members[0], {"1", 1}, false},
                                                {rows[i].members[1], {"2", 1}, false}};
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_zip *zip;
        packed_zip(members, 2, &bytes);
        struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
        assert_ok(hw_zip_open(&source.base, &zip, &err), err);
        assert_row_int(rows[i].name, hw_csv_foreign_zip(zip, &err), rows[i].says ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        hw_zip_close(zip);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binary_formats_are_named),
        cmocka_unit_test(a_tar_is_named),
        cmocka_unit_test(texts_of_other_formats_are_named),
        cmocka_unit_test(documents_are_known_by_their_members),
    };
    return cmocka_run_group_tests_name("csv/foreign", tests, NULL, NULL);
}
