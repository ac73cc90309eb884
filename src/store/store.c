/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include "codec/checksum.h"
#include "core/buf.h"
#include "core/count.h"
#include "net/http.h"

uint32_t hw_store_connections(const struct hw_store_options *options) {
    return options->connections_max > 0 ? options->connections_max : HW_HTTP_CONNECTIONS;
}

void hw_store_close(struct hw_store *store) {
    if (store && store->ops->close) {
        store->ops->close(store);
    }
}

enum hw_status hw_store_source_open(struct hw_store *store, const char *key, struct hw_source **out_source,
                                    struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    if (!store->remote) {
        return store->ops->source_open(store, key, NULL, out_source, err);
    }
    HW_TRY(store->ops->stat(store, key, &info, etag, err));
    return store->ops->source_open(store, key, &info, out_source, err);
}

/*
 * Compares a whole object with the checksum that its store keeps, unless that was done when it was
 * fetched.
 */
static enum hw_status whole_prove(struct hw_source *source, hw_view bytes, struct hw_error *err) {
    struct hw_checksum checksum = {0};
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (source->proved_by == HW_CHECKSUM_NONE && source->ops->checksum) {
        HW_TRY(source->ops->checksum(source, &checksum, err));
    }
    const struct hw_checksum got = {checksum.kind, hw_checksum_add(checksum.kind, 0, bytes.data, bytes.size)};
    if (got.value == checksum.value) {
        return HW_OK;
    }
    return hw_fail(err, HW_ECHECKSUM, "what was read has the %s %s, the store has %s", hw_checksum_name(got.kind),
                   hw_checksum_text(&got, texts[0]), hw_checksum_text(&checksum, texts[1]));
}

enum hw_status hw_store_read_all(struct hw_store *store, const char *key, size_t limit, struct hw_buf *out,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) bytes = {.limit = hw_max_size(limit, 1)};
    struct hw_source *source;

    HW_TRY(hw_store_source_open(store, key, &source, err));
    enum hw_status status = HW_OK;
    if (source->size > limit) {
        status = hw_fail(err, HW_ELIMIT, "%s are more than the %zu that are read at once",
                         HW_COUNT(source->size, "byte"), limit);
    } else if (source->size > 0) {
        status = hw_buf_resize(&bytes, (size_t)source->size, err);
    }
    if (status == HW_OK && source->size > 0) {
        status = source->ops->read_at(source, 0, bytes.data, bytes.size, err);
        status = status ? status : whole_prove(source, hw_buf_view(&bytes), err);
    }
    if (status != HW_OK) {
        hw_error_object(err, source->name);
    }
    source->ops->close(source);
    HW_TRY(status);
    bytes.limit = out->limit;
    hw_buf_release(out);
    *out = bytes;
    bytes = (struct hw_buf){0};
    return HW_OK;
}

enum hw_status hw_store_write_all(struct hw_store *store, const char *key, const char *content_type, const void *data,
                                  size_t bytes, struct hw_error *err) {
    const struct hw_sink_options options = {.size_hint = bytes, .content_type = content_type};
    struct hw_sink *sink;

    HW_TRY(store->ops->sink_open(store, key, &options, &sink, err));
    enum hw_status status = sink->ops->write(sink, data, bytes, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    sink->ops->free(sink);
    return status;
}
