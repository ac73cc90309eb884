/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_reader.h"

#include "codec/compression.h"
#include "support/alloc_fault.h"
#include "unit/parquet/page_make.h"

/* ------ pages that are good */

static const struct page_made three[] = {
    {.type = HW_PAGE_DICTIONARY, .values = 2, .bytes = HW_VIEW_INIT("dictionary"), .crc = CRC_GOOD},
    {.type = HW_PAGE_INDEX, .bytes = HW_VIEW_INIT("index")},
    {.type = HW_PAGE_DATA, .values = 3, .encoding = HW_ENCODING_RLE_DICTIONARY, .bytes = HW_VIEW_INIT("levels, v1")},
    {.type = HW_PAGE_DATA_V2,
     .values = 4,
     .bytes = HW_VIEW_INIT("repsdefvalues"),
     .rep_bytes = 4,
     .def_bytes = 3,
     .crc = CRC_GOOD},
    {.type = HW_PAGE_INDEX, .bytes = HW_VIEW_INIT("the last")},
};

static void view_check(const char *row, hw_view view, const char *want) {
    assert_row_bytes(row, view.data, view.size, want, strlen(want));
}

static void pages_come_in_turn_but_for_index_pages(void **state) {
    (void)state;
    struct page_bench bench;
    page_bench_open(&bench, three, COUNT_OF(three), HW_PAGE_CODEC_NONE);
    assert_ok(page_bench_next(&bench), bench.err);
    assert_true(bench.more);
    assert_int_equal(bench.page.head.type, HW_PAGE_DICTIONARY);
    assert_int_equal(bench.page.at, 4);
    assert_int_equal(bench.page.number, 0);
    view_check("dictionary", bench.page.values, "dictionary");
    assert_ok(page_bench_next(&bench), bench.err);
    assert_int_equal(bench.page.head.type, HW_PAGE_DATA);
    assert_int_equal(bench.page.head.values, 3);
    assert_int_equal(bench.page.at, bench.made.at[2]);
    assert_int_equal(bench.page.number, 2);
    view_check("v1", bench.page.values, "levels, v1");
    assert_ok(page_bench_next(&bench), bench.err);
    assert_int_equal(bench.page.head.type, HW_PAGE_DATA_V2);
    assert_int_equal(bench.page.number, 3);
    view_check("v2", bench.page.reps, "reps");
    view_check("v2", bench.page.defs, "def");
    view_check("v2", bench.page.values, "values");
    assert_ok(page_bench_next(&bench), bench.err);
    assert_false(bench.more);
    assert_int_equal(bench.reader.pages, 5);
    assert_int_equal(bench.reader.without_crc, 3);
    page_bench_go(&bench, 2);
    assert_ok(page_bench_next(&bench), bench.err);
    assert_true(bench.more);
    view_check("once more", bench.page.values, "levels, v1");
    assert_int_equal(bench.reader.next.at, bench.made.at[3]);
    page_bench_close(&bench);
}

/* ------ compressed pages */

static const struct {
    enum hw_codec codec;
    int32_t number;
} codecs[] = {
    {HW_CODEC_SNAPPY, HW_PAGE_CODEC_SNAPPY},   {HW_CODEC_GZIP, HW_PAGE_CODEC_GZIP},
    {HW_CODEC_BROTLI, HW_PAGE_CODEC_BROTLI},   {HW_CODEC_LZ4_RAW, HW_PAGE_CODEC_LZ4},
    {HW_CODEC_NONE, HW_PAGE_CODEC_NONE},       {HW_CODEC_ZSTD, HW_PAGE_CODEC_ZSTD},
    {HW_CODEC_LZ4_RAW, HW_PAGE_CODEC_LZ4_RAW},
};

