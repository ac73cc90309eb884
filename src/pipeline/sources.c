/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/sources.h"

#include "core/alloc.h"
#include "core/count.h"
#include "core/object_name.h"
#include "core/view.h"

bool hw_sources_remote(const struct hw_sources *sources) {
    bool remote = false;
    for (size_t i = 0; !remote && i < sources->count; i++) {
        remote = sources->places[i].store && sources->places[i].store->remote;
    }
    return remote;
}

void hw_sources_release(struct hw_sources *sources) {
    for (size_t i = 0; i < sources->count; i++) {
        hw_store_close(sources->places[i].lent ? NULL : sources->places[i].store);
        hw_glob_release(&sources->places[i].glob);
    }
    hw_free(sources->places);
    hw_free(sources->list.paths);
    hw_source_filter_release(&sources->filter);
    hw_arena_release(&sources->arena);
    *sources = (struct hw_sources){0};
}

/* ------ opening */

static enum hw_status list_read(struct hw_sources *sources, size_t named, const struct hw_convert_options *options,
                                struct hw_error *err);
static enum hw_status place_open(struct hw_sources *sources, size_t number, const struct hw_convert_options *options,
                                 struct hw_error *err);
static enum hw_status list_check(const struct hw_sources *sources, struct hw_error *err);
static enum hw_status place_below(struct hw_sources *sources, struct hw_source_place *place, struct hw_error *err);

