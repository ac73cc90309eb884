/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include "core/alloc.h"
#include "core/random.h"
#include "manifest/record.h"

enum {
    FIND_BYTES = 1 << 10, /* that are read at once for a single entry */
    WALK_BYTES = 32 << 10,
};

static_assert(HW_MANIFEST_HELD_BYTES < HW_BUF_LIMIT, "a buffer holds them");

void hw_manifest_release(struct hw_manifest *manifest) {
    hw_record_file_release(&manifest->records);
    hw_buf_release(&manifest->last);
    hw_manifest_sorter_release(&manifest->late);
    hw_hash_index_release(&manifest->paths);
    hw_hash_index_release(&manifest->sources);
    hw_free(manifest->replaced);
    *manifest = (struct hw_manifest){0};
}

/* ------ putting */

static struct hw_hash128 text_hash(const struct hw_manifest *manifest, const char *text) {
    return hw_siphash128(&manifest->key, text, strlen(text));
}

/* Appends an entry that comes after all others. Where no file can be made, all stay in memory. */
static enum hw_status entry_append(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                                   struct hw_error *err) {
    struct hw_record_file *records = &manifest->records;
    const uint64_t at = hw_record_file_end(records);
    const char *last = manifest->count > 0 ? hw_manifest_record_read((const char *)manifest->last.data).source : NULL;
    const bool first = !last || strcmp(last, entry->source) != 0;
    HW_TRY(hw_hash_index_put(&manifest->paths, text_hash(manifest, entry->path), at, err));
    HW_TRY(first ? hw_hash_index_put(&manifest->sources, text_hash(manifest, entry->source), at, err) : HW_OK);
    hw_buf_clear(&manifest->last);
    HW_TRY(hw_manifest_record_write(entry, &manifest->last, err));
    manifest->count++;
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_record_file_put(records, hw_buf_view(&manifest->last), &fault);
    if (status != HW_OK && status != HW_ENOMEM && !records->open) {
        records->memory_bytes = SIZE_MAX;
        return HW_OK;
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

static void manifest_begin(struct hw_manifest *manifest) {
    hw_random_fill(&manifest->key, sizeof(manifest->key));
    manifest->records.memory_bytes = manifest->held_bytes > 0 ? manifest->held_bytes : HW_MANIFEST_HELD_BYTES;
    manifest->late.ordered = true;
}

enum hw_status hw_manifest_put(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                               struct hw_error *err) {
    struct hw_manifest_entry copy = *entry;
    if (manifest->put == UINT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "a manifest of more than %" PRIu32 " files", manifest->put);
    }
    if (manifest->put == 0) {
        manifest_begin(manifest);
    }
    copy.order = manifest->put++;
    if (manifest->count > 0) {
        const struct hw_manifest_entry last = hw_manifest_record_read((const char *)manifest->last.data);
        if (hw_manifest_order(&last, &copy) >= 0) {
            return hw_manifest_sorter_put(&manifest->late, &copy, err);
        }
    }
    return entry_append(manifest, &copy, err);
}

/* ------ sealing */

static enum hw_status late_merge(struct hw_manifest *manifest, struct hw_error *err);

/*
 * Of two entries with one path the one that was put last is found. Both lie in the file still, and
 * the other one gets a mark.
 */
static enum hw_status twin_choose(void *ctx, uint64_t first, uint64_t second, uint64_t *out_found,
                                  struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    struct hw_manifest *manifest = ctx;
    const struct hw_manifest_entry *entry;
    HW_TRY(hw_manifest_at(manifest, first, &cursor, &entry, err));
    const uint32_t first_order = entry->order;
    HW_TRY(hw_manifest_at(manifest, second, &cursor, &entry, err));
    const uint32_t earlier = first_order < entry->order ? first_order : entry->order;
    if (!manifest->replaced) {
        manifest->replaced = hw_alloc_zero(manifest->put / 8 + 1, 1);
        HW_TRY(manifest->replaced ? HW_OK : hw_fail_nomem(err, manifest->put / 8 + 1));
    }
    manifest->replaced[earlier / 8] |= (uint8_t)(1 << earlier % 8);
    manifest->count--;
    *out_found = first_order == earlier ? second : first;
    return HW_OK;
}

enum hw_status hw_manifest_seal(struct hw_manifest *manifest, struct hw_error *err) {
    const struct hw_hash_index_twins twins = {twin_choose, manifest};
    HW_TRY(manifest->late.records.count > 0 ? late_merge(manifest, err) : HW_OK);
    hw_buf_release(&manifest->last);
    HW_TRY(hw_hash_index_seal(&manifest->sources, NULL, err));
    return hw_hash_index_seal(&manifest->paths, &twins, err);
}

/*
 * Appends the next entry of both: of two that are equal the late one, which came after the other.
 */
static enum hw_status late_merge_step(struct hw_manifest *into, struct hw_manifest_cursor *cursor,
                                      const struct hw_manifest_entry **entry, struct hw_manifest_stream *stream,
                                      const struct hw_manifest_entry **late, struct hw_error *err) {
    const int order = !*entry ? 1 : !*late ? -1 : hw_manifest_order(*entry, *late);
    HW_TRY(entry_append(into, order < 0 ? *entry : *late, err));
    HW_TRY(order <= 0 ? hw_manifest_next(cursor, entry, err) : HW_OK);
    return order >= 0 ? hw_manifest_stream_next(stream, late, err) : HW_OK;
}

/* Makes the manifest anew, from what came in order and what did not. */
static enum hw_status late_merge(struct hw_manifest *manifest, struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    HW_AUTO(hw_manifest_stream) stream = {0};
    struct hw_manifest whole = {.held_bytes = manifest->held_bytes, .put = manifest->put, .ref = manifest->ref};
    const struct hw_manifest_entry *entry = NULL;
    const struct hw_manifest_entry *late = NULL;
    manifest_begin(&whole);
    hw_manifest_all(manifest, &cursor);
    enum hw_status status = hw_manifest_stream_open(&stream, &manifest->late, err);
    status = status == HW_OK ? hw_manifest_stream_next(&stream, &late, err) : status;
    status = status == HW_OK ? hw_manifest_next(&cursor, &entry, err) : status;
    while (status == HW_OK && (entry || late)) {
        status = late_merge_step(&whole, &cursor, &entry, &stream, &late, err);
    }
    if (status != HW_OK) {
        hw_manifest_release(&whole);
        return status;
    }
    hw_manifest_release(manifest);
    *manifest = whole;
    return HW_OK;
}

/* ------ looking up */

/* Goes to the record at an offset. What the cursor has read already is of no use there. */
static void cursor_go(struct hw_manifest_cursor *cursor, const struct hw_manifest *manifest, uint64_t at,
                      size_t block_bytes) {
    struct hw_buf block = cursor->reader.block;
    hw_buf_clear(&block);
    *cursor = (struct hw_manifest_cursor){
        .manifest = manifest,
        .reader = {.file = &manifest->records,
                   .at = at,
                   .end = hw_record_file_end(&manifest->records),
                   .block_bytes = block_bytes,
                   .block = block},
    };
}

void hw_manifest_all(const struct hw_manifest *manifest, struct hw_manifest_cursor *cursor) {
    cursor_go(cursor, manifest, 0, WALK_BYTES);
}

/* Goes to what an index has for a text, or to the end of all. */
static enum hw_status cursor_seek(struct hw_manifest_cursor *cursor, const struct hw_manifest *manifest,
                                  const struct hw_hash_index *index, const char *text, struct hw_error *err) {
    uint64_t at = 0;
    bool there = false;
    if (manifest->count > 0) {
        HW_TRY(hw_hash_index_find(index, text_hash(manifest, text), &there, &at, err));
    }
    cursor_go(cursor, manifest, there ? at : hw_record_file_end(&manifest->records), FIND_BYTES);
    return HW_OK;
}

enum hw_status hw_manifest_of(const struct hw_manifest *manifest, const char *source, const char *format,
                              struct hw_manifest_cursor *cursor, struct hw_error *err) {
    HW_TRY(cursor_seek(cursor, manifest, &manifest->sources, source, err));
    cursor->source = source;
    cursor->format = format;
    return HW_OK;
}

static enum hw_status record_next(struct hw_manifest_cursor *cursor, bool *out_there, struct hw_error *err) {
    const struct hw_record_reader *reader = &cursor->reader;
    hw_view record;
    cursor->at = reader->at - (reader->block.size - reader->used);
    HW_TRY(hw_record_reader_next(&cursor->reader, &record, err));
    *out_there = record.data != NULL;
    if (*out_there) {
        cursor->entry = hw_manifest_record_read(record.data);
    }
    return HW_OK;
}

/* True where an entry lies among the others, but has been replaced or has another format. */
static bool entry_passed(const struct hw_manifest_cursor *cursor) {
    const struct hw_manifest_entry *entry = &cursor->entry;
    const uint8_t *replaced = cursor->manifest->replaced;
    return (replaced && (replaced[entry->order / 8] >> entry->order % 8 & 1) != 0) ||
           (cursor->format && strcmp(entry->format, cursor->format) != 0);
}

enum hw_status hw_manifest_next(struct hw_manifest_cursor *cursor, const struct hw_manifest_entry **out_entry,
                                struct hw_error *err) {
    bool there;
    do {
        HW_TRY(record_next(cursor, &there, err));
        there = there && (!cursor->source || strcmp(cursor->entry.source, cursor->source) == 0);
    } while (there && entry_passed(cursor));
    *out_entry = there ? &cursor->entry : NULL;
    return HW_OK;
}

enum hw_status hw_manifest_find(const struct hw_manifest *manifest, const char *path, struct hw_manifest_cursor *cursor,
                                const struct hw_manifest_entry **out_entry, struct hw_error *err) {
    bool there;
    HW_TRY(cursor_seek(cursor, manifest, &manifest->paths, path, err));
    HW_TRY(record_next(cursor, &there, err));
    *out_entry = there ? &cursor->entry : NULL;
    return HW_OK;
}

enum hw_status hw_manifest_at(const struct hw_manifest *manifest, uint64_t at, struct hw_manifest_cursor *cursor,
                              const struct hw_manifest_entry **out_entry, struct hw_error *err) {
    bool there;
    cursor_go(cursor, manifest, at, FIND_BYTES);
    HW_TRY(record_next(cursor, &there, err));
    assert(there);
    *out_entry = &cursor->entry;
    return HW_OK;
}

void hw_manifest_cursor_release(struct hw_manifest_cursor *cursor) {
    hw_record_reader_release(&cursor->reader);
    *cursor = (struct hw_manifest_cursor){0};
}
