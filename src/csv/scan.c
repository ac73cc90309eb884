/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: the structural bytes of 64 bytes become bit masks in a few instructions
 * (scan_masks.c), and the masks ends of fields without a branch per field (scan_group.c). RFC
 * 4180's rule for where quotes may stand is checked on the same masks, so that the fast way is
 * taken only where it is exact.
 */
#include "csv/scan.h"

#include "core/alloc.h"
#include "csv/scan_exact.h"
#include "csv/scan_group.h"
#include "csv/scan_masks.h"

enum {
    GROUP_CHUNKS = 64, /* masks are made for 4 KiB at a time: they stay in the first-level cache */
};

void hw_csv_index_release(struct hw_csv_index *index) {
    hw_free(index->ends);
    hw_free(index->record_fields);
    hw_free(index->record_starts);
    *index = (struct hw_csv_index){0};
}

enum hw_status hw_csv_index_reserve(struct hw_csv_index *index, size_t ends, size_t records, struct hw_error *err) {
    if (index->ends_count + ends > index->ends_capacity) {
        size_t capacity = hw_max_size(index->ends_count + ends, index->ends_capacity * 2);
        uint32_t *grown = hw_realloc_array(index->ends, capacity, sizeof(*grown));
        if (!grown) {
            return hw_fail_nomem(err, capacity * sizeof(*grown));
        }
        index->ends = grown;
        index->ends_capacity = capacity;
    }
    if (index->records + records < index->records_capacity) {
        return HW_OK;
    }
    size_t capacity = hw_max_size(index->records + records + 1, index->records_capacity * 2);
    uint32_t *fields = hw_realloc_array(index->record_fields, capacity, sizeof(*fields));
    if (!fields) {
        return hw_fail_nomem(err, capacity * sizeof(*fields));
    }
    index->record_fields = fields;
    uint32_t *starts = hw_realloc_array(index->record_starts, capacity, sizeof(*starts));
    if (!starts) {
        return hw_fail_nomem(err, capacity * sizeof(*starts));
    }
    starts[0] = 0;
    index->record_starts = starts;
    index->records_capacity = capacity;
    return HW_OK;
}

static enum hw_status index_regular(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                                    size_t bytes, bool at_end, bool *out_regular, struct hw_error *err);
static void index_close(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                        size_t bytes, bool at_end);

static void index_clear(struct hw_csv_index *index) {
    index->ends_count = 0;
    index->records = 0;
    index->lines = 0;
    index->ascii = true;
    index->malformed = false;
    index->open_quote = false;
}

enum hw_status hw_csv_index_run(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                                size_t bytes, bool at_end, struct hw_error *err) {
    if (dialect->escape == '\0' && dialect->comment == '\0') {
        bool regular = true;
        HW_TRY(index_regular(index, dialect, data, bytes, at_end, &regular, err));
        if (regular) {
            return HW_OK;
        }
    }
    return hw_csv_index_run_exact(index, dialect, data, bytes, at_end, err);
}

static enum hw_status index_regular(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                                    size_t bytes, bool at_end, bool *out_regular, struct hw_error *err) {
    hw_csv_masks_fn *masks_make = hw_csv_masks_best();
    hw_csv_group_fn *group_index = hw_csv_group_best();
    struct hw_csv_masks masks[GROUP_CHUNKS];
    struct hw_csv_scan_state state = {.after_field = 1};
    const size_t group_bytes = GROUP_CHUNKS * HW_CSV_CHUNK_BYTES;

    index_clear(index);
    for (size_t offset = 0; offset < bytes; offset += group_bytes) {
        size_t left = hw_min_size(bytes - offset, group_bytes);
        size_t chunks = (left + HW_CSV_CHUNK_BYTES - 1) / HW_CSV_CHUNK_BYTES;
        HW_TRY(hw_csv_index_reserve(index, left + HW_CSV_GROUP_ROOM, left, err));
        masks_make(dialect, data + offset, chunks, masks);
        if (left % HW_CSV_CHUNK_BYTES != 0) {
            /* The margin after the block is no part of it. */
            uint64_t part = (UINT64_C(1) << left % HW_CSV_CHUNK_BYTES) - 1;
            struct hw_csv_masks *last = &masks[chunks - 1];
            *last = (struct hw_csv_masks){last->quote & part, last->delimiter & part, last->end & part,
                                          last->carriage_return & part, last->high & part};
        }
        struct hw_csv_group group = {data, offset, masks, chunks};
        if (!group_index(index, dialect, &group, &state)) {
            *out_regular = false;
            return HW_OK;
        }
    }
    index->ascii = state.high == 0;
    index->open_quote = state.inside != 0;
    HW_TRY(hw_csv_index_reserve(index, 1, 1, err));
    index_close(index, dialect, data, bytes, at_end);
    return HW_OK;
}

