/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_memory.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "table/batch.h"

struct hw_batch_memory {
    struct hw_owner owner;
    struct hw_owner *schema_owner;
    struct hw_arena arena;
    /* The buffers that were moved here, each a struct block. */
    struct hw_buf blocks;
    struct hw_spare_blocks *spare; /* NULL: there is none */
};

struct block {
    uint8_t *data;
    size_t capacity;
};

static void memory_free(struct hw_owner *owner);

enum hw_status hw_batch_memory_new(struct hw_owner *schema_owner, struct hw_spare_blocks *spare,
                                   struct hw_batch_memory **out_memory, struct hw_error *err) {
    struct hw_batch_memory *memory = hw_alloc_zero(1, sizeof(*memory));
    if (!memory) {
        return hw_fail_nomem(err, sizeof(*memory));
    }
    hw_owner_init(&memory->owner, memory_free);
    hw_owner_retain(schema_owner);
    memory->schema_owner = schema_owner;
    memory->spare = spare;
    if (spare) {
        hw_owner_retain(hw_spare_blocks_owner(spare));
    }
    *out_memory = memory;
    return HW_OK;
}

static void block_free(const struct hw_batch_memory *memory, const struct block *block) {
    if (memory->spare) {
        hw_spare_blocks_give(memory->spare, block->data, block->capacity);
    } else {
        hw_free(block->data);
    }
}

static void memory_free(struct hw_owner *owner) {
    struct hw_batch_memory *memory = (struct hw_batch_memory *)(void *)owner;
    const struct block *blocks = (const struct block *)(const void *)memory->blocks.data;
    for (size_t i = 0; i < memory->blocks.size / sizeof(*blocks); i++) {
        block_free(memory, &blocks[i]);
    }
    hw_buf_release(&memory->blocks);
    hw_arena_release(&memory->arena);
    if (memory->spare) {
        hw_owner_drop(hw_spare_blocks_owner(memory->spare));
    }
    hw_owner_drop(memory->schema_owner);
    hw_free(memory);
}

void hw_batch_memory_free(struct hw_batch_memory *memory) {
    if (memory) {
        memory_free(&memory->owner);
    }
}

void *hw_batch_memory_alloc(struct hw_batch_memory *memory, size_t bytes) {
    size_t padded;
    if (!hw_add(bytes, (size_t)HW_BATCH_PADDING, &padded)) {
        return NULL;
    }
    void *data = hw_arena_alloc(&memory->arena, padded);
    return data ? memset(data, 0, padded) : NULL;
}

enum hw_status hw_batch_memory_move(struct hw_batch_memory *memory, struct hw_buf *buf, const void **out_data,
                                    struct hw_error *err) {
    enum hw_status status = hw_buf_reserve(buf, HW_BATCH_PADDING, err);
    const struct block block = {buf->data, buf->capacity};
    status = status ? status : hw_buf_append(&memory->blocks, &block, sizeof(block), err);
    if (status) {
        hw_buf_release(buf);
        return status;
    }
    memset(buf->data + buf->size, 0, HW_BATCH_PADDING);
    *out_data = buf->data;
    *buf = (struct hw_buf){.limit = buf->limit};
    return HW_OK;
}

enum hw_status hw_batch_memory_exchange(struct hw_batch_memory *memory, struct hw_buf *buf, const void **out_data,
                                        struct hw_error *err) {
    HW_TRY(hw_batch_memory_move(memory, buf, out_data, err));
    const struct block *blocks = (const struct block *)(const void *)memory->blocks.data;
    const size_t count = memory->blocks.size / sizeof(*blocks);
    hw_batch_memory_room(memory, blocks[count - 1].capacity, buf);
    return HW_OK;
}

void hw_batch_memory_room(struct hw_batch_memory *memory, size_t bytes, struct hw_buf *buf) {
    if (memory->spare) {
        hw_spare_blocks_take(memory->spare, bytes, buf);
    }
}

struct hw_owner *hw_batch_memory_owner(struct hw_batch_memory *memory) {
    return &memory->owner;
}
