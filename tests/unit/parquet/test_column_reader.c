/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/column_reader.h"

#include "support/alloc_fault.h"
#include "unit/parquet/column_make.h"

/* ------ columns; levels and values are encoded by Encodings.md, by hand */

/* One of the pages has no entries, and no bytes either. */
static const struct page_made optional_pages[] = {
    {.type = HW_PAGE_DICTIONARY, .values = 3, .bytes = HW_VIEW_INIT("\x0a\0\0\0\x14\0\0\0\x1e\0\0\0")},
    {.type = HW_PAGE_DATA,
     .values = 4,
     .encoding = HW_ENCODING_RLE_DICTIONARY,
     .bytes = HW_VIEW_INIT("\x02\0\0\0\x03\x0d\x02\x03\x12\0")}, /* 1 0 1 1; 2 0 1 */
    {.type = HW_PAGE_DATA_V2,
     .values = 3,
     .bytes = HW_VIEW_INIT("\x06\x01\x01\0\0\0\x02\0\0\0\x03\0\0\0"),
     .def_bytes = 2},
    {.type = HW_PAGE_DATA,
     .values = 2,
     .encoding = HW_ENCODING_RLE_DICTIONARY,
     .bytes = HW_VIEW_INIT("\x02\0\0\0\x04\x00")},
    {.type = HW_PAGE_DATA_V2},
    {.type = HW_PAGE_INDEX, .bytes = HW_VIEW_INIT("index")},
    {.type = HW_PAGE_DATA,
     .values = 2,
     .encoding = HW_ENCODING_RLE_DICTIONARY,
     .bytes = HW_VIEW_INIT("\x02\0\0\0\x04\x01\x02\x04\x01")}, /* twice 1; twice 1 */
};

/* optional group (LIST) { repeated group list { optional int32 element } } */
static const struct page_made list_pages[] = {
    {.type = HW_PAGE_DATA,
     .values = 4, /* 0 1 1 0; 3 3 2 3 */
     .bytes = HW_VIEW_INIT("\x02\0\0\0\x03\x06\x03\0\0\0\x03\xef\0\x01\0\0\0\x02\0\0\0\x03\0\0\0")},
    {.type = HW_PAGE_DATA_V2,
     .values = 4, /* 1 0 0 0; 3 1 0 3 */
     .bytes = HW_VIEW_INIT("\x03\x01\x03\xc7\0\x04\0\0\0\x05\0\0\0"),
     .rep_bytes = 2,
     .def_bytes = 3},
    {.type = HW_PAGE_DATA_V2,
     .values = 2, /* 1 1; 3 3 */
     .bytes = HW_VIEW_INIT("\x04\x01\x04\x03\x06\0\0\0\x07\0\0\0"),
     .rep_bytes = 2,
     .def_bytes = 2},
    {.type = HW_PAGE_DATA_V2,
     .values = 2, /* 1 0; 3 3 */
     .bytes = HW_VIEW_INIT("\x03\x01\x04\x03\x08\0\0\0\x09\0\0\0"),
     .rep_bytes = 2,
     .def_bytes = 2},
};

static const struct page_made text_pages[] = {
    {.type = HW_PAGE_DATA, .values = 2, .bytes = HW_VIEW_INIT("\x02\0\0\0ab\x02\0\0\0cd"), .crc = CRC_GOOD},
    {.type = HW_PAGE_DATA_V2, .values = 1, .bytes = HW_VIEW_INIT("\x01\0\0\0e")},
};

static const char *const optional_rows[] = {"1:30 ", "0 ", "1:10 ", "1:20 ", "1:1 ", "1:2 ",
                                            "1:3 ",  "0 ", "0 ",    "1:20 ", "1:20 "};
static const char *const list_rows[] = {"03:1 13:2 12 ", "03:3 13:4 ", "01 ", "00 ", "03:5 13:6 13:7 13:8 ", "03:9 "};
static const char *const text_rows[] = {":ab ", ":cd ", ":e "};

