/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/sorter.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "manifest/record.h"

enum { READ_BYTES = 16 << 10, LENGTH_BYTES = 4 };

void hw_manifest_sorter_release(struct hw_manifest_sorter *sorter) {
    hw_buf_release(&sorter->pending);
    hw_record_file_release(&sorter->file);
    *sorter = (struct hw_manifest_sorter){0};
}

/* By the manifest's order; of equal ones the one that was put first comes first. */
static int records_compare(const char *a, const char *b) {
    const struct hw_manifest_entry first = hw_manifest_record_read(a);
    const struct hw_manifest_entry second = hw_manifest_record_read(b);
    const int order = hw_manifest_order(&first, &second);
    return order != 0 ? order : (first.order > second.order) - (first.order < second.order);
}

static int pending_compare(const void *a, const void *b) {
    return records_compare(*(const char *const *)a, *(const char *const *)b);
}

static size_t record_bytes(const char *record) {
    return hw_load_le32(record - LENGTH_BYTES);
}

/* The records in memory, sorted. To be freed. */
static enum hw_status pending_sort(const struct hw_manifest_sorter *sorter, const char ***out_records,
                                   struct hw_error *err) {
    const char **records = hw_alloc_zero(sorter->pending_count + 1, sizeof(const char *));
    if (!records) {
        return hw_fail_nomem(err, sorter->pending_count * sizeof(const char *));
    }
    const char *at = (const char *)sorter->pending.data;
    for (size_t i = 0; i < sorter->pending_count; i++) {
        records[i] = at + LENGTH_BYTES;
        at = records[i] + record_bytes(records[i]);
    }
    if (sorter->pending_count > 1) {
        qsort(records, sorter->pending_count, sizeof(const char *), pending_compare);
    }
    *out_records = records;
    return HW_OK;
}

/*
 * What is in memory becomes a piece of the file. Where the file cannot be written all stays in
 * memory, however much it is: what a run has published is to be known.
 */
static enum hw_status pending_flush(struct hw_manifest_sorter *sorter, struct hw_error *err) {
    const char **records;
    const uint64_t begin = sorter->file.written;
    if (sorter->runs_count == HW_MANIFEST_RUNS_MAX) {
        return hw_fail(err, HW_ELIMIT, "a manifest of more than %" PRIu64 " files", sorter->count);
    }
    HW_TRY(pending_sort(sorter, &records, err));
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < sorter->pending_count; i++) {
        status = hw_record_file_put(&sorter->file, (hw_view){records[i], record_bytes(records[i])}, err);
    }
    hw_free(records);
    if (status == HW_OK) {
        status = hw_record_file_flush(&sorter->file, err);
    }
    if (status != HW_OK) {
        sorter->unwritable = true;
        return status == HW_ENOMEM ? status : HW_OK;
    }
    sorter->runs[sorter->runs_count++] = (struct hw_manifest_run){begin, sorter->file.written};
    hw_buf_clear(&sorter->pending);
    sorter->pending_count = 0;
    return HW_OK;
}

enum hw_status hw_manifest_sorter_put(struct hw_manifest_sorter *sorter, const struct hw_manifest_entry *entry,
                                      struct hw_error *err) {
    const size_t memory_bytes = sorter->memory_bytes > 0 ? sorter->memory_bytes : HW_MANIFEST_SORT_BYTES;
    const size_t before = sorter->pending.size;
    const uint8_t room[LENGTH_BYTES] = {0};
    struct hw_manifest_entry numbered = *entry;
    if (before >= memory_bytes && !sorter->unwritable) {
        HW_TRY(pending_flush(sorter, err));
        return hw_manifest_sorter_put(sorter, entry, err);
    }
    numbered.order = sorter->ordered ? entry->order : (uint32_t)sorter->count;
    enum hw_status status = hw_buf_append(&sorter->pending, room, sizeof(room), err);
    if (status == HW_OK) {
        status = hw_manifest_record_write(&numbered, &sorter->pending, err);
    }
    if (status != HW_OK) {
        sorter->pending.size = before;
        return status;
    }
    hw_store_le32(sorter->pending.data + before, (uint32_t)(sorter->pending.size - before - LENGTH_BYTES));
    sorter->pending_count++;
    sorter->count++;
    return HW_OK;
}

/* ------ reading */

/* One sorted piece: of the file, or in memory. */
struct hw_manifest_stream_run {
    const char *record; /* the next one; NULL: it has ended */
    struct hw_record_reader reader;
    const char **pending; /* of the piece in memory, which ends with NULL; else NULL */
};

static enum hw_status run_next(struct hw_manifest_stream_run *run, struct hw_error *err) {
    hw_view record;
    if (run->pending) {
        run->record = *run->pending;
        run->pending += run->record != NULL;
        return HW_OK;
    }
    HW_TRY(hw_record_reader_next(&run->reader, &record, err));
    run->record = record.data;
    return HW_OK;
}

static bool run_before(const struct hw_manifest_stream_run *a, const struct hw_manifest_stream_run *b) {
    return a->record && (!b->record || records_compare(a->record, b->record) < 0);
}

/* Lets the run at `at` sink to its place. */
static void heap_sink(struct hw_manifest_stream *stream, size_t at) {
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < stream->count; child++) {
            least = run_before(&stream->runs[child], &stream->runs[least]) ? child : least;
        }
        if (least == at) {
            return;
        }
        const struct hw_manifest_stream_run run = stream->runs[at];
        stream->runs[at] = stream->runs[least];
        stream->runs[least] = run;
        at = least;
    }
}

enum hw_status hw_manifest_stream_open(struct hw_manifest_stream *stream, struct hw_manifest_sorter *sorter,
                                       struct hw_error *err) {
    *stream = (struct hw_manifest_stream){.runs = hw_alloc_zero(sorter->runs_count + 1, sizeof(*stream->runs))};
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

/* Takes the next record, which is copied: those that come after it may take its place. */
static enum hw_status record_take(struct hw_manifest_stream *stream, struct hw_error *err) {
    struct hw_manifest_stream_run *run = &stream->runs[0];
    hw_buf_clear(&stream->record);
    stream->entry = hw_manifest_record_read(run->record);
    HW_TRY(hw_manifest_record_write(&stream->entry, &stream->record, err));
    stream->entry = hw_manifest_record_read((const char *)stream->record.data);
    HW_TRY(run_next(run, err));
    heap_sink(stream, 0);
    return HW_OK;
}

enum hw_status hw_manifest_stream_next(struct hw_manifest_stream *stream, const struct hw_manifest_entry **out_entry,
                                       struct hw_error *err) {
    bool again = stream->runs[0].record != NULL;
    *out_entry = again ? &stream->entry : NULL;
    while (again) {
        HW_TRY(record_take(stream, err));
        const char *next = stream->runs[0].record;
        const struct hw_manifest_entry after = next ? hw_manifest_record_read(next) : stream->entry;
        again = next && hw_manifest_order(&stream->entry, &after) == 0;
    }
    return HW_OK;
}

void hw_manifest_stream_release(struct hw_manifest_stream *stream) {
    for (size_t i = 0; i < stream->count; i++) {
        hw_record_reader_release(&stream->runs[i].reader);
    }
    hw_free(stream->runs);
    hw_free(stream->pending);
    hw_buf_release(&stream->record);
    *stream = (struct hw_manifest_stream){0};
}
