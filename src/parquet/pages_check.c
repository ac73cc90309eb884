/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/pages_check.h"

#include "core/alloc.h"
#include "parquet/gap_check.h"
#include "parquet/index_check.h"
#include "parquet/values_check.h"
#include "parquet/writer_version.h"

/* The bytes of a local column chunk that are read at once, unless a page is larger. */
#define LOCAL_WINDOW_BYTES HW_KIB(512)

struct pages_check {
    struct hw_check_report *report;
    const struct hw_pages_check_options *options;
    struct hw_decompressor *decompressor;
    struct hw_index_reader indexes;
    /* NULL: values are not looked at. */
    struct hw_values_check *values;
    /* The bytes of a bloom filter. */
    struct hw_buf filter;
    /* ARROW-10353: before 3.0 Arrow called itself so, and compressed against the flag. */
    bool v2_packed;
};

/* A chunk that is looked at. */
struct chunk {
    const struct hw_read_leaf *leaf;
    struct hw_located_chunk facts;
};

static enum hw_status tools_make(struct pages_check *check);
static enum hw_status group_check(struct pages_check *check, const struct hw_parquet_group *group);

enum hw_status hw_pages_check(struct hw_check_report *report, const struct hw_pages_check_options *options) {
    const struct hw_parquet_meta *meta = &report->file.meta;
    struct pages_check check = {
        .report = report,
        .options = options,
        .indexes = {.report = report, .chunks_end = hw_chunks_end(report)},
        .v2_packed = hw_writer_packs_against_flag(meta->created_by),
    };
    enum hw_status status = tools_make(&check);
    for (size_t i = 0; status == HW_OK && i < meta->groups_count; i++) {
        report->row_group = (int64_t)i;
        status = group_check(&check, &meta->groups[i]);
    }
    report->row_group = -1;
    report->leaf = NULL;
    hw_decompressor_free(check.decompressor);
    hw_values_check_free(check.values);
    hw_index_reader_release(&check.indexes);
    hw_buf_release(&check.filter);
    return status ? status : hw_gaps_check(report);
}

static enum hw_status tools_make(struct pages_check *check) {
    struct hw_error *err = check->report->err;
    HW_TRY(hw_decompressor_new(&check->decompressor, err));
    return check->options->values
               ? hw_values_check_new(check->report, check->options->page_bytes_max, &check->values, err)
               : HW_OK;
}

/* ------ row groups */

static size_t chunks_find(struct pages_check *check, const struct hw_parquet_group *group, struct chunk *chunks);
static enum hw_status chunks_walk(struct pages_check *check, const struct hw_parquet_group *group,
                                  const struct chunk *chunks, size_t count);

static enum hw_status group_check(struct pages_check *check, const struct hw_parquet_group *group) {
    const size_t leaves = check->options->columns->leaves_count;
    struct chunk *chunks = hw_alloc_zero(leaves > 0 ? leaves : 1, sizeof(*chunks));
    if (!chunks) {
        return hw_fail_nomem(check->report->err, leaves * sizeof(*chunks));
    }
    const size_t count = chunks_find(check, group, chunks);
    const enum hw_status status = count > 0 ? chunks_walk(check, group, chunks, count) : HW_OK;
    hw_free(chunks);
    check->report->leaf = NULL;
    return status;
}

/* Finds the chunks that can be read. Where the footer is wrong of one, its check has told so. */
static size_t chunks_find(struct pages_check *check, const struct hw_parquet_group *group, struct chunk *chunks) {
    struct hw_check_report *report = check->report;
    const struct hw_read_columns *columns = check->options->columns;
    size_t count = 0;
    for (size_t i = 0; i < columns->leaves_count; i++) {
        struct hw_error fault = HW_ERROR_INIT;
        report->leaf = chunks[count].leaf = &columns->leaves[i];
        const enum hw_status status = hw_chunk_locate(&report->file.meta, group, report->leaf,
                                                      report->file.tail.footer_at, &chunks[count].facts, &fault);
        if (status == HW_OK) {
            count++;
        } else if (status == HW_EUNSUPPORTED) {
            hw_check_unread(report, status, &fault);
        }
    }
    return count;
}

static enum hw_status chunk_check(struct pages_check *check, const struct hw_parquet_group *group,
                                  struct hw_group_bytes *bytes, size_t number, const struct chunk *chunk);

