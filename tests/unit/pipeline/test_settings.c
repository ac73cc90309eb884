/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a run divides its memory. Figures in comments are worked out by hand from the rules in
 * settings.h.
 */
#include "pipeline/settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "support/rows.h"

/* In KiB, so that fractions of a MiB can be written down. */
#define MIB(n) ((uint64_t)((n)*1024) * 1024)

/* What one worker cannot do without, as settings.c says of itself. */
enum { PARSER_KIB = 2560, FORMAT_KIB = 1536, PIECE_KIB = 1024, SINK_KIB = 256 };

struct settings_row {
    const char *name;
    struct hw_settings_facts facts;
    struct hw_settings_network asked;
    struct hw_settings want; /* fields that are 0 are not compared */
};

/*
 * What a row does not say: two threads, one format whose compressors take 1 MiB, 16 connections;
 * one object, or 100 of which S3 has some.
 */
#define LOCAL(mib) .memory_bytes = MIB(mib)
#define S3_SOURCE(mib) LOCAL(mib), .source_remote = true
#define S3_BOTH(mib) S3_SOURCE(mib), .target_remote = true

static const struct settings_row rows[] = {
    /*
     * Queue 64 / 4; work the rest. A worker needs 2.5 + 1.5 + 1 = 5 and a piece; an object a sink
     * of 0.25 besides. Both workers have 24: 24 - 5 - 0.25 = 18.75 for the piece, of which it takes
     * at most 64 / 4 = 16, and 1 for the compressors. A record has 8 copies in half of the memory.
     */
    {"local, one format, 64 MiB",
     {LOCAL(64)},
     {0},
     {.threads = 2,
      .workers = 2,
      .jobs = 2,
      .queue_bytes = MIB(16),
      .work_bytes = MIB(48),
      .worker_bytes = MIB(21),
      .piece_bytes = MIB(17),
      /* 64 and 20, without half of what the rest of both workers, a sink and the queue may take:
       * 5 + 0.25 + 21 + 16 = 42.25 */
      .large_piece_bytes_max = MIB(62.875),
      .pending_bytes = MIB(12),
      .part_bytes = MIB(64),
      .portion_bytes = MIB(16),
      .record_bytes_max = HW_MIB(64) / 10,
      .record_bytes_shared = HW_MIB(64) / 10 / 2}},
    /*
     * Three sinks and 2.5 + 3 x 1.5 + 3 = 10 leave 24 - 10.75 = 13.25 for a piece. A record has 16
     * copies.
     */
    {"local, three formats, 64 MiB",
     {LOCAL(64), .formats = 3, .encoder_bytes = MIB(3)},
     {0},
     {.work_bytes = MIB(48),
      .worker_bytes = MIB(23.25),
      .piece_bytes = MIB(16.25),
      .record_bytes_max = HW_MIB(64) / 20,
      .record_bytes_shared = HW_MIB(64) / 20 / 2}},
    /* Work of 12 is enough for one worker of 6.25, not for two: 12 - 5.25 = 6.75 for its piece. */
    {"8 threads, 16 MiB",
     {LOCAL(16), .threads = 8},
     {0},
     {.threads = 8,
      .workers = 8,
      .queue_bytes = MIB(4),
      .work_bytes = MIB(12),
      .worker_bytes = MIB(11.75),
      .piece_bytes = MIB(7.75),
      .pending_bytes = MIB(12),
      .portion_bytes = MIB(16),
      .record_bytes_max = MIB(2),
      .record_bytes_shared = MIB(2)}},
    /*
     * Nothing is scarce: everything has its largest size, the piece a quarter of the memory for
     * each of two.
     */
    {"6 GiB",
     {LOCAL(6144)},
     {0},
     {.work_bytes = MIB(4608),
      .worker_bytes = MIB(1541),
      .piece_bytes = MIB(1537),
      .pending_bytes = MIB(12),
      .part_bytes = MIB(64),
      .portion_bytes = MIB(16),
      .portion_held = true,
      .record_bytes_max = MIB(64),
      .record_bytes_shared = MIB(32)}},
    /*
     * Parts of 1 to read and of 5 to write, of which 3 are held in a quarter. 2 x 16 connections
     * have two buffers of 1/16: 4. One worker needs 2.5 + 1 + 1.5 + 1 = 6; an object holds two
     * parts of its source and 15 of its upload: 44 - 6 - 2 - 15 = 21 for a piece.
     */
    {"S3 to S3, 64 MiB",
     {S3_BOTH(64)},
     {0},
     {.workers = 8,
      .jobs = 8,
      .queue_bytes = MIB(16),
      .work_bytes = MIB(44),
      .worker_bytes = MIB(27),
      .piece_bytes = MIB(22),
      .remote_read_bytes = MIB(1),
      .record_bytes_max = HW_MIB(64) / 10,
      .record_bytes_shared = HW_MIB(64) / 10}},
    /*
     * Parts of 4 and of 8, 5 held; buffers 16. An object needs 9 + 1 + 8 + 40 = 58, so there is
     * room for three.
     */
    {"S3 to S3, 256 MiB", {S3_BOTH(256)}, {0}, {.work_bytes = MIB(176), .remote_read_bytes = MIB(4)}},
    {"S3 to S3, 460 MiB", {S3_BOTH(460)}, {0}, {.record_bytes_max = MIB(46)}},
    {"S3 to S3, three formats, 460 MiB, 64 jobs",
     {S3_BOTH(460), .formats = 3, .encoder_bytes = MIB(3), .jobs = 64},
     {0},
     {.jobs = 64, .workers = 64}},
    {"S3 to S3, 300 jobs of 1000", {S3_BOTH(2048), .jobs = 300, .objects = 1000}, {0}, {.jobs = 300, .workers = 256}},
    {"S3 to S3, large parts asked for",
     {S3_BOTH(256)},
     {.source_part_bytes = MIB(16), .target_part_bytes = MIB(32)},
     {.remote_read_bytes = MIB(16)}},
    {"64 jobs, local: no more workers than threads",
     {LOCAL(64), .jobs = 64, .objects = 100},
     {0},
     {.jobs = 64, .workers = 2}},
    /*
     * A worker has a quarter for rows, and 1 for the compressors, however many workers there are.
     */
    {"partitioned",
     {LOCAL(64), .partitioned = true},
     {0},
     {.group_bytes = MIB(64), .part_bytes = MIB(64), .piece_bytes = MIB(17)}},
    {"partitioned, 8 threads",
     {LOCAL(64), .threads = 8, .partitioned = true},
     {0},
     {.group_bytes = MIB(64), .part_bytes = MIB(64), .piece_bytes = MIB(17)}},
    {"partitioned, 6 GiB",
     {LOCAL(6144), .partitioned = true},
     {0},
     {.part_bytes = MIB(1024), .piece_bytes = MIB(1025)}},
    {"partitioned, 1 GiB", {LOCAL(1024), .partitioned = true}, {0}, {.part_bytes = MIB(257), .piece_bytes = MIB(257)}},
    {"partitioned, small row groups: 16 of them",
     {LOCAL(64), .partitioned = true, .row_group_bytes = MIB(1)},
     {0},
     {.group_bytes = MIB(1), .part_bytes = MIB(16), .portion_bytes = MIB(1)}},
    {"files of 1 MiB: a quarter",
     {LOCAL(64), .file_bytes_max = MIB(1)},
     {0},
     {.part_bytes = MIB(0.25), .group_bytes = MIB(0.25)}},
    {"files of 1 byte", {LOCAL(64), .file_bytes_max = 1}, {0}, {.part_bytes = HW_KIB(64), .portion_bytes = HW_KIB(64)}},
    {"row groups of 1 byte",
     {LOCAL(64), .row_group_bytes = 1},
     {0},
     {.part_bytes = 1, .portion_bytes = 1, .portion_held = true}},
    {"row groups of 8 MiB",
     {LOCAL(6144), .row_group_bytes = MIB(8)},
     {0},
     {.part_bytes = MIB(8), .portion_bytes = MIB(8), .portion_held = true}},
    /* A library may be given anything: one worker has what it needs, 5 + 1 + 0.25. */
    {"1 MiB", {LOCAL(1)}, {0}, {.work_bytes = MIB(6.25), .queue_bytes = MIB(0.25), .record_bytes_max = MIB(2)}},
    {"1 byte", {.memory_bytes = 1}, {0}, {.work_bytes = MIB(6.25), .record_bytes_max = MIB(2)}},
    {"1 MiB, and compressors that are not heavy",
     {LOCAL(1), .encoder_bytes = MIB(6)},
     {0},
     {.work_bytes = MIB(11.25), .piece_bytes = MIB(7)}},
    {"heavy compressors that just fit", {LOCAL(64), .encoder_bytes = MIB(50)}, {0}, {.piece_bytes = MIB(51)}},
};

