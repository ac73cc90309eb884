/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <ctype.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "core/nearest.h"
#include "net/http.h"

enum { BUCKET_BYTES_MAX = 63 };

static enum hw_status bucket_split(const char *rest, struct hw_location *location, struct hw_error *err);
static enum hw_status file_uri_split(const char *rest, struct hw_location *location, struct hw_error *err);

const struct hw_scheme hw_schemes[] = {
    {"s3", bucket_split, hw_store_s3_open},
    {"file", file_uri_split, hw_store_file_open},
    {NULL, NULL, NULL},
};

static size_t scheme_span(const char *uri);
static const struct hw_scheme *scheme_find(const char *name, size_t bytes);
static enum hw_status scheme_unknown(const char *name, size_t bytes, struct hw_error *err);
static enum hw_status path_split(const char *path, struct hw_location *location, struct hw_error *err);

enum hw_status hw_location_parse(const char *uri, struct hw_location *out_location, struct hw_error *err) {
    HW_AUTO(hw_location) location = {0};
    size_t scheme_bytes = scheme_span(uri);
    const struct hw_scheme *scheme = scheme_find(uri, scheme_bytes);
    bool slashes = strncmp(uri + scheme_bytes, "://", 3) == 0;

    if (uri[0] == '\0') {
        return hw_fail(err, HW_EUSAGE, "a store path is empty");
    }
    if (scheme_bytes > 0 && slashes && !scheme) {
        return scheme_unknown(uri, scheme_bytes, err);
    }
    if (scheme && !slashes) {
        return hw_fail(err, HW_EUSAGE, "\"%s:\" wants two slashes, %s://...; a file of that name is ./%s:...",
                       scheme->name, scheme->name, scheme->name);
    }
    if (scheme) {
        location.scheme = scheme;
        HW_TRY(scheme->split(uri + scheme_bytes + 3, &location, err));
    } else {
        location.scheme = scheme_find("file", 4);
        assert(location.scheme);
        HW_TRY(path_split(uri, &location, err));
    }
    *out_location = location;
    location = (struct hw_location){0};
    return HW_OK;
}

/* Bytes of the scheme that `uri` begins with; 0 where it begins with none, as a path does. */
static size_t scheme_span(const char *uri) {
    size_t bytes = 0;
    while (isalnum((unsigned char)uri[bytes]) || (uri[bytes] != '\0' && strchr("+.-", uri[bytes]))) {
        bytes++;
    }
    return isalpha((unsigned char)uri[0]) && uri[bytes] == ':' ? bytes : 0;
}

static const struct hw_scheme *scheme_find(const char *name, size_t bytes) {
    for (const struct hw_scheme *scheme = hw_schemes; scheme->name; scheme++) {
        if (hw_view_equal((hw_view){name, bytes}, hw_view_of(scheme->name))) {
            return scheme;
        }
    }
    return NULL;
}

static enum hw_status scheme_unknown(const char *name, size_t bytes, struct hw_error *err) {
    const char *known[COUNT_OF(hw_schemes)];
    char word[HW_NEAREST_WORD_BYTES_MAX + 1];
    char quoted[HW_QUOTE_BYTES];
    char list[128] = "";
    size_t count = 0;

    for (; hw_schemes[count].name; count++) {
        size_t used = strlen(list);
        known[count] = hw_schemes[count].name;
        snprintf(list + used, sizeof(list) - used, "%s%s://", count > 0 ? ", " : "", known[count]);
    }
    snprintf(word, sizeof(word), "%.*s", (int)hw_min_size(bytes, sizeof(word) - 1), name);
    const char *nearest = hw_nearest(word, known, count);
    return hw_fail(err, HW_EUSAGE, "unknown scheme %s%s%s%s; known are %s",
                   hw_quote(name, bytes, quoted, sizeof(quoted)), nearest ? ", did you mean " : "",
                   nearest ? nearest : "", nearest ? "://" : "", list);
}

/*
 * S3's rules for general purpose buckets; those on prefixes and suffixes are left out, because
 * aliases of access points use them. Names of one or two letters are for the client to judge: AWS
 * has none, services like it may.
 */
static const char *bucket_fault(const char *name, size_t bytes) {
    size_t dots = 0, digits = 0;

    if (bytes == 0 || bytes > BUCKET_BYTES_MAX) {
        return "has 1 to 63 characters";
    }
    for (size_t i = 0; i < bytes; i++) {
        bool digit = name[i] >= '0' && name[i] <= '9';
        if (!digit && !(name[i] >= 'a' && name[i] <= 'z') && name[i] != '.' && name[i] != '-') {
            return "has lower-case letters, digits, '.' and '-' only";
        }
        if (name[i] == '.' && i > 0 && name[i - 1] == '.') {
            return "has no two dots in a row";
        }
        dots += name[i] == '.';
        digits += digit;
    }
    if (!isalnum((unsigned char)name[0]) || !isalnum((unsigned char)name[bytes - 1])) {
        return "begins and ends with a letter or digit";
    }
    return dots == 3 && digits + dots == bytes ? "is not an IP address" : NULL;
}

static enum hw_status location_fill(struct hw_location *location, hw_view root, hw_view key, struct hw_error *err) {
    location->root = hw_strndup(root.data, root.size);
    location->key = hw_strndup(key.data, key.size);
    return location->root && location->key ? HW_OK : hw_fail_nomem(err, root.size + key.size + 2);
}

