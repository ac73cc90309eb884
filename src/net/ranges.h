/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads one version of an object of a service at any offset, by ranges. When reads follow each
 * other, small ones are served from windows of the object, which are fetched ahead. All other reads
 * are parallel ranges straight to the caller's memory, and no byte more than asked for. Several
 * threads may read at once.
 */
#ifndef HW_NET_RANGES_H
#define HW_NET_RANGES_H

#include "core/error.h"

enum {
    /* The most windows of part_bytes each that are in memory. */
    HW_RANGES_WINDOWS = 4,
    /* The most ranges under way at once for one large read. */
    HW_RANGES_AT_ONCE = 8,
    /* The most ranges that are expected at once; others are read when they are asked for. */
    HW_RANGES_EXPECTED = 64,
};

/*
 * The way in which a service is asked for a range. A get is memory that starts zeroed and does not
 * move.
 */
struct hw_ranges_ops {
    size_t get_bytes; /* of a get */
    /* Asks for a range. `data` is borrowed until the range has come or was released. */
    enum hw_status (*start)(void *ctx, void *get, uint64_t offset, size_t bytes, void *data, struct hw_error *err);
    /* Waits until all bytes of the range have come. */
    enum hw_status (*wait)(void *get, struct hw_error *err);
    /* Gives a range up that is under way, and zeroes the get. A zeroed one may be released too. */
    void (*release)(void *get);
};

struct hw_ranges_object {
    const struct hw_ranges_ops *ops; /* borrowed, as the next one */
    void *ctx;
    uint64_t size;
    size_t part_bytes;
    /*
     * The first window, bytes of the object which have come: its first ones, or others. It has room
     * for part_bytes, unless it is all of the object. Owned once hw_ranges_new has succeeded.
     */
    uint8_t *first;
    size_t first_bytes;
    uint64_t first_offset;
};

struct hw_ranges;

HW_NODISCARD enum hw_status hw_ranges_new(const struct hw_ranges_object *object, struct hw_ranges **out_ranges,
                                          struct hw_error *err);
/* Frees it. No read may be under way. Accepts NULL. */
void hw_ranges_free(struct hw_ranges *ranges);
/* Says that reads follow each other from here on, so that windows are fetched ahead. */
void hw_ranges_in_order(struct hw_ranges *ranges);
/*
 * Begins to fetch bytes that will be read soon, once, from `offset` on. They stay in memory until
 * they were read or are forgotten. What is wrong with them is told to whoever reads them.
 */
void hw_ranges_expect(struct hw_ranges *ranges, uint64_t offset, uint64_t bytes);
/* Gives up expected bytes that begin here, unless somebody is reading them. */
void hw_ranges_forget(struct hw_ranges *ranges, uint64_t offset, uint64_t bytes);
/* Reads exactly `bytes` from `offset`. HW_EIO means that the range goes beyond the end. */
HW_NODISCARD enum hw_status hw_ranges_read_at(struct hw_ranges *ranges, uint64_t offset, void *data, size_t bytes,
                                              struct hw_error *err);

#endif
