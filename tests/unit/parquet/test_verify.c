/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/verify.h"

#include <stdio.h>

#include "parquet/writer.h"
#include "support/all_kinds.h"
#include "support/alloc_fault.h"
#include "support/corpus.h"
#include "support/memory_io.h"
#include "unit/parquet/verify_make.h"

/* ------ files that were made by hand */

static void write_good(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    page_write(pages, &good_page);
}
static void write_no_header(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    assert_int_equal(hw_buf_append(pages, "\xff\xff\xff\xff", 4, NULL), HW_OK);
}
static void write_crc(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = good_page;
    page.wrong_crc = true;
    page_write(pages, &page);
}
static void write_size(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = good_page;
    page.uncompressed_more = 1;
    page_write(pages, &page);
}
static void write_packed(struct hw_buf *pages, struct made_facts *facts) {
    facts->codec = HW_PAGE_CODEC_SNAPPY;
    page_write(pages, &good_page);
}
static void write_order(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = good_page;
    page_write(pages, &good_page);
    page.type = HW_PAGE_DICTIONARY;
    page_write(pages, &page);
}
static void write_no_dictionary(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = good_page;
    page.encoding = HW_ENCODING_RLE_DICTIONARY;
    page_write(pages, &page);
}
static void write_encoding(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = good_page;
    page.encoding = 77;
    page_write(pages, &page);
}
static void write_unfit(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = good_page;
    page.encoding = HW_ENCODING_DELTA_BINARY_PACKED;
    page_write(pages, &page);
}
static void write_levels(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page page = PAGE_OF("\2\0\0\0\3\x1f\1\0\0\0a\1\0\0\0b");
    page_write(pages, &page);
}
static void write_long_levels(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page page = PAGE_OF("\x7f\0\0\0\3\x1a");
    page_write(pages, &page);
}
static void write_fewer(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = good_page;
    page.values = 2;
    page_write(pages, &page);
}
static void write_behind(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    page_write(pages, &good_page);
    assert_int_equal(hw_buf_append(pages, "\xff\xff\xff", 3, NULL), HW_OK);
}
static void write_v2(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = PAGE_OF("\3\x1a\1\0\0\0a\1\0\0\0b");
    page.type = HW_PAGE_DATA_V2;
    page_write(pages, &page);
}
static void write_v2_rows(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = PAGE_OF("\3\x1a\1\0\0\0a\1\0\0\0b");
    page.type = HW_PAGE_DATA_V2;
    page.rows = 2;
    page_write(pages, &page);
}
static void write_v2_nulls(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    struct page page = PAGE_OF("\3\x1a\1\0\0\0a\1\0\0\0b");
    page.type = HW_PAGE_DATA_V2;
    page.nulls = 2;
    page_write(pages, &page);
}
static void write_cut_value(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page page = PAGE_OF("\2\0\0\0\3\x1a\1\0\0\0a\x7f\0\0\0b");
    page_write(pages, &page);
}
static void write_no_utf8(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page page = PAGE_OF("\2\0\0\0\3\x1a\1\0\0\0a\1\0\0\0\xff");
    page_write(pages, &page);
}
static void write_below(struct hw_buf *pages, struct made_facts *facts) {
    facts->min = "aa";
    page_write(pages, &good_page);
}
static void write_above(struct hw_buf *pages, struct made_facts *facts) {
    facts->max = "a";
    page_write(pages, &good_page);
}
static void write_nulls(struct hw_buf *pages, struct made_facts *facts) {
    facts->nulls = 2;
    page_write(pages, &good_page);
}

static void write_ordered(struct hw_buf *pages, struct made_facts *facts) {
    facts->ordered = true;
    page_write(pages, &good_page);
}
static void write_min(struct hw_buf *pages, struct made_facts *facts) {
    facts->min = "aa";
    write_ordered(pages, facts);
}
static void write_max(struct hw_buf *pages, struct made_facts *facts) {
    facts->max = "a\x7f";
    write_ordered(pages, facts);
}
static void write_numbers(struct hw_buf *pages, struct made_facts *facts) {
    facts->numbers = "\3\0\0\0\1\0\0\0\0\0\0";
    write_ordered(pages, facts);
}
static void write_unsorted(struct hw_buf *pages, struct made_facts *facts) {
    facts->numbers = "\1\0\0\0\2\0\0\0\3\0\0";
    write_ordered(pages, facts);
}

