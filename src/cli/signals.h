/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals that stop the tool: the first asks it to clean up and end, a second one ends it at once.
 */
#ifndef HW_CLI_SIGNALS_H
#define HW_CLI_SIGNALS_H

#include "core/base.h"

/*
 * Starts to note SIGINT, SIGTERM and SIGHUP. Ignores SIGPIPE and SIGXFSZ: the write that they would
 * stop fails instead.
 */
void hw_signals_install(void);
/* Returns the signal that asked the tool to end; 0: none so far. Any thread may ask. */
int hw_signals_caught(void);
/* Returns whether there was one, for the library's `cancelled`; `ctx` is not used. */
bool hw_signals_cancelled(void *ctx);
/* Returns the name of a signal that is noted: "SIGTERM". */
const char *hw_signals_name(int number);

#endif
