/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_check.h"

#include "parquet/chunk_check.h"
#include "parquet/file_sum.h"
#include "parquet/writer_version.h"

static enum hw_status end_read(struct hw_check_report *report, struct hw_source *source, bool *out_more);
static enum hw_status start_check(struct hw_check_report *report, struct hw_source *source);
static enum hw_status footer_read(struct hw_check_report *report, bool *out_more);
static enum hw_status trailing_check(struct hw_check_report *report);
static enum hw_status checksum_check(struct hw_check_report *report);
static enum hw_status doubts_tell(struct hw_check_report *report);
static enum hw_status rows_check(struct hw_check_report *report);
static enum hw_status groups_check(struct hw_check_report *report);

enum hw_status hw_file_check(struct hw_source *source, hw_finding_fn *found, void *ctx, struct hw_error *err) {
    struct hw_check_report report = hw_check_report_new(found, ctx, err);
    bool more;
    const enum hw_status status = hw_footer_check(&report, source, &more);
    hw_read_file_release(&report.file);
    return status;
}

enum hw_status hw_footer_check(struct hw_check_report *report, struct hw_source *source, bool *out_more) {
    bool more = true;
    enum hw_status status = end_read(report, source, &more);
    if (status == HW_OK && more) {
        status = start_check(report, source);
        status = status ? status : footer_read(report, &more);
    }
    if (status == HW_OK && more) {
        status = trailing_check(report);
        status = status ? status : checksum_check(report);
        status = status ? status : doubts_tell(report);
        status = status ? status : rows_check(report);
        status = status ? status : groups_check(report);
        status = status ? status : hw_chunks_check_apart(report);
    }
    report->row_group = -1;
    report->leaf = NULL;
    *out_more = more;
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
    const struct hw_parquet_tail *tail = &report->file.tail;
    if (tail->at == 0) {
        memcpy(report->start, tail->bytes.data, sizeof(report->start));
    } else {
        HW_TRY(source->ops->read_at(source, 0, report->start, sizeof(report->start), report->err));
    }
    return hw_parquet_magic(report->start) == HW_PARQUET_MAGIC_PLAIN
               ? HW_OK
               : hw_check_tell(report, HW_SEVERITY_ERROR, "footer.magic", 0, "the file does not start with PAR1");
}

/* Reads the footer and the schema in it, without which nothing can be checked. */
static enum hw_status footer_read(struct hw_check_report *report, bool *out_more) {
    const struct hw_read_schema_options options = {.int96 = HW_INT96_TEXT};
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

static const struct hw_parquet_pair *checksum_find(const struct hw_parquet_meta *meta) {
    for (size_t i = meta->pairs_count; i > 0; i--) {
        if (hw_view_equal(meta->pairs[i - 1].key, HW_VIEW(HW_FILE_SUM_KEY))) {
            return &meta->pairs[i - 1];
        }
    }
    return NULL;
}

/* Every file that we write has the pair: without it the footer is damaged, whatever it says. */
static enum hw_status absence_check(struct hw_check_report *report) {
    const struct hw_writer_version writer = hw_writer_version_read(report->file.meta.created_by);
    if (hw_view_equal(writer.program, HW_VIEW("hawser"))) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "file.checksum", -1,
                             "created_by says hawser, whose files have a %s, and this one has none", HW_FILE_SUM_KEY);
    }
    if (hw_file_sum_within(hw_parquet_tail_footer(&report->file.tail))) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "file.checksum", -1,
                             "the bytes of %s are in the footer, but not where its metadata are", HW_FILE_SUM_KEY);
    }
    return HW_OK;
}

static enum hw_status checksum_check(struct hw_check_report *report) {
    const hw_view footer = hw_parquet_tail_footer(&report->file.tail);
    const struct hw_parquet_pair *pair = checksum_find(&report->file.meta);
    struct hw_file_sum sum;
    if (!pair) {
        return absence_check(report);
    }
    if (!hw_file_sum_read(pair->value, &sum)) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "file.checksum", -1, "%s has no checksum that can be read",
                             HW_FILE_SUM_KEY);
    }
    report->has_sum = true;
    report->sum_before = sum.before;
    const uint32_t got = hw_file_sum_footer(footer, (size_t)(pair->value.data - footer.data) + HW_FILE_SUM_FOOTER_AT);
    if (got == sum.footer) {
        return HW_OK;
    }
    return hw_check_tell(report, HW_SEVERITY_ERROR, "file.checksum", (int64_t)report->file.tail.footer_at,
                         "the CRC-32C of the footer is %08" PRIx32 ", %s says %08" PRIx32, got, HW_FILE_SUM_KEY,
                         sum.footer);
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
