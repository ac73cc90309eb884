/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/input.h"

#include "support/memory_io.h"
#include "support/rows.h"

static const struct {
    const char *name;
    hw_view bytes;
    enum hw_status want;
    int64_t value;
    uint64_t taken;
    const char *says;
} longs[] = {
    {"one byte", HW_VIEW_INIT("\x02\xff"), HW_OK, 1, 1, ""},
    {"ten bytes", HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), HW_OK, INT64_MIN, 10, ""},
    {"nothing", HW_VIEW_INIT(""), HW_EDATA, 0, 0, "the file ends within its count"},
    {"cut", HW_VIEW_INIT("\x80\x80"), HW_EDATA, 0, 0, "the file ends within its count"},
    {"too long", HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), HW_EDATA, 0, 0,
     "its count is a number of more than 64 bits"},
};

static void longs_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(longs); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct memory_source source = memory_source(longs[i].bytes, 0);
        HW_AUTO(hw_packed) input = {0};
        int64_t value = 0;
        assert_ok(hw_packed_init(&input, &source.base, 4, &err), err);
        assert_row_int(longs[i].name, hw_avro_input_long(&input, "its count", &value, &err), longs[i].want);
        assert_row_says(longs[i].name, err.message, longs[i].says);
        assert_row_int(longs[i].name, hw_packed_offset(&input), longs[i].taken);
        if (longs[i].want == HW_OK) {
            assert_row_int(longs[i].name, value, longs[i].value);
        } else {
            assert_row_int(longs[i].name, err.offset, 0);
        }
    }
}

static void bytes_are_read_to_the_last(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct memory_source source = memory_source(HW_VIEW("0123456789"), 0);
    HW_AUTO(hw_packed) input = {0};
    HW_AUTO(hw_buf) buf = {0};
    char out[8];
    assert_ok(hw_packed_init(&input, &source.base, 3, &err), err);
    assert_ok(hw_avro_input_bytes(&input, "x", out, 4, &err), err);
    assert_memory_equal(out, "0123", 4);
    assert_ok(hw_avro_input_buf(&input, "x", &buf, 5, &err), err);
    assert_row_bytes("buf", buf.data, buf.size, "45678", 5);
    assert_int_equal(hw_avro_input_bytes(&input, "the marker", out, 4, &err), HW_EDATA);
    assert_string_equal(err.message, "the file ends within the marker, 1 of whose 4 bytes are there");
    assert_int_equal(err.offset, 10);
}

/* A size that is not true takes no memory but for what is there. */
static void sizes_are_not_believed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct memory_source source = memory_source(HW_VIEW("0123456789"), 0);
    HW_AUTO(hw_packed) input = {0};
    HW_AUTO(hw_buf) buf = {0};
    assert_ok(hw_packed_init(&input, &source.base, 0, &err), err);
    assert_int_equal(hw_avro_input_buf(&input, "its items", &buf, HW_MIB(512), &err), HW_EDATA);
    assert_string_equal(err.message, "the file ends within its items, 10 of whose 536870912 bytes are there");
    assert_true(buf.capacity <= HW_MIB(2));
}

static void faults_of_the_source_are_told(void **state) {
    (void)state;
    for (int call = 0; call < 3; call++) {
        struct memory_source source = memory_source(HW_VIEW("0123456789"), 1);
        HW_AUTO(hw_packed) input = {0};
        HW_AUTO(hw_buf) buf = {0};
        int64_t value;
        char out[4];
        assert_int_equal(hw_packed_init(&input, &source.base, 0, NULL), HW_OK);
        const enum hw_status status = call == 0   ? hw_avro_input_long(&input, "x", &value, NULL)
                                      : call == 1 ? hw_avro_input_bytes(&input, "x", out, 4, NULL)
                                                  : hw_avro_input_buf(&input, "x", &buf, 4, NULL);
        assert_int_equal(status, HW_EIO);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(longs_are_read),
        cmocka_unit_test(bytes_are_read_to_the_last),
        cmocka_unit_test(sizes_are_not_believed),
        cmocka_unit_test(faults_of_the_source_are_told),
    };
    return cmocka_run_group_tests_name("avro/input", tests, NULL, NULL);
}