static const struct column optional_column = {"optional integers",    HW_PHYSICAL_INT32,        0,  1,
                                              optional_pages,         COUNT_OF(optional_pages), 11, optional_rows,
                                              COUNT_OF(optional_rows)};
static const struct column list_column = {"lists",   HW_PHYSICAL_INT32,  1, 3, list_pages, COUNT_OF(list_pages), 12,
                                          list_rows, COUNT_OF(list_rows)};
static const struct column text_column = {"texts",   HW_PHYSICAL_BYTE_ARRAY, 0, 0, text_pages, COUNT_OF(text_pages), 3,
                                          text_rows, COUNT_OF(text_rows)};
static const struct column *const columns[] = {&optional_column, &list_column, &text_column};

static void rows_are_read_wherever_pages_end(void **state) {
    (void)state;
    for (size_t c = 0; c < COUNT_OF(columns); c++) {
        for (size_t step = 1; step <= columns[c]->rows_count; step++) {
            struct bench bench;
            bench_open(&bench, columns[c]);
            for (size_t at = 0; at < columns[c]->rows_count; at += step) {
                rows_check(&bench, columns[c], at, hw_min_size(step, columns[c]->rows_count - at));
            }
            rows_check(&bench, columns[c], 0, 0);
            assert_ok(hw_column_reader_end(&bench.reader, &bench.err), bench.err);
            assert_row_int(columns[c]->name, bench.reader.pages.pages, columns[c]->pages_count);
            assert_row_int(columns[c]->name, hw_column_reader_place(&bench.reader).in_chunk, columns[c]->entries);
            bench_close(&bench);
        }
    }
}

static void rows_that_are_skipped_are_not_read(void **state) {
    (void)state;
    for (size_t c = 0; c < COUNT_OF(columns); c++) {
        const size_t count = columns[c]->rows_count;
        for (size_t i = 0; i < count * count; i++) {
            const size_t before = i / count, skipped = i % count;
            if (before + skipped > count) {
                continue;
            }
            struct bench bench;
            bench_open(&bench, columns[c]);
            rows_check(&bench, columns[c], 0, before);
            assert_ok(hw_column_reader_skip(&bench.reader, skipped, &bench.err), bench.err);
            rows_check(&bench, columns[c], before + skipped, count - before - skipped);
            assert_ok(hw_column_reader_end(&bench.reader, &bench.err), bench.err);
            bench_close(&bench);
        }
    }
}

/* Whole pages are passed by their headers, so that a wrong CRC is not seen. */
static void pages_that_are_skipped_are_not_looked_at(void **state) {
    (void)state;
    const struct page_made bad = {.values = 1, .bytes = HW_VIEW_INIT("\x01\0\0\0e"), .crc = CRC_BAD};
    const struct page_made pages[] = {bad, text_pages[0], bad};
    struct column column = text_column;
    struct bench bench;
    column.pages = pages;
    column.pages_count = COUNT_OF(pages);
    column.entries = 4;
    bench_open(&bench, &column);
    assert_ok(hw_column_reader_skip(&bench.reader, 1, &bench.err), bench.err);
    rows_check(&bench, &column, 0, 1);
    assert_ok(hw_column_reader_skip(&bench.reader, 2, &bench.err), bench.err);
    assert_ok(hw_column_reader_end(&bench.reader, &bench.err), bench.err);
    bench_close(&bench);
}

