/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV texts on their way to their outputs: one, or many that become one table. The texts, one after the other, are cut in spans of about the same size, so that a span is a part of a large
 * text, or many small ones; workers claim spans, and hand pieces of encoded rows to the conversion, which puts them back in order. Exactly one span is the head: its worker writes to the
 * outputs, all others queue.
 *
 * Where a span begins within a text is guessed by its worker and proved here: when the head ends, the next span must begin at that very offset. If it does not, what it
 * made is thrown away and it is claimed again, from the true offset.
 *
 * When a value does not fit its column (conversion `widening`), nothing more is encoded: the rest of the text only shows its types, then the outputs
 * are dropped and made again with the wider schema (`restart`), at most once.
 */
#ifndef HW_PIPELINE_CONVERSION_H
#define HW_PIPELINE_CONVERSION_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/budget.h"
#include "csv/schema_file.h"
#include "pipeline/facts.h"
#include "pipeline/partition.h"
#include "pipeline/piece.h"
#include "pipeline/settings.h"
#include "pipeline/texts.h"
#include "pipeline/warn.h"

/* What all conversions of a run share. */
struct hw_conversion_shared {
    const struct hw_convert_options *options;
    struct hw_output_options output;
    struct hw_settings settings;
    struct hw_budget *queue;         /* of encoded rows that wait for their turn */
    struct hw_budget *work;          /* lent to jobs and workers */
    struct hw_budget *alone;         /* of 1: who has it may work on a record that is longer than what workers share */
    atomic_uint_fast64_t bytes_done; /* text that was read, none twice however often it is read */
    atomic_uint_fast64_t rows_done;
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    void (*wake)(void *ctx); /* called where new work can be claimed while a span runs */
    void *wake_ctx;
    struct hw_warn warn;
};

enum hw_span_state { HW_SPAN_WAITING, HW_SPAN_RUNNING, HW_SPAN_DONE };

/* The first value that did not fit a column's type, which is why that widens. */
struct hw_misfit {
    uint64_t line; /* of a span: from 1 where the text does in it; then from 1 where the text does. 0: there is none */
    uint64_t offset; /* in the text */
    uint32_t text;
    uint32_t column;
    uint32_t bytes;
    char value[HW_FACT_TEXT_BYTES]; /* its first bytes */
};

struct hw_span {
    enum hw_span_state state;
    bool known_start; /* `start` is true, not guessed */
    bool guessed;     /* `start` is a guess */
    bool again;       /* its guess was wrong, or a span before it is wanted first: the worker drops it */
    bool misfit;
    /* Records that start between offset `begin` of text `first_text` and offset `limit` of text `last_text` are its own. */
    uint32_t first_text, last_text;
    uint64_t begin, limit;
    uint64_t start, end; /* first byte of its first record, and of the record after its last: in first and last text */
    bool alone;          /* its worker has shared->alone */
    uint32_t text;       /* in work: at its end the last one, or that of the error */
    uint64_t lines;      /* of `text` in this span */
    uint64_t records, rows, rejected;
    struct hw_text_part *text_parts; /* of each of its texts */
    uint64_t bytes_done; /* counted as the run's progress, and its rows too: taken back where they are read again */
    uint64_t rejected_by[HW_CSV_REASON_COUNT];
    struct hw_csv_profile *profiles; /* once done */
    struct hw_facts *facts;          /* where a report is wanted */
    struct hw_buf misfits;           /* struct hw_misfit, at most one a column; where a report is wanted */
    struct hw_piece *first, *last;   /* queued */
    enum hw_status status;
    struct hw_error error; /* line relative to the text's part in the span */
};

struct hw_bench;

struct hw_conversion {
    struct hw_conversion_shared *shared;
    struct hw_texts *texts;
    bool merged;   /* texts become one table: what names a line names its text, too */
    bool streamed; /* a single text that cannot be cut: one worker at a time unpacks it for all */
    struct hw_targets *targets;

    struct hw_arena arena;
    struct hw_csv_layout layout;     /* the table's columns; dialects and bodies are the texts' */
    struct hw_csv_profile *profiles; /* of the sample, then of every proved span */
    struct hw_facts *facts;          /* of every proved span; NULL: no report is wanted, nor are the next two */
    struct hw_type *types_sampled;   /* one a column */
    struct hw_misfit *misfits;       /* one a column */
    uint64_t text_bytes;             /* of all texts, packed as they are */
    uint64_t window_bytes;           /* of the memory that unpacking one of the texts takes, the largest */
    uint64_t worker_bytes;           /* of shared->work, for each worker but the first */
    unsigned pass;                   /* 1, or 2 after a restart */

    struct hw_partitioning partitioning;
    struct hw_outputs outputs;
    struct hw_sink *rejects; /* NULL until something is rejected */
    struct hw_csv_unique
        unique; /* where some column is: then spans run one after the other, in order, so that one worker at a time has it */

