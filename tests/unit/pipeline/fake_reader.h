/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table reader that knows no CSV, for tests of what stands behind the seam of table/reader.h. Its
 * rows are numbers: column "k" counts the records of the table from 0, and column "p" (where there
 * is one) is k modulo 3. Positions are records too. What its parts come to is a script of words:
 *
 *   s     the start of the part is known: HW_CURSOR_STARTED
 *   12    so many rows: HW_CURSOR_ROWS
 *   x3    so many rejected records, told with the step that follows
 *   X5    one rejected record of so many MiB
 *   w2    so many rows, of which one does not fit until the table is widened
 *   l     a large record: HW_CURSOR_LARGE, unless large ones are allowed already
 *   h, H  another part can begin, or none comes: HW_CURSOR_HANDED_ON
 *   ?     the test's probe is called
 *   !     an error, in the line of the record that is next
 *   .     the result gets lost: there is no memory for it
 */
#ifndef HW_TESTS_FAKE_READER_H
#define HW_TESTS_FAKE_READER_H

#include <stdatomic.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/error.h"
#include "support/rows.h"
#include "table/reader.h"

enum {
    FAKE_PARTS_MAX = 40,
    FAKE_RECORD_BYTES = 10, /* of the source, each */
    FAKE_MODULUS = 3,
};

enum fake_call {
    FAKE_NONE,
    FAKE_LOOK,
    FAKE_DECIDE,
    FAKE_BEGIN,
    FAKE_CURSOR_NEW,
    FAKE_OPEN,
    FAKE_WIDEN,
    FAKE_END,
    FAKE_HISTORY,
};

/* Set what is wanted, then give it to fake_reader_init. */
struct fake_reader {
    struct hw_table_reader base;
    const char *scripts[FAKE_PARTS_MAX]; /* one a part; NULL: no part more */
    uint64_t off[FAKE_PARTS_MAX];        /* what the guess of a part's start is wrong by */
    enum fake_call fails;                /* with HW_EIO "the fake fails" */
    size_t fails_object;                 /* of FAKE_LOOK */
    void (*probe)(void *ctx);
    void *probe_ctx;
    const struct hw_table_input *inputs; /* NULL: there is one, "fake" */
    size_t inputs_count;

    struct hw_schema schema;
    struct hw_field fields[2];
    bool widened;
    unsigned passes;
    bool freed;
    atomic_size_t looks;
    atomic_size_t cursors; /* that live, as the next */
    atomic_size_t results;
    atomic_size_t void_steps; /* that were asked for with types_only */
};

struct fake_cursor {
    struct hw_cursor base;
    struct fake_reader *reader;
    struct hw_part_result *made; /* base.result, while a part is open */
    const char *at;              /* what is left of the script */
    uint64_t position;
    bool asked; /* A large record waits to be allowed. */
    bool lost;
    struct hw_column columns[2];
    struct hw_buf values[2];
};

static inline enum hw_status fake_fails(const struct fake_reader *reader, enum fake_call call, struct hw_error *err) {
    return reader->fails == call ? hw_fail(err, HW_EIO, "the fake fails") : HW_OK;
}

/* Counts the records of a script. */
static inline uint64_t fake_records(const char *script) {
    uint64_t records = 0;
    for (const char *word = script; *word; word += strcspn(word, " "), word += *word == ' ') {
        const bool counted = (*word >= '0' && *word <= '9') || *word == 'x' || *word == 'w';
        records += counted ? strtoull(word + (*word == 'x' || *word == 'w'), NULL, 10) : *word == 'X';
    }
    return records;
}

static inline uint64_t fake_truth(const struct fake_reader *reader, size_t part) {
    uint64_t start = 0;
    for (size_t i = 0; i < part; i++) {
        start += fake_records(reader->scripts[i]);
    }
    return start;
}

/* ------ cursors */

