# fuzz.mk: builds the fuzzer; read by tests/fuzz/run behind the Makefile, whose variables it uses.
FUZZER := build/fuzz/fuzz_rewrite

.PHONY: fuzzer
fuzzer: $(FUZZER) build/fuzz/seed.wasm

$(FUZZER): $(BUILD)/obj/tests/fuzz/fuzz_rewrite.o $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(LIBS)

build/fuzz/seed.wasm: tests/fuzz/seed.c include/kafu.h
	$(call say,WASM,$@)
	$(Q)mkdir -p $(@D) && $(WASM_CC) --target=wasm32 -nostdlib -ffreestanding -O1 -fno-inline \
	    -Iinclude -c -o $(@D)/seed.o $<
	$(Q)$(WASM_LD) --export=_start --no-entry --strip-all -z stack-size=4096 -o $@ $(@D)/seed.o

-include $(BUILD)/obj/tests/fuzz/fuzz_rewrite.d
