/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/settings.h"

#include <stdio.h>

#include "core/count.h"
#include "core/limits.h"

enum {
    WORKERS_MAX = 256,
    REMOTE_JOBS_A_THREAD = 4, /* waiting for a network takes no processor */
    /* Files that are flushed at once: more of them do not end earlier. */
    FLUSHES_MAX = 16,
    ENDERS_MAX = 64,
    /* Descriptors of an object in work beside its outputs: source, folder, one to spare. */
    OBJECT_FILES = 3,
    PARTS_HELD_MAX = 8,
    /* of an object that is read as one stream: the one in use and one that is on its way */
    READER_WINDOWS = 2,
    FILES_OPEN_MAX = 1 << 16,
    FILE_PIECES = 4,      /* pieces of a file of a given size, where text becomes no shorter */
    PART_GROUPS_MAX = 16, /* row groups' text that partitions are made of at once */
    /* of a long record: its text twice while the buffer grows, its index, its column */
    TEXT_COPIES = 5,
    /* of its value in each format: page, trial, compressed page, and the queue */
    FORMAT_COPIES = 5,
};

#define PART_BYTES HW_MIB(64)    /* CSV text of one row group */
#define PORTION_BYTES HW_MIB(16) /* the same of a text that comes as a stream, held in memory */
#define FILE_PART_BYTES_MIN HW_KIB(64)
#define PENDING_BYTES HW_MIB(12) /* values of a row group in work that are not encoded yet */
#define PARTITIONED_PIECE_BYTES_MAX HW_MIB(1024)
#define PIECE_BYTES_MIN HW_MIB(1)
#define PARSER_BYTES HW_KIB(2560) /* of a worker: a block of text, its index, its columns */
#define FORMAT_BYTES HW_KIB(1536) /* of a worker, for each format: pages in work, scratch */
#define SINK_BYTES HW_KIB(256)    /* of an output that is a local file: its buffer */
#define SMALL_OBJECT_BYTES HW_MIB(1)
#define ENDER_BYTES HW_MIB(4) /* of memory, for which there may be one ender */
#define SMALL_WORKER_BYTES HW_KIB(256)
#define SMALL_FORMAT_BYTES HW_MIB(1)
#define WIDE_BYTES HW_KIB(1024) /* more of the same, of a wide table (HW_CSV_WIDE_COLUMNS) */
#define COLUMN_BYTES 640        /* of a worker, for each column: profiles, indexes, the batch */
/* of a worker, for each column: values of a page and their dictionary, while the text has more */
#define PAGE_COLUMN_BYTES HW_KIB(32)
/* of all columns: pages of very many end early */
#define PAGES_BYTES_MAX HW_MIB(32)
/* of memory, for which an output may be read again: pages of texts with 4 MiB, and then some */
#define VERIFY_BYTES_MIN HW_MIB(16)
#define VERIFY_BYTES_MAX HW_MIB(512)
/*
 * The process keeps to the memory and 32 MiB, of which this is for what does not fit in the memory:
 * the rest is for code, stacks and what the allocator has free.
 */
#define BEYOND_BYTES HW_MIB(20)
/*
 * The compressors of one worker that find room there, however little the memory is: all levels of
 * the efforts fast and normal have less, in all formats together.
 */
#define HEAVY_BYTES HW_MIB(6)

/* ------ stores */

struct hw_settings_network hw_settings_network(uint64_t memory_bytes, size_t formats,
                                               const struct hw_settings_network *asked) {
    struct hw_settings_network network = *asked;
    if (network.source_part_bytes == 0) {
        network.source_part_bytes = hw_clamp(memory_bytes / 64, HW_KIB(512), HW_MIB(8));
    }
    if (network.target_part_bytes == 0) {
        /* of large objects more: see s3/multipart.h */
        network.target_part_bytes = HW_S3_PART_BYTES_MIN;
    }
    if (network.target_parts_held == 0) {
        uint64_t parts = memory_bytes / 4 / (hw_max_size(formats, 1) * network.target_part_bytes);
        network.target_parts_held = (uint32_t)hw_clamp(parts, 1, PARTS_HELD_MAX);
    }
    if (network.buffer_bytes == 0) {
        network.buffer_bytes = (uint32_t)hw_clamp(memory_bytes / 1024, HW_KIB(64), HW_KIB(512));
    }
    return network;
}

/* ------ memory */

