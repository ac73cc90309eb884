/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/journal.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/alloc.h"
#include "core/arena.h"
#include "core/bytes_text.h"
#include "core/random.h"
#include "manifest/manifest_read.h"
#include "manifest/manifest_write.h"

enum { NAME_BYTES = 64, HASH_BYTES = 8 };

static enum hw_status list_add(struct hw_journal_list *list, const char *key, struct hw_error *err) {
    if (list->count == list->capacity) {
        const size_t capacity = hw_max_size(8, 2 * list->capacity);
        struct hw_journal *items = hw_realloc_array(list->items, capacity, sizeof(*items));
        if (!items) {
            return hw_fail_nomem(err, capacity * sizeof(*items));
        }
        list->items = items;
        list->capacity = capacity;
    }
    char *copy = hw_strdup(key);
    if (!copy) {
        return hw_fail_nomem(err, strlen(key) + 1);
    }
    list->items[list->count++] = (struct hw_journal){.key = copy};
    return HW_OK;
}

static void list_release(struct hw_journal_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        hw_free(list->items[i].key);
    }
    hw_free(list->items);
}

static enum hw_status key_found(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    return list_add(&((struct hw_journals *)ctx)->left, info->key, err);
}

enum hw_status hw_journals_open(struct hw_journals *journals, struct hw_store *store, const char *prefix,
                                struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error fault = HW_ERROR_INIT;
    *journals = (struct hw_journals){.store = store, .prefix = prefix};
    pthread_mutex_init(&journals->lock, NULL);
    const char *begin = hw_arena_join(&arena, prefix, HW_JOURNAL_PREFIX);
    if (!begin) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    enum hw_status status = store->ops->list(store, begin, key_found, journals, &fault);
    /* A folder will be made; a bucket that is not there will not, so no output could be written. */
    if (status == HW_OK || (status == HW_ENOTFOUND && !store->remote)) {
        return HW_OK;
    }
    return hw_error_pass(err, status, &fault);
}

/* What the names of a source's journals have after the prefix. */
static void hash_write(const char *source, char out[2 * HASH_BYTES + 1]) {
    uint8_t digest[HW_SHA256_BYTES];
    hw_sha256_of(source, strlen(source), digest);
    hw_hex(digest, HASH_BYTES, out);
}

size_t hw_journals_of(const struct hw_journals *journals, const char *source, size_t *out_first) {
    const struct hw_journal_list *left = &journals->left;
    const size_t at = left->count > 0 ? strlen(journals->prefix) + strlen(HW_JOURNAL_PREFIX) : 0;
    char hash[2 * HASH_BYTES + 1];
    size_t low = 0;
    size_t high = left->count;
    hash_write(source, hash);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const bool before = strncmp(left->items[middle].key + at, hash, sizeof(hash) - 1) < 0;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    size_t end = low;
    while (end < left->count && strncmp(left->items[end].key + at, hash, sizeof(hash) - 1) == 0) {
        end++;
    }
    *out_first = low;
    return end - low;
}

enum hw_status hw_journals_load(const struct hw_journals *journals, size_t number, struct hw_manifest *files,
                                struct hw_error *err) {
    const char *key = journals->left.items[number].key;
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_source *source;
    enum hw_status status = hw_store_source_open(journals->store, key, &source, &fault);
    if (status == HW_OK) {
        status = hw_manifest_load(source, files, &fault);
        source->ops->close(source);
    }
    if (status == HW_OK) {
        return HW_OK;
    }
    hw_manifest_release(files);
    if (status == HW_ENOTFOUND || status == HW_EDATA) {
        return HW_OK;
    }
    hw_error_object(&fault, key);
    return hw_error_pass(err, status, &fault);
}

static enum hw_status journal_put(const struct hw_journals *journals, const char *key,
                                  const struct hw_manifest_entry *files, size_t count, struct hw_error *err) {
    const struct hw_sink_options options = {
        .create_only = true, .content_type = "application/json", .write = journals->write};
    struct hw_store *store = journals->store;
    struct hw_sink *sink;
    HW_TRY(store->ops->sink_open(store, key, &options, &sink, err));
    enum hw_status status = hw_manifest_write(files, count, sink, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    sink->ops->free(sink);
    return status;
}

enum hw_status hw_journals_write(struct hw_journals *journals, const char *source,
                                 const struct hw_manifest_entry *files, size_t count, size_t *out_number,
                                 struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    char hash[2 * HASH_BYTES + 1];
    char name[NAME_BYTES];
    hash_write(source, hash);
    snprintf(name, sizeof(name), HW_JOURNAL_PREFIX "%s-%08" PRIx32 ".json", hash, (uint32_t)hw_random_u64());
    const char *key = hw_arena_join(&arena, journals->prefix, name);
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    pthread_mutex_lock(&journals->lock);
    enum hw_status status = list_add(&journals->own, key, err);
    *out_number = journals->own.count - 1;
    pthread_mutex_unlock(&journals->lock);
    HW_TRY(status);
    status = journal_put(journals, key, files, count, err);
    if (status != HW_OK) {
        hw_error_prefix(err, "the journal of what is about to be published");
    }
    return status;
}

void hw_journals_settle(struct hw_journals *journals, size_t number) {
    pthread_mutex_lock(&journals->lock);
    journals->own.items[number].settled = true;
    pthread_mutex_unlock(&journals->lock);
}

void hw_journals_settle_left(struct hw_journals *journals, const char *source) {
    size_t first;
    const size_t count = hw_journals_of(journals, source, &first);
    pthread_mutex_lock(&journals->lock);
    for (size_t i = 0; i < count; i++) {
        journals->left.items[first + i].settled = true;
    }
    pthread_mutex_unlock(&journals->lock);
}

static void list_remove(const struct hw_journals *journals, const struct hw_journal_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].settled) {
            enum hw_status ignored = journals->store->ops->remove(journals->store, list->items[i].key, NULL);
            (void)ignored;
        }
    }
}

void hw_journals_remove(struct hw_journals *journals) {
    if (journals->store) {
        list_remove(journals, &journals->left);
        list_remove(journals, &journals->own);
    }
}

void hw_journals_release(struct hw_journals *journals) {
    if (journals->store) {
        list_release(&journals->left);
        list_release(&journals->own);
        pthread_mutex_destroy(&journals->lock);
        *journals = (struct hw_journals){0};
    }
}
