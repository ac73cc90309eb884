/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of this machine: open files, memory, the folder of temporary files, proxies. */
#ifndef HW_OBJECTS_DOCTOR_MACHINE_H
#define HW_OBJECTS_DOCTOR_MACHINE_H

#include "objects/doctor_check.h"

/* Makes them. `root` is as for hw_cgroup_memory_limit: "" outside of tests. */
void hw_doctor_machine(struct hw_doctor_call *call, const char *root);

enum { HW_DOCTOR_PROXY_BYTES = 256 };
/*
 * Writes the address of a proxy without the name and the password that may stand in it:
 * "http://host:3128". Returns `out`.
 */
char *hw_doctor_proxy_text(const char *address, char out[HW_DOCTOR_PROXY_BYTES]);

#endif
