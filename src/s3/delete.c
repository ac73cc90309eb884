/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/delete.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "net/xml.h"
#include "s3/fault.h"
#include "s3/object.h"
#include "s3/page.h"

enum outcome_state {
    OUTCOME_OPEN, /* Nothing was said of the key. */
    OUTCOME_GONE,
    OUTCOME_REFUSED,
};

/* An object of a request and what the reply says of it. */
struct outcome {
    const struct hw_s3_doomed *object;
    enum outcome_state state;
    struct hw_s3_fault fault;
};

struct batch {
    /* The first member, as the handlers of s3/page.h want it. */
    struct hw_s3_page page;
    /* Sorted by their keys and versions. */
    struct outcome *items;
    size_t count;
    /* The element that is being read. */
    const char *key;
    const char *version_id;
    const char *code;
    const char *message;
    const struct hw_http_response *response;
    hw_s3_deleted_fn *each;
    void *ctx;
};

static bool xml_holds(const char *key);
static enum hw_status batch_run(struct hw_s3_client *client, struct batch *batch, struct hw_error *err);
static enum hw_status batch_settle(struct hw_s3_client *client, const struct batch *batch, struct hw_error *err);
static enum hw_status single_delete(struct hw_s3_client *client, const struct batch *batch,
                                    const struct hw_s3_doomed *object, struct hw_error *err);

enum hw_status hw_s3_delete_many(struct hw_s3_client *client, const struct hw_s3_doomed *objects, size_t count,
                                 hw_s3_deleted_fn *each, void *ctx, struct hw_error *err) {
    const size_t room = hw_min_size(count, HW_S3_DELETE_KEYS_MAX);
    struct batch batch = {.items = hw_alloc_zero(room, sizeof(struct outcome)), .each = each, .ctx = ctx};
    enum hw_status status = batch.items ? HW_OK : hw_fail_nomem(err, room * sizeof(struct outcome));
    for (size_t i = 0; status == HW_OK && i < count; i++) {
        if (!xml_holds(objects[i].key) || (objects[i].version_id && !xml_holds(objects[i].version_id))) {
            status = single_delete(client, &batch, &objects[i], err);
        } else {
            batch.items[batch.count++] = (struct outcome){.object = &objects[i]};
        }
        if (status == HW_OK && batch.count > 0 && (batch.count == room || i + 1 == count)) {
            status = batch_run(client, &batch, err);
            batch.count = 0;
        }
    }
    hw_s3_page_release(&batch.page);
    hw_free(batch.items);
    return status;
}

/*
 * Returns whether XML 1.0 can hold a key or a version, and whoever parses it gets the same bytes:
 * line ends may be changed on the way back.
 */
static bool xml_holds(const char *key) {
    const size_t size = strlen(key);
    if (size == 0 || size > HW_S3_KEY_BYTES_MAX) {
        return false;
    }
    for (size_t at = 0; at < size;) {
        const size_t bytes = hw_utf8_bytes(key + at, size - at);
        const uint32_t code = bytes > 0 ? hw_utf8_code(key + at, bytes) : 0;
        if (code < 0x20 || code == 0xfffe || code == 0xffff) {
            return false;
        }
        at += bytes;
    }
    return true;
}

/* ------ one request */

static const char *version_of(const struct outcome *outcome) {
    return outcome->object->version_id ? outcome->object->version_id : "";
}

static int outcome_compare(const void *a, const void *b) {
    const struct outcome *one = a;
    const struct outcome *other = b;
    const int order = strcmp(one->object->key, other->object->key);
    return order != 0 ? order : strcmp(version_of(one), version_of(other));
}

static enum hw_status element_begin(void *ctx, hw_view text, struct hw_error *err) {
    struct batch *batch = ctx;
    (void)text;
    (void)err;
    batch->key = batch->version_id = batch->code = batch->message = "";
    return HW_OK;
}

static enum hw_status key_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &((struct batch *)ctx)->key, err);
}

static enum hw_status version_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &((struct batch *)ctx)->version_id, err);
}

static enum hw_status code_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &((struct batch *)ctx)->code, err);
}

static enum hw_status message_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &((struct batch *)ctx)->message, err);
}

/* Returns the first outcome of a version that is still open; a caller may name one twice. */
static struct outcome *version_find(const struct batch *batch, const char *version_id) {
    const struct hw_s3_doomed object = {batch->key, version_id};
    const struct outcome wanted = {.object = &object};
    struct outcome *found = bsearch(&wanted, batch->items, batch->count, sizeof(wanted), outcome_compare);
    while (found && found > batch->items && outcome_compare(found - 1, found) == 0) {
        found--;
    }
    while (found && found->state != OUTCOME_OPEN) {
        const bool next = found + 1 < batch->items + batch->count && outcome_compare(found, found + 1) == 0;
        found = next ? found + 1 : NULL;
    }
    return found;
}

