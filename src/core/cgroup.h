/* SPDX-License-Identifier: Apache-2.0 */
/* The limits that the system's control groups set for this process. */
#ifndef HW_CORE_CGROUP_H
#define HW_CORE_CGROUP_H

#include "core/base.h"

/*
 * Returns the smallest memory limit in bytes of the control groups that this process is in, from
 * its own group up to the root; 0 where there is none. Version 2 counts memory.max and memory.high,
 * version 1 memory.limit_in_bytes. Files that are missing or hold no number set no limit. `root` is
 * the folder that /proc and /sys are below: "" outside of tests.
 */
uint64_t hw_cgroup_memory_limit(const char *root);

#endif
