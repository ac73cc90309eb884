/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/memory.h>
#include <hawser/objects.h>

#include "core/base.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define OBJECT(key, size) "<Contents><Key>" key "</Key><Size>" size "</Size></Contents>"
#define PAGE(inside) "<ListBucketResult>" inside "</ListBucketResult>"

static const struct http_reply script[] = {
    {.match = "GET /none?", .times = -1, .status = 404, .body = "<Error><Code>NoSuchBucket</Code></Error>"},
    {.match = "GET /bucket?list-type=2&encoding-type=url&prefix=huge%2F ",
     .times = -1,
     .status = 200,
     .body = PAGE(OBJECT("huge/1", "18446744073709551614") OBJECT("huge/2", "9"))},
    {.match = "GET /bucket?list-type=2", .times = -1, .status = 200, .body = PAGE("")},
};

static const struct {
    const char *path;
    enum hw_status want;
    uint64_t objects, bytes;
    const char *says;
} rows[] = {
    {"mem://", HW_OK, 4, 10, ""},
    {"mem://d/", HW_OK, 2, 5, ""},
    {"mem://d*", HW_OK, 3, 9, ""},
    {"mem://d/1", HW_OK, 1, 2, ""},
    {"mem://x", HW_ENOTFOUND, 7, 7, ""},
    {"mem://x/", HW_ENOTFOUND, 7, 7, "no object below this prefix"},
    {"mem://d*y", HW_ENOTFOUND, 7, 7, "nothing matches"},
    {"s3://bucket", HW_OK, 0, 0, ""},
    {"s3://bucket/", HW_OK, 0, 0, ""},
    {"s3://bucket/x/", HW_ENOTFOUND, 7, 7, "no object below"},
    {"s3://bucket/huge/", HW_ELIMIT, 7, 7, "more together than 64 bits hold"},
    {"s3://none", HW_ENOTFOUND, 7, 7, "no bucket of this name"},
    {"", HW_EUSAGE, 7, 7, "a store path is empty"},
};

static void objects_are_counted(void **state) {
    (void)state;
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *memory;
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    assert_ok(hw_memory_store_put(memory, "a", "1", 1, &err), err);
    assert_ok(hw_memory_store_put(memory, "d/1", "12", 2, &err), err);
    assert_ok(hw_memory_store_put(memory, "d/e/2", "123", 3, &err), err);
    assert_ok(hw_memory_store_put(memory, "dx", "1234", 4, &err), err);
    const struct hw_objects_options options = {
        .store = {.endpoint_url = http_server_url(server), .stores = &memory, .stores_count = 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_usage usage = {7, 7};
        struct hw_error fault = HW_ERROR_INIT;
        assert_row_int(rows[i].path, hw_objects_usage(rows[i].path, &options, &usage, &fault), rows[i].want);
        assert_row_int(rows[i].path, usage.objects, rows[i].objects);
        assert_row_int(rows[i].path, usage.bytes, rows[i].bytes);
        assert_row_says(rows[i].path, fault.message, rows[i].says);
    }
    hw_memory_store_free(memory);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(objects_are_counted)};
    return cmocka_run_group_tests_name("objects/usage", tests, environment_set, NULL);
}