/* numBytes 32, and the choices BLOCK, XXHASH and UNCOMPRESSED (BloomFilter.md). */
#define FILTER_HEAD "\x15\x40\x1c\x1c\x00\x00\x1c\x1c\x00\x00\x1c\x1c\x00\x00\x00"
#define FILTER_WORD "\xff\xff\xff\xff"
static const char full_filter[] =
    FILTER_HEAD FILTER_WORD FILTER_WORD FILTER_WORD FILTER_WORD FILTER_WORD FILTER_WORD FILTER_WORD FILTER_WORD;
static const char empty_filter[sizeof(full_filter)] = FILTER_HEAD;

static void write_filter(struct hw_buf *pages, struct made_facts *facts) {
    facts->filter = (hw_view){full_filter, sizeof(full_filter) - 1};
    page_write(pages, &good_page);
}
static void write_empty_filter(struct hw_buf *pages, struct made_facts *facts) {
    facts->filter = (hw_view){empty_filter, sizeof(empty_filter) - 1};
    page_write(pages, &good_page);
}
static void write_no_filter(struct hw_buf *pages, struct made_facts *facts) {
    facts->filter = HW_VIEW("\x15\x41\x1c\x1c\x00\x00\x1c\x1c\x00\x00\x1c\x1c\x00\x00\x00");
    page_write(pages, &good_page);
}

static const struct verify_row rows[] = {
    {"nothing is wrong", write_good, HW_VERIFY_VALUES, ""},
    {"nothing is wrong with v2", write_v2, HW_VERIFY_VALUES, ""},
    {"header", write_no_header, HW_VERIFY_PAGES, "error page.header 1 s.t 0: "},
    {"CRC", write_crc, HW_VERIFY_PAGES, "error page.crc 1 s.t 0: its CRC is 0x"},
    {"CRC at the footer's level", write_crc, HW_VERIFY_FOOTER, ""},
    {"size", write_size, HW_VERIFY_PAGES, "error page.size 1 s.t 0: it is not compressed and has 16 bytes"},
    {"compressed bytes", write_packed, HW_VERIFY_PAGES, "error page.decompress 1 s.t 0: "},
    {"dictionary behind values", write_order, HW_VERIFY_PAGES, "error page.order 1 s.t 1: it is a dictionary page"},
    {"no dictionary", write_no_dictionary, HW_VERIFY_PAGES,
     "warning page.encoding 1 s.t 0: it has the encoding RLE_DICTIONARY, which the footer does not list\n"
     "error page.order 1 s.t 0: it has the encoding RLE_DICTIONARY, and its column chunk no dictionary page"},
    {"encoding", write_encoding, HW_VERIFY_PAGES, "error page.encoding 1 s.t 0: there is no encoding number 77"},
    {"encoding of another type", write_unfit, HW_VERIFY_PAGES,
     "warning page.encoding 1 s.t 0: it has the encoding DELTA_BINARY_PACKED, which the footer does not list\n"
     "error page.encoding 1 s.t 0: it has the encoding DELTA_BINARY_PACKED, which values of BYTE_ARRAY"},
    {"level", write_levels, HW_VERIFY_PAGES, "error page.levels 1 s.t 0: it has a definition level of 3"},
    {"levels beyond the page", write_long_levels, HW_VERIFY_PAGES,
     "error page.levels 1 s.t 0: its levels take 127 bytes, and it has 2"},
    {"values", write_fewer, HW_VERIFY_PAGES,
     "error page.values 1 s.t -1: the pages have 2 values, the footer says that there are 3\n"
     "error page.rows 1 s.t -1: the pages have 2 rows, the row group has 3"},
    {"bytes behind the pages", write_behind, HW_VERIFY_PAGES, "error chunk.size 1 s.t 1: "},
    {"rows of v2", write_v2_rows, HW_VERIFY_PAGES,
     "error page.rows 1 s.t 0: its header says that it has 2 rows, its levels tell of 3"},
    {"nulls of v2", write_v2_nulls, HW_VERIFY_PAGES,
     "error page.values 1 s.t 0: its header says that it has 2 nulls, its levels tell of 1"},
    {"value", write_cut_value, HW_VERIFY_VALUES, "error value.decode 1 s.t 0: "},
    {"value at the level of pages", write_cut_value, HW_VERIFY_PAGES, ""},
    {"UTF-8", write_no_utf8, HW_VERIFY_VALUES, "error value.utf8 1 s.t 0: a text is not UTF-8"},
    {"minimum", write_below, HW_VERIFY_VALUES,
     "warning stats.legacy 1 s.t -1: the minimum of the statistics is aa, but there is a value below it"},
    {"maximum", write_above, HW_VERIFY_VALUES,
     "warning stats.legacy 1 s.t -1: the maximum of the statistics is a, but there is a value above it"},
    {"bounds with an order", write_ordered, HW_VERIFY_VALUES, ""},
    {"minimum with an order", write_min, HW_VERIFY_VALUES,
     "error stats.min 1 s.t -1: the minimum of the statistics is aa, but there is a value below it"},
    {"maximum with an order", write_max, HW_VERIFY_VALUES,
     "error stats.max 1 s.t -1: the maximum of the statistics is a\x7f, but there is a value above it"},
    {"bounds of a page", write_numbers, HW_VERIFY_VALUES,
     "error index.bounds 1 n 0: the minimum in the column index is 1, but there is a value below it\n"
     "error stats.min 1 n -1: the minimum of the statistics is 1, but there is a value below it"},
    {"order of rows", write_unsorted, HW_VERIFY_VALUES,
     "error sort.order 1 n -1: the rows are not sorted by it, though the row group says so"},
    {"order of rows at the level of pages", write_unsorted, HW_VERIFY_PAGES, ""},
    {"filter", write_filter, HW_VERIFY_VALUES, ""},
    {"filter without the values", write_empty_filter, HW_VERIFY_VALUES,
     "error bloom.miss 1 s.t -1: the bloom filter does not have a value of the column chunk"},
    {"filter without the values at the level of pages", write_empty_filter, HW_VERIFY_PAGES, ""},
    {"filter that is none", write_no_filter, HW_VERIFY_PAGES, "error bloom.header 1 s.t -1: bloom filter: "},
    {"nulls", write_nulls, HW_VERIFY_VALUES,
     "error stats.nulls 1 s.t -1: the statistics tell of 2 nulls, but there are 1"},
};

