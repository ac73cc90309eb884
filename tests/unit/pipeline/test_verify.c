/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of hw_verify: what is told of files, in which order, the sums, and what a call comes to. */
#include <hawser/verify.h>

#include <stdio.h>

#include "support/alloc_fault.h"
#include "unit/parquet/file_make.h"
#include "unit/pipeline/verify_desk.h"

#define OK_PARQUET "mem://a.parquet parquet ok HW_OK errors 0 warnings 0 rows 2\n"
#define OK_CSV "mem://c.csv csv ok HW_OK errors 0 warnings 0 rows 1\n"
#define BAD_CSV                                \
    "mem://bad.csv error csv.too_few_fields\n" \
    "mem://bad.csv csv invalid HW_OK errors 1 warnings 0 rows 1\n"
#define SECRET "mem://secret.parquet parquet unsupported HW_EUNSUPPORTED errors 0 warnings 0 rows -1\n"
#define MISSING "mem://none.parquet - failed HW_ENOTFOUND errors 0 warnings 0 rows -1\n"
#define WARNED "mem://warned.parquet warning group.size\n"

enum { SOURCES_MAX = 5 };

/* The footer is encrypted, as the magic at the end says: FileCryptoMetaData of AES_GCM_V1. */
static const char secret[] = "PAR1\x1c\x1c\x00\x00\x00\x05\x00\x00\x00PARE";

/* Fills a desk with a file for each outcome. */
static void files_put(struct verify_desk *desk) {
    HW_AUTO(hw_buf) warned = {0};
    struct made_facts facts = made_facts;
    facts.total_more = 1;
    file_make(&warned, &facts);
    verify_desk_init(desk);
    desk_make(desk, "mem://a.parquet", "id,t\n1,a\n2,b\n");
    desk_make(desk, "mem://b.avro", "id,t\n1,a\n2,b\n");
    desk_flip(desk, "a.parquet", "flipped.parquet", 0);
    desk_put_text(desk, "c.csv", "a,b\n1,2\n");
    desk_put_text(desk, "bad.csv", "a,b\n1,2\n3\n");
    desk_put(desk, "secret.parquet", secret, sizeof(secret) - 1);
    desk_put(desk, "warned.parquet", warned.data, warned.size);
}

