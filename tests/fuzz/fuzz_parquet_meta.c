/* SPDX-License-Identifier: Apache-2.0 */
/* Footers of Parquet files: the input is one, behind a few pages that are none. */
#include "fuzz/fuzz.h"
#include "parquet/chunk_stats.h"
#include "parquet/file_check.h"
#include "parquet/inspect.h"
#include "parquet/prune.h"
#include "support/memory_io.h"
#include "table/value_json.h"

/* Bytes between the magic and the footer, where offsets of pages and indexes may point to. */
static const char pages[256];

static void file_make(const uint8_t *footer, size_t size, struct hw_buf *out) {
    uint8_t length[4];
    hw_store_le32(length, (uint32_t)size);
    FUZZ_CHECK(hw_buf_append_text(out, "PAR1", NULL) == HW_OK);
    FUZZ_CHECK(hw_buf_append(out, pages, sizeof(pages), NULL) == HW_OK);
    FUZZ_CHECK(hw_buf_append(out, footer, size, NULL) == HW_OK);
    FUZZ_CHECK(hw_buf_append(out, length, sizeof(length), NULL) == HW_OK);
    FUZZ_CHECK(hw_buf_append_text(out, "PAR1", NULL) == HW_OK);
}

static enum hw_status finding_check(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    (void)ctx;
    (void)err;
    FUZZ_CHECK(finding->code && finding->message[0]);
    return HW_OK;
}

/* Rows that a condition leaves are in order, and those of the group. */
static void rows_check(const struct hw_read_file *file, const struct hw_filter *filter, size_t group) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_pruned_rows rows;
    uint64_t end = 0;
    FUZZ_CHECK(hw_parquet_prune(file, group, filter, &arena, &rows, NULL) == HW_OK);
    for (size_t i = 0; i < rows.count; i++) {
        FUZZ_CHECK(i == 0 || rows.ranges[i].first > end);
        end = (uint64_t)rows.ranges[i].first + rows.ranges[i].count;
        FUZZ_CHECK(end <= (uint64_t)file->meta.groups[group].rows);
    }
}

static void prune_check(const struct hw_read_file *file) {
    enum { COLUMNS_MAX = 4, GROUPS_MAX = 2 };
    static const char *const tests[] = {"IS NOT NULL", "= 5", "> 0.5", "IN ('a', 'b')", "<= '2024-01-01'", "= true"};
    for (size_t i = 0; i < COLUMNS_MAX * COUNT_OF(tests) && i / COUNT_OF(tests) < file->schema.schema.count; i++) {
        HW_AUTO(hw_predicate) predicate = {0};
        HW_AUTO(hw_filter) filter = {0};
        HW_AUTO(hw_buf) text = {0};
        const char *name = file->schema.schema.fields[i / COUNT_OF(tests)].name;
        FUZZ_CHECK(hw_buf_printf(&text, NULL, "\"%s\" %s", name, tests[i % COUNT_OF(tests)]) == HW_OK);
        FUZZ_CHECK(hw_buf_end_text(&text, NULL) == HW_OK);
        if (hw_predicate_parse(&predicate, (const char *)text.data, NULL) != HW_OK ||
            hw_filter_make(&filter, &predicate, &file->schema.schema, NULL) != HW_OK) {
            continue;
        }
        for (size_t group = 0; group < hw_min_size(file->meta.groups_count, GROUPS_MAX); group++) {
            rows_check(file, &filter, group);
        }
    }
}

/* Bounds are values that can be shown, or are not there. */
static void bounds_check(const struct hw_parquet_stats *stats) {
    const struct hw_field *field = &stats->bounds.schema->fields[0];
    HW_AUTO(hw_buf) text = {0};
    FUZZ_CHECK(stats->bounds.rows == 2 && !field->required);
    for (size_t row = 0; row < stats->bounds.rows; row++) {
        const enum hw_status status =
            hw_value_json_append(HW_BINARY_HEX, field, stats->bounds.columns, row, &text, NULL);
        FUZZ_CHECK(status == HW_OK || status == HW_EDATA);
    }
}

static void stats_check(const struct hw_read_file *file) {
    enum { LEAVES_MAX = 16, GROUPS_MAX = 2 };
    const size_t leaves = hw_min_size(file->schema.leaves_count, LEAVES_MAX);
    for (size_t i = 0; i < leaves * hw_min_size(file->meta.groups_count, GROUPS_MAX); i++) {
        struct hw_parquet_stats stats;
        const enum hw_status status = hw_chunk_stats_make(file, i / leaves, i % leaves, &stats, NULL);
        FUZZ_CHECK(status == HW_OK || status == HW_EDATA || status == HW_EUNSUPPORTED);
        if (status == HW_OK) {
            bounds_check(&stats);
            hw_batch_release(&stats.bounds);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const unsigned parts[] = {0, HW_INSPECT_PAGES, HW_INSPECT_INDEX};
    HW_AUTO(hw_buf) file = {0};
    file_make(data, size, &file);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct hw_inspect_options options = {.parts = parts[i]};
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        struct hw_inspection inspection = {0};
        struct hw_inspected facts = {0};
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = hw_parquet_inspect(&inspection, &source.base, &options, &facts, &err);
        FUZZ_CHECK(status == HW_OK || status == HW_EDATA || status == HW_ELIMIT || status == HW_EUNSUPPORTED);
        FUZZ_CHECK(status == HW_OK || err.message[0]);
        FUZZ_CHECK(status != HW_OK || facts.columns == (int64_t)facts.column_sums_count);
        hw_inspection_release(&inspection);
    }
    struct memory_source source = memory_source(hw_buf_view(&file), 0);
    struct hw_error err = HW_ERROR_INIT;
    FUZZ_CHECK(hw_file_check(&source.base, finding_check, NULL, &err) == HW_OK);
    struct hw_read_file read = {0};
    const struct hw_read_schema_options schema = {0};
    if (hw_read_file_open(&read, &source.base, &schema, NULL, &err) == HW_OK) {
        prune_check(&read);
        stats_check(&read);
        hw_read_file_release(&read);
    }
    return 0;
}
