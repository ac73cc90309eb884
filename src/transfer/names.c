/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/names.h"

#include "core/alloc.h"
#include "core/siphash.h"

static uint64_t name_hash(hw_view name) {
    const struct hw_siphash_key plain = {{0}};
    const uint64_t hash = hw_siphash128(&plain, name.data, name.size).words[0];
    return hash > 0 ? hash : 1; /* 0 is no hash */
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

enum hw_status hw_transfer_names_add(struct hw_transfer_names *names, const char *name, struct hw_error *err) {
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
    if (same || (names->several && !hw_hash_set_add(&names->seen, name_hash(whole)))) {
        return hw_fail(err, HW_EUNSUPPORTED, "%s is the name of another object of this run too",
                       hw_quote(name, whole.size, quoted[0], sizeof(quoted[0])));
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
    hw_hash_set_release(&names->seen);
    hw_buf_release(&names->last);
    hw_free(names->lengths);
    *names = (struct hw_transfer_names){0};
}
