/* SPDX-License-Identifier: Apache-2.0 */
#include "store/location.h"

#include <ctype.h>
#include <stdio.h>

#include "aws/arn.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "core/nearest.h"
#include "store/file_system.h"
#include "store/store_file.h"
#include "store/store_s3.h"
#include "store/store_web.h"
#include "web/address.h"

enum { BUCKET_BYTES_MAX = 63 };

/* One row a scheme; the table ends with a row without a name. */
struct hw_scheme {
    const char *name; /* "s3" */
    /*
     * Takes apart what stands behind "<name>://": fills root and key, HW_EUSAGE where it names
     * nothing of this scheme.
     */
    enum hw_status (*split)(const char *rest, struct hw_location *location, struct hw_error *err);
    enum hw_status (*open)(const char *root, const struct hw_store_options *options, struct hw_store **out_store,
                           struct hw_error *err);
    /* True if the store is only read, and lists nothing. */
    bool web;
};

static enum hw_status bucket_split(const char *rest, struct hw_location *location, struct hw_error *err);
static enum hw_status file_uri_split(const char *rest, struct hw_location *location, struct hw_error *err);
static enum hw_status https_split(const char *rest, struct hw_location *location, struct hw_error *err);
static enum hw_status http_split(const char *rest, struct hw_location *location, struct hw_error *err);

/* The places of the schemes in their table. */
enum { SCHEME_S3, SCHEME_FILE, SCHEME_HTTPS, SCHEME_HTTP, SCHEMES_COUNT };

static const struct hw_scheme schemes[SCHEMES_COUNT] = {
    [SCHEME_S3] = {"s3", bucket_split, hw_store_s3_open, false},
    [SCHEME_FILE] = {"file", file_uri_split, hw_store_file_open, false},
    [SCHEME_HTTPS] = {"https", https_split, hw_store_web_open, true},
    [SCHEME_HTTP] = {"http", http_split, hw_store_web_open, true},
};

static size_t scheme_span(const char *path);
static const struct hw_scheme *scheme_find(const char *name, size_t bytes);
static void scheme_unknown_tell(const char *name, size_t bytes, const struct hw_store_options *options,
                                struct hw_error *err);
static enum hw_status own_find(const char *path, const struct hw_store_options *options, struct hw_store **out_store,
                               struct hw_error *err);
static enum hw_status path_split(const char *path, struct hw_location *location, struct hw_error *err);
static enum hw_status location_fill(struct hw_location *location, hw_view root, hw_view key, struct hw_error *err);

enum hw_status hw_location_parse(const char *path, const struct hw_store_options *options,
                                 struct hw_location *out_location, struct hw_error *err) {
    HW_AUTO(hw_location) location = {0};
    size_t scheme_bytes = scheme_span(path);
    const struct hw_scheme *scheme = scheme_find(path, scheme_bytes);
    bool slashes = strncmp(path + scheme_bytes, "://", 3) == 0;

    if (path[0] == '\0') {
        return hw_fail(err, HW_EUSAGE, "a store path is empty");
    }
    HW_TRY(own_find(path, options, &location.own, err));
    if (scheme_bytes > 0 && slashes && !scheme && !location.own) {
        scheme_unknown_tell(path, scheme_bytes, options, err);
        return HW_EUSAGE;
    }
    if (scheme && !slashes) {
        return hw_fail(err, HW_EUSAGE, "\"%s:\" wants two slashes, %s://...; a file of that name is ./%s:...",
                       scheme->name, scheme->name, scheme->name);
    }
    if (location.own) {
        HW_TRY(location_fill(&location, HW_VIEW(""), hw_view_of(path + strlen(location.own->root)), err));
    } else if (scheme) {
        location.scheme = scheme;
        HW_TRY(scheme->split(path + scheme_bytes + 3, &location, err));
    } else {
        location.scheme = &schemes[SCHEME_FILE];
        HW_TRY(path_split(path, &location, err));
    }
    *out_location = location;
    location = (struct hw_location){0};
    return HW_OK;
}

