/* SPDX-License-Identifier: Apache-2.0 */
#include "table/spare_blocks.h"

#include <pthread.h>

#include "core/alloc.h"

/* As many as the columns of a batch have; wider tables have small blocks. */
enum { BLOCKS_MAX = 256 };

struct block {
    uint8_t *data;
    size_t capacity;
};

struct hw_spare_blocks {
    struct hw_owner owner;
    size_t bytes_max;
    struct {
        pthread_mutex_t lock;
        struct block blocks[BLOCKS_MAX]; /* in the order in which they came */
        size_t count;
        size_t bytes;
    } synced;
};

static void blocks_free(struct hw_owner *owner) {
    struct hw_spare_blocks *blocks = (struct hw_spare_blocks *)(void *)owner;
    for (size_t i = 0; i < blocks->synced.count; i++) {
        hw_free(blocks->synced.blocks[i].data);
    }
    pthread_mutex_destroy(&blocks->synced.lock);
    hw_free(blocks);
}

enum hw_status hw_spare_blocks_new(size_t bytes_max, struct hw_spare_blocks **out_blocks, struct hw_error *err) {
    struct hw_spare_blocks *blocks = hw_alloc_zero(1, sizeof(*blocks));
    if (!blocks) {
        return hw_fail_nomem(err, sizeof(*blocks));
    }
    hw_owner_init(&blocks->owner, blocks_free);
    pthread_mutex_init(&blocks->synced.lock, NULL);
    blocks->bytes_max = bytes_max;
    *out_blocks = blocks;
    return HW_OK;
}

struct hw_owner *hw_spare_blocks_owner(struct hw_spare_blocks *blocks) {
    return &blocks->owner;
}

static struct block remove_locked(struct hw_spare_blocks *blocks, size_t index) {
    struct block *at = &blocks->synced.blocks[index];
    const struct block block = *at;
    blocks->synced.count--;
    blocks->synced.bytes -= block.capacity;
    memmove(at, at + 1, (blocks->synced.count - index) * sizeof(*at));
    return block;
}

void hw_spare_blocks_give(struct hw_spare_blocks *blocks, uint8_t *data, size_t capacity) {
    if (!data || capacity > blocks->bytes_max) {
        hw_free(data);
        return;
    }
    pthread_mutex_lock(&blocks->synced.lock);
    while (blocks->synced.count == BLOCKS_MAX || blocks->synced.bytes > blocks->bytes_max - capacity) {
        hw_free(remove_locked(blocks, 0).data);
    }
    blocks->synced.blocks[blocks->synced.count++] = (struct block){data, capacity};
    blocks->synced.bytes += capacity;
    pthread_mutex_unlock(&blocks->synced.lock);
}

void hw_spare_blocks_take(struct hw_spare_blocks *blocks, size_t capacity, struct hw_buf *buf) {
    pthread_mutex_lock(&blocks->synced.lock);
    size_t best = blocks->synced.count;
    for (size_t i = 0; i < blocks->synced.count; i++) {
        const size_t has = blocks->synced.blocks[i].capacity;
        const bool fits = has >= capacity && has / 2 <= capacity;
        if (fits && (best == blocks->synced.count || has < blocks->synced.blocks[best].capacity)) {
            best = i;
        }
    }
    if (best < blocks->synced.count) {
        const struct block block = remove_locked(blocks, best);
        buf->data = block.data;
        buf->capacity = block.capacity;
    }
    pthread_mutex_unlock(&blocks->synced.lock);
}
