/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns that are chosen, named, typed and added, and limits, in whole conversions. Each is
 * compared with the conversion of a text in which the test has done the same by itself, however the
 * text is cut and by how many workers.
 */
#include "conversions.h"

enum { ROWS = 6000, EVERY_BAD = 50, SOURCES = 3 };

/* Ways to cut and share one text. */
static const struct way {
    const char *name;
    uint64_t row_group_bytes;
    uint32_t threads;
    uint64_t memory_bytes;
    const char *encoding; /* latin1 is read as a stream */
} ways[] = {
    {"one part", 0, 1, 0, NULL},
    {"many parts, one worker", 2000, 1, 0, NULL},
    {"many parts, four workers", 2000, 4, 0, NULL},
    {"a stream", 0, 1, 0, "latin1"},
    {"a stream, four workers", 2000, 4, 0, "latin1"},
    {"a stream, little memory", 0, 1, 48 << 20, "latin1"},
};

/* Which rows and columns of the table a text has. */
struct part {
    unsigned rows;       /* good ones, from the first on */
    bool bad;            /* bad records stand among them */
    const char *columns; /* the letters of i, v, n in their order; s: the name of the source */
    const char *header;
    const char *source;
};

/*
 * Row i: its number, a value, a text with a line end. Every 50th record is followed by a bad one.
 */
static void text_fill(struct hw_buf *text, const struct part *part) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_printf(text, &err, "%s\n", part->header), err);
    for (unsigned i = 0; i < part->rows; i++) {
        for (const char *column = part->columns; *column; column++) {
            assert_ok(hw_buf_append_text(text, column == part->columns ? "" : ",", &err), err);
            assert_ok(*column == 'i'   ? hw_buf_printf(text, &err, "%u", i)
                      : *column == 'v' ? hw_buf_printf(text, &err, "%u.5", i * 37 % 1000)
                      : *column == 's' ? hw_buf_append_text(text, part->source, &err)
                                       : hw_buf_printf(text, &err, "\"note\n%u\"", i),
                      err);
        }
        assert_ok(hw_buf_append_text(text, part->bad && i % EVERY_BAD == 0 ? "\nbad\n" : "\n", &err), err);
    }
}

static void text_write(const struct scratch *scratch, const char *name, const struct part *part) {
    HW_AUTO(hw_buf) text = {0};
    text_fill(&text, part);
    scratch_write(scratch, name, text.data, text.size);
}

static struct conversion_run run_of(const struct scratch *scratch, const char *name, const struct way *way,
                                    const struct hw_convert_options *options) {
    struct hw_convert_options own = *options;
    own.row_group_bytes = way->row_group_bytes;
    own.threads = way->threads;
    own.memory_bytes = way->memory_bytes;
    own.csv.encoding = way->encoding;
    return convert_to_rows(scratch, name, &own);
}

/* ------ choosing and naming */

static void columns_are_chosen_and_named(void **state) {
    (void)state;
    static const char *const select[] = {"Note", "Row ID"}, *const drop[] = {"Value"};
    static const struct hw_column_rename rename[] = {{"Row ID", "Note"}, {"Note", "Row ID"}};
    static const struct {
        const char *name;
        struct hw_columns_options columns;
        const char *want; /* columns and header of the text that is the same */
        const char *header;
    } rows[] = {
        {"selected", {.select = select, .select_count = 2}, "ni", "Note,Row ID"},
        {"dropped", {.drop = drop, .drop_count = 1}, "in", "Row ID,Note"},
        {"renamed", {.renames = rename, .renames_count = 2}, "ivn", "Note,Value,Row ID"},
        {"styled", {.names_style = HW_NAMES_SNAKE}, "ivn", "row_id,value,note"},
        {"all",
         {.select = select, .select_count = 2, .renames = rename, .renames_count = 1, .names_style = HW_NAMES_LOWER},
         "ni",
         "note,Note"},
    };
    struct scratch scratch = scratch_make();
    quick_io();
    text_write(&scratch, "in.csv", &(struct part){ROWS, true, "ivn", "Row ID,Value,Note", NULL});
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct part want = {ROWS, false, rows[i].want, rows[i].header, NULL};
        const struct hw_convert_options options = {.csv.bad_rows_reject = true, .columns = rows[i].columns};
        text_write(&scratch, "want.csv", &want);
        for (size_t way = 0; way < COUNT_OF(ways); way++) {
            struct conversion_run got = run_of(&scratch, "in.csv", &ways[way], &options);
            struct conversion_run same =
                run_of(&scratch, "want.csv", &ways[way], &(struct hw_convert_options){.limit_rows = 0});
            assert_ok(got.status, got.err);
            assert_row_int(rows[i].name, got.result.rejected, ROWS / EVERY_BAD);
            assert_row_text(rows[i].name, got.schema, same.schema);
            assert_row_bytes(rows[i].name, got.rows.data, got.rows.size, same.rows.data, same.rows.size);
            conversion_release(&got);
            conversion_release(&same);
        }
    }
    scratch_remove(&scratch);
}

