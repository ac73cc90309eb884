/* SPDX-License-Identifier: Apache-2.0 */
#include "table/file_pairs.h"

#include "support/rows.h"

/* Keys, and whether they hold where columns have changed. */
static const struct {
    const char *key;
    bool holds;
} rows[] = {
    {"geo", true},
    {"", true},
    {"ARROW:schema", false},
    {"ARROW:schema2", true},
    {"arrow:schema", true},
    {"pandas", false},
    {"panda", true},
    {"parquet.avro.schema", false},
    {"avro.schema", false},
    {"iceberg.schema", false},
    {"org.apache.spark.sql.parquet.row.metadata", false},
    {"org.apache.spark.version", false},
    {"org.apache.spark", true},
    {"writer.model.name", true},
};

static void keys_that_describe_columns_hold_for_these_alone(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_file_pair pair = {hw_view_of(rows[i].key), HW_VIEW("v"), true};
        const struct hw_file_pairs changed = {&pair, 1, false};
        const struct hw_file_pairs same = {&pair, 1, true};
        assert_row_int(rows[i].key, hw_file_pairs_hold(&changed, 0), rows[i].holds);
        assert_row_int(rows[i].key, hw_file_pairs_hold(&same, 0), true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_describe_columns_hold_for_these_alone),
    };
    return cmocka_run_group_tests_name("table/file_pairs", tests, NULL, NULL);
}
