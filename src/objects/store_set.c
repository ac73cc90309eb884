/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/store_set.h"

#include "core/alloc.h"
#include "store/store_s3.h"
#include "store/store_web.h"

static struct hw_store_set_row *row_find(struct hw_store_set *set, const struct hw_location *location) {
    for (size_t i = set->count; i > 0; i--) {
        struct hw_store_set_row *row = &set->rows[i - 1];
        if (row->scheme == location->scheme && strcmp(row->root, location->root) == 0) {
            return row;
        }
    }
    return NULL;
}

static void throttled_count(struct hw_store *store, atomic_uint_fast64_t *counter) {
    struct hw_s3_client *bucket = hw_store_s3_client(store);
    struct hw_web_client *web = hw_store_web_client(store);
    if (bucket) {
        hw_s3_client_count_throttled(bucket, counter);
    } else if (web) {
        hw_web_client_count_throttled(web, counter);
    }
}

static enum hw_status row_add(struct hw_store_set *set, const struct hw_location *location,
                              struct hw_store_set_row **out_row, struct hw_error *err) {
    if (set->count == set->capacity) {
        const size_t capacity = set->capacity > 0 ? 2 * set->capacity : 8;
        struct hw_store_set_row *rows = hw_realloc_array(set->rows, capacity, sizeof(*rows));
        if (!rows) {
            return hw_fail_nomem(err, capacity * sizeof(*rows));
        }
        set->rows = rows;
        set->capacity = capacity;
    }
    struct hw_store_set_row row = {.scheme = location->scheme, .root = hw_strdup(location->root)};
    if (!row.root) {
        return hw_fail_nomem(err, strlen(location->root) + 1);
    }
    enum hw_status status = hw_store_open(location, set->options, &row.store, err);
    if (status) {
        hw_free(row.root);
        return status;
    }
    throttled_count(row.store, set->throttled);
    set->rows[set->count++] = row;
    *out_row = &set->rows[set->count - 1];
    return HW_OK;
}

enum hw_status hw_store_set_get(struct hw_store_set *set, const struct hw_location *location,
                                struct hw_store **out_store, struct hw_error *err) {
    if (location->own) {
        *out_store = location->own;
        return HW_OK;
    }
    struct hw_store_set_row *row = row_find(set, location);
    if (!row) {
        HW_TRY(row_add(set, location, &row, err));
    }
    *out_store = row->store;
    return HW_OK;
}

void hw_store_set_release(struct hw_store_set *set) {
    for (size_t i = 0; i < set->count; i++) {
        hw_store_close(set->rows[i].store);
        hw_free(set->rows[i].root);
    }
    hw_free(set->rows);
    *set = (struct hw_store_set){.options = set->options, .throttled = set->throttled};
}
