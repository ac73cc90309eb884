/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/value_reader.h"

#include "support/alloc_fault.h"
#include "unit/parquet/leaf_make.h"
#include "unit/parquet/padded.h"

/* A leaf as the schema has it. */
struct leaf_row {
    enum hw_physical physical;
    size_t width;
    enum hw_leaf_form form;
    struct hw_type type;
};

static const struct leaf_row ints = {HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, {.kind = HW_KIND_INT32}};
static const struct leaf_row bools = {HW_PHYSICAL_BOOLEAN, 0, HW_LEAF_SAME, {.kind = HW_KIND_BOOL}};
static const struct leaf_row times = {
    HW_PHYSICAL_INT32, 4, HW_LEAF_TIME, {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}};
static const struct leaf_row narrows = {HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, {.kind = HW_KIND_INT8}};
static const struct leaf_row decimals = {
    HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_BYTES_DECIMAL, {.kind = HW_KIND_DECIMAL, .precision = 9}};
static const struct leaf_row texts = {HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_TEXT}};
static const struct leaf_row large_texts = {HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_LARGE_TEXT}};
static const struct leaf_row binaries = {HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_BINARY}};

/* A page of a leaf, and what is taken of it by one call. */
struct page_row {
    const char *name;
    const struct leaf_row *leaf;
    int32_t encoding;
    size_t count;
    hw_view bytes;
    hw_view want; /* the bytes of values, or of texts with a bar behind each */
};

/* Plain bytes by Encodings.md; those of the types by LogicalTypes.md. */
static const struct page_row pages[] = {
    {"integers", &ints, HW_ENCODING_PLAIN, 2, HW_VIEW_INIT("\x01\0\0\0\xfe\xff\xff\xff"),
     HW_VIEW_INIT("\x01\0\0\0\xfe\xff\xff\xff")},
    {"booleans, a bit each", &bools, HW_ENCODING_PLAIN, 3, HW_VIEW_INIT("\x05"), HW_VIEW_INIT("\x01\x00\x01")},
    {"a time of day, 86399999", &times, HW_ENCODING_PLAIN, 1, HW_VIEW_INIT("\xff\x5b\x26\x05"),
     HW_VIEW_INIT("\xff\x5b\x26\x05")},
    {"INT8 of INT32", &narrows, HW_ENCODING_PLAIN, 3, HW_VIEW_INIT("\x7f\0\0\0\x80\xff\xff\xff\x05\0\0\0"),
     HW_VIEW_INIT("\x7f\x80\x05")},
    {"decimals of BYTE_ARRAY: 1 and -2", &decimals, HW_ENCODING_PLAIN, 2,
     HW_VIEW_INIT("\x01\0\0\0\x01\x02\0\0\0\xff\xfe"),
     HW_VIEW_INIT("\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                  "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")},
    {"texts", &texts, HW_ENCODING_PLAIN, 3, HW_VIEW_INIT("\x02\0\0\0\xc3\xa4\0\0\0\0\x03\0\0\0\xe2\x82\xac"),
     HW_VIEW_INIT("\xc3\xa4||\xe2\x82\xac|")},
    {"any bytes are binary", &binaries, HW_ENCODING_PLAIN, 1, HW_VIEW_INIT("\x02\0\0\0\xff\x80"),
     HW_VIEW_INIT("\xff\x80|")},
    {"nulls alone, without bytes", &ints, HW_ENCODING_RLE_DICTIONARY, 0, {"", 0}, {"", 0}},
    {"the same with no encoding that is known", &narrows, 77, 0, {"", 0}, {"", 0}},
};

static void reader_of(struct hw_value_reader *reader, struct leaf_made *made, const struct page_row *row) {
    const struct leaf_row *leaf = row->leaf;
    leaf_make(made, leaf->physical, leaf->width, leaf->form, leaf->type);
    *reader = (struct hw_value_reader){.leaf = &made->leaf, .page_bytes_max = 1000};
}

/* Appends the texts, with a bar behind each. */
static void texts_put(const struct hw_leaf_rows *rows, struct hw_buf *line) {
    const int32_t *ends = (const int32_t *)(const void *)rows->offsets.data;
    for (size_t i = 0; i < rows->count; i++) {
        const size_t bytes = (size_t)(ends[i + 1] - ends[i]);
        assert_int_equal(hw_buf_append(line, rows->data.data + ends[i], bytes, NULL), HW_OK);
        assert_int_equal(hw_buf_append_byte(line, '|', NULL), HW_OK);
    }
}

static void rows_check(const char *row, const struct hw_leaf_rows *rows, hw_view want) {
    HW_AUTO(hw_buf) line = {0};
    if (rows->width > 0) {
        assert_row_bytes(row, rows->values.data, rows->values.size, want.data, want.size);
        assert_row_int(row, rows->count, want.size / rows->width);
        return;
    }
    texts_put(rows, &line);
    assert_row_bytes(row, line.data, line.size, want.data, want.size);
}

/* Begins with the page and takes its values, `step` by a call. */
static enum hw_status page_take(struct hw_value_reader *reader, const struct page_row *row, hw_view bytes, size_t step,
                                struct hw_leaf_rows *rows, struct hw_error *err) {
    HW_TRY(hw_leaf_rows_clear(rows, hw_leaf_width(reader->leaf), err));
    HW_TRY(hw_value_reader_begin(reader, row->encoding, row->count, bytes, NULL, err));
    for (size_t at = 0; at < row->count; at += step) {
        bool full = false;
        HW_TRY(hw_value_reader_take(reader, hw_min_size(step, row->count - at), HW_TEXT_BYTES_MAX, rows, &full, err));
        assert_false(full);
    }
    return HW_OK;
}

static void values_come_in_the_form_of_a_batch(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages) * 2; i++) {
        const struct page_row *row = &pages[i / 2];
        struct padded bytes = padded_copy(row->bytes.data, row->bytes.size);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_value_reader reader;
        struct leaf_made made;
        struct hw_leaf_rows rows = {0};
        reader_of(&reader, &made, row);
        assert_ok(page_take(&reader, row, padded_view(&bytes), i % 2 ? 1 : 100, &rows, &err), err);
        rows_check(row->name, &rows, row->want);
        assert_row_int(row->name, hw_leaf_kind(&made.leaf).width, row->leaf == &bools ? 1 : row->leaf->width);
        assert_row_int(row->name, rows.count, row->count);
        hw_leaf_rows_release(&rows);
        hw_value_reader_release(&reader);
        padded_release(&bytes);
    }
}

