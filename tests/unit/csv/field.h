/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields as a parser meets them: in the midst of other bytes. A room is readable memory between two
 * guard pages; a field is put where the first byte before it, or the first one past its padding,
 * faults, with tails that a parser must not take for part of it.
 */
#ifndef HW_TESTS_CSV_FIELD_H
#define HW_TESTS_CSV_FIELD_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/rows.h"

#include "core/base.h"
#include "table/batch.h"

struct field_room {
    char *first;
    char *end;
    char *mapping;
    size_t mapping_bytes;
};

static inline int field_room_setup(void **state) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    struct field_room *room = calloc(1, sizeof(*room));
    assert_non_null(room);
    room->mapping_bytes = 3 * page;
    room->mapping = mmap(NULL, room->mapping_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(room->mapping != MAP_FAILED);
    room->first = room->mapping + page;
    room->end = room->first + page;
    assert_int_equal(mprotect(room->first, page, PROT_READ | PROT_WRITE), 0);
    *state = room;
    return 0;
}

static inline int field_room_teardown(void **state) {
    struct field_room *room = *state;
    munmap(room->mapping, room->mapping_bytes);
    free(room);
    return 0;
}

static const unsigned char field_tails[] = "0123456789,-+.eETZ: nif\"\r\n\xff";

enum { FIELD_VARIANTS = 2 * sizeof(field_tails) }; /* the NUL that ends the tails is one of them */

/* The field in one of FIELD_VARIANTS surroundings. Valid until the next call. */
static inline const char *field_put(struct field_room *room, const char *text, size_t size, size_t variant) {
    char *at = variant % 2 == 0 ? room->end - HW_BATCH_PADDING - size : room->first;
    memcpy(at, text, size);
    memset(at + size, field_tails[variant / 2 % sizeof(field_tails)], HW_BATCH_PADDING);
    return at;
}

/* A seeded generator: every run sees the same values. */
struct dice {
    uint64_t state;
};

static inline uint64_t dice_u64(struct dice *dice) {
    uint64_t mixed = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

/* 0 .. below - 1 */
static inline size_t dice_roll(struct dice *dice, size_t below) {
    return (size_t)(dice_u64(dice) % below);
}

#endif
