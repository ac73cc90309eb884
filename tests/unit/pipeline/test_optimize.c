/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of hw_optimize: what becomes of files, what is told of them, and what a call comes to. */
#include <hawser/optimize.h>

#include <stdio.h>

#include "support/alloc_fault.h"
#include "unit/pipeline/optimize_desk.h"

enum { ROWS = 2000, SOURCES_MAX = 4 };

/* The footer is encrypted, as the magic at the end says: FileCryptoMetaData of AES_GCM_V1. */
static const char secret[] = "PAR1\x1c\x1c\x00\x00\x00\x05\x00\x00\x00PARE";

/* Fills a desk: of a.parquet, with five row groups, there are several copies that are broken. */
static void files_put(struct optimize_desk *desk) {
    HW_AUTO(hw_buf) bytes = {0};
    optimize_desk_init(desk);
    optimize_make(desk, "a.parquet", ROWS, 500);
    optimize_make(desk, "lake/x/b.parquet", 1000, 0);
    optimize_make(desk, "lake/c.pq", 1, 0);
    desk_put_text(&desk->files, "lake/notes.txt", "no Parquet file");
    desk_put_text(&desk->files, "csv.parquet", "id,t\n1,a\n2,b\n3,c\n4,d\n");
    desk_put(&desk->files, "secret.parquet", secret, sizeof(secret) - 1);
    desk_put_text(&desk->files, "there.parquet", "something");
    optimize_copy(desk, "a.parquet", &bytes);
    bytes.data[1000] ^= 1;
    desk_put(&desk->files, "spoilt.parquet", bytes.data, bytes.size);
}

#define A_DONE " rewritten HW_OK rows 2000 groups 5-1 proved\n"