static const struct {
    const char *name;
    const struct leaf_row *leaf;
    size_t count;
    hw_view bytes;
    enum hw_value_look look;
    const char *says;
} wrong[] = {
    {"a time that no day has", &times, 2, HW_VIEW_INIT("\0\0\0\0\x00\x5c\x26\x05"), HW_VALUE_LOOK_RANGE,
     "86400000 ms is no time of a day"},
    {"an integer that INT8 has not", &narrows, 1, HW_VIEW_INIT("\x80\0\0\0"), HW_VALUE_LOOK_RANGE,
     "128 is outside of int8, which has -128 to 127"},
    {"integers that end before", &ints, 2, HW_VIEW_INIT("\x01\0\0\0\x02\0\0"), HW_VALUE_LOOK_DECODE,
     "7 bytes are left, which are not 2 values of 4 bytes"},
    {"converted ones that end before", &narrows, 2, HW_VIEW_INIT("\x01\0\0\0"), HW_VALUE_LOOK_DECODE,
     "4 bytes are left, which are not 2 values of 4 bytes"},
    {"a text that ends before", &texts, 1, HW_VIEW_INIT("\x03\0\0\0ab"), HW_VALUE_LOOK_DECODE,
     "a text has 3 bytes, but 2 are left"},
    {"a text that is no UTF-8", &texts, 2, HW_VIEW_INIT("\x01\0\0\0a\x01\0\0\0\xff"), HW_VALUE_LOOK_UTF8,
     "a text is not UTF-8"},
    {"a character over the border of two texts", &large_texts, 2, HW_VIEW_INIT("\x01\0\0\0\xc3\x01\0\0\0\xa4"),
     HW_VALUE_LOOK_UTF8, "a text is not UTF-8"},
    {"one that ends within a character", &texts, 1, HW_VIEW_INIT("\x02\0\0\0\xe2\x82"), HW_VALUE_LOOK_UTF8,
     "a text is not UTF-8"},
    {"a decimal without bytes", &decimals, 1, HW_VIEW_INIT("\0\0\0\0"), HW_VALUE_LOOK_RANGE, "a decimal has no bytes"},
};

static void values_that_are_none_of_the_type_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const struct page_row page = {
            .leaf = wrong[i].leaf, .encoding = HW_ENCODING_PLAIN, .count = wrong[i].count, .bytes = wrong[i].bytes};
        const char *name = wrong[i].name;
        struct padded bytes = padded_copy(page.bytes.data, page.bytes.size);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_value_reader reader;
        struct leaf_made made;
        struct hw_leaf_rows rows = {0};
        reader_of(&reader, &made, &page);
        assert_row_int(name, page_take(&reader, &page, padded_view(&bytes), 100, &rows, &err), HW_EDATA);
        assert_row_says(name, err.message, wrong[i].says);
        assert_row_int(name, reader.look, wrong[i].look);
        hw_leaf_rows_release(&rows);
        hw_value_reader_release(&reader);
        padded_release(&bytes);
    }
}