static inline enum hw_status fake_open(struct hw_cursor *base, size_t part, const uint64_t *start,
                                       struct hw_error *err) {
    struct fake_cursor *cursor = (struct fake_cursor *)base;
    base->result = cursor->made = hw_alloc_zero(1, sizeof(*cursor->made));
    base->large_allowed = base->last = base->types_only = false;
    cursor->asked = cursor->lost = false;
    if (!cursor->made) {
        return hw_fail_nomem(err, sizeof(*cursor->made));
    }
    atomic_fetch_add(&cursor->reader->results, 1);
    cursor->at = cursor->reader->scripts[part];
    cursor->position = start ? *start : fake_truth(cursor->reader, part) + cursor->reader->off[part];
    cursor->made->start = cursor->made->end = cursor->position;
    return fake_fails(cursor->reader, FAKE_OPEN, err);
}

static inline void fake_read(struct fake_cursor *cursor, uint64_t records) {
    cursor->position += records;
    cursor->made->end = cursor->position;
    cursor->made->records += records;
    cursor->made->bytes += records * FAKE_RECORD_BYTES;
}

static inline enum hw_status fake_rows(struct fake_cursor *cursor, uint64_t rows, struct hw_error *err) {
    const bool doubles = cursor->reader->widened;
    HW_TRY(hw_buf_resize(&cursor->values[0], rows * 8 + HW_BATCH_PADDING, err));
    HW_TRY(hw_buf_resize(&cursor->values[1], rows * 8 + HW_BATCH_PADDING, err));
    for (uint64_t i = 0; i < rows; i++) {
        const int64_t number = (int64_t)(cursor->position + i), group = number % FAKE_MODULUS;
        const double wide = (double)number;
        memcpy(cursor->values[0].data + 8 * i, doubles ? (const void *)&wide : (const void *)&number, 8);
        memcpy(cursor->values[1].data + 8 * i, &group, 8);
    }
    for (size_t i = 0; i < COUNT_OF(cursor->columns); i++) {
        cursor->columns[i] = (struct hw_column){.values = cursor->values[i].data};
    }
    cursor->base.batch = (struct hw_batch){&cursor->reader->schema, rows, cursor->columns};
    cursor->made->rows += rows;
    fake_read(cursor, rows);
    return HW_OK;
}

static inline enum hw_status fake_rejects(struct fake_cursor *cursor, uint64_t records, size_t bytes,
                                          struct hw_error *err) {
    for (uint64_t i = 0; i < records; i++) {
        const struct hw_reject reject = {
            .line = cursor->made->records,
            .offset = cursor->position * FAKE_RECORD_BYTES,
            .bytes = (uint32_t)bytes,
            .column = cursor->position % 2 ? 0 : HW_REJECT_NO_COLUMN,
            .reason = cursor->position % 2,
        };
        struct hw_buf *list = &cursor->base.rejects.data;
        if (!cursor->base.types_only) {
            HW_TRY(hw_buf_append(list, &reject, sizeof(reject), err));
            HW_TRY(hw_buf_resize(list, list->size + bytes, err));
            memset(list->data + list->size - bytes, 'b', bytes);
            cursor->base.rejects.count++;
        }
        cursor->made->rejected++;
        fake_read(cursor, 1);
    }
    return HW_OK;
}

/* Does one word. `*out_step` is HW_CURSOR_END where the word is no step. */
static inline enum hw_status fake_word(struct fake_cursor *cursor, const char *word, enum hw_cursor_step *out_step,
                                       struct hw_error *err) {
    const uint64_t count = strtoull(word + !(*word >= '0' && *word <= '9'), NULL, 10);
    switch (*word) {
    case 's':
        *out_step = HW_CURSOR_STARTED;
        return HW_OK;
    case 'x':
        return fake_rejects(cursor, count, 3, err);
    case 'X':
        return fake_rejects(cursor, 1, count << 20, err);
    case 'l':
        cursor->asked = !cursor->base.large_allowed;
        *out_step = cursor->asked ? HW_CURSOR_LARGE : HW_CURSOR_END;
        return HW_OK;
    case 'h':
    case 'H':
        cursor->base.last = *word == 'H';
        *out_step = HW_CURSOR_HANDED_ON;
        return HW_OK;
    case '?':
        cursor->reader->probe(cursor->reader->probe_ctx);
        return HW_OK;
    case '.':
        cursor->lost = true;
        return HW_OK;
    case '!':
        hw_error_set(err, HW_EDATA, "a bad number");
        err->line = (int64_t)cursor->made->records + 1;
        return HW_EDATA;
    default:
        cursor->made->misfit |= *word == 'w' && !cursor->reader->widened;
        *out_step = HW_CURSOR_ROWS;
        return fake_rows(cursor, count, err);
    }
}

