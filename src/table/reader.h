/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline's view of a format that can be read: the twin of table/writer.h.
 *
 * A table reader makes one table of one source object or of several. It is looked at first, which
 * gives the schema; then it is read in passes. A pass cuts the table in parts, and a part is what
 * one worker turns into one run of rows. Workers each own a cursor, and open one part after the
 * other with it.
 *
 *   reader->ops->look(reader, object) ...          any thread, every object once
 *   reader->ops->decide(reader)                    the schema is known
 *   reader->ops->begin(reader)                     a pass: parts can be opened
 *     reader->ops->cursor_new(reader) -> cursor    any thread
 *     cursor->ops->open(cursor, part, start)       one thread at a time; cursors are independent
 *     cursor->ops->next(cursor) -> step ...
 *     cursor->ops->close(cursor) -> result
 *     reader->ops->accept(reader, result)          in the order of the parts, once each is proved
 *   reader->ops->widen(reader)                     only where a value did not fit: then begin again
 *   reader->ops->end(reader)                       everything was read, and is what the store has
 *
 * The start of a part may be a guess of its cursor, as a CSV text has no index of its records. The
 * caller proves it: a part must start where the one before it ended. If it does not, the rows that
 * were made of it are thrown away, and the part is opened again at its true start.
 */
#ifndef HW_TABLE_READER_H
#define HW_TABLE_READER_H

#include <hawser/io.h>

#include "core/arena.h"
#include "core/buf.h"
#include "table/batch.h"
#include "table/file_pairs.h"
#include "table/notes.h"

struct hw_table_reader;
struct hw_cursor;

/* ------ objects */

struct hw_table_objects;

struct hw_table_objects_ops {
    /* Returns the store path of an object, for messages. It lives as long as the objects. */
    const char *(*name)(const struct hw_table_objects *objects, size_t number);
    /*
     * Opens an object. The caller closes the source. Safe from any thread. Fails with HW_ECHANGED
     * where the object is not of the version with which the run was planned.
     */
    enum hw_status (*open)(const struct hw_table_objects *objects, size_t number, struct hw_source **out_source,
                           struct hw_error *err);
    /*
     * Returns true where an object can be read only once, as standard input: once it is open, it
     * stays open.
     */
    bool (*once)(const struct hw_table_objects *objects, size_t number);
};

/*
 * Source objects, which have numbers from 0. The pipeline provides them, and readers borrow them.
 */
struct hw_table_objects {
    const struct hw_table_objects_ops *ops;
    size_t count;
    /* The only object, where it is a stream of rows, which cannot be opened; else NULL. */
    struct hw_batch_stream *batches;
};

/* ------ sets of tables */

struct hw_table_set;

struct hw_table_set_ops {
    /*
     * Opens the object, finds its tables, and fills in the members of the set. Fails with HW_EDATA
     * where the options ask for none of the tables.
     */
    enum hw_status (*open)(struct hw_table_set *set, struct hw_error *err);
    /*
     * Sets `*table` to the first table from number `*table` on that the options ask for. Returns
     * false where there is none.
     */
    bool (*find)(const struct hw_table_set *set, size_t *table);
    /*
     * Returns the name that a table has within the object, borrowed from the set; NULL where it has
     * none of its own.
     */
    const char *(*name)(const struct hw_table_set *set, size_t table);
    /*
     * Makes a reader of one table. In a set of several objects that is the one that they make
     * together. Messages call the table `name`, which is borrowed.
     */
    enum hw_status (*reader_new)(struct hw_table_set *set, size_t table, const char *name,
                                 struct hw_table_reader **out_reader, struct hw_error *err);
    /* Closes the object, unless it can be read only once. It can be opened again. */
    void (*close)(struct hw_table_set *set);
    void (*free)(struct hw_table_set *set);
};

/*
 * The tables of one source object: a single one, or one for each member of an archive. A set may
 * also be of several objects that make one table together: then there is nothing to open, and
 * reader_new may be called at once. One thread's.
 */
struct hw_table_set {
    const struct hw_table_set_ops *ops;
    /* Known once the object was opened, as are the members below. */
    bool opened;
    size_t wanted;    /* number of tables that the options ask for */
    uint64_t bytes;   /* size of the object */
    int64_t mtime_us; /* time of its last change, in microseconds since 1970; 0: unknown */
    const char *etag; /* its ETag; "" where the store has none */
};

/* ------ rejected records */

enum { HW_REJECT_NO_COLUMN = -1, HW_REJECT_REASONS_MAX = 32 };

/*
 * One rejected record. In a struct hw_reject_list `bytes` bytes follow it: the record as it stands
 * in the source.
 */
struct hw_reject {
    uint64_t line;   /* physical line, from 0 where the part begins in the input */
    uint64_t offset; /* offset in the whole input, after unpacking */
    uint32_t input;  /* number of the input */
    uint32_t bytes;  /* length of the record */
    int32_t column;  /* number of the column at fault, or HW_REJECT_NO_COLUMN */
    uint32_t reason; /* a number below the reader's reject_reasons_count */
};

