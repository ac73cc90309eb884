/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/file_facts.h"

#include "support/rows.h"

/* The texts are those that rclone writes of the same times and modes. */
static void texts_are_those_of_rclone(void **state) {
    (void)state;
    static const struct {
        int64_t ns;
        const char *want;
    } times[] = {
        {0, "0"},
        {1, "0.000000001"},
        {-1, "-0.000000001"},
        {INT64_C(1700000000123456789), "1700000000.123456789"},
        {INT64_C(1700000000500000000), "1700000000.5"},
        {INT64_C(1700000000000000000), "1700000000"},
        {-1500000000, "-1.5"},
        {INT64_MAX, "9223372036.854775807"},
        {INT64_MIN, "-9223372036.854775808"},
    };
    static const struct {
        uint32_t mode;
        const char *want;
    } modes[] = {{0644, "100644"}, {0, "100000"}, {0777, "100777"}, {06755, "100755"}};
    char text[HW_FILE_FACT_BYTES];
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        assert_row_text(times[i].want, hw_file_mtime_text(times[i].ns, text), times[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        assert_row_text(modes[i].want, hw_file_mode_text(modes[i].mode, text), modes[i].want);
    }
}

static void metadata_tells_times_and_modes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_metadata entry;
        struct hw_file_facts want;
    } rows[] = {
        {"nanoseconds", {"mtime", "1700000000.123456789"}, {true, INT64_C(1700000000123456789), false, 0}},
        {"in capitals", {"Mtime", "1.5"}, {true, 1500000000, false, 0}},
        {"whole seconds", {"mtime", "1700000000"}, {true, INT64_C(1700000000000000000), false, 0}},
        {"before 1970", {"mtime", "-0.5"}, {true, -500000000, false, 0}},
        {"a point alone", {"mtime", "7."}, {true, 7000000000, false, 0}},
        {"more decimals", {"mtime", "1.0000000019"}, {true, 1000000001, false, 0}},
        {"the last one", {"mtime", "9223372036.854775807"}, {true, INT64_MAX, false, 0}},
        {"beyond the last one", {"mtime", "9223372036.854775808"}, {0}},
        {"far beyond", {"mtime", "99999999999999999999"}, {0}},
        {"seconds beyond", {"mtime", "9223372037"}, {0}},
        {"a date", {"mtime", "2023-11-14T22:13:20Z"}, {0}},
        {"no digit", {"mtime", "-"}, {0}},
        {"nothing", {"mtime", ""}, {0}},
        {"decimals alone", {"mtime", ".5"}, {0}},
        {"blanks", {"mtime", "1 "}, {0}},
        {"a regular file", {"mode", "100640"}, {false, 0, true, 0640}},
        {"with a zero", {"mode", "0100664"}, {false, 0, true, 0664}},
        {"permissions alone", {"mode", "755"}, {false, 0, true, 0755}},
        {"setuid, setgid and sticky", {"mode", "107755"}, {false, 0, true, 0755}},
        {"setuid alone", {"mode", "4755"}, {false, 0, true, 0755}},
        {"a folder", {"mode", "040755"}, {0}},
        {"a link", {"mode", "120777"}, {0}},
        {"decimal, of s3fs", {"mode", "33188"}, {0}},
        {"decimal, with octal digits only", {"mode", "33261"}, {0}},
        {"letters", {"mode", "rw-r--r--"}, {0}},
        {"very long", {"mode", "7777777777777777777777"}, {0}},
        {"none", {"mode", ""}, {0}},
        {"another name", {"mtimes", "1"}, {0}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_file_facts got = hw_file_facts_of(&rows[i].entry, 1);
        assert_row_int(rows[i].name, got.has_mtime, rows[i].want.has_mtime);
        assert_row_int(rows[i].name, got.has_mode, rows[i].want.has_mode);
        assert_row_int(rows[i].name, got.has_mtime ? got.mtime_ns : 0, rows[i].want.mtime_ns);
        assert_row_int(rows[i].name, got.has_mode ? got.mode : 0, rows[i].want.mode);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_those_of_rclone),
        cmocka_unit_test(metadata_tells_times_and_modes),
    };
    return cmocka_run_group_tests_name("transfer/file_facts", tests, NULL, NULL);
}
