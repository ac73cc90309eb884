/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/object.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "core/count.h"
#include "s3/fault.h"
#include "s3/kept_checksums.h"
#include "s3/tagging.h"

static enum hw_status head_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);
static enum hw_status put_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);
static enum hw_status discover_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);
static enum hw_status get_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);
static enum hw_status range_compare(const struct hw_http_response *response, uint64_t offset, uint64_t *out_total,
                                    struct hw_error *err);

/* Sends a HEAD, whose request is built. */
static enum hw_status head_send(struct hw_s3_client *client, struct hw_s3_call *call, struct hw_s3_object *out_object,
                                struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_object object;
    call->request.check = head_check;
    call->request.check_ctx = &object;
    HW_TRY(hw_s3_call_perform(client, call, &response, err));
    *out_object = object;
    return HW_OK;
}

enum hw_status hw_s3_object_head(struct hw_s3_client *client, const char *key, const char *version_id,
                                 struct hw_s3_object *out_object, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_TRY(hw_s3_request_head(&call.request, key, version_id, err));
    return head_send(client, &call, out_object, err);
}

enum hw_status hw_s3_object_first_part(struct hw_s3_client *client, const char *key, struct hw_s3_object *out_part,
                                       struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_TRY(hw_s3_request_head_part(&call.request, key, 1, err));
    return head_send(client, &call, out_part, err);
}

static enum hw_status head_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct hw_s3_object *object = ctx;
    HW_TRY(hw_s3_object_read(response, object, err));
    if (!hw_http_bytes_header(response, "Content-Length", &object->size)) {
        return hw_fail(err, HW_EPROTOCOL, "HeadObject: the reply does not tell the object's size");
    }
    return HW_OK;
}

enum hw_status hw_s3_object_delete(struct hw_s3_client *client, const char *key, struct hw_error *err) {
    return hw_s3_version_delete(client, key, NULL, err);
}

enum hw_status hw_s3_version_delete(struct hw_s3_client *client, const char *key, const char *version_id,
                                    struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_delete(&call.request, key, version_id, err));
    return hw_s3_call_perform(client, &call, &response, err);
}

static enum hw_status describe_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    return hw_s3_description_read(response, ctx, err);
}

enum hw_status hw_s3_object_describe(struct hw_s3_client *client, const char *key, const char *version_id,
                                     struct hw_s3_description *out_description, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_AUTO(hw_s3_description) description = {0};
    HW_TRY(hw_s3_request_head(&call.request, key, version_id, err));
    call.request.check = describe_check;
    call.request.check_ctx = &description;
    HW_TRY(hw_s3_call_perform(client, &call, &response, err));
    hw_s3_description_release(out_description);
    *out_description = description;
    description = (struct hw_s3_description){0};
    return HW_OK;
}

bool hw_s3_checksum_untold(const struct hw_s3_client *client, const struct hw_s3_object *object) {
    return object->checksum.kind == HW_CHECKSUM_NONE && (!object->came_whole || hw_s3_client_head_may_tell(client));
}

void hw_s3_checksum_told(struct hw_s3_client *client, const struct hw_s3_object *object, enum hw_checksum_kind told) {
    if (object->came_whole && object->checksum.kind == HW_CHECKSUM_NONE) {
        hw_s3_client_told_learn(client, told == HW_CHECKSUM_NONE ? HW_S3_TOLD_NOWHERE : HW_S3_TOLD_BY_HEAD);
    }
}

/* Compares ETags, whatever quotes they have. `wanted` NULL is no ETag's. */
static bool etag_is(const char *wanted, const char *etag) {
    char bare[2][HW_S3_ETAG_BYTES];
    hw_s3_etag_bare(wanted ? wanted : "", bare[0]);
    hw_s3_etag_bare(etag, bare[1]);
    return bare[0][0] != '\0' && strcmp(bare[0], bare[1]) == 0;
}