static const struct {
    const char *name;
    const char *sources[SOURCES_MAX];
    struct hw_verify_options options;
    enum hw_status want;
    const char *says;
    const char *told;
} calls[] = {
    {"a valid file", {"mem://a.parquet"}, {0}, HW_OK, "", OK_PARQUET},
    {"the footer alone", {"mem://a.parquet"}, {.level = HW_VERIFY_FOOTER}, HW_OK, "", OK_PARQUET},
    {"a warning",
     {"mem://warned.parquet"},
     {.level = HW_VERIFY_FOOTER},
     HW_OK,
     "",
     WARNED "mem://warned.parquet parquet ok HW_OK errors 0 warnings 1 rows 6\n"},
    {"a warning that counts",
     {"mem://warned.parquet"},
     {.level = HW_VERIFY_FOOTER, .strict = true},
     HW_EDATA,
     "",
     WARNED "mem://warned.parquet parquet invalid HW_OK errors 0 warnings 1 rows 6\n"},
    {"a block that nothing proves",
     {"mem://b.avro"},
     {.strict = true},
     HW_OK,
     "",
     "mem://b.avro info avro.unproved\nmem://b.avro avro ok HW_OK errors 0 warnings 0 rows 2\n"},
    {"records are values",
     {"mem://bad.csv"},
     {0},
     HW_OK,
     "",
     "mem://bad.csv csv ok HW_OK errors 0 warnings 0 rows 1\n"},
    {"a bad record", {"mem://bad.csv"}, {.level = HW_VERIFY_VALUES}, HW_EDATA, "", BAD_CSV},
    {"one of two is invalid",
     {"mem://c.csv", "mem://bad.csv"},
     {.level = HW_VERIFY_VALUES},
     HW_EDATA,
     "1 of 2 files are not valid",
     OK_CSV BAD_CSV},
    {"findings beyond the most are counted",
     {"mem://flipped.parquet"},
     {.findings_max = 1},
     HW_EDATA,
     "",
     "mem://flipped.parquet error footer.magic\n"
     "mem://flipped.parquet parquet invalid HW_OK errors 2 warnings 0 rows 2\n"},
    {"one that cannot be read", {"mem://secret.parquet"}, {0}, HW_EUNSUPPORTED, "", SECRET},
    {"one of two cannot be read",
     {"mem://secret.parquet", "mem://c.csv"},
     {0},
     HW_EPARTIAL,
     "1 of 2 files could not be looked at",
     SECRET OK_CSV},
    {"a page that is too large",
     {"mem://a.parquet"},
     {.page_bytes_max = 10},
     HW_ELIMIT,
     "",
     "mem://a.parquet parquet unsupported HW_ELIMIT errors 0 warnings 0 rows 2\n"},
    {"a page that memory has no room for",
     {"mem://a.parquet"},
     {.memory_bytes = 20, .threads = 1},
     HW_ELIMIT,
     "",
     "mem://a.parquet parquet unsupported HW_ELIMIT errors 0 warnings 0 rows 2\n"},
    {"one that is not there", {"mem://none.parquet"}, {0}, HW_ENOTFOUND, "", MISSING},
    {"one of three is not there",
     {"mem://none.parquet", "mem://secret.parquet", "mem://c.csv"},
     {0},
     HW_EPARTIAL,
     "2 of 3 files could not be looked at",
     MISSING SECRET OK_CSV},
    {"an invalid one is more than one that is not there",
     {"mem://none.parquet", "mem://bad.csv"},
     {.level = HW_VERIFY_VALUES},
     HW_EDATA,
     "1 of 2 files are not valid",
     MISSING BAD_CSV},
    {"a column of two",
     {"mem://flipped.parquet"},
     {.columns = "t"},
     HW_EDATA,
     "",
     "mem://flipped.parquet error footer.magic\n"
     "mem://flipped.parquet parquet invalid HW_OK errors 1 warnings 0 rows 2\n"},
    {"no such column ends the call",
     {"mem://a.parquet", "mem://bad.csv"},
     {.columns = "tt"},
     HW_EUSAGE,
     "there is no column \"tt\"; did you mean \"t\"?",
     ""},
    {"columns of a text end the call",
     {"mem://c.csv", "mem://a.parquet"},
     {.columns = "t"},
     HW_EUSAGE,
     "--columns is for Parquet",
     ""},
    {"standard input", {"-"}, {0}, HW_EUSAGE, "standard input cannot be verified: name the file", ""},
    {"no sources", {NULL}, {0}, HW_EUSAGE, "no source is named", ""},
    {"a folder without files", {"mem://empty/"}, {0}, HW_ENOTFOUND, "found no objects", ""},
    {"no such manifest", {"mem://a.parquet"}, {.manifest_path = "mem://none.json"}, HW_ENOTFOUND, "no such object", ""},
    {"a report that cannot be written",
     {"mem://a.parquet"},
     {.report_path = "https://example.com/r.json"},
     HW_EUSAGE,
     "https",
     ""},
    {"options of no version",
     {"mem://a.parquet"},
     {.size = 8},
     HW_EUSAGE,
     "struct hw_verify_options says that it has 8 bytes",
     ""},
    {"options of a later version",
     {"mem://a.parquet"},
     {.store.reserved = {secret}},
     HW_EUSAGE,
     "hw_store_options",
     ""},
};

static void files_are_told_with_what_was_found(void **state) {
    (void)state;
    struct verify_desk desk;
    files_put(&desk);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        assert_row_int(calls[i].name, desk_verify(&desk, calls[i].sources, &calls[i].options), calls[i].want);
        assert_row_says(calls[i].name, desk.err.message, calls[i].says);
        /* What was told of a file is not told once more. */
        assert_row_int(calls[i].name, desk.err.status != HW_OK, calls[i].says[0] != '\0');
        desk_told(calls[i].name, &desk, calls[i].told);
    }
    verify_desk_release(&desk);
}

