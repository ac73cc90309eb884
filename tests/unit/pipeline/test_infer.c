/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <hawser/convert.h>

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "support/scratch.h"
#include "zip_write.h"

#define TEXT "id,price\n1,0.5\n2,2.25\n"
#define SCHEMA                      \
    "{\n"                           \
    "  \"columns\": [\n"            \
    "    {\n"                       \
    "      \"name\": \"id\",\n"     \
    "      \"type\": \"int64\",\n"  \
    "      \"required\": false\n"   \
    "    },\n"                      \
    "    {\n"                       \
    "      \"name\": \"price\",\n"  \
    "      \"type\": \"double\",\n" \
    "      \"required\": false\n"   \
    "    }\n"                       \
    "  ]\n"                         \
    "}\n"

static const struct {
    const char *name;
    const char *source; /* below the scratch folder, or "-" */
    const char *output; /* the same; NULL: none */
    enum hw_status want;
    const char *says;
} places[] = {
    {"a file", "in.csv", NULL, HW_OK, ""},
    {"a descriptor", "-", NULL, HW_OK, ""},
    {"to a file too", "in.csv", "made/schema.json", HW_OK, ""},
    {"a descriptor, to a file too", "-", "schema.json", HW_OK, ""},
    {"no source", "gone.csv", "never.json", HW_ENOTFOUND, ""},
    {"a folder for output", "in.csv", "made/", HW_EUSAGE, "this is a folder"},
    {"over the source", "in.csv", "in.csv", HW_EUSAGE, "source and schema file are the same object"},
    {"over the source, by another path", "in.csv", "made/../in.csv", HW_EUSAGE, "are the same object"},
};

static void the_schema_is_that_of_the_table(void **state) {
    (void)state;
    static const char *const select[] = {"Unit Price", "Order ID"}, *const lacking[] = {"Order"};
    static const char *const all[] = {"Order ID", "Unit Price", "note"};
    static const struct hw_column_type types[] = {{"order_id", "varchar"}}, wrong[] = {{"Order ID", "text"}};
    static const struct {
        const char *name;
        struct hw_columns_options columns;
        enum hw_status want;
        const char *says; /* of the error, or of the schema, without its blanks */
    } tables[] = {
        {"selected, in its order",
         {.select = select, .select_count = 2},
         HW_OK,
         "[{\"name\":\"UnitPrice\",\"type\":\"double\",\"required\":false},{\"name\":\"OrderID\",\"type\":\"int64\""},
        {"a type, by the name in the table",
         {.names_style = HW_NAMES_SNAKE, .types = types, .types_count = 1},
         HW_OK,
         "[{\"name\":\"order_id\",\"type\":\"text\",\"required\":false},{\"name\":\"unit_price\",\"type\":\"double\""},
        {"a type, by another name",
         {.names_style = HW_NAMES_SNAKE, .types = wrong, .types_count = 1},
         HW_EDATA,
         "there is no column \"Order ID\" for which a type is given"},
        {"a column that is not there",
         {.drop = lacking, .drop_count = 1},
         HW_EDATA,
         "there is no column \"Order\" to leave out (--drop)"},
        {"no column left", {.drop = all, .drop_count = 3}, HW_EDATA, "all columns are left out (--drop)"},
    };
    struct scratch scratch = scratch_make();
    static const char text[] = "Order ID,Unit Price,note\n1,0.5,x\n";
    scratch_write(&scratch, "in.csv", text, strlen(text));
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char *json = NULL;
        char tight[1024] = "";
        size_t used = 0;
        const struct hw_infer_options options = {.columns = tables[i].columns, .input_fd = -1};
        assert_row_int(tables[i].name, hw_infer(scratch_path(&scratch, "in.csv"), &options, &json, &err),
                       tables[i].want);
        for (const char *at = json; at && *at; at++) {
            if (*at != ' ' && *at != '\n') {
                tight[used++] = *at;
            }
        }
        assert_row_says(tables[i].name, json ? tight : err.message, tables[i].says);
        hw_text_free(json);
    }
    scratch_remove(&scratch);
}

