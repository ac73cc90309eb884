/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing texts of the fault server, and the spellings of bytes in HTTP and XML. The server shares
 * no code with src, so that a fault there is not repeated here. Memory that runs out ends the
 * program.
 */
#ifndef FAULT_SERVER_TEXT_H
#define FAULT_SERVER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that grows. Its data are ended with NUL, or NULL while nothing was added. */
struct text {
    char *data;
    size_t size;
    size_t capacity;
};

/* Returns memory as realloc does, and ends the program where there is none. */
void *must_resize(void *block, size_t bytes);
/* Returns a zeroed block. */
void *must_zero(size_t bytes);
/* Copies a text. */
char *must_copy(const char *text);

void text_add(struct text *text, const void *data, size_t bytes);
void text_puts(struct text *text, const char *more);
__attribute__((format(printf, 2, 3))) void text_printf(struct text *text, const char *format, ...);
void text_release(struct text *text);
/* Returns the text, "" where there is none. */
const char *text_of(const struct text *text);
/* Replaces `bytes` bytes at `at` by others. */
void text_splice(struct text *text, size_t at, size_t bytes, const void *with, size_t with_bytes);

/* Appends a text as XML 1.0 carries it: bytes that it cannot carry become character references. */
void text_xml(struct text *text, const char *raw);
/* Appends a JSON string with its quotes. Bytes that are no ASCII are taken as UTF-8. */
void text_json(struct text *text, const char *raw);
/* Appends percent-encoded bytes. Letters, digits, "-_.~" and the characters of `kept` stay. */
void text_percent(struct text *text, const char *raw, const char *kept);
/* Decodes %XX in place, and "+" as a space where `form`. False where a NUL would stand in it. */
bool percent_decode(char *text, bool form);

/* Writes lower-case hex digits and a NUL. */
void hex_text(const uint8_t *bytes, size_t count, char *out);
/* Writes base64 and a NUL: 4 characters for each 3 bytes begun. */
void base64_text(const uint8_t *bytes, size_t count, char *out);
/* Reads base64 into at most `capacity` bytes. Returns their number, -1 where it is none. */
int base64_bytes(const char *text, uint8_t *out, size_t capacity);

/* Reads a decimal number that is all of the text. */
bool number_read(const char *text, uint64_t *out);

#endif