/* Rejected records, one after the other. Its owner releases `data`. */
struct hw_reject_list {
    struct hw_buf data;
    uint64_t count;
};

/* ------ parts */

/*
 * The result of one part. Each format has a struct of its own that begins with this. The cursor
 * makes it, and hw_table_reader_ops.result_free frees it.
 */
struct hw_part_result {
    /* The position of the part's first record. Only the reader understands positions. */
    uint64_t start;
    uint64_t end;      /* the position of the record after the part's last one */
    uint64_t records;  /* records that were read: rows and rejected ones */
    uint64_t rows;     /* records that became rows */
    uint64_t rejected; /* records that were rejected */
    uint64_t bytes;    /* bytes of the source that were read */
    /* A value did not fit its column: the reader must widen its schema, and begin again. */
    bool misfit;
};

enum hw_cursor_step {
    /*
     * The part's start is known: `result->start`. Where parts can be cut, this step comes once,
     * before the first rows.
     */
    HW_CURSOR_STARTED,
    /* `batch` holds rows of the table, perhaps none. It is valid until the next call. */
    HW_CURSOR_ROWS,
    /*
     * A record is larger than workers may hold at once. The caller sets `large_allowed`, once this
     * worker may, and then the cursor goes on.
     */
    HW_CURSOR_LARGE,
    /*
     * Another cursor may begin the next part, unless `last` is set. Where parts come one after the
     * other this step comes once for each part, else never.
     */
    HW_CURSOR_HANDED_ON,
    /* Nothing is left of the part. */
    HW_CURSOR_END,
};

struct hw_cursor_ops {
    /*
     * Opens a part: number `part` of the reader's parts, or the next one where parts come one after
     * the other. `start` is its true start, NULL where that is not known. The part must be ended by
     * close, after an error too.
     */
    enum hw_status (*open)(struct hw_cursor *cursor, size_t part, const uint64_t *start, struct hw_error *err);
    /*
     * Goes on to the next step. The line of an error counts from where the part begins in the
     * input; place_error makes it one of the whole input.
     */
    enum hw_status (*next)(struct hw_cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);
    /*
     * Ends the part, after an error too, and hands out its result; NULL where there was no memory
     * for one. The cursor keeps its buffers for the next part.
     */
    struct hw_part_result *(*close)(struct hw_cursor *cursor);
    void (*free)(struct hw_cursor *cursor);
};

/* A cursor reads one part after the other. One worker's. */
struct hw_cursor {
    const struct hw_cursor_ops *ops;
    const struct hw_part_result *result; /* the result so far of the part that is open */
    struct hw_batch batch;               /* set by the step HW_CURSOR_ROWS */
    /* The rejects of the part so far. The caller takes them, and leaves an empty list. */
    struct hw_reject_list rejects;
    /* Set by the caller: the worker may hold records of any size that is allowed. */
    bool large_allowed;
    /* Set by the step HW_CURSOR_HANDED_ON: no part comes after this one. */
    bool last;
    /*
     * Set by the caller when it wants no rows any more: then batches are void, rejects are
     * counted but not kept, and values only show which types they have.
     */
    bool types_only;
};

/* ------ readers */

/*
 * The way in which a column came to its type, for reports. Texts live in the arena that was given.
 */
struct hw_column_history {
    /* The type that the sample gave the column; NULL where the column still has it. */
    const struct hw_type *widened_from;
    /* The first value that did not fit that type; NULL where there is none. */
    const char *misfit;
    uint64_t misfit_line; /* physical line, from 1 */
    uint64_t misfit_offset;
    const char *misfit_input; /* name of the input where the table has several; else NULL */
};

/* One of the inputs of a table. Names are borrowed from the reader. */
struct hw_table_input {
    const char *name;
    size_t object;  /* number of the object in which it is */
    uint64_t bytes; /* size of the object */
    uint64_t rows;  /* rows accepted so far */
    /* Bytes behind the packed ones that were left out, once the last part is accepted. */
    uint64_t garbage_bytes;
    /*
     * The name of the checksum with which its bytes were or will be compared: "crc32c", "none".
     * NULL where the object is local.
     */
    const char *checksum;
};