/* ------ the leaf, the page and the reader of a single test */

struct bench {
    struct leaf_made made;
    struct hw_value_reader reader;
    struct padded bytes;
    struct hw_leaf_rows rows;
    struct hw_error err;
    bool full;
};

static void bench_open(struct bench *bench, const struct leaf_row *leaf, hw_view bytes) {
    const struct page_row row = {.leaf = leaf};
    *bench = (struct bench){.err = HW_ERROR_INIT};
    reader_of(&bench->reader, &bench->made, &row);
    bench->bytes = padded_copy(bytes.data, bytes.size);
    assert_ok(hw_leaf_rows_clear(&bench->rows, hw_leaf_width(&bench->made.leaf), &bench->err), bench->err);
}

static void bench_close(struct bench *bench) {
    hw_leaf_rows_release(&bench->rows);
    hw_value_reader_release(&bench->reader);
    padded_release(&bench->bytes);
}

static enum hw_status bench_begin(struct bench *bench, int32_t encoding, size_t count,
                                  const struct hw_dictionary_values *dictionary) {
    return hw_value_reader_begin(&bench->reader, encoding, count, padded_view(&bench->bytes), dictionary, &bench->err);
}

static enum hw_status bench_take(struct bench *bench, size_t count, size_t data_bytes_max) {
    return hw_value_reader_take(&bench->reader, count, data_bytes_max, &bench->rows, &bench->full, &bench->err);
}

static void encodings_that_cannot_be_read_are_named(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, &ints, HW_VIEW("\x01\0\0\0"));
    assert_int_equal(bench_begin(&bench, 77, 1, NULL), HW_EUNSUPPORTED);
    assert_string_equal(bench.err.message, "its values have encoding 77, which is not known");
    assert_int_equal(bench_begin(&bench, HW_ENCODING_RLE_DICTIONARY, 1, NULL), HW_EDATA);
    assert_string_equal(bench.err.message, "RLE_DICTIONARY: its column chunk has no dictionary");
    bench_close(&bench);
}

static void a_page_with_fewer_values_than_levels_says_so(void **state) {
    (void)state;
    static const struct {
        const struct leaf_row *leaf;
        hw_view bytes;
    } short_pages[] = {
        {&ints, HW_VIEW_INIT("\x01\0\0\0\x02\0\0\0")},
        {&narrows, HW_VIEW_INIT("\x01\0\0\0\x02\0\0\0")},
        {&texts, HW_VIEW_INIT("\x01\0\0\0a\x01\0\0\0b")},
    };
    for (size_t i = 0; i < COUNT_OF(short_pages); i++) {
        struct bench bench;
        bench_open(&bench, short_pages[i].leaf, short_pages[i].bytes);
        assert_ok(bench_begin(&bench, HW_ENCODING_PLAIN, 2, NULL), bench.err);
        assert_int_equal(bench_take(&bench, 5, HW_TEXT_BYTES_MAX), HW_EDATA);
        assert_string_equal(bench.err.message, "its levels tell of 3 values more than it has");
        assert_false(bench.full);
        bench_close(&bench);
    }
}

/* A page of nulls may have no bytes at all; then no value of the page before is left. */
static void a_page_without_bytes_has_no_values(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, &ints, HW_VIEW("\x01\0\0\0\x02\0\0\0"));
    assert_ok(bench_begin(&bench, HW_ENCODING_PLAIN, 2, NULL), bench.err);
    assert_ok(hw_value_reader_begin(&bench.reader, HW_ENCODING_PLAIN, 0, HW_VIEW(""), NULL, &bench.err), bench.err);
    assert_int_equal(bench_take(&bench, 1, HW_TEXT_BYTES_MAX), HW_EDATA);
    assert_string_equal(bench.err.message, "its levels tell of 1 values more than it has");
    bench_close(&bench);
}

