/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source object while CSV texts are read from it: one text, or the members of a ZIP. It is open
 * only as long as somebody reads, so that thousands of objects do not take thousands of
 * descriptors. Safe from several threads.
 */
#ifndef HW_CSV_OBJECT_H
#define HW_CSV_OBJECT_H

#include <pthread.h>

#include "csv/text.h"
#include "table/reader.h"

/* The rest of an object while it is open, or somebody opens it. */
struct hw_csv_opened {
    pthread_mutex_t lock; /* Whoever opens the object holds it, and others wait. */
    struct hw_source *source;
    enum hw_packing packing;
    uint64_t window_bytes; /* of memory that unpacking it takes */
    struct hw_zip **zips;  /* free ones: each serves one user at a time */
    size_t zips_count;
    size_t zips_capacity; /* room for all that were made */
};

/* It is small as long as it is not open: there may be very many of them. */
struct hw_csv_object {
    const struct hw_table_objects *from;
    uint64_t bytes;   /* once it was opened; 0 before */
    size_t members;   /* of a ZIP, else 1; once it was opened */
    uint32_t number;  /* among those that it is from */
    uint8_t encoding; /* of enum hw_csv_encoding */
    /*
     * One of the expected uses stands for whoever has looked at the object: it is open until then.
     */
    bool kept;
    struct {
        pthread_spinlock_t lock; /* Nobody holds it for long, or takes another meanwhile. */
        uint32_t users;
        /* that are expected: it stays open for them. Below 0 where something is read again. */
        int32_t uses;
        struct hw_csv_opened *opened; /* NULL: nobody has it open */
    } synced;
};

static_assert(sizeof(struct hw_csv_object) <= 56, "a million of them are merged");

/* Borrows `from`. */
void hw_csv_object_init(struct hw_csv_object *object, const struct hw_table_objects *from, uint32_t number,
                        enum hw_csv_encoding encoding);
/* Returns its store path, which lives as long as what it is from. */
const char *hw_csv_object_name(const struct hw_csv_object *object);
/* Closes it, whoever used it. */
void hw_csv_object_release(struct hw_csv_object *object);

/*
 * Opens the object where it is not open. Until it is given back, the caller has its first text;
 * another one has another `member`.
 */
HW_NODISCARD enum hw_status hw_csv_object_take(struct hw_csv_object *object, struct hw_csv_text *out_text,
                                               struct hw_error *err);
void hw_csv_object_give(struct hw_csv_object *object, const struct hw_csv_text *text);
/* Adds to the uses that are expected; a use that has come to its end is -1. */
void hw_csv_object_expect(struct hw_csv_object *object, int32_t uses);

/* Returns true where the options ask for this member of the text's object. */
bool hw_csv_member_wanted(const struct hw_csv_text *text, size_t member, const struct hw_csv_options *csv);
/* Counts the texts that the options ask for: at least one, else HW_EDATA. */
HW_NODISCARD enum hw_status hw_csv_members_count(const struct hw_csv_text *text, const struct hw_csv_options *csv,
                                                 size_t *out_count, struct hw_error *err);

#endif