bool hw_s3_object_is(struct hw_s3_client *client, const char *key, const struct hw_s3_written *written,
                     struct hw_s3_object *out_object) {
    HW_AUTO(hw_s3_description) there = {0};
    struct hw_checksum kept;
    if (hw_s3_object_describe(client, key, NULL, &there, NULL) != HW_OK || there.object.size != written->size) {
        return false;
    }
    kept = written->checksum.parts > 0 ? there.composite : there.object.checksum;
    if (written->checksum.kind == HW_CHECKSUM_MD5 && !hw_s3_description_md5(&there, &kept)) {
        return false;
    }
    const bool summed = written->checksum.kind != HW_CHECKSUM_NONE && kept.kind != HW_CHECKSUM_NONE;
    if (summed ? !hw_checksum_equal(&written->checksum, &kept) : !etag_is(written->etag, there.object.etag)) {
        return false;
    }
    *out_object = there.object;
    return true;
}

/* ------ tags */

static enum hw_status tags_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    hw_buf_clear(ctx);
    return hw_s3_tagging_read(response, ctx, err);
}

enum hw_status hw_s3_object_tags(struct hw_s3_client *client, const char *key, const char *version_id,
                                 struct hw_buf *out_tagging, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_AUTO(hw_buf) tagging = {0};
    HW_TRY(hw_s3_request_get_tagging(&call.request, key, version_id, err));
    call.request.check = tags_check;
    call.request.check_ctx = &tagging;
    HW_TRY(hw_s3_call_perform(client, &call, &response, err));
    HW_TRY(hw_buf_append(out_tagging, hw_buf_view(&tagging).data, tagging.size, err));
    return hw_buf_end_text(out_tagging, err);
}

enum hw_status hw_s3_object_tag(struct hw_s3_client *client, const char *key, const char *version_id,
                                const char *tagging, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_put_tagging(&call.request, key, version_id, tagging, err));
    return hw_s3_call_perform(client, &call, &response, err);
}

/* ------ PUT */

struct put {
    struct hw_s3_object object;
    const struct hw_checksum *sent;
};

static enum hw_status put_once(struct hw_s3_client *client, const struct hw_s3_put_params *params,
                               struct hw_s3_object *out_object, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct put put = {.sent = &params->checksum};
    const struct hw_s3_written written = {.size = params->body_bytes, .checksum = params->checksum};

    HW_TRY(hw_s3_request_put(&call.request, params, err));
    call.request.check = put_check;
    call.request.check_ctx = &put;
    enum hw_status status = hw_s3_call_perform(client, &call, &response, err);
    if (status == HW_OK) {
        hw_s3_checksum_answered(client, &call.request, &response);
    } else if (hw_s3_outcome_unclear(status) && hw_s3_object_is(client, params->key, &written, &put.object)) {
        status = HW_OK;
    }
    HW_TRY(status);
    *out_object = put.object;
    return HW_OK;
}

enum hw_status hw_s3_object_put(struct hw_s3_client *client, const struct hw_s3_put_params *params,
                                char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    struct hw_s3_put_params sent = *params;
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_s3_object object;
    const bool is_conditional = params->create_only || params->if_match;
    sent.checksum = hw_s3_checksum_settle(client, &params->checksum, params->body, params->body_bytes);
    enum hw_status status = put_once(client, &sent, &object, &fault);
    if (status != HW_OK && hw_s3_checksum_refused(client, sent.checksum.kind, is_conditional, &fault)) {
        sent.checksum = hw_s3_checksum_instead(params->body, params->body_bytes);
        status = put_once(client, &sent, &object, &fault);
        if (status == HW_OK) {
            hw_s3_client_checksums_learn(client, HW_S3_CHECKSUMS_REFUSED);
        }
    }
    if (status) {
        return hw_error_pass(err, status, &fault);
    }
    memcpy(out_etag, object.etag, HW_S3_ETAG_BYTES);
    return HW_OK;
}

enum hw_status hw_s3_sent_compare(const struct hw_checksum *sent, const struct hw_checksum *kept, const char *operation,
                                  struct hw_error *err) {
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    const bool one_sort = kept->kind == sent->kind && (kept->parts > 0) == (sent->parts > 0);
    if (!one_sort || hw_checksum_equal(kept, sent)) {
        return HW_OK;
    }
    return hw_fail(err, HW_ECHECKSUM, "%s: %s %s was sent, the service has %s", operation,
                   hw_checksum_algorithm(sent->kind), hw_checksum_text(sent, texts[0]),
                   hw_checksum_text(kept, texts[1]));
}