/* What does not fit in the memory. */
enum misfit { MISFIT_NONE, MISFIT_COMPRESSORS, MISFIT_UPLOADS };

static uint64_t worker_fixed_bytes(const struct hw_settings_facts *facts);
static uint64_t source_bytes(const struct hw_settings_facts *facts, uint64_t object_bytes);
static uint64_t sinks_bytes(const struct hw_settings_facts *facts);
static enum misfit memory_divide(struct hw_settings *settings);
static uint64_t verify_divide(struct hw_settings *settings);
static void large_piece_limit(struct hw_settings *settings, uint64_t taken);
static void records_limit(struct hw_settings *settings, size_t at_once);
static void parts_size(struct hw_settings *settings, size_t at_once);
static void enders_limit(struct hw_settings *settings);
static void files_limit(struct hw_settings *settings);
static bool object_fits(const struct hw_settings *settings, const struct hw_settings_object *object);

static enum misfit settings_try(const struct hw_settings_facts *facts, struct hw_settings *out_settings) {
    const bool remote = facts->source_remote || facts->target_remote;
    struct hw_settings settings = {.facts = *facts};

    settings.threads = (uint32_t)hw_clamp(facts->threads, 1, WORKERS_MAX);
    settings.jobs = facts->jobs > 0 ? facts->jobs : settings.threads * (remote ? REMOTE_JOBS_A_THREAD : 1u);
    settings.workers = settings.threads;
    if (remote) {
        settings.workers = hw_max_size(settings.threads, hw_min_size(settings.jobs, facts->objects));
        settings.workers = hw_min_size(settings.workers, WORKERS_MAX);
    }
    enders_limit(&settings);
    settings.kept_bytes_max = facts->memory_bytes / 8;
    settings.remote_read_bytes = (size_t)facts->network.source_part_bytes;
    enum misfit misfit = memory_divide(&settings);
    if (misfit == MISFIT_NONE) {
        files_limit(&settings);
        *out_settings = settings;
    }
    return misfit;
}

/*
 * Returns the least memory, in MiB, in which everything fits: the object too unless it is NULL, and
 * a worker who holds `piece_bytes`.
 */
static uint64_t mib_enough(const struct hw_settings_facts *facts, const struct hw_settings_object *object,
                           uint64_t piece_bytes) {
    struct hw_settings_facts more = *facts;
    struct hw_settings settings;
    uint64_t mib = facts->memory_bytes >> 20;
    do { /* what is needed grows more slowly than the memory: this ends */
        more.memory_bytes = HW_MIB(++mib);
        more.network = hw_settings_network(more.memory_bytes, facts->formats, &facts->asked);
    } while (settings_try(&more, &settings) != MISFIT_NONE || settings.large_piece_bytes_max < piece_bytes ||
             (object && !object_fits(&settings, object)));
    return mib;
}

enum hw_status hw_settings_make(const struct hw_settings_facts *facts, struct hw_settings *out_settings,
                                struct hw_error *err) {
    switch (settings_try(facts, out_settings)) {
    case MISFIT_COMPRESSORS:
        return hw_fail(err, HW_ECONFIG,
                       "the compression that was asked for takes %" PRIu64 " MiB of memory for one worker, which is "
                       "too much for --memory %" PRIu64 "MiB: give %" PRIu64 "MiB, or choose a lower level",
                       facts->encoder_bytes >> 20, facts->memory_bytes >> 20, mib_enough(facts, NULL, 0));
    case MISFIT_UPLOADS:
        return hw_fail(err, HW_ECONFIG,
                       "uploading %s at once takes %" PRIu64 " MiB of memory, and --memory allows %" PRIu64
                       " MiB: give %" PRIu64 " MiB",
                       HW_COUNT(facts->formats, "format"), facts->formats * facts->network.target_part_bytes >> 20,
                       facts->memory_bytes >> 20, mib_enough(facts, NULL, 0));
    case MISFIT_NONE:
        break;
    }
    return HW_OK;
}

/* Gives each worker what it cannot do without, then divides among pieces what is left. */
static enum misfit memory_divide(struct hw_settings *settings) {
    const struct hw_settings_facts *facts = &settings->facts;
    const uint64_t memory = facts->memory_bytes;
    const uint64_t sides = (uint64_t)facts->source_remote + facts->target_remote;
    const uint64_t buffers = sides * facts->connections * 2 * facts->network.buffer_bytes;
    const uint64_t fixed = worker_fixed_bytes(facts);
    const uint64_t least = fixed + PIECE_BYTES_MIN + source_bytes(facts, UINT64_MAX) + sinks_bytes(facts);
    const bool heavy = facts->encoder_bytes > HEAVY_BYTES;