static const struct call_row {
    const char *name;
    const char *sources[SOURCES_MAX];
    const char *target;
    struct hw_optimize_options options;
    enum hw_status want;
    const char *says;
    const char *told;
    /* An object that is there afterwards, or that is not; NULL: none is looked for. */
    const char *there, *absent;
} calls[] = {
    {"to another place",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {0},
     HW_OK,
     "",
     "mem://a.parquet mem://out.parquet" A_DONE,
     "out.parquet",
     NULL},
    {"to a folder",
     {"mem://a.parquet"},
     "mem://out/",
     {0},
     HW_OK,
     "",
     "mem://a.parquet mem://out/a.parquet" A_DONE,
     "out/a.parquet",
     NULL},
    {"in place",
     {"mem://a.parquet"},
     "mem://a.parquet",
     {0},
     HW_OK,
     "",
     "mem://a.parquet mem://a.parquet" A_DONE,
     "a.parquet",
     NULL},
    {"a folder of files",
     {"mem://lake/"},
     "mem://out/",
     {.force = true},
     HW_OK,
     "",
     "mem://lake/c.pq mem://out/c.pq rewritten HW_OK rows 1 groups 1-1 proved\n"
     "mem://lake/x/b.parquet mem://out/x/b.parquet rewritten HW_OK rows 1000 groups 1-1 proved\n",
     "out/x/b.parquet",
     "out/notes.txt"},
    {"a folder in place",
     {"mem://lake/"},
     "mem://lake/",
     {0},
     HW_OK,
     "",
     "mem://lake/c.pq mem://lake/c.pq kept HW_OK rows 1 groups 1-1 proved\n"
     "mem://lake/x/b.parquet mem://lake/x/b.parquet rewritten HW_OK rows 1000 groups 1-1 proved\n",
     NULL,
     NULL},
    {"what does not become smaller is copied",
     {"mem://lake/c.pq"},
     "mem://out.parquet",
     {0},
     HW_OK,
     "",
     "mem://lake/c.pq mem://out.parquet kept HW_OK rows 1 groups 1-1 proved\n",
     "out.parquet",
     NULL},
    {"but written where a codec is asked for",
     {"mem://lake/c.pq"},
     "mem://out.parquet",
     {.compression = "snappy"},
     HW_OK,
     "",
     "mem://lake/c.pq mem://out.parquet rewritten HW_OK rows 1 groups 1-1 proved\n",
     "out.parquet",
     NULL},
    {"and where columns are",
     {"mem://lake/c.pq"},
     "mem://out.parquet",
     {.columns = {.drop = (const char *const[]){"t"}, .drop_count = 1}},
     HW_OK,
     "",
     "mem://lake/c.pq mem://out.parquet rewritten HW_OK rows 1 groups 1-1 proved\n",
     "out.parquet",
     NULL},
    {"small row groups",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.row_group_rows = 300, .force = true},
     HW_OK,
     "",
     "mem://a.parquet mem://out.parquet rewritten HW_OK rows 2000 groups 5-7 proved\n",
     "out.parquet",
     NULL},
    {"a dry run",
     {"mem://a.parquet"},
     NULL,
     {.dry_run = true},
     HW_OK,
     "",
     "mem://a.parquet - planned HW_OK rows 2000 groups 5-1 proved\n",
     NULL,
     NULL},
    {"a dry run with a target",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.dry_run = true},
     HW_OK,
     "",
     "mem://a.parquet mem://out.parquet planned HW_OK rows 2000 groups 5-1 proved\n",
     NULL,
     "out.parquet"},
    {"something is replaced",
     {"mem://a.parquet"},
     "mem://there.parquet",
     {0},
     HW_OK,
     "",
     "mem://a.parquet mem://there.parquet" A_DONE,
     "there.parquet",
     NULL},
    {"something is skipped",
     {"mem://a.parquet"},
     "mem://there.parquet",
     {.overwrite = HW_OVERWRITE_SKIP},
     HW_OK,
     "",
     "mem://a.parquet mem://there.parquet skipped HW_OK rows 0 groups 0-0\n",
     NULL,
     NULL},
    {"nothing is skipped",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.overwrite = HW_OVERWRITE_SKIP},
     HW_OK,
     "",
     "mem://a.parquet mem://out.parquet" A_DONE,
     "out.parquet",
     NULL},
    {"the source is not skipped",
     {"mem://a.parquet"},
     "mem://a.parquet",
     {.overwrite = HW_OVERWRITE_SKIP},
     HW_OK,
     "",
     "mem://a.parquet mem://a.parquet" A_DONE,
     NULL,
     NULL},
    {"the source is there, and no fault",
     {"mem://a.parquet"},
     "mem://a.parquet",
     {.overwrite = HW_OVERWRITE_FAIL},
     HW_OK,
     "",
     "mem://a.parquet mem://a.parquet" A_DONE,
     NULL,
     NULL},
    {"something is a fault",
     {"mem://a.parquet"},
     "mem://there.parquet",
     {.overwrite = HW_OVERWRITE_FAIL},
     HW_EEXISTS,
     "exists already",
     "mem://a.parquet mem://there.parquet failed HW_EEXISTS rows 2000 groups 5-1 proved\n",
     NULL,
     NULL},
    {"a text",
     {"mem://csv.parquet"},
     "mem://out.parquet",
     {0},
     HW_EDATA,
     "PAR1",
     "mem://csv.parquet mem://out.parquet failed HW_EDATA rows 0 groups 0-0\n",
     NULL,
     "out.parquet"},
    {"an encrypted file",
     {"mem://secret.parquet"},
     "mem://out.parquet",
     {0},
     HW_EUNSUPPORTED,
     "encrypted",
     "mem://secret.parquet mem://out.parquet failed HW_EUNSUPPORTED rows 0 groups 0-0\n",
     NULL,
     "out.parquet"},
    {"a wrong page",
     {"mem://spoilt.parquet"},
     "mem://out.parquet",
     {0},
     HW_EDATA,
     "row group 0, column ",
     "mem://spoilt.parquet mem://out.parquet failed HW_EDATA rows 2000 groups 5-5\n",
     NULL,
     "out.parquet"},
    {"a page that is too large",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.page_bytes_max = 10},
     HW_ELIMIT,
     "row group 0, column ",
     "mem://a.parquet mem://out.parquet failed HW_ELIMIT rows 2000 groups 5-5\n",
     NULL,
     "out.parquet"},
    {"one of three fails",
     {"mem://a.parquet", "mem://csv.parquet", "mem://lake/c.pq"},
     "mem://out/",
     {0},
     HW_EPARTIAL,
     "1 of 3 files could not be optimised",
     "mem://a.parquet mem://out/a.parquet" A_DONE
     "mem://csv.parquet mem://out/csv.parquet failed HW_EDATA rows 0 groups 0-0\n"
     "mem://lake/c.pq mem://out/c.pq kept HW_OK rows 1 groups 1-1 proved\n",
     "out/c.pq",
     "out/csv.parquet"},
    {"a file that is not there",
     {"mem://none.parquet"},
     "mem://out.parquet",
     {0},
     HW_ENOTFOUND,
     "no such object",
     "mem://none.parquet mem://out.parquet failed HW_ENOTFOUND rows 0 groups 0-0\n",
     NULL,
     "out.parquet"},
    {"a folder without files", {"mem://empty/"}, "mem://out/", {0}, HW_ENOTFOUND, "found no objects", "", NULL, NULL},
    {"several sources to a file",
     {"mem://a.parquet", "mem://lake/c.pq"},
     "mem://out.parquet",
     {0},
     HW_EUSAGE,
     "several sources need a folder as destination: end \"mem://out.parquet\" with '/'",
     "",
     NULL,
     "out.parquet"},
    {"a folder to a file",
     {"mem://lake/"},
     "mem://out.parquet",
     {0},
     HW_EUSAGE,
     "need a folder as destination",
     "",
     NULL,
     "out.parquet"},
    {"no destination", {"mem://a.parquet"}, NULL, {0}, HW_EUSAGE, "a destination is missing", "", NULL, NULL},
    {"no sources", {NULL}, "mem://out/", {0}, HW_EUSAGE, "no source is named", "", NULL, NULL},
    {"standard input",
     {"-"},
     "mem://out.parquet",
     {0},
     HW_EUSAGE,
     "standard input cannot be optimised: name the file",
     "",
     NULL,
     NULL},
    {"standard output",
     {"mem://a.parquet"},
     "-",
     {0},
     HW_EUSAGE,
     "an optimised file cannot be written to standard output: name a file",
     "",
     NULL,
     NULL},
    {"a web page", {"mem://a.parquet"}, "https://example.com/a.parquet", {0}, HW_EUSAGE, "https", "", NULL, NULL},
    {"a codec that is none",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.compression = "zip"},
     HW_EUSAGE,
     "zip",
     "",
     NULL,
     NULL},
    {"an effort that is none",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.effort = (enum hw_effort)3},
     HW_EUSAGE,
     "there is no effort 3",
     "",
     NULL,
     NULL},
    {"an unknown column",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.select = (const char *const[]){"idd"}, .select_count = 1}},
     HW_EUSAGE,
     "--select names the column \"idd\", which is not there; did you mean \"id\"?",
     "",
     NULL,
     "out.parquet"},
    {"an unknown column in a dry run",
     {"mem://a.parquet"},
     NULL,
     {.dry_run = true, .columns = {.drop = (const char *const[]){"idd"}, .drop_count = 1}},
     HW_EUSAGE,
     "--drop names the column \"idd\"",
     "",
     NULL,
     NULL},
    {"two columns of one name",
     {"mem://a.parquet"},
     "mem://a.parquet",
     {.columns = {.renames = (const struct hw_column_rename[]){{"t", "n"}}, .renames_count = 1}},
     HW_EUSAGE,
     "the columns \"t\" and \"n\" would both be called \"n\"",
     "",
     NULL,
     NULL},
    {"select and drop",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.select = (const char *const[]){"id"},
                  .select_count = 1,
                  .drop = (const char *const[]){"t"},
                  .drop_count = 1}},
     HW_EUSAGE,
     "columns are either selected or dropped, not both",
     "",
     NULL,
     NULL},
    {"a name that is missing",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.select = (const char *const[]){"id", NULL}, .select_count = 2}},
     HW_EUSAGE,
     "a column that is to be chosen or renamed has no name",
     "",
     NULL,
     NULL},
    {"a drop that is missing",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.drop = (const char *const[]){NULL}, .drop_count = 1}},
     HW_EUSAGE,
     "has no name",
     "",
     NULL,
     NULL},
    {"a new name that is missing",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.renames = (const struct hw_column_rename[]){{"id", NULL}}, .renames_count = 1}},
     HW_EUSAGE,
     "has no name",
     "",
     NULL,
     NULL},
    {"types",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.types = (const struct hw_column_type[]){{"id", "int8"}}, .types_count = 1}},
     HW_EUSAGE,
     "optimising keeps types and names",
     "",
     NULL,
     NULL},
    {"a style of names",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.names_style = HW_NAMES_SNAKE}},
     HW_EUSAGE,
     "optimising keeps types and names",
     "",
     NULL,
     NULL},
    {"a column of sources",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.add_source = "s"}},
     HW_EUSAGE,
     "optimising keeps types and names",
     "",
     NULL,
     NULL},
    {"a report that cannot be written",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.report_path = "https://example.com/r.json"},
     HW_EUSAGE,
     "https",
     "",
     NULL,
     "out.parquet"},
    {"options of no version",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.size = 8},
     HW_EUSAGE,
     "struct hw_optimize_options says that it has 8 bytes",
     "",
     NULL,
     NULL},
    {"sources of a later version",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.source_store = {.reserved = {secret}}},
     HW_EUSAGE,
     "hw_store_options",
     "",
     NULL,
     NULL},
    {"targets of a later version",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.target_store = {.reserved = {secret}}},
     HW_EUSAGE,
     "hw_store_options",
     "",
     NULL,
     NULL},
    {"columns of a later version",
     {"mem://a.parquet"},
     "mem://out.parquet",
     {.columns = {.reserved = {secret}}},
     HW_EUSAGE,
     "hw_columns_options",
     "",
     NULL,
     NULL},
};