enum hw_status hw_sources_open(struct hw_sources *sources, const char *const *names, size_t count,
                               const struct hw_convert_options *options, struct hw_error *err) {
    if (count == 0 && !options->files_from) {
        return hw_fail(err, HW_EUSAGE, "no source is named");
    }
    HW_TRY(hw_source_filter_init(&sources->filter, options, err));
    HW_TRY(list_read(sources, count, options, err));
    const size_t all = count + sources->list.count;
    sources->places = hw_alloc_zero(all, sizeof(*sources->places));
    if (!sources->places) {
        return hw_fail_nomem(err, all * sizeof(*sources->places));
    }
    sources->named = count;
    sources->keep_extension = options->keep_extension;
    sources->several = all > 1 || options->files_from;
    for (size_t i = 0; i < count; i++) {
        sources->places[sources->count++].text = names[i];
        HW_TRY(place_open(sources, i, options, err));
        sources->several |= sources->places[i].several;
    }
    if (count > 0 && options->files_from) {
        HW_TRY(list_check(sources, err));
    }
    for (size_t i = 0; i < sources->list.count; i++) {
        sources->places[sources->count++].text = sources->list.paths[i];
        HW_TRY(count > 0 ? place_below(sources, &sources->places[count + i], err)
                         : place_open(sources, i, options, err));
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
    sources->count = sources->named = 1;
    return HW_OK;
}

/* Reads the list of sources, if there is one. `named` sources are named besides. */
static enum hw_status list_read(struct hw_sources *sources, size_t named, const struct hw_convert_options *options,
                                struct hw_error *err) {
    if (!options->files_from) {
        return HW_OK;
    }
    if (named > 1) {
        return hw_fail(err, HW_EUSAGE,
                       "with a list of sources, at most one SRC may be named: the folder that its paths are below");
    }
    const struct hw_path_list_params params = {
        .path = options->files_from,
        .nul = options->files_from_nul,
        .input_fd = options->input_fd,
        .stop = {options->cancelled, options->ctx},
        .store = &options->source_store,
    };
    HW_TRY(hw_path_list_read(&params, &sources->arena, &sources->list, err));
    enum hw_status status =
        sources->list.count > 0 ? HW_OK : hw_fail(err, HW_ENOTFOUND, "the list of sources names none");
    if (status != HW_OK) {
        hw_error_object(err, options->files_from);
    }
    return status;
}

/* Fails unless the only place that was named is a folder, which the paths of a list are below. */
static enum hw_status list_check(const struct hw_sources *sources, struct hw_error *err) {
    const struct hw_source_place *place = &sources->places[0];
    if (place->several && !place->glob.ops) {
        return HW_OK;
    }
    enum hw_status status =
        hw_fail(err, HW_EUSAGE, "with a list of sources, SRC is the folder that its paths are below: end it with '/'");
    hw_error_object(err, place->text);
    return status;
}

/* Makes a place of a path of the list: it is below the folder that was named. */
static enum hw_status place_below(struct hw_sources *sources, struct hw_source_place *place, struct hw_error *err) {
    const struct hw_source_place *folder = &sources->places[0];
    const char *path = place->text;
    while (path[0] == '/' || (path[0] == '.' && path[1] == '/')) {
        path += path[0] == '/' ? 1 : 2;
    }
    place->store = folder->store;
    place->lent = true;
    place->base_at = folder->base_at;
    place->key = hw_arena_join(&sources->arena, folder->key, path);
    place->text = hw_arena_join(&sources->arena, folder->store->root, folder->key, path);
    return place->key && place->text ? HW_OK : hw_fail_nomem(err, strlen(folder->key) + strlen(path));
}

static enum hw_status place_find(struct hw_sources *sources, struct hw_source_place *place,
                                 const struct hw_location *location, bool literal, struct hw_error *err);

/* Whether a location is in a store that is open. The root of a bucket is "s3://bucket/". */
static bool store_same(const struct hw_store *store, const struct hw_location *location) {
    const hw_view name = hw_view_of(location->own ? "" : location->root);
    const hw_view root = hw_view_of(store->root);
    if (location->own || store->files != hw_location_is_file(location)) {
        return false;
    }
    return store->files || hw_location_single(location)
               ? hw_view_equal(root, name)
               : root.size == name.size + strlen("s3:///") && hw_view_starts(root, HW_VIEW("s3://")) &&
                     memcmp(root.data + strlen("s3://"), name.data, name.size) == 0;
}

/* Opens the store of a place, or lends it that of the place before it where it is the same. */
static enum hw_status store_open(struct hw_sources *sources, size_t number, const struct hw_location *location,
                                 const struct hw_convert_options *options, struct hw_error *err) {
    struct hw_source_place *place = &sources->places[number];
    struct hw_store *before = number > 0 ? sources->places[number - 1].store : NULL;
    place->lent = before && store_same(before, location);
    place->store = place->lent ? before : NULL;
    return place->lent ? HW_OK : hw_store_open(location, &options->source_store, &place->store, err);
}

static enum hw_status place_open(struct hw_sources *sources, size_t number, const struct hw_convert_options *options,
                                 struct hw_error *err) {
    struct hw_source_place *place = &sources->places[number];
    struct hw_location location;
    const bool listed = number >= sources->named;
    if (!listed && strcmp(place->text, "-") == 0) {
        place->key = "-";
        place->base = "stdin";
        return HW_OK;
    }
    HW_TRY(hw_location_parse(place->text, &options->source_store, &location, err));
    enum hw_status status = store_open(sources, number, &location, options, err);
    if (status == HW_OK) {
        status = place_find(sources, place, &location, listed, err);
    }
    hw_location_release(&location);
    return status;
}

static enum hw_status glob_make(struct hw_sources *sources, struct hw_source_place *place, const char *key,
                                struct hw_error *err);

static enum hw_status any_found(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    (void)info;
    *(bool *)ctx = true;
    return hw_fail(err, HW_ECANCELLED, "one object is enough");
}

/* Whether a key that could be a glob is the name of an object or a folder that is there. */
static bool key_there(struct hw_source_place *place, const struct hw_location *location) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    const struct hw_store_ops *ops = place->store->ops;
    const size_t bytes = strlen(location->key);
    bool there = hw_location_folder_there(location);
    if (!there && location->key[bytes - 1] == '/') {
        enum hw_status ignored = ops->list(place->store, location->key, any_found, &there, NULL);
        (void)ignored; /* Whoever lists the glob will tell. */
    }
    return there || ops->stat(place->store, location->key, &info, etag, NULL) == HW_OK;
}

/* The place is one object, whose name says what its outputs are called. */
static enum hw_status single_fill(struct hw_sources *sources, struct hw_source_place *place,
                                  const struct hw_location *location, struct hw_error *err) {
    const hw_view base = sources->keep_extension ? hw_view_of(location->name) : hw_name_look(location->name).base;
    place->key = hw_arena_strdup(&sources->arena, location->key);
    place->base = hw_arena_strndup(&sources->arena, base.data, base.size);
    return place->key && place->base ? HW_OK : hw_fail_nomem(err, strlen(location->key));
}

