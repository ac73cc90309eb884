/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_manifest.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "store/store_file.h"

/* A path of an output in the store whose folders are looked at; NULL: there is none. */
struct way {
    struct hw_store *store;
    const char *key;
};

/* ------ the ways to a place */

static enum hw_status real_find(const struct hw_optimize_place *place, struct hw_arena *arena, const char **out_path,
                                struct hw_error *err);
static enum hw_status named_find(const char *output, struct hw_arena *arena, const char **out_path,
                                 struct hw_error *err);

/* Local files are looked for where they really lie, and where they are named. */
static enum hw_status local_ways(struct hw_store *local, const struct hw_optimize_place *place, struct hw_arena *arena,
                                 struct way ways[HW_OPTIMIZE_WAYS], struct hw_error *err) {
    const char *real;
    const char *named;
    HW_TRY(real_find(place, arena, &real, err));
    HW_TRY(named_find(place->output, arena, &named, err));
    if (real) {
        ways[0] = (struct way){local, real + 1};
    }
    if (real && named && strcmp(named, real) != 0) {
        ways[1] = (struct way){local, named + 1};
    }
    return HW_OK;
}

/*
 * Finds where the bytes lie that are replaced, from the root; NULL: nowhere, as there is no such
 * folder. A link that leads to another file than the source is replaced itself.
 */
static enum hw_status real_find(const struct hw_optimize_place *place, struct hw_arena *arena, const char **out_path,
                                struct hw_error *err) {
    char real[PATH_MAX];
    const char *slash = strrchr(place->output, '/');
    const char *folder = slash ? hw_arena_strndup(arena, place->output, (size_t)(slash - place->output) + 1) : ".";
    const char *name = place->in_place ? "" : slash ? slash : place->output;
    *out_path = NULL;
    if (!folder) {
        return hw_fail_nomem(err, strlen(place->output));
    }
    if (!realpath(place->in_place ? place->output : folder, real)) {
        const bool none = errno == ENOENT || errno == ENOTDIR;
        return none ? HW_OK : hw_fail_errno(err, errno, "cannot find out where the file lies");
    }
    const bool root = strcmp(real, "/") == 0;
    const char *path = hw_arena_join(arena, root ? "" : real, slash || place->in_place ? "" : "/", name);
    *out_path = path;
    return path ? HW_OK : hw_fail_nomem(err, strlen(real));
}

/* Finds the path as it is named, from the root; one with ".." leads elsewhere than it says. */
static enum hw_status named_find(const char *output, struct hw_arena *arena, const char **out_path,
                                 struct hw_error *err) {
    char here[PATH_MAX] = "";
    *out_path = NULL;
    const bool back = strncmp(output, "../", 3) == 0 || strstr(output, "/../");
    if (back || (output[0] != '/' && !getcwd(here, sizeof(here)))) {
        return HW_OK;
    }
    const char *path = hw_arena_join(arena, here, output[0] == '/' ? "" : "/", output);
    *out_path = path;
    return path ? HW_OK : hw_fail_nomem(err, strlen(output));
}

static enum hw_status ways_find(struct hw_store *local, const struct hw_optimize_target *target,
                                const struct hw_optimize_place *place, struct hw_arena *arena,
                                struct way ways[HW_OPTIMIZE_WAYS], struct hw_error *err) {
    memset(ways, 0, HW_OPTIMIZE_WAYS * sizeof(*ways));
    if (target->store->files) {
        return local_ways(local, place, arena, ways, err);
    }
    ways[0] = (struct way){target->store, place->key};
    return HW_OK;
}

/* Returns how many bytes of a key are its folder, '/' included; 0 where it is in none. */
static size_t folder_bytes(const char *key, size_t bytes) {
    const char *slash = bytes > 0 ? memrchr(key, '/', bytes) : NULL;
    return slash ? (size_t)(slash - key) + 1 : 0;
}

/* ------ finding manifests */

