/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "support/fault_server/document.h"
#include "support/fault_server/operations.h"

void run_list_buckets(struct call *call) {
    const struct store *store = &call->server->store;
    const char *id = call->signature.account->id;
    char time[32];
    xml_begin(call, "ListAllMyBucketsResult");
    text_printf(&call->reply.body, "<Owner><ID>%s</ID><DisplayName>%s</DisplayName></Owner><Buckets>", id, id);
    for (size_t i = 0; i < store->buckets_count; i++) {
        if (access_allowed(&store->buckets[i], call->signature.account, true)) {
            time_iso(store->buckets[i].created_ms, time);
            text_puts(&call->reply.body, "<Bucket>");
            xml_element(call, "Name", store->buckets[i].name);
            xml_element(call, "CreationDate", time);
            text_puts(&call->reply.body, "</Bucket>");
        }
    }
    text_puts(&call->reply.body, "</Buckets>");
    xml_end(call, "ListAllMyBucketsResult");
}

/* The rules that S3 has for the names of buckets, but for the names that it reserves. */
static bool name_allowed(const char *name) {
    size_t size = strlen(name);
    return size >= 3 && size <= 63 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == size &&
           !strchr(".-", name[0]) && !strchr(".-", name[size - 1]) && !strstr(name, "..");
}

void run_create_bucket(struct call *call) {
    struct server *server = call->server;
    if (!name_allowed(call->bucket_name)) {
        call_refuse(call, 400, "InvalidBucketName", "The specified bucket is not valid.");
        return;
    }
    if (call->bucket) {
        bool own = access_allowed(call->bucket, call->signature.account, true);
        call_refuse(call, 409, own ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists",
                    "The requested bucket name is not available.");
        return;
    }
    struct text body = {0}, region = {0};
    document_text(call->payload.blob, &body);
    struct bucket *bucket =
        store_bucket_add(&server->store, call->bucket_name, call->signature.account->id, server_now_ms(server));
    if (element_text(text_of(&body), "LocationConstraint", &region) &&
        strcmp(region.data, server->settings.region) != 0) {
        bucket->region = must_copy(region.data);
    }
    text_release(&body);
    text_release(&region);
    reply_header(&call->reply, "Location", "/%s", call->bucket_name);
}

void run_head_bucket(struct call *call) {
    const char *region = call->bucket->region;
    reply_header(&call->reply, "x-amz-bucket-region", "%s", region ? region : call->server->settings.region);
}

void run_delete_bucket(struct call *call) {
    if (bucket_keys(call->bucket) > 0) {
        call_refuse(call, 409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
        return;
    }
    store_bucket_remove(&call->server->store, call->bucket_name);
    call->reply.status = 204;
}

void run_get_location(struct call *call) {
    const char *region = call->bucket->region ? call->bucket->region : call->server->settings.region;
    xml_begin(call, "LocationConstraint");
    text_puts(&call->reply.body, strcmp(region, "us-east-1") == 0 ? "" : region);
    xml_end(call, "LocationConstraint");
}

void run_get_versioning(struct call *call) {
    static const char *const states[] = {NULL, "Enabled", "Suspended"};
    const char *state = states[call->bucket->versioning];
    xml_begin(call, "VersioningConfiguration");
    if (state) {
        xml_element(call, "Status", state);
    }
    xml_end(call, "VersioningConfiguration");
}

void run_put_versioning(struct call *call) {
    struct text body = {0}, status = {0};
    const char *at = document_text(call->payload.blob, &body);
    if (!element_next(&at, "Status", &status)) {
        call_refuse(call, 400, "MalformedXML", "The XML you provided was not well-formed");
    } else {
        call->bucket->versioning = strcmp(text_of(&status), "Enabled") == 0 ? VERSIONING_ON : VERSIONING_SUSPENDED;
    }
    text_release(&body);
    text_release(&status);
}