/* ------ limits */

static void a_limit_takes_the_first_rows(void **state) {
    (void)state;
    static const unsigned limits[] = {1, 2, 49, 50, 51, 999, ROWS - 1, ROWS, ROWS + 1};
    struct scratch scratch = scratch_make();
    quick_io();
    text_write(&scratch, "in.csv", &(struct part){ROWS, true, "ivn", "i,v,n", NULL});
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        const unsigned rows = limits[i] < ROWS ? limits[i] : ROWS;
        const struct part want = {rows, false, "ivn", "i,v,n", NULL};
        const struct hw_convert_options options = {.csv.bad_rows_reject = true, .limit_rows = limits[i]};
        text_write(&scratch, "want.csv", &want);
        struct conversion_run same =
            run_of(&scratch, "want.csv", &ways[0], &(struct hw_convert_options){.limit_rows = 0});
        for (size_t way = 0; way < COUNT_OF(ways); way++) {
            struct conversion_run got = run_of(&scratch, "in.csv", &ways[way], &options);
            assert_ok(got.status, got.err);
            assert_row_int(ways[way].name, got.result.rows_out, rows);
            /* The bad record behind the last row is not met, unless there is no limit. */
            assert_row_int(ways[way].name, got.result.rejected, (rows - 1 + EVERY_BAD - 1) / EVERY_BAD);
            assert_row_int(ways[way].name, got.limited, limits[i] < ROWS);
            assert_row_int(ways[way].name, got.result.limited, limits[i] < ROWS);
            assert_row_bytes(ways[way].name, got.rows.data, got.rows.size, same.rows.data, same.rows.size);
            conversion_release(&got);
        }
        conversion_release(&same);
    }
    scratch_remove(&scratch);
}

/* A merge is one table: the limit holds for all of its texts together. */
static void a_limit_of_a_merge_is_one(void **state) {
    (void)state;
    static const char *const names[] = {"a.csv", "b.csv", "c.csv"};
    static const unsigned limits[] = {5, ROWS, ROWS + 1, 2 * ROWS, 3 * ROWS, 3 * ROWS + 1};
    struct scratch scratch = scratch_make();
    quick_io();
    for (size_t i = 0; i < SOURCES; i++) {
        text_write(&scratch, names[i], &(struct part){ROWS, false, "in", "i,n", NULL});
    }
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct hw_convert_options options = {.merge = true, .limit_rows = limits[i]};
        const unsigned rows = limits[i] < SOURCES * ROWS ? limits[i] : SOURCES * ROWS;
        struct conversion_run first = {0};
        for (uint32_t threads = 1; threads <= 4; threads += 3) {
            options.threads = threads;
            options.row_group_bytes = 3000;
            struct conversion_run got = convert_all_to_rows(&scratch, names, SOURCES, &options);
            assert_ok(got.status, got.err);
            assert_row_int("rows", got.result.rows_out, rows);
            assert_row_int("limited", got.limited, limits[i] < SOURCES * ROWS);
            if (threads == 1) {
                first = got;
            } else {
                assert_same_run("threads", &got, &first);
                conversion_release(&got);
            }
        }
        conversion_release(&first);
    }
    scratch_remove(&scratch);
}

