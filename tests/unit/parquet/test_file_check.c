/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_check.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "support/alloc_fault.h"
#include "support/corpus.h"
#include "support/memory_io.h"
#include "unit/parquet/file_make.h"

/* All findings of a check, a line each: "error chunk.meta 1 s.t: the message". */
struct findings {
    struct hw_buf lines;
    size_t count;
    int64_t offset;
    enum hw_status stop;
};

static enum hw_status found(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    static const char *const words[] = {"error", "warning", "info"};
    struct findings *findings = ctx;
    assert_int_equal(finding->level, HW_VERIFY_FOOTER);
    assert_int_equal(finding->page, -1);
    assert_int_equal(hw_buf_printf(&findings->lines, NULL, "%s %s %" PRId64 " %s: %s\n", words[finding->severity],
                                   finding->code, finding->row_group, finding->column ? finding->column : "-",
                                   finding->message),
                     HW_OK);
    findings->count++;
    findings->offset = finding->offset;
    return findings->stop ? hw_fail(err, findings->stop, "enough") : HW_OK;
}

static enum hw_status check(hw_view file, struct findings *findings, struct hw_error *err) {
    struct memory_source source = memory_source(file, 0);
    enum hw_status status = hw_file_check(&source.base, found, findings, err);
    assert_int_equal(hw_buf_end_text(&findings->lines, NULL), HW_OK);
    return status;
}

static void wrong_rows(struct made_facts *facts) {
    facts->file_rows = 7;
}
static void no_rows(struct made_facts *facts) {
    facts->file_rows = 0;
}
static void rows_below_zero(struct made_facts *facts) {
    facts->group_rows = facts->values = -3;
    facts->nulls = -2;
}
static void fewer_values(struct made_facts *facts) {
    facts->values = 2;
}
static void more_values(struct made_facts *facts) {
    facts->values = 4;
}
static void more_nulls(struct made_facts *facts) {
    facts->nulls = 4;
}
static void unknown_codec(struct made_facts *facts) {
    facts->codec = 8;
}
static void another_type(struct made_facts *facts) {
    facts->physical = HW_PHYSICAL_INT64;
}
static void another_column(struct made_facts *facts) {
    facts->name = "u";
}
static void another_file(struct made_facts *facts) {
    facts->file_path = "x.parquet";
}
static void no_meta(struct made_facts *facts) {
    facts->no_meta = true;
    facts->total_more = 0;
}
static void encrypted(struct made_facts *facts) {
    facts->no_meta = facts->encrypted = true;
}
static void a_chunk_less(struct made_facts *facts) {
    facts->chunks = 1;
    facts->total_more = -33;
}
static void beyond_the_footer(struct made_facts *facts) {
    facts->compressed_more = 100000;
}
static void less_than_no_bytes(struct made_facts *facts) {
    facts->compressed_more = -100000;
}
static void before_the_file(struct made_facts *facts) {
    facts->data_more = -100000;
}
static void a_byte_before(struct made_facts *facts) {
    facts->data_more = -1;
}
static void bounds_turned(struct made_facts *facts) {
    facts->min = "b";
    facts->max = "a";
}
static void index_beyond(struct made_facts *facts) {
    facts->index_at = 100000;
}
static void index_in_magic(struct made_facts *facts) {
    facts->index_at = 3;
    facts->index_bytes = 4;
}
static void bloom_beyond(struct made_facts *facts) {
    facts->bloom_at = 20;
    facts->bloom_bytes = 100000;
}
static void sorted_by_nothing(struct made_facts *facts) {
    facts->sorting = 2;
}
static void another_total(struct made_facts *facts) {
    facts->total_more = 1;
}
static void unknown_logical(struct made_facts *facts) {
    facts->logical = 99;
}
static void bytes_behind(struct made_facts *facts) {
    facts->trailing = 5;
}
static void no_checksum(struct made_facts *facts) {
    facts->checksum = "crc64nvme=00000000000000zz;footer=00000000";
}
static void short_checksum(struct made_facts *facts) {
    facts->checksum = "crc64nvme=0000000000000000;footer=0000000";
}
static void upper_checksum(struct made_facts *facts) {
    facts->checksum = "crc64nvme=0000000000000000;footer=ABCDEF00";
}
static void nothing(struct made_facts *facts) {
    (void)facts;
}

