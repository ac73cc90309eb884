/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/same_output.h"

#include "codec/checksum_sha256.h"
#include "core/alloc.h"

enum { READ_BYTES = 1 << 20 };

static enum hw_status sum_compare(struct hw_store *store, const char *key, const struct hw_manifest_entry *entry,
                                  bool *out_same, struct hw_error *err);

enum hw_status hw_same_output(struct hw_store *store, const char *key, const struct hw_manifest_entry *entry, bool read,
                              bool *out_same, struct hw_error *err) {
    struct hw_object_info info = {0};
    char etag[128];
    HW_TRY(hw_store_look(store, key, &info, etag, err));
    const bool tagged = etag[0] != '\0' && entry->etag[0] != '\0';
    const bool timed = etag[0] == '\0' && entry->mtime_us != 0;
    const bool same_facts = (tagged && strcmp(etag, entry->etag) == 0) || (timed && info.mtime_us == entry->mtime_us);
    *out_same = info.size == entry->bytes && same_facts;
    /*
     * An ETag that is another's tells of other bytes. A time does not: files are copied, and
     * touched.
     */
    if (info.size != entry->bytes || same_facts || tagged || !read) {
        return HW_OK;
    }
    return sum_compare(store, key, entry, out_same, err);
}

static enum hw_status source_sum(struct hw_source *source, uint8_t digest[HW_SHA256_BYTES], struct hw_error *err) {
    struct hw_sha256 sha = {0};
    uint8_t *block = hw_alloc(READ_BYTES);
    enum hw_status status = block && hw_sha256_init(&sha) ? HW_OK : hw_fail_nomem(err, READ_BYTES);
    for (uint64_t at = 0; status == HW_OK && at < source->size;) {
        const size_t bytes = (size_t)(source->size - at < READ_BYTES ? source->size - at : READ_BYTES);
        status = source->ops->read_at(source, at, block, bytes, err);
        hw_sha256_update(&sha, block, status == HW_OK ? bytes : 0);
        at += bytes;
    }
    if (status == HW_OK) {
        hw_sha256_finish(&sha, digest);
    }
    hw_sha256_release(&sha);
    hw_free(block);
    return status;
}

static enum hw_status sum_compare(struct hw_store *store, const char *key, const struct hw_manifest_entry *entry,
                                  bool *out_same, struct hw_error *err) {
    uint8_t digest[HW_SHA256_BYTES];
    struct hw_source *opened;
    HW_TRY(hw_store_source_open(store, key, &opened, err));
    enum hw_status status = source_sum(opened, digest, err);
    const uint64_t size = opened->size;
    opened->ops->close(opened);
    HW_TRY(status);
    *out_same = size == entry->bytes && memcmp(digest, entry->sha256, sizeof(digest)) == 0;
    return HW_OK;
}
