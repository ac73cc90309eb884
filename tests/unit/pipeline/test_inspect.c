/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of hw_inspect: which files are found and told of, and what a call comes to. */
#include <hawser/inspect.h>

#include <stdio.h>

#include "unit/pipeline/verify_desk.h"

#define PARQUET "mem://a.parquet parquet HW_OK 2\n"
#define AVRO "mem://b.avro avro HW_OK -1\n"
#define TEXT "mem://c.csv - HW_EUNSUPPORTED 0\n"
#define MISSING "mem://none.parquet - HW_ENOTFOUND 0\n"

enum { SOURCES_MAX = 4 };

/* FileCryptoMetaData of AES_GCM_V1 as the footer; only the end tells it. */
static const char secret[] = "PAR1\x1c\x1c\x00\x00\x00\x05\x00\x00\x00PARE";

/* What was told, a line a file, and what is returned of it. */
struct told {
    struct hw_buf text;
    enum hw_status refuses;
    char message[512]; /* of the last file that could not be read */
};

static enum hw_status file_take(void *ctx, const struct hw_inspected *file, struct hw_error *err) {
    struct told *told = ctx;
    if (told->refuses) {
        return hw_fail(err, told->refuses, "no file is wanted");
    }
    assert_row_int(file->path, file->error ? file->error->status : HW_OK, file->status);
    if (file->error) {
        assert_string_equal(file->error->object, file->path);
        snprintf(told->message, sizeof(told->message), "%.511s", file->error->message);
    }
    return hw_buf_printf(&told->text, err, "%s %s %s %" PRId64 "\n", file->path, file->format ? file->format : "-",
                         hw_status_name(file->status), file->rows);
}

static void files_put(struct verify_desk *desk) {
    verify_desk_init(desk);
    desk_make(desk, "mem://a.parquet", "id,t\n1,a\n2,b\n");
    desk_make(desk, "mem://b.avro", "id,t\n1,a\n2,b\n");
    desk_make(desk, "mem://lake/x/a.parquet", "id,t\n1,a\n2,b\n");
    desk_make(desk, "mem://lake/b.avro", "id,t\n1,a\n2,b\n");
    desk_put_text(desk, "lake/c.csv", "a,b\n1,2\n");
    desk_put_text(desk, "lake/_temporary/d.parquet", "");
    desk_flip(desk, "a.parquet", "data", 0);
    desk_put_text(desk, "c.csv", "a,b\n1,2\n");
    desk_put_text(desk, "c.parquet", "a,b\n1,2\n");
    desk_put_text(desk, "c.avro", "a,b\n1,2\n");
    desk_put_text(desk, "d.parquet", "PAR");
    desk_put(desk, "secret", secret, sizeof(secret) - 1);
}

