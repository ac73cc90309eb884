/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source object from which CSV texts are read: one text, or the members of a ZIP. It is open only
 * as long as somebody reads, so that thousands of objects do not take thousands of descriptors.
 * Safe from several threads.
 */
#ifndef HW_CSV_OBJECT_H
#define HW_CSV_OBJECT_H

#include <pthread.h>

#include "csv/text.h"
#include "table/reader.h"

/* The part of an object that it has only while it is open, or while somebody opens it. */
struct hw_csv_opened {
    pthread_mutex_t lock; /* whoever opens the object holds it, and others wait */
    struct hw_source *source;
    struct hw_csv_wrapping wrapping;
    struct hw_zip **zips; /* readers that are free: each serves one user at a time */
    size_t zips_count;
    size_t zips_capacity; /* room for all that were made */
};

/* An object. It is small while it is not open, because a merge may have a million of them. */
struct hw_csv_object {
    const struct hw_table_objects *from;
    uint64_t bytes;  /* size of the object; 0 until it was opened */
    size_t members;  /* number of members of a ZIP, else 1; 0 until it was opened */
    uint32_t number; /* its number in `from` */
    /* One of the expected uses is there to keep the object open from the look until it is read. */
    bool kept;
    struct {
        pthread_spinlock_t lock; /* nobody holds it for long, or takes another meanwhile */
        uint32_t users;
        /* Uses that are expected, for which it stays open. Below 0 where it is read once more. */
        int32_t uses;
        struct hw_csv_opened *opened; /* NULL where nobody has it open */
    } synced;
};

static_assert(sizeof(struct hw_csv_object) <= 56, "a million of them are merged");

/* Makes an object that is closed: number `number` of `from`, which is borrowed. */
void hw_csv_object_init(struct hw_csv_object *object, const struct hw_table_objects *from, uint32_t number);

/* Returns the store path of the object. It lives as long as the objects that it is one of. */
const char *hw_csv_object_name(const struct hw_csv_object *object);

/* Closes the object, even where uses are still expected. All texts must have been given back. */
void hw_csv_object_release(struct hw_csv_object *object);

/*
 * Opens the object where it is not open, and lends the caller its first text, to be read in an
 * encoding (hw_csv_text_of). For another text of it the caller sets `out_text->member`. Must be
 * given back by hw_csv_object_give. Fails with HW_EDATA where the object is a file of another
 * format (csv/foreign.h).
 */
HW_NODISCARD enum hw_status hw_csv_object_take(struct hw_csv_object *object, const char *encoding,
                                               struct hw_csv_text *out_text, struct hw_error *err);

/*
 * Gives back a text, with the `zip` that it came with. Closes the object where it was the last
 * user, no more uses are expected, and the object can be opened again.
 */
void hw_csv_object_give(struct hw_csv_object *object, const struct hw_csv_text *text);

/* Adds `uses` to the uses that are expected; -1 for a use that has ended. */
void hw_csv_object_expect(struct hw_csv_object *object, int32_t uses);

#endif
