/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/reader.h"

#include "core/alloc.h"
#include "core/count.h"
#include "s3/object.h"

enum {
    /* The windows that are fetched beyond the one that is being read. */
    WINDOWS_AHEAD = 2,
    /* The reads of other windows after which one that was not read to its end may be given up. */
    READS_UNTIL_STALE = 64
};

enum window_state { WINDOW_FREE, WINDOW_LOADING, WINDOW_READY };

/*
 * The bytes of the object from a multiple of part_bytes on. All of it is under the reader's lock,
 * except `data` while there are users.
 */
struct window {
    enum window_state state;
    uint64_t offset;
    size_t bytes;
    /* The memory, of part_bytes bytes; NULL until it is first needed. */
    uint8_t *data;
    struct hw_s3_get get;
    /* True while one thread is in hw_s3_get_wait. */
    bool waited_for;
    /* The number of threads that copy from it or wait for it. */
    unsigned users;
    /* The bytes handed out so far. */
    uint64_t read_bytes;
    /* The reader's count of reads at its last use. */
    uint64_t last_read;
};

struct hw_s3_reader {
    struct hw_s3_client *client;
    char *key;
    size_t part_bytes;
    struct hw_s3_object object;
    /* True if the whole object came with the first window. */
    bool whole;
    struct {
        pthread_mutex_t lock;
        pthread_cond_t loaded;
        uint64_t reads;
        /* True if reads follow each other. */
        bool in_order;
        struct window windows[HW_S3_READER_WINDOWS];
    } synced;
};

static enum hw_status reader_discover(struct hw_s3_reader *reader, const struct hw_s3_object *known,
                                      struct hw_error *err);
static enum hw_status step_read(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                size_t *out_bytes, struct hw_error *err);
static struct window *window_at_locked(struct hw_s3_reader *reader, uint64_t offset);
static struct window *window_load_locked(struct hw_s3_reader *reader, uint64_t offset, bool ahead);
static struct window *window_claim_locked(struct hw_s3_reader *reader, bool ahead);
static enum hw_status window_wait_locked(struct hw_s3_reader *reader, struct window *window, struct hw_error *err);
static void read_ahead_locked(struct hw_s3_reader *reader, const struct window *window);
static enum hw_status ranges_read(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                  struct hw_error *err);

enum hw_status hw_s3_reader_open(struct hw_s3_client *client, const char *key, size_t part_bytes,
                                 const struct hw_s3_object *known, struct hw_s3_reader **out_reader,
                                 struct hw_error *err) {
    struct hw_s3_reader *reader = hw_alloc_zero(1, sizeof(*reader));
    if (!reader) {
        return hw_fail_nomem(err, sizeof(*reader));
    }
    pthread_mutex_init(&reader->synced.lock, NULL);
    pthread_cond_init(&reader->synced.loaded, NULL);
    reader->client = client;
    reader->part_bytes = part_bytes;
    reader->key = hw_strdup(key);
    enum hw_status status = reader->key ? HW_OK : hw_fail_nomem(err, strlen(key) + 1);
    status = status ? status : reader_discover(reader, known, err);
    if (status) {
        hw_s3_reader_close(reader);
        return status;
    }
    *out_reader = reader;
    return HW_OK;
}

static enum hw_status reader_discover(struct hw_s3_reader *reader, const struct hw_s3_object *known,
                                      struct hw_error *err) {
    struct window *window = &reader->synced.windows[0];
    window->data = hw_alloc(reader->part_bytes);
    if (!window->data) {
        return hw_fail_nomem(err, reader->part_bytes);
    }
    const struct hw_s3_first first = {
        .key = reader->key, .data = window->data, .bytes = reader->part_bytes, .known = known};
    HW_TRY(hw_s3_object_discover(reader->client, &first, &reader->object, &window->bytes, err));
    window->state = WINDOW_READY;
    reader->whole = reader->object.size == window->bytes;
    if (reader->whole) {
        uint8_t *shorter = hw_realloc(window->data, window->bytes > 0 ? window->bytes : 1);
        /* No other window will be needed. */
        window->data = shorter ? shorter : window->data;
    }
    return HW_OK;
}

const struct hw_s3_object *hw_s3_reader_object(const struct hw_s3_reader *reader) {
    return &reader->object;
}

