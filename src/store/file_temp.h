/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temporaries of local sinks: their names say whose they are, so that a later run can tell what
 * nobody will publish any more from what another run is writing.
 */
#ifndef HW_STORE_FILE_TEMP_H
#define HW_STORE_FILE_TEMP_H

#include "core/base.h"

/* What our temporaries begin with; never listed. */
#define HW_FILE_TEMP_PREFIX ".hawser-"
enum { HW_FILE_TEMP_BYTES = 48, HW_FILE_TEMP_DAYS_MAX = 7 };

/*
 * A process: where process ids are those of the same boot and namespace, its id, and when it began.
 */
struct hw_file_owner {
    uint32_t place;
    uint32_t pid;
    uint32_t started; /* 0: the system does not tell, and nobody's end can be told either */
};

struct hw_file_owner hw_file_owner_self(void);
/* A new name, ".hawser-", 32 hex digits for owner and chance, ".part". */
void hw_file_temp_name(const struct hw_file_owner *owner, char out[HW_FILE_TEMP_BYTES]);
/*
 * Removes temporaries in the folder that have no owner any more: those of processes that have ended
 * here, and those of other machines, boots and containers that nobody has written to for
 * HW_FILE_TEMP_DAYS_MAX days. Faults do no harm.
 */
void hw_file_temps_sweep(const struct hw_file_owner *self, int folder_fd);

#endif