static void values_that_are_skipped_are_not_taken(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, &narrows, HW_VIEW("\xff\0\0\0\x02\0\0\0\x03\0\0\0"));
    assert_ok(bench_begin(&bench, HW_ENCODING_PLAIN, 3, NULL), bench.err);
    assert_ok(hw_value_reader_skip(&bench.reader, 1, &bench.err), bench.err);
    assert_ok(bench_take(&bench, 1, HW_TEXT_BYTES_MAX), bench.err);
    rows_check("the second", &bench.rows, HW_VIEW("\x02"));
    assert_int_equal(hw_value_reader_skip(&bench.reader, 2, &bench.err), HW_EDATA);
    assert_string_equal(bench.err.message, "2 values are to be passed over, but it has 1 left");
    bench_close(&bench);
}

/* "ab", "cd", "ef" */
static const struct {
    const char *name;
    size_t bytes_max;
    bool full;
    const char *want;
} fulls[] = {
    {"one text is taken in any case", 1, true, "ab|"},
    {"the one by which it is full is the last", 3, true, "ab|cd|"},
    {"it is full with so many bytes", 4, true, "ab|cd|"},
    {"all of them are not too many", 6, false, "ab|cd|ef|"},
};

static void no_more_texts_are_taken_than_are_asked_for(void **state) {
    (void)state;
    static const uint32_t offsets[] = {0, 2, 4, 6};
    static const uint8_t data[6 + HW_DECODED_PADDING] = "abcdef";
    static const struct hw_dictionary_values dictionary = {.count = 3, .values = data, .offsets = offsets};
    for (size_t i = 0; i < COUNT_OF(fulls) * 2; i++) {
        const bool indices = i % 2;
        struct bench bench;
        /* Indices of two bits, a packed group: 0 1 2. */
        bench_open(&bench, &texts,
                   indices ? HW_VIEW("\x02\x03\x24\0") : HW_VIEW("\x02\0\0\0ab\x02\0\0\0cd\x02\0\0\0ef"));
        assert_ok(bench_begin(&bench, indices ? HW_ENCODING_RLE_DICTIONARY : HW_ENCODING_PLAIN, 3, &dictionary),
                  bench.err);
        assert_ok(bench_take(&bench, 3, fulls[i / 2].bytes_max), bench.err);
        assert_row_int(fulls[i / 2].name, bench.full, fulls[i / 2].full);
        rows_check(fulls[i / 2].name, &bench.rows, hw_view_of(fulls[i / 2].want));
        bench.full = true;
        assert_ok(bench_take(&bench, 0, HW_TEXT_BYTES_MAX), bench.err);
        assert_row_int("what was full stays so", bench.full, true);
        bench_close(&bench);
    }
}

/* Values of a dictionary have the form of a batch, and are not converted once more. */
static void a_dictionary_has_values_of_a_batch(void **state) {
    (void)state;
    static const uint8_t data[3 + HW_DECODED_PADDING] = {7, 0xff, 9};
    static const struct hw_dictionary_values dictionary = {.count = 3, .width = 1, .values = data};
    struct bench bench;
    bench_open(&bench, &narrows, HW_VIEW("\x02\x04\x01\x02\x02\x02\x03")); /* 1 1 2 3 */
    assert_ok(bench_begin(&bench, HW_ENCODING_PLAIN_DICTIONARY, 4, &dictionary), bench.err);
    assert_ok(bench_take(&bench, 3, HW_TEXT_BYTES_MAX), bench.err);
    rows_check("by index", &bench.rows, HW_VIEW("\xff\xff\x09"));
    assert_int_equal(bench_take(&bench, 1, HW_TEXT_BYTES_MAX), HW_EDATA);
    assert_string_equal(bench.err.message, "an index is 3, but the dictionary has 3 values");
    assert_int_equal(bench.reader.look, HW_VALUE_LOOK_INDEX);
    /* Plain values beside the dictionary are not of a batch. */
    assert_ok(bench_begin(&bench, HW_ENCODING_PLAIN, 1, &dictionary), bench.err);
    assert_int_equal(bench_take(&bench, 1, HW_TEXT_BYTES_MAX), HW_EDATA);
    assert_int_equal(bench.reader.look, HW_VALUE_LOOK_RANGE);
    bench_close(&bench);
}

