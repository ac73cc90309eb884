/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/text.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *must_resize(void *block, size_t bytes) {
    void *more = realloc(block, bytes ? bytes : 1);
    if (!more) {
        fputs("hawser-fault-server: out of memory\n", stderr);
        abort();
    }
    return more;
}

void *must_zero(size_t bytes) {
    return memset(must_resize(NULL, bytes), 0, bytes);
}

char *must_copy(const char *text) {
    size_t bytes = strlen(text) + 1;
    return memcpy(must_resize(NULL, bytes), text, bytes);
}

static void text_reserve(struct text *text, size_t bytes) {
    size_t wanted = text->size + bytes + 1;
    if (wanted > text->capacity) {
        text->capacity = wanted > 2 * text->capacity ? wanted : 2 * text->capacity;
        text->data = must_resize(text->data, text->capacity);
    }
}

void text_add(struct text *text, const void *data, size_t bytes) {
    text_reserve(text, bytes);
    if (bytes > 0) {
        memcpy(text->data + text->size, data, bytes);
    }
    text->size += bytes;
    text->data[text->size] = '\0';
}

void text_puts(struct text *text, const char *more) {
    text_add(text, more, strlen(more));
}

void text_printf(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int bytes = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    text_reserve(text, (size_t)bytes);
    va_start(arguments, format);
    vsnprintf(text->data + text->size, (size_t)bytes + 1, format, arguments);
    va_end(arguments);
    text->size += (size_t)bytes;
}

void text_release(struct text *text) {
    free(text->data);
    *text = (struct text){0};
}

const char *text_of(const struct text *text) {
    return text->data ? text->data : "";
}

void text_splice(struct text *text, size_t at, size_t bytes, const void *with, size_t with_bytes) {
    text_reserve(text, with_bytes);
    memmove(text->data + at + with_bytes, text->data + at + bytes, text->size - at - bytes + 1);
    if (with_bytes > 0) {
        memcpy(text->data + at, with, with_bytes);
    }
    text->size += with_bytes - bytes;
}

static const char *xml_entity(char byte) {
    static const char *const entities[] = {"&&amp;", "<&lt;", ">&gt;", "\"&quot;"};
    for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
        if (*entities[i] == byte) {
            return entities[i] + 1;
        }
    }
    return NULL;
}

void text_xml(struct text *text, const char *raw) {
    while (*raw) {
        size_t plain = 0;
        while ((unsigned char)raw[plain] >= ' ' && !strchr("&<>\"", raw[plain])) {
            plain++;
        }
        text_add(text, raw, plain);
        raw += plain;
        const char *entity = xml_entity(*raw);
        if (entity) {
            text_puts(text, entity);
        } else if (*raw) {
            text_printf(text, "&#x%x;", (unsigned char)*raw);
        }
        raw += *raw != '\0';
    }
}

void text_json(struct text *text, const char *raw) {
    text_puts(text, "\"");
    for (; *raw; raw++) {
        if (*raw == '"' || *raw == '\\') {
            text_printf(text, "\\%c", *raw);
        } else if ((unsigned char)*raw < ' ') {
            text_printf(text, "\\u%04x", (unsigned char)*raw);
        } else {
            text_add(text, raw, 1);
        }
    }
    text_puts(text, "\"");
}

void text_percent(struct text *text, const char *raw, const char *kept) {
    for (; *raw; raw++) {
        unsigned char byte = (unsigned char)*raw;
        if ((byte < 128 && isalnum(byte)) || strchr("-_.~", byte) || strchr(kept, byte)) {
            text_add(text, raw, 1);
        } else {
            static const char digits[] = "0123456789ABCDEF";
            text_add(text, (const char[]){'%', digits[byte >> 4], digits[byte & 15]}, 3);
        }
    }
}

static int hex_digit(char digit) {
    const char *digits = "0123456789abcdef";
    const char *found = digit ? strchr(digits, tolower((unsigned char)digit)) : NULL;
    return found ? (int)(found - digits) : -1;
}

bool percent_decode(char *text, bool form) {
    char *to = text;
    for (char *from = text; *from; from++) {
        char byte = *from;
        if (byte == '%' && hex_digit(from[1]) >= 0 && hex_digit(from[2]) >= 0) {
            byte = (char)(hex_digit(from[1]) * 16 + hex_digit(from[2]));
            from += 2;
            if (!byte) {
                return false;
            }
        } else if (byte == '+' && form) {
            byte = ' ';
        }
        *to++ = byte;
    }
    *to = '\0';
    return true;
}

void hex_text(const uint8_t *bytes, size_t count, char *out) {
    for (size_t i = 0; i < count; i++) {
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
    out[2 * count] = '\0';
}

void base64_text(const uint8_t *bytes, size_t count, char *out) {
    EVP_EncodeBlock((unsigned char *)out, bytes, (int)count);
}

int base64_bytes(const char *text, uint8_t *out, size_t capacity) {
    uint8_t block[1024];
    size_t size = strlen(text);
    if (size == 0 || size % 4 || size > sizeof(block)) {
        return -1;
    }
    int bytes = EVP_DecodeBlock(block, (const unsigned char *)text, (int)size);
    bytes -= (text[size - 1] == '=') + (text[size - 2] == '=');
    if (bytes < 0 || (size_t)bytes > capacity) {
        return -1;
    }
    memcpy(out, block, (size_t)bytes);
    return bytes;
}

bool number_read(const char *text, uint64_t *out) {
    char *end = NULL;
    if (!isdigit((unsigned char)*text)) {
        return false;
    }
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    if (errno || *end) {
        return false;
    }
    *out = number;
    return true;
}
