/* SPDX-License-Identifier: Apache-2.0 */
#include "web/object.h"

#include "core/alloc.h"
#include "core/io.h"
#include "core/shown_name.h"
#include "core/temp_file.h"
#include "net/ranges.h"

struct hw_web_object {
    struct hw_web_client *client;
    const char *address;
    struct hw_web_facts facts;
    struct hw_ranges *ranges;
    /* The address that redirects have led to; empty where there were none. */
    struct hw_buf moved;
    /* The file that has the whole object; -1 where `ranges` reads it. */
    int fd;
};

/* ------ facts */

static enum hw_http_flow first_take(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes) {
    (void)ctx, (void)data, (void)bytes;
    return head->status == 206 ? HW_HTTP_GO_ON : HW_HTTP_STOP;
}

static enum hw_status first_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct hw_web_facts *facts = ctx;
    struct hw_http_content_range range;
    HW_TRY(hw_web_facts_read(response, facts, err));
    if (response->status == 206 && hw_http_content_range_read(response, &range)) {
        facts->size = range.total;
    } else if (response->status == 200 && !hw_http_bytes_header(response, "Content-Length", &facts->size)) {
        facts->size = 0;
    }
    return HW_OK;
}

enum hw_status hw_web_object_stat(struct hw_web_client *client, const char *address, struct hw_web_facts *out_facts,
                                  struct hw_error *err) {
    HW_AUTO(hw_web_get) get = {.address = address, .bytes = 1, .take = first_take, .check = first_check};
    struct hw_web_facts facts = {0};
    get.ctx = &facts;
    HW_TRY(hw_web_get_start(client, &get, err));
    HW_TRY(hw_web_get_wait(&get, err));
    *out_facts = facts;
    return HW_OK;
}

/* ------ the first bytes, or all of them */

/* What one GET brings: a first range, or the whole object where the server does no ranges. */
struct arrival {
    /* The memory for the first bytes. */
    uint8_t *first;
    size_t first_max;
    /* True if a range was asked for. */
    bool ranged;
    /* The bytes that came. */
    uint64_t bytes;
    /* The file that has them all, where they are more than there is memory for; else -1. */
    int fd;
    /* An error that is not of the network: a full disk. */
    struct hw_error fault;
    struct hw_web_facts facts;
    /* True if the object is to be asked for as a whole. */
    bool wants_whole;
    struct hw_buf moved;
};

static enum hw_status arrival_spill(struct arrival *arrival, const void *data, size_t bytes, struct hw_error *err) {
    if (arrival->fd < 0) {
        HW_TRY(hw_temp_file_open(&arrival->fd, err));
        HW_TRY(hw_temp_file_told(hw_io_write_all(arrival->fd, arrival->first, (size_t)arrival->bytes, err), err));
    }
    return hw_temp_file_told(hw_io_write_all(arrival->fd, data, bytes, err), err);
}

static enum hw_http_flow arrival_take(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes) {
    struct arrival *arrival = ctx;
    enum hw_status status = HW_OK;
    if (arrival->fd < 0 && bytes <= arrival->first_max - arrival->bytes) {
        memcpy(arrival->first + arrival->bytes, data, bytes);
    } else if (head->status == 206) {
        status = hw_fail(&arrival->fault, HW_EPROTOCOL, "the reply is longer than the range that was asked for");
    } else {
        status = arrival_spill(arrival, data, bytes, &arrival->fault);
    }
    arrival->bytes += bytes;
    return status == HW_OK ? HW_HTTP_GO_ON : HW_HTTP_STOP;
}

static void arrival_drop(void *ctx) {
    struct arrival *arrival = ctx;
    if (arrival->fd >= 0) {
        hw_io()->close(arrival->fd);
    }
    arrival->fd = -1;
    arrival->bytes = 0;
    arrival->fault = (struct hw_error)HW_ERROR_INIT;
}

/* The whole object came if its end was told; a closed connection alone proves nothing. */
static enum hw_status whole_check(struct arrival *arrival, const struct hw_http_response *response,
                                  struct hw_error *err) {
    if (!hw_http_header_find(response, "Content-Length").data &&
        !hw_http_header_find(response, "Transfer-Encoding").data) {
        return hw_fail(err, HW_EPROTOCOL,
                       "the reply does not tell its length, so that nothing proves that it came whole");
    }
    arrival->facts.size = arrival->bytes;
    return HW_OK;
}