bool hw_s3_outcome_unclear(enum hw_status status) {
    /* A checksum that differs is an answer: the service has refused the bytes. */
    return status == HW_EEXISTS || status == HW_EPROTOCOL || (hw_status_retryable(status) && status != HW_ECHECKSUM);
}

/* Checks that the object has our checksum, if the service tells one. */
static enum hw_status put_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct put *put = ctx;
    HW_TRY(hw_s3_object_read(response, &put->object, err));
    return hw_s3_sent_compare(put->sent, &put->object.checksum, "PutObject", err);
}

/* ------ the first range */

/* The most GETs of an object whose replies are not of the object that HEAD tells of. */
enum { OTHER_OBJECTS_MAX = 3 };

struct discovery {
    struct hw_s3_client *client;
    const struct hw_s3_first *first;
    struct hw_s3_object object;
    size_t got_bytes;
    /* True if the service has another version than the one that was known. */
    bool replaced;
    /* The names of the reply, for errors. */
    struct hw_s3_fault reply;
};

static enum hw_status discover_once(struct discovery *discovery, struct hw_error *err);
static enum hw_status known_compare(const struct discovery *discovery, struct hw_error *err);
static enum hw_status empty_prove(struct discovery *discovery, struct hw_error *err);
static enum hw_status whole_compare(const struct hw_s3_object *object, const void *data, size_t bytes,
                                    struct hw_error *err);

enum hw_status hw_s3_object_discover(struct hw_s3_client *client, const struct hw_s3_first *first,
                                     struct hw_s3_object *out_object, size_t *out_bytes, struct hw_error *err) {
    struct discovery discovery = {.client = client, .first = first};
    enum hw_status status = HW_EPROTOCOL;
    for (unsigned tries = 1; status == HW_EPROTOCOL && tries <= OTHER_OBJECTS_MAX; tries++) {
        HW_TRY(discover_once(&discovery, err));
        status = known_compare(&discovery, err);
    }
    if (status == HW_EPROTOCOL) {
        hw_error_prefix(err, "%d tries", OTHER_OBJECTS_MAX);
    }
    HW_TRY(status);
    *out_object = discovery.object;
    *out_bytes = discovery.got_bytes;
    return HW_OK;
}

/* Asks for the facts of the version that is to be read. */
static enum hw_status facts_ask(const struct discovery *discovery, struct hw_s3_object *out_object,
                                struct hw_error *err) {
    return hw_s3_object_head(discovery->client, discovery->first->key, discovery->first->version_id, out_object, err);
}

/*
 * Returns whether the object is asked for as a whole: services tell the checksum of one that they
 * send so, and none with a range. Its size must be known, and its version, lest more comes than
 * there is room for.
 */
static bool whole_asked(const struct discovery *discovery) {
    const struct hw_s3_object *known = discovery->first->known;
    return known && known->etag[0] != '\0' && known->size <= discovery->first->bytes && !discovery->replaced;
}

/* The ETag of a listing may come without its quotes. */
static void etag_quote(const char *etag, char out[HW_S3_ETAG_BYTES + 2]) {
    char bare[HW_S3_ETAG_BYTES];
    hw_s3_etag_bare(etag, bare);
    snprintf(out, HW_S3_ETAG_BYTES + 2, "\"%s\"", bare);
}

static enum hw_status discover_once(struct discovery *discovery, struct hw_error *err) {
    const struct hw_s3_first *first = discovery->first;
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error fault = HW_ERROR_INIT;

