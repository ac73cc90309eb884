/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_output.h"

void hw_batch_output_init(struct hw_batch_output *output, struct hw_teller *teller) {
    *output = (struct hw_batch_output){.teller = teller};
    pthread_mutex_init(&output->synced.lock, NULL);
    pthread_cond_init(&output->synced.left, NULL);
}

void hw_batch_output_release(struct hw_batch_output *output) {
    pthread_cond_destroy(&output->synced.left);
    pthread_mutex_destroy(&output->synced.lock);
}

/* Keeps lines of JSON with the number in front: {"line":12,"op":"cp",... */
static enum hw_status json_keep_locked(struct hw_batch_writer *writer, hw_view lines, struct hw_error *err) {
    while (lines.size > 0) {
        const char *newline = memchr(lines.data, '\n', lines.size);
        const size_t bytes = newline ? (size_t)(newline - lines.data) + 1 : lines.size;
        const bool object = lines.data[0] == '{' && bytes > 1;
        const char *comma = object && lines.data[1] != '}' ? "," : "";
        if (object) {
            HW_TRY(hw_buf_printf(&writer->synced.kept, err, "{\"line\":%" PRIu64 "%s", writer->line, comma));
        }
        HW_TRY(hw_buf_append(&writer->synced.kept, lines.data + object, bytes - object, err));
        lines = (hw_view){lines.data + bytes, lines.size - bytes};
    }
    return HW_OK;
}

static bool free_locked(const struct hw_batch_writer *writer) {
    const struct hw_batch_writer *owner = writer->output->synced.owner;
    return owner == NULL || owner == writer;
}

/* Takes the output, once nobody has it. */
static void own_locked(struct hw_batch_writer *writer) {
    struct hw_batch_output *output = writer->output;
    while (!free_locked(writer)) {
        pthread_cond_wait(&output->synced.left, &output->synced.lock);
    }
    output->synced.owner = writer;
}

static void kept_write_locked(struct hw_batch_writer *writer) {
    struct hw_buf *kept = &writer->synced.kept;
    if (kept->size > 0) {
        hw_teller_data(writer->output->teller, hw_buf_view(kept));
        hw_buf_clear(kept);
    }
}

static enum hw_status put_locked(struct hw_batch_writer *writer, bool json, hw_view data, struct hw_error *err) {
    struct hw_buf *kept = &writer->synced.kept;
    if (json) {
        HW_TRY(json_keep_locked(writer, data, err));
        while (!free_locked(writer) && kept->size > HW_BATCH_KEPT_BYTES) {
            pthread_cond_wait(&writer->output->synced.left, &writer->output->synced.lock);
        }
        if (free_locked(writer)) {
            kept_write_locked(writer);
        }
        return hw_teller_output(writer->output->teller, err);
    }
    if (kept->size + data.size > HW_BATCH_KEPT_BYTES) {
        own_locked(writer);
    }
    if (writer->output->synced.owner != writer) {
        return hw_buf_append(kept, data.data, data.size, err);
    }
    kept_write_locked(writer);
    hw_teller_data(writer->output->teller, data);
    return hw_teller_output(writer->output->teller, err);
}

enum hw_status hw_batch_writer_put(struct hw_batch_writer *writer, bool json, hw_view data, struct hw_error *err) {
    pthread_mutex_lock(&writer->output->synced.lock);
    const enum hw_status status = put_locked(writer, json, data, err);
    pthread_mutex_unlock(&writer->output->synced.lock);
    return status;
}

void hw_batch_writer_end(struct hw_batch_writer *writer) {
    struct hw_batch_output *output = writer->output;
    pthread_mutex_lock(&output->synced.lock);
    if (writer->synced.kept.size > 0) {
        own_locked(writer);
        kept_write_locked(writer);
    }
    if (output->synced.owner == writer) {
        output->synced.owner = NULL;
        pthread_cond_broadcast(&output->synced.left);
    }
    pthread_mutex_unlock(&output->synced.lock);
    hw_buf_release(&writer->synced.kept);
}
