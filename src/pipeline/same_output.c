/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/same_output.h"

#include "pipeline/file_sums.h"

/*
 * Compares what is known without reading. Where it tells of another file, `*out_open` says whether
 * that is only because the file's bytes are not known. An ETag that is another's tells of other
 * bytes. A time does not: files are copied, and touched.
 */
static bool facts_compare(const struct hw_object_info *info, const struct hw_manifest_entry *entry, bool *out_open) {
    const bool tagged = info->etag[0] != '\0' && entry->etag[0] != '\0';
    const bool timed = info->etag[0] == '\0' && entry->mtime_us != 0;
    const bool same = (tagged && strcmp(info->etag, entry->etag) == 0) || (timed && info->mtime_us == entry->mtime_us);
    *out_open = info->size == entry->bytes && !same && !tagged;
    return info->size == entry->bytes && same;
}

static enum hw_status sum_compare(struct hw_store *store, const char *key, const struct hw_manifest_entry *entry,
                                  bool *out_same, struct hw_error *err);

enum hw_status hw_same_output(struct hw_store *store, const char *key, const struct hw_manifest_entry *entry, bool read,
                              bool *out_same, struct hw_error *err) {
    struct hw_object_info info = {0};
    char etag[HW_ETAG_BYTES];
    bool open;
    HW_TRY(hw_store_look(store, key, &info, etag, err));
    info.etag = etag;
    *out_same = facts_compare(&info, entry, &open);
    return open && read ? sum_compare(store, key, entry, out_same, err) : HW_OK;
}

static enum hw_status sum_compare(struct hw_store *store, const char *key, const struct hw_manifest_entry *entry,
                                  bool *out_same, struct hw_error *err) {
    struct hw_source *opened;
    HW_TRY(hw_store_source_open(store, key, &opened, err));
    enum hw_status status = hw_same_bytes(opened, entry, out_same, err);
    opened->ops->close(opened);
    return status;
}

enum hw_status hw_same_bytes(struct hw_source *source, const struct hw_manifest_entry *entry, bool *out_same,
                             struct hw_error *err) {
    struct hw_file_sums sums = {0};
    *out_same = false;
    if (source->size != entry->bytes) {
        return HW_OK;
    }
    HW_TRY(hw_file_sums_of(source, &sums, err));
    *out_same = memcmp(sums.sha256, entry->sha256, sizeof(sums.sha256)) == 0;
    return HW_OK;
}

enum hw_status hw_same_source(struct hw_source *source, const struct hw_manifest_entry *entry, bool read,
                              bool *out_same, struct hw_error *err) {
    const struct hw_object_info info = {.size = source->size, .mtime_us = source->mtime_us, .etag = source->etag};
    bool open;
    *out_same = facts_compare(&info, entry, &open);
    return open && read ? hw_same_bytes(source, entry, out_same, err) : HW_OK;
}
