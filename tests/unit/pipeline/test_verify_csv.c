/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of CSV texts, packed or not. */
#include "pipeline/verify_csv.h"

#include <stdio.h>

#include "store/store.h"
#include "unit/pipeline/verify_desk.h"
#include "unit/pipeline/zip_write.h"

#define TEXT "a,b\n1,2\n3,4\n"

/* APPNOTE 4.3.12 and 4.3.16: the last entry of the directory, of a name of 5 bytes, and its end. */
enum { ZIP_END_BYTES = 22, ZIP_ENTRY_BYTES = 46 + 5, ZIP_ENTRY_SUM_AT = 16 };

enum { MANY = 1025 /* 1,024 times 1,024 looks are the most */ };

/* Puts a ZIP of many texts, whose names are numbers of four digits. */
static void many_put(struct verify_desk *desk) {
    HW_AUTO(hw_buf) zip = {0};
    static char names[MANY][16];
    const char *members[MANY + 1] = {NULL};
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof(names[i]), "%04d.csv", i);
        members[i] = names[i];
    }
    zip_make(&zip, members, HW_VIEW(TEXT));
    desk_put(desk, "many.zip", zip.data, zip.size);
}

/* Verifies an object by its path; what is read of the object itself comes of `source`. */
static enum hw_status source_verify(const struct verify_desk *desk, const char *path, struct hw_source *source,
                                    enum hw_verify_level level, struct hw_verify_file *file, struct hw_error *err) {
    const struct hw_store_options store = verify_desk_store(desk);
    const struct hw_verify_file_options options = {.level = level, .store = &store, .findings_max = 10};
    *file = (struct hw_verify_file){.findings_max = options.findings_max};
    assert_ok(hw_verify_file_init(file, desk->store, path, "x", NULL, err), *err);
    return hw_verify_csv(file, source, &options, err);
}

static enum hw_status object_verify(struct verify_desk *desk, const char *key, enum hw_verify_level level,
                                    struct hw_verify_file *file, struct hw_error *err) {
    struct hw_source *source;
    HW_AUTO(hw_buf) path = {0};
    assert_ok(hw_buf_printf(&path, err, "mem://%s", key), *err);
    assert_ok(hw_store_source_needed(desk->store, key, &source, err), *err);
    const enum hw_status status = source_verify(desk, (const char *)path.data, source, level, file, err);
    assert_row_int(key, file->counts.bytes_read, source->size);
    source->ops->close(source);
    return status;
}

/* A member of gzip that is not compressed: RFC 1952 2.3, RFC 1951 3.2.4. */
static void gzip_make(struct hw_buf *out, const char *text, uint32_t sum_flips) {
    static const uint8_t header[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1};
    const size_t bytes = strlen(text);
    assert_int_equal(hw_buf_append(out, header, sizeof(header), NULL), HW_OK);
    zip_put(out, bytes, 2);
    zip_put(out, ~bytes, 2);
    assert_int_equal(hw_buf_append(out, text, bytes, NULL), HW_OK);
    zip_put(out, libdeflate_crc32(0, text, bytes) ^ sum_flips, 4);
    zip_put(out, bytes, 4);
}

