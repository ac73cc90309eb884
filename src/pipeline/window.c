/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/window.h"

#include "core/alloc.h"

enum {
    READ_BYTES = 256 << 10,
    TWICE_BYTES = 4 << 20, /* of objects that are taken twice, in memory */
};

void hw_window_init(struct hw_window *window, const struct hw_window_options *options) {
    *window = (struct hw_window){.options = *options, .synced.error = HW_ERROR_INIT};
    window->synced.last = &window->synced.first;
    window->synced.file.memory_bytes = options->twice ? TWICE_BYTES : 0;
    pthread_mutex_init(&window->synced.lock, NULL);
    hw_clock_cond_init(&window->synced.changed);
}

void hw_window_release(struct hw_window *window) {
    if (!window->synced.last) {
        return;
    }
    for (struct hw_plan_object *object = window->synced.first; object;) {
        struct hw_plan_object *next = object->next;
        hw_free(object);
        object = next;
    }
    hw_record_reader_release(&window->synced.reader);
    hw_record_file_release(&window->synced.file);
    pthread_cond_destroy(&window->synced.changed);
    pthread_mutex_destroy(&window->synced.lock);
    *window = (struct hw_window){0};
}

static void window_wake(struct hw_window *window) {
    if (window->options.wake) {
        window->options.wake(window->options.ctx);
    }
}

/* ------ putting */

enum hw_status hw_window_reserve(struct hw_window *window, bool *out_full, struct hw_error *err) {
    const bool waits = !window->options.whole && !window->options.list;
    pthread_mutex_lock(&window->synced.lock);
    while (waits && window->synced.count >= window->options.objects_max && !window->synced.stopped) {
        window->synced.full = true;
        pthread_cond_broadcast(&window->synced.changed);
        pthread_cond_wait(&window->synced.changed, &window->synced.lock);
    }
    const bool stopped = window->synced.stopped;
    *out_full = window->synced.full;
    pthread_mutex_unlock(&window->synced.lock);
    return stopped ? hw_fail(err, HW_ECANCELLED, "stopped before it was done") : HW_OK;
}

static void object_link_locked(struct hw_window *window, struct hw_plan_object *object) {
    object->next = NULL;
    *window->synced.last = object;
    window->synced.last = &object->next;
    window->synced.count++;
}

enum hw_status hw_window_put(struct hw_window *window, struct hw_plan_object *object, struct hw_error *err) {
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&window->synced.lock);
    const bool first = window->synced.count == 0;
    const bool held = window->synced.count < window->options.objects_max && !window->options.twice;
    window->synced.total++;
    window->synced.total_bytes += object->bytes;
    if (window->options.list) {
        status = hw_object_list_add(window->options.list, object, err);
        hw_free(object);
    } else if (held && window->synced.file_count == 0) {
        object_link_locked(window, object);
    } else {
        const hw_view block = {(const char *)object, hw_plan_object_bytes(object)};
        status = hw_record_file_put(&window->synced.file, block, err);
        window->synced.file_count += status == HW_OK;
        hw_free(object);
    }
    pthread_mutex_unlock(&window->synced.lock);
    if (first && !window->options.whole) {
        window_wake(window);
    }
    return status;
}

void hw_window_end(struct hw_window *window, enum hw_status status, const struct hw_error *error) {
    struct hw_error fault = *error;
    pthread_mutex_lock(&window->synced.lock);
    struct hw_record_file *file = &window->synced.file;
    if (status == HW_OK && (file->open || !window->options.twice)) {
        status = hw_record_file_flush(file, &fault);
    }
    /* The run does not begin. */
    window->synced.file_count = status == HW_OK ? window->synced.file_count : 0;
    window->synced.file_all = window->synced.file_count;
    window->synced.reader =
        (struct hw_record_reader){.file = file, .end = hw_record_file_end(file), .block_bytes = READ_BYTES};
    window->synced.ended = true;
    window->synced.status = status;
    window->synced.error = fault;
    pthread_cond_broadcast(&window->synced.changed);
    pthread_mutex_unlock(&window->synced.lock);
    window_wake(window);
}

/* ------ taking */

enum hw_status hw_window_wait(struct hw_window *window, void (*tick)(void *ctx), void *ctx, struct hw_error *err) {
    struct hw_ticker ticker = hw_ticker_start(tick, ctx);
    pthread_mutex_lock(&window->synced.lock);
    while (!window->synced.ended && !window->synced.full) {
        hw_ticker_wait(&ticker, &window->synced.changed, &window->synced.lock);
    }
    pthread_mutex_unlock(&window->synced.lock);
    return hw_window_status(window, err);
}