    const bool whole = whole_asked(discovery);
    char etag[HW_S3_ETAG_BYTES + 2] = "";
    if (whole) {
        etag_quote(first->known->etag, etag);
    }
    const struct hw_s3_range range = {.bytes = whole ? 0 : first->bytes,
                                      .from_end = first->from_end && !whole,
                                      .etag = etag,
                                      .version_id = first->version_id};
    HW_TRY(hw_s3_request_get(&call.request, first->key, &range, err));
    call.request.into = first->data;
    call.request.into_bytes = first->bytes;
    call.request.check = discover_check;
    call.request.check_ctx = discovery;
    enum hw_status status = hw_s3_call_perform(discovery->client, &call, &response, &fault);
    if (fault.http_status == 416) {
        return empty_prove(discovery, err);
    }
    if (whole && status == HW_ECHANGED) {
        discovery->replaced = true;
        return discover_once(discovery, err);
    }
    if (status) {
        return hw_error_pass(err, status, &fault);
    }
    discovery->object.came_whole = whole;
    if (whole && discovery->object.checksum.kind != HW_CHECKSUM_NONE) {
        hw_s3_client_told_learn(discovery->client, HW_S3_TOLD_WITH_OBJECT);
    }
    const bool in_doubt = discovery->object.size == 0 && !first->known;
    return in_doubt ? empty_prove(discovery, err) : HW_OK;
}

/*
 * Handles a range that no byte satisfies, and a reply without a byte: the object must be empty.
 * HEAD has its facts, and proves it.
 */
static enum hw_status empty_prove(struct discovery *discovery, struct hw_error *err) {
    discovery->got_bytes = 0;
    HW_TRY(facts_ask(discovery, &discovery->object, err));
    if (discovery->object.size > 0) {
        return hw_fail(err, HW_EPROTOCOL, "GetObject: the service finds no byte in an object of %" PRIu64,
                       discovery->object.size);
    }
    return HW_OK;
}

/* Returns where the range must begin that was asked for. */
static uint64_t first_offset(const struct hw_s3_first *first, const struct hw_http_response *response) {
    struct hw_http_content_range range;
    const bool at_end = first->from_end && hw_http_content_range_read(response, &range);
    return at_end && range.total > first->bytes ? range.total - first->bytes : 0;
}

static enum hw_status discover_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct discovery *discovery = ctx;
    struct hw_s3_object object;
    uint64_t total;

    HW_TRY(hw_s3_object_read(response, &object, err));
    if (response->status == 200) {
        /*
         * The service does not do ranges. The object came whole if its end was told; a closed
         * connection alone proves nothing.
         */
        if (!hw_http_header_find(response, "Content-Length").data &&
            !hw_http_header_find(response, "Transfer-Encoding").data) {
            return hw_fail(err, HW_EPROTOCOL, "GetObject: the reply does not tell its length");
        }
        total = response->into_bytes;
    } else {
        HW_TRY(range_compare(response, first_offset(discovery->first, response), &total, err));
    }
    uint64_t expected = total < discovery->first->bytes ? total : discovery->first->bytes;
    if (response->into_bytes != expected) {
        return hw_fail(err, HW_EPROTOCOL,
                       "GetObject: %s came of an object of %" PRIu64 " where %" PRIu64 " were asked for",
                       HW_COUNT(response->into_bytes, "byte"), total, expected);
    }
    object.size = total;
    if (total > expected) {
        /* The reply does not tell whether the checksum is that of the object or of the range. */
        object.checksum = (struct hw_checksum){0};
    } else {
        HW_TRY(whole_compare(&object, discovery->first->data, response->into_bytes, err));
    }
    discovery->object = object;
    discovery->got_bytes = response->into_bytes;
    hw_s3_fault_begin(response, &discovery->reply);
    return HW_OK;
}

/* Compares an object that came whole with the checksum that the service tells. */
static enum hw_status whole_compare(const struct hw_s3_object *object, const void *data, size_t bytes,
                                    struct hw_error *err) {
    const struct hw_checksum got = hw_checksum_of(object->checksum.kind, data, bytes);
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (hw_checksum_equal(&got, &object->checksum)) {
        return HW_OK;
    }
    return hw_fail(err, HW_ECHECKSUM, "GetObject: the bytes that came have the %s %s, the service says %s",
                   hw_checksum_name(got.kind), hw_checksum_text(&got, texts[0]),
                   hw_checksum_text(&object->checksum, texts[1]));
}

/*
 * Compares an object with one that is known. The ETag of a listing may have other quotes, or be
 * missing.
 */
static bool object_same(const struct hw_s3_object *known, const struct hw_s3_object *object) {
    char known_etag[HW_S3_ETAG_BYTES];
    char etag[HW_S3_ETAG_BYTES];
    hw_s3_etag_bare(known->etag, known_etag);
    hw_s3_etag_bare(object->etag, etag);
    return known->size == object->size && (known_etag[0] == '\0' || strcmp(known_etag, etag) == 0);
}