/* More than decoders take at once, and more than are converted at once. */
static void many_values_are_taken_in_portions(void **state) {
    (void)state;
    enum { MANY = 5000 };
    struct hw_buf numbers = {0}, words = {0};
    struct bench bench;
    for (size_t i = 0; i < MANY; i++) {
        const uint8_t value[4] = {(uint8_t)(i % 100)};
        assert_int_equal(hw_buf_append(&numbers, value, 4, NULL), HW_OK);
        assert_int_equal(hw_buf_append(&words, i == MANY - 1 ? "\x02\0\0\0\xc3!" : "\x02\0\0\0\xc3\xa4", 6, NULL),
                         HW_OK);
    }
    bench_open(&bench, &narrows, hw_buf_view(&numbers));
    assert_ok(bench_begin(&bench, HW_ENCODING_PLAIN, MANY, NULL), bench.err);
    assert_ok(bench_take(&bench, MANY, HW_TEXT_BYTES_MAX), bench.err);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(bench.rows.values.data[i], i % 100);
    }
    bench_close(&bench);
    bench_open(&bench, &texts, hw_buf_view(&words));
    assert_ok(bench_begin(&bench, HW_ENCODING_PLAIN, MANY, NULL), bench.err);
    assert_ok(bench_take(&bench, MANY - 1, HW_TEXT_BYTES_MAX), bench.err);
    assert_int_equal(bench.rows.data.size, 2 * (MANY - 1));
    assert_int_equal(bench_take(&bench, 1, HW_TEXT_BYTES_MAX), HW_EDATA);
    bench_close(&bench);
    hw_buf_release(&numbers);
    hw_buf_release(&words);
}

/* DELTA_BYTE_ARRAY: prefixes of 0 and 1 bytes, suffixes of 2 and 1, "ab" and "c". */
static const char deltas[] = "\x80\x01\x04\x02\x00\x02\0\0\0\0"
                             "\x80\x01\x04\x02\x04\x01\0\0\0\0"
                             "abc";

static void expanded_values_have_the_limit_of_a_page(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, &texts, (hw_view){deltas, sizeof(deltas) - 1});
    assert_ok(bench_begin(&bench, HW_ENCODING_DELTA_BYTE_ARRAY, 2, NULL), bench.err);
    assert_ok(bench_take(&bench, 2, HW_TEXT_BYTES_MAX), bench.err);
    rows_check("expanded", &bench.rows, HW_VIEW("ab|ac|"));
    assert_true(hw_value_reader_held(&bench.reader) >= 12);
    hw_value_reader_park(&bench.reader);
    assert_int_equal(hw_value_reader_held(&bench.reader), 0);
    bench.reader.page_bytes_max = 11;
    assert_int_equal(bench_begin(&bench, HW_ENCODING_DELTA_BYTE_ARRAY, 2, NULL), HW_ELIMIT);
    bench_close(&bench);
}

static enum hw_status row_take(const struct page_row *row, hw_view bytes, size_t successes, bool *out_fired) {
    struct alloc_fault fault;
    struct hw_value_reader reader;
    struct leaf_made made;
    struct hw_leaf_rows rows = {0};
    reader_of(&reader, &made, row);
    alloc_fault_begin(&fault, successes);
    const enum hw_status status = page_take(&reader, row, bytes, 1, &rows, NULL);
    hw_leaf_rows_release(&rows);
    hw_value_reader_release(&reader);
    *out_fired = alloc_fault_end(&fault);
    return status;
}

static void no_memory_is_said(void **state) {
    (void)state;
    const struct page_row delta_page = {.name = "expanded",
                                        .leaf = &texts,
                                        .encoding = HW_ENCODING_DELTA_BYTE_ARRAY,
                                        .count = 2,
                                        .bytes = {deltas, sizeof(deltas) - 1}};
    for (size_t i = 0; i <= COUNT_OF(pages); i++) {
        const struct page_row *row = i == 0 ? &delta_page : &pages[i - 1];
        struct padded bytes = padded_copy(row->bytes.data, row->bytes.size);
        bool fired = true;
        size_t failures = 0;
        for (; fired; failures++) {
            const enum hw_status status = row_take(row, padded_view(&bytes), failures, &fired);
            assert_row_int(row->name, status, fired ? HW_ENOMEM : HW_OK);
        }
        assert_row_int(row->name, failures > (row->count > 0 ? 2 : 1), true);
        padded_release(&bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_in_the_form_of_a_batch),
        cmocka_unit_test(values_that_are_none_of_the_type_are_named),
        cmocka_unit_test(encodings_that_cannot_be_read_are_named),
        cmocka_unit_test(a_page_with_fewer_values_than_levels_says_so),
        cmocka_unit_test(a_page_without_bytes_has_no_values),
        cmocka_unit_test(values_that_are_skipped_are_not_taken),
        cmocka_unit_test(no_more_texts_are_taken_than_are_asked_for),
        cmocka_unit_test(a_dictionary_has_values_of_a_batch),
        cmocka_unit_test(many_values_are_taken_in_portions),
        cmocka_unit_test(expanded_values_have_the_limit_of_a_page),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests_name("parquet/value_reader", tests, NULL, NULL);
}
