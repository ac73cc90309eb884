/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/given_schema.h"

#include "core/limits.h"
#include "support/rows.h"
#include "support/scratch.h"

static const struct {
    const char *name;
    const char *path; /* below the scratch folder, unless it has "://" */
    enum hw_status status;
    const char *says;
} rows[] = {
    {"a file", "good.json", HW_OK, ""},
    {"no file", "gone.json", HW_ENOTFOUND, ""},
    {"no JSON", "bad.json", HW_ECONFIG, ""},
    {"too long", "long.json", HW_ELIMIT, ""},
    {"no store", "gone://x", HW_EUSAGE, "unknown scheme"},
};

static void a_schema_is_read_or_its_path_is_named(void **state) {
    (void)state;
    static const char good[] = "{\"columns\": [{\"name\": \"id\", \"type\": \"int64\", \"min\": \"2\"}]}";
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) spaces = {0};
    scratch_write(&scratch, "good.json", good, strlen(good));
    scratch_write(&scratch, "bad.json", "{", 1);
    assert_int_equal(hw_buf_resize(&spaces, HW_SCHEMA_FILE_BYTES_MAX + 1, NULL), HW_OK);
    memset(spaces.data, ' ', spaces.size);
    scratch_write(&scratch, "long.json", spaces.data, spaces.size);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_schema_file file = {0};
        const bool below = !strstr(rows[i].path, "://");
        const char *path = below ? scratch_path(&scratch, rows[i].path) : rows[i].path;
        const struct hw_store_options store = {0};
        assert_row_int(rows[i].name, hw_given_schema_load(path, NULL, &store, &arena, &file, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].status == HW_OK ? "" : path);
        assert_row_int(rows[i].name, file.schema.count, rows[i].status == HW_OK);
        if (rows[i].status == HW_OK) {
            assert_row_text(rows[i].name, file.schema.fields[0].name, "id");
            assert_row_int(rows[i].name, file.schema.fields[0].type.kind, HW_KIND_INT64);
        }
    }
    scratch_remove(&scratch);
}

/* A type counts more than that of the file; constraints have to suit it. */
static void types_count_more_than_the_file(void **state) {
    (void)state;
    static const char json[] = "{\"columns\": [{\"name\": \"id\", \"type\": \"text\", \"required\": true}, "
                               "{\"name\": \"n\", \"type\": \"int64\", \"min\": 3}]}";
    static const struct {
        const char *name;
        bool file;
        struct hw_column_type types[2];
        const char *want; /* NULL: it fails */
        const char *says;
    } types[] = {
        {"nothing", false, {{NULL, NULL}}, "", ""},
        {"the file alone", true, {{NULL, NULL}}, "id text! n int64>3 ", ""},
        {"types alone", false, {{"a", "bigint"}, {"b", "VARCHAR"}}, "a int64 b text ", ""},
        {"a type of a column of the file", true, {{"id", "uuid"}}, "id uuid! n int64>3 ", ""},
        {"a type that the constraint suits", true, {{"n", "double"}}, "id text! n double>3 ", ""},
        {"a type of another column", true, {{"z", "date"}}, "id text! n int64>3 z date ", ""},
        {"a type that the constraint does not suit", true, {{"n", "text"}}, NULL, "\"min\" needs a column of numbers"},
        {"no type", false, {{"a", "strng"}}, NULL, "unknown type \"strng\", did you mean \"string\"?"},
        {"a type that CSV does not make", false, {{"a", "int32"}}, NULL, "cannot be of type int32; int64 holds its"},
        {"a type that is none for a column of the file", true, {{"id", "x"}}, NULL, "unknown type \"x\""},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "s.json", json, strlen(json));
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_schema_file file = {0};
        const struct hw_columns_options columns = {
            .types = types[i].types,
            .types_count = !types[i].types[0].name   ? 0
                           : !types[i].types[1].name ? 1
                                                     : 2,
        };
        const char *path = types[i].file ? scratch_path(&scratch, "s.json") : NULL;
        const enum hw_status status =
            hw_given_schema_load(path, &columns, &(struct hw_store_options){0}, &arena, &file, &err);
        assert_row_int(types[i].name, status, types[i].want ? HW_OK : HW_ECONFIG);
        assert_row_says(types[i].name, err.message, types[i].says);
        for (size_t k = 0; k < file.schema.count; k++) {
            const struct hw_field *field = &file.schema.fields[k];
            char type[64];
            hw_type_format(field->type, type, sizeof(type));
            const bool bound = file.constraints.columns && file.constraints.columns[k].has_min;
            assert_ok(hw_buf_printf(&text, &err, "%s %s%s%s ", field->name, type, field->required ? "!" : "",
                                    bound ? ">3" : ""),
                      err);
        }
        assert_ok(hw_buf_end_text(&text, &err), err);
        assert_row_text(types[i].name, (const char *)text.data, types[i].want ? types[i].want : "");
    }
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_is_read_or_its_path_is_named),
        cmocka_unit_test(types_count_more_than_the_file),
    };
    return cmocka_run_group_tests_name("pipeline/given_schema", tests, NULL, NULL);
}
