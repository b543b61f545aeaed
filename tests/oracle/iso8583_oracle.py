"""Answers for an independent ISO 8583 codec, pyiso8583.

Reads one frame a line in hexadecimal, decodes it, encodes the result again, and prints
"FRAME HEADER_AND_TYPE N=VALUE ...", values in hexadecimal. The field table below is written from
the dialect's description, not from the Rust table. The line "end" prints the number of fields
seen and ends.
"""

import sys

import iso8583

DIGITS = "digits"
LEFT = "digits, filler at the right"
TRACK = "track"
TEXT = "text"
BYTES = "bytes"

# Number: form, digits of the length prefix, greatest length.
FIELDS = {
    2: (LEFT, 2, 19),
    3: (DIGITS, 0, 6),
    4: (DIGITS, 0, 12),
    11: (DIGITS, 0, 6),
    12: (DIGITS, 0, 6),
    13: (DIGITS, 0, 4),
    14: (DIGITS, 0, 4),
    15: (DIGITS, 0, 4),
    22: (LEFT, 0, 3),
    23: (DIGITS, 0, 3),
    25: (DIGITS, 0, 2),
    26: (DIGITS, 0, 2),
    32: (LEFT, 2, 11),
    35: (TRACK, 2, 37),
    36: (TRACK, 3, 104),
    37: (TEXT, 0, 12),
    38: (TEXT, 0, 6),
    39: (TEXT, 0, 2),
    41: (TEXT, 0, 8),
    42: (TEXT, 0, 15),
    44: (TEXT, 2, 25),
    48: (LEFT, 3, 322),
    49: (TEXT, 0, 3),
    52: (BYTES, 0, 8),
    53: (DIGITS, 0, 16),
    54: (TEXT, 3, 20),
    55: (BYTES, 3, 255),
    58: (TEXT, 3, 100),
    59: (TEXT, 3, 999),
    60: (LEFT, 3, 30),
    61: (LEFT, 3, 29),
    62: (BYTES, 3, 999),
    63: (TEXT, 3, 163),
    64: (BYTES, 0, 8),
}


def row(form, prefix, longest):
    """One field in the other codec's terms."""
    spec = {
        "data_enc": "latin-1" if form == TEXT else "b",
        "len_enc": "bcd",
        "len_type": (prefix + 1) // 2,
        "max_len": longest,
        "desc": form,
    }
    if form in (DIGITS, LEFT, TRACK):
        spec["len_count"] = "nibbles"
        spec["left_pad" if form == DIGITS else "right_pad"] = "0"
    return spec


def specification():
    """Frame length, TPDU and header as one opaque header; then type, bitmap and fields."""
    spec = {str(number): row(*FIELDS[number]) for number in FIELDS}
    spec["h"] = row(BYTES, 0, 13)
    spec["t"] = row(BYTES, 0, 2)
    spec["p"] = row(BYTES, 0, 8)
    spec["1"] = row(BYTES, 0, 0)
    return spec


def shown(form, value):
    """The value form in hexadecimal."""
    if form == BYTES:
        return value
    if form == TRACK:
        value = value.replace("D", "=")
    return value.encode("latin-1").hex().upper()


def main():
    spec = specification()
    fields = 0
    for line in sys.stdin:
        line = line.strip()
        if line == "end":
            print(fields, flush=True)
            return
        decoded, _ = iso8583.decode(bytes.fromhex(line), spec)
        numbers = sorted(int(key) for key in decoded if key not in ("h", "t", "p", "1"))
        values = [f"{n}={shown(FIELDS[n][0], decoded[str(n)])}" for n in numbers]
        head = decoded["h"][4:] + decoded["t"]
        again, _ = iso8583.encode(decoded, spec)
        fields += len(numbers)
        print(again.hex().upper(), head, *values, flush=True)


main()
