/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/verify.h"

#include "codec/checksum.h"
#include "parquet/file_check.h"
#include "parquet/file_sum.h"
#include "parquet/pages_check.h"
#include "parquet/summed_source.h"

/* A check. */
struct verifying {
    const struct hw_parquet_verify_options *options;
    struct hw_summed_source source;
    struct hw_check_report report;
    struct hw_read_columns columns;
    /* The CRC-64/NVME of the file, if it is known. */
    bool has_sum;
    uint64_t sum;
};

static enum hw_status file_verify(struct verifying *verifying);
static int64_t rows_sum(const struct hw_parquet_meta *meta);

enum hw_status hw_parquet_verify(struct hw_source *source, const struct hw_parquet_verify_options *options,
                                 hw_finding_fn *found, void *ctx, struct hw_parquet_verified *out,
                                 struct hw_error *err) {
    struct verifying verifying = {.options = options, .report = hw_check_report_new(found, ctx, err)};
    struct hw_check_report *report = &verifying.report;
    hw_summed_source_init(&verifying.source, source);
    enum hw_status status = file_verify(&verifying);
    *out = (struct hw_parquet_verified){
        .rows = report->file.source ? rows_sum(&report->file.meta) : -1,
        .pages = report->pages,
        .pages_without_crc = report->pages_without_crc,
        .bytes_read = verifying.source.bytes_read,
        .reads = verifying.source.reads,
        .has_sum = verifying.has_sum,
        .sum = verifying.sum,
    };
    if (status == HW_OK && report->unread) {
        status = hw_error_pass(err, report->unread, &report->unread_error);
    }
    hw_read_columns_release(&verifying.columns);
    hw_read_file_release(&report->file);
    hw_summed_source_release(&verifying.source);
    return status;
}

static int64_t rows_sum(const struct hw_parquet_meta *meta) {
    int64_t rows = 0;
    for (size_t i = 0; i < meta->groups_count; i++) {
        int64_t sum;
        if (meta->groups[i].rows > 0 && hw_add(rows, meta->groups[i].rows, &sum)) {
            rows = sum;
        }
    }
    return rows;
}

static enum hw_status columns_choose(struct verifying *verifying);
static enum hw_status bytes_verify(struct verifying *verifying);

static enum hw_status file_verify(struct verifying *verifying) {
    struct hw_check_report *report = &verifying->report;
    bool more;
    HW_TRY(hw_footer_check(report, &verifying->source.base, &more));
    if (!more) {
        return HW_OK;
    }
    report->file.source = &verifying->source.base;
    hw_summed_source_know(&verifying->source, report->file.tail.at, hw_buf_view(&report->file.tail.bytes));
    HW_TRY(columns_choose(verifying));
    return verifying->options->level > HW_VERIFY_FOOTER ? bytes_verify(verifying) : HW_OK;
}

static enum hw_status columns_choose(struct verifying *verifying) {
    const struct hw_read_schema *schema = &verifying->report.file.schema;
    struct hw_error *err = verifying->report.err;
    HW_AUTO(hw_selection) selection = {0};
    HW_TRY(hw_selection_make(&selection, &schema->schema, verifying->options->columns, err));
    return hw_read_columns_make(&verifying->columns, schema, &selection, err);
}

static enum hw_status sum_check(struct verifying *verifying);

/* Looks at the pages; bytes that came with the end of the file are not read again. */
static enum hw_status bytes_verify(struct verifying *verifying) {
    struct hw_check_report *report = &verifying->report;
    const struct hw_parquet_tail *tail = &report->file.tail;
    const struct hw_pages_check_options options = {
        .columns = &verifying->columns,
        .memory_bytes = verifying->options->memory_bytes,
        .page_bytes_max = verifying->options->page_bytes_max,
        .values = verifying->options->level == HW_VERIFY_VALUES,
    };
    const bool summed = (report->has_sum || verifying->options->sum) && !verifying->options->columns;
    report->level = HW_VERIFY_PAGES;
    if (summed) {
        hw_summed_source_begin(&verifying->source, tail->footer_at);
        HW_TRY(hw_summed_source_add(&verifying->source, tail->at, hw_buf_view(&tail->bytes), report->err));
    }
    HW_TRY(hw_pages_check(report, &options));
    return summed ? sum_check(verifying) : HW_OK;
}

static enum hw_status sum_check(struct verifying *verifying) {
    struct hw_check_report *report = &verifying->report;
    const struct hw_parquet_tail *tail = &report->file.tail;
    const size_t before = (size_t)(tail->footer_at - tail->at);
    uint64_t sum;
    HW_TRY(hw_summed_source_finish(&verifying->source, &sum, report->err));
    verifying->has_sum = true;
    verifying->sum = hw_checksum_add(HW_CHECKSUM_CRC64NVME, sum, tail->bytes.data + before, tail->bytes.size - before);
    if (!report->has_sum || sum == report->sum_before) {
        return HW_OK;
    }
    return hw_check_tell(report, HW_SEVERITY_ERROR, "file.checksum", -1,
                         "the CRC-64/NVME of the bytes before the footer is %016" PRIx64 ", %s says %016" PRIx64, sum,
                         HW_FILE_SUM_KEY, report->sum_before);
}
