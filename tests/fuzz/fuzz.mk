# fuzz.mk: builds the fuzzers; read by tests/fuzz/run behind the Makefile, whose variables it uses.
FUZZERS := build/fuzz/fuzz_rewrite build/fuzz/fuzz_scan

.PHONY: fuzzer
fuzzer: $(FUZZERS) build/fuzz/fuzz_snapshot build/fuzz/seed.wasm build/fuzz/tables.wasm

build/fuzz/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(LIBS)

# libFuzzer is clang's. Compiled as a whole: its objects fit nothing else.
SNAPSHOT_FUZZ_CC := $(call first_found,clang-19 clang-16 clang)
snapshot_fuzz_sources := tests/fuzz/fuzz_snapshot.c $(filter-out %/main.c,$(SNAPSHOT_SOURCES)) \
    $(wildcard src/snapshot-format/*.c src/support/*.c src/wasm/*.c)
build/fuzz/fuzz_snapshot: $(snapshot_fuzz_sources) $(wildcard src/snapshot-*/*.h)
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D) && $(SNAPSHOT_FUZZ_CC) $(ALL_CPPFLAGS) -std=c11 -O1 -g -Wall -Wextra -Werror \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    -o $@ $(snapshot_fuzz_sources) $(SNAPSHOT_LIBS)

build/fuzz/seed.wasm: tests/fuzz/seed.c include/kafu.h
	$(call say,WASM,$@)
	$(Q)mkdir -p $(@D) && $(WASM_CC) --target=wasm32 -nostdlib -ffreestanding -O1 -fno-inline \
	    -Iinclude -c -o $(@D)/seed.o $<
	$(Q)$(WASM_LD) --export=_start --no-entry --strip-all -z stack-size=4096 -o $@ $(@D)/seed.o

build/fuzz/tables.wasm: tests/wasm/tables/instructions.wat
	$(call say,WASM,$@)
	$(Q)mkdir -p $(@D) && wat2wasm $< -o $@

-include $(FUZZERS:build/fuzz/%=$(BUILD)/obj/tests/fuzz/%.d)
