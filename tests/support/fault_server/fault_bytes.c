/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/faults.h"

enum { CHUNK_BYTES = 1000, STORED_BLOCK_BYTES = 65535 };

/* The bytes of the reply, where it sends any. */
static struct text *bytes_of(struct call *call) {
    reply_load(&call->reply);
    return call->reply.bodiless || call->reply.body.size == 0 ? NULL : &call->reply.body;
}

static void length_set(struct call *call, const char *length) {
    free(call->reply.length);
    call->reply.length = must_copy(length);
}

static void length_print(struct call *call, uint64_t length) {
    char text[32];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)length);
    length_set(call, text);
}

/* One bit flips: at the byte "at", or at a digit behind the middle. Nothing but a checksum tells. */
void bytes_flipped(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    struct text *body = bytes_of(call);
    if (!body) {
        return;
    }
    size_t at = fault_number(call->fault, "at", body->size / 2);
    while (at + 1 < body->size && !fault_text(call->fault, "at", NULL) && !isdigit((unsigned char)body->data[at])) {
        at++;
    }
    body->data[at < body->size ? at : body->size - 1] ^= 1;
}

void bytes_zeroed(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    struct text *body = bytes_of(call);
    if (body) {
        memset(body->data, 0, body->size);
    }
}

/* The two halves change places: the length is right, and only a checksum tells. */
void bytes_reordered(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    struct text *body = bytes_of(call);
    if (body) {
        size_t half = body->size / 2;
        char *copy = must_resize(NULL, body->size);
        memcpy(copy, body->data + half, body->size - half);
        memcpy(copy + body->size - half, body->data, half);
        memcpy(body->data, copy, body->size);
        free(copy);
    }
}

/* Half of the bytes, and the length says so. */
void bytes_halved(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    struct text *body = bytes_of(call);
    if (body) {
        body->size /= 2;
    }
}

void bytes_halved_in_silence(struct call *call, const char *a, const char *b) {
    struct text *body = bytes_of(call);
    if (body) {
        length_print(call, body->size);
        call->reply.end = REPLY_CLOSES;
        bytes_halved(call, a, b);
    }
}

void bytes_added(struct call *call, const char *a, const char *b) {
    (void)b;
    struct text *body = bytes_of(call);
    if (body) {
        text_puts(body, a);
    }
}

void bytes_added_in_silence(struct call *call, const char *a, const char *b) {
    struct text *body = bytes_of(call);
    if (body) {
        length_print(call, body->size);
        bytes_added(call, a, b);
    }
}

static void chunk_add(struct text *out, const char *data, size_t bytes) {
    text_printf(out, "%zx\r\n", bytes);
    text_add(out, data, bytes);
    text_puts(out, "\r\n");
}

/* The body in chunks. `a` says how it ends: "0", or "" for never, or what begins it instead. */
void bytes_chunked(struct call *call, const char *a, const char *b) {
    struct text *body = bytes_of(call), out = {0};
    if (!body) {
        return;
    }
    if (b) {
        text_puts(&out, b);
        text_add(&out, body->data, body->size);
    }
    for (size_t at = 0; !b && at < body->size; at += CHUNK_BYTES) {
        chunk_add(&out, body->data + at, body->size - at < CHUNK_BYTES ? body->size - at : CHUNK_BYTES);
    }
    text_puts(&out, a);
    call->reply.end = *a ? REPLY_KEEPS : REPLY_CLOSES;
    text_release(body);
    *body = out;
    length_set(call, "");
    fields_set(&call->reply.headers, "Transfer-Encoding", "chunked");
}

/* The length is told, and the connection ends after two thirds. */
void bytes_cut_short(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    call->reply.cut = (int64_t)(reply_bytes(&call->reply) * 2 / 3);
    call->reply.end = REPLY_CLOSES;
}

static void little_endian(struct text *out, uint64_t number, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        char byte = (char)(number >> 8 * i);
        text_add(out, &byte, 1);
    }
}

/* A gzip member of stored blocks (RFC 1952, RFC 1951 section 3.2.4). */
static void gzip_write(struct text *out, const struct text *body) {
    uint8_t crc[DIGEST_BYTES_MAX];
    digest_of(DIGEST_CRC32, body->data, body->size, crc);
    text_add(out, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    for (size_t at = 0; at < body->size; at += STORED_BLOCK_BYTES) {
        size_t size = body->size - at < STORED_BLOCK_BYTES ? body->size - at : STORED_BLOCK_BYTES;
        little_endian(out, at + size == body->size, 1);
        little_endian(out, size, 2);
        little_endian(out, ~size & 0xffff, 2);
        text_add(out, body->data + at, size);
    }
    little_endian(out, (uint64_t)crc[0] << 24 | (uint64_t)crc[1] << 16 | (uint64_t)crc[2] << 8 | crc[3], 4);
    little_endian(out, body->size & 0xffffffff, 4);
}

/* The server packs what it sends, and tells no length of it before its end. */
void bytes_gzipped(struct call *call, const char *a, const char *b) {
    struct text *body = bytes_of(call), out = {0};
    if (body) {
        gzip_write(&out, body);
        text_release(body);
        *body = out;
        fields_set(&call->reply.headers, "Content-Encoding", "gzip");
        bytes_chunked(call, a, b);
    }
}

void length_said(struct call *call, const char *a, const char *b) {
    (void)b;
    length_set(call, fault_text(call->fault, "length", a));
    call->reply.end = REPLY_CLOSES;
}

/* Seven bytes less than there are. */
void length_shifted(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    uint64_t bytes = reply_bytes(&call->reply);
    length_print(call, bytes > 7 ? bytes - 7 : 0);
    call->reply.end = REPLY_CLOSES;
}

void length_doubled(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    call->reply.length_twice = true;
}