/* Goes from one place to another, skips rows there, and reads the others. */
static void place_check(struct bench *bench, const struct column *column, const struct hw_column_place *places,
                        size_t from, size_t to, bool parks) {
    const size_t count = column->rows_count;
    for (size_t skipped = 0; skipped <= count - to; skipped++) {
        hw_column_reader_go(&bench->reader, places[from]);
        rows_check(bench, column, from, from < count);
        if (parks) {
            hw_column_reader_park(&bench->reader);
            assert_row_int(column->name, hw_column_reader_held(&bench->reader), 0);
        }
        hw_column_reader_go(&bench->reader, places[to]);
        assert_ok(hw_column_reader_skip(&bench->reader, skipped, &bench->err), bench->err);
        rows_check(bench, column, to + skipped, count - to - skipped);
        assert_ok(hw_column_reader_end(&bench->reader, &bench->err), bench->err);
    }
}

/* Every place is gone to from every other, with the page and the dictionary at hand or parked. */
static void a_reader_goes_to_any_place_where_it_was(void **state) {
    (void)state;
    for (size_t c = 0; c < COUNT_OF(columns) * 2; c++) {
        const struct column *column = columns[c / 2];
        const size_t count = column->rows_count;
        struct hw_column_place places[COUNT_OF(optional_rows) + 1];
        struct bench bench;
        bench_open(&bench, column);
        for (size_t row = 0; row < count; row++) {
            places[row] = hw_column_reader_place(&bench.reader);
            rows_check(&bench, column, row, 1);
        }
        places[count] = hw_column_reader_place(&bench.reader);
        assert_row_int(column->name, places[1].page.at, bench.made.at[column->pages[0].type == HW_PAGE_DICTIONARY]);
        for (size_t i = 0; i < (count + 1) * (count + 1); i++) {
            place_check(&bench, column, places, i / (count + 1), i % (count + 1), c % 2);
        }
        bench_close(&bench);
    }
}

/* ------ chunks that are not what the footer or a page says */

static const struct page_made ints = {.values = 2, .bytes = HW_VIEW_INIT("\x01\0\0\0\x02\0\0\0")};
static const struct page_made bad_crc = {.values = 2, .bytes = HW_VIEW_INIT("12345678"), .crc = CRC_BAD};
static const struct page_made coded = {.values = 2, .encoding = 77, .bytes = HW_VIEW_INIT("12345678")};
static const struct page_made indices = {
    .values = 2, .encoding = HW_ENCODING_RLE_DICTIONARY, .bytes = HW_VIEW_INIT("\x01\x04\x00")};
static const struct page_made words = {
    .type = HW_PAGE_DICTIONARY, .values = 2, .bytes = HW_VIEW_INIT("\x01\0\0\0\x02\0\0\0")};
static const struct page_made few_words = {
    .type = HW_PAGE_DICTIONARY, .values = 3, .bytes = HW_VIEW_INIT("\x01\0\0\0\x02\0\0\0")};
static const struct page_made long_levels = {.values = 1, .bytes = HW_VIEW_INIT("\x03\0\0\0\x02\x00")};
/* Repetition levels 0 1, 1, 0 3, and one of two; definition levels 0, 3, one of two, and 1. */
static const struct page_made one_row = {
    .type = HW_PAGE_DATA_V2, .values = 2, .bytes = HW_VIEW_INIT("\x03\x02\x04\x00"), .rep_bytes = 2, .def_bytes = 2};
static const struct page_made no_row = {
    .type = HW_PAGE_DATA_V2, .values = 1, .bytes = HW_VIEW_INIT("\x02\x01\x02\x00"), .rep_bytes = 2, .def_bytes = 2};
static const struct page_made high_reps = {
    .type = HW_PAGE_DATA_V2, .values = 2, .bytes = HW_VIEW_INIT("\x03\x0c\0\x04\x00"), .rep_bytes = 3, .def_bytes = 2};
static const struct page_made few_reps = {
    .type = HW_PAGE_DATA_V2, .values = 2, .bytes = HW_VIEW_INIT("\x02\x00\x04\x00"), .rep_bytes = 2, .def_bytes = 2};
static const struct page_made high_defs = {
    .type = HW_PAGE_DATA_V2, .values = 2, .bytes = HW_VIEW_INIT("\x04\x03"), .def_bytes = 2};