static uint64_t said_or(uint64_t said, uint64_t otherwise) {
    return said > 0 ? said : otherwise;
}

/* The facts of a row with what it does not say, in another memory perhaps. */
static struct hw_settings_facts facts_of(const struct hw_settings_facts *facts, const struct hw_settings_network *asked,
                                         uint64_t memory_bytes) {
    struct hw_settings_facts made = *facts;
    made.memory_bytes = memory_bytes;
    made.threads = (uint32_t)said_or(facts->threads, 2);
    made.connections = (uint32_t)said_or(facts->connections, 16);
    made.objects = (size_t)said_or(facts->objects, facts->source_remote ? 100 : 1);
    made.formats = (size_t)said_or(facts->formats, 1);
    made.encoder_bytes = said_or(facts->encoder_bytes, MIB(1));
    made.column_bytes = said_or(facts->column_bytes, 512);
    made.descriptors_max = 1024;
    made.asked = *asked;
    made.network = hw_settings_network(memory_bytes, made.formats, asked);
    return made;
}

static struct hw_settings local_settings(uint64_t memory_bytes) {
    const struct hw_settings_network asked = {0};
    const struct hw_settings_facts facts = facts_of(&(struct hw_settings_facts){0}, &asked, memory_bytes);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_settings settings;
    assert_ok(hw_settings_make(&facts, &settings, &err), err);
    return settings;
}

