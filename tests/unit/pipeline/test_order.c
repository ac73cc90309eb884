/* SPDX-License-Identifier: Apache-2.0 */
/* However a text is cut in spans, and by however many threads: the same rows, rejects and errors. */
#include "pipeline/conversion.h"

#include <stdlib.h>
#include <time.h>

#include "conversions.h"
#include "core/alloc.h"
#include "core/clock.h"

enum { THREADS_MAX = 4, CUT_BYTES_MAX = 64 };

/* Texts that make a guess about quotes go wrong. */
static const struct {
    const char *name;
    const char *text;
} texts[] = {
    {"plain", "a,b\n1,2\n3,4\n5,6\n"},
    {"no record end at the end", "a,b\n1,2\n3,4"},
    {"a line break in every field", "a,b\n\"1\n1\",\"2\n2\"\n\"3\n3\",\"4\n4\"\n\"5\n5\",\"6\n6\"\n"},
    {"nothing but line breaks in quotes", "a,b\n\"\n\n\n\n\n\n\n\n\",\"\n\n\n\n\n\"\n1,2\n"},
    {"records inside quotes", "a,b\n1,\"x,y\n7,8\n9,10\n\"\n3,\"\n11,12\n13,14\n15,16\n17,18\n\"\n5,6\n"},
    {"quoted records inside quotes",
     "a,b\n1,\"x\n\"\"7\"\",\"\"8\"\"\n\"\"9\"\",\"\"10\"\"\n\"\n\"3\",\"\n\"\"11\"\",\"\"12\"\"\n\"\n5,6\n"},
    {"doubled quotes", "a,b\n\"\"\"\",\"\"\"\"\"\"\n\"\"\"\n\"\"\",\"\n\"\"\n\"\n\"\",\"\"\n"},
    {"empty quotes and line breaks", "a,b\n\"\",\"\"\n\"\n\",\"\n\"\n\"\",\"\n\"\n\"\n\",\"\"\n"},
    {"CRLF", "a,b\r\n1,\"x\r\ny\"\r\n\"\r\n\",\"\r\n7,8\r\n\"\r\n3,4\r\n"},
    {"CRLF and LF", "a,b\r\n1,2\n3,4\r\n\"\r\",\"\n\"\n5,\"\r\n\"\r\n"},
    {"CR at a field's end", "a,b\n1,2\r\n3,\"4\r\"\n5\r,6\n\"\r\n\",\r\n"},
    {"quotes in plain fields", "a,b\n1\"1,2\"2\n3\"\"3,4\"\nx\"y\"z,\"\"\n5,6\"\n"},
    {"one record longer than every span",
     "a,b\n1,\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nxxxxxxxxx\n,,,\n1,2\n\"\n3,4\n"},
    {"blank lines", "a,b\n\n\n1,2\n\n\n3,4\n\n\n"},
    {"blank lines, one column", "a\n\n1\n\n\n2\n\n"},
    {"one column of quotes", "a\n\"\n\"\n\"\"\"\"\n\"\"\n\"\n\n\n\"\nx\n"},
    {"header alone", "a,b\n"},
    {"a header of several lines", "\"a\nb\",\"c\n1,2\nd\"\n1,2\n\"\n\",3\n"},
    {"a byte order mark", "\xef\xbb\xbf"
                          "a,b\n1,\"\n2\"\n3,4\n"},
    {"letters beyond ASCII", "a,b\n\xc3\xa4,\"\xe2\x82\xac\n\"\n\xf0\x9f\x98\x80,\"\xc3\xa4,\n\"\n1,2\n"},
    {"ragged", "a,b\n1\n1,2\n1,2,3\n\"\n\",2\n\"x\n1,2,3\n\"\n3,4\n,\n"},
    {"bytes after a closing quote", "a,b\n1,2\n\"x\"y,2\n\"x\n\"\n\"\"\",3\n5,6\n"},
    {"bytes that are no UTF-8", "a,b\n1,2\n\xff,2\n\"\n\xfe\n\",3\n5,6\n"},
    {"a quote that is never closed", "a,b\n1,2\n3,\"4\n5,6\n7,8\n9,10\n"},
    {"a quote that is never closed, in the last field", "a,b\n1,\"2\n\"\n3,\"\n\"\n5,\""},
    {"a bad record, then quotes", "a,b\n1,2\n3\n5,\"\n6,7\n\"\n8,9,10\n\"\n\",\"\n\"\n"},
    {"types that change", "a,b\n1,1\n2,2.5\n3,\"\n4\"\n2024-01-01,true\n,\n"},
};

