/* SPDX-License-Identifier: Apache-2.0 */
/* A worker at parts of a table that knows no CSV: each step of a cursor, and an error at each. */
#include "pipeline/worker.h"

#include "core/clock.h"
#include "fake_run.h"
#include "support/alloc_fault.h"

/* ------ pieces */

static void rows_go_out_in_pieces(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *scripts[FAKE_PARTS_MAX];
        uint64_t rows_max;
        const char *want;
        uint64_t rows, rejected;
    } rows[] = {
        {"a part is one piece", {"s 3 2"}, 0, "[0 1 2 3 4].", 5, 0},
        {"parts end pieces", {"3", "s 2"}, 0, "[0 1 2][3 4].", 5, 0},
        {"so many rows end one", {"s 20"}, 8, "[0 1 2 3 4 5 6 7][8 9 10 11 12 13 14 15][16 17 18 19].", 20, 0},
        {"and no fewer across steps", {"s 5 5 5"}, 8, "[0 1 2 3 4][5 6 7 8 9][10 11 12 13 14].", 15, 0},
        {"a part without rows is none", {"3", "s", "s 1"}, 0, "[0 1 2][3].", 4, 0},
        {"a step without rows is none", {"s 0 2 0"}, 0, "[0 1].", 2, 0},
        {"rejected records are no rows", {"s 2 x3 1"}, 0, "[0 1 5].", 3, 3},
        {"nothing but rejected records", {"s x2", "s 1"}, 0, "[2].", 1, 2},
        {"no part at all", {NULL}, 0, ".", 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        memcpy(run.reader.scripts, rows[i].scripts, sizeof(rows[i].scripts));
        run.options.row_group_rows = rows[i].rows_max;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        if (rows[i].scripts[0]) {
            fake_run_work(&run);
        }
        assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
        assert_row_int(rows[i].name, run.reader.base.rows, rows[i].rows);
        assert_row_int(rows[i].name, run.reader.base.rejected, rows[i].rejected);
        assert_row_int(rows[i].name, run.context.rows_done, rows[i].rows);
        assert_row_int(rows[i].name, run.context.bytes_done, 10 * (rows[i].rows + rows[i].rejected));
        assert_row_int(rows[i].name, run.conversion.bytes_accepted, 10 * (rows[i].rows + rows[i].rejected));
        fake_run_publish(rows[i].name, &run, rows[i].want);
        fake_run_close(&run);
    }
}

/*
 * What is encoded ends a piece of each output by itself: of 1,024 bytes a column and the format's
 * own, 8 a row.
 */
static void outputs_have_pieces_of_their_own(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    run.formats[0] = fake_format(0);    /* due at 128 rows */
    run.formats[1] = fake_format(1024); /* at 256 */
    run.output_plan.count = 2;
    run.reader.scripts[0] = "s 127 1 127 1 3";
    fake_reader_init(&run.reader, 1);
    assert_ok(fake_run_begin(&run, &err), err);
    fake_run_work(&run);
    assert_ok(hw_outputs_close(&run.conversion.outputs, &err), err);
    assert_ok(hw_outputs_publish(&run.conversion.outputs, &err), err);
    static const char *const names[] = {"out/t.fake", "out/t.second"};
    static const size_t ends[][4] = {{127, 255, 258}, {255, 258}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        HW_AUTO(hw_buf) want = {0};
        for (size_t number = 0, end = 0; number < 259; number++) {
            const bool first = number == 0 || number == ends[i][end - (end > 0)] + 1;
            const bool last = number == ends[i][end];
            assert_int_equal(hw_buf_printf(&want, NULL, "%s%zu%s", first ? "[" : " ", number, last ? "]" : ""), HW_OK);
            end += last;
        }
        assert_int_equal(hw_buf_append(&want, ".", 2, NULL), HW_OK);
        fake_run_holds(names[i], &run, names[i], (const char *)want.data);
    }
    fake_run_close(&run);
}

/* ------ rejects */

