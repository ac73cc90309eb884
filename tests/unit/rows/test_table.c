/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/table.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/made_files.h"
#include "support/rows.h"

/* A table, and the schema that it is to have: names with "?" are optional, int64 has no type. */
struct row {
    const char *name;
    const char *files[MADE_FILES_MAX];
    struct hw_columns_options columns;
    const char *schema;
    /* Object, first part and count of each part of the table. */
    const char *parts;
    enum hw_status status;
    const char *says;
    const char *list;
};

#define NAMES(...) (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

static const struct hw_column_rename rename_a[] = {{"a", "x"}};

static const struct row rows[] = {
    {"one file", {"a b/t;3;2"}, {0}, "a b/text", "0:0+2"},
    {"small parts of a file are one", {"a;1;1;1;1;1;1"}, {0}, "a", "0:0+5 0:5+1"},
    {"large ones stay alone", {"a;9;9;1;1"}, {0}, "a", "0:0+1 0:1+1 0:2+2"},
    {"no parts", {"a"}, {0}, "a", ""},
    {"joined by name", {"a b;1", "b a;1"}, {0}, "a b", "0:0+1 1:0+1"},
    {"what one lacks is optional", {"a b;1", "b c;1"}, {0}, "a? b c?", "0:0+1 1:0+1"},
    {"chosen, in the order of the choice", {"a b c;1"}, {.select = NAMES("c", "a")}, "c a", "0:0+1"},
    {"left out", {"a b c;1", "b;1"}, {.drop = NAMES("a")}, "b c?", "0:0+1 1:0+1"},
    {"renamed", {"a b;1"}, {.renames = rename_a, .renames_count = 1}, "x b", "0:0+1"},
    {"with the source", {"a;1", "a;1"}, {.add_source = "s"}, "a s/text", "0:0+1 1:0+1"},
    {"listed", {"a b c;1"}, {0}, "c a", "0:0+1", .list = "c,a"},
    {"listed, of files with other places", {"a b c;1", "b c a;1"}, {0}, "c a", "0:0+1 1:0+1", .list = "c,a"},
    {"listed and renamed", {"a b;1"}, {.renames = rename_a, .renames_count = 1}, "b x", "0:0+1", .list = "b,a"},
    {"listed, with the source", {"a b;1"}, {.add_source = "s"}, "b s/text", "0:0+1", .list = "b"},
    {"not in one of two files",
     {"a b;1", "a;1"},
     {0},
     .status = HW_EUSAGE,
     .says = "there is no column \"b\"",
     .list = "b"},
    {"listed twice", {"a b;1"}, {0}, .status = HW_EUSAGE, .says = "is listed twice", .list = "b,b"},
    {"renamed, but not listed",
     {"a b;1"},
     {.renames = rename_a, .renames_count = 1},
     .status = HW_EDATA,
     .says = "there is no column \"a\"",
     .list = "b"},
    {"listed, with one name twice",
     {"a x;1"},
     {.renames = rename_a, .renames_count = 1},
     .status = HW_EDATA,
     .says = "\"x\"",
     .list = "x,a"},
    {"types that differ",
     {"a;1", "a/t;1"},
     {0},
     .status = HW_EDATA,
     .says = "it is int64 in 0.made, and text in 1.made, which have no type in common: leave the column out (--drop), "
             "or convert these sources by themselves"},
    {"integers are the wider ones", {"a/h;1", "a;1", "a/h;1"}, {0}, "a", "0:0+1 1:0+1 2:0+1"},
    {"integers beside doubles", {"a/d b;1", "b/h a/h;1"}, {0}, "a/double b", "0:0+1 1:0+1"},
    {"timestamps have the finest unit", {"a/m;1", "a/u;1"}, {0}, "a/timestamp(ns)", "0:0+1 1:0+1"},
    {"nulls, then a type", {"a/n b;1", "a/t b;1"}, {0}, "a/text? b", "0:0+1 1:0+1"},
    {"a type, then nulls", {"a/d;1", "a/n;1"}, {0}, "a/double?", "0:0+1 1:0+1"},
    {"lists that are equal", {"a/l", "a/l"}, {0}, "a/list", ""},
    {"a list, then nulls", {"a/l", "a/n"}, {0}, "a/list?", ""},
    {"nulls, then a list", {"a/n", "a/l"}, {0}, "a/list?", ""},
    {"lists that differ",
     {"a/l", "a/L"},
     {0},
     .status = HW_EDATA,
     .says = "it is list in 0.made and in 1.made, which differ in what is inside: leave the column out (--drop), "
             "or convert these sources by themselves"},
    {"a list, then none", {"a/l", "a"}, {0}, .status = HW_EDATA, .says = "it is list in 0.made, and int64 in 1.made"},
    {"a list behind another type",
     {"a", "a/l"},
     {0},
     .status = HW_EDATA,
     .says = "int64 in 0.made, and list in 1.made"},
    {"nothing but nulls", {"a/n;1", "a/n;1"}, {0}, "a/null?", "0:0+1 1:0+1"},
    {"the first type that differs is told, behind those that do not",
     {"b;1", "a/n;1", "a/h;1", "a/u;1"},
     {0},
     .status = HW_EDATA,
     .says = "it is int16 in 2.made, and timestamp(ns) in 3.made"},
    {"no such column", {"a b;1"}, {.select = NAMES("c")}, .status = HW_EDATA, .says = "there is no column \"c\""},
    {"a name twice", {"a x;1"}, {.renames = rename_a, .renames_count = 1}, .status = HW_EDATA, .says = "\"x\""},
    {"the source's name is taken", {"a;1"}, {.add_source = "a"}, .status = HW_EDATA, .says = "\"a\""},
    {"no made file", {"a;1", "?"}, {0}, .status = HW_EDATA, .says = "this is no made file"},
};

