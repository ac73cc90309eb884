/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of the store over s3/, no protocol. ETags are handed out without their quotes. */
#include "store/store_s3.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "s3/list.h"
#include "s3/multipart.h"
#include "s3/object.h"
#include "s3/reader.h"
#include "s3/write_headers.h"
#include "s3/writer.h"

#define PART_BYTES_DEFAULT HW_MIB(8)

struct s3_store {
    struct hw_store base;
    struct hw_s3_client *client;
    char *root;
    uint64_t part_bytes;
    unsigned parts_held;
    uint32_t connections;
};

struct s3_source {
    struct hw_source base;
    struct hw_s3_reader *reader;
    char *name;
    char etag[HW_S3_ETAG_BYTES];
};

struct s3_sink {
    struct hw_sink base;
    struct hw_s3_writer *writer;
    char etag[HW_S3_ETAG_BYTES];
};

static void s3_close(struct hw_store *store);
static const struct hw_store_ops store_ops;
static const struct hw_source_ops source_ops;
static const struct hw_sink_ops sink_ops;

enum hw_status hw_store_s3_open(const char *bucket, const struct hw_store_options *options, struct hw_store **out_store,
                                struct hw_error *err) {
    size_t root_bytes = strlen(bucket) + sizeof("s3:///");
    struct s3_store *store = hw_alloc_zero(1, sizeof(*store));
    if (!store) {
        return hw_fail_nomem(err, sizeof(*store));
    }
    store->base.ops = &store_ops;
    store->base.remote = true;
    store->base.conditional = true;
    store->part_bytes = options->part_bytes > 0 ? options->part_bytes : PART_BYTES_DEFAULT;
    store->parts_held = options->parts_held;
    store->connections = hw_store_connections(options);
    store->root = hw_alloc(root_bytes);
    enum hw_status status = HW_OK;
    if (!store->root) {
        status = hw_fail_nomem(err, root_bytes);
    } else if (store->part_bytes > HW_S3_PART_BYTES_MAX) {
        status = hw_fail(err, HW_ECONFIG, "parts of %" PRIu64 " bytes are larger than the %" PRIu64 " that S3 allows",
                         store->part_bytes, HW_S3_PART_BYTES_MAX);
    } else {
        snprintf(store->root, root_bytes, "s3://%s/", bucket);
        store->base.root = store->root;
        status = hw_s3_client_new(options, bucket, &store->client, err);
    }
    if (status) {
        s3_close(&store->base);
        return status;
    }
    *out_store = &store->base;
    return HW_OK;
}

static void s3_close(struct hw_store *base) {
    struct s3_store *store = (struct s3_store *)base;
    hw_s3_client_free(store->client);
    hw_free(store->root);
    hw_free(store);
}

struct hw_s3_client *hw_store_s3_client(struct hw_store *store) {
    return store->ops == &store_ops ? ((struct s3_store *)store)->client : NULL;
}

uint64_t hw_store_s3_part_bytes(const struct hw_store *store) {
    assert(store->ops == &store_ops);
    return ((const struct s3_store *)store)->part_bytes;
}

/* ------ listing, facts, removal */

static enum hw_status s3_source_open(struct hw_store *base, const char *key, const struct hw_object_info *known,
                                     struct hw_source **out_source, struct hw_error *err);

struct list_ctx {
    hw_list_fn *each;
    void *ctx;
};

static enum hw_status list_entry(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    const struct list_ctx *list = ctx;
    char etag[HW_S3_ETAG_BYTES];
    hw_s3_etag_bare(entry->etag, etag);
    const struct hw_object_info info = {
        .key = entry->key, .size = entry->size, .mtime_us = entry->mtime_us, .etag = etag};
    return list->each(list->ctx, &info, err);
}

static enum hw_status s3_list(struct hw_store *base, const char *prefix, hw_list_fn *each, void *ctx,
                              struct hw_error *err) {
    struct s3_store *store = (struct s3_store *)base;
    const struct hw_s3_list_options options = {.prefix = prefix, .ranges_max = store->connections};
    return hw_s3_list(store->client, &options, list_entry, &(struct list_ctx){each, ctx}, err);
}

static enum hw_status s3_stat(struct hw_store *base, const char *key, struct hw_object_info *out_info,
                              char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    struct s3_store *store = (struct s3_store *)base;
    struct hw_s3_object object;
    HW_TRY(hw_s3_object_head(store->client, key, NULL, &object, err));
    hw_s3_etag_bare(object.etag, out_etag);
    *out_info = (struct hw_object_info){.key = key, .size = object.size, .mtime_us = object.mtime_us, .etag = out_etag};
    return HW_OK;
}

