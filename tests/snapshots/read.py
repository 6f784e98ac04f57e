#!/usr/bin/env python3
"""A second reader of snapshots, written from docs/snapshot-format.md alone.

    read.py FILE...                prints a line for each, as `snapify-snapshot verify` does
    read.py --memory FILE          writes the memory to standard output
    read.py --apply BASE DELTA...  the same for a base and deltas

Shares no code with the project. XXH3 follows xxHash's specification (doc/xxhash_spec.md there).
The status is 1 if a file is refused. Envelopes are not its business.
"""
import struct
import sys

M32, M64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
P32_1, P32_2, P32_3 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D
P64_1, P64_2, P64_3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P64_4, P64_5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
MX1 = 0x165667919E3779F9
SECRET = bytes.fromhex(
    'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221'
    'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8'
    'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb'
    '170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e')


u32 = lambda data, at: struct.unpack_from('<I', data, at)[0]
u64 = lambda data, at: struct.unpack_from('<Q', data, at)[0]


def fold(a, b):
    return (a * b & M64) ^ (a * b >> 64)


def avalanche(h):
    h = ((h ^ h >> 37) * MX1) & M64
    return h ^ h >> 32


def mix16(data, at, secret):
    return fold(u64(data, at) ^ u64(SECRET, secret), u64(data, at + 8) ^ u64(SECRET, secret + 8))


def xxh3_small(data):
    """Of 9 to 16 bytes; nothing smaller is hashed."""
    n = len(data)
    low = u64(data, 0) ^ u64(SECRET, 24) ^ u64(SECRET, 32)
    high = u64(data, n - 8) ^ u64(SECRET, 40) ^ u64(SECRET, 48)
    return avalanche((n + int.from_bytes(low.to_bytes(8, 'little'), 'big') + high + fold(low, high)) & M64)


