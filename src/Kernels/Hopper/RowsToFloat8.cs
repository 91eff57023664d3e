using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Activations as 8-bit floats (E4M3) with a float32 scale for 128 neighbours of a row, in front of products on FP8 tensor cores.
/// <code>scale = max over the 128 of |a| / 448,   code[k] = a[k] · (448 / max), rounded to nearest even</code>
/// </summary>
/// <remarks>
/// Shapes: a [rows, inner] bfloat16, inner a multiple of 128; codes [rows, inner], scales [inner / 128, pitch], the rows of
/// each 16 in the order of <see cref="PlaceOf"/>. An element moves by up to 2^-4 of itself, or, where its code is below 2^-6
/// (the largest's is 448), by half the step of 2^-9. A NaN or infinity makes the scale NaN.
/// Work: 16 lanes for 128 neighbours, 16 rows and 4 blocks of 128 to a group, all loads of a thread under way together.
/// Traffic: a once, half of it written.
/// </remarks>
/// <param name="accelerator">The device.</param>
/// <param name="mostCodes">Codes that there is room for: enough that pieces of a long prompt keep the tensor cores busy.</param>
sealed class RowsToFloat8(Accelerator accelerator, int mostCodes = RowsToFloat8.StandardCodes)
{
    /// <summary>Neighbours that share a scale.</summary>
    public const int Block = 128;

    /// <summary>Scales from block to block are a multiple of this: 16 bytes.</summary>
    const int PitchUnit = 16;

    const int StandardCodes = 1 << 26;

    /// <summary>Rows of a piece are a multiple of every tile's.</summary>
    const int PieceUnit = 768;

    const int GroupSize = 256, Lanes = 16, RowsOfGroup = GroupSize / Lanes, BlocksOfGroup = 4;

    const float Largest = 448f;

    /// <summary>Below this a block counts as zero: its reciprocal would overflow.</summary>
    const float Smallest = 1e-30f;

    const uint InfinityBits = 0x7F800000u;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<BFloat16x8>, ArrayView<ulong>, ArrayView<float>, int, int, int>
        _kernel = accelerator.LoadKernel<ArrayView<BFloat16x8>, ArrayView<ulong>, ArrayView<float>, int, int, int>(Kernel);

    MemoryBuffer1D<ulong, Stride1D.Dense>? _codes;
    MemoryBuffer1D<float, Stride1D.Dense>? _scales;

    /// <summary>What is allocated with the first rows.</summary>
    public const long Bytes = StandardCodes + StandardCodes / Block * sizeof(float);

    /// <summary>Rows that there is room for.</summary>
    public int MostRows(int inner) => mostCodes / inner / PieceUnit * PieceUnit;

    /// <summary>The rows' codes and scales, which hold until the next call.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[rows, inner].</param>
    /// <param name="rows">At most <see cref="MostRows"/>.</param>
    /// <param name="inner">A multiple of <see cref="Block"/>.</param>
    public Float8Rows Run(AcceleratorStream stream, ArrayView<BFloat16> a, int rows, int inner)
    {
        if (inner <= 0 || inner % Block != 0 || rows <= 0 || rows > MostRows(inner) || a.Length != (long)rows * inner)
            throw new ArgumentException($"RowsToFloat8: a has {a.Length} elements, {rows} rows of {inner}; rows must be a "
                + $"multiple of {Block}, and there is room for {mostCodes} elements.");
        _codes ??= accelerator.Allocate1D<ulong>(mostCodes / sizeof(ulong));
        _scales ??= accelerator.Allocate1D<float>(mostCodes / Block);
        int blocks = inner / Block, pitch = (rows + PitchUnit - 1) / PitchUnit * PitchUnit;
        ArrayView<ulong> codes = _codes.View.BaseView.SubView(0, a.Length / sizeof(ulong));
        ArrayView<float> scales = _scales.View.BaseView.SubView(0, (long)blocks * pitch);
        KernelConfig config = new(
            new Index3D((blocks + BlocksOfGroup - 1) / BlocksOfGroup, (rows + RowsOfGroup - 1) / RowsOfGroup, 1),
            new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, a.Cast<BFloat16x8>(), codes, scales, rows, blocks, pitch);
        return new Float8Rows(codes.Cast<byte>(), scales, pitch);
    }

    static void Kernel(
        ArrayView<BFloat16x8> a, ArrayView<ulong> codes, ArrayView<float> scales, int rows, int blocks, int pitch)
    {
        LaunchOverlap.Begin();
        int row = Grid.IdxY * RowsOfGroup + Group.IdxX / Lanes, lane = Group.IdxX % Lanes, first = Grid.IdxX * BlocksOfGroup;
        // All lanes meet in shuffles: those without a block read the last one's.
        long start = (long)IntrinsicMath.Min(row, rows - 1) * blocks;
        ArrayView<BFloat16x8> loaded = LocalMemory.Allocate<BFloat16x8>(BlocksOfGroup);
        for (int i = 0; i < BlocksOfGroup; i++)
            loaded[i] = a[(start + IntrinsicMath.Min(first + i, blocks - 1)) * Lanes + lane];
        for (int i = 0; i < BlocksOfGroup; i++)
        {
            uint bits = LargestBits(loaded[i]);
            for (int mask = Lanes / 2; mask > 0; mask >>= 1)
                bits = IntrinsicMath.Max(bits, Warp.ShuffleXor(bits, mask));
            float largest = Interop.IntAsFloat(bits), factor = largest > Smallest ? Largest / largest : 0f;
            if (row < rows && first + i < blocks)
            {
                ulong high = Codes(loaded[i], 4, factor);
                codes[(start + first + i) * Lanes + lane] = Codes(loaded[i], 0, factor) | high << 32;
                if (lane == 0)
                    scales[(long)(first + i) * pitch + PlaceOf(row)] = bits < InfinityBits ? largest / Largest : float.NaN;
            }
        }
    }

    /// <summary>
    /// Where a row's scale lies among those of its 16: what a thread of the tensor cores' product needs of them, rows
    /// 2t, 2t + 1, 2t + 8 and 2t + 9, are neighbours.
    /// </summary>
    public static int PlaceOf(int row) => (row & ~15) | (row & 6) << 1 | (row & 8) >> 2 | (row & 1);

    /// <summary>Magnitudes are compared as integers, which puts infinities and NaN above all numbers.</summary>
    static uint LargestBits(BFloat16x8 pack)
    {
        uint even = 0, odd = 0;
        for (int e = 0; e < 8; e += 2)
        {
            even = IntrinsicMath.Max(even, Interop.FloatAsInt(pack.Element(e)) & 0x7FFFFFFFu);
            odd = IntrinsicMath.Max(odd, Interop.FloatAsInt(pack.Element(e + 1)) & 0x7FFFFFFFu);
        }
        return IntrinsicMath.Max(even, odd);
    }

    static uint Codes(BFloat16x8 pack, int first, float factor) => Float8.Pack(pack.Element(first) * factor,
        pack.Element(first + 1) * factor, pack.Element(first + 2) * factor, pack.Element(first + 3) * factor);
}
