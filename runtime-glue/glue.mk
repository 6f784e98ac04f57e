# glue.mk: how the glue is compiled and linked; included by the Makefile.
#
# No jump tables: in a side module a table of addresses is data that needs relocation. Address 0 is
# the application's first byte, not a null pointer.
GLUE_CFLAGS := --target=wasm32-unknown-emscripten -std=c11 -Oz -Wall -Wextra -Werror -fPIC -fvisibility=hidden \
    -nostdlib -ffreestanding -fno-builtin -mcpu=mvp -mmutable-globals -msign-ext \
    -mno-bulk-memory -fno-jump-tables -fno-delete-null-pointer-checks -fno-strict-aliasing \
    -I. -Iinclude -Isrc -isystem runtime-glue/freestanding

GLUE_LDFLAGS := -shared --experimental-pic --no-entry --strip-debug --export=snapify_config

# Other flags, other code. (glue.wasm itself is linked from all it depends on.)
$(patsubst %.c,$(BUILD)/glue/%.o,$(wildcard runtime-glue/*.c src/snapshot-format/*.c)): \
    runtime-glue/glue.mk
