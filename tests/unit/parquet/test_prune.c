/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prune.h"

#include <stdio.h>

#include "prune_make.h"

#define ONE "\1\0\0\0"
#define NINE "\x9\0\0\0"

/* Statistics of the INT32 column i, 1 to 9. */
static void groups_are_left_out_by_their_statistics(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t nulls;
        const char *rows;
    } rows[] = {
        {"i = 5", 0, "0+100"},
        {"i = 10", 0, ""},
        {"i > 9", 0, ""},
        {"i >= 9", 0, "0+100"},
        {"i < 1", 7, ""},
        {"i IS NULL", 0, ""},
        {"i IS NULL", 1, "0+100"},
        {"i IS NULL", -1, "0+100"},
        {"i IS NOT NULL", 100, ""},
        {"i IS NOT NULL", 101, "0+100"},
        {"i < 10", 0, "0+100"},
        {"i = 0 OR i = 5", 0, "0+100"},
        {"i = 0 OR i = 10", 0, ""},
        {"i = 5 AND c = 1", 0, "0+100"},
        {"i = 10 AND c = 1", 0, ""},
        {"i IN (0, 10, 11)", 0, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct prune_made made;
        char got[64];
        prune_make(&made, &(struct hw_parquet_element){PRUNE_LEAF(HW_PHYSICAL_INT64, HW_CONVERTED_NONE)});
        made.chunks[1].statistics.min = (hw_view){ONE, 4};
        made.chunks[1].statistics.max = (hw_view){NINE, 4};
        made.chunks[1].statistics.nulls = rows[i].nulls;
        prune_bind(&made, rows[i].text);
        prune_rows(&made, got, sizeof(got));
        assert_row_text(rows[i].text, got, rows[i].rows);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups_are_left_out_by_their_statistics)};
    return cmocka_run_group_tests_name("parquet/prune", tests, NULL, NULL);
}
