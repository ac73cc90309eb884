/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Partitions: rows by the values of some columns, each in folders as Hive names them
 * ("day=2024-02-29/kind=a%2Fb/"). A partition is known by that path, whoever finds it; numbers mean
 * something to one finder only.
 */
#ifndef HW_PIPELINE_PARTITION_H
#define HW_PIPELINE_PARTITION_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/error.h"
#include "table/batch.h"

#define HW_PARTITION_NULL "__HIVE_DEFAULT_PARTITION__"

/* Which columns of a table make partitions. Read-only once made: any thread. */
struct hw_partitioning {
    const struct hw_schema *schema; /* borrowed: of the rows as they are read */
    const size_t *columns;          /* in `schema`, in the order of the path */
    size_t count;                   /* 0: rows are not partitioned */
    const size_t *kept;             /* in `schema`: the columns that stay in the files */
    /* of the files; follows a change of types by hw_partitioning_types */
    struct hw_schema rest;
};

/*
 * HW_EDATA, with the nearest name, where a column is not there; HW_EDATA too where no other would
 * be left. HW_EUNSUPPORTED where values of a column have no form in CSV, which is what folders are
 * called after. Made in `arena`.
 */
HW_NODISCARD enum hw_status hw_partitioning_init(struct hw_partitioning *partitioning, const struct hw_schema *schema,
                                                 const char *const *names, size_t count, struct hw_arena *arena,
                                                 struct hw_error *err);
/* The types of the schema have changed. */
void hw_partitioning_types(struct hw_partitioning *partitioning);

/* The error of more than HW_PARTITIONS_MAX, HW_ELIMIT. */
void hw_partitions_exceeded(struct hw_error *err);

/* Finds the partitions of rows. One thread's. */
struct hw_partition_finder;
HW_NODISCARD enum hw_status hw_partition_finder_new(const struct hw_partitioning *partitioning,
                                                    struct hw_partition_finder **out_finder, struct hw_error *err);
/* Accepts NULL. */
void hw_partition_finder_free(struct hw_partition_finder *finder);
/*
 * Appends the number of each row's partition, uint32_t, to `out`. HW_ELIMIT beyond
 * HW_PARTITIONS_MAX of them, HW_EDATA where a value is too long for the name of a folder.
 */
HW_NODISCARD enum hw_status hw_partition_find(struct hw_partition_finder *finder, const struct hw_batch *batch,
                                              struct hw_buf *out, struct hw_error *err);
size_t hw_partition_count(const struct hw_partition_finder *finder);
/* The path of a partition, ends in '/'; borrowed until the next call of hw_partition_find. */
const char *hw_partition_path(const struct hw_partition_finder *finder, uint32_t partition);
/* Returns the bytes that the partitions found so far take. */
size_t hw_partition_held(const struct hw_partition_finder *finder);
/* Numbers start again from 0. */
void hw_partition_forget(struct hw_partition_finder *finder);

#endif
