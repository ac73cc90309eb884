/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/writer_version.h"

#include "support/rows.h"

static const struct {
    const char *created_by;
    const char *program;
    uint32_t numbers[3];
    /* Whether it is a parquet-mr before 1.2.9. */
    bool before;
} rows[] = {
    {"parquet-mr version 1.8.1 (build 4aba4dae7bb0d4edbcf7923ae1339f28fd3f7fcf)", "parquet-mr", {1, 8, 1}, false},
    {"parquet-mr version 1.2.9", "parquet-mr", {1, 2, 9}, false},
    {"parquet-mr version 1.2.8", "parquet-mr", {1, 2, 8}, true},
    {"parquet-mr version 1.2.10", "parquet-mr", {1, 2, 10}, false},
    {"parquet-mr version 1.1.12", "parquet-mr", {1, 1, 12}, true},
    {"parquet-mr version 0.9.9", "parquet-mr", {0, 9, 9}, true},
    {"parquet-mr", "parquet-mr", {0, 0, 0}, true},
    {"parquet-mr version", "parquet-mr version", {0, 0, 0}, false},
    {"parquet-mr version 1.5.0-cdh5.5.0 (build ${buildNumber})", "parquet-mr", {1, 5, 0}, false},
    {"parquet-cpp-arrow version 15.0.1", "parquet-cpp-arrow", {15, 0, 1}, false},
    {"parquet-cpp version 1.2.1-SNAPSHOT", "parquet-cpp", {1, 2, 1}, false},
    {"impala version 2.11.0-cdh5.14.0 (build d68206561bce6b26762d62c01a78e6cd27aa7690)", "impala", {2, 11, 0}, false},
    {"parquet-mr version 1.99999999999999999999", "parquet-mr", {1, 9999999, 0}, false},
    {"DuckDB", "DuckDB", {0, 0, 0}, false},
    {"", "", {0, 0, 0}, false},
};

static void writers_are_read_as_they_name_themselves(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *text = rows[i].created_by;
        const struct hw_writer_version version = hw_writer_version_read((hw_view){text, strlen(text)});
        assert_row_bytes(text, version.program.data, version.program.size, rows[i].program, strlen(rows[i].program));
        for (size_t n = 0; n < 3; n++) {
            assert_row_int(text, version.numbers[n], rows[i].numbers[n]);
        }
        assert_row_int(text, hw_writer_version_before(&version, "parquet-mr", 1, 2, 9), rows[i].before);
    }
}

/* PARQUET_CPP_10353_FIXED_VERSION of Arrow is parquet-cpp 2.0.0. */
static const struct {
    const char *created_by;
    bool against;
} packing[] = {
    {"parquet-cpp version 1.5.1-SNAPSHOT", true},
    {"parquet-cpp version 2.0.0", false},
    {"parquet-cpp-arrow version 1.0.0", false},
    {"parquet-mr version 1.5.1", false},
    {"", false},
};

static void old_writers_pack_against_the_flag(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(packing); i++) {
        const hw_view text = hw_view_of(packing[i].created_by);
        assert_row_int(packing[i].created_by, hw_writer_packs_against_flag(text), packing[i].against);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writers_are_read_as_they_name_themselves),
        cmocka_unit_test(old_writers_pack_against_the_flag),
    };
    return cmocka_run_group_tests_name("parquet/writer_version", tests, NULL, NULL);
}
