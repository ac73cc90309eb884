/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/control.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/description.h"
#include "support/fault_server/faults.h"
#include "support/fault_server/operations.h"
#include "support/fault_server/service.h"

static char token[64];

void control_prepare(const char *secret) {
    snprintf(token, sizeof(token), "%s", secret);
}

static enum copied_sums copied_sums_read(const char *text) {
    static const char *const names[] = {[COPIED_SUMS_RIGHT] = "right",
                                        [COPIED_SUMS_NONE] = "none",
                                        [COPIED_SUMS_WHOLE] = "whole",
                                        [COPIED_SUMS_REFUSED] = "refused"};
    unsigned i = sizeof(names) / sizeof(*names) - 1;
    while (i > 0 && (!text || strcmp(text, names[i]) != 0)) {
        i--;
    }
    return (enum copied_sums)i;
}

static void bucket_say(struct bucket *bucket, const struct fields *query) {
    const struct {
        const char *name;
        char **place;
    } texts[] = {{"owner", &bucket->owner},
                 {"readers", &bucket->readers},
                 {"writers", &bucket->writers},
                 {"region", &bucket->region}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const char *value = fields_get(query, texts[i].name);
        if (value) {
            free(*texts[i].place);
            *texts[i].place = must_copy(value);
        }
    }
    const char *keys = fields_get(query, "keys"), *bytes = fields_get(query, "bytes");
    bucket->made_keys = keys && number_read(keys, &bucket->made_keys) ? bucket->made_keys : 0;
    bucket->made_bytes = bytes && number_read(bytes, &bucket->made_bytes) ? bucket->made_bytes : 0;
    const char *versions = fields_get(query, "versions");
    bucket->versioning = versions && strcmp(versions, "0") != 0 ? VERSIONING_ON : bucket->versioning;
    bucket->requester_pays = fields_get(query, "requester-pays");
    bucket->keeps_no_checksums = fields_get(query, "no-checksums");
    bucket->copied_sums = copied_sums_read(fields_get(query, "copied-sums"));
}

static void bucket_make(struct server *server, const char *name, const struct fields *query) {
    struct bucket *bucket = store_bucket(&server->store, name);
    bucket = bucket ? bucket : store_bucket_add(&server->store, name, "*", server_now_ms(server));
    bucket_say(bucket, query);
}

bool control_bucket(struct server *server, const char *text) {
    struct fields query = {0};
    char *copy = must_copy(text), *rest = strchr(copy, '?');
    if (rest) {
        *rest++ = '\0';
    }
    while (rest) {
        char *item = strsep(&rest, "&"), *value = strchr(item, '=');
        if (value) {
            *value++ = '\0';
            fields_add(&query, item, value);
        }
    }
    if (*copy) {
        bucket_make(server, copy, &query);
    }
    bool good = *copy;
    free(copy);
    fields_release(&query);
    return good;
}

static void state_requests(const struct server *server, struct text *out) {
    const char *name = NULL;
    text_puts(out, "\"requests\":{");
    for (unsigned i = 0; (name = operation_name(i)); i++) {
        if (server->counters.requests[i]) {
            text_printf(out, "\"%s\":%" PRIu64 ",", name, server->counters.requests[i]);
        }
    }
    text_printf(out, "\"Unknown\":%" PRIu64 "}", server->counters.requests[OPERATIONS_MAX]);
}

static void state_uploads(const struct server *server, struct text *out) {
    text_puts(out, ",\"uploads\":[");
    for (size_t i = 0; i < server->store.uploads_count; i++) {
        const struct upload *upload = server->store.uploads[i];
        text_printf(out, "%s{\"id\":\"%s\",\"parts\":%zu,\"bucket\":", i ? "," : "", upload->id, upload->parts_count);
        text_json(out, upload->bucket);
        text_puts(out, ",\"key\":");
        text_json(out, upload->key);
        text_puts(out, "}");
    }
    text_puts(out, "],\"faults\":[");
    for (size_t i = 0; i < server->script.count; i++) {
        text_printf(out, "%s{\"kind\":\"%s\",\"calls\":%" PRIu64 ",\"played\":%" PRIu64 "}", i ? "," : "",
                    server->script.faults[i].kind->name, server->script.faults[i].calls,
                    server->script.faults[i].played);
    }
    text_puts(out, "]}\n");
}

static void tell_state(struct server *server, struct reply *reply) {
    const struct counters *counters = &server->counters;
    struct text *out = &reply->body;
    text_puts(out, "{");
    state_requests(server, out);
    text_printf(out, ",\"bytes_in\":%llu,\"bytes_out\":%llu,\"connections\":%llu,\"connections_open\":%llu",
                counters->bytes_in, counters->bytes_out, counters->connections, counters->connections_open);
    text_printf(out, ",\"trapped\":%llu,\"trapped_secrets\":%llu", counters->trapped, counters->trapped_secrets);
    state_uploads(server, out);
}