static const struct {
    const char *name;
    void (*set)(struct made_facts *facts);
    /* The beginning of the only line; "" for none. */
    const char *want;
} rows[] = {
    {"nothing is wrong", nothing, ""},
    {"encrypted columns tell nothing", encrypted, ""},
    {"rows", wrong_rows, "error footer.rows -1 -: the footer says that there are 7 rows, the row groups have 6"},
    {"no rows, as old writers have it", no_rows, "warning footer.rows -1 -: the footer says that there are 0 rows"},
    {"values for rows that are not there", more_values,
     "error chunk.meta 1 s.t: the column chunk has 4 values, the row group 3 rows"},
    {"rows without values", fewer_values, "error chunk.meta 1 s.t: the column chunk has 2 values"},
    {"nulls", more_nulls, "error stats.nulls 1 s.t: the statistics have 4 nulls, the column chunk 3 values"},
    {"codec", unknown_codec, "error chunk.codec 1 s.t: there is no codec number 8"},
    {"type", another_type, "error chunk.meta 1 s.t: the column chunk has the type 2, the schema says BYTE_ARRAY"},
    {"column", another_column, "error chunk.meta 1 s.t: the column chunk is that of another column"},
    {"file", another_file, "error chunk.meta 1 s.t: the column chunk is in another file, \"x.parquet\""},
    {"description", no_meta, "error chunk.meta 1 s.t: the footer does not describe the column chunk"},
    {"chunks", a_chunk_less, "error chunk.meta 1 -: the row group has 1 column chunks, the schema 2 columns"},
    {"end", beyond_the_footer, "error chunk.range 1 s.t: the column chunk is to have 100033 bytes from byte "},
    {"size", less_than_no_bytes, "error chunk.range 1 s.t: the column chunk is to have -99967 bytes"},
    {"start", before_the_file, "error chunk.range 1 s.t: the first data page is to be at byte -99"},
    {"overlap", a_byte_before,
     "error chunk.overlap 1 s.t: the column chunk begins at byte 106, where that of column 0"},
    {"bounds", bounds_turned, "error stats.order 1 s.t: the minimum of the statistics is above their maximum"},
    {"index", index_beyond, "error index.range 1 s.t: the offset index is to have 0 bytes from byte 100000 on"},
    {"index in the magic", index_in_magic, "error index.range 1 s.t: the offset index is to have 4 bytes from byte 3"},
    {"bloom filter", bloom_beyond, "error bloom.range 1 s.t: the bloom filter is to have 100000 bytes from byte 20"},
    {"sorting", sorted_by_nothing, "error sort.column 1 -: it is to be sorted by column 2, but there are 2 columns"},
    {"sum", another_total, "warning group.size 1 -: total_byte_size is "},
    {"logical type", unknown_logical, "warning schema.logical -1 -: s.t: "},
    {"bytes behind the footer", bytes_behind, "warning footer.trailing -1 -: 5 bytes of the footer are behind its end"},
    {"checksum that is none", no_checksum, "error file.checksum -1 -: hawser.checksum has no checksum"},
    {"checksum that is too short", short_checksum, "error file.checksum -1 -: hawser.checksum has no checksum"},
    {"checksum in capitals", upper_checksum, "error file.checksum -1 -: hawser.checksum has no checksum"},
};

static void each_fault_is_one_finding(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) file = {0};
        struct made_facts facts = made_facts;
        struct findings findings = {0};
        struct hw_error err = HW_ERROR_INIT;
        rows[i].set(&facts);
        file_make(&file, &facts);
        assert_ok(check(hw_buf_view(&file), &findings, &err), err);
        if (findings.count != (rows[i].want[0] ? 1 : 0)) {
            fail_msg("%s: found\n%s", rows[i].name, (const char *)findings.lines.data);
        }
        if (strncmp((const char *)findings.lines.data, rows[i].want, strlen(rows[i].want)) != 0) {
            fail_msg("%s: found\n%s, want %s", rows[i].name, (const char *)findings.lines.data, rows[i].want);
        }
        hw_buf_release(&findings.lines);
    }
}

static void a_negative_row_group_is_no_sum(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    struct made_facts facts = made_facts;
    struct findings findings = {0};
    rows_below_zero(&facts);
    file_make(&file, &facts);
    assert_int_equal(check(hw_buf_view(&file), &findings, NULL), HW_OK);
    assert_row_says("rows", (const char *)findings.lines.data, "error footer.rows -1 -: row group 1 has -3 rows");
    assert_row_says("nulls", (const char *)findings.lines.data, "the statistics have -2 nulls");
    hw_buf_release(&findings.lines);
}

static const struct {
    const char *name;
    hw_view file;
    enum hw_status want;
    int64_t offset;
    const char *says;
} files[] = {
    {"nothing", {"", 0}, HW_OK, -1, "error footer.magic -1 -: 0 bytes are too few"},
    {"no magic", HW_VIEW_INIT("PAR1\0\1\0\0\0PAR2"), HW_OK, 9, "error footer.magic -1 -: the file does not end"},
    {"length", HW_VIEW_INIT("PAR1\0\2\0\0\0PAR1"), HW_OK, 5, "error footer.length -1 -: the footer is to have 2 bytes"},
    {"Thrift", HW_VIEW_INIT("PAR1\xff\1\0\0\0PAR1"), HW_OK, 5, "error footer.thrift -1 -: footer: "},
    {"tree", HW_VIEW_INIT("PAR1\x15\x02\x19\x1c\x48\x01x\x15\x02\x00\x16\x00\x19\x0c\x00\x0f\0\0\0PAR1"), HW_OK, -1,
     "error schema.tree -1 -: "},
    {"encrypted", HW_VIEW_INIT("PAR1\x1c\x1c\x00\x00\x00\5\0\0\0PARE"), HW_EUNSUPPORTED, -1, ""},
};