    if (heavy && least + buffers > memory - memory / 8) {
        return MISFIT_COMPRESSORS;
    }
    if (facts->target_remote && facts->formats * facts->network.target_part_bytes > memory / 2) {
        return MISFIT_UPLOADS;
    }
    const uint64_t rest = memory - memory / 4 - verify_divide(settings);
    settings->work_bytes = hw_max_size(rest > buffers ? rest - buffers : 0, least);
    settings->queue_bytes = memory / 4;
    if (heavy && settings->work_bytes > rest) { /* one worker alone needs little of a queue */
        const uint64_t over = settings->work_bytes - rest;
        settings->queue_bytes = hw_max_size(memory / 4 > over ? memory / 4 - over : 0, memory / 16);
    }
    const size_t at_once = hw_max_size(hw_min_size(settings->work_bytes / hw_max_size(least, 1), settings->workers), 1);
    const uint64_t share = settings->work_bytes / at_once - (least - PIECE_BYTES_MIN);
    settings->piece_bytes =
        hw_clamp(share, PIECE_BYTES_MIN, hw_max_size(memory / (2 * at_once), PIECE_BYTES_MIN)) + facts->encoder_bytes;
    /* How many rows are looked at together, must not depend on the workers. */
    if (facts->partitioned) {
        settings->piece_bytes =
            hw_clamp(memory / 4, PIECE_BYTES_MIN, PARTITIONED_PIECE_BYTES_MAX) + facts->encoder_bytes;
    }
    settings->worker_bytes = fixed + settings->piece_bytes - facts->encoder_bytes;
    large_piece_limit(settings, buffers + least - PIECE_BYTES_MIN + (at_once - 1) * settings->worker_bytes);
    records_limit(settings, at_once);
    parts_size(settings, at_once);
    return MISFIT_NONE;
}

/* Returns the memory that all outputs take which are read again at once. */
static uint64_t verify_divide(struct hw_settings *settings) {
    const uint64_t share = settings->facts.memory_bytes / 4;
    if (!settings->facts.verified) {
        return 0;
    }
    settings->verify_slots = (unsigned)hw_clamp(share / VERIFY_BYTES_MIN, 1, settings->threads);
    settings->verify_bytes = (size_t)hw_min_size(share / settings->verify_slots, VERIFY_BYTES_MAX);
    return settings->verify_slots * settings->verify_bytes;
}

static uint64_t worker_fixed_bytes(const struct hw_settings_facts *facts) {
    const uint64_t read_ahead = facts->source_remote ? facts->network.source_part_bytes : 0;
    return PARSER_BYTES + read_ahead + facts->formats * FORMAT_BYTES + facts->encoder_bytes;
}

/* What an object holds of its source. */
static uint64_t source_bytes(const struct hw_settings_facts *facts, uint64_t object_bytes) {
    return facts->source_remote ? READER_WINDOWS * hw_min_size(facts->network.source_part_bytes, object_bytes) : 0;
}

/* What the outputs of an object hold on their way to their stores. */
static uint64_t sinks_bytes(const struct hw_settings_facts *facts) {
    const struct hw_settings_network *network = &facts->network;
    const uint64_t held_bytes = network->target_part_bytes * network->target_parts_held;
    return facts->formats * (facts->target_remote ? held_bytes : SINK_BYTES);
}

/*
 * `taken` is what everything but this worker's piece and the queue may take meanwhile. As a rule
 * they hold half of that.
 */
static void large_piece_limit(struct hw_settings *settings, uint64_t taken) {
    const uint64_t memory = settings->facts.memory_bytes + BEYOND_BYTES;
    const uint64_t others = (taken + settings->queue_bytes) / 2;
    settings->large_piece_bytes_max = hw_max_size(memory > others ? memory - others : 0, settings->piece_bytes);
}

static void records_limit(struct hw_settings *settings, size_t at_once) {
    const uint64_t copies = TEXT_COPIES + FORMAT_COPIES * settings->facts.formats;
    settings->record_bytes_max = hw_clamp(settings->facts.memory_bytes / copies, HW_MIB(2), HW_CSV_RECORD_BYTES_MAX);
    settings->record_bytes_shared = hw_max_size(settings->record_bytes_max / at_once, HW_KIB(512));
}