/* The sums of a folder with a file of each outcome. */
static void sums_are_those_of_all_files(void **state) {
    (void)state;
    struct verify_desk desk;
    static const char *const sources[] = {"mem://", "mem://none.parquet", NULL};
    files_put(&desk);
    assert_int_equal(desk_verify(&desk, sources, &(struct hw_verify_options){.level = HW_VERIFY_VALUES}), HW_EDATA);

    assert_row_says("sums", desk.err.message, "2 of 8 files are not valid");
    assert_int_equal(desk.sums.files, 8);
    assert_int_equal(desk.sums.ok, 4);
    assert_int_equal(desk.sums.invalid, 2);
    assert_int_equal(desk.sums.unsupported, 1);
    assert_int_equal(desk.sums.failed, 1);
    assert_int_equal(desk.sums.errors, 3);
    assert_int_equal(desk.sums.warnings, 1);
    assert_int_equal(desk.sums.rows, 2 + 2 + 1 + 1 + 2 + 6);
    verify_desk_release(&desk);
}

static enum hw_status finding_pass(void *ctx, const char *path, const struct hw_finding *finding,
                                   struct hw_error *err) {
    (void)ctx, (void)path, (void)finding, (void)err;
    return HW_OK;
}

static enum hw_status file_pass(void *ctx, const struct hw_verified *file, struct hw_error *err) {
    (void)ctx, (void)file, (void)err;
    return HW_OK;
}

/* Wherever memory is missing, the call says so, or has done without. */
static void missing_memory_ends_a_call(void **state) {
    (void)state;
    struct verify_desk desk;
    struct alloc_fault fault;
    const struct hw_verify_listener listener = {.found = finding_pass, .file = file_pass};
    static const char *const sources[] = {"mem://bad.csv", "mem://flipped.parquet", "mem://b.avro"};
    files_put(&desk);
    const struct hw_verify_options options = {
        .level = HW_VERIFY_VALUES, .threads = 1, .store = {.stores = &desk.store, .stores_count = 1}};
    size_t failures = 0;
    for (bool fired = true; fired; failures++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_verify_sums sums = {0};
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_verify(sources, COUNT_OF(sources), &options, &listener, &sums, &err);
        fired = alloc_fault_end(&fault);
        if (status != HW_ENOMEM) {
            assert_row_int("a call that has done without", status, HW_EDATA);
            assert_row_int("a call that has done without", sums.invalid, 2);
        }
    }
    assert_true(failures > 50);
    verify_desk_release(&desk);
}

/* A status of the listener ends the call. */
static void a_listener_can_end_a_call(void **state) {
    (void)state;
    struct verify_desk desk;
    static const char *const sources[] = {"mem://c.csv", "mem://bad.csv", "mem://a.parquet", NULL};
    const struct hw_verify_options options = {.level = HW_VERIFY_VALUES};
    files_put(&desk);
    desk.refuses_finding = HW_ECANCELLED;
    assert_int_equal(desk_verify(&desk, sources, &options), HW_ECANCELLED);
    assert_string_equal(desk.err.message, "no finding is wanted");
    assert_int_equal(desk.sums.files, 1);
    desk_told("a finding", &desk, OK_CSV);
    desk.refuses_finding = HW_OK;
    desk.refuses_file = HW_EIO;
    assert_int_equal(desk_verify(&desk, sources, &options), HW_EIO);
    assert_string_equal(desk.err.message, "no file is wanted");
    desk_told("a file", &desk, "");
    verify_desk_release(&desk);
}

