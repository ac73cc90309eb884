/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts as a scanner meets them: in the midst of other bytes, margins around them, and a page that
 * faults where the margin behind ends. For texts of any size; the room grows.
 */
#ifndef HW_TESTS_CSV_TEXT_H
#define HW_TESTS_CSV_TEXT_H

#include "csv/dialect.h"
#include "csv/scan.h"
#include "unit/csv/field.h"

struct text_room {
    char *mapping;
    size_t mapping_bytes;
    size_t bytes; /* that can be read and written */
};

static const struct hw_csv_dialect text_rfc4180 = {.delimiter = ',', .quote = '"', .end = '\n'};

static inline void text_room_release(struct text_room *room) {
    if (room->mapping) {
        munmap(room->mapping, room->mapping_bytes);
    }
    *room = (struct text_room){0};
}

static inline void text_room_grow(struct text_room *room, size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    text_room_release(room);
    room->bytes = (bytes + page - 1) / page * page;
    room->mapping_bytes = room->bytes + page;
    room->mapping = mmap(NULL, room->mapping_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(room->mapping != MAP_FAILED);
    assert_int_equal(mprotect(room->mapping + room->bytes, page, PROT_NONE), 0);
}

/* What stands around a text must not be taken for part of it. */
static const char text_around[] = {'"', ',', '\n', '\r', 'x', '\xc3', '0'};

/*
 * The text with margins of `around`; `shift` (below 64) moves it off the guard page, for every
 * alignment. Valid until the next call.
 */
static inline hw_view text_put(struct text_room *room, hw_view text, size_t shift, char around) {
    size_t wanted = text.size + 2 * HW_CSV_BLOCK_MARGIN + shift;
    if (wanted > room->bytes) {
        text_room_grow(room, wanted);
    }
    char *at = room->mapping + room->bytes - shift - HW_CSV_BLOCK_MARGIN - text.size;
    memset(at - HW_CSV_BLOCK_MARGIN, around, HW_CSV_BLOCK_MARGIN);
    memset(at + text.size, around, HW_CSV_BLOCK_MARGIN + shift);
    if (text.size > 0) {
        memcpy(at, text.data, text.size);
    }
    return (hw_view){at, text.size};
}

/* Random text of the bytes that matter to a scanner; the higher `tame`, the more plain ones. */
static inline size_t text_nasty(struct dice *dice, char *out, size_t size, size_t tame) {
    static const char special[] = "\"\",,\n\n\r\\#;\xc3\xa9";
    for (size_t i = 0; i < size; i++) {
        bool plain = dice_roll(dice, 8) < tame;
        out[i] = plain ? (char)('a' + dice_roll(dice, 4)) : special[dice_roll(dice, sizeof(special) - 1)];
    }
    return size;
}

#endif
