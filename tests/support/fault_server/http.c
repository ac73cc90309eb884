/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "support/fault_server/text.h"

/* S3 allows 8 KiB of headers and 2 KiB of metadata in them; presigned addresses are long. */
enum { LINE_BYTES_MAX = 16 * 1024, HEADERS_MAX = 256 };

void fields_add(struct fields *fields, const char *name, const char *value) {
    fields->items = must_resize(fields->items, (fields->count + 1) * sizeof(*fields->items));
    fields->items[fields->count++] = (struct field){.name = must_copy(name), .value = must_copy(value)};
}

const char *fields_get(const struct fields *fields, const char *name) {
    for (size_t i = 0; i < fields->count; i++) {
        if (strcasecmp(fields->items[i].name, name) == 0) {
            return fields->items[i].value;
        }
    }
    return NULL;
}

bool fields_drop(struct fields *fields, const char *name) {
    size_t kept = 0;
    for (size_t i = 0; i < fields->count; i++) {
        if (strcasecmp(fields->items[i].name, name) == 0) {
            free(fields->items[i].name);
            free(fields->items[i].value);
        } else {
            fields->items[kept++] = fields->items[i];
        }
    }
    bool dropped = kept < fields->count;
    fields->count = kept;
    return dropped;
}

void fields_set(struct fields *fields, const char *name, const char *value) {
    char *copy = must_copy(value); /* which may be of the field that goes */
    fields_drop(fields, name);
    fields_add(fields, name, copy);
    free(copy);
}

void fields_copy(struct fields *to, const struct fields *from) {
    for (size_t i = 0; i < from->count; i++) {
        fields_add(to, from->items[i].name, from->items[i].value);
    }
}

void fields_release(struct fields *fields) {
    for (size_t i = 0; i < fields->count; i++) {
        free(fields->items[i].name);
        free(fields->items[i].value);
    }
    free(fields->items);
    *fields = (struct fields){0};
}

static bool query_read(char *query, struct fields *out) {
    while (query) {
        char *item = strsep(&query, "&");
        char *value = strchr(item, '=');
        if (value) {
            *value++ = '\0';
        }
        if (!percent_decode(item, true) || (value && !percent_decode(value, true))) {
            return false;
        }
        if (*item) {
            fields_add(out, item, value ? value : "");
        }
    }
    return true;
}

static bool target_read(const char *target, struct http_request *out) {
    out->target = must_copy(target);
    char *copy = must_copy(target);
    char *query = strchr(copy, '?');
    if (query) {
        *query++ = '\0';
    }
    bool good = *copy == '/' && query_read(query, &out->query) && percent_decode(copy, false);
    out->path = copy;
    return good;
}

static bool first_line_read(char *line, struct http_request *out) {
    char *target = strchr(line, ' ');
    char *version = target ? strchr(target + 1, ' ') : NULL;
    if (!version || strcmp(version, " HTTP/1.1") != 0) {
        return false;
    }
    *target = *version = '\0';
    out->method = must_copy(line);
    return target_read(target + 1, out);
}

static bool header_read(char *line, struct fields *out) {
    char *value = strchr(line, ':');
    if (!value || value == line || strpbrk(line, " \t") == line) {
        return false;
    }
    *value++ = '\0';
    for (char *at = line; *at; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    value += strspn(value, " \t");
    size_t size = strlen(value);
    while (size > 0 && strchr(" \t", value[size - 1])) {
        value[--size] = '\0';
    }
    fields_add(out, line, value);
    return true;
}

enum http_outcome http_request_read(struct wire *wire, struct http_request *out) {
    *out = (struct http_request){0};
    char line[LINE_BYTES_MAX];
    if (!wire_read_line(wire, line, sizeof(line))) {
        return HTTP_CLOSED;
    }
    if (!first_line_read(line, out)) {
        return HTTP_MALFORMED;
    }
    while (wire_read_line(wire, line, sizeof(line))) {
        if (!*line) {
            return HTTP_OK;
        }
        if (out->headers.count == HEADERS_MAX) {
            return HTTP_TOO_LARGE;
        }
        if (!header_read(line, &out->headers)) {
            return HTTP_MALFORMED;
        }
    }
    return HTTP_MALFORMED;
}

void http_request_release(struct http_request *request) {
    free(request->method);
    free(request->target);
    free(request->path);
    fields_release(&request->headers);
    fields_release(&request->query);
}

bool http_body_begin(struct http_body *body, struct wire *wire, const struct http_request *request) {
    *body = (struct http_body){.wire = wire};
    const char *length = fields_get(&request->headers, "content-length");
    const char *encoding = fields_get(&request->headers, "transfer-encoding");
    if (encoding) {
        body->chunked = true;
        return strcasecmp(encoding, "chunked") == 0 && !length;
    }
    if (length && !number_read(length, &body->left)) {
        return false;
    }
    body->ended = body->left == 0;
    return true;
}

/* Reads the line that begins the next chunk; the last one's trailer lines too. */
static bool chunk_begin(struct http_body *body) {
    char line[LINE_BYTES_MAX], *end = NULL;
    if (body->taken > 0 && (!wire_read_line(body->wire, line, sizeof(line)) || *line)) {
        return false;
    }
    if (!wire_read_line(body->wire, line, sizeof(line)) || !isxdigit((unsigned char)*line)) {
        return false;
    }
    body->left = strtoull(line, &end, 16);
    if (*end && *end != ';') {
        return false;
    }
    if (body->left == 0) {
        body->ended = true;
        do {
            if (!wire_read_line(body->wire, line, sizeof(line))) {
                return false;
            }
        } while (*line);
    }
    return true;
}

ssize_t http_body_read(struct http_body *body, void *out, size_t capacity) {
    if (body->chunked && body->left == 0 && !body->ended && !chunk_begin(body)) {
        return -1;
    }
    if (body->ended) {
        return 0;
    }
    ssize_t got = wire_read(body->wire, out, capacity < body->left ? capacity : body->left);
    if (got <= 0) {
        return -1;
    }
    body->left -= (uint64_t)got;
    body->taken += (uint64_t)got;
    body->ended = !body->chunked && body->left == 0;
    return got;
}