static const struct page_made few_defs = {
    .type = HW_PAGE_DATA_V2, .values = 2, .bytes = HW_VIEW_INIT("\x02\x00"), .def_bytes = 2};
static const struct page_made few_values = {
    .type = HW_PAGE_DATA_V2, .values = 2, .bytes = HW_VIEW_INIT("\x04\x01\x07\0\0\0"), .def_bytes = 2};

enum place { AT_FIRST, AT_SECOND, AT_END, AT_NONE };

static const struct {
    const char *name;
    uint8_t rep_max;
    uint8_t def_max;
    uint64_t entries;
    size_t rows;
    /* The pages, as far as there are any. */
    const struct page_made *first;
    const struct page_made *second;
    /* The offset of the error: that of a page, or of the end of the chunk. */
    enum place at;
    const char *says;
    /* Skipping the rows finds it too. */
    bool skip;
} wrong[] = {
    {"a page with more values than are left", 0, 0, 3, 4, &ints, &ints, AT_SECOND,
     "page 1: with its 2 values there are more than the 3 of the footer", true},
    {"fewer values than the footer says", 0, 0, 5, 5, &ints, &ints, AT_END,
     "its pages end after 4 values, the footer says that there are 5", true},
    {"a dictionary alone", 0, 0, 1, 1, &words, NULL, AT_END,
     "its pages end after 0 values, the footer says that there are 1", true},
    {"no page at all", 0, 0, 1, 1, NULL, NULL, AT_END, "its pages end after 0 values, the footer says that there are 1",
     true},
    {"fewer rows than the group", 0, 0, 2, 5, &ints, NULL, AT_NONE,
     "its column chunk has 3 rows less than the row group", true},
    {"fewer rows, of lists", 1, 1, 2, 2, &one_row, NULL, AT_NONE, "its column chunk has 1 rows less than the row group",
     true},
    {"a first repetition level that is not 0", 1, 1, 1, 1, &no_row, NULL, AT_FIRST,
     "page 0: the first repetition level of its column chunk is 1, not 0", true},
    {"a repetition level above the highest", 2, 2, 2, 1, &high_reps, NULL, AT_FIRST,
     "page 0: it has a repetition level of 3, the schema allows 2", true},
    {"too few repetition levels", 1, 1, 2, 1, &few_reps, NULL, AT_FIRST, "page 0: the bytes end before the last value",
     true},
    {"a definition level above the highest", 0, 2, 2, 2, &high_defs, NULL, AT_FIRST,
     "page 0: it has a definition level of 3, the schema allows 2", false},
    {"too few definition levels", 0, 1, 2, 2, &few_defs, NULL, AT_FIRST, "page 0: the bytes end before the last value",
     false},
    {"levels longer than the page", 0, 1, 1, 1, &long_levels, NULL, AT_FIRST,
     "page 0: its levels take 3 bytes, and it has 2", false},
    {"fewer values than levels", 0, 1, 2, 2, &few_values, NULL, AT_FIRST,
     "page 0: 4 bytes are left, which are not 2 values of 4 bytes", false},
    {"an encoding that is not known", 0, 0, 2, 2, &coded, NULL, AT_FIRST,
     "page 0: its values have encoding 77, which is not known", false},
    {"indices without a dictionary", 0, 0, 2, 2, &indices, NULL, AT_FIRST,
     "page 0: RLE_DICTIONARY: its column chunk has no dictionary", false},
    {"a dictionary that is none", 0, 0, 2, 2, &few_words, &ints, AT_FIRST,
     "page 0: its 8 bytes cannot hold the 3 values of its header", false},
    {"a page that is damaged", 0, 0, 4, 4, &ints, &bad_crc, AT_SECOND, "page 1: its CRC is", false},
};