static void without_a_footer_nothing_more_is_checked(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct findings findings = {.offset = -1};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(files[i].name, check(files[i].file, &findings, &err), files[i].want);
        assert_row_int(files[i].name, findings.count, files[i].want == HW_OK);
        assert_row_says(files[i].name, (const char *)findings.lines.data, files[i].says);
        assert_row_int(files[i].name, findings.offset, files[i].offset);
        hw_buf_release(&findings.lines);
    }
}

static void the_magic_at_the_start_is_checked_too(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    struct findings findings = {0};
    file_make(&file, &made_facts);
    file.data[0] = 'X';
    assert_int_equal(check(hw_buf_view(&file), &findings, NULL), HW_OK);
    assert_int_equal(findings.count, 1);
    assert_row_says("start", (const char *)findings.lines.data, "error footer.magic -1 -: the file does not start");
    hw_buf_release(&findings.lines);
}

/* The sum is calculated here over the footer with zeros in the place of its digits. */
static void the_footer_is_held_to_its_checksum(void **state) {
    (void)state;
    static const char zeros[] = "crc64nvme=0123456789abcdef;footer=00000000";
    char value[sizeof(zeros)];
    for (int wrong = 0; wrong < 2; wrong++) {
        HW_AUTO(hw_buf) file = {0};
        HW_AUTO(hw_buf) summed = {0};
        struct made_facts facts = made_facts;
        struct findings findings = {0};
        facts.checksum = zeros;
        const size_t at = file_make(&file, &facts);
        const uint32_t sum = hw_crc32c(0, file.data + at, file.size - 8 - at) ^ (uint32_t)wrong;
        snprintf(value, sizeof(value), "crc64nvme=0123456789abcdef;footer=%08" PRIx32, sum);
        facts.checksum = value;
        file_make(&summed, &facts);
        assert_int_equal(check(hw_buf_view(&summed), &findings, NULL), HW_OK);
        assert_int_equal(findings.count, wrong);
        assert_row_says("sum", (const char *)findings.lines.data, wrong ? "the CRC-32C of the footer is " : "");
        hw_buf_release(&findings.lines);
    }
}

static void whoever_is_told_may_end_the_check(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    struct made_facts facts = made_facts;
    struct findings findings = {.stop = HW_ECANCELLED};
    facts.file_rows = 9;
    facts.codec = 99;
    file_make(&file, &facts);
    assert_int_equal(check(hw_buf_view(&file), &findings, NULL), HW_ECANCELLED);
    assert_int_equal(findings.count, 1);
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
    bool fired = true;
    file_make(&file, &made_facts);
    for (size_t successes = 0; fired; successes++) {
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_file_check(&source.base, ignored, NULL, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    struct memory_source source = memory_source(hw_buf_view(&file), 1);
    assert_int_equal(hw_file_check(&source.base, ignored, NULL, NULL), HW_EIO);
}

/* Files that all readers take: at most warnings of sums that old writers had wrong. */
static void good_files_of_other_writers(void **state) {
    (void)state;
    static const char *const names[] = {"alltypes_tiny_pages",
                                        "binary_truncated_min_max",
                                        "delta_binary_packed",
                                        "data_index_bloom_encoding_with_length",
                                        "dict-page-offset-zero",
                                        "floating_orders_nan_count",
                                        "nested_maps.snappy",
                                        "nullable.impala",
                                        "nan_in_stats",
                                        "nation.dict-malformed",
                                        "fixed_length_decimal",
                                        "int96_from_spark",
                                        "float16_nonzeros_and_nans"};
    if (!corpus_path("parquet/data")) {
        corpus_skip("parquet/data");
    }
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        HW_AUTO(hw_buf) file = {0};
        struct findings findings = {0};
        char path[1100];
        snprintf(path, sizeof(path), "%s/%s.parquet", corpus_path("parquet/data"), names[i]);
        assert_true(corpus_read(path, &file));
        assert_row_int(names[i], check(hw_buf_view(&file), &findings, NULL), HW_OK);
        if (strstr((const char *)findings.lines.data, "error ")) {
            fail_msg("%s: found\n%s", names[i], (const char *)findings.lines.data);
        }
        hw_buf_release(&findings.lines);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_one_finding),
        cmocka_unit_test(a_negative_row_group_is_no_sum),
        cmocka_unit_test(without_a_footer_nothing_more_is_checked),
        cmocka_unit_test(the_magic_at_the_start_is_checked_too),
        cmocka_unit_test(the_footer_is_held_to_its_checksum),
        cmocka_unit_test(whoever_is_told_may_end_the_check),
        cmocka_unit_test(faults_are_no_findings),
        cmocka_unit_test(good_files_of_other_writers),
    };
    return cmocka_run_group_tests_name("parquet/file_check", tests, NULL, NULL);
}
