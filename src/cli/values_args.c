/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/values_args.h"

static_assert(sizeof(enum hw_binary_text) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_nested_text) == sizeof(unsigned), "choices are written as unsigned");

const struct hw_choice hw_binary_text_choices[] = {
    {"base64", HW_BINARY_BASE64}, {"hex", HW_BINARY_HEX}, {"text", HW_BINARY_UTF8}, {NULL, 0}};

const struct hw_choice hw_nested_text_choices[] = {
    {"json", HW_NESTED_JSON}, {"flatten", HW_NESTED_FLATTEN}, {"fail", HW_NESTED_FAIL}, {NULL, 0}};