static void pages_of_each_codec_are_unpacked(void **state) {
    (void)state;
    static const char text[] = "abcabcabcabcabcabcabcabcabcabcabcabc";
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        const char *name = hw_codec_name(codecs[i].codec);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor;
        char packed[500] = "RD";
        size_t size = 0;
        assert_ok(hw_compressor_new(codecs[i].codec, HW_LEVEL_DEFAULT, &compressor, &err), err);
        assert_ok(hw_compressor_run(compressor, text, 36, packed + 2, 498, &size, &err), err);
        hw_compressor_free(compressor);
        const struct page_made pages[] = {
            {.type = HW_PAGE_DATA, .bytes = {packed + 2, size}, .plain_bytes = 36},
            {.type = HW_PAGE_DATA_V2,
             .bytes = {packed, size + 2},
             .plain_bytes = 38,
             .rep_bytes = 1,
             .def_bytes = 1,
             .packed = true},
            {.type = HW_PAGE_DATA_V2, .bytes = HW_VIEW_INIT("RDplain"), .rep_bytes = 1, .def_bytes = 1},
        };
        struct page_bench bench;
        page_bench_open(&bench, pages, COUNT_OF(pages), codecs[i].number);
        assert_ok(page_bench_next(&bench), bench.err);
        view_check(name, bench.page.values, text);
        assert_ok(page_bench_next(&bench), bench.err);
        view_check(name, bench.page.reps, "R");
        view_check(name, bench.page.defs, "D");
        view_check(name, bench.page.values, text);
        assert_ok(page_bench_next(&bench), bench.err);
        view_check(name, bench.page.values, "plain");
        /* Where all of v2 is compressed, this one is damaged. */
        bench.reader.chunk.v2_packed = true;
        page_bench_go(&bench, 2);
        assert_row_int(name, page_bench_next(&bench), codecs[i].codec == HW_CODEC_NONE ? HW_OK : HW_EDATA);
        page_bench_close(&bench);
    }
}

/* A page of nothing has no block, not even one of no bytes. */
static void a_page_without_bytes_is_not_unpacked(void **state) {
    (void)state;
    const struct page_made pages[] = {
        {.type = HW_PAGE_DATA, .crc = CRC_GOOD},
        {.type = HW_PAGE_DATA_V2, .values = 3, .bytes = HW_VIEW_INIT("d"), .def_bytes = 1, .packed = true},
    };
    struct page_bench bench;
    page_bench_open(&bench, pages, 2, HW_PAGE_CODEC_SNAPPY);
    assert_ok(page_bench_next(&bench), bench.err);
    assert_int_equal(bench.page.values.size, 0);
    assert_ok(page_bench_next(&bench), bench.err);
    assert_int_equal(bench.page.values.size, 0);
    view_check("levels", bench.page.defs, "d");
    page_bench_close(&bench);
}

/* ------ pages that are not what their header says */

#define FIVE HW_VIEW_INIT("12345")

static const struct page_made bad_crc = {.bytes = HW_VIEW_INIT("123456789"), .crc = CRC_BAD};
static const struct page_made long_page = {.bytes = FIVE, .more_bytes = 1};
static const struct page_made longest = {.more_bytes = INT32_MAX};
static const struct page_made large_plain = {.bytes = FIVE, .plain_bytes = 21};
static const struct page_made large = {.bytes = HW_VIEW_INIT("123456789012345678901"), .plain_bytes = 3};
static const struct page_made late_dictionary = {.type = HW_PAGE_DICTIONARY, .bytes = FIVE};
static const struct page_made two_sizes = {.bytes = FIVE, .plain_bytes = 6};
static const struct page_made two_sizes_v2 = {
    .type = HW_PAGE_DATA_V2, .bytes = FIVE, .plain_bytes = 6, .def_bytes = 2, .rep_bytes = 1};
/* Snappy: 3 bytes, a literal of 3 (8); LZ4: sizes of 3 and 4 bytes, a literal of 3 (30). */
static const struct page_made snappy = {.bytes = HW_VIEW_INIT("\x03\x08xyz"), .plain_bytes = 3};
static const struct page_made bad_snappy = {.bytes = HW_VIEW_INIT("\x03\x08xyz"), .plain_bytes = 4};
static const struct page_made hadoop = {.bytes = HW_VIEW_INIT("\0\0\0\x03\0\0\0\x04\x30xyz"), .plain_bytes = 3};
static const struct page_made no_block = {.plain_bytes = 4};
static const struct page_made bad_hadoop = {.bytes = HW_VIEW_INIT("\0\0\0\x05\0\0\0\x01x"), .plain_bytes = 5};
static const struct page_made unknown = {.type = 9, .bytes = FIVE};

