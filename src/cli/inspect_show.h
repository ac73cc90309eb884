/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of what a file says that `--show` of `hawser inspect` names. */
#ifndef HW_CLI_INSPECT_SHOW_H
#define HW_CLI_INSPECT_SHOW_H

enum hw_inspect_show {
    HW_SHOW_FILE = 1 << 0,
    HW_SHOW_SCHEMA = 1 << 1,
    HW_SHOW_METADATA = 1 << 2,
    HW_SHOW_GROUPS = 1 << 3,
    HW_SHOW_CHUNKS = 1 << 4,
    HW_SHOW_COLUMNS = 1 << 5,
    HW_SHOW_PAGES = 1 << 6,
    HW_SHOW_INDEX = 1 << 7,
};

#endif
