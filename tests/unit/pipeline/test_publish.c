/* SPDX-License-Identifier: Apache-2.0 */
/* What is checked before anything is published. */
#include <hawser/convert.h>

#include "pipeline/publish.h"
#include "support/rows.h"

static void records_are_rows_or_rejects(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t records, rows, rejected, written;
        const char *says;
    } rows[] = {
        {"a record went missing", 3, 1, 1, 1, "read 3 records, made 1 rows and rejected 1"},
        {"a row too many", 2, 2, 1, 2, "read 2 records, made 2 rows and rejected 1"},
        {"a row was not written", 3, 3, 0, 2, "read 3 rows, wrote 2"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_targets targets = {.count = 1};
        struct hw_table_reader reader = {
            .records = rows[i].records, .rows = rows[i].rows, .rejected = rows[i].rejected};
        struct hw_conversion conversion = {.targets = &targets, .reader = &reader};
        conversion.outputs.formats[0].rows = rows[i].written;
        assert_row_int(rows[i].name, hw_publish_settle(&conversion, &err), HW_EFAILED);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, hw_publish_settle(&conversion, NULL), HW_EFAILED);
    }
}

static void an_earlier_failure_is_the_one_to_tell(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_conversion conversion = {.queue.synced = {.status = HW_EDATA, .error = HW_ERROR_INIT}};
    hw_error_set(&conversion.queue.synced.error, HW_EDATA, "a bad record");
    assert_int_equal(hw_publish_settle(&conversion, &err), HW_EDATA);
    assert_string_equal(err.message, "a bad record");
    assert_int_equal(hw_publish_settle(&conversion, NULL), HW_EDATA);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_rows_or_rejects),
        cmocka_unit_test(an_earlier_failure_is_the_one_to_tell),
    };
    return cmocka_run_group_tests_name("pipeline/publish", tests, NULL, NULL);
}