enum hw_checksum_kind hw_s3_reader_proved_by(const struct hw_s3_reader *reader) {
    return reader->whole ? reader->object.checksum.kind : HW_CHECKSUM_NONE;
}

enum hw_status hw_s3_reader_checksum(const struct hw_s3_reader *reader, struct hw_checksum *out_checksum,
                                     struct hw_error *err) {
    struct hw_s3_object object = reader->object;
    if (!reader->whole) {
        HW_TRY(hw_s3_object_head(reader->client, reader->key, &object, err));
        if (object.size != reader->object.size || strcmp(object.etag, reader->object.etag) != 0) {
            return hw_fail(err, HW_ECHANGED, "HeadObject: the object was replaced while it was read");
        }
    }
    *out_checksum = object.checksum;
    return HW_OK;
}

void hw_s3_reader_close(struct hw_s3_reader *reader) {
    if (!reader) {
        return;
    }
    for (size_t i = 0; i < HW_S3_READER_WINDOWS; i++) {
        assert(reader->synced.windows[i].users == 0);
        hw_s3_get_release(&reader->synced.windows[i].get);
        hw_free(reader->synced.windows[i].data);
    }
    pthread_cond_destroy(&reader->synced.loaded);
    pthread_mutex_destroy(&reader->synced.lock);
    hw_free(reader->key);
    hw_free(reader);
}

void hw_s3_reader_in_order(struct hw_s3_reader *reader) {
    pthread_mutex_lock(&reader->synced.lock);
    reader->synced.in_order = true;
    pthread_mutex_unlock(&reader->synced.lock);
}

enum hw_status hw_s3_reader_read_at(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                    struct hw_error *err) {
    uint8_t *at = data;
    if (offset > reader->object.size || bytes > reader->object.size - offset) {
        return hw_fail_at(err, HW_EIO, offset, "a read of %s reaches beyond the object's %" PRIu64,
                          HW_COUNT(bytes, "byte"), reader->object.size);
    }
    while (bytes > 0) {
        size_t step = 0;
        HW_TRY(step_read(reader, offset, at, bytes, &step, err));
        at += step;
        offset += step;
        bytes -= step;
    }
    return HW_OK;
}

/*
 * Reads some bytes, at least one: from a window that is there, from one that is fetched now, or
 * else past the windows.
 */
static enum hw_status step_read(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                size_t *out_bytes, struct hw_error *err) {
    pthread_mutex_lock(&reader->synced.lock);
    uint64_t now = ++reader->synced.reads;
    struct window *window = window_at_locked(reader, offset);
    if (!window && reader->synced.in_order && bytes < reader->part_bytes) {
        window = window_load_locked(reader, offset, false);
    }
    if (!window) {
        pthread_mutex_unlock(&reader->synced.lock);
        *out_bytes = bytes;
        return ranges_read(reader, offset, data, bytes, err);
    }
    window->users++;
    window->last_read = now;
    enum hw_status status = window_wait_locked(reader, window, err);
    if (status == HW_OK && window->state == WINDOW_READY) {
        size_t skipped = (size_t)(offset - window->offset);
        size_t step = hw_min_size(bytes, window->bytes - skipped);
        window->read_bytes += step;
        if (reader->synced.in_order) {
            read_ahead_locked(reader, window);
        }
        pthread_mutex_unlock(&reader->synced.lock);
        memcpy(data, window->data + skipped, step);
        pthread_mutex_lock(&reader->synced.lock);
        *out_bytes = step;
    } else if (status == HW_OK) {
        /*
         * The thread that waited for the window has failed, and reports it. This thread tries for
         * itself.
         */
        *out_bytes = 0;
    }
    window->users--;
    pthread_mutex_unlock(&reader->synced.lock);
    return status;
}

static struct window *window_at_locked(struct hw_s3_reader *reader, uint64_t offset) {
    for (size_t i = 0; i < HW_S3_READER_WINDOWS; i++) {
        struct window *window = &reader->synced.windows[i];
        if (window->state != WINDOW_FREE && offset >= window->offset && offset - window->offset < window->bytes) {
            return window;
        }
    }
    return NULL;
}

