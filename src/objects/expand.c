/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/expand.h"

#include <sys/stat.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "objects/wildcard.h"
#include "store/store_s3.h"

static enum hw_status place_fill(struct hw_expand *expand, const struct hw_location *location,
                                 const struct hw_expand_options *options, struct hw_error *err);

enum hw_status hw_expand_open(struct hw_expand *expand, const char *text, struct hw_store_set *set,
                              const struct hw_expand_options *options, struct hw_error *err) {
    static const struct hw_expand_options defaults = {0};
    HW_AUTO(hw_location) location = {0};
    struct hw_expand found = {.text = text};
    enum hw_status status = hw_location_parse(text, set->options, &location, err);
    status = status ? status : hw_store_set_get(set, &location, &found.store, err);
    status = status ? status : place_fill(&found, &location, options ? options : &defaults, err);
    if (status) {
        hw_error_object(err, text);
        hw_expand_release(&found);
        return status;
    }
    *expand = found;
    return HW_OK;
}

void hw_expand_release(struct hw_expand *expand) {
    hw_free(expand->key);
    hw_free(expand->pattern);
    hw_free(expand->name);
    *expand = (struct hw_expand){0};
}

/* A local file whose name has the characters of a wildcard is that file. */
static bool file_there(const struct hw_location *location) {
    struct stat info;
    HW_AUTO(hw_buf) path = {0};
    return hw_location_is_file(location) &&
           hw_buf_printf(&path, NULL, "%s%s", location->root, location->key) == HW_OK &&
           lstat((const char *)path.data, &info) == 0;
}

/* The last '/' of the first `bytes` of a key, and so the end of the folder that they name. */
static size_t folder_bytes(const char *key, size_t bytes) {
    while (bytes > 0 && key[bytes - 1] != '/') {
        bytes--;
    }
    return bytes;
}

static enum hw_status folder_fill(struct hw_expand *expand, const struct hw_location *location, struct hw_error *err);

static enum hw_status place_fill(struct hw_expand *expand, const struct hw_location *location,
                                 const struct hw_expand_options *options, struct hw_error *err) {
    const char *key = location->key;
    const size_t bytes = strlen(key);
    expand->web = hw_location_single(location);
    const bool wildcard = !options->raw && !expand->web && hw_wildcard_there(key) && !file_there(location);
    const bool slash = bytes == 0 || key[bytes - 1] == '/';
    if (wildcard) {
        const size_t literal_bytes = hw_wildcard_literal_bytes(key);
        expand->several = true;
        expand->base_at = folder_bytes(key, literal_bytes);
        expand->key = hw_strndup(key, literal_bytes);
        expand->pattern = hw_strdup(key);
        return expand->key && expand->pattern ? HW_OK : hw_fail_nomem(err, bytes + 1);
    }
    if (!expand->web && (slash || options->folder || hw_location_folder_there(location))) {
        return folder_fill(expand, location, err);
    }
    expand->base_at = folder_bytes(key, bytes);
    expand->key = hw_strdup(key);
    expand->name = hw_strdup(location->name ? location->name : key + expand->base_at);
    return expand->key && expand->name ? HW_OK : hw_fail_nomem(err, bytes + 1);
}

static enum hw_status folder_fill(struct hw_expand *expand, const struct hw_location *location, struct hw_error *err) {
    const size_t bytes = strlen(location->key);
    const bool slash = bytes == 0 || location->key[bytes - 1] == '/';
    if (hw_location_is_file(location) && !hw_location_folder_there(location)) {
        return hw_fail(err, HW_ENOTFOUND,
                       file_there(location) ? "this is a file, not a folder" : "there is no such folder");
    }
    HW_AUTO(hw_buf) prefix = {0};
    HW_TRY(hw_buf_printf(&prefix, err, "%s%s", location->key, slash ? "" : "/"));
    expand->several = true;
    expand->base_at = bytes + !slash;
    expand->key = hw_strdup((const char *)prefix.data);
    return expand->key ? HW_OK : hw_fail_nomem(err, prefix.size);
}

