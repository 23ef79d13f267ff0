# SPDX-License-Identifier: MIT
# A file as a C string: cmake -D INPUT=... -D OUTPUT=... -D NAME=... -P embed.cmake
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "((0x..,){16})" "\\1\n\t" bytes "${bytes}")
file(WRITE "${OUTPUT}" "extern const char ${NAME}[];\n\nconst char ${NAME}[] = {\n\t${bytes}0x00\n};\n")
