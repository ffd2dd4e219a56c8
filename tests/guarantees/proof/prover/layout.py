"""Sizes and offsets, in bytes, of `tracebaton_choice_t` and `tracebaton_other_t` on x86-64: ffi/src/layout.rs."""

CHOICE, OTHER = 648, 56
VERDICTS = 128, 144, 160
ARRIVED_AS, SAMPLING, IGNORED, OTHER_COUNT, OTHERS = 176, 180, 184, 192, 200