static void files_are_told_with_what_became_of_them(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct optimize_desk desk;
        const struct call_row *row = &calls[i];
        files_put(&desk);
        assert_row_int(row->name, optimize_run(&desk, row->sources, row->target, &row->options), row->want);
        assert_row_says(row->name, desk.err.message, row->says);
        assert_row_int(row->name, desk.err.status, row->want);
        optimize_check_told(row->name, &desk, row->told);
        assert_row_int(row->name, !row->there || optimize_size(&desk, row->there) > 0, true);
        assert_row_int(row->name, !row->absent || optimize_size(&desk, row->absent) == 0, true);
        optimize_desk_release(&desk);
    }
}

/* What is told of sizes is what is there, and a copy is one byte by byte. */
static void sizes_are_those_of_the_objects(void **state) {
    (void)state;
    struct optimize_desk desk;
    HW_AUTO(hw_buf) small = {0};
    static const char *const sources[] = {"mem://a.parquet", "mem://lake/c.pq", "mem://csv.parquet", NULL};
    files_put(&desk);
    const size_t a = optimize_size(&desk, "a.parquet"), c = optimize_size(&desk, "lake/c.pq");
    optimize_copy(&desk, "lake/c.pq", &small);
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &(struct hw_optimize_options){0}), HW_EPARTIAL);
    assert_int_equal(desk.sums.files, 3);
    assert_int_equal(desk.sums.outcomes[HW_OPTIMIZE_REWRITTEN], 1);
    assert_int_equal(desk.sums.outcomes[HW_OPTIMIZE_KEPT], 1);
    assert_int_equal(desk.sums.outcomes[HW_OPTIMIZE_FAILED], 1);
    assert_int_equal(desk.sums.rows, ROWS + 1);
    const size_t csv = optimize_size(&desk, "csv.parquet");
    assert_int_equal(desk.sums.bytes_before, a + c + csv);
    assert_int_equal(desk.sums.bytes_after, optimize_size(&desk, "out/a.parquet") + c + csv);
    assert_true(optimize_size(&desk, "out/a.parquet") < a);
    optimize_check_bytes("a copy", &desk, "out/c.pq", hw_buf_view(&small));
    optimize_desk_release(&desk);
}