static void the_schema_comes_from_any_source_and_goes_anywhere(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in.csv", TEXT, strlen(TEXT));
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char *json = NULL;
        bool piped = strcmp(places[i].source, "-") == 0;
        const struct hw_infer_options options = {
            .output_path = places[i].output ? scratch_path(&scratch, places[i].output) : NULL,
            .input_fd = piped ? open(scratch_path(&scratch, "in.csv"), O_RDONLY | O_CLOEXEC) : -1,
        };
        const char *source = piped ? "-" : scratch_path(&scratch, places[i].source);
        assert_row_int(places[i].name, hw_infer(source, &options, &json, &err), places[i].want);
        assert_row_says(places[i].name, err.message, places[i].says);
        assert_row_text(places[i].name, json ? json : "none", places[i].want ? "none" : SCHEMA);
        if (places[i].output && places[i].want == HW_OK) {
            assert_row_int(places[i].name, scratch_holds(&scratch, places[i].output, SCHEMA, strlen(SCHEMA)), true);
        }
        hw_text_free(json);
        if (piped) {
            close(options.input_fd);
        }
    }
    assert_true(scratch_holds(&scratch, "in.csv", TEXT, strlen(TEXT)));
    assert_string_equal(scratch_names(&scratch), "in.csv made/ made/schema.json schema.json ");
    scratch_remove(&scratch);
}

/* The texts of a note live for the call only. */
static void note_keep(void *ctx, const struct hw_note *note) {
    struct hw_note *kept = ctx;
    assert_int_equal(kept->texts, 0);
    assert_non_null(strstr(note->text, "column_1"));
    assert_non_null(strstr(note->source, "bare.csv"));
    *kept = *note;
}

static void notes_are_told(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_note kept = {0};
    struct hw_error err = HW_ERROR_INIT;
    char *json = NULL;
    const struct hw_infer_options options = {.on_note = note_keep, .ctx = &kept};
    scratch_write(&scratch, "bare.csv", "1,2\n3,4\n", 8);
    assert_ok(hw_infer(scratch_path(&scratch, "bare.csv"), &options, &json, &err), err);
    assert_int_equal(kept.texts, 1);
    assert_int_equal(kept.kind, HW_NOTE_NO_HEADER);
    hw_text_free(json);
    scratch_remove(&scratch);
}

#define MEMBER "{\n  \"columns\": [\n    {\n      \"name\": \"b\",\n      \"type\": \"text\""

/* As hw_convert does. */
static void a_zip_has_the_schema_of_the_members_that_are_meant(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *member;
        enum hw_status want;
        const char *says;
    } zips[] = {
        {"the second", "b*", HW_OK, ""},
        {"the first", "a.csv", HW_OK, ""},
        {"both", NULL, HW_OK, ""},
        {"both, by a glob", "*.csv", HW_OK, ""},
        {"none", "c*", HW_EDATA, "the ZIP has no member of the names asked for"},
    };
    static const char *const members[] = {"a.csv", "b.csv", NULL};
    static const char *const no_members[] = {NULL};
    struct scratch scratch = scratch_make();
    const char *source = scratch_path(&scratch, "in.zip");
    zip_write(&scratch, "in.zip", members, HW_VIEW("b\nx\n"));
    for (size_t i = 0; i < COUNT_OF(zips); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char *json = NULL;
        const struct hw_infer_options options = {.csv.zip_member = zips[i].member, .input_fd = -1};
        assert_row_int(zips[i].name, hw_infer(source, &options, &json, &err), zips[i].want);
        assert_row_says(zips[i].name, err.message, zips[i].says);
        assert_row_says(zips[i].name, json ? json : MEMBER, MEMBER);
        hw_text_free(json);
    }
    zip_write(&scratch, "in.zip", no_members, HW_VIEW(""));
    struct hw_error err = HW_ERROR_INIT;
    char *json = NULL;
    assert_int_equal(hw_infer(source, &(struct hw_infer_options){.input_fd = -1}, &json, &err), HW_EDATA);
    assert_row_says("no members", err.message, "a ZIP without files");
    scratch_remove(&scratch);
}

/* ------ several sources */

/* "a int64, b text" of the JSON that hw_infer writes. */
static void columns_of(const char *json, char out[256]) {
    const char *const keys[] = {"\"name\": \"", "\"type\": \""};
    size_t used = 0;
    out[0] = '\0';
    for (const char *at = json; (at = strstr(at, keys[0]));) {
        for (size_t i = 0; i < COUNT_OF(keys); i++) {
            at = strstr(at, keys[i]) + strlen(keys[i]);
            used += (size_t)snprintf(out + used, 256 - used, "%s%.*s",
                                     i > 0      ? " "
                                     : used > 0 ? ", "
                                                : "",
                                     (int)strcspn(at, "\""), at);
        }
    }
}

