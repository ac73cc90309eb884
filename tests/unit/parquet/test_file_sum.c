/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_sum.h"

#include "support/rows.h"

static void a_value_is_read_as_it_was_written(void **state) {
    (void)state;
    const struct hw_file_sum sum = {.before = UINT64_C(0x0123456789abcdef), .footer = 0x89abcdef};
    struct hw_file_sum got = {0};
    char text[HW_FILE_SUM_BYTES + 1];
    hw_file_sum_write(&sum, text);
    assert_string_equal(text, "crc64nvme=0123456789abcdef;footer=89abcdef");
    assert_true(hw_file_sum_read(hw_view_of(text), &got));
    assert_true(got.before == sum.before);
    assert_int_equal(got.footer, sum.footer);
}

static void other_texts_are_no_values(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "crc64nvme=0123456789abcdef;footer=89abcde",
        "crc64nvme=0123456789abcdef;footer=89abcdef0",
        "crc64nvme=0123456789ABCDEF;footer=89abcdef",
        "crc64nvme=0123456789abcdef;footer=89abcdeg",
        "crc64nvme=0123456789abcdef,footer=89abcdef",
        "crc32nvme=0123456789abcdef;footer=89abcdef",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct hw_file_sum got;
        assert_row_int(texts[i], hw_file_sum_read(hw_view_of(texts[i]), &got), false);
    }
}

/* The check value of CRC-32C is that of "123456789" (RFC 3720, B.4 has others). */
static void its_own_digits_count_as_zeros(void **state) {
    (void)state;
    static const char footer[] = "12345678abcdefghij";
    const uint32_t sum = hw_file_sum_footer((hw_view){footer, sizeof(footer) - 1}, 8);
    static const char zeros[] = "1234567800000000ij";
    assert_int_equal(sum, hw_file_sum_footer((hw_view){zeros, sizeof(zeros) - 1}, 8));
    static const char other[] = "12345678abcdefghiJ";
    assert_int_not_equal(sum, hw_file_sum_footer((hw_view){other, sizeof(other) - 1}, 8));
}

static void a_pair_is_found_wherever_it_is(void **state) {
    (void)state;
    assert_true(hw_file_sum_within(HW_VIEW("xx\x18\x0fhawser.checksum\x18\x2a"
                                           "crc64nvme=00")));
    assert_false(hw_file_sum_within(HW_VIEW("hawser.checksum")));
    assert_false(hw_file_sum_within(HW_VIEW("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_read_as_it_was_written),
        cmocka_unit_test(other_texts_are_no_values),
        cmocka_unit_test(its_own_digits_count_as_zeros),
        cmocka_unit_test(a_pair_is_found_wherever_it_is),
    };
    return cmocka_run_group_tests_name("parquet/file_sum", tests, NULL, NULL);
}