static void do_reset(struct server *server) {
    struct counters *counters = &server->counters;
    counters->bytes_in = counters->bytes_out = counters->connections = 0;
    counters->trapped = counters->trapped_secrets = 0;
    memset(counters->requests, 0, sizeof(counters->requests));
    server->script = (struct script){0}; /* requests that are being served may still look at the old one */
    text_release(&server->log);
}

static void wrong(struct reply *reply, int status, const char *why) {
    reply_become(reply, status);
    text_printf(&reply->body, "%s\n", why);
}

static void do_faults(struct server *server, struct reply *reply, const struct blob *body) {
    struct text text = {0};
    struct script script = {0};
    if (body) {
        text.data = must_zero(blob_size(body) + 1);
        text.size = blob_size(body);
        blob_read(body, 0, text.data, text.size);
    }
    const char *problem = script_read(text_of(&text), &script);
    if (problem) {
        wrong(reply, 400, problem);
        script_release(&script);
    } else {
        server->script = script; /* requests that are being served may still look at the old one */
    }
    text_release(&text);
}

static int64_t signed_number(const char *text) {
    return text ? strtoll(text, NULL, 10) : 0;
}

static void object_digests(struct object *object, const struct bucket *bucket, const struct fields *query) {
    const char *etag = fields_get(query, "etag"), *checksum = fields_get(query, "checksum");
    enum digest_kind kind = checksum                     ? digest_find(checksum)
                            : bucket->keeps_no_checksums ? DIGEST_NONE
                                                         : DIGEST_CRC64NVME;
    uint8_t digest[DIGEST_BYTES_MAX];
    object->kind = DIGEST_NONE;
    if (kind != DIGEST_NONE) {
        blob_digest(object->blob, kind, digest);
        object_set_checksum(object, kind, digest);
    }
    if (etag) {
        snprintf(object->etag, sizeof(object->etag), "%s", etag);
    } else if (fields_get(query, "made")) {
        snprintf(object->etag, sizeof(object->etag), "%032" PRIx64 "-2", blob_size(object->blob));
    } else {
        blob_digest(object->blob, DIGEST_MD5, digest);
        hex_text(digest, 16, object->etag);
    }
}

static void object_put(struct server *server, struct reply *reply, const struct http_request *request,
                       struct bucket *bucket, const char *key, struct blob *body) {
    static const char *const kept[] = {"content-type", "content-encoding", "cache-control"};
    const char *made = fields_get(&request->query, "made"), *modified = fields_get(&request->query, "modified");
    uint64_t bytes = 0;
    if (made && !number_read(made, &bytes)) {
        wrong(reply, 400, "made is no size");
        return;
    }
    struct object *object = must_zero(sizeof(*object));
    object->key = must_copy(key);
    object->blob = made ? blob_made(bytes) : body ? blob_share(body) : blob_of_bytes("", 0);
    object->modified_ms = modified ? signed_number(modified) * 1000 : server_now_ms(server);
    for (size_t i = 0; i < request->headers.count; i++) {
        const struct field *field = &request->headers.items[i];
        bool keeps = strncmp(field->name, "x-amz-", 6) == 0;
        for (size_t j = 0; j < sizeof(kept) / sizeof(*kept); j++) {
            keeps = keeps || strcmp(field->name, kept[j]) == 0;
        }
        if (keeps) {
            fields_add(&object->fields, field->name, field->value);
        }
    }
    object_digests(object, bucket, &request->query);
    object_add(&server->store, bucket, object);
}

static void do_object(struct server *server, struct reply *reply, const struct http_request *request, const char *name,
                      struct blob *body) {
    char *copy = must_copy(name), *key = strchr(copy, '/');
    if (key) {
        *key++ = '\0';
    }
    struct bucket *bucket = store_bucket(&server->store, copy);
    struct object *object = bucket && key ? object_find(bucket, key, NULL) : NULL;
    if (!bucket || !key) {
        wrong(reply, 404, "no such bucket");
    } else if (strcmp(request->method, "PUT") == 0) {
        object_put(server, reply, request, bucket, key, body);
    } else if (!object || !object->blob) {
        wrong(reply, 404, "no such object");
    } else if (strcmp(request->method, "DELETE") == 0) {
        object_remove(bucket, key, NULL);
    } else {
        reply->blob = blob_share(object->blob);
        reply->blob_bytes = blob_size(object->blob);
    }
    free(copy);
}