/* Lines count from 1 in the whole table, also where a part ends before those in front of it. */
static void rejects_have_their_place(void **state) {
    (void)state;
    struct hw_queue_claim claims[2];
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    run.reader.scripts[0] = "2 x1";
    run.reader.scripts[1] = "s x1 1";
    fake_reader_init(&run.reader, 1);
    assert_ok(fake_run_begin(&run, &err), err);
    assert_true(hw_conversion_claim(&run.conversion, &claims[0]));
    assert_true(hw_conversion_claim(&run.conversion, &claims[1]));
    hw_worker_run(&run.conversion, &claims[1]);
    assert_null(run.conversion.rejects.sink);
    hw_worker_run(&run.conversion, &claims[0]);
    assert_ok(run.conversion.rejects.sink->ops->finish(run.conversion.rejects.sink, &err), err);
    fake_run_holds("rejects", &run, "out/t.rejects.jsonl",
                   "{\"line\":3,\"offset\":20,\"reason\":\"even\",\"raw\":\"bbb\"}\n"
                   "{\"line\":4,\"offset\":30,\"reason\":\"odd\",\"column\":\"k\",\"raw\":\"bbb\"}\n");
    fake_run_publish("rows", &run, "[0 1][4].");
    fake_run_close(&run);
}

struct rejects_probe {
    struct fake_run *run;
    bool written; /* before the part has ended */
};

static void rejects_look(void *ctx) {
    struct rejects_probe *probe = ctx;
    probe->written |= probe->run->conversion.rejects.sink != NULL;
}

/* Rejects of 4 MiB do not wait for the rows that are in work. */
static void many_rejects_do_not_wait(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script;
        bool want;
    } rows[] = {
        {"4 MiB", "s X4 1 ? 1", true},
        {"less", "s X3 1 ? 1", false},
        {"less, twice", "s X2 1 X2 1 ? 1", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        struct rejects_probe probe = {&run, false};
        fake_run_open(&run);
        run.reader.scripts[0] = rows[i].script;
        run.reader.probe = rejects_look;
        run.reader.probe_ctx = &probe;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        fake_run_work(&run);
        assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
        assert_row_int(rows[i].name, probe.written, rows[i].want);
        fake_run_close(&run);
    }
}

/* ------ guesses and turns */

/* The second part is read before the first, from where it guesses that it begins. */
static void a_wrong_guess_is_read_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script;
        uint64_t off;
        bool again;
    } rows[] = {
        {"right", "s 2", 0, false},
        {"wrong", "s 2", 1, true},
        {"told by the result alone", "2", 0, true},
        {"wrong, and it fails", "s 1 !", 1, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_queue_claim claims[3];
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.reader.scripts[0] = "s 3";
        run.reader.scripts[1] = rows[i].script;
        run.reader.off[1] = rows[i].off;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        assert_true(hw_conversion_claim(&run.conversion, &claims[0]));
        assert_true(hw_conversion_claim(&run.conversion, &claims[1]));
        hw_worker_run(&run.conversion, &claims[1]);
        run.reader.scripts[1] = "s 2"; /* at its true start nothing is wrong with it */
        hw_worker_run(&run.conversion, &claims[0]);
        assert_row_int(rows[i].name, run.context.rows_done, rows[i].again ? 3 : 5);
        assert_row_int(rows[i].name, run.context.bytes_done, rows[i].again ? 30 : 50);
        assert_row_int(rows[i].name, hw_conversion_claim(&run.conversion, &claims[2]), rows[i].again);
        if (rows[i].again) {
            assert_row_int(rows[i].name, claims[2].start, 3);
            hw_worker_run(&run.conversion, &claims[2]);
        }
        assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
        assert_row_int(rows[i].name, run.context.rows_done, 5);
        assert_row_int(rows[i].name, run.context.bytes_done, 50);
        fake_run_publish(rows[i].name, &run, "[0 1 2][3 4].");
        fake_run_close(&run);
    }
}