static const char *const texts[] = {"t"};
static const char *const words[] = {"word"};
static const struct hw_column_rename new_name[] = {{"t", "u"}};

/* A second run with the same options leaves alone what the first has made, whatever threads and memory are. */
static void what_was_done_is_left_alone(void **state) {
    (void)state;
    struct optimize_desk desk;
    HW_AUTO(hw_buf) first = {0};
    static const char *const sources[] = {"mem://a.parquet", NULL};
    static const struct {
        const char *name;
        struct hw_optimize_options options;
        const char *outcome;
    } rows[] = {
        {"the same options", {0}, "already"},
        {"other threads and memory", {.threads = 1, .memory_bytes = HW_MIB(8)}, "already"},
        {"a dry run", {.dry_run = true}, "already"},
        {"force", {.force = true}, "rewritten"},
        {"another effort", {.effort = HW_EFFORT_FAST}, "kept"},
        {"a codec", {.compression = "zstd:1"}, "rewritten"},
        {"other encodings", {.encodings_compat = true, .force = true}, "rewritten"},
        {"other row groups", {.row_group_rows = 100, .force = true}, "rewritten"},
        {"other bytes of row groups", {.row_group_bytes = 1000, .force = true}, "rewritten"},
        {"other columns", {.columns = {.drop = texts, .drop_count = 1}}, "rewritten"},
        {"other names", {.columns = {.renames = new_name, .renames_count = 1}}, "rewritten"},
        {"a choice of columns", {.columns = {.select = texts, .select_count = 1}}, "rewritten"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        files_put(&desk);
        assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), desk.err);
        optimize_copy(&desk, "a.parquet", &first);
        assert_ok(optimize_run(&desk, sources, sources[0], &rows[i].options), desk.err);
        assert_ok(hw_buf_append_byte(&desk.told, '\0', &desk.err), desk.err);
        assert_row_says(rows[i].name, (const char *)desk.told.data, rows[i].outcome);
        if (strcmp(rows[i].outcome, "rewritten") != 0) {
            optimize_check_bytes(rows[i].name, &desk, "a.parquet", hw_buf_view(&first));
        }
        /* With options that change what is made, the digest is another one: it is not taken for done. */
        if (rows[i].options.columns.drop_count > 0) {
            assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), desk.err);
            assert_ok(hw_buf_append_byte(&desk.told, '\0', &desk.err), desk.err);
            assert_row_says(rows[i].name, (const char *)desk.told.data, " kept HW_OK ");
        }
        optimize_desk_release(&desk);
    }
}

