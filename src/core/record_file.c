/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record_file.h"

#include "core/io.h"
#include "core/temp_file.h"

enum { PENDING_BYTES = 256 << 10, LENGTH_BYTES = 4 };

enum hw_status hw_record_file_put(struct hw_record_file *file, hw_view record, struct hw_error *err) {
    uint8_t length[LENGTH_BYTES];
    if (record.size > UINT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "a record of %zu bytes", record.size);
    }
    hw_store_le32(length, (uint32_t)record.size);
    HW_TRY(hw_buf_append(&file->pending, length, sizeof(length), err));
    HW_TRY(hw_buf_append(&file->pending, record.data, record.size, err));
    const size_t held = file->open ? PENDING_BYTES : hw_max_size(PENDING_BYTES, file->memory_bytes);
    return file->pending.size < held ? HW_OK : hw_record_file_flush(file, err);
}

uint64_t hw_record_file_end(const struct hw_record_file *file) {
    return file->written + file->pending.size;
}

enum hw_status hw_record_file_flush(struct hw_record_file *file, struct hw_error *err) {
    if (file->pending.size == 0) {
        return HW_OK;
    }
    if (!file->open) {
        HW_TRY(hw_temp_file_open(&file->fd, err));
        file->open = true;
    }
    HW_TRY(hw_temp_file_told(hw_io_write_all(file->fd, file->pending.data, file->pending.size, err), err));
    file->written += file->pending.size;
    hw_buf_clear(&file->pending);
    if (file->pending.capacity > 2 * PENDING_BYTES) { /* So much is not needed again. */
        hw_buf_release(&file->pending);
    }
    return HW_OK;
}

void hw_record_file_release(struct hw_record_file *file) {
    if (file->open) {
        hw_io()->close(file->fd);
    }
    hw_buf_release(&file->pending);
    *file = (struct hw_record_file){0};
}

/* Reads bytes that lie in the file, in memory, or in both. */
static enum hw_status stored_read(const struct hw_record_file *file, uint8_t *data, size_t bytes, uint64_t at,
                                  struct hw_error *err) {
    const size_t in_file = at < file->written ? (size_t)hw_min_size(bytes, file->written - at) : 0;
    if (in_file > 0) {
        HW_TRY(hw_io_pread_all(file->fd, data, in_file, at, err));
    }
    if (in_file < bytes) {
        memcpy(data + in_file, file->pending.data + (at + in_file - file->written), bytes - in_file);
    }
    return HW_OK;
}

/* Makes `bytes` bytes after those that were handed out stand in the block. */
static enum hw_status block_fill(struct hw_record_reader *reader, size_t bytes, struct hw_error *err) {
    struct hw_buf *block = &reader->block;
    const size_t kept = block->size - reader->used;
    if (kept >= bytes) {
        return HW_OK;
    }
    const uint64_t left = reader->end - reader->at;
    const size_t wanted = (size_t)hw_min_size(left, hw_max_size(bytes - kept, reader->block_bytes));
    if (wanted < bytes - kept) {
        return hw_fail(err, HW_EIO, "a temporary file ends within a record");
    }
    if (kept > 0) {
        memmove(block->data, block->data + reader->used, kept);
    }
    reader->used = 0;
    HW_TRY(hw_buf_resize(block, kept + wanted, err));
    block->size = kept;
    HW_TRY(stored_read(reader->file, block->data + kept, wanted, reader->at, err));
    block->size = kept + wanted;
    reader->at += wanted;
    return HW_OK;
}

enum hw_status hw_record_reader_next(struct hw_record_reader *reader, hw_view *out_record, struct hw_error *err) {
    if (reader->used == reader->block.size && reader->at == reader->end) {
        *out_record = (hw_view){0};
        return HW_OK;
    }
    HW_TRY(block_fill(reader, LENGTH_BYTES, err));
    const size_t bytes = hw_load_le32(reader->block.data + reader->used);
    HW_TRY(block_fill(reader, LENGTH_BYTES + bytes, err));
    *out_record = (hw_view){(const char *)reader->block.data + reader->used + LENGTH_BYTES, bytes};
    reader->used += LENGTH_BYTES + bytes;
    return HW_OK;
}

void hw_record_reader_release(struct hw_record_reader *reader) {
    hw_buf_release(&reader->block);
    *reader = (struct hw_record_reader){0};
}