static void parts_may_follow_each_other(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *scripts[FAKE_PARTS_MAX];
        const char *want;
        enum hw_status status;
        size_t wakes;
        int64_t line;
    } rows[] = {
        {"one", {"2 H"}, "[0 1].", HW_OK, 1, -1},
        {"handed on early", {"h 2", "1 h 1", "H"}, "[0 1][2 3].", HW_OK, 3, -1},
        {"fails before it hands on", {"h 2", "1 ! H"}, NULL, HW_EDATA, 1, 4},
        {"fails behind that", {"h 2", "1 H !"}, NULL, HW_EDATA, 2, 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        memcpy(run.reader.scripts, rows[i].scripts, sizeof(rows[i].scripts));
        run.reader.base.sequential = true;
        run.reader.base.in_turn = i % 2 == 1;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        fake_run_work(&run);
        assert_row_int(rows[i].name, hw_queue_status(&run.conversion.queue, &err), rows[i].status);
        assert_row_int(rows[i].name, run.wakes, rows[i].wakes);
        if (rows[i].want) {
            fake_run_publish(rows[i].name, &run, rows[i].want);
        } else {
            assert_row_int(rows[i].name, err.line, rows[i].line);
        }
        fake_run_close(&run);
    }
}

/* ------ memory */

struct alone_probe {
    struct fake_run *run;
    bool alone;
    bool allowed;
};

static void alone_look(void *ctx) {
    struct alone_probe *probe = ctx;
    const struct hw_slot *slot = &probe->run->conversion.queue.synced.slots[0];
    probe->alone = slot->alone && hw_budget_held(&probe->run->context.alone) == 1;
    probe->allowed = !probe->alone || hw_budget_held(&probe->run->context.alone) == 1;
}

static void what_is_large_is_done_alone(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script;
        size_t row_held_bytes;
        bool want;
    } rows[] = {
        {"nothing is large", "s 10 ? 1", 100, false},
        {"a large record", "s 1 l ? 1", 0, true},
        {"two large records", "s l 1 l ? 1", 0, true},
        {"rows that hold more than a share", "s 11 ? 1", 100000, true},
        {"just as much as a share", "s 10 ? 0", 104857, false},
        {"more than a share, then a large record", "s 11 l ? 1", 100000, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        struct alone_probe probe = {&run, false, false};
        fake_run_open(&run);
        fake_format_script()->row_held_bytes = rows[i].row_held_bytes;
        run.reader.scripts[0] = rows[i].script;
        run.reader.scripts[1] = "s 1";
        run.reader.probe = alone_look;
        run.reader.probe_ctx = &probe;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        struct hw_queue_claim claim;
        assert_true(hw_conversion_claim(&run.conversion, &claim));
        hw_worker_run(&run.conversion, &claim);
        assert_row_int(rows[i].name, probe.alone, rows[i].want);
        /* large buffers go */
        assert_row_int(rows[i].name, run.conversion.benches.synced.count, !rows[i].want);
        assert_int_equal(hw_budget_held(&run.context.alone), 0);
        fake_run_work(&run);
        /* no part is left to claim */
        assert_row_int(rows[i].name, run.conversion.benches.synced.count, 0);
        assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
        fake_run_close(&run);
    }
}

