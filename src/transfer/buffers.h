/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory that parts of objects lie in while they are moved. All of it together stays below a
 * limit: whoever wants more waits until others give theirs back. Memory is kept, as fresh pages are
 * slow. Any thread may use it.
 */
#ifndef HW_TRANSFER_BUFFERS_H
#define HW_TRANSFER_BUFFERS_H

#include <pthread.h>

#include "core/error.h"

/* A piece of memory that was taken. */
struct hw_buffer {
    uint8_t *data;
    /* The bytes that were asked for. */
    size_t bytes;
};

/* Pieces of memory have these sizes at most: a whole part, a half of it, a quarter, and so on. */
enum { HW_BUFFER_SIZES = 8 };

struct hw_buffers {
    /* The size of a whole part, the largest piece that is kept. */
    size_t part_bytes;
    uint64_t total_bytes;
    struct {
        pthread_mutex_t lock;
        pthread_cond_t given_back;
        uint64_t held_bytes;
        /*
         * The memory that is kept, from whole parts on: lists, whose links stand in the memory
         * itself, and the bytes of all together.
         */
        void *kept[HW_BUFFER_SIZES];
        uint64_t kept_bytes;
    } synced;
};

/* Starts buffers that take `total_bytes` together at most, those that are kept included. */
void hw_buffers_init(struct hw_buffers *buffers, size_t part_bytes, uint64_t total_bytes);
/* Frees what is kept. Everything has been given back. */
void hw_buffers_release(struct hw_buffers *buffers);

/*
 * Takes `bytes` bytes, and waits for them. One that is larger than all buffers together is given
 * out alone. Nobody may wait here who holds a buffer.
 */
HW_NODISCARD enum hw_status hw_buffer_take(struct hw_buffers *buffers, size_t bytes, struct hw_buffer *out_buffer,
                                           struct hw_error *err);
/* Takes a buffer if there is room for it now. Also those may call this who hold others. */
bool hw_buffer_try(struct hw_buffers *buffers, size_t bytes, struct hw_buffer *out_buffer);
/* Gives a buffer back. A zeroed one may be given back too. */
void hw_buffer_give_back(struct hw_buffers *buffers, struct hw_buffer *buffer);

#endif
