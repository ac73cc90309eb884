/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/listing.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/thread.h"

enum {
    /* Objects are handed over so many at a time. */
    BLOCK_OBJECTS = 1000,
    /* The blocks that are ready before they are asked for. */
    BLOCKS_AHEAD = 3,
};

struct block {
    struct hw_object_info objects[BLOCK_OBJECTS];
    size_t count;
    struct hw_arena texts;
    struct block *next;
};

struct hw_listing {
    const struct hw_expand *expand;
    const struct hw_filter *filter;
    pthread_t thread;
    /* The thread's: the block that is being filled, and the key of the last object. */
    struct block *filling;
    struct hw_buf last;
    /* The reader's: the block that is handed out, and how much of it. */
    struct block *reading;
    size_t used;
    struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct block *first;
        struct block *last;
        unsigned blocks;
        /* True once all blocks are there. */
        bool ended;
        /* True once nobody wants more. */
        bool stopped;
        enum hw_status status;
        struct hw_error error;
        bool some;
    } synced;
};

static void *thread_run(void *arg);
static enum hw_status object_add(void *ctx, const struct hw_expanded *object, struct hw_error *err);
static enum hw_status block_hand_over(struct hw_listing *listing, struct hw_error *err);

static void block_free(struct block *block) {
    if (block) {
        hw_arena_release(&block->texts);
        hw_free(block);
    }
}

enum hw_status hw_listing_start(const struct hw_expand *expand, const struct hw_filter *filter,
                                struct hw_listing **out_listing, struct hw_error *err) {
    struct hw_listing *listing = hw_alloc_zero(1, sizeof(*listing));
    if (!listing) {
        return hw_fail_nomem(err, sizeof(*listing));
    }
    listing->expand = expand;
    listing->filter = filter;
    listing->synced.error = (struct hw_error)HW_ERROR_INIT;
    pthread_mutex_init(&listing->synced.lock, NULL);
    pthread_cond_init(&listing->synced.changed, NULL);
    const int errnum = hw_thread_start(&listing->thread, thread_run, listing);
    if (errnum != 0) {
        pthread_cond_destroy(&listing->synced.changed);
        pthread_mutex_destroy(&listing->synced.lock);
        hw_free(listing);
        return hw_fail(err, HW_ENOMEM, "cannot start a thread for a listing: errno %d", errnum);
    }
    *out_listing = listing;
    return HW_OK;
}

void hw_listing_free(struct hw_listing *listing) {
    if (!listing) {
        return;
    }
    pthread_mutex_lock(&listing->synced.lock);
    listing->synced.stopped = true;
    pthread_cond_broadcast(&listing->synced.changed);
    pthread_mutex_unlock(&listing->synced.lock);
    pthread_join(listing->thread, NULL);
    while (listing->synced.first) {
        struct block *block = listing->synced.first;
        listing->synced.first = block->next;
        block_free(block);
    }
    block_free(listing->reading);
    block_free(listing->filling);
    hw_buf_release(&listing->last);
    pthread_cond_destroy(&listing->synced.changed);
    pthread_mutex_destroy(&listing->synced.lock);
    hw_free(listing);
}

/* ------ filling */

static void *thread_run(void *arg) {
    struct hw_listing *listing = arg;
    struct hw_error error = HW_ERROR_INIT;
    bool some = false;
    enum hw_status status = hw_expand_each(listing->expand, listing->filter, object_add, listing, &some, &error);
    if (status == HW_OK && listing->filling) {
        status = block_hand_over(listing, &error);
    }
    pthread_mutex_lock(&listing->synced.lock);
    listing->synced.ended = true;
    listing->synced.status = status;
    listing->synced.error = error;
    listing->synced.some = some;
    pthread_cond_broadcast(&listing->synced.changed);
    pthread_mutex_unlock(&listing->synced.lock);
    return NULL;
}

