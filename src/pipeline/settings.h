/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The division of a run's memory: pure functions from what was asked for and what the machine has
 * to every size that the run works with. No other file derives a size from `--memory`.
 *
 * A quarter of the memory holds encoded rows that wait for their turn (`queue_bytes`). The buffers
 * of connections come off the rest, and what is left then (`work_bytes`) is lent to those who work:
 * an object takes hw_settings_job_bytes before it is opened, each worker that joins in takes
 * `worker_bytes`, and an object that turns out to need more takes that too. Who finds too little
 * left waits.
 */
#ifndef HW_PIPELINE_SETTINGS_H
#define HW_PIPELINE_SETTINGS_H

#include "core/error.h"

/* Values that the options of stores are filled in with, before any store is opened. */
struct hw_settings_network {
    uint64_t source_part_bytes;
    uint64_t target_part_bytes;
    uint32_t target_parts_held; /* parts of one upload that are in memory at once */
    uint32_t buffer_bytes;      /* of a connection, to receive into and to send from, each */
};
/*
 * Fields of `asked` that are not 0 stay as they are. `formats` is the number of formats that are
 * written.
 */
struct hw_settings_network hw_settings_network(uint64_t memory_bytes, size_t formats,
                                               const struct hw_settings_network *asked);

struct hw_settings_facts {
    uint64_t memory_bytes;
    uint32_t threads;     /* at least 1 */
    uint32_t jobs;        /* objects in work at once, as asked for; 0: not asked for */
    uint32_t connections; /* that a store has at once */
    size_t objects;       /* sources of the plan */
    size_t formats;       /* that are written */
    bool source_remote;   /* at least one source is */
    bool target_remote;
    bool partitioned;
    bool verified;            /* outputs are read again before they are published */
    uint64_t row_group_bytes; /* as asked for; 0: not asked for */
    uint64_t file_bytes_max;  /* as asked for; 0: no limit */
    uint64_t encoder_bytes;   /* that the compressors of all formats hold for one worker */
    /* that the encoders of all formats hold for each column of one worker */
    uint64_t column_bytes;
    /* of rows at which the encoders of all formats have handed on what they hold */
    uint64_t content_bytes_max;
    uint64_t descriptors_max; /* that the process may have open; UINT64_MAX: no limit */
    struct hw_settings_network network;
    /* what of the network is as asked for, whatever the memory; 0: not asked for */
    struct hw_settings_network asked;
};

struct hw_settings {
    uint32_t threads;
    /* threads of the run; more than `threads` where they wait for a network */
    size_t workers;
    size_t jobs; /* objects in work at once, at most, but for those that end */
    /* small objects in work beside them across a network, so that many are on their way at once */
    size_t jobs_ahead;
    /* threads that only open objects and publish what was made of them, which is waiting mostly */
    size_t enders;
    size_t jobs_all;       /* objects in work, with those that end */
    uint64_t small_bytes;  /* objects below this are small */
    uint64_t queue_bytes;  /* of encoded rows that wait for their turn */
    uint64_t work_bytes;   /* lent to jobs and workers */
    uint64_t worker_bytes; /* that one worker takes for a large text */
    /* of these, for rows in work; of partitions, rows are encoded when they hold so much */
    uint64_t piece_bytes;
    /* the same, of the one worker who may hold more while the others keep to their share */
    uint64_t large_piece_bytes_max;
    uint64_t pending_bytes;   /* values of a row group in work that are not encoded yet */
    uint64_t part_bytes;      /* of text that can be cut, of a part */
    uint64_t portion_bytes;   /* of text that comes as a stream, of a part */
    bool portion_held;        /* There is memory for such a part as a whole in each worker. */
    uint64_t group_bytes;     /* of the rows of one partition that become a row group */
    size_t remote_read_bytes; /* that are read at once across a network */
    /* of small remote objects that are merged: in memory between two looks at them */
    uint64_t kept_bytes_max;
    uint64_t record_bytes_max;    /* a longer record fails its object */
    uint64_t record_bytes_shared; /* longer ones are worked on by one worker at a time */
    size_t files_open_max;        /* of one conversion, over all formats */
    /* bytes that what is known of rows already written may take, as a footer has it */
    size_t footers_held_max;
    size_t files_held_max; /* bytes that the writers of open files may hold */
    unsigned verify_slots; /* outputs that are read again at once */
    size_t verify_bytes;   /* of memory, that each of these takes; 0: none are */

    struct hw_settings_facts facts;
};

/*
 * Divides the memory. HW_ECONFIG, naming the memory that is needed, where the compressors that were
 * chosen do not fit in it even for one worker, or where the parts of one upload do not.
 */
HW_NODISCARD enum hw_status hw_settings_make(const struct hw_settings_facts *facts, struct hw_settings *out_settings,
                                             struct hw_error *err);

/* Facts of an object that are known once its beginning has been looked at. */
struct hw_settings_object {
    uint64_t text_bytes; /* UINT64_MAX: that is not known, as of what is packed */
    size_t columns;
    uint64_t window_bytes; /* to unpack it */
};
/* Returns the memory for work that one worker takes for an object. It may be more than there is. */
uint64_t hw_settings_object_bytes(const struct hw_settings *settings, const struct hw_settings_object *object);
/*
 * HW_ELIMIT, naming the memory that is needed, where an object needs more than the run has, even
 * alone. A little more than there is passes, as sizes are estimates.
 */
HW_NODISCARD enum hw_status hw_settings_check(const struct hw_settings *settings,
                                              const struct hw_settings_object *object, struct hw_error *err);

/* The rows of a row group that one worker has in work. */
struct hw_settings_rows {
    size_t columns;
    uint64_t held_bytes; /* of memory */
    uint64_t text_bytes; /* of the part, in these rows and in those before them; 0: not known */
};
/*
 * HW_ELIMIT where the worker holds more than `large_piece_bytes_max`. The message names a memory
 * that is enough, if the rest of the part is as what came of it.
 */
HW_NODISCARD enum hw_status hw_settings_rows_check(const struct hw_settings *settings,
                                                   const struct hw_settings_rows *rows, struct hw_error *err);

/*
 * Returns the bytes of `work_bytes` that an object takes whose text has `text_bytes`; UINT64_MAX:
 * that is not known, as of what is packed.
 */
uint64_t hw_settings_job_bytes(const struct hw_settings *settings, uint64_t text_bytes);
/* Returns the bytes that each further worker takes for the object, once it is known. */
uint64_t hw_settings_worker_bytes(const struct hw_settings *settings, const struct hw_settings_object *object);

#endif
