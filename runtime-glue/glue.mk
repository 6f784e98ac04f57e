# glue.mk: how the glue is compiled and linked; included by the Makefile.
#
# No jump tables: in a side module a table of addresses is data that needs relocation. Address 0 is
# the application's first byte, not a null pointer.
GLUE_CFLAGS := --target=wasm32-unknown-emscripten -std=c11 -Oz -Wall -Wextra -Werror -fPIC -fvisibility=hidden \
    -nostdlib -ffreestanding -fno-builtin -mcpu=mvp -mmutable-globals -msign-ext \
    -mno-bulk-memory -fno-jump-tables -fno-delete-null-pointer-checks -fno-strict-aliasing \
    -I. -Iinclude -Isrc -isystem runtime-glue/freestanding

# Optimized as a whole, but for its hooks: with semantic interposition nothing is known of what an
# exported function does, since the rewriter leaves out those that a module needs not. What moves
# the region stays apart, too: an address must not be kept across its calls (memory.c), and
# __memory_base counts as a constant.
GLUE_APART := begin memory mem
GLUE_CFLAGS += -Xclang -fsemantic-interposition
# Nor is anything inlined that is called twice: the compiler thinks less of a call than it takes here.
GLUE_NO_INLINE := -mllvm -inline-threshold=-30
$(patsubst %.c,$(BUILD)/glue/%.o,$(filter-out $(GLUE_APART:%=runtime-glue/%.c), \
    $(wildcard runtime-glue/*.c src/snapshot-format/*.c))): GLUE_CFLAGS += -flto $(GLUE_NO_INLINE)

GLUE_LDFLAGS := -O0 -shared --experimental-pic --no-entry --strip-debug --export=snapify_config \
    $(GLUE_NO_INLINE) -mllvm -disable-lsr

# Function by function: here every function could be inlined into the ones that move the region.
# Both images go through it.
GLUE_SHRINK := wasm-opt -g --shrink-level=2 --optimize-level=2 --dce --remove-unused-names \
    --remove-unused-brs --optimize-instructions --precompute-propagate --simplify-locals-nostructure \
    --vacuum --reorder-locals --coalesce-locals --local-cse --simplify-locals --vacuum \
    --coalesce-locals --code-folding --merge-blocks --remove-unused-brs --merge-blocks \
    --optimize-instructions --rse --dae-optimizing --vacuum \
    --reorder-locals --converge

# ---- compression: glue-zip.wasm is the glue with zstd in it ----

# zstd's sources: scripts/engines install zstd. Without them --compress is refused.
ZSTD_SOURCE ?= $(shell scripts/engines path zstd 2>/dev/null)

# No strategies but the two fastest, no table of addresses where a branch will do, nothing that a
# processor has and WebAssembly has not.
ZSTD_CFLAGS := -w -I$(ZSTD_SOURCE) -I$(ZSTD_SOURCE)/common -DDYNAMIC_BMI2=0 -DZSTD_DISABLE_ASM \
    -DZSTD_NO_INTRINSICS -DZSTD_NO_TRACE -DZSTD_LEGACY_SUPPORT=0 -DZSTD_STRIP_ERROR_STRINGS \
    -DZSTDLIB_VISIBLE= -DZSTDLIB_STATIC_API= -DZSTDERRORLIB_VISIBLE= -DHUF_DISABLE_FAST_DECODE=1 \
    -DHUF_FORCE_DECOMPRESS_X1 -DZSTD_FORCE_DECOMPRESS_SEQUENCES_SHORT \
    $(foreach strategy,GREEDY LAZY LAZY2 BTLAZY2 BTOPT BTULTRA,-DZSTD_EXCLUDE_$(strategy)_BLOCK_COMPRESSOR)

# They ask for headers of a libc, and zip.c for xxhash.h of the system's.
ZIP_HEADERS := -isystem runtime-glue/zip/freestanding -idirafter /usr/include

# The same code in every configuration: compiled once, which takes some seconds.
ZSTD_OBJECT := build/zstd/$(notdir $(patsubst %/lib,%,$(ZSTD_SOURCE)))-$(WASM_CC).o

$(ZSTD_OBJECT): runtime-glue/zip/zstd_unit.c runtime-glue/glue.mk
	$(call say,GLUE,$<)
	$(Q)mkdir -p $(@D) && $(WASM_CC) $(filter-out -W%,$(GLUE_CFLAGS)) $(ZSTD_CFLAGS) $(ZIP_HEADERS) \
	    -ffunction-sections -fdata-sections -c -o $@ $<

$(BUILD)/glue/runtime-glue/zip/zip.o: GLUE_CFLAGS += -isystem $(ZSTD_SOURCE) $(ZIP_HEADERS)

GLUE_ZIP := $(BUILD)/glue-zip.wasm
GLUE_ZIP_OBJECTS := $(if $(ZSTD_SOURCE),$(BUILD)/glue/runtime-glue/zip/zip.o $(ZSTD_OBJECT))

# Other flags, other code. (glue.wasm itself is linked from all it depends on.)
$(patsubst %.c,$(BUILD)/glue/%.o,$(wildcard runtime-glue/*.c runtime-glue/zip/zip.c src/snapshot-format/*.c)): \
    runtime-glue/glue.mk
