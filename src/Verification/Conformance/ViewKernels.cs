using ILGPU;
using ILGPU.Runtime;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Views: indices, parts, casts, alignment, lengths.</summary>
static class ViewKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("view, 64-bit index", (i, a, r) => r[(long)(int)i] = a[(long)(int)i] + 1),
        Unary<int, int>("view lengths", (i, a, r) => r[i] = a[i] ^ ((int)a.Length + a.IntLength * 3 + (int)a.LengthInBytes)),
        Unary<int, int>("view part", (i, a, r) => r[i] = a.SubView(i, 1)[0] + (int)a.SubView(i).Length),
        Unary<int, int>("view part of a part", (i, a, r) => r[i] = a.SubView((int)i / 2, a.IntLength - i / 2).SubView(i - i / 2)[0]),
        Unary<int, int>("view of bytes", (i, a, r) =>
        {
            ArrayView<byte> bytes = a.Cast<byte>();
            r[i] = bytes[4 * i] + bytes[4 * i + 3] * 256 + (int)bytes.Length;
        }),
        Unary<long, int>("view of other integers", (i, a, r) => r[i] = a.Cast<int>()[2 * i + 1]),
        Unary<int, int>("view as a parameter of a method", (i, a, r) => r[i] = Sum(a.SubView(i, 1))),
        Unary<int, int>("view chosen by a condition", (i, a, r) => r[i] = ((a[i] & 1) == 0 ? a : r)[i]),
        Unary<int, int>("view walked by a moving part", Walk),
        Grouped.Kernel<int>("view aligned, four elements at once", new KernelConfig(1, 32), AlignedCopy, 128, k => k * 3 + 1),
        Grouped.Kernel<int>("view of structs, stored as vectors", new KernelConfig(1, 32), StoreQuads, 128, k => k ^ 5),
        Grouped.Kernel<int>("stores of two widths to one place", new KernelConfig(1, 32), MixedStores, 128,
            k => (k & 3) switch { 0 => 1, 1 => 7, 2 => 2, _ => 0 }),
        Grouped.Kernel<int>("loads around a store", new KernelConfig(1, 32), LoadsAroundStore, 128,
            k => (k & 3) switch { 0 => k / 4, 1 => 100 + k / 4, 2 => k / 4, _ => 100 + k / 4 }),
    ];

    struct Quad
    {
        public int A;
        public int B;
        public int C;
        public int D;
    }

    static int Sum(ArrayView<int> view)
    {
        int sum = 0;
        for (int k = 0; k < view.Length; k++)
            sum += view[k];
        return sum;
    }

    static void Walk(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> rest = a.SubView(0, i + 1);
        int sum = 0;
        while (rest.Length > 1)
        {
            sum += rest[0];
            rest = rest.SubView(rest.Length / 2);
        }
        r[i] = sum + rest[0];
    }

    static void AlignedCopy(ArrayView<int> r)
    {
        ArrayView<int> quad = r.SubView(Group.IdxX * 4, 4).AsAligned(16);
        for (int k = 0; k < 4; k++)
            quad[k] = (Group.IdxX * 4 + k) * 3;
        for (int k = 0; k < 4; k++)
            quad[k] += 1;
    }

    static void StoreQuads(ArrayView<int> r)
    {
        int first = Group.IdxX * 4;
        ArrayView<Quad> quads = r.Cast<Quad>();
        quads[Group.IdxX] = new Quad { A = first, B = first + 1, C = first + 2, D = first + 3 };
        Quad quad = quads[Group.IdxX];
        quads[Group.IdxX] = new Quad { A = quad.A ^ 5, B = quad.B ^ 5, C = quad.C ^ 5, D = quad.D ^ 5 };
    }

    static void MixedStores(ArrayView<int> r)
    {
        ArrayView<int> words = r.SubView(Group.IdxX * 4, 4).AsAligned(16);
        ArrayView<long> pairs = words.Cast<long>();
        pairs[0] = 1;
        words[1] = 7;
        pairs[1] = 2;
    }

    static void LoadsAroundStore(ArrayView<int> r)
    {
        ArrayView<int> words = r.SubView(Group.IdxX * 4, 4).AsAligned(16);
        words[0] = Group.IdxX;
        words[1] = 0;
        int first = words[0];
        words[1] = first + 100;
        int second = words[1];
        words[2] = first;
        words[3] = second;
    }
}
