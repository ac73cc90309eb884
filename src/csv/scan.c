/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: a few instructions turn 64 bytes into bit masks of the bytes that have a
 * meaning (scan_masks.c), and the masks become ends of fields without a branch per field
 * (scan_group.c). The same masks show whether quotes stand where RFC 4180 allows them, so that the
 * fast way is taken only where it is exact.
 */
#include "csv/scan.h"

#include "csv/scan_exact.h"
#include "csv/scan_group.h"
#include "csv/scan_masks.h"

enum {
    GROUP_CHUNKS = 64, /* masks are made for 4 KiB at a time: they stay in the first-level cache */
};

static enum hw_status index_regular(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                                    size_t bytes, bool at_end, bool *out_regular, struct hw_error *err);
static void index_close(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                        size_t bytes, bool at_end);

enum hw_status hw_csv_index_run(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                                size_t bytes, bool at_end, struct hw_error *err) {
    if (dialect->escape == '\0' && dialect->comment == '\0' && !dialect->double_cr &&
        dialect->delimiter_tail.count == 0 && !dialect->blanks) {
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

    hw_csv_index_clear(index);
    for (size_t offset = 0; offset < bytes; offset += group_bytes) {
        size_t left = hw_min_size(bytes - offset, group_bytes);
        size_t chunks = (left + HW_CSV_CHUNK_BYTES - 1) / HW_CSV_CHUNK_BYTES;
        HW_TRY(hw_csv_index_reserve(index, left + HW_CSV_GROUP_ROOM, left, err));
        masks_make(dialect, data + offset, chunks, masks);
        if (left % HW_CSV_CHUNK_BYTES != 0) {
            /* The margin behind the block is no part of it. */
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
 * Closes the index. The bytes behind the last record end are a record of their own where the text
 * ends, else no part of the index. A CR right before the end of the text is a record end, as it is
 * before an LF: half a CRLF is no part of a value. Nor is an LF at the end of a text whose records
 * end with CR: editors put one there.
 */
static void index_close(struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                        size_t bytes, bool at_end) {
    const size_t start = index->record_starts[index->records];
    const bool last_lf = at_end && dialect->end == '\r' && start < bytes && data[bytes - 1] == '\n';
    const size_t end = hw_csv_without_cr(dialect, data, start, bytes - last_lf);
    if (!at_end || index->open_quote || start == bytes - last_lf) {
        index->ends_count = index->records > 0 ? index->record_fields[index->records - 1] : 0;
        index->record_starts[index->records] += last_lf && !index->open_quote;
        return;
    }
    index->ends[index->ends_count++] = (uint32_t)end;
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
    const struct hw_csv_meanings meanings = hw_csv_meanings_of(dialect);
    uint8_t high = 0;

    hw_csv_index_clear(index);
    for (size_t i = 0; i < bytes; i++) {
        const size_t idle = hw_csv_exact_idle(&exact, &meanings, data + i, bytes - i);
        for (const size_t end = i + idle; i < end; i++) {
            high |= (uint8_t)data[i];
        }
        if (i == bytes) {
            break;
        }
        high |= (uint8_t)data[i];
        enum hw_csv_event event = hw_csv_exact_step(&exact, data + i, data + bytes);
        if (event == HW_CSV_EVENT_NONE) {
            continue;
        }
        HW_TRY(hw_csv_index_reserve(index, 1, 1, err));
        uint32_t start = index->record_starts[index->records];
        const bool record_end = event == HW_CSV_EVENT_RECORD_END;
        index->ends[index->ends_count++] = (uint32_t)(record_end ? hw_csv_without_cr(dialect, data, start, i) : i);
        if (record_end) {
            index->record_fields[index->records] = (uint32_t)index->ends_count;
            index->record_starts[++index->records] = (uint32_t)(i + 1);
            index->lines = exact.lines;
            index->malformed |= exact.malformed;
        }
    }
    index->ascii = high < 0x80;
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
        hw_csv_exact_step(&exact, text.data + i, text.data + text.size);
        if (exact.malformed) {
            *out_at = i;
            return true;
        }
    }
    return false;
}

/* The number of first bytes by which a guess is judged. */
enum { GUESS_BYTES = 64 << 10 };

/* Shows the machine a text, and returns how many of its quotes are odd. */
static uint64_t odd_quotes(struct hw_csv_exact exact, const struct hw_csv_meanings *meanings, hw_view text) {
    for (size_t i = 0; i < text.size; i++) {
        i += hw_csv_exact_idle(&exact, meanings, text.data + i, text.size - i);
        if (i < text.size) {
            hw_csv_exact_step(&exact, text.data + i, text.data + text.size);
        }
    }
    return exact.odd_quotes;
}

/*
 * Returns whether the text's first byte more likely lies within quotes than outside: read that way,
 * fewer quotes are odd.
 */
static bool guess_inside(const struct hw_csv_dialect *dialect, const struct hw_csv_meanings *meanings, hw_view judged) {
    struct hw_csv_exact outside = hw_csv_exact_start(dialect);
    struct hw_csv_exact inside = hw_csv_exact_start(dialect);
    if (judged.size == 0 || !memchr(judged.data, dialect->quote, judged.size)) {
        return false; /* no quote is odd, either way */
    }
    hw_csv_exact_enter_field(&outside);
    hw_csv_exact_enter_quotes(&inside);
    return odd_quotes(outside, meanings, judged) > odd_quotes(inside, meanings, judged);
}

size_t hw_csv_guess_record_start(const struct hw_csv_dialect *dialect, hw_view text) {
    struct hw_csv_exact guess = hw_csv_exact_start(dialect);
    const struct hw_csv_meanings meanings = hw_csv_meanings_of(dialect);
    if (guess_inside(dialect, &meanings, (hw_view){text.data, hw_min_size(text.size, GUESS_BYTES)})) {
        hw_csv_exact_enter_quotes(&guess);
    } else {
        hw_csv_exact_enter_field(&guess);
    }
    for (size_t i = 0; i < text.size; i++) {
        if (hw_csv_exact_step(&guess, text.data + i, text.data + text.size) == HW_CSV_EVENT_RECORD_END) {
            return i + 1;
        }
    }
    return text.size;
}
