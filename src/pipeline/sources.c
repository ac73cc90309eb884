/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/sources.h"

#include <fnmatch.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "core/view.h"

/* What names of CSV objects end in: one of the first, then at most one of the second. */
static const char *const text_extensions[] = {".csv", ".tsv", ".tab", ".psv", ".txt"};
static const char *const packed_extensions[] = {".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz", ".lz4", ".zip"};

static bool extension_cut(hw_view *name, const char *const *extensions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t bytes = strlen(extensions[i]);
        if (name->size > bytes && strncasecmp(name->data + name->size - bytes, extensions[i], bytes) == 0) {
            name->size -= bytes;
            return true;
        }
    }
    return false;
}

static bool named_csv(const char *key) {
    hw_view name = hw_view_of(key);
    bool zip = hw_view_ends(name, HW_VIEW(".zip")) || hw_view_ends(name, HW_VIEW(".ZIP"));
    extension_cut(&name, packed_extensions, COUNT_OF(packed_extensions));
    return zip || extension_cut(&name, text_extensions, COUNT_OF(text_extensions));
}

hw_view hw_sources_base(const char *name) {
    hw_view base = hw_view_of(name);
    extension_cut(&base, packed_extensions, COUNT_OF(packed_extensions));
    extension_cut(&base, text_extensions, COUNT_OF(text_extensions));
    return base;
}

bool hw_sources_folder(const struct hw_location *location) {
    struct stat info;
    char path[4096];
    if (!hw_location_is_file(location)) {
        return false;
    }
    int used = snprintf(path, sizeof(path), "%s%s", location->root, location->key);
    return used >= 0 && (size_t)used < sizeof(path) && stat(used > 0 ? path : ".", &info) == 0 && S_ISDIR(info.st_mode);
}

bool hw_sources_remote(const struct hw_sources *sources) {
    bool remote = false;
    for (size_t i = 0; !remote && i < sources->count; i++) {
        remote = sources->places[i].store && sources->places[i].store->remote;
    }
    return remote;
}

void hw_sources_release(struct hw_sources *sources) {
    for (size_t i = 0; i < sources->count; i++) {
        hw_store_close(sources->places[i].store);
    }
    hw_free(sources->places);
    hw_arena_release(&sources->arena);
    *sources = (struct hw_sources){0};
}

/* ------ opening */

static enum hw_status place_find(struct hw_sources *sources, struct hw_source_place *place,
                                 const struct hw_location *location, struct hw_error *err);

static enum hw_status place_open(struct hw_sources *sources, struct hw_source_place *place,
                                 const struct hw_convert_options *options, struct hw_error *err) {
    struct hw_location location;
    if (strcmp(place->text, "-") == 0) {
        place->key = "-";
        place->base = "stdin";
        return HW_OK;
    }
    HW_TRY(hw_location_parse(place->text, &options->source_store, &location, err));
    enum hw_status status = hw_store_open(&location, &options->source_store, &place->store, err);
    if (status == HW_OK) {
        status = place_find(sources, place, &location, err);
    }
    hw_location_release(&location);
    return status;
}

enum hw_status hw_sources_open(struct hw_sources *sources, const char *const *names, size_t count,
                               const struct hw_convert_options *options, struct hw_error *err) {
    sources->places = hw_alloc_zero(count, sizeof(*sources->places));
    if (!sources->places) {
        return hw_fail_nomem(err, count * sizeof(*sources->places));
    }
    sources->several = count > 1;
    for (size_t i = 0; i < count; i++) {
        sources->places[i].text = names[i];
        sources->count = i + 1;
        HW_TRY(place_open(sources, &sources->places[i], options, err));
        sources->several |= sources->places[i].several;
    }
    return HW_OK;
}

enum hw_status hw_sources_open_batches(struct hw_sources *sources, struct hw_batch_stream *batches, const char *name,
                                       struct hw_error *err) {
    sources->places = hw_alloc_zero(1, sizeof(*sources->places));
    if (!sources->places) {
        return hw_fail_nomem(err, sizeof(*sources->places));
    }
    sources->places[0] = (struct hw_source_place){.text = name, .batches = batches, .key = name, .base = name};
    sources->count = 1;
    return HW_OK;
}

