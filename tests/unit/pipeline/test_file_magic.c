/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/file_magic.h"

#include "support/rows.h"

static void four_bytes_tell_a_format(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view bytes;
        enum hw_name_format want;
    } rows[] = {
        {"Parquet", HW_VIEW_INIT("PAR1"), HW_NAME_PARQUET},
        {"Parquet, and more", HW_VIEW_INIT("PAR1\x15\0"), HW_NAME_PARQUET},
        {"encrypted", HW_VIEW_INIT("PARE"), HW_NAME_PARQUET},
        {"Avro", HW_VIEW_INIT("Obj\x01"), HW_NAME_AVRO},
        {"another version of Avro", HW_VIEW_INIT("Obj\x02"), HW_NAME_UNKNOWN},
        {"an older Parquet", HW_VIEW_INIT("PAR2"), HW_NAME_UNKNOWN},
        {"not at the start", HW_VIEW_INIT(" PAR1"), HW_NAME_UNKNOWN},
        {"text", HW_VIEW_INIT("a,b\n1,2\n"), HW_NAME_UNKNOWN},
        {"cut", HW_VIEW_INIT("PAR"), HW_NAME_UNKNOWN},
        {"nothing", HW_VIEW_INIT(""), HW_NAME_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_file_magic(rows[i].bytes), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(four_bytes_tell_a_format)};
    return cmocka_run_group_tests_name("pipeline/file_magic", tests, NULL, NULL);
}