static void wrong_open(struct bench *bench, size_t i) {
    struct page_made pages[2];
    struct column column = {
        .rep_max = wrong[i].rep_max,
        .def_max = wrong[i].def_max,
        .physical = HW_PHYSICAL_INT32,
        .entries = wrong[i].entries,
        .pages = pages,
    };
    if (wrong[i].first) {
        pages[column.pages_count++] = *wrong[i].first;
    }
    if (wrong[i].second) {
        pages[column.pages_count++] = *wrong[i].second;
    }
    bench_open(bench, &column);
}

static void error_check(const struct bench *bench, size_t i) {
    const uint64_t places[] = {bench->made.at[0], bench->made.at[1], bench->made.range.end, (uint64_t)HW_NO_POSITION};
    if (strncmp(bench->err.message, wrong[i].says, strlen(wrong[i].says)) != 0) {
        fail_msg("%s: '%s' does not begin with '%s'", wrong[i].name, bench->err.message, wrong[i].says);
    }
    assert_row_int(wrong[i].name, bench->err.offset, places[wrong[i].at]);
}

static enum hw_status wrong_status(size_t i) {
    return wrong[i].first == &coded ? HW_EUNSUPPORTED : HW_EDATA;
}

static void a_chunk_that_is_wrong_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct bench bench;
        wrong_open(&bench, i);
        assert_row_int(wrong[i].name, bench_read(&bench, wrong[i].rows, HW_MIB(1)), wrong_status(i));
        error_check(&bench, i);
        bench_close(&bench);
        if (wrong[i].skip) {
            wrong_open(&bench, i);
            assert_row_int(wrong[i].name, hw_column_reader_skip(&bench.reader, wrong[i].rows, &bench.err),
                           wrong_status(i));
            error_check(&bench, i);
            bench_close(&bench);
        }
    }
}

static void entries_behind_the_last_row_are_too_many(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, &list_column);
    rows_check(&bench, &list_column, 0, 5);
    assert_int_equal(hw_column_reader_end(&bench.reader, &bench.err), HW_EDATA);
    assert_string_equal(bench.err.message, "its rows have 11 values, the footer says that the column chunk has 12");
    bench_close(&bench);
}

/* Entries of lists take two bytes, integers four; texts what they are. */
static void rows_that_are_too_large_are_full(void **state) {
    (void)state;
    static const struct {
        const struct column *column;
        size_t rows;
        size_t bytes_max;
        bool full;
    } sizes[] = {
        {&text_column, 2, 4, false},
        {&text_column, 2, 2, true},
        {&list_column, 6, 11, true},
        {&list_column, 6, 60, false},
    };
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct bench bench;
        bench_open(&bench, sizes[i].column);
        const struct hw_column_place place = hw_column_reader_place(&bench.reader);
        assert_ok(bench_read(&bench, sizes[i].rows, sizes[i].bytes_max), bench.err);
        assert_row_int(sizes[i].column->name, bench.full, sizes[i].full);
        bench.full = false;
        hw_column_reader_go(&bench.reader, place);
        rows_check(&bench, sizes[i].column, 0, 1);
        bench_close(&bench);
    }
}

