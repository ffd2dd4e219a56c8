/* The library is the one that its header is for. */
#include <stdio.h>
#include <string.h>
#include <tracebaton.h>

int main(void) {
    printf("tracebaton %s\n", tracebaton_version());
    return strcmp(tracebaton_version(), TRACEBATON_VERSION) != 0;
}
