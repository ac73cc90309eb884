/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_order.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static enum hw_status entry_note(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    return hw_buf_printf(ctx, err, "%s %" PRIu64 " %" PRId64 " %s;", entry->key, entry->size, entry->mtime_us,
                         entry->etag);
}

#define ENTRY(key_text, bytes, time, etag_text) \
    { .key = (key_text), .size = (bytes), .mtime_us = (time), .etag = (etag_text) }
static const struct hw_s3_entry entries[] = {
    ENTRY("a/c", 3, 30, "\"e3\""), ENTRY("a/b", 2, 0, ""),      ENTRY("a", 1, 10, "\"e1\""),
    ENTRY("a/", 0, 20, "\"e2\""),  ENTRY("b", 5, 50, "\"e5\""), ENTRY("a/\xc3\xa9", 4, 40, "\"e4\""),
};

static const struct {
    const char *name;
    const char *prefix, *start_after;
    const char *want;
} rows[] = {
    {"all", "", NULL, "a 1 10 \"e1\";a/ 0 20 \"e2\";a/b 2 0 ;a/c 3 30 \"e3\";a/\xc3\xa9 4 40 \"e4\";b 5 50 \"e5\";"},
    {"below a folder", "a/", NULL, "a/ 0 20 \"e2\";a/b 2 0 ;a/c 3 30 \"e3\";a/\xc3\xa9 4 40 \"e4\";"},
    {"a part of a name", "a/b", NULL, "a/b 2 0 ;"},
    {"nothing", "c", NULL, ""},
    {"behind a key", "a/", "a/b", "a/c 3 30 \"e3\";a/\xc3\xa9 4 40 \"e4\";"},
};

static void entries_come_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_s3_list_order) order = {.prefix = rows[i].prefix, .start_after = rows[i].start_after};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        for (size_t n = 0; n < COUNT_OF(entries); n++) {
            assert_ok(hw_s3_list_order_put(&order, &entries[n], &err), err);
        }
        assert_ok(hw_s3_list_order_hand_out(&order, entry_note, &text, &err), err);
        assert_row_bytes(rows[i].name, text.data, text.size, rows[i].want, strlen(rows[i].want));
    }
}

static enum hw_status key_rises(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    size_t *count = ctx;
    char want[32];
    snprintf(want, sizeof(want), "%06zu", (*count)++);
    assert_string_equal(entry->key, want);
    return *count == 99999 ? hw_fail(err, HW_ECANCELLED, "enough") : HW_OK;
}

/* They take more than the memory, and the receiver has the last word. */
static void many_entries_come_in_order(void **state) {
    (void)state;
    enum { ENTRIES = 100000, STEP = 61 };
    HW_AUTO(hw_s3_list_order) order = {.prefix = ""};
    struct hw_error err = HW_ERROR_INIT;
    size_t count = 0;
    for (size_t i = 0; i < ENTRIES; i++) {
        char key[32];
        snprintf(key, sizeof(key), "%06zu", i * STEP % ENTRIES);
        const struct hw_s3_entry entry = {.key = key, .size = i, .etag = "\"e\""};
        assert_ok(hw_s3_list_order_put(&order, &entry, &err), err);
    }
    assert_in_range(order.records.runs_count, 1, 100);
    assert_int_equal(hw_s3_list_order_hand_out(&order, key_rises, &count, &err), HW_ECANCELLED);
    assert_int_equal(count, 99999);
}

static void a_key_that_comes_twice_is_a_fault(void **state) {
    (void)state;
    HW_AUTO(hw_s3_list_order) order = {.prefix = ""};
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_list_order_put(&order, &entries[0], &err), err);
    assert_ok(hw_s3_list_order_put(&order, &entries[1], &err), err);
    assert_ok(hw_s3_list_order_put(&order, &entries[0], &err), err);
    assert_int_equal(hw_s3_list_order_hand_out(&order, entry_note, &text, &err), HW_EPROTOCOL);
    assert_row_says("twice", err.message, "the key \"a/c\" comes twice");
    assert_row_bytes("before it", text.data, text.size, "a/b 2 0 ;", 9);
}

/* A page has the keys that it has room for, so the keys of one prefix may be on several. */
static void a_common_prefix_may_come_twice(void **state) {
    (void)state;
    HW_AUTO(hw_s3_list_order) order = {.prefix = "", .start_after = "b"};
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (int turn = 0; turn < 2; turn++) {
        const struct hw_s3_entry prefix = {.kind = HW_S3_ENTRY_PREFIX, .key = "a/", .etag = ""};
        assert_ok(hw_s3_list_order_put(&order, &prefix, &err), err);
    }
    assert_ok(hw_s3_list_order_hand_out(&order, entry_note, &text, &err), err);
    assert_row_bytes("prefix", text.data, text.size, "a/ 0 0 ;", 8);
}

static enum hw_status order_some(struct hw_error *err) {
    HW_AUTO(hw_s3_list_order) order = {.prefix = ""};
    HW_AUTO(hw_buf) text = {0};
    for (size_t n = 0; n < COUNT_OF(entries); n++) {
        HW_TRY(hw_s3_list_order_put(&order, &entries[n], err));
    }
    return hw_s3_list_order_hand_out(&order, entry_note, &text, err);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = order_some(&err);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_in_order),
        cmocka_unit_test(many_entries_come_in_order),
        cmocka_unit_test(a_key_that_comes_twice_is_a_fault),
        cmocka_unit_test(a_common_prefix_may_come_twice),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("s3/list_order", tests, NULL, NULL);
}