/* More entries than levels are decoded ahead: 3000 of one row, all of them the only value, 7. */
static void a_row_may_have_more_entries_than_are_pending(void **state) {
    (void)state;
    static const struct page_made pages[] = {
        {.type = HW_PAGE_DICTIONARY, .values = 1, .bytes = HW_VIEW_INIT("\x07\0\0\0")},
        {.type = HW_PAGE_DATA_V2,
         .values = 3000, /* 2999 << 1 is ee 2e, 3000 << 1 is f0 2e */
         .encoding = HW_ENCODING_PLAIN_DICTIONARY,
         .bytes = HW_VIEW_INIT("\x02\x00\xee\x2e\x01\xf0\x2e\x01\x01\xf0\x2e\x00"),
         .rep_bytes = 5,
         .def_bytes = 3},
    };
    const struct column column = {"long", HW_PHYSICAL_INT32, 1, 1, pages, 2, 3000, NULL, 1};
    struct bench bench;
    bench_open(&bench, &column);
    assert_int_equal(hw_column_reader_held(&bench.reader), 0);
    assert_ok(bench_read(&bench, 1, HW_MIB(1)), bench.err);
    assert_int_equal(bench.rows.entries, 3000);
    assert_int_equal(bench.rows.count, 3000);
    for (size_t i = 0; i < 3000; i++) {
        assert_int_equal(hw_load_le32(bench.rows.values.data + 4 * i), 7);
        assert_int_equal(bench.rows.reps.data[i], i > 0);
    }
    assert_true(hw_column_reader_held(&bench.reader) >= 2 * HW_COLUMN_PENDING_MAX + 4);
    bench_close(&bench);
}

static void no_memory_is_said(void **state) {
    (void)state;
    for (size_t c = 0; c < COUNT_OF(columns); c++) {
        struct bench bench;
        size_t failures = 0;
        bool fired = true;
        bench_make(&bench, columns[c]);
        for (; fired; failures++) {
            struct alloc_fault fault;
            bench.rows = (struct hw_leaf_rows){0};
            bench.reader = (struct hw_column_reader){0};
            alloc_fault_begin(&fault, failures);
            enum hw_status status = bench_start(&bench);
            status = status ? status : bench_read(&bench, columns[c]->rows_count, HW_MIB(1));
            bench_stop(&bench);
            fired = alloc_fault_end(&fault);
            assert_row_int(columns[c]->name, status, fired ? HW_ENOMEM : HW_OK);
        }
        assert_row_int(columns[c]->name, failures > 8, true);
        bench_close(&bench);
    }
}

/* A place in the file comes before what is said, and joins with that of a page. */
static void errors_name_the_chunk(void **state) {
    (void)state;
    static const struct {
        const char *message, *want;
    } rows[] = {
        {"a value is missing", "row group 3, column l.list.x: a value is missing"},
        {"page 2 at 77: a value is missing", "row group 3, column l.list.x, page 2 at 77: a value is missing"},
        {"pages are missing", "row group 3, column l.list.x: pages are missing"},
    };
    const struct hw_path_name top = {HW_VIEW("l"), NULL}, middle = {HW_VIEW("list"), &top},
                              end = {HW_VIEW("x"), &middle};
    const struct hw_read_leaf leaf = {.path = &end, .path_count = 3};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = hw_fail(&err, HW_EDATA, "%s", rows[i].message);
        assert_row_int(rows[i].message, hw_column_chunk_named(&leaf, 3, status, &err), HW_EDATA);
        assert_row_text(rows[i].message, err.message, rows[i].want);
    }
    struct hw_error none = HW_ERROR_INIT;
    assert_int_equal(hw_column_chunk_named(&leaf, 3, HW_OK, &none), HW_OK);
    assert_string_equal(none.message, "");
    assert_int_equal(hw_column_chunk_named(&leaf, 3, HW_EDATA, NULL), HW_EDATA);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_wherever_pages_end),
        cmocka_unit_test(rows_that_are_skipped_are_not_read),
        cmocka_unit_test(pages_that_are_skipped_are_not_looked_at),
        cmocka_unit_test(a_reader_goes_to_any_place_where_it_was),
        cmocka_unit_test(a_chunk_that_is_wrong_is_named),
        cmocka_unit_test(entries_behind_the_last_row_are_too_many),
        cmocka_unit_test(rows_that_are_too_large_are_full),
        cmocka_unit_test(a_row_may_have_more_entries_than_are_pending),
        cmocka_unit_test(no_memory_is_said),
        cmocka_unit_test(errors_name_the_chunk),
    };
    return cmocka_run_group_tests_name("parquet/column_reader", tests, NULL, NULL);
}
