/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record_sorter.h"

#include <stdlib.h>

#include "core/alloc.h"

enum { READ_BYTES = 16 << 10, LENGTH_BYTES = 4 };

static enum hw_status pending_flush(struct hw_record_sorter *sorter, struct hw_error *err);

void hw_record_sorter_release(struct hw_record_sorter *sorter) {
    hw_buf_release(&sorter->pending);
    hw_record_file_release(&sorter->file);
    *sorter = (struct hw_record_sorter){0};
}

enum hw_status hw_record_sorter_put(struct hw_record_sorter *sorter, hw_view record, struct hw_error *err) {
    const size_t memory_bytes = sorter->memory_bytes > 0 ? sorter->memory_bytes : HW_RECORD_SORT_BYTES;
    uint8_t length[LENGTH_BYTES];
    if (record.size > UINT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "a record of %zu bytes is too long", record.size);
    }
    if (sorter->pending.size >= memory_bytes && !sorter->unwritable) {
        HW_TRY(pending_flush(sorter, err));
    }
    hw_store_le32(length, (uint32_t)record.size);
    HW_TRY(hw_buf_reserve(&sorter->pending, sizeof(length) + record.size, err));
    HW_TRY(hw_buf_append(&sorter->pending, length, sizeof(length), err));
    HW_TRY(hw_buf_append(&sorter->pending, record.data, record.size, err));
    sorter->pending_count++;
    sorter->count++;
    return HW_OK;
}

static int pending_compare(const void *a, const void *b, void *compare) {
    return ((const struct hw_record_sorter *)compare)->compare(*(const hw_view *)a, *(const hw_view *)b);
}

/* The records in memory, sorted, and one without data behind them. To be freed. */
static enum hw_status pending_sort(struct hw_record_sorter *sorter, hw_view **out_records, struct hw_error *err) {
    hw_view *records = hw_alloc_zero(sorter->pending_count + 1, sizeof(*records));
    if (!records) {
        return hw_fail_nomem(err, (sorter->pending_count + 1) * sizeof(*records));
    }
    const char *at = (const char *)sorter->pending.data;
    for (size_t i = 0; i < sorter->pending_count; i++) {
        records[i] = (hw_view){at + LENGTH_BYTES, hw_load_le32(at)};
        at += LENGTH_BYTES + records[i].size;
    }
    if (sorter->pending_count > 1) {
        qsort_r(records, sorter->pending_count, sizeof(*records), pending_compare, sorter);
    }
    *out_records = records;
    return HW_OK;
}

/* Makes a run of the file of what is in memory, or leaves it there if the file takes no more. */
static enum hw_status pending_flush(struct hw_record_sorter *sorter, struct hw_error *err) {
    hw_view *records;
    const uint64_t begin = sorter->file.written;
    if (sorter->runs_count == HW_RECORD_RUNS_MAX) {
        return hw_fail(err, HW_ELIMIT, "more than %" PRIu64 " records are too many to be sorted", sorter->count);
    }
    HW_TRY(pending_sort(sorter, &records, err));
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < sorter->pending_count; i++) {
        status = hw_record_file_put(&sorter->file, records[i], err);
    }
    hw_free(records);
    if (status == HW_OK) {
        status = hw_record_file_flush(&sorter->file, err);
    }
    if (status != HW_OK) {
        sorter->unwritable = sorter->keeps;
        return sorter->keeps && status != HW_ENOMEM ? HW_OK : status;
    }
    sorter->runs[sorter->runs_count++] = (struct hw_record_run){begin, sorter->file.written};
    hw_buf_clear(&sorter->pending);
    sorter->pending_count = 0;
    return HW_OK;
}

/* ------ reading */

/* One sorted run: of the file, or in memory. */
struct hw_record_stream_run {
    hw_view record; /* the next one; without data if the run has ended */
    struct hw_record_reader reader;
    const hw_view *pending; /* of the run in memory; else NULL */
};

static enum hw_status run_next(struct hw_record_stream_run *run, struct hw_error *err) {
    if (run->pending) {
        run->record = *run->pending;
        run->pending += run->record.data != NULL;
        return HW_OK;
    }
    return hw_record_reader_next(&run->reader, &run->record, err);
}

static bool run_before(const struct hw_record_stream *stream, size_t a, size_t b) {
    const hw_view first = stream->runs[a].record;
    const hw_view second = stream->runs[b].record;
    return first.data && (!second.data || stream->compare(first, second) < 0);
}

/* Lets the run at `at` sink to its place. */
static void heap_sink(struct hw_record_stream *stream, size_t at) {
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < stream->count; child++) {
            least = run_before(stream, child, least) ? child : least;
        }
        if (least == at) {
            return;
        }
        const struct hw_record_stream_run run = stream->runs[at];
        stream->runs[at] = stream->runs[least];
        stream->runs[least] = run;
        at = least;
    }
}

enum hw_status hw_record_stream_open(struct hw_record_stream *stream, struct hw_record_sorter *sorter,
                                     struct hw_error *err) {
    *stream = (struct hw_record_stream){
        .compare = sorter->compare,
        .runs = hw_alloc_zero(sorter->runs_count + 1, sizeof(*stream->runs)),
    };
    if (!stream->runs) {
        return hw_fail_nomem(err, (sorter->runs_count + 1) * sizeof(*stream->runs));
    }
    HW_TRY(pending_sort(sorter, &stream->pending, err));
    for (size_t i = 0; i < sorter->runs_count; i++) {
        stream->runs[i].reader = (struct hw_record_reader){
            .file = &sorter->file, .at = sorter->runs[i].begin, .end = sorter->runs[i].end, .block_bytes = READ_BYTES};
    }
    stream->runs[sorter->runs_count].pending = stream->pending;
    for (size_t i = 0; i <= sorter->runs_count; i++) {
        stream->count = i + 1; /* so that the release frees what a failure leaves in the run */
        HW_TRY(run_next(&stream->runs[i], err));
    }
    for (size_t i = stream->count / 2 + 1; i-- > 0;) {
        heap_sink(stream, i);
    }
    return HW_OK;
}

hw_view hw_record_stream_peek(const struct hw_record_stream *stream) {
    return stream->runs[0].record;
}

enum hw_status hw_record_stream_next(struct hw_record_stream *stream, struct hw_error *err) {
    HW_TRY(run_next(&stream->runs[0], err));
    heap_sink(stream, 0);
    return HW_OK;
}

void hw_record_stream_release(struct hw_record_stream *stream) {
    for (size_t i = 0; i < stream->count; i++) {
        hw_record_reader_release(&stream->runs[i].reader);
    }
    hw_free(stream->runs);
    hw_free(stream->pending);
    *stream = (struct hw_record_stream){0};
}
