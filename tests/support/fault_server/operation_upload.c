/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/description.h"
#include "support/fault_server/document.h"
#include "support/fault_server/operations.h"

enum { PARTS_MAX = 10000, PAGE_MAX = 1000 };

/* The kind of digest that an upload's parts have whether it was asked for or not. */
static enum digest_kind part_kind(const struct upload *upload) {
    return upload->kind == DIGEST_NONE ? DIGEST_CRC64NVME : upload->kind;
}

/* Whether an object of parts may have a checksum of a kind and type. */
static bool checksum_type(struct call *call, enum digest_kind kind, bool *out_composite) {
    const char *type = call_header(call, "x-amz-checksum-type");
    if (kind == DIGEST_NONE) {
        return !type || call_refuse(call, 400, "InvalidRequest", "x-amz-checksum-type needs x-amz-checksum-algorithm");
    }
    bool whole = type ? strcmp(type, "FULL_OBJECT") == 0 : kind == DIGEST_CRC64NVME;
    bool allowed = whole ? digest_facts(kind)->polynomial != 0 : digest_facts(kind)->composite;
    *out_composite = !whole;
    return allowed ||
           call_refuse(call, 400, "InvalidRequest", "The checksum type cannot be used with the checksum algorithm");
}

void run_create_upload(struct call *call) {
    enum digest_kind kind = checksum_wanted(call, DIGEST_NONE);
    struct fields fields = {0};
    char *tags = NULL;
    bool composite = false;
    if (!description_take(call, &fields, &tags) || !checksum_type(call, kind, &composite)) {
        fields_release(&fields);
        free(tags);
        return;
    }
    struct upload *upload = upload_add(&call->server->store, call->bucket_name, call->key);
    upload->fields = fields;
    upload->tags = tags;
    upload->kind = kind;
    upload->composite = composite;
    upload->initiated_ms = server_now_ms(call->server);
    if (kind != DIGEST_NONE) {
        reply_header(&call->reply, "x-amz-checksum-algorithm", "%s", digest_facts(kind)->upper);
        reply_header(&call->reply, "x-amz-checksum-type", composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    xml_begin(call, "InitiateMultipartUploadResult");
    xml_element(call, "Bucket", call->bucket_name);
    xml_element(call, "Key", call->key);
    xml_element(call, "UploadId", upload->id);
    xml_end(call, "InitiateMultipartUploadResult");
}

static struct upload *upload_wanted(struct call *call) {
    struct upload *upload =
        upload_find(&call->server->store, call->bucket_name, call->key, call_query(call, "uploadId"));
    if (!upload) {
        call_refuse(
            call, 404, "NoSuchUpload",
            "The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been "
            "aborted or completed.");
    }
    return upload;
}

static bool part_allowed(struct call *call, const struct upload *upload, uint64_t *out_number) {
    const char *text = call_query(call, "partNumber");
    const struct payload *payload = &call->payload;
    if (!text || !number_read(text, out_number) || *out_number < 1 || *out_number > PARTS_MAX) {
        return call_refuse(call, 400, "InvalidArgument",
                           "Part number must be an integer between 1 and 10000, inclusive");
    }
    if (!call->server->settings.checks) {
        return true;
    }
    if (upload->kind != DIGEST_NONE && (!payload->given || payload->kind != upload->kind)) {
        return call_refuse(call, 400, "InvalidRequest",
                           "Checksum Type mismatch occurred: the part's is not that of the upload");
    }
    return customer_key_fits(call, &upload->fields);
}

void run_upload_part(struct call *call) {
    struct upload *upload = upload_wanted(call);
    uint64_t number = 0;
    if (!upload || !part_allowed(call, upload, &number)) {
        return;
    }
    struct part part = {
        .number = (unsigned)number, .blob = blob_share(call->payload.blob), .modified_ms = server_now_ms(call->server)};
    memcpy(part.md5, call->payload.md5, sizeof(part.md5));
    memcpy(part.checksum, call->payload.checksum, sizeof(part.checksum));
    if (call->payload.kind != part_kind(upload) && call->server->settings.checks) {
        blob_digest(part.blob, part_kind(upload), part.checksum);
    }
    part_etag_set(call, etag_is_md5(call, &upload->fields), part.md5, part.etag);
    char etag[ETAG_CAPACITY + 2], checksum[DIGEST_TEXT_MAX];
    etag_quote(part.etag, etag);
    fields_set(&call->reply.headers, "ETag", etag);
    if (call->payload.given) {
        char name[64];
        snprintf(name, sizeof(name), "x-amz-checksum-%s", digest_facts(call->payload.kind)->name);
        base64_text(call->payload.checksum, digest_facts(call->payload.kind)->bytes, checksum);
        reply_header(&call->reply, name, "%s", checksum);
    }
    upload_add_part(upload, &part);
}

void run_abort_upload(struct call *call) {
    struct upload *upload = upload_wanted(call);
    if (upload) {
        upload_remove(&call->server->store, upload);
        call->reply.status = 204;
    }
}

static void part_tell(struct call *call, const struct upload *upload, const struct part *part) {
    char time[32], etag[ETAG_CAPACITY + 2], checksum[DIGEST_TEXT_MAX];
    time_iso(part->modified_ms, time);
    etag_quote(part->etag, etag);
    text_puts(&call->reply.body, "<Part>");
    xml_printf(call, "PartNumber", "%u", part->number);
    xml_element(call, "LastModified", time);
    xml_element(call, "ETag", etag);
    xml_printf(call, "Size", "%llu", (unsigned long long)blob_size(part->blob));
    if (upload->kind != DIGEST_NONE) {
        base64_text(part->checksum, digest_facts(upload->kind)->bytes, checksum);
        xml_element(call, digest_facts(upload->kind)->element, checksum);
    }
    text_puts(&call->reply.body, "</Part>");
}

static uint64_t number_wanted(const struct call *call, const char *name, uint64_t otherwise, uint64_t most) {
    const char *text = call_query(call, name);
    uint64_t number = otherwise;
    if (text && !number_read(text, &number)) {
        number = otherwise;
    }
    return number < most ? number : most;
}

void run_list_parts(struct call *call) {
    const struct upload *upload = upload_wanted(call);
    uint64_t most = call->server->settings.page_max < PAGE_MAX ? call->server->settings.page_max : PAGE_MAX;
    uint64_t after = number_wanted(call, "part-number-marker", 0, PARTS_MAX),
             max = number_wanted(call, "max-parts", most, most);
    if (!upload) {
        return;
    }
    size_t at = 0, count = 0;
    while (at < upload->parts_count && upload->parts[at].number <= after) {
        at++;
    }
    count = upload->parts_count - at < max ? upload->parts_count - at : max;
    xml_begin(call, "ListPartsResult");
    xml_element(call, "Bucket", call->bucket_name);
    xml_element(call, "Key", call->key);
    xml_element(call, "UploadId", upload->id);
    xml_printf(call, "PartNumberMarker", "%llu", (unsigned long long)after);
    xml_printf(call, "MaxParts", "%llu", (unsigned long long)max);
    xml_element(call, "IsTruncated", at + count < upload->parts_count ? "true" : "false");
    if (count > 0) {
        xml_printf(call, "NextPartNumberMarker", "%u", upload->parts[at + count - 1].number);
    }
    if (upload->kind != DIGEST_NONE) {
        xml_element(call, "ChecksumAlgorithm", digest_facts(upload->kind)->upper);
        xml_element(call, "ChecksumType", upload->composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    for (size_t i = at; i < at + count; i++) {
        part_tell(call, upload, &upload->parts[i]);
    }
    xml_end(call, "ListPartsResult");
}

static int upload_order(const void *a, const void *b) {
    const struct upload *left = *(struct upload *const *)a, *right = *(struct upload *const *)b;
    int order = strcmp(left->key, right->key);
    return order ? order : strcmp(left->id, right->id);
}

static bool upload_listed(const struct call *call, const struct upload *upload) {
    const char *prefix = call_query(call, "prefix"), *key = call_query(call, "key-marker");
    const char *id = call_query(call, "upload-id-marker");
    if (strcmp(upload->bucket, call->bucket_name) != 0 ||
        (prefix && strncmp(upload->key, prefix, strlen(prefix)) != 0)) {
        return false;
    }
    int order = key ? strcmp(upload->key, key) : 1;
    return order > 0 || (order == 0 && id && *id && strcmp(upload->id, id) > 0);
}

static void uploads_tell(struct call *call, struct upload *const *found, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char time[32];
        time_iso(found[i]->initiated_ms, time);
        text_puts(&call->reply.body, "<Upload>");
        xml_element(call, "Key", found[i]->key);
        xml_element(call, "UploadId", found[i]->id);
        xml_element(call, "StorageClass", "STANDARD");
        xml_element(call, "Initiated", time);
        if (found[i]->kind != DIGEST_NONE) {
            xml_element(call, "ChecksumAlgorithm", digest_facts(found[i]->kind)->upper);
            xml_element(call, "ChecksumType", found[i]->composite ? "COMPOSITE" : "FULL_OBJECT");
        }
        text_puts(&call->reply.body, "</Upload>");
    }
}

void run_list_uploads(struct call *call) {
    const struct store *store = &call->server->store;
    struct upload **found = must_zero((store->uploads_count + 1) * sizeof(struct upload *));
    uint64_t most = call->server->settings.page_max < PAGE_MAX ? call->server->settings.page_max : PAGE_MAX;
    size_t count = 0, max = number_wanted(call, "max-uploads", most, most);
    for (size_t i = 0; i < store->uploads_count; i++) {
        if (upload_listed(call, store->uploads[i])) {
            found[count++] = store->uploads[i];
        }
    }
    qsort(found, count, sizeof(struct upload *), upload_order);
    size_t shown = count < max ? count : max;
    xml_begin(call, "ListMultipartUploadsResult");
    xml_element(call, "Bucket", call->bucket_name);
    xml_printf(call, "MaxUploads", "%zu", max);
    xml_element(call, "IsTruncated", shown < count ? "true" : "false");
    if (shown < count && shown > 0) {
        xml_element(call, "NextKeyMarker", found[shown - 1]->key);
        xml_element(call, "NextUploadIdMarker", found[shown - 1]->id);
    }
    uploads_tell(call, found, shown);
    xml_end(call, "ListMultipartUploadsResult");
    free(found);
}

/* The parts that a Complete names. */
struct chosen {
    const struct part **parts;
    size_t count;
};

static const struct part *part_find(const struct upload *upload, uint64_t number) {
    for (size_t i = 0; i < upload->parts_count; i++) {
        if (upload->parts[i].number == number) {
            return &upload->parts[i];
        }
    }
    return NULL;
}

/* A <Part> of a Complete. False: the reply is an error. */
static bool part_choose(struct call *call, const struct upload *upload, const char *inside, struct chosen *chosen) {
    struct text number_text = {0}, etag = {0}, checksum = {0};
    uint64_t number = 0;
    char wanted[DIGEST_TEXT_MAX];
    bool good = element_text(inside, "PartNumber", &number_text) && number_read(number_text.data, &number) &&
                element_text(inside, "ETag", &etag);
    const struct part *part = good ? part_find(upload, number) : NULL;
    bool checks = call->server->settings.checks;
    const struct digest_facts *facts = digest_facts(part_kind(upload));
    if (!good) {
        call_refuse(call, 400, "MalformedXML", "The XML you provided was not well-formed");
    } else if (chosen->count > 0 && number <= chosen->parts[chosen->count - 1]->number) {
        good = call_refuse(call, 400, "InvalidPartOrder", "The list of parts was not in ascending order.");
    } else if (!part || !strstr(etag.data, part->etag)) {
        good = call_refuse(call, 400, "InvalidPart", "One or more of the specified parts could not be found.");
    } else if (element_text(inside, facts->element, &checksum)) {
        base64_text(part->checksum, facts->bytes, wanted);
        good = !checks || strcmp(wanted, checksum.data) == 0 ||
               call_refuse(call, 400, "InvalidPart", "The checksum of a part is not that of the upload");
    } else if (upload->kind != DIGEST_NONE && checks) {
        good = call_refuse(
            call, 400, "InvalidRequest",
            "The upload was created using a checksum. The complete request must include the checksum for each part.");
    }
    if (good) {
        chosen->parts[chosen->count++] = part;
    }
    text_release(&number_text);
    text_release(&etag);
    text_release(&checksum);
    return good;
}

static bool parts_choose(struct call *call, const struct upload *upload, struct chosen *chosen) {
    struct text body = {0}, inside = {0};
    const char *at = document_text(call->payload.blob, &body);
    bool good = true;
    while (good && element_next(&at, "Part", &inside)) {
        good = chosen->count < PARTS_MAX && part_choose(call, upload, text_of(&inside), chosen);
    }
    text_release(&body);
    text_release(&inside);
    if (good && chosen->count == 0) {
        good = call_refuse(call, 400, "MalformedXML",
                           "The XML you provided was not well-formed or did not validate against our published schema");
    }
    for (size_t i = 0; good && i + 1 < chosen->count; i++) {
        if (blob_size(chosen->parts[i]->blob) < call->server->settings.part_bytes_min) {
            good = call_refuse(call, 400, "EntityTooSmall",
                               "Your proposed upload is smaller than the minimum allowed size");
        }
    }
    return good;
}

/* The whole object's checksum, and its ETag, of those of its parts. */
static void object_digests(struct call *call, const struct upload *upload, const struct chosen *chosen,
                           struct object *object) {
    enum digest_kind kind = part_kind(upload);
    struct digest md5, composite;
    uint8_t whole[DIGEST_BYTES_MAX], digest[DIGEST_BYTES_MAX];
    size_t bytes = digest_facts(kind)->bytes;
    char hex[2 * 16 + 1];
    digest_begin(&md5, DIGEST_MD5);
    digest_begin(&composite, kind);
    memcpy(whole, chosen->parts[0]->checksum, sizeof(whole));
    for (size_t i = 0; i < chosen->count; i++) {
        digest_add(&md5, chosen->parts[i]->md5, 16);
        digest_add(&composite, chosen->parts[i]->checksum, bytes);
        if (i > 0 && !upload->composite) {
            digest_join(kind, whole, chosen->parts[i]->checksum, blob_size(chosen->parts[i]->blob));
        }
    }
    digest_end(&md5, digest);
    hex_text(digest, 16, hex);
    snprintf(object->etag, sizeof(object->etag), "%s-%zu", hex, chosen->count);
    digest_end(&composite, digest);
    object->kind = DIGEST_NONE;
    if (call->server->settings.checks && (upload->kind != DIGEST_NONE || !call->bucket->keeps_no_checksums)) {
        object_set_checksum(object, kind, upload->composite ? digest : whole);
        object->composite = upload->composite;
    }
    if (object->composite) {
        size_t size = strlen(object->checksum);
        snprintf(object->checksum + size, sizeof(object->checksum) - size, "-%zu", chosen->count);
    }
}

static void object_parts(const struct upload *upload, const struct chosen *chosen, struct object *object) {
    struct blob **blobs = must_zero(chosen->count * sizeof(struct blob *));
    object->parts_count = (unsigned)chosen->count;
    object->part_bytes = must_zero(chosen->count * sizeof(*object->part_bytes));
    object->part_checksums = upload->kind == DIGEST_NONE ? NULL : must_zero(chosen->count * CHECKSUM_CAPACITY);
    for (size_t i = 0; i < chosen->count; i++) {
        blobs[i] = chosen->parts[i]->blob;
        object->part_bytes[i] = blob_size(blobs[i]);
        if (object->part_checksums) {
            base64_text(chosen->parts[i]->checksum, digest_facts(upload->kind)->bytes, object->part_checksums[i]);
        }
    }
    object->blob = blob_joined(blobs, chosen->count);
    free(blobs);
}

/* What the client says of the whole object. False: the reply is an error. */
static bool whole_verify(struct call *call, const struct upload *upload, const struct object *object) {
    const char *size_text = call_header(call, "x-amz-mp-object-size"), *type = call_header(call, "x-amz-checksum-type");
    uint64_t size = 0;
    if (size_text && (!number_read(size_text, &size) || size != blob_size(object->blob))) {
        return call_refuse(call, 400, "InvalidRequest",
                           "The provided 'x-amz-mp-object-size' header does not match what was computed.");
    }
    if (!call->server->settings.checks) {
        return true;
    }
    if (type && strcmp(type, upload->composite ? "COMPOSITE" : "FULL_OBJECT") != 0) {
        return call_refuse(call, 400, "InvalidRequest",
                           "The checksum type is not that which the upload was created with");
    }
    for (unsigned kind = 0; kind < DIGEST_CHECKSUMS; kind++) {
        char name[64];
        snprintf(name, sizeof(name), "x-amz-checksum-%s", digest_facts(kind)->name);
        const char *value = call_header(call, name);
        if (value && kind != part_kind(upload)) {
            return call_refuse(call, 400, "InvalidRequest",
                               "The checksum algorithm is not that which the upload was created with");
        }
        if (value && object->kind != DIGEST_NONE && strcmp(value, object->checksum) != 0) {
            return call_refuse(call, 400, "BadDigest",
                               "The checksum you specified did not match the calculated checksum.");
        }
    }
    return true;
}

static void complete_tell(struct call *call, const struct object *object) {
    char etag[ETAG_CAPACITY + 2];
    etag_quote(object->etag, etag);
    version_tell(call, object);
    xml_begin(call, "CompleteMultipartUploadResult");
    xml_printf(call, "Location", "http://127.0.0.1/%s", call->bucket_name);
    xml_element(call, "Bucket", call->bucket_name);
    xml_element(call, "Key", call->key);
    xml_element(call, "ETag", etag);
    if (object->kind != DIGEST_NONE) {
        xml_element(call, digest_facts(object->kind)->element, object->checksum);
        xml_element(call, "ChecksumType", object->composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    xml_end(call, "CompleteMultipartUploadResult");
}

void run_complete_upload(struct call *call) {
    struct upload *upload = upload_wanted(call);
    struct chosen chosen = {0};
    if (!upload || !conditions_write(call)) {
        return;
    }
    chosen.parts = must_zero((PARTS_MAX + 1) * sizeof(*chosen.parts));
    if (parts_choose(call, upload, &chosen)) {
        struct object *object = must_zero(sizeof(*object));
        object_parts(upload, &chosen, object);
        object_digests(call, upload, &chosen, object);
        if (whole_verify(call, upload, object)) {
            object->key = must_copy(call->key);
            object->modified_ms = server_now_ms(call->server);
            object->fields = upload->fields;
            object->tags = upload->tags;
            upload->fields = (struct fields){0};
            upload->tags = NULL;
            object_add(&call->server->store, call->bucket, object);
            upload_remove(&call->server->store, upload);
            complete_tell(call, object);
        } else {
            object_free(object);
        }
    }
    free(chosen.parts);
}
