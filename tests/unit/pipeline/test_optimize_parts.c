/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_parts.h"

#include <math.h>
#include <stdlib.h>

#include "support/rows.h"

enum { FILES_MAX = 6, PIECES_MAX = 4, PARTS_MAX = 8, ROUNDS = 20000 };

/* ------ how many */

/* Sizes in hundredths of the size that is asked for, up to the first 0. */
static const struct {
    const char *name;
    double bytes[FILES_MAX + 1];
    size_t want;
} counts[] = {
    {"nothing", {0}, 0},
    {"one that is small", {1}, 0},
    {"one of that size", {100}, 0},
    {"one that is somewhat larger", {114.9}, 0},
    {"one that is larger than that", {115.1}, 2},
    {"one of twice the size", {200}, 2},
    {"one of more than twice the size", {200.1}, 3},
    {"one of ten and a half", {1050}, 11},
    {"two that fit together", {50, 50}, 1},
    {"two that do not quite", {50, 50.1}, 0},
    {"two of which one is large enough alone", {99.5, 1}, 0},
    {"two small ones at the ends", {10, 95, 10}, 0},
    {"two small ones that are neighbours", {95, 10, 10}, 2},
    {"many small ones", {10, 10, 10, 10, 10, 10}, 1},
    {"many that come to a little more than two", {35, 35, 35, 35, 35, 30}, 3},
    {"a large one among good ones", {90, 130, 90}, 4},
    {"good ones", {60, 70, 100, 110, 51}, 0},
    {"a small one beside one that is divided", {10, 190}, 2},
};

static void files_become_parts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        size_t count = 0;
        while (counts[i].bytes[count] > 0) {
            count++;
        }
        assert_row_int(counts[i].name, hw_optimize_parts_count(counts[i].bytes, count, 100), counts[i].want);
    }
}

/* Files without bytes, as no rows have, fit into any. */
static void files_of_nothing_are_joined(void **state) {
    (void)state;
    static const double nothing[] = {0, 0, 0};
    assert_int_equal(hw_optimize_parts_count(nothing, COUNT_OF(nothing), 100), 1);
    assert_int_equal(hw_optimize_parts_count(nothing, 1, 100), 0);
}

/* What parts were made of stays as it is, so that a second run has nothing to do. */
static void parts_stay(void **state) {
    (void)state;
    unsigned seed = 1;
    size_t several = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        double bytes[FILES_MAX], parts[3 * FILES_MAX + 1];
        const size_t count = 1 + (size_t)rand_r(&seed) % FILES_MAX;
        double all = 0;
        for (size_t i = 0; i < count; i++) {
            bytes[i] = rand_r(&seed) % 300;
            all += bytes[i];
        }
        const size_t made = hw_optimize_parts_count(bytes, count, 100);
        assert_true(made <= COUNT_OF(parts));
        for (size_t i = 0; i < made; i++) {
            parts[i] = all / (double)made;
            assert_true(parts[i] <= 100 && (made == 1 || parts[i] > 50));
        }
        several += made > 1;
        assert_int_equal(hw_optimize_parts_count(parts, made, 100), 0);
    }
    assert_true(several > ROUNDS / 4);
}

/* ------ which rows */

static const struct {
    const char *name;
    struct hw_optimize_piece pieces[PIECES_MAX];
    size_t pieces_count, count;
    const char *want; /* "first+count" of each part */
} cuts[] = {
    {"one part of one piece", {{10, 100}}, 1, 1, "0+10 "},
    {"one part of several", {{10, 100}, {5, 3}, {7, 0}}, 3, 1, "0+22 "},
    {"two of one piece", {{10, 100}}, 1, 2, "0+5 5+5 "},
    {"three of one piece", {{10, 100}}, 1, 3, "0+3 3+3 6+4 "},
    {"pieces of one density", {{10, 100}, {20, 200}}, 2, 3, "0+10 10+10 20+10 "},
    {"the first piece is denser", {{10, 300}, {100, 300}}, 2, 2, "0+10 10+100 "},
    {"a cut inside of a piece", {{10, 300}, {100, 100}}, 2, 2, "0+6 6+104 "},
    {"pieces without rows", {{0, 0}, {10, 100}, {0, 0}, {10, 100}}, 4, 2, "0+10 10+10 "},
    {"rows without bytes", {{10, 0}, {4, 40}}, 2, 2, "0+12 12+2 "},
    {"no bytes at all", {{3, 0}, {4, 0}}, 2, 2, "0+7 "},
    {"as many rows as parts", {{3, 90}}, 1, 3, "0+1 1+1 2+1 "},
    {"more parts than rows", {{3, 90}}, 1, 8, "0+1 1+1 2+1 "},
    {"a row that is larger than a part", {{1, 1000}, {4, 4}}, 2, 4, "0+1 1+1 2+1 3+2 "},
    {"no rows", {{0, 0}}, 1, 2, ""},
    {"no pieces", {{0}}, 0, 2, ""},
};

static void rows_are_divided_by_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        struct hw_row_range parts[PARTS_MAX];
        HW_AUTO(hw_buf) got = {0};
        const size_t made = hw_optimize_parts_cut(cuts[i].pieces, cuts[i].pieces_count, cuts[i].count, parts);
        for (size_t k = 0; k < made; k++) {
            assert_int_equal(hw_buf_printf(&got, NULL, "%" PRIu64 "+%" PRIu64 " ", parts[k].first, parts[k].count),
                             HW_OK);
        }
        assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
        assert_row_text(cuts[i].name, (const char *)got.data, cuts[i].want);
    }
}

/* Whatever pieces are like, each row is in one part, and no part differs by more than two rows. */
static void parts_have_as_many_bytes_as_rows_allow(void **state) {
    (void)state;
    unsigned seed = 2;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct hw_optimize_piece pieces[PIECES_MAX];
        struct hw_row_range parts[PARTS_MAX];
        uint64_t rows = 0, next = 0;
        double bytes = 0;
        const size_t count = 1 + (size_t)rand_r(&seed) % PARTS_MAX;
        for (size_t i = 0; i < PIECES_MAX; i++) {
            pieces[i] = (struct hw_optimize_piece){100 + (uint64_t)rand_r(&seed) % 900, 0};
            pieces[i].bytes = 2.5 * (double)pieces[i].rows;
            rows += pieces[i].rows;
            bytes += pieces[i].bytes;
        }
        assert_int_equal(hw_optimize_parts_cut(pieces, PIECES_MAX, count, parts), count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(parts[i].first, next);
            assert_true(fabs(2.5 * (double)parts[i].count - bytes / (double)count) <= 2 * 2.5);
            next += parts[i].count;
        }
        assert_int_equal(next, rows);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_become_parts),
        cmocka_unit_test(files_of_nothing_are_joined),
        cmocka_unit_test(parts_stay),
        cmocka_unit_test(rows_are_divided_by_bytes),
        cmocka_unit_test(parts_have_as_many_bytes_as_rows_allow),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_parts", tests, NULL, NULL);
}
