# glue.mk: how the glue is compiled and linked; included by the Makefile.
#
# No jump tables: in a side module a table of addresses is data that needs relocation. Address 0 is
# the application's first byte, not a null pointer.
GLUE_CFLAGS := --target=wasm32-unknown-emscripten -std=c11 -Oz -Wall -Wextra -Werror -fPIC -fvisibility=hidden \
    -nostdlib -ffreestanding -fno-builtin -mcpu=mvp -mmutable-globals -msign-ext \
    -mno-bulk-memory -fno-jump-tables -fno-delete-null-pointer-checks -fno-strict-aliasing \
    -I. -Iinclude -Isrc -isystem runtime-glue/freestanding

GLUE_LDFLAGS := -shared --experimental-pic --no-entry --strip-debug --export=snapify_config

# Function by function: where functions are inlined or merged, those that a module needs not cannot
# be left out by name any more (attach_glue.c).
GLUE_SHRINK := wasm-opt -g --shrink-level=2 --optimize-level=2 --dce --remove-unused-names \
    --remove-unused-brs --optimize-instructions --precompute-propagate --simplify-locals-nostructure \
    --vacuum --reorder-locals --coalesce-locals --local-cse --simplify-locals --vacuum \
    --coalesce-locals --code-folding --merge-blocks --remove-unused-brs --merge-blocks \
    --optimize-instructions --rse --vacuum --reorder-locals

# Other flags, other code. (glue.wasm itself is linked from all it depends on.)
$(patsubst %.c,$(BUILD)/glue/%.o,$(wildcard runtime-glue/*.c src/snapshot-format/*.c)): \
    runtime-glue/glue.mk
