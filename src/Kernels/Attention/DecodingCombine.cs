using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Joins the parts that decoding groups left in <see cref="DecodingScratch"/>: the group that arrives last weighs them against each other.</summary>
static class DecodingCombine
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 128;

    /// <summary>Parts that a lane loads at once, a divisor of a warp's lanes.</summary>
    const int Loads = 16;

    const int Lanes = 32;

    /// <summary>Registers of a warp that hold a factor for each part there can be: lane l of the r-th that of part 32 r + l.</summary>
    const int Registers = DecodingScratch.MaxSplits / Lanes;

    /// <summary>Elements of a head that a lane takes.</summary>
    const int Elements = 4;

    /// <summary>Called by every thread of every group, after the group wrote its parts.</summary>
    /// <param name="scratch">The parts.</param>
    /// <param name="output">[allHeads, headSize].</param>
    /// <param name="groups">How many arrive for these heads.</param>
    /// <param name="parts">Parts that they wrote.</param>
    /// <param name="firstHead">The first of the heads.</param>
    /// <param name="heads">How many they are.</param>
    /// <param name="allHeads">Query heads of the model.</param>
    /// <param name="headSize">Elements of a head.</param>
    public static void Run<T, TElement>(DecodingScratch scratch, ArrayView<T> output, int groups, int parts, int firstHead, int heads, int allHeads, int headSize)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        if (!LastArrival.IsMine(scratch.Arrivals, Grid.IdxY, groups))
            return;
        // A warp for a head, a lane for 4 of its elements at a time.
        for (int head = firstHead + (Group.IdxX >> 5); head < firstHead + heads; head += GroupSize / Lanes)
            for (int start = 0; start < headSize; start += Lanes * Elements)
                Join<T, TElement>(scratch.Partial, output, parts, head, allHeads, headSize, start + Warp.LaneIdx * Elements);
    }

    /// <summary>A warp: all parts of a head, four elements a lane, those from column on.</summary>
    static void Join<T, TElement>(ArrayView<float> partial, ArrayView<T> output, int parts, int head, int allHeads, int headSize,
        int column)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        ArrayView<Float32x4> loaded = LocalMemory.Allocate<Float32x4>(Loads);
        ArrayView<float> factors = LocalMemory.Allocate<float>(Registers), totals = LocalMemory.Allocate<float>(Registers);
        // Lanes past the head's end repeat its last elements, for all meet in shuffles.
        int own = IntrinsicMath.Min(column, headSize - Elements);
        Load(partial, loaded, 0, parts, head, allHeads, headSize, own);
        float max = float.NegativeInfinity, total = 0f;
        for (int r = 0; r < Registers; r++)
        {
            int part = r * Lanes + Warp.LaneIdx;
            long at = DecodingScratch.Exponent(IntrinsicMath.Min(part, parts - 1), head, allHeads, headSize);
            factors[r] = part < parts ? partial[at] : float.NegativeInfinity;
            totals[r] = partial[at + 1];
            max = XMath.Max(max, factors[r]);
        }
        WarpReduce.Max(ref max);
        for (int r = 0; r < Registers; r++)
        {
            factors[r] = XMath.Exp2(factors[r] - max);
            total += factors[r] * totals[r];
        }
        WarpReduce.Sum(ref total);
        float a = 0f, b = 0f, c = 0f, d = 0f;
        for (int r = 0; r < Registers; r++)
            for (int first = r * Lanes; first < IntrinsicMath.Min(parts, (r + 1) * Lanes); first += Loads)
            {
                if (first > 0)
                    Load(partial, loaded, first, parts, head, allHeads, headSize, own);
                for (int i = 0; i < Loads; i++)
                {
                    float factor = Warp.Shuffle(factors[r], (first + i) & (Lanes - 1));
                    a += factor * loaded[i].A;
                    b += factor * loaded[i].B;
                    c += factor * loaded[i].C;
                    d += factor * loaded[i].D;
                }
            }
        if (column >= headSize)
            return;
        // All conversions before all stores, which are then merged.
        T w = default(TElement).Store(a / total), x = default(TElement).Store(b / total);
        T y = default(TElement).Store(c / total), z = default(TElement).Store(d / total);
        ArrayView<T> target = output.SubView((long)head * headSize + column, Elements).AsAligned(Elements * Interop.SizeOf<T>());
        target[0] = w;
        target[1] = x;
        target[2] = y;
        target[3] = z;
    }

    /// <summary>Four elements of some parts; past the last part that one again, which counts for nothing.</summary>
    static void Load(ArrayView<float> partial, ArrayView<Float32x4> loaded, int first, int parts, int head, int allHeads, int headSize,
        int column)
    {
        for (int i = 0; i < Loads; i++)
        {
            int part = IntrinsicMath.Min(first + i, parts - 1);
            loaded[i] = partial.Cast<Float32x4>()[(DecodingScratch.Sums(part, head, allHeads, headSize) + column) / Elements];
        }
    }
}
