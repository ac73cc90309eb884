/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/thrift.h"

#include "support/rows.h"

/* Bytes by hand from the compact protocol's specification. */
static void write_bools(struct hw_thrift *thrift) {
    hw_thrift_bool(thrift, 1, true);
    hw_thrift_bool(thrift, 2, false);
}

static void write_integers(struct hw_thrift *thrift) {
    hw_thrift_i16(thrift, 1, -1);
    hw_thrift_i32(thrift, 2, 300);
    hw_thrift_i64(thrift, 3, INT64_MIN);
}

static void write_i8(struct hw_thrift *thrift) {
    hw_thrift_i8(thrift, 1, -2);
    hw_thrift_i8(thrift, 20, 64);
}

static void write_far_ids(struct hw_thrift *thrift) {
    hw_thrift_i32(thrift, 15, 1);
    hw_thrift_i32(thrift, 31, 1);
}

static void write_texts(struct hw_thrift *thrift) {
    hw_thrift_text(thrift, 4, "ab");
    hw_thrift_binary(thrift, 5, NULL, 0);
}

static void write_nested(struct hw_thrift *thrift) {
    hw_thrift_i32(thrift, 3, 0);
    hw_thrift_begin(thrift, 5);
    hw_thrift_i32(thrift, 1, 1);
    hw_thrift_end(thrift);
    hw_thrift_i32(thrift, 6, 0); /* counted from 5 again */
}

static void write_short_list(struct hw_thrift *thrift) {
    hw_thrift_list(thrift, 1, HW_THRIFT_I32, 2);
    hw_thrift_put_i32(thrift, 1);
    hw_thrift_put_i32(thrift, -2);
    hw_thrift_list(thrift, 2, HW_THRIFT_BOOL, 2);
    hw_thrift_put_bool(thrift, true);
    hw_thrift_put_bool(thrift, false);
}

static void write_long_list(struct hw_thrift *thrift) {
    hw_thrift_list(thrift, 1, HW_THRIFT_I64, 15);
    for (int i = 0; i < 15; i++) {
        hw_thrift_put_i64(thrift, 0);
    }
}

static void write_structs(struct hw_thrift *thrift) {
    hw_thrift_list(thrift, 1, HW_THRIFT_STRUCT, 2);
    for (int i = 0; i < 2; i++) {
        hw_thrift_put_begin(thrift);
        hw_thrift_i32(thrift, 1, i);
        hw_thrift_end(thrift);
    }
    hw_thrift_raw_field(thrift, 2, HW_THRIFT_STRUCT);
    hw_thrift_put_raw(thrift, "\0", 1);
}

static const struct {
    const char *name;
    void (*write)(struct hw_thrift *thrift);
    hw_view want; /* the stop of the outermost struct included */
} rows[] = {
    {"booleans are in the field's head", write_bools, HW_VIEW_INIT("\x11\x12\x00")},
    {"zigzag varints", write_integers,
     HW_VIEW_INIT("\x14\x01\x15\xd8\x04\x16\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00")},
    {"bytes have no zigzag", write_i8, HW_VIEW_INIT("\x13\xfe\x03\x28\x40\x00")},
    {"an id 16 further has the long form", write_far_ids, HW_VIEW_INIT("\xf5\x02\x05\x3e\x02\x00")},
    {"length and bytes", write_texts,
     HW_VIEW_INIT("\x48\x02"
                  "ab\x18\x00\x00")},
    {"a struct counts its own ids", write_nested, HW_VIEW_INIT("\x35\x00\x2c\x15\x02\x00\x15\x00\x00")},
    {"a list of up to 14", write_short_list, HW_VIEW_INIT("\x19\x25\x02\x03\x19\x21\x01\x02\x00")},
    {"a list of 15", write_long_list, HW_VIEW_INIT("\x19\xf6\x0f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x00")},
    {"structs in a list, and a raw one", write_structs, HW_VIEW_INIT("\x19\x2c\x15\x00\x00\x15\x02\x00\x1c\x00\x00")},
};

static void writes_the_compact_protocol(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_thrift thrift;
        hw_thrift_init(&thrift, &out, NULL);
        rows[i].write(&thrift);
        hw_thrift_end(&thrift);
        assert_row_int(rows[i].name, thrift.status, HW_OK);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want.data, rows[i].want.size);
    }
}

static void the_first_failure_stays(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {.limit = 70};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_thrift thrift;
    char text[80] = {0};

    hw_thrift_init(&thrift, &out, &err);
    hw_thrift_binary(&thrift, 1, text, sizeof(text));
    size_t size = out.size;
    hw_thrift_i32(&thrift, 2, 1);
    assert_int_equal(thrift.status, HW_ELIMIT);
    assert_int_equal(out.size, size);
    assert_row_says("message", err.message, "beyond its limit of 70 bytes");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_compact_protocol),
        cmocka_unit_test(the_first_failure_stays),
    };
    return cmocka_run_group_tests_name("parquet/thrift", tests, NULL, NULL);
}
