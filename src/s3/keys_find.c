/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/keys_find.h"

#include <stdlib.h>

#include "core/buf.h"
#include "s3/list.h"

enum {
    /*
     * A listing is given up that has told of more keys than these, and than these for each of the
     * keys looked for that it has passed.
     */
    OTHERS_MAX = 1000,
    OTHERS_PER_KEY_MAX = 16,
};

/* A search in the order of the keys. */
struct search {
    struct hw_s3_sought *sought;
    size_t count;
    /* The keys that the listing has passed, found or not. */
    size_t passed;
    uint64_t listed;
    bool ended;
};

static int sought_compare(const void *a, const void *b) {
    return strcmp(((const struct hw_s3_sought *)a)->key, ((const struct hw_s3_sought *)b)->key);
}

/* Returns whether a byte goes on with a character of UTF-8. */
static bool goes_on(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Returns the number of bytes, in whole characters, that two keys begin with. */
static size_t common_bytes(const char *a, const char *b) {
    size_t bytes = 0;
    while (a[bytes] != '\0' && a[bytes] == b[bytes]) {
        bytes++;
    }
    while (bytes > 0 && goes_on(a[bytes])) {
        bytes--;
    }
    return bytes;
}

/*
 * Makes a text that is in front of a key and behind most that is, as "p/19~" is of "p/2". It is
 * empty where that is no more than the first `prefix_bytes`.
 */
static enum hw_status before_make(const char *key, size_t prefix_bytes, struct hw_buf *out, struct hw_error *err) {
    size_t at = strlen(key);
    if (at <= prefix_bytes) {
        return HW_OK;
    }
    for (at--; at > prefix_bytes && goes_on(key[at]);) {
        at--;
    }
    const bool has_before = key[at] > '!' && key[at] <= '~';
    if (at == prefix_bytes && !has_before) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append(out, key, at, err));
    HW_TRY(has_before ? hw_buf_printf(out, err, "%c~", key[at] - 1) : HW_OK);
    return hw_buf_end_text(out, err);
}

static enum hw_status entry_take(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    struct search *search = ctx;
    int order = -1;
    search->listed++;
    while (search->passed < search->count && order <= 0) {
        struct hw_s3_sought *next = &search->sought[search->passed];
        order = strcmp(next->key, entry->key);
        if (order == 0) {
            next->found = true;
            next->size = entry->size;
        }
        search->passed += order <= 0;
    }
    const bool worth_it = search->listed <= OTHERS_MAX + search->passed * OTHERS_PER_KEY_MAX;
    search->ended = search->passed == search->count || !worth_it;
    return search->ended ? hw_fail(err, HW_ECANCELLED, "the search has ended") : HW_OK;
}

enum hw_status hw_s3_keys_find(struct hw_s3_client *client, struct hw_s3_sought *sought, size_t count,
                               struct hw_error *err) {
    HW_AUTO(hw_buf) prefix = {0};
    HW_AUTO(hw_buf) before = {0};
    struct search search = {.sought = sought, .count = count};
    struct hw_error fault = HW_ERROR_INIT;
    if (count == 0 || hw_s3_client_directory(client)) {
        return HW_OK;
    }
    qsort(sought, count, sizeof(*sought), sought_compare);
    const char *first = sought[0].key;
    const size_t prefix_bytes = common_bytes(first, sought[count - 1].key);
    HW_TRY(hw_buf_append(&prefix, first, prefix_bytes, err));
    HW_TRY(hw_buf_end_text(&prefix, err));
    HW_TRY(before_make(first, prefix_bytes, &before, err));
    const struct hw_s3_list_options options = {
        .prefix = (const char *)prefix.data,
        .start_after = before.size > 0 ? (const char *)before.data : NULL,
    };
    const enum hw_status status = hw_s3_list(client, &options, entry_take, &search, &fault);
    return status == HW_OK || search.ended ? HW_OK : hw_error_pass(err, status, &fault);
}