/* Some services name a version also where the request has named none. */
static struct outcome *outcome_find(const struct batch *batch) {
    struct outcome *found = version_find(batch, batch->version_id);
    return found || batch->version_id[0] == '\0' ? found : version_find(batch, NULL);
}

static enum hw_status deleted_end(void *ctx, hw_view text, struct hw_error *err) {
    struct outcome *outcome = outcome_find(ctx);
    (void)text;
    (void)err;
    if (outcome) {
        outcome->state = OUTCOME_GONE;
    }
    return HW_OK;
}

static enum hw_status error_end(void *ctx, hw_view text, struct hw_error *err) {
    struct batch *batch = ctx;
    struct outcome *outcome = outcome_find(batch);
    (void)text;
    (void)err;
    if (outcome) {
        outcome->state = OUTCOME_REFUSED;
        hw_s3_fault_of_code(batch->response, batch->code, batch->message, &outcome->fault);
    }
    return HW_OK;
}

static enum hw_status batch_read(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"DeleteResult/Deleted", element_begin, deleted_end},  {"DeleteResult/Deleted/Key", NULL, key_end},
        {"DeleteResult/Error", element_begin, error_end},      {"DeleteResult/Error/Key", NULL, key_end},
        {"DeleteResult/Error/Code", NULL, code_end},           {"DeleteResult/Error/Message", NULL, message_end},
        {"DeleteResult/Deleted/VersionId", NULL, version_end}, {"DeleteResult/Error/VersionId", NULL, version_end},
    };
    struct batch *batch = ctx;
    batch->response = response;
    hw_s3_page_release(&batch->page);
    for (size_t i = 0; i < batch->count; i++) {
        batch->items[i].state = OUTCOME_OPEN;
    }
    enum hw_status status = hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), batch, err);
    if (status) {
        hw_error_prefix(err, "DeleteObjects");
    }
    return status;
}

static enum hw_status batch_send(struct hw_s3_client *client, struct batch *batch, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_doomed objects[HW_S3_DELETE_KEYS_MAX];
    for (size_t i = 0; i < batch->count; i++) {
        objects[i] = *batch->items[i].object;
    }
    HW_TRY(hw_s3_request_delete_many(&call.request, objects, batch->count, err));
    call.request.check = batch_read;
    call.request.check_ctx = batch;
    return hw_s3_call_perform(client, &call, &response, err);
}

static enum hw_status batch_run(struct hw_s3_client *client, struct batch *batch, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    qsort(batch->items, batch->count, sizeof(*batch->items), outcome_compare);
    enum hw_status status = batch_send(client, batch, &fault);
    if (status && !hw_s3_operation_missing(&fault)) {
        return hw_error_pass(err, status, &fault);
    }
    return batch_settle(client, batch, err);
}

/*
 * Tells what came of each key. What may pass by itself, or was not told, is tried again with a
 * request of its own, which has all the tries of any other one.
 */
static enum hw_status batch_settle(struct hw_s3_client *client, const struct batch *batch, struct hw_error *err) {
    for (size_t i = 0; i < batch->count; i++) {
        const struct outcome *outcome = &batch->items[i];
        struct hw_error refusal = HW_ERROR_INIT;
        if (outcome->state == OUTCOME_GONE) {
            HW_TRY(batch->each(batch->ctx, outcome->object, HW_OK, NULL, err));
        } else if (outcome->state == OUTCOME_REFUSED && outcome->fault.remedy == HW_S3_GIVE_UP) {
            const enum hw_status status = hw_s3_fault_fail(&outcome->fault, "DeleteObjects", &refusal);
            HW_TRY(batch->each(batch->ctx, outcome->object, status, &refusal, err));
        } else {
            HW_TRY(single_delete(client, batch, outcome->object, err));
        }
    }
    return HW_OK;
}

static enum hw_status single_delete(struct hw_s3_client *client, const struct batch *batch,
                                    const struct hw_s3_doomed *object, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = hw_s3_version_delete(client, object->key, object->version_id, &fault);
    if (status == HW_ECANCELLED) {
        return hw_error_pass(err, status, &fault);
    }
    return batch->each(batch->ctx, object, status, status ? &fault : NULL, err);
}