static void each_fault_is_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        verify_row_check(&rows[i]);
    }
}

static struct hw_parquet_verified verified;

static void pages_are_counted(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    struct findings findings = {0};
    file_make(&file, &made_facts);
    assert_int_equal(verify(hw_buf_view(&file), HW_VERIFY_PAGES, NULL, &findings, &verified, NULL), HW_OK);
    assert_int_equal(findings.count, 0);
    assert_int_equal(verified.rows, MADE_GROUPS * MADE_ROWS);
    assert_int_equal(verified.pages, MADE_GROUPS * MADE_COLUMNS);
    assert_int_equal(verified.pages_without_crc, MADE_COLUMNS);
    /* The end of the file has it all. */
    assert_int_equal(verified.reads, 1);
    assert_int_equal(verified.bytes_read, file.size);
    assert_int_equal(verify(hw_buf_view(&file), HW_VERIFY_PAGES, "s", &findings, &verified, NULL), HW_OK);
    assert_int_equal(verified.pages, MADE_GROUPS);
    assert_int_equal(verify(hw_buf_view(&file), HW_VERIFY_PAGES, "none", &findings, &verified, NULL), HW_EUSAGE);
    hw_buf_release(&findings.lines);
}

static void gaps_are_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) pages = {0};
    HW_AUTO(hw_buf) file = {0};
    struct made_facts facts = made_facts;
    struct findings findings = {0};
    page_write(&pages, &good_page);
    assert_int_equal(hw_buf_append(&pages, "stray", 5, NULL), HW_OK);
    facts.pages = hw_buf_view(&pages);
    facts.compressed_more = -5;
    facts.total_more = -5;
    file_make(&file, &facts);
    assert_int_equal(verify(hw_buf_view(&file), HW_VERIFY_PAGES, NULL, &findings, &verified, NULL), HW_OK);
    assert_row_says("gap", (const char *)findings.lines.data,
                    "info file.gap -1 - -1: the footer does not tell of 5 bytes in 1 place");
    assert_int_equal(findings.errors, 0);
    hw_buf_release(&findings.lines);
}

/* ------ files of our own */

