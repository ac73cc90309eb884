/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/description.h"
#include "support/fault_server/document.h"
#include "support/fault_server/operations.h"

/* The object of the request. NULL: the reply is an error. */
static struct object *object_wanted(struct call *call) {
    struct object *object = object_find(call->bucket, call->key, call_query(call, "versionId"));
    if (!object || object->marker) {
        call_refuse(call, 404, "NoSuchKey", "The specified key does not exist.");
        return NULL;
    }
    return object;
}

static void attribute_checksum(struct call *call, const struct object *object) {
    if (object->kind != DIGEST_NONE) {
        text_puts(&call->reply.body, "<Checksum>");
        xml_element(call, digest_facts(object->kind)->element, object->checksum);
        xml_element(call, "ChecksumType", object->composite ? "COMPOSITE" : "FULL_OBJECT");
        text_puts(&call->reply.body, "</Checksum>");
    }
}

/* S3 keeps checksums of parts where the whole has none of its own bytes. */
static void attribute_parts(struct call *call, const struct object *object) {
    if (!object->parts_count) {
        return;
    }
    text_puts(&call->reply.body, "<ObjectParts>");
    xml_printf(call, "PartsCount", "%u", object->parts_count);
    xml_element(call, "IsTruncated", "false");
    for (unsigned i = 0; i < object->parts_count && object->composite && object->part_checksums; i++) {
        text_puts(&call->reply.body, "<Part>");
        xml_printf(call, "PartNumber", "%u", i + 1);
        xml_printf(call, "Size", "%llu", (unsigned long long)object->part_bytes[i]);
        xml_element(call, digest_facts(object->kind)->element, object->part_checksums[i]);
        text_puts(&call->reply.body, "</Part>");
    }
    text_puts(&call->reply.body, "</ObjectParts>");
}

void run_get_object_attributes(struct call *call) {
    const struct object *object = object_wanted(call);
    const char *wanted = call_header(call, "x-amz-object-attributes");
    char time[32];
    if (!object || !customer_key_fits(call, &object->fields)) {
        return;
    }
    if (!wanted) {
        call_refuse(call, 400, "InvalidArgument", "The x-amz-object-attributes header is missing");
        return;
    }
    time_http(object->modified_ms, time);
    reply_header(&call->reply, "Last-Modified", "%s", time);
    version_tell(call, object);
    xml_begin(call, "GetObjectAttributesResponse");
    if (strstr(wanted, "ETag")) {
        xml_element(call, "ETag", object->etag);
    }
    if (strstr(wanted, "Checksum")) {
        attribute_checksum(call, object);
    }
    if (strstr(wanted, "ObjectParts")) {
        attribute_parts(call, object);
    }
    if (strstr(wanted, "StorageClass")) {
        const char *storage = fields_get(&object->fields, "x-amz-storage-class");
        xml_element(call, "StorageClass", storage ? storage : "STANDARD");
    }
    if (strstr(wanted, "ObjectSize")) {
        xml_printf(call, "ObjectSize", "%llu", (unsigned long long)blob_size(object->blob));
    }
    xml_end(call, "GetObjectAttributesResponse");
}

void run_get_tagging(struct call *call) {
    const struct object *object = object_wanted(call);
    if (!object) {
        return;
    }
    xml_begin(call, "Tagging");
    text_puts(&call->reply.body, "<TagSet>");
    char *copy = must_copy(object->tags ? object->tags : ""), *rest = *copy ? copy : NULL;
    while (rest) {
        char *name = strsep(&rest, "&"), *value = strchr(name, '=');
        if (value) {
            *value++ = '\0';
        }
        percent_decode(name, true);
        text_puts(&call->reply.body, "<Tag>");
        xml_element(call, "Key", name);
        xml_element(call, "Value", value && percent_decode(value, true) ? value : "");
        text_puts(&call->reply.body, "</Tag>");
    }
    free(copy);
    text_puts(&call->reply.body, "</TagSet>");
    xml_end(call, "Tagging");
}

void run_put_tagging(struct call *call) {
    struct object *object = object_wanted(call);
    struct text body = {0}, inside = {0}, name = {0}, value = {0}, tags = {0};
    const char *at = document_text(call->payload.blob, &body);
    while (object && element_next(&at, "Tag", &inside)) {
        if (element_text(text_of(&inside), "Key", &name) && element_text(text_of(&inside), "Value", &value)) {
            text_puts(&tags, tags.size ? "&" : "");
            text_percent(&tags, text_of(&name), "");
            text_puts(&tags, "=");
            text_percent(&tags, text_of(&value), "");
        }
    }
    if (object) {
        free(object->tags);
        object->tags = must_copy(text_of(&tags));
    }
    text_release(&body);
    text_release(&inside);
    text_release(&name);
    text_release(&value);
    text_release(&tags);
}

void run_delete_tagging(struct call *call) {
    struct object *object = object_wanted(call);
    if (object) {
        free(object->tags);
        object->tags = NULL;
        call->reply.status = 204;
    }
}

void run_get_acl(struct call *call) {
    if (object_wanted(call)) {
        xml_begin(call, "AccessControlPolicy");
        text_printf(&call->reply.body, "<Owner><ID>%s</ID></Owner><AccessControlList/>", call->bucket->owner);
        xml_end(call, "AccessControlPolicy");
    }
}

void run_put_acl(struct call *call) {
    struct fields fields = {0};
    char *tags = NULL;
    if (object_wanted(call)) {
        description_take(call, &fields, &tags); /* for its look at x-amz-acl */
    }
    fields_release(&fields);
    free(tags);
}
