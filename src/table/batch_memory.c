/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_memory.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "table/batch.h"

struct hw_batch_memory {
    struct hw_owner owner;
    struct hw_owner *schema_owner;
    struct hw_arena arena;
    /* The blocks that were moved here, each a uint8_t *. */
    struct hw_buf blocks;
};

static void memory_free(struct hw_owner *owner);

enum hw_status hw_batch_memory_new(struct hw_owner *schema_owner, struct hw_batch_memory **out_memory,
                                   struct hw_error *err) {
    struct hw_batch_memory *memory = hw_alloc_zero(1, sizeof(*memory));
    if (!memory) {
        return hw_fail_nomem(err, sizeof(*memory));
    }
    hw_owner_init(&memory->owner, memory_free);
    hw_owner_retain(schema_owner);
    memory->schema_owner = schema_owner;
    *out_memory = memory;
    return HW_OK;
}

static void memory_free(struct hw_owner *owner) {
    struct hw_batch_memory *memory = (struct hw_batch_memory *)(void *)owner;
    uint8_t **blocks = (uint8_t **)(void *)memory->blocks.data;
    for (size_t i = 0; i < memory->blocks.size / sizeof(*blocks); i++) {
        hw_free(blocks[i]);
    }
    hw_buf_release(&memory->blocks);
    hw_arena_release(&memory->arena);
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
    status = status ? status : hw_buf_append(&memory->blocks, &buf->data, sizeof(buf->data), err);
    if (status) {
        hw_buf_release(buf);
        return status;
    }
    memset(buf->data + buf->size, 0, HW_BATCH_PADDING);
    *out_data = buf->data;
    *buf = (struct hw_buf){.limit = buf->limit};
    return HW_OK;
}

struct hw_owner *hw_batch_memory_owner(struct hw_batch_memory *memory) {
    return &memory->owner;
}