static void own_file(struct hw_buf *file, enum hw_codec codec, size_t count) {
    const struct hw_parquet_options options = {.codec = codec, .level = HW_LEVEL_DEFAULT, .page_rows = 100};
    struct memory_sink sink = memory_sink(0);
    struct hw_table_writer *writer;
    struct hw_encoder *encoder;
    struct hw_encoded *encoded;
    struct all_kinds rows_made = {0};
    struct hw_error err = HW_ERROR_INIT;
    all_kinds_fill(&rows_made, 1, 0, count, 0);
    assert_ok(hw_parquet_writer_new(&all_kinds_schema, &options, &sink.base, &writer, &err), err);
    assert_ok(writer->ops->encoder_new(writer, &encoder, &err), err);
    assert_ok(encoder->ops->add(encoder, &rows_made.batch, &err), err);
    assert_ok(encoder->ops->take(encoder, &encoded, &err), err);
    assert_ok(writer->ops->append(writer, encoded, &err), err);
    assert_ok(writer->ops->finish(writer, &err), err);
    encoder->ops->free(encoder);
    writer->ops->free(writer);
    all_kinds_release(&rows_made);
    *file = sink.bytes;
}

static uint32_t random_next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* One bit of each of many places, with every codec. */
static void every_flipped_bit_is_found(void **state) {
    (void)state;
    static const enum hw_codec codecs[] = {HW_CODEC_NONE, HW_CODEC_SNAPPY, HW_CODEC_GZIP, HW_CODEC_ZSTD,
                                           HW_CODEC_LZ4_RAW};
    enum { FLIPS = 400 };
    uint32_t seed = 7;
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        HW_AUTO(hw_buf) file = {0};
        struct findings findings = {0};
        struct hw_error err = HW_ERROR_INIT;
        own_file(&file, codecs[i], 250);
        assert_ok(verify(hw_buf_view(&file), HW_VERIFY_VALUES, NULL, &findings, &verified, &err), err);
        if (findings.count > 0) {
            fail_msg("codec %zu: found\n%s", i, (const char *)findings.lines.data);
        }
        for (size_t flip = 0; flip < FLIPS; flip++) {
            const size_t at = random_next(&seed) % file.size;
            const uint8_t bit = (uint8_t)(1u << random_next(&seed) % 8);
            findings.errors = 0;
            hw_buf_clear(&findings.lines);
            file.data[at] ^= bit;
            const enum hw_status status = verify(hw_buf_view(&file), HW_VERIFY_PAGES, NULL, &findings, &verified, NULL);
            file.data[at] ^= bit;
            if (findings.errors == 0) {
                fail_msg("codec %zu: bit 0x%02x of byte %zu of %zu was not found (status %d)", i, bit, at, file.size,
                         (int)status);
            }
        }
        hw_buf_release(&findings.lines);
    }
}

static void a_file_of_ours_without_its_checksum_is_wrong(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    struct findings findings = {0};
    own_file(&file, HW_CODEC_NONE, 3);
    uint8_t *key = memmem(file.data, file.size, "hawser.checksum", 15);
    assert_non_null(key);
    key[0] = 'H';
    assert_int_equal(verify(hw_buf_view(&file), HW_VERIFY_FOOTER, NULL, &findings, &verified, NULL), HW_OK);
    assert_row_says("key", (const char *)findings.lines.data, "error file.checksum -1 - -1: created_by says hawser");
    hw_buf_release(&findings.lines);
}

static enum hw_status ignored(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    (void)ctx;
    (void)finding;
    (void)err;
    return HW_OK;
}

