/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/sorter.h"

#include "manifest/record.h"

void hw_manifest_sorter_release(struct hw_manifest_sorter *sorter) {
    hw_record_sorter_release(&sorter->records);
    hw_buf_release(&sorter->record);
    *sorter = (struct hw_manifest_sorter){0};
}

/* By the manifest's order; of equal ones the one that was put first comes first. */
static int records_compare(hw_view a, hw_view b) {
    const struct hw_manifest_entry first = hw_manifest_record_read(a.data);
    const struct hw_manifest_entry second = hw_manifest_record_read(b.data);
    const int order = hw_manifest_order(&first, &second);
    return order != 0 ? order : (first.order > second.order) - (first.order < second.order);
}

/* Where the file cannot be written all stays in memory: what a run has published is to be known. */
enum hw_status hw_manifest_sorter_put(struct hw_manifest_sorter *sorter, const struct hw_manifest_entry *entry,
                                      struct hw_error *err) {
    struct hw_record_sorter *records = &sorter->records;
    struct hw_manifest_entry numbered = *entry;
    records->compare = records_compare;
    records->memory_bytes = sorter->memory_bytes;
    records->keeps = true;
    numbered.order = sorter->ordered ? entry->order : (uint32_t)records->count;
    hw_buf_clear(&sorter->record);
    HW_TRY(hw_manifest_record_write(&numbered, &sorter->record, err));
    enum hw_status status = hw_record_sorter_put(records, hw_buf_view(&sorter->record), err);
    if (status == HW_ELIMIT) {
        return hw_fail(err, HW_ELIMIT, "a manifest of more than %" PRIu64 " files", records->count);
    }
    return status;
}

enum hw_status hw_manifest_stream_open(struct hw_manifest_stream *stream, struct hw_manifest_sorter *sorter,
                                       struct hw_error *err) {
    *stream = (struct hw_manifest_stream){0};
    return hw_record_stream_open(&stream->records, &sorter->records, err);
}

/* Takes the next record, which is copied: those that come after it may take its place. */
static enum hw_status record_take(struct hw_manifest_stream *stream, struct hw_error *err) {
    const hw_view record = hw_record_stream_peek(&stream->records);
    hw_buf_clear(&stream->record);
    HW_TRY(hw_buf_append(&stream->record, record.data, record.size, err));
    stream->entry = hw_manifest_record_read((const char *)stream->record.data);
    return hw_record_stream_next(&stream->records, err);
}

enum hw_status hw_manifest_stream_next(struct hw_manifest_stream *stream, const struct hw_manifest_entry **out_entry,
                                       struct hw_error *err) {
    bool again = hw_record_stream_peek(&stream->records).data != NULL;
    *out_entry = again ? &stream->entry : NULL;
    while (again) {
        HW_TRY(record_take(stream, err));
        const char *next = hw_record_stream_peek(&stream->records).data;
        const struct hw_manifest_entry after = next ? hw_manifest_record_read(next) : stream->entry;
        again = next && hw_manifest_order(&stream->entry, &after) == 0;
    }
    return HW_OK;
}

void hw_manifest_stream_release(struct hw_manifest_stream *stream) {
    hw_record_stream_release(&stream->records);
    hw_buf_release(&stream->record);
    *stream = (struct hw_manifest_stream){0};
}
