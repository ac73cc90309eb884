/* SPDX-License-Identifier: Apache-2.0 */
/* Merge sort from below, which is stable, and quick where rows are sorted already. */
#include "optimize/key_sort.h"

#include "optimize/sort_key.h"

/* So many rows are sorted by insertion. */
enum { INSERTED = 16 };

/* A row, with the first bytes of its first key, which decide nearly always. */
struct row_key {
    uint64_t first;
    uint32_t row;
    uint32_t unused;
};
static_assert(2 * sizeof(struct row_key) == HW_KEY_SORT_ROW_BYTES, "rows are merged from one array to another");

struct sorting {
    const struct hw_leaf_rows *keys;
    size_t keys_count;
    size_t rows;
};

static uint64_t first_bytes(const struct hw_leaf_rows *keys, size_t row);
static void insertion_sort(const struct sorting *sorting, struct row_key *rows, size_t count);
static void halves_merge(const struct sorting *sorting, const struct row_key *from, size_t middle, size_t count,
                         struct row_key *to);

enum hw_status hw_key_sort(const struct hw_leaf_rows *keys, size_t keys_count, size_t rows, struct hw_buf *order,
                           struct hw_buf *scratch, struct hw_error *err) {
    const struct sorting sorting = {keys, keys_count, rows};
    const size_t bytes = rows * sizeof(struct row_key);
    HW_TRY(hw_buf_resize(order, bytes, err));
    HW_TRY(hw_buf_resize(scratch, bytes, err));
    struct row_key *from = (struct row_key *)(void *)order->data;
    struct row_key *to = (struct row_key *)(void *)scratch->data;
    for (size_t i = 0; i < rows; i++) {
        from[i] = (struct row_key){first_bytes(keys, i), (uint32_t)i, 0};
    }
    for (size_t at = 0; at < rows; at += INSERTED) {
        insertion_sort(&sorting, from + at, hw_min_size(INSERTED, rows - at));
    }
    for (size_t width = INSERTED; width < rows; width *= 2) {
        for (size_t at = 0; at < rows; at += 2 * width) {
            const size_t count = hw_min_size(2 * width, rows - at);
            halves_merge(&sorting, from + at, hw_min_size(width, count), count, to + at);
        }
        struct row_key *swapped = from;
        from = to;
        to = swapped;
    }
    uint32_t *numbers = (uint32_t *)(void *)order->data;
    for (size_t i = 0; i < rows; i++) {
        const uint32_t row = from[i].row;
        numbers[i] = row;
    }
    order->size = rows * sizeof(*numbers);
    return HW_OK;
}

/* Returns the first bytes of a key as a number; zeros follow a key that is shorter. */
static uint64_t first_bytes(const struct hw_leaf_rows *keys, size_t row) {
    const hw_view key = hw_sort_key_at(keys, row);
    uint64_t bytes = 0;
    memcpy(&bytes, key.data, hw_min_size(key.size, sizeof(bytes)));
    return __builtin_bswap64(bytes);
}

/* Returns whether row `b` comes before row `a`, which it follows in the sources. */
static bool comes_before(const struct sorting *sorting, const struct row_key *b, const struct row_key *a) {
    int order = (b->first > a->first) - (b->first < a->first);
    for (size_t i = 0; order == 0 && i < sorting->keys_count; i++) {
        order =
            hw_sort_key_compare(hw_sort_key_at(&sorting->keys[i], b->row), hw_sort_key_at(&sorting->keys[i], a->row));
    }
    return order < 0;
}

static void insertion_sort(const struct sorting *sorting, struct row_key *rows, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const struct row_key row = rows[i];
        size_t at = i;
        for (; at > 0 && comes_before(sorting, &row, &rows[at - 1]); at--) {
            rows[at] = rows[at - 1];
        }
        rows[at] = row;
    }
}

static void halves_merge(const struct sorting *sorting, const struct row_key *from, size_t middle, size_t count,
                         struct row_key *to) {
    size_t left = 0, right = middle;
    if (middle == count || !comes_before(sorting, &from[middle], &from[middle - 1])) {
        memcpy(to, from, count * sizeof(*to));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const bool takes_right = left == middle || (right < count && comes_before(sorting, &from[right], &from[left]));
        to[i] = from[takes_right ? right++ : left++];
    }
}