static void faults_are_no_findings(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    const struct hw_parquet_verify_options options = {
        .level = HW_VERIFY_VALUES, .memory_bytes = 1 << 20, .page_bytes_max = 1 << 20};
    bool fired = true;
    own_file(&file, HW_CODEC_ZSTD, 20);
    for (size_t successes = 0; fired; successes++) {
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_parquet_verify(&source.base, &options, ignored, NULL, &verified, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    struct memory_source source = memory_source(hw_buf_view(&file), 1);
    assert_int_equal(hw_parquet_verify(&source.base, &options, ignored, NULL, &verified, NULL), HW_EIO);
}

/* ------ files of others */

/* The first error of files that are known to be wrong. */
static const struct {
    const char *name;
    const char *want;
} bad_files[] = {
    {"bad_data/ARROW-GH-41317", "error chunk.meta 1 timestamp_us_no_tz -1: "},
    {"bad_data/ARROW-GH-41321", "error page.levels 0 int64 1: "},
    {"bad_data/ARROW-GH-45185", "error page.levels 0 x.list.element 0: the first repetition level"},
    {"bad_data/ARROW-GH-47662", "error index.column 0 flba_field 0: the column index says that it has 9 nulls"},
    {"bad_data/ARROW-RS-GH-6229-DICTHEADER", "error chunk.range 0 name -1: "},
    {"bad_data/ARROW-RS-GH-6229-LEVELS", "error page.levels 0 outer.list.item.c 1: "},
    {"bad_data/PARQUET-1481", "error schema.tree -1 - -1: "},
    {"data/datapage_v1-corrupt-checksum", "error page.crc 0 a 0: "},
    {"data/rle-dict-uncompressed-corrupt-checksum", "error page.crc 0 long_field 0: "},
    /* Its column index calls pages with values pages of nulls. */
    {"data/datapage_v1-uncompressed-checksum", "error index.column 0 a 0: the column index says that it has nulls"},
};

static void corpus_file(const char *name, struct hw_buf *file) {
    char path[1200];
    snprintf(path, sizeof(path), "%s/%s.parquet", corpus_path("parquet"), name);
    assert_true(corpus_read(path, file));
}

static void bad_files_are_found(void **state) {
    (void)state;
    if (!corpus_path("parquet")) {
        corpus_skip("parquet");
    }
    for (size_t i = 0; i < COUNT_OF(bad_files); i++) {
        HW_AUTO(hw_buf) file = {0};
        struct findings findings = {0};
        corpus_file(bad_files[i].name, &file);
        assert_row_int(bad_files[i].name, verify(hw_buf_view(&file), HW_VERIFY_PAGES, NULL, &findings, &verified, NULL),
                       HW_OK);
        assert_row_says(bad_files[i].name, (const char *)findings.lines.data, bad_files[i].want);
        hw_buf_release(&findings.lines);
    }
}

static void good_files_have_no_errors(void **state) {
    (void)state;
    static const char *const names[] = {"alltypes_dictionary",
                                        "alltypes_plain.snappy",
                                        "alltypes_tiny_pages",
                                        "binary_truncated_min_max",
                                        "byte_array_decimal",
                                        "byte_stream_split.zstd",
                                        "concatenated_gzip_members",
                                        "datapage_v2.snappy",
                                        "delta_binary_packed",
                                        "delta_byte_array",
                                        "dict-page-offset-zero",
                                        "fixed_length_byte_array",
                                        "float16_nonzeros_and_nans",
                                        "floating_orders_nan_count",
                                        "hadoop_lz4_compressed",
                                        "int32_decimal",
                                        "int96_from_spark",
                                        "list_columns",
                                        "lz4_raw_compressed",
                                        "nan_in_stats",
                                        "nation.dict-malformed",
                                        "nested_lists.snappy",
                                        "nested_maps.snappy",
                                        "nonnullable.impala",
                                        "null_list",
                                        "nullable.impala",
                                        "nulls.snappy",
                                        "old_list_structure",
                                        "repeated_no_annotation",
                                        "single_nan",
                                        "sort_columns"};
    if (!corpus_path("parquet")) {
        corpus_skip("parquet");
    }
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        HW_AUTO(hw_buf) file = {0};
        struct findings findings = {0};
        char name[100];
        snprintf(name, sizeof(name), "data/%s", names[i]);
        corpus_file(name, &file);
        assert_row_int(name, verify(hw_buf_view(&file), HW_VERIFY_VALUES, NULL, &findings, &verified, NULL), HW_OK);
        if (findings.errors > 0) {
            fail_msg("%s: found\n%s", name, (const char *)findings.lines.data);
        }
        hw_buf_release(&findings.lines);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_found),
        cmocka_unit_test(pages_are_counted),
        cmocka_unit_test(gaps_are_told),
        cmocka_unit_test(every_flipped_bit_is_found),
        cmocka_unit_test(a_file_of_ours_without_its_checksum_is_wrong),
        cmocka_unit_test(faults_are_no_findings),
        cmocka_unit_test(bad_files_are_found),
        cmocka_unit_test(good_files_have_no_errors),
    };
    return cmocka_run_group_tests_name("parquet/verify", tests, NULL, NULL);
}