static const struct {
    const char *name;
    const char *sources[SOURCES_MAX];
    struct hw_inspect_options options;
    enum hw_status want;
    const char *says; /* of the call */
    const char *told;
    const char *file_says;
} calls[] = {
    {"Parquet", {"mem://a.parquet"}, {0}, HW_OK, "", PARQUET, ""},
    {"Avro", {"mem://b.avro"}, {0}, HW_OK, "", AVRO, ""},
    {"Avro whose blocks are counted",
     {"mem://b.avro"},
     {.parts = HW_INSPECT_ROWS},
     HW_OK,
     "",
     "mem://b.avro avro HW_OK 2\n",
     ""},
    {"in the order of the sources", {"mem://b.avro", "mem://a.parquet"}, {0}, HW_OK, "", AVRO PARQUET, ""},
    {"a folder",
     {"mem://lake/"},
     {0},
     HW_OK,
     "",
     "mem://lake/b.avro avro HW_OK -1\nmem://lake/x/a.parquet parquet HW_OK 2\n",
     ""},
    {"a glob", {"mem://lake/x/*.parquet"}, {0}, HW_OK, "", "mem://lake/x/a.parquet parquet HW_OK 2\n", ""},
    {"a glob of what folders leave out",
     {"mem://lake/**/*.parquet"},
     {0},
     HW_EPARTIAL,
     "1 of 2 files could not be read",
     "mem://lake/_temporary/d.parquet - HW_EDATA 0\nmem://lake/x/a.parquet parquet HW_OK 2\n",
     "it is no Parquet file"},
    {"its end says what it is",
     {"mem://data"},
     {0},
     HW_EDATA,
     "",
     "mem://data - HW_EDATA 0\n",
     "a Parquet file starts with PAR1, this one does not"},
    {"its end says that it is encrypted",
     {"mem://secret"},
     {0},
     HW_EUNSUPPORTED,
     "",
     "mem://secret - HW_EUNSUPPORTED 0\n",
     "the footer is encrypted with AES_GCM_V1"},
    {"a column", {"mem://a.parquet"}, {.columns = "t"}, HW_OK, "", PARQUET, ""},
    {"a text", {"mem://c.csv"}, {0}, HW_EUNSUPPORTED, "", TEXT, "it is neither Parquet nor Avro: no PAR1 or Obj"},
    {"a text that is called Parquet",
     {"mem://c.parquet"},
     {0},
     HW_EDATA,
     "",
     "mem://c.parquet - HW_EDATA 0\n",
     "it is no Parquet file, whatever its name says: no PAR1 at its start"},
    {"a text that is called Avro",
     {"mem://c.avro"},
     {0},
     HW_EDATA,
     "",
     "mem://c.avro - HW_EDATA 0\n",
     "it is no Avro file, whatever its name says: no Obj at its start"},
    {"a few bytes", {"mem://d.parquet"}, {0}, HW_EDATA, "", "mem://d.parquet - HW_EDATA 0\n", "it is no Parquet file"},
    {"one that is not there", {"mem://none.parquet"}, {0}, HW_ENOTFOUND, "", MISSING, ""},
    {"one of two",
     {"mem://c.csv", "mem://a.parquet"},
     {0},
     HW_EPARTIAL,
     "1 of 2 files could not be read",
     TEXT PARQUET,
     "neither"},
    {"none of two: the first counts",
     {"mem://none.parquet", "mem://c.csv"},
     {0},
     HW_ENOTFOUND,
     "",
     MISSING TEXT,
     "neither"},
    {"columns of Avro end the call",
     {"mem://b.avro", "mem://a.parquet", "mem://c.csv"},
     {.columns = "tt"},
     HW_EUSAGE,
     "--columns is for Parquet",
     "",
     ""},
    {"no such column of Parquet",
     {"mem://a.parquet", "mem://c.csv"},
     {.columns = "tt"},
     HW_EUSAGE,
     "there is no column \"tt\"; did you mean \"t\"?",
     "",
     ""},
    {"standard input", {"-"}, {0}, HW_EUSAGE, "standard input cannot be inspected: name the file", "", ""},
    {"no source", {NULL}, {0}, HW_EUSAGE, "no source is named", "", ""},
    {"a folder with nothing",
     {"mem://empty/"},
     {0},
     HW_ENOTFOUND,
     "found no file that is Parquet or Avro by its name",
     "",
     ""},
    {"no such store", {"nowhere://x"}, {0}, HW_EUSAGE, "", "", ""},
    {"options of no version",
     {"mem://a.parquet"},
     {.size = 8},
     HW_EUSAGE,
     "struct hw_inspect_options says that it has 8 bytes",
     "",
     ""},
    {"options of a later version",
     {"mem://a.parquet"},
     {.store.reserved = {calls}},
     HW_EUSAGE,
     "hw_store_options",
     "",
     ""},
};

static enum hw_status inspect(const struct verify_desk *desk, const char *const *sources,
                              const struct hw_inspect_options *given, struct told *told, struct hw_error *err) {
    struct hw_inspect_options options = *given;
    size_t count = 0;
    options.store.stores = &desk->store;
    options.store.stores_count = 1;
    while (sources[count]) {
        count++;
    }
    return hw_inspect(sources, count, &options, file_take, told, err);
}

static void files_are_told_as_they_are_found(void **state) {
    (void)state;
    struct verify_desk desk;
    files_put(&desk);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct told told = {.refuses = HW_OK};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(calls[i].name, inspect(&desk, calls[i].sources, &calls[i].options, &told, &err), calls[i].want);
        assert_row_says(calls[i].name, err.message, calls[i].says);
        assert_ok(hw_buf_append_byte(&told.text, '\0', &err), err);
        assert_row_text(calls[i].name, (const char *)told.text.data, calls[i].told);
        assert_row_says(calls[i].name, told.message, calls[i].file_says);
        hw_buf_release(&told.text);
    }
    verify_desk_release(&desk);
}

static void a_callee_can_end_a_call(void **state) {
    (void)state;
    static const char *const sources[][SOURCES_MAX] = {{"mem://a.parquet"}, {"mem://none.parquet"}, {"mem://lake/"}};
    struct verify_desk desk;
    files_put(&desk);
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        struct told told = {.refuses = HW_ECANCELLED};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(sources[i][0], inspect(&desk, sources[i], &(struct hw_inspect_options){0}, &told, &err),
                       HW_ECANCELLED);
        assert_string_equal(err.message, "no file is wanted");
    }
    verify_desk_release(&desk);
}

/* Options and error may be NULL; a path without a scheme is a file. */
static void what_may_be_null_may_be_null(void **state) {
    (void)state;
    struct told told = {.refuses = HW_OK};
    static const char *const source = "tests/unit/pipeline/test_inspect.c";
    assert_int_equal(hw_inspect(&source, 1, NULL, file_take, &told, NULL), HW_EUNSUPPORTED);
    hw_buf_release(&told.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_told_as_they_are_found),
        cmocka_unit_test(a_callee_can_end_a_call),
        cmocka_unit_test(what_may_be_null_may_be_null),
    };
    return cmocka_run_group_tests_name("pipeline/inspect", tests, NULL, NULL);
}