/* Returns the bytes of the scheme that `path` begins with; 0 where it begins with none. */
static size_t scheme_span(const char *path) {
    size_t bytes = 0;
    while (isalnum((unsigned char)path[bytes]) || (path[bytes] != '\0' && strchr("+.-", path[bytes]))) {
        bytes++;
    }
    return isalpha((unsigned char)path[0]) && path[bytes] == ':' ? bytes : 0;
}

static const struct hw_scheme *scheme_find(const char *name, size_t bytes) {
    for (size_t i = 0; i < SCHEMES_COUNT; i++) {
        if (hw_view_equal((hw_view){name, bytes}, hw_view_of(schemes[i].name))) {
            return &schemes[i];
        }
    }
    return NULL;
}

/* Finds the program's own store that a path is in; NULL where it is in none of them. */
static enum hw_status own_find(const char *path, const struct hw_store_options *options, struct hw_store **out_store,
                               struct hw_error *err) {
    for (size_t i = 0; options && i < options->stores_count; i++) {
        const char *root = options->stores[i]->root;
        const size_t bytes = scheme_span(root);
        if (bytes == 0 || strcmp(root + bytes, "://") != 0 || scheme_find(root, bytes)) {
            return hw_fail(err, HW_EUSAGE,
                           "\"%.64s\" is not the root of a program's own store: that is a name which no other store "
                           "has, and \"://\"",
                           root);
        }
        if (hw_view_starts(hw_view_of(path), hw_view_of(root))) {
            *out_store = options->stores[i];
            return HW_OK;
        }
    }
    return HW_OK;
}

static void scheme_unknown_tell(const char *name, size_t bytes, const struct hw_store_options *options,
                                struct hw_error *err) {
    const char *known[COUNT_OF(schemes)];
    char word[HW_NEAREST_WORD_BYTES_MAX + 1];
    char quoted[HW_QUOTE_BYTES];
    char list[128] = "";
    size_t count = 0;

    for (; count < SCHEMES_COUNT; count++) {
        known[count] = schemes[count].name;
        snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s://", count > 0 ? ", " : "", known[count]);
    }
    for (size_t i = 0; options && i < options->stores_count; i++) {
        snprintf(list + strlen(list), sizeof(list) - strlen(list), ", %s", options->stores[i]->root);
    }
    snprintf(word, sizeof(word), "%.*s", (int)hw_min_size(bytes, sizeof(word) - 1), name);
    const char *nearest = hw_nearest(word, known, count);
    hw_error_set(err, HW_EUSAGE, "unknown scheme %s%s%s%s; known are %s", hw_quote(name, bytes, quoted, sizeof(quoted)),
                 nearest ? ", did you mean " : "", nearest ? nearest : "", nearest ? "://" : "", list);
}

bool hw_path_is_file(const char *path) {
    const size_t bytes = scheme_span(path);
    const bool scheme = bytes > 0 && strncmp(path + bytes, "://", 3) == 0;
    return !scheme || hw_view_equal((hw_view){path, bytes}, HW_VIEW("file"));
}

bool hw_location_is_file(const struct hw_location *location) {
    return location->scheme && strcmp(location->scheme->name, "file") == 0;
}

bool hw_location_single(const struct hw_location *location) {
    return location->scheme && location->scheme->web;
}

bool hw_location_folder_there(const struct hw_location *location) {
    struct stat info;
    char *path = hw_location_is_file(location) ? hw_file_path(location->root, location->key) : NULL;
    const bool there = path && stat(path[0] ? path : ".", &info) == 0 && S_ISDIR(info.st_mode);
    hw_free(path);
    return there;
}