static const struct {
    const char *name;
    struct hw_csv_options csv;
} modes[] = {
    {"fail", {0}},
    {"reject", {.bad_rows_reject = true}},
    {"pad", {.bad_rows_pad = true, .bad_rows_reject = true}},
    {"no header, text", {.header = HW_CSV_HEADER_NO, .types = HW_CSV_TYPES_TEXT, .bad_rows_reject = true}},
};

static struct conversion_run text_run(const struct scratch *scratch, const struct hw_csv_options *csv,
                                      uint64_t span_bytes, uint32_t threads) {
    return convert_to_rows(
        scratch, "in.csv",
        &(struct hw_convert_options){.csv = *csv, .row_group_bytes = span_bytes, .threads = threads});
}

/* Cut at every byte, or at some. */
static void cuts_check(const char *name, hw_view text, size_t mode, uint64_t cut_step) {
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in.csv", text.data, text.size);
    struct conversion_run whole = text_run(&scratch, &modes[mode].csv, 0, 1);
    for (uint64_t cut = 1; cut <= CUT_BYTES_MAX; cut += cut_step) {
        uint32_t threads = (uint32_t)(cut_step == 1 ? 1 : cut % THREADS_MAX + 1);
        for (; threads <= THREADS_MAX; threads += cut_step == 1 ? 1 : THREADS_MAX) {
            char row[256];
            snprintf(row, sizeof(row), "%s, %s, spans of %" PRIu64 ", %u threads", name, modes[mode].name, cut,
                     threads);
            struct conversion_run run = text_run(&scratch, &modes[mode].csv, cut, threads);
            assert_same_run(row, &run, &whole);
            conversion_release(&run);
        }
    }
    conversion_release(&whole);
    scratch_remove(&scratch);
}

static void rows_do_not_depend_on_cuts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        for (size_t mode = 0; mode < COUNT_OF(modes); mode++) {
            cuts_check(texts[i].name, hw_view_of(texts[i].text), mode, 1);
        }
    }
}

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Texts of pieces that are likely to make trouble together. */
static void rows_do_not_depend_on_cuts_of_random_texts(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "1",     "x",      ",",       ",",   ",",    "\n",       "\n", "\n",    "\r\n",          "\"",  "\"", "\"\"",
        "\",\"", "\"\n\"", "\",\n\"", "2.5", "\n\n", "\xc3\xa4", "\r", "1,2\n", "\"a\",\"b\"\n", "\xff"};
    enum { TEXTS = 500, PIECES = 60 };
    for (uint64_t seed = 1; seed <= TEXTS; seed++) {
        char text[1024] = "a,b\n";
        char name[64];
        uint64_t random = seed;
        size_t count = 1 + next_random(&random) % PIECES;
        for (size_t i = 0; i < count; i++) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof(text) - used, "%s", pieces[next_random(&random) % COUNT_OF(pieces)]);
        }
        snprintf(name, sizeof(name), "random text %" PRIu64, seed);
        cuts_check(name, hw_view_of(text), seed % COUNT_OF(modes), 1 + next_random(&random) % 9);
    }
}

enum { SPANS = 3, PIECE_BYTES = 10 };

/* A conversion of three spans that run, without outputs, whose budget has room for one piece. */
struct queue {
    struct hw_budget budget;
    struct hw_conversion_shared run;
    struct hw_text text;
    struct hw_texts texts;
    struct hw_targets targets;
    struct hw_conversion conversion;
    struct hw_convert_options options;
};

static void queue_open(struct queue *queue) {
    *queue = (struct queue){0};
    hw_budget_init(&queue->budget, PIECE_BYTES);
    queue->run.queue = &queue->budget;
    queue->run.options = &queue->options;
    queue->texts = (struct hw_texts){.items = &queue->text, .count = 1};
    struct hw_conversion *conversion = &queue->conversion;
    conversion->shared = &queue->run;
    conversion->texts = &queue->texts;
    conversion->targets = &queue->targets;
    conversion->layout.fixed = true; /* nothing is learnt from values */
    pthread_mutex_init(&conversion->shared_state.lock, NULL);
    hw_clock_cond_init(&conversion->shared_state.moved);
    conversion->shared_state.spans = hw_alloc_zero(SPANS, sizeof(struct hw_span));
    conversion->shared_state.spans_count = SPANS;
    assert_non_null(conversion->shared_state.spans);
    for (size_t i = 0; i < SPANS; i++) {
        conversion->shared_state.spans[i].state = HW_SPAN_RUNNING;
    }
}

