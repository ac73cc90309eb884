/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/thrift_read.h"

#include "support/rows.h"

/* Bytes by hand from the compact protocol's specification, as those of test_thrift.c. */

/* Every kind of value under an id that the next struct does not know, then a number under 1. */
#define A_NUMBER "\x15\xd8\x04" /* field 1: 300 */
#define BYTE_10 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"

static const struct {
    const char *name;
    hw_view bytes;
    enum hw_status want;
    int64_t offset; /* in a file where they begin at byte 100 */
    const char *says;
} rows[] = {
    {"nothing but the end", HW_VIEW_INIT("\x00"), HW_OK, -1, ""},
    {"bools", HW_VIEW_INIT("\x11\x12\x00"), HW_OK, -1, ""},
    {"a byte", HW_VIEW_INIT("\x23\xff\x00"), HW_OK, -1, ""},
    {"integers", HW_VIEW_INIT("\x24\x01\x15\xd8\x04\x16" BYTE_10 "\x00"), HW_OK, -1, ""},
    {"a double", HW_VIEW_INIT("\x27\0\0\0\0\0\0\0\0\x00"), HW_OK, -1, ""},
    {"a UUID", HW_VIEW_INIT("\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x00"), HW_OK, -1, ""},
    {"a text", HW_VIEW_INIT("\x28\x02zz\x00"), HW_OK, -1, ""},
    {"a list", HW_VIEW_INIT("\x29\x25\x01\x02\x00"), HW_OK, -1, ""},
    {"a long list", HW_VIEW_INIT("\x29\xf3\x02\x01\x02\x00"), HW_OK, -1, ""},
    {"a list of bools", HW_VIEW_INIT("\x29\x21\x01\x02\x00"), HW_OK, -1, ""},
    {"a set", HW_VIEW_INIT("\x2a\x13\x05\x00"), HW_OK, -1, ""},
    {"an empty map is a byte", HW_VIEW_INIT("\x2b\x00\x00"), HW_OK, -1, ""},
    {"a map", HW_VIEW_INIT("\x2b\x01\x81\x01k\x01\x00"), HW_OK, -1, ""},
    {"a struct", HW_VIEW_INIT("\x2c\x13\x05\x00\x00"), HW_OK, -1, ""},
    {"an id that is written out", HW_VIEW_INIT("\x03\x28\x40\x00"), HW_OK, -1, ""},

    {"no byte", {"", 0}, HW_EDATA, 100, "the bytes end within a struct"},
    {"no end", HW_VIEW_INIT("\x11"), HW_EDATA, 101, "the bytes end within a struct"},
    {"a number without its end", HW_VIEW_INIT("\x25\xd8"), HW_EDATA, 101, "within a number"},
    {"a number of more than 64 bits", HW_VIEW_INIT("\x26\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x00"), HW_EDATA, 101,
     "more than 64 bits"},
    {"a byte that is not there", HW_VIEW_INIT("\x23"), HW_EDATA, 101, "within a number"},
    {"half a double", HW_VIEW_INIT("\x27\0\0\0\0"), HW_EDATA, 101, "within a number"},
    {"half a UUID", HW_VIEW_INIT("\x2d\0\0\0\0"), HW_EDATA, 101, "within a UUID"},
    {"a text longer than the rest", HW_VIEW_INIT("\x28\x03zz"), HW_EDATA, 102, "within a text"},
    {"a text of 2^64 - 1 bytes", HW_VIEW_INIT("\x28" BYTE_10 "zz"), HW_EDATA, 111, "within a text"},
    {"a list without a head", HW_VIEW_INIT("\x29"), HW_EDATA, 101, "within a list"},
    {"more elements than bytes", HW_VIEW_INIT("\x29\x45\x01\x02\x00"), HW_EDATA, 102,
     "4 elements are to follow, but only 3 bytes do"},
    {"2^64 - 1 elements", HW_VIEW_INIT("\x29\xfc" BYTE_10 "\x00"), HW_EDATA, 112, "elements are to follow"},
    {"2^64 - 1 entries of a map", HW_VIEW_INIT("\x2b" BYTE_10 "\x11\x00"), HW_EDATA, 111, "elements are to follow"},
    {"a type that is none", HW_VIEW_INIT("\x2e\x00"), HW_EDATA, 101, "a type that Thrift does not have"},
    {"a list of what is no type", HW_VIEW_INIT("\x29\x1f\x00\x00"), HW_EDATA, 102, "a type that Thrift does not have"},
    {"an id beyond 16 bits", HW_VIEW_INIT("\x05\x80\x80\x04\x00"), HW_EDATA, 104, "a number that is none"},
};