static const struct {
    const char *name;
    const struct page_made *page;
    int32_t codec;
    enum hw_status want;
    enum hw_page_look look;
    const char *says;
} wrong[] = {
    {"a CRC that differs", &bad_crc, HW_PAGE_CODEC_NONE, HW_EDATA, HW_PAGE_LOOK_CRC,
     "page 1: its CRC is 0xcbf43926, the header says 0x340bc6d9"},
    {"more bytes than the chunk has", &long_page, HW_PAGE_CODEC_NONE, HW_EDATA, HW_PAGE_LOOK_HEADER,
     "page 1: its header says that it has 6 bytes, but the column chunk has 5 left"},
    {"as many as a number can say", &longest, HW_PAGE_CODEC_NONE, HW_EDATA, HW_PAGE_LOOK_HEADER,
     "page 1: its header says that it has 2147483647 bytes, but the column chunk has 0 left"},
    {"more than are allowed after it is unpacked", &large_plain, HW_PAGE_CODEC_SNAPPY, HW_ELIMIT, HW_PAGE_LOOK_HEADER,
     "page 1: it has 21 bytes, and a page may have 20 (--max-page-bytes"},
    {"more than are allowed as they are", &large, HW_PAGE_CODEC_SNAPPY, HW_ELIMIT, HW_PAGE_LOOK_HEADER,
     "page 1: it has 21 bytes, and a page may have 20 (--max-page-bytes"},
    {"a dictionary that is not the first page", &late_dictionary, HW_PAGE_CODEC_NONE, HW_EDATA, HW_PAGE_LOOK_ORDER,
     "page 1: it is a dictionary page, which may only be the first page of its column chunk"},
    {"two sizes where nothing is compressed", &two_sizes, HW_PAGE_CODEC_NONE, HW_EDATA, HW_PAGE_LOOK_SIZE,
     "page 1: it is not compressed and has 5 bytes, the header says 6"},
    {"the same in v2 without its levels", &two_sizes_v2, HW_PAGE_CODEC_SNAPPY, HW_EDATA, HW_PAGE_LOOK_SIZE,
     "page 1: it is not compressed and has 2 bytes, the header says 3"},
    {"bytes that snappy does not make", &bad_snappy, HW_PAGE_CODEC_SNAPPY, HW_EDATA, HW_PAGE_LOOK_UNPACK, "page 1: "},
    {"no bytes that become some", &no_block, HW_PAGE_CODEC_ZSTD, HW_EDATA, HW_PAGE_LOOK_UNPACK, "page 1: "},
    {"LZ4 of Hadoop that is damaged", &bad_hadoop, HW_PAGE_CODEC_LZ4, HW_EDATA, HW_PAGE_LOOK_UNPACK, "page 1: "},
    {"a type that is not known", &unknown, HW_PAGE_CODEC_NONE, HW_EUNSUPPORTED, HW_PAGE_LOOK_HEADER,
     "page 1: page header: page type 9 is not known"},
};

/* Makes a chunk whose page 0 is good; page 1 is the one that is wrong. */
static void wrong_make(struct page_bench *bench, size_t i) {
    const struct page_made pages[] = {{.crc = CRC_GOOD}, *wrong[i].page};
    page_bench_make(bench, pages, 2, wrong[i].codec);
    bench->made.chunk.page_bytes_max = 20;
}

/* A page whose place is known from its header does not stop those behind it. */
static uint64_t place_after(const struct page_bench *bench, size_t i) {
    const bool header = wrong[i].look == HW_PAGE_LOOK_HEADER && wrong[i].want != HW_ELIMIT;
    return header ? bench->made.at[1] : bench->made.range.end;
}

static void a_page_that_is_wrong_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const char *name = wrong[i].name;
        struct page_bench bench;
        wrong_make(&bench, i);
        /* Nothing but the bytes that are there bounds the others. */
        bench.made.chunk.page_bytes_max = wrong[i].want == HW_ELIMIT ? 20 : SIZE_MAX;
        page_bench_start(&bench, HW_MIB(1));
        assert_ok(page_bench_next(&bench), bench.err);
        bench.page.number = 77;
        assert_row_int(name, page_bench_next(&bench), wrong[i].want);
        assert_row_says(name, bench.err.message, wrong[i].says);
        assert_row_int(name, strncmp(bench.err.message, "page 1: ", 8), 0);
        /* A field of the header that is at fault has its own offset. */
        assert_row_int(name, bench.err.offset >= (int64_t)bench.made.at[1], true);
        assert_row_int(name, bench.err.offset == (int64_t)bench.made.at[1], wrong[i].page != &unknown);
        assert_row_int(name, bench.page.number, 77);
        assert_row_int(name, bench.reader.look, wrong[i].look);
        assert_row_int(name, bench.reader.current.at, bench.made.at[1]);
        assert_row_int(name, bench.reader.next.at, place_after(&bench, i));
        page_bench_close(&bench);
    }
}

