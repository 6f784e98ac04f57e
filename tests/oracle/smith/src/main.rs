//! smith SEED [FEATURE]... >module.wasm: a random valid module that ends, always the same for a seed.
//!
//! The features are bulk-memory, reference-types, simd, tail-call; no-traps: checks stand before what
//! would trap; no-table-instructions. What engines could do differently is left out: the payload of
//! NaN, memory that grows without a limit, imports. So are blocks with parameters, which come with
//! multi-value and which Binaryen 108 does not read.

use arbitrary::Unstructured;
use std::io::Write;
use wasm_smith::{Config, InstructionKind, InstructionKinds, Module};

/// More than a module takes, so that its size depends on the configuration alone.
const ENTROPY: usize = 1 << 14;
/// Steps (calls and loop iterations) until a module traps.
const FUEL: u32 = 300;

/// SplitMix64: the bytes that wasm-smith makes its choices from.
fn random_bytes(mut seed: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ENTROPY);
    while bytes.len() < ENTROPY {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = seed;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend_from_slice(&(word ^ (word >> 31)).to_le_bytes());
    }
    bytes
}

fn instructions(no_tables: bool) -> InstructionKinds {
    use InstructionKind::*;
    let mut kinds = vec![Numeric, VectorInt, Reference, Parametric, Variable, Memory, Control];
    if !no_tables {
        kinds.push(Table);
    }
    InstructionKinds::new(&kinds)
}

fn configuration(features: &[String]) -> Config {
    let has = |name: &str| features.iter().any(|feature| feature == name);
    Config {
        bulk_memory_enabled: has("bulk-memory") || has("reference-types"),
        multi_value_enabled: false,
        reference_types_enabled: has("reference-types"),
        simd_enabled: has("simd"),
        tail_call_enabled: has("tail-call"),
        exceptions_enabled: false,
        gc_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        memory64_enabled: false,
        extended_const_enabled: false,
        canonicalize_nans: true,
        max_imports: 0,
        allowed_instructions: instructions(has("no-table-instructions")),
        disallow_traps: has("no-traps"),
        min_types: 4,
        min_funcs: 4,
        max_funcs: 16,
        max_instructions: 150,
        min_exports: 4,
        max_exports: 40,
        export_everything: true,
        max_globals: 12,
        min_memories: 1,
        max_memories: 1,
        memory_max_size_required: true,
        max_memory32_bytes: 8 << 16,
        max_tables: if has("reference-types") { 3 } else { 1 },
        table_max_size_required: true,
        max_table_elements: 100,
        ..Config::default()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seed: u64 = arguments.first().ok_or("usage: smith SEED [FEATURE]...")?.parse()?;
    let bytes = random_bytes(seed);
    let mut module = Module::new(configuration(&arguments[1..]), &mut Unstructured::new(&bytes))?;
    module.ensure_termination(FUEL)?;
    std::io::stdout().write_all(&module.to_bytes())?;
    Ok(())
}
