/* SPDX-License-Identifier: MIT */
/* fuzz.h - what a fuzz target is: one function. With clang, libFuzzer calls it; else replay.c,
 * with the files of the saved corpus. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