static enum hw_status range_check(struct arrival *arrival, const struct hw_http_response *response,
                                  struct hw_error *err) {
    struct hw_http_content_range range;
    const hw_view told = hw_http_header_find(response, "Content-Range");
    if (!hw_http_content_range_read(response, &range)) {
        /* The size of what is made on the fly is not known before its end: "bytes 0-99/ *". */
        arrival->wants_whole = told.size > 2 && memcmp(told.data + told.size - 2, "/*", 2) == 0;
        return arrival->wants_whole
                   ? HW_OK
                   : hw_fail(err, HW_EPROTOCOL, "the reply (HTTP 206) does not tell which range it is");
    }
    const uint64_t wanted = range.total < arrival->first_max ? range.total : arrival->first_max;
    if (range.first != 0 || range.last + 1 != wanted || arrival->bytes != wanted) {
        return hw_fail(err, HW_EPROTOCOL,
                       "%" PRIu64 " bytes that are said to be the range %" PRIu64 "-%" PRIu64 " came where %" PRIu64
                       " from the beginning were asked for",
                       arrival->bytes, range.first, range.last, wanted);
    }
    arrival->facts.size = range.total;
    arrival->wants_whole = range.total > wanted && !arrival->facts.pinned;
    return HW_OK;
}

static enum hw_status arrival_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct arrival *arrival = ctx;
    if (arrival->fault.status != HW_OK) {
        return hw_error_pass(err, arrival->fault.status, &arrival->fault);
    }
    HW_TRY(hw_web_facts_read(response, &arrival->facts, err));
    if (response->status == 200) {
        return whole_check(arrival, response, err);
    }
    if (!arrival->ranged) {
        return hw_fail(err, HW_EPROTOCOL, "HTTP %d came where no range was asked for", response->status);
    }
    /* No byte satisfies a range of an empty object. */
    arrival->wants_whole = response->status == 416;
    return arrival->wants_whole ? HW_OK : range_check(arrival, response, err);
}

static enum hw_status arrival_get(struct hw_web_client *client, const char *address, struct arrival *arrival,
                                  struct hw_error *err) {
    HW_AUTO(hw_web_get)
    get = {.address = address, .take = arrival_take, .again = arrival_drop, .check = arrival_check, .ctx = arrival};
    get.bytes = arrival->ranged ? arrival->first_max : 0;
    HW_TRY(hw_web_get_start(client, &get, err));
    HW_TRY(hw_web_get_wait(&get, err));
    hw_buf_release(&arrival->moved);
    return get.at.size == 0 ? HW_OK
                            : hw_buf_printf(&arrival->moved, err, HW_SHOWN_FORMAT,
                                            HW_SHOWN_ARGS(hw_shown_name((const char *)get.at.data)));
}

/* ------ later ranges */

struct range {
    struct hw_web_get get;
    const struct hw_web_object *object;
};

static enum hw_status later_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    const struct range *range = ctx;
    const struct hw_web_facts *pinned = &range->object->facts;
    struct hw_http_content_range came;
    struct hw_web_facts facts;
    HW_TRY(hw_web_facts_read(response, &facts, err));
    if (response->status == 416) {
        return hw_web_reply_fail(response, false, err);
    }
    if (response->status != 206 || !hw_http_content_range_read(response, &came)) {
        return hw_fail(err, HW_EPROTOCOL, "the reply (HTTP %d) does not tell which range it is", response->status);
    }
    if (came.first != range->get.offset || came.last - came.first + 1 != range->get.bytes ||
        response->into_bytes != range->get.bytes) {
        return hw_fail(err, HW_EPROTOCOL,
                       "%zu bytes that are said to be the range %" PRIu64 "-%" PRIu64
                       " came where %zu from offset %" PRIu64 " were asked for",
                       response->into_bytes, came.first, came.last, range->get.bytes, range->get.offset);
    }
    /* Not every server heeds If-Match. */
    if (came.total != pinned->size || !hw_web_facts_same(pinned, &facts)) {
        return hw_fail(err, HW_ECHANGED, "the object was replaced while it was read");
    }
    return HW_OK;
}

static enum hw_status range_start(void *ctx, void *get, uint64_t offset, size_t bytes, void *data,
                                  struct hw_error *err) {
    const struct hw_web_object *object = ctx;
    struct range *range = get;
    range->object = object;
    range->get = (struct hw_web_get){.address = object->address,
                                     .offset = offset,
                                     .bytes = bytes,
                                     .pin = &object->facts,
                                     .into = data,
                                     .check = later_check,
                                     .ctx = range};
    return hw_web_get_start(object->client, &range->get, err);
}

