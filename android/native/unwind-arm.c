/* Stack unwinding on 32-bit ARM, after "Exception Handling ABI for the Arm Architecture" (EHABI32):
 * what the NDK's libunwind gives to Rust's std there, for a build without the NDK. On 64 bits the
 * crate `unwinding` does this.
 *
 * A throw walks the stack twice: once to find who catches, changing nothing, then again to run
 * each frame's cleanup. Per function a table says how to undo its prologue, in byte codes. */
#include <stdint.h>

/* Reason codes and states, EHABI32 sections 7.2 and 7.3. */
enum { OK = 0, END_OF_STACK = 5, HANDLER_FOUND = 6, INSTALL_CONTEXT = 7, CONTINUE_UNWIND = 8, FAILURE = 9 };
enum { SEARCH = 0, CLEANUP_STARTS = 1, CLEANUP_RESUMES = 2, FORCED = 8 };
enum { SP = 13, LR = 14, PC = 15, SCRATCH = 12 };
/* Byte code that ends a list; also what is read behind its last byte. */
enum { FINISH = 0xb0 };

/* The virtual register set. The assembly below knows its layout. */
typedef struct {
  uint32_t core[16];
  uint64_t vfp[16];
} Registers;

struct Exception;
typedef int (*Personality)(int state, struct Exception *, Registers *);

/* The control block, section 7.2. Rust's personality keeps the frame that catches in `barrier`. */
typedef struct Exception {
  char owner[8];
  void (*cleanup)(int reason, struct Exception *);
  uint32_t thrown_at; /* the unwinder's own five words begin */
  Personality personality;
  uint32_t unused[3];
  uint32_t barrier[6];
  uint32_t landing[4];
  uint32_t function;
  const uint32_t *table; /* the byte codes' first word */
  uint32_t is_inline;
  uint32_t spare;
} __attribute__((aligned(8))) Exception;

const uint32_t *dl_unwind_find_exidx(uint32_t pc, int *entries);
void abort(void) __attribute__((noreturn));
void unwind_jump(const Registers *) __attribute__((noreturn, visibility("hidden")));

/* ---- byte codes, section 10.3 ---- */

/* The bytes of a table lie from each word's top to its bottom. */
typedef struct {
  const uint32_t *word;
  unsigned at, end;
} Codes;

static unsigned next(Codes *codes) {
  if (codes->at == codes->end) return FINISH;
  unsigned at = codes->at++;
  return codes->word[at / 4] >> (24 - at % 4 * 8) & 0xff;
}

/* Pops the core registers whose bits are set, counted from `first`. */
static void pop_core(Registers *to, uint32_t *sp, unsigned first, unsigned mask) {
  for (; mask; mask >>= 1, first++) {
    if (!(mask & 1)) continue;
    to->core[first] = *(const uint32_t *)*sp;
    *sp += 4;
  }
}

/* Pops `count` double registers. No call preserves those from d16 on: they are passed over. */
static void pop_vfp(Registers *to, uint32_t *sp, unsigned first, unsigned count) {
  for (; count; count--, first++, *sp += 8) {
    if (first < 16) to->vfp[first] = *(const uint64_t *)*sp;
  }
}

static uint32_t uleb128(Codes *codes) {
  uint32_t value = 0;
  for (unsigned shift = 0; shift < 32; shift += 7) {
    unsigned byte = next(codes);
    value |= (uint32_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) break;
  }
  return value;
}

