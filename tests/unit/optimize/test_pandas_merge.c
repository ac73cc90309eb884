/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pandas_merge.h"

#include "unit/optimize/merge_rows.h"

#define PANDAS(index) PANDAS_OF(index, "26.0.1")
#define PANDAS_OF(index, version) "{\"index_columns\": [" index "], \"columns\": [], \"creator\": \"" version "\"}"
#define RANGE(start, stop, step) NAMED_RANGE("null", start, stop, step)
#define NAMED_RANGE(name, start, stop, step) \
    PANDAS("{\"kind\": \"range\", \"name\": " name ", \"start\": " start ", \"stop\": " stop ", \"step\": " step "}")
#define OTHER_RANGE(start, stop) \
    PANDAS_OF("{\"kind\": \"range\", \"name\": null, \"start\": " start ", \"stop\": " stop ", \"step\": 1}", "25")
#define GREATEST "9223372036854775807"
#define LEAST "-9223372036854775808"

/* Labels are counted by hand. */
static const struct merge_row rows[] = {
    {"one after the other", MERGE_SOURCES({RANGE("0", "3", "1"), 0, 3}, {RANGE("3", "5", "1"), 0, 2}),
     RANGE("0", "5", "1")},
    {"by steps", MERGE_SOURCES({RANGE("10", "16", "3"), 0, 2}, {RANGE("16", "20", "3"), 0, 2}), RANGE("10", "22", "3")},
    {"downwards", MERGE_SOURCES({RANGE("3", "1", "-1"), 0, 2}, {RANGE("1", "-2", "-1"), 0, 3}), RANGE("3", "-2", "-1")},
    {"each from 0",
     MERGE_SOURCES({RANGE("0", "3", "1"), 0, 3}, {RANGE("0", "3", "1"), 0, 3}, {RANGE("0", "2", "1"), 0, 2}),
     RANGE("0", "8", "1")},
    {"a gap", MERGE_SOURCES({RANGE("5", "8", "1"), 0, 3}, {RANGE("9", "10", "1"), 0, 1}), RANGE("0", "4", "1")},
    {"in another order", MERGE_SOURCES({RANGE("5", "8", "1"), 0, 3}, {RANGE("0", "5", "1"), 0, 5}),
     RANGE("0", "8", "1")},
    {"a gap that is closed too late",
     MERGE_SOURCES({RANGE("5", "8", "1"), 0, 3}, {RANGE("9", "10", "1"), 0, 1}, {RANGE("8", "9", "1"), 0, 1}),
     RANGE("0", "5", "1")},
    {"other steps", MERGE_SOURCES({RANGE("4", "6", "1"), 0, 2}, {RANGE("6", "10", "2"), 0, 2}), RANGE("0", "4", "1")},
    {"a part from the middle", MERGE_SOURCES({RANGE("10", "40", "3"), 4, 2, true}), RANGE("22", "28", "3")},
    {"a part from the beginning", MERGE_SOURCES({RANGE("0", "3", "1"), 0, 2, true}), RANGE("0", "2", "1")},
    {"a part of no rows", MERGE_SOURCES({RANGE("0", "3", "1"), 1, 0, true}), RANGE("1", "1", "1")},
    {"the end of one and the beginning of another",
     MERGE_SOURCES({RANGE("0", "10", "1"), 6, 4, true}, {RANGE("10", "20", "1"), 0, 5, true}), RANGE("6", "15", "1")},
    {"parts of one value", MERGE_SOURCES({RANGE("0", "10", "1"), 2, 4, true}, {RANGE("0", "10", "1"), 6, 4, true}),
     RANGE("2", "10", "1")},
    {"all rows are one file's", MERGE_SOURCES({RANGE("2", "5", "1"), 0, 3}, {RANGE("0", "0", "1"), 0, 0}), NULL},
    {"no rows first", MERGE_SOURCES({RANGE("0", "0", "1"), 0, 0}, {RANGE("5", "8", "1"), 0, 3}), RANGE("5", "8", "1")},
    {"no rows between",
     MERGE_SOURCES({RANGE("5", "8", "1"), 0, 3}, {RANGE("0", "0", "2"), 0, 0}, {RANGE("8", "9", "1"), 0, 1}),
     RANGE("5", "9", "1")},
    {"no rows at all", MERGE_SOURCES({RANGE("4", "4", "1"), 0, 0}, {RANGE("0", "0", "1"), 0, 0}), NULL},
    /* pandas reads a range of another length than the table as none. */
    {"a longer range than the file", MERGE_SOURCES({RANGE("5", "9", "1"), 0, 3}, {RANGE("8", "9", "1"), 0, 1}),
     RANGE("0", "4", "1")},
    {"a shorter range than the file", MERGE_SOURCES({RANGE("0", "2", "1"), 0, 3}, {RANGE("3", "4", "1"), 0, 1}),
     RANGE("0", "4", "1")},
    {"a part behind the range", MERGE_SOURCES({RANGE("5", "8", "1"), 2, 2, true}), RANGE("2", "4", "1")},
    {"a part far behind the range", MERGE_SOURCES({RANGE("5", "8", "1"), 4, 2, true}), RANGE("4", "6", "1")},
    {"no step", MERGE_SOURCES({RANGE("5", "8", "0"), 0, 3}, {RANGE("8", "9", "1"), 0, 1}), RANGE("0", "4", "1")},
    {"the way up with a step down", MERGE_SOURCES({RANGE("5", "8", "-1"), 0, 3, true}), RANGE("0", "3", "1")},
    {"last numbers", MERGE_SOURCES({RANGE(LEAST, GREATEST, "1"), UINT64_MAX - 3, 2, true}),
     RANGE("9223372036854775804", "9223372036854775806", "1")},
    {"last numbers downwards", MERGE_SOURCES({RANGE(GREATEST, LEAST, LEAST), 1, 1, true}), RANGE("0", "1", "1")},
    {"last numbers but one", MERGE_SOURCES({RANGE(GREATEST, LEAST, LEAST), 0, 1, true}), RANGE(GREATEST, "-1", LEAST)},
    {"labels that do not fit",
     MERGE_SOURCES({RANGE("9223372036854775806", GREATEST, "2"), 0, 1}, {RANGE("0", "1", "1"), 0, 1}),
     RANGE("0", "2", "1")},
    {"more rows than fit", MERGE_SOURCES({RANGE("0", "1", "1"), 0, INT64_MAX}, {RANGE("9", "10", "1"), 0, 1}), NULL,
     .status = HW_ELIMIT, .says = "the RangeIndex does not fit into 64 bits"},
    {"columns as indexes", MERGE_SOURCES({PANDAS("\"a\""), 0, 3}, {PANDAS("\"a\""), 0, 1}), NULL},
    {"a part of columns as indexes", MERGE_SOURCES({PANDAS("\"a\""), 1, 1, true}), NULL},
    {"another name", MERGE_SOURCES({RANGE("0", "1", "1"), 0, 1}, {NAMED_RANGE("\"i\"", "1", "2", "1"), 0, 1}), NULL,
     .differ = true},
    {"another version", MERGE_SOURCES({RANGE("0", "1", "1"), 0, 1}, {OTHER_RANGE("1", "2"), 0, 1}), NULL,
     .differ = true},
    {"a range and none", MERGE_SOURCES({RANGE("0", "1", "1"), 0, 1}, {PANDAS("\"a\""), 0, 1}), NULL, .differ = true},
    {"no JSON", MERGE_SOURCES({RANGE("0", "1", "1"), 0, 1}, {"{", 0, 1}), NULL, .differ = true},
    {"a first that is no JSON", MERGE_SOURCES({"{", 0, 1}), NULL, .status = HW_EDATA, .says = "ends too early"},
    {"the first, whose labels go on", MERGE_SOURCES({RANGE("2", "3", "1"), 0, 1}, {OTHER_RANGE("3", "7"), 0, 4}),
     RANGE("2", "7", "1"), .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"the first, whose labels do not go on", MERGE_SOURCES({RANGE("2", "3", "1"), 0, 1}, {OTHER_RANGE("2", "6"), 0, 4}),
     RANGE("0", "5", "1"), .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"the first, and one without", MERGE_SOURCES({RANGE("2", "3", "1"), 0, 1}, {NULL, 0, 4}), RANGE("0", "5", "1"),
     .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"the first, and one of a column", MERGE_SOURCES({RANGE("2", "3", "1"), 0, 1}, {PANDAS("\"a\""), 0, 4}),
     RANGE("0", "5", "1"), .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"the first, of a column", MERGE_SOURCES({PANDAS("\"a\""), 0, 4}, {RANGE("2", "3", "1"), 0, 1}), NULL,
     .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST},
};

static void labels_are_those_of_the_rows(void **state) {
    (void)state;
    merge_texts_run(hw_pandas_merger_make, rows, COUNT_OF(rows));
}

static void no_memory_is_told(void **state) {
    (void)state;
    merge_row_sweep(hw_pandas_merger_make, &rows[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_those_of_the_rows),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/pandas_merge", tests, NULL, NULL);
}
