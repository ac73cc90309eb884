/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/names.h"

#include <wctype.h>

#include "core/alloc.h"
#include "core/siphash.h"
#include "core/utf8.h"

/* A byte that is no UTF-8 is none of the characters that there are. */
enum { NO_CHARACTER = 1 << 30 };

void hw_transfer_names_fold(struct hw_transfer_names *names) {
    names->folded = true;
    names->unordered = true;
    /* Without it only ASCII has upper and lower case. */
    names->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static uint32_t folded(const struct hw_transfer_names *names, uint32_t code) {
    if (names->locale) {
        return (uint32_t)towlower_l(towupper_l((wint_t)code, names->locale), names->locale);
    }
    return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

/* Makes the characters of a name, each as four bytes, with no difference in case. */
static enum hw_status name_fold(const struct hw_transfer_names *names, hw_view name, struct hw_buf *out,
                                struct hw_error *err) {
    for (size_t at = 0; at < name.size;) {
        const size_t bytes = hw_utf8_bytes(name.data + at, name.size - at);
        const uint32_t code = bytes > 0 ? folded(names, hw_utf8_code(name.data + at, bytes))
                                        : (uint32_t)NO_CHARACTER + (uint8_t)name.data[at];
        HW_TRY(hw_buf_append(out, &code, sizeof(code), err));
        at += bytes > 0 ? bytes : 1;
    }
    return HW_OK;
}

static enum hw_status name_hash(const struct hw_transfer_names *names, hw_view name, uint64_t *out_hash,
                                struct hw_error *err) {
    const struct hw_siphash_key plain = {{0}};
    HW_AUTO(hw_buf) made = {0};
    if (names->folded) {
        HW_TRY(name_fold(names, name, &made, err));
        name = hw_buf_view(&made);
    }
    *out_hash = hw_siphash128(&plain, name.data, name.size).words[0];
    return HW_OK;
}

static enum hw_status length_push(struct hw_transfer_names *names, size_t length, struct hw_error *err) {
    if (names->lengths_count == names->lengths_capacity) {
        const size_t capacity = names->lengths_capacity > 0 ? 2 * names->lengths_capacity : 16;
        size_t *lengths = hw_realloc_array(names->lengths, capacity, sizeof(*lengths));
        if (!lengths) {
            return hw_fail_nomem(err, capacity * sizeof(*lengths));
        }
        names->lengths = lengths;
        names->lengths_capacity = capacity;
    }
    names->lengths[names->lengths_count++] = length;
    return HW_OK;
}

/* Returns how many remembered names `name` begins with. Each is the beginning of the next. */
static size_t beginnings_count(const struct hw_transfer_names *names, hw_view name) {
    size_t count = 0;
    while (count < names->lengths_count &&
           hw_view_starts(name, (hw_view){(const char *)names->last.data, names->lengths[count]})) {
        count++;
    }
    return count;
}

static enum hw_status twice_fail(const struct hw_transfer_names *names, hw_view name, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EUNSUPPORTED, "%s is the name of another object of this run too%s",
                   hw_quote(name.data, name.size, quoted, sizeof(quoted)),
                   names->folded ? ", as the file system does not tell upper from lower case" : "");
}

/* Notes the folders that a file needs, none of which may be a file. */
static enum hw_status folders_note(struct hw_transfer_names *names, hw_view name, struct hw_error *err) {
    char quoted[2][HW_QUOTE_BYTES];
    uint64_t hash;
    for (size_t at = 0; at < name.size; at++) {
        if (name.data[at] != '/') {
            continue;
        }
        HW_TRY(name_hash(names, (hw_view){name.data, at}, &hash, err));
        if (hw_hash_set_has(&names->seen, hash)) {
            return hw_fail(err, HW_EUNSUPPORTED, "%s needs a folder where %s is a file",
                           hw_quote(name.data, name.size, quoted[0], sizeof(quoted[0])),
                           hw_quote(name.data, at, quoted[1], sizeof(quoted[1])));
        }
        (void)hw_hash_set_add(&names->folders, hash);
    }
    return HW_OK;
}

static enum hw_status unordered_add(struct hw_transfer_names *names, hw_view name, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    uint64_t hash;
    HW_TRY(name_hash(names, name, &hash, err));
    if (!names->flat && hw_hash_set_has(&names->folders, hash)) {
        return hw_fail(err, HW_EUNSUPPORTED, "%s is a file where another object needs a folder",
                       hw_quote(name.data, name.size, quoted, sizeof(quoted)));
    }
    if (hw_hash_set_has(&names->seen, hash)) {
        return twice_fail(names, name, err);
    }
    if (!names->flat) {
        HW_TRY(folders_note(names, name, err));
    }
    (void)hw_hash_set_add(&names->seen, hash);
    return HW_OK;
}

enum hw_status hw_transfer_names_add(struct hw_transfer_names *names, const char *name, struct hw_error *err) {
    if (names->unordered) {
        return unordered_add(names, hw_view_of(name), err);
    }
    uint64_t hash = 0;
    const hw_view whole = hw_view_of(name);
    char quoted[2][HW_QUOTE_BYTES];
    const size_t kept = beginnings_count(names, whole);
    for (size_t i = 0; i < kept; i++) {
        const size_t length = names->lengths[i];
        if (!names->flat && length < whole.size && whole.data[length] == '/') {
            return hw_fail(err, HW_EUNSUPPORTED, "%s needs a folder where %s is a file",
                           hw_quote(name, whole.size, quoted[0], sizeof(quoted[0])),
                           hw_quote(name, length, quoted[1], sizeof(quoted[1])));
        }
    }
    const bool same = kept > 0 && names->lengths[kept - 1] == whole.size;
    HW_TRY(name_hash(names, whole, &hash, err));
    if (same || (names->several && !hw_hash_set_add(&names->seen, hash))) {
        return twice_fail(names, whole, err);
    }
    names->lengths_count = kept;
    hw_buf_clear(&names->last);
    HW_TRY(hw_buf_append(&names->last, whole.data, whole.size, err));
    return length_push(names, whole.size, err);
}

void hw_transfer_names_next(struct hw_transfer_names *names) {
    names->lengths_count = 0;
    hw_buf_clear(&names->last);
}

void hw_transfer_names_release(struct hw_transfer_names *names) {
    if (names->locale) {
        freelocale(names->locale);
    }
    hw_hash_set_release(&names->seen);
    hw_hash_set_release(&names->folders);
    hw_buf_release(&names->last);
    hw_free(names->lengths);
    *names = (struct hw_transfer_names){0};
}