/* Replies to HEAD have no body and so no code: a GET of the object brings one. */
static enum hw_status s3_explain(struct hw_store *base, const char *key, struct hw_error *fault) {
    struct hw_error told = HW_ERROR_INIT;
    struct hw_source *source = NULL;
    if (fault->http_status < 300 || fault->s3_code[0] != '\0' || hw_status_retryable(fault->status)) {
        return fault->status;
    }
    if (s3_source_open(base, key, NULL, &source, &told) == HW_OK) {
        source->ops->close(source);
        return HW_OK;
    }
    *fault = told.s3_code[0] == '\0' ? *fault : told;
    return fault->status;
}

static enum hw_status s3_remove(struct hw_store *base, const char *key, struct hw_error *err) {
    return hw_s3_object_delete(((struct s3_store *)base)->client, key, err);
}

/* ------ sources */

static enum hw_status source_make(struct s3_store *store, const struct hw_s3_reader_options *options,
                                  struct hw_source **out_source, struct hw_error *err);

static enum hw_status s3_source_open(struct hw_store *base, const char *key, const struct hw_object_info *known,
                                     struct hw_source **out_source, struct hw_error *err) {
    return hw_store_s3_source_open_end(base, key, known, 0, out_source, err);
}

enum hw_status hw_store_s3_source_open_end(struct hw_store *base, const char *key, const struct hw_object_info *known,
                                           size_t bytes, struct hw_source **out_source, struct hw_error *err) {
    struct s3_store *store = (struct s3_store *)base;
    struct hw_s3_object facts = {.size = known ? known->size : 0};
    assert(base->ops == &store_ops);
    snprintf(facts.etag, sizeof(facts.etag), "%s", known ? known->etag : "");
    const struct hw_s3_reader_options options = {
        .key = key, .part_bytes = (size_t)store->part_bytes, .known = known ? &facts : NULL, .end_bytes = bytes};
    return source_make(store, &options, out_source, err);
}

enum hw_status hw_store_s3_source_open(struct hw_store *base, const char *key, const char *version_id,
                                       struct hw_source **out_source, struct hw_error *err) {
    struct s3_store *store = (struct s3_store *)base;
    assert(base->ops == &store_ops);
    const struct hw_s3_reader_options options = {
        .key = key, .version_id = version_id, .part_bytes = (size_t)store->part_bytes};
    return source_make(store, &options, out_source, err);
}

static enum hw_status source_make(struct s3_store *store, const struct hw_s3_reader_options *options,
                                  struct hw_source **out_source, struct hw_error *err) {
    size_t name_bytes = strlen(store->root) + strlen(options->key) + 1;
    struct s3_source *source = hw_alloc_zero(1, sizeof(*source));
    if (!source) {
        return hw_fail_nomem(err, sizeof(*source));
    }
    source->base.ops = &source_ops;
    source->name = hw_alloc(name_bytes);
    enum hw_status status = source->name ? HW_OK : hw_fail_nomem(err, name_bytes);
    status = status ? status : hw_s3_reader_open(store->client, options, &source->reader, err);
    if (status) {
        source_ops.close(&source->base);
        return status;
    }
    const struct hw_s3_object *object = hw_s3_reader_object(source->reader);
    snprintf(source->name, name_bytes, "%s%s", store->root, options->key);
    hw_s3_etag_bare(object->etag, source->etag);
    source->base.size = object->size;
    source->base.mtime_us = object->mtime_us;
    source->base.name = source->name;
    source->base.etag = source->etag;
    source->base.remote = true;
    source->base.proved_by = hw_s3_reader_proved_by(source->reader);
    *out_source = &source->base;
    return HW_OK;
}

static enum hw_status s3_source_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                        struct hw_error *err) {
    return hw_s3_reader_read_at(((struct s3_source *)base)->reader, offset, data, bytes, err);
}

static void s3_source_close(struct hw_source *base) {
    struct s3_source *source = (struct s3_source *)base;
    hw_s3_reader_close(source->reader);
    hw_free(source->name);
    hw_free(source);
}

static enum hw_status s3_source_checksum(struct hw_source *base, struct hw_checksum *out_checksum,
                                         struct hw_error *err) {
    return hw_s3_reader_checksum(((struct s3_source *)base)->reader, out_checksum, err);
}

static void s3_source_in_order(struct hw_source *base) {
    hw_s3_reader_in_order(((struct s3_source *)base)->reader);
}

static void s3_source_expect(struct hw_source *base, uint64_t offset, size_t bytes) {
    hw_s3_reader_expect(((struct s3_source *)base)->reader, offset, bytes);
}

static void s3_source_forget(struct hw_source *base, uint64_t offset, size_t bytes) {
    hw_s3_reader_forget(((struct s3_source *)base)->reader, offset, bytes);
}

static const struct hw_source_ops source_ops = {
    .size = sizeof(source_ops),
    .read_at = s3_source_read_at,
    .close = s3_source_close,
    .checksum = s3_source_checksum,
    .in_order = s3_source_in_order,
    .expect = s3_source_expect,
    .forget = s3_source_forget,
};

/* ------ sinks */