/*
 * Finds out what a place is: a folder, a glob, or an object. A name may have the characters of a
 * glob in it; `literal`: they have no meaning.
 */
static enum hw_status place_find(struct hw_sources *sources, struct hw_source_place *place,
                                 const struct hw_location *location, bool literal, struct hw_error *err) {
    const char *key = location->key;
    if (hw_location_single(location)) {
        return single_fill(sources, place, location, err);
    }
    if (!literal && strpbrk(key, HW_GLOB_BYTES) && !key_there(place, location)) {
        HW_TRY(glob_make(sources, place, key, err));
        key = place->key;
    }
    const struct hw_location found = {.scheme = location->scheme,
                                      .own = location->own,
                                      .root = location->root,
                                      .key = hw_arena_strdup(&sources->arena, key)};
    if (!found.key) {
        return hw_fail_nomem(err, strlen(key));
    }
    const size_t bytes = strlen(found.key);
    const bool glob = place->glob.ops != NULL;
    const bool slash = bytes == 0 || found.key[bytes - 1] == '/';
    const bool folder = !glob && hw_location_folder_there(&found);
    place->several = glob || folder || slash;
    place->key = folder && !slash ? hw_arena_join(&sources->arena, found.key, "/") : found.key;
    if (!place->key) {
        return hw_fail_nomem(err, bytes);
    }
    const char *folder_end = strrchr(place->key, '/');
    place->base_at = folder_end ? (size_t)(folder_end - place->key) + 1 : 0;
    return HW_OK;
}

/* Makes the place a glob, unless all of its characters stand for themselves. */
static enum hw_status glob_make(struct hw_sources *sources, struct hw_source_place *place, const char *key,
                                struct hw_error *err) {
    place->folders = hw_view_ends(hw_view_of(key), HW_VIEW("/"));
    const char *pattern = hw_arena_join(&sources->arena, key, place->folders ? "**" : "");
    if (!pattern) {
        return hw_fail_nomem(err, strlen(key));
    }
    /* In folders names say what is hidden, so that it is counted. */
    HW_TRY(hw_glob_init(&place->glob, pattern, sources->filter.all || place->folders, err));
    place->key = hw_arena_strdup(&sources->arena, place->glob.prefix);
    if (place->glob.literal) {
        hw_glob_release(&place->glob);
    }
    return place->key ? HW_OK : hw_fail_nomem(err, strlen(key));
}

/* ------ listing */

/* While a source's objects are listed. */
struct listing {
    const struct hw_sources_listener *listener;
    struct hw_source_place *place;
    struct hw_source_filter *filter;
    size_t choices[HW_SOURCE_TEXT + 1]; /* objects by what became of them */
    enum hw_status refused;             /* by the listener: no fault of the store's */
};

enum hw_source_choice hw_source_choose(struct hw_source_filter *filter, struct hw_source_place *place,
                                       const char *key) {
    const bool glob = place->glob.ops != NULL;
    if (glob && !hw_glob_matches(&place->glob, hw_view_of(key))) {
        return HW_SOURCE_OTHER;
    }
    return hw_source_filter_choose(filter, key + place->base_at, glob && !place->folders);
}

static enum hw_status listing_each(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct listing *listing = ctx;
    struct hw_source_place *place = listing->place;
    if (!hw_view_starts(hw_view_of(info->key), hw_view_of(place->key))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EPROTOCOL, "the store lists %s, which does not begin as the keys that were asked for",
                       hw_quote(info->key, strlen(info->key), quoted, sizeof(quoted)));
    }
    const enum hw_source_choice choice = hw_source_choose(listing->filter, place, info->key);
    listing->choices[choice]++;
    if (choice != HW_SOURCE_TAKEN) {
        return HW_OK;
    }
    listing->refused = listing->listener->found(listing->listener->ctx, place, info, err);
    return listing->refused;
}

static enum hw_status missing_tell(const struct hw_sources_listener *listener, const struct hw_source_place *place,
                                   struct hw_error *fault, struct hw_error *err) {
    hw_error_object(fault, place->text);
    return listener->missing(listener->ctx, fault, err);
}