/*
 * What follows the last record end is a record of its own where the text ends, else no part of the
 * index. A CR right before the end of the text is a record end, as it is before an LF: half a CRLF
 * is no part of a value.
 */
static void index_close(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                        size_t bytes, bool at_end) {
    size_t start = index->record_starts[index->records];
    if (!at_end || index->open_quote || start == bytes) {
        index->ends_count = index->records > 0 ? index->record_fields[index->records - 1] : 0;
        return;
    }
    bool cr = dialect->end == '\n' && data[bytes - 1] == '\r';
    index->ends[index->ends_count++] = (uint32_t)(cr ? bytes - 1 : bytes);
    index->record_fields[index->records] = (uint32_t)index->ends_count;
    index->record_starts[++index->records] = (uint32_t)bytes;
    for (size_t i = start; i < bytes; i++) {
        index->lines += data[i] == dialect->end; /* in quotes */
    }
    index->lines++;
}

enum hw_status hw_csv_index_run_exact(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                                      const char *data, size_t bytes, bool at_end, struct hw_error *err) {
    struct hw_csv_exact exact = hw_csv_exact_start(dialect);

    index_clear(index);
    for (size_t i = 0; i < bytes; i++) {
        enum hw_csv_event event = hw_csv_exact_step(&exact, data[i]);
        index->ascii &= (uint8_t)data[i] < 0x80;
        if (event == HW_CSV_EVENT_NONE) {
            continue;
        }
        HW_TRY(hw_csv_index_reserve(index, 1, 1, err));
        uint32_t start = index->record_starts[index->records];
        bool strip = event == HW_CSV_EVENT_RECORD_END && dialect->end == '\n' && i > start && data[i - 1] == '\r';
        index->ends[index->ends_count++] = (uint32_t)(strip ? i - 1 : i);
        if (event == HW_CSV_EVENT_RECORD_END) {
            index->record_fields[index->records] = (uint32_t)index->ends_count;
            index->record_starts[++index->records] = (uint32_t)(i + 1);
            index->lines = exact.lines;
            index->malformed |= exact.malformed;
        }
    }
    index->open_quote = hw_csv_exact_in_quotes(&exact);
    HW_TRY(hw_csv_index_reserve(index, 1, 1, err));
    size_t records = index->records;
    index_close(index, dialect, data, bytes, at_end);
    index->malformed |= exact.malformed && index->records > records;
    return HW_OK;
}

bool hw_csv_record_malformed(const struct hw_csv_dialect *dialect, hw_view text, size_t *out_at) {
    struct hw_csv_exact exact = hw_csv_exact_start(dialect);
    for (size_t i = 0; i < text.size; i++) {
        hw_csv_exact_step(&exact, text.data[i]);
        if (exact.malformed) {
            *out_at = i;
            return true;
        }
    }
    return false;
}

/* How many of the first bytes judge a guess. */
enum { GUESS_BYTES = 64 << 10 };

/* Whether the text's first byte more likely lies within quotes: then fewer quotes are odd. */
static bool guess_inside(const struct hw_csv_dialect *dialect, hw_view judged) {
    struct hw_csv_exact outside = hw_csv_exact_start(dialect);
    struct hw_csv_exact inside = hw_csv_exact_start(dialect);
    if (judged.size == 0 || !memchr(judged.data, dialect->quote, judged.size)) {
        return false; /* no quote is odd, either way */
    }
    hw_csv_exact_enter_field(&outside);
    hw_csv_exact_enter_quotes(&inside);
    for (size_t i = 0; i < judged.size; i++) {
        hw_csv_exact_step(&outside, judged.data[i]);
        hw_csv_exact_step(&inside, judged.data[i]);
    }
    return outside.odd_quotes > inside.odd_quotes;
}

size_t hw_csv_guess_record_start(const struct hw_csv_dialect *dialect, hw_view text) {
    struct hw_csv_exact guess = hw_csv_exact_start(dialect);
    if (guess_inside(dialect, (hw_view){text.data, hw_min_size(text.size, GUESS_BYTES)})) {
        hw_csv_exact_enter_quotes(&guess);
    } else {
        hw_csv_exact_enter_field(&guess);
    }
    for (size_t i = 0; i < text.size; i++) {
        if (hw_csv_exact_step(&guess, text.data[i]) == HW_CSV_EVENT_RECORD_END) {
            return i + 1;
        }
    }
    return text.size;
}