struct hw_table_reader_ops {
    /*
     * Looks at an object, to find which inputs are in it, how they are written, and which values a
     * sample of them holds. Safe from any thread; called once for each object.
     */
    enum hw_status (*look)(struct hw_table_reader *reader, size_t object, struct hw_error *err);
    /* Makes the schema, once every object was looked at. */
    enum hw_status (*decide)(struct hw_table_reader *reader, struct hw_error *err);
    /* Begins a pass, after which parts can be opened. */
    enum hw_status (*begin)(struct hw_table_reader *reader, struct hw_error *err);
    /*
     * Returns whether the start of a part is known for certain before the parts before it are read.
     */
    bool (*part_exact)(const struct hw_table_reader *reader, size_t part);
    /* Makes a cursor. Safe from any thread. The cursor must be freed before the reader. */
    enum hw_status (*cursor_new)(struct hw_table_reader *reader, struct hw_cursor **out_cursor, struct hw_error *err);
    /*
     * Adds the result of a part, whose start is proved, to the sums of the table. Called in the
     * order of the parts, by one thread at a time.
     */
    void (*accept)(struct hw_table_reader *reader, const struct hw_part_result *result);
    /*
     * Makes the line of an error of a part's cursor one of the whole input, and names the input
     * where the table has several. Called when all parts before that part were accepted.
     */
    void (*place_error)(const struct hw_table_reader *reader, const struct hw_part_result *result,
                        struct hw_error *error);
    /*
     * Returns the line of a reject in the whole input, from 0. Called when all parts before its own
     * were accepted.
     */
    uint64_t (*reject_line)(const struct hw_table_reader *reader, const struct hw_reject *reject);
    void (*result_free)(struct hw_part_result *result);
    /*
     * Gives the columns types that hold every value of the table. Called after a pass with a
     * misfit. The schema's contents change, its address does not.
     */
    enum hw_status (*widen)(struct hw_table_reader *reader, struct hw_error *err);
    /*
     * Proves by their checksums that the inputs were read as the store has them. Called after the
     * last pass. Fails with HW_ECHECKSUM where they were not. A table that is only read for its
     * types then counts among those of the run (csv/type_groups.h).
     */
    enum hw_status (*end)(struct hw_table_reader *reader, struct hw_error *err);
    /* The inputs of the table, in their order. */
    size_t (*inputs_count)(const struct hw_table_reader *reader);
    struct hw_table_input (*input)(const struct hw_table_reader *reader, size_t number);
    /* Tells how a column came to its type. */
    enum hw_status (*history)(const struct hw_table_reader *reader, size_t column, struct hw_arena *arena,
                              struct hw_column_history *out_history, struct hw_error *err);
    void (*free)(struct hw_table_reader *reader);
};

struct hw_table_reader {
    const struct hw_table_reader_ops *ops;
    size_t objects_count;
    const struct hw_schema *schema; /* set by decide */
    /* Notes on the inputs; set by decide. NULL where there never are any. */
    const struct hw_notes *notes;
    /* Key-value metadata for outputs that have such; set by decide. */
    struct hw_file_pairs pairs;
    /*
     * Number of the parts of the pass; 0, as it is not known, where they come one after the other.
     */
    size_t parts_count;
    /* Parts come one after the other: only one cursor at a time can begin one. */
    bool sequential;
    bool in_turn;     /* a part may begin only when all before it have ended */
    bool types_final; /* set by decide: no value can make a column widen */
    /* The table had as many rows as were asked for, and so not all of it was read. */
    bool limited;
    uint64_t bytes;        /* sizes of all objects, packed as they are */
    uint64_t window_bytes; /* the most memory that unpacking an input takes */
    /*
     * Encoded bytes at which a row group ends where its format allows more, and the rows after
     * which that is looked at, a power of two of at least HW_BATCH_SLICE_ROWS; set by decide. 0:
     * the format says when.
     */
    size_t group_bytes_max;
    size_t group_step_rows;
    const char *const *reject_reasons; /* names of the reasons, as "too_few_fields" */
    size_t reject_reasons_count;       /* at most HW_REJECT_REASONS_MAX */
    /* The sums of the parts of this pass that were accepted. */
    uint64_t records;
    uint64_t rows;
    uint64_t rejected;
    uint64_t rejected_by[HW_REJECT_REASONS_MAX]; /* rejected records by their reason */
};

/* ------ operations that formats share */

/*
 * The operations of readers whose source has an index of its rows and the types of its columns: no
 * start of a part is a guess, no record is rejected, and reading compares what there is to compare.
 */

/* Implements part_exact: returns true. */
bool hw_table_part_exact(const struct hw_table_reader *reader, size_t part);
/* Implements reject_line, which is never called, as there are no rejects. */
uint64_t hw_table_reject_line(const struct hw_table_reader *reader, const struct hw_reject *reject);
/* Implements result_free for results that are one allocation. */
void hw_table_result_free(struct hw_part_result *result);
/* Implements end: nothing is left to prove. */
enum hw_status hw_table_end(struct hw_table_reader *reader, struct hw_error *err);
/* Implements history: the columns have the types of their source. */
enum hw_status hw_table_history(const struct hw_table_reader *reader, size_t column, struct hw_arena *arena,
                                struct hw_column_history *out_history, struct hw_error *err);

/* The operations of sets of a single table that has no name of its own: find and name. */

bool hw_table_set_find(const struct hw_table_set *set, size_t *table);
const char *hw_table_set_name(const struct hw_table_set *set, size_t table);

#endif