static uint64_t buffers_of(const struct hw_settings_facts *facts) {
    const uint64_t sides = (uint64_t)facts->source_remote + facts->target_remote;
    return sides * facts->connections * 2 * facts->network.buffer_bytes;
}

static uint64_t uploads_of(const struct hw_settings_facts *facts) {
    const uint64_t parts_bytes = facts->network.target_part_bytes * facts->network.target_parts_held;
    return facts->formats * (facts->target_remote ? parts_bytes : HW_KIB(SINK_KIB));
}

/* One worker, its piece, what it reads ahead, and what an object holds at both its ends. */
static uint64_t least_of(const struct hw_settings_facts *facts) {
    const uint64_t reads = facts->source_remote ? 3 * facts->network.source_part_bytes : 0;
    const uint64_t worker = HW_KIB(PARSER_KIB) + facts->formats * HW_KIB(FORMAT_KIB) + facts->encoder_bytes;
    return worker + HW_KIB(PIECE_KIB) + reads + uploads_of(facts);
}

static uint64_t at_once_of(const struct hw_settings *settings) {
    const uint64_t fit = settings->work_bytes / least_of(&settings->facts);
    return hw_clamp(fit, 1, settings->workers);
}

#define ROW_TRUE(row, condition) assert_row_int((row), (condition), true)

/* What is promised all together is there, unless even one worker needs more. */
static void the_sum_stays_within(const char *name, const struct hw_settings *settings) {
    const struct hw_settings_facts *facts = &settings->facts;
    const uint64_t sum = settings->queue_bytes + settings->work_bytes + buffers_of(facts);
    ROW_TRUE(name, sum <= facts->memory_bytes || settings->work_bytes == least_of(facts));
    /* Of partitioned rows each worker has the same share, however few workers that leaves. */
    ROW_TRUE(name, (facts->partitioned ? 1 : at_once_of(settings)) * settings->worker_bytes <= settings->work_bytes);
    ROW_TRUE(name, settings->queue_bytes <= facts->memory_bytes / 4);
    ROW_TRUE(name, settings->piece_bytes >= HW_KIB(PIECE_KIB) + facts->encoder_bytes);
}

static void records_stay_within(const char *name, const struct hw_settings *settings) {
    const uint64_t copies = 5 + 5 * settings->facts.formats;
    const uint64_t most = settings->record_bytes_max;
    ROW_TRUE(name, most * copies <= settings->facts.memory_bytes || most == MIB(2));
    ROW_TRUE(name, most >= MIB(2) && most <= HW_CSV_RECORD_BYTES_MAX);
    ROW_TRUE(name, settings->record_bytes_shared <= most);
    ROW_TRUE(name, settings->record_bytes_shared * at_once_of(settings) <= most ||
                       settings->record_bytes_shared == HW_KIB(512));
}

static void parts_stay_within(const char *name, const struct hw_settings *settings) {
    const struct hw_settings_facts *facts = &settings->facts;
    ROW_TRUE(name, settings->portion_bytes >= 1 && settings->portion_bytes <= settings->part_bytes);
    ROW_TRUE(name, settings->group_bytes >= 1 && settings->group_bytes <= settings->part_bytes);
    ROW_TRUE(name,
             !settings->portion_held || settings->portion_bytes * 4 * at_once_of(settings) <= facts->memory_bytes);
    if (facts->row_group_bytes > 0) {
        ROW_TRUE(name, settings->group_bytes <= facts->row_group_bytes);
    }
}

