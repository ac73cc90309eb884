/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/gather.h"

#include "core/alloc.h"

/* A piece is handed on once it has so many bytes of encoded rows. */
#define GATHERED_BYTES HW_MIB(4)

/* A worker at a group of partitions. */
struct gatherer {
    struct hw_conversion *conversion;
    size_t slot;
    struct hw_workbench *bench;
    struct hw_rows_piece *piece; /* NULL: there is none */
    struct hw_buf chunks;        /* of the partition in work */
    struct hw_buf bytes;         /* of the chunk in work */
    struct hw_column *columns;   /* the same */
};

static enum hw_status group_gather(struct gatherer *gatherer, struct hw_error *err);

void hw_gather_run(struct hw_conversion *conversion, const struct hw_queue_claim *claim) {
    struct gatherer gatherer = {.conversion = conversion, .slot = claim->slot};
    struct hw_error err = HW_ERROR_INIT;
    const enum hw_status status = group_gather(&gatherer, &err);
    hw_rows_piece_free(gatherer.piece);
    hw_buf_release(&gatherer.chunks);
    hw_buf_release(&gatherer.bytes);
    hw_free(gatherer.columns);
    if (gatherer.bench) {
        const bool more = !hw_queue_all_claimed(&conversion->queue);
        hw_workbench_return(&conversion->benches, gatherer.bench, more);
    }
    const struct hw_queue_end end = {.status = status, .error = &err};
    hw_queue_end(&conversion->queue, claim->slot, &end);
    hw_workbenches_leave(&conversion->benches);
}

static enum hw_status partition_gather(struct gatherer *gatherer, uint32_t partition, struct hw_error *err);
static enum hw_status piece_offer(struct gatherer *gatherer, size_t bytes_min, struct hw_error *err);

static enum hw_status group_gather(struct gatherer *gatherer, struct hw_error *err) {
    struct hw_conversion *conversion = gatherer->conversion;
    const size_t columns = conversion->partitioning.rest.count;
    uint32_t partition, end;
    gatherer->columns = hw_alloc_zero(columns, sizeof(*gatherer->columns));
    if (!gatherer->columns) {
        return hw_fail_nomem(err, columns * sizeof(*gatherer->columns));
    }
    HW_TRY(hw_workbench_take(&conversion->benches, &gatherer->bench, err));
    hw_partition_spill_group(&conversion->spill, gatherer->slot, &partition, &end);
    for (; partition < end; partition++) {
        HW_TRY(partition_gather(gatherer, partition, err));
    }
    return piece_offer(gatherer, 0, err);
}

static enum hw_status chunk_gather(struct gatherer *gatherer, const char *path, const struct hw_partition_chunk *chunk,
                                   struct hw_error *err);

static enum hw_status partition_gather(struct gatherer *gatherer, uint32_t partition, struct hw_error *err) {
    struct hw_conversion *conversion = gatherer->conversion;
    const char *path = hw_outputs_partition_path(&conversion->outputs, partition);
    hw_buf_clear(&gatherer->chunks);
    HW_TRY(hw_partition_spill_chunks(&conversion->spill, partition, &gatherer->chunks, err));
    const struct hw_partition_chunk *chunks = (const struct hw_partition_chunk *)(const void *)gatherer->chunks.data;
    const size_t count = gatherer->chunks.size / sizeof(*chunks);
    for (size_t i = 0; i < count; i++) {
        HW_TRY(chunk_gather(gatherer, path, &chunks[i], err));
    }
    HW_TRY(gatherer->piece ? HW_OK : hw_rows_piece_new(&gatherer->piece, err));
    HW_TRY(hw_workbench_gather_end(gatherer->bench, path, gatherer->piece, err));
    return piece_offer(gatherer, GATHERED_BYTES, err);
}

static enum hw_status chunk_gather(struct gatherer *gatherer, const char *path, const struct hw_partition_chunk *chunk,
                                   struct hw_error *err) {
    struct hw_conversion *conversion = gatherer->conversion;
    struct hw_batch batch;
    if (!hw_queue_wants(&conversion->queue, gatherer->slot)) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    HW_TRY(gatherer->piece ? HW_OK : hw_rows_piece_new(&gatherer->piece, err));
    HW_TRY(hw_partition_spill_read(&conversion->spill, chunk, &conversion->partitioning.rest, &gatherer->bytes,
                                   gatherer->columns, &batch, err));
    HW_TRY(hw_workbench_gather(gatherer->bench, path, &batch, gatherer->piece, err));
    return piece_offer(gatherer, GATHERED_BYTES, err);
}

/* Hands the piece on once it has so many bytes. */
static enum hw_status piece_offer(struct gatherer *gatherer, size_t bytes_min, struct hw_error *err) {
    struct hw_rows_piece *piece = gatherer->piece;
    if (!piece || piece->item.held_bytes < bytes_min) {
        return HW_OK;
    }
    gatherer->piece = NULL;
    return hw_queue_offer(&gatherer->conversion->queue, gatherer->slot, &piece->item, err);
}
