/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/partition_spill.h"

#include "core/io.h"
#include "core/temp_file.h"
#include "table/batch_bytes.h"

enum {
    GROUP_BYTES = 4 << 20, /* of chunks, at which a group ends */
    GROUP_PARTITIONS = 256,
};

/* Of a partition, so much at once is encoded about as fast as any more. */
#define ENOUGH_BYTES HW_KIB(256)

/* A chunk begins with this. The path follows, ended by NUL, and then the rows, both aligned. */
struct chunk_head {
    uint64_t before;       /* end of the chunk before it of its partition; 0: it is the first */
    uint64_t before_bytes; /* of that chunk */
    uint32_t bytes;        /* with this */
    uint32_t path_bytes;   /* with the NUL and what aligns the rows */
};
static_assert(sizeof(struct chunk_head) % HW_BATCH_BYTES_ALIGNMENT == 0, "the path begins behind it");

/* A partition: its last chunk, and the bytes of all of them. */
struct spilled {
    uint64_t end; /* 0: there is none */
    uint64_t last_bytes;
    uint64_t bytes;
};

void hw_partition_spill_release(struct hw_partition_spill *spill) {
    if (spill->bytes > 0) {
        hw_io()->close(spill->fd);
    }
    hw_buf_release(&spill->partitions);
    hw_buf_release(&spill->groups);
    spill->bytes = 0;
    atomic_store(&spill->way, HW_PARTITION_UNCHOSEN);
}

void hw_partition_spill_choose(struct hw_partition_spill *spill, const struct hw_schema *schema,
                               const struct hw_partition_sample *sample) {
    const size_t enough = hw_min_size(ENOUGH_BYTES, sample->group_bytes);
    const bool few = sample->bytes / hw_max_size(sample->partitions, 1) < enough;
    const bool spills = few && !sample->whole && hw_batch_bytes_can(schema);
    atomic_store(&spill->way, spills ? HW_PARTITION_SPILL : HW_PARTITION_ENCODE);
}

/* ------ writing */

enum hw_status hw_partition_chunk_append(struct hw_buf *chunks, const char *partition, const struct hw_batch *batch,
                                         struct hw_error *err) {
    const size_t before = chunks->size;
    const size_t path_bytes = strlen(partition) + 1;
    const size_t padding = -path_bytes % HW_BATCH_BYTES_ALIGNMENT;
    struct chunk_head head = {.path_bytes = (uint32_t)(path_bytes + padding)};
    HW_TRY(hw_buf_append(chunks, &head, sizeof(head), err));
    HW_TRY(hw_buf_append(chunks, partition, path_bytes, err));
    HW_TRY(hw_buf_append(chunks, &(uint64_t){0}, padding, err));
    HW_TRY(hw_batch_bytes_append(batch, chunks, err));
    head.bytes = (uint32_t)(chunks->size - before);
    memcpy(chunks->data + before, &head, sizeof(head));
    return HW_OK;
}

static enum hw_status chunk_place(struct hw_partition_spill *spill, struct hw_outputs *outputs, uint64_t offset,
                                  struct chunk_head *head, struct hw_error *err);

enum hw_status hw_partition_spill_write(struct hw_partition_spill *spill, struct hw_outputs *outputs,
                                        struct hw_buf *chunks, struct hw_error *err) {
    for (size_t at = 0; at < chunks->size;) {
        struct chunk_head *head = (struct chunk_head *)(void *)(chunks->data + at);
        HW_TRY(chunk_place(spill, outputs, spill->bytes + at, head, err));
        at += head->bytes;
    }
    if (spill->bytes == 0 && chunks->size > 0) {
        HW_TRY(hw_temp_file_open(&spill->fd, err));
    }
    const uint64_t offset = spill->bytes;
    spill->bytes += chunks->size;
    return hw_temp_file_told(hw_io_pwrite_all(spill->fd, chunks->data, chunks->size, offset, err), err);
}

