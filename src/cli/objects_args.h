/* SPDX-License-Identifier: Apache-2.0 */
/* The options and the lines of output that the commands which look at objects have in common. */
#ifndef HW_CLI_OBJECTS_ARGS_H
#define HW_CLI_OBJECTS_ARGS_H

#include <hawser/objects.h>

#include "cli/cmd.h"
#include "cli/run_args.h"
#include "cli/store_args.h"
#include "cli/write_args.h"
#include "core/json_write.h"

struct hw_objects_args {
    struct hw_store_args store;
    struct hw_run_args run;
    /* Only what the commands have of hw_read_option_group is filled in. */
    struct hw_write_args write;
    bool json;
    bool humanize;
    bool raw;
    bool all_versions;
    const char *version_id;
};

/* The group is for a struct hw_objects_args. */
extern const struct hw_option_group hw_objects_option_group;

/* Bits for the rows of the group, for `rows` of struct hw_option_part. */
enum hw_objects_row {
    HW_OBJECTS_JSON = 1 << 0,
    HW_OBJECTS_HUMANIZE = 1 << 1,
    HW_OBJECTS_RAW = 1 << 2,
    HW_OBJECTS_ALL_VERSIONS = 1 << 3,
    HW_OBJECTS_VERSION_ID = 1 << 4,
};

/* The parts of a command's options that come behind its own; the struct stands at `base`. */
#define HW_OBJECTS_PARTS(base, rows)                                                     \
    {&hw_objects_option_group, (base), (rows)},                                          \
        {&hw_run_option_group, (base) + offsetof(struct hw_objects_args, run),           \
         HW_RUN_QUIET | HW_RUN_LOG | HW_RUN_CONFIG},                                     \
        {&hw_store_option_group, (base) + offsetof(struct hw_objects_args, store), 0}, { \
        &hw_common_options, 0, 0                                                         \
    }

/*
 * The part of a command that reads what may not be open to all; `rows` are bits of
 * enum hw_objects_read_row, or 0 for all.
 */
#define HW_OBJECTS_READ_PART(base, rows) \
    { &hw_read_option_group, (base) + offsetof(struct hw_objects_args, write), (rows) }
enum hw_objects_read_row {
    HW_OBJECTS_SSE_C = 1 << 0,
    HW_OBJECTS_REQUEST_PAYER = 1 << 1,
};

/* A call of such a command. Start it zeroed. It must not move. */
struct hw_objects_call {
    const struct hw_cmd_call *call;
    const struct hw_objects_args *args;
    struct hw_objects_options options;
    struct hw_log log;
    struct hw_write_access access;
    /* Lines that are not written yet. */
    struct hw_buf lines;
};
/*
 * Fills in the options; log and cancellation are those of the tool. The errors are those of
 * hw_write_args_access, after which the call has to be ended too.
 */
HW_NODISCARD enum hw_status hw_objects_call_begin(struct hw_objects_call *objects, const struct hw_cmd_call *call,
                                                  const struct hw_objects_args *args, struct hw_error *err);
/*
 * Writes the lines that are left, also after a failure of the command, which is `status`, and wipes
 * the keys. Returns the status, or else the failure to write.
 */
HW_NODISCARD enum hw_status hw_objects_call_end(struct hw_objects_call *objects, enum hw_status status,
                                                struct hw_error *err);
/* Writes the lines where they have become many. Called after each line. */
HW_NODISCARD enum hw_status hw_objects_line(struct hw_objects_call *objects, struct hw_error *err);

/* Begins a line of JSON, an object, which hw_objects_json_end ends. */
struct hw_json_writer hw_objects_json(struct hw_objects_call *objects);
HW_NODISCARD enum hw_status hw_objects_json_end(struct hw_objects_call *objects, struct hw_json_writer *json,
                                                struct hw_error *err);
/* Writes a time as "2026-11-21T13:20:45Z"; 0 is written as null. */
void hw_objects_json_time(struct hw_json_writer *json, const char *key, int64_t us);

/*
 * Tells that the command has done what its name says to the path: as a line of JSON, or as "hawser:
 * <verb> <path>" on standard error, unless --quiet says otherwise.
 */
HW_NODISCARD enum hw_status hw_objects_done(struct hw_objects_call *objects, const char *verb, const char *path,
                                            struct hw_error *err);

/* The room of the texts below. */
enum { HW_OBJECTS_TEXT_BYTES = 32 };
/* Writes "2026/11/21 13:20:45", UTC; "" for 0. Returns `out`. */
const char *hw_objects_time(int64_t us, char out[HW_OBJECTS_TEXT_BYTES]);
/* Writes a number of bytes, for people if --humanize says so. Returns `out`. */
const char *hw_objects_bytes(const struct hw_objects_call *objects, uint64_t bytes, char out[HW_OBJECTS_TEXT_BYTES]);
/* Appends a name, made harmless for a terminal, to the line. */
HW_NODISCARD enum hw_status hw_objects_name(struct hw_objects_call *objects, const char *name, struct hw_error *err);

#endif
