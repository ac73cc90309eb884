/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temporaries of local sinks: their names say whose they are, so that a later run can tell what
 * nobody will publish any more from what another run is writing.
 */
#ifndef HW_STORE_FILE_TEMP_H
#define HW_STORE_FILE_TEMP_H

#include <pthread.h>

#include "core/hash_set.h"

/* The names of our temporary files begin so. Listings leave such names out. */
#define HW_FILE_TEMP_PREFIX ".hawser-"
enum { HW_FILE_TEMP_BYTES = 56 };
#define HW_FILE_TEMP_AGE_US_MAX INT64_C(86400000000)     /* a day */
#define HW_FILE_PARTIAL_AGE_US_MAX INT64_C(604800000000) /* a week */

/*
 * A process: where process ids are those of the same boot and namespace, its id, and when it began.
 */
struct hw_file_owner {
    uint32_t place;
    uint32_t pid;
    uint32_t started; /* 0: the system does not tell, and nobody's end can be told either */
};

/* Returns this process. */
struct hw_file_owner hw_file_owner_self(void);

/* Looks after the temporaries of one store. */
struct hw_file_temps {
    struct hw_file_owner owner;
    struct {
        pthread_mutex_t lock;
        struct hw_hash_set swept; /* folders that were looked through */
    } synced;
};

void hw_file_temps_init(struct hw_file_temps *temps);
void hw_file_temps_release(struct hw_file_temps *temps);

/*
 * Makes a new name: ".hawser-", 32 hexadecimal digits that tell the owner and are unlike any other,
 * ".part".
 */
void hw_file_temp_name(const struct hw_file_owner *owner, char out[HW_FILE_TEMP_BYTES]);

/*
 * Makes the names that the unfinished file and the journal of a file have, which a later run finds
 * again by the name of that file: ".hawser-", 32 hexadecimal digits, ".partial" and ".journal".
 */
void hw_file_partial_names(const char *name, char out_partial[HW_FILE_TEMP_BYTES],
                           char out_journal[HW_FILE_TEMP_BYTES]);

/*
 * Looks through a folder that is written to, the first time that it is named. Removes temporaries
 * that have no owner any more: those of processes that have ended here, and those of other
 * machines, boots and containers that nobody has written to for HW_FILE_TEMP_AGE_US_MAX; and what
 * killed runs have left to be taken up, once that is older than HW_FILE_PARTIAL_AGE_US_MAX. What
 * fails does no harm. Any thread.
 */
void hw_file_temps_look(struct hw_file_temps *temps, const char *folder, size_t folder_bytes, int folder_fd);

#endif
