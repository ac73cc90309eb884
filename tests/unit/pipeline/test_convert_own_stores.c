/* SPDX-License-Identifier: Apache-2.0 */
/* Conversions from and to a store that the program brings itself. */
#include <hawser/convert.h>
#include <hawser/memory.h>

#include "core/base.h"
#include "support/rows.h"

static struct hw_store *store_new(void) {
    struct hw_store *store = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    return store;
}

static void put(struct hw_store *store, const char *key, const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_put(store, key, text, strlen(text), &err), err);
}

static void conversions_read_and_write_it(void **state) {
    (void)state;
    static const struct {
        const char *name, *source, *destination;
        enum hw_status want;
        const char *says; /* in the error */
        const char *output;
        const char *text; /* of the output */
    } rows[] = {
        {"an object", "mem://in/a.csv", "mem://out/x.csv", HW_OK, "", "out/x.csv", "n,t\n1,a\n"},
        {"a folder", "mem://in/", "mem://out/", HW_OK, "", "out/b.csv", "n,t\n2,b\n"},
        {"a glob", "mem://in/b*", "mem://out/", HW_OK, "", "out/b.csv", "n,t\n2,b\n"},
        {"over its source", "mem://in/a.csv", "mem://in/a.csv", HW_EUSAGE, "are the same object", "in/a.csv",
         "n,t\n1,a\n"},
        {"nothing there", "mem://gone.csv", "mem://out/x.csv", HW_ENOTFOUND, "has no such object", NULL, NULL},
        {"an unknown root", "men://in/a.csv", "mem://out/", HW_EUSAGE, "known are s3://, file://, mem://", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store *store = store_new();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const void *data = "";
        size_t bytes = 0;
        put(store, "in/a.csv", "n,t\n1,a\n");
        put(store, "in/b.csv", "n,t\n2,b\n");
        const struct hw_convert_options options = {
            .formats = HW_FORMAT_CSV,
            .source_store = {.stores = &store, .stores_count = 1},
            .target_store = {.stores = &store, .stores_count = 1},
        };
        assert_row_int(rows[i].name, hw_convert(&rows[i].source, 1, rows[i].destination, &options, &result, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].output) {
            assert_row_int(rows[i].name, hw_memory_store_get(store, rows[i].output, &data, &bytes, &err), HW_OK);
            assert_row_bytes(rows[i].name, data, bytes, rows[i].text, strlen(rows[i].text));
        }
        hw_memory_store_free(store);
    }
}

/* The manifest is found again, and outputs that are made already are left alone. */
static void a_second_run_leaves_outputs_alone(void **state) {
    (void)state;
    struct hw_store *store = store_new();
    static const char *const source = "mem://in/";
    const void *manifest = NULL;
    size_t bytes = 0;
    put(store, "in/a.csv", "n,t\n1,a\n");
    put(store, "in/b.csv", "n,t\n2,b\n");
    for (int run = 0; run < 3; run++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const struct hw_convert_options options = {
            .source_store = {.stores = &store, .stores_count = 1},
            .target_store = {.stores = &store, .stores_count = 1},
        };
        if (run == 2) {
            put(store, "in/b.csv", "n,t\n3,b\n");
        }
        assert_ok(hw_convert(&source, 1, "mem://out/", &options, &result, &err), err);
        assert_int_equal(result.converted, run == 0 ? 2 : run == 1 ? 0 : 1);
        assert_int_equal(result.skipped, run == 0 ? 0 : run == 1 ? 2 : 1);
    }
    assert_int_equal(hw_memory_store_get(store, "out/_manifest.json", &manifest, &bytes, NULL), HW_OK);
    assert_non_null(memmem(manifest, bytes, "\"a.parquet\"", 11));
    hw_memory_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_read_and_write_it),
        cmocka_unit_test(a_second_run_leaves_outputs_alone),
    };
    return cmocka_run_group_tests_name("pipeline/convert_own_stores", tests, NULL, NULL);
}
