/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_check.h"

#include "codec/checksum.h"
#include "parquet/chunk_check.h"

static enum hw_status end_read(struct hw_check_report *report, struct hw_source *source, bool *out_more);
static enum hw_status start_check(struct hw_check_report *report, struct hw_source *source);
static enum hw_status footer_read(struct hw_check_report *report, bool *out_more);
static enum hw_status trailing_check(struct hw_check_report *report);
static enum hw_status checksum_check(struct hw_check_report *report);
static enum hw_status doubts_tell(struct hw_check_report *report);
static enum hw_status rows_check(struct hw_check_report *report);
static enum hw_status groups_check(struct hw_check_report *report);

enum hw_status hw_file_check(struct hw_source *source, hw_finding_fn *found, void *ctx, struct hw_error *err) {
    struct hw_check_report report = {
        .found = found, .ctx = ctx, .err = err, .level = HW_VERIFY_FOOTER, .row_group = -1};
    bool more = true;
    enum hw_status status = end_read(&report, source, &more);
    if (status == HW_OK && more) {
        status = start_check(&report, source);
        status = status ? status : footer_read(&report, &more);
    }
    if (status == HW_OK && more) {
        status = trailing_check(&report);
        status = status ? status : checksum_check(&report);
        status = status ? status : doubts_tell(&report);
        status = status ? status : rows_check(&report);
        status = status ? status : groups_check(&report);
        status = status ? status : hw_chunks_check_apart(&report);
    }
    hw_read_file_release(&report.file);
    return status;
}

/* A failure that says that the file is wrong is a finding; others are those of the check. */
static bool is_finding(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT;
}

static enum hw_status end_read(struct hw_check_report *report, struct hw_source *source, bool *out_more) {
    enum { END_BYTES = HW_PARQUET_LENGTH_BYTES + HW_PARQUET_MAGIC_BYTES };
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_parquet_tail_read(&report->file.tail, source, &fault);
    if (!is_finding(status)) {
        return status ? hw_error_pass(report->err, status, &fault) : HW_OK;
    }
    *out_more = false;
    /* What is wrong with the length stands at the length. */
    const bool length = source->size >= END_BYTES && fault.offset == (int64_t)(source->size - END_BYTES);
    return hw_check_tell_error(report, length ? "footer.length" : "footer.magic", &fault);
}

static enum hw_status start_check(struct hw_check_report *report, struct hw_source *source) {
    uint8_t magic[HW_PARQUET_MAGIC_BYTES];
    HW_TRY(source->ops->read_at(source, 0, magic, sizeof(magic), report->err));
    return hw_parquet_magic(magic) == HW_PARQUET_MAGIC_PLAIN
               ? HW_OK
               : hw_check_tell(report, HW_SEVERITY_ERROR, "footer.magic", 0, "the file does not start with PAR1");
}

/* Reads the footer and the schema in it, without which nothing can be checked. */
static enum hw_status footer_read(struct hw_check_report *report, bool *out_more) {
    const struct hw_read_schema_options options = {.int96 = HW_INT96_NANOS};
    struct hw_read_file *file = &report->file;
    struct hw_error fault = HW_ERROR_INIT;
    const char *code = "footer.thrift";
    enum hw_status status =
        hw_parquet_meta_parse(&file->meta, hw_parquet_tail_footer(&file->tail), file->tail.footer_at, &fault);
    if (status == HW_OK) {
        code = "schema.tree";
        status = hw_read_schema_make(&file->schema, &file->meta, &options, NULL, &fault);
    }
    *out_more = status == HW_OK;
    if (is_finding(status)) {
        return hw_check_tell_error(report, code, &fault);
    }
    return status ? hw_error_pass(report->err, status, &fault) : HW_OK;
}

/* Where columns are encrypted the footer is signed, by bytes behind it. */
static enum hw_status trailing_check(struct hw_check_report *report) {
    const struct hw_parquet_meta *meta = &report->file.meta;
    if (meta->trailing == 0 || meta->encryption[0]) {
        return HW_OK;
    }
    const uint64_t end = report->file.tail.footer_at + report->file.tail.footer_bytes;
    return hw_check_tell(report, HW_SEVERITY_WARNING, "footer.trailing", (int64_t)(end - meta->trailing),
                         "%zu bytes of the footer are behind its end", meta->trailing);
}

/* ------ the checksum that a footer has of itself */

static const char checksum_key[] = "hawser.checksum";
/* "crc64nvme=<16 digits>;footer=<8 digits>" */
static const char sum_name[] = "crc64nvme=";
static const char footer_name[] = ";footer=";
enum { SUM_DIGITS = 16, FOOTER_DIGITS = 8, FOOTER_AT = sizeof(sum_name) - 1 + SUM_DIGITS + sizeof(footer_name) - 1 };

/* Reads lower-case hexadecimal digits; false where there are others. */
static bool digits_read(const char *digits, size_t count, uint64_t *out) {
    static const char all[] = "0123456789abcdef";
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        const char *at = memchr(all, digits[i], sizeof(all) - 1);
        if (!at) {
            return false;
        }
        value = value << 4 | (uint64_t)(at - all);
    }
    *out = value;
    return true;
}

static bool value_read(hw_view value, uint64_t *out_footer) {
    uint64_t sum;
    return value.size == FOOTER_AT + FOOTER_DIGITS && hw_view_starts(value, hw_view_of(sum_name)) &&
           digits_read(value.data + sizeof(sum_name) - 1, SUM_DIGITS, &sum) &&
           memcmp(value.data + FOOTER_AT - (sizeof(footer_name) - 1), footer_name, sizeof(footer_name) - 1) == 0 &&
           digits_read(value.data + FOOTER_AT, FOOTER_DIGITS, out_footer);
}

