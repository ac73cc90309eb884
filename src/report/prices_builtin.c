/* SPDX-License-Identifier: Apache-2.0 */
/* deploy/prices.json as it stands. A test holds the two together. */
#include "report/prices_builtin.h"

static const char text[] = "{\n"
                           "  \"currency\": \"USD\",\n"
                           "  \"date\": \"2026-11-30\",\n"
                           "  \"source\": \"list prices of AWS for S3 Standard\",\n"
                           "  \"regions\": {\n"
                           "    \"us-east-1\": {\n"
                           "      \"put_per_1000\": 0.005,\n"
                           "      \"get_per_1000\": 0.0004,\n"
                           "      \"list_per_1000\": 0.005,\n"
                           "      \"delete_per_1000\": 0,\n"
                           "      \"in_per_gib\": 0,\n"
                           "      \"out_per_gib\": [\n"
                           "        {\"up_to_gib\": 10240, \"price\": 0.09},\n"
                           "        {\"up_to_gib\": 51200, \"price\": 0.085},\n"
                           "        {\"up_to_gib\": 153600, \"price\": 0.07},\n"
                           "        {\"price\": 0.05}\n"
                           "      ],\n"
                           "      \"between_regions_per_gib\": 0.02\n"
                           "    }\n"
                           "  }\n"
                           "}\n";

const hw_view hw_prices_builtin_text = {text, sizeof(text) - 1};
