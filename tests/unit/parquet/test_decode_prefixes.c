/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_prefixes.h"

#include "unit/parquet/padded.h"

#include "parquet/delta.h"

/* Written with pyarrow 26, write_table(column_encoding="DELTA_BYTE_ARRAY"). */
static const struct {
    const char *name;
    hw_view bytes;
    size_t count;
    size_t width;
    hw_view want;
    size_t left;
} good[] = {
    {"axis axle babble babyhood, an empty one, b",
     HW_VIEW_INIT("\x80\x01\x04\x06\x00\x05\x03\x00\x00\x00\x8d\x31\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "\x80\x01\x04\x06\x08\x09\x04\x00\x00\x00\x93\x04\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "\x00\x00"
                  "axislebabbleyhoodb"),
     6, 0, HW_VIEW_INIT("\4\0\0\0axis\4\0\0\0axle\6\0\0\0babble\10\0\0\0babyhood\0\0\0\0\1\0\0\0b"), 0},
    {"fixed(4): abcd abxy abxz zzzz, and a byte behind",
     HW_VIEW_INIT("\x80\x01\x04\x04\x00\x05\x03\x00\x00\x00\x25\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "\x80\x01\x04\x04\x08\x03\x03\x00\x00\x00\x48\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "abcdxyzzzzz!"),
     4, 4, HW_VIEW_INIT("abcdabxyabxzzzzz"), 1},
    {"none", HW_VIEW_INIT("\x80\x01\x04\x00\x00\x80\x01\x04\x00\x00"), 0, 0, HW_VIEW_INIT(""), 0},
};

static void expands_what_others_have_written(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        HW_AUTO(padded) page = padded_copy(good[i].bytes.data, good[i].bytes.size);
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t left = 99;
        assert_ok(hw_buf_append_text(&out, "before", &err), err);
        assert_ok(hw_prefixes_expand(padded_view(&page), good[i].count, good[i].width, &out, &left, &err), err);
        assert_row_bytes(good[i].name, out.data + 6, out.size - 6, good[i].want.data, good[i].want.size);
        assert_row_int(good[i].name, left, good[i].left);
    }
}

/* By hand: one value each in the header, the second one by a block whose least delta it is. */
static const struct {
    const char *name;
    hw_view bytes;
    size_t count;
    size_t width;
    size_t limit;
    enum hw_status want;
    const char *says;
} bad[] = {
    {"nothing", HW_VIEW_INIT(""), 1, 0, 0, HW_EDATA, "the size of blocks is cut"},
    {"no suffixes", HW_VIEW_INIT("\x80\x01\x04\x01\x00"), 1, 0, 0, HW_EDATA, "the size of blocks is cut"},
    {"fewer prefixes", HW_VIEW_INIT("\x80\x01\x04\x01\x00"), 2, 0, 0, HW_EDATA, "there are 1 values, where 2 are due"},
    {"fewer suffixes", HW_VIEW_INIT("\x80\x01\x04\x01\x00\x80\x01\x04\x00\x00"), 1, 0, 0, HW_EDATA,
     "there are 0 values, where 1 are due"},
    {"a negative prefix", HW_VIEW_INIT("\x80\x01\x04\x01\x01\x80\x01\x04\x01\x00"), 1, 0, 0, HW_EDATA,
     "a length is negative"},
    {"a negative suffix", HW_VIEW_INIT("\x80\x01\x04\x01\x00\x80\x01\x04\x01\x01"), 1, 0, 0, HW_EDATA,
     "a length is negative"},
    {"bytes that end before",
     HW_VIEW_INIT("\x80\x01\x04\x01\x00\x80\x01\x04\x01\x04"
                  "a"),
     1, 0, 0, HW_EDATA, "lengths come to 2 bytes, but 1 are there"},
    {"a prefix of nothing", HW_VIEW_INIT("\x80\x01\x04\x01\x02\x80\x01\x04\x01\x00"), 1, 0, 0, HW_EDATA,
     "a value begins with 1 bytes of the one before it, which has 0"},
    {"a prefix that is too long",
     HW_VIEW_INIT("\x80\x01\x04\x02\x00\x06\0\0\0\0\x80\x01\x04\x02\x04\x03\0\0\0\0"
                  "ab"),
     2, 0, 0, HW_EDATA, "a value begins with 3 bytes of the one before it, which has 2"},
    {"a value that is too short",
     HW_VIEW_INIT("\x80\x01\x04\x01\x00\x80\x01\x04\x01\x04"
                  "ab"),
     1, 3, 0, HW_EDATA, "a value has 2 bytes, but the column has values of 3"},
    {"a value that is too long",
     HW_VIEW_INIT("\x80\x01\x04\x01\x00\x80\x01\x04\x01\x04"
                  "ab"),
     1, 1, 0, HW_EDATA, "a value has 2 bytes, but the column has values of 1"},
    {"more than the limit", HW_VIEW_INIT("\x80\x01\x04\x01\xfe\xff\xff\xff\x0f\x80\x01\x04\x01\x00"), 1, 0, 1 << 20,
     HW_ELIMIT, ""},
};

