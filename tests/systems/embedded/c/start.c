/* The startup code of a Cortex-M4F: memory, the floating-point unit, the debugger's terminal. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern uint32_t _data_start[], _data_end[], _data_load[], _bss_start[], _bss_end[], _stack_top[];
extern void initialise_monitor_handles(void);
extern int main(void);

/* Symbols that newlib's exit() needs. */
void _init(void) {}
void _fini(void) {}

static void fault(void)
{
    _Exit(101);
}

void reset(void)
{
    volatile uint32_t *cpacr = (volatile uint32_t *)0xE000ED88;
    *cpacr |= 0xFu << 20;
    __asm__ volatile("dsb\nisb");
    memcpy(_data_start, _data_load, (size_t)((char *)_data_end - (char *)_data_start));
    memset(_bss_start, 0, (size_t)((char *)_bss_end - (char *)_bss_start));
    initialise_monitor_handles();
    exit(main());
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    _stack_top, reset, fault, fault, fault, fault, fault,
};
