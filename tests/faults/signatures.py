# SPDX-License-Identifier: Apache-2.0
"""Whether requests are signed as AWS asks: Version 4 by botocore, Version 4A by arithmetic on P-256.

What is signed is put together by botocore, which knows nothing of the program that signed.
"""

import hashlib
import hmac
import re
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

# The curve P-256 of FIPS 186: its field, its order, and its point of departure; a is -3.
FIELD = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296, 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)

V4, V4A = "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"
FORM = re.compile(r"(\S+) Credential=([^/]+)/(\d{8})/(\S+)/aws4_request, SignedHeaders=(\S+), Signature=([0-9a-f]+)")


def sum_of(one, other):
    """The sum of two points; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % FIELD == 0:
        return None
    if one == other:
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, FIELD)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, FIELD)
    x = (slope * slope - one[0] - other[0]) % FIELD
    return x, (slope * (one[0] - x) - one[1]) % FIELD


def times(number, point):
    """A point, so many times."""
    result = None
    while number:
        result = sum_of(result, point) if number & 1 else result
        point, number = sum_of(point, point), number >> 1
    return result


def private_key(key_id, secret):
    """The private key of Version 4A, by the counter mode of NIST SP 800-108."""
    for counter in range(1, 255):
        text = b"\0\0\0\1" + V4A.encode() + b"\0" + key_id.encode() + bytes([counter]) + (256).to_bytes(4, "big")
        found = int.from_bytes(hmac.digest(b"AWS4A" + secret.encode(), text, "sha256"), "big")
        if found <= ORDER - 2:
            return found + 1
    raise ValueError(key_id)


def numbers_of(der):
    """The two numbers of a signature: a DER sequence of two integers."""
    assert der[0] == 0x30 and der[1] == len(der) - 2, der.hex()
    numbers, at = [], 2
    while at < len(der):
        assert der[at] == 2, der.hex()
        numbers.append(int.from_bytes(der[at + 2 : at + 2 + der[at + 1]], "big"))
        at += 2 + der[at + 1]
    return numbers


def ecdsa_good(key_id, secret, text, signature):
    r, s = numbers_of(bytes.fromhex(signature))
    public = times(private_key(key_id, secret), BASE)
    inverse = pow(s, -1, ORDER)
    e = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    point = sum_of(times(e * inverse % ORDER, BASE), times(r * inverse % ORDER, public))
    return 0 < r < ORDER and 0 < s < ORDER and point is not None and point[0] % ORDER == r


def fault_of(request, key_id, secret, scope, algorithm):
    """What is wrong with the signature of a request (s3_server.Request); "" where it is good."""
    told = FORM.fullmatch(request.headers.get("authorization", ""))
    if not told:
        return "there is no signature"
    kind, told_id, day, told_scope, signed, signature = told.groups()
    if (kind, told_id, told_scope) != (algorithm, key_id, scope):
        return f"{kind} by {told_id} for {told_scope}, want {algorithm} by {key_id} for {scope}"
    names = signed.split(";")
    unsigned = [n for n in request.headers if (n.startswith("x-amz-") or n == "host") and n not in names]
    if unsigned:
        return f"not signed: {unsigned}"
    query = "&".join(f"{urllib.parse.quote(n, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for n, v in request.query.items())
    url = f"http://{request.headers['host']}{request.path}" + (f"?{query}" if query else "")
    sent = botocore.awsrequest.AWSRequest(request.method, url, headers={n: request.headers[n] for n in names})
    sent.context["timestamp"] = request.headers["x-amz-date"]
    region, service = ("", scope) if algorithm == V4A else scope.split("/")
    auth = botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(key_id, secret), service, region)
    text = auth.string_to_sign(sent, auth.canonical_request(sent))
    if algorithm == V4A:
        lines = text.split("\n")
        text = "\n".join([V4A, lines[1], f"{day}/{scope}/aws4_request", lines[3]])
        return "" if ecdsa_good(key_id, secret, text, signature) else "the signature is another's"
    return "" if hmac.compare_digest(auth.signature(text, sent), signature) else "the signature is another's"
