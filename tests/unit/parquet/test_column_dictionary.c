/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/column_dictionary.h"

#include "support/alloc_fault.h"
#include "unit/parquet/leaf_make.h"
#include "unit/parquet/padded.h"

/* A dictionary page of a leaf. */
struct dictionary_row {
    const char *name;
    enum hw_physical physical;
    size_t width;
    enum hw_leaf_form form;
    struct hw_type type;
    int32_t encoding;
    uint32_t count;
    hw_view bytes;
};

static void leaf_of(struct leaf_made *made, const struct dictionary_row *row) {
    leaf_make(made, row->physical, row->width, row->form, row->type);
}

/* Loads the page, whose bytes nobody needs afterwards. */
static enum hw_status load(struct hw_column_dictionary *dictionary, const struct dictionary_row *row,
                           const struct leaf_made *made, struct hw_error *err) {
    struct padded bytes = padded_copy(row->bytes.data, row->bytes.size);
    struct hw_value_reader reader = {.leaf = &made->leaf, .page_bytes_max = 1000};
    const struct hw_page page = {
        .head = {.type = HW_PAGE_DICTIONARY, .encoding = row->encoding, .values = row->count},
        .values = padded_view(&bytes),
    };
    const enum hw_status status = hw_column_dictionary_load(dictionary, &page, &reader, err);
    hw_value_reader_release(&reader);
    padded_release(&bytes);
    return status;
}

/* Plain bytes by Encodings.md. */
static const struct dictionary_row int_row = {.name = "integers",
                                              .physical = HW_PHYSICAL_INT32,
                                              .width = 4,
                                              .form = HW_LEAF_SAME,
                                              .type = {.kind = HW_KIND_INT32},
                                              .encoding = HW_ENCODING_PLAIN,
                                              .count = 2,
                                              .bytes = HW_VIEW_INIT("\x01\0\0\0\xfe\xff\xff\xff")};
static const struct dictionary_row narrow_row = {.name = "converted ones",
                                                 .physical = HW_PHYSICAL_INT32,
                                                 .width = 4,
                                                 .form = HW_LEAF_NARROW,
                                                 .type = {.kind = HW_KIND_INT8},
                                                 .encoding = HW_ENCODING_PLAIN_DICTIONARY,
                                                 .count = 2,
                                                 .bytes = HW_VIEW_INIT("\x01\0\0\0\xfe\xff\xff\xff")};
static const struct dictionary_row text_row = {.name = "texts",
                                               .physical = HW_PHYSICAL_BYTE_ARRAY,
                                               .form = HW_LEAF_SAME,
                                               .type = {.kind = HW_KIND_TEXT},
                                               .encoding = HW_ENCODING_PLAIN,
                                               .count = 3,
                                               .bytes = HW_VIEW_INIT("\x02\0\0\0ab\0\0\0\0\x01\0\0\0c")};
static const struct dictionary_row empty_row = {.name = "no texts",
                                                .physical = HW_PHYSICAL_BYTE_ARRAY,
                                                .form = HW_LEAF_SAME,
                                                .type = {.kind = HW_KIND_TEXT},
                                                .encoding = HW_ENCODING_PLAIN,
                                                .bytes = {"", 0}};

static const struct {
    const struct dictionary_row *row;
    size_t width;
    /* Its bytes, and for texts the places where they begin and end. */
    hw_view want;
    uint32_t offsets[4];
} good[] = {
    {&int_row, 4, HW_VIEW_INIT("\x01\0\0\0\xfe\xff\xff\xff"), {0}},
    {&narrow_row, 1, HW_VIEW_INIT("\x01\xfe"), {0}},
    {&text_row, 0, HW_VIEW_INIT("abc"), {0, 2, 2, 3}},
    {&empty_row, 0, {"", 0}, {0}},
};

static void dictionary_check(const struct hw_column_dictionary *dictionary, size_t i) {
    const char *name = good[i].row->name;
    const struct hw_dictionary_values *values = &dictionary->values;
    assert_row_int(name, values->count, good[i].row->count);
    assert_row_int(name, values->width, good[i].width);
    assert_row_bytes(name, values->values, good[i].want.size, good[i].want.data, good[i].want.size);
    if (good[i].width == 0) {
        const size_t bytes = (values->count + 1) * sizeof(uint32_t);
        assert_row_bytes(name, values->offsets, bytes, good[i].offsets, bytes);
    }
    assert_row_int(name, dictionary->data.capacity >= good[i].want.size + HW_DECODED_PADDING, true);
    assert_row_int(name, hw_column_dictionary_held(dictionary),
                   dictionary->data.capacity + dictionary->offsets.capacity);
}

static void values_have_the_form_of_a_batch(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct hw_column_dictionary dictionary = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct leaf_made made;
        leaf_of(&made, good[i].row);
        assert_ok(load(&dictionary, good[i].row, &made, &err), err);
        dictionary_check(&dictionary, i);
        hw_column_dictionary_release(&dictionary);
        assert_row_int(good[i].row->name, hw_column_dictionary_held(&dictionary), 0);
        assert_row_int(good[i].row->name, dictionary.values.count, 0);
    }
}