/* Makes the chunk the last one of its partition. */
static enum hw_status chunk_place(struct hw_partition_spill *spill, struct hw_outputs *outputs, uint64_t offset,
                                  struct chunk_head *head, struct hw_error *err) {
    struct hw_buf *partitions = &spill->partitions;
    uint32_t number = 0;
    HW_TRY(hw_outputs_partition(outputs, (const char *)(head + 1), &number, err));
    const size_t before = partitions->size;
    const size_t needed = ((size_t)number + 1) * sizeof(struct spilled);
    if (needed > before) {
        HW_TRY(hw_buf_resize(partitions, needed, err));
        memset(partitions->data + before, 0, needed - before);
    }
    struct spilled *partition = (struct spilled *)(void *)partitions->data + number;
    head->before = partition->end;
    head->before_bytes = partition->last_bytes;
    partition->end = offset + head->bytes;
    partition->last_bytes = head->bytes;
    partition->bytes += head->bytes;
    return HW_OK;
}

/* ------ reading */

static const struct spilled *partition_at(const struct hw_partition_spill *spill, uint32_t partition) {
    return (const struct spilled *)(const void *)spill->partitions.data + partition;
}

size_t hw_partition_spill_count(const struct hw_partition_spill *spill) {
    return spill->partitions.size / sizeof(struct spilled);
}

enum hw_status hw_partition_spill_divide(struct hw_partition_spill *spill, struct hw_error *err) {
    const uint32_t count = (uint32_t)hw_partition_spill_count(spill);
    uint64_t bytes = 0;
    uint32_t first = 0;
    hw_buf_clear(&spill->groups);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || bytes >= GROUP_BYTES || i - first >= GROUP_PARTITIONS) {
            HW_TRY(hw_buf_append(&spill->groups, &i, sizeof(i), err));
            first = i;
            bytes = 0;
        }
        bytes += partition_at(spill, i)->bytes;
    }
    return hw_buf_append(&spill->groups, &count, sizeof(count), err);
}

size_t hw_partition_spill_groups(const struct hw_partition_spill *spill) {
    return spill->groups.size / sizeof(uint32_t) - 1;
}

void hw_partition_spill_group(const struct hw_partition_spill *spill, size_t group, uint32_t *out_first,
                              uint32_t *out_end) {
    const uint32_t *groups = (const uint32_t *)(const void *)spill->groups.data;
    *out_first = groups[group];
    *out_end = groups[group + 1];
}

static enum hw_status file_read(const struct hw_partition_spill *spill, void *data, size_t bytes, uint64_t offset,
                                struct hw_error *err) {
    return hw_temp_file_told(hw_io_pread_all(spill->fd, data, bytes, offset, err), err);
}

/* From the last chunk to the first, as the chunks tell, and then the other way round. */
enum hw_status hw_partition_spill_chunks(const struct hw_partition_spill *spill, uint32_t partition,
                                         struct hw_buf *out_chunks, struct hw_error *err) {
    const size_t first = out_chunks->size;
    struct chunk_head head = {.before = partition_at(spill, partition)->end,
                              .before_bytes = partition_at(spill, partition)->last_bytes};
    while (head.before > 0) {
        const struct hw_partition_chunk chunk = {head.before - head.before_bytes, head.before_bytes};
        HW_TRY(hw_buf_append(out_chunks, &chunk, sizeof(chunk), err));
        HW_TRY(file_read(spill, &head, sizeof(head), chunk.offset, err));
    }
    struct hw_partition_chunk *chunks = (struct hw_partition_chunk *)(void *)(out_chunks->data + first);
    const size_t count = (out_chunks->size - first) / sizeof(*chunks);
    for (size_t i = 0; i < count / 2; i++) {
        const struct hw_partition_chunk chunk = chunks[i];
        chunks[i] = chunks[count - 1 - i];
        chunks[count - 1 - i] = chunk;
    }
    return HW_OK;
}

enum hw_status hw_partition_spill_read(const struct hw_partition_spill *spill, const struct hw_partition_chunk *chunk,
                                       const struct hw_schema *schema, struct hw_buf *scratch,
                                       struct hw_column *columns, struct hw_batch *out_batch, struct hw_error *err) {
    HW_TRY(hw_buf_resize(scratch, (size_t)chunk->bytes, err));
    HW_TRY(file_read(spill, scratch->data, scratch->size, chunk->offset, err));
    const struct chunk_head *head = (const struct chunk_head *)(const void *)scratch->data;
    const size_t skip = sizeof(*head) + head->path_bytes;
    const hw_view rows = {(const char *)scratch->data + skip, scratch->size - skip};
    return hw_batch_bytes_read(schema, rows, columns, out_batch, err);
}
