/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_write.h"

#include <math.h>
#include <stdio.h>

#include "core/utf8.h"

enum { SINK_BYTES = 64 << 10 /* handed to the sink at once */, NUMBER_BYTES = 32 };

static bool failed(struct hw_json_writer *writer, enum hw_status status) {
    if (status != HW_OK && writer->status == HW_OK) {
        writer->status = status;
    }
    return writer->status != HW_OK;
}

static void bytes_put(struct hw_json_writer *writer, const void *bytes, size_t count) {
    if (!failed(writer, HW_OK)) {
        failed(writer, hw_buf_append(writer->out, bytes, count, &writer->error));
    }
}

static void text_put(struct hw_json_writer *writer, const char *text) {
    bytes_put(writer, text, strlen(text));
}

static void line_begin(struct hw_json_writer *writer) {
    static const char spaces[2 * (HW_JSON_DEPTH_MAX + 1) + 1] =
        "                                                                ";
    const size_t each = writer->style == HW_JSON_LINES_2 ? 2 : 1;
    if (writer->style != HW_JSON_COMPACT) {
        bytes_put(writer, "\n", 1);
        bytes_put(writer, spaces, each * writer->depth);
    }
}

static void sink_feed(struct hw_json_writer *writer, size_t bytes) {
    if (writer->sink && writer->out->size >= bytes && writer->out->size > 0 && !failed(writer, HW_OK)) {
        failed(writer, writer->sink->ops->write(writer->sink, writer->out->data, writer->out->size, &writer->error));
        hw_buf_clear(writer->out);
    }
}

/* What stands before a value: a comma, a new line, the key. */
static void value_begin(struct hw_json_writer *writer, const char *key) {
    const uint32_t bit = UINT32_C(1) << writer->depth;
    sink_feed(writer, SINK_BYTES);
    if (writer->depth > 0) {
        bytes_put(writer, ",", (writer->filled & bit) ? 1 : 0);
        line_begin(writer);
    }
    writer->filled |= bit;
    if (key) {
        bytes_put(writer, "\"", 1);
        text_put(writer, key);
        text_put(writer, writer->style == HW_JSON_COMPACT ? "\":" : "\": ");
    }
}

static void level_begin(struct hw_json_writer *writer, const char *key, const char *bracket) {
    value_begin(writer, key);
    text_put(writer, bracket);
    assert(writer->depth < HW_JSON_DEPTH_MAX);
    writer->depth++;
    writer->filled &= ~(UINT32_C(1) << writer->depth);
}

static void level_end(struct hw_json_writer *writer, const char *bracket) {
    const bool filled = writer->filled & UINT32_C(1) << writer->depth;
    assert(writer->depth > 0);
    writer->depth--;
    if (filled) {
        line_begin(writer);
    }
    text_put(writer, bracket);
}

void hw_json_object_begin(struct hw_json_writer *writer, const char *key) {
    level_begin(writer, key, "{");
}

void hw_json_object_end(struct hw_json_writer *writer) {
    level_end(writer, "}");
}

void hw_json_list_begin(struct hw_json_writer *writer, const char *key) {
    level_begin(writer, key, "[");
}

void hw_json_list_end(struct hw_json_writer *writer) {
    level_end(writer, "]");
}

void hw_json_text(struct hw_json_writer *writer, const char *key, const char *text) {
    if (text) {
        hw_json_view(writer, key, hw_view_of(text));
    } else {
        hw_json_null(writer, key);
    }
}

/* RFC 8259, section 7. */
static void escape_put(struct hw_json_writer *writer, uint8_t byte) {
    static const char short_from[] = "\"\\\b\f\n\r\t";
    static const char short_to[] = "\"\\bfnrt";
    char text[8];
    const char *at = byte != 0 ? strchr(short_from, byte) : NULL;
    if (at) {
        snprintf(text, sizeof(text), "\\%c", short_to[at - short_from]);
    } else if (byte < 0x20) {
        snprintf(text, sizeof(text), "\\u%04x", byte);
    } else {
        snprintf(text, sizeof(text), "\\\\x%02x", byte);
    }
    text_put(writer, text);
}

/* Bytes from the start of `text` that stand in JSON as they are. */
static size_t plain_bytes(hw_view text) {
    size_t at = 0;
    while (at < text.size) {
        const uint8_t byte = (uint8_t)text.data[at];
        const bool plain = byte >= 0x20 && byte != '"' && byte != '\\';
        const size_t step = plain ? hw_utf8_bytes(text.data + at, text.size - at) : 0;
        if (step == 0) {
            break;
        }
        at += step;
    }
    return at;
}

/* Writes what stands between the quotes of a text. */
static void inner_put(struct hw_json_writer *writer, hw_view text) {
    while (text.size > 0 && !failed(writer, HW_OK)) {
        const size_t plain = plain_bytes(text);
        bytes_put(writer, text.data, plain);
        text = (hw_view){text.data + plain, text.size - plain};
        if (text.size > 0) {
            escape_put(writer, (uint8_t)text.data[0]);
            text = (hw_view){text.data + 1, text.size - 1};
        }
    }
}

void hw_json_view(struct hw_json_writer *writer, const char *key, hw_view text) {
    value_begin(writer, key);
    bytes_put(writer, "\"", 1);
    inner_put(writer, text);
    bytes_put(writer, "\"", 1);
}

void hw_json_joined(struct hw_json_writer *writer, const char *key, const char *first, const char *second) {
    value_begin(writer, key);
    bytes_put(writer, "\"", 1);
    inner_put(writer, hw_view_of(first));
    inner_put(writer, hw_view_of(second));
    bytes_put(writer, "\"", 1);
}

void hw_json_number(struct hw_json_writer *writer, const char *key, int64_t number) {
    char text[NUMBER_BYTES];
    snprintf(text, sizeof(text), "%" PRIi64, number);
    value_begin(writer, key);
    text_put(writer, text);
}

void hw_json_count(struct hw_json_writer *writer, const char *key, uint64_t count) {
    hw_json_number(writer, key, count > INT64_MAX ? INT64_MAX : (int64_t)count);
}

/* Nine digits: seconds to the microsecond. Locales other than C may have a comma. */
void hw_json_real(struct hw_json_writer *writer, const char *key, double real) {
    char text[NUMBER_BYTES];
    if (!isfinite(real)) {
        hw_json_null(writer, key);
        return;
    }
    snprintf(text, sizeof(text), "%.9g", real);
    for (char *at = text; *at; at++) {
        *at = *at == ',' ? '.' : *at;
    }
    value_begin(writer, key);
    text_put(writer, text);
    text_put(writer, strpbrk(text, ".e") ? "" : ".0");
}

void hw_json_bool(struct hw_json_writer *writer, const char *key, bool value) {
    value_begin(writer, key);
    text_put(writer, value ? "true" : "false");
}

void hw_json_null(struct hw_json_writer *writer, const char *key) {
    value_begin(writer, key);
    text_put(writer, "null");
}

void hw_json_raw(struct hw_json_writer *writer, const char *key, hw_view json) {
    value_begin(writer, key);
    bytes_put(writer, json.data, json.size);
}

enum hw_status hw_json_end_text(struct hw_json_writer *writer, struct hw_error *err) {
    assert(writer->depth == 0);
    bytes_put(writer, "\n", 1);
    sink_feed(writer, 1);
    if (writer->status != HW_OK && err) {
        *err = writer->error;
    }
    return writer->status;
}