static int prefix_compare(hw_view a, hw_view b) {
    const int order = memcmp(a.data, b.data, hw_min_size(a.size, b.size));
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

/* Returns the place of a prefix among the manifests, or where it would be. */
static size_t manifest_seek(const struct hw_optimize_manifests *manifests, hw_view prefix, bool *out_there) {
    size_t low = 0;
    size_t high = manifests->count;
    *out_there = false;
    while (low < high && !*out_there) {
        const size_t middle = low + (high - low) / 2;
        const int order = prefix_compare(hw_view_of(manifests->items[middle]->file.prefix), prefix);
        *out_there = order == 0;
        low = order < 0 ? middle + 1 : order == 0 ? middle : low;
        high = order > 0 ? middle : high;
    }
    return low;
}

static enum hw_status manifest_insert(struct hw_optimize_manifests *manifests, size_t at,
                                      struct hw_optimize_manifest *manifest, struct hw_error *err) {
    if (manifests->count == manifests->capacity) {
        const size_t capacity = hw_max_size(8, 2 * manifests->capacity);
        struct hw_optimize_manifest **items = hw_realloc_array(manifests->items, capacity, sizeof(manifest));
        if (!items) {
            return hw_fail_nomem(err, capacity * sizeof(manifest));
        }
        manifests->items = items;
        manifests->capacity = capacity;
    }
    memmove(&manifests->items[at + 1], &manifests->items[at], (manifests->count - at) * sizeof(manifest));
    manifests->items[at] = manifest;
    manifests->count++;
    return HW_OK;
}

static void manifest_free(struct hw_optimize_manifest *manifest) {
    if (manifest) {
        hw_manifest_file_release(&manifest->file);
    }
    hw_free(manifest);
}

/* Tells of a manifest by its whole name. */
static void manifest_name(const struct hw_manifest_file *file, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *name = hw_arena_join(&arena, file->store->root, file->prefix, HW_MANIFEST_NAME);
    if (name) {
        hw_error_object(err, name);
    }
}

/* Returns whether a manifest is there, but says nothing that we could read. */
static bool is_unread(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT || status == HW_EAUTH;
}

/* Reads a manifest; `*out_manifest` stays NULL where there is none. */
static enum hw_status manifest_read(const struct hw_manifest_file *file, struct hw_optimize_manifest **out_manifest,
                                    struct hw_error *err) {
    struct hw_optimize_manifest *manifest = hw_alloc_zero(1, sizeof(*manifest));
    if (!manifest) {
        return hw_fail_nomem(err, sizeof(*manifest));
    }
    manifest->file = *file;
    manifest->error = (struct hw_error)HW_ERROR_INIT;
    enum hw_status status = hw_manifest_file_read(&manifest->file, &manifest->error);
    manifest->status = status;
    if (is_unread(status)) {
        manifest_name(&manifest->file, &manifest->error);
    }
    if (status == HW_OK || is_unread(status)) {
        *out_manifest = manifest;
        return HW_OK;
    }
    status = status == HW_ENOTFOUND ? HW_OK : hw_error_pass(err, status, &manifest->error);
    if (status) {
        manifest_name(&manifest->file, err);
    }
    manifest_free(manifest);
    return status;
}

/* Looks whether a folder has a manifest. */
static enum hw_status folder_look(struct hw_optimize_manifests *manifests, const struct hw_optimize_target *target,
                                  struct hw_store *store, hw_view folder, bool in_place, struct hw_error *err) {
    bool there;
    const size_t at = manifest_seek(manifests, folder, &there);
    struct hw_optimize_manifest *manifest = there ? manifests->items[at] : NULL;
    if (!there) {
        const struct hw_manifest_file file = {
            .store = store,
            .prefix = hw_arena_strndup(&manifests->arena, folder.data, folder.size),
            .write = &target->kept.beside,
            .amends_only = true,
        };
        HW_TRY(file.prefix ? manifest_read(&file, &manifest, err) : hw_fail_nomem(err, folder.size));
    }
    if (manifest && !there) {
        const enum hw_status status = manifest_insert(manifests, at, manifest, err);
        if (status) {
            manifest_free(manifest);
            return status;
        }
    }
    if (!manifest || !manifest->status || !in_place) {
        return HW_OK;
    }
    enum hw_status status = hw_error_pass(err, manifest->status, &manifest->error);
    hw_error_prefix(err, "it may tell of a file that would be another then; name a destination elsewhere");
    return status;
}

/* All folders above one that was looked at were looked at too. */
static enum hw_status way_look(struct hw_optimize_manifests *manifests, const struct hw_optimize_target *target,
                               const struct way *way, bool in_place, struct hw_buf *looked, struct hw_error *err) {
    const size_t own = folder_bytes(way->key, strlen(way->key));
    hw_view folder = {way->key, own};
    bool first = looked->data == NULL;
    while (first || looked->size < folder.size || memcmp(looked->data, folder.data, folder.size) != 0) {
        HW_TRY(folder_look(manifests, target, way->store, folder, in_place, err));
        if (folder.size == 0) {
            break;
        }
        folder.size = folder_bytes(folder.data, folder.size - 1);
    }
    hw_buf_clear(looked);
    HW_TRY(hw_buf_append(looked, way->key, own, err));
    /* A folder without a name has no bytes, but was looked at. */
    return hw_buf_end_text(looked, err);
}

enum hw_status hw_optimize_manifests_find(struct hw_optimize_manifests *manifests,
                                          const struct hw_optimize_target *target,
                                          const struct hw_optimize_place *place, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct way ways[HW_OPTIMIZE_WAYS];
    if (target->store->files && !manifests->local) {
        HW_TRY(hw_store_file_open("/", NULL, &manifests->local, err));
    }
    HW_TRY(ways_find(manifests->local, target, place, &arena, ways, err));
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        HW_TRY(ways[i].key
                   ? way_look(manifests, target, &ways[i], place->in_place, &manifests->looked[place->in_place][i], err)
                   : HW_OK);
    }
    return HW_OK;
}