static void files_stay_within(const char *name, const struct hw_settings *settings) {
    const struct hw_settings_facts *facts = &settings->facts;
    const uint64_t jobs = hw_min_size(settings->jobs, facts->objects);
    ROW_TRUE(name, settings->files_held_max * jobs <= facts->memory_bytes / 8);
    ROW_TRUE(name, settings->files_open_max * jobs <= facts->descriptors_max / 2);
    if (facts->target_remote) {
        const uint64_t file = facts->network.target_part_bytes * facts->network.target_parts_held;
        ROW_TRUE(name, settings->files_open_max * file <= settings->files_held_max);
    }
}

/*
 * Longer texts take more, never more than there is, and as many objects as workers have memory fit
 * at once.
 */
static void jobs_stay_within(const char *name, const struct hw_settings *settings) {
    static const uint64_t texts[] = {0,      1,      1000,    HW_KIB(64), HW_KIB(1023), MIB(1),   MIB(1) + 1,
                                     MIB(4), MIB(7), MIB(16), MIB(64),    MIB(1000),    MIB(1e7), UINT64_MAX};
    uint64_t before = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const uint64_t bytes = hw_settings_job_bytes(settings, texts[i]);
        ROW_TRUE(name, bytes >= before && bytes >= hw_min_size(texts[i], MIB(1)) && bytes <= settings->work_bytes);
        before = bytes;
    }
    ROW_TRUE(name, hw_settings_job_bytes(settings, 0) < hw_settings_job_bytes(settings, UINT64_MAX));
    ROW_TRUE(name, (settings->facts.partitioned ? 1 : at_once_of(settings)) * before <= settings->work_bytes);
    ROW_TRUE(name, before >= settings->worker_bytes);
}

static void columns_cost_what_they_hold(const char *name, const struct hw_settings *settings) {
    const struct hw_settings_object none = {0};
    const struct hw_settings_object ten = {.columns = 10};
    const struct hw_settings_object most = {.columns = HW_CSV_COLUMNS_MAX};
    const uint64_t narrow = hw_settings_worker_bytes(settings, &ten) - settings->worker_bytes;
    const uint64_t wide = hw_settings_worker_bytes(settings, &most) - settings->worker_bytes;
    ROW_TRUE(name, hw_settings_worker_bytes(settings, &none) == settings->worker_bytes);
    ROW_TRUE(name, narrow > 0 && narrow < HW_KIB(64));
    ROW_TRUE(name, wide + settings->piece_bytes >= HW_CSV_COLUMNS_MAX * settings->facts.column_bytes);
}

#define WANT(field)                                                         \
    do {                                                                    \
        if (rows[i].want.field != 0) {                                      \
            char name_[128];                                                \
            snprintf(name_, sizeof(name_), "%s: %s", rows[i].name, #field); \
            assert_row_int(name_, settings.field, rows[i].want.field);      \
        }                                                                   \
    } while (0)

static void the_memory_is_divided(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_settings_facts facts = facts_of(&rows[i].facts, &rows[i].asked, rows[i].facts.memory_bytes);
        struct hw_settings settings;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_settings_make(&facts, &settings, &err), err);
        the_sum_stays_within(rows[i].name, &settings);
        records_stay_within(rows[i].name, &settings);
        parts_stay_within(rows[i].name, &settings);
        files_stay_within(rows[i].name, &settings);
        jobs_stay_within(rows[i].name, &settings);
        columns_cost_what_they_hold(rows[i].name, &settings);
        WANT(threads);
        WANT(workers);
        WANT(jobs);
        WANT(queue_bytes);
        WANT(work_bytes);
        WANT(worker_bytes);
        WANT(piece_bytes);
        WANT(large_piece_bytes_max);
        WANT(pending_bytes);
        WANT(part_bytes);
        WANT(portion_bytes);
        WANT(portion_held);
        WANT(group_bytes);
        WANT(remote_read_bytes);
        WANT(record_bytes_max);
        WANT(record_bytes_shared);
    }
}