static enum hw_status file_each(struct hw_window *window, hw_window_fn *each, void *ctx, struct hw_error *err) {
    struct hw_record_reader reader = window->synced.reader;
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < window->synced.file_count; i++) {
        struct hw_plan_object *object = NULL;
        hw_view block;
        status = hw_record_reader_next(&reader, &block, err);
        if (status == HW_OK) {
            status = hw_plan_object_copy(block, &object, err);
        }
        if (status == HW_OK) {
            status = each(ctx, object, err);
        }
        hw_free(object);
    }
    hw_record_reader_release(&reader);
    return status;
}

enum hw_status hw_window_each(struct hw_window *window, hw_window_fn *each, void *ctx, struct hw_error *err) {
    enum hw_status status = HW_OK;
    for (const struct hw_plan_object *object = window->synced.first; status == HW_OK && object; object = object->next) {
        status = each(ctx, object, err);
    }
    return status == HW_OK ? file_each(window, each, ctx, err) : status;
}

/* Takes the next one of the file into memory. What cannot be read is a fault of the listing. */
static void file_take_locked(struct hw_window *window) {
    struct hw_plan_object *object = NULL;
    hw_view block;
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_record_reader_next(&window->synced.reader, &block, &fault);
    if (status == HW_OK) {
        status = hw_plan_object_copy(block, &object, &fault);
    }
    window->synced.file_count--;
    if (status == HW_OK) {
        object_link_locked(window, object);
        return;
    }
    window->synced.file_count = 0;
    window->synced.status = status;
    window->synced.error = fault;
}

enum hw_window_state hw_window_look(struct hw_window *window, struct hw_plan_object **out_object) {
    enum hw_window_state state = HW_WINDOW_END;
    pthread_mutex_lock(&window->synced.lock);
    const bool ready = window->synced.ended || !window->options.whole;
    if (window->synced.count == 0 && window->synced.file_count > 0 && window->synced.ended) {
        file_take_locked(window);
    }
    *out_object = ready ? window->synced.first : NULL;
    if (*out_object) {
        state = HW_WINDOW_OBJECT;
    } else if (!window->synced.ended) {
        state = HW_WINDOW_LATER;
    }
    pthread_mutex_unlock(&window->synced.lock);
    return state;
}

struct hw_plan_object *hw_window_take(struct hw_window *window) {
    pthread_mutex_lock(&window->synced.lock);
    struct hw_plan_object *object = window->synced.first;
    window->synced.first = object->next;
    if (!object->next) {
        window->synced.last = &window->synced.first;
    }
    object->next = NULL;
    const bool room = window->synced.count == window->options.objects_max;
    window->synced.count--;
    if (room) {
        pthread_cond_broadcast(&window->synced.changed);
    }
    pthread_mutex_unlock(&window->synced.lock);
    return object;
}

void hw_window_again(struct hw_window *window) {
    pthread_mutex_lock(&window->synced.lock);
    assert(window->options.twice && window->synced.count == 0);
    struct hw_record_reader *reader = &window->synced.reader;
    const uint64_t end = reader->end;
    hw_record_reader_release(reader);
    *reader = (struct hw_record_reader){.file = &window->synced.file, .end = end, .block_bytes = READ_BYTES};
    window->synced.file_count = window->synced.status == HW_OK ? window->synced.file_all : 0;
    pthread_mutex_unlock(&window->synced.lock);
}

enum hw_status hw_window_status(struct hw_window *window, struct hw_error *err) {
    pthread_mutex_lock(&window->synced.lock);
    const enum hw_status status = window->synced.status;
    const struct hw_error fault = window->synced.error;
    pthread_mutex_unlock(&window->synced.lock);
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

void hw_window_stop(struct hw_window *window) {
    pthread_mutex_lock(&window->synced.lock);
    window->synced.stopped = true;
    pthread_cond_broadcast(&window->synced.changed);
    pthread_mutex_unlock(&window->synced.lock);
}

struct hw_window_sums hw_window_sums(struct hw_window *window) {
    pthread_mutex_lock(&window->synced.lock);
    const struct hw_window_sums sums = {window->synced.total, window->synced.total_bytes, window->synced.ended};
    pthread_mutex_unlock(&window->synced.lock);
    return sums;
}