static void queue_release(struct queue *queue) {
    hw_free(queue->conversion.shared_state.spans);
    pthread_cond_destroy(&queue->conversion.shared_state.moved);
    pthread_mutex_destroy(&queue->conversion.shared_state.lock);
    hw_budget_release(&queue->budget);
}

static enum hw_status piece_offer(struct queue *queue, size_t span) {
    struct hw_piece *piece = hw_alloc_zero(1, sizeof(*piece));
    assert_non_null(piece);
    piece->held_bytes = PIECE_BYTES;
    return hw_conversion_offer(&queue->conversion, span, piece, NULL);
}

/* Ends a span that begins where the one before it ended, or elsewhere. */
static void span_end(struct queue *queue, size_t span, uint64_t start, uint64_t bytes, uint64_t rows) {
    struct hw_text_part *text_parts = hw_alloc_zero(1, sizeof(*text_parts));
    assert_non_null(text_parts);
    atomic_fetch_add(&queue->run.bytes_done, bytes);
    atomic_fetch_add(&queue->run.rows_done, rows);
    hw_conversion_span_done(&queue->conversion, span,
                            &(struct hw_span){.state = HW_SPAN_RUNNING,
                                              .known_start = span == 0,
                                              .start = start,
                                              .end = start + bytes,
                                              .bytes_done = bytes,
                                              .rows = rows,
                                              .records = rows,
                                              .text_parts = text_parts});
}

static void *last_offer(void *arg) {
    assert_int_equal(piece_offer(arg, 2), HW_OK);
    return NULL;
}

/* The head writes what it had queued while others wait for the budget: they go on then, not when the head has ended. */
static void room_in_the_budget_is_seen(void **state) {
    (void)state;
    struct queue queue;
    pthread_t thread;
    queue_open(&queue);
    assert_int_equal(piece_offer(&queue, 1), HW_OK);
    assert_int_equal(pthread_create(&thread, NULL, last_offer, &queue), 0);
    hw_conversion_guessed(&queue.conversion, 1, 100);
    span_end(&queue, 0, 0, 100, 1);
    assert_int_equal(queue.conversion.shared_state.head, 1);
    hw_clock_sleep_ms(50); /* the other one waits */
    assert_int_equal(hw_budget_held(&queue.budget), PIECE_BYTES);
    assert_int_equal(piece_offer(&queue, 1), HW_OK);
    struct timespec until = {.tv_sec = hw_clock_now_us() / 1000000 + 10};
    bool ended = pthread_timedjoin_np(thread, NULL, &until) == 0;
    hw_conversion_guessed(&queue.conversion, 2, 200);
    span_end(&queue, 1, 100, 100, 1);
    if (!ended) {
        pthread_join(thread, NULL);
    }
    span_end(&queue, 2, 200, 100, 1);
    assert_true(ended);
    queue_release(&queue);
}

static void what_is_thrown_away_is_no_progress(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t guess; /* of the second span, which begins at 100; 0: none yet */
        bool first;     /* it ends before the first one */
        uint64_t bytes, rows;
    } rows[] = {
        {"right, ends first", 100, true, 170, 17},
        {"right, ends second", 100, false, 170, 17},
        {"wrong, ends first", 130, true, 100, 10},
        {"wrong, ends second", 130, false, 100, 10},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct queue queue;
        queue_open(&queue);
        hw_conversion_guessed(&queue.conversion, 1, rows[i].guess);
        for (size_t k = 0; k < 2; k++) {
            if (rows[i].first == (k == 0)) {
                span_end(&queue, 1, rows[i].guess, 70, 7);
            } else {
                span_end(&queue, 0, 0, 100, 10);
            }
        }
        assert_row_int(rows[i].name, atomic_load(&queue.run.bytes_done), rows[i].bytes);
        assert_row_int(rows[i].name, atomic_load(&queue.run.rows_done), rows[i].rows);
        queue_release(&queue);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_do_not_depend_on_cuts),
        cmocka_unit_test(rows_do_not_depend_on_cuts_of_random_texts),
        cmocka_unit_test(room_in_the_budget_is_seen),
        cmocka_unit_test(what_is_thrown_away_is_no_progress),
    };
    quick_io();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
