/* SPDX-License-Identifier: Apache-2.0 */
/* The store in memory. All that it offers is in the public header. */
#ifndef HW_STORE_STORE_MEMORY_H
#define HW_STORE_STORE_MEMORY_H

#include <hawser/memory.h>

#endif