/* What decides where row groups and the parts of uploads end. */
static void sizes_that_decide_bytes_come_from_what_was_asked_for(void **state) {
    (void)state;
    static const struct {
        uint32_t threads, jobs;
        uint64_t memory_mib;
    } machines[] = {{1, 0, 16}, {2, 0, 64}, {3, 7, 100}, {64, 0, 256}, {5, 64, 6144}, {2, 1, 100000}};
    static const struct {
        const char *name;
        uint64_t row_group_bytes, file_bytes_max;
    } asked[] = {{"nothing", 0, 0}, {"row groups", MIB(8), 0}, {"large row groups", MIB(500), 0}, {"files", 0, MIB(9)}};
    const struct hw_settings_network none = {0};
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        struct hw_settings first = {0};
        for (size_t k = 0; k < COUNT_OF(machines); k++) {
            const struct hw_settings_facts machine = {.threads = machines[k].threads,
                                                      .jobs = machines[k].jobs,
                                                      .source_remote = true,
                                                      .target_remote = true,
                                                      .row_group_bytes = asked[i].row_group_bytes,
                                                      .file_bytes_max = asked[i].file_bytes_max};
            const struct hw_settings_facts facts = facts_of(&machine, &none, MIB(machines[k].memory_mib));
            struct hw_settings got;
            assert_int_equal(hw_settings_make(&facts, &got, NULL), HW_OK);
            first = k == 0 ? got : first;
            assert_row_int(asked[i].name, got.part_bytes, first.part_bytes);
            assert_row_int(asked[i].name, got.portion_bytes, first.portion_bytes);
            assert_row_int(asked[i].name, got.group_bytes, first.group_bytes);
            assert_row_int(asked[i].name, got.pending_bytes, first.pending_bytes);
            assert_row_int(asked[i].name, got.facts.network.target_part_bytes, MIB(5));
        }
    }
}

/*
 * Files are flushed 16 at once, and a service has 16 connections. One of these threads may be there
 * for 4 MiB of memory, and its object has 3 descriptors and 2 for each output, of half of all.
 */
static void what_waits_has_threads_of_its_own(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_settings_facts facts;
        size_t enders, jobs_ahead, jobs_all;
    } few[] = {
        {"local", {LOCAL(64), .objects = 100}, 16, 0, 2 + 16},
        {"least memory", {LOCAL(16), .objects = 100}, 4, 0, 2 + 4},
        {"one object has nobody to wait for", {LOCAL(64), .objects = 1}, 0, 0, 2},
        {"few objects", {LOCAL(64), .objects = 5}, 4, 0, 2 + 4},
        {"one job as asked for", {LOCAL(64), .objects = 100, .jobs = 1}, 0, 0, 1},
        {"three jobs as asked for", {LOCAL(64), .objects = 100, .jobs = 3}, 2, 0, 3},
        {"few descriptors", {LOCAL(64), .objects = 100, .descriptors_max = 100}, 10, 0, 2 + 10},
        {"few descriptors, two formats",
         {LOCAL(64), .objects = 100, .formats = 2, .descriptors_max = 100},
         7,
         0,
         2 + 7},
        {"partitions", {LOCAL(64), .objects = 100, .partitioned = true}, 0, 0, 2},
        {"from S3", {S3_SOURCE(256), .objects = 100}, 32, 32, 8 + 32 + 32},
        {"S3 to S3", {S3_BOTH(256), .objects = 100, .connections = 20}, 40, 40, 8 + 40 + 40},
        {"S3 to S3, very many connections", {S3_BOTH(1024), .objects = 100, .connections = 900}, 64, 64, 8 + 64 + 64},
        {"S3 to S3, jobs as asked for", {S3_BOTH(256), .objects = 100, .jobs = 64}, 16, 0, 64},
    };
    const struct hw_settings_network none = {0};
    for (size_t i = 0; i < COUNT_OF(few); i++) {
        struct hw_settings_facts facts = facts_of(&few[i].facts, &none, few[i].facts.memory_bytes);
        facts.descriptors_max = few[i].facts.descriptors_max ? few[i].facts.descriptors_max : facts.descriptors_max;
        struct hw_settings settings;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_settings_make(&facts, &settings, &err), err);
        assert_row_int(few[i].name, settings.enders, few[i].enders);
        assert_row_int(few[i].name, settings.jobs_ahead, few[i].jobs_ahead);
        assert_row_int(few[i].name, settings.jobs_all, few[i].jobs_all);
    }
}