static inline enum hw_status fake_next(struct hw_cursor *base, enum hw_cursor_step *out_step, struct hw_error *err) {
    struct fake_cursor *cursor = (struct fake_cursor *)base;
    atomic_fetch_add(&cursor->reader->void_steps, base->types_only);
    /* nobody goes on with what is large before it is allowed */
    assert_true(!cursor->asked || base->large_allowed);
    *out_step = HW_CURSOR_END;
    while (*cursor->at && *out_step == HW_CURSOR_END) {
        const char *word = cursor->at;
        cursor->at += strcspn(cursor->at, " ");
        cursor->at += *cursor->at == ' ';
        HW_TRY(fake_word(cursor, word, out_step, err));
    }
    return HW_OK;
}

static inline void fake_result_free(struct hw_part_result *result);

static inline struct hw_part_result *fake_close(struct hw_cursor *base) {
    struct fake_cursor *cursor = (struct fake_cursor *)base;
    struct hw_part_result *made = cursor->made;
    base->result = cursor->made = NULL;
    hw_buf_release(&base->rejects.data);
    base->rejects = (struct hw_reject_list){0};
    if (made && cursor->lost) {
        hw_free(made);
        atomic_fetch_sub(&cursor->reader->results, 1);
        made = NULL;
    }
    return made;
}

static inline void fake_cursor_free(struct hw_cursor *base) {
    struct fake_cursor *cursor = (struct fake_cursor *)base;
    atomic_fetch_sub(&cursor->reader->cursors, 1);
    hw_buf_release(&cursor->values[0]);
    hw_buf_release(&cursor->values[1]);
    hw_free(cursor);
}

/* ------ the reader */

static inline enum hw_status fake_look(struct hw_table_reader *base, size_t object, struct hw_error *err) {
    struct fake_reader *reader = (struct fake_reader *)base;
    atomic_fetch_add(&reader->looks, 1);
    return object == reader->fails_object ? fake_fails(reader, FAKE_LOOK, err) : HW_OK;
}

static inline enum hw_status fake_decide(struct hw_table_reader *base, struct hw_error *err) {
    return fake_fails((struct fake_reader *)base, FAKE_DECIDE, err);
}

static inline enum hw_status fake_begin(struct hw_table_reader *base, struct hw_error *err) {
    struct fake_reader *reader = (struct fake_reader *)base;
    base->records = base->rows = base->rejected = 0;
    memset(base->rejected_by, 0, sizeof(base->rejected_by));
    reader->passes++;
    return fake_fails(reader, FAKE_BEGIN, err);
}

static inline bool fake_part_exact(const struct hw_table_reader *base, size_t part) {
    (void)base;
    return part == 0;
}

static inline enum hw_status fake_cursor_new(struct hw_table_reader *base, struct hw_cursor **out_cursor,
                                             struct hw_error *err) {
    static const struct hw_cursor_ops ops = {fake_open, fake_next, fake_close, fake_cursor_free};
    struct fake_reader *reader = (struct fake_reader *)base;
    HW_TRY(fake_fails(reader, FAKE_CURSOR_NEW, err));
    struct fake_cursor *cursor = hw_alloc_zero(1, sizeof(*cursor));
    if (!cursor) {
        return hw_fail_nomem(err, sizeof(*cursor));
    }
    cursor->base.ops = &ops;
    cursor->reader = reader;
    atomic_fetch_add(&reader->cursors, 1);
    *out_cursor = &cursor->base;
    return HW_OK;
}

