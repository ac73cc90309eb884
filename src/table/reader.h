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
 *     cursor->ops->open(cursor, part, start)       one thread a time, cursors are independent
 *     cursor->ops->next(cursor) -> step ...
 *     cursor->ops->close(cursor) -> result
 *     reader->ops->accept(reader, result)          in the order of the parts, once each is proved
 *   reader->ops->widen(reader)                     only where a value did not fit: then begin again
 *   reader->ops->end(reader)                       everything was read, and is what the store has
 *
 * Where a part starts may be a guess of its cursor (a CSV text has no index of its records). The
 * caller proves it: a part must start where the one before it ended. If it does not, what was made
 * of the part is thrown away, and the part is opened again at its true start.
 */
#ifndef HW_TABLE_READER_H
#define HW_TABLE_READER_H

#include <hawser/io.h>

#include "core/arena.h"
#include "core/buf.h"
#include "table/batch.h"

struct hw_table_reader;
struct hw_cursor;

/* ------ what a reader reads from */

struct hw_table_object;

struct hw_table_object_ops {
    /*
     * Opens the object. Any thread. HW_ECHANGED where it is not the version that the run has
     * planned with. The caller closes the source.
     */
    enum hw_status (*open)(const struct hw_table_object *object, struct hw_source **out_source, struct hw_error *err);
};

/* A source object. Whoever has planned the run provides it; readers borrow it. */
struct hw_table_object {
    const struct hw_table_object_ops *ops;
    const char *name; /* its store path, for messages */
    /* It is a stream of rows, and cannot be opened. NULL: it has bytes. */
    struct hw_batch_stream *batches;
    /* It comes only once, as standard input does: once it is open, it stays open. */
    bool once;
};

/* ------ the tables in an object */

struct hw_table_set;

struct hw_table_set_ops {
    /*
     * Opens the object, finds its tables, and fills in what is known of it. HW_EDATA where none is
     * asked for.
     */
    enum hw_status (*open)(struct hw_table_set *set, struct hw_error *err);
    /*
     * Goes on from `*table` to the next one that is asked for, itself perhaps. Returns false where
     * there is none.
     */
    bool (*find)(const struct hw_table_set *set, size_t *table);
    /*
     * Returns the name of a table within the object; NULL where it has none of its own. Borrowed
     * from the set.
     */
    const char *(*name)(const struct hw_table_set *set, size_t table);
    /*
     * Makes a reader of one table; of sets of several objects, of the one that they make together.
     * `name` (borrowed) is what messages call it.
     */
    enum hw_status (*reader_new)(struct hw_table_set *set, size_t table, const char *name,
                                 struct hw_table_reader **out_reader, struct hw_error *err);
    /* Lets go of the object, unless it comes only once. It can be opened again. */
    void (*close)(struct hw_table_set *set);
    void (*free)(struct hw_table_set *set);
};

/*
 * The tables of a source object: one, or one for each member of an archive. Or of several objects,
 * which make one table together: then there is nothing to open, and reader_new is called at once.
 * One thread's.
 */
struct hw_table_set {
    const struct hw_table_set_ops *ops;
    /* These are known once the object is open. */
    bool opened;
    size_t wanted; /* tables that are asked for */
    uint64_t bytes;
    int64_t mtime_us;
    const char *etag;
};

/* ------ what was not made a row */

enum { HW_REJECT_NO_COLUMN = -1, HW_REJECT_REASONS_MAX = 32 };

/*
 * One rejected record. In a hw_reject_list, `bytes` bytes follow it: the record as it stands in the
 * source.
 */
struct hw_reject {
    uint64_t line;   /* physical line, from 0 where the part of the input begins */
    uint64_t offset; /* in the whole input, after unpacking */
    uint32_t input;  /* number of the input that it stands in */
    uint32_t bytes;
    int32_t column;  /* of the table; HW_REJECT_NO_COLUMN: of none in particular */
    uint32_t reason; /* a number below the reader's reject_reasons_count */
};

/* Rejected records, one after the other. Release `data`. */
struct hw_reject_list {
    struct hw_buf data;
    uint64_t count;
};

/* ------ parts */

/*
 * The result of one part. Formats have one of their own, which begins with this; it is made by the
 * cursor, and goes with hw_table_reader_ops.result_free.
 */
struct hw_part_result {
    /* where its first record starts: a position that only the reader understands */
    uint64_t start;
    uint64_t end;     /* where the record after its last one starts */
    uint64_t records; /* that were read: rows and rejected */
    uint64_t rows;
    uint64_t rejected;
    uint64_t bytes; /* of the source that were read */
    /* A value did not fit its column: the reader must widen its schema, and begin again. */
    bool misfit;
};

enum hw_cursor_step {
    /*
     * The part's start is known: `result->start`. Where parts can be cut it comes once, before the
     * first rows.
     */
    HW_CURSOR_STARTED,
    /* `batch` holds rows of the table, or none; they stay until the next call. */
    HW_CURSOR_ROWS,
    /*
     * A record is larger than workers may have at once. The cursor goes on once `large_allowed` is
     * set.
     */
    HW_CURSOR_LARGE,
    /*
     * Only where parts come one after the other, and once for each: another cursor may begin the
     * next part, unless `last` is set.
     */
    HW_CURSOR_HANDED_ON,
    /* Nothing is left of the part. */
    HW_CURSOR_END,
};

