/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <unistd.h>

#include <hawser/convert.h>

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
} rows[] = {
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
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char *json = NULL;
        bool piped = strcmp(rows[i].source, "-") == 0;
        const struct hw_infer_options options = {
            .output_path = rows[i].output ? scratch_path(&scratch, rows[i].output) : NULL,
            .input_fd = piped ? open(scratch_path(&scratch, "in.csv"), O_RDONLY | O_CLOEXEC) : -1,
        };
        const char *source = piped ? "-" : scratch_path(&scratch, rows[i].source);
        assert_row_int(rows[i].name, hw_infer(source, &options, &json, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, json ? json : "none", rows[i].want ? "none" : SCHEMA);
        if (rows[i].output && rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, scratch_holds(&scratch, rows[i].output, SCHEMA, strlen(SCHEMA)), true);
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
static void a_zip_has_the_schema_of_the_member_that_is_meant(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *member;
        enum hw_status want;
        const char *says;
    } zips[] = {
        {"the second", "b*", HW_OK, ""},
        {"the first", "a.csv", HW_OK, ""},
        {"both", NULL, HW_EUSAGE, "the ZIP has 2 members that could be meant: choose one (--zip-member)"},
        {"both, by a glob", "*.csv", HW_EUSAGE, "2 members"},
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_is_that_of_the_table),
        cmocka_unit_test(the_schema_comes_from_any_source_and_goes_anywhere),
        cmocka_unit_test(notes_are_told),
        cmocka_unit_test(a_zip_has_the_schema_of_the_member_that_is_meant),
    };
    return cmocka_run_group_tests_name("pipeline/infer", tests, NULL, NULL);
}