/* Puts texts that are right and wrong, and packed ones. */
static void objects_put(struct verify_desk *desk) {
    HW_AUTO(hw_buf) zip = {0};
    HW_AUTO(hw_buf) gzip = {0};
    verify_desk_init(desk);
    desk_put_text(desk, "good.csv", TEXT);
    desk_put_text(desk, "bad.csv", "a,b\n1,2\n3\n4,5\n6,7,8\n");
    desk_put_text(desk, "worst.csv", "a,b\n1\n");
    desk_put_text(desk, "empty.csv", "");
    desk_put_text(desk, "utf8.csv", "a,b\n1,\xff\xff\n");
    desk_put(desk, "image.csv", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
    gzip_make(&gzip, TEXT, 0);
    desk_put(desk, "good.csv.gz", gzip.data, gzip.size);
    desk_put(desk, "cut.csv.gz", gzip.data, gzip.size - 1);
    hw_buf_clear(&gzip);
    gzip_make(&gzip, TEXT, 1);
    desk_put(desk, "sum.csv.gz", gzip.data, gzip.size);
    hw_buf_clear(&gzip);
    gzip_make(&gzip, "", 0);
    desk_put(desk, "empty.csv.gz", gzip.data, gzip.size);
    zip_make(&zip, (const char *const[]){"a.csv", "b.csv", NULL}, (hw_view){TEXT, sizeof(TEXT) - 1});
    desk_put(desk, "two.zip", zip.data, zip.size);
    zip.data[zip.size - ZIP_END_BYTES - ZIP_ENTRY_BYTES + ZIP_ENTRY_SUM_AT] ^= 1;
    desk_put(desk, "sum.zip", zip.data, zip.size);
    hw_buf_clear(&zip);
    zip_make(&zip, (const char *const[]){"a.csv", "b.csv", NULL}, HW_VIEW("a,b\n1\n2,3\n"));
    desk_put(desk, "bad.zip", zip.data, zip.size);
    hw_buf_clear(&zip);
    zip_make(&zip, (const char *const[]){"a.csv", "a.csv", NULL}, HW_VIEW(TEXT));
    desk_put(desk, "same.zip", zip.data, zip.size);
    many_put(desk);
    hw_buf_clear(&zip);
    zip_make(&zip, (const char *const[]){"a.csv", "b.txt", NULL}, (hw_view){TEXT, sizeof(TEXT) - 1});
    desk_put(desk, "one.zip", zip.data, zip.size);
}

static const struct {
    const char *name;
    const char *key;
    enum hw_verify_level level;
    enum hw_status want;
    const char *says;
    const char *findings;
    int64_t rows;
} rows[] = {
    {"a text", "good.csv", HW_VERIFY_VALUES, HW_OK, "", "", 2},
    {"records that nobody looks at", "bad.csv", HW_VERIFY_PAGES, HW_OK, "", "", 2},
    {"bad records", "bad.csv", HW_VERIFY_VALUES, HW_OK, "", "csv.too_few_fields@8 csv.too_many_fields@14 ", 2},
    {"no good record", "worst.csv", HW_VERIFY_VALUES, HW_OK, "", "csv.too_few_fields@4 ", 0},
    {"no good record, and nobody looks", "worst.csv", HW_VERIFY_PAGES, HW_OK, "", "", 0},
    {"bytes that are no UTF-8", "utf8.csv", HW_VERIFY_VALUES, HW_OK, "", "csv.not_utf8@4 ", 0},
    {"nothing", "empty.csv", HW_VERIFY_PAGES, HW_OK, "", "csv.text@0 ", -1},
    {"an image", "image.csv", HW_VERIFY_PAGES, HW_OK, "", "csv.text@0 ", -1},
    {"a packed text", "good.csv.gz", HW_VERIFY_PAGES, HW_OK, "", "", 2},
    {"a wrong checksum", "sum.csv.gz", HW_VERIFY_PAGES, HW_OK, "", "pack.checksum@35 ", -1},
    {"a member that was cut", "cut.csv.gz", HW_VERIFY_PAGES, HW_OK, "", "pack.truncated@34 ", -1},
    {"a text of a ZIP", "one.zip", HW_VERIFY_VALUES, HW_OK, "", "", 2},
    {"nothing that is packed", "empty.csv.gz", HW_VERIFY_PAGES, HW_OK, "", "csv.text@0 ", -1},
    {"several texts of a ZIP", "two.zip", HW_VERIFY_VALUES, HW_OK, "", "", 4},
    {"bad records of several texts", "bad.zip", HW_VERIFY_VALUES, HW_OK, "",
     "csv.too_few_fields@4 csv.too_few_fields@4 ", 2},
    {"a wrong checksum of one of several", "sum.zip", HW_VERIFY_PAGES, HW_OK, "", "pack.checksum@94 ", -1},
    {"too many texts", "many.zip", HW_VERIFY_PAGES, HW_EUNSUPPORTED,
     "it is a ZIP of 1025 texts, which are too many to be verified", "", 0},
    {"several texts of one name", "same.zip", HW_VERIFY_PAGES, HW_EUNSUPPORTED,
     "it is a ZIP with several texts of one name", "", -1},
};

static void texts_have_findings(void **state) {
    (void)state;
    struct verify_desk desk;
    objects_put(&desk);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_verify_file file;
        HW_AUTO(hw_buf) findings = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, object_verify(&desk, rows[i].key, rows[i].level, &file, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        findings_list(&file, &findings);
        assert_row_text(rows[i].name, (const char *)findings.data, rows[i].findings);
        assert_row_int(rows[i].name, file.counts.rows, rows[i].rows);
        hw_verify_file_release(&file);
    }
    verify_desk_release(&desk);
}

/* A finding of a record tells its line, and that of packed bytes what is wrong with them. */
static void findings_tell_the_place(void **state) {
    (void)state;
    static const struct {
        const char *key;
        const char *code;
        const char *message;
        enum hw_verify_level level;
    } findings[] = {
        {"bad.csv", "csv.too_few_fields", "the record in line 3 is bad: too_few_fields", HW_VERIFY_VALUES},
        {"cut.csv.gz", "pack.truncated", "cut", HW_VERIFY_PAGES},
        {"sum.csv.gz", "pack.checksum", "gzip", HW_VERIFY_PAGES},
        {"sum.zip", "pack.checksum", "member \"b.csv\": zip: CRC error", HW_VERIFY_PAGES},
        {"bad.zip", "csv.too_few_fields", "member \"a.csv\": the record in line 2 is bad: too_few_fields",
         HW_VERIFY_VALUES},
        {"empty.csv", "csv.text", "found no header", HW_VERIFY_PAGES},
    };
    struct verify_desk desk;
    objects_put(&desk);
    for (size_t i = 0; i < COUNT_OF(findings); i++) {
        struct hw_verify_file file;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(object_verify(&desk, findings[i].key, HW_VERIFY_VALUES, &file, &err), err);
        const struct hw_finding *finding = hw_verify_file_finding(&file, 0);
        assert_row_text(findings[i].key, finding->code, findings[i].code);
        assert_row_says(findings[i].key, finding->message, findings[i].message);
        assert_row_int(findings[i].key, finding->level, findings[i].level);
        assert_row_int(findings[i].key, finding->severity, HW_SEVERITY_ERROR);
        assert_row_int(findings[i].key, finding->row_group, -1);
        assert_row_int(findings[i].key, finding->page, -1);
        assert_null(finding->column);
        hw_verify_file_release(&file);
    }
    verify_desk_release(&desk);
}

/* Rows are those of a whole text; half of this one is enough for a sample and for batches. */
static void rows_of_a_cut_text_are_not_known(void **state) {
    (void)state;
    enum { ROWS = 500000 };
    struct verify_desk desk;
    struct hw_verify_file file;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    const void *data;
    size_t size;
    verify_desk_init(&desk);
    assert_ok(hw_buf_append_text(&text, "a,b\n", &err), err);
    for (int i = 0; i < ROWS; i++) {
        assert_ok(hw_buf_printf(&text, &err, "%d,%d\n", i, i % 7), err);
    }
    desk_put(&desk, "in.csv", text.data, text.size);
    desk_convert(&desk, "mem://in.csv", "mem://whole.csv.gz", NULL);
    assert_ok(object_verify(&desk, "whole.csv.gz", HW_VERIFY_PAGES, &file, &err), err);
    assert_int_equal(file.counts.rows, ROWS);
    hw_verify_file_release(&file);
    assert_ok(hw_memory_store_get(desk.store, "whole.csv.gz", &data, &size, &err), err);
    desk_put(&desk, "half.csv.gz", data, size / 2);
    assert_ok(object_verify(&desk, "half.csv.gz", HW_VERIFY_PAGES, &file, &err), err);
    assert_int_equal(file.counts.rows, -1);
    assert_int_equal(file.counts.errors, 1);
    hw_verify_file_release(&file);
    verify_desk_release(&desk);
}

static enum hw_status read_fails(struct hw_source *source, uint64_t at, void *out, size_t bytes, struct hw_error *err) {
    (void)source, (void)at, (void)out, (void)bytes;
    return hw_fail(err, HW_EIO, "the disk is broken");
}

/* What cannot be read is no finding. */
static void failures_are_those_of_reading(void **state) {
    (void)state;
    static const struct hw_source_ops broken = {.read_at = read_fails};
    struct hw_source source = {.ops = &broken, .size = 30};
    struct verify_desk desk;
    struct hw_verify_file file;
    struct hw_error err = HW_ERROR_INIT;
    objects_put(&desk);
    assert_int_equal(source_verify(&desk, "mem://none.csv", &source, HW_VERIFY_PAGES, &file, &err), HW_ENOTFOUND);
    assert_int_equal(hw_verify_file_findings(&file), 0);
    hw_verify_file_release(&file);
    /* The ZIP has several texts, and cannot be read when these are looked for. */
    assert_int_equal(source_verify(&desk, "mem://two.zip", &source, HW_VERIFY_PAGES, &file, &err), HW_EIO);
    assert_string_equal(err.message, "the disk is broken");
    assert_int_equal(hw_verify_file_findings(&file), 0);
    hw_verify_file_release(&file);
    verify_desk_release(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_have_findings),
        cmocka_unit_test(findings_tell_the_place),
        cmocka_unit_test(rows_of_a_cut_text_are_not_known),
        cmocka_unit_test(failures_are_those_of_reading),
    };
    return cmocka_run_group_tests_name("pipeline/verify_csv", tests, NULL, NULL);
}