/* What a place is: a folder, a glob, or an object, whose name may have such characters in it. */
static enum hw_status place_find(struct hw_sources *sources, struct hw_source_place *place,
                                 const struct hw_location *location, struct hw_error *err) {
    struct hw_object_info info;
    char etag[128];
    const size_t key_bytes = strlen(location->key);
    const bool folder = hw_sources_folder(location);
    const bool prefix = folder || key_bytes == 0 || location->key[key_bytes - 1] == '/';
    place->glob = location->key[strcspn(location->key, "*?[")] != '\0';
    if (place->glob && place->store->ops->stat(place->store, location->key, &info, etag, NULL) == HW_OK) {
        place->glob = false;
    }
    place->several = place->glob || prefix;
    const char *slash = place->several && folder && key_bytes > 0 && location->key[key_bytes - 1] != '/' ? "/" : "";
    place->key = hw_arena_join(&sources->arena, location->key, slash);
    if (!place->key) {
        return hw_fail_nomem(err, key_bytes);
    }
    const size_t fixed = place->glob ? strcspn(place->key, "*?[") : strlen(place->key);
    const char *folder_end = memrchr(place->key, '/', fixed);
    place->base_at = folder_end ? (size_t)(folder_end - place->key) + 1 : 0;
    return HW_OK;
}

/* ------ listing */

/* While a source's objects are listed. */
struct listing {
    const struct hw_sources_listener *listener;
    const struct hw_source_place *place;
    const char *prefix; /* that keys were asked for by */
    size_t found;
    size_t other;           /* objects that are no CSV by their name */
    enum hw_status refused; /* by the listener: no fault of the store's */
};

static enum hw_status listing_each(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct listing *listing = ctx;
    const struct hw_source_place *place = listing->place;
    if (!hw_view_starts(hw_view_of(info->key), hw_view_of(listing->prefix))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EPROTOCOL, "the store lists %s, which does not begin as the keys that were asked for",
                       hw_quote(info->key, strlen(info->key), quoted, sizeof(quoted)));
    }
    bool wanted = place->glob ? fnmatch(place->key, info->key, FNM_PATHNAME) == 0 : named_csv(info->key);
    if (!wanted) {
        listing->other++;
        return HW_OK;
    }
    listing->found++;
    listing->refused = listing->listener->found(listing->listener->ctx, place, info, err);
    return listing->refused;
}

static enum hw_status missing_tell(const struct hw_sources_listener *listener, const struct hw_source_place *place,
                                   struct hw_error *fault, struct hw_error *err) {
    hw_error_object(fault, place->text);
    return listener->missing(listener->ctx, fault, err);
}

static enum hw_status many_list(const struct hw_source_place *place, const struct hw_sources_listener *listener,
                                struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const size_t fixed = place->glob ? strcspn(place->key, "*?[") : strlen(place->key);
    struct hw_error fault = HW_ERROR_INIT;
    struct listing listing = {
        .listener = listener, .place = place, .prefix = hw_arena_strndup(&arena, place->key, fixed)};
    if (!listing.prefix) {
        return hw_fail_nomem(err, fixed);
    }
    enum hw_status status = place->store->ops->list(place->store, listing.prefix, listing_each, &listing, &fault);
    if (listing.refused != HW_OK) {
        return hw_error_pass(err, listing.refused, &fault);
    }
    if (status == HW_ENOTFOUND) {
        return missing_tell(listener, place, &fault, err); /* no such bucket or folder */
    }
    if (status != HW_OK) {
        hw_error_object(&fault, place->text);
        return hw_error_pass(err, status, &fault);
    }
    if (listing.found > 0) {
        return HW_OK;
    }
    hw_error_set(&fault, HW_ENOTFOUND,
                 listing.other > 0 && !place->glob
                     ? "found %zu objects, none is CSV by its name (a glob takes any name)"
                     : "found no objects",
                 listing.other);
    return missing_tell(listener, place, &fault, err);
}

static enum hw_status single_list(const struct hw_source_place *place, const struct hw_sources_listener *listener,
                                  struct hw_error *err) {
    struct hw_object_info info = {.key = place->key, .etag = ""};
    struct hw_error fault = HW_ERROR_INIT;
    char etag[128];
    enum hw_status status = HW_OK;
    if (place->store) {
        status = place->store->ops->stat(place->store, place->key, &info, etag, &fault);
    }
    if (status == HW_ENOTFOUND) {
        return missing_tell(listener, place, &fault, err);
    }
    if (status != HW_OK) {
        hw_error_object(&fault, place->text);
        return hw_error_pass(err, status, &fault);
    }
    return listener->found(listener->ctx, place, &info, err);
}

enum hw_status hw_sources_list(const struct hw_sources *sources, const struct hw_sources_listener *listener,
                               struct hw_error *err) {
    for (size_t i = 0; i < sources->count; i++) {
        const struct hw_source_place *place = &sources->places[i];
        HW_TRY(place->several ? many_list(place, listener, err) : single_list(place, listener, err));
    }
    return HW_OK;
}
