// zig.zig: Zig without much of its standard library, whose names change between versions.
const std = @import("std");

extern "wasi_snapshot_preview1" fn fd_write(fd: i32, vectors: *const [2]usize, count: usize, written: *usize) u16;
extern "wasi_snapshot_preview1" fn proc_exit(status: u32) noreturn;

fn say(text: []const u8) void {
    const vector = [2]usize{ @intFromPtr(text.ptr), text.len };
    var written: usize = 0;
    _ = fd_write(1, &vector, 1, &written);
}

fn sayNumber(label: []const u8, value: u64) void {
    var buffer: [64]u8 = undefined;
    say(std.fmt.bufPrint(&buffer, "{s} {d}\n", .{ label, value }) catch "?\n");
}

export fn fib(n: u64) u64 {
    return if (n < 2) n else fib(n - 1) + fib(n - 2);
}

const Failure = error{Odd};

fn half(n: u64) Failure!u64 {
    return if (n % 2 == 1) error.Odd else n / 2;
}

const Shape = union(enum) { box: [2]u64, side: u64 };

fn area(shape: Shape) u64 {
    return switch (shape) {
        .box => |b| b[0] * b[1],
        .side => |s| s * s,
    };
}

pub fn main() void {
    sayNumber("fib", fib(12));
    var storage: [4096]u8 = undefined;
    var fixed = std.heap.FixedBufferAllocator.init(&storage);
    const memory = fixed.allocator().alloc(u32, 200) catch return;
    var state: u32 = 7;
    for (memory) |*slot| {
        state = state *% 1664525 +% 1013904223;
        slot.* = state >> 20;
    }
    std.mem.sort(u32, memory, {}, std.sort.asc(u32));
    var sum: u64 = 0;
    for (memory, 0..) |value, i| sum += value * i;
    sayNumber("sorted", sum);
    sayNumber("half", (half(8) catch 99) + (half(9) catch 50));
    sayNumber("area", area(.{ .box = .{ 3, 4 } }) + area(.{ .side = 5 }));
    const v: @Vector(4, u32) = .{ 1, 2, 3, 4 };
    sayNumber("vector", @reduce(.Add, v * v));
    proc_exit(7);
}