/* Bytes of a local file stay in the cache of the processor until it is looked at. */
static size_t windows_bytes(const struct pages_check *check, size_t count) {
    const size_t most = check->options->memory_bytes / 4;
    const bool remote = check->report->file.source->remote;
    return remote || count > most / LOCAL_WINDOW_BYTES ? most : count * LOCAL_WINDOW_BYTES;
}

static enum hw_status chunks_walk(struct pages_check *check, const struct hw_parquet_group *group,
                                  const struct chunk *chunks, size_t count) {
    struct hw_error *err = check->report->err;
    struct hw_group_bytes *bytes = NULL;
    struct hw_chunk_range *ranges = hw_alloc_zero(count, sizeof(*ranges));
    if (!ranges) {
        return hw_fail_nomem(err, count * sizeof(*ranges));
    }
    for (size_t i = 0; i < count; i++) {
        ranges[i] = chunks[i].facts.range;
    }
    const struct hw_group_bytes_options options = {
        .source = check->report->file.source,
        .ranges = ranges,
        .count = count,
        .bytes_max = windows_bytes(check, count),
        .whole = true,
    };
    enum hw_status status = hw_group_bytes_new(&options, &bytes, err);
    hw_free(ranges);
    for (size_t i = 0; status == HW_OK && i < count; i++) {
        check->report->leaf = chunks[i].leaf;
        status = chunk_check(check, group, bytes, i, &chunks[i]);
        hw_group_bytes_drop(bytes, i);
    }
    hw_group_bytes_free(bytes);
    return status;
}

/* ------ column chunks */

static enum hw_status filter_read(struct pages_check *check, const struct hw_chunk_walk *walk, hw_view *out_filter);
static enum hw_status walk_run(struct pages_check *check, struct hw_chunk_walk *walk,
                               const struct hw_chunk_indexes *indexes);

static enum hw_status chunk_check(struct pages_check *check, const struct hw_parquet_group *group,
                                  struct hw_group_bytes *bytes, size_t number, const struct chunk *chunk) {
    struct hw_chunk_walk walk = {
        .report = check->report,
        .leaf = chunk->leaf,
        .chunk = &group->chunks[chunk->leaf->column],
        .group = group,
        .facts = chunk->facts,
        .reader.next.at = chunk->facts.range.start,
        .visitor = check->values ? hw_values_check_visitor(check->values) : NULL,
    };
    walk.reader.chunk = (struct hw_page_chunk){
        .bytes = bytes,
        .chunk = number,
        .range = chunk->facts.range,
        .codec = chunk->facts.codec,
        .v2_packed = check->v2_packed,
        .page_bytes_max = check->options->page_bytes_max,
        .decompressor = check->decompressor,
    };
    struct hw_chunk_indexes indexes = {0};
    enum hw_status status = hw_chunk_indexes_read(&check->indexes, walk.chunk, &indexes);
    status = status ? status : walk_run(check, &walk, &indexes);
    check->report->pages += walk.reader.pages;
    check->report->pages_without_crc += walk.reader.without_crc;
    hw_chunk_indexes_release(&indexes);
    hw_chunk_walk_release(&walk);
    return status;
}

static enum hw_status walk_run(struct pages_check *check, struct hw_chunk_walk *walk,
                               const struct hw_chunk_indexes *indexes) {
    hw_view filter;
    HW_TRY(filter_read(check, walk, &filter));
    if (check->values) {
        const struct hw_column_index *columns = indexes->has_columns ? &indexes->columns : NULL;
        HW_TRY(hw_values_check_begin(check->values, walk, columns, filter));
    }
    HW_TRY(hw_chunk_walk(walk));
    HW_TRY(hw_chunk_indexes_check(indexes, walk));
    return check->values ? hw_values_check_end(check->values) : HW_OK;
}

/* Reads the bloom filter where values are asked for in it; its header is always looked at. */
static enum hw_status filter_read(struct pages_check *check, const struct hw_chunk_walk *walk, hw_view *out_filter) {
    struct hw_check_report *report = check->report;
    struct hw_source *source = report->file.source;
    struct hw_bloom_head head;
    bool there = false;
    *out_filter = (hw_view){NULL, 0};
    HW_TRY(hw_bloom_head_check(report, walk->chunk, &head, &there));
    if (!there || !check->values) {
        return HW_OK;
    }
    const uint64_t at = (uint64_t)walk->chunk->bloom_offset + head.header_bytes;
    HW_TRY(hw_buf_resize(&check->filter, head.bytes, report->err));
    HW_TRY(source->ops->read_at(source, at, check->filter.data, head.bytes, report->err));
    *out_filter = hw_buf_view(&check->filter);
    return HW_OK;
}