/* Undoes one function's prologue: from the registers inside it to those of its caller. */
static int undo(Codes codes, Registers *registers) {
  uint32_t sp = registers->core[SP];
  int knows_pc = 0;
  for (unsigned code = next(&codes); code != FINISH; code = next(&codes)) {
    unsigned more;
    switch (code >> 4) {
      case 0x0: case 0x1: case 0x2: case 0x3: sp += (code & 0x3f) * 4 + 4; break;
      case 0x4: case 0x5: case 0x6: case 0x7: sp -= (code & 0x3f) * 4 + 4; break;
      case 0x8: /* any of r4 to r15 */
        more = (code & 0xf) << 8 | next(&codes);
        if (!more) return FAILURE; /* "refuse to unwind" */
        pop_core(registers, &sp, 4, more);
        if (more & 1 << (SP - 4)) sp = registers->core[SP];
        knows_pc |= more >> (PC - 4) & 1;
        break;
      case 0x9: /* sp was kept in a register */
        if ((code & 0xf) == SP || (code & 0xf) == PC) return FAILURE;
        sp = registers->core[code & 0xf];
        break;
      case 0xa: /* r4 to r4+n, perhaps lr */
        pop_core(registers, &sp, 4, (2u << (code & 7)) - 1);
        if (code & 8) pop_core(registers, &sp, LR, 1);
        break;
      case 0xb:
        if (code == 0xb1) {
          more = next(&codes);
          if (!more || more > 0xf) return FAILURE;
          pop_core(registers, &sp, 0, more);
        } else if (code == 0xb2) {
          sp += 0x204 + uleb128(&codes) * 4;
        } else if (code == 0xb3) { /* FSTMFDX leaves a word more */
          more = next(&codes);
          pop_vfp(registers, &sp, more >> 4, (more & 0xf) + 1);
          sp += 4;
        } else if (code >= 0xb8) {
          pop_vfp(registers, &sp, 8, (code & 7) + 1);
          sp += 4;
        } else return FAILURE;
        break;
      case 0xc:
        if (code != 0xc8 && code != 0xc9) return FAILURE;
        more = next(&codes);
        pop_vfp(registers, &sp, (more >> 4) + (code == 0xc8 ? 16 : 0), (more & 0xf) + 1);
        break;
      case 0xd:
        if (code & 8) return FAILURE;
        pop_vfp(registers, &sp, 8, (code & 7) + 1);
        break;
      default: return FAILURE;
    }
  }
  registers->core[SP] = sp;
  if (!knows_pc) registers->core[PC] = registers->core[LR];
  return OK;
}

/* ---- personalities: the ABI's own three, and the part of it that Rust's calls ---- */

/* Three codes stand in the first word itself. */
int __aeabi_unwind_cpp_pr0(int state, Exception *exception, Registers *registers) {
  (void)state;
  Codes codes = {exception->table, 1, 4};
  return undo(codes, registers) == OK ? CONTINUE_UNWIND : FAILURE;
}

/* A count of further words stands in the second byte. */
int __aeabi_unwind_cpp_pr1(int state, Exception *exception, Registers *registers) {
  (void)state;
  Codes codes = {exception->table, 2, 4 + 4 * (*exception->table >> 16 & 0xff)};
  return undo(codes, registers) == OK ? CONTINUE_UNWIND : FAILURE;
}

int __aeabi_unwind_cpp_pr2(int state, Exception *exception, Registers *registers) {
  return __aeabi_unwind_cpp_pr1(state, exception, registers);
}

/* Behind the word that names a personality: the count in the first byte, then the codes. */
int __gnu_unwind_frame(Exception *exception, Registers *registers) {
  const uint32_t *word = exception->table + 1;
  Codes codes = {word, 1, 4 + 4 * (*word >> 24)};
  return undo(codes, registers);
}

/* ---- the table's entry of a function, sections 5 and 6 ---- */

static uint32_t relative(const uint32_t *word) {
  return (uint32_t)word + (uint32_t)((int32_t)(*word << 1) >> 1);
}

/* The personality of the function that called with return address `pc`; none at the stack's end. */
static Personality look_up(uint32_t pc, Exception *exception) {
  enum { CANTUNWIND = 1 };
  uint32_t call = (pc & ~1u) - 1; /* the call may be the function's last instruction */
  int count = 0;
  const uint32_t *entries = dl_unwind_find_exidx(call, &count);
  if (!entries || count <= 0 || (relative(entries) & ~1u) > call) return 0;
  int low = 0, high = count; /* entries[low] begins at or before the call, entries[high] after it */
  while (high - low > 1) {
    int middle = low + (high - low) / 2;
    if ((relative(entries + 2 * middle) & ~1u) <= call) low = middle;
    else high = middle;
  }
  const uint32_t *entry = entries + 2 * low;
  if (entry[1] == CANTUNWIND) return 0;
  exception->function = relative(entry) & ~1u;
  exception->is_inline = entry[1] >> 31;
  exception->table = exception->is_inline ? entry + 1 : (const uint32_t *)relative(entry + 1);
  uint32_t head = *exception->table;
  if (!(head >> 31)) return (Personality)relative(exception->table);
  switch (head >> 24 & 0xf) {
    case 0: return __aeabi_unwind_cpp_pr0;
    case 1: return __aeabi_unwind_cpp_pr1;
    case 2: return __aeabi_unwind_cpp_pr2;
    default: return 0;
  }
}

/* ---- throwing, going on, listing; the caller's registers are taken in assembly ---- */

/* The second walk. It ends in some frame's landing pad, or the process ends. */
static void clean_up(int state, Exception *exception, Registers *registers) {
  for (;;) {
    if (state == CLEANUP_STARTS) {
      exception->thrown_at = registers->core[PC];
      exception->personality = look_up(exception->thrown_at, exception);
      if (!exception->personality) abort();
    }
    int reason = exception->personality(state, exception, registers);
    if (reason == INSTALL_CONTEXT) unwind_jump(registers);
    if (reason != CONTINUE_UNWIND) abort();
    state = CLEANUP_STARTS;
  }
}

