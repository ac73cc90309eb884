/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways from masks to the index against each other; test_scan.c has the rules, and the state
 * machine beside them.
 */
#include "csv/scan_group.h"

#include "core/alloc.h"
#include "support/rows.h"

enum { CHUNKS_MAX = 64, BYTES_MAX = CHUNKS_MAX * HW_CSV_CHUNK_BYTES, TURNS = 4000 };

struct way {
    const char *name;
    hw_csv_group_fn *run;
};

static uint64_t random_next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Rows of fields, some quoted by the rules; `common` 1 makes nearly every byte structural. */
static void text_make(char *out, size_t bytes, unsigned common, uint64_t *random) {
    bool quoted = false;
    for (size_t i = 0; i < bytes; i++) {
        bool starts = i == 0 || out[i - 1] == ',' || out[i - 1] == '\n';
        uint64_t dice = random_next(random);
        out[i] = dice % common == 0 ? ",,,,\n"[dice / common % 5] : (char)('a' + dice % 26);
        if (!quoted && starts && dice % 3 == 0) {
            out[i] = '"';
            quoted = true;
        } else if (quoted && dice % 5 == 0 && i + 2 < bytes) {
            out[i] = '"';
            out[++i] = "\",\n"[dice / 5 % 3];
            quoted = out[i] == '"';
        }
    }
}

static bool way_run(const struct way *way, const char *text, size_t chunks, struct hw_csv_index *index,
                    struct hw_csv_scan_state *state) {
    static struct hw_csv_masks masks[CHUNKS_MAX];
    const struct hw_csv_dialect dialect = {.delimiter = ',', .quote = '"', .end = '\n'};
    const struct hw_csv_group group = {text, 0, masks, chunks};
    size_t room = chunks * HW_CSV_CHUNK_BYTES + HW_CSV_GROUP_ROOM;

    *state = (struct hw_csv_scan_state){.after_field = 1};
    assert_int_equal(hw_csv_index_reserve(index, room, chunks * HW_CSV_CHUNK_BYTES, NULL), HW_OK);
    memset(index->ends, 0xa5, index->ends_capacity * sizeof(*index->ends));
    hw_csv_masks_portable(&dialect, text, chunks, masks);
    bool regular = way->run(index, &dialect, &group, state);
    assert_true(index->ends_capacity >= room);
    for (size_t i = index->ends_count + HW_CSV_GROUP_ROOM; i < index->ends_capacity; i++) {
        /* no more than the room behind is written to */
        assert_int_equal(index->ends[i], 0xa5a5a5a5);
    }
    return regular;
}

static void ways_agree(const struct way *way, const char *text, size_t chunks) {
    static const struct way portable = {"portable", hw_csv_group_portable};
    struct hw_csv_index want = {0}, got = {0};
    struct hw_csv_scan_state want_state, got_state;
    bool regular = way_run(&portable, text, chunks, &want, &want_state);

    assert_row_int(way->name, way_run(way, text, chunks, &got, &got_state), regular);
    if (regular) {
        assert_row_int(way->name, got.ends_count, want.ends_count);
        assert_row_int(way->name, got.records, want.records);
        assert_row_int(way->name, got.lines, want.lines);
        assert_memory_equal(got.ends, want.ends, want.ends_count * sizeof(*want.ends));
        assert_memory_equal(got.record_fields, want.record_fields, want.records * sizeof(*want.record_fields));
        assert_memory_equal(got.record_starts, want.record_starts, (want.records + 1) * sizeof(*want.record_starts));
        assert_memory_equal(&got_state, &want_state, sizeof(want_state));
    }
    hw_csv_index_release(&want);
    hw_csv_index_release(&got);
}

static void every_way_is_the_portable_one(void **state) {
    (void)state;
    static char text[BYTES_MAX];
    const struct way ways[] = {
        {"best", hw_csv_group_best()},
#if defined(__x86_64__)
        {"bmi", __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt") ? hw_csv_group_bmi : NULL},
        {"avx512", hw_csv_group_avx512_usable() ? hw_csv_group_avx512 : NULL},
#endif
    };
    uint64_t random = 9;
    for (size_t turn = 0; turn < TURNS; turn++) {
        size_t chunks = 1 + random_next(&random) % (turn % 16 == 0 ? CHUNKS_MAX : 3);
        text_make(text, sizeof(text), 1 + (unsigned)(random_next(&random) % 12), &random);
        if (turn % 8 == 0) {
            text[random_next(&random) % (chunks * HW_CSV_CHUNK_BYTES)] = "\"\r,\n"[random_next(&random) % 4];
        }
        for (size_t i = 0; i < COUNT_OF(ways); i++) {
            if (ways[i].run) {
                ways_agree(&ways[i], text, chunks);
            }
        }
    }
}

/* Every number of ends that a chunk can have. */
static void any_count_of_ends(void **state) {
    (void)state;
    char text[HW_CSV_CHUNK_BYTES];
    const struct way best = {"best", hw_csv_group_best()};
    for (size_t count = 0; count <= HW_CSV_CHUNK_BYTES; count++) {
        memset(text, 'a', sizeof(text));
        for (size_t i = 0; i < count; i++) {
            text[i * 27 % HW_CSV_CHUNK_BYTES] = ','; /* 27 and 64 have no divisor in common */
        }
        struct hw_csv_index index = {0};
        struct hw_csv_scan_state scan;
        assert_true(way_run(&best, text, 1, &index, &scan));
        assert_int_equal(index.ends_count, count);
        size_t at = 0;
        for (uint32_t i = 0; i < HW_CSV_CHUNK_BYTES; i++) {
            if (text[i] == ',') {
                assert_int_equal(index.ends[at++], i);
            }
        }
        hw_csv_index_release(&index);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_is_the_portable_one),
        cmocka_unit_test(any_count_of_ends),
    };
    return cmocka_run_group_tests_name("csv/scan_group", tests, NULL, NULL);
}
