/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/gap_check.h"

#include <stdlib.h>

#include "core/count.h"
#include "parquet/bloom_read.h"

/* Bytes that are told of. */
struct claim {
    uint64_t start;
    uint64_t end;
};

static enum hw_status claim_add(const struct hw_check_report *report, struct hw_buf *claims, int64_t at,
                                int64_t bytes) {
    const uint64_t end = report->file.tail.footer_at;
    if (at < HW_PARQUET_MAGIC_BYTES || bytes <= 0 || (uint64_t)at > end || (uint64_t)bytes > end - (uint64_t)at) {
        return HW_OK;
    }
    const struct claim claim = {(uint64_t)at, (uint64_t)at + (uint64_t)bytes};
    return hw_buf_append(claims, &claim, sizeof(claim), report->err);
}

/* The bytes of a filter; 0 where they are not known. */
static enum hw_status bloom_bytes(const struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                  int64_t *out_bytes) {
    struct hw_source *source = report->file.source;
    const uint64_t footer_at = report->file.tail.footer_at;
    const uint64_t at = (uint64_t)chunk->bloom_offset;
    char bytes[HW_BLOOM_HEAD_BYTES_MAX];
    struct hw_bloom_head head;
    *out_bytes = chunk->bloom_bytes > 0 ? chunk->bloom_bytes : 0;
    if (*out_bytes > 0 || chunk->bloom_offset < HW_PARQUET_MAGIC_BYTES || at >= footer_at) {
        return HW_OK;
    }
    const hw_view view = {bytes, (size_t)hw_clamp(footer_at - at, 0, sizeof(bytes))};
    HW_TRY(source->ops->read_at(source, at, bytes, view.size, report->err));
    if (hw_bloom_head_read(view, at, &head, NULL) == HW_OK) {
        *out_bytes = (int64_t)head.header_bytes + head.bytes;
    }
    return HW_OK;
}

static enum hw_status chunk_claim(const struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                  struct hw_buf *claims) {
    int64_t filter;
    if (chunk->has_meta && !chunk->file_path.data) {
        HW_TRY(claim_add(report, claims, hw_parquet_chunk_start(chunk), chunk->compressed));
    }
    HW_TRY(claim_add(report, claims, chunk->offset_index_offset, chunk->offset_index_bytes));
    HW_TRY(claim_add(report, claims, chunk->column_index_offset, chunk->column_index_bytes));
    HW_TRY(bloom_bytes(report, chunk, &filter));
    return claim_add(report, claims, chunk->bloom_offset, filter);
}

static int claim_compare(const void *a, const void *b) {
    const struct claim *x = a;
    const struct claim *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

/* All gaps of a file together: old writers have one behind each column chunk. */
struct gaps {
    size_t count;
    uint64_t bytes;
    uint64_t first;
};

static void gap_add(struct gaps *gaps, uint64_t from, uint64_t to) {
    if (from < to) {
        gaps->first = gaps->count == 0 ? from : gaps->first;
        gaps->bytes += to - from;
        gaps->count++;
    }
}

static enum hw_status gaps_tell(struct hw_check_report *report, const struct gaps *gaps) {
    if (gaps->count == 0) {
        return HW_OK;
    }
    return hw_check_tell(report, HW_SEVERITY_INFO, "file.gap", (int64_t)gaps->first,
                         "the footer does not tell of %" PRIu64 " bytes in %s", gaps->bytes,
                         HW_COUNT(gaps->count, "place"));
}

enum hw_status hw_gaps_check(struct hw_check_report *report) {
    const struct hw_parquet_meta *meta = &report->file.meta;
    HW_AUTO(hw_buf) claims = {0};
    uint64_t at = HW_PARQUET_MAGIC_BYTES;
    struct gaps gaps = {0};
    for (size_t i = 0; i < meta->groups_count; i++) {
        for (size_t j = 0; j < meta->groups[i].chunks_count; j++) {
            HW_TRY(chunk_claim(report, &meta->groups[i].chunks[j], &claims));
        }
    }
    const size_t count = claims.size / sizeof(struct claim);
    struct claim *sorted = (struct claim *)(void *)claims.data;
    if (count > 0) {
        qsort(sorted, count, sizeof(*sorted), claim_compare);
    }
    for (size_t i = 0; i < count; i++) {
        gap_add(&gaps, at, sorted[i].start);
        at = sorted[i].end > at ? sorted[i].end : at;
    }
    gap_add(&gaps, at, report->file.tail.footer_at);
    return gaps_tell(report, &gaps);
}

uint64_t hw_chunks_end(const struct hw_check_report *report) {
    const struct hw_parquet_meta *meta = &report->file.meta;
    uint64_t last = HW_PARQUET_MAGIC_BYTES;
    for (size_t i = 0; i < meta->groups_count; i++) {
        for (size_t j = 0; j < meta->groups[i].chunks_count; j++) {
            const struct hw_parquet_chunk *chunk = &meta->groups[i].chunks[j];
            const int64_t start = hw_parquet_chunk_start(chunk);
            int64_t end;
            if (start >= 0 && chunk->compressed >= 0 && hw_add(start, chunk->compressed, &end) &&
                (uint64_t)end <= report->file.tail.footer_at) {
                last = (uint64_t)end > last ? (uint64_t)end : last;
            }
        }
    }
    return last;
}
