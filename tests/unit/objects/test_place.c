/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/place.h"

#include <hawser/memory.h>

#include "support/rows.h"
#include "support/s3_fixture.h"

static const struct {
    const char *path;
    bool raw;
    bool whole;
    enum hw_status client;
    const char *key_path; /* the path of the key "k" */
} rows[] = {
    {"s3://bucket", false, true, HW_OK, "s3://bucket/k"},    {"s3://bucket/", false, true, HW_OK, "s3://bucket/k"},
    {"s3://bucket/a", false, false, HW_OK, "s3://bucket/k"}, {"s3://bucket/a/", false, false, HW_OK, "s3://bucket/k"},
    {"s3://bucket/*", false, false, HW_OK, "s3://bucket/k"}, {"s3://bucket/*", true, false, HW_OK, "s3://bucket/k"},
    {"mem://", false, true, HW_EUSAGE, "mem://k"},           {"/no/such", false, false, HW_EUSAGE, "/k"},
};

static void places_are_opened(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *memory;
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_objects_place) place = {0};
        HW_AUTO(hw_buf) path = {0};
        struct hw_s3_client *client = NULL;
        const struct hw_objects_options options = {
            .size = sizeof(options), .raw = rows[i].raw, .store = {.stores = &memory, .stores_count = 1}};
        assert_ok(hw_objects_place_open(&place, rows[i].path, &options, &err), err);
        assert_row_int(rows[i].path, hw_objects_place_whole(&place), rows[i].whole);
        assert_row_int(rows[i].path, hw_objects_place_client(&place, &client, &err), rows[i].client);
        assert_row_int(rows[i].path, client != NULL, rows[i].client == HW_OK);
        assert_ok(hw_objects_place_path(&place, "k", &path, &err), err);
        assert_row_text(rows[i].path, (const char *)path.data, rows[i].key_path);
        assert_row_int(rows[i].path, place.expand.pattern != NULL, strchr(rows[i].path, '*') && !rows[i].raw);
    }
    assert_row_says("client", err.message, "this is not a path of S3");
    assert_string_equal(err.object, "/no/such");
    hw_memory_store_free(memory);
}

static void options_of_other_versions_are_known_or_refused(void **state) {
    (void)state;
    static const int something = 1;
    struct {
        struct hw_objects_options options;
        uint64_t later;
    } newer = {.options = {.size = sizeof(newer), .raw = true}};
    struct hw_objects_options taken = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_objects_options_take(NULL, &taken, &err), err);
    assert_false(taken.raw);
    assert_ok(hw_objects_options_take(&newer.options, &taken, &err), err);
    assert_true(taken.raw);
    newer.later = 1;
    assert_int_equal(hw_objects_options_take(&newer.options, &taken, &err), HW_EUSAGE);
    assert_row_says("newer", err.message, "hw_objects_options");
    const struct hw_objects_options reserved = {.store.reserved = {&something}};
    assert_int_equal(hw_objects_options_take(&reserved, &taken, &err), HW_EUSAGE);
    assert_row_says("reserved", err.message, "hw_store_options");
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_opened),
        cmocka_unit_test(options_of_other_versions_are_known_or_refused),
    };
    return cmocka_run_group_tests_name("objects/place", tests, environment_set, NULL);
}
