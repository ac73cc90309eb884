/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/arrow_zones.h"

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/table/messages.h"

enum { LEAVES_MAX = 20 };

/*
 * `want` has an 'x' for each leaf that has a zone, and as many leaves has the file. Messages are
 * those of make_messages.py, which says what is in them: only `all` has a zone, in its second leaf.
 */
static const struct {
    const char *name;
    const char *want;
    const char *schema; /* the value of the last pair; NULL: it has none */
    struct hw_parquet_pair before;
} rows[] = {
    {"no zone", "..", message_floats},
    {"no zone, and more columns", "...", message_floats},
    {"one among all types", ".x..............", message_all},
    {"fewer columns than the schema has", "xxxxxxxxxxxxxxx", message_all},
    {"more columns than the schema has", "xxxxxxxxxxxxxxxxx", message_all},
    {"no column", "", message_all},
    {"no base64", "..", "?"},
    {"no message", "..", "AAAA"},
    {"no value", "..", NULL},
    {"behind another key", ".x..............", message_all, {HW_VIEW_INIT("pandas"), HW_VIEW_INIT("?"), true}},
    {"another key", "................", "", {HW_VIEW_INIT("arrow"), HW_VIEW_INIT(message_all), true}},
    {"two schemas", ".x..............", message_all, {HW_VIEW_INIT("ARROW:schema"), HW_VIEW_INIT("?"), true}},
    {"two schemas, the first with zones",
     ".x..............",
     message_floats,
     {HW_VIEW_INIT("ARROW:schema"), HW_VIEW_INIT(message_all), true}},
};

static enum hw_status find(size_t row, bool *zoned, struct hw_error *err) {
    const struct hw_parquet_pair schema = {HW_VIEW("ARROW:schema"),
                                           rows[row].schema ? hw_view_of(rows[row].schema) : HW_VIEW(""),
                                           rows[row].schema != NULL};
    const struct hw_parquet_pair pairs[] = {rows[row].before, schema};
    const struct hw_parquet_meta meta = {.pairs = pairs, .pairs_count = COUNT_OF(pairs)};
    return hw_arrow_zones_find(&meta, strlen(rows[row].want), zoned, err);
}

static void leaves_with_zones_are_found(void **state) {
    (void)state;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        /* What is behind the leaves stays as it is. */
        bool zoned[LEAVES_MAX];
        char got[LEAVES_MAX + 1] = "";
        struct hw_error err = HW_ERROR_INIT;
        const size_t count = strlen(rows[row].want);
        memset(zoned, true, count);
        memset(zoned + count, false, sizeof(zoned) - count);
        assert_ok(find(row, zoned, &err), err);
        for (size_t i = 0; i < count; i++) {
            got[i] = zoned[i] ? 'x' : '.';
        }
        assert_row_text(rows[row].name, got, rows[row].want);
        for (size_t i = count; i < LEAVES_MAX; i++) {
            assert_row_int(rows[row].name, zoned[i], false);
        }
    }
}

static void no_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        bool zoned[LEAVES_MAX];
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = find(2, zoned, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_with_zones_are_found),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("parquet/arrow_zones", tests, NULL, NULL);
}