/* Elsewhere an output that was made before is a copy. */
static void what_was_done_is_copied_elsewhere(void **state) {
    (void)state;
    struct optimize_desk desk;
    HW_AUTO(hw_buf) first = {0};
    static const char *const sources[] = {"mem://a.parquet", NULL};
    files_put(&desk);
    assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), desk.err);
    optimize_copy(&desk, "a.parquet", &first);
    assert_ok(optimize_run(&desk, sources, "mem://copy.parquet", &(struct hw_optimize_options){0}), desk.err);
    optimize_check_told("a copy", &desk, "mem://a.parquet mem://copy.parquet already HW_OK rows 2000 groups 1-1\n");
    optimize_check_bytes("a copy", &desk, "copy.parquet", hw_buf_view(&first));
    optimize_desk_release(&desk);
}

/* More files than are found at once are told in the order of the listing, by however many threads. */
static void many_files_are_told_in_their_order(void **state) {
    (void)state;
    enum { FILES = 150 };
    struct optimize_desk desk;
    HW_AUTO(hw_buf) want = {0};
    HW_AUTO(hw_buf) one = {0};
    static const char *const sources[] = {"mem://many/", NULL};
    optimize_desk_init(&desk);
    optimize_make(&desk, "one.parquet", 3, 0);
    optimize_copy(&desk, "one.parquet", &one);
    for (int i = 0; i < FILES; i++) {
        char key[32];
        snprintf(key, sizeof(key), "many/%03d.parquet", i);
        desk_put(&desk.files, key, one.data, i % 50 == 49 ? 3 : one.size);
        assert_ok(hw_buf_printf(&want, &desk.err, "mem://%s mem://out/%03d.parquet %s\n", key, i,
                                i % 50 == 49 ? "failed HW_EDATA rows 0 groups 0-0"
                                             : "rewritten HW_OK rows 3 groups 1-1 proved"),
                  desk.err);
    }
    assert_ok(hw_buf_append_byte(&want, '\0', &desk.err), desk.err);
    const struct hw_optimize_options options = {.threads = 3, .force = true};
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &options), HW_EPARTIAL);
    assert_string_equal(desk.err.message, "3 of 150 files could not be optimised");
    optimize_check_told("many", &desk, (const char *)want.data);
    optimize_desk_release(&desk);
}

