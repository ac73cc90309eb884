/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/sync_plan.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/utf8.h"

enum {
    VERSION = 1,
    /* Lines are handed to the sink so many bytes at a time. */
    WRITE_BYTES = 64 * 1024,
    READ_BYTES = 256 * 1024,
    /* Longer than any line with a key of 1,024 bytes, each as "\u0001". */
    LINE_BYTES_MAX = 1024 * 1024,
};

struct hw_plan_writer {
    struct hw_sink *sink;
    pthread_mutex_t lock;
    struct hw_buf lines;
    uint64_t actions;
};

struct hw_plan_reader {
    struct hw_source *source;
    uint64_t at;
    struct hw_buf block;
    size_t used;
    struct hw_buf line;
    json_t *value;
    uint64_t actions;
    bool ended;
};

/* ------ the header */

static void patterns_write(struct hw_json_writer *json, const char *key, const char *const *patterns, size_t count) {
    hw_json_list_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        hw_json_text(json, NULL, patterns[i]);
    }
    hw_json_list_end(json);
}

/* All options that decide what is done, which have to be the same when the plan is applied. */
static enum hw_status options_text(const struct hw_plan_head *head, struct hw_buf *out, struct hw_error *err) {
    const struct hw_sync_options *options = head->options;
    const struct hw_transfer_options *transfer = &options->transfer;
    struct hw_json_writer json = {.out = out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    hw_json_text(&json, "source", head->source);
    hw_json_text(&json, "destination", head->destination);
    hw_json_bool(&json, "delete", options->remove_extra);
    hw_json_bool(&json, "checksum", options->by_content);
    hw_json_bool(&json, "size_only", options->size_only);
    hw_json_bool(&json, "preserve", transfer->preserve);
    hw_json_bool(&json, "no_follow_symlinks", transfer->links_left_out);
    patterns_write(&json, "include", transfer->include, transfer->include_count);
    patterns_write(&json, "exclude", transfer->exclude, transfer->exclude_count);
    hw_json_object_end(&json);
    return hw_json_end_text(&json, err);
}

static enum hw_status lines_put(struct hw_plan_writer *writer, size_t least, struct hw_error *err) {
    if (writer->lines.size < least || writer->lines.size == 0) {
        return HW_OK;
    }
    HW_TRY(writer->sink->ops->write(writer->sink, writer->lines.data, writer->lines.size, err));
    hw_buf_clear(&writer->lines);
    return HW_OK;
}

static enum hw_status head_write(struct hw_plan_writer *writer, const struct hw_plan_head *head, struct hw_error *err) {
    HW_AUTO(hw_buf) options = {0};
    char made[HW_CLOCK_TEXT_BYTES];
    struct hw_json_writer json = {.out = &writer->lines, .style = HW_JSON_COMPACT};
    HW_TRY(options_text(head, &options, err));
    hw_clock_format(hw_clock_now_us(), made);
    hw_json_object_begin(&json, NULL);
    hw_json_count(&json, "sync_plan", VERSION);
    hw_json_text(&json, "made", made);
    /* As one text, so that it is compared as one. Its end of line is no part of it. */
    hw_json_view(&json, "of", (hw_view){(const char *)options.data, options.size - 1});
    hw_json_object_end(&json);
    return hw_json_end_text(&json, err);
}

enum hw_status hw_plan_writer_new(struct hw_sink *sink, const struct hw_plan_head *head,
                                  struct hw_plan_writer **out_writer, struct hw_error *err) {
    struct hw_plan_writer *writer = hw_alloc_zero(1, sizeof(*writer));
    if (!writer) {
        sink->ops->free(sink);
        return hw_fail_nomem(err, sizeof(*writer));
    }
    writer->sink = sink;
    pthread_mutex_init(&writer->lock, NULL);
    enum hw_status status = head_write(writer, head, err);
    if (status) {
        hw_plan_writer_free(writer);
        return status;
    }
    *out_writer = writer;
    return HW_OK;
}

void hw_plan_writer_free(struct hw_plan_writer *writer) {
    if (writer) {
        writer->sink->ops->free(writer->sink);
        pthread_mutex_destroy(&writer->lock);
        hw_buf_release(&writer->lines);
        hw_free(writer);
    }
}

static void facts_write(struct hw_json_writer *json, const char *key, const struct hw_plan_facts *facts) {
    if (!facts->there) {
        hw_json_null(json, key);
        return;
    }
    hw_json_object_begin(json, key);
    hw_json_count(json, "size", facts->size);
    hw_json_number(json, "mtime_us", facts->mtime_us);
    hw_json_text(json, "etag", facts->etag ? facts->etag : "");
    hw_json_object_end(json);
}

enum hw_status hw_plan_writer_add(struct hw_plan_writer *writer, const struct hw_plan_action *action,
                                  struct hw_error *err) {
    struct hw_json_writer json = {.out = &writer->lines, .style = HW_JSON_COMPACT};
    if (!hw_utf8_all(action->name, strlen(action->name))) {
        return hw_fail(err, HW_EUSAGE, "no plan can hold this name, which is not UTF-8");
    }
    pthread_mutex_lock(&writer->lock);
    hw_json_object_begin(&json, NULL);
    hw_json_text(&json, "op", action->removes ? "rm" : "cp");
    hw_json_text(&json, "name", action->name);
    facts_write(&json, "source", &action->source);
    facts_write(&json, "target", &action->target);
    hw_json_object_end(&json);
    writer->actions++;
    enum hw_status status = hw_json_end_text(&json, err);
    status = status ? status : lines_put(writer, WRITE_BYTES, err);
    pthread_mutex_unlock(&writer->lock);
    return status;
}

enum hw_status hw_plan_writer_finish(struct hw_plan_writer *writer, struct hw_error *err) {
    struct hw_json_writer json = {.out = &writer->lines, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    hw_json_count(&json, "actions", writer->actions);
    hw_json_object_end(&json);
    HW_TRY(hw_json_end_text(&json, err));
    HW_TRY(lines_put(writer, 0, err));
    return writer->sink->ops->finish(writer->sink, err);
}

/* ------ reading */

static enum hw_status no_plan(struct hw_error *err, const char *why) {
    return hw_fail(err, HW_EDATA, "this is no whole plan of sync: %s", why);
}

static enum hw_status block_read(struct hw_plan_reader *reader, struct hw_error *err) {
    const uint64_t left = reader->source->size - reader->at;
    const size_t bytes = left < READ_BYTES ? (size_t)left : READ_BYTES;
    HW_TRY(hw_buf_resize(&reader->block, bytes, err));
    HW_TRY(reader->source->ops->read_at(reader->source, reader->at, reader->block.data, bytes, err));
    reader->at += bytes;
    reader->used = 0;
    return HW_OK;
}

static enum hw_status line_read(struct hw_plan_reader *reader, struct hw_error *err) {
    hw_buf_clear(&reader->line);
    for (;;) {
        if (reader->used == reader->block.size) {
            if (reader->at == reader->source->size) {
                return no_plan(err, "its end is missing");
            }
            HW_TRY(block_read(reader, err));
        }
        const uint8_t *from = reader->block.data + reader->used;
        const uint8_t *found = memchr(from, '\n', reader->block.size - reader->used);
        const size_t bytes = found ? (size_t)(found - from) : reader->block.size - reader->used;
        HW_TRY(hw_buf_append(&reader->line, from, bytes, err));
        reader->used += bytes + (found != NULL);
        if (reader->line.size > LINE_BYTES_MAX) {
            return no_plan(err, "a line is too long");
        }
        if (found) {
            return HW_OK;
        }
    }
}

/* Reads a line, which is an object. */
static enum hw_status value_read(struct hw_plan_reader *reader, struct hw_error *err) {
    json_error_t fault;
    HW_TRY(line_read(reader, err));
    json_decref(reader->value);
    reader->value = hw_json_load(hw_buf_view(&reader->line), JSON_REJECT_DUPLICATES, &fault);
    if (!reader->value && json_error_code(&fault) == json_error_out_of_memory) {
        return hw_fail_nomem(err, reader->line.size);
    }
    return json_is_object(reader->value) ? HW_OK : no_plan(err, "a line is no JSON object");
}

static enum hw_status head_check(struct hw_plan_reader *reader, const struct hw_plan_head *head, struct hw_error *err) {
    HW_AUTO(hw_buf) options = {0};
    HW_TRY(value_read(reader, err));
    const json_t *version = json_object_get(reader->value, "sync_plan");
    const json_t *of = json_object_get(reader->value, "of");
    if (!json_is_integer(version) || json_integer_value(version) != VERSION || !json_is_string(of)) {
        return no_plan(err, "its first line is that of no plan that is known here");
    }
    HW_TRY(options_text(head, &options, err));
    const hw_view have = {json_string_value(of), json_string_length(of)};
    if (!hw_view_equal(have, (hw_view){(const char *)options.data, options.size - 1})) {
        return hw_fail(err, HW_EUSAGE, "the plan is one of other paths or options: %.512s", json_string_value(of));
    }
    return HW_OK;
}

enum hw_status hw_plan_reader_new(struct hw_source *source, const struct hw_plan_head *head,
                                  struct hw_plan_reader **out_reader, struct hw_error *err) {
    struct hw_plan_reader *reader = hw_alloc_zero(1, sizeof(*reader));
    if (!reader) {
        return hw_fail_nomem(err, sizeof(*reader));
    }
    reader->source = source;
    enum hw_status status = head_check(reader, head, err);
    if (status) {
        hw_plan_reader_free(reader);
        return status;
    }
    *out_reader = reader;
    return HW_OK;
}

void hw_plan_reader_free(struct hw_plan_reader *reader) {
    if (reader) {
        json_decref(reader->value);
        hw_buf_release(&reader->block);
        hw_buf_release(&reader->line);
        hw_free(reader);
    }
}

static bool facts_read(const json_t *value, struct hw_plan_facts *out) {
    const json_t *size = json_object_get(value, "size");
    const json_t *mtime = json_object_get(value, "mtime_us");
    const json_t *etag = json_object_get(value, "etag");
    *out = (struct hw_plan_facts){.etag = ""};
    if (json_is_null(value)) {
        return true;
    }
    if (!json_is_integer(size) || json_integer_value(size) < 0 || !json_is_integer(mtime) || !json_is_string(etag)) {
        return false;
    }
    *out = (struct hw_plan_facts){
        .there = true,
        .size = (uint64_t)json_integer_value(size),
        .mtime_us = json_integer_value(mtime),
        .etag = json_string_value(etag),
    };
    return true;
}

/* The last line: what it says, and that nothing follows. */
static enum hw_status end_check(struct hw_plan_reader *reader, const json_t *actions, struct hw_error *err) {
    const bool all = json_is_integer(actions) && json_integer_value(actions) >= 0 &&
                     (uint64_t)json_integer_value(actions) == reader->actions;
    const bool at_end = reader->used == reader->block.size && reader->at == reader->source->size;
    reader->ended = true;
    return all && at_end ? HW_OK : no_plan(err, "it has not as many actions as it says");
}

enum hw_status hw_plan_reader_next(struct hw_plan_reader *reader, struct hw_plan_action *out_action,
                                   struct hw_error *err) {
    struct hw_plan_action action = {0};
    *out_action = action;
    if (reader->ended) {
        return HW_OK;
    }
    HW_TRY(value_read(reader, err));
    const json_t *actions = json_object_get(reader->value, "actions");
    if (actions) {
        return end_check(reader, actions, err);
    }
    const char *op = json_string_value(json_object_get(reader->value, "op"));
    action.name = json_string_value(json_object_get(reader->value, "name"));
    action.removes = op && strcmp(op, "rm") == 0;
    const bool known = op && (action.removes || strcmp(op, "cp") == 0) && action.name &&
                       facts_read(json_object_get(reader->value, "source"), &action.source) &&
                       facts_read(json_object_get(reader->value, "target"), &action.target);
    if (!known || action.source.there == action.removes || (action.removes && !action.target.there)) {
        return no_plan(err, "a line is no action");
    }
    reader->actions++;
    *out_action = action;
    return HW_OK;
}
