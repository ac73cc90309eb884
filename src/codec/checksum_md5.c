/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/checksum_md5.h"

#include <openssl/evp.h>

bool hw_md5_of(const void *data, size_t bytes, uint8_t out[HW_MD5_BYTES]) {
    return EVP_Digest(data, bytes, out, NULL, EVP_md5(), NULL) == 1;
}