static void schema_text(const struct hw_schema *schema, struct hw_buf *out) {
    for (size_t i = 0; i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        const bool plain = field->type.kind == HW_KIND_INT64;
        char type[32];
        hw_type_format(field->type, type, sizeof(type));
        assert_int_equal(hw_buf_printf(out, NULL, "%s%s%s%s%s", i > 0 ? " " : "", field->name, plain ? "" : "/",
                                       plain ? "" : type, field->required ? "" : "?"),
                         HW_OK);
    }
}

static void parts_text(const struct hw_rows_table *table, struct hw_buf *out) {
    for (size_t i = 0; i < table->parts_count; i++) {
        const struct hw_rows_part *part = &table->parts[i];
        assert_int_equal(
            hw_buf_printf(out, NULL, "%s%zu:%zu+%zu", i > 0 ? " " : "", part->object, part->first, part->count), HW_OK);
    }
}

static enum hw_status table_make(const struct row *row, struct hw_rows_table *table, struct hw_error *err) {
    for (size_t i = 0; i < table->count; i++) {
        HW_TRY(hw_rows_table_look(table, i, err));
    }
    HW_TRY(hw_rows_table_decide(table, err));
    (void)row;
    return hw_rows_table_cut(table, err);
}

static void files_make_one_table(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct made_files files;
        struct hw_rows_table table;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) schema = {0};
        HW_AUTO(hw_buf) parts = {0};
        made_files_init(&files, rows[i].files);
        const struct hw_rows_options options = {
            .format = &made_format, .columns = &rows[i].columns, .column_list = rows[i].list, .part_bytes = 40};
        assert_ok(hw_rows_table_init(&table, &files.base, &options, &err), err);
        assert_row_int(rows[i].name, table_make(&rows[i], &table, &err), rows[i].status);
        if (rows[i].status) {
            assert_row_says(rows[i].name, err.message, rows[i].says);
        } else {
            schema_text(&table.schema, &schema);
            parts_text(&table, &parts);
            assert_row_bytes(rows[i].name, schema.data, schema.size, rows[i].schema, strlen(rows[i].schema));
            assert_row_bytes(rows[i].name, parts.data, parts.size, rows[i].parts, strlen(rows[i].parts));
        }
        hw_rows_table_release(&table);
        assert_row_int(rows[i].name, atomic_load(&files.open), 0);
    }
}