def xxh3_medium(data):
    n = len(data)
    h = n * P64_1
    if n <= 128:
        for i in reversed(range((n - 1) // 32 + 1)):
            h += mix16(data, 16 * i, 32 * i) + mix16(data, n - 16 * (i + 1), 32 * i + 16)
        return avalanche(h & M64)
    for i in range(8):
        h += mix16(data, 16 * i, 16 * i)
    h = avalanche(h & M64)
    for i in range(8, n // 16):
        h += mix16(data, 16 * i, 16 * (i - 8) + 3)
    return avalanche((h + mix16(data, n - 16, 136 - 17)) & M64)


SECRET_LANES = [struct.unpack_from('<8Q', SECRET, 8 * i) for i in range(16)]


def stripe(acc, data, at, secret):
    lanes = struct.unpack_from('<8Q', data, at)
    for i in range(8):
        key = lanes[i] ^ secret[i]
        acc[i ^ 1] += lanes[i]
        acc[i] = (acc[i] + (key & M32) * (key >> 32)) & M64


def merge(acc, secret, start):
    h = start
    for i in range(4):
        h += fold((acc[2 * i] & M64) ^ u64(SECRET, secret + 16 * i),
                  (acc[2 * i + 1] & M64) ^ u64(SECRET, secret + 16 * i + 8))
    return avalanche(h & M64)


def accumulate(data):
    acc = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1]
    count = (len(data) - 1) // 64
    last = struct.unpack_from('<8Q', SECRET, 128)
    for i in range(count):
        stripe(acc, data, 64 * i, SECRET_LANES[i % 16])
        if i % 16 == 15:
            for lane in range(8):
                value = acc[lane] & M64
                acc[lane] = ((value ^ value >> 47 ^ last[lane]) * P32_1) & M64
    stripe(acc, data, len(data) - 64, struct.unpack_from('<8Q', SECRET, 192 - 64 - 7))
    return acc


def xxh3_64(data):
    if len(data) <= 16:
        return xxh3_small(data)
    if len(data) <= 240:
        return xxh3_medium(data)
    return merge(accumulate(data), 11, len(data) * P64_1 & M64)


def page_hash(page):
    """XXH3-128 of more than 240 bytes, canonical."""
    acc = accumulate(page)
    low = merge(acc, 11, len(page) * P64_1 & M64)
    high = merge(acc, 192 - 64 - 11, ~(len(page) * P64_2) & M64)
    return struct.pack('>QQ', high, low)


def page_sum(pages):
    """In place of the pages of a run."""
    chains = [0, 0, 0, 0]
    for at in range(0, len(pages), 128):
        for i, word in enumerate(struct.unpack_from('<16Q', pages, at)):
            value = chains[i % 4] + word & M64
            chains[i % 4] = (value << 29 | value >> 35) & M64
        chains = [chain * P32_1 & M64 for chain in chains]
    return struct.pack('<4Q', *chains)


def chained(data):
    total = 0
    for at in range(0, max(len(data), 1), 1016):
        total = xxh3_64(struct.pack('<Q', total) + data[at:at + 1016].ljust(1016, b'\0'))
    return total


Refused = type('Refused', (Exception,), {})


def need(condition, why):
    if not condition:
        raise Refused(why)


PAGE = 4096
EARLY = ['PROC', 'CLOK', 'TABL', 'FILE', 'FDAT']  # between META and GLOB, if at all
ORDER = ['META', 'GLOB', 'MEM', 'FRAM', 'END.']
MUST_KNOW, CODEC, RESERVED = 1, 0xFF00, 0xFFFF0000


class Snapshot:
    def __init__(self, data):
        self.data, self.at = data, 0
        self.stored, self.named, self.same, self.sections = {}, {}, {}, []
        self.read_header()
        stage = 0
        while stage < len(ORDER):
            name, content, flags, checksum = self.read_section()
            self.sections.append((name, flags, checksum))
            known = 'MEM' if name in ('MEMP', 'MEMD') else name
            if name in EARLY:
                need(stage == 1 and self.sections[-2][0] in ['META'] + EARLY[:EARLY.index(name)], 'order')
                continue
            if known not in ORDER:
                need(not flags & MUST_KNOW, 'unknown section ' + name)
                continue
            need(not flags & CODEC, 'codec')
            need(known == ORDER[stage], 'order')
            getattr(self, 'read_' + name.strip('.').lower())(content)
            stage += 1

    def take(self, size):
        need(size <= len(self.data) - self.at, 'truncated')
        self.at += size
        return self.data[self.at - size:self.at]

    def read_header(self):
        header = self.take(32)
        need(header[:8] == b'\x89SNP\r\n\x1a\n', 'no snapshot')
        need(struct.unpack_from('<H', header, 8)[0] == 1, 'another major version')
        need(u64(self.take(8), 0) == xxh3_64(header), 'checksum of the header')
        flags = u32(header, 12)
        need(flags & 0xFFF8 == 0, 'reserved bit')
        self.paged, self.bare, self.summed = flags & 1, flags >> 1 & 1, flags >> 2 & 1
        need(self.bare + self.summed <= self.paged, 'reserved bit')
        self.checksum = chained if self.paged else xxh3_64
        self.identity = header[16:32]

    def read_section(self):
        header = self.take(16)
        name, flags = header[:4].decode('latin-1'), u32(header, 4)
        need(not flags & RESERVED, 'reserved bit')
        content = self.take(u64(header, 8))
        checksum = u64(self.take(8), 0)
        need(checksum == self.checksum(header + self.covered(name, content)), 'checksum of ' + name)
        return name, content, flags, checksum

    def covered(self, name, content):
        """What a checksum covers: in memory not the pages, but hashes behind each run or its sum, if any."""
        if not self.paged or name not in ('MEMP', 'MEMD'):
            return content
        hashed, summed = self.protection(name == 'MEMD')
        at = 16 if name == 'MEMP' else 32
        pieces = [content[:at]]
        while at < len(content):
            kind, count = self.run_kind(name == 'MEMD', u32(content, at + 4))
            skip = count * PAGE if kind == 'stored' else 0
            end = at + 8 + skip + (count * 16 if kind == 'named' or (kind == 'stored' and hashed) else 0)
            need(end <= len(content), 'run')
            pieces += [content[at:at + 8], content[at + 8 + skip:end]]
            if kind == 'stored' and summed:
                pieces.append(page_sum(content[at + 8:end]))
            at = end
        return b''.join(pieces)

    def protection(self, delta):
        """Whether pages have hashes, whether runs have sums."""
        summed = self.summed and not delta
        return int(self.paged and not self.bare and not summed), summed

    def run_kind(self, delta, count):
        if delta and count >> 30:
            return ('named', count & 0x7FFFFFFF) if count >> 31 else ('same', count & 0x3FFFFFFF)
        return 'stored', count

    def read_meta(self, content):
        need(48 <= len(content) <= 1 << 24, 'length of META')
        (self.abi, self.wasm_pages, self.globals_size, self.frames_size, self.frame_count, self.point,
         self.kind, self.to, self.origin, count, nodes, function) = struct.unpack_from('<12I', content)
        need(48 + nodes + function <= len(content), 'META')
        table = content[48:48 + nodes]
        need(table.count(0) == count and (not table or table[-1] == 0), 'node table')
        need(self.to <= count and self.origin <= count, 'node')
        need(self.frames_size % 8 == 0 and self.wasm_pages <= 65536, 'META')
        self.nodes = [name.decode('utf-8', 'replace') for name in table.split(b'\0')[:-1]]
        self.function = content[48 + nodes:48 + nodes + function]
        rest = content[48 + nodes + function:]
        need(not rest or (len(rest) >= 8 and u32(rest, 4) <= len(rest) - 8), 'export')
        self.export = rest[8:8 + u32(rest, 4)] if rest else None

    def read_glob(self, content):
        need(len(content) == self.globals_size, 'length of GLOB')

    def read_fram(self, content):
        need(len(content) == self.frames_size, 'length of FRAM')

    def read_end(self, content):
        need(not content, 'length of END.')

    def read_memd(self, content):
        need(not self.bare, 'delta without hashes')
        self.read_memp(content, 32)

    def read_memp(self, content, at=16):
        need(len(content) >= at, 'length of the memory')
        named = u32(content, 16) if at == 32 else 0
        hashed = self.protection(at == 32)[0]
        size, pages, runs, stored = struct.unpack_from('<4I', content)
        need(size == PAGE and pages == 16 * self.wasm_pages and stored + named <= pages and
             len(content) == at + 8 * runs + (PAGE + 16 * hashed) * stored + 16 * named, 'pages')
        end, delta, budget = 0, at == 32, {'stored': stored, 'named': named, 'same': pages}
        self.base = u64(content, 24) if delta else 0
        for _ in range(runs):
            first = u32(content, at)
            kind, count = self.run_kind(delta, u32(content, at + 4))
            at += 8
            need(first >= end and 0 < count <= pages - min(first, pages) and count <= budget[kind], 'run')
            need(kind != 'stored' or not hashed or count <= 256, 'run')
            budget[kind] -= count
            end = first + count
            step = {'stored': PAGE, 'named': 16, 'same': 0}[kind]
            pieces = [content[at + i * step:at + (i + 1) * step] for i in range(count)]
            at += count * step
            getattr(self, kind).update(zip(range(first, end), pieces))
            if kind == 'stored' and hashed:
                need(b''.join(map(page_hash, pieces)) == content[at:at + count * 16], 'hash of a page')
                at += count * 16

    def fingerprint(self):
        return self.checksum(self.identity + b''.join(
            struct.pack('<Q', checksum) for _, flags, checksum in self.sections if flags & MUST_KNOW))

    def resolve(self, olders):
        """Takes the pages that are known by hash from older snapshots, the newest last."""
        need(not self.same or olders[0].fingerprint() == self.base, 'another base')
        for number in self.same:
            self.stored[number] = olders[0].stored.get(number, b'')
        for number, wanted in self.named.items():
            for older in reversed(olders):
                page = older.stored.get(number)
                if page is not None and page_hash(page) == wanted:
                    self.stored[number] = page
                    break
            else:
                raise Refused('page %d is missing' % number)

    def memory(self):
        memory = bytearray(self.wasm_pages * 65536)
        for number, page in self.stored.items():
            memory[number * PAGE:number * PAGE + len(page)] = page
        return memory


def load(path):
    return Snapshot(open(path, 'rb').read())


def main(arguments):
    if arguments[:1] in (['--memory'], ['--apply']):
        chain = [load(path) for path in arguments[1:]]
        chain[-1].resolve(chain[:-1])
        sys.stdout.buffer.write(chain[-1].memory())
        return 0
    status = 0
    for path in arguments:
        try:
            snapshot = load(path)
            print('%s: sound%s, %d sections, fingerprint %016x' %
                  (path, ' but for its pages, which have no hashes' if snapshot.bare else '',
                   len(snapshot.sections), snapshot.fingerprint()))
        except Refused as refused:
            print('%s: refused: %s' % (path, refused))
            status = 1
    return status


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