/* An upload with the same headers shows whether the object may be kept so. */
static enum hw_status sink_prove(const struct s3_store *store, const struct hw_s3_writer_options *options,
                                 struct hw_error *err) {
    HW_AUTO(hw_s3_headers) headers = {0};
    HW_TRY(hw_s3_write_headers_make(options->write, &headers, err));
    const struct hw_s3_create_params params = {
        .key = options->key,
        .content_type = options->content_type,
        .headers = &headers,
        .checksum = hw_s3_write_checksum(options->write),
    };
    return hw_s3_upload_prove(store->client, &params, err);
}

static enum hw_status s3_sink_open(struct hw_store *base, const char *key, const struct hw_sink_options *options,
                                   struct hw_sink **out_sink, struct hw_error *err) {
    struct s3_store *store = (struct s3_store *)base;
    char if_match[HW_S3_ETAG_BYTES + 2]; /* with the quotes that ETags are handed out without */
    const bool asked = options && options->if_match;
    snprintf(if_match, sizeof(if_match), "\"%s\"", asked ? options->if_match : "");
    const struct hw_s3_writer_options writer_options = {
        .key = key,
        .content_type = options ? options->content_type : NULL,
        .write = options ? options->write : NULL,
        .part_bytes = store->part_bytes,
        .parts_held = store->parts_held,
        .size_hint = options ? options->size_hint : 0,
        .create_only = options && options->create_only,
        .if_match = asked ? if_match : NULL,
        .one_of_many = options && options->one_of_many,
        .resume = options && options->resume_id,
        .keep = options && options->keep_partial,
    };
    if (options && options->proven) {
        HW_TRY(sink_prove(store, &writer_options, err));
    }
    struct s3_sink *sink = hw_alloc_zero(1, sizeof(*sink));
    if (!sink) {
        return hw_fail_nomem(err, sizeof(*sink));
    }
    sink->base.ops = &sink_ops;
    sink->base.etag = "";
    enum hw_status status = hw_s3_writer_open(store->client, &writer_options, &sink->writer, err);
    if (status) {
        hw_free(sink);
        return status;
    }
    *out_sink = &sink->base;
    return HW_OK;
}

static enum hw_status s3_sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    HW_TRY(hw_s3_writer_write(((struct s3_sink *)base)->writer, data, bytes, err));
    base->written += bytes;
    return HW_OK;
}

static enum hw_status s3_sink_whole_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    HW_TRY(hw_s3_writer_whole_write(((struct s3_sink *)base)->writer, data, bytes, err));
    base->written = bytes;
    return HW_OK;
}

static enum hw_status s3_sink_parts_begin(struct hw_sink *base, uint64_t size, uint64_t *part_bytes,
                                          struct hw_error *err) {
    HW_TRY(hw_s3_writer_parts_begin(((struct s3_sink *)base)->writer, size, part_bytes, err));
    base->written = size;
    return HW_OK;
}

static enum hw_status s3_sink_part_write(struct hw_sink *base, const struct hw_sink_part *part, struct hw_error *err) {
    return hw_s3_writer_part_write(((struct s3_sink *)base)->writer, part, err);
}

void hw_store_s3_sink_older(struct hw_sink *sink, const struct hw_s3_older *older) {
    assert(sink->ops == &sink_ops);
    hw_s3_writer_older(((struct s3_sink *)sink)->writer, older);
}

void hw_store_s3_sink_shares(const struct hw_sink *sink, struct hw_s3_part_shares *out_shares) {
    assert(sink->ops == &sink_ops);
    hw_s3_writer_shares(((const struct s3_sink *)sink)->writer, out_shares);
}

static enum hw_status s3_sink_settle(struct hw_sink *base, struct hw_error *err) {
    return hw_s3_writer_settle(((struct s3_sink *)base)->writer, err);
}

static enum hw_status s3_sink_finish(struct hw_sink *base, struct hw_error *err) {
    struct s3_sink *sink = (struct s3_sink *)base;
    char etag[HW_S3_ETAG_BYTES] = "";
    HW_TRY(hw_s3_writer_finish(sink->writer, etag, err));
    hw_s3_etag_bare(etag, sink->etag);
    base->etag = sink->etag;
    return HW_OK;
}

static void s3_sink_free(struct hw_sink *base) {
    hw_s3_writer_free(((struct s3_sink *)base)->writer);
    hw_free(base);
}

static const struct hw_sink_ops sink_ops = {
    .size = sizeof(sink_ops),
    .write = s3_sink_write,
    .settle = s3_sink_settle,
    .finish = s3_sink_finish,
    .free = s3_sink_free,
    .parts_begin = s3_sink_parts_begin,
    .part_write = s3_sink_part_write,
    .whole_write = s3_sink_whole_write,
};

static const struct hw_store_ops store_ops = {
    .size = sizeof(store_ops),
    .list = s3_list,
    .stat = s3_stat,
    .source_open = s3_source_open,
    .sink_open = s3_sink_open,
    .remove = s3_remove,
    .close = s3_close,
    .explain = s3_explain,
};