/* ------ entries of one file */

/* Copies an entry, with its texts. */
static enum hw_status entry_copy(const struct hw_manifest_entry *entry, struct hw_arena *arena,
                                 struct hw_manifest_entry *out_entry, struct hw_error *err) {
    *out_entry = *entry;
    for (size_t i = 0; i < HW_MANIFEST_FIELDS; i++) {
        if (hw_manifest_fields[i].kind == HW_MANIFEST_TEXT) {
            const char **text = hw_manifest_field_of(out_entry, i);
            const size_t bytes = strlen(*text);
            *text = hw_arena_strndup(arena, *text, bytes);
            HW_TRY(*text ? HW_OK : hw_fail_nomem(err, bytes));
        }
    }
    return HW_OK;
}

/* Adds the entry that a manifest has of a path below it, if it has one. */
static enum hw_status listed_add(struct hw_optimize_manifest *manifest, const char *path, struct hw_arena *arena,
                                 struct hw_optimize_listed **listed, struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry;
    HW_TRY(hw_manifest_find(&manifest->file.before, path, &cursor, &entry, err));
    if (!entry) {
        return HW_OK;
    }
    struct hw_optimize_listed *added = hw_arena_alloc(arena, sizeof(*added));
    if (!added) {
        return hw_fail_nomem(err, sizeof(*added));
    }
    *added = (struct hw_optimize_listed){.manifest = manifest, .next = *listed};
    HW_TRY(entry_copy(entry, arena, &added->entry, err));
    *listed = added;
    return HW_OK;
}

static enum hw_status way_listed(const struct hw_optimize_manifests *manifests, const char *key, struct hw_arena *arena,
                                 struct hw_optimize_listed **listed, struct hw_error *err) {
    size_t bytes = strlen(key);
    do {
        bool there;
        bytes = folder_bytes(key, bytes > 0 && key[bytes - 1] == '/' ? bytes - 1 : bytes);
        const size_t at = manifest_seek(manifests, (hw_view){key, bytes}, &there);
        HW_TRY(there && !manifests->items[at]->status
                   ? listed_add(manifests->items[at], key + bytes, arena, listed, err)
                   : HW_OK);
    } while (bytes > 0);
    return HW_OK;
}

