/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify_manifest.h"

#include <stdarg.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "manifest/manifest_read.h"
#include "manifest/packed.h"
#include "store/location.h"

static enum hw_status manifest_read(struct hw_verify_manifest *manifest, const char *key, struct hw_error *err);

enum hw_status hw_verify_manifest_open(struct hw_verify_manifest *manifest, const char *path,
                                       const struct hw_store_options *options, struct hw_error *err) {
    struct hw_location location = {0};
    if (!path) {
        return HW_OK;
    }
    HW_TRY(hw_location_parse(path, options, &location, err));
    const char *name = strrchr(location.key, '/');
    manifest->folder = hw_arena_strndup(&manifest->arena, location.key, name ? (size_t)(name + 1 - location.key) : 0);
    enum hw_status status =
        manifest->folder ? hw_store_open(&location, options, &manifest->store, err) : hw_fail_nomem(err, strlen(path));
    status = status ? status : manifest_read(manifest, location.key, err);
    hw_location_release(&location);
    if (status) {
        hw_error_object(err, path);
    }
    return status;
}

/* The entries of a large manifest lie in a file beside it. */
static enum hw_status manifest_read(struct hw_verify_manifest *manifest, const char *key, struct hw_error *err) {
    struct hw_source *source;
    HW_TRY(hw_store_source_needed(manifest->store, key, &source, err));
    enum hw_status status = hw_manifest_load(source, &manifest->manifest, err);
    source->ops->close(source);
    HW_TRY(status);
    if (manifest->manifest.ref.name[0] == '\0') {
        return HW_OK;
    }
    const char *packed = hw_arena_join(&manifest->arena, manifest->folder, manifest->manifest.ref.name);
    if (!packed) {
        return hw_fail_nomem(err, sizeof(manifest->manifest.ref.name));
    }
    HW_TRY(hw_store_source_needed(manifest->store, packed, &source, err));
    status = hw_manifest_unpack(source, &manifest->manifest, err);
    source->ops->close(source);
    return status;
}

void hw_verify_manifest_release(struct hw_verify_manifest *manifest) {
    hw_manifest_release(&manifest->manifest);
    hw_hash_set_release(&manifest->seen);
    if (manifest->store) {
        hw_store_close(manifest->store);
    }
    hw_arena_release(&manifest->arena);
}

/* ------ files */

static uint64_t path_hash(const char *path) {
    const uint64_t hash = hw_xxh64(path, strlen(path), 0);
    return hash ? hash : 1;
}

static enum hw_status tell(struct hw_verify_file *file, enum hw_severity severity, const char *code,
                           struct hw_error *err, const char *format, ...) HW_PRINTF(5, 6);

static enum hw_status tell(struct hw_verify_file *file, enum hw_severity severity, const char *code,
                           struct hw_error *err, const char *format, ...) {
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    const struct hw_finding finding = {
        .level = HW_VERIFY_FOOTER,
        .severity = severity,
        .code = code,
        .message = message,
        .row_group = -1,
        .page = -1,
        .offset = -1,
    };
    return hw_verify_file_found(file, &finding, err);
}

static enum hw_status entry_compare(struct hw_verify_file *file, const struct hw_manifest_entry *entry,
                                    struct hw_error *err) {
    const struct hw_verify_counts *counts = &file->counts;
    if (counts->size != entry->bytes) {
        return tell(file, HW_SEVERITY_ERROR, "manifest.size", err,
                    "it has %" PRIu64 " bytes, the manifest says %" PRIu64, counts->size, entry->bytes);
    }
    if (counts->rows >= 0 && (uint64_t)counts->rows != entry->rows) {
        HW_TRY(tell(file, HW_SEVERITY_ERROR, "manifest.rows", err,
                    "it has %" PRId64 " rows, the manifest says %" PRIu64, counts->rows, entry->rows));
    }
    if (counts->has_sum && counts->sum != entry->crc64nvme) {
        return tell(file, HW_SEVERITY_ERROR, "manifest.checksum", err,
                    "its CRC-64/NVME is %016" PRIx64 ", the manifest says %016" PRIx64, counts->sum, entry->crc64nvme);
    }
    return HW_OK;
}

enum hw_status hw_verify_manifest_check(struct hw_verify_manifest *manifest, struct hw_verify_file *file,
                                        struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry;
    const size_t folder_bytes = manifest->store ? strlen(manifest->folder) : 0;
    if (!manifest->store || strcmp(manifest->store->root, file->store->root) != 0 ||
        strncmp(file->key, manifest->folder, folder_bytes) != 0) {
        return HW_OK;
    }
    const char *path = file->key + folder_bytes;
    HW_TRY(hw_manifest_find(&manifest->manifest, path, &cursor, &entry, err));
    if (entry) {
        hw_hash_set_add(&manifest->seen, path_hash(path));
    }
    if (!file->counts.format) {
        return HW_OK;
    }
    return entry ? entry_compare(file, entry, err)
                 : tell(file, HW_SEVERITY_WARNING, "manifest.extra", err, "the manifest does not tell of it");
}

/* ------ entries without a file */

static enum hw_status entry_look(struct hw_verify_manifest *manifest, const char *path, hw_manifest_missing_fn *missing,
                                 void *ctx, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_object_info info;
    struct hw_error fault = HW_ERROR_INIT;
    char etag[HW_ETAG_BYTES];
    const char *key = hw_arena_join(&arena, manifest->folder, path);
    const char *name = key ? hw_arena_join(&arena, manifest->store->root, key) : NULL;
    if (!name) {
        return hw_fail_nomem(err, strlen(path));
    }
    const enum hw_status status = hw_store_stat(manifest->store, key, &info, etag, &fault);
    if (status == HW_ENOTFOUND) {
        return missing(ctx, name, err);
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

enum hw_status hw_verify_manifest_end(struct hw_verify_manifest *manifest, hw_manifest_missing_fn *missing, void *ctx,
                                      struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry = NULL;
    if (!manifest->store) {
        return HW_OK;
    }
    hw_manifest_all(&manifest->manifest, &cursor);
    do {
        HW_TRY(hw_manifest_next(&cursor, &entry, err));
        if (entry && !hw_hash_set_has(&manifest->seen, path_hash(entry->path))) {
            HW_TRY(entry_look(manifest, entry->path, missing, ctx, err));
        }
    } while (entry);
    return HW_OK;
}