static void one_schema_holds_for_all_sources(void **state) {
    (void)state;
    static const char *const only_b[] = {"b.csv"};
    static const struct {
        const char *name;
        const char *sources[3];
        struct hw_infer_options options;
        const char *want;
    } rows[] = {
        {"one", {"in/a.csv"}, {.every_record = false}, "id int64, v int64"},
        {"two, in their order", {"in/b.csv", "in/a.csv"}, {.every_record = false}, "w text, id double, v int64"},
        {"a folder", {"in/"}, {.every_record = false}, "id double, v text, w text"},
        {"a folder, with a file of it", {"in/", "in/deep/c.csv"}, {.every_record = false}, "id double, v text, w text"},
        {"a glob through folders", {"in/**/*.csv"}, {.every_record = false}, "id double, v text, w text"},
        {"of these, what is included", {"in/"}, {.include = only_b, .include_count = 1}, "w text, id double"},
        {"of these, what is not excluded", {"in/"}, {.exclude = only_b, .exclude_count = 1}, "id int64, v text"},
        {"all files", {"in/"}, {.all_files = true}, "id text, v text, w text"},
        {"every column is text", {"in/"}, {.csv.types = HW_CSV_TYPES_TEXT}, "id text, v text, w text"},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in/a.csv", "id,v\n1,2\n", 9);
    scratch_write(&scratch, "in/b.csv", "w,id\nx,0.5\n", 11);
    scratch_write(&scratch, "in/notes.txt", "id\nnone\n", 8);
    scratch_write(&scratch, "in/deep/c.csv", "v\nlate\n", 7);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char *json = NULL;
        char columns[256];
        const char *sources[3];
        size_t count = 0;
        for (; count < COUNT_OF(sources) && rows[i].sources[count]; count++) {
            sources[count] = scratch_path(&scratch, rows[i].sources[count]);
        }
        assert_row_int(rows[i].name, hw_infer_sources(sources, count, &rows[i].options, &json, &err), HW_OK);
        columns_of(json, columns);
        assert_row_text(rows[i].name, columns, rows[i].want);
        hw_text_free(json);
    }
    scratch_remove(&scratch);
}

static void looked_keep(void *ctx, const struct hw_infer_looked *looked) {
    *(struct hw_infer_looked *)ctx = *looked;
}

/* `records` records "1234567\n", of which one may be another text of as many bytes. */
static void numbers_write(const struct scratch *scratch, const char *name, size_t records, size_t odd) {
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "nnnnnnn\n", NULL), HW_OK);
    for (size_t i = 0; i < records; i++) {
        assert_int_equal(hw_buf_append_text(&text, i == odd ? "seventy\n" : "1234567\n", NULL), HW_OK);
    }
    scratch_write(scratch, name, text.data, text.size);
}

/*
 * Up to 256 MiB all records are looked at: 33,554,431 of 8 bytes and the header are as much as
 * that.
 */
static void what_was_looked_at_is_told(void **state) {
    (void)state;
    enum { BIG = 33554431, ODD = BIG / 2 + BIG / 16 };
    static const struct {
        const char *name;
        const char *sources[2];
        bool every_record;
        struct hw_infer_looked want;
        const char *columns;
    } rows[] = {
        {"a small one", {"small.csv"}, false, {true, 2, 0, 1, 10}, "a int64, b int64"},
        {"with a bad record", {"bad.csv"}, false, {true, 2, 1, 1, 10}, "a int64, b int64"},
        {"two", {"small.csv", "bad.csv"}, false, {true, 4, 1, 2, 20}, "a int64, b int64"},
        {"256 MiB", {"big.csv"}, false, {true, BIG, 0, 1, HW_MIB(256)}, "nnnnnnn text"},
        {"more than that",
         {"big.csv", "small.csv"},
         false,
         {false, 0, 0, 2, HW_MIB(256) + 10},
         "nnnnnnn int64, a int64, b int64"},
        {"more than that, and all of it",
         {"big.csv", "small.csv"},
         true,
         {true, BIG + 2, 0, 2, HW_MIB(256) + 10},
         "nnnnnnn text, a int64, b int64"},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "small.csv", "a,b\n1,2\n3,", 10);
    scratch_write(&scratch, "bad.csv", "a,b\n1,2\nx\n", 10);
    numbers_write(&scratch, "big.csv", BIG, ODD);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_infer_looked looked = {0};
        char *json = NULL;
        char columns[256];
        const struct hw_infer_options options = {
            .every_record = rows[i].every_record, .on_looked = looked_keep, .ctx = &looked};
        const char *const sources[] = {scratch_path(&scratch, rows[i].sources[0]),
                                       scratch_path(&scratch, rows[i].sources[1] ? rows[i].sources[1] : "")};
        const size_t count = rows[i].sources[1] ? 2 : 1;
        assert_row_int(rows[i].name, hw_infer_sources(sources, count, &options, &json, &err), HW_OK);
        columns_of(json, columns);
        assert_row_text(rows[i].name, columns, rows[i].columns);
        assert_row_int(rows[i].name, looked.every_record, rows[i].want.every_record);
        assert_row_int(rows[i].name, looked.records, rows[i].want.every_record ? rows[i].want.records : 0);
        assert_row_int(rows[i].name, looked.rejected, rows[i].want.rejected);
        assert_row_int(rows[i].name, looked.texts, rows[i].want.texts);
        assert_row_int(rows[i].name, looked.bytes, rows[i].want.bytes);
        hw_text_free(json);
    }
    scratch_remove(&scratch);
}