/* More files than are found at once, by several threads, are told in the order of the listing. */
static void many_files_are_told_in_their_order(void **state) {
    (void)state;
    enum { FILES = 150 };
    struct verify_desk desk;
    HW_AUTO(hw_buf) want = {0};
    static const char *const sources[] = {"mem://many/", NULL};
    char key[32];
    verify_desk_init(&desk);
    for (int i = 0; i < FILES; i++) {
        snprintf(key, sizeof(key), "many/%03d.csv", i);
        desk_put_text(&desk, key, i % 50 == 49 ? "a,b\n1\n" : "a,b\n1,2\n");
        assert_ok(hw_buf_printf(&want, &desk.err, i % 50 == 49 ? "mem://%s error csv.too_few_fields\n" : "", key),
                  desk.err);
        assert_ok(hw_buf_printf(&want, &desk.err, "mem://%s csv %s HW_OK errors %d warnings 0 rows %d\n", key,
                                i % 50 == 49 ? "invalid" : "ok", i % 50 == 49, i % 50 != 49),
                  desk.err);
    }
    assert_ok(hw_buf_append_byte(&want, '\0', &desk.err), desk.err);
    const struct hw_verify_options options = {.level = HW_VERIFY_VALUES, .threads = 3};
    assert_int_equal(desk_verify(&desk, sources, &options), HW_EDATA);
    assert_string_equal(desk.err.message, "3 of 150 files are not valid");
    desk_told("many", &desk, (const char *)want.data);
    verify_desk_release(&desk);
}

/* The report holds what was told, and is not there where the call has failed. */
static void the_report_is_whole_or_not_there(void **state) {
    (void)state;
    struct verify_desk desk;
    const void *data;
    size_t size;
    static const char *const sources[] = {"mem://c.csv", "mem://bad.csv", NULL};
    struct hw_verify_options options = {.report_path = "mem://r.json", .columns = NULL, .level = HW_VERIFY_VALUES};
    files_put(&desk);
    desk.refuses_file = HW_EIO;
    assert_int_equal(desk_verify(&desk, sources, &options), HW_EIO);
    assert_int_equal(hw_memory_store_get(desk.store, "r.json", &data, &size, NULL), HW_ENOTFOUND);
    desk.refuses_file = HW_OK;
    assert_int_equal(desk_verify(&desk, sources, &options), HW_EDATA);
    assert_ok(hw_memory_store_get(desk.store, "r.json", &data, &size, &desk.err), desk.err);
    static const char first[] = "{\"type\":\"file\",\"path\":\"mem://c.csv\",\"format\":\"csv\",\"level\":\"values\"";
    static const char last[] = "\"errors\":1,\"warnings\":0,\"rows\":2,\"bytes_read\":18}\n";
    assert_true(size > sizeof(first) + sizeof(last));
    assert_memory_equal(data, first, sizeof(first) - 1);
    assert_memory_equal((const char *)data + size - (sizeof(last) - 1), last, sizeof(last) - 1);
    verify_desk_release(&desk);
}

/* A call without options, sums or error. */
static void what_may_be_null_may_be_null(void **state) {
    (void)state;
    struct verify_desk desk;
    verify_desk_init(&desk);
    const struct hw_verify_listener listener = {.found = desk_found, .file = desk_file, .ctx = &desk};
    static const char *const sources[] = {"tests/unit/pipeline/none.parquet"};
    assert_int_equal(hw_verify(sources, 1, NULL, &listener, NULL, NULL), HW_ENOTFOUND);
    desk_told("defaults", &desk,
              "tests/unit/pipeline/none.parquet - failed HW_ENOTFOUND errors 0 warnings 0 rows -1\n");
    verify_desk_release(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_told_with_what_was_found), cmocka_unit_test(sums_are_those_of_all_files),
        cmocka_unit_test(missing_memory_ends_a_call),         cmocka_unit_test(a_listener_can_end_a_call),
        cmocka_unit_test(many_files_are_told_in_their_order), cmocka_unit_test(the_report_is_whole_or_not_there),
        cmocka_unit_test(what_may_be_null_may_be_null),
    };
    return cmocka_run_group_tests_name("pipeline/verify", tests, NULL, NULL);
}