/*
 * Sizes that decide where row groups end: they come from what was asked for, and not from the
 * memory or the threads.
 */
static void parts_size(struct hw_settings *settings, size_t at_once) {
    const struct hw_settings_facts *facts = &settings->facts;
    const uint64_t group_bytes = facts->row_group_bytes ? facts->row_group_bytes : PART_BYTES;
    uint64_t part_bytes = group_bytes;

    if (facts->file_bytes_max > 0) {
        part_bytes = hw_clamp(facts->file_bytes_max / FILE_PIECES, FILE_PART_BYTES_MIN, group_bytes);
    }
    settings->pending_bytes = PENDING_BYTES;
    settings->group_bytes = part_bytes;
    settings->portion_bytes = facts->row_group_bytes ? part_bytes : hw_min_size(part_bytes, PORTION_BYTES);
    settings->portion_held = settings->portion_bytes * at_once <= facts->memory_bytes / 4;
    if (facts->partitioned) {
        /* The more rows are looked at together, the more of each partition are among them. */
        part_bytes = hw_clamp(settings->piece_bytes, part_bytes, PART_GROUPS_MAX * group_bytes);
    }
    settings->part_bytes = part_bytes;
}

/*
 * Whoever asks for a number of jobs gets no more than these. The files of partitions are many, and
 * open until they are settled: their objects end one after the other.
 */
static void enders_limit(struct hw_settings *settings) {
    const struct hw_settings_facts *facts = &settings->facts;
    const uint64_t files = facts->descriptors_max / 2 / (OBJECT_FILES + 2 * facts->formats);
    const bool ahead = (facts->source_remote || facts->target_remote) && facts->jobs == 0;
    uint64_t enders = facts->target_remote ? facts->connections : FLUSHES_MAX;
    enders += ahead ? facts->connections : 0;
    enders = hw_min_size(hw_min_size(enders, ENDERS_MAX), facts->memory_bytes / ENDER_BYTES);
    enders = hw_min_size(hw_min_size(enders, files), hw_max_size(facts->objects, 1) - 1);
    enders = facts->jobs > 0 ? hw_min_size(enders, facts->jobs - 1) : enders;
    settings->enders = facts->partitioned ? 0 : (size_t)enders;
    settings->jobs_ahead = ahead ? settings->enders : 0;
    settings->jobs_all = facts->jobs > 0 ? facts->jobs : settings->jobs + settings->jobs_ahead + settings->enders;
    settings->small_bytes = SMALL_OBJECT_BYTES;
}

/* An eighth of the memory is for files of partitions that are open. */
static void files_limit(struct hw_settings *settings) {
    const struct hw_settings_facts *facts = &settings->facts;
    const uint64_t jobs = hw_max_size(hw_min_size(settings->jobs, facts->objects), 1);
    const uint64_t share = facts->memory_bytes / 8 / jobs;
    uint64_t files = facts->descriptors_max / 2 / jobs;
    if (facts->target_remote) {
        files = share / (facts->network.target_part_bytes * facts->network.target_parts_held);
    }
    settings->files_open_max = (size_t)hw_min_size(files, FILES_OPEN_MAX);
    settings->files_held_max = (size_t)share;
    settings->footers_held_max = (size_t)hw_max_size(4 * share, HW_MIB(1));
}

static bool object_fits(const struct hw_settings *settings, const struct hw_settings_object *object) {
    const uint64_t grace = hw_max_size(settings->facts.memory_bytes / 8, HW_MIB(4));
    return hw_settings_object_bytes(settings, object) <= settings->work_bytes + grace;
}

enum hw_status hw_settings_check(const struct hw_settings *settings, const struct hw_settings_object *object,
                                 struct hw_error *err) {
    if (object_fits(settings, object)) {
        return HW_OK;
    }
    char window[64] = "";
    if (object->window_bytes > 0) {
        snprintf(window, sizeof(window), ", a window of %" PRIu64 " MiB to unpack it", object->window_bytes >> 20);
    }
    return hw_fail(err, HW_ELIMIT,
                   "converting it takes about %" PRIu64 " MiB of memory (%s%s), which is more than --memory "
                   "%" PRIu64 "MiB leaves: give --memory %" PRIu64 "MiB",
                   hw_settings_object_bytes(settings, object) >> 20, HW_COUNT(object->columns, "column"), window,
                   settings->facts.memory_bytes >> 20, mib_enough(&settings->facts, object, 0));
}