static void a_page_that_is_wrong_is_not_passed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const bool judged = wrong[i].look == HW_PAGE_LOOK_HEADER || wrong[i].look == HW_PAGE_LOOK_ORDER;
        struct page_bench bench;
        wrong_make(&bench, i);
        page_bench_start(&bench, HW_MIB(1));
        assert_ok(page_bench_pass(&bench, 0), bench.err);
        assert_row_int(wrong[i].name, page_bench_pass(&bench, 0), judged ? wrong[i].want : HW_OK);
        assert_row_int(wrong[i].name, bench.more, !judged);
        if (judged) {
            assert_row_says(wrong[i].name, bench.err.message, wrong[i].says);
            assert_row_int(wrong[i].name, bench.reader.next.at, bench.made.at[1]);
        }
        page_bench_close(&bench);
    }
}

static void a_try_leaves_the_name_to_its_caller(void **state) {
    (void)state;
    struct page_bench bench;
    wrong_make(&bench, 0);
    page_bench_start(&bench, HW_MIB(1));
    struct hw_page_reader *reader = &bench.reader;
    assert_ok(hw_page_reader_try(reader, &bench.page, &bench.more, &bench.err), bench.err);
    assert_int_equal(hw_page_reader_try(reader, &bench.page, &bench.more, &bench.err), HW_EDATA);
    assert_string_equal(bench.err.message, "its CRC is 0xcbf43926, the header says 0x340bc6d9");
    assert_int_equal(bench.err.offset, HW_NO_POSITION);
    assert_int_equal(reader->pages, 2);
    assert_int_equal(reader->without_crc, 0);
    assert_ok(hw_page_reader_try(reader, &bench.page, &bench.more, &bench.err), bench.err);
    assert_false(bench.more);
    page_bench_close(&bench);
}

static void a_name_keeps_the_offset_of_a_callee(void **state) {
    (void)state;
    const struct hw_page page = {.at = 40, .number = 3};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_fail_at(&err, HW_EDATA, 44, "it is bad"), HW_EDATA);
    hw_page_name(&page, &err);
    assert_string_equal(err.message, "page 3: it is bad");
    assert_int_equal(err.offset, 44);
    err.offset = HW_NO_POSITION;
    hw_page_name(&page, &err);
    assert_int_equal(err.offset, 40);
    hw_page_name(&page, NULL);
}

/* ------ headers */

static void a_header_ends_within_the_chunk(void **state) {
    (void)state;
    struct page_bench bench;
    wrong_make(&bench, 0);
    bench.made.range.end = bench.made.chunk.range.end = bench.made.at[1] + 5;
    page_bench_start(&bench, HW_MIB(1));
    assert_ok(page_bench_next(&bench), bench.err);
    assert_int_equal(page_bench_next(&bench), HW_EDATA);
    assert_string_equal(bench.err.message, "page 1: its header does not end within the 5 bytes that are left");
    assert_int_equal(page_bench_pass(&bench, 1), HW_EDATA);
    page_bench_close(&bench);
}

/* 1000 bytes of the header, more or less, are in the first window. */
static void a_header_may_go_on_behind_a_window(void **state) {
    (void)state;
    enum { WINDOW = 4096 };
    static const char body[WINDOW - 1000];
    static const struct page_made pages[] = {
        {.bytes = {body, sizeof(body)}},
        {.bytes = HW_VIEW_INIT("last"), .bound = {body, 2000}},
    };
    struct page_bench bench;
    page_bench_make(&bench, pages, 2, HW_PAGE_CODEC_NONE);
    page_bench_start(&bench, WINDOW);
    assert_ok(page_bench_next(&bench), bench.err);
    assert_int_equal(bench.page.values.size, sizeof(body));
    assert_ok(page_bench_next(&bench), bench.err);
    assert_int_equal(bench.page.at, bench.made.at[1]);
    assert_int_equal(bench.page.head.statistics.old_max.size, 2000);
    view_check("last", bench.page.values, "last");
    page_bench_close(&bench);
}

