/* A plugin of QEMU's user-mode emulators that counts the instructions of the emulated program. At each call of getppid
 * it prints how many there were so far: a program marks what it counts with two such calls.
 *
 * The emulator runs instructions in blocks, and an instruction of the program is one of the block, whatever the
 * emulator makes of it. The declarations are those of qemu-plugin.h that are used here; they are the same in every
 * version of the plugin API. */

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
typedef void block_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block);
typedef void block_executed(unsigned vcpu, void *userdata);
typedef void system_call(qemu_plugin_id_t id, unsigned vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                         uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, block_translated *callback);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, block_executed *callback, int flags,
                                          void *userdata);
void qemu_plugin_register_vcpu_syscall_cb(qemu_plugin_id_t id, system_call *callback);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);

int qemu_plugin_version = 1;

enum { GETPPID_ON_AARCH64 = 173, GETPPID_ON_X86_64 = 110, NO_REGISTERS = 0 };

static uint64_t instructions;
static int64_t getppid_number;

static void executed(unsigned vcpu, void *userdata) {
    (void)vcpu;
    instructions += (uintptr_t)userdata;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(block, executed, NO_REGISTERS, (void *)qemu_plugin_tb_n_insns(block));
}

static void called(qemu_plugin_id_t id, unsigned vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                   uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8) {
    (void)id, (void)vcpu, (void)a1, (void)a2, (void)a3, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
    if (number == getppid_number)
        fprintf(stderr, "instructions %" PRIu64 "\n", instructions);
}

/* The emulator describes itself; its first member is the name of the architecture in every version of the API. */
typedef struct {
    const char *architecture;
} description;

int qemu_plugin_install(qemu_plugin_id_t id, const description *emulator, int argc, char **argv) {
    (void)argc, (void)argv;
    getppid_number = emulator->architecture[0] == 'a' ? GETPPID_ON_AARCH64 : GETPPID_ON_X86_64;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_vcpu_syscall_cb(id, called);
    return 0;
}
