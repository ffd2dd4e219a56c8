/**
 * @brief Reads a value that is in order.
 *
 * @param value may be NULL; one that is all the same gives an error
 *
 * A sentence of thirty-six words: one two three four five six seven eight nine ten eleven twelve thirteen
 * fourteen fifteen sixteen seventeen eighteen nineteen twenty one two three four five six seven eight nine
 * ten eleven.
 */
int read(const char *value); // or nothing at once