enum hw_status hw_optimize_manifests_listed(const struct hw_optimize_manifests *manifests,
                                            const struct hw_optimize_target *target,
                                            const struct hw_optimize_place *place, struct hw_arena *arena,
                                            struct hw_optimize_listed **out_listed, struct hw_error *err) {
    struct hw_optimize_listed *listed = NULL;
    struct way ways[HW_OPTIMIZE_WAYS] = {0};
    HW_TRY(manifests->count > 0 ? ways_find(manifests->local, target, place, arena, ways, err) : HW_OK);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        HW_TRY(ways[i].key ? way_listed(manifests, ways[i].key, arena, &listed, err) : HW_OK);
    }
    *out_listed = listed;
    return HW_OK;
}

/* ------ changes */

void hw_optimize_manifests_amend(struct hw_optimize_manifests *manifests, const struct hw_optimize_listed *listed,
                                 const struct hw_optimize_made *made) {
    struct hw_manifest_entry entry = listed->entry;
    struct hw_error fault = HW_ERROR_INIT;
    entry.amends = true;
    entry.amended_crc64nvme = entry.crc64nvme;
    entry.amended_mtime_us = entry.mtime_us;
    entry.bytes = made->sums->bytes;
    entry.rows = made->rows;
    entry.crc64nvme = made->sums->crc64nvme;
    memcpy(entry.sha256, made->sums->sha256, sizeof(entry.sha256));
    entry.etag = made->etag;
    entry.mtime_us = made->mtime_us;
    pthread_mutex_lock(&manifests->lock);
    const enum hw_status status = hw_manifest_sorter_put(&listed->manifest->file.changes, &entry, &fault);
    if (status && !manifests->status) {
        manifest_name(&listed->manifest->file, &fault);
        manifests->status = status;
        manifests->error = fault;
    }
    pthread_mutex_unlock(&manifests->lock);
}

/* Writes one manifest, with the store that still can. */
static enum hw_status manifest_save(struct hw_optimize_manifest *manifest, struct hw_store *own, struct hw_error *err) {
    struct hw_manifest_file *file = &manifest->file;
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_store *store = file->store;
    file->store = own ? own : store;
    const enum hw_status status = hw_manifest_file_save(file, &fault);
    file->store = store;
    if (status == HW_OK) {
        return HW_OK;
    }
    hw_error_prefix(&fault, "files that it tells of were replaced, and it could not be written");
    manifest_name(file, &fault);
    return hw_error_pass(err, status, &fault);
}

static enum hw_status changed_save(const struct hw_optimize_manifests *manifests, struct hw_store *own,
                                   struct hw_error *err) {
    enum hw_status first = manifests->status;
    if (first) {
        *err = manifests->error;
    }
    for (size_t i = 0; i < manifests->count; i++) {
        struct hw_optimize_manifest *manifest = manifests->items[i];
        const bool changed = manifest->file.changes.records.count > 0;
        const enum hw_status status = changed ? manifest_save(manifest, own, first ? NULL : err) : HW_OK;
        first = first ? first : status;
    }
    return first;
}

enum hw_status hw_optimize_manifests_save(struct hw_optimize_manifests *manifests,
                                          const struct hw_optimize_target *target, struct hw_error *err) {
    struct hw_patience patience = {.cancelled = target->options ? target->options->cancelled : NULL,
                                   .ctx = target->options ? target->options->cancelled_ctx : NULL};
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_store *own = NULL;
    if (manifests->count == 0) {
        return HW_OK;
    }
    HW_TRY(hw_patience_store(&patience, target->store, target->store->root, target->options, &own, err));
    const enum hw_status status = changed_save(manifests, own, &fault);
    hw_store_close(own);
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

void hw_optimize_manifests_release(struct hw_optimize_manifests *manifests) {
    for (size_t i = 0; i < manifests->count; i++) {
        manifest_free(manifests->items[i]);
    }
    hw_free(manifests->items);
    for (size_t i = 0; i < COUNT_OF(manifests->looked); i++) {
        for (size_t way = 0; way < HW_OPTIMIZE_WAYS; way++) {
            hw_buf_release(&manifests->looked[i][way]);
        }
    }
    hw_store_close(manifests->local);
    hw_arena_release(&manifests->arena);
    pthread_mutex_destroy(&manifests->lock);
    *manifests = (struct hw_optimize_manifests)HW_OPTIMIZE_MANIFESTS_INIT;
}
