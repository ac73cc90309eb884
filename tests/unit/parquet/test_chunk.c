/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk.h"

#include <stdio.h>
#include <zstd.h>

#include "codec/checksum.h"
#include "unit/codec/faulty_alloc.h"
#include "unit/parquet/chunk_make.h"
#include "unit/parquet/decode.h"

enum { ROWS_MAX = 30000, TEXT_BYTES = 64 };

static const struct hw_field ints = {"n", {.kind = HW_KIND_INT32}, false};
static const struct hw_field required = {"n", {.kind = HW_KIND_INT32}, true};
static const struct hw_field texts = {"t", {.kind = HW_KIND_TEXT}, true};
static const struct hw_field maybe_texts = {"t", {.kind = HW_KIND_TEXT}, false};
static const struct hw_field nothing = {"z", {.kind = HW_KIND_NULL}, false};

/* A column of integers or texts, with what the batch of it would have. */
struct rows {
    int32_t values[ROWS_MAX + HW_BATCH_PADDING];
    uint8_t validity[ROWS_MAX / 8 + 1];
    int32_t offsets[ROWS_MAX + 1];
    char data[ROWS_MAX * TEXT_BYTES + HW_BATCH_PADDING];
    struct hw_column column;
};
static struct rows made;

/* `valid` has a digit for each row, '0' for a null; NULL: there are none. */
static void rows_valid(struct rows *rows, size_t count, const char *valid) {
    memset(rows->validity, 0, sizeof(rows->validity));
    rows->column.null_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool there = !valid || valid[i] != '0';
        rows->validity[i / 8] |= (uint8_t)(there << i % 8);
        rows->column.null_count += !there;
    }
    rows->column.validity = rows->column.null_count > 0 ? rows->validity : NULL;
}

static const struct hw_column *numbers(const int32_t *values, size_t count, const char *valid) {
    made.column = (struct hw_column){.values = made.values, .length = count};
    memcpy(made.values, values, count * sizeof(*values));
    rows_valid(&made, count, valid);
    return &made.column;
}

static const struct hw_column *words(const char *const *list, size_t count, const char *valid) {
    made.column = (struct hw_column){.offsets = made.offsets, .data = made.data, .length = count};
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(list[i]);
        memcpy(made.data + made.offsets[i], list[i], size);
        made.offsets[i + 1] = made.offsets[i] + (int32_t)size;
    }
    rows_valid(&made, count, valid);
    return &made.column;
}

/* ------ the bytes of one page */

#define V1 "\1\0\0\0"
#define V2 "\2\0\0\0"
#define V4 "\4\0\0\0"

/*
 * By hand from Encodings.md: definition levels of an optional column have their length (4 bytes)
 * and the RLE hybrid, then come the values. Rows are the numbers 1, 2, 4, or the texts of them.
 */
static const struct {
    const char *name;
    const struct hw_field *field;
    const char *valid;
    size_t nulls, text_bytes;
    hw_view want;
} pages[] = {
    {"required: no levels", &required, NULL, 0, 0, HW_VIEW_INIT(V1 V2 V4)},
    {"no nulls: a run of 3", &ints, NULL, 0, 0, HW_VIEW_INIT("\2\0\0\0\6\1" V1 V2 V4)},
    {"a null in the middle: 8 bits packed", &ints, "101", 1, 0, HW_VIEW_INIT("\2\0\0\0\3\5" V1 V4)},
    {"nulls at both ends", &ints, "010", 2, 0, HW_VIEW_INIT("\2\0\0\0\3\2" V2)},
    {"all null: a run of 3", &ints, "000", 3, 0, HW_VIEW_INIT("\2\0\0\0\6\0")},
    {"texts", &texts, NULL, 0, 4, HW_VIEW_INIT(V1 "1\3\0\0\0two\0\0\0\0")},
    {"texts with a null", &maybe_texts, "101", 1, 1, HW_VIEW_INIT("\2\0\0\0\3\5" V1 "1\0\0\0\0")},
    {"a column of nothing", &nothing, NULL, 3, 0, HW_VIEW_INIT("\2\0\0\0\6\0")},
};

