/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/rows_piece.h"

#include "core/alloc.h"

enum hw_status hw_rows_piece_new(struct hw_rows_piece **out_piece, struct hw_error *err) {
    struct hw_rows_piece *piece = hw_alloc_zero(1, sizeof(*piece));
    if (!piece) {
        return hw_fail_nomem(err, sizeof(*piece));
    }
    piece->item.held_bytes = sizeof(*piece);
    *out_piece = piece;
    return HW_OK;
}

static void part_free(struct hw_rows_part *part) {
    for (size_t i = 0; i < COUNT_OF(part->encoded); i++) {
        if (part->encoded[i]) {
            part->encoded[i]->ops->free(part->encoded[i]);
        }
    }
    hw_free(part);
}

void hw_rows_piece_free(struct hw_rows_piece *piece) {
    if (!piece) {
        return;
    }
    while (piece->first) {
        struct hw_rows_part *part = piece->first;
        piece->first = part->next;
        part_free(part);
    }
    hw_buf_release(&piece->chunks);
    hw_buf_release(&piece->rejects.data);
    hw_free(piece);
}

enum hw_status hw_rows_piece_add(struct hw_rows_piece *piece, const char *partition, struct hw_rows_part **out_part,
                                 struct hw_error *err) {
    const size_t bytes = sizeof(struct hw_rows_part) + strlen(partition) + 1;
    struct hw_rows_part *part = hw_alloc_zero(1, bytes);
    if (!part) {
        return hw_fail_nomem(err, bytes);
    }
    memcpy(part->partition, partition, strlen(partition));
    *(piece->last ? &piece->last->next : &piece->first) = part;
    piece->last = part;
    piece->item.held_bytes += bytes;
    *out_part = part;
    return HW_OK;
}
