/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { FLOOD_COUNT = 300000, BLANK_MS = 200 };

void reply_init(struct reply *reply) {
    *reply = (struct reply){.status = 200, .cut = REPLY_NEVER_CUT, .stall_ms = 60000};
}

void reply_release(struct reply *reply) {
    fields_release(&reply->headers);
    text_release(&reply->body);
    blob_drop(reply->blob);
    free(reply->length);
    *reply = (struct reply){0};
}

void reply_become(struct reply *reply, int status) {
    bool bodiless = reply->bodiless;
    int64_t delay_ms = reply->delay_ms;
    reply_release(reply);
    reply_init(reply);
    reply->status = status;
    reply->bodiless = bodiless;
    reply->delay_ms = delay_ms;
}

void reply_error(struct reply *reply, int status, const char *code, const char *message, const char *request_id) {
    reply_become(reply, status);
    fields_set(&reply->headers, "Content-Type", "application/xml");
    fields_set(&reply->headers, "x-amz-request-id", request_id);
    if (status == 304) {
        return;
    }
    text_printf(&reply->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>", code);
    text_xml(&reply->body, message);
    text_printf(&reply->body, "</Message><RequestId>%s</RequestId><HostId>fault-server</HostId></Error>", request_id);
}

void reply_header(struct reply *reply, const char *name, const char *format, ...) {
    char value[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof(value), format, arguments);
    va_end(arguments);
    fields_set(&reply->headers, name, value);
}

void reply_load(struct reply *reply) {
    if (reply->blob) {
        text_release(&reply->body);
        reply->body.capacity = reply->blob_bytes + 1;
        reply->body.data = must_resize(NULL, reply->body.capacity);
        blob_read(reply->blob, reply->blob_offset, reply->body.data, reply->blob_bytes);
        reply->body.size = reply->blob_bytes;
        reply->body.data[reply->body.size] = '\0';
        blob_drop(reply->blob);
        reply->blob = NULL;
    }
}

uint64_t reply_bytes(const struct reply *reply) {
    return reply->blob ? reply->blob_bytes : reply->body.size;
}

const char *reply_reason(int status) {
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {{200, "OK"},
                   {204, "No Content"},
                   {206, "Partial Content"},
                   {301, "Moved"},
                   {304, "Not Modified"},
                   {400, "Bad Request"},
                   {403, "Forbidden"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {409, "Conflict"},
                   {411, "Length Required"},
                   {412, "Precondition Failed"},
                   {416, "Invalid Range"},
                   {429, "Too Many Requests"},
                   {500, "Internal Server Error"},
                   {501, "Not Implemented"},
                   {503, "Slow Down"}};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "Other";
}

static void sleep_ms(int64_t ms) {
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* True: the reply itself follows. */
static bool before_send(const struct reply *reply, struct wire *wire) {
    static const char hint[] = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    static const char start[] = "HTTP/1.1 200 OK\r\n", mail[] = "220 mail.example.org ESMTP\r\n";
    char line[1024];
    memset(line, 'y', sizeof(line));
    memcpy(line, "x-more: ", 8);
    memcpy(line + sizeof(line) - 2, "\r\n", 2);
    switch (reply->before) {
    case BEFORE_NOTHING:
        return true;
    case BEFORE_A_FEW_HINTS:
        for (int i = 0; i < 5; i++) {
            wire_send(wire, hint, sizeof(hint) - 1, true);
        }
        return true;
    case BEFORE_HINTS_ENDLESS:
        for (int i = 0; i < FLOOD_COUNT && wire_send(wire, hint, sizeof(hint) - 1, false); i++) {
        }
        return false;
    case BEFORE_HEADERS_ENDLESS:
        wire_send(wire, start, sizeof(start) - 1, false);
        for (int i = 0; i < FLOOD_COUNT && wire_send(wire, line, sizeof(line), false); i++) {
        }
        return false;
    case BEFORE_OTHER_PROTOCOL:
        wire_send(wire, mail, sizeof(mail) - 1, false);
        return false;
    }
    return true;
}

static void head_write(const struct reply *reply, struct text *out) {
    bool blanks = reply->blanks_ms > 0 && !reply->bodiless;
    text_printf(out, "HTTP/1.1 %d %s\r\n", reply->status, reply_reason(reply->status));
    for (size_t i = 0; i < reply->headers.count; i++) {
        text_printf(out, "%s: %s\r\n", reply->headers.items[i].name, reply->headers.items[i].value);
    }
    if (blanks) {
        text_puts(out, "Transfer-Encoding: chunked\r\n");
    } else if (reply->length) {
        text_printf(out, *reply->length ? "Content-Length: %s\r\n" : "%s", reply->length);
    } else if (reply->status != 204 && reply->status != 304) {
        text_printf(out, "Content-Length: %llu\r\n", (unsigned long long)reply_bytes(reply));
    }
    if (reply->length_twice) {
        text_printf(out, "Content-Length: %llu\r\n", (unsigned long long)reply_bytes(reply) + 1);
    }
    text_puts(out, reply->end == REPLY_CLOSES && reply->cut == REPLY_NEVER_CUT ? "Connection: close\r\n\r\n" : "\r\n");
}

static bool chunk_send(struct wire *wire, const char *data, size_t bytes) {
    char line[32];
    int size = snprintf(line, sizeof(line), "%zx\r\n", bytes);
    return wire_send(wire, line, (size_t)size, true) && wire_send(wire, data, bytes, true) &&
           wire_send(wire, "\r\n", 2, false);
}

/* As S3 does while it puts parts together: something comes from time to time. */
static bool blanks_send(const struct reply *reply, struct wire *wire, uint64_t bytes) {
    for (int64_t ms = 0; ms < reply->blanks_ms; ms += BLANK_MS) {
        if (!chunk_send(wire, " ", 1)) {
            return false;
        }
        sleep_ms(BLANK_MS);
    }
    return bytes == 0 || chunk_send(wire, text_of(&reply->body), bytes);
}

static bool body_send(const struct reply *reply, struct wire *wire, uint64_t bytes) {
    if (reply->blanks_ms > 0) {
        return blanks_send(reply, wire, bytes) && (bytes < reply->body.size || wire_send(wire, "0\r\n\r\n", 5, false));
    }
    if (reply->blob) {
        return blob_send(reply->blob, wire, reply->blob_offset, bytes);
    }
    return bytes == 0 || wire_send(wire, text_of(&reply->body), bytes, false);
}

enum reply_end reply_send(struct reply *reply, struct wire *wire) {
    struct text head = {0};
    if (reply->delay_ms > 0) {
        sleep_ms(reply->delay_ms);
    }
    if (!before_send(reply, wire)) {
        return REPLY_CLOSES;
    }
    uint64_t bytes = reply->bodiless || reply->status == 204 || reply->status == 304 ? 0 : reply_bytes(reply);
    head_write(reply, &head);
    size_t head_bytes = head.size;
    bool whole = reply->cut == REPLY_NEVER_CUT;
    if (!whole && reply->cut < 0) { /* -1: nothing at all, -41: 40 bytes of the head */
        head_bytes = (uint64_t)(-1 - reply->cut) < head.size ? (size_t)(-1 - reply->cut) : head.size;
        bytes = 0;
    } else if (!whole) {
        bytes = (uint64_t)reply->cut < bytes ? (uint64_t)reply->cut : bytes;
    }
    wire->rate = reply->rate_of_head ? reply->rate : 0;
    bool sent = head_bytes == 0 || wire_send(wire, text_of(&head), head_bytes, whole && bytes > 0);
    wire->rate = reply->rate;
    sent = sent && (reply->cut != REPLY_NEVER_CUT && reply->cut < 0 ? true : body_send(reply, wire, bytes));
    wire->rate = 0;
    text_release(&head);
    return sent ? reply->end : REPLY_CLOSES;
}
