/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of rows: what they hold is counted, and goes with them. */
#include "pipeline/rows_piece.h"

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static size_t encoded_freed;

static void encoded_free(struct hw_encoded *encoded) {
    hw_free(encoded);
    encoded_freed++;
}

static struct hw_encoded *encoded_make(void) {
    static const struct hw_encoded_ops ops = {encoded_free};
    struct hw_encoded *encoded = hw_alloc_zero(1, sizeof(*encoded));
    assert_non_null(encoded);
    encoded->ops = &ops;
    return encoded;
}

static void parts_stay_in_order(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *paths[4]; /* of partitions */
        size_t count;
        size_t outputs; /* that have rows in each part */
    } rows[] = {
        {"no part", {NULL}, 0, 0},
        {"one, without partitions", {""}, 1, 1},
        {"several", {"a=1/", "a=2/b=x/", "a=3/"}, 3, 2},
        {"the same twice", {"a=1/", "a=1/"}, 2, HW_OUTPUT_FORMATS_MAX},
        {"nothing in them", {"a=1/", ""}, 2, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rows_piece *piece;
        struct hw_rows_part *part;
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        size_t held = sizeof(*piece);
        assert_row_int(rows[i].name, piece->item.held_bytes, held);
        encoded_freed = 0;
        for (size_t k = 0; k < rows[i].count; k++) {
            assert_ok(hw_rows_piece_add(piece, rows[i].paths[k], &part, &err), err);
            held += sizeof(*part) + strlen(rows[i].paths[k]) + 1;
            for (size_t output = 0; output < COUNT_OF(part->encoded); output++) {
                assert_null(part->encoded[output]);
                part->encoded[output] = output < rows[i].outputs ? encoded_make() : NULL;
            }
        }
        assert_row_int(rows[i].name, piece->item.held_bytes, held);
        size_t seen = 0;
        for (part = piece->first; part; part = part->next) {
            assert_row_text(rows[i].name, part->partition, rows[i].paths[seen++]);
            assert_row_int(rows[i].name, part == piece->last, !part->next);
        }
        assert_row_int(rows[i].name, seen, rows[i].count);
        assert_int_equal(hw_buf_append(&piece->rejects.data, "x", 1, NULL), HW_OK);
        hw_rows_piece_free(piece);
        assert_row_int(rows[i].name, encoded_freed, rows[i].count * rows[i].outputs);
    }
    hw_rows_piece_free(NULL);
}

static void memory_may_be_out(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rows_piece *piece = NULL;
    struct hw_rows_part *part = NULL;
    struct alloc_fault fault;
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_rows_piece_new(&piece, &err), HW_ENOMEM);
    assert_non_null(strstr(err.message, "out of memory"));
    assert_int_equal(hw_rows_piece_new(&piece, NULL), HW_OK); /* only the first request fails */
    assert_true(alloc_fault_end(&fault));
    const size_t held = piece->item.held_bytes;
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_rows_piece_add(piece, "a=1/", &part, &err), HW_ENOMEM);
    assert_true(alloc_fault_end(&fault));
    assert_non_null(strstr(err.message, "out of memory"));
    assert_null(part);
    assert_null(piece->first);
    assert_int_equal(piece->item.held_bytes, held);
    hw_rows_piece_free(piece);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_stay_in_order),
        cmocka_unit_test(memory_may_be_out),
    };
    return cmocka_run_group_tests_name("pipeline/rows_piece", tests, NULL, NULL);
}
