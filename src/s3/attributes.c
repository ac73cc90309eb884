/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/attributes.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "core/whole_number.h"
#include "net/xml.h"

/* The replies to one object; each adds its parts. */
struct asking {
    struct hw_s3_attributes found;
    size_t parts_capacity;
    struct hw_s3_part_facts part;
    bool is_truncated;
    uint64_t next_marker;
};

static enum hw_status page_ask(struct hw_s3_client *client, const struct hw_s3_attributes_params *params,
                               struct asking *asking, struct hw_error *err);
static enum hw_status page_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);

void hw_s3_attributes_release(struct hw_s3_attributes *attributes) {
    hw_free(attributes->parts);
    *attributes = (struct hw_s3_attributes){0};
}

enum hw_status hw_s3_object_attributes(struct hw_s3_client *client, const char *key, const char *version_id,
                                       struct hw_s3_attributes *out_attributes, struct hw_error *err) {
    struct hw_s3_attributes_params params = {.key = key, .version_id = version_id};
    struct hw_s3_attributes all = {0};
    size_t capacity = 0;
    enum hw_status status = HW_OK;
    bool more = true;
    while (status == HW_OK && more) {
        struct asking asking = {.found = all, .parts_capacity = capacity};
        status = page_ask(client, &params, &asking, err);
        const bool moved = all.told && strcmp(all.etag, asking.found.etag) != 0;
        all = asking.found;
        capacity = asking.parts_capacity;
        if (status == HW_OK && moved) {
            status = hw_fail(err, HW_ECHANGED, "GetObjectAttributes: the object was replaced while it was asked for");
        }
        more = asking.is_truncated && asking.next_marker > params.part_marker;
        params.part_marker = (unsigned)asking.next_marker;
    }
    if (status) {
        hw_s3_attributes_release(&all);
        return status;
    }
    if (!all.told) {
        hw_s3_attributes_release(&all);
    }
    hw_s3_attributes_release(out_attributes);
    *out_attributes = all;
    return HW_OK;
}