static void whatever_is_not_known_is_skipped(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_thrift_reader in;
        struct hw_thrift_field field;

        hw_thrift_reader_init(&in, rows[i].bytes, 100, &err);
        while (hw_thrift_field(&in, &field)) {
            hw_thrift_skip(&in, &field);
        }
        assert_row_int(rows[i].name, in.status, rows[i].want);
        assert_row_int(rows[i].name, err.offset, rows[i].offset);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, hw_thrift_reader_used(&in), rows[i].bytes.size);
        }
    }
}

/* Every beginning of something whole says that more bytes might help, and nothing else does. */
static void what_was_cut_is_told_from_what_is_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t bytes = 0; rows[i].want == HW_OK && bytes < rows[i].bytes.size; bytes++) {
            struct hw_thrift_reader in;
            struct hw_thrift_field field;
            hw_thrift_reader_init(&in, (hw_view){rows[i].bytes.data, bytes}, 0, NULL);
            while (hw_thrift_field(&in, &field)) {
                hw_thrift_skip(&in, &field);
            }
            assert_row_int(rows[i].name, in.status, HW_EDATA);
            assert_row_int(rows[i].name, in.cut, true);
        }
    }
    struct hw_thrift_reader in;
    struct hw_thrift_field field;
    hw_thrift_reader_init(&in, HW_VIEW("\x2e\x00"), 0, NULL);
    assert_true(hw_thrift_field(&in, &field));
    hw_thrift_skip(&in, &field);
    assert_false(in.cut);
}

/* A struct, its own fields and one more struct in it. */
struct thing {
    bool yes, no, yes_read, no_read;
    int32_t small;
    int64_t large, byte;
    hw_view text;
    size_t bools, numbers, texts;
    int64_t sum;
};

static void list_of(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct thing *thing) {
    struct hw_thrift_list list;
    if (!hw_thrift_read_list(in, field, &list)) {
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (field->id == 7) {
            thing->bools += hw_thrift_get_bool(in, &list);
        } else if (field->id == 8) {
            thing->sum += hw_thrift_get_i32(in, &list);
        } else if (field->id == 9) {
            thing->texts += hw_thrift_get_binary(in, &list).size;
        } else if (hw_thrift_get_struct(in, &list)) {
            struct hw_thrift_field member;
            while (hw_thrift_field(in, &member)) {
                hw_thrift_read_i64(in, &member, &thing->sum);
            }
        }
    }
}

static void thing_read(struct hw_thrift_reader *in, struct thing *thing) {
    struct hw_thrift_field field;
    while (hw_thrift_field(in, &field)) {
        switch (field.id) {
        case 1:
            thing->yes_read = hw_thrift_read_bool(in, &field, &thing->yes);
            break;
        case 2:
            thing->no_read = hw_thrift_read_bool(in, &field, &thing->no);
            break;
        case 3:
            hw_thrift_read_i32(in, &field, &thing->small);
            break;
        case 4:
            hw_thrift_read_i64(in, &field, &thing->large);
            break;
        case 5:
            hw_thrift_read_i64(in, &field, &thing->byte);
            break;
        case 6:
            hw_thrift_read_binary(in, &field, &thing->text);
            break;
        default:
            list_of(in, &field, thing);
        }
    }
}

static struct thing read_thing(hw_view bytes, enum hw_status want, const char *says) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_thrift_reader in;
    struct thing thing = {.no = true, .small = 7, .large = 7, .byte = 7};
    hw_thrift_reader_init(&in, bytes, 0, &err);
    thing_read(&in, &thing);
    assert_int_equal(in.status, want);
    assert_row_says("error", err.message, says);
    return thing;
}

static void fields_are_read(void **state) {
    (void)state;
    struct thing thing = read_thing(HW_VIEW("\x11\x12\x15\xd7\x04\x16" BYTE_10 "\x13\xfe\x18\x02"
                                            "ab\x19\x21\x01\x02\x19\x25\x02\x03\x19\x28\x01x\x02yz\x00"),
                                    HW_OK, "");
    assert_true(thing.yes_read && thing.yes && thing.no_read && !thing.no);
    assert_int_equal(thing.small, -300);
    assert_true(thing.large == INT64_MIN);
    assert_int_equal(thing.byte, -2);
    assert_row_bytes("text", thing.text.data, thing.text.size, "ab", 2);
    assert_int_equal(thing.bools, 1);
    assert_int_equal(thing.sum, 1 - 2);
    assert_int_equal(thing.texts, 3);

    thing = read_thing(HW_VIEW("\xa9\x2c\x16\x0a\x00\x16\x0c\x00\x00"), HW_OK, "");
    assert_int_equal(thing.sum, 6);
}

