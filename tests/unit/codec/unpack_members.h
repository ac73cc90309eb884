/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of every packing that has members one behind the other, whatever it calls them. A test
 * names its format, then the cases that MEMBERS_TESTS lists.
 */
#ifndef HW_TESTS_UNPACK_MEMBERS_H
#define HW_TESTS_UNPACK_MEMBERS_H

#include <stdio.h>
#include <stdlib.h>

#include "unpack_parts.h"

struct members_format {
    enum hw_packing packing;
    const char *name;   /* "xz" */
    const char *member; /* what it calls a member: "stream" */
    void (*put)(struct hw_buf *out, const void *data, size_t bytes);
    /* Every bit of a file is under a checksum, but for padding. */
    bool checked;
    /* The most bits of a file of four members that may be wrong without a harm. */
    size_t harmless_max;
};

/* The format of the test. */
static const struct members_format format;

/* Several members, one of them empty, the last one before padding. */
static struct parts_file members_file_make(void) {
    struct parts_file file = {.packing = format.packing};
    static const size_t sizes[] = {700, 0, 40, 300};
    uint8_t text[700];
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        text_fill(text, sizes[i], i + 1);
        format.put(&file.packed, text, sizes[i]);
        put(&file.plain, text, sizes[i]);
        parts_end(&file);
    }
    put(&file.packed, "\0\0\0\0", 4);
    return file;
}

static void members_come_whole_wherever_blocks_end(void **state) {
    (void)state;
    struct parts_file file = members_file_make();
    parts_come_whole(&file);
    parts_release(&file);
}

static void a_cut_file_never_seems_whole(void **state) {
    (void)state;
    struct parts_file file = members_file_make();
    char says[64];
    snprintf(says, sizeof(says), "%s: cut inside a %s", format.name, format.member);
    parts_are_missed(&file, says);
    parts_release(&file);
}

static void a_wrong_bit_never_changes_the_bytes(void **state) {
    (void)state;
    struct parts_file file = members_file_make();
    char says[64];
    snprintf(says, sizeof(says), "%s: ", format.name);
    assert_true(parts_with_wrong_bits(&file, format.checked, says) <= format.harmless_max);
    parts_release(&file);
}

static void each_fault_is_named(void **state) {
    (void)state;
    HW_AUTO(hw_buf) one = {0};
    format.put(&one, "123456789", 9);
    static const struct {
        const char *name;
        hw_view packed; /* NULL: digits that are packed */
        hw_view behind;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"one", {0}, HW_VIEW_INIT(""), HW_OK, ""},
        {"a newline behind it", {0}, HW_VIEW_INIT("\n"), HW_OK, ""},
        {"text behind it", {0}, HW_VIEW_INIT("trailing text"), HW_EDATA, "after a member, these bytes begin"},
        {"no bytes", {"", 0}, HW_VIEW_INIT(""), HW_EDATA, "cut inside a "},
        {"text", {"id,name\n1,Ann\n2,Bob\n", 20}, HW_VIEW_INIT(""), HW_EDATA, "corrupt: "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t block = 0; block < 3; block++) {
            HW_AUTO(hw_buf) packed = {0};
            HW_AUTO(hw_buf) got = {0};
            struct hw_error err = HW_ERROR_INIT;
            struct unpack_way way = {block, 1000, 0};
            const hw_view front = rows[i].packed.data ? rows[i].packed : hw_buf_view(&one);
            put(&packed, front.data, front.size);
            put(&packed, rows[i].behind.data, rows[i].behind.size);
            enum hw_status status = unpack_all(hw_buf_view(&packed), format.packing, way, &got, &err);
            assert_row_int(rows[i].name, status, rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_row_says(rows[i].name, err.message, rows[i].want == HW_OK ? "" : format.name);
            if (status == HW_OK) {
                assert_row_bytes(rows[i].name, got.data, got.size, "123456789", 9);
            }
        }
    }
}

static void a_fault_of_the_source_is_passed_on(void **state) {
    (void)state;
    HW_AUTO(hw_buf) packed = {0};
    format.put(&packed, "123456789", 9);
    for (int read = 1; read <= 2; read++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct unpack_way way = {10, 1000, read};
        assert_int_equal(unpack_all(hw_buf_view(&packed), format.packing, way, &got, &err), HW_EIO);
        assert_string_equal(err.message, "injected");
    }
}

/* Larger than any window and any buffer, two members, odd sizes everywhere. */
static void a_large_file_comes_whole(void **state) {
    (void)state;
    enum { BYTES = 3000000, FIRST = 2222222 };
    static const struct unpack_way ways[] = {{0, 65536, 0}, {0, 1 << 23, 0}, {4093, 7919, 0}};
    uint8_t *plain = malloc(BYTES);
    HW_AUTO(hw_buf) packed = {0};
    text_fill(plain, BYTES, 9);
    format.put(&packed, plain, FIRST);
    format.put(&packed, plain + FIRST, BYTES - FIRST);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(unpack_all(hw_buf_view(&packed), format.packing, ways[i], &got, &err), err);
        assert_row_bytes("plain", got.data, got.size, plain, BYTES);
    }
    free(plain);
}

#define MEMBERS_TESTS                                                                                         \
    cmocka_unit_test(members_come_whole_wherever_blocks_end), cmocka_unit_test(a_cut_file_never_seems_whole), \
        cmocka_unit_test(a_wrong_bit_never_changes_the_bytes), cmocka_unit_test(each_fault_is_named),         \
        cmocka_unit_test(a_fault_of_the_source_is_passed_on), cmocka_unit_test(a_large_file_comes_whole)

#endif