struct hw_cursor_ops {
    /*
     * Opens a part: number `part` of the reader's, or, where parts come one after the other, the
     * next one. `start` is its true start, NULL where that is not known. Whatever happens, close
     * ends it.
     */
    enum hw_status (*open)(struct hw_cursor *cursor, size_t part, const uint64_t *start, struct hw_error *err);
    /*
     * Goes on to the next step. An error's line counts from the part's start in the input: see
     * place_error.
     */
    enum hw_status (*next)(struct hw_cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);
    /*
     * Ends the part, also after an error, and hands out its result; NULL where there was no memory
     * for one. The cursor keeps its buffers for the next part.
     */
    struct hw_part_result *(*close)(struct hw_cursor *cursor);
    void (*free)(struct hw_cursor *cursor);
};

/* One worker's. */
struct hw_cursor {
    const struct hw_cursor_ops *ops;
    const struct hw_part_result *result; /* of the part that is open, so far */
    struct hw_batch batch;               /* after HW_CURSOR_ROWS */
    /* of the part so far: the caller takes them, and leaves an empty list */
    struct hw_reject_list rejects;
    /* The caller sets it: the part may have records of any allowed size. */
    bool large_allowed;
    /* After HW_CURSOR_HANDED_ON: no part comes after this one. */
    bool last;
    /*
     * The caller sets it where no rows are wanted any more: batches are void then, rejects are
     * counted but not kept, and values only show what types they have.
     */
    bool types_only;
};

/* ------ the reader */

/*
 * The way in which a column came to its type, for reports. Texts live in the arena that was given.
 */
struct hw_column_history {
    const struct hw_type *widened_from; /* the type that a sample gave it; NULL: that type stood */
    /* the first value that did not fit it; NULL: there is none */
    const char *misfit;
    uint64_t misfit_line; /* physical line, from 1 */
    uint64_t misfit_offset;
    const char *misfit_input; /* the name of the input, where a table has several; else NULL */
};

/* One of the inputs of a table. Names are borrowed from the reader. */
struct hw_table_input {
    const char *name;
    size_t object;  /* the number of the object that it is in */
    uint64_t bytes; /* of the object */
    uint64_t rows;  /* accepted so far */
    /*
     * The checksum that its bytes were or will be compared with, by name ("crc32c", "none"). NULL:
     * the object is local.
     */
    const char *checksum;
};

struct hw_table_reader_ops {
    /*
     * Looks at an object: what inputs are in it, how they are written, and what a sample of them
     * holds. Any thread.
     */
    enum hw_status (*look)(struct hw_table_reader *reader, size_t object, struct hw_error *err);
    /* Makes the schema, once every object was looked at. */
    enum hw_status (*decide)(struct hw_table_reader *reader, struct hw_error *err);
    /* Begins a pass. */
    enum hw_status (*begin)(struct hw_table_reader *reader, struct hw_error *err);
    /* Returns true where it is known where a part starts, whatever the parts before it come to. */
    bool (*part_exact)(const struct hw_table_reader *reader, size_t part);
    enum hw_status (*cursor_new)(struct hw_table_reader *reader, struct hw_cursor **out_cursor, struct hw_error *err);
    /*
     * Adds a proved part to what is known of the table. In the order of the parts; one thread at a
     * time.
     */
    void (*accept)(struct hw_table_reader *reader, const struct hw_part_result *result);
    /*
     * Makes the line of an error that a part's cursor met one of the whole input, and names the
     * input where a table has several. When all parts before it were accepted.
     */
    void (*place_error)(const struct hw_table_reader *reader, const struct hw_part_result *result,
                        struct hw_error *error);
    /*
     * Returns the line of a reject, from 0, in the whole input. When all parts before its own were
     * accepted.
     */
    uint64_t (*reject_line)(const struct hw_table_reader *reader, const struct hw_reject *reject);
    void (*result_free)(struct hw_part_result *result);
    /*
     * After a pass with a misfit: gives the columns types that hold every value of the table. What
     * the schema says changes; where it lies does not.
     */
    enum hw_status (*widen)(struct hw_table_reader *reader, struct hw_error *err);
    /*
     * After the last pass: proves by their checksums that the inputs were read as the store has
     * them.
     */
    enum hw_status (*end)(struct hw_table_reader *reader, struct hw_error *err);
    size_t (*inputs_count)(const struct hw_table_reader *reader);
    struct hw_table_input (*input)(const struct hw_table_reader *reader, size_t number);
    enum hw_status (*history)(const struct hw_table_reader *reader, size_t column, struct hw_arena *arena,
                              struct hw_column_history *out_history, struct hw_error *err);
    void (*free)(struct hw_table_reader *reader);
};

struct hw_table_reader {
    const struct hw_table_reader_ops *ops;
    size_t objects_count;
    const struct hw_schema *schema; /* once decided */
    /* of the pass; unknown, and 0, where parts come one after the other */
    size_t parts_count;
    /* Parts come one after the other: only one cursor at a time can begin one. */
    bool sequential;
    bool in_turn;                      /* A part may begin only when all before it have ended. */
    uint64_t bytes;                    /* of all objects, packed as they are */
    uint64_t window_bytes;             /* of memory that unpacking one input takes, the largest */
    const char *const *reject_reasons; /* names, "too_few_fields" */
    size_t reject_reasons_count;       /* HW_REJECT_REASONS_MAX at most */
    /* The sums of the pass's parts that were accepted. */
    uint64_t records;
    uint64_t rows;
    uint64_t rejected;
    uint64_t rejected_by[HW_REJECT_REASONS_MAX]; /* by reason */
};

#endif