/*
 * Compares what came with what was known of the object. Where they differ HEAD tells whether the
 * object was replaced meanwhile.
 */
static enum hw_status known_compare(const struct discovery *discovery, struct hw_error *err) {
    const struct hw_s3_object *known = discovery->first->known;
    const struct hw_s3_object *object = &discovery->object;
    struct hw_s3_object now;
    if (!known || object_same(known, object)) {
        return HW_OK;
    }
    HW_TRY(facts_ask(discovery, &now, err));
    if (object_same(&now, object)) {
        return HW_OK;
    }
    char etags[2][HW_QUOTE_BYTES];
    enum hw_status status = hw_fail(
        err, HW_EPROTOCOL,
        "GetObject: the reply is of an object of %s with the ETag %s, HeadObject tells of %s and %s: it is not "
        "this object",
        HW_COUNT(object->size, "byte"), hw_quote(object->etag, strlen(object->etag), etags[0], sizeof(etags[0])),
        HW_COUNT(now.size, "byte"), hw_quote(now.etag, strlen(now.etag), etags[1], sizeof(etags[1])));
    hw_s3_fault_name(&discovery->reply, err);
    return status;
}

/*
 * Checks that the reply's Content-Range is the range that came, from `offset` on. A reply without
 * one is refused, because nothing tells where its bytes belong.
 */
static enum hw_status range_compare(const struct hw_http_response *response, uint64_t offset, uint64_t *out_total,
                                    struct hw_error *err) {
    struct hw_http_content_range range;
    if (response->status != 206 || !hw_http_content_range_read(response, &range)) {
        return hw_fail(err, HW_EPROTOCOL, "GetObject: the reply (HTTP %d) does not tell which range it is",
                       response->status);
    }
    if (range.first != offset || range.last - range.first + 1 != response->into_bytes) {
        return hw_fail(err, HW_EPROTOCOL,
                       "GetObject: the reply has %s from offset %" PRIu64 ", but calls them %" PRIu64 "-%" PRIu64,
                       HW_COUNT(response->into_bytes, "byte"), offset, range.first, range.last);
    }
    *out_total = range.total;
    return HW_OK;
}

/* ------ later ranges */

enum hw_status hw_s3_get_start(struct hw_s3_get *get, struct hw_s3_client *client, const char *key, void *data,
                               struct hw_error *err) {
    const struct hw_s3_range range = {
        .offset = get->offset, .bytes = get->bytes, .etag = get->object->etag, .version_id = get->version_id};
    HW_TRY(hw_s3_request_get(&get->call.request, key, &range, err));
    get->call.request.into = data;
    get->call.request.into_bytes = get->bytes;
    get->call.request.check = get_check;
    get->call.request.check_ctx = get;
    return hw_s3_call_start(client, &get->call, err);
}

enum hw_status hw_s3_get_wait(struct hw_s3_get *get, struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    return hw_s3_call_wait(&get->call, &response, err);
}

void hw_s3_get_release(struct hw_s3_get *get) {
    hw_s3_call_release(&get->call);
}

static enum hw_status get_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    const struct hw_s3_get *get = ctx;
    struct hw_s3_object object;
    uint64_t total;

    HW_TRY(hw_s3_object_read(response, &object, err));
    bool whole = response->status == 200 && get->offset == 0 && response->into_bytes == get->object->size;
    if (whole) {
        total = response->into_bytes;
    } else {
        HW_TRY(range_compare(response, get->offset, &total, err));
    }
    /* Not every service heeds If-Match. */
    if (total != get->object->size ||
        (object.etag[0] && get->object->etag[0] && strcmp(object.etag, get->object->etag) != 0)) {
        return hw_fail(err, HW_ECHANGED, "GetObject: the object was replaced while it was read");
    }
    if (response->into_bytes != get->bytes) {
        return hw_fail(err, HW_EPROTOCOL, "GetObject: %s came where %zu were asked for",
                       HW_COUNT(response->into_bytes, "byte"), get->bytes);
    }
    return HW_OK;
}