#define HTML "<!DOCTYPE html>\n<html><body></body></html>\n"

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static const struct {
    const char *name;
    const char *sources[2];
    const char *output;
    bool stopped;
    enum hw_status want;
    const char *says, *object;
} faults[] = {
    {"one of two is not there", {"a.csv", "gone.csv"}, NULL, false, HW_ENOTFOUND, "cannot open the file", "gone.csv"},
    {"a folder without any", {"empty/", NULL}, NULL, false, HW_ENOTFOUND, "found 1 object, none is CSV", "empty/"},
    {"one is no CSV", {"a.csv", "b.csv"}, NULL, false, HW_EDATA, "HTML", "b.csv"},
    {"one has no header", {"a.csv", "none.csv"}, NULL, false, HW_EDATA, "found no header", "none.csv"},
    {"over the second of two",
     {"a.csv", "none.csv"},
     "none.csv",
     false,
     HW_EUSAGE,
     "source and schema file are the same object",
     "none.csv"},
    {"over a file of a folder",
     {"in/", NULL},
     "in/x.csv",
     false,
     HW_EUSAGE,
     "source and schema file are the same object",
     "in/x.csv"},
    {"stopped", {"a.csv", NULL}, NULL, true, HW_ECANCELLED, "stopped", ""},
};

static void a_source_that_fails_fails_the_call(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "a.csv", "id\n1\n", 5);
    scratch_write(&scratch, "none.csv", "", 0);
    scratch_write(&scratch, "b.csv", HTML, strlen(HTML));
    scratch_write(&scratch, "in/x.csv", "id\n1\n", 5);
    scratch_write(&scratch, "empty/x.md", "", 0);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char *json = NULL;
        char paths[2][600];
        const char *const sources[] = {paths[0], paths[1]};
        const size_t count = faults[i].sources[1] ? 2 : 1;
        for (size_t k = 0; k < count; k++) {
            snprintf(paths[k], sizeof(paths[k]), "%s", scratch_path(&scratch, faults[i].sources[k]));
        }
        const struct hw_infer_options options = {
            .output_path = faults[i].output ? scratch_path(&scratch, faults[i].output) : NULL,
            .source_store.cancelled = faults[i].stopped ? always : NULL,
        };
        assert_row_int(faults[i].name, hw_infer_sources(sources, count, &options, &json, &err), faults[i].want);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        assert_row_says(faults[i].name, err.object, faults[i].object);
        assert_null(json);
    }
    struct hw_error err = HW_ERROR_INIT;
    char *json = NULL;
    assert_int_equal(hw_infer_sources(NULL, 0, NULL, &json, &err), HW_EUSAGE);
    assert_string_equal(err.message, "no source is named");
    assert_null(json);
    scratch_remove(&scratch);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    bool fired = true;
    size_t count = 0;
    scratch_write(&scratch, "a.csv", "id\n1\n", 5);
    for (size_t successes = 0; fired; successes++) {
        struct hw_error err = HW_ERROR_INIT;
        struct alloc_fault fault;
        char *json = NULL;
        const struct hw_infer_options options = {.threads = 1};
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_infer(scratch_path(&scratch, "a.csv"), &options, &json, &err);
        fired = alloc_fault_end(&fault);
        assert_int_equal(json != NULL, status == HW_OK);
        assert_true(status == HW_OK || (fired && status == HW_ENOMEM));
        hw_text_free(json);
        count += fired;
    }
    assert_true(count > 50);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_is_that_of_the_table),
        cmocka_unit_test(the_schema_comes_from_any_source_and_goes_anywhere),
        cmocka_unit_test(notes_are_told),
        cmocka_unit_test(a_zip_has_the_schema_of_the_members_that_are_meant),
        cmocka_unit_test(one_schema_holds_for_all_sources),
        cmocka_unit_test(what_was_looked_at_is_told),
        cmocka_unit_test(a_source_that_fails_fails_the_call),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/infer", tests, NULL, NULL);
}
