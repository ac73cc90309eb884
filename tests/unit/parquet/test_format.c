/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/format.h"

#include "support/rows.h"

#include "core/base.h"

/* parquet.thrift, Type and Encoding. */
static void names_are_those_of_the_specification(void **state) {
    (void)state;
    static const char *const physicals[] = {"BOOLEAN", "INT32",  "INT64",      "INT96",
                                            "FLOAT",   "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"};
    static const char *const encodings[] = {
        "PLAIN",
        NULL,
        "PLAIN_DICTIONARY",
        "RLE",
        "BIT_PACKED",
        "DELTA_BINARY_PACKED",
        "DELTA_LENGTH_BYTE_ARRAY",
        "DELTA_BYTE_ARRAY",
        "RLE_DICTIONARY",
        "BYTE_STREAM_SPLIT",
    };
    for (size_t i = 0; i < COUNT_OF(physicals); i++) {
        assert_string_equal(hw_physical_name((enum hw_physical)i), physicals[i]);
    }
    for (size_t i = 0; i < COUNT_OF(encodings); i++) {
        const char *name = hw_encoding_name((int32_t)i);
        assert_string_equal(name ? name : "none", encodings[i] ? encodings[i] : "none");
    }
    assert_null(hw_encoding_name(-1));
    assert_null(hw_encoding_name(COUNT_OF(encodings)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_the_specification),
    };
    return cmocka_run_group_tests_name("parquet/format", tests, NULL, NULL);
}