/* The sum of the footer, in which its own digits count as zeros. */
static uint32_t footer_sum(hw_view footer, size_t digits_at) {
    const size_t behind = digits_at + FOOTER_DIGITS;
    uint32_t sum = hw_crc32c(0, footer.data, digits_at);
    sum = hw_crc32c(sum, "00000000", FOOTER_DIGITS);
    return hw_crc32c(sum, footer.data + behind, footer.size - behind);
}

static enum hw_status checksum_check(struct hw_check_report *report) {
    const struct hw_parquet_meta *meta = &report->file.meta;
    const hw_view footer = hw_parquet_tail_footer(&report->file.tail);
    for (size_t i = 0; i < meta->pairs_count; i++) {
        const hw_view value = meta->pairs[i].value;
        uint64_t want;
        if (!hw_view_equal(meta->pairs[i].key, hw_view_of(checksum_key))) {
            continue;
        }
        if (!value_read(value, &want)) {
            return hw_check_tell(report, HW_SEVERITY_ERROR, "file.checksum", -1, "%s has no checksum that can be read",
                                 checksum_key);
        }
        const size_t digits_at = (size_t)(value.data - footer.data) + FOOTER_AT;
        const uint32_t got = footer_sum(footer, digits_at);
        if (got != want) {
            return hw_check_tell(report, HW_SEVERITY_ERROR, "file.checksum", (int64_t)report->file.tail.footer_at,
                                 "the CRC-32C of the footer is %08" PRIx32 ", %s says %08" PRIx64, got, checksum_key,
                                 want);
        }
    }
    return HW_OK;
}

/* ------ schema, rows, row groups */

static enum hw_status doubts_tell(struct hw_check_report *report) {
    const struct hw_read_schema *schema = &report->file.schema;
    char path[HW_CHECK_PATH_BYTES];
    for (size_t i = 0; i < schema->doubts_count; i++) {
        const struct hw_schema_doubt *doubt = &schema->doubts[i];
        HW_TRY(hw_check_tell(report, HW_SEVERITY_WARNING, "schema.logical", -1, "%s: %s",
                             hw_path_format(doubt->path, path, sizeof(path)), doubt->reason));
    }
    return HW_OK;
}

/* Old writers tell 0 rows of a file that has some; their row groups count. */
static enum hw_status rows_check(struct hw_check_report *report) {
    const struct hw_parquet_meta *meta = &report->file.meta;
    int64_t rows = 0;
    for (size_t i = 0; i < meta->groups_count; i++) {
        if (meta->groups[i].rows < 0 || !hw_add(rows, meta->groups[i].rows, &rows)) {
            return hw_check_tell(report, HW_SEVERITY_ERROR, "footer.rows", -1, "row group %zu has %" PRId64 " rows", i,
                                 meta->groups[i].rows);
        }
    }
    if (rows == meta->rows) {
        return HW_OK;
    }
    return hw_check_tell(report, meta->rows == 0 ? HW_SEVERITY_WARNING : HW_SEVERITY_ERROR, "footer.rows", -1,
                         "the footer says that there are %" PRId64 " rows, the row groups have %" PRId64, meta->rows,
                         rows);
}

static enum hw_status size_check(struct hw_check_report *report, const struct hw_parquet_group *group) {
    int64_t bytes = 0;
    for (size_t i = 0; i < group->chunks_count; i++) {
        if (!group->chunks[i].has_meta || !hw_add(bytes, group->chunks[i].uncompressed, &bytes)) {
            return HW_OK;
        }
    }
    if (bytes == group->total_bytes) {
        return HW_OK;
    }
    return hw_check_tell(report, HW_SEVERITY_WARNING, "group.size", -1,
                         "total_byte_size is %" PRId64 ", the column chunks have %" PRId64 " bytes", group->total_bytes,
                         bytes);
}

static enum hw_status sorting_check(struct hw_check_report *report, const struct hw_parquet_group *group) {
    for (size_t i = 0; i < group->sorting_count; i++) {
        const int32_t column = group->sorting[i].column;
        if (column < 0 || (size_t)column >= report->file.schema.leaves_count) {
            HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "sort.column", -1,
                                 "it is to be sorted by column %" PRId32 ", but there are %zu columns", column,
                                 report->file.schema.leaves_count));
        }
    }
    return HW_OK;
}

static enum hw_status group_check(struct hw_check_report *report, const struct hw_parquet_group *group) {
    const struct hw_read_schema *schema = &report->file.schema;
    if (group->chunks_count != schema->leaves_count) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.meta", -1,
                             "the row group has %zu column chunks, the schema %zu columns", group->chunks_count,
                             schema->leaves_count));
    }
    HW_TRY(size_check(report, group));
    HW_TRY(sorting_check(report, group));
    for (size_t i = 0; i < schema->leaves_count && i < group->chunks_count; i++) {
        report->leaf = &schema->leaves[i];
        HW_TRY(hw_chunk_check(report, &group->chunks[i], report->leaf, group->rows));
    }
    report->leaf = NULL;
    return HW_OK;
}

static enum hw_status groups_check(struct hw_check_report *report) {
    for (size_t i = 0; i < report->file.meta.groups_count; i++) {
        report->row_group = (int64_t)i;
        HW_TRY(group_check(report, &report->file.meta.groups[i]));
    }
    report->row_group = -1;
    return HW_OK;
}