    struct {
        pthread_mutex_t lock;
        pthread_cond_t moved; /* head, failure, end, or bytes of the budget that came back */
        struct hw_span *spans;
        size_t spans_count; /* of a stream: so far */
        size_t spans_capacity;
        size_t next; /* first span that may be unclaimed */
        size_t head;
        atomic_bool widening;
        atomic_bool stopped; /* failed or cancelled: workers leave */
        bool ended;          /* the head went past the last span */
        enum hw_status status;
        struct hw_error error;
        uint64_t lines;                   /* of text `lines_text` before the head */
        uint32_t lines_text;              /* the text in which the head began */
        uint64_t records, rows, rejected; /* proved */
        uint64_t rejected_by[HW_CSV_REASON_COUNT];
        struct hw_bench *benches; /* free ones */
        size_t benches_count;     /* free ones, and those of workers */
        size_t workers;           /* that run a span */
        size_t workers_lent; /* for so many shared->work has lent worker_bytes; the job has taken the first one's */
        bool stream_busy;
        bool stream_ended;
    } shared_state;

    struct hw_input stream_input;  /* of the text that is streamed: its origin is taken where there is a source */
    struct hw_input_stream stream; /* while stream_busy: its filler's */
    struct hw_buf stream_rest;     /* bytes after the last complete record of the span filled last */
    uint64_t stream_offset;        /* of stream_rest in the text */
};

/* Puts the texts in order and decides the types, by what samples have shown or as `given` (NULL: not). Borrows all. On failure release all the same. */
HW_NODISCARD enum hw_status hw_conversion_open(struct hw_conversion *conversion, struct hw_conversion_shared *shared,
                                               struct hw_texts *texts, const struct hw_schema_file *given,
                                               struct hw_error *err);
/* Opens the outputs and cuts the spans: work can be claimed. */
HW_NODISCARD enum hw_status hw_conversion_start(struct hw_conversion *conversion, struct hw_targets *targets,
                                                struct hw_error *err);

/* A span to run; false where there is none to claim at present. Any thread. */
bool hw_conversion_claim(struct hw_conversion *conversion, size_t *out_span);
/* Runs a claimed span. Blocks while the queue is full. Any thread. Errors are the conversion's. */
void hw_conversion_run(struct hw_conversion *conversion, size_t span);
/* Returns what decides how much memory the conversion takes. After hw_conversion_open. */
struct hw_settings_object hw_conversion_object(const struct hw_conversion *conversion);
/* True once nothing is left to claim or running. */
bool hw_conversion_over(struct hw_conversion *conversion);

/* After the end of a pass: true where the outputs must be made again with a wider schema. Then call hw_conversion_start again. */
bool hw_conversion_must_restart(struct hw_conversion *conversion);
/* After the last pass: brings outputs and rejects to where they stay, all of them, invisible still. */
HW_NODISCARD enum hw_status hw_conversion_settle(struct hw_conversion *conversion, struct hw_error *err);
/*
 * Publishes what is settled, all or, as far as that can be undone, none; removes the rejects of an earlier run where
 * there are none now.
 */
HW_NODISCARD enum hw_status hw_conversion_publish(struct hw_conversion *conversion, struct hw_error *err);
/* What a report tells of the columns, one each, in `arena`; NULL where no report is wanted. After the last pass. */
HW_NODISCARD enum hw_status hw_conversion_columns(const struct hw_conversion *conversion, struct hw_arena *arena,
                                                  const struct hw_convert_column **out_columns, struct hw_error *err);
/* Releases everything; outputs that were not published disappear. */
void hw_conversion_release(struct hw_conversion *conversion);

/* For span.c and order.c. */

/* Tells where the worker of a span believes it starts. Before any piece of it is offered. */
void hw_conversion_guessed(struct hw_conversion *conversion, size_t span, uint64_t start);
/* Hands a piece over (taken in any case); HW_ECANCELLED where the span is not wanted any more. */
HW_NODISCARD enum hw_status hw_conversion_offer(struct hw_conversion *conversion, size_t span, struct hw_piece *piece,
                                                struct hw_error *err);
/* True where the worker of this span should leave. */
bool hw_conversion_left(struct hw_conversion *conversion, size_t span);
/*
 * Waits until this span is the head and no other conversion works on such a record either: one that is longer than what workers share takes memory that
 * only one of them can have. HW_ECANCELLED where the span is not wanted any more.
 */
HW_NODISCARD enum hw_status hw_conversion_alone(struct hw_conversion *conversion, size_t span, struct hw_error *err);
/* Gives back what was lent for workers and benches that are no more. */
void hw_conversion_workers_trim_locked(struct hw_conversion *conversion);
/* Ends a span; `result` holds what is to be kept of it. */
void hw_conversion_span_done(struct hw_conversion *conversion, size_t span, const struct hw_span *result);
/* Physical lines of `text` before its part in the head. */
uint64_t hw_conversion_lines_before(const struct hw_conversion *conversion, uint32_t text);
/* Releases what a span holds besides its queued pieces. */
void hw_span_release(struct hw_span *span);
/* Takes back what a span counted as the run's progress: its text will be read again. */
void hw_conversion_progress_undo(struct hw_conversion *conversion, const struct hw_span *span);
/* Sets the conversion's failure, the first one only, and wakes everybody. */
void hw_conversion_fail(struct hw_conversion *conversion, enum hw_status status, const struct hw_error *error);

#endif