static void networks_get_their_share(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t memory_bytes;
        size_t formats;
        struct hw_settings_network asked, want;
    } networks[] = {
        {"1 byte", 1, 1, {0}, {HW_KIB(512), MIB(5), 1, HW_KIB(64)}},
        {"64 MiB", MIB(64), 1, {0}, {MIB(1), MIB(5), 3, HW_KIB(64)}},
        {"64 MiB, three formats", MIB(64), 3, {0}, {MIB(1), MIB(5), 1, HW_KIB(64)}},
        {"256 MiB", MIB(256), 1, {0}, {MIB(4), MIB(5), 8, HW_KIB(256)}},
        {"256 MiB, three formats", MIB(256), 3, {0}, {MIB(4), MIB(5), 4, HW_KIB(256)}},
        {"6 GiB", MIB(6144), 3, {0}, {MIB(8), MIB(5), 8, HW_KIB(512)}},
        {"asked for stays", MIB(64), 1, {MIB(3), MIB(7), 4, 1000}, {MIB(3), MIB(7), 4, 1000}},
        {"large parts asked for", MIB(64), 1, {.target_part_bytes = MIB(9)}, {MIB(1), MIB(9), 1, HW_KIB(64)}},
        {"no format", MIB(64), 0, {0}, {MIB(1), MIB(5), 3, HW_KIB(64)}},
    };
    for (size_t i = 0; i < COUNT_OF(networks); i++) {
        const struct hw_settings_network got =
            hw_settings_network(networks[i].memory_bytes, networks[i].formats, &networks[i].asked);
        assert_row_int(networks[i].name, got.source_part_bytes, networks[i].want.source_part_bytes);
        assert_row_int(networks[i].name, got.target_part_bytes, networks[i].want.target_part_bytes);
        assert_row_int(networks[i].name, got.target_parts_held, networks[i].want.target_parts_held);
        assert_row_int(networks[i].name, got.buffer_bytes, networks[i].want.buffer_bytes);
    }
}

/* The number that follows "give " in a message. */
static uint64_t mib_named(const char *name, const char *message) {
    const char *give = strstr(message, "give ");
    ROW_TRUE(name, give != NULL);
    give += strcspn(give, "0123456789");
    return MIB(strtoull(give, NULL, 10));
}

static const struct {
    const char *name;
    struct hw_settings_facts facts;
    struct hw_settings_network asked;
    const char *says;
} refused[] = {
    /* 2.5 + 1.5 + 80 + 1 + 0.25 = 85.25 of seven eighths: 97.43. */
    {"CSV by zstd:19",
     {LOCAL(64), .encoder_bytes = MIB(80)},
     {0},
     "the compression that was asked for takes 80 MiB of memory for one worker, which is too much for --memory 64MiB: "
     "give 98MiB, or choose a lower level"},
    {"three formats by brotli:11",
     {LOCAL(64), .formats = 3, .encoder_bytes = MIB(90)},
     {0},
     "takes 90 MiB of memory for one worker"},
    {"one byte more is heavy", {LOCAL(1), .encoder_bytes = MIB(6) + 1}, {0}, "too much for --memory 1MiB"},
    {"heavy, from S3", {S3_SOURCE(64), .encoder_bytes = MIB(80)}, {0}, "too much for --memory 64MiB"},
    {"heavy, S3 to S3", {S3_BOTH(64), .encoder_bytes = MIB(80)}, {0}, "too much for --memory 64MiB"},
    {"heavy, S3 to S3, many connections",
     {S3_BOTH(64), .connections = 256, .encoder_bytes = MIB(200)},
     {0},
     "too much for --memory 64MiB"},
    {"heavy, S3 to S3, parts asked for",
     {S3_BOTH(64), .encoder_bytes = MIB(80)},
     {.target_part_bytes = MIB(16), .source_part_bytes = MIB(16)},
     "too much for --memory 64MiB"},
    {"three uploads",
     {S3_BOTH(16), .formats = 3},
     {0},
     "uploading 3 formats at once takes 15 MiB of memory, and --memory allows 16 MiB: give 30 MiB"},
    {"an upload of large parts", {S3_BOTH(16)}, {.target_part_bytes = MIB(9)}, "takes 9 MiB of memory"},
    {"an upload of odd parts", {S3_BOTH(10)}, {.target_part_bytes = MIB(5) + 1}, "takes 5 MiB of memory"},
};

/* And the memory that the message names is enough, though not much more than that. */
static void what_cannot_be_is_refused_by_name(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        const char *name = refused[i].name;
        const uint64_t memory = refused[i].facts.memory_bytes;
        struct hw_settings settings = {.threads = 77};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_settings_facts facts = facts_of(&refused[i].facts, &refused[i].asked, memory);
        assert_row_int(name, hw_settings_make(&facts, &settings, &err), HW_ECONFIG);
        assert_row_int(name, settings.threads, 77);
        assert_row_says(name, err.message, refused[i].says);
        assert_row_int(name, hw_settings_make(&facts, &settings, NULL), HW_ECONFIG);
        const uint64_t named = mib_named(name, err.message);
        facts = facts_of(&refused[i].facts, &refused[i].asked, named);
        assert_row_int(name, hw_settings_make(&facts, &settings, NULL), HW_OK);
        facts = facts_of(&refused[i].facts, &refused[i].asked, named - named / 8 - MIB(2));
        assert_row_int(name, hw_settings_make(&facts, &settings, NULL), HW_ECONFIG);
    }
}

