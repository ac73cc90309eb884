/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals that stop the tool: the first asks it to clean up and end, a second one ends it at once.
 */
#ifndef HW_CLI_SIGNALS_H
#define HW_CLI_SIGNALS_H

#include "core/base.h"

/*
 * From now on SIGINT, SIGTERM and SIGHUP are noted, SIGPIPE and SIGXFSZ are left to the errors of
 * write.
 */
void hw_signals_install(void);
/* The signal that asked the tool to end; 0: none so far. Any thread. */
int hw_signals_caught(void);
/* The same as a question, for the library's `cancelled`; `ctx` is not used. */
bool hw_signals_cancelled(void *ctx);
/* "SIGTERM" for a signal that is noted. */
const char *hw_signals_name(int number);

#endif
