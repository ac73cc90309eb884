/* SPDX-License-Identifier: Apache-2.0 */
/* Masks of every kind of processor: by rows, and of random bytes against a look at each byte. */
#include "csv/scan_masks.h"

#include "unit/csv/text.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 4000 };
#else
enum { ROUNDS = 20000 };
#endif

/* The functions that this processor can run. */
struct way {
    const char *name;
    hw_csv_masks_fn *make;
};

enum { WAYS_MAX = 4 };

static size_t ways_find(struct way out[WAYS_MAX]) {
    size_t count = 0;
    out[count++] = (struct way){"portable", hw_csv_masks_portable};
    out[count++] = (struct way){"best", hw_csv_masks_best()};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        out[count++] = (struct way){"avx2", hw_csv_masks_avx2};
    }
    if (__builtin_cpu_supports("avx512bw")) {
        out[count++] = (struct way){"avx512", hw_csv_masks_avx512};
    }
#endif
    return count;
}

/* A chunk of `fill` but for one byte; the masks of that byte, all else being in none. */
static void single_bytes_by_rows(void **state) {
    static const struct {
        const char *name;
        char byte;
        struct hw_csv_masks want; /* 1 where the byte has its bit */
    } rows[] = {
        {"quote", '"', {.quote = 1}},
        {"delimiter", ';', {.delimiter = 1}},
        {"record end", '\n', {.end = 1}},
        {"CR", '\r', {.carriage_return = 1}},
        {"above 0x7f", '\x80', {.high = 1}},
        {"all bits", '\xff', {.high = 1}},
        {"a quote but for the top bit", (char)('"' ^ 0x80), {.high = 1}},
        {"a comma is another's delimiter", ',', {0}},
        {"NUL", '\0', {0}},
        {"DEL", '\x7f', {0}},
        {"a byte beside the quote", '!', {0}},
        {"a byte beside the delimiter", ':', {0}},
    };
    const struct hw_csv_dialect dialect = {.delimiter = ';', .quote = '"', .end = '\n'};
    (void)state;
    struct text_room room = {0};
    struct way ways[WAYS_MAX];
    const size_t ways_count = ways_find(ways);
    for (size_t i = 0; i < COUNT_OF(rows) * HW_CSV_CHUNK_BYTES; i++) {
        const size_t row = i / HW_CSV_CHUNK_BYTES;
        const size_t at = i % HW_CSV_CHUNK_BYTES;
        char bytes[HW_CSV_CHUNK_BYTES];
        memset(bytes, 'a', sizeof(bytes));
        bytes[at] = rows[row].byte;
        hw_view text = text_put(&room, (hw_view){bytes, sizeof(bytes)}, 0, '"');
        for (size_t k = 0; k < ways_count; k++) {
            struct hw_csv_masks got;
            ways[k].make(&dialect, text.data, 1, &got);
            assert_row_int(rows[row].name, got.quote, rows[row].want.quote << at);
            assert_row_int(rows[row].name, got.delimiter, rows[row].want.delimiter << at);
            assert_row_int(rows[row].name, got.end, rows[row].want.end << at);
            assert_row_int(rows[row].name, got.carriage_return, rows[row].want.carriage_return << at);
            assert_row_int(rows[row].name, got.high, rows[row].want.high << at);
        }
    }
    text_room_release(&room);
}

static uint64_t bit_of(bool set, size_t at) {
    return (uint64_t)set << at;
}

static void masks_check(const char *name, hw_csv_masks_fn *make, struct dice *dice, struct text_room *room) {
    enum { CHUNKS = 3 };
    char bytes[CHUNKS * HW_CSV_CHUNK_BYTES];
    struct hw_csv_masks masks[CHUNKS];
    const struct hw_csv_dialect dialect = {.delimiter = (char)dice_roll(dice, 256),
                                           .quote = (char)dice_roll(dice, 256),
                                           .end = dice_roll(dice, 2) ? '\n' : '\r'};
    const char likely[] = {dialect.delimiter,           dialect.quote, '\n', '\r', (char)(dialect.delimiter ^ 1),
                           (char)(dialect.quote ^ 0x80)};
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = dice_roll(dice, 2) ? likely[dice_roll(dice, sizeof(likely))] : (char)dice_roll(dice, 256);
    }
    hw_view text = text_put(room, (hw_view){bytes, sizeof(bytes)}, dice_roll(dice, 64), 'x');
    make(&dialect, text.data, CHUNKS, masks);
    for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
        struct hw_csv_masks want = {0};
        for (size_t i = 0; i < HW_CSV_CHUNK_BYTES; i++) {
            char byte = bytes[chunk * HW_CSV_CHUNK_BYTES + i];
            want.quote |= bit_of(byte == dialect.quote, i);
            want.delimiter |= bit_of(byte == dialect.delimiter, i);
            want.end |= bit_of(byte == dialect.end, i);
            want.carriage_return |= bit_of(byte == '\r', i);
            want.high |= bit_of((byte & 0x80) != 0, i);
        }
        assert_row_bytes(name, &masks[chunk], sizeof(want), &want, sizeof(want));
    }
}

static void random_bytes_have_their_masks(void **state) {
    (void)state;
    struct text_room room = {0};
    struct dice dice = {1};
    struct way ways[WAYS_MAX];
    const size_t ways_count = ways_find(ways);
    for (size_t i = 0; i < ROUNDS; i++) {
        for (size_t k = 0; k < ways_count; k++) {
            masks_check(ways[k].name, ways[k].make, &dice, &room);
        }
    }
    text_room_release(&room);
}

/* No chunk but those that were asked for is written. */
static void no_more_chunks_than_asked_for_are_made(void **state) {
    enum { CHUNKS = 4 };
    const struct hw_csv_dialect dialect = {.delimiter = ',', .quote = '"', .end = '\n'};
    (void)state;
    struct text_room room = {0};
    char bytes[CHUNKS * HW_CSV_CHUNK_BYTES];
    struct way ways[WAYS_MAX];
    const size_t ways_count = ways_find(ways);
    memset(bytes, ',', sizeof(bytes));
    hw_view text = text_put(&room, (hw_view){bytes, sizeof(bytes)}, 0, '"');
    for (size_t k = 0; k < ways_count; k++) {
        for (size_t chunks = 0; chunks < CHUNKS; chunks++) {
            struct hw_csv_masks masks[CHUNKS] = {0};
            ways[k].make(&dialect, text.data, chunks, masks);
            for (size_t i = 0; i < CHUNKS; i++) {
                assert_row_int(ways[k].name, masks[i].delimiter, i < chunks ? UINT64_MAX : 0);
            }
        }
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_bytes_by_rows),
        cmocka_unit_test(random_bytes_have_their_masks),
        cmocka_unit_test(no_more_chunks_than_asked_for_are_made),
    };
    return cmocka_run_group_tests_name("csv/scan_masks", tests, NULL, NULL);
}