static void object_tell(struct text *out, const struct object *object, bool sizes_only) {
    uint8_t digest[DIGEST_BYTES_MAX];
    char hex[2 * DIGEST_BYTES_MAX + 1] = "";
    if (!sizes_only) {
        blob_digest(object->blob, DIGEST_SHA256, digest);
        hex_text(digest, 32, hex);
    }
    text_puts(out, "{\"key\":");
    text_json(out, object->key);
    text_printf(out, ",\"size\":%" PRIu64 ",\"etag\":\"%s\",\"sha256\":\"%s\",\"checksum\":\"%s\",\"tags\":",
                blob_size(object->blob), object->etag, hex, object->kind == DIGEST_NONE ? "" : object->checksum);
    text_json(out, object->tags ? object->tags : "");
    text_puts(out, ",\"headers\":{");
    for (size_t i = 0; i < object->fields.count; i++) {
        text_puts(out, i ? "," : "");
        text_json(out, object->fields.items[i].name);
        text_puts(out, ":");
        text_json(out, object->fields.items[i].value);
    }
    text_puts(out, "}}");
}

static void tell_list(struct server *server, struct reply *reply, const char *name, bool sizes_only) {
    const struct bucket *bucket = store_bucket(&server->store, name);
    bool first = true;
    if (!bucket) {
        wrong(reply, 404, "no such bucket");
        return;
    }
    text_puts(&reply->body, "[");
    for (size_t i = 0; i < bucket->objects_count; i++) {
        if (!bucket->objects[i]->marker) {
            text_puts(&reply->body, first ? "" : ",\n");
            object_tell(&reply->body, bucket->objects[i], sizes_only);
            first = false;
        }
    }
    text_puts(&reply->body, "]\n");
}

static void do_account(struct server *server, struct reply *reply, const struct fields *query) {
    const char *id = fields_get(query, "id"), *secret = fields_get(query, "secret");
    if (!id || !secret) {
        wrong(reply, 400, "id and secret are wanted");
        return;
    }
    server_account(server, id, secret, fields_get(query, "token"), fields_get(query, "expired"));
}

static bool named(const char *path, const char *name, const char **out_rest) {
    size_t size = strlen(name);
    if (strncmp(path, name, size) != 0 || (path[size] != '/' && path[size] != '\0')) {
        return false;
    }
    *out_rest = path[size] ? path + size + 1 : path + size;
    return true;
}

static void control_do(struct server *server, struct reply *reply, const struct http_request *request, const char *path,
                       struct blob *body) {
    const char *rest = NULL, *ms = fields_get(&request->query, "ms");
    if (named(path, "state", &rest)) {
        tell_state(server, reply);
    } else if (named(path, "log", &rest)) {
        text_add(&reply->body, text_of(&server->log), server->log.size);
    } else if (named(path, "reset", &rest)) {
        do_reset(server);
    } else if (named(path, "faults", &rest)) {
        do_faults(server, reply, body);
    } else if (named(path, "clock", &rest)) {
        server->clock_offset_ms = signed_number(ms);
    } else if (named(path, "delay", &rest)) {
        server->delay_ms = signed_number(ms);
    } else if (named(path, "account", &rest)) {
        do_account(server, reply, &request->query);
    } else if (named(path, "bucket", &rest) && *rest) {
        bucket_make(server, rest, &request->query);
    } else if (named(path, "object", &rest)) {
        do_object(server, reply, request, rest, body);
    } else if (named(path, "list", &rest)) {
        tell_list(server, reply, rest, fields_get(&request->query, "sizes"));
    } else {
        wrong(reply, 404, "there is no such thing to ask");
    }
}

static bool control_serve(struct server *server, struct wire *wire) {
    struct http_request request;
    struct reply reply;
    struct sigv4_outcome anonymous = {.payload = PAYLOAD_UNSIGNED};
    struct payload payload = {0};
    const char *path = NULL;
    reply_init(&reply);
    bool good = http_request_read(wire, &request) == HTTP_OK;
    struct payload_job job = {.wire = wire,
                              .request = &request,
                              .signature = &anonymous,
                              .bytes_max = UINT64_MAX,
                              .cut_after = -1,
                              .flip_at = -1};
    if (good && fields_get(&request.headers, "content-length")) {
        good = payload_take(&job, &payload) == PAYLOAD_DONE;
    }
    if (good && named(request.path + 1, token, &path)) {
        pthread_mutex_lock(&server->lock);
        control_do(server, &reply, &request, path, payload.blob);
        pthread_mutex_unlock(&server->lock);
    } else {
        wrong(&reply, 403, "the token is wrong");
    }
    good = good && reply_send(&reply, wire) == REPLY_KEEPS;
    http_request_release(&request);
    payload_release(&payload);
    reply_release(&reply);
    return good;
}

void serve_control(struct server *server, struct wire *wire) {
    while (control_serve(server, wire)) {
    }
}