/* A value behind the limit that the sample does not show widens nothing. */
static void a_limit_and_a_value_that_does_not_fit(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    quick_io();
    text_fill(&text, &(struct part){400000, false, "i", "i", NULL});
    assert_ok(hw_buf_append_text(&text, "late\n", &err), err);
    for (unsigned i = 0; i < 100000; i++) {
        assert_ok(hw_buf_append_text(&text, "1\n", &err), err);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        struct conversion_run before =
            run_of(&scratch, "in.csv", &ways[way], &(struct hw_convert_options){.limit_rows = 400000});
        struct conversion_run behind =
            run_of(&scratch, "in.csv", &ways[way], &(struct hw_convert_options){.limit_rows = 400001});
        assert_ok(before.status, before.err);
        assert_ok(behind.status, behind.err);
        assert_row_text(ways[way].name, before.schema, "i int64");
        assert_row_int(ways[way].name, before.restarted, false);
        assert_row_text(ways[way].name, behind.schema, "i text");
        assert_row_int(ways[way].name, behind.restarted, true);
        assert_row_int(ways[way].name, behind.result.rows_out, 400001);
        conversion_release(&before);
        conversion_release(&behind);
    }
    scratch_remove(&scratch);
}

/* ------ the source of a row */

static void rows_know_their_source(void **state) {
    (void)state;
    static const char *const names[] = {"a.csv", "b.csv", "c.csv"};
    struct scratch scratch = scratch_make();
    quick_io();
    char paths[SOURCES][1024];
    HW_AUTO(hw_buf) all = {0};
    for (size_t i = 0; i < SOURCES; i++) {
        HW_AUTO(hw_buf) one = {0};
        snprintf(paths[i], sizeof(paths[i]), "%s%s", scratch.folder, names[i]);
        text_write(&scratch, names[i], &(struct part){ROWS, false, "in", "i,n", NULL});
        text_fill(&one, &(struct part){ROWS, false, "ins", "i,n,from", paths[i]});
        const size_t header = i == 0 ? 0 : strlen("i,n,from\n");
        assert_int_equal(hw_buf_append(&all, one.data + header, one.size - header, NULL), HW_OK);
    }
    scratch_write(&scratch, "want.csv", all.data, all.size);
    struct conversion_run same = convert_to_rows(&scratch, "want.csv", &(struct hw_convert_options){.threads = 1});
    for (uint32_t threads = 1; threads <= 4; threads += 3) {
        const struct hw_convert_options options = {
            .merge = true, .threads = threads, .row_group_bytes = 3000, .columns.add_source = "from"};
        struct conversion_run got = convert_all_to_rows(&scratch, names, SOURCES, &options);
        assert_ok(got.status, got.err);
        assert_string_equal(got.schema, "i int64, n text, from text");
        assert_row_bytes("rows", got.rows.data, got.rows.size, same.rows.data, same.rows.size);
        conversion_release(&got);
    }
    conversion_release(&same);
    scratch_remove(&scratch);
}

/* A block of very short records has the name so often that it is handed out in slices. */
static void short_records_know_their_source(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) want = {0};
    struct hw_error err = HW_ERROR_INIT;
    char path[1024];
    quick_io();
    snprintf(path, sizeof(path), "%sa_name_of_some_length_that_stands_in_every_row.csv", scratch.folder);
    assert_ok(hw_buf_append_text(&text, "i\n", &err), err);
    assert_ok(hw_buf_append_text(&want, "i,from\n", &err), err);
    for (unsigned i = 0; i < 200000; i++) {
        assert_ok(hw_buf_printf(&text, &err, "%u\n", i % 10), err);
        assert_ok(hw_buf_printf(&want, &err, "%u,%s\n", i % 10, path), err);
    }
    scratch_write(&scratch, "a_name_of_some_length_that_stands_in_every_row.csv", text.data, text.size);
    scratch_write(&scratch, "want.csv", want.data, want.size);
    const struct hw_convert_options options = {.columns.add_source = "from"};
    struct conversion_run got =
        convert_to_rows(&scratch, "a_name_of_some_length_that_stands_in_every_row.csv", &options);
    struct conversion_run same = convert_to_rows(&scratch, "want.csv", &(struct hw_convert_options){.threads = 1});
    assert_ok(got.status, got.err);
    assert_row_bytes("rows", got.rows.data, got.rows.size, same.rows.data, same.rows.size);
    conversion_release(&got);
    conversion_release(&same);
    scratch_remove(&scratch);
}