/* Starts to fetch the window around `offset`. Returns NULL if there is no room for one. */
static struct window *window_load_locked(struct hw_s3_reader *reader, uint64_t offset, bool ahead) {
    struct window *window = window_claim_locked(reader, ahead);
    if (!window) {
        return NULL;
    }
    window->offset = offset - offset % reader->part_bytes;
    window->bytes = hw_min_size(reader->part_bytes, (size_t)(reader->object.size - window->offset));
    window->read_bytes = 0;
    window->last_read = reader->synced.reads;
    window->get.object = &reader->object;
    window->get.offset = window->offset;
    window->get.bytes = window->bytes;
    if (hw_s3_get_start(&window->get, reader->client, reader->key, window->data, NULL) != HW_OK) {
        hw_s3_get_release(&window->get);
        /* The read past the windows meets the same fault, and reports it. */
        return NULL;
    }
    window->state = WINDOW_LOADING;
    return window;
}

/*
 * Finds a window that may be filled anew. Fetching ahead only takes one that nobody will read any
 * more.
 */
static struct window *window_claim_locked(struct hw_s3_reader *reader, bool ahead) {
    struct window *found = NULL;
    for (size_t i = 0; i < HW_S3_READER_WINDOWS && !found; i++) {
        struct window *window = &reader->synced.windows[i];
        bool read_out = window->state == WINDOW_READY && window->read_bytes >= window->bytes;
        bool stale = !ahead && reader->synced.reads - window->last_read > READS_UNTIL_STALE;
        if (window->users == 0 && (window->state == WINDOW_FREE || read_out || stale)) {
            found = window;
        }
    }
    if (!found) {
        return NULL;
    }
    hw_s3_get_release(&found->get);
    found->state = WINDOW_FREE;
    if (!found->data) {
        found->data = hw_alloc(reader->part_bytes);
    }
    return found->data ? found : NULL;
}

/*
 * Returns once the window is no longer loading. One thread waits for the service, the others for
 * that thread.
 */
static enum hw_status window_wait_locked(struct hw_s3_reader *reader, struct window *window, struct hw_error *err) {
    while (window->state == WINDOW_LOADING && window->waited_for) {
        pthread_cond_wait(&reader->synced.loaded, &reader->synced.lock);
    }
    if (window->state != WINDOW_LOADING) {
        return HW_OK;
    }
    window->waited_for = true;
    pthread_mutex_unlock(&reader->synced.lock);
    enum hw_status status = hw_s3_get_wait(&window->get, err);
    hw_s3_get_release(&window->get);
    pthread_mutex_lock(&reader->synced.lock);
    window->waited_for = false;
    window->state = status == HW_OK ? WINDOW_READY : WINDOW_FREE;
    pthread_cond_broadcast(&reader->synced.loaded);
    return status;
}

/* Whoever has read a quarter of a window will likely read on. */
static void read_ahead_locked(struct hw_s3_reader *reader, const struct window *window) {
    if (window->read_bytes < window->bytes / 4) {
        return;
    }
    uint64_t offset = window->offset + window->bytes;
    for (size_t i = 0; i < WINDOWS_AHEAD && offset < reader->object.size; i++, offset += reader->part_bytes) {
        if (!window_at_locked(reader, offset) && !window_load_locked(reader, offset, true)) {
            return;
        }
    }
}

/* Reads exactly `bytes` to `data`, as ranges of part_bytes of which some are under way at once. */
static enum hw_status ranges_read(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                  struct hw_error *err) {
    struct hw_s3_get gets[HW_S3_READER_RANGES] = {0};
    enum hw_status status = HW_OK;
    size_t asked = 0;
    size_t started = 0;
    size_t ended = 0;

    while (status == HW_OK && (asked < bytes || ended < started)) {
        if (asked < bytes && started - ended < HW_S3_READER_RANGES) {
            struct hw_s3_get *get = &gets[started++ % HW_S3_READER_RANGES];
            get->object = &reader->object;
            get->offset = offset + asked;
            get->bytes = hw_min_size(reader->part_bytes, bytes - asked);
            status = hw_s3_get_start(get, reader->client, reader->key, (uint8_t *)data + asked, err);
            asked += get->bytes;
        } else {
            struct hw_s3_get *get = &gets[ended++ % HW_S3_READER_RANGES];
            status = hw_s3_get_wait(get, err);
            hw_s3_get_release(get);
        }
    }
    for (size_t i = 0; i < HW_S3_READER_RANGES; i++) {
        hw_s3_get_release(&gets[i]);
    }
    return status;
}