/* A single file stays open for its rows; of several none does, as there may be many. */
static void a_single_file_is_opened_once(void **state) {
    (void)state;
    for (size_t several = 0; several < 2; several++) {
        const char *texts[MADE_FILES_MAX] = {"a;1", several ? "a;1" : NULL};
        struct made_files files;
        struct hw_rows_table table;
        struct hw_error err = HW_ERROR_INIT;
        made_files_init(&files, texts);
        const struct hw_rows_options options = {.format = &made_format, .part_bytes = 40};
        assert_ok(hw_rows_table_init(&table, &files.base, &options, &err), err);
        assert_ok(hw_rows_table_look(&table, 0, &err), err);
        assert_int_equal(atomic_load(&files.open), several ? 0 : 2);
        assert_int_equal(table.items[0].bytes, 3);
        hw_rows_table_release(&table);
        assert_int_equal(atomic_load(&files.open), 0);
    }
}

/* Files, the metadata that their table keeps, and the note on what it does not keep. */
static const struct {
    const char *name;
    const char *files[MADE_FILES_MAX];
    struct hw_columns_options columns;
    const char *pairs;
    const char *note;
} metadata_rows[] = {
    {"one file", {"a b;1|k=v|pandas=p"}, {0}, "k=v pandas=p", NULL},
    {"a column less", {"a b;1|k=v|pandas=p"}, {.drop = NAMES("b")}, "k=v", NULL},
    {"columns in another order", {"a b;1|k=v|pandas=p"}, {.select = NAMES("b", "a")}, "k=v", NULL},
    {"another name", {"a b;1|k=v|pandas=p"}, {.renames = rename_a, .renames_count = 1}, "k=v", NULL},
    {"a column more", {"a b;1|k=v|pandas=p"}, {.add_source = "s"}, "k=v", NULL},
    {"equal files", {"a b;1|k=v|pandas=p", "a b;1|k=v|pandas=p"}, {0}, "k=v pandas=p", NULL},
    {"a wider type", {"a;1|k=v|pandas=p", "a/h;1|k=v|pandas=p"}, {0}, "k=v", NULL},
    {"nulls that are none any more", {"a/n;1|pandas=p", "a;1|pandas=p"}, {0}, "", NULL},
    {"a column that one lacks", {"a b;1|k=v|pandas=p", "a;1|k=v|pandas=p"}, {0}, "k=v", NULL},
    {"one that differs",
     {"a;1|k=v|l=1", "a;1|l=2|k=v"},
     {0},
     "k=v",
     "0.made: its metadata \"l\" has another value in other sources, so it is not kept"},
    {"two that differ",
     {"a;1", "a;1|l=2|k=v", "a;1|k=w|l=3"},
     {0},
     "",
     "1.made: its metadata \"l\" has another value in other sources, so it and others are not kept"},
};

static void metadata_is_kept_where_it_holds(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(metadata_rows); i++) {
        struct made_files files;
        struct hw_rows_table table;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        made_files_init(&files, metadata_rows[i].files);
        const struct hw_rows_options options = {
            .format = &made_format, .columns = &metadata_rows[i].columns, .part_bytes = 40};
        assert_ok(hw_rows_table_init(&table, &files.base, &options, &err), err);
        assert_ok(table_make(&rows[0], &table, &err), err);
        for (size_t k = 0; k < table.pairs.count; k++) {
            const struct hw_file_pair *pair = &table.pairs.items[k];
            assert_ok(hw_buf_printf(&text, &err, "%s%.*s=%.*s", k > 0 ? " " : "", (int)pair->key.size, pair->key.data,
                                    (int)pair->value.size, pair->value.data),
                      err);
        }
        assert_row_bytes(metadata_rows[i].name, text.data, text.size, metadata_rows[i].pairs,
                         strlen(metadata_rows[i].pairs));
        const struct hw_note *note = &table.notes.of[HW_NOTE_METADATA_LEFT];
        assert_row_int(metadata_rows[i].name, note->texts, metadata_rows[i].note != NULL);
        if (metadata_rows[i].note) {
            char line[256];
            snprintf(line, sizeof(line), "%s: %s", note->source, note->text);
            assert_row_text(metadata_rows[i].name, line, metadata_rows[i].note);
        }
        hw_rows_table_release(&table);
    }
}