static enum hw_status range_wait(void *get, struct hw_error *err) {
    return hw_web_get_wait(&((struct range *)get)->get, err);
}

static void range_release(void *get) {
    hw_web_get_release(&((struct range *)get)->get);
}

static const struct hw_ranges_ops range_ops = {sizeof(struct range), range_start, range_wait, range_release};

/* ------ opening */

static enum hw_status object_fill(struct hw_web_object *object, struct arrival *arrival, struct hw_error *err);

enum hw_status hw_web_object_open(struct hw_web_client *client, const char *address, size_t part_bytes,
                                  struct hw_web_object **out_object, struct hw_error *err) {
    struct hw_web_object *object = hw_alloc_zero(1, sizeof(*object));
    struct arrival arrival = {.fd = -1, .first_max = part_bytes, .fault = HW_ERROR_INIT};
    arrival.first = object ? hw_alloc(part_bytes) : NULL;
    if (!object || !arrival.first) {
        hw_free(object);
        return hw_fail_nomem(err, sizeof(*object) + part_bytes);
    }
    *object = (struct hw_web_object){.client = client, .address = address, .fd = -1};
    arrival.ranged = true;
    enum hw_status status = arrival_get(client, address, &arrival, err);
    if (status == HW_OK && arrival.wants_whole) {
        arrival_drop(&arrival);
        arrival.ranged = arrival.wants_whole = false;
        status = arrival_get(client, address, &arrival, err);
    }
    status = status ? status : object_fill(object, &arrival, err);
    if (status) {
        arrival_drop(&arrival);
        hw_buf_release(&arrival.moved);
        hw_free(arrival.first);
        hw_web_object_close(object);
        return status;
    }
    *out_object = object;
    return HW_OK;
}

/* Takes what came: the file with the whole object, or its first bytes. */
static enum hw_status object_fill(struct hw_web_object *object, struct arrival *arrival, struct hw_error *err) {
    const size_t bytes = (size_t)arrival->bytes;
    object->facts = arrival->facts;
    object->moved = arrival->moved;
    arrival->moved = (struct hw_buf){0};
    if (arrival->fd >= 0) {
        object->fd = arrival->fd;
        hw_free(arrival->first);
        return HW_OK;
    }
    if (bytes == arrival->facts.size) {
        /* No other window will be needed. */
        uint8_t *shorter = hw_realloc(arrival->first, bytes > 0 ? bytes : 1);
        arrival->first = shorter ? shorter : arrival->first;
    }
    const struct hw_ranges_object first = {
        .ops = &range_ops,
        .ctx = object,
        .size = arrival->facts.size,
        .part_bytes = arrival->first_max,
        .first = arrival->first,
        .first_bytes = bytes,
    };
    return hw_ranges_new(&first, &object->ranges, err);
}

const struct hw_web_facts *hw_web_object_facts(const struct hw_web_object *object) {
    return &object->facts;
}

const char *hw_web_object_moved(const struct hw_web_object *object) {
    return object->moved.size > 0 ? (const char *)object->moved.data : NULL;
}

void hw_web_object_in_order(struct hw_web_object *object) {
    if (object->ranges) {
        hw_ranges_in_order(object->ranges);
    }
}

void hw_web_object_expect(struct hw_web_object *object, uint64_t offset, size_t bytes) {
    if (object->ranges) {
        hw_ranges_expect(object->ranges, offset, bytes);
    }
}

void hw_web_object_forget(struct hw_web_object *object, uint64_t offset, size_t bytes) {
    if (object->ranges) {
        hw_ranges_forget(object->ranges, offset, bytes);
    }
}

enum hw_status hw_web_object_read_at(struct hw_web_object *object, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err) {
    return object->ranges ? hw_ranges_read_at(object->ranges, offset, data, bytes, err)
                          : hw_io_pread_all(object->fd, data, bytes, offset, err);
}

void hw_web_object_close(struct hw_web_object *object) {
    if (!object) {
        return;
    }
    hw_ranges_free(object->ranges);
    if (object->fd >= 0) {
        hw_io()->close(object->fd);
    }
    hw_buf_release(&object->moved);
    hw_free(object);
}