static const struct hw_column *three_rows(const struct hw_field *field, const char *valid) {
    static const char *const list[] = {"1", "two", ""};
    if (field->type.kind == HW_KIND_NULL) {
        made.column = (struct hw_column){.null_count = 3, .length = 3};
        return &made.column;
    }
    return field->type.kind == HW_KIND_TEXT ? words(list, 3, valid) : numbers((const int32_t[]){1, 2, 4}, 3, valid);
}

static void a_page_is_as_the_format_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        const struct hw_column *column = three_rows(pages[i].field, pages[i].valid);
        struct bench bench;
        const struct hw_page_facts *facts;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(bench_open(&bench, pages[i].field, (struct hw_parquet_options){.encodings = HW_PARQUET_COMPAT}, &err),
                  err);
        assert_ok(bench_run(&bench, column, 3, 3, &err), err);
        struct bench_page page = bench_page(&bench, 0, &facts);
        assert_row_bytes(pages[i].name, page.body.data, page.body.size, pages[i].want.data, pages[i].want.size);
        assert_row_int(pages[i].name, page.values, 3);
        assert_row_int(pages[i].name, page.encoding, HW_ENCODING_PLAIN);
        assert_row_int(pages[i].name, thrift_find(page.head, "2").number, page.body.size);
        assert_row_int(pages[i].name, (int32_t)thrift_find(page.head, "4").number,
                       (int32_t)hw_crc32(0, page.body.data, page.body.size));
        assert_row_int(pages[i].name, facts->rows, 3);
        assert_row_int(pages[i].name, facts->nulls, pages[i].nulls);
        assert_row_int(pages[i].name, facts->text_bytes, pages[i].text_bytes);
        assert_row_int(pages[i].name, facts->next, HW_NO_PAGE);
        assert_row_int(pages[i].name, facts->bounded, pages[i].nulls < 3);
        bench_close(&bench);
    }
}

static void rows_are_counted_from_the_offset(void **state) {
    (void)state;
    struct bench bench;
    const struct hw_page_facts *facts;
    struct hw_error err = HW_ERROR_INIT;
    numbers((const int32_t[]){9, 9, 1, 2, 4, 9}, 6, "001011");
    made.column.offset = 1;
    made.column.length = 5;
    assert_ok(bench_open(&bench, &ints, (struct hw_parquet_options){.encodings = HW_PARQUET_COMPAT}, &err), err);
    assert_ok(hw_chunk_add(&bench.chunk, &bench.work, &made.column, 1, 3, &err), err);
    assert_ok(hw_chunk_finish(&bench.chunk, &bench.work, &err), err);
    struct bench_page page = bench_page(&bench, 0, &facts);
    assert_row_bytes("rows 2 to 4 of the buffers", page.body.data, page.body.size, "\2\0\0\0\3\5" V1 V4, 14);
    bench_close(&bench);
}

/* ------ where pages end */

enum { PAGES_MAX = 4 };

static const char *const some_words[] = {"123456", "123456", "123456", "1234567890123456789012345678", "1", "2", "3"};

/* Integers have 4 bytes, texts 4 and their own. */
static const struct {
    const char *name;
    const struct hw_field *field;
    struct hw_parquet_options options;
    const char *valid;
    size_t rows;
    size_t want[PAGES_MAX];
} ends[] = {
    {"page_rows", &ints, {.page_rows = 3}, NULL, 8, {3, 3, 2}},
    {"page_rows to the row", &ints, {.page_rows = 4}, NULL, 8, {4, 4}},
    {"page_bytes", &ints, {.page_bytes = 12}, NULL, 8, {3, 3, 2}},
    {"page_bytes that no value fills to the byte", &ints, {.page_bytes = 15}, NULL, 8, {3, 3, 2}},
    {"nulls take no room", &ints, {.page_bytes = 12}, "10100111", 8, {6, 2}},
    {"a row however large", &ints, {.page_bytes = 1}, NULL, 3, {1, 1, 1}},
    {"texts of 10 bytes", &texts, {.page_bytes = 20}, NULL, 3, {2, 1}},
    {"texts of 10 bytes, one byte less", &texts, {.page_bytes = 19}, NULL, 3, {1, 1, 1}},
    {"a long text between short ones", &texts, {.page_bytes = 30}, NULL, 7, {3, 1, 3}},
    {"a column of nothing has rows only", &nothing, {.page_bytes = 1, .page_rows = 5}, NULL, 8, {5, 3}},
};

