/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/options.h"

#include "support/rows.h"

/* The structs of a program that was made with a later header. */
struct later_transfer {
    struct hw_transfer_options known;
    uint64_t unknown;
};
struct later_sync {
    struct hw_sync_options known;
    uint64_t unknown;
};

static void transfer_options_are_taken(void **state) {
    (void)state;
    struct later_transfer given = {.known = {.part_bytes = 7, .raw = true}};
    static const struct {
        const char *name;
        size_t size;
        uint64_t unknown;
        bool reserved_source, reserved_target;
        enum hw_status want;
    } rows[] = {
        {"that of the first version", 0, 0, false, false, HW_OK},
        {"its own size", sizeof(struct hw_transfer_options), 0, false, false, HW_OK},
        {"a later one", sizeof(struct later_transfer), 0, false, false, HW_OK},
        {"a later one that asks for more", sizeof(struct later_transfer), 1, false, false, HW_EUSAGE},
        {"too small", 8, 0, false, false, HW_EUSAGE},
        {"reserved for the source", 0, 0, true, false, HW_EUSAGE},
        {"reserved for the target", 0, 0, false, true, HW_EUSAGE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_transfer_options out = {.part_bytes = 99};
        struct hw_error err = HW_ERROR_INIT;
        given.known.size = rows[i].size;
        given.unknown = rows[i].unknown;
        given.known.source_store.reserved[1] = rows[i].reserved_source ? &given : NULL;
        given.known.target_store.reserved[0] = rows[i].reserved_target ? &given : NULL;
        assert_row_int(rows[i].name, hw_transfer_options_take(&given.known, &out, &err), rows[i].want);
        assert_row_int(rows[i].name, out.part_bytes, rows[i].want ? 99 : 7);
        assert_row_int(rows[i].name, out.raw, rows[i].want == HW_OK);
    }
    struct hw_transfer_options out = {.part_bytes = 99};
    assert_int_equal(hw_transfer_options_take(NULL, &out, NULL), HW_OK);
    assert_int_equal(out.part_bytes, 0);
}

static void sync_options_are_taken(void **state) {
    (void)state;
    struct later_sync given = {.known = {.removals_max = 7}};
    static const struct {
        const char *name;
        size_t size;
        uint64_t unknown;
        bool reserved;
        enum hw_status want;
    } rows[] = {
        {"that of the first version", 0, 0, false, HW_OK},
        {"its own size", sizeof(struct hw_sync_options), 0, false, HW_OK},
        {"a later one", sizeof(struct later_sync), 0, false, HW_OK},
        {"a later one that asks for more", sizeof(struct later_sync), 1, false, HW_EUSAGE},
        {"too small", 8, 0, false, HW_EUSAGE},
        {"reserved", 0, 0, true, HW_EUSAGE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_sync_options out = {.removals_max = 99};
        struct hw_error err = HW_ERROR_INIT;
        given.known.size = rows[i].size;
        given.unknown = rows[i].unknown;
        given.known.transfer.target_store.reserved[0] = rows[i].reserved ? &given : NULL;
        assert_row_int(rows[i].name, hw_sync_options_take(&given.known, &out, &err), rows[i].want);
        assert_row_int(rows[i].name, out.removals_max, rows[i].want ? 99 : 7);
    }
    struct hw_sync_options out = {.removals_max = 99};
    assert_int_equal(hw_sync_options_take(NULL, &out, NULL), HW_OK);
    assert_int_equal(out.removals_max, 0);
}

static void filters_are_taken(void **state) {
    (void)state;
    static const char *const include[] = {"a*", "b*"};
    static const char *const exclude[] = {"ab"};
    const struct hw_transfer_options options = {
        .include = include, .include_count = 2, .exclude = exclude, .exclude_count = 1};
    const struct hw_filter filter = hw_transfer_options_filter(&options);
    assert_true(hw_filter_takes(&filter, "ac"));
    assert_true(hw_filter_takes(&filter, "b"));
    assert_false(hw_filter_takes(&filter, "ab"));
    assert_false(hw_filter_takes(&filter, "c"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfer_options_are_taken),
        cmocka_unit_test(sync_options_are_taken),
        cmocka_unit_test(filters_are_taken),
    };
    return cmocka_run_group_tests_name("transfer/options", tests, NULL, NULL);
}
