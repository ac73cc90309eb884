/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/sidecar.h"

#include "core/arena.h"
#include "core/buf.h"

static const char *const endings[] = {".CHECKSUM", ".sha256"};

enum { SHA256_BYTES = 32, SHA256_DIGITS = 2 * SHA256_BYTES };

static enum hw_status sidecar_load(struct hw_store *store, const char *key, struct hw_buf *out_text,
                                   struct hw_error *err);

bool hw_sidecar_is(const char *key) {
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (hw_view_ends(hw_view_of(key), hw_view_of(endings[i]))) {
            return true;
        }
    }
    return false;
}

/* ------ the text */

static int digit_of(char c) {
    static const char digits[] = "0123456789abcdef";
    const char lower = (char)(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c);
    const char *at = lower ? strchr(digits, lower) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool digest_read(hw_view line, struct hw_checksum *out_checksum) {
    struct hw_checksum read = {.kind = HW_CHECKSUM_SHA256};
    if (line.size < SHA256_DIGITS) {
        return false;
    }
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        const int high = digit_of(line.data[2 * i]);
        const int low = digit_of(line.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        read.digest[i] = (uint8_t)(high * 16 + low);
    }
    *out_checksum = read;
    return true;
}

/* Returns whether nothing follows the digits, or blanks and the name of the object. */
static bool names(hw_view behind, const char *name) {
    size_t blanks = 0;
    while (blanks < behind.size && (behind.data[blanks] == ' ' || behind.data[blanks] == '\t')) {
        blanks++;
    }
    hw_view found = {behind.data + blanks, behind.size - blanks};
    if (found.size == 0) {
        return true;
    }
    if (blanks == 0) {
        return false;
    }
    if (found.data[0] == '*') {
        found = (hw_view){found.data + 1, found.size - 1};
    }
    const char *slash = memrchr(found.data, '/', found.size);
    if (slash) {
        found = (hw_view){slash + 1, found.size - (size_t)(slash + 1 - found.data)};
    }
    return hw_view_equal(found, hw_view_of(name));
}

enum hw_status hw_sidecar_parse(hw_view text, const char *name, struct hw_checksum *out_checksum,
                                struct hw_error *err) {
    char quote[HW_QUOTE_BYTES];
    while (text.size > 0) {
        const char *newline = memchr(text.data, '\n', text.size);
        const size_t bytes = newline ? (size_t)(newline - text.data) : text.size;
        const bool carriage = bytes > 0 && text.data[bytes - 1] == '\r';
        const hw_view line = {text.data, bytes - carriage};
        struct hw_checksum found;
        if (digest_read(line, &found) && names((hw_view){line.data + SHA256_DIGITS, line.size - SHA256_DIGITS}, name)) {
            *out_checksum = found;
            return HW_OK;
        }
        const size_t step = bytes + (newline != NULL);
        text = (hw_view){text.data + step, text.size - step};
    }
    return hw_fail(err, HW_EDATA, "holds no SHA-256 of %s, as sha256sum writes it",
                   hw_quote(name, strlen(name), quote, sizeof(quote)));
}

/* ------ the object */

enum hw_status hw_sidecar_read(struct hw_store *store, const char *key, struct hw_checksum *out_checksum,
                               struct hw_error *err) {
    const char *slash = strrchr(key, '/');
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error fault = HW_ERROR_INIT;
        const char *name = hw_arena_join(&arena, key, endings[i]);
        const char *path = name ? hw_arena_join(&arena, store->root, name) : NULL;
        if (!path) {
            return hw_fail_nomem(err, strlen(key));
        }
        enum hw_status status = sidecar_load(store, name, &text, &fault);
        if (status == HW_ENOTFOUND) {
            continue;
        }
        status = status ? status : hw_sidecar_parse(hw_buf_view(&text), slash ? slash + 1 : key, out_checksum, &fault);
        if (status) {
            hw_error_object(&fault, path);
            return hw_error_pass(err, status, &fault);
        }
        return HW_OK;
    }
    return hw_fail(err, HW_ENOTFOUND, "no sidecar is beside it, neither %s nor %s; --exclude leaves such objects out",
                   endings[0], endings[1]);
}

static enum hw_status sidecar_load(struct hw_store *store, const char *key, struct hw_buf *out_text,
                                   struct hw_error *err) {
    struct hw_source *source;
    HW_TRY(store->ops->source_open(store, key, NULL, &source, err));
    enum hw_status status =
        source->size > HW_SIDECAR_BYTES_MAX
            ? hw_fail(err, HW_ELIMIT, "is longer than %d bytes, so it is no sidecar", HW_SIDECAR_BYTES_MAX)
            : hw_buf_resize(out_text, (size_t)source->size, err);
    if (status == HW_OK && out_text->size > 0) {
        status = source->ops->read_at(source, 0, out_text->data, out_text->size, err);
    }
    source->ops->close(source);
    return status;
}