static void pages_end_before_what_does_not_fit(void **state) {
    (void)state;
    static const int32_t list[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const size_t steps[] = {8, 1, 3};
    for (size_t i = 0; i < COUNT_OF(ends) * COUNT_OF(steps); i++) {
        const size_t at = i / COUNT_OF(steps), step = steps[i % COUNT_OF(steps)];
        const bool text = ends[at].field->type.kind == HW_KIND_TEXT;
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        char name[96];
        snprintf(name, sizeof(name), "%s, by %zu", ends[at].name, step);
        const struct hw_column *column =
            text ? words(some_words, ends[at].rows, NULL) : numbers(list, ends[at].rows, ends[at].valid);
        made.column.null_count = ends[at].field == &nothing ? ends[at].rows : made.column.null_count;
        assert_ok(bench_open(&bench, ends[at].field, ends[at].options, &err), err);
        assert_ok(bench_run(&bench, column, ends[at].rows, step, &err), err);
        size_t count = 0;
        for (; count < PAGES_MAX && ends[at].want[count] > 0; count++) {
            const struct hw_page_facts *facts;
            bench_page(&bench, count, &facts);
            assert_row_int(name, facts->rows, ends[at].want[count]);
        }
        assert_row_int(name, bench.group->pages_count, count);
        bench_close(&bench);
    }
}

static void a_page_can_be_ended_early(void **state) {
    (void)state;
    static const int32_t list[] = {1, 2, 4};
    struct bench bench;
    const struct hw_page_facts *facts;
    struct hw_error err = HW_ERROR_INIT;
    numbers(list, 3, NULL);
    assert_ok(bench_open(&bench, &required, (struct hw_parquet_options){.encodings = HW_PARQUET_COMPAT}, &err), err);
    assert_ok(hw_chunk_end_page(&bench.chunk, &bench.work, true, &err), err); /* there is none */
    assert_int_equal(bench.group->pages_count, 0);
    assert_ok(hw_chunk_add(&bench.chunk, &bench.work, &made.column, 0, 2, &err), err);
    assert_int_equal(hw_chunk_pending(&bench.chunk), 8);
    assert_ok(hw_chunk_end_page(&bench.chunk, &bench.work, true, &err), err);
    assert_int_equal(hw_chunk_pending(&bench.chunk), 0);
    assert_ok(hw_chunk_add(&bench.chunk, &bench.work, &made.column, 2, 1, &err), err);
    assert_ok(hw_chunk_finish(&bench.chunk, &bench.work, &err), err);
    struct bench_page page = bench_page(&bench, 1, &facts);
    assert_row_bytes("the last page", page.body.data, page.body.size, V4, 4);
    assert_int_equal(bench.group->pages_count, 2);
    bench_close(&bench);
}

/* Texts of 1,000 digits come again after 300 rows, so half a page of 600 has each of them once. */
static void texts_that_gain_have_longer_pages(void **state) {
    (void)state;
    enum { ROWS = 1800, PERIOD = 300, DIGITS = 1000, PAGE = 600 * (DIGITS + 4) };
    static const struct {
        const char *name;
        size_t long_page_bytes;
        enum hw_codec codec;
        int level;
        size_t want[4];
    } rows[] = {
        {"the first page shows it", 2 * PAGE, HW_CODEC_ZSTD, 5, {600, 1200}},
        {"pages are as long as was asked for", PAGE, HW_CODEC_ZSTD, 5, {600, 600, 600}},
        {"a codec that looks back 64 KiB", 2 * PAGE, HW_CODEC_SNAPPY, HW_LEVEL_DEFAULT, {600, 600, 600}},
    };
    static char digits[PERIOD][DIGITS + 1];
    static const char *list[ROWS];
    uint64_t random = 3;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t k = 0; i < PERIOD && k < DIGITS; k++) {
            digits[i][k] = "0123456789abcdef"[test_random(&random) % 16];
        }
        list[i] = digits[i % PERIOD];
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_parquet_options options = {.codec = rows[i].codec,
                                                   .level = rows[i].level,
                                                   .page_bytes = PAGE,
                                                   .long_page_bytes = rows[i].long_page_bytes,
                                                   .dictionary_bytes = 1};
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        size_t count = 0;
        assert_ok(bench_open(&bench, &texts, options, &err), err);
        assert_ok(bench_run(&bench, words(list, ROWS, NULL), ROWS, 70, &err), err);
        for (; rows[i].want[count] > 0; count++) {
            assert_row_int(rows[i].name, bench.group->pages[count].rows, rows[i].want[count]);
        }
        assert_row_int(rows[i].name, bench.group->pages_count, count);
        bench_close(&bench);
    }
}

