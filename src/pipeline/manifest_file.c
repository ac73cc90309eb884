/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/manifest_file.h"

#include <stdio.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/io.h"
#include "core/random.h"
#include "manifest/manifest_read.h"

#define ORPHAN_AGE_US (INT64_C(24) * 3600 * 1000000) /* No run takes so long to write a manifest. */

enum {
    WRITES_MAX = 16, /* tries to write the manifest, where other runs write it too */
    WRITE_PAUSE_MS = 50,
    WRITE_PAUSE_MS_MAX = 2000,
    LOOK_PAUSE_MS = 20, /* before it is looked at what was written */
    LOOKS_MAX = 5,
    READS_MAX = 8, /* tries to read the manifest, where other runs write it meanwhile */
};

/* ------ reading */

/* Makes the key of a name in the folder. */
static enum hw_status key_make(const struct hw_manifest_file *file, const char *name, struct hw_arena *arena,
                               const char **out_key, struct hw_error *err) {
    *out_key = hw_arena_join(arena, file->prefix, name);
    return *out_key ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

/* Reads the entries that lie in a file of their own. */
static enum hw_status packed_read(struct hw_manifest_file *file, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_source *source;
    const char *key;
    HW_TRY(key_make(file, file->before.ref.name, &arena, &key, err));
    HW_TRY(hw_store_source_open(file->store, key, &source, err));
    enum hw_status status = hw_manifest_unpack(source, &file->before, err);
    source->ops->close(source);
    return status;
}

/*
 * Reads what is there. HW_ENOTFOUND where there is nothing. `known` is what the store has told of
 * it a moment ago; NULL: nothing. Another run may write it meanwhile, and remove the file that its
 * entries lay in: then it is read again.
 */
static enum hw_status known_read(struct hw_manifest_file *file, const char *key, const struct hw_object_info *known,
                                 struct hw_error *err) {
    struct hw_manifest *manifest = &file->before;
    struct hw_store *store = file->store;
    struct hw_error fault = HW_ERROR_INIT;
    for (int tries = 0; tries < READS_MAX; tries++) {
        struct hw_source *source;
        hw_manifest_release(manifest);
        HW_TRY(known && tries == 0 ? store->ops->source_open(store, key, known, &source, err)
                                   : hw_store_source_open(store, key, &source, err));
        enum hw_status status = hw_manifest_load(source, manifest, &fault);
        snprintf(file->etag, sizeof(file->etag), "%s", source->etag);
        source->ops->close(source);
        if (status == HW_OK && manifest->ref.name[0] != '\0') {
            status = packed_read(file, &fault);
            status = status == HW_ENOTFOUND ? HW_ECHANGED : status;
        }
        if (status != HW_ECHANGED) {
            return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
        }
        hw_clock_sleep_ms(LOOK_PAUSE_MS);
    }
    return manifest->ref.name[0] == '\0'
               ? hw_error_pass(err, HW_ECHANGED, &fault)
               : hw_fail(err, HW_EDATA, "it is not a manifest: the file that has its entries is not there: %s",
                         manifest->ref.name);
}

enum hw_status hw_manifest_file_read(struct hw_manifest_file *file, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *key;
    HW_TRY(key_make(file, HW_MANIFEST_NAME, &arena, &key, err));
    const enum hw_status status = known_read(file, key, NULL, err);
    file->missing = status == HW_ENOTFOUND;
    if (status) {
        hw_manifest_release(&file->before);
    }
    return status;
}

/* ------ writing */

static enum hw_status folder_lock(const struct hw_manifest_file *file, const char *key, struct hw_sink **out_holder,
                                  int *out_fd, struct hw_error *err);
static enum hw_status manifest_merge(struct hw_manifest_file *file, const char *key, struct hw_error *err);
static bool changes_there(struct hw_manifest_file *file, const char *key);
static void orphans_remove(const struct hw_manifest_file *file, bool locked);

enum hw_status hw_manifest_file_save(struct hw_manifest_file *file, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_sink *holder = NULL;
    int lock_fd = -1;
    const char *key;
    HW_TRY(key_make(file, HW_MANIFEST_NAME, &arena, &key, err));
    enum hw_status status = folder_lock(file, key, &holder, &lock_fd, err);
    if (status == HW_OK) {
        status = manifest_merge(file, key, err);
    }
    for (int looks = 0; status == HW_OK && file->store->conditional && looks < LOOKS_MAX; looks++) {
        if (changes_there(file, key)) {
            break;
        }
        status = manifest_merge(file, key, err);
    }
    if (status == HW_OK) {
        orphans_remove(file, lock_fd >= 0);
    }
    if (holder) {
        holder->ops->free(holder);
    }
    if (lock_fd >= 0) {
        hw_io()->close(lock_fd);
    }
    return status;
}

/*
 * Locks the folder. One that no output has made is made by a sink that is given up after the
 * manifest's own has come there.
 */
static enum hw_status folder_lock(const struct hw_manifest_file *file, const char *key, struct hw_sink **out_holder,
                                  int *out_fd, struct hw_error *err) {
    const struct hw_sink_options options = {.one_of_many = true};
    struct hw_store *store = file->store;
    struct hw_error fault = HW_ERROR_INIT;
    if (!store->ops->lock) {
        return HW_OK;
    }
    enum hw_status status = store->ops->lock(store, file->prefix, out_fd, &fault);
    if (status == HW_ENOTFOUND) {
        HW_TRY(store->ops->sink_open(store, key, &options, out_holder, err));
        status = store->ops->lock(store, file->prefix, out_fd, &fault);
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

static enum hw_status before_refresh(struct hw_manifest_file *file, const char *key, struct hw_error *err);
static enum hw_status manifest_write(struct hw_manifest_file *file, const char *key, bool conditional,
                                     struct hw_error *err);

/* Another run was faster. */
static bool overtaken(enum hw_status status, const struct hw_error *fault) {
    return status == HW_ECHANGED || status == HW_EEXISTS || status == HW_ENOTFOUND ||
           strcmp(fault->s3_code, "ConditionalRequestConflict") == 0;
}

/*
 * Files know a lock, S3 a condition; a service that knows neither gets what was read a moment
 * before.
 */
static enum hw_status manifest_merge(struct hw_manifest_file *file, const char *key, struct hw_error *err) {
    int64_t pause_ms = WRITE_PAUSE_MS;
    bool conditional = true;
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    for (int tries = 0; tries < WRITES_MAX; tries++) {
        HW_TRY(before_refresh(file, key, err));
        if (file->missing && file->amends_only) {
            return HW_OK;
        }
        fault = (struct hw_error)HW_ERROR_INIT;
        status = manifest_write(file, key, conditional, &fault);
        const bool unknown = status != HW_OK && strcmp(fault.s3_code, "NotImplemented") == 0;
        if (status == HW_OK || !(overtaken(status, &fault) || (unknown && conditional))) {
            break;
        }
        conditional &= !unknown;
        hw_clock_sleep_ms(pause_ms + (int64_t)((double)pause_ms * hw_random_unit()));
        pause_ms = (int64_t)hw_clamp(2 * (uint64_t)pause_ms, WRITE_PAUSE_MS, WRITE_PAUSE_MS_MAX);
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

/* What is there now, with the changes of others since we read it. */
static enum hw_status before_refresh(struct hw_manifest_file *file, const char *key, struct hw_error *err) {
    struct hw_object_info info;
    struct hw_error fault = HW_ERROR_INIT;
    char etag[HW_ETAG_BYTES] = "";
    if (file->unread) {
        return HW_OK;
    }
    enum hw_status status = file->store->conditional ? hw_store_look(file->store, key, &info, etag, &fault) : HW_OK;
    if (status == HW_OK && etag[0] != '\0' && strcmp(etag, file->etag) == 0) {
        return HW_OK;
    }
    hw_manifest_release(&file->before);
    file->etag[0] = '\0';
    if (status == HW_OK) {
        status = known_read(file, key, file->store->conditional ? &info : NULL, &fault);
    }
    file->missing = status == HW_ENOTFOUND;
    return status == HW_OK || file->missing ? HW_OK : hw_error_pass(err, status, &fault);
}

/* Publishes the packed entries under their name. */
static enum hw_status packed_publish(const struct hw_manifest_file *file, const struct hw_manifest_packed *packed,
                                     struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_sink_options options = {
        .content_type = "application/zstd", .size_hint = packed->ref.bytes, .write = file->write};
    const char *key;
    struct hw_sink *sink;
    HW_TRY(key_make(file, packed->ref.name, &arena, &key, err));
    HW_TRY(file->store->ops->sink_open(file->store, key, &options, &sink, err));
    enum hw_status status = hw_manifest_packed_copy(packed, sink, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    sink->ops->free(sink);
    return status;
}

/*
 * Packs very many entries. Where no file for them can be made, they stand in the manifest itself.
 */
static enum hw_status entries_pack(struct hw_manifest_file *file, struct hw_manifest_packed *packed,
                                   struct hw_error *err) {
    HW_AUTO(hw_manifest_merge) merge = {0};
    struct hw_error fault = HW_ERROR_INIT;
    HW_TRY(hw_manifest_merge_open(&merge, &file->before, &file->changes, err));
    if (merge.count <= HW_MANIFEST_INLINE_MAX) {
        return HW_OK;
    }
    enum hw_status status = hw_manifest_pack(&merge, packed, &fault);
    if (status != HW_OK) {
        hw_manifest_packed_release(packed);
    }
    return status == HW_ENOMEM ? hw_error_pass(err, status, &fault) : HW_OK;
}

static enum hw_status entries_write(struct hw_manifest_file *file, const struct hw_manifest_packed *packed,
                                    struct hw_sink *sink, struct hw_error *err) {
    HW_AUTO(hw_manifest_merge) merge = {0};
    if (packed->ref.name[0] != '\0') {
        return hw_manifest_packed_refer(packed, sink, err);
    }
    HW_TRY(hw_manifest_merge_open(&merge, &file->before, &file->changes, err));
    return hw_manifest_merge_write(&merge, sink, err);
}

static enum hw_status manifest_write(struct hw_manifest_file *file, const char *key, bool conditional,
                                     struct hw_error *err) {
    HW_AUTO(hw_manifest_packed) packed = {0};
    const bool there = file->etag[0] != '\0';
    const bool asks = conditional && file->store->conditional && !file->unread;
    const struct hw_sink_options options = {
        .content_type = "application/json",
        .create_only = asks && !there,
        .if_match = asks && there ? file->etag : NULL,
        .write = file->write,
    };
    struct hw_sink *sink;
    HW_TRY(entries_pack(file, &packed, err));
    if (packed.ref.name[0] != '\0') {
        HW_TRY(packed_publish(file, &packed, err));
    }
    HW_TRY(file->store->ops->sink_open(file->store, key, &options, &sink, err));
    enum hw_status status = entries_write(file, &packed, sink, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    if (status == HW_OK) {
        snprintf(file->etag, sizeof(file->etag), "%s", sink->etag);
        file->written = packed.ref;
        file->replaced = file->before.ref;
        file->packed |= packed.ref.name[0] != '\0' || file->before.ref.name[0] != '\0';
    }
    sink->ops->free(sink);
    return status;
}

/* Returns whether a change is not in a manifest that has `found` in its place, or nothing. */
static bool is_lost(const struct hw_manifest_entry *change, const struct hw_manifest_entry *found) {
    if (change->amends) {
        return found && hw_manifest_is_amended(found, change) && found->crc64nvme != change->crc64nvme;
    }
    return !found && !change->removed;
}

/*
 * Not every service compares and writes in one step: of two runs that write at once, both may be
 * told that they were the only one. So what is there a moment later is looked at. What cannot be
 * looked at counts as right.
 */
static bool changes_there(struct hw_manifest_file *file, const char *key) {
    HW_AUTO(hw_manifest_stream) changes = {0};
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    char written[sizeof(file->etag)];
    const struct hw_manifest_entry *change = NULL;
    const struct hw_manifest_entry *found = NULL;
    memcpy(written, file->etag, sizeof(written));
    hw_clock_sleep_ms(LOOK_PAUSE_MS);
    const bool seen = before_refresh(file, key, NULL) == HW_OK && file->etag[0] != '\0';
    if (!seen || strcmp(written, file->etag) == 0 || hw_manifest_stream_open(&changes, &file->changes, NULL) != HW_OK) {
        return true;
    }
    while (hw_manifest_stream_next(&changes, &change, NULL) == HW_OK && change) {
        const bool looked = hw_manifest_find(&file->before, change->path, &cursor, &found, NULL) == HW_OK;
        if (looked && is_lost(change, found)) {
            return false;
        }
    }
    return true;
}

/* While files with entries that no manifest names any more are looked for. */
struct orphans {
    const struct hw_manifest_file *file;
    int64_t before_us; /* Older ones are left of killed runs. */
};

static enum hw_status orphan_look(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    const struct orphans *orphans = ctx;
    const struct hw_manifest_file *file = orphans->file;
    const char *name = info->key + strlen(file->prefix);
    const bool left = info->mtime_us < orphans->before_us || strcmp(name, file->replaced.name) == 0;
    const size_t bytes = strlen(HW_MANIFEST_REF_PREFIX) + HW_SHA256_HEX_BYTES - 1 + strlen(".ndjson.zst");
    (void)err;
    if (strlen(name) == bytes && strcmp(name, file->written.name) != 0 && left) {
        enum hw_status ignored = file->store->ops->remove(file->store, info->key, NULL);
        (void)ignored; /* It does no harm, and the next run tries again. */
    }
    return HW_OK;
}

/*
 * Removes the file that was replaced, and what killed runs have left. Under a lock nobody else
 * writes one; without, one may be about to be named.
 */
static void orphans_remove(const struct hw_manifest_file *file, bool locked) {
    HW_AUTO(hw_arena) arena = {0};
    struct orphans orphans = {file, locked ? INT64_MAX : hw_clock_now_us() - ORPHAN_AGE_US};
    const char *prefix = hw_arena_join(&arena, file->prefix, HW_MANIFEST_REF_PREFIX);
    if (file->packed && prefix) {
        enum hw_status ignored = file->store->ops->list(file->store, prefix, orphan_look, &orphans, NULL);
        (void)ignored;
    }
}

void hw_manifest_file_release(struct hw_manifest_file *file) {
    hw_manifest_release(&file->before);
    hw_manifest_sorter_release(&file->changes);
    *file = (struct hw_manifest_file){0};
}