enum hw_status hw_location_check_writable(const struct hw_location *location, struct hw_error *err) {
    return hw_location_single(location)
               ? hw_fail(err, HW_EUSAGE, "%s:// is only read: nothing can be written there", location->scheme->name)
               : HW_OK;
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

/* The ARN of an access point stands in the place of a bucket. What is in it is for AWS to judge. */
static enum hw_status arn_split(const char *rest, struct hw_location *location, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    size_t bytes = hw_arn_span(hw_view_of(rest));

    if (bytes == 0 || (rest[bytes] != '/' && rest[bytes] != '\0')) {
        return hw_fail(err, HW_EUSAGE,
                       "%s is not the ARN of an access point and a key, which is like "
                       "s3://arn:aws:s3:us-west-2:123456789012:accesspoint/name/key",
                       hw_quote(rest, strlen(rest), quoted, sizeof(quoted)));
    }
    const char *key = rest + bytes + (rest[bytes] == '/');
    return location_fill(location, (hw_view){rest, bytes}, hw_view_of(key), err);
}

static enum hw_status bucket_split(const char *rest, struct hw_location *location, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    if (hw_arn_like(hw_view_of(rest))) {
        return arn_split(rest, location, err);
    }
    size_t bytes = strcspn(rest, "/");
    const char *fault = bucket_fault(rest, bytes);

    if (fault) {
        return hw_fail(err, HW_EUSAGE, "%s is not a bucket: the name of a bucket %s",
                       hw_quote(rest, bytes, quoted, sizeof(quoted)), fault);
    }
    const char *key = rest + bytes + (rest[bytes] == '/');
    return location_fill(location, (hw_view){rest, bytes}, hw_view_of(key), err);
}

static enum hw_status file_uri_split(const char *rest, struct hw_location *location, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];

    if (rest[0] != '/') {
        return hw_fail(err, HW_EUSAGE,
                       "a file URI has no host and an absolute path, file:///folder/name, but this one has the host %s",
                       hw_quote(rest, strcspn(rest, "/"), quoted, sizeof(quoted)));
    }
    return path_split(rest, location, err);
}

/* The store is all of the web, so that objects of several hosts share it. */
static enum hw_status web_split(const char *root, const char *rest, struct hw_location *location,
                                struct hw_error *err) {
    HW_AUTO(hw_buf) address = {0};
    HW_AUTO(hw_buf) name = {0};
    HW_TRY(hw_buf_printf(&address, err, "%s%s", root, rest));
    enum hw_status status = hw_web_address_check((const char *)address.data, err);
    if (status != HW_OK) {
        hw_error_object(err, (const char *)address.data);
        return status;
    }
    HW_TRY(hw_web_address_name((const char *)address.data, &name, err));
    location->name = hw_strdup((const char *)name.data);
    return location->name ? location_fill(location, hw_view_of(root), hw_view_of(rest), err)
                          : hw_fail_nomem(err, name.size);
}

static enum hw_status https_split(const char *rest, struct hw_location *location, struct hw_error *err) {
    return web_split("https://", rest, location, err);
}

static enum hw_status http_split(const char *rest, struct hw_location *location, struct hw_error *err) {
    return web_split("http://", rest, location, err);
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
    hw_free(location->name);
    *location = (struct hw_location){0};
}

enum hw_status hw_store_open(const struct hw_location *location, const struct hw_store_options *options,
                             struct hw_store **out_store, struct hw_error *err) {
    if (location->own) {
        *out_store = location->own;
        return HW_OK;
    }
    return location->scheme->open(location->root, options, out_store, err);
}

enum hw_status hw_store_read_at(const char *path, const struct hw_store_options *options, size_t limit,
                                struct hw_buf *out, struct hw_error *err) {
    struct hw_location location = {0};
    struct hw_store *store = NULL;
    HW_TRY(hw_location_parse(path, options, &location, err));
    enum hw_status status = hw_store_open(&location, options, &store, err);
    if (status == HW_OK) {
        status = hw_store_read_all(store, location.key, limit, out, err);
        hw_store_close(store);
    }
    hw_location_release(&location);
    return status;
}

static enum hw_status location_sink_open(const struct hw_location *location, const struct hw_store_options *options,
                                         const char *content_type, struct hw_store **out_store,
                                         struct hw_sink **out_sink, struct hw_error *err);

enum hw_status hw_store_sink_at(const char *path, const struct hw_store_options *options, const char *content_type,
                                struct hw_store **out_store, struct hw_sink **out_sink, struct hw_error *err) {
    struct hw_location location = {0};
    enum hw_status status = hw_location_parse(path, options, &location, err);
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
    const struct hw_sink_options sink_options = {.content_type = content_type, .proven = true};
    hw_view key = hw_view_of(location->key);
    struct hw_store *store;

    HW_TRY(hw_location_check_writable(location, err));
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
