/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_web.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"
#include "core/shown_name.h"
#include "web/address.h"
#include "web/object.h"

#define PART_BYTES_DEFAULT HW_MIB(8)

struct web_store {
    struct hw_store base;
    struct hw_web_client *client;
    char root[sizeof("https://")];
    size_t part_bytes;
};

struct web_source {
    struct hw_source base;
    struct hw_web_object *object;
    char *address;
    struct hw_buf name;
    char etag[HW_ETAG_BYTES];
};

static void web_close(struct hw_store *base);
static const struct hw_store_ops store_ops;
static const struct hw_source_ops source_ops;

enum hw_status hw_store_web_open(const char *root, const struct hw_store_options *options, struct hw_store **out_store,
                                 struct hw_error *err) {
    struct web_store *store = hw_alloc_zero(1, sizeof(*store));
    struct hw_store_options web_options = *options;
    if (!store) {
        return hw_fail_nomem(err, sizeof(*store));
    }
    snprintf(store->root, sizeof(store->root), "%s", root);
    store->base = (struct hw_store){.ops = &store_ops, .root = store->root, .remote = true};
    store->part_bytes = options->part_bytes > 0 ? (size_t)options->part_bytes : PART_BYTES_DEFAULT;
    web_options.ca_bundle = options->ca_bundle ? options->ca_bundle : getenv("AWS_CA_BUNDLE");
    enum hw_status status = hw_web_client_new(&web_options, &store->client, err);
    if (status) {
        web_close(&store->base);
        return status;
    }
    *out_store = &store->base;
    return HW_OK;
}

struct hw_web_client *hw_store_web_client(struct hw_store *store) {
    return store->ops == &store_ops ? ((struct web_store *)store)->client : NULL;
}

static void web_close(struct hw_store *base) {
    struct web_store *store = (struct web_store *)base;
    hw_web_client_free(store->client);
    hw_free(store);
}

/* ------ what is only refused */

static enum hw_status read_only(struct hw_error *err) {
    return hw_fail(err, HW_EUSAGE, "https:// and http:// are only read: nothing can be written there");
}

static enum hw_status web_list(struct hw_store *base, const char *prefix, hw_list_fn *each, void *ctx,
                               struct hw_error *err) {
    (void)base, (void)prefix, (void)each, (void)ctx;
    return hw_fail(err, HW_EUSAGE, "nothing lists what is there over http and https");
}

static enum hw_status web_sink_open(struct hw_store *base, const char *key, const struct hw_sink_options *options,
                                    struct hw_sink **out_sink, struct hw_error *err) {
    (void)base, (void)key, (void)options, (void)out_sink;
    return read_only(err);
}

static enum hw_status web_remove(struct hw_store *base, const char *key, struct hw_error *err) {
    (void)base, (void)key;
    return read_only(err);
}

/* ------ facts and sources */

static char *address_make(const struct web_store *store, const char *key) {
    const size_t bytes = strlen(store->root) + strlen(key) + 1;
    char *address = hw_alloc(bytes);
    if (address) {
        snprintf(address, bytes, "%s%s", store->root, key);
    }
    return address;
}

/*
 * Tells the version of an object: its ETag without quotes, and its time. A query may choose what
 * comes, and is not told; with one only a strong ETag says that two objects are the same.
 */
static void version_tell(const char *address, const struct hw_web_facts *facts, char out_etag[HW_ETAG_BYTES],
                         int64_t *out_mtime_us) {
    const bool queried = address[hw_web_address_told_bytes(address)] != '\0';
    const bool told = facts->strong || !queried;
    const size_t bytes = strlen(facts->etag);
    const size_t quotes = facts->strong ? 1 : 0;
    snprintf(out_etag, HW_ETAG_BYTES, "%.*s", told ? (int)(bytes - 2 * quotes) : 0, facts->etag + quotes);
    *out_mtime_us = told ? facts->mtime_us : 0;
}

static enum hw_status web_stat(struct hw_store *base, const char *key, struct hw_object_info *out_info,
                               char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    struct web_store *store = (struct web_store *)base;
    struct hw_web_facts facts;
    char *address = address_make(store, key);
    if (!address) {
        return hw_fail_nomem(err, strlen(key));
    }
    enum hw_status status = hw_web_object_stat(store->client, address, &facts, err);
    if (status == HW_OK) {
        *out_info = (struct hw_object_info){.key = key, .size = facts.size, .etag = out_etag};
        version_tell(address, &facts, out_etag, &out_info->mtime_us);
    }
    hw_free(address);
    return status;
}

static enum hw_status name_make(struct web_source *source, struct hw_error *err) {
    return hw_buf_printf(&source->name, err, HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name(source->address)));
}

static enum hw_status web_source_open(struct hw_store *base, const char *key, const struct hw_object_info *known,
                                      struct hw_source **out_source, struct hw_error *err) {
    struct web_store *store = (struct web_store *)base;
    struct web_source *source = hw_alloc_zero(1, sizeof(*source));
    (void)known; /* The source is what the server says now. */
    if (!source) {
        return hw_fail_nomem(err, sizeof(*source));
    }
    source->base.ops = &source_ops;
    source->address = address_make(store, key);
    enum hw_status status = source->address ? HW_OK : hw_fail_nomem(err, strlen(key));
    status = status ? status : name_make(source, err);
    status =
        status ? status : hw_web_object_open(store->client, source->address, store->part_bytes, &source->object, err);
    if (status) {
        source_ops.close(&source->base);
        return status;
    }
    const struct hw_web_facts *facts = hw_web_object_facts(source->object);
    source->base.size = facts->size;
    source->base.name = (const char *)source->name.data;
    source->base.etag = source->etag;
    source->base.remote = true;
    version_tell(source->address, facts, source->etag, &source->base.mtime_us);
    *out_source = &source->base;
    return HW_OK;
}

static enum hw_status web_source_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                         struct hw_error *err) {
    return hw_web_object_read_at(((struct web_source *)base)->object, offset, data, bytes, err);
}

static void web_source_close(struct hw_source *base) {
    struct web_source *source = (struct web_source *)base;
    hw_web_object_close(source->object);
    hw_buf_release(&source->name);
    hw_free(source->address);
    hw_free(source);
}

/* Web servers keep none. */
static enum hw_status web_source_checksum(struct hw_source *base, struct hw_checksum *out_checksum,
                                          struct hw_error *err) {
    (void)base, (void)err;
    *out_checksum = (struct hw_checksum){0};
    return HW_OK;
}

static void web_source_in_order(struct hw_source *base) {
    hw_web_object_in_order(((struct web_source *)base)->object);
}

static void web_source_expect(struct hw_source *base, uint64_t offset, size_t bytes) {
    hw_web_object_expect(((struct web_source *)base)->object, offset, bytes);
}

static void web_source_forget(struct hw_source *base, uint64_t offset, size_t bytes) {
    hw_web_object_forget(((struct web_source *)base)->object, offset, bytes);
}

static const char *web_source_moved(struct hw_source *base) {
    return hw_web_object_moved(((struct web_source *)base)->object);
}

static const struct hw_source_ops source_ops = {
    .size = sizeof(source_ops),
    .read_at = web_source_read_at,
    .close = web_source_close,
    .checksum = web_source_checksum,
    .in_order = web_source_in_order,
    .moved = web_source_moved,
    .expect = web_source_expect,
    .forget = web_source_forget,
};

static const struct hw_store_ops store_ops = {
    .size = sizeof(store_ops),
    .list = web_list,
    .stat = web_stat,
    .source_open = web_source_open,
    .sink_open = web_sink_open,
    .remove = web_remove,
    .close = web_close,
};