/* The bytes behind the values are those that decoders may read. */
static void padding_behind_the_values_may_be_read(void **state) {
    (void)state;
    struct hw_column_dictionary dictionary = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct leaf_made made;
    struct dictionary_row row = int_row;
    HW_AUTO(hw_buf) bytes = {0};
    /* 64 values fill a buffer of 256 bytes. */
    assert_int_equal(hw_buf_resize(&bytes, 256, NULL), HW_OK);
    memset(bytes.data, 7, 256);
    row.bytes = hw_buf_view(&bytes);
    row.count = 64;
    leaf_of(&made, &row);
    assert_ok(load(&dictionary, &row, &made, &err), err);
    assert_true(dictionary.data.capacity >= 256 + HW_DECODED_PADDING);
    assert_memory_equal(dictionary.values.values, bytes.data, 256);
    hw_column_dictionary_release(&dictionary);
}

static const struct {
    const char *name;
    const struct dictionary_row *row;
    enum hw_physical physical;
    int32_t encoding;
    uint32_t count;
    hw_view bytes;
    const char *says;
} wrong[] = {
    {"an encoding of data pages", &int_row, HW_PHYSICAL_INT32, HW_ENCODING_RLE_DICTIONARY, 1,
     HW_VIEW_INIT("\x01\0\0\0"), "a dictionary has encoding 8, and only PLAIN is allowed"},
    {"one that is not known", &int_row, HW_PHYSICAL_INT32, -1, 1, HW_VIEW_INIT("\x01\0\0\0"),
     "a dictionary has encoding -1, and only PLAIN is allowed"},
    {"booleans", &int_row, HW_PHYSICAL_BOOLEAN, HW_ENCODING_PLAIN, 1, HW_VIEW_INIT("\x01"),
     "booleans have no dictionary"},
    {"more values than bytes can be", &int_row, HW_PHYSICAL_INT32, HW_ENCODING_PLAIN, 3,
     HW_VIEW_INIT("\x01\0\0\0\x02\0\0\0\x03\0\0"), "its 11 bytes cannot hold the 3 values of its header"},
    {"far more", &int_row, HW_PHYSICAL_INT32, HW_ENCODING_PLAIN, UINT32_MAX, HW_VIEW_INIT("\x01\0\0\0"),
     "its 4 bytes cannot hold the 4294967295 values of its header"},
    {"more texts than lengths", &text_row, HW_PHYSICAL_BYTE_ARRAY, HW_ENCODING_PLAIN, 2, HW_VIEW_INIT("\0\0\0\0\0\0\0"),
     "its 7 bytes cannot hold the 2 values of its header"},
    {"a text that is cut", &text_row, HW_PHYSICAL_BYTE_ARRAY, HW_ENCODING_PLAIN, 1, HW_VIEW_INIT("\x02\0\0\0a"),
     "a text has 2 bytes, but 1 are left"},
    {"a text that is no UTF-8", &text_row, HW_PHYSICAL_BYTE_ARRAY, HW_ENCODING_PLAIN, 1, HW_VIEW_INIT("\x01\0\0\0\xff"),
     "a text is not UTF-8"},
    {"a value that the type has not", &narrow_row, HW_PHYSICAL_INT32, HW_ENCODING_PLAIN, 1, HW_VIEW_INIT("\xff\0\0\0"),
     "255 is outside of int8"},
};

static void pages_that_are_no_dictionary_leave_the_old_one(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct hw_column_dictionary dictionary = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct leaf_made made;
        struct dictionary_row row = *wrong[i].row;
        leaf_of(&made, &text_row);
        assert_ok(load(&dictionary, &text_row, &made, &err), err);
        row.physical = wrong[i].physical;
        row.encoding = wrong[i].encoding;
        row.count = wrong[i].count;
        row.bytes = wrong[i].bytes;
        leaf_of(&made, &row);
        assert_row_int(wrong[i].name, load(&dictionary, &row, &made, &err), HW_EDATA);
        assert_row_says(wrong[i].name, err.message, wrong[i].says);
        dictionary_check(&dictionary, 2);
        hw_column_dictionary_release(&dictionary);
    }
}

/* A dictionary takes the place of one of another kind. */
static void a_dictionary_may_be_loaded_anew(void **state) {
    (void)state;
    struct hw_column_dictionary dictionary = {0};
    for (size_t i = 0; i < COUNT_OF(good) * 2; i++) {
        const size_t at = i % COUNT_OF(good);
        struct hw_error err = HW_ERROR_INIT;
        struct leaf_made made;
        leaf_of(&made, good[at].row);
        assert_ok(load(&dictionary, good[at].row, &made, &err), err);
        dictionary_check(&dictionary, at);
    }
    hw_column_dictionary_release(&dictionary);
}

static void no_memory_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        size_t failures = 0;
        bool fired = true;
        for (; fired; failures++) {
            struct hw_column_dictionary dictionary = {0};
            struct alloc_fault fault;
            struct leaf_made made;
            leaf_of(&made, good[i].row);
            alloc_fault_begin(&fault, failures);
            const enum hw_status status = load(&dictionary, good[i].row, &made, NULL);
            const size_t held = hw_column_dictionary_held(&dictionary);
            hw_column_dictionary_release(&dictionary);
            fired = alloc_fault_end(&fault);
            assert_row_int(good[i].row->name, status, fired ? HW_ENOMEM : HW_OK);
            assert_row_int(good[i].row->name, held > 0, !fired);
        }
        assert_row_int(good[i].row->name, failures > 1, true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_the_form_of_a_batch),
        cmocka_unit_test(padding_behind_the_values_may_be_read),
        cmocka_unit_test(pages_that_are_no_dictionary_leave_the_old_one),
        cmocka_unit_test(a_dictionary_may_be_loaded_anew),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests_name("parquet/column_dictionary", tests, NULL, NULL);
}
