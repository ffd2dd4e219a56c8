/* A mock cluster for the members of a group, and a check of what they commit. */
#ifndef GROUP_H
#define GROUP_H

/* Runs until the end of the program's input, for a group of this name; group.c says what it prints. Returns the exit code. */
int run_group(const char *group, int is_failing);

#endif