static void pages_are_passed_by_their_headers(void **state) {
    (void)state;
    static const struct {
        uint64_t values_max;
        bool passed;
        int type;
    } passes[] = {
        {0, true, HW_PAGE_DICTIONARY}, {0, true, HW_PAGE_INDEX},    {2, false, HW_PAGE_DATA},
        {3, true, HW_PAGE_DATA},       {3, false, HW_PAGE_DATA_V2}, {UINT64_MAX, true, HW_PAGE_DATA_V2},
        {0, true, HW_PAGE_INDEX},
    };
    struct page_bench bench;
    page_bench_open(&bench, three, COUNT_OF(three), HW_PAGE_CODEC_NONE);
    for (size_t i = 0; i < COUNT_OF(passes); i++) {
        const size_t before = bench.reader.next.number;
        assert_ok(page_bench_pass(&bench, passes[i].values_max), bench.err);
        assert_int_equal(bench.more, passes[i].passed);
        assert_int_equal(bench.head.type, passes[i].type);
        assert_int_equal(bench.reader.next.number, before + passes[i].passed);
    }
    assert_int_equal(bench.reader.next.at, bench.made.range.end);
    assert_ok(page_bench_pass(&bench, 1), bench.err);
    assert_false(bench.more);
    page_bench_close(&bench);
}

static void codecs_that_cannot_be_read_are_named(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        assert_ok(hw_page_codec_check(codecs[i].number, &err), err);
        assert_int_equal(hw_page_codec_of(codecs[i].number), codecs[i].codec);
    }
    assert_int_equal(hw_page_codec_check(HW_PAGE_CODEC_LZO, &err), HW_EUNSUPPORTED);
    assert_string_equal(err.message, "its pages are compressed with LZO, which cannot be read");
    assert_int_equal(hw_page_codec_check(8, &err), HW_EUNSUPPORTED);
    assert_string_equal(err.message, "its pages are compressed with codec 8, which is not known");
    assert_int_equal(hw_page_codec_check(-1, &err), HW_EUNSUPPORTED);
    assert_string_equal(err.message, "its pages are compressed with codec -1, which is not known");
}

static void a_read_that_fails_names_the_page(void **state) {
    (void)state;
    struct page_bench bench;
    page_bench_open(&bench, &hadoop, 1, HW_PAGE_CODEC_LZ4);
    bench.made.source.fail_on_read = 1;
    assert_int_equal(page_bench_next(&bench), HW_EIO);
    assert_row_says("read", bench.err.message, "page 0: ");
    assert_ok(page_bench_next(&bench), bench.err);
    view_check("read once more", bench.page.values, "xyz");
    page_bench_close(&bench);
}

static void no_memory_is_said(void **state) {
    (void)state;
    size_t failures = 0;
    bool fired = true;
    struct page_bench bench;
    page_bench_make(&bench, &snappy, 1, HW_PAGE_CODEC_SNAPPY);
    for (; fired; failures++) {
        struct alloc_fault fault;
        bench.reader = (struct hw_page_reader){0};
        alloc_fault_begin(&fault, failures);
        enum hw_status status = pages_open(&bench.made, NULL);
        bench.reader.chunk = bench.made.chunk;
        page_bench_go(&bench, 0);
        status = status ? status : page_bench_next(&bench);
        hw_page_reader_release(&bench.reader);
        pages_close(&bench.made);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 5);
    bench.reader = (struct hw_page_reader){0};
    page_bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_come_in_turn_but_for_index_pages),
        cmocka_unit_test(pages_of_each_codec_are_unpacked),
        cmocka_unit_test(a_page_without_bytes_is_not_unpacked),
        cmocka_unit_test(a_page_that_is_wrong_is_named),
        cmocka_unit_test(a_page_that_is_wrong_is_not_passed),
        cmocka_unit_test(a_try_leaves_the_name_to_its_caller),
        cmocka_unit_test(a_name_keeps_the_offset_of_a_callee),
        cmocka_unit_test(a_header_ends_within_the_chunk),
        cmocka_unit_test(a_header_may_go_on_behind_a_window),
        cmocka_unit_test(pages_are_passed_by_their_headers),
        cmocka_unit_test(codecs_that_cannot_be_read_are_named),
        cmocka_unit_test(a_read_that_fails_names_the_page),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests_name("parquet/page_reader", tests, NULL, NULL);
}
