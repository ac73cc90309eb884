/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/sync.h"

#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "support/rows.h"
#include "unit/codec/faulty_alloc.h"

/*
 * Calculated by Python: hashlib.sha256(b"".join(struct.pack("<Q", len(f)) + f
 *     for f in (b"hawser avro sync 1", schema, identity))).hexdigest()[:32]
 */
static const struct {
    const char *name;
    hw_view schema;
    hw_view identity;
    const char *hex;
} rows[] = {
    {"no identity", HW_VIEW_INIT("\"long\""), {0}, "48ff585227f03814a0e952c88002b2b6"},
    {"an identity", HW_VIEW_INIT("\"long\""), HW_VIEW_INIT("in/a.csv"), "a54df5656d787eb0f141e4b413da2e29"},
    {"a byte on the other side", HW_VIEW_INIT("\"long\"i"), HW_VIEW_INIT("n/a.csv"),
     "c4d994b0c7c14e5cfc0767e772ccca6d"},
    {"nothing at all", {0}, {0}, "f59a38d87785c7a7545a6bf1c5145acb"},
    {"a NUL", HW_VIEW_INIT("\"long\""), {"", 1}, "dd94da6b91b919765e02f15a93f7aa81"},
};

static void the_marker_is_the_head_of_a_sum(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        uint8_t sync[HW_AVRO_SYNC_BYTES];
        char hex[2 * HW_AVRO_SYNC_BYTES + 1];
        assert_ok(hw_avro_sync_derive(rows[i].schema, rows[i].identity, sync, &err), err);
        hw_hex(sync, sizeof(sync), hex);
        assert_row_text(rows[i].name, hex, rows[i].hex);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct faulty_alloc faulty = {.fail_at = 1};
    const struct hw_allocator allocator = {faulty_resize, &faulty};
    struct hw_error err = HW_ERROR_INIT;
    uint8_t sync[HW_AVRO_SYNC_BYTES] = {7};
    hw_allocator_set(&allocator);
    assert_int_equal(hw_avro_sync_derive(HW_VIEW(""), HW_VIEW(""), sync, &err), HW_ENOMEM);
    hw_allocator_set(NULL);
    assert_row_says("message", err.message, "out of memory");
    assert_int_equal(sync[0], 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_marker_is_the_head_of_a_sum),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("avro/sync", tests, NULL, NULL);
}