static inline void fake_accept(struct hw_table_reader *base, const struct hw_part_result *result) {
    for (uint64_t i = 0; i < result->rejected; i++) {
        base->rejected_by[i % 2]++;
    }
    base->records += result->records;
    base->rows += result->rows;
    base->rejected += result->rejected;
}

static inline void fake_place_error(const struct hw_table_reader *base, const struct hw_part_result *result,
                                    struct hw_error *error) {
    (void)result;
    error->line += error->line > 0 ? (int64_t)base->records : 0;
}

static inline uint64_t fake_reject_line(const struct hw_table_reader *base, const struct hw_reject *reject) {
    return base->records + reject->line;
}

/* The reader that counts it stands behind no result: there is one reader in a test. */
static inline struct fake_reader **fake_current(void) {
    static struct fake_reader *current;
    return &current;
}

static inline void fake_result_free(struct hw_part_result *result) {
    if (result) {
        atomic_fetch_sub(&(*fake_current())->results, 1);
        hw_free(result);
    }
}

static inline enum hw_status fake_widen(struct hw_table_reader *base, struct hw_error *err) {
    struct fake_reader *reader = (struct fake_reader *)base;
    HW_TRY(fake_fails(reader, FAKE_WIDEN, err));
    reader->widened = true;
    reader->fields[0].type.kind = HW_KIND_DOUBLE;
    return HW_OK;
}

static inline enum hw_status fake_end(struct hw_table_reader *base, struct hw_error *err) {
    return fake_fails((struct fake_reader *)base, FAKE_END, err);
}

static inline size_t fake_inputs_count(const struct hw_table_reader *base) {
    return ((const struct fake_reader *)base)->inputs_count;
}

static inline struct hw_table_input fake_input(const struct hw_table_reader *base, size_t number) {
    const struct fake_reader *reader = (const struct fake_reader *)base;
    return reader->inputs ? reader->inputs[number] : (struct hw_table_input){.name = "fake", .bytes = base->bytes};
}

static inline enum hw_status fake_history(const struct hw_table_reader *base, size_t column, struct hw_arena *arena,
                                          struct hw_column_history *out_history, struct hw_error *err) {
    static const struct hw_type before = {.kind = HW_KIND_INT64};
    const struct fake_reader *reader = (const struct fake_reader *)base;
    (void)arena;
    *out_history = (struct hw_column_history){0};
    if (column == 0 && reader->widened) {
        *out_history = (struct hw_column_history){.widened_from = &before, .misfit = "x", .misfit_line = 7};
    }
    return fake_fails(reader, FAKE_HISTORY, err);
}

static inline void fake_free(struct hw_table_reader *base) {
    ((struct fake_reader *)base)->freed = true;
}

/* Makes a reader of what is scripted, with one column or two. */
static inline void fake_reader_init(struct fake_reader *reader, size_t columns) {
    static const char *const reasons[] = {"even", "odd"};
    static const struct hw_table_reader_ops ops = {
        fake_look,   fake_decide,       fake_begin,       fake_part_exact,  fake_cursor_new,
        fake_accept, fake_place_error,  fake_reject_line, fake_result_free, fake_widen,
        fake_end,    fake_inputs_count, fake_input,       fake_history,     fake_free,
    };
    reader->fields[0] = (struct hw_field){.name = "k", .type = {.kind = HW_KIND_INT64}};
    reader->fields[1] = (struct hw_field){.name = "p", .type = {.kind = HW_KIND_INT64}};
    reader->schema = (struct hw_schema){reader->fields, columns};
    reader->base.ops = &ops;
    reader->base.schema = &reader->schema;
    reader->base.reject_reasons = reasons;
    reader->base.reject_reasons_count = COUNT_OF(reasons);
    reader->inputs_count = reader->inputs_count > 0 ? reader->inputs_count : 1;
    size_t parts = 0;
    while (parts < FAKE_PARTS_MAX && reader->scripts[parts]) {
        reader->base.bytes += fake_records(reader->scripts[parts++]) * FAKE_RECORD_BYTES;
    }
    reader->base.parts_count = reader->base.sequential ? 0 : parts;
    *fake_current() = reader;
}

#endif