/* Returns what pages of so many columns hold while the text has more. */
static uint64_t pages_bytes(size_t columns) {
    return hw_min_size(columns * PAGE_COLUMN_BYTES, PAGES_BYTES_MAX);
}

/* Where columns are many, the other workers' pages are all as full as this one's. */
static bool rows_fit(const struct hw_settings *settings, size_t columns, uint64_t held_bytes) {
    return held_bytes + pages_bytes(columns) / 2 <= settings->large_piece_bytes_max ||
           held_bytes <= settings->piece_bytes;
}

enum hw_status hw_settings_rows_check(const struct hw_settings *settings, const struct hw_settings_rows *rows,
                                      struct hw_error *err) {
    if (rows_fit(settings, rows->columns, rows->held_bytes)) {
        return HW_OK;
    }
    /* Buffers that grow by doubling hold twice what is in them. */
    const uint64_t held_bytes_max = hw_max_size(2 * settings->facts.content_bytes_max, rows->held_bytes);
    const double times = (double)settings->group_bytes / (double)hw_max_size(rows->text_bytes, 1);
    const double held_bytes = (double)rows->held_bytes * (times < 1 ? 1 : times);
    const uint64_t needed = held_bytes < (double)held_bytes_max ? (uint64_t)held_bytes : held_bytes_max;
    const uint64_t mib = mib_enough(&settings->facts, NULL, needed + pages_bytes(rows->columns) / 2);
    char shorter[48] = "a smaller --row-group-bytes";
    if (rows->text_bytes > 0) {
        snprintf(shorter, sizeof(shorter), "--row-group-bytes %" PRIu64 "KiB", rows->text_bytes / 4 * 3 >> 10);
    }
    return hw_fail(err, HW_ELIMIT,
                   "a row group of %s takes more than %" PRIu64 " MiB of memory, and --memory %" PRIu64
                   "MiB leaves less: give --memory %" PRIu64 "MiB, or %s",
                   HW_COUNT(rows->columns, "column"), rows->held_bytes >> 20, settings->facts.memory_bytes >> 20, mib,
                   shorter);
}

/* ------ who takes what */

uint64_t hw_settings_job_bytes(const struct hw_settings *settings, uint64_t text_bytes) {
    const struct hw_settings_facts *facts = &settings->facts;
    uint64_t worker = worker_fixed_bytes(facts);
    uint64_t rows = settings->worker_bytes - worker + sinks_bytes(facts);
    if (text_bytes < SMALL_OBJECT_BYTES) {
        const uint64_t encoders = hw_min_size(facts->encoder_bytes, facts->formats * SMALL_FORMAT_BYTES);
        worker = hw_min_size(worker, SMALL_WORKER_BYTES + 2 * text_bytes + encoders);
    }
    if (text_bytes < rows) { /* all its rows take about what its text does, wherever they are */
        rows = hw_min_size(rows, facts->formats * (text_bytes + text_bytes / 4 + SINK_BYTES));
    }
    return hw_min_size(worker + source_bytes(facts, text_bytes) + rows, settings->work_bytes);
}

/* Returns what one worker takes for the object beyond what any object asks for. */
static uint64_t own_bytes(const struct hw_settings *settings, const struct hw_settings_object *object) {
    const uint64_t pages = hw_min_size(pages_bytes(object->columns), object->text_bytes);
    /* What encoders hold is part of a piece, up to what that may have. */
    const uint64_t encoders = object->columns * settings->facts.column_bytes + pages;
    const uint64_t beyond = encoders > settings->piece_bytes ? encoders - settings->piece_bytes : 0;
    const uint64_t wide = object->columns >= HW_CSV_WIDE_COLUMNS ? WIDE_BYTES : 0;
    return object->columns * COLUMN_BYTES + wide + beyond + object->window_bytes;
}

uint64_t hw_settings_worker_bytes(const struct hw_settings *settings, const struct hw_settings_object *object) {
    return settings->worker_bytes + own_bytes(settings, object);
}

uint64_t hw_settings_object_bytes(const struct hw_settings *settings, const struct hw_settings_object *object) {
    return hw_settings_job_bytes(settings, object->text_bytes) + own_bytes(settings, object);
}