/* A file that the options do not fit ends the call; what was done beside it is told. */
static void what_was_done_is_told_though_the_call_ends(void **state) {
    (void)state;
    struct optimize_desk desk;
    static const char *const sources[] = {"mem://lake/", NULL};
    const struct hw_optimize_options options = {.columns = {.drop = words, .drop_count = 1}};
    optimize_desk_init(&desk);
    desk_make(&desk.files, "mem://lake/1.parquet", "word,n\na,1\n");
    desk_make(&desk.files, "mem://lake/2.parquet", "text,n\na,1\n");
    desk_make(&desk.files, "mem://lake/3.parquet", "word,n\na,1\n");
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &options), HW_EUSAGE);
    assert_row_says("a column", desk.err.message, "--drop names the column \"word\", which is not there");
    assert_string_equal(desk.err.object, "mem://lake/2.parquet");
    optimize_check_told("others", &desk,
                        "mem://lake/1.parquet mem://out/1.parquet rewritten HW_OK rows 1 groups 1-1 proved\n"
                        "mem://lake/3.parquet mem://out/3.parquet rewritten HW_OK rows 1 groups 1-1 proved\n");
    assert_int_equal(desk.sums.files, 2);
    optimize_desk_release(&desk);
}

static void a_listener_can_end_a_call(void **state) {
    (void)state;
    struct optimize_desk desk;
    static const char *const sources[] = {"mem://a.parquet", "mem://lake/c.pq", NULL};
    files_put(&desk);
    desk.refuses = HW_EIO;
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &(struct hw_optimize_options){0}), HW_EIO);
    assert_string_equal(desk.err.message, "no file is wanted");
    assert_int_equal(desk.sums.files, 1);
    optimize_desk_release(&desk);
}