/* Names the formats by which objects are taken. */
static const char *formats_text(unsigned formats) {
    static const char *const texts[] = {
        [HW_FORMAT_CSV] = "CSV",
        [HW_FORMAT_PARQUET] = "Parquet",
        [HW_FORMAT_AVRO] = "Avro",
        [HW_FORMAT_CSV | HW_FORMAT_PARQUET] = "CSV or Parquet",
        [HW_FORMAT_CSV | HW_FORMAT_AVRO] = "CSV or Avro",
        [HW_FORMAT_PARQUET | HW_FORMAT_AVRO] = "Parquet or Avro",
        [HW_FORMAT_CSV | HW_FORMAT_PARQUET | HW_FORMAT_AVRO] = "CSV, Parquet or Avro",
    };
    return formats < COUNT_OF(texts) && texts[formats] ? texts[formats] : "a source";
}

/* Says why none of the objects of a place is a source. */
static void nothing_say(const struct listing *listing, struct hw_error *fault) {
    const size_t *choices = listing->choices;
    const char *formats = formats_text(listing->filter->formats);
    size_t all = 0;
    for (size_t i = 0; i < COUNT_OF(listing->choices); i++) {
        all += choices[i];
    }
    const char *found = HW_COUNT(all, "object");
    if (choices[HW_SOURCE_FILTERED] > 0) {
        hw_error_set(fault, HW_ENOTFOUND, "found %s, and --include and --exclude leave none of them", found);
    } else if (choices[HW_SOURCE_TEXT] > 0) {
        hw_error_set(fault, HW_ENOTFOUND,
                     "found %s, none is %s by its name; called .txt: %zu (--include '*.txt' takes such files)", found,
                     formats, choices[HW_SOURCE_TEXT]);
    } else if (choices[HW_SOURCE_JUNK] > 0) {
        hw_error_set(fault, HW_ENOTFOUND,
                     "found %s, none is %s by its name; hidden or temporary: %zu (--all-files takes such files)", found,
                     formats, choices[HW_SOURCE_JUNK]);
    } else if (all > 0 && (!listing->place->glob.ops || listing->place->folders)) {
        hw_error_set(fault, HW_ENOTFOUND, "found %s, none is %s by its name (a glob takes any name)", found, formats);
    } else {
        hw_error_set(fault, HW_ENOTFOUND, "found no objects");
    }
}

static enum hw_status many_list(struct hw_sources *sources, struct hw_source_place *place,
                                const struct hw_sources_listener *listener, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    struct listing listing = {.listener = listener, .place = place, .filter = &sources->filter};
    enum hw_status status = place->store->ops->list(place->store, place->key, listing_each, &listing, &fault);
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
    if (listener->left_out) {
        atomic_fetch_add(&listener->left_out->junk, listing.choices[HW_SOURCE_JUNK]);
        atomic_fetch_add(&listener->left_out->texts, listing.choices[HW_SOURCE_TEXT]);
    }
    if (listing.choices[HW_SOURCE_TAKEN] > 0) {
        return HW_OK;
    }
    nothing_say(&listing, &fault);
    return missing_tell(listener, place, &fault, err);
}

static enum hw_status single_list(const struct hw_source_place *place, const struct hw_sources_listener *listener,
                                  struct hw_error *err) {
    struct hw_object_info info = {.key = place->key, .etag = ""};
    struct hw_error fault = HW_ERROR_INIT;
    char etag[128];
    enum hw_status status = HW_OK;
    if (listener->named_unseen) {
        return listener->found(listener->ctx, place, NULL, err);
    }
    if (place->store) {
        status = hw_store_stat(place->store, place->key, &info, etag, &fault);
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

/* The folder that the paths of a list are below is no source itself. */
enum hw_status hw_sources_list(struct hw_sources *sources, const struct hw_sources_listener *listener,
                               struct hw_error *err) {
    for (size_t i = sources->list.count > 0 ? sources->named : 0; i < sources->count; i++) {
        struct hw_source_place *place = &sources->places[i];
        HW_TRY(place->several ? many_list(sources, place, listener, err) : single_list(place, listener, err));
    }
    return HW_OK;
}