/* ------ objects */

static const struct {
    const char *name;
    struct hw_settings_facts facts;
    struct hw_settings_object object;
    const char *says; /* NULL: it can be converted */
} objects[] = {
    {"small", {LOCAL(64)}, {1000, 10, 0}, NULL},
    {"as long as may be", {LOCAL(64)}, {UINT64_MAX, 10, 0}, NULL},
    {"the window of zstd:19", {LOCAL(64)}, {UINT64_MAX, 10, MIB(8)}, NULL},
    /* 5 + 16 + 0.25, and the window, are more than work of 48 and a grace of 8. */
    {"a window of 128 MiB",
     {LOCAL(64)},
     {UINT64_MAX, 10, MIB(128)},
     "converting it takes about 149 MiB of memory (10 columns, a window of 128 MiB to unpack it), which is more than "
     "--memory 64MiB leaves: give --memory "},
    {"a window of 32 MiB of 56", {LOCAL(64)}, {UINT64_MAX, 10, MIB(32)}, NULL},
    {"a window of 64 MiB in a short text", {LOCAL(64)}, {1000, 10, MIB(64)}, "a window of 64 MiB"},
    {"a window of 128 MiB and one worker", {LOCAL(64), .threads = 1}, {UINT64_MAX, 10, MIB(128)}, "128 MiB"},
    {"a window of 128 MiB and 8 threads",
     {LOCAL(16), .threads = 8},
     {UINT64_MAX, 10, MIB(128)},
     "--memory 16MiB leaves"},
    {"a window of 128 MiB from S3", {S3_BOTH(64)}, {UINT64_MAX, 10, MIB(128)}, "a window of 128 MiB"},
    {"a window of 128 MiB, three formats",
     {LOCAL(64), .formats = 3, .encoder_bytes = MIB(3)},
     {UINT64_MAX, 10, MIB(128)},
     "a window of 128 MiB"},
    {"a window of 128 MiB in 1 GiB", {LOCAL(1024)}, {UINT64_MAX, 10, MIB(128)}, NULL},
    {"16384 columns in 64 MiB", {LOCAL(64)}, {UINT64_MAX, 16384, 0}, NULL},
    {"16384 columns that encoders hold much for",
     {LOCAL(64), .column_bytes = 6000},
     {UINT64_MAX, 16384, 0},
     "(16384 columns), which is more"},
    {"16384 columns in 16 MiB", {LOCAL(16)}, {UINT64_MAX, 16384, 0}, "(16384 columns), which is more"},
    /* Pages of 512 columns take 16 MiB beyond a piece of 7.75: 5 + 7.75 + 8.5 + 0.25 of 12 + 4. */
    {"pages of many columns in 16 MiB", {LOCAL(16)}, {UINT64_MAX, 512, 0}, "(512 columns), which is more"},
    {"in a text that has no more", {LOCAL(16)}, {MIB(1), 512, 0}, NULL},
};

/*
 * An object that needs too much even alone is told so, and the memory that the message names is
 * enough for it.
 */
static void an_object_that_never_fits_is_refused_by_name(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        const struct hw_settings_network asked = {0};
        const char *name = objects[i].name;
        struct hw_settings settings;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_settings_facts facts = facts_of(&objects[i].facts, &asked, objects[i].facts.memory_bytes);
        assert_ok(hw_settings_make(&facts, &settings, &err), err);
        enum hw_status status = hw_settings_check(&settings, &objects[i].object, &err);
        assert_row_int(name, status, objects[i].says ? HW_ELIMIT : HW_OK);
        if (!objects[i].says) {
            continue;
        }
        assert_row_says(name, err.message, objects[i].says);
        assert_row_int(name, hw_settings_check(&settings, &objects[i].object, NULL), HW_ELIMIT);
        facts = facts_of(&objects[i].facts, &asked, mib_named(name, err.message));
        ROW_TRUE(name, facts.memory_bytes <= 4 * facts.network.target_part_bytes +
                                                 4 * hw_settings_object_bytes(&settings, &objects[i].object));
        assert_ok(hw_settings_make(&facts, &settings, &err), err);
        assert_row_int(name, hw_settings_check(&settings, &objects[i].object, NULL), HW_OK);
    }
}

