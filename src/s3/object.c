/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/object.h"

#include "codec/checksum.h"

static enum hw_status discover_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);
static enum hw_status get_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);
static enum hw_status put_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);
static enum hw_status range_compare(const struct hw_http_response *response, uint64_t offset, uint64_t *out_total,
                                    struct hw_error *err);

enum hw_status hw_s3_object_head(struct hw_s3_client *client, const char *key, struct hw_s3_object *out_object,
                                 struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_object object;

    HW_TRY(hw_s3_request_head(&call.request, key, err));
    HW_TRY(hw_s3_call_perform(client, &call, &response, err));
    HW_TRY(hw_s3_object_read(&response, &object, err));
    if (!hw_s3_bytes_header(&response, "Content-Length", &object.size)) {
        return hw_fail(err, HW_EPROTOCOL, "HeadObject: the reply does not tell the object's size");
    }
    *out_object = object;
    return HW_OK;
}

enum hw_status hw_s3_object_delete(struct hw_s3_client *client, const char *key, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_delete(&call.request, key, err));
    return hw_s3_call_perform(client, &call, &response, err);
}

bool hw_s3_object_is(struct hw_s3_client *client, const char *key, uint64_t size, uint64_t crc64nvme,
                     struct hw_s3_object *out_object) {
    struct hw_s3_object object;
    if (hw_s3_object_head(client, key, &object, NULL) != HW_OK) {
        return false;
    }
    *out_object = object;
    return object.size == size && object.has_crc64nvme && object.crc64nvme == crc64nvme;
}

/* ------ PUT */

enum hw_status hw_s3_object_put(struct hw_s3_client *client, const struct hw_s3_put_params *params,
                                char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_object object;

    HW_TRY(hw_s3_request_put(&call.request, params, err));
    call.request.check = put_check;
    call.request.check_ctx = &call;
    enum hw_status status = hw_s3_call_perform(client, &call, &response, err);
    if (status == HW_OK) {
        status = hw_s3_object_read(&response, &object, err);
    } else if (status == HW_EEXISTS && call.retry.retries > 0 &&
               hw_s3_object_is(client, params->key, params->body_bytes, params->crc64nvme, &object)) {
        status = HW_OK; /* the first try has made it, its reply was lost */
    }
    if (status) {
        return status;
    }
    memcpy(out_etag, object.etag, HW_S3_ETAG_BYTES);
    return HW_OK;
}

/* A service that tells which checksum it keeps must tell ours. */
static enum hw_status put_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    const struct hw_s3_call *call = ctx;
    struct hw_s3_object object;
    char kept[HW_BASE64_CRC64_BYTES];
    HW_TRY(hw_s3_object_read(response, &object, err));
    if (!object.has_crc64nvme) {
        return HW_OK;
    }
    hw_crc64nvme_base64(object.crc64nvme, kept);
    for (size_t i = 0; i < call->request.headers_count; i++) {
        const struct hw_sigv4_header *header = &call->request.headers[i];
        if (strcmp(header->name, "x-amz-checksum-crc64nvme") == 0 && strcmp(header->value, kept) != 0) {
            return hw_fail(err, HW_ECHECKSUM, "PutObject: CRC64NVME %s was sent, the service has %s", header->value,
                           kept);
        }
    }
    return HW_OK;
}

/* ------ the first range */

struct discovery {
    const void *data;
    size_t bytes;
    struct hw_s3_object object;
    size_t got_bytes;
};

