/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_order.h"

/* A record is the entry itself, whose own pointers mean nothing later, its key and its ETag. */
static struct hw_s3_entry record_read(const char *record) {
    struct hw_s3_entry entry;
    memcpy(&entry, record, sizeof(entry));
    entry.key = record + sizeof(entry);
    entry.etag = entry.key + strlen(entry.key) + 1;
    entry.version_id = "";
    return entry;
}

static int records_compare(hw_view a, hw_view b) {
    return strcmp(record_read(a.data).key, record_read(b.data).key);
}

void hw_s3_list_order_release(struct hw_s3_list_order *order) {
    hw_record_sorter_release(&order->records);
    hw_buf_release(&order->record);
    *order = (struct hw_s3_list_order){0};
}

enum hw_status hw_s3_list_order_put(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    struct hw_s3_list_order *order = ctx;
    struct hw_buf *record = &order->record;
    const char *start_after = order->start_after;
    if (start_after && entry->kind == HW_S3_ENTRY_OBJECT && strcmp(entry->key, start_after) <= 0) {
        return HW_OK;
    }
    if (!hw_view_starts(hw_view_of(entry->key), hw_view_of(order->prefix))) {
        return HW_OK;
    }
    order->records.compare = records_compare;
    hw_buf_clear(record);
    HW_TRY(hw_buf_append(record, entry, sizeof(*entry), err));
    HW_TRY(hw_buf_append(record, entry->key, strlen(entry->key) + 1, err));
    HW_TRY(hw_buf_append(record, entry->etag, strlen(entry->etag) + 1, err));
    return hw_record_sorter_put(&order->records, hw_buf_view(record), err);
}

enum hw_status hw_s3_list_order_hand_out(struct hw_s3_list_order *order, hw_s3_entry_fn *each, void *ctx,
                                         struct hw_error *err) {
    HW_AUTO(hw_record_stream) stream = {0};
    /* The entry that is handed out, which the next one may overwrite in the stream. */
    struct hw_buf *record = &order->record;
    hw_view next;
    HW_TRY(hw_record_stream_open(&stream, &order->records, err));
    while ((next = hw_record_stream_peek(&stream)).data) {
        hw_buf_clear(record);
        HW_TRY(hw_buf_append(record, next.data, next.size, err));
        HW_TRY(hw_record_stream_next(&stream, err));
        const struct hw_s3_entry entry = record_read((const char *)record->data);
        next = hw_record_stream_peek(&stream);
        const bool twice = next.data && strcmp(record_read(next.data).key, entry.key) == 0;
        if (twice && entry.kind == HW_S3_ENTRY_PREFIX && record_read(next.data).kind == HW_S3_ENTRY_PREFIX) {
            continue; /* its keys are on several pages */
        }
        if (twice) {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the key %s comes twice",
                           hw_quote(entry.key, strlen(entry.key), quoted, sizeof(quoted)));
        }
        HW_TRY(each(ctx, &entry, err));
    }
    return HW_OK;
}