static enum hw_status page_ask(struct hw_s3_client *client, const struct hw_s3_attributes_params *params,
                               struct asking *asking, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error fault = HW_ERROR_INIT;
    HW_TRY(hw_s3_request_attributes(&call.request, params, err));
    call.request.check = page_check;
    call.request.check_ctx = asking;
    enum hw_status status = hw_s3_call_perform(client, &call, &response, &fault);
    if (status != HW_OK && hw_s3_operation_missing(&fault)) {
        asking->found.told = false;
        return HW_OK;
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

/* ------ the document */

static enum hw_status number_read(hw_view text, uint64_t max, const char *what, uint64_t *out, struct hw_error *err) {
    uint64_t value;
    char quoted[HW_QUOTE_BYTES];
    if (!hw_whole_number_read(text, &value) || value > max) {
        return hw_fail(err, HW_EPROTOCOL, "GetObjectAttributes: %s is no %s",
                       hw_quote(text.data ? text.data : "", text.size, quoted, sizeof(quoted)), what);
    }
    *out = value;
    return HW_OK;
}

static enum hw_status etag_read(void *ctx, hw_view text, struct hw_error *err) {
    struct asking *asking = ctx;
    if (text.size >= sizeof(asking->found.etag)) {
        return hw_fail(err, HW_EPROTOCOL, "GetObjectAttributes: an ETag of %zu bytes", text.size);
    }
    memcpy(asking->found.etag, text.size > 0 ? text.data : "", text.size);
    asking->found.etag[text.size] = '\0';
    return HW_OK;
}

static enum hw_status size_read(void *ctx, hw_view text, struct hw_error *err) {
    return number_read(text, UINT64_MAX, "size", &((struct asking *)ctx)->found.size, err);
}

static enum hw_status total_read(void *ctx, hw_view text, struct hw_error *err) {
    return number_read(text, HW_S3_PARTS_MAX, "number of parts", &((struct asking *)ctx)->found.parts_total, err);
}

static enum hw_status marker_read(void *ctx, hw_view text, struct hw_error *err) {
    return number_read(text, HW_S3_PARTS_MAX, "number of a part", &((struct asking *)ctx)->next_marker, err);
}

static enum hw_status truncated_read(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    ((struct asking *)ctx)->is_truncated = hw_view_equal(text, HW_VIEW("true"));
    return HW_OK;
}

static enum hw_status part_begin(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    (void)err;
    ((struct asking *)ctx)->part = (struct hw_s3_part_facts){0};
    return HW_OK;
}

static enum hw_status part_number(void *ctx, hw_view text, struct hw_error *err) {
    uint64_t number;
    HW_TRY(number_read(text, HW_S3_PARTS_MAX, "number of a part", &number, err));
    ((struct asking *)ctx)->part.number = (unsigned)number;
    return HW_OK;
}

static enum hw_status part_size(void *ctx, hw_view text, struct hw_error *err) {
    return number_read(text, UINT64_MAX, "size of a part", &((struct asking *)ctx)->part.size, err);
}

/* Parts come in the order of their numbers, so each has a higher one than the part before it. */
static enum hw_status part_end(void *ctx, hw_view text, struct hw_error *err) {
    struct asking *asking = ctx;
    struct hw_s3_attributes *found = &asking->found;
    (void)text;
    const unsigned before = found->parts_count > 0 ? found->parts[found->parts_count - 1].number : 0;
    if (asking->part.number <= before) {
        return hw_fail(err, HW_EPROTOCOL, "GetObjectAttributes: part %u comes after part %u", asking->part.number,
                       before);
    }
    if (found->parts_count == asking->parts_capacity) {
        const size_t capacity = asking->parts_capacity > 0 ? 2 * asking->parts_capacity : 16;
        struct hw_s3_part_facts *parts = hw_realloc_array(found->parts, capacity, sizeof(*parts));
        if (!parts) {
            return hw_fail_nomem(err, capacity * sizeof(*parts));
        }
        found->parts = parts;
        asking->parts_capacity = capacity;
    }
    found->parts[found->parts_count++] = asking->part;
    return HW_OK;
}

static enum hw_status checksum_read(enum hw_checksum_kind kind, hw_view text, struct hw_checksum *out,
                                    struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    if (hw_checksum_parse(kind, text, out)) {
        return HW_OK;
    }
    return hw_fail(err, HW_EPROTOCOL, "GetObjectAttributes: %s is not a %s",
                   hw_quote(text.data ? text.data : "", text.size, quoted, sizeof(quoted)),
                   hw_checksum_algorithm(kind));
}

#define CHECKSUM(kind)                                                                                \
    static enum hw_status whole_##kind(void *ctx, hw_view text, struct hw_error *err) {               \
        return checksum_read(HW_CHECKSUM_##kind, text, &((struct asking *)ctx)->found.checksum, err); \
    }                                                                                                 \
    static enum hw_status part_##kind(void *ctx, hw_view text, struct hw_error *err) {                \
        return checksum_read(HW_CHECKSUM_##kind, text, &((struct asking *)ctx)->part.checksum, err);  \
    }
CHECKSUM(CRC64NVME)
CHECKSUM(CRC32C)
CHECKSUM(CRC32)
CHECKSUM(SHA256)
CHECKSUM(SHA1)
#undef CHECKSUM

/* S3 documents one name of the root and sends the other; the rows are the same below both. */
#define ROWS(root)                                                                                                   \
    {root "/ETag", NULL, etag_read}, {root "/ObjectSize", NULL, size_read},                                          \
        {root "/Checksum/ChecksumCRC64NVME", NULL, whole_CRC64NVME},                                                 \
        {root "/Checksum/ChecksumCRC32C", NULL, whole_CRC32C}, {root "/Checksum/ChecksumCRC32", NULL, whole_CRC32},  \
        {root "/Checksum/ChecksumSHA256", NULL, whole_SHA256}, {root "/Checksum/ChecksumSHA1", NULL, whole_SHA1},    \
        {root "/ObjectParts/PartsCount", NULL, total_read}, {root "/ObjectParts/TotalPartsCount", NULL, total_read}, \
        {root "/ObjectParts/IsTruncated", NULL, truncated_read},                                                     \
        {root "/ObjectParts/NextPartNumberMarker", NULL, marker_read},                                               \
        {root "/ObjectParts/Part", part_begin, part_end}, {root "/ObjectParts/Part/PartNumber", NULL, part_number},  \
        {root "/ObjectParts/Part/Size", NULL, part_size},                                                            \
        {root "/ObjectParts/Part/ChecksumCRC64NVME", NULL, part_CRC64NVME},                                          \
        {root "/ObjectParts/Part/ChecksumCRC32C", NULL, part_CRC32C},                                                \
        {root "/ObjectParts/Part/ChecksumCRC32", NULL, part_CRC32},                                                  \
        {root "/ObjectParts/Part/ChecksumSHA256", NULL, part_SHA256}, {                                              \
        root "/ObjectParts/Part/ChecksumSHA1", NULL, part_SHA1                                                       \
    }

/* A reply without such a root is the object itself, of a service that ignores the query. */
static enum hw_status page_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {ROWS("GetObjectAttributesResponse"), ROWS("GetObjectAttributesOutput")};
    struct asking *asking = ctx;
    const hw_view body = hw_buf_view(&response->body);
    const hw_view root = hw_xml_root_name(body);
    const size_t parts_before = asking->found.parts_count;
    asking->is_truncated = false;
    asking->next_marker = 0;
    if (hw_view_equal(root, HW_VIEW("Error"))) {
        return hw_fail(err, HW_ESERVER, "GetObjectAttributes: an <Error> inside HTTP %d", response->status);
    }
    if (!hw_view_equal(root, HW_VIEW("GetObjectAttributesResponse")) &&
        !hw_view_equal(root, HW_VIEW("GetObjectAttributesOutput"))) {
        asking->found.told = false;
        return HW_OK;
    }
    enum hw_status status = hw_xml_parse(body, rows, COUNT_OF(rows), asking, err);
    if (status) {
        /* Another try begins where this one did. */
        asking->found.parts_count = parts_before;
        return status;
    }
    asking->found.told = true;
    return HW_OK;
}