__attribute__((visibility("hidden"))) int unwind_throw(Exception *exception, void *unused, Registers *here) {
  (void)unused;
  Registers walk = *here;
  for (;;) {
    Personality personality = look_up(walk.core[PC], exception);
    if (!personality) return END_OF_STACK;
    int reason = personality(SEARCH, exception, &walk);
    if (reason == HANDLER_FOUND) break;
    if (reason != CONTINUE_UNWIND) return FAILURE;
  }
  clean_up(CLEANUP_STARTS, exception, here);
  return FAILURE;
}

__attribute__((visibility("hidden"))) int unwind_go_on(Exception *exception, void *unused, Registers *here) {
  (void)unused;
  here->core[PC] = exception->thrown_at;
  clean_up(CLEANUP_RESUMES, exception, here);
  return FAILURE;
}

__attribute__((visibility("hidden"))) int unwind_list(int (*see)(Registers *, void *), void *argument, Registers *here) {
  Exception none = {0};
  Registers walk = *here; /* `here` is still needed for the return */
  for (;;) {
    uint32_t pc = walk.core[PC], sp = walk.core[SP];
    Personality personality = look_up(pc, &none);
    if (!personality) return END_OF_STACK;
    walk.core[SCRATCH] = (uint32_t)&none;
    if (see(&walk, argument)) return FAILURE;
    if (personality(SEARCH | FORCED, &none, &walk) != CONTINUE_UNWIND) return FAILURE;
    if (walk.core[PC] == pc && walk.core[SP] == sp) return END_OF_STACK;
  }
}

/* Registers is 192 bytes: r0 at 0, sp at 52, lr at 56, pc at 60, d0 at 64, d8 at 128.
 * What returns needs none but lr: the C code preserves the rest. A landing pad reads neither r12 nor lr. */
#define WITH_REGISTERS(name, then)                                                          \
  ".globl " name "\n.type " name ", %function\n" name ":\n"                                 \
  "sub sp, sp, #192\nstm sp, {r0-r12}\n"                                                    \
  "add r12, sp, #192\nstr r12, [sp, #52]\nstr lr, [sp, #56]\nstr lr, [sp, #60]\n"           \
  "add r12, sp, #64\nvstm r12, {d0-d15}\n"                                                  \
  "mov r2, sp\nbl " then "\nldr lr, [sp, #56]\nadd sp, sp, #192\nbx lr\n"

__asm__(".syntax unified\n.arm\n.fpu vfpv3-d16\n.text\n.balign 4\n"
  WITH_REGISTERS("_Unwind_RaiseException", "unwind_throw")
  WITH_REGISTERS("_Unwind_Resume", "unwind_go_on")
  WITH_REGISTERS("_Unwind_Backtrace", "unwind_list")
  ".hidden unwind_jump\n.type unwind_jump, %function\nunwind_jump:\n"
  "add r12, r0, #128\nvldm r12, {d8-d15}\n"
  "mov lr, r0\nldr r12, [lr, #60]\nldm lr, {r0-r11}\nldr sp, [lr, #52]\nbx r12\n");

/* ---- what a personality asks for ---- */

enum { CORE = 0 };
int _Unwind_VRS_Get(Registers *from, unsigned kind, unsigned number, unsigned width, uint32_t *to) {
  (void)width;
  if (kind != CORE || number > PC) return 1;
  *to = from->core[number];
  return 0;
}
int _Unwind_VRS_Set(Registers *to, unsigned kind, unsigned number, unsigned width, const uint32_t *from) {
  (void)width;
  if (kind != CORE || number > PC) return 1;
  to->core[number] = *from;
  return 0;
}
/* The personality puts the control block's address into the scratch register before it asks. */
static const Exception *current(const Registers *registers) {
  return (const Exception *)registers->core[SCRATCH];
}
const uint32_t *_Unwind_GetLanguageSpecificData(const Registers *registers) {
  const uint32_t *word = current(registers)->table + 1;
  return word + 1 + (*word >> 24);
}
uint32_t _Unwind_GetRegionStart(const Registers *registers) { return current(registers)->function; }
uint32_t _Unwind_GetTextRelBase(const Registers *registers) { (void)registers; return 0; }
uint32_t _Unwind_GetDataRelBase(const Registers *registers) { (void)registers; return 0; }
void _Unwind_DeleteException(Exception *exception) {
  enum { FOREIGN_CAUGHT = 1 };
  if (exception->cleanup) exception->cleanup(FOREIGN_CAUGHT, exception);
}
