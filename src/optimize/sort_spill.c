/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_spill.h"

#include "core/io.h"
#include "core/temp_file.h"

void hw_sort_spill_init(struct hw_sort_spill *spill, const char *folder, size_t memory_bytes) {
    *spill = (struct hw_sort_spill){.folder = folder, .memory_bytes = memory_bytes};
    pthread_mutex_init(&spill->synced.lock, NULL);
}

void hw_sort_spill_release(struct hw_sort_spill *spill) {
    if (spill->open) {
        hw_io()->close(spill->fd);
        spill->open = false;
    }
    hw_buf_release(&spill->synced.memory);
    pthread_mutex_destroy(&spill->synced.lock);
}

static enum hw_status file_write(struct hw_sort_spill *spill, const void *data, size_t bytes, uint64_t at,
                                 struct hw_error *err) {
    return hw_temp_file_told_in(hw_io_pwrite_all(spill->fd, data, bytes, at, err), spill->folder, err);
}

/* Brings what is in memory to the file, which is made. */
static enum hw_status file_begin_locked(struct hw_sort_spill *spill, struct hw_error *err) {
    const struct hw_buf *memory = &spill->synced.memory;
    HW_TRY(hw_temp_file_open_in(&spill->folder, &spill->fd, err));
    spill->open = true;
    HW_TRY(file_write(spill, memory->data, memory->size, 0, err));
    hw_buf_release(&spill->synced.memory);
    return HW_OK;
}

static enum hw_status place_take_locked(struct hw_sort_spill *spill, const void *data, size_t bytes, uint64_t *out_at,
                                        bool *out_written, struct hw_error *err) {
    *out_at = spill->synced.size;
    *out_written =
        !spill->open && bytes <= spill->memory_bytes - hw_min_size(spill->synced.memory.size, spill->memory_bytes);
    if (*out_written) {
        HW_TRY(hw_buf_append(&spill->synced.memory, data, bytes, err));
    } else if (!spill->open) {
        HW_TRY(file_begin_locked(spill, err));
    }
    spill->synced.size += bytes;
    return HW_OK;
}

enum hw_status hw_sort_spill_append(struct hw_sort_spill *spill, const void *data, size_t bytes, uint64_t *out_at,
                                    struct hw_error *err) {
    uint64_t at = 0;
    bool written = false;
    pthread_mutex_lock(&spill->synced.lock);
    const enum hw_status status = place_take_locked(spill, data, bytes, &at, &written, err);
    pthread_mutex_unlock(&spill->synced.lock);
    HW_TRY(status);
    *out_at = at;
    return written ? HW_OK : file_write(spill, data, bytes, at, err);
}

enum hw_status hw_sort_spill_read(struct hw_sort_spill *spill, uint64_t at, void *data, size_t bytes,
                                  struct hw_error *err) {
    pthread_mutex_lock(&spill->synced.lock);
    const bool open = spill->open;
    if (!open && bytes > 0) {
        assert(at <= spill->synced.memory.size && bytes <= spill->synced.memory.size - at);
        memcpy(data, spill->synced.memory.data + at, bytes);
    }
    pthread_mutex_unlock(&spill->synced.lock);
    return open ? hw_temp_file_told_in(hw_io_pread_all(spill->fd, data, bytes, at, err), spill->folder, err) : HW_OK;
}
