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

static void folder_tell(struct hw_store *store, const char *key, struct hw_error *fault);

/* `needed`: it is worth requests to tell why there is no such object. */
static enum hw_status facts_find(struct hw_store *store, const char *key, bool needed, struct hw_object_info *out_info,
                                 char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = store->ops->stat(store, key, out_info, out_etag, &fault);
    if (status != HW_OK && store->ops->explain && (needed || status != HW_ENOTFOUND)) {
        status = store->ops->explain(store, key, &fault);
        if (status == HW_OK) {
            return store->ops->stat(store, key, out_info, out_etag, err);
        }
    }
    if (status == HW_ENOTFOUND && needed) {
        folder_tell(store, key, &fault);
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

enum hw_status hw_store_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                             char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    return facts_find(store, key, true, out_info, out_etag, err);
}

enum hw_status hw_store_look(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                             char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    return facts_find(store, key, false, out_info, out_etag, err);
}

static enum hw_status any_found(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    (void)info;
    *(bool *)ctx = true;
    return hw_fail(err, HW_ECANCELLED, "one object is enough");
}

/* Says where a name is that of a folder. */
static void folder_tell(struct hw_store *store, const char *key, struct hw_error *fault) {
    HW_AUTO(hw_buf) prefix = {0};
    bool any = false;
    if (store->files || strcmp(fault->s3_code, "NoSuchBucket") == 0 ||
        hw_buf_printf(&prefix, NULL, "%s/", key) != HW_OK) {
        return;
    }
    enum hw_status ignored = store->ops->list(store, (const char *)prefix.data, any_found, &any, NULL);
    (void)ignored; /* Whoever may not list is told what is known. */
    if (any) {
        hw_error_set(fault, HW_ENOTFOUND,
                     "there is no object of this name, but there are objects below it: a folder is named with '/' at "
                     "its end");
    }
}

void hw_store_missing_explain(struct hw_store *store, const char *key, struct hw_error *fault) {
    struct hw_error better = *fault;
    if (fault->s3_code[0] == '\0' && store->ops->explain && store->ops->explain(store, key, &better) != HW_OK) {
        *fault = better;
    }
    if (fault->status == HW_ENOTFOUND) {
        folder_tell(store, key, fault);
    }
}

static enum hw_status found_open(struct hw_store *store, const char *key, bool needed, struct hw_source **out_source,
                                 struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    if (!store->remote) {
        return store->ops->source_open(store, key, NULL, out_source, err);
    }
    HW_TRY(facts_find(store, key, needed, &info, etag, err));
    return store->ops->source_open(store, key, &info, out_source, err);
}

enum hw_status hw_store_remove_within(struct hw_store *store, const char *key, size_t kept_bytes,
                                      struct hw_error *err) {
    return store->ops->remove_within ? store->ops->remove_within(store, key, kept_bytes, err)
                                     : store->ops->remove(store, key, err);
}

enum hw_status hw_store_source_needed(struct hw_store *store, const char *key, struct hw_source **out_source,
                                      struct hw_error *err) {
    return found_open(store, key, true, out_source, err);
}

enum hw_status hw_store_source_open(struct hw_store *store, const char *key, struct hw_source **out_source,
                                    struct hw_error *err) {
    return found_open(store, key, false, out_source, err);
}

enum hw_status hw_store_whole_prove(struct hw_source *source, hw_view bytes, enum hw_checksum_kind *out_kind,
                                    struct hw_error *err) {
    struct hw_checksum checksum = {0};
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (source->proved_by == HW_CHECKSUM_NONE && source->ops->checksum) {
        HW_TRY(source->ops->checksum(source, &checksum, err));
    }
    const struct hw_checksum got = hw_checksum_of(checksum.kind, bytes.data, bytes.size);
    if (checksum.parts > 0 || hw_checksum_equal(&got, &checksum)) {
        const enum hw_checksum_kind compared = checksum.parts > 0 ? HW_CHECKSUM_NONE : checksum.kind;
        *out_kind = source->proved_by != HW_CHECKSUM_NONE ? source->proved_by : compared;
        return HW_OK;
    }
    return hw_fail(err, HW_ECHECKSUM, "what was read has the %s %s, the store has %s", hw_checksum_name(got.kind),
                   hw_checksum_text(&got, texts[0]), hw_checksum_text(&checksum, texts[1]));
}

enum hw_status hw_store_source_same(struct hw_store *store, const char *key, const struct hw_source *source,
                                    struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    HW_TRY(hw_store_stat(store, key, &info, etag, err));
    const bool same = info.size == source->size && (info.mtime_us == source->mtime_us || source->mtime_us == 0) &&
                      (source->etag[0] == '\0' || strcmp(info.etag, source->etag) == 0);
    return same ? HW_OK : hw_fail(err, HW_ECHANGED, "the source has changed while it was read");
}

enum hw_status hw_store_read_all(struct hw_store *store, const char *key, size_t limit, struct hw_buf *out,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) bytes = {.limit = hw_max_size(limit, 1)};
    struct hw_source *source;
    enum hw_checksum_kind proved_by;

    HW_TRY(hw_store_source_needed(store, key, &source, err));
    enum hw_status status = HW_OK;
    if (source->size > limit) {
        status = hw_fail(err, HW_ELIMIT, "%s are more than the %zu that are read at once",
                         HW_COUNT(source->size, "byte"), limit);
    } else if (source->size > 0) {
        status = hw_buf_resize(&bytes, (size_t)source->size, err);
    }
    if (status == HW_OK && source->size > 0) {
        status = source->ops->read_at(source, 0, bytes.data, bytes.size, err);
        status = status ? status : hw_store_whole_prove(source, hw_buf_view(&bytes), &proved_by, err);
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