/* The report holds what was told, and is not there where the call has failed. */
static void the_report_is_whole_or_not_there(void **state) {
    (void)state;
    struct optimize_desk desk;
    const void *data;
    size_t size;
    static const char *const sources[] = {"mem://a.parquet", "mem://csv.parquet", NULL};
    const struct hw_optimize_options options = {.report_path = "mem://r.json"};
    files_put(&desk);
    desk.refuses = HW_EIO;
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &options), HW_EIO);
    assert_int_equal(optimize_size(&desk, "r.json"), 0);
    desk.refuses = HW_OK;
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &options), HW_EPARTIAL);
    assert_int_equal(hw_memory_store_get(desk.files.store, "r.json", &data, &size, NULL), HW_OK);
    HW_AUTO(hw_buf) text = {0};
    assert_ok(hw_buf_append(&text, data, size, &desk.err), desk.err);
    assert_ok(hw_buf_append_byte(&text, '\0', &desk.err), desk.err);
    static const char *const parts[] = {
        "{\"type\":\"object\",\"source\":\"mem://a.parquet\",\"output\":\"mem://out/a.parquet\","
        "\"outcome\":\"rewritten\",\"rows\":2000,\"row_groups_before\":5,\"row_groups_after\":1,",
        "\n{\"type\":\"object\",\"source\":\"mem://csv.parquet\",\"output\":\"mem://out/csv.parquet\","
        "\"outcome\":\"failed\",",
        "\n{\"type\":\"summary\",\"files\":2,\"rewritten\":1,\"kept\":0,\"already\":0,\"planned\":0,\"skipped\":0,"
        "\"failed\":1,\"rows\":2000,",
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        assert_row_says("report", (const char *)text.data, parts[i]);
    }
    optimize_desk_release(&desk);
}

/* The short call has the defaults, here with local files. */
static void one_file_has_a_call_of_its_own(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_optimize_file("/nowhere/a.parquet", "/nowhere/b.parquet", &err), HW_ENOTFOUND);
    assert_int_equal(hw_optimize_file("/nowhere/a.parquet", NULL, &err), HW_EUSAGE);
}

/* Sums are set also where the options are refused. */
static void sums_are_set_in_any_case(void **state) {
    (void)state;
    struct hw_optimize_sums sums;
    const char *source = "mem://a.parquet";
    memset(&sums, 0x55, sizeof(sums));
    const struct hw_optimize_options options = {.size = 8};
    assert_int_equal(hw_optimize(&source, 1, NULL, &options, NULL, &sums, NULL), HW_EUSAGE);
    static const struct hw_optimize_sums none;
    assert_memory_equal(&sums, &none, sizeof(sums));
}

/* Wherever memory is missing, the call says so, or has done without; the source stays whole. */
static void missing_memory_ends_a_call(void **state) {
    (void)state;
    static const char *const source = "mem://a.parquet";
    size_t failures = 0;
    for (bool fired = true; fired; failures++) {
        struct optimize_desk desk;
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) before = {0};
        optimize_desk_init(&desk);
        optimize_make(&desk, "a.parquet", 30, 0);
        optimize_copy(&desk, "a.parquet", &before);
        const struct hw_optimize_options options = {.threads = 1,
                                                    .force = true,
                                                    .report_path = "mem://r.json",
                                                    .source_store = {.stores = &desk.files.store, .stores_count = 1},
                                                    .target_store = {.stores = &desk.files.store, .stores_count = 1}};
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_optimize(&source, 1, source, &options, NULL, NULL, &err);
        fired = alloc_fault_end(&fault);
        if (status) {
            assert_int_equal(status, HW_ENOMEM);
            assert_int_equal(optimize_size(&desk, "r.json"), 0);
        }
        assert_true(optimize_size(&desk, "a.parquet") > 0);
        optimize_desk_release(&desk);
    }
    assert_true(failures > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_told_with_what_became_of_them),
        cmocka_unit_test(sizes_are_those_of_the_objects),
        cmocka_unit_test(what_was_done_is_left_alone),
        cmocka_unit_test(what_was_done_is_copied_elsewhere),
        cmocka_unit_test(many_files_are_told_in_their_order),
        cmocka_unit_test(what_was_done_is_told_though_the_call_ends),
        cmocka_unit_test(a_listener_can_end_a_call),
        cmocka_unit_test(the_report_is_whole_or_not_there),
        cmocka_unit_test(one_file_has_a_call_of_its_own),
        cmocka_unit_test(sums_are_set_in_any_case),
        cmocka_unit_test(missing_memory_ends_a_call),
    };
    return cmocka_run_group_tests_name("pipeline/optimize", tests, NULL, NULL);
}