static const struct hw_column *doubles_fill(size_t count) {
    static double list[ROWS_MAX / 4 + HW_BATCH_PADDING];
    uint64_t random = 5;
    for (size_t i = 0; i < count; i++) {
        list[i] = 1000 + (double)i / 1000 + (double)(test_random(&random) % 1000) / 1e9;
    }
    made.column = (struct hw_column){.values = list, .length = count};
    return &made.column;
}

/* Numbers whose upper bytes are nearly the same, of which BYTE_STREAM_SPLIT makes streams. */
static void streams_have_long_pages(void **state) {
    (void)state;
    enum { ROWS = 6000, PAGE = 1000, SPLIT = 2500 };
    static const struct hw_field doubles = {"d", {.kind = HW_KIND_DOUBLE}, true};
    static const struct {
        const char *name;
        struct hw_parquet_options options;
        size_t want[8];
    } rows[] = {
        {"after the first page", {.codec = HW_CODEC_ZSTD, .split_page_rows = SPLIT}, {PAGE, SPLIT, SPLIT}},
        {"as long as was asked for", {.codec = HW_CODEC_ZSTD}, {PAGE, PAGE, PAGE, PAGE, PAGE, PAGE}},
        {"no codec gains by it", {.split_page_rows = SPLIT}, {PAGE, PAGE, PAGE, PAGE, PAGE, PAGE}},
        {"no more bytes than asked for",
         {.codec = HW_CODEC_ZSTD, .split_page_rows = SPLIT, .page_bytes = 8 * PAGE, .long_page_bytes = 8 * 2 * PAGE},
         {PAGE, 2 * PAGE, 2 * PAGE, PAGE}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_parquet_options options = rows[i].options;
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        size_t count = 0;
        options.page_rows = PAGE;
        assert_ok(bench_open(&bench, &doubles, options, &err), err);
        assert_ok(bench_run(&bench, doubles_fill(ROWS), ROWS, 70, &err), err);
        for (; count < COUNT_OF(rows[i].want) && rows[i].want[count] > 0; count++) {
            assert_row_int(rows[i].name, bench.group->pages[count].rows, rows[i].want[count]);
        }
        assert_row_int(rows[i].name, bench.group->pages_count, count);
        assert_row_int(rows[i].name, bench.group->chunks[0].packed, options.codec == HW_CODEC_ZSTD);
        if (options.codec == HW_CODEC_ZSTD) {
            assert_row_int(rows[i].name, bench.group->chunks[0].pages_encoded[HW_ENCODING_BYTE_STREAM_SPLIT], count);
        }
        bench_close(&bench);
    }
}

/* ------ dictionaries */

/*
 * The indices of a page are as wide as the dictionary at its time; the dictionary comes last, in
 * the order of its values' first rows.
 */
static void a_dictionary_grows_from_page_to_page(void **state) {
    (void)state;
    enum { PAGE = 64, WIDTH_1 = 1, WIDTH_2 = 2 };
    int32_t list[2 * PAGE];
    uint32_t indices[PAGE];
    struct bench bench;
    const struct hw_page_facts *facts;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(list); i++) {
        list[i] = i < PAGE ? (i % 2 ? 1 : 2) : i % 3 ? 1 : 4;
    }
    assert_ok(bench_open(&bench, &required,
                         (struct hw_parquet_options){.page_rows = PAGE, .encodings = HW_PARQUET_COMPAT}, &err),
              err);
    assert_ok(bench_run(&bench, numbers(list, COUNT_OF(list), NULL), COUNT_OF(list), 50, &err), err);
    for (size_t number = 0; number < 2; number++) {
        static const int32_t keys[] = {2, 1, 4};
        const unsigned width = number == 0 ? WIDTH_1 : WIDTH_2;
        struct bench_page page = bench_page(&bench, number, &facts);
        const uint8_t *body = (const uint8_t *)page.body.data;
        assert_int_equal(page.encoding, HW_ENCODING_RLE_DICTIONARY);
        assert_int_equal(body[0], width);
        decode_rle(&(struct decoder){body + 1, body + page.body.size}, width, PAGE, indices);
        for (size_t i = 0; i < PAGE; i++) {
            assert_in_range(indices[i], 0, COUNT_OF(keys) - 1);
            assert_int_equal(keys[indices[i]], list[number * PAGE + i]);
        }
    }
    const struct hw_chunk_facts *chunk = &bench.group->chunks[0];
    struct bench_page dictionary = bench_page_at(&bench, chunk->dictionary_at, chunk->dictionary_size, true);
    assert_int_equal(chunk->dictionary_at + chunk->dictionary_size, bench.group->log.size);
    assert_int_equal(dictionary.values, 3);
    assert_int_equal(dictionary.encoding, HW_ENCODING_PLAIN);
    assert_row_bytes("dictionary", dictionary.body.data, dictionary.body.size, V2 V1 V4, 12);
    bench_close(&bench);
}