static enum hw_status bucket_split(const char *rest, struct hw_location *location, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    size_t bytes = strcspn(rest, "/");
    const char *fault = bucket_fault(rest, bytes);

    if (fault) {
        return hw_fail(err, HW_EUSAGE, "%s is no bucket: a bucket's name %s",
                       hw_quote(rest, bytes, quoted, sizeof(quoted)), fault);
    }
    const char *key = rest + bytes + (rest[bytes] == '/');
    return location_fill(location, (hw_view){rest, bytes}, hw_view_of(key), err);
}

static enum hw_status file_uri_split(const char *rest, struct hw_location *location, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];

    if (rest[0] != '/') {
        return hw_fail(err, HW_EUSAGE,
                       "a file URI names no host and an absolute path, file:///dir/name, but has the host %s",
                       hw_quote(rest, strcspn(rest, "/"), quoted, sizeof(quoted)));
    }
    return path_split(rest, location, err);
}

/*
 * Drops "." and empty names. A ".." that ends the path can only be a directory and gets its '/', so
 * `path` needs room for one byte more.
 */
static void path_tidy(char *path) {
    size_t used = 0;
    const char *at = path;

    while (*at != '\0') {
        size_t bytes = strcspn(at, "/");
        bool closed = at[bytes] == '/';
        bool up = bytes == 2 && memcmp(at, "..", 2) == 0;
        if (bytes > 0 && !(bytes == 1 && at[0] == '.')) {
            memmove(path + used, at, bytes);
            used += bytes;
            at += bytes + closed;
            if (closed || up) {
                path[used++] = '/';
            }
        } else {
            at += bytes + closed;
        }
    }
    path[used] = '\0';
}

static enum hw_status path_split(const char *path, struct hw_location *location, struct hw_error *err) {
    size_t bytes = strlen(path);
    char *key = hw_alloc(bytes + 2);

    if (!key) {
        return hw_fail_nomem(err, bytes + 2);
    }
    memset(key, 0, bytes + 2);
    memcpy(key, path, bytes);
    path_tidy(key);
    enum hw_status status = location_fill(location, hw_view_of(path[0] == '/' ? "/" : ""), hw_view_of(key), err);
    hw_free(key);
    return status;
}

void hw_location_release(struct hw_location *location) {
    hw_free(location->root);
    hw_free(location->key);
    *location = (struct hw_location){0};
}

enum hw_status hw_store_open(const struct hw_location *location, const struct hw_store_options *options,
                             struct hw_store **out_store, struct hw_error *err) {
    return location->scheme->open(location->root, options, out_store, err);
}

uint32_t hw_store_connections(const struct hw_store_options *options) {
    return options->connections_max > 0 ? options->connections_max : HW_HTTP_CONNECTIONS;
}

void hw_store_close(struct hw_store *store) {
    if (store) {
        store->ops->close(store);
    }
}

enum hw_status hw_store_source_open(struct hw_store *store, const char *key, struct hw_source **out_source,
                                    struct hw_error *err) {
    struct hw_object_info info;
    char etag[128];
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
        status = hw_fail(err, HW_ELIMIT, "%" PRIu64 " bytes are more than the %zu that are read at once", source->size,
                         limit);
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

static enum hw_status location_sink_open(const struct hw_location *location, const struct hw_store_options *options,
                                         const char *content_type, struct hw_store **out_store,
                                         struct hw_sink **out_sink, struct hw_error *err);

enum hw_status hw_store_sink_at(const char *path, const struct hw_store_options *options, const char *content_type,
                                struct hw_store **out_store, struct hw_sink **out_sink, struct hw_error *err) {
    struct hw_location location = {0};
    enum hw_status status = hw_location_parse(path, &location, err);
    if (status == HW_OK) {
        status = location_sink_open(&location, options, content_type, out_store, out_sink, err);
        hw_location_release(&location);
    }
    if (status != HW_OK) {
        hw_error_object(err, path);
    }
    return status;
}

static enum hw_status location_sink_open(const struct hw_location *location, const struct hw_store_options *options,
                                         const char *content_type, struct hw_store **out_store,
                                         struct hw_sink **out_sink, struct hw_error *err) {
    const struct hw_sink_options sink_options = {.content_type = content_type};
    assert(location->key);
    hw_view key = hw_view_of(location->key);
    struct hw_store *store;

    if (key.size == 0 || hw_view_ends(key, HW_VIEW("/"))) {
        return hw_fail(err, HW_EUSAGE, "this is a folder, but it is one object that is to be written");
    }
    HW_TRY(hw_store_open(location, options, &store, err));
    enum hw_status status = store->ops->sink_open(store, location->key, &sink_options, out_sink, err);
    if (status != HW_OK) {
        hw_store_close(store);
        return status;
    }
    *out_store = store;
    return HW_OK;
}

enum hw_status hw_store_write_path(const char *path, const struct hw_store_options *options, const char *content_type,
                                   hw_view data, struct hw_error *err) {
    struct hw_store *store;
    struct hw_sink *sink;
    HW_TRY(hw_store_sink_at(path, options, content_type, &store, &sink, err));
    enum hw_status status = sink->ops->write(sink, data.data, data.size, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    sink->ops->free(sink);
    hw_store_close(store);
    if (status != HW_OK) {
        hw_error_object(err, path);
    }
    return status;
}
