/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of tables that have columns of the same names, and so are one table to people. Each
 * set of names is a group, whatever the order of the columns. Memory is taken for each group, not
 * for each table. Safe from several threads.
 */
#ifndef HW_CSV_TYPE_GROUPS_H
#define HW_CSV_TYPE_GROUPS_H

#include <pthread.h>

#include "core/intern.h"
#include "csv/profile.h"

struct hw_csv_type_groups {
    struct {
        pthread_mutex_t lock; /* Whoever holds it takes no other. */
        /* The names of a group in the order of their bytes, each ended with NUL. */
        struct hw_intern names;
        struct hw_buf firsts;   /* a size_t a group: the number of its first profile */
        struct hw_buf profiles; /* a struct hw_csv_profile a column, in the order of the names */
    } synced;
};

void hw_csv_type_groups_init(struct hw_csv_type_groups *groups);
void hw_csv_type_groups_release(struct hw_csv_type_groups *groups);

/*
 * Adds the values of a table to those of its group: `profiles` has one for each field of the
 * schema. HW_ELIMIT where all groups together would take more than HW_CSV_TYPE_GROUPS_BYTES_MAX. On
 * failure the values that were added before are as they were.
 */
HW_NODISCARD enum hw_status hw_csv_type_groups_add(struct hw_csv_type_groups *groups, const struct hw_schema *schema,
                                                   const struct hw_csv_profile *profiles, struct hw_error *err);

/*
 * Sets `out_profiles`, one for each field of the schema, to the values of all tables of its group.
 * HW_ECHANGED where no table with these names was added.
 */
HW_NODISCARD enum hw_status hw_csv_type_groups_get(struct hw_csv_type_groups *groups, const struct hw_schema *schema,
                                                   struct hw_csv_profile *out_profiles, struct hw_error *err);

#endif