enum { DRAWN = 5000 };

/*
 * A column of pages of 1,000 rows: `fresh` rows of each further page have values of their own.
 * DRAWN: all are drawn from 3,000 values.
 */
static size_t pages_fill(size_t count, size_t fresh) {
    size_t rows = count * 1000;
    static int32_t list[ROWS_MAX];
    uint64_t random = 9;
    for (size_t i = 0; i < rows; i++) {
        if (fresh == DRAWN) {
            list[i] = (int32_t)((uint64_t)test_random(&random) % 3000);
            continue;
        }
        list[i] = i >= 1000 && i % 1000 < fresh ? (int32_t)(i * 1000) : (int32_t)(i * 7 % 10);
    }
    numbers(list, rows, NULL);
    return rows;
}

static const struct {
    const char *name;
    size_t fresh;
    size_t dictionary_bytes;
    uint32_t least, most; /* pages with indices, of 30 */
    uint32_t keys;        /* 0: not known from here */
    size_t large_bytes, pending_bytes;
} closings[] = {
    {"ten values, page after page", 0, 0, 30, 30, 10},
    {"a second page beyond the limit leaves no trace", 1000, 2000, 1, 1, 10},
    {"a limit that three pages keep", 100, 4 * (10 + 2 * 100), 3, 3, 210},
    /* The chunk is the only one, so it may have a quarter of the pages in work. */
    {"a larger limit, as there is one chunk", 100, 4, 3, 3, 210, 4 * (10 + 2 * 100), 0},
    {"a quarter of the pages in work", 100, 4, 3, 3, 210, 1 << 20, 4 * 4 * (10 + 2 * 100)},
    {"a quarter that is less than any dictionary has", 100, 4 * (10 + 2 * 100), 3, 3, 210, 1 << 20, 16},
    /*
     * After n such pages there are 4 (10 + 1000 n) bytes of values and about 1,400 of indices a
     * page, against 4,000 a page without. That is 5 % more from n = 4 on.
     */
    {"values that go on to be new cost more than they save", 1000, 0, 4, 6, 0},
    {"some new values on every page", 50, 0, 30, 30, 10 + 29 * 50},
    /*
     * 3,000 values in any order. Two pages have about 1,460 of them, so 5,840 bytes and 2,750 of
     * indices are more than 8,400; but the second one added less than the 4,000 of a page without,
     * and all 30 take half.
     */
    {"values that are soon all there", DRAWN, 0, 30, 30, 0},
};