/* What does not fit even alone is an error, and not a larger process. */
static void what_is_too_large_alone_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script;
        enum hw_status want;
    } rows[] = {
        {"all that one may hold", "s 20", HW_OK},
        {"more than that", "s 21", HW_ELIMIT},
        {"more than that, later", "s 11 10", HW_ELIMIT},
        {"more than that, behind a large record", "s l 21", HW_ELIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        fake_format_script()->row_held_bytes = (2 << 20) / 20;
        run.reader.scripts[0] = rows[i].script;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        fake_run_work(&run);
        assert_row_int(rows[i].name, hw_queue_status(&run.conversion.queue, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want == HW_OK ? "" : "a row group of 1 column ");
        fake_run_close(&run);
    }
}

/* ------ misfits */

/*
 * Once a value does not fit, nothing is encoded: what went out before stays, to be dropped with its
 * output.
 */
static void behind_a_misfit_nothing_is_encoded(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *scripts[FAKE_PARTS_MAX];
        uint64_t written;
        size_t encoded;    /* rows, of which those in the misfit's part are dropped */
        size_t void_steps; /* that were read for their types alone */
    } rows[] = {
        {"rows before it in the part", {"s 3 w2 4"}, 0, 3, 0},
        {"rejects before it in the part", {"s x1 3 w2 4"}, 0, 3, 0},
        {"a part before it", {"3", "s w1 2"}, 3, 3, 0},
        {"a part behind it", {"w1", "s 2 x1 3"}, 0, 0, 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        memcpy(run.reader.scripts, rows[i].scripts, sizeof(rows[i].scripts));
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        fake_run_work(&run);
        assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
        assert_row_int(rows[i].name, run.conversion.misfit, true);
        assert_row_int(rows[i].name, run.conversion.outputs.formats[0].rows, rows[i].written);
        assert_row_int(rows[i].name, fake_format_script()->rows_added, rows[i].encoded);
        assert_row_int(rows[i].name, run.reader.void_steps, rows[i].void_steps);
        assert_null(run.conversion.rejects.sink);
        fake_run_close(&run);
    }
}

/* ------ errors */

static void cancel(void *ctx) {
    ((struct fake_run *)ctx)->cancelled = true;
}

static void every_step_may_fail(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script; /* of the second part: two rows stand before it */
        enum fake_call reader_fails;
        enum fake_format_call format_fails;
        enum hw_status status;
        const char *says;
        int64_t line;
    } rows[] = {
        {"no cursor", "s 1", FAKE_CURSOR_NEW, FAKE_FORMAT_NONE, HW_EIO, "the fake fails", -1},
        {"no encoder", "s 1", FAKE_NONE, FAKE_ENCODER_NEW, HW_EIO, "the format fails", -1},
        {"the part cannot be opened", "s 1", FAKE_OPEN, FAKE_FORMAT_NONE, HW_EIO, "the fake fails", -1},
        {"before its start is known", "!", FAKE_NONE, FAKE_FORMAT_NONE, HW_EDATA, "a bad number", 3},
        {"behind that", "s !", FAKE_NONE, FAKE_FORMAT_NONE, HW_EDATA, "a bad number", 3},
        {"behind rows", "s 2 1 !", FAKE_NONE, FAKE_FORMAT_NONE, HW_EDATA, "a bad number", 6},
        {"behind rejected records", "s x2 !", FAKE_NONE, FAKE_FORMAT_NONE, HW_EDATA, "a bad number", 5},
        {"behind a large record", "s l 1 !", FAKE_NONE, FAKE_FORMAT_NONE, HW_EDATA, "a bad number", 4},
        {"behind a misfit", "s w1 !", FAKE_NONE, FAKE_FORMAT_NONE, HW_EDATA, "a bad number", 4},
        {"rows cannot be encoded", "s 1", FAKE_NONE, FAKE_ADD, HW_EIO, "the format fails", -1},
        {"nor made a piece", "s 1", FAKE_NONE, FAKE_TAKE, HW_EIO, "the format fails", -1},
        {"a piece cannot be written", "s 1", FAKE_NONE, FAKE_APPEND, HW_EIO, "the format fails", -1},
        {"nor is it with rejects", "s 1 x1", FAKE_NONE, FAKE_APPEND, HW_EIO, "the format fails", -1},
        {"the result is lost", "s 1 .", FAKE_NONE, FAKE_FORMAT_NONE, HW_ENOMEM, "out of memory", -1},
        {"it is lost after an error, which is told", "s . 1 !", FAKE_NONE, FAKE_FORMAT_NONE, HW_EDATA, "a bad", 2},
        {"stopped", "s 1 ? 1", FAKE_NONE, FAKE_FORMAT_NONE, HW_ECANCELLED, "stopped before it was done", -1},
        {"stopped before a large record", "s 1 ? l 1", FAKE_NONE, FAKE_FORMAT_NONE, HW_ECANCELLED, "stopped", -1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_queue_claim claim;
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.reader.scripts[0] = "s l 2"; /* large: its workbench is not kept for the next */
        run.reader.scripts[1] = rows[i].script;
        run.reader.scripts[2] = "s 1";
        run.reader.probe = cancel;
        run.reader.probe_ctx = &run;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        assert_true(hw_conversion_claim(&run.conversion, &claim));
        hw_worker_run(&run.conversion, &claim);
        run.reader.fails = rows[i].reader_fails;
        fake_format_script()->fails = rows[i].format_fails;
        fake_run_work(&run);
        assert_row_int(rows[i].name, hw_queue_status(&run.conversion.queue, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, err.line, rows[i].line);
        assert_row_int(rows[i].name, run.conversion.rejects.sink == NULL, true);
        assert_row_int(rows[i].name, hw_queue_status(&run.conversion.queue, NULL), rows[i].status);
        assert_row_int(rows[i].name, hw_conversion_claim(&run.conversion, &claim), false);
        fake_run_close(&run);
    }
}

/* ------ threads */

enum { CROWD_PARTS = 40, CROWD_THREADS = 4 };

static void *crowd_main(void *arg) {
    struct fake_run *run = arg;
    struct hw_queue_claim claim;
    while (!hw_queue_over(&run->conversion.queue)) {
        if (hw_conversion_claim(&run->conversion, &claim)) {
            hw_worker_run(&run->conversion, &claim);
        } else {
            hw_clock_sleep_ms(1);
        }
    }
    return NULL;
}

static void crowd_work(struct fake_run *run) {
    pthread_t threads[CROWD_THREADS];
    for (size_t i = 0; i < CROWD_THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_main, run), 0);
    }
    for (size_t i = 0; i < CROWD_THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* Part i holds the four records from 4 * i on, of which the third is rejected. */
static void crowd_want(struct hw_buf *rows, struct hw_buf *rejects, bool doubles) {
    const char *unit = doubles ? "d" : "";
    for (size_t i = 0; i < 4 * CROWD_PARTS; i += 4) {
        assert_int_equal(hw_buf_printf(rows, NULL, "[%zu%s %zu%s %zu%s]", i, unit, i + 1, unit, i + 3, unit), HW_OK);
        assert_int_equal(hw_buf_printf(rejects, NULL,
                                       "{\"line\":%zu,\"offset\":%zu,\"reason\":\"even\",\"raw\":\"bbb\"}\n", i + 3,
                                       10 * (i + 2)),
                         HW_OK);
    }
    assert_int_equal(hw_buf_append(rows, ".", 2, NULL), HW_OK);
    assert_int_equal(hw_buf_append(rejects, "", 1, NULL), HW_OK);
}

/* However many workers there are, and whatever they guess: the same rows, rejects and progress. */
static void a_crowd_makes_the_same_table(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script;
        bool guess_wrong, sequential, in_turn, misfit;
        uint64_t queue_bytes, work_bytes;
    } rows[] = {
        {"guesses are right", "s 2 x1 1", false, false, false, false, 1 << 20, FAKE_WORK_BYTES},
        {"some are wrong", "s 2 x1 1", true, false, false, false, 1 << 20, FAKE_WORK_BYTES},
        {"nothing may wait", "s 2 x1 1", true, false, false, false, 1, FAKE_WORK_BYTES},
        {"one worker alone has memory", "s 2 x1 1", true, false, false, false, 1 << 20, 1},
        {"everything is large", "s l 2 x1 1", true, false, false, false, 1 << 20, FAKE_WORK_BYTES},
        {"one after the other", "h 2 x1 1", false, true, false, false, 1 << 20, FAKE_WORK_BYTES},
        {"and each in its turn", "2 x1 1 h", false, true, true, false, 1 << 20, FAKE_WORK_BYTES},
        {"in two passes", "s 2 x1 w1", true, false, false, true, 1 << 20, FAKE_WORK_BYTES},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) want = {0};
        HW_AUTO(hw_buf) rejects = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.context.queue.total = rows[i].queue_bytes;
        run.context.work.total = rows[i].work_bytes;
        for (size_t k = 0; k < CROWD_PARTS; k++) {
            run.reader.scripts[k] = rows[i].script;
            run.reader.off[k] = rows[i].guess_wrong && k % 3 == 1;
        }
        if (rows[i].sequential) {
            run.reader.scripts[CROWD_PARTS - 1] = "2 x1 1 H";
        }
        run.reader.base.sequential = rows[i].sequential;
        run.reader.base.in_turn = rows[i].in_turn;
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        crowd_work(&run);
        assert_row_int(rows[i].name, run.conversion.misfit, rows[i].misfit);
        if (rows[i].misfit) {
            assert_ok(hw_conversion_redo(&run.conversion, &err), err);
            crowd_work(&run);
        }
        assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
        assert_row_int(rows[i].name, run.context.rows_done, 3 * CROWD_PARTS);
        assert_row_int(rows[i].name, run.context.bytes_done, 40 * CROWD_PARTS);
        crowd_want(&want, &rejects, rows[i].misfit);
        assert_ok(run.conversion.rejects.sink->ops->finish(run.conversion.rejects.sink, &err), err);
        fake_run_holds(rows[i].name, &run, "out/t.rejects.jsonl", (const char *)rejects.data);
        fake_run_publish(rows[i].name, &run, (const char *)want.data);
        fake_run_close(&run);
    }
}

