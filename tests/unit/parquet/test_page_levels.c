/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_levels.h"

#include "unit/parquet/padded.h"

/*
 * Levels of nine entries by Encodings.md. As RLE of 2 bits: a run of 3 times 2 (06 02), one packed
 * group of 0 1 2 3 0 1 of which six count (03 e4 04). As BIT_PACKED, the highest bit first.
 */
static const struct {
    const char *name;
    struct hw_page_head head;
    hw_view bytes;
    hw_view reps;
    hw_view defs;
    uint8_t rep_max;
    uint8_t def_max;
    /* Levels as digits; NULL where there are none. */
    const char *want_reps;
    const char *want_defs;
    const char *want_values;
} pages[] = {
    {"v1 without levels",
     {.type = HW_PAGE_DATA, .values = 9},
     HW_VIEW_INIT("values"),
     {0},
     {0},
     0,
     0,
     NULL,
     NULL,
     "values"},
    {"v1 with definition levels",
     {.type = HW_PAGE_DATA, .values = 9, .def_encoding = HW_ENCODING_RLE},
     HW_VIEW_INIT("\x05\0\0\0\x06\x02\x03\xe4\x04values"),
     {0},
     {0},
     0,
     3,
     NULL,
     "222012301",
     "values"},
    {"v1 with both, repetition levels first",
     {.type = HW_PAGE_DATA, .values = 9, .def_encoding = HW_ENCODING_RLE, .rep_encoding = HW_ENCODING_RLE},
     HW_VIEW_INIT("\x04\0\0\0\x02\0\x10\x01\x05\0\0\0\x06\x02\x03\xe4\x04values"),
     {0},
     {0},
     1,
     3,
     "011111111",
     "222012301",
     "values"},
    {"v1 with BIT_PACKED of 1 bit: 101100111 takes two bytes",
     {.type = HW_PAGE_DATA, .values = 9, .def_encoding = HW_ENCODING_BIT_PACKED},
     HW_VIEW_INIT("\xb3\x80values"),
     {0},
     {0},
     0,
     1,
     NULL,
     "101100111",
     "values"},
    {"v1 with BIT_PACKED of 3 bits for 4",
     {.type = HW_PAGE_DATA, .values = 3, .def_encoding = HW_ENCODING_BIT_PACKED},
     HW_VIEW_INIT("\x81\x80values"), /* 100 000 011 0000000 */
     {0},
     {0},
     0,
     4,
     NULL,
     "403",
     "values"},
    {"v1 with one of each encoding",
     {.type = HW_PAGE_DATA, .values = 9, .def_encoding = HW_ENCODING_RLE, .rep_encoding = HW_ENCODING_BIT_PACKED},
     HW_VIEW_INIT("\x33\x80\x05\0\0\0\x06\x02\x03\xe4\x04values"),
     {0},
     {0},
     1,
     3,
     "001100111",
     "222012301",
     "values"},
    {"v1 may end with its levels",
     {.type = HW_PAGE_DATA, .values = 9, .def_encoding = HW_ENCODING_RLE},
     HW_VIEW_INIT("\x02\0\0\0\x12\x00"),
     {0},
     {0},
     0,
     1,
     NULL,
     "000000000",
     ""},
    {"v2 has them apart, without lengths",
     {.type = HW_PAGE_DATA_V2, .values = 9},
     HW_VIEW_INIT("values"),
     HW_VIEW_INIT("\x02\0\x10\x01"),
     HW_VIEW_INIT("\x06\x02\x03\xe4\x04"),
     1,
     3,
     "011111111",
     "222012301",
     "values"},
};

static void levels_check(const char *row, struct hw_rle_reader *reader, const char *want) {
    char got[32] = "";
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_rle_read_bytes(reader, (uint8_t *)got, strlen(want), &err), err);
    for (size_t i = 0; want[i]; i++) {
        got[i] = (char)(got[i] + '0');
    }
    assert_row_text(row, got, want);
}

static void levels_of_both_versions_and_encodings_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct padded bytes = padded_copy(pages[i].bytes.data, pages[i].bytes.size);
        struct padded reps = padded_copy(pages[i].reps.data, pages[i].reps.size);
        struct padded defs = padded_copy(pages[i].defs.data, pages[i].defs.size);
        const struct hw_page page = {
            .head = pages[i].head,
            .values = padded_view(&bytes),
            .reps = padded_view(&reps),
            .defs = padded_view(&defs),
        };
        const struct hw_read_leaf leaf = {.rep_max = pages[i].rep_max, .def_max = pages[i].def_max};
        struct hw_page_levels levels;
        hw_view values;
        assert_ok(hw_page_levels_begin(&levels, &leaf, &page, &values, &err), err);
        assert_row_bytes(pages[i].name, values.data, values.size, pages[i].want_values, strlen(pages[i].want_values));
        if (pages[i].want_reps) {
            levels_check(pages[i].name, &levels.reps, pages[i].want_reps);
        }
        if (pages[i].want_defs) {
            levels_check(pages[i].name, &levels.defs, pages[i].want_defs);
        }
        padded_release(&bytes);
        padded_release(&reps);
        padded_release(&defs);
    }
}