enum hw_status hw_expand_version(const struct hw_expand *expand, struct hw_error *err) {
    if (!expand->several && hw_store_s3_client(expand->store)) {
        return HW_OK;
    }
    enum hw_status status = hw_fail(err, HW_EUSAGE, "a version is that of one object: s3://bucket/key");
    hw_error_object(err, expand->text);
    return status;
}

/* Returns whether one of the names between '/' is "..". */
static bool leads_up(const char *path) {
    bool up = false;
    for (const char *at = path; at && !up; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL) {
        up = strcmp(at, "..") == 0 || strncmp(at, "../", 3) == 0;
    }
    return up;
}

enum hw_status hw_expand_key_below(const struct hw_expand *folder, const char *path, char **out_key,
                                   struct hw_error *err) {
    static const struct hw_store_options no_stores = {0};
    HW_AUTO(hw_location) location = {0};
    HW_AUTO(hw_buf) below = {0};
    HW_AUTO(hw_buf) key = {0};
    if (folder->store->files && (path[0] == '/' || leads_up(path))) {
        return hw_fail(err, HW_EUSAGE, "leads out of the folder that the paths of the list are below");
    }
    if (folder->store->files) {
        /* Whatever stands before it, a path below a folder is that of a file. */
        HW_TRY(hw_buf_printf(&below, err, "./%s", path));
        HW_TRY(hw_location_parse((const char *)below.data, &no_stores, &location, err));
    }
    const char *tidy = folder->store->files ? location.key : path;
    if (tidy[0] == '\0' || hw_view_ends(hw_view_of(tidy), HW_VIEW("/"))) {
        return hw_fail(err, HW_EUSAGE, "is a folder: a list names objects");
    }
    HW_TRY(hw_buf_printf(&key, err, "%s%s", folder->key, tidy));
    char *made = hw_strdup((const char *)key.data);
    if (!made) {
        return hw_fail_nomem(err, key.size + 1);
    }
    *out_key = made;
    return HW_OK;
}

bool hw_expand_names(const struct hw_expand *expand, const char *key) {
    if (!expand->several) {
        return strcmp(expand->key, key) == 0;
    }
    return expand->pattern ? hw_wildcard_matches(hw_view_of(expand->pattern), hw_view_of(key))
                           : hw_view_starts(hw_view_of(key), hw_view_of(expand->key));
}

/* ------ listing */

struct listing {
    const struct hw_expand *expand;
    const struct hw_filter *filter;
    hw_expanded_fn *each;
    void *ctx;
    bool some;
};

static enum hw_status listed(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct listing *listing = ctx;
    const struct hw_expand *expand = listing->expand;
    const struct hw_expanded object = {.info = info, .name = info->key + expand->base_at};
    if (expand->pattern && !hw_expand_names(expand, info->key)) {
        return HW_OK;
    }
    listing->some = true;
    return hw_filter_takes(listing->filter, object.name) ? listing->each(listing->ctx, &object, err) : HW_OK;
}

enum hw_status hw_expand_each(const struct hw_expand *expand, const struct hw_filter *filter, hw_expanded_fn *each,
                              void *ctx, bool *out_some, struct hw_error *err) {
    struct listing listing = {.expand = expand, .filter = filter, .each = each, .ctx = ctx};
    HW_TRY(expand->store->ops->list(expand->store, expand->key, listed, &listing, err));
    *out_some = listing.some;
    return HW_OK;
}

enum hw_status hw_expand_list(const struct hw_expand *expand, const struct hw_filter *filter, hw_expanded_fn *each,
                              void *ctx, struct hw_error *err) {
    bool some = false;
    HW_TRY(hw_expand_each(expand, filter, each, ctx, &some, err));
    const bool may_be_empty = expand->store->files && !expand->pattern;
    if (some || may_be_empty) {
        return HW_OK;
    }
    enum hw_status status =
        hw_fail(err, HW_ENOTFOUND, expand->pattern ? "nothing matches" : "there is no object below this prefix");
    hw_error_object(err, expand->text);
    return status;
}
