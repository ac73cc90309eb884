/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/document.h"

#include <stdlib.h>
#include <string.h>

const char *document_text(const struct blob *blob, struct text *out) {
    size_t size = blob ? blob_size(blob) : 0;
    text_release(out);
    out->data = must_zero(size + 1);
    out->capacity = size + 1;
    out->size = size;
    if (size > 0) {
        blob_read(blob, 0, out->data, size);
    }
    return out->data;
}

static const char *tag_find(const char *at, const char *name, const char **out_inside) {
    size_t size = strlen(name);
    for (at = strchr(at, '<'); at; at = strchr(at + 1, '<')) {
        if (strncmp(at + 1, name, size) == 0 && strchr("> \t\r\n", at[1 + size])) {
            const char *end = strchr(at, '>');
            *out_inside = end ? end + 1 : NULL;
            return end ? at : NULL;
        }
    }
    return NULL;
}

bool element_next(const char **at, const char *name, struct text *out) {
    const char *inside = NULL;
    struct text tag = {0};
    if (!tag_find(*at, name, &inside)) {
        return false;
    }
    text_printf(&tag, "</%s>", name);
    const char *end = strstr(inside, tag.data);
    if (end) {
        text_release(out);
        text_add(out, inside, (size_t)(end - inside));
        *at = end + tag.size;
    }
    text_release(&tag);
    return end;
}

static void utf8_add(struct text *text, unsigned long code) {
    unsigned char bytes[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char starts[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size; i-- > 0; code >>= 6) {
        bytes[i] = (unsigned char)(i ? 0x80 | (code & 0x3f) : starts[size] | code);
    }
    text_add(text, bytes, size);
}

/* Decodes the entity at `at`. Returns what is behind it; the byte after "&" where it is none. */
static const char *entity_add(const char *at, struct text *out) {
    static const char *const names[] = {"&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", "\"", "&apos;", "'"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i += 2) {
        if (strncmp(at, names[i], strlen(names[i])) == 0) {
            text_puts(out, names[i + 1]);
            return at + strlen(names[i]);
        }
    }
    char *end = NULL;
    bool hex = at[1] == '#' && at[2] == 'x';
    unsigned long code = at[1] == '#' ? strtoul(at + (hex ? 3 : 2), &end, hex ? 16 : 10) : 0;
    if (code > 0 && code < 0x110000 && *end == ';') {
        utf8_add(out, code);
        return end + 1;
    }
    text_add(out, at, 1);
    return at + 1;
}

bool element_text(const char *inside, const char *name, struct text *out) {
    struct text raw = {0};
    if (!element_next(&inside, name, &raw)) {
        return false;
    }
    text_release(out);
    text_puts(out, "");
    for (const char *at = text_of(&raw); *at;) {
        if (*at == '&') {
            at = entity_add(at, out);
        } else {
            text_add(out, at++, 1);
        }
    }
    text_release(&raw);
    return true;
}