static const struct {
    const char *name;
    struct hw_page_head head;
    hw_view bytes;
    uint8_t rep_max;
    uint8_t def_max;
    const char *says;
} wrong[] = {
    {"no length",
     {.def_encoding = HW_ENCODING_RLE, .values = 1},
     HW_VIEW_INIT("\x02\0\0"),
     0,
     1,
     "it ends before the length of its levels"},
    {"a length beyond the page",
     {.def_encoding = HW_ENCODING_RLE, .values = 1},
     HW_VIEW_INIT("\x03\0\0\0\x02\x01"),
     0,
     1,
     "its levels take 3 bytes, and it has 2"},
    {"a length of 4 GiB",
     {.def_encoding = HW_ENCODING_RLE, .values = 1},
     HW_VIEW_INIT("\xff\xff\xff\xff\x02\x01"),
     0,
     1,
     "its levels take 4294967295 bytes, and it has 2"},
    {"packed levels beyond the page",
     {.def_encoding = HW_ENCODING_BIT_PACKED, .values = 17},
     HW_VIEW_INIT("\x01\x02"),
     0,
     1,
     "its levels take 3 bytes, and it has 2"},
    {"packed levels of more bits than 32 can say",
     {.def_encoding = HW_ENCODING_BIT_PACKED, .values = UINT32_MAX},
     HW_VIEW_INIT("\x01\x02"),
     0,
     255,
     "its levels take 4294967295 bytes, and it has 2"},
    {"an encoding of values",
     {.def_encoding = HW_ENCODING_PLAIN, .values = 1},
     HW_VIEW_INIT("\x02\0\0\0\x02\x01"),
     0,
     1,
     "its levels have encoding 0, which levels cannot have"},
    {"one that is not known",
     {.rep_encoding = -7, .values = 1},
     HW_VIEW_INIT("\x02\0\0\0\x02\x01"),
     1,
     1,
     "its levels have encoding -7, which levels cannot have"},
    {"repetition levels that leave none for the others",
     {.rep_encoding = HW_ENCODING_RLE, .def_encoding = HW_ENCODING_RLE, .values = 1},
     HW_VIEW_INIT("\x02\0\0\0\x02\x01\x02\0"),
     1,
     1,
     "it ends before the length of its levels"},
};

static void levels_that_the_page_cannot_have_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct padded bytes = padded_copy(wrong[i].bytes.data, wrong[i].bytes.size);
        const struct hw_page page = {.head = wrong[i].head, .values = padded_view(&bytes)};
        const struct hw_read_leaf leaf = {.rep_max = wrong[i].rep_max, .def_max = wrong[i].def_max};
        struct hw_page_levels levels;
        hw_view values = HW_VIEW_INIT("as it was");
        assert_row_int(wrong[i].name, hw_page_levels_begin(&levels, &leaf, &page, &values, &err), HW_EDATA);
        assert_row_text(wrong[i].name, err.message, wrong[i].says);
        assert_row_text(wrong[i].name, values.data, "as it was");
        padded_release(&bytes);
    }
}

static void the_highest_levels_are_counted(void **state) {
    (void)state;
    const uint8_t levels[] = {3, 0, 3, 1, 2, 3};
    struct hw_error err = HW_ERROR_INIT;
    size_t equal = 77;
    assert_ok(hw_levels_count(levels, 6, 3, "definition", &equal, &err), err);
    assert_int_equal(equal, 3);
    assert_ok(hw_levels_count(levels, 0, 3, "definition", &equal, &err), err);
    assert_int_equal(equal, 0);
    equal = 77;
    assert_int_equal(hw_levels_count(levels, 6, 2, "repetition", &equal, &err), HW_EDATA);
    assert_string_equal(err.message, "it has a repetition level of 3, the schema allows 2");
    assert_int_equal(equal, 77);
    assert_int_equal(hw_levels_count(levels, 5, 2, "definition", &equal, NULL), HW_EDATA);
}

/* Levels by the hybrid of 2 bits: 2047 times 1, 63 packed groups of 1 0 1 0, and twice 0. */
enum { REPEATED = 2047, GROUPS = 63, PACKED = GROUPS * 8 };