static void a_dictionary_is_closed_when_it_stops_to_pay(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(closings); i++) {
        size_t rows = pages_fill(30, closings[i].fresh);
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_parquet_options options = {
            .page_rows = 1000,
            .encodings = HW_PARQUET_COMPAT,
            .dictionary_bytes = closings[i].dictionary_bytes,
            .large_dictionary_bytes = closings[i].large_bytes,
            .pending_bytes = closings[i].pending_bytes,
        };
        assert_ok(bench_open(&bench, &required, options, &err), err);
        assert_ok(bench_run(&bench, &made.column, rows, rows, &err), err);
        const struct hw_chunk_facts *facts = &bench.group->chunks[0];
        uint32_t indexed = facts->pages_encoded[HW_ENCODING_RLE_DICTIONARY];
        assert_row_int(closings[i].name, indexed >= closings[i].least && indexed <= closings[i].most, true);
        assert_row_int(closings[i].name, facts->pages_encoded[HW_ENCODING_PLAIN], 30 - indexed);
        assert_row_int(closings[i].name, facts->values, rows);
        if (closings[i].keys > 0 && bench.group->log.size <= HW_SEGMENT_BYTES) {
            struct bench_page page = bench_page_at(&bench, facts->dictionary_at, facts->dictionary_size, true);
            assert_row_int(closings[i].name, page.values, closings[i].keys);
        }
        bench_close(&bench);
    }
}

/* ------ facts, sizes */

static void facts_are_the_sums_of_the_pages(void **state) {
    (void)state;
    struct bench bench;
    struct hw_error err = HW_ERROR_INIT;
    size_t rows = COUNT_OF(some_words), sizes = 0;
    const struct hw_column *column = words(some_words, rows, "1101110");
    assert_ok(bench_open(&bench, &maybe_texts, (struct hw_parquet_options){.page_rows = 3}, &err), err);
    assert_ok(bench_run(&bench, column, rows, rows, &err), err);
    const struct hw_chunk_facts *facts = &bench.group->chunks[0];
    for (size_t i = 0; i < bench.group->pages_count; i++) {
        sizes += bench.group->pages[i].size;
    }
    assert_int_equal(bench.group->pages_count, 3);
    assert_int_equal(facts->values, rows);
    assert_int_equal(facts->nulls, 2);
    assert_int_equal(facts->text_bytes, 6 + 6 + 28 + 1 + 1);
    assert_int_equal(bench.group->pages[1].text_bytes, 28 + 1 + 1);
    assert_int_equal(facts->stored_bytes, sizes + facts->dictionary_size);
    assert_int_equal(facts->stored_bytes, bench.group->log.size);
    assert_int_equal(facts->raw_bytes, facts->stored_bytes); /* the codec is none */
    assert_false(facts->packed);
    assert_row_bytes("min", facts->bounds.min.data, facts->bounds.min.size, "1", 1);
    assert_row_bytes("max", facts->bounds.max.data, facts->bounds.max.size, "2", 1);
    bench_close(&bench);
}

/* libzstd unpacks each page to the bytes that a chunk without a codec has. */
static void packed_pages_unpack_to_the_same(void **state) {
    (void)state;
    enum { ROWS = 3000, PAGE = 1000 };
    static int32_t list[ROWS];
    struct bench plain, packed;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < ROWS; i++) {
        list[i] = (int32_t)(i * i % 100003);
    }
    const struct hw_parquet_options none = {.page_rows = PAGE, .encodings = HW_PARQUET_COMPAT};
    const struct hw_parquet_options zstd = {.codec = HW_CODEC_ZSTD, .page_rows = PAGE, .encodings = HW_PARQUET_COMPAT};
    const struct hw_column *column = numbers(list, ROWS, NULL);
    assert_ok(bench_open(&plain, &ints, none, &err), err);
    assert_ok(bench_run(&plain, column, ROWS, ROWS, &err), err);
    assert_ok(bench_open(&packed, &ints, zstd, &err), err);
    assert_ok(bench_run(&packed, column, ROWS, ROWS, &err), err);
    assert_true(packed.group->chunks[0].packed);
    assert_true(packed.group->chunks[0].stored_bytes < packed.group->chunks[0].raw_bytes);
    for (size_t i = 0; i < ROWS / PAGE; i++) {
        const struct hw_page_facts *facts;
        char back[PAGE * 4 + 100];
        struct bench_page want = bench_page(&plain, i, &facts);
        struct bench_page got = bench_page(&packed, i, &facts);
        size_t size = ZSTD_decompress(back, sizeof(back), got.body.data, got.body.size);
        assert_int_equal(thrift_find(got.head, "2").number, size);
        assert_int_equal((int32_t)thrift_find(got.head, "4").number,
                         (int32_t)hw_crc32(0, got.body.data, got.body.size));
        assert_row_bytes("page", back, size, want.body.data, want.body.size);
    }
    bench_close(&plain);
    bench_close(&packed);
}