/* ------ row groups */

static const struct {
    const char *name;
    struct hw_settings_facts facts;
    struct hw_settings_rows rows;
    const char *says; /* NULL: it may go on */
} groups[] = {
    /* Pages of 10 columns are 320 KiB, of which half is set aside. */
    {"all that one may hold", {LOCAL(64)}, {10, MIB(62.875) - HW_KIB(160), MIB(1)}, NULL},
    {"all of a share, however many columns", {LOCAL(16), .threads = 8}, {1000, MIB(7.75), MIB(1)}, NULL},
    {"a byte more",
     {LOCAL(64), .content_bytes_max = MIB(96)},
     {10, MIB(62.875) - HW_KIB(160) + 1, MIB(32)},
     "a row group of 10 columns takes more than 62 MiB of memory, and --memory 64MiB leaves less: give --memory "},
    {"the lower row group that would do",
     {LOCAL(64), .content_bytes_max = MIB(96)},
     {10, MIB(64), MIB(32)},
     "or --row-group-bytes 24576KiB"},
    {"more than encoders ever hold", {LOCAL(64), .content_bytes_max = MIB(30)}, {10, MIB(65), MIB(1)}, "of 10 columns"},
    {"in the text of several row groups", {LOCAL(64)}, {10, MIB(64), MIB(1000)}, "more than 64 MiB"},
    {"of no text at all", {LOCAL(64), .content_bytes_max = MIB(96)}, {10, MIB(64), 0}, "more than 64 MiB"},
    {"in little memory", {LOCAL(16), .threads = 8}, {1000, MIB(24), MIB(60)}, "--memory 16MiB leaves less"},
};

/* The memory that the message names is enough for a group that goes on as it began. */
static void a_row_group_that_never_fits_is_refused_by_name(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        const struct hw_settings_network asked = {0};
        const char *name = groups[i].name;
        struct hw_settings_rows group = groups[i].rows;
        struct hw_settings settings;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_settings_facts facts = facts_of(&groups[i].facts, &asked, groups[i].facts.memory_bytes);
        assert_ok(hw_settings_make(&facts, &settings, &err), err);
        enum hw_status status = hw_settings_rows_check(&settings, &group, &err);
        assert_row_int(name, status, groups[i].says ? HW_ELIMIT : HW_OK);
        if (!groups[i].says) {
            continue;
        }
        assert_row_says(name, err.message, groups[i].says);
        assert_row_int(name, hw_settings_rows_check(&settings, &group, NULL), HW_ELIMIT);
        const uint64_t whole = group.text_bytes > 0 ? group.held_bytes * MIB(64) / group.text_bytes : UINT64_MAX;
        const uint64_t most = hw_max_size(2 * facts.content_bytes_max, group.held_bytes);
        group.held_bytes = hw_min_size(hw_max_size(whole, group.held_bytes), most);
        facts = facts_of(&groups[i].facts, &asked, mib_named(name, err.message));
        assert_ok(hw_settings_make(&facts, &settings, &err), err);
        assert_row_int(name, hw_settings_rows_check(&settings, &group, &err), HW_OK);
    }
}

static void an_object_takes_the_sum_of_its_parts(void **state) {
    (void)state;
    const struct hw_settings settings = local_settings(MIB(64));
    const uint64_t texts[] = {0, MIB(3), UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct hw_settings_object object = {texts[i], 1000, MIB(9)};
        const uint64_t own_bytes = hw_settings_worker_bytes(&settings, &object) - settings.worker_bytes;
        assert_true(own_bytes >= MIB(9));
        assert_int_equal(hw_settings_object_bytes(&settings, &object),
                         hw_settings_job_bytes(&settings, texts[i]) + own_bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_memory_is_divided),
        cmocka_unit_test(sizes_that_decide_bytes_come_from_what_was_asked_for),
        cmocka_unit_test(what_waits_has_threads_of_its_own),
        cmocka_unit_test(networks_get_their_share),
        cmocka_unit_test(what_cannot_be_is_refused_by_name),
        cmocka_unit_test(an_object_that_never_fits_is_refused_by_name),
        cmocka_unit_test(a_row_group_that_never_fits_is_refused_by_name),
        cmocka_unit_test(an_object_takes_the_sum_of_its_parts),
    };
    return cmocka_run_group_tests_name("pipeline/settings", tests, NULL, NULL);
}
