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
        assert_row_int(rows[i].name, hw_given_schema_load(path, &store, &arena, &file, &err), rows[i].status);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_is_read_or_its_path_is_named),
    };
    return cmocka_run_group_tests_name("pipeline/given_schema", tests, NULL, NULL);
}
