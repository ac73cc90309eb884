/* SPDX-License-Identifier: Apache-2.0 */
/* The table of prices that holds where a user gives none: deploy/prices.json as it stands. */
#ifndef HW_REPORT_PRICES_BUILTIN_H
#define HW_REPORT_PRICES_BUILTIN_H

#include "core/view.h"

extern const hw_view hw_prices_builtin_text;

#endif