static void names_what_is_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        HW_AUTO(padded) page = padded_copy(bad[i].bytes.data, bad[i].bytes.size);
        HW_AUTO(hw_buf) out = {.limit = bad[i].limit};
        struct hw_error err = HW_ERROR_INIT;
        size_t left = 0;
        enum hw_status status = hw_prefixes_expand(padded_view(&page), bad[i].count, bad[i].width, &out, &left, &err);
        assert_row_int(bad[i].name, status, bad[i].want);
        assert_row_says(bad[i].name, err.message, bad[i].says);
        assert_row_int(bad[i].name, out.size, 0);
    }
}

/* Every value begins with some of the one before it; lengths are around those of a copying step. */
static void values_of_any_length_are_expanded(void **state) {
    (void)state;
    enum { COUNT = 2000, BYTES_MAX = 60 };
    static int32_t prefixes[COUNT];
    static int32_t suffixes[COUNT];
    HW_AUTO(hw_buf) want = {0};
    HW_AUTO(hw_buf) ends = {0};
    HW_AUTO(hw_buf) page = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint8_t value[BYTES_MAX] = {0};
    uint64_t random = 12;
    size_t size = 0;
    size_t left = 99;

    for (size_t i = 0; i < COUNT; i++) {
        size_t prefix = size == 0 ? 0 : test_random(&random) % (size + 1);
        size_t suffix = test_random(&random) % (BYTES_MAX + 1 - prefix);
        uint8_t length[4];
        for (size_t k = prefix; k < prefix + suffix; k++) {
            value[k] = (uint8_t)test_random(&random);
        }
        size = prefix + suffix;
        prefixes[i] = (int32_t)prefix;
        suffixes[i] = (int32_t)suffix;
        hw_store_le32(length, (uint32_t)size);
        assert_ok(hw_buf_append(&want, length, 4, &err), err);
        assert_ok(hw_buf_append(&want, value, size, &err), err);
        assert_ok(hw_buf_append(&ends, value + prefix, suffix, &err), err);
    }
    assert_ok(hw_delta_encode(prefixes, COUNT, 4, &page, &err), err);
    assert_ok(hw_delta_encode(suffixes, COUNT, 4, &page, &err), err);
    assert_ok(hw_buf_append(&page, ends.data, ends.size, &err), err);
    HW_AUTO(padded) bytes = padded_copy(page.data, page.size);
    assert_ok(hw_prefixes_expand(padded_view(&bytes), COUNT, 0, &out, &left, &err), err);
    assert_row_bytes("all", out.data, out.size, want.data, want.size);
    assert_int_equal(left, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expands_what_others_have_written),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(values_of_any_length_are_expanded),
    };
    return cmocka_run_group_tests_name("parquet/decode_prefixes", tests, NULL, NULL);
}