/* What is known of metadata is as it was, once all files were looked at again. */
static void a_table_that_widens_keeps_its_metadata(void **state) {
    (void)state;
    struct made_files files;
    struct hw_rows_table table;
    struct hw_error err = HW_ERROR_INIT;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a!;1|k=v|l=1", "a;1|l=2"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 40};
    assert_ok(hw_rows_table_init(&table, &files.base, &options, &err), err);
    assert_ok(table_make(&rows[0], &table, &err), err);
    assert_ok(hw_rows_table_widen(&table, &err), err);
    assert_int_equal(table.pairs.count, 1);
    assert_true(hw_view_equal(table.pairs.items[0].key, HW_VIEW("k")));
    assert_int_equal(table.notes.of[HW_NOTE_METADATA_LEFT].texts, 1);
    hw_rows_table_release(&table);
}

/* More metadata than is kept is told of, not kept in part. */
static void a_table_of_too_much_metadata_keeps_none(void **state) {
    (void)state;
    struct made_files files;
    struct hw_rows_table table;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    assert_ok(hw_buf_append_text(&text, "a;1|k=v|l=", &err), err);
    const size_t begin = text.size;
    assert_ok(hw_buf_resize(&text, begin + HW_FILE_PAIRS_BYTES_MAX, &err), err);
    memset(text.data + begin, 'x', HW_FILE_PAIRS_BYTES_MAX);
    assert_ok(hw_buf_end_text(&text, &err), err);
    made_files_init(&files, (const char *[MADE_FILES_MAX]){(const char *)text.data});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 40};
    assert_ok(hw_rows_table_init(&table, &files.base, &options, &err), err);
    assert_ok(table_make(&rows[0], &table, &err), err);
    assert_int_equal(table.pairs.count, 0);
    assert_string_equal(table.notes.of[HW_NOTE_METADATA_LEFT].text,
                        "its key-value metadata is not kept: 10000 pairs and 8 MiB are the most that are");
    hw_rows_table_release(&table);
}

static void a_table_widens_once(void **state) {
    (void)state;
    struct made_files files;
    struct hw_rows_table table;
    struct hw_error err = HW_ERROR_INIT;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a!;1"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 40};
    assert_ok(hw_rows_table_init(&table, &files.base, &options, &err), err);
    assert_ok(table_make(&rows[0], &table, &err), err);
    assert_int_equal(table.int96, HW_INT96_AUTO);
    assert_ok(hw_rows_table_widen(&table, &err), err);
    assert_int_equal(table.int96, HW_INT96_MICROS);
    assert_int_equal(table.schema.count, 1);
    assert_int_equal(hw_rows_table_widen(&table, NULL), HW_EFAILED);
    hw_rows_table_release(&table);
    assert_int_equal(atomic_load(&files.open), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_make_one_table),
        cmocka_unit_test(a_single_file_is_opened_once),
        cmocka_unit_test(metadata_is_kept_where_it_holds),
        cmocka_unit_test(a_table_that_widens_keeps_its_metadata),
        cmocka_unit_test(a_table_of_too_much_metadata_keeps_none),
        cmocka_unit_test(a_table_widens_once),
    };
    return cmocka_run_group_tests_name("rows/table", tests, NULL, NULL);
}
