/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prefixes.h"

#include "parquet/decode_prefixes.h"
#include "unit/parquet/decode.h"
#include "unit/parquet/padded.h"
#include "unit/parquet/values_make.h"

static const struct hw_field texts = {"t", {.kind = HW_KIND_TEXT}, true};
static const struct hw_field halves = {"h", {.kind = HW_KIND_HALF}, true};
static const struct hw_field uuids = {"u", {.kind = HW_KIND_UUID}, true};

static void texts_fill(struct hw_values *values, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        values_put_text(values, list[i], strlen(list[i]));
    }
}

/* What pyarrow 26 writes for these texts, by write_table(column_encoding="DELTA_BYTE_ARRAY"). */
static void texts_are_as_pyarrow_has_them(void **state) {
    (void)state;
    static const char *const list[] = {"axis", "axle", "babble", "babyhood", "", "b"};
    static const hw_view want =
        HW_VIEW_INIT("\x80\x01\x04\x06\x00\x05\x03\x00\x00\x00\x8d\x31\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                     "\x80\x01\x04\x06\x08\x09\x04\x00\x00\x00\x93\x04\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                     "\x00\x00"
                     "axislebabbleyhoodb");
    struct hw_leaf leaf;
    struct hw_values values = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    hw_leaf_init(&leaf, &texts);
    texts_fill(&values, list, COUNT_OF(list));
    assert_ok(hw_buf_append_text(&out, "before", &err), err);
    assert_ok(hw_prefixes_encode(&leaf, &values, &out, &err), err);
    assert_row_bytes("texts", out.data, 6, "before", 6);
    assert_row_bytes("texts", out.data + 6, out.size - 6, want.data, want.size);
    hw_values_release(&values);
}

/*
 * By hand: the prefixes 0 and 1, the suffixes 2 and 1, each in the header (zigzag) and as the least
 * delta of a block whose widths are 0. Then the bytes that are left.
 */
static void fixed_values_have_no_lengths(void **state) {
    (void)state;
    static const hw_view want = HW_VIEW_INIT("\x80\x01\x04\x02\x00\x02\0\0\0\0"
                                             "\x80\x01\x04\x02\x04\x01\0\0\0\0"
                                             "abc");
    struct hw_leaf leaf;
    struct hw_values values = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    hw_leaf_init(&leaf, &halves);
    values_put(&values, "ab", 2);
    values_put(&values, "ac", 2);
    assert_ok(hw_prefixes_encode(&leaf, &values, &out, &err), err);
    assert_row_bytes("fixed", out.data, out.size, want.data, want.size);
    hw_values_release(&values);
}

/* Runs of the same byte, of lengths around those that are compared at once. */
static void values_put_some(struct hw_values *values, const struct hw_leaf *leaf, struct hw_buf *plain, size_t i) {
    char bytes[40];
    uint8_t length[4];
    const size_t size = leaf->lane == HW_LANE_TEXT ? i * 7 % 34 : leaf->width;
    memset(bytes, 'a', sizeof(bytes));
    bytes[i * 5 % 31] = (char)('a' + i % 3);
    if (leaf->lane == HW_LANE_TEXT) {
        values_put_text(values, bytes, size);
        hw_store_le32(length, (uint32_t)size);
        assert_int_equal(hw_buf_append(plain, length, sizeof(length), NULL), HW_OK);
    } else {
        values_put(values, bytes, size);
    }
    assert_int_equal(hw_buf_append(plain, bytes, size, NULL), HW_OK);
}

/* The decoder is held to pages of pyarrow; it gives the PLAIN bytes back. */
static void the_decoder_gives_all_values_back(void **state) {
    (void)state;
    static const struct hw_field *const of[] = {&texts, &uuids};
    static const size_t counts[] = {0, 1, 2, 128, 129, 500};
    for (size_t i = 0; i < COUNT_OF(of) * COUNT_OF(counts); i++) {
        const size_t count = counts[i % COUNT_OF(counts)];
        struct hw_leaf leaf;
        struct hw_values values = {0};
        HW_AUTO(hw_buf) plain = {0};
        HW_AUTO(hw_buf) out = {0};
        HW_AUTO(hw_buf) again = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t left = 99;
        hw_leaf_init(&leaf, of[i / COUNT_OF(counts)]);
        for (size_t k = 0; k < count; k++) {
            values_put_some(&values, &leaf, &plain, k);
        }
        assert_ok(hw_prefixes_encode(&leaf, &values, &out, &err), err);
        HW_AUTO(padded) page = padded_copy((const char *)out.data, out.size);
        const size_t width = leaf.lane == HW_LANE_TEXT ? 0 : leaf.width;
        assert_ok(hw_prefixes_expand(padded_view(&page), count, width, &again, &left, &err), err);
        assert_int_equal(left, 0);
        assert_row_bytes(of[i / COUNT_OF(counts)]->name, again.data, again.size, plain.data, plain.size);
        hw_values_release(&values);
    }
}

static void no_room_is_an_error(void **state) {
    (void)state;
    static const char *const list[] = {"axis", "axle"};
    struct hw_leaf leaf;
    struct hw_values values = {0};
    HW_AUTO(hw_buf) out = {.limit = 8};
    struct hw_error err = HW_ERROR_INIT;
    hw_leaf_init(&leaf, &texts);
    texts_fill(&values, list, COUNT_OF(list));
    assert_int_equal(hw_prefixes_encode(&leaf, &values, &out, &err), HW_ELIMIT);
    assert_row_says("no room", err.message, "limit of 8 bytes");
    hw_values_release(&values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_as_pyarrow_has_them),
        cmocka_unit_test(fixed_values_have_no_lengths),
        cmocka_unit_test(the_decoder_gives_all_values_back),
        cmocka_unit_test(no_room_is_an_error),
    };
    return cmocka_run_group_tests_name("parquet/prefixes", tests, NULL, NULL);
}
