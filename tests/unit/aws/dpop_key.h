/* SPDX-License-Identifier: Apache-2.0 */
/* The key of RFC 7517, appendix A.2, as PEM, and its public half. */
#ifndef HW_TESTS_AWS_DPOP_KEY_H
#define HW_TESTS_AWS_DPOP_KEY_H

#define DPOP_KEY                                                         \
    "-----BEGIN EC PRIVATE KEY-----\n"                                   \
    "MHcCAQEEIPO9DAeoH7kyeB7VJ1L2DMiaa+XlGTT+AZON21XY93gBoAoGCCqGSM49\n" \
    "AwEHoUQDQgAEMKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D7gS2XpJFbZ\n" \
    "iItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==\n"                             \
    "-----END EC PRIVATE KEY-----\n"
#define DPOP_PUBLIC_KEY                                                  \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMKBCTNIcKUSDii11ySs3526iDZ8A\n" \
    "iTo7Tu6KPAqv7D7gS2XpJFbZiItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==\n"     \
    "-----END PUBLIC KEY-----\n"
/* The first part of a proof by it, as botocore 1.44.8 writes it. */
#define DPOP_HEADER                                                                                                \
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Ik1LQkNUTkljS1VTRGlpMTF5U3MzNTI2aURa" \
    "OEFpVG83VHU2S1BBcXY3RDQiLCJ5IjoiNEV0bDZTUlcyWWlMVXJONXZmdlZIdWhwN3g4UHhsdG1XV2xiYk00SUZ5TSIsImNydiI6IlAtMjU2" \
    "In19"

#endif