/* ------ types of some columns */

/*
 * A record that is bad for a given type counts for nothing else; a column whose type is found still
 * widens, and a unique column is unique in the second pass too.
 */
static void given_and_found_types_go_together(void **state) {
    (void)state;
    static const char schema[] = "{\"columns\": [{\"name\": \"i\", \"type\": \"int64\", \"unique\": true}]}";
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    char path[1024];
    quick_io();
    assert_ok(hw_buf_append_text(&text, "i,v,w\n", &err), err);
    for (unsigned i = 0; i < 150000; i++) {
        assert_ok(hw_buf_printf(&text, &err,
                                i == 70000      ? "%u,0.5,1\n"
                                : i % 1000 == 1 ? "x%u,text,text\n"
                                                : "%u,%u,1\n",
                                i, i),
                  err);
    }
    assert_ok(hw_buf_append_text(&text, "2,7,1\n", &err), err); /* 2 is there already */
    scratch_write(&scratch, "in.csv", text.data, text.size);
    scratch_write(&scratch, "schema.json", schema, strlen(schema));
    snprintf(path, sizeof(path), "%sschema.json", scratch.folder);
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        const struct hw_convert_options options = {.csv = {.bad_rows_reject = true, .schema_path = path}};
        struct conversion_run got = run_of(&scratch, "in.csv", &ways[way], &options);
        assert_ok(got.status, got.err);
        assert_row_text(ways[way].name, got.schema, "i int64, v double, w int64");
        assert_row_int(ways[way].name, got.restarted, true);
        assert_row_int(ways[way].name, got.result.rejected, 151);
        assert_row_int(ways[way].name, got.result.rows_out, 150000 - 150);
        conversion_release(&got);
    }
    scratch_remove(&scratch);
}

/* ------ errors */

static void what_cannot_be_fails_its_object(void **state) {
    (void)state;
    static const char *const lacking[] = {"x"}, *const all[] = {"i", "n"};
    static const struct hw_column_rename same[] = {{"i", "n"}};
    static const struct hw_column_type number[] = {{"n", "int64"}};
    static const struct {
        const char *name;
        struct hw_convert_options options;
        enum hw_status want;
        const char *says;
        int64_t line;
    } rows[] = {
        {"a column that is not there",
         {.columns = {.select = lacking, .select_count = 1}},
         HW_EDATA,
         "there is no column \"x\" to select (--select)",
         HW_NO_POSITION},
        {"all left out",
         {.columns = {.drop = all, .drop_count = 2}},
         HW_EDATA,
         "all columns are left out (--drop)",
         HW_NO_POSITION},
        {"two of one name",
         {.columns = {.renames = same, .renames_count = 1}},
         HW_EDATA,
         "the columns \"i\" and \"n\" would both be called \"n\"",
         HW_NO_POSITION},
        {"the added one is there",
         {.columns.add_source = "n"},
         HW_EDATA,
         "--add-source takes another name",
         HW_NO_POSITION},
        {"a value that does not fit",
         {.columns = {.types = number, .types_count = 1}},
         HW_EDATA,
         "found \"\\\"note\\x0a0\\\"\", expected int64",
         2},
    };
    struct scratch scratch = scratch_make();
    quick_io();
    text_write(&scratch, "in.csv", &(struct part){10, false, "in", "i,n", NULL});
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct conversion_run got = convert_to_rows(&scratch, "in.csv", &rows[i].options);
        assert_row_int(rows[i].name, got.status, rows[i].want);
        assert_row_says(rows[i].name, got.err.message, rows[i].says);
        assert_row_int(rows[i].name, got.err.line, rows[i].line);
        conversion_release(&got);
    }
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_chosen_and_named),
        cmocka_unit_test(a_limit_takes_the_first_rows),
        cmocka_unit_test(a_limit_of_a_merge_is_one),
        cmocka_unit_test(a_limit_and_a_value_that_does_not_fit),
        cmocka_unit_test(rows_know_their_source),
        cmocka_unit_test(short_records_know_their_source),
        cmocka_unit_test(given_and_found_types_go_together),
        cmocka_unit_test(what_cannot_be_fails_its_object),
    };
    return cmocka_run_group_tests_name("pipeline/convert_columns", tests, NULL, NULL);
}