enum hw_status hw_s3_object_discover(struct hw_s3_client *client, const char *key, void *data, size_t bytes,
                                     struct hw_s3_object *out_object, size_t *out_bytes, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct discovery discovery = {.data = data, .bytes = bytes};
    struct hw_error fault = HW_ERROR_INIT;

    HW_TRY(hw_s3_request_get(&call.request, key, &(struct hw_s3_range){.offset = 0, .bytes = bytes}, err));
    call.request.into = data;
    call.request.into_bytes = bytes;
    call.request.check = discover_check;
    call.request.check_ctx = &discovery;
    enum hw_status status = hw_s3_call_perform(client, &call, &response, &fault);
    if (fault.http_status == 416) {
        /* No byte satisfies the range: the object is empty. HEAD has its facts, and proves it. */
        HW_TRY(hw_s3_object_head(client, key, &discovery.object, err));
        if (discovery.object.size > 0) {
            return hw_fail(err, HW_EPROTOCOL, "GetObject: the service finds no byte in an object of %" PRIu64,
                           discovery.object.size);
        }
    } else if (status) {
        if (err) {
            *err = fault;
        }
        return status;
    }
    *out_object = discovery.object;
    *out_bytes = discovery.got_bytes;
    return HW_OK;
}

static enum hw_status discover_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct discovery *discovery = ctx;
    struct hw_s3_object object;
    uint64_t total;

    HW_TRY(hw_s3_object_read(response, &object, err));
    if (response->status == 200) {
        /*
         * The service does not do ranges. What came is whole if its end was told; a closed connection alone proves
         * nothing.
         */
        if (!hw_http_header_find(response, "Content-Length").data &&
            !hw_http_header_find(response, "Transfer-Encoding").data) {
            return hw_fail(err, HW_EPROTOCOL, "GetObject: the reply does not tell its length");
        }
        total = response->into_bytes;
    } else {
        HW_TRY(range_compare(response, 0, &total, err));
    }
    uint64_t expected = total < discovery->bytes ? total : discovery->bytes;
    if (response->into_bytes != expected) {
        return hw_fail(err, HW_EPROTOCOL,
                       "GetObject: %zu bytes came of an object of %" PRIu64 " where %" PRIu64 " were asked for",
                       response->into_bytes, total, expected);
    }
    if (total > expected && object.etag[0] == '\0') {
        return hw_fail(err, HW_EPROTOCOL,
                       "GetObject: the service gives the object no ETag that later ranges could be pinned to");
    }
    object.size = total;
    if (total == expected && object.has_crc64nvme &&
        hw_crc64nvme(0, discovery->data, response->into_bytes) != object.crc64nvme) {
        return hw_fail(err, HW_ECHECKSUM,
                       "GetObject: the bytes that came do not have the CRC64NVME that the service tells");
    }
    discovery->object = object;
    discovery->got_bytes = response->into_bytes;
    return HW_OK;
}

/*
 * The reply's Content-Range must be the range that came, from `offset`. A reply that tells none is never placed by
 * guess.
 */
static enum hw_status range_compare(const struct hw_http_response *response, uint64_t offset, uint64_t *out_total,
                                    struct hw_error *err) {
    struct hw_s3_content_range range;
    if (response->status != 206 || !hw_s3_content_range_read(response, &range)) {
        return hw_fail(err, HW_EPROTOCOL, "GetObject: the reply (HTTP %d) does not tell which range it is",
                       response->status);
    }
    if (range.first != offset || range.last - range.first + 1 != response->into_bytes) {
        return hw_fail(err, HW_EPROTOCOL,
                       "GetObject: %zu bytes from offset %" PRIu64 " are said to be the range %" PRIu64 "-%" PRIu64,
                       response->into_bytes, offset, range.first, range.last);
    }
    *out_total = range.total;
    return HW_OK;
}

/* ------ later ranges */

enum hw_status hw_s3_get_start(struct hw_s3_get *get, struct hw_s3_client *client, const char *key, void *data,
                               struct hw_error *err) {
    const struct hw_s3_range range = {.offset = get->offset, .bytes = get->bytes, .etag = get->object->etag};
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
        return hw_fail(err, HW_EPROTOCOL, "GetObject: %zu bytes came where %zu were asked for", response->into_bytes,
                       get->bytes);
    }
    return HW_OK;
}
