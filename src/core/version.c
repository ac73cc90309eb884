/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/hawser.h>

const char *hw_version(void) {
    return HW_VERSION;
}