static struct padded levels_make(void) {
    uint8_t bytes[4 + 2 * GROUPS + 8];
    size_t at = 0;
    bytes[at++] = 0xfe; /* 2047 << 1 as a varint: 0xffe */
    bytes[at++] = 0x1f;
    bytes[at++] = 1;
    bytes[at++] = GROUPS << 1 | 1;
    for (size_t i = 0; i < 2 * GROUPS; i++) {
        bytes[at++] = 0x11; /* 01 00 01 00, the lowest bits first */
    }
    bytes[at++] = 4; /* twice 0 */
    bytes[at++] = 0;
    return padded_copy(bytes, at);
}

static const struct {
    const char *name;
    size_t counts[4];
    size_t want[4];
} skips[] = {
    {"all at once", {REPEATED + PACKED + 2}, {REPEATED + PACKED / 2}},
    {"a part of a run", {5, REPEATED - 5, 2}, {5, REPEATED - 5, 1}},
    {"from one run into the next", {REPEATED + 3, PACKED - 3, 2}, {REPEATED + 2, PACKED / 2 - 2, 0}},
    {"none", {0, 1}, {0, 1}},
};

static void levels_that_are_skipped_are_counted(void **state) {
    (void)state;
    struct padded bytes = levels_make();
    for (size_t i = 0; i < COUNT_OF(skips); i++) {
        struct hw_rle_reader reader;
        hw_rle_reader_init(&reader, padded_view(&bytes), 2);
        for (size_t k = 0; k < COUNT_OF(skips[i].counts); k++) {
            struct hw_error err = HW_ERROR_INIT;
            size_t equal = 77;
            assert_ok(hw_levels_skip(&reader, skips[i].counts[k], 1, &equal, &err), err);
            assert_row_int(skips[i].name, equal, skips[i].want[k]);
        }
    }
    padded_release(&bytes);
}

/* More than are decoded at once: 3000 levels of 1 bit in 375 bytes, of which three are 1. */
static void packed_levels_are_skipped_in_portions(void **state) {
    (void)state;
    uint8_t bytes[375] = {0x80, [200] = 0x18};
    struct padded all = padded_copy(bytes, sizeof(bytes));
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rle_reader reader;
    size_t equal = 77;
    hw_rle_reader_init_msb(&reader, padded_view(&all), 1);
    assert_ok(hw_levels_skip(&reader, 3000, 1, &equal, &err), err);
    assert_int_equal(equal, 3);
    assert_int_equal(hw_levels_skip(&reader, 1, 1, &equal, &err), HW_EDATA);
    padded_release(&all);
}

static const struct {
    const char *name;
    hw_view bytes;
    unsigned width;
    size_t count;
    const char *says;
} bad_skips[] = {
    {"a run above the highest", HW_VIEW_INIT("\x06\x03"), 2, 3, "it has a definition level of 3, the schema allows 2"},
    {"a run far above it", HW_VIEW_INIT("\x06\x00\x01"), 9, 3, "it has a definition level of 255, the schema allows 2"},
    {"a packed one above it", HW_VIEW_INIT("\x03\xe4\x00"), 2, 4, "it has a definition level of 3, the schema"},
    {"too few", HW_VIEW_INIT("\x06\x01"), 2, 4, "the bytes end before the last value"},
    {"too few that are packed", HW_VIEW_INIT("\x03\x00\x00"), 2, 9, "the bytes end before the last value"},
    {"a run that is cut", HW_VIEW_INIT("\x06"), 2, 1, "the value of a run is cut"},
};

static void levels_that_cannot_be_skipped_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_skips); i++) {
        struct padded bytes = padded_copy(bad_skips[i].bytes.data, bad_skips[i].bytes.size);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rle_reader reader;
        size_t equal = 77;
        hw_rle_reader_init(&reader, padded_view(&bytes), bad_skips[i].width);
        assert_row_int(bad_skips[i].name, hw_levels_skip(&reader, bad_skips[i].count, 2, &equal, &err), HW_EDATA);
        assert_row_says(bad_skips[i].name, err.message, bad_skips[i].says);
        assert_row_int(bad_skips[i].name, equal, 77);
        padded_release(&bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_of_both_versions_and_encodings_are_found),
        cmocka_unit_test(levels_that_the_page_cannot_have_are_named),
        cmocka_unit_test(the_highest_levels_are_counted),
        cmocka_unit_test(levels_that_are_skipped_are_counted),
        cmocka_unit_test(packed_levels_are_skipped_in_portions),
        cmocka_unit_test(levels_that_cannot_be_skipped_are_named),
    };
    return cmocka_run_group_tests_name("parquet/page_levels", tests, NULL, NULL);
}