/* An object that came too late, or came twice, would be taken for one that the other side lacks. */
static enum hw_status order_check(struct hw_listing *listing, const char *key, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    if (listing->last.size > 0 && strcmp((const char *)listing->last.data, key) >= 0) {
        return hw_fail(err, HW_EPROTOCOL, "the listing goes back to %s: one that has no order cannot be compared",
                       hw_quote(key, strlen(key), quoted, sizeof(quoted)));
    }
    hw_buf_clear(&listing->last);
    return hw_buf_append(&listing->last, key, strlen(key) + 1, err);
}

static enum hw_status object_add(void *ctx, const struct hw_expanded *object, struct hw_error *err) {
    struct hw_listing *listing = ctx;
    HW_TRY(order_check(listing, object->info->key, err));
    if (!listing->filling) {
        listing->filling = hw_alloc_zero(1, sizeof(*listing->filling));
    }
    struct block *block = listing->filling;
    if (!block) {
        return hw_fail_nomem(err, sizeof(*block));
    }
    struct hw_object_info *copy = &block->objects[block->count];
    *copy = *object->info;
    copy->key = hw_arena_strdup(&block->texts, object->info->key);
    copy->etag = hw_arena_strdup(&block->texts, object->info->etag);
    if (!copy->key || !copy->etag) {
        return hw_fail_nomem(err, strlen(object->info->key) + 1);
    }
    block->count++;
    return block->count == BLOCK_OBJECTS ? block_hand_over(listing, err) : HW_OK;
}

static enum hw_status block_hand_over(struct hw_listing *listing, struct hw_error *err) {
    struct block *block = listing->filling;
    pthread_mutex_lock(&listing->synced.lock);
    while (listing->synced.blocks >= BLOCKS_AHEAD && !listing->synced.stopped) {
        pthread_cond_wait(&listing->synced.changed, &listing->synced.lock);
    }
    const bool stopped = listing->synced.stopped;
    if (!stopped) {
        if (listing->synced.last) {
            listing->synced.last->next = block;
        } else {
            listing->synced.first = block;
        }
        listing->synced.last = block;
        listing->synced.blocks++;
        listing->filling = NULL;
        pthread_cond_broadcast(&listing->synced.changed);
    }
    pthread_mutex_unlock(&listing->synced.lock);
    return stopped ? hw_fail(err, HW_ECANCELLED, "the listing is not needed any more") : HW_OK;
}

/* ------ reading */

/* Takes the next block, or the end, for which it is NULL. */
static enum hw_status block_take(struct hw_listing *listing, struct hw_error *err) {
    block_free(listing->reading);
    listing->reading = NULL;
    listing->used = 0;
    pthread_mutex_lock(&listing->synced.lock);
    while (!listing->synced.first && !listing->synced.ended) {
        pthread_cond_wait(&listing->synced.changed, &listing->synced.lock);
    }
    struct block *block = listing->synced.first;
    if (block) {
        listing->synced.first = block->next;
        listing->synced.last = block->next ? listing->synced.last : NULL;
        listing->synced.blocks--;
        pthread_cond_broadcast(&listing->synced.changed);
    }
    const enum hw_status status = block ? HW_OK : listing->synced.status;
    pthread_mutex_unlock(&listing->synced.lock);
    listing->reading = block;
    return status ? hw_error_pass(err, status, &listing->synced.error) : HW_OK;
}

bool hw_listing_some(const struct hw_listing *listing) {
    return listing->synced.some;
}

enum hw_status hw_listing_next(struct hw_listing *listing, struct hw_expanded *out_object, struct hw_error *err) {
    if (!listing->reading || listing->used == listing->reading->count) {
        HW_TRY(block_take(listing, err));
    }
    if (!listing->reading) {
        *out_object = (struct hw_expanded){0};
        return HW_OK;
    }
    const struct hw_object_info *info = &listing->reading->objects[listing->used++];
    *out_object = (struct hw_expanded){.info = info, .name = info->key + listing->expand->base_at};
    return HW_OK;
}