/* Row by row: the first null makes validity of all rows, a later one opens a byte of it. */
static void growth_is_never_more_than_said(void **state) {
    (void)state;
    enum { ROWS = 20, LONGEST = 5 };
    static const char valid[] = "11011111111111110111";
    static const struct hw_field *const of[] = {&ints, &maybe_texts, &nothing};
    int32_t list[ROWS];
    const char *texts_list[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        list[i] = (int32_t)i;
        texts_list[i] = &"12345"[i % (LONGEST + 1)];
    }
    for (size_t i = 0; i < COUNT_OF(of); i++) {
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_column *column = of[i] == &ints ? numbers(list, ROWS, valid) : words(texts_list, ROWS, valid);
        made.column.null_count = of[i] == &nothing ? ROWS : made.column.null_count;
        assert_ok(bench_open(&bench, of[i], (struct hw_parquet_options){0}, &err), err);
        for (size_t row = 0; row < ROWS; row++) {
            size_t before = hw_chunk_pending(&bench.chunk);
            size_t growth = hw_chunk_growth(&bench.chunk, column, row, 1);
            assert_ok(hw_chunk_add(&bench.chunk, &bench.work, column, row, 1, &err), err);
            size_t after = hw_chunk_pending(&bench.chunk);
            assert_in_range(after - before, 0, growth);
            assert_in_range(growth, 0, of[i] == &nothing ? 0 : LONGEST + sizeof(uint32_t) + ROWS / 8 + 1);
            assert_true(hw_chunk_held(&bench.chunk) >= after);
        }
        bench_close(&bench);
    }
}

static void a_dictionary_counts_with_what_finds_its_values(void **state) {
    (void)state;
    struct bench bench;
    struct hw_error err = HW_ERROR_INIT;
    pages_fill(1, 0);
    assert_ok(bench_open(&bench, &required, (struct hw_parquet_options){.page_rows = 1000}, &err), err);
    assert_int_equal(hw_chunk_dictionary_bytes(&bench.chunk), 0);
    assert_ok(hw_chunk_add(&bench.chunk, &bench.work, &made.column, 0, 1000, &err), err);
    assert_in_range(hw_chunk_dictionary_bytes(&bench.chunk), 10 * 4 + 10 * 8, 10 * 4 + 10 * 100);
    assert_ok(hw_chunk_finish(&bench.chunk, &bench.work, &err), err);
    assert_int_equal(hw_chunk_dictionary_bytes(&bench.chunk), 0);
    bench_close(&bench);
}

/* ------ again and again */

/* Whatever was added before a finish or a reset, the same rows make the same bytes. */
static void nothing_is_left_of_what_came_before(void **state) {
    (void)state;
    struct bench bench;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) first = {0};
    size_t rows = pages_fill(3, 100);
    assert_ok(bench_open(&bench, &ints, (struct hw_parquet_options){.page_rows = 1000}, &err), err);
    for (int round = 0; round < 3; round++) {
        assert_ok(bench_run(&bench, &made.column, rows, 700, &err), err);
        hw_view log = bench_log(&bench);
        if (round == 0) {
            assert_ok(hw_buf_append(&first, log.data, log.size, &err), err);
        }
        assert_row_bytes("log", log.data, log.size, first.data, first.size);
        hw_row_group_clear(bench.group);
        assert_int_equal(hw_chunk_pending(&bench.chunk), 0);
        assert_ok(hw_chunk_add(&bench.chunk, &bench.work, &made.column, 500, 1700, &err), err);
        assert_true(hw_chunk_pending(&bench.chunk) > 0);
        hw_chunk_reset(&bench.chunk, &bench.scratch);
        assert_int_equal(hw_chunk_pending(&bench.chunk), 0);
        hw_row_group_clear(bench.group);
    }
    bench_close(&bench);
}

/* ------ failures */