/* ------ memory that is not there */

/* Everything between the budgets and what is published, over two passes. */
static enum hw_status sweep_run(struct fake_run *run, struct hw_error *err) {
    HW_TRY(fake_run_begin(run, err));
    fake_run_work(run);
    HW_TRY(hw_queue_status(&run->conversion.queue, err));
    HW_TRY(hw_conversion_redo(&run->conversion, err));
    fake_run_work(run);
    HW_TRY(hw_queue_status(&run->conversion.queue, err));
    HW_TRY(hw_outputs_close(&run->conversion.outputs, err));
    return hw_outputs_publish(&run->conversion.outputs, err);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    bool fired = true;
    size_t failures = 0;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.options.report_path = "report.json";
        run.reader.scripts[0] = "s 3 x1 2";
        run.reader.scripts[1] = "s 2 w1 3";
        run.reader.scripts[2] = "s l 2";
        fake_reader_init(&run.reader, 1);
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = sweep_run(&run, &err);
        hw_conversion_release(&run.conversion);
        fired = alloc_fault_end(&fault);
        failures += fired;
        if (status != HW_OK) {
            assert_true(fired);
            assert_int_equal(status, HW_ENOMEM);
            assert_non_null(strstr(err.message, "out of memory"));
        }
        fake_run_holds("sweep", &run, "out/t.fake",
                       status == HW_OK ? "[0d 1d 2d 4d 5d][6d 7d 8d 9d 10d 11d][12d 13d]." : NULL);
        fake_run_close(&run);
    }
    assert_true(failures > 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_go_out_in_pieces),
        cmocka_unit_test(outputs_have_pieces_of_their_own),
        cmocka_unit_test(rejects_have_their_place),
        cmocka_unit_test(many_rejects_do_not_wait),
        cmocka_unit_test(a_wrong_guess_is_read_again),
        cmocka_unit_test(parts_may_follow_each_other),
        cmocka_unit_test(what_is_large_is_done_alone),
        cmocka_unit_test(what_is_too_large_alone_is_refused),
        cmocka_unit_test(behind_a_misfit_nothing_is_encoded),
        cmocka_unit_test(every_step_may_fail),
        cmocka_unit_test(a_crowd_makes_the_same_table),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("pipeline/worker", tests, NULL, NULL);
}