/* Thrift's own readers skip what has another type, and so files rely on it. */
static void a_field_of_another_type_is_skipped(void **state) {
    (void)state;
    struct thing thing = read_thing(HW_VIEW("\x18\x01x\x15\x02\x18\x01y\x11\x1c\x00\x15\x02\x15\x02\x00"), HW_OK, "");
    assert_true(!thing.yes_read && !thing.no_read && thing.no);
    assert_int_equal(thing.small, 7);
    assert_int_equal(thing.large, 7);
    assert_int_equal(thing.byte, 7);
    assert_null(thing.text.data);
    assert_int_equal(thing.bools, 0);
}

static void an_element_of_another_type_is_refused(void **state) {
    (void)state;
    read_thing(HW_VIEW("\x79\x15\x02\x00"), HW_EDATA, "a list of bools has elements of Thrift's type 5");
    read_thing(HW_VIEW("\x79\x11\x03\x00"), HW_EDATA, "neither true nor false");
    read_thing(HW_VIEW("\x89\x18\x02\x00"), HW_EDATA, "a list of integers has elements of Thrift's type 8");
    read_thing(HW_VIEW("\x99\x15\x02\x00"), HW_EDATA, "a list of texts has elements of Thrift's type 5");
    read_thing(HW_VIEW("\xa9\x15\x02\x00"), HW_EDATA, "a list of structs has elements of Thrift's type 5");
    read_thing(HW_VIEW("\x36\x80\x80\x80\x80\x10\x00"), HW_EDATA, "a number has more than 32 bits");
}

static void depth_is_limited(void **state) {
    (void)state;
    enum { OPEN = HW_THRIFT_READ_DEPTH_MAX };
    char bytes[2 * OPEN];
    for (size_t depth = OPEN - 1; depth <= OPEN; depth++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_thrift_reader in;
        struct hw_thrift_field field;
        memset(bytes, 0, sizeof(bytes));
        memset(bytes, 0x1c, depth);
        hw_thrift_reader_init(&in, (hw_view){bytes, sizeof(bytes)}, 0, &err);
        assert_true(hw_thrift_field(&in, &field));
        hw_thrift_skip(&in, &field);
        assert_int_equal(in.status, depth < OPEN ? HW_OK : HW_ELIMIT);
        assert_row_says("depth", err.message, depth < OPEN ? "" : "more than 64 structs and lists");
    }
}

/* Lists in lists, which are no structs, count too. */
static void lists_in_each_other_are_limited(void **state) {
    (void)state;
    char bytes[400];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_thrift_reader in;
    struct hw_thrift_field field;
    memset(bytes, 0x19, sizeof(bytes));
    hw_thrift_reader_init(&in, (hw_view){bytes, sizeof(bytes)}, 0, &err);
    assert_true(hw_thrift_field(&in, &field));
    hw_thrift_skip(&in, &field);
    assert_int_equal(in.status, HW_ELIMIT);
}

static void the_first_failure_is_kept(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_thrift_reader in;
    struct hw_thrift_field field = {.id = 1, .type = 8};
    hw_view text = {0};
    hw_thrift_reader_init(&in, HW_VIEW("\x00\x00\x00"), 10, &err);
    hw_thrift_reader_fail(&in, HW_EUNSUPPORTED, "kind %d", 3);
    hw_thrift_reader_fail(&in, HW_EDATA, "another");
    assert_false(hw_thrift_read_binary(&in, &field, &text));
    assert_false(hw_thrift_field(&in, &field));
    assert_int_equal(in.status, HW_EUNSUPPORTED);
    assert_string_equal(err.message, "kind 3");
    assert_int_equal(err.offset, 10);
}

static void what_a_struct_needs_is_named(void **state) {
    (void)state;
    const struct hw_thrift_needs needs = {
        .name = "Thing",
        .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(3),
        .names = (const char *const[]){[1] = "one", [3] = "three"},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_thrift_reader in;
    struct hw_thrift_field field = {.id = 3};
    hw_thrift_reader_init(&in, HW_VIEW("\x00"), 0, &err);
    hw_thrift_need(&in, &needs, HW_THRIFT_ID(1) | hw_thrift_seen(&field, true));
    assert_int_equal(in.status, HW_OK);
    hw_thrift_need(&in, &needs, HW_THRIFT_ID(1) | hw_thrift_seen(&field, false));
    assert_int_equal(in.status, HW_EDATA);
    assert_string_equal(err.message, "Thing ends without three");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_not_known_is_skipped),
        cmocka_unit_test(what_was_cut_is_told_from_what_is_wrong),
        cmocka_unit_test(fields_are_read),
        cmocka_unit_test(a_field_of_another_type_is_skipped),
        cmocka_unit_test(an_element_of_another_type_is_refused),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(lists_in_each_other_are_limited),
        cmocka_unit_test(the_first_failure_is_kept),
        cmocka_unit_test(what_a_struct_needs_is_named),
    };
    return cmocka_run_group_tests_name("parquet/thrift_read", tests, NULL, NULL);
}