static void a_null_in_a_required_column_names_it(void **state) {
    (void)state;
    const struct hw_column *column = three_rows(&ints, "110");
    struct bench bench;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(bench_open(&bench, &required, (struct hw_parquet_options){0}, &err), err);
    assert_int_equal(hw_chunk_add(&bench.chunk, &bench.work, column, 0, 3, &err), HW_EDATA);
    assert_string_equal(err.column, "n");
    assert_row_says("null", err.message, "a null in a column that is required");
    hw_chunk_reset(&bench.chunk, &bench.scratch);
    assert_ok(hw_chunk_add(&bench.chunk, &bench.work, column, 0, 2, &err), err);
    bench_close(&bench);
}

static void a_decimal_beyond_its_digits_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint8_t precision;
        __int128 value;
        enum hw_status want;
    } rows[] = {
        {"9 digits", 9, -999999999, HW_OK},
        {"beyond 4 bytes", 9, INT64_C(3000000000), HW_EDATA},
        {"18 digits", 18, INT64_C(-999999999999999999), HW_OK},
        {"beyond 8 bytes", 18, (__int128)INT64_MAX + 1, HW_EDATA},
        {"19 digits", 19, (__int128)INT64_MAX + 1, HW_OK},
        {"beyond 9 bytes", 19, (__int128)INT64_MAX * 1000, HW_EDATA},
        {"beyond 9 bytes, negative", 19, (__int128)INT64_MIN * 1000, HW_EDATA},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_field field = {"d", {.kind = HW_KIND_DECIMAL, .precision = rows[i].precision}, false};
        const __int128 values[1 + HW_BATCH_PADDING / 16] = {rows[i].value};
        const struct hw_column column = {.values = values};
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(bench_open(&bench, &field, (struct hw_parquet_options){0}, &err), err);
        assert_row_int(rows[i].name, hw_chunk_add(&bench.chunk, &bench.work, &column, 0, 1, &err), rows[i].want);
        if (rows[i].want != HW_OK) {
            assert_row_text(rows[i].name, err.column, "d");
            assert_row_says(rows[i].name, err.message, "a decimal has more than its");
        }
        bench_close(&bench);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    size_t rows = pages_fill(4, 300), n;
    enum hw_status status = HW_ENOMEM;
    rows_valid(&made, rows, NULL);
    made.column.null_count = 1; /* the first row */
    made.validity[0] &= 0xfe;
    made.column.validity = made.validity;
    for (n = 1; status != HW_OK; n++) {
        struct faulty_alloc faulty = {.fail_at = n};
        struct hw_allocator allocator = {faulty_resize, &faulty};
        const struct hw_parquet_options options = {.codec = HW_CODEC_SNAPPY, .page_rows = 1000};
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        hw_allocator_set(&allocator);
        status = bench_open(&bench, &ints, options, &err);
        status = status ? status : bench_run(&bench, &made.column, rows, rows, &err);
        assert_int_equal(status, n <= faulty.requests ? HW_ENOMEM : HW_OK);
        bench_close(&bench);
        hw_allocator_set(NULL);
        assert_int_equal(faulty.held, 0);
    }
    assert_in_range(n, 15, 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_as_the_format_says),
        cmocka_unit_test(rows_are_counted_from_the_offset),
        cmocka_unit_test(pages_end_before_what_does_not_fit),
        cmocka_unit_test(a_page_can_be_ended_early),
        cmocka_unit_test(texts_that_gain_have_longer_pages),
        cmocka_unit_test(streams_have_long_pages),
        cmocka_unit_test(a_dictionary_grows_from_page_to_page),
        cmocka_unit_test(a_dictionary_is_closed_when_it_stops_to_pay),
        cmocka_unit_test(facts_are_the_sums_of_the_pages),
        cmocka_unit_test(packed_pages_unpack_to_the_same),
        cmocka_unit_test(growth_is_never_more_than_said),
        cmocka_unit_test(a_dictionary_counts_with_what_finds_its_values),
        cmocka_unit_test(nothing_is_left_of_what_came_before),
        cmocka_unit_test(a_null_in_a_required_column_names_it),
        cmocka_unit_test(a_decimal_beyond_its_digits_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("parquet/chunk", tests, NULL, NULL);
}
